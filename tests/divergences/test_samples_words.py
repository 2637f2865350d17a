"""What From samples says: true in every state that its knobs can reach."""

import itertools
import math
import re

import numpy as np
import pytest
from scipy.special import rel_entr

from playground.divergences.estimates import (
    CLOUD_PAIRS,
    DIMENSIONS,
    DIVERGENCES,
    PAIRS,
    SIZES,
    CloudStudy,
    Estimates,
    HistogramStudy,
    PointStudy,
    cloud_floor,
    estimate,
)
from playground.divergences.shapes import Histogram
from playground.divergences.words import samples as words

HISTOGRAMS = [
    HistogramStudy(*PAIRS[pair], divergence, bins=bins, pseudo_count=added, known=known, repeats=40)
    for pair, divergence, (bins, added, known) in itertools.product(
        PAIRS, DIVERGENCES, [(2, 0.0, False), (12, 0.0, False), (12, 1.0, False), (12, 0.0, True), (40, 0.5, True)]
    )
]
POINTS = [PointStudy(*PAIRS[pair], order, repeats=30) for pair in PAIRS for order in (1, 2)]
POINTS += [PointStudy(*PAIRS[pair], 2, repeats=10, seed=seed) for pair in PAIRS for seed in range(2)]
CLOUDS = [CloudStudy(d, *CLOUD_PAIRS[pair]) for d in (1, 8) for pair in CLOUD_PAIRS]
EVERY = [*HISTOGRAMS, *POINTS, *CLOUDS]
PER = (1.0, 1 / math.log(2))


def said(study, run, at, per=1.0):
    return words.sentence(run, at, study, per=per)


def without_scatter(study, n):
    """Each bin with its expected draws, and what is added to them."""
    p, q = study.masses
    p_hat, q_hat = ((n * mass + study.pseudo_count) / (n + study.bins * study.pseudo_count) for mass in (p, q))
    q_hat = q if study.known else q_hat
    middle = (p_hat + q_hat) / 2
    return {
        "KL": lambda: rel_entr(p_hat, q_hat).sum(),
        "JS": lambda: (rel_entr(p_hat, middle) + rel_entr(q_hat, middle)).sum() / 2,
        "TV": lambda: abs(p_hat - q_hat).sum() / 2,
        "H²": lambda: ((np.sqrt(p_hat) - np.sqrt(q_hat)) ** 2).sum() / 2,
    }[study.divergence]()


def infinite_among(values):
    return int(np.isinf(values).sum())


@pytest.mark.parametrize("study", EVERY, ids=range(len(EVERY)))
def test_every_sentence_is_true_of_its_numbers(study):
    run = estimate(study)
    name = words.symbol(study)
    for at, n in enumerate(run.sizes):
        text, values, floor = said(study, run, at), run.values[at], run.floor[at]
        infinite = infinite_among(values)
        if run.truth == math.inf:
            assert f"{name} is infinite" in text or f"so is {name}" in text
            assert ("Every estimate is infinite" in text) == (infinite == len(values) and run.limit == math.inf)
            assert ("too wide to tell" in text) == (run.limit < math.inf)
            assert ("the pseudo-count lets no estimate be" in text) == (infinite == 0 and run.limit == math.inf)
        elif infinite:
            assert f"{infinite} of {len(values)}" in text or (infinite == len(values) and "In every repeat" in text)
            assert "pseudo-count" not in text
        elif "so all of the" in text:
            assert run.truth == 0
            assert words.number(words.average(run, at)) in text
        elif "within 5%" in text:
            assert abs(words.average(run, at) / run.truth - 1) <= 0.05
        elif "like distance" in text:
            assert words.average(run, at) > 1.05 * run.truth
        elif "apart" in text:
            assert words.average(run, at) < 0.95 * run.truth
            assert run.limit < 0.95 * run.truth
        elif "pseudo-count pulls" in text:
            assert study.pseudo_count > 0
            assert study.known == ("P's histogram" in text)
            assert words.average(run, at) < min(0.95 * run.truth, run.limit)
            pulled = run.limit - without_scatter(study, n)
            assert pulled >= run.truth - run.limit or run.limit >= 0.95 * run.truth
        else:
            assert "by the luck of" in text
            assert words.average(run, at) == run.summaries[at].mean < 0.95 * run.truth
        high = np.sort(floor)[max(0, math.ceil(0.975 * len(floor)) - 1)]
        above = (values > high).mean()
        if run.truth == 0:
            assert "That is the floor" in text
        elif high == math.inf:
            assert f"{infinite_among(floor)} of {len(floor)} floors" in text
            assert ("infinite as well" in text) == (infinite > 0)
        elif above >= 0.95:
            assert "so the difference shows" in text
            assert ("All estimates" in text) == (above == 1)
        elif match := re.search(r"from n = ([\d\u2009]+) on, 95% do", text):
            later = int(match[1].replace("\u2009", ""))
            assert later == run.enough > n
            assert all(run.above[i] >= 0.95 for i, size in enumerate(run.sizes) if size >= later)
        else:
            assert run.enough is None
            assert at == len(run.sizes) - 1 or f"it is {words.percent(run.above[-1])}" in text
            assert ("No estimate lies" in text) == (above == 0)


