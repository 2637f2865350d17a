"""What is said of many seeds: how they ended, what one of them would have told, and what is held against it."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from playground.coverage import RADIUS, Floor
from playground.gan.seeds import METRICS, SeedsConfig, Spread, measured, missed, spread, whole
from playground.gan.words.collapse import number
from playground.runs.jobs import State
from playground.targets import Target
from playground.theme import Role

if TYPE_CHECKING:
    from playground.gan.training import SeedsSnapshot

OPTIONS: Final = ("None", "Under half", "Half or up", "All")
APART: Final = ("Alike", "Unlike")  # of a target without modes
LABELS: Final = ("Modes, 1 sample each", "Strict modes, 20 each", "High quality, %", "Reverse KL, nats")
DISTANCE: Final = "W₂ at the end"
NOTHING_YET: Final = "The first pictures are being made."
AFTERWARDS: Final = "After the last step."
NEVER: Final = "The run did not come to its last step."
ROUNDING: Final = (
    "Played alone in Collapse, a seed begins the same and may end otherwise: games trained together round their sums "
    "differently, and the game magnifies it."
)
SMEAR: Final = 0.25  # share of high quality below which coverage says little
LARGE: Final = 1e4
NAMED: Final = 4  # seeds in a sentence
ROOMY: Final = 8  # games whose pictures are large enough for words


def question(config: SeedsConfig, t: Target) -> str:
    """What to predict."""
    if t.modes is None:
        return f"Will {config.games} seeds end alike: the largest W₂ less than twice the smallest?"
    every = "both modes" if len(t.modes.centres) == 2 else f"all {len(t.modes.centres)} modes"
    return f"Of {config.games} seeds, how many will end with {every}?"


def kind(t: Target) -> str:
    """Of question."""
    return "w2" if t.modes is None else "modes"


def options(t: Target) -> tuple[str, ...]:
    """The answers offered."""
    return APART if t.modes is None else OPTIONS


def answer(end: "SeedsSnapshot", t: Target) -> str:
    """The right one of the answers."""
    if t.modes is None:
        return APART[0] if end.w2.max() < 2 * end.w2.min() else APART[1]
    games, full = len(end.fakes), whole(end)
    if full in (0, games):
        return OPTIONS[0 if full == 0 else -1]
    return OPTIONS[1 if 2 * full < games else 2]


def key(t: Target) -> tuple[tuple[Role, str, str], ...]:
    """What is drawn in a square: role, name, meaning."""
    fakes: tuple[Role, str, str] = ("model", "fakes", "G(z), another G in each square")
    if t.modes is None:
        return (("data", "data", "the same in each"), fakes)
    near = f"20 of 2\u2009500 fakes within {RADIUS * t.modes.sigma:.3g} (3σ)"
    return (("truth", "a mode it has", near), ("error", "one it misses", "fewer"), fakes)


def open_numbers(t: Target, *, over: bool) -> tuple[tuple[str, str], ...]:
    """Under each of `labels` where nothing has been measured: not yet, or (`over`) never."""
    return (("–", "measured after the last step only") if over else ("…", "after the last step"),) * len(labels(t))


def captions(frames: Sequence["SeedsSnapshot"], game: int, t: Target) -> tuple[str, ...]:
    """The line under the picture of one game, for each frame: strict modes and quality, or W₂ where there are none."""
    if t.modes is None:
        return tuple(
            f"W₂ {_plain(float(frame.w2[game]), 3)}" if np.isfinite(frame.w2[game]) else "" for frame in frames
        )
    k, short = len(t.modes.centres), len(frames[0].fakes) > ROOMY
    of, good = ("/", "%") if short else (" of ", "% high quality")
    return tuple(
        f"{frame.strict_modes[game]:.0f}{of}{k} · {100 * frame.high_quality[game]:.0f}{good}" for frame in frames
    )


def labels(t: Target) -> tuple[str, ...]:
    """Of the strip of numbers."""
    return (DISTANCE,) if t.modes is None else LABELS


def numbers(now: "SeedsSnapshot", t: Target, floor: Floor | None) -> tuple[tuple[str, str], ...]:
    """Under each of `labels`: mean ± standard error over the seeds; what is perfect, and the range of the seeds."""
    if t.modes is None or floor is None:
        found = spread(now.w2)
        return ((pair(found, 3), f"two fresh samples {now.w2_floor:.3f}; {_range(found, 3)}"),)
    modes, strict, quality, kl = (spread(getattr(now, name)) for name in METRICS)
    best, quality = 100 * floor.high_quality, _percent(quality)
    return (
        (pair(modes, 2), f"perfect {floor.modes:.2f}; {_range(modes, 0)}"),
        (pair(strict, 2), f"perfect {floor.strict_modes:.2f}; {_range(strict, 0)}"),
        (pair(quality, 1), f"perfect {best:.1f}; {_range(quality, 0)}"),
        (pair(kl, 3), f"floor {floor.reverse_kl:.4f}; {_range(kl, 2)}"),
    )


def notice(end: "SeedsSnapshot", config: SeedsConfig, t: Target) -> str:
    """How the seeds ended, and what one of them would have told; of a run that came to its end."""
    if t.modes is None:
        return _distances(end, config)
    k, games = len(t.modes.centres), config.games
    strict, quality = spread(end.strict_modes), _percent(spread(end.high_quality))
    with_quality = (
        f"{_plain(quality.mean, 0)}% of the samples are of high quality, within 3σ of a mode "
        f"({_range(quality, 0, '%')})"
    )
    if strict.low == strict.high:
        ended = (
            f"All {games} seeds end with {strict.low:.0f} of {k} modes; {with_quality}. "
            f"One seed would have told the same count."
        )
    else:
        alone = float(end.strict_modes[0])
        ended = (
            f"The seeds end with {pair(strict, 2)} of {k} modes (mean ± standard error), from {strict.low:.0f} "
            f"({_who(end.strict_modes == strict.low, config)}) to {strict.high:.0f} "
            f"({_who(end.strict_modes == strict.high, config)}); {with_quality}. "
            f"Had you looked at seed {config.seed} only, you would have seen {alone:.0f}."
        )
    return " ".join(filter(None, (ended, _smear(end, k), _lost(end, t, games), ROUNDING)))


def waits(config: SeedsConfig) -> str:
    """Before the prediction."""
    return (
        f"Each square is one seed before its first step: {config.games} generators that differ only in their dice. "
        "Commit, and all of them train at once."
    )


def under_way(now: "SeedsSnapshot", config: SeedsConfig, t: Target) -> str:
    """While the run goes on."""
    at = f"Step {_count(now.step)} of {_count(config.steps)}."
    if t.modes is None:
        return f"{at} This target has no modes to count; W₂ is measured after the last step."
    strict, quality, full = spread(now.strict_modes), _percent(spread(now.high_quality)), whole(now)
    return (
        f"{at} So far {_plain(strict.mean, 1)} of {len(t.modes.centres)} modes on average, with "
        f"{_plain(quality.mean, 0)}% of the samples of high quality; "
        f"{full} of {config.games} seeds {'has' if full == 1 else 'have'} them all."
    )


def stopped(last: "SeedsSnapshot", config: SeedsConfig) -> str:
    """Of a run that ended early; its problem is said beside."""
    at = f"those of step {_count(last.step)} of {_count(config.steps)}, the last there is"
    return f"Pictures and numbers are {at}." if measured(last) else f"The pictures are {at}; W₂ was not measured."


def said(
    frames: "Sequence[SeedsSnapshot]", state: State, config: SeedsConfig, t: Target, *, revealed: bool
) -> str:  # fmt: skip
    """The sentences beside the run, wherever it stands.

    Args:
        frames: At least one.
    """
    if not revealed:
        return waits(config)
    if state == "done":
        return notice(frames[-1], config, t)
    if state in ("failed", "cancelled"):
        return stopped(frames[-1], config)
    return under_way(frames[-1], config, t)


def pair(found: Spread, digits: int, *, scale: float = 1) -> str:
    """Mean ± standard error, times `scale`."""
    return f"{_plain(scale * found.mean, digits)} ± {_plain(scale * found.error, digits)}"


def aloud(end: "SeedsSnapshot", config: SeedsConfig, t: Target) -> str:
    """Every seed's numbers, for those who do not see the dots."""
    if t.modes is None:
        return "; ".join(f"seed {s}: W₂ {_plain(float(w), 3)}" for s, w in zip(config.seeds, end.w2, strict=True))
    rows = zip(config.seeds, end.modes, end.strict_modes, end.high_quality, end.reverse_kl, strict=True)
    return "; ".join(
        f"seed {s}: {m:.0f} modes, {strict:.0f} strictly, {100 * q:.0f}% of high quality, reverse KL {kl:.3f} nats"
        for s, m, strict, q, kl in rows
    )


