"""Bias, variance and MSE of three estimators: against enumeration, closed forms, scipy and a simulation."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from playground.bernoulli.coin import map_estimate, posterior
from playground.bernoulli.estimators import (
    ESTIMATORS,
    GRID,
    REPEATS,
    binomial,
    error_curves,
    estimates,
    moments,
    simulate,
    summarise,
    uniforms,
    wins,
)
from playground.bernoulli.mixtures import SpikeAndBeta
from playground.bernoulli.priors import Beta, uniform
from playground.bernoulli.tilted import Tilted
from playground.bernoulli.truncated_normal import TruncatedNormal

PRIORS = (
    Beta(2, 2), Beta(0.5, 0.5), Beta(0.1, 3), Beta(1, 1), Beta(1e6, 1e5), Beta(50, 0.1),
    TruncatedNormal(0.5, 0.1), TruncatedNormal(0, 0.01), TruncatedNormal(0.03, 0.1), TruncatedNormal(1.2, 1),
)  # fmt: skip
each_prior = pytest.mark.parametrize("prior", PRIORS, ids=str)
priors = some.one_of(
    some.builds(Beta, some.floats(0.1, 100), some.floats(0.1, 100)),
    some.builds(TruncatedNormal, some.floats(0, 1), some.floats(0.01, 1)),
)
MLE, MAP, MEAN = range(3)


@each_prior
@pytest.mark.parametrize("n", [1, 2, 20, 200])
def test_the_table_holds_what_the_coin_says_of_every_count(prior, n):
    table = estimates(prior, n)
    for h in {0, 1, n // 3, n - 1, n}:
        one_by_one = [h / n, map_estimate(prior, h, n - h), posterior(prior, h, n - h).mean()]
        assert table[:, h] == pytest.approx(one_by_one, rel=1e-10, abs=1e-12)


@each_prior
def test_more_heads_never_lower_an_estimate(prior):
    assert (np.diff(estimates(prior, 50), axis=1) >= 0).all()


def test_a_flat_prior_makes_the_map_the_mle():
    for n in (1, 7, 200):
        assert estimates(uniform(), n)[MAP] == pytest.approx(estimates(uniform(), n)[MLE], abs=1e-15)


def test_without_a_hump_the_top_is_at_the_edge():
    assert estimates(Beta(0.5, 0.5), 4)[MAP, [0, 4]].tolist() == [0.0, 1.0]
    assert estimates(Beta(0.5, 0.5), 1)[MAP].tolist() == [0.0, 1.0]
    assert estimates(Beta(1, 1), 1)[MAP].tolist() == [0.0, 1.0]


@pytest.mark.parametrize("n", [1, 3, 17, 200])
def test_the_binomial_is_that_of_scipy(n):
    theta = np.array([0.0, 1e-9, 0.01, 0.5, 0.73, 1.0])
    assert binomial(theta, n) == pytest.approx(
        stats.binom.pmf(np.arange(n + 1), n, theta[:, None]), rel=1e-10, abs=1e-300
    )
    assert binomial(0.3, n).shape == (n + 1,)
    assert binomial(theta, n).sum(1) == pytest.approx(np.ones(6), rel=1e-12)


@each_prior
@pytest.mark.parametrize(("n", "theta"), [(1, 0.3), (4, 0.7), (8, 0.05)])
def test_moments_are_those_of_all_sequences_of_flips(prior, n, theta):
    """2^n sequences, each with its own probability, each estimated on its own."""
    found = moments(estimates(prior, n), theta)
    values, chances = [], []
    for flips in itertools.product((0, 1), repeat=n):
        h = sum(flips)
        values.append([h / n, map_estimate(prior, h, n - h), posterior(prior, h, n - h).mean()])
        chances.append(math.prod(theta if flip else 1 - theta for flip in flips))
    values, chances = np.array(values), np.array(chances)
    mean = chances @ values
    assert found.mean == pytest.approx(mean, rel=1e-9)
    assert found.bias == pytest.approx(mean - theta, abs=1e-12)
    assert found.variance == pytest.approx(chances @ (values - mean) ** 2, rel=1e-8, abs=1e-15)
    assert found.mse == pytest.approx(chances @ (values - theta) ** 2, rel=1e-8, abs=1e-15)


@given(some.floats(0.1, 1000), some.floats(0.1, 1000), some.integers(1, 200), some.floats(0, 1))
def test_moments_of_mle_and_posterior_mean_have_the_closed_forms_of_the_textbook(a, b, n, theta):
    found = moments(estimates(Beta(a, b), n), theta)
    total = a + b + n
    assert found.bias[[MLE, MEAN]] == pytest.approx([0.0, (a - (a + b) * theta) / total], abs=1e-12)
    spread = n * theta * (1 - theta)
    assert found.variance[[MLE, MEAN]] == pytest.approx([spread / n**2, spread / total**2], rel=1e-9, abs=1e-15)


@given(priors, some.integers(1, 200), some.floats(0, 1))
@settings(max_examples=40)
def test_the_mse_is_bias_squared_plus_variance_and_the_sum_of_squared_errors(prior, n, theta):
    table = estimates(prior, n)
    found = moments(table, theta)
    assert found.mse == pytest.approx(found.bias**2 + found.variance, rel=1e-12)
    assert found.mse == pytest.approx(
        stats.binom.pmf(np.arange(n + 1), n, theta) @ ((table - theta) ** 2).T, rel=1e-6, abs=1e-14
    )


@each_prior
@pytest.mark.parametrize(("theta", "n", "seed"), [(0.3, 20, 1), (0.05, 5, 2), (0.9, 200, 3), (0.5, 1, 4)])
def test_a_simulation_agrees_within_four_standard_errors(prior, theta, n, seed):
    table = estimates(prior, n)
    exact, seen = moments(table, theta), summarise(table, simulate(theta, n, uniforms(seed)), theta)
    for what in ("bias", "variance", "mse"):
        error = np.abs(getattr(seen.moments, what) - getattr(exact, what))
        assert (error <= 4 * getattr(seen, f"{what}_se") + 1e-15).all(), what


def test_the_standard_errors_are_the_spread_over_many_simulations():
    table, theta = estimates(Beta(2, 2), 10), 0.3
    runs = [summarise(table, simulate(theta, 10, uniforms(seed, 500)), theta) for seed in range(400)]
    for what in ("bias", "variance", "mse"):
        spread = np.std([getattr(run.moments, what) for run in runs], axis=0)
        told = np.mean([getattr(run, f"{what}_se") for run in runs], axis=0)
        assert told == pytest.approx(spread, rel=0.15), what


def test_a_summary_is_that_of_the_single_experiments():
    table, theta, counts = estimates(Beta(2, 5), 3), 0.4, np.array([2, 0, 5, 3])
    seen, each = summarise(table, counts, theta), np.repeat(table, counts, axis=1)
    assert seen.moments.mean == pytest.approx(each.mean(1))
    assert seen.moments.variance == pytest.approx(each.var(1))
    assert seen.moments.mse == pytest.approx(((each - theta) ** 2).mean(1))
    assert seen.bias_se == pytest.approx(each.std(1) / math.sqrt(10))
    assert seen.mse_se == pytest.approx(((each - theta) ** 2).std(1) / math.sqrt(10))


def test_simulated_heads_are_those_of_the_inverse_distribution_function():
    drawn = uniforms(7, 1000)
    heads = stats.binom.ppf(drawn, 12, 0.35).astype(int)
    assert simulate(0.35, 12, drawn).tolist() == np.bincount(heads, minlength=13).tolist()
    assert simulate(0.0, 12, drawn).tolist() == [1000] + [0] * 12
    assert simulate(1.0, 12, drawn).tolist() == [0] * 12 + [1000]


def test_a_seed_gives_the_same_experiments_again_and_another_others():
    assert len(uniforms(1)) == REPEATS
    assert (uniforms(1) == np.sort(np.random.default_rng(1).random(REPEATS))).all()
    assert (simulate(0.3, 20, uniforms(1)) != simulate(0.3, 20, uniforms(2))).any()


@pytest.mark.parametrize(("a", "b", "n"), [(2, 2, 20), (1, 1, 5), (30, 3, 10), (0.5, 0.5, 200)])
def test_the_mean_wins_between_the_roots_of_a_quadratic(a, b, n):
    # n θ(1-θ) + (a - (a+b)θ)² < θ(1-θ) (a+b+n)² / n
    total, k = a + b + n, a + b
    spread = n - total**2 / n
    low, high = sorted(np.roots([k**2 - spread, spread - 2 * a * k, a**2]))
    ((start, end),) = wins(Beta(a, b), n)
    assert (start, end) == pytest.approx((low, high), abs=1e-9)


@each_prior
@pytest.mark.parametrize("n", [1, 20, 200])
def test_inside_the_winning_stretch_the_error_is_smaller_and_outside_it_is_not(prior, n):
    table, stretches = estimates(prior, n), wins(prior, n)
    for theta in np.linspace(0.0015, 0.9985, 97):
        mse = moments(table, theta).mse
        inside = any(low < theta < high for low, high in stretches)
        assert inside == (mse[MEAN] < mse[MLE] - 1e-15)


def test_an_estimator_never_beats_itself():
    assert wins(uniform(), 20, MAP, MLE) == ()
    assert wins(Beta(2, 2), 20, MEAN, MEAN) == ()


def test_the_curves_are_the_moments_at_every_place_of_the_grid():
    curves = error_curves(Beta(3, 1), 12)
    assert curves.mse.shape == (len(ESTIMATORS), len(GRID))
    for i in (0, 5, len(GRID) // 2, len(GRID) - 1):
        assert curves.mse[:, i] == pytest.approx(moments(estimates(Beta(3, 1), 12), GRID[i]).mse, rel=1e-12, abs=1e-18)


@pytest.mark.parametrize("n", [0, 201, 2.5, -1])
def test_an_illegal_number_of_flips_is_refused_with_what_is_legal(n):
    with pytest.raises(ValueError, match=rf"^n must be a whole number in \[1, 200\], got {n}$"):
        estimates(Beta(1, 1), n)


def test_a_prior_with_several_tops_is_refused_by_name():
    with pytest.raises(ValueError, match="prior must be a Beta or a TruncatedNormal, got SpikeAndBeta"):
        estimates(SpikeAndBeta(), 10)


@given(some.floats(-0.2, 1.2), some.floats(0.01, 1), some.integers(1, 60), some.integers(0, 60))
@settings(max_examples=40)
def test_all_truncated_posteriors_at_once_are_each_of_them_alone(mu, sigma, n, h):
    h = min(h, n)
    prior = TruncatedNormal(mu, sigma)
    alone, together = prior.after(h, n - h), Tilted(prior, n)
    theta = np.tile([0.0, 1e-3, 0.2, 0.5, 0.77, 1.0], (n + 1, 1))
    assert together.cdf(theta)[h] == pytest.approx(alone.cdf(theta[0]), abs=1e-10)
    assert together.log_density(theta)[h, 1:5] == pytest.approx(alone.log_density(theta[0, 1:5]), rel=1e-9, abs=1e-9)
    assert together.score(theta[:, 1:5])[h] == pytest.approx(alone.score(theta[0, 1:5]), rel=1e-12)
    assert together.means()[h] == pytest.approx(alone.mean(), abs=1e-10)
    assert together.peaks()[h] == pytest.approx(alone.modes()[0], abs=1e-10)
    p = np.tile([0.025, 0.5, 0.975], (n + 1, 1))
    assert alone.cdf(together.quantiles(p)[h]) == pytest.approx([0.025, 0.5, 0.975], abs=1e-9)
