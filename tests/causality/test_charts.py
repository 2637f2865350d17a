"""Pictures: legal Vega-Lite, tables with the right numbers, axes that hold still, nothing of what is hidden."""

import xml.etree.ElementTree as ET
from copy import deepcopy

import altair as alt
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.causality import Estimate, charts, explaining_away, simulate, smoking
from playground.causality.altitude import Line
from playground.causality.charts import Axis, Lane
from playground.causality.simulation import Shares
from playground.theme import DARK, LIGHT, Look

LOOK = Look(LIGHT)
WEIGHTS = np.linspace(-6, 6, 121)
SIZES = np.array([100, 1_000, 10_000, 20_000])
ALTITUDE, TEMPERATURE = Axis("altitude A, m", 0.0, 4000.0), Axis("temperature T, °C", -20.0, 25.0)
HOME = np.array([500.0, 800.0]), np.array([12.0, 9.0])
ABROAD = np.array([2100.0, 2400.0, 2222.0]), np.array([1.0, -1.0, 0.5])
FITTED, BEST = Line(-0.006, 14.0, 2.0), Line(-0.0065, 15.0, 2.0)
LANES = [
    Lane("naive", "rival", 0.25, 0.2, 0.3, "+0.250"),
    Lane("adjusted", "model", -0.125, -0.2, -0.05, "−0.125"),
    Lane("front door", "model", None),
    Lane("trial", "data", 0.05, -0.05, 0.15, "+0.050"),
]


def beliefs_of(network):
    seen = ({}, {"cancer": 1}, {"cancer": 1, "asbestos": 1})
    return tuple(network.probability({"smoking": 1}, given) for given in seen)


def beliefs(at=5.0, *, reveal=True, tar=2.0, look=LOOK):
    network = smoking(tar, at)
    curve = explaining_away(network, "smoking", "cancer", "asbestos", WEIGHTS)
    return charts.explaining_away(
        curve, beliefs_of(network), at=at, arrow="asbestos → cancer, weight", look=look, reveal=reveal
    )


def shares(seed=0):
    people = simulate(smoking(), 20_000, generator=torch.Generator().manual_seed(seed))
    return people.shares({"smoking": 1}, {"yellow": 1}, SIZES), people.shares({"smoking": 1}, {}, SIZES)


def funnel(at=10_000, *, do=True, truths=(0.28, 0.2), look=LOOK):
    see, done = shares()
    return charts.funnel(see, done if do else None, truths, at=at, asked="P(smoking)", look=look)


def forest(truth=0.1, lanes=LANES, look=LOOK, *, reveal=True):
    return charts.forest(lanes, truth, axis="effect", look=look, reveal=reveal)


def transfer(abroad=ABROAD, best=BEST, look=LOOK):
    return charts.transfer(HOME, abroad, FITTED, best, x=ALTITUDE, y=TEMPERATURE, look=look)


PICTURES = {"explaining away": beliefs, "funnel": funnel, "forest": forest, "transfer": transfer}
each_picture = pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)


def table_names(spec):
    """Every named table that the specification asks for."""
    if isinstance(spec, dict):
        own = {spec["data"]["name"]} if isinstance(spec.get("data"), dict) and "name" in spec["data"] else set()
        return own.union(*map(table_names, spec.values())) if spec else own
    return set().union(*map(table_names, spec)) if isinstance(spec, list) and spec else set()


def fields(spec):
    """Every column that the specification reads."""
    if isinstance(spec, dict):
        own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
        return own.union(*map(fields, spec.values())) if spec else own
    return set().union(*map(fields, spec)) if isinstance(spec, list) and spec else set()


def domains(spec, channel):
    """Every domain of the scales of a channel."""
    return [
        layer["encoding"][channel]["scale"]["domain"]
        for layer in spec["layer"]
        if "scale" in layer.get("encoding", {}).get(channel, {})
    ]


# -- every picture


@each_picture
@pytest.mark.parametrize("look", [Look(LIGHT), Look(DARK, 1.4)], ids=["light", "dark and large"])
def test_the_specification_is_legal_vega_lite(draw, look):
    spec = draw(look=look).spec
    alt.LayerChart.from_dict(deepcopy(spec), validate=True)
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")


@each_picture
def test_every_table_that_is_asked_for_is_there_with_its_columns(draw):
    picture = draw()
    inline = set(picture.spec.get("datasets", {}))
    assert table_names(picture.spec) - inline == set(picture.tables)
    columns = set().union(*(table.columns for table in picture.tables.values()))
    made_by_vega = {"middle", "value"}
    assert fields(picture.spec) - columns <= made_by_vega


