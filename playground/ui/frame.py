"""What every page has around it: the look, present mode, and whether it was just entered."""

from pathlib import Path

import streamlit as st

from playground import devices, theme
from playground.ui import links, runs

_HERE = Path(__file__).parent


def dress() -> None:
    """The look of the whole application; once per run."""
    sheets = [theme.css_variables(), (_HERE / "style.css").read_text("utf-8")]
    if presenting():
        sheets.append((_HERE / "present.css").read_text("utf-8"))
    st.html(f"<style>{''.join(sheets)}</style>")


def enter(page: str) -> None:
    """Tell the links that this page's script begins; on another page than before, end what ran on that one."""
    if links.enter(page):
        runs.leave()


def look() -> theme.Look:
    """How pictures are to be drawn for this visitor now."""
    return theme.look(st.context.theme.type, scale=1.3 if presenting() else 1.0)


def presenting() -> bool:
    """Whether the page is shown to a room."""
    return st.query_params.get("present") == "1"


def device_badge() -> None:
    """Where the engine computes. Asks again until torch has been loaded; the page does not wait for it."""

    def show() -> None:
        st.html(f'<p class="pg-meta">Engine: {devices.badge() or "loading"}</p>', width="content")

    # the timer goes on until the page's next whole run; ending it by one here would undo a click made meanwhile
    st.fragment(show, run_every=None if devices.badge() else 2.0)()
