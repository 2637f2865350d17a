"""Optimal transport: plans against brute force, linear programs and closed forms; Sinkhorn's limits."""

from itertools import permutations

import numpy as np
import ot
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.optimize import linear_sum_assignment, linprog
from scipy.stats import foldnorm, wasserstein_distance
from shape_cases import SHAPES, scipys

from playground.divergences.compare import compare
from playground.divergences.gaussians import Gaussian
from playground.divergences.shapes import Laplace, Uniform
from playground.divergences.transport import (
    CONVERGED,
    Plan,
    binned,
    crossings,
    entropic_cost,
    exact_plan,
    independent_cost,
    independent_plan,
    monotone_map,
    monotone_plan,
    prices,
    sinkhorn_plan,
)

PAIRS = [(one, other) for one in SHAPES for other in SHAPES if one < other]
masses = some.lists(some.floats(0.0, 1.0), min_size=1, max_size=8).filter(lambda m: sum(m) > 0.1)
sizes = some.integers(1, 7)
seeds = some.integers(0, 10**6)
orders = some.sampled_from([1, 2])


def cloud(n, seed, d=2):
    return np.random.default_rng(seed).uniform(-3, 3, (n, d))


def normal(mass):
    return np.array(mass) / np.sum(mass)


# -- on a line


def test_between_gaussians_the_map_is_the_affine_one():
    p, q, x = Gaussian(-1.0, 0.5), Gaussian(2.0, 1.5), np.linspace(-4, 3, 99)
    np.testing.assert_allclose(monotone_map(p, q, x), 2.0 + 1.5 / 0.5 * (x + 1.0), rtol=1e-10)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_map_carries_p_to_q_and_keeps_the_order(one, other):
    p, q = SHAPES[one], SHAPES[other]
    x = p.quantile(np.linspace(0.003, 0.997, 400))
    image = monotone_map(p, q, x)
    np.testing.assert_allclose(scipys(q).cdf(image), scipys(p).cdf(x), atol=1e-9)
    assert (np.diff(image) >= -1e-12).all()


def test_beyond_the_support_the_map_goes_to_the_ends():
    assert monotone_map(Uniform(0, 1), Uniform(4, 6), [-1.0, 2.0]).tolist() == [4.0, 6.0]


@pytest.mark.parametrize("name", SHAPES)
def test_bins_hold_what_scipy_says_and_the_tails(name):
    edges = np.linspace(-2, 3, 21)
    mass, cdf = binned(SHAPES[name], edges), scipys(SHAPES[name]).cdf
    assert mass.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(mass[1:-1], np.diff(cdf(edges))[1:-1], atol=1e-12)
    assert mass[0] == pytest.approx(cdf(edges[1]), abs=1e-12)


@given(masses, masses)
def test_the_monotone_plan_has_its_marginals_and_no_two_ways_cross(one, other):
    p, q = normal(one), normal(other)
    plan = monotone_plan(p, q)
    np.testing.assert_allclose(plan.sum(1), p, atol=1e-12)
    np.testing.assert_allclose(plan.sum(0), q, atol=1e-12)
    assert (plan >= 0).all()
    i, j = np.nonzero(plan > 1e-12)
    assert all((a - c) * (b - d) >= 0 for a, b in zip(i, j, strict=True) for c, d in zip(i, j, strict=True))


@given(masses, masses, orders)
def test_no_plan_on_a_line_is_cheaper_than_the_monotone_one(one, other, order):
    p, q = normal(one), normal(other)
    x, y = np.linspace(-1, 2, len(p)), np.linspace(0, 2.5, len(q))
    cost = np.abs(x[:, None] - y) ** order
    rows = np.kron(np.eye(len(p)), np.ones(len(q))), np.kron(np.ones(len(p)), np.eye(len(q)))
    found = (monotone_plan(p, q) * cost).sum()
    best = linprog(cost.ravel(), A_eq=np.concatenate(rows), b_eq=np.concatenate([p, q])).fun
    assert found == pytest.approx(best, abs=2e-6)  # linprog's own tolerance is 1e-7 a constraint
    assert found == pytest.approx(ot.emd2(p, q, cost), abs=1e-9)
    assert found == pytest.approx(ot.emd2_1d(x, y, p, q, metric=["cityblock", "sqeuclidean"][order - 1]), abs=1e-9)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_fine_plan_costs_what_the_integrals_say(one, other):
    p, q = SHAPES[one], SHAPES[other]
    ends = np.array([shape.quantile([1e-7, 1 - 1e-7]) for shape in (p, q)])
    edges = np.linspace(ends.min(), ends.max(), 801)
    middle, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    plan = monotone_plan(binned(p, edges), binned(q, edges))
    way = np.abs(middle[:, None] - middle)
    assert (plan * way).sum() == pytest.approx(compare(p, q).w1, abs=width)
    assert np.sqrt((plan * way**2).sum()) == pytest.approx(compare(p, q).w2, abs=width)
    assert (plan * way).sum() == pytest.approx(
        wasserstein_distance(middle, middle, binned(p, edges), binned(q, edges)), abs=1e-9
    )


