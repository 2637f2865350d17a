"""A network as a visitor sketches it: mechanisms, places on the sheet, and the text that a link carries."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from playground.causality.mechanisms import Logistic, Mechanism, Root
from playground.causality.network import Network

Place = tuple[float, float]  # in [0, 1]², x to the right, y down
NEW_PROBABILITY, NEW_BIAS, NEW_WEIGHT = 0.3, -1.0, 2.0  # of what was just drawn
STRONGEST = 12.0  # of a bias or weight in a link; σ(12) is 1 − 6·10⁻⁶
_NODE = re.compile(r"(?P<name>[^@~]{1,20})@(?P<x>\d{1,3}),(?P<y>\d{1,3}):(?P<first>[^*]+)(?P<weights>(\*[^*]+)*)")


@dataclass(frozen=True)
class Sketch:
    """Roots and logistic nodes only, so that an arrow is one number."""

    network: Network
    places: Mapping[str, Place]

    def __post_init__(self) -> None:
        if len(self.network.nodes) < 2:
            raise ValueError("a sketch has at least two nodes")
        if any(isinstance(m, Logistic) and not m.weights for m in self.network.mechanisms.values()):
            raise ValueError("a node without causes is a Root")

    def text(self) -> str:
        """Such as `rain@0,0:0.3~wet@50,100:-1*rain=2`: a root's probability, or a bias and the weight of each cause."""
        return "~".join(self._node(name) for name in self.network.nodes)

    def _node(self, name: str) -> str:
        x, y = self.places[name]
        mechanism = self.network.mechanisms[name]
        if isinstance(mechanism, Logistic):
            weights = "".join(f"*{cause}={weight:g}" for cause, weight in mechanism.weights.items())
            return f"{name}@{100 * x:.0f},{100 * y:.0f}:{mechanism.bias:g}{weights}"
        assert isinstance(mechanism, Root)
        return f"{name}@{100 * x:.0f},{100 * y:.0f}:{mechanism.probability:g}"

    @classmethod
    def parse(cls, text: str) -> "Sketch":
        """The sketch that `text` describes.

        Raises:
            ValueError: It describes none, or one that is not legal: a cycle, 13 nodes, a probability of 2.
        """
        mechanisms: dict[str, Mechanism] = {}
        places: dict[str, Place] = {}
        for part in text.split("~"):
            if not (match := _NODE.fullmatch(part)):
                raise ValueError("nodes like rain@0,0:0.3, joined by ~")
            name, first = match["name"], _number(match["first"])
            if name in mechanisms:
                raise ValueError("every name once")
            weights = dict(_weight(item) for item in match["weights"].split("*")[1:])
            mechanisms[name] = Logistic(first, weights) if weights else Root(first)
            places[name] = (min(1.0, int(match["x"]) / 100), min(1.0, int(match["y"]) / 100))
        return cls(Network(mechanisms), places)

    def redrawn(self, places: Mapping[str, Place], edges: Collection[tuple[str, str]]) -> "Sketch":
        """After nodes and arrows were added, moved or removed; mechanisms keep what they can.

        Raises:
            ValueError: The arrows form a cycle, or there are more than 12 nodes.
        """
        mechanisms = {name: self._answering(name, [a for a, b in edges if b == name]) for name in places}
        return Sketch(Network(mechanisms), dict(places))

    def _answering(self, name: str, causes: Sequence[str]) -> Mechanism:
        old = self.network.mechanisms.get(name)
        if not causes:
            return old if isinstance(old, Root) else Root(NEW_PROBABILITY)
        bias, weights = (old.bias, old.weights) if isinstance(old, Logistic) else (NEW_BIAS, {})
        return Logistic(bias, {cause: weights.get(cause, NEW_WEIGHT) for cause in causes})


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= STRONGEST:
        raise ValueError(f"numbers from {-STRONGEST:g} to {STRONGEST:g}")
    return value


def _weight(item: str) -> tuple[str, float]:
    cause, _, weight = item.rpartition("=")
    return cause, _number(weight)
