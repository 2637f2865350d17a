"""Points to fit a curve to: drawn around a known function, or a published set whose truth nobody knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np

Point = tuple[float, float]
Points = tuple[Point, ...]
SHEET: Final = (-1.0, 1.0, -2.0, 2.0)  # x0, x1, y0, y1: where points may lie
MOST_POINTS: Final = 40
DIGITS: Final = 3  # decimals of a coordinate
SEEDS: Final = (0, 999)


@dataclass(frozen=True)
class Sample:
    """Where points come from.

    Args:
        truth: The function they scatter around, on [-1, 1]; None where it is not known.
        formula: The function as text.
        noise: Standard deviation of the scatter, in the unit of y.
        low, high: Between which x are drawn.
        fixed: The points themselves, where there is no truth.
    """

    truth: Callable[[np.ndarray], np.ndarray] | None = None
    formula: str = ""
    noise: float = 0.0
    low: float = -1.0
    high: float = 1.0
    fixed: Points = ()

    def points(self, n: int, *, seed: int) -> Points:
        """n points, one in each of n cells of equal width, so that no draw leaves a part of the axis bare.

        Raises:
            ValueError: n is not in [0, MOST_POINTS].
        """
        if not 0 <= n <= MOST_POINTS:
            raise ValueError(f"n must be in [0, {MOST_POINTS}], got {n}")
        if self.truth is None:
            return self.fixed
        generator = np.random.default_rng(seed)
        shift, noise = generator.uniform(0.1, 0.9, MOST_POINTS)[:n], generator.normal(0.0, self.noise, MOST_POINTS)[:n]
        cells = (np.arange(n) + shift) / max(n, 1)
        x = np.round(self.low + (self.high - self.low) * cells, DIGITS)
        return rounded(zip(x, self.truth(x) + noise, strict=True))


def rounded(points: object) -> Points:
    """The points to `DIGITS` decimals, as plain numbers."""
    return tuple((round(float(x), DIGITS) + 0.0, round(float(y), DIGITS) + 0.0) for x, y in points)  # type: ignore[attr-defined]


def _sine(x: np.ndarray) -> np.ndarray:
    return np.sin(np.pi * x)


def _two_terms(x: np.ndarray) -> np.ndarray:
    return 0.5 * x - 0.5 * np.cos(4 * np.arccos(np.clip(x, -1, 1)))


def _line(x: np.ndarray) -> np.ndarray:
    return 0.8 * x


def _bell(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + 25 * x**2)


# Anscombe, Graphs in statistical analysis, The American Statistician 27:17, 1973, set III; as (x − 9)/5 and (y − 7.5)/3
_ANSCOMBE: Final = (
    (10, 7.46), (8, 6.77), (13, 12.74), (9, 7.11), (11, 7.81), (14, 8.84),
    (6, 6.08), (4, 5.39), (12, 8.15), (7, 6.42), (5, 5.73),
)  # fmt: skip

SAMPLES: Final[Mapping[str, Sample]] = MappingProxyType(
    {
        "Sine": Sample(_sine, "sin πx", 0.2),
        "Half a sine": Sample(_sine, "sin πx", 0.2, high=0.2),
        "Line": Sample(_line, "0.8 x", 0.2),
        "Two terms": Sample(_two_terms, "½ T₁ − ½ T₄", 0.2),
        "Runge’s bell": Sample(_bell, "1 / (1 + 25x²)", 0.02),
        "Anscombe III": Sample(fixed=rounded(((x - 9) / 5, (y - 7.5) / 3) for x, y in _ANSCOMBE)),
        "Empty sheet": Sample(),
    }
)


@lru_cache(maxsize=64)
def truth_weights(name: str, degree: int) -> tuple[float, ...]:
    """The coefficients w_0 to w_degree of a sample's true function, which is Σ_k w_k T_k(x) over all k.

    Source: Trefethen, Approximation Theory and Approximation Practice, 2013, ch. 4: the coefficients of the interpolant
    in 400 Chebyshev points, equal to those of the series up to rounding for these functions.
    """
    truth = SAMPLES[name].truth
    if truth is None:
        raise ValueError(f"the sample {name!r} has no known truth")
    angles = np.pi * (np.arange(400) + 0.5) / 400
    swings = np.cos(np.outer(np.arange(degree + 1), angles))  # (degree + 1, 400)
    weights = 2 * swings @ truth(np.cos(angles)) / 400
    weights[0] /= 2
    return tuple(weights.tolist())
