"""Transport as movies: plans on a line as heat maps, plans in the plane as ways to travel, and critics that learn."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from playground.divergences.clouds import REACH, Scene, blurred, cheapest
from playground.divergences.compare import compare
from playground.divergences.critic import (
    CriticConfig,
    CriticSnapshot,
    exact_critic,
    kantorovich,
    places,
    trained_critic,
)
from playground.divergences.shapes import Shape
from playground.divergences.transport import BINS, Order, Plan, binned, bins, monotone_map, monotone_plan
from playground.movie import Arrows, Chart, Color, Extent, Field, Lines, Movie, Panel, Points
from playground.theme import Role

RUNGS: Final = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 24.0)  # half the axis of a line
_PEAKS: Final = (0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0)
_OUTSIDE: Final = 1e-3  # mass of P and of Q on either side that need not fit
_PIXELS: Final = 6  # along the side of a bin: a field is drawn smooth, a bin shall not be
_MARGIN: Final = 0.3  # of the axis, for the densities along its edges
_ARROWS: Final = (np.arange(9) + 0.5) / 9  # levels of mass whose way is drawn
_TIMES: Final = np.linspace(0, 1, 5)  # straight ways: the browser does the rest
_FAINT: Final = 0.004  # share of a place's mass that no line is drawn for
_GRID: Final = 61  # nodes of the critic in the plane, along a side
_RUG: Final = (np.arange(20) + 0.5) / 20
_LEARNED: Final[dict[str, Role]] = {"clipped": "rival", "with penalty": "model"}
_SIDES: Final[dict[int, str]] = {1: "|x − y|", 2: "|x − y|²"}


def reach(*shapes: Shape) -> float:
    """Half of an axis around 0 that holds the shapes, from a ladder, so that it seldom changes."""
    ends = np.abs([shape.quantile([_OUTSIDE, 1 - _OUTSIDE]) for shape in shapes])
    return next((rung for rung in RUNGS if ends.max() <= rung), RUNGS[-1])


def tallest(*shapes: Shape) -> float:
    """A density that holds the shapes', from a ladder."""
    half = reach(*shapes)
    peak = max(float(shape.pdf(np.linspace(-half, half, 801)).max()) for shape in shapes)
    return next((rung for rung in _PEAKS if peak <= rung), peak)


@lru_cache(maxsize=64)
def line(p: Shape, q: Shape, half: float, tall: float, *, height: int, reveal: bool) -> Movie:
    """The cheapest plan of a line beside the independent one: from x, to y, P and Q along the edges.

    Args:
        half: Of both axes, `reach` of the resting shapes.
        tall: The density that fills the margin.
        height: Of the picture, px.
        reveal: Whether the independent plan is drawn.
    """
    edges = bins(half)
    masses = binned(p, edges), binned(q, edges)
    best, random = monotone_plan(*masses), masses[0][:, None] * masses[1]
    margin = 2 * half * _MARGIN
    extent = (-half - margin, half, -half - margin, half)
    around = [*_edges_of(p, q, half, margin, tall), _diagonal(half)]
    level = np.linspace(-7, 7, 141)  # log odds of the levels of mass that are matched
    ways = p.quantile(_ARROWS)
    there = np.stack([np.zeros_like(ways), monotone_map(p, q, ways) - ways], -1)
    matched = np.stack([p.at_log_odds(level), q.at_log_odds(level)], -1)
    left = [
        _heat(best, "cheapest plan", half),
        *around,
        Lines(matched[None], "T", color="text", width=1.2, opacity=1),
        Arrows(np.stack([ways, ways], -1), there, "way of a ninth of P", color="error", width=1.4, opacity=0.9),
    ]
    right = [_heat(random, "random plan", half), *around] if reveal else around
    titles = ("Cheapest plan", "At random" if reveal else "At random: after your prediction")
    panels = [Panel(layers, title, x="from x", y="to y", extent=extent) for title, layers in
              zip(titles, (left, right), strict=True)]  # fmt: skip
    return Movie(
        panels, [0], height=height,
        alt="Two plans between P and Q as heat maps, from x to y: the cheapest, and mass sent at random",
    )  # fmt: skip


def _heat(plan: np.ndarray, name: str, half: float) -> Field:
    """A plan on the bins; what carries nothing is left blank."""
    upright, visible = plan.T, plan.max() / 508  # rows are y; half of one of 254 levels of colour
    shown = np.where(upright > visible, upright, np.nan)
    side = half - half / (BINS * _PIXELS)
    fine = np.kron(shown, np.ones((_PIXELS, _PIXELS)))
    return Field(fine, name, lo=0, hi=float(plan.max()), extent=(-side, side, -side, side), opacity=0.9)


