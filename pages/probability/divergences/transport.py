"""Transport: the cheapest way to bring the mass of P to where Q wants it, on a line, in the plane, and by its dual."""

from operator import attrgetter

import streamlit as st

from pages.probability.divergences import critic, plane
from playground.divergences.charts import transport as charts
from playground.divergences.compare import compare
from playground.divergences.families import Choice
from playground.divergences.report import transport as report
from playground.divergences.transport import Order, independent_cost
from playground.divergences.words import transport as words
from playground.theme import Role
from playground.ui import frame, knobs, page
from playground.ui.components.live_slider import Dial, live_slider
from playground.ui.components.player import player

KEY = "divergences_transport_{}"
VIEW, COST = KEY.format("view"), KEY.format("cost")
VIEWS = ("Line", "Plane", "Critic")
DISTANCE, SQUARED = "Cost |x − y|", "Cost |x − y|²"
FAMILIES = ("Gaussian", "Two bumps", "Uniform", "Laplace")
LETTERS: dict[str, Role] = {"p": "truth", "q": "model"}
START = {"p": Choice("Gaussian", -1.5, 0.7, 4.0), "q": Choice("Two bumps", 0.5, 0.6, 4.0)}
BUMPS, BELL = ("Two bumps", 0.0, 0.6), ("Gaussian", 0.0, 0.8)
BOXES = (("Uniform", -2.5, 1.0), ("Uniform", 1.5, 1.4))


def _line(p: tuple[str, float, float], q: tuple[str, float, float], **more: object) -> dict[str, object]:
    """The knobs of P and Q as a preset sets them."""
    settings = {}
    for letter, values in (("p", p), ("q", q)):
        names = (letter, f"{letter}_centre", f"{letter}_width")
        settings |= {KEY.format(name): value for name, value in zip(names, values, strict=True)}
        if values[0] == BUMPS[0]:
            settings[KEY.format(f"{letter}_apart")] = 4.0
    return settings | {KEY.format(name): value for name, value in more.items()}


PRESETS = (
    page.Preset(
        "Torn apart",
        _line(BELL, BUMPS, view="Line", cost=SQUARED),
        "The mass of P has to part: half of it goes left, half right.",
    ),
    page.Preset(
        "Any plan", _line(*BOXES, view="Line", cost=DISTANCE), "Switch to squares: only then does the order pay."
    ),
    page.Preset(
        "Crossing",
        plane.settings("One to two", view="Plane", cost=SQUARED),
        "Switch the cost to the distance itself, and all crossings are gone.",
    ),
    page.Preset(
        "Blur",
        plane.settings("Grid to ring", epsilon=plane.BLURRED, view="Plane", cost=SQUARED),
        "Lower ε: the ways sharpen, and Sinkhorn needs more rounds.",
    ),
    page.Preset(
        "Hasty",
        plane.settings("Moon to moon", epsilon=plane.SHARP, view="Plane", cost=SQUARED),
        "A plan that has not converged delivers too much here and too little there.",
    ),
    page.Preset(
        "Cones",
        plane.settings("Few to many", behind=plane.CRITIC, view="Plane", cost=DISTANCE),
        "Each way runs straight down the critic, from high to low, at slope 1.",
    ),
    page.Preset(
        "Bent",
        _line(("Gaussian", -1.5, 0.8), ("Gaussian", 1.5, 0.8), view="Critic") | critic.settings(),
        "The best critic is a straight line, and a clipped network cannot draw it.",
    ),
    page.Preset(
        "Stuck",
        _line(BUMPS, BELL, view="Critic") | critic.settings(),
        "The best critic turns. A slope that starts the wrong way has to pass through 0, and pays for it.",
    ),
)


