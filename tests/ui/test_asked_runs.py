"""Runs that a page asks for: held while nothing changes, left for another, refused with a sentence."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

import app
from playground.runs import Busy, Handle
from playground.runs.jobs import Job
from playground.ui import frame, links, runs
from tests.runs.toy_runs import CountConfig, count, endless


class Desk:
    """A trainer that computes nothing and knows who asked."""

    def __init__(self):
        self.asked, self.full, self.place = [], False, 0

    def submit(self, train, config, *, alive):
        if self.full:
            raise Busy("32 runs already wait.")
        self.asked.append((train, config))
        return Handle(Job(), lambda _: self.place, alive)


@pytest.fixture(autouse=True)
def desk(monkeypatch):
    made = Desk()
    monkeypatch.setattr(runs, "st", SimpleNamespace(session_state={}))
    monkeypatch.setattr(runs, "trainer", lambda: made)
    return made


def ask(seed=0, train=count, key="a"):
    return runs.run(train, CountConfig(seed=seed), key=key)


def test_the_same_run_is_asked_for_once(desk):
    assert ask() is ask()
    assert ask().open
    assert len(desk.asked) == 1


def test_another_config_or_another_training_leaves_the_one_before(desk):
    first = ask()
    second = ask(seed=1)
    assert not first.open
    third = ask(seed=1, train=endless)
    assert not second.open
    assert third.open
    assert len(desk.asked) == 3


def test_a_cancelled_run_is_asked_for_again(desk):
    ask().cancel()
    assert ask().open
    assert len(desk.asked) == 2


def test_a_part_of_the_page_leaves_what_it_does_not_ask_for(desk):
    kept, left = ask(), ask(key="b")
    with runs.only_those_asked_for():
        assert ask() is kept
    assert kept.open
    assert not left.open
    runs.leave()
    assert not kept.open


def test_a_page_that_stumbles_leaves_nothing(desk):
    kept = ask()
    with pytest.raises(ZeroDivisionError), runs.only_those_asked_for():
        raise ZeroDivisionError
    assert kept.open


def test_a_refusal_is_a_failed_run_with_the_sentence_and_is_asked_again(desk):
    desk.full = True
    refused = ask()
    assert (refused.state, refused.ended) == ("failed", True)
    assert runs.standing(refused) == "32 runs already wait."
    desk.full = False
    assert runs.standing(ask()) == ""


@pytest.mark.parametrize(
    ("place", "said"),
    [(1, "It is next."), (2, "1 is before it."), (4, "3 are before it.")],
)
def test_a_run_that_waits_says_how_many_are_before_it(desk, place, said):
    desk.place = place
    assert runs.standing(ask()) == f"Every processor is at work, so a run waits. {said}"
    desk.place = 0  # it was just taken
    assert runs.standing(ask()) == ""


@pytest.mark.parametrize(("name", "drawn"), [("__main__", 1), ("__mp_main__", 0)])
def test_a_new_worker_process_which_imports_the_script_draws_no_page(monkeypatch, name, drawn):
    calls = []
    monkeypatch.setattr(app, "draw", lambda: calls.append(name))
    runpy.run_path(str(Path(runs.__file__).with_name("visit.py")), run_name=name)
    assert len(calls) == drawn


def test_another_page_ends_what_ran_on_the_one_before(monkeypatch, desk):
    monkeypatch.setattr(links, "st", runs.st)
    frame.enter("gan")
    held = ask()
    frame.enter("gan")
    assert held.open
    frame.enter("home")
    assert not held.open
