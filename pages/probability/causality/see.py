"""See: click what you know, and every belief moves."""

import html
from collections.abc import Mapping

import numpy as np
import streamlit as st

from pages.probability.causality import networks
from pages.probability.causality.networks import ASBESTOS, NETWORK, SMOKING, TAR, Table
from playground.causality import ImpossibleEvidence, Logistic, charts, explaining_away, report, smoking
from playground.ui import frame, knobs, page

SEEN, ENDS = "causality_seen", ("causality_from", "causality_to")
WEIGHTS = np.linspace(-6, 6, 121)
PRESETS = (
    page.Preset("Explaining away", {NETWORK: SMOKING, TAR: 2.0, ASBESTOS: 5.0, SEEN: {"cancer": 1, "asbestos": 1}}, "Asbestos explains the cancer, so smoking falls back."),
    page.Preset("Second setting", {NETWORK: SMOKING, TAR: 1.0, ASBESTOS: 0.5, SEEN: {"cancer": 1, "asbestos": 1}}, "A weak rival explains little away."),
    page.Preset("It reverses", {NETWORK: SMOKING, TAR: 2.0, ASBESTOS: -4.0, SEEN: {"cancer": 1, "asbestos": 1}}, "Asbestos that protects makes the other cause more needed, not less."),
    page.Preset("Yellow fingers", {NETWORK: SMOKING, TAR: 2.0, ASBESTOS: 5.0, SEEN: {"yellow": 1}}, "Yellow fingers cause nothing, and still raise P(cancer)."),
    page.Preset("Three nodes", {NETWORK: "Three nodes", SEEN: {"A": 1, "B": 1}}, "The same in three nodes: P(C | B) = 0.6 falls to 1/3."),
)  # fmt: skip


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The network")
        table = networks.choose()
        if table.name == SMOKING:
            tar, asbestos = networks.tar_knob(), networks.asbestos_knob()
            table = table.showing(smoking(tar.now, asbestos.now))
        if table.own:
            networks.mechanism_knobs(table)
        knobs.group("Paths")
        ends = networks.pair(table, ENDS, ("between", "and"), _first_ends(table))
    seen = networks.seen(SEEN, table, {"cancer": 1, "asbestos": 1} if table.name == SMOKING else {})
    prior = table.network.marginals()
    paths = table.network.paths(*ends, given=set(seen) - set(ends)) if ends[0] != ends[1] else ()
    try:
        posterior, problem = table.network.marginals(seen), ""
    except ImpossibleEvidence as impossible:
        posterior, problem = prior, str(impossible)
    with stage:
        page.equation(("prior", "before", "P(x)"), ("evidence", "seen", ""), ("model", "after", "P(x | what is seen)"))
        answer = _predict(table)
        left, right = st.columns([1.55, 1], gap="medium")
        with left:
            networks.sheet(
                table, key="see", alt="Causal graph. Enter on a node steps through unknown, seen 1, seen 0.",
                marks=networks.as_seen(seen), prior=prior, posterior=posterior if answer.revealed else None,
                then=lambda marks: networks.keep_seen(SEEN, marks), paths=networks.drawn(paths), edit=table.own,
                hint="Click a variable: unknown → seen 1 → seen 0.",
            )  # fmt: skip
            page.verdicts([(path.open, str(path), path.reason) for path in paths[:4]], empty="No path joins the two.")
        with right:
            _panel(table, revealed=answer.revealed)
    if problem:
        page.notice(f"<b>This cannot happen.</b> {html.escape(problem)}. Click one of the seen variables to take it back; until then the beliefs are those from before.")  # fmt: skip
    else:
        _numbers(table, revealed=answer.revealed)
        page.notice(_notice(table, answer))
    page.details(
        the_arithmetic=lambda: _arithmetic(table),
        the_code=lambda: st.code(_code(table, seen), language="python"),
        data=lambda: _data(table, seen, prior, posterior),
    )


def _panel(table: Table, *, revealed: bool) -> None:
    """P(hypothesis) with and without the rival, against the rival's weight."""
    if table.rivals is None:
        st.html('<p class="pg-meta">No variable has two causes yet, so there is nothing to explain away.</p>')
        return
    hypothesis, effect, rival = table.rivals
    mechanism = table.network.mechanisms[effect]
    page.equation(
        ("prior", f"P({hypothesis})", ""), ("evidence", f"… | {effect}", ""), ("model", f"… | {effect}, {rival}", "")
    )
    if not isinstance(mechanism, Logistic) or rival not in mechanism.parents:
        return
    curve = explaining_away(table.network, hypothesis, effect, rival, WEIGHTS)
    at, (before, once, twice) = mechanism.weights[rival], _drop(table)
    picture = charts.explaining_away(
        curve, before, at=at, arrow=f"{rival} → {effect}, weight", look=frame.look(), reveal=revealed
    )
    aloud = (
        f"At weight {at:.1f}: before {before:.4f}, with {effect} {once:.4f}, with {rival} too {twice:.4f}."
        if revealed
        else ""
    )
    page.picture(picture, key="explaining", alt="P(hypothesis) against the weight of the rival cause", numbers=aloud)


