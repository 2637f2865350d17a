"""Divergences: public names."""

from playground.divergences.clouds import Scene
from playground.divergences.compare import Comparison, compare, integrand
from playground.divergences.critic import CriticConfig, exact_critic, kantorovich, trained_critic
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
from playground.divergences.estimates import (
    CloudStudy,
    HistogramStudy,
    PointStudy,
    cloud_estimates,
    histogram_estimates,
    point_estimates,
)
from playground.divergences.families import drawn
from playground.divergences.fit import OBJECTIVES, STARTS, Descent, descend, endings, floors, in_units
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.separation import Copies
from playground.divergences.shapes import Histogram, Laplace, Shape, Uniform
from playground.divergences.transport import (
    crossings,
    entropic_cost,
    exact_plan,
    independent_cost,
    independent_plan,
    monotone_map,
    sinkhorn_plan,
)

__all__ = [
    "OBJECTIVES",
    "STARTS",
    "CloudStudy",
    "Comparison",
    "Copies",
    "CriticConfig",
    "Descent",
    "Gaussian",
    "Histogram",
    "HistogramStudy",
    "Laplace",
    "PointStudy",
    "Scene",
    "Shape",
    "TwoGaussians",
    "Uniform",
    "cloud_estimates",
    "compare",
    "crossings",
    "descend",
    "drawn",
    "endings",
    "entropic_cost",
    "exact_critic",
    "exact_plan",
    "floors",
    "gaussian_kl",
    "gaussian_w2",
    "hellinger",
    "histogram_estimates",
    "in_units",
    "independent_cost",
    "independent_plan",
    "integrand",
    "jeffreys",
    "js",
    "kantorovich",
    "kl",
    "monotone_map",
    "point_estimates",
    "sinkhorn_plan",
    "total_variation",
    "trained_critic",
    "wasserstein_1d",
]
