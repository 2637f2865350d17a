"""The Duel page: two games from the visitor's knobs, one change, and an answer that waits for theirs."""

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pages.generative.gan import duel, game
from playground.gan import GanConfig
from playground.gan.cases import CASES
from playground.gan.changes import choices, differences
from playground.gan.words import duel as words
from playground.gan.words.game import LABELS

pytestmark = pytest.mark.usefixtures("trained_at_once")
PRESETS = {preset.name: preset for preset in duel.PRESETS}


def page():
    import streamlit as st

    from pages.generative.gan import duel
    from playground.ui import catalog, links, runs

    links.enter("gan")
    st.session_state["page:open"] = (catalog.lesson("gan"), duel.EXPERIMENT)
    for preset in duel.PRESETS:
        st.button(preset.name, key=f"preset-{preset.name}", on_click=links.put, args=(preset.settings,))
    with runs.only_those_asked_for():
        duel.show()
    links.write()


def opened(**query):
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params = query
    app.run()
    assert not app.exception
    return app


def html(app):
    return "\n".join(piece.value for piece in app.get("html"))


def equation(app):
    return html(app).partition('class="pg-equation"')[2].partition("</p>")[0]


def notice(app):
    return html(app).partition('class="pg-notice"')[2].partition("</p>")[0]


def select(app, label):
    return next(box for box in app.selectbox if box.label == label)


def games(app):
    """The two configs that were asked for."""
    held = app.session_state["runs:held"]
    return held["duel-left"][1], held["duel-right"][1]


def test_both_games_are_the_knobs_game_and_its_change():
    left, right = games(opened(reveal="1", gan_z_dim="7", gan_duel_change="Batch statistics"))
    assert left == replace(game.START, z_dim=7)
    assert right == replace(left, batch_std=True)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_differs_from_left_to_right_in_its_change_alone(name):
    app = opened(reveal="1")
    app.button(key=f"preset-{name}").click().run()
    left, right = games(app)
    change = PRESETS[name].settings[duel.CHANGE]
    assert right == choices(left)[change]
    assert len(differences(left, right)) == 1
    assert words.changed(left, right) in equation(app).replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [
        ("Packing", "Plain GAN", "Packing, 4 at once"),
        ("Batch spread", "Plain GAN", "Batch statistics"),
        ("Unrolling", None, "Unrolled 5 steps"),
        ("Who moves", "Sure D, minimax", "Sure D, other loss"),
        ("Weight λ", "Penalty of 0.1", "Penalty of 10"),
        ("Slow D", "Plain GAN", "One blob hops"),
    ],
)
def test_presets_are_games_that_were_measured(name, left, right):
    settings = dict(PRESETS[name].settings)
    change = settings.pop(duel.CHANGE)
    config = GanConfig(**{key.removeprefix("gan_"): value for key, value in settings.items()})
    assert left is None or config == CASES[left].config
    assert choices(config)[change] == CASES[right].config


def test_before_the_prediction_no_game_is_played():
    app = opened()
    assert "runs:held" not in app.session_state
    assert "covers" not in notice(app)
    assert html(app).count("<dd>?") == 4
    assert "The left game" not in html(app)  # nor read aloud that it waits


def test_a_right_prediction_is_called_right():
    app = opened(gan_z_dim="3")
    app.segmented_control(key="gan_guess_duel").set_value("Left").run()
    said = notice(app)
    assert "You said “Left”: correct." in said or "You said “Left”; it is “" in said  # “right” is the other game
    assert games(app)[0] == replace(game.START, z_dim=3)


def test_any_knob_can_be_the_change():
    app = opened(reveal="1", gan_duel_change=duel.FREE)
    fields, values = select(app, "Knob"), select(app, "Right")
    assert LABELS["clip"] not in fields.options
    fields.set_value(LABELS["activation"]).run()
    select(app, "Right").set_value("tanh").run()
    left, right = games(app)
    assert right == replace(left, activation="tanh")
    assert games(opened(**app.query_params)) == (left, right)
    assert len(values.options) >= 2


def test_a_knob_without_another_legal_value_is_not_offered():
    app = opened(reveal="1", gan_duel_change=duel.FREE, gan_batch="251")
    assert LABELS["pack"] not in select(app, "Knob").options
    assert LABELS["batch"] in select(app, "Knob").options


def test_the_value_of_the_left_is_not_offered_on_the_right():
    app = opened(reveal="1", gan_duel_change=duel.FREE, gan_duel_field=LABELS["pack"], gan_pack="2")
    assert list(select(app, "Right").options) == ["1", "4"]


def test_a_change_that_is_not_possible_gives_way_to_one_that_is():
    app = opened(reveal="1", gan_duel_change="Packing", gan_batch="251")
    left, right = games(app)
    assert left.batch == 251
    assert differences(left, right)
    assert "Packing" not in select(app, "What changes").options


@pytest.mark.parametrize(
    "query",
    [
        {"gan_duel_change": "<b>"}, {"gan_duel_change": duel.FREE, "gan_duel_field": "nothing"},
        {"gan_duel_change": duel.FREE, "gan_duel_value": "0.5"},
        {"gan_duel_change": duel.FREE, "gan_duel_field": LABELS["loss"], "gan_duel_value": "x" * 5_000},
    ],
)  # fmt: skip
def test_a_forged_link_still_shows_a_duel(query):
    left, right = games(opened(reveal="1", **query))
    assert len(differences(left, right)) == 1


def test_a_target_without_modes_asks_and_says_nothing_of_modes():
    app = opened(reveal="1", gan_target="moons")
    assert "W₂" in notice(app)
    assert "strict modes" not in html(app)


def test_a_game_that_diverges_is_shown_to_its_end_and_named():
    app = opened(
        reveal="1", gan_loss="Wasserstein", gan_d_rate="0.1", gan_g_rate="0.1", gan_d_optimizer="SGD",
        gan_g_optimizer="SGD", gan_gain="2", gan_duel_change="Steps of D",
    )  # fmt: skip
    assert "stumbled" not in html(app)
    assert "nan" not in notice(app)


def test_either_game_can_be_taken_to_many_seeds():
    app = opened(reveal="1")
    app.button(key="action-seeds-right").click().run()
    assert app.session_state["gan_experiment"] == "Many seeds"
    assert app.session_state["gan_pack"] == 4


def test_the_numbers_are_those_of_the_end():
    app = opened(reveal="1")
    held = app.session_state["runs:held"]
    ends = [held[f"duel-{name}"][2].so_far()[-1] for name in ("left", "right")]
    for end in ends:
        assert f"{end.strict_modes:.0f} of 8<small>{100 * end.high_quality:.1f}% good" in html(app)
        assert f"{end.w2:.3f}<small>{end.w2_floor:.3f} between" in html(app)


def test_every_preset_sets_every_knob_of_the_page():
    for preset in duel.PRESETS:
        assert set(game.settings(game.START)) | {duel.CHANGE} == set(preset.settings)
        json.dumps(dict(preset.settings))
