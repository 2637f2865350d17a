"""Binary Bayesian networks, read as structural causal models: exact seeing, exact doing, sampling, and arrows.

With at most twelve nodes the whole joint fits in 32 KB, so every answer is a sum of its cells and no approximation.
Source: Pearl, Causality, 2009, §1.2 (networks) and §3.2 (interventions as the truncated factorisation).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from playground.causality import graph
from playground.causality.graph import Path
from playground.causality.joint import NOTHING, Joint, assignment, known, product
from playground.causality.mechanisms import Frozen, Logistic, Mechanism, Root, Table

if TYPE_CHECKING:
    from torch import Generator, Tensor

MOST_NODES = 12
MOST_SAMPLES = 10_000_000
MOST_JOINTS = 64
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_ -]{0,19}")


@dataclass(frozen=True)
class Network:
    """Nodes 0 or 1, each with the mechanism by which its parents decide it; every mechanism has its own noise.

    Everywhere `given` is what is seen and `do` is what is set by force. Setting comes first: it cuts the arrows into
    the node and leaves all other mechanisms alone; seeing then selects among the people of that new world.

    Args:
        mechanisms: One per node; the nodes keep this order, causes need not come first.
    Raises:
        ValueError: Not 1 to 12 nodes; a name that is not a letter followed by up to 19 letters, digits, spaces,
            hyphens or underscores; a parent that is no node; arrows in a circle.
    """

    mechanisms: Mapping[str, Mechanism]

    def __post_init__(self) -> None:
        if not 1 <= len(self.mechanisms) <= MOST_NODES:
            raise ValueError(f"a network must have 1 to {MOST_NODES} nodes, got {len(self.mechanisms)}")
        object.__setattr__(self, "mechanisms", Frozen(self.mechanisms))
        for name, mechanism in self.mechanisms.items():
            if not isinstance(name, str) or not NAME.fullmatch(name):
                raise ValueError(
                    "a node's name must be a letter, then up to 19 letters, digits, spaces, hyphens or underscores, "
                    f"got {name!r}"
                )
            if not isinstance(mechanism, (Root, Logistic, Table)):
                raise ValueError(f"{name} must be a Root, a Logistic or a Table, got {mechanism!r}")
        for name, causes in self._parents.items():
            for cause in causes:
                if cause not in self._parents:
                    raise ValueError(f"the parents of {name} must be nodes ({', '.join(self.nodes)}), got {cause!r}")
        _ = self._order  # raises if there is a circle

    def __reduce__(self) -> tuple[type[Network], tuple[dict[str, Mechanism]]]:
        return Network, (dict(self.mechanisms),)  # the cached joints stay behind

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        return tuple(self.mechanisms)

    @cached_property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """All arrows, as (cause, effect)."""
        return tuple((cause, effect) for effect, causes in self._parents.items() for cause in causes)

    def parents(self, node: str) -> tuple[str, ...]:
        """The direct causes of the node, in the order of its mechanism."""
        return self._parents[known(node, self.nodes)]

    def probability(
        self, target: Mapping[str, int], given: Mapping[str, int] = NOTHING, do: Mapping[str, int] = NOTHING
    ) -> float:
        """P(target | given, do(do)), exact.

        Raises:
            ValueError: A node that does not exist, or a value other than 0 and 1.
            ImpossibleEvidence: What is given has probability 0 in the world of `do`.
        """
        return self.joint(do).probability(target, given)

    def marginals(self, given: Mapping[str, int] = NOTHING, do: Mapping[str, int] = NOTHING) -> dict[str, float]:
        """P(node = 1 | given, do(do)) of every node; raises as `probability` does."""
        return self.joint(do).marginals(given)

    def joint(self, do: Mapping[str, int] = NOTHING) -> Joint:
        """P(all nodes | do(do)): the product of the mechanisms but those of the set nodes; kept for the next call."""
        settings = assignment(do, self._parents) if do else {}
        key = tuple(settings.items())
        joint = self._joints.get(key)
        if joint is None:
            if len(self._joints) >= MOST_JOINTS:
                self._joints.clear()
            joint = self._joints[key] = Joint(self.nodes, self._product(settings), do=settings)
        return joint

    def sample(self, n: int, do: Mapping[str, int] = NOTHING, *, generator: Generator) -> dict[str, Tensor]:
        """n people of the world after do(do).

        The noise does not depend on `do`: from generators in equal states come the same people, so two samples
        differ only by what the intervention changed.

        Args:
            generator: On the CPU.
        Returns:
            For every node 0 or 1, int64, shape (n,).
        Raises:
            ValueError: n outside [1, 10 000 000]; a node that does not exist; a value other than 0 and 1.
        """
        import torch

        if not 1 <= n <= MOST_SAMPLES:
            raise ValueError(f"n must be in [1, {MOST_SAMPLES}], got {n!r}")
        settings = assignment(do, self.nodes)
        samples: dict[str, Tensor] = {}
        for name in self._order:
            noise = torch.rand(n, dtype=torch.float64, generator=generator)
            if name in settings:
                samples[name] = torch.full((n,), settings[name], dtype=torch.int64)
                continue
            row = torch.zeros(n, dtype=torch.int64)
            for cause in self._parents[name]:
                row.mul_(2).add_(samples[cause])
            table = torch.tensor(self.tables[name].ravel())
            samples[name] = (noise < table[row]).to(torch.int64)
        return {name: samples[name] for name in self.nodes}

    def mutilate(self, do: Mapping[str, int]) -> Network:
        """The network after do(do): each set node is a root that is certain."""
        settings = assignment(do, self.nodes)
        return Network({**self.mechanisms, **{name: Root(float(value)) for name, value in settings.items()}})

    def replace(self, name: str, mechanism: Mechanism) -> Network:
        """The network with another mechanism for one of its nodes."""
        return Network({**self.mechanisms, known(name, self.nodes): mechanism})

    def d_separated(self, a: str, b: str, given: Collection[str] = ()) -> bool:
        """Whether the arrows alone make a and b independent given `given`.

        Raises:
            ValueError: A node that does not exist; a equals b; one of them is given.
        """
        for name in (a, b, *given):
            known(name, self.nodes)
        return graph.d_separated(self.edges, a, b, given)

    def paths(self, a: str, b: str, given: Collection[str] = (), do: Collection[str] = ()) -> tuple[Path, ...]:
        """The paths between a and b, each open or blocked with its reason; see `graph.paths`."""
        for name in (a, b, *given, *do):
            known(name, self.nodes)
        return graph.paths(self.edges, a, b, given, do)

    @cached_property
    def tables(self) -> Mapping[str, np.ndarray]:
        """P(node = 1 | parents) of every node, shape (2,) * parents."""
        return {name: mechanism.table() for name, mechanism in self.mechanisms.items()}

    def product(self, tables: Mapping[str, np.ndarray], do: Mapping[str, int] = NOTHING) -> np.ndarray:
        """The joints of a batch of networks with these arrows, after do(do).

        Args:
            tables: P(node = 1 | parents) of every node, shape (batch, 2, …, 2); a batch of 1 is shared by all.
        Returns:
            Shape (batch, 2, …, 2), one axis per node in the order of `nodes`.
        """
        parents = {**self._parents, **dict.fromkeys(do, ())}
        certain = {name: np.array([float(value)]) for name, value in do.items()}
        p = product(self._order, parents, {**tables, **certain})
        return p.transpose(0, *(1 + self._order.index(name) for name in self.nodes))

    def _product(self, do: Mapping[str, int]) -> np.ndarray:
        tables = {name: table[None] for name, table in self.tables.items()}
        return np.ascontiguousarray(self.product(tables, do)[0])

    @cached_property
    def _parents(self) -> dict[str, tuple[str, ...]]:
        return {name: mechanism.parents for name, mechanism in self.mechanisms.items()}

    @cached_property
    def _order(self) -> tuple[str, ...]:
        return graph.topological_order(self._parents)

    @cached_property
    def _joints(self) -> dict[tuple[tuple[str, int], ...], Joint]:
        return {}
