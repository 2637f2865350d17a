"""Gaussian noise opened without a browser: its numbers by hand, its links, its boundaries, what is hidden."""

import base64
import json
import math
import re

import numpy as np
import pytest

from pages.probability.bernoulli import noise
from playground.bernoulli import SAMPLES, Regression, rms_error
from playground.bernoulli.samples import MOST_POINTS
from tests.ui.app_pages import ignored, notice, numbers, open_page, sent, words

TEN = SAMPLES["Sine"].points(10, seed=3)
GAUSSIAN, LEAST, LAPLACE = (f"{way}, RMS to the truth" for way in ("Gaussian prior", "Least squares", "Laplace prior"))


def opened(reveal="1", points=None, **knobs):
    query = {"reveal": reveal} if reveal else {}
    query |= {f"bernoulli_noise_{name}": str(value) for name, value in knobs.items()}
    query |= {"bernoulli_points": points} if points is not None else {}
    return check(open_page("bernoulli", bernoulli_experiment="Gaussian noise", **query))


def check(app):
    assert not app.exception
    assert "stumbled" not in words(app)
    return app


def by_hand(points, degree, penalty):
    """Ridge by the normal equations, and its distance to sin πx by a plain sum over many places."""
    x, y = np.array(points).T
    places = np.cos(np.pi * (np.arange(20_000) + 0.5) / 20_000)
    phi, there = (np.cos(np.outer(np.arccos(v), np.arange(degree + 1))) for v in (x, places))
    weights = np.linalg.solve(phi.T @ phi + penalty * np.eye(degree + 1), phi.T @ y)
    square = (there @ weights - np.sin(np.pi * places)) ** 2 * np.sin(np.arccos(places))  # dx = sin t dt
    return weights, math.sqrt(square.sum() * np.pi / 20_000 / 2), math.sqrt(np.mean((phi @ weights - y) ** 2))


def drawn(app):
    """Names of the layers under the points."""
    (data,) = sent(app, "scatter")
    payload = base64.b64decode(data["movie"])
    head = json.loads(payload[8 : 8 + int.from_bytes(payload[4:8], "little")])
    return [layer["name"] for layer in head["panels"][0]["layers"]]


def test_the_numbers_are_those_of_the_normal_equations():
    app = opened()
    strip = numbers(app)
    for label, penalty in ((GAUSSIAN, 0.2**2 / 0.5**2), (LEAST, 1e-13)):
        _, error, miss = by_hand(TEN, 9, penalty)
        assert strip[label][0] == f"{error:.3f}"
        assert strip[label][1].startswith(f"to its own points {miss:.3f}")
    weights = Regression(9, 0.2, 0.5).lasso(*np.array(TEN).T)
    assert strip[LAPLACE][0] == f"{rms_error(weights, SAMPLES['Sine'].truth):.3f}"
    assert strip[LAPLACE][1].endswith(f"{np.sum(weights == 0)} of 10 wₖ exactly 0")
    assert "… + 0.16 Σw²" in words(app)
    assert f"… + {2 * math.sqrt(2) * 0.04 / 0.5:.3g} Σ|w|" in words(app)


def test_the_knobs_move_the_penalties():
    assert "… + 4 Σw²" in words(opened(sigma=2, tau=1))
    assert "… + 1.0 · 10⁻⁶ Σw²" in words(opened(sigma=0.02, tau=20))


def test_points_of_a_link_are_the_points():
    app = opened(points="-1_0.5~0_-0.5~1_1", degree=2)
    weights, error, _ = by_hand([(-1, 0.5), (0, -0.5), (1, 1)], 2, 0.16)
    assert numbers(app)[GAUSSIAN][0] == f"{error:.3f}"
    spoken = re.search(r"Gaussian prior: ([^;]+);", words(app).split("each wₖ")[1])[1]
    assert [float(text.replace("−", "-")) for text in spoken.split(", ")] == pytest.approx(weights, abs=0.005)
    (data,) = sent(app, "scatter")
    assert data["points"] == [[-1, 0.5], [0, -0.5], [1, 1]]
    assert data["start"] == [list(point) for point in TEN]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0_0~1.2_0", "point 2 has x from −1 to 1"),
        ("0_0~<script>", "point 2 is a pair such as 0.25_-1.5"),
        ("0_9", "point 1 has y from −2 to 2"),
        ("~".join(["0_0"] * 41), "at most 40 points, not 41"),
    ],
)
def test_points_that_cannot_be_are_named_and_the_draw_is_shown(text, said):
    app = opened(points=text)
    assert said in ignored(app)
    assert sent(app, "scatter")[0]["points"] == [list(point) for point in TEN]
    assert "<script>" not in "".join(element.value for element in app.get("html"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"points": "none"}, "No points, so the posterior is the prior"),
        ({"points": "none", "data": "Anscombe III"}, "No points, so the posterior is the prior"),
        ({"n": 0}, "No points, so the posterior is the prior"),
        ({"points": "0.5_1"}, "Points at one x settle 1 of 10 coefficients"),
        ({"points": "0.5_1", "data": "Empty sheet"}, "Points at one x settle 1 of 10 coefficients"),
        ({"points": "~".join(["0.3_1", "0.3_-1"] * 20), "degree": 1}, "Points at one x settle 1 of 2 coefficients"),
        ({"points": "-1_2~1_-2", "degree": 5}, "Points at 2 different x settle 2 of 6 coefficients"),
        ({"points": "~".join(f"{0.5 + i / 1000:g}_{(-1) ** i}" for i in range(40))}, "double precision settles only"),
        ({"sigma": 2, "tau": 0.02}, "so narrow that the points settle 0.0"),
        ({"sigma": 0.02, "tau": 20}, "Least squares misses its own points by 0.000"),
    ],
)
def test_boundaries_are_lessons(query, said):
    app = opened(**query)
    assert said in notice(app)
    for section in ("the_arithmetic", "the_code", "data"):
        app.session_state[f"details-{section}"] = True
    check(app.run())
    assert not re.search(r"(?<![a-z])(nan|inf)(?![a-z])", words(app), re.IGNORECASE)
    for chart in app.get("vega_lite_chart"):
        assert "NaN" not in chart.proto.spec


