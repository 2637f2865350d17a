"""The movie of the four runs: what is where at each step, axes that hold still, nothing of what is hidden."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.divergences.charts.fit import FRAMES, frames, movie
from playground.divergences.fit import OBJECTIVES, STARTS, Descent, floors, paths, plane_of
from playground.divergences.gaussians import Gaussian

CONFIGS = [Descent(), Descent(start="far", weight=0.8), Descent(gap=0.0, width=1.5, start="wide"), Descent(rate=1.0)]
each = pytest.mark.parametrize("config", CONFIGS)
each_view = pytest.mark.parametrize("view", ["Curves", "Landscape"])


def drawn(config, view="Curves", *, reveal=True):
    return movie(config, config, view, reveal=reveal)


def layer(panel, name):
    return next((found for found in panel.layers if found.name == name), None)


def run(config):
    """mean, sd and value of the four at the frames, shape (frames, 4)."""
    found, j = paths(config), STARTS.index(config.start)
    return tuple(array[frames(config)][:, :, j] for array in (found.mean, found.sd, found.value))


@given(st.integers(1, 2000))
def test_the_frames_begin_and_end_with_the_run_and_are_dense_at_first(steps):
    shown = frames(Descent(steps=steps))
    assert (shown[0], shown[-1]) == (0, steps)
    assert len(shown) <= FRAMES
    assert (np.diff(shown) > 0).all()
    if steps >= 400:
        assert np.diff(shown[:5]).max() <= np.diff(shown)[-1]


@each
def test_every_panel_draws_p_and_the_q_of_its_own_run(config):
    mean, sd, _ = run(config)
    for i, panel in enumerate(drawn(config).panels):
        assert panel.title == OBJECTIVES[i]
        x, y = layer(panel, "P").xy[0].T
        assert y == pytest.approx(config.target.pdf(x), rel=1e-4, abs=1e-6)
        bells = layer(panel, "Q").xy[:, 0]
        for k in (0, len(mean) // 2, -1):
            fit = Gaussian(mean[k, i], sd[k, i])
            assert bells[k, :, 1] == pytest.approx(fit.pdf(bells[k, :, 0]), rel=1e-3, abs=1e-6)
            assert bells[k, :, 0].mean() == pytest.approx(fit.mean, abs=1e-4)
        best = layer(panel, "best Q").xy
        assert len(best) == len(floors(config)[i].fits)
        for curve, fit in zip(best, floors(config)[i].fits, strict=True):
            assert curve[:, 1] == pytest.approx(fit.pdf(curve[:, 0]), rel=1e-3, abs=1e-6)


@each
@each_view
def test_every_chart_is_what_its_run_lowers_with_its_floor(config, view):
    _, _, value = run(config)
    for i, chart in enumerate(drawn(config, view).charts):
        assert OBJECTIVES[i] in chart.title
        assert chart.curves["now"] == pytest.approx(value[:, i])
        assert chart.truth == ("floor", pytest.approx(floors(config)[i].value))
        assert chart.limits[0] == 0
        assert chart.limits[1] >= max(value[:, i].max(), floors(config)[i].value)
        assert chart.meanings() == {"now": "error"}


@each
def test_the_landscape_is_the_divergence_and_q_walks_on_it(config):
    mean, sd, value = run(config)
    for i, panel in enumerate(drawn(config, "Landscape").panels):
        field, walker, best = (layer(panel, name) for name in ("height, floor to start", "Q", "best Q"))
        x0, x1, y0, y1 = panel.extent
        rows, columns = field.z.shape
        least, highest = floors(config)[i].value, paths(config).value[:, i, STARTS.index(config.start)].max()
        plane = plane_of(config.target)
        for row, column in ((0, 0), (rows // 2, columns // 2), (rows - 1, columns // 3)):
            place = np.linspace(x0, x1, columns)[column], np.linspace(y0, y1, rows)[row]
            height = plane.slopes(*(np.full((4, 1), coordinate) for coordinate in place))[0][i, 0]
            wanted = np.sqrt(np.clip((height - least) / (max(highest, least + 0.05) - least), 0, 1))
            assert field.z[row, column] == pytest.approx(wanted, abs=1e-5)
        assert walker.xy[:, 0] == pytest.approx(np.stack([mean[:, i], np.log(sd[:, i])], -1), abs=1e-5)
        assert walker.trail == 1
        assert best.xy == pytest.approx(
            np.array([[fit.mean, np.log(fit.sd)] for fit in floors(config)[i].fits]), abs=1e-5
        )
        assert (best.xy[:, 0] > x0).all()
        assert (best.xy[:, 0] < x1).all()
        assert (np.log(sd[:, i]) > y0).all()
        assert value[:, i].min() >= least - 1e-8


@settings(max_examples=30)
@given(st.builds(Descent, weight=st.floats(0.05, 0.95), gap=st.floats(0, 6), width=st.floats(0.25, 1.5),
                 start=st.sampled_from(STARTS), steps=st.just(1)))  # fmt: skip
def test_p_and_the_start_are_inside_the_picture(config):
    x0, x1, _, top = drawn(config, reveal=False).panels[0].extent
    target = config.target
    assert x0 < target.mean_1 - 2 * config.width
    assert target.mean_2 + 2 * config.width < x1
    assert x0 < config.origin.mean < x1
    assert target.pdf(np.linspace(x0, x1, 400)).max() <= top
    assert 0.3989 / config.origin.sd <= top


@each_view
def test_axes_follow_the_resting_knobs_and_give_way_only_to_what_would_leave(view):
    rest, narrow = Descent(), Descent(gap=6.0, width=0.25)
    for gap in (0.5, 3.0, 4.2):
        held = movie(Descent(gap=gap), rest, view, reveal=True)
        assert [panel.extent for panel in held.panels] == [panel.extent for panel in drawn(rest, view).panels]
        assert all(a.limits >= b.limits for a, b in zip(held.charts, drawn(rest, view).charts, strict=True))
    given_way = movie(narrow, rest, view, reveal=True)
    for one, other, wide in zip(given_way.panels, drawn(rest, view).panels, drawn(narrow, view).panels, strict=True):
        assert one.extent[3] == max(other.extent[3], wide.extent[3])
        assert one.extent[1] == max(other.extent[1], wide.extent[1])
    assert drawn(Descent(gap=0.5, width=0.3)).panels[0].extent[1] < drawn(rest).panels[0].extent[1]


@each
@each_view
def test_before_the_prediction_only_p_and_the_start_are_drawn(config, view):
    hidden = drawn(config, view, reveal=False)
    assert len(hidden.times) == 1
    assert hidden.text is None
    assert list(hidden.charts) == []
    for panel in hidden.panels:
        assert {found.name for found in panel.layers} == {"P", "Q"}
        assert layer(panel, "Q").xy[0, 0, :, 0].mean() == pytest.approx(config.origin.mean, abs=1e-4)
    assert [panel.extent for panel in hidden.panels] == [panel.extent for panel in drawn(config).panels]


@each
@each_view
def test_the_movie_is_small_legal_and_made_once(config, view):
    shown = drawn(config, view)
    assert drawn(config, view) is shown
    payload = shown.encode()
    assert len(payload) < 500_000
    json.loads(payload[8 : 8 + int.from_bytes(payload[4:8], "little")])
    assert len(shown.text) == len(shown.times)
    assert not any(shown.hidden().values())


@each
def test_in_bits_the_charts_of_kl_and_js_grow(config):
    nats, bits = drawn(config), movie(config, config, "Curves", reveal=True, units="bits")
    for one, other, name in zip(nats.charts, bits.charts, OBJECTIVES, strict=True):
        per = 1.0 if name == "W₂²" else np.log(2)
        assert per * other.curves["now"] == pytest.approx(one.curves["now"])
        assert per * other.truth[1] == pytest.approx(one.truth[1])
        assert other.limits[1] >= other.curves["now"].max()
        assert ("bits" in other.title) == (name != "W₂²")
