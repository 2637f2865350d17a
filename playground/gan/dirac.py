"""The Dirac-GAN: the smallest game that shows why gradient play need not end.

The data are a point at 0, G puts its point at θ, and D(x) = ψ x is a line: the higher, the surer D is that x is fake.
D climbs and G descends f(ψ θ) + f(0), with f(t) = -log(1 + e^(-t)) or, for Wasserstein's game, f(t) = t. The only
equilibrium is θ = ψ = 0, and the two gradients together turn around it.

Source: Mescheder, Geiger & Nowozin, 2018, arXiv:1801.04406, §2.2–2.3 (the game; simultaneous and alternating play),
§3.1 (Wasserstein), §3.3 (gradient penalties); consensus: Mescheder, Nowozin & Geiger, 2017, arXiv:1705.10461, §4;
extragradient: Korpelevich, Matekon 13:35, 1977 (in Russian 1976).
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, hypot, sqrt
from typing import Annotated, Final, Literal, NamedTuple, get_args, get_type_hints

import numpy as np

from playground.runs.config import Range

Play = Literal["simultaneous", "alternating", "extragradient", "gradient penalty", "consensus"]
Payoff = Literal["GAN", "WGAN"]
Trend = Literal["in", "neither", "out"]
PLAYS: Final[tuple[Play, ...]] = get_args(Play)
PAYOFFS: Final[tuple[Payoff, ...]] = get_args(Payoff)
SLOPE: Final[dict[Payoff, float]] = {"GAN": 0.5, "WGAN": 1.0}  # f'(0)
AS_ONE: Final = 1e-7  # a |λ| that close to 1 is 1: two equal eigenvalues are known to half the digits only
_EQUAL: Final = 1e-6  # apart: two eigenvalues that close are one, for the same reason
FAR: Final = 1e6  # from the equilibrium: a path that is farther is not followed any more
_SMALLEST: Final = 1e-200  # distance; what is smaller soon underflows, and is as good as 0


@dataclass(frozen=True)
class Dirac:
    """How both players learn, from where, and for how many steps.

    Attributes:
        rate: η, of both players.
        gamma: γ, of the gradient penalty and of consensus.
        theta, psi: Where G's point and D's slope begin; what floats can hardly tell from 0 is 0.
        payoff: f.

    Raises:
        ValueError: A field lies outside its `Range`, or is none of its choices.
    """

    rate: Annotated[float, Range(0.05, 5.0, log=True)] = 0.2
    gamma: Annotated[float, Range(0.0, 4.0)] = 0.5
    theta: Annotated[float, Range(-2.0, 2.0)] = 1.0
    psi: Annotated[float, Range(-2.0, 2.0)] = 0.0
    steps: Annotated[int, Range(10, 600, unit="steps")] = 200
    payoff: Payoff = "GAN"

    def __post_init__(self) -> None:
        for name, allowed in RANGES.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int if name == "steps" else int | float):
                raise ValueError(f"{name} must be a{' whole' if name == 'steps' else ''} number, got {value!r}")
            if not allowed.low <= value <= allowed.high:
                raise ValueError(f"{name} must be in [{allowed.low:g}, {allowed.high:g}], got {value!r}")
        if self.payoff not in PAYOFFS:
            raise ValueError(f"payoff must be one of {PAYOFFS}, got {self.payoff!r}")
        for name in ("theta", "psi"):
            if abs(getattr(self, name)) <= _SMALLEST:
                object.__setattr__(self, name, 0.0)

    @property
    def still(self) -> bool:
        """Whether play begins at the equilibrium, where nobody has a slope to follow."""
        return self.theta == self.psi == 0


RANGES: Final[dict[str, Range]] = {
    name: next(note for note in hint.__metadata__ if isinstance(note, Range))
    for name, hint in get_type_hints(Dirac, include_extras=True).items()
    if hasattr(hint, "__metadata__")
}


class Walk(NamedTuple):
    """One play's path from the start, and what may be said of it.

    Attributes:
        at: (θ, ψ) before the first step and after each, shape (steps + 1, 2), read-only; NaN once it was `FAR` away.
        distance: From the equilibrium, shape (steps + 1,), read-only.
        steps: That were followed.
        growth: By what one step multiplied the distance, in the geometric mean; NaN from the equilibrium itself.
        measured: Steps that `growth` is a mean of: less than `steps` where the distance underflows.
        eigenvalues: Of one step's linear part at the equilibrium, that of the largest modulus first.
        modulus: The largest |λ|: by what a step multiplies small distances in the long run.
        trend: What that means near the equilibrium. It is "out" as well where |λ| = 1 and the matrix has a single
            eigenvector: distances then grow with the number of steps.
    """

    at: np.ndarray
    distance: np.ndarray
    steps: int
    growth: float
    measured: int
    eigenvalues: tuple[complex, complex]
    modulus: float
    trend: Trend

    @property
    def start(self) -> float:
        return float(self.distance[0])

    @property
    def end(self) -> float:
        """The distance after the last step that was followed."""
        return float(self.distance[self.steps])

    @property
    def turning(self) -> bool:
        """Whether the eigenvalues are complex: play then circles 0 on its way."""
        return self.eigenvalues[0].imag != 0


@lru_cache(maxsize=512)
def walk(play: Play, config: Dirac) -> Walk:
    """The path of `play`, with its eigenvalues and its growth."""
    found = path(
        play, (config.theta, config.psi), rate=config.rate, gamma=config.gamma, steps=config.steps,
        payoff=config.payoff,
    )  # fmt: skip
    distance = np.hypot(*found.T)
    one, other = eigenvalues(play, rate=config.rate, gamma=config.gamma, payoff=config.payoff)
    modulus, (grown, measured) = abs(one), growth(distance)
    drifts = abs(one - other) < _EQUAL  # never a multiple of the identity: off its diagonal is always ± η s
    for array in (found, distance):
        array.setflags(write=False)
    return Walk(
        found, distance, int(np.isfinite(distance).sum()) - 1, grown, measured, (complex(one), complex(other)),
        modulus,
        "in" if modulus < 1 - AS_ONE else "out" if modulus > 1 + AS_ONE or drifts else "neither",
    )  # fmt: skip


def growth(distance: np.ndarray) -> tuple[float, int]:
    """The factor of one step, (end / start)^(1 / steps), and the steps it is a mean of: those that a float holds well.

    The factor is 0 where the path reached 0 itself, NaN where it began there.
    """
    known = distance[np.isfinite(distance)]
    if known[0] == 0:
        return float("nan"), 0
    held = known > _SMALLEST
    last = len(known) - 1 if held.all() else int(held.argmin()) - 1
    if last + 1 < len(known) and known[last + 1] == 0 and known[last] > sqrt(_SMALLEST):
        return 0.0, last + 1  # too far away one step before to have underflowed
    return (float(known[last] / known[0]) ** (1 / last), last) if last else (float("nan"), 0)


def field(at: np.ndarray, *, penalty: float = 0.0, payoff: Payoff = "GAN") -> np.ndarray:
    """How G and D would move from `at`: (-∂/∂θ, ∂/∂ψ) of what they play for, shape (…, 2) for (θ, ψ).

    Args:
        penalty: γ of D's gradient penalty γ/2 ψ² (R1: the slope of D at the data).
    """
    return np.stack(_moves(at[..., 0], at[..., 1], penalty, payoff), -1)


def path(
    play: Play, start: tuple[float, float], *, rate: float, gamma: float, steps: int, payoff: Payoff = "GAN"
) -> np.ndarray:
    """(θ, ψ) before the first step and after each, shape (steps + 1, 2); NaN once it was `FAR` away."""
    found = np.full((steps + 1, 2), np.nan)
    theta, psi = float(start[0]), float(start[1])
    found[0] = theta, psi
    for k in range(1, steps + 1):
        theta, psi = _stepped(play, theta, psi, rate, gamma, payoff)
        if not hypot(theta, psi) <= FAR:
            break
        found[k] = theta, psi
    return found


def step(play: Play, at: np.ndarray, *, rate: float, gamma: float, payoff: Payoff = "GAN") -> np.ndarray:
    """One step of `play` from (θ, ψ), shape (…, 2); γ is used by consensus and by the gradient penalty."""
    return np.stack(_stepped(play, at[..., 0], at[..., 1], rate, gamma, payoff), -1)


def jacobian(at: np.ndarray, *, payoff: Payoff = "GAN") -> np.ndarray:
    """∂ field / ∂(θ, ψ) without penalty, shape (2, 2)."""
    theta, psi = at
    slope, bend = _slope(theta * psi, payoff)
    turn = slope + theta * psi * bend
    return np.array([[-(psi**2) * bend, -turn], [turn, theta**2 * bend]])


def linear(play: Play, *, rate: float, gamma: float, payoff: Payoff = "GAN") -> np.ndarray:
    """The matrix that one step is near the equilibrium, shape (2, 2): ∂ step / ∂(θ, ψ) at 0."""
    one, turn = np.eye(2), SLOPE[payoff] * np.array([[0.0, -1.0], [1.0, 0.0]])
    if play == "alternating":
        d_first = one + rate * turn * [[0], [1]]
        g_then = one + rate * turn * [[1], [0]]
        return g_then @ d_first
    if play == "extragradient":
        return one + rate * turn @ (one + rate * turn)
    if play == "gradient penalty":
        return one + rate * (turn - gamma * np.diag([0.0, 1.0]))
    if play == "consensus":
        return one + rate * (turn - gamma * turn.T @ turn)
    return one + rate * turn


def eigenvalues(play: Play, *, rate: float, gamma: float, payoff: Payoff = "GAN") -> np.ndarray:
    """Of `linear`, that of the largest modulus first, shape (2,), complex.

    Play spirals in where all moduli are below 1, and out where one is above 1.
    """
    matrix = linear(play, rate=rate, gamma=gamma, payoff=payoff)
    half, det = matrix.trace() / 2, matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]
    apart = half**2 - det
    if apart < 0:
        return np.array([complex(half, sqrt(-apart)), complex(half, -sqrt(-apart))])
    first, second = half + sqrt(apart), half - sqrt(apart)
    return np.array(sorted((first, second), key=abs, reverse=True), complex)


def _stepped(play, theta, psi, rate, gamma, payoff):  # noqa: ANN001, ANN202 (numbers and arrays alike)
    """(θ, ψ) after one step."""
    if play == "alternating":  # D moves first, G answers
        psi = psi + rate * _moves(theta, psi, 0.0, payoff)[1]
        return theta + rate * _moves(theta, psi, 0.0, payoff)[0], psi
    if play == "gradient penalty":
        for_theta, for_psi = _moves(theta, psi, gamma, payoff)
        return theta + rate * for_theta, psi + rate * for_psi
    for_theta, for_psi = _moves(theta, psi, 0.0, payoff)
    if play == "extragradient":
        for_theta, for_psi = _moves(theta + rate * for_theta, psi + rate * for_psi, 0.0, payoff)
    elif play == "consensus":  # both also descend γ/2 ‖field‖², whose gradient is the transposed Jacobian times field
        slope, bend = _slope(theta * psi, payoff)
        turn = slope + theta * psi * bend
        for_theta, for_psi = (
            for_theta - gamma * (-(psi**2) * bend * for_theta + turn * for_psi),
            for_psi - gamma * (-turn * for_theta + theta**2 * bend * for_psi),
        )
    return theta + rate * for_theta, psi + rate * for_psi


def _moves(theta, psi, penalty, payoff):  # noqa: ANN001, ANN202
    slope = _slope(theta * psi, payoff)[0]
    return -psi * slope, theta * slope - penalty * psi


def _slope(t, payoff):  # noqa: ANN001, ANN202
    """f'(t) and f''(t). A path is thousands of steps: for a number, `math` is ten times as fast as numpy."""
    if payoff == "WGAN":
        return 1.0 + 0 * t, 0 * t
    if isinstance(t, float):
        slope = exp(-t) / (1 + exp(-t)) if t > 0 else 1 / (1 + exp(t))
    else:
        slope = np.exp(-np.logaddexp(0.0, t))
    return slope, -slope * (1 - slope)
