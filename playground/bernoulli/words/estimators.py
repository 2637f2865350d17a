"""What the experiment Estimators says: which estimator is best here and why; how often an interval holds θ and why."""

from collections.abc import Sequence

import numpy as np

from playground.bernoulli.coverage import OF_THE_PRIOR, Bounds, Kind, average_coverage, coverage, width
from playground.bernoulli.estimators import ESTIMATORS, Moments, Simulated
from playground.bernoulli.priors import Beta, Prior

GUESSES = ("MLE", "MAP", "Mean")  # of ESTIMATORS, as answers
SHOWN = 5e-6  # what is smaller reads as zero
ROUNDING = 1e-12  # a standard error below it is that of numbers that do not vary
SHARES = ("Under 94%", "94 to 96%", "Over 96%")
FORMULAS: dict[Kind, str] = {
    "Equal tails": "2.5% of the posterior left out on each side",
    "Shortest": "the shortest 95% of the posterior",
    "Wald": "h/n ± 1.96 estimated s.d.",
    "Wilson": "every θ whose nθ is within 1.96 s.d. of h",
    "Clopper–Pearson": "every θ to which h is no 2.5% surprise",
}


def formulas(prior: Prior, n: int) -> tuple[str, str, str]:
    """How MLE, MAP and posterior mean come from h heads, with the numbers put in."""
    if not isinstance(prior, Beta):
        return f"h / {n}", "the posterior’s peak", "the posterior’s mean"
    a, b = prior.a, prior.b
    peak = "the posterior’s peak" if min(a, b) < 1 else f"{_plus(a - 1)} / {n + a + b - 2:.10g}"
    return f"h / {n}", peak, f"{_plus(a)} / {n + a + b:.10g}"


def _plus(number: float) -> str:
    return f"(h + {number:.10g})" if number else "h"


def best(exact: Moments) -> list[str]:
    """The estimators of smallest MSE, as answers; several where they are alike in the five digits shown."""
    shown = [f"{mse:.5f}" for mse in exact.mse]
    return [name for name, mse in zip(GUESSES, shown, strict=True) if mse == min(shown)]


def error_notice(theta: float, exact: Moments, seen: Simulated) -> str:
    """Who wins at θ and what its bias buys or costs; and how far the simulation is from the sums."""
    winners = best(exact)
    who = " and ".join(f"the {'mean' if name == 'Mean' else name}" for name in winners)
    verb = "has" if len(winners) == 1 else "have"
    which = "MAP" if winners == ["MAP"] else "mean"
    i = ESTIMATORS.index(which)
    squared, saved = exact.bias[i] ** 2, exact.variance[0] - exact.variance[i]
    paid = f"a bias² of {squared:.5f}" if squared >= SHOWN else "no bias to speak of"
    if len(winners) == len(GUESSES):
        first = f"At θ = {theta:.2f} all three have the same MSE, to five digits."
    elif "MLE" in winners:
        kept = f"saves {saved:.5f} of variance" if saved >= SHOWN else "saves no variance to speak of"
        first = f"At θ = {theta:.2f} {who} {verb} the smallest MSE: the mean {kept} for {paid}."
    else:
        name = "The MAP" if which == "MAP" else "The mean"
        gained = f"{saved:.5f}" if saved >= SHOWN else "less than 0.00001"
        first = f"At θ = {theta:.2f} {who} {verb} the smallest MSE. {name} pays {paid} and saves {gained} of variance."
    return f"{first} {agreement(exact, seen)}"


def agreement(exact: Moments, seen: Simulated) -> str:
    """How far the simulated moments are from the exact ones, in standard errors."""
    gaps = []
    for what in ("bias", "variance", "mse"):
        error, gap = getattr(seen, f"{what}_se"), getattr(seen.moments, what) - getattr(exact, what)
        gaps += list(np.abs(gap[error > ROUNDING]) / error[error > ROUNDING])
    if not gaps:
        return "Every simulated experiment gave the same number of heads."
    return f"The simulation is within {max(gaps):.1f} standard errors of the exact sums."


def error_cell(i: int, exact: Moments, seen: Simulated, revealed: bool = True) -> tuple[str, str]:
    """The MSE of an estimator, and the simulated one with its standard error; question marks until it is revealed."""
    if not revealed:
        return "?", "after your prediction"
    return f"{exact.mse[i]:.5f}", f"simulated {seen.moments.mse[i]:.5f} ± {error_text(seen.mse_se[i])}"


def aloud_error(exact: Moments, shown: int) -> str:
    """Bias and standard deviation of the estimators for a screen reader."""
    parts = [
        f"{name}: bias {signed(exact.bias[i])}, standard deviation {exact.variance[i] ** 0.5:.4f}."
        for i, name in enumerate(ESTIMATORS[:shown])
    ]
    return " ".join(parts if shown == len(ESTIMATORS) else [*parts, "The others are hidden until you answer."])


