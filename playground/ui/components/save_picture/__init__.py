"""A button that saves the pictures on the stage as they are seen: SVG, or PNG where a picture is a canvas."""

from pathlib import Path

from playground.ui.components import register

_component = register(Path(__file__).parent)


def save_picture(name: str, *, key: str) -> None:
    """The button.

    Args:
        name: Of the files, without ending.
    """
    _component(data={"name": name}, key=key, width="content")
