"""Two games on one time line: a panel for each over the same axes, and how much either covers, step for step."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from playground.coverage import perfect
from playground.gan.charts.stage import Layer, held, run_name, shown_target, stage
from playground.gan.duel import Duel, Side
from playground.gan.words import duel as words
from playground.movie import Chart, Movie, Panel
from playground.theme import Role

if TYPE_CHECKING:
    from playground.gan.training import GanSnapshot

LEFT_OUT: Final = ("push on G", "G of a grid of z")  # of the stage: two small panels show one thing each
ROLES: dict[str, Role] = {"left": "model", "right": "rival"}


def movie(duel: Duel, *, hidden: bool = False, height: int = 420) -> Movie:
    """Both games as a movie that grows with them.

    While only one of them has begun, it is a movie of its own; with the other's first snapshot both start anew, side
    by side. Curves are drawn from the second snapshot on: the first one measures no distance.

    Args:
        hidden: Show only what there is before the first step.
    """
    count = 1 if hidden else duel.count
    sides, shown = (duel.left, duel.right), [frames[:count] for frames in duel.frames]
    begun = "".join("x" if one.seen else "-" for one in sides) + (" curves" if count > 1 else "")
    return Movie(
        [_panel(side, frames, role) for side, frames, role in zip(sides, shown, ROLES, strict=True)],
        duel.steps[:count],
        alt="The samples of two generators, each with the real data and what its discriminator says of every place",
        charts=_charts(sides, shown) if count > 1 else [],
        below=True,
        run=None if hidden else f"{run_name(duel.left.config, duel.right.config)} {begun}",
        live=not (hidden or duel.ended),
        fps=20,
        start=-1,  # a finished one is met where its numbers are
        until=duel.left.config.steps,
        height=height,
    )


def _panel(side: Side, frames: Sequence["GanSnapshot"], role: str) -> Panel:
    """A game's stage, its fakes in its own colour."""
    panel, t = stage(frames, side.config, title=role.capitalize()), shown_target(side.config)
    captions = [
        words.caption(frame, far, t, held=i >= len(side.seen)) for i, (frame, far) in enumerate(_measured(frames))
    ]
    layers = [_named(layer, role) for layer in panel.layers if layer.name not in LEFT_OUT]
    return replace(panel, layers=layers, captions=captions)


def _named(layer: Layer, role: str) -> Layer:
    """The layer; the fakes in the game's colour and under its name."""
    if layer.name != "fakes":
        return layer
    return replace(layer, name=f"fakes, {role}", color=ROLES[role], opacity=0.9)  # type: ignore[arg-type]


def _measured(frames: Sequence["GanSnapshot"]) -> list[tuple["GanSnapshot", float]]:
    """The snapshots, each with the W₂ that was measured last."""
    return list(zip(frames, held(_series(frames, "w2")).tolist(), strict=True))


def _charts(sides: Sequence[Side], shown: Sequence[Sequence["GanSnapshot"]]) -> list[Chart]:
    t, charts = shown_target(sides[0].config), []

    def both(name: str, scale: float = 1.0) -> dict[str, np.ndarray]:
        """One value per frame for either game, the last measured one; NaN where it has not begun or has stopped."""
        found = {role: scale * held(_series(frames, name)) for role, frames in zip(ROLES, shown, strict=True)}
        for values, side in zip(found.values(), sides, strict=True):
            values[len(side.seen) :] = np.nan
        return found

    if t.modes is not None:
        k = len(t.modes.centres)
        charts += [
            Chart(both("strict_modes"), "modes, strict", roles=ROLES, truth=("all", float(k)), limits=(0.0, 1.06 * k)),
            Chart(
                both("high_quality", 100.0), "good, %", roles=ROLES,
                truth=("perfect", 100 * perfect(t).high_quality), limits=(0.0, 105.0),
            ),
        ]  # fmt: skip
    floors = [frames[-1].w2_floor for frames in shown if np.isfinite(frames[-1].w2_floor)]
    least = ("floor", floors[0]) if floors else None
    return [*charts, Chart(both("w2"), "W₂, units of x", roles=ROLES, truth=least)]


def _series(frames: Sequence["GanSnapshot"], name: str) -> np.ndarray:
    return np.array([getattr(frame, name) for frame in frames], float)
