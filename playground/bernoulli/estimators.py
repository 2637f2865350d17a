"""Three estimators of θ judged over all that n flips can show: bias, variance and mean squared error, exact.

n flips give one of n + 1 counts, so every expectation is a finite sum; a simulation of the experiment checks them.
Source: Casella & Berger, Statistical Inference, 2nd ed., 2002, §7.3.1 (the MSE of Bayes estimators of a binomial p).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from playground.bernoulli.priors import Beta, Prior
from playground.bernoulli.tilted import Tilted
from playground.bernoulli.truncated_normal import TruncatedNormal

ESTIMATORS: Final = ("MLE", "MAP", "mean")
MOST: Final = 200  # flips
REPEATS: Final = 10_000
# dense at both ends, where estimators that shrink can win on very short stretches
_SIDE: Final = np.geomspace(1e-6, 2e-3, 24)
GRID: Final = np.unique(np.concatenate([np.linspace(0.0, 1.0, 401), _SIDE, 1 - _SIDE]))


@dataclass(frozen=True, eq=False)
class Moments:
    """How an estimator fares at θ; each of shape (3,) or (3, k): MLE, MAP, posterior mean.

    Attributes:
        mean: E[θ̂].
        bias: E[θ̂] - θ.
        variance: Var[θ̂].
        mse: E[(θ̂ - θ)²] = bias² + variance.
    """

    mean: np.ndarray
    bias: np.ndarray
    variance: np.ndarray
    mse: np.ndarray


@lru_cache(maxsize=64)
def estimates(prior: Prior, n: int) -> np.ndarray:
    """What MLE, MAP and posterior mean say after 0 … n heads, shape (3, n + 1); read-only.

    Args:
        prior: A Beta or a TruncatedNormal: with a flip seen, their posteriors have one top and one only.
        n: Flips, in [1, 200].
    """
    check_flips(n)
    heads = np.arange(n + 1)
    if isinstance(prior, Beta):
        above, below = prior.a + heads - 1, prior.b + n - heads - 1
        # a parameter of at most 1 leaves no hump: the top is at its edge
        peak = np.where(
            above <= 0, 0.0, np.where(below <= 0, 1.0, above / np.where(above + below > 0, above + below, 1))
        )
        mean = (prior.a + heads) / (prior.a + prior.b + n)
    elif isinstance(prior, TruncatedNormal):
        tilted = Tilted(prior, n)
        peak, mean = tilted.peaks(), tilted.means()
    else:
        raise ValueError(f"prior must be a Beta or a TruncatedNormal, got {prior!r}")
    table = np.stack([heads / n, peak, mean])
    table.setflags(write=False)
    return table


def binomial(theta: np.ndarray | float, n: int) -> np.ndarray:
    """P(h heads in n flips) for every θ in [0, 1], shape (*theta.shape, n + 1)."""
    from scipy.special import xlog1py, xlogy

    heads = np.arange(n + 1)
    ways = np.concatenate([[0.0], np.cumsum(np.log((n - heads[:-1]) / (heads[:-1] + 1)))])
    theta = np.asarray(theta, float)[..., None]
    return np.exp(ways + xlogy(heads, theta) + xlog1py(n - heads, -theta))


def moments(table: np.ndarray, theta: np.ndarray | float) -> Moments:
    """The exact moments of the estimators in `table`, see `estimates`, at θ of shape () or (k,)."""
    theta = np.asarray(theta, float)
    p = binomial(theta, table.shape[1] - 1)
    mean = np.moveaxis(p @ table.T, -1, 0)  # (3, …)
    bias = mean - theta
    # about their means, because E[θ̂²] - E[θ̂]² would cancel where the prior leaves little variance
    variance = np.stack([(p * (row - at[..., None]) ** 2).sum(-1) for row, at in zip(table, mean, strict=True)])
    return Moments(mean, bias, variance, bias**2 + variance)


@dataclass(frozen=True, eq=False)
class Simulated:
    """Moments over simulated experiments, and their standard errors; each of shape (3,)."""

    moments: Moments
    bias_se: np.ndarray
    variance_se: np.ndarray
    mse_se: np.ndarray


def simulate(theta: float, n: int, uniforms: np.ndarray) -> np.ndarray:
    """How many of the experiments showed 0 … n heads, shape (n + 1,).

    Args:
        uniforms: One number in [0, 1) for each experiment, sorted. The same ones serve every θ, so that the counts
            change little when θ does.
    """
    ends = np.searchsorted(uniforms, np.cumsum(binomial(theta, n)), side="left")
    ends[-1] = len(uniforms)  # the probabilities may sum to a little less than 1
    return np.diff(ends, prepend=0)


@lru_cache(maxsize=8)
def uniforms(seed: int, repeats: int = REPEATS) -> np.ndarray:
    """What `simulate` needs, from a seed; read-only."""
    drawn = np.sort(np.random.default_rng(seed).random(repeats))
    drawn.setflags(write=False)
    return drawn


def summarise(table: np.ndarray, counts: np.ndarray, theta: float) -> Simulated:
    """The moments of simulated estimates: as `moments`, with shares for probabilities."""
    repeats = counts.sum()
    share = counts / repeats
    mean = table @ share
    deviation, error = (table - mean[:, None]) ** 2, (table - theta) ** 2
    variance, mse = deviation @ share, error @ share

    def standard_error(values: np.ndarray, centre: np.ndarray) -> np.ndarray:
        return np.sqrt(((values - centre[:, None]) ** 2) @ share / repeats)

    return Simulated(
        Moments(mean, mean - theta, variance, mse),
        np.sqrt(variance / repeats),
        standard_error(deviation, variance),
        standard_error(error, mse),
    )


@lru_cache(maxsize=64)
def error_curves(prior: Prior, n: int) -> Moments:
    """The exact moments at every θ of `GRID`, shape (3, len(GRID)) each."""
    return moments(estimates(prior, n), GRID)


@lru_cache(maxsize=64)
def wins(prior: Prior, n: int, one: int = 2, other: int = 0) -> tuple[tuple[float, float], ...]:
    """Where in [0, 1] the MSE of one estimator is below that of another: intervals of θ from left to right.

    Args:
        one, other: Places in `ESTIMATORS`.
    """
    from scipy.optimize import root_scalar

    table, mse = estimates(prior, n), error_curves(prior, n).mse
    gains = mse[other] - mse[one]
    above = gains > 1e-15  # rounding of equal errors is no win

    def gain(theta: float) -> float:
        at = moments(table, theta).mse
        return float(at[other] - at[one])

    ends = [0.0] if above[0] else []
    for i in np.flatnonzero(above[1:] != above[:-1]):
        bracket = float(GRID[i]), float(GRID[i + 1])
        crosses = gains[i] * gains[i + 1] < 0
        ends.append(root_scalar(gain, bracket=bracket, xtol=1e-12).root if crosses else bracket[int(above[i])])
    if above[-1]:
        ends.append(1.0)
    return tuple(zip(ends[0::2], ends[1::2], strict=True))


def check_flips(n: int) -> None:
    """Raise ValueError unless n is a whole number in [1, 200]."""
    if not (isinstance(n, int | np.integer) and 1 <= n <= MOST):
        raise ValueError(f"n must be a whole number in [1, {MOST}], got {n!r}")
