"""The joint distribution of up to twelve binary nodes, all 2ⁿ numbers of it, and the questions it answers.

It is exact when a network built it and empirical when samples did; every later formula reads from either.
Source: Koller & Friedman, 2009, §2.1 (conditioning, marginals) and §3.2.3 (the chain rule for Bayesian networks).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

NOTHING: Mapping[str, int] = MappingProxyType({})


class ImpossibleEvidence(ValueError):
    """What is said to be seen has probability 0, so nothing can be asked about the people who show it."""


@dataclass(frozen=True, eq=False)
class Joint:
    """P(nodes) as an array.

    Args:
        nodes: n names, one per axis.
        p: Probabilities, float64, shape (2,) * n, sum 1; p[1, 0] = P(first = 1, second = 0).
        count: How many samples the frequencies come from; None when they are exact.
        do: What was set before anyone looked; only error messages read it.
    """

    nodes: tuple[str, ...]
    p: np.ndarray
    count: int | None = None
    do: Mapping[str, int] = field(default_factory=lambda: NOTHING, repr=False)

    def __post_init__(self) -> None:
        if self.p.shape != (2,) * len(self.nodes):
            raise ValueError(f"p must have shape {(2,) * len(self.nodes)}, two per node, got {self.p.shape}")
        self.p.flags.writeable = False

    @classmethod
    def from_samples(cls, samples: Mapping[str, Tensor]) -> Joint:
        """The empirical joint of N samples.

        Args:
            samples: For every node N values 0 or 1, shape (N,), any integer or bool dtype.
        Raises:
            ValueError: No sample, unequal lengths, or a value other than 0 and 1.
        """
        import torch

        lengths = {len(values) for values in samples.values()}
        if len(lengths) != 1 or lengths == {0}:
            raise ValueError(f"samples must be columns of one length ≥ 1, got lengths {sorted(lengths)}")
        (count,) = lengths
        cells = torch.zeros(count, dtype=torch.int64)
        for name, values in samples.items():
            if values.min() < 0 or values.max() > 1:
                raise ValueError(f"{name} must be 0 or 1 in every sample, got {values.unique().tolist()}")
            cells.mul_(2).add_(values.cpu())
        counts = torch.bincount(cells, minlength=2 ** len(samples)).numpy()
        return cls(tuple(samples), (counts / count).reshape((2,) * len(samples)), count)

    def probability(self, target: Mapping[str, int], given: Mapping[str, int] = NOTHING) -> float:
        """P(target | given); 0 when the target contradicts what is given.

        Raises:
            ValueError: A node that does not exist, or a value other than 0 and 1.
            ImpossibleEvidence: P(given) = 0.
        """
        evidence = self.evidence(given) if given else 1.0
        if any(given.get(name, value) != value for name, value in target.items()):
            self._mass(target)  # a misspelt target is still an error
            return 0.0
        return min(1.0, self._mass({**given, **target}) / evidence)

    def evidence(self, given: Mapping[str, int]) -> float:
        """P(given), which is not 0; raises as `probability` does."""
        mass = self._mass(given)
        if mass == 0.0:
            raise ImpossibleEvidence(
                f"{words(given)} cannot be seen{' together' if len(given) > 1 else ''}"
                f"{f' after do({words(self.do)})' if self.do else ''}: P(evidence) = 0"
            )
        return mass

    def marginals(self, given: Mapping[str, int] = NOTHING) -> dict[str, float]:
        """P(node = 1 | given) of every node.

        Raises:
            ValueError, ImpossibleEvidence: As in `probability`.
        """
        evidence = self.evidence(given)
        cells = self.p[self._index(given)].reshape(-1)
        free = [name for name in self.nodes if name not in given]
        means = np.minimum(cells @ corners(len(free)) / evidence, 1.0)  # (free,)
        found = dict(zip(free, means.tolist(), strict=True))
        return {name: found[name] if name in found else float(given[name]) for name in self.nodes}

    def marginal(self, names: Sequence[str]) -> np.ndarray:
        """P(names), the others summed out: shape (2,) * len(names), axes in the order of `names`."""
        for name in names:
            known(name, self.nodes)
        others = tuple(axis for axis, name in enumerate(self.nodes) if name not in names)
        kept = [name for name in self.nodes if name in names]
        return self.p.sum(axis=others).transpose([kept.index(name) for name in names])

    @cached_property
    def _axis(self) -> dict[str, int]:
        return {name: axis for axis, name in enumerate(self.nodes)}

    def _index(self, seen: Mapping[str, int]) -> tuple[int | slice, ...]:
        index: list[int | slice] = [slice(None)] * len(self.nodes)
        axes = self._axis
        for name, value in seen.items():
            if name not in axes or value not in (0, 1):
                assignment(seen, self.nodes)
            index[axes[name]] = int(value)
        return tuple(index)

    def _mass(self, seen: Mapping[str, int]) -> float:
        return float(np.add.reduce(self.p[self._index(seen)], axis=None))


def product(order: Sequence[str], parents: Mapping[str, Sequence[str]], tables: Mapping[str, np.ndarray]) -> np.ndarray:
    """Π P(node | parents) for a batch of networks that share their arrows.

    Args:
        order: The nodes, causes before effects.
        parents: The parents of each node, in the order of its table's axes.
        tables: P(node = 1 | parents), shape (batch, 2, …, 2); a batch of 1 is shared by all.
    Returns:
        Shape (batch, 2, …, 2), one axis per node in the order of `order`.
    """
    place = {name: i for i, name in enumerate(order)}
    p = np.ones(max(len(tables[name]) for name in order))  # (batch,)
    for name in order:
        table = tables[name]
        if causes := parents[name]:
            # one axis per node so far, of length 1 where it is no parent, so that the table multiplies what is there
            axes = sorted(range(len(causes)), key=lambda k: place[causes[k]])
            shape = [1] * place[name]
            for cause in causes:
                shape[place[cause]] = 2
            table = table.transpose(0, *(axis + 1 for axis in axes)).reshape(-1, *shape)
        else:
            table = table.reshape(-1, *(1,) * place[name])
        grown = np.empty((*p.shape, 2))
        np.multiply(p, table, out=grown[..., 1])
        np.subtract(p, grown[..., 1], out=grown[..., 0])
        p = grown
    return p


@lru_cache(maxsize=13)
def corners(n: int) -> np.ndarray:
    """All answers of n nodes in the order in which an array of shape (2,) * n lies in memory: float64, (2ⁿ, n)."""
    bits = np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1
    rows = bits.astype(np.float64)
    rows.flags.writeable = False
    return rows


def known(name: str, nodes: Collection[str]) -> str:
    """The name, if it is one of the nodes; else a ValueError that lists them."""
    if name not in nodes:
        raise ValueError(f"unknown node {name!r}: the nodes are {', '.join(nodes)}")
    return name


def assignment(values: Mapping[str, int], nodes: Collection[str]) -> dict[str, int]:
    """The values as ints, if every name is a node and every value 0 or 1; else a ValueError."""
    for name, value in values.items():
        known(name, nodes)
        if value not in (0, 1):
            raise ValueError(f"{name} must be 0 or 1, got {value!r}")
    return {name: int(value) for name, value in values.items()}


def words(values: Mapping[str, int]) -> str:
    """Such as "tar = 1, cancer = 0"."""
    return ", ".join(f"{name} = {int(value)}" for name, value in values.items())
