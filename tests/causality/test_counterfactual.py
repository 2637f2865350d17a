"""Counterfactuals against simulated noise, consistency, and the bounds of Tian and Pearl."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_networks import assignments, holds, networks, worlds
from scipy.optimize import linprog

from playground.causality import (
    ImpossibleEvidence,
    Network,
    Root,
    Table,
    World,
    abduct,
    counterfactual,
    counterfactual_marginals,
    necessity,
    necessity_bounds,
    predict,
    smoking,
    sufficiency,
    sufficiency_bounds,
    toy,
)
from playground.causality.graph import descendants, topological_order


def people(network, noise, do=None):
    """Everybody's values when node X is 1[U < P(X = 1 | parents)], by the definition."""
    do, values = do or {}, {}
    for name in topological_order({name: network.parents(name) for name in network.nodes}):
        threshold = network.mechanisms[name].table()[tuple(values[cause] for cause in network.parents(name))]
        own = (noise[name] < threshold).astype(int)
        values[name] = np.full_like(own, do[name]) if name in do else own
    return values


@settings(max_examples=30)
@given(st.data())
def test_prediction_agrees_with_simulated_noise(data):
    network, n = data.draw(networks(most=6)), 100_000
    seen, do = data.draw(assignments(network.nodes, 2)), data.draw(assignments(network.nodes, 2))
    target = data.draw(assignments(network.nodes, 2))
    assume(network.probability(seen) > 0.02)
    rng = np.random.default_rng(0)
    noise = {name: rng.random(n) for name in network.nodes}
    before, after = people(network, noise), people(network, noise, do)
    selected = np.logical_and.reduce([before[name] == value for name, value in seen.items()] or [np.full(n, True)])
    wanted = np.logical_and.reduce([after[name] == value for name, value in target.items()] or [np.full(n, True)])
    exact = counterfactual(network, target, given=seen, do=do)
    error = (exact * (1 - exact) / selected.sum()) ** 0.5
    assert abs(wanted[selected].mean() - exact) <= 4 * error + 1e-3 * (error == 0)


@given(st.data())
def test_worlds_are_the_possible_assignments_with_their_noise(data):
    network = data.draw(networks(most=5))
    seen = data.draw(assignments(network.nodes, 2))
    every = [(world, p) for world, p in worlds(network) if holds(seen, world)]
    assume(sum(p for _, p in every) > 1e-9)
    found = abduct(network, seen)
    total = sum(p for _, p in every)
    expected = {tuple(world.items()): p / total for world, p in every}
    assert sum(world.probability for world in found) == pytest.approx(1.0)
    assert [world.probability for world in found] == sorted((w.probability for w in found), reverse=True)
    for world in found:
        assert world.probability == pytest.approx(expected[tuple(world.values.items())], abs=1e-9)
        widths = [high - low for low, high in world.noise.values()]
        # the noise of different nodes is independent: the box of a world has the world's probability as its volume
        assert np.prod(widths) == pytest.approx(world.probability * total, abs=1e-9)


@given(st.data())
def test_what_happened_would_happen_again(data):
    network = data.draw(networks(most=5))
    for world in abduct(network)[:5]:
        names = data.draw(st.lists(st.sampled_from(network.nodes), unique=True))
        again = predict(network, world, {name: world.values[name] for name in names})
        assert again == pytest.approx({name: float(value) for name, value in world.values.items()}, abs=1e-12)


@given(st.data())
def test_without_evidence_the_worlds_average_to_doing(data):
    network = data.draw(networks(most=5))
    do = data.draw(assignments(network.nodes, 2))
    average = dict.fromkeys(network.nodes, 0.0)
    for world in abduct(network):
        for name, p in predict(network, world, do).items():
            average[name] += world.probability * p
    assert average == pytest.approx(network.marginals(do=do), abs=1e-9)


@given(st.data())
def test_counterfactual_is_the_average_prediction_over_the_worlds(data):
    network = data.draw(networks(most=5))
    seen, do = data.draw(assignments(network.nodes, 2)), data.draw(assignments(network.nodes, 2))
    assume(network.probability(seen) > 1e-9)
    name = data.draw(st.sampled_from(network.nodes))
    average = sum(world.probability * predict(network, world, do)[name] for world in abduct(network, seen))
    assert counterfactual(network, {name: 1}, given=seen, do=do) == pytest.approx(average, abs=1e-9)


@given(st.data())
def test_the_marginals_answer_every_node_as_single_questions_do(data):
    network = data.draw(networks(most=5))
    seen, do = data.draw(assignments(network.nodes, 2)), data.draw(assignments(network.nodes, 2))
    assume(network.probability(seen) > 1e-9)
    found = counterfactual_marginals(network, given=seen, do=do)
    single = {name: counterfactual(network, {name: 1}, given=seen, do=do) for name in network.nodes}
    assert tuple(found) == network.nodes
    assert found == pytest.approx(single, abs=1e-9)
    assert all(found[name] == value for name, value in do.items())
    assert all(0 <= p <= 1 for p in found.values())


@given(st.data())
def test_the_marginals_repeat_what_was_seen_where_nothing_changes(data):
    network = data.draw(networks(most=5))
    seen = data.draw(assignments(network.nodes, 2))
    assume(network.probability(seen) > 1e-9)
    again = counterfactual_marginals(network, given=seen, do=seen)
    assert again == pytest.approx(network.marginals(seen), abs=1e-9)
    changed = data.draw(st.sampled_from(network.nodes))
    would = counterfactual_marginals(network, given=seen, do={changed: 1})
    spared = set(network.nodes) - descendants(network.edges, changed) - {changed}
    assert {name: would[name] for name in spared} == pytest.approx({name: again[name] for name in spared}, abs=1e-9)


