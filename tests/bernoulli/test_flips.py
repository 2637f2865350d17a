"""Flips as typed, as kept in a link, and as flipped by the machine."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.bernoulli import Flips
from playground.bernoulli.flips import LONGEST, MOST, ORDERS


@pytest.mark.parametrize(
    ("text", "heads", "tails", "order"),
    [
        ("HHTTH", 3, 2, "HHTTH"), ("1 0 1", 2, 1, "HTH"), ("h, t, h", 2, 1, "HTH"), ("101", 2, 1, "HTH"),
        ("", 0, 0, ""), ("  , ", 0, 0, ""), ("1", 1, 0, "H"), ("0", 0, 1, "T"), ("7H3T", 7, 3, None),
        ("700h 300t", 700, 300, None),
        ("3T, 7H", 7, 3, None), ("1H0T", 1, 0, "H"), ("4T", 0, 4, "TTTT"), ("0H0T", 0, 0, ""),
        ("1000000H", MOST, 0, None), ("600H", 600, 0, None),
    ],
)  # fmt: skip
def test_flips_are_read_as_typed(text, heads, tails, order):
    assert Flips.parse(text) == Flips(heads, tails, order)
    assert (Flips.parse(text).order, Flips.parse(text).count) == (order, heads + tails)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("HHXT", "“X” at position 3 is no flip here: write H and T, or 1 and 0, or counts such as 7H3T"),
        ("H T\nH", "“\n” at position 4"),
        ("1 0 2", "“2” at position 5"),
        ("HH1", "“1” at position 3 is no flip here: write H and T"),
        ("1 0 H", "“H” at position 5 is no flip here: write 1 and 0"),
        ("7", "“7” at position 1"),
        ("-3H2T", "“-” at position 1"),
        ("3H2H", "“3” at position 1"),
        ("1.5H", "“.” at position 2"),
        ("HHß", "“ß” at position 3"),
        ("１", "“１” at position 1"),
        ("<b>", "“<” at position 1"),
        ("nan", "“n” at position 1"),
        ("1000001H", "at most 1 000 000 flips, got 1 000 001"),
        ("999999999999H", "at most 1 000 000 flips"),
    ],
)
def test_what_is_no_flip_is_named_with_its_position(text, says):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (checked below, with brackets as they are)
        Flips.parse(text)
    assert str(refused.value).startswith(says)


@given(st.text(alphabet="HT", max_size=LONGEST + 20))
def test_a_link_restores_the_flips(order):
    flips = Flips.ordered(order)
    assert Flips.parse(flips.text()) == flips
    assert len(flips.text()) <= LONGEST
    assert (flips.heads, flips.tails) == (order.count("H"), order.count("T"))
    assert flips.order == (order if len(order) <= LONGEST else None)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    try:
        flips = Flips.parse(text)
    except ValueError as problem:
        said = str(problem)
    else:
        said = "at most"
        assert Flips.parse(flips.text()) == flips
    assert "position" in said or "at most" in said


@given(st.integers(0, 30), st.integers(0, 30), st.floats(0, 1))
def test_flips_in_two_parts_are_the_flips_at_once(first, second, theta):
    once = Flips().and_then(first + second, theta=theta, seed=1)
    assert Flips().and_then(first, theta=theta, seed=1).and_then(second, theta=theta, seed=1) == once
    assert (
        Flips.parse(Flips().and_then(first, theta=theta, seed=1).text()).and_then(second, theta=theta, seed=1) == once
    )


def test_flips_follow_their_coin_and_their_seed():
    assert Flips().and_then(50, theta=0.0, seed=1).heads == 0
    assert Flips().and_then(50, theta=1.0, seed=1).tails == 0
    many = Flips().and_then(100_000, theta=0.3, seed=1)
    assert many.order is None
    assert abs(many.heads - 30_000) < 4 * np.sqrt(100_000 * 0.3 * 0.7)
    assert Flips().and_then(40, theta=0.5, seed=1) != Flips().and_then(40, theta=0.5, seed=2)


def test_flips_end_at_the_limit():
    assert Flips(MOST - 3, 0).and_then(10, theta=1.0, seed=1) == Flips(MOST, 0)
    assert Flips(MOST, 0).and_then(10, theta=1.0, seed=1).count == MOST
    assert Flips.ordered("H" * LONGEST).and_then(1, theta=1.0, seed=1) == Flips(LONGEST + 1, 0)


def test_flips_that_contradict_themselves_are_refused():
    with pytest.raises(ValueError, match="must be >= 0, got -1 and 2"):
        Flips(-1, 2)
    with pytest.raises(ValueError, match="must hold 2 H and 1 T"):
        Flips(2, 1, "HHT T")
    with pytest.raises(ValueError, match="at most 1 000 000 flips, got 1 000 001"):
        Flips(MOST, 1)


@given(st.text(alphabet="HT", max_size=40), st.sampled_from(ORDERS))
def test_another_order_holds_the_same_flips(text, order):
    flips = Flips.ordered(text)
    came, arranged = flips.came(seed=3), flips.arranged(order, seed=3)
    assert "".join(np.where(came, "H", "T").tolist()) == text
    assert (came.sum(), len(came)) == (arranged.sum(), len(arranged)) == (flips.heads, flips.count)
    assert (arranged == flips.arranged(order, seed=3)).all()


def test_orders_are_what_they_are_called():
    flips = Flips(300, 400)
    assert flips.arranged("heads first", seed=1)[:300].all()
    assert flips.arranged("tails first", seed=1)[400:].all()
    shuffled = flips.arranged("shuffled", seed=1)
    assert 100 < shuffled[:350].sum() < 200
    np.testing.assert_array_equal(flips.came(seed=1), shuffled)  # counts alone know no order
    assert (shuffled != flips.arranged("shuffled", seed=2)).any()
