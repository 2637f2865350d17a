"""Runs: training as a generator of frozen snapshots, computed elsewhere, watched by many."""

from playground.runs.config import Config, Range, config_from, legal
from playground.runs.jobs import Busy, Handle, Trainer
from playground.runs.snapshot import Diverged, RunFailed, Snapshot, due, freeze, redraw
from playground.runs.workers import Workers

__all__ = [
    "Busy",
    "Config",
    "Diverged",
    "Handle",
    "Range",
    "RunFailed",
    "Snapshot",
    "Trainer",
    "Workers",
    "config_from",
    "due",
    "freeze",
    "legal",
    "redraw",
]
