"""What Transport gives away: formulas with the numbers of the page, code that prints them, whole plans as tables."""

import contextlib
import csv
import io
import itertools
import json
import re

import numpy as np
import pytest
from scipy.integrate import quad

from playground.divergences.clouds import DRAWN, Scene, blurred, cheapest, to_text
from playground.divergences.compare import compare
from playground.divergences.critic import CriticConfig, trained_critic
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.report import transport as report
from playground.divergences.shapes import Laplace, Uniform
from playground.divergences.transport import crossings, entropic_cost, independent_cost, independent_plan

BELL, BUMPS = Gaussian(-1.5, 0.7), TwoGaussians(0.5, -1.5, 0.6, 2.5, 0.6)
PAIRS = [(BELL, BUMPS), (BELL, Gaussian(1.0, 0.9)), (Uniform(-2, 1), Laplace(0.5, 0.4)), (BELL, BELL)]
OWN = Scene(DRAWN, to_text(np.array([[0.1, 0.2], [1.0, -1.0]])), to_text(np.array([[2.0, 2.0]])))
SCENES = [(Scene("Corners"), 2, 0.5, 200), (Scene("Few to many"), 1, 0.01, 3), (OWN, 1, 1.0, 100)]
QUICK = tuple(CriticConfig(steps=20, every=10, way=way, clip=0.1, penalty=1.0) for way in ("clip", "penalty"))


def printed(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "snippet", "exec"), {"__name__": "__main__"})
    return [float(text) for text in out.getvalue().split()]


def rows(text):
    head, *lines = csv.reader(io.StringIO(text))
    return head, np.array(lines, dtype=float)


def balanced(latex):
    assert latex.count("{") == latex.count("}")
    assert "nan" not in latex
    assert "inf" not in latex


# -- on a line


@pytest.mark.parametrize(("p", "q"), PAIRS)
@pytest.mark.parametrize("order", [1, 2])
def test_the_code_of_a_line_prints_its_costs(p, q, order):
    both = compare(p, q)
    assert printed(report.line_code(p, q, order)) == [both.w1, both.w2, independent_cost(p, q, order)]


@pytest.mark.parametrize(("p", "q"), PAIRS)
@pytest.mark.parametrize("order", [1, 2])
def test_the_arithmetic_of_a_line_has_its_numbers(p, q, order):
    latex = report.line_latex(p, q, order, 5.0)
    joined = " ".join(latex)
    for row in latex:
        balanced(row)
    assert f"{compare(p, q).w1:.6f}" in joined
    assert f"{compare(p, q).w2 ** 2:.6f}" in joined
    assert f"{independent_cost(p, q, order):.6f}" in joined
    for x, image in re.findall(r"T\((-?[\d.]+)\) = (-?[\d.]+)", latex[0]):
        assert q.cdf(float(image)) == pytest.approx(p.cdf(float(x)), abs=2e-3)
    assert ("sigma_Q" in joined) == (isinstance(p, Gaussian) and isinstance(q, Gaussian))


def test_the_closed_form_of_gaussians_is_w2():
    p, q = Gaussian(-1.5, 0.7), Gaussian(1.0, 0.9)
    by_hand = (-1.5 - 1.0) ** 2 + (0.7 - 0.9) ** 2
    assert f"= {by_hand:.6f}" in report.line_latex(p, q, 1, 5.0)[1]


def test_the_random_cost_of_distance_is_the_integral_in_its_formula():
    p, q = BELL, BUMPS

    def integrand(x):
        return p.cdf(x) * (1 - q.cdf(x)) + q.cdf(x) * (1 - p.cdf(x))

    assert f"= {quad(integrand, -12, 12, limit=200)[0]:.6f}" in report.line_latex(p, q, 1, 5.0)[-1]


@pytest.mark.parametrize(("p", "q"), PAIRS)
def test_the_table_of_a_line_is_the_whole_plan(p, q):
    head, values = rows(report.line_csv(p, q, 5.0))
    assert head == ["from_x", "to_y", "mass_cheapest", "mass_random"]
    assert values[:, 2].sum() == pytest.approx(1, abs=1e-6)
    assert (values[:, 0] * values[:, 2]).sum() == pytest.approx(p.mean, abs=0.1)
    assert (values[:, 1] * values[:, 2]).sum() == pytest.approx(q.mean, abs=0.1)
    assert json.loads(json.dumps(report.line_values(p, q, 1)))["w1"] == compare(p, q).w1


