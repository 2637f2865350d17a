"""The pictures of noisy points: what is drawn is what was computed, what is hidden is not sent, axes hold still."""

import json
from dataclasses import replace

import numpy as np
import pytest

from playground.bernoulli.charts import noise as charts
from playground.bernoulli.comparison import PLACES, WAYS, Comparison
from playground.bernoulli.regression import Regression
from playground.bernoulli.samples import SAMPLES, SHEET, truth_weights
from playground.theme import DARK, DASHES, LIGHT, SHAPES, look

SINE = SAMPLES["Sine"]
FOUND = Comparison(SINE.points(10, seed=3), Regression(9, 0.2, 0.5), SINE.truth)
LOOK = look("light")


def layers(panel):
    return {layer.name: layer for layer in panel.layers}


def test_the_sheet_draws_the_curves_and_the_truth_in_their_roles():
    drawn = layers(charts.sheet(FOUND))
    assert {name: layer.color for name, layer in drawn.items()} == {
        "band": "model", "truth": "truth", "least squares": "data", "Laplace prior": "rival", "Gaussian prior": "model",
    }  # fmt: skip
    assert list(drawn)[-1] == "Gaussian prior"  # on top
    for way in WAYS:
        np.testing.assert_allclose(drawn[way].xy[0, :, 0], PLACES, atol=1e-6)
        inside = np.abs(FOUND.heights(way)) < 50
        np.testing.assert_allclose(drawn[way].xy[0, inside, 1], FOUND.heights(way)[inside], atol=1e-5)
    np.testing.assert_allclose(drawn["truth"].xy[0, :, 1], np.sin(np.pi * PLACES), atol=1e-6)
    assert charts.sheet(FOUND).extent == SHEET


@pytest.mark.parametrize("new_point", [False, True])
def test_the_band_is_196_standard_deviations_wide_of_the_curve_or_of_a_new_point(new_point):
    outline = layers(charts.sheet(FOUND, new_point=new_point))["band"].xy[0]
    low, high = outline[: len(PLACES)], outline[len(PLACES) : 2 * len(PLACES)][::-1]
    assert outline[0].tolist() == outline[-1].tolist()  # closed, so that its inside is filled
    mean, sd = FOUND.model.curve(FOUND.x, FOUND.y, PLACES)
    half = 1.959964 * (np.sqrt(sd**2 + 0.2**2) if new_point else sd)
    np.testing.assert_allclose(low[:, 1], mean - half, atol=1e-4)
    np.testing.assert_allclose(high[:, 1], mean + half, atol=1e-4)


def test_a_hidden_truth_is_not_sent_and_one_that_nobody_knows_is_not_drawn():
    assert "truth" not in layers(charts.sheet(FOUND, reveal=False))
    assert "truth" not in layers(charts.sheet(replace(FOUND, truth=None)))


def test_without_points_least_squares_is_not_drawn():
    assert set(layers(charts.sheet(Comparison((), FOUND.model, None)))) == {"band", "Gaussian prior", "Laplace prior"}


def test_what_runs_off_the_sheet_stays_finite():
    wild = Comparison(tuple((0.5 + i / 1000, (-1.0) ** i) for i in range(12)), FOUND.model, None)
    assert np.abs(wild.heights("least squares")).max() > 1000
    for layer in charts.sheet(wild).layers:
        assert np.abs(layer.xy).max() <= charts.FAR


def weights(picture):
    table = picture.tables["weights"]
    return {way: rows.sort_values("at") for way, rows in table.groupby("way")}


