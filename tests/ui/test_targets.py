"""The chooser of a target: one knob, whose last good state outlives whatever is refused."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from playground.targets import PRESETS, target
from playground.ui import targets

KEY = "gan_target"


def page():
    import streamlit as st

    from playground.ui import links, targets

    links.enter("page")
    chosen = targets.chooser(key="gan_target")
    st.text(chosen)
    st.text(links.ignored())
    for described in ({"name": "moons"}, targets.STARTS["ring"], targets.STARTS["drawn-cloud"]):
        preset = {"gan_target": targets.canonical(described)}
        st.button(described["name"], key=described["name"], on_click=links.put, args=(preset,))
    links.write()


def opened(**query):
    app = AppTest.from_function(page, default_timeout=30)
    app.query_params = query
    return settled(app)


def settled(app):
    app.run()
    assert not app.exception
    return app


def chosen(app):
    return json.loads(app.text[0].value)


def ignored(app):
    return app.text[1].value


def reason(app):
    return "".join(piece.value for piece in app.get("html") if 'role="alert"' in piece.value)


def choose(app, kind):
    app.selectbox[0].set_value(kind)
    return settled(app)


def shaped(app, **numbers):
    """After typing into the boxes of the expander."""
    app.session_state[f"{KEY}:shape"] = True
    settled(app)
    for label, value in numbers.items():
        next(box for box in app.number_input if box.key == f"{KEY}:{label}").set_value(value)
        settled(app)
    return app


def clicked(app, *places):
    """After the sheet has sent these places."""
    app.session_state[f"{KEY}:modes"] = places
    return settled(app)


def test_the_default_leaves_no_trace_in_the_address():
    app = opened()
    assert chosen(app) == {"name": "ring", "k": 8, "radius": 1.0, "sigma": 0.05}
    assert KEY not in app.query_params


@pytest.mark.parametrize("kind", targets.NAMES)
def test_every_kind_can_be_chosen_and_shared(kind):
    app = choose(opened(), kind)
    assert chosen(app)["name"] == targets.NAMES[kind]
    assert targets.of(app.text[0].value) == target(**chosen(app))
    again = opened(**app.query_params)
    assert chosen(again) == chosen(app)
    assert again.selectbox[0].value == kind
    assert ignored(again) == ""


def test_every_published_target_is_offered():
    assert set(targets.NAMES.values()) >= set(PRESETS)


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("ring_8_1_0.01", {"name": "ring", "k": 8, "radius": 1.0, "sigma": 0.01}),
        ("grid_5_2_0.05", {"name": "grid", "k": 5, "step": 2.0, "sigma": 0.05}),
        ("moons", {"name": "moons"}),
        ("placed-modes_0.1_-0.5_1.25~0.31_0.4", {"centres": [[-0.5, 1.25], [0.31, 0.4]], "sigma": 0.1}),
        ("drawn-cloud_0.2_0_0~1_1~1_0", {"points": [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]], "bandwidth": 0.2}),
    ],
)
def test_a_link_is_short_and_says_the_target(text, described):
    made = json.loads(targets.read(text))
    assert made == {"name": text.partition("_")[0]} | described
    assert targets.write(json.dumps(made)) == text


@given(
    st.lists(
        st.tuples(*[st.integers(-200, 200)] * 2), min_size=2, max_size=200, unique=True
    ),  # hundredths: what a sheet places
)
def test_a_drawn_cloud_survives_its_link(hundredths):
    points = [(x / 100, y / 100) for x, y in hundredths]
    made = targets.canonical({"name": "drawn-cloud", "points": points, "bandwidth": 0.5})
    text = targets.write(made)
    assert len(text) < 4_000  # a link may say no more
    assert targets.read(text) == made


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ring_1_1_0.05", "single mode"),
        ("ring_8_1_0.0000001", "σ must be at least 0.00003 here, else float32 cannot"),
        ("ring_8_1_inf", "σ must"),
        ("ring_8_nan_0.1", "Radius must"),
        ("ring_-8_1_0.1", "whole number in [2, 100], got −8"),
        ("ring_8_1_many", "a number, not “many”"),
        ("ring_8", "ring with k, radius, sigma"),
        ("grid_11_1_0.05", "may not exceed 100 modes"),
        ("moons_3", "moons alone"),
        ("triangle", "(one of ring, grid"),
        ("", "one of ring"),
        ("placed-modes_0.1_none", "between 2 and 100 places, got 0"),
        ("placed-modes_0.1_0_0", "single mode"),
        ("placed-modes_0.1_9_0~0_0", "x from"),
        ("placed-modes_0.1_0_0~0_0", "different places"),
        ("placed-modes_<b>_0_0~1_1", "a number"),
        ("drawn-cloud_0.1_none", "draw a longer line"),
        ("drawn-cloud_0.1_" + "~".join(["0_0"] * 201), "at most 200 points"),
        ("ring_" + "9" * 5_000, "at most 4000 characters"),
    ],
)
def test_a_forged_link_leaves_the_default_and_says_what_is_legal(text, says):
    app = opened(**{KEY: text})
    assert chosen(app)["name"] == "ring"
    assert says in ignored(app)
    assert KEY not in app.query_params


def test_numbers_of_a_family_are_taken():
    app = shaped(opened(), k=5, sigma=0.1, radius=1.5)
    assert chosen(app) == {"name": "ring", "k": 5, "radius": 1.5, "sigma": 0.1}
    assert app.query_params[KEY] == "ring_5_1.5_0.1"


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ({"k": 1}, "The number of modes k must be in [2, 100], got 1: with a single mode there is nothing to forget"),
        ({"sigma": 0.0}, "σ must be at least 0.00003 here, else float32 cannot resolve the modes"),
        ({"sigma": 0.9}, "σ must be at most 0.3827, half the least distance between two modes"),
    ],
)
def test_a_refused_number_stays_in_its_box_and_the_target_before_it_in_force(numbers, says):
    app = shaped(opened(), **numbers)
    assert chosen(app) == {"name": "ring", "k": 8, "radius": 1.0, "sigma": 0.05}
    assert says in reason(app)
    assert "The target before it stays." in reason(app)
    ((part, value),) = numbers.items()
    assert next(box for box in app.number_input if box.key == f"{KEY}:{part}").value == value
    app = shaped(app, k=4, sigma=0.05)
    assert chosen(app)["k"] == 4
    assert reason(app) == ""


def test_a_preset_ends_a_refusal():
    app = shaped(opened(), k=1)
    assert reason(app)
    app.button[0].click()
    assert chosen(settled(app)) == {"name": "moons"}
    assert reason(app) == ""


def test_a_preset_of_the_target_in_force_ends_a_refusal_too():
    app = shaped(opened(), k=1)
    assert reason(app)
    app.button(key="ring").click()
    assert chosen(settled(app))["k"] == 8
    assert reason(app) == ""
    assert next(box for box in app.number_input if box.key == f"{KEY}:k").value == 8
    assert "must be in" in reason(shaped(app, k=1))  # and the next one is said


def test_a_preset_of_the_cloud_in_force_brings_it_back_to_an_empty_pad(monkeypatch):
    app = choose(opened(), "Your cloud")
    before, turns = chosen(app), []

    def pad(*, start, salt, **_):
        turns.append(salt)
        return np.array(start if len(set(turns)) > 1 else [], np.float32).reshape(-1, 2)

    monkeypatch.setattr(targets, "draw_points", pad)
    assert "draw a longer line" in reason(settled(app))
    app.button(key="drawn-cloud").click()
    assert chosen(settled(app)) == before
    assert len(set(turns)) == 2
    assert reason(app) == ""


def test_too_large_a_grid_is_refused_with_the_limit():
    app = shaped(choose(opened(), "Grid"), k=11)
    assert "may not exceed 100 modes" in reason(app)
    assert chosen(app)["k"] == 3


def test_a_kind_comes_back_as_it_was_left():
    app = shaped(opened(), k=5)
    app = choose(choose(app, "Moons"), "Ring")
    assert chosen(app)["k"] == 5


def test_placed_modes_are_the_target():
    app = clicked(choose(opened(), "Your modes"), (-1.0, 0.5), (1.0, 0.25))
    assert chosen(app)["centres"] == [[-1.0, 0.5], [1.0, 0.25]]
    assert chosen(opened(**app.query_params)) == chosen(app)


@pytest.mark.parametrize(
    ("places", "says"), [((), "got 0"), (((0.5, 0.5),), "single mode"), (((0.0, 0.0),) * 2, "diff")]
)
def test_placed_modes_that_make_no_target_stay_on_the_sheet(places, says):
    app = choose(opened(), "Your modes")
    before = chosen(app)
    app = clicked(app, *places)
    assert chosen(app) == before
    assert says in reason(app)
    (sheet,) = [e.proto for e in app.get("bidi_component") if e.proto.component_name == "playground_scatter"]
    assert json.loads(sheet.json)["points"] == [list(place) for place in places]


def test_the_sheet_reset_brings_the_first_modes_back():
    app = clicked(choose(opened(), "Your modes"), (-1.0, 0.5), (1.0, 0.25))
    app.session_state[f"{KEY}:modes"] = None  # what the sheet says when its points are those of the beginning
    assert chosen(settled(app))["centres"] == targets.STARTS["placed-modes"]["centres"]


def test_a_drawn_cloud_is_called_a_kernel_estimate():
    app = choose(opened(), "Your cloud")
    (said,) = [piece.value for piece in app.get("html") if "kernel estimate" in piece.value]
    assert f"{len(chosen(app)['points'])} points" in said
    assert f"bandwidth {chosen(app)['bandwidth']:g}" in said


def drawn(monkeypatch, points):
    """As if the pad held these points."""
    monkeypatch.setattr(targets, "draw_points", lambda **_: np.array(points, np.float32).reshape(-1, 2))


def test_a_drawn_cloud_is_the_target_with_a_bandwidth_of_its_own(monkeypatch):
    app = choose(opened(), "Your cloud")
    drawn(monkeypatch, [[0, 0], [0.5, 0.5], [1, 1], [1, 0.9]])
    app = settled(app)
    assert chosen(app)["points"] == [[0, 0], [0.5, 0.5], [1, 1], [1, 0.9]]
    assert chosen(app) == target("drawn-cloud", points=chosen(app)["points"]).describe()
    app = settled(app)  # and stays it
    assert len(chosen(app)["points"]) == 4
    assert reason(app) == ""


def test_an_empty_pad_keeps_the_last_cloud_and_says_why(monkeypatch):
    app = choose(opened(), "Your cloud")
    before = chosen(app)
    drawn(monkeypatch, [])
    app = settled(app)
    assert chosen(app) == before
    assert "draw a longer line" in reason(app)
    drawn(monkeypatch, [[0, 0], [1, 1]])
    app = settled(app)
    assert chosen(app)["points"] == [[0, 0], [1, 1]]
    assert reason(app) == ""


@pytest.mark.parametrize(
    ("described", "says"),
    [
        ({"name": "ring", "k": 8, "radius": 1.0, "sigma": 0.05}, "ring of 8, σ 0.05"),
        ({"name": "grid", "k": 5, "step": 2.0, "sigma": 0.05}, "grid of 5 × 5, σ 0.05"),
        ({"name": "placed-modes", "centres": [[0, 0], [1, 1]], "sigma": 0.1}, "2 modes of your own, σ 0.1"),
        ({"name": "drawn-cloud", "points": [[0, 0], [1, 1]], "bandwidth": 0.1}, "a cloud of your own, 2 points"),
        ({"name": "2spirals"}, "Two spirals"),
    ],
)
def test_a_target_in_a_few_words(described, says):
    assert targets.said(json.dumps(described)) == says
