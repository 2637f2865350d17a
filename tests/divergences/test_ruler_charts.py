"""Ruler's picture: legal Vega-Lite, tables with the right numbers, axes that hold still, nothing of what is hidden."""

import math
from copy import deepcopy

import altair as alt
import numpy as np
import pytest

from playground.divergences.charts.ruler import ruler
from playground.divergences.compare import NAMES, compare
from playground.divergences.families import Choice
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Histogram, Laplace, Uniform
from playground.theme import DARK, LIGHT, Look

LOOK = Look(LIGHT)
PAIRS = {
    "Gaussians": (Gaussian(0, 1), Gaussian(1, 0.6)),
    "a Gaussian and a uniform": (Gaussian(0, 1), Uniform(-1, 2)),
    "disjoint": (Uniform(-3, -2), Uniform(2, 2.5)),
    "bumps and a Laplace": (TwoGaussians(0.3, -2, 0.4, 2, 0.6), Laplace(0.5, 1)),
    "bars": (Histogram((-4.0, -1.0, 0.0, 4.0), (0.5, 0.0, 0.5)), Uniform(-2, 4)),
    "the same": (Gaussian(0, 1), Gaussian(0, 1)),
}
each_pair = pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
each_name = pytest.mark.parametrize("name", NAMES)


def draw(name, pair, resting=None, look=LOOK, **rest):
    return ruler(name, pair, resting or pair, look=look, **rest)


def found_in(spec, key):
    """Every value under that key, anywhere in the specification."""
    if isinstance(spec, dict):
        own = [spec[key]] if key in spec else []
        return own + [value for part in spec.values() for value in found_in(part, key)]
    return [value for part in spec for value in found_in(part, key)] if isinstance(spec, list) else []


def axes(picture):
    """Where they end: x at ± reach, the density at top, the integrand at low and high."""
    values = {parameter["name"]: parameter["value"] for parameter in picture.spec["params"]}
    return [values[name] for name in ("reach", "top", "low", "high")]


def area(picture):
    """What is filled: between `floor` and `value`, less what lies below 0."""
    terms = picture.tables["terms"].fillna(0.0)
    x = terms["x"].to_numpy()
    filled = np.trapezoid(np.abs(terms["value"] - terms["floor"]), x)
    return filled - np.trapezoid(-terms["minus"], x)


@pytest.mark.parametrize(
    ("name", "look", "reveal"),
    [(name, LOOK, True) for name in NAMES] + [("KL(P‖Q)", Look(DARK, 1.3), False), ("W2", Look(DARK, 1.3), True)],
)
def test_the_specification_is_legal_vega_lite(name, look, reveal):
    picture = draw(name, PAIRS["a Gaussian and a uniform"], look=look, reveal=reveal)
    alt.LayerChart.from_dict(deepcopy(picture.spec), validate=True)
    inline = set(picture.spec.get("datasets", {}))
    asked = {data["name"] for data in found_in(picture.spec, "data")}
    assert asked - inline == set(picture.tables)
    columns = set().union(*(table.columns for table in picture.tables.values()))
    assert set(found_in(picture.spec, "field")) - columns <= {"zero"}


@each_name
@each_pair
def test_what_is_filled_is_the_divergence(name, pair):
    wanted = compare(*pair).of(name)
    if math.isinf(wanted):
        return
    if name in ("Hellinger", "W2"):
        wanted **= 2
    assert area(draw(name, pair)) == pytest.approx(wanted, rel=0.03, abs=0.003)


@each_pair
def test_bits_are_nats_by_log_two_and_only_where_they_are_a_unit(pair):
    for name in NAMES:
        nats, bits = draw(name, pair), draw(name, pair, units="bits")
        scale = math.log(2) if name in NAMES[:3] else 1.0
        drawn = [picture.tables["terms"]["value"].to_numpy() for picture in (nats, bits)]
        assert drawn[1] * scale == pytest.approx(drawn[0], rel=1e-9, abs=1e-12, nan_ok=True)
        assert ("bits per unit of x" in str(bits.spec)) == (name in NAMES[:3])


@each_name
@each_pair
def test_the_curves_are_the_densities(name, pair):
    table = draw(name, pair).tables["density"]
    assert table["p"].to_numpy() == pytest.approx(pair[0].pdf(table["x"]))
    assert table["q"].to_numpy() == pytest.approx(pair[1].pdf(table["x"]))


