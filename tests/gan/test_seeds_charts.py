"""The small pictures and the dots: what they show is what the snapshots hold."""

import math

import numpy as np
import pytest

from playground.coverage import perfect
from playground.gan.charts import seeds as charts
from playground.gan.seeds import SeedsConfig, spread
from playground.theme import look
from tests.gan.made_seeds import EVERY, MOONS, RING, snapshot, without_modes

FLOOR = perfect(RING)
FRAMES = [snapshot([{0}, EVERY], [0.1, 0.2], step=0), snapshot([EVERY - {2}, EVERY], [0.5, 0.7], step=50)]
CONFIG = SeedsConfig(games=2, seed=3, steps=50)


def movie(frames=FRAMES, config=CONFIG, t=RING, floor=FLOOR, *, live=False, reveal=True):
    return charts.movie(frames, config, t, floor, live=live, reveal=reveal)


def test_every_game_has_a_picture_with_its_fakes_over_time():
    made = movie()
    assert [panel.title for panel in made.panels] == ["seed 3", "seed 4"]
    for game, panel in enumerate(made.panels):
        fakes = panel.layers[0].xy
        assert fakes.shape == (2, charts.MOST, 2)
        np.testing.assert_array_equal(fakes[1], FRAMES[1].fakes[game, : charts.MOST])
        assert panel.extent == RING.extent
        assert panel.captions[1] == ("7 of 8 · 50% high quality", "8 of 8 · 70% high quality")[game]
    made.encode()


def test_modes_are_marked_as_held_or_missing_frame_by_frame():
    _, has, misses = movie().panels[0].layers
    assert (has.name, misses.name) == ("modes it has", "modes it misses")
    assert (has.color, misses.color) == ("truth", "error")
    held = ~np.isnan(has.xy).any(-1)
    np.testing.assert_array_equal(held, [[k == 0 for k in range(8)], [k != 2 for k in range(8)]])
    np.testing.assert_array_equal(held, np.isnan(misses.xy).any(-1))
    np.testing.assert_allclose(has.xy[0, 0], RING.modes.centres[0])
    np.testing.assert_allclose(misses.xy[1, 2], RING.modes.centres[2], atol=1e-7)


def test_curves_are_means_over_the_games_beside_what_is_perfect():
    modes, strict, quality, kl = movie().charts
    assert list(strict.curves["mean"]) == [4.5, 7.5]
    assert quality.curves["mean"] == pytest.approx([15, 60], rel=1e-6)
    assert quality.truth == ("perfect", pytest.approx(100 * FLOOR.high_quality))
    assert kl.truth == ("perfect", FLOOR.reverse_kl)
    assert kl.limits[1] >= math.log(8)
    assert modes.limits[1] >= 8


def test_before_the_prediction_nothing_of_the_run_is_in_the_bytes():
    hidden = movie(reveal=False, live=True)
    assert list(hidden.times) == [0]
    assert not hidden.charts
    assert not hidden.live
    assert all(panel.captions is None for panel in hidden.panels)
    assert hidden.encode() == movie(FRAMES[:1], reveal=False).encode()
    assert hidden.run != movie().run


def test_a_run_is_another_when_a_knob_is():
    other = SeedsConfig(games=2, seed=3, steps=50, pack=4)
    assert movie(config=other).run != movie().run
    assert movie(live=True).run == movie().run


@pytest.mark.parametrize(("games", "dots"), [(8, 300), (16, 256), (32, 128)])
def test_all_pictures_together_have_no_more_dots_than_can_be_scrubbed(games, dots):
    made = movie([snapshot([EVERY] * games)], SeedsConfig(games=games))
    assert {panel.layers[0].xy.shape[1] for panel in made.panels} == {dots}
    assert made.columns == (4 if games == 8 else 8)


def test_a_target_without_modes_has_losses_instead():
    frames = [without_modes([np.nan, np.nan], step=0), without_modes([0.25, 0.5], step=50)]
    made = movie(frames, config=SeedsConfig(games=2, target='{"name": "moons"}'), t=MOONS, floor=None)
    assert [chart.title for chart in made.charts] == ["D’s loss", "G’s loss"]
    assert list(made.charts[0].curves["mean"]) == [1.25, 1.25]
    assert made.panels[1].captions == ("", "W₂ 0.500")
    assert [layer.name for layer in made.panels[0].layers] == ["data", "fakes"]


def test_a_dot_is_a_seed_and_the_rule_is_the_mean_and_its_error():
    end = snapshot([EVERY, EVERY - {1}, {0}], [0.8, 0.9, 0.4], kl=[0.1, 0.3, 2.0], modes=[8, 8, 6])
    tables = charts.dots(end, RING, FLOOR, look=look("light")).tables
    assert len(tables["seeds"]) == 12
    values = [end.modes / 8, end.strict_modes / 8, end.high_quality, end.reverse_kl / math.log(8)]
    bests = [FLOOR.modes / 8, FLOOR.strict_modes / 8, FLOOR.high_quality, FLOOR.reverse_kl / math.log(8)]
    for lane in range(4):
        np.testing.assert_allclose(tables["seeds"]["x"][3 * lane : 3 * lane + 3], values[lane], rtol=1e-6)
        found, row = spread(values[lane]), tables["means"].iloc[lane]
        assert (row["x"], row["to"]) == pytest.approx((found.mean, found.mean + found.error))
        assert tables["truths"]["x"][lane] == pytest.approx(bests[lane])
        inside = tables["seeds"]["y"][3 * lane : 3 * lane + 3]
        assert ((inside > 3 - lane) & (inside < 3 - lane + 0.75)).all()  # under the lane's name
    assert list(tables["truths"]["best"]) == ["perfect 8.00", "perfect 8.00", "perfect 98.9%", "perfect 0.0014"]


def test_a_distance_has_an_axis_with_a_round_end():
    tables = charts.dots(without_modes([0.25, 0.55]), MOONS, None, look=look("dark")).tables
    np.testing.assert_allclose(tables["seeds"]["x"], [0.25, 0.55], rtol=1e-6)
    assert tables["truths"]["name"][0] == "W₂ after the last step"
    assert tables["truths"]["best"][0] == "two fresh samples 0.125"
    spec = charts.dots(without_modes([0.25, 0.55]), MOONS, None, look=look("dark")).spec
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0, 0.6]


@pytest.mark.parametrize("value", [1e-4, 0.0149, 0.1, 0.1001, 0.99, 1.0, 7.3, 1234.0])
def test_a_round_end_is_not_below(value):
    assert value <= charts._rung(value) <= 2 * value + 1e-12


def test_dots_of_equal_value_stand_apart_and_inside_their_lane():
    up = charts.swarm(np.array([1.0] * 32 + [0.5]))
    assert len(set(up[:32])) == 32
    assert max(map(abs, up)) <= 0.25 + 1e-9
    assert up[32] == 0


def test_the_specification_is_built_once():
    first, again = (charts.dots(snapshot([EVERY, {0}]), RING, FLOOR, look=look("light")) for _ in range(2))
    assert first.spec is again.spec
