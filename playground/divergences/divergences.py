"""How far apart two distributions are, in nats or in units of x: on probability arrays, on points, between Gaussians.

Source: Cover & Thomas, Elements of Information Theory, 2006, §2.3 (KL; they use bits); Lin, 1991 (JS);
Tsybakov, Introduction to Nonparametric Estimation, 2009, §2.4 (total variation, Hellinger and what bounds what);
Peyré & Cuturi, Computational Optimal Transport, 2019, arXiv:1803.00567, §2.6 (one dimension, Gaussians).
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

Value = np.float64 | np.ndarray  # a number, or one for each pair of a batch
SUM_TOLERANCE: Final = 1e-6  # what a softmax in float32 may miss 1 by, and more
ROUNDING: Final = 1e-15  # of a cumulated probability


def kl(p: ArrayLike, q: ArrayLike) -> Value:
    """KL(p ‖ q) = Σ p log(p / q), in nats.

    Args:
        p, q: Probabilities over the last axis, shapes (..., k) that broadcast. Where p is 0 the term is 0; where only
            q is 0 the result is inf.
    Raises:
        ValueError: A probability is negative or NaN, or an axis does not sum to 1 within 1e-6.
    """
    p, q = _pair(p, q)
    with np.errstate(divide="ignore"):  # log 0 = -inf is meant
        ratio = np.log(p, where=p > 0, out=np.zeros_like(p)) - np.log(q)
    # p log(p/q) - p + q has the same sum, and no term below 0 to be cancelled
    terms = np.where(p > 0, p, 1.0) * np.where(p > 0, ratio, 0.0) - p + q
    return np.maximum(terms, 0.0).sum(-1)


def jeffreys(p: ArrayLike, q: ArrayLike) -> Value:
    """KL(p ‖ q) + KL(q ‖ p), in nats: symmetric, but as easily infinite."""
    return kl(p, q) + kl(q, p)


def js(p: ArrayLike, q: ArrayLike) -> Value:
    """JS(p, q) = ½ KL(p ‖ m) + ½ KL(q ‖ m) with m = (p + q) / 2, in nats: at most log 2; its root is a metric."""
    p, q = _pair(p, q)
    terms = 0.5 * (_to_the_middle(p, q) + _to_the_middle(q, p))
    return np.clip(terms.sum(-1), 0.0, np.log(2))


def total_variation(p: ArrayLike, q: ArrayLike) -> Value:
    """TV(p, q) = ½ Σ |p − q|: the most by which the two can differ about one event, in [0, 1]."""
    p, q = _pair(p, q)
    return np.minimum(0.5 * np.abs(p - q).sum(-1), 1.0)


def hellinger(p: ArrayLike, q: ArrayLike) -> Value:
    """The Hellinger distance H(p, q) in [0, 1], with H² = 1 − Σ √(p q). Some books leave out the 1 or double H²."""
    p, q = _pair(p, q)
    return np.minimum(np.sqrt(0.5 * ((np.sqrt(p) - np.sqrt(q)) ** 2).sum(-1)), 1.0)


def wasserstein_1d(
    x: ArrayLike, y: ArrayLike, p: ArrayLike | None = None, q: ArrayLike | None = None, order: float = 1
) -> float:
    """W_order between weighted points on a line, in units of x: the least (Σ mass · distance^order)^(1/order).

    Exact: on a line the best plan keeps the order of the points, so it pairs equal quantiles.

    Args:
        x, y: The points, shapes (n,) and (m,), in any order.
        p, q: Their probabilities, shapes (n,) and (m,); equal ones if left out.
        order: 1 or more.
    Raises:
        ValueError: Points that are not finite, probabilities that are none, or an order below 1.
    """
    if not 1 <= order < np.inf:
        raise ValueError(f"order must be a finite number of 1 or more, got {order!r}")
    (xs, up_x), (ys, up_y) = _sorted_points(x, p, "x", "p"), _sorted_points(y, q, "y", "q")
    levels = np.sort(np.concatenate([up_x, up_y]))
    mass = np.diff(levels, prepend=0.0)
    middle = levels - mass / 2
    mass[mass < ROUNDING] = 0.0  # two sums of the same numbers: the power of a long way would make it visible
    i, j = (np.searchsorted(up, middle).clip(max=len(up) - 1) for up in (up_x, up_y))
    distance = np.abs(xs[i] - ys[j])
    longest = distance[mass > 0].max()
    if longest == 0:
        return 0.0
    return float(longest * ((distance / longest) ** order @ mass) ** (1 / order))  # divided, so that no power overflows


def gaussian_kl(mean_p: ArrayLike, cov_p: ArrayLike, mean_q: ArrayLike, cov_q: ArrayLike) -> float:
    """KL(N(mean_p, cov_p) ‖ N(mean_q, cov_q)), in nats.

    ½ [tr(C_q⁻¹ C_p) − d + (m_q − m_p)ᵀ C_q⁻¹ (m_q − m_p) + log(det C_q / det C_p)]

    Args:
        mean_p, mean_q: Shape (d,), or a number where d = 1.
        cov_p, cov_q: Covariances, shape (d, d), positive definite; a number v is v times the identity, so in one
            dimension it is the VARIANCE, not the standard deviation.
    """
    mean_p, cov_p = _gaussian(mean_p, cov_p, "p")
    mean_q, cov_q = _gaussian(mean_q, cov_q, "q")
    gap = _same_length(mean_q, mean_p)
    roots = []
    for name, cov in (("p", cov_p), ("q", cov_q)):
        try:
            roots.append(np.linalg.cholesky(cov))
        except np.linalg.LinAlgError:
            raise ValueError(f"cov_{name} must be positive definite, got {cov.tolist()}") from None
    root_p, root_q = roots
    whitened = np.linalg.solve(root_q, np.column_stack([root_p, gap]))  # (d, d + 1)
    logs = np.log(np.diag(root_p)) - np.log(np.diag(root_q))
    return max(float(0.5 * ((whitened**2).sum() - len(gap)) - logs.sum()), 0.0)


def gaussian_w2(mean_p: ArrayLike, cov_p: ArrayLike, mean_q: ArrayLike, cov_q: ArrayLike) -> float:
    """W₂(N(mean_p, cov_p), N(mean_q, cov_q)), in units of x: the distance itself, not its square.

    W₂² = ‖m_p − m_q‖² + tr(C_p + C_q − 2 (C_p^½ C_q C_p^½)^½); the trace is the squared Bures distance.

    Args:
        mean_p, mean_q, cov_p, cov_q: As in `gaussian_kl`, but a covariance may be singular: 0 is a point.
    """
    mean_p, cov_p = _gaussian(mean_p, cov_p, "p")
    mean_q, cov_q = _gaussian(mean_q, cov_q, "q")
    gap = _same_length(mean_q, mean_p)
    root_p, root_q = _square_root(cov_p, "p"), _square_root(cov_q, "q")
    # min over rotations R of ‖C_p^½ − C_q^½ R‖ is the same distance, without the cancellation of the trace
    left, _, right = np.linalg.svd(root_q @ root_p)
    return float(np.hypot(np.linalg.norm(gap), np.linalg.norm(root_p - root_q @ left @ right)))


def probabilities(p: ArrayLike, name: str) -> np.ndarray:
    """`p` as float64 over the last axis, made to sum to exactly 1.

    Raises:
        ValueError: It is negative or NaN somewhere, or misses 1 by more than 1e-6; says `name` and the sum.
    """
    values = np.asarray(p, dtype=float)
    if values.ndim == 0 or values.shape[-1] == 0:
        raise ValueError(f"{name} must hold probabilities along its last axis, got shape {values.shape}")
    if np.isnan(values).any():
        raise ValueError(f"{name} must hold probabilities, got NaN")
    if (values < 0).any():
        raise ValueError(f"{name} must hold probabilities of 0 or more, got {values.min():.6g}")
    total = values.sum(-1, keepdims=True)
    if not (np.abs(total - 1) <= SUM_TOLERANCE).all():
        worst = total.flat[np.argmax(np.abs(total - 1))]
        raise ValueError(f"{name} must sum to 1 within {SUM_TOLERANCE:g} along its last axis, got {worst:.9g}")
    return values / total


def _pair(p: ArrayLike, q: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    a, b = probabilities(p, "p"), probabilities(q, "q")
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(f"p and q must have the same outcomes, got {a.shape[-1]} and {b.shape[-1]}")
    try:
        a, b = np.broadcast_arrays(a, b)
    except ValueError:
        raise ValueError(f"p and q must broadcast, got shapes {a.shape} and {b.shape}") from None
    return a, b


def _to_the_middle(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """p log(p / m), 0 where p is 0."""
    ratio = np.divide(2 * p, p + q, where=p > 0, out=np.ones_like(p))  # in (0, 2]: nothing under- or overflows
    return p * np.log(ratio)


def _sorted_points(x: ArrayLike, p: ArrayLike | None, x_name: str, p_name: str) -> tuple[np.ndarray, np.ndarray]:
    """Points that have mass, ascending, and the cumulated probability up to and with each."""
    points = np.asarray(x, dtype=float)
    if points.ndim != 1 or not len(points):
        raise ValueError(f"{x_name} must be points of shape (n,), got shape {points.shape}")
    if not np.isfinite(points).all():
        raise ValueError(f"{x_name} must be finite points, got {points[~np.isfinite(points)][0]}")
    if p is None:
        return np.sort(points), np.arange(1, len(points) + 1) / len(points)
    mass = probabilities(p, p_name)
    if mass.shape != points.shape:
        raise ValueError(f"{p_name} must have one probability for each point of {x_name}, got {mass.shape}")
    order = np.argsort(points, kind="stable")
    order = order[mass[order] > 0]
    up = np.cumsum(mass[order])
    return points[order], up / up[-1]


def _gaussian(mean: ArrayLike, cov: ArrayLike, name: str) -> tuple[np.ndarray, np.ndarray]:
    m, c = np.atleast_1d(np.asarray(mean, dtype=float)), np.asarray(cov, dtype=float)
    if m.ndim != 1:
        raise ValueError(f"mean_{name} must be of shape (d,), got {m.shape}")
    c = c * np.eye(len(m)) if c.ndim == 0 else c
    if c.shape != (len(m), len(m)):
        raise ValueError(f"cov_{name} must be a number or of shape ({len(m)}, {len(m)}), got {c.shape}")
    if not (np.isfinite(m).all() and np.isfinite(c).all()):
        raise ValueError(f"mean_{name} and cov_{name} must be finite, got {m.tolist()} and {c.tolist()}")
    if not np.allclose(c, c.T, rtol=0, atol=1e-9 * np.abs(c).max()):
        raise ValueError(f"cov_{name} must be symmetric, got {c.tolist()}")
    return m, (c + c.T) / 2


def _same_length(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    if a.shape != b.shape:
        raise ValueError(f"mean_p and mean_q must be of one dimension, got {len(b)} and {len(a)}")
    return a - b


def _square_root(cov: np.ndarray, name: str) -> np.ndarray:
    """The symmetric C^½."""
    values, vectors = np.linalg.eigh(cov)
    if values[0] < -1e-12 * max(values[-1], 0.0) or values[-1] < 0:
        raise ValueError(f"cov_{name} must have no negative eigenvalue, got {values[0]:.6g}")
    return (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
