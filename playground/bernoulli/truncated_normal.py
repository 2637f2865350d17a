"""A normal belief about θ, cut to (0, 1), and its posteriors: a bell times θ^h (1-θ)^t, which no Beta is.

What is asked of them has no closed form: they are summed over Gauss-Legendre panels, one belief at a time; `tilted`
has all posteriors of n flips at once.
Source: Golub & Welsch, 1969 (Gauss-Legendre rules).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from playground.bernoulli.priors import Prior, check_counts, require

_DEEP: Final = 40.0  # nats below the peak: what lies lower weighs less than 1e-16 of the whole


@dataclass(frozen=True)
class TruncatedNormal(Prior):
    """A normal cut to (0, 1), and after flips that normal times θ^heads (1-θ)^tails, normalised by quadrature.

    Args:
        mu, sigma: Mean and standard deviation of the normal before it is cut; mu may lie outside.
        heads, tails: Flips seen.

    Raises:
        ValueError: mu is not finite, sigma is not positive and finite, or a count is not one.
    """

    mu: float
    sigma: float
    heads: int = 0
    tails: int = 0

    def __post_init__(self) -> None:
        require(math.isfinite(self.mu), "mu", "finite", self.mu)
        require(0 < self.sigma < math.inf, "sigma", "> 0 and finite", self.sigma)
        check_counts(self.heads, self.tails)

    @property
    def _rule(self) -> "_Rule":
        return _rule(self.mu, self.sigma, self.heads, self.tails)

    def log_density(self, theta: np.ndarray) -> np.ndarray:
        theta = np.asarray(theta, float)
        with np.errstate(divide="ignore", invalid="ignore"):
            left = self.heads * np.log(theta) if self.heads else 0.0
            right = self.tails * np.log1p(-theta) if self.tails else 0.0
            tilted = left + right - 0.5 * ((theta - self.mu) / self.sigma) ** 2
            return np.where((theta >= 0) & (theta <= 1), tilted - self._rule.log_normaliser, -np.inf)

    def cdf(self, theta: np.ndarray) -> np.ndarray:
        rule = self._rule
        theta = np.clip(np.asarray(theta, float), rule.edges[0], rule.edges[-1])
        panel = np.clip(np.searchsorted(rule.edges, theta, side="right") - 1, 0, len(rule.edges) - 2)
        start = rule.edges[panel]
        nodes, weights = _legendre()
        inner = start[..., None] + (theta - start)[..., None] * nodes  # (..., nodes)
        part = (theta - start) * (self.density(inner) @ weights)
        return np.clip(rule.below[panel] + part, 0.0, 1.0)

    def mean(self) -> float:
        return float(self._rule.theta @ self._rule.mass)

    def variance(self) -> float:
        return float((self._rule.theta - self.mean()) ** 2 @ self._rule.mass)

    def modes(self) -> tuple[float, ...]:
        return (self._rule.mode,)

    def after(self, heads: int, tails: int) -> "TruncatedNormal":
        check_counts(heads, tails)
        return TruncatedNormal(self.mu, self.sigma, self.heads + heads, self.tails + tails)

    def log_evidence(self, heads: int, tails: int) -> float:
        return self.after(heads, tails)._rule.log_normaliser - self._rule.log_normaliser

    def score(self, theta: np.ndarray) -> np.ndarray:
        return self.heads / theta - self.tails / (1 - theta) - (theta - self.mu) / self.sigma**2

    def landmarks(self) -> np.ndarray:
        return np.unique(np.concatenate([[0.0], self._rule.theta, [1.0]]))

    def quadrature(self) -> tuple[np.ndarray, np.ndarray]:
        """θ and their probabilities, shape (k,) each: sums over them are expectations."""
        return self._rule.theta, self._rule.mass


@dataclass(frozen=True, eq=False)
class _Rule:
    """Gauss-Legendre panels over all θ where exp(tilt) is not negligible."""

    mode: float
    log_normaliser: float
    edges: np.ndarray  # (panels + 1,)
    below: np.ndarray  # (panels + 1,): P(Θ ≤ edge)
    theta: np.ndarray  # (k,)
    mass: np.ndarray  # (k,), sums to 1


@lru_cache(maxsize=1024)
def _rule(mu: float, sigma: float, heads: int, tails: int) -> _Rule:
    """The rule for θ^heads (1-θ)^tails exp(-(θ - mu)² / 2 sigma²), which is log-concave."""

    def tilt(theta: float) -> float:
        if (heads and theta <= 0) or (tails and theta >= 1):
            return -math.inf
        logs = (heads and heads * math.log(theta)) + (tails and tails * math.log1p(-theta))
        return logs - 0.5 * ((theta - mu) / sigma) ** 2

    def rises(theta: float) -> bool:
        slope = (mu - theta) / sigma**2
        return slope + (heads / theta if heads else 0) - (tails / max(1 - theta, 1e-300) if tails else 0) > 0

    def last(holds: Callable[[float], bool], start: float, end: float) -> float:
        """The end of the stretch from `start` towards `end` where `holds`."""
        for _ in range(60):
            middle = (start + end) / 2
            start, end = (middle, end) if holds(middle) else (start, middle)
        return end

    # with no heads the density need not vanish at 0, so that its peak may be there
    mode = 0.0 if not heads and not rises(0.0) else 1.0 if not tails and rises(1.0) else last(rises, 0.0, 1.0)
    top = tilt(mode)
    low, high = (
        end if tilt(end) > top - _DEEP else last(lambda theta: tilt(theta) > top - _DEEP, mode, end)
        for end in (0.0, 1.0)
    )
    sides = [np.linspace(start, end, 9) for start, end in ((low, mode), (mode, high)) if end > start]
    edges = np.unique(np.concatenate(sides))
    nodes, weights = _legendre()
    widths = np.diff(edges)[:, None]  # (panels, 1)
    theta = edges[:-1, None] + widths * nodes  # (panels, nodes)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = (heads * np.log(theta) if heads else 0.0) + (tails * np.log1p(-theta) if tails else 0.0)
    raw = np.exp(logs - 0.5 * ((theta - mu) / sigma) ** 2 - top) * widths * weights
    total = float(raw.sum())
    below = np.concatenate([[0.0], np.cumsum(raw.sum(1))]) / total
    return _Rule(mode, top + math.log(total), edges, below, theta.ravel(), (raw / total).ravel())


@lru_cache(maxsize=1)
def _legendre() -> tuple[np.ndarray, np.ndarray]:
    """Nodes in (0, 1) and weights that sum to 1, exact for polynomials of degree 39."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    return (nodes + 1) / 2, weights / 2