# -- in the plane


@pytest.mark.parametrize("state", SCENES)
def test_the_code_of_the_plane_prints_its_costs(state):
    scene, order, epsilon, _ = state
    exact, soft = cheapest(scene, order), blurred(*state)
    code = report.plane_code(*state)
    expected = [exact.cost, crossings(*scene.points, exact), soft.cost, entropic_cost(soft, epsilon)]
    assert printed(code) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("state", SCENES)
def test_the_arithmetic_of_the_plane_has_its_numbers(state):
    scene, order, epsilon, _ = state
    exact, soft = cheapest(scene, order), blurred(*state)
    latex = report.plane_latex(*state)
    for row in latex:
        balanced(row)
    joined = " ".join(latex)
    for value in (exact.cost, soft.cost, entropic_cost(soft, epsilon)):
        assert f"{value:.6f}" in joined
    assert (r"\underbrace" in joined) == soft.converged
    assert ("not yet a plan" in joined) == (not soft.converged)
    if order == 1:
        assert latex[-1].count(f"{exact.cost:.6f}") == 1  # the dual reaches the cost


@pytest.mark.parametrize("state", SCENES)
def test_the_table_of_the_plane_is_both_plans(state):
    scene, order, *_ = state
    x, y = scene.points
    head, values = rows(report.plane_csv(*state))
    assert head[-2:] == ["mass_cheapest", "mass_sinkhorn"]
    assert values[:, 4].sum() == pytest.approx(1, abs=1e-6)
    length = np.linalg.norm(values[:, :2] - values[:, 2:4], axis=1) ** order
    assert values[:, 4] @ length == pytest.approx(cheapest(scene, order).cost, abs=1e-6)
    told = json.loads(json.dumps(report.plane_values(*state)))
    assert told["random cost"] == pytest.approx(independent_plan(x, y, order).cost)
    assert told["converged"] is blurred(*state).converged


# -- critics


@pytest.mark.parametrize(("p", "q"), PAIRS)
def test_the_arithmetic_of_critics_has_their_numbers(p, q):
    runs = [(config, trained_critic(config, p, q)[-1]) for config in QUICK]
    latex = report.critic_latex(p, q, runs)
    for row in latex:
        balanced(row)
    assert f"{compare(p, q).w1:.6f}" in latex[1]
    for row, (config, last) in zip(latex[2:], runs, strict=True):
        assert row.endswith(f"{last.fair:.6f}")
        assert (f"{config.clip:g}" if config.way == "clip" else f"{config.penalty:g}") in row


def test_a_level_critic_divides_by_nothing():
    last = trained_critic(QUICK[0], BELL, BUMPS)[-1]
    level = type(last)(0, np.zeros_like(last.f), 0.0, 0.0, 1.0)
    assert report.critic_latex(BELL, BUMPS, [(QUICK[0], level)])[-1].endswith("= 0 = 0.000000")


def test_the_code_of_critics_prints_what_they_reached():
    clip, penalty = CriticConfig(way="clip", clip=1.0, seed=3), CriticConfig(penalty=0.1, seed=3)
    reached = [trained_critic(config, BELL, BUMPS)[-1].fair for config in (clip, penalty)]
    assert printed(report.critic_code(BELL, BUMPS, clip, penalty)) == [compare(BELL, BUMPS).w1, *reached]


def test_the_table_of_critics_has_all_three():
    runs = [(config, trained_critic(config, BELL, BUMPS)[-1]) for config in QUICK]
    head, values = rows(report.critic_csv(BELL, BUMPS, *(last for _, last in runs)))
    assert head == ["x", "best", "clipped", "with_penalty"]
    for column, (_, last) in zip(values.T[2:], runs, strict=True):
        np.testing.assert_allclose(column, last.f, atol=1e-6)
    told = json.loads(json.dumps(report.critic_values(BELL, BUMPS, runs)))
    assert [told[way]["reached"] for way in ("clip", "penalty")] == [last.fair for _, last in runs]


def test_only_the_project_is_imported():
    codes = [report.line_code(*PAIRS[0], 1), report.plane_code(*SCENES[0]), report.critic_code(BELL, BUMPS, *QUICK)]
    for code in itertools.chain(codes):
        assert set(re.findall(r"^(?:from|import) (\w+)", code, re.MULTILINE)) == {"playground"}
