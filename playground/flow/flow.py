"""A flow: a base and layers, with log p, samples, and the way of a point through the layers.

log p(x) = log p_base(z) + Σ log|det ∂z_k/∂z_{k+1}|, z = f₁⁻¹(… f_K⁻¹(x)).

Source: Papamakarios et al., Normalizing Flows for Probabilistic Modeling and Inference, 2021, arXiv:1912.02762, §2.
"""

from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from playground.flow.bases import Base, Mixture, Normal, Resampled, Square
from playground.flow.config import FlowConfig
from playground.flow.continuous import Continuous, Velocity
from playground.flow.couplings import AffineCoupling, Autoregressive, Conditioner, SplineCoupling
from playground.flow.layers import ActNorm, Layer, Planar, Radial, mixing

BOUND = 4.0  # of a spline's square, standard deviations of the data


class Passage(NamedTuple):
    """The way of n points through K layers.

    Attributes:
        points: Before the first layer and after each, shape (K + 1, n, 2).
        log_det: Of the area's stretch so far, shape (K + 1, n); the first row is 0.
    """

    points: Tensor
    log_det: Tensor


class Flow(nn.Module):
    """Layers over a base.

    Args:
        base: Of z.
        steps: From z to x.
    """

    def __init__(self, base: Base, steps: Iterable[Layer]) -> None:
        super().__init__()
        self.base, self.steps = base, nn.ModuleList(steps)

    def forward(self, x: Tensor) -> Tensor:
        """log p(x) in nats, shape (n, 2) -> (n,)."""
        z, squeezed = x, torch.zeros_like(x[:, 0])
        for layer in reversed(self.steps):
            z, log_det = layer.inverse(z)  # type: ignore[operator]
            squeezed = squeezed + log_det
        return self.base.log_prob(z) + squeezed

    log_prob = forward

    def sample(self, n: int, *, generator: torch.Generator) -> Tensor:
        """n independent points, shape (n, 2)."""
        with torch.no_grad():
            return self.layers(self.base.sample(n, generator=generator)).points[-1]

    def layers(self, z: Tensor) -> Passage:
        """Where the points z, shape (n, 2), are after every layer on the way to x."""
        points, log_dets = [z], [torch.zeros_like(z[:, 0])]
        for layer in self.steps:
            moved, log_det = layer(points[-1])
            points.append(moved)
            log_dets.append(log_dets[-1] + log_det)
        return Passage(torch.stack(points), torch.stack(log_dets))

    def normalising(self, x: Tensor) -> Passage:
        """Where the points x are before every layer, on the way back to z; log|det| as it adds up this way."""
        points, log_dets = [x], [torch.zeros_like(x[:, 0])]
        for layer in reversed(self.steps):
            moved, log_det = layer.inverse(points[-1])  # type: ignore[operator]
            points.append(moved)
            log_dets.append(log_dets[-1] + log_det)
        return Passage(torch.stack(points), torch.stack(log_dets))


def build(config: FlowConfig, data: Tensor, *, generator: torch.Generator) -> Flow:
    """The flow of `config` before training; its last layer standardises the data, shape (n, 2)."""
    scale = ActNorm()
    scale.fit(data)
    return Flow(_base(config, generator), [*_layers(config, generator), scale])


def _base(config: FlowConfig, generator: torch.Generator) -> Base:
    if config.base == "mixture":
        return Mixture(config.components)
    if config.base == "resampled":
        return Resampled(generator=generator)
    return Square() if config.base == "square" else Normal()


def _layers(config: FlowConfig, generator: torch.Generator) -> list[Layer]:
    if config.architecture in ("continuous", "flow matching"):
        velocity = Velocity(hidden=config.hidden, depth=config.layers, generator=generator)
        return [Continuous(velocity, steps=config.solver_steps)]
    built: list[Layer] = []
    for k in range(config.layers):
        built.append(_layer(config, k % 2, generator))
        if config.mixing and k < config.layers - 1:
            angle = 2 * torch.pi * torch.rand((), generator=generator).item()
            built.append(mixing(angle))
    return built


def _layer(config: FlowConfig, kept: int, generator: torch.Generator) -> Layer:
    if config.architecture == "planar":
        return Planar(generator=generator)
    if config.architecture == "radial":
        return Radial(generator=generator)
    outputs = 3 * config.bins - 1 if config.architecture == "spline" else 2
    conditioner = Conditioner(
        outputs, hidden=(config.hidden, config.hidden), generator=generator, waves=config.waves, reach=BOUND
    )
    if config.architecture == "spline":
        return SplineCoupling(kept, conditioner, bound=BOUND)
    if config.architecture == "RealNVP":
        return AffineCoupling(kept, conditioner)
    return Autoregressive(kept, conditioner, inverse=config.architecture == "IAF")
