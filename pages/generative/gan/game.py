"""The knobs of the game itself, the same in Collapse, Duel and Many seeds: a visitor takes their game along."""

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import streamlit as st

from playground.gan import GanConfig
from playground.runs import Range, legal
from playground.theme import Role
from playground.ui import knobs as kit
from playground.ui import links, targets
from playground.ui.components.live_slider import live_slider

KEY = "gan_{}"
START = GanConfig()
FIELDS = tuple(field.name for field in fields(GanConfig) if field.name != "moves")
LEGAL = legal(GanConfig)
LABELS = {
    "seed": "Seed",
    "loss": "Loss",
    "d_rate": "D’s rate",
    "g_rate": "G’s rate",
    "pack": "Samples D sees at once",
    "batch_std": "D sees the batch’s spread",
    "penalty": "Penalty on D",
    "clip": "Clip D’s weights at",
    "penalty_weight": "Weight of the penalty λ",
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
HINTS = {
    "pack": "Packing: D judges that many samples together, and sees when they are alike.",
    "batch_std": "Each coordinate’s standard deviation over the batch goes into D as well.",
    "unroll": "G answers D as it will be after that many updates.",
    "noise": "Added to all that D sees; it fades out over 80 % of the steps.",
    "ema": "The pictures show G’s averaged weights; off shows the weights themselves.",
    "decay": "Constant for half the steps, then straight down to 2 %.",
    "offset": "Along both axes, away from the data.",
    "warmup": "Before the first step of G.",
}
RUNGS: dict[str, tuple[float, ...]] = {
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
ZERO = {"ema": "off", "noise": "none", "unroll": "none", "warmup": "none"}
RATES: dict[str, Role | None] = {"d_rate": None, "g_rate": "model"}
GROUPS = {
    "Remedies": ("batch_std", "penalty", "clip", "penalty_weight", "d_steps", "unroll", "spectral_norm", "noise"),
    "Networks": ("activation", "hidden", "depth", "z_dim", "gain", "offset"),
    "Learning": ("g_optimizer", "d_optimizer", "beta1", "ema", "decay", "batch", "steps", "every", "warmup"),
}


def knobs() -> GanConfig:
    """The column of all knobs, and the game that they make."""
    values = {name: _kept(name) for name in FIELDS if name != "target"}
    if values["batch"] % values["pack"]:
        links.ignore(LABELS["pack"], str(values["pack"]), f"a divisor of the batch, {values['batch']}")
        links.forget(KEY.format("pack"))
    target = targets.chooser(key=KEY.format("target"), default=START.target)
    values["loss"] = _drawn("loss")
    for name, role in RATES.items():
        values[name] = _rate(name, role)
    values["pack"] = _drawn("pack", [m for m in (1, 2, 3, 4) if values["batch"] % m == 0])
    values["seed"] = kit.counter(LABELS["seed"], *_ends("seed"), START.seed, key=KEY.format("seed"))
    for group, names in GROUPS.items():
        with st.expander(group, key=KEY.format(group), on_change="rerun") as opened:
            if opened.open:
                for name in _relevant(names, str(values["penalty"])):
                    rungs = [n for n in RUNGS["batch"] if n % values["pack"] == 0] if name == "batch" else None
                    values[name] = _drawn(name, rungs)
    return GanConfig(target=target, **values)


def settings(config: GanConfig) -> dict[str, object]:
    """What a preset sets for that game: every knob of it, so that presets undo each other."""
    described: dict[str, object] = {KEY.format(name): getattr(config, name) for name in FIELDS}
    return described | {KEY.format("target"): targets.canonical(json.loads(config.target))}


def _kept(name: str) -> Any:
    """A knob's value, drawn or not."""
    allowed = LEGAL[name]
    ends = (allowed.low, allowed.high) if isinstance(allowed, Range) else allowed
    return kit.kept(LABELS[name], getattr(START, name), key=KEY.format(name), legal=ends)


def _drawn(name: str, rungs: Sequence[float] | None = None) -> Any:
    """A knob, drawn as what it is: a switch, a choice or a number."""
    allowed, key, label, hint = LEGAL[name], KEY.format(name), LABELS[name], HINTS.get(name)
    if isinstance(allowed, Range):
        steps = rungs or RUNGS.get(name) or range(int(allowed.low), int(allowed.high) + 1)
        ends, zero = (allowed.low, allowed.high), ZERO.get(name, "0")
        return kit.ladder(label, steps, getattr(START, name), key=key, ends=ends, hint=hint, zero=zero)
    if allowed == (False, True):
        return kit.switch(label, key=key, hint=hint)
    return kit.select(label, allowed, key=key, default=getattr(START, name))


def _rate(name: str, role: Role | None) -> float:
    low, high = _ends(name)
    return live_slider(
        LABELS[name], low, high, getattr(START, name), key=KEY.format(name), step=0.05, role=role, log=True,
        ticks=(low, 0.001, high),
    ).settled  # fmt: skip


def _ends(name: str) -> tuple[Any, Any]:
    allowed = LEGAL[name]
    assert isinstance(allowed, Range)
    return allowed.low, allowed.high


def _relevant(names: Sequence[str], penalty: str) -> list[str]:
    """The knobs that matter under that penalty."""
    idle = {"clip": penalty != "clip", "penalty_weight": penalty != "gradient"}
    return [name for name in names if not idle.get(name)]
