"""Separation: two copies of one shape move apart, and each divergence says, or does not say, which way is home."""

import streamlit as st

from playground.divergences import Copies
from playground.divergences.charts import separation as charts
from playground.divergences.report import separation as report
from playground.divergences.separation import Kind, Units
from playground.divergences.words import separation as words
from playground.ui import catalog, knobs, page
from playground.ui.components.live_slider import live_slider
from playground.ui.components.player import player

KIND, WIDTH, SD, VIEW = (f"divergences_separation_{name}" for name in ("kind", "width", "sd", "view"))
UNITS = "divergences_units"  # the whole lesson's
KINDS: dict[str, Kind] = {"Uniform": "uniforms", "Point": "points", "Gaussian": "Gaussians"}
FAR = charts.FARTHEST
BOXES = {KIND: "Uniform", WIDTH: 1.0, VIEW: "Distance"}
BELLS = {KIND: "Gaussian", SD: 0.2, VIEW: "Distance"}
PRESETS = (
    page.Preset("Two points", {KIND: "Point", VIEW: "Distance"}, "Only W₁ is a slope; the others are a cliff at 0."),
    page.Preset("They part", BOXES, "Scrub over θ = 1: there every arrow but W₁'s goes out."),
    page.Preset("Just a sliver", {**BOXES, WIDTH: 0.2}, "JS, TV and Hellinger see Q in a sliver of the line only."),
    page.Preset("Narrow bells", BELLS, "KL's step leaps far past P; far out, JS's is too short to see."),
    page.Preset("Wide bells", {**BELLS, SD: 1.0}, "With so much overlap all of them pull."),
    page.Preset("The slopes", {**BOXES, VIEW: "Slope"}, "Beyond |θ| = 1 three of the slopes lie on the ground."),
)


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The shape of P and Q")
        kind = KINDS[knobs.choice("Kind", tuple(KINDS), key=KIND)]
        copies, settled = _copies(kind)
        knobs.group("The picture")
        view: charts.View = (
            "Slope" if knobs.choice("Curves", ("Distance", "Slope"), key=VIEW) == "Slope" else "Distance"
        )
        st.html('<p class="pg-meta">θ is on the time line under the picture: drag it, or press play.</p>')
        with st.expander("More"):
            bits = knobs.choice("Units of KL and JS", ("nats", "bits"), key=UNITS) == "bits"
        units: Units = "bits" if bits else "nats"
    with stage:
        page.equation(
            ("truth", "P", "stays at 0"),
            ("model", "Q", "the same shape at θ"),
            ("error", "D(P, Q)", "how far apart; its slope is the pull"),
        )
        answer = page.predict(words.question(FAR), words.OPTIONS, key="divergences_guess_separation")
        player(charts.movie(copies, settled, view, reveal=answer.revealed, units=units), key="separation")
    facts = words.beside(copies, FAR, units)
    page.numbers(
        (f"KL at θ = {FAR:g}", *answer.cell(*facts["KL"])),
        (f"JS at θ = {FAR:g}", *answer.cell(*facts["JS"])),
        (f"Total variation at θ = {FAR:g}", *answer.cell(*facts["TV"])),
        (f"W₁ at θ = {FAR:g}", *answer.cell(*facts["W1"])),
    )
    wait = "Move θ, then commit: the arrow that will be drawn on Q is one step of gradient descent on each divergence."
    verdict = answer.verdict(*words.hardest(copies, FAR))
    page.notice(verdict + words.notice(copies, FAR, units) if answer.revealed else wait, revealed=answer.revealed)
    if catalog.lesson("gan").ready and answer.revealed:
        st.page_link(catalog.page("gan"), label=catalog.lesson("gan").question)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [st.latex(line) for line in report.latex(copies, FAR)],
        the_code=lambda: st.code(report.code(copies, FAR, units), language="python"),
        data=lambda: page.downloads("separation", report.csv(copies, charts.THETA), report.values(copies, FAR)),
    )


def _copies(kind: Kind) -> tuple[Copies, Copies]:
    """P and Q as the knobs are now, and as they were when they last rested."""
    if kind == "points":
        return Copies("points"), Copies("points")
    if kind == "uniforms":
        dial = live_slider("w", 0.2, 2, 1, key=WIDTH, step=0.1, role="model", hint="width of both", ticks=(0.2, 1, 2))
        return Copies("uniforms", dial.now), Copies("uniforms", dial.settled)
    dial = live_slider("σ", 0.1, 1, 0.5, key=SD, step=0.05, role="model", hint="s.d. of both", ticks=(0.1, 0.5, 1))
    return Copies("Gaussians", dial.now), Copies("Gaussians", dial.settled)


EXPERIMENT = page.Experiment("Separation", PRESETS, show)
