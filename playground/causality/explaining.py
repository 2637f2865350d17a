"""Explaining away as a curve: how much a rival cause takes from a hypothesis, for every strength of the rival.

Source: Pearl, Probabilistic Reasoning in Intelligent Systems, 1988, §2.2.4; Wellman & Henrion, IEEE PAMI 15:287, 1993,
who show that the sign of the drop is that of an interaction in the effect's mechanism.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from playground.causality.joint import known
from playground.causality.mechanisms import LARGEST_LOGIT, Logistic, sigmoid
from playground.causality.network import Network

ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class ExplainingAway:
    """What becomes of a hypothesis when the rival cause is seen too.

    Attributes:
        weights: Of the arrow rival → effect, shape (k,).
        before: P(hypothesis = 1 | effect = 1), shape (k,); nan where the effect cannot be.
        after: P(hypothesis = 1 | effect = 1, rival = 1), shape (k,); nan where that cannot be.
        roots: The weights at which the two are equal. A drop that is 0 throughout has none.
    """

    weights: np.ndarray
    before: np.ndarray
    after: np.ndarray
    roots: tuple[float, ...]

    @property
    def drop(self) -> np.ndarray:
        """before - after, shape (k,): positive where the rival explains the hypothesis away."""
        return self.before - self.after


def explaining_away(
    network: Network, hypothesis: str, effect: str, rival: str, weights: Sequence[float] | np.ndarray
) -> ExplainingAway:
    """The two probabilities at every weight of the arrow rival → effect, and where their difference vanishes.

    Args:
        weights: Increasing, each in [-10⁶, 10⁶], shape (k,).
    Raises:
        ValueError: A node that does not exist or is named twice; an effect that is not Logistic with the rival among
            its parents; weights that do not increase or leave the range.
    """
    for name in (hypothesis, effect, rival):
        known(name, network.nodes)
    if len({hypothesis, effect, rival}) < 3:
        raise ValueError(f"hypothesis, effect and rival must differ, got {hypothesis!r}, {effect!r}, {rival!r}")
    mechanism = network.mechanisms[effect]
    if not isinstance(mechanism, Logistic) or rival not in mechanism.parents:
        raise ValueError(f"{effect} must be Logistic with {rival} among its parents, got {mechanism!r}")
    grid = np.array(weights, dtype=np.float64)
    if grid.ndim != 1 or not grid.size or not (np.abs(grid) <= LARGEST_LOGIT).all() or not (np.diff(grid) > 0).all():
        raise ValueError(f"weights must increase within [-{LARGEST_LOGIT:g}, {LARGEST_LOGIT:g}], got {weights!r}")

    def curves(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        tables = {name: table[None] for name, table in network.tables.items()}
        tables[effect] = _swept(mechanism, rival, at)
        p = np.moveaxis(
            network.product(tables), [1 + network.nodes.index(name) for name in (effect, rival, hypothesis)], [1, 2, 3]
        )
        seen = p.reshape(len(at), 2, 2, 2, -1)[:, 1].sum(axis=-1)  # (k, rival, hypothesis)
        return _share(seen.sum(axis=1)), _share(seen[:, 1])

    before, after = curves(grid)
    return ExplainingAway(grid, before, after, _roots(grid, before - after, lambda at: np.subtract(*curves(at))))


def _swept(mechanism: Logistic, parent: str, weights: np.ndarray) -> np.ndarray:
    """The mechanism's table at each weight of one parent, shape (k, 2, …, 2)."""
    others = Logistic(mechanism.bias, {**mechanism.weights, parent: 0.0}).logits()
    on = np.zeros(others.shape)
    np.moveaxis(on, mechanism.parents.index(parent), 0)[1] = 1.0
    return sigmoid(others + np.multiply.outer(weights, on))


def _share(p: np.ndarray) -> np.ndarray:
    """The second of two as a share of both, over the last axis; nan where both are 0."""
    total = p.sum(axis=-1)
    return np.divide(p[..., 1], total, out=np.full(total.shape, np.nan), where=total > 0)


def _roots(weights: np.ndarray, drop: np.ndarray, difference: Callable[[np.ndarray], np.ndarray]) -> tuple[float, ...]:
    from scipy.optimize import root_scalar

    signs = np.where(np.abs(drop) <= ROUNDING, 0.0, np.sign(drop))
    if not signs.any():
        return ()
    exact = weights[signs == 0].tolist()
    crossings = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    between = [
        root_scalar(lambda at: difference(np.array([at]))[0], bracket=(weights[i], weights[i + 1]), xtol=1e-10).root
        for i in crossings
    ]
    return tuple(sorted(exact + between))
