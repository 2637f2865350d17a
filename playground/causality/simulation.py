"""People drawn from a network, kept so that any question can be put to the first N of them at once.

Source: Wilson, JASA 22:209, 1927 (the score interval, which stays inside [0, 1] and is honest about 0 of 12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from playground.causality.joint import NOTHING, Joint, assignment
from playground.causality.network import Network

if TYPE_CHECKING:
    from torch import Generator

Z95 = 1.959964  # 97.5 % quantile of the standard normal


@dataclass(frozen=True, eq=False)
class Shares:
    """How many of the first N people match what is given, and how many of those show the target.

    Attributes:
        sizes: N, shape (k,).
        matching, hits: Counts, shape (k,).
    """

    sizes: np.ndarray
    matching: np.ndarray
    hits: np.ndarray

    @property
    def value(self) -> np.ndarray:
        """hits / matching, shape (k,); nan where nobody matches."""
        return np.divide(self.hits, self.matching, out=np.full(len(self.sizes), np.nan), where=self.matching > 0)

    @property
    def interval(self) -> tuple[np.ndarray, np.ndarray]:
        """Wilson's 95 % interval, shape (k,) each; 0 to 1 where nobody matches."""
        n = np.maximum(self.matching, 1e-12)
        share = self.hits / n
        middle = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
        half = Z95 / (1 + Z95**2 / n) * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
        nobody = self.matching == 0
        low, high = np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)
        return np.where(nobody, 0.0, low), np.where(nobody, 1.0, high)


@dataclass(frozen=True, eq=False)
class People:
    """N people, each as the number of the joint's cell that describes them: uint16, shape (N,)."""

    nodes: tuple[str, ...]
    cells: np.ndarray

    def shares(self, target: Mapping[str, int], given: Mapping[str, int], sizes: Sequence[int] | np.ndarray) -> Shares:
        """P(target | given) among the first N people, for every N in `sizes`: those who match are kept and counted."""
        matches = self._where(given)
        hits = matches & self._where(target)
        ends = np.asarray(sizes)
        counted = (np.concatenate([[0], np.cumsum(cells[self.cells])])[ends] for cells in (matches, hits))
        return Shares(ends, *counted)

    def joint(self, n: int) -> Joint:
        """The empirical joint of the first n people."""
        counts = np.bincount(self.cells[:n], minlength=2 ** len(self.nodes))
        return Joint(self.nodes, (counts / n).reshape((2,) * len(self.nodes)), n)

    def _where(self, values: Mapping[str, int]) -> np.ndarray:
        """Which cells show the values: int32 0 or 1, shape (2ⁿ,)."""
        known = assignment(values, self.nodes)
        cells = np.zeros((2,) * len(self.nodes), dtype=np.int32)
        cells[tuple(known.get(name, slice(None)) for name in self.nodes)] = 1
        return cells.reshape(-1)


def simulate(network: Network, n: int, do: Mapping[str, int] = NOTHING, *, generator: Generator) -> People:
    """n people of the world after do(do); raises as `Network.sample`."""
    cells = np.zeros(n, dtype=np.uint16)
    for values in network.sample(n, do, generator=generator).values():
        cells = 2 * cells + values.numpy().astype(np.uint16)
    return People(network.nodes, cells)