@each_picture
def test_dark_and_large_change_the_look_and_not_the_numbers(draw):
    light, dark = draw(), draw(look=Look(DARK, 1.4))
    assert light.spec != dark.spec
    for name, table in light.tables.items():
        assert table.equals(dark.tables[name])


@each_picture
def test_no_text_of_a_picture_has_a_raw_value(draw):
    for table in draw().tables.values():
        if "text" in table:
            assert not [text for text in table["text"] if "nan" in text or "None" in text or text.startswith("-")]


# -- explaining away


def test_the_curves_are_the_engines_and_the_gap_is_where_the_knob_is():
    picture = beliefs(-4.0)
    ask = smoking(2.0, -4.0).probability
    once, twice = ask({"smoking": 1}, {"cancer": 1}), ask({"smoking": 1}, {"cancer": 1, "asbestos": 1})
    gap = picture.tables["gap"].iloc[0]
    assert (gap["w"], gap["from"], gap["to"]) == pytest.approx((-4.0, once, twice), abs=1e-9)
    assert gap["text"] == f"{twice - once:+.3f}".replace("-", "−")
    assert picture.tables["prior"]["p"].tolist() == [0.2]
    curves = picture.tables["curves"]
    assert curves["w"].tolist() == WEIGHTS.tolist()
    for w, before, after in curves.iloc[::40][["w", "once", "twice"]].itertuples(index=False):
        ask = smoking(2.0, w).probability
        assert before == pytest.approx(ask({"smoking": 1}, {"cancer": 1}), abs=1e-9)
        assert after == pytest.approx(ask({"smoking": 1}, {"cancer": 1, "asbestos": 1}), abs=1e-9)


def test_a_falling_belief_has_a_minus_and_a_rising_one_a_plus():
    assert beliefs(5.0).tables["gap"]["text"].tolist() == ["−0.082"]
    assert beliefs(-4.0).tables["gap"]["text"].item().startswith("+")


def test_hidden_beliefs_are_in_no_table():
    shown, hidden = beliefs(), beliefs(reveal=False)
    secret = {round(value, 6) for value in shown.tables["curves"]["twice"]} | {round(shown.tables["gap"]["to"][0], 6)}
    open_ones = {round(value, 6) for value in shown.tables["curves"]["once"]} | {0.2, *WEIGHTS.round(6)}
    told = set()
    for table in hidden.tables.values():
        told |= {round(value, 6) for value in table.select_dtypes("number").to_numpy().ravel() if np.isfinite(value)}
    assert not told & (secret - open_ones)
    assert hidden.tables["curves"]["twice"].isna().all()
    assert hidden.tables["gap"]["to"].isna().all()
    assert hidden.tables["gap"]["text"].tolist() == [""]


def test_the_axes_hold_still_while_a_weight_is_dragged():
    # the curve does not depend on the weight that is swept, so its end is always on the same rung
    specs = [beliefs(at).spec for at in (-6.0, -3.3, 0.0, 2.2, 5.0, 6.0)]
    assert all(spec is specs[0] for spec in specs)


@given(st.floats(-6, 6))
@settings(max_examples=25)
def test_the_axis_holds_the_curves_and_changes_by_rungs(tar):
    picture = beliefs(tar=tar)
    (low, top), *others = domains(picture.spec, "y")
    assert all(other == [low, top] for other in others)
    highest = max(picture.tables["curves"][["once", "twice"]].max().max(), 0.2)
    assert low == 0
    assert highest <= top <= 1
    assert top in charts._RUNGS


def test_a_weight_beyond_the_axis_keeps_its_own_number():
    # a weight of one's own network goes to 12, the axis to 6
    network = smoking(2.0, 10.0)
    curve = explaining_away(network, "smoking", "cancer", "asbestos", WEIGHTS)
    _, once, twice = beliefs = beliefs_of(network)
    picture = charts.explaining_away(curve, beliefs, at=10.0, arrow="w", look=LOOK)
    low, high = domains(picture.spec, "x")[0]
    for gap in picture.tables["gap"].itertuples():
        assert low <= gap.w <= high
        assert gap.text == f"{twice - once:+.3f}".replace("-", "−")


# -- funnel


