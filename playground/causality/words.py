"""What the lesson says of the current numbers: one or two sentences that are true of them."""

from collections.abc import Mapping, Sequence

from playground.causality.altitude import Line, Moments, excess_nll
from playground.causality.identification import minimal
from playground.causality.study import Study

SAME = 5e-5  # two probabilities that read the same with four digits


def explained_away(rivals: tuple[str, str, str], once: float, twice: float, said: str | None) -> str:
    """P(hypothesis | effect) against P(hypothesis | effect, rival)."""
    hypothesis, effect, rival = rivals
    you = f"You said “{said.lower()}”. " if said in ("Rises", "Falls", "Stays") else ""
    if abs(twice - once) < SAME:
        return f"{you}Learning {rival} changes nothing: with these numbers it does not compete with {hypothesis}."
    if twice < once:
        return (
            f"{you}{_start(effect)} calls for a cause. {_start(rival)} is one, so {hypothesis} is needed less: "
            f"{once:.3f} falls to {twice:.3f}."
        )
    return (
        f"{you}With these numbers {rival} makes {hypothesis} more needed to explain {effect}: "
        f"{once:.3f} rises to {twice:.3f}."
    )


def seen_and_done(act: str, value: int, ask: str, before: float, seen: float, done: float) -> str:
    """P(ask | act = value) against P(ask | do(act = value)); `before` is P(ask) without either."""
    if abs(done - seen) < SAME:
        return f"Seeing and doing agree here: whatever leads from {act} to {ask} leaves {act} by its own arrows."
    if abs(done - before) < SAME:
        return (
            f"Seeing {act} = {value} moves P({ask}) from {before:.3f} to {seen:.3f}. Setting it does nothing: "
            f"the arrows that made {act} a clue are cut, and none leads from it to {ask}."
        )
    return (
        f"Setting {act} moves P({ask}) from {before:.3f} to {done:.3f}; seeing it suggests {seen:.3f}. "
        "The difference is what flowed through the arrows that do() cuts."
    )


def identified(study: Study) -> str:
    """Whether the chosen adjustment is right, and what would be."""
    what = listed(study.adjusted) if study.adjusted else "nothing"
    if study.valid:
        verdict = f"Adjusting for {what} is right: the error that is left shrinks as 1/√N."
    elif study.bias is None:
        verdict = f"Adjusting for {what} compares people who do not exist."
    elif abs(study.bias) < SAME:
        verdict = f"Adjusting for {what} is right with these numbers, though not for every network with these arrows."
    else:
        verdict = f"Adjusting for {what} is off by {study.bias:+.3f} even with endless data."
    ways = [f"adjust for {listed(sorted(names))}" if names else "adjust for nothing" for names in minimal(study.back)]
    if study.front:
        ways.append(f"use the front door through {listed(study.front)}")
    can = f"What works: {'; or '.join(ways)}." if ways else "Nothing that can be measured works; only a trial does."
    return f"{verdict} {can}".replace("-", "−")


def imagined(instead: str, to: int, ask: str, was: float, would: float, everybody: float) -> str:
    """P(ask) of one person had `instead` been `to`, against what was and against P(ask | do) of everybody."""
    if abs(would - was) < SAME:
        return f"Nothing would have changed for {ask}: {instead} was {to} already, or no arrow leads from it to {ask}."
    if abs(would - everybody) < SAME:
        return f"{would:.3f}, as for everybody: what was seen says nothing about what else decides {ask}."
    more = "more" if would > everybody else "less"
    return (
        f"For this person P({ask}) would have been {would:.3f}, {more} than the {everybody:.3f} of everybody: what was "
        "seen tells of their luck. That luck is one threshold a variable is an assumption; the bounds hold without it."
    )


def moved(causal: Line, reverse: Line, there: tuple[Moments, Moments]) -> str:
    """What the two lines fitted at home lose in the other country, given its pairs (A, T) and (T, A)."""
    along, against = (excess_nll(line, truth) for line, truth in zip((causal, reverse), there, strict=True))
    if against < 0.05:
        return f"Both fits travel: {along:.3f} and {against:.3f} nats a place above the least possible loss."
    return (
        f"Along the arrow the fit loses {along:.3f} nats a place, the price of a finite sample; against it "
        f"{against:.2f}. P(T | A) is physics and the same everywhere; P(A | T) also holds how high people live."
    )


def values(assigned: Mapping[str, int]) -> str:
    """Such as "tar = 1, cancer = 0"."""
    return ", ".join(f"{name} = {value}" for name, value in assigned.items())


def listed(names: Sequence[str]) -> str:
    """Such as "tar, age and cancer"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _start(name: str) -> str:
    return name[:1].upper() + name[1:]
