"""Two-dimensional targets that every generative lesson shares: sampled, evaluated and described as JSON.

t = target("pacgan-grid")
x = t.sample(2500, generator=torch.Generator().manual_seed(0))
gap = -t.log_prob(x).mean() - t.entropy_nats
"""

import contextlib
import inspect
import json
from collections.abc import Callable

from playground.targets.base import Modes, Target
from playground.targets.checkerboard import Checkerboard
from playground.targets.curves import Moons, SwissRoll, TwoSpirals, circles, rings
from playground.targets.mixtures import (
    MOST_MODES,
    MOST_POINTS,
    drawn_cloud,
    eight_gaussians,
    grid,
    pacgan_grid,
    pacgan_ring,
    placed_modes,
    ring,
    two_blobs,
)
from playground.targets.pinwheel import Pinwheel

PRESETS: dict[str, Callable[[], Target]] = {
    "pacgan-ring": pacgan_ring,
    "pacgan-grid": pacgan_grid,
    "8gaussians": eight_gaussians,
    "checkerboard": Checkerboard,
    "2spirals": TwoSpirals,
    "pinwheel": Pinwheel,
    "moons": Moons,
    "circles": circles,
    "rings": rings,
    "swissroll": SwissRoll,
    "two-blobs": two_blobs,
}
FAMILIES: dict[str, Callable[..., Target]] = {
    "ring": ring,
    "grid": grid,
    "placed-modes": placed_modes,
    "drawn-cloud": drawn_cloud,
}


def target(name: str, **parameters: object) -> Target:
    """The target of that name: a preset, or a family with its parameters, as `Target.describe` writes them.

    Raises:
        ValueError: There is no such name or parameter, or a value is not legal.
    """
    if name not in (*PRESETS, *FAMILIES):
        raise ValueError(f"name must be one of {', '.join([*PRESETS, *FAMILIES])}, got {name!r}")
    if name in PRESETS:
        if parameters:
            raise ValueError(f"{name} has no parameters, got {', '.join(parameters)}")
        return PRESETS[name]()
    wanted = inspect.signature(FAMILIES[name])
    try:
        wanted.bind(**parameters)
    except TypeError:
        raise ValueError(
            f"{name} needs {', '.join(wanted.parameters)}, got {', '.join(parameters) or 'none'}"
        ) from None
    return FAMILIES[name](**parameters)


def read(text: str) -> Target:
    """The target whose `Target.describe`, as JSON, is `text`.

    Raises:
        ValueError: The text is no such JSON, or `target` refuses what it says.
    """
    described = None
    with contextlib.suppress(ValueError):
        described = json.loads(text)
    if not (isinstance(described, dict) and isinstance(described.get("name"), str)):
        raise ValueError(f'target must be JSON such as {{"name": "moons"}}, got {text[:60]!r}')
    return target(**described)


__all__ = [
    "FAMILIES",
    "MOST_MODES",
    "MOST_POINTS",
    "PRESETS",
    "Modes",
    "Target",
    "drawn_cloud",
    "grid",
    "placed_modes",
    "read",
    "ring",
    "target",
]