def test_the_bands_are_the_shares_and_the_cursor_is_the_estimate_at_n():
    see, do = shares()
    picture = funnel(at=10_000)
    bands = picture.tables["bands"]
    assert picture.tables["exact"]["truth"].tolist() == [0.28, 0.2]
    for role, one in (("evidence", see), ("intervention", do)):
        rows = bands[bands["role"] == role]
        assert rows["n"].tolist() == SIZES.tolist()
        assert rows["p"].tolist() == one.value.tolist()
        assert rows["low"].tolist() == one.interval[0].tolist()
        assert rows["high"].tolist() == one.interval[1].tolist()
        now = picture.tables["now"].set_index("role").loc[role]
        assert now["n"] == 10_000
        assert now["p"] == one.hits[2] / one.matching[2]
        assert (now["low"], now["high"]) == (one.interval[0][2], one.interval[1][2])


@pytest.mark.parametrize(("at", "n"), [(100, 100), (1_000, 1_000), (20_000, 20_000), (1_000_000, 20_000)])
def test_the_cursor_stands_at_the_size_that_was_asked_for(at, n):
    assert set(funnel(at=at).tables["now"]["n"]) == {n}


def test_a_hidden_estimate_is_in_no_table():
    hidden = funnel(do=False)
    for name in ("bands", "now"):
        assert set(hidden.tables[name]["role"]) == {"evidence"}
    assert hidden.tables["exact"]["truth"].tolist() == [0.28]
    low, high = domains(hidden.spec, "y")[0]
    assert (low + high) / 2 == pytest.approx(0.28, abs=0.05)  # about what is shown, not about both


def test_the_axes_hold_still_while_n_is_dragged():
    specs = [funnel(at=at).spec for at in (100, 1_000, 10_000)]
    assert all(spec is specs[0] for spec in specs)
    assert domains(specs[0], "x")[0] == [100, 1_000_000]


@given(st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=40)
def test_both_truths_lie_on_the_axis(seen, done):
    low, high = domains(funnel(truths=(seen, done)).spec, "y")[0]
    assert 0 <= low < high <= 1
    assert low <= min(seen, done)
    assert max(seen, done) <= high


def test_where_nobody_matches_the_line_has_a_gap():
    nobody = Shares(SIZES, np.array([0, 0, 3, 5]), np.array([0, 0, 1, 2]))
    picture = charts.funnel(nobody, nobody, (0.3, 0.3), at=100, asked="P(a)", look=LOOK)
    assert picture.tables["now"]["p"].isna().all()
    assert picture.tables["bands"]["low"].tolist()[:2] == [0, 0]
    assert picture.tables["bands"]["high"].tolist()[:2] == [1, 1]


# -- forest


def test_the_lanes_are_the_estimates_and_the_errors_are_value_minus_truth():
    picture = forest(0.1)
    lanes = picture.tables["lanes"].set_index("lane")
    assert list(lanes.index) == ["truth", "naive", "adjusted", "front door", "trial"]
    assert (lanes.loc["truth", "value"], lanes.loc["truth", "text"]) == (0.1, "+0.100")
    for lane in LANES:
        row = lanes.loc[lane.name]
        assert row["text"] == lane.text
        if lane.value is None:
            assert np.isnan([row["value"], row["low"], row["high"]]).all()
        else:
            assert (row["value"], row["low"], row["high"]) == (lane.value, lane.low, lane.high)
    errors = dict(picture.tables["errors"].itertuples(index=False))
    assert errors == {"truth": "error", "naive": "+0.150", "adjusted": "−0.225", "trial": "−0.050"}
    assert picture.tables["truth"]["truth"].tolist() == [0.1]


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_an_error_is_printed_as_the_difference(value, truth):
    errors = forest(truth, [Lane("naive", "rival", value, value, value, "")]).tables["errors"]
    text = dict(errors.itertuples(index=False))["naive"]
    assert float(text.replace("−", "-")) == pytest.approx(value - truth, abs=5.1e-4)
    assert "-" not in text


def test_no_error_is_no_negative_zero():
    errors = forest(0.1, [Lane("naive", "rival", 0.1 - 1e-9, 0.0, 0.2, "")]).tables["errors"]
    assert "−0.000" not in errors["text"].tolist()


def test_a_lane_is_its_estimate_with_its_interval():
    assert charts.lane("trial", "data", Estimate(-0.125, 0.01)) == Lane(
        "trial", "data", -0.125, -0.125 - 1.96 * 0.01, -0.125 + 1.96 * 0.01, "−0.125"
    )
    empty = charts.lane("trial", "data", None)
    assert (empty.value, empty.text) == (None, "—")


def test_a_hidden_truth_is_in_no_table_and_the_axis_stays():
    hidden = forest(0.1, reveal=False)
    assert len(hidden.tables["truth"]) == len(hidden.tables["errors"]) == 0
    assert hidden.tables["lanes"]["lane"].tolist() == ["naive"]
    assert hidden.spec is forest(0.1).spec


