"""A flow taken apart: the stages are those of the layers, and the maps belong to the points."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.flow import FlowConfig, trained
from playground.flow.warp import CLOUD, LINES, NODES, PER_LINE, stage_names, staged, warp

SMALL = FlowConfig(layers=3, hidden=12, bins=5, waves=2, steps=30, every=30, batch=64, solver_steps=5, rate=5e-3)
EXTENT = (-4.0, 4.0, -4.0, 4.0)


@pytest.fixture(scope="module", params=["spline", "planar", "continuous"])
def flow(request):
    return trained(replace(SMALL, architecture=request.param), device=torch.device("cpu"))


def test_the_stages_are_those_of_the_layers(flow):
    z = flow.base.sample(50, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        way, ends = staged(flow, z), flow.layers(z)
    assert len(way.points) == len(stage_names(flow))
    torch.testing.assert_close(way.points[-1], ends.points[-1], atol=1e-6, rtol=0)
    torch.testing.assert_close(way.log_det[-1], ends.log_det[-1], atol=1e-5, rtol=0)


def test_the_last_map_is_the_flows_density_and_the_first_the_bases(flow):
    found = warp(flow, EXTENT)
    line = torch.linspace(-4, 4, NODES)
    places = torch.stack(torch.meshgrid(line, line, indexing="xy"), -1).view(-1, 2)
    with torch.no_grad():
        last, first = flow.log_prob(places), flow.base.log_prob(places)
    np.testing.assert_allclose(found.log_density[-1].ravel(), last.numpy(), atol=1e-3)
    np.testing.assert_allclose(found.log_density[0].ravel(), first.numpy(), atol=1e-6)


def test_the_density_has_mass_one_after_every_layer_and_nothing_is_stretched_before_the_first(flow):
    found = warp(flow, (-9.0, 9.0, -9.0, 9.0))
    for stage in range(len(found.names)):
        mass = np.exp(found.log_density[stage].astype(float)).sum() * (18 / (NODES - 1)) ** 2
        assert mass == pytest.approx(1, abs=0.03), stage
    assert not found.log_stretch[0].any()


def test_shapes_and_the_round_trip(flow):
    found = warp(flow, EXTENT)
    stages = len(found.names)
    assert found.cloud.shape == (stages, CLOUD, 2)
    assert found.lines.shape == (stages, 2 * LINES, PER_LINE, 2)
    assert found.log_density.shape == found.log_stretch.shape == (stages, NODES, NODES)
    assert 0 <= found.round_trip < 1e-2
