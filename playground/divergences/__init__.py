"""Divergences: public names."""

from playground.divergences.compare import Comparison, compare, integrand
from playground.divergences.divergences import (
    gaussian_kl,
    gaussian_w2,
    hellinger,
    jeffreys,
    js,
    kl,
    total_variation,
    wasserstein_1d,
)
from playground.divergences.shapes import Gaussian, Histogram, Laplace, Shape, TwoGaussians, Uniform

__all__ = [
    "Comparison",
    "Gaussian",
    "Histogram",
    "Laplace",
    "Shape",
    "TwoGaussians",
    "Uniform",
    "compare",
    "gaussian_kl",
    "gaussian_w2",
    "hellinger",
    "integrand",
    "jeffreys",
    "js",
    "kl",
    "total_variation",
    "wasserstein_1d",
]
