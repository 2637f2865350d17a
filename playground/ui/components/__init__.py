"""Our own Streamlit components (v2): plain html, css and js files, read once at import; no build, no network."""

from pathlib import Path
from typing import Any

from streamlit.components import v2


def register(folder: Path, *parts: str) -> Any:
    """The renderer of the component in `folder`; call it at module level, once.

    The files are code and are never formatted with data: a visitor's words travel as data only.

    Args:
        parts: Files of the same folder to put before component.js: an inline component cannot import others.
    """
    html, css, *js = (
        folder.joinpath(name).read_text("utf-8") for name in ("component.html", "component.css", *parts, "component.js")
    )
    return v2.component(f"playground_{folder.name}", html=html, css=css, js="\n".join(js))
