"""The page of Many seeds without a browser: its numbers, what waits for the prediction, links that cannot break it."""

import json
from dataclasses import replace

import pytest
import torch

from pages.generative.gan import game
from pages.generative.gan import seeds as page
from playground.coverage import perfect
from playground.gan import GanConfig, published
from playground.gan.seeds import SeedsConfig, many, train_many
from playground.gan.words import published as rows
from playground.gan.words import seeds as words
from playground.targets import target
from playground.ui import runs
from tests.ui.app_pages import html_of, ignored, notice, numbers, open_page
from tests.ui.app_pages import words as said

CPU = torch.device("cpu")
TINY = {"gan_steps": "100", "gan_hidden": "8", "gan_batch": "32"}
CONFIG = many(replace(game.START, steps=100, hidden=8, batch=32), 8)

pytestmark = pytest.mark.usefixtures("trained_at_once")


def open_seeds(*, reveal=True, **knobs):
    app = open_page("gan", gan_experiment="Many seeds", **({"reveal": "1"} if reveal else {}), **{**TINY, **knobs})
    assert not app.exception
    assert "stumbled" not in said(app)
    return app


def end_of(config):
    *_, end = train_many(config, device=CPU)
    return end


def named(name):
    return json.dumps({"name": name})


@pytest.mark.parametrize(
    ("knobs", "config"),
    [
        ({}, CONFIG),
        ({"gan_seeds_games": "16", "gan_seed": "9"}, replace(CONFIG, games=16, seed=9)),
        ({"gan_pack": "4", "gan_target": "pacgan-grid"}, replace(CONFIG, pack=4, target=named("pacgan-grid"))),
        ({"gan_target": "moons"}, replace(CONFIG, target=named("moons"))),
    ],
)
def test_numbers_and_notice_are_those_of_the_run(knobs, config):
    app, end = open_seeds(**knobs), end_of(config)
    t = target(**json.loads(config.target))
    wanted = words.numbers(end, t, perfect(t) if t.modes else None)
    assert numbers(app) == dict(zip(words.labels(t), wanted, strict=True))
    assert words.notice(end, config, t) in notice(app)
    assert ignored(app) == ""


def test_nothing_of_the_run_is_on_the_page_before_the_answer():
    app = open_seeds(reveal=False)
    assert {value for value, _ in numbers(app).values()} == {"?"}
    assert "before its first step" in notice(app)
    everything = said(app)
    for word in ("perfect", "standard error", "PacGAN", "alone would"):
        assert word not in everything
    asked = [config for _, config, _ in app.session_state[runs._HELD].values()]
    assert [config.steps for config in asked] == [1]


def test_a_verdict_follows_the_answer():
    app = open_seeds(reveal=False)
    right = words.answer(end_of(CONFIG), target(**json.loads(CONFIG.target)))
    wrong = next(option for option in words.OPTIONS if option != right)
    app.segmented_control(key="gan_guess_seeds_modes").set_value(wrong).run()
    assert f"You said “{wrong}”; it is “{right}”." in notice(app)


@pytest.mark.parametrize("target_name", ["ring", "moons"])
def test_a_run_that_diverges_says_whose_weights_and_keeps_its_pictures(monkeypatch, target_name):
    from playground.gan import training

    check = training.Game._check

    def astray(self):
        if self.step > 50:
            with torch.no_grad():
                self.d.parameters[0][3] = float("nan")
        check(self)

    monkeypatch.setattr(training.Game, "_check", astray)
    app = open_seeds(gan_seed="40", gan_target=target_name)
    assert "the weights of seed 43 left every bound" in said(app)
    assert "those of step 50 of 100, the last there is" in notice(app)
    assert "after the last step" not in {beside for _, beside in numbers(app).values()}  # there is none to wait for
    assert len(numbers(app)) == (1 if target_name == "moons" else 4)
    assert not [piece for piece in html_of(app) if "Your run" in piece]
    app.session_state["details-data"] = True
    app.run()
    assert words.NEVER in said(app)
    assert words.AFTERWARDS not in said(app)


@pytest.mark.parametrize(
    ("knobs", "title", "yours"),
    [
        ({"gan_target": "pacgan-ring"}, "PacGAN’s ring of 8 modes", True),
        ({"gan_target": "pacgan-grid"}, "PacGAN’s grid of 25 modes", True),
        ({}, "PacGAN’s ring of 8 modes", False),
        ({"gan_target": "moons"}, "PacGAN’s ring of 8 modes", False),
    ],
)
def test_published_rows_stand_beside_ours_and_never_mixed(knobs, title, yours):
    app = open_seeds(**knobs)
    everything = said(app)
    assert title in everything
    shape = "grid" if "grid" in title else "ring"
    tables = [piece for piece in html_of(app) if 'class="pg-table"' in piece]
    assert len(tables) == 3 + yours
    for piece, table in zip(tables, (*published.PUBLISHED[shape], published.RECORDED[shape]), strict=False):
        assert piece.count("<tr>") == 1 + len(table.rows)
        assert all(cell in piece for row in table.rows for cell in rows.cells(row))
        assert table.source in everything
        assert table.protocol in everything
    assert ("your target is another" in everything) is not yours


@pytest.mark.parametrize(
    "knobs", [{"gan_seeds_games": "7"}, {"gan_seeds_games": "<b>"}, {"gan_loss": "x"}, {"gan_target": "<b>"}]
)
def test_an_illegal_link_falls_back_and_says_so(knobs):
    app = open_seeds(**knobs)
    assert ignored(app).count("Not used from this link") == 1
    assert numbers(app) == numbers(open_seeds())


def test_presets_turn_the_same_knobs_and_those_of_pacgan_are_the_recorded_runs():
    assert len({frozenset(preset.settings) for preset in page.PRESETS}) == 1
    assert page.GAMES in page.PRESETS[0].settings
    presets = {preset.name: preset.settings for preset in page.PRESETS}
    names = {
        ("ring", 0): "PacGAN’s ring",
        ("ring", 1): "Ring, m = 4",
        ("grid", 0): "PacGAN’s grid",
        ("grid", 1): "Grid, m = 4",
    }
    for (shape, which), name in names.items():
        knobs = {key.removeprefix("gan_"): value for key, value in presets[name].items() if key != page.GAMES}
        knobs["target"] = published.OURS[shape][which].target
        assert json.loads(presets[name]["gan_target"]) == json.loads(knobs["target"])
        assert many(GanConfig(**knobs), int(presets[name][page.GAMES])) == published.OURS[shape][which]


def test_a_preset_plays_its_own_game():
    app = open_seeds()
    app.button(key="preset-Many seeds-Ring, m = 4").click().run()
    ((_, config, _),) = app.session_state[runs._HELD].values()
    assert config == published.OURS["ring"][1]
    assert isinstance(config, SeedsConfig)


def test_arithmetic_and_data_open_when_the_run_is_over():
    app = open_seeds()
    for name in ("the_arithmetic", "data"):
        app.session_state[f"details-{name}"] = True
    app.run()
    assert not app.exception
    assert len(app.latex) == 2
    assert len(app.get("download_button")) == 2