def test_random_gaussians_pay_the_mean_of_a_folded_normal():
    p, q = Gaussian(-1.0, 0.6), Gaussian(0.5, 0.8)
    assert independent_cost(p, q, 1) == pytest.approx(foldnorm(c=1.5, scale=1.0).mean(), rel=1e-9)
    assert independent_cost(p, q, 2) == pytest.approx(1.5**2 + 1.0, rel=1e-12)


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("order", [1, 2])
def test_random_ways_cost_what_pairs_of_quantiles_cost_and_never_less_than_the_best(one, other, order):
    p, q = SHAPES[one], SHAPES[other]
    levels = (np.arange(1500) + 0.5) / 1500
    pairs = np.abs(p.quantile(levels)[:, None] - q.quantile(levels)) ** order
    cost = independent_cost(p, q, order)
    assert cost == pytest.approx(pairs.mean(), rel=0.01)
    assert cost >= (compare(p, q).w1 if order == 1 else compare(p, q).w2 ** 2) - 1e-9


def test_where_all_of_p_lies_below_q_random_ways_cost_no_more():
    p, q = Uniform(-2, -1), Uniform(0.5, 2)
    assert independent_cost(p, q, 1) == pytest.approx(compare(p, q).w1, rel=1e-12)
    assert independent_cost(p, q, 2) > compare(p, q).w2 ** 2 + 0.2


def test_a_shape_and_itself_pay_at_random():
    assert independent_cost(Laplace(1, 2), Laplace(1, 2), 1) == pytest.approx(
        1.5 * 2, rel=1e-9
    )  # Gini's mean difference


# -- in the plane


@given(sizes, seeds, orders)
def test_the_exact_plan_is_the_best_of_all_assignments(n, seed, order):
    x, y = cloud(n, seed), cloud(n, seed + 1)
    price = prices(x, y, order)
    every = [price[range(n), list(to)].mean() for to in permutations(range(n))] if n < 7 else []
    i, j = linear_sum_assignment(price)
    plan = exact_plan(x, y, order)
    assert plan.cost == pytest.approx(price[i, j].mean(), abs=1e-10)
    assert plan.cost == pytest.approx(min(every, default=plan.cost), abs=1e-10)
    assert plan.misplaced < 1e-12


@given(sizes, sizes, seeds, orders)
def test_clouds_of_different_sizes_are_a_linear_program(n, m, seed, order):
    x, y = cloud(n, seed), cloud(m, seed + 1)
    rows = np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))
    sums = np.concatenate([np.full(n, 1 / n), np.full(m, 1 / m)])
    best = linprog(prices(x, y, order).ravel(), A_eq=np.concatenate(rows), b_eq=sums).fun
    plan = exact_plan(x, y, order)
    assert plan.cost == pytest.approx(best, abs=1e-6)  # linprog's own tolerance is 1e-7 a constraint
    assert plan.misplaced < 1e-9
    assert (plan.mass >= 0).all()
    assert len(plan.ways()[0]) <= n + m - 1  # a corner of the polytope of plans


@given(sizes, sizes, seeds, orders, some.sampled_from([0.1, 0.3, 1.0, 10.0]))
def test_sinkhorn_lies_between_the_exact_and_the_independent_plan(n, m, seed, order, share):
    x, y = cloud(n, seed), cloud(m, seed + 1)
    epsilon = share * prices(x, y, order).max()
    plan = sinkhorn_plan(x, y, order, epsilon, rounds=5_000)
    assert plan.converged
    exact, independent = exact_plan(x, y, order).cost, independent_plan(x, y, order).cost
    slack = CONVERGED * 80  # what is misplaced, over the longest way
    assert exact - slack <= plan.cost <= entropic_cost(plan, epsilon) + slack <= independent + 2 * slack
    assert 1 - 1e-9 <= plan.reach <= m + 1e-6


@given(sizes, sizes, seeds, orders)
def test_sinkhorn_tends_to_the_independent_plan(n, m, seed, order):
    x, y = cloud(n, seed), cloud(m, seed + 1)
    plan, independent = sinkhorn_plan(x, y, order, 1e6), independent_plan(x, y, order)
    np.testing.assert_allclose(plan.mass, independent.mass, atol=1e-4 / (n * m))
    assert plan.information == pytest.approx(0, abs=1e-6)
    assert independent.information == pytest.approx(0, abs=1e-12)
    assert independent.misplaced < 1e-12
    assert independent.reach == pytest.approx(m)


@pytest.mark.parametrize("order", [1, 2])
def test_sinkhorn_tends_to_the_exact_plan(order):
    x, y = cloud(12, 1), cloud(12, 2)
    exact = exact_plan(x, y, order)
    plans = [sinkhorn_plan(x, y, order, epsilon, rounds=5_000) for epsilon in (1.0, 0.3, 0.1)]
    gaps = [plan.cost - exact.cost for plan in plans]
    assert all(plan.misplaced < 1e-4 for plan in plans)
    assert gaps[0] > gaps[1] > gaps[2] > -1e-3
    # the exact plan's own information is log n: no more than that can be bought with ε
    assert all(gap <= epsilon * np.log(12) + 1e-3 for gap, epsilon in zip(gaps, (1.0, 0.3, 0.1), strict=True))
    assert gaps[2] < 0.05 * exact.cost


