"""One run on its stage, as layers of a movie: data, fakes, what D says of every place, and where it pushes the fakes.

The map of D and the axes keep their scale over a run. Where D tells the chance that a sample is real, the map is that
chance, 0 to 1. Of hinge's D it is the raw output between its margins, -1 and 1. Of Wasserstein's D only differences
count: its map is centred and divided by its largest deviation, frame by frame, and the arrows are divided alike.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from playground.coverage import RADIUS, perfect
from playground.gan.config import GanConfig
from playground.gan.reading import LOG_4, PLAYS_V, chance_real, plays_v, sigmoid
from playground.movie import Arrows, Chart, Extent, Field, Lines, Movie, Panel, Points
from playground.targets import Target, read
from playground.theme import Role

if TYPE_CHECKING:
    from playground.gan.training import GanSnapshot

Map = Literal["learned", "best"]
Layer = Points | Field | Arrows | Lines
DATA: Final = 500  # real samples that are shown
FAKES: Final = 700  # of those in a snapshot
ARROWS: Final = 64  # of those in a snapshot
THIN: Final = 2  # every so many lines of the z-grid are shown
_CIRCLE: Final = np.linspace(0, 2 * np.pi, 49)
_LONGEST: Final = 0.08  # arrow, of the stage's width
_PUSH: Final = 4.0  # nats over the stage's width, at which an arrow has three quarters of its longest


def stage(frames: Sequence["GanSnapshot"], config: GanConfig, *, title: str = "", shown: Map = "learned") -> Panel:
    """The panel of one run; every layer can be hidden in the player's legend.

    Args:
        frames: Of `playground.gan.train`, from the first on; at least one.
        title: Of the panel, where there are two.
        shown: Whose map lies under the dots: that of D as it learned, or of the best D against this G, which is
            known where `tells_chance(config)`.
    """
    t = shown_target(config)
    layers: list[Layer] = [_map(frames, config, shown)]
    layers.append(
        Lines(_every(frames, "manifold")[:, ::THIN], "G of a grid of z", color="prior", opacity=0.45, dash=())
    )
    layers.append(Points(real(config.target), "data", color="data", size=1.8, opacity=0.4))
    if t.modes is not None:
        layers.append(Lines(_circles(t), "modes, 3σ", color="truth", width=1.6, opacity=0.9, dash=()))
    layers.append(Points(_every(frames, "fakes")[:, :FAKES], "fakes", color="model", size=2.2, opacity=0.8))
    if shown == "learned":
        at, push = _arrows(frames, config, t.extent)
        layers.append(Arrows(at, push, "push on G", color="text", opacity=0.75))
    return Panel(layers, title, extent=t.extent)


def curves(frames: Sequence["GanSnapshot"], config: GanConfig) -> list[Chart]:
    """What the run's numbers did: losses, what it covers, how far its samples are from the data."""
    t, charts = shown_target(config), [_losses(frames, config)]
    if t.modes is not None:
        k = len(t.modes.centres)
        shares: dict[str, np.ndarray] = {
            "modes": 100 * _series(frames, "strict_modes") / k,
            "good": 100 * _series(frames, "high_quality"),
        }
        roles: dict[str, Role] = {"modes": "model", "good": "data"}
        best = ("perfect G", 100 * perfect(t).high_quality)
        charts.append(Chart(shares, "covered, %", roles=roles, truth=best, limits=(0.0, 105.0)))
    far = held(_series(frames, "w2"))
    floor = frames[-1].w2_floor
    least = ("two real samples", floor) if np.isfinite(floor) else None
    charts.append(Chart({"to the data": far}, "W₂, units of x", roles={"to the data": "error"}, truth=least))
    return charts


def movie(
    frames: Sequence["GanSnapshot"], config: GanConfig, *, maps: Sequence[Map] = ("learned",), live: bool = False,
    charts: bool = True, text: Sequence[str] | None = None, start: int = 0, height: int = 420,
) -> Movie:  # fmt: skip
    """One run as a movie that grows with it.

    Args:
        maps: A panel for each.
        live: Whether more frames are coming.
        charts: Whether the curves are beside it.
        text: A sentence for each frame.
        start: The first frame on screen; -1 for the last.
        height: Of the panels, px, at most.
    """
    titles = {"learned": "D as it learned", "best": "the best D against this G"} if len(maps) > 1 else {}
    return Movie(
        [stage(frames, config, title=titles.get(shown, ""), shown=shown) for shown in maps],
        [frame.step for frame in frames],
        time_name="update" if config.moves else "step",
        charts=curves(frames, config) if charts else [], below=len(maps) > 1,
        run=run_name(config), live=live, until=None if config.moves else config.steps,
        fps=20, start=start, text=text, height=height,
        alt="A generator's samples, the real data, and what the discriminator says of every place",
    )  # fmt: skip


