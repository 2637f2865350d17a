"""The game's column: every config can be set by a preset, is carried by a link, and stays legal whatever is turned."""

import json
import random
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pages.generative.gan import game
from playground.gan import GanConfig
from playground.gan.cases import CASES
from playground.gan.words.game import HINTS, LABELS, offered, written
from playground.runs import Range, legal
from playground.ui import targets


def page():
    import streamlit as st

    from pages.generative.gan import game
    from playground.ui import links

    links.enter("page")
    config = game.knobs()
    st.session_state["config"] = config
    st.text(links.ignored())
    st.button("Preset", on_click=lambda: links.put(game.settings(st.session_state["preset"])))
    links.write()


def opened(**query):
    app = AppTest.from_function(page, default_timeout=30)
    app.query_params = query
    app.run()
    assert not app.exception
    return app


def config(app):
    assert not app.exception
    return app.session_state["config"]


def preset(app, wanted):
    app.session_state["preset"] = wanted
    return app.button[0].click().run()


def unfolded(app, *groups):
    for group in groups or game.GROUPS:
        app.session_state[f"gan_{group}"] = True
    return app.run()


def some(seed):
    """A legal game drawn by those dice."""
    dice = random.Random(seed)
    drawn = {name: dice.choice(offered(name)) for name in game.FIELDS if name not in ("target", "seed", "steps")}
    drawn["batch"] = dice.choice([n for n in offered("batch") if n % drawn["pack"] == 0])
    steps = dice.choice([n for n in offered("steps") if n <= game.MOST_FRAMES * drawn["every"]])
    chosen = targets.canonical(dice.choice([{"name": "moons"}, *targets.STARTS.values()]))
    return GanConfig(**drawn, seed=dice.randrange(10_000), steps=steps, target=chosen)


def test_the_default_is_the_default_game_and_leaves_no_trace():
    app = opened()
    assert config(app) == game.START
    assert not app.query_params


def test_the_column_shows_seven_knobs_at_most():
    app = opened()
    shown = [w.label for w in (*app.selectbox, *app.number_input, *app.toggle)]
    assert len(shown) + 2 <= 7  # two live sliders
    assert all(not group.children for group in app.expander)  # closed ones are not drawn


@pytest.mark.parametrize("seed", range(6))
def test_any_game_can_be_set_and_carried_by_a_link(seed):
    wanted = some(seed)
    app = preset(opened(), wanted)
    assert config(app) == wanted
    newcomer = opened(**app.query_params)
    assert config(newcomer) == wanted
    assert newcomer.text[0].value == ""
    assert config(unfolded(newcomer)) == wanted  # drawn or not, a knob says the same
    assert config(preset(newcomer, game.START)) == game.START
    assert not newcomer.query_params


def test_every_named_game_can_be_set_whatever_was_set_before():
    app = opened()
    for case in CASES.values():
        described = json.loads(case.config.target)
        assert config(preset(app, case.config)) == replace(case.config, target=targets.canonical(described))


def test_a_preset_sets_every_knob():
    assert set(game.settings(game.START)) == {f"gan_{name}" for name in game.FIELDS}
    assert set(game.FIELDS) == set(GanConfig().as_json()) - {"moves"}


def test_every_knob_is_drawn_somewhere_under_its_name():
    app = unfolded(preset(opened(), replace(game.START, penalty="clip")))
    labels = {w.label for w in (*app.selectbox, *app.number_input, *app.toggle)}
    app = unfolded(preset(app, replace(game.START, penalty="gradient")))
    labels |= {w.label for w in (*app.selectbox, *app.number_input, *app.toggle)}
    assert labels >= {label for name, label in LABELS.items() if name not in game.RATES}


def test_every_hint_is_shown_at_its_knob():
    hints = {}
    for penalty in ("clip", "gradient"):
        app = unfolded(preset(opened(), replace(game.START, penalty=penalty)))
        hints |= {w.label: w.help for w in (*app.selectbox, *app.number_input, *app.toggle)}
    assert {name: hints[LABELS[name]] for name in HINTS} == HINTS


def test_a_knob_without_effect_is_not_drawn():
    app = unfolded(opened())
    labels = {w.label for w in app.selectbox}
    assert not labels & {LABELS["clip"], LABELS["penalty_weight"]}
    assert LABELS["beta1"] in labels
    app = unfolded(preset(app, replace(game.START, g_optimizer="SGD", d_optimizer="RMSprop")))
    assert LABELS["beta1"] not in {w.label for w in app.selectbox}


def test_a_knob_turned_is_in_the_game_and_in_the_link():
    app = unfolded(opened())
    by_label = {w.label: w for w in (*app.selectbox, *app.toggle)}
    by_label[LABELS["unroll"]].set_value(5)
    by_label[LABELS["spectral_norm"]].set_value(True)
    by_label[LABELS["loss"]].set_value("hinge")
    app.run()
    assert config(app) == replace(game.START, unroll=5, spectral_norm=True, loss="hinge")
    assert config(opened(**app.query_params)) == config(app)


def test_packs_and_batches_that_do_not_fit_cannot_be_chosen():
    app = unfolded(preset(opened(), GanConfig(batch=255)))
    pack = next(w for w in app.selectbox if w.label == LABELS["pack"])
    assert list(pack.options) == ["1", "3"]
    app = unfolded(preset(opened(), GanConfig(pack=3, batch=192)))
    batch = next(w for w in app.selectbox if w.label == LABELS["batch"])
    assert all(int(text.replace("\u2009", "")) % 3 == 0 for text in batch.options)


def test_a_link_whose_pack_does_not_divide_its_batch_is_explained():
    app = opened(gan_pack="3", gan_batch="256")
    assert config(app) == game.START
    assert "Samples D sees at once = “3” (a divisor of the batch, 256)" in app.text[0].value


def test_a_run_has_so_many_pictures_at_most():
    app = opened(gan_steps="20000", gan_every="1")
    assert config(app) == replace(game.START, steps=20_000, every=50)
    every = next(w for w in unfolded(app).selectbox if w.label == LABELS["every"])
    assert every.options[0] == "50"
    assert config(opened(gan_steps="2000")).every == game.START.every


@pytest.mark.parametrize("forged", ["", "nan", "-1e9", "1e9", "<b>", "9" * 5_000])
def test_forged_values_leave_the_defaults_and_every_knob_says_so(forged):
    names = [name for name in game.FIELDS if name not in ("target", "seed")]
    app = opened(**{f"gan_{name}": forged for name in names})
    assert config(app) == game.START
    assert all(f"{LABELS[name]} = “" in app.text[0].value for name in names)


def test_what_is_offered_is_legal_and_reaches_both_ends_where_it_is_listed_in_full():
    for name, allowed in legal(GanConfig).items():
        if name == "seed":
            continue
        values = offered(name)
        assert len({written(name, value) for value in values}) == len(values)
        if isinstance(allowed, Range):
            assert all(allowed.low <= value <= allowed.high for value in values)
            assert getattr(GanConfig(), name) in values
        else:
            assert values == allowed


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("batch_std", True, "on"), ("unroll", 0, "none"), ("d_rate", 2e-4, "0.0002"), ("steps", 2_500, "2\u2009500"),
        ("offset", -2.0, "−2"), ("offset", 0.0, "0"), ("d_rate", 1e-5, "0.00001"), ("loss", "f: KL", "f: KL"),
        ("ema", 0.0, "off"),
    ],
)  # fmt: skip
def test_values_are_written_for_reading(name, value, text):
    assert written(name, value) == text
