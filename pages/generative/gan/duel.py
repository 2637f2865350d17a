"""Duel: two games with the same seed and target, side by side, and one change between them."""

from dataclasses import replace

import streamlit as st

from pages.generative.gan import game
from playground.gan import GanConfig
from playground.gan.changes import choices, free, others
from playground.gan.charts import duel as charts
from playground.gan.duel import Duel, opening, side
from playground.gan.report import duel as report
from playground.gan.words import duel as words
from playground.gan.words.game import LABELS, offered, written
from playground.ui import frame, knobs, links, page, runs, targets
from playground.ui.components.player import player

CHANGE, FIELD, VALUE = (f"gan_duel_{name}" for name in ("change", "field", "value"))
FREE = "Another knob"
Z = GanConfig(activation="ReLU", z_dim=16, steps=2_500)


def _preset(name: str, config: GanConfig, change: str, look_for: str) -> page.Preset:
    return page.Preset(name, game.settings(config) | {CHANGE: change}, look_for)


PRESETS = (
    _preset(
        "Packing", Z, "Packing", "Watch which modes the left game drops, and whether the right one gets them back."
    ),
)


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
        games = (left, right) if answer.revealed else (opening(left), opening(right))
        handles = [runs.run(train, config, key=f"duel-{i}") for i, config in enumerate(games)]

        def now() -> Duel:
            return Duel(*(side(config, handle) for config, handle in zip((left, right), handles, strict=True)))

        def watched() -> None:
            duel = now()
            if duel.count:
                height = round(frame.look().px(380))
                player(charts.movie(duel, hidden=not answer.revealed, height=height), key="duel")
            page.aloud(words.status(duel))

        runs.watch(watched, *handles)
    duel = now()
    rows = words.numbers(duel, t)
    page.numbers(*((name, *answer.cell(value, beside)) for name, value, beside in rows))
    said = answer.verdict(duel.winner) if duel.ended and duel.begun else ""
    page.notice(said + words.notice(duel, t) if answer.revealed else words.WAIT, revealed=answer.revealed)
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
    fields = {LABELS[field]: field for field in free(left)}
    field = fields[knobs.select("Knob", tuple(fields), key=FIELD)]
    values = {written(field, value): value for value in others(left, field, offered(field))}
    return replace(left, **{field: values[knobs.select("Right", tuple(values), key=VALUE)]})


def _many_seeds(left: GanConfig, right: GanConfig) -> None:
    """A way from one seed to many, for either game."""
    with st.container(horizontal=True, gap="xsmall", key="duel-on"):
        for name, config in (("left", left), ("right", right)):
            settings = game.settings(config) | {"gan_experiment": "Many seeds"}
            if st.button(f"Many seeds of the {name}", on_click=links.put, args=(settings,), key=f"action-seeds-{name}"):
                st.rerun(scope="app")


EXPERIMENT = page.Experiment("Duel", PRESETS, show)
