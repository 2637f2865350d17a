"""What every lesson promises through the kit: presets, predictions, a way back after an error, lazy details."""

import logging
import re

import pytest
import streamlit as st
from app_pages import experiments, html_of, ignored, notice, numbers, open_page, words

from playground.ui import catalog, links, page

EXPERIMENTS = [(entry.name, experiment) for entry in catalog.READY for experiment in experiments(entry.name)]
PRESETS = [(name, experiment, preset) for name, experiment in EXPERIMENTS for preset in experiment.presets]
each_experiment = pytest.mark.parametrize(
    ("lesson", "experiment"), EXPERIMENTS, ids=[f"{name}-{experiment.name}" for name, experiment in EXPERIMENTS]
)
each_preset = pytest.mark.parametrize(
    ("lesson", "experiment", "preset"), PRESETS, ids=[f"{name}-{e.name}-{preset.name}" for name, e, preset in PRESETS]
)
SECRET = "a detail for the log only"


def open_experiment(lesson, experiment, **query):
    app = open_page(lesson, **{f"{lesson}_experiment": experiment.name}, **query)
    assert not app.exception
    assert "stumbled" not in words(app)
    return app


def click(app, experiment, preset):
    app.button(key=f"preset-{experiment.name}-{preset.name}").click().run()
    assert not app.exception
    assert "stumbled" not in words(app)
    return app


@each_experiment
def test_an_experiment_has_three_presets_or_more_with_names_of_their_own(lesson, experiment):
    assert len({preset.name for preset in experiment.presets}) == len(experiment.presets) >= 3
    assert all(key.startswith(f"{lesson}_") for preset in experiment.presets for key in preset.settings)


@each_preset
def test_a_preset_sets_its_knobs_and_says_what_to_look_for(lesson, experiment, preset):
    app = click(open_experiment(lesson, experiment, reveal="1"), experiment, preset)
    assert {key: app.session_state[key] for key in preset.settings} == dict(preset.settings)
    assert preset.look_for in notice(app)


@each_preset
def test_a_preset_makes_a_link_that_restores_the_page_without_a_complaint(lesson, experiment, preset):
    app = click(open_experiment(lesson, experiment, reveal="1"), experiment, preset)
    newcomer = open_page(lesson, **app.query_params)
    assert ignored(app) == ignored(newcomer) == ""
    assert notice(newcomer) == notice(app)
    assert numbers(newcomer) == numbers(app)


@each_experiment
def test_presets_undo_each_other(lesson, experiment):
    alone = {}
    for preset in experiment.presets:
        alone[preset.name] = numbers(click(open_experiment(lesson, experiment, reveal="1"), experiment, preset))
    app = open_experiment(lesson, experiment, reveal="1")
    for preset in (*experiment.presets, *reversed(experiment.presets)):
        assert numbers(click(app, experiment, preset)) == alone[preset.name]
        assert ignored(app) == ""


@each_preset
def test_what_to_look_for_is_not_said_before_the_prediction(lesson, experiment, preset):
    app = click(open_experiment(lesson, experiment), experiment, preset)
    if "Predict." in words(app):
        assert preset.look_for not in words(app)


@each_preset
def test_a_number_hidden_by_the_prediction_is_nowhere_on_the_page(lesson, experiment, preset):
    revealed = click(open_experiment(lesson, experiment, reveal="1"), experiment, preset)
    asking = click(open_experiment(lesson, experiment), experiment, preset)
    hidden = [label for label, (value, _) in numbers(asking).items() if value == "?"]
    if "Predict." in words(asking):
        assert hidden
    for name in ("the_arithmetic", "data"):  # the code can be run, which is an answer of its own
        asking.session_state[f"details-{name}"] = True
    asking.run()
    said = words(asking)
    for label in hidden:
        value, beside = numbers(revealed)[label]
        others = {number for name, row in numbers(asking).items() if name != label for number in row}
        for number in re.findall(r"\d\.\d{3,}", f"{value} {beside}"):
            if 0 < float(number) < 1 and not any(number in other for other in others):
                assert number not in said, (label, number)


@each_experiment
@pytest.mark.parametrize("section", ["the_arithmetic", "the_code", "data", "sources"])
def test_every_experiment_opens_its_details(lesson, experiment, section):
    app = open_experiment(lesson, experiment, reveal="1")
    closed = {expander.label: len(expander.children) for expander in app.expander}
    title = section.replace("_", " ").capitalize()
    assert closed[title] == 0
    app.session_state[f"details-{section}"] = True
    app.run()
    assert {expander.label for expander in app.expander if len(expander.children)} - {"More"} == {title}  # More knobs


