"""Arrows alone: who causes whom, which paths carry dependence, and who is independent of whom whatever the numbers.

Source: Pearl, Causality, 2009, §1.2.3 (d-separation); Shachter, Bayes-Ball, UAI 1998, arXiv:1301.7412.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

Edges = Collection[tuple[str, str]]


@dataclass(frozen=True)
class Path:
    """A way along the arrows, in either direction, that visits no node twice.

    Attributes:
        nodes: From one end to the other.
        forward: For each step, whether the arrow points that way.
        open: Whether dependence flows along it, given what is seen and set.
        reason: Why, in words.
    """

    nodes: tuple[str, ...]
    forward: tuple[bool, ...]
    open: bool
    reason: str

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """Its arrows, as (cause, effect)."""
        steps = zip(pairwise(self.nodes), self.forward, strict=True)
        return tuple((a, b) if forward else (b, a) for (a, b), forward in steps)

    def __str__(self) -> str:
        first, *rest = self.nodes
        steps = zip(self.forward, rest, strict=True)
        return first + "".join(f" {'→' if forward else '←'} {node}" for forward, node in steps)


def topological_order(parents: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The nodes with every cause before its effects, otherwise in the order given.

    Raises:
        ValueError: The arrows run in a circle, which the message shows.
    """
    order: list[str] = []
    waiting = list(parents)
    while waiting:
        ready = next((node for node in waiting if all(cause in order for cause in parents[node])), None)
        if ready is None:
            raise ValueError(f"the arrows must not run in a circle, got {_circle(parents, waiting)}")
        order.append(ready)
        waiting.remove(ready)
    return tuple(order)


def descendants(edges: Edges, *nodes: str) -> frozenset[str]:
    """Every effect of the nodes, near or far, and not the nodes themselves."""
    return _closure(_neighbours(edges)[1], nodes) - set(nodes)


def ancestors(edges: Edges, *nodes: str) -> frozenset[str]:
    """Every cause of the nodes, near or far, and not the nodes themselves."""
    return _closure(_neighbours(edges)[0], nodes) - set(nodes)


