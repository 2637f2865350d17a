"""A flow scrubbed through its layers: the cloud, the bent grid, the density, and how much area was stretched.

Between two layers, dots and lines move straight from the one place to the other, and the maps fade into each other; at
every layer itself all of it is exact.
"""

import numpy as np

from playground.flow.warp import Warp
from playground.movie import Field, Lines, Movie, Panel, Points

RANGE = 6.0  # nats of log density that the map shows below its highest
GROUPS = 6  # of dots, by the angle at which they start: their colours show who went where


def movie(found: Warp, *, probe: np.ndarray | None = None, height: int = 420) -> Movie:
    """The flow as a movie over its layers.

    Args:
        probe: Places of one point at every stage, shape (K + 1, 2).
        height: Of the panels, px, at most.
    """
    top = float(np.ceil(np.nanmax(found.log_density)))
    most = max(1.0, float(np.ceil(np.nanquantile(np.abs(found.log_stretch), 0.98))))
    angle = np.arctan2(found.cloud[0, :, 1], found.cloud[0, :, 0])
    group = ((angle + np.pi) / (2 * np.pi) * GROUPS).astype(int) % GROUPS
    grid = Lines(found.lines, "a grid of z", color="muted", opacity=0.5, dash=())
    first = [
        Field(found.log_density, "log q, nats", lo=top - RANGE, hi=top),
        grid,
        Points(found.cloud, "samples, by their angle in z", group=group, size=1.8, opacity=0.8),
    ]
    second = [Field(found.log_stretch, "Σ log|det|, nats", lo=-most, hi=most, scale="diverging"), grid]
    if probe is not None:
        for layers in (first, second):
            layers.append(Lines(_so_far(probe), "way of the probe", color="truth", width=2.0, opacity=0.9))
            layers.append(Points(probe[:, None], "probe", color="truth", size=6.0, opacity=1.0))
    return Movie(
        [
            Panel(first, "where samples and density are", extent=found.extent),
            Panel(second, "how much area was stretched", extent=found.extent),
        ],
        range(len(found.names)),
        time_name="layer", fps=1.5, height=height,
        alt="Samples, a grid and the density of a flow after each of its layers, and the stretch of area so far",
    )  # fmt: skip


def _so_far(probe: np.ndarray) -> np.ndarray:
    """The way up to each stage, shape (stages, 1, stages, 2): NaN is what is still to come."""
    stages = len(probe)
    way = np.repeat(probe[None, None].astype(float), stages, 0)
    for k in range(stages):
        way[k, 0, k + 1 :] = np.nan
    return way
