"""Which nodes one has to measure to know an effect without an experiment, read off the arrows.

Source: Pearl, Causality, 2009, definitions 3.3.1 (back door) and 3.3.3 (front door).
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations

from playground.causality.graph import d_separated, descendants, without_arrows_out_of
from playground.causality.joint import known
from playground.causality.network import Network

Sets = tuple[frozenset[str], ...]


def backdoor_sets(network: Network, cause: str, effect: str, *, hidden: Collection[str] = ()) -> Sets:
    """All sets that make P(effect | do(cause)) readable by adjustment, smallest first.

    Such a set holds no effect of the cause and blocks every path into the cause by its back door, that is, it
    separates the two once the arrows out of the cause are cut.

    Args:
        hidden: Nodes that nobody can measure.
    Returns:
        Empty when no set will do; the empty set among them when nothing confounds.
    Raises:
        ValueError: A node that does not exist; cause equals effect; one of them is hidden.
    """
    observed = _observed(network, cause, effect, hidden)
    effects = descendants(network.edges, cause)
    without = without_arrows_out_of(network.edges, (cause,))
    return tuple(
        chosen
        for chosen in _subsets([name for name in observed if name not in effects])
        if d_separated(without, cause, effect, chosen)
    )


def frontdoor_sets(network: Network, cause: str, effect: str, *, hidden: Collection[str] = ()) -> Sets:
    """All sets of mediators that make P(effect | do(cause)) readable through the front door, smallest first.

    Such a set lies on every directed path from cause to effect; no back door leads from the cause to it; and the
    cause blocks every back door from it to the effect.

    Args, Returns, Raises: As in `backdoor_sets`. The empty set is among them when the cause has no effect at all.
    """
    observed = _observed(network, cause, effect, hidden)
    edges = network.edges
    without = without_arrows_out_of(edges, (cause,))

    def is_front_door(mediators: frozenset[str]) -> bool:
        around = without_arrows_out_of(edges, mediators)
        return (
            effect not in descendants(around, cause)
            and all(d_separated(without, cause, mediator) for mediator in mediators)
            and all(d_separated(around, mediator, effect, (cause,)) for mediator in mediators)
        )

    return tuple(mediators for mediators in _subsets(observed) if is_front_door(mediators))


def minimal(sets: Iterable[frozenset[str]]) -> Sets:
    """Those of the sets that contain no other of them."""
    every = tuple(sets)
    return tuple(one for one in every if not any(other < one for other in every))


def _observed(network: Network, cause: str, effect: str, hidden: Collection[str]) -> list[str]:
    for name in (cause, effect, *hidden):
        known(name, network.nodes)
    if cause == effect:
        raise ValueError(f"cause and effect must differ, got {cause!r} twice")
    for name in (cause, effect):
        if name in hidden:
            raise ValueError(f"hidden must hold neither cause nor effect, got {name!r}")
    return [name for name in network.nodes if name not in (cause, effect, *hidden)]


def _subsets(names: Collection[str]) -> Iterator[frozenset[str]]:
    for size in range(len(names) + 1):
        yield from map(frozenset, combinations(names, size))