@pytest.mark.parametrize("per", PER)
@pytest.mark.parametrize("study", EVERY[::3], ids=range(len(EVERY[::3])))
def test_nothing_is_said_in_the_signs_of_a_computer(study, per):
    run = estimate(study)
    for at in range(len(run.sizes)):
        cells = words.cells(run, at, study, lambda *pair: pair, per=per, unit=words.unit(study, "nats"))
        everything = [said(study, run, at, per), *(text for row in cells for text in row)]
        everything += [words.aloud(run, at, study, per=per, unit="", revealed=True)]
        everything += [words.key(study, run, revealed=True)]
        for text in everything:
            assert not re.search(r"\b(nan|inf|None)\b|e-\d|(?<![\w.])-\d", text), text


@pytest.mark.parametrize("study", EVERY[::2], ids=range(len(EVERY[::2])))
def test_the_numbers_are_those_of_the_repeats(study):
    run = estimate(study)
    for at in (2, len(run.sizes) - 1):
        (_, mean, beside), (_, truth, _), (_, minus, how), (_, floor, upto) = words.cells(
            run, at, study, lambda *pair: pair, per=1.0, unit=""
        )
        values, below = run.values[at], run.floor[at]
        finite = values[np.isfinite(values)]
        assert mean == (words.number(finite.mean()) if len(finite) else "∞")
        assert truth == words.number(run.truth)
        if len(finite) not in (0, len(values)):
            assert f"{len(finite)} finite of {len(values)} repeats" in beside
        assert floor == (words.number(below[np.isfinite(below)].mean()) if np.isfinite(below).any() else "∞")
        assert words.number(np.quantile(below, 0.975, method="inverted_cdf")) in upto
        if run.truth == math.inf:
            assert minus == "—"
        elif len(finite) < len(values):
            assert minus == "∞"
        else:
            exact = run.expected is not None and np.isfinite(run.expected[at])
            centre = run.expected[at] if exact else finite.mean()
            assert minus == words.signed(centre - run.truth)
            assert how.startswith("exact" if exact else "±")


def test_wide_bins_are_not_blamed_on_the_pseudo_count():
    study = HistogramStudy(*PAIRS["A shift"], bins=2, pseudo_count=1.0, known=True, repeats=40)
    for n in (100, 100_000):
        assert "in these bins P and Q are only" in said(study, estimate(study), SIZES.index(n))
    many = HistogramStudy(*PAIRS["A shift"], bins=20, pseudo_count=1.0, repeats=40)
    assert "pseudo-count pulls both histograms" in said(many, estimate(many), SIZES.index(100))


