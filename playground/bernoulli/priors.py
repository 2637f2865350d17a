"""Beliefs about θ, a coin's probability of heads. Each stays in its family when flips are seen.

Here is what every belief answers, and the two that have closed forms: a Beta and a point. The others are a truncated
normal (`truncated_normal`) and mixtures (`mixtures`).
Densities are kept as logarithms, in nats.
Source: Gelman et al., Bayesian Data Analysis, 3rd ed., 2013, §2.4.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

import numpy as np

Atom = tuple[float, float]  # where, and with which probability
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
            require(0 < getattr(self, name) < math.inf, name, "> 0 and finite", getattr(self, name))

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
class Point(Prior):
    """All probability at one θ: no flip moves it.

    Raises:
        ValueError: The point is not in [0, 1].
    """

    at: float

    def __post_init__(self) -> None:
        require(0 <= self.at <= 1, "at", "in [0, 1]", self.at)

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
            raise ValueError(impossible(heads, tails))
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


def check_counts(heads: int, tails: int) -> None:
    """Raise ValueError unless both are whole numbers of at least 0."""
    for name, count in (("heads", heads), ("tails", tails)):
        require(isinstance(count, int | np.integer) and count >= 0, name, "a whole number >= 0", count)


def require(legal: bool, name: str, wanted: str, came: object) -> None:
    """Raise ValueError unless `legal`: it says the field, what is wanted and what came."""
    if not legal:
        raise ValueError(f"{name} must be {wanted}, got {came!r}")


def impossible(heads: int, tails: int) -> str:
    """What is said of flips that a prior rules out."""
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
