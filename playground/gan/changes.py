"""One thing changed between two games: a choice of changes by name, or any knob and its other value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, NamedTuple

from playground.gan.config import GanConfig

SHARED: Final = ("target", "seed", "steps", "every", "moves")  # by both games of a pair


class Difference(NamedTuple):
    """A field in which two games differ, and its values."""

    field: str
    left: Any
    right: Any


@dataclass(frozen=True)
class Change:
    """One thing to change.

    Attributes:
        to: Fields and their other values.
        back: What to set instead in a game that has been changed so already.
        needs: Fields and the values without which the change would do nothing.
        there: Whether a value of the first field of `to` is that of a game that has been changed so already; where
            nothing is said, when it is the value of `to`.
    """

    to: Mapping[str, Any]
    back: Mapping[str, Any]
    needs: Mapping[str, Any]
    there: Callable[[Any], bool] | None = None

    def of(self, config: GanConfig) -> GanConfig | None:
        """The changed game; None where the change does nothing or is not legal."""
        if any(getattr(config, name) != value for name, value in self.needs.items()):
            return None
        field, value = next(iter(self.to.items()))
        now = getattr(config, field)
        there = self.there(now) if self.there else now == value
        for values in (self.back,) if there else (self.to, self.back):
            other = changed(config, values)
            if other is not None and other != config:
                return other
        return None


def _switch(
    name: str, value: object, back: object, there: Callable[[Any], bool] | None = None, **needs: object
) -> Change:
    return Change({name: value}, {name: back}, needs, there)


CHANGES: Final[Mapping[str, Change]] = {
    "Packing": _switch("pack", 4, 1),
    "Batch statistics": _switch("batch_std", True, False),
    "Minimax loss": _switch("loss", "minimax", "non-saturating"),
    "Unrolling": _switch("unroll", 5, 0, bool),
    "Gradient penalty": Change({"penalty": "gradient", "penalty_weight": 0.1}, {"penalty": "none"}, {}),
    "Weight of the penalty": _switch("penalty_weight", 10.0, 0.1, penalty="gradient"),
    "Clipping": _switch("penalty", "clip", "none"),
    "Spectral norm": _switch("spectral_norm", True, False),
    "Instance noise": _switch("noise", 0.3, 0.0, bool),
    "Steps of D": _switch("d_steps", 5, 1, lambda steps: steps > 1),
    "Slow D": _switch("d_rate", 1e-4, 1e-3, lambda rate: rate <= 1e-4),
    "Fast D": _switch("d_rate", 1e-2, 1e-3, lambda rate: rate >= 1e-2),
    "Dimensions of z": _switch("z_dim", 16, 2),
    "Wasserstein loss": Change(
        {"loss": "Wasserstein", "penalty": "gradient", "penalty_weight": 0.1},
        {"loss": "non-saturating", "penalty": "none"},
        {},
    ),
}


def changed(config: GanConfig, values: Mapping[str, Any]) -> GanConfig | None:
    """The game with other values; None where they are not legal together."""
    try:
        return replace(config, **values)
    except ValueError:
        return None


def choices(config: GanConfig) -> dict[str, GanConfig]:
    """The changed games, by the name of the change: those that are legal and do something."""
    found = {name: change.of(config) for name, change in CHANGES.items()}
    return {name: other for name, other in found.items() if other is not None}


def differences(left: GanConfig, right: GanConfig) -> tuple[Difference, ...]:
    """Every field in which the games differ."""
    pairs = ((field.name, getattr(left, field.name), getattr(right, field.name)) for field in fields(GanConfig))
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])


def free(config: GanConfig) -> tuple[str, ...]:
    """The fields that can be changed and matter in that game."""
    idle = {
        "clip": config.penalty != "clip",
        "penalty_weight": config.penalty != "gradient",
        "beta1": "Adam" not in (config.g_optimizer, config.d_optimizer),
    }
    names = (field.name for field in fields(GanConfig))
    return tuple(name for name in names if name not in SHARED and not idle.get(name))


def others(config: GanConfig, field: str, offered: tuple[Any, ...]) -> tuple[Any, ...]:
    """Those of the offered values of a field that make a legal other game."""
    return tuple(
        value for value in offered if value != getattr(config, field) and changed(config, {field: value}) is not None
    )
