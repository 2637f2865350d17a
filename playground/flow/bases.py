"""What a flow starts from: densities of z that are simple to draw from, with their logarithms.

Source: Stimper, Schölkopf & Hernández-Lobato, Resampling Base Distributions of Normalizing Flows, 2022,
arXiv:2110.15828, §3, after Bauer & Mnih, 2019, arXiv:1810.11428 (resampled).
"""

import math
from abc import abstractmethod
from typing import Final

import torch
from torch import Tensor, nn

from playground.flow.networks import Perceptron

HALF: Final = 2.5  # of the square's side, z units
EDGE: Final = 0.05  # how softly the square ends, z units
TRIES: Final = 100  # of the resampled normal, before it takes what comes
NODES, REACH = 64, 5.5  # of the grid on which the mean acceptance is summed, along each axis; z units


class Base(nn.Module):
    """A density of z."""

    @abstractmethod
    def log_prob(self, z: Tensor) -> Tensor:
        """In nats, of rows (n, 2): shape (n,)."""

    @abstractmethod
    def sample(self, n: int, *, generator: torch.Generator) -> Tensor:
        """n independent rows, shape (n, 2)."""


class Normal(Base):
    """The standard normal."""

    def log_prob(self, z: Tensor) -> Tensor:
        return -0.5 * z.square().sum(-1) - math.log(math.tau)

    def sample(self, n: int, *, generator: torch.Generator) -> Tensor:
        return torch.randn(n, 2, generator=generator)


class Square(Base):
    """Uniform on a square whose edges fall off like a narrow Gaussian, so that no z is impossible.

    Along each axis the density is e^(-d² / 2 EDGE²) / (2 HALF + EDGE √(2π)), d the distance beyond ±HALF.
    """

    def log_prob(self, z: Tensor) -> Tensor:
        beyond = (z.abs() - HALF).clamp(min=0.0) / EDGE
        return -0.5 * beyond.square().sum(-1) - 2 * math.log(2 * HALF + EDGE * math.sqrt(math.tau))

    def sample(self, n: int, *, generator: torch.Generator) -> Tensor:
        inner, outer = 2 * HALF, EDGE * math.sqrt(math.tau)
        place = (torch.rand(n, 2, generator=generator) - 0.5) * inner
        fall = EDGE * torch.randn(n, 2, generator=generator)
        at_edge = torch.rand(n, 2, generator=generator) < outer / (inner + outer)
        return torch.where(at_edge, fall + HALF * fall.sign(), place)


class Mixture(Base):
    """Gaussians whose places, widths and weights are learned with the flow; they start on a circle.

    Args:
        count: How many.
    """

    def __init__(self, count: int) -> None:
        super().__init__()
        angle = math.tau * torch.arange(count) / count
        self.mean = nn.Parameter(1.5 * torch.stack([angle.cos(), angle.sin()], -1))
        self.log_sd = nn.Parameter(torch.full((count,), math.log(0.5)))
        self.logit = nn.Parameter(torch.zeros(count))

    def log_prob(self, z: Tensor) -> Tensor:
        squared = (z[:, None] - self.mean).square().sum(-1) * (-2 * self.log_sd).exp()  # (n, count)
        parts = self.logit.log_softmax(0) - 0.5 * squared - 2 * self.log_sd - math.log(math.tau)
        return parts.logsumexp(-1)

    def sample(self, n: int, *, generator: torch.Generator) -> Tensor:
        which = self.logit.softmax(0).multinomial(n, replacement=True, generator=generator)
        return self.mean[which] + self.log_sd.exp()[which, None] * torch.randn(n, 2, generator=generator)


class Resampled(Base):
    """A normal of which a learned a(z) in (0, 1) says how likely a draw is kept; the last of TRIES draws always is.

    p(z) = N(z) ((1 - α) a(z) / Z + α) with Z = E a(z) and α = (1 - Z)^(TRIES - 1). Z is a sum over a grid, not an
    average of samples.
    """

    def __init__(self, *, generator: torch.Generator, hidden: int = 48) -> None:
        super().__init__()
        self.perceptron = Perceptron([2, hidden, hidden, 1], generator=generator)
        line = torch.linspace(-REACH, REACH, NODES)
        weight = (-0.5 * torch.cartesian_prod(line, line).square().sum(-1)).exp()
        self.nodes: Tensor
        self.register_buffer("nodes", torch.cartesian_prod(line, line), persistent=False)
        self.weight: Tensor
        self.register_buffer("weight", weight / weight.sum(), persistent=False)

    def acceptance(self, z: Tensor) -> Tensor:
        """a(z), shape (n,)."""
        return torch.sigmoid(self.perceptron(z)[:, 0])

    def log_prob(self, z: Tensor) -> Tensor:
        mean = self.weight @ self.acceptance(self.nodes)
        left = (1 - mean) ** (TRIES - 1)
        kept = torch.log((1 - left) * self.acceptance(z) / mean + left)
        return kept - 0.5 * z.square().sum(-1) - math.log(math.tau)

    @torch.no_grad()
    def sample(self, n: int, *, generator: torch.Generator) -> Tensor:
        z = torch.randn(n, 2, generator=generator).to(self.nodes)
        waiting = torch.arange(n)
        for _ in range(TRIES - 1):
            refused = torch.rand(len(waiting), generator=generator) > self.acceptance(z[waiting]).cpu()
            waiting = waiting[refused]
            if not len(waiting):
                break
            z[waiting] = torch.randn(len(waiting), 2, generator=generator).to(self.nodes)
        return z
