"""Targets made of equal round Gaussians: a ring, a grid, modes placed by hand, and a kernel density of a drawn cloud.

Source: Lin, Khetan, Fanti & Oh, PacGAN, arXiv 1712.04086 §4.1 (2D-ring and 2D-grid, as published with
their code); Grathwohl et al., FFJORD, arXiv 1810.01367 (8gaussians, where the published code divides by 1.414, not √2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import cos, dist, log, pi, sin
from typing import TYPE_CHECKING

import numpy as np

from playground.targets.base import (
    FLOAT32_STEPS,
    LARGEST,
    SMALLEST,
    Modes,
    Place,
    Target,
    Value,
    choices,
    noise,
    number,
    places,
    square,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike
    from torch import Generator, Tensor

MOST_MODES = 100
MOST_POINTS = 2000  # of a drawn cloud
NARROWEST = 0.01  # bandwidth of a drawn cloud, as a share of its half width: below it the cloud is a set of dots
REACH = 8.0  # standard deviations that quadrature looks at; 1e-15 of the mass is farther out


@dataclass(frozen=True)
class Gaussians(Target):
    """p(x) = 1/k Σ N(x; c_j, sigma² I).

    Attributes:
        centres: The c_j, data units.
        sigma: Standard deviation along each axis, data units.
    """

    centres: tuple[Place, ...]
    sigma: float

    @property
    def modes(self) -> Modes | None:
        return Modes(np.array(self.centres), self.sigma)

    @property
    def entropy_nats(self) -> float:
        return self._entropy

    @property
    def entropy_error(self) -> float:
        return 0.0 if self._apart else 1e-8

    @property
    def _apart(self) -> bool:
        """Whether no two Gaussians overlap by more than 1e-15 of their mass."""
        return nearest_pair(self.centres)[0] >= 2 * REACH * self.sigma

    @cached_property
    def _entropy(self) -> float:
        """log k + log(2πe sigma²) less what is lost by overlap, by the trapezoid rule around every centre.

        The rule converges geometrically on analytic functions of the plane; an eighth of sigma leaves less than 1e-8.
        """
        import torch

        k = len(self.centres)
        separate = log(k) + 1.0 + log(2 * pi * self.sigma**2)
        if self._apart:
            return separate
        side = torch.arange(-REACH, REACH + 1e-9, 0.125, dtype=torch.float64)
        z = torch.cartesian_prod(side, side)  # (m, 2), in standard deviations
        weight = torch.exp(-z.square().sum(1) / 2)
        weight /= weight.sum()
        centres = torch.tensor(self.centres, dtype=torch.float64) / self.sigma
        overlap = 0.0
        for centre in centres:
            away = centres - centre  # (k, 2)
            away = away[away.norm(dim=1) <= 2 * REACH]
            share = torch.logsumexp(z @ away.mT - away.square().sum(1) / 2, 1)  # (m,)
            overlap += float(weight @ share) / k
        return separate - overlap

    @property
    def _nodes(self) -> int:
        return len(self.centres)

    def _draw(self, n: int, generator: Generator) -> Tensor:
        import torch

        centres = torch.tensor(self.centres, dtype=torch.float64, device=generator.device)
        return centres[choices(n, len(centres), generator)] + self.sigma * noise(n, generator)

    def _log_density(self, x: Tensor) -> Tensor:
        import torch

        centres = torch.tensor(self.centres, dtype=x.dtype, device=x.device)
        squared = (x[:, :1] - centres[:, 0]).square() + (x[:, 1:] - centres[:, 1]).square()  # (n, k)
        return torch.logsumexp(squared / (-2 * self.sigma**2), 1) - log(2 * pi * self.sigma**2 * len(self.centres))


@dataclass(frozen=True)
class DrawnCloud(Gaussians):
    """A kernel density estimate: the drawn points are its centres, its bandwidth is sigma. It claims no modes."""

    @property
    def modes(self) -> Modes | None:
        return None

    @property
    def entropy_error(self) -> float:
        return 1e-6

    @cached_property
    def _entropy(self) -> float:
        """-∫ p log p by the trapezoid rule at a step of one bandwidth: for one kernel alone it is off by 1e-7."""
        import torch

        spots = np.array(self.centres)
        low, high = spots.min(0) - REACH * self.sigma, spots.max(0) + REACH * self.sigma
        x, y = (torch.arange(a, b, self.sigma, dtype=torch.float64) for a, b in zip(low, high, strict=True))
        log_p = self.log_prob(torch.cartesian_prod(x, y))
        return float(-torch.special.xlogy(log_p.exp(), log_p.exp()).sum()) * self.sigma**2


def ring(k: int, radius: float, sigma: float) -> Gaussians:
    """k Gaussians at equal angles on a circle around the origin, the first at (radius, 0).

    Raises:
        ValueError: k is not in [2, MOST_MODES], or sigma is too small for float32 or so large that modes merge.
    """
    k, radius = _several(k, MOST_MODES), number(radius, "radius", low=SMALLEST, high=LARGEST)
    centres = tuple((radius * cos(2 * pi * i / k), radius * sin(2 * pi * i / k)) for i in range(k))
    return _gaussians("ring", {"k": k, "radius": radius}, centres, sigma)


def grid(k: int, step: float, sigma: float) -> Gaussians:
    """k × k Gaussians `step` apart, centred on the origin.

    Raises:
        ValueError: k × k exceeds MOST_MODES, or sigma is too small for float32 or so large that modes merge.
    """
    most = int(MOST_MODES**0.5)
    if isinstance(k, int) and k > most:
        raise ValueError(f"k must be in [2, {most}], since k × k may not exceed {MOST_MODES} modes; got {k!r}")
    k = _several(k, most)
    step = number(step, "step", low=SMALLEST, high=2 * LARGEST / (k - 1))
    line = [step * (i - (k - 1) / 2) for i in range(k)]
    return _gaussians("grid", {"k": k, "step": step}, tuple((x, y) for x in line for y in line), sigma)


def placed_modes(centres: ArrayLike | Sequence[Sequence[float]], sigma: float) -> Gaussians:
    """Gaussians at the given places.

    Args:
        centres: Shape (k, 2), k in [2, MOST_MODES], data units, no two closer than two sigma.
    """
    found = places(centres, "centres")
    if not 2 <= len(found) <= MOST_MODES:
        raise ValueError(f"centres must be between 2 and {MOST_MODES} places, got {len(found)}{_lonely(len(found))}")
    return _gaussians("placed-modes", {"centres": found}, found, sigma)


def drawn_cloud(points: ArrayLike | Sequence[Sequence[float]], bandwidth: float | None = None) -> DrawnCloud:
    """The kernel density estimate of a cloud of points that somebody drew.

    Args:
        points: Shape (n, 2), n in [2, MOST_POINTS], data units, not all in one place.
        bandwidth: Standard deviation of the Gaussian kernel; without it, `best_bandwidth`.
    """
    found = places(points, "points")
    if len(set(found)) < 2:
        count = "none" if not found else f"{len(found)} in one place"
        raise ValueError(f"points must be at least 2 in different places, got {count}: draw a longer line")
    if len(found) > MOST_POINTS:
        raise ValueError(f"points must be at most {MOST_POINTS}, got {len(found)}")
    spread = max(high - low for low, high in zip(np.min(found, 0), np.max(found, 0), strict=True))
    if bandwidth is None:
        bandwidth = best_bandwidth(found)
    bandwidth = number(bandwidth, "bandwidth", low=_least_sigma(found), high=LARGEST)
    middle = tuple(float(m) for m in (np.min(found, 0) + np.max(found, 0)) / 2)
    extent = square(0.6 * spread + 4 * bandwidth, (middle[0], middle[1]))
    return DrawnCloud("drawn-cloud", (("points", found), ("bandwidth", bandwidth)), extent, found, bandwidth)


def best_bandwidth(points: Sequence[Place]) -> float:
    """The bandwidth under which each point is likeliest given all the others, to three digits, data units.

    Chosen by the leave-one-out likelihood (Duin, IEEE Trans. Computers C-25:1175, 1976) from a ladder of steps of a
    fifth: the usual rules fit one Gaussian to the whole cloud and wash several blobs into one. It is never below
    NARROWEST of the cloud's half width, because repeated points would make it zero.
    """
    import torch

    x = torch.tensor(points, dtype=torch.float64)
    half = float((x.max(0).values - x.min(0).values).max()) / 2
    squared = torch.cdist(x, x).square().fill_diagonal_(torch.inf)
    ladder = np.geomspace(NARROWEST * half, half, 1 + round(-log(NARROWEST) / log(1.2)))
    widths = [max(float(f"{width:.3g}"), _least_sigma(points)) for width in ladder]

    def left_out(width: float) -> float:
        return float(torch.logsumexp(squared / (-2 * width**2), 1).sum()) - 2 * len(points) * log(width)

    return max(widths, key=left_out)


def eight_gaussians() -> Gaussians:
    """FFJORD's: standard deviation 0.5 on a circle of radius 4, all divided by 1.414."""
    whole_ring = ring(8, 4 / 1.414, 0.5 / 1.414)
    return Gaussians("8gaussians", (), square(4.5), whole_ring.centres, whole_ring.sigma)


