"""Games with a name: what to set, what to notice, and on how many fresh seeds that was seen.

A claim is a sentence beside a test that decides it, from nothing but a game's own figures. How often it held, and what
the games covered, is in `measured.py`, which `python -m benchmarks.gan_cases` writes.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from playground.gan.config import GanConfig
from playground.gan.measured import MEASURED, Measured

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, eq=False)
class Course:
    """One game over a target with k modes, at each of its n snapshots.

    Attributes:
        modes, strict_modes, high_quality, reverse_kl: As in `playground.coverage`, shape (n,) each.
        nearest: Share of the shown fakes that have each mode nearest, shape (n, k).
        within: Share of the shown fakes within 3 standard deviations of each mode, shape (n, k).
        moved: How far the fakes are on average from where they were before the first step, data units, shape (n,).
    """

    modes: np.ndarray
    strict_modes: np.ndarray
    high_quality: np.ndarray
    reverse_kl: np.ndarray
    nearest: np.ndarray
    within: np.ndarray
    moved: np.ndarray

    @property
    def visited(self) -> int:
        """Modes that had most of the fakes at one time or another, after the first quarter."""
        later = self.nearest[len(self.nearest) // 4 :]
        return int((later > 0.5).any(0).sum())

    @property
    def crowd(self) -> float:
        """The share of the fakes at the most crowded mode; the median after the first quarter."""
        return float(np.median(self.nearest[len(self.nearest) // 4 :].max(1)))

    @property
    def alive(self) -> int:
        """Modes that hold at least 20 of 2 500 samples, or the same share, at some time of the second half."""
        return int((self.within[len(self.within) // 2 :] >= 20 / 2_500).any(0).sum())


@dataclass(frozen=True)
class Case:
    """A game worth watching.

    Attributes:
        look_for: What to notice, for the seeds on which `claim` holds.
        claim: Whether a game shows it.
    """

    name: str
    config: GanConfig
    look_for: str
    claim: Callable[[Course], bool]

    @property
    def measured(self) -> Measured:
        """What its games covered over fresh seeds, and on how many the claim held."""
        return MEASURED[self.name]

    @property
    def on_seeds(self) -> str:
        """Such as “on 8 of 8 fresh seeds, 100 to 107”."""
        seeds = self.measured.seeds
        return f"on {self.measured.held} of {len(seeds)} fresh seeds, {seeds[0]} to {seeds[-1]}"


def courses(config: GanConfig, *, seeds: Sequence[int], device: torch.device) -> list[Course]:
    """The games of these seeds, played together."""
    from playground.gan.training import train_seeds
    from playground.targets import read

    modes = read(config.target).modes
    if modes is None:
        raise ValueError("a course needs a target with modes")
    figures, nearest, within, moved, first = [], [], [], [], None
    for snapshot in train_seeds(config, seeds=seeds, device=device):
        first = snapshot.fakes if first is None else first
        away = np.square(snapshot.fakes[:, :, None] - modes.centres).sum(-1)  # (S, fakes, k)
        at = away.argmin(-1)[..., None] == np.arange(len(modes.centres))
        figures.append([snapshot.modes, snapshot.strict_modes, snapshot.high_quality, snapshot.reverse_kl])
        nearest.append(at.mean(1))
        within.append((at & (away < (3 * modes.sigma) ** 2)).mean(1))
        moved.append(np.linalg.norm(snapshot.fakes - first, axis=-1).mean(1))
    covered = np.array(figures)  # (n, 4, S)
    return [
        Course(*covered[:, :, k].T, *(np.array(shares)[:, k] for shares in (nearest, within, moved)))
        for k in range(len(seeds))
    ]


def digest(config: GanConfig) -> int:
    """Of all that a game depends on but its seed: figures that carry another one are of another game."""
    return zlib.crc32(json.dumps(replace(config, seed=0).as_json(), sort_keys=True).encode())


NARROW = '{"name": "ring", "k": 8, "radius": 1.0, "sigma": 0.01}'
# with these, a GAN on the ring forgets: leaky ReLU or few dimensions of z would cover it
FORGETFUL = GanConfig(activation="ReLU", z_dim=16, steps=3_000, every=25)
PENALIZED = GanConfig(
    loss="Wasserstein", penalty="gradient", penalty_weight=0.1, d_steps=3, activation="tanh", steps=800, every=8
)
# G starts as a small blob away from the data, and D has learned the difference before G's first step
SURE_OF_ITSELF = GanConfig(
    loss="minimax", gain=0.3, offset=1.2, warmup=1_500, d_steps=5, g_optimizer="SGD", g_rate=0.02, steps=200, every=2
)

CASES: Mapping[str, Case] = {
    case.name: case
    for case in (
        Case(
            "One blob hops",
            replace(FORGETFUL, d_rate=1e-4),
            "Most fakes are one blob. D learns to reject the place where it stands, and it hops to another mode.",
            lambda game: game.crowd > 0.6 and game.visited >= 6,
        ),
        Case(
            "Modes are dropped",
            replace(FORGETFUL, target=NARROW, steps=2_500, every=20),
            "What is dropped stays dropped: at least half of the modes hold fewer than 1% of the fakes each, all "
            "through the second half of the run.",
            lambda game: game.alive <= 4,
        ),
        Case(
            "Plain GAN",
            FORGETFUL,
            "Nothing but the loss of the textbook: some of the eight modes are missing at the end.",
            lambda game: game.strict_modes[-1] < 8,
        ),
        Case(
            "Packing, 4 at once",
            replace(FORGETFUL, pack=4),
            "The plain GAN but for one thing: D judges four samples at once, so a lack of variety shows. "
            "All eight modes are covered at the end.",
            lambda game: game.strict_modes[-1] == 8,
        ),
        Case(
            "Batch statistics",
            replace(FORGETFUL, batch_std=True),
            "The plain GAN but for one thing: D sees the spread of the whole batch beside every sample. "
            "All eight modes are covered at the end.",
            lambda game: game.strict_modes[-1] == 8,
        ),
        Case(
            "Tuned plain GAN",
            GanConfig(activation="tanh", d_rate=2e-3, ema=0.995, decay=True, steps=3_000, every=25),
            "No remedy at all: tanh units, two dimensions of z, a quicker D, an average of G’s weights and falling "
            "rates cover all eight modes, with at least 90% of high quality.",
            lambda game: game.strict_modes[-1] == 8 and game.high_quality[-1] >= 0.9,
        ),
        Case(
            "Unrolled 5 steps",
            replace(FORGETFUL, d_rate=2e-4, unroll=5, steps=500, every=4),
            "G looks five updates of D ahead: its fakes spread around the whole ring, but fewer than 15% of them are "
            "of high quality.",
            lambda game: game.nearest[-1].min() > 0.02 and game.high_quality[-1] < 0.15,
        ),
        Case(
            "Clipped critic",
            GanConfig(
                loss="Wasserstein", penalty="clip", clip=0.1, d_steps=5, d_optimizer="RMSprop", g_optimizer="RMSprop",
                g_rate=5e-4, d_rate=5e-4, steps=800, every=8,
            ),
            "Clipped weights leave D only coarse shapes: the fakes reach all eight modes, but more than 40% of them "
            "lie between the modes.",
            lambda game: game.modes[-1] == 8 and game.high_quality[-1] < 0.6,
        ),
        Case(
            "Penalty of 10",
            replace(PENALIZED, penalty_weight=10.0),
            "A weight of 10, as in the paper that proposed this penalty, is too much for data of radius 1: D is kept "
            "from learning where the modes are.",
            lambda game: game.strict_modes[-1] < 8,
        ),
        Case(
            "Penalty of 0.1",
            PENALIZED,
            "The gradient penalty with a weight of 0.1 covers all eight modes at the end.",
            lambda game: game.strict_modes[-1] == 8,
        ),
        Case(
            "Sure D, minimax",
            SURE_OF_ITSELF,
            "D is sure that every fake is a fake, and there the minimax loss is flat: in the whole run the fakes move "
            "by less than a tenth of the ring’s radius.",
            lambda game: game.moved[-1] < 0.1,
        ),
        Case(
            "Sure D, other loss",
            replace(SURE_OF_ITSELF, loss="non-saturating"),
            "The same D, as sure at first, but the non-saturating loss is steep where a fake is recognised: "
            "the fakes move.",
            lambda game: game.moved[-1] > 0.5,
        ),
    )
}  # fmt: skip
