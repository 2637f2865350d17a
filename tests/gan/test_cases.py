"""The named games: claims that can fail, figures of the games as they are now, and some of them measured anew."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.coverage import coverage
from playground.gan.cases import CASES, Course, courses, digest
from playground.gan.config import GanConfig
from playground.gan.training import train_seeds
from playground.targets import target

CPU = torch.device("cpu")
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def course(nearest, *, within=None, modes=8, strict=8, quality=0.9, moved=1.0):
    """A course of that many snapshots, whose other figures do not change."""
    nearest = np.asarray(nearest, float)
    same = np.ones(len(nearest))
    return Course(
        modes=modes * same,
        strict_modes=strict * same,
        high_quality=quality * same,
        reverse_kl=0 * same,
        nearest=nearest,
        within=nearest if within is None else np.asarray(within, float),
        moved=moved * same,
    )


EVEN = np.full((16, 8), 1 / 8)
HOPPING = np.eye(8)[np.arange(16) % 8]
STUCK = np.eye(8)[np.zeros(16, int)]
SEEN = {  # a course that shows the claim, and courses that do not
    "One blob hops": (course(HOPPING), course(STUCK), course(EVEN)),
    "Modes are dropped": (course(STUCK), course(HOPPING), course(EVEN)),
    "Plain GAN": (course(EVEN, strict=7), course(EVEN)),
    "Packing, 4 at once": (course(EVEN), course(EVEN, strict=7)),
    "Batch statistics": (course(EVEN), course(EVEN, strict=7)),
    "Tuned plain GAN": (course(EVEN, quality=0.93), course(EVEN, quality=0.8), course(EVEN, strict=7, quality=0.93)),
    "Unrolled 5 steps": (course(EVEN, quality=0.06), course(STUCK, quality=0.06), course(EVEN, quality=0.5)),
    "Clipped critic": (course(EVEN, quality=0.4), course(EVEN, quality=0.9), course(EVEN, modes=3, quality=0.4)),
    "Penalty of 10": (course(EVEN, strict=3), course(EVEN)),
    "Penalty of 0.1": (course(EVEN), course(EVEN, strict=7)),
    "Sure D, minimax": (course(STUCK, moved=0.01), course(STUCK, moved=1.0)),
    "Sure D, other loss": (course(STUCK, moved=1.0), course(STUCK, moved=0.01)),
}


@every_case
def test_a_claim_can_hold_and_can_fail(case):
    shown, *others = SEEN[case.name]
    assert case.claim(shown)
    assert not any(map(case.claim, others))


def test_what_a_course_says_of_its_later_part():
    early = course([[1, 0], [1, 0], [0, 1], [0.4, 0.6], [0, 1], [0, 1], [0, 1], [0, 1]], within=np.zeros((8, 2)))
    assert (early.visited, early.crowd, early.alive) == (1, 1.0, 0)
    within = np.zeros((8, 2))
    within[7] = 0.0079, 0.0081  # 20 of 2 500 are 0.008
    assert course(early.nearest, within=within).alive == 1


@every_case
def test_figures_are_those_of_the_game_as_it_is_now(case):
    """Else: python -m benchmarks.gan_cases --write"""
    measured = case.measured
    assert measured.digest == digest(case.config)
    assert len(measured.seeds) >= 8
    assert case.config.seed not in measured.seeds
    assert 6 <= measured.held <= len(measured.seeds)
    assert case.on_seeds == f"on {measured.held} of {len(measured.seeds)} fresh seeds, 100 to 107"
    for figure in (measured.modes, measured.strict_modes, measured.high_quality, measured.reverse_kl, measured.moved):
        assert figure.low <= figure.mean <= figure.high


@every_case
def test_a_case_is_a_film_of_a_hundred_frames_and_short_to_say(case):
    assert 80 <= case.config.steps / case.config.every <= 150
    assert len(case.name) <= 20
    assert len(case.look_for) <= 180
    assert case.look_for.endswith(".")


def test_the_seed_does_not_make_another_game():
    assert digest(GanConfig(seed=1)) == digest(GanConfig(seed=2)) != digest(GanConfig(steps=999))


def test_a_course_is_what_was_seen_of_a_game():
    config = GanConfig(steps=4, every=2, hidden=8, batch=32)
    games = courses(config, seeds=(3, 4), device=CPU)
    ring, snapshots = target(**json.loads(config.target)), list(train_seeds(config, seeds=(3, 4), device=CPU))
    for k, one in enumerate(games):
        for at, snapshot in enumerate(snapshots):
            found = coverage(snapshot.fakes[k], ring)
            assert one.within[at].sum() == pytest.approx(found.high_quality)
            assert one.nearest[at].sum() == pytest.approx(1)
            assert one.strict_modes[at] == snapshot.strict_modes[k]
            apart = np.linalg.norm(snapshot.fakes[k] - snapshots[0].fakes[k], axis=-1).mean()
            assert one.moved[at] == pytest.approx(float(apart))
    with pytest.raises(ValueError, match="needs a target with modes"):
        courses(replace(config, target='{"name": "moons"}'), seeds=(0,), device=CPU)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Batch statistics", "Sure D, minimax", "Sure D, other loss"])
def test_claims_hold_on_seeds_that_nobody_has_seen(name):
    config = replace(CASES[name].config, every=100)  # only the ends count here
    assert sum(map(CASES[name].claim, courses(config, seeds=range(300, 306), device=CPU))) >= 5
