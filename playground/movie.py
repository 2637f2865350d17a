"""A movie: points, fields, arrows and lines over frames, as bytes that the browser plays alone.

A `Movie` has 1..6 `Panel`s (linked axes and time) of layers, and `Chart`s with a cursor. It knows no lesson and no
Streamlit; colours are roles of `playground.theme`, which the browser looks up, so one payload serves light and dark.

Payload, little endian:
    0    b"GPM1"
    4    uint32 n, length of the manifest, padded with spaces so that 8 + n is a multiple of 8
    8    the manifest, JSON; an array is {"$": "f4" | "u1", "shape", "moving", "at": offset | null}
    8+n  the arrays in C order, each at a multiple of 8; moving: the first axis is the frame
A movie that grows (`run=`) sends only the frames from `first` on that the browser lacks; static arrays then have
`at: null`. Streamlit drops a message that a newer one overtakes, so the browser asks (`missing`) when it sees a gap.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar, Final, Literal, get_args

import numpy as np

from playground.theme import DASHES, SHAPES, Role

Color = Role | Literal["text", "muted"]
Shape = Literal["circle", "diamond", "square", "triangle-up", "cross", "stroke"]
Extent = tuple[float, float, float, float]  # x0, x1, y0, y1
Json = dict[str, object]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
SHAPE_OF: Final[Mapping[Color, str]] = {"text": "circle", "muted": "circle", **SHAPES}
DASH_OF: Final[Mapping[Color, tuple[int, ...]]] = {"text": (), "muted": (), **DASHES}
CATEGORIES: Final[tuple[Role, ...]] = (
    "model", "rival", "truth", "prior", "evidence", "intervention", "error", "data",
)  # fmt: skip
# Colour and shape of groups 0..9. Shapes repeat after five, colours after eight: no two groups share both.
GROUP_MARKS: Final = tuple((CATEGORIES[g % 8], SHAPES[CATEGORIES[g % 5]]) for g in range(10))
NAN_LEVEL: Final = 255  # uint8 fields use 0..254; the last level means "no value"


class _Layer:
    """A layer's arrays and colour are checked when it is made; `moving` says which arrays have a frame axis."""

    AXES: ClassVar[Mapping[str, str]] = {}
    name: str

    def __post_init__(self) -> None:
        for array, axes in self.AXES.items():
            object.__setattr__(self, array, _floats(self._named(array), getattr(self, array), axes))
        color = getattr(self, "color", "text")
        if color not in (*ROLES, "text", "muted"):
            raise ValueError(f"{self._named('color')} must be 'text', 'muted' or one of {ROLES}, got {color!r}")

    def _named(self, what: str) -> str:
        return f"{type(self).__name__} {self.name!r}: {what}"

    def moving(self, array: str) -> bool:
        return getattr(self, array).ndim > len(self.AXES[array].split())


def _floats(where: str, value: object, axes: str) -> np.ndarray:
    """Read-only float32 of shape `axes` (static) or (frames, *axes) (moving); inf becomes NaN."""
    array = np.asarray(value)
    names = axes.split()
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{where} must hold real numbers, got dtype {array.dtype}")
    if array.ndim - len(names) not in (0, 1) or (names[-1] == "2" and array.shape[-1] != 2):
        wanted = ", ".join(names)
        raise ValueError(f"{where} must have shape ({wanted}) or (frames, {wanted}), got {array.shape}")
    if array.size == 0 and array.ndim == len(names):
        raise ValueError(f"{where} is empty: shape {array.shape}; leave the layer out instead")
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, and is then not drawn
        array = array.astype(np.float32)
    array[~np.isfinite(array)] = np.nan
    array.setflags(write=False)
    return array


