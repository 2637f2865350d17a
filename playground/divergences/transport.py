"""Optimal transport: the cheapest way to bring the mass of P to where Q wants it, on a line and in the plane.

A plan says how much mass goes from each place to each place: its rows sum to P, its columns to Q. On a line the
cheapest plan keeps the order, which is a closed form; in the plane plans come from POT, the exact one by a network
simplex and the blurred one by Sinkhorn's iteration. A cost of `order` 1 or 2 is distance or squared distance per unit
of mass.

Source: Peyré & Cuturi, Computational Optimal Transport, 2019, arXiv:1803.00567, §2.3 (plans), §2.6 (one dimension),
§4.1 and §4.2 (entropy, Sinkhorn), §7.1 (displacement interpolation); Cuturi, Sinkhorn Distances, 2013,
arXiv:1306.0895.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from playground.divergences.quadrature import integrals
from playground.divergences.shapes import Shape

Order = Literal[1, 2]
BINS: Final = 32  # of a line, for plans that are shown
CONVERGED: Final = 1e-6  # share of the mass that may be in the wrong place
TRACE: Final = 1e-9  # mass that counts as none
_STIFF: Final = 300.0  # cost / ε above which exp(−cost / ε) comes too close to 0: logarithms from there on
_ODDS: Final = np.array([-50.0, -25, -12, -6, -3, -1, 0, 1, 3, 6, 12, 25, 50])  # log odds; beyond is 2e-22 of the mass


# -- on a line


def monotone_map(p: Shape, q: Shape, x: ArrayLike) -> np.ndarray:
    """T(x) = F_q⁻¹(F_p(x)), where the mass of p at x goes in the cheapest plan; the shape of x."""
    with np.errstate(divide="ignore"):  # log 0 = -inf is meant: an end of p goes to an end of q
        odds = np.log(p.cdf(x)) - np.log(p.sf(x))
    return q.at_log_odds(odds)


def bins(half: float) -> np.ndarray:
    """The edges of the bins from −half to half, shape (BINS + 1,)."""
    return np.linspace(-half, half, BINS + 1)


def binned_cost(p: Shape, q: Shape, half: float, order: Order) -> float:
    """What the cheapest plan between the bins costs, from middle to middle."""
    edges = bins(half)
    middle = (edges[1:] + edges[:-1]) / 2
    plan = monotone_plan(binned(p, edges), binned(q, edges))
    return float((plan * np.abs(middle[:, None] - middle) ** order).sum())


def binned(shape: Shape, edges: np.ndarray) -> np.ndarray:
    """The mass in each bin, shape (k,), summing to 1: what lies beyond the edges is in the end bins."""
    inner = shape.cdf(edges[1:-1])
    return np.diff(inner, prepend=0.0, append=1.0).clip(min=0.0)


def monotone_plan(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """The plan between bins of a line that keeps their order, shape (n, m): the cheapest for every convex cost.

    Bin i of p holds the levels of mass from F_p(i − 1) to F_p(i); what it shares with those of q's bin j goes there.

    Args:
        p, q: Masses in the order of the line, shapes (n,) and (m,), each summing to 1.
    """
    up_p, up_q = (np.append(0.0, np.cumsum(mass)) / mass.sum() for mass in (p, q))
    top = np.minimum(up_p[1:, None], up_q[None, 1:])
    return (top - np.maximum(up_p[:-1, None], up_q[None, :-1])).clip(min=0.0)


def independent_cost(p: Shape, q: Shape, order: Order) -> float:
    """E |X − Y|^order for independent X ~ p and Y ~ q: the cost per unit of mass when every grain goes at random."""
    if order == 2:
        return p.variance + q.variance + (p.mean - q.mean) ** 2

    def one_above_the_other(x: np.ndarray) -> np.ndarray:
        return (p.cdf(x) * q.sf(x) + q.cdf(x) * p.sf(x))[None]

    edges = np.unique(np.concatenate([p.breaks, q.breaks, p.at_log_odds(_ODDS), q.at_log_odds(_ODDS)]))
    return float(integrals(one_above_the_other, edges[np.diff(edges, prepend=-np.inf) > 1e-12])[0])


# -- in the plane


@dataclass(frozen=True, eq=False)
class Plan:
    """How much mass goes from each of n places to each of m places, and what that costs."""

    mass: np.ndarray  # (n, m), summing to 1 where the plan has converged
    price: np.ndarray  # (n, m): what a unit of mass pays for the way
    p: np.ndarray  # (n,): the mass to be sent away
    q: np.ndarray  # (m,): the mass that is wanted
    rounds: int = 0  # of an iteration that found it

    @property
    def cost(self) -> float:
        """⟨C, P⟩: price times mass, summed."""
        return float((self.mass * self.price).sum())

    @cached_property
    def misplaced(self) -> float:
        """½ Σ |row sum − p| + ½ Σ |column sum − q|: the share of the mass that a plan would have to move elsewhere."""
        off = np.abs(self.mass.sum(1) - self.p).sum() + np.abs(self.mass.sum(0) - self.q).sum()
        return float(off / 2)

    @property
    def converged(self) -> bool:
        """Whether what is misplaced is nothing to speak of."""
        return self.misplaced <= CONVERGED

    @property
    def reach(self) -> float:
        """How many places the mass of one place goes to: exp of the mean entropy of a row, from 1 to m."""
        share = self.mass / self.p[:, None]
        logs = np.log(share, where=share > 0, out=np.zeros_like(share))
        return float(np.exp(-(self.p @ (share * logs).sum(1))))

    @property
    def information(self) -> float:
        """KL(plan ‖ independent plan), in nats: how much the end of a way tells of its beginning."""
        ratio = self.mass / (self.p[:, None] * self.q)
        return float((self.mass * np.log(ratio, where=ratio > 0, out=np.zeros_like(ratio))).sum())

    def ways(self, at_least: float = TRACE) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """From, to and mass of every way that carries more than `at_least`; each of shape (k,)."""
        i, j = np.nonzero(self.mass > at_least)
        return i, j, self.mass[i, j]


def prices(x: ArrayLike, y: ArrayLike, order: Order) -> np.ndarray:
    """|x_i − y_j|^order, shape (n, m).

    Args:
        x, y: Points of the plane (or of any space), shapes (n, d) and (m, d).
    Raises:
        ValueError: There is no point, or a coordinate is not finite.
    """
    one, other = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    for name, points in (("x", one), ("y", other)):
        if points.ndim != 2 or not len(points):
            raise ValueError(f"{name} must be one point or more, of shape (n, d), got shape {points.shape}")
        if not np.isfinite(points).all():
            raise ValueError(f"{name} must be finite points, got {points[~np.isfinite(points)][0]}")
    if one.shape[1] != other.shape[1]:
        raise ValueError(f"x and y must be points of one space, got {one.shape[1]} and {other.shape[1]} coordinates")
    if order not in (1, 2):
        raise ValueError(f"order must be 1 or 2, got {order!r}")
    squared = ((one[:, None] - other) ** 2).sum(-1)
    return squared if order == 2 else np.sqrt(squared)


def exact_plan(x: ArrayLike, y: ArrayLike, order: Order) -> Plan:
    """The cheapest plan between two clouds of equally heavy points, by POT's network simplex."""
    import ot

    price = prices(x, y, order)
    p, q = (np.full(count, 1 / count) for count in price.shape)
    return Plan(ot.emd(p, q, price), price, p, q)


