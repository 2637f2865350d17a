"""Distributions on a line to hold against each other: density, both tails, quantiles, moments and where it is smooth.

Tails are kept where 1 − F rounds to 0: quantiles are asked for by their log odds, log(u / (1 − u)).
"""

import abc
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from playground.divergences.divergences import probabilities

Interval = tuple[float, float]
LINE: Final[tuple[Interval, ...]] = ((-math.inf, math.inf),)
_KNOTS: Final = np.linspace(-60, 60, 241)  # log odds; beyond them is less than 1e-26 of the mass
_AROUND: Final = np.array([-30.0, -10, -3, 0, 3, 10, 30])  # widths of a bend in log p
_NEWTON_STEPS: Final = 20  # three or four do, except where no mass is


class Density(abc.ABC):
    """A distribution on a line with a density. Everything is in units of x, the entropy in nats."""

    @property
    @abc.abstractmethod
    def variance(self) -> float: ...

    @property
    def standard_deviation(self) -> float:
        """The root of the variance."""
        return math.sqrt(self.variance)

    @property
    @abc.abstractmethod
    def entropy(self) -> float | None:
        """−∫ p log p in nats, or None where it has no closed form."""

    @property
    @abc.abstractmethod
    def breaks(self) -> tuple[float, ...]:
        """The places, ascending, where the density is not smooth."""

    @property
    def support(self) -> tuple[Interval, ...]:
        """The intervals, ascending and apart, where the density is above 0."""
        return LINE

    @abc.abstractmethod
    def log_pdf(self, x: ArrayLike) -> np.ndarray:
        """The log density, -inf outside the support; the shape of x."""

    def pdf(self, x: ArrayLike) -> np.ndarray:
        """The density; the shape of x."""
        return np.exp(self.log_pdf(x))

    @abc.abstractmethod
    def cdf(self, x: ArrayLike) -> np.ndarray:
        """F(x) = P(X ≤ x)."""

    @abc.abstractmethod
    def sf(self, x: ArrayLike) -> np.ndarray:
        """1 − F(x), also where F(x) rounds to 1."""

    @abc.abstractmethod
    def cdf_integral(self, x: ArrayLike) -> np.ndarray:
        """∫ F from −∞ to x, which is E max(x − X, 0)."""

    @abc.abstractmethod
    def at_log_odds(self, t: ArrayLike) -> np.ndarray:
        """The quantile of u = 1 / (1 + exp(−t))."""

    def quantile(self, u: ArrayLike) -> np.ndarray:
        """The least x with F(x) ≥ u; u in [0, 1], and at 0 and 1 the ends of the support."""
        levels = np.asarray(u, dtype=float)
        if not ((levels >= 0) & (levels <= 1)).all():
            raise ValueError(f"u must lie in [0, 1], got {levels[~((levels >= 0) & (levels <= 1))].flat[0]}")
        with np.errstate(divide="ignore"):  # log 0 = -inf is meant
            return self.at_log_odds(np.log(levels) - np.log1p(-levels))

    def landmarks(self, odds: np.ndarray) -> np.ndarray:
        """Places that follow the density: the quantiles at the log odds ± `odds`, for a mixture those of each part."""
        return self.at_log_odds(np.concatenate([-odds, odds]))

    def sample(self, n: int, *, generator: np.random.Generator) -> np.ndarray:
        """n independent draws, shape (n,)."""
        return self.quantile(generator.random(n))

    def __post_init__(self) -> None:
        for name, value in _numbers(self).items():
            if not math.isfinite(value):
                raise ValueError(f"{name} must be a finite number, got {value!r}")
            if name.startswith(("sd", "scale")) and value <= 0:
                raise ValueError(f"{name} must be above 0, got {value!r}")
        self._check()

    def _check(self) -> None:  # noqa: B027 (a shape whose numbers are all right by themselves has nothing to add)
        """Raises ValueError where the numbers make no distribution."""


@dataclass(frozen=True)
class Gaussian(Density):
    """N(mean, sd²)."""

    mean: float
    sd: float

    @property
    def variance(self) -> float:
        return self.sd**2

    @property
    def entropy(self) -> float:
        return 0.5 * math.log(2 * math.pi * math.e) + math.log(self.sd)

    @property
    def breaks(self) -> tuple[float, ...]:
        return ()

    def log_pdf(self, x: ArrayLike) -> np.ndarray:
        return -0.5 * self._z(x) ** 2 - math.log(self.sd) - 0.5 * math.log(2 * math.pi)

    def cdf(self, x: ArrayLike) -> np.ndarray:
        from scipy.special import ndtr

        return ndtr(self._z(x))

    def sf(self, x: ArrayLike) -> np.ndarray:
        from scipy.special import ndtr

        return ndtr(-self._z(x))

    def cdf_integral(self, x: ArrayLike) -> np.ndarray:
        from scipy.special import ndtr

        z = self._z(x)
        return self.sd * (z * ndtr(z) + np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi))

    def at_log_odds(self, t: ArrayLike) -> np.ndarray:
        from scipy.special import ndtri_exp

        odds = np.asarray(t, dtype=float)
        return self.mean + self.sd * np.copysign(ndtri_exp(-np.logaddexp(0, np.abs(odds))), odds)

    def _z(self, x: ArrayLike) -> np.ndarray:
        return (np.asarray(x, dtype=float) - self.mean) / self.sd


