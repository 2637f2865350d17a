"""The stage of one run: which layers it has, what they show of the snapshots, and scales that hold over a run."""

from dataclasses import replace

import numpy as np
import pytest
from made_runs import MOONS, RING, snapshot

from playground.coverage import perfect
from playground.gan.charts import stage
from playground.gan.config import GanConfig
from playground.gan.reading import sigmoid
from playground.movie import Arrows, Field, Lines, Points
from playground.targets import target

RUN = [snapshot(step, at=step, logit=0.1 * step) for step in range(4)]
LOG_4 = np.log(4)


def layer(kind, config=RING, frames=RUN, **options):
    (found,) = [a for a in stage.stage(frames, config, **options).layers if isinstance(a, kind)]
    return found


def named(name, config=RING, frames=RUN, **options):
    (found,) = [a for a in stage.stage(frames, config, **options).layers if a.name == name]
    return found


def test_every_part_is_a_layer_of_its_own_from_back_to_front():
    names = [a.name for a in stage.stage(RUN, RING).layers]
    assert names == ["chance real", "G of a grid of z", "data", "modes, 3σ", "fakes", "push on G"]
    assert "modes, 3σ" not in [a.name for a in stage.stage(RUN, MOONS).layers]
    best = [a.name for a in stage.stage(RUN, RING, shown="best").layers]
    assert best == [name for name in names if name != "push on G"]


def test_the_axes_are_those_of_the_target():
    for config in (RING, MOONS):
        assert stage.stage(RUN, config).extent == stage.shown_target(config).extent


def test_fakes_keep_their_identity_over_the_frames():
    fakes = named("fakes")
    assert fakes.xy.shape == (4, stage.FAKES, 2)
    for k, frame in enumerate(RUN):
        np.testing.assert_array_equal(fakes.xy[k], frame.fakes[: stage.FAKES])


def test_the_data_are_samples_of_the_target_and_stand_still():
    data = named("data")
    assert data.xy.shape == (stage.DATA, 2)
    t = target("ring", k=8, radius=1.0, sigma=0.05)
    away = np.linalg.norm(data.xy[:, None] - t.modes.centres, axis=-1).min(1)
    assert np.sqrt((away**2).mean() / 2) == pytest.approx(0.05, rel=0.1)
    assert named("data", replace(RING, seed=7)).xy is not None
    np.testing.assert_array_equal(named("data", replace(RING, seed=7)).xy, data.xy)


def test_circles_have_three_standard_deviations():
    circles = named("modes, 3σ").xy
    centres = stage.shown_target(RING).modes.centres
    np.testing.assert_allclose(np.linalg.norm(circles - centres[:, None], axis=-1), 0.15, rtol=1e-5)


def test_the_manifold_is_every_other_line_of_the_snapshot():
    assert named("G of a grid of z").xy.shape == (4, 21, 21, 2)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("non-saturating", sigmoid(np.array([-2.0, 2.0]))),
        ("f: KL", sigmoid(np.array([-3.0, 1.0]))),
        ("least squares", [0.0, 1.0]),
        ("f: Pearson", [0.0, 2 / 3]),
    ],
)
def test_where_d_tells_a_chance_the_map_is_that_chance(loss, expected):
    field = layer(Field, replace(RING, loss=loss))
    assert (field.name, field.lo, field.hi) == ("chance real", 0, 1)
    np.testing.assert_allclose(field.z[0].flat[[0, -1]], expected, atol=1e-6)


def test_the_map_of_hinge_keeps_its_margins():
    field = layer(Field, replace(RING, loss="hinge"))
    assert (field.lo, field.hi) == (-1, 1)
    np.testing.assert_array_equal(field.z[0], RUN[0].d_map)


def test_the_map_of_wasserstein_does_not_know_shifts_or_scales():
    config = replace(RING, loss="Wasserstein")
    field = layer(Field, config)
    assert (field.lo, field.hi) == (-1, 1)
    assert np.abs(field.z).max() == pytest.approx(1)
    moved = [replace(frame, d_map=100 + 0.01 * frame.d_map, pushed=0.01 * frame.pushed) for frame in RUN]
    np.testing.assert_allclose(layer(Field, config, moved).z, field.z, atol=1e-3)
    np.testing.assert_allclose(layer(Arrows, config, moved).vector, layer(Arrows, config).vector, rtol=1e-2)
    flat = [replace(frame, d_map=np.zeros_like(frame.d_map)) for frame in RUN]
    assert not layer(Field, config, flat).z.any()


def test_the_best_map_is_the_exact_chance():
    np.testing.assert_allclose(layer(Field, shown="best").z[3], sigmoid(np.array(0.3)), rtol=1e-6)


