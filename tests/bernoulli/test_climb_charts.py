"""The movie of two climbs: what stands where, what is hidden, how large it is."""

import json
from dataclasses import replace

import numpy as np
import pytest
from climb_cases import POSTERIORS, pair

from playground.bernoulli.ascent import Climb, optimum
from playground.bernoulli.charts.climb import RUNGS, depth, movie, path
from playground.bernoulli.priors import Beta
from playground.bernoulli.truncated_normal import TruncatedNormal

UNITS = {"nats, top = 0": 1, "thousand nats, top = 0": 1e3, "million nats, top = 0": 1e6}
each_pair = pytest.mark.parametrize("name", POSTERIORS)


def shown(name, **how):
    climbs = pair(name)
    return movie(*climbs, axis=depth(*climbs), **how)


def layers(film, panel):
    return {layer.name: layer for layer in film.panels[panel].layers}


@each_pair
def test_every_climb_makes_a_small_movie_without_holes(name):
    film = shown(name)
    assert len(film.times) == POSTERIORS[name].steps + 1
    assert set(film.hidden().values()) == {0}
    payload = film.encode()
    assert len(payload) < 400_000
    assert b"NaN" not in payload
    size = int.from_bytes(payload[4:8], "little")
    json.loads(payload[8 : 8 + size], parse_constant=pytest.fail)


@each_pair
def test_the_climber_stands_on_its_curve_where_the_engine_says(name):
    film = shown(name)
    for panel, (climb, who) in enumerate(zip(pair(name), ("MLE", "MAP"), strict=True)):
        theta = np.array([snapshot.theta for snapshot in path(climb)])
        dot = layers(film, panel)[who].xy[:, 0]
        assert dot[:, 0] == pytest.approx(theta, abs=1e-6)
        height = climb.belief.log_density(np.array(theta))
        if optimum(climb) not in (None, 0.0, 1.0):
            below = height - climb.belief.log_density(np.array([optimum(climb)]))
            assert dot[:, 1] * UNITS[film.panels[panel].y] == pytest.approx(below, rel=1e-5, abs=1e-5)
        steps = layers(film, panel)["steps"].xy
        for frame in (0, len(theta) // 2, len(theta) - 1):
            visited = theta[np.minimum(np.arange(len(theta)), frame)]
            assert steps[frame, :, 0] == pytest.approx(visited, abs=1e-6)
        assert film.charts[panel].curves["θ"] == pytest.approx(list(theta))


@each_pair
def test_the_tops_are_the_exact_ones_in_panel_and_chart(name):
    film = shown(name)
    for panel, climb in enumerate(pair(name)):
        best = optimum(climb)
        drawn = layers(film, panel).get("top")
        assert (drawn is None) == (best is None) == (film.charts[panel].truth is None)
        if best is not None:
            assert drawn.xy[0, :, 0] == pytest.approx([best, best], abs=1e-7)
            assert film.charts[panel].truth[1] == best


def test_a_curve_with_a_top_inside_reaches_0_there_and_nothing_is_above():
    for name in ("settles", "logit", "bell"):
        film = shown(name)
        for panel, curve, best in zip(
            (0, 1), ("log-likelihood", "log-posterior"), map(optimum, pair(name)), strict=True
        ):
            x, y = layers(film, panel)[curve].xy[0].T
            assert y.max() <= 1e-6
            assert abs(x[y.argmax()] - best) < 0.01


def test_the_posterior_is_the_sum_of_likelihood_and_prior_up_to_a_constant_in_both_coordinates():
    for name in ("settles", "logit", "bell", "absurd rate", "absurd rate, logit"):
        parts = [layers(shown(name), 1)[curve].xy[0, :, 1].astype(float) for curve in ("log-likelihood", "log-prior")]
        whole = layers(shown(name), 1)["log-posterior"].xy[0, :, 1]
        gap = whole - sum(parts)
        assert gap == pytest.approx(gap[0], abs=1e-4 * float(np.abs(whole).max()))


def test_in_the_logit_the_map_of_theta_is_kept_in_sight():
    assert layers(shown("logit"), 1)["MAP in θ"].xy[0, 0, 0] == pytest.approx(9 / 14)
    assert "MAP in θ" not in layers(shown("logit"), 0)
    assert "MAP in θ" not in layers(shown("settles"), 1)
    assert "MAP in θ" not in layers(shown("nothing known, logit"), 1)


@pytest.mark.parametrize("name", ["swings", "logit"])
def test_before_the_answer_only_the_start_is_in_the_movie(name):
    film = shown(name, climbed=False)
    assert len(film.times) == len(film.text) == 1
    assert film.charts[0].curves["θ"] == [0.2]
    assert len(film.encode()) < len(shown(name).encode())


def test_the_tops_can_be_hidden_with_the_curve_that_tells_one():
    film = shown("logit", climbed=False, tops=False)
    assert {"log-posterior", "top", "MAP in θ"} & {*layers(film, 0), *layers(film, 1)} == set()
    assert film.charts[0].truth is film.charts[1].truth is None


def test_both_panels_have_one_axis_that_shows_both_starts():
    for name in POSTERIORS:
        film = shown(name)
        extents = {panel.extent for panel in film.panels}
        assert len(extents) == 1
        low = extents.pop()[2]
        rung = -low * UNITS[film.panels[0].y]
        assert rung in RUNGS
        for panel, who in enumerate(("MLE", "MAP")):
            assert layers(film, panel)[who].xy[0, 0, 1] >= low or rung == RUNGS[-1]


def test_the_axis_is_the_same_whatever_the_rate():
    slow, fast = (Climb(7, 3, Beta(3, 3), rate=rate) for rate in (1e-4, 1.0))
    assert depth(slow, slow) == depth(fast, fast)


def test_the_text_of_a_frame_says_where_the_climbs_are_and_which_step_was_halved():
    climbs = pair("all heads")
    film = shown("all heads")
    for frame in (0, 20, 40):
        left, right = path(climbs[0])[frame], path(climbs[1])[frame]
        assert f"MLE θ = {left.theta:.4f}" in film.text[frame]
        assert f"MAP θ = {right.theta:.4f}" in film.text[frame]
        assert (f"halved {left.halvings}×" in film.text[frame]) == (left.halvings > 0)


def test_an_axis_is_measured_from_the_top_only_where_there_is_one():
    named = {name: [panel.y for panel in shown(name).panels] for name in POSTERIORS}
    assert named["no summit"] == named["two walls"] == ["nats, top = 0", "nats"]
    assert named["settles"] == named["no flips"] == named["two walls, logit"] == ["nats, top = 0"] * 2


@pytest.mark.parametrize(
    ("imagined", "unit"), [(3, 1), (100, 1), (1e4, 1e3), (1e6, 1e6), (TruncatedNormal(0, 0.01), 1e3)]
)
def test_the_unit_keeps_the_labels_of_the_axis_short(imagined, unit):
    prior = Beta(imagined, imagined) if isinstance(imagined, int | float) else imagined
    posterior = Climb(7, 3, prior, rate=0.005, start=0.99)
    climbs = (replace(posterior, prior=None), posterior)
    for axis in (depth(*climbs), RUNGS[-1]):
        for panel in movie(*climbs, axis=axis).panels:
            told = UNITS[panel.y]
            assert told == (unit if axis < RUNGS[-1] else 1e6)
            assert panel.extent[2:] == pytest.approx((-axis / told, 0.08 * axis / told))
            assert panel.extent[2] > -1e3
