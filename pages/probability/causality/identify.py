"""Identify: what must be measured to know an effect without an experiment, and what it costs to be wrong."""

import html
from collections.abc import Sequence

import streamlit as st

from pages.probability.causality import networks
from pages.probability.causality.networks import SMOKING, Table
from pages.probability.causality.offers import OFFERS
from playground.causality import Estimate, NoOverlap, Study, backdoor_sets, charts, report, words
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
        "No back door",
        {**SMOKE, EFFECT: "cancer", ADJUST: {}},
        "No arrow into the cause: the naive difference is right.",
    ),
)
ROLES: dict[str, Role] = {"naive": "rival", "adjusted": "model", "front door": "model", "trial": "data"}


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
    study = Study(table.network, cause, effect, hidden, _adjusted(table, cause, effect, hidden))
    data, coin = (networks.people(world, {}).joint(n) for world in (study.network, study.trial))
    found = study.estimates(data, coin)
    with stage:
        what = f"adjusted for {words.listed(study.adjusted)}" if study.adjusted else "not adjusted"
        legend: list[tuple[Role | None, str, str]] = [("truth", "truth", "do()"), ("rival", "naive", "as seen")]
        if study.adjusted:
            legend.append(("model", what, ""))
        page.equation(*legend)
        question = f"Naively, the effect of {cause} on {effect} looks"
        answer = page.predict(question, ("Too high", "Right", "Too low"), key="causality_guess_identify")
        if not study.adjusted:
            del found["adjusted"]  # it would repeat the naive one
        left, right = st.columns([1, 1.15], gap="medium")
        with left:
            _graph(table, study)
        with right:
            axis = f"effect of {cause} on P({effect})"
            lanes = [charts.lane(name, ROLES[name], estimate) for name, estimate in found.items()]
            shown = found if answer.revealed else {"naive": found["naive"]}
            page.picture(
                charts.forest(lanes, study.truth, axis=axis, look=frame.look(), reveal=answer.revealed),
                key="forest",
                alt="Estimates of the effect with 95% intervals against the truth",
                numbers="; ".join(f"{name} {estimate.value:.4f}" for name, estimate in shown.items() if estimate),
            )
            page.verdicts(_paths(study), empty=f"No path joins {cause} and {effect}.")
        if answer.revealed:
            _formulas(study, values=(1,))
    third = {"adjusted": what[:1].upper() + what[1:]} if study.adjusted else {}
    if study.front and not study.adjusted:
        third = {"front door": f"Front door through {words.listed(study.front)}"}
    page.numbers(
        ("Effect, exact, by do()", *answer.cell(page.minus(f"{study.truth:+.4f}"), "difference of probabilities")),
        ("Naive difference", *_cell(found["naive"], study.truth if answer.revealed else None)),
        *((name, *answer.cell(*_cell(found[way], study.truth))) for way, name in third.items()),
        (f"A trial with {page.count(n)} people", *answer.cell(*_cell(found["trial"], study.truth))),
    )
    wait = "The truth is hidden. Commit to an answer, then see."
    naive = study.naive
    verdict = answer.verdict(words.too_high(naive, study.truth)) if naive is not None else ""
    page.notice(verdict + words.identified(study) if answer.revealed else wait, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: _formulas(study, values=(1, 0)),
        the_code=lambda: st.code(report.code_identify(study, n=n), language="python"),
        data=lambda: page.downloads(
            "identify",
            report.csv(data),
            {
                "network": report.as_json(study.network), "cause": cause, "effect": effect, "hidden": hidden,
                "adjusted": study.adjusted, "people": n, "truth": study.truth,
                "estimates": {name: [e.value, e.standard_error] for name, e in found.items() if e},
            },
        ),
    )  # fmt: skip


def _formulas(study: Study, values: Sequence[int]) -> None:
    """The formula in force, exact, and the effect it gives."""
    try:
        for value in values:
            st.latex(report.study_latex(study, value))
        st.latex(report.effect_latex(study))
    except NoOverlap as problem:
        st.html(f'<p class="pg-meta">The formula cannot be computed: {html.escape(str(problem))}.</p>')


def _start_over() -> None:
    """Another network: its own question, nothing adjusted."""
    offer = OFFERS.get(links.now(STUDY))
    links.put({HIDE: list(offer.hidden) if offer else [], ADJUST: {}})
    if offer:
        links.put(dict(zip((CAUSE, EFFECT), offer.effect_of, strict=True)))


def _adjusted(table: Table, cause: str, effect: str, hidden: Sequence[str]) -> tuple[str, ...]:
    """What the visitor adjusts for; to begin with, the smallest set that works."""
    works = backdoor_sets(table.network, cause, effect, hidden=hidden)
    first = dict.fromkeys(sorted(works[0]), 1) if works else {}
    chosen = networks.seen(ADJUST, table, first, "adjusted for")
    return tuple(name for name in chosen if name not in (cause, effect, *hidden))


def _cell(estimate: Estimate | None, truth: float | None) -> tuple[str, str]:
    if estimate is None:
        return "—", "nobody to compare"
    error = "" if truth is None else f", error {estimate.value - truth:+.3f}"
    dropped = f", {1 - estimate.covered:.0%} left out" if estimate.dropped else ""
    return page.minus(f"{estimate.value:+.4f}"), page.minus(f"± {1.96 * estimate.standard_error:.3f}{error}{dropped}")


def _graph(table: Table, study: Study) -> None:
    shares = {name: p for name, p in study.network.marginals().items() if name not in study.hidden}
    ends = {study.cause: "cause", study.effect: "effect"}
    cycles: dict[str, Sequence[str]] = dict.fromkeys(study.network.nodes, ("", "see 1"))
    cycles |= dict.fromkeys((*ends, *study.hidden), ())
    networks.sheet(
        table,
        key="identify",
        alt="The network. Enter on a measured variable adjusts for it, or stops to.",
        marks=networks.as_seen(dict.fromkeys(study.adjusted, 1)),
        prior=shares,
        posterior=shares,
        then=lambda marks: networks.keep_seen(ADJUST, marks),
        paths=study.network.paths(study.cause, study.effect, given=study.adjusted),
        labels={**ends, **dict.fromkeys(study.adjusted, "adjusted")},
        hidden=study.hidden,
        cycles=cycles,
        hint="Click a measured variable to adjust for it.",
        height=250,
    )


def _paths(study: Study) -> list[tuple[bool, str, str]]:
    """The paths between cause and effect: those that carry the effect, and those that leak."""
    rows = []
    for path in study.network.paths(study.cause, study.effect, given=study.adjusted)[:5]:
        why = path.reason.replace("open:", "leaks:").replace(" is seen", " is adjusted for")
        if all(path.forward):
            why = "carries the effect" if path.open else f"would carry the effect, but is {path.reason}"
        rows.append((path.open, str(path), why))
    return rows


EXPERIMENT = page.Experiment("Identify", PRESETS, show)
