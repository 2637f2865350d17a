"""The page of From samples without a browser: its numbers against samples drawn here, answers that wait, bad links."""

import itertools
import json
import math
import re

import numpy as np
import pytest
from scipy.stats import norm

from pages.probability.divergences import samples
from playground.divergences.estimates import PAIRS, CloudStudy, HistogramStudy, PointStudy, estimate
from playground.divergences.words import samples as words
from tests.ui.app_pages import html_of, ignored, notice, numbers, open_page
from tests.ui.app_pages import words as said

KEY = "divergences_guess_samples"


def open_samples(*, reveal=True, **knobs):
    query = {f"divergences_samples_{name}": value for name, value in knobs.items() if name != "unit"}
    query |= {"divergences_units": knobs["unit"]} if "unit" in knobs else {}
    app = open_page(
        "divergences", divergences_experiment="From samples", **({"reveal": "1"} if reveal else {}), **query
    )
    assert_stands(app)
    return app


def assert_stands(app):
    assert not app.exception
    assert "stumbled" not in said(app)


def value(app, start):
    (found,) = [row for label, row in numbers(app).items() if label.startswith(start)]
    return found


def number(text):
    return float(text.split()[0].replace("−", "-"))


def test_the_default_is_p_against_p_and_the_mean_is_that_of_fresh_samples():
    app = open_samples()
    mean, beside = value(app, "Average estimate, n = 1\u2009000")
    rng, edges = np.random.default_rng(7), np.linspace(*norm.ppf([0.005, 0.995]), 11)
    edges[[0, -1]] = -np.inf, np.inf
    found = []
    for _ in range(300):
        p, q = (np.histogram(rng.standard_normal(1000), edges)[0] / 1000 for _ in range(2))
        found.append((p * np.log(p / q)).sum())
    error = float(re.search(r"± ([\d.]+)", beside)[1])
    assert number(mean) == pytest.approx(np.mean(found), abs=4 * math.hypot(error, np.std(found) / math.sqrt(300)))
    assert float(re.search(r"exact ([\d.]+)", beside)[1]) == pytest.approx(np.mean(found), abs=4 * error)
    assert value(app, "Truth, KL(P‖Q)") == ("0.0000 nats", "in 10 bins 0.0000")
    assert "P and Q are the same" in notice(app)


PRESETS = {
    "P against P": ("Too high", HistogramStudy(*PAIRS["The same"]), 1000),
    "An empty bin": ("Too high", HistogramStudy(*PAIRS["A shift"], bins=20), 560),
    "Add one": ("Too low", HistogramStudy(*PAIRS["A shift"], bins=20, pseudo_count=1.0), 320),
    "Under the floor": ("Too high", HistogramStudy(*PAIRS["A small shift"], "JS", 50), 320),
    "Eight dimensions": ("Too high", CloudStudy(8, 1.0), 320),
}
PRESETS["P against P"] = ("Too high", HistogramStudy(*PAIRS["The same"], bins=10), 1000)


@pytest.mark.parametrize("preset", [preset.name for preset in samples.PRESETS])
def test_a_preset_shows_its_study_and_judges_the_answer(preset):
    right, study, n = PRESETS[preset]
    app = open_samples(reveal=False)
    app.button(key=f"preset-From samples-{preset}").click().run()
    assert_stands(app)
    assert [value for value, _ in numbers(app).values()].count("?") == 3
    app.segmented_control(key=KEY).set_value("Right").run()
    run = estimate(study)
    at = run.index(n)
    assert run.sizes[at] == n
    assert words.answer(run, at) == right
    assert f"You said “Right”; it is “{right}”." in notice(app)
    assert words.sentence(run, at, study) in notice(app)
    shown = [
        row for _, *row in words.cells(run, at, study, lambda *pair: pair, per=1.0, unit=words.unit(study, "nats"))
    ]
    assert [list(row) for row in numbers(app).values()] == shown


def test_the_claims_of_the_presets_are_true():
    claims = {preset.name: preset.look_for for preset in samples.PRESETS}
    runs = {name: (estimate(study), study, n) for name, (_, study, n) in PRESETS.items()}
    run, _, n = runs["P against P"]
    assert claims["P against P"] == "Nothing is apart, and no estimate is 0."
    assert run.truth == 0
    assert (run.values[run.index(n)] > 0).all()
    run, _, n = runs["An empty bin"]
    assert 0 < np.isinf(run.values[run.index(n)]).mean() < 1
    run, _, n = runs["Add one"]
    assert run.expected[run.index(n)] < 0.95 * run.truth
    run, _, n = runs["Under the floor"]
    assert run.above[run.index(n)] < 0.5 < run.above[-1]
    assert run.truth < run.floor_summaries[run.index(n)].mean
    run, _, n = runs["Eight dimensions"]
    assert run.truth == pytest.approx(1)
    assert run.floor_summaries[run.index(n)].mean > 1


