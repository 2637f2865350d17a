"""The other side of transport: a critic f that never rises faster than 1 and tells P from Q as loudly as it can.

Kantorovich & Rubinstein: W₁(P, Q) = max over 1-Lipschitz f of E_P f − E_Q f. Here are the best critic exactly, on a
line and in the plane, and critics that a small network learns, kept from being too steep by clipped weights or by a
penalty.

Source: Peyré & Cuturi, 2019, arXiv:1803.00567, §6.1; Arjovsky, Chintala & Bottou, Wasserstein GAN, 2017,
arXiv:1701.07875, §3 (clipping); Gulrajani et al., Improved Training of Wasserstein GANs, 2017, arXiv:1704.00028, §3
and §4 (penalty).
"""

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from playground.divergences.shapes import Shape
from playground.divergences.transport import prices
from playground.runs import Config, Range, Snapshot, due, freeze

if TYPE_CHECKING:
    import torch

Way = Literal["clip", "penalty"]
LEAK: Final = 0.2  # slope of a unit that is off
TAIL: Final = 1e-3  # mass on either side of P and of Q that no critic is asked about
_LEVELS: Final = (np.arange(4096) + 0.5) / 4096  # of the quantiles that training draws from
_AT_THE_WALL: Final = 0.999  # share of the clip that counts as clipped; float32 is coarser than equality


def places(p: Shape, q: Shape, count: int = 801) -> np.ndarray:
    """Where critics of p and q are asked, ascending, shape (count,): all but `TAIL` of each on either side."""
    ends = np.array([shape.quantile([TAIL, 1 - TAIL]) for shape in (p, q)])
    return np.linspace(ends.min(), ends.max(), count)


# -- exactly


def exact_critic(p: Shape, q: Shape, x: np.ndarray) -> np.ndarray:
    """The best critic on a line, at ascending x, shape (k,), with f(x[0]) = 0.

    E_p f − E_q f = ∫ f' (F_q − F_p) dx, by parts; so the best slope is +1 where F_q > F_p, and −1 where F_q < F_p.
    """
    gap = q.cdf(x) - p.cdf(x)
    left, right = gap[:-1], gap[1:]
    turns = left * right < 0
    # the share of the cell before the turn has the sign of its left end
    before = np.divide(left, left - right, where=turns, out=np.ones_like(left))
    slope = np.where(turns, np.sign(left) * (2 * before - 1), np.sign(left + right))
    return np.append(0.0, np.cumsum(slope * np.diff(x)))


def advantage(f: np.ndarray, x: np.ndarray, p: Shape, q: Shape) -> float:
    """E_p f − E_q f of the critic that joins f at ascending x by straight lines and is level beyond them; exact."""
    wider = (q.cdf_integral(x) - p.cdf_integral(x)).astype(float)
    return float((np.diff(f.astype(float)) / np.diff(x)) @ np.diff(wider))


def steepest(f: np.ndarray, x: np.ndarray) -> float:
    """The Lipschitz constant of the same critic: its largest slope, up or down."""
    return float(np.abs(np.diff(f.astype(float)) / np.diff(x)).max())


@dataclass(frozen=True, eq=False)
class Potential:
    """A best critic in the plane, f(z) = min_j |z − y_j| − g_j: a least of cones, so nowhere steeper than 1."""

    tips: np.ndarray  # y, shape (m, d)
    g: np.ndarray  # (m,)

    def __call__(self, z: ArrayLike) -> np.ndarray:
        """f at z of shape (k, d), shape (k,)."""
        return (prices(z, self.tips, 1) - self.g).min(1)


def kantorovich(x: ArrayLike, y: ArrayLike) -> Potential:
    """The best critic between two clouds of equally heavy points, mean f(x) − mean f(y) = W₁; from POT's dual."""
    import ot

    price = prices(x, y, 1)
    p, q = (np.full(count, 1 / count) for count in price.shape)
    _, log = ot.emd(p, q, price, log=True)
    return Potential(np.asarray(y, dtype=float), log["v"])


# -- learned


