"""Multilayer perceptrons of S games at once; their weights lie in one flat vector, so an update is a few operations.

S games are independent; a batched matrix product trains them side by side at little more than the cost of one.
"""

import itertools
import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from playground.gan.config import Activation

Parameters = Sequence[Tensor]  # weight (S, inputs, outputs) and bias (S, 1, outputs) of every layer, in turn


class Network:
    """The weights of S perceptrons of one shape.

    Args:
        widths: Inputs, hidden layers, outputs.
        generators: Of each game's first weights: Kaiming normal (the last layer 1/√fan-in), zero biases.
        offset: Added to the last bias.
    """

    def __init__(
        self,
        widths: Sequence[int],
        activation: Activation,
        *,
        generators: Sequence[torch.Generator],
        device: torch.device,
        gain: float = 1.0,
        offset: float = 0.0,
    ) -> None:
        self.activation: Activation = activation
        games, layers = len(generators), list(itertools.pairwise(widths))
        shapes = [shape for i, o in layers for shape in ((games, i, o), (games, 1, o))]
        self.flat = torch.zeros(sum(map(math.prod, shapes)), device=device)
        self.parameters = [
            part.view(shape).detach().requires_grad_()
            for part, shape in zip(self.flat.split([math.prod(s) for s in shapes]), shapes, strict=True)
        ]
        with torch.no_grad():
            for k, (i, o) in enumerate(layers):
                std = gain * (1.0 if k == len(layers) - 1 else math.sqrt(2.0)) / math.sqrt(i)
                drawn = torch.stack([torch.randn(i, o, generator=generator) for generator in generators])
                self.parameters[2 * k].copy_(std * drawn)
            self.parameters[-1].add_(offset)

    def __call__(self, x: Tensor) -> Tensor:
        """The outputs for x, (S, n, inputs)."""
        return forward(self.parameters, x, self.activation)


def forward(parameters: Parameters, x: Tensor, activation: Activation) -> Tensor:
    """The outputs, (S, n, outputs), of perceptrons with these parameters for x, (S, n, inputs)."""
    last = len(parameters) // 2 - 1
    for k in range(last + 1):
        weight, bias = parameters[2 * k], parameters[2 * k + 1]
        if weight.shape[-1] == 1 < len(x):  # many products with one column each are many times slower as such
            x = torch.linalg.vecdot(x, weight.mT)[..., None] + bias
        else:
            x = torch.baddbmm(bias, x, weight)  # (S, n, outputs)
        if k < last:
            x = _bend(x, activation)
    return x


def _bend(x: Tensor, activation: Activation) -> Tensor:
    if activation == "tanh":
        return torch.tanh(x)
    return F.relu(x) if activation == "ReLU" else F.leaky_relu(x, 0.2)


def judged(x: Tensor, *, pack: int, batch_std: bool) -> Tensor:
    """What D is shown of the batches x, (…, n, 2): `pack` samples at once, and the spread of the batch beside them.

    Returns:
        Shape (…, n / pack, 2 pack), or twice as wide with the standard deviation of each column.
    """
    packs = x.reshape(*x.shape[:-2], x.shape[-2] // pack, 2 * pack)
    if not batch_std:
        return packs
    spread = (packs.var(-2, keepdim=True, correction=0) + 1e-8).sqrt()  # the root has no slope at 0
    return torch.cat([packs, spread.expand_as(packs)], -1)


class SpectralNorm:
    """Every weight divided by its largest singular value, which one power iteration an update keeps up with.

    Source: Miyato et al., 2018, arXiv:1802.05957, Algorithm 1.
    """

    def __init__(self, parameters: Parameters, *, generators: Sequence[torch.Generator]) -> None:
        self.left = [
            F.normalize(torch.stack([torch.randn(w.shape[1], generator=g) for g in generators]), dim=1).to(w.device)
            for w in parameters[::2]
        ]

    def turn(self, parameters: Parameters) -> None:
        """One power iteration for every weight."""
        with torch.no_grad():
            for u, weight in zip(self.left, parameters[::2], strict=True):
                u.copy_(F.normalize(torch.einsum("sio,so->si", weight, self._right(u, weight)), dim=1))

    def __call__(self, parameters: Parameters) -> list[Tensor]:
        """The parameters with normalised weights; differentiable in them."""
        found = list(parameters)
        for k, u in enumerate(self.left):
            weight = parameters[2 * k]  # (S, inputs, outputs)
            v = self._right(u, weight.detach())
            found[2 * k] = weight / torch.einsum("si,sio,so->s", u, weight, v)[:, None, None]
        return found

    @staticmethod
    def _right(left: Tensor, weight: Tensor) -> Tensor:
        return F.normalize(torch.einsum("sio,si->so", weight, left), dim=1)
