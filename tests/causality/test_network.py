"""Networks against sums over all worlds, published numbers and samples."""

import copy
import pickle

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_networks import assignments, holds, networks, worlds

from playground.causality import ImpossibleEvidence, Joint, Logistic, Network, Root, Table, simpson, smoking, toy


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize(
    ("network", "target", "seen", "do", "value"),
    [
        (smoking(), "yellow", {}, {}, 0.315153),
        (smoking(), "cancer", {}, {}, 0.572806),
        (smoking(), "smoking", {"cancer": 1}, {}, 0.283071),
        (smoking(), "smoking", {"cancer": 1, "asbestos": 1}, {}, 0.201336),
        (smoking(), "yellow", {"asbestos": 1, "cancer": 1}, {}, 0.315462),
        (smoking(), "yellow", {"asbestos": 1}, {"cancer": 1}, 0.315153),
        (smoking(), "asbestos", {"cancer": 1}, {}, 0.172566),
        (smoking(), "asbestos", {"cancer": 1, "smoking": 1}, {}, 0.122739),
        (smoking(1.0, 0.5), "yellow", {"asbestos": 1, "cancer": 1}, {}, 0.324313),
        (smoking(1.0, 0.5), "cancer", {}, {}, 0.501326),
        (toy(), "A", {"C": 1}, {}, 0.2),
        (toy(), "A", {"B": 1}, {}, 0.6),
        (toy(), "A", {"B": 1, "C": 1}, {}, 1 / 3),
    ],
)
def test_published_networks_give_the_published_numbers(network, target, seen, do, value):
    assert network.probability({target: 1}, seen, do) == pytest.approx(value, abs=5e-7)


def test_kidney_stones_reverse_when_pooled():
    network = simpson()
    recovery = {"recovery": 1}
    for stones in (0, 1):
        by_treatment = [network.probability(recovery, {"large stones": stones, "treatment": t}) for t in (0, 1)]
        assert by_treatment[1] > by_treatment[0]
    assert network.probability(recovery, {"treatment": 1}) == pytest.approx(273 / 350)
    assert network.probability(recovery, {"treatment": 0}) == pytest.approx(289 / 350)
    assert network.probability(recovery, do={"treatment": 1}) > network.probability(recovery, do={"treatment": 0})


@given(st.data())
def test_probability_and_marginals_are_sums_over_all_worlds(data):
    network = data.draw(networks())
    seen, do, target = (data.draw(assignments(network.nodes, 3)) for _ in range(3))
    every = list(worlds(network, do))
    evidence = sum(p for world, p in every if holds(seen, world))
    assume(evidence == 0 or evidence > 1e-9)
    if evidence == 0:
        with pytest.raises(ImpossibleEvidence, match=r"P\(evidence\) = 0"):
            network.probability(target, seen, do)
        with pytest.raises(ImpossibleEvidence):
            network.marginals(seen, do)
        return
    both = sum(p for world, p in every if holds(seen, world) and holds(target, world))
    assert network.probability(target, seen, do) == pytest.approx(both / evidence, abs=1e-9)
    marginals = network.marginals(seen, do)
    assert tuple(marginals) == network.nodes
    for name, value in marginals.items():
        alone = sum(p for world, p in every if holds(seen, world) and world[name]) / evidence
        assert value == pytest.approx(alone, abs=1e-9)


@given(st.data())
def test_seeing_sets_and_doing_cuts_on_the_mutilated_network(data):
    network = data.draw(networks())
    do = data.draw(assignments(network.nodes))
    mutilated = network.mutilate(do)
    np.testing.assert_allclose(mutilated.joint().p, network.joint(do).p, atol=1e-15)
    assert not [edge for edge in mutilated.edges if edge[1] in do]


