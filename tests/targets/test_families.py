"""Names, parameters, JSON and errors of the targets; places, entropies and bandwidths of those made of Gaussians."""

import json
import pickle
import subprocess
import sys
from math import log, pi

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from playground.targets import PRESETS, drawn_cloud, grid, placed_modes, ring, target
from playground.targets.mixtures import best_bandwidth

rings = st.builds(
    lambda k, radius, share: ring(k, radius, share * radius * np.sin(pi / k)),
    st.integers(2, 100),
    st.floats(0.02, 100),
    st.floats(0.05, 0.999),
)
LINE = [(0.02 * i, 0.01 * i) for i in range(40)]
SOME = [*(target(name) for name in PRESETS), ring(3, 2, 0.5), grid(2, 1.5, 0.1), placed_modes([(0, 0), (1, 2)], 0.2)]


@pytest.mark.parametrize("t", [*SOME, drawn_cloud(LINE)], ids=lambda t: t.name)
def test_targets_survive_json_and_pickle(t):
    again = target(**json.loads(json.dumps(t.describe())))
    assert again == t == pickle.loads(pickle.dumps(t))
    assert hash(again) == hash(t)
    assert again.extent == t.extent


def test_targets_differ_by_name_and_parameters():
    everything = [*SOME, ring(3, 2, 0.4), drawn_cloud(LINE), drawn_cloud(LINE, 0.1)]
    assert len(set(everything)) == len({json.dumps(t.describe()) for t in everything}) == len(everything)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_answer_to_their_own_name(name):
    assert target(name).describe() == {"name": name}


@pytest.mark.parametrize("t", SOME, ids=lambda t: t.name)
def test_pictures_are_square(t):
    x_min, x_max, y_min, y_max = t.extent
    assert x_max - x_min == pytest.approx(y_max - y_min)
    assert x_min < x_max


@given(rings)
def test_a_ring_has_as_many_places_as_it_says_inside_its_picture(t):
    k, radius = dict(t.parameters)["k"], dict(t.parameters)["radius"]
    centres = t.modes.centres
    np.testing.assert_allclose(np.hypot(*centres.T), radius)

    nearest = min(np.hypot(*(a - b)) for i, a in enumerate(centres) for b in centres[:i])
    assert nearest == pytest.approx(2 * radius * np.sin(pi / k))
    assert t.extent[1] >= radius + 5 * t.sigma


