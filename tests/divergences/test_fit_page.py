"""The page of Fit without a browser: its numbers and table, answers that wait, links that cannot break it."""

import re

import pytest

from pages.probability.divergences import fit
from playground.divergences.fit import OBJECTIVES, STARTS, Descent
from playground.divergences.words import fit as words
from tests.ui.app_pages import html_of, ignored, notice, numbers, open_page
from tests.ui.app_pages import words as said


def open_fit(*, reveal=True, **knobs):
    query = {f"divergences_{'' if name == 'units' else 'fit_'}{name}": value for name, value in knobs.items()}
    app = open_page("divergences", divergences_experiment="Fit", **({"reveal": "1"} if reveal else {}), **query)
    assert not app.exception
    assert "stumbled" not in said(app)
    return app


def rows(app):
    """The table of ends, without tags."""
    (table,) = [piece for piece in html_of(app) if 'class="pg-table"' in piece]
    cells = re.findall(r"<tr>(.*?)</tr>", table)[1:]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in cells]


@pytest.mark.parametrize(
    ("knobs", "config"),
    [
        ({}, Descent()),
        ({"gap": "0"}, Descent(gap=0.0)),
        ({"gap": "6", "width": "0.25", "weight": "0.95"}, Descent(0.95, 6.0, 0.25)),
        ({"start": "far to the right", "rate": "1"}, Descent(start="far", rate=1.0)),
        ({"start": "wide over both", "view": "Landscape", "rate": "0.01"}, Descent(start="wide", rate=0.01)),
        ({"width": "1.5", "weight": "0.05", "start": "between the bumps"}, Descent(0.05, 4.0, 1.5, "middle")),
    ],
)
def test_the_numbers_the_notice_and_the_table_are_those_of_the_runs(knobs, config):
    app = open_fit(**knobs)
    wanted = words.beside(config)
    assert list(numbers(app).values()) == [wanted[name] for name in OBJECTIVES]
    assert words.notice(config) in notice(app)
    assert rows(app) == words.table(config)


def test_a_verdict_follows_the_answer_and_the_table_waits_for_it():
    app = open_fit(reveal=False)
    assert [value for value, _ in numbers(app).values()] == ["?"] * 4
    assert not [piece for piece in html_of(app) if 'class="pg-table"' in piece]
    app.segmented_control(key="divergences_guess_fit").set_value("Both").run()
    assert "You said “Both”; it is “One bump”." in notice(app)
    assert len(rows(app)) == len(STARTS)


@pytest.mark.parametrize("start", words.STANDS.values())
def test_nothing_of_the_answer_is_on_the_page_before(start):
    everything = said(open_fit(reveal=False, start=start))
    for word in ("global minimum", "local minimum", "still moving", "no slope", "floor", "charges"):
        assert word not in everything


@pytest.mark.parametrize(
    "knobs",
    [{"gap": "7"}, {"gap": "nan"}, {"width": "0"}, {"weight": "1"}, {"rate": "-1"}, {"start": "<b>"}, {"view": "x"}],
)
def test_an_illegal_link_falls_back_and_says_so_once(knobs):
    app = open_fit(**knobs)
    assert ignored(app).count("Not used from this link") == 1
    assert not [piece for piece in html_of(app) if "“<b>”" in piece]
    assert numbers(app) == numbers(open_fit())


def test_presets_turn_every_knob():
    names = {
        f"divergences_fit_{name}" for name in ("gap", "width", "weight", "start", "rate", "view")
    }  # units are a taste
    assert {frozenset(preset.settings) for preset in fit.PRESETS} == {frozenset(names)}


def test_the_arithmetic_and_the_data_open():
    app = open_fit()
    for name in ("the_arithmetic", "data"):
        app.session_state[f"details-{name}"] = True
    app.run()
    assert not app.exception
    assert len(app.latex) == 7


def test_bits_are_on_the_whole_page():
    app = open_fit(units="bits")
    wanted = words.beside(Descent(), "bits")
    assert list(numbers(app).values()) == [wanted[name] for name in OBJECTIVES]
    assert words.notice(Descent(), "bits") in notice(app)
    assert rows(app) == words.table(Descent(), "bits")


def test_the_units_go_with_the_visitor_to_the_next_experiment():
    app = open_fit(units="bits")
    app.segmented_control(key="divergences_experiment:widget").set_value("Separation").run()
    assert app.session_state["divergences_units"] == "bits"
    assert "bits" in numbers(app)["JS at θ = 2.5"][0]
