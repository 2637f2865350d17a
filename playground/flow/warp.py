"""A trained flow taken apart: a cloud, a grid and the density after every layer, and how much area was stretched.

Source: Papamakarios et al., 2021, arXiv:1912.02762, §2.1–2.2 (change of variables; layers compose).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from playground.flow.continuous import Continuous
from playground.flow.flow import Flow, Passage
from playground.movie import Extent

CLOUD: Final = 2_000
NODES: Final = 56  # of the maps along each axis
LINES, PER_LINE, GRID_REACH = 17, 65, 3.2  # of the grid that is bent; z units


@dataclass(frozen=True, eq=False)
class Warp:
    """Arrays for K layers; the first row of each is before the first layer.

    Attributes:
        names: Of the stages, K + 1.
        cloud: Shape (K + 1, CLOUD, 2).
        lines: A grid of z, shape (K + 1, 2 LINES, PER_LINE, 2).
        log_density: Of the points after each layer, on a grid over the extent, shape (K + 1, NODES, NODES), nats.
        log_stretch: log|det| of the layers so far, at the places of that grid, same shape.
        extent: x0, x1, y0, y1 of the maps.
        round_trip: The largest distance of a point of the cloud from itself after there and back, data units.
    """

    names: list[str]
    cloud: np.ndarray
    lines: np.ndarray
    log_density: np.ndarray
    log_stretch: np.ndarray
    extent: Extent
    round_trip: float


def warp(flow: Flow, extent: Extent, *, seed: int = 0) -> Warp:
    """The flow, stage by stage, over that extent."""
    generator = torch.Generator().manual_seed(seed)
    z = flow.base.sample(CLOUD, generator=generator)
    with torch.no_grad():
        cloud, lines = staged(flow, z).points, staged(flow, _grid().view(-1, 2)).points
        density, stretch = _maps(flow, extent, stages=len(cloud))
        back = flow.layers(flow.normalising(cloud[-1]).points[-1]).points[-1]
    return Warp(
        stage_names(flow),
        cloud.numpy(),
        lines.view(len(lines), 2 * LINES, PER_LINE, 2).numpy(),
        density,
        stretch,
        extent,
        float((back - cloud[-1]).norm(dim=-1).max()),
    )


def staged(flow: Flow, z: Tensor) -> Passage:
    """`Flow.layers`, with a continuous layer taken apart into the steps of its solver."""
    points, log_dets = [z[None]], [torch.zeros_like(z[None, :, 0])]
    for layer in flow.steps:
        if isinstance(layer, Continuous):
            states = layer.way(points[-1][-1]).states[1:]
            moved, log_det = states[..., :2], states[..., 2]
        else:
            one, stretched = layer(points[-1][-1])
            moved, log_det = one[None], stretched[None]
        log_dets.append(log_dets[-1][-1] + log_det)
        points.append(moved)
    return Passage(torch.cat(points), torch.cat(log_dets))


def stage_names(flow: Flow) -> list[str]:
    """What each stage is called, K + 1."""
    names = ["base"]
    for layer in flow.steps:
        steps = layer.steps if isinstance(layer, Continuous) else 1
        names += [type(layer).__name__] * steps
    return names


def _grid() -> Tensor:
    """Straight lines across and up, shape (2 LINES, PER_LINE, 2)."""
    at, along = torch.linspace(-GRID_REACH, GRID_REACH, LINES), torch.linspace(-GRID_REACH, GRID_REACH, PER_LINE)
    across, up = torch.meshgrid(at, along, indexing="ij")
    return torch.cat([torch.stack([up, across], -1), torch.stack([across, up], -1)])


def _maps(flow: Flow, extent: Extent, *, stages: int) -> tuple[np.ndarray, np.ndarray]:
    """log q and log|det| after each stage, on the grid: every place is carried back to z, exactly."""
    x0, x1, y0, y1 = extent
    x, y = torch.linspace(x0, x1, NODES), torch.linspace(y0, y1, NODES)
    places = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1).view(-1, 2)
    density, stretch = [flow.base.log_prob(places)], [torch.zeros(len(places))]
    for stage in range(1, stages):
        z, squeezed = _back(flow, places, stage)
        density.append(flow.base.log_prob(z) + squeezed)
        stretch.append(-squeezed)
    shape = (stages, NODES, NODES)
    return torch.stack(density).view(shape).numpy(), torch.stack(stretch).view(shape).numpy()


def _back(flow: Flow, x: Tensor, stage: int) -> tuple[Tensor, Tensor]:
    """From after that stage to z, and log|det| of that way."""
    steps: list[tuple[torch.nn.Module, float]] = []  # layers up to the stage; of a continuous one, until which time
    for layer in flow.steps:
        inside = layer.steps if isinstance(layer, Continuous) else 1
        if stage <= 0:
            break
        steps.append((layer, min(stage, inside) / inside))
        stage -= inside
    z, squeezed = x, torch.zeros_like(x[:, 0])
    for layer, until in reversed(steps):
        if isinstance(layer, Continuous):
            state = layer.way(z, start=until, end=0.0).states[-1]
            z, log_det = state[:, :2], state[:, 2]
        else:
            z, log_det = layer.inverse(z)  # type: ignore[operator]
        squeezed = squeezed + log_det
    return z, squeezed
