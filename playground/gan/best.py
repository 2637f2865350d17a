"""The best discriminator for the generator as it is: D* = p / (p + q̂), where q̂ is a kernel estimate from its fakes.

A generator's density is not known, so q̂ is estimated: every fake stands for a Gaussian of bandwidth h. p is blurred by
the same Gaussian (in closed form where the target is made of Gaussians or squares, else by quadrature), so that a
perfect generator is not told apart by the blur alone. h is one step of the grid: a finer estimate could not be drawn,
and sums over the grid are integrals of whatever is blurred so to 1e-8, by the trapezoid rule.

Source: Goodfellow et al., 2014, arXiv:1406.2661, §4.1, Proposition 1 and Theorem 1 (D*, and -log 4 + 2 JS); Silverman,
Density Estimation, 1986, §4.2 (kernel estimates in several dimensions).
"""

from functools import lru_cache
from math import erf, hypot, sqrt, tau
from typing import Final, NamedTuple

import numpy as np

from playground.coverage import SAMPLES
from playground.targets import Target
from playground.targets.checkerboard import Checkerboard
from playground.targets.mixtures import Gaussians

EMPTY: Final = 1e-3  # of the height of one fake's Gaussian: what is likelier than this under neither p nor q̂ is empty
_FINE: Final = 2  # steps per h at which p is integrated
_REACH: Final = 5.0  # h; 3e-7 of a Gaussian is farther out
_FAR: Final = 1e9  # data units; its square in bandwidths still fits float32
_FLOOR_DRAWS: Final = 4
_FLOOR_SEED: Final = 20140610


class Best(NamedTuple):
    """D* for one generator.

    Attributes:
        logit: log p_h - log q̂_h on a grid over the target's extent, shape (nodes, nodes), rows upwards, float32. Where
            neither has mass worth the name (`EMPTY`) it is 0: nothing is known there. Within ±16 for 2 500 fakes.
        value_nats: V(D*, G) = E_p[log D*] + E_q̂[log(1 - D*)] = -log 4 + 2 JS(p_h ‖ q̂_h), in [-log 4, 0].
    """

    logit: np.ndarray
    value_nats: float


def best(fakes: np.ndarray, t: Target, *, nodes: int) -> Best:
    """The best discriminator against the generator that made these fakes, and what it reaches.

    Args:
        fakes: Shape (n, 2), data units. What is not finite counts as a fake that is nowhere near.
        nodes: Of the grid along each axis.
    """
    p, q = real_density(t, nodes), kernel_density(fakes, t, nodes=nodes)
    empty = EMPTY / (len(fakes) * tau * bandwidth(t, nodes) ** 2)
    return Best(np.log((p + empty) / (q + empty)).astype(np.float32), value(p, q, cell=_step(t, nodes) ** 2))


def value(p: np.ndarray, q: np.ndarray, *, cell: float) -> float:
    """V(D*, G) = ∫ p log p/(p + q) + q log q/(p + q), in nats, summed over cells of that area or length.

    Mass of q outside the grid adds nothing, as it must where p has none.
    """
    both = np.maximum(p + q, np.finfo(float).tiny)
    shares = (np.maximum(part / both, np.finfo(float).tiny) for part in (p, q))  # so that 0 log 0 is 0
    return min(0.0, cell * sum(float((part * np.log(share)).sum()) for part, share in zip((p, q), shares, strict=True)))


@lru_cache(maxsize=64)
def floor_nats(t: Target, nodes: int, n: int = SAMPLES) -> float:
    """What `best` says of a perfect generator: n samples of the target itself, mean over a few draws.

    A little above -log 4, because an estimate from n samples is never quite p.
    """
    import torch

    generator = torch.Generator().manual_seed(_FLOOR_SEED)
    draws = [t.sample(n, generator=generator).numpy() for _ in range(_FLOOR_DRAWS)]
    return sum(best(draw, t, nodes=nodes).value_nats for draw in draws) / _FLOOR_DRAWS


def bandwidth(t: Target, nodes: int) -> float:
    """h, the standard deviation of the blur along each axis, in data units: one step of the grid."""
    return _step(t, nodes)


