"""Fitting one Gaussian to two bumps: values and slopes against autograd and scipy, floors against blind searches."""

import itertools
from functools import cache
from math import log, pi

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import norm

from playground.divergences.fit import (
    AS_LOW,
    LONGEST_STEP,
    OBJECTIVES,
    STARTS,
    Descent,
    Plane,
    covers,
    descend,
    endings,
    floors,
    paths,
    plane_of,
)
from playground.divergences.gaussians import Gaussian, TwoGaussians

CASES = [
    Descent(), Descent(weight=0.7), Descent(weight=0.9, gap=6.0, width=0.25), Descent(gap=0.0, width=1.0),
    Descent(weight=0.3, gap=2.0, width=1.5), Descent(gap=3.0, width=0.35),
]  # fmt: skip
FITS = [(0.0, 1.0), (-2.0, 0.4), (3.0, 0.3), (1.0, 3.0), (8.0, 0.5), (-0.5, 6.0)]
descents = st.builds(Descent, weight=st.floats(0.05, 0.95), gap=st.floats(0, 6), width=st.floats(0.25, 1.5))
fits = st.tuples(st.floats(-4, 9), st.floats(log(0.25), log(6)))


def divergences(target, mean, log_sd, *, reach=70, nodes=20_001):
    """The four by their definitions on a fine even grid, in torch float64, to be differentiated."""
    x = torch.linspace(-reach, reach, nodes, dtype=torch.float64)
    dx = x[1] - x[0]
    log_p = torch.from_numpy(target.log_pdf(x.numpy()))
    log_q = -0.5 * ((x - mean) / log_sd.exp()) ** 2 - log_sd - 0.5 * log(2 * pi)
    log_m = torch.logaddexp(log_p, log_q) - log(2)
    p, q = log_p.exp(), log_q.exp()
    kl = (p * (log_p - log_q)).sum() * dx, (q * (log_q - log_p)).sum() * dx
    js = 0.5 * (p * (log_p - log_m) + q * (log_q - log_m)).sum() * dx
    below = torch.from_numpy(_normal_scores(target, reach, nodes))
    w2 = (p * (x - mean - log_sd.exp() * below) ** 2).sum() * dx  # the plan of W₂ pairs equal quantiles
    return torch.stack([*kl, js, w2])


@cache
def _normal_scores(target, reach, nodes):
    """Φ⁻¹(F(x)) on the grid, kept finite where P has no mass."""
    x = np.linspace(-reach, reach, nodes)
    left = norm.ppf(np.maximum(target.cdf(x), 1e-300))
    return np.where(target.cdf(x) < 0.5, left, -norm.ppf(np.maximum(target.sf(x), 1e-300)))


def at(target, mean, log_sd):
    """Values, shape (4,), and slopes, shape (2, 4), at one place for all objectives."""
    value, slope = plane_of(target).slopes(np.full((4, 1), mean), np.full((4, 1), log_sd))
    return value[:, 0], slope[:, :, 0]


@pytest.mark.parametrize("config", CASES)
@pytest.mark.parametrize("fit", FITS)
def test_values_and_slopes_are_the_definitions_and_their_gradients_by_autograd(config, fit):
    place = torch.tensor([fit[0], log(fit[1])], dtype=torch.float64, requires_grad=True)
    wanted = divergences(config.target, *place)
    value, slope = at(config.target, fit[0], log(fit[1]))
    assert value == pytest.approx(wanted.detach().numpy(), rel=1e-7, abs=1e-7)
    for i in range(4):
        (gradient,) = torch.autograd.grad(wanted[i], place, retain_graph=True)
        assert slope[:, i] == pytest.approx(gradient.numpy(), rel=1e-6, abs=1e-6), OBJECTIVES[i]


@settings(max_examples=60)
@given(descents, fits)
def test_the_grid_is_fine_enough(config, fit):
    fine = Plane(config.target, 3000)
    (value, slope), (wanted, gradient) = (
        plane.slopes(*(np.full((4, 1), coordinate) for coordinate in fit)) for plane in (plane_of(config.target), fine)
    )
    assert value == pytest.approx(wanted, rel=1e-8, abs=1e-7)
    assert slope == pytest.approx(gradient, rel=1e-6, abs=1e-6)


@given(descents, fits)
def test_js_lies_between_nothing_and_log_two_and_the_others_are_not_negative(config, fit):
    value, _ = at(config.target, *fit)
    assert (value > -1e-9).all()
    assert value[2] <= log(2)


@pytest.mark.parametrize("config", CASES)
def test_the_best_fit_of_kl_has_the_moments_and_that_of_w2_the_quantiles(config):
    kl, _, _, w2 = floors(config)
    target = config.target
    assert kl.exact
    assert w2.exact
    mean = quad(lambda u: float(target.quantile(u)), 0, 1, limit=400)[0]
    second = quad(lambda x: x**2 * float(target.pdf(x)), -20, 20, limit=400, points=(-3, 0, 3))[0]
    assert kl.fits[0].mean == w2.fits[0].mean == pytest.approx(mean, abs=1e-8)
    assert kl.fits[0].sd == pytest.approx(np.sqrt(second - mean**2), rel=1e-8)
    moment = quad(lambda u: float(target.quantile(u)) * norm.ppf(u), 0, 1, limit=400)[0]
    assert w2.fits[0].sd == pytest.approx(moment, rel=1e-7)


