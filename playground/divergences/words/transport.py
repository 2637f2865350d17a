"""What Transport says: of plans on a line, of plans in the plane, and of critics that learn."""

import numpy as np

from playground.divergences.compare import compare
from playground.divergences.critic import CriticSnapshot, places
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Laplace, Shape, Uniform
from playground.divergences.transport import (
    BINS,
    Order,
    Plan,
    binned_cost,
    entropic_cost,
    independent_cost,
    monotone_map,
)

AT_RANDOM = ("The same", "Up to 2×", "Over 2×")
CROSSING = ("Never", "Some do")
CLIPPED = ("Under 60%", "60 – 90%", "Over 90%")
PAID = {1: "|x − y|", 2: "|x − y|²"}
NAMED = {1: "W₁", 2: "W₂²"}
WAIT_CRITIC = "The best critic has slope +1 or −1 wherever F_P ≠ F_Q. Two small networks look for it. Commit, then see."
RESTING = "The best critic follows the knob. The two networks learn anew when it rests."
_ALIKE = 5e-5  # half of the last digit shown
_TORN = 4.0  # how many times steeper or flatter T is in the middle than the two spreads explain


def described(shape: Shape) -> str:
    """Such as "N(1, 0.6²)"."""
    if isinstance(shape, Gaussian):
        return f"N({_short(shape.mean)}, {_short(shape.sd)}²)"
    if isinstance(shape, TwoGaussians):
        left, right = (
            f"N({_short(m)}, {_short(sd)}²)" for m, sd in ((shape.mean_1, shape.sd_1), (shape.mean_2, shape.sd_2))
        )
        return f"{_short(shape.weight)} {left} + {_short(1 - shape.weight)} {right}"
    if isinstance(shape, Uniform):
        return f"uniform from {_short(shape.low)} to {_short(shape.high)}"
    return f"Laplace({_short(shape.mean)}, {_short(shape.scale)})" if isinstance(shape, Laplace) else "drawn"


def number(value: float) -> str:
    """Four decimals, with a real minus and none before zeros."""
    return f"{value + 0.0:.4f}".replace("-", "−") if abs(value) >= _ALIKE else "0.0000"


def signed(value: float) -> str:
    """Four decimals and always a sign, but before zeros."""
    return f"{value:+.4f}".replace("-", "−") if abs(value) >= _ALIKE else "0.0000"


def percent(share: float) -> str:
    """A share of 1 with two digits, never rounded to all or nothing."""
    if 0 < share < 0.01:
        return "under 1%"
    if 0.99 < share < 1:
        return "over 99%"
    return f"{100 * share:.0f}%".replace("-", "−")


def tiny(value: float) -> str:
    """Such as "0", "3·10⁻⁹" or "0.042"."""
    if value < 1e-15:
        return "0"
    if value >= 0.001:
        return f"{value:.3f}"
    digit, _, power = f"{value:.0e}".partition("e")
    return f"{digit}·10{str(int(power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


# -- on a line


def least(p: Shape, q: Shape, order: Order) -> float:
    """The cost of the cheapest plan: W₁ or W₂²."""
    both = compare(p, q)
    return both.w1 if order == 1 else both.w2**2


def how_random(p: Shape, q: Shape, order: Order) -> str:
    """The answer to: what does sending mass at random cost, beside the cheapest?"""
    best, random = least(p, q, order), independent_cost(p, q, order)
    if random - best < _ALIKE:
        return AT_RANDOM[0]
    return AT_RANDOM[1] if random <= 2 * best else AT_RANDOM[2]


def times(p: Shape, q: Shape, order: Order) -> str:
    """How many times the cheapest cost the random one is."""
    best, random = least(p, q, order), independent_cost(p, q, order)
    if best < _ALIKE:
        return "the cheapest costs nothing"
    if random - best < _ALIKE:
        return "as much as the cheapest"
    if random < 1.005 * best:
        return "hardly more than the cheapest"
    return f"{_brief(random / best)} times the cheapest"


