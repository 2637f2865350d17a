"""Many seeds: a small picture of each over time, and one dot for each under its number at the end."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.coverage import Floor, perfect
from playground.gan.charts.stage import real
from playground.gan.seeds import METRICS, SeedsConfig, missed, spread
from playground.gan.words import seeds as words
from playground.movie import Chart, Movie, Panel, Points
from playground.targets import Target, read
from playground.theme import SHAPES, Look, Picture, finished

if TYPE_CHECKING:
    from playground.gan.training import SeedsSnapshot

DOTS: Final = 4_096  # in all pictures together
MOST: Final = 300  # of them in one
COLUMNS: Final = (4, 8)  # of up to `words.ROOMY` games, and of more
_DATA: Final = 150  # real samples in each, where there are no modes to mark
TITLES: Final = {
    "modes": "modes", "strict_modes": "strict modes", "high_quality": "high quality, %",
    "reverse_kl": "reverse KL, nats",
}  # fmt: skip
ALT: Final = "A dot for each seed under each of its numbers, their mean with its standard error, and what is perfect"
_LANE: Final = 58  # px
_AXIS: Final = 46  # px, with its title
_BIN: Final = 0.012  # of the axis: dots closer than that stand on each other
_SWARM: Final = 0.5  # of a lane's height that dots may fill
_STACK: Final = 0.12  # of it between two dots, where there is room
_MIDDLE: Final = 0.34  # of it, where the dots are; above them is the lane's name


def movie(
    frames: Sequence["SeedsSnapshot"], config: SeedsConfig, t: Target, floor: Floor | None, *, live: bool, reveal: bool
) -> Movie:
    """A small picture of every game, and the means over the games with a cursor.

    Args:
        frames: From before the first step on; at least one. Without `reveal` only that is shown.
        floor: Of the target's own samples; None where it has no modes.
        live: Whether more frames are coming.
    """
    shown = frames if reveal else frames[:1]
    dots = min(MOST, DOTS // config.games)
    panels = [_panel(shown, game, config, dots, t, reveal=reveal) for game in range(config.games)]
    return Movie(
        panels, [frame.step for frame in shown], columns=COLUMNS[config.games > words.ROOMY],
        charts=_charts(shown, t, floor) if reveal else (),
        run=f"{config} {reveal}", live=live and reveal, until=config.steps, start=-1,
        alt=f"The samples of {config.games} generators that differ only in their seed, a small picture each",
    )  # fmt: skip


def _panel(
    frames: Sequence["SeedsSnapshot"], game: int, config: SeedsConfig, dots: int, t: Target, *, reveal: bool
) -> Panel:  # fmt: skip
    fakes = np.stack([frame.fakes[game, :dots] for frame in frames])  # (frames, dots, 2)
    layers = [Points(fakes, "fakes", color="model", size=1.9 if config.games > words.ROOMY else 2.4, opacity=0.55)]
    if t.modes is None:
        layers.insert(0, Points(real(config.target)[:_DATA], "data", color="data", size=1.6, opacity=0.5))
    else:
        gone = missed(np.stack([frame.at_mode[game] for frame in frames]))[..., None]  # (frames, k, 1)
        centres, k = t.modes.centres, len(t.modes.centres)
        mark = {"size": 4.5 * min(1.0, (10 / k) ** 0.5), "opacity": 1.0, "join": False, "counted": False}
        layers.append(Points(np.where(gone, np.nan, centres), "modes it has", color="truth", **mark))
        layers.append(Points(np.where(gone, centres, np.nan), "modes it misses", color="error", **mark))
    captions = words.captions(frames, game, t) if reveal else None
    return Panel(layers, f"seed {config.seeds[game]}", extent=t.extent, bare=True, captions=captions)


def _charts(frames: Sequence["SeedsSnapshot"], t: Target, floor: Floor | None) -> list[Chart]:
    if t.modes is None or floor is None:
        return [
            Chart({"mean": [float(getattr(frame, name).mean()) for frame in frames]}, title, roles={"mean": "model"})
            for name, title in (("d_loss", "D’s loss"), ("g_loss", "G’s loss"))
        ]
    k = len(t.modes.centres)
    scale = {"high_quality": 100.0}
    tops = {"modes": k, "strict_modes": k, "high_quality": 100.0, "reverse_kl": math.log(k)}
    return [
        Chart(
            {"mean": [scale.get(name, 1.0) * float(getattr(frame, name).mean()) for frame in frames]}, TITLES[name],
            roles={"mean": "model"}, truth=("perfect", scale.get(name, 1.0) * getattr(floor, name)),
            limits=(0.0, 1.04 * tops[name]),
        )
        for name in METRICS
    ]  # fmt: skip


def dots(end: "SeedsSnapshot", t: Target, floor: Floor | None, *, look: Look) -> Picture:
    """One dot for each seed in a lane for each number, with mean ± standard error and what is perfect.

    The lanes share an axis: each number as a share of the largest it can be; W₂ in data units.
    """
    if t.modes is None or floor is None:
        top = _rung(max(float(end.w2.max()), end.w2_floor))
        lanes = [("W₂ after the last step", end.w2, end.w2_floor, f"two fresh samples {end.w2_floor:.3f}")]
    else:
        k, top = len(t.modes.centres), 1.0
        lanes = [
            (f"modes, 1 sample each, of {k}", end.modes / k, floor.modes / k, f"perfect {floor.modes:.2f}"),
            (f"strict modes, 20 samples each, of {k}", end.strict_modes / k, floor.strict_modes / k,
             f"perfect {floor.strict_modes:.2f}"),
            ("high quality, of all samples", end.high_quality, floor.high_quality,
             f"perfect {100 * floor.high_quality:.1f}%"),
            (f"reverse KL, of log {k} = {math.log(k):.2f} nats", end.reverse_kl / math.log(k),
             floor.reverse_kl / math.log(k), f"perfect {floor.reverse_kl:.4f}"),
        ]  # fmt: skip
    seeds, means, truths = [], [], []
    for lane, (name, values, best, said) in enumerate(lanes):
        bottom = len(lanes) - lane - 1
        found, at = spread(values), bottom + _MIDDLE
        seeds += [(x, at + dy) for x, dy in zip(values.tolist(), swarm(values / top), strict=True)]
        means.append((found.mean, found.mean - found.error, found.mean + found.error, at))
        truths.append((best, bottom + 0.02, bottom + 0.66, name, said, bottom + 0.82))
    tables = {
        "seeds": pd.DataFrame(seeds, columns=["x", "y"]),
        "means": pd.DataFrame(means, columns=["x", "from", "to", "y"]),
        "truths": pd.DataFrame(truths, columns=["x", "y", "y2", "name", "best", "at"]),
    }
    title = "W₂, data units" if t.modes is None else "share of the largest that it can be"
    return Picture(_spec(len(lanes), title, top, look), tables)


def swarm(values: np.ndarray) -> list[float]:
    """How far above the middle of its lane each dot stands, as a share of the lane: equal values side by side."""
    bins = np.rint(np.asarray(values, float) / _BIN).astype(int)
    found = np.zeros(len(bins))
    for each in np.unique(bins):
        at = np.flatnonzero(bins == each)
        step = min(_STACK, _SWARM / max(len(at) - 1, 1))
        found[at] = step * (np.arange(len(at)) - (len(at) - 1) / 2)
    return found.tolist()


@lru_cache(maxsize=16)
def _spec(lanes: int, title: str, top: float, look: Look) -> dict[str, Any]:
    p, px = look.palette, look.px
    across = alt.Axis(title=title, tickCount=5, format="~g")
    x_scale, y_scale = alt.Scale(domain=[0, top], nice=False, padding=8), alt.Scale(domain=[0, lanes], nice=False)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=across)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    seeds, means, truths = (alt.Chart(alt.NamedData(name)) for name in ("seeds", "means", "truths"))
    truth: dict[str, Any] = {"color": p.truth, "strokeDash": [6, 4], "strokeWidth": px(2)}
    chart = alt.layer(
        truths.mark_rule(**truth).encode(x=x("x"), y=y("y"), y2="y2:Q"),
        seeds.mark_point(filled=True, shape=SHAPES["model"], color=p.model, size=px(38), opacity=0.6).encode(
            x=x("x"), y=y("y")),
        means.mark_rule(color=p.text, strokeWidth=px(3)).encode(x=x("from"), x2="to:Q", y=y("y")),
        means.mark_tick(color=p.text, thickness=px(3), height=px(20), orient="vertical").encode(x=x("x"), y=y("y")),
        truths.mark_text(align="left", baseline="middle", color=p.muted, dx=2).encode(
            x=alt.datum(0, scale=x_scale), y=y("at"), text="name:N"),
        truths.mark_text(align="right", baseline="middle", color=p.truth, dx=-2).encode(
            x=alt.datum(top, scale=x_scale), y=y("at"), text="best:N"),
    )  # fmt: skip
    return finished(chart, px(_LANE * lanes + _AXIS), look)


def _rung(value: float) -> float:
    """A round number that is not below the value."""
    power = 10 ** math.floor(math.log10(max(value, 1e-9)))
    return float(next(f"{step * power:.3g}" for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value))


@lru_cache(maxsize=64)
def target_of(described: str) -> tuple[Target, Floor | None]:
    """The target of a config, and what its own samples score where it has modes."""
    t = read(described)
    return t, None if t.modes is None else perfect(t)