@given(networks(positive=True), st.data())
def test_doing_to_a_root_is_seeing_it(network, data):
    root = data.draw(st.sampled_from([name for name in network.nodes if not network.parents(name)]))
    seen, done = network.marginals({root: 1}), network.marginals(do={root: 1})
    assert seen == pytest.approx(done, abs=1e-12)


@settings(max_examples=20)
@given(st.data())
def test_sample_frequencies_lie_within_four_standard_errors(data):
    network, n = data.draw(networks()), 20_000
    do = data.draw(assignments(network.nodes, 2))
    people = network.sample(n, do, generator=generator())
    exact = network.marginals(do=do)
    for name, values in people.items():
        assert values.dtype == torch.int64
        assert abs(values.double().mean() - exact[name]) <= 4 * (exact[name] * (1 - exact[name]) / n) ** 0.5 + 1e-12
    observed, p = Joint.from_samples(people), network.joint(do).p
    assert observed.nodes == network.nodes
    assert (np.abs(observed.p - p) <= 5 * np.sqrt(p * (1 - p) / n) + 1e-12).all()  # up to 128 cells each


def test_equal_generators_give_the_same_people_under_every_intervention():
    network = smoking()
    seen = network.sample(1000, generator=generator(3))
    done = network.sample(1000, {"cancer": 1}, generator=generator(3))
    assert (done["cancer"] == 1).all()
    assert all((seen[name] == done[name]).all() for name in network.nodes if name != "cancer")
    assert tuple(done) == network.nodes


def test_networks_are_values():
    assert smoking() == smoking()
    assert hash(smoking()) == hash(smoking())
    assert smoking() != smoking(1.0)
    network = smoking()
    network.probability({"tar": 1})
    assert pickle.loads(pickle.dumps(network)) == network == copy.deepcopy(network)
    assert network.replace("smoking", Root(0.5)).probability({"smoking": 1}) == 0.5
    assert network.probability({"smoking": 1}) == pytest.approx(0.2)
    assert network.parents("cancer") == ("tar", "asbestos")
    with pytest.raises(AttributeError):
        network.mechanisms = {}
    with pytest.raises(ValueError, match="read-only"):
        network.joint().p[0] = 1.0
    assert eval(repr(network)) == network


def test_many_different_interventions_stay_right_when_the_cache_overflows():
    network = Network({f"n{i}": Root(0.5) for i in range(8)})
    for code in range(200):
        do = {f"n{i}": code >> i & 1 for i in range(8)}
        assert network.probability(do, do=do) == 1.0
    assert len(network._joints) <= 64


def test_logistic_is_exact_in_both_tails():
    table = Logistic(0.0, {"x": -700.0}).table()
    assert table[0] == 0.5
    assert table[1] == pytest.approx(np.exp(-700.0), rel=1e-12)
    assert Logistic(1e6, {"x": 1e6}).table().tolist() == [1.0, 1.0]


def test_target_against_evidence_is_impossible_but_not_an_error():
    assert smoking().probability({"tar": 0}, {"tar": 1}) == 0.0
    assert smoking().probability({"tar": True}, {"tar": 1}) == 1.0


