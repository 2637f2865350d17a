"""The player of a `playground.movie.Movie`: panels and charts over one time line, drawn and moved by the browser."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from playground.movie import Movie
from playground.ui.components import register

_component = register(Path(__file__).parent, "payload.js", "look.js", "layers.js", "axes.js")


@dataclass(frozen=True)
class Pick:
    """A place that the visitor clicked, in the panel's coordinates, and the frame on screen then."""

    panel: int
    x: float
    y: float
    frame: int


@dataclass(frozen=True)
class Shown:
    """What the visitor did.

    Attributes:
        frame: The frame left on screen, with report=True; None until the visitor has moved.
        pick: The place just clicked, with pick=True; in one run only.
    """

    frame: int | None
    pick: Pick | None


def player(movie: Movie, *, key: str, report: bool = False, pick: bool = False) -> Shown:
    """Shows `movie`. Each of `report` and `pick` costs a rerun per release or click; keep the call in a fragment.

    A movie with the same `run` and more frames than before sends only the new ones.
    """
    memory = f"{key}:sent"  # (run, first frame of the latest message, frames known to the browser)
    run, first, sent = st.session_state.get(memory, (None, 0, 0))
    if movie.run is None or movie.run != run or len(movie.times) < sent:
        first = 0
    elif len(movie.times) > sent:
        first = sent  # else nothing new: the same `first` gives the same bytes
    st.session_state[memory] = (movie.run, first, len(movie.times))

    def resend() -> None:
        match st.session_state[key]["missing"]:
            case {"run": str(run), "have": int(have)} if have >= 0:
                st.session_state[memory] = (run, 0, have)

    result = _component(
        data=movie.encode(first=first, report=report, pick=pick),
        key=key,
        on_frame_change=lambda: None,
        on_pick_change=lambda: None,
        on_missing_change=resend,
    )
    return Shown(_frame(result.frame, movie), _pick(result.pick, movie))


def _frame(value: object, movie: Movie) -> int | None:
    """`value` as a frame of `movie`: it may speak of an earlier, longer one, and it comes from a browser."""
    return max(0, min(value, len(movie.times) - 1)) if isinstance(value, int) else None


def _pick(value: object, movie: Movie) -> Pick | None:
    match value:
        case {"panel": int(panel), "x": float() | int() as x, "y": float() | int() as y, "frame": frame}:
            shown = _frame(frame, movie)
            if shown is not None and 0 <= panel < len(movie.panels):
                return Pick(panel, float(x), float(y), shown)
    return None
