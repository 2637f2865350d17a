"""Transport as it is opened: its numbers against other ways to them, bad links, answers that stay hidden."""

import json
import re

import numpy as np
import ot
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.stats import norm, wasserstein_distance

from pages.probability.divergences import critic, plane, transport
from playground.divergences.clouds import MOST, Scene
from playground.divergences.critic import CriticConfig, trained_critic
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.ui.page import SHOW_ME
from tests.ui.app_pages import html_of, ignored, notice, numbers, open_page, sent, words

T = "divergences_transport_{}"
BELL, BUMPS = Gaussian(-1.5, 0.7), TwoGaussians(0.5, -1.5, 0.6, 2.5, 0.6)  # where the page begins
GUESSES = {"Line": "transport", "Plane": "plane", "Critic": "critic"}


def open_transport(view="Line", reveal=True, **knobs):
    query = {T.format(name): value for name, value in {"view": view, **knobs}.items()}
    app = open_page("divergences", divergences_experiment="Transport", **({"reveal": "1"} if reveal else {}), **query)
    assert not app.exception
    assert "stumbled" not in words(app)
    return app


def value(app, label):
    return float(numbers(app)[label][0].replace("−", "-"))


def choose(app, preset):
    app.button(key=f"preset-Transport-{preset}").click().run()
    assert not app.exception
    assert "stumbled" not in words(app)
    return app


# -- what the numbers are held against


def test_the_line_begins_with_w1_and_w2_of_other_libraries():
    app = open_transport()
    levels = (np.arange(20_000) + 0.5) / 20_000
    x, y = norm(-1.5, 0.7).ppf(levels), BUMPS.quantile(levels)
    assert value(app, "W₁, cost |x − y|") == pytest.approx(wasserstein_distance(x, y), abs=1e-3)
    assert value(app, "W₂², cost |x − y|²") == pytest.approx(ot.emd2_1d(x, y, metric="sqeuclidean"), abs=2e-3)
    pairs = np.abs(x[::20, None] - y[::20])
    assert value(app, "At random, |x − y|") == pytest.approx(pairs.mean(), abs=5e-3)
    squared = open_transport(cost="Cost |x − y|²")
    assert value(squared, "At random, |x − y|²") == pytest.approx((pairs**2).mean(), abs=2e-2)


@pytest.mark.parametrize(("cost", "order"), [("Cost |x − y|", 1), ("Cost |x − y|²", 2)])
@pytest.mark.parametrize("pair", ["Grid to ring", "One to two"])
def test_the_plane_shows_the_best_assignment(pair, cost, order):
    app = open_transport("Plane", cost=cost, pair=pair)
    x, y = Scene(pair).points
    price = np.linalg.norm(x[:, None] - y, axis=-1) ** order
    i, j = linear_sum_assignment(price)
    label = "Cheapest, W₁" if order == 1 else "Cheapest, W₂²"
    assert value(app, label) == pytest.approx(price[i, j].mean(), abs=5e-5)
    assert int(numbers(app)["Pairs that cross"][0]) == (60 if order == 2 and pair == "One to two" else 0)
    soft = ot.sinkhorn(np.full(36, 1 / 36), np.full(36, 1 / 36), price, plane.MEDIUM, method="sinkhorn_log",
                       numItermax=2000, stopThr=1e-12)  # fmt: skip
    assert value(app, "Sinkhorn’s plan") == pytest.approx((soft * price).sum(), abs=5e-5)


def test_the_critics_are_those_of_the_engine():
    app = open_transport("Critic", clip="1", penalty="1", draw="4")
    clip, penalty = (
        trained_critic(CriticConfig(way=way, clip=1.0, penalty=1.0, seed=4), BELL, BUMPS)[-1]
        for way in ("clip", "penalty")
    )
    assert value(app, "W₁, the best critic") == pytest.approx(2.0, abs=2e-3)
    assert value(app, "Clipped, scaled") == pytest.approx(clip.fair, abs=5e-5)
    assert value(app, "With penalty, scaled") == pytest.approx(penalty.fair, abs=5e-5)
    assert value(app, "With penalty, unscaled") == pytest.approx(penalty.advantage, abs=5e-5)


# -- presets


def test_there_is_a_preset_for_every_view():
    views = {preset.settings[transport.VIEW] for preset in transport.PRESETS}
    assert views == set(transport.VIEWS)
    assert len(transport.PRESETS) >= 5


