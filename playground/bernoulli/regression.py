"""A polynomial through noisy points: by least squares, with a Gaussian prior and with a Laplace prior.

y_i = f(x_i) + ε_i with ε_i ~ N(0, σ²) and f(x) = Σ_k w_k T_k(x) on [-1, 1], where T_k(x) = cos(k arccos x) is the
Chebyshev polynomial of degree k: it swings k times between −1 and 1, so that w_k is a height in the unit of y.
Every coefficient has the same prior of mean 0 and variance τ², w_0 as well: a prior that is flat in one direction
would not integrate to one, and the data would have no evidence.

Source: Bishop, Pattern Recognition and Machine Learning, 2006, §3.1.1 (least squares), §3.3 (posterior), §3.5.1
(evidence); Hoerl & Kennard, 1970 (ridge); Tibshirani, 1996, §5 (the lasso as a MAP under a Laplace prior).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

DEGREES: Final = (1, 9)  # that the page offers
SIGMAS: Final = (0.02, 2.0)
TAUS: Final = (0.02, 20.0)
NODES: Final = 200  # of the Gauss-Legendre rule: exact for polynomials up to degree 399
SINGULAR: Final = 1e-12  # of the largest singular value: below it a direction drowns in rounding

Function = Callable[[np.ndarray], np.ndarray]
Fit = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Regression:
    """A polynomial of one degree, what is believed about its noise, and how large its coefficients are expected to be.

    All methods take points x in [-1, 1] and y, each of shape (n,); n = 0 is allowed unless they say otherwise.

    Args:
        degree: At least 0; there are degree + 1 coefficients.
        sigma: Standard deviation of the noise, in the unit of y.
        tau: Standard deviation of each coefficient under the prior, in the unit of y.
    """

    degree: int
    sigma: float
    tau: float

    def __post_init__(self) -> None:
        if self.degree != int(self.degree) or self.degree < 0:
            raise ValueError(f"degree must be a whole number, at least 0, got {self.degree!r}")
        for name in ("sigma", "tau"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be positive and finite, got {getattr(self, name)!r}")

    @property
    def ridge_penalty(self) -> float:
        """λ = σ²/τ²: the Gaussian MAP is least in ½ Σ (y − f)² + ½ λ Σ w²."""
        return (self.sigma / self.tau) ** 2

    @property
    def laplace_scale(self) -> float:
        """b = τ/√2: the Laplace density exp(−|w|/b) / 2b then has variance 2b² = τ², as the Gaussian has."""
        return self.tau / math.sqrt(2)

    @property
    def lasso_penalty(self) -> float:
        """λ₁ = σ²/b = √2 σ²/τ: the Laplace MAP is least in ½ Σ (y − f)² + λ₁ Σ |w|."""
        return self.sigma**2 / self.laplace_scale

    def least_squares(self, x: ArrayLike, y: ArrayLike) -> np.ndarray:
        """The maximum-likelihood coefficients, shape (degree + 1,); neither σ nor τ moves them.

        Where the points leave some open (`settled` < degree + 1), the smallest of all that fit best, in Σ w²: there
        the Gaussian MAP ends as τ grows.
        """
        x, y = _points(x, y)
        left, singular, right = _svd(self.features(x))
        kept = int(np.sum(singular > SINGULAR * singular.max(initial=0)))
        return right[:kept].T @ ((left.T @ y)[:kept] / singular[:kept])

    def settled(self, x: ArrayLike) -> int:
        """How many of the degree + 1 coefficients points at these x settle by themselves, in double precision."""
        singular = _svd(self.features(x))[1]
        return int(np.sum(singular > SINGULAR * singular.max(initial=0)))

    def effective(self, x: ArrayLike) -> float:
        """How many coefficients points at these x settle against the Gaussian prior, from 0 to degree + 1.

        Σ s² / (s² + λ) over the singular values s of the features: the trace of the matrix that makes the fitted values
        from y. Source: MacKay, Bayesian interpolation, Neural Computation 4:415, 1992, §4.1 (there γ).
        """
        power = _svd(self.features(x))[1] ** 2
        return float(np.sum(power / (power + self.ridge_penalty)))

    def ridge(self, x: ArrayLike, y: ArrayLike) -> np.ndarray:
        """The most probable coefficients under the Gaussian prior, also their mean, shape (degree + 1,)."""
        return self.weights(x, y)[0]

    def weights(self, x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Posterior under the Gaussian prior: mean, shape (degree + 1,), and covariance, (degree + 1, degree + 1)."""
        mean, axes, variances = self._posterior(x, y)
        return mean, axes.T @ (variances[:, None] * axes)

    def curve(self, x: ArrayLike, y: ArrayLike, at: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of f under the Gaussian prior, at every place of `at`.

        A new point there has the same mean and the standard deviation hypot(sd, sigma).
        """
        mean, axes, variances = self._posterior(x, y)
        features = self.features(at)
        return features @ mean, np.sqrt(((features @ axes.T) ** 2) @ variances)

    def lasso(self, x: ArrayLike, y: ArrayLike) -> np.ndarray:
        """The most probable coefficients under the Laplace prior, shape (degree + 1,); what it drops is exactly 0.

        The residuals of the lasso are the point nearest to y where no feature correlates with them by more than λ₁.
        Such a nearest point is found in finitely many steps as a problem of non-negative least squares, whose
        multipliers are the coefficients.

        Source: Lawson & Hanson, Solving Least Squares Problems, 1974, ch. 23, §4 (least distance programming).
        """
        from scipy.optimize import nnls

        x, y = _points(x, y)
        features = self.features(x)  # (n, degree + 1)
        towards = features.T @ y
        bounds = np.concatenate([towards, -towards]) - self.lasso_penalty
        system = np.vstack([np.hstack([-features, features]), bounds])  # (n + 1, 2 (degree + 1))
        target = np.zeros(len(system))
        target[-1] = 1.0
        multipliers = nnls(system, target)[0]
        plus, minus = np.split(multipliers / (1.0 - system[-1] @ multipliers), 2)
        return plus - minus

    def log_evidence(self, x: ArrayLike, y: ArrayLike) -> float:
        """log p(y | x) under the Gaussian prior, nats: the density of y ~ N(0, σ² I + τ² Φ Φᵀ); 0 without points."""
        x, y = _points(x, y)
        left, singular, _ = _svd(self.features(x))
        variances = np.full(len(y), float(self.sigma**2))
        variances[: len(singular)] += (self.tau * singular) ** 2
        along = left.T @ y
        return 0.0 - 0.5 * float(np.sum(np.log(2 * math.pi * variances) + along**2 / variances))

    def features(self, x: ArrayLike) -> np.ndarray:
        """T_0(x) to T_degree(x), shape (n, degree + 1)."""
        return np.polynomial.chebyshev.chebvander(np.asarray(x, float), int(self.degree))

    def _posterior(self, x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Mean, principal axes as rows, and the variance along each of them."""
        x, y = _points(x, y)
        left, singular, axes = _svd(self.features(x))
        total = self.sigma**2 + (self.tau * singular) ** 2
        variances = np.full(len(axes), float(self.tau**2))
        variances[: len(singular)] *= self.sigma**2 / total
        along = self.tau**2 * singular / total * (left.T @ y)[: len(singular)]
        return axes[: len(singular)].T @ along, axes, variances


def polynomial(weights: np.ndarray, x: ArrayLike) -> np.ndarray:
    """Σ_k weights[k] T_k(x)."""
    return np.polynomial.chebyshev.chebval(np.asarray(x, float), weights)


def rms_miss(weights: np.ndarray, x: ArrayLike, y: ArrayLike) -> float:
    """By how much the curve misses the points: the root of the mean square, in the unit of y; at least one point."""
    x, y = _points(x, y)
    return math.sqrt(np.mean((y - polynomial(weights, x)) ** 2))


def rms_error(weights: np.ndarray, truth: Function) -> float:
    """By how much the curve misses `truth`: the root of ½ ∫ (f − truth)² dx over [-1, 1], in the unit of y."""
    nodes, shares = _nodes()
    return math.sqrt(0.5 * float(shares @ (polynomial(weights, nodes) - truth(nodes)) ** 2))


def rms_left_out(fit: Fit, x: ArrayLike, y: ArrayLike) -> float:
    """By how much a point is missed by the curve fitted to all the others: root mean square; at least two points.

    Args:
        fit: From points to coefficients.
    """
    x, y = _points(x, y)
    if len(x) < 2:
        raise ValueError(f"leaving one out needs at least 2 points, got {len(x)}")
    others = ~np.eye(len(x), dtype=bool)
    misses = [y[i] - polynomial(fit(x[kept], y[kept]), x[i]) for i, kept in enumerate(others)]
    return math.sqrt(np.mean(np.square(misses)))


def _points(x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"x and y must both have shape (n,), got {x.shape} and {y.shape}")
    if not (np.abs(x) <= 1).all():
        raise ValueError(f"x must lie in [-1, 1], got {x[~(np.abs(x) <= 1)][0]}")
    if not np.isfinite(y).all():
        raise ValueError(f"y must be finite, got {y[~np.isfinite(y)][0]}")
    return x, y


def _svd(features: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Square U, the singular values and square Vᵀ."""
    if not len(features):  # LAPACK knows no empty matrix
        return np.zeros((0, 0)), np.zeros(0), np.eye(features.shape[1])
    return np.linalg.svd(features, full_matrices=True)


@lru_cache(maxsize=1)
def _nodes() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(NODES)