def on_bins(p: Shape, q: Shape, order: Order, half: float) -> str:
    """What the plan in the picture costs."""
    return f"on {BINS} bins {number(binned_cost(p, q, half, order))}"


def line(p: Shape, q: Shape, order: Order) -> str:
    """What the cheapest plan does, and what the random one costs instead."""
    best, random = least(p, q, order), independent_cost(p, q, order)
    if compare(p, q).w2 < _ALIKE:
        return f"P and Q are the same: T(x) = x, nothing has to move. At random it would cost {number(random)}."
    if random - best < _ALIKE:
        return (
            "Practically all of P lies on one side of Q, so every grain has to cover the gap, wherever it lands: every "
            f"plan costs |E X − E Y| = {number(abs(p.mean - q.mean))}. Squares would tell plans apart."
        )
    return f"{_map(p, q)} At random the cost {PAID[order]} is {number(random)}, {times(p, q, order)}."


def _map(p: Shape, q: Shape) -> str:
    if type(p) is type(q) and isinstance(p, Gaussian | Uniform | Laplace):
        stretch = q.standard_deviation / p.standard_deviation
        if abs(stretch - 1) < 1e-9:
            return f"T is a straight line of slope 1: every grain moves by {number(q.mean - p.mean)}."
        return f"T is a straight line of slope {stretch:.3g}: the order stays, and distances are multiplied by that."
    middle = p.quantile([0.49, 0.51])
    width, landed = float(np.diff(middle)[0]), float(np.diff(monotone_map(p, q, middle))[0])
    steep = (landed / q.standard_deviation) / (width / p.standard_deviation)
    if steep > _TORN:
        return f"T is steep in the middle: the middle 2% of P is torn apart and lands over a width of {landed:.2f}."
    if steep < 1 / _TORN:
        return f"T is flat in the middle: the middle 2% of P, {width:.2f} wide, is pressed into {landed:.2f}."
    return "T rises everywhere: the cheapest plan keeps the order of the grains, as it does for every convex cost."


# -- in the plane


def crossing(count: int) -> str:
    """The answer to: do ways of the cheapest plan cross?"""
    return CROSSING[1] if count else CROSSING[0]


def plane(exact: Plan, soft: Plan, count: int, order: Order, epsilon: float) -> str:
    """Why the ways cross or do not, and what Sinkhorn's plan is."""
    if 1 in exact.mass.shape:
        alone = "P" if exact.mass.shape[0] == 1 else "Q"
        why = f"No two ways cross: all of them meet in the one point of {alone}."
    elif order == 1:
        why = "No two ways cross: swapping the ends of two that did would make the way shorter in sum."
    elif count:
        pairs = "1 pair of ways crosses" if count == 1 else f"{count} pairs of ways cross"
        why = f"{pairs}: to uncross them would shorten the ways in sum, but not their squares."
    else:
        why = "Here no two ways cross, although squares would allow it."
    return f"{why} {_sinkhorn(exact, soft, epsilon)}"


def _sinkhorn(exact: Plan, soft: Plan, epsilon: float) -> str:
    if not soft.converged:
        below = " It looks cheaper than the cheapest only because it is no plan." if soft.cost < exact.cost else ""
        rounds = "1 round" if soft.rounds == 1 else f"{soft.rounds} rounds"
        return (
            f"Sinkhorn has not converged at ε = {epsilon:.3g}: after {rounds} {tiny(soft.misplaced)} of the mass is in "
            f"the wrong place.{below}"
        )
    if soft.mass.shape[1] == 1:
        return "With one point in Q there is only one plan, whatever ε."
    if soft.mass.shape[0] == 1:
        return "With one point in P there is only one plan, whatever ε."
    return (
        f"At ε = {epsilon:.3g} Sinkhorn spreads a point of P over {soft.reach:.1f} of the {soft.mass.shape[1]} points "
        f"of Q on average, and pays {number(max(0.0, soft.cost - exact.cost))} more than the cheapest."
    )


def root(exact: Plan, order: Order) -> str:
    """W itself, where the cost is its square."""
    return "per unit of mass" if order == 1 else f"W₂ = {number(exact.cost**0.5)}"


