"""Estimates, evidence, intervals and predictions of a coin against scipy and brute force."""

import math
from itertools import pairwise

import numpy as np
import pytest
from coin_beliefs import FAMILIES, counts, each_family, priors
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from playground.bernoulli import (
    Beta,
    Mixture,
    Point,
    SpikeAndBeta,
    TruncatedNormal,
    TwoCoins,
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
    uniform,
)


def held(belief, region):
    """The probability of a set of intervals, with the atoms at their ends."""
    inside = [float(belief.cdf(np.array(high)) - belief.cdf(np.array(low))) for low, high in region]
    return sum(inside) + sum(weight for at, weight in belief.atoms if any(at == low for low, _ in region))


@given(counts, counts)
def test_under_a_flat_prior_the_map_is_the_mle(heads, tails):
    best = mle(heads, tails)
    found = map_estimate(uniform(), heads, tails)
    assert (best is None) == (found is None) == (heads + tails == 0)
    if best is not None:
        assert found == pytest.approx(best, abs=1e-15)
        log = log_likelihood(np.linspace(0, 1, 1001), heads, tails)
        assert log.max() <= log_likelihood(best, heads, tails) + 1e-12


def test_estimates_at_the_edges():
    assert map_estimate(Beta(2, 2), 0, 0) == 0.5
    assert map_estimate(Beta(1, 1), 5, 0) == mle(5, 0) == 1.0
    assert map_estimate(Beta(0.5, 0.5), 3, 0) == 1.0
    assert map_estimate(Beta(0.5, 0.5), 0, 0) == 0.0  # of two places as high the leftmost
    assert posterior(Beta(0.5, 0.5), 0, 0).modes() == (0.0, 1.0)
    assert map_estimate(SpikeAndBeta(0.5, 0.01, 2, 2), 9, 0) == 0.5


def test_the_likelihood_at_the_edges():
    np.testing.assert_array_equal(log_likelihood(np.array([0.0, 1.0]), 3, 0), [-math.inf, 0])
    np.testing.assert_array_equal(log_likelihood(np.array([0.0, 1.0]), 0, 2), [0, -math.inf])
    np.testing.assert_array_equal(log_likelihood(np.array([0.0, 0.3]), 0, 0), [0, 0])
    np.testing.assert_allclose(log_likelihood(0.3, 2, 5), math.log(0.3**2 * 0.7**5))


@pytest.mark.parametrize(("a", "b"), [(2, 5), (1, 1), (0.5, 0.5), (30, 3)])
@pytest.mark.parametrize(("heads", "tails"), [(7, 3), (0, 4), (20, 20)])
def test_the_evidence_is_scipys_integral(a, b, heads, tails):
    def integrand(theta):
        return theta**heads * (1 - theta) ** tails * stats.beta.pdf(theta, a, b)

    by_quadrature, _ = integrate.quad(integrand, 0, 1, epsabs=0, epsrel=1e-12, limit=400)
    assert evidence(Beta(a, b), heads, tails) == pytest.approx(by_quadrature, rel=1e-9)


@each_family
@pytest.mark.parametrize("n", [0, 1, 9])
def test_the_evidence_of_all_sequences_of_n_flips_sums_to_one(prior, n):
    total = sum(math.comb(n, k) * evidence(prior, k, n - k) for k in range(n + 1))
    assert total == pytest.approx(1, rel=1e-10)


def test_the_bayes_factor_compares_two_evidences():
    prior = Beta(3, 2)
    by_hand = math.log(evidence(prior, 7, 3) / 0.5**10)
    assert log_bayes_factor(prior, 7, 3) == pytest.approx(by_hand, rel=1e-12)
    assert log_bayes_factor(prior, 0, 0) == 0
    assert log_bayes_factor(prior, 7, 3, against=1.0) == math.inf
    # MacKay, 2003, exercise 3.15: 140 heads and 110 tails of a Belgian euro; p(D | uniform) / p(D | fair) = 0.48
    assert math.exp(log_bayes_factor(uniform(), 140, 110)) == pytest.approx(0.48, abs=0.005)
    with pytest.raises(ValueError, match=r"neither the prior nor θ = 1\.0 allows 1 heads and 1 tails"):
        log_bayes_factor(Point(0.0), 1, 1, against=1.0)


def test_evidence_too_small_for_a_float_stays_in_logarithms():
    assert evidence(uniform(), 5000, 5000) == 0.0
    exact = -math.log(10_001) - (math.lgamma(10_001) - 2 * math.lgamma(5001))
    assert log_evidence(uniform(), 5000, 5000) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize(("a", "b"), [(2, 5), (1, 1), (0.3, 0.4), (1e6, 2e6)])
