"""The perceptrons inside layers, bases and velocities: linear steps with SiLU between them."""

import itertools
import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Perceptron(nn.Module):
    """Linear steps with SiLU between them, drawn from a generator of the caller's.

    Args:
        widths: Inputs, hidden layers, outputs.
        last: Factor on the last step's first weights; its biases are 0. With 0 it says nothing at the start.
    """

    def __init__(self, widths: Sequence[int], *, generator: torch.Generator, last: float = 1.0) -> None:
        super().__init__()
        self.steps: list[nn.Linear] = [nn.Linear(i, o) for i, o in itertools.pairwise(widths)]
        with torch.no_grad():
            for step in self.steps:
                bound = 1 / math.sqrt(step.in_features)
                step.weight.uniform_(-bound, bound, generator=generator)
                step.bias.uniform_(-bound, bound, generator=generator)
            self.steps[-1].weight.mul_(last)
            self.steps[-1].bias.zero_()
        self.layers = nn.ModuleList(self.steps)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (n, inputs) -> (n, outputs)."""
        x = self.steps[0](x)
        for step in self.steps[1:]:
            x = step(F.silu(x))
        return x

    def with_trace(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The outputs y, shape (n, outputs), and ∂y₁/∂x₁ + ∂y₂/∂x₂, exactly, shape (n,)."""
        first = self.steps[0]
        columns = first.weight[:, :2].T[None]  # ∂/∂x₁ and ∂/∂x₂ of the first step, (1, 2, width)
        x = first(x)
        for step in self.steps[1:]:
            sigmoid = torch.sigmoid(x)
            bent = x * sigmoid
            columns = (columns * (sigmoid + bent * (1 - sigmoid))[:, None]) @ step.weight.T
            x = step(bent)
        return x, columns[:, 0, 0] + columns[:, 1, 1]