@pytest.mark.parametrize("config", CASES)
def test_no_blind_search_finds_a_lower_place_than_the_floor(config):
    generator = np.random.default_rng(0)
    coarse = Plane(config.target, 350)
    half, width = config.gap / 2, config.width
    for i, floor in enumerate(floors(config)):

        def value(place, i=i):
            if place[1] < log(0.7 * width):  # a spike between two nodes would seem to cost nothing
                return np.inf
            return coarse.slopes(*(np.full((4, 1), coordinate) for coordinate in place))[0][i, 0]

        starts = zip(generator.uniform(-half - 1, half + 1, 8), generator.uniform(log(width), 1.2, 8), strict=True)
        found = min(minimize(value, start, method="Nelder-Mead", options={"fatol": 1e-9}).fun for start in starts)
        assert floor.value == pytest.approx(found, abs=1e-6), OBJECTIVES[i]
        for fit in floor.fits:
            reached, slope = at(config.target, fit.mean, log(fit.sd))
            assert reached[i] == pytest.approx(floor.value, abs=1e-9)
            assert np.abs(slope[:, i]).max() < 1e-6


@settings(max_examples=40)
@given(descents)
def test_the_search_of_the_plane_finds_what_is_known_in_closed_form(config):
    searched = plane_of(config.target).lowest
    for i in (0, 3):
        assert searched[i].value == pytest.approx(floors(config)[i].value, abs=1e-8)
        assert searched[i].fits[0].mean == pytest.approx(floors(config)[i].fits[0].mean, abs=1e-5)
        assert searched[i].fits[0].sd == pytest.approx(floors(config)[i].fits[0].sd, rel=1e-5)


@settings(max_examples=25)
@given(descents)
def test_no_run_ends_below_the_floor(config):
    for row in endings(config).values():
        for ending, floor in zip(row, floors(config), strict=True):
            assert ending.value >= floor.value - 1e-8


def test_two_equal_bumps_have_two_best_fits_for_the_seeking_divergence_and_one_for_the_covering():
    kl, kl_back, js, w2 = floors(Descent(gap=5.0, width=0.3))
    assert [len(floor.fits) for floor in (kl, kl_back, js, w2)] == [1, 2, 2, 1]
    left, right = kl_back.fits
    assert left.mean == pytest.approx(-right.mean)
    assert left.mean == pytest.approx(-2.5, abs=1e-3)
    assert left.sd == pytest.approx(0.3, abs=1e-3)
    assert kl_back.value == pytest.approx(log(2), abs=1e-4)  # half of P is simply not looked at


@pytest.mark.parametrize("start", STARTS)
def test_a_descent_is_what_torchs_sgd_does_with_a_clipped_gradient(start):
    config = Descent(weight=0.6, gap=3.0, width=0.6, start=start, steps=12)
    history = list(descend(config))
    for i in range(4):
        place = torch.tensor([config.origin.mean, log(config.origin.sd)], dtype=torch.float64, requires_grad=True)
        optimiser = torch.optim.SGD([place], lr=config.rate)
        for step in history:
            assert step.fits[i].mean == pytest.approx(place[0].item(), abs=1e-6)
            assert step.fits[i].sd == pytest.approx(place[1].exp().item(), rel=1e-6)
            optimiser.zero_grad()
            loss = divergences(config.target, *place, reach=30, nodes=4_001)[i]
            assert step.values[i] == pytest.approx(loss.item(), rel=1e-6, abs=1e-6)
            loss.backward()
            torch.nn.utils.clip_grad_norm_([place], LONGEST_STEP / config.rate)
            optimiser.step()


@pytest.mark.parametrize("start", STARTS)
def test_the_runs_computed_together_are_the_runs_computed_alone(start):
    config = Descent(weight=0.7, start=start, steps=60)
    together, j = paths(config), STARTS.index(start)
    for step in descend(config):
        assert [fit.mean for fit in step.fits] == pytest.approx(together.mean[step.step, :, j], abs=1e-12)
        assert [fit.sd for fit in step.fits] == pytest.approx(together.sd[step.step, :, j], rel=1e-12)
        assert list(step.values) == pytest.approx(together.value[step.step, :, j], abs=1e-12)


@pytest.mark.parametrize("rate", [0.1, 1.0])
@pytest.mark.parametrize(("gap", "width"), [(4.0, 0.5), (2.4, 0.6), (5.0, 0.3), (0.0, 1.0)])
def test_what_is_symmetric_stays_symmetric(gap, width, rate):
    run = paths(Descent(gap=gap, width=width, rate=rate))
    middle, wide = STARTS.index("middle"), STARTS.index("wide")
    assert np.abs(run.mean[:, :, [middle, wide]]).max() < 1e-9
    left, right = STARTS.index("left"), STARTS.index("right")
    assert run.mean[:, :, left] == pytest.approx(-run.mean[:, :, right], abs=1e-9)
    assert run.sd[:, :, left] == pytest.approx(run.sd[:, :, right], rel=1e-9)


