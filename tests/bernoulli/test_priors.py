"""Beliefs about a coin against scipy, quadrature with many digits, and the laws of conditioning."""

import math

import mpmath
import numpy as np
import pytest
from coin_beliefs import GRID, INNER, counts, each_family, priors
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from playground.bernoulli import Beta, Mixture, Point, SpikeAndBeta, TruncatedNormal, TwoCoins, posterior, uniform
from playground.bernoulli.priors import log_beta

BIG = 40  # digits


def integral(prior, function):
    """∫ function(θ) p(θ) dθ with the atoms, with many digits and a break wherever a component has its mass."""
    with mpmath.workdps(BIG):
        total = mpmath.mpf(0)
        for weight, part in getattr(prior, "parts", ((1.0, prior),)):
            if isinstance(part, Point):
                total += weight * function(mpmath.mpf(part.at))
                continue
            if isinstance(part, Beta):
                a, b = mpmath.mpf(part.a), mpmath.mpf(part.b)

                def shape(x, a=a, b=b):
                    return x ** (a - 1) * (1 - x) ** (b - 1)

            else:

                def shape(x, m=part.mu, s=part.sigma):
                    return mpmath.exp(-(((x - m) / s) ** 2) / 2)

            around = [part.mean() + k * math.sqrt(part.variance()) for k in (-8, -3, 0, 3, 8)]
            breaks = [0, *(x for x in around if 0.001 < x < 0.999), 1]
            mass = mpmath.quad(shape, breaks)
            total += weight * mpmath.quad(lambda x, f=shape: function(x) * f(x), breaks) / mass
        return total


@pytest.mark.parametrize(("a", "b"), [(2, 5), (0.3, 4), (1, 1), (1, 2), (0.5, 0.5), (40, 7), (1e6, 3e5)])
def test_a_beta_is_scipys(a, b):
    ours, theirs = Beta(a, b), stats.beta(a, b)
    np.testing.assert_allclose(ours.log_density(INNER), theirs.logpdf(INNER), rtol=1e-9, atol=1e-8)
    np.testing.assert_allclose(ours.cdf(GRID), theirs.cdf(GRID), rtol=1e-9, atol=1e-15)
    assert (ours.mean(), ours.variance()) == pytest.approx((theirs.mean(), theirs.var()), rel=1e-12)
    np.testing.assert_array_equal(ours.density(np.array([-0.1, 1.1])), [0, 0])


@pytest.mark.parametrize(("mu", "sigma"), [(0.5, 0.1), (0.7, 0.3), (-0.3, 0.2), (1.2, 1.0), (0.5, 10.0), (-2, 0.1)])
def test_a_truncated_normal_is_scipys(mu, sigma):
    ours, theirs = TruncatedNormal(mu, sigma), stats.truncnorm((0 - mu) / sigma, (1 - mu) / sigma, mu, sigma)
    np.testing.assert_allclose(ours.log_density(GRID), theirs.logpdf(GRID), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours.cdf(GRID), theirs.cdf(GRID), rtol=1e-9, atol=1e-12)
    assert (ours.mean(), ours.variance()) == pytest.approx((theirs.mean(), theirs.var()), rel=1e-6)
    assert ours.modes() == (min(1.0, max(0.0, mu)),)


@pytest.mark.parametrize("a", [1e-3, 0.3, 1, 7.5, 19.9, 20, 64, 1e4, 1e6, 2.5e6])
@pytest.mark.parametrize("b", [1e-3, 1, 25, 1e6])
def test_the_beta_function_keeps_its_digits_where_three_gammas_would_cancel(a, b):
    with mpmath.workdps(BIG):
        exact = float(mpmath.log(mpmath.beta(a, b)))
    assert log_beta(a, b) == pytest.approx(exact, rel=4e-15, abs=4e-15)


@each_family
@pytest.mark.parametrize(("heads", "tails"), [(0, 0), (7, 3), (0, 12), (30, 1)])
def test_the_evidence_is_the_integral_of_likelihood_times_prior(prior, heads, tails):
    exact = integral(prior, lambda x: x**heads * (1 - x) ** tails)
    assert math.exp(prior.log_evidence(heads, tails)) == pytest.approx(float(exact), rel=1e-9)


@each_family
@pytest.mark.parametrize(("heads", "tails"), [(0, 0), (7, 3), (0, 12)])
def test_mean_and_variance_of_the_posterior_are_integrals(prior, heads, tails):
    def likelihood(x):
        return x**heads * (1 - x) ** tails

    whole = integral(prior, likelihood)
    mean = integral(prior, lambda x: x * likelihood(x)) / whole
    variance = integral(prior, lambda x: (x - mean) ** 2 * likelihood(x)) / whole
    after = prior.after(heads, tails)
    assert (after.mean(), after.variance()) == pytest.approx((float(mean), float(variance)), rel=1e-9)


