"""One game from many seeds at once: its config, its run, and what the seeds say together.

A single run is one draw. Means over seeds come with their standard error, and the seeds themselves stay to be seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from math import ceil, sqrt
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np

from playground.coverage import SAMPLES, STRICT
from playground.gan.config import GanConfig
from playground.runs.config import Range

if TYPE_CHECKING:
    import torch

    from playground.gan.training import SeedsSnapshot

FRAMES = 40  # pictures of a run, about
METRICS = ("modes", "strict_modes", "high_quality", "reverse_kl")


@dataclass(frozen=True)
class SeedsConfig(GanConfig):
    """A game, and from how many seeds it is played: `seed`, `seed` + 1 and so on."""

    games: Annotated[int, Range(2, 32, unit="seeds")] = 8

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.moves:
            raise ValueError(f"games from many seeds are not moved by hand, got moves {self.moves[:20]!r}")

    @property
    def seeds(self) -> range:
        """The seeds."""
        return range(self.seed, self.seed + self.games)


def many(config: GanConfig, games: int) -> SeedsConfig:
    """The game of `config` from that many seeds, in about `FRAMES` pictures; moves made by hand are left out."""
    values: dict[str, Any] = {field.name: getattr(config, field.name) for field in fields(GanConfig)}
    return SeedsConfig(**values | {"moves": "", "every": ceil(config.steps / FRAMES), "games": games})


def opening(config: SeedsConfig) -> SeedsConfig:
    """A run that begins as that of `config` does and ends at once: what there is to see before the first step."""
    return replace(config, steps=1, every=1, warmup=0)


def train_many(config: SeedsConfig, *, device: "torch.device") -> "Iterator[SeedsSnapshot]":
    """Play the game from every seed, batched; snapshots as `train_seeds` gives them."""
    from playground.gan.training import train_seeds

    yield from train_seeds(config, seeds=config.seeds, device=device)


class Spread(NamedTuple):
    """What a number is over seeds.

    Attributes:
        error: Standard error of the mean: the sample standard deviation over √n.
    """

    mean: float
    error: float
    low: float
    high: float


def spread(values: np.ndarray) -> Spread:
    """Mean, standard error and range of one number per seed, shape (n,).

    Raises:
        ValueError: There are fewer than two, or one is not finite.
    """
    known = np.asarray(values, np.float64)
    if known.ndim != 1 or len(known) < 2 or not np.isfinite(known).all():
        raise ValueError(f"a mean over seeds needs at least 2 finite numbers, got {values!r}")
    error = float(known.std(ddof=1)) / sqrt(len(known))
    return Spread(float(known.mean()), error, float(known.min()), float(known.max()))


def missed(at_mode: np.ndarray) -> np.ndarray:
    """Which modes each game misses: fewer than 20 of 2 500 samples within 3 standard deviations; a boolean array.

    Args:
        at_mode: Counts as in `SeedsSnapshot`, shape (..., k).
    """
    return np.asarray(at_mode) < round(STRICT * SAMPLES)


def measured(snapshot: "SeedsSnapshot") -> bool:
    """Whether there is anything to take a mean of: W₂ of a target without modes is known only at the end."""
    return bool(np.isfinite(snapshot.modes).all() or np.isfinite(snapshot.w2).all())


def whole(snapshot: "SeedsSnapshot") -> int:
    """How many of the games miss no mode."""
    return int((~missed(snapshot.at_mode).any(-1)).sum())
