"""What D's raw output says of a place: the chance that a sample there is real, where its loss makes it say that.

Against a G that stays as it is, the best D of most losses is a known function of p / (p + q̂): read through that
function, its map is comparable with the exact p / (p + q̂), whatever the loss. Hinge and Wasserstein say less.

Source: Goodfellow et al., 2014, arXiv:1406.2661, Proposition 1; Mao et al., 2017, arXiv:1611.04076, equation 5; Nowozin
et al., 2016, arXiv:1606.00709, Tables 2 and 6 (T* = f'(p/q̂)).
"""

from typing import Final

import numpy as np

from playground.gan.config import GanConfig, Loss

PLAYS_V: Final[tuple[Loss, ...]] = ("non-saturating", "minimax", "maximum likelihood", "f: JS")
LOG_4: Final = float(np.log(4))


def chance_real(loss: Loss, raw: np.ndarray) -> np.ndarray | None:
    """What D's raw outputs say of p / (p + q̂), in [0, 1], of the shape of `raw`; None where the loss makes it say less.

    Of hinge the best D says only which of p and q̂ is larger; Wasserstein's is known up to a constant, and not from
    p and q̂ at one place.
    """
    raw = np.asarray(raw, float)
    if loss in ("hinge", "Wasserstein"):
        return None
    if loss == "least squares":  # with targets 1 for real and 0 for fake
        return np.clip(raw, 0, 1)
    if loss == "f: Pearson":  # 2 (p/q - 1)
        ratio = np.maximum(0, 1 + raw / 2)
        return ratio / (1 + ratio)
    return sigmoid(raw - 1 if loss == "f: KL" else raw)  # 1 + log p/q; log p/q


def tells_chance(config: GanConfig) -> bool:
    """Whether D is shown one sample at a time by a loss that makes it say p / (p + q̂), so that a best map is known."""
    return config.loss not in ("hinge", "Wasserstein") and config.pack == 1 and not config.batch_std


def plays_v(config: GanConfig) -> bool:
    """Whether D climbs V(D, G) itself, so that it can be held against -log 4 and against the best D."""
    return config.loss in PLAYS_V and tells_chance(config)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + e^(-x)), without overflow."""
    return (1 + np.tanh(np.asarray(x) / 2)) / 2
