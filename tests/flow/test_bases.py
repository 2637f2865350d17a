"""The densities a flow starts from: mass 1, and draws that follow them."""

import numpy as np
import pytest
import torch
from scipy import stats

from playground.flow.bases import EDGE, HALF, Mixture, Normal, Resampled, Square


def dice(seed):
    return torch.Generator().manual_seed(seed)


def shaken(base, by):
    """`base` as it may look after training."""
    with torch.no_grad():
        for parameter in base.parameters():
            parameter.add_(by * torch.randn(parameter.shape, generator=dice(1)))
    return base.double()


BASES = {
    "normal": Normal,
    "square": Square,
    "mixture": lambda: shaken(Mixture(5), 0.3),
    "resampled": lambda: shaken(Resampled(generator=dice(0)), 0.4),
}
each_base = pytest.mark.parametrize("name", BASES)


@pytest.fixture(scope="module")
def grid():
    line = torch.linspace(-8, 8, 801, dtype=torch.float64)
    return torch.cartesian_prod(line, line), 0.02**2


@each_base
def test_its_mass_is_one(name, grid):
    points, area = grid
    with torch.no_grad():
        mass = BASES[name]().log_prob(points).exp().sum() * area
    assert mass.item() == pytest.approx(1, abs=1e-3)


@each_base
def test_its_draws_follow_its_density(name, grid):
    base, (points, area) = BASES[name](), grid
    with torch.no_grad():
        density = base.log_prob(points).exp().reshape(801, 801)
        drawn = base.sample(20_000, generator=dice(3)).numpy()
    line = points[:801, 1].numpy()
    for axis in (0, 1):
        rises = np.cumsum(density.sum(1 - axis).numpy()) * area
        assert stats.kstest(drawn[:, axis], lambda v, rises=rises: np.interp(v, line, rises)).pvalue > 1e-3
    # and together: the share in every quarter of the plane
    for across in (-1, 1):
        for up in (-1, 1):
            quarter = ((points * torch.tensor([across, up])) > 0).all(1)
            share = density.reshape(-1)[quarter].sum().item() * area
            assert ((drawn * [across, up]) > 0).all(1).mean() == pytest.approx(share, abs=0.02)


def test_the_resampled_base_is_no_normal():
    base = BASES["resampled"]()
    z = torch.randn(50, 2, generator=dice(5), dtype=torch.float64)
    assert (base.log_prob(z) - Normal().log_prob(z)).abs().max() > 0.1


def test_the_square_ends_softly_but_ends():
    inside, edge, outside = (
        Square()
        .log_prob(torch.tensor([[0.0, 0.0], [HALF + EDGE, 0.0], [HALF + 10 * EDGE, 0.0]], dtype=torch.float64))
        .tolist()
    )
    assert edge == pytest.approx(inside - 0.5)
    assert outside == pytest.approx(inside - 50)


@each_base
def test_equal_dice_give_equal_draws(name):
    base = BASES[name]()
    assert torch.equal(base.sample(50, generator=dice(2)), base.sample(50, generator=dice(2)))
