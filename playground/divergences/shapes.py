"""The shapes on a line that are held against each other: the Gaussians, and here those with corners and steps."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from playground.divergences.density import Density, Interval
from playground.divergences.divergences import probabilities
from playground.divergences.gaussians import Gaussian, TwoGaussians


@dataclass(frozen=True)
class Uniform(Density):
    """The same density everywhere from low to high."""

    low: float
    high: float

    def _check(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"low must be below high, got {self.low!r} and {self.high!r}")

    @property
    def width(self) -> float:
        """high − low."""
        return self.high - self.low

    @property
    def mean(self) -> float:
        return (self.low + self.high) / 2

    @property
    def variance(self) -> float:
        return self.width**2 / 12

    @property
    def entropy(self) -> float:
        return math.log(self.width)

    @property
    def breaks(self) -> tuple[float, ...]:
        return (self.low, self.high)

    @property
    def support(self) -> tuple[Interval, ...]:
        return ((self.low, self.high),)

    def log_pdf(self, x: ArrayLike) -> np.ndarray:
        place = np.asarray(x, dtype=float)
        return np.where((place >= self.low) & (place <= self.high), -math.log(self.width), -math.inf)

    def cdf(self, x: ArrayLike) -> np.ndarray:
        return self._inside(x) / self.width

    def sf(self, x: ArrayLike) -> np.ndarray:
        return np.clip(self.high - np.asarray(x, dtype=float), 0, self.width) / self.width

    def cdf_integral(self, x: ArrayLike) -> np.ndarray:
        return self._inside(x) ** 2 / (2 * self.width) + np.maximum(np.asarray(x, dtype=float) - self.high, 0)

    def at_log_odds(self, t: ArrayLike) -> np.ndarray:
        nearer = self.width * np.exp(-np.logaddexp(0, np.abs(t)))  # to the nearer end
        return np.where(np.asarray(t) < 0, self.low + nearer, self.high - nearer)

    def _inside(self, x: ArrayLike) -> np.ndarray:
        return np.clip(np.asarray(x, dtype=float) - self.low, 0, self.width)


@dataclass(frozen=True)
class Laplace(Density):
    """exp(−|x − mean| / scale) / (2 scale): a peak, and tails that fall more slowly than a Gaussian's."""

    mean: float
    scale: float

    @property
    def variance(self) -> float:
        return 2 * self.scale**2

    @property
    def entropy(self) -> float:
        return 1 + math.log(2 * self.scale)

    @property
    def breaks(self) -> tuple[float, ...]:
        return (self.mean,)

    def log_pdf(self, x: ArrayLike) -> np.ndarray:
        return -np.abs(self._z(x)) - math.log(2 * self.scale)

    def cdf(self, x: ArrayLike) -> np.ndarray:
        return self._tail(self._z(x))

    def sf(self, x: ArrayLike) -> np.ndarray:
        return self._tail(-self._z(x))

    def cdf_integral(self, x: ArrayLike) -> np.ndarray:
        z = self._z(x)
        return self.scale * (np.maximum(z, 0) + 0.5 * np.exp(-np.abs(z)))

    def at_log_odds(self, t: ArrayLike) -> np.ndarray:
        odds = np.asarray(t, dtype=float)
        return self.mean + self.scale * np.copysign(np.logaddexp(0, np.abs(odds)) - math.log(2), odds)

    def _z(self, x: ArrayLike) -> np.ndarray:
        return (np.asarray(x, dtype=float) - self.mean) / self.scale

    @staticmethod
    def _tail(z: np.ndarray) -> np.ndarray:
        half = 0.5 * np.exp(-np.abs(z))
        return np.where(z < 0, half, 1 - half)


