"""The pictures of estimators and intervals: what stands where, what is hidden, and axes that hold still."""

import numpy as np
import pytest

from playground.bernoulli.charts import estimators as charts
from playground.bernoulli.coverage import KINDS, bounds, coverage
from playground.bernoulli.estimators import (
    binomial,
    error_curves,
    estimates,
    moments,
    simulate,
    uniforms,
)
from playground.bernoulli.priors import Beta, uniform
from playground.bernoulli.truncated_normal import TruncatedNormal
from playground.theme import LIGHT, look

LOOK = look("light")
CASES = [
    (Beta(2, 2), 10, 0.4),
    (uniform(), 1, 0.0),
    (Beta(0.5, 0.5), 200, 1.0),
    (Beta(1e6, 1e5), 40, 0.03),
    (TruncatedNormal(0.2, 0.01), 200, 0.5),
]
each_case = pytest.mark.parametrize(("prior", "n", "theta"), CASES, ids=str)


def lanes(prior, n, theta, shown=3, **how):
    table = estimates(prior, n)
    counts = simulate(theta, n, uniforms(1))
    tallest = how.pop("tallest", charts.tallest(theta, n))
    return charts.lanes(table, theta, counts, moments(table, theta), tallest=tallest, look=LOOK, shown=shown)


@each_case
def test_stems_stand_at_the_estimates_and_are_as_tall_as_their_probabilities(prior, n, theta):
    stems = lanes(prior, n, theta).tables["stems"]
    table, p = estimates(prior, n), binomial(theta, n)
    likely = p >= 1e-4 * p.max()
    for lane, (role, row) in enumerate(zip(charts.ROLES, table, strict=True)):
        drawn = stems[stems.role == role]
        assert drawn.x.to_numpy() == pytest.approx(row[likely])
        assert (drawn.floor == 2 - lane).all()
        tall = (drawn.top - drawn.floor).to_numpy()
        assert tall == pytest.approx(charts.TALL * p[likely] / charts.tallest(theta, n))
        assert tall.max() <= charts.TALL
        seen = (drawn.seen - drawn.floor).to_numpy()
        share = simulate(theta, n, uniforms(1))[likely] / 10_000
        assert seen == pytest.approx(charts.TALL * share / charts.tallest(theta, n))


@each_case
def test_below_each_lane_are_its_mean_and_one_standard_deviation(prior, n, theta):
    exact, means = moments(estimates(prior, n), theta), lanes(prior, n, theta).tables["means"]
    assert means.x.to_numpy() == pytest.approx(exact.mean)
    assert (means.high - means.low).to_numpy() == pytest.approx(2 * np.sqrt(exact.variance), abs=1e-12)
    for told, bias in zip(means.bias, exact.bias, strict=True):
        assert float(told.removeprefix("bias ").replace("−", "-")) == pytest.approx(bias, abs=5.1e-4)
    assert not means.isna().any().any()


def test_a_lane_that_is_hidden_is_in_no_table():
    picture = lanes(Beta(2, 2), 10, 0.4, shown=1)
    assert set(picture.tables["stems"].role) == set(picture.tables["means"].role) == {"data"}
    assert len(lanes(Beta(2, 2), 10, 0.4).tables["means"]) == 3


def test_the_tallest_stem_is_named_with_its_probability():
    peak = lanes(Beta(2, 2), 10, 0.4).tables["peak"].iloc[0]
    assert (peak.x, peak.text) == (0.4, f"P = {binomial(0.4, 10).max():.3f}")


@each_case
def test_the_error_curves_and_their_points_are_exact_and_within_the_axis(prior, n, theta):
    exact = moments(estimates(prior, n), theta)
    picture = charts.errors(prior, n, theta, exact, top=charts.most_error(prior, n), look=LOOK)
    lines, now = picture.tables["lines"], picture.tables["now"]
    for i, role in enumerate(charts.ROLES):
        assert lines[lines.role == role].mse.to_numpy() == pytest.approx(error_curves(prior, n).mse[i])
        assert now[now.role == role].mse.item() == exact.mse[i]
    assert lines.mse.max() <= charts.most_error(prior, n)
    assert lines.mse.max() >= 0.5 * charts.most_error(prior, n)


