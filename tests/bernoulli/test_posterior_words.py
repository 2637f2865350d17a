"""What the experiment Posterior says: each sentence is true of the numbers it was given."""

import math
import re

import mpmath
import numpy as np
import pytest
from coin_beliefs import counts, each_family
from hypothesis import assume, given
from hypothesis import strategies as st

from playground.bernoulli import (
    Beta,
    Flips,
    Mixture,
    Point,
    SpikeAndBeta,
    TruncatedNormal,
    TwoCoins,
    evidence,
    intervals,
    map_estimate,
    mle,
    uniform,
)
from playground.bernoulli.flips import MOST, ORDERS
from playground.bernoulli.words import notation, orders
from playground.bernoulli.words import posterior as words

THIN = "\u2009"
knob = st.one_of(st.floats(0.1, 20), st.sampled_from([0.1, 0.5, 1.0, 2.0, 100.0, 1e6]))
# what the page's knobs can make
offered = st.one_of(
    st.builds(Beta, knob, knob),
    st.just(uniform()),
    st.builds(TruncatedNormal, st.floats(0, 1), st.floats(0.01, 1)),
    st.builds(TwoCoins, st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(1, 1e4)),
    st.builds(SpikeAndBeta, st.sampled_from([0.0, 0.3, 0.5, 1.0]), st.floats(0.01, 0.99), knob, knob),
)
seen = st.builds(Flips, counts, counts)
truths = st.one_of(st.none(), st.floats(0, 1))


def flips(text):
    return Flips.parse(text)


# -- notation


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0, "2"), (0.1, "0.1"), (9.2, "9.2"), (2.2 + 7, "9.2"), (1_000_007.0, "1 000 007"), (-0.5, "−0.5")],
)
def test_numbers_are_written_plainly(value, text):
    assert notation.plain(value) == text.replace(" ", THIN)


@pytest.mark.parametrize(
    ("text", "written"),
    [("", "1"), ("H", "θ"), ("T", "(1−θ)"), ("HHT", "θ²(1−θ)"), ("5H", "θ⁵"), ("140H110T", "θ¹⁴⁰(1−θ)¹¹⁰")],
)
def test_the_likelihood_is_a_product_of_powers(text, written):
    assert notation.likelihood(flips(text)) == written


def test_beliefs_have_names_in_the_notation_of_the_field():
    assert notation.name(Beta(2, 3.5)) == "Beta(2, 3.5)"
    assert notation.name(TruncatedNormal(0.5, 0.1)) == "Normal(0.5, 0.1²) on [0, 1]"
    assert notation.name(TruncatedNormal(0.5, 0.1).after(2, 1)) == "Normal(0.5, 0.1²) · θ²(1−θ)"
    assert notation.name(SpikeAndBeta(0.5, 0.25, 1, 1)) == "0.25 [θ = 0.5] + 0.75 Beta(1, 1)"
    assert notation.name(TwoCoins(0.5, 0.3, 10)) == "Beta(5, 5)"
    assert notation.name(TwoCoins(0.9, 0.5, 100).after(0, 30)).startswith("1.00 Beta(50, 80) + <0.01 Beta(")
    assert notation.name(Mixture((Point(0.5),), (1.0,))) == "[θ = 0.5]"


@given(st.floats(-5000, 5000))
def test_scientific_notation_holds_what_no_float_does(log):
    text = notation.scientific(log)
    match = re.fullmatch(r"([\d.]+)(?: · 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", text)
    back = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    exponent = int((match[2] or "0").translate(back) or 0)
    shown = mpmath.log(mpmath.mpf(match[1])) + exponent * mpmath.log(10)
    assert float(abs(shown - log)) < 0.055  # two digits
    assert match[2] is None or 1 <= float(match[1]) < 10


def test_scientific_notation_at_its_borders():
    assert [notation.scientific(math.log(x)) for x in (1, 0.0106, 9.99996, 999.4, 999.6)] == [
        "1.000", "0.011", "10", "999", "1.0 · 10³",
    ]  # fmt: skip
    assert notation.scientific(-math.inf) == "0"


# -- the question


