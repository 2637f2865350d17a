"""Our own Streamlit components (v2): plain html, css and js files, read once at import; no build, no network."""

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components import v2


def last_turn(key: str, state: str) -> int:
    """The number of the last message that the component `key` has sent as `state`; 0 before the first.

    Read from what the browser itself remembers, so that it also holds in the new session after a lost connection.
    """
    sent = getattr(st.session_state.get(key), state, None)
    try:
        return int(sent["turn"]) if sent else 0
    except (KeyError, TypeError, ValueError):
        return 0


def register(folder: Path, *parts: str) -> Any:
    """The renderer of the component in `folder`; call it at module level, once.

    The files are code and are never formatted with data: a visitor's words travel as data only.

    Args:
        parts: Files, named from the folder, to put before component.js: an inline component cannot import others.
    """
    html, css, *js = (
        folder.joinpath(name).read_text("utf-8") for name in ("component.html", "component.css", *parts, "component.js")
    )
    return v2.component(f"playground_{folder.name}", html=html, css=css, js="\n".join(js))
