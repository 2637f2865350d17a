"""Clouds: named pairs that fit the sheet, and clouds of one's own as text and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from playground.divergences.clouds import DRAWN, MOST, PAIRS, REACH, Scene, blurred, cheapest, from_text, to_text
from playground.divergences.transport import exact_plan, sinkhorn_plan

points = some.lists(
    some.tuples(some.floats(-REACH, REACH), some.floats(-REACH, REACH)), max_size=MOST
).map(lambda rows: np.array(rows, dtype=float).reshape(-1, 2))  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_named_clouds_fit_the_sheet_and_are_the_same_every_time(name):
    for cloud, again in zip(Scene(name).points, Scene(name).points, strict=True):
        assert 1 <= len(cloud) <= MOST
        assert np.abs(cloud).max() < REACH
        np.testing.assert_array_equal(cloud, again)


@given(points)
def test_points_survive_the_link(cloud):
    text = to_text(cloud)
    assert len(text) == 4 * len(cloud)
    np.testing.assert_allclose(from_text(text), cloud, atol=0.5 * 2 * REACH / 1295 + 1e-9)
    assert to_text(from_text(text)) == text


def test_points_outside_go_to_the_edge_and_nan_is_left_out():
    text = to_text(np.array([[9.0, -9.0], [np.nan, 0.0], [np.inf, 0.0]]))
    np.testing.assert_allclose(from_text(text), [[REACH, -REACH]])
    assert len(from_text(to_text(np.zeros((99, 2))))) == MOST
    assert from_text("").shape == (0, 2)


@pytest.mark.parametrize("text", ["abc", "ABCD", "ab-d", "0000" * (MOST + 1), "<b>0", "ⅷ000", "١٢٣٤"])
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match="at most 60 points"):
        from_text(text)


def test_a_scene_has_the_points_that_were_drawn_and_its_plans():
    one, other = np.array([[0.0, 1.0], [2.0, 1.0]]), np.array([[0.0, -1.0]])
    scene = Scene(DRAWN, to_text(one), to_text(other))
    for found, meant in zip(scene.points, (one, other), strict=True):
        np.testing.assert_allclose(found, meant, atol=0.003)
    assert cheapest(scene, 2).cost == exact_plan(*scene.points, 2).cost
    assert blurred(scene, 1, 0.5, 10).cost == sinkhorn_plan(*scene.points, 1, 0.5, rounds=10).cost
    assert [len(points) for points in Scene(DRAWN).points] == [0, 0]


def test_a_scene_says_which_names_there_are():
    with pytest.raises(ValueError, match=r"name must be one of .*'Moon to moon'.* got 'Sun'"):
        Scene("Sun")
    with pytest.raises(ValueError, match="at most 60 points"):
        Scene(DRAWN, "abc")
