"""Many seeds: the config, the run, and means over seeds against numpy's and scipy's own."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import stats

from playground.gan.config import GanConfig
from playground.gan.seeds import FRAMES, SeedsConfig, many, missed, spread, train_many, whole
from playground.gan.training import train
from playground.runs import config_from, legal

CPU = torch.device("cpu")
SMALL = SeedsConfig(steps=12, every=6, hidden=8, batch=32, games=2, seed=3)


def test_the_seeds_are_part_of_the_config_so_that_equal_runs_are_shared():
    again = config_from(SeedsConfig, json.loads(json.dumps(SMALL.as_json())))
    assert again == SMALL
    assert hash(again) == hash(SMALL)
    assert list(SMALL.seeds) == [3, 4]
    assert replace(SMALL, games=3) != SMALL
    assert legal(SeedsConfig)["games"].high == 32
    with pytest.raises(ValueError, match=r"games must be in \[2, 32\], got 33"):
        replace(SMALL, games=33)
    with pytest.raises(ValueError, match="not moved by hand, got moves 'D2 G'"):
        replace(SMALL, moves="D2 G")


@pytest.mark.parametrize(("steps", "every"), [(1, 1), (40, 1), (41, 2), (1_000, 25), (20_000, 500)])
def test_a_game_is_taken_along_with_about_so_many_pictures(steps, every):
    game = GanConfig(steps=steps, loss="hinge", seed=5, moves="D2")
    made = many(game, 16)
    assert made == SeedsConfig(steps=steps, loss="hinge", seed=5, every=every, games=16)
    assert -(-steps // every) <= FRAMES


def test_each_game_is_the_game_alone():
    run = list(train_many(SMALL, device=CPU))
    assert [snapshot.step for snapshot in run] == [0, 6, 12]
    for game, seed in enumerate(SMALL.seeds):
        alone = list(train(GanConfig(steps=12, every=6, hidden=8, batch=32, seed=seed), device=CPU))
        for one, two in zip(run, alone, strict=True):
            np.testing.assert_allclose(one.fakes[game], two.fakes, atol=2e-4)
            assert one.strict_modes[game] == two.strict_modes
        assert run[-1].w2[game] == pytest.approx(alone[-1].w2, rel=1e-3)
        assert not np.allclose(run[0].fakes[game], run[0].fakes[1 - game])
    assert run[-1].w2_floor == pytest.approx(alone[-1].w2_floor)
    assert np.isnan([run[0].w2_floor, run[1].w2_floor]).all()


def test_the_standard_error_is_scipys():
    values = np.random.default_rng(0).normal(size=13)
    found = spread(values)
    assert found.mean == pytest.approx(values.mean())
    assert found.error == pytest.approx(stats.sem(values))
    assert (found.low, found.high) == (values.min(), values.max())
    assert spread(np.full(4, 8.0)) == (8, 0, 8, 8)


@pytest.mark.parametrize("values", [[1.0], [], [1.0, np.nan], [[1.0, 2.0]]])
def test_a_mean_over_seeds_needs_seeds(values):
    with pytest.raises(ValueError, match="at least 2 finite numbers"):
        spread(np.array(values))


def test_a_mode_is_missed_with_fewer_than_twenty_samples():
    assert missed(np.array([[19, 20], [0, 2500]], np.float32)).tolist() == [[True, False], [True, False]]
    *_, end = train_many(SMALL, device=CPU)
    assert (~missed(end.at_mode)).sum(1).tolist() == end.strict_modes.tolist()
    full = type(end)(**vars(end) | {"at_mode": np.array([[20, 30], [19, 900]], np.float32)})
    assert whole(full) == 1
