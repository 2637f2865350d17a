"""The Gaussian closed forms against quadrature and samples."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from playground.causality import (
    Climate,
    Country,
    Line,
    altitude_on_temperature,
    excess_nll,
    expected_nll,
    fit_line,
    sample_altitude,
    temperature_on_altitude,
)

ALPS, COAST, CLIMATE = Country(1400.0, 700.0), Country(200.0, 150.0), Climate()
countries = st.builds(Country, st.floats(-100, 4000), st.floats(10, 2000))
climates = st.builds(Climate, st.floats(-10, 30), st.floats(-0.02, 0.02), st.floats(0.2, 8))


@pytest.mark.parametrize("moments", [temperature_on_altitude, altitude_on_temperature])
def test_closed_forms_agree_with_quadrature(moments):
    truth, line = moments(ALPS, CLIMATE), moments(COAST, CLIMATE).line()
    best = truth.line()
    p_x = stats.norm(truth.mean_x, truth.variance_x**0.5)

    def loss(y, x):
        p = p_x.pdf(x) * stats.norm(best.intercept + best.slope * x, best.sd).pdf(y)
        return -p * stats.norm(line.intercept + line.slope * x, line.sd).logpdf(y)

    # Gauss-Legendre on ± 9 standard deviations: exact to rounding for a Gaussian times a square
    nodes, weights = np.polynomial.legendre.leggauss(120)
    x = truth.mean_x + 9 * truth.variance_x**0.5 * nodes
    y = (best.intercept + best.slope * x)[:, None] + 9 * best.sd * nodes
    area = 81 * truth.variance_x**0.5 * best.sd
    quadrature = area * (weights[:, None] * weights * loss(y, x[:, None])).sum()
    assert expected_nll(line, truth) == pytest.approx(quadrature, rel=1e-9)


@given(countries, countries, climates)
def test_the_mechanism_transfers_and_costs_nothing(home, abroad, climate):
    line = temperature_on_altitude(home, climate).line()
    assert line.slope == pytest.approx(climate.lapse, abs=1e-12)
    assert line.intercept == pytest.approx(climate.sea_level, abs=1e-6)
    assert line.sd == pytest.approx(climate.noise_sd, rel=1e-6)
    truth = temperature_on_altitude(abroad, climate)
    exact = Line(climate.lapse, climate.sea_level, climate.noise_sd)
    assert excess_nll(exact, truth) == pytest.approx(0.0, abs=1e-9)


@given(countries, climates, st.floats(-1, 1), st.floats(-100, 100), st.floats(0.1, 100))
def test_excess_is_the_loss_above_the_best_and_never_negative(country, climate, slope, intercept, sd):
    line = Line(slope, intercept, sd)
    for moments in (temperature_on_altitude, altitude_on_temperature):
        truth = moments(country, climate)
        gap = expected_nll(line, truth) - expected_nll(truth.line(), truth)
        assert excess_nll(line, truth) >= 0
        assert excess_nll(line, truth) == pytest.approx(gap, rel=1e-6, abs=1e-6)


def test_the_backward_regression_loses_abroad():
    line = altitude_on_temperature(ALPS, CLIMATE).line()
    assert excess_nll(line, altitude_on_temperature(ALPS, CLIMATE)) == pytest.approx(0.0, abs=1e-12)
    assert excess_nll(line, altitude_on_temperature(COAST, CLIMATE)) > 0.5


def test_excess_is_the_expected_kl_by_quadrature():
    truth, line = altitude_on_temperature(ALPS, CLIMATE), altitude_on_temperature(COAST, CLIMATE).line()
    best = truth.line()

    def kl(x):
        gap = best.intercept + best.slope * x - line.intercept - line.slope * x
        density = stats.norm(truth.mean_x, truth.variance_x**0.5).pdf(x)
        return density * (np.log(line.sd / best.sd) + (best.sd**2 + gap**2) / (2 * line.sd**2) - 0.5)

    reach = 10 * truth.variance_x**0.5
    value, _ = integrate.quad(kl, truth.mean_x - reach, truth.mean_x + reach)
    assert excess_nll(line, truth) == pytest.approx(value, rel=1e-8)


def test_samples_and_fits_find_the_population_lines_both_ways():
    n = 200_000
    altitude, temperature = sample_altitude(ALPS, CLIMATE, n, generator=torch.Generator().manual_seed(0))
    for x, y, truth in (
        (altitude, temperature, temperature_on_altitude(ALPS, CLIMATE)),
        (temperature, altitude, altitude_on_temperature(ALPS, CLIMATE)),
    ):
        line, best = fit_line(x, y), truth.line()
        assert abs(float(x.mean()) - truth.mean_x) <= 4 * (truth.variance_x / n) ** 0.5
        assert abs(float(y.mean()) - truth.mean_y) <= 4 * (truth.variance_y / n) ** 0.5
        assert abs(line.slope - best.slope) <= 4 * best.sd / (n * truth.variance_x) ** 0.5
        assert abs(line.sd - best.sd) <= 4 * best.sd / (2 * n) ** 0.5
        # three fitted parameters cost 3 / (2n) nats on average (Wilks)
        assert 0 <= excess_nll(line, truth) <= 20 / n


def test_fit_is_the_least_squares_of_numpy():
    rng = np.random.default_rng(0)
    x, y = rng.normal(1000, 300, 50), rng.normal(5, 3, 50)
    line = fit_line(torch.tensor(x), torch.tensor(y))
    slope, intercept = np.polyfit(x, y, 1)
    assert (line.slope, line.intercept) == pytest.approx((slope, intercept))
    assert line.sd == pytest.approx(np.sqrt(np.mean((y - intercept - slope * x) ** 2)))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Country(0.0, 0.0), "altitude_sd must be in"),
        (lambda: Country(float("nan"), 1.0), "mean_altitude must be in"),
        (lambda: Climate(noise_sd=-1.0), "noise_sd must be in"),
        (lambda: Climate(lapse=float("inf")), "lapse must be in"),
        (lambda: sample_altitude(ALPS, CLIMATE, 0, generator=torch.Generator()), "n must be at least 1, got 0"),
        (lambda: fit_line(torch.zeros(2), torch.zeros(2)), "one length ≥ 3"),
        (lambda: fit_line(torch.zeros(3), torch.zeros(4)), "one length ≥ 3"),
        (lambda: fit_line(torch.ones(3), torch.arange(3.0)), "two different values"),
    ],
)
def test_bad_input_is_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()