def run_name(*configs: GanConfig) -> str:
    """Names the movie of these runs: with moves made by hand it is one movie that grows with every move."""
    games = [replace(config, moves="D" if config.moves else "").as_json() for config in configs]
    return hashlib.md5(json.dumps(games, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=256)
def _target(described: str) -> Target:
    return read(described)


def shown_target(config: GanConfig) -> Target:
    """The target of a game, kept from one picture to the next."""
    return _target(config.target)


@lru_cache(maxsize=64)
def real(described: str) -> np.ndarray:
    """Real samples of the target in that JSON, shape (DATA, 2), data units; the same in every run."""
    import torch

    return _target(described).sample(DATA, generator=torch.Generator().manual_seed(0)).numpy()


def held(values: np.ndarray) -> np.ndarray:
    """The values, with the last one before it in place of a NaN: what was measured last."""
    at = np.maximum.accumulate(np.where(np.isfinite(values), np.arange(len(values)), -1))
    return np.where(at >= 0, values[at], np.nan)


def _every(frames: Sequence["GanSnapshot"], name: str) -> np.ndarray:
    return np.stack([getattr(frame, name) for frame in frames])


def _series(frames: Sequence["GanSnapshot"], name: str) -> np.ndarray:
    return np.array([getattr(frame, name) for frame in frames], float)


def _map(frames: Sequence["GanSnapshot"], config: GanConfig, shown: Map) -> Field:
    if shown == "best":
        return Field(sigmoid(_every(frames, "best_logit")), "chance real", lo=0, hi=1, opacity=0.5)
    raw = _every(frames, "d_map")
    chance = chance_real(config.loss, raw)
    if chance is not None:
        return Field(chance, "chance real", lo=0, hi=1, opacity=0.5)
    if config.loss == "hinge":
        return Field(raw, "D between its margins", lo=-1, hi=1, opacity=0.5)
    centred = raw - raw.mean((1, 2), keepdims=True)
    return Field(centred / _deviation(raw)[:, None, None], "D, on its own scale", lo=-1, hi=1, opacity=0.5)


def _deviation(raw: np.ndarray) -> np.ndarray:
    """The largest from the mean, of each map, shape (frames,); never 0."""
    return np.maximum(np.abs(raw - raw.mean((1, 2), keepdims=True)).max((1, 2)), 1e-12)


def _arrows(frames: Sequence["GanSnapshot"], config: GanConfig, extent: Extent) -> tuple[np.ndarray, np.ndarray]:
    """Feet and arrows, shape (frames, arrows, 2): long where G's loss is steep, but never longer than _LONGEST."""
    push, width = _every(frames, "pushed")[:, :ARROWS], extent[1] - extent[0]
    if config.loss == "Wasserstein":
        push = push / _deviation(_every(frames, "d_map"))[:, None, None]
    steep = np.linalg.norm(push, axis=-1, keepdims=True) * width / _PUSH
    with np.errstate(invalid="ignore"):
        arrows = push / np.maximum(np.linalg.norm(push, axis=-1, keepdims=True), 1e-30) * np.tanh(steep)
    return _every(frames, "fakes")[:, : push.shape[1]], _LONGEST * width * arrows


def _circles(t: Target) -> np.ndarray:
    """Around every mode at 3 standard deviations, shape (k, 49, 2)."""
    assert t.modes is not None
    away = RADIUS * t.modes.sigma * np.stack([np.cos(_CIRCLE), np.sin(_CIRCLE)], -1)
    return t.modes.centres[:, None] + away


def _losses(frames: Sequence["GanSnapshot"], config: GanConfig) -> Chart:
    found: dict[str, np.ndarray] = {"D": _series(frames, "d_loss"), "G": _series(frames, "g_loss")}
    roles: dict[str, Role] = {"D": "rival", "G": "model"}
    title = "loss, nats" if config.loss in (*PLAYS_V, "f: KL", "f: reverse KL") else "loss"
    if not plays_v(config):
        return Chart(found, title, roles=roles)
    shift = LOG_4 if config.loss == "f: JS" else 0.0  # its D loses -V - log 4
    found["best D"] = -_series(frames, "best_value_nats") - shift
    roles["best D"] = "data"
    return Chart(found, title, roles=roles, truth=("guessing", LOG_4 - shift))
