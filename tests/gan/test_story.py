"""What a game did: crowds, visits, losses and distances of games whose fakes are placed by hand."""

import numpy as np
import pytest
from made_runs import MOONS, RING, snapshot

from playground.gan.config import GanConfig
from playground.gan.game import Game
from playground.gan.story import Story
from playground.gan.training import train
from playground.targets import target

LOG_4 = np.log(4)


def game(*frames, config=RING, **more):
    return Story(config, frames, **more)


def test_the_fakes_are_shared_out_to_the_nearest_mode_in_every_frame():
    t = target("ring", k=8, radius=1.0, sigma=0.05)
    frames = list(train(GanConfig(steps=4, every=1, hidden=8, batch=32), device="cpu"))
    found = game(*frames).nearest
    for frame, shares in zip(frames, found, strict=True):
        away = np.linalg.norm(frame.fakes[:, None] - t.modes.centres, axis=-1)
        expected = np.bincount(away.argmin(1), minlength=8) / len(frame.fakes)
        np.testing.assert_allclose(shares, expected, atol=2e-3)
    np.testing.assert_allclose(found.sum(1), 1)


def test_a_blob_that_hops_is_a_crowd_at_several_modes():
    story = game(*(snapshot(step, at=step % 5) for step in range(40)))
    assert story.crowd == 1
    assert story.visited == 5


def test_what_happens_in_the_first_quarter_is_no_visit():
    story = game(*(snapshot(step, at=step if step < 10 else 5 if step < 12 else 2) for step in range(40)))
    assert story.visited == 2


def test_fakes_spread_over_all_modes_are_no_crowd():
    angle = np.arange(1024) % 8 * np.pi / 4
    ring = np.stack([np.cos(angle), np.sin(angle)], -1)
    story = game(*(snapshot(step, fakes=ring) for step in range(8)))
    assert story.crowd == pytest.approx(1 / 8)
    assert story.visited == 0


def test_the_most_that_was_held_is_dated_to_its_first_step():
    held = [8, 2, 6, 6, 3]  # a smear before the first step does not count
    story = game(*(snapshot(100 * k, strict_modes=float(count)) for k, count in enumerate(held)))
    assert (story.fullest.step, story.fullest.strict_modes) == (200, 6)
    assert game(snapshot(0)).fullest.step == 0


def test_how_far_the_fakes_moved_is_a_mean_over_them():
    there = np.zeros((1024, 2))
    there[512:] = [3.0, 4.0]
    story = game(snapshot(0, fakes=np.zeros((1024, 2))), snapshot(1, fakes=there))
    assert story.moved == pytest.approx(2.5)
    assert story.width == pytest.approx(3.0)


def test_the_last_measured_distance_counts():
    assert game(snapshot(0, w2=np.nan), snapshot(1, w2=0.7), snapshot(2, w2=np.nan)).w2 == 0.7
    assert np.isnan(game(snapshot(0, w2=np.nan)).w2)


def test_js_is_what_the_best_d_tells():
    # V(D*, G) = -log 4 + 2 JS: 0 where nothing can be told, log 2 where all can
    assert game(snapshot(best_value_nats=-LOG_4)).js == pytest.approx(0)
    assert game(snapshot(best_value_nats=0.0)).js == pytest.approx(np.log(2))


def test_what_d_misses_is_known_only_where_it_climbs_v():
    frame = snapshot(value_nats=-1.2, best_value_nats=-0.9)
    assert game(frame).missed == pytest.approx(0.3)
    for config in (GanConfig(loss="hinge"), GanConfig(loss="least squares"), GanConfig(pack=2)):
        assert np.isnan(game(frame, config=config).missed)


def test_a_target_without_modes_has_none():
    assert game(snapshot(), config=MOONS).k == 0
    assert game(snapshot()).k == 8


def test_figures_of_a_real_game_agree_with_its_snapshot():
    config = GanConfig(steps=4, every=2, hidden=8, batch=32)
    frames = list(train(config, device="cpu"))
    story = game(*frames, config=config)
    made = Game(config, (0,), device="cpu")
    list(made.steps())
    assert story.end.step == 4
    assert story.missed == frames[-1].best_value_nats - frames[-1].value_nats
    np.testing.assert_array_equal(story.end.fakes, made.fakes()[0].numpy())
