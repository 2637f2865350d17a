"""The repeats of an estimate from samples: all of them at one n as histograms, and what one of them saw."""

import json
import math
from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.divergences.charts.axes import ROLES, Axis, encodings, filling, round_up, strut, truths_on, value_scale
from playground.divergences.estimates import Estimates, HistogramStudy, PointStudy, Study, floor_law
from playground.theme import DASHES, MINUS, Look, Picture, filled, finished

_kept = lru_cache(maxsize=64)
_CELLS: Final = 16  # of a histogram, where there are draws enough


def strip(study: Study, run: Estimates, axis: Axis, *, at: int, per: float, look: Look, reveal: bool = True) -> Picture:
    """The repeats at one n as two histograms back to back, floor left and estimates right, on the axis of the funnel.

    Each side has its own scale: its longest bar fills it. The dotted curve is the χ² law of the floor for large n.
    """
    sides = ((1, "model", run.values[at]), (-1, "rival", run.floor[at]))
    finite = {role: per * values[np.isfinite(values)] for _, role, values in sides}
    cell = _cell(axis, list(finite.values()))
    bars, curve = [], []
    for side, role, values in sides if reveal else ():
        bars += [(role, a, b, 0.0, side * share) for a, b, share in _histogram(finite[role], cell, axis, len(values))]
    if reveal and (law := floor_law(study, run.sizes[at])):
        curve = [(y, -share) for y, share in _law(law, cell, axis, per)]
    numbers = ["low", "high", "from", "to"]
    frame = pd.DataFrame(bars, columns=["role", *numbers]).astype(dict.fromkeys(numbers, float))
    longest = {role: max([abs(bar[-1]) for bar in bars if bar[0] == role], default=1.0) for role in ROLES}
    longest["rival"] = max([longest["rival"], *(abs(share) for _, share in curve)])
    frame["to"] /= [longest[role] for role in frame["role"]]
    tables = {
        "bars": frame,
        "law": pd.DataFrame([(y, share / longest["rival"]) for y, share in curve], columns=["y", "share"]),
        "truths": truths_on(run, axis, per),
    }
    return Picture(_strip_spec(axis, look), tables)


@_kept
def _strip_spec(axis: Axis, look: Look) -> dict[str, Any]:
    return filled(_strip_template(axis.log, axis.height, look), **filling(axis))


@_kept
def _strip_template(log: bool, height: int, look: Look) -> str:
    p, px = look.palette, look.px
    hue, _, _ = encodings(look)
    # the labels are there but not seen: the two pictures' axes take the same room
    across = alt.Axis(title="repeats at this n", values=[0], labelOpacity=0, grid=False)
    scale = alt.Scale(domain=[-1.12, 1.12], nice=False)

    def y(field: str) -> alt.Y:
        bare = alt.Axis(title=None, labels=False, values=["@ticks"])
        return alt.Y(f"{field}:Q", scale=value_scale(log), axis=bare)

    bars = alt.Chart(alt.NamedData("bars")).encode(
        x=alt.X("from:Q", scale=scale, axis=across), x2="to:Q", y=y("low"), y2="high:Q", color=hue
    )
    truths = alt.Chart(alt.NamedData("truths")).transform_filter("datum.drawn && datum.main").encode(y=y("y"))
    names = alt.InlineData(
        [{"x": -0.06, "text": "floor", "role": "rival"}, {"x": 0.06, "text": "estimate", "role": "model"}]
    )
    top = alt.datum("@high", scale=value_scale(log))
    text = alt.Chart(names).encode(x=alt.X("x:Q", scale=scale, axis=across), y=top)
    middle = alt.Chart(alt.InlineData([{"x": 0}]))
    chart = alt.layer(
        middle.mark_rule(color=p.border).encode(x=alt.X("x:Q", scale=scale, axis=across)),
        bars.mark_rect(opacity=0.75, clip=True),
        alt.Chart(alt.NamedData("law")).mark_line(
            color=p.text, strokeDash=[1, 3], strokeCap="round", strokeWidth=px(2), clip=True).encode(
            x=alt.X("share:Q", scale=scale, axis=across), y=y("y"), order="y:Q"),
        truths.mark_rule(color=p.truth, strokeDash=list(DASHES["truth"]), strokeWidth=px(2)),
        *(text.transform_filter(f"datum.role == '{role}'").mark_text(
            align=align, baseline="top", dy=2, fontWeight=600, color=p.of(role)).encode(text="text:N")
          for role, align in zip(ROLES, ("left", "right"), strict=True)),
        strut(log, 0),
    )  # fmt: skip
    return json.dumps(finished(chart, px(height), look))


