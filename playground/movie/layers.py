"""What a panel of a movie is made of: dots, fields, arrows and lines, standing still or moving from frame to frame."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Final, Literal, get_args

import numpy as np

from playground.theme import DASHES, SHAPES, Role

Color = Role | Literal["text", "muted"]
Shape = Literal["circle", "diamond", "square", "triangle-up", "cross", "stroke"]
Extent = tuple[float, float, float, float]  # x0, x1, y0, y1

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
    """Dots of equal identity over the frames. NaN hides a dot; the legend counts the hidden ones, unless told not to.

    Args:
        xy: Shape (n, 2) or (frames, n, 2).
        group: Class per dot, integers 0..9, shape (n,): colour and shape follow the class, not `color` and `shape`.
        weight: In [0, 1] per dot, shape (n,): its area as a share of `size`'s; 0 is not drawn.
        shape: None: the shape of the role `color`.
        join: Interpolate between frames; False where row i is a new draw in every frame.
        trail: The first `trail` dots leave their path.
        counted: Whether the legend counts the dots that are not drawn.
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
    counted: bool = True
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
