"""95% intervals for θ from h heads in n flips, and how often each holds θ: exact, as a function of θ.

Coverage is a sum over the counts whose interval holds θ. It jumps where θ passes an end of an interval: saw teeth.
Source: Brown, Cai & DasGupta, Interval Estimation for a Binomial Proportion, Statistical Science 16:101, 2001.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

import numpy as np

from playground.bernoulli.coin import predictive
from playground.bernoulli.estimators import binomial, check_flips
from playground.bernoulli.priors import Beta, Prior
from playground.bernoulli.tilted import Tilted
from playground.bernoulli.truncated_normal import TruncatedNormal

Kind = Literal["Equal tails", "Shortest", "Wald", "Wilson", "Clopper–Pearson"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
OF_THE_PRIOR: Final[tuple[Kind, ...]] = ("Equal tails", "Shortest")
MASS: Final = 0.95
_BESIDE: Final = 1e-9  # how close to a jump the curve is drawn
_EDGES: Final = np.array([1e-15, 1 - 1e-15])  # an end of an interval beyond these is 0 or 1


@dataclass(frozen=True, eq=False)
class Bounds:
    """Closed intervals for 0 … n heads; both ends grow with the heads, so that those that hold a θ are neighbours.

    Attributes:
        low, high: In [0, 1], shape (n + 1,) each; read-only.
    """

    low: np.ndarray
    high: np.ndarray

    def holding(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The first and the last count whose interval holds θ, shape as `theta`; first > last where none does."""
        return np.searchsorted(self.high, theta, side="left"), np.searchsorted(self.low, theta, side="right") - 1

    def hold(self, theta: float) -> np.ndarray:
        """Whether each interval holds `theta`, shape (n + 1,)."""
        return (self.low <= theta) & (theta <= self.high)


@lru_cache(maxsize=128)
def bounds(kind: Kind, prior: Prior, n: int) -> Bounds:
    """The 95% intervals of that kind.

    Args:
        kind: "Equal tails" and "Shortest" (highest density) hold 95% of the posterior; the others know no prior.
        prior: A Beta or a TruncatedNormal.
        n: Flips, in [1, 200].
    """
    check_flips(n)
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {KINDS}, got {kind!r}")
    low, high = _of_the_prior(kind, prior, n) if kind in OF_THE_PRIOR else _without_prior(kind, n)
    ends = np.clip([low, high], 0.0, 1.0)
    ends.setflags(write=False)
    return Bounds(*ends)


def _of_the_prior(kind: Kind, prior: Prior, n: int) -> tuple[np.ndarray, np.ndarray]:
    posteriors = _posteriors(prior, n)
    low, high = posteriors.quantiles(np.tile([(1 - MASS) / 2, (1 + MASS) / 2], (n + 1, 1))).T
    return _shortest(posteriors, low, high) if kind == "Shortest" else (low, high)


def _posteriors(prior: Prior, n: int) -> "Tilted | _Betas":
    if isinstance(prior, TruncatedNormal):
        return Tilted(prior, n)
    if isinstance(prior, Beta):
        return _Betas(prior, n)
    raise ValueError(f"prior must be a Beta or a TruncatedNormal, got {prior!r}")


@dataclass(frozen=True)
class _Betas:
    """What `Tilted` is, for a Beta prior; θ and p of shape (n + 1, k), row h for h heads."""

    prior: Beta
    n: int

    @property
    def _powers(self) -> tuple[np.ndarray, np.ndarray]:
        heads = np.arange(self.n + 1)[:, None]
        return self.prior.a + heads, self.prior.b + self.n - heads

    def quantiles(self, p: np.ndarray) -> np.ndarray:
        from scipy.special import betaincinv

        return betaincinv(*self._powers, p)

    def cdf(self, theta: np.ndarray) -> np.ndarray:
        from scipy.special import betainc

        return betainc(*self._powers, theta)

    def log_density(self, theta: np.ndarray) -> np.ndarray:
        from scipy.special import betaln, xlog1py, xlogy

        a, b = self._powers
        return xlogy(a - 1, theta) + xlog1py(b - 1, -theta) - betaln(a, b)

    def score(self, theta: np.ndarray) -> np.ndarray:
        a, b = self._powers
        return (a - 1) / theta - (b - 1) / (1 - theta)