def _drop(table: Table) -> tuple[float, float, float]:
    """P(hypothesis), P(hypothesis | effect) and P(hypothesis | effect, rival)."""
    hypothesis, effect, rival = table.rivals or ("", "", "")
    ask = table.network.probability
    return ask({hypothesis: 1}), ask({hypothesis: 1}, {effect: 1}), ask({hypothesis: 1}, {effect: 1, rival: 1})


def _numbers(table: Table, *, revealed: bool) -> None:
    if table.rivals is None:
        return
    hypothesis, effect, rival = table.rivals
    before, once, twice = _drop(table)
    hidden = "after your prediction"
    page.numbers(
        (f"P({hypothesis})", f"{before:.4f}", "before anything is seen"),
        (f"P({hypothesis} | {effect})", f"{once:.4f}", page.minus(f"{once - before:+.4f} by the effect")),
        (f"P({hypothesis} | {effect}, {rival})", f"{twice:.4f}" if revealed else "?", page.minus(f"{twice - once:+.4f} by the rival cause") if revealed else hidden),
        ("The two are equal at", _equal(table) if revealed else "?", f"weight of {rival} → {effect}" if revealed else hidden),
    )  # fmt: skip


def _equal(table: Table) -> str:
    hypothesis, effect, rival = table.rivals or ("", "", "")
    mechanism = table.network.mechanisms[effect]
    if not isinstance(mechanism, Logistic) or rival not in mechanism.parents:
        return "no weight"
    roots = explaining_away(table.network, hypothesis, effect, rival, WEIGHTS).roots
    return ", ".join(f"{root:.2f}" for root in roots).replace("-", "−") or "no weight"


def _notice(table: Table, answer: page.Prediction) -> str:
    if not answer.revealed:
        return "The beliefs are hidden. Commit to an answer, then see."
    if table.rivals is None:
        return "Draw two arrows into one variable: its causes will compete to explain it."
    hypothesis, effect, rival = table.rivals
    _, once, twice = _drop(table)
    said = f"You said “{answer.choice.lower()}”. " if answer.choice in ("Rises", "Falls", "Stays") else ""
    if abs(twice - once) < 5e-5:
        return f"{said}Learning {rival} changes nothing: it neither helps nor hinders {effect} once {hypothesis} is weighed."
    if twice < once:
        return (
            f"{said}{effect.capitalize()} calls for a cause. {rival.capitalize()} is one, so {hypothesis} is needed less: "
            f"{once:.3f} falls to {twice:.3f}, although nothing connects {hypothesis} and {rival} until {effect} is seen."
        )
    return (
        f"{said}Here {rival} works against {effect}: seen together, they make {hypothesis} more needed, "
        f"and {once:.3f} rises to {twice:.3f}."
    )


def _arithmetic(table: Table) -> None:
    st.latex(report.joint_latex(table.network))
    if table.rivals:
        hypothesis, effect, rival = table.rivals
        st.latex(report.bayes_latex(table.network, {hypothesis: 1}, {effect: 1}))
        st.latex(report.bayes_latex(table.network, {hypothesis: 1}, {effect: 1, rival: 1}))


def _code(table: Table, seen: Mapping[str, int]) -> str:
    return f"{report.python(table.network)}\nprint(network.marginals())\nprint(network.marginals(given={dict(seen)}))"


def _data(table: Table, seen: Mapping[str, int], prior: Mapping[str, float], posterior: Mapping[str, float]) -> None:
    page.downloads(
        "see", report.csv(table.network.joint()),
        {"network": report.as_json(table.network), "seen": dict(seen), "before": dict(prior), "after": dict(posterior)},
    )  # fmt: skip


def _first_ends(table: Table) -> tuple[str, str]:
    return (table.rivals[0], table.rivals[2]) if table.rivals else table.effect_of


def _predict(table: Table) -> page.Prediction:
    if table.rivals is None:
        return page.Prediction("")
    hypothesis, effect, rival = table.rivals
    return page.predict(
        f"{effect} is seen, then {rival} too: P({hypothesis})", ("Rises", "Falls", "Stays"), key="causality_guess_see"
    )


EXPERIMENT = page.Experiment("See", PRESETS, show)
