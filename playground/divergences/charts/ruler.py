"""Ruler: two densities, and under them what one divergence sums up along the line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.divergences.compare import Name, gaps, integrand
from playground.divergences.shapes import Shape
from playground.theme import DASHES, MINUS, Look, Picture, finished

Pair = tuple[Shape, Shape]
_REACH: Final = (5, 6, 8, 10, 12, 16, 20, 24, 30)  # ends of the x axis
_TOP: Final = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4)  # of the density
_ROUND: Final = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)  # times a power of ten: ends of the integrand's axis
_UNITS: Final = {"nats": 1.0, "bits": math.log(2)}
_HEIGHT, _LABELS = 300.0, 24.0  # px: the picture, and the labels of a second axis
_CEILING: Final = 0.07  # of the height, above the densities, for their caption
_POINTS: Final = 361  # of a curve
_ROOM: Final = 13  # points that a name takes
_BESIDE: Final = 1e-7  # from a jump to the two points that draw it
_SEEN: Final = 0.003  # of a tail may lie outside the x axis
_UNSEEN: Final = 0.005  # and of what a KL sums up, at each end
_LEVELS: Final = np.concatenate([np.geomspace(1e-5, 0.002, 24), np.linspace(0.0025, 0.5, 200)])
_UP_TO: Final = 0.99  # the level up to which W₂'s axis has room: beyond, the gap of two tails may grow for ever


@dataclass(frozen=True)
class Frame:
    """Where the axes end: x at ± reach, the density at top, the integrand at low and high."""

    reach: float
    top: float
    low: float
    high: float


def ruler(name: Name, pair: Pair, resting: Pair, *, units: str = "nats", look: Look, reveal: bool = True) -> Picture:
    """P and Q above, the integrand of the divergence `name` below: what is filled is what it sums up.

    For W₁ the lower part shows the two distribution functions with the gap between them, for W₂ the squared gap of the
    quantiles against their level.

    Args:
        pair, resting: P and Q now, and where they last rested: the axes follow those as long as no curve would leave.
        units: Of KL and JS: nats or bits.
        reveal: Whether the lower part is filled; while it is not, its axis does not tell what will fill it.
    """
    unit = _UNITS[units]
    frame = _frame(name, pair, resting, unit, reveal=reveal)
    x = _places(pair, frame.reach)
    p, q = (shape.pdf(x) for shape in pair)
    holes = _holes(name, pair, frame) if reveal else []
    inside = np.any([(x >= low) & (x <= high) for low, high, _ in holes], axis=0) if holes else np.zeros(len(x), bool)
    lost = np.where(inside, q if name == "KL(Q‖P)" else p, np.nan)
    terms = _terms(name, pair, x, unit)
    if not reveal:
        terms |= dict.fromkeys(("value", "floor", "minus"), np.full(len(terms["x"]), np.nan))
    tables = {
        "density": pd.DataFrame({"x": x, "p": p, "q": q, "lost": lost}),
        "terms": pd.DataFrame(terms),
        "holes": pd.DataFrame(holes, columns=["left", "right", "word"]),
        "names": pd.DataFrame(_names(x, p, q, frame)),
        "grid": pd.DataFrame({"x": _marks(frame)}),
    }
    parameters = vars(frame) | {"marks": _marks(frame)}
    spec = _ruler_spec(name, units, look, reveal)
    return Picture(spec | {"params": [{"name": name, "value": value} for name, value in parameters.items()]}, tables)


def _places(pair: Pair, reach: float) -> np.ndarray:
    """The x of the curves, with two at every jump, one on each side."""
    jumps = np.array([place for shape in pair for place in shape.breaks])
    x = np.linspace(-reach, reach, _POINTS)
    at_a_jump = np.isclose(x[:, None], jumps, rtol=0, atol=_BESIDE).any(1) if len(jumps) else np.zeros(len(x), bool)
    x = np.concatenate([x[~at_a_jump], jumps - _BESIDE, jumps + _BESIDE])
    return np.unique(x[np.abs(x) <= reach])


def _terms(name: Name, pair: Pair, x: np.ndarray, unit: float) -> dict[str, np.ndarray]:
    """What is filled, from `floor` to `value`, and from 0 down to `minus`."""
    p, q = pair
    nothing = np.full(len(x), np.nan)
    if name == "W1":
        return {"x": x, "value": p.cdf(x), "floor": q.cdf(x), "minus": nothing}
    if name == "W2":
        jumps = np.concatenate([shape.cdf(shape.breaks) for shape in pair])
        u = np.concatenate([_LEVELS, 1 - _LEVELS, jumps - _BESIDE, jumps + _BESIDE])
        u = np.unique(u[(u >= _LEVELS[0]) & (u <= 1 - _LEVELS[0])])
        return {"x": u, "value": integrand(name, p, q, u), "floor": 0 * u, "minus": np.full(len(u), np.nan)}
    values = integrand(name, p, q, x) / (unit if name in ("KL(P‖Q)", "KL(Q‖P)", "JS") else 1.0)
    values = np.where(np.isinf(values), np.nan, values)
    negative = np.minimum(values, 0) if (values < 0).any() else nothing
    return {"x": x, "value": np.maximum(values, 0), "floor": 0 * x, "minus": negative}


def _holes(name: Name, pair: Pair, frame: Frame) -> list[tuple[float, float, str]]:
    """Where the integrand is infinite: from, to, and the word in it where it has room."""
    if name not in ("KL(P‖Q)", "KL(Q‖P)"):
        return []
    found = gaps(*(pair if name == "KL(P‖Q)" else pair[::-1]))
    shown = [(max(gap.low, -frame.reach), min(gap.high, frame.reach)) for gap in found]
    return [(low, high, "∞" if high - low > 0.09 * frame.reach else "") for low, high in shown if low < high]


def _names(x: np.ndarray, p: np.ndarray, q: np.ndarray, frame: Frame) -> dict[str, Sequence[object]]:
    """Where P and Q are written: above the place where each stands out most, beside each other if that is one place."""
    places = []
    for own, other in ((p, q), (q, p)):
        more = own if np.allclose(own, other, atol=1e-9) else np.maximum(own - other, 0)
        room = np.convolve(more, np.full(_ROOM, 1 / _ROOM), "same")  # a name beside a jump would lie across it
        most = np.flatnonzero(room >= room.max() - 1e-9)
        around = slice(max(0, most[len(most) // 2] - _ROOM // 2), most[len(most) // 2] + _ROOM // 2 + 1)
        places.append((np.average(x[around], weights=more[around] + 1e-300), own[around][more[around] > 0].max()))
    (x_p, y_p), (x_q, y_q) = places
    near = abs(x_p - x_q) < 0.08 * frame.reach and abs(y_p - y_q) < 0.14 * frame.top
    side = 0 if not near else -1 if x_p <= x_q else 1
    return {"x": [x_p, x_q], "y": [y_p, y_q], "word": ["P", "Q"], "side": [side, -side]}


def _frame(name: Name, pair: Pair, resting: Pair, unit: float, *, reveal: bool) -> Frame:
    shapes = (*pair, *resting)
    tails = [_SEEN, 1 - _SEEN]
    ends = [float(np.abs(shape.quantile(tails)).max()) for shape in shapes]
    reach = _rung(_REACH, max(*ends, *(_far(both) for both in (pair, resting))))
    x = np.linspace(-reach, reach, _POINTS)
    top = _rung(_TOP, 1.16 * max(_peak(shape, x) for shape in shapes))
    if not reveal or name == "W1":
        return Frame(reach, top, 0.0, 1.0)
    lows, highs = zip(*(_ends(name, both, reach, unit) for both in (pair, resting)), strict=True)
    high, low = _round_up(1.04 * max(highs)), min(lows)
    signed = name in ("KL(P‖Q)", "KL(Q‖P)")
    return Frame(reach, top, -_round_up(max(-1.04 * low, high / 12)) if signed else 0.0, high)


def _peak(shape: Shape, x: np.ndarray) -> float:
    """The highest density, which may lie between the points of a grid."""
    middles = np.asarray([shape.mean, *(place for place in shape.breaks)])
    beside = np.concatenate([middles, middles - _BESIDE, middles + _BESIDE])
    return float(max(shape.pdf(x).max(), shape.pdf(beside).max()))


@lru_cache(maxsize=256)
def _far(pair: Pair) -> float:
    """How far out the two KLs still sum up something: far more of it may lie in a tail than of the mass."""
    x = np.linspace(-_REACH[-1], _REACH[-1], 1201)
    ends = [0.0]
    for name in ("KL(P‖Q)", "KL(Q‖P)"):
        size = np.abs(integrand(name, *pair, x))
        share = np.cumsum(np.where(np.isinf(size), 0.0, size))
        if share[-1] > 0:
            inside = x[(share > _UNSEEN * share[-1]) & (share < (1 - _UNSEEN) * share[-1])]
            ends.append(float(np.abs(inside).max(initial=0)))
    return max(ends)


@lru_cache(maxsize=256)
def _ends(name: Name, pair: Pair, reach: float, unit: float) -> tuple[float, float]:
    """The least and the largest of what is filled."""
    terms = _terms(name, pair, _places(pair, reach), unit)
    counts = (terms["x"] >= 1 - _UP_TO) & (terms["x"] <= _UP_TO) if name == "W2" else slice(None)
    low, high = (np.nan_to_num(terms[column][counts]) for column in ("minus", "value"))
    return float(low.min(initial=0)), float(high.max(initial=0))


def _rung(rungs: Sequence[float], value: float) -> float:
    return next((float(rung) for rung in rungs if value <= rung), float(rungs[-1]))


def _round_up(value: float) -> float:
    """The next round number; 0.1 for nothing at all."""
    if value < 1e-9:
        return 0.1
    power = 10.0 ** math.floor(math.log10(value))
    return float(f"{next(power * digit for digit in _ROUND if value <= power * digit * (1 + 1e-9)):.3g}")


_CAPTIONS: Final[dict[Name, str]] = {
    "KL(P‖Q)": "p log(p / q), {units} per unit of x", "KL(Q‖P)": "q log(q / p), {units} per unit of x",
    "JS": "integrand of JS, {units} per unit of x", "TV": "½ |p − q|, per unit of x",
    "Hellinger": "½ (√p − √q)², per unit of x", "W1": "F, the share of the mass below x",
    "W2": "(quantile gap)², units of x²",
}  # fmt: skip


@lru_cache(maxsize=64)
def _ruler_spec(name: Name, units: str, look: Look, reveal: bool) -> dict[str, Any]:
    """Without the numbers of the axes, which are its parameters: Altair takes 200 ms, and axes change more often."""
    p, px = look.palette, look.px
    two = name == "W2"  # the lower axis is not x, so the upper one has labels of its own
    floor, roof = (0.47, 0.67) if two else (0.5, 0.61)  # of the height: where the upper part ends, the lower begins
    along: dict[str, Any] = {"grid": False, "orient": "bottom", "labelExpr": MINUS}
    ends = alt.Scale(domain=_between("-reach", "reach"), nice=False)
    upper = alt.Axis(**along, title=None, labels=two, values=_now("marks"), offset=_share(floor - 1))
    x = alt.X("x:Q", scale=ends, axis=upper)
    up = alt.Scale(domain=_between("0", "top"), range=[_share(floor), _share(_CEILING)], nice=False)
    side: dict[str, Any] = {"title": None, "tickCount": 3, "minExtent": px(34), "orient": "left", "grid": False}

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=up, axis=alt.Axis(**side, format="~g"))

    density, grid = (alt.Chart(alt.NamedData(table)).encode(x=x) for table in ("density", "grid"))
    names = alt.Chart(alt.NamedData("names")).encode(x=x, y=y("y"), text="word:N")
    one = alt.Chart(alt.InlineData([{"zero": 0}]))
    hue = alt.Color("word:N", scale=alt.Scale(domain=["P", "Q"], range=[p.truth, p.model]))
    beside: dict[str, Any] = {
        "fontWeight": 600, "fontSize": px(15), "baseline": "bottom",
        "dx": alt.expr(f"{px(9)} * datum.side"), "dy": alt.expr(f"datum.side ? {px(-2)} : {px(-5)}"),
        "align": alt.expr("datum.side < 0 ? 'right' : datum.side > 0 ? 'left' : 'center'"),
    }  # fmt: skip
    halo: dict[str, Any] = {"stroke": p.background, "strokeWidth": 4, "strokeJoin": "round"}
    target: dict[str, Any] = {"color": p.truth, "strokeDash": list(DASHES["truth"]), "strokeWidth": px(2.4)}
    shapes = alt.layer(
        grid.mark_rule(color=p.grid).encode(y=alt.value(0), y2=alt.value(_share(floor) if two else "height")),
        density.mark_area(color=p.error, opacity=0.35, clip=True).encode(y=y("lost")),
        one.mark_rule(color=p.border).encode(y=y("zero")),
        density.mark_line(**target, clip=True).encode(y=y("p")),
        density.mark_line(color=p.model, strokeWidth=px(3), clip=True).encode(y=y("q")),
        names.mark_text(**beside, **halo),
        names.mark_text(**beside).encode(color=hue),
        _caption(one, "density, per unit of x", _CEILING, look),
    )

    title = "u, the share of the mass to the left" if two else "x"
    along |= {"tickCount": 5} if two else {"values": _now("marks")}
    lower = alt.Axis(**along, title=title)
    ends = alt.Scale(domain=[0, 1] if two else _between("-reach", "reach"), nice=False)
    x = alt.X("x:Q", scale=ends, axis=lower)
    across = alt.Scale(domain=_between("low", "high"), range=[_share(1), _share(roof)], nice=False, clamp=True)

    def z(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=across, axis=alt.Axis(**side, labelExpr=MINUS, labels=reveal))

    terms, holes = alt.Chart(alt.NamedData("terms")).encode(x=x), alt.Chart(alt.NamedData("holes"))
    error: dict[str, Any] = {"color": p.error, "strokeDash": list(DASHES["error"]), "strokeWidth": px(2)}
    infinite: dict[str, Any] = {"color": p.error, "fontSize": px(22), "fontWeight": 600, "baseline": "middle"}
    if name == "W1":
        lines = [
            terms.mark_line(**target, clip=True).encode(y=z("value")),
            terms.mark_line(color=p.model, strokeWidth=px(3), clip=True).encode(y=z("floor")),
        ]
    else:
        lines = [terms.mark_line(**error, clip=True).encode(y=z(field)) for field in ("value", "minus")]
    sums = alt.layer(
        holes.mark_rect(color=p.error, opacity=0.22).encode(
            x=alt.X("left:Q", scale=ends, axis=lower), x2="right:Q", y=alt.value("height"), y2=alt.value(_share(roof))
        ),
        terms.mark_area(color=p.error, opacity=0.4, clip=True).encode(y=z("value"), y2="floor:Q"),
        terms.mark_area(color=p.error, opacity=0.18, clip=True).encode(y=z("minus")),
        one.mark_rule(color=p.muted).encode(y=z("zero")),
        *lines,
        holes.transform_calculate(x="(datum.left + datum.right) / 2")
        .mark_text(**infinite)
        .encode(x=x, y=alt.value(_share((1 + roof) / 2)), text="word:N"),
        _caption(one, _CAPTIONS[name].format(units=units) if reveal else "after your prediction", roof, look),
    )
    both = alt.layer(shapes, sums).resolve_scale(x="independent", y="independent")
    return finished(both, px(_HEIGHT + (_LABELS if two else 0)), look)


def _caption(one: alt.Chart, text: str, share: float, look: Look) -> Any:  # noqa: ANN401 (altair has no type for it)
    """What a part of the picture shows, with its unit: above its left end."""
    style: dict[str, Any] = {"align": "left", "baseline": "bottom", "dx": 2, "dy": look.px(-5)}
    marked = one.mark_text(**style, color=look.palette.muted, fontSize=look.px(13), text=text)
    return marked.encode(x=alt.value(0), y=alt.value(_share(share)))


def _marks(frame: Frame) -> list[float]:
    """Where the x axis is labelled."""
    # on a phone −20 and −16 would touch
    step = 1 if frame.reach <= 6 else 2 if frame.reach <= 12 else {16: 4, 20: 5, 24: 6}.get(int(frame.reach), 10)
    return [float(place) for place in range(-int(frame.reach // step) * step, int(frame.reach) + 1, step)]


def _now(parameter: str) -> Any:  # noqa: ANN401 (altair takes an expression wherever it takes a number)
    return {"expr": parameter}


def _between(low: str, high: str) -> list[Any]:
    return [_now(low), _now(high)]


def _share(of_height: float) -> Any:  # noqa: ANN401 (as above)
    """That part of the plot's height, which is known only in the browser."""
    return _now(f"{of_height:.3f} * height")