def independent_plan(x: ArrayLike, y: ArrayLike, order: Order) -> Plan:
    """The plan that sends every place's mass everywhere: Sinkhorn's for an endless ε."""
    price = prices(x, y, order)
    p, q = (np.full(count, 1 / count) for count in price.shape)
    return Plan(p[:, None] * q, price, p, q)


def sinkhorn_plan(x: ArrayLike, y: ArrayLike, order: Order, epsilon: float, *, rounds: int = 200) -> Plan:
    """The plan that minimises ⟨C, P⟩ + ε KL(P ‖ independent plan), by POT's Sinkhorn iteration.

    Args:
        epsilon: In units of the cost, above 0: the price of one nat.
        rounds: At most so many; whether they were enough says `Plan.converged`.
    """
    import ot

    if not 0 < epsilon < np.inf:
        raise ValueError(f"epsilon must be a finite number above 0, got {epsilon!r}")
    if rounds < 1:
        raise ValueError(f"rounds must be 1 or more, got {rounds!r}")
    price = prices(x, y, order)
    p, q = (np.full(count, 1 / count) for count in price.shape)
    method = "sinkhorn_log" if np.ptp(price) > _STIFF * epsilon else "sinkhorn"
    above = price - price.min()  # what all ways pay alike changes no plan, and makes exp(−price / ε) small
    with np.errstate(over="ignore"):  # POT reports scalings that we do not ask for, and that may overflow
        mass, log = ot.sinkhorn(
            p, q, above, epsilon, method=method, numItermax=rounds, stopThr=1e-10, warn=False, log=True
        )
    return Plan(mass, price, p, q, int(np.max(log["niter"])) + 1)


def entropic_cost(plan: Plan, epsilon: float) -> float:
    """⟨C, P⟩ + ε KL(P ‖ independent plan): what Sinkhorn minimises; between the exact and the independent cost."""
    return plan.cost + epsilon * plan.information


def crossings(x: np.ndarray, y: np.ndarray, plan: Plan) -> int:
    """How many pairs of ways from x_i to y_j cross, not counting ways that touch at an end.

    For the cost |x − y| the cheapest plan has none: to swap the ends of two that cross would be shorter.
    """
    i, j, _ = plan.ways()
    start, end = np.asarray(x, dtype=float)[i], np.asarray(y, dtype=float)[j]

    def side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
        """On which side of the line through a and b the point c lies; 0 on it, up to rounding."""
        ab, ac = b - a, c - a
        area = ab[..., 0] * ac[..., 1] - ab[..., 1] * ac[..., 0]
        scale = np.linalg.norm(ab, axis=-1) * np.linalg.norm(ac, axis=-1)
        return np.where(np.abs(area) > 1e-9 * scale, np.sign(area), 0.0)

    a, b, c, d = start[:, None], end[:, None], start[None], end[None]
    apart = (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
    return int(np.triu(apart, 1).sum())
