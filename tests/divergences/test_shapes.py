"""Each shape against scipy.stats, and against what its parts must be to each other."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import kstest
from shape_cases import SHAPES, Mixed, scipys

from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Histogram, Laplace, Uniform

X = np.linspace(-7.03, 7.01, 401)
U = np.concatenate([[1e-12, 1e-6, 0.001], np.linspace(0.01, 0.99, 99), [0.999, 1 - 1e-6]])
each = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


@each
def test_density_and_tails_are_scipys(shape):
    known = scipys(shape)
    assert shape.pdf(X) == pytest.approx(known.pdf(X), abs=1e-12)
    assert shape.cdf(X) == pytest.approx(known.cdf(X), abs=1e-12)
    assert shape.sf(X) == pytest.approx(known.sf(X), abs=1e-12)


@each
def test_moments_are_scipys(shape):
    known = scipys(shape)
    mean = known.mean()
    parts = known.parts if isinstance(known, Mixed) else [(1.0, known)]
    variance = sum(weight * (part.var() + (part.mean() - mean) ** 2) for weight, part in parts)
    assert shape.mean == pytest.approx(mean, abs=1e-12)
    assert shape.variance == pytest.approx(variance, rel=1e-9)
    assert shape.standard_deviation == pytest.approx(np.sqrt(variance), rel=1e-9)


@each
def test_a_quantile_is_where_that_much_lies_below(shape):
    x = shape.quantile(U)
    assert shape.cdf(x) == pytest.approx(U, rel=1e-9)
    assert (np.diff(x) >= 0).all()


@each
def test_log_odds_reach_into_both_tails(shape):
    t = np.linspace(-45, 45, 181)
    x = shape.at_log_odds(t)
    assert (np.diff(x) >= 0).all()
    if not isinstance(shape, Uniform | Histogram):  # their tails end
        assert np.log(shape.cdf(x[t <= 0])) == pytest.approx(-np.log1p(np.exp(-t[t <= 0])), abs=1e-6)
        assert np.log(shape.sf(x[t >= 0])) == pytest.approx(-np.log1p(np.exp(t[t >= 0])), abs=1e-6)


@each
def test_the_quantiles_of_0_and_1_are_the_ends(shape):
    assert shape.quantile([0, 1]).tolist() == [shape.support[0][0], shape.support[-1][1]]


@each
def test_the_integral_of_f_is_right(shape):
    for low, high in [(-20.0, -0.7), (-20.0, 1.1), (-20.0, 12.0)]:
        inside = [place for place in (*shape.breaks, shape.mean, -5.0, 5.0) if low < place < high]
        known = quad(shape.cdf, low, high, points=inside, epsabs=1e-12, limit=300)[0]
        assert shape.cdf_integral(high) - shape.cdf_integral(low) == pytest.approx(known, abs=1e-8)


@each
def test_the_entropy_is_right_where_there_is_one(shape):
    if shape.entropy is None:
        assert isinstance(shape, TwoGaussians)
        return
    places = sorted({*(place for place in shape.breaks), *shape.at_log_odds([-45, -3, 0, 3, 45]).tolist()})
    known = 0.0
    for low, high in itertools.pairwise(places):
        known -= quad(lambda x: shape.pdf(x) * np.log(shape.pdf(x)) if shape.pdf(x) > 0 else 0.0, low, high)[0]
    assert shape.entropy == pytest.approx(known, abs=1e-8)


@each
def test_the_support_is_where_the_density_is(shape):
    x = np.setdiff1d(X, shape.breaks)
    inside = np.any([(low < x) & (x < high) for low, high in shape.support], axis=0)
    assert (np.isfinite(shape.log_pdf(x)) == inside).all()
    assert all(b < c for (_, b), (c, _) in zip(shape.support, shape.support[1:], strict=False))


@each
def test_draws_come_from_the_shape_and_from_the_generator_alone(shape):
    draws = shape.sample(2000, generator=np.random.default_rng(3))
    assert kstest(draws, scipys(shape).cdf).pvalue > 1e-3
    assert (draws == shape.sample(2000, generator=np.random.default_rng(3))).all()


@given(st.floats(0, 1), st.floats(-6, 6), st.floats(0.05, 4), st.floats(-6, 6), st.floats(0.05, 4), st.floats(-40, 40))
def test_the_quantile_of_any_mixture_is_right(weight, mean_1, sd_1, mean_2, sd_2, t):
    mixture = TwoGaussians(weight, mean_1, sd_1, mean_2, sd_2)
    x = mixture.at_log_odds(t)
    # next to x, in a thousandth of the narrower width, F must pass the level
    near = 1e-9 * (1 + abs(float(x)))
    tail, level = (mixture.cdf, t) if t < 0 else (mixture.sf, -t)
    wanted = 1 / (1 + np.exp(-level))
    below, above = sorted([float(tail(x - near)), float(tail(x + near))])
    assert below * (1 - 1e-6) <= wanted <= above * (1 + 1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Gaussian(0, 0), "sd must be above 0, got 0"),
        (lambda: Gaussian(np.nan, 1), "mean must be a finite number, got nan"),
        (lambda: Laplace(0, -1), "scale must be above 0, got -1"),
        (lambda: TwoGaussians(1.5, 0, 1, 0, 1), r"weight must lie in \[0, 1\], got 1.5"),
        (lambda: TwoGaussians(0.5, 0, 1, 0, 0), "sd_2 must be above 0, got 0"),
        (lambda: Uniform(1, 1), "low must be below high, got 1 and 1"),
        (lambda: Uniform(0, np.inf), "high must be a finite number, got inf"),
        (lambda: Histogram((0, 1), (0.5, 0.5)), "edges must be one more than masses, got 2 and 2"),
        (lambda: Histogram((0, 1, 1), (0.5, 0.5)), "edges must be finite and ascend"),
        (lambda: Histogram((0, 1, np.inf), (0.5, 0.5)), "edges must be finite and ascend"),
        (lambda: Histogram((0, 1, 2), (0.5, 0.4)), "masses must sum to 1 within 1e-06 along its last axis, got 0.9"),
        (lambda: Histogram((0, 1, 2), (1.5, -0.5)), "masses must hold probabilities of 0 or more, got -0.5"),
        (lambda: Gaussian(0, 1).quantile(1.5), r"u must lie in \[0, 1\], got 1.5"),
        (lambda: Gaussian(0, 1).quantile([0.5, np.nan]), r"u must lie in \[0, 1\], got nan"),
    ],
)
def test_what_is_no_distribution_is_refused_with_its_reason(make, message):
    with pytest.raises(ValueError, match=message):
        make()
