"""Random networks for the property tests: any arrows, every kind of mechanism, nodes in any order."""

from itertools import product

import numpy as np
from hypothesis import strategies as st

from playground.causality import Logistic, Network, Root, Table

NAMES = ("a", "b", "c", "d", "e", "f", "g")


@st.composite
def networks(draw, least=2, most=7, *, positive=False):
    """A network of `least` to `most` nodes; `positive` keeps every probability well inside (0, 1)."""
    causal_order = draw(st.permutations(NAMES[: draw(st.integers(least, most))]))
    shares = st.floats(0.1, 0.9) if positive else st.floats(0, 1) | st.sampled_from((0.0, 1.0))
    weights = st.floats(-1.5, 1.5) if positive else st.floats(-6, 6)
    mechanisms = {}
    for i, name in enumerate(causal_order):
        parents = tuple(draw(st.lists(st.sampled_from(causal_order[:i]), unique=True, max_size=3))) if i else ()
        if not parents:
            mechanisms[name] = Root(draw(shares))
        elif draw(st.booleans()):
            mechanisms[name] = Logistic(draw(weights) / 2, {parent: draw(weights) for parent in parents})
        else:
            numbers = draw(st.lists(shares, min_size=2 ** len(parents), max_size=2 ** len(parents)))
            mechanisms[name] = Table(parents, np.reshape(numbers, (2,) * len(parents)).tolist())
    return Network({name: mechanisms[name] for name in draw(st.permutations(causal_order))})


@st.composite
def assignments(draw, nodes, most=None):
    """0 or 1 for some of the nodes."""
    chosen = draw(st.lists(st.sampled_from(nodes), unique=True, max_size=len(nodes) if most is None else most))
    return {name: draw(st.integers(0, 1)) for name in chosen}


def worlds(network, do=None):
    """Every complete assignment with its probability after do, by the definition and in plain Python."""
    do = do or {}
    for values in product((0, 1), repeat=len(network.nodes)):
        world = dict(zip(network.nodes, values, strict=True))
        p = 1.0
        for name, mechanism in network.mechanisms.items():
            one = do[name] if name in do else chance(mechanism, world)
            p *= one if world[name] else 1 - one
        yield world, p


def chance(mechanism, world):
    """P(node = 1 | its parents in this world), from the mechanism's own numbers."""
    if isinstance(mechanism, Root):
        return mechanism.probability
    if isinstance(mechanism, Logistic):
        return 1 / (1 + np.exp(-mechanism.bias - sum(w * world[p] for p, w in mechanism.weights.items())))
    cell = mechanism.probability
    for parent in mechanism.parents:
        cell = cell[world[parent]]
    return cell


def holds(seen, world):
    return all(world[name] == value for name, value in seen.items())
