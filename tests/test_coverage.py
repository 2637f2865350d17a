"""Coverage and distances on clouds whose answers are known, and their floors against draws of the target itself."""

from itertools import permutations
from math import exp, log

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize, stats
from scipy.spatial.distance import pdist

from playground.coverage import (
    Coverage,
    coverage,
    energy_distance,
    kl,
    mode_counts,
    perfect,
    two_sample_floor,
    w2,
)
from playground.targets import grid, placed_modes, ring, target

RING = target("pacgan-ring")
clouds = arrays(np.float64, st.tuples(st.integers(1, 12), st.just(2)), elements=st.floats(-50, 50))


def draws(t, n, seed=0):
    return t.sample(n, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def hand_made():
    """2 500 points on modes 0 to 3 (2 445, 20, 19, 1), 10 just too far from mode 4 and 5 just near enough to mode 5."""
    centres, sigma = RING.modes
    outward = centres[4] + 3.001 * sigma * centres[4], centres[5] + 2.999 * sigma * centres[5]
    places = [centres[0], centres[1], centres[2], centres[3], *outward]
    return np.repeat(places, [2445, 20, 19, 1, 10, 5], axis=0)


def test_a_cloud_made_by_hand_is_counted_by_hand():
    found = coverage(hand_made(), RING)
    assert isinstance(found, tuple)
    assert (found.modes, found.strict_modes) == (5, 2)
    assert found.high_quality == pytest.approx(2490 / 2500)
    shares = np.array([2445, 20, 19, 1, 10, 5]) / 2500
    assert found.reverse_kl == pytest.approx(float((shares * np.log(8 * shares)).sum()))
    counts = mode_counts(hand_made(), RING)
    assert counts.nearest.tolist() == [2445, 20, 19, 1, 10, 5, 0, 0]
    assert counts.high_quality.tolist() == [2445, 20, 19, 1, 0, 5, 0, 0]


@pytest.mark.parametrize(("count", "strict"), [(1, 0), (3, 0), (4, 1)])
def test_strict_modes_keep_their_share_of_fewer_samples(count, strict):
    centres = RING.modes.centres
    cloud = np.concatenate(
        [np.repeat(centres[:1], count, axis=0), np.zeros((500 - count, 2))]
    )  # 20 of 2 500 are 4 of 500
    assert coverage(cloud, RING).strict_modes == strict


@pytest.mark.parametrize("name", ["pacgan-ring", "pacgan-grid"])
def test_the_target_itself_scores_98_9_percent_and_the_bias_of_reverse_kl(name):
    t = target(name)
    k = len(t.modes.centres)
    runs = [coverage(draws(t, 2500, seed), t) for seed in range(40)]
    floor = perfect(t)
    assert floor.high_quality == pytest.approx(1 - exp(-4.5), abs=1e-12)
    assert floor.reverse_kl == pytest.approx((k - 1) / 5000, rel=0.02)
    assert (floor.modes, floor.strict_modes) == pytest.approx((k, k), abs=1e-9)
    assert all((run.modes, run.strict_modes) == (k, k) for run in runs)
    quality, reverse_kl = np.array([run.high_quality for run in runs]), np.array([run.reverse_kl for run in runs])
    assert abs(quality.mean() - floor.high_quality) < 4 * floor.high_quality_sd / 40**0.5
    assert quality.std(ddof=1) == pytest.approx(floor.high_quality_sd, rel=0.4)
    assert abs(reverse_kl.mean() - floor.reverse_kl) < 4 * reverse_kl.std(ddof=1) / 40**0.5


CROSS = placed_modes(
    [(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1)], 0.5
)  # the middle is nearest to a tenth less than a fifth


@pytest.mark.parametrize("t", [ring(12, 1.0, 0.2), grid(4, 1.0, 0.45), CROSS], ids=["ring", "grid", "cross"])
def test_floors_of_modes_that_overlap_are_those_of_many_draws(t):
    floor = perfect(t)
    many = coverage(draws(t, 200_000), t)
    assert abs(many.high_quality - floor.high_quality) < 1e-3 + 4 * floor.high_quality_sd * (2500 / 200_000) ** 0.5
    assert many.reverse_kl < 2e-4  # the shares of the modes are those of the target, not 1/k
    assert floor.high_quality > 1 - exp(-4.5)


def test_floor_counts_modes_that_a_sample_misses_by_chance():
    t = grid(10, 1.0, 0.05)
    floor = perfect(t)
    found = [coverage(draws(t, 2500, seed), t).strict_modes for seed in range(30)]
    assert floor.strict_modes < 95
    assert abs(np.mean(found) - floor.strict_modes) < 4 * np.std(found, ddof=1) / 30**0.5
    few = perfect(t, 100)
    hit = [coverage(draws(t, 100, seed), t).modes for seed in range(30)]
    assert abs(np.mean(hit) - few.modes) < 4 * np.std(hit, ddof=1) / 30**0.5


def test_one_mode_is_one_of_eight_at_full_quality():
    centres, sigma = RING.modes
    cloud = centres[3] + sigma * np.random.default_rng(0).normal(size=(2500, 2))
    found = coverage(cloud, RING)
    assert (found.modes, found.strict_modes) == (1, 1)
    assert found.high_quality == pytest.approx(1 - exp(-4.5), abs=0.01)
    assert found.reverse_kl == pytest.approx(log(8))


def test_a_smear_meets_the_published_rule_and_not_the_strict_one():
    t, generator = ring(8, 1.0, 0.05), np.random.default_rng(0)
    found = coverage(1.5 * generator.normal(size=(2500, 2)), t)
    assert found.modes == 8
    assert found.strict_modes == 0
    assert found.high_quality < 0.1
    assert found.reverse_kl < 0.02  # and reverse KL sees nothing amiss


def test_points_off_every_mode_hit_none():
    found = coverage(np.full((10, 2), 7.0), RING)
    assert isinstance(found, Coverage)
    assert found == pytest.approx((0, 0, 0.0, log(8)))


def test_tensors_arrays_and_lists_are_counted_alike():
    cloud = draws(RING, 100)
    still = cloud.numpy().copy()
    still.flags.writeable = False
    assert coverage(cloud.requires_grad_(), RING) == coverage(still, RING) == coverage(still.tolist(), RING)


@given(st.lists(st.integers(0, 50), min_size=8, max_size=8).filter(any), st.randoms())
def test_coverage_does_not_depend_on_the_order_of_points(counts, random):
    cloud = np.repeat(RING.modes.centres, counts, axis=0)
    order = list(range(len(cloud)))
    random.shuffle(order)
    found = coverage(cloud, RING)
    assert coverage(cloud[order], RING) == found
    assert found.modes == sum(count > 0 for count in counts)
    assert 0 <= found.reverse_kl <= log(8) + 1e-12


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4).filter(lambda p: sum(p) > 0.1))
def test_kl_agrees_with_scipy(weights):
    p = np.array(weights) / sum(weights)
    q = np.array([0.1, 0.2, 0.3, 0.4])
    assert kl(p, q) == pytest.approx(stats.entropy(p, q), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_w2_is_the_cheapest_pairing_of_all(seed):
    x, y = np.random.default_rng(seed).normal(size=(2, 6, 2))
    cheapest = min(np.square(x - y[list(order)]).sum(1).mean() for order in permutations(range(6)))
    assert w2(x, y, n=6) == pytest.approx(cheapest**0.5, rel=1e-9)


def test_w2_of_512_points_is_the_optimal_assignment_of_scipy():
    t = target("moons")
    x, y = draws(t, 600, 0), draws(t, 512, 1)
    cost = np.square(x.numpy()[:512, None] - y.numpy()).sum(-1)
    expected = cost[optimize.linear_sum_assignment(cost)].mean() ** 0.5
    assert w2(x, y) == pytest.approx(expected, rel=1e-9)


@given(clouds, st.tuples(st.floats(-9, 9), st.floats(-9, 9)))
def test_w2_of_a_moved_cloud_is_the_move(x, move):
    assert w2(x, x + np.array(move), n=len(x)) == pytest.approx(np.hypot(*move), abs=1e-5)


@given(clouds, clouds)
def test_energy_distance_is_symmetric_and_zero_only_between_equals(x, y):
    assert energy_distance(x, y) == pytest.approx(energy_distance(y, x), abs=1e-9)
    assert energy_distance(x, x) == pytest.approx(0, abs=1e-9)
    assert energy_distance(x, y) >= 0


def test_energy_distance_on_a_line_is_the_square_of_scipys():
    x, y = np.random.default_rng(2).normal(size=(2, 30, 1))
    flat = np.zeros_like(x)
    expected = stats.energy_distance(x.ravel(), y.ravel()) ** 2
    assert energy_distance(np.hstack([x, flat]), np.hstack([y, flat])) == pytest.approx(expected, rel=1e-9)


def test_floor_of_energy_distance_is_two_nths_of_the_mean_distance():
    t = target("8gaussians")
    floor = two_sample_floor(energy_distance, t, 200, 60)
    assert abs(floor.mean - pdist(draws(t, 2000).numpy()).mean() * 2 / 200) < 4 * floor.standard_error
    assert floor.standard_error == pytest.approx(floor.sd / 60**0.5)


def test_floor_of_w2_tells_the_target_from_a_generator_that_misses_modes():
    t = ring(8, 1.0, 0.05)
    floor = two_sample_floor(w2, t, 256, 8)
    data = draws(t, 256, 5)
    assert abs(w2(draws(t, 256, 6), data, n=256) - floor.mean) < 5 * floor.sd
    half = draws(t, 1000, 7)
    assert w2(half[half[:, 0] > 0][:256], data, n=256) > 2 * floor.mean + 3 * floor.sd


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: coverage(np.zeros((5, 2)), target("moons")),
            "coverage needs a target with modes, moons has none: measure",
        ),
        (lambda: perfect(target("checkerboard")), "coverage needs a target with modes, checkerboard has none"),
        (
            lambda: coverage(np.zeros((0, 2)), RING),
            r"points must have shape \(n, 2\) with n of at least 1, got \(0, 2\)",
        ),
        (lambda: coverage(np.zeros(4), RING), r"points must have shape \(n, 2\) with n of at least 1, got \(4,\)"),
        (lambda: coverage(np.array([[0, np.nan], [1, 1]]), RING), "points must be finite, got 1 of 2 that are not"),
        (
            lambda: w2(np.zeros((512, 2)), np.zeros((9, 2)), n=512),
            r"n must be in \[1, 9\], the points and data at hand, got 512",
        ),
        (lambda: energy_distance(np.full((1, 2), np.inf), np.zeros((1, 2))), "points must be finite"),
    ],
)
def test_errors_say_what_is_legal_and_what_came(call, message):
    with pytest.raises(ValueError, match=message):
        call()
