"""The knobs of the game itself, the same in Collapse, Duel and Many seeds: a visitor takes their game along."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import streamlit as st

from playground.gan import GanConfig
from playground.gan.cases import CASES
from playground.gan.words.game import HINTS, LABELS, ZERO, offered
from playground.runs import Range, legal
from playground.theme import Role
from playground.ui import knobs as kit
from playground.ui import links, targets
from playground.ui.components.live_slider import live_slider

KEY = "gan_{}"
START = CASES["Plain GAN"].config
FIELDS = tuple(field.name for field in fields(GanConfig) if field.name != "moves")
LEGAL = legal(GanConfig)
MOST_FRAMES = 400  # of a run: 10 MB
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
    if values["steps"] > MOST_FRAMES * values["every"]:
        links.put({KEY.format("every"): _sparse(values["steps"])[0]})
        values["every"] = _kept("every")
    target = targets.chooser(key=KEY.format("target"), default=START.target)
    values["loss"] = _drawn("loss")
    for name, role in RATES.items():
        values[name] = _rate(name, role)
    values["pack"] = _drawn("pack", [m for m in (1, 2, 3, 4) if values["batch"] % m == 0])
    values["seed"] = kit.counter(LABELS["seed"], *_ends("seed"), START.seed, key=KEY.format("seed"))
    rungs = {"batch": [n for n in offered("batch") if n % values["pack"] == 0], "every": _sparse(values["steps"])}
    for group, names in GROUPS.items():
        with st.expander(group, key=KEY.format(group), on_change="rerun") as opened:
            if opened.open:
                for name in _relevant(names, values):
                    values[name] = _drawn(name, rungs.get(name))
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
        ends, zero = (allowed.low, allowed.high), ZERO.get(name, "0")
        return kit.ladder(label, rungs or offered(name), getattr(START, name), key=key, ends=ends, hint=hint, zero=zero)
    if allowed == (False, True):
        return kit.switch(label, key=key, hint=hint)
    return kit.select(label, allowed, key=key, default=getattr(START, name), hint=hint)


def _rate(name: str, role: Role | None) -> float:
    low, high = _ends(name)
    return live_slider(
        LABELS[name], low, high, getattr(START, name), key=KEY.format(name), step=0.05, role=role, log=True,
        ticks=(low, 0.001, high),
    ).settled  # fmt: skip


def _sparse(steps: int) -> list[int]:
    """How many steps may lie between two pictures of a run of so many."""
    return [n for n in offered("every") if steps <= MOST_FRAMES * n]


def _ends(name: str) -> tuple[Any, Any]:
    allowed = LEGAL[name]
    assert isinstance(allowed, Range)
    return allowed.low, allowed.high


def _relevant(names: Sequence[str], values: Mapping[str, Any]) -> list[str]:
    """The knobs that matter beside the values of the others."""
    idle = {
        "clip": values["penalty"] != "clip",
        "penalty_weight": values["penalty"] != "gradient",
        "beta1": "Adam" not in (values["g_optimizer"], values["d_optimizer"]),
    }
    return [name for name in names if not idle.get(name)]
