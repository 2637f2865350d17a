"""Snapshots: what the eye needs after some updates, never the model; as objects and as bytes."""

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from playground.runs.config import Config

if TYPE_CHECKING:
    import torch

_unwanted: Callable[[], bool] = bool  # False: nobody has said anything


class RunFailed(RuntimeError):
    """A run ended before its last step; the message is a sentence for the visitor."""


class Left(Exception):
    """Nobody wants the run any more; it ends between two updates."""


class Diverged(RunFailed):
    """The numbers of a run left every bound; the sentence names the step and the knob to turn."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What the eye needs after `step` updates: read-only float32 arrays, numbers and short texts."""

    step: int

    def __post_init__(self) -> None:
        for field in fields(self):
            if isinstance(value := getattr(self, field.name), np.ndarray):
                value.setflags(write=False)

    @property
    def size(self) -> int:
        """Of the arrays, in bytes."""
        values = (getattr(self, field.name) for field in fields(self))
        return sum(value.nbytes for value in values if isinstance(value, np.ndarray))


def encode(snapshot: Snapshot) -> bytes:
    """The snapshot as safetensors: its arrays, and in the header its class and everything else."""
    from safetensors.numpy import save

    values = {field.name: getattr(snapshot, field.name) for field in fields(snapshot)}
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    rest = {name: value for name, value in values.items() if name not in arrays}
    kind = f"{type(snapshot).__module__}:{type(snapshot).__qualname__}"
    return save(arrays, metadata={"kind": kind, "rest": json.dumps(rest)})


def decode(data: bytes) -> Snapshot:
    """The snapshot that `encode` wrote.

    Raises:
        ValueError: The bytes name something that is no snapshot.
    """
    from safetensors.numpy import load

    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
    kind = named(header["kind"])
    if not (isinstance(kind, type) and issubclass(kind, Snapshot)):
        raise ValueError(f"{header['kind']} is no snapshot")
    return kind(**load(data), **json.loads(header["rest"]))


def named(reference: str) -> object:
    """What `module:name` refers to."""
    module, _, name = reference.partition(":")
    return getattr(importlib.import_module(module), name)


def freeze(x: "torch.Tensor") -> np.ndarray:
    """A read-only float32 copy of `x` on the CPU, cut off from the graph."""
    array = x.detach().to("cpu").float().numpy().copy()
    array.setflags(write=False)
    return array


def due(step: int, config: Config) -> bool:
    """Whether a run shows itself after `step` updates: at the first, the last, and every k-th.

    Raises:
        Left: As in `heed`; a loop that asks this after each update can be left after each.
    """
    heed()
    return step % config.every == 0 or step == config.steps


def heed() -> None:
    """Between two updates: stop here if nobody wants the run any more, however far the next snapshot is.

    Raises:
        Left: The process that computes the run was told so.
    """
    if _unwanted():
        raise Left


def leave_when(unwanted: Callable[[], bool]) -> None:
    """What `heed` asks in this process, many times a second."""
    global _unwanted
    _unwanted = unwanted


def redraw(module: "torch.nn.Module", *, generator: "torch.Generator", gain: float = 1.0) -> "torch.nn.Module":
    """`module` with every linear layer drawn anew (Glorot uniform, zero bias), in place.

    Layers initialise from torch's global generator, which all threads share: a run that used it could not be repeated.
    """
    import torch

    with torch.no_grad():
        for layer in module.modules():
            if isinstance(layer, torch.nn.Linear):
                torch.nn.init.xavier_uniform_(layer.weight, gain, generator=generator)
                torch.nn.init.zeros_(layer.bias)
    return module
