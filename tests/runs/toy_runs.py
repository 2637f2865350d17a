"""Runs that are easy to predict, for the machinery around them; workers import them by name."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from playground.runs import Config, Diverged, Range, Snapshot, due


@dataclass(frozen=True)
class CountConfig(Config):
    """A number, a choice, and something without a legal range."""

    start: Annotated[float, Range(-1.0, 1.0)] = 0.0
    way: Literal["up", "down"] = "up"
    marks: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, eq=False)
class CountSnapshot(Snapshot):
    """An array, a number, a text."""

    at: np.ndarray
    total: float
    note: str = ""


def snapshot(config, step):
    sign = 1 if config.way == "up" else -1
    return CountSnapshot(step, np.full(3, config.start + sign * step, np.float32), float(step), f"seed {config.seed}")


def count(config: CountConfig, *, device: object) -> Iterator[CountSnapshot]:
    for step in range(config.steps + 1):
        yield snapshot(config, step)


def endless(config: CountConfig, *, device: object) -> Iterator[CountSnapshot]:
    step = 0
    while True:
        yield snapshot(config, step)
        step += 1
        threading.Event().wait(0.002)


def slow(config: CountConfig, *, device: object) -> Iterator[CountSnapshot]:
    for step in range(config.steps + 1):
        yield snapshot(config, step)
        threading.Event().wait(0.02)


def silent(config: CountConfig, *, device: object) -> Iterator[CountSnapshot]:
    yield snapshot(config, 0)
    threading.Event().wait(600)


def seldom(config: CountConfig, *, device: object) -> Iterator[CountSnapshot]:
    """Quick updates without a snapshot for minutes."""
    yield snapshot(config, 0)
    for step in range(1, 60_000):
        threading.Event().wait(0.01)
        due(step, config)


def diverging(config: CountConfig, *, device: object) -> Iterator[CountSnapshot]:
    yield snapshot(config, 0)
    raise Diverged("At step 1 the weights left every bound; lower the learning rate.")


def wrong(config: CountConfig, *, device: object) -> Iterator[CountSnapshot]:
    yield snapshot(config, 0)
    raise ZeroDivisionError("a detail for the log")


def killed(config: CountConfig, *, device: object) -> Iterator[CountSnapshot]:
    yield snapshot(config, 0)
    os.kill(os.getpid(), signal.SIGKILL)


def loaded(config: CountConfig, *, device: object) -> Iterator[CountSnapshot]:
    """Whether this process has a module that nothing here imports."""
    yield CountSnapshot(0, np.zeros(1, np.float32), float("colorsys" in sys.modules), str(os.getpid()))


def process(config: CountConfig, *, device: object) -> Iterator[CountSnapshot]:
    yield CountSnapshot(0, np.zeros(1, np.float32), float(os.getpid()))