def test_hidden_estimators_are_neither_in_the_picture_nor_in_its_axis():
    exact = moments(estimates(Beta(20, 5), 10), 0.1)
    picture = charts.errors(Beta(20, 5), 10, 0.1, exact, top=charts.most_error(Beta(20, 5), 10, 1), look=LOOK, shown=1)
    assert set(picture.tables["lines"].role) == {"data"}
    assert (
        charts.most_error(Beta(20, 5), 10, 1)
        == charts.most_error(uniform(), 10, 1)
        < charts.most_error(Beta(20, 5), 10)
    )


@each_case
@pytest.mark.parametrize("kind", KINDS)
def test_bars_are_the_intervals_and_tell_those_that_hold_theta(prior, n, theta, kind):
    found = bounds(kind, prior, n)
    rows = charts.bars(found, theta, look=LOOK).tables["bars"]
    assert rows.low.to_numpy() == pytest.approx(found.low)
    assert rows.high.to_numpy() == pytest.approx(found.high)
    assert ((rows.role == "model").to_numpy() == ((found.low <= theta) & (theta <= found.high))).all()
    assert rows.strength.idxmax() == binomial(theta, n).argmax()
    assert rows.strength.between(0.2, 1).all()


def test_before_the_answer_all_bars_look_alike():
    rows = charts.bars(bounds("Wald", uniform(), 30), 0.05, look=LOOK, reveal=False).tables["bars"]
    assert set(rows.role) == {"model"}
    assert rows.strength.nunique() == 1


@pytest.mark.parametrize(("prior", "n", "theta"), [case for case in CASES if case[2] not in (0, 1)], ids=str)
def test_both_coverage_curves_are_drawn_with_their_points(prior, n, theta):
    kinds = ("Shortest", "Wilson")
    floor = charts.lowest(kinds, prior, n)
    picture = charts.coverages(kinds, prior, n, theta, floor=floor, look=LOOK)
    lines, now = picture.tables["lines"], picture.tables["now"]
    for role, kind in zip(("model", "rival"), kinds, strict=True):
        drawn, held = lines[lines.role == role], float(coverage(bounds(kind, prior, n), theta))
        assert drawn.held.to_numpy() == pytest.approx(coverage(bounds(kind, prior, n), drawn.theta.to_numpy()))
        assert drawn.theta.between(0, 1, inclusive="neither").all()
        assert now[now.role == role].held.item() == pytest.approx(held) or held < floor


def test_before_the_answer_there_is_no_coverage():
    picture = charts.coverages(("Wald", "Wilson"), uniform(), 30, 0.05, floor=0.8, look=LOOK, reveal=False)
    assert not len(picture.tables["lines"])
    assert not len(picture.tables["now"])
    assert picture.tables["truth"].theta.item() == 0.05


def test_the_coverage_axis_reaches_as_low_as_most_of_the_curves():
    assert charts.lowest(("Clopper–Pearson", "Clopper–Pearson"), uniform(), 200) == 0.9
    assert charts.lowest(("Shortest", "Wilson"), Beta(20, 20), 30) == 0.0


def test_axes_move_by_rungs_and_specifications_are_made_once_for_each():
    assert charts.rung(0.251) == pytest.approx(0.32)
    assert charts.rung(1.0) == pytest.approx(1.25)
    values = np.geomspace(1e-5, 3, 500)
    rungs = np.array([charts.rung(value) for value in values])
    assert (rungs > values).all()
    assert (rungs < 1.5 * values).all()
    assert len(set(rungs)) < 75
    one, other = (lanes(Beta(2, 2), n, 0.4).spec for n in (31, 49))
    assert one is other
    assert (
        charts.bars(bounds("Wald", uniform(), 31), 0.4, look=LOOK).spec
        is charts.bars(bounds("Wald", uniform(), 49), 0.2, look=LOOK).spec
    )


def colours(spec):
    return {text for text in str(spec).replace("'", " ").split() if text.startswith("#") and len(text) == 7}


def test_pictures_are_drawn_in_roles_and_paper_only():
    exact = moments(estimates(Beta(2, 2), 10), 0.4)
    pictures = (
        lanes(Beta(2, 2), 10, 0.4),
        charts.errors(Beta(2, 2), 10, 0.4, exact, top=0.1, look=LOOK),
        charts.bars(bounds("Wald", uniform(), 10), 0.4, look=LOOK),
        charts.coverages(("Wald", "Wilson"), uniform(), 10, 0.4, floor=0.8, look=LOOK),
    )
    for picture in pictures:
        assert colours(picture.spec) <= set(vars(LIGHT).values())
