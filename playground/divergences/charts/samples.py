"""Pictures of estimates from samples: how they close in on the truth, how they scatter, and what one sample shows."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.divergences.estimates import (
    DIMENSIONS,
    CloudStudy,
    Estimates,
    HistogramStudy,
    PointStudy,
    Study,
    Summary,
    floor_law,
    mean_floor,
    power_law,
)
from playground.theme import DASHES, MINUS, SHAPES, Look, Picture, Role, filled, finished

HEIGHT: Final = 300  # px
ALONE: Final = 440  # where no picture of one repeat follows
_ROLES: Final[tuple[Role, ...]] = ("model", "rival")
_LANE: Final = 0.13  # of the height: what the infinite estimates hang in
_CELLS: Final = 16
_NOTHING: Final = 1.0  # the end of an axis when everything is infinite
_kept = lru_cache(maxsize=64)


@dataclass(frozen=True)
class Axis:
    """The axis of the estimates, shared by the pictures that stand beside each other."""

    name: str
    low: float
    high: float
    log: bool
    lane: bool = False  # whether room is kept on top for infinite estimates
    height: int = HEIGHT

    @property
    def top(self) -> float:
        """The end of the axis, the room on top included."""
        return self.at(1 + _LANE) if self.lane else self.high

    def at(self, share: float) -> float:
        """The value at that share of the way from low to high."""
        if self.log:
            return self.low * (self.high / self.low) ** share
        return self.low + (self.high - self.low) * share

    def inside(self, values: np.ndarray) -> np.ndarray:
        """The values moved into the axis; NaN stays."""
        return np.clip(values, self.low, self.top)


def axis(study: Study, run: Estimates, name: str, *, log: bool, per: float = 1.0, reveal: bool = True) -> Axis:
    """An axis on which the truth and all but the wildest estimates lie; its ends are round.

    Args:
        per: What one nat (or one unit of x) is in the unit shown.
        reveal: Whether the ends may follow the estimates, which would tell where they are.
    """
    made = partial(Axis, name, height=ALONE if isinstance(study, CloudStudy) else HEIGHT)
    truths = [per * value for value in (run.truth, run.limit) if 0 < value < math.inf]
    if not reveal:
        middle = truths[0] if truths else 0.1
        low, high = (_round_down(middle / 30), _round_up(middle * 10)) if log else (0.0, _round_up(2 * middle))
        return made(low, high, log)
    lane = any(summary.infinite for summary in run.summaries)
    if not log:
        early = [per * s.mean for s in (*run.summaries[2:], *run.floor_summaries[2:]) if s.mean > 0]
        return made(0.0, _round_up(1.15 * max([*truths, *early], default=_NOTHING)), False, lane)
    means = [per * s.mean for s in (*run.summaries, *run.floor_summaries) if s.mean > 0]
    highs = [per * s.high for s in (*run.summaries, *run.floor_summaries) if 0 < s.high < math.inf]
    if isinstance(study, CloudStudy):
        others = [mean_floor(d, study.seed) for d in DIMENSIONS]
        means, highs = [*means, *map(np.min, others)], [*highs, *map(np.max, others)]
    low, high = min([*truths, *means], default=0.1 * _NOTHING), max([*truths, *highs], default=_NOTHING)
    return made(_round_down(0.7 * low), _round_up(high), True, lane)


def funnel(
    study: Study, run: Estimates, axis: Axis, *, at: int, per: float, look: Look, reveal: bool = True
) -> Picture:
    """Estimates and floor against n: mean, 95% range, exact mean; the truth as a line; infinite estimates from above.

    Of clouds, the floors of other dimensions are drawn as well, and the slope of theory.

    Args:
        at: The index of the cursor among the sizes.
        reveal: Whether more than the truth is shown.
    """
    sizes = np.array(run.sizes)
    shown = zip(_ROLES, (run.summaries, run.floor_summaries), (run.expected, run.expected_floor), strict=True)
    bands, lines, now = [], [], []
    for role, rows, exact in shown if reveal else ():
        band = _band(role, sizes, rows, axis, per)
        bands.append(band)
        now.append(band.iloc[[at]])
        means = band["mean"] if exact is None else np.where(np.isfinite(exact), per * exact, np.nan)
        lines.append(pd.DataFrame({"role": role, "n": sizes, "y": axis.inside(np.asarray(means, dtype=float))}))
    floors, law = {}, run.large_n
    if isinstance(study, CloudStudy) and reveal:
        floors = {d: mean_floor(d, study.seed) for d in DIMENSIONS}
        law = power_law(study.dimension, floors[study.dimension])
    large = np.full(len(sizes), np.nan) if law is None or not reveal else per * law
    # beyond the axis a law is left out: at its end it would read as a value
    large = np.where((large >= axis.low) & (large <= axis.high), large, np.nan)
    tables = {
        "bands": _stacked(bands, ["role", "n", "low", "high", "mean", "from", "to"]),
        "lines": _stacked(lines, ["role", "n", "y"]),
        "large": pd.DataFrame({"n": sizes, "y": large}),
        "now": _stacked(now[::-1], ["role", "n", "low", "high", "mean", "from", "to"]),
        "cursor": pd.DataFrame({"n": [sizes[at]]}),
        "truths": _truths(run, axis, per),
        "infinite": _infinite(run, axis, at, reveal=reveal),
        "others": _others(floors, sizes, axis),
    }
    return Picture(_funnel_spec(axis, int(sizes[-1]), look), tables)


def _band(role: Role, sizes: np.ndarray, rows: tuple[Summary, ...], axis: Axis, per: float) -> pd.DataFrame:
    columns = {
        name: axis.inside(per * np.array([getattr(row, name) for row in rows])) for name in ("low", "high", "mean")
    }
    ends = {
        name: per * np.array([row.mean + side * row.error for row in rows]) for name, side in (("from", -1), ("to", 1))
    }
    return pd.DataFrame({"role": role, "n": sizes, **columns, **{name: axis.inside(end) for name, end in ends.items()}})


def _truths(run: Estimates, axis: Axis, per: float) -> pd.DataFrame:
    """The truth, and what the estimate tends to where that is another; a truth outside the axis is only named."""
    rows = [(per * run.truth, "truth", True)]
    if run.limit < math.inf and abs(run.limit - run.truth) > 0.01 * run.truth:
        rows.append((per * run.limit, "in bins", False))
    frame = pd.DataFrame(rows, columns=["value", "text", "main"])
    frame["text"] = [f"{text} {_number(value)}" for value, text in zip(frame["value"], frame["text"], strict=True)]
    frame["y"] = np.clip(frame["value"], axis.low, axis.high)
    frame["drawn"] = (frame["value"] >= axis.low) & (frame["value"] <= axis.high)
    frame["over"] = frame["main"] & (frame["value"] < axis.high)
    frame["last"] = frame["value"] >= axis.low  # on the right; what lies under the axis is named on the left
    return frame.drop(columns="value")


def _infinite(run: Estimates, axis: Axis, at: int, *, reveal: bool) -> pd.DataFrame:
    rows = []
    for i, summary in enumerate(run.summaries if reveal and axis.lane else ()):
        share = summary.infinite / summary.repeats
        text = f"{_percent(share)} infinite" if i == at and share else ""
        rows.append((run.sizes[i], axis.top, axis.at(1 + _LANE * (1 - share)), axis.high, text))
    return pd.DataFrame(rows, columns=["n", "from", "to", "under", "text"])


def _others(floors: Mapping[int, np.ndarray], sizes: np.ndarray, axis: Axis) -> pd.DataFrame:
    rows = [
        (d, n, value, f"d = {d}" if i == 0 else "")
        for d, means in floors.items()
        for i, (n, value) in enumerate(zip(sizes.tolist(), means.tolist(), strict=True))
        if axis.low <= value <= axis.high
    ]
    return pd.DataFrame(rows, columns=["d", "n", "y", "text"])


@_kept
def _funnel_spec(axis: Axis, last: int, look: Look) -> dict[str, Any]:
    return filled(_funnel_template(axis.log, axis.height, last, look), **_ends(axis))


@_kept
def _funnel_template(log: bool, height: int, last: int, look: Look) -> str:
    p, px = look.palette, look.px
    hue, dash, shape = _encodings(look)
    x = alt.X(
        "n:Q",
        scale=alt.Scale(type="log", domain=[10, last], nice=False, padding=10),
        axis=alt.Axis(
            title="draws from each, n", values=[10, 100, 1_000, 10_000, 100_000], labelExpr=_POWERS, grid=False
        ),
    )

    values = alt.Axis(title="@name", values=["@ticks"], labelExpr=MINUS)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=_scale(log), axis=values)

    def layer(table: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(table)).encode(x=x)

    bands, now, others = layer("bands").encode(color=hue), layer("now").encode(color=hue), layer("others")
    estimate, floor = (bands.transform_filter(f"datum.role == '{role}'") for role in _ROLES)
    truths = alt.Chart(alt.NamedData("truths"))
    drawn = truths.transform_filter("datum.drawn").encode(y=y("y"))
    halo: dict[str, Any] = {"stroke": p.background, "strokeWidth": 4, "strokeJoin": "round"}

    def either(test: str, one: object, other: object) -> Any:  # noqa: ANN401
        return alt.expr(f"{test} ? {one!r} : {other!r}")

    def named(**style: Any) -> alt.Chart:  # noqa: ANN401
        upright: dict[str, Any] = {"baseline": either("datum.over", "bottom", "top"), "dy": either("datum.over", -4, 4)}
        across: dict[str, Any] = {"align": either("datum.last", "right", "left"), "dx": either("datum.last", -2, 2)}
        mark = truths.mark_text(color=p.truth, fontWeight=600, **across, **upright, **style)
        return mark.transform_calculate(n=f"datum.last ? {last} : 10").encode(x=x, y=y("y"), text="text:N")

    def beside(table: alt.Chart, **style: Any) -> alt.Chart:  # noqa: ANN401
        return table.mark_text(align="left", baseline="bottom", dx=2, dy=-3, **style).encode(y=y("y"), text="text:N")

    infinite = layer("infinite")
    truth: dict[str, Any] = {"color": p.truth, "strokeDash": list(DASHES["truth"])}
    dots: dict[str, Any] = {"color": p.muted, "strokeDash": [1, 4], "strokeCap": "round", "strokeWidth": px(2)}
    late = f"datum.n > {last / 12}"  # the number stands on the right where it has room
    count: dict[str, Any] = {
        "align": either(late, "right", "left"), "dx": either(late, -7, 7), "color": p.error,
        "fontWeight": 600, "baseline": "top", "dy": 2,
    }  # fmt: skip
    chart = alt.layer(
        layer("cursor").mark_rule(color=p.border, strokeWidth=px(1.5)),
        floor.mark_area(opacity=0.1, clip=True).encode(y=y("low"), y2="high:Q"),
        estimate.mark_area(opacity=0.2, clip=True).encode(y=y("low"), y2="high:Q"),
        floor.mark_line(strokeDash=[3, 2], strokeWidth=px(1), clip=True).encode(y=y("high")),
        others.mark_line(color=p.muted, strokeWidth=px(1.2), clip=True).encode(y=y("y"), detail="d:N"),
        drawn.transform_filter("datum.main").mark_rule(**truth, strokeWidth=px(2)),
        drawn.transform_filter("!datum.main").mark_rule(**truth, strokeWidth=px(1.1)),
        layer("large").mark_line(**dots).encode(y=y("y")),
        layer("lines").mark_line(strokeWidth=px(2.2), clip=True).encode(y=y("y"), color=hue, strokeDash=dash),
        estimate.mark_rule(strokeWidth=px(2), clip=True).encode(
            y=y("from"), y2="to:Q"),
        estimate.mark_point(
            filled=True, size=px(34), opacity=1, shape=SHAPES["model"], clip=True).encode(y=y("mean")),
        infinite.mark_bar(color=p.error, width=px(7), opacity=0.85).encode(y=y("from"), y2="to:Q"),
        *(infinite.mark_text(**count, **style).encode(y=y("under"), text="text:N") for style in (halo, {})),
        now.mark_rule(strokeWidth=px(3), clip=True).encode(y=y("low"), y2="high:Q"),
        now.mark_point(filled=True, size=px(85), opacity=1, clip=True).encode(y=y("mean"), shape=shape),
        beside(others, color=p.muted, **halo), beside(others, color=p.muted),
        named(**halo), named(),
        _strut(log, 10),
    )  # fmt: skip
    return json.dumps(finished(chart, px(height), look))


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
    longest = {role: max([abs(bar[-1]) for bar in bars if bar[0] == role], default=1.0) for role in _ROLES}
    longest["rival"] = max([longest["rival"], *(abs(share) for _, share in curve)])
    frame["to"] /= [longest[role] for role in frame["role"]]
    tables = {
        "bars": frame,
        "law": pd.DataFrame([(y, share / longest["rival"]) for y, share in curve], columns=["y", "share"]),
        "truths": _truths(run, axis, per),
    }
    return Picture(_strip_spec(axis, look), tables)


@_kept
def _strip_spec(axis: Axis, look: Look) -> dict[str, Any]:
    return filled(_strip_template(axis.log, axis.height, look), **_ends(axis))


@_kept
def _strip_template(log: bool, height: int, look: Look) -> str:
    p, px = look.palette, look.px
    hue, _, _ = _encodings(look)
    # the labels are there but not seen: the two pictures' axes take the same room
    across = alt.Axis(title="repeats at this n", values=[0], labelOpacity=0, grid=False)
    scale = alt.Scale(domain=[-1.12, 1.12], nice=False)

    def y(field: str) -> alt.Y:
        bare = alt.Axis(title=None, labels=False, values=["@ticks"])
        return alt.Y(f"{field}:Q", scale=_scale(log), axis=bare)

    bars = alt.Chart(alt.NamedData("bars")).encode(
        x=alt.X("from:Q", scale=scale, axis=across), x2="to:Q", y=y("low"), y2="high:Q", color=hue
    )
    truths = alt.Chart(alt.NamedData("truths")).transform_filter("datum.drawn && datum.main").encode(y=y("y"))
    names = alt.InlineData(
        [{"x": -0.06, "text": "floor", "role": "rival"}, {"x": 0.06, "text": "estimate", "role": "model"}]
    )
    top = alt.datum("@high", scale=_scale(log))
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
          for role, align in zip(_ROLES, ("left", "right"), strict=True)),
        _strut(log, 0),
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
    top = _round_up(1.1 * float(max(p.max(), q.max())))
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


def _encodings(look: Look) -> tuple[alt.Color, alt.StrokeDash, alt.Shape]:
    roles = list(_ROLES)
    hue = alt.Color("role:N", scale=alt.Scale(domain=roles, range=[look.palette.of(role) for role in _ROLES]))
    dash = alt.StrokeDash(
        "role:N", scale=alt.Scale(domain=roles, range=[list(DASHES[role]) or [1, 0] for role in _ROLES])
    )
    return hue, dash, alt.Shape("role:N", scale=alt.Scale(domain=roles, range=[SHAPES[role] for role in _ROLES]))


def _strut(log: bool, x: float) -> alt.Chart:
    """An invisible letter at the top: both pictures lose the same room to what overflows them."""
    row = alt.Chart(alt.InlineData([{"text": "0"}])).mark_text(opacity=0)
    return row.encode(x=alt.datum(x), y=alt.datum("@high", scale=_scale(log)), text="text:N")


def _scale(log: bool) -> alt.Scale:
    kind: dict[str, Any] = {"type": "log"} if log else {}
    return alt.Scale(domain=["@low", "@high"], nice=False, clamp=True, **kind)


def _ends(axis: Axis) -> dict[str, Any]:
    return {"low": axis.low, "high": axis.top, "ticks": _ticks(axis), "name": axis.name}


def _ticks(axis: Axis) -> list[float]:
    if not axis.log:
        step = _step(axis.high / 6)
        return [round(i * step, 10) for i in range(int(axis.high / step + 1e-9) + 1)]
    powers = range(math.floor(math.log10(axis.low)), math.ceil(math.log10(axis.high)) + 1)
    digits = (1,) if axis.high / axis.low > 900 else (1, 3) if axis.high / axis.low > 30 else (1, 2, 5)
    ticks = [float(f"{digit}e{power}") for power in powers for digit in digits]
    return [tick for tick in ticks if axis.low * 0.999 <= tick <= axis.high * 1.001]


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(digit * power for digit in (1, 2, 5, 10) if digit * power >= least * 0.999)


def _round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 7 times a power of ten: a ladder, so that the axis seldom changes."""
    power = 10.0 ** math.floor(math.log10(value))
    rung = next(digit for digit in (1, 1.5, 2, 3, 5, 7, 10) if digit * power >= value * 0.999)
    return float(f"{rung * power:.6g}")


def _round_down(value: float) -> float:
    """The last of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    rung = [digit for digit in (1, 2, 5) if digit * power <= value * 1.001][-1]
    return float(f"{rung * power:.6g}")


def _rung(value: float) -> float:
    """Away from 0 to the next even number."""
    return math.copysign(2 * math.ceil(abs(value) / 2), value) if value else 0.0


def _stacked(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _number(value: float) -> str:
    return "∞" if value == math.inf else "0" if value == 0 else f"{value:.3g}" if value < 0.1 else f"{value:.3f}"


def _percent(share: float) -> str:
    return "under 1%" if 0 < share < 0.01 else "over 99%" if 0.99 < share < 1 else f"{100 * share:.0f}%"


_POWERS: Final = "datum.value == 10 ? '10' : '10' + ['²', '³', '⁴', '⁵'][round(log(datum.value) / log(10)) - 2]"
