"""The knob behind a scatter plot: its text in a link, what a browser may send, and which points count."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from playground.ui.components.scatter import Sheet

SHEET = Sheet((-1.0, 1.0, -2.0, 2.0), most=5)
coordinate = st.floats(-1, 1).map(lambda v: round(v, 3) + 0.0)


@given(st.lists(st.tuples(coordinate, coordinate), max_size=5))
def test_what_is_written_is_read_back(points):
    assert SHEET.read(SHEET.write(tuple(points))) == tuple(points)
    assert len(SHEET.write(tuple(points))) <= 14 * len(points) + 4


def test_the_text_is_short_and_needs_no_escaping():
    assert SHEET.write(((-0.5, 1.25), (0.0, 2.0))) == "-0.5_1.25~0_2"
    assert SHEET.write(()) == SHEET.write(None) == "none"
    assert SHEET.read("none") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("0_0~oops", "point 2 is a pair such as 0.25_-1.5"),
        ("0_0_0", "point 1 is a pair"),
        ("", "point 1 is a pair"),
        ("0_0~1.5_0", "point 2 has x from −1 to 1"),
        ("0_-2.001", "point 1 has y from −2 to 2"),
        ("nan_0", "point 1 has x from"),
        ("0_inf", "point 1 has y from"),
        ("0_<script>", "point 1 has y from"),
        ("~".join(["0_0"] * 6), "at most 5 points, not 6"),
    ],
)
def test_a_wrong_link_says_which_point_and_what_is_legal(text, says):
    with pytest.raises(ValueError, match=says):
        SHEET.read(text)


def test_what_a_browser_sends_is_moved_onto_the_sheet_and_cut():
    assert SHEET.received([[0.12345, 9], [-7, 0]]) == ((0.123, 2.0), (-1.0, 0.0))
    assert len(SHEET.received([[0, 0]] * 9)) == 5
    assert str(SHEET.received([[-0.0001, 0]])[0][0]) == "0.0"


@pytest.mark.parametrize("forged", [[[math.nan, 0]], [[0, math.inf]], [["a", 0]], [[1, 2, 3]], [[1]], 7, None, "ab"])
def test_what_is_no_list_of_places_is_refused(forged):
    with pytest.raises((TypeError, ValueError)):
        SHEET.received(forged)


def script():
    import streamlit as st

    from playground.ui import links
    from playground.ui.components.scatter import Sheet, placed

    links.enter("page")
    start = ((0.0, float(st.session_state.get("start", 0.0))),)
    found = placed(Sheet((-1.0, 1.0, -2.0, 2.0), most=5), start, key="knob", label="points")
    st.text(repr((found.now, found.settled, found.changed)))
    st.text(links.ignored())
    links.write()


def run(**query):
    app = AppTest.from_function(script)
    app.query_params = query
    return app.run()


def shown(app):
    assert not app.exception
    return eval(app.text[0].value)


def test_points_begin_where_they_are_told_to_and_leave_no_trace_in_the_address():
    app = run()
    assert shown(app) == (((0.0, 0.0),), ((0.0, 0.0),), False)
    assert "knob" not in app.query_params
    app.session_state["start"] = 1.0
    assert shown(app.run())[0] == ((0.0, 1.0),)


def test_a_link_places_points():
    assert shown(run(knob="0.5_1~-0.5_-1")) == (((0.5, 1.0), (-0.5, -1.0)),) * 2 + (True,)
    assert shown(run(knob="none")) == ((), (), True)


def test_a_bad_link_is_named_and_the_beginning_stays():
    app = run(knob="0_0~5_5")
    assert shown(app)[0] == ((0.0, 0.0),)
    assert "points = “0_0~5_5” (point 2 has x from −1 to 1)" in app.text[1].value


def test_while_a_point_is_moved_the_address_rests():
    app = run(knob="0.5_1")
    app.session_state["knob:now"] = ((0.25, 1.0),)
    assert shown(app.run()) == (((0.25, 1.0),), ((0.5, 1.0),), True)
    assert app.query_params["knob"] in ("0.5_1", ["0.5_1"])
    app.session_state["knob"] = ((-1.0, 0.0),)  # a preset
    assert shown(app.run()) == (((-1.0, 0.0),), ((-1.0, 0.0),), True)
