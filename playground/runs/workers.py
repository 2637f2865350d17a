"""The default backend: spawned worker processes, reused from run to run.

Threads in the server would slow every visitor's page down 5 to 15 times and train no faster. A worker ends with the
server, also when the server is killed; one that dies, hangs or does not stop when told is replaced.
"""

import contextlib
import importlib
import json
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from playground.runs.config import Config, config_from
from playground.runs.snapshot import Left, RunFailed, Snapshot, decode, encode, leave_when, named

TICK_SECONDS = 0.1  # how long the reader of a run can be kept from leaving
STOP_SECONDS = 0.5  # how long a worker may take to stop before it is ended
_log = logging.getLogger(__name__)


class Workers:
    """A backend: called with (train, config), it gives the snapshots as they come, and None while there is no new one.

    Closing the iterator stops the run.

    Args:
        silence_seconds: A run without a snapshot for so long has failed.
        imports: Modules that a worker loads as it starts, so that no visitor's run has to wait for them.
    """

    def __init__(self, *, silence_seconds: float = 120.0, imports: Sequence[str] = ()) -> None:
        self._idle: list[_Worker] = []
        self._busy = 0
        self._lock = threading.Lock()
        self._silence, self._imports = silence_seconds, tuple(imports)

    def __call__(self, train: Callable[..., Iterator[Snapshot]], config: Config) -> Iterator[Snapshot | None]:
        worker = self._take()
        stopped = False
        try:
            worker.pipe.send_bytes(_order(train, config))
            heard = time.monotonic()
            while True:
                if not worker.pipe.poll(TICK_SECONDS):
                    if time.monotonic() - heard > self._silence:
                        raise RunFailed(f"The run gave no sign for {self._silence:g} s and was ended.")
                    yield None
                    continue
                message, heard = worker.pipe.recv_bytes(), time.monotonic()
                stopped = message[:1] in (b"E", b"X")
                if message[:1] == b"X":
                    raise RunFailed(message[1:].decode())
                if stopped:
                    return
                yield decode(message[1:])
        except (EOFError, OSError) as gone:
            raise RunFailed("The process that computed this run was ended from outside. Start it again.") from gone
        finally:
            if not (stopped or worker.stop()):
                worker.end()
                worker = _Worker(self._imports)  # the next run should not have to wait for it
            with self._lock:
                self._busy -= 1
                self._idle.append(worker)

    def warm(self, count: int = 1) -> None:
        """Have so many workers before they are needed: starting one takes a few seconds."""
        with self._lock:
            self._idle += [_Worker(self._imports) for _ in range(count - len(self._idle) - self._busy)]

    def close(self) -> None:
        """End all workers that have nothing to do."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def _take(self) -> "_Worker":
        with self._lock:
            self._busy += 1
            while self._idle:
                worker = self._idle.pop()
                if worker.process.is_alive():
                    return worker
                worker.end()
        return _Worker(self._imports)


class _Worker:
    """A process that waits for orders at the other end of a pipe."""

    def __init__(self, imports: tuple[str, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, imports), name="playground-worker", daemon=True)
        self.process.start()
        theirs.close()  # else the pipe would never end when the process does

    def stop(self) -> bool:
        """Tell it to leave its run; whether it did, and can take another."""
        with contextlib.suppress(OSError, EOFError):
            self.pipe.send_bytes(b"stop")
            deadline = time.monotonic() + STOP_SECONDS
            while self.pipe.poll(max(0.0, deadline - time.monotonic())):
                if self.pipe.recv_bytes()[:1] in (b"E", b"X"):
                    return True
        return False

    def end(self) -> None:
        """End the process."""
        self.pipe.close()
        self.process.terminate()
        self.process.join(STOP_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _order(train: Callable[..., Any], config: Config) -> bytes:
    kind = type(config)
    order = {
        "train": f"{train.__module__}:{train.__qualname__}",
        "kind": f"{kind.__module__}:{kind.__qualname__}",
        "config": config.as_json(),
    }
    return json.dumps(order).encode()


def _serve(pipe: multiprocessing.connection.Connection, imports: tuple[str, ...]) -> None:
    """A worker's life: orders in, snapshots out, until the server's end of the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    import torch

    from playground import devices

    torch.set_num_threads(1)  # as many runs as cores, a core each
    for name in imports:
        importlib.import_module(name)
    leave_when(_told(pipe))
    while True:
        try:
            order = pipe.recv_bytes()
        except (EOFError, OSError):
            return
        if order != b"stop":  # one that crossed the end of its run
            _run(pipe, order, devices.device())


def _run(pipe: multiprocessing.connection.Connection, order: bytes, device: object) -> None:
    """Compute one run; a message from the server ends it early. The last message is E, or X and a sentence."""
    try:
        said = json.loads(order)
        train: Any = named(said["train"])
        kind: Any = named(said["kind"])
        with contextlib.closing(train(config_from(kind, said["config"]), device=device)) as snapshots:
            for snapshot in snapshots:
                if pipe.poll():
                    break
                pipe.send_bytes(b"F" + encode(snapshot))
        pipe.send_bytes(b"E")
    except Left:
        pipe.send_bytes(b"E")
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the server is gone
    except RunFailed as sentence:
        pipe.send_bytes(b"X" + str(sentence).encode())
    except Exception:
        _log.error("A run failed: %s\n%s", order[:500], traceback.format_exc())
        pipe.send_bytes(b"XThe run stopped with an error of ours; the server's log has it.")


def _told(pipe: multiprocessing.connection.Connection) -> Callable[[], bool]:
    """Whether the server has said something; looked up so seldom that it can be asked after every update."""
    looked = time.monotonic()

    def told() -> bool:
        nonlocal looked
        if time.monotonic() < looked + TICK_SECONDS:
            return False
        looked = time.monotonic()
        return pipe.poll()

    return told


def _end_with_the_server() -> None:
    """A killed server cannot end its workers, so they watch it: also one that is deep in a long update."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
