"""Beliefs about θ that are one of several: two coins, a spike beside a Beta, or any mixture.

A mixture of conjugate components is conjugate: every component is updated alone, and its weight is multiplied by its
evidence.
Source: Diaconis & Ylvisaker, 1985.
"""

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from playground.bernoulli.priors import Atom, Beta, Point, Prior, impossible, require
from playground.bernoulli.roots import increasing_root


class _Mixed(Prior):
    """What every mixture does, from its `parts`."""

    @property
    @abstractmethod
    def parts(self) -> tuple[tuple[float, Prior], ...]:
        """Weights, which sum to 1, and components; no component twice, no weight 0."""

    @property
    def _continuous(self) -> list[tuple[float, Prior]]:
        return [(weight, part) for weight, part in self.parts if not isinstance(part, Point)]

    def log_density(self, theta: np.ndarray) -> np.ndarray:
        total = np.full(np.shape(theta), -np.inf)
        for weight, part in self._continuous:
            total = np.logaddexp(total, math.log(weight) + part.log_density(theta))
        return total

    @property
    def atoms(self) -> tuple[Atom, ...]:
        return tuple(sorted((float(part.at), weight) for weight, part in self.parts if isinstance(part, Point)))

    def cdf(self, theta: np.ndarray) -> np.ndarray:
        return np.minimum(sum(weight * part.cdf(theta) for weight, part in self.parts), 1.0)

    def mean(self) -> float:
        return sum(weight * part.mean() for weight, part in self.parts)

    def variance(self) -> float:
        mean = self.mean()
        return sum(weight * (part.variance() + (part.mean() - mean) ** 2) for weight, part in self.parts)

    def modes(self) -> tuple[float, ...]:
        heaviest_first = [at for at, _ in sorted(self.atoms, key=lambda atom: (-atom[1], atom[0]))]
        parts = self._continuous
        peaks = parts[0][1].modes() if len(parts) == 1 else _peaks(self) if parts else ()
        return (*heaviest_first, *(peak for peak in peaks if peak not in heaviest_first))

    def after(self, heads: int, tails: int) -> "Mixture":
        logs = [math.log(weight) + part.log_evidence(heads, tails) for weight, part in self.parts]
        top = max(logs)
        if top == -math.inf:
            raise ValueError(impossible(heads, tails))
        raw = [math.exp(log - top) for log in logs]
        kept = [(share / sum(raw), part.after(heads, tails)) for share, (_, part) in zip(raw, self.parts, strict=True)
                if share > 0]  # fmt: skip
        return Mixture(tuple(part for _, part in kept), tuple(weight for weight, _ in kept))

    def log_evidence(self, heads: int, tails: int) -> float:
        logs = [math.log(weight) + part.log_evidence(heads, tails) for weight, part in self.parts]
        top = max(logs)
        return top if top == -math.inf else top + math.log(sum(math.exp(log - top) for log in logs))

    def score(self, theta: np.ndarray) -> np.ndarray:
        total = self.log_density(theta)
        shares = [np.exp(math.log(weight) + part.log_density(theta) - total) for weight, part in self._continuous]
        pulls = (share * part.score(theta) for share, (_, part) in zip(shares, self._continuous, strict=True))
        return sum(pulls, np.zeros(np.shape(theta)))

    def landmarks(self) -> np.ndarray:
        return np.unique(np.concatenate([[0.0, 1.0], *(part.landmarks() for _, part in self._continuous)]))


@lru_cache(maxsize=256)
def _peaks(belief: _Mixed) -> tuple[float, ...]:
    """The local maxima of the density of several components, highest first: where the score falls through 0."""
    theta = belief.landmarks()[1:-1]
    score = belief.score(theta)
    turns = np.flatnonzero((score[:-1] > 0) & (score[1:] <= 0))
    inner = increasing_root(lambda theta: (-belief.score(theta), np.nan), theta[turns], theta[turns + 1])
    edges = [edge for edge, peaks in ((0.0, score[0] < 0), (1.0, score[-1] > 0)) if peaks]
    peaks = np.concatenate([edges, inner])
    with np.errstate(over="ignore"):
        order = np.lexsort((peaks, -belief.log_density(peaks)))
    return tuple(peaks[order].tolist())


@dataclass(frozen=True)
class Mixture(_Mixed):
    """One of several beliefs holds, each with its weight.

    Raises:
        ValueError: Not one weight for each component, a negative one, or a sum other than 1 (within 1e-9).
    """

    components: tuple[Prior, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.components) != len(self.weights) or not self.weights:
            raise ValueError(f"need one weight per component, got {len(self.weights)} for {len(self.components)}")
        legal = min(self.weights) >= 0 and abs(sum(self.weights) - 1) <= 1e-9
        require(legal, "weights", ">= 0 with sum 1", self.weights)

    @property
    def parts(self) -> tuple[tuple[float, Prior], ...]:
        return _merged(zip(self.weights, self.components, strict=True))


@dataclass(frozen=True)
class TwoCoins(_Mixed):
    """The coin is one of two: a fair one, or one of bias `bias`; each is made with some spread.

    Args:
        bias: Mean θ of the biased coins, in (0, 1).
        fair_weight: Probability that the coin is a fair one.
        concentration: a + b of either bump, Beta(c/2, c/2) and Beta(c bias, c (1 - bias)): the larger, the narrower.

    Raises:
        ValueError: An argument is outside its range.
    """

    bias: float
    fair_weight: float = 0.5
    concentration: float = 100.0

    def __post_init__(self) -> None:
        require(0 < self.bias < 1, "bias", "in (0, 1)", self.bias)
        require(0 <= self.fair_weight <= 1, "fair_weight", "in [0, 1]", self.fair_weight)
        require(0 < self.concentration < math.inf, "concentration", "> 0 and finite", self.concentration)

    @property
    def parts(self) -> tuple[tuple[float, Prior], ...]:
        c = self.concentration
        fair, biased = Beta(c / 2, c / 2), Beta(c * self.bias, c * (1 - self.bias))
        return _merged([(self.fair_weight, fair), (1 - self.fair_weight, biased)])


@dataclass(frozen=True)
class SpikeAndBeta(_Mixed):
    """The coin is exactly `at` with probability `weight`; otherwise θ is Beta(a, b).

    Raises:
        ValueError: An argument is outside its range.
    """

    at: float = 0.5
    weight: float = 0.5
    a: float = 1.0
    b: float = 1.0

    def __post_init__(self) -> None:
        require(0 <= self.weight <= 1, "weight", "in [0, 1]", self.weight)
        _ = Point(self.at), Beta(self.a, self.b)  # each says what it finds wrong

    @property
    def parts(self) -> tuple[tuple[float, Prior], ...]:
        return _merged([(self.weight, Point(self.at)), (1 - self.weight, Beta(self.a, self.b))])


def _merged(parts: "Sequence[tuple[float, Prior]] | zip[tuple[float, Prior]]") -> tuple[tuple[float, Prior], ...]:
    """Equal components as one, and none without weight."""
    weights: dict[Prior, float] = {}
    for weight, part in parts:
        weights[part] = weights.get(part, 0.0) + weight
    return tuple((weight, part) for part, weight in weights.items() if weight > 0)