@dataclass(frozen=True, eq=False)
class Points(_Layer):
    """Dots of equal identity over the frames. NaN hides a dot; the legend counts the hidden ones.

    Args:
        xy: Shape (n, 2) or (frames, n, 2).
        group: Class per dot, integers 0..9, shape (n,): colour and shape follow the class, not `color` and `shape`.
        weight: In [0, 1] per dot, shape (n,): its area as a share of `size`'s; 0 is not drawn.
        shape: None: the shape of the role `color`.
        join: Interpolate between frames; False where row i is a new draw in every frame.
        trail: The first `trail` dots leave their path.
    """

    xy: np.ndarray
    name: str
    _: KW_ONLY
    group: np.ndarray | None = None
    weight: np.ndarray | None = None
    color: Color = "model"
    shape: Shape | None = None
    size: float = 2.5  # radius, px
    opacity: float = 0.75
    join: bool = True
    trail: int = 0
    AXES: ClassVar = {"xy": "n 2"}

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.shape is not None and self.shape not in get_args(Shape):
            raise ValueError(f"{self._named('shape')} must be one of {get_args(Shape)}, got {self.shape!r}")
        if self.group is not None:
            group = np.asarray(self.group)
            n, legal = self.xy.shape[-2], group.dtype.kind in "iub" and ((group >= 0) & (group <= 9)).all()
            if group.shape != (n,) or not legal:
                got = f"{group.dtype} of shape {group.shape}"
                raise ValueError(f"{self._named('group')} must be integers 0..9 of shape ({n},), got {got}")
            object.__setattr__(self, "group", group.astype(np.uint8))
        _weigh(self, self.xy.shape[-2])

    def marks(self) -> list[tuple[str, str]]:
        """Colour and shape of each group; of all dots where there are no groups."""
        if self.group is not None:
            return list(GROUP_MARKS[: int(self.group.max()) + 1])
        return [(self.color, self.shape or SHAPE_OF[self.color])]


@dataclass(frozen=True, eq=False)
class Field(_Layer):
    """A value on a grid, drawn smooth.

    z[i, j] belongs to x = linspace(x0, x1, w)[j], y = linspace(y0, y1, h)[i]: row 0 is the lowest.

    Args:
        z: Shape (h, w) or (frames, h, w). NaN is left blank.
        lo, hi: Ends of the colour scale; None: from the data. Diverging scales are made symmetric about 0.
        extent: x0, x1, y0, y1; None: the panel's.
        exact: Send float32, not 255 levels between lo and hi (four times the bytes).
    """

    z: np.ndarray
    name: str
    _: KW_ONLY
    lo: float | None = None
    hi: float | None = None
    scale: Literal["sequential", "diverging"] = "sequential"
    extent: Extent | None = None
    opacity: float = 0.6
    join: bool = True
    exact: bool = False
    AXES: ClassVar = {"z": "h w"}

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.z.shape[-2:]) < 2:
            raise ValueError(f"{self._named('z')} needs 2 nodes along each axis, got {self.z.shape}")

    def limits(self) -> tuple[float, float]:
        """The ends of the colour scale.

        Raises:
            ValueError: They are not finite and apart: z is constant or all NaN, and they were not given.
        """
        finite = self.z[np.isfinite(self.z)]
        lo = self.lo if self.lo is not None else float(finite.min(initial=np.inf))
        hi = self.hi if self.hi is not None else float(finite.max(initial=-np.inf))
        if self.scale == "diverging":
            lo, hi = -max(abs(lo), abs(hi)), max(abs(lo), abs(hi))
        if not (np.isfinite([lo, hi]).all() and lo < hi):
            raise ValueError(
                f"Field {self.name!r}: needs finite lo < hi, got lo={lo}, hi={hi}; "
                "pass them when z is constant or all NaN"
            )
        return lo, hi

    def levels(self, z: np.ndarray) -> np.ndarray:
        """`z` as uint8: 0 is lo, 254 is hi."""
        lo, hi = self.limits()
        level = np.rint((np.clip(z, lo, hi) - lo) * np.float32(254 / (hi - lo)))
        return np.nan_to_num(level, nan=NAN_LEVEL).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Arrows(_Layer):
    """Arrows from `at` to `at + scale * vector`; each of shape (n, 2) or (frames, n, 2).

    Args:
        width: Of the shaft, px; the head grows with it.
    """

    at: np.ndarray
    vector: np.ndarray
    name: str
    _: KW_ONLY
    scale: float = 1.0
    width: float = 1.2  # px
    color: Color = "text"
    opacity: float = 0.8
    AXES: ClassVar = {"at": "n 2", "vector": "n 2"}

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.at.shape[-2] != self.vector.shape[-2]:
            raise ValueError(
                f"{self._named('vector')} has {self.vector.shape[-2]} rows, but at has {self.at.shape[-2]}"
            )


