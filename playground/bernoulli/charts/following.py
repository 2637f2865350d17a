"""What comes next: how many of the next n flips are heads, under a belief and for one fixed θ."""

from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from playground.bernoulli.coin import predictive
from playground.bernoulli.priors import Prior
from playground.theme import SHAPES, Look, Picture, Role, finished

_SHARES: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)  # ends of a probability axis


def picture(belief: Prior | None, n: int, *, coin: Prior | None, coin_role: Role, look: Look) -> Picture:
    """P(k heads in the next n flips) as bars, and what one fixed θ would give, as marks.

    Args:
        belief: The posterior; None hides it.
        coin: All probability at one θ, the true one or the MLE; None where there is neither.
        coin_role: Which of the two.
    """
    chances = predictive(belief, n) if belief else np.array([])
    fixed = predictive(coin, n) if coin else np.array([])
    high = max([0.0, *chances, *fixed])
    top = next((share for share in _SHARES if high <= 0.97 * share), 1.0)
    k = np.arange(n + 1)
    return Picture(
        _spec(n, top, coin_role, look),
        {
            "bars": pd.DataFrame({"k": k[: len(chances)], "p": chances}),
            "coin": pd.DataFrame({"k": k[: len(fixed)], "p": fixed}),
        },
    )


@lru_cache(maxsize=256)
def _spec(n: int, top: float, role: Role, look: Look) -> dict[str, Any]:
    p, px = look.palette, look.px
    shown = sorted({round(n * share) for share in ((0, 0.25, 0.5, 0.75, 1) if n > 10 else (0, 0.5, 1))})
    axis = alt.Axis(title=f"k, heads in the next {n}", values=shown, labelAngle=0, grid=False)
    x = alt.X("k:O", scale=alt.Scale(domain=list(range(n + 1)), paddingInner=0.25), axis=axis)
    scale = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y("p:Q", scale=scale, axis=alt.Axis(title="P(k heads)", tickCount=3, format="~g"))
    bars, coin = (alt.Chart(alt.NamedData(name)).encode(x=x, y=y) for name in ("bars", "coin"))
    size = px(34 if n <= 20 else 14 if n <= 60 else 7)
    chart = alt.layer(
        bars.mark_bar(color=p.model, opacity=0.55),
        coin.mark_point(filled=True, color=p.of(role), shape=SHAPES[role], size=size, opacity=1),
    )
    return finished(chart, px(150), look)
