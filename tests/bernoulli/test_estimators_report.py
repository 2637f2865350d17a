"""Estimators to take away: the sums add up, the code runs, the tables are the numbers."""

import contextlib
import io
import json
import re

import numpy as np
import pytest

from playground.bernoulli.coverage import KINDS, average_coverage, bounds, coverage
from playground.bernoulli.estimators import binomial, estimates, moments, simulate, summarise, uniforms
from playground.bernoulli.priors import Beta, uniform
from playground.bernoulli.report import estimators as report
from playground.bernoulli.truncated_normal import TruncatedNormal

CASES = [(Beta(2, 2), 10, 0.4), (Beta(0.5, 7.25), 200, 0.03), (uniform(), 1, 1.0), (TruncatedNormal(0.5, 0.1), 20, 0.7)]
each_case = pytest.mark.parametrize(("prior", "n", "theta"), CASES, ids=str)


def value(latex):
    """A sum of LaTeX numbers, fractions, squares and products, evaluated."""
    text = latex.replace(r"\left(", "(").replace(r"\right)", ")").replace(r"\cdot", "*").replace("^", "**")
    while r"\frac" in text:
        text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
    return eval(text, {"__builtins__": {}})


def output(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {})
    return out.getvalue()


@each_case
def test_the_arithmetic_of_the_errors_adds_up(prior, n, theta):
    exact = moments(estimates(prior, n), theta)
    for i, line in enumerate(report.error_latex(prior, n, theta, exact)):
        *_, numbers, result = line.split(" = ")
        assert float(result) == pytest.approx(exact.mse[i], abs=5e-6)
        assert value(numbers) == pytest.approx(exact.mse[i], rel=2e-3, abs=2e-5)


@each_case
@pytest.mark.parametrize("kind", KINDS)
def test_the_arithmetic_of_a_coverage_names_the_first_and_last_count(prior, n, theta, kind):
    found = bounds(kind, prior, n)
    covered = float(coverage(found, theta))
    line = report.coverage_latex(kind, found, theta, covered)
    held = np.flatnonzero(found.hold(theta))
    if not len(held):
        assert line.endswith("= 0")
        return
    assert f"= {covered:.4f}" in line
    for h in (held[0], held[-1]):
        assert f"P({h}) = {binomial(theta, n)[h]:.4f}" in line


@each_case
def test_the_code_prints_exact_and_simulated_errors(prior, n, theta):
    printed = output(report.error_code(prior, n, theta, 3))
    numbers = [float(text) for text in re.findall(r"\d[\d.]*(?:e[-+]\d+)?", printed)]
    table = estimates(prior, n)
    seen = summarise(table, simulate(theta, n, uniforms(3)), theta)
    assert numbers == pytest.approx([*moments(table, theta).mse, *seen.moments.mse], rel=1e-6, abs=6e-9)


@each_case
def test_the_code_prints_coverages_and_their_averages(prior, n, theta):
    kinds = ("Shortest", "Clopper–Pearson")
    numbers = [float(text) for text in output(report.coverage_code(kinds, prior, n, theta)).split()]
    expected = [
        part
        for kind in kinds
        for part in (float(coverage(bounds(kind, prior, n), theta)), average_coverage(kind, prior, n))
    ]
    assert numbers == pytest.approx(expected, rel=1e-12)


@each_case
def test_the_table_has_a_row_for_every_count_and_the_values_are_json(prior, n, theta):
    kinds = ("Wald", "Wilson")
    found = (bounds(kinds[0], prior, n), bounds(kinds[1], prior, n))
    counts, table = simulate(theta, n, uniforms(1)), estimates(prior, n)
    head, *rows = report.csv(table, theta, counts, kinds, found).splitlines()
    assert head == "heads,probability,simulated,mle,map,mean,low (Wald),high (Wald),low (Wilson),high (Wilson)"
    cells = np.array([[float(cell) for cell in row.split(",")] for row in rows])
    assert cells[:, 0].tolist() == list(range(n + 1))
    assert cells[:, 1].sum() == pytest.approx(1)
    assert cells[:, 2].sum() == 10_000
    np.testing.assert_allclose(cells[:, 3:6].T, table, rtol=1e-9)
    assert cells[:, 9] == pytest.approx(found[1].high)
    exact = moments(table, theta)
    kept = json.loads(json.dumps(report.values(prior, n, theta, 1, exact, {"Wald": 0.5}), allow_nan=False))
    assert kept["mse"] == pytest.approx(exact.mse)
    assert kept["coverage"] == {"Wald": 0.5}