def without_arrows_into(edges: Edges, nodes: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The graph after do(nodes), Pearl's G with a bar over X."""
    return tuple((cause, effect) for cause, effect in edges if effect not in nodes)


def without_arrows_out_of(edges: Edges, nodes: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The graph in which the nodes cause nothing, Pearl's G with a bar under X."""
    return tuple((cause, effect) for cause, effect in edges if cause not in nodes)


def d_separated(edges: Edges, a: str, b: str, given: Collection[str] = ()) -> bool:
    """Whether no path between a and b is open, so that a is independent of b given `given` for every choice of numbers.

    Raises:
        ValueError: a equals b, or one of them is given.
    """
    _check_ends(a, b, given)
    parents, children = _neighbours(edges)
    frontier = [(a, False)]
    visited: set[tuple[str, bool]] = set()
    while frontier:
        node, along_arrow = step = frontier.pop()
        if step in visited:
            continue
        visited.add(step)
        if node == b:
            return False
        if node not in given:
            frontier += [(child, True) for child in children.get(node, ())]
        # a ball that falls along arrows onto a seen node bounces back up: that is what opens the colliders above it
        if (node in given) == along_arrow:
            frontier += [(parent, False) for parent in parents.get(node, ())]
    return True


def paths(
    edges: Edges, a: str, b: str, given: Collection[str] = (), do: Collection[str] = (), *, most: int = 200
) -> tuple[Path, ...]:
    """All paths between a and b, shortest first; one of them is open exactly when a and b are not d-separated.

    Args:
        given: The nodes that are seen.
        do: The nodes that are set. Arrows into them are cut, and a path over a cut arrow is listed as blocked by it.
        most: Where to stop; twelve nodes with every possible arrow have ten million paths.
    Raises:
        ValueError: a equals b, or one of them is given.
    """
    _check_ends(a, b, given)
    kept = without_arrows_into(edges, do)
    parents, _ = _neighbours(kept)
    opened = _closure(parents, given)  # colliders that are seen or have an effect that is seen
    effects = {node: descendants(kept, node) for node in {end for edge in edges for end in edge}}

    def judged(nodes: tuple[str, ...]) -> Path:
        forward = tuple(step in edges for step in pairwise(nodes))
        is_open, reason = _verdict(nodes, forward, given, do, opened, effects)
        return Path(nodes, forward, is_open, reason)

    return tuple(judged(nodes) for nodes in islice(_walks(edges, a, b), most))


def _verdict(
    nodes: tuple[str, ...],
    forward: tuple[bool, ...],
    given: Collection[str],
    do: Collection[str],
    opened: Collection[str],
    effects: Mapping[str, Collection[str]],
) -> tuple[bool, str]:
    for (tail, head), along_arrow in zip(pairwise(nodes), forward, strict=True):
        cause, effect = (tail, head) if along_arrow else (head, tail)
        if effect in do:
            return False, f"cut: do({effect}) removes the arrow {cause} → {effect}"
    whys = []
    for node, (into, out) in zip(nodes[1:-1], pairwise(forward), strict=True):
        collider = into and not out
        if collider and node not in opened:
            return False, f"blocked: {node} is a collider (→ {node} ←) and neither it nor an effect of it is seen"
        if not collider and node in do:
            return False, f"blocked at {node}, which is set"
        if not collider and node in given:
            return False, f"blocked at {node}, which is seen"
        if collider and node in given:
            whys.append(f"the collider {node} is seen, so its causes compete to explain it")
        elif collider:
            seen = next(effect for effect in given if effect in effects[node])
            whys.append(f"{seen}, an effect of the collider {node}, is seen, so the causes of {node} compete")
    if whys:
        return True, f"open: {'; '.join(whys)}"
    return True, "open: nothing on it is seen" if len(nodes) > 2 else "open: one arrow, with nothing in between"


def _walks(edges: Edges, a: str, b: str) -> Iterator[tuple[str, ...]]:
    linked: dict[str, list[str]] = {}
    for cause, effect in edges:
        linked.setdefault(cause, []).append(effect)
        linked.setdefault(effect, []).append(cause)
    frontier = [(a,)]
    while frontier:
        yield from (walk for walk in frontier if walk[-1] == b)
        longer = [(*walk, node) for walk in frontier if walk[-1] != b for node in linked.get(walk[-1], ())]
        # only walks that can still arrive are kept: a dense part that leads nowhere would cost millions
        frontier = [walk for walk in longer if walk[-1] not in walk[:-1] and b in _beyond(linked, walk)]


def _beyond(linked: Mapping[str, Iterable[str]], walk: tuple[str, ...]) -> frozenset[str]:
    free = {node: [other for other in others if other not in walk] for node, others in linked.items()}
    return _closure(free, walk[-1:])


def _closure(neighbours: Mapping[str, Iterable[str]], nodes: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    frontier = list(nodes)
    while frontier:
        node = frontier.pop()
        if node not in found:
            found.add(node)
            frontier += neighbours.get(node, ())
    return frozenset(found)


def _neighbours(edges: Edges) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    parents: dict[str, list[str]] = {}
    children: dict[str, list[str]] = {}
    for cause, effect in edges:
        parents.setdefault(effect, []).append(cause)
        children.setdefault(cause, []).append(effect)
    return parents, children


def _circle(parents: Mapping[str, Sequence[str]], waiting: Sequence[str]) -> str:
    walk = [waiting[0]]
    while walk[-1] not in walk[:-1]:
        walk.append(next(cause for cause in parents[walk[-1]] if cause in waiting))
    circle = walk[walk.index(walk[-1]) :]
    return " → ".join(reversed(circle))


def _check_ends(a: str, b: str, given: Collection[str]) -> None:
    if a == b:
        raise ValueError(f"the two ends must differ, got {a!r} twice")
    for end in (a, b):
        if end in given:
            raise ValueError(f"given must not hold the ends {a!r} and {b!r}, got {end!r}")