@dataclass(frozen=True)
class CriticConfig(Config):
    """How a critic is trained: a network of two hidden layers that sees samples of P and Q."""

    steps: Annotated[int, Range(1, 2_000, log=True, unit="updates")] = 400
    every: Annotated[int, Range(1, 200, log=True, unit="updates")] = 10
    way: Way = "penalty"  # what keeps it from being too steep
    clip: Annotated[float, Range(0.01, 1.0, log=True)] = 0.1  # every weight is cut to [−clip, clip]
    penalty: Annotated[float, Range(0.01, 100.0, log=True)] = 10.0  # weight of (|f'| − 1)² between the samples
    hidden: Annotated[int, Range(2, 128, log=True)] = 32  # units in each hidden layer
    batch: Annotated[int, Range(1, 1_024, log=True)] = 128  # samples of each of P and Q in an update
    rate: Annotated[float, Range(1e-4, 0.1, log=True)] = 0.01  # of Adam


@dataclass(frozen=True, eq=False)
class CriticSnapshot(Snapshot):
    """A critic at the `places` of p and q, straight between them and level beyond."""

    f: np.ndarray  # (k,)
    advantage: float  # E_p f − E_q f, in the critic's own unit
    slope: float  # the largest |f'|
    clipped: float  # share of the weights that stand at ± clip; 0 without clipping

    @property
    def fair(self) -> float:
        """What it would reach were it scaled to a largest slope of 1, in units of x: at most W₁. 0 if it is level."""
        return self.advantage / self.slope if self.slope > 0 else 0.0


def train_critic(config: CriticConfig, p: Shape, q: Shape) -> Iterator[CriticSnapshot]:
    """Ascend E_p f − E_q f; both ways start from the same network and see the same samples."""
    import torch

    x = places(p, q)
    generator = torch.Generator().manual_seed(config.seed)
    weights = _drawn(config.hidden, generator=generator)
    ascent = torch.optim.Adam(weights, lr=config.rate, betas=(0.0, 0.9))  # as the penalty's authors
    asked = torch.from_numpy(x.astype(np.float32))[:, None]
    grains = [torch.from_numpy(shape.quantile(_LEVELS).astype(np.float32))[:, None] for shape in (p, q)]
    for step in range(config.steps + 1):
        if due(step, config):
            with torch.no_grad():
                f = freeze(_critic(asked, weights)[:, 0])
            walls = torch.cat([weight.detach().abs().ravel() >= _AT_THE_WALL * config.clip for weight in weights])
            clipped = float(walls.float().mean()) if config.way == "clip" and step else 0.0
            yield CriticSnapshot(step, f, advantage(f, x, p, q), steepest(f, x), clipped)
        one, other = (seen[torch.randint(len(seen), (config.batch,), generator=generator)] for seen in grains)
        mix = torch.rand(config.batch, 1, generator=generator)
        loss = _critic(other, weights).mean() - _critic(one, weights).mean()
        if config.way == "penalty":
            between = (mix * one + (1 - mix) * other).requires_grad_()
            (slope,) = torch.autograd.grad(_critic(between, weights).sum(), between, create_graph=True)
            loss = loss + config.penalty * ((slope.abs() - 1) ** 2).mean()
        for weight, gradient in zip(weights, torch.autograd.grad(loss, weights), strict=True):
            weight.grad = gradient
        ascent.step()
        if config.way == "clip":
            with torch.no_grad():
                for weight in weights:
                    weight.clamp_(-config.clip, config.clip)


@lru_cache(maxsize=64)
def trained_critic(config: CriticConfig, p: Shape, q: Shape) -> tuple[CriticSnapshot, ...]:
    """All snapshots of `train_critic`, computed once for everybody."""
    with _one_core():
        return tuple(train_critic(config, p, q))


@contextlib.contextmanager
def _one_core() -> Iterator[None]:
    """A network this small is no faster on two cores, and thirty times slower where others want them too."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _drawn(hidden: int, *, generator: "torch.Generator") -> list["torch.Tensor"]:
    """Matrices and shifts of 1 → hidden → hidden → 1, uniform within 1/√inputs as torch's layers, but repeatable."""
    import torch

    weights = []
    for inputs, outputs in ((1, hidden), (hidden, hidden), (hidden, 1)):
        for shape in ((inputs, outputs), (outputs,)):
            uniform = torch.rand(shape, generator=generator) * 2 - 1
            weights.append((uniform / math.sqrt(inputs)).requires_grad_())
    return weights


def _critic(x: "torch.Tensor", weights: list["torch.Tensor"]) -> "torch.Tensor":
    """f(x), shape (n, 1)."""
    import torch

    first, b, second, c, last, d = weights
    for matrix, shift in ((first, b), (second, c)):
        x = torch.nn.functional.leaky_relu(x @ matrix + shift, LEAK)  # (n, hidden)
    return x @ last + d
