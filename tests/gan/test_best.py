"""The best discriminator: its value against quadrature by SciPy, its densities against SciPy and against integrals."""

from functools import lru_cache
from math import log

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from playground.gan.best import bandwidth, best, floor_nats, kernel_density, real_density, value
from playground.gan.losses import value as played
from playground.targets import PRESETS, drawn_cloud, ring, target

NODES = 48
ALL = {name: target(name) for name in PRESETS} | {
    "ring": ring(8, 1.0, 0.05),
    "drawn": drawn_cloud([(0.0, 0.0), (1.0, 0.5), (0.2, 1.4), (1.1, 1.0)]),
}
each_target = pytest.mark.parametrize("name", ALL)
GAUSSIANS = [((0.0, 1.0), (1.5, 1.0)), ((0.0, 1.0), (0.0, 2.0)), ((-1.0, 0.5), (2.0, 0.8))]


def draws(t, n=2500, seed=0):
    return t.sample(n, generator=torch.Generator().manual_seed(seed)).numpy()


@lru_cache
def nodes_of(name, nodes=NODES):
    x0, x1, y0, y1 = ALL[name].extent
    return np.stack(np.meshgrid(np.linspace(x0, x1, nodes), np.linspace(y0, y1, nodes)), -1)  # rows upwards


def jensen_shannon(p, q):
    """JS of two densities on the line by SciPy's adaptive quadrature, nats."""

    def term(x):
        middle = np.logaddexp(p.logpdf(x), q.logpdf(x)) - log(2)
        return (p.pdf(x) * (p.logpdf(x) - middle) + q.pdf(x) * (q.logpdf(x) - middle)) / 2

    return integrate.quad(term, -30, 30, limit=500, points=(-2, 0, 2))[0]


@pytest.mark.parametrize(("one", "other"), GAUSSIANS)
def test_the_best_value_is_minus_log_4_and_twice_the_js_by_quadrature(one, other):
    p, q = stats.norm(*one), stats.norm(*other)
    x, step = np.linspace(-30, 30, 6001, retstep=True)
    found = value(p.pdf(x), q.pdf(x), cell=step)
    assert found == pytest.approx(-log(4) + 2 * jensen_shannon(p, q), abs=1e-9)


@pytest.mark.parametrize(("one", "other"), GAUSSIANS)
def test_what_the_game_pays_at_the_best_d_is_that_value(one, other):
    """E over equally likely places of each density: the value of the losses, with D's raw output log p - log q."""
    p, q = stats.norm(*one), stats.norm(*other)
    u = (np.arange(400_000) + 0.5) / 400_000
    real, fake = (torch.from_numpy(p.logpdf(x) - q.logpdf(x)) for x in (p.ppf(u), q.ppf(u)))
    wanted = -log(4) + 2 * jensen_shannon(p, q)
    assert float(played(real, fake)) == pytest.approx(wanted, abs=1e-4)
    for scale, shift in ((0.0, 0.0), (0.8, 0.0), (1.2, 0.0), (1.0, 0.2)):  # no other D reaches as much
        assert float(played(scale * real + shift, scale * fake + shift)) < wanted


def test_equal_densities_reach_minus_log_4_and_separate_ones_0():
    p = stats.norm(0, 1).pdf(np.linspace(-9, 9, 2001))
    assert value(p, p, cell=18 / 2000) == pytest.approx(-log(4), abs=1e-12)
    assert value(p, 0 * p, cell=18 / 2000) == 0
    far = stats.norm(200, 1).pdf(np.linspace(-9, 9, 2001))
    assert value(p, far, cell=18 / 2000) == pytest.approx(0, abs=1e-12)


def test_the_kernel_estimate_is_scipys():
    t = ALL["ring"]
    fakes = draws(t, 400).astype(float)
    # SciPy scales the sample's covariance: give it fakes that have none between the axes and one in each
    fakes -= fakes.mean(0)
    fakes = fakes @ np.linalg.inv(np.linalg.cholesky(np.cov(fakes.T))).T
    theirs = stats.gaussian_kde(fakes.T, bw_method=bandwidth(t, NODES))
    assert theirs.covariance == pytest.approx(bandwidth(t, NODES) ** 2 * np.eye(2), abs=1e-12)
    wanted = theirs(nodes_of("ring").reshape(-1, 2).T).reshape(NODES, NODES)
    assert kernel_density(fakes, t, nodes=NODES) == pytest.approx(wanted, rel=1e-4, abs=1e-6 * wanted.max())


@each_target
def test_the_blurred_target_keeps_its_mass(name):
    t = ALL[name]
    assert bandwidth(t, NODES) == pytest.approx((t.extent[1] - t.extent[0]) / (NODES - 1))
    assert real_density(t, NODES).sum() * bandwidth(t, NODES) ** 2 == pytest.approx(1, abs=2e-3)