def test_a_pseudo_count_that_pulls_p_away_from_a_known_q_is_not_called_scatter():
    study = HistogramStudy(*PAIRS["A small shift"], bins=50, pseudo_count=1.0, known=True, repeats=40)
    run, at = estimate(study), SIZES.index(32)
    assert without_scatter(study, 32) > 1.05 * run.truth
    assert "the pseudo-count pulls P's histogram away from Q" in said(study, run, at)
    bare = HistogramStudy(*PAIRS["A small shift"], bins=50, known=True, repeats=40)
    assert "the scatter of a sample looks like distance" in said(bare, estimate(bare), at)


def test_the_floor_of_a_known_q_is_of_one_sample():
    for known, apart in ((False, "two samples of one distribution"), (True, "a sample and its own distribution")):
        study = HistogramStudy(*PAIRS["The same"], bins=10, known=known, repeats=40)
        assert f"what {apart} seem to be apart" in said(study, estimate(study), 8)


def test_bins_too_wide_to_tell_may_still_be_empty():
    study = HistogramStudy(*PAIRS["Half apart"], bins=2, repeats=400)
    run = estimate(study)
    some = infinite_among(run.values[0])
    assert 1 < some < 400
    assert f"Here {some} of 400 are infinite, by empty bins." in said(study, run, 0)
    assert "empty" not in said(study, run, 8)


def test_one_of_many_repeats_is_still_of_repeats():
    values = np.array([0.3, 0.4, math.inf])
    floor = np.array([math.inf, 0.1, 0.2])
    run = Estimates((10,), (values,), (floor,), 0.1, 0.1, None, None, None, None, ())
    text = said(HistogramStudy(*PAIRS["A shift"]), run, 0)
    assert "In 1 of 3 repeats a bin" in text
    assert "1 of 3 floors is infinite as well" in text


def test_the_answer_is_that_of_the_mean():
    def run_of(mean, truth, *, exact=None):
        values = (np.array([mean, mean]),)
        expected = None if exact is None else np.array([exact])
        return Estimates((10,), values, values, truth, truth, expected, None, None, None, ())

    for mean, truth, right in (
        (0.3, 0.0, "Too high"), (0.0, 0.0, "Right"), (1.04, 1.0, "Right"), (1.06, 1.0, "Too high"),
        (0.94, 1.0, "Too low"), (math.inf, 1.0, "Too high"), (math.inf, math.inf, "Right"), (2.0, math.inf, "Too low"),
    ):  # fmt: skip
        assert words.answer(run_of(mean, truth), 0) == right
        assert right in words.ANSWERS
    assert words.answer(run_of(1.06, 1.0, exact=1.04), 0) == "Right"  # the exact mean decides where it is known
    assert words.answer(run_of(1.06, 1.0, exact=math.inf), 0) == "Too high"


def test_bias_of_equal_distributions_is_named_by_its_law():
    run = estimate(HistogramStudy(*PAIRS["The same"], bins=10))
    at = run.index(1000)
    assert "for large n (k − 1)/n = 0.00900" in said(HistogramStudy(*PAIRS["The same"], bins=10), run, at)
    known = HistogramStudy(*PAIRS["The same"], "JS", bins=9, known=True)
    assert "for large n (k − 1)/(8n) = 0.00100" in said(known, estimate(known), at)
    assert "large n" not in said(PointStudy(*PAIRS["The same"]), estimate(PointStudy(*PAIRS["The same"])), 4)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.5000"), (0.0, "0.0000"), (0.00912345, "0.00912"), (0.0000456, "0.0000456"), (math.inf, "∞"),
     (math.nan, "—"), (12.34567, "12.3457"), (-0.5, "0.5000"), (1e-12, "0.0000"), (1.23e-9, "0.000000001")],
)  # fmt: skip
def test_a_number_keeps_three_digits(value, text):
    assert words.number(value) == text


def test_a_sign_is_a_real_one():
    assert (words.signed(0.5), words.signed(-0.5), words.signed(0.0)) == ("+0.5000", "−0.5000", "0.0000")


