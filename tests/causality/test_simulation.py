"""People drawn from a network against counting them one by one, and Wilson's interval against SciPy's."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import assignments, holds, networks, worlds
from scipy.stats import binomtest

from playground.causality import ImpossibleEvidence, Network, Root, Shares, simulate, smoking, toy


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def one_by_one(network, n, do, seed=0):
    """The same people as dictionaries, from the engine's columns of samples."""
    columns = network.sample(n, do, generator=generator(seed))
    rows = zip(*(columns[name].tolist() for name in network.nodes), strict=True)
    return [dict(zip(network.nodes, row, strict=True)) for row in rows]


def wilson(hits, n, z=1.959964):
    """The two shares p at which (p̂ - p)² = z² p (1 - p) / n, as roots of that quadratic."""
    return sorted(np.roots([1 + z**2 / n, -2 * hits / n - z**2 / n, (hits / n) ** 2]).real)


@settings(max_examples=40)
@given(st.data())
def test_shares_are_counts_of_the_first_people(data):
    network = data.draw(networks(most=5))
    do, asked, seen = (data.draw(assignments(network.nodes, 2)) for _ in range(3))
    sizes = data.draw(st.lists(st.integers(0, 300), min_size=1, max_size=5))
    shares = simulate(network, 300, do, generator=generator()).shares(asked, seen, sizes)
    everybody = one_by_one(network, 300, do)
    for i, size in enumerate(sizes):
        matching = [person for person in everybody[:size] if holds(seen, person)]
        hits = [person for person in matching if holds(asked, person)]
        assert (shares.sizes[i], shares.matching[i], shares.hits[i]) == (size, len(matching), len(hits))
        if matching:
            assert shares.value[i] == pytest.approx(len(hits) / len(matching), abs=1e-15)
        else:
            assert np.isnan(shares.value[i])


@given(st.integers(1, 1_000_000), st.floats(0, 1))
def test_the_interval_is_wilsons(n, share):
    hits = round(n * share)
    low, high = (bound[0] for bound in Shares(np.array([n]), np.array([n]), np.array([hits])).interval)
    scipys = binomtest(hits, n).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((scipys.low, scipys.high), abs=1e-6)  # z is rounded to six decimals
    assert (low, high) == pytest.approx(wilson(hits, n), abs=1e-7)  # a root of a quadratic loses half of the digits
    assert -1e-12 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1 + 1e-12


def test_the_interval_counts_those_who_match_and_not_everybody():
    shares = Shares(np.array([1_000]), np.array([12]), np.array([0]))
    low, high = (bound[0] for bound in shares.interval)
    assert low == pytest.approx(0, abs=1e-12)
    assert high == pytest.approx(binomtest(0, 12).proportion_ci(method="wilson").high, abs=1e-6)


def test_where_nobody_matches_the_share_is_nan_and_the_interval_says_nothing():
    network = Network({"never": Root(0.0), "coin": Root(0.5)})
    shares = simulate(network, 100, generator=generator()).shares({"coin": 1}, {"never": 1}, [0, 10, 100])
    assert shares.matching.tolist() == shares.hits.tolist() == [0, 0, 0]
    assert np.isnan(shares.value).all()
    low, high = shares.interval
    assert low.tolist() == [0, 0, 0]
    assert high.tolist() == [1, 1, 1]


def test_the_intervals_of_many_populations_cover_the_truth_as_often_as_they_promise():
    people = simulate(smoking(), 200_000, generator=generator())
    truth = smoking().probability({"smoking": 1}, {"cancer": 1})
    covered = []
    for start in range(0, 200_000, 200):
        some = type(people)(people.nodes, people.cells[start : start + 200])
        low, high = some.shares({"smoking": 1}, {"cancer": 1}, [200]).interval
        covered.append(low[0] <= truth <= high[0])
    assert np.mean(covered) == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / 1000) ** 0.5)


@settings(max_examples=30)
@given(st.data())
def test_the_joint_counts_the_first_people(data):
    network = data.draw(networks(most=4))
    do, n = data.draw(assignments(network.nodes, 1)), data.draw(st.integers(1, 200))
    joint = simulate(network, 200, do, generator=generator()).joint(n)
    first = one_by_one(network, 200, do)[:n]
    assert joint.nodes == network.nodes
    assert joint.count == n
    for world, _ in worlds(network):
        assert joint.p[tuple(world.values())] == pytest.approx(first.count(world) / n, abs=1e-15)


@settings(max_examples=30)
@given(st.data())
def test_simulated_shares_agree_with_the_exact_answer(data):
    network, n = data.draw(networks(positive=True, most=5)), 100_000
    do, asked, seen = (data.draw(assignments(network.nodes, 1)) for _ in range(3))
    every = [(world, p) for world, p in worlds(network, do) if holds(seen, world)]
    mass = sum(p for _, p in every)
    shares = simulate(network, n, do, generator=generator()).shares(asked, seen, [n])
    assert shares.matching[0] / n == pytest.approx(mass, abs=4 * (mass * max(0, 1 - mass) / n) ** 0.5 + 1e-12)
    if mass > 0.01:
        exact = sum(p for world, p in every if holds(asked, world)) / mass
        error = (max(0, exact * (1 - exact)) / shares.matching[0]) ** 0.5
        assert shares.value[0] == pytest.approx(exact, abs=4 * error + 1e-12)


def test_equal_seeds_give_the_same_people_and_others_give_others():
    cells = [simulate(smoking(), 1_000, generator=generator(seed)).cells for seed in (7, 7, 8)]
    assert (cells[0] == cells[1]).all()
    assert (cells[0] != cells[2]).any()


def test_an_intervention_leaves_alone_whom_it_does_not_concern():
    before, after = (one_by_one(smoking(), 2_000, do) for do in ({}, {"tar": 1}))
    for then, now in zip(before, after, strict=True):
        assert now["tar"] == 1
        assert all(now[name] == then[name] for name in ("smoking", "asbestos", "yellow"))
        assert now["cancer"] == then["cancer"] or then["tar"] == 0
    people = simulate(smoking(), 2_000, {"tar": 1}, generator=generator())
    assert people.shares({"tar": 1}, {}, [2_000]).value[0] == 1.0


def test_twelve_nodes_fit_into_a_cell_number():
    network = Network({f"n{i}": Root(1.0) for i in range(12)})
    people = simulate(network, 3, generator=generator())
    assert people.cells.tolist() == [4095] * 3
    assert people.shares(dict.fromkeys(network.nodes, 1), {"n0": 1}, [3]).value[0] == 1.0


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: simulate(toy(), 0, generator=generator()), "n must be in"),
        (lambda: simulate(toy(), 9, {"D": 1}, generator=generator()), "unknown node"),
        (lambda: simulate(toy(), 9, generator=generator()).shares({"D": 1}, {}, [9]), "unknown node"),
        (lambda: simulate(toy(), 9, generator=generator()).shares({"A": 1}, {"B": 2}, [9]), "B must be 0 or 1, got 2"),
    ],
)
def test_bad_questions_are_refused(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()


def test_the_empirical_joint_knows_what_cannot_be_seen_in_it():
    joint = simulate(Network({"a": Root(0.0), "b": Root(0.5)}), 50, generator=generator()).joint(50)
    with pytest.raises(ImpossibleEvidence):
        joint.probability({"b": 1}, {"a": 1})
