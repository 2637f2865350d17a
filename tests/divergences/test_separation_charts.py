"""The movie of two copies: what stands where at each theta, axes that hold still, nothing of what is hidden."""

import json

import numpy as np
import pytest

from playground.divergences.charts.separation import FARTHEST, STEP_SIZE, THETA, movie
from playground.divergences.separation import Copies
from playground.movie import Arrows, Lines, Points

COPIES = [Copies("points"), Copies("uniforms", 1.0), Copies("uniforms", 0.2), Copies("Gaussians", 0.5)]
MEASURES = ("KL", "JS", "TV", "Hellinger", "W1")
each_kind = pytest.mark.parametrize("copies", COPIES)
each_view = pytest.mark.parametrize("view", ["Distance", "Slope"])


def drawn(copies, view="Distance", *, reveal=True):
    return movie(copies, copies, view, reveal=reveal)


def layer(panel, name):
    """The layer of a panel that is called so, or None."""
    return next((found for found in panel.layers if found.name == name and not isinstance(found, Points)), None)


def frame(theta):
    return int(np.argmin(np.abs(THETA - theta)))


@each_kind
@each_view
def test_every_stick_is_as_high_as_the_divergence_or_its_slope(copies, view):
    curves = copies.curves(THETA)
    for panel, name in zip(drawn(copies, view).panels[1:], MEASURES, strict=True):
        stick = layer(panel, "distance at θ" if view == "Distance" else "slope at θ").xy[:, 0]
        height = curves[name].value if view == "Distance" else curves[name].slope
        inside = np.isfinite(height) & (height <= panel.extent[3])
        assert stick[:, :, 0] == pytest.approx(np.stack([THETA, THETA], -1))
        assert np.all(stick[:, 0, 1] == 0)
        assert stick[inside, 1, 1] == pytest.approx(height[inside], abs=1e-6)
        if view == "Distance":  # what is larger, or infinite, leaves the picture
            assert np.all(stick[~inside, 1, 1] > panel.extent[3])
        else:
            assert np.isnan(stick[np.isnan(height), 1, 1]).all()


@each_kind
@each_view
def test_every_arrow_is_one_step_of_gradient_descent_and_starts_where_q_stands(copies, view):
    curves = copies.curves(THETA)
    for panel, name in zip(drawn(copies, view).panels[1:], MEASURES, strict=True):
        arrow = layer(panel, "one step downhill")
        assert isinstance(arrow, Arrows)
        assert arrow.at[:, 0] == pytest.approx(np.stack([THETA, 0 * THETA], -1))
        slope = curves[name].slope
        pulled = np.isfinite(slope)
        assert arrow.vector[pulled, 0, 0] == pytest.approx(-STEP_SIZE * slope[pulled], rel=1e-6)
        assert np.isnan(arrow.vector[~pulled, 0, 0]).all()
        dots = {found.name: found for found in panel.layers if isinstance(found, Points)}
        assert dots["Q"].xy[:, 0, 0] == pytest.approx(THETA)
        assert (dots["P"].xy == 0).all()


@each_kind
def test_a_curve_is_drawn_where_it_is_finite_and_arrows_lead_out_where_it_is_not(copies):
    curves = copies.curves(THETA)
    for panel, name in zip(drawn(copies).panels[1:], MEASURES, strict=True):
        if np.isinf(curves[name].value).any():
            assert layer(panel, "divergence") is None
            up = layer(panel, "∞")
            assert (up.vector[:, 1] > 0).all()
            assert 0 not in up.at[:, 0]
            assert (up.at[:, 1] + up.vector[:, 1] < panel.extent[3]).all()
        else:
            assert layer(panel, "∞") is None
            x, y = layer(panel, "divergence").xy[0].T
            there = ~np.isnan(y)
            assert x == pytest.approx(THETA)
            assert y[there] == pytest.approx(curves[name].value[there], abs=1e-6)
            jumps = copies.kind == "points" and name != "W1"
            assert set(THETA[~there]) == ({0.0} if jumps else set())


def test_the_ceilings_are_log_two_and_one():
    tops = {}
    for panel, name in zip(drawn(COPIES[1]).panels[1:], MEASURES, strict=True):
        ceiling = layer(panel, "most it can be")
        tops[name] = None if ceiling is None else float(ceiling.xy[0, 0, 1])
    assert tops == {"KL": None, "JS": pytest.approx(np.log(2)), "TV": 1.0, "Hellinger": 1.0, "W1": None}