def test_one_lane_that_could_not_be_estimated_is_drawn():
    picture = forest(0.1, [Lane("naive", "rival", None)])
    assert picture.tables["lanes"]["text"].tolist() == ["+0.100", "—"]
    assert picture.tables["errors"]["lane"].tolist() == ["truth"]


def test_the_axis_holds_still_within_a_rung_and_holds_what_is_on_it():
    first = forest(0.1)
    moved = [Lane(lane.name, lane.role, lane.value, lane.low, lane.high, lane.text) for lane in LANES]
    moved[0] = Lane("naive", "rival", 0.26, 0.22, 0.31, "+0.260")
    assert forest(0.11, moved).spec is first.spec
    for reach in (0.04, 0.2, 0.4, 0.7, 0.9):
        low, high = domains(forest(0.0, [Lane("naive", "rival", 0.0, -reach, reach, "")]).spec, "x")[0]
        assert low == -high
        assert reach <= high <= 1


# -- transfer


def test_places_and_lines_are_those_of_both_countries():
    picture = transfer()
    places = picture.tables["places"]
    for role, (x, y) in (("data", HOME), ("rival", ABROAD)):
        rows = places[places["role"] == role]
        assert rows["x"].tolist() == x.tolist()
        assert rows["y"].tolist() == y.tolist()
    lines = picture.tables["lines"]
    assert lines["x"].tolist() == [0, 4000]
    assert lines["fitted"].tolist() == pytest.approx([14.0, 14.0 - 0.006 * 4000])
    assert lines["best"].tolist() == pytest.approx([15.0, 15.0 - 0.0065 * 4000])


def test_a_hidden_country_is_in_no_table_and_in_no_axis():
    hidden = transfer(None)
    assert set(hidden.tables["places"]["role"]) == {"data"}
    assert len(hidden.tables["places"]) == len(HOME[0])
    assert hidden.tables["lines"]["best"].isna().all()
    other = transfer(None, Line(99.0, 9.0, 1.0))
    assert hidden.spec is other.spec is transfer().spec
    assert all(table.equals(other.tables[name]) for name, table in hidden.tables.items())


def test_the_axes_hold_still_wherever_the_other_country_is():
    far = transfer((ABROAD[0] + 1500, ABROAD[1] - 15), Line(-0.001, 3.0, 1.0))
    assert far.spec is transfer().spec
    assert domains(far.spec, "x")[0] == [0, 4000]
    assert domains(far.spec, "y")[0] == [-20, 25]


# -- drawings


def elements(svg):
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return root, [child.tag.rpartition("}")[2] for child in root]


def test_the_thumbnail_is_a_drawing_of_240_by_134_with_every_node_and_arrow():
    root, kinds = elements(charts.thumbnail())
    assert root.get("viewBox") == "0 0 240 134"
    assert kinds.count("line") == kinds.count("polygon") == len(smoking().edges)
    assert kinds.count("circle") == 5
    assert charts.thumbnail() == charts.thumbnail()
    for child in root:
        for name in ("cx", "x", "x1", "x2"):
            assert 0 <= float(child.get(name, 0)) <= 240
        for name in ("cy", "y", "y1", "y2"):
            assert 0 <= float(child.get(name, 0)) <= 134


def test_a_drawing_holds_no_names_so_there_is_nothing_to_escape():
    nasty = ('<script>alert("1")</script>', "a&b")
    svg = charts.network_svg((nasty,), {nasty[0]: (0, 0), nasty[1]: (1, 1)}, {nasty[0]: "see 1"}, width=99, height=99)
    _, kinds = elements(svg)
    assert kinds == ["line", "polygon", "circle", "circle"]
    assert "alert" not in svg
    assert "&" not in svg


def test_marks_are_told_apart_by_shape_and_colour():
    places = {"a": (0.0, 0.0), "b": (1.0, 1.0)}

    def drawn(marks):
        return elements(charts.network_svg((("a", "b"),), places, marks, width=100, height=80))

    root, kinds = drawn({"b": "do 0"})
    assert kinds == ["line", "polygon", "circle", "rect"]
    assert "intervention" in root[0].get("stroke")
    assert root[0].get("stroke-dasharray")  # cut
    root, kinds = drawn({"a": "see 1"})
    assert kinds == ["line", "polygon", "circle", "circle"]
    assert "evidence" in root[2].get("fill")
    assert "evidence" not in root[3].get("fill")
    assert not root[0].get("stroke-dasharray")
