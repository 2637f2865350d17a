"""The formulas against the truth of do(), their standard errors against autograd and against repetition."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_networks import networks

from playground.causality import (
    Estimate,
    ImpossibleEvidence,
    Joint,
    Logistic,
    Network,
    NoOverlap,
    Root,
    Table,
    adjust,
    adjust_difference,
    backdoor_sets,
    conditional,
    front_door,
    front_door_adjust,
    front_door_difference,
    frontdoor_sets,
    m_bias,
    naive,
    naive_difference,
    simpson,
    smoking,
    toy,
    trial,
)


def effect_of(network, cause, effect):
    on, off = (network.probability({effect: 1}, do={cause: value}) for value in (1, 0))
    return on - off


def study(network, n, rng):
    """The empirical joint of n people, drawn as one multinomial."""
    p = network.joint().p
    return Joint(network.nodes, rng.multinomial(n, p.ravel() / p.sum()).reshape(p.shape) / n, n)


def observed(network, hidden):
    """The exact joint of what is not hidden, as one who cannot measure the rest would know it."""
    nodes = tuple(name for name in network.nodes if name not in hidden)
    return Joint(nodes, network.joint().marginal(nodes))


@settings(max_examples=60)
@given(networks(positive=True, most=6), st.data())
def test_both_doors_lead_to_the_truth_of_doing(network, data):
    cause, effect, *others = data.draw(st.permutations(network.nodes))
    hidden = data.draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    joint, truth = observed(network, hidden), effect_of(network, cause, effect)
    for chosen in backdoor_sets(network, cause, effect, hidden=hidden):
        found = adjust(joint, cause, effect, sorted(chosen), 1)
        assert found.value == pytest.approx(network.probability({effect: 1}, do={cause: 1}), abs=1e-9)
        assert (found.standard_error, found.dropped) == (0.0, ())
        assert adjust_difference(joint, cause, effect, sorted(chosen)).value == pytest.approx(truth, abs=1e-9)
    for chosen in frontdoor_sets(network, cause, effect, hidden=hidden):
        found = front_door_adjust(joint, cause, effect, sorted(chosen), 0)
        assert found.value == pytest.approx(network.probability({effect: 1}, do={cause: 0}), abs=1e-9)
        assert front_door_difference(joint, cause, effect, sorted(chosen)).value == pytest.approx(truth, abs=1e-9)


def plug_in(p, names, cause, effect, door, others, value):
    """Either formula written with sums over named axes, as the textbook has it."""
    axis = {name: k for k, name in enumerate(names)}

    def mass(**seen):
        return p[tuple(seen.get(name, slice(None)) for name in names)].sum()

    assert set(axis) >= {cause, effect, *others}
    (z,) = others
    total = 0.0
    for v in (0, 1):
        if door == "back":
            total += mass(**{effect: 1, cause: value, z: v}) / mass(**{cause: value, z: v}) * mass(**{z: v}) / p.sum()
        else:
            inner = sum(
                mass(**{effect: 1, cause: x, z: v}) / mass(**{cause: x, z: v}) * mass(**{cause: x}) / p.sum()
                for x in (0, 1)
            )
            total += mass(**{cause: value, z: v}) / mass(**{cause: value}) * inner
    return total


@pytest.mark.parametrize("door", ["back", "front"])
@pytest.mark.parametrize("weights", [(0.0, 1.0), (1.0, 0.0), (-1.0, 1.0)])
def test_influence_functions_are_the_gradients_that_autograd_finds(door, weights):
    network, n = front_door(), 1000
    other = {"back": "genotype", "front": "tar"}[door]
    p = torch.tensor(network.joint().p.copy(), requires_grad=True)
    value = sum(
        w * plug_in(p, network.nodes, "smoking", "cancer", door, [other], x) for x, w in enumerate(weights) if w
    )
    (gradient,) = torch.autograd.grad(value, p)
    cells = p.detach()
    expected = ((cells * gradient**2).sum() - (cells * gradient).sum() ** 2).div(n).sqrt()
    joint = Joint(network.nodes, network.joint().p.copy(), n)
    functions = {"back": (adjust, adjust_difference), "front": (front_door_adjust, front_door_difference)}[door]
    arguments = (joint, "smoking", "cancer", [other])
    found = functions[1](*arguments) if -1.0 in weights else functions[0](*arguments, weights.index(1.0))
    assert found.value == pytest.approx(float(value.detach()), abs=1e-12)
    assert found.standard_error == pytest.approx(float(expected), rel=1e-9)


GAPPY = Network(
    {
        "z": Root(0.3),
        "x": Table(("z",), [0.4, 0.0]),
        "y": Table(("z", "x"), [[0.2, 0.7], [0.5, 0.9]]),
    }
)


@pytest.mark.parametrize(
    ("network", "estimate"),
    [
        (smoking(), lambda joint: naive(joint, "smoking", "cancer", 1)),
        (front_door(), lambda joint: adjust(joint, "smoking", "cancer", ["genotype"], 1)),
        (front_door(), lambda joint: adjust_difference(joint, "smoking", "cancer", ["genotype"])),
        (front_door(), lambda joint: front_door_adjust(joint, "smoking", "cancer", ["tar"], 1)),
        (front_door(), lambda joint: front_door_difference(joint, "smoking", "cancer", ["tar"])),
        (simpson(), lambda joint: adjust_difference(joint, "treatment", "recovery", ["large stones"])),
        (m_bias(1.0), lambda joint: adjust_difference(joint, "x", "y", ["m"])),
        (GAPPY, lambda joint: adjust_difference(joint, "x", "y", ["z"])),
        (smoking(), lambda joint: conditional(joint, {"smoking": 1}, {"cancer": 1})),
    ],
)
def test_estimates_are_calibrated_over_repetitions(network, estimate):
    rng, repetitions = np.random.default_rng(0), 400
    truth = estimate(network.joint()).value
    found = [estimate(study(network, 4000, rng)) for _ in range(repetitions)]
    values, errors = np.array([e.value for e in found]), np.array([e.standard_error for e in found])
    # four standard errors of a mean, and of a standard deviation (1 / sqrt(2 · 400) = 3.5 % each)
    assert abs(values.mean() - truth) <= 4 * values.std() / repetitions**0.5
    assert values.std() == pytest.approx(errors.mean(), rel=0.15)
    inside = np.mean([low <= truth <= high for low, high in (e.interval for e in found)])
    assert inside == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / repetitions) ** 0.5)


def test_trials_find_the_effect_and_their_error():
    network, generator = front_door(), torch.Generator().manual_seed(0)
    truth = effect_of(network, "smoking", "cancer")
    found = [trial(network, "smoking", "cancer", 1000, generator=generator) for _ in range(200)]
    values = np.array([e.value for e in found])
    assert abs(values.mean() - truth) <= 4 * values.std() / 200**0.5
    assert values.std() == pytest.approx(np.mean([e.standard_error for e in found]), rel=0.2)


@given(networks(positive=True, most=5, least=3), st.data())
def test_terms_add_up_to_the_value(network, data):
    cause, effect, other, *_ = data.draw(st.permutations(network.nodes))
    joint = network.joint()
    for found in (
        adjust(joint, cause, effect, [other], 1),
        adjust_difference(joint, cause, effect, [other]),
        front_door_adjust(joint, cause, effect, [other], 0),
        front_door_difference(joint, cause, effect, [other]),
    ):
        assert sum(term.weight * term.value for term in found.terms) == pytest.approx(found.value, abs=1e-12)
        for term in found.terms:
            if term.terms:
                inner = sum(one.weight * one.value for one in term.terms)
                assert inner == pytest.approx(term.value, abs=1e-12)


def test_naive_association_and_effect_have_opposite_signs_at_the_front_door():
    network = front_door()
    joint = observed(network, ["genotype"])
    assert naive_difference(joint, "smoking", "cancer").value < -0.2
    assert effect_of(network, "smoking", "cancer") > 0.15


def test_adjusting_for_the_middle_of_an_m_makes_things_worse():
    network = m_bias()
    joint = network.joint()
    assert effect_of(network, "x", "y") == pytest.approx(0.0, abs=1e-12)
    assert naive_difference(joint, "x", "y").value == pytest.approx(0.0, abs=1e-12)
    assert abs(adjust_difference(joint, "x", "y", ["m"]).value) > 0.05


def test_strata_without_the_cause_are_dropped_and_named():
    found = adjust_difference(GAPPY.joint(), "x", "y", ["z"])
    assert [dict(stratum) for stratum in found.dropped] == [{"z": 1}]
    assert found.covered == pytest.approx(0.7)
    assert found.value == pytest.approx(0.5)
    assert [(dict(term.stratum), term.weight) for term in found.terms] == [({"z": 0}, 1.0)]
    unchanged = adjust(GAPPY.joint(), "x", "y", ["z"], 0)
    assert (unchanged.dropped, unchanged.covered) == ((), 1.0)


def test_missing_people_are_an_error_where_nothing_can_be_dropped():
    never = GAPPY.replace("x", Root(0.0))
    with pytest.raises(NoOverlap, match="x = 1"):
        naive(never.joint(), "x", "y", 1)
    with pytest.raises(NoOverlap, match="both values of x"):
        adjust_difference(never.joint(), "x", "y", ["z"])
    with pytest.raises(NoOverlap, match="nobody has x = 1"):
        front_door_adjust(never.joint(), "x", "y", ["z"], 1)
    with pytest.raises(NoOverlap, match="nobody has z = 1, x = 1, whose y the formula needs"):
        front_door_adjust(GAPPY.joint(), "x", "y", ["z"], 0)


def test_exact_joints_have_no_error_and_few_people_a_large_one():
    joint = smoking().joint()
    assert conditional(joint, {"smoking": 1}, {"cancer": 1}) == Estimate(
        joint.probability({"smoking": 1}, {"cancer": 1}), 0.0
    )
    few = Joint(("a",), np.array([0.5, 0.5]), 4)
    assert conditional(few, {"a": 1}).standard_error == pytest.approx(0.25)
    with pytest.raises(ImpossibleEvidence):
        conditional(toy().joint(), {"A": 1}, {"A": 0, "B": 1, "C": 0})


@given(networks(positive=True, least=3), st.data())
def test_order_of_the_adjustment_does_not_matter(network, data):
    cause, effect, *others = data.draw(st.permutations(network.nodes))
    assume(others)
    one = adjust(network.joint(), cause, effect, others, 1)
    other = adjust(network.joint(), cause, effect, others[::-1], 1)
    assert one.value == pytest.approx(other.value, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda j: adjust(j, "smoking", "cancer", ["smoking"], 1), "must all differ"),
        (lambda j: adjust(j, "smoking", "smoking", [], 1), "must all differ"),
        (lambda j: adjust(j, "smoking", "cancer", ["rain"], 1), "unknown node 'rain'"),
        (lambda j: adjust(j, "smoking", "cancer", [], 2), "value must be 0 or 1, got 2"),
        (lambda j: front_door_adjust(j, "smoking", "cancer", ["tar"], 0.5), "value must be 0 or 1, got 0.5"),
        (lambda j: front_door_difference(j, "smoking", "cancer", ["tar", "tar"]), "must all differ"),
        (lambda _: trial(smoking(), "smoking", "smoking", 10, generator=torch.Generator()), "must all differ"),
        (lambda _: trial(smoking(), "rain", "tar", 10, generator=torch.Generator()), "unknown node 'rain'"),
        (lambda _: trial(smoking(), "tar", "rain", 10, generator=torch.Generator()), "unknown node 'rain'"),
        (lambda _: trial(smoking(), "tar", "cancer", 0, generator=torch.Generator()), r"n must be in \[1"),
    ],
)
def test_bad_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(smoking().joint())


def test_twelve_nodes_with_ten_in_the_adjustment_are_exact():
    names = [f"n{i}" for i in range(12)]
    network = Network(
        {
            name: Logistic(-0.5, dict.fromkeys(names[max(0, i - 3) : i], 0.5)) if i else Root(0.4)
            for i, name in enumerate(names)
        }
    )
    truth = network.probability({"n11": 1}, do={"n10": 1})
    assert adjust(network.joint(), "n10", "n11", names[:10], 1).value == pytest.approx(truth, abs=1e-9)
