"""What Ruler gives away: the definitions with the numbers put in, code that finds them, the curves as a table."""

import math
from typing import Any

import numpy as np

from playground.divergences.compare import NAMES, Name, compare, cross_entropy, gaps, integrand, kl_parts
from playground.divergences.families import Choice
from playground.divergences.gaussians import Gaussian
from playground.divergences.shapes import Shape
from playground.divergences.words.ruler import UNITS

_FIELDS = ("kl_forward", "kl_backward", "js", "total_variation", "hellinger", "w1", "w2")


def code(p: Choice, q: Choice, units: str) -> str:
    """The call behind the seven numbers."""
    drawn = ["drawn"] if "Drawn" in (p.family, q.family) else []
    names = sorted({type(choice.shape).__name__ for choice in (p, q) if choice.family != "Drawn"})
    lines = [
        f"from playground.divergences import {', '.join([*names, 'compare', *drawn])}\n",
        f"p = {_source(p)}",
        f"q = {_source(q)}",
        "found = compare(p, q)",
    ]
    scale = "" if units == "nats" else " / 0.6931471805599453"
    for field in _FIELDS[:3]:
        lines.append(f"print(found.{field}{scale})  # {units}")
    lines += [f"print(found.{field})" for field in _FIELDS[3:]]
    return "\n".join(lines)


def csv(p: Shape, q: Shape) -> str:
    """The curves and every integrand, in nats; over x where 99.8% of P and of Q are, W₂'s at the levels u."""
    ends = np.concatenate([shape.quantile([0.001, 0.999]) for shape in (p, q)])
    x, u = np.linspace(ends.min(), ends.max(), 401), (np.arange(401) + 0.5) / 401
    columns = {
        "x": x, "p": p.pdf(x), "q": q.pdf(x), "F_P": p.cdf(x), "F_Q": q.cdf(x),
        **{name: integrand(name, p, q, x) for name in NAMES[:-1]},
        "u": u, "W2 at u": integrand("W2", p, q, u),
    }  # fmt: skip
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return ",".join(columns) + "\n" + "".join(",".join(f"{cell:.9g}" for cell in row) + "\n" for row in rows)


def as_json(p: Choice, q: Choice) -> dict[str, Any]:
    """The two shapes and the seven numbers, KL and JS in nats; what is infinite is the word."""
    found = compare(p.shape, q.shape)
    values = {name: found.of(name) for name in NAMES}
    return {
        "P": _source(p), "Q": _source(q),
        **{name: "infinite" if math.isinf(value) else value for name, value in values.items()},
    }  # fmt: skip


def definitions(p: Shape, q: Shape, units: str) -> str:
    """The seven definitions, each with its value, in LaTeX."""
    found = compare(p, q)
    left = {
        "KL(P‖Q)": r"\mathrm{KL}(P\,\|\,Q) &= \int p \log\frac{p}{q}\,dx",
        "KL(Q‖P)": r"\mathrm{KL}(Q\,\|\,P) &= \int q \log\frac{q}{p}\,dx",
        "JS": r"\mathrm{JS} &= \tfrac12 \int \Big(p \log\frac{2p}{p + q} + q \log\frac{2q}{p + q}\Big)\,dx",
        "TV": r"\mathrm{TV} &= \tfrac12 \int |p - q|\,dx",
        "Hellinger": r"H &= \Big(1 - \int \sqrt{p\,q}\,dx\Big)^{1/2}",
        "W1": r"W_1 &= \int |F_P - F_Q|\,dx",
        "W2": r"W_2 &= \Big(\int_0^1 \big(F_P^{-1}(u) - F_Q^{-1}(u)\big)^2 du\Big)^{1/2}",
    }
    rows = []
    for name in NAMES:
        entropic = name in ("KL(P‖Q)", "KL(Q‖P)", "JS")
        value = found.of(name) / (UNITS[units] if entropic else 1.0)
        unit = rf"\text{{ {units}}}" if entropic and math.isfinite(value) else ""
        row = left[name].replace(r"\log", r"\log_2") if units == "bits" else left[name]
        rows.append(f"{row} = {_latex(value)}{unit}")
    return _aligned(rows)


