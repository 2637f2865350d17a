"""A game as it is watched: snapshots of what the eye needs, of one seed or of many seeds at once."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from playground.coverage import coverage, mode_counts, two_sample_floor, w2
from playground.gan.best import Best, best
from playground.gan.config import GanConfig
from playground.gan.game import Game
from playground.gan.losses import discriminator_loss, generator_loss, value
from playground.gan.networks import forward, judged
from playground.gan.reading import tells_chance
from playground.runs.snapshot import Snapshot, freeze
from playground.targets import Target

TOGETHER = 8  # games in a batch on a CPU: what more of them touch does not stay in its caches
ARROWS = 160  # of them with the direction they are pushed in
GRID = 48  # nodes of D's map along each axis
COMPANIES = 4  # of real samples, beside which a D that judges packs is shown each place of its map
MANIFOLD = 21  # lines of the z-grid along each axis
W2_EVERY = 5  # snapshots; the exact transport takes as long as dozens of updates
NO_BEST = Best(np.empty((0, 0), np.float32), math.nan)


@dataclass(frozen=True, eq=False)
class GanSnapshot(Snapshot):
    """One game after `step` steps.

    Attributes:
        fakes: G of fixed noise, shape (SHOWN, 2).
        pushed: -∂(G's loss)/∂x at the first ARROWS fakes, shape (ARROWS, 2); each fake's own share of the mean.
        d_map: D's raw output on a grid over the target's extent, shape (GRID, GRID), rows upwards.
        manifold: G of a grid over the first two coordinates of z (the others 0), shape (lines, MANIFOLD, 2).
        best_logit: log p/q̂ on the same grid, of the best D against this G; (0, 0) where D does not tell a chance.
        value_nats: V(D, G) of a batch of real samples that is kept for showing; -log 4 where D cannot tell.
        best_value_nats: V(D*, G) = -log 4 + 2 JS of the best D; NaN where D does not tell a chance.
        modes, strict_modes, high_quality, reverse_kl: As in `playground.coverage`; NaN for a target without modes.
        w2: From 512 fakes to 512 real samples, in data units; NaN but for every `W2_EVERY`-th snapshot and the last.
        w2_floor: The same between pairs of real samples, on average; NaN in the first snapshot, which comes at once.
    """

    fakes: np.ndarray
    pushed: np.ndarray
    d_map: np.ndarray
    manifold: np.ndarray
    best_logit: np.ndarray
    d_loss: float
    g_loss: float
    value_nats: float
    best_value_nats: float
    modes: float
    strict_modes: float
    high_quality: float
    reverse_kl: float
    w2: float
    w2_floor: float


@dataclass(frozen=True, eq=False)
class SeedsSnapshot(Snapshot):
    """S games after `step` steps.

    Attributes:
        fakes: Of each game, of its own fixed noise, shape (S, SHOWN, 2).
        at_mode: Of 2 500 fakes, how many are of high quality at each mode, shape (S, k); (S, 0) without modes.
        w2, w2_floor: As in `GanSnapshot`, shape (S,) and one number; NaN but after the last step.
        d_loss, g_loss, modes, strict_modes, high_quality, reverse_kl: As in `GanSnapshot`, shape (S,).
    """

    fakes: np.ndarray
    at_mode: np.ndarray
    w2: np.ndarray
    w2_floor: float
    d_loss: np.ndarray
    g_loss: np.ndarray
    modes: np.ndarray
    strict_modes: np.ndarray
    high_quality: np.ndarray
    reverse_kl: np.ndarray


def train(config: GanConfig, *, device: torch.device) -> Iterator[GanSnapshot]:
    """Play the game of `config`; a snapshot before the first step, after every `every`-th and after the last.

    Raises:
        Diverged: A weight left every bound.
    """
    game = Game(config, (config.seed,), device=device)
    for count, step in enumerate(game.steps()):
        yield look(game, with_w2=count % W2_EVERY == 1 or step == game.last > 0)


@lru_cache(maxsize=128)
def untrained(config: GanConfig) -> GanSnapshot:
    """The game before its first step: what `train` yields first. It takes some milliseconds, on the CPU."""
    return look(Game(config, (config.seed,), device=torch.device("cpu")), with_w2=False)


def train_seeds(config: GanConfig, *, seeds: Sequence[int], device: torch.device) -> Iterator[SeedsSnapshot]:
    """The same game from several seeds at once; `config.seed` is not used. Each keeps its own dice.

    Raises:
        Diverged: A weight of some game left every bound; the sentence names its seed. It ends them all.
    """
    most = TOGETHER if device.type == "cpu" else len(seeds)
    batches = [_batch(config, seeds=seeds[k : k + most], device=device) for k in range(0, len(seeds), most)]
    for parts in zip(*batches, strict=True):
        games = {
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(SeedsSnapshot)
            if isinstance(getattr(parts[0], field.name), np.ndarray)
        }
        yield replace(parts[0], **games)


def _batch(config: GanConfig, *, seeds: Sequence[int], device: torch.device) -> Iterator[SeedsSnapshot]:
    """Games that are trained in one batch."""
    game = Game(config, seeds, device=device)
    for step in game.steps():
        fakes = game.fakes()
        samples = [game.samples(k) for k in range(len(seeds))]
        covered = np.array([_covered(one, game.target) for one in samples], np.float32)
        at_mode = [mode_counts(one, game.target).high_quality if game.target.modes else () for one in samples]
        last = step == config.steps
        far = [w2(one, real) if last else math.nan for one, real in zip(samples, game.real_far, strict=True)]
        with torch.no_grad():
            real, fake = game.judge(game.real_shown), game.judge(fakes[:, : config.batch])
        yield SeedsSnapshot(
            step,
            freeze(fakes),
            np.array(at_mode, np.float32),
            np.array(far, np.float32),
            two_sample_floor(w2, game.target).mean if last else math.nan,
            freeze(discriminator_loss(config.loss, real, fake)),
            freeze(generator_loss(config.loss, fake)),
            *covered.T.copy(),
        )


def look(game: Game, *, with_w2: bool = True) -> GanSnapshot:
    """What the eye needs of the first game."""
    config, fakes = game.config, game.fakes()
    pushed_at = fakes[:, : config.batch].clone().requires_grad_()
    losses = generator_loss(config.loss, game.judge(pushed_at))
    (slope,) = torch.autograd.grad(losses.sum(), pushed_at)
    with torch.no_grad():
        real, fake = game.judge(game.real_shown), game.judge(fakes[:, : config.batch])
    samples = game.samples(0)
    opponent = best(samples.numpy(), game.target, nodes=GRID) if tells_chance(config) else NO_BEST
    return GanSnapshot(
        game.step,
        freeze(fakes[0]),
        freeze(-config.batch * slope[0, :ARROWS]),
        freeze(d_map(game)),
        freeze(manifold(game)),
        opponent.logit,
        float(discriminator_loss(config.loss, real, fake)[0]),
        float(losses.detach()[0]),
        float(value(real, fake)[0]),
        opponent.value_nats,
        *_covered(samples, game.target),
        w2(samples, game.real_far[0]) if with_w2 and bool(torch.isfinite(samples).all()) else math.nan,
        two_sample_floor(w2, game.target).mean if game.step else math.nan,
    )


def d_map(game: Game) -> Tensor:
    """D's raw output on a grid, (GRID, GRID).

    A D that judges packs is shown each place beside real samples, the mean over a few such companies; a D that sees
    the spread of its batch is shown that of a real batch. Else the map would tell of a batch of copies.
    """
    x0, x1, y0, y1 = game.target.extent
    x, y = (torch.linspace(low, high, GRID) for low, high in ((x0, x1), (y0, y1)))
    places = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1).view(-1, 2).to(game.device)
    packs = judged(game.real_shown, pack=game.config.pack, batch_std=game.config.batch_std)
    companies = COMPANIES if game.config.pack > 1 else 1
    with torch.no_grad():
        shown = packs[:, :companies, None].repeat(1, 1, GRID * GRID, 1)
        shown[..., :2] = places
        return game.raw(shown.flatten(1, 2))[0].view(companies, GRID, GRID).mean(0)


def manifold(game: Game) -> Tensor:
    """G of the grid over z, (lines, MANIFOLD, 2)."""
    line = torch.linspace(-2.0, 2.0, MANIFOLD, device=game.device)
    if game.config.z_dim == 1:
        z = line[None, :, None]  # one line
    else:
        across, along = torch.meshgrid(line, line, indexing="ij")
        lines = torch.cat([torch.stack([across, along], -1), torch.stack([along, across], -1)])
        rest = torch.zeros(*lines.shape[:2], game.config.z_dim - 2, device=game.device)
        z = torch.cat([lines, rest], -1)
    with torch.no_grad():
        one = [parameter[:1] for parameter in game.shown_g()]
        return forward(one, z.reshape(1, -1, game.config.z_dim), game.config.activation).view(*z.shape[:2], 2)


def _covered(samples: Tensor, t: Target) -> tuple[float, float, float, float]:
    """Modes, strict modes, share of high quality and reverse KL; NaN where the target has no modes."""
    if t.modes is None:
        return math.nan, math.nan, math.nan, math.nan
    found = coverage(samples, t)
    return float(found.modes), float(found.strict_modes), found.high_quality, found.reverse_kl
