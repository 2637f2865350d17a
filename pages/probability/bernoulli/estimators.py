"""Estimators: the same experiment again and again; how far the estimates fall, how often the intervals hold θ."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.probability.bernoulli import prior as priors
from playground.bernoulli import (
    Prior,
    bounds,
    coverage,
    estimates,
    moments,
    simulate,
    summarise,
    wins,
)
from playground.bernoulli.charts import estimators as charts
from playground.bernoulli.coverage import KINDS, Kind
from playground.bernoulli.estimators import ESTIMATORS, MOST, uniforms
from playground.bernoulli.report import estimators as report
from playground.bernoulli.words import estimators as words
from playground.ui import frame, knobs, page
from playground.ui.components.live_slider import live_slider

PREFIX = "bernoulli_estimators"
VIEW, THETA, N, SEED, KIND, AGAINST, FAMILY, A, B = (
    f"{PREFIX}_{name}" for name in ("show", "theta", "n", "seed", "interval", "against", "prior", "a", "b")
)
ERROR, COVERAGE = "Error", "Coverage"
INTERVALS = (("Interval", KIND, KINDS[0]), ("Against", AGAINST, "Wald"))
FLAT = {VIEW: ERROR, THETA: 0.4, N: 10, SEED: 1, FAMILY: priors.UNIFORM}
SMALL = {**FLAT, FAMILY: priors.BETA, A: 2.0, B: 2.0}
WRONG = {**SMALL, THETA: 0.1, A: 20.0, B: 5.0}
WALD = {**SMALL, VIEW: COVERAGE, THETA: 0.05, N: 30, KIND: "Wald", AGAINST: "Wilson"}
TEETH = {**WALD, THETA: 0.5, N: 17, KIND: "Clopper–Pearson", AGAINST: "Wald"}
STUBBORN = {**WALD, THETA: 0.8, A: 20.0, B: 20.0, KIND: "Shortest"}
PRESETS = (
    page.Preset("Small data", SMALL, "Shrinking towards ½ helps, because θ is near ½."),
    page.Preset(
        "Wrong prior", {**SMALL, THETA: 0.1, A: 20.0, B: 5.0}, "MAP and mean hardly spread, and both miss by far."
    ),
    page.Preset("Flat prior", FLAT, "MAP and MLE are one; the mean still shrinks."),
    page.Preset("Wald fails", WALD, "When no head is seen, Wald’s interval is the single point 0."),
    page.Preset("Saw teeth", TEETH, "One keeps above 95% at every θ, the other jumps across it."),
    page.Preset("Stubborn prior", STUBBORN, "A prior sure of ½ makes an interval that misses 0.8."),
)


@dataclass(frozen=True)
class Case:
    """Where the knobs are: now, and of those that axes follow, where they last rested."""

    prior: Prior
    n: int
    theta: float
    seed: int
    settled: tuple[Prior, int, float]

    @property
    def counts(self) -> np.ndarray:
        return simulate(self.theta, self.n, uniforms(self.seed))


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        view = knobs.choice("Show", (ERROR, COVERAGE), key=VIEW)
        knobs.group("The experiment")
        theta = live_slider("θ", 0, 1, 0.4, key=THETA, step=0.01, role="truth", hint="the real coin", ticks=(0, 0.5, 1))
        n = live_slider("n", 1, MOST, 10, key=N, step=1, role="data", hint="flips each time", ticks=(1, 100, 200))
        seed = knobs.counter("Seed of the simulation", 1, 9999, 1, key=SEED)
        kinds = _kinds() if view == COVERAGE else None
        knobs.group("The prior")
        chosen = priors.choose(PREFIX, st.container(), (priors.BETA, priors.UNIFORM, priors.NORMAL))
    settled = (chosen.settled, round(n.settled), theta.settled)
    case = Case(chosen.now, round(n.now), round(theta.now, 2), seed, settled)  # a link may lie between the steps
    with stage:
        details = _coverage(case, kinds) if kinds else _error(case)
    details()


def _kinds() -> tuple[Kind, Kind]:
    knobs.group("The intervals, 95%")
    chosen = [knobs.select(label, KINDS, key=key, default=first) for label, key, first in INTERVALS]
    return KINDS[KINDS.index(chosen[0])], KINDS[KINDS.index(chosen[1])]


def _error(case: Case) -> Callable[[], None]:
    """How far three estimators fall from θ; gives back what shows the details."""
    prior, n, theta = case.prior, case.n, case.theta
    table = estimates(prior, n)
    exact, seen = moments(table, theta), summarise(table, case.counts, theta)
    formulas = words.formulas(prior, n)
    page.equation(
        ("data", "MLE", formulas[0]), ("model", "MAP", formulas[1]), ("rival", "mean", formulas[2]),
        ("truth", "θ", f"{theta:.2f}"), (None, "", "○ share of 10 000 simulated"),
    )  # fmt: skip
    question = f"At θ = {theta:.2f}, which estimator has the smallest mean squared error?"
    answer = page.predict(question, words.GUESSES, key=f"{PREFIX}_guess_error")
    shown = 3 if answer.revealed else 1
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        # axes rest with the knobs, and give way only to what would leave them
        tallest = max(charts.tallest(theta, n), charts.tallest(case.settled[2], case.settled[1]))
        page.picture(
            charts.lanes(table, theta, case.counts, exact, tallest=tallest, look=frame.look(), shown=shown),
            key="lanes",
            alt="The values that each of three estimators can take, as stems as tall as their probabilities",
            numbers=words.aloud_error(exact, shown),
        )
    with right:
        top = max(charts.most_error(prior, n, shown), charts.most_error(*case.settled[:2], shown))
        page.picture(
            charts.errors(prior, n, theta, exact, top=top, look=frame.look(), shown=shown),
            key="errors",
            alt="Mean squared error of three estimators against the true θ",
            numbers=f"At θ = {theta:.2f}, see the numbers below.",
        )
    cells = [(f"MSE of the {name}", *words.error_cell(i, exact, seen, i < shown)) for i, name in enumerate(ESTIMATORS)]
    page.numbers(*cells, ("Mean beats MLE for θ in", *answer.cell(*words.stretches(wins(prior, n), n))))
    head = ("", "bias, exact", "simulated ± s.e.", "variance, exact", "simulated ± s.e.")
    page.table(head, words.moment_rows(exact, seen, shown))
    wait = "All three see the same flips. Commit to an answer, then see how they fall."
    sentence = answer.verdict(*words.best(exact)) + words.error_notice(theta, exact, seen)
    page.notice(sentence if answer.revealed else wait, revealed=answer.revealed)
    kinds = (KINDS[0], KINDS[2])
    return lambda: page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [st.latex(line) for line in report.error_latex(prior, n, theta, exact)],
        the_code=lambda: st.code(report.error_code(prior, n, theta, case.seed), language="python"),
        data=lambda: _downloads(case, kinds),
    )


def _coverage(case: Case, kinds: tuple[Kind, Kind]) -> Callable[[], None]:
    """How often two kinds of interval hold θ; gives back what shows the details."""
    prior, n, theta = case.prior, case.n, case.theta
    found = [bounds(kind, prior, n) for kind in kinds]
    covered = [float(coverage(one, theta)) for one in found]
    page.equation(
        ("model", kinds[0], words.FORMULAS[kinds[0]]), ("rival", kinds[1], words.FORMULAS[kinds[1]]),
        ("truth", "θ and 95%", ""),
    )  # fmt: skip
    answer = page.predict(words.coverage_question(kinds[0], theta), words.SHARES, key=f"{PREFIX}_guess_coverage")
    left, right = st.columns(2, gap="medium")
    with left:
        page.picture(
            charts.bars(found[0], theta, look=frame.look(), reveal=answer.revealed),
            key="bars",
            alt="The interval of every count of heads; dashed ones miss the true θ",
            numbers=words.aloud_bars(found[0], theta) if answer.revealed else "Hidden until you answer.",
        )
    with right:
        floor = min(charts.lowest(kinds, prior, n), charts.lowest(kinds, *case.settled[:2]))
        page.picture(
            charts.coverages(kinds, prior, n, theta, floor=floor, look=frame.look(), reveal=answer.revealed),
            key="coverages",
            alt="The probability that an interval holds θ, against the true θ, and the line at 95%",
            numbers=f"Coverage {words.listed(covered)}." if answer.revealed else "Hidden until you answer.",
        )
    page.numbers(
        (f"{kinds[0]} holds θ", *answer.cell(*words.coverage_cell(found[0], theta, case.counts))),
        (f"{kinds[1]} holds θ", *answer.cell(*words.coverage_cell(found[1], theta, case.counts))),
        ("Averaged over the prior", *answer.cell(*words.averages(kinds, prior, n))),
        ("Mean width at this θ", *answer.cell(*words.widths(kinds, found, theta))),
    )
    wait = "A bar is the interval that h heads give. Commit to an answer, then see which bars hold θ."
    sentence = answer.verdict(words.share(covered[0])) + words.coverage_notice(kinds[0], theta, found[0], covered[0])
    page.notice(sentence if answer.revealed else wait, revealed=answer.revealed)
    return lambda: page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [
            st.latex(report.coverage_latex(kind, one, theta, held))
            for kind, one, held in zip(kinds, found, covered, strict=True)
        ],
        the_code=lambda: st.code(report.coverage_code(kinds, prior, n, theta), language="python"),
        data=lambda: _downloads(case, kinds),
    )


def _downloads(case: Case, kinds: tuple[Kind, Kind]) -> None:
    prior, n, theta = case.prior, case.n, case.theta
    table, found = estimates(prior, n), (bounds(kinds[0], prior, n), bounds(kinds[1], prior, n))
    covered = {kind: float(coverage(one, theta)) for kind, one in zip(kinds, found, strict=True)}
    page.downloads(
        "estimators",
        report.csv(table, theta, case.counts, kinds, found),
        report.values(prior, n, theta, case.seed, moments(table, theta), covered),
    )


EXPERIMENT = page.Experiment("Estimators", PRESETS, show)