@dataclass(frozen=True, eq=False)
class Lines(_Layer):
    """Polylines: trajectories, contours, a grid that deforms. NaN lifts the pen.

    Args:
        xy: Shape (lines, k, 2) or (frames, lines, k, 2).
        dash: Lengths of ink and gap, px; (): solid; None: the dash of the role `color`.
        fill: Opacity of what a line encloses once it is closed, such as the area under a density.
        weight: In [0, 1] per line, shape (lines,): how wide and opaque, as a share of the others; 0 is not drawn.
    """

    xy: np.ndarray
    name: str
    _: KW_ONLY
    weight: np.ndarray | None = None
    color: Color = "muted"
    width: float = 1.0  # px
    dash: Sequence[float] | None = None
    opacity: float = 0.7
    fill: float = 0.0
    join: bool = True
    AXES: ClassVar = {"xy": "lines k 2"}

    def __post_init__(self) -> None:
        super().__post_init__()
        _weigh(self, self.xy.shape[-3])


def _weigh(layer: Points | Lines, n: int) -> None:
    if layer.weight is None:
        return
    weight = np.asarray(layer.weight)
    if weight.shape != (n,) or weight.dtype.kind not in "fiub" or not ((weight >= 0) & (weight <= 1)).all():
        got = f"{weight.dtype} of shape {weight.shape}"
        raise ValueError(f"{layer._named('weight')} must be numbers in [0, 1] of shape ({n},), got {got}")
    object.__setattr__(layer, "weight", weight.astype(np.float32))


@dataclass(frozen=True)
class Panel:
    """Layers from back to front.

    Args:
        extent: x0, x1, y0, y1; None: around all panels' dots, lines.
        aspect: Height over width of the picture; None: one scale for both axes, so that a circle is round.
    """

    layers: Sequence[Points | Field | Arrows | Lines]
    title: str = ""
    _: KW_ONLY
    x: str = "x₁"
    y: str = "x₂"
    extent: Extent | None = None
    aspect: float | None = None

    def __post_init__(self) -> None:
        names = [a.name for a in self.layers]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"panel {self.title!r}: one name per layer, but {twice} occur twice")
        x0, x1, y0, y1 = self.extent or (0, 1, 0, 1)
        if not (x0 < x1 and y0 < y1):
            raise ValueError(f"panel {self.title!r}: extent is (x0, x1, y0, y1), x0 < x1, y0 < y1, got {self.extent}")
        if self.aspect is not None and not 0.1 <= self.aspect <= 10:
            raise ValueError(f"panel {self.title!r}: aspect must be in [0.1, 10] or None, got {self.aspect}")


