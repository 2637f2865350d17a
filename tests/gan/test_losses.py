"""Every loss against its definition, written with probabilities and expectations instead of stable logs."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate
from scipy.stats import norm

from playground.gan.losses import F_GAN, discriminator_loss, generator_loss, value

REAL = torch.tensor([[-1.7, 0.2, 0.9, 2.4], [0.1, -0.3, 0.0, 1.0]], dtype=torch.float64)
FAKE = torch.tensor([[0.6, -2.1, -0.4, 1.3], [-1.0, 0.5, 0.3, -0.2]], dtype=torch.float64)


def log_d(a):
    return torch.log(1 / (1 + torch.exp(-a)))


def log_not_d(a):
    return torch.log(1 - 1 / (1 + torch.exp(-a)))


DEFINED = {
    "minimax": (lambda r, f: -log_d(r) - log_not_d(f), log_not_d),
    "non-saturating": (lambda r, f: -log_d(r) - log_not_d(f), lambda f: -log_d(f)),
    "maximum likelihood": (lambda r, f: -log_d(r) - log_not_d(f), lambda f: -torch.exp(f)),
    "least squares": (lambda r, f: 0.5 * (r - 1) ** 2 + 0.5 * f**2, lambda f: 0.5 * (f - 1) ** 2),
    "hinge": (lambda r, f: torch.clamp(1 - r, min=0) + torch.clamp(1 + f, min=0), lambda f: -f),
    "Wasserstein": (lambda r, f: f - r, lambda f: -f),
}


@pytest.mark.parametrize("loss", DEFINED)
def test_losses_are_means_of_their_definitions(loss):
    d, g = DEFINED[loss]
    torch.testing.assert_close(discriminator_loss(loss, REAL, FAKE), d(REAL, FAKE).mean(-1), rtol=1e-12, atol=0)
    torch.testing.assert_close(generator_loss(loss, FAKE), g(FAKE).mean(-1), rtol=1e-12, atol=0)


def test_without_an_opinion_the_value_is_minus_log_four():
    torch.testing.assert_close(value(torch.zeros(5), torch.zeros(5)), torch.tensor(-math.log(4)))
    torch.testing.assert_close(value(REAL, FAKE), (log_d(REAL) + log_not_d(FAKE)).mean(-1))


GENERATORS = {  # f(u) of the divergence D_f(P‖Q) = E_q f(p/q)
    "f: KL": lambda u: u * np.log(u),
    "f: reverse KL": lambda u: -np.log(u),
    "f: JS": lambda u: u * np.log(u) - (u + 1) * np.log((u + 1) / 2),  # twice the Jensen-Shannon divergence
    "f: Pearson": lambda u: (u - 1) ** 2,
}
BEST = {  # the raw output at which D is best, from the ratio u = p/q: g_f(a) = f'(u)
    "f: KL": lambda u: np.log(u) + 1,
    "f: reverse KL": np.log,
    "f: JS": np.log,
    "f: Pearson": lambda u: 2 * (u - 1),
}


@pytest.mark.parametrize("loss", F_GAN)
def test_the_best_d_of_an_f_gan_reaches_the_divergence(loss):
    p, q = norm(0.3, 0.8), norm(0.0, 1.0)

    def gain(x):  # of the best D at x, by the loss: E_p g(a) - E_q f*(g(a))
        a = torch.tensor([BEST[loss](p.pdf(x) / q.pdf(x))], dtype=torch.float64)
        zero = torch.zeros(1, dtype=torch.float64)
        at_fake = discriminator_loss(loss, zero, a) - discriminator_loss(loss, zero, zero)
        at_real = discriminator_loss(loss, a, zero) - discriminator_loss(loss, zero, zero)
        constant = float(discriminator_loss(loss, zero, zero))
        return -float(p.pdf(x) * at_real + q.pdf(x) * at_fake) - 0.5 * (p.pdf(x) + q.pdf(x)) * constant

    reached, _ = integrate.quad(gain, -6, 6, epsabs=1e-9)
    truth, _ = integrate.quad(lambda x: q.pdf(x) * GENERATORS[loss](p.pdf(x) / q.pdf(x)), -6, 6, epsabs=1e-9)
    assert reached == pytest.approx(truth, abs=1e-6)


@pytest.mark.parametrize("loss", F_GAN)
def test_no_d_of_an_f_gan_beats_the_best(loss):
    ratio = 1.7
    best = torch.tensor([BEST[loss](ratio)], dtype=torch.float64)

    def gain(a):  # with p = 1.7 q at one place
        zero = torch.zeros_like(a)
        base = discriminator_loss(loss, zero, zero)
        return -(ratio * (discriminator_loss(loss, a, zero) - base) + discriminator_loss(loss, zero, a) - base)

    for shift in (-0.2, -0.01, 0.01, 0.2):
        assert gain(best + shift) < gain(best)
