"""The trainer: bounded, shared, cancelled, kept; over the workers and in this process."""

import multiprocessing
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import toy_runs
from toy_runs import CountConfig, CountSnapshot

from playground.runs import Busy, Handle, RunFailed, Trainer, Workers
from playground.runs.jobs import here
from playground.runs.snapshot import decode, encode

PATIENCE = 60  # seconds; a run that hangs fails its test instead of the suite


class Gate:
    """A backend whose runs wait until they are let through, and which counts what it is asked for."""

    def __init__(self):
        self.open, self.begun, self.closed = threading.Event(), threading.Semaphore(0), threading.Semaphore(0)
        self.asked = []

    def __call__(self, train, config):
        self.asked.append(config)
        self.begun.release()
        try:
            while not self.open.wait(0.01):
                yield None
            yield from here(train, config)
        finally:
            self.closed.release()


@contextmanager
def training(backend, **options):
    trainer = Trainer(backend, **options)
    try:
        yield trainer
    finally:
        if isinstance(backend, Gate):
            backend.open.set()
        trainer.close()


@pytest.fixture(scope="module")
def workers():
    made = Workers()
    yield made
    made.close()


def steps(frames):
    return [frame.step for frame in frames]


def test_a_snapshot_survives_the_wire():
    before = toy_runs.snapshot(CountConfig(seed=3), 2)
    after = decode(encode(before))
    assert type(after) is CountSnapshot
    assert (after.step, after.total, after.note) == (2, 2.0, "seed 3")
    np.testing.assert_array_equal(after.at, before.at)
    assert not after.at.flags.writeable
    assert not before.at.flags.writeable


def test_bytes_that_name_something_else_are_refused():
    data = encode(toy_runs.snapshot(CountConfig(), 0)).replace(b"toy_runs:CountSnapshot", b"builtins:SystemExit   ")
    with pytest.raises((ValueError, AttributeError)):
        decode(data)


def test_a_run_in_a_worker_equals_the_run_here(workers):
    config = CountConfig(start=0.25, way="down", steps=30, marks=((1.0, 2.0),))
    with training(workers) as trainer:
        found = list(trainer.submit(toy_runs.count, config).frames())
    assert steps(found) == list(range(31))
    for frame, truth in zip(found, here(toy_runs.count, config), strict=True):
        np.testing.assert_array_equal(frame.at, truth.at)


def test_a_worker_is_another_process_and_used_again(workers):
    with training(workers, running=1) as trainer:
        pids = {next(trainer.submit(toy_runs.process, CountConfig(seed=seed)).frames()).total for seed in range(3)}
    assert len(pids) == 1
    assert pids != {os.getpid()}


def test_equal_configs_share_one_run():
    with training(gate := Gate(), running=2) as trainer:
        first, second = (trainer.submit(toy_runs.count, CountConfig(steps=5)) for _ in range(2))
        other = trainer.submit(toy_runs.count, CountConfig(steps=6))
        gate.open.set()
        assert steps(first.frames()) == steps(second.frames()) == list(range(6))
        assert steps(other.frames()) == list(range(7))
    assert sorted(config.steps for config in gate.asked) == [5, 6]


def test_what_runs_at_once_is_bounded_and_the_rest_knows_its_place():
    with training(gate := Gate(), running=2, waiting=2) as trainer:
        handles = [trainer.submit(toy_runs.count, CountConfig(seed=seed)) for seed in range(2)]
        assert all(gate.begun.acquire(timeout=PATIENCE) for _ in range(2))
        handles += [trainer.submit(toy_runs.count, CountConfig(seed=seed)) for seed in (2, 3)]
        assert [handle.state for handle in handles] == ["running", "running", "waiting", "waiting"]
        assert [handle.place for handle in handles] == [0, 0, 1, 2]
        with pytest.raises(Busy, match="2 runs already wait"):
            trainer.submit(toy_runs.count, CountConfig(seed=4))
        shared = trainer.submit(toy_runs.count, CountConfig(seed=3))
        assert shared.place == 2
        handles[2].cancel()
        trainer.submit(toy_runs.count, CountConfig(seed=5))  # its place has become free
        gate.open.set()
        assert steps(shared.frames()) == steps(handles[0].frames())
        assert shared.place == 0


def test_a_run_stops_when_its_last_reader_leaves():
    with training(gate := Gate(), running=1) as trainer:
        first, second = (trainer.submit(toy_runs.endless, CountConfig()) for _ in range(2))
        gate.open.set()
        assert next(first.frames()).step == 0
        first.cancel()
        assert first.state == "cancelled"
        frames = second.frames()
        assert [next(frames).step for _ in range(20)] == list(range(20))
        second.cancel()
        assert gate.closed.acquire(timeout=PATIENCE)
        assert second.so_far() == []  # its memory is free


def test_a_run_stops_when_its_visitor_has_gone():
    there = threading.Event()
    there.set()
    with training(gate := Gate(), running=1) as trainer:
        handle = trainer.submit(toy_runs.endless, CountConfig(), alive=there.is_set)
        gate.open.set()
        assert next(handle.frames()).step == 0
        there.clear()
        assert gate.closed.acquire(timeout=PATIENCE)


def test_a_cancelled_run_begins_anew():
    with training(gate := Gate(), running=1) as trainer:
        gate.open.set()
        handle = trainer.submit(toy_runs.endless, CountConfig())
        next(handle.frames())
        handle.cancel()
        again = trainer.submit(toy_runs.endless, CountConfig())
        assert next(again.frames()).step == 0
        assert len(gate.asked) == 2


