"""Gradient ascent on the log-likelihood of coin flips, and on the log-posterior, in θ or in its logit.

A density belongs to its coordinate: in z = log(θ/(1 - θ)) the posterior's density is p(θ | flips) θ(1 - θ), so its
highest point lies elsewhere than in θ. The likelihood is no density of θ, so its highest point stays.
Source: Boyd & Vandenberghe, Convex Optimization, 2004, §9.2 (a step that leaves the domain is shortened first), §9.3;
Murphy, Machine Learning: A Probabilistic Perspective, 2012, §5.2.1.4 (the MAP depends on the parameterisation).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from playground.bernoulli.priors import Beta, Prior, uniform
from playground.bernoulli.truncated_normal import TruncatedNormal

if TYPE_CHECKING:
    import torch

Coordinate = Literal["theta", "logit"]
Fate = Literal["At the top", "Swinging", "On its way", "At start"]
MOST_FLIPS: Final = 200  # heads, and tails
MOST_STEPS: Final = 100
RATES: Final = (1e-4, 10.0)
STARTS: Final = (0.01, 0.99)
WALL: Final = 1e-12  # no climb comes nearer to 0 or 1: beyond, 1 - θ has no digits left
CLOSE: Final = 1e-3  # of θ: what counts as at the top


@dataclass(frozen=True)
class Climb:
    """One climb: what is climbed, in which coordinate, and how.

    Args:
        heads, tails: Flips, each in [0, 200].
        prior: None climbs the log-likelihood, a Beta or a TruncatedNormal the log-posterior.
        rate: The step is rate × gradient; in [1e-4, 10].
        start: θ before the first step, in [0.01, 0.99].
        steps: In [1, 100].
    Raises:
        ValueError: A field that is not legal; the message says what is.
    """

    heads: int
    tails: int
    prior: Prior | None = None
    coordinate: Coordinate = "theta"
    rate: float = 0.02
    start: float = 0.2
    steps: int = 40

    def __post_init__(self) -> None:
        limits = {"heads": (0, MOST_FLIPS), "tails": (0, MOST_FLIPS), "steps": (1, MOST_STEPS)}
        for name, (low, high) in {**limits, "rate": RATES, "start": STARTS}.items():
            value = getattr(self, name)
            if not low <= value <= high or (name in limits and not isinstance(value, int)):
                kind = "a whole number in " if name in limits else "in "
                raise ValueError(f"{name} must be {kind}[{low:g}, {high:g}], got {value!r}")
        if self.coordinate not in get_args(Coordinate):
            raise ValueError(f"coordinate must be one of {get_args(Coordinate)}, got {self.coordinate!r}")
        if not isinstance(self.prior, Beta | TruncatedNormal | None):
            raise ValueError(f"prior must be a Beta, a TruncatedNormal or None, got {self.prior!r}")

    @property
    def belief(self) -> Prior:
        """The belief whose density is climbed; a likelihood is the posterior of a flat prior.

        In the logit dθ/dz = θ(1 - θ) comes as a factor: as if one more head and one more tail had been seen.
        """
        more = int(self.prior is not None and self.coordinate == "logit")
        return (self.prior or uniform()).after(self.heads + more, self.tails + more)


@dataclass(frozen=True)
class Snapshot:
    """Where the climb is after `step` steps.

    Attributes:
        theta: In [1e-12, 1 - 1e-12].
        value: Of the log-likelihood or log-posterior there, nats, without the constant that does not depend on θ.
        gradient: By autograd, nats per unit of the coordinate.
        halvings: How often the step that led here was halved, because it would have left (0, 1).
    """

    step: int
    theta: float
    value: float
    gradient: float
    halvings: int


def ascend(climb: Climb) -> Iterator[Snapshot]:
    """The start, then one snapshot after every step: x ← x + rate × gradient, x = θ or its logit.

    In θ a step that would end outside (0, 1) is halved until it stays inside, so θ never leaves. The logit has no wall.
    """
    import torch

    theta = climb.coordinate == "theta"
    x, halvings = climb.start if theta else math.log(climb.start / (1 - climb.start)), 0
    for step in range(climb.steps + 1):
        at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        value = _log_target(climb, at)
        (slope,) = torch.autograd.grad(value, at)
        place = x if theta else min(1 - WALL, max(WALL, torch.sigmoid(at).item()))
        yield Snapshot(step, place, value.item(), slope.item(), halvings)
        ahead = climb.rate * slope.item()
        halvings = 0
        while theta and ahead and not WALL <= x + ahead <= 1 - WALL:
            # at the wall itself every half is too long: the climb stays there
            ahead, halvings = (ahead / 2 if abs(ahead) > WALL else 0.0), halvings + 1
        x += ahead


def _log_target(climb: Climb, x: "torch.Tensor") -> "torch.Tensor":
    import torch
    from torch.nn.functional import logsigmoid

    if climb.coordinate == "theta":
        log_theta, log_rest = torch.log(x), torch.log1p(-x)
    else:
        log_theta, log_rest = logsigmoid(x), logsigmoid(-x)
    value = climb.heads * log_theta + climb.tails * log_rest
    if isinstance(climb.prior, Beta):
        value = value + (climb.prior.a - 1) * log_theta + (climb.prior.b - 1) * log_rest
    elif isinstance(climb.prior, TruncatedNormal):
        value = value - (log_theta.exp() - climb.prior.mu).square() / (2 * climb.prior.sigma**2)
        value = value + climb.prior.heads * log_theta + climb.prior.tails * log_rest
    if climb.prior is not None and climb.coordinate == "logit":
        value = value + log_theta + log_rest
    return value


def optimum(climb: Climb) -> float | None:
    """The θ in [0, 1] where the target is highest, or grows without limit; None where every θ is, or both ends are.

    For flips alone the MLE h/m; with a prior the MAP of the coordinate, for a Beta in the logit the posterior mean.
    """
    peaks = climb.belief.modes()
    return peaks[0] if len(peaks) == 1 else None


def curvature(climb: Climb) -> float | None:
    """Minus the second derivative of the target at its top, nats per squared unit of the coordinate; None without one.

    A top at 0 or 1 has none: in θ it is a corner, in the logit it lies at infinity.
    """
    belief, theta = climb.belief, optimum(climb)
    if theta is None or theta in (0.0, 1.0):
        return None
    if isinstance(belief, Beta):
        bend = (belief.a - 1) / theta**2 + (belief.b - 1) / (1 - theta) ** 2
    else:
        assert isinstance(belief, TruncatedNormal)
        bend = belief.heads / theta**2 + belief.tails / (1 - theta) ** 2 + belief.sigma**-2
    # the slope vanishes at the top, so the chain rule leaves one term
    return bend if climb.coordinate == "theta" else bend * (theta * (1 - theta)) ** 2


def rate_limit(climb: Climb) -> float | None:
    """2 / curvature at the top: from this rate on a climb that comes near is thrown off; None without curvature."""
    bend = curvature(climb)
    return None if bend is None else 2 / bend


def shrinkage(climb: Climb) -> float | None:
    """What one step leaves of a small distance to the top: |1 - rate × curvature|."""
    bend = curvature(climb)
    return None if bend is None else abs(1 - climb.rate * bend)


def arrival(path: Sequence[Snapshot], theta: float | None) -> int | None:
    """The step from which on the path stays within 0.001 of `theta`; None if it does not, or if there is no `theta`."""
    if theta is None:
        return None
    away = [snapshot.step for snapshot in path if abs(snapshot.theta - theta) > CLOSE]
    first = away[-1] + 1 if away else 0
    return first if first <= path[-1].step else None


def fate(path: Sequence[Snapshot], theta: float | None) -> Fate:
    """Where the climb is at its end: within 0.001 of the top, turning round in its last six steps, or neither."""
    end, before = path[-1].theta, [snapshot.theta for snapshot in path[-7:]]
    if theta is not None and abs(end - theta) <= CLOSE:
        return "At the top"
    moves = np.diff(before)
    if (moves > 0).any() and (moves < 0).any():
        return "Swinging"
    return "At start" if end == path[0].theta else "On its way"
