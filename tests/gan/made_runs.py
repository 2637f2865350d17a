"""Snapshots of games that were never played: every figure is chosen."""

import numpy as np

from playground.gan.config import GanConfig
from playground.gan.training import GRID, GanSnapshot

RING = GanConfig()
MOONS = GanConfig(target='{"name": "moons"}')
PAIR = GanConfig(target='{"name": "two-blobs"}')


def snapshot(step=0, *, at=0, fakes=None, logit=0.0, **figures):
    """A snapshot whose fakes all lie at the mode `at` of the ring, unless they are given."""
    angle = np.pi / 4 * at
    if fakes is None:
        fakes = np.tile([np.cos(angle), np.sin(angle)], (1024, 1))
    values = {
        "d_loss": 1.2, "g_loss": 0.8, "value_nats": -1.2, "best_value_nats": -0.9, "modes": 6.0, "strict_modes": 3.0,
        "high_quality": 0.84, "reverse_kl": 0.41, "w2": 0.5, "w2_floor": 0.2 if step else np.nan,
    } | figures  # fmt: skip
    return GanSnapshot(
        step,
        np.asarray(fakes, np.float32),
        np.tile(np.float32([0.5, 0.0]), (160, 1)),
        np.linspace(-2, 2, GRID * GRID, dtype=np.float32).reshape(GRID, GRID),
        np.zeros((42, 21, 2), np.float32),
        np.full((GRID, GRID), logit, np.float32),
        **values,
    )
