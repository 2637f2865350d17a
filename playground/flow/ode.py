"""Solving dx/dt = v(x, t): Euler, midpoint, Runge-Kutta 4, and Dormand-Prince, which chooses its own steps.

Source: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, 2nd ed., 1993, §II.1 (Euler to RK4), §II.4
(error control), Table II.5.2 (Dormand-Prince 5(4)).
"""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple, get_args

import torch
from torch import Tensor

Method = Literal["Euler", "midpoint", "RK4", "adaptive"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)
MOST_STEPS: Final = 2_000  # of the adaptive method, refused ones included
Velocity = Callable[[Tensor, float], Tensor]

# Dormand-Prince: where its stages look, what of them makes the step, and what its error estimate
_STAGES: Final = (
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
_TIMES: Final = (1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0)
_ERROR: Final = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)


class TooManySteps(ArithmeticError):
    """The adaptive method would need more than MOST_STEPS steps: the field is too steep, or it blows up."""


class Solution(NamedTuple):
    """The way through time.

    Attributes:
        times: Shape (steps + 1,).
        states: At those times, shape (steps + 1, *x.shape).
        evaluations: Of v.
    """

    times: Tensor
    states: Tensor
    evaluations: int


def solve(
    v: Velocity, x: Tensor, *, start: float, end: float, method: Method = "RK4", steps: int = 20, error: float = 1e-5
) -> Solution:
    """x carried from time `start` to time `end`, which may lie before it; differentiable.

    Args:
        steps: Equal ones; not used by the adaptive method.
        error: Of one adaptive step, allowed per coordinate, both absolute and relative.
    Raises:
        TooManySteps: The adaptive method would need too many.
    """
    if method == "adaptive":
        return _adaptive(v, x, start, end, error)
    one, looks = _FIXED[method]
    times = torch.linspace(start, end, steps + 1, dtype=torch.float64)
    states, width = [x], (end - start) / steps
    for t in times[:-1].tolist():
        states.append(one(v, states[-1], t, width))
    return Solution(times, torch.stack(states), looks * steps)


def _euler(v: Velocity, x: Tensor, t: float, width: float) -> Tensor:
    return x + width * v(x, t)


def _midpoint(v: Velocity, x: Tensor, t: float, width: float) -> Tensor:
    return x + width * v(x + width / 2 * v(x, t), t + width / 2)


def _rk4(v: Velocity, x: Tensor, t: float, width: float) -> Tensor:
    k1 = v(x, t)
    k2 = v(x + width / 2 * k1, t + width / 2)
    k3 = v(x + width / 2 * k2, t + width / 2)
    k4 = v(x + width * k3, t + width)
    return x + width / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


_FIXED: Final = {"Euler": (_euler, 1), "midpoint": (_midpoint, 2), "RK4": (_rk4, 4)}  # evaluations of v in a step


def _adaptive(v: Velocity, x: Tensor, start: float, end: float, error: float) -> Solution:
    t, width = start, (end - start) / 20
    slope, evaluations = v(x, t), 1
    times, states = [t], [x]
    for _ in range(MOST_STEPS):
        if abs(end - t) <= abs(width):
            width = end - t
        slopes, moved = [slope], x
        for weights, share in zip(_STAGES, _TIMES, strict=True):
            moved = x + width * _sum(weights, slopes)
            slopes.append(v(moved, t + share * width))
        evaluations += len(_STAGES)
        allowed = error * (1 + torch.maximum(x.abs(), moved.abs()))
        with torch.no_grad():
            missed = float((width * _sum(_ERROR, slopes) / allowed).square().mean().sqrt())
        if missed <= 1:
            t, x, slope = t + width, moved, slopes[-1]
            times.append(t)
            states.append(x)
            if abs(end - t) < 1e-12:
                return Solution(torch.tensor(times, dtype=torch.float64), torch.stack(states), evaluations)
        width *= min(5.0, max(0.2, 0.9 * max(missed, 1e-10) ** -0.2)) if missed == missed else 0.2
    raise TooManySteps(f"the adaptive method needs more than {MOST_STEPS} steps; it had come to t = {t:.3f}")


def _sum(weights: tuple[float, ...], slopes: list[Tensor]) -> Tensor:
    total = weights[0] * slopes[0]
    for weight, slope in zip(weights[1:], slopes[1:], strict=True):
        if weight:
            total = total + weight * slope
    return total
