"""What the experiment Posterior says, for any prior and any flips."""

import math
from typing import Final

import numpy as np

from playground.bernoulli.coin import (
    VISIBLE,
    intervals,
    log_bayes_factor,
    log_evidence,
    log_likelihood,
    map_estimate,
    mle,
    pointed_out,
)
from playground.bernoulli.flips import Flips
from playground.bernoulli.mixtures import SpikeAndBeta, TwoCoins
from playground.bernoulli.priors import Beta, Prior
from playground.bernoulli.truncated_normal import TruncatedNormal
from playground.bernoulli.words.notation import (
    LEAST,
    both,
    chance,
    counted,
    likelihood,
    name,
    number,
    plain,
    portion,
    scientific,
    signed,
    spans,
)
from playground.theme import Role

Term = tuple[Role | None, str, str]  # role, name, expression; no role for an operator
OPTIONS: Final = ("Lower", "Same", "Higher")
_DECIDED: Final = 0.9


def bayes(prior: Prior, flips: Flips, *, revealed: bool) -> tuple[Term, ...]:
    """Bayes' rule with the current numbers: also the key of the picture."""
    return (
        ("model", "posterior", name(prior.after(flips.heads, flips.tails)) if revealed else "?"),
        (None, "", "∝"),
        ("data", "likelihood", likelihood(flips)),
        (None, "", "×"),
        ("prior", "prior", name(prior)),
    )


# -- the question


def weight_of_first(prior: Prior, flips: Flips | None = None) -> float | None:
    """P(the coin is fair), or P(θ is exactly at the spike), after the flips; None for a prior without such a part."""
    if not isinstance(prior, TwoCoins | SpikeAndBeta) or len(prior.parts) < 2:
        return None
    (before, part), flips = prior.parts[0], flips or Flips()
    gain = part.log_evidence(flips.heads, flips.tails) - prior.log_evidence(flips.heads, flips.tails)
    return before * math.exp(gain)


def first_of(prior: Prior) -> str:
    """What `weight_of_first` is the probability of."""
    return "the coin is fair" if isinstance(prior, TwoCoins) else f"θ = {plain(prior.at)}" if isinstance(
        prior, SpikeAndBeta
    ) else ""  # fmt: skip


def _held_against(prior: Prior, flips: Flips) -> tuple[str, float]:
    """What the posterior's peak is compared with: the middle between prior and data where they differ, else the MLE."""
    best, modes = mle(flips.heads, flips.tails), prior.modes()
    assert best is not None
    if len(modes) == 1 and abs(modes[0] - best) >= 0.05:
        return "Half-way from the prior's peak to the MLE", (modes[0] + best) / 2
    return "The MLE", best


def told_by_evidence(prior: Prior) -> bool:
    """Whether the evidence, beside that of a fair coin, would give the answer away: the question is about a weight."""
    return weight_of_first(prior) is not None


def question(prior: Prior, flips: Flips) -> str:
    """What to predict, answered by one of `OPTIONS`."""
    weight = weight_of_first(prior)
    if not flips.count:
        return f"There are no flips. Against the prior's mean, {prior.mean():.2f}, the posterior's is"
    if weight is not None:
        return f"P({first_of(prior)}) is {weight:.2f} before the flips. After them it is"
    what, value = _held_against(prior, flips)
    return f"{what} is {value:.3f}. The posterior peaks"


def right(prior: Prior, flips: Flips) -> str:
    """The right one of `OPTIONS`."""
    weight = weight_of_first(prior, flips)
    if not flips.count:
        return "Same"
    if weight is not None:
        return _compared(weight, weight_of_first(prior) or 0.0)
    peak = map_estimate(prior, flips.heads, flips.tails)
    assert peak is not None
    return _compared(peak, _held_against(prior, flips)[1])


def _compared(value: float, reference: float) -> str:
    return "Same" if _alike(value, reference) else "Lower" if value < reference else "Higher"