@pytest.mark.parametrize(
    ("knobs", "study", "n"),
    [
        ({"of": "TV", "pair": "Two bumps", "bins": "30"}, HistogramStudy(*PAIRS["Two bumps"], "TV", 30), 1000),
        ({"of": "Hellinger²", "pair": "Heavy tails", "known": "formula", "n": "56"},
         HistogramStudy(*PAIRS["Heavy tails"], "H²", 10, 0.0, True), 56),
        ({"pair": "Wide Q", "add": "½", "repeats": "50", "seed": "3"},
         HistogramStudy(*PAIRS["Wide Q"], "KL", 10, 0.5, False, 50, 3), 1000),
        ({"of": "W₁", "pair": "Wide P", "n_points": "180"}, PointStudy(*PAIRS["Wide P"], 1), 180),
        ({"of": "W₂", "pair": "Half apart"}, PointStudy(*PAIRS["Half apart"], 2), 1000),
        ({"of": "W₂ of clouds", "clouds": "Wide Q", "dimension": "2", "n_clouds": "560"}, CloudStudy(2, 0.0, 2.0), 560),
    ],
)  # fmt: skip
def test_every_knob_reaches_the_study(knobs, study, n):
    app = open_samples(**knobs)
    assert ignored(app) == ""
    run = estimate(study)
    cells = words.cells(run, run.index(n), study, lambda *pair: pair, per=1.0, unit=words.unit(study, "nats"))
    assert [(label, *row) for label, row in numbers(app).items()] == cells


def test_bits_are_nats_over_log_2():
    nats, bits = (
        open_samples(pair="A shift", known="formula"),
        open_samples(pair="A shift", known="formula", unit="bits"),
    )
    assert value(bits, "Truth")[0] == f"{0.5 / math.log(2):.4f} bits"
    for (label, (shown, _)), (_, (other, _)) in zip(numbers(nats).items(), numbers(bits).items(), strict=True):
        assert number(other) == pytest.approx(number(shown) / math.log(2), abs=1e-4), label
    tv = [numbers(open_samples(of="TV", pair="A shift", unit=unit)) for unit in ("nats", "bits")]
    assert tv[0] == tv[1]


def test_the_axis_holds_while_the_bins_are_dragged():
    app = open_samples(of="JS")
    before = app.get("vega_lite_chart")[0].proto.spec
    app.session_state["divergences_samples_bins:now"] = 90.0
    app.run()
    assert value(app, "Truth")[1].startswith("in 90 bins")
    assert app.get("vega_lite_chart")[0].proto.spec == before
    assert app.session_state["divergences_samples_bins"] == 10
    assert open_samples(of="JS", bins="90").get("vega_lite_chart")[0].proto.spec != before


def test_an_infinite_truth_is_no_number_to_subtract_from():
    app = open_samples(pair="Half apart")
    assert value(app, "Truth")[0] == "∞"
    assert value(app, "Average minus")[0] == "—"
    assert "∞ nats" not in said(app)


EDGES = [
    *({"of": of, "pair": pair, "bins": bins, "n": n, "axis": axis}
      for of, pair, (bins, n), axis in itertools.product(
          ("KL", "TV"), ("The same", "Half apart", "Wide P"), (("2", "10"), ("100", "100000")), ("log", "linear"))),
    *({"of": of, "n_points": n, "repeats": "10", "pair": "The same"} for of in ("W₁", "W₂") for n in ("10", "10000")),
    *({"of": "W₂ of clouds", "dimension": d, "n_clouds": n} for d in ("1", "8") for n in ("10", "560")),
    {"pair": "Half apart", "known": "formula", "add": "1"},
]  # fmt: skip


@pytest.mark.parametrize("knobs", EDGES, ids=range(len(EDGES)))
def test_the_ends_of_the_knobs_can_be_reached(knobs):
    app = open_samples(**knobs)
    assert ignored(app) == ""
    everything = " ".join([*(text for row in numbers(app).values() for text in row), notice(app)])
    assert not re.search(r"\b(nan|inf|None)\b|(?<![\w.])-\d", everything)
    for name in ("the_arithmetic", "data"):
        app.session_state[f"details-{name}"] = True
    app.run()
    assert_stands(app)


@pytest.mark.parametrize(
    "knobs",
    [{"of": "KL(Q)"}, {"n": "9"}, {"n": "nan"}, {"bins": "1"}, {"pair": "<u>P"}, {"repeats": "10.5"},
     {"seed": "-1"}, {"of": "W₂ of clouds", "dimension": "3"}],
)  # fmt: skip
def test_an_illegal_link_falls_back_and_says_so_once(knobs):
    app = open_samples(**knobs)
    assert ignored(app).count("Not used from this link") == 1
    assert not [piece for piece in html_of(app) if "<u>P" in piece]


def test_nothing_of_the_answer_travels_before_it():
    hidden, shown = open_samples(reveal=False, pair="A small shift"), open_samples(pair="A small shift")
    everything = said(hidden) + json.dumps([element.proto.spec for element in hidden.get("vega_lite_chart")])
    for label, (text, beside) in numbers(shown).items():
        if label.startswith("Truth"):
            continue
        for digits in re.findall(r"\d\.\d{4,}", f"{text} {beside}"):
            assert digits not in everything, label
    assert "Bands" not in everything
    assert words.WAIT in notice(hidden)
