"""What Ruler gives away: formulas that come out, code that runs, tables that hold what was seen."""

import contextlib
import csv
import io
import itertools
import json
import math
import re

import numpy as np
import pytest

from playground.divergences.compare import NAMES, compare
from playground.divergences.families import Choice
from playground.divergences.report import ruler as report

CHOICES = {
    "Gaussians": (Choice("Gaussian", 0.0, 1.0), Choice("Gaussian", -1.0, 0.6)),
    "bumps": (Choice("Two bumps", 0.0, 0.6, 4.0, 0.85), Choice("Laplace", -2.0, 0.6)),
    "one way infinite": (Choice("Gaussian", 0.0, 1.0), Choice("Uniform", 0.0, 2.0)),
    "both infinite": (Choice("Uniform", -2.0, 0.8), Choice("Uniform", 2.0, 0.8)),
    "narrow": (Choice("Uniform", 0.0, 0.2), Choice("Gaussian", 0.0, 0.2)),  # of negative entropy
    "drawn": (Choice("Drawn", levels=tuple(range(16))), Choice("Drawn", levels=tuple(range(16))[::-1])),
    "the same": (Choice("Gaussian", 0.0, 1.0), Choice("Gaussian", 0.0, 1.0)),
}
each = pytest.mark.parametrize(("p", "q"), CHOICES.values(), ids=CHOICES)
units = pytest.mark.parametrize("unit", ["nats", "bits"])


def run(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile_(code), {"__name__": "__main__"})
    return [float(line) for line in out.getvalue().split()]


def compile_(code):
    return compile(code, "snippet", "exec")


def in_units(p, q, unit):
    found = compare(p.shape, q.shape)
    scale = math.log(2) if unit == "bits" else 1.0
    return [found.of(name) / (scale if name in NAMES[:3] else 1.0) for name in NAMES]


@each
@units
def test_the_code_prints_the_seven(p, q, unit):
    assert run(report.code(p, q, unit)) == pytest.approx(in_units(p, q, unit), rel=1e-12, abs=1e-15)


def test_the_code_names_only_what_it_uses():
    code = report.code(*CHOICES["Gaussians"], "nats")
    assert code.startswith("from playground.divergences import Gaussian, compare\n")
    assert "drawn" not in code
    assert "import compare, drawn\n" in report.code(*CHOICES["drawn"], "nats")


@each
@units
def test_the_definitions_end_in_the_seven_values(p, q, unit):
    rows = report.definitions(p.shape, q.shape, unit).split(r"\\[4pt]")
    for row, value in zip(rows, in_units(p, q, unit), strict=True):
        last = re.findall(r"= (\\infty|[\d.]+)", row)[-1]
        assert last == (r"\infty" if math.isinf(value) else f"{value:.4f}")


def worked_out(latex):
    """What stands between the last two equal signs, computed."""
    middle = latex.split(" = ")[-2] if latex.count(" = ") >= 2 else latex.split(" = ")[1]
    middle = re.sub(r"\\frac\{1\}\{\\log 2\}\\Big", "1.4426950408889634 * ", middle)
    middle = re.sub(r"\\log\\frac\{([\d.]+)\}\{([\d.]+)\}", r"math.log(\1 / \2)", middle)
    middle = re.sub(r"\\frac\{(.*)\}\{(2 \\cdot [\d.]+\^2)\}", r"((\1) / (\2))", middle)
    for old, new in ((r"\tfrac12", "0.5"), (r"\cdot", "*"), ("^", "**"), (r"\Big", "")):
        middle = middle.replace(old, new)
    return eval(middle, {"math": math})


@each
@units
@pytest.mark.parametrize("name", NAMES[:2])
def test_the_arithmetic_of_kl_comes_out(p, q, unit, name):
    latex = report.kl_latex(name, p.shape, q.shape, unit)
    value = in_units(p, q, unit)[NAMES.index(name)]
    if math.isinf(value):
        assert latex.startswith(rf"\mathrm{{KL}}({name[3]}\,\|\,{name[5]}) = \infty")
        assert float(re.findall(r"= (\d\.\d+)$", latex)[0]) > 0
        return
    assert latex.endswith(f"= {value:.4f}\\text{{ {unit}}}")
    assert worked_out(latex) == pytest.approx(value, abs=2.1e-4)


@each
def test_what_bounds_what_is_in_order(p, q):
    for row in report.bounds_latex(p.shape, q.shape).split(r"\\[4pt]"):
        chain = [math.inf if part == r"\infty" else float(part)
                 for part in re.findall(r"(\d+\.\d{4}|\\infty)", row.partition("quad")[2])]  # fmt: skip
        assert len(chain) >= 2
        assert all(a <= b + 1e-4 for a, b in itertools.pairwise(chain))


@each
def test_the_table_sums_up_to_the_divergences(p, q):
    rows = list(csv.DictReader(io.StringIO(report.csv(p.shape, q.shape))))
    column = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    assert len(rows) == 401
    step = column["x"][1] - column["x"][0]
    assert column["p"].sum() * step == pytest.approx(1, abs=0.06)
    found = compare(p.shape, q.shape)
    assert column["TV"].sum() * step == pytest.approx(found.total_variation, abs=0.06)
    assert column["W1"].sum() * step == pytest.approx(found.w1, rel=0.06, abs=0.02)
    assert column["W2 at u"].mean() == pytest.approx(found.w2**2, rel=0.06, abs=0.02)
    assert column["F_P"] == pytest.approx(p.shape.cdf(column["x"]), abs=1e-6)


@each
def test_the_json_is_json_and_has_the_numbers(p, q):
    values = json.loads(json.dumps(report.as_json(p, q), allow_nan=False))
    found = compare(p.shape, q.shape)
    for name in NAMES:
        wanted = found.of(name)
        assert values[name] == ("infinite" if math.isinf(wanted) else wanted)