def _edges_of(p: Shape, q: Shape, half: float, margin: float, tall: float) -> list[Lines]:
    """The densities of P along the bottom and of Q along the left, to one scale."""
    at = np.unique(np.concatenate([np.linspace(-half, half, 161), *(_both_sides(shape) for shape in (p, q))]))
    foot, scale = -half - margin, 0.92 * margin / tall
    ground = np.full(2, foot)
    below = np.stack([np.r_[at, at[-1], at[0]], np.r_[foot + scale * p.pdf(at), ground]], -1)
    beside = np.stack([np.r_[foot + scale * q.pdf(at), ground], np.r_[at, at[-1], at[0]]], -1)
    return [
        Lines(below[None], "P", color="truth", width=2, opacity=1, fill=0.2),
        Lines(beside[None], "Q", color="model", width=2, opacity=1, fill=0.2),
    ]


def _both_sides(shape: Shape) -> np.ndarray:
    """Just before and just after each place where a density jumps."""
    jumps = np.array(shape.breaks)
    return np.concatenate([jumps - 1e-6, jumps + 1e-6])


def _diagonal(half: float) -> Lines:
    return Lines(np.array([[[-half, -half], [half, half]]]), "y = x: nothing moves", dash=(2, 4), opacity=0.9)


# -- in the plane


@lru_cache(maxsize=64)
def plane(scene: Scene, order: Order, epsilon: float, rounds: int, *, height: int, critic: bool, reveal: bool) -> Movie:
    """Mass on its way from P (t = 0) to Q (t = 1), by the exact plan and by Sinkhorn's.

    Args:
        scene: With points in both clouds.
        height: Of the picture, px.
        critic: Whether the best critic lies under the exact plan.
        reveal: Whether the ways are drawn.
    """
    x, y = scene.points
    exact, soft = cheapest(scene, order), blurred(scene, order, epsilon, rounds)
    ends: list[Points] = [
        Points(x, "P", color="truth", size=4.2, opacity=1),
        Points(y, "Q", color="model", size=4.2, opacity=1),
    ]
    left = _travel(x, y, exact, "data", "mass") if reveal else []
    right = _travel(x, y, soft, "rival", "mass by Sinkhorn") if reveal else []
    under = [_critic_field(x, y)] if critic and reveal else []
    box: Extent = (-REACH, REACH, -REACH, REACH)
    return Movie(
        [
            Panel([*under, *left[:1], *ends, *left[1:]], "Cheapest plan", extent=box),
            Panel([*right[:1], *ends, *right[1:]], "Sinkhorn's plan", extent=box),
        ],
        _TIMES if reveal else [0], time_name="t", digits=2, fps=1.6, start=2 if reveal else 0, height=height,
        alt=f"Two clouds P and Q, and mass on its way from P to Q at the least {_SIDES[order]}, exact and by Sinkhorn",
    )  # fmt: skip


def _travel(x: np.ndarray, y: np.ndarray, plan: Plan, color: Color, name: str) -> list[Lines | Points]:
    """The ways of a plan as lines, and the mass on them at every time; both as heavy as what they carry."""
    i, j, mass = plan.ways(_FAINT * float(plan.p.min()))
    weight = np.clip(mass * max(plan.mass.shape), 0, 1)
    on_the_way = (1 - _TIMES[:, None, None]) * x[i] + _TIMES[:, None, None] * y[j]  # (times, ways, 2)
    return [
        Lines(
            np.stack([x[i], y[j]], 1),
            f"ways of {name}",
            color=color,
            width=1.6,
            dash=(),
            opacity=0.7,
            weight=weight**0.7,
        ),
        Points(on_the_way, name, color=color, size=4.2, opacity=0.9, weight=weight),
    ]


def _critic_field(x: np.ndarray, y: np.ndarray) -> Field:
    side = np.linspace(-REACH, REACH, _GRID)
    grid = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)
    potential = kantorovich(x, y)
    height = potential(grid) - potential(np.concatenate([x, y])).mean()
    return Field(height.reshape(_GRID, _GRID), "critic f", scale="diverging", opacity=0.55)


# -- critics


