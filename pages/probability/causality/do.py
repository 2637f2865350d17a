"""Do: the same variable at the same value, seen in one panel and set in the other."""

import html

import numpy as np
import streamlit as st

from pages.probability.causality import networks
from pages.probability.causality.networks import ASBESTOS, NETWORK, SMOKING, TAR, Table
from playground.causality import ImpossibleEvidence, Shares, charts, report
from playground.ui import frame, knobs, links, page
from playground.ui.components.live_slider import live_slider

ACT, VALUE, ASK, ALSO, PEOPLE = (f"causality_{name}" for name in ("act", "to", "ask", "also", "people"))
SIZES = np.unique([int(float(f"{n:.2g}")) for n in np.geomspace(100, 1_000_000, 81)])  # as the knob offers them
SIMPLE = {NETWORK: SMOKING, TAR: 2.0, ASBESTOS: 5.0, VALUE: "1"}
PRESETS = (
    page.Preset("Paint the fingers", {**SIMPLE, ACT: "yellow", ASK: "smoking", ALSO: {}}, "Paint makes nobody a smoker."),
    page.Preset("Cancer by force", {**SIMPLE, TAR: 1.0, ASBESTOS: 0.5, ACT: "cancer", ASK: "yellow", ALSO: {"asbestos": 1}}, "Yellow fingers inherit the explaining away; under do() nothing is left of it."),
    page.Preset("A first cause", {**SIMPLE, ACT: "smoking", ASK: "cancer", ALSO: {}}, "Nothing points into smoking, so seeing and doing agree."),
    page.Preset("Simpson", {NETWORK: "Simpson", ACT: "treatment", VALUE: "1", ASK: "recovery", ALSO: {}}, "The better treatment is given to the harder cases."),
)  # fmt: skip


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The network")
        table = networks.choose()
        knobs.group("The variable")
        act, ask = networks.pair(table, (ACT, ASK), ("See or set", "Ask about"), _first_pair(table))
        value = int(knobs.choice("Value", ("1", "0"), key=VALUE, caption=True))
        knobs.group("A simulated population")
        people = live_slider("N", 100, 1_000_000, 10_000, key=PEOPLE, step=0.05, log=True, hint="people", ticks=(100, 1_000, 10_000, 100_000, 1_000_000))  # fmt: skip
    also = {name: v for name, v in networks.seen(ALSO, table, {}).items() if name not in (act, ask)}
    network, setting, asked = table.network, {act: value}, {ask: 1}
    try:
        seen, done = network.marginals({**also, **setting}), network.marginals(also, setting)
    except ImpossibleEvidence as impossible:
        page.notice(f"<b>This cannot happen.</b> {html.escape(str(impossible))}.")
        seen = done = None
    with stage:
        answer = page.predict(
            f"{act} is set to {value}. P({ask}) is then", ("As seen", "As before", "Neither"), key="causality_guess_do"
        )
        left, right = st.columns(2, gap="medium")
        for place, how, posterior in ((left, "see", seen), (right, "do", done)):
            with place:
                _panel(table, how, setting, also, posterior if answer.revealed else None, ask)
        if seen is None or done is None:
            return
        sampled = [networks.people(network, do).shares(asked, given, SIZES) for do, given in (({}, {**also, **setting}), (setting, also))]  # fmt: skip
        truths = (seen[ask], done[ask])
        page.picture(
            charts.funnel(
                sampled[0], sampled[1] if answer.revealed else None, truths, at=round(people.now), asked=f"P({ask})", look=frame.look()
            ),
            key="funnel", alt="Estimates from N simulated people against N, with 95% bands and the exact values",
            numbers=f"Exact: seen {truths[0]:.4f}, " + (f"set {truths[1]:.4f}." if answer.revealed else "set: hidden."),
        )  # fmt: skip
    i = int(np.searchsorted(SIZES, round(people.now)).clip(max=len(SIZES) - 1))
    before = network.probability(asked)
    hidden = ("?", "after your prediction")
    page.numbers(
        (f"P({ask}), before", f"{before:.4f}", "nothing seen, nothing set"),
        (f"see {act} = {value}", f"{truths[0]:.4f}", _simulated(sampled[0], i)),
        (f"do({act} = {value})", *((f"{truths[1]:.4f}", _simulated(sampled[1], i)) if answer.revealed else hidden)),
        ("Doing minus seeing", *((page.minus(f"{truths[1] - truths[0]:+.4f}"), "exact") if answer.revealed else hidden)),
    )  # fmt: skip
    page.notice(_notice(table, act, value, ask, before, truths, answer))
    page.details(
        the_arithmetic=lambda: _arithmetic(table, asked, setting, also),
        the_code=lambda: st.code(_code(table, asked, setting, also), language="python"),
        data=lambda: page.downloads(
            "do", report.csv(network.joint(setting)),
            {"network": report.as_json(network), "asked": ask, "set": setting, "also seen": also, "before": before, "seen": truths[0], "done": truths[1]},
        ),
    )  # fmt: skip