def kl_latex(name: Name, p: Shape, q: Shape, units: str) -> str:
    """One of the two KLs with its numbers: why it is infinite, its closed form, or its two parts."""
    first, second = (p, q) if name == "KL(P‖Q)" else (q, p)
    one, other = name[3], name[5]
    left = rf"\mathrm{{KL}}({one}\,\|\,{other})"
    scale = UNITS[units]
    if found := gaps(first, second):
        total = sum(gap.mass for gap in found)
        mass = f"= {total:.4f}" if total >= 5e-5 else "> 0"
        return rf"{left} = \infty, \quad \text{{since }} {one}({other.lower()} = 0) {mass}"
    value = (compare(p, q).kl_forward if name == "KL(P‖Q)" else compare(p, q).kl_backward) / scale
    unit = rf"\text{{ {units}}}"
    if isinstance(first, Gaussian) and isinstance(second, Gaussian):
        log = "" if units == "nats" else r"\frac{1}{\log 2}\Big("
        close = "" if units == "nats" else r"\Big)"
        ratio = rf"\log\frac{{{second.sd:g}}}{{{first.sd:g}}}"
        subtracted = f"({second.mean:g})" if second.mean < 0 else f"{second.mean:g}"
        squares = rf"\frac{{{first.sd:g}^2 + ({first.mean:g} - {subtracted})^2}}{{2 \cdot {second.sd:g}^2}}"
        return rf"{left} = {log}{ratio} + {squares} - \tfrac12{close} = {_latex(value)}{unit}"
    crossed = cross_entropy(first, second)
    if crossed is not None and first.entropy is not None:
        a, b = one.lower(), other.lower()
        minus = rf"\Big(-\int {a} \log {b}\Big) - \Big(-\int {a} \log {a}\Big)"
        entropy = _latex(first.entropy / scale)
        second_term = rf"({entropy})" if first.entropy < 0 else entropy
        return rf"{left} = {minus} = {_latex(crossed / scale)} - {second_term} = {_latex(value)}{unit}"
    above, below = (part / scale for part in kl_parts(first, second))
    return rf"{left} = {_latex(above)} - {_latex(-below)} = {_latex(value)}{unit}"


def bounds_latex(p: Shape, q: Shape) -> str:
    """The inequalities between the seven, with the numbers put in; KL and JS in nats."""
    found = compare(p, q)
    h, tv = found.hellinger, found.total_variation
    least = min(found.kl_forward, found.kl_backward)
    rows = [
        rf"H^2 \le \mathrm{{TV}} \le H\sqrt{{2 - H^2}}:&\quad "
        rf"{h * h:.4f} \le {tv:.4f} \le {h * math.sqrt(2 - h * h):.4f}",
        rf"\mathrm{{TV}} \le \sqrt{{\mathrm{{KL}} / 2}}, \text{{the smaller KL}}:&\quad "
        rf"{tv:.4f} \le {_latex(math.sqrt(least / 2))}",
        rf"\mathrm{{JS}} \le \mathrm{{TV}} \log 2:&\quad {found.js:.4f} \le {tv * math.log(2):.4f}",
        rf"|\mathrm{{E}}_P x - \mathrm{{E}}_Q x| \le W_1 \le W_2:&\quad "
        rf"{abs(p.mean - q.mean):.4f} \le {found.w1:.4f} \le {found.w2:.4f}",
    ]
    return _aligned(rows)


def _source(choice: Choice) -> str:
    return f"drawn({choice.levels})" if choice.family == "Drawn" else repr(choice.shape)


def _latex(number: float) -> str:
    return r"\infty" if math.isinf(number) else f"{number + 0.0:.4f}"


def _aligned(rows: list[str]) -> str:
    return r"\begin{aligned}" + r"\\[4pt] ".join(rows) + r"\end{aligned}"