def _alike(one: float, other: float) -> bool:
    """Whether two numbers read the same: words beside them must not say otherwise."""
    return f"{one:.3f}" == f"{other:.3f}"


# -- the numbers


def evidence(prior: Prior, flips: Flips) -> tuple[str, str]:
    """p(flips), and what a fair coin gives them."""
    log = log_evidence(prior, flips.heads, flips.tails)
    return scientific(log), f"a fair coin: {scientific(-flips.count * math.log(2))}"


def log_evidence_text(prior: Prior, flips: Flips) -> tuple[str, str]:
    """log p(flips) and its ceiling, what the best θ alone gives them."""
    log, best = log_evidence(prior, flips.heads, flips.tails), mle(flips.heads, flips.tails)
    if best is None:
        return "0.000 nats", "no flips: nothing to explain"
    return (
        f"{number(log)} nats",
        f"the best θ alone: {number(float(log_likelihood(best, flips.heads, flips.tails)))}",
    )


def bayes_factor(prior: Prior, flips: Flips) -> tuple[str, str]:
    """p(flips | prior) / p(flips | θ = ½), and for which of the two that is."""
    log = log_bayes_factor(prior, flips.heads, flips.tails)
    whom = "for neither" if abs(log) < LEAST else "for this prior" if log > 0 else "for ½"
    return scientific(log), f"log {number(log)} nats: {whom}"


def next_flip(prior: Prior, flips: Flips, truth: float | None) -> tuple[str, str]:
    """P(the next flip is heads) beside the truth, or the MLE where that is not known."""
    mean, best = prior.after(flips.heads, flips.tails).mean(), mle(flips.heads, flips.tails)
    if truth is not None:
        return f"{mean:.3f}", f"truth {truth:.2f}, error {signed(mean - truth)}"
    return f"{mean:.3f}", "no MLE without flips" if best is None else f"the MLE says {best:.2f}"


# -- the notice


def notice(prior: Prior, flips: Flips, truth: float | None) -> str:
    """What the posterior shows, in two or three sentences."""
    return f"{_first(prior, flips)}{_truth_held(prior, flips, truth)}"


def _first(prior: Prior, flips: Flips) -> str:
    if not flips.count:
        return "Without flips every θ explains nothing equally well: there is no MLE, and the posterior is the prior."
    if weight_of_first(prior) is not None:
        return _coins(prior, flips) if isinstance(prior, TwoCoins) else _spike(prior, flips)
    match prior:
        case TruncatedNormal():
            return _normal(prior, flips)
        case Beta():
            return _beta(prior, flips)
    return _beta(_only_part(prior), flips)


def _only_part(prior: Prior) -> Beta:
    part = getattr(prior, "parts", ((1.0, prior),))[0][1]
    assert isinstance(part, Beta)
    return part


