"""Gradient ascent against closed forms: slopes, tops, the rate limit, and the wall that θ never crosses."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from playground.bernoulli.ascent import (
    CLOSE,
    WALL,
    Climb,
    arrival,
    ascend,
    curvature,
    fate,
    optimum,
    rate_limit,
    shrinkage,
)
from playground.bernoulli.priors import Beta, uniform
from playground.bernoulli.truncated_normal import TruncatedNormal

PRIORS = (None, Beta(2, 5), Beta(0.5, 0.5), Beta(1, 1), TruncatedNormal(0.3, 0.1), TruncatedNormal(1.2, 0.3))
each_prior = pytest.mark.parametrize("prior", PRIORS)
each_coordinate = pytest.mark.parametrize("coordinate", ["theta", "logit"])
climbs = some.builds(
    Climb,
    heads=some.integers(0, 200),
    tails=some.integers(0, 200),
    prior=some.one_of(
        some.none(),
        some.builds(Beta, some.floats(0.1, 50), some.floats(0.1, 50)),
        some.builds(TruncatedNormal, some.floats(-0.5, 1.5), some.floats(0.01, 1)),
    ),
    coordinate=some.sampled_from(["theta", "logit"]),
    rate=some.floats(-4, 1).map(lambda power: 10**power),
    start=some.floats(0.01, 0.99),
    steps=some.integers(1, 30),
)


def logit(theta):
    return math.log(theta / (1 - theta))


def slope(climb, theta):
    """d log target / dx by hand."""
    prior, total = climb.prior, climb.heads / theta - climb.tails / (1 - theta)
    if isinstance(prior, Beta):
        total += (prior.a - 1) / theta - (prior.b - 1) / (1 - theta)
    elif prior:
        total += (prior.mu - theta) / prior.sigma**2
    if climb.coordinate == "theta":
        return total
    return total * theta * (1 - theta) + (1 - 2 * theta if prior else 0)


@each_prior
@each_coordinate
@pytest.mark.parametrize("start", [0.02, 0.5, 0.9])
def test_autograd_gives_the_slope_by_hand(prior, coordinate, start):
    climb = Climb(7, 3, prior, coordinate, start=start)
    assert next(ascend(climb)).gradient == pytest.approx(slope(climb, start), rel=1e-12, abs=1e-12)


@each_prior
@each_coordinate
def test_what_is_climbed_is_the_logarithm_of_its_belief_up_to_a_constant(prior, coordinate):
    climb = Climb(7, 3, prior, coordinate)
    low, high = (next(ascend(replace(climb, start=start))).value for start in (0.2, 0.9))
    density = climb.belief.log_density(np.array([0.2, 0.9]))
    assert high - low == pytest.approx(density[1] - density[0], rel=1e-12)


@given(climbs)
@settings(max_examples=150)
def test_theta_never_leaves_and_a_step_is_halved_only_as_often_as_it_must_be(climb):
    path = list(ascend(climb))
    assert [snapshot.step for snapshot in path] == list(range(climb.steps + 1))
    for before, after in itertools.pairwise(path):
        assert WALL <= after.theta <= 1 - WALL
        assert math.isfinite(after.value)
        if climb.coordinate == "logit":
            assert after.halvings == 0
            continue
        step = climb.rate * before.gradient
        if after.theta == before.theta:
            continue
        assert after.theta == before.theta + step / 2**after.halvings
        if after.halvings:
            assert not WALL <= before.theta + 2 * step / 2**after.halvings <= 1 - WALL


def test_the_logit_steps_in_the_logit():
    path = list(ascend(Climb(7, 3, None, "logit", rate=0.1, start=0.3, steps=2)))
    z = logit(0.3)
    for snapshot in path:
        assert snapshot.theta == pytest.approx(1 / (1 + math.exp(-z)), rel=1e-12)
        z += 0.1 * (7 - 10 / (1 + math.exp(-z)))


@pytest.mark.parametrize("coordinate", ["theta", "logit"])
@pytest.mark.parametrize(("heads", "tails", "best"), [(7, 3, 0.7), (1, 199, 1 / 200), (5, 0, 1.0), (0, 2, 0.0)])
def test_the_mle_is_the_share_of_heads_in_every_coordinate(coordinate, heads, tails, best):
    assert optimum(Climb(heads, tails, None, coordinate)) == pytest.approx(best, rel=1e-15)


@pytest.mark.parametrize(("a", "b", "heads", "tails"), [(2, 5, 7, 3), (0.5, 0.5, 1, 1), (30, 2, 0, 9), (1, 1, 4, 9)])
def test_the_map_moves_with_the_coordinate_and_in_the_logit_it_is_the_posterior_mean(a, b, heads, tails):
    flips, prior = heads + tails, Beta(a, b)
    in_theta, in_logit = (optimum(Climb(heads, tails, prior, coordinate)) for coordinate in ("theta", "logit"))
    assert in_theta == pytest.approx((a + heads - 1) / (a + b + flips - 2), rel=1e-14)
    assert in_logit == pytest.approx((a + heads) / (a + b + flips), rel=1e-14)
    assert in_logit == pytest.approx(prior.after(heads, tails).mean(), rel=1e-14)


@pytest.mark.parametrize("prior", [TruncatedNormal(0.3, 0.1), TruncatedNormal(1.2, 0.3), TruncatedNormal(-0.5, 0.05)])
@each_coordinate
@pytest.mark.parametrize(("heads", "tails"), [(7, 3), (0, 3), (3, 0), (0, 0)])
def test_the_top_of_a_truncated_normal_is_where_a_fine_grid_is_highest(prior, coordinate, heads, tails):
    climb = Climb(heads, tails, prior, coordinate)
    theta = np.linspace(1e-6, 1 - 1e-6, 200_001)
    target = heads * np.log(theta) + tails * np.log1p(-theta) - (theta - prior.mu) ** 2 / (2 * prior.sigma**2)
    if coordinate == "logit":
        target += np.log(theta) + np.log1p(-theta)
    assert optimum(climb) == pytest.approx(theta[target.argmax()], abs=1e-5)


@each_prior
@each_coordinate
def test_the_curvature_is_the_second_difference_of_what_is_climbed(prior, coordinate):
    climb, h = Climb(7, 3, prior, coordinate), 1e-4
    theta = optimum(climb)
    x = theta if coordinate == "theta" else logit(theta)
    places = np.array([x - h, x, x + h])
    if coordinate == "logit":
        places = 1 / (1 + np.exp(-places))
    bend = -np.diff(climb.belief.log_density(places), 2)[0] / h**2
    assert curvature(climb) == pytest.approx(bend, rel=1e-5)
    assert rate_limit(climb) == 2 / curvature(climb)


def test_the_rate_limits_of_flips_alone_are_those_of_the_textbook():
    assert rate_limit(Climb(7, 3)) == pytest.approx(2 * 0.7 * 0.3 / 10)
    assert rate_limit(Climb(7, 3, None, "logit")) == pytest.approx(2 / (10 * 0.7 * 0.3))


@each_prior
@each_coordinate
@pytest.mark.parametrize("share", [0.3, 0.9, 1.1, 1.9])
def test_near_the_top_one_step_leaves_the_share_of_the_gap_that_is_told(prior, coordinate, share):
    theta = optimum(Climb(7, 3, prior, coordinate))
    near = theta + 1e-6 * theta * (1 - theta)
    climb = Climb(7, 3, prior, coordinate, rate=share * rate_limit(Climb(7, 3, prior, coordinate)) / 2, start=near)
    before, after = (snapshot.theta - theta for snapshot in list(ascend(replace(climb, steps=1))))
    assert abs(after / before) == pytest.approx(shrinkage(climb), rel=1e-3, abs=1e-3)
    assert shrinkage(climb) == pytest.approx(abs(1 - share), rel=1e-12)


@each_prior
@each_coordinate
def test_a_climb_settles_below_the_limit_and_not_above_it(prior, coordinate):
    limit = rate_limit(Climb(7, 3, prior, coordinate))
    for share, settles in ((0.4, True), (0.95, True), (1.05, False), (1.5, False)):
        climb = Climb(7, 3, prior, coordinate, rate=share * limit, start=0.6, steps=100)
        path = list(ascend(climb))
        assert (arrival(path, optimum(climb)) is not None) == settles
        assert fate(path, optimum(climb)) == ("At the top" if settles else "Swinging")


@each_coordinate
def test_without_flips_the_likelihood_is_flat_and_the_climb_stays(coordinate):
    climb = Climb(0, 0, None, coordinate, rate=10)
    path = list(ascend(climb))
    assert {snapshot.theta for snapshot in path} == {path[0].theta}
    assert {snapshot.gradient for snapshot in path} == {0.0}
    assert optimum(climb) is rate_limit(climb) is arrival(path, None) is shrinkage(climb) is None
    assert fate(path, None) == "At start"


def test_all_heads_lead_to_the_wall_by_halved_steps_and_in_the_logit_on_for_ever():
    by_theta = list(ascend(Climb(5, 0, rate=0.1)))
    assert by_theta[-1].theta == pytest.approx(1, abs=1e-10)
    assert all(snapshot.halvings for snapshot in by_theta[2:36])
    by_logit = list(ascend(Climb(5, 0, None, "logit", rate=0.1, steps=100)))
    places = np.array([snapshot.theta for snapshot in by_logit])
    assert (np.diff(places) > 0).all()
    # dz/dk = rate h (1 - θ) ≈ rate h exp(-z), so that exp(z) grows by rate h a step
    assert 1 / (1 - places[-1]) - 1 / (1 - places[-2]) == pytest.approx(0.1 * 5, rel=0.02)
    assert rate_limit(Climb(5, 0)) is rate_limit(Climb(5, 0, None, "logit")) is None


def test_a_density_without_limit_has_its_top_at_the_wall_and_in_the_logit_inside():
    climb = Climb(0, 3, Beta(0.5, 2), rate=0.01)
    assert optimum(climb) == 0.0
    assert list(ascend(climb))[-1].theta == pytest.approx(0, abs=1e-8)
    assert optimum(replace(climb, coordinate="logit")) == pytest.approx(0.5 / 5.5)
    both = Climb(0, 0, Beta(0.5, 0.5))
    assert optimum(both) is None
    assert optimum(replace(both, coordinate="logit")) == 0.5
    for start, end in ((0.45, 0), (0.55, 1)):
        assert list(ascend(replace(both, start=start)))[-1].theta == pytest.approx(end, abs=1e-8)


def test_a_flat_prior_climbs_the_likelihood_in_theta():
    ours, theirs = (list(ascend(Climb(7, 3, prior, rate=0.03))) for prior in (None, uniform()))
    assert [snapshot.theta for snapshot in ours] == [snapshot.theta for snapshot in theirs]


def test_arrival_is_the_first_step_from_which_on_the_path_stays_near():
    path = list(ascend(Climb(7, 3, rate=0.01, start=0.1)))
    near = [abs(snapshot.theta - 0.7) <= CLOSE for snapshot in path]
    first = arrival(path, 0.7)
    assert all(near[first:])
    assert not near[first - 1]
    assert arrival(path, 0.3) is None
    assert arrival(list(ascend(Climb(7, 3, start=0.7))), 0.7) == 0


def test_a_slow_climb_is_on_its_way():
    climb = Climb(7, 3, rate=1e-4)
    assert fate(list(ascend(climb)), optimum(climb)) == "On its way"


@pytest.mark.parametrize(
    ("field", "value", "legal"),
    [
        ("heads", -1, r"\[0, 200\]"),
        ("heads", 2.5, "whole number"),
        ("tails", 201, r"\[0, 200\]"),
        ("rate", 0.0, r"\[0.0001, 10\]"),
        ("rate", math.nan, r"\[0.0001, 10\]"),
        ("start", 1.0, r"\[0.01, 0.99\]"),
        ("steps", 0, r"\[1, 100\]"),
        ("coordinate", "odds", "theta"),
        ("prior", 0.5, "a Beta, a TruncatedNormal or None"),
    ],
)
def test_an_illegal_field_is_named_with_what_is_legal_and_what_came(field, value, legal):
    with pytest.raises(ValueError, match=rf"^{field} must be .*{legal}.*, got {value!r}$"):
        Climb(**{"heads": 7, "tails": 3, field: value})
