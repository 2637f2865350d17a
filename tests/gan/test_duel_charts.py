"""A duel's movie: equal steps in both panels, each game in its own role, and nothing of the answer too early."""

from functools import cache

import numpy as np
import pytest
import torch

from playground.gan import GanConfig, train
from playground.gan.charts import duel as charts
from playground.gan.duel import Duel, Side
from playground.movie import Points

SMALL = {"hidden": 8, "batch": 16, "steps": 6, "every": 2}
LEFT, RIGHT = GanConfig(**SMALL), GanConfig(**SMALL, pack=4)
MOONS = '{"name": "moons"}'


@cache
def played(config):
    return tuple(train(config, device=torch.device("cpu")))


def side(config, count=None, state="done"):
    return Side(config, played(config)[0], played(config)[:count], state)


def movie(left=None, right=None, states=("done", "done"), **more):
    return charts.movie(Duel(side(LEFT, left, states[0]), side(RIGHT, right, states[1])), **more)


def fakes(panel):
    (found,) = [layer for layer in panel.layers if isinstance(layer, Points) and layer.name.startswith("fakes")]
    return found


def test_both_games_are_on_one_time_line_over_the_same_axes():
    shown = movie()
    assert list(shown.times) == [0, 2, 4, 6]
    assert shown.panels[0].extent == shown.panels[1].extent
    assert [panel.title for panel in shown.panels] == ["Left", "Right"]
    for panel, config in zip(shown.panels, (LEFT, RIGHT), strict=True):
        frames = np.stack([frame.fakes for frame in played(config)])
        assert (fakes(panel).xy == frames[:, : fakes(panel).xy.shape[1]]).all()


def test_each_game_has_its_own_role_in_its_panel_and_in_every_chart():
    shown = movie()
    assert [fakes(panel).color for panel in shown.panels] == ["model", "rival"]
    assert len({fakes(panel).name for panel in shown.panels}) == 2  # so that the legend shows both
    assert len(shown.charts) == 3
    for chart in shown.charts:
        assert chart.meanings() == {"left": "model", "right": "rival"}


def test_the_curves_are_the_games_figures_beside_their_truths():
    strict, quality, far = movie().charts
    for name, config in (("left", LEFT), ("right", RIGHT)):
        frames = played(config)
        assert list(strict.curves[name]) == [frame.strict_modes for frame in frames]
        assert quality.curves[name] == pytest.approx([100 * frame.high_quality for frame in frames])
        assert far.curves[name][-1] == frames[-1].w2
    assert strict.truth == ("all", 8.0)
    assert quality.truth[1] == pytest.approx(98.889, abs=0.001)
    assert far.truth == ("floor", played(LEFT)[-1].w2_floor)


def test_while_one_is_behind_both_show_what_both_have():
    shown = movie(4, 2, ("done", "running"))
    assert list(shown.times) == [0, 2]
    assert shown.live
    assert all(len(fakes(panel).xy) == 2 for panel in shown.panels)


def test_one_that_waits_stands_before_its_first_step_while_the_other_goes_on():
    shown = movie(3, 0, ("running", "waiting"))
    assert list(shown.times) == [0, 2, 4]
    assert (fakes(shown.panels[1]).xy == fakes(shown.panels[1]).xy[0]).all()
    assert shown.panels[1].captions == ["before its first step"] * 3
    assert np.isnan(shown.charts[0].curves["right"]).all()
    shown.encode()


def test_before_anything_is_there_both_stand_before_their_first_step():
    shown = movie(0, 0, ("waiting", "waiting"))
    assert list(shown.times) == [0]
    assert shown.live
    assert not shown.charts
    shown.encode()


def test_a_movie_grows_while_its_games_do_and_starts_anew_when_the_other_begins():
    alone, both, more = movie(4, 0, ("done", "waiting")), movie(4, 2, ("done", "running")), movie(4, 3)
    assert both.run == more.run
    assert alone.run != both.run
    assert charts.movie(Duel(side(RIGHT), side(LEFT))).run != more.run
    assert more.encode(first=1)  # only the new frames


def test_a_game_that_stopped_holds_its_last_picture_and_leaves_the_curves():
    shown = movie(2, 4, ("failed", "done"))
    left, right = shown.panels
    assert (fakes(left).xy[1] == fakes(left).xy[3]).all()
    assert list(left.captions[2:]) == ["last picture, after step 2"] * 2
    assert "of 8 modes" in right.captions[3]
    for chart in shown.charts:
        assert np.isnan(chart.curves["left"][2:]).all()
        assert np.isfinite(chart.curves["right"][2:]).all()


def test_while_hidden_only_the_state_before_the_first_step_is_sent():
    shown = movie(hidden=True)
    assert list(shown.times) == [0]
    assert all(len(fakes(panel).xy) == 1 for panel in shown.panels)
    assert all(len(panel.captions) == 1 for panel in shown.panels)
    assert not shown.charts  # of one picture there is no curve
    assert shown.run is None
    first = charts.movie(Duel(side(LEFT, 1), side(RIGHT, 1)), hidden=True)
    assert shown.encode() == first.encode()  # what comes later leaves no trace in the bytes


def test_of_one_picture_there_are_no_curves():
    assert not movie(1, 1, ("failed", "failed")).charts
    one, two = movie(1, 1, ("running", "running")), movie(2, 2, ("running", "running"))
    assert not one.charts
    assert one.run != two.run
    for chart in two.charts:  # no frame without its scale
        assert chart.truth is not None
        assert all(np.isfinite(values[-1]) for values in chart.curves.values())


def test_a_target_without_modes_has_the_distance_alone():
    configs = [GanConfig(**SMALL, target=MOONS, pack=pack) for pack in (1, 4)]
    shown = charts.movie(Duel(*map(side, configs)))
    (far,) = shown.charts
    assert far.title.startswith("W₂")
    assert all("modes" not in caption for panel in shown.panels for caption in panel.captions)
    assert shown.panels[0].captions[-1] == f"W₂ {played(configs[0])[-1].w2:.2f}"
