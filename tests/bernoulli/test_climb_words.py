"""What Climb says is true of the climbs it speaks of, in every case."""

import re
from dataclasses import replace

import pytest
from climb_cases import POSTERIORS, pair

from playground.bernoulli.ascent import Climb, optimum, rate_limit, shrinkage
from playground.bernoulli.charts.climb import path
from playground.bernoulli.priors import Beta
from playground.bernoulli.truncated_normal import TruncatedNormal
from playground.bernoulli.words import climb as words

each_pair = pytest.mark.parametrize("name", POSTERIORS)


def told(name):
    """Notice, answers, and what they are about."""
    climbs = pair(name)
    paths = tuple(path(climb) for climb in climbs)
    map_in_theta = optimum(replace(climbs[1], coordinate="theta"))
    notice = words.notice(*climbs, paths, map_in_theta)
    return notice, words.answers(*climbs, paths[0], map_in_theta), climbs, paths


@each_pair
def test_each_part_of_the_notice_is_about_its_own_climb(name):
    notice, _, climbs, paths = told(name)
    parts = re.search(r"<b>Likelihood:</b> (.*?) <b>Posterior:</b> (.*?)( <b>Wall:|$)", notice)
    for said, climb, steps in zip(parts.groups()[:2], climbs, paths, strict=True):
        limit, best = rate_limit(climb), optimum(climb)
        assert ("flat" in said) == (not climb.belief.modes())
        assert ("no top" in said) == (len(climb.belief.modes()) == 2)
        assert ("only come near" in said) == (best in (0.0, 1.0))
        assert ("lands no closer" in said) == (limit is not None and climb.rate >= limit)
        assert ("overshoots" in said) == (limit is not None and limit / 2 < climb.rate < limit)
        if "of the gap" in said:
            left = re.search(r"leaves (0\.\d\d+) of the gap", said)[1]  # never 1: some of it is closed
            assert float(left) == pytest.approx(shrinkage(climb), abs=0.006)
        if "flat" in said:
            assert {snapshot.theta for snapshot in steps} == {steps[0].theta}
        if "only come near" in said:
            distances = [abs(snapshot.theta - best) for snapshot in steps]
            assert distances == sorted(distances, reverse=True)


def test_a_step_that_closes_little_of_the_gap_is_not_told_to_leave_it_whole():
    for rate, left in ((1e-4, "leaves 0.995 of"), (1e-5 * 17, "leaves 0.99 of"), (0.04195, "leaves 0.998 of")):
        climb = Climb(7, 3, rate=rate)
        assert left in words.climbed(climb, path(climb))
    assert words.left_text(1 - 1e-5 * 0.9) == "0.999991"


def test_at_the_limit_itself_a_step_lands_no_closer():
    climb = Climb(7, 3, rate=0.042)  # 2 · 0.7 · 0.3 / 10, but for the last binary digit
    assert rate_limit(climb) == pytest.approx(climb.rate)
    assert "lands no closer" in words.climbed(climb, path(climb))
    assert words.limits(climb, climb)[1] == "the rate is 0.042"


@each_pair
def test_the_wall_is_told_with_the_number_of_halved_steps(name):
    notice, _, _, paths = told(name)
    halved = [sum(snapshot.halvings > 0 for snapshot in steps) for steps in paths]
    if any(halved):
        found = re.search(r"(\d+) of (\d+) steps on the likelihood and (\d+) of \d+ on the posterior", notice)
        assert [int(found[1]), int(found[3])] == halved
        assert int(found[2]) == len(paths[0]) - 1
    else:
        assert "Wall" not in notice


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("settles", ["At the top"]),
        ("swings", ["Swinging"]),
        ("crawls", ["On its way"]),
        ("all heads", ["At the top"]),
        ("starts there", ["At the top", "At start"]),
        ("logit", ["MAP"]),
        ("level", ["Neither"]),
        ("two walls, logit", ["MAP"]),
        ("nothing known, logit", ["MAP"]),
    ],
)
def test_the_right_answers(name, right):
    assert told(name)[1] == right


