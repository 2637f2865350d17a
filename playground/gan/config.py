"""What can be turned in a GAN: the game's payoff, the players, their remedies, and the hand that moves them."""

import re
from dataclasses import dataclass, replace
from typing import Annotated, Literal, NamedTuple, cast

from playground.runs.config import Config, Range
from playground.targets import read

Loss = Literal[
    "non-saturating", "minimax", "maximum likelihood", "least squares", "hinge", "Wasserstein",
    "f: KL", "f: reverse KL", "f: JS", "f: Pearson",
]  # fmt: skip
Penalty = Literal["none", "clip", "gradient"]
Activation = Literal["ReLU", "leaky ReLU", "tanh"]
Optimizer = Literal["Adam", "RMSprop", "SGD"]
Player = Literal["D", "G", "DG"]
MOST_MOVES = 120
MOST_UPDATES = 5_000
RING = '{"name": "ring", "k": 8, "radius": 1.0, "sigma": 0.05}'


@dataclass(frozen=True)
class GanConfig(Config):
    """A game of two multilayer perceptrons over a two-dimensional target.

    Attributes:
        target: The JSON of what `playground.targets.target` takes, as `Target.describe` gives it.
        d_steps: Updates of D for each of G.
        warmup: Updates of D alone before the first step.
        unroll: Updates of D that G looks ahead, differentiating through them (Metz et al., 2017).
        pack: Samples that D sees at once (PacGAN, Lin et al., 2018).
        batch_std: Whether D sees each coordinate's standard deviation over its batch.
        noise: Of instance noise on D's inputs, falling to 0 over the first 80 % of the steps.
        offset: Added to G's output at the start along both axes, so that it begins away from the data.
        moves: Updates made by hand: "D10 G DG2" is ten of D, one of G, and two rounds of `d_steps` of D and one of G.
            Then `steps`, `warmup` and `decay` are not used, and a step is an update.
    """

    target: str = RING
    loss: Loss = "non-saturating"
    penalty: Penalty = "none"
    clip: Annotated[float, Range(0.001, 1.0, log=True)] = 0.01
    penalty_weight: Annotated[float, Range(0.01, 100.0, log=True)] = 0.1
    d_steps: Annotated[int, Range(1, 10)] = 1
    warmup: Annotated[int, Range(0, 2_000, unit="updates of D")] = 0
    unroll: Annotated[int, Range(0, 10)] = 0
    pack: Annotated[int, Range(1, 4)] = 1
    batch_std: Literal[False, True] = False
    spectral_norm: Literal[False, True] = False
    noise: Annotated[float, Range(0.0, 1.0)] = 0.0
    g_rate: Annotated[float, Range(1e-5, 0.1, log=True)] = 1e-3
    d_rate: Annotated[float, Range(1e-5, 0.1, log=True)] = 1e-3
    g_optimizer: Optimizer = "Adam"
    d_optimizer: Optimizer = "Adam"
    beta1: Annotated[float, Range(0.0, 0.99)] = 0.5
    ema: Annotated[float, Range(0.0, 0.9999)] = 0.0  # of G's weights; 0 shows the weights themselves
    decay: Literal[False, True] = False  # rates constant for half the steps, then straight down to 2 %
    activation: Activation = "leaky ReLU"
    hidden: Annotated[int, Range(4, 256, unit="units")] = 64
    depth: Annotated[int, Range(1, 4, unit="hidden layers")] = 2
    z_dim: Annotated[int, Range(1, 16)] = 2
    batch: Annotated[int, Range(16, 1_024, unit="samples")] = 256
    gain: Annotated[float, Range(0.1, 2.0)] = 1.0
    offset: Annotated[float, Range(-4.0, 4.0)] = 0.0
    moves: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.batch % self.pack:
            raise ValueError(f"batch must be a multiple of pack, got {self.batch} and {self.pack}")
        read(self.target)
        if len(hand(self.moves)) > MOST_MOVES or updates(self) > MOST_UPDATES:
            raise ValueError(f"at most {MOST_MOVES} moves and {MOST_UPDATES} updates can be made by hand")

    def with_seed(self, seed: int) -> "GanConfig":
        """The same game from other dice."""
        return replace(self, seed=seed)


class Move(NamedTuple):
    """What was done by hand at once: updates of D, of G, or rounds of both."""

    player: Player
    times: int


def hand(moves: str) -> list[Move]:
    """The moves made by hand, in turn.

    Raises:
        ValueError: A move is not D, G or DG with a count.
    """
    found = []
    for move in moves.split():
        match = re.fullmatch(r"(D|G|DG)([1-9][0-9]{0,3})?", move)
        if not match:
            raise ValueError(f"a move is D, G or DG and how many, such as D10; got {move[:20]!r}")
        found.append(Move(cast(Player, match[1]), int(match[2] or 1)))
    return found


def updates(config: GanConfig) -> int:
    """How many updates were made by hand, of D and of G together."""
    rounds = {"D": 1, "G": 1, "DG": config.d_steps + 1}
    return sum(rounds[move.player] * move.times for move in hand(config.moves))


def with_move(config: GanConfig, player: Player, count: int) -> GanConfig:
    """The game after one more move by hand.

    Raises:
        ValueError: There have been too many.
    """
    return replace(config, moves=f"{config.moves} {player}{count if count > 1 else ''}".strip())


def without_last_move(config: GanConfig) -> GanConfig:
    """The game before the last move by hand."""
    return replace(config, moves=" ".join(config.moves.split()[:-1]))