def test_without_a_truth_a_point_is_left_out():
    app = opened(data="Anscombe III", degree=1, tau=5)
    x, y = np.array(SAMPLES["Anscombe III"].fixed).T
    phi = np.stack([np.ones_like(x), x], 1)
    hat = phi @ np.linalg.solve(phi.T @ phi, phi.T)
    expected = math.sqrt(np.mean(((y - hat @ y) / (1 - np.diag(hat))) ** 2))
    assert numbers(app)["Least squares, RMS to a point left out"][0] == f"{expected:.3f}"
    assert "truth" not in drawn(app)


def test_before_the_answer_the_truth_is_nowhere():
    app = opened(reveal="")
    assert "truth" not in drawn(app)
    assert "sin πx" not in words(app)
    assert [value for value, _ in numbers(app).values()].count("?") == 3
    tables = {d.name: d for chart in app.get("vega_lite_chart") for d in chart.proto.datasets}
    import pyarrow as pa

    assert pa.ipc.open_stream(tables["truth"].data.data).read_all().num_rows == 0
    app.segmented_control(key="bernoulli_guess_noise").set_value("Laplace").run()
    assert "You said “Laplace”: right." in notice(check(app))
    assert "truth" in drawn(app)
    assert "sin πx" in words(app)


def test_a_wrong_answer_is_corrected():
    app = opened(reveal="")
    app.segmented_control(key="bernoulli_guess_noise").set_value("No prior").run()
    assert "You said “No prior”; it is “Laplace”." in notice(app)


def test_nothing_is_asked_where_there_is_nothing_to_compare():
    assert "Predict." not in words(opened(reveal="", points="none"))
    assert "Predict." not in words(opened(reveal="", data="Empty sheet", points="0_1"))
    assert "Which predicts a point left out best?" in words(opened(reveal="", data="Empty sheet", points="0_1~1_1"))


@pytest.mark.parametrize("knob", ["data", "n", "seed"])
def test_another_draw_takes_the_points_of_the_visitor_away(knob):
    app = opened(points="0_0~0.5_1")
    widgets = {"data": app.selectbox, "n": app.number_input, "seed": app.number_input}
    widgets[knob](key=f"bernoulli_noise_{knob}:widget").set_value("Line" if knob == "data" else 7).run()
    assert "bernoulli_points" not in check(app).query_params
    (data,) = sent(app, "scatter")
    assert data["points"] == data["start"] != [[0, 0], [0.5, 1]]


def test_the_band_of_a_new_point_is_wider():
    (curve,), (new,) = sent(opened(), "scatter"), sent(opened(band="A new point"), "scatter")
    assert curve["movie"] != new["movie"]


def test_a_full_sheet_makes_a_link_of_a_fraction_of_the_limit():
    points = SAMPLES["Sine"].points(MOST_POINTS, seed=999)
    assert len(noise.PAPER.write(points)) < 700


def test_presets_keep_what_they_promise():
    for preset, said in (("Overfit", "by 0.01"), ("Dropped", "Degree 4 makes"), ("One outlier", "than 1 does")):
        app = opened()
        app.button(key=f"preset-Gaussian noise-{preset}").click().run()
        assert said in notice(check(app))
    app = opened()
    app.button(key="preset-Gaussian noise-Beyond the data").click().run()
    x = np.array(sent(app, "scatter")[0]["points"])[:, 0]
    assert x.max() < 0.25
    model = Regression(9, 0.2, 0.5)
    _, sd = model.curve(x, np.array(sent(app, "scatter")[0]["points"])[:, 1], [-0.5, 0.6])
    assert sd[1] > 5 * sd[0]
