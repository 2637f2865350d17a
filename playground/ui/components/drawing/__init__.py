"""An SVG of our own in the page, in the roles' colours. (st.html strips SVG; st.image would not see CSS variables.)"""

from pathlib import Path

from playground.ui.components import register

_component = register(Path(__file__).parent)


def drawing(svg: str, *, key: str, alt: str = "") -> None:
    """Show `svg`, which our own code made. Without `alt` it is decoration, hidden from screen readers."""
    _component(data={"svg": svg, "alt": alt}, key=key)
