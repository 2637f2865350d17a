"""What flips say about a coin: estimates, evidence, intervals and what comes next.

Source: Gelman et al., Bayesian Data Analysis, 3rd ed., 2013, §2.3-2.4 (posterior, intervals); MacKay, Information
Theory, Inference, and Learning Algorithms, 2003, §3.3 (evidence); Hyndman, 1996 (highest-density regions).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from playground.bernoulli.mixtures import Mixture
from playground.bernoulli.priors import Beta, Point, Prior, check_counts, log_beta
from playground.bernoulli.roots import increasing_root
from playground.bernoulli.truncated_normal import TruncatedNormal

Interval = tuple[float, float]
VISIBLE: Final = 0.005  # of the highest: a lower second peak, or an atom of less probability, is not pointed out


def posterior(prior: Prior, heads: int, tails: int) -> Prior:
    """The belief after `heads` and `tails`, in any order.

    Raises:
        ValueError: A count is negative or no whole number; or the prior says that such flips cannot be.
    """
    return prior.after(heads, tails)


def mle(heads: int, tails: int) -> float | None:
    """h / (h + t), where θ^h (1-θ)^t is largest; None without flips, when every θ is as likely."""
    check_counts(heads, tails)
    return heads / (heads + tails) if heads + tails else None


def map_estimate(prior: Prior, heads: int, tails: int) -> float | None:
    """Where the posterior is highest; None where it is flat. An atom beats every density.

    Of several places as high it is the leftmost: see `Prior.modes` for all of them.
    """
    return next(iter(posterior(prior, heads, tails).modes()), None)


@lru_cache(maxsize=512)
def pointed_out(belief: Prior) -> tuple[float, ...]:
    """The modes that one can see, highest first: without atoms of hardly any weight and peaks that are far lower."""
    atoms = dict(belief.atoms)
    smooth = np.array([mode for mode in belief.modes() if mode not in atoms])
    with np.errstate(over="ignore"):
        heights = belief.density(smooth)
    seen = set(smooth[heights >= VISIBLE * heights.max(initial=0.0)].tolist())
    return tuple(mode for mode in belief.modes() if mode in seen or atoms.get(mode, 0.0) >= VISIBLE)


def log_likelihood(theta: np.ndarray | float, heads: int, tails: int) -> np.ndarray:
    """h log θ + t log(1-θ), nats, shape as `theta`; 0 log 0 is 0."""
    check_counts(heads, tails)
    theta = np.asarray(theta, float)
    with np.errstate(divide="ignore"):
        left = heads * np.log(theta) if heads else np.zeros_like(theta)
        return left + tails * np.log1p(-theta) if tails else left


def log_evidence(prior: Prior, heads: int, tails: int) -> float:
    """log p(flips), nats: the likelihood of these flips, in their order, averaged over the prior."""
    return prior.log_evidence(heads, tails)


def evidence(prior: Prior, heads: int, tails: int) -> float:
    """p(flips), of these flips in their order; 0.0 where it is below 1e-308."""
    return math.exp(log_evidence(prior, heads, tails))


def log_bayes_factor(prior: Prior, heads: int, tails: int, *, against: float = 0.5) -> float:
    """log p(flips | prior) - log p(flips | θ = against), nats: positive where the flips speak for the prior.

    Raises:
        ValueError: Neither of the two allows these flips.
    """
    ours, theirs = log_evidence(prior, heads, tails), log_evidence(Point(against), heads, tails)
    if ours == theirs == -math.inf:
        raise ValueError(f"neither the prior nor θ = {against} allows {heads} heads and {tails} tails")
    return ours - theirs


def predictive(belief: Prior, n: int) -> np.ndarray:
    """P(k heads in the next n flips), shape (n + 1,); beta-binomial where the belief is a Beta.

    Raises:
        ValueError: n is negative or no whole number.
    """
    check_counts(n, 0)
    if isinstance(belief, Beta):
        # P(k+1) / P(k); a product of ratios loses no digits, however large a and b are
        k = np.arange(n)
        ratios = np.log((n - k) / (k + 1)) + np.log((belief.a + k) / (belief.b + n - k - 1))
        return _normalised(np.concatenate([[0.0], np.cumsum(ratios)]))
    if isinstance(belief, Point):
        return _binomial(np.array([belief.at]), n)[0]
    if isinstance(belief, TruncatedNormal):
        theta, mass = belief.quadrature()
        return mass @ _binomial(theta, n)
    return sum((weight * predictive(part, n) for weight, part in _parts(belief)), np.zeros(n + 1))


@dataclass(frozen=True)
class Intervals:
    """Two ways of saying where θ is with a given probability.

    Attributes:
        equal_tailed: From one quantile to the other, with as much left out below as above; for an atom there, less.
        highest_density: The smallest set, as intervals from left to right; an atom alone is one of width 0.
    """

    equal_tailed: Interval
    highest_density: tuple[Interval, ...]

    def pieces(self, belief: Prior) -> tuple[Interval, ...]:
        """The highest-density region of `belief` without lone atoms of hardly any weight."""
        light = {at for at, weight in belief.atoms if weight < VISIBLE}
        return tuple(piece for piece in self.highest_density if piece[0] < piece[1] or piece[0] not in light)

    def covers(self, theta: float) -> tuple[bool, bool]:
        """Whether the equal-tailed and the highest-density interval hold `theta`."""
        low, high = self.equal_tailed
        return low <= theta <= high, any(start <= theta <= end for start, end in self.highest_density)


@lru_cache(maxsize=512)
def intervals(belief: Prior, mass: float = 0.95) -> Intervals:
    """The equal-tailed and the highest-density interval of probability `mass`.

    Where the density is flat every interval is a smallest one; then it is the equal-tailed one.

    Raises:
        ValueError: The mass is not in (0, 1).
    """
    return all_intervals([belief], mass)[0]


def all_intervals(beliefs: Sequence[Prior], mass: float = 0.95) -> tuple[Intervals, ...]:
    """`intervals` of each belief; many Betas at once cost little more than one.

    Raises:
        ValueError: The mass is not in (0, 1).
    """
    if not 0 < mass < 1:
        raise ValueError(f"mass must be in (0, 1), got {mass!r}")
    ends = np.array([(1 - mass) / 2, (1 + mass) / 2])
    betas = [belief for belief in beliefs if isinstance(belief, Beta)]
    fast = iter(())
    if betas:
        a, b = (np.array([getattr(belief, name) for belief in betas]) for name in ("a", "b"))
        tails = _beta_quantile(a[:, None], b[:, None], ends).tolist()
        fast = (Intervals((low, high), region)
                for (low, high), region in zip(tails, _beta_regions(a, b, mass), strict=True))  # fmt: skip
    return tuple(
        next(fast) if isinstance(belief, Beta) else Intervals(_quantiles(belief, ends), _regions(belief, mass))
        for belief in beliefs
    )


def quantile(belief: Prior, p: float) -> float:
    """The smallest θ with P(Θ ≤ θ) ≥ p.

    Raises:
        ValueError: p is not in (0, 1).
    """
    if not 0 < p < 1:
        raise ValueError(f"p must be in (0, 1), got {p!r}")
    return _quantiles(belief, np.array([p, p]))[0]


def _parts(belief: Prior) -> tuple[tuple[float, Prior], ...]:
    """Weights and components of any belief."""
    return getattr(belief, "parts", ((1.0, belief),))


def _normalised(logs: np.ndarray) -> np.ndarray:
    raw = np.exp(logs - logs.max())
    return raw / raw.sum()


def _binomial(theta: np.ndarray, n: int) -> np.ndarray:
    """P(k heads in n flips) for every θ, shape (len(theta), n + 1)."""
    k = np.arange(n + 1)
    ways = np.concatenate([[0.0], np.cumsum(np.log((n - k[:-1]) / (k[:-1] + 1)))])
    theta = theta[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):  # 0 log 0 is 0
        heads = np.where(k > 0, k * np.log(theta), 0.0)
        tails = np.where(k < n, (n - k) * np.log1p(-theta), 0.0)
    return np.exp(ways + heads + tails)


def _beta_quantile(a: np.ndarray, b: np.ndarray, p: np.ndarray) -> np.ndarray:
    from scipy.special import betaincinv

    return betaincinv(a, b, np.clip(p, 0.0, 1.0))


def _beta_regions(a: np.ndarray, b: np.ndarray, mass: float) -> list[tuple[Interval, ...]]:
    """Highest-density regions of Beta(a, b), a and b of shape (k,)."""
    humps, dips = (a > 1) & (b > 1), (a < 1) & (b < 1)
    flat = (a == 1) & (b == 1)
    falls, rises = (a <= 1) & (b >= 1) & ~flat, (a >= 1) & (b <= 1) & ~flat
    # a hump's interval is [q(p), q(p + mass)], a dip leaves out [q(p), q(p + 1 - mass)]: p makes both ends as dense
    width = np.where(dips, 1 - mass, mass)
    start = np.where(falls, 0.0, np.where(rises, 1 - mass, (1 - mass) / 2))
    bent = humps | dips
    if bent.any():
        start[bent] = _as_dense(a[bent], b[bent], width[bent])
    low, high = _beta_quantile(a, b, start), _beta_quantile(a, b, start + width)
    high = np.where(rises, 1.0, high)
    return [
        ((0.0, one), (other, 1.0)) if dip else ((one, other),)
        for one, other, dip in zip(low.tolist(), high.tolist(), dips.tolist(), strict=True)
    ]


def _as_dense(a: np.ndarray, b: np.ndarray, width: np.ndarray) -> np.ndarray:
    """p with equal densities at the quantiles p and p + width, shape (k,)."""
    sign = np.where(a > 1, 1.0, -1.0)  # of a hump the difference increases with p, of a dip it decreases
    scale = np.array([log_beta(x, y) for x, y in zip(a.tolist(), b.tolist(), strict=True)])

    def difference(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ends = _beta_quantile(a, b, np.stack([p, p + width]))  # (2, k)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            log = (a - 1) * np.log(ends) + (b - 1) * np.log1p(-ends)
            slope = ((a - 1) / ends - (b - 1) / (1 - ends)) * np.exp(scale - log)  # dθ/dp is 1 / density
            return sign * (log[0] - log[1]), sign * (slope[0] - slope[1])

    return increasing_root(difference, np.zeros_like(a), 1 - width)


def _quantiles(belief: Prior, p: np.ndarray) -> Interval:
    """The smallest θ with P(Θ ≤ θ) ≥ p, for both p."""
    if isinstance(belief, Beta):
        low, high = _beta_quantile(np.array(belief.a), np.array(belief.b), p).tolist()
        return low, high
    marks = np.unique(np.concatenate([belief.landmarks(), [at for at, _ in belief.atoms]]))
    right = np.clip(np.searchsorted(belief.cdf(marks), p), 1, len(marks) - 1)  # the first mark with enough below it
    low, high = marks[right - 1], marks[right]

    def surplus(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with np.errstate(over="ignore"):
            return belief.cdf(theta) - p, belief.density(theta)

    roots = increasing_root(surplus, low, high)
    for at, weight in belief.atoms:
        reached = float(belief.cdf(np.array(at)))
        roots = np.where((p <= reached) & (p > reached - weight), at, roots)
    return float(roots[0]), float(roots[1])


def _regions(belief: Prior, mass: float) -> tuple[Interval, ...]:
    """The smallest set of probability `mass`: atoms, the heaviest first, then where the density is highest."""
    points: list[Interval] = []
    for at, weight in sorted(belief.atoms, key=lambda atom: -atom[1]):
        if mass <= 0:
            return tuple(sorted(points))
        points.append((at, at))
        mass -= weight
    parts = [(weight, part) for weight, part in _parts(belief) if not isinstance(part, Point)]
    whole = sum(weight for weight, _ in parts)
    if mass <= 0 or not parts:
        return tuple(sorted(points))
    share = min(mass / whole, 1 - 1e-15)
    spread = parts[0][1] if len(parts) == 1 else Mixture(tuple(part for _, part in parts),
                                                         tuple(weight / whole for weight, _ in parts))  # fmt: skip
    wide = all_intervals([spread], share)[0].highest_density if isinstance(spread, Beta) else _level_set(spread, share)
    alone = [point for point in points if not any(low <= point[0] <= high for low, high in wide)]
    return tuple(sorted([*wide, *alone]))


def _level_set(belief: Prior, mass: float) -> tuple[Interval, ...]:
    """{θ: p(θ) ≥ c} of probability `mass`, for a belief without atoms.

    The cells of a fine grid, the densest first, give the pieces; Newton's steps then move their ends and c together.
    """
    marks = belief.landmarks()
    marks = np.unique(np.concatenate([marks, (marks[:-1] + marks[1:]) / 2]))
    below = belief.cdf(marks)
    with np.errstate(over="ignore"):
        dense = np.diff(below) / np.diff(marks)
    order = np.argsort(-dense, kind="stable")
    taken = order[: int(np.searchsorted(np.cumsum(np.diff(below)[order]), mass)) + 1]
    inside = np.zeros(len(dense) + 2, dtype=int)
    inside[taken + 1] = 1
    turns = np.flatnonzero(np.diff(inside))  # starts and ends in turn
    ends = marks[turns]
    signs = np.tile([-1.0, 1.0], len(turns) // 2)
    free = (ends > 0) & (ends < 1)
    for _ in range(30):
        if not free.any():
            break
        loose = ends[free]
        log, slope, sign = belief.log_density(loose), belief.score(loose), signs[free]
        lacking = mass - float(signs @ belief.cdf(ends))
        gain = sign * np.exp(log) / slope  # of mass, for a nat of c: below 0
        level = (lacking + float(gain @ log)) / float(gain.sum())
        moved = ends.copy()
        moved[free] = np.clip(loose + (level - log) / slope, (loose + 0.0) / 2, (loose + 1.0) / 2)
        if not np.all(np.diff(moved) > 0):  # two pieces met
            keep = np.ones(len(moved), dtype=bool)
            meeting = np.flatnonzero(np.diff(moved) <= 0)
            keep[meeting], keep[meeting + 1] = False, False
            ends, signs, free = ends[keep], signs[keep], free[keep]
            continue
        step = np.abs(moved - ends).max(initial=0.0)
        ends = moved
        if step < 1e-14:
            break
    return tuple(zip(ends[0::2].tolist(), ends[1::2].tolist(), strict=True))
