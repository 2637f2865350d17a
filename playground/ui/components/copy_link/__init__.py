"""A button that copies the page's address, which holds the whole state."""

from pathlib import Path

from playground.ui.components import register

_component = register(Path(__file__).parent)


def copy_link() -> None:
    """The button."""
    _component(key="copy_link", width="content")