def _shortest(posteriors: Tilted | _Betas, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The highest-density intervals of log-concave or monotone posteriors: Newton's method for both ends at once.

    The ends are as dense, and 95% lie between. Where the density beside 0 (or 1) exceeds that of the other end, 0 is
    one; beside it, because that of Beta(12, 1.01) vanishes at 1 and is high at the last number before.

    Args:
        low, high: Where to begin, such as the equal-tailed intervals, shape (n + 1,) each.
    """
    rows = len(low)
    edges = np.tile([0.0, 1.0], (rows, 1))
    other = posteriors.quantiles(np.tile([MASS, 1 - MASS], (rows, 1)))
    with np.errstate(invalid="ignore"):
        beside = posteriors.log_density(np.tile(_EDGES, (rows, 1)))
        clipped = beside >= posteriors.log_density(other)  # (n + 1, 2)
    settled = clipped.any(1, keepdims=True)
    ends = np.where(settled, [0.25, 0.75], np.stack([low, high], 1))  # of the settled rows any two places do
    signs = np.array([-1.0, 1.0])
    for _ in range(60):
        log, score = posteriors.log_density(ends), posteriors.score(ends)
        density = np.exp(log)
        missing = MASS - posteriors.cdf(ends) @ signs
        uneven = log[:, 1] - log[:, 0]
        # density[1] d_high - density[0] d_low = missing, score[0] d_low - score[1] d_high = uneven
        bend = density[:, 1] * score[:, 0] - density[:, 0] * score[:, 1]
        with np.errstate(divide="ignore", invalid="ignore"):  # of settled rows, which do not move
            low_step = (density[:, 1] * uneven + score[:, 1] * missing) / bend
            high_step = (density[:, 0] * uneven + score[:, 0] * missing) / bend
        step = np.stack([low_step, high_step], 1)
        moved = np.clip(ends + step, ends / 2, np.minimum((1 + ends) / 2, np.nextafter(1, 0)))  # never out of (0, 1)
        moved = np.where(settled, ends, moved)
        if np.abs(moved - ends).max() < 1e-14:
            break
        ends = moved
    ends = np.where(clipped[:, :1], np.stack([edges[:, 0], other[:, 0]], 1), ends)
    ends = np.where(clipped[:, 1:], np.stack([other[:, 1], edges[:, 1]], 1), ends)
    return ends[:, 0], ends[:, 1]


def _without_prior(kind: Kind, n: int) -> tuple[np.ndarray, np.ndarray]:
    from scipy.special import betaincinv, ndtri

    heads = np.arange(n + 1)
    z, share = ndtri((1 + MASS) / 2), heads / n
    if kind == "Wald":
        reach = z * np.sqrt(share * (1 - share) / n)
        return share - reach, share + reach
    if kind == "Wilson":
        middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        reach = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        # at no heads and at all heads the end is 0 or 1 up to rounding
        return np.where(heads == 0, 0.0, middle - reach), np.where(heads == n, 1.0, middle + reach)
    inner = np.arange(n)  # Clopper-Pearson: each end leaves at most 2.5% beyond it
    low = np.concatenate([[0.0], betaincinv(inner + 1, n - inner, (1 - MASS) / 2)])
    return low, np.concatenate([betaincinv(inner + 1, n - inner, (1 + MASS) / 2), [1.0]])


def coverage(intervals: Bounds, theta: np.ndarray | float) -> np.ndarray:
    """P(the interval holds θ) when θ is the truth, shape as `theta`."""
    from scipy.special import bdtr

    theta = np.asarray(theta, float)
    first, last = intervals.holding(theta)
    n = len(intervals.low) - 1
    upper = bdtr(np.maximum(last, 0), n, theta)
    lower = np.where(first > 0, bdtr(np.maximum(first - 1, 0), n, theta), 0.0)
    return np.where(first <= last, np.maximum(upper - lower, 0.0), 0.0)


@lru_cache(maxsize=64)
def curve(kind: Kind, prior: Prior, n: int) -> tuple[np.ndarray, np.ndarray]:
    """θ and the coverage there, with two points at each jump so that a tooth is drawn upright; read-only."""
    found = bounds(kind, prior, n)
    ends = np.concatenate([found.low, found.high])
    ends = ends[(ends > _BESIDE) & (ends < 1 - _BESIDE)]
    theta = np.unique(np.concatenate([np.linspace(0.0, 1.0, 401), ends - _BESIDE, ends, ends + _BESIDE]))
    held = coverage(found, theta)
    theta.setflags(write=False)
    held.setflags(write=False)
    return theta, held


def average_coverage(kind: Kind, prior: Prior, n: int) -> float:
    """The coverage averaged over θ drawn from the prior.

    Averaging first over the flips, it is the sum over h of P(h) times the posterior's probability of the interval: 0.95
    for every interval that holds 95% of the posterior.
    """
    if kind in OF_THE_PRIOR:
        return MASS
    found = bounds(kind, prior, n)
    below = _posteriors(prior, n).cdf(np.stack([found.low, found.high], 1))
    return float(predictive(prior, n) @ (below[:, 1] - below[:, 0]))


def width(intervals: Bounds, theta: float) -> float:
    """The expected width of the interval when θ is the truth."""
    return float(binomial(theta, len(intervals.low) - 1) @ (intervals.high - intervals.low))
