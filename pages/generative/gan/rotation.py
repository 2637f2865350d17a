"""Rotation: the smallest game, in two numbers. Gradient steps turn around its equilibrium; some plays come in."""

import streamlit as st

from playground.gan.charts import rotation as charts
from playground.gan.dirac import PAYOFFS, PLAYS, RANGES, Dirac, Payoff, Play
from playground.gan.report import rotation as report
from playground.gan.words import rotation as words
from playground.ui import knobs, page
from playground.ui.components.live_slider import Dial, live_slider
from playground.ui.components.player import player

RATE, GAMMA, THETA, PSI, STEPS, PAYOFF, CLOSE = (
    f"gan_rotation_{name}" for name in ("rate", "gamma", "theta", "psi", "steps", "payoff", "close")
)
START = Dirac()
NAMES: dict[str, Payoff] = {words.PAYOFF[payoff]: payoff for payoff in PAYOFFS}
GAN, WGAN = NAMES
TITLES: dict[str, Play] = {words.TITLES[play]: play for play in PLAYS}
ALL = {
    RATE: START.rate, GAMMA: START.gamma, THETA: START.theta, PSI: START.psi, STEPS: START.steps, PAYOFF: GAN,
    CLOSE: "Simultaneous",
}  # fmt: skip
PRESETS = (
    page.Preset("Out", ALL, "Play it: G slides down D's line, D tilts the line after it, and each round is wider."),
    page.Preset("Round", {**ALL, CLOSE: "Alternating"}, "The same slopes, taken in turn: neither in nor out."),
    page.Preset("Damped", {**ALL, CLOSE: "Gradient penalty"}, "D pays for a steep line, and the rounds shrink."),
    page.Preset("Consensus", {**ALL, RATE: 0.5, CLOSE: "Consensus"}, "Both also step to where both slopes are short."),
    page.Preset("Look ahead", {**ALL, RATE: 0.6, CLOSE: "Extragradient"}, "No γ: only a look one step ahead."),
    page.Preset("Too fast", {**ALL, RATE: 3.0, CLOSE: "Gradient penalty"}, "At this rate no remedy comes in."),
    page.Preset("Too much γ", {**ALL, GAMMA: 4.0, CLOSE: "Gradient penalty"}, "No rounds any more, but a long crawl."),
    page.Preset(
        "From afar",
        {**ALL, RATE: 1.0, GAMMA: 1.0, THETA: -2.0, PSI: -2.0, CLOSE: "Consensus"},
        "|λ| is a law of small distances: consensus comes in near 0, and from here it leaves.",
    ),
    page.Preset("Wasserstein", {**ALL, PAYOFF: WGAN}, "f(t) = t: each simultaneous step multiplies by |λ| exactly."),
)


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        now, settled, close = _knobs()
    with stage:
        page.equation(
            ("data", "data", "at 0"),
            (charts.ROLES[close], "fake", "at θ, judged by D(x) = ψx"),
            (None, "", f"G lowers, D raises {words.formula(now)}"),
        )
        answer = page.predict(words.QUESTION, words.OPTIONS, key="gan_guess_rotation")
        player(charts.movie(now, settled, close, reveal=answer.revealed), key="rotation")
    facts = words.beside(now, close)
    page.numbers(*((label, *answer.cell(value, beside)) for label, value, beside in facts))
    said = answer.verdict(words.answer(now)) + words.notice(now, close, reach=charts.reach(now, settled))
    page.notice(said if answer.revealed else words.WAIT, revealed=answer.revealed)
    if answer.revealed:
        knobs.group("One step near 0, and the paths")
        page.table(words.heads(now), words.table(now))
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [st.latex(line) for line in report.latex(now, close)],
        the_code=lambda: st.code(report.code(now), language="python"),
        data=lambda: page.downloads("rotation", report.csv(now), report.values(now)),
    )


def _knobs() -> tuple[Dirac, Dirac, Play]:
    """The game as the knobs are now, as it was when they last rested, and which play is shown close up."""
    knobs.group("A step")
    rate = _dial("η", "rate", RATE, step=0.02, hint="rate of both", ticks=(0.05, 0.2, 1, 5), log=True)
    gamma = _dial("γ", "gamma", GAMMA, step=0.05, hint="of penalty, consensus", ticks=(0, 1, 2, 3, 4))
    steps = knobs.counter("Steps", int(RANGES["steps"].low), int(RANGES["steps"].high), START.steps, key=STEPS)
    knobs.group("The start")
    theta = _dial("θ", "theta", THETA, step=0.05, hint="the fake's place", ticks=(-2, -1, 0, 1, 2))
    psi = _dial("ψ", "psi", PSI, step=0.05, hint="D's slope", ticks=(-2, -1, 0, 1, 2))
    knobs.group("The game")
    close = TITLES[knobs.select("Close up", tuple(TITLES), key=CLOSE)]
    payoff = NAMES[knobs.choice("f(t)", tuple(NAMES), key=PAYOFF)]
    now = Dirac(rate.now, gamma.now, theta.now, psi.now, steps, payoff)
    return now, Dirac(rate.settled, gamma.settled, theta.settled, psi.settled, steps, payoff), close


def _dial(
    label: str, name: str, key: str, *, step: float, hint: str, ticks: tuple[float, ...], log: bool = False
) -> Dial:
    legal = RANGES[name]
    return live_slider(
        label, legal.low, legal.high, getattr(START, name), key=key, step=step, hint=hint, ticks=ticks, log=log
    )


EXPERIMENT = page.Experiment("Rotation", PRESETS, show)