@pytest.mark.parametrize("epsilon", [0.028, 0.5])  # in logarithms, and without
def test_sinkhorn_is_the_fixed_point_written_out(epsilon):
    x, y = cloud(6, 3), cloud(4, 4)
    kernel = np.exp(-prices(x, y, 1) / epsilon)
    u, v = np.ones(6), np.ones(4)
    for _ in range(10_000):
        u = 1 / 6 / (kernel @ v)
        v = 1 / 4 / (u @ kernel)
    plan = sinkhorn_plan(x, y, 1, epsilon, rounds=10_000)
    np.testing.assert_allclose(plan.mass, u[:, None] * kernel * v, atol=1e-9)


def test_too_few_rounds_are_told_and_may_look_cheaper_than_the_cheapest():
    x, y = cloud(30, 5), cloud(30, 6)
    hasty, patient = (sinkhorn_plan(x, y, 2, 0.5, rounds=rounds) for rounds in (3, 2_000))
    assert not hasty.converged
    assert hasty.misplaced > 0.1
    assert hasty.rounds == 3
    assert hasty.cost < exact_plan(x, y, 2).cost
    assert patient.converged
    assert 200 < patient.rounds < 2_000


def test_misplaced_is_the_share_of_the_mass_that_would_have_to_move():
    p, q = np.full(2, 0.5), np.full(2, 0.5)
    swapped = Plan(np.array([[0.5, 0.0], [0.3, 0.2]]), np.ones((2, 2)), p, q)  # Q's first place gets 0.3 too much
    assert swapped.misplaced == pytest.approx(0.3)
    assert not swapped.converged
    assert Plan(np.eye(2) / 2, np.ones((2, 2)), p, q).misplaced == 0


@pytest.mark.parametrize("order", [1, 2])
def test_one_point_and_equal_points_are_plans_too(order):
    one = np.array([[1.0, 2.0]])
    same = np.repeat(one, 5, 0)
    for x, y in ((one, one), (one, same), (same, one), (same, same[:3])):
        for plan in (exact_plan(x, y, order), *(sinkhorn_plan(x, y, order, epsilon) for epsilon in (1e-3, 1.0, 1e3))):
            assert plan.cost == 0
            assert plan.converged
            assert crossings(x, y, plan) == 0


@given(sizes, sizes, seeds)
def test_ways_of_the_cheapest_plan_do_not_cross_where_distance_is_paid(n, m, seed):
    x, y = cloud(n, seed), cloud(m, seed + 1)
    assert crossings(x, y, exact_plan(x, y, 1)) == 0


def test_crossings_are_counted_as_shapely_would():
    x = np.array([[-1.0, 0.0], [0.0, -1.0], [5.0, 5.0], [-1.0, 0.0]])
    y = np.array([[1.0, 0.0], [0.0, 1.0], [6.0, 5.0], [-1.0, 1.0]])
    price = prices(x, y, 1)
    plan = exact_plan(x, y, 1)
    across = type(plan)(np.eye(4) / 4, price, plan.p, plan.q)
    assert crossings(x, y, across) == 1  # the cross; not the shared end, not the far one
    touching = type(plan)(np.array([[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]) / 3, price, plan.p, plan.q)
    assert crossings(x, y, touching) == 0


def test_where_squares_are_paid_the_cheapest_ways_may_cross():
    x, y = np.array([[0.0, 0.0], [1.0, -1.0]]), np.array([[10.0, 0.0], [12.0, 0.5]])
    assert crossings(x, y, exact_plan(x, y, 2)) == 1
    assert crossings(x, y, exact_plan(x, y, 1)) == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: exact_plan(np.zeros((0, 2)), np.zeros((1, 2)), 1), r"x must be one point or more.*got shape \(0, 2\)"),
        (lambda: exact_plan(np.zeros((1, 2)), [[np.nan, 0]], 1), "y must be finite points, got nan"),
        (lambda: exact_plan(np.zeros((1, 2)), np.zeros((1, 3)), 1), "got 2 and 3 coordinates"),
        (lambda: exact_plan(np.zeros((1, 2)), np.zeros((1, 2)), 3), "order must be 1 or 2, got 3"),
        (lambda: sinkhorn_plan(np.zeros((1, 2)), np.zeros((1, 2)), 1, 0.0), "epsilon must be a finite number above 0"),
        (lambda: sinkhorn_plan(np.zeros((1, 2)), np.zeros((1, 2)), 1, float("nan")), "epsilon must be .* got nan"),
        (lambda: sinkhorn_plan(np.zeros((1, 2)), np.zeros((1, 2)), 1, 1.0, rounds=0), "rounds must be 1 or more"),
    ],
)
def test_errors_say_what_is_legal(call, says):
    with pytest.raises(ValueError, match=says):
        call()
