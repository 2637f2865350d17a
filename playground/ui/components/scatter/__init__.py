"""A scatter plot whose points the visitor places, moves and removes, under curves and bands in the roles' colours."""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from playground.movie import Extent, Movie, Panel
from playground.ui import links
from playground.ui.components import last_turn, register

_component = register(
    Path(__file__).parent, "../player/payload.js", "../player/look.js", "../player/layers.js", "../player/axes.js"
)
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Sheet:
    """Where points may lie, and how many.

    Args:
        extent: x0, x1, y0, y1.
        digits: Decimals of a coordinate.
    """

    extent: Extent
    most: int
    digits: int = 3

    def read(self, text: str) -> Points:
        """The points of a link such as `-0.5_1.25~0.31_0.4`; `none` are none.

        Raises:
            ValueError: Says which point is wrong, and what is legal.
        """
        parts = text.split("~") if text != "none" else []
        if len(parts) > self.most:
            raise ValueError(f"at most {self.most} points, not {len(parts)}")
        return tuple(self._point(f"point {i}", part) for i, part in enumerate(parts, 1))

    def write(self, points: Points | None) -> str:
        """The points as text for a link."""
        return "~".join(f"{x:.12g}_{y:.12g}" for x, y in points or ()) or "none"

    def received(self, points: Sequence[Sequence[float]]) -> Points:
        """What a browser sent, checked like any input: at most so many, moved onto the sheet; raises ValueError."""
        x0, x1, y0, y1 = self.extent
        numbers = [(float(x), float(y)) for x, y in points[: self.most]]
        if not all(math.isfinite(v) for place in numbers for v in place):
            raise ValueError("a place is a pair of finite numbers")
        return tuple((self._round(min(x1, max(x0, x))), self._round(min(y1, max(y0, y)))) for x, y in numbers)

    def _point(self, name: str, text: str) -> tuple[float, float]:
        x0, x1, y0, y1 = self.extent
        parts = text.split("_")
        if len(parts) != 2:
            raise ValueError(f"{name} is a pair such as 0.25_-1.5")
        x, y = (self._number(part) for part in parts)
        for axis, value, low, high in (("x", x, x0, x1), ("y", y, y0, y1)):
            if not low <= value <= high:
                raise ValueError(f"{name} has {axis} from {low:g} to {high:g}".replace("-", "−"))
        return self._round(x), self._round(y)

    def _number(self, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return math.nan

    def _round(self, value: float) -> float:
        return round(value, self.digits) + 0.0


@dataclass(frozen=True)
class Placed:
    """The points as they are.

    Attributes:
        now: While one is dragged, where it is.
        settled: Where they last rested, which is what the address says.
        changed: Whether they are the visitor's, not those of the beginning.
    """

    now: Points
    settled: Points
    changed: bool


def placed(sheet: Sheet, start: Points, *, key: str, label: str) -> Placed:
    """The points of the knob `key`; `start` until the visitor, a preset or a link has placed others."""
    kept = links.linked(key, None, read=sheet.read, write=sheet.write, label=label)
    state, settled = st.session_state, start if kept is None else kept
    if state.get(f"{key}:rested") != settled:  # a preset, a link, Back or another start
        state[f"{key}:now"] = kept
    state[f"{key}:rested"] = settled
    held = state.get(f"{key}:now")
    return Placed(start if held is None else held, settled, kept is not None)


def scatter(
    panel: Panel, points: Points, sheet: Sheet, *, start: Points, key: str, alt: str, height: int = 420, hint: str = ""
) -> None:
    """Show `panel` and on it the points of the knob `key`; call it in a fragment, after `placed`.

    Args:
        panel: What lies under the points, at one moment: static layers, with an extent.
        height: Pixels at most.
    """

    def moved() -> None:
        sent = st.session_state[f"{key}:widget"].points
        try:
            new = sheet.received(sent["points"])
        except (KeyError, TypeError, ValueError, OverflowError):
            return
        st.session_state[f"{key}:now"] = None if new == start else new
        if sent.get("rest"):
            links.put({key: None if new == start else new})
            st.session_state[f"{key}:rested"] = new

    movie = Movie([panel], [0], alt=alt, height=height)
    _component(
        data={
            "movie": base64.b64encode(movie.encode()).decode(), "points": points, "start": start,
            "most": sheet.most, "digits": sheet.digits, "alt": alt, "hint": hint,
            "turn": last_turn(f"{key}:widget", "points"),
        },
        key=f"{key}:widget",
        on_points_change=moved,
    )  # fmt: skip
