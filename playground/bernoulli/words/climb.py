"""What the experiment Climb says: where each climb ended, why, and what the coordinate changed."""

import math
from collections.abc import Sequence

from playground.bernoulli.ascent import (
    Climb,
    Snapshot,
    arrival,
    fate,
    optimum,
    rate_limit,
    shrinkage,
)
from playground.bernoulli.priors import Beta
from playground.bernoulli.truncated_normal import TruncatedNormal

ENDS = ("At the top", "Swinging", "On its way", "At start")
MOVERS = ("MLE", "MAP", "Both", "Neither")
Path = Sequence[Snapshot]
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def question(likelihood: Climb) -> tuple[str, tuple[str, ...]]:
    """What to ask, and the answers offered: in θ about the rate, in the logit about the coordinate."""
    if likelihood.coordinate == "logit":
        return "Climb in the logit instead of θ: which top lies elsewhere now?", MOVERS
    return f"Left, after {likelihood.steps} steps: where is the climb?", ENDS


def answers(likelihood: Climb, posterior: Climb, path: Path, map_in_theta: float | None) -> list[str]:
    """The right answers to `question`. Without flips every θ is a top, so that the climb is there and at its start.

    Args:
        path: Of the likelihood's climb.
        map_in_theta: The posterior's top when it is climbed in θ.
    """
    best = optimum(likelihood)
    if likelihood.coordinate == "logit":
        return ["Neither" if same(optimum(posterior), map_in_theta) else "MAP"]
    right: list[str] = [fate(path, best)]
    if path[-1].theta == path[0].theta:
        right += {"At start", *(["At the top"] if best is None else [])} - set(right)
    return right


def same(one: float | None, other: float | None) -> bool:
    """Whether two tops read the same with the four digits that the page prints."""
    if one is None or other is None:
        return one is other
    return f"{one:.4f}" == f"{other:.4f}"


def notice(likelihood: Climb, posterior: Climb, paths: tuple[Path, Path], map_in_theta: float | None) -> str:
    """Why the climbs end where they do; in the logit first what the coordinate changed."""
    moved = f"{coordinate(likelihood, posterior, map_in_theta)} " if likelihood.coordinate == "logit" else ""
    ours, theirs = (climbed(climb, path) for climb, path in zip((likelihood, posterior), paths, strict=True))
    return f"{moved}<b>Likelihood:</b> {ours} <b>Posterior:</b> {theirs}{wall(paths)}"


def coordinate(likelihood: Climb, posterior: Climb, map_in_theta: float | None) -> str:
    """What changing from θ to its logit did to the two tops."""
    mle, now = optimum(likelihood), optimum(posterior)
    stays = "The likelihood is flat in both coordinates" if mle is None else f"The MLE is {mle:.4f} in both coordinates"
    if now is None or map_in_theta is None:
        return f"{stays}. In θ the posterior has no single top; in the logit it has one, at {now or 0.0:.4f}."
    if same(now, map_in_theta):
        why = "at ½ the logit stretches both sides alike" if same(now, 0.5) else "it is too sharp to notice the stretch"
        return f"{stays}. The posterior’s top stays too, at {now:.4f}: {why}."
    mean = ", the posterior mean" if isinstance(posterior.prior, Beta) else ""
    return (
        f"{stays}; the MAP moves from {map_in_theta:.4f} to {now:.4f}{mean}. A density is counted per unit of its "
        "coordinate, and the logit has more units near 0 and 1."
    )


def climbed(climb: Climb, path: Path) -> str:
    """Why one climb ends where it does: flat, without a top, towards a wall, or by what a step does near the top."""
    best, end, peaks = optimum(climb), path[-1].theta, climb.belief.modes()
    if not peaks:
        return f"flat, so the slope is 0 and θ stays at {end:.4f}."
    if best is None:
        return "it grows without limit at both ends, so it has no top."
    if best in (0.0, 1.0):
        where = "infinitely far away in the logit" if climb.coordinate == "logit" else "outside (0, 1)"
        return f"its top, θ = {best:.0f}, is {where}: the climb can only come near."
    limit, left = rate_limit(climb) or 0.0, shrinkage(climb) or 0.0
    if climb.rate >= limit * (1 - 1e-9):  # at the limit itself, too, whatever its last digit
        return f"the rate is not below {rate_text(limit)}, so near the top a step lands no closer, on the other side."
    overshoots = "overshoots and " if climb.rate > limit / 2 else ""
    return f"near the top each step {overshoots}leaves {left_text(left)} of the gap."


