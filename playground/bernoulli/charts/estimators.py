"""Pictures of three estimators over repeated experiments, and of intervals that hold θ or miss it."""

import math
from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.bernoulli.coverage import Bounds, Kind, bounds, coverage, curve
from playground.bernoulli.estimators import ESTIMATORS, GRID, Moments, binomial, error_curves
from playground.bernoulli.priors import Prior
from playground.theme import DASHES, SHAPES, Look, Picture, Role, finished

_kept = lru_cache(maxsize=256)  # specifications
ROLES: Final[tuple[Role, ...]] = ("data", "model", "rival")  # of the three estimators
TALL: Final = 0.74  # of a lane: the tallest stem on the axis
FLOORS: Final = (0.9, 0.8, 0.6, 0.0)  # where the coverage axis may begin
PX: Final = 330  # height of a picture
TICKS: Final = [0, 0.2, 0.4, 0.6, 0.8, 1]
COUNTS: Final = (5, 10, 20, 30, 50, 100, 150, 200)  # flips: an axis and the width of marks follow these


def rung(value: float) -> float:
    """The next rung of a ladder above `value`, so that an axis seldom changes."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(
        step * power for step in (1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8, 10, 12.5) if value * 1.02 <= step * power
    )


def lanes(
    table: np.ndarray, theta: float, counts: np.ndarray, exact: Moments, *, tallest: float, look: Look, shown: int = 3
) -> Picture:
    """Every value that each estimator can take, as a stem as tall as its probability; a lane for each estimator.

    Under the stems E[θ̂] ± one standard deviation; dots are the shares of a simulation.

    Args:
        table: The estimates, shape (3, n + 1).
        counts: Of the simulated experiments by heads, shape (n + 1,).
        tallest: The probability that fills a lane.
        shown: How many lanes, from the top; the others keep their names.
    """
    n = table.shape[1] - 1
    p, share = binomial(theta, n), counts / counts.sum()
    scale = TALL / tallest
    floor = np.repeat([2.0, 1.0, 0.0][:shown], n + 1)  # (shown · (n + 1),)
    rows = pd.DataFrame({"role": np.repeat(ROLES[:shown], n + 1), "x": table[:shown].ravel(), "floor": floor})
    rows["top"] = floor + np.tile(p * scale, shown)
    rows["seen"] = floor + np.tile(share * scale, shown)
    far = np.tile(p < 1e-4 * p.max(), shown)  # not even a pixel
    spread = np.sqrt(exact.variance[:shown])
    means = pd.DataFrame({"role": ROLES[:shown], "x": exact.mean[:shown], "y": [1.85, 0.85, -0.15][:shown]})
    means["low"], means["high"] = exact.mean[:shown] - spread, exact.mean[:shown] + spread
    means["bias"] = [f"bias {_signed(bias)}" for bias in exact.bias[:shown]]
    means["sd"] = [f"s.d. {sd:.3f}" for sd in spread]
    peak = int(p.argmax())
    mark = pd.DataFrame({"x": [table[0, peak]], "y": [2 + p[peak] * scale], "text": [f"P = {p[peak]:.3f}"]})
    tables = {"stems": rows[~far], "means": means, "peak": mark, "truth": pd.DataFrame({"x": [theta]})}
    return Picture(_lanes_spec(_count_rung(n), look), tables)


@_kept
def _lanes_spec(most: int, look: Look) -> dict[str, Any]:
    p, px = look.palette, look.px
    left, right = -0.02, 1.02  # room for half a dot
    scale = alt.Scale(domain=[left, right], nice=False)
    x = alt.X("x:Q", scale=scale, axis=alt.Axis(title="estimate θ̂", values=TICKS, format="~g"))
    up = alt.Scale(domain=[-0.35, 2.95], nice=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=up, axis=None)

    hue = alt.Color("role:N", scale=alt.Scale(domain=ROLES, range=[p.of(role) for role in ROLES]))
    shape = alt.Shape("role:N", scale=alt.Scale(domain=ROLES, range=[SHAPES[role] for role in ROLES]))
    names = [
        {"role": role, "name": name, "y": 2.28 - i}
        for i, (role, name) in enumerate(zip(ROLES, ESTIMATORS, strict=True))
    ]
    named, floors = alt.Chart(alt.InlineData(names)), alt.Chart(alt.InlineData([{"y": i} for i in range(3)]))
    stems, means = (alt.Chart(alt.NamedData(name)).encode(x=x) for name in ("stems", "means"))
    truth, peak = (alt.Chart(alt.NamedData(name)).encode(x=x) for name in ("truth", "peak"))
    beside: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": px(10)}
    above: dict[str, Any] = {"dy": -px(11), "baseline": "middle"}
    low, high = alt.X("low:Q", scale=scale), alt.X2("high:Q")
    width = min(7.0, max(1.3, 230 / (most + 1)))
    chart = alt.layer(
        floors.mark_rule(color=p.border).encode(y=y("y")),
        truth.mark_rule(color=p.truth, strokeDash=list(DASHES["truth"]), strokeWidth=px(1.8)),
        stems.mark_rule(strokeWidth=px(width), clip=True).encode(y=y("floor"), y2="top:Q", color=hue),
        stems.mark_point(color=p.text, fill=p.background, size=px(14), strokeWidth=1, opacity=1, clip=True)
        .encode(y=y("seen")),
        means.mark_rule(strokeWidth=px(4), strokeCap="round", opacity=0.4, clip=True)
        .encode(x=low, x2=high, y=y("y"), color=hue),
        means.mark_point(filled=True, size=px(80), opacity=1).encode(y=y("y"), color=hue, shape=shape),
        peak.mark_text(**above, stroke=p.background, strokeWidth=5, strokeJoin="round").encode(y=y("y"), text="text:N"),
        peak.mark_text(**above, color=p.muted).encode(y=y("y"), text="text:N"),
        named.mark_text(align="right", baseline="middle", dx=-px(10), fontWeight=600)
        .encode(x=alt.datum(left, scale=scale), y=y("y"), text="name:N", color=hue),
        means.mark_text(**beside, dy=-px(18), color=p.error).encode(x=alt.datum(right), y=y("y"), text="bias:N"),
        means.mark_text(**beside, color=p.muted).encode(x=alt.datum(right), y=y("y"), text="sd:N"),
        # invisible, of constant width: Vega shrinks the plot by what overflows it
        named.mark_text(**beside, opacity=0).encode(x=alt.datum(right), y=y("y"), text=alt.datum("bias −0.000")),
    )  # fmt: skip
    return finished(chart, px(PX), look)


def _count_rung(n: int) -> int:
    return next(most for most in COUNTS if n <= most)


def tallest(theta: float, n: int) -> float:
    """A rung at or above every probability of n flips at `theta`."""
    return rung(float(binomial(theta, n).max()))


def errors(prior: Prior, n: int, theta: float, exact: Moments, *, top: float, look: Look, shown: int = 3) -> Picture:
    """The mean squared error of each estimator against θ, and where θ is.

    Args:
        exact: The moments at `theta`.
        top: The end of the axis, see `most_error`.
        shown: How many of the estimators.
    """
    curves = error_curves(prior, n)
    role = np.repeat(ROLES[:shown], len(GRID))
    lines = pd.DataFrame({"role": role, "theta": np.tile(GRID, shown), "mse": curves.mse[:shown].ravel()})
    now = pd.DataFrame({"role": ROLES[:shown], "theta": theta, "mse": exact.mse[:shown]})
    tables = {"lines": lines, "now": now, "truth": pd.DataFrame({"theta": [theta]})}
    return Picture(_errors_spec(top, look), tables)


def most_error(prior: Prior, n: int, shown: int = 3) -> float:
    """A rung at or above the largest MSE of the first `shown` estimators."""
    return rung(float(error_curves(prior, n).mse[:shown].max()))


@_kept
def _errors_spec(top: float, look: Look) -> dict[str, Any]:
    px, x = look.px, _theta_axis()
    y = alt.Y(
        "mse:Q", scale=alt.Scale(domain=[0, top], nice=False, clamp=True),
        axis=alt.Axis(title="mean squared error, MSE", tickCount=5, format="~g"),
    )  # fmt: skip
    hue, dash, shape = _by_role(ROLES, look)
    lines, now = (alt.Chart(alt.NamedData(name)).encode(x=x, y=y, color=hue) for name in ("lines", "now"))
    chart = alt.layer(
        _truth(x, look),
        lines.mark_line(strokeWidth=px(2.6)).encode(strokeDash=dash),
        now.mark_point(filled=True, size=px(90), opacity=1).encode(shape=shape),
    )
    return finished(chart, px(PX), look)


def bars(found: Bounds, theta: float, *, look: Look, reveal: bool = True) -> Picture:
    """The interval of every count of heads, strong where the count is likely, dashed where it misses θ.

    Args:
        reveal: Whether the intervals that hold θ are told from those that miss it, and the likely from the others.
    """
    n = len(found.low) - 1
    p = binomial(theta, n)
    rows = pd.DataFrame({"h": np.arange(n + 1), "low": found.low, "high": found.high, "mle": np.arange(n + 1) / n})
    rows["role"] = np.where(found.hold(theta) | (not reveal), "model", "error")
    rows["strength"] = 0.22 + 0.78 * p / p.max() if reveal else 0.5
    return Picture(_bars_spec(_count_rung(n), look), {"bars": rows, "truth": pd.DataFrame({"theta": [theta]})})


@_kept
def _bars_spec(most: int, look: Look) -> dict[str, Any]:
    px = look.px
    x, scale = _theta_axis(), alt.Scale(domain=[0, 1], nice=False)
    air = max(0.6, 0.015 * most)
    y = alt.Y(
        "h:Q", scale=alt.Scale(domain=[-air, most + air], nice=False),
        axis=alt.Axis(title="heads h", tickCount=5, format="d", grid=False),
    )  # fmt: skip
    hue, dash, _ = _by_role(("model", "error"), look)
    strength = alt.Opacity("strength:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]))
    rows = alt.Chart(alt.NamedData("bars")).encode(y=y)
    width = min(6.0, max(1.1, 200 / (most + 1)))
    mle = alt.X("mle:Q", scale=scale)
    chart = alt.layer(
        _truth(x, look),
        rows.mark_rule(strokeWidth=px(width))
        .encode(x=alt.X("low:Q", scale=scale), x2="high:Q", color=hue, strokeDash=dash, opacity=strength),
        # an interval of no width is seen by this dot alone
        rows.mark_point(filled=True, size=px(max(6.0, 7 * width))).encode(x=mle, color=hue, opacity=strength),
    )  # fmt: skip
    return finished(chart, px(PX), look)


def coverages(
    kinds: tuple[Kind, Kind], prior: Prior, n: int, theta: float, *, floor: float, look: Look, reveal: bool = True
) -> Picture:
    """The coverage of two kinds of interval against θ, the line that both are named after, and where θ is.

    Args:
        floor: Where the axis begins, see `lowest`.
        reveal: Whether the curves are shown; without them the axis does not tell how low they lie.
    """
    lines, now = [], []
    for role, kind in zip(("model", "rival"), kinds, strict=True):
        where, held = (values[1:-1] for values in curve(kind, prior, n))  # at 0 and 1 flips tell θ for certain
        lines.append(pd.DataFrame({"role": role, "theta": where, "held": held}))
        held_here = float(coverage(bounds(kind, prior, n), theta))
        now.append({"role": role, "theta": theta, "held": held_here if held_here >= floor else None})
    tables = {"lines": pd.concat(lines[::-1]), "now": pd.DataFrame(now[::-1]).astype({"held": float})}
    if not reveal:
        floor = FLOORS[1]
        tables = {name: table.iloc[:0] for name, table in tables.items()}
    return Picture(_coverages_spec(floor, _count_rung(n), look), {**tables, "truth": pd.DataFrame({"theta": [theta]})})


def lowest(kinds: tuple[Kind, Kind], prior: Prior, n: int) -> float:
    """Where the coverage axis begins: low enough for nine tenths of both curves between θ = 0.05 and 0.95."""
    held = [held[(where > 0.05) & (where < 0.95)] for where, held in (curve(kind, prior, n) for kind in kinds)]
    least = min(float(np.quantile(one, 0.1)) for one in held)
    return next((floor for floor in FLOORS if floor <= least), FLOORS[-1])


@_kept
def _coverages_spec(floor: float, most: int, look: Look) -> dict[str, Any]:
    p, px = look.palette, look.px
    x = _theta_axis()
    scale = alt.Scale(domain=[floor, 1], nice=False)
    y = alt.Y("held:Q", scale=scale, axis=alt.Axis(title="P(the interval holds θ)", tickCount=5, format="~%"))
    hue, dash, shape = _by_role(("model", "rival"), look)
    lines, now = (alt.Chart(alt.NamedData(name)).encode(x=x, y=y, color=hue) for name in ("lines", "now"))
    many = 0.45 if most >= 100 else 1.0  # so that a hundred teeth do not run together
    thick = alt.condition("datum.role === 'model'", alt.value(px(2.2 * many)), alt.value(px(1.4 * many)))
    promise = alt.Chart(alt.InlineData([{"held": 0.95}])).encode(y=y)
    chart = alt.layer(
        _truth(x, look),
        promise.mark_rule(color=p.truth, strokeDash=list(DASHES["truth"]), strokeWidth=px(1.8)),
        lines.mark_line(clip=True).encode(strokeDash=dash, strokeWidth=thick),
        now.mark_point(filled=True, size=px(90), opacity=1).encode(shape=shape),
    )
    return finished(chart, px(PX), look)


def _theta_axis() -> alt.X:
    scale = alt.Scale(domain=[0, 1], nice=False)
    return alt.X("theta:Q", scale=scale, axis=alt.Axis(title="true θ", tickCount=5, format="~g"))


def _truth(x: alt.X, look: Look) -> alt.Chart:
    """The true θ as a line through the whole picture."""
    style: dict[str, Any] = {"strokeDash": list(DASHES["truth"]), "strokeWidth": look.px(1.8)}
    return alt.Chart(alt.NamedData("truth")).mark_rule(color=look.palette.truth, **style).encode(x=x)


def _by_role(roles: tuple[Role, ...], look: Look) -> tuple[alt.Color, alt.StrokeDash, alt.Shape]:
    """Hue, dash and shape of a column "role"."""
    dashes = [list(DASHES[role]) or [1, 0] for role in roles]
    return (
        alt.Color("role:N", scale=alt.Scale(domain=roles, range=[look.palette.of(role) for role in roles])),
        alt.StrokeDash("role:N", scale=alt.Scale(domain=roles, range=dashes)),
        alt.Shape("role:N", scale=alt.Scale(domain=roles, range=[SHAPES[role] for role in roles])),
    )


def _signed(value: float) -> str:
    return "0.000" if abs(value) < 5e-4 else f"{value:+.3f}".replace("-", "−")
