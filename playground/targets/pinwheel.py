"""A pinwheel: five elongated Gaussians, each wound up by a turn that grows with its long axis.

A point (a, b) with a ~ N(1, radial_sd²), b ~ N(0, tangential_sd²) is turned clockwise by its arm's angle plus
rate · exp(a), and doubled. The turn keeps the radius, so to invert it is to find one angle: that of (a, b) before it.

Source: Johnson et al., Composing graphical models with neural networks, arXiv 1603.06277 (pinwheel data); Grathwohl et
al., FFJORD, arXiv 1810.01367 (the five arms and numbers of their published code).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi, tau
from typing import TYPE_CHECKING, ClassVar

from playground.targets.base import Extent, Target, Value, choices, noise

if TYPE_CHECKING:
    from torch import Generator, Tensor

FARTHEST = (
    6.0  # radius before doubling, 17 radial_sd out: beyond it the turn, which grows like exp, stays what it is there
)


@dataclass(frozen=True)
class Pinwheel(Target):
    """Five wound arms.

    With ψ the angle of (a, b), ρ its radius and φ the angle that is seen, every arm solves
    ψ - rate · exp(ρ cos ψ) ≡ φ modulo a fifth of a turn. The left side grows with ψ wherever a point is at all likely;
    where it falls (b below -4 exp(-a), 1e-8 of the mass) and beyond, its roots are left out.
    """

    name: str = "pinwheel"
    parameters: tuple[tuple[str, Value], ...] = ()
    extent: Extent = (-4.5, 4.5, -4.5, 4.5)

    arms: ClassVar[int] = 5
    radial_sd: ClassVar[float] = 0.3
    tangential_sd: ClassVar[float] = 0.1
    rate: ClassVar[float] = 0.25
    slots: ClassVar[int] = 8  # roots looked for: all five where arms meet, elsewhere those nearest to ψ = 0

    @property
    def _nodes(self) -> int:
        return self.slots

    def _draw(self, n: int, generator: Generator) -> Tensor:
        import torch

        arm = choices(n, self.arms, generator)
        sd = torch.tensor([self.radial_sd, self.tangential_sd], dtype=torch.float64, device=generator.device)
        a, b = (sd * noise(n, generator) + torch.tensor([1.0, 0.0], device=generator.device)).unbind(1)
        return self._turned(a, b, arm)

    def _turned(self, a: Tensor, b: Tensor, arm: Tensor) -> Tensor:
        """Where (a, b) of an arm ends up, shape (n, 2)."""
        import torch

        turn = tau / self.arms * arm + self.rate * a.exp()
        return 2 * torch.stack([a * turn.cos() + b * turn.sin(), b * turn.cos() - a * turn.sin()], 1)

    def _log_density(self, x: Tensor) -> Tensor:
        import torch

        rho, phi = x.norm(dim=1)[:, None] / 2, torch.atan2(x[:, 1], x[:, 0])[:, None]
        wound = rho.clamp(max=FARTHEST)
        wanted = phi + tau / self.arms * self._slots(wound.detach(), phi.detach())  # (n, slots)
        psi, found = self._roots(wound.detach(), wanted.detach())
        # a Newton step more, which also carries the derivatives with respect to x through the implicit function
        rise = 1 + self.rate * wound * psi.sin() * torch.exp(wound * psi.cos())
        psi = psi - (self._seen(psi, wound) - wanted) / rise.detach().clamp(min=1e-9)
        a, b = rho * psi.cos(), rho * psi.sin()
        # |det| of the turn; it is 0 only where the left side stops growing
        det = (1 + self.rate * wound * psi.sin() * torch.exp(wound * psi.cos())).clamp(min=1e-9)
        squared = ((a - 1) / self.radial_sd).square() + (b / self.tangential_sd).square()
        log_p = torch.where(found, -squared / 2 - det.log(), -torch.inf)
        return torch.logsumexp(log_p, 1) - log(self.arms * 4 * tau * self.radial_sd * self.tangential_sd)

    def _seen(self, psi: Tensor, rho: Tensor) -> Tensor:
        """ψ - rate · exp(ρ cos ψ): the angle that arm 0 shows for ψ."""
        return psi - self.rate * (rho * psi.cos()).exp()

    def _slots(self, rho: Tensor, phi: Tensor) -> Tensor:
        """The whole numbers j for which φ + j · τ/arms is nearest to what ψ = 0 shows, three below and five above."""
        import torch

        around = torch.arange(-3, self.slots - 3, device=rho.device)
        return ((-self.rate * rho.exp() - phi) * self.arms / tau).ceil() + around

    def _roots(self, rho: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
        """ψ in (fold, π] that shows each wanted angle, and whether there is one: shape (n, slots) each."""
        import torch

        fold = self._fold(rho)
        top = torch.full_like(fold, pi)
        found = (wanted > self._seen(fold, rho)) & (wanted <= self._seen(top, rho))
        right = wanted >= -self.rate * rho.exp()
        low, high = torch.where(right, 0.0, fold), torch.where(right, top, 0.0)
        psi = (low + high) / 2
        for _ in range(60):
            grown = (rho * psi.cos()).exp() * self.rate
            miss = psi - grown - wanted
            low, high = torch.where(miss < 0, psi, low), torch.where(miss < 0, high, psi)
            newton = psi - miss / (1 + rho * psi.sin() * grown)
            inside = (newton > low) & (newton < high)
            step = torch.where(inside, newton, (low + high) / 2) - psi
            psi = psi + step
            if (step.abs() < 1e-12).all():
                break
        return psi, found

    def _fold(self, rho: Tensor) -> Tensor:
        """The ψ in [-π, 0) below which the left side no longer grows towards 0; -π where it always does."""
        import torch

        steepest = torch.acos(2 * rho / (1 + (1 + 4 * rho.square()).sqrt()))  # where ρ sin ψ exp(ρ cos ψ) is largest
        low, high = torch.zeros_like(rho), steepest
        for _ in range(50):
            middle = (low + high) / 2
            below = self.rate * rho * middle.sin() * (rho * middle.cos()).exp() < 1
            low, high = torch.where(below, middle, low), torch.where(below, high, middle)
        folds = self.rate * rho * steepest.sin() * (rho * steepest.cos()).exp() > 1
        return torch.where(folds, -low, -pi)
