"""A belief about a coin before and after its flips: densities, estimates and intervals in lanes."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.bernoulli.charts.densities import LADDER, grid, likelihood, theta_axis
from playground.bernoulli.coin import Interval, Intervals, intervals, mle, pointed_out
from playground.bernoulli.priors import Prior
from playground.theme import DASHES, SHAPES, Look, Picture, Role, filled, finished

Regions = tuple[Interval, ...]
LANES: Final[dict[str, Role]] = {
    "truth": "truth", "MLE": "data", "MAP": "model", "mean": "model", "95% ETI": "model", "95% HDI": "model",
}  # fmt: skip
_kept = lru_cache(maxsize=256)
_CURVES: Final[dict[Role, str]] = {"model": "posterior", "data": "likelihood", "prior": "prior"}
_MARKS: Final = ["cross", "circle", "diamond", "triangle-up", "stroke", "stroke"]
_STEM: Final = 0.006  # of θ: how far the stems of prior and posterior stand apart


def posterior(
    prior: Prior,
    heads: int,
    tails: int,
    *,
    truth: float | None,
    top: int,
    look: Look,
    reveal: bool = True,
) -> Picture:
    """Prior, likelihood scaled to area 1, and posterior; below them truth, MLE, MAP, mean and the two 95% intervals.

    Args:
        truth: The coin's real P(heads), where it is known.
        top: Where the density axis ends; higher curves leave the picture. An atom's stem of that height has
            probability 1.
        reveal: Whether the posterior and what follows from it are shown.
    """
    after = prior.after(heads, tails)
    beliefs: dict[Role, Prior] = {"data": likelihood(heads, tails), "prior": prior}
    if reveal:
        beliefs = {"model": after, **beliefs}
    held = intervals(after) if reveal else None
    regions = {"95% ETI": (held.equal_tailed,), "95% HDI": held.pieces(after)} if held else {}
    places = _places(heads, tails, after, truth=truth, reveal=reveal)
    return Picture(
        _posterior_spec(top, look),
        {
            "curves": _curves(beliefs, held, top),
            "stems": _stems({role: belief for role, belief in beliefs.items() if role != "data"}, top),
            "marks": _marks(places, beliefs, top),
            "spans": _spans(regions, top),
            "values": _values(places, regions, truth, top),
            "errors": _errors(places, truth, top),
            "names": _names(beliefs, top),
        },
    )


# -- tables


def _curves(beliefs: dict[Role, Prior], held: Intervals | None, top: int) -> pd.DataFrame:
    rows = []
    for role, belief in beliefs.items():
        theta, region = grid(belief), held.highest_density if held and role == "model" else ()
        ends = [end for piece in region for end in piece if 0 < end < 1 and piece[0] < piece[1]]
        theta = np.unique(np.concatenate([theta, ends]))
        height = np.minimum(belief.density(theta), 1.5 * top)
        inside = np.zeros(len(theta), dtype=bool)
        for low, high in region:
            inside |= (low <= theta) & (theta <= high) & (low < high)
        flat = pd.DataFrame({"role": role, "theta": theta, "y": height, "inside": np.where(inside, height, np.nan)})
        rows.append(flat if belief.atoms == () or height.max() > 1e-9 else flat.iloc[:0])
    return pd.concat(rows, ignore_index=True)


def _stems(beliefs: dict[Role, Prior], top: int) -> pd.DataFrame:
    """The atoms: stems side by side, numbers outward, the higher number above its tip and the lower below."""
    rows = []
    weights = {role: dict(belief.atoms) for role, belief in beliefs.items()}
    for role, atoms in weights.items():
        side = -1 if role == "prior" else 1
        for at, weight in atoms.items():
            highest = weight >= max(others.get(at, 0.0) for others in weights.values())
            text_side = "left" if at < 0.15 or (side > 0 and at <= 0.85) else "right"
            theta = min(max(at, 1.5 * _STEM), 1 - 1.5 * _STEM) + side * _STEM
            rows.append((role, theta, 0.0, weight * top, f"{weight:.3f}", text_side, -9 if highest else 9))
    return pd.DataFrame(rows, columns=["role", "theta", "from", "y", "text", "side", "lift"])


def _places(heads: int, tails: int, after: Prior, *, truth: float | None, reveal: bool) -> dict[str, tuple[float, ...]]:
    """Where each lane has its marks; the highest mode first."""
    best = mle(heads, tails)
    return {
        "truth": () if truth is None else (truth,),
        "MLE": () if best is None else (best,),
        "MAP": pointed_out(after) if reveal else (),
        "mean": (after.mean(),) if reveal else (),
    }


def _marks(places: dict[str, tuple[float, ...]], beliefs: dict[Role, Prior], top: int) -> pd.DataFrame:
    rows = []
    for lane, thetas in places.items():
        role = LANES[lane]
        for theta in thetas:
            to = 1.04 * top
            if lane != "truth":
                at = np.clip([theta], 1e-4, 1 - 1e-4)
                with np.errstate(over="ignore"):
                    to = min(to, float(beliefs[role].density(at)[0]))
            rows.append((lane, role, theta, _lane(lane, top), to))
    return pd.DataFrame(rows, columns=["lane", "role", "theta", "y", "to"])


def _spans(regions: Mapping[str, Regions], top: int) -> pd.DataFrame:
    rows = [("model", _lane(lane, top), low, high) for lane, found in regions.items() for low, high in found]
    return pd.DataFrame(rows, columns=["role", "y", "theta", "end"])


def _values(
    places: dict[str, tuple[float, ...]], regions: Mapping[str, Regions], truth: float | None, top: int
) -> pd.DataFrame:
    """What stands at the right of each lane."""
    text = {
        lane: f"{thetas[0]:.3f}" if len(thetas) == 1 else f"{len(thetas)} peaks" if thetas else "—"
        for lane, thetas in places.items()
    }
    text["truth"] = "unknown" if truth is None else f"{truth:.2f}"
    for lane in ("95% ETI", "95% HDI"):
        found = regions.get(lane, ())
        text[lane] = _range(*found[0]) if len(found) == 1 else f"{len(found)} pieces" if found else "—"
    return pd.DataFrame(
        [(role, _lane(lane, top), text[lane]) for lane, role in LANES.items()], columns=["role", "y", "text"]
    )


def _range(low: float, high: float) -> str:
    """Such as "0.41 – 0.88", with more digits where the ends would read the same."""
    digits = 2 if high - low >= 0.02 or high == low else 4
    return f"{low:.{digits}f} – {high:.{digits}f}"


def _errors(places: dict[str, tuple[float, ...]], truth: float | None, top: int) -> pd.DataFrame:
    """How far each estimate is from the truth, under the word itself."""
    rows = []
    if truth is not None:
        rows = [("error", _lane("truth", top), "error")]
        rows += [("error", _lane(lane, top), _signed(places[lane][0] - truth))
                 for lane in ("MLE", "MAP", "mean") if len(places[lane]) == 1]  # fmt: skip
    return pd.DataFrame(rows, columns=["role", "y", "text"])


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−") if abs(value) >= 5e-4 else "0.000"


def _names(beliefs: dict[Role, Prior], top: int) -> pd.DataFrame:
    """Where each curve is named: where it stands out from the others, then beside the names before it, else above them.

    Every step is continuous in the curves, so that names glide while a slider is dragged.
    """
    theta = np.unique(np.concatenate([grid(belief) for belief in beliefs.values()]))
    share = np.gradient(theta)  # a narrow curve has many points in little room
    flat: dict[Role, np.ndarray] = {}
    for role, belief in beliefs.items():
        height = np.minimum(belief.density(theta), top)
        if height.max() > 1e-9:
            flat[role] = height
    envelope = np.max(list(flat.values()), axis=0)
    rows: list[tuple[Role, str, float, float]] = []
    for role, own in flat.items():
        others = np.max([height for name, height in flat.items() if name != role], axis=0) if len(flat) > 1 else 0 * own
        # a curve below the others is named near its own peak; the tilt to the right decides between two equal places
        weight = share * np.exp(30 * ((own - others) / top + 0.6 * own / own.max() + 0.15 * theta))
        at = float((theta * weight).sum() / weight.sum())
        for _, _, other, level in rows:
            apart, higher = at - other, abs(_level(theta, own, envelope, at, top) - level) / top
            push = max(0.0, 1 - abs(apart) / 0.4) * float(np.clip(2 - higher / 0.1, 0, 1))
            at = float(np.clip(at + 0.24 * np.tanh(apart / 0.02) * push, 0, 1))
        y = _level(theta, own, envelope, at, top)
        for _, _, other, level in rows:
            beside = float(
                np.clip((0.27 - abs(at - other)) / 0.05, 0, 1) * np.clip(3.5 - (level - y) / top / 0.05, 0, 1)
            )
            y += max(0.0, level + 0.075 * top - y) * beside
        rows.append((role, _CURVES[role], at, min(y, 1.08 * top)))
    return pd.DataFrame(rows, columns=["role", "label", "theta", "y"])


def _level(theta: np.ndarray, own: np.ndarray, envelope: np.ndarray, at: float, top: int) -> float:
    """How high a name at `at` stands: on all curves there, or on its own where that lies far below the others."""
    near = np.clip(1.8 - np.abs(theta - (at + 0.15 * (0.5 - at))) / 0.055, 0, 1)
    low, high = float((own * near).max()), float((envelope * near).max())
    return high + (low - high) * float(np.clip(((high - low) / top - 0.12) / 0.1, 0, 1))


# -- specifications


def _lane(name: str, top: float) -> float:
    return round(-(0.15 + 0.105 * list(LANES).index(name)) * top, 6)


def _posterior_spec(top: int, look: Look) -> dict[str, Any]:
    lanes = [_lane(name, top) for name in LANES]
    ticks = [*range(0, top + 1, LADDER[top]), *lanes]
    low, high = _lane("95% HDI", top) - 0.06 * top, 1.16 * top
    places: dict[str, Any] = {f"lane_{name}": f"({_lane(name, top)})" for name in LANES}
    return filled(
        _posterior_template(look), ticks=ticks, low=low, high=high, top=top, mean=_lane("mean", top), **places
    )


@_kept
def _posterior_template(look: Look) -> str:
    """JSON with "@…" for what follows the density axis, which has more ends than charts can be built for."""
    p, px = look.palette, look.px
    roles: list[Role] = ["prior", "data", "model", "truth", "error"]
    hue = alt.Color("role:N", scale=alt.Scale(domain=roles, range=[p.of(role) for role in roles]))
    shape = alt.Shape("lane:N", scale=alt.Scale(domain=list(LANES), range=_MARKS))
    x = theta_axis()
    scale = alt.Scale(domain=["@low", "@high"], nice=False)
    y = alt.Y(
        "y:Q",
        scale=scale,
        axis=alt.Axis(
            title=None, grid=False, values=["@ticks"], labelExpr=_lane_names(), labelColor=_lane_colours(look)
        ),
    )
    # Vega shrinks the plot by what overflows it. Struts of constant width hold the plot still while numbers change.
    wide, roomy = "windowSize()[0] > 640", "windowSize()[0] > 1100"

    def layer(table: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(table)).encode(x=x, y=y)

    def curve(role: Role) -> alt.Chart:
        return layer("curves").transform_filter(f"datum.role == '{role}'")

    def line(role: Role, width: float) -> alt.Chart:
        style: dict[str, Any] = {"strokeDash": list(DASHES[role]), "strokeCap": "round", "strokeWidth": px(width)}
        return curve(role).mark_line(clip=True, color=p.of(role), interpolate="monotone", **style)

    def fixed(text: str, at: str, theta: float, **style: Any) -> alt.Chart:  # noqa: ANN401
        row = alt.InlineData([{"text": text, "y": at}])
        mark = alt.Chart(row).mark_text(align="left", baseline="middle", **style)
        return mark.encode(x=alt.datum(theta), y=y, text="text:N")

    def aside(table: str, dx: float) -> alt.Chart:
        mark = alt.Chart(alt.NamedData(table)).mark_text(align="left", baseline="middle", dx=px(dx))
        return mark.encode(x=alt.datum(1), y=y, text="text:N", color=hue)

    def words(**style: Any) -> alt.Chart:  # noqa: ANN401
        # a name slides from right of its anchor at 0 to left of it at 1: it stays inside without a jump
        slide = alt.expr(f"(0.5 - datum.theta) * {px(70)}")
        mark = layer("names").mark_text(baseline="bottom", fontSize=px(14), fontWeight=600, dy=-5, dx=slide, **style)
        return mark.encode(text="label:N", color=hue)

    def stem(role: Role) -> list[alt.Chart]:
        mine = layer("stems").transform_filter(f"datum.role == '{role}'")
        text: dict[str, Any] = {
            "align": alt.expr("datum.side"), "dx": alt.expr("datum.side === 'right' ? -9 : 9"),
            "dy": alt.expr("datum.lift"), "fontWeight": 600, "baseline": "middle",
        }  # fmt: skip
        rule = mine.mark_rule(color=p.of(role), strokeWidth=px(3.4), strokeDash=list(DASHES[role]))
        return [
            rule.encode(y=alt.Y("from:Q", scale=scale), y2="y:Q"),
            mine.mark_point(filled=True, color=p.of(role), shape=SHAPES[role], size=px(80), opacity=1),
            mine.mark_text(color=p.background, stroke=p.background, strokeWidth=4, **text).encode(text="text:N"),
            mine.mark_text(color=p.of(role), **text).encode(text="text:N"),
        ]

    def area(field: str, opacity: float) -> alt.Chart:
        mark = curve("model").mark_area(clip=True, color=p.model, opacity=opacity, interpolate="monotone")
        return mark.encode(y=alt.Y(f"{field}:Q", scale=scale), y2=alt.datum(0))

    tied = layer("marks").transform_filter("datum.lane == 'MLE' || datum.lane == 'MAP'")
    true = layer("marks").transform_filter("datum.lane == 'truth'")
    chart = alt.layer(
        area("y", 0.08), area("inside", 0.16),
        alt.Chart(alt.InlineData([{"y": 0}])).mark_rule(color=p.border).encode(y=y),
        true.mark_rule(color=p.truth, strokeDash=list(DASHES["truth"]), strokeWidth=px(1.5)).encode(y2="to:Q"),
        tied.mark_rule(strokeWidth=1, opacity=0.6).encode(y2="to:Q", color=hue),
        line("prior", 2), line("data", 2.2), line("model", 2.8), *stem("prior"), *stem("model"),
        layer("spans").mark_rule(strokeWidth=px(5), strokeCap="round").encode(x2="end:Q", color=hue),
        layer("marks").mark_point(filled=True, size=px(75), opacity=1).encode(color=hue, shape=shape),
        aside("values", 12),
        aside("errors", 62).transform_filter(wide),
        fixed("−0.0000", "@mean", 1, dx=px(62), opacity=0).transform_filter(wide),
        fixed("0.00 – 0.000", "@mean", 1, dx=px(12), opacity=0),
        fixed("density", "@top", 0, dx=6, color=p.muted),
        words(stroke=p.background, strokeWidth=5, strokeJoin="round").transform_filter(roomy),
        words().transform_filter(roomy),
    )  # fmt: skip
    return json.dumps(finished(chart, px(450), look))


def _lane_names() -> str:
    tests = "".join(f"abs(datum.value - @lane_{name}) < 1e-6 ? '{name}' : " for name in LANES)
    return tests + "format(datum.value, '~g')"


def _lane_colours(look: Look) -> Any:  # noqa: ANN401 (what Altair takes as a condition)
    tests = [
        {"test": f"abs(datum.value - @lane_{name}) < 1e-6", "value": look.palette.of(role)}
        for name, role in LANES.items()
    ]
    return {"condition": tests, "value": look.palette.muted}
