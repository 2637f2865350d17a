"""From samples: what a divergence of two samples says of the divergence of what they were drawn from."""

import math
from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from playground.divergences import estimates
from playground.divergences.charts import axes
from playground.divergences.charts import samples as charts
from playground.divergences.charts.repeats import one_repeat, strip
from playground.divergences.estimates import (
    CLOUD_PAIRS,
    DIMENSIONS,
    PAIRS,
    CloudStudy,
    Divergence,
    Estimates,
    HistogramStudy,
    PointStudy,
    Study,
)
from playground.divergences.report import samples as report
from playground.divergences.words import samples as words
from playground.ui import frame, knobs, page
from playground.ui.components.live_slider import live_slider

OF, PAIR, CLOUDS, BINS, KNOWN, ADD, DIMENSION, AXIS, REPEATS, SEED = (
    f"divergences_samples_{name}"
    for name in ("of", "pair", "clouds", "bins", "known", "add", "dimension", "axis", "repeats", "seed")
)
N, N_POINTS, N_CLOUDS = (f"divergences_samples_n{of}" for of in ("", "_points", "_clouds"))
UNIT = "divergences_units"
HISTOGRAMS: dict[str, Divergence] = {"KL": "KL", "JS": "JS", "TV": "TV", "Hellinger²": "H²"}
POINTS: dict[str, Literal[1, 2]] = {"W₁": 1, "W₂": 2}
IN_CLOUDS = "W₂ of clouds"
COUNTS = {"nothing": 0.0, "½": 0.5, "1": 1.0}
SAME = {OF: "KL", PAIR: "The same", N: 1000.0, BINS: 10.0, KNOWN: "a sample", ADD: "nothing", AXIS: "log"}
SHIFT = {**SAME, PAIR: "A shift", BINS: 20.0, AXIS: "linear"}
PRESETS = (
    page.Preset("P against P", SAME, "Nothing is apart, and no estimate is 0."),
    page.Preset("An empty bin", {**SHIFT, N: 560.0}, "One bin without a draw of Q is enough."),
    page.Preset("Add one", {**SHIFT, ADD: "1", N: 320.0}, "Finite at last, and too low."),
    page.Preset(
        "Under the floor",
        {**SAME, OF: "JS", PAIR: "A small shift", N: 320.0, BINS: 50.0},
        "A true difference, and far too few draws to see it.",
    ),
    page.Preset(
        "Eight dimensions",
        {OF: IN_CLOUDS, CLOUDS: "A shift", DIMENSION: "8", N_CLOUDS: 320.0, AXIS: "log"},
        "The truth is 1; the floor alone is higher.",
    ),
)


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The distance")
        of = knobs.select("Divergence", (*HISTOGRAMS, *POINTS, IN_CLOUDS), key=OF)
        studies, n = _clouds() if of == IN_CLOUDS else _points(of) if of in POINTS else _histograms(of)
        with st.expander("More"):
            log = knobs.choice("Axis", ("log", "linear"), key=AXIS) == "log"
            entropic = knobs.choice("Unit of KL and JS", ("nats", "bits"), key=UNIT)
            repeats = knobs.counter("Repeats", 10, 1000, 400, key=REPEATS)
            study, resting = studies(repeats, knobs.counter("Seed", 0, 9999, 0, key=SEED))
    with stage, st.spinner("Drawing samples"):
        run, at_rest = estimates.estimate(study), estimates.estimate(resting)
    at, per = run.index(n), report.per_nat(study, entropic)
    name, unit = words.symbol(study), words.unit(study, entropic)
    with stage:
        question = f"With n = {page.count(run.sizes[at])} the average estimate of {name}, within 5%, is"
        answer = page.predict(question, words.ANSWERS, key="divergences_guess_samples")
        page.equation(*words.legend(study, run, per=per, unit=unit))
        axis = axes.axis(resting, at_rest, words.axis(study, entropic), log=log, per=per, reveal=answer.revealed)
        left, right = st.columns([2.6, 1], gap="small")
        with left:
            page.picture(
                charts.funnel(study, run, axis, at=at, per=per, look=frame.look(), reveal=answer.revealed),
                key="funnel",
                alt="Estimates against the number of draws, with their means, the truth and the floor",
                numbers=words.aloud(run, at, study, per=per, unit=unit, revealed=answer.revealed),
            )
        with right:
            page.picture(
                strip(study, run, axis, at=at, per=per, look=frame.look(), reveal=answer.revealed),
                key="strip",
                alt="Histograms of the repeats at this n: the floor on the left, the estimates on the right",
                numbers="The numbers are those of the picture before.",
            )
        st.html(f'<p class="pg-meta">{words.key(study, run, revealed=answer.revealed)}</p>')
        _one_repeat(study, run, at, revealed=answer.revealed)
    page.numbers(*words.cells(run, at, study, answer.cell, per=per, unit=unit))
    sentence = answer.verdict(words.answer(run, at)) + words.sentence(run, at, study, per=per)
    page.notice(sentence if answer.revealed else words.WAIT, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [st.latex(line) for line in report.latex(study, run, at)],
        the_code=lambda: st.code(report.code(study, run.sizes[at], entropic), language="python"),
        data=lambda: page.downloads("samples", report.csv(run), report.as_json(study, run, at)),
    )