def test_the_question_names_what_the_answer_is_held_against():
    assert (
        words.question(Beta(2, 2), flips("7H3T"))
        == "Half-way from the prior's peak to the MLE is 0.600. The posterior peaks"
    )
    assert words.right(Beta(2, 2), flips("7H3T")) == "Higher"
    assert words.right(Beta(20, 20), flips("9H1T")) == "Lower"
    assert words.question(uniform(), flips("7H3T")) == "The MLE is 0.700. The posterior peaks"
    assert words.right(uniform(), flips("7H3T")) == "Same"
    assert words.right(Beta(0.5, 0.5), flips("7H3T")) == "Higher"
    assert words.question(Beta(2, 2), flips("5H5T")) == "The MLE is 0.500. The posterior peaks"
    assert words.question(TwoCoins(0.9, 0.4), flips("3H")).startswith("P(the coin is fair) is 0.40 before")
    assert words.right(TwoCoins(0.9, 0.4), flips("3H")) == "Lower"
    assert words.question(SpikeAndBeta(0.5, 0.3), flips("5H5T")).startswith("P(θ = 0.5) is 0.30 before")
    assert words.right(SpikeAndBeta(0.5, 0.3), flips("5H5T")) == "Higher"
    assert words.right(SpikeAndBeta(0.5, 0.3), flips("H")) == "Same"
    assert "0.25" in words.question(Beta(1, 3), Flips())
    assert words.right(Beta(1, 3), Flips()) == "Same"


@given(offered, seen)
def test_the_right_answer_is_one_of_the_options_and_holds(prior, flipped):
    assert words.right(prior, flipped) in words.OPTIONS
    weight = words.weight_of_first(prior)
    if flipped.count and weight is None:
        best, peak = mle(flipped.heads, flipped.tails), map_estimate(prior, flipped.heads, flipped.tails)
        start = prior.modes()
        half = (start[0] + best) / 2 if len(start) == 1 and abs(start[0] - best) >= 0.05 else best
        side = "Same" if f"{peak:.3f}" == f"{half:.3f}" else "Higher" if peak > half else "Lower"
        assert words.right(prior, flipped) == side
        assert f"{half:.3f}" in words.question(prior, flipped)


def test_what_reads_otherwise_is_not_called_the_same():
    assert words.right(Beta(0.9, 0.9), flips("7H8T")) == "Lower"  # 0.466 and 0.467
    assert "The posterior peaks at 0.466, below the MLE 0.467." in words.notice(Beta(0.9, 0.9), flips("7H8T"), None)


@given(offered, seen)
def test_the_weight_of_the_first_part_is_that_of_the_posterior(prior, flipped):
    weight = words.weight_of_first(prior, flipped)
    if isinstance(prior, SpikeAndBeta):
        assert weight == pytest.approx(sum(w for _, w in prior.after(flipped.heads, flipped.tails).atoms), abs=1e-9)
    elif isinstance(prior, TwoCoins) and len(prior.parts) == 2:
        fair = evidence(Beta(prior.concentration / 2, prior.concentration / 2), flipped.heads, flipped.tails)
        whole = evidence(prior, flipped.heads, flipped.tails)
        assert weight == pytest.approx(prior.fair_weight * fair / whole, rel=1e-6)
    else:
        assert weight is None


# -- the numbers


def test_the_evidence_stands_beside_that_of_a_fair_coin_and_its_ceiling():
    assert words.evidence(uniform(), flips("2H1T")) == ("0.083", "a fair coin: 0.125")
    log, ceiling = words.log_evidence_text(uniform(), flips("2H1T"))
    assert log == f"−{-math.log(1 / 12):.3f} nats"
    assert ceiling == f"the best θ alone: −{-math.log(4 / 27):.3f}"
    assert words.log_evidence_text(uniform(), Flips()) == ("0.000 nats", "no flips: nothing to explain")
    assert words.log_evidence_text(uniform(), flips("5H"))[1] == "the best θ alone: 0.000"


def test_the_bayes_factor_says_for_whom():
    value, whom = words.bayes_factor(uniform(), flips("140H110T"))
    assert (value, whom) == ("0.477", "log −0.741 nats: for ½")
    assert words.bayes_factor(uniform(), flips("9H"))[1].endswith("for this prior")
    assert words.bayes_factor(uniform(), flips("H")) == ("1.000", "log 0.000 nats: for neither")


def test_the_next_flip_stands_beside_the_truth_or_the_mle():
    assert words.next_flip(Beta(2, 2), flips("7H3T"), 0.7) == ("0.643", "truth 0.70, error −0.057")
    assert words.next_flip(Beta(2, 2), flips("7H3T"), None) == ("0.643", "the MLE says 0.70")
    assert words.next_flip(Beta(2, 2), Flips(), None) == ("0.500", "no MLE without flips")


# -- the notice