def test_what_is_halved_by_how_many_draws():
    texts = {d: words.halving(CloudStudy(d)) for d in DIMENSIONS}
    assert "n^(−1/2) and a double logarithm: half the floor takes more than 4 times the draws" in texts[1]
    assert "more than 4 times the draws" in texts[2]
    assert "takes 16 times the draws" in texts[4]
    assert "takes 256 times the draws" in texts[8]
    for d, text in texts.items():
        means = [values.mean() for values in cloud_floor(d, 0)]
        fit = np.polyfit(np.log(SIZES[:8]), np.log(means), 1)[0]
        assert f"Slope here −{-fit:.3f} ±" in text


def test_names_and_units():
    kl, js, tv = (HistogramStudy(*PAIRS["A shift"], divergence) for divergence in ("KL", "JS", "TV"))
    assert [words.symbol(s) for s in (kl, js, PointStudy(*PAIRS["A shift"], 2))] == ["KL(P‖Q)", "JS(P, Q)", "W₂(P, Q)"]
    assert [words.unit(s, "bits") for s in (kl, js, tv, CloudStudy())] == [" bits", " bits", "", ""]
    assert words.axis(kl, "bits") == "KL(P‖Q), bits"
    assert words.axis(tv, "bits") == "TV(P, Q)"
    assert words.axis(CloudStudy(), "nats") == "W₂(P, Q), units of x"


def test_shapes_are_written_out():
    assert words.shapes(HistogramStudy(*PAIRS["Two bumps"])) == (
        "0.5 N(−1.5, 0.5²) + 0.5 N(1.5, 0.5²)", "N(0, 1.5²)"
    )  # fmt: skip
    assert words.shapes(PointStudy(*PAIRS["Half apart"])) == ("uniform on [0, 2]", "uniform on [1, 3]")
    assert words.shapes(PointStudy(*PAIRS["Heavy tails"]))[0] == "Laplace(0, 1)"
    assert words.shapes(CloudStudy(2, 1.0, 1.0)) == ("N(0, I)", "N(e₁, I)")
    assert words.shapes(CloudStudy(2, 0.0, 2.0)) == ("N(0, I)", "N(0, 4 I)")
    assert words.shape(Histogram((0.0, 1.0), (1.0,))) == "Histogram"


def test_the_key_names_only_what_is_drawn():
    kl, w1, clouds = HistogramStudy(*PAIRS["The same"]), PointStudy(*PAIRS["The same"]), CloudStudy(2)
    assert "exact mean, where finite; dots: mean for large n" in words.key(kl, estimate(kl), revealed=True)
    assert words.key(w1, estimate(w1), revealed=True).endswith("lines: exact mean.")
    assert "P = N(0, I), Q = N(0, I), d = 2" in words.key(clouds, estimate(clouds), revealed=True)
    assert "Bands" not in words.key(kl, estimate(kl), revealed=False)
    apart = HistogramStudy(*PAIRS["Half apart"])
    assert "large n" not in words.key(apart, estimate(apart), revealed=True)


def test_before_the_prediction_nothing_is_told():
    study = HistogramStudy(*PAIRS["A shift"])
    run = estimate(study)
    aloud = words.aloud(run, 3, study, per=1.0, unit=" nats", revealed=False)
    assert aloud.count("hidden") == 3
    assert "KL(P‖Q): 0.5000 nats" in aloud
    assert words.number(run.summaries[3].mean) not in aloud
    assert "none in" not in words.one_repeat(study, run, 3, revealed=False)
    assert "P has draws and Q none in" in words.one_repeat(study, run, 3, revealed=True)


def test_the_draws_of_one_repeat_are_read_aloud():
    study = PointStudy(*PAIRS["A shift"])
    run = estimate(study)
    x, y = run.first[2]
    text = words.one_repeat(study, run, 2, revealed=True).replace("−", "-")
    assert [float(n) for n in re.findall(r"-?\d+\.\d+", text)] == pytest.approx(
        [x.min(), x.max(), y.min(), y.max()], abs=0.005
    )


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0%"), (0.001, "under 1%"), (0.5, "50%"), (0.995, "over 99%"), (1, "100%")]
)
def test_almost_all_is_not_all(share, text):
    assert words.percent(share) == text
