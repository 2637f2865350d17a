"""Every target's density against its samples, its entropy and an independent way to the same number."""

from functools import lru_cache
from math import log, pi

import numpy as np
import pytest
import torch
from scipy import integrate, special, stats
from sklearn import datasets

from playground.targets import PRESETS, drawn_cloud, grid, placed_modes, ring, target
from playground.targets.recorded import ENTROPY

SIDE = 240  # cells of the grid along each axis; 2 units of the checkerboard are 48 of them
DRAWN = np.array([(0.1 * i, np.sin(0.3 * i)) for i in range(-20, 21)])
OTHERS = {
    "ring": ring(5, 1.0, 0.3),
    "grid": grid(3, 1.0, 0.4),
    "placed": placed_modes([(-1.0, 0.5), (2.0, 1.0), (0.0, -2.0)], 0.25),
    "drawn": drawn_cloud(DRAWN),
}
ALL = [*PRESETS, *OTHERS]
GAUSSIANS = ["pacgan-ring", "pacgan-grid", "8gaussians", "two-blobs", *OTHERS]
CURVED = [name for name in PRESETS if name not in GAUSSIANS]


@lru_cache
def made(name):
    return OTHERS[name] if name in OTHERS else target(name)


@lru_cache
def samples(name):
    return made(name).sample(20_000, generator=torch.Generator().manual_seed(7), dtype=torch.float64)


@lru_cache
def surprise(name):
    return -made(name).log_prob(samples(name))


@lru_cache
def on_grid(name):
    """log p at the middles of the cells, shape (SIDE, SIDE) with x first, and the area of a cell."""
    x_min, x_max, y_min, y_max = made(name).extent
    steps = (torch.arange(SIDE, dtype=torch.float64) + 0.5) / SIDE
    x, y = x_min + (x_max - x_min) * steps, y_min + (y_max - y_min) * steps
    log_p = made(name).log_prob(torch.cartesian_prod(x, y).reshape(SIDE, SIDE, 2))
    return log_p, (x_max - x_min) * (y_max - y_min) / SIDE**2


@pytest.mark.parametrize("name", ALL)
def test_density_integrates_to_one_over_the_extent(name):
    log_p, area = on_grid(name)
    assert float(log_p.exp().sum()) * area == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", ALL)
def test_entropy_is_minus_the_integral_of_p_log_p(name):
    log_p, area = on_grid(name)
    p = log_p.exp()
    assert float(-torch.special.xlogy(p, p).sum()) * area == pytest.approx(made(name).entropy_nats, abs=5e-4)


@pytest.mark.parametrize("name", ALL)
def test_entropy_is_the_mean_surprise_of_samples(name):
    standard_error = float(surprise(name).std()) / len(surprise(name)) ** 0.5
    assert standard_error < 0.01
    assert abs(float(surprise(name).mean()) - made(name).entropy_nats) < 4 * standard_error + 1e-9


# Monte Carlo values of the literature's coordinates with 1e5 points, whose standard error is 0.002 to 0.0035
@pytest.mark.parametrize(
    ("name", "nats"),
    [
        ("8gaussians", 2.833),
        ("checkerboard", log(32)),
        ("moons", 2.398),
        ("circles", 3.263),
        ("2spirals", 2.641),
        ("swissroll", 2.675),
        ("pinwheel", 2.3185),
        ("pacgan-grid", 0.063),
        ("pacgan-ring", -4.293),
    ],
)
def test_entropies_agree_with_independent_estimates(name, nats):
    assert target(name).entropy_nats == pytest.approx(nats, abs=0.006)


@pytest.mark.parametrize("name", ENTROPY)
def test_recorded_entropies_were_found_alike_in_two_ways(name):
    row = ENTROPY[name]
    assert row.error <= 1e-5
    assert row.standard_error <= 1e-3
    assert abs(row.sampled - row.nats) < 3 * row.standard_error


def fits(counts, expected):
    """The p-value of Pearson's test; cells that expect less than 5 are one cell."""
    often = expected >= 5
    counts = np.append(counts[often], counts[~often].sum())
    expected = np.append(expected[often], expected[~often].sum())
    expected *= counts.sum() / expected.sum()
    return (
        stats.chisquare(counts, expected).pvalue if expected[-1] else stats.chisquare(counts[:-1], expected[:-1]).pvalue
    )


@pytest.mark.parametrize("name", CURVED)
def test_samples_fall_into_cells_as_the_density_says(name):
    log_p, area = on_grid(name)
    blocks = log_p.exp().reshape(40, 6, 40, 6).sum((1, 3)).numpy() * area
    x_min, x_max, y_min, y_max = made(name).extent
    x, y = samples(name).numpy().T
    counts = np.histogram2d(x, y, bins=40, range=[(x_min, x_max), (y_min, y_max)])[0]
    assert fits(counts.ravel(), blocks.ravel() * len(x)) > 1e-3


