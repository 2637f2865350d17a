"""What Ruler says is true of every pair of shapes that its knobs can make."""

import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.divergences.compare import NAMES, compare, favoured, gaps
from playground.divergences.families import FAMILIES, Choice
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Histogram, Uniform
from playground.divergences.words import ruler as words

FORWARD, BACKWARD = NAMES[:2]
LEVELS = st.lists(st.integers(0, 24), min_size=16, max_size=16).filter(any).map(tuple)
CHOICES = st.builds(
    Choice,
    st.sampled_from(FAMILIES),
    st.integers(-40, 40).map(lambda n: n / 10),
    st.integers(4, 60).map(lambda n: n / 20),
    st.integers(0, 80).map(lambda n: n / 10),
    st.integers(1, 19).map(lambda n: n / 20),
    LEVELS,
)
SHAPES = CHOICES.map(lambda choice: choice.shape)
UNITS = st.sampled_from(["nats", "bits"])
NORMAL, SHIFTED = Gaussian(0.0, 1.0), Gaussian(1.0, 0.6)
APART = Uniform(-3.0, -2.0), Uniform(2.0, 2.5)
many = settings(max_examples=60, deadline=None, derandomize=True)


def numbers(text):
    return [float(number) for number in re.findall(r"(?<![\w.])\d+\.\d+", text)]


def everything(p, q, units):
    for name in NAMES:
        yield words.value(name, p, q, units)
        yield words.area(name, p, q, units)
        yield words.fact(name, p, q, units)
        yield words.sentence(name, p, q, units)
        yield from (
            cell
            for cell in itertools.chain(*words.rows(p, q, units, chosen=name, reveal=True))
            if isinstance(cell, str)
        )
    yield words.aloud(p, q, units, reveal=True)
    yield words.floor(p, q, units)


# -- of any pair


@many
@given(SHAPES, SHAPES, UNITS)
def test_nothing_is_said_in_the_language_of_machines(p, q, units):
    for text in everything(p, q, units):
        assert not re.search(r"\b(nan|inf|None|True)\b|\de[-+]\d", text), text
        assert not re.search(r"(?<![\w.])-\d|−0(\.0+)?(?![\d.])", text), text


@many
@given(SHAPES, SHAPES, UNITS)
def test_each_value_is_the_divergence_in_its_unit(p, q, units):
    for name in NAMES:
        value, unit = compare(p, q).of(name), 1.0
        text = words.value(name, p, q, units)
        if name in NAMES[:3]:
            unit = math.log(2) if units == "bits" else 1.0
            assert text.endswith(units) or text == "∞"
        else:
            assert "nats" not in text
            assert "bits" not in text
        if math.isinf(value):
            assert text == "∞"
        elif text.startswith("<"):
            assert 0 < value / unit < 1e-4
        else:
            assert numbers(text)[0] == pytest.approx(value / unit, abs=5.1e-5)


@many
@given(SHAPES, SHAPES)
def test_the_larger_of_the_two_is_the_larger(p, q):
    found, answer = compare(p, q), words.larger(p, q)
    if answer == "Both ∞":
        assert found.kl_forward == found.kl_backward == math.inf
    elif answer == "Equal":
        assert found.kl_forward == pytest.approx(found.kl_backward, abs=1.1e-4)
    else:
        both = {FORWARD: found.kl_forward, BACKWARD: found.kl_backward}
        assert both[answer] == max(both.values())
        assert both[answer] > min(both.values())


@many
@given(SHAPES, SHAPES, UNITS)
def test_kl_is_called_infinite_exactly_where_the_supports_say_so(p, q, units):
    for name, first, second in ((FORWARD, p, q), (BACKWARD, q, p)):
        infinite = bool(gaps(first, second))
        assert (words.value(name, p, q, units) == "∞") == infinite
        assert ("is infinite" in words.sentence(name, p, q, units)) == infinite
        assert ("where" in words.fact(name, p, q, units) and "has mass" in words.fact(name, p, q, units)) == infinite
        if infinite:
            mass = sum(gap.mass for gap in gaps(first, second))
            said = words.fact(name, p, q, units).rpartition("has mass ")[2]
            assert said == "below 0.0001" if mass < 5e-5 else float(said) == pytest.approx(mass, abs=5.1e-5)