NOTICES = [
    (Beta(2, 2), "", None, "Without flips every θ explains nothing equally well"),
    (Beta(2, 2), "7H3T", None, "a + b − 2 = 2 imagined flips, the data with 10: the peak lies 83% of the way "
                               "from the prior's 0.500 to the MLE 0.700."),
    (Beta(1e6, 1e6), "7H3T", None, "1 999 998 imagined flips, the data with 10: the peak lies less than 1% of the way"),
    (Beta(2, 2), "700000H300000T", None, "more than 99% of the way"),
    (Beta(4, 2), "6H2T", None, "both say 0.750, so the posterior peaks there, narrower than either."),
    (uniform(), "7H3T", None, "the MAP is the MLE, 0.700; the mean, (h + 1) / (m + 2) = 0.667, is not."),
    (uniform(), "5H5T", None, "the MAP is the MLE, 0.500; and so is the mean."),
    (uniform(), "24H23T", None, "the MAP is the MLE, 0.511; the mean, (h + 1) / (m + 2) = 0.510, is not."),
    (uniform(), "18H17T", None, "the MAP is the MLE, 0.514; the mean, (h + 1) / (m + 2), reads the same."),
    (uniform(), "1000000H", None, "the MAP are sure: 1. The mean is not: 1.0 · 10⁻⁶ away, Laplace's rule"),
    (uniform(), "2500T", None, "the MAP are sure: 0. The mean is not: 4.0 · 10⁻⁴ away, Laplace's rule"),
    (Beta(1, 2), "3H1T", None, "a + b − 2 = 1 imagined flip, the data with 4"),
    (Beta(5, 3), "3639H1815T", None, "imagined flips, the data with 5 454; both say 0.667, so"),
    (uniform(), "5H", None, "After 5 flips of one kind the MLE and the MAP are sure: 1. The mean is not: 0.857"),
    (uniform(), "T", None, "After 1 flip the MLE and the MAP are sure: 0. The mean is not: 0.333"),
    (Beta(0.5, 0.5), "7H3T", None, "a − 1 = −0.5 imagined heads and b − 1 = −0.5 imagined tails: fewer than none. "
                                   "The posterior peaks at 0.722, above the MLE 0.700."),
    (Beta(0.5, 3), "4H4T", None, "a − 1 = −0.5 imagined heads: fewer than none. The posterior peaks at 0.368, below"),
    (Beta(0.5, 0.5), "4H4T", None, "The posterior peaks at 0.500, at the MLE 0.500."),
    (Beta(0.5, 2), "3T", None, "At θ = 0 the density is infinite, and no head has spoken against it."),
    (Beta(0.5, 0.5), "3H", None, "At θ = 1 the density is infinite, and no tail has spoken against it."),
    (TruncatedNormal(0.5, 0.1), "7H3T", None, "of the way from μ = 0.500 to the MLE 0.700. No Beta has this shape"),
    (TruncatedNormal(0.5, 0.1), "5H5T", None, "Prior and flips agree: the posterior peaks where both do, at 0.500."),
    (TwoCoins(0.9, 0.5, 100), "7H3T", None, "P(the coin is fair) went from 0.500 to 0.662. The mean, 0.641, lies"),
    (TwoCoins(0.9, 0.5, 100), "30H", None, "to less than 0.001: 30 flips have all but decided which coin it is."),
    (TwoCoins(0.99, 0.5, 1), "T", None, "to 0.980: 1 flip has all but decided which coin it is."),
    (TwoCoins(0.01, 0.5, 100), "10H10T", None, "from 0.500 to more than 0.999: 20 flips have all but decided"),
    (TwoCoins(0.51, 0.99, 100), "H", None, "stays at 0.990: both coins explain these flips almost equally well."),
    (TwoCoins(0.9, 0.95, 100), "5H5T", None, "P(the coin is fair) went from 0.950 to 0.99"),
    (TwoCoins(0.75, 0.5, 4), "2H", None, "P(the coin is fair) went from 0.500 to 0.333."),
    (TwoCoins(0.5, 0.5, 100), "7H3T", None, "votes with a + b − 2 = 98 imagined flips"),
    (TwoCoins(0.8, 0.5, 1e4), "H", None, "P(the coin is fair) went from 0.500 to 0.385"),
    (SpikeAndBeta(0.5, 0.5, 1, 1), "140H110T", None, "P(θ = 0.5) rose from 0.500 to 0.677: the Beta bets on every θ"),
    (SpikeAndBeta(0.5, 0.5, 1, 1), "15H5T", None, "fell from 0.500 to 0.237: the Beta expected these flips more. It is "
                                                  "still the MAP: any weight at one point beats a density."),
    (SpikeAndBeta(0.5, 0.5, 1, 1), "40H5T", None, "the Beta expected these flips more. To the letter it"),
    (SpikeAndBeta(0.5, 0.5, 1, 1), "H", None, "P(θ = 0.5) stays at 0.500: the spike and the Beta expected these flips"),
    (SpikeAndBeta(0.5, 0.5, 1, 1), "H", None, "expected these flips as much."),
    (SpikeAndBeta(0.0, 0.99, 1, 28), "T", None, "the spike and the Beta expected these flips almost as much."),
    (SpikeAndBeta(0.0, 0.5, 1, 1), "HT", None, "One head rules θ = 0 out: the spike is gone"),
    (SpikeAndBeta(1.0, 0.5, 1, 1), "HT", None, "One tail rules θ = 1 out: the spike is gone"),
    (SpikeAndBeta(0.0, 0.5, 1, 1), "TTT", None, "P(θ = 0) rose from 0.500 to 0.800"),
    (SpikeAndBeta(0.5, 0.5, 1, 1), "999000H", None, "P(θ = 0.5) fell from 0.500 to less than 0.001: the Beta expected "
                                                    "these flips more."),
    (Beta(2, 2), "7H3T", 0.7, "Both 95% intervals hold the truth."),
    (Beta(2, 2), "7H3T", 0.1, "Both 95% intervals miss the truth."),
    (uniform(), "5H", 0.57, "The 95% ETI holds the truth, the HDI misses it."),
    (uniform(), "5H", 1.0, "The 95% HDI holds the truth, the ETI misses it."),
]  # fmt: skip


