"""Effects from data that nobody randomised: the back-door and the front-door formula, and the trial they replace.

Every estimate reads a joint. When the joint is empirical, the standard error is the delta method's: the cell
frequencies are put into the formula, and the formula's influence function is averaged over the same cells,
s.e.² = Σ_cells p · influence² / n. Sampling error only: a wrong set gives a small error around a wrong number.

Source: Pearl, Causality, 2009, theorems 3.3.2 and 3.3.4; Hampel, JASA 69:383, 1974 (influence functions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from playground.causality.joint import NOTHING, Joint, known, words
from playground.causality.mechanisms import Frozen, Root
from playground.causality.network import Network

if TYPE_CHECKING:
    from torch import Generator

OUTCOMES = np.array([0.0, 1.0])


class NoOverlap(ValueError):
    """The formula needs the effect among people of whom there are none."""


@dataclass(frozen=True)
class Term:
    """One addend of a formula, weight · value, for the people of one stratum.

    In the front-door formula `value` is itself a sum, whose addends are `terms`.
    """

    stratum: Mapping[str, int]
    weight: float
    value: float
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error (0 when it was computed from the exact joint) and how it came about.

    Attributes:
        value: A probability, or a difference of two in [-1, 1].
        terms: Its addends: value = Σ weight · value over them.
        dropped: Strata that could not be compared because in them nobody has the needed value of the cause. They are
            left out and the other weights rescaled, so the estimate speaks of the `covered` share of people only.
        covered: P(strata that were not dropped).
    """

    value: float
    standard_error: float
    terms: tuple[Term, ...] = ()
    dropped: tuple[Mapping[str, int], ...] = ()
    covered: float = 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wald's 95 % interval, value ± 1.96 standard errors."""
        return self.value - 1.96 * self.standard_error, self.value + 1.96 * self.standard_error


def conditional(joint: Joint, target: Mapping[str, int], given: Mapping[str, int] = NOTHING) -> Estimate:
    """P(target | given), with the binomial standard error of the people who show what is given.

    Raises:
        ValueError, ImpossibleEvidence: As `Joint.probability`.
    """
    value = joint.probability(target, given)
    if joint.count is None:
        return Estimate(value, 0.0)
    people = joint.count * joint.probability(given)
    return Estimate(value, float(np.sqrt(value * (1 - value) / people)))


def naive(joint: Joint, cause: str, effect: str, value: int) -> Estimate:
    """P(effect = 1 | cause = value): seeing taken for doing. Raises as `adjust`."""
    return adjust(joint, cause, effect, (), value)


def naive_difference(joint: Joint, cause: str, effect: str) -> Estimate:
    """P(effect = 1 | cause = 1) - P(effect = 1 | cause = 0). Raises as `adjust`."""
    return adjust_difference(joint, cause, effect, ())


def adjust(joint: Joint, cause: str, effect: str, adjustment: Sequence[str], value: int) -> Estimate:
    """Σ_z P(effect = 1 | cause = value, z) P(z), which is P(effect = 1 | do(cause = value)) for a back-door set z.

    A stratum z in which nobody has cause = value is dropped and named in the estimate.

    Raises:
        ValueError: A node that does not exist or is named twice; a value other than 0 and 1.
        NoOverlap: Nobody has cause = value.
    """
    return _back_door(joint, cause, effect, adjustment, _arm(value))


def adjust_difference(joint: Joint, cause: str, effect: str, adjustment: Sequence[str]) -> Estimate:
    """`adjust` at 1 minus `adjust` at 0, over the strata that have both; the error counts their covariance.

    Raises:
        ValueError: A node that does not exist or is named twice.
        NoOverlap: No stratum has people with both values of the cause.
    """
    return _back_door(joint, cause, effect, adjustment, np.array([-1.0, 1.0]))


def front_door_adjust(joint: Joint, cause: str, effect: str, mediators: Sequence[str], value: int) -> Estimate:
    """Σ_m P(m | cause = value) Σ_x P(effect = 1 | m, x) P(x): P(effect = 1 | do(cause = value)) for a front-door set m.

    Raises:
        ValueError: A node that does not exist or is named twice; a value other than 0 and 1.
        NoOverlap: A needed P(effect | m, x) has no people. Nothing is dropped here: leaving out values of a
            mediator would answer a question about nobody in particular.
    """
    return _front_door(joint, cause, effect, mediators, _arm(value))


def front_door_difference(joint: Joint, cause: str, effect: str, mediators: Sequence[str]) -> Estimate:
    """`front_door_adjust` at 1 minus at 0, with the error of the difference; raises as `front_door_adjust`."""
    return _front_door(joint, cause, effect, mediators, np.array([-1.0, 1.0]))


def trial(network: Network, cause: str, effect: str, n: int, *, generator: Generator) -> Estimate:
    """The difference that a randomised experiment finds: n people, a fair coin decides the cause of each.

    Raises:
        ValueError: A node that does not exist; n outside the range of `Network.sample`.
        NoOverlap: The coin put everybody in one arm.
    """
    _distinct((cause, effect))
    known(effect, network.nodes)
    people = network.replace(cause, Root(0.5)).sample(n, generator=generator)
    return naive_difference(Joint.from_samples({name: people[name] for name in (cause, effect)}), cause, effect)


