"""Sentences of a duel: true of the two games' own figures, whatever state they are in."""

from types import SimpleNamespace

import pytest

from playground.gan import GanConfig
from playground.gan.duel import Duel, Side
from playground.gan.words import duel as words
from playground.targets import target

RING, MOONS = target("pacgan-ring"), target("moons")
LEFT, RIGHT = GanConfig(), GanConfig(pack=4)
NAN = float("nan")


def frames(*figures, modes=True):
    """Snapshots at steps 0, 500, … with (strict modes, high quality, W₂)."""
    found = []
    for i, (strict, quality, w2) in enumerate(figures):
        a, b = (float(strict), quality) if modes else (NAN, NAN)
        found.append(SimpleNamespace(step=500 * i, strict_modes=a, high_quality=b, w2=w2, w2_floor=0.2 if i else NAN))
    return found


START = (0, 0.01, 1.0)


def duel(left, right, *, states=("done", "done"), modes=True, problem=""):
    return Duel(
        Side(LEFT, frames(START)[0], frames(*left, modes=modes), states[0], problem if states[0] == "failed" else ""),
        Side(RIGHT, frames(START)[0], frames(*right, modes=modes), states[1], problem if states[1] == "failed" else ""),
    )


def ended(left, right, **more):
    return duel([START, left], [START, right], **more)


def test_the_question_is_about_modes_only_where_there_are_some():
    assert "modes" in words.question(RING)
    assert "modes" not in words.question(MOONS)
    assert all(len(option) <= 10 for option in words.OPTIONS)


def test_a_change_is_said_with_both_values():
    assert words.changed(LEFT, RIGHT) == "samples D sees at once: 1\u00a0→\u00a04"
    both = words.changed(LEFT, GanConfig(penalty="gradient", penalty_weight=10.0))
    assert both == "penalty on D: none\u00a0→\u00a0gradient; weight λ of the penalty: 0.1\u00a0→\u00a010"
    assert words.changed(GanConfig(), GanConfig(batch_std=True)) == "D sees the batch’s spread: off\u00a0→\u00a0on"


def test_a_caption_has_quality_beside_the_modes():
    assert words.caption(frames((5, 0.314, NAN))[0], NAN, RING) == "5 of 8 modes, 31.4% good"


def test_a_caption_without_modes_has_the_distance_once_there_is_one():
    shown = frames((0, 0.0, NAN), modes=False)[0]
    assert words.caption(shown, 0.318, MOONS) == "W₂ 0.32"
    assert words.caption(shown, NAN, MOONS) == "W₂ not measured yet"


def test_a_caption_of_a_game_that_has_no_picture_says_why():
    assert words.caption(frames(START, START)[1], NAN, RING, held=True) == "last picture, after step 500"
    assert words.caption(frames(START)[0], NAN, RING, held=True) == "before its first step"


def test_the_one_that_covers_more_is_named_with_both_qualities():
    said = words.notice(ended((3, 0.9, 0.5), (8, 0.95, 0.3)), RING)
    assert said.startswith(
        "After 500 steps the left covers 3 of 8 modes, the right 8, where 20 good samples of 2\u2009500"
    )
    assert "good, within 3σ of a mode, are 90.0% and 95.0%." in said
    assert "lie on no mode" not in said
    assert "hits less" not in said


def test_a_winner_that_hits_less_is_said_to():
    said = words.notice(ended((3, 0.9, 0.5), (8, 0.8, 0.3)), RING)
    assert "The right one covers more and hits less" in said
    said = words.notice(ended((8, 0.8, 0.5), (3, 0.9, 0.3)), RING)
    assert "The left one covers more and hits less" in said


def test_a_difference_in_quality_that_chance_explains_is_not_made_much_of():
    assert "hits less" not in words.notice(ended((3, 0.90, 0.5), (8, 0.88, 0.3)), RING)
    worst = 2 * 0.25 / 2_500  # variance of the difference of two shares at most
    assert 2 * worst**0.5 < words.CHANCE


@pytest.mark.parametrize(("quality", "smeared"), [(0.499, True), (0.5, False)])
def test_a_winner_by_a_smear_is_called_one(quality, smeared):
    said = words.notice(ended((3, 0.4, 0.5), (8, quality, 0.3)), RING)
    assert ("Most samples of the one that covers more lie on no mode." in said) == smeared


def test_a_tie_says_both_qualities():
    said = words.notice(ended((8, 0.9, 0.5), (8, 0.2, 0.3)), RING)
    assert "both cover 8 of 8 modes, where 20 good samples of 2\u2009500 cover one;" in said
    assert "within 3σ of a mode, are 90.0% on the left and 20.0% on the right." in said
    assert "no mode" not in said
    smeared = words.notice(ended((2, 0.1, 0.5), (2, 0.2, 0.3)), RING)
    assert "Most samples of either lie on no mode." in smeared
    assert "covers more" not in said


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        (0.5, 0.3, "the right is nearer to the data"),
        (0.3, 0.5, "the left is nearer to the data"),
        (0.30, 0.34, "neither is clearly nearer"),
    ],
)
def test_without_modes_distances_are_compared_beside_their_floor(left, right, told):
    both = ended((0, 0, left), (0, 0, right), modes=False)
    said = words.notice(both, MOONS)
    assert told in said
    assert f"W₂ is {left:.3f} on the left and {right:.3f} on the right, 0.200 between two real samples" in said
    assert "mode" not in said