@pytest.mark.parametrize(("prior", "text", "truth", "says"), NOTICES)
def test_the_notice_of_every_situation(prior, text, truth, says):
    assert says in words.notice(prior, flips(text), truth).replace(THIN, " ")


def test_a_spike_of_more_than_half_needs_no_word_on_the_map():
    assert "MAP" not in words.notice(SpikeAndBeta(0.5, 0.5, 1, 1), flips("140H110T"), None)


@given(offered, seen, truths)
def test_every_notice_is_whole_sentences_with_real_minus_signs(prior, flipped, truth):
    said = words.notice(prior, flipped, truth)
    assert re.fullmatch(r"[A-Zab].*\.", said)
    assert not re.search(r"nan|inf\b|None|[-]\d|  ", said)
    assert (truth is None or not flipped.count) == ("truth" not in said)


@given(st.floats(1, 50), st.floats(1, 50), counts, counts)
def test_the_vote_of_the_prior_places_the_peak(a, b, heads, tails):
    assume(a + b > 2.01 and heads + tails)
    prior, best = Beta(a, b), mle(heads, tails)
    start, peak = (a - 1) / (a + b - 2), map_estimate(prior, heads, tails)
    way = (heads + tails) / (heads + tails + a + b - 2)
    assert peak == pytest.approx(start + way * (best - start), abs=1e-12)
    if abs(start - best) < notation.LEAST:
        assert "narrower than either" in words.notice(prior, Flips(heads, tails), None)


@given(st.floats(0, 1), st.floats(0.01, 1e4), st.integers(1, 1000))
def test_where_prior_and_data_agree_the_posterior_is_narrower_than_either(mode, strength, m):
    heads = round(mode * m)
    share = heads / m
    prior = Beta(1 + share * strength, 1 + (1 - share) * strength)
    after = prior.after(heads, m - heads)
    assert after.variance() < prior.variance()
    assert after.variance() < Beta(heads + 1, m - heads + 1).variance()


@given(st.floats(0, 1), st.floats(0.01, 1), counts, counts)
def test_under_a_normal_the_peak_lies_between_its_middle_and_the_mle(mu, sigma, heads, tails):
    assume(heads + tails)
    best, peak = mle(heads, tails), map_estimate(TruncatedNormal(mu, sigma), heads, tails)
    assert min(mu, best) - 1e-9 <= peak <= max(mu, best) + 1e-9


@given(offered, seen, st.floats(0, 1))
def test_what_is_said_of_the_truth_is_so(prior, flipped, truth):
    assume(flipped.count)
    said = words.notice(prior, flipped, truth)
    after = prior.after(flipped.heads, flipped.tails)
    (low, high), drawn = intervals(after).equal_tailed, intervals(after).pieces(after)
    equal, highest = low <= truth <= high, any(start <= truth <= end for start, end in drawn)
    assert ("Both 95% intervals hold" in said) == (equal and highest)
    assert ("Both 95% intervals miss" in said) == (not equal and not highest)
    assert ("ETI holds the truth, the HDI misses" in said) == (equal and not highest)


def test_a_spike_too_light_to_be_drawn_holds_no_truth():
    assert "Both 95% intervals miss the truth." in words.notice(SpikeAndBeta(0.5, 0.5, 1, 1), flips("40H5T"), 0.5)


