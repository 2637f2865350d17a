"""Targets along curves: two moons, concentric circles, two spirals and a swiss roll, each blurred by noise.

A curve blurred by Gaussian noise has the density ∫ N(x; c(t), sd² I) w(t) dt. Around a whole circle this is a Bessel
function; along the other curves it is summed at Gauss-Legendre nodes, so many that log p is off by less than 1e-6
wherever it exceeds -15.

Source: Grathwohl et al., FFJORD, arXiv 1810.01367 (the sets of their published code); scikit-learn's make_moons,
make_circles and make_swiss_roll, from which they take three.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from math import asinh, log, pi, sqrt, tau
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from playground.targets.base import Extent, Target, Value, choices, noise, square, uniform

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Circles(Target):
    """Concentric circles, each with the same mass, under Gaussian noise.

    Attributes:
        radii: Data units.
        sd: Standard deviation of the noise along each axis, data units.
    """

    radii: tuple[float, ...]
    sd: float

    def _draw(self, n: int, generator: Generator) -> Tensor:
        import torch

        radius = torch.tensor(self.radii, dtype=torch.float64, device=generator.device)
        radius = radius[choices(n, len(self.radii), generator)]
        angle = tau * uniform(n, generator)
        return torch.stack([radius * angle.cos(), radius * angle.sin()], 1) + self.sd * noise(n, generator)

    def _log_density(self, x: Tensor) -> Tensor:
        """Integrating N(x; r e(θ), sd² I) over θ gives I₀(ρ r / sd²) times a Gaussian in ρ and r."""
        import torch

        rho = x.norm(dim=1)[:, None]
        radius = torch.tensor(self.radii, dtype=x.dtype, device=x.device)
        # i0e(z) = exp(-z) I₀(z) completes the square, so that nothing overflows
        bessel = torch.special.i0e(rho * radius / self.sd**2).log()
        log_p = bessel - (rho - radius).square() / (2 * self.sd**2)  # (n, circles)
        return torch.logsumexp(log_p, 1) - log(tau * self.sd**2 * len(self.radii))


@dataclass(frozen=True)
class _Arms(Target):
    """Two equal arms, each a curve of a parameter t, under noise."""

    parameters: tuple[tuple[str, Value], ...] = ()
    extent: Extent = (-4.0, 4.0, -4.0, 4.0)

    @abstractmethod
    def _curve(self, t: Tensor) -> Tensor:
        """Places of the parameter t, shape (m,) -> (arms, m, 2), data units."""

    @abstractmethod
    def _quadrature(self) -> tuple[np.ndarray, np.ndarray]:
        """Nodes t and the logarithm of their weights, which sum to 1, shape (m,) each."""

    def _places(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The nodes' places, shape (arms, m, 2), and log weights, shape (m,), in the precision of x."""
        import torch

        t, log_weight = (torch.tensor(part, dtype=x.dtype, device=x.device) for part in self._quadrature())
        return self._curve(t), log_weight

    @property
    def _nodes(self) -> int:
        return 2 * len(self._quadrature()[0])


def _blurred(x: Tensor, places: Tensor, log_weight: Tensor, sd: float) -> Tensor:
    """log Σ weight N(x; place, sd² I), averaged over the arms: shapes (n, 2), (arms, m, 2), (m,) -> (n,)."""
    import torch

    spots = places.reshape(-1, 2)
    squared = (x[:, :1] - spots[:, 0]).square() + (x[:, 1:] - spots[:, 1]).square()  # (n, arms · m)
    log_p = squared / (-2 * sd**2) + log_weight.repeat(len(places))
    return torch.logsumexp(log_p, 1) - log(tau * sd**2 * len(places))


@dataclass(frozen=True)
class Moons(_Arms):
    """Two half circles of radius 2, noise 0.2: FFJORD doubles make_moons with noise 0.1 and moves it by (-1, -0.2)."""

    name: str = "moons"
    sd: ClassVar[float] = 0.2

    def _curve(self, t: Tensor) -> Tensor:
        import torch

        upper = torch.stack([2 * t.cos() - 1, 2 * t.sin() - 0.2], -1)
        lower = torch.stack([1 - 2 * t.cos(), 0.8 - 2 * t.sin()], -1)
        return torch.stack([upper, lower])

    def _quadrature(self) -> tuple[np.ndarray, np.ndarray]:
        nodes, weights = legendre(80)
        return pi * (nodes + 1) / 2, np.log(weights / 2)

    def _draw(self, n: int, generator: Generator) -> Tensor:
        import torch

        arm, t = choices(n, 2, generator), pi * uniform(n, generator)
        return self._curve(t)[arm, torch.arange(n, device=arm.device)] + self.sd * noise(n, generator)

    def _log_density(self, x: Tensor) -> Tensor:
        return _blurred(x, *self._places(x), self.sd)


