"""The page of Collapse without a browser: what waits for the prediction, moves by hand, links that cannot break it."""

from dataclasses import replace

import pytest

from pages.generative.gan import collapse, game
from playground.gan import GanConfig, train
from playground.gan.cases import CASES
from playground.gan.story import Story
from playground.gan.words import collapse as words
from playground.runs import Diverged, Handle
from playground.ui import links, runs
from tests.ui.app_pages import html_of, ignored, notice, numbers, open_page
from tests.ui.app_pages import words as said

pytestmark = pytest.mark.usefixtures("trained_at_once")
MOONS = '{"name": "moons"}'
START = game.START


def open_collapse(*, reveal=True, **knobs):
    query = {f"gan_{name}": value for name, value in knobs.items()}
    app = open_page("gan", gan_experiment="Collapse", **({"reveal": "1"} if reveal else {}), **query)
    return sound(app)


def sound(app):
    assert not app.exception
    assert "stumbled" not in said(app)
    return app


def by_hand(moves="", **knobs):
    return open_collapse(collapse_plays="by hand", **({"collapse_moves": moves} if moves else {}), **knobs)


def press(app, name):
    return sound(app.button(key=f"action-{name}").click().run())


def expected(config):
    story = Story(config, list(train(config, device="cpu")))
    return {label: (value, beside) for label, value, beside in words.numbers(story, over=True)}


@pytest.mark.parametrize(
    ("knobs", "config"),
    [
        ({}, START),
        ({"loss": "hinge", "seed": "3"}, replace(START, loss="hinge", seed=3)),
        ({"pack": "4"}, replace(START, pack=4)),
        ({"target": "moons"}, replace(START, target=MOONS)),
    ],
)
def test_the_numbers_are_those_of_the_run(knobs, config):
    app = open_collapse(**knobs)
    assert numbers(app) == expected(config)


def test_nothing_of_the_run_is_told_before_the_prediction(monkeypatch):
    asked = []
    monkeypatch.setattr(runs, "run", lambda *_, **__: asked.append(1))
    app = open_collapse(reveal=False)
    assert asked == []  # it is not even played
    assert {value for value, _ in numbers(app).values()} == {"?"}
    assert notice(app).startswith("Notice This is the game before its first step.")


def test_an_answer_is_judged_by_the_end_of_the_run():
    app = open_collapse(reveal=False)
    (asked,) = [group for group in app.get("button_group") if group.key == "gan_guess_collapse"]
    asked.set_value("All 8").run()
    right = words.answer(Story(START, list(train(START, device="cpu"))))
    verdict = "right." if right == "All 8" else f"it is “{right}”."
    assert f"You said “All 8”{':' if right == 'All 8' else ';'} {verdict}" in notice(sound(app))


def test_by_hand_the_moves_lengthen_the_link_and_can_be_taken_back():
    app = by_hand()
    assert notice(app) == f"Notice {words.HAND}"
    for name in ("move-D", "move-G", "move-DG"):
        press(app, name)
    assert app.session_state["gan_collapse_moves"] == "D G DG"
    assert app.query_params["gan_collapse_moves"] == "D G DG"
    assert notice(app).startswith("Notice 4 updates made.")
    assert numbers(app) == expected(replace(START, moves="D G DG"))
    press(app, "undo-move")
    assert numbers(app) == expected(replace(START, moves="D G"))
    press(app, "rewind")
    assert "gan_collapse_moves" not in app.query_params
    assert app.button(key="action-undo-move").disabled
    assert app.button(key="action-rewind").disabled


def test_many_updates_can_be_made_at_once():
    app = by_hand("D")
    (strides,) = [group for group in app.get("button_group") if group.key.startswith("gan_collapse_stride")]
    strides.set_value("×10").run()
    press(app, "move-DG")
    assert app.session_state["gan_collapse_moves"] == "D DG10"
    assert notice(app).startswith("Notice 21 updates made.")


def test_a_link_restores_the_moves():
    app = by_hand("D10 G DG2")
    again = sound(open_page("gan", **app.query_params))
    assert numbers(again) == numbers(app) == expected(replace(START, moves="D10 G DG2"))
    assert ignored(again) == ""


@pytest.mark.parametrize(
    ("moves", "why"),
    [
        ("X", "a move is D, G or DG"),
        ("<b>D</b>", "a move is D, G or DG"),
        ("D9999", "at most 120 moves and 5000 updates"),
        (" ".join(["G"] * 121), "at most 120 moves and 5000 updates"),
        ("D" * 5_000, "at most 4"),
    ],
)
def test_forged_moves_are_named_and_not_made(moves, why):
    app = by_hand(moves)
    assert why in ignored(app)
    assert notice(app) == f"Notice {words.HAND}"
    assert not [piece for piece in html_of(app) if "<b>D</b>" in piece]


