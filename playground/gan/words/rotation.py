"""What is said of the five plays: what each does near 0 by its eigenvalues, and what its path did."""

from collections.abc import Mapping, Sequence
from math import atan2, degrees, isnan, log
from typing import Final

import numpy as np

from playground.gan.dirac import AS_ONE, FAR, PLAYS, SLOPE, Dirac, Play, Walk, step, walk

OPTIONS: Final = ("Ends at 0", "Circles 0", "Goes out")
TITLES: Final[dict[Play, str]] = {play: play[0].upper() + play[1:] for play in PLAYS}
STEPS: Final[dict[Play, str]] = {  # what one step is
    "simultaneous": "G and D step at once",
    "alternating": "D steps, then G answers",
    "extragradient": "both look one step ahead and step with the slopes found there",
    "gradient penalty": "simultaneous, and D also pays γ/2 ψ² for its slope",
    "consensus": "simultaneous, and both also descend γ/2 times the squared length of both slopes",
}
PAYOFF: Final = {"GAN": "−log(1 + e⁻ᵗ)", "WGAN": "t"}
QUESTION: Final = "Simultaneous play: both step at once along the arrows. Where does its path lead?"
CIRCLE: Final = "near 0, inside the circle\na path comes in"
WAIT: Final = (
    "One point stands for the whole game: across, where the fake is; up, how steep D's line is. "
    "The arrows say where both would go. Follow them from the start, step by step, and commit."
)
_WHY: Final[dict[Play, str]] = {
    "simultaneous": "A simultaneous step is at a right angle to the way to 0, so every step lengthens that way.",
    "alternating": "The two eigenvalues of alternating play multiply to 1, so near 0 it cannot come in.",
    "extragradient": "One step ahead the slopes already lean inwards: extragradient steps with those.",
    "gradient penalty": "The penalty draws D's slope back to flat, which damps the turning.",
    "consensus": "Consensus also heads for where the slopes of both are short, and they are shortest at 0.",
}
Walks = Mapping[str, Walk]
_MOVED: Final = 1e-12
_SUPERSCRIPT: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def answer(config: Dirac) -> str:
    """The right one of `OPTIONS`: each simultaneous step multiplies the distance by √(1 + η² f′²), which is above 1."""
    return "Ends at 0" if config.still else "Goes out"


def formula(config: Dirac) -> str:
    """What G lowers and D raises."""
    return f"f(ψθ) + f(0), f(t) = {PAYOFF[config.payoff]}"


def amount(value: float) -> str:
    """A length with three digits: 0.0123, 12.3, 1 230, 4.5 · 10⁻⁷."""
    if isnan(value):
        return "–"
    size = abs(value)
    if size and not 1e-3 <= size < 1e6:
        digits, exponent = f"{value:.1e}".split("e")
        text = f"{digits} · 10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    elif size >= 999.5:
        text = f"{value:,.0f}".replace(",", "\u2009")
    else:
        text = f"{value:.3g}"
    return text.replace("-", "−")


def factor(value: float) -> str:
    """A factor of one step, with four decimals."""
    if isnan(value):
        return "–"
    return f"{value:.4f}" if value < 1000 else amount(value)


def root(value: complex) -> str:
    """An eigenvalue, and its mirror image where it has one: 0.99 ± 0.1i."""
    real = f"{value.real:.4f}" if abs(value.real) >= 5e-5 else "0.0000"
    text = f"{real} ± {abs(value.imag):.4f}i" if value.imag else real
    return text.replace("-", "−")


def roots(found: Walk) -> str:
    """Both eigenvalues."""
    one, other = found.eigenvalues
    if found.turning or abs(one - other) < AS_ONE:
        return root(one) if found.turning else f"{root(one)} twice"
    return f"{root(one)} and {root(other)}"


def near(found: Walk) -> str:
    """What the eigenvalues make of a path near 0, such as "spirals in"."""
    one = found.eigenvalues[0]
    if found.modulus < AS_ONE:
        return "lands on 0"
    if found.trend == "neither":
        return "circles" if found.turning else "hops to and fro" if one.real < 0 else "stays"
    how = "spirals" if found.turning else "hops" if one.real < 0 else "goes straight"
    return f"{how} {found.trend}"


