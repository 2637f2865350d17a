"""What every two-dimensional target is: a density to sample, to evaluate, to draw on fixed axes and to write as JSON.

A target is a frozen value: hashable, picklable and equal to `target(**t.describe())`, so that a run can carry it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from playground.targets.recorded import ENTROPY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike
    from torch import Generator, Tensor, dtype

LARGEST = 100.0  # of a coordinate, in data units
SMALLEST = 0.01  # of a radius or step, in data units
FLOAT32_STEPS = 256  # that a standard deviation must span, so that rounding stays below half a percent of it
PAIRS_AT_ONCE = 2**18  # of points and nodes: 2 MiB in float64, which a core's cache holds

Place = tuple[float, float]
Value = int | float | tuple[Place, ...]
Extent = tuple[float, float, float, float]


class Modes(NamedTuple):
    """Where the mass sits.

    Attributes:
        centres: Shape (k, 2), data units.
        sigma: Standard deviation of each mode along each axis, data units.
    """

    centres: np.ndarray
    sigma: float


@dataclass(frozen=True)
class Target(ABC):
    """A density over the plane.

    Attributes:
        name: As `target` takes it.
        parameters: What `target` takes beside the name, as pairs.
        extent: x_min, x_max, y_min, y_max of a square that holds all but 1e-3 of the mass; the same for every picture.
    """

    name: str
    parameters: tuple[tuple[str, Value], ...]
    extent: Extent

    @property
    def modes(self) -> Modes | None:
        """The Gaussians that the target consists of; None where it does not."""
        return None

    @property
    def entropy_nats(self) -> float:
        """H = -E[log p(x)], in nats: no model's mean negative log-likelihood can be lower."""
        return ENTROPY[self.name].nats

    @property
    def entropy_error(self) -> float:
        """What `entropy_nats` may be off by, in nats; 0 for a closed form."""
        return ENTROPY[self.name].error

    def describe(self) -> dict[str, object]:
        """Name and parameters as plain JSON; `target(**t.describe()) == t`."""
        listed = {key: [list(place) for place in v] if isinstance(v, tuple) else v for key, v in self.parameters}
        return {"name": self.name, **listed}

    def sample(self, n: int, *, generator: Generator, dtype: dtype | None = None) -> Tensor:
        """n independent points, shape (n, 2), float32 unless `dtype` says otherwise; equal for equal generators.

        They are drawn in float64 on the generator's device, so that both precisions see the same points.
        """
        import torch

        return self._draw(whole(n, "n", low=1), generator).to(dtype or torch.float32)

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x) in nats, computed in float64 and returned in the precision of x; differentiable.

        Args:
            x: Shape (..., 2), data units.
        Returns:
            Shape (...); -inf where there is no mass at all.
        """
        import torch

        if x.shape[-1:] != (2,):
            raise ValueError(f"x must have shape (..., 2), got {tuple(x.shape)}")
        rows = x.double().reshape(-1, 2)
        parts = [self._log_density(part) for part in rows.split(max(1, PAIRS_AT_ONCE // self._nodes))]
        return torch.cat(parts).reshape(x.shape[:-1]).to(x.dtype if x.is_floating_point() else torch.float64)

    @property
    def _nodes(self) -> int:
        """With how many places a point is compared."""
        return 1

    @abstractmethod
    def _draw(self, n: int, generator: Generator) -> Tensor:
        """n points, float64, shape (n, 2)."""

    @abstractmethod
    def _log_density(self, x: Tensor) -> Tensor:
        """log p(x) of x, float64, shape (n, 2) -> (n,)."""


def uniform(n: int, generator: Generator) -> Tensor:
    """float64 in [0, 1), shape (n,)."""
    import torch

    return torch.rand(n, dtype=torch.float64, generator=generator, device=generator.device)


def noise(n: int, generator: Generator) -> Tensor:
    """Standard normal, float64, shape (n, 2)."""
    import torch

    return torch.randn(n, 2, dtype=torch.float64, generator=generator, device=generator.device)


def choices(n: int, k: int, generator: Generator) -> Tensor:
    """Whole numbers in [0, k), each as likely as the other, shape (n,)."""
    import torch

    return torch.randint(k, (n,), generator=generator, device=generator.device)


def square(half: float, middle: Place = (0.0, 0.0)) -> Extent:
    """A square around `middle` that reaches at least `half` to each side, its edges rounded to two digits of `half`."""
    digits = 1 - int(np.floor(np.log10(half)))
    digit = 10.0**-digits
    x, y = round(middle[0], digits), round(middle[1], digits)
    half = np.ceil((half + abs(middle[0] - x) + abs(middle[1] - y)) / digit - 1e-9) * digit
    return (
        round(float(x - half), digits),
        round(float(x + half), digits),
        round(float(y - half), digits),
        round(float(y + half), digits),
    )


def whole(value: object, name: str, *, low: int, high: int | None = None) -> int:
    """The value as int, if it is a whole number in [low, high]."""
    legal = f"in [{low}, {high}]" if high is not None else f"of at least {low}"
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < low or (high and value > high):
        raise ValueError(f"{name} must be a whole number {legal}, got {value!r}")
    return int(value)


def number(value: object, name: str, *, low: float, high: float) -> float:
    """The value as float, if it is a number in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not low <= value <= high:
        raise ValueError(f"{name} must be a number in [{low:g}, {high:g}], got {value!r}")
    return float(value)


def places(points: ArrayLike | Sequence[Sequence[float]], name: str) -> tuple[Place, ...]:
    """The points as pairs of floats, if they are pairs of finite numbers in [-LARGEST, LARGEST]."""
    try:
        found = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.zeros(1)  # no pairs either
    if found.size == 0:  # nothing was clicked or drawn
        return ()
    if found.ndim != 2 or found.shape[-1] != 2:
        raise ValueError(f"{name} must be pairs of numbers, shape (k, 2), got {_short(points)}")
    pairs = [(float(found[i, 0]), float(found[i, 1])) for i in range(len(found))]
    for x, y in pairs:
        if not (isfinite(x) and isfinite(y) and max(abs(x), abs(y)) <= LARGEST):
            raise ValueError(f"{name} must lie in [-{LARGEST:g}, {LARGEST:g}], got ({x:g}, {y:g})")
    return tuple(pairs)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
