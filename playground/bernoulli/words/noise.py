"""What the curves through noisy points say: one or two sentences that are true of the numbers on the page."""

import math

from playground.bernoulli.comparison import WITHIN, Comparison, Way
from playground.bernoulli.regression import DEGREES

OPTIONS: dict[Way, str] = {"least squares": "No prior", "Gaussian prior": "Gaussian", "Laplace prior": "Laplace"}
WAIT = "Three curves, and the truth is hidden. Commit to an answer, then see."
WAIT_LEFT_OUT = "Each point will be left out in turn and predicted from the others. Commit to an answer, then see."
CONVENTIONS = (
    "T₀ = 1, T₁ = x, T₂ = 2x² − 1, …: Tₖ swings k times between −1 and 1, so wₖ is a height in the unit of y. Every "
    "wₖ has the same prior, w₀ too: with τ → 0 the curve becomes the line 0, not the mean of the points, and the data "
    "have an evidence. Both priors have variance τ². Where least squares leaves coefficients open, those of the least "
    "Σ w² are taken."
)
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def size(value: float, digits: int = 3) -> str:
    """A length in the unit of y: to `digits` decimals, or such as "2.4 · 10⁷" where that would be too long."""
    return f"{value:.{digits}f}" if abs(value) < 1e5 else scientific(value)


def scientific(value: float) -> str:
    """Such as "2.4 · 10⁷"."""
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa} · 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def penalty(value: float) -> str:
    """A positive number to three digits, or such as "1.6 · 10⁻⁷"."""
    return scientific(value) if not 1e-3 <= value < 999.5 else f"{value:.3g}"


def question(comparison: Comparison) -> str:
    """What the visitor predicts; empty where no curve can be nearer than another."""
    if not comparison.points or not comparison.errors:
        return ""
    return "Which curve is nearest to the truth?" if comparison.truth else "Which predicts a point left out best?"


def right(comparison: Comparison) -> tuple[str, ...]:
    """The right answers to the question."""
    return tuple(OPTIONS[way] for way in comparison.nearest)


def against(comparison: Comparison) -> str:
    """What the errors are taken against."""
    return "the truth" if comparison.truth else "a point left out"


def label(comparison: Comparison, way: Way) -> str:
    """Of the number that says how far the curve is off."""
    return f"{way.capitalize()}, RMS to {against(comparison)}"


def beside(comparison: Comparison, way: Way) -> str:
    """What stands beside the error of a curve: how far it is from its own points, and what is special about it."""
    parts = [f"to its own points {size(comparison.misses[way])}"] if comparison.points else []
    coefficients = comparison.model.degree + 1
    if way == "least squares" and (free := coefficients - comparison.settled):
        parts.append(f"{free} of {coefficients} wₖ open")
    if way == "Gaussian prior" and comparison.coverage is not None:
        parts.append(f"truth in band: {_percent(comparison.coverage)}")
    if way == "Laplace prior":
        parts.append(f"{comparison.dropped} of {coefficients} wₖ exactly 0")
    return "; ".join(parts) or "no points"


def undefined(comparison: Comparison) -> str:
    """Why a curve has no error."""
    if comparison.truth or not comparison.points:
        return "no points to fit"
    return "leaving one out takes two points"


def evidence(comparison: Comparison) -> str:
    """log p(y) of the degree in force."""
    return f"{float(comparison.log_evidences[comparison.model.degree - DEGREES[0]]):.3f} nats"


def best(comparison: Comparison) -> str:
    """The degree of the largest evidence, to stand beside the evidence of the one in force."""
    if comparison.best_degree is None:
        return "no points yet: 0 for every degree"
    top = float(comparison.log_evidences.max())
    if _gap(comparison) < 5e-4:
        return f"the largest of degree {DEGREES[0]} to {DEGREES[1]}"
    return f"largest for degree {comparison.best_degree}: {top:.3f}"


def notice(comparison: Comparison) -> str:
    """What there is to see, most important first."""
    if not comparison.points:
        return _without_points(comparison)
    return f"{_fits(comparison)} {_occam(comparison)}"


