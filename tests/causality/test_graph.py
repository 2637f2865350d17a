"""Separation, paths and identification against networkx and the definitions."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import networks

from playground.causality import (
    Network,
    Root,
    Table,
    ancestors,
    backdoor_sets,
    descendants,
    front_door,
    frontdoor_sets,
    m_bias,
    minimal,
    smoking,
)
from playground.causality.graph import paths


def digraph(network):
    graph = nx.DiGraph(network.edges)
    graph.add_nodes_from(network.nodes)
    return graph


@st.composite
def queries(draw):
    network = draw(networks())
    a, b, *others = draw(st.permutations(network.nodes))
    seen = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    return network, a, b, seen


@given(queries())
def test_d_separation_agrees_with_networkx(query):
    network, a, b, seen = query
    assert network.d_separated(a, b, seen) == nx.is_d_separator(digraph(network), a, b, set(seen))


@given(queries())
def test_ancestors_and_descendants_agree_with_networkx(query):
    network, a, *_ = query
    assert ancestors(network.edges, a) == nx.ancestors(digraph(network), a)
    assert descendants(network.edges, a) == nx.descendants(digraph(network), a)


@given(queries())
def test_d_separated_nodes_are_independent_in_the_joint(query):
    network, a, b, seen = query
    if network.d_separated(a, b, seen):
        p = network.joint().marginal((*seen, a, b)).reshape(-1, 2, 2)
        np.testing.assert_allclose(p[:, 1, 1] * p[:, 0, 0], p[:, 1, 0] * p[:, 0, 1], atol=1e-15)


@given(queries(), st.data())
def test_a_path_is_open_exactly_when_not_d_separated(query, data):
    network, a, b, seen = query
    free = [name for name in network.nodes if name not in seen]
    do = data.draw(st.lists(st.sampled_from(free), unique=True, max_size=2))
    found = network.paths(a, b, seen, do)
    walks = {tuple(walk) for walk in nx.all_simple_paths(digraph(network).to_undirected(), a, b)}
    assert {path.nodes for path in found} == walks
    assert len(found) == len(walks)
    assert [len(path.nodes) for path in found] == sorted(len(path.nodes) for path in found)
    cut = digraph(network.mutilate(dict.fromkeys(do, 1)))
    separated = nx.is_d_separator(cut, a, b, {*seen, *do} - {a, b})
    assert any(path.open for path in found) != separated
    for path in found:
        assert path.reason.startswith("open: ") == path.open


def test_paths_say_why():
    network = smoking()
    (path,) = network.paths("yellow", "asbestos")
    assert str(path) == "yellow ← smoking → tar → cancer ← asbestos"
    assert path.reason == "blocked: cancer is a collider (→ cancer ←) and neither it nor an effect of it is seen"
    (path,) = network.paths("yellow", "asbestos", ["cancer"])
    assert path.open
    assert path.reason == "open: the collider cancer is seen, so its causes compete to explain it"
    (path,) = network.paths("yellow", "asbestos", ["cancer", "smoking"])
    assert path.reason == "blocked at smoking, which is seen"
    (path,) = network.paths("yellow", "asbestos", do=["cancer"])
    assert path.reason == "cut: do(cancer) removes the arrow tar → cancer"
    (path,) = network.paths("yellow", "tar", do=["smoking"])
    assert path.reason == "blocked at smoking, which is set"
    assert network.paths("yellow", "cancer")[0].reason == "open: nothing on it is seen"
    assert network.paths("smoking", "tar")[0].reason == "open: one arrow, with nothing in between"
    chain = Network(
        {"a": Root(0.5), "b": Root(0.5), "c": Table(("a", "b"), [[0, 1], [1, 1]]), "d": Table(("c",), [0.1, 0.9])}
    )
    assert chain.paths("a", "b", ["d"])[0].reason == (
        "open: d, an effect of the collider c, is seen, so the causes of c compete"
    )


def test_paths_of_the_densest_graph_stop_at_the_limit_with_the_shortest():
    names = [f"n{i}" for i in range(12)]
    edges = tuple(combinations(names, 2))
    found = paths(edges, "n0", "n11", most=100)
    assert len(found) == 100
    assert [len(path.nodes) for path in found] == [2] + [3] * 10 + [4] * 89


def subsets(names):
    return [frozenset(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)]


@settings(max_examples=50)
@given(queries())
def test_back_door_sets_are_those_of_the_definition(query):
    network, cause, effect, hidden = query
    graph = digraph(network)
    legal = set(network.nodes) - {cause, effect, *hidden} - nx.descendants(graph, cause)
    cut = graph.copy()
    cut.remove_edges_from(list(graph.out_edges(cause)))
    valid = [chosen for chosen in subsets(sorted(legal)) if nx.is_d_separator(cut, cause, effect, chosen)]
    found = backdoor_sets(network, cause, effect, hidden=hidden)
    assert set(found) == set(valid)
    assert len(found) == len(valid)
    assert [len(chosen) for chosen in found] == sorted(map(len, found))
    assert set(minimal(found)) == {one for one in valid if not any(other < one for other in valid)}


@settings(max_examples=50)
@given(queries())
def test_front_door_sets_are_those_of_the_definition(query):
    network, cause, effect, hidden = query
    graph = digraph(network)
    cut_cause = graph.copy()
    cut_cause.remove_edges_from(list(graph.out_edges(cause)))
    valid = []
    for chosen in subsets(sorted(set(network.nodes) - {cause, effect, *hidden})):
        without = graph.subgraph(set(graph) - chosen)
        cut = graph.copy()
        cut.remove_edges_from(list(graph.out_edges(chosen)))
        if (
            not nx.has_path(without, cause, effect)
            and (not chosen or nx.is_d_separator(cut_cause, {cause}, set(chosen), set()))
            and (not chosen or nx.is_d_separator(cut, set(chosen), {effect}, {cause}))
        ):
            valid.append(chosen)
    assert set(frontdoor_sets(network, cause, effect, hidden=hidden)) == set(valid)


def test_teaching_networks_have_the_doors_they_are_named_for():
    network = front_door()
    assert backdoor_sets(network, "smoking", "cancer", hidden=["genotype"]) == ()
    assert backdoor_sets(network, "smoking", "cancer") == (frozenset({"genotype"}),)
    assert frontdoor_sets(network, "smoking", "cancer", hidden=["genotype"]) == (frozenset({"tar"}),)
    sets = backdoor_sets(m_bias(), "x", "y", hidden=["u1", "u2"])
    assert sets == (frozenset(),)
    assert minimal(backdoor_sets(m_bias(), "x", "y")) == (frozenset(),)


@pytest.mark.parametrize(
    ("cause", "effect", "hidden", "message"),
    [
        ("tar", "tar", (), "must differ"),
        ("tar", "rain", (), "unknown node"),
        ("tar", "cancer", ("rain",), "unknown node"),
        ("tar", "cancer", ("tar",), "neither cause nor effect"),
    ],
)
def test_bad_questions_are_refused(cause, effect, hidden, message):
    for sets in (backdoor_sets, frontdoor_sets):
        with pytest.raises(ValueError, match=message):
            sets(smoking(), cause, effect, hidden=hidden)
