"""The densities of the posterior as logarithms, where likelihood and prior add up."""

import json
import math
from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.bernoulli.charts.densities import grid, likelihood, theta_axis
from playground.bernoulli.priors import Prior
from playground.theme import DASHES, MINUS, Look, Picture, Role, filled, finished

_DEEP: Final = 15  # nats that the logarithmic view shows


def picture(prior: Prior, heads: int, tails: int, *, top: int, look: Look, reveal: bool = True) -> Picture:
    """Prior, likelihood scaled to area 1, and posterior: there the last is the sum of the others, up to a constant.

    Args:
        top: Where the density axis beside this picture ends.
        reveal: Whether the posterior is shown.
    """
    beliefs: dict[Role, Prior] = {"prior": prior, "data": likelihood(heads, tails)}
    if reveal:
        beliefs["model"] = prior.after(heads, tails)
    high = math.ceil(math.log(top))
    rows = []
    for role, belief in beliefs.items():
        theta = grid(belief)
        with np.errstate(over="ignore"):
            log = np.clip(belief.log_density(theta), high - 3 * _DEEP, high + _DEEP)
        rows.append(pd.DataFrame({"role": role, "theta": theta, "y": log}))
    return Picture(_spec(high, look), {"curves": pd.concat(rows, ignore_index=True)})


def _spec(high: int, look: Look) -> dict[str, Any]:
    return filled(_template(look), low=high - _DEEP, high=high + 1)


@lru_cache(maxsize=256)
def _template(look: Look) -> str:
    p, px = look.palette, look.px
    scale = alt.Scale(domain=["@low", "@high"], nice=False)
    y = alt.Y("y:Q", scale=scale, axis=alt.Axis(title="log density, nats", tickCount=5, labelExpr=MINUS))
    x = theta_axis()

    def line(role: Role, width: float) -> alt.Chart:
        mine = alt.Chart(alt.NamedData("curves")).transform_filter(f"datum.role == '{role}'").encode(x=x, y=y)
        dash = list(DASHES[role])
        return mine.mark_line(clip=True, color=p.of(role), strokeDash=dash, strokeCap="round", strokeWidth=px(width))

    chart = alt.layer(line("prior", 1.8), line("data", 2), line("model", 2.6))
    return json.dumps(finished(chart, px(165), look))
