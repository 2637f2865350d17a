"""Separation as a movie over theta: the two copies, and each divergence as a landscape for Q to stand in."""

from functools import lru_cache
from typing import Final, Literal

import numpy as np

from playground.divergences.separation import Copies, Curve, Measure, Units
from playground.divergences.words import separation as words
from playground.movie import Arrows, Extent, Lines, Movie, Panel, Points

View = Literal["Distance", "Slope"]
FARTHEST: Final = 2.5  # where theta ends
THETA: Final = np.arange(-50, 51) / 20  # 0 is one of them
STEP_SIZE: Final = 1.0  # the arrow is one step of gradient descent at this rate
_START: Final = 86  # the frame of theta = 1.8
_WIDE: Final = 3.0
_ASPECT: Final = 0.5
_RUNGS: Final = (0.6, 1.2, 2.4, 6.0)
_TITLES: Final[dict[Measure, tuple[str, str, str]]] = {  # name, unit, unit of the slope
    "KL": ("KL(P‖Q) = KL(Q‖P)", "{units}", "{units} / unit of x"),
    "JS": ("JS", "{units}", "{units} / unit of x"),
    "TV": ("Total variation", "share of mass", "share / unit of x"),
    "Hellinger": ("Hellinger", "no unit", "1 / unit of x"),
    "W1": ("W₁ = W₂", "units of x", "no unit"),
}
_SHORT: Final[dict[Measure, str]] = {"KL": "KL", "TV": "total variation"}
_TOP: Final = 2.8  # of what has no ceiling


@lru_cache(maxsize=64)
def movie(copies: Copies, settled: Copies, view: View, *, reveal: bool, units: Units = "nats") -> Movie:
    """Six linked panels over theta in [-2.5, 2.5].

    Args:
        settled: Where the knobs rest; the axes follow these, and give way during a drag only to what would leave.
        reveal: Whether the divergences are drawn, or only where P and Q stand.
        units: Of KL and JS; the arrows are steps in nats all the same.
    """
    curves, pulls = copies.curves(THETA, units), copies.curves(THETA)
    view = view if reveal else "Distance"  # how steep the axis is would tell
    top = max(_steepest(copies, units), _steepest(settled, units)) if view == "Slope" else None
    panels = [_shapes(copies, settled)]
    panels += [
        _landscape(copies, name, curves[name], pulls[name].slope, view, top, units, reveal=reveal) for name in _TITLES
    ]
    return Movie(
        panels, THETA, time_name="θ", digits=2, start=_START, columns=3, fps=20,
        text=words.frames(copies, tuple(THETA.tolist()), slopes=view == "Slope", units=units) if reveal else None,
        alt="Two copies of one shape move apart; under them each divergence against their distance θ",
    )  # fmt: skip


def _shapes(copies: Copies, settled: Copies) -> Panel:
    outline = _outline(copies)
    moved = outline + np.stack([THETA, np.zeros_like(THETA)], -1)[:, None]  # (frames, k, 2)
    layers = [
        Lines(outline[None], "P", color="truth", width=2.4, opacity=1),
        Lines(moved[:, None], "Q", color="model", width=2.6, opacity=1, fill=0.18),
    ]
    top = _rung(max(float(_outline(each)[:, 1].max()) for each in (copies, settled)))
    y = "mass" if copies.kind == "points" else "density"
    return Panel(layers, "P stays, Q moves", x="x", y=y, extent=_extent(-0.04 * top, top), aspect=_ASPECT)


def _outline(copies: Copies) -> np.ndarray:
    """The density of the copy at 0 from foot to foot, shape (k, 2); of a point, its mass as a stem."""
    half = copies.width / 2
    if copies.kind == "points":
        return np.array([[0.0, 0.0], [0.0, 1.0]])
    if copies.kind == "uniforms":
        return np.array([[-half, 0.0], [-half, 0.5 / half], [half, 0.5 / half], [half, 0.0]])
    z = np.linspace(-4, 4, 81)
    return np.stack([copies.width * z, np.exp(-(z**2) / 2) / (np.sqrt(2 * np.pi) * copies.width)], -1)