def test_without_a_measured_distance_none_is_claimed():
    both = duel([(0, 0, NAN)], [(0, 0, NAN)], modes=False)
    assert "nothing to compare" in words.notice(both, MOONS)
    later = duel([(0, 0, NAN)] * 2, [(0, 0, NAN)] * 2, modes=False)
    assert "the distance to the data was not measured for both." in words.notice(later, MOONS)
    assert "nan" not in str(words.numbers(both, MOONS))


def test_before_the_answer_it_is_told_what_is_counted_and_who_plays():
    said = words.waiting(RING)
    assert "D " in said
    assert "G " in said
    assert "good within 3σ of a mode" in said
    assert "20 good ones of 2\u2009500" in said
    assert "mode" not in words.waiting(MOONS)
    assert "W₂" in words.waiting(MOONS)


def test_before_the_answer_no_game_is_said_to_wait():
    alone = duel([START], [START], states=("waiting", "waiting"))
    assert words.aloud(alone, RING).endswith("1.0% good.")


@pytest.mark.parametrize("t", [RING, MOONS])
def test_one_seed_is_called_an_anecdote(t):
    assert words.ANECDOTE in words.notice(ended((3, 0.9, 0.5), (8, 0.8, 0.3), modes=t is RING), t)


def test_a_game_that_stopped_is_compared_by_its_last_picture():
    both = duel([START, (2, 0.6, 0.5)], [START, (4, 0.7, 0.4), (8, 0.8, 0.3)], states=("failed", "done"))
    said = words.notice(both, RING)
    assert said.startswith(
        "The left game stopped; its last picture is after step 500. By their last pictures the left covers 2 of 8 modes"
    )
    assert "the right 8," in said
    twice = duel([START] * 2, [START] * 3, states=("failed", "failed"))
    said = words.notice(twice, RING)
    assert (
        "last picture is after step 500. The right game stopped; its last picture is after step 1\u2009000. By" in said
    )


@pytest.mark.parametrize(("left", "right"), [("failed", "done"), ("failed", "failed")])
def test_a_game_that_stopped_before_its_second_picture_is_not_compared(left, right):
    early = duel([START], [START] * (1 if right == "failed" else 3), states=(left, right))
    said = words.notice(early, RING)
    assert said.startswith("The left game stopped before its second picture.")
    assert said.endswith("There is nothing to compare.")
    assert "cover" not in said
    assert ("The right game stopped before" in said) == (right == "failed")
    assert not early.played


def test_while_games_go_on_nothing_is_claimed():
    for left, right, states in (
        ([START], [], ("running", "waiting")),
        ([START, START], [START], ("done", "running")),
        ([], [], ("waiting", "waiting")),
    ):
        going = duel(left, right, states=states)
        said = words.notice(going, RING)
        assert "covers" not in said
        assert "cover " not in said
        assert all(value == words.OPEN for _, value, _ in words.numbers(going, RING))


def test_games_that_never_began_are_not_compared():
    refused = duel([START], [], states=("done", "failed"), problem="8 runs already wait.")
    assert words.notice(refused, RING) == "There is nothing to compare: not both games got to their first picture."
    assert all(value == words.OPEN for _, value, _ in words.numbers(refused, RING))
    assert "The right game stopped. 8 runs already wait." in words.status(refused)


def test_numbers_stand_beside_what_a_perfect_generator_scores():
    rows = words.numbers(ended((3, 0.9, 0.512), (8, 0.951, 0.3)), RING)
    assert rows == [
        ("Left, strict modes", "3 of 8", "90.0% good; perfect: 8 and 98.9%"),
        ("Right, strict modes", "8 of 8", "95.1% good; perfect: 8 and 98.9%"),
        ("Left, W₂ to the data", "0.512", "0.200 between two real samples"),
        ("Right, W₂ to the data", "0.300", "0.200 between two real samples"),
    ]
    assert len(words.numbers(ended((0, 0, 0.5), (0, 0, 0.3), modes=False), MOONS)) == 2


@pytest.mark.parametrize(
    ("state", "seen", "place", "said"),
    [
        ("done", 2, 0, ""),
        ("waiting", 0, 1, "The left game waits for a free processor, number 1 in the queue."),
        ("waiting", 0, 0, "The left game is about to start."),
        ("waiting", 1, 0, ""),  # before the answer: nobody has asked for it
        ("running", 0, 0, "The left game starts."),
        ("running", 2, 0, "The left game is at step 500 of 1\u2009000."),
        ("cancelled", 0, 0, "The left game was called off."),
    ],
)
def test_where_a_game_stands(state, seen, place, said):
    one = Side(LEFT, frames(START)[0], frames(*[START] * seen), state, "", place)
    assert words.status(Duel(one, Side(RIGHT, frames(START)[0], frames(START), "done"))) == said


def test_the_picture_is_told_aloud_with_its_numbers():
    going = duel([START, (3, 0.9, 0.5)], [START, (8, 0.8, 0.3), (8, 0.9, 0.2)], states=("running", "done"))
    said = words.aloud(going, RING)
    assert said.startswith("After step 500. Left: 3 of 8 modes, 90.0% good. Right: 8 of 8 modes, 80.0% good.")
    assert said.endswith("The left game is at step 500 of 1\u2009000.")
    assert words.aloud(ended((0, 0, 0.5), (0, 0, 0.3), modes=False), MOONS).endswith("Right: W₂ 0.30.")
