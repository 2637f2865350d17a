"""What the experiment From samples says of its numbers."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from playground.divergences.estimates import (
    CLOUD_SIZES,
    CloudStudy,
    Estimates,
    HistogramStudy,
    PointStudy,
    Study,
    Summary,
    cloud_floor,
    plug_in,
    rate,
    slope,
)
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Laplace, Shape, Uniform
from playground.theme import Role

ANSWERS: Final = ("Too low", "Right", "Too high")
WAIT: Final = "Only the truth is shown. Commit to an answer, then see what the samples say."
_NEAR: Final = 0.05  # of the truth: what counts as right
_NOTHING: Final = 5e-10  # below the digits shown: the rounding of a computer
_SYMBOLS: Final[Mapping[str, str]] = {"KL": "KL", "JS": "JS", "TV": "TV", "H²": "H²"}
_LARGE: Final[Mapping[tuple[str, bool], str]] = {  # the bias for P = Q
    ("KL", False): "(k − 1)/n", ("KL", True): "(k − 1)/(2n)", ("JS", False): "(k − 1)/(4n)",
    ("JS", True): "(k − 1)/(8n)", ("H²", False): "(k − 1)/(4n)", ("H²", True): "(k − 1)/(8n)",
}  # fmt: skip


def symbol(study: Study, one: str = "P", other: str = "Q") -> str:
    """Such as KL(P‖Q), JS(P, Q) or W₂(P, Q)."""
    if isinstance(study, HistogramStudy):
        between = f"{one}‖{other}" if study.divergence == "KL" else f"{one}, {other}"
        return f"{_SYMBOLS[study.divergence]}({between})"
    order = study.order if isinstance(study, PointStudy) else 2
    return f"W{'₁' if order == 1 else '₂'}({one}, {other})"


def unit(study: Study, entropic: str) -> str:
    """ " nats" or " bits" where the study is in them; nothing for a pure number, or for a distance in units of x.

    Args:
        entropic: The unit of KL and JS.
    """
    if isinstance(study, HistogramStudy):
        return f" {entropic}" if study.divergence in ("KL", "JS") else ""
    return ""


def axis(study: Study, entropic: str) -> str:
    """What the axis of the estimates is called, with its unit."""
    if isinstance(study, HistogramStudy):
        return symbol(study) + (f", {entropic}" if study.divergence in ("KL", "JS") else "")
    return f"{symbol(study)}, units of x"


def number(value: float) -> str:
    """Four decimals, or three digits of a small number; ∞ where it is, and no sign."""
    if math.isnan(value):
        return "—"
    if math.isinf(value):
        return "∞"
    size = abs(value)
    if size < _NOTHING or size >= 0.01:
        return f"{size:.4f}"
    return f"{size:.{min(9, 2 - math.floor(math.log10(size)))}f}"


def amount(value: float, unit: str) -> str:
    """A number with its unit; ∞ has none."""
    return number(value) + (unit if math.isfinite(value) else "")


def signed(value: float) -> str:
    """The number with its sign, a real minus."""
    return number(value) if value == 0 or math.isnan(value) else ("+" if value > 0 else "−") + number(value)


def count(n: float) -> str:
    """Such as "10 000", with a thin space."""
    return f"{n:,.0f}".replace(",", "\u2009")


def percent(share: float) -> str:
    """Without pretending that almost none is none, or that almost all is all."""
    return "under 1%" if 0 < share < 0.01 else "over 99%" if 0.99 < share < 1 else f"{100 * share:.0f}%"


def average(run: Estimates, at: int) -> float:
    """What the estimates average to: ∞ if one is; else the exact mean where it is known, else that of the repeats."""
    summary = run.summaries[at]
    if summary.infinite:
        return math.inf
    exact = math.inf if run.expected is None else float(run.expected[at])
    return exact if exact < math.inf else summary.mean


def answer(run: Estimates, at: int) -> str:
    """The answer to: within 5%, how does the average estimate compare with the truth?"""
    mean, truth = average(run, at), run.truth
    if mean == truth:
        return "Right"
    if math.inf in (mean, truth):
        return "Too low" if truth == math.inf else "Too high"
    return "Too low" if mean < (1 - _NEAR) * truth else "Too high" if mean > (1 + _NEAR) * truth else "Right"


def sentence(run: Estimates, at: int, study: Study, *, per: float = 1.0) -> str:
    """What the estimates at one n say of the truth, and whether they stand out from the floor.

    Args:
        at: Index of the n.
        per: What one nat is in the unit shown.
    """
    parts = [_against_truth(run, at, study, per), _against_floor(run, at, study)]
    if isinstance(study, CloudStudy):
        parts.append(halving(study))
    return " ".join(part for part in parts if part)


def _against_truth(run: Estimates, at: int, study: Study, per: float) -> str:
    name, summary = symbol(study), run.summaries[at]
    if run.truth == math.inf and isinstance(study, HistogramStudy):
        return _of_infinite_truth(run, at, study, per)
    if summary.infinite:
        return _some_infinite(name, summary, per)
    mean, truth = average(run, at), run.truth
    shown, exactly = number(per * mean), number(per * truth)
    if truth == 0:
        return f"P and Q are the same, so all of the {shown} is bias{_for_large_n(run, at, study, per)}."
    if answer(run, at) == "Right":
        return f"The estimates average {shown}, within 5% of {name} = {exactly}."
    if mean > truth:
        whose = "a sample" if _known(study) else "two samples"
        high = f"The estimates average {shown} where {name} is {exactly}"
        if _known(study) and _without_scatter(run, at, study) > (1 + _NEAR) * truth:
            return f"{high}: the pseudo-count pulls P's histogram away from Q, and this and scatter look like distance."
        return f"{high}: the scatter of {whose} looks like distance."
    low = f"The estimates average {shown} where {name} is {exactly}"
    by_bins, by_counts = truth - run.limit, run.limit - _without_scatter(run, at, study)
    if mean < run.limit and by_counts > 0 and (by_counts >= by_bins or run.limit >= (1 - _NEAR) * truth):
        pulled = "P's histogram" if _known(study) else "both histograms"
        return f"{low}: the pseudo-count pulls {pulled} towards the flat one."
    if run.limit < (1 - _NEAR) * truth:
        return f"{low}: in these bins P and Q are only {number(per * run.limit)} apart."
    return (
        f"{low}, by the luck of {count(summary.repeats)} repeats: one standard error is {number(per * summary.error)}."
    )


def _of_infinite_truth(run: Estimates, at: int, study: HistogramStudy, per: float) -> str:
    name, summary = symbol(study), run.summaries[at]
    if run.limit < math.inf:
        tends = f"{name} is infinite, but {study.bins} bins are too wide to tell: for large n the estimate is"
        now = f" Here {_of(summary.infinite, summary.repeats)} {_are(summary.infinite)} infinite, by empty bins."
        return f"{tends} {number(per * run.limit)}.{now if summary.infinite else ''}"
    if summary.infinite == summary.repeats:
        return f"P has mass where Q has none. Every estimate is infinite, and so is {name}."
    if summary.infinite:
        return (
            f"P has mass where Q has none, so {name} is infinite. "
            f"{_of(summary.infinite, summary.repeats)} estimates {_are(summary.infinite)}; "
            "the others drew nothing there."
        )
    return (
        f"{name} is infinite, but the pseudo-count lets no estimate be: "
        f"they average {number(per * average(run, at))}, and grow with log n without end."
    )


def _some_infinite(name: str, summary: Summary, per: float) -> str:
    cause = "a bin holds draws of P and none of Q, which makes the estimate infinite"
    if summary.infinite == summary.repeats:
        return f"In every repeat {cause}, although {name} is not."
    left = summary.repeats - summary.infinite
    rest = f"the other {left} average" if left > 1 else "the other one is"
    return f"In {_of(summary.infinite, summary.repeats)} repeats {cause}; {rest} {number(per * summary.mean)}."


def _without_scatter(run: Estimates, at: int, study: Study) -> float:
    """What the estimate would be if every bin held its expected share of the draws."""
    if not isinstance(study, HistogramStudy):
        return run.limit
    n, (p, q) = run.sizes[at], study.masses
    return float(plug_in(n * p, q if study.known else n * q, study, n))


def _are(some: int) -> str:
    return "is" if some == 1 else "are"


def _of(some: int, all_: int) -> str:
    return f"{count(some)} of {count(all_)}"


def _for_large_n(run: Estimates, at: int, study: Study, per: float) -> str:
    if not isinstance(study, HistogramStudy) or study.pseudo_count or run.large_n is None:
        return ""
    law = _LARGE.get((study.divergence, study.known))
    return f", for large n {law} = {number(per * float(run.large_n[at]))}" if law else ""


def _known(study: Study) -> bool:
    return isinstance(study, HistogramStudy) and study.known


def _against_floor(run: Estimates, at: int, study: Study) -> str:
    if run.truth == 0:
        apart = "a sample and its own distribution" if _known(study) else "two samples of one distribution"
        return f"That is the floor: what {apart} seem to be apart."
    floor, share = run.floor_summaries[at], float(run.above[at])
    if floor.high == math.inf:
        too = " as well" if run.summaries[at].infinite else ""
        some = f"{_of(floor.infinite, floor.repeats)} floors {_are(floor.infinite)} infinite{too}"
        return f"{some}, so no estimate here tells P from Q."
    if share >= 0.95:
        most = "All estimates" if share == 1 else f"{percent(share).capitalize()} of the estimates"
        return f"{most} lie above the floor's range, so the difference shows."
    few = "No estimate lies" if share == 0 else f"Only {percent(share)} of the estimates lie"
    later = ""
    if run.enough is not None:
        later = f"; from n = {count(run.enough)} on, 95% do"
    elif at < len(run.sizes) - 1:
        later = f"; at n = {count(run.sizes[-1])} it is {percent(float(run.above[-1]))}"
    return f"{few} above the floor's range, where they say anything{later}."


def halving(study: CloudStudy) -> str:
    """How the floor falls in that many dimensions, fitted and in theory."""
    d = study.dimension
    found, error = slope(CLOUD_SIZES, cloud_floor(d, study.seed))
    theory = f"n^(−1/{max(d, 2)})" + {1: " and a double logarithm", 2: " and a logarithm"}.get(d, "")
    times = round(2 ** (-1 / rate(d)))
    fitted = f"−{-found:.3f} ± {error:.3f}"
    return (
        f"In {d} dimension{'s' if d > 1 else ''} the floor falls as {theory}: half the floor takes "
        f"{'more than ' if d <= 2 else ''}{times} times the draws. Slope here {fitted}."
    )


def shapes(study: Study) -> tuple[str, str]:
    """P and Q written out."""
    if isinstance(study, CloudStudy):
        scale = "I" if study.sd == 1 else f"{study.sd**2:g} I"
        mean = "0" if study.shift == 0 else "e₁" if study.shift == 1 else f"{study.shift:g} e₁"
        return "N(0, I)", f"N({mean}, {scale})"
    return shape(study.p), shape(study.q)


def shape(one: Shape) -> str:
    """Such as N(0, 1²) or Laplace(0, 1)."""
    if isinstance(one, Gaussian):
        return f"N({one.mean:g}, {one.sd:g}²)"
    if isinstance(one, Laplace):
        return f"Laplace({one.mean:g}, {one.scale:g})"
    if isinstance(one, Uniform):
        return f"uniform on [{one.low:g}, {one.high:g}]"
    if isinstance(one, TwoGaussians):
        parts = (f"{weight:g} {shape(part)}" for weight, part in one.parts)
        return " + ".join(parts).replace("-", "−")
    return type(one).__name__


def legend(study: Study, run: Estimates, *, per: float, unit: str) -> list[tuple[Role | None, str, str]]:
    """The terms of the equation over the picture: the estimate, the truth and the floor."""
    other = "Q" if _known(study) else "Q̂"
    fresh = "P" if _known(study) else "P̂′"
    return [
        ("model", "estimate", symbol(study, "P̂", other)),
        ("truth", "truth", f"{symbol(study)} = {amount(per * run.truth, unit)}"),
        ("rival", "floor", symbol(study, "P̂", fresh)),
    ]


def cells(
    run: Estimates, at: int, study: Study, cell: Callable[[str, str], tuple[str, str]], *, per: float, unit: str
) -> list[tuple[str, str, str]]:
    """The strip of numbers: (label, value, what it is held against).

    Args:
        cell: Hides a value and what stands beside it before the prediction.
    """
    n, summary, floor = run.sizes[at], run.summaries[at], run.floor_summaries[at]
    truth = f"in {study.bins} bins {number(per * run.limit)}" if isinstance(study, HistogramStudy) else "of the shapes"
    bias, beside = _bias(run, at, study, per)
    return [
        (
            f"Average estimate, n = {count(n)}",
            *cell(_mean(summary, per, unit), _simulated(summary, run.expected, at, per)),
        ),
        (f"Truth, {symbol(study)}", amount(per * run.truth, unit), truth),
        ("Average minus truth", *cell(bias, beside)),
        (f"Floor, n = {count(n)}", *cell(_mean(floor, per, unit), _range(floor, run.expected_floor, at, per))),
    ]


def _mean(summary: Summary, per: float, unit: str) -> str:
    return "∞" if summary.infinite == summary.repeats else amount(per * summary.mean, unit)


def _simulated(summary: Summary, expected: object, at: int, per: float) -> str:
    if summary.infinite == summary.repeats:
        return f"all {count(summary.repeats)} repeats"
    finite = summary.repeats - summary.infinite
    of = (
        f"{count(finite)} finite of {count(summary.repeats)} repeats"
        if summary.infinite
        else f"{count(finite)} repeats"
    )
    error = "" if math.isnan(summary.error) else f", ± {number(per * summary.error)}"
    return f"{of}{error}{_exact(expected, at, per)}"


def _exact(expected, at: int, per: float) -> str:  # noqa: ANN001
    return "" if expected is None else f"; exact {number(per * float(expected[at]))}"


def _range(floor: Summary, expected: object, at: int, per: float) -> str:
    return f"95% up to {number(per * floor.high)}{_exact(expected, at, per)}"


def _bias(run: Estimates, at: int, study: Study, per: float) -> tuple[str, str]:
    summary = run.summaries[at]
    exact = math.inf if run.expected is None else float(run.expected[at])
    if run.truth == math.inf:
        return "—", "nothing can be taken from ∞"
    if summary.infinite:
        return "∞", "as soon as one repeat is infinite"
    mean = exact if exact < math.inf else summary.mean
    how = "exact" if exact < math.inf else f"± {number(per * summary.error)}, simulated"
    if run.large_n is not None and math.isfinite(run.large_n[at]):
        how += f"; for large n {signed(per * (float(run.large_n[at]) - run.truth))}"
    return signed(per * (mean - run.truth)), how


def aloud(run: Estimates, at: int, study: Study, *, per: float, unit: str, revealed: bool) -> str:
    """The funnel at its cursor, for a screen reader."""
    hide = (lambda value, beside: (value, beside)) if revealed else (lambda *_: ("hidden", ""))
    rows = cells(run, at, study, hide, per=per, unit=unit)
    return " ".join(f"{label}: {value}{f', {beside}' if beside else ''}." for label, value, beside in rows)


def one_repeat(study: Study, run: Estimates, at: int, *, revealed: bool) -> str:
    """The picture of one repeat's draws, for a screen reader."""
    if isinstance(study, HistogramStudy):
        seen, other = run.first[at]
        empty = int(((seen > 0) & (other == 0)).sum())
        return f"{study.bins} bins. " + (f"P has draws and Q none in {empty} of them." if revealed else "")
    x, y = run.first[at]
    return f"Draws of P from {x[0]:.2f} to {x[-1]:.2f}, of Q from {y[0]:.2f} to {y[-1]:.2f}.".replace("-", "−")


def key(study: Study, run: Estimates, *, revealed: bool) -> str:
    """What the marks of the funnel mean."""
    parts = ["Bands: 95% of the repeats", "diamonds: their mean ± one standard error"]
    if run.expected is not None:
        parts.append("lines: exact mean" + ("" if all(map(math.isfinite, run.expected)) else ", where finite"))
    if isinstance(study, CloudStudy):
        parts += ["dots: slope of theory", "thin: other floors"]
    elif run.large_n is not None and any(map(math.isfinite, run.large_n)):
        parts.append("dots: mean for large n")
    marks = "; ".join(parts) if revealed else "The estimates follow your prediction"
    p, q = shapes(study)
    return f"{marks}." + (f" P = {p}, Q = {q}, d = {study.dimension}." if isinstance(study, CloudStudy) else "")


def drawn_from(study: Study) -> list[tuple[Role | None, str, str]]:
    """The key of the picture of one repeat: what P and Q are."""
    p, q = shapes(study)
    known = "known" if _known(study) else "one sample"
    return [("truth", "P", f"one sample of {p}"), ("model", "Q", f"{known}{',' if _known(study) else ' of'} {q}")]
