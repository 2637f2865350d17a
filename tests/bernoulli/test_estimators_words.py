"""What Estimators says is true of the sums, the simulation and the intervals it speaks of."""

import re

import numpy as np
import pytest

from playground.bernoulli.coverage import KINDS, OF_THE_PRIOR, bounds, coverage
from playground.bernoulli.estimators import binomial, estimates, moments, simulate, summarise, uniforms, wins
from playground.bernoulli.priors import Beta, uniform
from playground.bernoulli.truncated_normal import TruncatedNormal
from playground.bernoulli.words import estimators as words

PRIORS = (Beta(2, 2), uniform(), Beta(0.5, 0.5), Beta(30, 3), Beta(1e6, 1e6), TruncatedNormal(0.3, 0.05))
each_prior = pytest.mark.parametrize("prior", PRIORS, ids=str)
each_theta = pytest.mark.parametrize("theta", [0.0, 0.03, 0.3, 0.5, 1.0])
each_n = pytest.mark.parametrize("n", [1, 10, 200])


def judged(prior, n, theta, seed=1):
    table = estimates(prior, n)
    return moments(table, theta), summarise(table, simulate(theta, n, uniforms(seed)), theta)


@each_prior
@each_theta
@each_n
def test_the_winner_has_the_smallest_error_and_the_trade_is_told_right(prior, n, theta):
    exact, seen = judged(prior, n, theta)
    said, winners = words.error_notice(theta, exact, seen), words.best(exact)
    for i, name in enumerate(words.GUESSES):
        assert (name in winners) == (round(exact.mse[i], 5) == round(exact.mse.min(), 5))
    if len(winners) < 3:
        assert f"the {winners[0].replace('Mean', 'mean')}" in said
    if found := re.search(r"pays a bias² of ([\d.]+) and saves ([\d.]+) of variance", said):
        assert "MLE" not in winners
        squared, saved = map(float, found.groups())
        i = 1 if winners == ["MAP"] else 2
        assert squared == pytest.approx(exact.bias[i] ** 2, abs=6e-6)
        assert saved == pytest.approx(exact.variance[0] - exact.variance[i], abs=6e-6)
        assert exact.bias[i] ** 2 < exact.variance[0] - exact.variance[i]
    if found := re.search(r"the mean saves ([\d.]+) of variance for a bias² of ([\d.]+\d)", said):
        assert "MLE" in winners
        assert float(found[1]) == pytest.approx(exact.variance[0] - exact.variance[2], abs=6e-6)
        assert float(found[2]) == pytest.approx(exact.bias[2] ** 2, abs=6e-6)


def test_what_reads_as_zero_is_not_told_as_a_number():
    exact, seen = judged(Beta(2, 2), 10, 1.0)
    assert "saves no variance to speak of for a bias² of 0.02041" in words.error_notice(1.0, exact, seen)
    exact, seen = judged(Beta(2, 2), 10, 0.5)
    assert "pays no bias to speak of and saves 0.01224 of variance" in words.error_notice(0.5, exact, seen)


def test_a_gain_and_a_standard_error_that_read_as_zero_are_told_to_be_small():
    exact, seen = judged(Beta(0.99, 2), 200, 0.03)
    assert 0 < exact.variance[0] - exact.variance[1] < 5e-6
    assert "saves less than 0.00001 of variance" in words.error_notice(0.03, exact, seen)
    exact, seen = judged(Beta(0.5, 0.1), 200, 0.99)
    assert words.best(exact) == ["MLE", "Mean"]
    assert "the mean saves no variance to speak of for no bias to speak of" in words.error_notice(0.99, exact, seen)
    exact, seen = judged(Beta(2, 2), 200, 0.02)
    assert 0 < seen.mse_se[0] < 5e-6
    assert words.error_cell(0, exact, seen)[1] == "simulated 0.00010 ± <0.00001"
    assert words.moment_rows(exact, seen, 3)[2][4].endswith("± <0.00001")
    assert words.error_cell(1, *judged(Beta(2, 2), 1, 1.0))[1] == "simulated 0.11111 ± 0.00000"  # nothing varies


