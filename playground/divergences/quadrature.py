"""Integrals of several functions at once, in numpy: panels are halved where two Gauss rules disagree.

Source: Piessens et al., QUADPACK, 1983, §2.2: the 7-point Gauss rule inside the 15-point rule of Kronrod.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

_HALF: Final = [0.9914553711208126, 0.9491079123427585, 0.8648644233597691, 0.7415311855993945,
                0.5860872354676911, 0.4058451513773972, 0.2077849550078985]  # fmt: skip
_NODES: Final = np.array([-node for node in _HALF] + [0.0] + _HALF[::-1])
_WEIGHTS_HALF: Final = [0.022935322010529224, 0.06309209262997855, 0.10479001032225018, 0.14065325971552592,
                        0.1690047266392679, 0.19035057806478542, 0.20443294007529889]  # fmt: skip
_KRONROD: Final = np.array([*_WEIGHTS_HALF, 0.20948214108472782, *_WEIGHTS_HALF[::-1]])
_GAUSS_HALF: Final = [0.1294849661688697, 0.27970539148927664, 0.3818300505051189]
_GAUSS: Final = np.zeros(15)
_GAUSS[1::2] = [*_GAUSS_HALF, 0.4179591836734694, *_GAUSS_HALF[::-1]]
_ROUNDS: Final = 30  # halvings at most; a panel is then 1e-9 of what it was
# the 15 points are right to far more than where the 7 agree with them; 1e-6 leaves 1e-10 or less
_AGREE: Final = 1e-6
_NOISE: Final = 1e-15  # of densities that are rounded; below it the rules need not agree
_MOST_PANELS: Final = 4_000


def integrals(f: Callable[[np.ndarray], np.ndarray], edges: np.ndarray) -> np.ndarray:
    """The integrals of m functions over [edges[0], edges[-1]], shape (m,), right to about 1e-10 of each.

    Args:
        f: x of shape (n,) -> values of shape (m, n); smooth between the edges, which it is never asked at.
        edges: Ascending, shape (k,).
    """
    low, high = edges[:-1], edges[1:]
    total, rest = np.zeros(1), np.zeros(1)
    for _ in range(_ROUNDS):
        half = (high - low) / 2
        x = (low + half)[:, None] + half[:, None] * _NODES  # (panels, 15)
        values = f(x.ravel())
        values = values.reshape(len(values), *x.shape)
        fine, coarse = half * (values @ _KRONROD), half * (values @ _GAUSS)
        size = np.abs(total) + np.abs(fine).sum(-1)
        bad = (np.abs(fine - coarse) > _AGREE * size[:, None] / max(len(half), 50) + _NOISE).any(0)
        bad &= half > 1e-13 * (np.abs(low) + np.abs(high))  # no number lies between
        total = total + fine[:, ~bad].sum(-1)
        rest = fine[:, bad].sum(-1)
        if not bad.any() or len(half) > _MOST_PANELS:
            break
        middle = (low + half)[bad]
        low, high = np.concatenate([low[bad], middle]), np.concatenate([middle, high[bad]])
    return total + rest
