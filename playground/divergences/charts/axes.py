"""What pictures of estimates from samples share where they stand side by side.

The axis of the estimates with its round ends and ticks, the truths on it, and how estimate and floor are told apart.
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.divergences.estimates import DIMENSIONS, CloudStudy, Estimates, Study, mean_floor
from playground.theme import DASHES, SHAPES, Look, Role

HEIGHT: Final = 300  # px
ALONE: Final = 440  # where no picture of one repeat follows
ROLES: Final[tuple[Role, ...]] = ("model", "rival")
LANE: Final = 0.13  # of the height: what the infinite estimates hang in
_NOTHING: Final = 1.0  # the end of an axis when everything is infinite


@dataclass(frozen=True)
class Axis:
    """The axis of the estimates, shared by the pictures that stand beside each other."""

    name: str
    low: float
    high: float
    log: bool
    lane: bool = False  # whether room is kept on top for infinite estimates
    height: int = HEIGHT

    @property
    def top(self) -> float:
        """The end of the axis, the room on top included."""
        return self.at(1 + LANE) if self.lane else self.high

    def at(self, share: float) -> float:
        """The value at that share of the way from low to high."""
        if self.log:
            return self.low * (self.high / self.low) ** share
        return self.low + (self.high - self.low) * share

    def inside(self, values: np.ndarray) -> np.ndarray:
        """The values moved into the axis; NaN stays."""
        return np.clip(values, self.low, self.top)


def axis(study: Study, run: Estimates, name: str, *, log: bool, per: float = 1.0, reveal: bool = True) -> Axis:
    """An axis on which the truth and all but the wildest estimates lie; its ends are round.

    Args:
        per: What one nat (or one unit of x) is in the unit shown.
        reveal: Whether the ends may follow the estimates, which would tell where they are.
    """
    made = partial(Axis, name, height=ALONE if isinstance(study, CloudStudy) else HEIGHT)
    truths = [per * value for value in (run.truth, run.limit) if 0 < value < math.inf]
    if not reveal:
        middle = truths[0] if truths else 0.1
        low, high = (_round_down(middle / 30), round_up(middle * 10)) if log else (0.0, round_up(2 * middle))
        return made(low, high, log)
    lane = any(summary.infinite for summary in run.summaries)
    if not log:
        early = [per * s.mean for s in (*run.summaries[2:], *run.floor_summaries[2:]) if s.mean > 0]
        return made(0.0, round_up(1.15 * max([*truths, *early], default=_NOTHING)), False, lane)
    means = [per * s.mean for s in (*run.summaries, *run.floor_summaries) if s.mean > 0]
    highs = [per * s.high for s in (*run.summaries, *run.floor_summaries) if 0 < s.high < math.inf]
    if isinstance(study, CloudStudy):
        others = [mean_floor(d, study.seed) for d in DIMENSIONS]
        means, highs = [*means, *map(np.min, others)], [*highs, *map(np.max, others)]
    low, high = min([*truths, *means], default=0.1 * _NOTHING), max([*truths, *highs], default=_NOTHING)
    return made(_round_down(0.7 * low), round_up(high), True, lane)


def truths_on(run: Estimates, axis: Axis, per: float) -> pd.DataFrame:
    """The truth, and what the estimate tends to where that is another; a truth outside the axis is only named."""
    rows = [(per * run.truth, "truth", True)]
    if run.limit < math.inf and abs(run.limit - run.truth) > 0.01 * run.truth:
        rows.append((per * run.limit, "in bins", False))
    frame = pd.DataFrame(rows, columns=["value", "text", "main"])
    frame["text"] = [f"{text} {_number(value)}" for value, text in zip(frame["value"], frame["text"], strict=True)]
    frame["y"] = np.clip(frame["value"], axis.low, axis.high)
    frame["drawn"] = (frame["value"] >= axis.low) & (frame["value"] <= axis.high)
    frame["over"] = frame["main"] & (frame["value"] < axis.high)
    frame["last"] = frame["value"] >= axis.low  # on the right; what lies under the axis is named on the left
    return frame.drop(columns="value")


def encodings(look: Look) -> tuple[alt.Color, alt.StrokeDash, alt.Shape]:
    """Colour, dash and shape of the roles of estimate and floor."""
    roles = list(ROLES)
    hue = alt.Color("role:N", scale=alt.Scale(domain=roles, range=[look.palette.of(role) for role in ROLES]))
    dash = alt.StrokeDash(
        "role:N", scale=alt.Scale(domain=roles, range=[list(DASHES[role]) or [1, 0] for role in ROLES])
    )
    return hue, dash, alt.Shape("role:N", scale=alt.Scale(domain=roles, range=[SHAPES[role] for role in ROLES]))


def strut(log: bool, x: float) -> alt.Chart:
    """An invisible letter at the top: both pictures lose the same room to what overflows them."""
    row = alt.Chart(alt.InlineData([{"text": "0"}])).mark_text(opacity=0)
    return row.encode(x=alt.datum(x), y=alt.datum("@high", scale=value_scale(log)), text="text:N")


def value_scale(log: bool) -> alt.Scale:
    """The scale of the estimates, still without its ends."""
    kind: dict[str, Any] = {"type": "log"} if log else {}
    return alt.Scale(domain=["@low", "@high"], nice=False, clamp=True, **kind)


def filling(axis: Axis) -> dict[str, Any]:
    """What stands in a template at @low, @high, @ticks and @name."""
    return {"low": axis.low, "high": axis.top, "ticks": _ticks(axis), "name": axis.name}


def _ticks(axis: Axis) -> list[float]:
    if not axis.log:
        step = _step(axis.high / 6)
        return [round(i * step, 10) for i in range(int(axis.high / step + 1e-9) + 1)]
    powers = range(math.floor(math.log10(axis.low)), math.ceil(math.log10(axis.high)) + 1)
    digits = (1,) if axis.high / axis.low > 900 else (1, 3) if axis.high / axis.low > 30 else (1, 2, 5)
    ticks = [float(f"{digit}e{power}") for power in powers for digit in digits]
    return [tick for tick in ticks if axis.low * 0.999 <= tick <= axis.high * 1.001]


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(digit * power for digit in (1, 2, 5, 10) if digit * power >= least * 0.999)


def round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 7 times a power of ten: a ladder, so that the axis seldom changes."""
    power = 10.0 ** math.floor(math.log10(value))
    rung = next(digit for digit in (1, 1.5, 2, 3, 5, 7, 10) if digit * power >= value * 0.999)
    return float(f"{rung * power:.6g}")


def _round_down(value: float) -> float:
    """The last of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    rung = [digit for digit in (1, 2, 5) if digit * power <= value * 1.001][-1]
    return float(f"{rung * power:.6g}")


def _number(value: float) -> str:
    return "∞" if value == math.inf else "0" if value == 0 else f"{value:.3g}" if value < 0.1 else f"{value:.3f}"
