"""The chooser of a two-dimensional target: published ones by name, rings and grids, and one's own.

One knob holds the whole target. What the engine refuses is not taken: the last good target stays in force, and what
the visitor did stays on the screen with the reason under it.
"""

import inspect
import json
import re
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np
import streamlit as st

from playground.movie import Lines, Panel
from playground.targets import FAMILIES, MOST_MODES, PRESETS, Target, target
from playground.ui import knobs, links
from playground.ui.components.drawpad import draw_points
from playground.ui.components.scatter import Sheet, scatter

REACH = 2.0  # one's own modes and clouds lie in [-REACH, REACH]²
MODES = Sheet((-REACH, REACH, -REACH, REACH), MOST_MODES, digits=2)
CLOUD = Sheet((-REACH, REACH, -REACH, REACH), 200, digits=2)
RING = '{"name": "ring", "k": 8, "radius": 1.0, "sigma": 0.05}'
NAMES = {
    "Ring": "ring",
    "Grid": "grid",
    "Two blobs": "two-blobs",
    "Your modes": "placed-modes",
    "Your cloud": "drawn-cloud",
    "PacGAN’s ring": "pacgan-ring",
    "PacGAN’s grid": "pacgan-grid",
    "8 Gaussians": "8gaussians",
    "Checkerboard": "checkerboard",
    "Two spirals": "2spirals",
    "Pinwheel": "pinwheel",
    "Moons": "moons",
    "Circles": "circles",
    "Rings": "rings",
    "Swiss roll": "swissroll",
}
STARTS: dict[str, dict[str, Any]] = {
    "ring": json.loads(RING),
    "grid": {"name": "grid", "k": 3, "step": 1.0, "sigma": 0.05},
    "placed-modes": {
        "name": "placed-modes",
        "centres": [[-1.2, -0.8], [-0.9, 0.9], [0.1, 0.2], [0.7, -1.1], [1.3, 0.8]],
        "sigma": 0.1,
    },
    "drawn-cloud": {
        "name": "drawn-cloud",
        "points": [[round(t / 16 - 1.5, 2), round(float(np.sin(t / 8)), 2)] for t in range(49)],
        "bandwidth": 0.1,
    },
}
SAID = {"k": "The number of modes k", "sigma": "σ", "centres": "Modes"}  # in a refusal, for the engine's names
_START = tuple((x, y) for x, y in STARTS["placed-modes"]["centres"])
NUMBERS: dict[str, tuple[str, float, float, float]] = {  # of a family: label, ends and step of the box
    "k": ("Modes k", 1, 100, 1),
    "radius": ("Radius", 0.1, 10.0, 0.1),
    "step": ("Step", 0.1, 10.0, 0.1),
    "sigma": ("σ of a mode", 0.0, 5.0, 0.01),
    "bandwidth": ("Bandwidth", 0.0, 5.0, 0.01),
}
_KINDS = {name: label for label, name in NAMES.items()}


def chooser(*, key: str, default: str = RING) -> str:
    """The JSON of the chosen target, as `Target.describe` gives it; `default` until another is chosen.

    Args:
        default: In that form too.
    """
    if links.just_set(key) and _draft(key)[1]:  # a preset may have set the target that is in force already
        links.put({f"{key}:refused": None, f"{key}:cloud:mine": None})
    _moved(key)
    described = json.loads(_linked(key, default))
    st.session_state[f"{key}:kind"] = _KINDS[described["name"]]
    st.selectbox("Target", tuple(NAMES), key=f"{key}:kind", on_change=_another, args=(key,))
    if described["name"] == "placed-modes":
        _sheet(key, described)
    elif described["name"] == "drawn-cloud":
        described = _pad(key, described)
    if reason := _draft(key)[1]:
        knobs.refusal(f"{reason}. The target before it stays")
    if described["name"] in FAMILIES:
        with st.expander("Shape of the target", key=f"{key}:shape", on_change="rerun") as shape:
            if shape.open:
                _numbers(key, described)
    return _linked(key, default)