def test_where_kl_is_infinite_is_marked_with_the_mass_that_is_lost():
    p, q = PAIRS["a Gaussian and a uniform"]
    picture = draw("KL(P‖Q)", (p, q))
    holes = picture.tables["holes"]
    assert holes[["left", "right"]].to_numpy().tolist() == [[-5, -1], [2, 5]]
    assert set(holes["word"]) == {"∞"}
    density = picture.tables["density"]
    lost = np.trapezoid(density["lost"].fillna(0), density["x"])
    assert lost == pytest.approx(float(p.cdf(-1) + p.sf(2)), abs=0.01)
    back = draw("KL(Q‖P)", (p, q))
    assert back.tables["holes"].empty
    assert back.tables["density"]["lost"].isna().all()
    for name in NAMES[2:]:
        assert draw(name, (p, q)).tables["holes"].empty


def test_no_number_that_json_does_not_know_is_infinite():
    for pair in PAIRS.values():
        for name in NAMES:
            for table in draw(name, pair).tables.values():
                assert not np.isinf(table.select_dtypes(float).to_numpy()).any()


@pytest.mark.parametrize("pair", [PAIRS["Gaussians"], PAIRS["a Gaussian and a uniform"]])
@pytest.mark.parametrize("name", NAMES[:2])
def test_while_hidden_neither_fill_nor_axis_nor_hole_tells_anything(name, pair):
    hidden, other = (draw(name, each, reveal=False) for each in (pair, pair[::-1]))
    assert hidden.tables["terms"][["value", "floor", "minus"]].isna().all(axis=None)
    assert hidden.tables["holes"].empty
    assert hidden.tables["density"]["lost"].isna().all()
    assert hidden.spec == other.spec  # whichever of the two KLs is the larger
    assert axes(hidden)[2:] == [0, 1]


@each_name
def test_the_axes_hold_still_while_a_curve_stays_inside(name):
    p, resting = Gaussian(0, 1), (Gaussian(0, 1), Gaussian(1, 0.6))
    specs = [draw(name, (p, Gaussian(at, 0.6)), resting).spec for at in (1.0, 0.8, 0.5, 0.2)]
    assert all(spec == specs[0] for spec in specs)


@each_name
@pytest.mark.parametrize("q", [Gaussian(4, 0.2), Gaussian(4, 3), Uniform(-4.2, -3.8), Laplace(-4, 3)])
def test_no_curve_leaves_the_axes(name, q):
    p = Gaussian(0, 1)
    picture = draw(name, (p, q), (p, Gaussian(0, 1)))
    reach, top, low, high = axes(picture)
    assert picture.tables["density"][["p", "q"]].to_numpy().max() <= top
    assert np.abs(q.quantile([0.003, 0.997])).max() <= reach
    if name != "W2":  # its ends may grow for ever
        terms = picture.tables["terms"]
        assert terms["value"].max() <= high
        assert terms["minus"].fillna(0).min() >= low


@pytest.mark.parametrize("extra", [(Laplace(4, 3), Gaussian(-4, 0.2)), (Gaussian(0, 1), Uniform(-1.2, 2))])
def test_the_names_stand_on_top_of_their_curves_and_apart(extra):
    for pair in (*PAIRS.values(), extra):
        picture = draw("TV", pair)
        names, reach = picture.tables["names"].set_index("word"), axes(picture)[0]
        for letter, shape in zip("PQ", pair, strict=True):
            place = names.loc[letter]
            beside = shape.pdf(place["x"] + np.linspace(-0.05, 0.05, 401) * reach)
            assert 0.98 * beside.min() <= place["y"] <= 1.02 * beside.max()
        near = abs(names["x"].diff().iloc[1]) < 0.05 * reach and abs(names["y"].diff().iloc[1]) < 0.03
        assert not near or sorted(names["side"]) == [-1, 1]
    names = draw("TV", (Laplace(4, 3), Gaussian(-4, 0.2))).tables["names"].set_index("word")
    assert names.loc["Q", "y"] == pytest.approx(Gaussian(-4, 0.2).pdf(-4), rel=0.02)


@pytest.mark.parametrize("scale", [1, 2, 2.4, 3])
def test_labels_of_a_long_axis_do_not_touch_on_a_phone(scale):
    picture = draw("TV", (Laplace(4, scale), Gaussian(-4, 2)))
    reach, marks = axes(picture)[0], picture.tables["grid"]["x"]
    apart = 310 * float(marks.diff().min()) / (2 * reach)  # px
    assert reach <= 12 or apart >= 36  # "−20" takes 22, and at the end of the axis it is pushed inwards by half of that
    assert 0 in set(marks)
    assert abs(marks).max() > 0.6 * reach


def test_a_jump_is_drawn_upright():
    table = draw("TV", (Uniform(-2.5, 2.5), Choice("Drawn", levels=tuple(range(16))).shape)).tables["density"]
    at = table[np.isclose(table["x"], 2.5, atol=1e-6)]
    assert len(at) == 2
    assert at["p"].tolist() == pytest.approx([0.2, 0.0])
