"""What the two games are, who covers more, and what that is worth: sentences from the games' own figures."""

from math import isfinite
from typing import TYPE_CHECKING, Final

from playground.coverage import RADIUS, SAMPLES, STRICT, perfect
from playground.gan.changes import Difference, differences
from playground.gan.config import GanConfig
from playground.gan.duel import Duel, Side
from playground.gan.words.game import LABELS, written
from playground.targets import Target

if TYPE_CHECKING:
    from playground.gan.training import GanSnapshot

COUNT: Final = (
    f"A fake is good within {RADIUS:g}σ of a mode, in its ring; a mode is covered by {STRICT * SAMPLES:.0f} good ones "
    f"of {written('steps', SAMPLES)}."
)
FAR: Final = "W₂ is how far fakes must be carried to lie as the data do, as a root mean square."
OPEN: Final = "…"
CHANCE: Final = 0.03  # two standard deviations, at most, of a difference between shares of 2 500 samples
OPTIONS: Final = ("Left", "Right", "Same")
ANECDOTE: Final = "One seed is an anecdote: Many seeds plays a game from many of them."


def waiting(t: Target) -> str:
    """What is to be seen before the answer: who plays, and what is counted."""
    return (
        f"G makes fakes out of noise, D tells them from the data. {COUNT if t.modes is not None else FAR} Left and "
        "right begin with the same dice: commit to an answer, and both are played."
    )


def question(t: Target) -> str:
    return "Which covers more modes at the end?" if t.modes is not None else "Which ends nearer to the data?"


def changed(left: GanConfig, right: GanConfig) -> str:
    """What differs, in the middle of a sentence, such as "samples D sees at once: 1 → 4"."""
    return "; ".join(map(_change, differences(left, right)))


def _change(difference: Difference) -> str:
    field, left, right = difference
    label = LABELS.get(field, field)
    name = label[0].lower() + label[1:] if label[1:2].islower() else label  # but D and G
    return f"{name}: {written(field, left)}\u00a0→\u00a0{written(field, right)}"


def caption(frame: "GanSnapshot", far: float, t: Target, *, held: bool = False) -> str:
    """A line under a panel: modes with quality; where there are no modes, the distance that was measured last.

    Args:
        held: Whether the game has no picture at this step, so that the last one before it is shown.
    """
    if held:
        return f"last picture, after step {frame.step}" if frame.step else "before its first step"
    if t.modes is not None:
        return f"{frame.strict_modes:.0f} of {len(t.modes.centres)} modes, {percent(frame.high_quality)} good"
    return f"W₂ {far:.2f}" if isfinite(far) else "W₂ not measured yet"


def aloud(duel: Duel, t: Target) -> str:
    """The picture's last moment in words, and where the runs stand."""
    sides = zip(("Left", "Right"), duel.frames, duel.w2, strict=True)
    shown = " ".join(f"{name}: {caption(frames[-1], far, t)}." for name, frames, far in sides)
    return f"After step {written('steps', duel.steps[-1])}. {shown} {status(duel)}".strip()


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def status(duel: Duel) -> str:
    """What runs, waits or has stopped; empty where both games were played to the end."""
    return " ".join(filter(None, (_status("left", duel.left), _status("right", duel.right))))


def _status(name: str, side: Side) -> str:
    if side.state == "failed":
        return f"The {name} game stopped. {side.problem}{_kept(side)}"
    if side.state == "waiting":
        if side.place:
            return f"The {name} game waits for a free processor, number {side.place} in the queue."
        return "" if side.seen else f"The {name} game is about to start."
    if side.state == "cancelled":
        return f"The {name} game was called off."
    if side.state == "done":
        return ""
    if not side.seen:
        return f"The {name} game starts."
    return (
        f"The {name} game is at step {written('steps', side.seen[-1].step)} of {written('steps', side.config.steps)}."
    )


def _kept(side: Side) -> str:
    return f" Its last picture, after step {side.seen[-1].step}, stays." if side.seen else ""


