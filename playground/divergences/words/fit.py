"""What is said of the four runs: where they end, what that is held against, and why."""

from collections.abc import Sequence

import numpy as np

from playground.divergences.fit import (
    OBJECTIVES,
    STARTS,
    Descent,
    Ending,
    Objective,
    covers,
    endings,
    floors,
    in_units,
)
from playground.divergences.fit import paths as runs
from playground.divergences.separation import Units

OPTIONS = ("One bump", "Both", "Neither")
ASKED: Objective = "KL(Q‖P)"
STANDS = {  # where Q begins, in words
    "left": "on the left bump", "right": "on the right bump", "middle": "between the bumps",
    "wide": "wide over both", "far": "far to the right",
}  # fmt: skip
_MERGED = "The two bumps have merged into one, so there is nothing to choose between."
_COVERS = "KL(P‖Q) charges Q wherever P has mass and Q has none, so Q must cover."
_HARDLY = (  # of a bump too small for the best Q to reach
    "KL(P‖Q) charges Q wherever P has mass and Q has none, in proportion to that mass: a bump of {share:.3g}% widens "
    "the best Q, but not until it covers both."
)
_SEEKS = "KL(Q‖P) charges Q for standing where P has none, so Q may leave a bump out."


def frames(mean: np.ndarray, sd: np.ndarray) -> tuple[str, ...]:
    """For each frame where Q is on each of the four; arrays of shape (frames, 4)."""
    return tuple(
        "  ·  ".join(
            f"{name}: μ {_signed(float(m), 2)}, σ {s:.2f}" for name, m, s in zip(OBJECTIVES, means, sds, strict=True)
        )
        for means, sds in zip(mean, sd, strict=True)
    )


def mixture(config: Descent) -> str:
    """P as a formula."""
    parts = ((config.weight, config.target.mean_1), (1 - config.weight, config.target.mean_2))
    return " + ".join(f"{weight:.3g} · N({_short(mean)}, {config.width:.3g}²)" for weight, mean in parts)


def _short(value: float) -> str:
    return f"{value + 0.0:.3g}".replace("-", "−")


def question(config: Descent) -> str:
    """What to predict."""
    return f"Q starts {STANDS[config.start]}. What does {ASKED} make it cover?"


def covered(config: Descent, ending: Ending) -> str:
    """The answer for a run: which bumps have their middle within two standard deviations of Q's mean."""
    return {2: "Both", 1: "One bump", 0: "Neither"}[covers(config.target, ending.fit)]


def answer(config: Descent) -> str:
    """The right one of `OPTIONS`."""
    return covered(config, endings(config)[config.start][OBJECTIVES.index(ASKED)])


def number(value: float) -> str:
    """With four decimals."""
    return _signed(value, 4)


def amount(value: float, objective: Objective, units: Units) -> str:
    """A value with its unit."""
    return f"{number(in_units(objective, units) * value)} {'units²' if objective == 'W₂²' else units}"


def beside(config: Descent, units: Units = "nats") -> dict[Objective, tuple[str, str]]:
    """For each run from the start in force: where it ended, and the floor it is held against."""
    rows = zip(OBJECTIVES, endings(config)[config.start], floors(config), rises(config), strict=True)
    return {
        name: (amount(end.value, name, units), _held(end, floor.value * in_units(name, units), floor.exact, rose))
        for name, end, floor, rose in rows
    }


def _held(end: Ending, floor: float, exact: bool, rose: int) -> str:
    least = f"floor {number(floor)}{', exact' if exact else ''}"
    return f"{least}: {end.status}" + (f"; rose at {rose} step{'s' * (rose > 1)}" if rose else "")


def rises(config: Descent) -> tuple[int, ...]:
    """At how many steps each of the four runs went up instead of down."""
    value = runs(config).value[:, :, STARTS.index(config.start)]
    up = np.diff(value, axis=0) > 1e-9 * (1 + np.abs(value[1:]))
    return tuple(int(count) for count in up.sum(0))


def table(config: Descent, units: Units = "nats") -> list[list[str]]:
    """A row for each start: its name, and for each divergence where Q ends and how far above the floor."""
    least = floors(config)
    return [
        [STANDS[start] + (" (shown)" if start == config.start else "")]
        + [
            _cell(end, in_units(name, units) * (end.value - floor.value))
            for name, end, floor in zip(OBJECTIVES, row, least, strict=True)
        ]
        for start, row in endings(config).items()
    ]


def _cell(end: Ending, above: float) -> str:
    place = f"μ {_signed(end.fit.mean, 2)}, σ {end.fit.sd:.2f}"
    if end.status == "global minimum":
        return f"{place}: {end.status}"
    return f"{place}: {end.status}, +{max(above, 0.0):.4f}"


def notice(config: Descent, units: Units = "nats") -> str:
    """What the four did from the start in force, what stopped those that did not get all the way, and why."""
    row, least = endings(config)[config.start], floors(config)
    merged = config.gap <= 2 * config.width  # then the mixture has one mode, whatever the weight
    said = [_MERGED if merged else _grouped([covers(config.target, end.fit) for end in row])]
    for name, end, floor in zip(OBJECTIVES, row, least, strict=True):
        above = f"{amount(max(end.value - floor.value, 0.0), name, units)} above its floor"
        if end.status == "local minimum":
            said.append(f"{name} rests in a local minimum, {above}.")
        elif end.status == "no slope":
            said.append(f"{name} has no slope left where Q stands, {above}.")
        elif end.status == "still moving":
            said.append(f"{name} is still moving after {config.steps} steps, {above}.")
    bouncing = [name for name, end in zip(OBJECTIVES, row, strict=True) if end.status == "bouncing"]
    if bouncing:
        one = len(bouncing) == 1
        said.append(
            f"{listed(bouncing)} {'bounces' if one else 'bounce'}: a rate of {config.rate:g} is too high for "
            f"{'it' if one else 'them'}."
        )
    return " ".join(said if merged else [*said, _why(config), _SEEKS])


def _why(config: Descent) -> str:
    """Why KL(P‖Q) ends where it does; the best Q has the mean and the variance of P."""
    (best,) = floors(config)[0].fits
    if covers(config.target, best) == 2:
        return _COVERS
    return _HARDLY.format(share=100 * min(config.weight, 1 - config.weight))


def _grouped(counts: Sequence[int]) -> str:
    """Such as "Within 2σ of its mean Q covers both bumps under KL(P‖Q) and W₂²; one under KL(Q‖P) and JS."."""
    said = []
    for count, what in ((2, "both bumps"), (1, "one bump"), (0, "neither bump")):
        names = [name for name, found in zip(OBJECTIVES, counts, strict=True) if found == count]
        if len(names) == len(OBJECTIVES):
            return f"Within 2σ of its mean Q covers {what} under all four."
        if names:
            said.append(f"{what} under {listed(names)}")
    return f"Within 2σ of its mean Q covers {'; '.join(said)}."


def listed(names: Sequence[str]) -> str:
    """Such as "KL(P‖Q), JS and W₂²"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _signed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return (text if float(text) else text.lstrip("-")).replace("-", "−")
