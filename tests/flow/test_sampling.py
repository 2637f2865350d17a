"""The classic samplers against scipy's distributions, with fixed seeds."""

import numpy as np
import pytest
from scipy import stats

from playground.flow.sampling import (
    box_muller,
    gumbel_max,
    importance,
    inverse_cdf,
    metropolis_hastings,
    rejection,
)


@pytest.fixture
def rng():
    return np.random.default_rng(20260101)


def log_bump(x):
    """Two unequal Gaussians in the plane."""
    left = np.log(0.3 / (2 * np.pi * 0.25)) - np.square(x - [-1, 0]).sum(-1) / (2 * 0.25)
    right = np.log(0.7 / (2 * np.pi * 0.36)) - np.square(x - [1, 0.5]).sum(-1) / (2 * 0.36)
    return np.logaddexp(left, right)


def cdf_across(v):
    return 0.3 * stats.norm(-1, 0.5).cdf(v) + 0.7 * stats.norm(1, 0.6).cdf(v)


def test_the_inverse_cdf_is_its_definition(rng):
    values, rises = np.array([-1.0, 0.5, 2.0, 7.0]), np.array([0.2, 0.2, 0.7, 1.0])
    u = np.concatenate([rng.uniform(size=200), rises, [0.0, 1.0]])
    expected = [min(c for c, f in zip(values, rises, strict=True) if f >= v) for v in u]
    assert np.array_equal(inverse_cdf(u, values, rises), expected)


def test_the_inverse_cdf_draws_a_poisson(rng):
    values = np.arange(30)
    drawn = inverse_cdf(rng.uniform(size=20_000), values, stats.poisson(4).cdf(values))
    seen = np.bincount(drawn, minlength=30)[:12]
    expected = 20_000 * stats.poisson(4).pmf(values[:12])
    assert stats.chisquare(seen, expected * seen.sum() / expected.sum()).pvalue > 1e-3


def test_box_muller_draws_independent_normals(rng):
    pairs = box_muller(1 - rng.uniform(size=20_000), rng.uniform(size=20_000))
    for axis in (0, 1):
        assert stats.kstest(pairs[:, axis], "norm").pvalue > 1e-3
    assert stats.kstest(pairs @ [0.6, 0.8], "norm").pvalue > 1e-3
    assert stats.kstest(np.square(pairs).sum(1), stats.chi2(2).cdf).pvalue > 1e-3


def test_box_muller_is_known_at_some_places():
    np.testing.assert_allclose(
        box_muller(np.array([1.0, np.exp(-0.5)]), np.array([0.3, 0.25])), [[0, 0], [0, 1]], atol=1e-12
    )


def test_gumbel_max_draws_the_softmax(rng):
    logits = np.array([0.3, -1.0, 2.0, 0.0])
    seen = np.bincount(gumbel_max(logits, rng.uniform(size=(40_000, 4))), minlength=4)
    share = np.exp(logits) / np.exp(logits).sum()
    assert stats.chisquare(seen, 40_000 * share).pvalue > 1e-3
    assert np.abs(seen / 40_000 - share).max() < 0.01


def test_what_rejection_keeps_follows_p(rng):
    most = max(log_bump(np.array([[-1.0, 0.0], [1.0, 0.5]]))) + 0.05
    found = rejection(log_bump, (-4, 4, -4, 4), most, n=60_000, rng=rng)
    kept = found.places[found.kept]
    assert stats.kstest(kept[:, 0], cdf_across).pvalue > 1e-3
    share = 1 / (64 * np.exp(most))  # the mass under p over the mass of the box
    assert found.kept.mean() == pytest.approx(share, abs=4 * np.sqrt(share / 60_000))


def test_rejection_says_when_its_roof_is_too_low(rng):
    with pytest.raises(ValueError, match="must bound log p"):
        rejection(log_bump, (-4, 4, -4, 4), -5.0, n=1_000, rng=rng)


def test_a_metropolis_walk_follows_p_in_the_long_run(rng):
    walk = metropolis_hastings(log_bump, (1.0, 0.5), width=1.0, n=60_000, rng=rng)
    thinned = walk.places[2_000::60, 0]
    assert stats.kstest(thinned, cdf_across).pvalue > 1e-3
    assert 0.2 < walk.taken.mean() < 0.7


def test_a_walker_stays_where_a_step_is_refused(rng):
    walk = metropolis_hastings(log_bump, (1.0, 0.5), width=2.0, n=300, rng=rng)
    np.testing.assert_array_equal(walk.places[1:][walk.taken], walk.proposed[walk.taken])
    np.testing.assert_array_equal(walk.places[1:][~walk.taken], walk.places[:-1][~walk.taken])
    assert 0 < walk.taken.sum() < 300


def test_a_walk_cannot_start_where_there_is_nothing(rng):
    with pytest.raises(ValueError, match="start where p is positive"):
        metropolis_hastings(lambda x: np.full(len(x), -np.inf), (0.0, 0.0), width=1.0, n=3, rng=rng)


def test_importance_weights_turn_one_distribution_into_another(rng):
    x = rng.normal(0, 2, 40_000)
    weighed = importance(stats.norm(1, 0.7).logpdf(x) + 3.0, stats.norm(0, 2).logpdf(x) - 1.0)
    assert weighed.weights.sum() == pytest.approx(1)
    assert weighed.weights @ x == pytest.approx(1, abs=0.03)
    # n / E_q (p/q)², which for two Gaussians is an integral
    line = np.linspace(-12, 12, 20_001)
    ratio = stats.norm(1, 0.7).pdf(line) ** 2 / stats.norm(0, 2).pdf(line)
    assert weighed.effective / 40_000 == pytest.approx(1 / np.trapezoid(ratio, line), rel=0.05)


def test_equal_distributions_waste_nothing():
    assert importance(np.zeros(10), np.ones(10)).effective == pytest.approx(10)


def test_weights_need_some_sample_where_p_is():
    with pytest.raises(ValueError, match="positive at some sample"):
        importance(np.full(3, -np.inf), np.zeros(3))
