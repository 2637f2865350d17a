"""Training for tests of pages: over as soon as it is asked for, in the calling thread, and after a few updates."""

import functools

from playground.gan import training
from playground.runs import Diverged, Handle
from playground.runs.jobs import Job, here
from playground.ui import runs

FEW = 2  # steps of a game that a page plays; it claims to have played them all
_jobs, _frames = {}, {}  # of the whole session of tests: equal configs are played once


class AtOnce:
    """A trainer whose runs have ended when they are asked for."""

    def submit(self, train, config, *, alive=None):
        key = train.__module__, train.__qualname__, config
        if key not in _jobs:
            _jobs[key] = Job()
            Handle(_jobs[key], lambda _: 0, lambda: True)  # somebody reads it, so it is not left
            _jobs[key].pump(here, train, config)
        return Handle(_jobs[key], lambda _: 0, lambda: True)

    def known(self, train, config):
        job = _jobs.get((train.__module__, train.__qualname__, config))
        return list(job.snapshots) if job else []

    def jobs(self):
        return list(_jobs.values())


def shortened(monkeypatch):
    """Pages train at once and little; so does the code that they give away."""
    steps, train = training.Game.steps, training.train

    def few(game):
        config = game.config
        if config.moves:
            yield from steps(game)
            return
        yield 0
        for k in range(1, FEW + 1):
            game.update_d()
            game.update_g()
            game.step = k * config.steps // FEW
            if game.step > (k - 1) * config.steps // FEW:
                game._check()
                yield game.step

    @functools.wraps(train)
    def once(config, *, device):
        key = config, str(device)
        if key not in _frames:
            frames, problem = [], None
            try:
                for frame in train(config, device=device):
                    frames.append(frame)
            except Diverged as sentence:
                problem = sentence
            _frames[key] = frames, problem
        frames, problem = _frames[key]
        yield from frames
        if problem:
            raise problem

    monkeypatch.setattr(training.Game, "steps", few)
    monkeypatch.setattr(training, "train", once)
    monkeypatch.setattr(runs, "trainer", AtOnce)
