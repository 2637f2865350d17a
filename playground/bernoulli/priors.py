"""Beliefs about θ, a coin's probability of heads. Each stays in its family when flips are seen.

A belief is a Beta, a truncated normal tilted by θ^h (1-θ)^t, a point, or a mixture of these. A mixture of conjugate
components is conjugate: every component is updated alone, and its weight is multiplied by its evidence.
Densities are kept as logarithms, in nats.
Source: Gelman et al., Bayesian Data Analysis, 3rd ed., 2013, §2.4; Diaconis & Ylvisaker, 1985 (mixtures).
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

Atom = tuple[float, float]  # where, and with which probability
_DEEP: Final = 40.0  # nats below the peak: what lies lower weighs less than 1e-16 of the whole
_LANDMARKS: Final = 1 / (1 + np.exp(-np.linspace(-28, 28, 225)))  # probabilities, dense at both ends


class Prior(ABC):
    """A belief about θ. A posterior is one as well: the prior of the next flip."""

    @abstractmethod
    def log_density(self, theta: np.ndarray) -> np.ndarray:
        """log p(θ) of the continuous part, shape as `theta`; -inf outside [0, 1], +inf at an edge where p diverges."""

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """Points that have a probability of their own, from left to right."""
        return ()

    @abstractmethod
    def cdf(self, theta: np.ndarray) -> np.ndarray:
        """P(Θ ≤ θ), shape as `theta`, with the atoms."""

    @abstractmethod
    def mean(self) -> float:
        """E[θ]: also the probability that the next flip is heads."""

    @abstractmethod
    def variance(self) -> float:
        """Var[θ]."""

    @abstractmethod
    def modes(self) -> tuple[float, ...]:
        """Where the belief peaks, highest first; as high, from left to right; none where it is flat.

        An atom is higher than every density: atoms come first, the heaviest before the others.
        """

    @abstractmethod
    def after(self, heads: int, tails: int) -> "Prior":
        """The posterior when `heads` and `tails` were seen, in any order.

        Raises:
            ValueError: A count is negative or no whole number; or the prior says that such flips cannot be.
        """

    @abstractmethod
    def log_evidence(self, heads: int, tails: int) -> float:
        """log ∫ θ^h (1-θ)^t p(θ) dθ, nats: of these flips in their order. -inf where they cannot be.

        Raises:
            ValueError: A count is negative or no whole number.
        """

    @abstractmethod
    def score(self, theta: np.ndarray) -> np.ndarray:
        """d log p / dθ of the continuous part in (0, 1), shape as `theta`."""

    @abstractmethod
    def landmarks(self) -> np.ndarray:
        """Some hundred increasing θ, dense where the continuous part has its mass; its ends are 0 and 1."""

    def density(self, theta: np.ndarray) -> np.ndarray:
        """p(θ) of the continuous part, shape as `theta`; inf where it diverges."""
        return np.exp(self.log_density(theta))


@dataclass(frozen=True)
class Beta(Prior):
    """Beta(a, b): as if a - 1 heads and b - 1 tails had been seen on top of a flat prior.

    Raises:
        ValueError: a or b is not positive and finite.
    """

    a: float
    b: float

    def __post_init__(self) -> None:
        for name in ("a", "b"):
            _require(0 < getattr(self, name) < math.inf, name, "> 0 and finite", getattr(self, name))

    def log_density(self, theta: np.ndarray) -> np.ndarray:
        theta = np.asarray(theta, float)
        with np.errstate(divide="ignore", invalid="ignore"):
            # 0 * log 0 is 0 here: a flat side stays flat up to its edge
            left = (self.a - 1) * np.log(theta) if self.a != 1 else 0.0
            right = (self.b - 1) * np.log1p(-theta) if self.b != 1 else 0.0
            inside = (theta >= 0) & (theta <= 1)
            return np.where(inside, left + right - log_beta(self.a, self.b), -np.inf)

    def cdf(self, theta: np.ndarray) -> np.ndarray:
        from scipy.special import betainc

        return betainc(self.a, self.b, np.clip(theta, 0.0, 1.0))

    def mean(self) -> float:
        return self.a / (self.a + self.b)

    def variance(self) -> float:
        total = self.a + self.b
        return (self.a / total) * (self.b / total) / (total + 1)

    def modes(self) -> tuple[float, ...]:
        a, b = self.a, self.b
        if a > 1 and b > 1:
            return ((a - 1) / (a + b - 2),)
        # the edge with the smaller parameter diverges faster
        edges = [(parameter, edge) for parameter, edge in ((a, 0.0), (b, 1.0)) if parameter < 1]
        if edges:
            return tuple(edge for _, edge in sorted(edges))
        return () if a == b else (0.0,) if a == 1 else (1.0,)

    def after(self, heads: int, tails: int) -> "Beta":
        check_counts(heads, tails)
        return Beta(self.a + heads, self.b + tails)

    def log_evidence(self, heads: int, tails: int) -> float:
        check_counts(heads, tails)
        return log_beta(self.a + heads, self.b + tails) - log_beta(self.a, self.b)

    def score(self, theta: np.ndarray) -> np.ndarray:
        return (self.a - 1) / theta - (self.b - 1) / (1 - theta)

    def landmarks(self) -> np.ndarray:
        from scipy.special import betaincinv

        inner = betaincinv(self.a, self.b, _LANDMARKS)
        return np.unique(np.concatenate([[0.0], inner, [1.0]]))


def uniform() -> Beta:
    """Every θ as likely: Beta(1, 1)."""
    return Beta(1.0, 1.0)


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
        _require(math.isfinite(self.mu), "mu", "finite", self.mu)
        _require(0 < self.sigma < math.inf, "sigma", "> 0 and finite", self.sigma)
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


@dataclass(frozen=True)
class Point(Prior):
    """All probability at one θ: no flip moves it.

    Raises:
        ValueError: The point is not in [0, 1].
    """

    at: float

    def __post_init__(self) -> None:
        _require(0 <= self.at <= 1, "at", "in [0, 1]", self.at)

    def log_density(self, theta: np.ndarray) -> np.ndarray:
        return np.full(np.shape(theta), -np.inf)

    @property
    def atoms(self) -> tuple[Atom, ...]:
        return ((float(self.at), 1.0),)

    def cdf(self, theta: np.ndarray) -> np.ndarray:
        return (np.asarray(theta) >= self.at).astype(float)

    def mean(self) -> float:
        return self.at

    def variance(self) -> float:
        return 0.0

    def modes(self) -> tuple[float, ...]:
        return (float(self.at),)

    def after(self, heads: int, tails: int) -> "Point":
        if self.log_evidence(heads, tails) == -math.inf:
            raise ValueError(_impossible(heads, tails))
        return self

    def log_evidence(self, heads: int, tails: int) -> float:
        check_counts(heads, tails)
        if (heads and self.at == 0) or (tails and self.at == 1):
            return -math.inf
        return float((heads and heads * math.log(self.at)) + (tails and tails * math.log1p(-self.at)))

    def score(self, theta: np.ndarray) -> np.ndarray:
        return np.zeros(np.shape(theta))

    def landmarks(self) -> np.ndarray:
        return np.array([0.0, 1.0])


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
            raise ValueError(_impossible(heads, tails))
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
        _require(legal, "weights", ">= 0 with sum 1", self.weights)

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
        _require(0 < self.bias < 1, "bias", "in (0, 1)", self.bias)
        _require(0 <= self.fair_weight <= 1, "fair_weight", "in [0, 1]", self.fair_weight)
        _require(0 < self.concentration < math.inf, "concentration", "> 0 and finite", self.concentration)

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
        _require(0 <= self.weight <= 1, "weight", "in [0, 1]", self.weight)
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


def check_counts(heads: int, tails: int) -> None:
    """Raise ValueError unless both are whole numbers of at least 0."""
    for name, count in (("heads", heads), ("tails", tails)):
        _require(isinstance(count, int | np.integer) and count >= 0, name, "a whole number >= 0", count)


def _require(legal: bool, name: str, wanted: str, came: object) -> None:
    if not legal:
        raise ValueError(f"{name} must be {wanted}, got {came!r}")


def _impossible(heads: int, tails: int) -> str:
    return f"this prior says that {heads} heads and {tails} tails cannot be seen"


def log_beta(a: float, b: float) -> float:
    """log B(a, b). Stirling's series where a parameter is large: three lgamma of 10^6 would cancel to 9 digits."""
    low, high = min(a, b), max(a, b)
    if high < 20:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    total = low + high
    if low < 20:
        tilt = low - low * math.log(total) - (high - 0.5) * math.log1p(low / high)
        return math.lgamma(low) + tilt + _stirling(high) - _stirling(total)
    powers = -(high - 0.5) * math.log1p(low / high) - low * math.log1p(high / low) - 0.5 * math.log(low)
    return 0.5 * math.log(2 * math.pi) + powers + _stirling(low) + _stirling(high) - _stirling(total)


def _stirling(x: float) -> float:
    """log Γ(x) minus Stirling's formula, to 1e-16 for x ≥ 20."""
    square = 1 / (x * x)
    return (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / x


def increasing_root(
    function: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray | float]], low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Where increasing functions cross 0: Newton's steps inside a bracket that halves wherever they would leave it.

    Args:
        function: θ -> values and slopes, shape (k,) each; a slope of NaN means: halve.
        low, high: Brackets, shape (k,).
    """
    middle = (low + high) / 2
    for _ in range(70):
        value, slope = function(middle)
        low, high = np.where(value < 0, middle, low), np.where(value < 0, high, middle)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            newton = middle - value / slope
        following = np.where((newton > low) & (newton < high), newton, (low + high) / 2)
        if np.all(np.abs(following - middle) <= 4e-16 * np.abs(middle)):
            return following
        middle = following
    return middle


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