Studies = Callable[[int, int], tuple[Study, Study]]  # repeats, seed -> the study now, and the one the axes follow


def _histograms(of: str) -> tuple[Studies, float]:
    p, q = PAIRS[knobs.select("P and Q", tuple(PAIRS), key=PAIR)]
    knobs.group("The samples")
    n = _n(N, estimates.SIZES, 1000.0)
    bins = live_slider("k", 2, 100, 10, key=BINS, step=1, role="model", hint="bins", ticks=(2, 25, 50, 75, 100))
    added = COUNTS[knobs.choice("Added to every count", tuple(COUNTS), key=ADD)]

    def studies(repeats: int, seed: int) -> tuple[Study, Study]:
        known = knobs.choice("Q is known by", ("a sample", "formula"), key=KNOWN) == "formula"
        made = partial(
            HistogramStudy, p, q, HISTOGRAMS[of], known=known, pseudo_count=added, repeats=repeats, seed=seed
        )
        return made(bins=int(bins.now)), made(bins=int(bins.settled))

    return studies, n


def _points(of: str) -> tuple[Studies, float]:
    p, q = PAIRS[knobs.select("P and Q", tuple(PAIRS), key=PAIR)]
    knobs.group("The samples")

    def studies(repeats: int, seed: int) -> tuple[Study, Study]:
        study = PointStudy(p, q, POINTS[of], repeats, seed)
        return study, study

    return studies, _n(N_POINTS, estimates.POINT_SIZES, 1000.0)


def _clouds() -> tuple[Studies, float]:
    shift, sd = CLOUD_PAIRS[knobs.select("P and Q", tuple(CLOUD_PAIRS), key=CLOUDS)]
    dimension = int(knobs.choice("Dimensions, d", tuple(map(str, DIMENSIONS)), key=DIMENSION))
    knobs.group("The samples")

    def studies(_: int, seed: int) -> tuple[Study, Study]:
        study = CloudStudy(dimension, shift, sd, seed)
        return study, study

    return studies, _n(N_CLOUDS, estimates.CLOUD_SIZES, 100.0)


def _n(key: str, sizes: tuple[int, ...], default: float) -> float:
    # the knob moves by quarters of a power of ten, and rounds what it offers as the sizes are rounded
    high = 10 ** (round(4 * math.log10(sizes[-1])) / 4)
    ticks = tuple(10.0**i for i in range(1, 6) if 10**i <= sizes[-1])
    return live_slider("n", 10.0, high, default, key=key, step=0.25, log=True, hint="draws of each", ticks=ticks).now


def _one_repeat(study: Study, run: Estimates, at: int, *, revealed: bool) -> None:
    if isinstance(study, CloudStudy):
        return
    page.equation(*words.drawn_from(study))
    page.picture(
        one_repeat(study, run, at, look=frame.look(), reveal=revealed),
        key="one",
        alt="The draws of one repeat, of P and of Q",
        numbers=words.one_repeat(study, run, at, revealed=revealed),
    )


EXPERIMENT = page.Experiment("From samples", PRESETS, show)
