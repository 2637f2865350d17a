"""The page of Rotation without a browser: its numbers and table, answers that wait, links that cannot break it."""

import re

import numpy as np
import pytest

from pages.generative.gan import rotation
from playground.gan.charts.rotation import reach
from playground.gan.dirac import PLAYS, Dirac, eigenvalues, walk
from playground.gan.words import rotation as words
from tests.ui.app_pages import html_of, ignored, notice, numbers, open_page
from tests.ui.app_pages import words as said


def open_rotation(*, reveal=True, **knobs):
    query = {f"gan_rotation_{name}": value for name, value in knobs.items()}
    app = open_page("gan", gan_experiment="Rotation", **({"reveal": "1"} if reveal else {}), **query)
    assert not app.exception
    assert "stumbled" not in said(app)
    return app


def rows(app):
    """The table of plays, without tags."""
    (table,) = [piece for piece in html_of(app) if 'class="pg-table"' in piece]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", table)[1:]]


@pytest.mark.parametrize(
    ("knobs", "config", "close"),
    [
        ({}, Dirac(), "simultaneous"),
        ({"rate": "5", "gamma": "4", "close": "Consensus"}, Dirac(rate=5.0, gamma=4.0), "consensus"),
        ({"rate": "0.05", "gamma": "0", "steps": "600"}, Dirac(rate=0.05, gamma=0.0, steps=600), "simultaneous"),
        ({"theta": "0", "psi": "0"}, Dirac(theta=0.0), "simultaneous"),
        ({"payoff": "t", "rate": "1", "close": "Alternating"}, Dirac(rate=1.0, payoff="WGAN"), "alternating"),
        ({"theta": "-2", "psi": "2", "steps": "10"}, Dirac(theta=-2.0, psi=2.0, steps=10), "simultaneous"),
    ],
)
def test_the_numbers_the_notice_and_the_table_are_those_of_the_paths(knobs, config, close):
    app = open_rotation(**knobs)
    wanted = words.beside(config, close)
    assert numbers(app) == {label: (value, beside) for label, value, beside in wanted}
    assert words.notice(config, close, reach=reach(config)) in notice(app)
    assert rows(app) == words.table(config)
    assert ignored(app) == ""


def test_a_verdict_follows_the_answer_and_the_table_waits_for_it():
    app = open_rotation(reveal=False)
    assert [value for value, _ in numbers(app).values()] == ["?"] * 4
    assert not [piece for piece in html_of(app) if 'class="pg-table"' in piece]
    app.segmented_control(key="gan_guess_rotation").set_value("Circles 0").run()
    assert "You said “Circles 0”; it is “Goes out”." in notice(app)
    assert len(rows(app)) == len(PLAYS)


def test_who_starts_at_the_equilibrium_ends_there():
    app = open_rotation(reveal=False, theta="0")
    app.segmented_control(key="gan_guess_rotation").set_value("Ends at 0").run()
    assert "You said “Ends at 0”: right." in notice(app)
    assert "nobody moves" in notice(app)
    assert numbers(app)["Measured a step"] == ("–", "it begins at 0, and there it stays")


@pytest.mark.parametrize("knobs", [{}, {"close": "Consensus"}, {"rate": "3"}, {"theta": "0", "psi": "0"}])
def test_nothing_of_the_answer_is_on_the_page_before(knobs):
    everything = said(open_rotation(reveal=False, **knobs))
    for word in ("spirals", "right angle", "outwards", "Near 0, ", "exact", "nobody"):
        assert word not in everything, word


@pytest.mark.parametrize(
    "knobs",
    [{"rate": "0"}, {"rate": "nan"}, {"gamma": "-1"}, {"theta": "2.5"}, {"psi": "x"}, {"steps": "9"}, {"steps": "20.5"},
     {"close": "<b>"}, {"payoff": "t²"}],
)  # fmt: skip
def test_an_illegal_link_falls_back_and_says_so_once(knobs):
    app = open_rotation(**knobs)
    assert ignored(app).count("Not used from this link") == 1
    assert not [piece for piece in html_of(app) if "“<b>”" in piece]
    assert numbers(app) == numbers(open_rotation())


def test_presets_turn_every_knob():
    assert {frozenset(preset.settings) for preset in rotation.PRESETS} == {frozenset(rotation.ALL)}


def game_of(name):
    """The config of a preset, and the play it shows close up."""
    turned = next(preset.settings for preset in rotation.PRESETS if preset.name == name)
    keys = {"rate": rotation.RATE, "gamma": rotation.GAMMA, "theta": rotation.THETA, "psi": rotation.PSI,
            "steps": rotation.STEPS}  # fmt: skip
    knobs = {field: turned[key] for field, key in keys.items()}
    config = Dirac(**knobs, payoff=rotation.NAMES[turned[rotation.PAYOFF]])
    return config, walk(rotation.TITLES[turned[rotation.CLOSE]], config)


def test_what_presets_ask_to_look_for_is_there():
    config, out = game_of("Out")
    rounds = np.unwrap(np.arctan2(*out.at.T[::-1]))
    assert rounds[-1] - rounds[0] > 4 * np.pi  # two rounds at least, and each is wider
    assert (np.diff(out.distance) > 0).all()
    assert np.abs(out.at).max() < reach(config)
    _, turned = game_of("Round")
    assert turned.trend == "neither"
    assert turned.distance.min() > 0.9
    assert turned.distance.max() < 1.1
    _, damped = game_of("Damped")
    assert damped.turning
    assert damped.trend == "in"
    assert damped.end < 1e-3
    for name in ("Consensus", "Look ahead"):
        _, found = game_of(name)
        assert found.trend == "in"
        assert found.end < 0.01
    config, _ = game_of("Too fast")
    assert "in" not in {walk(play, config).trend for play in PLAYS}
    config, crawl = game_of("Too much γ")
    assert not crawl.turning
    assert crawl.trend == "in"
    assert crawl.modulus > np.abs(eigenvalues("gradient penalty", rate=config.rate, gamma=0.5)).max()
    _, afar = game_of("From afar")
    assert afar.trend == "in"
    assert afar.end > afar.start
    _, linear = game_of("Wasserstein")
    np.testing.assert_allclose(linear.distance[1:] / linear.distance[:-1], linear.modulus, rtol=1e-9)


def test_the_arithmetic_and_the_data_open():
    app = open_rotation()
    for name in ("the_arithmetic", "data"):
        app.session_state[f"details-{name}"] = True
    app.run()
    assert not app.exception
    assert len(app.latex) == 6
