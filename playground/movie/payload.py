"""A movie as bytes, little endian:

    0    b"GPM1"
    4    uint32 n, length of the manifest, padded with spaces so that 8 + n is a multiple of 8
    8    the manifest, JSON; an array is {"$": "f4" | "u1", "shape", "moving", "at": offset | null}
    8+n  the arrays in C order, each at a multiple of 8; moving: the first axis is the frame

A movie that grows (`run=`) sends only the frames from `first` on that the browser lacks; static arrays then have
`at: null`. Streamlit drops a message that a newer one overtakes, so the browser asks (`missing`) when it sees a gap.
"""

import json
from collections.abc import Sequence

import numpy as np

from playground.movie.layers import DASH_OF, Arrows, Extent, Field, Lines, Points
from playground.movie.panels import Chart

Json = dict[str, object]


class Packer:
    """Collects arrays into `chunks` and gives back what stands for them in the manifest."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.chunks: list[bytes] = []
        self.size = 0

    def array(self, values: np.ndarray, moving: bool) -> Json:
        kind = {"f": "f4", "u": "u1"}[values.dtype.kind]
        ref: Json = {"$": kind, "shape": values.shape, "moving": moving, "at": self.size}
        if self.first and not moving:
            return ref | {"at": None}  # the browser has it
        raw = np.ascontiguousarray(values).tobytes()
        self.chunks.append(raw + bytes(-len(raw) % 8))
        self.size += len(self.chunks[-1])
        return ref

    def series(self, values: Sequence[float] | np.ndarray) -> Json:
        return self.array(np.asarray(values, np.float32)[self.first :], True)

    def chart(self, c: Chart) -> Json:
        meant = c.meanings()
        curves = [
            {"name": name, "color": meant[name], "dash": DASH_OF[meant[name]], "y": self.series(values)}
            for name, values in c.curves.items()
        ]
        truth = c.truth and dict(zip(("name", "value"), c.truth, strict=True), color="truth", dash=DASH_OF["truth"])
        return {"title": c.title, "limits": c.limits, "log": c.log, "truth": truth, "curves": curves}

    def layer(self, a: Points | Field | Arrows | Lines, extent: Extent) -> Json:
        packed: Json = {k: v for k, v in vars(a).items() if k not in a.AXES and v is not None}
        for name in a.AXES:
            values = getattr(a, name)[self.first if a.moving(name) else 0 :]
            if isinstance(a, Field) and not a.exact:
                values = a.levels(values)
            packed[name] = self.array(values, a.moving(name))
        if isinstance(a, Field):
            packed |= dict(zip(("lo", "hi"), a.limits(), strict=True), extent=a.extent or extent)
        if isinstance(a, Points | Lines) and a.weight is not None:
            packed["weight"] = self.array(a.weight, False)
        if isinstance(a, Lines) and a.dash is None:
            packed["dash"] = DASH_OF[a.color]
        if isinstance(a, Points):
            packed["marks"] = a.marks()
            if a.group is not None:
                packed["group"] = self.array(a.group, False)
        return {"kind": type(a).__name__} | packed

    def payload(self, manifest: Json) -> bytes:
        """The manifest and all arrays that were collected."""
        head = json.dumps(manifest, ensure_ascii=False, allow_nan=False, default=float).encode()  # numpy scalars
        head += b" " * (-len(head) % 8)
        return b"GPM1" + len(head).to_bytes(4, "little") + head + b"".join(self.chunks)
