"""See: click what you know, and every belief moves."""

import html
from collections.abc import Mapping

import numpy as np
import streamlit as st

from pages.probability.causality import networks, own
from pages.probability.causality.networks import ASBESTOS, NETWORK, SEEN, SMOKING, TAR, Table
from playground.causality import ImpossibleEvidence, Logistic, charts, explaining_away, report, words
from playground.causality.sketch import Sketch
from playground.ui import frame, knobs, page

ENDS = ("causality_from", "causality_to")
WEIGHTS = np.linspace(-6, 6, 121)
BOTH = {"cancer": 1, "asbestos": 1}
PUBLISHED = {NETWORK: SMOKING, TAR: 2.0, ASBESTOS: 5.0, SEEN: BOTH}
PRESETS = (
    page.Preset("Explaining away", PUBLISHED, "Asbestos explains the cancer, so smoking falls back."),
    page.Preset(
        "A weak rival",
        {**PUBLISHED, TAR: 1.0, ASBESTOS: 0.5},
        "The second published setting: little is explained away.",
    ),
    page.Preset("It reverses", {**PUBLISHED, ASBESTOS: -4.0}, "Where asbestos protects, cancer needs smoking more."),
    page.Preset("Yellow fingers", {**PUBLISHED, SEEN: {"yellow": 1}}, "They cause nothing, and still raise P(cancer)."),
    page.Preset("Three nodes", {NETWORK: "Three nodes", SEEN: {"B": 1, "C": 1}}, "P(A | B) = 0.6 falls to 1/3."),
)


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The network")
        table = networks.choose()
        if table.name == SMOKING:
            table = table.showing(networks.weight_knobs())
        if table.own:
            own.number_knobs(Sketch(table.network, table.places))
        knobs.group("Paths")
        ends = (table.rivals[0], table.rivals[2]) if table.rivals else table.effect_of
        a, b = networks.pair(table, ENDS, ("between", "and"), ends)
    network = table.network
    seen = networks.seen(SEEN, table, BOTH if table.name == SMOKING else {})
    paths = network.paths(a, b, given=set(seen) - {a, b})
    prior, problem = network.marginals(), ""
    try:
        posterior = network.marginals(seen)
    except ImpossibleEvidence as impossible:
        posterior, problem = {}, str(impossible)
    with stage:
        page.equation(("prior", "before", "P(x)"), ("evidence", "seen", ""), ("model", "after", "P(x | what is seen)"))
        answer = _predict(table)
        left, right = st.columns([1.55, 1], gap="medium")
        with left:
            networks.sheet(
                table, key="see", alt="Causal graph. Enter on a variable steps through unknown, seen 1, seen 0.",
                marks=networks.as_seen(seen), prior=prior, posterior=posterior if answer.revealed else None,
                then=lambda marks: networks.keep_seen(SEEN, marks), paths=paths, edit=table.own, height=300,
                hint="Click a variable: unknown → seen 1 → seen 0. Thick arrows: an open path."
                + (" Drag to move." if table.own else ""),
            )  # fmt: skip
            page.verdicts(
                [(path.open, str(path), path.reason) for path in paths[:4]], empty=f"No path joins {a} and {b}."
            )
        with right:
            _panel(table, revealed=answer.revealed)
    if table.rivals:
        _numbers(table, answer)
    if problem:
        page.notice(
            f"<b>This cannot happen.</b> {html.escape(problem)}. Click one of the seen variables to take it back; "
            "until then there is nobody to ask about."
        )
    else:
        page.notice(_sentence(table, seen, prior, posterior, answer), revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: _arithmetic(table, {} if problem else seen),
        the_code=lambda: st.code(report.code_see(network, seen), language="python"),
        data=lambda: page.downloads(
            "see",
            report.csv(network.joint()),
            {"network": report.as_json(network), "seen": seen, "before": prior, "after": posterior},
        ),
    )


def _predict(table: Table) -> page.Prediction:
    if table.rivals is None:
        return page.Prediction("")
    hypothesis, effect, rival = table.rivals
    question = f"{effect} is seen, then {rival} too: P({hypothesis})"
    return page.predict(question, ("Rises", "Falls", "Stays"), key="causality_guess_see")


def _beliefs(table: Table) -> tuple[float, float, float]:
    """P(hypothesis), P(hypothesis | effect) and P(hypothesis | effect, rival)."""
    hypothesis, effect, rival = table.rivals or ("", "", "")
    ask = table.network.probability
    return ask({hypothesis: 1}), ask({hypothesis: 1}, {effect: 1}), ask({hypothesis: 1}, {effect: 1, rival: 1})