def left_text(left: float) -> str:
    """A number below 1 with two digits, or with as many more as keep it below 1."""
    digits = 2 if left < 0.995 else math.ceil(-math.log10(1 - left))
    return f"{left:.{digits}f}"


def wall(paths: tuple[Path, Path]) -> str:
    """How many steps would have left (0, 1), and what was done; empty if none."""
    first, second = (sum(snapshot.halvings > 0 for snapshot in path) for path in paths)
    if not first + second:
        return ""
    steps = len(paths[0]) - 1
    return (
        f" <b>Wall:</b> {first} of {steps} steps on the likelihood and {second} of {steps} on the posterior would have "
        "left (0, 1); each was halved until it stayed inside."
    )


def rate_text(rate: float | None) -> str:
    """A rate with three digits, at least to a thousandth; "none" where there is no limit."""
    if rate is None:
        return "none"
    if rate < 1e-4:
        digits, _, power = f"{rate:.1e}".partition("e")
        return f"{digits} · 10{str(int(power)).translate(_RAISED)}"
    return f"{rate:.3f}" if rate >= 0.1 else f"{rate:.3g}"


def reached(path: Path, best: float | None) -> tuple[str, str]:
    """θ at the end of a climb, and what it is held against."""
    end = path[-1].theta
    if best is None:
        return f"{end:.4f}", "no single top to compare with"
    return f"{end:.4f}", f"exact {best:.4f}, error {signed(end - best)}"


def signed(value: float) -> str:
    """With four digits, a sign and a real minus; zeros have no sign."""
    return "0.0000" if abs(value) < 5e-5 else f"{value:+.4f}".replace("-", "−")


def arrivals(paths: tuple[Path, Path], bests: tuple[float | None, float | None]) -> tuple[str, str]:
    """From which step on each climb is within 0.001 of its top, a dash where it is not; and of how many steps."""
    steps = (arrival(path, best) for path, best in zip(paths, bests, strict=True))
    shown = " | ".join("—" if step is None else str(step) for step in steps)
    return shown, f"likelihood | posterior, of {len(paths[0]) - 1}"


def limits(likelihood: Climb, posterior: Climb) -> tuple[str, str]:
    """The rate limits of both climbs, and the rate."""
    shown = " | ".join(rate_text(rate_limit(climb)) for climb in (likelihood, posterior))
    return shown, f"the rate is {posterior.rate:.3g}"


def spoken(paths: tuple[Path, Path]) -> str:
    """The ends of both climbs for a screen reader."""
    mle, other = (path[-1].theta for path in paths)
    return f"After {len(paths[0]) - 1} steps the climb for the MLE is at {mle:.4f}, that for the MAP at {other:.4f}."


def log_likelihood(climb: Climb) -> str:
    """The logarithm of the likelihood, such as "7 log θ + 3 log(1 − θ)"."""
    return _powers(climb.heads, climb.tails)


def log_prior(climb: Climb) -> str:
    """The logarithm of the prior's density in θ without its constant."""
    prior = climb.prior
    if isinstance(prior, Beta):
        return _powers(prior.a - 1, prior.b - 1)
    if isinstance(prior, TruncatedNormal):
        return f"− (θ − {prior.mu:.3g})² ÷ (2 · {prior.sigma:.3g}²)"
    return "0"


def _powers(alpha: float, beta: float) -> str:
    """log of θ^alpha (1 - θ)^beta."""
    terms = [
        f"{'−' if power < 0 else '+'} {'' if abs(power) == 1 else f'{abs(power):.10g} '}{what}"
        for power, what in ((alpha, "log θ"), (beta, "log(1 − θ)"))
        if power
    ]
    return " ".join(terms).removeprefix("+ ") or "0"
