"""The picture of a warp: a frame for every stage, fixed scales, and a probe whose way grows."""

import numpy as np
import pytest
import torch

from playground.flow import FlowConfig, trained
from playground.flow.charts import warp as charts
from playground.flow.warp import staged, warp

CONFIG = FlowConfig(layers=2, hidden=8, bins=4, waves=0, steps=3, every=3, batch=32)


@pytest.fixture(scope="module")
def flow():
    return trained(CONFIG, device=torch.device("cpu"))


def test_every_stage_is_a_frame_and_the_scales_stand_still(flow):
    movie = charts.movie(warp(flow, (-4.0, 4.0, -4.0, 4.0)))
    assert list(movie.times) == [0, 1, 2, 3]  # base, two couplings, the scale of the data
    density, stretch = movie.panels[0].layers[0], movie.panels[1].layers[0]
    assert density.lo == density.hi - charts.RANGE
    assert np.nanmax(density.z) <= density.hi
    assert stretch.lo == -stretch.hi
    assert movie.encode()


def test_the_way_of_a_probe_grows_with_the_layers(flow):
    z = torch.tensor([[0.3, -0.4]])
    probe = staged(flow, z).points[:, 0].detach().numpy()
    movie = charts.movie(warp(flow, (-4.0, 4.0, -4.0, 4.0)), probe=probe)
    way, dot = movie.panels[0].layers[-2:]
    assert [int(np.isfinite(frame[0, :, 0]).sum()) for frame in way.xy] == [1, 2, 3, 4]
    np.testing.assert_array_equal(dot.xy[:, 0], probe)


def test_dots_are_grouped_by_the_angle_at_which_they_start(flow):
    found = warp(flow, (-4.0, 4.0, -4.0, 4.0))
    dots = charts.movie(found).panels[0].layers[2]
    turned = np.degrees(np.arctan2(found.cloud[0, :, 1], found.cloud[0, :, 0])) + 180
    assert {(int(g), int(a // 60)) for g, a in zip(dots.group, turned, strict=True)} == {(k, k) for k in range(6)}
