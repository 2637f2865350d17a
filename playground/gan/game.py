"""The game itself: updates of D and of G, of one seed or of many seeds side by side.

Source: Goodfellow et al., 2014, arXiv:1406.2661, Algorithm 1; Gulrajani et al., 2017, arXiv:1704.00028 (gradient
penalty); Metz et al., 2017, arXiv:1611.02163, §2.2 (unrolling); Lin et al., 2018, arXiv:1712.04086 (packing).
"""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from playground.coverage import SAMPLES, W2_SAMPLES
from playground.gan.config import GanConfig, Player, hand, updates
from playground.gan.losses import discriminator_loss, generator_loss
from playground.gan.networks import Network, Parameters, SpectralNorm, forward, judged
from playground.gan.optimizers import Rule
from playground.runs.snapshot import Diverged, due, heed
from playground.targets import Target, read

CHUNK = 32  # updates whose randomness is drawn at once
SHOWN = 1_024  # fakes in a snapshot
FRAMES_A_MOVE = 5  # at most, of what was done by hand
BOUND = 1e4  # no weight of a game that goes well comes near it


class Game:
    """The state of S games with one config and a seed each.

    A seed alone decides its game: every game draws from generators of its own, on the CPU, whatever runs beside it.
    """

    def __init__(self, config: GanConfig, seeds: Sequence[int], *, device: torch.device) -> None:
        self.config, self.seeds, self.device = config, tuple(seeds), device
        self.target: Target = read(config.target)
        layers = [config.hidden] * config.depth

        def dice(stream: int) -> list[torch.Generator]:
            return [torch.Generator().manual_seed(16 * seed + stream) for seed in seeds]

        first = dice(0)
        self.g = Network(
            (config.z_dim, *layers, 2), config.activation, generators=first, device=device,
            gain=config.gain, offset=config.offset,
        )  # fmt: skip
        sees = 2 * config.pack * (2 if config.batch_std else 1)
        self.d = Network((sees, *layers, 1), config.activation, generators=first, device=device, gain=config.gain)
        self.norm = SpectralNorm(self.d.parameters, generators=first) if config.spectral_norm else None
        self.g_rule, self.d_rule = Rule(config.g_optimizer, config.beta1), Rule(config.d_optimizer, config.beta1)
        self.g_state, self.d_state = self.g_rule.start(self.g.flat), self.d_rule.start(self.d.flat)
        self.ema = self.g.flat.clone()
        batch, z_dim = config.batch, config.z_dim

        def points(generator: torch.Generator) -> Tensor:
            return self.target.sample(CHUNK * batch, generator=generator).view(CHUNK, batch, 2)

        def noise(generator: torch.Generator) -> Tensor:
            return torch.randn(CHUNK, batch, z_dim, generator=generator)

        def blur(generator: torch.Generator) -> Tensor:
            return torch.randn(CHUNK, 2 * batch, 2, generator=generator)

        def mix(generator: torch.Generator) -> Tensor:
            return torch.rand(CHUNK, batch // config.pack, 1, generator=generator)

        self.real = _Stream(points, dice(1), device)
        self.z_for_d, self.z_for_g = _Stream(noise, dice(2), device), _Stream(noise, dice(3), device)
        self.blur, self.mix = _Stream(blur, dice(4), device), _Stream(mix, dice(5), device)
        judged_by = [torch.randn(SAMPLES, z_dim, generator=generator) for generator in dice(6)]
        self.z_judged = torch.stack(judged_by).to(device)
        self.z_shown = self.z_judged[:, :SHOWN]
        self.real_far = [self.target.sample(W2_SAMPLES, generator=generator) for generator in dice(8)]
        self.real_shown = torch.stack([self.target.sample(batch, generator=generator) for generator in dice(7)]).to(
            device
        )
        self.step = 0

    def steps(self) -> Iterator[int]:
        """Play, and say after which steps there is something to show."""
        config = self.config
        yield 0
        for move in hand(config.moves):
            for k in range(1, move.times + 1):
                heed()
                self._make(move.player)
                if k * FRAMES_A_MOVE % move.times < FRAMES_A_MOVE:
                    self._check()
                    yield self.step
        if config.moves:
            return
        for _ in range(config.warmup):
            heed()
            self.update_d()
        while self.step < config.steps:
            for _ in range(config.d_steps):
                self.update_d()
            self.update_g()
            self.step += 1
            if due(self.step, config):
                self._check()
                yield self.step

    @property
    def last(self) -> int:
        """The step that `steps` ends with."""
        return updates(self.config) if self.config.moves else self.config.steps

    def _make(self, player: Player) -> None:
        """A move by hand: updates that count one step each."""
        for _ in range({"D": 1, "G": 0, "DG": self.config.d_steps}[player]):
            self.update_d()
            self.step += 1
        if player != "D":
            self.update_g()
            self.step += 1

    def update_d(self) -> None:
        """One update of D."""
        config = self.config
        with torch.no_grad():
            fake = self.g(self.z_for_d())
        if self.norm:
            self.norm.turn(self.d.parameters)
        loss = self.d_loss(self.d.parameters, self.real(), fake)
        gradient = _flat(torch.autograd.grad(loss.sum(), self.d.parameters))
        self.d_state = self.d_rule.move(self.d.flat, gradient, self.d_state, self._rate(config.d_rate))
        if config.penalty == "clip":
            self.d.flat.clamp_(-config.clip, config.clip)

    def update_g(self) -> None:
        """One update of G, against D as it is, or as it would be after `unroll` updates of its own."""
        config = self.config
        parameters = self.unrolled() if config.unroll else self.d.parameters
        fake = self.g(self.z_for_g())
        loss = generator_loss(config.loss, self.judge(self.blurred(fake), parameters))
        gradient = _flat(torch.autograd.grad(loss.sum(), self.g.parameters))
        self.g_state = self.g_rule.move(self.g.flat, gradient, self.g_state, self._rate(config.g_rate))
        if config.ema:
            self.ema.lerp_(self.g.flat, 1 - config.ema)

    def d_loss(self, parameters: Parameters, real: Tensor, fake: Tensor) -> Tensor:
        """What D with these parameters pays, (S,), with its penalty."""
        config, n = self.config, real.shape[1]
        both = self.blurred(torch.cat([real, fake], 1))
        halves = both.view(len(both), 2, n, 2)  # each half keeps its own packs and its own spread
        loss = discriminator_loss(config.loss, *self.judge(halves, parameters).unbind(1))
        if config.penalty == "gradient":
            loss = loss + config.penalty_weight * self.gradient_penalty(parameters, real, fake)
        return loss

    def judge(self, x: Tensor, parameters: Parameters | None = None) -> Tensor:
        """D's raw outputs, (S, …, packs), for batches x, (S, …, n, 2)."""
        shown = judged(x, pack=self.config.pack, batch_std=self.config.batch_std)
        return self.raw(shown.flatten(1, -2), parameters).view(*shown.shape[:-1])

    def gradient_penalty(self, parameters: Parameters, real: Tensor, fake: Tensor) -> Tensor:
        """E (‖∇ₓ D(x)‖ - 1)² at points x between a real pack and a fake one, (S,); differentiable in D."""
        a, b = (judged(x, pack=self.config.pack, batch_std=self.config.batch_std) for x in (real, fake))
        x = b.lerp(a, self.mix()).detach().requires_grad_()
        (slope,) = torch.autograd.grad(self.raw(x, parameters).sum(), x, create_graph=True)
        return ((slope.square().sum(-1) + 1e-12).sqrt() - 1).square().mean(-1)  # the root has no slope at 0

    def unrolled(self) -> Parameters:
        """D's parameters after `unroll` more updates, as a function of G's parameters."""
        config = self.config
        flat, state = self.d.flat.detach().requires_grad_(), self.d_state
        rate = self._rate(config.d_rate)
        for _ in range(config.unroll):
            parameters = self._parts(flat)
            loss = self.d_loss(parameters, self.real(), self.g(self.z_for_d()))
            (gradient,) = torch.autograd.grad(loss.sum(), flat, create_graph=True)
            flat, state = self.d_rule.moved(flat, gradient, state, rate)
        return self._parts(flat)

    def blurred(self, x: Tensor) -> Tensor:
        """x, (S, n, 2), with instance noise, which is gone after 80 % of the steps."""
        left = self.config.noise * max(0.0, 1 - self.step / (0.8 * self.config.steps))
        return x + left * self.blur()[:, : x.shape[1]] if left else x

    def fakes(self) -> Tensor:
        """G (its average, if one is kept) of the noise that is always shown, (S, SHOWN, 2)."""
        with torch.no_grad():
            return forward(self.shown_g(), self.z_shown, self.config.activation)

    def samples(self, game: int) -> Tensor:
        """The 2 500 fakes by which a game is judged, (SAMPLES, 2)."""
        with torch.no_grad():
            one = [parameter[game : game + 1] for parameter in self.shown_g()]
            return forward(one, self.z_judged[game : game + 1], self.config.activation)[0].cpu()

    def shown_g(self) -> Parameters:
        """G's parameters, or their average, if one is kept."""
        return self.g.parameters if not self.config.ema else _split(self.ema, self.g.parameters)

    def _parts(self, flat: Tensor) -> Parameters:
        return _split(flat, self.d.parameters)

    def raw(self, shown: Tensor, parameters: Parameters | None = None) -> Tensor:
        """D's outputs, (S, n), for what it is shown, (S, n, inputs); its own parameters unless others are given."""
        parameters = self.d.parameters if parameters is None else parameters
        if self.norm:
            parameters = self.norm(parameters)
        return forward(parameters, shown, self.config.activation)[..., 0]

    def _rate(self, rate: float) -> float:
        if not self.config.decay or self.config.moves:
            return rate
        late = max(0.0, 2 * self.step / self.config.steps - 1)  # 0 until half of the steps, 1 at the end
        return rate * (1 - 0.98 * late)

    def _check(self) -> None:
        config = self.config
        tame = [bool(player.flat.abs().max() < BOUND) for player in (self.d, self.g)]  # NaN is not below it
        if all(tame):
            return
        wild = " and ".join(name for name, calm in zip(("D", "G"), tame, strict=True) if not calm)
        if config.loss in ("Wasserstein", "f: KL", "f: Pearson", "f: reverse KL", "maximum likelihood") and (
            config.penalty == "none" and not config.spectral_norm
        ):
            likely = f"the loss “{config.loss}” has no bound of its own: clip D’s weights or add the gradient penalty"
        else:
            likely = f"lower the rate of {wild}"
        whose = f" of {self._astray()}" if len(self.seeds) > 1 else ""
        raise Diverged(
            f"At step {self.step} the weights{whose} left every bound: those of {wild} passed {BOUND:.0f} or are no "
            f"numbers any more. Most likely: {likely}."
        )

    def _astray(self) -> str:
        """The games whose weights left every bound, by their seeds."""
        parts = [part.detach().flatten(1).abs().amax(1) for part in (*self.d.parameters, *self.g.parameters)]
        wild = ~(torch.stack(parts).amax(0) < BOUND)  # NaN is not below it either
        names = [str(seed) for seed, gone in zip(self.seeds, wild.tolist(), strict=True) if gone]
        return f"seed{'s' if len(names) > 1 else ''} {', '.join(names)}"


class _Stream:
    """Random tensors for one update after another, drawn a chunk at a time from a generator for each game."""

    def __init__(
        self,
        draw: Callable[[torch.Generator], Tensor],
        generators: Sequence[torch.Generator],
        device: torch.device,
    ) -> None:
        self._draw, self._generators, self._device = draw, generators, device
        self._chunk, self._at = torch.empty(0), CHUNK

    def __call__(self) -> Tensor:
        """The next (S, …)."""
        if self._at == CHUNK:
            self._chunk = torch.stack([self._draw(generator) for generator in self._generators], 1).to(self._device)
            self._at = 0
        self._at += 1
        return self._chunk[self._at - 1]


def _flat(gradients: Sequence[Tensor]) -> Tensor:
    return torch.cat([gradient.reshape(-1) for gradient in gradients])


def _split(flat: Tensor, like: Parameters) -> list[Tensor]:
    parts = flat.split([part.numel() for part in like])
    return [part.view(shape.shape) for part, shape in zip(parts, like, strict=True)]
