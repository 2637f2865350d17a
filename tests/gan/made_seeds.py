"""Snapshots of many seeds made by hand, whose answers are known."""

import numpy as np

from playground.gan.game import SHOWN
from playground.gan.training import SeedsSnapshot
from playground.targets import target

RING = target("ring", k=8, radius=1.0, sigma=0.05)
MOONS = target("moons")


def snapshot(covered, quality=None, *, step=100, kl=None, t=RING, modes=None):
    """Of S games on a ring of 8.

    Args:
        covered: For each game which modes it holds, by 25 samples more than needed.
        quality: For each game its share of high quality, in [0, 1].
    """
    games, k = len(covered), len(t.modes.centres)
    at_mode = np.array([[45.0 if mode in held else 19.0 for mode in range(k)] for held in covered], np.float32)
    strict = (at_mode >= 20).sum(1).astype(np.float32)
    rng = np.random.default_rng(0)
    return SeedsSnapshot(
        step=step,
        fakes=rng.normal(0, 0.5, (games, SHOWN, 2)).astype(np.float32),
        at_mode=at_mode,
        w2=np.full(games, 0.25, np.float32),
        w2_floor=0.125,
        d_loss=np.full(games, 1.25, np.float32),
        g_loss=np.full(games, 0.75, np.float32),
        modes=np.array(modes if modes is not None else [k] * games, np.float32),
        strict_modes=strict,
        high_quality=np.array(quality if quality is not None else [0.9] * games, np.float32),
        reverse_kl=np.array(kl if kl is not None else [0.1] * games, np.float32),
    )


def without_modes(w2, *, step=100):
    """Of games on the moons; their distances may be NaN."""
    made = snapshot([set()] * len(w2), step=step)
    nothing = np.full(len(w2), np.nan, np.float32)
    changed = dict.fromkeys(("modes", "strict_modes", "high_quality", "reverse_kl"), nothing)
    w2 = np.array(w2, np.float32)
    floor = 0.125 if np.isfinite(w2).all() else float("nan")
    empty = np.zeros((len(w2), 0), np.float32)
    return SeedsSnapshot(**vars(made) | changed | {"at_mode": empty, "w2": w2, "w2_floor": floor})


EVERY = set(range(8))
