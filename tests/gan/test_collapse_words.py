"""What is said of one game: every branch, and only what its own figures say."""

import re
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from made_runs import MOONS, PAIR, RING, snapshot

from playground.gan.config import GanConfig, Loss
from playground.gan.story import Story
from playground.gan.words import collapse as words
from playground.targets import target

LOG_4 = float(np.log(4))
SPREAD = np.stack([np.cos(np.arange(1024)), np.sin(np.arange(1024))], -1)
APART = {"value_nats": -0.9, "best_value_nats": -0.85}  # D is near its best, and both tell a lot


def told(*frames, config=RING, **more):
    return Story(config, frames, **more)


def played(config=RING, problem="", **figures):
    """A game whose fakes end all around the ring."""
    start, end = snapshot(0), snapshot(1_000, fakes=SPREAD, **(APART | figures))
    return told(start, end, config=config, problem=problem)


def ring(k):
    return target("ring", k=k, radius=1.0, sigma=0.05)


@pytest.mark.parametrize(
    ("k", "offered"),
    [(2, ("None", "One", "Both")), (3, ("None or 1", "Two", "All 3")), (8, ("None or 1", "2 to 7", "All 8"))],
)
def test_what_can_be_predicted_covers_every_count_once_and_is_short(k, offered):
    assert words.options(ring(k)) == offered
    config = replace(RING, target=f'{{"name": "ring", "k": {k}, "radius": 1.0, "sigma": 0.05}}')
    answers = [words.answer(played(config, strict_modes=float(held))) for held in range(k + 1)]
    assert set(answers) == set(offered)
    assert answers == sorted(answers, key=offered.index)
    assert answers[0] == offered[0]
    assert answers[-1] == offered[2]
    if k > 2:
        assert answers[1] == offered[0]
    assert all(len(option) <= 10 for option in (*offered, *words.options(target("moons"))))


@pytest.mark.parametrize(
    ("w2", "said"),
    [(0.1, "Under 2×"), (0.39, "Under 2×"), (0.41, "2× to 5×"), (0.99, "2× to 5×"), (1.01, "Over 5×"), (np.nan, "")],
)
def test_without_modes_the_distance_is_predicted_in_floors(w2, said):
    assert words.answer(told(snapshot(0, w2=np.nan), snapshot(5, w2=w2), config=MOONS)) == said


def test_a_game_that_stopped_has_no_answer():
    assert words.answer(played(problem="At step 7 the weights left every bound.")) == ""


def test_the_question_names_the_steps_and_what_is_asked():
    assert words.question(ring(8), GanConfig(steps=3_000)) == (
        "After 3\u2009000 steps, how many of the 8 modes will G hold?"
    )
    assert words.question(target("moons"), GanConfig(steps=100)) == (
        "After 100 steps, how many times as far from the data will fakes be as fresh data are?"
    )
    assert "within 3σ" in words.waiting(ring(8))
    assert words.PLAYERS in words.waiting(ring(8))  # who D and G are, before they are played
    assert "W₂" in words.waiting(target("moons"))
    assert "mode" not in words.waiting(target("moons"))
    assert "mode" not in words.playing(target("moons"))


def test_a_line_under_the_picture_has_quality_beside_every_count():
    line, other = words.frames([snapshot(), snapshot(strict_modes=8.0, modes=8.0, high_quality=1.0)], ring(8))
    assert line == "3 of 8 modes held, 6 by the published rule; 84.0% of the samples are good"
    assert other == "8 of 8 modes held, 8 by the published rule; 100.0% of the samples are good"
    assert words.frames([snapshot(d_loss=-0.5)], target("moons")) == ("D pays −0.500, G pays 0.800",)


def test_the_numbers_stand_beside_their_truth_or_floor():
    rows = {label: (value, beside) for label, value, beside in words.numbers(played(), over=True)}
    assert rows == {
        "Modes held": ("3 of 8", "by the published rule 6"),
        "Good samples": ("84.0%", "a perfect G: 98.9%"),
        "Reverse KL": ("0.410 nats", "floor 0.0014; good 84.0%"),
        "W₂ to the data": ("0.500", "two real samples: 0.200"),
        "V, D as learned": ("−0.900 nats", "best D −0.850; −log 4 = −1.386"),
    }


def test_v_is_shown_only_where_d_climbs_it():
    for config in (GanConfig(loss="hinge"), GanConfig(pack=2), GanConfig(loss="f: KL")):
        rows = {label: value for label, value, _ in words.numbers(played(config), over=True)}
        assert "V, D as learned" not in rows
        assert rows["D pays"] == "1.200"


def test_without_modes_no_mode_is_counted():
    labels = [label for label, _, _ in words.numbers(played(MOONS), over=True)]
    assert labels == ["W₂ to the data", "V, D as learned"]


