"""Every layer in float64: there and back is the identity, and log|det| is that of autograd's Jacobian."""

import math

import pytest
import torch

from playground.flow.couplings import AffineCoupling, Autoregressive, Conditioner, SplineCoupling
from playground.flow.layers import ActNorm, Affine, Planar, Radial, mixing

BOUND = 3.0


def dice(seed):
    return torch.Generator().manual_seed(seed)


def conditioner(outputs, seed, waves):
    return Conditioner(outputs, hidden=(16, 16), generator=dice(seed), waves=waves, reach=BOUND)


def make(name, seed):
    built = {
        "affine": lambda: Affine(torch.tensor([[1.5, -0.4], [0.7, -2.0]])),
        "mixing": lambda: mixing(2.0),
        "actnorm": ActNorm,
        "planar": lambda: Planar(generator=dice(seed)),
        "radial": lambda: Radial(generator=dice(seed)),
        "affine coupling": lambda: AffineCoupling(seed % 2, conditioner(2, seed, 0)),
        "spline coupling": lambda: SplineCoupling(seed % 2, conditioner(3 * 6 - 1, seed, 3), bound=BOUND),
        "MAF": lambda: Autoregressive(seed % 2, conditioner(2, seed, 2), inverse=False),
        "IAF": lambda: Autoregressive(seed % 2, conditioner(2, seed, 2), inverse=True),
    }[name]().double()
    with torch.no_grad():  # away from the identity that training starts from
        for parameter in built.parameters():
            parameter.add_(0.7 * torch.randn(parameter.shape, generator=dice(seed + 100), dtype=torch.float64))
    return built


NAMES = ["affine", "mixing", "actnorm", "planar", "radial", "affine coupling", "spline coupling", "MAF", "IAF"]
each_layer = pytest.mark.parametrize(("name", "seed"), [(name, seed) for name in NAMES for seed in range(3)])


def points(seed):
    near = 2 * torch.randn(60, 2, generator=dice(seed), dtype=torch.float64)
    return torch.cat([near, torch.tensor([[0.0, 0.0], [BOUND, -BOUND], [9.0, -11.0], [-BOUND, 0.3]]).double()])


def jacobian(function, x):
    return torch.stack([torch.autograd.functional.jacobian(lambda v: function(v[None])[0][0], row) for row in x])


@each_layer
def test_there_and_back_is_the_identity(name, seed):
    layer, z = make(name, seed), points(seed)
    x, stretched = layer(z)
    back, squeezed = layer.inverse(x)
    assert (x - z).abs().max() > 0.05
    torch.testing.assert_close(back, z, atol=1e-9, rtol=0)
    torch.testing.assert_close(squeezed, -stretched, atol=1e-9, rtol=0)
    x = points(seed + 7)
    torch.testing.assert_close(layer(layer.inverse(x)[0])[0], x, atol=1e-9, rtol=0)


@each_layer
def test_the_stretch_of_area_is_that_of_autograds_jacobian(name, seed):
    layer, x = make(name, seed), points(seed)[:60]  # at the very edge of a spline's square its bend has two sides
    expected = jacobian(layer.inverse, x).det().abs().log()
    torch.testing.assert_close(layer.inverse(x)[1], expected, atol=1e-9, rtol=0)
    if name != "planar":  # its way from z to x is found by halving, which has no derivative
        expected = jacobian(layer.forward, x).det().abs().log()
        torch.testing.assert_close(layer(x)[1], expected, atol=1e-9, rtol=0)


def test_a_spline_layer_is_the_identity_beyond_its_bound():
    layer = make("spline coupling", 0)
    far = torch.tensor([[0.4, 3.5], [-0.2, -8.0]], dtype=torch.float64)
    x, stretched = layer.inverse(far)
    assert torch.equal(x, far)
    assert torch.equal(stretched, torch.zeros(2, dtype=torch.float64))


@pytest.mark.parametrize("name", ["actnorm", "affine coupling", "spline coupling", "MAF", "IAF"])
def test_training_starts_at_the_identity(name):
    layers = {
        "actnorm": ActNorm,
        "affine coupling": lambda: AffineCoupling(0, conditioner(2, 0, 0)),
        "spline coupling": lambda: SplineCoupling(0, conditioner(17, 0, 3), bound=BOUND),
        "MAF": lambda: Autoregressive(0, conditioner(2, 0, 0), inverse=False),
        "IAF": lambda: Autoregressive(0, conditioner(2, 0, 0), inverse=True),
    }
    x = points(0)
    z, squeezed = layers[name]().double().inverse(x)
    torch.testing.assert_close(z, x, atol=1e-9, rtol=0)
    torch.testing.assert_close(squeezed, torch.zeros_like(squeezed), atol=1e-9, rtol=0)


def test_actnorm_standardises_its_first_batch():
    layer, x = ActNorm().double(), 3 * points(1) + torch.tensor([5.0, -2.0])
    layer.fit(x)
    z, _ = layer.inverse(x)
    torch.testing.assert_close(z.mean(0), torch.zeros(2, dtype=torch.float64), atol=1e-6, rtol=0)
    torch.testing.assert_close(z.var(0, correction=0), torch.ones(2, dtype=torch.float64), atol=1e-6, rtol=0)


def test_an_affine_layer_has_the_matrix_it_was_given():
    wanted = torch.tensor([[1.5, -0.4], [0.7, -2.0]])
    torch.testing.assert_close(Affine(wanted).matrix(), wanted)
    with pytest.raises(ValueError, match="pivots"):
        Affine(torch.tensor([[1.0, 2.0], [2.0, 4.0]]))


def test_mixing_begins_as_a_rotation_which_keeps_area():
    layer = mixing(math.pi / 3)
    x, stretched = layer(torch.tensor([[1.0, 0.0]]))
    torch.testing.assert_close(x, torch.tensor([[0.5, math.sqrt(0.75)]]))
    torch.testing.assert_close(stretched, torch.zeros(1), atol=1e-6, rtol=0)
