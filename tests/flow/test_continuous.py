"""The continuous flow: exact divergence, there and back, and the two ways to train it."""

import itertools

import pytest
import torch

from playground.flow.continuous import BLOCK, Continuous, Velocity, matching_loss, paired


def dice(seed):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def velocity():
    v = Velocity(hidden=12, depth=2, generator=dice(0)).double()
    with torch.no_grad():
        for parameter in v.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=dice(1), dtype=torch.float64))
    return v


def points(n=20):
    return torch.randn(n, 2, generator=dice(2), dtype=torch.float64)


def test_the_divergence_is_that_of_autograd(velocity):
    x = points()
    v, divergence = velocity.with_divergence(x, 0.37)
    torch.testing.assert_close(v, velocity(x, 0.37), atol=1e-12, rtol=0)
    exact = torch.stack(
        [torch.autograd.functional.jacobian(lambda p: velocity(p[None], 0.37)[0], p).trace() for p in x]
    )
    torch.testing.assert_close(divergence, exact, atol=1e-10, rtol=0)


def test_times_of_each_row_are_as_good_as_one_time(velocity):
    x = points()
    torch.testing.assert_close(velocity(x, torch.full((20,), 0.6, dtype=torch.float64)), velocity(x, 0.6))


@pytest.mark.parametrize(("method", "bound"), [("RK4", 1e-6), ("adaptive", 1e-3)])
def test_there_and_back_is_the_identity_and_stretches_cancel(velocity, method, bound):
    layer, z = Continuous(velocity, method=method, steps=60), points()
    with torch.no_grad():
        x, stretched = layer(z)
        back, squeezed = layer.inverse(x)
    assert (x - z).abs().max() > 0.05
    torch.testing.assert_close(back, z, atol=bound, rtol=0)
    torch.testing.assert_close(squeezed, -stretched, atol=bound, rtol=0)


def test_the_stretch_of_area_is_that_of_the_jacobian_of_the_whole_way(velocity):
    layer, z = Continuous(velocity, steps=80), points(4)
    exact = torch.stack([torch.autograd.functional.jacobian(lambda p: layer(p[None])[0][0], p) for p in z])
    torch.testing.assert_close(layer(z)[1], exact.det().log(), atol=1e-7, rtol=0)


def test_the_matching_loss_is_its_definition(velocity):
    z, x, t = points(), points() + 1, torch.rand(20, generator=dice(3), dtype=torch.float64)
    rows = [velocity(((1 - s) * a + s * b)[None], float(s))[0] - (b - a) for a, b, s in zip(z, x, t, strict=True)]
    assert matching_loss(velocity, z, x, t).item() == pytest.approx(torch.stack(rows).square().sum(-1).mean().item())


def test_a_pairing_is_the_cheapest_of_all_orders():
    z, x = points(6), points(6).flip(0) * 2
    costs = [(z - x[list(order)]).square().sum().item() for order in itertools.permutations(range(6))]
    assert (z - paired(z, x)).square().sum().item() == pytest.approx(min(costs))


def test_a_pairing_only_changes_the_order_within_blocks():
    n = BLOCK + 50
    z, x = torch.randn(n, 2, generator=dice(4)), torch.randn(n, 2, generator=dice(5))
    found = paired(z, x)
    for part in (slice(0, BLOCK), slice(BLOCK, n)):
        assert sorted(map(tuple, found[part].tolist())) == sorted(map(tuple, x[part].tolist()))