@pytest.mark.parametrize("n", [0, 1, 10, 200])
def test_the_prediction_of_a_beta_is_scipys_beta_binomial(a, b, n):
    ours = predictive(Beta(a, b), n)
    assert ours.shape == (n + 1,)
    np.testing.assert_allclose(ours, stats.betabinom.pmf(np.arange(n + 1), n, a, b), rtol=1e-6, atol=1e-12)


@each_family
@pytest.mark.parametrize("n", [1, 12])
def test_the_prediction_counts_all_orders_of_k_heads(prior, n):
    ours = predictive(prior.after(3, 2), n)
    chances = [math.comb(n, k) * evidence(prior.after(3, 2), k, n - k) for k in range(n + 1)]
    np.testing.assert_allclose(ours, chances, rtol=1e-9)
    assert ours.sum() == pytest.approx(1, rel=1e-12)


@each_family
def test_the_mean_is_the_probability_of_heads_next(prior):
    after = prior.after(4, 1)
    assert predictive(after, 1)[1] == pytest.approx(after.mean(), rel=1e-12)
    assert math.exp(after.log_evidence(1, 0)) == pytest.approx(after.mean(), rel=1e-12)


def test_a_spike_at_an_edge_predicts_for_sure():
    np.testing.assert_array_equal(predictive(Point(0.0), 4), [1, 0, 0, 0, 0])
    np.testing.assert_array_equal(predictive(Point(1.0), 4), [0, 0, 0, 0, 1])


def test_a_wide_prediction_of_a_tilted_normal():
    belief = TruncatedNormal(0.7, 0.2, 6, 9)
    exact = [math.lgamma(1001) - math.lgamma(k + 1) - math.lgamma(1001 - k) + belief.log_evidence(k, 1000 - k)
             for k in (0, 200, 467, 1000)]  # fmt: skip
    np.testing.assert_allclose(predictive(belief, 1000)[[0, 200, 467, 1000]], np.exp(exact), rtol=1e-9, atol=1e-15)


# -- intervals


SHAPES = [(2, 2), (3, 9), (40, 2), (1, 1), (1, 4), (4, 1), (1, 0.5), (0.5, 1), (0.4, 3), (3, 0.4), (0.5, 0.5),
          (0.3, 0.7), (1.02, 6), (7e5, 3e5)]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), SHAPES)
@pytest.mark.parametrize("mass", [0.5, 0.95])
def test_the_equal_tailed_interval_of_a_beta_is_scipys(a, b, mass):
    found = intervals(Beta(a, b), mass)
    assert found.equal_tailed == pytest.approx(stats.beta.interval(mass, a, b), abs=1e-9)


@pytest.mark.parametrize(("a", "b"), SHAPES)
@pytest.mark.parametrize("mass", [0.5, 0.95])
def test_the_highest_density_region_of_a_beta_is_the_shortest(a, b, mass):
    region = intervals(Beta(a, b), mass).highest_density
    assert held(Beta(a, b), region) == pytest.approx(mass, abs=1e-9)
    width = sum(high - low for low, high in region)
    # one interval [q(p), q(p + mass)], or, where the density has a dip, all but [q(p), q(p + 1 - mass)]
    p = np.linspace(0, 1 - mass, 4001)
    one = stats.beta.ppf(p + mass, a, b) - stats.beta.ppf(p, a, b)
    p = np.linspace(0, mass, 4001)
    two = 1 - (stats.beta.ppf(p + 1 - mass, a, b) - stats.beta.ppf(p, a, b))
    shortest = min(one.min(), two.min())
    assert width <= shortest + 1e-12
    assert width == pytest.approx(shortest, rel=2e-4)


def smallest_by_brute_force(belief, mass):
    """The total width of the densest cells of a very fine grid that hold `mass`, beside the atoms."""
    theta = np.linspace(0, 1, 100_001)
    atoms = np.zeros(len(theta) - 1)
    for at, weight in belief.atoms:
        atoms[min(int(np.ceil(at * 100_000 - 1e-9)) - 1, len(atoms) - 1)] += weight if at > 0 else 0
    cells = np.sort(np.diff(belief.cdf(theta)) - atoms)[::-1]
    spikes = sum(weight for _, weight in belief.atoms)
    return (np.searchsorted(np.cumsum(cells), mass - spikes) + 1) / 100_000 if spikes < mass else 0.0