@each_family
@pytest.mark.parametrize(("heads", "tails"), [(0, 0), (7, 3), (40, 0)])
def test_density_and_atoms_are_the_slope_and_the_steps_of_the_cdf(prior, heads, tails):
    after = prior.after(heads, tails)
    theta = np.linspace(0.02, 0.98, 4001)
    middle = (theta[:-1] + theta[1:]) / 2
    inside = [np.sum((theta[:-1] < at) & (at <= theta[1:])) for at, _ in after.atoms]
    assert all(inside)
    steps = sum(
        (np.where((theta[:-1] < at) & (at <= theta[1:]), weight, 0) for at, weight in after.atoms), np.zeros(4000)
    )
    slopes = (np.diff(after.cdf(theta)) - steps) / np.diff(theta)
    np.testing.assert_allclose(slopes, after.density(middle), rtol=3e-3, atol=1e-7)
    assert after.cdf(np.array([1.0])) == pytest.approx(1, abs=1e-12)


@each_family
def test_the_posterior_is_likelihood_times_prior_over_evidence(prior):
    after = prior.after(9, 4)
    by_hand = 9 * np.log(INNER) + 4 * np.log1p(-INNER) + prior.log_density(INNER) - prior.log_evidence(9, 4)
    np.testing.assert_allclose(after.log_density(INNER), by_hand, rtol=1e-9, atol=1e-9)


@given(priors, st.lists(st.booleans(), max_size=30), st.randoms(use_true_random=False))
def test_flips_one_by_one_in_any_order_give_one_posterior(prior, flips, random):
    shuffled = random.sample(flips, len(flips))
    together = posterior(prior, sum(flips), len(flips) - sum(flips))
    for order in (flips, shuffled):
        belief, log_evidence = prior, 0.0
        for head in order:
            log_evidence += belief.log_evidence(int(head), int(not head))
            belief = belief.after(int(head), int(not head))
        np.testing.assert_allclose(belief.cdf(GRID), together.cdf(GRID), atol=1e-9)
        np.testing.assert_allclose([w for _, w in belief.atoms], [w for _, w in together.atoms], rtol=1e-9)
        assert log_evidence == pytest.approx(prior.log_evidence(sum(flips), len(flips) - sum(flips)), abs=1e-8)


@given(priors, counts, counts)
def test_a_belief_is_a_probability_and_is_finite_inside(prior, heads, tails):
    after = prior.after(heads, tails)
    assert np.isfinite(after.density(INNER)).all()
    assert (after.density(GRID) >= 0).all()
    assert not np.isnan(after.log_density(GRID)).any()
    below = after.cdf(GRID)
    assert (np.diff(below) >= -1e-12).all()
    assert (below >= 0).all()
    assert below[-1] == pytest.approx(1, abs=1e-12)
    assert 0 <= after.mean() <= 1
    assert 0 <= after.variance() <= 0.25


def every_peak(belief, top):
    """Local maxima of the density on a fine grid, without the wiggles of rounding."""
    theta = np.linspace(0, 1, 200_001)[1:-1]
    dense = np.maximum(belief.log_density(theta), top - 30)
    here = (dense[1:-1] > dense[:-2]) & (dense[1:-1] >= dense[2:])
    found = theta[1:-1][here].tolist()
    return ([0.0] if dense[0] > dense[1] else []) + found + ([1.0] if dense[-1] > dense[-2] else [])


@pytest.mark.parametrize(
    "belief",
    [
        Beta(2, 5), Beta(1, 3), Beta(3, 1), Beta(0.5, 0.5), Beta(0.3, 0.6), Beta(0.5, 2), Beta(2, 0.5), Beta(1, 0.5),
        TruncatedNormal(0.3, 0.2), TruncatedNormal(-1, 0.2), TruncatedNormal(0.3, 0.2, 8, 1),
        TruncatedNormal(2, 1, 0, 9), TwoCoins(0.9, 0.5, 50).after(7, 3), TwoCoins(0.9, 0.5, 5),
        TwoCoins(0.6, 0.5, 20), TwoCoins(0.9, 0.2, 2),
        TwoCoins(0.9, 0.5, 3000), Mixture((Beta(1, 1), Beta(3, 9)), (0.5, 0.5)),
    ],
)  # fmt: skip
def test_modes_are_where_the_density_peaks_highest_first(belief):
    modes = belief.modes()
    # an edge where the density is infinite counts as the highest
    heights = belief.log_density(np.clip(modes, 1e-9, 1 - 1e-9))
    assert sorted(modes) == pytest.approx(every_peak(belief, heights.max()), abs=1e-5)
    assert (np.diff(heights) <= 1e-6).all()


