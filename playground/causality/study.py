"""An effect that somebody wants to know without an experiment: what would identify it, and what is found from data."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from playground.causality.adjustment import (
    Estimate,
    NoOverlap,
    adjust_difference,
    front_door_difference,
    naive_difference,
)
from playground.causality.graph import descendants
from playground.causality.identification import Sets, backdoor_sets, frontdoor_sets, minimal
from playground.causality.joint import Joint
from playground.causality.mechanisms import Root
from playground.causality.network import Network


@dataclass(frozen=True)
class Study:
    """The effect of `cause` on `effect`, as a difference of probabilities.

    Args:
        hidden: Nodes that nobody can measure.
        adjusted: Nodes that are adjusted for, rightly or wrongly; none of them hidden.
    """

    network: Network
    cause: str
    effect: str
    hidden: tuple[str, ...] = ()
    adjusted: tuple[str, ...] = ()

    @cached_property
    def truth(self) -> float:
        """P(effect | do(cause = 1)) - P(effect | do(cause = 0)), exact."""
        done = [self.network.probability({self.effect: 1}, do={self.cause: value}) for value in (0, 1)]
        return done[1] - done[0]

    @cached_property
    def back(self) -> Sets:
        """The sets that may be adjusted for, smallest first."""
        return backdoor_sets(self.network, self.cause, self.effect, hidden=self.hidden)

    @cached_property
    def front(self) -> tuple[str, ...]:
        """The smallest front door of at least one mediator; empty where there is none, or no effect to carry."""
        if self.effect not in descendants(self.network.edges, self.cause):
            return ()
        doors = frontdoor_sets(self.network, self.cause, self.effect, hidden=self.hidden)
        return tuple(sorted(next((door for door in minimal(filter(None, doors))), ())))

    @property
    def valid(self) -> bool:
        """Whether adjusting for `adjusted` gives the effect."""
        return frozenset(self.adjusted) in self.back

    @cached_property
    def bias(self) -> float | None:
        """What the adjustment is off by with endless data; None where it would compare people who do not exist."""
        try:
            return adjust_difference(self.network.joint(), self.cause, self.effect, self.adjusted).value - self.truth
        except NoOverlap:
            return None

    @cached_property
    def naive(self) -> float | None:
        """P(effect | cause = 1) - P(effect | cause = 0), exact; None where one of the two is about nobody."""
        try:
            return naive_difference(self.network.joint(), self.cause, self.effect).value
        except NoOverlap:
            return None

    @property
    def trial(self) -> Network:
        """The world in which a fair coin decides the cause."""
        return self.network.replace(self.cause, Root(0.5))

    def estimates(self, people: Joint, randomised: Joint) -> dict[str, Estimate | None]:
        """The effect read off people in every way; None where too few of them can be compared.

        Args:
            people: Of the world as it is.
            randomised: Of the trial's world.
        """
        x, y = self.cause, self.effect
        ways: dict[str, Callable[[], Estimate]] = {
            "naive": lambda: naive_difference(people, x, y),
            "adjusted": lambda: adjust_difference(people, x, y, self.adjusted),
            "front door": lambda: front_door_difference(people, x, y, self.front),
            "trial": lambda: naive_difference(randomised, x, y),
        }
        if not self.front:
            del ways["front door"]
        found: dict[str, Estimate | None] = {}
        for name, estimate in ways.items():
            try:
                found[name] = estimate()
            except NoOverlap:
                found[name] = None
        return found