def _beta(prior: Beta, flips: Flips) -> str:
    heads, tails, m, best = flips.heads, flips.tails, flips.count, mle(flips.heads, flips.tails) or 0.0
    after = prior.after(heads, tails)
    peak, mean = map_estimate(prior, heads, tails) or 0.0, after.mean()
    if prior.a == prior.b == 1:
        if not heads or not tails:
            alike = "" if m == 1 else " of one kind"
            near = f"{mean:.3f}" if not _alike(mean, best) else f"{scientific(-math.log(m + 2))} away"
            return (
                f"After {counted(m)}{alike} the MLE and the MAP are sure: {best:.0f}. The mean is not: "
                f"{near}, Laplace's rule (h + 1) / (m + 2)."
            )
        close = f"the mean, (h + 1) / (m + 2) = {mean:.3f}, is not"
        if _alike(mean, best):
            close = "and so is the mean" if heads == tails else "the mean, (h + 1) / (m + 2), reads the same"
        return f"Under a flat prior the MAP is the MLE, {best:.3f}; {close}."
    if prior.a < 1 or prior.b < 1:
        sides = (("a", prior.a, "heads"), ("b", prior.b, "tails"))
        votes = [f"{letter} − 1 = {plain(value - 1)} imagined {seen}" for letter, value, seen in sides if value < 1]
        less = f"{' and '.join(votes)}: fewer than none"
        if after.a < 1 or after.b < 1:
            end, missing = ("0", "head") if after.a < 1 else ("1", "tail")
            return f"{less}. At θ = {end} the density is infinite, and no {missing} has spoken against it."
        side = {"Lower": "below", "Same": "at", "Higher": "above"}[_compared(peak, best)]
        return f"{less}. The posterior peaks at {peak:.3f}, {side} the MLE {best:.3f}."
    imagined, start = prior.a + prior.b - 2, (prior.a - 1) / (prior.a + prior.b - 2)
    cast = "1 imagined flip" if imagined == 1 else f"{plain(imagined)} imagined flips"
    votes = f"The prior votes with a + b − 2 = {cast}, the data with {plain(m)}"
    if abs(start - best) < LEAST or _alike(start, best):
        return f"{votes}; both say {best:.3f}, so the posterior peaks there, narrower than either."
    way = f"{portion(m / (m + imagined))} of the way from the prior's {start:.3f} to the MLE {best:.3f}"
    return f"{votes}: the peak lies {way}."


def _normal(prior: TruncatedNormal, flips: Flips) -> str:
    best = mle(flips.heads, flips.tails) or 0.0
    peak, start = map_estimate(prior, flips.heads, flips.tails) or 0.0, prior.modes()[0]
    if abs(start - best) < LEAST or _alike(start, best):
        return f"Prior and flips agree: the posterior peaks where both do, at {peak:.3f}."
    way = (peak - start) / (best - start)
    return (
        f"The posterior peaks at {peak:.3f}, {portion(way)} of the way from μ = {start:.3f} to the MLE {best:.3f}. "
        "No Beta has this shape: the evidence is an integral taken by quadrature."
    )


def _coins(prior: Prior, flips: Flips) -> str:
    before, after = weight_of_first(prior) or 0.0, weight_of_first(prior, flips) or 0.0
    moved = f"P(the coin is fair) went from {before:.3f} to {chance(after)}"
    if _compared(after, before) == "Same":
        nearly = _nearly(before, after)
        moved = f"P(the coin is fair) stays at {before:.3f}: both coins explain these flips {nearly}equally well"
    belief = prior.after(flips.heads, flips.tails)
    mean, peaks = belief.mean(), pointed_out(belief)
    if len(peaks) == 2 and min(peaks) < mean < max(peaks):
        at_mean, low = belief.density(np.array([mean]))[0], belief.density(np.array(peaks)).min()
        if at_mean < low / 2:
            return f"{moved}. The mean, {mean:.3f}, lies between the bumps, where hardly any coin is: it is no belief."
    if before < _DECIDED <= after or after <= 1 - _DECIDED < before:
        have = "has" if flips.count == 1 else "have"
        return f"{moved}: {counted(flips.count)} {have} all but decided which coin it is."
    return f"{moved}."


def _spike(prior: Prior, flips: Flips) -> str:
    assert isinstance(prior, SpikeAndBeta)
    before, after = weight_of_first(prior) or 0.0, weight_of_first(prior, flips) or 0.0
    what = f"P({first_of(prior)})"
    if after == 0.0 and prior.log_evidence(flips.heads, flips.tails) > -math.inf and prior.at in (0.0, 1.0):
        seen = "head" if prior.at == 0 else "tail"
        return f"One {seen} rules {first_of(prior)} out: the spike is gone, and the Beta is all that is left."
    match _compared(after, before):
        case "Same":
            nearly = _nearly(before, after)
            moved = f"{what} stays at {before:.3f}: the spike and the Beta expected these flips {nearly}as much."
        case "Higher":
            moved = f"{what} rose from {before:.3f} to {chance(after)}: the Beta bets on every θ, the spike on one."
        case _:
            moved = f"{what} fell from {before:.3f} to {chance(after)}: the Beta expected these flips more."
    if VISIBLE <= after < 0.5:
        moved += " It is still the MAP: any weight at one point beats a density."
    elif 0 < after < VISIBLE:
        moved += " To the letter it is still the MAP; so light an atom is not marked."
    return moved


