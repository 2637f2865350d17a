"""Climb opened without a browser: its numbers against closed forms, its questions, its boundaries, bad links."""

import pytest

from pages.probability.bernoulli import climb
from playground.bernoulli import Beta, Climb, ascend, optimum, rate_limit
from tests.ui.app_pages import ignored, notice, numbers, open_page, words

PRESETS = {preset.name: preset.settings for preset in climb.PRESETS}


def opened(reveal="1", **knobs):
    query = {"reveal": reveal} if reveal else {}
    query |= {f"bernoulli_climb_{name}": str(value) for name, value in knobs.items()}
    app = open_page("bernoulli", bernoulli_experiment="Climb", **query)
    assert "stumbled" not in words(app)
    assert not app.exception
    return app


def test_the_numbers_are_those_of_the_climbs_and_of_the_closed_forms():
    strip = numbers(opened(rate=0.02, a=5, b=2))
    *_, last = ascend(Climb(7, 3, Beta(5, 2), rate=0.02))
    best = (5 + 7 - 1) / (5 + 2 + 10 - 2)
    assert strip["MLE, climbed"] == ("0.7000", "exact 0.7000, error 0.0000")
    assert strip["MAP, climbed"][0] == f"{last.theta:.4f}"
    assert f"exact {best:.4f}" in strip["MAP, climbed"][1]
    curvature = 11 / best**2 + 4 / (1 - best) ** 2
    assert strip["Rate limit, 2 ÷ curvature"] == (f"0.042 | {2 / curvature:.3g}", "the rate is 0.02")


def test_in_the_logit_the_map_is_the_posterior_mean_and_the_mle_stays():
    strip = numbers(opened(**{"in": "logit"}, rate=0.3, a=5, b=2))
    assert "exact 0.7000" in strip["MLE, climbed"][1]
    assert f"exact {12 / 17:.4f}" in strip["MAP, climbed"][1]
    assert strip["Rate limit, 2 ÷ curvature"][0] == f"{2 / 2.1:.3f} | {2 / (17 * (12 / 17) * (5 / 17)):.3f}"


def test_the_answer_is_judged():
    app = opened(reveal="")
    app.segmented_control(key="bernoulli_guess_climb_theta").set_value("Swinging").run()
    assert "You said “Swinging”; it is “At the top”." in notice(app)
    app = opened(reveal="", rate=0.05)
    app.segmented_control(key="bernoulli_guess_climb_theta").set_value("Swinging").run()
    assert "You said “Swinging”: right." in notice(app)


def test_the_logit_asks_a_question_of_its_own_and_hides_both_tops():
    app = opened(reveal="", **{"in": "logit"})
    assert "which top lies elsewhere" in words(app)
    assert {value for value, _ in numbers(app).values()} == {"?"}
    app.segmented_control(key="bernoulli_guess_climb_logit").set_value("MAP").run()
    assert "You said “MAP”: right." in notice(app)
    assert "moves from 0.6667 to 0.6429" in notice(app)


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"heads": 0, "tails": 0}, "flat, so the slope is 0 and θ stays at 0.2000"),
        ({"heads": 5, "tails": 0}, "its top, θ = 1, is outside (0, 1)"),
        ({"heads": 5, "tails": 0, "in": "logit"}, "infinitely far away in the logit"),
        ({"heads": 0, "tails": 3, "a": 0.5, "b": 0.5}, "Posterior: its top, θ = 0, is outside (0, 1)"),
        ({"heads": 0, "tails": 0, "a": 0.5, "b": 0.5}, "it has no top"),
        ({"rate": 0.05}, "12 of 40 steps on the likelihood"),
        ({"a": 1e6, "b": 1e6, "rate": 10}, "lands no closer"),
        ({"prior": "Uniform"}, "near the top each step"),
        ({"prior": "Normal", "mu": 0, "sigma": 0.01}, "lands no closer"),
        ({"heads": 200, "tails": 200, "rate": 1e-4, "start": 0.99}, "near the top each step leaves"),
    ],
)
def test_boundaries_are_lessons(knobs, said):
    assert said in notice(opened(**knobs))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("rate", value) for value in ("nan", "0", "-1", "1e9")),
        *(("start", "1"), ("heads", "2.5"), ("heads", "201"), ("tails", "9" * 30)),
        *(("in", "odds"), ("prior", "<b>")),
    ],
)
def test_an_illegal_link_is_named_and_the_default_shown(name, value):
    app = opened(**{name: value})
    assert "Not used from this link" in ignored(app)
    assert numbers(app) == numbers(opened())


def test_the_presets_show_what_they_promise():
    def tops(name):
        knobs = PRESETS[name]
        flips = (knobs[climb.HEADS], knobs[climb.TAILS])
        where = "logit" if knobs[climb.COORDINATE] == "logit" else "theta"
        made = [
            Climb(*flips, prior, where, rate=knobs[climb.RATE])
            for prior in (None, Beta(knobs[climb.A], knobs[climb.B]))
        ]
        return made, [optimum(one) for one in made], [rate_limit(one) for one in made]

    _, (mle, mode), (wide, sharp) = tops("Just right")
    assert 0.5 < mode < mle
    assert sharp < wide  # a smaller limit: a sharper hill
    climbs, _, limits = tops("Too fast")
    assert climbs[0].rate > max(limits)
    assert tops("In the logit")[1][0] == mle
    assert tops("In the logit")[1][1] != pytest.approx(mode, abs=1e-3)
    assert tops("All heads")[1][0] == 1.0
    assert tops("No flips")[1] == [None, 0.5]
    assert tops("No summit")[0][1].belief.log_density(0.0) == float("inf")
