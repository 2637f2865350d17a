"""Identify: what must be measured to know an effect without an experiment, and what it costs to be wrong."""

import html
from collections.abc import Sequence

import streamlit as st

from pages.probability.causality import networks
from pages.probability.causality.networks import OFFERS, SMOKING, Table
from playground.causality import (
    Estimate,
    Joint,
    NoOverlap,
    Root,
    adjust,
    adjust_difference,
    backdoor_sets,
    charts,
    front_door_adjust,
    front_door_difference,
    frontdoor_sets,
    minimal,
    naive_difference,
    report,
)
from playground.theme import Role
from playground.ui import frame, knobs, links, page
from playground.ui.components.live_slider import live_slider

Named = tuple[str, Role, Estimate | None]
Sets = Sequence[frozenset[str]]

STUDY, CAUSE, EFFECT, HIDE, ADJUST, PEOPLE = (
    f"causality_{name}" for name in ("study", "cause", "effect", "hide", "adjust", "n")
)
PRESETS = (
    page.Preset("Simpson's reversal", {STUDY: "Simpson", CAUSE: "treatment", EFFECT: "recovery", HIDE: [], ADJUST: {"large stones": 1}}, "The sign turns when the stones are taken into account."),
    page.Preset("The front door", {STUDY: "Front door", CAUSE: "smoking", EFFECT: "cancer", HIDE: ["genotype"], ADJUST: {}}, "The confounder is hidden; tar shows the way."),
    page.Preset("M-bias", {STUDY: "M-bias", CAUSE: "x", EFFECT: "y", HIDE: ["u1", "u2"], ADJUST: {"m": 1}}, "Adjusting for what looks like a confounder makes it wrong."),
    page.Preset("Seen too much", {STUDY: SMOKING, CAUSE: "smoking", EFFECT: "asbestos", HIDE: [], ADJUST: {"cancer": 1}}, "Adjusting for a common effect invents an influence."),
    page.Preset("Nothing shut", {STUDY: SMOKING, CAUSE: "smoking", EFFECT: "cancer", HIDE: [], ADJUST: {}}, "Without a back door the naive difference is the effect."),
)  # fmt: skip


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The question")
        table = networks.choose(STUDY, first="Simpson", then=_start_over)
        cause, effect = networks.pair(table, (CAUSE, EFFECT), ("Cause", "Effect"), table.effect_of)
        others = [name for name in table.network.nodes if name not in (cause, effect)]
        hidden = knobs.several(
            "Cannot be measured", others, key=HIDE, default=[name for name in table.hidden if name in others]
        )
        knobs.group("The data")
        people = live_slider("N", 100, 1_000_000, 2_000, key=PEOPLE, step=0.05, log=True, hint="people observed", ticks=(100, 1_000, 10_000, 100_000, 1_000_000))  # fmt: skip
    network = table.network
    back = backdoor_sets(network, cause, effect, hidden=hidden)
    front = minimal(chosen for chosen in frontdoor_sets(network, cause, effect, hidden=hidden) if chosen)
    observed = [name for name in others if name not in hidden]
    first = {name: 1 for name in observed if back and name in back[0]}
    chosen = tuple(name for name in networks.seen(ADJUST, table, first) if name in observed)
    exact, data = network.joint(), networks.people(network, {}).joint(round(people.now))
    tossed = networks.people(network.replace(cause, Root(0.5)), {}).joint(round(people.now))
    truth = network.probability({effect: 1}, do={cause: 1}) - network.probability({effect: 1}, do={cause: 0})
    estimates, problems = _estimates(data, tossed, cause, effect, chosen, front)
    with stage:
        page.equation(
            ("truth", "truth of do()", ""), ("rival", "naive", ""), ("model", "adjusted", f"for {', '.join(chosen) or 'nothing'}")
        )  # fmt: skip
        answer = page.predict(f"Naively, the effect of {cause} on {effect} looks", ("Too large", "Right", "Too small"), key="causality_guess_identify")  # fmt: skip
        left, right = st.columns([1, 1.15], gap="medium")
        with left:
            _graph(table, cause, effect, hidden, chosen)
        with right:
            shown = estimates if answer.revealed else estimates[:1]
            page.picture(
                charts.forest([_lane(*estimate) for estimate in shown], truth if answer.revealed else None,
                              axis=f"effect of {cause} on {effect}", look=frame.look()),
                key="forest", alt="Estimates of the effect with 95% intervals against the truth",
                numbers="; ".join(f"{name} {estimate.value:.4f}" for name, _, estimate in shown if estimate),
            )  # fmt: skip
            page.verdicts(_verdicts(table, cause, effect, chosen), empty=f"No path joins {cause} and {effect}.")
        if answer.revealed:
            st.latex(_formula(exact, cause, effect, chosen, back, front))
    hidden_number = ("?", "after your prediction")
    named = {name: estimate for name, _, estimate in estimates}
    page.numbers(
        ("Effect, exact, by do()", *((page.minus(f"{truth:+.4f}"), "risk difference") if answer.revealed else hidden_number)),
        ("Naive difference", *_against(named["naive"], truth, revealed=True, show_error=answer.revealed)),
        (f"Adjusted for {', '.join(chosen) or 'nothing'}", *_against(named["adjusted"], truth, revealed=answer.revealed)),
        ("A randomised trial", *_against(named["trial"], truth, revealed=answer.revealed)),
    )  # fmt: skip
    page.notice(_notice(table, cause, effect, chosen, back, front, truth, exact, answer, problems))
    page.details(
        the_arithmetic=lambda: _arithmetic(exact, cause, effect, chosen, back, front),
        the_code=lambda: st.code(_code(table, cause, effect, chosen, front), language="python"),
        data=lambda: page.downloads(
            "identify", report.csv(data),
            {"network": report.as_json(network), "cause": cause, "effect": effect, "hidden": list(hidden), "adjusted": list(chosen),
             "people": data.count, "truth": truth,
             "estimates": {name: {"value": e.value, "standard error": e.standard_error} for name, e in named.items() if e}},
        ),
    )  # fmt: skip