def test_buttons_rest_when_there_have_been_enough_moves():
    app = by_hand(" ".join(["D"] * 120))
    assert app.button(key="action-move-D").disabled
    assert not app.button(key="action-undo-move").disabled


def test_steps_of_d_in_a_round_follow_the_knob():
    app = by_hand("DG2", d_steps="3")
    assert notice(app).startswith("Notice 8 updates made.")


def test_moves_that_another_knob_makes_too_many_are_let_go():
    app = by_hand("DG2000", d_steps="10")
    assert "at most 120 moves and 5000 updates" in ignored(app)


def test_a_run_that_stops_keeps_its_pictures_and_its_sentence(monkeypatch):
    class Stopped(Handle):
        state, ended, problem, place = "failed", True, "At step 9 the weights left every bound <b>.", 0

        def __init__(self, frames):
            self.kept = frames

        def so_far(self):
            return self.kept

    frames = list(train(START, device="cpu"))[:2]
    monkeypatch.setattr(runs, "run", lambda *_, **__: Stopped(frames))
    app = open_collapse()
    assert "At step 9 the weights left every bound <b>." in said(app)
    assert f"The run stopped; its last figures are of step {links.written(frames[-1].step)}." in notice(app)
    assert not [piece for piece in html_of(app) if "<b>." in piece]
    monkeypatch.setattr(runs, "run", lambda *_, **__: Stopped([]))
    assert "No picture came of this run" in notice(open_collapse())


def test_a_game_that_explodes_says_so_through_the_whole_machine():
    wild = {"loss": "Wasserstein", "d_optimizer": "SGD", "g_optimizer": "SGD", "d_rate": "0.1", "g_rate": "0.1"}
    config = replace(START, **{name: float(value) if "rate" in name else value for name, value in wild.items()})
    with pytest.raises(Diverged):
        list(train(replace(config, moves="D G DG2000"), device="cpu"))
    app = by_hand("D G DG2000", **wild)
    assert "the weights left every bound" in said(app)
    assert "The run stopped; its last figures are of update 2." in notice(app)
    sudden = by_hand("DG2000", **wild)
    assert notice(sudden) == "Notice No picture came of this run; these are the figures before its first step."


class Going:
    """A handle on a run that has just begun."""

    ended = False

    def __init__(self, *frames):
        self.frames = list(frames)

    def so_far(self):
        return self.frames


def test_until_a_move_is_computed_the_moves_before_it_are_shown():
    config = GanConfig(hidden=8, batch=32)
    runs.trainer().submit(train, config)  # played by itself: other steps
    before = runs.trainer().submit(train, replace(config, moves="D G")).so_far()
    assert [frame.step for frame in collapse._seen(replace(config, moves="D G D"), Going())] == [0, 1, 2]
    further = [*before, before[-1]]
    assert collapse._seen(replace(config, moves="D G D"), Going(*further)) == further
    (start,) = collapse._seen(replace(config, moves="D"), Going())
    assert start.step == 0
    (start,) = collapse._seen(config, Going())
    assert start.step == 0


@pytest.mark.parametrize("knobs", [{"loss": "hinge"}, {"pack": "2"}, {"batch_std": "on"}])
def test_there_is_no_choice_of_maps_where_the_best_d_is_not_known(knobs):
    app = open_collapse(collapse_map="both", **knobs)
    assert not [group for group in app.get("button_group") if group.key.startswith("gan_collapse_map")]
    assert ignored(app) == ""
    assert [group for group in open_collapse().get("button_group") if group.key.startswith("gan_collapse_map")]


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("collapse_plays", "alone"), ("collapse_map", "worst"), ("target", "{"), ("target", "ring_1_1_0.05"),
        ("target", "ring_8_1_1e-12"), ("target", "drawn-cloud_0.1_"), ("target", "placed-modes_0.1_0_0"),
    ],
)  # fmt: skip
def test_a_forged_link_gives_a_sentence_and_the_default(knob, value):
    app = open_collapse(**{knob: value})
    assert ignored(app)
    assert numbers(app) == expected(START)


def test_presets_are_named_games_and_say_what_was_measured():
    assert len(collapse.PRESETS) >= 3
    for preset in collapse.PRESETS:
        case = CASES[collapse.SHOWN[preset.name]]
        assert preset.look_for == f"{case.look_for} (Seen {case.on_seeds}.)"
        assert preset.settings["gan_loss"] == case.config.loss
