"""Two games on one time line: a panel for each over the same axes, and how much either covers, step for step."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from playground.coverage import perfect
from playground.gan.charts.stage import Layer, held, real, run_name, shown_target, stage
from playground.gan.duel import Duel, Side
from playground.gan.words import duel as words
from playground.movie import Chart, Movie, Panel, Points
from playground.theme import Role

if TYPE_CHECKING:
    from playground.gan.training import GanSnapshot

LEFT_OUT: Final = ("push on G", "G of a grid of z")  # of the stage: two small panels show one thing each
ROLES: dict[str, Role] = {"left": "model", "right": "rival"}


def movie(duel: Duel, *, hidden: bool = False, height: int = 420) -> Movie:
    """Both games as a movie that grows with them.

    While only one of them has begun, it is a movie of its own; with the other's first snapshot both start anew, side
    by side.

    Args:
        hidden: Show only what there is before the first step.
    """
    count = min(1, duel.count) if hidden else duel.count
    shown = [frames[:count] for frames in duel.frames]
    phase = "".join("x" if frames else "-" for frames in shown)
    return Movie(
        [
            _panel(side, frames, role)
            for side, frames, role in zip((duel.left, duel.right), shown, ROLES, strict=True)
        ],
        duel.steps[:count] or [0],
        alt="The samples of two generators, each with the real data and what its discriminator says of every place",
        charts=_charts(duel, shown),
        below=True,
        run=None if hidden else f"{run_name(duel.left.config, duel.right.config)} {phase}",
        live=not (hidden or duel.ended),
        fps=20,
        height=height,
    )  # fmt: skip


def _panel(side: Side, frames: Sequence["GanSnapshot"], role: str) -> Panel:
    """A game's stage, its fakes in its own colour; the data alone before the game has begun."""
    title = role.capitalize()
    t = shown_target(side.config)
    if not frames:
        return Panel(
            [Points(real(side.config.target), "data", color="data", size=1.8, opacity=0.4)], title, extent=t.extent
        )
    panel = stage(frames, side.config, title=title)
    layers = [_named(layer, role) for layer in panel.layers if layer.name not in LEFT_OUT]
    captions = [
        words.caption(frame, far, t, stopped=i >= len(side.seen)) for i, (frame, far) in enumerate(_measured(frames))
    ]
    return replace(panel, layers=layers, captions=captions)


def _named(layer: Layer, role: str) -> Layer:
    """The layer; the fakes in the game's colour and under its name."""
    if layer.name != "fakes":
        return layer
    return replace(layer, name=f"fakes, {role}", color=ROLES[role], opacity=0.9)  # type: ignore[arg-type]


def _measured(frames: Sequence["GanSnapshot"]) -> list[tuple["GanSnapshot", float]]:
    """The snapshots, each with the W₂ that was measured last."""
    return list(zip(frames, held(_series(frames, "w2")).tolist(), strict=True))


def _charts(duel: Duel, shown: Sequence[Sequence["GanSnapshot"]]) -> list[Chart]:
    t, charts = shown_target(duel.left.config), []
    length = max(1, *map(len, shown))

    def both(name: str, scale: float = 1.0) -> dict[str, np.ndarray]:
        """One value per frame for either game, the last measured one; NaN where it has not begun or has stopped."""
        found = {}
        for role, side, frames in zip(ROLES, (duel.left, duel.right), shown, strict=True):
            values = scale * held(_series(frames, name)) if frames else np.full(length, np.nan)
            values[len(side.seen) :] = np.nan
            found[role] = values
        return found

    if t.modes is not None:
        k = len(t.modes.centres)
        charts += [
            Chart(both("strict_modes"), "modes, strict", roles=ROLES, truth=("all", float(k)), limits=(0.0, 1.06 * k)),
            Chart(
                both("high_quality", 100.0), "good samples, %", roles=ROLES,
                truth=("perfect G", 100 * perfect(t).high_quality), limits=(0.0, 105.0),
            ),
        ]  # fmt: skip
    floors = [frames[-1].w2_floor for frames in shown if frames and np.isfinite(frames[-1].w2_floor)]
    least = ("floor", floors[0]) if floors else None
    return [*charts, Chart(both("w2"), "W₂, units of x", roles=ROLES, truth=least)]


def _series(frames: Sequence["GanSnapshot"], name: str) -> np.ndarray:
    return np.array([getattr(frame, name) for frame in frames], float)
