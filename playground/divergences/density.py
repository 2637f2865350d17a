"""What every distribution on a line answers: density, both tails, quantiles, moments and where it is smooth.

Tails are kept where 1 − F rounds to 0: quantiles are asked for by their log odds, log(u / (1 − u)).
"""

import abc
import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

Interval = tuple[float, float]
LINE: Final[tuple[Interval, ...]] = ((-math.inf, math.inf),)


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


def _numbers(shape: Density) -> Mapping[str, float]:
    values = {field.name: getattr(shape, field.name) for field in fields(shape)}  # type: ignore[arg-type]
    return {name: value for name, value in values.items() if not isinstance(value, tuple)}