@dataclass(frozen=True)
class SwissRoll(_Arms):
    """A roll of one and a half turns, noise 0.2: FFJORD's make_swiss_roll with noise 1, from its side, divided by 5."""

    name: str = "swissroll"
    sd: ClassVar[float] = 0.2
    turns: ClassVar[tuple[float, float]] = (1.5 * pi, 4.5 * pi)  # of t, which is uniform

    def _curve(self, t: Tensor) -> Tensor:
        import torch

        return torch.stack([t * t.cos(), t * t.sin()], -1)[None] / 5

    def _quadrature(self) -> tuple[np.ndarray, np.ndarray]:
        low, high = self.turns
        t, weights = archimedean_nodes(low, high, 192)
        return t, np.log(weights / (high - low))

    def _draw(self, n: int, generator: Generator) -> Tensor:
        low, high = self.turns
        return self._curve(low + (high - low) * uniform(n, generator))[0] + self.sd * noise(n, generator)

    def _log_density(self, x: Tensor) -> Tensor:
        return _blurred(x, *self._places(x), self.sd)


@dataclass(frozen=True)
class TwoSpirals(_Arms):
    """Two spirals of one and a half turns, moved by a uniform step in [0, 1/6)² that turns with the arm, noise 0.1.

    FFJORD draws the angle as 3π √u, adds a uniform step in [0, 0.5)², turns one of the arms by half a turn and
    divides by 3.
    """

    name: str = "2spirals"
    sd: ClassVar[float] = 0.1
    box: ClassVar[float] = 0.5 / 3
    end: ClassVar[float] = 3 * pi

    def _curve(self, t: Tensor) -> Tensor:
        import torch

        arm = torch.stack([-t * t.cos(), t * t.sin()], -1) / 3
        return torch.stack([arm, -arm])

    def _quadrature(self) -> tuple[np.ndarray, np.ndarray]:
        t, weights = archimedean_nodes(0.0, self.end, 224)
        return t, np.log(weights * 2 * t / self.end**2)  # the density of 3π √u

    def _draw(self, n: int, generator: Generator) -> Tensor:
        import torch

        sign = 1.0 - 2.0 * choices(n, 2, generator)
        step = self.box * torch.stack([uniform(n, generator), uniform(n, generator)], 1)
        arm = self._curve(self.end * uniform(n, generator).sqrt())[0]
        return sign[:, None] * (arm + step) + self.sd * noise(n, generator)

    def _log_density(self, x: Tensor) -> Tensor:
        import torch

        arms, log_weight = self._places(x)
        sign = torch.tensor([1.0, -1.0], dtype=x.dtype, device=x.device)
        middles = (arms + sign[:, None, None] * self.box / 2).reshape(-1, 2)  # (2m, 2)
        log_weight = log_weight.repeat(2) - log(2)
        # distances from the middle of the step along each axis, in units of √2 sd, as erfc takes them
        x, middles = x / (self.sd * sqrt(2)), middles / (self.sd * sqrt(2))
        across, along = (x[:, :1] - middles[:, 0]).abs(), (x[:, 1:] - middles[:, 1]).abs()  # (n, 2m) each
        p = (self._step(across) * self._step(along)) @ log_weight.exp()
        # far outside the picture p underflows; there its logarithm is summed
        far = p < 1e-250
        log_p = torch.where(far, 1.0, p).log()
        if far.any():
            terms = self._log_step(across[far]) + self._log_step(along[far]) + log_weight
            log_p = log_p.index_put((far,), torch.logsumexp(terms, 1))
        return log_p

    def _step(self, away: Tensor) -> Tensor:
        """The density of a uniform step plus noise along one axis, at a distance of `away` · √2 sd from its middle."""
        half = self.box / (2 * sqrt(2) * self.sd)
        return ((away - half).erfc() - (away + half).erfc()) / (2 * self.box)

    def _log_step(self, away: Tensor) -> Tensor:
        """The logarithm of `_step`, for any distance: erfc(z) = exp(-z²) erfcx(z)."""
        import torch

        half = self.box / (2 * sqrt(2) * self.sd)
        ratio = torch.exp(-4 * half * away) * torch.special.erfcx(away + half)
        return (torch.special.erfcx(away - half) - ratio).log() - (away - half).square() - log(2 * self.box)


legendre = lru_cache(np.polynomial.legendre.leggauss)


@lru_cache
def archimedean_nodes(low: float, high: float, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of ∫ f(t) dt from low to high, for a curve t (cos t, sin t): Gauss-Legendre along its length.

    The length from 0 is (t √(1 + t²) + asinh t) / 2.
    """

    def length(t: np.ndarray | float) -> np.ndarray:
        return np.asarray(0.5 * (t * np.sqrt(1 + np.square(t)) + np.arcsinh(t)))

    start, stop = 0.5 * (low * sqrt(1 + low**2) + asinh(low)), 0.5 * (high * sqrt(1 + high**2) + asinh(high))
    nodes, weights = legendre(m)
    wanted = start + (stop - start) * (nodes + 1) / 2
    t = np.sqrt(2 * wanted)  # length is convex and at least t²/2, so Newton descends to the root and stays there
    for _ in range(30):
        t = t - (length(t) - wanted) / np.sqrt(1 + t**2)
    return t, weights * (stop - start) / 2 / np.sqrt(1 + t**2)


def circles() -> Circles:
    """FFJORD's: make_circles with half the radius inside and noise 0.08, times 3."""
    return Circles("circles", (), square(4.2), (1.5, 3.0), 0.24)


def rings() -> Circles:
    """FFJORD's: four circles of radius 0.75, 1.5, 2.25 and 3, noise 0.08 (added after they were scaled)."""
    return Circles("rings", (), square(3.6), (0.75, 1.5, 2.25, 3.0), 0.08)