def test_swapping_the_weights_mirrors_every_run():
    one, other = paths(Descent(weight=0.3)), paths(Descent(weight=0.7))
    left, right = STARTS.index("left"), STARTS.index("right")
    assert one.mean[:, :, left] == pytest.approx(-other.mean[:, :, right], abs=1e-6)
    assert one.value[:, :, left] == pytest.approx(other.value[:, :, right], abs=1e-6)


@settings(max_examples=20)
@given(st.builds(Descent, weight=st.floats(0.05, 0.95), gap=st.floats(0, 4), width=st.floats(0.5, 1.5),
                 rate=st.just(0.03), steps=st.just(120)))  # fmt: skip
def test_at_a_low_rate_every_step_goes_down(config):
    assert np.diff(paths(config).value, axis=0).max() < 1e-9


def test_covering_against_seeking():
    config = Descent()
    kl, kl_back, js, w2 = endings(config)["left"]
    assert [covers(config.target, ending.fit) for ending in (kl, kl_back, js, w2)] == [2, 1, 1, 2]
    assert [ending.status for ending in (kl, kl_back, w2)] == ["global minimum"] * 3
    assert js.status == "local minimum"
    assert js.value > floors(config)[2].value + AS_LOW


def test_from_the_middle_even_the_seeking_divergence_stays_between_the_bumps():
    config = Descent()
    ending = endings(config)["middle"][1]
    assert ending.status == "local minimum"
    assert covers(config.target, ending.fit) == 2
    assert ending.value > floors(config)[1].value + 1


def test_out_of_sight_js_has_no_slope_and_w2_comes_home():
    config = Descent()
    _, _, js, w2 = endings(config)["far"]
    assert js.status == "no slope"
    assert js.fit.mean == pytest.approx(8, abs=1e-3)
    assert js.value == pytest.approx(log(2), abs=1e-6)
    assert w2.status == "global minimum"


def test_a_rate_that_is_too_high_bounces_and_one_that_is_too_low_is_still_on_its_way():
    assert {ending.status for ending in endings(Descent(rate=1.0))["left"]} >= {"bouncing"}
    assert {ending.status for ending in endings(Descent(rate=0.01, steps=20))["left"]} == {"still moving"}


def test_where_p_is_a_gaussian_all_four_find_it():
    config = Descent(gap=0.0, width=1.0)
    for start, row in endings(config).items():
        for name, ending, floor in zip(OBJECTIVES, row, floors(config), strict=True):
            assert floor.value == pytest.approx(0, abs=1e-9)
            if (start, name) != ("far", "JS"):
                assert (ending.fit.mean, ending.fit.sd) == pytest.approx((0, 1), abs=0.02)


def test_a_bump_is_covered_within_two_standard_deviations():
    target = TwoGaussians(0.5, -2.0, 0.5, 2.0, 0.5)
    assert [covers(target, Gaussian(mean, sd)) for mean, sd in [(0, 1.0), (0, 0.99), (-2, 0.5), (9, 1)]] == [2, 0, 1, 0]


def test_the_map_holds_the_values_of_the_plane():
    plane, mean, log_sd = plane_of(Descent().target), np.linspace(-3, 3, 5), np.linspace(-1, 1, 4)
    found = plane.map(mean, log_sd)
    assert found.shape == (4, 4, 5)
    for (i, up), (j, across) in itertools.product(enumerate(log_sd), enumerate(mean)):
        assert found[:, i, j] == pytest.approx(at(Descent().target, across, up)[0])


def test_starts_are_where_they_are_said_to_be():
    origins = Descent(gap=4.0).origins
    assert origins == {
        "left": Gaussian(-2.0, 1.0), "right": Gaussian(2.0, 1.0), "middle": Gaussian(0.0, 1.0),
        "wide": Gaussian(0.0, 3.0), "far": Gaussian(8.0, 0.5),
    }  # fmt: skip
    assert Descent(start="wide").origin == Gaussian(0.0, 3.0)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"weight": 1.0}, r"weight must be in \[0.05, 0.95\], got 1.0"),
        ({"gap": -1.0}, r"gap must be in \[0, 6\], got -1.0"),
        ({"width": float("nan")}, r"width must be in \[0.25, 1.5\], got nan"),
        ({"rate": "fast"}, "rate must be a number, got 'fast'"),
        ({"steps": 2.5}, r"steps must be a whole number, got 2.5"),
        ({"steps": True}, r"steps must be a whole number, got True"),
        ({"start": "home"}, r"start must be one of \('left', .*\), got 'home'"),
    ],
)
def test_what_is_not_legal_is_named(values, says):
    with pytest.raises(ValueError, match=says):
        Descent(**values)
