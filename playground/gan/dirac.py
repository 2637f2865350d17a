"""The Dirac-GAN: the smallest game that shows why gradient play need not end.

The data are a point at 0, G puts its point at θ, and D(x) = ψ x is a line. With f(t) = -log(1 + e^(-t)), D climbs and G
descends f(ψ θ) + f(0). The only equilibrium is θ = ψ = 0, and the two gradients together turn around it.

Source: Mescheder, Geiger & Nowozin, 2018, arXiv:1801.04406, §2 and §4; consensus: the same, 2017, arXiv:1705.10461;
extragradient: Korpelevich, 1976.
"""

from typing import Final, Literal, get_args

import numpy as np

Play = Literal["simultaneous", "alternating", "consensus", "gradient penalty", "extragradient"]
PLAYS: Final[tuple[Play, ...]] = get_args(Play)
SLOPE: Final = 0.5  # f'(0)


def field(at: np.ndarray, *, penalty: float = 0.0) -> np.ndarray:
    """How G and D would move from `at`: (-∂/∂θ, ∂/∂ψ) of what they play for, shape (…, 2) for (θ, ψ).

    Args:
        penalty: γ of D's gradient penalty γ/2 ψ² (R1: the slope of D at the data).
    """
    theta, psi = at[..., 0], at[..., 1]
    slope = _sigmoid(-theta * psi)
    return np.stack([-psi * slope, theta * slope - penalty * psi], -1)


def path(play: Play, start: tuple[float, float], *, rate: float, gamma: float, steps: int) -> np.ndarray:
    """(θ, ψ) before the first step and after each, shape (steps + 1, 2)."""
    at = [np.array(start, float)]
    for _ in range(steps):
        at.append(step(play, at[-1], rate=rate, gamma=gamma))
    return np.array(at)


def step(play: Play, at: np.ndarray, *, rate: float, gamma: float) -> np.ndarray:
    """One step of `play` from (θ, ψ); γ is used by consensus and by the gradient penalty."""
    if play == "alternating":  # D moves first, G answers
        at = at + rate * field(at) * [0, 1]
        return at + rate * field(at) * [1, 0]
    if play == "extragradient":
        return at + rate * field(at + rate * field(at))
    if play == "gradient penalty":
        return at + rate * field(at, penalty=gamma)
    if play == "consensus":
        return at + rate * (field(at) - gamma * jacobian(at).T @ field(at))
    return at + rate * field(at)


def jacobian(at: np.ndarray) -> np.ndarray:
    """∂ field / ∂(θ, ψ) without penalty, shape (2, 2)."""
    theta, psi = at
    slope = _sigmoid(-theta * psi)
    bend = -slope * (1 - slope)  # f''
    turn = slope + theta * psi * bend
    return np.array([[-(psi**2) * bend, -turn], [turn, theta**2 * bend]])


def eigenvalues(play: Play, *, rate: float, gamma: float) -> np.ndarray:
    """Of one step's linear part at the equilibrium, shape (2,), complex.

    Play spirals in where all moduli are below 1, and out where one is above 1.
    """
    one, turn = np.eye(2), SLOPE * np.array([[0.0, -1.0], [1.0, 0.0]])
    if play == "alternating":
        d_first = one + rate * turn * [[0], [1]]
        g_then = one + rate * turn * [[1], [0]]
        linear = g_then @ d_first
    elif play == "extragradient":
        linear = one + rate * turn @ (one + rate * turn)
    elif play == "gradient penalty":
        linear = one + rate * (turn - gamma * np.diag([0.0, 1.0]))
    elif play == "consensus":
        linear = one + rate * (turn - gamma * turn.T @ turn)
    else:
        linear = one + rate * turn
    return np.linalg.eigvals(linear).astype(complex)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return np.exp(-np.logaddexp(0.0, -x))