@lru_cache(maxsize=64)
def critics(
    now: tuple[Shape, Shape],
    resting: tuple[Shape, Shape],
    clip: CriticConfig,
    penalty: CriticConfig,
    *,
    height: int,
    reveal: bool,
) -> Movie:
    """The best critic of P and Q, and two that learn, all scaled to a largest slope of 1.

    Args:
        now, resting: P and Q, and as they were when the knobs last rested: axes follow these, and so do the two that
            learn, which are not drawn meanwhile.
        height: Of the picture, px.
        reveal: Whether the two are trained and drawn.
    """
    p, q = now
    x = places(p, q)
    tall = _tallest_critic(*resting)
    foot = -1.3 * tall
    half = reach(*resting)
    # broad and faint, at the back: a critic that finds it runs along its middle
    layers: list[Lines | Points] = [
        _curve(x, _best(p, q), "best critic", "truth", 8, opacity=0.45, dash=(12, 8)),
        Points(_rug(p, foot + 0.2 * tall), "P", color="truth", size=4.2, opacity=1),
        Points(_rug(q, foot + 0.08 * tall), "Q", color="model", size=4.2, opacity=1),
        _curve(x, q.cdf(x) - p.cdf(x), "F_Q − F_P", "error", 1.6),
    ]
    steps, charts = [0], []
    if reveal:
        runs = {name: trained_critic(config, *resting) for name, config in zip(_LEARNED, (clip, penalty), strict=True)}
        shown = 1.0 if now == resting else np.nan
        steps, charts = [seen.step for seen in runs["clipped"]], _beside(runs, compare(p, q).w1, shown)
        for name, run in runs.items():
            scaled = np.array([_centred(seen.f / max(seen.slope, 1e-12), x, p, q) for seen in run])
            layers.append(_curve(x, shown * scaled, name, _LEARNED[name], 2.6))
    return Movie(
        [Panel(layers, x="x", y="f, units of x", extent=(-half, half, foot, tall))], steps, time_name="update",
        charts=charts, start=-1, height=height,
        alt="Critics of P and Q: the best of slope 1, and two learned ones scaled to slope 1",
    )  # fmt: skip


def _beside(runs: Mapping[str, Sequence[CriticSnapshot]], w1: float, shown: float) -> list[Chart]:
    """What each run reached and how steep it was, times `shown`: 1, or NaN to leave the axes alone."""
    reached = {name: np.array([seen.fair for seen in run]) for name, run in runs.items()}
    slopes = {name: np.array([seen.slope for seen in run]) for name, run in runs.items()}
    low, high = (end([0.0, w1, 0.1, *np.concatenate([*reached.values()])]) for end in (min, max))
    air = 0.06 * (high - low)
    steep = np.concatenate([[1.0], *slopes.values()])
    return [
        Chart(
            {name: shown * values for name, values in reached.items()}, "Reached, scaled to slope 1", roles=_LEARNED,
            truth=("W₁", w1), limits=(low - air, high + air),
        ),
        Chart(
            {name: shown * values for name, values in slopes.items()}, "Largest slope as trained", roles=_LEARNED,
            truth=("allowed", 1.0), log=True, limits=(max(0.8 * steep.min(), 1e-6), 1.25 * steep.max()),
        ),
    ]  # fmt: skip


def _best(p: Shape, q: Shape) -> np.ndarray:
    x = places(p, q)
    return _centred(exact_critic(p, q, x), x, p, q)


def _tallest_critic(p: Shape, q: Shape) -> float:
    """Half the width holds every critic of slope 1 that has its mean in the middle."""
    room = max(float(np.abs(_best(p, q)).max()), float(np.ptp(places(p, q))) / 2)
    return next((rung for rung in RUNGS if room <= rung), RUNGS[-1])


def _rug(shape: Shape, height: float) -> np.ndarray:
    return np.stack([shape.quantile(_RUG), np.full(len(_RUG), height)], -1)


def _curve(
    x: np.ndarray, y: np.ndarray, name: str, color: Color, width: float, *, opacity: float = 1.0,
    dash: tuple[int, ...] | None = None,
) -> Lines:  # fmt: skip
    """y of shape (k,) or (frames, k) over x; thinned to what an eye can see."""
    across = np.broadcast_to(x, y.shape)
    return Lines(
        np.stack([across, y], -1)[..., None, ::4, :], name, color=color, width=width, opacity=opacity, dash=dash
    )


def _centred(f: np.ndarray, x: np.ndarray, p: Shape, q: Shape) -> np.ndarray:
    """The same critic, moved so that its mean over P and Q is 0: where a critic stands does not matter."""
    weight = np.gradient((p.cdf(x) + q.cdf(x)) / 2)
    return f - float(f @ weight / weight.sum())
