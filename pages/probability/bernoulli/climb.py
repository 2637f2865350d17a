"""Climb: gradient ascent on the likelihood and on the posterior, side by side, in θ or in its logit."""

from dataclasses import replace

import streamlit as st

from pages.probability.bernoulli import prior
from playground.bernoulli import Climb, optimum
from playground.bernoulli.ascent import MOST_FLIPS, RATES, STARTS
from playground.bernoulli.charts import climb as charts
from playground.bernoulli.report import climb as report
from playground.bernoulli.words import climb as words
from playground.ui import knobs, page
from playground.ui.components.live_slider import live_slider
from playground.ui.components.player import player

RATE, START, HEADS, TAILS, COORDINATE = (
    f"bernoulli_climb_{name}" for name in ("rate", "start", "heads", "tails", "in")
)
FAMILY, A, B = (f"bernoulli_climb_{name}" for name in ("prior", "a", "b"))
PLAIN = {RATE: 0.005, START: 0.2, HEADS: 7, TAILS: 3, COORDINATE: "θ", FAMILY: prior.BETA, A: 2.0, B: 2.0}
PRESETS = (
    page.Preset("Just right", PLAIN, "The prior sharpens the right-hand hill and moves its top towards ½."),
    page.Preset("Too fast", {**PLAIN, RATE: 0.05}, "The rate is beyond both limits: no climb comes to rest."),
    page.Preset("In the logit", {**PLAIN, COORDINATE: "logit", RATE: 0.3}, "The same flips, and another MAP."),
    page.Preset("All heads", {**PLAIN, HEADS: 5, TAILS: 0}, "The MLE is at the wall, which no step may cross."),
    page.Preset("No flips", {**PLAIN, HEADS: 0, TAILS: 0}, "A flat likelihood has no slope; the prior still has one."),
    page.Preset("No summit", {**PLAIN, HEADS: 0, A: 0.5, B: 0.5}, "No heads and a < 1: the density is infinite at 0."),
)


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The climb")
        rate = live_slider(
            "rate", *RATES, 0.005, key=RATE, step=0.01, log=True, hint="step ÷ gradient", ticks=(1e-4, 0.01, 1)
        )
        start = live_slider("start", *STARTS, 0.2, key=START, step=0.01, hint="first θ", ticks=(0.01, 0.5, 0.99))
        coordinate = knobs.choice("Climb in", ("θ", "logit"), key=COORDINATE)
        knobs.group("The flips")
        with st.container(key="counts"):
            left, right = st.columns(2, gap="small")
        with left:
            heads = knobs.counter("Heads", 0, MOST_FLIPS, 7, key=HEADS)
        with right:
            tails = knobs.counter("Tails", 0, MOST_FLIPS, 3, key=TAILS)
        knobs.group("The prior")
        chosen = prior.choose("bernoulli_climb", st.container(), (prior.BETA, prior.UNIFORM, prior.NORMAL))
    climb = Climb(
        heads, tails, chosen.now, "logit" if coordinate == "logit" else "theta", rate=rate.now, start=start.now
    )
    climbs = (replace(climb, prior=None), climb)
    resting = replace(climb, prior=chosen.settled, start=start.settled)
    # the axis rests with the knobs, and gives way only to a start that would leave it
    axis = max(charts.depth(*climbs), charts.depth(replace(resting, prior=None), resting))
    paths = (charts.path(climbs[0]), charts.path(climbs[1]))
    map_in_theta = optimum(replace(climb, coordinate="theta"))
    with stage:
        question, options = words.question(climb)
        _equation(climb)
        answer = page.predict(question, options, key=f"bernoulli_guess_climb_{climb.coordinate}")
        tops = answer.revealed or climb.coordinate == "theta"
        player(charts.movie(*climbs, axis=axis, climbed=answer.revealed, tops=tops), key="climb")
        page.aloud(words.spoken(paths) if answer.revealed else "The climbs are hidden until you answer.")
        bests = (optimum(climbs[0]), optimum(climbs[1]))
        page.numbers(
            ("MLE, climbed", *answer.cell(*words.reached(paths[0], bests[0]))),
            ("MAP, climbed", *answer.cell(*words.reached(paths[1], bests[1]))),
            ("Steps to within 0.001", *answer.cell(*words.arrivals(paths, bests))),
            ("Rate limit, 2 ÷ curvature", *answer.cell(*words.limits(*climbs))),
        )
        verdict = answer.verdict(*words.answers(*climbs, paths[0], map_in_theta))
        wait = "Each step is the rate times the slope under the point. Commit to an answer, then see."
        sentence = verdict + words.notice(*climbs, paths, map_in_theta)
        page.notice(sentence if answer.revealed else wait, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: _arithmetic(climbs, paths),
        the_code=lambda: st.code(report.code(climb), language="python"),
        data=lambda: page.downloads("climb", report.csv(*paths), report.values(*climbs, paths)),
    )


def _equation(climb: Climb) -> None:
    rest = "+ log θ(1 − θ) + constant" if climb.coordinate == "logit" else "+ constant"
    page.equation(
        ("model", "log-posterior", ""), (None, "", "="),
        ("data", "log-likelihood", words.log_likelihood(climb)), (None, "", "+"),
        ("prior", "log-prior", words.log_prior(climb)), (None, "", rest),
    )  # fmt: skip


def _arithmetic(climbs: tuple[Climb, Climb], paths: tuple[charts.Path, charts.Path]) -> None:
    for name, climb, path in zip(("The likelihood", "The posterior"), climbs, paths, strict=True):
        st.caption(f"{name}: the slope at the start, the first step, the rate limit. {report.counted(climb)}")
        for line in report.latex(climb, path):
            st.latex(line)


EXPERIMENT = page.Experiment("Climb", PRESETS, show)