@pytest.mark.parametrize("name", GAUSSIANS)
def test_samples_of_gaussians_fall_into_cells_as_their_cdf_says(name):
    t = made(name)
    x_min, x_max, y_min, y_max = t.extent
    sides = [np.linspace(x_min, x_max, 61), np.linspace(y_min, y_max, 61)]
    share = [np.diff(stats.norm.cdf(side, np.array(t.centres)[:, [axis]], t.sigma)) for axis, side in enumerate(sides)]
    expected = np.einsum("ki,kj->ij", *share) / len(t.centres)
    counts = np.histogram2d(*samples(name).numpy().T, bins=sides)[0]
    assert fits(counts.ravel(), expected.ravel() * len(samples(name))) > 1e-3


@pytest.mark.parametrize("name", GAUSSIANS)
def test_gaussians_have_the_density_of_scipy(name):
    t, x = made(name), np.random.default_rng(3).uniform(-3, 3, (40, 2))
    each = [stats.multivariate_normal(centre, t.sigma**2 * np.eye(2)).logpdf(x) for centre in t.centres]
    expected = special.logsumexp(each, axis=0) - log(len(each))
    np.testing.assert_allclose(t.log_prob(torch.tensor(x)).numpy(), expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "radii", "sd"), [("circles", (1.5, 3.0), 0.24), ("rings", (0.75, 1.5, 2.25, 3.0), 0.08)]
)
def test_circles_are_the_integral_over_their_angle(name, radii, sd):
    for x, y in [(0.0, 0.0), (1.4, 0.3), (-2.0, 1.1), (2.9, -0.6), (0.2, 2.2)]:

        def along(angle, x=x, y=y):
            away = [(x - r * np.cos(angle)) ** 2 + (y - r * np.sin(angle)) ** 2 for r in radii]
            return np.mean(np.exp(np.array(away) / (-2 * sd**2))) / (2 * pi * sd**2) / (2 * pi)

        middle = np.arctan2(y, x)
        expected = integrate.quad(along, middle - pi, middle + pi, points=[middle], epsabs=1e-13, limit=200)[0]
        assert float(target(name).log_prob(torch.tensor([x, y], dtype=torch.float64)).exp()) == pytest.approx(
            expected, rel=1e-6
        )


def curve(name, u):
    """Places of a curve at u in (0, 1), each as likely as the other, as published; shape (arms, m, 2)."""
    if name == "moons":  # scikit-learn's, doubled and moved
        upper = np.stack([np.cos(pi * u), np.sin(pi * u)], -1)
        return 2 * np.stack([upper, [1.0, 0.5] - upper]) + [-1, -0.2]
    if name == "swissroll":
        t = 1.5 * pi * (1 + 2 * u)
        return np.stack([t * np.cos(t), t * np.sin(t)], -1)[None] / 5
    t = np.sqrt(u) * 3 * pi
    arm = np.stack([-np.cos(t) * t, np.sin(t) * t], -1) / 3
    return np.stack([arm, -arm])


POINTS = np.array([(0.0, 0.0), (1.0, 0.5), (-2.1, 0.4), (2.8, -1.0), (0.3, 1.9), (-3.6, -3.2), (6.0, 5.0), (-9.0, 8.0)])


@pytest.mark.parametrize("name", ["moons", "swissroll"])
def test_blurred_curves_are_the_integral_along_them(name):
    u = (np.arange(100_000) + 0.5) / 100_000
    squared = np.array([np.square(point - curve(name, u)).sum(-1).ravel() for point in POINTS])
    expected = special.logsumexp(squared / (-2 * 0.2**2), axis=1) - log(squared.shape[1] * 2 * pi * 0.2**2)
    found = target(name).log_prob(torch.tensor(POINTS)).numpy()
    np.testing.assert_allclose(found, expected, rtol=3e-5, atol=1e-6)


def test_two_spirals_are_the_integral_of_a_uniform_step_and_noise_along_them():
    u = (np.arange(100_000) + 0.5) / 100_000
    expected = []
    for point in POINTS:
        log_p = []
        for arm, sign in zip(curve("2spirals", u), (1, -1), strict=True):
            z = sign * (point - arm)  # the step is in [0, 1/6) on each axis before the arm is turned
            upper, lower = special.log_ndtr(-(z - 0.5 / 3) / 0.1), special.log_ndtr(-z / 0.1)
            swap = z < 0  # of the two tails the one that is small, else the difference loses its digits
            upper, lower = (
                np.where(swap, special.log_ndtr(z / 0.1), upper),
                np.where(swap, special.log_ndtr((z - 0.5 / 3) / 0.1), lower),
            )
            log_p.append((upper + np.log1p(-np.exp(lower - upper)) - log(0.5 / 3)).sum(-1))
        expected.append(special.logsumexp(log_p) - log(2 * len(u)))
    found = target("2spirals").log_prob(torch.tensor(POINTS)).numpy()
    np.testing.assert_allclose(found, expected, rtol=3e-5, atol=1e-6)