def kernel_density(fakes: np.ndarray, t: Target, *, nodes: int) -> np.ndarray:
    """q̂(x) = 1/n Σ N(x; fake, h² I) on the grid, shape (nodes, nodes), rows upwards.

    The Gaussian separates, so the sum over fakes is a product of matrices and exact.
    """
    import torch

    h = bandwidth(t, nodes)
    x, y = (_bumps(axis / h, place / h) for axis, place in zip(_axes(t, nodes), _placed(fakes), strict=True))
    # torch runs on one thread beside other runs; numpy's product would wait 60 ms for the cores they use
    found = (torch.from_numpy(y) @ torch.from_numpy(x).mT).numpy()
    return found.astype(float) / (len(fakes) * tau * h**2)


@lru_cache(maxsize=64)
def real_density(t: Target, nodes: int) -> np.ndarray:
    """p blurred by h, p_h = p * N(0, h² I), on the grid, shape (nodes, nodes), rows upwards."""
    h, (x, y) = bandwidth(t, nodes), _axes(t, nodes)
    if isinstance(t, Gaussians):
        wide, centres = hypot(t.sigma, h), np.array(t.centres)
        across, along = (_gaussian(axis[:, None] - centres[:, i], wide) for i, axis in enumerate((x, y)))
        found = along @ across.T / len(centres)
    elif isinstance(t, Checkerboard):
        squares = 2.0 * np.arange(-2, 3)
        across, along = (_within(axis, squares, h) for axis in (x, y))  # (nodes, 4) each
        filled = (np.add.outer(np.arange(4), np.arange(4)) % 2 == 0).astype(float)
        found = along @ filled @ across.T / 32
    else:
        found = _blurred(t, nodes)
    found.setflags(write=False)
    return found


def _blurred(t: Target, nodes: int) -> np.ndarray:
    """p_h by the trapezoid rule, over the extent and as far around it as the blur reaches."""
    import torch

    h, step = bandwidth(t, nodes), _step(t, nodes) / _FINE
    beyond = round(_REACH * _FINE)
    fine = [axis[0] + step * np.arange(-beyond, _FINE * (nodes - 1) + beyond + 1) for axis in _axes(t, nodes)]
    x, y = (torch.from_numpy(axis) for axis in fine)
    p = t.log_prob(torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)).exp().numpy()
    across, along = (step * _gaussian(axis[:, None] - f, h) for axis, f in zip(_axes(t, nodes), fine, strict=True))
    return along @ p @ across.T


def _axes(t: Target, nodes: int) -> tuple[np.ndarray, np.ndarray]:
    x0, x1, y0, y1 = t.extent
    return np.linspace(x0, x1, nodes), np.linspace(y0, y1, nodes)


def _step(t: Target, nodes: int) -> float:
    """Between two nodes, in data units; extents are squares."""
    return (t.extent[1] - t.extent[0]) / (nodes - 1)


def _bumps(at: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """exp(-(at - centre)² / 2), shape (len(at), len(centres)), float32, in which exp is twice as fast.

    It ends at exp(-40), nine bandwidths out: products of smaller numbers would be slow, and no picture shows them.
    """
    away = (at[:, None] - centres).astype(np.float32)
    return np.exp(np.maximum(away * away * np.float32(-0.5), np.float32(-40)))


def _placed(fakes: np.ndarray) -> np.ndarray:
    """The fakes' coordinates, float64, shape (2, n); far away where either is not finite."""
    return np.clip(np.where(np.isfinite(fakes).all(1), fakes.T.astype(float), _FAR), -_FAR, _FAR)


def _gaussian(away: np.ndarray, h: float) -> np.ndarray:
    """N(away; 0, h²)."""
    return np.exp(away**2 / (-2 * h**2)) / (h * sqrt(tau))


def _within(axis: np.ndarray, edges: np.ndarray, h: float) -> np.ndarray:
    """How much of N(x; ·, h²) lies between neighbouring edges, shape (len(axis), len(edges) - 1)."""
    below = np.array([[erf((edge - place) / (h * sqrt(2))) / 2 for edge in edges] for place in axis])
    return np.diff(below, axis=1)