def test_a_flat_belief_has_no_mode_and_an_atom_comes_before_every_density():
    assert uniform().modes() == ()
    assert SpikeAndBeta(0.5, 0.1, 1, 1).modes() == (0.5,)
    assert SpikeAndBeta(0.5, 0.1, 1, 1).after(9, 1).modes() == pytest.approx((0.5, 0.9))
    heavy = Mixture((Point(0.2), Point(0.8), Beta(2, 2)), (0.1, 0.3, 0.6))
    assert heavy.modes() == (0.8, 0.2, 0.5)


@pytest.mark.parametrize(("at", "weight"), [(0.5, 0.5), (0.3, 0.9), (0.0, 0.5), (1.0, 0.2)])
@pytest.mark.parametrize(("heads", "tails"), [(0, 0), (6, 0), (0, 6), (14, 6), (3000, 2900)])
def test_the_posterior_weight_of_a_spike(at, weight, heads, tails):
    prior = SpikeAndBeta(at, weight, 2, 3)
    with mpmath.workdps(60):
        theta = mpmath.mpf(at)
        spike = weight * theta**heads * (1 - theta) ** tails
        beta = (1 - weight) * mpmath.beta(2 + heads, 3 + tails) / mpmath.beta(2, 3)
        exact = float(spike / (spike + beta))
    after = prior.after(heads, tails)
    assert sum(w for _, w in after.atoms) == pytest.approx(exact, rel=1e-9)
    assert (after.atoms == ()) == (exact == 0)


def test_flips_that_a_prior_rules_out_are_refused():
    sure = SpikeAndBeta(0.0, 1.0, 2, 2)
    assert sure.log_evidence(1, 0) == -math.inf
    assert sure.after(0, 5).mean() == 0
    for prior in (sure, Point(0.0)):
        with pytest.raises(ValueError, match="1 heads and 2 tails cannot be seen"):
            prior.after(1, 2)


def test_two_coins_that_are_alike_are_one():
    assert TwoCoins(0.5, 0.3, 10).modes() == Beta(5, 5).modes()
    assert TwoCoins(0.75, 0.0, 12).parts == ((1.0, Beta(9, 3)),)


@pytest.mark.parametrize("total", [1e6, 2e6])
@pytest.mark.parametrize("share", [0.5, 0.001])
def test_a_million_flips_on_a_prior_of_a_million_stay_finite(total, share):
    prior = Beta(share * total, (1 - share) * total)
    after = prior.after(700_000, 300_000)
    assert np.isfinite(after.log_density(INNER)).all()
    assert np.isfinite(after.density(GRID)).all()
    with mpmath.workdps(BIG):
        exact = mpmath.log(mpmath.beta(after.a, after.b)) - mpmath.log(mpmath.beta(prior.a, prior.b))
    assert prior.log_evidence(700_000, 300_000) == pytest.approx(float(exact), abs=1e-9)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Beta(0, 1), "a must be > 0"),
        (lambda: Beta(1, math.nan), "b must be > 0"),
        (lambda: Beta(math.inf, 1), "a must be > 0 and finite"),
        (lambda: TruncatedNormal(math.nan, 1), "mu must be finite"),
        (lambda: TruncatedNormal(0.5, 0), "sigma must be > 0"),
        (lambda: TwoCoins(1.0), "bias must be in"),
        (lambda: TwoCoins(0.9, 1.5), "fair_weight must be in"),
        (lambda: TwoCoins(0.9, 0.5, 0), "concentration must be > 0"),
        (lambda: SpikeAndBeta(at=1.5), "at must be in"),
        (lambda: SpikeAndBeta(weight=-0.1), "weight must be in"),
        (lambda: SpikeAndBeta(a=0), "a must be > 0"),
        (lambda: Mixture((), ()), "one weight per component"),
        (lambda: Mixture((Beta(1, 1),), (0.5,)), "weights must be >= 0 with sum 1"),
        (lambda: Beta(1, 1).after(-1, 0), "heads must be a whole number >= 0, got -1"),
        (lambda: Beta(1, 1).log_evidence(0, 1.5), "tails must be a whole number >= 0, got 1.5"),
    ],
)
def test_errors_name_the_field_and_what_is_legal(make, says):
    with pytest.raises(ValueError, match=says):
        make()
