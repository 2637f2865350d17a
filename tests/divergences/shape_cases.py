"""Shapes of every kind, and the same distributions as scipy knows them."""

import numpy as np
from scipy.stats import laplace, norm, rv_histogram, uniform

from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Histogram, Laplace, Uniform

BARS = Histogram((-3.0, -1.0, 0.0, 0.5, 2.0, 4.0), (0.1, 0.3, 0.0, 0.2, 0.4))
MANY_BARS = Histogram(
    tuple(np.linspace(-6, 6, 25).tolist()), tuple((np.arange(24) % 5 / np.sum(np.arange(24) % 5)).tolist())
)
SHAPES = {
    "Gaussian": Gaussian(0.3, 1.2),
    "narrow": Gaussian(-1.0, 0.05),
    "mixture": TwoGaussians(0.4, -2.0, 0.5, 1.5, 0.8),
    "far mixture": TwoGaussians(0.9, -5.0, 0.2, 5.0, 0.1),
    "one of two": TwoGaussians(1.0, 0.5, 0.7, 9.0, 1.0),
    "uniform": Uniform(-1.0, 2.5),
    "small uniform": Uniform(3.0, 3.5),
    "Laplace": Laplace(0.5, 0.8),
    "bars": BARS,
    "many bars": MANY_BARS,
}


class Mixed:
    """A mixture of frozen scipy distributions."""

    def __init__(self, *parts):
        self.parts = parts

    def __getattr__(self, name):
        return lambda *x: sum(weight * getattr(part, name)(*x) for weight, part in self.parts)


def scipys(shape):
    """The same distribution, from scipy."""
    if isinstance(shape, Gaussian):
        return norm(shape.mean, shape.sd)
    if isinstance(shape, TwoGaussians):
        first, second = norm(shape.mean_1, shape.sd_1), norm(shape.mean_2, shape.sd_2)
        return Mixed((shape.weight, first), (1 - shape.weight, second))
    if isinstance(shape, Uniform):
        return uniform(shape.low, shape.high - shape.low)
    if isinstance(shape, Laplace):
        return laplace(shape.mean, shape.scale)
    return rv_histogram((np.array(shape.masses) / np.diff(shape.edges), np.array(shape.edges)), density=True)