def test_the_marginals_of_twelve_nodes_without_evidence_are_those_of_doing():
    names = [f"n{i}" for i in range(12)]
    network = Network({name: Table((names[i - 1],), [0.3, 0.6]) if i else Root(0.4) for i, name in enumerate(names)})
    found = counterfactual_marginals(network, given={}, do={"n3": 1})
    assert found == pytest.approx(network.marginals(do={"n3": 1}), abs=1e-9)


def test_the_marginals_of_an_impossible_past_are_refused():
    with pytest.raises(ImpossibleEvidence, match="cannot be seen together"):
        counterfactual_marginals(toy(), given={"A": 0, "C": 0, "B": 1}, do={"A": 1})
    with pytest.raises(ValueError, match="unknown node"):
        counterfactual_marginals(toy(), given={}, do={"rain": 1})


@given(networks(positive=True, most=6), st.data())
def test_necessity_and_sufficiency_lie_within_their_bounds(network, data):
    cause, effect, *_ = data.draw(st.permutations(network.nodes))
    low, high = necessity_bounds(network, cause, effect)
    assert 0 <= low <= high + 1e-12 <= 1 + 1e-9
    assert low - 1e-9 <= necessity(network, cause, effect) <= high + 1e-9
    low, high = sufficiency_bounds(network, cause, effect)
    assert 0 <= low <= high + 1e-12 <= 1 + 1e-9
    assert low - 1e-9 <= sufficiency(network, cause, effect) <= high + 1e-9


@settings(max_examples=50)
@given(networks(positive=True, most=5), st.data())
def test_bounds_are_the_extremes_of_every_wiring_by_linear_programming(network, data):
    cause, effect, *_ = data.draw(st.permutations(network.nodes))
    kinds = list(product((0, 1), repeat=3))  # (cause, effect had the cause been 0, effect had it been 1)
    facts = [
        ([float(x == v and (y0, y1)[x] == w) for x, y0, y1 in kinds], {cause: v, effect: w}, {})
        for v, w in product((0, 1), repeat=2)
    ]
    facts += [([float((y0, y1)[v]) for _, y0, y1 in kinds], {effect: 1}, {cause: v}) for v in (0, 1)]
    rows = [row for row, *_ in facts]
    numbers = [network.probability(target, do=do) for _, target, do in facts]

    def extremes(kind, seen):
        goal = np.array([float(one == kind) for one in kinds]) / network.probability(seen)
        return [sign * linprog(sign * goal, A_eq=rows, b_eq=numbers, bounds=(0, 1)).fun for sign in (1, -1)]

    assert necessity_bounds(network, cause, effect) == pytest.approx(
        extremes((1, 0, 1), {cause: 1, effect: 1}), abs=1e-6
    )
    assert sufficiency_bounds(network, cause, effect) == pytest.approx(
        extremes((0, 0, 1), {cause: 0, effect: 0}), abs=1e-6
    )


def test_one_arrow_has_the_textbook_necessity_and_sufficiency():
    # unconfounded and monotone: PN = 1 - P(y|x')/P(y|x), PS = 1 - P(y'|x)/P(y'|x'), Pearl 2009, theorem 9.2.14
    network = Network({"x": Root(0.3), "y": Table(("x",), [0.2, 0.8])})
    assert necessity(network, "x", "y") == pytest.approx(1 - 0.2 / 0.8)
    assert sufficiency(network, "x", "y") == pytest.approx(1 - 0.2 / 0.8)
    low, _ = necessity_bounds(network, "x", "y")
    assert low == pytest.approx(0.75)


def test_noise_intervals_end_at_the_mechanism():
    network = Network({"x": Root(0.3), "y": Table(("x",), [0.2, 0.8])})
    (world,) = abduct(network, {"x": 1, "y": 0})
    assert isinstance(world, World)
    assert dict(world.noise) == {"x": (0.0, 0.3), "y": (0.8, 1.0)}
    assert predict(network, world, {"x": 0})["y"] == 0.0


def test_twelve_nodes_stay_within_memory_and_agree_with_doing():
    names = [f"n{i}" for i in range(12)]
    network = Network({name: Table((names[i - 1],), [0.3, 0.6]) if i else Root(0.4) for i, name in enumerate(names)})
    found = counterfactual(network, {"n11": 1}, given={}, do={"n3": 1})
    assert found == pytest.approx(network.probability({"n11": 1}, do={"n3": 1}), abs=1e-9)


def test_impossible_pasts_are_refused():
    past = {"A": 0, "C": 0, "B": 1}
    with pytest.raises(ImpossibleEvidence, match="cannot be seen together"):
        abduct(toy(), past)
    with pytest.raises(ImpossibleEvidence):
        counterfactual(toy(), {"B": 1}, given=past, do={"A": 1})
    with pytest.raises(ImpossibleEvidence):
        necessity_bounds(toy().replace("A", Root(0.0)), "A", "B")
    with pytest.raises(ImpossibleEvidence):
        predict(toy(), World(past, 1.0, {}), {"A": 1})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n: abduct(n, {"rain": 1}), "unknown node"),
        (lambda n: counterfactual(n, {"rain": 1}, given={}, do={}), "unknown node"),
        (lambda n: counterfactual(n, {"tar": 1}, given={}, do={"tar": 2}), "tar must be 0 or 1, got 2"),
        (lambda n: predict(n, abduct(n)[0], {"rain": 1}), "unknown node"),
        (lambda n: predict(n, abduct(toy())[0], {}), "world must have the nodes smoking"),
        (lambda n: necessity(n, "rain", "tar"), "unknown node"),
        (lambda n: sufficiency_bounds(n, "rain", "tar"), "unknown node"),
    ],
)
def test_bad_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(smoking())
