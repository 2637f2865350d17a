"""What D's output says: for each loss, the output that pays best is read as p / (p + q)."""

from typing import get_args

import numpy as np
import pytest
import torch

from playground.gan.config import GanConfig, Loss
from playground.gan.losses import discriminator_loss, value
from playground.gan.reading import LOG_4, PLAYS_V, chance_real, plays_v, sigmoid, tells_chance

LOSSES = get_args(Loss)
TELLING = [loss for loss in LOSSES if loss not in ("hinge", "Wasserstein")]


def paid(loss, raw, share):
    """What D pays at one place that has `share` of its mass from the data, by its output there."""
    raw, zero = torch.as_tensor(raw, dtype=torch.float64)[..., None], torch.zeros(1, dtype=torch.float64)
    # a loss is the sum of what real samples cost and what fakes cost
    both = discriminator_loss(loss, zero, zero)
    at_real, at_fake = discriminator_loss(loss, raw, zero) - both, discriminator_loss(loss, zero, raw) - both
    return share * at_real + (1 - share) * at_fake


@pytest.mark.parametrize("loss", TELLING)
@pytest.mark.parametrize("share", [0.1, 0.35, 0.5, 0.8])
def test_the_output_that_pays_best_is_read_as_the_share_of_real_samples(loss, share):
    raw = np.linspace(-8, 8, 160_001)
    if loss == "f: Pearson":  # its best output, 2 (p/q - 1), is never below -2
        raw = np.linspace(-2, 8, 160_001)
    best = raw[int(paid(loss, raw, share).argmin())]
    assert chance_real(loss, np.array([best]))[0] == pytest.approx(share, abs=2e-4)


@pytest.mark.parametrize("loss", ["hinge", "Wasserstein"])
def test_losses_that_say_less_are_not_read_as_a_chance(loss):
    assert chance_real(loss, np.zeros(3)) is None
    assert not tells_chance(GanConfig(loss=loss))


@pytest.mark.parametrize("loss", TELLING)
def test_a_reading_is_a_chance_whatever_comes_and_rises_with_the_output(loss):
    found = chance_real(loss, np.array([-1e4, -30.0, -1.0, 0.0, 0.5, 2.0, 30.0, 1e4]))
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) >= 0).all()
    assert np.isnan(chance_real(loss, np.array([np.nan])))[0]


@pytest.mark.parametrize("loss", PLAYS_V)
def test_a_d_that_plays_v_loses_minus_v(loss):
    real, fake = (torch.randn(64, generator=torch.Generator().manual_seed(k)).double() for k in (1, 2))
    shift = LOG_4 if loss == "f: JS" else 0.0
    expected = -value(real, fake).item() - shift
    assert discriminator_loss(loss, real, fake).item() == pytest.approx(expected)


def test_packs_and_spreads_are_not_one_sample_at_a_time():
    assert tells_chance(GanConfig())
    assert plays_v(GanConfig())
    for other in (GanConfig(pack=2), GanConfig(batch_std=True)):
        assert not tells_chance(other)
        assert not plays_v(other)
    assert tells_chance(GanConfig(loss="least squares"))
    assert not plays_v(GanConfig(loss="least squares"))


def test_the_sigmoid_overflows_nowhere():
    np.testing.assert_allclose(sigmoid(np.array([-1e5, 0.0, np.log(3.0), 1e5])), [0, 0.5, 0.75, 1])
