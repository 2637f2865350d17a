"""What Ruler says: each number beside its floor or ceiling, and where it comes from."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from playground.divergences.compare import NAMES, Gap, Name, compare, favoured, gaps, integrand, kl_parts
from playground.divergences.families import Choice
from playground.divergences.shapes import Shape
from playground.theme import Role

UNITS: Final = {"nats": 1.0, "bits": math.log(2)}
LABELS: Final[dict[Name, str]] = {name: name for name in NAMES} | {"W1": "W₁", "W2": "W₂"}  # type: ignore[misc]
WIDTHS: Final = {"Gaussian": "s.d. σ", "Two bumps": "s.d. of each", "Uniform": "half of it", "Laplace": "scale b"}
HEAD: Final = ("", "value", "of its ceiling", "symmetric", "a metric", "here")
_FORWARD: Final[Name] = "KL(P‖Q)"
_BACKWARD: Final[Name] = "KL(Q‖P)"
_TERMS: Final[dict[Name, str]] = {
    "KL(P‖Q)": "p log(p / q)", "KL(Q‖P)": "q log(q / p)", "JS": "½ p log(p / m) + ½ q log(q / m), m = ½ (p + q)",
    "TV": "½ |p − q|", "Hellinger": "½ (√p − √q)²", "W1": "|F_P − F_Q|", "W2": "(quantile of P − quantile of Q)²",
}  # fmt: skip
_CEILING: Final = {"nats": "log 2", "bits": "1 bit"}  # of JS
_CHOSEN: Final = "▸\u00a0"
_SAME: Final = 1e-9  # a total variation below it is rounding
_ZERO: Final = 1e-10
Cell = str | tuple[float, Role]


def named(label: str) -> Name:
    """The divergence that is labelled so."""
    return next(name for name in NAMES if LABELS[name] == label)


def described(choice: Choice) -> str:
    """Such as "N(1, 0.6²)"."""
    centre, width = _short(choice.centre), _short(choice.width)
    if choice.family == "Two bumps":
        left, right = (_short(round(choice.centre + side * choice.apart / 2, 9)) for side in (-1, 1))
        share = f"{choice.share:.2f} N({left}, {width}²) + {1 - choice.share:.2f} N({right}, {width}²)"
        return f"{share}"
    if choice.family == "Uniform":
        low, high = (_short(round(choice.centre + side * choice.width, 9)) for side in (-1, 1))
        return f"uniform from {low} to {high}"
    if choice.family == "Laplace":
        return f"Laplace({centre}, {width})"
    return "drawn" if choice.family == "Drawn" else f"N({centre}, {width}²)"


def value(name: Name, p: Shape, q: Shape, units: str) -> str:
    """The divergence with its unit; those that measure x and those that are pure numbers have none."""
    number = _number(_scaled(name, p, q, units))
    return f"{number} {units}" if _entropic(name) and number != "∞" else number


def area(name: Name, p: Shape, q: Shape, units: str) -> str:
    """What the filled area amounts to, with its negative part apart."""
    if name in (_FORWARD, _BACKWARD):
        above, below = (part / UNITS[units] for part in kl_parts(*_in_order(name, p, q)))
        total = value(name, p, q, units)
        signed = below < -_ZERO and math.isfinite(above)
        return f"area {total}: {_number(above)} above 0, less {_number(-below)} below" if signed else f"area {total}"
    total = compare(p, q).of(name)
    if name == "Hellinger":
        return f"area H² = {_number(total**2)}"
    return f"area W₂² = {_number(total**2)}" if name == "W2" else f"area {value(name, p, q, units)}"


def terms(name: Name) -> str:
    """The integrand."""
    return _TERMS[name]


def floor(p: Shape, q: Shape, units: str) -> str:
    """What no KL between the two can fall below: Pinsker's inequality."""
    bound = "2 TV²" if units == "nats" else "2 TV² / log 2"
    return f"at least {bound} = {_number(2 * compare(p, q).total_variation ** 2 / UNITS[units])} {units}"


def rows(p: Shape, q: Shape, units: str, *, chosen: Name, reveal: bool) -> list[tuple[Cell, ...]]:
    """The seven, a row each; the two KLs only if `reveal`."""
    return [
        (
            (_CHOSEN if name == chosen else "") + LABELS[name],
            value(name, p, q, units) if reveal or name not in (_FORWARD, _BACKWARD) else "?",
            _of_ceiling(name, p, q),
            "no" if name in (_FORWARD, _BACKWARD) else "yes",
            {_FORWARD: "no", _BACKWARD: "no", "JS": "its root is"}.get(name, "yes"),
            fact(name, p, q, units) if reveal or name not in (_FORWARD, _BACKWARD) else "after your prediction",
        )
        for name in NAMES
    ]


