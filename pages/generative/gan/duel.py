"""Duel: two games with the same seed and target, side by side, and one change between them."""

from dataclasses import replace
from typing import Any

import streamlit as st

from pages.generative.gan import game
from playground.gan import GanConfig
from playground.gan.cases import CASES
from playground.gan.changes import choices, free, others
from playground.gan.charts import duel as charts
from playground.gan.duel import Duel, side
from playground.gan.report import duel as report
from playground.gan.words import duel as words
from playground.gan.words.game import LABELS, offered, written
from playground.ui import frame, knobs, links, page, runs, targets
from playground.ui.components.player import player

CHANGE, FIELD, VALUE = (f"gan_duel_{name}" for name in ("change", "field", "value"))
FREE = "Another knob"


def _preset(name: str, case: str, change: str, look_for: str, **but: Any) -> page.Preset:
    """That case on the left, with other values if need be, and a change of it on the right."""
    config = replace(CASES[case].config, **but)
    return page.Preset(name, game.settings(config) | {CHANGE: change}, look_for)


PRESETS = (
    _preset(
        "Packing", "Plain GAN", "Packing",
        "On the right D judges four samples at once, so a lack of variety shows. Watch what the left loses.",
    ),
    _preset(
        "Batch spread", "Plain GAN", "Batch statistics",
        "On the right D is told how far each batch spreads, and can tell a G that stays in one place.",
    ),
    _preset(
        "Unrolling", "Unrolled 5 steps", "Unrolling",
        "On the right G looks five steps of D ahead. Watch how wide its fakes spread, and how few of them are good.",
        unroll=0,
    ),
    _preset(
        "Who moves", "Sure D, minimax", "Minimax loss",
        "Both Gs begin where D is sure that they are fake. Watch which of the two gets away from there.",
    ),
    _preset(
        "Weight λ", "Penalty of 0.1", "Weight of the penalty",
        "The same penalty, a hundred times as heavy on the right: watch how sharp D’s map becomes on either side.",
    ),
    _preset(
        "Slow D", "Plain GAN", "Slow D",
        "On the right D learns at a tenth of the rate. Watch how many places its G stands in at a time.",
    ),
)  # fmt: skip


def show() -> None:
    from playground.gan import train

    stage, column = page.stage_and_knobs()
    with column:
        place = st.container()
        left = game.knobs()
        with place:
            right = _changed(left)
    t = targets.of(left.target)
    with stage:
        page.equation(
            ("model", "Left", "the game of the knobs"),
            ("rival", "Right", f"the same, but {words.changed(left, right)}"),
        )
        answer = page.predict(words.question(t), words.OPTIONS, key="gan_guess_duel")
        games = {"left": left, "right": right}
        handles = {
            name: runs.run(train, config, key=f"duel-{name}") for name, config in games.items() if answer.revealed
        }

        def now() -> Duel:
            return Duel(*(side(config, handles.get(name)) for name, config in games.items()))

        def watched() -> None:
            duel = now()
            player(charts.movie(duel, hidden=not answer.revealed, height=round(frame.look().px(300))), key="duel")
            page.aloud(words.aloud(duel, t))

        runs.watch(watched, *handles.values())
        duel = now()
        rows = words.numbers(duel, t)
        page.numbers(*((name, *answer.cell(value, beside)) for name, value, beside in rows))
        said = answer.verdict(duel.winner, well="correct") if duel.played and duel.winner else ""
        page.notice(said + words.notice(duel, t) if answer.revealed else words.waiting(t), revealed=answer.revealed)
        _many_seeds(left, right)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [st.latex(line) for line in report.latex(duel, t)],
        the_code=lambda: st.code(report.code(left, right, t), language="python"),
        data=lambda: page.downloads("duel", report.csv(duel), report.values(duel, t)),
    )


def _changed(left: GanConfig) -> GanConfig:
    """The other game: the change is one by name, or any knob and its other value."""
    named = choices(left)
    name = knobs.select("What changes", (*named, FREE), key=CHANGE)
    if name != FREE:
        return named[name]
    fields = {LABELS[field]: field for field in free(left) if others(left, field, offered(field))}
    field = fields[knobs.select("Knob", tuple(fields), key=FIELD)]
    values = {written(field, value): value for value in others(left, field, offered(field))}
    return replace(left, **{field: values[knobs.select("Right", tuple(values), key=VALUE)]})


def _many_seeds(left: GanConfig, right: GanConfig) -> None:
    """A way from one seed to many, for either game."""
    with st.container(horizontal=True, gap="xsmall", key="duel-on"):
        for name, config in (("left", left), ("right", right)):
            settings = game.settings(config) | {"gan_experiment": "Many seeds"}
            if st.button(f"Many seeds of the {name}", on_click=links.put, args=(settings,), key=f"action-seeds-{name}"):
                links.follow()
                st.rerun(scope="app")


EXPERIMENT = page.Experiment("Duel", PRESETS, show)
