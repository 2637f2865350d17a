"""Fit: one Gaussian descends on four divergences at once; some cover both bumps, some seek one."""

import streamlit as st

from playground.divergences import OBJECTIVES, STARTS, Descent
from playground.divergences.charts import fit as charts
from playground.divergences.fit import RANGES, Start
from playground.divergences.report import fit as report
from playground.divergences.separation import Units
from playground.divergences.words import fit as words
from playground.ui import knobs, page
from playground.ui.components.live_slider import Dial, live_slider
from playground.ui.components.player import player

GAP, WIDTH, WEIGHT, START, RATE, VIEW = (
    f"divergences_fit_{name}" for name in ("gap", "width", "weight", "start", "rate", "view")
)
UNITS = "divergences_units"  # the whole lesson's
NAMES: dict[str, Start] = {words.STANDS[start]: start for start in STARTS}
LEFT, RIGHT, MIDDLE, WIDE, AWAY = NAMES
TWO = {GAP: 4.0, WIDTH: 0.5, WEIGHT: 0.5, START: LEFT, RATE: 0.1, VIEW: "Curves"}
PRESETS = (
    page.Preset("Cover or seek", TWO, "One start, one target, four endings: only the divergence differs."),
    page.Preset("Between", {**TWO, START: MIDDLE}, "Now even KL(Q‖P) stays between the bumps, far above its floor."),
    page.Preset("Out of sight", {**TWO, START: AWAY}, "Q shares next to nothing with P: watch JS stand still."),
    page.Preset("Wrong bump", {**TWO, WEIGHT: 0.8, START: RIGHT}, "KL(Q‖P) keeps the small bump it began on."),
    page.Preset("Merged", {**TWO, GAP: 1.2, WIDTH: 0.8}, "Where a Gaussian can fit, the choice hardly matters."),
    page.Preset("Too fast", {**TWO, RATE: 1.0}, "The same slopes, steps ten times as long: three runs bounce."),
    page.Preset("Landscape", {**TWO, START: AWAY, VIEW: "Landscape"}, "KL(Q‖P) and JS have several hollows."),
)


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        now, settled, view, units = _knobs()
    with stage:
        page.equation(
            ("truth", "P", words.mixture(now)),
            ("model", "Q", "N(μ, σ²)"),
            ("error", "D(P, Q)", "what gradient descent lowers"),
        )
        answer = page.predict(words.question(now), words.OPTIONS, key="divergences_guess_fit")
        player(charts.movie(now, settled, view, reveal=answer.revealed, units=units), key="fit")
    facts = words.beside(now, units)
    page.numbers(*((f"{name} at the end", *answer.cell(*facts[name])) for name in OBJECTIVES))
    wait = "All four panels begin with the same Q. Which of them will cover both bumps? Commit, then play."
    said = answer.verdict(words.answer(now)) + words.notice(now, units) if answer.revealed else wait
    page.notice(said, revealed=answer.revealed)
    if answer.revealed:
        knobs.group(f"Where each start ends after {now.steps} steps")
        page.table(("Q starts", *OBJECTIVES), words.table(now, units))
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [st.latex(line) for line in report.latex(now)],
        the_code=lambda: st.code(report.code(now, units), language="python"),
        data=lambda: page.downloads("fit", report.csv(now), report.values(now)),
    )


def _knobs() -> tuple[Descent, Descent, charts.View, Units]:
    """The runs as the knobs are now, as they were when these last rested, what to draw, and in which units."""
    knobs.group("P, two bumps")
    gap = _dial("gap", GAP, 4, step=0.1, hint="between the bumps", ticks=(0, 2, 4, 6))
    width = _dial("width", WIDTH, 0.5, step=0.05, hint="s.d. of each", ticks=(0.25, 0.5, 1, 1.5))
    weight = _dial("weight", WEIGHT, 0.5, step=0.05, hint="of the left bump", ticks=(0.05, 0.5, 0.95))
    knobs.group("Q, one Gaussian")
    start = NAMES[knobs.select("Starts", tuple(NAMES), key=START)]
    rate = live_slider(
        "η", RANGES["rate"].low, RANGES["rate"].high, 0.1, key=RATE, step=0.05, role="model", hint="rate", log=True,
        ticks=(0.01, 0.1, 1),
    )  # fmt: skip
    knobs.group("The picture")
    view: charts.View = (
        "Landscape" if knobs.choice("Show", ("Curves", "Landscape"), key=VIEW) == "Landscape" else "Curves"
    )
    with st.expander("More"):
        units: Units = "bits" if knobs.choice("Units of KL and JS", ("nats", "bits"), key=UNITS) == "bits" else "nats"
    now = Descent(weight.now, gap.now, width.now, start, rate.now)
    return now, Descent(weight.settled, gap.settled, width.settled, start, rate.settled), view, units


def _dial(name: str, key: str, default: float, *, step: float, hint: str, ticks: tuple[float, ...]) -> Dial:
    legal = RANGES[name]
    return live_slider(name, legal.low, legal.high, default, key=key, step=step, role="truth", hint=hint, ticks=ticks)


EXPERIMENT = page.Experiment("Fit", PRESETS, show)