def test_arrows_start_at_the_fakes_point_down_the_loss_and_are_never_too_long():
    arrows, width = layer(Arrows), 3.0
    np.testing.assert_array_equal(arrows.at[2], RUN[2].fakes[: stage.ARROWS])
    assert (arrows.vector[..., 0] > 0).all()
    assert not arrows.vector[..., 1].any()
    lengths = []
    for push in (0.0, 1e-3, 0.1, 1.0, 1e4):
        frames = [replace(frame, pushed=np.tile(np.float32([0.0, -push]), (160, 1))) for frame in RUN]
        vector = layer(Arrows, frames=frames).vector
        lengths.append(float(np.linalg.norm(vector, axis=-1).max()))
        assert (vector[..., 1] <= 0).all()
    assert lengths == sorted(lengths)
    assert lengths[0] == 0
    assert lengths[1] < 0.01 * lengths[-1]  # a loss that is flat there is seen to be
    assert lengths[-1] == pytest.approx(0.08 * width, rel=1e-5)


def test_the_losses_stand_beside_the_best_d_and_one_that_guesses():
    chart = stage.curves(RUN, RING)[0]
    assert chart.title == "loss, nats"
    assert list(chart.curves) == ["D", "G", "best D"]
    np.testing.assert_allclose(chart.curves["best D"], 0.9)
    assert chart.truth == ("guessing", pytest.approx(LOG_4))
    js = stage.curves(RUN, replace(RING, loss="f: JS"))[0]
    np.testing.assert_allclose(js.curves["best D"], 0.9 - LOG_4)
    assert js.truth == ("guessing", pytest.approx(0))
    for config in (GanConfig(loss="hinge"), GanConfig(pack=2), GanConfig(loss="least squares")):
        assert list(stage.curves(RUN, config)[0].curves) == ["D", "G"]
    assert stage.curves(RUN, GanConfig(loss="hinge"))[0].title == "loss"
    assert stage.curves(RUN, GanConfig(loss="f: KL"))[0].title == "loss, nats"


def test_coverage_is_drawn_in_percent_beside_a_perfect_generator():
    chart = stage.curves(RUN, RING)[1]
    assert {name: values[0] for name, values in chart.curves.items()} == pytest.approx({"modes": 37.5, "good": 84.0})
    assert chart.truth[1] == pytest.approx(100 * perfect(stage.shown_target(RING)).high_quality)
    assert len(stage.curves(RUN, MOONS)) == 2


def test_a_distance_is_held_until_it_is_measured_again_beside_its_floor():
    frames = [snapshot(k, w2=w2) for k, w2 in enumerate((np.nan, 0.7, np.nan, np.nan, 0.4, np.nan))]
    chart = stage.curves(frames, RING)[2]
    np.testing.assert_array_equal(chart.curves["to the data"], [np.nan, 0.7, 0.7, 0.7, 0.4, 0.4])
    assert chart.truth == ("two real samples", 0.2)
    assert stage.curves(frames[:1], RING)[2].truth is None


def test_one_run_is_one_movie_that_grows():
    first, more = (stage.movie(RUN[:n], RING, live=True) for n in (2, 4))
    assert first.run == more.run == stage.run_name(RING)
    assert (first.live, stage.movie(RUN, RING).live) == (True, False)
    np.testing.assert_array_equal(more.times, [0, 1, 2, 3])
    assert len(more.encode(first=2)) < len(more.encode()) / 1.5
    assert stage.run_name(RING) != stage.run_name(replace(RING, seed=1))


def test_moves_by_hand_lengthen_one_movie():
    names = {stage.run_name(replace(RING, moves=moves)) for moves in ("D", "D G", "DG10")}
    assert len(names) == 1
    assert names != {stage.run_name(RING)}
    assert stage.movie(RUN, replace(RING, moves="D3")).time_name == "update"


def test_both_maps_are_two_panels_over_the_same_axes():
    movie = stage.movie(RUN, RING, maps=("learned", "best"))
    assert [panel.title for panel in movie.panels] == ["D as it learned", "the best D against this G"]
    assert len({panel.extent for panel in movie.panels}) == 1
    assert movie.below
    assert not stage.movie(RUN, RING).below
    assert stage.movie(RUN, RING).panels[0].title == ""


def test_before_the_answer_there_are_no_curves():
    assert stage.movie(RUN[:1], RING, charts=False).charts == []


def test_every_layer_has_a_role_and_the_fakes_that_of_the_model():
    roles = {a.name: a.color for a in stage.stage(RUN, RING).layers if isinstance(a, Points | Lines)}
    assert roles == {"G of a grid of z": "prior", "data": "data", "modes, 3σ": "truth", "fakes": "model"}