def test_a_worker_stops_when_told_and_takes_the_next_run(workers):
    with training(workers, running=1) as trainer:
        before = next(trainer.submit(toy_runs.process, CountConfig(seed=10)).frames()).total
        handle = trainer.submit(toy_runs.endless, CountConfig())
        next(handle.frames())
        handle.cancel()
        assert next(trainer.submit(toy_runs.process, CountConfig(seed=11)).frames()).total == before


def test_a_warm_worker_has_loaded_what_runs_need_and_takes_the_first(workers):
    before = multiprocessing.active_children()
    ready = Workers(imports=("colorsys",))
    ready.warm()
    (pid,) = [child.pid for child in multiprocessing.active_children() if child not in before]
    with training(ready, running=1) as trainer:
        frames = trainer.submit(toy_runs.loaded, CountConfig()).frames()
        found = next(frames)
        ready.warm()  # there is one: no other is started
        assert [child.pid for child in multiprocessing.active_children() if child not in before] == [pid]
        assert list(frames) == []
    assert (found.total, found.note) == (1.0, str(pid))
    with training(workers, running=1) as trainer:
        (other,) = trainer.submit(toy_runs.loaded, CountConfig()).frames()
    assert other.total == 0.0
    ready.close()


def test_a_run_can_be_left_between_two_snapshots(monkeypatch):
    monkeypatch.setattr("playground.runs.workers.STOP_SECONDS", PATIENCE)  # else it would be ended instead
    workers = Workers()
    with training(workers, running=1) as trainer:
        before = next(trainer.submit(toy_runs.process, CountConfig()).frames()).total
        handle = trainer.submit(toy_runs.seldom, CountConfig())
        next(handle.frames())
        handle.cancel()
        assert next(trainer.submit(toy_runs.process, CountConfig(seed=1)).frames()).total == before
    workers.close()


def test_finished_runs_are_kept_in_memory_then_on_disk_then_dropped():
    one = 4 * 3 * 4  # bytes of a run of four snapshots of three float32
    with training(gate := Gate(), running=1, keep_bytes=2 * one, disk_bytes=3_000) as trainer:
        gate.open.set()
        configs = [CountConfig(steps=3, seed=seed) for seed in range(6)]
        for config in configs:
            handle = trainer.submit(toy_runs.count, config)
            assert steps(handle.frames()) == [0, 1, 2, 3]
            handle.cancel()
        again = trainer.submit(toy_runs.count, configs[3])  # from disk
        assert again.state == "done"
        assert [frame.note for frame in again.frames()] == ["seed 3"] * 4
        assert len(gate.asked) == 6
        assert steps(trainer.submit(toy_runs.count, configs[0]).frames()) == [0, 1, 2, 3]  # dropped, so run anew
        assert len(gate.asked) == 7


@pytest.mark.parametrize(
    ("train", "sentence"),
    [
        (toy_runs.diverging, "At step 1 the weights left every bound; lower the learning rate."),
        (toy_runs.wrong, "The run stopped with an error of ours; the server's log has it."),
        (toy_runs.killed, "The process that computed this run was ended from outside. Start it again."),
    ],
)
def test_a_run_that_fails_keeps_its_frames_and_says_why(workers, train, sentence):
    with training(workers, running=1) as trainer:
        handle = trainer.submit(train, CountConfig())
        with pytest.raises(RunFailed) as failed:
            list(handle.frames())
        assert str(failed.value) == handle.problem == sentence
        assert handle.state == "failed"
        assert steps(handle.so_far()) == [0]
        after = trainer.submit(toy_runs.count, CountConfig(steps=2))  # a dead worker is replaced
        assert steps(after.frames()) == [0, 1, 2]


def test_a_silent_run_is_ended():
    workers = Workers(silence_seconds=0.3)
    with training(workers, running=1) as trainer:
        trainer.submit(toy_runs.count, CountConfig(steps=1))
        handle = trainer.submit(toy_runs.silent, CountConfig())
        with pytest.raises(RunFailed, match=r"gave no sign for 0.3 s"):
            list(handle.frames())
    workers.close()


def test_a_worker_ends_when_its_server_is_killed():
    code = (
        "import toy_runs\nfrom playground.runs import Workers\n\nif __name__ == '__main__':\n"
        "    run = Workers()(toy_runs.silent, toy_runs.CountConfig())\n"
        "    while next(run) is None:\n        pass\n    print('begun', flush=True)\n    input()\n"
    )
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[2])])
    server = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert server.stdout.readline() == "begun\n"
    server.kill()
    assert server.communicate(timeout=PATIENCE)[0] == ""  # ends only when the worker has let go of the pipe as well


def test_a_refused_run_has_failed_before_its_first_snapshot():
    handle = Handle.refused("Try again.")
    assert (handle.state, handle.ended, handle.problem, handle.place, handle.so_far()) == (
        "failed", True, "Try again.", 0, [],
    )  # fmt: skip
    with pytest.raises(RunFailed, match="Try again"):
        list(handle.frames())


def test_waiting_lasts_until_the_run_ends_and_no_longer_than_said():
    with training(gate := Gate()) as trainer:
        handle = trainer.submit(toy_runs.count, CountConfig(steps=3))
        handle.wait(0.0)
        assert not handle.ended
        gate.open.set()
        handle.wait(PATIENCE)
        assert handle.ended
        assert steps(handle.so_far()) == [0, 1, 2, 3]


def test_what_is_at_hand_of_a_run_is_known_without_starting_it():
    with training(gate := Gate()) as trainer:
        gate.open.set()
        assert trainer.known(toy_runs.count, CountConfig(steps=3)) == []
        assert gate.asked == []
        trainer.submit(toy_runs.count, CountConfig(steps=3)).wait(PATIENCE)
        assert steps(trainer.known(toy_runs.count, CountConfig(steps=3))) == [0, 1, 2, 3]
        assert trainer.known(toy_runs.count, CountConfig(steps=4)) == []
