"""The posterior flip by flip as a movie: the flips as they came beside the same flips in another order."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np

from playground.bernoulli.charts.densities import density_top
from playground.bernoulli.flips import Flips, Order
from playground.bernoulli.priors import Point, Prior
from playground.movie import Chart, Lines, Movie, Panel
from playground.theme import Role

ALT: Final = (
    "Two panels over θ: the posterior flip by flip, as the flips came and in another order; beside them its mean"
)
MOST_FRAMES: Final = 100
_BASE: Final = np.concatenate([[0.0005, 0.003], np.linspace(0.01, 0.99, 79), [0.997, 0.9995]])
_TALL: Final = 40  # a density above which early flips would look flat
_AROUND: Final = np.linspace(-5, 5, 41)  # standard deviations

# heads as it came, heads in the other order, flips so far, the belief at the end -> a sentence
Told = Callable[[int, int, int, Prior | None], str]


def frames(count: int) -> np.ndarray:
    """After how many flips there is a frame: 0 and `count` among them, the first flips all, later ones fewer."""
    if count < MOST_FRAMES:
        return np.arange(count + 1)
    return np.unique(np.concatenate([np.arange(21), np.geomspace(21, count, MOST_FRAMES - 21).round().astype(int)]))


def paths(flips: Flips, order: Order, *, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flips and, in both orders, heads so far at every frame, shape (frames,) each."""
    at = frames(flips.count)
    came, arranged = (
        np.concatenate([[0], np.cumsum(flip)])[at]
        for flip in (flips.came(seed=seed), flips.arranged(order, seed=seed + 1))
    )
    return at, came, arranged


@lru_cache(maxsize=32)
def movie(prior: Prior, flips: Flips, order: Order, *, truth: float | None, seed: int, told: Told) -> Movie:
    """Both orders over one time line; the ends are the same.

    Args:
        truth: The coin's real P(heads), where it is known.
        seed: Of the shuffles.
        told: The sentence under a frame.
    """
    at, came, arranged = paths(flips, order, seed=seed)
    beliefs = [
        [_after(prior, int(h), int(m - h)) for h, m in zip(heads, at, strict=True)] for heads in (came, arranged)
    ]
    last = beliefs[0][-1]
    tall = [belief for path in beliefs for belief in path[:: max(1, len(at) // 12)]]
    top = float(density_top(prior, last, *tall))
    if peaked := top > _TALL:  # one axis cannot show the first flips and the last: each density by its own peak
        top = 1.0
    sides: tuple[tuple[str, list[Prior], np.ndarray, Role], ...] = (
        ("as it came", beliefs[0], came, "model"),
        (order, beliefs[1], arranged, "rival"),
    )
    extent = (0.0, 1.0, -0.06 * top, 1.08 * top)
    panels = [
        Panel(
            _layers(prior, path, heads, at, role, top, peaked), title, x="θ, probability of heads",
            y="density ÷ its peak" if peaked else "density", extent=extent,
            aspect=0.8,
        )
        for title, path, heads, role in sides
    ]  # fmt: skip
    means = {"as it came": [b.mean() for b in beliefs[0]], order: [b.mean() for b in beliefs[1]]}
    chart = Chart(
        means, "posterior mean", roles={"as it came": "model", order: "rival"}, limits=(0.0, 1.0),
        truth=None if truth is None else ("true θ", truth),
    )  # fmt: skip
    text = [
        told(int(h), int(g), int(m), last if m == flips.count else None)
        for h, g, m in zip(came, arranged, at, strict=True)
    ]
    return Movie(
        panels,
        at,
        charts=[chart],
        alt=ALT,
        text=text,
        time_name="flip",
        height=330,
        fps=10,
        columns=3,
        start=len(at) // 2,
    )


@lru_cache(maxsize=4096)
def _after(prior: Prior, heads: int, tails: int) -> Prior:
    return prior.after(heads, tails)


def _layers(
    prior: Prior, path: list[Prior], heads: np.ndarray, at: np.ndarray, role: Role, top: float, peaked: bool
) -> list[Lines]:
    parts = sum(not isinstance(part, Point) for _, part in getattr(prior, "parts", ((1.0, prior),)))
    curves = np.stack([_curve(belief, parts, top, peaked) for belief in path])[:, None]  # (frames, 1, k, 2)
    ticks = np.zeros((len(at), 1, 2, 2))  # (frames, 1, ends, 2)
    ticks[:, 0, :, 0] = (heads / np.maximum(at, 1))[:, None]
    ticks[:, 0, :, 1] = np.where(at[:, None] > 0, [-0.06 * top, 0.0], -top)  # before the first flip out of sight
    layers = [
        Lines(_curve(prior, parts, top, peaked)[None], "prior", color="prior", width=2, opacity=1),
        Lines(
            _curve(path[-1], parts, top, peaked)[None],
            "where both end",
            color="muted",
            width=1.2,
            dash=(2, 3),
            opacity=0.9,
        ),
        Lines(curves, "posterior", color=role, width=2.8, dash=(), opacity=1, fill=0.14),
        Lines(ticks, "MLE", color="data", width=4, dash=(), opacity=1),
    ]
    if prior.atoms:
        spikes = [at for at, _ in prior.atoms]
        stems = np.zeros((len(path), len(spikes), 2, 2))
        stems[..., 0] = np.array(spikes)[:, None]
        stems[:, :, 1, 1] = [[dict(belief.atoms).get(at, 0.0) * top for at in spikes] for belief in path]
        layers.insert(3, Lines(stems, "probability of the spike", color=role, width=4, dash=(), opacity=1))
    return layers


def _curve(belief: Prior, parts: int, top: float, peaked: bool) -> np.ndarray:
    """The density as a line from (0, 0) to (1, 0), shape (k, 2); k depends on the number of parts alone."""
    smooth = [part for _, part in getattr(belief, "parts", ((1.0, belief),)) if not isinstance(part, Point)]
    around = [part.mean() + _AROUND * part.variance() ** 0.5 for part in smooth]
    around += [np.full(len(_AROUND), 0.5)] * (parts - len(smooth))  # a component that has lost all its weight
    theta = np.sort(np.clip(np.concatenate([_BASE, *around]), 0.0005, 0.9995))
    with np.errstate(over="ignore"):
        height = belief.density(theta)
    height = height / height.max() if peaked else np.minimum(height, 1.5 * top)
    return np.stack([np.concatenate([[0.0], theta, [1.0]]), np.concatenate([[0.0], height, [0.0]])], -1)
