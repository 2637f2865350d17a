"""Divergences of arrays, points and Gaussians, held against scipy, closed forms, brute force and the laws they obey."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.linalg import sqrtm
from scipy.optimize import linprog
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import multivariate_normal, wasserstein_distance

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

SMALL = 1e-12
weights = st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(sum).map(lambda w: np.array(w) / sum(w))
points = arrays(float, 5, elements=st.floats(-1e3, 1e3))
ON_ARRAYS = (kl, jeffreys, js, total_variation, hellinger)


# -- on probability arrays


@given(weights, weights)
def test_kl_and_js_are_scipys(p, q):
    assert kl(p, q) == pytest.approx(rel_entr(p, q).sum(), abs=SMALL)
    assert jeffreys(p, q) == pytest.approx(rel_entr(p, q).sum() + rel_entr(q, p).sum(), abs=SMALL)
    assert js(p, q) == pytest.approx(jensenshannon(p, q) ** 2, abs=1e-9)


@given(weights, weights)
def test_total_variation_is_the_largest_disagreement_about_an_event(p, q):
    events = np.array(np.meshgrid(*[[0, 1]] * 5)).reshape(5, -1)
    assert total_variation(p, q) == pytest.approx(np.abs((p - q) @ events).max(), abs=SMALL)


@given(weights, weights)
def test_hellinger_squared_is_one_less_the_affinity(p, q):
    assert hellinger(p, q) ** 2 == pytest.approx(1 - np.sqrt(p * q).sum(), abs=SMALL)


@given(weights, weights)
def test_kl_is_infinite_exactly_where_p_has_mass_and_q_none(p, q):
    assert np.isinf(kl(p, q)) == bool(((p > 0) & (q == 0)).any())


def test_kl_is_not_infinite_for_the_smallest_of_numbers():
    assert np.isfinite(kl([0.5, 0.5], [5e-324, 1.0]))
    assert np.isfinite(js([5e-324, 1.0], [0.0, 1.0]))


@given(weights, weights, weights)
def test_the_laws_hold(p, q, r):
    h, tv, forward = hellinger(p, q), total_variation(p, q), kl(p, q)
    for symmetric in (jeffreys, js, total_variation, hellinger):
        assert symmetric(p, q) == symmetric(q, p)
    for metric in (lambda a, b: np.sqrt(js(a, b)), total_variation, hellinger):
        assert metric(p, r) <= metric(p, q) + metric(q, r) + SMALL
    assert h**2 <= tv + SMALL
    assert tv <= h * np.sqrt(2 - h**2) + 1e-9  # the root is steep at 0
    assert tv <= np.sqrt(forward / 2) + SMALL
    assert h**2 <= forward / 2 + SMALL
    assert forward >= 0
    assert js(p, q) <= np.log(2)


@given(weights)
def test_nothing_is_apart_from_itself(p):
    assert [float(divergence(p, p)) for divergence in ON_ARRAYS] == [0.0] * 5


def test_disjoint_supports_reach_the_ceilings():
    p, q = [0.25, 0.75, 0, 0], [0, 0, 0.5, 0.5]
    assert kl(p, q) == np.inf
    assert js(p, q) == np.log(2)
    assert total_variation(p, q) == hellinger(p, q) == 1


@pytest.mark.parametrize("divergence", ON_ARRAYS)
def test_a_batch_is_its_rows(divergence):
    rng = np.random.default_rng(0)
    p, q = rng.dirichlet(np.ones(4), (3, 1)), rng.dirichlet(np.ones(4), (1, 2))
    batch = divergence(p, q)
    assert batch.shape == (3, 2)
    for i in range(3):
        for j in range(2):
            assert batch[i, j] == divergence(p[i, 0], q[0, j])


@pytest.mark.parametrize("divergence", ON_ARRAYS)
@pytest.mark.parametrize(
    ("p", "message"),
    [
        ([0.5, 0.4], r"p must sum to 1 within 1e-06 along its last axis, got 0\.9$"),
        ([0.5, 0.5 + 2e-6], r"got 1\.000002$"),
        ([[0.5, 0.5], [0.7, 0.7]], r"got 1\.4$"),
        ([1.5, -0.5], r"p must hold probabilities of 0 or more, got -0\.5"),
        ([np.nan, 1.0], "p must hold probabilities, got NaN"),
        ([np.inf, 0.0], "p must sum to 1 .* got inf"),
        (1.0, r"along its last axis, got shape \(\)"),
        ([], r"along its last axis, got shape \(0,\)"),
    ],
)
def test_what_is_no_distribution_is_refused_with_its_reason(divergence, p, message):
    with pytest.raises(ValueError, match=message):
        divergence(p, [0.5, 0.5])
    with pytest.raises(ValueError, match=message.replace("p must", "q must")):
        divergence([0.5, 0.5], p)


def test_other_outcomes_are_refused():
    with pytest.raises(ValueError, match="the same outcomes, got 2 and 3"):
        kl([0.5, 0.5], [0.2, 0.3, 0.5])
    with pytest.raises(ValueError, match="must broadcast"):
        kl(np.full((2, 2), 0.5), np.full((3, 2), 0.5))


def test_a_sum_within_the_tolerance_is_taken_as_1():
    p = np.array([0.5, 0.5 + 9e-7])
    assert kl(p, [0.5, 0.5]) == pytest.approx(0, abs=1e-12)
    assert js([1 + 9e-7, 0], [0, 1]) == np.log(2)


# -- on points


@given(points, points, weights, weights)
def test_w1_is_scipys(x, y, p, q):
    assert wasserstein_1d(x, y, p, q) == pytest.approx(wasserstein_distance(x, y, p, q), rel=1e-9, abs=1e-9)
    assert wasserstein_1d(x, y[:3]) == pytest.approx(wasserstein_distance(x, y[:3]), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("order", [1, 1.5, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_the_monotone_plan_is_the_best_of_all_plans(order, seed):
    rng = np.random.default_rng(seed)
    x, y, p, q = rng.normal(size=4), rng.normal(size=3), rng.dirichlet(np.ones(4)), rng.dirichlet(np.ones(3))
    cost = np.abs(x[:, None] - y) ** order
    marginals = np.vstack([np.kron(np.eye(4), np.ones(3)), np.tile(np.eye(3), 4)])
    best = linprog(cost.ravel(), A_eq=marginals, b_eq=[*p, *q]).fun
    assert wasserstein_1d(x, y, p, q, order=order) ** order == pytest.approx(best, abs=1e-8)


@given(points, weights, st.floats(-100, 100), st.sampled_from([1, 2, 3.5]))
def test_a_shift_costs_its_length(x, p, shift, order):
    assert wasserstein_1d(x, x + shift, p, p, order) == pytest.approx(abs(shift), abs=1e-9)


@given(points, points, points, weights, weights)
def test_wasserstein_is_a_metric_that_grows_with_its_order(x, y, z, p, q):
    assert wasserstein_1d(x, x, p, p) == 0
    assert wasserstein_1d(x, y, p, q) == pytest.approx(wasserstein_1d(y, x, q, p), rel=1e-12)
    for order in (1, 2):
        detour = wasserstein_1d(x, y, p, q, order) + wasserstein_1d(y, z, q, None, order)
        assert wasserstein_1d(x, z, p, None, order) <= detour * (1 + 1e-9) + 1e-9
    assert wasserstein_1d(x, y, p, q, 1) <= wasserstein_1d(x, y, p, q, 2) * (1 + 1e-9) + SMALL


def test_far_points_do_not_overflow_and_points_without_mass_do_not_count():
    assert wasserstein_1d([0], [1e200], order=3) == pytest.approx(1e200)
    assert wasserstein_1d([0, 1e300], [1], [1, 0]) == 1
    assert wasserstein_1d([3], [-2.5]) == 5.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.0], [np.nan]), "y must be finite points, got nan"),
        (([np.inf], [0.0]), "x must be finite points, got inf"),
        (([], [0.0]), r"x must be points of shape \(n,\), got shape \(0,\)"),
        (([[0.0]], [0.0]), r"got shape \(1, 1\)"),
        (([0.0, 1.0], [0.0], [0.5, 0.4]), r"p must sum to 1 within 1e-06 along its last axis, got 0\.9"),
        (([0.0, 1.0], [0.0], [1.0]), r"one probability for each point of x, got \(1,\)"),
        (([0.0], [0.0], None, [1.0, 0.0]), r"one probability for each point of y, got \(2,\)"),
        (([0.0], [0.0], None, None, 0.5), "order must be a finite number of 1 or more, got 0.5"),
        (([0.0], [0.0], None, None, np.nan), "got nan"),
    ],
)
def test_bad_points_are_refused_with_their_reason(arguments, message):
    with pytest.raises(ValueError, match=message):
        wasserstein_1d(*arguments)


# -- between Gaussians


def covariances(seed, d=3):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, d, d))
    return rng.normal(size=d), a @ a.T + 0.1 * np.eye(d), rng.normal(size=d), b @ b.T + 0.1 * np.eye(d)


@pytest.mark.parametrize("seed", range(5))
def test_gaussian_kl_is_the_mean_log_ratio(seed):
    m, c, n, e = covariances(seed)
    # E_p of a quadratic is exact over the 2d + 1 sigma points: the centre and ± √d along each axis
    root = np.linalg.cholesky(c) * np.sqrt(3)
    sigma = np.vstack([m + root.T, m - root.T])
    gap = multivariate_normal(m, c).logpdf(sigma) - multivariate_normal(n, e).logpdf(sigma)
    assert gaussian_kl(m, c, n, e) == pytest.approx(gap.mean(), rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_gaussian_w2_is_the_textbook_formula(seed):
    m, c, n, e = covariances(seed)
    root = np.real(sqrtm(c))
    squared = ((m - n) ** 2).sum() + np.trace(c + e - 2 * np.real(sqrtm(root @ e @ root)))
    assert gaussian_w2(m, c, n, e) == pytest.approx(np.sqrt(squared), rel=1e-9)
    assert gaussian_w2(n, e, m, c) == pytest.approx(np.sqrt(squared), rel=1e-9)


@given(st.floats(-5, 5), st.floats(0.1, 5), st.floats(-5, 5), st.floats(0.1, 5))
def test_in_one_dimension_a_number_is_the_variance(m, s, n, t):
    expected = np.log(t / s) + (s**2 + (m - n) ** 2) / (2 * t**2) - 0.5
    assert gaussian_kl(m, s**2, n, t**2) == pytest.approx(expected, abs=1e-9 * (1 + expected))
    assert gaussian_w2(m, s**2, n, t**2) == pytest.approx(np.hypot(m - n, s - t), abs=1e-12)


def test_a_number_is_the_identitys_multiple():
    assert gaussian_kl([1.0, 2.0], 2.0, [0.0, 0.0], 3.0) == pytest.approx(
        gaussian_kl([1.0, 2.0], 2 * np.eye(2), [0.0, 0.0], 3 * np.eye(2))
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_gaussian_is_not_apart_from_itself(seed):
    m, c, _, _ = covariances(seed)
    assert gaussian_kl(m, c, m, c) == pytest.approx(0, abs=1e-12)
    assert gaussian_w2(m, c, m, c) == pytest.approx(0, abs=1e-12)


def test_points_are_gaussians_without_width_for_w2():
    assert gaussian_w2([0.0, 0.0], 0, [3.0, 4.0], 0) == 5
    assert gaussian_w2(0, 0, 0, 4) == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gaussian_kl(0, 0, 0, 1), "cov_p must be positive definite"),
        (lambda: gaussian_kl(0, 1, 0, -1), "cov_q must be positive definite"),
        (lambda: gaussian_w2(0, -1, 0, 1), "cov_p must have no negative eigenvalue, got -1"),
        (lambda: gaussian_w2([0, 0], [[1, 0], [0, -1]], [0, 0], 1), "cov_p must have no negative eigenvalue, got -1"),
        (lambda: gaussian_kl([0, 0], [[1, 0.5], [0, 1]], [0, 0], 1), "cov_p must be symmetric"),
        (lambda: gaussian_kl([0, 0], 1, [0], 1), "of one dimension, got 2 and 1"),
        (lambda: gaussian_w2([0, 0], [1, 1], [0, 0], 1), r"of shape \(2, 2\), got \(2,\)"),
        (lambda: gaussian_w2(np.nan, 1, 0, 1), "must be finite"),
        (lambda: gaussian_w2([[0]], 1, 0, 1), r"mean_p must be of shape \(d,\), got \(1, 1\)"),
    ],
)
def test_what_is_no_gaussian_is_refused_with_its_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()
