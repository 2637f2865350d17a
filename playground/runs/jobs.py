"""One `Trainer` per server: what runs at once is bounded, equal runs are shared, and nobody's run goes on.

A backend computes: it is a callable from (train, config) to an iterator of snapshots, or None while there is no new
one; closing the iterator stops the work. `workers.Workers` is the default, `here` computes in the calling thread.
"""

import contextlib
import json
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Literal

from playground.runs.config import Config
from playground.runs.snapshot import RunFailed, Snapshot, decode, encode

Train = Callable[..., Iterator[Snapshot]]
Backend = Callable[[Train, Config], Iterator[Snapshot | None]]
State = Literal["waiting", "running", "done", "failed", "cancelled"]
MEGABYTE = 2**20


class Busy(RuntimeError):
    """So many runs wait that another one is not taken; the message is a sentence for the visitor."""


def here(train: Train, config: Config) -> Iterator[Snapshot]:
    """The backend for tests and scripts: the run in the thread that asks."""
    from playground import devices

    yield from train(config, device=devices.device())


class Job:
    """One run, and its snapshots so far."""

    def __init__(self, snapshots: list[Snapshot] | None = None) -> None:
        self.snapshots: list[Snapshot] = snapshots or []
        self.state: State = "done" if snapshots else "waiting"
        self.problem = ""
        self.readers: set[Handle] = set()
        self.changed = threading.Condition()

    @property
    def ended(self) -> bool:
        return self.state in ("done", "failed", "cancelled")

    @property
    def size(self) -> int:
        return sum(snapshot.size for snapshot in self.snapshots)

    def wanted(self) -> bool:
        """Whether anybody still reads; those whose visitor has gone are let go."""
        with self.changed:
            self.readers = {reader for reader in self.readers if reader.open and reader.alive()}
            return bool(self.readers)

    def pump(self, backend: Backend, train: Train, config: Config) -> None:
        """Collect the snapshots until the run ends or nobody wants it any more."""
        if not self.wanted():
            self._become("cancelled")
            return
        self._become("running")
        try:
            with contextlib.closing(backend(train, config)) as source:  # type: ignore[type-var]
                for snapshot in source:
                    if not self.wanted():
                        self._become("cancelled")
                        return
                    if snapshot is not None:
                        with self.changed:
                            self.snapshots.append(snapshot)
                            self.changed.notify_all()
            self._become("done")
        except RunFailed as sentence:
            self._become("failed", str(sentence))
        except Exception as error:
            self._become("failed", f"The run stopped: {error}")

    def _become(self, state: State, problem: str = "") -> None:
        with self.changed:
            self.state, self.problem = state, problem
            if state == "cancelled":
                self.snapshots = []  # nobody reads them
            self.changed.notify_all()


class Handle:
    """A reader's view of a run. The run is stopped when its last reader has left."""

    def __init__(self, job: Job, place: Callable[[Job], int], alive: Callable[[], bool]) -> None:
        self._job, self._place, self.alive = job, place, alive
        self.open = True
        with job.changed:
            job.readers.add(self)

    @classmethod
    def refused(cls, problem: str) -> "Handle":
        """Of a run that is not taken: one that failed before its first snapshot."""
        job = Job()
        job.state, job.problem = "failed", problem
        return cls(job, lambda _: 0, lambda: True)

    @property
    def state(self) -> State:
        return self._job.state if self.open else "cancelled"

    @property
    def ended(self) -> bool:
        """Whether all snapshots that will ever be are there."""
        return self._job.ended or not self.open

    @property
    def problem(self) -> str:
        """The sentence of a run that failed."""
        return self._job.problem

    @property
    def place(self) -> int:
        """In the queue: 1 is next; 0 when it does not wait."""
        return self._place(self._job)

    def so_far(self) -> list[Snapshot]:
        """Every snapshot that is there, without waiting."""
        return list(self._job.snapshots)

    def frames(self) -> Iterator[Snapshot]:
        """Every snapshot from the first on, waiting for those still to come.

        Raises:
            RunFailed: The run failed; all snapshots before that have been given.
        """
        job, at = self._job, 0
        while self.open:
            with job.changed:
                job.changed.wait_for(lambda: len(job.snapshots) > at or job.ended or not self.open)  # noqa: B023
                fresh, ended = job.snapshots[at:], job.ended
            yield from fresh
            at += len(fresh)
            if ended and at == len(job.snapshots):
                if job.state == "failed":
                    raise RunFailed(job.problem)
                return

    def wait(self, seconds: float) -> None:
        """Return when the run has ended, or after so many seconds."""
        job = self._job
        with job.changed:
            job.changed.wait_for(lambda: job.ended or not self.open, seconds)

    def cancel(self) -> None:
        """Leave."""
        with self._job.changed:
            self.open = False
            self._job.changed.notify_all()


