"""Divergences: public names."""

from playground.divergences.clouds import Scene
from playground.divergences.compare import Comparison, compare, integrand
from playground.divergences.critic import CriticConfig, advantage, exact_critic, kantorovich, places, trained_critic
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
from playground.divergences.fit import OBJECTIVES, STARTS, Descent, descend, endings, floors
from playground.divergences.separation import Copies
from playground.divergences.shapes import Gaussian, Histogram, Laplace, Shape, TwoGaussians, Uniform
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
    "Comparison",
    "Copies",
    "CriticConfig",
    "Descent",
    "Gaussian",
    "Histogram",
    "Laplace",
    "Scene",
    "Shape",
    "TwoGaussians",
    "Uniform",
    "advantage",
    "compare",
    "crossings",
    "descend",
    "endings",
    "entropic_cost",
    "exact_critic",
    "exact_plan",
    "floors",
    "gaussian_kl",
    "gaussian_w2",
    "hellinger",
    "independent_cost",
    "independent_plan",
    "integrand",
    "jeffreys",
    "js",
    "kantorovich",
    "kl",
    "monotone_map",
    "places",
    "sinkhorn_plan",
    "total_variation",
    "trained_critic",
    "wasserstein_1d",
]