def aloud_bars(found: Bounds, theta: float) -> str:
    """Which intervals hold θ, for a screen reader."""
    held = np.flatnonzero(found.hold(theta))
    if not len(held):
        return f"No interval holds {theta:.2f}."
    if len(held) == 1:
        return f"Only the interval of {held[0]} heads holds {theta:.2f}."
    return f"The intervals of {held[0]} to {held[-1]} heads hold {theta:.2f}."


def stretches(found: tuple[tuple[float, float], ...], n: int) -> tuple[str, str]:
    """Where the mean beats the MLE, and for which n."""
    shown = ", ".join(f"{low:.3f} – {high:.3f}" for low, high in found)
    return shown or "nowhere", f"exact, for n = {n}"


def moment_rows(exact: Moments, seen: Simulated, shown: int) -> list[tuple[str, ...]]:
    """Bias and variance of each estimator, exact and simulated ± standard error; "?" from row `shown` on."""
    rows = []
    for i, name in enumerate(ESTIMATORS):
        cells = (
            signed(exact.bias[i]),
            f"{signed(seen.moments.bias[i])} ± {error_text(seen.bias_se[i])}",
            f"{exact.variance[i]:.5f}",
            f"{seen.moments.variance[i]:.5f} ± {error_text(seen.variance_se[i])}",
        )
        rows.append((name, *(cells if i < shown else ("?",) * len(cells))))
    return rows


def signed(value: float) -> str:
    """With five digits, a sign and a real minus; zeros have no sign."""
    return "0.00000" if abs(value) < SHOWN else f"{value:+.5f}".replace("-", "−")


def error_text(error: float) -> str:
    """A standard error with five digits; zero only if nothing varied."""
    return "<0.00001" if ROUNDING < error < SHOWN else f"{error:.5f}"


def coverage_question(kind: Kind, theta: float) -> str:
    """What to ask of an interval."""
    return f"How often does “{kind}” hold θ = {theta:.2f}?"


def share(covered: float) -> str:
    """The answer to: how often does the interval hold θ?"""
    return SHARES[0] if covered < 0.94 else SHARES[1] if covered <= 0.96 else SHARES[2]


def coverage_cell(found: Bounds, theta: float, counts: np.ndarray) -> tuple[str, str]:
    """The exact coverage, and the share of simulated intervals that held θ with its standard error."""
    repeats = int(counts.sum())
    seen = float(counts[found.hold(theta)].sum() / repeats)
    error = (seen * (1 - seen) / repeats) ** 0.5
    return f"{coverage(found, theta):.4f}", f"simulated {seen:.4f} ± {error:.4f}"


def coverage_notice(kind: Kind, theta: float, found: Bounds, covered: float) -> str:
    """Which counts have an interval that holds θ, what they weigh together, and what the interval promises."""
    first, last = (int(end) for end in found.holding(np.array(theta)))
    if first > last:
        held = f"No interval holds θ = {theta:.2f}, whatever the flips show."
    elif first == last:
        held = f"Only h = {first} has an interval that holds θ = {theta:.2f}; its probability is {covered:.4f}."
    else:
        between = "and" if last == first + 1 else "to"
        counts = f"h = {first} {between} {last}"
        held = f"θ = {theta:.2f} lies in the intervals of {counts}; together these have P = {covered:.4f}."
    return f"{held} {_PROMISES[kind]} Drag θ past an end of a bar, and the coverage jumps."


_OWN = "Its 95% holds on average over θ drawn from the prior, not at each θ."
_PROMISES: dict[Kind, str] = {
    **dict.fromkeys(OF_THE_PRIOR, _OWN),
    "Wald": "It promises 95% only for many flips; very near 0 and 1 its coverage falls to 0.",
    "Wilson": "It promises about 95%: below at some θ, above at others.",
    "Clopper–Pearson": "It promises at least 95% at every θ, and pays with width.",
}


def averages(kinds: tuple[Kind, Kind], prior: Prior, n: int) -> tuple[str, str]:
    """The coverage of both kinds averaged over the prior, and what an interval of that prior has."""
    shown = listed([average_coverage(kind, prior, n) for kind in kinds])
    return shown, "exact; the prior’s own: 0.9500"


def widths(kinds: tuple[Kind, Kind], found: Sequence[Bounds], theta: float) -> tuple[str, str]:
    """The expected widths of both kinds at θ."""
    return listed([width(one, theta) for one in found]), " | ".join(kinds)


def listed(numbers: Sequence[float]) -> str:
    """Two numbers beside each other."""
    return " | ".join(f"{number:.4f}" for number in numbers)