def show() -> None:
    stage, side = page.stage_and_knobs()
    with stage, st.container(horizontal=True, horizontal_alignment="distribute", gap="small", key="transport-choice"):
        view = knobs.tabs("View", VIEWS, key=VIEW)
        order: Order = 1
        if view != "Critic":
            order = 2 if knobs.tabs("Cost", (DISTANCE, SQUARED), key=COST) == SQUARED else 1
    if view == "Plane":
        plane.show(stage, side, order)
        return
    with side:
        limits = critic.limits() if view == "Critic" else None
        now, resting = _shapes()
    if limits:
        critic.show(stage, side, now, resting, limits)
        return
    p, q = now
    best, random, both = words.least(p, q, order), independent_cost(p, q, order), compare(p, q)
    half = charts.reach(*resting)
    with stage:
        page.equation(
            ("truth", "P", words.described(p)),
            (None, "", "→"),
            ("model", "Q", words.described(q)),
            ("error", "way", "from x to T(x), of the same rank in Q"),
        )
        question = f"Send every grain of P to a random place of Q. {words.PAID[order]} is then"
        answer = page.predict(question, words.AT_RANDOM, key="divergences_guess_transport")
        player(
            charts.line(
                p, q, half, charts.tallest(*resting), height=round(frame.look().px(380)), reveal=answer.revealed
            ),
            key="transport-line",
        )
        hidden = words.number(random) if answer.revealed else "hidden"
        page.aloud(f"Cheapest {words.PAID[order]}: {words.number(best)}. At random: {hidden}.")
    page.numbers(
        ("W₁, cost |x − y|", words.number(both.w1), words.on_bins(p, q, 1, half)),
        (
            "W₂², cost |x − y|²",
            words.number(both.w2**2),
            f"W₂ = {words.number(both.w2)}; {words.on_bins(p, q, 2, half)}",
        ),
        (f"At random, {words.PAID[order]}", *answer.cell(words.number(random), words.times(p, q, order))),
    )
    wait = "Left, every column of mass is sent along T. On the right it would be sent everywhere. Commit, then see."
    verdict = answer.verdict(words.how_random(p, q, order))
    page.notice(verdict + words.line(p, q, order) if answer.revealed else wait, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [st.latex(row) for row in report.line_latex(p, q, order, half)],
        the_code=lambda: st.code(report.line_code(p, q, order), language="python"),
        data=lambda: page.downloads("transport-line", report.line_csv(p, q, half), report.line_values(p, q, order)),
    )


def _shapes() -> tuple[critic.Two, critic.Two]:
    """P and Q now, and as they were when the knobs last rested."""
    families = {
        letter: knobs.select(name, FAMILIES, key=KEY.format(letter), default=START[letter].family)
        for letter, name in (("p", "P, from"), ("q", "Q, to"))
    }
    q = _dials("q")
    with st.expander("More"):
        if families["q"] == BUMPS[0]:
            q.append(_apart("q"))
        p = _dials("p")
        if families["p"] == BUMPS[0]:
            p.append(_apart("p"))
    now, resting = (
        [Choice(families[letter], *map(moment, dials)).shape for letter, dials in (("p", p), ("q", q))]
        for moment in (attrgetter("now"), attrgetter("settled"))
    )
    return (now[0], now[1]), (resting[0], resting[1])


def _dials(letter: str) -> list[Dial]:
    """Centre and width."""
    start, role, key = START[letter], LETTERS[letter], KEY.format(letter)
    centre = live_slider(
        f"{letter.upper()} centre", -3, 3, start.centre, key=f"{key}_centre", step=0.1, role=role, ticks=(-3, 0, 3)
    )
    width = live_slider(
        f"{letter.upper()} width", 0.2, 2, start.width, key=f"{key}_width", step=0.1, role=role, ticks=(0.2, 1, 2)
    )
    return [centre, width]


def _apart(letter: str) -> Dial:
    """The distance of two bumps."""
    name, key = f"{letter.upper()} apart", KEY.format(f"{letter}_apart")
    return live_slider(name, 0, 6, START[letter].apart, key=key, step=0.1, role=LETTERS[letter], ticks=(0, 3, 6))


EXPERIMENT = page.Experiment("Transport", PRESETS, show)