def captions(play: Play, config: Dirac) -> tuple[str, ...]:
    """For each frame, what a step multiplies small distances by, and how far the path is now."""
    found = walk(play, config)
    head = f"near 0: |λ| {factor(found.modulus)}, {near(found)}"
    return tuple(f"{head}\nnow {_away(float(d))}" for d in found.distance)


def places(play: Play, config: Dirac) -> tuple[str, ...]:
    """For each frame, the two numbers, and what D makes of the fake: ψ θ."""
    return tuple(
        "–" if isnan(theta) else f"θ {_two(theta)}, ψ {_two(psi)}\nD at the fake: {_two(theta * psi)}"
        for theta, psi in walk(play, config).at.tolist()
    )


def _away(distance: float) -> str:
    return "too far to follow" if isnan(distance) else f"{amount(distance)} from 0"


def frames(config: Dirac, close: Play) -> tuple[str, ...]:
    """For each frame, what G and D of the game close up do next."""
    at = walk(close, config).at
    following = step(close, np.nan_to_num(at), rate=config.rate, gamma=config.gamma, payoff=config.payoff)
    return tuple(
        f"Not followed beyond {amount(FAR)}."
        if isnan(here[0])
        else f"G's fake at θ = {_two(here[0])} {_goes(there[0] - here[0], 'moves right', 'moves left')}; "
        f"D's slope ψ = {_two(here[1])} {_goes(there[1] - here[1], 'rises', 'falls')}."
        for here, there in zip(at.tolist(), following.tolist(), strict=True)
    )


def _goes(moved: float, up: str, down: str) -> str:
    return "stays" if abs(moved) < _MOVED else up if moved > 0 else down


def _two(value: float) -> str:
    text = f"{value:.2f}" if abs(value) < 1000 else amount(value)
    return text.replace("-", "−") if abs(value) >= 0.005 else "0.00"


def beside(config: Dirac, close: Play) -> tuple[tuple[str, str, str], ...]:
    """Four numbers of the play close up, each with what it is held against: (label, value, beside)."""
    found = walk(close, config)
    one = found.eigenvalues[0]
    turn = abs(degrees(atan2(one.imag, one.real)))
    return (
        (f"|λ|, {close}", factor(found.modulus), f"exact, near 0: {near(found)}"),
        ("Measured a step", factor(found.growth), _measured(found, config)),
        ("Distance at the end", amount(found.end), f"it began {amount(found.start)} from 0"),
        ("Turn near 0", f"{turn:.1f}° a step", _round(found, turn)),
    )


def _measured(found: Walk, config: Dirac) -> str:
    if isnan(found.growth):
        return "it begins at 0, and there it stays"
    if found.steps < config.steps:
        return f"mean of {found.measured} steps; then beyond {amount(FAR)}"
    if found.measured < config.steps:
        return f"mean of {found.measured} steps; then all but 0"
    return f"mean of all {found.steps} steps"


def _round(found: Walk, turn: float) -> str:
    if not found.turning:
        return "to the other side" if turn else "no turning: both eigenvalues are real"
    return f"once round in {360 / turn:.1f} steps"


def table(config: Dirac) -> list[list[str]]:
    """A row for each play: what a step is, its eigenvalues, what they say, and what the path did."""
    rows = []
    for play in PLAYS:
        found = walk(play, config)
        rows.append(
            [
                TITLES[play], STEPS[play], roots(found), f"{factor(found.modulus)}: {near(found)}",
                factor(found.growth), _ended(found, config),
            ]
        )  # fmt: skip
    return rows


def heads(config: Dirac) -> tuple[str, ...]:
    """Over the columns of `table`."""
    return ("Play", "One step", "λ near 0", "|λ|, exact", "Measured a step", f"After {config.steps} steps")


def _ended(found: Walk, config: Dirac) -> str:
    if found.steps < config.steps:
        return f"beyond {amount(FAR)} at step {found.steps + 1}"
    return f"{amount(found.end)} from 0"


def notice(config: Dirac, close: Play, *, reach: float) -> str:
    """What the eigenvalues say of the five, why of the one close up, and where a path did otherwise.

    Args:
        reach: Of the picture, from 0 along both axes.
    """
    found = {play: walk(play, config) for play in PLAYS}
    said = [_grouped(found), _why(close, found[close], config)]
    if config.still:
        return " ".join([*said, "Here all begin at 0, where nobody has a slope to follow, and nobody moves."])
    return " ".join([*said, *_otherwise(found), *_ranges(found), *_gone(found, config, reach)])


