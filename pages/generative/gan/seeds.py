"""Many seeds: one game played from 8 to 32 seeds at once; all that differs between the runs is the dice."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import streamlit as st

from pages.generative.gan import game
from playground.gan import GanConfig
from playground.gan.cases import CASES
from playground.gan.charts import seeds as charts
from playground.gan.published import OURS, Table
from playground.gan.report import seeds as report
from playground.gan.seeds import SeedsConfig, many, measured, opening, train_many
from playground.gan.words import published
from playground.gan.words import seeds as words
from playground.runs import Handle, Snapshot
from playground.targets import Target
from playground.ui import frame, knobs, page, runs
from playground.ui.components.player import player

if TYPE_CHECKING:
    from playground.gan.training import SeedsSnapshot

GAMES = "gan_seeds_games"


def _preset(name: str, config: GanConfig, look_for: str) -> page.Preset:
    return page.Preset(name, game.settings(replace(config, every=min(config.every, 200))) | {GAMES: "8"}, look_for)


PRESETS = (
    _preset(
        "Plain GAN", CASES["Plain GAN"].config,
        "Nothing but the dice differs between the squares. Which modes does each seed lose?",
    ),
    _preset(
        "Modes dropped", CASES["Modes are dropped"].config,
        "Modes a fifth as wide. Under each square stand its modes and its share of high quality.",
    ),
    _preset("Packing", CASES["Packing, 4 at once"].config, "The plain GAN, but D judges four samples at once."),
    _preset("Batch statistics", CASES["Batch statistics"].config, "The plain GAN, but D sees the spread of its batch."),
    _preset("Tuned", CASES["Tuned plain GAN"].config, "No remedy, only other settings. How far apart are the seeds?"),
    _preset("PacGAN’s ring", OURS["ring"][0], "D judges one sample at a time: how many seeds lose a mode?"),
    _preset("Ring, m = 4", OURS["ring"][1], "Four samples at a time: which numbers rise, and which one falls?"),
    _preset("PacGAN’s grid", OURS["grid"][0], "25 modes, one sample at a time: count what each seed loses."),
    _preset("Grid, m = 4", OURS["grid"][1], "25 modes, four samples at a time: mind the high quality, too."),
)  # fmt: skip


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        games = knobs.choice("How many seeds", ("8", "16", "32"), key=GAMES)
        config = many(game.knobs(), int(games))
    t, floor = charts.target_of(config.target)
    with stage:
        page.equation(*words.key(t))
        answer = page.predict(words.question(config, t), words.options(t), key=f"gan_guess_seeds_{words.kind(t)}")
        begun = opening(config)
        handle = runs.run(train_many, config if answer.revealed else begun, key="gan_seeds")

        def watched() -> None:
            state = handle.state  # before the frames: a run that has ended has all of them
            frames = _so_far(handle) or _so_far(runs.known(train_many, begun))[:1]
            if not frames:
                st.html(f'<p class="pg-meta" role="status">{words.NOTHING_YET if not handle.ended else ""}</p>')
                return
            last, shown = frames[-1], answer.revealed and measured(frames[-1])
            movie = charts.movie(frames, config, t, floor, live=not handle.ended, reveal=answer.revealed)
            player(movie, key="gan_seeds_player")
            rows = words.numbers(last, t, floor) if shown else words.open_numbers(t, over=handle.ended)
            page.numbers(*((label, *answer.cell(*row)) for label, row in zip(words.labels(t), rows, strict=True)))
            if shown:
                picture = charts.dots(last, t, floor, look=frame.look())
                page.picture(picture, key="gan_seeds_dots", alt=charts.ALT, numbers=words.aloud(last, config, t))
            verdict = answer.verdict(words.answer(last, t)) if shown and state == "done" else ""
            page.notice(
                verdict + words.said(frames, state, config, t, revealed=answer.revealed), revealed=answer.revealed
            )

        runs.watch(watched, handle)
    end = _so_far(handle)[-1] if answer.revealed and handle.state == "done" else None
    if answer.revealed:
        _published(end, config, t)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: _of(handle, end, lambda end: [st.latex(line) for line in report.latex(end, t)]),
        the_code=lambda: st.code(report.code(config, t), language="python"),
        data=lambda: _of(
            handle,
            end,
            lambda end: page.downloads("seeds", report.csv(end, config), report.values(end, config, t, floor)),
        ),
    )


def _so_far(run: Handle | Sequence[Snapshot]) -> "list[SeedsSnapshot]":
    return cast("list[SeedsSnapshot]", run.so_far() if isinstance(run, Handle) else list(run))


def _of(run: Handle, end: "SeedsSnapshot | None", draw: Callable[["SeedsSnapshot"], object]) -> None:
    """What is known only after the last step."""
    if end is None:
        st.html(f'<p class="pg-meta">{words.NEVER if run.ended else words.AFTERWARDS}</p>')
    else:
        draw(end)


def _published(end: "SeedsSnapshot | None", config: SeedsConfig, t: Target) -> None:
    """The published rows, ours as recorded, and that of this run where it is about the same target."""
    knobs.group(published.heading(t))
    st.html(f'<p class="pg-meta">{published.about(t)}</p>')
    theirs, ours = st.columns(2, gap="medium")
    with theirs:
        _tables(published.theirs(t), t)
    with ours:
        _tables(published.ours(t, end, config), t)


def _tables(tables: Sequence[Table], t: Target) -> None:
    for table in tables:
        st.html(f'<p class="pg-meta"><b>{table.source}.</b> {table.protocol}</p>')
        page.table(published.head(t), [published.cells(row) for row in table.rows])


EXPERIMENT = page.Experiment("Many seeds", PRESETS, show)
