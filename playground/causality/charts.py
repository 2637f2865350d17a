"""Pictures of causal networks: curves, estimates against their truths, and the network itself as a drawing."""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.causality.explaining import ExplainingAway
from playground.causality.sketch import Place
from playground.theme import DASHES, Look, Picture, Role, altair_config

_RUNGS: Final = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)  # ends of a probability axis, so that it seldom changes


def explaining_away(
    curve: ExplainingAway, prior: float, *, at: float, arrow: str, look: Look, reveal: bool = True
) -> Picture:
    """P(hypothesis) after the effect is seen, and after a rival cause is seen as well, against the rival's weight.

    Args:
        prior: P(hypothesis) before anything is seen.
        at: The weight now.
        arrow: What the x axis is called.
        reveal: Whether the second is shown.
    """
    weights, once, twice = curve.weights, curve.before, curve.after
    top = _rung(float(max(once.max(), twice.max(), prior)))
    now_once, now_twice = (float(np.interp(at, weights, curve)) for curve in (once, twice))
    curves = pd.DataFrame({"w": weights, "once": once, "twice": twice if reveal else np.nan})
    gap = pd.DataFrame({"w": [at], "from": [now_once], "to": [now_twice if reveal else now_once]})
    gap["text"] = f"{now_twice - now_once:+.3f}".replace("-", "−") if reveal else ""
    spec = _explaining_away_spec(float(weights[0]), float(weights[-1]), top, arrow, look)
    return Picture(spec, {"curves": curves, "gap": gap, "prior": pd.DataFrame({"p": [prior]})})


@cache
def _explaining_away_spec(low: float, high: float, top: float, arrow: str, look: Look) -> dict[str, Any]:
    p, px = look.palette, look.px
    x = alt.X(
        "w:Q",
        scale=alt.Scale(domain=[low, high], nice=False),
        axis=alt.Axis(title=arrow, tickCount=5, labelExpr=_MINUS),
    )
    scale = alt.Scale(domain=[0, top], nice=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=alt.Axis(title=None, tickCount=5, format="~g"))

    curves = alt.Chart(alt.NamedData("curves")).encode(x=x)
    gap = alt.Chart(alt.NamedData("gap")).encode(x=x)
    chart = alt.layer(
        alt.Chart(alt.InlineData([{"w": 0}])).mark_rule(color=p.border).encode(x=x),
        alt.Chart(alt.NamedData("prior")).mark_rule(color=p.prior, strokeDash=list(DASHES["prior"]), strokeWidth=px(2)).encode(y=y("p")),
        curves.mark_line(color=p.evidence, strokeWidth=px(2.2)).encode(y=y("once")),
        curves.mark_line(color=p.model, strokeWidth=px(3)).encode(y=y("twice")),
        gap.mark_rule(color=p.error, strokeWidth=px(3)).encode(y=y("from"), y2="to:Q"),
        gap.mark_point(color=p.evidence, filled=True, size=px(80), opacity=1).encode(y=y("from")),
        gap.mark_point(color=p.model, filled=True, shape="diamond", size=px(90), opacity=1).encode(y=y("to")),
        gap.mark_text(color=p.error, align=alt.expr(f"datum.w > {(low + high) / 2} ? 'right' : 'left'"), dx=alt.expr(f"datum.w > {(low + high) / 2} ? -9 : 9"),
                      fontWeight=600, fontSize=px(14), baseline="middle").encode(y=y("middle"), text="text:N").transform_calculate(middle="(datum.from + datum.to) / 2"),
    )  # fmt: skip
    return (
        chart.properties(height=px(300), padding={"top": 6, "bottom": 2, "left": 2, "right": 8})
        .configure(**altair_config(look))
        .to_dict()
    )


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
    """The home page's picture: the smoking network, cancer seen, yellow fingers set."""
    from playground.causality.networks import smoking

    places = {
        "smoking": (0.2, 0.05),
        "asbestos": (0.95, 0.05),
        "yellow": (0.05, 0.95),
        "tar": (0.5, 0.5),
        "cancer": (0.8, 0.95),
    }
    return network_svg(smoking().edges, places, {"cancer": "see 1", "yellow": "do 1"}, width=240, height=134)


_MINUS: Final = "replace(format(datum.value, '~g'), '-', '−')"


def _rung(value: float) -> float:
    return next((rung for rung in _RUNGS if value <= 0.95 * rung), 1.0)


def _node(x: float, y: float, mark: str) -> str:
    if mark.startswith("do"):
        return f'<rect x="{x - 13:.1f}" y="{y - 13:.1f}" width="26" height="26" rx="3" fill="var(--pg-intervention)"/>'
    fill, stroke = ("evidence", "evidence") if mark else ("background", "muted")
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="13" fill="var(--pg-{fill})" stroke="var(--pg-{stroke})" stroke-width="1.6"/>'


def _arrow(start: Place, end: Place, *, cut: bool) -> str:
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0)
    u, v = (x1 - x0) / length, (y1 - y0) / length
    x0, y0, x1, y1 = x0 + 15 * u, y0 + 15 * v, x1 - 18 * u, y1 - 18 * v
    role: Role | str = "intervention" if cut else "muted"
    head = f"{x1:.1f},{y1:.1f} {x1 - 7 * u - 4 * v:.1f},{y1 - 7 * v + 4 * u:.1f} {x1 - 7 * u + 4 * v:.1f},{y1 - 7 * v - 4 * u:.1f}"
    dash = ' stroke-dasharray="2 3"' if cut else ""
    line = f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="var(--pg-{role})" stroke-width="1.6"{dash}/>'
    return f'{line}<polygon points="{head}" fill="var(--pg-{role})"/>'
