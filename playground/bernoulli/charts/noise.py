"""Curves through noisy points with the band of the posterior, their coefficients, and the evidence of each degree."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.bernoulli.comparison import PLACES, WAYS, WITHIN, Comparison, Way
from playground.bernoulli.regression import DEGREES
from playground.bernoulli.samples import SHEET
from playground.movie import Lines, Panel
from playground.theme import DASHES, MINUS, SHAPES, Look, Picture, Role, finished

ROLES: Final[dict[Way, Role]] = {"least squares": "data", "Gaussian prior": "model", "Laplace prior": "rival"}
FAR: Final = 50.0  # in y: what runs further off the sheet is drawn as if it ran so far
RUNGS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
FLOOR: Final = -12.0  # nats below the best degree
_SHIFT: Final[dict[Way, float]] = {"least squares": -0.26, "Gaussian prior": 0.0, "Laplace prior": 0.26}


def sheet(comparison: Comparison, *, new_point: bool = False, reveal: bool = True) -> Panel:
    """What lies under the points: the band, the truth and the three curves, the one under study on top.

    Args:
        new_point: The band is where 95% of new points would fall, not of curves.
        reveal: Whether the truth is shown.
    """
    mean, sd = comparison.curve
    half = WITHIN * (np.hypot(sd, comparison.model.sigma) if new_point else sd)
    outline = np.concatenate([_line(mean - half), _line(mean + half)[::-1], _line(mean - half)[:1]])
    layers = [Lines(outline[None], "band", color="model", width=1, dash=(), opacity=0.4, fill=0.16)]
    if comparison.truth is not None and reveal:
        layers.append(_curve(comparison.truth(PLACES), "truth", "truth", 2.2))
    widths: dict[Way, float] = {"least squares": 2.4, "Laplace prior": 2.2, "Gaussian prior": 3.2}  # back to front
    for way, width in widths.items():
        if way in comparison.weights:
            layers.append(_curve(comparison.heights(way), way, ROLES[way], width))
    return Panel(layers, x="x", y="y", extent=SHEET, aspect=0.74)


def _curve(heights: np.ndarray, name: str, role: Role, width: float) -> Lines:
    return Lines(_line(heights)[None], name, color=role, width=width, opacity=1)


def _line(heights: np.ndarray) -> np.ndarray:
    return np.stack([PLACES, np.clip(heights, -FAR, FAR)], -1)


def height_of_axis(now: Comparison, resting: Comparison) -> float:
    """A rung of a ladder that holds the coefficients of both priors; those of least squares may leave the picture."""
    priors = (weights for c in (resting, now) for way, weights in c.weights.items() if way != "least squares")
    reach = max(float(np.abs(weights).max()) for weights in priors)
    return next((rung for rung in RUNGS if reach <= 0.9 * rung), RUNGS[-1])


def coefficients(comparison: Comparison, truth: Sequence[float], *, top: float, look: Look) -> Picture:
    """The coefficient of every degree, three ways side by side, over one standard deviation of the prior.

    Args:
        truth: The coefficients of the true function; empty if they are not known or not to be shown.
        top: The axis ends at ± top; what is beyond is drawn at its end, as an arrowhead.
    """
    weights = pd.concat(_marks(way, found, top) for way, found in comparison.weights.items())
    places = np.arange(len(truth), dtype=float)
    levels = pd.DataFrame({"at": places - 0.45, "to": places + 0.45, "height": np.clip(truth, -top, top)})
    tau = comparison.model.tau
    inside = pd.DataFrame({"low": [-min(tau, top)], "high": [min(tau, top)]})
    edges = pd.DataFrame({"height": [-tau, tau] if tau <= top else []}, dtype=float)
    tables = {"weights": weights, "truth": levels, "prior": inside, "edges": edges}
    return Picture(_coefficients_spec(top, look), tables)


def _marks(way: Way, weights: np.ndarray, top: float) -> pd.DataFrame:
    beyond = np.sign(weights) * (np.abs(weights) > top)
    shapes = np.select([beyond > 0, beyond < 0], ["triangle-up", "triangle-down"], SHAPES[ROLES[way]])
    dropped = (weights == 0) & (way == "Laplace prior")
    at = np.arange(len(weights)) + _SHIFT[way]
    height = np.clip(weights, -top, top)
    return pd.DataFrame({"way": way, "at": at, "height": height, "shape": shapes, "dropped": dropped})


@lru_cache(maxsize=64)
def _coefficients_spec(top: float, look: Look) -> dict[str, Any]:
    p, px = look.palette, look.px
    degrees = list(range(DEGREES[1] + 1))
    x = alt.X(
        "at:Q",
        scale=alt.Scale(domain=[-0.6, DEGREES[1] + 0.6], nice=False),
        axis=alt.Axis(title="k, the swings of the term Tₖ", values=degrees, grid=False, labelExpr="datum.value"),
    )
    scale = alt.Scale(domain=[-top, top], nice=False, clamp=True)
    axis = alt.Axis(title="coefficient wₖ", tickCount=5, labelExpr=MINUS)
    hues = alt.Scale(domain=list(WAYS), range=[p.of(ROLES[way]) for way in WAYS])
    hue = alt.Color("way:N", scale=hues)
    shape = alt.Shape("shape:N", scale=None)
    prior, weights = alt.Chart(alt.NamedData("prior")), alt.Chart(alt.NamedData("weights")).encode(x=x)
    height = alt.Y("height:Q", scale=scale, axis=axis)
    edge: dict[str, Any] = {"color": p.prior, "strokeDash": list(DASHES["prior"]), "strokeWidth": px(1.4)}
    truth = alt.Chart(alt.NamedData("truth")).encode(x=x, y=height)
    chart = alt.layer(
        prior.mark_rect(color=p.prior, opacity=0.1).encode(y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"),
        alt.Chart(alt.NamedData("edges")).mark_rule(**edge).encode(y=height),
        alt.Chart(alt.InlineData([{"height": 0}])).mark_rule(color=p.border).encode(y=height),
        weights.mark_rule(strokeWidth=px(2)).encode(y=height, y2=alt.datum(0), color=hue),
        truth.mark_rule(color=p.truth, strokeDash=list(DASHES["truth"]), strokeWidth=px(2.4)).encode(x2="to:Q"),
        weights.transform_filter("!datum.dropped")
        .mark_point(filled=True, size=px(42), opacity=1)
        .encode(y=height, shape=shape, color=hue),
        weights.transform_filter("datum.dropped")
        .mark_point(filled=True, fill=p.background, size=px(38), opacity=1, strokeWidth=px(1.4))
        .encode(y=height, shape=shape, stroke=alt.Stroke("way:N", scale=hues)),
    )
    return finished(chart, px(196), look)


def evidence(comparison: Comparison, *, look: Look) -> Picture:
    """log p(y | degree) against the degree, in nats below the best; the degree in force as the filled mark."""
    relative = comparison.log_evidences - comparison.log_evidences.max()
    degrees = np.arange(DEGREES[0], DEGREES[1] + 1)
    table = pd.DataFrame({"degree": degrees, "nats": np.maximum(relative, FLOOR), "below": relative < FLOOR})
    table["now"] = table["degree"] == comparison.model.degree
    return Picture(_evidence_spec(look), {"degrees": table})


@lru_cache(maxsize=8)
def _evidence_spec(look: Look) -> dict[str, Any]:
    p, px = look.palette, look.px
    x = alt.X(
        "degree:Q",
        scale=alt.Scale(domain=[DEGREES[0] - 0.6, DEGREES[1] + 0.6], nice=False),
        axis=alt.Axis(title="degree of the polynomial", values=list(range(DEGREES[0], DEGREES[1] + 1)), grid=False),
    )
    y = alt.Y(
        "nats:Q",
        scale=alt.Scale(domain=[FLOOR, 1], nice=False),
        axis=alt.Axis(title="nats, best = 0", values=[-12, -8, -4, 0], labelExpr=MINUS),
    )
    degrees = alt.Chart(alt.NamedData("degrees")).encode(x=x)
    shape = alt.condition("datum.below", alt.value("triangle-down"), alt.value("diamond"))
    marks: dict[str, Any] = {"stroke": p.model, "opacity": 1, "strokeWidth": px(1.6), "filled": True}
    chart = alt.layer(
        degrees.transform_filter("datum.now").mark_rule(color=p.border, strokeWidth=px(14)),
        degrees.mark_line(color=p.model, strokeWidth=px(1.6)).encode(y=y),
        degrees.transform_filter("!datum.now")
        .mark_point(fill=p.background, size=px(50), **marks)
        .encode(y=y, shape=shape),
        degrees.transform_filter("datum.now").mark_point(fill=p.model, size=px(80), **marks).encode(y=y, shape=shape),
    )
    return finished(chart, px(140), look)
