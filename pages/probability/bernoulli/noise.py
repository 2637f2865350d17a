"""Gaussian noise: a curve through points, with no prior, a Gaussian prior and a Laplace prior on its coefficients."""

import streamlit as st

from playground.bernoulli.charts import noise as charts
from playground.bernoulli.comparison import WAYS, Comparison, Way
from playground.bernoulli.regression import DEGREES, SIGMAS, TAUS, Regression
from playground.bernoulli.report import noise as report
from playground.bernoulli.samples import DIGITS, MOST_POINTS, SAMPLES, SEEDS, SHEET, Sample, truth_weights
from playground.bernoulli.words import noise as words
from playground.theme import Role
from playground.ui import frame, knobs, links, page
from playground.ui.components.live_slider import Dial, live_slider
from playground.ui.components.scatter import Sheet, placed, scatter

POINTS = "bernoulli_points"
DATA, NUMBER, SEED, DEGREE, SIGMA, TAU, BAND = (
    f"bernoulli_noise_{name}" for name in ("data", "n", "seed", "degree", "sigma", "tau", "band")
)
PAPER = Sheet(SHEET, MOST_POINTS, DIGITS)
CURVE, NEW_POINT = BANDS = ("The curve", "A new point")
HINT = "Click to add a point, drag to move it, drag it off the sheet to remove it."
PRIOR = {POINTS: None, DEGREE: 9.0, SIGMA: 0.2, TAU: 0.5, BAND: CURVE}
TAMED = {**PRIOR, DATA: "Sine", NUMBER: 10, SEED: 3}
PRESETS = (
    page.Preset(
        "Overfit",
        {**TAMED, TAU: 16.0},
        "Without a prior, ten coefficients hit all ten points and swing far from the truth between them.",
    ),
    page.Preset(
        "Tamed", TAMED, "The same ten points: a prior that expects small coefficients no longer hits them all."
    ),
    page.Preset(
        "Dropped",
        {**TAMED, DATA: "Two terms", NUMBER: 16, SEED: 4},
        "The truth has two terms. Only the Laplace prior sets coefficients to exactly 0.",
    ),
    page.Preset(
        "Beyond the data",
        {**TAMED, DATA: "Half a sine", NUMBER: 14, SEED: 1},
        "No points on the right: there the band opens, and least squares leaves the sheet.",
    ),
    page.Preset(
        "No data", {**PRIOR, DATA: "Empty sheet", TAU: 0.32}, "What is drawn is the prior alone. Click a first point."
    ),
    page.Preset(
        "One outlier",
        {**PRIOR, DATA: "Anscombe III", DEGREE: 1.0, TAU: 5.0},
        "Gaussian noise hardly allows the high point, so it pulls the line up; no prior on w cures that.",
    ),
)


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        name, sample, start = _data()
        degree, sigma, tau = _knobs()
        band = knobs.choice("95% band of", BANDS, key=BAND)
    points = placed(PAPER, start, key=POINTS, label="points")
    now, resting = (
        Comparison(shown, Regression(round(d), s, t), sample.truth)
        for shown, d, s, t in (
            (points.now, degree.now, sigma.now, tau.now),
            (points.settled, degree.settled, sigma.settled, tau.settled),
        )
    )
    with stage:
        equation = st.container()
        answer = _predict(now)
        with equation:
            _equation(now, sample, answer)
        left, right = st.columns([1.75, 1], gap="medium")
        with left:
            scatter(
                charts.sheet(now, new_point=band == NEW_POINT, reveal=answer.revealed), points.now, PAPER, start=start,
                key=POINTS, alt="Points with three curves and the 95% band of the Gaussian prior’s posterior",
                height=round(frame.look().px(450)), hint=HINT,
            )  # fmt: skip
            page.aloud(page.minus(words.aloud(now, reveal=answer.revealed)))
        with right:
            _small_pictures(name, now, resting, answer)
    page.numbers(
        *((words.label(now, way), *answer.cell(*_error(now, way))) for way in WAYS),
        ("Log evidence of this degree", page.minus(words.evidence(now)), page.minus(words.best(now))),
    )
    wait = words.WAIT if sample.truth else words.WAIT_LEFT_OUT
    sentence = answer.verdict(*words.right(now)) + page.minus(words.notice(now))
    page.notice(sentence if answer.revealed else wait, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: _arithmetic(name, now),
        the_code=lambda: st.code(report.code(now, name), language="python"),
        data=lambda: page.downloads("noise", report.csv(now), report.as_json(now, name)),
    )


