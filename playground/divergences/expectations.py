"""What a plug-in estimate is on average, without a simulation: exact sums over binomial counts, and laws for large n.

The count of one bin is binomial, two samples are independent, and each divergence here is a sum over bins (W₁: an
integral over x). So the exact mean needs the law of one bin at a time.

Source: Paninski, Estimation of entropy and mutual information, Neural Computation 15, 2003, §2–4 (bias of plug-in
estimates, after Miller, 1955); Pardo, Statistical Inference Based on Divergence Measures, 2006, §3.1 (the χ² laws);
Bobkov & Ledoux, One-dimensional empirical measures, order statistics, and Kantorovich transport distances, 2019, §3.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, Literal

import numpy as np

Divergence = Literal["KL", "JS", "TV", "H²"]  # of two histograms; H² is the squared Hellinger distance
NEGLIGIBLE: Final = 1e-6  # chance of an empty bin below which the mean of the other cases is given
_TAIL: Final = 9.0  # standard deviations of a count beyond which its probability is below the rounding of the rest
_PANELS: Final = np.concatenate([[0.0], np.pi / 2.0 ** np.arange(8, -1, -1)])  # fine enough for n up to 10⁵


def expected(
    p: np.ndarray, q: np.ndarray, n: int, divergence: Divergence, *, pseudo_count: float = 0.0, known: bool = False
) -> float:
    """The exact mean of the plug-in estimate of a divergence from n draws of p and n draws of q, KL and JS in nats.

    The estimate puts p̂ = (count + pseudo_count) / (n + k pseudo_count) for p, and the same for q.

    Args:
        p, q: Probabilities of the k bins, shape (k,).
        known: Whether q is known, so that only p is estimated.
    Returns:
        inf where it is: the KL of two samples without a pseudo-count has no finite mean at any n, because a bin of q
        may stay empty. Where the chance of that is below `NEGLIGIBLE`, the mean of the other cases (to that accuracy).
    """
    whole = n + len(p) * pseudo_count
    seen_p = _Counts(p, n)
    p_mean = (n * p + pseudo_count) / whole

    def of_p(function: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        return seen_p.mean(lambda counts: function((counts + pseudo_count) / whole))

    if divergence == "TV" and not known:
        return float(0.5 * n / whole * mean_gap(p, q, (n,))[0].sum())
    if known:
        return float(_mean_against(p_mean, of_p, q, divergence).sum())
    seen_q = _Counts(q, n)

    def of_q(function: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        return seen_q.mean(lambda counts: function((counts + pseudo_count) / whole))

    if divergence == "H²":
        return float(1 - (of_p(np.sqrt) * of_q(np.sqrt)).sum())
    if divergence == "JS":
        both = seen_p.plus(seen_q)
        middle = both.mean(lambda counts: _x_log_x((counts + 2 * pseudo_count) / (2 * whole)))
        return float((0.5 * of_p(_x_log_x) + 0.5 * of_q(_x_log_x) - middle).sum())
    if pseudo_count == 0 and blocking_bins(p, q, n) > NEGLIGIBLE:
        return float("inf")
    possible = (p > 0) & (q > 0)
    logs = of_q(lambda share: np.log(np.where(share > 0, share, 1.0)))
    return float((of_p(_x_log_x) - np.where(possible | (pseudo_count > 0), p_mean * logs, 0.0)).sum())


def _mean_against(
    p_mean: np.ndarray,
    of_p: Callable[[Callable[[np.ndarray], np.ndarray]], np.ndarray],
    q: np.ndarray,
    divergence: Divergence,
) -> np.ndarray:
    """The mean of each bin's term when q is known, shape (k,)."""
    column = q[:, None]
    if divergence == "TV":
        return 0.5 * of_p(lambda share: np.abs(share - column))
    if divergence == "H²":
        return 0.5 * (p_mean + q) - of_p(np.sqrt) * np.sqrt(q)
    if divergence == "JS":
        return 0.5 * of_p(_x_log_x) + 0.5 * _x_log_x(q) - of_p(lambda share: _x_log_x(0.5 * (share + column)))
    with np.errstate(divide="ignore"):
        against = np.where(p_mean > 0, p_mean, 1.0) * np.where(p_mean > 0, np.log(q), 0.0)
    return of_p(_x_log_x) - against