def pacgan_ring() -> Gaussians:
    """PacGAN's 2D-ring: 8 modes, radius 1, sigma 0.01."""
    found = ring(8, 1.0, 0.01)
    return Gaussians("pacgan-ring", (), found.extent, found.centres, found.sigma)


def pacgan_grid() -> Gaussians:
    """PacGAN's 2D-grid: 25 modes, step 2, sigma 0.05."""
    found = grid(5, 2.0, 0.05)
    return Gaussians("pacgan-grid", (), found.extent, found.centres, found.sigma)


def two_blobs() -> Gaussians:
    """Two Gaussians that share no mass: at (±1, 0), sigma 0.1."""
    return Gaussians("two-blobs", (), square(2.0), ((-1.0, 0.0), (1.0, 0.0)), 0.1)


def nearest_pair(centres: Sequence[Place]) -> tuple[float, Place, Place]:
    """The least distance between two of at least two places, and those places."""
    return min((dist(a, b), a, b) for i, a in enumerate(centres) for b in centres[:i])


def _several(k: object, most: int) -> int:
    if k == 1 and not isinstance(k, bool):
        raise ValueError(f"k must be in [2, {most}], got 1{_lonely(1)}")
    return whole(k, "k", low=2, high=most)


def _lonely(k: int) -> str:
    return ": with a single mode there is nothing to forget" if k == 1 else ""


