"""The page of Separation without a browser: its numbers, answers that wait, links that cannot break it."""

import pytest

from pages.probability.divergences import separation
from playground.divergences.separation import Copies
from playground.divergences.words import separation as words
from playground.ui import catalog
from tests.ui.app_pages import html_of, ignored, notice, numbers, open_page
from tests.ui.app_pages import words as said


def open_separation(*, reveal=True, **knobs):
    query = {f"divergences_{'' if name == 'units' else 'separation_'}{name}": value for name, value in knobs.items()}
    app = open_page("divergences", divergences_experiment="Separation", **({"reveal": "1"} if reveal else {}), **query)
    assert not app.exception
    assert "stumbled" not in said(app)
    return app


@pytest.mark.parametrize(
    ("knobs", "copies"),
    [
        ({}, Copies("uniforms", 1.0)),
        ({"width": "0.2"}, Copies("uniforms", 0.2)),
        ({"kind": "Point"}, Copies("points")),
        ({"kind": "Gaussian"}, Copies("Gaussians", 0.5)),
        ({"kind": "Gaussian", "sd": "0.1", "view": "Slope"}, Copies("Gaussians", 0.1)),
        ({"kind": "Gaussian", "sd": "1"}, Copies("Gaussians", 1.0)),
    ],
)
def test_the_numbers_and_the_notice_are_those_of_the_shape(knobs, copies):
    app = open_separation(**knobs)
    wanted = words.beside(copies, 2.5)
    assert list(numbers(app).values()) == [wanted[name] for name in ("KL", "JS", "TV", "W1")]
    assert words.notice(copies, 2.5) in notice(app)


def test_a_verdict_follows_the_answer():
    app = open_separation(reveal=False)
    assert [value for value, _ in numbers(app).values()] == ["?"] * 4
    app.segmented_control(key="divergences_guess_separation").set_value("JS").run()
    assert "You said “JS”; it is “W₁”." in notice(app)
    assert numbers(app)["JS at θ = 2.5"][0] == "0.6931 nats"


def test_for_gaussians_the_answer_is_another():
    app = open_separation(reveal=False, kind="Gaussian")
    app.segmented_control(key="divergences_guess_separation").set_value("KL").run()
    assert "You said “KL”: right." in notice(app)


def test_nothing_of_the_answer_is_on_the_page_before():
    for kind in separation.KINDS:
        app = open_separation(reveal=False, kind=kind)
        everything = said(app)
        for word in ("Wasserstein", "∞", "0.6931", "2.5000", "ceiling"):
            assert word not in everything, (kind, word)


def test_the_lesson_on_gans_is_linked_once_it_is_there():
    app = open_separation()
    linked = [link.proto.label for link in app.page_link if link.proto.label == catalog.lesson("gan").question]
    assert len(linked) == int(catalog.lesson("gan").ready)


@pytest.mark.parametrize(
    "knobs", [{"kind": "<b>"}, {"width": "9"}, {"width": "nan"}, {"view": "x"}, {"kind": "Gaussian", "sd": "-1"}]
)
def test_an_illegal_link_falls_back_and_says_so_once(knobs):
    app = open_separation(**knobs)
    assert ignored(app).count("Not used from this link") == 1
    assert not [piece for piece in html_of(app) if "<b>”" in piece]
    assert list(numbers(app)) == list(numbers(open_separation()))


def test_presets_turn_every_knob_that_their_kind_shows():
    widths = {"Point": set(), "Uniform": {"width"}, "Gaussian": {"sd"}}
    for preset in separation.PRESETS:
        names = {key.removeprefix("divergences_separation_") for key in preset.settings}
        assert names == {"kind", "view"} | widths[preset.settings["divergences_separation_kind"]]


def test_bits_are_on_the_whole_page():
    app = open_separation(units="bits", kind="Gaussian")
    copies = Copies("Gaussians", 0.5)
    assert numbers(app)["JS at θ = 2.5"] == words.beside(copies, 2.5, "bits")["JS"]
    assert words.notice(copies, 2.5, "bits") in notice(app)