def blocking_bins(p: np.ndarray, q: np.ndarray, n: int, *, known: bool = False) -> float:
    """The expected number of bins in which p's sample has a draw and q's has none: each makes KL infinite.

    It bounds the probability that KL is infinite, and equals it to first order where it is small.
    """
    with np.errstate(divide="ignore"):  # log 0 = -inf is meant
        p_seen = -np.expm1(n * np.log1p(-p))
        q_empty = (q == 0).astype(float) if known else np.exp(n * np.log1p(-q))
    return float((p_seen * q_empty).sum())


def first_order_bias(
    p: np.ndarray, q: np.ndarray, n: int, divergence: Divergence, *, pseudo_count: float = 0.0, known: bool = False
) -> float:
    """The mean of the estimate minus the divergence of p and q, to first order in 1/n (for TV: by the normal law).

    With k bins in use, P = Q and two samples: (k − 1)/n for KL, (k − 1)/(4n) for JS and H². With q known: half of it.
    In general ½ Σ [f_pp p(1 − p) + f_qq q(1 − q)] / n for Σ f(p, q), and for a pseudo-count a also the shift
    a Σ [f_p (1 − kp) + f_q (1 − kq)] / n.

    Returns:
        NaN where there is none: the divergence is infinite, or a pseudo-count meets a bin of probability 0.
    """
    used, k = (p > 0) | (q > 0), len(p)
    if divergence == "KL" and ((p > 0) & (q == 0)).any():
        return float("nan")
    if pseudo_count and ((p == 0) | ((q == 0) & (not known))).any():
        return float("nan")
    p, q = p[used], q[used]
    p_spread, q_spread = p * (1 - p) / n, (0.0 if known else 1.0) * q * (1 - q) / n
    if divergence == "TV":
        from scipy.special import ndtr

        gap = p - q + pseudo_count / n * ((1 - k * p) - (0 if known else 1) * (1 - k * q))
        spread = np.sqrt(p_spread + q_spread)
        z = np.divide(gap, spread, where=spread > 0, out=np.full_like(gap, np.inf))
        folded = spread * np.sqrt(2 / np.pi) * np.exp(-0.5 * np.minimum(np.abs(z), 40.0) ** 2)
        return float(
            0.5 * (folded + gap * (1 - 2 * ndtr(-z)) * np.where(np.isinf(z), np.sign(gap), 1.0) - np.abs(p - q)).sum()
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        if divergence == "KL":
            slopes, bends = (np.log(p / q) + 1, -p / q), (1 / p, p / q**2)
        elif divergence == "JS":
            slopes = tuple(0.5 * np.log(2 * one / (p + q)) for one in (p, q))
            bends = (q / (2 * p * (p + q)), p / (2 * q * (p + q)))
        else:
            slopes = (0.5 - 0.5 * np.sqrt(q / p), 0.5 - 0.5 * np.sqrt(p / q))
            bends = (0.25 * np.sqrt(q) / p**1.5, 0.25 * np.sqrt(p) / q**1.5)
        curved = [
            np.where(spread > 0, bend * spread, 0.0) for bend, spread in zip(bends, (p_spread, q_spread), strict=True)
        ]
    bias = 0.5 * sum(term.sum() for term in curved)
    if pseudo_count:
        bias += pseudo_count / n * (slopes[0] * (1 - k * p)).sum()
        bias += 0.0 if known else pseudo_count / n * (slopes[1] * (1 - k * q)).sum()
    return float(bias)


def chi_square(p: np.ndarray, n: int, divergence: Divergence, *, known: bool = False) -> tuple[float, int] | None:
    """(scale, degrees of freedom): for P = Q and large n the estimate is distributed as scale · χ². None for TV.

    KL and JS expand to ½ Σ δ²/p and ⅛ Σ δ²/p in δ = p̂ − q̂, H² as JS does, and n Σ δ²/p is χ² for a known q, twice
    that for two samples.
    """
    if divergence == "TV":
        return None
    share = {"KL": 1 / 2, "JS": 1 / 8, "H²": 1 / 8}[divergence]
    return (1 if known else 2) * share / n, int((p > 0).sum()) - 1


def mean_gap(p: np.ndarray, q: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
    """E |N − M| / n, exactly, for N ~ Binomial(n, p) and M ~ Binomial(n, q) independent; shape (len(sizes), k).

    For a whole number d, |d| = 1/π ∫₀^π (1 − cos dt) / (1 − cos t) dt; its mean has the characteristic function in the
    place of cos dt.
    """
    t, weights = _nodes(_PANELS, 24)
    p, q = p[:, None], q[:, None]
    sine = np.sin(t / 2) ** 2
    # log and angle of the characteristic function of one draw's difference; written so that nothing cancels near t = 0
    log = 0.5 * (np.log1p(-4 * p * (1 - p) * sine) + np.log1p(-4 * q * (1 - q) * sine))
    angle = np.arctan2(p * np.sin(t), 1 - 2 * p * sine) - np.arctan2(q * np.sin(t), 1 - 2 * q * sine)
    far, reach = np.abs(p - q)[:, 0], np.sqrt(p * (1 - p) + q * (1 - q))[:, 0]
    gaps = np.empty((len(sizes), len(p)))
    for i, n in enumerate(sizes):
        missing = 2 * np.exp(n * log) * np.sin(n * angle / 2) ** 2 - np.expm1(n * log)  # 1 - the real part
        one_sided = far * np.sqrt(n) > _TAIL * reach  # the sign of N - M is certain
        gaps[i] = np.where(one_sided, far, missing @ (weights / sine) / (2 * np.pi * n))
    return gaps


def expected_w1(
    p: Callable[[np.ndarray], np.ndarray], q: Callable[[np.ndarray], np.ndarray], ends: np.ndarray, sizes: Sequence[int]
) -> np.ndarray:
    """The exact mean of W₁ between n draws of P and n draws of Q, ∫ E |F̂ − Ĝ| dx, for every n; shape (len(sizes),).

    Args:
        p, q: Their distribution functions.
        ends: Ascending x between which they are smooth, the first and the last beyond all but 1e-9 of the mass.
    """
    x, weights = _nodes(np.unique(ends), 16)
    return mean_gap(p(x), q(x), sizes) @ weights


def _nodes(ends: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss–Legendre points and weights in every panel between the ends."""
    at, weight = np.polynomial.legendre.leggauss(count)
    half = np.diff(ends)[:, None] / 2
    return (ends[:-1, None] + half * (1 + at)).ravel(), (half * weight).ravel()


def _x_log_x(x: np.ndarray) -> np.ndarray:
    return x * np.log(np.where(x > 0, x, 1.0))


class _Counts:
    """The law of every bin's count: probabilities of low, low + 1, …, shape (k, width)."""

    def __init__(self, p: np.ndarray, n: int) -> None:
        spread = np.sqrt(n * p * (1 - p))
        width = min(n, int(2 * _TAIL * spread.max()) + 40) + 1
        self.low = np.clip(np.floor(n * p - _TAIL * spread) - 10, 0, n + 1 - width).astype(int)
        self.p = _binomial(p, n, self.low, width)

    @property
    def values(self) -> np.ndarray:
        return self.low[:, None] + np.arange(self.p.shape[1])

    def mean(self, function: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """The mean of a function of the counts, shape (k,)."""
        return (self.p * function(self.values)).sum(-1)

    def plus(self, other: "_Counts") -> "_Counts":
        """The law of the sum of two independent counts."""
        width = self.p.shape[1] + other.p.shape[1] - 1
        fast = 1 << (width - 1).bit_length()
        total = object.__new__(_Counts)
        total.low = self.low + other.low
        total.p = np.fft.irfft(np.fft.rfft(self.p, fast) * np.fft.rfft(other.p, fast), fast)[:, :width]
        return total


def _binomial(p: np.ndarray, n: int, low: np.ndarray, width: int) -> np.ndarray:
    """Probabilities of low, …, low + width − 1 in Binomial(n, p), shape (k, width)."""
    factorial = _log_factorials(1 << n.bit_length())
    counts = low[:, None] + np.arange(width)
    column = p[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        log_p = factorial[n] - factorial[counts] - factorial[n - counts]
        log_p += np.where(counts > 0, counts * np.log(column), 0.0)
        log_p += np.where(counts < n, (n - counts) * np.log1p(-column), 0.0)
    return np.exp(log_p)


@lru_cache(maxsize=20)
def _log_factorials(count: int) -> np.ndarray:
    from scipy.special import gammaln

    return gammaln(np.arange(1.0, count + 2))