def _grouped(found: Walks) -> str:
    """Such as "Near 0, simultaneous goes out; alternating goes neither in nor out; the other three come in."."""
    names = {trend: [p for p in PLAYS if found[p].trend == trend] for trend in ("out", "neither", "in")}
    doing = {"out": ("goes out", "go out"), "neither": ("goes neither in nor out", "go neither in nor out"),
             "in": ("comes in", "come in")}  # fmt: skip
    parts = []
    for trend, plays in names.items():
        if len(plays) == len(PLAYS):
            return f"Near 0, all five {doing[trend][1]}."
        if plays:
            parts.append(f"{listed(plays)} {doing[trend][len(plays) > 1]}")
    return f"Near 0, {'; '.join(parts)}."


def _why(close: Play, found: Walk, config: Dirac) -> str:
    """Why the play close up does what it does near 0."""
    least = 2 * SLOPE[config.payoff]
    if close in ("gradient penalty", "consensus") and config.gamma == 0:
        return f"With γ = 0, {close} is simultaneous play."
    if close == "gradient penalty" and config.gamma > least and found.trend == "in" and found.eigenvalues[0].real > 0:
        return (
            f"γ = {amount(config.gamma)} is above 2 f′(0) = {least:g}: the penalty damps so hard that play does not "
            "turn but creeps straight in, and less of it would be faster."
        )
    if close in ("simultaneous", "alternating") or found.trend == "in":
        return _WHY[close]
    at = f"η = {amount(config.rate)}" + (f" and γ = {amount(config.gamma)}" if close != "extragradient" else "")
    does = "it goes out all the same" if found.trend == "out" else "that only just balances"
    return f"{_WHY[close]} At {at} {does}."


def _otherwise(found: Walks) -> list[str]:
    """On paths that do not do what the eigenvalues say, because those speak of small distances."""
    said = []
    if farther := [p for p in PLAYS if found[p].trend == "in" and found[p].end >= found[p].start]:
        ends = "ends no nearer than it began" if len(farther) == 1 else "end no nearer than they began"
        said.append(f"{listed(farther)} {ends}")
    if nearer := [p for p in PLAYS if found[p].trend == "out" and found[p].end <= found[p].start]:
        ends = "ends no farther than it began" if len(nearer) == 1 else "end no farther than they began"
        said.append(f"{listed(nearer)} {ends}")
    slower = [p for p in PLAYS if p not in nearer and _slower(found[p])]
    if slower:
        most = [f"{p} than {amount(float(np.nanmax(found[p].distance)))}" for p in slower]
        said.append(listed([most[0].replace(" than", " got no farther than", 1), *most[1:]]))
    return [f"That is the law of small distances; on these paths {'; '.join(said)}."] if said else []


def _slower(found: Walk) -> bool:
    """Whether a path that is pushed out near 0 got less than a tenth as far as that push would take it."""
    if found.trend != "out" or found.steps + 1 < len(found.distance):
        return False
    return log(np.nanmax(found.distance) / found.start) < found.steps * log(found.modulus) - log(10)


def _ranges(found: Walks) -> list[str]:
    """How near and how far the paths of plays get that go neither in nor out near 0."""
    ranges = []
    for play in (p for p in PLAYS if found[p].trend == "neither" and found[p].steps + 1 == len(found[p].distance)):
        least, most = (amount(float(f(found[play].distance))) for f in (np.nanmin, np.nanmax))
        ranges.append(
            f"{play} stays {least} from 0" if least == most else f"{play} is between {least} and {most} from 0"
        )
    path = "its path" if len(ranges) == 1 else "their paths"
    return [f"All along {path} {listed(ranges)}."] if ranges else []


def _gone(found: Walks, config: Dirac, reach: float) -> list[str]:
    """Which paths are not followed to the end, and which end outside the picture."""
    beyond = [p for p in PLAYS if found[p].steps < config.steps]
    outside = [p for p in PLAYS if p not in beyond and np.abs(found[p].at[-1]).max() > reach]
    said = []
    if beyond:
        at = [f"{p} at step {found[p].steps + 1}" for p in beyond]
        said.append(f"Beyond {amount(FAR)}, and followed no further: {listed(at)}.")
    if outside:
        said.append(f"Outside the picture at the end: {listed(outside)}.")
    return said


def listed(names: Sequence[str]) -> str:
    """Such as "simultaneous, consensus and alternating"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
