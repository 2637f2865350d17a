"""A checkerboard: uniform on 8 of the 16 squares of side 2 that tile [-4, 4]².

Source: Grathwohl et al., FFJORD, arXiv 1810.01367 (their published code).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from playground.targets.base import Extent, Target, Value, choices, uniform

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Checkerboard(Target):
    """1/32 on the filled squares, whose column and row have an even sum; nothing elsewhere."""

    name: str = "checkerboard"
    parameters: tuple[tuple[str, Value], ...] = ()
    extent: Extent = (-5.0, 5.0, -5.0, 5.0)

    @property
    def entropy_nats(self) -> float:
        return log(32)

    @property
    def entropy_error(self) -> float:
        return 0.0

    def _draw(self, n: int, generator: Generator) -> Tensor:
        import torch

        column, pair = choices(n, 4, generator) - 2, choices(n, 2, generator) - 1  # -2 … 1, -1 … 0
        row = 2 * pair + column % 2
        return 2 * torch.stack([column + uniform(n, generator), row + uniform(n, generator)], 1)

    def _log_density(self, x: Tensor) -> Tensor:
        """The squares are closed: a sample that rounding puts on an edge still lies in its square."""
        import torch

        above, below = (x / 2).floor(), (x / 2).ceil() - 1  # the squares on either side; one and the same off the edges
        filled = torch.zeros(len(x), dtype=torch.bool, device=x.device)
        for column in (above[:, 0], below[:, 0]):
            for row in (above[:, 1], below[:, 1]):
                inside = (column >= -2) & (column <= 1) & (row >= -2) & (row <= 1)
                filled |= inside & ((column + row) % 2 == 0)
        return torch.full_like(x[:, 0], -log(32)).where(filled, -torch.inf)