@given(offered, seen)
def test_a_mean_between_the_bumps_is_where_hardly_any_coin_is(prior, flipped):
    said = words.notice(prior, flipped, None)
    if "between the bumps" in said:
        after = prior.after(flipped.heads, flipped.tails)
        peaks = after.density(np.array(after.modes()[:2]))
        assert after.density(np.array([after.mean()]))[0] < min(peaks) / 2


@given(offered, seen)
def test_a_spike_that_is_called_the_map_is_the_map(prior, flipped):
    said = words.notice(prior, flipped, None)
    peak = map_estimate(prior, flipped.heads, flipped.tails)
    if "still the MAP" in said:
        assert peak == prior.at
    if "the spike is gone" in said:
        assert prior.after(flipped.heads, flipped.tails).atoms == ()


# -- beside the pictures


@each_family
def test_what_is_read_aloud_has_the_numbers_of_the_picture(prior):
    if prior.__class__ is Mixture:
        return
    flipped = flips("7H3T")
    after = prior.after(7, 3)
    said = words.aloud(prior, flipped, 0.7, revealed=True)
    found = intervals(after)
    numbers = [after.mean(), *found.equal_tailed, *(end for piece in found.highest_density for end in piece)]
    for number in (*numbers, *(weight for _, weight in after.atoms)):
        assert f"{number:.3f}" in said
    hidden = words.aloud(prior, flipped, 0.7, revealed=False)
    assert "hidden until you predict" in hidden
    assert f"{after.mean():.3f}" not in hidden
    assert notation.name(after) not in hidden


def test_what_is_read_aloud_at_the_extremes():
    assert "0 heads and 1 tail, scaled to area 1, peak 0.000" in words.aloud(uniform(), flips("T"), None, revealed=True)
    said = words.aloud(uniform(), Flips(), None, revealed=True)
    assert "flat" in said
    assert "MAP none, it is flat" in said
    assert "True" not in said


def test_the_logarithmic_view_and_the_next_flips_are_read_aloud():
    assert "−6.978 nats" in words.logs_aloud(Beta(2, 2), flips("7H3T"), revealed=True)
    assert "nats" not in words.logs_aloud(Beta(2, 2), flips("7H3T"), revealed=False)
    said = words.following_aloud(np.array([0.2, 0.5, 0.3]))
    assert said == "Of the next 2 flips most probably 1 are heads: P = 0.500. None: 0.200; all: 0.300."
    assert words.following_aloud(None) == "Hidden until you predict."


def test_the_key_of_the_next_flips_names_the_coin():
    assert words.fixed_coin(0.7, 0.6) == (("truth", "true coin", "θ = 0.70"),)
    assert words.fixed_coin(None, 0.6) == (("data", "MLE", "θ = 0.600"),)
    assert words.fixed_coin(None, None) == ()


def test_the_caption_is_careful_where_atoms_jump():
    assert words.caption(Beta(2, 2)) == "ETI leaves out 2.5% on either side. HDI is the smallest set with 95%."
    assert "at most 2.5%" in words.caption(SpikeAndBeta())
    assert "at full height it is 1" in words.caption(SpikeAndBeta())


def test_every_frame_of_the_movie_is_told():
    assert orders.told(0, 0, 0, None) == "Before the first flip both beliefs are the prior."
    assert orders.told(1, 2, 3, None) == "After 3 flips: left 1 head, right 2."
    assert orders.told(7, 7, 10, Beta(9, 5)) == "After all 10 flips both beliefs are one: Beta(9, 5), mean 0.643."
    assert orders.told(0, 0, 0, Beta(2, 2)) == "Before the first flip both beliefs are the prior."


@pytest.mark.parametrize("order", ORDERS)
def test_both_orders_end_where_the_counts_say(order):
    said = orders.same_end(Beta(2, 2), flips("HTHTHHTHHH"), order, 1)
    assert "Half-way the means are 0.556 and" in said  # 3 heads of 5: (2 + 3) / (4 + 5)
    assert "at the end both are 0.643" in said
    assert "Only the counts" not in said
    assert "Only the counts are known" in orders.same_end(Beta(2, 2), Flips(7, 3), order, 1)
    assert orders.same_end(Beta(2, 2), Flips(), order, 1) == "There are no flips to put in another order."


def test_a_million_flips_are_told():
    said = words.notice(Beta(1e6, 1e6), Flips(MOST, 0), 0.7).replace(THIN, " ")
    assert "the data with 1 000 000: the peak lies 33% of the way" in said
