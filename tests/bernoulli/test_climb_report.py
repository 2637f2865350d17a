"""Climb to take away: the arithmetic adds up, the code runs, the table is the path."""

import contextlib
import io
import json
import re

import numpy as np
import pytest
from climb_cases import POSTERIORS, pair

from playground.bernoulli.ascent import optimum, rate_limit
from playground.bernoulli.charts.climb import path
from playground.bernoulli.report import climb as report

each_pair = pytest.mark.parametrize("name", POSTERIORS)


def value(latex):
    """A sum of LaTeX numbers, fractions and products, evaluated."""
    text = re.sub(r"\\frac\{(.*?)\}\{(.*?)\}", r"((\1)/(\2))", latex).replace(r"\cdot", "*").replace("^", "**")
    return eval(text.replace("{", "(").replace("}", ")"), {"__builtins__": {}})


@each_pair
def test_the_slope_adds_up_to_what_autograd_found(name):
    for climb in pair(name):
        start = path(climb)[0]
        *_, numbers, result = report.slope_latex(climb, start).split(" = ")
        assert float(result) == pytest.approx(start.gradient, abs=5e-5)
        assert value(numbers) == pytest.approx(start.gradient, rel=1e-3, abs=0.05)


@each_pair
def test_the_first_step_leads_where_the_path_goes(name):
    for climb in pair(name):
        after = path(climb)[1]
        latex = report.step_latex(climb, path(climb))
        assert latex.endswith(f"{after.theta:.4f}")
        assert (f"2^{{-{after.halvings}}}" in latex) == (after.halvings > 0)
        if climb.coordinate == "theta":
            assert value(latex.split(" = ")[1]) == pytest.approx(after.theta, abs=1e-3)


@each_pair
def test_the_limit_is_that_of_the_engine_or_said_to_be_none(name):
    for climb in pair(name):
        latex = report.limit_latex(climb)
        if rate_limit(climb) is None:
            assert "no rate limit" in latex
        else:
            assert f"{optimum(climb):.4f}" in latex
            assert f"= {rate_limit(climb):.4g}" in latex


@each_pair
def test_the_code_prints_ends_tops_and_limits(name):
    climbs, out = pair(name), io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(report.code(climbs[1]), {})
    expected = [f"{path(climb)[-1].theta} {optimum(climb)} {rate_limit(climb)}" for climb in climbs]
    assert out.getvalue().splitlines() == expected


@each_pair
def test_the_table_is_both_paths_and_the_values_are_json(name):
    climbs = pair(name)
    paths = tuple(path(climb) for climb in climbs)
    head, *rows = report.csv(*paths).splitlines()
    assert head.startswith("step,theta_likelihood,value_likelihood,gradient_likelihood,halvings_likelihood,theta_post")
    table = np.array([[float(cell) for cell in row.split(",")] for row in rows])
    assert table.shape == (climbs[0].steps + 1, 9)
    assert table[:, 1] == pytest.approx([snapshot.theta for snapshot in paths[0]])
    assert table[:, 7] == pytest.approx([snapshot.gradient for snapshot in paths[1]])
    values = json.loads(json.dumps(report.values(*climbs, paths), allow_nan=False))
    assert values["posterior"]["theta"] == paths[1][-1].theta
    assert values["likelihood"]["exact"] == optimum(climbs[0])


def test_what_counts_as_flips_is_said():
    assert report.counted(pair("settles")[0]) == ""
    assert "a − 1 heads" in report.counted(POSTERIORS["settles"])
    assert "stretch" not in report.counted(POSTERIORS["settles"])
    assert "one head and one tail" in report.counted(POSTERIORS["logit"])
    assert report.counted(POSTERIORS["bell"]) == ""