@many
@given(SHAPES, SHAPES)
def test_where_kl_counts_most_is_where_its_integrand_is_largest(p, q):
    sentence = words.sentence(FORWARD, p, q, "nats")
    if "It counts most near x = " not in sentence:
        return
    low, high = p.quantile([1e-4, 1 - 1e-4])
    x = np.linspace(low, high, 4001)
    both = (p.pdf(x) > 0) & (q.pdf(x) > 0)
    ratio = np.where(both, p.log_pdf(x), 0) - np.where(both, q.log_pdf(x), 0)
    values = p.pdf(x) * ratio
    near = [float(text.replace("−", "-")) for text in re.findall(r"x = (−?\d+(?:\.\d+)?)", sentence)]
    for place in near[:2]:
        beside = values[np.abs(x - place) <= 0.08 + 0.04 * (high - low)]
        assert beside.max(initial=-np.inf) >= 0.99 * values.max() - 1e-9
    if said := re.search(r"p is (\d+\.\d) times q", sentence):
        assert 1 <= float(said[1]) <= np.exp(ratio.max()) + 0.06


@many
@given(SHAPES, SHAPES)
def test_what_is_said_of_moving_mass_is_true(p, q):
    found, apart = compare(p, q), abs(p.mean - q.mean)
    sentence = words.sentence("W1", p, q, "nats")
    if "none of it has to move the other way" in sentence:
        assert found.w1 == pytest.approx(apart, abs=1e-4)
        x = np.linspace(-15, 15, 2001)
        gap = p.cdf(x) - q.cdf(x)
        if "next to" not in sentence:
            assert gap.min() > -1e-6 or gap.max() < 1e-6
    elif "some of it moves left" in sentence:
        assert found.w1 > apart + 4e-5
    else:
        assert "the same" in sentence
    longest = words.sentence("W2", p, q, "nats")
    assert ("W₂ is W₁" in longest or "W₂ is almost W₁" in longest or "the same" in longest) == (
        f"{found.w1:.4f}" == f"{found.w2:.4f}" or found.total_variation < 1e-9
    )


@many
@given(SHAPES, SHAPES)
def test_ceilings_are_claimed_only_where_nothing_overlaps(p, q):
    x = np.linspace(-16, 16, 6401)
    overlap = bool(((p.pdf(x) > 0) & (q.pdf(x) > 0)).any())
    for name, claim in (("JS", "ceiling"), ("TV", "disagree wholly"), ("Hellinger", "share nothing")):
        if claim in words.sentence(name, p, q, "nats"):
            assert compare(p, q).total_variation == pytest.approx(1, abs=1e-9)
            assert not overlap


@many
@given(SHAPES, SHAPES)
def test_the_same_is_said_of_the_same_alone(p, q):
    for name in NAMES:
        assert ("P and Q are the same" in words.sentence(name, p, q, "nats")) == (compare(p, q).total_variation < 1e-9)
        assert words.sentence(name, p, p, "nats") == "P and Q are the same, so all seven are 0."


@many
@given(SHAPES, SHAPES, UNITS)
def test_every_bound_holds(p, q, units):
    found, unit = compare(p, q), math.log(2) if units == "bits" else 1.0
    (pinsker,) = numbers(words.floor(p, q, units).partition("=")[2]) or [0.0]
    assert pinsker * unit <= min(found.kl_forward, found.kl_backward) + 1e-4
    if found.total_variation > 1e-9:
        js = numbers(words.fact("JS", p, q, units).partition("=")[2]) or [1.0]
        assert found.js / unit <= js[0] + 1e-4
    assert (numbers(words.fact("W1", p, q, units)) or [0.0])[-1] <= found.w1 + 1e-4
    assert (numbers(words.fact("W2", p, q, units)) or [0.0])[0] <= found.w2 + 1e-4


@many
@given(SHAPES, SHAPES)
def test_what_is_said_in_bits_adds_up_in_bits(p, q):
    found, said = compare(p, q), words.floor(p, q, "bits")
    assert said.startswith("at least 2 TV² / log 2 = ")
    bound = 2 * found.total_variation**2 / math.log(2)
    assert numbers(said)[-1] == pytest.approx(bound, abs=1.1e-4)
    assert "log 2" not in words.sentence("JS", p, q, "bits") + words.fact("JS", p, q, "bits")


# -- of pairs that are known


def test_a_hand_made_case_is_said_in_full():
    assert words.sentence(FORWARD, Gaussian(0.0, 1.0), Uniform(-1.0, 2.0), "nats") == (
        "KL(P‖Q) is infinite: Q is 0 below −1 and above 2, where P has mass 0.1814. "
        "One draw of P from there, and Q is ruled out."
    )
    assert words.area(FORWARD, NORMAL, SHIFTED, "nats") == "area 1.7670 nats: 2.0531 above 0, less 0.2861 below"
    assert (
        words.area("Hellinger", NORMAL, SHIFTED, "nats") == f"area H² = {compare(NORMAL, SHIFTED).hellinger ** 2:.4f}"
    )
    assert words.area("W2", NORMAL, SHIFTED, "nats") == "area W₂² = 1.1600"
    assert words.area("JS", *APART, "bits") == "area 1.0000 bits"
    assert words.value("JS", *APART, "bits") == "1.0000 bits"
    assert words.value("W1", *APART, "bits") == words.value("W1", *APART, "nats")


