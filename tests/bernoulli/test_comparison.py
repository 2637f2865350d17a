"""The comparison of the three curves, number by number."""

import math

import numpy as np
import pytest
from scipy import stats

from playground.bernoulli.comparison import PLACES, WAYS, WITHIN, Comparison
from playground.bernoulli.regression import Regression, polynomial, rms_error, rms_left_out
from playground.bernoulli.samples import SAMPLES

MODEL = Regression(9, 0.2, 0.5)


def compared(name, n=12, model=MODEL, seed=0):
    sample = SAMPLES[name]
    return Comparison(sample.points(n, seed=seed), model, sample.truth)


def test_the_three_ways_are_the_three_fits():
    found = compared("Sine")
    x, y = found.x, found.y
    expected = (MODEL.least_squares(x, y), MODEL.ridge(x, y), MODEL.lasso(x, y))
    for way, weights in zip(WAYS, expected, strict=True):
        assert found.weights[way].tolist() == weights.tolist()
        assert found.errors[way] == rms_error(weights, SAMPLES["Sine"].truth)
        assert found.misses[way] == pytest.approx(math.sqrt(np.mean((y - polynomial(weights, x)) ** 2)))
        assert found.heights(way).tolist() == polynomial(weights, PLACES).tolist()
    assert found.dropped == np.count_nonzero(expected[2] == 0) > 0


def test_where_nobody_knows_the_truth_points_are_left_out():
    found = compared("Anscombe III", model=Regression(2, 0.2, 0.5))
    assert found.errors["Laplace prior"] == rms_left_out(found.model.lasso, found.x, found.y)
    assert found.coverage is None
    assert Comparison(((0.0, 1.0),), MODEL).errors == {}


def test_without_points_least_squares_has_nothing_to_fit():
    found = Comparison((), MODEL, SAMPLES["Sine"].truth)
    assert set(found.weights) == set(found.errors) == {"Gaussian prior", "Laplace prior"}
    assert found.misses == {}
    assert found.best_degree is None
    assert found.settled == 0
    assert found.errors["Gaussian prior"] == pytest.approx(math.sqrt(0.5))  # of sin πx to the line 0
    assert found.nearest == ("Gaussian prior", "Laplace prior")
    assert found.coverage == 1


def test_the_nearest_is_the_one_of_least_error_and_equals_share_it():
    found = compared("Sine", seed=1)
    assert found.nearest == (min(found.errors, key=found.errors.get),) == ("Laplace prior",)
    flat = compared("Sine", n=10, seed=2, model=Regression(9, 2.0, 0.002))
    assert flat.nearest == ("Gaussian prior", "Laplace prior")  # both are the line 0


def test_the_evidence_of_every_degree():
    found = compared("Two terms")
    for degree, log_evidence in zip(range(1, 10), found.log_evidences, strict=True):
        phi = np.cos(np.outer(np.arccos(found.x), np.arange(degree + 1)))
        density = stats.multivariate_normal(cov=0.2**2 * np.eye(12) + 0.5**2 * phi @ phi.T)
        assert log_evidence == pytest.approx(density.logpdf(found.y))
    assert found.best_degree == 4  # the degree that the points were made with


def test_the_coverage_is_a_share_of_the_axis():
    found = compared("Half a sine")
    mean, sd = found.curve
    inside = [abs(math.sin(math.pi * x) - m) <= 1.96 * s for x, m, s in zip(PLACES, mean, sd, strict=True)]
    assert found.coverage == pytest.approx(sum(inside) / len(inside), abs=0.003)
    assert stats.norm.cdf(WITHIN) - stats.norm.cdf(-WITHIN) == pytest.approx(0.95, abs=1e-15)
