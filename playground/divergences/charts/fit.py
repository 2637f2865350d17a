"""Fit as a movie over the steps: one Gaussian on four divergences, a panel each, and under it what it lowers."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

import numpy as np

from playground.divergences.fit import OBJECTIVES, STARTS, Descent, Floor, floors, in_units, paths, plane_of
from playground.divergences.gaussians import Gaussian
from playground.divergences.separation import Units
from playground.divergences.words import fit as words
from playground.movie import Chart, Extent, Field, Lines, Movie, Panel, Points

View = Literal["Curves", "Landscape"]
FRAMES: Final = 121  # at most
_Z: Final = np.linspace(-4, 4, 65)
_ASPECT: Final = 1.1
_HALF_WIDTHS: Final = (3, 5, 6, 7.5, 10, 15)  # rungs of the x axis, each with three round ticks
_DENSITIES: Final = (0.4, 0.6, 1.0, 1.4, 2.0)
_VALUES: Final = (0.75, 1.5, 3, 6, 12, 25, 50, 100, 200, 400)
_LOG_SD: Final = (float(np.log(0.2)), float(np.log(12)))  # the landscape, from below to above
_CELLS: Final = (33, 49)


@lru_cache(maxsize=64)
def movie(config: Descent, settled: Descent, view: View, *, reveal: bool, units: Units = "nats") -> Movie:
    """Four linked panels and four charts over the steps of the runs from `config.start`.

    Args:
        settled: Where the knobs rest; the axes follow these, and give way during a drag only to what would leave.
        reveal: Whether the runs are shown, or only where they begin.
        units: Of KL and JS in the charts.
    """
    steps = frames(config) if reveal else np.zeros(1, int)
    run, j = paths(config), STARTS.index(config.start)
    mean, sd, value = (array[steps][:, :, j] for array in (run.mean, run.sd, run.value))  # (frames, 4)
    least = floors(config)
    draw = _landscape if view == "Landscape" and reveal else _curves
    panels = [draw(config, settled, i, mean[:, i], sd[:, i], least[i], reveal=reveal) for i in range(4)]
    highest = np.maximum(run.value[:, :, j].max(0), paths(settled).value[:, :, j].max(0))
    charts = [_chart(i, value[:, i], least[i].value, float(highest[i]), units) for i in range(4)] if reveal else []
    return Movie(
        panels, steps, time_name="step", columns=4, charts=charts, fps=15, start=-1,
        text=words.frames(mean, sd) if reveal else None,
        alt="One Gaussian Q fitted to two bumps P by gradient descent on four divergences, side by side",
    )  # fmt: skip


def frames(config: Descent) -> np.ndarray:
    """The steps that are shown, dense at first, where most happens; the first and the last are among them."""
    return np.unique(np.rint(config.steps * np.linspace(0, 1, FRAMES) ** 2).astype(int))


def _curves(
    config: Descent, settled: Descent, i: int, mean: np.ndarray, sd: np.ndarray, least: Floor, *, reveal: bool
) -> Panel:
    """The densities of P, of Q as it moves, and of the best Q."""
    extent = _view(config, settled)
    x = np.linspace(*extent[:2], 161)
    layers = [Lines(_line(x, config.target.pdf(x)), "P", color="truth", width=2.2, opacity=1)]
    if reveal:
        best = np.stack([_bell(np.array([fit.mean]), np.array([fit.sd]))[0] for fit in least.fits])
        layers.append(Lines(best, "best Q", color="muted", width=1.4, dash=(2, 3), opacity=1))
    moving = _bell(mean, sd)[:, None]
    layers.append(Lines(moving, "Q", color="model", width=2.4, opacity=1, fill=0.18))
    return Panel(layers, OBJECTIVES[i], x="x", y="density", extent=extent, aspect=_ASPECT)


def _landscape(
    config: Descent, settled: Descent, i: int, mean: np.ndarray, sd: np.ndarray, least: Floor, *, reveal: bool
) -> Panel:
    """The divergence as a height over the plane of (mean, log sd), the way down, and the lowest places."""
    del reveal  # a landscape that hides its shape is none
    x0, x1, *_ = _view(config, settled)
    values = _map(config.target.weight, config.gap, config.width, x0, x1)[i]
    place = np.stack([mean, np.log(sd)], -1)[:, None]  # (frames, 1, 2)
    run, j = paths(config), STARTS.index(config.start)
    highest = max(float(run.value[:, i, j].max()), least.value + 0.05)
    height = np.sqrt(np.clip((values - least.value) / (highest - least.value), 0, 1))
    best = np.array([[fit.mean, np.log(fit.sd)] for fit in least.fits])
    layers = [
        Field(height, "height, floor to start", lo=0, hi=1, opacity=0.75),
        Points(best, "best Q", color="truth", size=6, opacity=1),
        Points(place, "Q", color="model", size=6, opacity=1, trail=1),
    ]
    return Panel(layers, OBJECTIVES[i], x="μ of Q", y="log σ of Q", extent=(x0, x1, *_LOG_SD), aspect=_ASPECT)


@lru_cache(maxsize=32)
def _map(weight: float, gap: float, width: float, x0: float, x1: float) -> np.ndarray:
    plane = plane_of(Descent(weight=weight, gap=gap, width=width).target)
    return plane.map(np.linspace(x0, x1, _CELLS[1]), np.linspace(*_LOG_SD, _CELLS[0]))


def _chart(i: int, value: np.ndarray, least: float, highest: float, units: Units) -> Chart:
    """What the run lowers, with the least it can be."""
    name = OBJECTIVES[i]
    scale = in_units(name, units)
    top = _rung(scale * max(highest, 1.05 * least), _VALUES)
    return Chart(
        {"now": scale * value}, f"{name}, {'units of x²' if name == 'W₂²' else units}", roles={"now": "error"},
        truth=("floor", scale * least), limits=(0.0, top),
    )  # fmt: skip


def _view(*configs: Descent) -> Extent:
    """Around P, the start, and the tallest that Q is likely to become, of all of these."""
    ends = [_ends(config) for config in configs]
    half, right, top = (max(each) for each in zip(*ends, strict=True))
    return -half, max(half, right), -0.04 * top, top


def _ends(config: Descent) -> tuple[float, float, float]:
    half = _rung(config.gap / 2 + 3 * config.width + 0.5, _HALF_WIDTHS)
    right = _rung(config.origin.mean + 4 * config.origin.sd, _HALF_WIDTHS) if config.start == "far" else half
    return half, right, _rung(0.42 / min(config.width, config.origin.sd), _DENSITIES)


def _rung(value: float, rungs: Sequence[float]) -> float:
    return float(next((rung for rung in rungs if value <= rung), rungs[-1]))


def _line(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.stack([x, y], -1)[None]


def _bell(mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """The densities of Gaussians from foot to foot, shape (n, k, 2)."""
    x = mean[:, None] + sd[:, None] * _Z
    peak = Gaussian(0.0, 1.0).pdf(_Z)
    return np.stack([x, peak / sd[:, None]], -1)
