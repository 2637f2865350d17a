"""The movie itself: panels and charts over one time line."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

import numpy as np

from playground.movie.layers import Extent, Field, Points
from playground.movie.panels import Chart, Panel
from playground.movie.payload import Packer

MOST_PANELS = 32
MOST_COLUMNS = 8


@dataclass(frozen=True)
class Movie:
    """What `player` shows.

    Args:
        times: One value per frame, increasing; shown as `step 1200`, or `t = 0.35` if the name has one letter.
        text: One sentence per frame.
        run: Names a movie that grows: the same run with more frames extends the time line.
        live: More frames are coming; the player follows while its cursor is at the end.
        until: The time at which it will have grown up: the charts' axes reach there from the first frame on.
        columns: Panels, then charts, in a grid of so many columns, two on a phone; None: charts beside the panels. More
            than four make small pictures: four on a phone, and a chart is two columns wide.
        below: Without columns: charts in a row under the panels, not beside them.
    """

    panels: Sequence[Panel]
    times: Sequence[float] | np.ndarray
    _: KW_ONLY
    alt: str
    time_name: str = "step"
    unit: str = ""
    digits: int = 0
    text: Sequence[str] | None = None
    charts: Sequence[Chart] = ()
    run: str | None = None
    live: bool = False
    until: float | None = None
    fps: float = 12.0
    start: int = 0  # -1: the last frame
    height: int = 420  # px, at most
    columns: int | None = None
    below: bool = False

    def __post_init__(self) -> None:
        frames, layers = len(self.times), [a for p in self.panels for a in p.layers]
        if not 1 <= len(self.panels) <= MOST_PANELS:
            raise ValueError(f"a movie has 1 to {MOST_PANELS} panels, got {len(self.panels)}")
        if self.columns is not None and not 1 <= self.columns <= MOST_COLUMNS:
            raise ValueError(f"columns must be in [1, {MOST_COLUMNS}], got {self.columns}")
        if not frames or not (np.diff(np.asarray(self.times, float)) > 0).all():
            raise ValueError(f"times must increase and not be empty, got {list(self.times)[:6]}")
        moving = [(a, array) for a in layers for array in a.AXES if a.moving(array)]
        lengths = {a._named(array): len(getattr(a, array)) for a, array in moving}
        lengths |= {f"curve {n!r}": len(values) for c in self.charts for n, values in c.curves.items()}
        lengths |= {"text": len(self.text)} if self.text is not None else {}
        lengths |= {f"captions of {p.title!r}": len(p.captions) for p in self.panels if p.captions is not None}
        for what, length in lengths.items():
            if length != frames:
                raise ValueError(f"times has {frames} frames, but {what} has {length}")
        if self.run is None:
            return
        if any(p.extent is None for p in self.panels):
            raise ValueError("a movie that grows needs extent= on every panel: axes stay fixed in a run")
        if any(isinstance(a, Field) and None in (a.lo, a.hi) for a in layers):
            raise ValueError("a movie that grows needs lo= and hi= on every Field: so do colours")

    def hidden(self) -> dict[str, int]:
        """Dots (of all frames) that are not drawn for a NaN or infinite coordinate, by layer."""
        clouds = [a for p in self.panels for a in p.layers if isinstance(a, Points)]
        return {a.name: int(np.isnan(a.xy).any(-1).sum()) for a in clouds}

    def extent(self) -> Extent:
        """Around all finite dots, lines and arrow feet of all panels and frames, with 4 % of air."""
        arrays = [getattr(a, name) for p in self.panels for a in p.layers for name in ("xy", "at") if name in a.AXES]
        xy = np.concatenate([np.empty((0, 2)), *(a.reshape(-1, 2) for a in arrays)])
        xy = xy[np.isfinite(xy).all(1)]
        if not len(xy):
            raise ValueError("no finite dot or line to take the axes from: pass extent= to the panels")
        lo, hi = xy.min(0), xy.max(0)
        air = 0.04 * np.where(hi > lo, hi - lo, 1.0)
        (x0, y0), (x1, y1) = (lo - air).tolist(), (hi + air).tolist()
        return x0, x1, y0, y1

    def encode(self, *, first: int = 0, report: bool = False, pick: bool = False) -> bytes:
        """The payload with the frames from `first` on.

        Equal movies give equal bytes, and for equal bytes Streamlit neither sends nor calls the browser.
        """
        pack = Packer(first)
        extents = [p.extent or self.extent() for p in self.panels]
        manifest = {k: v for k, v in vars(self).items() if k not in ("panels", "charts", "times", "text")} | {
            "first": first,
            "frames": len(self.times),
            "report": report,
            "pick": pick,
            "times": pack.series(self.times),
            "text": list(self.text[first:]) if self.text is not None else None,
            "panels": [
                vars(p)
                | {
                    "extent": extent,
                    "layers": [pack.layer(a, extent) for a in p.layers],
                    "captions": list(p.captions[first:]) if p.captions is not None else None,
                }
                for p, extent in zip(self.panels, extents, strict=True)
            ],
            "charts": [pack.chart(c) for c in self.charts],
        }
        return pack.payload(manifest)
