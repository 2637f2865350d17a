"""The layers of a flow: maps of the plane that can be undone, and whose stretch of area is known exactly.

Every layer maps z to x (`forward`, the direction of sampling) and x back to z (`inverse`, the direction of
normalising), and gives with it the logarithm of how much the map stretches area there: log|det ∂x/∂z|, log|det ∂z/∂x|.
Points are rows, shape (n, 2); logarithms have shape (n,).

Here are those without a network; `playground.flow.couplings` has the others.

Source: Rezende & Mohamed, 2015, arXiv:1505.05770, §4.1 (planar, radial); Kingma & Dhariwal, 2018, arXiv:1807.03039, §3
(ActNorm, invertible mixing).
"""

import math
from abc import abstractmethod
from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor, nn

HALVINGS: Final = 60  # of an interval, until its ends are neighbours in float64

Mapped = tuple[Tensor, Tensor]  # points (n, 2) and log|det| (n,)


class Layer(nn.Module):
    """A map of the plane and its inverse."""

    @abstractmethod
    def forward(self, z: Tensor) -> Mapped:
        """x, and log|det ∂x/∂z|."""

    @abstractmethod
    def inverse(self, x: Tensor) -> Mapped:
        """z, and log|det ∂z/∂x|."""


class Affine(Layer):
    """x = A z + b with A = L U: L lower with ones, U upper; det A is the product of U's diagonal.

    Args:
        matrix: A at the start, shape (2, 2); no pivot may be 0.
        shift: Whether there is b; without it this is Glow's invertible mixing of two channels.
    """

    def __init__(self, matrix: Tensor, *, shift: bool = True) -> None:
        super().__init__()
        (a, b), (c, d) = matrix.tolist()
        pivot = d - b * c / a if a else 0.0
        if not (a and pivot):
            raise ValueError(f"matrix must have pivots other than 0, got {matrix.tolist()}")
        self.lower, self.upper = nn.Parameter(torch.tensor(c / a)), nn.Parameter(torch.tensor(b))
        self.log_diagonal = nn.Parameter(torch.tensor([math.log(abs(a)), math.log(abs(pivot))]))
        self.sign: Tensor
        self.register_buffer("sign", torch.tensor([math.copysign(1.0, a), math.copysign(1.0, pivot)]))
        self.shift = nn.Parameter(torch.zeros(2)) if shift else None

    def matrix(self) -> Tensor:
        """A, shape (2, 2)."""
        one, two = self.sign * self.log_diagonal.exp()
        return torch.stack(
            [torch.stack([one, self.upper]), torch.stack([self.lower * one, self.lower * self.upper + two])]
        )

    def forward(self, z: Tensor) -> Mapped:
        x = z @ self.matrix().T
        return x if self.shift is None else x + self.shift, self.log_diagonal.sum().expand(len(z))

    def inverse(self, x: Tensor) -> Mapped:
        y = x if self.shift is None else x - self.shift
        one, two = self.sign * self.log_diagonal.exp()
        below = (y[:, 1] - self.lower * y[:, 0]) / two  # L first, then U
        z = torch.stack([(y[:, 0] - self.upper * below) / one, below], -1)
        return z, -self.log_diagonal.sum().expand(len(x))


def mixing(angle: float) -> Affine:
    """Glow's invertible mixing, which starts as a rotation by `angle`, in radians."""
    c, s = math.cos(angle), math.sin(angle)
    return Affine(torch.tensor([[c, -s], [s, c]]), shift=False)


class ActNorm(Layer):
    """x = e^s z + b for each coordinate; `fit` makes z of mean 0 and variance 1 for a first batch of x."""

    def __init__(self) -> None:
        super().__init__()
        self.log_scale, self.shift = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2))

    @torch.no_grad()
    def fit(self, x: Tensor) -> None:
        """Set scale and shift by the data."""
        self.log_scale.copy_(x.std(0, correction=0).clamp(min=1e-6).log())
        self.shift.copy_(x.mean(0))

    def forward(self, z: Tensor) -> Mapped:
        return z * self.log_scale.exp() + self.shift, self.log_scale.sum().expand(len(z))

    def inverse(self, x: Tensor) -> Mapped:
        return (x - self.shift) * (-self.log_scale).exp(), -self.log_scale.sum().expand(len(x))


