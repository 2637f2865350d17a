"""What noisy points give to take away: formulas with the right numbers, code that runs, tables that agree."""

import csv
import io
import json
import re

import numpy as np
import pytest

from playground.bernoulli.comparison import WAYS, Comparison
from playground.bernoulli.regression import Regression
from playground.bernoulli.report import noise as report
from playground.bernoulli.samples import SAMPLES, truth_weights

SINE = SAMPLES["Sine"]
FOUND = Comparison(SINE.points(10, seed=3), Regression(9, 0.2, 0.5), SINE.truth)
EMPTY = Comparison((), Regression(3, 0.5, 0.05), None)
ANSCOMBE = Comparison(SAMPLES["Anscombe III"].fixed, Regression(1, 0.2, 5.0), None)


def test_the_penalties_stand_in_the_formulas():
    text = "\n".join(report.latex(FOUND))
    assert r"\frac{(0.2)^2}{(0.5)^2} = 0.16" in text
    assert r"b = \frac{\tau}{\sqrt 2} = 0.354" in text
    assert r"\frac{\sqrt 2\, \sigma^2}{\tau} = 0.113" in text
    mean, sd = (float(v[0]) for v in FOUND.model.curve(FOUND.x, FOUND.y, [0.5]))
    assert rf"f(\tfrac12) = {mean:.3f} \pm 1.96 \cdot {sd:.3f}" in text
    assert rf"{mean:.3f} \pm 1.96 \cdot {np.sqrt(sd**2 + 0.04):.3f}" in text
    assert f"= {FOUND.log_evidences[8]:.3f}" in text
    assert f"= {FOUND.model.effective(FOUND.x):.3f}" in text


def test_no_minus_stands_before_zeros():
    text = "\n".join(report.latex(Comparison(((0.99, -2.0),), Regression(5, 1.7, 0.02), None)))
    assert r"f(\tfrac12) = 0.000 \pm" in text
    assert "-0.000" not in text


def test_small_penalties_are_powers_of_ten():
    text = "\n".join(report.latex(Comparison(FOUND.points, Regression(9, 0.02, 20.0), None)))
    assert r"= 1.00 \cdot 10^{-6}" in text
    assert not re.search(r"e-\d|nan|inf", text)


def test_without_points_there_is_no_evidence_to_write():
    assert len(report.latex(EMPTY)) == len(report.latex(FOUND)) - 1
    assert "nats" not in "".join(report.latex(EMPTY))


def test_braces_of_every_formula_match():
    for found in (FOUND, EMPTY, ANSCOMBE):
        for line in (*report.latex(found), report.error_latex(found)):
            assert line.count("{") == line.count("}")
    assert "int_{-1}^{1}" in report.error_latex(FOUND)
    assert "without point" in report.error_latex(ANSCOMBE)


def test_the_table_has_every_coefficient_and_the_truth_beside():
    head, rows = report.table(FOUND, truth_weights("Sine", 9))
    assert head == ("k", *WAYS, "truth")
    assert [row[0] for row in rows] == [str(k) for k in range(10)]
    assert rows[3][2] == f"{FOUND.weights['Gaussian prior'][3]:.3f}"
    assert rows[3][4] == f"{truth_weights('Sine', 9)[3]:.3f}" == "-0.667"
    assert report.table(EMPTY, ())[0] == ("k", "Gaussian prior", "Laplace prior")


@pytest.mark.parametrize(
    ("found", "sample"), [(FOUND, "Sine"), (EMPTY, "Empty sheet"), (ANSCOMBE, "Anscombe III")], ids=str
)
def test_the_code_prints_the_errors_and_the_evidence(found, sample, capsys):
    exec(compile(report.code(found, sample), "snippet", "exec"), {})
    printed = [float(line) for line in capsys.readouterr().out.split()]
    expected = [*found.errors.values(), found.log_evidences[found.model.degree - 1]]
    assert printed == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_csv_holds_the_curves():
    rows = list(csv.DictReader(io.StringIO(report.csv(FOUND))))
    assert list(rows[0]) == ["x", "least_squares", "Gaussian_prior", "Laplace_prior", "posterior_sd", "truth"]
    there = next(row for row in rows if float(row["x"]) == 0.5)
    mean, sd = (float(v[0]) for v in FOUND.model.curve(FOUND.x, FOUND.y, [0.5]))
    assert [float(there[name]) for name in ("Gaussian_prior", "posterior_sd", "truth")] == pytest.approx(
        [mean, sd, 1], rel=1e-5
    )
    assert "least_squares" not in report.csv(EMPTY).split("\n")[0]


def test_the_json_is_plain_and_whole():
    values = json.loads(json.dumps(report.as_json(FOUND, "Sine"), allow_nan=False))
    assert values["points"] == [list(point) for point in FOUND.points]
    assert values["rms to the truth"] == dict(FOUND.errors)
    assert len(values["log evidence by degree, nats"]) == 9
    assert "rms to a point left out" in json.loads(
        json.dumps(report.as_json(ANSCOMBE, "Anscombe III"), allow_nan=False)
    )
