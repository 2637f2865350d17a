"""Pictures of causal networks: curves, estimates against their truths, and the network itself as a drawing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.causality.adjustment import Estimate
from playground.causality.altitude import Line
from playground.causality.explaining import ExplainingAway
from playground.causality.simulation import Shares
from playground.causality.sketch import Place
from playground.theme import DASHES, MINUS, SHAPES, Look, Picture, Role, finished

_kept = lru_cache(maxsize=64)  # specifications by axis names, which visitors may choose
_RUNGS: Final = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)  # ends of a probability axis, so that it seldom changes


def explaining_away(
    curve: ExplainingAway,
    beliefs: tuple[float, float, float],
    *,
    at: float,
    arrow: str,
    look: Look,
    reveal: bool = True,
) -> Picture:
    """P(hypothesis) after the effect is seen, and after a rival cause is seen as well, against the rival's weight.

    Args:
        beliefs: P(hypothesis) before anything is seen, given the effect, and given the rival too, at the weight now.
        at: The weight now; beyond the axis it is drawn at its end.
        arrow: What the x axis is called.
        reveal: Whether the last of them is shown.
    """
    weights, (prior, once, twice) = curve.weights, beliefs
    top = _rung(float(max(np.nanmax(curve.before), np.nanmax(curve.after), prior)))
    curves = pd.DataFrame({"w": weights, "once": curve.before, "twice": curve.after if reveal else np.nan})
    gap = pd.DataFrame({"w": [float(np.clip(at, weights[0], weights[-1]))], "from": [once]})
    gap["to"], gap["text"] = (twice, _signed(twice - once)) if reveal else (np.nan, "")
    spec = _explaining_away_spec(float(weights[0]), float(weights[-1]), top, arrow, look)
    return Picture(spec, {"curves": curves, "gap": gap, "prior": pd.DataFrame({"p": [prior]})})


@_kept
def _explaining_away_spec(low: float, high: float, top: float, arrow: str, look: Look) -> dict[str, Any]:
    p, px = look.palette, look.px
    x = alt.X(
        "w:Q",
        scale=alt.Scale(domain=[low, high], nice=False),
        axis=alt.Axis(title=arrow, tickCount=5, labelExpr=MINUS),
    )
    scale = alt.Scale(domain=[0, top], nice=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=alt.Axis(title=None, tickCount=5, format="~g"))

    curves = alt.Chart(alt.NamedData("curves")).encode(x=x)
    prior, gap = alt.Chart(alt.NamedData("prior")), alt.Chart(alt.NamedData("gap")).encode(x=x)
    middle = gap.transform_calculate(middle="(datum.from + datum.to) / 2")
    words = middle.encode(y=y("middle"), text="text:N")
    inside = f"datum.w > {low + 0.84 * (high - low)}"  # the number stands on the right where it has room
    style: dict[str, Any] = {
        "align": alt.expr(f"{inside} ? 'right' : 'left'"), "dx": alt.expr(f"{inside} ? -9 : 9"),
        "fontWeight": 600, "fontSize": px(14), "baseline": "middle",
    }  # fmt: skip
    chart = alt.layer(
        alt.Chart(alt.InlineData([{"w": 0}])).mark_rule(color=p.border).encode(x=x),
        prior.mark_rule(color=p.prior, strokeDash=list(DASHES["prior"]), strokeWidth=px(2)).encode(y=y("p")),
        curves.mark_line(color=p.rival, strokeDash=list(DASHES["rival"]), strokeWidth=px(2.2)).encode(y=y("once")),
        curves.mark_line(color=p.model, strokeWidth=px(3)).encode(y=y("twice")),
        gap.mark_rule(color=p.error, strokeWidth=px(3)).encode(y=y("from"), y2="to:Q"),
        gap.mark_point(color=p.rival, filled=True, shape="square", size=px(70), opacity=1).encode(y=y("from")),
        gap.mark_point(color=p.model, filled=True, shape="diamond", size=px(90), opacity=1).encode(y=y("to")),
        words.mark_text(**style, stroke=p.background, strokeWidth=4, strokeJoin="round"),
        words.mark_text(**style, color=p.error),
    )  # fmt: skip
    return finished(chart, px(300), look)


def funnel(see: Shares, do: Shares | None, truths: tuple[float, float], *, at: int, asked: str, look: Look) -> Picture:
    """Two estimates against the number of simulated people, each closing in on its own exact value.

    Args:
        see, do: Estimates for every N, from people seen and from people of the mutilated world; None hides it.
        truths: The exact values of the two.
        at: The N of the cursor.
        asked: What the y axis is called.
    """
    bands, now, exact = [], [], []
    for role, shares, truth in (("evidence", see, truths[0]), ("intervention", do, truths[1])):
        if shares is None:
            continue
        low, high = shares.interval
        band = pd.DataFrame({"role": role, "n": shares.sizes, "p": shares.value, "low": low, "high": high})
        bands.append(band)
        now.append(band.iloc[[int(np.searchsorted(shares.sizes, at).clip(max=len(band) - 1))]])
        exact.append(truth)
    # the axis leaves out the first wild hundreds of people, not the answer
    # while the second is hidden, the axis must not tell where it lies
    middle, reach = (truths[0], 0.2) if do is None else (sum(truths) / 2, 0.08 + abs(truths[0] - truths[1]))
    low, high = (round(20 * min(1.0, max(0.0, middle + side))) / 20 for side in (-reach, reach))
    tables = {"bands": pd.concat(bands), "now": pd.concat(now), "exact": pd.DataFrame({"truth": exact})}
    return Picture(_funnel_spec(low, high, asked, look), tables)


@_kept
def _funnel_spec(low: float, high: float, asked: str, look: Look) -> dict[str, Any]:
    p, px = look.palette, look.px
    ways = ["evidence", "intervention"]
    hue = alt.Color("role:N", scale=alt.Scale(domain=ways, range=[p.evidence, p.intervention]))
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=ways, range=[[1, 0], [5, 2]]))
    shape = alt.Shape("role:N", scale=alt.Scale(domain=ways, range=["circle", "square"]))
    ticks = [100, 1_000, 10_000, 100_000, 1_000_000]
    x = alt.X(
        "n:Q",
        scale=alt.Scale(type="log", domain=[100, 1_000_000], nice=False),
        axis=alt.Axis(title="simulated people, N", values=ticks, labelExpr=_POWERS),
    )
    scale = alt.Scale(domain=[low, high], nice=False, clamp=True)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=alt.Axis(title=asked, tickCount=4, format="~g"))

    bands = alt.Chart(alt.NamedData("bands")).encode(x=x, color=hue)
    now = alt.Chart(alt.NamedData("now")).encode(x=x, color=hue)
    truth: dict[str, Any] = {"color": p.truth, "strokeDash": list(DASHES["truth"]), "strokeWidth": px(1.6)}
    exact = alt.Chart(alt.NamedData("exact")).encode(y=y("truth"))
    label: dict[str, Any] = {"text": "exact", "align": "right", "baseline": "bottom", "dx": -4, "dy": -2}
    chart = alt.layer(
        bands.mark_area(opacity=0.18, clip=True).encode(y=y("low"), y2="high:Q"),
        bands.mark_line(strokeWidth=px(2), clip=True).encode(y=y("p"), strokeDash=dash),
        exact.mark_rule(**truth),
        exact.mark_text(**label, color=p.truth).encode(x=alt.datum(1_000_000)),
        now.mark_rule(strokeWidth=px(3)).encode(y=y("low"), y2="high:Q"),
        now.mark_point(filled=True, size=px(80), opacity=1).encode(y=y("p"), shape=shape),
    )
    return finished(chart, px(190), look)


@dataclass(frozen=True)
class Lane:
    """One estimate of a forest plot: its name left, its mark and interval on the axis, its number right."""

    name: str
    role: Role
    value: float | None  # None: there is no such estimate
    low: float = math.nan
    high: float = math.nan
    text: str = "—"


def lane(name: str, role: Role, estimate: Estimate | None) -> Lane:
    """The lane of an estimate; None leaves it empty."""
    if estimate is None:
        return Lane(name, role, None)
    return Lane(name, role, estimate.value, *estimate.interval, _signed(estimate.value))


def forest(lanes: Sequence[Lane], truth: float, *, axis: str, look: Look, reveal: bool = True) -> Picture:
    """Estimates of one number, a lane each, against the truth as a dashed line through all of them.

    Args:
        reveal: Whether more than the first lane is shown; the axis is the same before and after.
    """
    ends = [abs(end) for lane in lanes if lane.value is not None for end in (lane.low, lane.high)]
    reach = max([abs(truth), *ends])
    top = next((rung for rung in _RUNGS if reach <= 0.9 * rung), 1.0)
    shown = [Lane("truth", "truth", truth, truth, truth, _signed(truth)), *lanes] if reveal else lanes[:1]
    errors = [("truth", "error")] if reveal else []
    errors += [(lane.name, _signed(lane.value - truth)) for lane in shown[1:] if lane.value is not None]
    tables = {
        "lanes": pd.DataFrame([vars(lane) for lane in shown]).rename(columns={"name": "lane"}).astype({"value": float}),
        "truth": pd.DataFrame({"truth": [truth] if reveal else []}),
        "errors": pd.DataFrame(errors, columns=["lane", "text"]),
    }
    spec = _forest_spec((("truth", "truth"), *((lane.name, lane.role) for lane in lanes)), top, axis, look)
    return Picture(spec, tables)


def _signed(value: float) -> str:
    return f"{value + 0.0:+.3f}".replace("-", "−") if abs(value) >= 5e-4 else "0.000"


@_kept
def _forest_spec(lanes: tuple[tuple[str, Role], ...], top: float, axis: str, look: Look) -> dict[str, Any]:
    p, px = look.palette, look.px
    names = [name for name, _ in lanes]
    hues, shapes = [p.of(role) for _, role in lanes], [SHAPES[role] for _, role in lanes]
    own_hue = [{"test": f"datum.value === {name!r}", "value": hue} for name, hue in zip(names, hues, strict=True)]
    scale = alt.Scale(domain=[-top, top], nice=False, clamp=True)
    x = alt.X("value:Q", scale=scale, axis=alt.Axis(title=axis, tickCount=5, labelExpr=MINUS))
    y = alt.Y(
        "lane:N",
        scale=alt.Scale(domain=names),
        axis=alt.Axis(title=None, labelColor={"condition": own_hue, "value": p.text}, grid=False, labelLimit=px(150)),
    )
    hue = alt.Color("lane:N", scale=alt.Scale(domain=names, range=hues))
    shape = alt.Shape("lane:N", scale=alt.Scale(domain=names, range=shapes))
    rows, errors = (alt.Chart(alt.NamedData(name)).encode(y=y) for name in ("lanes", "errors"))
    truth = alt.Chart(alt.NamedData("truth")).encode(x=alt.X("truth:Q", scale=scale))
    zero, widest = alt.Chart(alt.InlineData([{"value": 0}])), alt.Chart(alt.InlineData([{"lane": names[0]}]))
    text: dict[str, Any] = {"align": "left", "baseline": "middle"}
    bar: dict[str, Any] = {"strokeWidth": px(4), "strokeCap": "round", "clip": True}
    chart = alt.layer(
        zero.mark_rule(color=p.border).encode(x=x),
        truth.mark_rule(color=p.truth, strokeDash=list(DASHES["truth"]), strokeWidth=px(1.8)),
        rows.mark_rule(**bar).encode(x=alt.X("low:Q", scale=scale), x2="high:Q", color=hue),
        rows.mark_point(filled=True, size=px(90), opacity=1).encode(x=x, color=hue, shape=shape),
        rows.mark_text(dx=px(12), **text).encode(x=alt.datum(top), text="text:N", color=hue),
        errors.mark_text(dx=px(66), color=p.error, **text).encode(x=alt.datum(top), text="text:N"),
        # invisible, of constant width: Vega shrinks the plot by what overflows it
        widest.mark_text(dx=px(66), opacity=0, **text).encode(x=alt.datum(top), y=y, text=alt.datum("−0.0000")),
    )
    return finished(chart, px(34) * len(names) + px(46), look)


@dataclass(frozen=True)
class Axis:
    """What an axis is called, with its unit, and where it begins and ends."""

    name: str
    low: float
    high: float


def transfer(
    home: tuple[np.ndarray, np.ndarray],
    abroad: tuple[np.ndarray, np.ndarray] | None,
    fitted: Line,
    best: Line,
    *,
    x: Axis,
    y: Axis,
    look: Look,
) -> Picture:
    """Two countries' places, the line fitted at home, and the line that would be right abroad.

    Args:
        home, abroad: x and y of the places, shape (n,) each; None hides the other country and its line.
    """
    countries = (("data", home), ("rival", abroad))
    places = pd.concat(pd.DataFrame({"role": role, "x": xy[0], "y": xy[1]}) for role, xy in countries if xy)
    ends = np.array([x.low, x.high])
    right_there = best.intercept + best.slope * ends if abroad else np.nan
    lines = pd.DataFrame({"x": ends, "fitted": fitted.intercept + fitted.slope * ends, "best": right_there})
    return Picture(_transfer_spec(x, y, look), {"places": places, "lines": lines})


@_kept
def _transfer_spec(across: Axis, up: Axis, look: Look) -> dict[str, Any]:
    p, px = look.palette, look.px

    def encoded(channel: type[alt.X] | type[alt.Y], field: str, axis: Axis) -> Any:  # noqa: ANN401
        scale = alt.Scale(domain=[axis.low, axis.high], nice=False)
        return channel(f"{field}:Q", scale=scale, axis=alt.Axis(title=axis.name, tickCount=5, labelExpr=MINUS))

    x, y = encoded(alt.X, "x", across), partial(encoded, alt.Y, axis=up)
    roles = ["data", "rival"]
    hue = alt.Color("role:N", scale=alt.Scale(domain=roles, range=[p.data, p.rival]))
    shape = alt.Shape("role:N", scale=alt.Scale(domain=roles, range=["circle", "square"]))
    places, lines = (alt.Chart(alt.NamedData(name)).encode(x=x) for name in ("places", "lines"))
    dash = list(DASHES["truth"])
    chart = alt.layer(
        places.mark_point(filled=True, size=px(16), opacity=0.45, clip=True).encode(y=y("y"), color=hue, shape=shape),
        lines.mark_line(color=p.truth, strokeDash=dash, strokeWidth=px(2.4), clip=True).encode(y=y("best")),
        lines.mark_line(color=p.model, strokeWidth=px(3), clip=True).encode(y=y("fitted")),
    )
    return finished(chart, px(390), look)


def network_svg(
    edges: tuple[tuple[str, str], ...],
    places: Mapping[str, Place],
    marks: Mapping[str, str],
    *,
    width: int,
    height: int,
) -> str:
    """The network as a small drawing in the roles' colours: circles, a filled circle where seen, a square where set."""
    air = 22

    def at(name: str) -> tuple[float, float]:
        x, y = places[name]
        return air + x * (width - 2 * air), air + y * (height - 2 * air)

    arrows = "".join(_arrow(at(a), at(b), cut=marks.get(b, "").startswith("do")) for a, b in edges)
    nodes = "".join(_node(*at(name), marks.get(name, "")) for name in places)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{arrows}{nodes}</svg>'


