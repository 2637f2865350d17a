"""Imagine: what would have been for this very person? Abduct, act, predict."""

import html
from collections.abc import Mapping

import streamlit as st

from pages.probability.causality import networks
from pages.probability.causality.networks import ASBESTOS, NETWORK, SMOKING, TAR, Table
from playground.causality import (
    ImpossibleEvidence,
    World,
    abduct,
    counterfactual_marginals,
    necessity,
    necessity_bounds,
    predict,
    report,
    sufficiency,
    sufficiency_bounds,
)
from playground.ui import knobs, page

WAS, INSTEAD, TO, ASK = "causality_was", "causality_instead", "causality_instead_to", "causality_would"
MOST_WORLDS = 6
SIMPLE = {NETWORK: SMOKING, TAR: 2.0, ASBESTOS: 5.0, INSTEAD: "smoking", ASK: "cancer"}
SMOKER = {"smoking": 1, "yellow": 1, "cancer": 1}
PRESETS = (
    page.Preset("The smoker", {**SIMPLE, TO: "0", WAS: SMOKER}, "Their tar may have come without smoking: many would have had cancer all the same."),
    page.Preset("With asbestos", {**SIMPLE, TO: "0", WAS: {**SMOKER, "asbestos": 1}}, "Asbestos was there as well, so not smoking would have helped less."),
    page.Preset("The healthy", {**SIMPLE, TO: "1", WAS: {"smoking": 0, "cancer": 0}}, "Sufficiency: would smoking have been enough?"),
    page.Preset("Fingers", {**SIMPLE, TO: "0", WAS: SMOKER, INSTEAD: "yellow"}, "Washing the fingers would have changed nothing."),
    page.Preset("The treated", {NETWORK: "Simpson", WAS: {"treatment": 0, "recovery": 0}, INSTEAD: "treatment", TO: "1", ASK: "recovery"}, "Not cured by the puncture: would surgery have cured them?"),
)  # fmt: skip


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The network")
        table = networks.choose()
        knobs.group("What if")
        cause, effect = table.effect_of
        instead = knobs.select("Had", table.network.nodes, key=INSTEAD, default=cause)
        to = int(knobs.choice("been", ("0", "1"), key=TO, caption=True))
        others = [name for name in table.network.nodes if name != instead]
        ask = knobs.select("What of", others or [instead], key=ASK, default=effect)
    network, act = table.network, {instead: to}
    was = networks.seen(WAS, table, SMOKER if table.name == SMOKING else {cause: 1, effect: 1})
    prior = network.marginals()
    try:
        happened, problem = network.marginals(was), ""
    except ImpossibleEvidence as impossible:
        happened, problem, was = prior, str(impossible), {}
    worlds = abduct(network, was)
    would = counterfactual_marginals(network, given=was, do=act)
    with stage:
        answer = page.predict(
            f"Had {instead} been {to}: P({ask} = 1) is",
            ("Near 0", "In between", "Near 1"),
            key="causality_guess_imagine",
        )
        left, right = st.columns(2, gap="medium")
        with left:
            page.equation(("evidence", "What was", "seen in this person"))
            networks.sheet(
                table, key="was", alt="What happened. Enter on a node steps through unknown, seen 1, seen 0.", height=264,
                marks=networks.as_seen(was), prior=prior, posterior=happened,
                then=lambda marks: networks.keep_seen(WAS, marks), hint="Click what is known of this person.",
            )  # fmt: skip
        with right:
            page.equation(("intervention", "What would have been", f"had {instead} been {to}"))
            networks.sheet(
                table, key="would", alt=f"What would have been, had {instead} been {to}", height=264,
                marks={instead: f"do {to}"}, prior=happened, posterior=would if answer.revealed else None,
                then=lambda marks: None, cycles=dict.fromkeys(network.nodes, ()), hint="Same person, same luck, one thing else.",
            )  # fmt: skip
        st.html(_worlds(table, worlds, act, ask, would[ask], revealed=answer.revealed))
    if problem:
        page.notice(
            f"<b>This cannot have happened.</b> {html.escape(problem)}. The person shown is one of whom nothing is known."
        )
        return
    doing = network.probability({ask: 1}, do=act)
    hidden = ("?", "after your prediction")
    page.numbers(
        (f"P({ask}) for this person, had {instead} been {to}", *((f"{would[ask]:.4f}", f"as things were: {happened[ask]:.4f}") if answer.revealed else hidden)),
        (f"P({ask} | do({instead} = {to}))", *((f"{doing:.4f}", "for everybody") if answer.revealed else hidden)),
        (f"Necessity of {instead}", *_within(network, necessity, necessity_bounds, instead, ask)),
        (f"Sufficiency of {instead}", *_within(network, sufficiency, sufficiency_bounds, instead, ask)),
    )  # fmt: skip
    page.notice(_notice(instead, to, ask, happened[ask], would[ask], doing, len(worlds), revealed=answer.revealed))
    page.details(
        the_arithmetic=lambda: _arithmetic(table, worlds, was, act, ask, would[ask]),
        the_code=lambda: st.code(_code(table, was, act, ask), language="python"),
        data=lambda: page.downloads(
            "imagine", _csv(table, worlds, act),
            {"network": report.as_json(network), "was": was, "act": act, "before": happened, "would": would},
        ),
    )  # fmt: skip