def said(chosen: str) -> str:
    """The target in a few words, such as "ring of 8, σ 0.05"."""
    described = json.loads(chosen)
    match described["name"]:
        case "ring":
            return f"ring of {described['k']}, σ {described['sigma']:g}"
        case "grid":
            return f"grid of {described['k']} × {described['k']}, σ {described['sigma']:g}"
        case "placed-modes":
            return f"{len(described['centres'])} modes of your own, σ {described['sigma']:g}"
        case "drawn-cloud":
            return f"a cloud of your own, {len(described['points'])} points"
        case name:
            return _KINDS[name]


def of(chosen: str) -> Target:
    """The target whose JSON that is."""
    return _made(chosen)


def canonical(described: Mapping[str, Any]) -> str:
    """The target's JSON, as the chooser writes it.

    Raises:
        ValueError: There is no such target.
    """
    return json.dumps(target(**described).describe())


def read(text: str) -> str:
    """The JSON of the target of a link such as `ring_8_1_0.05` or `placed-modes_0.1_-0.5_1.25~0.31_0.4`.

    Raises:
        ValueError: Says what is legal.
    """
    try:
        return _read(text)
    except ValueError as problem:
        raise ValueError(_plainly(problem)) from None


def write(chosen: str) -> str:
    """A target's JSON as text for a link."""
    described = json.loads(chosen)
    name = described["name"]
    if name == "placed-modes":
        return f"{name}_{described['sigma']:.12g}_{MODES.write(described['centres'])}"
    if name == "drawn-cloud":
        return f"{name}_{described['bandwidth']:.12g}_{CLOUD.write(described['points'])}"
    return "_".join([name, *(f"{described[part]:.12g}" for part in _parts(name))])


@lru_cache(maxsize=256)
def _read(text: str) -> str:
    name, _, rest = text.partition("_")
    if name in ("placed-modes", "drawn-cloud"):
        width, _, places = rest.partition("_")
        if name == "placed-modes":
            return canonical({"name": name, "centres": MODES.read(places), "sigma": _number(width)})
        return canonical({"name": name, "points": CLOUD.read(places), "bandwidth": _number(width)})
    if name not in (*PRESETS, *FAMILIES):
        raise ValueError("one of " + ", ".join(NAMES.values()))
    wanted, came = _parts(name), rest.split("_") if rest else []
    if len(came) != len(wanted):
        raise ValueError(f"{name} with {', '.join(wanted)}" if wanted else f"{name} alone")
    numbers = {part: _number(value) for part, value in zip(wanted, came, strict=True)}
    return canonical({"name": name, **numbers})


@lru_cache(maxsize=256)
def _made(chosen: str) -> Target:
    return target(**json.loads(chosen))


def _linked(key: str, default: str) -> str:
    return links.linked(key, default, read=read, write=write, label="Target")


def _another(key: str) -> None:
    """Another kind was chosen: it comes as it was left, or as it starts."""
    before, name = links.now(key), NAMES[st.session_state[f"{key}:kind"]]
    kept = links.now(f"{key}:{name}")
    links.put({f"{key}:{json.loads(before)['name']}": before})
    links.put({key: kept or canonical(STARTS.get(name, {"name": name})), f"{key}:refused": None})


def _offer(key: str, described: Mapping[str, Any]) -> None:
    """Put a target into the knob, or keep it as a draft beside the reason why it is none."""
    try:
        links.put({key: canonical(described), f"{key}:refused": None})
    except ValueError as problem:
        links.put({f"{key}:refused": (described, _plainly(problem), links.now(key))})


def _plainly(problem: ValueError) -> str:
    """The engine's refusal as a visitor reads it: names of the page, numbers written out."""
    text = re.sub(r"[\d.]+e-\d+", lambda tiny: np.format_float_positional(float(tiny[0])), str(problem))
    field, must, rest = re.sub(r"(?<![a-z])-(?=\d)", "−", text).partition(" must ")
    return f"{SAID.get(field, field.capitalize())}{must}{rest}" if must else field


