"""Layers in which one coordinate tells a network how the other one moves: couplings and autoregressive layers.

The Jacobian is triangular, so log|det| is a sum of log slopes.

Source: Dinh et al., 2017, arXiv:1605.08803 (affine coupling); Durkan et al., 2019, arXiv:1906.04032 (spline coupling);
Papamakarios et al., 2017, arXiv:1705.07057 (MAF); Kingma et al., 2016, arXiv:1606.04934 (IAF).
"""

import math
from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor, nn

from playground.flow.layers import Layer, Mapped
from playground.flow.networks import Perceptron
from playground.flow.splines import inverse_spline, knots, spline

STEEPEST: Final = 3.0  # of an affine layer's log scale, which tanh keeps below it


class Conditioner(nn.Module):
    """A multilayer perceptron of one coordinate, which may see it as sines and cosines as well.

    It says 0 at the start, so that the layer it drives starts as the identity.

    Args:
        waves: Frequencies k = 1..waves of sin(πk v / reach) and cos(πk v / reach).
    """

    def __init__(
        self, outputs: int, *, hidden: Sequence[int], generator: torch.Generator, waves: int = 0, reach: float = 4.0
    ) -> None:
        super().__init__()
        self.frequencies: Tensor
        self.register_buffer("frequencies", math.pi / reach * torch.arange(1, waves + 1), persistent=False)
        self.perceptron = Perceptron([1 + 2 * waves, *hidden, outputs], generator=generator, last=0.0)

    def forward(self, v: Tensor) -> Tensor:
        """What one coordinate, shape (n,), says about the other: shape (n, outputs)."""
        seen = v[:, None]
        if len(self.frequencies):
            turned = seen * self.frequencies
            seen = torch.cat([seen, turned.sin(), turned.cos()], -1)
        return self.perceptron(seen)


class AffineCoupling(Layer):
    """RealNVP: one coordinate stays; it says how the other is scaled and shifted.

    Args:
        kept: 0 or 1, the coordinate that stays.
    """

    def __init__(self, kept: int, conditioner: Conditioner) -> None:
        super().__init__()
        self.kept, self.conditioner = kept, conditioner

    def _move(self, stays: Tensor) -> tuple[Tensor, Tensor]:
        raw, shift = self.conditioner(stays).unbind(-1)
        return STEEPEST * torch.tanh(raw / STEEPEST), shift

    def forward(self, z: Tensor) -> Mapped:
        stays, moves = z[:, self.kept], z[:, 1 - self.kept]
        log_scale, shift = self._move(stays)
        return _joined(stays, moves * log_scale.exp() + shift, self.kept), log_scale

    def inverse(self, x: Tensor) -> Mapped:
        stays, moves = x[:, self.kept], x[:, 1 - self.kept]
        log_scale, shift = self._move(stays)
        return _joined(stays, (moves - shift) * (-log_scale).exp(), self.kept), -log_scale


class SplineCoupling(Layer):
    """NSF: one coordinate stays; it says along which monotone curve the other is moved, inside ±bound.

    The curve is that from data to base, because training goes this way and a curve is quicker than its inverse.
    """

    def __init__(self, kept: int, conditioner: Conditioner, *, bound: float) -> None:
        super().__init__()
        self.kept, self.conditioner, self.bound = kept, conditioner, bound

    def forward(self, z: Tensor) -> Mapped:
        stays = z[:, self.kept]
        moved, log_slope = inverse_spline(z[:, 1 - self.kept], knots(self.conditioner(stays), bound=self.bound))
        return _joined(stays, moved, self.kept), log_slope

    def inverse(self, x: Tensor) -> Mapped:
        stays = x[:, self.kept]
        moved, log_slope = spline(x[:, 1 - self.kept], knots(self.conditioner(stays), bound=self.bound))
        return _joined(stays, moved, self.kept), log_slope


class Autoregressive(Layer):
    """Affine, one coordinate after the other: the first by constants, the second by what the first says.

    Args:
        first: 0 or 1, the coordinate that goes first.
        inverse: False: MAF, where the first coordinate of x speaks, so that x to z is one pass. True: IAF, where that
            of z speaks, so that z to x is.
    """

    def __init__(self, first: int, conditioner: Conditioner, *, inverse: bool) -> None:
        super().__init__()
        self.first, self.conditioner, self.of_z = first, conditioner, inverse
        self.log_scale, self.shift = nn.Parameter(torch.zeros(())), nn.Parameter(torch.zeros(()))

    def _move(self, speaks: Tensor) -> tuple[Tensor, Tensor]:
        raw, shift = self.conditioner(speaks).unbind(-1)
        return STEEPEST * torch.tanh(raw / STEEPEST), shift

    def forward(self, z: Tensor) -> Mapped:
        z0, z1 = z[:, self.first], z[:, 1 - self.first]
        x0 = z0 * self.log_scale.exp() + self.shift
        log_scale, shift = self._move(z0 if self.of_z else x0)
        return _joined(x0, z1 * log_scale.exp() + shift, self.first), self.log_scale + log_scale

    def inverse(self, x: Tensor) -> Mapped:
        x0, x1 = x[:, self.first], x[:, 1 - self.first]
        z0 = (x0 - self.shift) * (-self.log_scale).exp()
        log_scale, shift = self._move(z0 if self.of_z else x0)
        return _joined(z0, (x1 - shift) * (-log_scale).exp(), self.first), -(self.log_scale + log_scale)


def _joined(kept: Tensor, moved: Tensor, place: int) -> Tensor:
    """Both coordinates again, `kept` at `place`: shape (n, 2)."""
    return torch.stack([kept, moved] if place == 0 else [moved, kept], -1)
