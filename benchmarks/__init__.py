"""Measurements, printed and never asserted: `python -m benchmarks.<name>`. Here is what they share."""

import contextlib
import os
import platform
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

ROOT = Path(__file__).parents[1]
TURN = 5e-3  # seconds: one call alone would measure what the library before it left in the processor's caches
LEAST_TURNS = 5
ENGINE = "playground"


@dataclass(frozen=True)
class Question:
    """One thing that a page asks of its engine, and everybody who can answer it.

    Attributes:
        answers: By name of who answers, the engine first; each returns numbers of one shape.
        random: Whether the answers are random, so that they do not have to agree.
    """

    title: str
    answers: Mapping[str, Callable[[], object]]
    random: bool = False


def race(question: Question, seconds: float) -> dict[str, tuple[float, float]]:
    """Median seconds, by the clock and of the processor, that everybody needs for an answer.

    All are asked in turn, so that a slow moment of the machine meets them all.
    """
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in question.answers}
    end = time.perf_counter() + seconds * len(spent)
    while time.perf_counter() < end or len(spent[ENGINE]) < LEAST_TURNS:
        for name, answer in question.answers.items():
            asked, start, began = 0, time.perf_counter(), time.process_time()
            while not asked or time.perf_counter() < start + TURN:
                answer()
                asked += 1
            spent[name].append(((time.perf_counter() - start) / asked, (time.process_time() - began) / asked))
    clocks = {name: tuple(zip(*times, strict=True)) for name, times in spent.items()}
    return {name: (median(clock), median(processor)) for name, (clock, processor) in clocks.items()}


def difference(one: object, other: object) -> float:
    """The largest by which two answers differ; 0 where both are the same infinity."""
    a, b = np.asarray(one, dtype=float).ravel(), np.asarray(other, dtype=float).ravel()
    with np.errstate(invalid="ignore"):  # inf - inf
        return float(np.where(a == b, 0.0, np.abs(a - b)).max())


def compare_times(questions: list[Question], *, seconds: float = 0.5) -> None:
    """Print who needs how long for every question, how many times the engine's processor time, and how far apart."""
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, medians")
    print(f"{'':36}{'ms':>10}{'CPU ms':>10}{'times':>9}  {'differs by at most'}")
    for question in questions:
        found = {name: answer() for name, answer in question.answers.items()}
        times = race(question, seconds)
        print(question.title)
        for name, (clock, processor) in times.items():
            line = f"    {name:32}{1e3 * clock:10.3f}{1e3 * processor:10.3f}"
            if name != ENGINE:
                apart = "random" if question.random else f"{difference(found[ENGINE], found[name]):.1e}"
                line += f"{processor / times[ENGINE][1]:8.1f}×  {apart}"
            print(line, flush=True)


@contextlib.contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """A fresh server that nobody has visited yet: its address, once it is healthy, and its process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    options = [
        "--server.address=127.0.0.1",
        f"--server.port={port}",
        "--server.headless=true",
        "--server.fileWatcherType=none",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *options],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                break
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with status {process.returncode}")
            time.sleep(0.05)
        else:
            raise TimeoutError("the server was not healthy within 30 seconds")
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(20)


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of `values` do not exceed; NaN of none."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)] if ordered else float("nan")
