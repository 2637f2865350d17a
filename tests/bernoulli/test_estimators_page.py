"""Estimators opened without a browser: its numbers against closed forms and scipy, its questions, bad links."""

import numpy as np
import pytest
from scipy import stats

from pages.probability.bernoulli import estimators as experiment
from playground.bernoulli import bounds, coverage
from playground.bernoulli.priors import Beta, uniform
from tests.ui.app_pages import ignored, notice, numbers, open_page, words


def opened(reveal="1", **knobs):
    query = {"reveal": reveal} if reveal else {}
    query |= {f"bernoulli_estimators_{name}": str(value) for name, value in knobs.items()}
    app = open_page("bernoulli", bernoulli_experiment="Estimators", **query)
    assert "stumbled" not in words(app)
    assert not app.exception
    return app


def test_the_errors_are_those_of_the_closed_forms():
    strip = numbers(opened(theta=0.3, n=20, a=3, b=2))
    assert strip["MSE of the MLE"][0] == f"{0.3 * 0.7 / 20:.5f}"
    assert strip["MSE of the mean"][0] == f"{((3 - 5 * 0.3) ** 2 + 20 * 0.21) / 25**2:.5f}"
    assert strip["MSE of the MAP"][0] == f"{((2 - 3 * 0.3) ** 2 + 20 * 0.21) / 23**2:.5f}"


def test_the_bias_and_variance_are_on_the_page_beside_their_simulation():
    said = words(opened(theta=0.3, n=20, a=3, b=2))
    for exact in ((3 - 5 * 0.3) / 25, (2 - 3 * 0.3) / 23):
        assert f"+{exact:.5f}" in said
    for variance in (0.21 / 20, 20 * 0.21 / 25**2, 20 * 0.21 / 23**2):
        assert f"{variance:.5f}" in said
    rng = np.random.default_rng(1)
    heads = stats.binom.ppf(rng.random(10_000), 20, 0.3)
    seen = (heads / 20 - 0.3) ** 2
    told = numbers(opened(theta=0.3, n=20))["MSE of the MLE"][1]
    assert told == f"simulated {seen.mean():.5f} ± {seen.std() / 100:.5f}"


def test_another_seed_gives_another_simulation_and_the_same_exact_values():
    one, other = (numbers(opened(seed=seed))["MSE of the MLE"] for seed in (1, 2))
    assert one[0] == other[0]
    assert one[1] != other[1]


def test_coverages_are_exact_and_the_prior_s_own_average_is_95_percent():
    strip = numbers(opened(show="Coverage", interval="Wilson", against="Shortest", theta=0.1, n=25))
    intervals = [stats.binomtest(h, 25).proportion_ci(0.95, "wilson") for h in range(26)]
    held = sum(stats.binom.pmf(h, 25, 0.1) for h, (low, high) in enumerate(intervals) if low <= 0.1 <= high)
    assert strip["Wilson holds θ"][0] == f"{held:.4f}"
    assert strip["Shortest holds θ"][0] == f"{coverage(bounds('Shortest', Beta(2, 2), 25), 0.1):.4f}"
    assert strip["Averaged over the prior"][0].endswith("| 0.9500")


def test_the_error_question_shows_the_mle_only_and_is_judged():
    app = opened(reveal="")
    strip = numbers(app)
    assert strip["MSE of the MLE"][0] == "0.02400"
    assert {value for label, (value, _) in strip.items() if label != "MSE of the MLE"} == {"?"}
    app.segmented_control(key="bernoulli_estimators_guess_error").set_value("MLE").run()
    assert "You said “MLE”; it is “Mean”." in notice(app)


def test_the_coverage_question_is_another_and_is_judged():
    app = opened(reveal="", show="Coverage", interval="Wald", theta=0.05, n=30)
    assert {value for value, _ in numbers(app).values()} == {"?"}
    app.segmented_control(key="bernoulli_estimators_guess_coverage").set_value("Under 94%").run()
    assert "You said “Under 94%”: right. θ = 0.05 lies in the intervals of h = 1 to 5" in notice(app)


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"theta": 0}, "Every simulated experiment gave the same number of heads."),
        ({"theta": 1, "n": 1, "a": 0.1, "b": 0.1}, "At θ = 1.00 the MLE and the MAP have the smallest MSE"),
        ({"prior": "Uniform", "theta": 0.02}, "the MLE and the MAP have the smallest MSE"),
        ({"prior": "Normal", "mu": 0, "sigma": 0.01, "n": 200}, "the MLE has the smallest MSE"),
        ({"a": 1e6, "b": 1e6, "theta": 0.5, "n": 200}, "the MAP and the mean have the smallest MSE"),
        ({"show": "Coverage", "interval": "Shortest", "a": 1e6, "b": 1e6, "theta": 0.1}, "No interval holds θ = 0.10"),
        ({"show": "Coverage", "interval": "Wald", "theta": 0, "n": 1}, "Only h = 0 has an interval that holds"),
        ({"show": "Coverage", "prior": "Normal", "n": 200}, "on average over θ drawn from the prior"),
        ({"show": "Coverage", "interval": "Wald", "against": "Wald"}, "It promises 95% only for many flips"),
    ],
)
def test_boundaries_are_lessons(knobs, said):
    assert said in notice(opened(**knobs))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("theta", "nan"), ("theta", "-0.1"), ("n", "0"), ("n", "201"), ("seed", "0"), ("seed", "1.5")),
        *(("prior", "Two coins"), ("show", "<i>"), ("a", "-1")),
    ],
)
def test_an_illegal_link_is_named_and_the_default_shown(name, value):
    app = opened(**{name: value})
    assert "Not used from this link" in ignored(app)
    assert numbers(app) == numbers(opened())


def test_half_a_flip_is_rounded():
    assert numbers(opened(n=10.4)) == numbers(opened(n=10))


def test_a_linked_theta_is_the_one_that_the_sentences_name():
    app = opened(theta=0.004, n=20)
    assert "At θ = 0.00 the MLE has the smallest MSE: the mean saves no variance" in notice(app)
    assert numbers(app) == numbers(opened(theta=0, n=20))


def test_the_shortest_interval_of_a_prior_that_almost_ends_at_one_has_a_width():
    strip = numbers(opened(show="Coverage", interval="Shortest", n=30, b=1.0233))
    assert 0.2 < float(strip["Mean width at this θ"][0].split(" | ")[0]) < 0.4


def test_the_presets_show_what_they_promise():
    theta = np.linspace(1e-3, 1 - 1e-3, 999)
    assert coverage(bounds("Clopper–Pearson", uniform(), 17), theta).min() >= 0.95
    wald = coverage(bounds("Wald", uniform(), 17), theta)
    assert wald.min() < 0.95 < wald.max()
    zero = bounds("Wald", uniform(), 30)
    assert zero.low[0] == zero.high[0] == 0
    stubborn = experiment.STUBBORN
    prior = Beta(stubborn[experiment.A], stubborn[experiment.B])
    assert coverage(bounds("Shortest", prior, stubborn[experiment.N]), 0.8) < 0.05