def empty(n: int, m: int) -> str:
    """What is missing before anything can be moved."""
    missing = " and ".join(name for name, count in (("P", n), ("Q", m)) if not count)
    return f"There are no points in {missing} yet. Choose {'it' if n or m else 'each'} under Draw, and place some."


def iteration(soft: Plan) -> str:
    """How Sinkhorn's iteration ended."""
    rounds = "1 round" if soft.rounds == 1 else f"{soft.rounds} rounds"
    return f"{rounds}, converged" if soft.converged else f"{rounds}, not converged"


def prices(soft: Plan, exact: Plan, random: Plan, epsilon: float) -> str:
    """Sinkhorn's cost against the others."""
    return (
        f"{signed(soft.cost - exact.cost)}; with ε·KL {number(entropic_cost(soft, epsilon))}, "
        f"at random {number(random.cost)}"
    )


# -- critics


def reached(seen: CriticSnapshot, w1: float) -> tuple[str, ...]:
    """The answer to: how much of W₁ does the clipped critic reach? None where there is nothing to reach."""
    if w1 < _ALIKE:
        return ()
    share = seen.fair / w1
    return (CLIPPED[0] if share < 0.6 else CLIPPED[1] if share <= 0.9 else CLIPPED[2],)


def trained(seen: CriticSnapshot, w1: float) -> str:
    """A learned critic against W₁, and as it came out of training."""
    told = f"as trained {_brief(seen.advantage)}, slope {_brief(seen.slope)}"
    return told if w1 < _ALIKE else f"{percent(seen.fair / w1)} of W₁; {told}"


def steepness(seen: CriticSnapshot, w1: float) -> str:
    """The penalised critic as it came out of training, against what slope 1 allows."""
    over = seen.advantage - w1
    told = f"{signed(over)} to W₁" if abs(over) >= _ALIKE else "just W₁"
    return f"{told}; its largest slope is {seen.slope:.3f}, not 1"


def critics(p: Shape, q: Shape, clip: CriticSnapshot, penalty: CriticSnapshot, c: float) -> str:
    """What the two learned and why."""
    w1 = compare(p, q).w1
    if w1 < _ALIKE:
        return "P and Q are the same: no critic can tell them apart, and what the two show is noise of their samples."
    said = (
        f"Scaled to slope 1, the clipped critic reaches {percent(clip.fair / w1)} of W₁, with "
        f"{percent(clip.clipped)} of its weights at ±{c:g}."
    )
    share, wrong = penalty.fair / w1, wrong_way(penalty, p, q)
    if wrong > 0.1:
        return (
            f"{said} The one with a penalty reaches {percent(share)}: on {percent(wrong)} of the area between F_P "
            "and F_Q it slopes the wrong way, and to turn it must be level first, which the penalty fines."
        )
    if penalty.advantage > w1 + _ALIKE:
        return (
            f"{said} The one with a penalty reaches {percent(share)}. As trained it claims "
            f"{number(penalty.advantage)}, more than W₁ = {number(w1)}: its largest slope is {penalty.slope:.3f}."
        )
    return (
        f"{said} The one with a penalty reaches {percent(share)}, at a largest slope of {penalty.slope:.3f} as trained."
    )


def wrong_way(seen: CriticSnapshot, p: Shape, q: Shape) -> float:
    """The share of the area between F_p and F_q over which the critic falls where it should rise, or the reverse."""
    x = places(p, q)
    gap = (q.cdf(x) - p.cdf(x))[:-1]
    area = np.abs(gap).sum()
    return float(np.abs(gap)[np.diff(seen.f.astype(float)) * gap < 0].sum() / area) if area > 0 else 0.0


def _short(value: float) -> str:
    return f"{value + 0.0:.4g}".replace("-", "−")


def _brief(value: float) -> str:
    """Three digits, however large or small."""
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", "\u2009").replace("-", "−")
    return f"{'−' if value < 0 else ''}{tiny(abs(value))}" if abs(value) < 0.001 else _short(float(f"{value:.3g}"))