def test_a_moment_that_does_not_vary_is_not_measured_in_standard_errors():
    exact, seen = judged(Beta(0.1, 0.1), 1, 0.5)  # both estimates are as far from ½: their squared errors are equal
    assert float(re.search(r"within ([\d.]+) standard", words.agreement(exact, seen))[1]) < 4


def test_a_flat_prior_makes_two_winners_where_the_mle_wins():
    exact, seen = judged(uniform(), 10, 0.02)
    assert words.best(exact) == ["MLE", "MAP"]
    assert "the MLE and the MAP have the smallest MSE" in words.error_notice(0.02, exact, seen)


@each_prior
@each_theta
def test_the_distance_of_the_simulation_is_told_in_standard_errors(prior, theta):
    exact, seen = judged(prior, 10, theta, seed=5)
    said = words.agreement(exact, seen)
    if theta in (0.0, 1.0):
        assert said == "Every simulated experiment gave the same number of heads."
        return
    errors = np.array([getattr(seen, f"{what}_se") for what in ("bias", "variance", "mse")])
    gaps = np.array([getattr(seen.moments, what) - getattr(exact, what) for what in ("bias", "variance", "mse")])
    gaps = np.abs(gaps[errors > 1e-12]) / errors[errors > 1e-12]
    assert float(re.search(r"within ([\d.]+) standard", said)[1]) == pytest.approx(np.max(gaps), abs=0.051)


def test_the_strip_and_the_table_hold_the_exact_values_beside_the_simulated():
    exact, seen = judged(Beta(2, 2), 10, 0.4)
    assert words.error_cell(0, exact, seen)[0] == "0.02400"
    assert words.error_cell(2, exact, seen)[0] == f"{(4.8 - 2.4) / 196 + (0.4 / 14) ** 2:.5f}"
    assert re.fullmatch(r"simulated 0\.02\d{3} ± 0\.000\d\d", words.error_cell(0, exact, seen)[1])
    assert words.error_cell(1, exact, seen, False) == ("?", "after your prediction")
    rows = words.moment_rows(exact, seen, 1)
    assert [row[0] for row in rows] == ["MLE", "MAP", "mean"]
    assert set(rows[1][1:]) == {"?"}
    full = words.moment_rows(exact, seen, 3)
    assert full[2][1] == f"+{0.4 / 14:.5f}"
    assert full[1][3] == f"{2.4 / 144:.5f}"


def test_the_winning_stretch_is_written_or_said_to_be_empty():
    assert words.stretches(wins(uniform(), 20), 20) == ("0.142 – 0.858", "exact, for n = 20")
    assert words.stretches((), 3) == ("nowhere", "exact, for n = 3")
    assert words.stretches(((0, 0.1), (0.5, 1)), 3)[0] == "0.000 – 0.100, 0.500 – 1.000"


@pytest.mark.parametrize(
    ("prior", "told"),
    [
        (Beta(2, 3), ("h / 10", "(h + 1) / 13", "(h + 2) / 15")),
        (Beta(1, 1), ("h / 10", "h / 10", "(h + 1) / 12")),
        (Beta(1e6, 1), ("h / 10", "(h + 999999) / 1000009", "(h + 1000000) / 1000011")),
        (Beta(0.5, 2), ("h / 10", "the posterior’s peak", "(h + 0.5) / 12.5")),
        (TruncatedNormal(0.5, 0.1), ("h / 10", "the posterior’s peak", "the posterior’s mean")),
    ],
)
def test_the_formulas_have_the_numbers_put_in_and_give_the_estimates(prior, told):
    assert words.formulas(prior, 10) == told
    for formula, row in zip(told, estimates(prior, 10), strict=True):
        if formula.startswith(("h", "(")):
            assert [eval(formula, {"h": h}) for h in range(11)] == pytest.approx(list(row))