def test_published_presets_have_their_modes():
    eight = {(round(x, 6), round(y, 6)) for x, y in target("pacgan-ring").modes.centres}
    side = round(0.5**0.5, 6)
    assert eight == {(1, 0), (0, 1), (-1, 0), (0, -1), *((x, y) for x in (side, -side) for y in (side, -side))}
    assert target("pacgan-ring").modes.sigma == 0.01
    twenty_five = {tuple(place) for place in target("pacgan-grid").modes.centres}
    assert twenty_five == {(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}
    assert target("pacgan-grid").modes.sigma == 0.05
    assert len({tuple(place) for place in target("8gaussians").modes.centres.round(6)}) == 8
    assert np.hypot(*target("8gaussians").modes.centres.T) == pytest.approx(np.full(8, 4 / 1.414))
    assert target("8gaussians").modes.sigma == pytest.approx(0.5 / 1.414)
    assert target("two-blobs").modes.centres.tolist() == [[-1, 0], [1, 0]]


@pytest.mark.parametrize("name", ["checkerboard", "2spirals", "pinwheel", "moons", "circles", "rings", "swissroll"])
def test_only_gaussians_have_modes(name):
    assert target(name).modes is None


def test_modes_are_a_copy():
    t = ring(4, 1.0, 0.1)
    t.modes.centres[:] = 0
    assert np.hypot(*t.modes.centres.T) == pytest.approx(np.ones(4))


def test_separate_gaussians_lose_no_entropy_to_overlap():
    assert target("pacgan-ring").entropy_nats == pytest.approx(log(8) + 1 + log(2 * pi * 1e-4), abs=1e-12)
    assert target("pacgan-ring").entropy_error == 0


@pytest.mark.parametrize("sigma", [0.1, 0.3, 0.7, 1.0])
def test_entropy_of_two_gaussians_is_that_of_a_line_and_a_normal(sigma):
    both = stats.norm(-1, sigma), stats.norm(1, sigma)

    def surprise(x):
        p = (both[0].pdf(x) + both[1].pdf(x)) / 2
        return -p * np.log(p)

    line = integrate.quad(surprise, -1 - 9 * sigma, 1 + 9 * sigma, points=[-1, 0, 1], epsabs=1e-11, limit=200)[0]
    expected = line + 0.5 * log(2 * pi * np.e * sigma**2)
    assert placed_modes([(-1, 0), (1, 0)], sigma).entropy_nats == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ring(1, 1.0, 0.1), r"k must be in \[2, 100\], got 1: with a single mode there is nothing to forget"),
        (lambda: ring(101, 1.0, 0.001), r"k must be a whole number in \[2, 100\], got 101"),
        (lambda: ring(8.0, 1.0, 0.1), r"k must be a whole number in \[2, 100\], got 8.0"),
        (lambda: ring(True, 1.0, 0.1), "k must be a whole number"),
        (lambda: ring(8, float("nan"), 0.1), r"radius must be a number in \[0.01, 100\], got nan"),
        (
            lambda: ring(8, 1.0, 1e-7),
            r"sigma must be at least 3e-05 here, else float32 cannot resolve the modes; got 1e-07",
        ),
        (lambda: ring(8, 1.0, 0.4), r"sigma must be at most 0.3827, half the least distance between two modes"),
        (lambda: ring(8, 1.0, "wide"), r"sigma must be a number in \[0, 100\], got 'wide'"),
        (lambda: grid(11, 2.0, 0.05), r"k must be in \[2, 10\], since k × k may not exceed 100 modes; got 11"),
        (lambda: grid(1, 2.0, 0.05), r"k must be in \[2, 10\], got 1: with a single mode"),
        (lambda: grid(5, 60.0, 0.05), r"step must be a number in \[0.01, 50\], got 60"),
        (lambda: placed_modes([], 0.1), "centres must be between 2 and 100 places, got 0$"),
        (lambda: placed_modes([(0, 0)], 0.1), "centres must be between 2 and 100 places, got 1: with a single mode"),
        (lambda: placed_modes([(0, 0), (0, 0)], 0.1), r"centres must be different places, got \(0, 0\) and \(0, 0\)"),
        (lambda: placed_modes([(0, 0), (0.1, 0)], 0.1), "sigma must be at most 0.05, half the least distance"),
        (lambda: placed_modes([(0, 0), (np.inf, 0)], 0.1), r"centres must lie in \[-100, 100\], got \(inf, 0\)"),
        (lambda: placed_modes("forged", 0.1), r"centres must be pairs of numbers, shape \(k, 2\), got 'forged'"),
        (lambda: placed_modes([(1, 2, 3)], 0.1), "centres must be pairs of numbers"),
        (lambda: placed_modes([(i, 0) for i in range(101)], 0.1), "centres must be between 2 and 100 places, got 101$"),
        (lambda: drawn_cloud([]), "points must be at least 2 in different places, got none: draw a longer line"),
        (lambda: drawn_cloud([(1, 1)] * 9), "points must be at least 2 in different places, got 9 in one place"),
        (lambda: drawn_cloud([(i % 100, i // 100) for i in range(2001)]), "points must be at most 2000, got 2001"),
        (lambda: drawn_cloud([(0, 0), (1, 1)], 0.0), "bandwidth must be a number in"),
        (lambda: target("nowhere"), "name must be one of pacgan-ring, .*drawn-cloud, got 'nowhere'"),
        (lambda: target("moons", k=3), "moons has no parameters, got k"),
        (lambda: target("ring", k=3), "ring needs k, radius, sigma, got k"),
        (
            lambda: target("grid", k=3, step=1.0, sigma=0.1, tilt=2),
            "grid needs k, step, sigma, got k, step, sigma, tilt",
        ),
        (lambda: target(["moons"]), r"name must be one of pacgan-ring.*, got \['moons'\]"),
    ],
)
def test_errors_say_what_is_legal_and_what_came(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_points_may_come_as_lists_arrays_and_tensors():
    pairs = [[0.0, 1.0], [2.0, 3.0]]
    assert placed_modes(pairs, 0.1) == placed_modes(np.array(pairs), 0.1) == placed_modes(torch.tensor(pairs), 0.1)


def test_best_bandwidth_is_the_likeliest_for_points_left_out():
    x = np.random.default_rng(0).normal(size=(60, 2))
    best = best_bandwidth([tuple(place) for place in x])

    def left_out(width):
        kernel = stats.multivariate_normal([0, 0], width**2 * np.eye(2))
        return sum(np.log(np.mean([kernel.pdf(a - b) for j, b in enumerate(x) if j != i])) for i, a in enumerate(x))

    assert left_out(best) > max(left_out(best / 1.25), left_out(best * 1.25))


def test_best_bandwidth_keeps_two_blobs_apart():
    x = np.random.default_rng(1).normal(size=(200, 2)) * 0.1 + np.where(np.arange(200) % 2, 1.0, -1.0)[:, None] * [1, 0]
    t = drawn_cloud(x)
    assert t.sigma < 0.1
    middle, blob = t.log_prob(torch.tensor([(0.0, 0.0), (1.0, 0.0)], dtype=torch.float64))
    assert blob - middle > 10


def test_repeated_points_do_not_make_the_bandwidth_vanish():
    t = drawn_cloud([(0.0, 0.0), (1.0, 0.0)] * 30)
    assert t.sigma == pytest.approx(0.01 * 0.5, rel=0.01)


def test_importing_targets_and_coverage_loads_nothing_heavy():
    code = (
        "import sys, playground.targets, playground.coverage as c; print(*{'torch', 'scipy', 'ot'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []
