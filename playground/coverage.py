"""How much of a target a generator covers: modes by the published rule and strictly, quality, distances, their floors.

The protocol: draw 2 500 samples, give each to its nearest mode, call it of high quality within 3 standard deviations; a
mode is hit by one such sample, strictly by 20. The published rule is met by a smear, and so is the reverse KL: neither
says anything without the share of high quality beside it.

Source: Srivastava et al., VEEGAN, arXiv 1705.07761 §4.1 (samples, 3 standard deviations, quality); Lin et al., PacGAN,
arXiv 1712.04086 §4.1 (reverse KL over modes). PacGAN's published code leaves samples beyond 3 standard deviations out
of the shares of the modes; here every sample counts. The strict rule is this project's own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import sqrt, tau
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike
    from torch import Tensor

    from playground.targets import Modes, Target

SAMPLES = 2500  # that the protocol draws
RADIUS = 3.0  # standard deviations within which a sample is of high quality
STRICT = 20 / SAMPLES  # of all samples that must be of high quality at a mode for it to be hit strictly
W2_SAMPLES = 512  # of which the exact transport is found in some hundredths of a second
FLOOR_PAIRS = 16
FLOOR_SEED = 20240229


class Coverage(NamedTuple):
    """What a generator covers.

    Attributes:
        modes: With at least one sample of high quality (the published rule).
        strict_modes: With at least 20 of 2 500 samples, or the same share, of high quality.
        high_quality: Share of the samples within 3 standard deviations of their nearest mode, in [0, 1].
        reverse_kl: KL(samples ‖ target) between the shares of the modes, every sample at its nearest mode, in nats. The
            target's shares are 1/k, save where modes all but touch.
    """

    modes: int
    strict_modes: int
    high_quality: float
    reverse_kl: float


class Floor(NamedTuple):
    """What n samples of the target itself score: means, and standard deviations where a run is compared with them.

    Attributes:
        modes, strict_modes: Expected counts.
        high_quality: Expected share; 1 - exp(-9/2) = 0.9889 where modes do not overlap.
        high_quality_sd: Standard deviation of the share over repeated draws.
        reverse_kl: Its expectation, in nats: about (k - 1) / 2n, because shares of a finite sample are never exact.
    """

    modes: float
    strict_modes: float
    high_quality: float
    high_quality_sd: float
    reverse_kl: float


class SampledFloor(NamedTuple):
    """A distance between pairs of independent samples of the target: no generator scores lower on average.

    Attributes:
        mean: Over the pairs.
        sd: Standard deviation over the pairs: how far a single measurement scatters.
        standard_error: Of the mean.
    """

    mean: float
    sd: float
    standard_error: float


class Counts(NamedTuple):
    """Samples at each mode, shape (k,) each: all that have it nearest, and those within 3 standard deviations."""

    nearest: np.ndarray
    high_quality: np.ndarray


def coverage(points: Tensor | ArrayLike, t: Target) -> Coverage:
    """What the points cover of a target that has modes.

    Args:
        points: Shape (n, 2), data units; the protocol has n = 2 500.
    Raises:
        ValueError: The target has no modes, or the points are none or not finite.
    """
    counts = mode_counts(points, t)
    n = int(counts.nearest.sum())
    return Coverage(
        modes=int((counts.high_quality > 0).sum()),
        strict_modes=int((counts.high_quality >= _strictly(n)).sum()),
        high_quality=float(counts.high_quality.sum()) / n,
        reverse_kl=kl(counts.nearest / n, _shares(t)[0]),
    )


def mode_counts(points: Tensor | ArrayLike, t: Target) -> Counts:
    """How many of the points are at each mode; see `coverage`."""
    modes, x = _modes(t), _cloud(points, "points")
    nearest, near = _sorted(x, modes)
    k = len(modes.centres)
    return Counts(np.bincount(nearest, minlength=k), np.bincount(nearest[near], minlength=k))


@lru_cache(maxsize=256)
def perfect(t: Target, n: int = SAMPLES) -> Floor:
    """What `coverage` says on average of n samples of the target itself, by exact sums over binomial counts."""
    from scipy import stats

    nearest, near = _shares(t)
    quality = float(near.sum())
    counts = np.arange(n + 1)[:, None]
    # E Σ q log(q / p) with n q binomial: KL is a sum over modes, so that their dependence does not matter
    q = counts / n
    terms = np.where(counts > 0, q * np.log(np.maximum(q, 1 / n) / nearest), 0.0)  # (n + 1, k)
    return Floor(
        modes=float((1 - (1 - near) ** n).sum()),
        strict_modes=float(stats.binom.sf(_strictly(n) - 1, n, near).sum()),
        high_quality=quality,
        high_quality_sd=sqrt(quality * (1 - quality) / n),
        reverse_kl=float((stats.binom.pmf(counts, n, nearest) * terms).sum()),
    )


def kl(p: np.ndarray, q: np.ndarray) -> float:
    """KL(p ‖ q) of two discrete distributions of shape (k,), q > 0, in nats; where p is 0 the term is 0."""
    some = p > 0
    return max(0.0, float((p[some] * np.log(p[some] / q[some])).sum()))


def w2(points: Tensor | ArrayLike, data: Tensor | ArrayLike, *, n: int | None = None) -> float:
    """The Wasserstein-2 distance between the first n points and the first n data, in data units, exactly.

    Args:
        points, data: Shape (m, 2), with m ≥ n each.
        n: Without it 512, or fewer where there are fewer; the floor depends on it.
    Source: Peyré & Cuturi, Computational Optimal Transport, 2019, §2.2; solved by the network simplex of POT.
    """
    import ot

    x, y = _cloud(points, "points"), _cloud(data, "data")
    n = min(W2_SAMPLES, len(x), len(y)) if n is None else n
    if not 1 <= n <= min(len(x), len(y)):
        raise ValueError(f"n must be in [1, {min(len(x), len(y))}], the points and data at hand, got {n!r}")
    x, y = x[:n], y[:n]
    cost = np.square(x[:, None] - y).sum(-1)  # (n, n)
    equal = np.full(n, 1 / n)
    return sqrt(max(0.0, float(np.asarray(ot.emd2(equal, equal, cost)))))


def energy_distance(points: Tensor | ArrayLike, data: Tensor | ArrayLike) -> float:
    """2 E|X - Y| - E|X - X'| - E|Y - Y'| over all pairs of two clouds, in data units; 0 only if they are equal.

    Two independent samples of n points score E|X - X'| · 2/n on average.

    Source: Székely & Rizzo, J. Statistical Planning and Inference 143:1249, 2013, §2 (SciPy's and others' is its root).
    """
    from scipy.spatial.distance import cdist

    x, y = _cloud(points, "points"), _cloud(data, "data")
    return max(0.0, float(2 * cdist(x, y).mean() - cdist(x, x).mean() - cdist(y, y).mean()))


@lru_cache(maxsize=256)
def two_sample_floor(
    distance: Callable[..., float], t: Target, n: int = W2_SAMPLES, pairs: int = FLOOR_PAIRS
) -> SampledFloor:
    """What `w2` or `energy_distance` says of n points of the target against n others, over independent pairs."""
    import torch

    generator = torch.Generator().manual_seed(FLOOR_SEED)
    clouds = [t.sample(n, generator=generator, dtype=torch.float64).numpy() for _ in range(2 * pairs)]
    found = np.array([distance(x, y) for x, y in zip(clouds[::2], clouds[1::2], strict=True)])
    sd = float(found.std(ddof=1))
    return SampledFloor(float(found.mean()), sd, sd / sqrt(pairs))


def _modes(t: Target) -> Modes:
    if t.modes is None:
        raise ValueError(
            f"coverage needs a target with modes, {t.name} has none: measure w2 or energy_distance instead"
        )
    return t.modes


def _cloud(points: Tensor | ArrayLike, name: str) -> np.ndarray:
    import torch

    if isinstance(points, torch.Tensor):
        points = points.detach().cpu().numpy()
    x = np.asarray(points, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != 2 or len(x) == 0:
        raise ValueError(f"{name} must have shape (n, 2) with n of at least 1, got {x.shape}")
    if not np.isfinite(x).all():
        raise ValueError(f"{name} must be finite, got {int((~np.isfinite(x)).any(1).sum())} of {len(x)} that are not")
    return x


def _strictly(n: int) -> int:
    """The least whole number of samples that is not below the strict share of n, and at least one."""
    return max(1, int(np.ceil(STRICT * n - 1e-9)))


def _sorted(x: np.ndarray, modes: Modes) -> tuple[np.ndarray, np.ndarray]:
    """The index of each point's nearest mode, and whether it is within 3 standard deviations: shape (n,) each."""
    squared = np.square(x[:, :1] - modes.centres[:, 0]) + np.square(x[:, 1:] - modes.centres[:, 1])  # (n, k)
    nearest = squared.argmin(1)
    return nearest, squared[np.arange(len(x)), nearest] < (RADIUS * modes.sigma) ** 2


