"""What would have been: abduct the noise from what was seen, act, predict.

A network says how often, not who. To speak of single people, every node here is read as X = 1[U < P(X = 1 | parents)]
with its own U uniform on (0, 1). That threshold wiring is an assumption: others give the same seeing and the same
doing but other counterfactuals. `necessity_bounds` and `sufficiency_bounds` hold for all of them.

Source: Pearl, Causality, 2009, §7.1 (three steps); Tian & Pearl, Probabilities of causation, 2000, arXiv:1301.3898.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from playground.causality.joint import NOTHING, Joint, assignment, corners
from playground.causality.mechanisms import Frozen
from playground.causality.network import Network

MOST_CELLS = 2**20


@dataclass(frozen=True)
class World:
    """One complete account of what happened.

    Attributes:
        values: 0 or 1 for every node.
        probability: P(values | what was seen).
        noise: For every node the interval (low, high) in which its U must lie; uniform within.
    """

    values: Mapping[str, int]
    probability: float
    noise: Mapping[str, tuple[float, float]]


def abduct(network: Network, given: Mapping[str, int] = NOTHING) -> tuple[World, ...]:
    """Every world that what was seen allows, the most probable first.

    Raises:
        ValueError: A node that does not exist, or a value other than 0 and 1.
        ImpossibleEvidence: P(given) = 0.
    """
    values, probability = _worlds(network, given)
    ones = _ones(network, values)
    worlds = []
    for w in np.argsort(-probability, kind="stable"):
        happened = dict(zip(network.nodes, values[w].tolist(), strict=True))
        noise = {
            name: (0.0, float(ones[name][w])) if value else (float(ones[name][w]), 1.0)
            for name, value in happened.items()
        }
        worlds.append(World(Frozen(happened), float(probability[w]), Frozen(noise)))
    return tuple(worlds)


def predict(network: Network, world: World, do: Mapping[str, int]) -> dict[str, float]:
    """P(node = 1) of every node, had do(do) been done to the people of this world. Exact.

    Raises:
        ValueError: A node that does not exist, or a value other than 0 and 1; a world of other nodes.
        ImpossibleEvidence: The network cannot produce this world.
    """
    if tuple(world.values) != network.nodes:
        raise ValueError(f"world must have the nodes {', '.join(network.nodes)}, got {', '.join(world.values)}")
    settings = assignment(do, network.nodes)
    values, _ = _worlds(network, world.values)
    return Joint(network.nodes, network.product(_hindsight(network, values), settings)[0]).marginals()


def counterfactual(
    network: Network, target: Mapping[str, int], *, given: Mapping[str, int], do: Mapping[str, int]
) -> float:
    """P(target had do(do) been done | given was seen, without it).

    Unlike in `Network.probability`, what is given was seen before acting.

    Raises:
        ValueError: A node that does not exist, or a value other than 0 and 1.
        ImpossibleEvidence: P(given) = 0.
    """
    wanted = assignment(target, network.nodes)
    settings = assignment(do, network.nodes)
    index = (slice(None), *(wanted.get(name, slice(None)) for name in network.nodes))
    total = 0.0
    for values, probability in _batches(*_worlds(network, given)):
        p = network.product(_hindsight(network, values), settings)[index]
        total += float((probability * p.reshape(len(p), -1).sum(axis=1)).sum())  # one p for all worlds if all is set
    return min(1.0, total)


def counterfactual_marginals(network: Network, *, given: Mapping[str, int], do: Mapping[str, int]) -> dict[str, float]:
    """P(node = 1 had do(do) been done | given was seen, without it) of every node; raises as `counterfactual`."""
    settings = assignment(do, network.nodes)
    p = np.zeros((2,) * len(network.nodes))
    for values, probability in _batches(*_worlds(network, given)):
        joint = network.product(_hindsight(network, values), settings)  # a batch of 1 where do() sets every node
        p += np.tensordot(probability, np.broadcast_to(joint, (len(values), *p.shape)), axes=1)
    return Joint(network.nodes, p).marginals()


def necessity(network: Network, cause: str, effect: str) -> float:
    """P(effect would be 0 had the cause been 0 | cause = 1, effect = 1); raises as `counterfactual`."""
    return counterfactual(network, {effect: 0}, given={cause: 1, effect: 1}, do={cause: 0})


def sufficiency(network: Network, cause: str, effect: str) -> float:
    """P(effect would be 1 had the cause been 1 | cause = 0, effect = 0); raises as `counterfactual`."""
    return counterfactual(network, {effect: 1}, given={cause: 0, effect: 0}, do={cause: 1})


def necessity_bounds(network: Network, cause: str, effect: str) -> tuple[float, float]:
    """The least and the greatest `necessity` of any wiring with the same P(cause, effect) and the same doing.

    Raises:
        ValueError: A node that does not exist.
        ImpossibleEvidence: P(cause = 1, effect = 1) = 0.
    """
    both = network.joint().evidence({cause: 1, effect: 1})
    neither = network.probability({cause: 0, effect: 0})
    seen = network.probability({effect: 1})
    without = network.probability({effect: 1}, do={cause: 0})
    return _clipped((seen - without) / both), _clipped((1 - without - neither) / both)


def sufficiency_bounds(network: Network, cause: str, effect: str) -> tuple[float, float]:
    """The least and the greatest `sufficiency` of any wiring with the same P(cause, effect) and the same doing.

    Raises:
        ValueError: A node that does not exist.
        ImpossibleEvidence: P(cause = 0, effect = 0) = 0.
    """
    neither = network.joint().evidence({cause: 0, effect: 0})
    both = network.probability({cause: 1, effect: 1})
    seen = network.probability({effect: 1})
    with_cause = network.probability({effect: 1}, do={cause: 1})
    return _clipped((with_cause - seen) / neither), _clipped((with_cause - both) / neither)


def _worlds(network: Network, given: Mapping[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Every assignment that is possible with what was seen, shape (worlds, n), and P(it | given), shape (worlds,)."""
    joint = network.joint()
    evidence = joint.evidence(given)
    values = corners(len(network.nodes)).astype(np.int64)
    possible = joint.p.reshape(-1) > 0
    for name, value in given.items():
        possible &= values[:, network.nodes.index(name)] == value
    return values[possible], joint.p.reshape(-1)[possible] / evidence


