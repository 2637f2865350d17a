"""Two copies of one shape: every divergence against the array definitions, scipy's quad and slopes by differences."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from playground.divergences import gaussian_kl, gaussian_w2, hellinger, js, kl, total_variation, wasserstein_1d
from playground.divergences.gaussians import Gaussian
from playground.divergences.separation import KINDS, MEASURES, Copies
from playground.divergences.shapes import Uniform

THETA = np.linspace(-4, 4, 161)
widths = st.floats(0.1, 3)
places = st.floats(-6, 6)


def at(copies, theta):
    """Value and slope of every divergence at one theta."""
    return {name: (float(curve.value[0]), float(curve.slope[0])) for name, curve in copies.curves([theta]).items()}


def on_arrays(x, y, p, q):
    """The definitions on probability arrays over one set of places."""
    return {
        "KL": kl(p, q), "JS": js(p, q), "TV": total_variation(p, q), "Hellinger": hellinger(p, q),
        "W1": wasserstein_1d(x, y, p, q), "W2": wasserstein_1d(x, y, p, q, order=2),
    }  # fmt: skip


@pytest.mark.parametrize("theta", [-4.0, -0.05, 0.0, 0.3, 2.5])
def test_two_points_are_the_definitions_on_two_places(theta):
    x = np.array([0.0, theta or 1.0])
    p, q = np.array([1.0, 0.0]), np.array([0.0, 1.0]) if theta else np.array([1.0, 0.0])
    values = {name: value for name, (value, _) in at(Copies("points"), theta).items()}
    assert values == pytest.approx(on_arrays(x, x, p, q), abs=1e-12)
    assert values["KL"] == (np.inf if theta else 0)


@pytest.mark.parametrize("theta", [-2.0, -0.75, 0.0, 0.25, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("width", [0.5, 1.0, 1.75])
def test_two_uniforms_are_the_definitions_on_cells_of_equal_mass(theta, width):
    cells = np.arange(-32, 32) / 8 + 1 / 16  # the ends of both lie between two cells
    shift = width / 2 % 0.125
    p, q = ((np.abs(cells - middle) < width / 2).astype(float) for middle in (shift, theta + shift))
    values = {name: value for name, (value, _) in at(Copies("uniforms", width), theta).items()}
    wanted = on_arrays(cells, cells, p / p.sum(), q / q.sum())
    assert values == pytest.approx(wanted, abs=1e-12)


@given(widths, places)
def test_two_gaussians_are_the_closed_forms(sd, theta):
    values = {name: value for name, (value, _) in at(Copies("Gaussians", sd), theta).items()}
    assert values["KL"] == pytest.approx(gaussian_kl(0, sd**2, theta, sd**2), rel=1e-9, abs=1e-12)
    assert values["W1"] == values["W2"] == pytest.approx(gaussian_w2(0, sd**2, theta, sd**2), rel=1e-9, abs=1e-12)
    # the two densities cross halfway
    crossing = norm(0, sd).cdf(abs(theta) / 2) - norm(abs(theta), sd).cdf(abs(theta) / 2)
    assert values["TV"] == pytest.approx(crossing, abs=1e-12)


@pytest.mark.parametrize("sd", [0.1, 0.4, 1.0, 2.0])
@pytest.mark.parametrize("theta", [0.05, 0.7, -1.3, 4.0])
def test_js_and_hellinger_of_gaussians_agree_with_scipys_quad(sd, theta):
    p, q = norm(0, sd).logpdf, norm(theta, sd).logpdf

    def half(one, other):
        return lambda x: 0.5 * np.exp(one(x)) * (np.log(2) - np.logaddexp(0, other(x) - one(x)))

    def integral(f):
        ends = sorted([-10 * sd, 10 * sd, theta - 10 * sd, theta + 10 * sd])
        return sum(quad(f, a, b, epsabs=1e-13, limit=200)[0] for a, b in itertools.pairwise(ends))

    curves = Copies("Gaussians", sd).curves([theta])
    js_value = integral(half(p, q)) + integral(half(q, p))
    affinity = integral(lambda x: np.exp((p(x) + q(x)) / 2))
    assert curves["JS"].value[0] == pytest.approx(js_value, abs=1e-10)
    assert curves["JS"].error < 1e-12
    assert curves["Hellinger"].value[0] ** 2 == pytest.approx(1 - affinity, abs=1e-10)


@pytest.mark.parametrize("z", [0.3, 5.0, 12.5, 18.0, 25.0])
def test_the_slope_of_js_is_right_even_where_next_to_nothing_is_left_of_it(z):
    """With x = z/2 + u it is (z/4) exp(−z²/8) E[1 / cosh(z u / 2)] for standard normal u."""
    left = quad(lambda u: norm.pdf(u) / np.cosh(z * u / 2), 0, 9, epsrel=1e-10, limit=200)[0]
    wanted = z / 2 * np.exp(-(z**2) / 8) * left
    sd = 0.1
    assert Copies("Gaussians", sd).curves([z * sd])["JS"].slope[0] * sd == pytest.approx(wanted, rel=1e-6, abs=0)


@given(st.sampled_from(KINDS), widths, places)
def test_slopes_are_the_derivatives_of_the_values(kind, width, theta):
    copies, h = Copies(kind, width), 1e-5
    if min(abs(theta), abs(abs(theta) - width)) < 0.02:
        theta += 0.05 if kind != "Gaussians" else 0.0
    if min(abs(theta), abs(abs(theta) - width)) < 0.02:
        return  # a corner is near
    low, middle, high = (at(copies, theta + step) for step in (-h, 0, h))
    for name in MEASURES:
        (before, _), (_, slope), (after, _) = low[name], middle[name], high[name]
        if np.isfinite(before):
            assert slope == pytest.approx((after - before) / (2 * h), rel=1e-5, abs=1e-7), name
        else:
            assert np.isnan(slope), name


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_no_slope_at_a_corner_a_jump_or_where_it_is_infinite(kind):
    slopes = {name: slope for name, (_, slope) in at(Copies(kind, 1.0), 0.0).items()}
    smooth = {"KL", "JS"} if kind == "Gaussians" else set()
    assert {name for name, slope in slopes.items() if np.isnan(slope)} == set(MEASURES) - smooth
    assert all(slopes[name] == 0 for name in smooth)
    if kind == "uniforms":
        for theta in (1.0, -1.0, 1.0 + 1e-15):
            touching = at(Copies(kind, 1.0), theta)
            assert {name for name in MEASURES if np.isnan(touching[name][1])} == {"KL", "JS", "TV", "Hellinger"}


@pytest.mark.parametrize("kind", ["points", "uniforms"])
def test_beyond_reach_only_the_wasserstein_distances_pull(kind):
    copies = Copies(kind, 0.8)
    beyond = THETA[np.abs(THETA) > copies.reach + 1e-9]
    curves = copies.curves(beyond)
    assert np.isinf(curves["KL"].value).all()
    assert np.isnan(curves["KL"].slope).all()
    for name, ceiling in (("JS", np.log(2)), ("TV", 1.0), ("Hellinger", 1.0)):
        assert (curves[name].value == ceiling).all()
        assert (curves[name].slope == 0).all()
    for name in ("W1", "W2"):
        assert (curves[name].value == np.abs(beyond)).all()
        assert (curves[name].slope == np.sign(beyond)).all()


@given(st.sampled_from(KINDS), widths, places)
def test_all_are_even_in_theta_and_their_slopes_odd(kind, width, theta):
    here, there = at(Copies(kind, width), theta), at(Copies(kind, width), -theta)
    for name in MEASURES:
        assert here[name][0] == there[name][0], name
        assert np.array_equal(here[name][1], -there[name][1], equal_nan=True), name


@given(widths, places)
def test_known_inequalities_hold(sd, theta):
    """Pinsker, Le Cam, and JS at most log 2 (Tsybakov, 2009, §2.4)."""
    value = {name: v for name, (v, _) in at(Copies("Gaussians", sd), theta).items()}
    assert value["TV"] <= np.sqrt(value["KL"] / 2) + 1e-12
    assert value["Hellinger"] ** 2 <= value["TV"] + 1e-12
    assert value["JS"] <= min(np.log(2) * value["TV"], np.log(2)) + 1e-12


def test_the_strongest_pull_is_the_steepest_slope_that_there_is():
    four = ("KL", "JS", "TV", "W1")
    assert Copies("points").strongest(4.0, four) == ("W1",)
    assert Copies("uniforms", 2.0).strongest(4.0, four) == ("W1",)
    assert Copies("Gaussians", 0.5).strongest(4.0, four) == ("KL",)  # 4 / 0.25 = 16
    assert Copies("Gaussians", 2.0).strongest(4.0, four) == ("KL", "W1")  # 4 / 4 = 1
    assert Copies("Gaussians", 0.5).strongest(0.0, four) == ()
    assert Copies("uniforms", 0.5).strongest(0.25, four) == ("TV",)


def test_the_copy_at_theta_is_the_shape_that_is_measured():
    assert Copies("uniforms", 0.5).shape(2.0) == Uniform(1.75, 2.25)
    assert Copies("Gaussians", 0.5).shape(-1.0) == Gaussian(-1.0, 0.5)
    assert Copies("points").shape(1.0) is None
    assert [Copies(kind, 0.5).reach for kind in KINDS] == [0.0, 0.5, None]


def test_what_is_not_legal_is_named():
    with pytest.raises(ValueError, match=r"kind must be one of .*'uniforms'.*, got 'squares'"):
        Copies("squares")
    for width in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match=r"width must be in \[1e-6, 1e6\], got"):
            Copies("uniforms", width)
    for theta in ([np.nan], 1.0, [[1.0]]):
        with pytest.raises(ValueError, match=r"theta must be finite numbers of shape \(n,\)"):
            Copies("points").curves(theta)


@given(st.sampled_from(KINDS), widths, places)
def test_a_bit_is_log_two_nats(kind, width, theta):
    nats, bits = Copies(kind, width).curves([theta]), Copies(kind, width).curves([theta], "bits")
    for name in MEASURES:
        per = np.log(2) if name in ("KL", "JS") else 1.0
        assert per * bits[name].value[0] == pytest.approx(nats[name].value[0], rel=1e-12)
        assert per * bits[name].slope[0] == pytest.approx(nats[name].slope[0], rel=1e-12, nan_ok=True)
        assert per * bits[name].error == pytest.approx(nats[name].error)