def test_presets_show_what_they_say():
    app = open_transport()
    torn = notice(choose(app, "Torn apart"))
    assert "torn apart" in torn
    any_plan = numbers(choose(app, "Any plan"))
    assert any_plan["At random, |x − y|"] == ("4.0000", "as much as the cheapest")
    assert any_plan["W₁, cost |x − y|"][0] == "4.0000"
    assert int(numbers(choose(app, "Crossing"))["Pairs that cross"][0]) > 0
    assert "converged" in numbers(choose(app, "Blur"))["In the wrong place"][1]
    assert "not converged" in numbers(choose(app, "Hasty"))["In the wrong place"][1]
    assert "no plan" in notice(app)
    choose(app, "Cones")
    assert numbers(app)["Pairs that cross"][0] == "0"
    bent = numbers(choose(app, "Bent"))
    assert float(bent["Clipped, scaled"][0]) < 0.7 * 3
    assert float(bent["With penalty, scaled"][0]) > 0.95 * 3
    stuck = numbers(choose(app, "Stuck"))
    assert float(stuck["With penalty, scaled"][0]) < 0.5 * float(stuck["W₁, the best critic"][0])
    assert "slopes the wrong way" in notice(app)


def test_the_wrong_way_is_more_rounds_away_than_the_hint_says_in_no_case():
    """Blur's hint: lower ε, and Sinkhorn needs more rounds."""
    app = choose(open_transport(), "Blur")
    before = int(re.match(r"of the mass; (\d+) rounds", numbers(app)["In the wrong place"][1])[1])
    lower = open_transport("Plane", pair="Grid to ring", cost="Cost |x − y|²", epsilon="0.1")
    assert int(re.match(r"of the mass; (\d+) rounds", numbers(lower)["In the wrong place"][1])[1]) > before


# -- predictions


@pytest.mark.parametrize("view", transport.VIEWS)
def test_the_answer_is_judged(view):
    app = open_transport(view, reveal=False)
    key = f"divergences_guess_{GUESSES[view]}"
    (question,) = [control for control in app.segmented_control if control.key == key]
    right = 0
    for option in question.options[:-1]:
        app = open_transport(view, reveal=False)
        app.segmented_control(key=key).set_value(option).run()
        text = notice(app)
        assert f"You said “{option}”" in text
        right += ": right." in text
    assert right == 1
    app = open_transport(view, reveal=False)
    app.segmented_control(key=key).set_value(SHOW_ME).run()
    assert "You said" not in notice(app)


@pytest.mark.parametrize("view", transport.VIEWS)
def test_the_answer_is_hidden_everywhere(view):
    hidden, shown = open_transport(view, reveal=False), open_transport(view)
    secrets = {label for label, (told, _) in numbers(hidden).items() if told == "?"}
    assert secrets
    said = words(hidden)
    for label in secrets - {"Pairs that cross"}:
        assert numbers(shown)[label][0] not in said
    assert "crosses" not in said
    assert "No two ways" not in said


def test_nobody_trains_before_the_prediction(monkeypatch):
    monkeypatch.setattr(critic, "trained_critic", lambda *_: pytest.fail("trained"))
    app = open_transport("Critic", reveal=False)
    assert numbers(app)["Clipped, scaled"][0] == "?"


# -- links


@pytest.mark.parametrize(
    ("view", "name", "bad"),
    [
        ("Line", "q_centre", "nan"), ("Line", "q_width", "0"), ("Line", "p", "Cauchy"), ("Line", "cost", "free"),
        ("Plane", "epsilon", "0"), ("Plane", "epsilon", "inf"), ("Plane", "rounds", "1e9"), ("Plane", "rounds", "2.5"),
        ("Plane", "pair", "Nobody"), ("Critic", "clip", "0"), ("Critic", "penalty", "-1"), ("Critic", "draw", "x"),
    ],
)  # fmt: skip
def test_what_is_illegal_in_a_link_is_told_and_the_default_is_shown(view, name, bad):
    app = open_transport(view, **{name: bad})
    assert bad in ignored(app)
    assert numbers(app) == numbers(open_transport(view))


@pytest.mark.parametrize("bad", ["abc", "<script>", "ZZZZ", "0000" * (MOST + 1), "nan,nan"])
def test_points_of_a_link_that_are_none_are_told(bad):
    app = open_transport("Plane", pair="Drawn", drawn_p=bad)
    assert "at most 60 points" in ignored(app)
    assert numbers(app) == numbers(open_transport("Plane", pair="Drawn"))
    assert "<script>" not in "".join(html_of(app))