@each_prior
@each_theta
@pytest.mark.parametrize("kind", KINDS)
def test_the_counts_that_hold_theta_are_told_with_their_probability(prior, theta, kind):
    found = bounds(kind, prior, 12)
    covered = float(coverage(found, theta))
    said = words.coverage_notice(kind, theta, found, covered)
    held = np.flatnonzero((found.low <= theta) & (theta <= found.high))
    if not len(held):
        assert f"No interval holds θ = {theta:.2f}" in said
        return
    first, last = held[0], held[-1]
    p = binomial(theta, 12)[first : last + 1].sum()
    assert f"{p:.4f}" in said
    if len(held) == 1:
        assert f"Only h = {first} has" in said
    else:
        assert f"h = {first} {'and' if len(held) == 2 else 'to'} {last};" in said


def test_what_an_interval_promises_is_kept():
    theta = np.linspace(1e-4, 1 - 1e-4, 999)
    for n in (5, 50):
        assert coverage(bounds("Clopper–Pearson", uniform(), n), theta).min() >= 0.95
        wilson = coverage(bounds("Wilson", uniform(), n), theta)
        assert wilson.min() < 0.95 < wilson.max()
        assert coverage(bounds("Wald", uniform(), n), np.array([1e-6, 1 - 1e-6])).max() < 1e-3
    for kind in KINDS:
        said = words.coverage_notice(kind, 0.5, bounds(kind, uniform(), 9), 0.9)
        assert ("on average over θ drawn from the prior" in said) == (kind in OF_THE_PRIOR)


@pytest.mark.parametrize(
    ("covered", "right"), [(0.0, 0), (0.9399, 0), (0.94, 1), (0.95, 1), (0.96, 1), (0.9601, 2), (1.0, 2)]
)
def test_the_answer_to_how_often(covered, right):
    assert words.share(covered) == words.SHARES[right]


def test_answers_are_short():
    assert all(len(option) <= 10 for option in (*words.GUESSES, *words.SHARES))


def test_simulated_coverage_is_the_share_of_experiments_with_its_standard_error():
    counts, found = np.array([10, 70, 20]), bounds("Wald", uniform(), 2)  # no heads: the interval is the point 0
    held = 1 - 0.7**2
    assert words.coverage_cell(found, 0.3, counts) == (f"{held - 0.09:.4f}", "simulated 0.7000 ± 0.0458")
    assert found.hold(0.3).tolist() == [False, True, False]


def test_averages_and_widths_stand_in_the_order_of_the_kinds():
    kinds = ("Shortest", "Wald")
    value, _ = words.averages(kinds, Beta(2, 2), 20)
    assert value == "0.9500 | 0.9051"
    found = [bounds(kind, Beta(2, 2), 20) for kind in kinds]
    value, beside = words.widths(kinds, found, 0.3)
    by_hand = [sum(binomial(0.3, 20) * (one.high - one.low)) for one in found]
    assert value == f"{by_hand[0]:.4f} | {by_hand[1]:.4f}"
    assert beside == "Shortest | Wald"


def test_what_is_read_aloud_hides_what_is_hidden():
    exact, _ = judged(Beta(2, 2), 10, 0.4)
    assert "mean: bias +0.02857" in words.aloud_error(exact, 3)
    assert "0.02857" not in words.aloud_error(exact, 1)
    found = bounds("Wald", uniform(), 30)
    assert words.aloud_bars(found, 0.05) == "The intervals of 1 to 5 heads hold 0.05."
    assert words.aloud_bars(bounds("Wald", uniform(), 1), 0.0) == "Only the interval of 0 heads holds 0.00."
    assert words.aloud_bars(bounds("Shortest", Beta(1e6, 1e6), 5), 0.05) == "No interval holds 0.05."