def _distances(end: "SeedsSnapshot", config: SeedsConfig) -> str:
    found = spread(end.w2)
    low, high = (_who(end.w2 == value, config) for value in (end.w2.min(), end.w2.max()))
    return (
        f"W₂ to the data ends at {pair(found, 3)} (mean ± standard error over {config.games} seeds): the best is "
        f"{low} with {_plain(found.low, 3)}, the worst {high} with {_plain(found.high, 3)}. "
        f"Had you looked at seed {config.seed} only, you would have seen {_plain(float(end.w2[0]), 3)}. {ROUNDING}"
    )


def _smear(end: "SeedsSnapshot", k: int) -> str:
    """A warning where many modes are hit and few samples are right."""
    modes = float(end.modes.mean())
    if end.high_quality.mean() >= SMEAR or modes < k / 4:
        return ""
    return (
        f"With one sample each, as published, {_plain(modes, 1)} of {k} modes would count, though few samples are near "
        "any: a smear would do that."
    )


def _lost(end: "SeedsSnapshot", t: Target, games: int) -> str:
    """Whether the seeds lose the same modes."""
    assert t.modes is not None
    losses = missed(end.at_mode).sum(0)  # (k,)
    if not losses.any():
        return ""
    if losses.min() == games:
        return "Nobody holds any mode."
    worst, best = int(losses.max()), int(losses.min())
    if worst == best:
        return f"Each mode is missing in {worst} of {games} seeds."
    least = f"the one lost least often in {best}" if best else "and some mode in none"
    return f"The mode lost most often is missing in {worst} of {games} seeds, {least}."


def _who(which: np.ndarray, config: SeedsConfig) -> str:
    seeds = [str(seed) for seed, chosen in zip(config.seeds, which, strict=True) if chosen]
    if len(seeds) > NAMED:
        return f"{len(seeds)} seeds"
    return f"seed{'s' if len(seeds) > 1 else ''} {', '.join(seeds)}"


def _range(found: Spread, digits: int, unit: str = "") -> str:
    low, high = _plain(found.low, digits), _plain(found.high, digits)
    return f"every seed {low}{unit}" if low == high else f"seeds {low} to {high}{unit}"


def _percent(found: Spread) -> Spread:
    return Spread(*(100 * value for value in found))


def _plain(value: float, digits: int) -> str:
    """Halves rounded up as in the browser (means over 8 seeds often end in one); in powers of ten where it is large."""
    if abs(value) >= LARGE:
        return number(value)
    return f"{value + math.copysign(1e-9, value):.{digits}f}".replace("-", "−")


def _count(number: int) -> str:
    return f"{number:,}".replace(",", "\u2009")