def _ones(network: Network, values: np.ndarray) -> dict[str, np.ndarray]:
    """P(node = 1 | its parents as they were), shape (worlds,) for every node."""
    column = dict(zip(network.nodes, values.T, strict=True))
    return {
        name: np.broadcast_to(table[tuple(column[cause] for cause in network.parents(name))], len(values))
        for name, table in network.tables.items()
    }


def _hindsight(network: Network, values: np.ndarray) -> dict[str, np.ndarray]:
    """P(node = 1 | parents, the noise that made it what it was), shape (worlds, 2, …, 2) for every node.

    Given that U < p the share of the noise below another threshold q is min(p, q) / p; given U ≥ p it is
    max(q - p, 0) / (1 - p). Under the parents as they were this repeats what happened, with certainty.
    """
    ones = _ones(network, values)
    tables = {}
    for name, was in zip(network.nodes, values.T, strict=True):
        q = network.tables[name][None]  # (1, 2, …, 2)
        p = ones[name].reshape(-1, *(1,) * (q.ndim - 1))  # (worlds, 1, …, 1)
        was_one = was.reshape(p.shape) == 1
        below = np.where(was_one, np.minimum(p, q), np.maximum(q - p, 0.0))
        tables[name] = below / np.where(was_one, p, 1 - p)
    return tables


def _batches(values: np.ndarray, probability: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    # all worlds of twelve nodes at once would take 128 MB
    size = max(1, MOST_CELLS >> values.shape[1])
    for start in range(0, len(values), size):
        yield values[start : start + size], probability[start : start + size]


def _clipped(share: float) -> float:
    return min(1.0, max(0.0, share))
