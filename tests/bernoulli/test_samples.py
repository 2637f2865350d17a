"""The named points: on the sheet, scattered as they say, and with the coefficients of their truth."""

import numpy as np
import pytest
from scipy import integrate

from playground.bernoulli.samples import DIGITS, MOST_POINTS, SAMPLES, SHEET, truth_weights

DRAWN = [name for name, sample in SAMPLES.items() if sample.truth]


@pytest.mark.parametrize("name", SAMPLES)
def test_points_lie_on_the_sheet_whatever_the_seed(name):
    x0, x1, y0, y1 = SHEET
    for seed in range(1000):
        points = np.array(SAMPLES[name].points(MOST_POINTS, seed=seed)).reshape(-1, 2)
        assert ((points >= [x0, y0]) & (points <= [x1, y1])).all()
        assert (points == np.round(points, DIGITS)).all()


@pytest.mark.parametrize("name", DRAWN)
def test_points_scatter_around_the_truth_by_their_noise(name):
    sample = SAMPLES[name]
    drawn = np.concatenate([sample.points(MOST_POINTS, seed=seed) for seed in range(250)])
    scatter = drawn[:, 1] - sample.truth(drawn[:, 0])
    assert scatter.std() == pytest.approx(sample.noise, rel=0.05)
    assert abs(scatter.mean()) < 4 * sample.noise / 100
    assert drawn[:, 0].min() == pytest.approx(sample.low, abs=0.01)
    assert drawn[:, 0].max() == pytest.approx(sample.high, abs=0.01)


def test_points_belong_to_their_seed_and_their_number():
    sine = SAMPLES["Sine"]
    assert sine.points(12, seed=3) == sine.points(12, seed=3) != sine.points(12, seed=4)
    assert len(sine.points(0, seed=0)) == 0
    assert len(sine.points(40, seed=0)) == 40
    x = np.array(sine.points(10, seed=1))[:, 0]
    assert np.floor((x + 1) * 5).tolist() == list(range(10))  # one in each tenth
    with pytest.raises(ValueError, match=r"n must be in \[0, 40\], got 41"):
        sine.points(41, seed=0)


def test_anscombes_third_set_has_its_published_regression_line():
    x, y = np.array(SAMPLES["Anscombe III"].points(0, seed=0)).T
    slope, level = np.polyfit(5 * x + 9, 3 * y + 7.5, 1)
    assert (slope, level) == (pytest.approx(0.5, abs=0.002), pytest.approx(3, abs=0.01))  # 3 + 0.5 x
    assert len(x) == 11


def test_an_empty_sheet_is_empty():
    assert SAMPLES["Empty sheet"].points(7, seed=0) == ()


@pytest.mark.parametrize("name", DRAWN)
def test_the_truth_has_the_coefficients_of_its_chebyshev_series(name):
    truth = SAMPLES[name].truth
    for k, weight in enumerate(truth_weights(name, 9)):
        share = integrate.quad(lambda angle, k=k, f=truth: f(np.cos(angle)) * np.cos(k * angle), 0, np.pi, limit=200)[0]
        assert weight == pytest.approx(share * (1 if k == 0 else 2) / np.pi, abs=1e-9)


def test_two_terms_are_two():
    assert np.round(truth_weights("Two terms", 9), 12).tolist() == [0, 0.5, 0, 0, -0.5, 0, 0, 0, 0, 0]
    with pytest.raises(ValueError, match="'Empty sheet' has no known truth"):
        truth_weights("Empty sheet", 3)