def _cell(axis: Axis, samples: list[np.ndarray]) -> float:
    """The height of a histogram's cell, as a share of the axis: so many that the narrower of the two has a shape."""
    wanted = []
    for values in samples:
        inside = values[(values >= axis.low) & (values <= axis.high)]
        if len(inside) > 1:
            low, high = np.quantile(inside, [0.01, 0.99])
            wanted.append(float(_share(axis, high) - _share(axis, low)) / min(_CELLS, max(len(inside) // 3, 1)))
    return float(np.clip(min(wanted, default=0.1), 1 / 80, 0.1))


def _share(axis: Axis, value: Any) -> Any:  # noqa: ANN401 (a number or an array of them)
    """How far along the axis a value is: the inverse of `Axis.at`."""
    if axis.log:
        return np.log(np.maximum(value, axis.low * 1e-3) / axis.low) / math.log(axis.high / axis.low)
    return (value - axis.low) / (axis.high - axis.low)


def _histogram(values: np.ndarray, cell: float, axis: Axis, repeats: int) -> list[tuple[float, float, float]]:
    """(low, high, share of all repeats) of every cell in use; the end cells hold what lies beyond the axis."""
    cells = math.ceil(1 / cell)
    found = np.clip(np.floor(_share(axis, values) / cell), 0, cells - 1).astype(int)
    counts = np.bincount(found, minlength=cells)
    return [
        (axis.at(i * cell), axis.at(min((i + 1) * cell, 1)), float(counts[i] / repeats)) for i in np.flatnonzero(counts)
    ]


def _law(law: tuple[float, int], cell: float, axis: Axis, per: float) -> list[tuple[float, float]]:
    """The share that the law gives each cell, at the cell's middle."""
    from scipy.special import gammainc

    scale, freedom = law
    middle = np.arange(0.5, 1 / cell) * cell
    below, above = (np.array([axis.at(at + side * cell / 2) for at in middle]) / (per * scale) for side in (-1, 1))
    shares = gammainc(freedom / 2, above / 2) - gammainc(freedom / 2, below / 2) if freedom else np.zeros(len(middle))
    some = np.flatnonzero(shares > 1e-4)
    return [(axis.at(middle[i]), float(shares[i])) for i in some]


def one_repeat(
    study: HistogramStudy | PointStudy, run: Estimates, at: int, *, look: Look, reveal: bool = True
) -> Picture:
    """What one repeat saw: the share of draws in every bin, or up to every x.

    Args:
        reveal: Whether bins that make the estimate infinite are marked.
    """
    if isinstance(study, PointStudy):
        return _steps(run.first[at], look)
    block = reveal and study.divergence == "KL" and not study.pseudo_count
    ends = np.array([study.ends[0], *study.edges, study.ends[1]])
    return _counts(ends, run.first[at], block=block, look=look)


def _counts(ends: np.ndarray, seen: tuple[np.ndarray, np.ndarray], *, block: bool, look: Look) -> Picture:
    """Of P an outline, of Q bars; ∞ over bins in which P has draws and Q has none, if `block`.

    Args:
        ends: Of the bins, shape (bins + 1,); the outermost bins are drawn as wide as the others.
        seen: Draws of P and of Q in every bin, shape (bins,) each.
    """
    p, q = (side / side.sum() for side in seen)
    top = round_up(1.1 * float(max(p.max(), q.max())))
    table = pd.DataFrame({"low": ends[:-1], "high": ends[1:], "p": p, "q": q})
    table["text"] = np.where((p > 0) & (q == 0), "∞", "") if block else ""
    table["middle"] = (table["low"] + table["high"]) / 2
    outline = pd.DataFrame({"x": np.repeat(ends, 2), "y": np.concatenate([[0], np.repeat(p, 2), [0]])})
    outline["i"] = np.arange(len(outline))
    return Picture(_counts_spec(float(ends[0]), float(ends[-1]), top, look), {"bins": table, "outline": outline})


@_kept
def _counts_spec(low: float, high: float, top: float, look: Look) -> dict[str, Any]:
    return filled(_counts_template(look), low=low, high=high, top=top)


@_kept
def _counts_template(look: Look) -> str:
    p, px = look.palette, look.px

    def x(field: str) -> alt.X:
        scale = alt.Scale(domain=["@low", "@high"], nice=False)
        return alt.X(f"{field}:Q", scale=scale, axis=alt.Axis(title="x", tickCount=7, labelExpr=MINUS, grid=False))

    def y(field: str) -> alt.Y:
        scale = alt.Scale(domain=[0, "@top"], nice=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=alt.Axis(title="share of draws", tickCount=3, labelExpr=MINUS))

    bins, outline = alt.Chart(alt.NamedData("bins")), alt.Chart(alt.NamedData("outline"))
    chart = alt.layer(
        bins.mark_rect(color=p.model, opacity=0.35).encode(x=x("low"), x2="high:Q", y=y("q"), y2=alt.datum(0)),
        outline.mark_line(color=p.truth, strokeWidth=px(2), strokeDash=list(DASHES["truth"])).encode(
            x=x("x"), y=y("y"), order="i:Q"),
        bins.mark_text(color=p.error, fontWeight=700, baseline="bottom", dy=-3, clip=False).encode(
            x=x("middle"), y=y("p"), text="text:N"),
    )  # fmt: skip
    return json.dumps(finished(chart, px(130), look))


def _steps(points: tuple[np.ndarray, np.ndarray], look: Look) -> Picture:
    """The share of draws up to each x, of P and of Q; the area between the two is W₁.

    Args:
        points: Ascending draws of P and of Q, shape (n,) each.
    """
    levels = np.linspace(0, 1, 201)
    x, y = (side[np.clip(np.ceil(levels * len(side)).astype(int) - 1, 0, len(side) - 1)] for side in points)
    table = pd.DataFrame({"u": levels, "p": x, "q": y})
    low, high = (_rung(side) for side in (min(x[0], y[0]), max(x[-1], y[-1])))
    return Picture(_steps_spec(low, high, look), {"steps": table})


@_kept
def _steps_spec(low: float, high: float, look: Look) -> dict[str, Any]:
    return filled(_steps_template(look), low=low, high=high)


@_kept
def _steps_template(look: Look) -> str:
    p, px = look.palette, look.px

    def x(field: str) -> alt.X:
        scale = alt.Scale(domain=["@low", "@high"], nice=False)
        return alt.X(f"{field}:Q", scale=scale, axis=alt.Axis(title="x", tickCount=7, labelExpr=MINUS, grid=False))

    y = alt.Y(
        "u:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title="share up to x", values=[0, 0.5, 1], format="~g")
    )
    table = alt.Chart(alt.NamedData("steps")).encode(y=y)
    line: dict[str, Any] = {"orient": "vertical", "interpolate": "step-after", "clip": True}
    chart = alt.layer(
        table.mark_area(color=p.error, opacity=0.3, orient="horizontal", clip=True).encode(x=x("p"), x2="q:Q"),
        table.mark_line(color=p.truth, strokeWidth=px(2), strokeDash=list(DASHES["truth"]), **line).encode(
            x=x("p"), order="u:Q"
        ),
        table.mark_line(color=p.model, strokeWidth=px(2), **line).encode(x=x("q"), order="u:Q"),
    )
    return json.dumps(finished(chart, px(130), look))


def _rung(value: float) -> float:
    """Away from 0 to the next even number."""
    return math.copysign(2 * math.ceil(abs(value) / 2), value) if value else 0.0