class Trainer:
    """Takes runs, shares equal ones, keeps finished ones.

    Args:
        running: How many runs are computed at once; by default all cores but one, which serves the pages.
        waiting: How many more may wait.
        keep_bytes: Of snapshots of finished runs in memory; the least recently asked for go to disk.
        disk_bytes: Of those on disk; the oldest are dropped. The folder goes with the server.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        running: int | None = None,
        waiting: int = 32,
        keep_bytes: int = 256 * MEGABYTE,
        disk_bytes: int = 1024 * MEGABYTE,
    ) -> None:
        self.running = running or max(1, (os.cpu_count() or 2) - 1)
        self._backend, self._waiting = backend, waiting
        self._jobs: OrderedDict[str, Job] = OrderedDict()  # the least recently asked for first
        self._queue: SimpleQueue[tuple[Job, Train, Config]] = SimpleQueue()
        self._asked: list[Job] = []  # what may still wait, in the order of the queue
        self._lock = threading.Lock()
        self._shelf = _Shelf(disk_bytes)
        self._keep = keep_bytes
        for _ in range(self.running):  # daemons: a server told to stop does not wait for a run
            threading.Thread(target=self._work, name="run", daemon=True).start()

    def submit(self, train: Train, config: Config, *, alive: Callable[[], bool] = lambda: True) -> Handle:
        """A handle on the run of `config`, which is started unless an equal one is there.

        Args:
            alive: Whether the visitor who asks is still there; a run that nobody alive reads is stopped.
        Raises:
            Busy: Too many runs wait.
        """
        key = _named(train, config)
        with self._lock:
            self._tidy()
            job = self._jobs.get(key)
            if job is None and (kept := self._shelf.take(key)):
                job = self._jobs[key] = Job(kept)
            if job is None or job.state in ("failed", "cancelled") or not (job.ended or job.wanted()):
                if sum(other.state == "waiting" for other in self._jobs.values()) >= self._waiting:
                    raise Busy(f"{self._waiting} runs already wait for a free processor. Try again in a minute.")
                job = self._jobs[key] = Job()
                handle = Handle(job, self._place, alive)
                self._asked.append(job)
                self._queue.put((job, train, config))
            else:
                handle = Handle(job, self._place, alive)
            self._jobs.move_to_end(key)
        return handle

    def known(self, train: Train, config: Config) -> list[Snapshot]:
        """The snapshots that are in memory of that run; none if nobody asked for it."""
        with self._lock:
            job = self._jobs.get(_named(train, config))
        return list(job.snapshots) if job else []

    def jobs(self) -> list[Job]:
        """Every run that is waiting, running or kept in memory."""
        with self._lock:
            return list(self._jobs.values())

    def close(self) -> None:
        """Stop every run."""
        with self._lock:
            for job in self._jobs.values():
                for reader in job.readers.copy():
                    reader.cancel()
        self._shelf.close()

    def _work(self) -> None:
        while True:
            job, train, config = self._queue.get()
            job.pump(self._backend, train, config)

    def _place(self, job: Job) -> int:
        with self._lock:
            self._asked = [other for other in self._asked if other.state == "waiting"]
            return self._asked.index(job) + 1 if job in self._asked else 0

    def _tidy(self) -> None:
        """Forget what was cancelled or failed unread; put the least recent of the finished on the shelf."""
        for key, job in list(self._jobs.items()):
            if job.state == "cancelled" or (job.state in ("waiting", "failed") and not job.wanted()):
                del self._jobs[key]
        finished = [(key, job) for key, job in self._jobs.items() if job.state == "done"]
        excess = sum(job.size for _, job in finished) - self._keep
        for key, job in finished:
            if excess <= 0:
                break
            if not job.wanted():
                excess -= job.size
                self._shelf.put(key, self._jobs.pop(key).snapshots)


def _named(train: Train, config: Config) -> str:
    return json.dumps([train.__module__, train.__qualname__, config.as_json()], sort_keys=True)


class _Shelf:
    """Finished runs on disk, as the bytes of their snapshots."""

    def __init__(self, most_bytes: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="playground-runs-", ignore_cleanup_errors=True)
        self._files: OrderedDict[str, tuple[Path, int]] = OrderedDict()
        self._most = most_bytes
        self._made = 0

    def put(self, key: str, snapshots: list[Snapshot]) -> None:
        path = Path(self._folder.name) / str(self._made)
        self._made += 1
        with path.open("wb") as file:
            for data in map(encode, snapshots):
                file.write(len(data).to_bytes(8, "little") + data)
        self._files[key] = (path, path.stat().st_size)
        while sum(size for _, size in self._files.values()) > self._most:
            self._files.popitem(last=False)[1][0].unlink()

    def take(self, key: str) -> list[Snapshot]:
        """The run's snapshots, which leave the shelf; none if it is not there."""
        path, _ = self._files.pop(key, (None, 0))
        if path is None:
            return []
        data, at, snapshots = path.read_bytes(), 0, []
        path.unlink()
        while at < len(data):
            end = at + 8 + int.from_bytes(data[at : at + 8], "little")
            snapshots.append(decode(data[at + 8 : end]))
            at = end
        return snapshots

    def close(self) -> None:
        self._folder.cleanup()
