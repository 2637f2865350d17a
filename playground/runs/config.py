"""Hyperparameters: frozen, hashable, JSON-able, and legal by construction.

Legal values are written once, in a config's annotations; validation, knobs, links and property tests read them there.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

C = TypeVar("C", bound="Config")


@dataclass(frozen=True)
class Range:
    """A closed interval that a hyperparameter lies in; also the ends of its knob."""

    low: float
    high: float
    log: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Config:
    """What every run has. Equal configs give equal runs, up to floating point.

    Raises:
        ValueError: A field lies outside its `Range`, is none of its `Literal` choices, or has another type.
    """

    seed: Annotated[int, Range(0, 9_999)] = 0
    steps: Annotated[int, Range(1, 20_000, log=True, unit="updates")] = 1_000
    every: Annotated[int, Range(1, 1_000, log=True, unit="updates")] = 20  # between two snapshots

    def __post_init__(self) -> None:
        for name, allowed in legal(type(self)).items():
            value = getattr(self, name)
            if isinstance(allowed, Range):
                whole = isinstance(getattr(type(self), name, 0.0), int)
                if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
                    raise ValueError(f"{name} must be a{' whole' if whole else ''} number, got {value!r}")
                if not allowed.low <= value <= allowed.high:
                    raise ValueError(f"{name} must be in [{allowed.low:g}, {allowed.high:g}], got {value!r}")
            elif value not in allowed:
                raise ValueError(f"{name} must be one of {allowed}, got {value!r}")

    def as_json(self) -> dict[str, Any]:
        """The fields as plain values; `config_from` reads them back."""
        return asdict(self)


@cache
def legal(config: type[Config]) -> dict[str, Range | tuple[Any, ...]]:
    """The `Range`, or the choices, of every field that states them."""
    found: dict[str, Range | tuple[Any, ...]] = {}
    for name, hint in get_type_hints(config, include_extras=True).items():
        if get_origin(hint) is Literal:
            found[name] = get_args(hint)
        elif get_origin(hint) is Annotated:
            found.update((name, note) for note in get_args(hint)[1:] if isinstance(note, Range))
    return found


def config_from(kind: type[C], values: Mapping[str, Any]) -> C:
    """The config whose `as_json` is `values`; what they leave out has its default.

    Raises:
        ValueError: There is no such field, or a value is not legal.
    """
    names = [field.name for field in fields(kind)]
    if strangers := sorted(set(values) - set(names)):
        raise ValueError(f"{kind.__name__} has no field {strangers[0]!r}; its fields are {', '.join(names)}")
    return kind(**{name: _frozen(value) for name, value in values.items()})


def _frozen(value: Any) -> Any:  # noqa: ANN401 (a JSON value)
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