def _back_door(joint: Joint, cause: str, effect: str, adjustment: Sequence[str], contrast: np.ndarray) -> Estimate:
    """Σ_x contrast[x] Σ_z P(y = 1 | x, z) P(z)."""
    adjustment = tuple(adjustment)
    cells = _cells(joint, adjustment, cause, effect)  # (z, x, y)
    p_z, p_zx = cells.sum(axis=(1, 2)), cells.sum(axis=2)
    arms = contrast != 0
    kept = (p_zx[:, arms] > 0).all(axis=1)
    dropped = (p_z > 0) & ~kept
    covered = float(p_z[kept].sum())
    if covered == 0.0:
        missing = words({cause: int(arms.argmax())}) if arms.sum() == 1 else f"both values of {cause}"
        raise NoOverlap(f"nobody{' in any stratum of ' + ', '.join(adjustment) if adjustment else ''} has {missing}")
    risk = _ratio(cells[:, :, 1], p_zx)  # (z, x)
    value = risk @ contrast  # (z,)
    weight = np.where(kept, p_z, 0.0) / covered
    total = float(weight @ value)
    residual = OUTCOMES - risk[:, :, None]  # (z, x, y)
    inverse = contrast * _ratio(p_z[:, None], p_zx)  # (z, x)
    influence = (inverse[:, :, None] * residual + (value - total)[:, None, None]) * kept[:, None, None] / covered
    strata = _strata(adjustment)
    return Estimate(
        value=total,
        standard_error=_standard_error(joint, cells, influence),
        terms=tuple(Term(strata[z], float(weight[z]), float(value[z])) for z in np.flatnonzero(kept)),
        dropped=tuple(strata[z] for z in np.flatnonzero(dropped)),
        covered=min(1.0, covered),
    )


def _front_door(joint: Joint, cause: str, effect: str, mediators: Sequence[str], contrast: np.ndarray) -> Estimate:
    """Σ_x contrast[x] Σ_m P(m | x) Σ_x' P(y = 1 | m, x') P(x')."""
    mediators = tuple(mediators)
    cells = _cells(joint, mediators, cause, effect)  # (m, x, y)
    p_x, p_mx = cells.sum(axis=(0, 2)), cells.sum(axis=2)
    arms = contrast != 0
    if (p_x[arms] == 0).any():
        raise NoOverlap(f"nobody has {words({cause: int(np.flatnonzero(arms & (p_x == 0))[0])})}")
    strata = _strata(mediators)
    needed = (p_mx[:, arms] > 0).any(axis=1)
    for m, x in np.argwhere(needed[:, None] & (p_mx == 0) & (p_x > 0)):
        raise NoOverlap(f"nobody has {words({**strata[m], cause: int(x)})}, whose {effect} the formula needs")
    m_given_x = _ratio(p_mx, p_x)  # (m, x)
    risk = _ratio(cells[:, :, 1], p_mx)  # (m, x)
    value = risk @ p_x  # (m,)
    weight = m_given_x @ contrast  # (m,)
    total = float(weight @ value)
    # the three factors of the formula are estimated from the same people: each adds its own influence
    through_mediator = contrast * _ratio(1.0, p_x) * (value[:, None] - value @ m_given_x)  # (m, x)
    residual = OUTCOMES - risk[:, :, None]  # (m, x, y)
    through_risk = (weight[:, None] * _ratio(p_x, p_mx))[:, :, None] * residual
    through_cause = weight @ risk - total  # (x,)
    influence = through_mediator[:, :, None] + through_risk + through_cause[:, None]
    return Estimate(
        value=total,
        standard_error=_standard_error(joint, cells, influence),
        terms=tuple(
            Term(
                strata[m],
                float(weight[m]),
                float(value[m]),
                tuple(Term(Frozen({cause: x}), float(p_x[x]), float(risk[m, x])) for x in (0, 1)),
            )
            for m in np.flatnonzero(needed)
        ),
    )


def _arm(value: int) -> np.ndarray:
    if value not in (0, 1):
        raise ValueError(f"value must be 0 or 1, got {value!r}")
    return np.eye(2)[int(value)]


def _cells(joint: Joint, strata: Sequence[str], cause: str, effect: str) -> np.ndarray:
    names = (*strata, cause, effect)
    _distinct(names)
    return joint.marginal(names).reshape(-1, 2, 2)


def _distinct(names: Sequence[str]) -> None:
    if len(set(names)) != len(names):
        raise ValueError(f"cause, effect and the nodes in between must all differ, got {list(names)}")


def _ratio(numerator: np.ndarray | float, denominator: np.ndarray) -> np.ndarray:
    """numerator / denominator, and 0 where the denominator is 0: such cells hold nobody and weigh nothing."""
    shape = np.broadcast_shapes(np.shape(numerator), denominator.shape)
    return np.divide(numerator, denominator, out=np.zeros(shape), where=denominator > 0)


def _standard_error(joint: Joint, cells: np.ndarray, influence: np.ndarray) -> float:
    return 0.0 if joint.count is None else float(np.sqrt((cells * influence**2).sum() / joint.count))


def _strata(names: Sequence[str]) -> list[Frozen[int]]:
    return [Frozen(dict(zip(names, values, strict=True))) for values in product((0, 1), repeat=len(names))]
