"""How densities over θ are drawn: at which θ, on which axis, and up to what height, so that it seldom changes."""

import math
from typing import Final

import altair as alt
import numpy as np

from playground.bernoulli.priors import Beta, Point, Prior

# ends of the density axis, so that it seldom changes, and the steps of their ticks
LADDER: Final = {2: 1, 3: 1, 4: 2, 6: 2, 8: 4, 12: 4, 16: 8, 24: 8} | {
    rung * 10**k: step * 10**k for k in (1, 2, 3) for rung, step in ((4, 2), (6, 2), (8, 4), (12, 4), (16, 8), (24, 8))
}
_EDGE: Final = np.array([0.0005, 0.001, 0.002, 0.004, 0.007])
_THETA: Final = np.concatenate([_EDGE, np.linspace(0.01, 0.99, 99), 1 - _EDGE[::-1]])  # each point costs on every move
_NARROW: Final = 0.06  # a standard deviation below which a component gets points of its own
_AXIS: Final = "θ, probability of heads"


def likelihood(heads: int, tails: int) -> Beta:
    """θ^h (1-θ)^t scaled to area 1."""
    return Beta(heads + 1, tails + 1)


def density_top(*beliefs: Prior) -> int:
    """The end of the density axis for these beliefs: a rung of a ladder. What diverges at an edge may leave it."""
    peak = 0.0
    for belief in beliefs:
        theta = grid(belief)
        inner = theta[(theta >= 0.01) & (theta <= 0.99)]
        near_edge = [mode for mode in belief.modes() if np.isfinite(belief.log_density(np.array(mode)))]
        peak = max(peak, float(belief.density(np.concatenate([inner, near_edge])).max()))
    return next((rung for rung in LADDER if peak <= rung), max(LADDER))


def grid(belief: Prior) -> np.ndarray:
    """θ at which a belief is drawn: more of them where a component is narrow."""
    extra = []
    for weight, part in getattr(belief, "parts", ((1.0, belief),)):
        spread = math.sqrt(part.variance())
        if not isinstance(part, Point) and spread < _NARROW and weight > 1e-4:
            extra.append(part.mean() + np.linspace(-5, 5, 61) * spread)
    theta = np.concatenate([_THETA, *extra])
    return np.unique(theta[(theta > 0) & (theta < 1)])


def theta_axis() -> alt.X:
    """θ from 0 to 1, along the picture."""
    axis = alt.Axis(title=_AXIS, values=[0, 0.25, 0.5, 0.75, 1], labelExpr="format(datum.value, '~g')", offset=2)
    return alt.X("theta:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=axis)
