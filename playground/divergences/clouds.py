"""Pairs of clouds in the plane between which mass can be moved, and clouds of one's own as short texts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from playground.divergences.transport import Order, Plan, exact_plan, sinkhorn_plan

REACH: Final = 3.0  # the plane that is shown is [−REACH, REACH]²
MOST: Final = 60  # points of a cloud
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_STEPS: Final = len(_DIGITS) ** 2 - 1  # two digits a coordinate: steps of 0.005

DRAWN: Final = "Drawn"  # the name of clouds of one's own

Pair = tuple[np.ndarray, np.ndarray]  # two clouds, shapes (n, 2) and (m, 2)


@dataclass(frozen=True)
class Scene:
    """Two clouds: one of `PAIRS` by name, or two drawn ones as texts.

    Raises:
        ValueError: There is no such pair, or a text is not of points.
    """

    name: str
    drawn_p: str = ""
    drawn_q: str = ""

    def __post_init__(self) -> None:
        if self.name not in (*PAIRS, DRAWN):
            raise ValueError(f"name must be one of {(*PAIRS, DRAWN)}, got {self.name!r}")
        for text in (self.drawn_p, self.drawn_q):
            from_text(text)

    @cached_property
    def points(self) -> Pair:
        """The points of P, shape (n, 2), and of Q, shape (m, 2); drawn ones may be none."""
        return (from_text(self.drawn_p), from_text(self.drawn_q)) if self.name == DRAWN else PAIRS[self.name]()


@lru_cache(maxsize=64)
def cheapest(scene: Scene, order: Order) -> Plan:
    """The exact plan of a scene that has points."""
    return exact_plan(*scene.points, order)


@lru_cache(maxsize=256)
def blurred(scene: Scene, order: Order, epsilon: float, rounds: int) -> Plan:
    """Sinkhorn's plan of a scene that has points."""
    return sinkhorn_plan(*scene.points, order, epsilon, rounds=rounds)


def to_text(points: np.ndarray) -> str:
    """Points of the plane as text, four characters each; what lies outside is moved to the edge, NaN is left out."""
    inside = points[np.isfinite(points).all(1)][:MOST]
    steps = np.rint((np.clip(inside, -REACH, REACH) + REACH) / (2 * REACH) * _STEPS).astype(int).ravel()
    return "".join(_DIGITS[step // 36] + _DIGITS[step % 36] for step in steps)


def from_text(text: str) -> np.ndarray:
    """The points that `to_text` wrote, shape (n, 2), each coordinate right to 0.003.

    Raises:
        ValueError: It is not four digits or small letters a point, or more than `MOST` points.
    """
    strange = next((letter for letter in text if letter not in _DIGITS), None)
    if strange is not None or len(text) % 4 or len(text) > 4 * MOST:
        raise ValueError(f"four digits or letters a to z for each of at most {MOST} points")
    steps = np.array([int(text[i : i + 2], 36) for i in range(0, len(text), 2)], dtype=float)
    return (steps / _STEPS * 2 * REACH - REACH).reshape(-1, 2)


def _ring(n: int, radius: float, turn: float = 0.0) -> np.ndarray:
    angle = 2 * np.pi * (np.arange(n) + turn) / n
    return radius * np.stack([np.cos(angle), np.sin(angle)], 1)


def _blob(n: int, centre: tuple[float, float], sd: float, seed: int) -> np.ndarray:
    return np.array(centre) + sd * np.random.default_rng(seed).standard_normal((n, 2))


def _rings() -> Pair:
    return _ring(36, 1.0), _ring(36, 2.4, 0.5)


def _moons() -> Pair:
    angle = np.pi * (np.arange(36) + 0.5) / 36
    upper = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], 1)
    return 1.6 * upper, -1.6 * upper


def _split() -> Pair:
    hills = [_blob(18, centre, 0.35, seed) for seed, centre in enumerate([(1.6, 1.5), (1.6, -1.5)], start=1)]
    return _blob(36, (-1.7, 0.0), 0.45, 0), np.concatenate(hills)


def _grid_to_ring() -> Pair:
    line = np.linspace(-1.25, 1.25, 6)
    return np.stack(np.meshgrid(line, line), -1).reshape(-1, 2), _ring(36, 2.5, 0.25)


def _corners() -> Pair:
    """Two blobs on one diagonal, two on the other: both ways round cost about the same."""
    one = [_blob(16, centre, 0.35, seed) for seed, centre in enumerate([(-1.6, 1.6), (1.6, -1.6)])]
    other = [_blob(16, centre, 0.35, seed) for seed, centre in enumerate([(1.6, 1.6), (-1.6, -1.6)], start=2)]
    return np.concatenate(one), np.concatenate(other)


def _few_to_many() -> Pair:
    return _ring(5, 0.9, 0.1), _blob(32, (0.0, 0.0), 1.5, 4).clip(-2.9, 2.9)


def _scatter() -> Pair:
    return tuple(np.random.default_rng(seed).uniform(-2.7, 2.7, (40, 2)) for seed in (5, 6))  # type: ignore[return-value]


PAIRS: Final[dict[str, Callable[[], Pair]]] = {
    "Grid to ring": _grid_to_ring, "Ring to ring": _rings, "Moon to moon": _moons, "One to two": _split,
    "Corners": _corners, "Few to many": _few_to_many, "Scatter": _scatter,
}  # fmt: skip
