"""The movie of the five plays: who is where at each step, axes that hold still, nothing of what is hidden."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.gan.charts.rotation import DISTANCES, REACHES, ROLES, movie, reach
from playground.gan.dirac import PAYOFFS, PLAYS, Dirac, field, step, walk
from playground.gan.words import rotation as words

CONFIGS = [Dirac(), Dirac(rate=3.0, theta=-2.0), Dirac(rate=1.0, payoff="WGAN"), Dirac(theta=0.0, psi=0.0, gamma=4.0)]
each = pytest.mark.parametrize("config", CONFIGS)


def drawn(config, close="simultaneous", *, reveal=True):
    return movie(config, config, close, reveal=reveal)


def layer(panel, name):
    return next((found for found in panel.layers if found.name == name), None)


def followed(play, config):
    """The path; where it is not followed any more, its last place."""
    at = walk(play, config).at.copy()
    for k in range(1, len(at)):
        if np.isnan(at[k, 0]):
            at[k] = at[k - 1]
    return at


@each
@pytest.mark.parametrize("close", PLAYS)
def test_the_game_shows_the_fake_on_the_line_of_d(config, close):
    game = drawn(config, close).panels[0]
    theta, psi = followed(close, config).T
    assert close in game.title
    assert layer(game, "fake").xy[:, 0] == pytest.approx(np.stack([theta, theta * psi], -1), rel=1e-5)
    assert layer(game, "data").xy.tolist() == [[0, 0]]
    line = layer(game, "D(x) = ψx").xy[:, 0]
    assert line[:, :, 1] == pytest.approx(psi[:, None] * line[:, :, 0], rel=1e-5)
    assert game.captions == words.places(close, config)


@each
def test_every_play_has_a_panel_with_its_path_and_its_own_arrows(config):
    panels = drawn(config).panels[1:6]
    assert [panel.title.lower() for panel in panels] == list(PLAYS)
    for play, panel in zip(PLAYS, panels, strict=True):
        at = followed(play, config)
        assert layer(panel, play).xy[:, 0] == pytest.approx(at, rel=1e-5)
        assert layer(panel, play).color == layer(panel, "the whole path").color == ROLES[play]
        assert layer(panel, play).trail == 1
        assert layer(panel, "the whole path").xy[0] == pytest.approx(at, rel=1e-5)
        assert layer(panel, "equilibrium").xy.tolist() == [[0, 0]]
        arrows = layer(panel, "which way a step goes")
        moved = step(play, arrows.at.astype(float), rate=config.rate, gamma=config.gamma, payoff=config.payoff)
        moved -= arrows.at
        length, way = np.hypot(*arrows.vector.T), np.hypot(*moved.T)
        assert (arrows.vector * moved).sum(1) == pytest.approx(length * way, rel=1e-3, abs=1e-9)  # alongside
        assert length**2 == pytest.approx(way, rel=1e-3, abs=1e-9)
        assert (arrows.scale * length).max() == pytest.approx(0.24 * reach(config), rel=1e-3)
        assert panel.captions == words.captions(play, config)


@each
def test_eigenvalues_stand_in_the_complex_plane_with_the_unit_circle(config):
    panel = drawn(config).panels[6]
    circle = layer(panel, "|λ| = 1").xy[0]
    assert np.hypot(*circle.T) == pytest.approx(1, abs=1e-6)
    x0, x1, y0, y1 = panel.extent
    assert x1 - x0 == pytest.approx(y1 - y0)
    for play in PLAYS:
        pair = layer(panel, play).xy
        assert pair[:, 0] + 1j * pair[:, 1] == pytest.approx(np.array(walk(play, config).eigenvalues), rel=1e-5)
        assert layer(panel, play).color == ROLES[play]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.floats(0.05, 5), st.floats(0, 4), st.sampled_from(PAYOFFS))
def test_no_eigenvalue_leaves_its_picture(rate, gamma, payoff):
    config = Dirac(rate=rate, gamma=gamma, payoff=payoff, steps=10)
    x0, x1, y0, y1 = drawn(config).panels[6].extent
    for play in PLAYS:
        for value in walk(play, config).eigenvalues:
            assert x0 < value.real < x1
            assert y0 < value.imag < y1


def test_axes_follow_the_resting_knobs_and_give_way_only_to_what_would_leave():
    rest = Dirac(rate=0.6)
    wide = drawn(rest).panels[6].extent
    assert movie(Dirac(rate=0.05), rest, "consensus", reveal=True).panels[6].extent == wide
    assert movie(Dirac(rate=3.0), rest, "consensus", reveal=True).panels[6].extent[1] > wide[1]
    assert drawn(rest).panels[1].extent[1] == 2.5
    assert movie(Dirac(psi=-2.0), rest, "consensus", reveal=True).panels[1].extent[1] == 5
    assert movie(rest, Dirac(psi=-2.0), "consensus", reveal=True).panels[1].extent[1] == 5
    for config in CONFIGS:
        far = reach(config)
        assert {panel.extent for panel in drawn(config).panels[:6]} == {(-far, far, -far, far)}
        assert far in REACHES
        assert far >= 2 * max(abs(config.theta), abs(config.psi))
        assert drawn(config).charts[0].limits == DISTANCES


@each
def test_the_chart_holds_every_distance_that_its_axis_can(config):
    (chart,) = drawn(config).charts
    assert chart.log
    assert chart.meanings() == ROLES
    low, high = DISTANCES
    for play in PLAYS:
        distance, shown = walk(play, config).distance, chart.curves[play]
        inside = (distance >= low) & (distance <= high)
        assert shown[inside] == pytest.approx(distance[inside])
        assert np.isnan(shown[~inside]).all()


@each
@pytest.mark.parametrize("close", PLAYS)
def test_before_the_prediction_nobody_moves(config, close):
    hidden = drawn(config, close, reveal=False)
    assert len(hidden.times) == 1
    assert hidden.text is None
    assert list(hidden.charts) == []
    game, plane = hidden.panels
    assert layer(game, "fake").xy[0, 0] == pytest.approx([config.theta, config.theta * config.psi])
    assert layer(plane, "start").xy[0] == pytest.approx([config.theta, config.psi])
    arrows = layer(plane, "which way both would go")
    wanted = field(arrows.at.astype(float), payoff=config.payoff)
    across = arrows.vector[:, 0] * wanted[:, 1] - arrows.vector[:, 1] * wanted[:, 0]
    assert across == pytest.approx(np.zeros(len(across)), abs=1e-4)
    assert {found.name for panel in hidden.panels for found in panel.layers}.isdisjoint({*PLAYS, "the whole path"})
    assert "|λ|" not in hidden.encode().decode(errors="ignore")


@each
def test_the_movie_is_small_legal_and_made_once(config):
    shown = drawn(config)
    assert drawn(config) is shown
    payload = shown.encode()
    assert len(payload) < 300_000
    json.loads(payload[8 : 8 + int.from_bytes(payload[4:8], "little")])
    assert len(shown.text) == len(shown.times) == config.steps + 1
    assert not any(shown.hidden().values())


@pytest.mark.parametrize(
    ("theta", "psi", "far"),
    [(0.05, 0.0, 0.25), (0.0, -0.3, 0.75), (1.0, 0.0, 2.5), (0.5, -2.0, 5.0), (0.0, 0.0, 2.5)],
)
def test_a_start_near_0_is_seen_close_up(theta, psi, far):
    assert reach(Dirac(theta=theta, psi=psi)) == far
    assert reach(Dirac(theta=theta, psi=psi), Dirac(theta=2.0)) == 5.0  # during a drag from there
