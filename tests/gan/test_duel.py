"""Two games on one time line: after equal steps, with what is there, and who covers more."""

from types import SimpleNamespace

import pytest
import torch

from playground.gan import GanConfig, train
from playground.gan.duel import SCATTER, Duel, Side, side
from playground.runs import Trainer
from playground.runs.jobs import here

GAME = GanConfig(hidden=8, batch=16, steps=4, every=2)


def frame(step, strict=3.0, quality=0.5, w2=float("nan"), floor=1.0):
    return SimpleNamespace(step=step, strict_modes=strict, high_quality=quality, w2=w2, w2_floor=floor)


def game(count, state="running", **figures):
    return Side(GAME, frame(0), [frame(20 * i, **figures) for i in range(count)], state)


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [
        (game(0, "waiting"), game(0, "waiting"), 1),  # before the first step
        (game(5), game(0, "waiting"), 5),  # one is there, so it is shown
        (game(0, "waiting"), game(3), 3),
        (game(9), game(4), 4),  # both go on
        (game(9, "done"), game(4), 4),
        (game(4, "failed"), game(6), 6),  # the one that stopped holds its last picture
        (game(4, "failed"), game(9, "done"), 9),
        (game(9, "done"), game(9, "done"), 9),
        (game(3, "failed"), game(0, "failed"), 3),
    ],
)
def test_both_are_shown_after_equal_steps(left, right, count):
    for one, other in ((left, right), (right, left)):
        duel = Duel(one, other)
        assert duel.count == count
        assert duel.steps == [20 * i for i in range(count)]
        assert all(len(frames) == count for frames in duel.frames)


def test_a_game_that_stopped_holds_its_last_picture():
    duel = Duel(game(2, "failed"), game(4, "done"))
    assert [shown.step for shown in duel.frames[0]] == [0, 20, 20, 20]
    assert [shown.step for shown in duel.frames[1]] == [0, 20, 40, 60]


def test_a_duel_has_begun_when_both_games_have_and_ended_when_both_have():
    assert not Duel(game(3), game(0, "waiting")).begun
    assert Duel(game(3), game(1)).begun
    assert not Duel(game(3, "done"), game(1)).ended
    assert Duel(game(3, "done"), game(1, "failed")).ended


@pytest.mark.parametrize(("left", "right", "winner"), [(3, 5, "Right"), (5, 3, "Left"), (4, 4, "Same"), (0, 0, "Same")])
def test_who_covers_more_modes_strictly_wins_whatever_the_distance(left, right, winner):
    duel = Duel(game(2, strict=float(left), w2=9.0), game(2, strict=float(right), w2=0.1))
    assert duel.winner == winner


@pytest.mark.parametrize(
    ("left", "right", "winner"),
    [
        (2.0, 1.0, "Right"),
        (1.0, 2.0, "Left"),
        (1.0, 1.0 + 0.9 * SCATTER, "Same"),
        (1.0, 1.0 + 1.1 * SCATTER, "Left"),
        (float("nan"), 1.0, None),
    ],
)
def test_without_modes_the_nearer_one_wins_by_more_than_the_floor_scatters(left, right, winner):
    none = float("nan")
    assert Duel(game(2, strict=none, w2=left), game(2, strict=none, w2=right)).winner == winner
    assert Duel(game(1, strict=none, floor=none), game(1, strict=none, floor=none)).winner is None


def test_the_distance_is_the_one_measured_last_among_what_is_shown():
    measured = Side(GAME, frame(0), [frame(0, w2=3.0), frame(20, w2=2.0), frame(40), frame(60, w2=1.0)], "running")
    assert Duel(measured, game(3)).w2[0] == 2.0  # the fourth picture is not shown yet


def test_the_winner_is_judged_after_equal_steps():
    ahead = Side(GAME, frame(0), [frame(0, strict=1.0), frame(20, strict=8.0)], "running")
    assert Duel(ahead, game(1, strict=2.0)).winner == "Right"


def test_a_game_that_has_not_begun_stands_before_its_first_step():
    duel = Duel(game(3), game(0, "waiting"))
    assert [shown.step for shown in duel.frames[1]] == [0, 0, 0]
    assert not duel.begun


def test_a_side_without_a_run_is_the_game_before_its_first_step():
    found = side(GAME, None)
    first, *_ = train(GAME, device=torch.device("cpu"))
    assert len(found.seen) == 1
    assert (found.seen[0].fakes == first.fakes).all()
    assert (found.first.d_map == first.d_map).all()
    assert not found.ended


def test_a_side_reads_its_run():
    trainer = Trainer(here)
    handle = trainer.submit(train, GAME)
    list(handle.frames())
    found = side(GAME, handle)
    assert (found.state, [shown.step for shown in found.seen]) == ("done", [0, 2, 4])
    assert found.ended
    trainer.close()


def test_w2_of_a_perfect_generator_scatters_by_less_than_what_counts_as_the_same():
    from playground.coverage import two_sample_floor, w2
    from playground.targets import target

    floor = two_sample_floor(w2, target("moons"), 128)
    assert floor.sd < 1.3 * SCATTER * floor.mean
