"""Means without simulation: against sums over every possible sample, scipy's binomials and closed forms."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, chi2, kstest, norm, uniform

from playground.divergences import hellinger, js, kl, total_variation
from playground.divergences.expectations import (
    blocking_bins,
    chi_square,
    expected,
    expected_w1,
    first_order_bias,
    mean_gap,
)

DIVERGENCES = {"KL": kl, "JS": js, "TV": total_variation, "H²": lambda p, q: hellinger(p, q) ** 2}
P, Q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.2, 0.6])
PAIRS = {
    "different": (P, Q),
    "the same": (P, P),
    "half apart": (np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.5, 0.5])),
    "one bin in use": (np.array([1.0, 0.0]), np.array([1.0, 0.0])),
}
each_divergence = pytest.mark.parametrize("divergence", DIVERGENCES)


def samples(p, n):
    """Every possible histogram of n draws with its probability, by the multinomial formula."""
    for counts in itertools.product(range(n + 1), repeat=len(p)):
        if sum(counts) == n:
            ways = math.factorial(n) / math.prod(map(math.factorial, counts))
            if (weight := ways * math.prod(a**c for a, c in zip(p, counts, strict=True))) > 0:
                yield np.array(counts), weight


def by_hand(p, q, n, divergence, pseudo_count, known):
    """The mean over every pair of samples."""
    measure, whole = DIVERGENCES[divergence], n + len(p) * pseudo_count
    if known:
        return sum(weight * measure((seen + pseudo_count) / whole, q) for seen, weight in samples(p, n))
    return sum(
        weight * other_weight * measure((seen + pseudo_count) / whole, (other + pseudo_count) / whole)
        for seen, weight in samples(p, n)
        for other, other_weight in samples(q, n)
    )


@each_divergence
@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("pseudo_count", [0.0, 0.5, 1.0])
def test_the_mean_is_the_sum_over_every_possible_sample(divergence, pair, known, pseudo_count):
    p, q = PAIRS[pair]
    exact = expected(p, q, 5, divergence, pseudo_count=pseudo_count, known=known)
    assert exact == pytest.approx(by_hand(p, q, 5, divergence, pseudo_count, known), abs=1e-12)


def test_the_kl_of_two_samples_has_no_finite_mean_while_a_bin_can_stay_empty():
    assert expected(P, P, 10, "KL") == np.inf
    assert expected(P, P, 10, "KL", pseudo_count=1.0) < np.inf
    assert expected(P, P, 10, "KL", known=True) < np.inf


def test_where_an_empty_bin_is_as_good_as_impossible_kl_has_the_mean_of_the_other_cases():
    rng = np.random.default_rng(0)
    found = kl(rng.multinomial(1000, P, size=40_000) / 1000, rng.multinomial(1000, Q, size=40_000) / 1000)
    assert np.isfinite(found).all()
    assert blocking_bins(P, Q, 1000) < 1e-9
    assert expected(P, Q, 1000, "KL") == pytest.approx(found.mean(), abs=4 * found.std() / 200)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("known", [False, True])
def test_blocking_bins_are_counted_over_every_possible_sample(pair, known):
    p, q = PAIRS[pair]
    pairs = [
        (weight * other_weight, ((seen > 0) & (other == 0)).sum())
        for seen, weight in samples(p, 5)
        for other, other_weight in ([(q, 1.0)] if known else samples(q, 5))
    ]
    assert blocking_bins(p, q, 5, known=known) == pytest.approx(sum(w * count for w, count in pairs), abs=1e-12)
    assert blocking_bins(p, q, 5, known=known) >= sum(w for w, count in pairs if count) - 1e-12


@each_divergence
@given(
    st.lists(st.floats(0.01, 1), min_size=4, max_size=4),
    st.lists(st.floats(0.01, 1), min_size=4, max_size=4),
    st.integers(1, 300),
    st.booleans(),
)
@settings(deadline=None, derandomize=True, max_examples=30)
def test_on_average_no_plug_in_estimate_is_below_what_it_estimates(divergence, p, q, n, known):
    # all four are convex in the pair (p, q): Jensen
    p, q = np.array(p) / sum(p), np.array(q) / sum(q)
    assert expected(p, q, n, divergence, known=known) >= DIVERGENCES[divergence](p, q) - 1e-12


@each_divergence
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("pseudo_count", [0.0, 0.5])
@pytest.mark.parametrize("pair", ["different", "the same"])
def test_the_first_order_bias_misses_the_exact_one_by_less_than_first_order(divergence, known, pseudo_count, pair):
    p, q = PAIRS[pair]
    how = {"pseudo_count": pseudo_count, "known": known}

    def missed(n):
        exact = expected(p, q, n, divergence, **how) - DIVERGENCES[divergence](p, q)
        return abs(exact - first_order_bias(p, q, n, divergence, **how))

    bias = abs(first_order_bias(p, q, 4000, divergence, **how))
    assert missed(4000) < 0.01 * bias + 1e-11
    if divergence != "TV":
        assert missed(8000) < 0.3 * missed(4000) + 1e-11  # it falls as 1/n²


@pytest.mark.parametrize(
    ("divergence", "known", "times"),
    [("KL", False, 1), ("KL", True, 1 / 2), ("JS", False, 1 / 4), ("JS", True, 1 / 8), ("H²", False, 1 / 4),
     ("H²", True, 1 / 8)],
)  # fmt: skip
def test_of_equal_distributions_the_bias_is_the_number_of_bins_less_one_over_n(divergence, known, times):
    p = np.full(20, 1 / 20)
    assert first_order_bias(p, p, 500, divergence, known=known) == pytest.approx(times * 19 / 500, rel=1e-12)
    scale, freedom = chi_square(p, 500, divergence, known=known)
    assert scale * freedom == pytest.approx(times * 19 / 500, rel=1e-12)  # the mean of χ² is its degrees of freedom


def test_first_order_is_silent_where_there_is_no_expansion():
    p, q = PAIRS["half apart"]
    assert math.isnan(first_order_bias(p, q, 100, "KL"))
    assert math.isnan(first_order_bias(p, q, 100, "JS", pseudo_count=1.0))
    assert first_order_bias(p, q, 100, "JS") == pytest.approx(expected(p, q, 100, "JS") - js(p, q), rel=0.02)
    assert chi_square(p, 100, "TV") is None
    assert chi_square(p, 100, "KL")[1] == 1  # the empty bin is no degree of freedom


@pytest.mark.parametrize("divergence", ["KL", "JS", "H²"])
@pytest.mark.parametrize("known", [False, True])
def test_of_equal_distributions_the_estimates_follow_the_chi_square_law(divergence, known):
    rng, p, n = np.random.default_rng(1), np.array([0.1, 0.2, 0.3, 0.4]), 20_000
    first, other = (rng.multinomial(n, p, size=3000) / n for _ in range(2))
    scale, freedom = chi_square(p, n, divergence, known=known)
    found = DIVERGENCES[divergence](first, p if known else other)
    assert kstest(found, chi2(freedom, scale=scale).cdf).pvalue > 0.01


@pytest.mark.parametrize("n", [1, 2, 7, 60])
def test_the_mean_gap_of_two_counts_is_the_double_sum(n):
    p, q = np.array([0.3, 0.5, 1.0, 0.0, 1e-6, 0.5, 0.9]), np.array([0.6, 0.5, 0.2, 0.0, 1e-6, 0.51, 0.9])
    counts = np.arange(n + 1)
    gaps = np.abs(counts[:, None] - counts)
    sums = [binom.pmf(counts, n, a) @ gaps @ binom.pmf(counts, n, b) / n for a, b in zip(p, q, strict=True)]
    np.testing.assert_allclose(mean_gap(p, q, (n,))[0], sums, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("n", [1000, 100_000])
def test_the_mean_gap_is_exact_for_many_draws_too(n):
    p, q = np.array([0.3, 0.5, 1e-5]), np.array([0.301, 0.5, 2e-5])
    for a, b, found in zip(p, q, mean_gap(p, q, (n,))[0], strict=True):
        low, high = binom.ppf(1e-16, n, min(a, b)), binom.isf(1e-16, n, max(a, b))
        counts = np.arange(low, high + 1)
        gap = binom.pmf(counts, n, a) @ np.abs(counts[:, None] - counts) @ binom.pmf(counts, n, b)
        assert found == pytest.approx(gap / n, rel=1e-9)


GAUSS = norm.ppf([1e-11, 1e-7, 1e-4, 0.01, 0.1, 0.5, 0.9, 0.99, 1 - 1e-4, 1 - 1e-7, 1 - 1e-11])


def test_w1_of_single_points_is_their_mean_distance():
    assert expected_w1(norm.cdf, norm.cdf, GAUSS, (1,))[0] == pytest.approx(2 / math.sqrt(math.pi), rel=1e-8)
    assert expected_w1(uniform.cdf, uniform.cdf, np.array([0, 1]), (1,))[0] == pytest.approx(1 / 3, rel=1e-12)


def test_w1_of_two_and_two_uniform_points_is_the_integral_of_the_mean_gap():
    x = np.linspace(0, 1, 20_001)
    pmf = np.stack([(1 - x) ** 2, 2 * x * (1 - x), x**2])
    gap = sum(abs(i - j) * pmf[i] * pmf[j] for i in range(3) for j in range(3)) / 2
    found = expected_w1(uniform.cdf, uniform.cdf, np.array([0, 1]), (2,))[0]
    assert found == pytest.approx(np.trapezoid(gap, x), abs=1e-8)


def test_w1_between_many_draws_has_the_limit_of_the_brownian_bridge():
    x = np.linspace(-9, 9, 100_001)
    limit = 2 / math.sqrt(math.pi) * np.trapezoid(np.sqrt(norm.cdf(x) * norm.sf(x)), x)
    n = 100_000
    assert math.sqrt(n) * expected_w1(norm.cdf, norm.cdf, GAUSS, (n,))[0] == pytest.approx(limit, rel=2e-3)


def test_w1_of_different_distributions_is_the_mean_over_repeats():
    rng, n = np.random.default_rng(2), 50
    x, y = np.sort(rng.normal(size=(20_000, n)), -1), np.sort(rng.normal(0.3, 2, size=(20_000, n)), -1)
    found = np.abs(x - y).mean(-1)
    exact = expected_w1(norm.cdf, norm(0.3, 2).cdf, np.sort([*GAUSS, *(0.3 + 2 * GAUSS)]), (n,))[0]
    assert exact == pytest.approx(found.mean(), abs=4 * found.std() / math.sqrt(20_000))
    assert exact > 0.3  # never below the truth, which is at least the shift of the means