def numbers(duel: Duel, t: Target) -> list[tuple[str, str, str]]:
    """The strip of numbers at the end of both games: label, value, what it is held against.

    Before that the values are left open.
    """
    over = duel.begun and duel.ended
    names, ends = ("Left", "Right"), [frames[-1] if over else None for frames in duel.frames]
    rows = []
    if t.modes is not None:
        best, k = perfect(t), len(t.modes.centres)
        against = f"good; perfect: {best.strict_modes:.0f} and {percent(best.high_quality)}"
        for name, end in zip(names, ends, strict=True):
            value, good = (f"{end.strict_modes:.0f} of {k}", percent(end.high_quality)) if end else (OPEN, OPEN)
            rows.append((f"{name}, strict modes", value, f"{good} {against}"))
    for name, end, far in zip(names, ends, duel.w2, strict=True):
        value, floor = (_far(far), _far(end.w2_floor)) if end else (OPEN, OPEN)
        rows.append((f"{name}, W₂ to the data", value, f"{floor} between two real samples"))
    return rows


def _far(value: float) -> str:
    return f"{value:.3f}" if isfinite(value) else OPEN


def notice(duel: Duel, t: Target) -> str:
    """Who covers more, with quality beside it, and what one seed is worth; how it is played while it is."""
    if not (duel.ended and duel.begun):
        return playing(duel)
    stopped = [
        _stopped(name, one) for name, one in (("left", duel.left), ("right", duel.right)) if one.state == "failed"
    ]
    if not duel.played:
        return f"{' '.join(stopped)} There is nothing to compare.".strip()
    when = (
        f"{' '.join(stopped)} By their last pictures" if stopped else f"After {written('steps', duel.steps[-1])} steps"
    )
    body = _covered(duel, t) if t.modes is not None else _distances(duel)
    return f"{when} {body} {ANECDOTE}"


def _stopped(name: str, side: Side) -> str:
    if len(side.seen) < 2:
        return f"The {name} game stopped before its second picture."
    return f"The {name} game stopped; its last picture is after step {written('steps', side.seen[-1].step)}."


def playing(duel: Duel) -> str:
    """What is to be seen while the games are played."""
    if duel.ended:
        return "There is nothing to compare: not both games got to their first picture."
    return (
        "Both are shown after equal steps; where they share a processor, one is played first, and is shown again "
        "beside the other. The lines under the pictures count as they go."
    )


def _covered(duel: Duel, t: Target) -> str:
    left, right = (frames[-1] for frames in duel.frames)
    k = len(t.modes.centres) if t.modes else 0
    a, b, p, q = left.strict_modes, right.strict_modes, left.high_quality, right.high_quality
    rule = f"where {STRICT * SAMPLES:.0f} good samples of {written('steps', SAMPLES)} cover one"
    good = f"good, within {RADIUS:g}σ of a mode, are"
    if a == b:
        smear = " Most samples of either lie on no mode." if a and max(p, q) < 0.5 else ""
        both = f"{percent(p)} on the left and {percent(q)} on the right"
        return f"both cover {a:.0f} of {k} modes, {rule}; {good} {both}.{smear}"
    said = f"the left covers {a:.0f} of {k} modes, the right {b:.0f}, {rule}; {good} {percent(p)} and {percent(q)}."
    name, quality, other = ("left", p, q) if a > b else ("right", q, p)
    if quality < 0.5:
        return f"{said} Most samples of the one that covers more lie on no mode."
    if quality < other - CHANCE:
        return f"{said} The {name} one covers more and hits less: coverage and quality are two things."
    return said


def _distances(duel: Duel) -> str:
    a, b = duel.w2
    floor = duel.frames[0][-1].w2_floor
    if not (isfinite(a) and isfinite(b)):
        return "the distance to the data was not measured for both."
    told = {
        "Left": "the left is nearer to the data",
        "Right": "the right is nearer to the data",
    }.get(duel.winner or "", "neither is clearly nearer to the data")
    return f"{told}: W₂ is {a:.3f} on the left and {b:.3f} on the right, {floor:.3f} between two real samples."
