"""Collapse: one game, watched as it is played or played by hand; the generator forgets, or does not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import streamlit as st

from pages.generative.gan import game
from playground.gan.cases import CASES
from playground.gan.charts import stage as charts
from playground.gan.config import GanConfig, Player, hand, with_move, without_last_move
from playground.gan.reading import tells_chance
from playground.gan.report import collapse as report
from playground.gan.story import Story
from playground.gan.words import collapse as words
from playground.runs import Handle
from playground.ui import frame, knobs, links, page, runs
from playground.ui.components.player import player

if TYPE_CHECKING:
    from playground.gan.training import GanSnapshot

PLAYS, MOVES, MAP, STRIDE = (f"gan_collapse_{name}" for name in ("plays", "moves", "map", "stride"))
ALONE, BY_HAND = "by itself", "by hand"
MAPS: dict[str, tuple[charts.Map, ...]] = {"learned": ("learned",), "best": ("best",), "both": ("learned", "best")}
STRIDES = {"×1": 1, "×10": 10, "×100": 100}
WHO: dict[str, Player] = {"Step D": "D", "Step G": "G", "D, then G": "DG"}
PATIENCE_SECONDS = 0.4  # to wait for moves by hand, so that most of them are drawn once
SHOWN = {
    "Plain": "Plain GAN", "Dropped": "Modes are dropped", "Hopping": "One blob hops", "Packing": "Packing, 4 at once",
    "Spread": "Batch statistics", "Tuned": "Tuned plain GAN", "Unrolled": "Unrolled 5 steps",
    "Clipped": "Clipped critic", "λ 10": "Penalty of 10", "λ 0.1": "Penalty of 0.1", "Minimax": "Sure D, minimax",
    "Other loss": "Sure D, other loss",
}  # fmt: skip
OURS = {PLAYS: ALONE, MOVES: "", MAP: "learned"}


def _preset(name: str) -> page.Preset:
    case = CASES[SHOWN[name]]
    seed = {"gan_seed": 1} if name == "Hopping" else {}  # where nearly all fakes hop together
    return page.Preset(name, game.settings(case.config) | seed | OURS, f"{case.look_for} (Seen {case.on_seeds}.)")


PRESETS = tuple(map(_preset, SHOWN))


def show() -> None:
    picture, side = page.stage_and_knobs()
    with side:
        by_hand = knobs.choice("Plays", (ALONE, BY_HAND), key=PLAYS) == BY_HAND
        place = st.container()
        config = game.knobs()
        with place:
            maps = _maps(config)
    moved = _moved(config)
    config = moved if by_hand else config
    with picture:
        page.equation(
            ("rival", "D lowers", words.d_pays(config)),
            ("model", "G lowers", words.g_pays(config)),
        )
        if by_hand:
            answer = page.Prediction("")
            _buttons(config)
        else:
            t = charts.shown_target(config)
            answer = page.predict(words.question(t, config), words.options(t), key="gan_guess_collapse")
        played = answer.revealed and (config.moves != "" or not by_hand)
        handle = _run(config) if played else None

        def watched() -> None:
            frames, live = _seen(config, handle), handle is not None and not handle.ended
            player(
                charts.movie(
                    frames, config, maps=maps, live=live, charts=played, start=-1,
                    text=words.frames(frames, charts.shown_target(config)) if answer.revealed else None,
                    height=round(frame.look().px(420 if len(maps) == 1 else 360)),
                ),
                key="collapse",
            )  # fmt: skip

        runs.watch(watched, *filter(None, [handle]))
        over = handle is None or handle.ended
        story = Story(config, _seen(config, handle), handle.problem if handle else "")
        page.numbers(*((name, *answer.cell(*cell)) for name, *cell in words.numbers(story, over=over)))
        page.notice(_said(answer, story, by_hand=by_hand, over=over), revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [st.latex(line) for line in report.latex(story)],
        the_code=lambda: st.code(report.code(story), language="python"),
        data=lambda: page.downloads("collapse", report.csv(story.frames), report.values(story)),
    )


def _said(answer: page.Prediction, story: Story, *, by_hand: bool, over: bool) -> str:
    if by_hand:
        return words.by_hand(story, over=over)
    if not answer.revealed:
        return words.waiting(story.target)
    if not over:
        return words.playing(story.target)
    right = words.answer(story)
    return (answer.verdict(right) if right else "") + words.notice(story)


def _run(config: GanConfig) -> Handle:
    from playground.gan import train

    handle = runs.run(train, config, key="collapse")
    if config.moves:
        handle.wait(PATIENCE_SECONDS)
    return handle


def _seen(config: GanConfig, handle: Handle | None) -> "Sequence[GanSnapshot]":
    """The snapshots so far; until a move by hand has been computed, those before it; at first the one before all."""
    from playground.gan import train, untrained

    seen = handle.so_far() if handle else []
    before = without_last_move(config)
    if before.moves and handle and not handle.ended:
        seen = max(seen, runs.known(train, before), key=len)
    return cast("Sequence[GanSnapshot]", seen) or [untrained(replace(config, moves=""))]


def _maps(config: GanConfig) -> tuple[charts.Map, ...]:
    """Whose map lies under the dots; there is a choice where the best D is known."""
    if tells_chance(config):
        return MAPS[knobs.choice("Map of D", tuple(MAPS), key=MAP)]
    knobs.kept("Map of D", "learned", key=MAP, legal=tuple(MAPS))
    return ("learned",)


def _moved(config: GanConfig) -> GanConfig:
    """The game after the moves in the address."""

    def read(text: str) -> str:
        hand(text)
        return text

    moves = links.linked(MOVES, "", read=read, write=str, label="Moves")
    try:
        return replace(config, moves=moves)
    except ValueError as problem:
        links.ignore("Moves", moves, str(problem))
        links.forget(MOVES)
        return config


def _buttons(config: GanConfig) -> None:
    """A step of D, of G, of both; and back."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="by-hand"):
        stride = STRIDES[knobs.tabs("Steps at once", tuple(STRIDES), key=STRIDE)]
        for label, who in WHO.items():
            _button(label, config, who, stride)
        back = without_last_move(config).moves
        st.button("Undo", on_click=links.put, args=({MOVES: back},), disabled=not config.moves, key="action-undo-move")
        st.button("Rewind", on_click=links.put, args=({MOVES: ""},), disabled=not config.moves, key="action-rewind")


def _button(label: str, config: GanConfig, who: Player, count: int) -> None:
    try:
        after = with_move(config, who, count).moves
    except ValueError:
        after = None  # there have been enough
    st.button(label, on_click=links.put, args=({MOVES: after},), disabled=after is None, key=f"action-move-{who}")


EXPERIMENT = page.Experiment("Collapse", PRESETS, show)