def lesson_of(monkeypatch, *shows, presets=()):
    """The first ready lesson, but with experiments A, B, … of our own."""
    made = [page.Experiment(name, presets, show) for name, show in zip("ABCD", shows, strict=False)]
    draw = page.lesson
    monkeypatch.setattr(page, "lesson", lambda name, _: draw(name, made))
    return catalog.READY[0].name


def test_only_the_chosen_experiment_runs(monkeypatch):
    ran = []
    name = lesson_of(monkeypatch, lambda: ran.append("A"), lambda: ran.append("B"))
    open_page(name)
    assert ran == ["A"]
    open_page(name, **{f"{name}_experiment": "B"})
    assert ran == ["A", "B"]


def test_closed_details_are_not_computed(monkeypatch):
    computed = []
    sections = {part: (lambda part=part: computed.append(part)) for part in ("the_arithmetic", "the_code", "data")}
    name = lesson_of(monkeypatch, lambda: page.details(**sections))
    app = open_page(name)
    assert computed == []
    app.session_state["details-the_code"] = True
    app.run()
    assert computed == ["the_code"]


def test_an_error_shows_a_sentence_and_a_way_back_and_the_log_has_the_traceback(monkeypatch, caplog):
    def show():
        st.write("drawn before")
        raise RuntimeError(SECRET)

    name = lesson_of(monkeypatch, show)
    with caplog.at_level(logging.ERROR):
        app = open_page(name, causality_tar="1")
    said = words(app)
    assert "This experiment stumbled." in said
    assert "drawn before" in said
    assert "Traceback" not in said
    assert SECRET not in said
    assert not app.exception
    assert catalog.lesson(name).title in said  # the rest of the page is there
    assert "All lessons" in [link.proto.label for link in app.page_link]
    (record,) = [record for record in caplog.records if record.name == "playground.ui.page"]
    assert record.exc_info[1].args == (SECRET,)
    assert name in record.getMessage()


def test_the_way_back_leads_to_the_lesson_with_its_defaults(monkeypatch):
    def show():
        if links.linked(f"{name}_knob", 1, read=int, write=str) != 1:
            raise RuntimeError(SECRET)

    name = lesson_of(monkeypatch, show)
    app = open_page(name, **{f"{name}_knob": "2"})
    assert "stumbled" in words(app)
    (address,) = re.findall(r'<a href="/([^"]*)"', "\n".join(html_of(app)))
    assert address == name
    assert "stumbled" not in words(open_page(address))


def test_other_experiments_work_while_one_fails(monkeypatch):
    def fail():
        raise RuntimeError(SECRET)

    name = lesson_of(monkeypatch, fail, lambda: st.write("fine"))
    app = open_page(name)
    app.segmented_control(key=f"{name}_experiment:widget").set_value("B").run()
    assert "stumbled" not in words(app)
    assert "fine" in words(app)


def test_stopping_a_script_is_no_error(monkeypatch, caplog):
    name = lesson_of(monkeypatch, st.stop)
    app = open_page(name)
    assert "stumbled" not in words(app)
    assert not [record for record in caplog.records if record.name == "playground.ui.page"]


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><b>bold'])
def test_what_the_kit_writes_is_escaped(monkeypatch, nasty):
    def show():
        page.numbers((nasty, nasty, nasty))
        page.equation(("model", nasty, nasty), (None, "", nasty))
        page.verdicts([(True, nasty, nasty)], empty=nasty)
        page.aloud(nasty)
        links.linked(f"{name}_knob", 1, read=int, write=str, label="Knob")

    name = lesson_of(monkeypatch, show)
    app = open_page(name, **{f"{name}_knob": nasty, f"{name}_experiment": nasty})
    assert nasty[:24] in ignored(app)
    assert not [piece for piece in html_of(app) if nasty in piece]


def test_a_preset_is_in_force_only_while_every_knob_is_as_it_says(monkeypatch):
    preset = page.Preset("Two", {"causality_knob": 2}, "Look at two.")

    def show():
        value = links.linked("causality_knob", 1, read=int, write=str)
        page.notice(f"Knob {value}.")

    name = lesson_of(monkeypatch, show, presets=(preset,))
    app = open_page(name)
    assert notice(app) == "Notice Knob 1."
    app.button(key="preset-A-Two").click().run()
    assert notice(app) == "Notice Look at two. Knob 2."


def test_a_minus_is_a_minus():
    assert page.minus("-0.5 and -1") == "−0.5 and −1"