@dataclass(frozen=True)
class Histogram(Density):
    """Bars: masses[i] spread evenly over [edges[i], edges[i + 1]]."""

    edges: tuple[float, ...]  # k + 1, ascending
    masses: tuple[float, ...]  # k, which sum to 1

    def _check(self) -> None:
        if len(self.edges) != len(self.masses) + 1:
            raise ValueError(f"edges must be one more than masses, got {len(self.edges)} and {len(self.masses)}")
        if (
            not all(a < b for a, b in zip(self.edges, self.edges[1:], strict=False))
            or not np.isfinite(self.edges).all()
        ):
            raise ValueError(f"edges must be finite and ascend, got {self.edges}")
        probabilities(self.masses, "masses")

    @property
    def mean(self) -> float:
        return float(self._mass @ self._middles)

    @property
    def variance(self) -> float:
        return float(self._mass @ ((self._middles - self.mean) ** 2 + self._widths**2 / 12))

    @property
    def entropy(self) -> float:
        some = self._mass > 0
        return float(self._mass[some] @ np.log(self._widths[some] / self._mass[some]))

    @property
    def breaks(self) -> tuple[float, ...]:
        return self.edges

    @property
    def support(self) -> tuple[Interval, ...]:
        intervals: list[Interval] = []
        for low, high, mass in zip(self.edges, self.edges[1:], self.masses, strict=False):
            if mass > 0 and intervals and intervals[-1][1] == low:
                intervals[-1] = (intervals[-1][0], high)
            elif mass > 0:
                intervals.append((low, high))
        return tuple(intervals)

    def log_pdf(self, x: ArrayLike) -> np.ndarray:
        place = np.asarray(x, dtype=float)
        inside = (place >= self.edges[0]) & (place <= self.edges[-1])
        return np.where(inside, self._log_density[self._bar(place)], -math.inf)

    def cdf(self, x: ArrayLike) -> np.ndarray:
        return np.interp(np.asarray(x, dtype=float), self._at, self._below)

    def sf(self, x: ArrayLike) -> np.ndarray:
        return np.interp(np.asarray(x, dtype=float), self._at, self._above)

    def cdf_integral(self, x: ArrayLike) -> np.ndarray:
        place = np.asarray(x, dtype=float)
        bar = self._bar(place)
        step = np.clip(place - self._at[bar], 0, self._widths[bar])
        inside = self._areas[bar] + step * (self._below[bar] + step * self._mass[bar] / self._widths[bar] / 2)
        return inside + np.maximum(place - self._at[-1], 0)

    def at_log_odds(self, t: ArrayLike) -> np.ndarray:
        odds = np.asarray(t, dtype=float)
        nearer = np.exp(-np.logaddexp(0, np.abs(odds)))  # the mass on the nearer side
        nearer = np.maximum(nearer, np.finfo(float).tiny)  # 0 would be found in bars without mass
        bar = np.searchsorted(self._below[1:], nearer).clip(max=len(self.masses) - 1)
        low = self._at[bar] + self._share(nearer - self._below[bar], bar)
        above = self._above[:-1][::-1]  # ascending
        bar = len(self.masses) - 1 - np.searchsorted(above, nearer).clip(max=len(self.masses) - 1)
        high = self._at[bar + 1] - self._share(nearer - self._above[bar + 1], bar)
        return np.where(odds < 0, low, high)

    def _share(self, mass: np.ndarray, bar: np.ndarray) -> np.ndarray:
        """How wide a strip of the bar holds that mass."""
        whole = self._mass[bar]
        return self._widths[bar] * np.clip(np.divide(mass, whole, where=whole > 0, out=np.zeros(mass.shape)), 0, 1)

    def _bar(self, x: np.ndarray) -> np.ndarray:
        return np.clip(np.searchsorted(self._at, x, side="right") - 1, 0, len(self.masses) - 1)

    @cached_property
    def _at(self) -> np.ndarray:
        return np.asarray(self.edges, dtype=float)

    @cached_property
    def _mass(self) -> np.ndarray:
        return probabilities(self.masses, "masses")

    @cached_property
    def _widths(self) -> np.ndarray:
        return np.diff(self._at)

    @cached_property
    def _middles(self) -> np.ndarray:
        return self._at[:-1] + self._widths / 2

    @cached_property
    def _below(self) -> np.ndarray:
        """F at the edges."""
        return np.append(0.0, np.cumsum(self._mass)).clip(max=1.0)

    @cached_property
    def _above(self) -> np.ndarray:
        """1 − F at the edges."""
        return np.append(np.cumsum(self._mass[::-1])[::-1], 0.0).clip(max=1.0)

    @cached_property
    def _areas(self) -> np.ndarray:
        """∫ F up to each edge."""
        return np.append(0.0, np.cumsum(self._widths * (self._below[:-1] + self._below[1:]) / 2))

    @cached_property
    def _log_density(self) -> np.ndarray:
        return np.log(self._mass / self._widths, where=self._mass > 0, out=np.full(len(self.masses), -math.inf))


Shape = Gaussian | TwoGaussians | Uniform | Laplace | Histogram
