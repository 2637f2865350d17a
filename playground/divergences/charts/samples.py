"""The picture of estimates from samples against n, with their truth and their floor."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.divergences.charts.axes import LANE, ROLES, Axis, encodings, filling, strut, truths_on, value_scale
from playground.divergences.estimates import (
    DIMENSIONS,
    CloudStudy,
    Estimates,
    Study,
    Summary,
    mean_floor,
    power_law,
)
from playground.theme import DASHES, MINUS, SHAPES, Look, Picture, Role, filled, finished

_kept = lru_cache(maxsize=64)


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
    shown = zip(ROLES, (run.summaries, run.floor_summaries), (run.expected, run.expected_floor), strict=True)
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
        "truths": truths_on(run, axis, per),
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


def _infinite(run: Estimates, axis: Axis, at: int, *, reveal: bool) -> pd.DataFrame:
    rows = []
    for i, summary in enumerate(run.summaries if reveal and axis.lane else ()):
        share = summary.infinite / summary.repeats
        text = f"{_percent(share)} infinite" if i == at and share else ""
        rows.append((run.sizes[i], axis.top, axis.at(1 + LANE * (1 - share)), axis.high, text))
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
    return filled(_funnel_template(axis.log, axis.height, last, look), **filling(axis))


@_kept
def _funnel_template(log: bool, height: int, last: int, look: Look) -> str:
    p, px = look.palette, look.px
    hue, dash, shape = encodings(look)
    x = alt.X(
        "n:Q",
        scale=alt.Scale(type="log", domain=[10, last], nice=False, padding=10),
        axis=alt.Axis(
            title="draws from each, n", values=[10, 100, 1_000, 10_000, 100_000], labelExpr=_POWERS, grid=False
        ),
    )

    values = alt.Axis(title="@name", values=["@ticks"], labelExpr=MINUS)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=value_scale(log), axis=values)

    def layer(table: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(table)).encode(x=x)

    bands, now, others = layer("bands").encode(color=hue), layer("now").encode(color=hue), layer("others")
    estimate, floor = (bands.transform_filter(f"datum.role == '{role}'") for role in ROLES)
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
        strut(log, 10),
    )  # fmt: skip
    return json.dumps(finished(chart, px(height), look))


def _stacked(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _percent(share: float) -> str:
    return "under 1%" if 0 < share < 0.01 else "over 99%" if 0.99 < share < 1 else f"{100 * share:.0f}%"


_POWERS: Final = "datum.value == 10 ? '10' : '10' + ['²', '³', '⁴', '⁵'][round(log(datum.value) / log(10)) - 2]"
