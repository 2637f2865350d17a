"""The prior of an experiment: its family, and the live knobs of that family."""

from collections.abc import Callable
from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from playground.bernoulli import Beta, Prior, SpikeAndBeta, TruncatedNormal, TwoCoins, uniform
from playground.ui import knobs
from playground.ui.components.live_slider import Dial, live_slider

BETA, UNIFORM, NORMAL, COINS, SPIKE = FAMILIES = ("Beta", "Uniform", "Normal", "Two coins", "Spike and Beta")
DEFAULTS = {
    "a": 2.0, "b": 2.0, "mu": 0.5, "sigma": 0.1, "bias": 0.9, "fair": 0.5, "spread": 100.0, "at": 0.5, "weight": 0.5,
}  # fmt: skip
KNOBS = {
    BETA: ("a", "b"), UNIFORM: (), NORMAL: ("mu", "sigma"), COINS: ("bias", "fair", "spread"),
    SPIKE: ("at", "weight", "a", "b"),
}  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """The prior where its knobs are, and where they last rested: axes follow the second."""

    family: str
    now: Prior
    settled: Prior


def settings(prefix: str, family: str, **values: float) -> dict[str, object]:
    """What a preset sets: every knob of that family in `choose(prefix)`, those without a value at their defaults.

    Args:
        values: By the names in `KNOBS`.
    """
    knobs_of = {f"{prefix}_{name}": values.get(name, DEFAULTS[name]) for name in KNOBS[family]}
    return {f"{prefix}_prior": family, **knobs_of}


def choose(prefix: str, more: DeltaGenerator, families: tuple[str, ...] = FAMILIES) -> Chosen:
    """The family and its knobs, under keys that begin with `prefix`.

    Args:
        more: Where the knobs go that are seldom moved.
    """
    family = knobs.select("Prior", families, key=f"{prefix}_prior")

    def dial(name: str, label: str, low: float, high: float, hint: str, *ticks: float, log: bool = False) -> Dial:
        return live_slider(
            label, low, high, DEFAULTS[name], key=f"{prefix}_{name}", step=0.01, role="prior", hint=hint, log=log,
            ticks=ticks,
        )  # fmt: skip

    def shape() -> tuple[Dial, Dial]:
        ticks = (0.1, 1, 10, 1000, 1e6)
        return (
            dial("a", "a", 0.1, 1e6, "heads imagined + 1", *ticks, log=True),
            dial("b", "b", 0.1, 1e6, "tails imagined + 1", *ticks, log=True),
        )

    if family == BETA:
        return _made(family, Beta, *shape())
    if family == NORMAL:
        mu = dial("mu", "μ", 0, 1, "its middle", 0, 0.5, 1)
        return _made(family, TruncatedNormal, mu, dial("sigma", "σ", 0.01, 1, "its width", 0.01, 0.1, 1, log=True))
    if family == COINS:
        bias = dial("bias", "bias", 0.01, 0.99, "θ of the other coin", 0.01, 0.5, 0.99)
        fair = dial("fair", "P(fair)", 0.01, 0.99, "the coin is fair", 0.01, 0.5, 0.99)
        with more:
            spread = dial("spread", "c", 1, 1e6, "how alike such coins are", 1, 100, 1e4, 1e6, log=True)
        return _made(family, TwoCoins, bias, fair, spread)
    if family == SPIKE:
        at = dial("at", "at", 0, 1, "θ of the spike", 0, 0.5, 1)
        weight = dial("weight", "weight", 0.01, 0.99, "P(θ is exactly there)", 0.01, 0.5, 0.99)
        with more:
            a, b = shape()
        return _made(family, SpikeAndBeta, at, weight, a, b)
    return Chosen(family, uniform(), uniform())


def _made(family: str, make: Callable[..., Prior], *dials: Dial) -> Chosen:
    return Chosen(family, make(*(dial.now for dial in dials)), make(*(dial.settled for dial in dials)))
