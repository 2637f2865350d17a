"""A sheet to draw on with mouse, finger or keys: a digit as 28 × 28 grey levels, or points of the plane."""

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from playground.movie import Extent
from playground.ui.components import register

_component = register(Path(__file__).parent)


def draw_digit(*, key: str, centered: bool = True, live: bool = True, alt: str = "Draw a digit") -> np.ndarray | None:
    """The drawn digit, float32 of shape (28, 28) in [0, 1], ink is 1; None while the sheet is empty.

    Args:
        centered: As MNIST was made: in a 20 × 20 box, centre of mass in the middle. False: where it was drawn.
        live: Also while the pen is down (at most 8 reruns a second: call this in a fragment).
    """
    data = {"mode": "digit", "epoch": "", "centered": centered, "live": live, "alt": alt, "extent": (0, 1, 0, 1)}
    pixels = _component(data=data, key=key, on_pixels_change=lambda: None).pixels
    try:  # what a browser sends is checked like any input
        grey = np.frombuffer(base64.b64decode(pixels or "", validate=True), np.uint8)
    except (binascii.Error, TypeError, ValueError):
        return None
    return grey.reshape(28, 28).astype(np.float32) / 255 if grey.size == 784 else None


def draw_points(
    *,
    key: str,
    extent: Extent,
    limit: int = 200,
    start: Sequence[Sequence[float]] | np.ndarray = (),
    salt: str = "",
    live: bool = False,
    alt: str = "Place points",
) -> np.ndarray:
    """The points on the sheet, float32 of shape (n, 2), n ≤ limit, inside extent = (x0, x1, y0, y1).

    Args:
        start: The points to begin with. A new `start` or `salt` begins again.
        live: Also while a stroke is drawn (at most 8 reruns a second: call this in a fragment).
    """
    x0, x1, y0, y1 = extent
    if not (x0 < x1 and y0 < y1):
        raise ValueError(f"extent is (x0, x1, y0, y1), x0 < x1, y0 < y1, got {extent}")
    given = np.asarray(start, np.float64).reshape(-1, 2)[:limit]
    epoch = f"{salt}{given.tolist()}"
    data = {
        "mode": "points", "epoch": epoch, "start": given.tolist(), "extent": extent, "limit": limit, "live": live,
        "alt": alt,
    }  # fmt: skip
    drawn = _component(data=data, key=key, on_points_change=lambda: None).points
    try:  # what a browser sends is checked like any input
        points = np.asarray(drawn["points"] if drawn and drawn["epoch"] == epoch else given, np.float32).reshape(-1, 2)
    except (KeyError, TypeError, ValueError):
        points = given.astype(np.float32)
    inside = np.clip(points[:limit], np.array([x0, y0], np.float32), np.array([x1, y1], np.float32))
    return inside[np.isfinite(inside).all(1)]
