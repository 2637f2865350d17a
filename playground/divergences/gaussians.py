"""A Gaussian on a line, and two of them mixed."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from playground.divergences.density import Density

_KNOTS: Final = np.linspace(-60, 60, 241)  # log odds; beyond them is less than 1e-26 of the mass
_AROUND: Final = np.array([-30.0, -10, -3, 0, 3, 10, 30])  # widths of a bend in log p
_NEWTON_STEPS: Final = 20  # three or four do, except where no mass is


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