def test_without_flips_every_place_is_a_top_and_the_start():
    assert sorted(told("no flips")[1]) == ["At start", "At the top"]


@each_pair
def test_every_right_answer_is_offered_and_short(name):
    climb = POSTERIORS[name]
    question, options = words.question(climb)
    assert set(told(name)[1]) <= set(options)
    assert all(len(option) <= 10 for option in options)
    assert str(climb.steps) in question or climb.coordinate == "logit"


def test_what_the_coordinate_changed_is_told_with_both_tops():
    assert "moves from 0.6429 to 0.6250, the posterior mean" in told("logit")[0]
    assert "stays too, at 0.5000: at ½" in told("level")[0]
    assert "no single top; in the logit it has one, at 0.5000" in told("two walls, logit")[0]
    assert "flat in both coordinates" in told("nothing known, logit")[0]
    for name in ("settles", "bell", "two walls"):
        assert "coordinate" not in told(name)[0]


def test_a_top_that_moves_by_less_than_four_digits_is_told_as_staying():
    notice, right, climbs, _ = told("sharp")
    moved = "moves from" in notice
    assert moved == (right == ["MAP"])
    climb = Climb(200, 190, TruncatedNormal(0.45, 1e-4), "logit")
    assert words.answers(climb, climb, path(climb), 0.45) == ["Neither"]
    assert "too sharp" in words.coordinate(climbs[0], climb, optimum(climb))


def test_a_sharp_top_beside_a_half_stays_because_it_is_sharp():
    climb = Climb(200, 180, Beta(2e4, 2e4), "logit")
    top, in_theta = optimum(climb), optimum(replace(climb, coordinate="theta"))
    assert (f"{top:.4f}", words.same(top, in_theta)) == ("0.5002", True)
    assert "too sharp" in words.coordinate(replace(climb, prior=None), climb, in_theta)


def test_numbers_of_the_strip():
    climbs = pair("settles")
    paths = tuple(path(climb) for climb in climbs)
    assert words.reached(paths[0], 0.7) == ("0.7000", "exact 0.7000, error 0.0000")
    assert words.reached(paths[0], None)[1] == "no single top to compare with"
    assert words.reached(path(pair("swings")[1]), 9 / 14) == ("0.2394", "exact 0.6429, error −0.4035")
    assert words.arrivals(paths, (0.7, 0.1)) == ("25 | —", "likelihood | posterior, of 40")
    assert words.limits(*climbs) == ("0.042 | 0.0328", "the rate is 0.005")
    assert words.limits(*pair("all heads"))[0].startswith("none | ")
    assert words.rate_text(2 / 14) == "0.143"
    assert words.rate_text(12.3456) == "12.346"
    assert words.rate_text(1e-4) == "0.0001"
    assert words.rate_text(2.48e-7) == "2.5 · 10⁻⁷"


@pytest.mark.parametrize(
    ("prior", "text"),
    [
        (Beta(3, 2.5), "2 log θ + 1.5 log(1 − θ)"),
        (Beta(0.5, 1), "− 0.5 log θ"),
        (Beta(1, 3), "2 log(1 − θ)"),
        (Beta(2, 2), "log θ + log(1 − θ)"),
        (Beta(1, 1), "0"),
        (TruncatedNormal(0.25, 0.1), "− (θ − 0.25)² ÷ (2 · 0.1²)"),
    ],
)
def test_the_log_prior_is_written_without_its_constant(prior, text):
    assert words.log_prior(replace(POSTERIORS["settles"], prior=prior)) == text
    assert words.log_prior(replace(POSTERIORS["settles"], prior=None)) == "0"


@pytest.mark.parametrize(
    ("heads", "tails", "text"),
    [
        (7, 3, "7 log θ + 3 log(1 − θ)"),
        (1, 0, "log θ"),
        (0, 2, "2 log(1 − θ)"),
        (0, 0, "0"),
        (200, 1, "200 log θ + log(1 − θ)"),
    ],
)
def test_the_log_likelihood_is_written_with_its_counts(heads, tails, text):
    assert words.log_likelihood(Climb(heads, tails)) == text