def _truth_held(prior: Prior, flips: Flips, truth: float | None) -> str:
    if truth is None or not flips.count:
        return ""
    belief = prior.after(flips.heads, flips.tails)
    found = intervals(belief)
    equal = found.covers(truth)[0]
    highest = any(low <= truth <= high for low, high in found.pieces(belief))  # as drawn
    if equal == highest:
        return f" Both 95% intervals {'hold' if equal else 'miss'} the truth."
    one, other = ("ETI", "HDI") if equal else ("HDI", "ETI")
    return f" The 95% {one} holds the truth, the {other} misses it."


# -- beside the pictures


def caption(prior: Prior) -> str:
    """What stands in the lanes, and what a stem is."""
    if prior.atoms:
        return (
            "ETI leaves out at most 2.5% on either side. HDI is the smallest set with at least 95%. "
            "A stem is a probability: at full height it is 1."
        )
    return "ETI leaves out 2.5% on either side. HDI is the smallest set with 95%."


def aloud(prior: Prior, flips: Flips, truth: float | None, *, revealed: bool) -> str:
    """The picture in words, with its numbers."""
    best, belief = mle(flips.heads, flips.tails), prior.after(flips.heads, flips.tails)
    said = f"Densities over θ from 0 to 1. Prior {name(prior)}. Likelihood of {both(flips)}, scaled to area 1, "
    said += "flat. " if best is None else f"peak {best:.3f}. "
    if truth is not None:
        said += f"True θ {truth:.2f}. "
    if not revealed:
        return f"{said}The posterior is hidden until you predict."
    found = intervals(belief)
    modes = " and ".join(f"{mode:.3f}" for mode in pointed_out(belief)) or "none, it is flat"
    atoms = "".join(f" P(θ = {plain(at)}) is {weight:.3f}." for at, weight in belief.atoms)
    return (
        f"{said}Posterior {name(belief)}: MAP {modes}, mean {belief.mean():.3f}, 95% equal-tailed interval "
        f"{spans([found.equal_tailed])}, 95% highest-density region {spans(found.pieces(belief))}.{atoms}"
    )


def logs_aloud(prior: Prior, flips: Flips, *, revealed: bool) -> str:
    """The logarithmic view in words."""
    log = f"{number(log_evidence(prior, flips.heads, flips.tails))} nats"
    if not revealed:
        return "The logarithms of prior and likelihood; the posterior is hidden until you predict."
    return f"Log posterior = log likelihood + log prior − log evidence, {log}."


def following_aloud(chances: np.ndarray | None) -> str:
    """The prediction of the next n flips in words."""
    if chances is None:
        return "Hidden until you predict."
    n, k = len(chances) - 1, int(np.argmax(chances))
    ends = f"None: {chances[0]:.3f}; all: {chances[n]:.3f}."
    return f"Of the next {n} flips most probably {k} are heads: P = {chances[k]:.3f}. {ends}"


def fixed_coin(truth: float | None, best: float | None) -> tuple[Term, ...]:
    """The key of what the prediction is compared with."""
    if truth is not None:
        return (("truth", "true coin", f"θ = {truth:.2f}"),)
    return () if best is None else (("data", "MLE", f"θ = {best:.3f}"),)


def _nearly(before: float, after: float) -> str:
    """A word before "as much": "almost " where the flips move the odds by more than a thousandth."""
    gain = math.log(after / before) - math.log((1 - after) / (1 - before))
    return "almost " if abs(gain) > 1e-3 else ""
