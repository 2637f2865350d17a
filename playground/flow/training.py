"""How a flow learns: maximum likelihood on fresh samples, or flow matching; and what the eye needs of it.

NLL = H(p) + KL(p‖q): no model gets below the target's entropy, and what is above it is the gap.

Source: Papamakarios et al., 2021, arXiv:1912.02762, §2.3 (likelihood is KL); schedule and clipping after Durkan et al.,
2019, arXiv:1906.04032, appendix B.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from playground.flow.config import FlowConfig
from playground.flow.continuous import Continuous, matching_loss, paired
from playground.flow.flow import Flow, build
from playground.runs.snapshot import Diverged, Snapshot, due, freeze
from playground.targets import Target, read

CHUNK = 32  # updates whose data are drawn at once
FITTED = 4_096  # samples by which the data are standardised
TEST = 2_000  # fresh samples by which a snapshot is judged
SHOWN = 1_024  # of the flow's samples in a snapshot
GRID = 64  # nodes of the density's map along each axis
RARE = 1e-3  # of the target's mass lies where it is counted as none
WARM_UP = 100  # updates until the full rate
LAST_RATE = 0.002  # of the full rate, at the end of a half cosine
STEEPEST = 5.0  # norm of a gradient


@dataclass(frozen=True, eq=False)
class FlowSnapshot(Snapshot):
    """A flow after `step` updates.

    Attributes:
        samples: Of fixed dice, shape (SHOWN, 2).
        log_density: log q in nats on a grid over the target's extent, shape (GRID, GRID), rows upwards.
        nll: -E log q of fresh samples of the target, in nats.
        gap: KL(p‖q), the paired mean of log p - log q of the same samples, in nats.
        gap_error: Its standard error.
        astray: Share of the flow's samples where the target has next to no density; the target's own share is RARE.
    """

    samples: np.ndarray
    log_density: np.ndarray
    nll: float
    gap: float
    gap_error: float
    astray: float


def train(config: FlowConfig, *, device: torch.device) -> Iterator[FlowSnapshot]:
    """Fit the flow of `config`; a snapshot before the first update, after every `every`-th and after the last.

    Raises:
        Diverged: The loss is no number any more.
    """
    for trainer, step in _updates(config, device=device):
        yield trainer.snapshot(step)


def trained(config: FlowConfig, *, device: torch.device) -> Flow:
    """The flow after the last update of `train`."""
    *_, (trainer, _) = _updates(config, device=device)
    return trainer.flow


def judged(flow: Flow, t: Target, x: Tensor) -> tuple[float, float, float]:
    """NLL, gap and the gap's standard error, in nats, on samples x of the target, shape (n, 2)."""
    with torch.no_grad():
        log_q = torch.cat([flow.log_prob(part) for part in x.split(20_000)]).double().cpu()
    difference = t.log_prob(x.double().cpu()) - log_q
    return -float(log_q.mean()), float(difference.mean()), float(difference.std()) / math.sqrt(len(x))


def _updates(config: FlowConfig, *, device: torch.device) -> "Iterator[tuple[Trainer, int]]":
    trainer = Trainer(config, device=device)
    yield trainer, 0
    for step in range(1, config.steps + 1):
        trainer.update(step)
        if due(step, config):
            yield trainer, step


class Trainer:
    """A flow and what trains it; every draw comes from generators of its own, on the CPU."""

    def __init__(self, config: FlowConfig, *, device: torch.device) -> None:
        self.config, self.device = config, device
        self.target = read(config.target)
        dice = [torch.Generator().manual_seed(8 * config.seed + stream) for stream in range(5)]
        self.flow = build(config, self.target.sample(FITTED, generator=dice[0]), generator=dice[1]).to(device)
        self.test = self.target.sample(TEST, generator=dice[2]).to(device)
        likely = self.target.log_prob(self.target.sample(20_000, generator=dice[3]))
        self.rare = torch.quantile(likely, RARE)
        self.dice, self.chunk = dice[4], torch.empty(0)
        self.seed_of_shown = 8 * config.seed + 5
        self.optimizer = torch.optim.Adam(self.flow.parameters(), config.rate, betas=(0.9, 0.99), fused=True)
        self.loss: Callable[[Tensor], Tensor] = self._matching if config.architecture == "flow matching" else self._nll

    def update(self, step: int) -> None:
        """One update: the `step`-th, from 1."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.config.rate * _share(step, self.config.steps)
        loss = self.loss(self._batch(step))
        if not math.isfinite(loss.item()):
            raise Diverged(
                f"At step {step} the loss was no number any more. Most likely: lower the learning rate "
                f"({self.config.rate:g} now)."
            )
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.flow.parameters(), STEEPEST)
        self.optimizer.step()

    def snapshot(self, step: int) -> FlowSnapshot:
        """What the eye needs."""
        nll, gap, error = judged(self.flow, self.target, self.test)
        samples = self.flow.sample(SHOWN, generator=torch.Generator().manual_seed(self.seed_of_shown))
        astray = (self.target.log_prob(samples.double().cpu()) < self.rare).double().mean()
        return FlowSnapshot(step, freeze(samples), freeze(self.log_density()), nll, gap, error, float(astray))

    def log_density(self) -> Tensor:
        """log q on the grid, (GRID, GRID)."""
        x0, x1, y0, y1 = self.target.extent
        x, y = torch.linspace(x0, x1, GRID), torch.linspace(y0, y1, GRID)
        places = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1).view(-1, 2).to(self.device)
        with torch.no_grad():
            return self.flow.log_prob(places).view(GRID, GRID)

    def _nll(self, x: Tensor) -> Tensor:
        return -self.flow.log_prob(x).mean()

    def _matching(self, x: Tensor) -> Tensor:
        continuous, scale = self.flow.steps
        assert isinstance(continuous, Continuous)
        with torch.no_grad():
            x = scale.inverse(x)[0]  # type: ignore[operator]
        z, t = torch.randn(len(x), 2, generator=self.dice), torch.rand(len(x), generator=self.dice)
        z, t = z.to(self.device), t.to(self.device)
        return matching_loss(continuous.velocity, z, paired(z, x) if self.config.pairs else x, t)

    def _batch(self, step: int) -> Tensor:
        at = (step - 1) % CHUNK
        if at == 0:
            drawn = self.target.sample(CHUNK * self.config.batch, generator=self.dice)
            self.chunk = drawn.view(CHUNK, self.config.batch, 2).to(self.device)
        return self.chunk[at]


def _share(step: int, steps: int) -> float:
    """Of the full rate: straight up over WARM_UP updates, then half a cosine down to LAST_RATE."""
    falling = LAST_RATE + (1 - LAST_RATE) * (1 + math.cos(math.pi * step / steps)) / 2
    return min(1.0, step / min(WARM_UP, max(1, steps // 10))) * falling
