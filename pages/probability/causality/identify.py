"""Identify: what must be measured to know an effect without an experiment, and what it costs to be wrong."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages.probability.causality import networks
from pages.probability.causality.networks import SMOKING, Table
from pages.probability.causality.offers import OFFERS
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
    words,
)
from playground.theme import Role
from playground.ui import frame, knobs, links, page

STUDY, CAUSE, EFFECT, HIDE, ADJUST, PEOPLE = (
    f"causality_{name}" for name in ("study", "cause", "effect", "hide", "adjust", "n")
)
STONES = {STUDY: "Simpson", CAUSE: "treatment", EFFECT: "recovery", HIDE: [], ADJUST: {"large stones": 1}}
DOOR = {STUDY: "Front door", CAUSE: "smoking", EFFECT: "cancer", HIDE: ["genotype"], ADJUST: {}}
TRAP = {STUDY: "M-bias", CAUSE: "x", EFFECT: "y", HIDE: ["u1", "u2"], ADJUST: {"m": 1}}
SMOKE = {STUDY: SMOKING, CAUSE: "smoking", EFFECT: "asbestos", HIDE: [], ADJUST: {"cancer": 1}}
PRESETS = (
    page.Preset("Simpson's reversal", STONES, "The sign turns when the stones are taken into account."),
    page.Preset("The front door", DOOR, "The confounder is hidden; tar shows the way."),
    page.Preset("M-bias", TRAP, "Adjusting for what looks like a confounder makes it wrong."),
    page.Preset("Seen too much", SMOKE, "Adjusting for a common effect invents an influence."),
    page.Preset(
        "Nothing shut", {**SMOKE, EFFECT: "cancer", ADJUST: {}}, "No back door: the naive difference is right."
    ),
)
Sets = Sequence[frozenset[str]]
Lanes = dict[str, tuple[Role, Estimate | None]]


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The question")
        table = networks.choose(STUDY, first="Simpson", then=_start_over)
        cause, effect = networks.pair(table, (CAUSE, EFFECT), ("Cause", "Effect"), table.effect_of)
        others = [name for name in table.network.nodes if name not in (cause, effect)]
        unmeasured = [name for name in table.hidden if name in others]
        hidden = knobs.several("Cannot be measured", others, key=HIDE, default=unmeasured)
        knobs.group("The data")
        n = networks.people_knob(PEOPLE, 2_000, "people observed")
    network, exact = table.network, table.network.joint()
    back = backdoor_sets(network, cause, effect, hidden=hidden)
    front = minimal(chosen for chosen in frontdoor_sets(network, cause, effect, hidden=hidden) if chosen)
    first = {name: 1 for name in others if back and name in back[0]}
    adjusted = [name for name in networks.seen(ADJUST, table, first, "adjusted for") if name in {*others} - {*hidden}]
    data, coin = networks.people(network, {}), networks.people(network.replace(cause, Root(0.5)), {})
    truth = network.probability({effect: 1}, do={cause: 1}) - network.probability({effect: 1}, do={cause: 0})
    lanes = _estimates(data.joint(n), coin.joint(n), cause, effect, adjusted, front)
    with stage:
        what = words.listed(adjusted) if adjusted else "nothing"
        page.equation(("truth", "truth", "do()"), ("rival", "naive", "as seen"), ("model", "adjusted", f"for {what}"))
        question = f"Naively, the effect of {cause} on {effect} looks"
        answer = page.predict(question, ("Too large", "Right", "Too small"), key="causality_guess_identify")
        shown = lanes if answer.revealed else {"naive": lanes["naive"]}
        left, right = st.columns([1, 1.15], gap="medium")
        with left:
            _graph(table, cause, effect, hidden, adjusted)
        with right:
            page.picture(
                charts.forest(
                    [_lane(name, *lane) for name, lane in shown.items()], truth if answer.revealed else None,
                    axis=f"effect of {cause} on {effect}, difference of probabilities", look=frame.look(),
                ),
                key="forest", alt="Estimates of the effect with 95% intervals against the truth",
                numbers="; ".join(f"{name} {e.value:.4f}" for name, (_, e) in shown.items() if e),
            )  # fmt: skip
            page.verdicts(_paths(table, cause, effect, adjusted), empty=f"No path joins {cause} and {effect}.")
        if answer.revealed:
            st.latex(_formula(exact, cause, effect, adjusted, back, front, value=1))
    page.numbers(
        ("Effect, exact, by do()", *answer.cell(page.minus(f"{truth:+.4f}"), "difference of probabilities")),
        ("Naive difference", *_cell(lanes["naive"][1], truth if answer.revealed else None)),
        (f"Adjusted for {what}", *answer.cell(*_cell(lanes["adjusted"][1], truth))),
        (f"A trial with {page.count(n)} people", *answer.cell(*_cell(lanes["trial"][1], truth))),
    )
    page.notice(_sentence(exact, cause, effect, adjusted, back, front, truth, answer), revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: _arithmetic(exact, cause, effect, adjusted, back, front),
        the_code=lambda: st.code(report.code_identify(network, cause, effect, adjusted, _first(front), n=n), "python"),
        data=lambda: page.downloads(
            "identify",
            report.csv(data.joint(n)),
            {
                "network": report.as_json(network), "cause": cause, "effect": effect, "hidden": hidden,
                "adjusted": adjusted, "people": n, "truth": truth,
                "estimates": {name: [e.value, e.standard_error] for name, (_, e) in lanes.items() if e},
            },
        ),
    )  # fmt: skip


def _start_over() -> None:
    """Another network: its own question, nothing adjusted."""
    offer = OFFERS.get(links.now(STUDY))
    links.put({HIDE: list(offer.hidden) if offer else [], ADJUST: {}})
    if offer:
        links.put(dict(zip((CAUSE, EFFECT), offer.effect_of, strict=True)))


def _first(sets: Sets) -> list[str]:
    return sorted(sets[0]) if sets else []


def _estimates(data: Joint, coin: Joint, cause: str, effect: str, adjusted: Sequence[str], front: Sets) -> Lanes:
    """Every way to read the effect off the people; None where too few of them can be compared."""
    ways: dict[str, tuple[Role, Callable[[], Estimate]]] = {
        "naive": ("rival", lambda: naive_difference(data, cause, effect)),
        "adjusted": ("model", lambda: adjust_difference(data, cause, effect, adjusted)),
        "front door": ("model", lambda: front_door_difference(data, cause, effect, _first(front))),
        "trial": ("data", lambda: naive_difference(coin, cause, effect)),
    }
    lanes: Lanes = {}
    for name, (role, estimate) in ways.items():
        if name == "front door" and not front:
            continue
        try:
            lanes[name] = (role, estimate())
        except NoOverlap:
            lanes[name] = (role, None)
    return lanes


def _lane(name: str, role: Role, estimate: Estimate | None) -> charts.Lane:
    if estimate is None:
        return charts.Lane(name, role, None)
    return charts.Lane(name, role, estimate.value, *estimate.interval, page.minus(f"{estimate.value:+.3f}"))


def _cell(estimate: Estimate | None, truth: float | None) -> tuple[str, str]:
    if estimate is None:
        return "—", "too few people to compare"
    error = "" if truth is None else f", error {estimate.value - truth:+.3f}"
    dropped = f", {1 - estimate.covered:.0%} left out" if estimate.dropped else ""
    return page.minus(f"{estimate.value:+.4f}"), page.minus(f"± {1.96 * estimate.standard_error:.3f}{error}{dropped}")


def _graph(table: Table, cause: str, effect: str, hidden: Sequence[str], adjusted: Sequence[str]) -> None:
    network = table.network
    shares = {name: p for name, p in network.marginals().items() if name not in hidden}
    cycles: dict[str, Sequence[str]] = dict.fromkeys(network.nodes, ("", "see 1"))
    cycles |= dict.fromkeys((cause, effect, *hidden), ())
    networks.sheet(
        table, key="identify", alt="The network. Enter on a measured variable adjusts for it, or stops to.",
        marks=networks.as_seen(dict.fromkeys(adjusted, 1)), prior=shares, posterior=shares,
        then=lambda marks: networks.keep_seen(ADJUST, marks), paths=network.paths(cause, effect, given=adjusted),
        labels={cause: "cause", effect: "effect", **dict.fromkeys(adjusted, "adjusted")}, hidden=hidden,
        cycles=cycles, hint="Click a measured variable to adjust for it.", height=250,
    )  # fmt: skip


def _paths(table: Table, cause: str, effect: str, adjusted: Sequence[str]) -> list[tuple[bool, str, str]]:
    """The paths between cause and effect: those that carry the effect, and those that leak."""
    rows = []
    for path in table.network.paths(cause, effect, given=adjusted)[:5]:
        if all(path.forward):
            why = "carries the effect" if path.open else f"would carry the effect, but is {path.reason}"
        else:
            why = path.reason.replace("open:", "leaks:")
        rows.append((path.open, str(path), why))
    return rows


def _formula(
    exact: Joint, cause: str, effect: str, adjusted: Sequence[str], back: Sets, front: Sets, *, value: int
) -> str:
    """The formula in force, with the exact numbers: the chosen adjustment, or the front door where that fails."""
    if frozenset(adjusted) not in back and front:
        through = front_door_adjust(exact, cause, effect, _first(front), value)
        return report.front_door_latex(cause, effect, value, through)
    return report.adjustment_latex(cause, effect, value, adjust(exact, cause, effect, adjusted, value))


def _sentence(
    exact: Joint,
    cause: str,
    effect: str,
    adjusted: Sequence[str],
    back: Sets,
    front: Sets,
    truth: float,
    answer: page.Prediction,
) -> str:
    if not answer.revealed:
        return "The truth is hidden. Commit to an answer, then see."
    try:
        bias = adjust_difference(exact, cause, effect, adjusted).value - truth
    except NoOverlap:
        bias = None
    return words.identified(adjusted, bias, minimal(back), front)


def _arithmetic(exact: Joint, cause: str, effect: str, adjusted: Sequence[str], back: Sets, front: Sets) -> None:
    for value in (1, 0):
        st.latex(_formula(exact, cause, effect, adjusted, back, front, value=value))


EXPERIMENT = page.Experiment("Identify", PRESETS, show)