@pytest.mark.parametrize("mass", [0.5, 0.8, 0.95])
@pytest.mark.parametrize(
    "belief",
    [
        *(prior.after(7, 3) for prior in FAMILIES.values()), *FAMILIES.values(),
        TwoCoins(0.9, 0.5, 400), TwoCoins(0.62, 0.5, 60), TwoCoins(0.9, 0.02, 60), TwoCoins(0.9, 0.3, 2),
        TwoCoins(0.95, 0.5, 4), TruncatedNormal(0.5, 0.3, 20, 0), TruncatedNormal(-0.2, 0.1),
        SpikeAndBeta(0, 0.3, 2, 8), SpikeAndBeta(0.3, 0.3, 0.5, 0.5),
        SpikeAndBeta(0.5, 0.6, 1, 1), TwoCoins(0.3, 0.5, 20000),
    ],
)  # fmt: skip
def test_the_highest_density_region_of_any_belief_is_the_smallest_set(belief, mass):
    region = intervals(belief, mass).highest_density
    assert all(0 <= low <= high <= 1 for low, high in region)
    assert all(one[1] < other[0] for one, other in pairwise(region))
    atoms = sum(weight for _, weight in belief.atoms)
    if atoms < mass:
        assert held(belief, region) == pytest.approx(mass, abs=1e-9)
    else:
        assert held(belief, region) >= mass
    width = sum(high - low for low, high in region)
    assert width == pytest.approx(smallest_by_brute_force(belief, mass), abs=6e-5)


def test_equal_tails_leave_out_as_much_below_as_above_where_no_atom_is_there():
    for prior in FAMILIES.values():
        belief = prior.after(7, 3)
        low, high = intervals(belief).equal_tailed
        for end, wanted in ((low, 0.025), (high, 0.975)):
            upto = float(belief.cdf(np.array(end)))
            below = upto - sum(weight for at, weight in belief.atoms if at == end)
            assert below - 1e-9 <= wanted <= upto + 1e-9


def test_an_atom_can_be_an_end_or_the_whole_interval():
    assert intervals(SpikeAndBeta(0.0, 0.5, 2, 2)).equal_tailed[0] == 0.0
    certain = intervals(SpikeAndBeta(0.5, 0.97, 2, 2))
    assert certain.equal_tailed == (0.5, 0.5)
    assert certain.highest_density == ((0.5, 0.5),)
    assert intervals(Point(0.3)).highest_density == ((0.3, 0.3),)
    heavy = Mixture((Point(0.2), Point(0.8), Beta(2, 2)), (0.3, 0.6, 0.1))
    assert intervals(heavy, 0.5).highest_density == ((0.8, 0.8),)
    apart = intervals(SpikeAndBeta(0.05, 0.2, 30, 2))
    assert len(apart.highest_density) == 2
    assert apart.covers(0.05) == (False, True) or apart.covers(0.05) == (True, True)


def test_a_flat_belief_takes_the_middle():
    found = intervals(uniform())
    assert found.equal_tailed == pytest.approx((0.025, 0.975))
    assert found.highest_density == (pytest.approx((0.025, 0.975)),)


def test_many_beliefs_at_once_are_the_same_as_one_by_one():
    beliefs = [posterior(prior, h, 6 - h) for prior in FAMILIES.values() for h in range(7)]
    for belief, found in zip(beliefs, all_intervals(beliefs, 0.9), strict=True):
        alone = intervals(belief, 0.9)
        assert found.equal_tailed == pytest.approx(alone.equal_tailed, abs=1e-12)
        np.testing.assert_allclose(found.highest_density, alone.highest_density, atol=1e-12)


@given(priors, counts, counts, st.floats(0.5, 0.99))
def test_intervals_are_ordered_and_hold_their_mass(prior, heads, tails, mass):
    belief = posterior(prior, heads, tails)
    found = intervals(belief, mass)
    low, high = found.equal_tailed
    assert 0 <= low <= high <= 1
    flat = [end for piece in found.highest_density for end in piece]
    assert flat == sorted(flat)
    assert held(belief, found.highest_density) >= mass - 1e-7
    assert sum(b - a for a, b in found.highest_density) <= high - low + 1e-7


def test_a_quantile_is_the_first_theta_with_enough_below():
    assert quantile(Beta(2, 5), 0.3) == pytest.approx(stats.beta.ppf(0.3, 2, 5), abs=1e-12)
    spike = SpikeAndBeta(0.5, 0.4, 1, 1)
    assert quantile(spike, 0.3) == pytest.approx(0.5)
    assert quantile(spike, 0.31) == 0.5
    assert quantile(spike, 0.15) == pytest.approx(0.25)
    assert quantile(spike, 0.85) == pytest.approx(0.75)


@pytest.mark.parametrize("mass", [0.0, 1.0, -1, math.nan])
def test_a_mass_outside_0_to_1_is_refused(mass):
    with pytest.raises(ValueError, match="mass must be in"):
        intervals(uniform(), mass)
    with pytest.raises(ValueError, match="p must be in"):
        quantile(uniform(), mass)


def test_a_number_of_flips_must_be_whole():
    with pytest.raises(ValueError, match="heads must be a whole number"):
        predictive(uniform(), -1)
    with pytest.raises(ValueError, match="tails must be a whole number"):
        mle(1, 0.5)
