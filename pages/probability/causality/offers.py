"""The published networks: where their nodes lie on the sheet, and what is worth asking of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playground.causality import Network, front_door, m_bias, simpson, smoking, toy
from playground.causality.sketch import Place

SMOKING = "Smoking"


@dataclass(frozen=True)
class Offer:
    """A network with its places and its questions."""

    build: Callable[[], Network]
    places: Mapping[str, Place]
    rivals: tuple[str, str, str]  # a cause, the effect that is seen, another cause of it
    effect_of: tuple[str, str]  # a cause, and something whose dependence on it is asked for
    hidden: tuple[str, ...] = ()  # what nobody measured


OFFERS: Mapping[str, Offer] = {
    SMOKING: Offer(
        smoking,
        {"smoking": (0.15, 0), "asbestos": (1, 0), "yellow": (0, 1), "tar": (0.5, 0.5), "cancer": (0.9, 1)},
        rivals=("smoking", "cancer", "asbestos"),
        effect_of=("smoking", "cancer"),
    ),
    "Three nodes": Offer(
        toy,
        {"A": (0.15, 0), "C": (0.85, 0), "B": (0.5, 1)},
        rivals=("A", "B", "C"),
        effect_of=("A", "B"),
    ),
    "Front door": Offer(
        front_door,
        {"genotype": (0.5, 0), "smoking": (0, 0.5), "tar": (0.5, 1), "cancer": (1, 0.5)},
        rivals=("tar", "cancer", "genotype"),
        effect_of=("smoking", "cancer"),
        hidden=("genotype",),
    ),
    "Simpson": Offer(
        simpson,
        {"large stones": (0.5, 0), "treatment": (0.05, 1), "recovery": (0.95, 1)},
        rivals=("treatment", "recovery", "large stones"),
        effect_of=("treatment", "recovery"),
    ),
    "M-bias": Offer(
        m_bias,
        {"u1": (0.1, 0), "u2": (0.9, 0), "m": (0.5, 0.45), "x": (0, 1), "y": (1, 1)},
        rivals=("u1", "m", "u2"),
        effect_of=("x", "y"),
        hidden=("u1", "u2"),
    ),
}