@dataclass(frozen=True)
class Chart:
    """Curves over the frames, with a cursor. A value that is NaN is left out of its curve.

    Args:
        curves: One value per frame, by name.
        roles: What a curve means, by its name: its colour and dash. The others take the roles that are left, in order.
        truth: Name and exact value, floor or ceiling; a line in the role truth.
        limits: Ends of the vertical axis; None: around all values and the truth.
        log: Vertical axis in decades; values ≤ 0 are left out.
    """

    curves: Mapping[str, Sequence[float] | np.ndarray]
    title: str = ""
    _: KW_ONLY
    roles: Mapping[str, Role] = field(default_factory=dict)
    truth: tuple[str, float] | None = None
    limits: tuple[float, float] | None = None
    log: bool = False

    def __post_init__(self) -> None:
        where = f"chart {self.title!r}"
        if strangers := sorted(set(self.roles) - set(self.curves)):
            raise ValueError(f"{where}: roles for {strangers}, but the curves are {list(self.curves)}")
        if wrong := sorted(set(self.roles.values()) - set(ROLES)):
            raise ValueError(f"{where}: roles are {ROLES}, got {wrong}")
        if len(self.curves) > len(ROLES) - 1:
            raise ValueError(f"{where}: at most {len(ROLES) - 1} curves can be told apart, got {len(self.curves)}")
        fixed = [*(self.limits or ()), *(self.truth or ())[1:]]
        if not np.isfinite(fixed).all() or (self.log and min(fixed, default=1) <= 0):
            legal = "finite and > 0 on a log axis" if self.log else "finite"
            raise ValueError(f"{where}: truth and limits must be {legal}, got {self.truth} and {self.limits}")
        if self.limits and not self.limits[0] < self.limits[1]:
            raise ValueError(f"{where}: limits are (lo, hi), lo < hi, got {self.limits}")

    def meanings(self) -> dict[str, Role]:
        """The role of every curve; truth only where `roles` says so."""
        taken = {"truth", *self.roles.values()}
        free: Iterator[Role] = (role for role in CATEGORIES if role not in taken)
        return {name: self.roles[name] if name in self.roles else next(free) for name in self.curves}


@dataclass(frozen=True)
class Movie:
    """What `player` shows.

    Args:
        times: One value per frame, increasing; shown as `step 1200`, or `t = 0.35` if the name has one letter.
        text: One sentence per frame.
        run: Names a movie that grows: the same run with more frames extends the time line.
        live: More frames are coming; the player follows while its cursor is at the end.
        columns: Panels, then charts, in a grid of so many columns, two on a phone; None: charts beside the panels.
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
    fps: float = 12.0
    start: int = 0  # -1: the last frame
    height: int = 420  # px, at most
    columns: int | None = None

    def __post_init__(self) -> None:
        frames, layers = len(self.times), [a for p in self.panels for a in p.layers]
        if not 1 <= len(self.panels) <= 6:
            raise ValueError(f"a movie has 1 to 6 panels, got {len(self.panels)}")
        if self.columns is not None and not 1 <= self.columns <= 6:
            raise ValueError(f"columns must be in [1, 6], got {self.columns}")
        if not frames or not (np.diff(np.asarray(self.times, float)) > 0).all():
            raise ValueError(f"times must increase and not be empty, got {list(self.times)[:6]}")
        moving = [(a, array) for a in layers for array in a.AXES if a.moving(array)]
        lengths = {a._named(array): len(getattr(a, array)) for a, array in moving}
        lengths |= {f"curve {n!r}": len(values) for c in self.charts for n, values in c.curves.items()}
        lengths |= {"text": len(self.text)} if self.text is not None else {}
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
        pack = _Packer(first)
        extents = [p.extent or self.extent() for p in self.panels]
        manifest = {k: v for k, v in vars(self).items() if k not in ("panels", "charts", "times", "text")} | {
            "first": first,
            "frames": len(self.times),
            "report": report,
            "pick": pick,
            "times": pack.series(self.times),
            "text": list(self.text[first:]) if self.text is not None else None,
            "panels": [
                vars(p) | {"extent": extent, "layers": [pack.layer(a, extent) for a in p.layers]}
                for p, extent in zip(self.panels, extents, strict=True)
            ],
            "charts": [pack.chart(c) for c in self.charts],
        }
        head = json.dumps(manifest, ensure_ascii=False, allow_nan=False, default=float).encode()  # numpy scalars
        head += b" " * (-len(head) % 8)
        return b"GPM1" + len(head).to_bytes(4, "little") + head + b"".join(pack.chunks)


class _Packer:
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