@pytest.mark.parametrize(
    ("seen", "do", "message"),
    [
        ({"B": 1, "A": 0, "C": 0}, {}, r"B = 1, A = 0, C = 0 cannot be seen together: P\(evidence\) = 0"),
        ({"B": 0}, {"B": 1}, r"B = 0 cannot be seen after do\(B = 1\): P\(evidence\) = 0"),
    ],
)
def test_impossible_evidence_is_named(seen, do, message):
    with pytest.raises(ImpossibleEvidence, match=message):
        toy().probability({"A": 1}, seen, do)
    with pytest.raises(ImpossibleEvidence, match=message):
        toy().marginals(seen, do)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Root(1.5), r"probability must be in \[0, 1\], got 1.5"),
        (lambda: Root(float("nan")), "probability must be in"),
        (lambda: Root("often"), "probability must be in"),
        (lambda: Logistic(float("inf"), {}), "bias must be in"),
        (lambda: Logistic(0.0, {"a": float("nan")}), r"weights\['a'\] must be in"),
        (lambda: Logistic(0.0, [1.0]), "weights must map"),
        (lambda: Table(("a",), [0.1, 0.2, 0.3]), r"shape \(2,\), two per parent, got shape \(3,\)"),
        (lambda: Table(("a", "b"), [[0.1, 0.2], [0.3]]), "must be numbers in shape"),
        (lambda: Table(("a",), [0.1, 1.1]), r"probability must be in \[0, 1\]"),
        (lambda: Table(("a",), [0.1, float("nan")]), r"probability must be in \[0, 1\]"),
        (lambda: Table(("a", "a"), [[0.1, 0.2], [0.3, 0.4]]), "different names"),
        (lambda: Table("ab", [[0.1, 0.2], [0.3, 0.4]]), "tuple of different names"),
        (lambda: Network({}), "1 to 12 nodes, got 0"),
        (lambda: Network({f"n{i}": Root(0.5) for i in range(13)}), "1 to 12 nodes, got 13"),
        (lambda: Network({"<script>": Root(0.5)}), "a node's name must be a letter.*<script>"),
        (lambda: Network({"a" * 21: Root(0.5)}), "a node's name must be a letter"),
        (lambda: Network({"tar\n": Root(0.5)}), "a node's name must be a letter"),
        (lambda: Network({3: Root(0.5)}), "a node's name must be a letter.*got 3"),
        (lambda: Network({"a": 0.5}), "a must be a Root, a Logistic or a Table, got 0.5"),
        (lambda: Network({"a": Logistic(0, {"b": 1.0})}), r"parents of a must be nodes \(a\), got 'b'"),
        (lambda: Network({"a": Logistic(0, {"a": 1.0})}), "circle, got a → a"),
        (
            lambda: Network({"smoking": Logistic(0, {"tar": 1.0}), "tar": Logistic(0, {"smoking": 1.0})}),
            "circle, got smoking → tar → smoking",
        ),
        (lambda: smoking().probability({"rain": 1}), "unknown node 'rain': the nodes are smoking, asbestos"),
        (lambda: smoking().probability({"rain": 1, "tar": 0}, {"tar": 1}), "unknown node 'rain'"),
        (lambda: smoking().probability({"tar": 1}, {"rain": 1}), "unknown node 'rain'"),
        (lambda: smoking().probability({"tar": 1}, do={"rain": 1}), "unknown node 'rain'"),
        (lambda: smoking().probability({"tar": 2}), "tar must be 0 or 1, got 2"),
        (lambda: smoking().marginals({"tar": 0.5}), "tar must be 0 or 1, got 0.5"),
        (lambda: smoking().joint({"tar": "1"}), "tar must be 0 or 1, got '1'"),
        (lambda: smoking().parents("rain"), "unknown node"),
        (lambda: smoking().replace("rain", Root(0.5)), "unknown node"),
        (lambda: smoking().mutilate({"tar": -1}), "tar must be 0 or 1"),
        (lambda: smoking().sample(0, generator=generator()), r"n must be in \[1, 10000000\], got 0"),
        (lambda: smoking().d_separated("tar", "rain"), "unknown node"),
        (lambda: smoking().paths("tar", "tar"), "must differ"),
        (lambda: Joint.from_samples({}), "columns of one length"),
        (lambda: Joint.from_samples({"a": torch.tensor([0, 2])}), "a must be 0 or 1 in every sample"),
        (lambda: Joint.from_samples({"a": torch.tensor([0]), "b": torch.tensor([0, 1])}), "columns of one length"),
        (lambda: Joint(("a",), np.ones((2, 2)) / 4), "p must have shape"),
    ],
)
def test_bad_input_is_refused_with_what_is_legal_and_what_came(build, message):
    with pytest.raises(ValueError, match=message):
        build()
