"""A coin of unknown bias: public names."""

from playground.bernoulli.ascent import Climb, ascend, optimum, rate_limit
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
from playground.bernoulli.coverage import average_coverage, bounds, coverage
from playground.bernoulli.estimators import estimates, moments, simulate, summarise, uniforms, wins
from playground.bernoulli.flips import Flips
from playground.bernoulli.mixtures import Mixture, SpikeAndBeta, TwoCoins
from playground.bernoulli.priors import Beta, Point, Prior, uniform
from playground.bernoulli.regression import Regression, rms_error, rms_left_out, rms_miss
from playground.bernoulli.samples import SAMPLES
from playground.bernoulli.truncated_normal import TruncatedNormal

__all__ = [
    "SAMPLES",
    "Beta",
    "Climb",
    "Flips",
    "Intervals",
    "Mixture",
    "Point",
    "Prior",
    "Regression",
    "SpikeAndBeta",
    "TruncatedNormal",
    "TwoCoins",
    "all_intervals",
    "ascend",
    "average_coverage",
    "bounds",
    "coverage",
    "estimates",
    "evidence",
    "intervals",
    "log_bayes_factor",
    "log_evidence",
    "log_likelihood",
    "map_estimate",
    "mle",
    "moments",
    "optimum",
    "posterior",
    "predictive",
    "quantile",
    "rate_limit",
    "rms_error",
    "rms_left_out",
    "rms_miss",
    "simulate",
    "summarise",
    "uniform",
    "uniforms",
    "wins",
]
