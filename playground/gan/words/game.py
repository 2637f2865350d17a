"""What the knobs of the game are called, the values they offer, and how a value is written."""

from typing import Any, Final

from playground.gan.config import GanConfig
from playground.runs import Range, legal

LABELS: Final = {
    "seed": "Seed",
    "loss": "Loss",
    "d_rate": "D’s rate",
    "g_rate": "G’s rate",
    "pack": "Samples D sees at once",
    "batch_std": "D sees the batch’s spread",
    "penalty": "Penalty on D",
    "clip": "Clip D’s weights at",
    "penalty_weight": "Weight λ of the penalty",
    "d_steps": "Steps of D per step of G",
    "unroll": "Steps that G looks ahead",
    "spectral_norm": "Spectral norm on D",
    "noise": "Instance noise",
    "activation": "Activation",
    "hidden": "Hidden units",
    "depth": "Hidden layers",
    "z_dim": "Dimensions of z",
    "gain": "Scale of first weights",
    "offset": "G starts shifted by",
    "g_optimizer": "G’s optimizer",
    "d_optimizer": "D’s optimizer",
    "beta1": "β₁ of Adam",
    "ema": "Average of G’s weights",
    "decay": "Rates fall at the end",
    "batch": "Batch",
    "steps": "Steps",
    "every": "Steps between pictures",
    "warmup": "Steps of D alone first",
}
HINTS: Final = {
    "pack": "Packing: D judges so many samples together, and can see that they are alike.",
    "batch_std": "Each coordinate’s standard deviation over the batch goes into D as well.",
    "penalty": "Clip: D’s weights stay within ±c. Gradient: D pays λ (‖∇ₓD‖ − 1)².",
    "unroll": "G answers D as it would be after so many more updates.",
    "spectral_norm": "No layer of D can stretch a distance.",
    "noise": "Added to all that D sees; it fades out over 80% of the steps.",
    "ema": "The pictures show G’s averaged weights; off shows the weights themselves.",
    "decay": "Constant for half the steps, then straight down to 2%.",
    "offset": "Along both axes.",
    "every": "A run has at most 400 pictures.",
    "warmup": "Before the first step of G.",
}
RUNGS: Final[dict[str, tuple[float, ...]]] = {
    "d_rate": (1e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 1e-1),
    "g_rate": (1e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 1e-1),
    "clip": (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "penalty_weight": (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
    "noise": (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0),
    "hidden": (8, 16, 32, 64, 128, 256),
    "gain": (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0),
    "offset": (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0),
    "beta1": (0.0, 0.3, 0.5, 0.7, 0.9, 0.99),
    "ema": (0.0, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999),
    "batch": (16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024),
    "steps": (100, 200, 400, 600, 800, 1_000, 1_500, 2_000, 3_000, 4_000, 6_000, 10_000, 20_000),
    "every": (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1_000),
    "warmup": (0, 50, 100, 200, 500, 1_000, 1_500, 2_000),
}
ZERO: Final = {"ema": "off", "noise": "none", "unroll": "none", "warmup": "none"}


def offered(name: str) -> tuple[Any, ...]:
    """The values that the knob of that field offers: its choices, or rungs between its ends."""
    allowed = legal(GanConfig)[name]
    if not isinstance(allowed, Range):
        return allowed
    return RUNGS.get(name) or tuple(range(int(allowed.low), int(allowed.high) + 1))


def written(name: str, value: object) -> str:
    """A field's value as a visitor reads it: on, none, 0.0002, ReLU."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return value
    if value == 0:
        return ZERO.get(name, "0")
    return f"{value:,.9f}".rstrip("0").rstrip(".").replace(",", "\u2009").replace("-", "−")