def test_two_spirals_far_away_go_on_as_they_are_near():
    t, away = target("2spirals"), torch.linspace(0, 15, 50, dtype=torch.float64)
    torch.testing.assert_close(t._log_step(away), t._step(away).log(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ["moons", "circles", "swissroll"])
def test_samples_of_scikit_learn_are_as_likely_as_ours(name):
    n = 20_000
    x = {
        "moons": lambda: datasets.make_moons(n, noise=0.1, random_state=1)[0] * 2 + [-1, -0.2],
        "circles": lambda: datasets.make_circles(n, factor=0.5, noise=0.08, random_state=1)[0] * 3,
        "swissroll": lambda: datasets.make_swiss_roll(n, noise=1.0, random_state=1)[0][:, [0, 2]] / 5,
    }[name]()
    theirs = -target(name).log_prob(torch.tensor(x)).numpy()
    assert stats.ks_2samp(theirs, surprise(name).numpy()).pvalue > 1e-3


def test_pinwheel_sums_over_every_way_to_reach_a_point():
    t, generator = target("pinwheel"), np.random.default_rng(5)
    rho = np.append(generator.uniform(0.02, 0.5, 20), generator.uniform(0.5, 2.3, 60))  # all arms meet, and one is near
    phi = generator.uniform(-pi, pi, len(rho))
    x = 2 * np.stack([rho * np.cos(phi), rho * np.sin(phi)], 1)
    psi = np.linspace(-pi, pi, 100_001)
    expected = np.zeros(len(rho))
    for i in range(len(rho)):
        shown = psi - 0.25 * np.exp(rho[i] * np.cos(psi)) - phi[i]
        step = np.floor(shown * 5 / (2 * pi))  # jumps where some arm shows the point at phi
        for j in np.flatnonzero(np.diff(step)):
            wanted = max(step[j], step[j + 1]) * 2 * pi / 5
            at = psi[j] + (psi[j + 1] - psi[j]) * (wanted - shown[j]) / (shown[j + 1] - shown[j])
            a, b = rho[i] * np.cos(at), rho[i] * np.sin(at)
            det = abs(1 + 0.25 * np.exp(a) * b)
            expected[i] += stats.norm.pdf(a, 1, 0.3) * stats.norm.pdf(b, 0, 0.1) / det / 5 / 4
    likely = expected > 1e-8
    assert likely.sum() > 50
    found = t.log_prob(torch.tensor(x)).exp().numpy()
    np.testing.assert_allclose(found[likely], expected[likely], rtol=1e-4)


@pytest.mark.parametrize("name", [name for name in ALL if name != "checkerboard"])
def test_score_is_the_slope_of_log_p(name):
    x = samples(name)[:6].clone().requires_grad_()
    assert torch.autograd.gradcheck(made(name).log_prob, (x,), eps=1e-6, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("name", ALL)
def test_log_p_is_a_number_wherever_one_looks(name):
    far = torch.tensor([(0.0, 0.0), (30.0, -40.0), (1e4, 0.0)])
    log_p = made(name).log_prob(far)
    assert not log_p.isnan().any()
    assert (log_p < 10).all()
    if name != "checkerboard":
        assert log_p.isfinite().all()


@pytest.mark.parametrize("name", ALL)
def test_log_prob_keeps_shape_and_precision(name):
    x = samples(name)[:12].reshape(3, 4, 2)
    single, double = made(name).log_prob(x.float()), made(name).log_prob(x)
    assert single.shape == double.shape == (3, 4)
    assert (single.dtype, double.dtype) == (torch.float32, torch.float64)
    torch.testing.assert_close(single.double(), double, rtol=1e-3, atol=1e-3)
    assert made(name).log_prob(x[:0]).shape == (0, 4)


@pytest.mark.parametrize("name", ALL)
def test_equal_generators_draw_equal_samples_in_both_precisions(name):
    seeded = [torch.Generator().manual_seed(seed) for seed in (7, 7, 8)]
    single, double = (
        made(name).sample(50, generator=g, dtype=kind) for g, kind in zip(seeded, (None, torch.float64), strict=False)
    )
    assert single.dtype == torch.float32
    assert torch.equal(single, double.float())
    assert not torch.equal(single, made(name).sample(50, generator=seeded[2]))


def test_checkerboard_fills_eight_closed_squares():
    t = target("checkerboard")
    middles = torch.arange(-3.0, 4.0, 2.0)
    filled = t.log_prob(torch.cartesian_prod(middles, middles)).isfinite()
    assert filled.reshape(4, 4).int().tolist() == [[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
    edges = torch.tensor([(4.0, 3.0), (-4.0, -4.0), (2.0, 1.0), (4.000001, 3.0), (5.0, 5.0), (-1.0, -4.0)])
    assert t.log_prob(edges).isfinite().tolist() == [True, True, True, False, False, False]


def test_wrong_calls_say_what_is_legal():
    t = target("moons")
    with pytest.raises(ValueError, match=r"x must have shape \(\.\.\., 2\), got \(2, 3\)"):
        t.log_prob(torch.zeros(2, 3))
    with pytest.raises(ValueError, match="n must be a whole number of at least 1, got 0"):
        t.sample(0, generator=torch.Generator())