@dataclass(frozen=True)
class TwoGaussians(Density):
    """weight · N(mean_1, sd_1²) + (1 − weight) · N(mean_2, sd_2²)."""

    weight: float
    mean_1: float
    sd_1: float
    mean_2: float
    sd_2: float

    def _check(self) -> None:
        if not 0 <= self.weight <= 1:
            raise ValueError(f"weight must lie in [0, 1], got {self.weight!r}")

    @cached_property
    def parts(self) -> tuple[tuple[float, Gaussian], ...]:
        """(weight, Gaussian) of each part that has weight."""
        both = ((self.weight, self.mean_1, self.sd_1), (1 - self.weight, self.mean_2, self.sd_2))
        return tuple((weight, Gaussian(mean, sd)) for weight, mean, sd in both if weight > 0)

    @property
    def mean(self) -> float:
        return sum(weight * part.mean for weight, part in self.parts)

    @property
    def variance(self) -> float:
        return sum(weight * (part.variance + (part.mean - self.mean) ** 2) for weight, part in self.parts)

    @property
    def entropy(self) -> float | None:
        return self.parts[0][1].entropy if len(self.parts) == 1 else None

    @property
    def breaks(self) -> tuple[float, ...]:
        return ()

    def log_pdf(self, x: ArrayLike) -> np.ndarray:
        return np.logaddexp.reduce([math.log(weight) + part.log_pdf(x) for weight, part in self.parts])

    def cdf(self, x: ArrayLike) -> np.ndarray:
        return np.sum([weight * part.cdf(x) for weight, part in self.parts], axis=0)

    def sf(self, x: ArrayLike) -> np.ndarray:
        return np.sum([weight * part.sf(x) for weight, part in self.parts], axis=0)

    def cdf_integral(self, x: ArrayLike) -> np.ndarray:
        return np.sum([weight * part.cdf_integral(x) for weight, part in self.parts], axis=0)

    def landmarks(self, odds: np.ndarray) -> np.ndarray:
        return np.concatenate([*(part.landmarks(odds) for _, part in self.parts), self._bends])

    @cached_property
    def _bends(self) -> np.ndarray:
        """Where the parts are equally dense, and places around it: log p turns from one part's to the other's there.

        The turn is as wide as the logarithms of the parts need to differ by 1. Between narrow parts far apart it is
        far narrower than they are, and an integral of log p would miss it.
        """
        if len(self.parts) == 1:
            return np.empty(0)
        (v, a), (w, b) = self.parts
        # log (v N(x; a)) - log (w N(x; b)) = c₂ x² + c₁ x + c₀
        squares = (0.5 / b.variance - 0.5 / a.variance, a.mean / a.variance - b.mean / b.variance)
        constant = 0.5 * (b.mean**2 / b.variance - a.mean**2 / a.variance) + math.log(v / w) + math.log(b.sd / a.sd)
        roots = np.roots([*squares, constant])
        at = roots.real[np.abs(roots.imag) <= 1e-12 * np.abs(roots)]
        with np.errstate(divide="ignore"):  # parts that only touch turn nowhere
            wide = 1 / np.abs(2 * squares[0] * at + squares[1])
        found = at[:, None] + wide[:, None] * _AROUND
        return found[np.isfinite(found)]

    def at_log_odds(self, t: ArrayLike) -> np.ndarray:
        """By Newton's method on the log odds of F, which no part of the line makes steep, inside a bracket."""
        asked = np.asarray(t, dtype=float)
        odds = np.clip(asked, _KNOTS[0], _KNOTS[-1])
        places, known = self._table
        cell = np.searchsorted(known, odds).clip(1, len(known) - 1)
        low, high = places[cell - 1], places[cell]
        x = np.interp(odds, known, places)
        for _ in range(_NEWTON_STEPS):
            value, slope = self._log_odds(x)
            low, high = np.where(value < odds, x, low), np.where(value < odds, high, x)
            step = x - (value - odds) / slope
            step = np.where((step >= low) & (step <= high), step, (low + high) / 2)
            moved, x = np.abs(step - x), step
            if not (moved > 1e-8 * (1 + np.abs(x))).any():  # the next step would be the square of it
                break
        return np.where(np.isinf(asked), asked, x)

    @cached_property
    def _table(self) -> tuple[np.ndarray, np.ndarray]:
        """Places and the log odds there; the quantile lies between those of the parts, whose quantiles these are."""
        places = np.unique(np.concatenate([part.at_log_odds(1.1 * _KNOTS) for _, part in self.parts]))
        odds = self._log_odds(places)[0]
        return places, np.maximum.accumulate(odds)

    def _log_odds(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """log F − log(1 − F) and its slope p / (F (1 − F))."""
        from scipy.special import log_ndtr

        z = [(math.log(weight), part._z(x)) for weight, part in self.parts]
        below, above = (np.logaddexp.reduce([w + log_ndtr(sign * at) for w, at in z]) for sign in (1, -1))
        return below - above, np.maximum(np.exp(self.log_pdf(x) - below - above), 1e-300)


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


def _numbers(shape: Density) -> Mapping[str, float]:
    values = {field.name: getattr(shape, field.name) for field in fields(shape)}  # type: ignore[arg-type]
    return {name: value for name, value in values.items() if not isinstance(value, tuple)}