@lru_cache(maxsize=256)
def _shares(t: Target) -> tuple[np.ndarray, np.ndarray]:
    """The target's own mass nearest to each mode, and of that the mass within 3 standard deviations: shape (k,) each.

    By the midpoint rule in radius and angle around every mode, off by less than 1e-3 of a mode's mass; exact where
    modes are so far apart that they share nothing.
    """
    modes = _modes(t)
    k = len(modes.centres)
    steps = 64
    # radii at the middles of shells of equal mass inside 3 standard deviations and outside, up to 6
    inside, edge = 1 - np.exp(-(RADIUS**2) / 2), np.exp(-(6.0**2) / 2)
    shell = (np.arange(steps) + 0.5) / steps
    tail = np.concatenate([1 - inside * shell, edge + (1 - inside - edge) * shell])  # P(radius > r)
    weight = np.repeat([inside / steps, (1 - inside) / steps], steps) / (k * 2 * steps)
    radius, angle = np.sqrt(-2 * np.log(tail)), tau * (np.arange(2 * steps) + 0.5) / (2 * steps)
    away = radius[:, None, None] * np.stack([np.cos(angle), np.sin(angle)], -1)  # (2 steps, 2 steps, 2)
    nearest_share, near_share = np.zeros(k), np.zeros(k)
    for centre in modes.centres:
        nearest, near = _sorted((centre + modes.sigma * away).reshape(-1, 2), modes)
        mass = np.repeat(weight, 2 * steps)
        nearest_share += np.bincount(nearest, mass, minlength=k)
        near_share += np.bincount(nearest[near], mass[near], minlength=k)
    return nearest_share, near_share
