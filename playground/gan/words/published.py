"""Published rows beside ours: each table with its protocol, and how far it speaks of the visitor's own target."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from playground.gan.published import (
    MODES,
    PUBLISHED,
    RECORDED,
    RELATIVE,
    TARGETS,
    Estimate,
    Row,
    Shape,
    Table,
    method,
    row,
)
from playground.gan.seeds import SeedsConfig
from playground.targets import Target

if TYPE_CHECKING:
    from playground.gan.training import SeedsSnapshot

NOT_GIVEN = "not given"


def shape_of(t: Target) -> Shape:
    """Whose rows are shown: the ring's, unless the target is a grid."""
    return "grid" if t.name in (TARGETS["grid"], "grid") else "ring"


def heading(t: Target) -> str:
    """Over the tables."""
    return "PacGAN’s ring of 8 modes" if shape_of(t) == "ring" else "PacGAN’s grid of 25 modes"


def same(t: Target) -> bool:
    """Whether the target is the one that the rows are about, maybe in other units."""
    return t.name in TARGETS.values() or _scaled(t)


def about(t: Target) -> str:
    """How far these rows speak of the visitor's target."""
    rule = (
        "Strict: modes with 20 samples of high quality instead of 1. HQ: high quality, within 3σ of a mode. KL: "
        "reverse KL. Each table has a protocol of its own, so compare within a table, not across."
    )
    if _scaled(t):
        return f"{rule} Your target is PacGAN’s {shape_of(t)} in other units, which changes no number of a perfect G."
    if same(t):
        return rule
    which = "ring (radius 1, σ 0.01)" if shape_of(t) == "ring" else "grid (step 2, σ 0.05)"
    return f"{rule} They are about PacGAN’s {which}; your target is another, so your run has no row here."


def _scaled(t: Target) -> bool:
    """Whether the target is PacGAN's with all lengths multiplied by one number."""
    described = t.describe()
    for name, (length, k, sigma) in RELATIVE.items():
        if described["name"] == name and described["k"] == k:
            return math.isclose(float(str(described["sigma"])), sigma * float(str(described[length])), rel_tol=1e-6)
    return False


def theirs(t: Target) -> tuple[Table, ...]:
    """What others have published."""
    return PUBLISHED[shape_of(t)]


def ours(t: Target, end: "SeedsSnapshot | None", config: SeedsConfig) -> tuple[Table, ...]:
    """Our rows as recorded, and that of the visitor's run where it has come to its end and is about the same target."""
    recorded = RECORDED[shape_of(t)]
    if end is None or not same(t):
        return (recorded,)
    return recorded, Table("Your run", f"Counted as ours; {budget(config)}.", (row(method(config), end),))


def budget(config: SeedsConfig) -> str:
    """Networks, batch, steps and seeds of a run."""
    count = f"{config.steps:,}".replace(",", "\u2009")
    return (
        f"{config.depth} × {config.hidden} units, {config.activation}; {config.batch // config.pack} packs a batch; "
        f"{count} steps; seeds {config.seeds[0]} to {config.seeds[-1]}"
    )


def head(t: Target) -> tuple[str, ...]:
    """Of every table."""
    return ("", f"Modes of {MODES[shape_of(t)]}", "Strict", "HQ, %", "KL, nats")


def cells(one: Row) -> tuple[str, ...]:
    """A line of a table."""
    numbers = ((one.modes, 1), (one.strict_modes, 1), (one.high_quality, 1), (one.reverse_kl, 2))
    return (one.method, *(_cell(estimate, digits) for estimate, digits in numbers))


def markdown(shape: Shape, tables: Sequence[Table]) -> str:
    """All tables as one for a README: a column says whose protocol a row has."""
    lines = [
        f"| {MODES[shape]} modes | protocol | modes | strict modes | high quality, % | reverse KL, nats |",
        "|---|---|---|---|---|---|",
    ]
    for table in tables:
        for one in table.rows:
            name, *values = cells(one)
            lines.append(f"| {name} | {table.source} | {' | '.join(values)} |")
    return "\n".join(lines)


def _cell(estimate: Estimate | None, digits: int) -> str:
    if estimate is None:
        return NOT_GIVEN
    if estimate.error is None:  # as it was printed
        return f"{estimate.mean:g}" if digits == 1 else f"{estimate.mean:.{digits}f}"
    return f"{estimate.mean:.{digits}f} ± {estimate.error:.{digits}f}"
