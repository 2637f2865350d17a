"""How to draw from a distribution with uniform numbers alone: six classic ways, each with what it costs.

Randomness is handed in as uniform numbers or as a generator; nothing is drawn behind the caller's back.

Source: Devroye, Non-Uniform Random Variate Generation, 1986, §II.2 (inversion), §V.4 (polar methods), §II.3
(rejection); Box & Muller, 1958; Gumbel, 1954, and Maddison et al., 2014, arXiv:1411.0030, §2 (Gumbel-max); Robert &
Casella, Monte Carlo Statistical Methods, 2nd ed., 2004, §7.3 (Metropolis-Hastings), §3.3 (importance sampling).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

LogDensity = Callable[[np.ndarray], np.ndarray]  # places (n, 2) -> log p, up to a constant, (n,)


def inverse_cdf(u: np.ndarray, values: np.ndarray, rises: np.ndarray) -> np.ndarray:
    """F⁻¹(u) = min{c : F(c) ≥ u} of a discrete distribution.

    Args:
        u: In [0, 1], any shape.
        values: Increasing, shape (k,).
        rises: F at these values, not decreasing, the last one 1, shape (k,).
    """
    return values[np.minimum(np.searchsorted(rises, u, side="left"), len(values) - 1)]


def box_muller(u1: np.ndarray, u2: np.ndarray) -> np.ndarray:
    """Two independent standard normals from each pair of uniforms: R = √(-2 ln u₁), Θ = 2π u₂; shape (..., 2).

    Args:
        u1: In (0, 1].
        u2: In [0, 1).
    """
    radius, angle = np.sqrt(-2 * np.log(u1)), 2 * np.pi * u2
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1)


def gumbel_max(log_weights: np.ndarray, u: np.ndarray) -> np.ndarray:
    """argmax_k (log w_k - log(-log u_k)): category k with probability w_k / Σ w.

    Args:
        log_weights: Shape (k,).
        u: In (0, 1), one uniform per category and draw, shape (n, k).
    Returns:
        Shape (n,).
    """
    return np.argmax(log_weights - np.log(-np.log(u)), -1)


class Rejected(NamedTuple):
    """Attributes:
    places: Proposals, shape (n, 2).
    kept: Which of them are a sample of p, shape (n,).
    """

    places: np.ndarray
    kept: np.ndarray


def rejection(
    log_p: LogDensity, box: tuple[float, float, float, float], log_most: float, *, n: int, rng: np.random.Generator
) -> Rejected:
    """n uniform proposals in the box (x0, x1, y0, y1), each kept with probability p / e^log_most.

    Raises:
        ValueError: p is higher than e^log_most at a proposal, so that what is kept would not follow p.
    """
    x0, x1, y0, y1 = box
    places = np.stack([rng.uniform(x0, x1, n), rng.uniform(y0, y1, n)], -1)
    log_share = log_p(places) - log_most
    if log_share.max(initial=-np.inf) > 1e-9:
        raise ValueError(f"log_most must bound log p, but p is {np.exp(log_share.max()):.3g} times as high somewhere")
    return Rejected(places, np.log(rng.uniform(size=n)) < log_share)


class Walk(NamedTuple):
    """Attributes:
    places: Where the walker stands before the first step and after each, shape (n + 1, 2).
    proposed: Where it would have gone, shape (n, 2).
    taken: Whether it went, shape (n,).
    """

    places: np.ndarray
    proposed: np.ndarray
    taken: np.ndarray


def metropolis_hastings(
    log_p: LogDensity, start: tuple[float, float], *, width: float, n: int, rng: np.random.Generator
) -> Walk:
    """A walk of n steps whose places follow p in the long run; a refused step leaves the walker where it is.

    Args:
        width: Standard deviation of a proposed step along each axis.
    Raises:
        ValueError: p is 0 at the start.
    """
    here, jumps, luck = np.array(start, float), width * rng.standard_normal((n, 2)), np.log(rng.uniform(size=n))
    height = float(log_p(here[None])[0])
    if not np.isfinite(height):
        raise ValueError(f"the walk must start where p is positive, got log p = {height} at {start}")
    places, proposed, taken = [here], here + jumps, np.zeros(n, bool)
    for k in range(n):
        proposed[k] = here + jumps[k]
        there = float(log_p(proposed[k : k + 1])[0])
        if luck[k] < there - height:
            here, height, taken[k] = proposed[k].copy(), there, True
        places.append(here)
    return Walk(np.array(places), proposed, taken)


class Weighed(NamedTuple):
    """Attributes:
    weights: Of the places, summing to 1, shape (n,).
    effective: 1 / Σ w²: of how many equal samples these are worth.
    """

    weights: np.ndarray
    effective: float


def importance(log_p: np.ndarray, log_q: np.ndarray) -> Weighed:
    """Weights p / q, summing to 1, of samples from q; both may be known up to a constant only.

    Args:
        log_p, log_q: At the samples, shape (n,).
    Raises:
        ValueError: p is 0 at every sample.
    """
    log_weights = log_p - log_q
    most = log_weights.max(initial=-np.inf)
    if not np.isfinite(most):
        raise ValueError("p must be positive at some sample of q, got none")
    weights = np.exp(log_weights - most)
    weights = weights / weights.sum()
    return Weighed(weights, float(1 / np.square(weights).sum()))