def _least_sigma(centres: Sequence[Place]) -> float:
    """FLOAT32_STEPS steps of float32 at the largest coordinate."""
    return FLOAT32_STEPS * float(np.finfo(np.float32).eps) * max(SMALLEST, max(max(abs(x), abs(y)) for x, y in centres))


def _gaussians(name: str, parameters: dict[str, Value], centres: tuple[Place, ...], sigma: float) -> Gaussians:
    """Checks sigma against the centres, and frames them."""
    gap, one, other = nearest_pair(centres)
    least, most = _least_sigma(centres), gap / 2
    if most < least:
        raise ValueError(
            f"centres must be different places, got ({one[0]:g}, {one[1]:g}) and ({other[0]:g}, {other[1]:g})"
        )
    sigma = number(sigma, "sigma", low=0.0, high=LARGEST)
    if sigma < least:
        raise ValueError(
            f"sigma must be at least {least:.1g} here, else float32 cannot resolve the modes; got {sigma!r}"
        )
    if sigma > most * (1 + 1e-9):
        raise ValueError(
            f"sigma must be at most {most:.4g}, half the least distance between two modes, "
            f"({one[0]:.4g}, {one[1]:.4g}) and ({other[0]:.4g}, {other[1]:.4g}), else they merge; got {sigma!r}"
        )
    reach = max(max(abs(x), abs(y)) for x, y in centres)
    return Gaussians(name, (*parameters.items(), ("sigma", sigma)), square(1.25 * reach + 5 * sigma), centres, sigma)
