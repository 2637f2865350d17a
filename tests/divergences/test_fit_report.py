"""What Fit hands out: formulas, code and tables with the numbers of the engine."""

import contextlib
import io
import json
import re
from math import log, pi

import numpy as np
import pytest
from scipy.integrate import quad

from playground.divergences.fit import OBJECTIVES, STARTS, Descent, endings, floors, paths
from playground.divergences.report import fit as report

CONFIGS = [
    Descent(),
    Descent(weight=0.3, gap=2.5, start="far", rate=0.4),
    Descent(gap=0.0, width=1.0),
    Descent(steps=4),
]
each = pytest.mark.parametrize("config", CONFIGS)


@each
def test_the_formulas_add_up(config):
    lines = report.latex(config)
    ends, least = endings(config)[config.start], floors(config)
    for line in lines:
        assert line.count("{") == line.count("}")
    number = r"(-?[\d.]+)"
    parts = (
        rf"= {number} ([+-][\d.]+) \+ {number} \+ \\frac\{{{number} \+ {number}\}}\{{2 \\cdot {number}\}} = {number}"
    )
    entropy, log_sd, half, variance, away, square, value = map(float, re.search(parts, lines[1]).groups())
    assert entropy + log_sd + half + (variance + away) / (2 * square) == pytest.approx(value, abs=5e-4 / min(square, 1))
    assert half == pytest.approx(0.5 * log(2 * pi), abs=1e-4)
    target = config.target
    minus_entropy = quad(lambda x: float(target.pdf(x) * target.log_pdf(x)), -12, 12, limit=400, points=(-2, 0, 2))[0]
    assert entropy == pytest.approx(minus_entropy, abs=1e-4)
    assert value == pytest.approx(ends[0].value, abs=1e-4)
    parts = rf"{number} \+ {number} - 2 \\cdot {number} \\cdot {number} \+ {number} = {number}"
    a, b, sd, c, v, w2 = map(float, re.search(parts, lines[5]).groups())
    assert a + b - 2 * sd * c + v == pytest.approx(w2, abs=1e-3)
    assert w2 == pytest.approx(ends[3].value, abs=1e-4)
    for line, floor in ((lines[2], least[0]), (lines[3], least[1]), (lines[4], least[2]), (lines[6], least[3])):
        assert f"{floor.value:.4f}" in line


@each
@pytest.mark.parametrize("units", ["nats", "bits"])
def test_the_code_prints_the_ends_and_their_floors(config, units):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(report.code(config, units), "snippet", "exec"), {"__name__": "__main__"})
    per = np.array([log(2), log(2), log(2), 1.0]) if units == "bits" else np.ones(4)
    ends, least = endings(config)[config.start], floors(config)
    printed = [line.rsplit(" ", 2) for line in out.getvalue().splitlines()]
    assert [name for name, *_ in printed] == list(OBJECTIVES)
    assert per * [float(value) for _, value, _ in printed] == pytest.approx([end.value for end in ends], abs=1e-9)
    assert per * [float(floor) for *_, floor in printed] == pytest.approx([floor.value for floor in least], abs=1e-9)


@each
def test_the_table_has_every_step_of_every_run(config):
    head, *rows = report.csv(config).splitlines()
    assert head == "start,divergence,step,mu,sigma,value"
    assert len(rows) == len(STARTS) * len(OBJECTIVES) * (config.steps + 1)
    run = paths(config)
    for k in np.random.default_rng(0).integers(0, len(rows), 40):
        start, name, step, mean, sd, value = rows[k].split(",")
        at = int(step), OBJECTIVES.index(name), STARTS.index(start)
        assert [float(mean), float(sd), float(value)] == pytest.approx(
            [run.mean[at], run.sd[at], run.value[at]], rel=1e-9
        )


@each
def test_the_values_are_legal_json(config):
    read = json.loads(json.dumps(report.values(config), allow_nan=False))
    assert Descent(**read["knobs"]) == config
    for start, row in endings(config).items():
        for name, end in zip(OBJECTIVES, row, strict=True):
            assert read["ends"][start][name]["value"] == end.value
            assert read["ends"][start][name]["is"] == end.status
    assert [read["floors"][name]["exact"] for name in OBJECTIVES] == [True, False, False, True]


def test_no_minus_stands_before_zeros():
    for start in STARTS:
        assert "-0.0000" not in "\n".join(report.latex(Descent(gap=0.0, width=1.0, start=start)))
