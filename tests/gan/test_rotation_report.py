"""What Rotation hands out: formulas, code and tables with the numbers of the engine."""

import contextlib
import io
import json
import re

import numpy as np
import pytest

from playground.gan.dirac import PLAYS, SLOPE, Dirac, linear, walk
from playground.gan.report import rotation as report

CONFIGS = [
    Dirac(),
    Dirac(gamma=4.0, rate=0.3),
    Dirac(rate=1.0, payoff="WGAN"),
    Dirac(rate=5.0, psi=-0.3),
    Dirac(theta=0.0, psi=0.0),
    Dirac(rate=0.25, gamma=4.0, steps=600, payoff="WGAN"),  # consensus underflows
]
each = pytest.mark.parametrize("config", CONFIGS)
NUMBER = r"\(?(-?[\d.]+)\)?"


@each
@pytest.mark.parametrize("close", PLAYS)
def test_the_formulas_add_up(config, close):
    lines = report.latex(config, close)
    found = walk(close, config)
    for line in lines:
        assert line.count("{") == line.count("}")
        assert "nan" not in line
    assert f"s = f'(0) = {SLOPE[config.payoff]:g}" in lines[0]
    matrix = re.search(
        rf"= \\begin{{pmatrix}} {NUMBER} & {NUMBER} \\\\ {NUMBER} & {NUMBER} \\end{{pmatrix}}$", lines[2]
    )
    a, b, c, d = map(float, matrix.groups())
    wanted = linear(close, rate=config.rate, gamma=config.gamma, payoff=config.payoff)
    assert [[a, b], [c, d]] == pytest.approx(wanted, abs=5e-5)
    trace, det = map(float, re.search(rf"\\lambda\^2 - {NUMBER}\\,\\lambda \+ {NUMBER} = 0", lines[3]).groups())
    assert (trace, det) == pytest.approx((a + d, a * d - b * c), abs=2e-3)
    for value in found.eigenvalues:
        assert value**2 - trace * value + det == pytest.approx(0, abs=3e-3 * max(1, abs(value)))
        assert f"{abs(value.real):.4f}" in lines[3]
    assert f"{found.modulus:.4f}" in lines[4]
    if found.turning:
        assert f"= {found.modulus**2:.4f}," in lines[4]
    if config.still:
        assert len(lines) == 5
    else:
        assert lines[5].endswith(f"= {found.growth:.4f}")
        digits, exponent, begun, steps = re.search(
            r"frac\{([\d.]+)(?: \\cdot 10\^\{(-?\d+)\})?\}\{([\d.]+)\}\\right\)\^\{1/(\d+)\}", lines[5]
        ).groups()
        ratio = float(f"{digits}e{exponent or 0}") / float(begun)
        assert ratio ** (1 / int(steps)) == pytest.approx(found.growth, rel=1e-3)


@pytest.mark.parametrize("play", PLAYS)
@pytest.mark.parametrize("config", [Dirac(rate=0.3, gamma=0.7), Dirac(rate=0.7, gamma=0.9, payoff="WGAN")])
def test_the_written_forms_of_the_step_and_of_its_modulus_are_the_engines(play, config):
    """The LaTeX of M and |λ|² read back as arithmetic."""
    eta, gamma, s = config.rate, config.gamma, SLOPE[config.payoff]
    one, j, down = np.eye(2), np.array([[0, -s], [s, 0]]), np.diag([0.0, 1.0])
    turns = r"\begin{pmatrix} 1 & -\eta s \\ 0 & 1 \end{pmatrix}" r"\begin{pmatrix} 1 & 0 \\ \eta s & 1 \end{pmatrix}"
    read = {
        r"I + \eta J": one + eta * j,
        turns: np.array([[1, -eta * s], [0, 1]]) @ np.array([[1, 0], [eta * s, 1]]),
        r"I + \eta J (I + \eta J)": one + eta * j @ (one + eta * j),
        r"I + \eta J - \eta\gamma \begin{pmatrix} 0 & 0 \\ 0 & 1 \end{pmatrix}": one + eta * j - eta * gamma * down,
        r"I + \eta J - \eta\gamma J^{\!\top} J": one + eta * j - eta * gamma * j.T @ j,
    }
    line = report.latex(config, play)[2]
    (form,) = [form for form in read if f"M = {form} = " in line]
    np.testing.assert_allclose(read[form], linear(play, rate=eta, gamma=gamma, payoff=config.payoff), atol=1e-12)
    squares = {
        r"1 + \eta^2 s^2": 1 + (eta * s) ** 2,
        "1": 1.0,
        r"(1 - \eta^2 s^2)^2 + \eta^2 s^2": (1 - (eta * s) ** 2) ** 2 + (eta * s) ** 2,
        r"1 - \eta\gamma + \eta^2 s^2": 1 - eta * gamma + (eta * s) ** 2,
        r"(1 - \eta\gamma s^2)^2 + \eta^2 s^2": (1 - eta * gamma * s**2) ** 2 + (eta * s) ** 2,
    }
    line = report.latex(config, play)[4]
    (square,) = [value for form, value in squares.items() if rf"\det M = {form} = " in line]
    assert walk(play, config).modulus ** 2 == pytest.approx(square)


@each
def test_the_code_prints_what_is_exact_and_what_was_measured(config):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(report.code(config), "snippet", "exec"), {"__name__": "__main__"})
    lines = out.getvalue().splitlines()
    assert len(lines) == len(PLAYS)
    for play, line in zip(PLAYS, lines, strict=True):
        found = walk(play, config)
        assert line == f"{play}: |λ| {found.modulus:.4f}, measured {found.growth:.4f}"


@each
def test_the_table_has_every_step_that_was_followed(config):
    head, *rows = report.csv(config).splitlines()
    assert head == "play,step,theta,psi,distance"
    assert len(rows) == sum(walk(play, config).steps + 1 for play in PLAYS)
    for k in np.random.default_rng(0).integers(0, len(rows), 30):
        play, number, theta, psi, distance = rows[k].split(",")
        at = walk(play, config).at[int(number)]
        assert [float(theta), float(psi)] == pytest.approx(at, rel=1e-9, abs=1e-15)
        assert float(distance) == pytest.approx(np.hypot(*at), rel=1e-9)


@each
def test_the_values_are_legal_json(config):
    read = json.loads(json.dumps(report.values(config), allow_nan=False))
    assert Dirac(**read["knobs"]) == config
    for play, values in read["plays"].items():
        found = walk(play, config)
        assert values["modulus"] == max(abs(complex(*pair)) for pair in values["eigenvalues"]) == found.modulus
        assert (values["start"], values["end"], values["steps followed"]) == (found.start, found.end, found.steps)
        assert values["steps measured"] == found.measured
        assert values["measured a step"] == (None if config.still else found.growth)
