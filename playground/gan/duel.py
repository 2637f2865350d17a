"""Two games side by side: their snapshots brought onto one time line, and who covers more."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite, nan
from typing import TYPE_CHECKING, Final, Literal

from playground.gan.config import GanConfig

if TYPE_CHECKING:
    from playground.gan.training import GanSnapshot
    from playground.runs import Handle

Winner = Literal["Left", "Right", "Same"]
ENDED: Final = ("done", "failed", "cancelled")


SCATTER: Final = 0.25  # of W₂'s floor, by which the W₂ of a perfect generator scatters from one measurement to another


@dataclass(frozen=True)
class Side:
    """One of the two games as far as it has come.

    Attributes:
        first: Its snapshot before the first step, which is there at once.
        seen: The snapshots of its run.
        state: Of its run, as `playground.runs.Handle` has it.
        problem: The sentence of a run that failed.
        place: In the queue; 0 where it does not wait.
    """

    config: GanConfig
    first: "GanSnapshot"
    seen: Sequence["GanSnapshot"] = ()
    state: str = "waiting"
    problem: str = ""
    place: int = 0

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    def until(self, count: int) -> list["GanSnapshot"]:
        """The first `count` snapshots; for those that are not there stands the last one that is."""
        shown = list(self.seen[:count]) or [self.first]
        return [*shown, *[shown[-1]] * (count - len(shown))]


@dataclass(frozen=True)
class Duel:
    """Two games after equal steps."""

    left: Side
    right: Side

    @cached_property
    def count(self) -> int:
        """How many snapshots of both are shown.

        Where one has not begun, the other is shown alone. A game that ended early, because it diverged, holds its last
        picture while the other goes on.
        """
        counts = [len(one.seen) for one in (self.left, self.right)]
        if min(counts) == 0:
            return max(1, *counts)
        growing = [len(one.seen) for one in (self.left, self.right) if not one.ended]
        return min(growing) if growing else max(counts)

    @cached_property
    def frames(self) -> tuple[list["GanSnapshot"], list["GanSnapshot"]]:
        """The shown snapshots of both, equally many of each."""
        return self.left.until(self.count), self.right.until(self.count)

    @property
    def begun(self) -> bool:
        """Whether both games have something to show."""
        return bool(self.left.seen and self.right.seen)

    @property
    def ended(self) -> bool:
        return self.left.ended and self.right.ended

    @property
    def played(self) -> bool:
        """Whether both games have ended, each with a picture after its first step: else there is no end to compare."""
        return self.ended and min(len(self.left.seen), len(self.right.seen)) > 1

    @cached_property
    def steps(self) -> list[int]:
        """After how many steps the shown snapshots were taken."""
        longer = max((self.left, self.right), key=lambda one: len(one.seen))
        return [frame.step for frame in longer.until(self.count)]

    @cached_property
    def winner(self) -> Winner | None:
        """Who covers more modes strictly at the end of what is shown; where the target has none, who is nearer to it.

        Two W₂ are the same when they differ by no more than `SCATTER` of the floor. None where one was not measured.
        """
        left, right = (frames[-1] for frames in self.frames)
        if isfinite(left.strict_modes):
            more = left.strict_modes - right.strict_modes
        else:
            more = self.w2[1] - self.w2[0]
            if not (isfinite(more) and isfinite(left.w2_floor)):
                return None
            if abs(more) <= SCATTER * left.w2_floor:
                more = 0
        return "Left" if more > 0 else "Right" if more < 0 else "Same"

    @cached_property
    def w2(self) -> tuple[float, float]:
        """The latest measured W₂ of both, in data units; NaN where none was."""
        left, right = (next((f.w2 for f in reversed(frames) if isfinite(f.w2)), nan) for frames in self.frames)
        return left, right


def side(config: GanConfig, handle: "Handle | None") -> Side:
    """A game as far as its run has come; without one, before its first step."""
    from playground.gan import untrained

    first = untrained(config)
    if handle is None:
        return Side(config, first, [first])
    state = handle.state  # before the snapshots: a run that has ended has all of them
    return Side(config, first, handle.so_far(), state, handle.problem, handle.place)  # type: ignore[arg-type]