def _estimates(
    data: Joint, tossed: Joint, cause: str, effect: str, chosen: Sequence[str], front: Sets
) -> tuple[list[Named], list[str]]:
    """Every way to read the effect off N people, and what went wrong."""
    ways = [
        ("naive", "rival", lambda: naive_difference(data, cause, effect)),
        ("adjusted", "model", lambda: adjust_difference(data, cause, effect, chosen)),
        ("trial", "data", lambda: naive_difference(tossed, cause, effect)),
    ]
    if front:
        ways.insert(2, ("front door", "model", lambda: front_door_difference(data, cause, effect, sorted(front[0]))))
    found, problems = [], []
    for name, role, estimate in ways:
        try:
            found.append((name, role, estimate()))
        except NoOverlap as problem:
            found.append((name, role, None))
            problems.append(f"{name}: {problem}")
    return found, problems


def _lane(name: str, role: Role, estimate: Estimate | None) -> charts.Lane:
    if estimate is None:
        return charts.Lane(name, role, None)
    low, high = estimate.interval
    return charts.Lane(name, role, estimate.value, low, high, page.minus(f"{estimate.value:+.3f}"))


def _against(estimate: Estimate | None, truth: float, *, revealed: bool, show_error: bool = True) -> tuple[str, str]:
    if estimate is None:
        return "—", "too few people to compare"
    if not revealed:
        return "?", "after your prediction"
    error = f", error {estimate.value - truth:+.3f}" if show_error else ""
    return page.minus(f"{estimate.value:+.4f}"), page.minus(f"± {1.96 * estimate.standard_error:.3f}{error}")


def _graph(table: Table, cause: str, effect: str, hidden: Sequence[str], chosen: Sequence[str]) -> None:
    network = table.network
    marginals = network.marginals()
    labels = {cause: "cause", effect: "effect", **dict.fromkeys(chosen, "adjusted")}
    fixed = dict.fromkeys((cause, effect, *hidden), ())
    networks.sheet(
        table, key="identify", alt="The network; Enter on a measured node adds it to the adjustment or takes it out",
        marks=networks.as_seen(dict.fromkeys(chosen, 1)), prior={n: p for n, p in marginals.items() if n not in hidden},
        posterior={n: p for n, p in marginals.items() if n not in hidden}, then=lambda marks: networks.keep_seen(ADJUST, marks),
        paths=networks.drawn(network.paths(cause, effect, given=chosen)), labels=labels, hidden=hidden, height=250,
        cycles={**dict.fromkeys(network.nodes, ("", "see 1")), **fixed}, hint="Click a measured variable to adjust for it.",
    )  # fmt: skip