def test_an_unknown_view_is_the_line():
    app = open_transport("Sphere")
    assert "Sphere" in ignored(app)
    assert "W₁, cost |x − y|" in numbers(app)


@pytest.mark.parametrize(
    ("p", "q", "missing"), [("-", "0000", "P"), ("0000", "-", "Q"), ("-", "-", "P and Q")]
)  # fmt: skip
def test_without_points_the_page_asks_for_some(p, q, missing):
    app = open_transport("Plane", pair="Drawn", drawn_p=p, drawn_q=q)
    assert f"There are no points in {missing} yet" in notice(app)


@pytest.mark.parametrize("cost", ["Cost |x − y|", "Cost |x − y|²"])
@pytest.mark.parametrize("epsilon", ["0.01", "100"])
@pytest.mark.parametrize(
    ("p", "q"), [("0000", "0000"), ("0000", "zzzz"), ("i0i0" * MOST, "0000zzzz"), ("i0i0" * 9, "i0i0")]
)
def test_few_points_and_equal_points_are_clouds_too(p, q, epsilon, cost):
    app = open_transport("Plane", pair="Drawn", drawn_p=p, drawn_q=q, epsilon=epsilon, cost=cost, behind="The critic")
    assert ignored(app) == ""
    label = "Cheapest, W₁" if cost.endswith("|") else "Cheapest, W₂²"
    assert value(app, label) >= 0
    if set(p) == set(q) == {"0"}:
        assert value(app, label) == 0
    assert numbers(app)["Pairs that cross"][0] == "0"


def test_a_drawn_cloud_is_in_the_link_and_on_the_sheet():
    app = open_transport("Plane", pair="Drawn", drawn_p="0000zzzz", drawn_q="zz00")
    assert ignored(app) == ""
    assert value(app, "Cheapest, W₁") == pytest.approx(6.0, abs=1e-4)
    (sheet,) = sent(app, "drawpad")
    np.testing.assert_allclose(sheet["start"], [[-3, -3], [3, 3]], atol=1e-6)
    other = open_transport("Plane", pair="Drawn", drawn_p="0000zzzz", drawn_q="zz00", sheet="Q")
    np.testing.assert_allclose(sent(other, "drawpad")[0]["start"], [[3, -3]], atol=1e-6)


@pytest.mark.parametrize("family", transport.FAMILIES)
@pytest.mark.parametrize(("centre", "width"), [("-3", "0.2"), ("3", "2"), ("0.5", "0.6")])
def test_every_family_and_every_end_of_a_knob_is_a_page(family, centre, width):
    knobs = {"q": family, "q_centre": centre, "q_width": width, "p": "Laplace"}
    for view in ("Line", "Critic"):
        app = open_transport(view, **knobs)
        assert ignored(app) == ""
        assert "nan" not in words(app).lower()
        assert " inf" not in words(app).lower()


def test_equal_shapes_are_told():
    same = {"p": "Gaussian", "q": "Gaussian", "p_centre": "0", "q_centre": "0", "p_width": "1", "q_width": "1"}
    assert "P and Q are the same" in notice(open_transport(**same))
    assert numbers(open_transport(**same))["At random, |x − y|"][1] == "the cheapest costs nothing"
    assert "P and Q are the same" in notice(open_transport("Critic", **same))


def test_while_a_knob_is_dragged_nobody_trains():
    app = open_transport("Critic")
    app.session_state[f"{T.format('q_centre')}:now"] = 0.7
    for section in ("the_arithmetic", "the_code", "data"):
        app.session_state[f"details-{section}"] = True
    app.run()
    assert "After your prediction" not in words(app)
    assert not app.exception
    cells = numbers(app)
    assert cells["Clipped, scaled"] == ("—", "when the knob rests")
    assert "rests" in notice(app)
    assert value(app, "W₁, the best critic") != pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize("view", transport.VIEWS)
def test_all_details_open_in_every_view(view):
    app = open_transport(view)
    for section in ("the_arithmetic", "the_code", "data"):
        app.session_state[f"details-{section}"] = True
    app.run()
    assert not app.exception
    assert "stumbled" not in words(app)
    assert app.latex
    assert app.code
    assert json.dumps([block.value for block in app.code])