def _weight(table: Table) -> float | None:
    """Of the arrow rival → effect, where it has one."""
    _, effect, rival = table.rivals or ("", table.network.nodes[0], "")
    mechanism = table.network.mechanisms[effect]
    return mechanism.weights.get(rival) if isinstance(mechanism, Logistic) else None


def _panel(table: Table, *, revealed: bool) -> None:
    """P(hypothesis) with and without the rival, against the rival's weight."""
    if table.rivals is None:
        st.html(
            '<p class="pg-meta">No variable has two causes that can be seen, so there is nothing to explain away.</p>'
        )
        return
    hypothesis, effect, rival = table.rivals
    page.equation(
        ("prior", f"P({hypothesis})", ""), ("rival", f"… | {effect}", ""), ("model", f"… | {effect}, {rival}", "")
    )
    weight = _weight(table)
    before, once, twice = _beliefs(table)
    if weight is None:  # a table has no weight to turn: the three numbers alone
        rows: list[tuple[str, page.Cell]] = [("nothing", (before, "prior")), (effect, (once, "rival"))]
        rows.append((f"{effect}, {rival}", (twice, "model") if revealed else "?"))
        page.table(("seen", f"P({hypothesis})"), rows)
        return
    curve = explaining_away(table.network, hypothesis, effect, rival, WEIGHTS)
    arrow = f"{rival} → {effect}, weight"
    aloud = f"At weight {weight:.1f}: P({hypothesis}) {before:.4f}, given {effect} {once:.4f}, given {rival} too "
    page.picture(
        charts.explaining_away(
            curve, (before, once, twice), at=weight, arrow=arrow, look=frame.look(), reveal=revealed
        ),
        key="explaining",
        alt="P(hypothesis) against the weight of the rival cause",
        numbers=aloud + (f"{twice:.4f}." if revealed else "hidden."),
    )


def _numbers(table: Table, answer: page.Prediction) -> None:
    hypothesis, effect, rival = table.rivals or ("", "", "")
    before, once, twice = _beliefs(table)
    cells = [
        (f"P({hypothesis})", f"{before:.4f}", "before anything is seen"),
        (f"P({hypothesis} | {effect})", f"{once:.4f}", page.minus(f"{once - before:+.4f} by the effect")),
        (
            f"P({hypothesis} | {effect}, {rival})",
            *answer.cell(f"{twice:.4f}", page.minus(f"{twice - once:+.4f} by the rival cause")),
        ),
    ]
    if _weight(table) is not None:
        curve = explaining_away(table.network, hypothesis, effect, rival, WEIGHTS)
        everywhere = float(np.abs(curve.drop).max()) < 1e-9
        roots = (
            "every weight"
            if everywhere
            else page.minus(", ".join(f"{root:.2f}" for root in curve.roots)) or "no weight"
        )
        side = f"; reversed {'below' if curve.drop[0] < 0 else 'above'} it" if curve.roots else ""
        cells.append(("The drop vanishes at weight", *answer.cell(roots, f"of {rival} → {effect}{side}")))
    page.numbers(*cells)


def _sentence(
    table: Table,
    seen: Mapping[str, int],
    prior: Mapping[str, float],
    posterior: Mapping[str, float],
    answer: page.Prediction,
) -> str:
    if not answer.revealed:
        return "The beliefs are hidden. Commit to an answer, then see."
    clicked = words.evidence(seen, prior, posterior)
    if table.rivals is None:
        return f"{clicked} Draw two arrows into one variable: its causes will compete to explain it."
    _, once, twice = _beliefs(table)
    _, effect, rival = table.rivals
    away = words.explained_away(table.network, table.rivals)
    if seen != {effect: 1, rival: 1}:
        away = f"{clicked} And if {effect} = 1, then {rival} = 1 were seen: {away[:1].lower()}{away[1:]}"
    return answer.verdict(words.direction(once, twice)) + away


def _arithmetic(table: Table, seen: Mapping[str, int]) -> None:
    st.latex(report.joint_latex(table.network))
    st.latex(report.mechanisms_latex(table.network))
    asked: list[tuple[str, Mapping[str, int]]] = []
    if table.rivals:
        hypothesis, effect, rival = table.rivals
        asked = [(hypothesis, {effect: 1}), (hypothesis, {effect: 1, rival: 1})]
    asked += [(name, seen) for name in table.network.nodes if seen and name not in seen and (name, seen) not in asked]
    for name, given in asked:
        st.latex(report.bayes_latex(table.network, {name: 1}, given))


EXPERIMENT = page.Experiment("See", PRESETS, show)