def _verdicts(table: Table, cause: str, effect: str, chosen: Sequence[str]) -> list[tuple[bool, str, str]]:
    """The paths between cause and effect: those that carry the effect, and those that leak."""
    rows = []
    for path in table.network.paths(cause, effect, given=chosen)[:5]:
        carries = all(path.forward)
        if carries:
            why = "carries the effect" if path.open else f"should carry the effect, but is {path.reason}"
        else:
            why = f"leaks, {path.reason}" if path.open else path.reason
        rows.append((path.open, str(path), why))
    return rows


def _formula(
    exact: Joint, cause: str, effect: str, chosen: Sequence[str], back: Sets, front: Sets, *, value: int = 1
) -> str:
    """The formula in force, with the exact numbers put in: the chosen adjustment, or the front door where that fails."""
    if frozenset(chosen) not in back and front:
        return report.front_door_latex(
            cause, effect, value, front_door_adjust(exact, cause, effect, sorted(front[0]), value)
        )
    return report.adjustment_latex(cause, effect, value, adjust(exact, cause, effect, chosen, value))


def _arithmetic(exact: Joint, cause: str, effect: str, chosen: Sequence[str], back: Sets, front: Sets) -> None:
    for value in (1, 0):
        st.latex(_formula(exact, cause, effect, chosen, back, front, value=value))


def _notice(
    table: Table, cause: str, effect: str, chosen: Sequence[str], back: Sets, front: Sets,
    truth: float, exact: Joint, answer: page.Prediction, problems: Sequence[str],
) -> str:  # fmt: skip
    """Which sets work, and by how much the chosen one misses even with endless data."""
    if not answer.revealed:
        return "The truth is hidden. Commit to an answer, then see."
    sets = [f"{{{', '.join(sorted(chosen_set))}}}" if chosen_set else "the empty set" for chosen_set in minimal(back)]
    works = f"What works: {'; '.join(sets)}." if sets else "No adjustment works: the back door cannot be shut."
    if front:
        works += f" The front door through {', '.join(sorted(front[0]))} is open."
    try:
        bias = adjust_difference(exact, cause, effect, chosen).value - truth
    except NoOverlap:
        return works
    if frozenset(chosen) in back:
        verdict = f"Adjusting for {', '.join(chosen) or 'nothing'} is right; what error is left shrinks with √N."
    else:
        verdict = f"Adjusting for {', '.join(chosen) or 'nothing'} is off by {bias:+.3f} even with endless data."
    trouble = f" {html.escape('; '.join(problems))}." if problems else ""
    return page.minus(f"{verdict} {works}{trouble}")


def _start_over() -> None:
    """Another network: its own question, nothing adjusted."""
    offer = OFFERS.get(links.now(STUDY))
    links.put({HIDE: list(offer.hidden) if offer else [], ADJUST: {}})
    if offer:
        links.put(dict(zip((CAUSE, EFFECT), offer.effect_of, strict=True)))


def _code(table: Table, cause: str, effect: str, chosen: Sequence[str], front: Sets) -> str:
    through = (
        f"print(front_door_difference(network.joint(), {cause!r}, {effect!r}, {sorted(front[0])}).value)\n"
        if front
        else ""
    )
    return (
        f"{report.python(table.network)}\n"
        "from playground.causality import adjust_difference, front_door_difference\n\n"
        f"print(network.probability({{{effect!r}: 1}}, do={{{cause!r}: 1}}) - network.probability({{{effect!r}: 1}}, do={{{cause!r}: 0}}))\n"
        f"print(adjust_difference(network.joint(), {cause!r}, {effect!r}, {list(chosen)}).value)\n{through}"
    )


EXPERIMENT = page.Experiment("Identify", PRESETS, show)
