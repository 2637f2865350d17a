"""Where increasing functions cross 0, many at once."""

from collections.abc import Callable

import numpy as np


def increasing_root(
    function: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray | float]], low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Where increasing functions cross 0: Newton's steps inside a bracket that halves wherever they would leave it.

    Args:
        function: θ -> values and slopes, shape (k,) each; a slope of NaN means: halve.
        low, high: Brackets, shape (k,).
    """
    middle = (low + high) / 2
    for _ in range(70):
        value, slope = function(middle)
        low, high = np.where(value < 0, middle, low), np.where(value < 0, high, middle)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            newton = middle - value / slope
        following = np.where((newton > low) & (newton < high), newton, (low + high) / 2)
        if np.all(np.abs(following - middle) <= 4e-16 * np.abs(middle)):
            return following
        middle = following
    return middle