def _draft(key: str) -> tuple[dict[str, Any], str]:
    """What of the visitor's was refused, and why; nothing once another target is in force."""
    draft, reason, kept = links.now(f"{key}:refused") or ({}, "", None)
    return (draft, reason) if kept == links.now(key) else ({}, "")


def _numbers(key: str, described: dict[str, Any]) -> None:
    """The numbers of a family, in boxes."""
    described = described | _draft(key)[0]

    def typed(part: str) -> None:
        _offer(key, described | {part: st.session_state[f"{key}:{part}"]})

    columns = st.columns(2, gap="small")
    for i, (part, (label, low, high, step)) in enumerate((p, NUMBERS[p]) for p in described if p in NUMBERS):
        st.session_state[f"{key}:{part}"] = type(low)(min(high, max(low, described[part])))
        with columns[i % 2]:
            knobs.number(label, low, high, key=f"{key}:{part}", step=step, then=partial(typed, part))


def _sheet(key: str, described: dict[str, Any]) -> None:
    """A sheet to place modes on."""
    points = (described | _draft(key)[0])["centres"]
    rings = Lines(_circles(np.array(points), 3 * described["sigma"]), "3 σ", color="truth") if points else None
    scatter(
        Panel([rings] if rings else [], extent=MODES.extent), points, MODES, start=_START, key=f"{key}:modes",
        alt="Modes of the target", height=260, hint="Click to place a mode, drag to move it, drag off to remove it.",
    )  # fmt: skip


def _moved(key: str) -> None:
    """Take over the modes that the visitor has just placed."""
    if f"{key}:modes" in st.session_state:
        placed = links.now(f"{key}:modes")
        links.forget(f"{key}:modes")
        if (described := json.loads(links.now(key)))["name"] == "placed-modes":
            _offer(key, described | {"centres": _START if placed is None else placed})


def _pad(key: str, described: dict[str, Any]) -> dict[str, Any]:
    """A sheet to draw a cloud on; the target that it makes."""
    pad, text = f"{key}:cloud", CLOUD.write(described["points"])
    start, mine, drawn, turn = (f"{pad}:{name}" for name in ("start", "mine", "drawn", "turn"))
    if text != links.now(mine):  # a new sheet, or a cloud from a link, a preset or Back
        links.put({start: text, mine: text, drawn: text, turn: (links.now(turn) or 0) + 1})
    points = draw_points(
        key=pad, extent=CLOUD.extent, limit=CLOUD.most, start=CLOUD.read(links.now(start)), salt=str(links.now(turn)),
        alt="A cloud of your own: draw with the pointer",
    )  # fmt: skip
    now = CLOUD.write(CLOUD.received(points.tolist()))
    if now != links.now(drawn):
        _offer(key, {"name": "drawn-cloud", "points": CLOUD.read(now)})
        described = json.loads(links.now(key))
        links.put({drawn: now, mine: CLOUD.write(described["points"])})
    st.html(
        '<p class="pg-meta">The target is a kernel estimate: a Gaussian of bandwidth '
        f"{described['bandwidth']:g} at each of {len(described['points'])} points.</p>"
    )
    return described


def _circles(centres: np.ndarray, radius: float) -> np.ndarray:
    """A circle around each centre, shape (k, 33, 2)."""
    turn = np.linspace(0, 2 * np.pi, 33)
    return centres[:, None] + radius * np.stack([np.cos(turn), np.sin(turn)], -1)


def _parts(name: str) -> tuple[str, ...]:
    """The numbers that make a ring or grid."""
    return tuple(inspect.signature(FAMILIES[name]).parameters) if name in ("ring", "grid") else ()


def _number(text: str) -> float:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        raise ValueError(f"a number, not “{text[:12]}”") from None