def _within(network: networks.Network, chance, bounds, cause: str, effect: str) -> tuple[str, str]:
    """A probability of causation, and the bounds that hold for any wiring of the noise."""
    try:
        low, high = bounds(network, cause, effect)
        return f"{chance(network, cause, effect):.4f}", f"any wiring: {low:.3f} – {high:.3f}"
    except ImpossibleEvidence:
        return "—", "nobody to ask it of"


def _worlds(
    table: Table, worlds: tuple[World, ...], act: Mapping[str, int], ask: str, total: float, *, revealed: bool
) -> str:
    """Abduct, act and predict as a table: a row a world that fits what was seen, the most probable first."""
    (instead, to), network = next(iter(act.items())), table.network
    unknown = [name for name in network.nodes if len({world.values[name] for world in worlds}) > 1]
    head = "".join(f"<th>{html.escape(title)}</th>" for title in (
        "1 Abduct: what else may have been so", "how probable, given what was seen", f"so the luck of {ask}, U, lay in",
        f"2 Act and 3 predict: P({ask}) had {instead} been {to}",
    ))  # fmt: skip
    rows = ""
    for world in worlds[:MOST_WORLDS]:
        words = ", ".join(f"{name} = {world.values[name]}" for name in unknown) or "nothing is left open"
        low, high = world.noise[ask]
        then = predict(network, world, act)[ask]
        rows += (
            f'<tr><td>{html.escape(words)}</td><td><span class="bar weight" style="width:{3 * world.probability:.2f}rem"></span>{world.probability:.3f}</td>'
            f"<td>{'[' if low == 0 else '['}{low:.3f}, {high:.3f})</td>"
            + (
                f'<td><span class="bar" style="width:{3 * then:.2f}rem"></span>{then:.3f}</td></tr>'
                if revealed
                else "<td>?</td></tr>"
            )
        )
    rest = worlds[MOST_WORLDS:]
    if rest:
        rows += f"<tr><td>… {len(rest)} more</td><td>{sum(world.probability for world in rest):.3f}</td><td></td><td></td></tr>"
    foot = f"<tfoot><tr><td>All together</td><td>1.000</td><td></td><td>{f'{total:.3f}' if revealed else '?'}</td></tr></tfoot>"
    return f'<table class="pg-worlds"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{foot}</table>'


def _notice(
    instead: str, to: int, ask: str, was: float, would: float, doing: float, worlds: int, *, revealed: bool
) -> str:
    if not revealed:
        return "What would have been is hidden. Commit to an answer, then see."
    if abs(would - was) < 5e-5:
        return f"Nothing would have changed: no arrow leads from {instead} to {ask}, or {instead} was {to} already."
    sides = "more" if would > doing else "less"
    return (
        f"For this person {ask} would have had probability {would:.3f}, {sides} than the {doing:.3f} of everybody: what was seen "
        f"says something about their luck. The luck is wired as one threshold a variable, an assumption; the bounds hold without it."
    )


def _arithmetic(
    table: Table, worlds: tuple[World, ...], was: Mapping[str, int], act: Mapping[str, int], ask: str, total: float
) -> None:
    left = (
        rf"P({report.event({ask: 1})}_{{{report.event(act)}}} \mid {report.event(was)})"
        if was
        else rf"P({report.event({ask: 1})}_{{{report.event(act)}}})"
    )
    terms = " + ".join(
        rf"{world.probability:.4f} \cdot {predict(table.network, world, act)[ask]:.4f}"
        for world in worlds[:MOST_WORLDS]
    )
    more = r" + \ldots" if len(worlds) > MOST_WORLDS else ""
    st.latex(r"X = \mathbf{1}[\,U_X < P(X{=}1 \mid \text{causes})\,], \quad U_X \sim \mathrm{Uniform}(0, 1)")
    st.latex(
        rf"{left} = \sum_{{\text{{worlds}}\ w}} P(w \mid \text{{seen}})\, P_w({report.event({ask: 1})}) = {terms}{more} = {total:.4f}"
    )


def _code(table: Table, was: Mapping[str, int], act: Mapping[str, int], ask: str) -> str:
    return (
        f"{report.python(table.network)}\n"
        "from playground.causality import abduct, counterfactual, predict\n\n"
        f"worlds = abduct(network, {dict(was)})\n"
        f"print(sum(world.probability * predict(network, world, {dict(act)})[{ask!r}] for world in worlds))\n"
        f"print(counterfactual(network, {{{ask!r}: 1}}, given={dict(was)}, do={dict(act)}))"
    )


def _csv(table: Table, worlds: tuple[World, ...], act: Mapping[str, int]) -> str:
    nodes = table.network.nodes
    head = ",".join((*nodes, "probability", *(f"would be: {name}" for name in nodes))) + "\n"
    rows = (
        [
            *(str(world.values[name]) for name in nodes),
            f"{world.probability:.12g}",
            *(f"{predict(table.network, world, act)[name]:.12g}" for name in nodes),
        ]
        for world in worlds
    )
    return head + "".join(",".join(row) + "\n" for row in rows)


EXPERIMENT = page.Experiment("Imagine", PRESETS, show)