def _landscape(
    copies: Copies, name: Measure, curve: Curve, pull: np.ndarray, view: View, top: float | None, units: Units,
    *, reveal: bool,
) -> Panel:  # fmt: skip
    """One divergence, or its slope, over theta; Q stands on the ground and the arrow is its next step."""
    title, unit, slope_unit = (text.format(units=units) for text in _TITLES[name])
    ceiling = _ceiling(name, units)
    high = top or (_TOP if ceiling is None else 1.12 * ceiling)
    low = -high if top else -0.1 * high
    ground = np.zeros_like(THETA)
    stands = np.stack([THETA, ground], -1)[:, None]  # (frames, 1, 2)
    layers: list[Arrows | Lines | Points] = []
    if reveal:
        height = curve.value if view == "Distance" else curve.slope
        jumps = copies.kind == "points" and name != "W1"
        layers += _drawn(curve, ceiling, view, high, jumps=jumps)
        foot_and_head = np.stack([stands[:, 0], np.stack([THETA, np.minimum(height, 2 * high)], -1)], 1)
        stick = "distance at θ" if view == "Distance" else "slope at θ"
        layers.append(Lines(foot_and_head[:, None], stick, color="error", width=3.5, dash=(), opacity=1))
        step = np.stack([-STEP_SIZE * pull, ground], -1)[:, None]
        layers.append(Arrows(stands, step, "one step downhill", color="model", width=2.6, opacity=1))
    layers += [
        Points(np.zeros((1, 2)), "P", color="truth", size=6, opacity=1),
        Points(stands, "Q", color="model", size=6, opacity=1),
    ]
    title, y = (f"Slope of {_SHORT.get(name, title)}", slope_unit) if view == "Slope" else (title, unit)
    return Panel(layers, title, x="θ, units of x", y=y, extent=_extent(low, high), aspect=_ASPECT)


def _ceiling(name: Measure, units: Units) -> float | None:
    if name == "JS" and units == "nats":
        return float(np.log(2))
    return 1.0 if name in ("JS", "TV", "Hellinger") else None


def _drawn(
    curve: Curve, ceiling: float | None, view: View, high: float, *, jumps: bool
) -> list[Arrows | Lines | Points]:
    """The curve itself, its ceiling, and arrows out of the picture where it is infinite."""
    layers: list[Arrows | Lines | Points] = []
    if view == "Distance" and ceiling is not None:
        ends = np.array([[[-_WIDE, ceiling], [_WIDE, ceiling]]])
        layers.append(Lines(ends, "most it can be", color="truth", width=1.4, opacity=1))
    height = curve.value if view == "Distance" else curve.slope
    if np.isnan(curve.slope[THETA != 0]).all():  # infinite at every theta but 0
        if view == "Distance":
            at = np.stack([np.array([-2.5, -2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 2.5]), np.full(10, 0.72 * high)], -1)
            up = np.tile([0.0, 0.24 * high], (10, 1))
            layers.append(Arrows(at, up, "∞", color="error", width=2, opacity=1))
        return layers
    # a jump at 0 is no steep line
    height = np.where((THETA == 0) & jumps, np.nan, height)
    what = "divergence" if view == "Distance" else "its slope"
    return [*layers, Lines(np.stack([THETA, height], -1)[None], what, color="error", width=2.4, opacity=1)]


def _steepest(copies: Copies, units: Units) -> float:
    """The end of the slope axis: a rung above every finite slope but KL's, which may leave the picture."""
    slopes = [curve.slope for name, curve in copies.curves(THETA, units).items() if name not in ("KL", "Hellinger")]
    return _rung(float(np.nanmax(np.abs(slopes))))


def _rung(value: float) -> float:
    return next((rung for rung in _RUNGS if value <= 0.95 * rung), _RUNGS[-1])


def _extent(low: float, high: float) -> Extent:
    return -_WIDE, _WIDE, low, high
