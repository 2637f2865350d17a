"""Every sentence about noisy points is true of its numbers: the branches one by one, then all over the knobs."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.bernoulli.comparison import Comparison
from playground.bernoulli.regression import Regression
from playground.bernoulli.samples import SAMPLES
from playground.bernoulli.words import noise as words

SINE = SAMPLES["Sine"]
TEN = SINE.points(10, seed=3)


def compared(points=TEN, degree=9, sigma=0.2, tau=0.5, truth=SINE.truth):
    return Comparison(tuple(points), Regression(degree, sigma, tau), truth)


# ---- branch by branch


def test_the_prior_gives_up_the_points_and_wins_the_truth():
    found = compared()
    said = words.notice(found)
    assert "Least squares misses its own points by 0.000 and the truth by 2.734" in said
    assert f"misses the points by {found.misses['Gaussian prior']:.3f}, but the truth by only 0.165." in said


def test_a_small_gain_is_not_called_only():
    found = compared(tau=20.0)
    assert 0.7 < found.errors["Gaussian prior"] / found.errors["least squares"] < 1
    assert re.search(r"but the truth by \d\.\d{3}\.", words.notice(found))


def test_a_prior_that_costs_is_said_to():
    line = SAMPLES["Line"]
    found = compared(line.points(30, seed=0), 1, 0.2, 0.05, line.truth)
    assert found.errors["Gaussian prior"] > found.errors["least squares"]
    assert "here it only costs." in words.notice(found)


def test_a_prior_that_moves_nothing_is_said_to():
    found = compared(SINE.points(40, seed=0), 3, 0.02, 20.0)
    said = words.notice(found)
    assert "The Gaussian prior moves neither number" in said
    assert f"the truth by {found.errors['least squares']:.3f}" in said
    points = tuple((x, 0.0) for x in np.linspace(-1, 1, 9).round(3))
    assert "moves neither number" in words.notice(compared(points, 2, truth=np.zeros_like))


def test_equal_errors_are_said_to_be_equal():
    points = ((-0.5, 0.6), (0.5, -0.4), (0.9, 0.1), (-0.9, -0.2))
    found = compared(points, 1, 0.6, 0.5, None)
    object.__setattr__(found, "errors", {"least squares": 0.25, "Gaussian prior": 0.2501, "Laplace prior": 0.3})
    assert "and a point left out by as much." in words.notice(found)


def test_too_few_points_leave_curves_open():
    said = words.notice(compared(TEN[:4]))
    assert "Points at 4 different x settle 4 of 10 coefficients, so endlessly many curves fit them" in said
    assert "4 of 10" in said
    assert "Points at one x settle 1 of 10" in words.notice(compared([(0.2, 1.0), (0.2, -1.0)]))


def test_points_too_close_together_are_said_to_be():
    close = tuple((round(0.5 + i / 1000, 3), (-1.0) ** i) for i in range(12))
    found = compared(close)
    assert f"so close together that double precision settles only {found.settled} of 10" in words.notice(found)
    assert found.settled < 10


def test_a_narrow_prior_hears_nothing():
    found = compared(sigma=2.0, tau=0.02)
    share, reach = re.search(
        r"settle (\d\.\d\d) of 10 coefficients: its curve stays within (.*) of 0", words.notice(found)
    ).groups()
    assert float(share) == pytest.approx(found.model.effective(found.x), abs=0.005)
    assert float(share) < 0.5
    assert np.abs(found.heights("Gaussian prior")).max() <= float(reach) < 0.05


def test_without_points_the_prior_speaks():
    found = Comparison((), Regression(9, 0.2, 0.5), None)
    middle, ends = re.search(r"±(\S+) at x = 0 and within ±(\S+) at the ends", words.notice(found)).groups()
    sd = found.model.curve([], [], [0.0, 1.0, -1.0])[1]
    assert [float(middle), float(ends)] == pytest.approx(1.959964 * sd[:2], abs=0.005)
    assert sd[1] == sd[2]
    assert words.question(found) == ""


def test_the_degree_that_the_points_prefer_is_named_with_its_odds():
    found = compared()
    degree, odds = re.search(
        r"Degree (\d) makes the points (\S+) times as probable as degree 9 does", words.notice(found)
    ).groups()
    assert int(degree) == 1 + np.argmax(found.log_evidences) == found.best_degree
    assert float(odds) == pytest.approx(math.exp(found.log_evidences.max() - found.log_evidences[8]), rel=0.01)
    assert words.best(found) == f"largest for degree {degree}: {found.log_evidences.max():.3f}"
    best = compared(degree=found.best_degree)
    assert "No degree makes the points clearly more probable than 4 does." in words.notice(best)
    assert words.best(best) == "the largest of degree 1 to 9"


def test_odds_beyond_counting_are_powers_of_ten():
    assert re.search(r"points \d\.\d · 10\S+ times as", words.notice(compared(tau=20.0)))
    wild = SINE.points(40, seed=0)
    assert "more than 10³⁰⁰ times as probable as degree 1" in words.notice(compared(wild, 1, 0.02, 5.0))


@pytest.mark.parametrize(
    ("points", "truth", "asked"),
    [
        (TEN, SINE.truth, "nearest to the truth"),
        (TEN, None, "a point left out best"),
        (TEN[:1], None, ""),
        ((), None, ""),
    ],
)
def test_what_is_asked_has_an_answer(points, truth, asked):
    found = compared(points, truth=truth)
    assert asked in words.question(found)
    assert bool(words.question(found)) == bool(asked)
    if asked:
        assert set(words.right(found)) <= set(words.OPTIONS.values())
        assert words.right(found)


def test_options_fit_a_phone():
    assert all(len(option) <= 10 for option in words.OPTIONS.values())


def test_beside_a_number_stands_what_it_is_held_against():
    found = compared()
    assert words.label(found, "least squares") == "Least squares, RMS to the truth"
    assert words.beside(found, "least squares") == "to its own points 0.000"
    assert words.beside(found, "Gaussian prior") == "to its own points 0.056; truth in band: 100% of x"
    assert words.beside(found, "Laplace prior") == f"to its own points 0.072; {found.dropped} of 10 wₖ exactly 0"
    assert words.beside(compared(TEN[:4]), "least squares") == "to its own points 0.000; 6 of 10 wₖ open"
    anscombe = compared(SAMPLES["Anscombe III"].fixed, 1, truth=None)
    assert words.label(anscombe, "Gaussian prior") == "Gaussian prior, RMS to a point left out"
    assert "band" not in words.beside(anscombe, "Gaussian prior")
    assert (
        words.undefined(compared((), truth=SINE.truth))
        == words.undefined(compared((), truth=None))
        == "no points to fit"
    )
    assert words.undefined(compared(TEN[:1], truth=None)) == "leaving one out takes two points"


def test_shares_of_the_axis_are_whole_only_when_they_are():
    assert [words._percent(share) for share in (1.0, 0.9999, 0.0, 0.001)] == [
        "100% of x", "99% of x", "0% of x", "1% of x",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1234, "0.123"), (999.9, "999.900"), (7423.4283, "7423.428"), (2.5e12, "2.5 · 10¹²"), (-432100.0, "-4.3 · 10⁵")],
)
def test_sizes_never_overflow_their_cell(value, text):
    assert words.size(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.16, "0.16"), (1.6e-7, "1.6 · 10⁻⁷"), (999.7, "1.0 · 10³"), (500, "500")]
)
def test_penalties_have_three_digits(value, text):
    assert words.penalty(value) == text


def test_what_is_read_aloud_hides_what_is_hidden():
    found = compared()
    error = f"{found.errors['Laplace prior']:.3f}"
    assert error in words.aloud(found, reveal=True)
    assert error not in words.aloud(found, reveal=False)
    assert "0.056" not in words.aloud(found, reveal=False)
    assert words.aloud(found, reveal=False).startswith("10 points; least squares: hidden how far off;")
    assert (
        words.aloud(compared((), truth=None), reveal=True)
        == "0 points; Gaussian prior: the line 0; Laplace prior: the line 0."
    )
    assert words.aloud(compared(TEN[:1]), reveal=True).startswith("1 point; ")
    assert words.coefficients_aloud(found).count(",") == 27
    assert words.evidences_aloud(found).count("degree") == 9


# ---- all over the knobs


@st.composite
def states(draw):
    places = st.floats(-1, 1).map(lambda v: round(v, 3))
    heights = st.floats(-2, 2).map(lambda v: round(v, 3))
    points = draw(st.lists(st.tuples(places, heights), max_size=14))
    if draw(st.booleans()):
        points = [(draw(st.sampled_from([-1.0, 0.0, 0.3, 1.0])), y) for _, y in points]
    sigma, tau = 10 ** draw(st.floats(-1.7, 0.3)), 10 ** draw(st.floats(-1.7, 1.3))
    truth = draw(st.sampled_from([sample.truth for sample in SAMPLES.values()]))
    return Comparison(tuple(points), Regression(draw(st.integers(1, 9)), sigma, tau), truth)


@given(states())
def test_no_sentence_has_a_number_that_is_none(found):
    said = [words.notice(found), words.best(found), words.evidence(found), words.aloud(found, reveal=True)]
    said += [words.coefficients_aloud(found), words.evidences_aloud(found)]
    said += [words.beside(found, way) for way in found.weights]
    assert not re.search(r"nan|inf|None|e[+-]\d", " ".join(said))
    assert len(words.notice(found)) < 330


@given(states())
def test_least_squares_is_never_farther_from_its_points_than_the_priors(found):
    if found.points and found.settled == min(len(set(found.x)), found.model.degree + 1):
        least = found.misses["least squares"]
        assert least <= min(found.misses.values()) + 1e-6 * (1 + np.abs(found.weights["least squares"]).max())
