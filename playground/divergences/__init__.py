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
from playground.divergences.fit import OBJECTIVES, STARTS, Descent, descend, endings, floors, in_units
from playground.divergences.separation import Copies
from playground.divergences.shapes import Gaussian, Histogram, Laplace, Shape, TwoGaussians, Uniform

__all__ = [
    "OBJECTIVES",
    "STARTS",
    "Comparison",
    "Copies",
    "Descent",
    "Gaussian",
    "Histogram",
    "Laplace",
    "Shape",
    "TwoGaussians",
    "Uniform",
    "compare",
    "descend",
    "endings",
    "floors",
    "gaussian_kl",
    "gaussian_w2",
    "hellinger",
    "in_units",
    "integrand",
    "jeffreys",
    "js",
    "kl",
    "total_variation",
    "wasserstein_1d",
]