def test_numbers_are_open_while_the_game_is_played():
    open_rows = words.numbers(played(), over=False)
    assert [label for label, _, _ in open_rows] == [label for label, _, _ in words.numbers(played(), over=True)]
    assert {(value, beside) for _, value, beside in open_rows} == {("…", "at the end of the run")}


@pytest.mark.parametrize(
    ("held", "said"),
    [(0, "None of the 8 modes are held"), (1, "1 of the 8 modes is held"), (5, "5 of the 8 modes are held"),
     (8, "All of the 8 modes are held")],
)  # fmt: skip
def test_what_is_held_is_said_with_its_quality(held, said):
    assert words.notice(played(strict_modes=float(held), modes=8.0)) == (
        f"{said}; 84.0% of the samples are good, within 3σ of a mode."
    )


def test_a_smear_that_meets_the_published_rule_is_called_one():
    smear = words.notice(played(strict_modes=1.0, modes=8.0, high_quality=0.06))
    assert "The published rule counts 8: one good sample is enough for it, so a smear meets it too." in smear
    for better in ({"high_quality": 0.6}, {"strict_modes": 8.0}):
        assert "smear" not in words.notice(
            played(**({"strict_modes": 1.0, "modes": 8.0, "high_quality": 0.06} | better))
        )


def test_a_blob_that_hops_is_said_to_hop_as_often_as_it_did():
    hop = told(*(snapshot(step, at=step // 2, **APART) for step in range(12)))
    assert hop.visited == 5
    assert "most fakes are nearest to one and the same mode, in turn to 5 different ones: D learns" in words.notice(hop)
    by_hand = replace(hop, config=GanConfig(moves="G2000"))  # where D may not have learned anything
    assert words.notice(by_hand).endswith("in turn to 5 different ones.")
    to_and_fro = told(*(snapshot(step, at=step % 2, **APART) for step in range(12)))
    assert "in turn" not in words.notice(to_and_fro)
    one = told(snapshot(0, at=3), *(snapshot(step, at=0, **APART) for step in range(1, 12)))
    assert "in turn" not in words.notice(one)
    assert "in turn" not in words.notice(played())


def test_what_was_held_and_lost_is_dated():
    story = told(
        snapshot(0, strict_modes=8.0),
        snapshot(1_200, strict_modes=7.0, high_quality=0.5, fakes=SPREAD),
        snapshot(2_000, fakes=SPREAD, **APART),
    )
    assert words.notice(story).endswith("At step 1\u2009200 it held 7, with 50.0% of the samples good.")
    smear = told(story.frames[0], replace(story.frames[1], high_quality=0.07), story.frames[2])
    assert "it held" not in words.notice(smear)
    by_hand = told(*story.frames, config=GanConfig(moves="D2000"))
    assert words.notice(by_hand).endswith("At update 1\u2009200 it held 7, with 50.0% of the samples good.")
    assert "it held" not in words.notice(played())


def test_fakes_that_do_not_move_are_said_not_to():
    still = told(snapshot(0, **APART), snapshot(9, **APART))
    assert "The fakes are where they began." in words.notice(still)
    nearly = told(snapshot(0, fakes=SPREAD), snapshot(9, fakes=SPREAD + np.array([0.0, 0.01]), **APART))
    assert "The fakes are on average only 0.010 from where they began." in words.notice(nearly)
    hardly = told(snapshot(0, fakes=SPREAD), snapshot(9, fakes=SPREAD + np.array([0.0, 0.0004]), **APART))
    assert "The fakes are on average less than 0.001 from where they began." in words.notice(hardly)
    assert "began" not in words.notice(played())


@pytest.mark.parametrize(
    ("v", "best", "said"),
    [
        (-1.3, -0.8, "D has not learned all there is to see: its V is 0.500 nats below that of the best D."),
        (-0.5, -0.9, "D tells more apart than the best D of the map, which sees everything blurred"),
        (-LOG_4, -LOG_4 + 0.05, "Even the best D could hardly tell the fakes from the data."),
        (-0.9, -0.9, ""),
    ],
)
def test_d_is_held_against_the_best_one(v, best, said):
    text = words.notice(played(value_nats=v, best_value_nats=best))
    assert said in text
    assert ("D " in text.partition("mode.")[2]) == bool(said)


def test_a_value_from_a_small_batch_must_be_farther_from_the_best_to_be_told():
    for v in (-1.15, -0.55):  # 0.3 nats off
        assert "D " in words.notice(played(value_nats=v, best_value_nats=-0.85)).partition("mode.")[2]
        few = words.notice(played(replace(RING, batch=16), value_nats=v, best_value_nats=-0.85))
        assert "D " not in few.partition("mode.")[2]


def test_where_there_is_no_best_d_it_is_said_why():
    assert "D judges several samples together here" in words.notice(played(GanConfig(pack=2)))
    assert "D judges several samples together here" in words.notice(played(GanConfig(batch_std=True)))
    assert "no chance under the loss “hinge”" in words.notice(played(GanConfig(loss="hinge")))
    assert "best" not in words.notice(played(GanConfig(loss="least squares")))


def test_without_modes_the_distance_is_said_beside_that_of_two_real_samples():
    text = words.notice(played(MOONS))
    assert text == "The fakes are 0.500 from the data by W₂; two samples of the data are 0.200 apart."
    unmeasured = told(snapshot(0, w2=np.nan), snapshot(3, w2=np.nan, **APART), config=MOONS)
    assert words.notice(unmeasured) == "W₂ has not been measured yet."


def test_a_run_that_stopped_says_of_which_step_its_figures_are():
    assert words.notice(played(problem="At step 1007 …")).startswith(
        "The run stopped; its last figures are of step 1\u2009000. 3 of the 8 modes are held"
    )
    assert words.notice(told(snapshot(), problem="32 runs already wait.")) == (
        "No picture came of this run; these are the figures before its first step."
    )


def test_a_notice_is_at_most_three_sentences():
    figures = {"strict_modes": 0.0, "modes": 8.0, "high_quality": 0.1, "best_value_nats": -0.2}
    worst = words.notice(told(*(snapshot(step, at=step % 8, **figures) for step in range(16)), problem="It stopped."))
    assert worst.startswith("The run stopped")
    assert len(re.findall(r"\.(?= |$)", worst)) == 3


def test_by_hand_the_updates_are_counted():
    assert words.by_hand(told(snapshot()), over=True) == words.HAND
    one = told(snapshot(0), snapshot(1, fakes=SPREAD, **APART), config=GanConfig(moves="D"))
    assert words.by_hand(one, over=True).startswith("1 update made. 3 of the 8 modes are held")
    many = told(snapshot(0), snapshot(1_010, fakes=SPREAD, **APART), config=GanConfig(moves="D1000 G10"))
    assert words.by_hand(many, over=True).startswith("1\u2009010 updates made.")
    assert words.by_hand(replace(many, problem="At step 1012 …"), over=True).startswith(
        "The run stopped; its last figures are of update 1\u2009010. "
    )
    assert words.by_hand(many, over=False) == "The figures come when your moves have been played."


def test_two_modes_are_counted_like_more():
    story = told(
        snapshot(0, fakes=SPREAD), snapshot(9, fakes=-SPREAD, strict_modes=2.0, modes=2.0, **APART), config=PAIR
    )
    assert words.answer(story) == "Both"
    assert words.notice(story).startswith("Both modes are held; 84.0%")
    assert words.notice(played(PAIR, strict_modes=0.0)).startswith("Neither mode is held; ")
    assert words.notice(played(PAIR, strict_modes=1.0)).startswith("1 of the 2 modes is held; ")


@pytest.mark.parametrize("loss", get_args(Loss))
def test_every_loss_has_its_formula(loss):
    config = GanConfig(loss=loss)
    assert "G(z)" in words.d_pays(config)
    assert "(x)" in words.d_pays(config)
    assert "G(z)" in words.g_pays(config)
    assert "(x)" not in words.g_pays(config)
    assert ("T: D’s score" in words.d_pays(config)) == ("T" in words.d_pays(config))


def test_the_formula_names_what_d_is_shown_and_what_holds_it():
    assert words.d_pays(GanConfig(pack=4)) == "−E log D(x₁…x₄) − E log(1 − D(G(z₁)…G(z₄)))"
    assert words.d_pays(GanConfig(batch_std=True)) == "−E log D(x; s) − E log(1 − D(G(z); s))"
    assert words.g_pays(GanConfig(pack=2, batch_std=True)) == "−E log D(G(z₁)…G(z₂); s)"
    wasserstein = GanConfig(loss="Wasserstein", penalty="gradient")
    assert words.d_pays(wasserstein) == "E D(G(z)) − E D(x) + 0.1 E (‖∇D‖ − 1)²"
    assert words.d_pays(replace(wasserstein, penalty="clip", clip=0.03)) == "E D(G(z)) − E D(x), weights within ±0.03"
    assert words.g_pays(GanConfig(unroll=5)) == "−E log D(G(z)), D 5 updates ahead"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-0.0001, "0.000"),
        (-1.5, "−1.500"),
        (2e7, "2.0·10⁷"),
        (-2.5e20, "−2.5·10²⁰"),
        (np.inf, "∞"),
        (-np.inf, "−∞"),
        (np.nan, "…"),
    ],
)
def test_numbers_are_written_to_be_read(value, said):
    assert words.number(value) == said