@each_target
def test_the_blurred_target_is_what_the_kernel_estimate_expects(name):
    """E q̂ = p_h for fakes drawn from p, and the variance of q̂ is at most p_h · N(0; 0, h² I) / n."""
    t, n = ALL[name], 20_000
    p = real_density(t, NODES)
    found = np.mean([kernel_density(draws(t, n // 8, seed), t, nodes=NODES) for seed in range(8)], 0)
    sd = np.sqrt(p / (2 * np.pi * bandwidth(t, NODES) ** 2 * n))
    likely = p > 1e-2 * p.max()
    off = (found - p)[likely] / sd[likely]
    assert likely.sum() > 20
    assert np.abs(off).max() < 4.5
    assert abs(off.mean()) < 0.2


@pytest.mark.parametrize("name", ["moons", "circles", "rings", "swissroll"])
def test_the_blur_is_the_expected_density_under_noise(name):
    """p_h(x) = E p(x + h z), here by Gauss-Hermite nodes at a few places."""
    t, h = ALL[name], bandwidth(ALL[name], NODES)
    z, weight = np.polynomial.hermite_e.hermegauss(60)
    places = nodes_of(name)[6:42:12, 5:43:12].reshape(-1, 1, 1, 2)
    p = t.log_prob(torch.from_numpy(places + h * np.stack(np.meshgrid(z, z), -1))).exp().numpy()
    wanted = np.einsum("kij,i,j->k", p, weight, weight) / weight.sum() ** 2
    found = real_density(t, NODES)[6:42:12, 5:43:12].ravel()
    assert found == pytest.approx(wanted, rel=1e-3, abs=1e-6)


@each_target
def test_a_perfect_generator_is_all_but_undetected(name):
    t = ALL[name]
    floor = floor_nats(t, NODES)
    assert -log(4) < floor < -log(4) + 0.02
    found = best(draws(t, seed=5), t, nodes=NODES).value_nats
    assert found == pytest.approx(floor, abs=0.004)


@pytest.mark.parametrize("k", [1, 2, 4, 8])
def test_a_generator_of_some_modes_is_known_in_closed_form(k):
    """Modes that share nothing: the value is that of two distributions over eight places."""
    t = ring(8, 1.0, 0.02)
    chosen = t.modes.centres[np.arange(8_000) % k]
    fakes = chosen + 0.02 * np.random.default_rng(k).standard_normal(chosen.shape)
    p, q = np.full(8, 1 / 8), np.where(np.arange(8) < k, 1 / k, 0.0)
    wanted = value(p, q, cell=1.0)
    assert best(fakes, t, nodes=NODES).value_nats == pytest.approx(wanted, abs=4e-3)


def test_the_logit_is_the_logarithm_of_the_ratio_and_zero_where_there_is_nothing():
    t = ALL["8gaussians"]
    fakes = draws(t) * [1.0, 0.0] + [0.0, 0.3]
    found = best(fakes, t, nodes=NODES)
    p, q = real_density(t, NODES), kernel_density(fakes, t, nodes=NODES)
    sure = (p > 1e-3 * p.max()) & (q > 1e-3 * q.max())
    assert sure.any()
    assert found.logit.dtype == np.float32
    assert found.logit[sure] == pytest.approx(np.log(p / q)[sure], abs=2e-2)
    assert found.logit[0, 0] == pytest.approx(0, abs=1e-3)  # a corner without data or fakes
    up, down = np.unravel_index(found.logit.argmax(), p.shape), np.unravel_index(found.logit.argmin(), p.shape)
    assert p[up] > q[up]
    assert q[down] > p[down]
    assert nodes_of("8gaussians")[down][1] == pytest.approx(0.3, abs=0.5)  # rows upwards


def test_swapping_data_and_fakes_flips_the_sign():
    t = ALL["two-blobs"]
    right = np.array([[1.0, 0.0]]) + 0.1 * np.random.default_rng(0).standard_normal((20_000, 2))
    found = best(right, t, nodes=NODES).logit
    across = nodes_of("two-blobs")[..., 0]
    middle = NODES // 2
    assert found[middle, np.abs(across[0] + 1).argmin()] > 5  # only data
    assert found[middle, np.abs(across[0] - 1).argmin()] == pytest.approx(-log(2), abs=0.05)  # twice as many fakes


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.lists(st.tuples(st.floats(allow_nan=True), st.floats(allow_nan=True)), min_size=1, max_size=6))
def test_whatever_the_fakes_are_the_answer_is_finite(fakes):
    found = best(np.array(fakes), ALL["ring"], nodes=NODES)
    assert np.isfinite(found.logit).all()
    assert np.abs(found.logit).max() < 16
    assert -log(4) - 1e-9 <= found.value_nats <= 0


def test_fakes_out_of_sight_are_told_for_sure():
    found = best(np.full((2500, 2), 50.0), ALL["pacgan-ring"], nodes=NODES)
    assert found.value_nats == pytest.approx(0, abs=1e-12)
    assert found.logit.min() >= 0