def _data() -> tuple[str, Sample, tuple[tuple[float, float], ...]]:
    """Where the points come from. Another choice is another draw: the visitor's own points give way."""
    knobs.group("Data")
    name = knobs.select("Points from", list(SAMPLES), key=DATA, then=lambda: links.reset(POINTS))
    sample = SAMPLES[name]
    if sample.truth is None:
        return name, sample, sample.fixed
    with st.container(key="counts"):
        left, right = st.columns(2, gap="small")
        with left:
            n = knobs.counter("Points drawn", 0, MOST_POINTS, 10, key=NUMBER, then=lambda: links.reset(POINTS))
        with right:
            seed = knobs.counter(
                "Draw", *SEEDS, 3, key=SEED, hint="Another number, other points.", then=lambda: links.reset(POINTS)
            )
    return name, sample, sample.points(n, seed=seed)


def _knobs() -> tuple[Dial, Dial, Dial]:
    knobs.group("Model")
    degree = live_slider("degree", *DEGREES, 9, key=DEGREE, step=1, hint="of the polynomial", ticks=(1, 3, 5, 7, 9))
    sigma = live_slider(
        "σ", *SIGMAS, 0.2, key=SIGMA, step=0.05, log=True, role="data", hint="noise, s.d.", ticks=(0.02, 0.2, 2)
    )
    tau = live_slider(
        "τ",
        *TAUS,
        0.5,
        key=TAU,
        step=0.05,
        log=True,
        role="prior",
        hint="of each wₖ, s.d.",
        ticks=(0.02, 0.2, 2, 20),
    )
    return degree, sigma, tau


def _predict(now: Comparison) -> page.Prediction:
    question = words.question(now)
    return (
        page.predict(question, tuple(words.OPTIONS.values()), key="bernoulli_guess_noise")
        if question
        else page.Prediction("")
    )


def _equation(now: Comparison, sample: Sample, answer: page.Prediction) -> None:
    """What each curve makes as small as it can; the numbers move with σ and τ."""
    terms: list[tuple[Role | None, str, str]] = [("data", "least squares", "Σ(y − f)²" if now.points else "—")]
    terms.append(("model", "Gaussian prior", f"… + {words.penalty(now.model.ridge_penalty)} Σw²"))
    terms.append(("rival", "Laplace prior", f"… + {words.penalty(2 * now.model.lasso_penalty)} Σ|w|"))
    if sample.truth:
        terms.append(("truth", "truth", f"{sample.formula} + noise {sample.noise:g}" if answer.revealed else "?"))
    page.equation(*terms)


def _error(now: Comparison, way: Way) -> tuple[str, str]:
    error = now.errors.get(way)
    return ("—", words.undefined(now)) if error is None else (words.size(error), words.beside(now, way))


def _small_pictures(name: str, now: Comparison, resting: Comparison, answer: page.Prediction) -> None:
    """The coefficients, and the evidence of every degree."""
    known = truth_weights(name, now.model.degree) if now.truth and answer.revealed else ()
    knobs.group("f = Σ wₖ Tₖ: each wₖ, prior ± τ")
    top = charts.height_of_axis(now, resting)
    page.picture(
        charts.coefficients(now, known, top=top, look=frame.look()), key="coefficients",
        alt="Coefficient of every degree, three ways, over one standard deviation of the prior",
        numbers=page.minus(words.coefficients_aloud(now)),
    )  # fmt: skip
    knobs.group("Log evidence by degree")
    page.picture(
        charts.evidence(now, look=frame.look()), key="evidence", alt="Log evidence of degree 1 to 9 below the largest",
        numbers=page.minus(words.evidences_aloud(now)),
    )  # fmt: skip


def _arithmetic(name: str, now: Comparison) -> None:
    for line in (*report.latex(now), report.error_latex(now)):
        st.latex(line)
    st.caption(words.CONVENTIONS)
    truth = truth_weights(name, now.model.degree) if now.truth else ()
    head, rows = report.table(now, truth)
    page.table(head, [[page.minus(cell) for cell in row] for row in rows])


EXPERIMENT = page.Experiment("Gaussian noise", PRESETS, show)
