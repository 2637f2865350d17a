"""How a binary node answers to its parents: a bare probability, a logistic regression, or a table.

Every mechanism is a value: it is checked once, never changes, compares and hashes by what it says.
Source: Pearl, Causality, 2009, §1.4 (structural equations); Koller & Friedman, 2009, §5.4.2 (the logistic model).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Value = TypeVar("Value")
Nested = float | Sequence["Nested"]

LARGEST_LOGIT = 1e6


class Frozen(Mapping[str, Value]):
    """A mapping that cannot change: hashable, picklable; equal to another when the items come in the same order."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Value]) -> None:
        self._items = dict(items)

    def __getitem__(self, name: str) -> Value:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frozen) and tuple(self._items.items()) == tuple(other._items.items())

    def __hash__(self) -> int:
        return hash(tuple(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


@dataclass(frozen=True)
class Root:
    """A node without parents: P(X = 1) = probability."""

    probability: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "probability", _number(self.probability, "probability", 0.0, 1.0))

    @property
    def parents(self) -> tuple[str, ...]:
        return ()

    def table(self) -> np.ndarray:
        """P(X = 1), float64, shape ()."""
        return np.array(self.probability)


@dataclass(frozen=True)
class Logistic:
    """P(X = 1 | parents) = σ(bias + Σ weight · parent), σ(a) = 1 / (1 + exp(-a)): a weight adds nats of log odds."""

    bias: float
    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "bias", _number(self.bias, "bias", -LARGEST_LOGIT, LARGEST_LOGIT))
        if not isinstance(self.weights, Mapping):
            raise ValueError(f"weights must map each parent to a number, got {self.weights!r}")
        weights = {
            parent: _number(weight, f"weights[{parent!r}]", -LARGEST_LOGIT, LARGEST_LOGIT)
            for parent, weight in self.weights.items()
        }
        object.__setattr__(self, "weights", Frozen(weights))

    @property
    def parents(self) -> tuple[str, ...]:
        return tuple(self.weights)

    def logits(self) -> np.ndarray:
        """bias + Σ weight · parent for every answer of the parents, float64, shape (2,) * parents."""
        logits = np.array(self.bias)
        for weight in self.weights.values():
            logits = np.add.outer(logits, (0.0, weight))
        return logits

    def table(self) -> np.ndarray:
        """P(X = 1 | parents), float64, shape (2,) * parents, one axis per parent in the order of the weights."""
        return sigmoid(self.logits())


@dataclass(frozen=True)
class Table:
    """Any mechanism, number by number: probability[value of parents[0]][value of parents[1]]… = P(X = 1 | parents)."""

    parents: tuple[str, ...]
    probability: Nested

    def __post_init__(self) -> None:
        if isinstance(self.parents, str) or len(set(self.parents)) != len(tuple(self.parents)):
            raise ValueError(f"parents must be a tuple of different names, got {self.parents!r}")
        object.__setattr__(self, "parents", tuple(self.parents))
        legal = (2,) * len(self.parents)
        try:
            table = np.array(self.probability, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"probability must be numbers in shape {legal}, got {self.probability!r}") from None
        if table.shape != legal:
            raise ValueError(f"probability must have shape {legal}, two per parent, got shape {table.shape}")
        if not ((table >= 0) & (table <= 1)).all():
            raise ValueError(f"probability must be in [0, 1], got {self.probability!r}")
        object.__setattr__(self, "probability", _nested(table.tolist()))

    def table(self) -> np.ndarray:
        """P(X = 1 | parents), float64, shape (2,) * parents."""
        return np.array(self.probability)


Mechanism = Root | Logistic | Table


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """σ(logits), exact in both tails and without overflow."""
    return np.exp(-np.logaddexp(0.0, -logits))


def _number(value: float, name: str, low: float, high: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = np.nan
    if not low <= number <= high:
        raise ValueError(f"{name} must be in [{low:g}, {high:g}], got {value!r}")
    return number


def _nested(rows: Nested) -> Nested:
    return tuple(map(_nested, rows)) if isinstance(rows, list) else rows
