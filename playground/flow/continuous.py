"""A continuous flow: x moves along a learned velocity, and log|det| grows by its divergence.

dx/dt = v(x, t) from z at t = 0 to x at t = 1; d log|det ∂x/∂z| / dt = tr ∂v/∂x, which in the plane is cheap to have
exactly: the two columns of the Jacobian are carried along through the network.

Source: Chen et al., Neural Ordinary Differential Equations, 2018, arXiv:1806.07366, §4; Lipman et al., Flow Matching
for Generative Modeling, 2023, arXiv:2210.02747, §3–4; Tong et al., 2024, arXiv:2302.00482, §3.3 (pairs by optimal
transport, batch by batch).
"""

import math
from typing import Final

import torch
from torch import Tensor, nn

from playground.flow.layers import Layer, Mapped
from playground.flow.networks import Perceptron
from playground.flow.ode import Method, Solution, solve

TURNS: Final = 4  # sines and cosines of 2π k t that v sees
BLOCK: Final = 128  # points paired at once; the cost of a pairing grows with the cube


class Velocity(nn.Module):
    """v(x, t): a perceptron of the place and of the time."""

    def __init__(self, *, hidden: int, depth: int, generator: torch.Generator) -> None:
        super().__init__()
        widths = [2 + 1 + 2 * TURNS, *[hidden] * depth, 2]
        self.perceptron = Perceptron(widths, generator=generator, last=0.1)  # it begins almost still

    def forward(self, x: Tensor, t: Tensor | float) -> Tensor:
        """Shape (n, 2); t is one time, or one for each row, shape (n,)."""
        return self.perceptron(_with_time(x, t))

    def with_divergence(self, x: Tensor, t: float) -> tuple[Tensor, Tensor]:
        """v, shape (n, 2), and ∂v₁/∂x₁ + ∂v₂/∂x₂, exactly, shape (n,)."""
        return self.perceptron.with_trace(_with_time(x, t))


class Continuous(Layer):
    """The flow from t = 0 to t = 1 as one layer.

    Args:
        method, steps: Of the solver, in both directions.
    """

    def __init__(self, velocity: Velocity, *, method: Method = "RK4", steps: int = 20) -> None:
        super().__init__()
        self.velocity, self.steps = velocity, steps
        self.method: Method = method

    def forward(self, z: Tensor) -> Mapped:
        return self._carried(z, 0.0, 1.0)

    def inverse(self, x: Tensor) -> Mapped:
        return self._carried(x, 1.0, 0.0)

    def way(self, z: Tensor, *, start: float = 0.0, end: float = 1.0) -> Solution:
        """Points and log|det| at every step of the solver: states of shape (steps + 1, n, 3)."""

        def change(state: Tensor, t: float) -> Tensor:
            v, divergence = self.velocity.with_divergence(state[:, :2], t)
            return torch.cat([v, divergence[:, None]], -1)

        state = torch.cat([z, torch.zeros_like(z[:, :1])], -1)
        return solve(change, state, start=start, end=end, method=self.method, steps=self.steps)

    def _carried(self, x: Tensor, start: float, end: float) -> Mapped:
        last = self.way(x, start=start, end=end).states[-1]
        return last[:, :2], last[:, 2]


def matching_loss(velocity: Velocity, z: Tensor, x: Tensor, t: Tensor) -> Tensor:
    """E |v(x_t, t) - (x - z)|² on the straight way x_t = (1 - t) z + t x: conditional flow matching.

    Args:
        z, x: Pairs of a base point and a data point, shape (n, 2) each.
        t: Shape (n,), in [0, 1].
    """
    between = torch.lerp(z, x, t[:, None])
    return (velocity(between, t) - (x - z)).square().sum(-1).mean()


def paired(z: Tensor, x: Tensor) -> Tensor:
    """x in another order: within every block of BLOCK rows, pairs with z whose ways are the shortest together."""
    from scipy.optimize import linear_sum_assignment

    order = []
    for first in range(0, len(x), BLOCK):
        cost = torch.cdist(z[first : first + BLOCK], x[first : first + BLOCK]).square()
        order.append(first + torch.as_tensor(linear_sum_assignment(cost.cpu().numpy())[1]))
    return x[torch.cat(order)]


def _with_time(x: Tensor, t: Tensor | float) -> Tensor:
    time = torch.as_tensor(t, dtype=x.dtype, device=x.device).expand(len(x))[:, None]
    turns = math.tau * torch.arange(1, TURNS + 1, dtype=x.dtype, device=x.device) * time
    return torch.cat([x, time, turns.sin(), turns.cos()], -1)