def test_two_places_that_count_alike_are_both_named():
    sentence = words.sentence(FORWARD, Gaussian(0.0, 2.0), Gaussian(0.0, 0.6), "nats")
    left, right = re.findall(r"near x = (−?\d\.?\d*)", sentence)
    assert left == f"−{right}"


def test_what_counts_alike_all_along_is_said_so():
    sentence = words.sentence(FORWARD, Uniform(-1.0, 1.0), Uniform(-2.0, 2.0), "nats")
    assert sentence == "It counts most from x = −1 to 1."


def test_stretches_are_named_up_to_two():
    bars = Histogram((-4.0, -2.0, -1.0, 0.0, 1.0, 4.0), (0.2, 0.0, 0.5, 0.0, 0.3))
    inside = Uniform(-3.0, 3.0)
    assert words.stretches(gaps(inside, bars)) == "from −2 to −1 and from 0 to 1"
    assert words.stretches(gaps(NORMAL, bars)) == "on 4 stretches"
    assert words.stretches(gaps(NORMAL, Uniform(-1.5, 2.0))) == "below −1.5 and above 2"


def test_the_table_says_which_are_symmetric_and_which_are_metrics():
    rows = {row[0]: row[1:] for row in words.rows(NORMAL, SHIFTED, "nats", chosen="TV", reveal=True)}
    assert list(rows) == ["KL(P‖Q)", "KL(Q‖P)", "JS", "▸\u00a0TV", "Hellinger", "W₁", "W₂"]
    assert [row[2] for row in rows.values()] == ["no", "no", *["yes"] * 5]
    assert [row[3] for row in rows.values()] == ["no", "no", "its root is", *["yes"] * 4]
    assert rows["JS"][1] == (compare(NORMAL, SHIFTED).js / math.log(2), "error")
    assert all(len(row) + 1 == len(words.HEAD) for row in rows.values())


def test_the_event_of_the_table_is_the_one_that_tv_is_about():
    mine, yours = favoured(NORMAL, SHIFTED)
    assert words.fact("TV", NORMAL, SHIFTED, "nats") == f"of the event p > q, P says {mine:.4f}, Q {yours:.4f}"


@many
@given(SHAPES, SHAPES, UNITS)
def test_while_hidden_the_kls_are_said_nowhere(p, q, units):
    hidden = words.rows(p, q, units, chosen=FORWARD, reveal=False)
    shown = words.rows(p, q, units, chosen=FORWARD, reveal=True)
    assert hidden[2:] == shown[2:]
    for row in hidden[:2]:
        assert row[1] == "?"
        assert row[-1] == "after your prediction"
    assert "KL(P‖Q) " not in words.aloud(p, q, units, reveal=False)
    assert "Both KLs are hidden." in words.aloud(p, q, units, reveal=False)


def test_every_family_is_described():
    said = {family: words.described(Choice(family, -1.2, 0.6, 3.0, 0.25, (1,) * 16)) for family in FAMILIES}
    assert said == {
        "Gaussian": "N(−1.2, 0.6²)",
        "Two bumps": "0.25 N(−2.7, 0.6²) + 0.75 N(0.3, 0.6²)",
        "Uniform": "uniform from −1.8 to −0.6",
        "Laplace": "Laplace(−1.2, 0.6)",
        "Drawn": "drawn",
    }
    assert set(words.WIDTHS) == set(FAMILIES) - {"Drawn"}
    assert [words.named(label) for label in words.LABELS.values()] == list(NAMES)


def test_small_is_not_nothing_and_nothing_is_not_small():
    near = Gaussian(0.0, 1.0), Gaussian(0.005, 1.0)
    assert words.value(FORWARD, *near, "nats") == "< 0.0001 nats"
    assert words.value(FORWARD, NORMAL, NORMAL, "nats") == "0.0000 nats"
    assert words.fact(FORWARD, NORMAL, NORMAL, "nats") == "p = q everywhere"
    alone = TwoGaussians(0.5, 0.0, 1.0, 0.0, 1.0)
    assert words.sentence("JS", NORMAL, alone, "nats") == "P and Q are the same, so all seven are 0."
    assert words.larger(NORMAL, alone) == "Equal"
