"""Coverage of 95% intervals: against enumeration, scipy's intervals and the known numbers of the literature."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import integrate, stats

from playground.bernoulli.coin import intervals
from playground.bernoulli.coverage import KINDS, OF_THE_PRIOR, average_coverage, bounds, coverage, curve, width
from playground.bernoulli.estimators import simulate, uniforms
from playground.bernoulli.mixtures import TwoCoins
from playground.bernoulli.priors import Beta, uniform
from playground.bernoulli.truncated_normal import TruncatedNormal

PRIORS = (
    Beta(2, 2), Beta(0.5, 0.5), Beta(0.1, 3), Beta(1, 1), Beta(1e6, 1e5), Beta(50, 0.1), Beta(0.1, 1e6),
    TruncatedNormal(0.5, 0.1), TruncatedNormal(0, 0.01), TruncatedNormal(0.03, 0.1), TruncatedNormal(1.2, 1),
)  # fmt: skip
each_prior = pytest.mark.parametrize("prior", PRIORS, ids=str)
each_kind = pytest.mark.parametrize("kind", KINDS)
priors = some.one_of(
    some.builds(Beta, some.floats(0.1, 100), some.floats(0.1, 100)),
    some.builds(TruncatedNormal, some.floats(0, 1), some.floats(0.01, 1)),
)


@each_prior
@pytest.mark.parametrize("n", [1, 7, 60])
def test_the_intervals_of_the_prior_are_those_of_the_coin(prior, n):
    tails, shortest = (bounds(kind, prior, n) for kind in OF_THE_PRIOR)
    for h in {0, 1, n // 2, n - 1, n}:
        found = intervals(prior.after(h, n - h))
        assert (tails.low[h], tails.high[h]) == pytest.approx(found.equal_tailed, abs=1e-10)
        assert [(shortest.low[h], shortest.high[h])] == [
            pytest.approx(pair, abs=1e-9) for pair in found.highest_density
        ]


@pytest.mark.parametrize("least", [1.01, 1.0233, 1.0471, 1.07])
@pytest.mark.parametrize("n", [1, 10, 200])
def test_a_shortest_interval_that_ends_within_rounding_of_a_wall_ends_there(least, n):
    heads, tails = (bounds("Shortest", prior, n) for prior in (Beta(2, least), Beta(least, 2)))
    for h in range(n + 1):
        ((low, high),) = intervals(Beta(2 + h, least + n - h)).highest_density
        assert (heads.low[h], heads.high[h]) == pytest.approx((low, high), abs=1e-9)
        assert (tails.low[n - h], tails.high[n - h]) == pytest.approx((1 - high, 1 - low), abs=1e-9)
    assert 0 < width(heads, 0.4) < 1


@pytest.mark.parametrize("n", [1, 2, 10, 200])
def test_wilson_and_clopper_pearson_are_those_of_scipy(n):
    for kind, method in (("Wilson", "wilson"), ("Clopper–Pearson", "exact")):
        found = bounds(kind, uniform(), n)
        for h in {0, 1, n // 2, n - 1, n}:
            low, high = stats.binomtest(h, n).proportion_ci(0.95, method)
            assert (found.low[h], found.high[h]) == pytest.approx((low, high), abs=1e-12)


def test_wald_is_the_share_plus_and_minus_196_standard_errors_and_stays_within_0_and_1():
    found = bounds("Wald", uniform(), 20)
    half = stats.norm.ppf(0.975) * np.sqrt(0.3 * 0.7 / 20)
    assert (found.low[6], found.high[6]) == pytest.approx((0.3 - half, 0.3 + half), abs=1e-14)
    assert (found.low[0], found.high[0], found.low[20], found.high[20]) == (0, 0, 1, 1)
    assert found.low.min() == 0


@given(some.sampled_from(KINDS), priors, some.integers(1, 200))
@settings(max_examples=60)
def test_both_ends_grow_with_the_heads(kind, prior, n):
    found = bounds(kind, prior, n)
    assert (np.diff(found.low) >= -1e-15).all()
    assert (np.diff(found.high) >= -1e-15).all()
    assert (found.low <= found.high).all()


@each_kind
@each_prior
@pytest.mark.parametrize("n", [1, 6, 30])
def test_coverage_is_the_sum_over_the_counts_whose_interval_holds_theta(kind, prior, n):
    found = bounds(kind, prior, n)
    theta = np.concatenate([np.linspace(0, 1, 41), found.low, found.high])
    by_hand = [
        sum(stats.binom.pmf(h, n, at) for h in range(n + 1) if found.low[h] <= at <= found.high[h]) for at in theta
    ]
    assert coverage(found, theta) == pytest.approx(by_hand, abs=1e-12)
    for at in (0.0, 0.31, 1.0):
        assert coverage(found, at) == pytest.approx(
            stats.binom.pmf(np.arange(n + 1), n, at) @ found.hold(at), abs=1e-12
        )


def test_coverage_is_that_of_a_simulation_within_four_standard_errors():
    for kind in KINDS:
        found = bounds(kind, Beta(2, 2), 25)
        for theta in (0.04, 0.2, 0.5):
            seen = simulate(theta, 25, uniforms(3))[found.hold(theta)].sum() / 10_000
            exact = float(coverage(found, theta))
            assert abs(seen - exact) <= 4 * np.sqrt(max(exact * (1 - exact), 1e-4) / 10_000)


@pytest.mark.parametrize(
    ("kind", "theta", "n", "told"),
    [
        # Brown, Cai & DasGupta, 2001: §2.1, the lucky and the unlucky pairs of Wald's interval
        ("Wald", 0.2, 30, 0.946),
        ("Wald", 0.2, 98, 0.928),
        ("Wald", 0.5, 40, 0.919),
        ("Wald", 0.5, 17, 0.951),
    ],
)
def test_the_published_coverages_are_found(kind, theta, n, told):
    assert coverage(bounds(kind, uniform(), n), theta) == pytest.approx(told, abs=6e-4)


@given(some.integers(1, 200), some.floats(0, 1))
@settings(max_examples=60)
def test_clopper_pearson_never_covers_less_than_95_percent(n, theta):
    assert coverage(bounds("Clopper–Pearson", uniform(), n), theta) >= 0.95 - 1e-12


@pytest.mark.parametrize("prior", [Beta(2, 2), Beta(0.5, 0.5), Beta(30, 3), TruncatedNormal(0.4, 0.1)], ids=str)
@each_kind
def test_the_average_over_the_prior_is_the_integral_of_the_curve(prior, kind):
    found = bounds(kind, prior, 12)
    ends = np.unique(np.concatenate([[0.0, 1.0], found.low, found.high]))
    pieces = [
        integrate.quad(lambda at: coverage(found, at) * prior.density(np.array(at)), low, high, epsabs=1e-10)[0]
        for low, high in itertools.pairwise(ends)
        if high - low > 1e-12
    ]
    assert average_coverage(kind, prior, 12) == pytest.approx(sum(pieces), abs=1e-7)
    if kind in OF_THE_PRIOR:
        assert average_coverage(kind, prior, 12) == 0.95


@each_kind
def test_the_curve_is_exact_and_shows_both_sides_of_every_jump(kind):
    theta, held = curve(kind, Beta(2, 2), 9)
    assert (np.diff(theta) > 0).all()
    assert held == pytest.approx(coverage(bounds(kind, Beta(2, 2), 9), theta), abs=1e-15)
    found = bounds(kind, Beta(2, 2), 9)
    for end in [*found.low, *found.high]:
        if 1e-6 < end < 1 - 1e-6:
            assert np.abs(theta - end)[(theta < end)].min() <= 2e-9
            assert np.abs(theta - end)[(theta > end)].min() <= 2e-9
    assert len(theta) <= 401 + 6 * 10


def test_the_expected_width_is_the_sum_over_all_counts():
    found = bounds("Wilson", uniform(), 8)
    by_hand = sum(stats.binom.pmf(h, 8, 0.3) * (found.high[h] - found.low[h]) for h in range(9))
    assert width(found, 0.3) == pytest.approx(by_hand, rel=1e-12)


def test_the_shortest_interval_is_no_wider_than_the_equal_tailed_one():
    for prior in PRIORS:
        tails, shortest = (bounds(kind, prior, 15) for kind in OF_THE_PRIOR)
        assert (shortest.high - shortest.low <= tails.high - tails.low + 1e-9).all()


def test_what_is_not_offered_is_refused():
    with pytest.raises(ValueError, match=r"^n must be a whole number in \[1, 200\], got 0$"):
        bounds("Wald", uniform(), 0)
    with pytest.raises(ValueError, match=r"^kind must be one of"):
        bounds("Agresti", uniform(), 10)
    with pytest.raises(ValueError, match="prior must be a Beta or a TruncatedNormal, got TwoCoins"):
        bounds("Shortest", TwoCoins(0.9), 10)
