"""Pairs of climbs for the tests of the experiment Climb: ordinary ones, and every boundary."""

from dataclasses import replace

from playground.bernoulli.ascent import Climb
from playground.bernoulli.priors import Beta
from playground.bernoulli.truncated_normal import TruncatedNormal

POSTERIORS = {
    "settles": Climb(7, 3, Beta(3, 3), rate=0.005),
    "overshoots": Climb(7, 3, Beta(3, 3), rate=0.03),
    "swings": Climb(7, 3, Beta(3, 3), rate=0.05),
    "crawls": Climb(7, 3, Beta(3, 3), rate=1e-4),
    "logit": Climb(7, 3, Beta(3, 3), "logit", rate=0.3),
    "level": Climb(5, 5, Beta(3, 3), "logit", rate=0.3),
    "sharp": Climb(200, 190, TruncatedNormal(0.4, 0.02), "logit", rate=0.001),
    "bell": Climb(7, 3, TruncatedNormal(0.5, 0.1), rate=0.005),
    "bell beyond": Climb(7, 0, TruncatedNormal(1.5, 0.5), rate=0.005),
    "all heads": Climb(5, 0, Beta(3, 3), rate=0.005),
    "all tails, logit": Climb(0, 5, Beta(3, 3), "logit", rate=10),
    "no flips": Climb(0, 0, Beta(3, 3), rate=0.005),
    "nothing known": Climb(0, 0, Beta(1, 1), rate=0.005),
    "nothing known, logit": Climb(0, 0, Beta(1, 1), "logit"),
    "no summit": Climb(0, 3, Beta(0.5, 0.5), rate=0.005),
    "two walls": Climb(0, 0, Beta(0.5, 0.5), rate=0.005),
    "two walls, logit": Climb(0, 0, Beta(0.5, 0.5), "logit"),
    "absurd rate": Climb(200, 150, Beta(50, 0.1), rate=10, start=0.99),
    "absurd rate, logit": Climb(200, 150, Beta(0.1, 50), "logit", rate=10, start=0.01),
    "a million flips imagined": Climb(7, 3, Beta(1e6, 1e5), rate=0.005),
    "starts there": Climb(7, 3, Beta(1, 1), start=0.7, steps=10),
    "one step": Climb(1, 0, Beta(1, 1), steps=1),
}


def pair(name):
    """The climbs of the likelihood and of the posterior."""
    return replace(POSTERIORS[name], prior=None), POSTERIORS[name]
