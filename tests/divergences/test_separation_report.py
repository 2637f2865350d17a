"""What Separation hands out: formulas, code and tables with the numbers of the engine."""

import contextlib
import io
import json
import re

import numpy as np
import pytest

from playground.divergences.charts.separation import THETA
from playground.divergences.report import separation as report
from playground.divergences.separation import MEASURES, Copies

COPIES = [Copies("points"), Copies("uniforms", 0.7), Copies("uniforms", 3.0), Copies("Gaussians", 0.4)]
each_kind = pytest.mark.parametrize("copies", COPIES)


@each_kind
def test_the_formulas_hold_the_values(copies):
    text = "\n".join(report.latex(copies, 2.5))
    curves = copies.curves([2.5])
    assert text.count("{") == text.count("}")
    if copies.kind == "points":
        assert f"{np.log(2):.6f}" in text
        assert r"= \infty" in text
        return
    for name in ("JS", "TV", "Hellinger"):
        assert f"{curves[name].value[0]:.6f}" in text, name
    if copies.kind == "Gaussians":
        assert f"{curves['KL'].value[0]:.6f}" in text
        assert f"{curves['KL'].slope[0]:.6f}" in text
        assert "e-" not in text


@each_kind
@pytest.mark.parametrize("units", ["nats", "bits"])
def test_the_code_prints_the_values(copies, units):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(report.code(copies, 2.5, units), "snippet", "exec"), {"__name__": "__main__"})
    curves = copies.curves([2.5], units)
    lines = out.getvalue().splitlines()
    printed = dict(line.rsplit(" ", 1) for line in lines)
    assert {name: float(value) for name, value in printed.items()} == {
        **{name: curves[name].value[0] for name in ("KL", "JS", "TV", "W1")},
        "slope of W1": 1.0,
    }


@each_kind
def test_the_table_has_every_curve_at_every_theta(copies):
    head, *rows = report.csv(copies, THETA).splitlines()
    assert head.split(",") == ["theta", *MEASURES, *(f"slope of {name}" for name in MEASURES)]
    cells = np.array([[float(cell or "nan") for cell in row.split(",")] for row in rows])
    curves = copies.curves(THETA)
    assert cells[:, 0] == pytest.approx(THETA)
    for i, name in enumerate(MEASURES):
        assert cells[:, 1 + i] == pytest.approx(curves[name].value, rel=1e-11)
        assert cells[:, 7 + i] == pytest.approx(curves[name].slope, rel=1e-11, nan_ok=True)


@each_kind
def test_the_values_are_legal_json(copies):
    text = json.dumps(report.values(copies, 2.5), allow_nan=False)
    read = json.loads(text)
    assert read["kind"] == copies.kind
    assert read["infinite"] == ([] if copies.kind == "Gaussians" else ["KL"])
    assert read["value"]["W1"] == 2.5
    assert not re.search("NaN|Infinity", text)
