"""Imagine: what would have been for this very person? Abduct, act, predict."""

import html
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from pages.probability.causality import networks
from pages.probability.causality.networks import ASBESTOS, NETWORK, SMOKING, TAR, WAS
from playground.causality import (
    ImpossibleEvidence,
    Network,
    World,
    abduct,
    counterfactual_marginals,
    descendants,
    necessity,
    necessity_bounds,
    predict,
    report,
    sufficiency,
    sufficiency_bounds,
    words,
)
from playground.ui import knobs, page

INSTEAD, TO, ASK = "causality_instead", "causality_instead_to", "causality_would"
MOST_WORLDS = 5
PERSON = {"smoking": 1, "yellow": 1, "cancer": 1}
SMOKER = {NETWORK: SMOKING, TAR: 2.0, ASBESTOS: 5.0, WAS: PERSON, INSTEAD: "smoking", TO: "0", ASK: "cancer"}
WORKER = {**SMOKER, WAS: {**PERSON, "asbestos": 1}}
HEALTHY = {**SMOKER, WAS: {"smoking": 0, "cancer": 0}, TO: "1"}
TREATED = {NETWORK: "Simpson", WAS: {"treatment": 0, "recovery": 0}, INSTEAD: "treatment", TO: "1", ASK: "recovery"}
PRESETS = (
    page.Preset("The smoker", SMOKER, "Tar can come without smoking, so many would have had cancer all the same."),
    page.Preset("With asbestos", WORKER, "Asbestos was there as well: not smoking would have helped less."),
    page.Preset("The healthy", HEALTHY, "Would smoking have been enough?"),
    page.Preset("Washed fingers", {**SMOKER, INSTEAD: "yellow"}, "Clean fingers would have changed nothing."),
    page.Preset("The treated", TREATED, "Not cured by the puncture: would surgery have cured them?"),
)


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The network")
        table = networks.choose()
        knobs.group("What if")
        instead = networks.node(table, "Had", key=INSTEAD, default=table.effect_of[0])
        to = int(knobs.choice("been", ("0", "1"), key=TO))
        ask = networks.node(table, "what of", key=ASK, default=table.effect_of[1], but=instead)
    network, act = table.network, {instead: to}
    was = networks.seen(WAS, table, PERSON if table.name == SMOKING else dict.fromkeys(table.effect_of, 1), "was")
    prior, problem = network.marginals(), ""
    try:
        happened = network.marginals(was)
    except ImpossibleEvidence as impossible:
        happened, problem, was = prior, str(impossible), {}
    worlds, would = abduct(network, was), counterfactual_marginals(network, given=was, do=act)
    with stage:
        question = f"Had {instead} been {to}: P({ask}) is"
        answer = page.predict(question, ("Below 0.2", "Between", "Above 0.8"), key="causality_guess_imagine")
        left, right = st.columns(2, gap="medium")
        with left:
            page.equation(("evidence", "What was", "seen in this person"))
            networks.sheet(
                table, key="was", alt="What was. Enter on a variable steps through unknown, seen 1, seen 0.",
                marks=networks.as_seen(was), prior=prior, posterior=happened,
                then=lambda marks: networks.keep_seen(WAS, marks), hint="Click what is known of this person.",
            )  # fmt: skip
        with right:
            page.equation(("intervention", "What would have been", f"had {instead} been {to}"))
            networks.sheet(
                table, key="would", alt=f"What would have been, had {instead} been {to}",
                marks={instead: "do 1" if to else "do 0"}, prior=happened,
                posterior=would if answer.revealed else None, then=lambda marks: None,
                cycles=dict.fromkeys(network.nodes, ()), hint="The same person, the same luck, one thing changed.",
            )  # fmt: skip
        _worlds(network, worlds, act, ask, would[ask], answer)
    everybody = network.probability({ask: 1}, do=act)
    page.numbers(
        (f"P({ask}), this person", *answer.cell(f"{would[ask]:.4f}", f"had {instead} been {to}")),
        (f"P({ask} | do({instead} = {to}))", *answer.cell(f"{everybody:.4f}", "everybody, not this person")),
        (f"Necessity of {instead}", *answer.cell(*_chance(network, necessity, necessity_bounds, instead, ask))),
        (f"Sufficiency of {instead}", *answer.cell(*_chance(network, sufficiency, sufficiency_bounds, instead, ask))),
    )  # fmt: skip
    sentence = answer.verdict(words.near(would[ask])) + words.imagined(network, was, act, ask)
    if problem:
        page.notice(
            f"<b>This cannot have been.</b> {html.escape(problem)}. Shown is a person of whom nothing is known."
        )
    else:
        wait = "What would have been is hidden. Commit to an answer, then see."
        page.notice(sentence if answer.revealed else wait, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: _arithmetic(network, worlds, was, act, ask, would[ask]),
        the_code=lambda: st.code(report.code_imagine(network, was, act, ask), language="python"),
        data=lambda: page.downloads(
            "imagine",
            report.worlds_csv(network, worlds, act),
            {"network": report.as_json(network), "was": was, "act": act, "before": happened, "would be": would},
        ),
    )


def _worlds(
    network: Network,
    worlds: Sequence[World],
    act: Mapping[str, int],
    ask: str,
    total: float,
    answer: page.Prediction,
) -> None:
    """Abduct, act and predict: a row for every world that fits what was seen, the most probable first."""
    open_questions = [name for name in network.nodes if len({world.values[name] for world in worlds}) > 1]
    shown, had = worlds[:MOST_WORLDS], " and ".join(f"had {name} been {value}" for name, value in act.items())
    rows: list[tuple[page.Cell, ...]] = []
    for world in shown:
        left_open = {name: world.values[name] for name in open_questions}
        low, high = world.noise[ask]
        would: page.Cell = (predict(network, world, act)[ask], "model") if answer.revealed else "?"
        luck = f"{low:.3f} – {high:.3f}"
        rows.append((words.values(left_open) or "nothing is open", (world.probability, "evidence"), luck, would))
    if rest := worlds[MOST_WORLDS:]:
        rows.append((f"{len(rest)} more", (sum(world.probability for world in rest), "evidence"), "", ""))
    page.table(
        (
            "1 Abduct: what else may have been",
            "probability, given what was seen",
            f"luck U: {ask} = 1 if U is below its chance",
            f"2 Act, 3 predict: P({ask}) {had}",
        ),
        rows,
        ("All of them", "1.000", "", f"{total:.3f}" if answer.revealed else "?"),
    )


def _chance(
    network: Network,
    chance: Callable[[Network, str, str], float],
    bounds: Callable[[Network, str, str], tuple[float, float]],
    cause: str,
    effect: str,
) -> tuple[str, str]:
    """A probability of causation, beside the bounds that hold whatever the wiring."""
    try:
        low, high = bounds(network, cause, effect)
        if effect not in descendants(network.edges, cause):
            return "0", f"no arrow leads to {effect}"
        return f"{chance(network, cause, effect):.4f}", f"bounds if the wiring is unknown: {low:.3f} – {high:.3f}"
    except ImpossibleEvidence:
        return "—", "there is nobody to ask it of"


def _arithmetic(
    network: Network,
    worlds: Sequence[World],
    was: Mapping[str, int],
    act: Mapping[str, int],
    ask: str,
    total: float,
) -> None:
    st.latex(r"X = \mathbf{1}[\,U_X < P(X{=}1 \mid \text{causes})\,], \qquad U_X \sim \mathrm{Uniform}(0, 1)")
    st.latex(report.counterfactual_latex(network, worlds, was, act, ask, total))


EXPERIMENT = page.Experiment("Imagine", PRESETS, show)