EXPERIMENT = page.Experiment("Do", PRESETS, show)


def _first_pair(table: Table) -> tuple[str, str]:
    return ("yellow", "smoking") if table.name == SMOKING else table.effect_of


def _panel(
    table: Table, how: str, setting: dict[str, int], also: dict[str, int], posterior: dict[str, float] | None, ask: str
) -> None:
    (act, value), network = next(iter(setting.items())), table.network
    page.equation(
        ("evidence", "See", f"people who have {act} = {value}")
        if how == "see"
        else ("intervention", "Do", f"everybody gets {act} = {value}")
    )
    do = (act,) if how == "do" else ()
    paths = network.paths(act, ask, given=[name for name in also if name not in (act, ask)], do=do)

    def then(marks: dict[str, str]) -> None:
        acted = marks.get(act, f"{how} {1 - value}")  # a click on the variable itself turns it over
        links.put({VALUE: acted[-1]})
        networks.keep_seen(ALSO, {name: mark for name, mark in marks.items() if name != act})

    networks.sheet(
        table, key=f"do-{how}", alt=f"The network, {act} {'seen' if how == 'see' else 'set'}",
        marks={**networks.as_seen(also), act: f"{how} {value}"}, prior=network.marginals(), posterior=posterior, then=then,
        paths=networks.drawn(paths), cycles={act: (f"{how} 1", f"{how} 0"), ask: ()}, height=264,
        hint="Click others to see them too." if how == "see" else "Arrows into it are cut: nothing decides it any more.",
    )  # fmt: skip


def _simulated(shares: Shares, i: int) -> str:
    if not shares.matching[i]:
        return f"nobody among {shares.sizes[i]:,} matches".replace(",", " ")
    low, high = (bound[i] for bound in shares.interval)
    return f"{shares.matching[i]:,} people: {low:.3f} – {high:.3f}".replace(",", " ")


def _notice(
    table: Table, act: str, value: int, ask: str, before: float, truths: tuple[float, float], answer: page.Prediction
) -> str:
    if not answer.revealed:
        return f"Left, people with {act} = {value} were picked out. Right, {act} is about to be set for everybody. Commit to an answer, then see."
    seen, done = truths
    if abs(done - seen) < 5e-5:
        return f"Seeing and doing agree here: no open path leads into {act} from behind, so setting it tells as much as seeing it."
    if abs(done - before) < 5e-5:
        return f"Seeing {act} = {value} moves P({ask}) from {before:.3f} to {seen:.3f}. Setting it does nothing: {act} does not cause {ask}, and the arrows that made it a clue are cut."
    return f"Setting {act} moves P({ask}) to {done:.3f}; seeing it suggests {seen:.3f}. The difference is what flows through the arrows that do() cuts."


def _arithmetic(table: Table, asked: dict[str, int], setting: dict[str, int], also: dict[str, int]) -> None:
    st.latex(report.bayes_latex(table.network, asked, {**also, **setting}))
    st.latex(report.bayes_latex(table.network, asked, also, setting))


def _code(table: Table, asked: dict[str, int], setting: dict[str, int], also: dict[str, int]) -> str:
    return (
        f"{report.python(table.network)}\n"
        f"print(network.probability({asked}, given={ {**also, **setting} }))\n"
        f"print(network.probability({asked}, given={also}, do={setting}))"
    )
