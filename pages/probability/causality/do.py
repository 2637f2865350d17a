"""Do: the same variable at the same value, seen in one panel and set in the other."""

import html
from collections.abc import Mapping

import numpy as np
import streamlit as st

from pages.probability.causality import networks
from pages.probability.causality.networks import ALSO, ASBESTOS, NETWORK, SMOKING, TAR, Table
from playground.causality import ImpossibleEvidence, Shares, charts, report, words
from playground.ui import frame, knobs, links, page
from playground.ui.components.graph import Mark

ACT, VALUE, ASK, PEOPLE = (f"causality_{name}" for name in ("act", "set_to", "ask", "people"))
SIZES = np.unique([int(float(f"{n:.2g}")) for n in np.geomspace(100, 1_000_000, 81)])  # as the knob offers them
PAINT = {NETWORK: SMOKING, TAR: 2.0, ASBESTOS: 5.0, ACT: "yellow", VALUE: "1", ASK: "smoking", ALSO: {}}
FORCE = {**PAINT, TAR: 1.0, ASBESTOS: 0.5, ACT: "cancer", ASK: "yellow", ALSO: {"asbestos": 1}}
STONES = {NETWORK: "Simpson", ACT: "treatment", VALUE: "1", ASK: "recovery", ALSO: {}}
PRESETS = (
    page.Preset("Paint the fingers", PAINT, "Paint makes nobody a smoker."),
    page.Preset("Cancer by force", FORCE, "Yellow fingers inherit the explaining away; do() leaves nothing of it."),
    page.Preset("A first cause", {**PAINT, ACT: "smoking", ASK: "cancer"}, "Nothing points into it: both agree."),
    page.Preset("Simpson", STONES, "The better treatment is given to the harder cases."),
)


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The network")
        table = networks.choose()
        knobs.group("The variable")
        act, ask = networks.pair(table, (ACT, ASK), ("See or set", "Ask about"), _first(table))
        value = int(knobs.choice("Value", ("1", "0"), key=VALUE))
        knobs.group("A simulated population")
        n = networks.people_knob(PEOPLE, 10_000, "people")
    network, setting, asked = table.network, {act: value}, {ask: 1}
    also = {name: v for name, v in networks.seen(ALSO, table, {}, "also seen").items() if name not in (act, ask)}
    try:
        seen, done, problem = network.marginals({**also, **setting}), network.marginals(also, setting), ""
    except ImpossibleEvidence as impossible:
        seen = done = {}
        problem, also = str(impossible), {}
    among = words.values(also)
    with stage:
        question = f"{act} is set to {value}. P({ask}) is then"
        answer = page.predict(question, ("As seen", "As before", "Neither"), key="causality_guess_do")
        left, right = st.columns(2, gap="medium")
        with left:
            page.equation(("evidence", "See", f"people who have {words.values({**setting, **also})}"))
            _panel(table, "see", act, value, ask, also, seen if answer.revealed else None)
        with right:
            who = f"those with {among}" if also else "everybody"
            page.equation(("intervention", "Do", f"{who}, once {act} is set to {value}"))
            _panel(table, "do", act, value, ask, also, done if answer.revealed else None)
        if problem:
            page.notice(
                f"<b>This cannot happen.</b> {html.escape(problem)}. Choose another value, or click what is seen away."
            )
            return
        see, do = (
            networks.people(network, world).shares(asked, given, SIZES)
            for world, given in (({}, {**also, **setting}), (setting, also))
        )
        hidden = "" if answer.revealed else "hidden "
        truths = (seen[ask], done[ask])
        page.picture(
            charts.funnel(
                see, do if answer.revealed else None, truths, at=n, asked=f"P({ask})", look=frame.look()
            ),
            key="funnel",
            alt="Estimates from N simulated people against N, with 95% bands and the exact values",
            numbers=f"Seen, exact {truths[0]:.4f}. Set, exact {hidden or f'{truths[1]:.4f}'}.",
        )  # fmt: skip
    before, i = network.probability(asked, also), int(np.searchsorted(SIZES, n))
    page.numbers(
        (f"P({ask} | {among})" if also else f"P({ask})", f"{before:.4f}", f"{act} neither seen nor set"),
        (f"P({ask} | {words.values({**setting, **also})})", f"{truths[0]:.4f}", _simulated(see, i)),
        (
            f"P({ask} | {f'{among}, ' if also else ''}do({act} = {value}))",
            *answer.cell(f"{truths[1]:.4f}", _simulated(do, i)),
        ),
        ("Doing minus seeing", *answer.cell(page.minus(f"{truths[1] - truths[0]:+.4f}"), "exact")),
    )
    verdict = answer.verdict(*words.as_seen_or_before(before, *truths))
    wait = f"Left, people with {act} = {value} were picked out. Right, everybody is given it. Commit, then see."
    sentence = verdict + words.seen_and_done(network, act, value, ask, also)
    page.notice(sentence if answer.revealed else wait, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: _arithmetic(table, asked, setting, also),
        the_code=lambda: st.code(report.code_do(network, asked, setting, also), language="python"),
        data=lambda: page.downloads(
            "do",
            report.csv(network.joint(setting)),
            {
                "network": report.as_json(network), "asked": asked, "set": setting, "also seen": also,
                "before": before, "seen": truths[0], "done": truths[1],
            },
        ),
    )  # fmt: skip


def _first(table: Table) -> tuple[str, str]:
    return ("yellow", "smoking") if table.name == SMOKING else table.effect_of


def _panel(
    table: Table,
    how: str,
    act: str,
    value: int,
    ask: str,
    also: Mapping[str, int],
    posterior: Mapping[str, float] | None,
) -> None:
    """The network with `act` seen or set; a click on `act` turns it over, on others sees them too."""

    def then(marks: Mapping[str, Mark]) -> None:
        links.put({VALUE: marks.get(act, f"{how} {value}")[-1]})
        networks.keep_seen(ALSO, {name: mark for name, mark in marks.items() if name != act})

    do = (act,) if how == "do" else ()
    cut = "The arrows into it are cut: nothing decides it." if table.network.parents(act) else "No arrow to cut."
    marks: dict[str, Mark] = networks.as_seen(also)
    marks[act] = "see 1" if how == "see" else "do 1"
    if not value:
        marks[act] = "see 0" if how == "see" else "do 0"
    networks.sheet(
        table, key=f"do-{how}", alt=f"The network with {act} {'seen' if how == 'see' else 'set'}", marks=marks,
        prior=table.network.marginals(), posterior=posterior, then=then,
        paths=table.network.paths(act, ask, given=also, do=do), cycles={act: (f"{how} 1", f"{how} 0"), ask: ()},
        hint="Click others to see them too." if how == "see" else cut,
    )  # fmt: skip


def _simulated(shares: Shares, i: int) -> str:
    """The estimate of the first N people, with its interval and how many of them it rests on."""
    matching = page.count(shares.matching[i])
    if not shares.matching[i]:
        return f"nobody of {page.count(shares.sizes[i])} matches"
    low, high = (bound[i] for bound in shares.interval)
    return page.minus(f"{matching} people: {shares.value[i]:.3f}, 95% {low:.3f} – {high:.3f}")


def _arithmetic(table: Table, asked: Mapping[str, int], setting: Mapping[str, int], also: Mapping[str, int]) -> None:
    st.latex(report.bayes_latex(table.network, asked, {**also, **setting}))
    st.latex(report.bayes_latex(table.network, asked, also, setting))


EXPERIMENT = page.Experiment("Do", PRESETS, show)
