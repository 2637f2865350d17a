"""Panels, which hold layers over linked axes, and charts, which hold curves over the frames."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field

import numpy as np

from playground.movie.layers import CATEGORIES, ROLES, Arrows, Extent, Field, Lines, Points
from playground.theme import Role


@dataclass(frozen=True)
class Panel:
    """Layers from back to front.

    Args:
        extent: x0, x1, y0, y1; None: around all panels' dots, lines.
        aspect: Height over width of the picture; None: one scale for both axes, so that a circle is round.
        captions: A short line under the picture, one per frame.
        bare: Without ticks and names, as one of many small pictures whose axes are all the same.
    """

    layers: Sequence[Points | Field | Arrows | Lines]
    title: str = ""
    _: KW_ONLY
    x: str = "x₁"
    y: str = "x₂"
    extent: Extent | None = None
    aspect: float | None = None
    captions: Sequence[str] | None = None
    bare: bool = False

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
