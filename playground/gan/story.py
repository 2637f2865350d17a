"""What one game did, from its snapshots: where its fakes crowded, what it held and lost, how far D is from its best."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite, nan
from typing import TYPE_CHECKING, Final

import numpy as np

from playground.gan.config import GanConfig
from playground.gan.reading import plays_v
from playground.targets import Target, read

if TYPE_CHECKING:
    from playground.gan.training import GanSnapshot

MOST: Final = 0.5  # of the fakes at one mode: the mode they crowd at
STILL: Final = 0.02  # of the stage's width; fakes that moved less have not moved to speak of


@dataclass(frozen=True, eq=False)
class Story:
    """A game as far as it was played.

    Attributes:
        frames: Its snapshots from the first on, at least one.
        problem: The sentence of a run that failed.
    """

    config: GanConfig
    frames: Sequence["GanSnapshot"]
    problem: str = ""

    @cached_property
    def target(self) -> Target:
        return read(self.config.target)

    @property
    def k(self) -> int:
        """Modes of the target; 0 where it has none."""
        return 0 if self.target.modes is None else len(self.target.modes.centres)

    @property
    def end(self) -> "GanSnapshot":
        return self.frames[-1]

    @cached_property
    def nearest(self) -> np.ndarray:
        """Share of the shown fakes that have each mode nearest, shape (frames, k)."""
        assert self.target.modes is not None
        centres = self.target.modes.centres.astype(np.float32)
        fakes = np.stack([frame.fakes for frame in self.frames])  # (frames, n, 2)
        # the squared distance but for the fake's own square, which all modes share
        at = ((centres**2).sum(-1) - 2 * fakes @ centres.T).argmin(-1)
        return np.stack([(at == mode).mean(-1) for mode in range(self.k)], -1)

    @property
    def crowd(self) -> float:
        """The share of the fakes at the most crowded mode; the median after the first quarter."""
        return float(np.median(self._later.max(1)))

    @property
    def visited(self) -> int:
        """Modes that had most of the fakes at one time or another, after the first quarter."""
        return int((self._later > MOST).any(0).sum())

    @property
    def _later(self) -> np.ndarray:
        return self.nearest[len(self.frames) // 4 :]

    @cached_property
    def fullest(self) -> "GanSnapshot":
        """The first snapshot after the start with as many modes held strictly as in any."""
        return max(self.frames[1:] or self.frames, key=lambda frame: frame.strict_modes)

    @property
    def moved(self) -> float:
        """How far the shown fakes are on average from where they were at first, in data units."""
        return float(np.linalg.norm(self.end.fakes - self.frames[0].fakes, axis=1).mean())

    @property
    def width(self) -> float:
        """Of the stage, in data units."""
        return self.target.extent[1] - self.target.extent[0]

    @property
    def w2(self) -> float:
        """The W₂ that was measured last, in data units; NaN where none was."""
        return next((frame.w2 for frame in reversed(self.frames) if isfinite(frame.w2)), nan)

    @property
    def js(self) -> float:
        """JS(p ‖ q̂) between data and fakes, as the best D tells it, in nats; NaN where no best D is known."""
        return (self.end.best_value_nats + float(np.log(4))) / 2

    @property
    def missed(self) -> float:
        """How much of V the best D reaches beyond D as it learned, in nats; NaN where D does not climb V."""
        return self.end.best_value_nats - self.end.value_nats if plays_v(self.config) else nan