@pytest.mark.parametrize("top", [1.0, 0.25])
def test_every_coefficient_is_drawn_where_it_is_and_beyond_the_axis_as_an_arrowhead(top):
    drawn = weights(charts.coefficients(FOUND, (), top=top, look=LOOK))
    for way in WAYS:
        true = FOUND.weights[way]
        assert drawn[way]["height"].tolist() == np.clip(true, -top, top).tolist()
        own = SHAPES[charts.ROLES[way]]
        expected = ["triangle-up" if w > top else "triangle-down" if w < -top else own for w in true]
        assert drawn[way]["shape"].tolist() == expected
        assert np.rint(drawn[way]["at"]).tolist() == list(range(10))
    assert "triangle-up" in set(drawn["least squares"]["shape"])
    assert ("triangle-down" in set(drawn["Gaussian prior"]["shape"])) == (top < 0.5)


def test_only_what_the_laplace_prior_drops_is_drawn_as_dropped():
    drawn = weights(charts.coefficients(FOUND, (), top=1.0, look=LOOK))
    assert drawn["Laplace prior"]["dropped"].tolist() == (FOUND.weights["Laplace prior"] == 0).tolist()
    assert drawn["Laplace prior"]["dropped"].sum() == FOUND.dropped == 3
    assert not drawn["Gaussian prior"]["dropped"].any()
    empty = weights(charts.coefficients(Comparison((), FOUND.model, None), (), top=1.0, look=LOOK))
    assert empty["Laplace prior"]["dropped"].all()
    assert not empty["Gaussian prior"]["dropped"].any()


def test_the_true_coefficients_and_the_prior_are_levels():
    truth = truth_weights("Sine", 9)
    tables = charts.coefficients(FOUND, truth, top=1.0, look=LOOK).tables
    assert tables["truth"]["height"].tolist() == list(truth)
    assert tables["edges"]["height"].tolist() == [-0.5, 0.5]
    wide = charts.coefficients(replace(FOUND, model=Regression(9, 0.2, 5.0)), (), top=1.0, look=LOOK).tables
    assert wide["edges"].empty  # its edge lies beyond the axis
    assert (wide["prior"]["low"][0], wide["prior"]["high"][0]) == (-1, 1)
    assert wide["truth"].empty


def test_the_axis_of_the_coefficients_is_a_rung_that_holds_both_priors_at_rest_and_now():
    low, high = (replace(FOUND, model=Regression(9, 0.2, tau)) for tau in (0.5, 20.0))
    assert charts.height_of_axis(low, low) == 1.0
    assert charts.height_of_axis(high, low) == charts.height_of_axis(low, high) == charts.height_of_axis(high, high) > 1
    for tau in np.geomspace(0.02, 20, 40):
        now = replace(FOUND, model=Regression(9, 0.2, tau))
        top = charts.height_of_axis(now, now)
        assert top in charts.RUNGS
        assert max(np.abs(now.weights[way]).max() for way in WAYS[1:]) <= 0.9 * top


def test_the_evidence_is_drawn_below_the_best_degree():
    table = charts.evidence(FOUND, look=LOOK).tables["degrees"]
    relative = FOUND.log_evidences - FOUND.log_evidences.max()
    assert table["nats"].tolist() == np.maximum(relative, -12).tolist()
    assert table["below"].tolist() == (relative < -12).tolist()
    assert table["below"].any()
    assert table.loc[table["now"], "degree"].tolist() == [9]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_pictures_have_the_colours_and_dashes_of_their_roles(palette):
    shown = look("dark" if palette is DARK else "light")
    spec = json.dumps(charts.coefficients(FOUND, (), top=1.0, look=shown).spec)
    assert all(palette.of(role) in spec for role in ("data", "model", "rival", "truth", "prior"))
    assert json.dumps(list(DASHES["prior"])) in spec
    assert json.dumps(list(DASHES["truth"])) in spec
    assert palette.model in json.dumps(charts.evidence(FOUND, look=shown).spec)


def test_specifications_are_made_once():
    other = replace(FOUND, model=Regression(9, 0.2, 0.4))
    one, two = (charts.coefficients(c, (), top=1.0, look=LOOK).spec for c in (FOUND, other))
    assert one is two
    assert charts.evidence(FOUND, look=LOOK).spec is charts.evidence(other, look=LOOK).spec
