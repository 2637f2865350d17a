"""What the two players of a GAN pay, from D's raw outputs a on real samples and on fakes.

Where D(x) is a probability, it is sigmoid(a). D descends `discriminator_loss`, G descends `generator_loss`; both are
means over the last axis, so that a batch of games gives a loss each.

Source: Goodfellow et al., 2014, arXiv:1406.2661 (minimax, non-saturating); Goodfellow, 2016, arXiv:1701.00160, §3.2.5
(maximum likelihood); Mao et al., 2017, arXiv:1611.04076 (least squares); Lim & Ye, 2017, arXiv:1705.02894 (hinge);
Arjovsky et al., 2017, arXiv:1701.07875 (Wasserstein); Nowozin et al., 2016, arXiv:1606.00709, Tables 2 and 6 (f-GAN).
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from playground.gan.config import Loss

# f-GAN: the activation g_f of the last layer, and the conjugate f* of the divergence's generator f
F_GAN: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]] = {
    "f: KL": (lambda a: a, lambda t: torch.exp(t - 1)),
    "f: reverse KL": (lambda a: -torch.exp(-a), lambda t: -1 - torch.log(-t)),
    "f: JS": (lambda a: math.log(2) - F.softplus(-a), lambda t: -torch.log(2 - torch.exp(t))),
    "f: Pearson": (lambda a: a, lambda t: t * t / 4 + t),
}


def discriminator_loss(loss: Loss, real: Tensor, fake: Tensor) -> Tensor:
    """What D pays for its outputs on real samples and on fakes, (…, n) each; shape (…)."""
    if loss in F_GAN:
        g, conjugate = F_GAN[loss]
        return (conjugate(g(fake)) - g(real)).mean(-1)
    if loss == "least squares":
        return ((real - 1) ** 2 + fake**2).mean(-1) / 2
    if loss == "hinge":
        return (F.relu(1 - real) + F.relu(1 + fake)).mean(-1)
    if loss == "Wasserstein":
        return (fake - real).mean(-1)
    return (F.softplus(-real) + F.softplus(fake)).mean(-1)  # -E[log D(x)] - E[log(1 - D(G(z)))]


def generator_loss(loss: Loss, fake: Tensor) -> Tensor:
    """What G pays for D's outputs on its fakes, (…, n); shape (…)."""
    if loss in F_GAN:
        g, conjugate = F_GAN[loss]
        return -conjugate(g(fake)).mean(-1)
    if loss == "minimax":
        return -F.softplus(fake).mean(-1)  # E[log(1 - D)]
    if loss == "non-saturating":
        return F.softplus(-fake).mean(-1)  # -E[log D]
    if loss == "maximum likelihood":
        return -torch.exp(fake).mean(-1)
    if loss == "least squares":
        return ((fake - 1) ** 2).mean(-1) / 2
    return -fake.mean(-1)  # hinge, Wasserstein


def value(real: Tensor, fake: Tensor) -> Tensor:
    """V(D, G) = E[log D(x)] + E[log(1 - D(G(z)))], in nats; -log 4 where D cannot tell."""
    return -(F.softplus(-real) + F.softplus(fake)).mean(-1)