class Planar(Layer):
    """z = x + û tanh(wᵀx + b): a push along û, strongest across a line.

    It is the way from data to base that has the formula, since training goes this way; x of a given z is found along û
    by halving an interval. wᵀû > -1 keeps the map one to one.
    """

    def __init__(self, *, generator: torch.Generator) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.randn(2, generator=generator))
        self.u = nn.Parameter(0.1 * torch.randn(2, generator=generator))
        self.b = nn.Parameter(torch.zeros(()))

    def _push(self) -> tuple[Tensor, Tensor]:
        """û, and wᵀû > -1."""
        along = self.w @ self.u
        wanted = F.softplus(along) - 1
        return self.u + (wanted - along) * self.w / self.w.square().sum().clamp(min=1e-12), wanted

    def inverse(self, x: Tensor) -> Mapped:
        push, along = self._push()
        bent = torch.tanh(x @ self.w + self.b)
        return x + bent[:, None] * push, torch.log1p(along * (1 - bent**2))

    def forward(self, z: Tensor) -> Mapped:
        push, along = self._push()
        goal = z @ self.w
        with torch.no_grad():  # wᵀz = s + wᵀû tanh(s + b) grows with s = wᵀx
            low, high = goal - along.abs(), goal + along.abs()
            for _ in range(HALVINGS):
                middle = (low + high) / 2
                above = middle + along * torch.tanh(middle + self.b) > goal
                low, high = torch.where(above, low, middle), torch.where(above, middle, high)
        bent = torch.tanh((low + high) / 2 + self.b)
        return z - bent[:, None] * push, -torch.log1p(along * (1 - bent**2))


class Radial(Layer):
    """z = x + β (x - c) / (α + |x - c|): a pull towards the centre c, or away from it; its inverse is a square root.

    α > 0, and β > -α keeps the map one to one.
    """

    def __init__(self, *, generator: torch.Generator) -> None:
        super().__init__()
        self.centre = nn.Parameter(torch.randn(2, generator=generator))
        self.raw_alpha, self.raw_beta = nn.Parameter(torch.zeros(())), nn.Parameter(torch.zeros(()))

    def _pull(self) -> tuple[Tensor, Tensor]:
        """α and β; both raw numbers 0 give β = 0, the identity."""
        alpha = F.softplus(self.raw_alpha)
        return alpha, alpha * (F.softplus(self.raw_beta) / math.log(2.0) - 1)

    def _log_det(self, r: Tensor) -> Tensor:
        """Of x to z at the distance r from the centre: stretch across the ray, and along it."""
        alpha, beta = self._pull()
        across = 1 + beta / (alpha + r)
        return across.log() + (1 + beta * alpha / (alpha + r) ** 2).log()

    def inverse(self, x: Tensor) -> Mapped:
        alpha, beta = self._pull()
        away = x - self.centre
        r = away.square().sum(-1).clamp(min=1e-30).sqrt()
        return x + (beta / (alpha + r))[:, None] * away, self._log_det(r)

    def forward(self, z: Tensor) -> Mapped:
        alpha, beta = self._pull()
        away = z - self.centre
        far = away.square().sum(-1).clamp(min=1e-30).sqrt()
        half = (far - alpha - beta) / 2
        root = (half**2 + alpha * far).sqrt()
        # r² + (α + β - R) r - α R = 0; the form without cancellation
        r = torch.where(half > 0, half + root, alpha * far / (root - half))
        return self.centre + (r / far)[:, None] * away, -self._log_det(r)
