"""What the lesson says of the current numbers: one or two sentences that are true of them."""

from collections.abc import Mapping, Sequence

from playground.causality.altitude import Line, Moments, excess_nll
from playground.causality.counterfactual import counterfactual
from playground.causality.graph import descendants
from playground.causality.identification import minimal
from playground.causality.network import Network
from playground.causality.study import Study

TRAVELS = 0.3  # nats a place; the right line, fitted to 150 places, loses about 0.01 to 0.1


def same(p: float, q: float) -> bool:
    """Whether the two read the same with the four digits that the page prints."""
    return f"{p:.4f}" == f"{q:.4f}" or abs(p - q) < 1e-9


def evidence(seen: Mapping[str, int], prior: Mapping[str, float], posterior: Mapping[str, float]) -> str:
    """Which belief the evidence moves most."""
    unseen = [name for name in prior if name not in seen]
    if not seen or not unseen:
        return ""
    most = max(unseen, key=lambda name: abs(posterior[name] - prior[name]))
    if same(posterior[most], prior[most]):
        return f"Seeing {values(seen)} moves no other belief."
    return f"Seeing {values(seen)} moves {most} most: {prior[most]:.4f} becomes {posterior[most]:.4f}."


def direction(before: float, after: float) -> str:
    """The answer to: what happens to this probability?"""
    return "Stays" if same(after, before) else "Falls" if after < before else "Rises"


def explained_away(network: Network, rivals: tuple[str, str, str]) -> str:
    """P(hypothesis | effect) against P(hypothesis | effect, rival), and why they differ."""
    hypothesis, effect, rival = rivals
    once = network.probability({hypothesis: 1}, {effect: 1})
    twice = network.probability({hypothesis: 1}, {effect: 1, rival: 1})
    moves = f"P({hypothesis} | {effect}) = {once:.4f} becomes {twice:.4f} when {rival} is seen too"
    if not network.d_separated(hypothesis, rival):
        return f"{moves}, but not by competing alone: {hypothesis} and {rival} are linked also without {effect}."
    if same(twice, once):
        return f"Once {effect} is seen, {rival} says nothing about {hypothesis} with these numbers."
    needed = all(network.probability({effect: 1}, {cause: 1}) > network.probability({effect: 1}, {cause: 0})
                 for cause in (hypothesis, rival))  # fmt: skip
    if needed and twice < once:
        return f"Seeing {effect} calls for a cause, and {rival} is one, so {hypothesis} is needed less: {moves}."
    return f"Nothing joins {hypothesis} and {rival} until {effect} is seen; then {moves}."


def as_seen_or_before(before: float, seen: float, done: float) -> tuple[str, ...]:
    """The right answers to: what does setting give?"""
    answers = (("As seen", same(done, seen)), ("As before", same(done, before)))
    return tuple(answer for answer, right in answers if right) or ("Neither",)


def seen_and_done(network: Network, act: str, value: int, ask: str, also: Mapping[str, int]) -> str:
    """P(ask | act = value) against P(ask | do(act = value)), among those with `also`, and why they differ or agree."""
    before = network.probability({ask: 1}, also)
    seen = network.probability({ask: 1}, {**also, act: value})
    done = network.probability({ask: 1}, also, {act: value})
    if same(done, seen):
        joining = [path for path in network.paths(act, ask, given=also) if path.open]
        if not joining:
            return f"Seeing and doing agree, because no open path joins {act} and {ask}: neither tells anything."
        if all(path.forward[0] for path in joining):
            return f"Seeing and doing agree, because every open path leaves {act} by an arrow of its own."
        return f"Seeing and doing agree with these numbers, although a path enters {act} by its back door."
    among = f" | {values(also)}" if also else ""
    if same(done, before):
        why = (
            f"no arrow leads from it to {ask}"
            if ask not in descendants(network.edges, act)
            else "what its arrows carry comes to nothing here"
        )
        return (
            f"Seeing {act} = {value} moves P({ask}{among}) from {before:.4f} to {seen:.4f}. Setting it does nothing: "
            f"the arrows that made {act} a clue are cut, and {why}."
        )
    if ask not in descendants(network.edges, act):
        return (
            f"P({ask}{among}) is {before:.4f}, seeing {act} makes it {seen:.4f}, setting it {done:.4f}. Setting cannot "
            f"reach {ask}: who is picked out by {values(also)} changes, because {act} leads there."
        )
    return (
        f"Setting {act} moves P({ask}{among}) from {before:.4f} to {done:.4f}; seeing it suggests {seen:.4f}. "
        "The difference is what flows through the arrows that do() cuts."
    )


