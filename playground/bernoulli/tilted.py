"""A normal cut to (0, 1) after 0 … n heads of n flips: all n + 1 posteriors at once.

Each is a bell times θ^h (1-θ)^(n-h) and has no closed form. Here they share their nodes, so that means, tops and
intervals of all of them take a few milliseconds; `TruncatedNormal` is the same belief, one at a time.
Source: Golub & Welsch, 1969 (Gauss-Legendre rules).
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial.legendre import leggauss

from playground.bernoulli.roots import increasing_root
from playground.bernoulli.truncated_normal import TruncatedNormal


@dataclass(frozen=True)
class Tilted:
    """The posteriors of `prior` after 0 … n heads in n flips; row h of every array belongs to h heads."""

    prior: TruncatedNormal
    n: int

    @cached_property
    def _powers(self) -> tuple[np.ndarray, np.ndarray]:
        """Of θ and of 1 - θ, shape (n + 1, 1) each."""
        heads = np.arange(self.n + 1.0)[:, None]
        return self.prior.heads + heads, self.prior.tails + self.n - heads

    @cached_property
    def _rule(self) -> tuple[np.ndarray, np.ndarray]:
        """Nodes and weights on (0, 1), shape (8,) each, exact for polynomials of degree 15."""
        nodes, weights = leggauss(8)
        return (nodes + 1) / 2, weights / 2

    @cached_property
    def _edges(self) -> np.ndarray:
        """The ends of the panels, each at most as wide as the bell, shape (panels + 1,)."""
        return np.linspace(0.0, 1.0, min(4096, max(64, math.ceil(1.3 / self.prior.sigma))) + 1)

    @cached_property
    def _sums(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """log of the normaliser, shape (n + 1, 1); P(Θ ≤ edge), (n + 1, panels + 1); E[θ], (n + 1,)."""
        nodes, weights = self._rule
        width = self._edges[1]
        theta = (self._edges[:-1, None] + width * nodes).ravel()
        logs = self._tilt(theta)
        top = logs.max(1, keepdims=True)
        mass = np.exp(logs - top) * np.tile(width * weights, len(self._edges) - 1)  # (n + 1, panels · 8)
        total = mass.sum(1, keepdims=True)
        below = np.cumsum(mass.reshape(self.n + 1, -1, len(nodes)).sum(2), axis=1) / total
        return top + np.log(total), np.pad(below, ((0, 0), (1, 0))), (mass @ theta) / total[:, 0]

    def _tilt(self, theta: np.ndarray) -> np.ndarray:
        """The logarithm of each density at θ without its constant; θ of shape (k,) or (n + 1, k)."""
        from scipy.special import xlog1py, xlogy

        heads, tails = self._powers
        return xlogy(heads, theta) + xlog1py(tails, -theta) - ((theta - self.prior.mu) / self.prior.sigma) ** 2 / 2

    def means(self) -> np.ndarray:
        """E[θ], shape (n + 1,)."""
        return self._sums[2]

    def peaks(self) -> np.ndarray:
        """Where each density is highest, shape (n + 1,)."""
        heads, tails = (power[:, 0] for power in self._powers)

        def fall(theta: np.ndarray) -> tuple[np.ndarray, float]:  # the slope times -θ(1 - θ), finite at the ends
            bend = (theta - self.prior.mu) / self.prior.sigma**2
            return tails * theta - heads * (1 - theta) + bend * theta * (1 - theta), math.nan

        tiny = 1e-12
        inside = increasing_root(fall, np.full(self.n + 1, tiny), np.full(self.n + 1, 1 - tiny))
        at_zero, at_one = fall(np.full(self.n + 1, tiny))[0] >= 0, fall(np.full(self.n + 1, 1 - tiny))[0] <= 0
        return np.where(at_zero, 0.0, np.where(at_one, 1.0, inside))

    def log_density(self, theta: np.ndarray) -> np.ndarray:
        """log p(θ) of each posterior in its own row, shape (n + 1, k) as `theta`."""
        return self._tilt(theta) - self._sums[0]

    def cdf(self, theta: np.ndarray) -> np.ndarray:
        """P(Θ ≤ θ) of each posterior in its own row, shape (n + 1, k) as `theta`."""
        nodes, weights = self._rule
        edges, below = self._edges, self._sums[1]
        panel = np.clip((theta * (len(edges) - 1)).astype(int), 0, len(edges) - 2)
        start = edges[panel]
        inner = start[..., None] + (theta - start)[..., None] * nodes  # (n + 1, k, 8)
        flat = inner.reshape(self.n + 1, -1)
        part = np.exp(self.log_density(flat)).reshape(inner.shape) @ weights
        return np.clip(np.take_along_axis(below, panel, 1) + (theta - start) * part, 0.0, 1.0)

    def quantiles(self, p: np.ndarray) -> np.ndarray:
        """θ with P(Θ ≤ θ) = p of each posterior in its own row, shape (n + 1, k) as `p`."""
        below, last = self._sums[1], len(self._edges) - 2
        panel = np.stack([np.searchsorted(row, at, side="right") - 1 for row, at in zip(below, p, strict=True)])
        panel = np.clip(panel, 0, last)

        def surplus(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return self.cdf(theta) - p, np.exp(self.log_density(theta))

        return increasing_root(surplus, self._edges[panel], self._edges[panel + 1])

    def score(self, theta: np.ndarray) -> np.ndarray:
        """d log p / dθ inside (0, 1) of each posterior in its own row, shape (n + 1, k) as `theta`."""
        heads, tails = self._powers
        return heads / theta - tails / (1 - theta) - (theta - self.prior.mu) / self.prior.sigma**2
