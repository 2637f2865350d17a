"""A coin of unknown bias: public names."""

from playground.bernoulli.coin import (
    Intervals,
    all_intervals,
    evidence,
    intervals,
    log_bayes_factor,
    log_evidence,
    log_likelihood,
    map_estimate,
    mle,
    posterior,
    predictive,
    quantile,
)
from playground.bernoulli.flips import Flips
from playground.bernoulli.priors import Beta, Mixture, Point, Prior, SpikeAndBeta, TruncatedNormal, TwoCoins, uniform

__all__ = [
    "Beta",
    "Flips",
    "Intervals",
    "Mixture",
    "Point",
    "Prior",
    "SpikeAndBeta",
    "TruncatedNormal",
    "TwoCoins",
    "all_intervals",
    "evidence",
    "intervals",
    "log_bayes_factor",
    "log_evidence",
    "log_likelihood",
    "map_estimate",
    "mle",
    "posterior",
    "predictive",
    "quantile",
    "uniform",
]