def larger(p: Shape, q: Shape) -> str:
    """The answer to: which of the two KLs is larger?"""
    found = compare(p, q)
    forward, backward = found.kl_forward, found.kl_backward
    if math.isinf(forward) and math.isinf(backward):
        return "Both ∞"
    if _number(forward) == _number(backward) or math.isclose(forward, backward, rel_tol=1e-9):
        return "Equal"
    return _FORWARD if forward > backward else _BACKWARD


def sentence(name: Name, p: Shape, q: Shape, units: str) -> str:
    """One or two sentences about the chosen one that are true of P and Q."""
    if compare(p, q).total_variation < _SAME:
        return "P and Q are the same, so all seven are 0."
    if name in (_FORWARD, _BACKWARD):
        return _of_kl(name, p, q, units)
    if name == "JS":
        return _of_js(p, q, units)
    say = {"TV": _of_tv, "Hellinger": _of_hellinger, "W1": _of_w1, "W2": _of_w2}[name]
    return say(p, q)


def aloud(p: Shape, q: Shape, units: str, *, reveal: bool) -> str:
    """The seven, for a screen reader."""
    shown: list[Name] = [name for name in NAMES if reveal or name not in (_FORWARD, _BACKWARD)]
    hidden = "" if reveal else " Both KLs are hidden."
    said: list[str] = [f"{LABELS[name]} {value(name, p, q, units)}" for name in shown]
    return "; ".join(said) + "." + hidden


def stretches(found: Sequence[Gap]) -> str:
    """Where, in words: "below −1 and above 2"."""
    if len(found) > 2:
        return f"on {len(found)} stretches"
    parts = []
    for gap in found:
        low, high = _short(round(gap.low, 4)), _short(round(gap.high, 4))
        if math.isinf(gap.low) and math.isinf(gap.high):
            parts.append("everywhere")
        else:
            parts.append(f"below {high}" if math.isinf(gap.low) else f"above {low}" if math.isinf(gap.high)
                         else f"from {low} to {high}")  # fmt: skip
    return " and ".join(parts)


def _of_kl(name: Name, p: Shape, q: Shape, units: str) -> str:
    first, second = _in_order(name, p, q)
    one, other = ("P", "Q") if name == _FORWARD else ("Q", "P")
    if found := gaps(first, second):
        return (
            f"{name} is infinite: {other} is 0 {stretches(found)}, where {one} has mass {_mass(found)}. "
            f"One draw of {one} from there, and {other} is ruled out."
        )
    densities = ("p", "q") if name == _FORWARD else ("q", "p")
    counts = _where_most(first, second, *densities)
    below = -kl_parts(first, second)[1] / UNITS[units]
    back = (
        f" Where {densities[1]} is larger it takes back {_number(below)}, never all of it."
        if _number(below) not in ("0.0000", "< 0.0001") else ""
    )  # fmt: skip
    return counts + back


