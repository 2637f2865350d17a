"""The code that a page gives away runs as shown and prints what the page shows: every lesson, every preset."""

import contextlib
import io
import json
import re
import warnings

import pytest
from app_pages import experiments, open_page, words

from playground.ui import catalog

NUMBER = re.compile(r"(?<![\w.])[-−+]?\d+\.?\d*(?:e[-+]?\d+)?(?!\w)")
CASES = [
    pytest.param(entry.name, experiment.name, preset, id=f"{entry.name}-{experiment.name}-{preset and preset.name}")
    for entry in catalog.READY
    for experiment in experiments(entry.name)
    for preset in (None, *experiment.presets)
]


def snippets(app):
    """The code under "The code", and the app again with it open."""
    app.session_state["details-the_code"] = True
    app.run()
    assert not app.exception
    (section,) = [section for section in app.expander if section.label == "The code"]
    return [block.value for block in section.code]


def printed(code):
    """What the code prints when it is all that somebody has."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(code, "snippet", "exec"), {"__name__": "__main__"})
    return out.getvalue()


def shown(app):
    """Every number on the page, as text: in words, on graphs and in pictures."""
    data = [json.dumps(json.loads(element.proto.json)) for element in app.get("bidi_component") if element.proto.json]
    return {text.replace("−", "-").lstrip("+") for piece in (words(app), *data) for text in NUMBER.findall(piece)}


def is_among(number, texts):
    """Whether one of the texts is the number, rounded to at least three decimals or exactly."""
    for text in texts:
        decimals = len(text.partition("e")[0].partition(".")[2])
        if float(text) == number or (decimals >= 3 and abs(float(text) - number) <= 0.500001 * 10.0**-decimals):
            return True
    return False


@pytest.mark.parametrize(("lesson", "experiment", "preset"), CASES)
def test_the_code_runs_as_shown_and_prints_what_the_page_shows(lesson, experiment, preset):
    app = open_page(lesson, **{"reveal": "1", f"{lesson}_experiment": experiment})
    if preset:
        app.button(key=f"preset-{experiment}-{preset.name}").click().run()
    for code in snippets(app):
        numbers = [float(text) for text in NUMBER.findall(printed(code))]
        assert numbers
        on_the_page = shown(app)
        assert not [number for number in numbers if not is_among(number, on_the_page)]


@pytest.mark.parametrize(("lesson", "experiment"), dict.fromkeys(case.values[:2] for case in CASES))
def test_every_experiment_gives_its_code_away(lesson, experiment):
    app = open_page(lesson, **{"reveal": "1", f"{lesson}_experiment": experiment})
    code = "\n".join(snippets(app))
    imported = set(re.findall(r"^(?:from|import) (\w+)", code, re.MULTILINE))
    assert "playground" in imported
    assert imported <= {"playground", "torch", "numpy"}


def test_a_number_must_be_there_to_at_least_three_decimals():
    assert is_among(0.2830713, {"0.2831"})
    assert is_among(0.2830713, {"7", "0.283"})
    assert not is_among(0.2830713, {"0.28", "0.2832", "0"})
    assert is_among(1.0, {"1"})
    assert NUMBER.findall("P = −0.5, 1e-7 x1 2.") == ["−0.5", "1e-7", "2."]
