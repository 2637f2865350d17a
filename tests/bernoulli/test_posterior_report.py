"""The experiment Posterior to take away: formulas with the page's numbers, code that runs, tables that add up."""

import contextlib
import csv
import io
import json
import re

import numpy as np
import pytest
from coin_beliefs import each_family
from scipy import stats

from playground.bernoulli import (
    Beta,
    Flips,
    Mixture,
    SpikeAndBeta,
    TruncatedNormal,
    TwoCoins,
    intervals,
    log_bayes_factor,
    log_evidence,
    map_estimate,
    mle,
)
from playground.bernoulli.report import posterior as report

FLIPS = Flips.parse("HTHTHHTHHH")
OFFERED = [
    Beta(2.0, 2.0), Beta(1.0, 1.0), Beta(1e6, 0.1), Beta(0.1, 0.1), TruncatedNormal(0.5, 0.1), TwoCoins(0.9, 0.3, 40.0),
    SpikeAndBeta(0.5, 0.4, 2.0, 3.0), SpikeAndBeta(0.0, 0.4, 2.0, 3.0),
]  # fmt: skip
each_prior = pytest.mark.parametrize("prior", OFFERED, ids=report.call)


def printed(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "snippet", "exec"), {"__name__": "__main__"})
    return [float(text) for text in re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", out.getvalue())]


@each_prior
@pytest.mark.parametrize("flips", [FLIPS, Flips(), Flips(5, 0), Flips(700_000, 300_000)], ids=Flips.text)
def test_the_code_prints_the_numbers_of_the_page(prior, flips):
    h, t = flips.heads, flips.tails
    belief = prior.after(h, t)
    found = intervals(belief)
    best = [] if mle(h, t) is None else [mle(h, t)]
    peak = [] if map_estimate(prior, h, t) is None else [map_estimate(prior, h, t)]
    ends = [end for piece in found.highest_density for end in piece]
    wanted = [*best, *peak, belief.mean(), *found.equal_tailed, *ends, log_evidence(prior, h, t)]
    assert printed(report.code(prior, flips)) == pytest.approx([*wanted, log_bayes_factor(prior, h, t)], rel=1e-12)


@each_prior
def test_the_call_makes_the_prior(prior):
    made = report.call(prior)
    scope = {}
    exec(f"from playground.bernoulli import {made.partition('(')[0]}\nprior = {made}", scope)
    assert scope["prior"] == prior


def test_a_belief_that_no_knob_makes_has_no_call():
    with pytest.raises(TypeError, match="no knob makes"):
        report.call(Mixture((Beta(1, 1),), (1.0,)))


@each_prior
@pytest.mark.parametrize("flips", [FLIPS, Flips(), Flips(0, 3)], ids=Flips.text)
def test_the_arithmetic_has_the_numbers_of_the_page(prior, flips):
    h, t = flips.heads, flips.tails
    text = "\n".join(report.latex(prior, flips))
    assert f"{round(log_evidence(prior, h, t), 3) + 0.0:.3f}" in text
    assert f"{round(log_bayes_factor(prior, h, t), 3) + 0.0:.3f}" in text
    assert f"{prior.after(h, t).mean():.4f}" in text
    assert text.count("{") == text.count("}")
    assert not re.search(r"nan|inf(?!ty)|None", text)


def test_the_arithmetic_of_a_beta_names_its_counts():
    text = "\n".join(report.latex(Beta(2, 2), FLIPS))
    assert r"-6.978 + 10 \log 2 = -0.046" in text
    assert r"\frac{9}{14} = 0.6429" in text
    assert r"\frac{8}{12} = 0.6667" in text
    assert r"\frac{7}{10} = 0.7000" in text
    assert r"\frac{B(9,\ 5)}{B(2,\ 2)}" in text
    assert "does not exist" in "\n".join(report.latex(Beta(2, 2), Flips()))


def test_the_arithmetic_updates_the_weight_of_a_part():
    prior = SpikeAndBeta(0.5, 0.4, 2, 3)
    weight = dict(prior.after(7, 3).atoms)[0.5]
    assert f"= {weight:.4f}" in "\n".join(report.latex(prior, FLIPS))
    assert r"P(\theta=0 \mid y)" in "\n".join(report.latex(SpikeAndBeta(0.0, 0.4, 2, 3), FLIPS))
    assert "{p(y)} = 0" in "\n".join(report.latex(SpikeAndBeta(0.0, 0.4, 2, 3), FLIPS))
    fair = TwoCoins(0.9, 0.3, 40)
    assert f"= {fair.after(7, 3).weights[0]:.4f}" in "\n".join(report.latex(fair, FLIPS))


@each_prior
def test_the_table_holds_the_densities_and_the_atoms(prior):
    rows = list(csv.reader(io.StringIO(report.csv(prior, FLIPS))))
    assert rows[0] == ["theta", "prior", "likelihood", "posterior"]
    numbers = np.array([[float(cell) for cell in row] for row in rows[1:] if not row[0].startswith("P(")])
    assert numbers.shape == (199, 4)
    assert np.isfinite(numbers).all()
    theta = numbers[:, 0]
    np.testing.assert_allclose(numbers[:, 1], prior.density(theta), rtol=1e-7, atol=1e-300)
    np.testing.assert_allclose(numbers[:, 2], stats.beta.pdf(theta, 8, 4), rtol=1e-7)
    np.testing.assert_allclose(numbers[:, 3], prior.after(7, 3).density(theta), rtol=1e-7, atol=1e-300)
    atoms = {row[0]: (float(row[1]), float(row[3])) for row in rows[1:] if row[0].startswith("P(")}
    after = dict(prior.after(7, 3).atoms)
    assert atoms == {f"P(theta = {at:g})": pytest.approx((weight, after.get(at, 0.0))) for at, weight in prior.atoms}


@each_prior
@pytest.mark.parametrize("flips", [FLIPS, Flips(), Flips(700_000, 300_000)], ids=Flips.text)
def test_knobs_and_numbers_are_plain_json(prior, flips):
    values = report.values(prior, flips, truth=None, n=6)
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert Flips.parse(values["flips"]) == flips
    assert sum(values["p_heads_in_next"]) == pytest.approx(1)
    assert values["mean"] == pytest.approx(sum(k * p for k, p in enumerate(values["p_heads_in_next"])) / 6)


@each_family
def test_what_is_given_away_of_any_belief_is_finite(prior):
    if isinstance(prior, Mixture):
        return
    assert "nan" not in report.csv(prior, Flips(0, 40))


def test_no_minus_stands_before_zeros():
    for prior, flips in ((Beta(367_000, 1), Flips(3, 0)), (SpikeAndBeta(0.0, 0.6, 1.0, 487_000.0), Flips(0, 1))):
        text = "".join(report.latex(prior, flips))
        assert "= 0.000" in text
        assert "-0.000" not in text
