"""Transport by its dual: the best critic of slope 1, and two that a network learns."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.divergences.charts import transport as charts
from playground.divergences.compare import compare
from playground.divergences.critic import CriticConfig, CriticSnapshot, trained_critic
from playground.divergences.report import transport as report
from playground.divergences.shapes import Shape
from playground.divergences.words import transport as words
from playground.ui import frame, knobs, page
from playground.ui.components.player import player

CLIP, PENALTY, SEED = (f"divergences_transport_{name}" for name in ("clip", "penalty", "draw"))
CLIPS, PENALTIES = ("0.01", "0.1", "1"), ("0.1", "1", "10", "100")
Two = tuple[Shape, Shape]
Run = tuple[CriticConfig, CriticSnapshot]  # and what it ended with


def settings() -> dict[str, object]:
    """The knobs of this view as a preset sets them."""
    return {CLIP: "0.1", PENALTY: "10", SEED: 0}


def limits() -> tuple[float, float]:
    """What keeps the two from being too steep: the bound of every weight, and the price of a slope that is not 1."""
    with st.container(key="counts"):
        left, right = st.columns(2)
    with left:
        clip = knobs.select("Clip c", CLIPS, key=CLIP, default="0.1")
    with right:
        penalty = knobs.select("Penalty λ", PENALTIES, key=PENALTY, default="10")
    return float(clip), float(penalty)


def show(stage: DeltaGenerator, side: DeltaGenerator, now: Two, resting: Two, limits: tuple[float, float]) -> None:
    c, fine = limits
    with side:
        seed = knobs.counter("Draw", 0, 99, 0, key=SEED, hint="Another number, another network and other samples.")
    clip, penalty = CriticConfig(way="clip", clip=c, seed=seed), CriticConfig(penalty=fine, seed=seed)
    p, q = now
    w1 = compare(p, q).w1
    with stage:
        page.equation(
            ("truth", "best critic", "f′ = sign(F_Q − F_P)"),
            ("rival", "clipped", f"every weight within ±{c:g}"),
            ("model", "with penalty", f"{fine:g} · (|f′| − 1)²"),
            ("error", "F_Q − F_P", ""),
        )
        question = "Both are scaled to slope 1. The clipped one reaches, of W₁,"
        answer = page.predict(question, words.CLIPPED, key="divergences_guess_critic")
        with st.spinner("Two critics learn"):
            height = round(frame.look().px(380))
            movie = charts.critics(now, resting, clip, penalty, height=height, reveal=answer.revealed)
        player(movie, key="transport-critic")
        page.aloud(f"W₁ is {words.number(w1)}.")
    learned = answer.revealed and now == resting  # they learn anew when the knobs rest
    runs = [(config, trained_critic(config, p, q)[-1]) for config in (clip, penalty)] if learned else []
    page.numbers(("W₁, the best critic", words.number(w1), "no critic of slope 1 gets more"), *_cells(runs, w1, answer))
    if runs:
        (_, clipped), (_, penalised) = runs
        right = words.reached(clipped, w1)
        verdict = answer.verdict(*right) if right else ""
        page.notice(verdict + words.critics(p, q, clipped, penalised, c))
    else:
        page.notice(words.WAIT_CRITIC if not answer.revealed else words.RESTING, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [st.latex(row) for row in report.critic_latex(p, q, runs)],
        the_code=lambda: st.code(report.critic_code(p, q, clip, penalty), language="python"),
        data=lambda: _data(p, q, runs),
    )


def _data(p: Shape, q: Shape, runs: list[Run]) -> None:
    if not runs:
        st.html(f'<p class="pg-meta">{words.RESTING}</p>')
        return
    table = report.critic_csv(p, q, *(last for _, last in runs))
    page.downloads("transport-critic", table, report.critic_values(p, q, runs))


def _cells(runs: list[Run], w1: float, answer: page.Prediction) -> list[tuple[str, str, str]]:
    """What each of the two reached, and the second before it is scaled."""
    names = ("Clipped, scaled", "With penalty, scaled", "With penalty, unscaled")
    if not runs:
        return [(name, *answer.cell("—", "when the knob rests")) for name in names]
    (_, clip), (_, penalty) = runs
    return [
        (names[0], words.number(clip.fair), words.trained(clip, w1)),
        (names[1], words.number(penalty.fair), words.trained(penalty, w1)),
        (names[2], words.number(penalty.advantage), words.steepness(penalty, w1)),
    ]