def too_high(naive: float, truth: float) -> str:
    """The answer to: how does the naive effect compare with the true one, as signed numbers?"""
    return "Right" if same(naive, truth) else "Too high" if naive > truth else "Too low"


def identified(study: Study) -> str:
    """Whether the chosen adjustment is right, and what would be."""
    what = listed(study.adjusted) if study.adjusted else "nothing"
    if study.effect not in descendants(study.network.edges, study.cause):
        nothing = f"No arrow leads from {study.cause} to {study.effect}: the effect is 0."
        invented = study.bias or 0.0
        return nothing if same(invented, 0) else f"{nothing} Adjusting for {what} invents {_signed(invented)}."
    if study.bias is None:
        return f"Among some of the people {study.cause} is always the same, so nobody there can be compared."
    if study.valid:
        verdict = f"Adjusting for {what} is right: the error that is left shrinks as 1/√N."
    elif same(study.bias, 0):
        verdict = f"Adjusting for {what} is right with these numbers, though not for every network with these arrows."
    else:
        verdict = f"Adjusting for {what} is off by {_signed(study.bias)} even with endless data."
    ways = [f"adjust for {listed(sorted(names))}" if names else "adjust for nothing" for names in minimal(study.back)]
    if study.front:
        ways.append(f"use the front door through {listed(study.front)}")
    can = f"What works: {'; or '.join(ways)}." if ways else "Neither the back door nor a front door can be used here."
    return f"{verdict} {can}"


def near(p: float) -> str:
    """The answer to: where is this probability?"""
    return "Below 0.2" if p < 0.2 else "Above 0.8" if p > 0.8 else "Between"


def imagined(network: Network, was: Mapping[str, int], act: Mapping[str, int], ask: str) -> str:
    """P(ask) of one person had they been otherwise, against what was and against P(ask | do) of everybody."""
    (instead, to), everybody = next(iter(act.items())), network.probability({ask: 1}, do=act)
    if was.get(instead) == to:
        return f"Nothing would have changed: {instead} was {to}."
    if ask not in descendants(network.edges, instead):
        return f"Nothing would have changed for {ask}: no arrow leads to it from {instead}."
    would = counterfactual(network, {ask: 1}, given=was, do=act)
    if not was:
        return f"Of this person nothing is known: {would:.4f} is what do({instead} = {to}) gives everybody."
    if same(would, everybody):
        return f"{would:.4f}, as for everybody: what was seen says nothing about what else decides {ask}."
    more = "more" if would > everybody else "less"
    return (
        f"For this person P({ask}) would have been {would:.4f}, {more} than the {everybody:.4f} of everybody: what was "
        f"seen tells what else decides {ask}. That luck is one threshold a variable is an assumption; see the ranges."
    )


def survivor(causal: Line, reverse: Line, there: tuple[Moments, Moments]) -> str:
    """The answer to: which of two lines fitted at home survives the move? One that loses less than `TRAVELS` nats."""
    along, against = (excess_nll(line, truth) < TRAVELS for line, truth in zip((causal, reverse), there, strict=True))
    return "Both" if along and against else "T from A" if along else "A from T" if against else "Neither"


def moved(causal: Line, reverse: Line, there: tuple[Moments, Moments], *, alike: bool = False) -> str:
    """What the two lines fitted at home lose in the other country, given its pairs (A, T) and (T, A).

    Args:
        alike: Whether people live equally high in both countries.
    """
    along, against = (excess_nll(line, truth) for line, truth in zip((causal, reverse), there, strict=True))
    both = f"Along the arrow the fit loses {along:.3f} nats a place above the least possible, against it {against:.3f}."
    if along > TRAVELS:
        return f"{both} So few places at home fix not even the right line well: draw more."
    if alike:
        return f"{both} Both travel, because people live equally high in the two countries."
    if against < TRAVELS:
        return f"{both} Both travel: here P(A | T) hardly depends on how high people live."
    return f"{both} P(T | A) is physics and the same everywhere; P(A | T) also holds how high people live."


def values(assigned: Mapping[str, int]) -> str:
    """Such as "tar = 1, cancer = 0"."""
    return ", ".join(f"{name} = {value}" for name, value in assigned.items())


def listed(names: Sequence[str]) -> str:
    """Such as "tar, age and cancer"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _signed(value: float) -> str:
    return f"{value:+.4f}".replace("-", "−")
