"""Divergences: public names."""

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

__all__ = [
    "gaussian_kl",
    "gaussian_w2",
    "hellinger",
    "jeffreys",
    "js",
    "kl",
    "total_variation",
    "wasserstein_1d",
]