def thumbnail() -> str:
    """The home page's picture: the smoking network, cancer and asbestos seen."""
    from playground.causality.networks import smoking

    places = {
        "smoking": (0.2, 0.05),
        "asbestos": (0.95, 0.05),
        "yellow": (0.05, 0.95),
        "tar": (0.5, 0.5),
        "cancer": (0.8, 0.95),
    }
    return network_svg(smoking().edges, places, {"cancer": "see 1", "asbestos": "see 1"}, width=240, height=134)


_POWERS: Final = "'10' + ['²', '³', '⁴', '⁵', '⁶'][round(log(datum.value) / log(10)) - 2]"


def _rung(value: float) -> float:
    return next((rung for rung in _RUNGS if value <= 0.95 * rung), 1.0)


def _node(x: float, y: float, mark: str) -> str:
    if mark.startswith("do"):
        return f'<rect x="{x - 13:.1f}" y="{y - 13:.1f}" width="26" height="26" rx="3" fill="var(--pg-intervention)"/>'
    fill, stroke = ("evidence", "evidence") if mark else ("background", "muted")
    paint = f'fill="var(--pg-{fill})" stroke="var(--pg-{stroke})" stroke-width="1.6"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="13" {paint}/>'


def _arrow(start: Place, end: Place, *, cut: bool) -> str:
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0)
    u, v = (x1 - x0) / length, (y1 - y0) / length
    x0, y0, x1, y1 = x0 + 15 * u, y0 + 15 * v, x1 - 18 * u, y1 - 18 * v
    role: Role | str = "intervention" if cut else "muted"
    corners = ((x1, y1), *((x1 - 7 * u - side * v, y1 - 7 * v + side * u) for side in (4, -4)))
    head = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    paint = f'stroke="var(--pg-{role})" stroke-width="1.6"' + (' stroke-dasharray="2 3"' if cut else "")
    line = f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" {paint}/>'
    return f'{line}<polygon points="{head}" fill="var(--pg-{role})"/>'