def _without_points(comparison: Comparison) -> str:
    model = comparison.model  # T_k(0)² is 1 for even k and else 0; T_k(±1)² is 1
    middle = WITHIN * model.tau * math.sqrt(model.degree // 2 + 1)
    ends = WITHIN * model.tau * math.sqrt(model.degree + 1)
    return (
        f"No points, so the posterior is the prior: 95% of its curves lie within ±{size(middle, 2)} at x = 0 and "
        f"within ±{size(ends, 2)} at the ends. Least squares has nothing to fit; under both priors the line 0 is most "
        "probable."
    )


def _fits(comparison: Comparison) -> str:
    model, coefficients = comparison.model, comparison.model.degree + 1
    if comparison.settled < coefficients:
        return _open(comparison.settled, coefficients, len(set(comparison.x)))
    if (effective := model.effective(comparison.x)) < 0.5:
        reach = math.ceil(100 * float(abs(comparison.heights("Gaussian prior")).max())) / 100
        return (
            f"Against so much noise the Gaussian prior is so narrow that the points settle {effective:.2f} of "
            f"{coefficients} coefficients: its curve stays within {size(reach, 2)} of 0."
        )
    (miss, near), (error, other) = (
        [size(numbers[way]) for way in ("least squares", "Gaussian prior")]
        for numbers in (comparison.misses, comparison.errors)
    )
    what = "the truth" if comparison.truth else "a point left out"
    if (miss, error) == (near, other):
        return (
            f"The Gaussian prior moves neither number: with and without it the curve misses its points by {miss} and "
            f"{what} by {error}."
        )
    both = f"Least squares misses its own points by {miss} and {what} by {error}; the Gaussian prior"
    if error == other:
        return f"{both} misses the points by {near} and {what} by as much."
    with_prior, without = comparison.errors["Gaussian prior"], comparison.errors["least squares"]
    if with_prior < without:
        only = "only " if with_prior < 0.7 * without else ""
        return f"{both} misses the points by {near}, but {what} by {only}{other}."
    return f"{both} misses the points by {near} and {what} by {other}: here it only costs."


def _open(settled: int, coefficients: int, different: int) -> str:
    ends = "Drawn is the one of the least Σ w², where the Gaussian prior’s curve ends as τ grows."
    if different < coefficients:
        places = "one x" if different == 1 else f"{different} different x"
        return (
            f"Points at {places} settle {settled} of {coefficients} coefficients, so endlessly many curves fit them "
            f"equally well. {ends}"
        )
    return (
        f"The points lie so close together that double precision settles only {settled} of {coefficients} coefficients "
        f"of least squares. {ends}"
    )


def _occam(comparison: Comparison) -> str:
    degree, gap = comparison.model.degree, _gap(comparison)
    if gap < 0.05:
        return f"No degree makes the points clearly more probable than {degree} does."
    if gap > 700:
        said = "more than 10³⁰⁰"
    else:
        times = math.exp(gap)
        said = f"{times:.1f}" if times < 10 else f"{times:.0f}" if times < 1000 else scientific(times)
    return f"Degree {comparison.best_degree} makes the points {said} times as probable as degree {degree} does."


def _gap(comparison: Comparison) -> float:
    """By how much the largest log evidence exceeds that of the degree in force, nats."""
    evidences = comparison.log_evidences
    return float(evidences.max() - evidences[comparison.model.degree - DEGREES[0]])


def aloud(comparison: Comparison, *, reveal: bool) -> str:
    """The picture in words: how many points, and how far each curve is from them and from what counts."""
    parts = [f"{len(comparison.points)} points" if len(comparison.points) != 1 else "1 point"]
    for way in comparison.weights:
        if not comparison.points:
            parts.append(f"{way}: the line 0")
        elif not reveal:
            parts.append(f"{way}: hidden how far off")
        else:
            said = f"{way}: {size(comparison.misses[way])} off the points"
            error = comparison.errors.get(way)
            parts.append(said if error is None else f"{said}, {size(error)} off {against(comparison)}")
    return "; ".join(parts) + "."


def coefficients_aloud(comparison: Comparison) -> str:
    """Every coefficient, by way."""
    rows = (
        f"{way}: {', '.join(size(float(weight), 2) for weight in weights)}"
        for way, weights in comparison.weights.items()
    )
    return "; ".join(rows) + "."


def evidences_aloud(comparison: Comparison) -> str:
    """The log evidence of every degree."""
    pairs = enumerate(comparison.log_evidences, DEGREES[0])
    return "Log evidence, nats: " + ", ".join(f"degree {degree} {float(value):.1f}" for degree, value in pairs) + "."


def _percent(share: float) -> str:
    """Whole percent of the axis; 100 only where nothing is left out."""
    shown = math.floor(100 * share) if share > 0.5 else math.ceil(100 * share)
    return f"{shown}% of x"