def _where_most(first: Shape, second: Shape, one: str, other: str) -> str:
    """Where the integrand of KL is largest: at a place or two, or all along a stretch."""
    low, high = (float(first.quantile(level)) for level in (1e-4, 1 - 1e-4))
    x = np.linspace(low, high, 2001)
    values = integrand(_FORWARD, first, second, x)
    most = np.flatnonzero(values >= values.max() - 1e-3 * abs(values.max()))
    runs = np.split(most, np.flatnonzero(np.diff(most) > 20) + 1)
    if len(runs) > 2:
        return f"It counts most at {len(runs)} places alike."
    ends = [(float(x[run[0]]), float(x[run[-1]])) for run in runs]
    broad = [end - start > 0.15 * (high - low) for start, end in ends]
    where = " and ".join(
        f"from x = {_short(round(start, 1))} to {_short(round(end, 1))}"
        if wide
        else f"near x = {_short(round((start + end) / 2, 1))}"
        for wide, (start, end) in zip(broad, ends, strict=True)
    )
    ratios = {_times(float(first.log_pdf(at) - second.log_pdf(at))) for run in runs for at in (x[run[len(run) // 2]],)}
    same = f", where {one} is {ratios.pop()} {other}" if len(ratios) == 1 and not any(broad) else ""
    return f"It counts most {where}{same}."


def _times(log_ratio: float) -> str:
    return f"{math.exp(log_ratio):.1f} times" if log_ratio < math.log(9_999) else "more than 9 999 times"


def _of_js(p: Shape, q: Shape, units: str) -> str:
    share = compare(p, q).js / math.log(2)
    if _disjoint(p, q):
        return (
            f"JS stands at its ceiling, {_CEILING[units]}: one draw tells for sure whether it came from P or from Q. "
            "Move them further apart, and JS stays where it is."
        )
    return (
        f"Toss a fair coin, then draw from P or from Q: one draw tells {_percent(share)} of what the coin showed. "
        f"That share is JS / {_CEILING[units]}."
    )


def _of_tv(p: Shape, q: Shape) -> str:
    mine, yours = favoured(p, q)
    if _disjoint(p, q):
        return (
            "P and Q disagree wholly: there is an event that P calls certain and Q impossible. TV can grow no further."
        )
    return (
        f"No event divides them more than p > q: P gives it {_number(mine)}, Q gives it {_number(yours)}, "
        "and TV is the difference."
    )


def _of_hellinger(p: Shape, q: Shape) -> str:
    if _disjoint(p, q):
        return "P and Q share nothing: the overlap ∫√(p q) is 0, and H is 1, its ceiling."
    overlap = 1 - compare(p, q).hellinger ** 2
    return f"The overlap ∫√(p q) is {_number(overlap)}; H² is what it lacks to 1."


def _of_w1(p: Shape, q: Shape) -> str:
    w1, apart = compare(p, q).w1, abs(p.mean - q.mean)
    start = f"To turn P into Q, the mass has to move {_number(w1)} on average"
    if _number(w1) == _number(apart):
        none = "none" if math.isclose(w1, apart, rel_tol=1e-9) else "next to none"
        return f"{start}: as far as the means are apart, because {none} of it has to move the other way."
    return f"{start}. The means are only {_number(apart)} apart: some of it moves left, some right."


def _of_w2(p: Shape, q: Shape) -> str:
    found = compare(p, q)
    if _number(found.w1) == _number(found.w2):
        nearly = "" if math.isclose(found.w1, found.w2, rel_tol=1e-7) else "almost "
        return f"W₂ is {nearly}W₁, {_number(found.w2)}: all of the mass moves {nearly}equally far."
    start = f"W₂ is the root of the mean squared move, so the far moves count more: {_number(found.w2)}"
    return f"{start} against the mean move of {_number(found.w1)}."


def fact(name: Name, p: Shape, q: Shape, units: str) -> str:
    """What it is held against, or where it comes from."""
    found = compare(p, q)
    if name not in ("W1", "W2") and found.total_variation < _SAME:
        return "P and Q agree about every event" if name == "TV" else "p = q everywhere"
    if name in (_FORWARD, _BACKWARD):
        first, second = _in_order(name, p, q)
        if lost := gaps(first, second):
            one, other = ("P", "Q") if name == _FORWARD else ("Q", "P")
            return f"{other} is 0 {stretches(lost)}, where {one} has mass {_mass(lost)}"
        above, below = (part / UNITS[units] for part in kl_parts(first, second))
        ahead, behind = ("p > q", "q > p") if name == _FORWARD else ("q > p", "p > q")
        return f"{_number(above)} where {ahead}, less {_number(-below)} where {behind}"
    if name == "JS":
        return f"at most TV · {_CEILING[units]} = {_number(found.total_variation * math.log(2) / UNITS[units])} {units}"
    if name == "TV":
        mine, yours = favoured(p, q)
        return f"of the event p > q, P says {_number(mine)}, Q {_number(yours)}"
    if name == "Hellinger":
        return f"1 − H² = ∫√(p q) = {_number(1 - found.hellinger**2)}, the overlap"
    means = abs(p.mean - q.mean)
    if name == "W1":
        return f"at least the gap of the means, {_number(means)}"
    deviations = abs(p.standard_deviation - q.standard_deviation)
    return f"at least {_number(math.hypot(means, deviations))}, from the gaps of means and s.d."


def _of_ceiling(name: Name, p: Shape, q: Shape) -> Cell:
    found = compare(p, q)
    shares: dict[Name, float] = {
        "JS": found.js / math.log(2), "TV": found.total_variation, "Hellinger": found.hellinger
    }  # fmt: skip
    if name in shares:
        return (shares[name], "error")
    return "no ceiling" if name in ("W1", "W2") else "up to ∞"


def _entropic(name: Name) -> bool:
    return name in (_FORWARD, _BACKWARD, "JS")


def _scaled(name: Name, p: Shape, q: Shape, units: str) -> float:
    return compare(p, q).of(name) / (UNITS[units] if _entropic(name) else 1.0)


def _in_order(name: Name, p: Shape, q: Shape) -> tuple[Shape, Shape]:
    return (p, q) if name == _FORWARD else (q, p)


def _disjoint(p: Shape, q: Shape) -> bool:
    """Whether no place has density of both."""
    return not any(max(a, c) < min(b, d) for a, b in p.support for c, d in q.support)


def _mass(found: Sequence[Gap]) -> str:
    total = sum(gap.mass for gap in found)
    return f"{total:.4f}" if total >= 5e-5 else "below 0.0001"


def _number(number: float) -> str:
    """Four decimals; what is not 0 does not read as 0."""
    if math.isinf(number):
        return "∞"
    return "< 0.0001" if _ZERO < number < 5e-5 else f"{number + 0.0:.4f}" if number > _ZERO else "0.0000"


def _percent(share: float) -> str:
    return "less than 0.1%" if share < 5e-4 else "more than 99.9%" if share > 0.9995 else f"{100 * share:.1f}%"


def _short(number: float) -> str:
    return f"{number + 0.0:g}".replace("-", "−")