@each_kind
def test_q_is_p_moved_by_theta_and_both_hold_a_mass_of_one(copies):
    shapes = drawn(copies).panels[0]
    p, q = layer(shapes, "P").xy[0], layer(shapes, "Q").xy[:, 0]
    assert q[:, :, 0] == pytest.approx(p[:, 0] + THETA[:, None], abs=1e-6)
    assert np.all(q[:, :, 1] == p[:, 1])
    if copies.kind == "points":
        assert p.tolist() == [[0, 0], [0, 1]]
    else:
        assert np.trapezoid(p[:, 1], p[:, 0]) == pytest.approx(1, abs=1e-3)
    assert p[:, 1].max() <= shapes.extent[3]


@each_kind
@each_view
def test_all_panels_share_one_theta_axis_and_the_time_line_has_both_ends_and_zero(copies, view):
    shown = drawn(copies, view)
    assert {panel.extent[:2] for panel in shown.panels} == {(-3.0, 3.0)}
    assert (THETA[0], THETA[50], THETA[-1]) == (-FARTHEST, 0.0, FARTHEST)
    assert np.array_equal(shown.times, THETA)
    assert THETA[shown.start] > 1


@each_view
def test_axes_follow_the_resting_knob_and_give_way_only_to_what_would_leave(view):
    rest, narrow = Copies("uniforms", 1.0), Copies("uniforms", 0.2)
    for width in (0.9, 1.3, 2.0):
        held = movie(Copies("uniforms", width), rest, view, reveal=True)
        assert [panel.extent for panel in held.panels] == [panel.extent for panel in drawn(rest, view).panels]
        back = movie(Copies("uniforms", width), narrow, view, reveal=True)
        assert [panel.extent for panel in back.panels] == [panel.extent for panel in drawn(narrow, view).panels]
    given_way = movie(narrow, rest, view, reveal=True)
    assert [panel.extent for panel in given_way.panels] == [panel.extent for panel in drawn(narrow, view).panels]


@each_kind
@each_view
def test_before_the_prediction_only_p_and_q_are_drawn(copies, view):
    hidden = drawn(copies, view, reveal=False)
    assert hidden.text is None
    for panel in hidden.panels:
        assert {found.name for found in panel.layers} == {"P", "Q"}
    other = drawn(Copies("uniforms", 0.35), view, reveal=False)
    assert [panel.extent for panel in hidden.panels[1:]] == [panel.extent for panel in other.panels[1:]]


@each_kind
@each_view
def test_the_movie_is_small_legal_and_made_once(copies, view):
    shown = drawn(copies, view)
    assert drawn(copies, view) is shown
    payload = shown.encode()
    assert len(payload) < 500_000
    json.loads(payload[8 : 8 + int.from_bytes(payload[4:8], "little")])
    assert shown.hidden().get("Q", 0) == 0  # the legend would call it not a number


@each_view
def test_curves_carry_their_role(view):
    for panel in drawn(COPIES[3], view).panels[1:]:
        roles = {found.name: found.color for found in panel.layers if isinstance(found, Lines | Arrows)}
        assert roles["one step downhill"] == "model"
        assert {color for name, color in roles.items() if name not in ("one step downhill", "most it can be")} == {
            "error"
        }
        assert roles.get("most it can be", "truth") == "truth"


@each_kind
@each_view
def test_in_bits_the_curves_of_kl_and_js_grow_and_the_steps_stay(copies, view):
    nats, bits = drawn(copies, view), movie(copies, copies, view, reveal=True, units="bits")
    stick = "distance at θ" if view == "Distance" else "slope at θ"
    for one, other, name in zip(nats.panels[1:], bits.panels[1:], MEASURES, strict=True):
        per = np.log(2) if name in ("KL", "JS") else 1.0
        high = layer(one, stick).xy[:, 0, 1, 1], layer(other, stick).xy[:, 0, 1, 1]
        inside = (high[0] <= one.extent[3]) & (high[1] <= other.extent[3])
        assert per * high[1][inside] == pytest.approx(high[0][inside], rel=1e-5, abs=1e-6)
        steps = [layer(panel, "one step downhill").vector for panel in (one, other)]
        assert np.array_equal(*steps, equal_nan=True)
        assert ("nats" in one.y) == (name in ("KL", "JS")) == ("bits" in other.y)
    if view == "Distance":
        assert layer(bits.panels[2], "most it can be").xy[0, 0, 1] == 1
        assert bits.text != nats.text
