"""The lesson's sentences: each is true of the numbers it was given, and reads as a sentence."""

import math
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import assignments, holds, networks, worlds

from playground.causality import (
    Climate,
    Country,
    Logistic,
    Network,
    NoOverlap,
    Root,
    Study,
    adjust_difference,
    altitude_on_temperature,
    counterfactual,
    excess_nll,
    fit_line,
    front_door,
    m_bias,
    sample_altitude,
    simpson,
    smoking,
    temperature_on_altitude,
    words,
)
from playground.causality.altitude import Line

RIVALS = ("smoking", "cancer", "asbestos")
probabilities = st.floats(0, 1)


def leads(network, cause, effect):
    """Whether arrows lead from cause to effect, on foot."""
    return any(child == effect or leads(network, child, effect) for parent, child in network.edges if parent == cause)


def by_hand(network, target, given=None, do=None):
    """P(target = 1 | given, do(do)) as a sum over complete assignments."""
    every = [(world, p) for world, p in worlds(network, do) if holds(given or {}, world)]
    return sum(p for world, p in every if world[target]) / sum(p for _, p in every)


def assert_reads_well(sentence, names=()):
    """No raw float, no hyphen for a minus, no doubled blank, ends with a full stop."""
    rest = sentence
    for name in names:
        rest = rest.replace(name, "x")
    assert not re.search(r"\b(nan|None|inf)\b", rest), sentence
    assert not re.search(r"(?<![\w])-\d", rest), sentence
    assert "  " not in rest
    assert not re.search(r"\d\.\d{5,}|\de-\d", rest), sentence
    assert re.search(r"\.$", rest), sentence


def said_to_differ(sentence):
    """The pairs of printed numbers that the sentence calls different."""
    number = r"(\d\.\d{3})"
    pairs = re.findall(rf"from {number} to {number}", sentence)
    return pairs + re.findall(rf"have been {number}, (?:more|less) than the {number}", sentence)


def nudged(by):
    """b-cell → t-cell and both → cure, with one more cause of the cure, all of them weak or strong by `by`."""
    mechanisms = {"t-cell": Logistic(-0.5, {"b-cell": by}), "cure": Logistic(0.25, {"b-cell": 1.0, "t-cell": 1.0})}
    return Network({"b-cell": Root(0.5), **mechanisms, "scar": Logistic(0.0, {"t-cell": by})})


nudges = st.floats(-0.02, 0.02)

# -- what was clicked


def test_the_belief_that_moves_most_is_named():
    seen = {"cancer": 1, "asbestos": 1}
    sentence = words.evidence(seen, smoking().marginals(), smoking().marginals(seen))
    moves = {n: by_hand(smoking(), n, seen) - by_hand(smoking(), n) for n in ("smoking", "yellow", "tar")}
    most = max(moves, key=lambda name: abs(moves[name]))
    before, after = by_hand(smoking(), most), by_hand(smoking(), most, seen)
    assert sentence == f"Seeing cancer = 1, asbestos = 1 moves {most} most: {before:.4f} becomes {after:.4f}."


def test_where_nothing_is_seen_or_left_to_believe_nothing_is_said():
    before = smoking().marginals()
    assert words.evidence({}, before, before) == ""
    everything = dict.fromkeys(before, 1)
    assert words.evidence(everything, before, smoking().marginals(everything)) == ""


def test_what_moves_nothing_is_said_to():
    network = Network({"a": Root(0.5), "b": Root(0.5)})
    sentence = words.evidence({"a": 1}, network.marginals(), network.marginals({"a": 1}))
    assert sentence == "Seeing a = 1 moves no other belief."


# -- answers


@given(probabilities, probabilities)
def test_the_answers_are_the_signs(before, after):
    assert words.direction(before, after) in {"Falls": ["Falls"], "Rises": ["Rises"]}.get(
        "Falls" if before - after > 1e-3 else "Rises" if after - before > 1e-3 else "", ["Falls", "Rises", "Stays"]
    )
    assert words.direction(before, before) == "Stays"
    assert words.too_high(before, before) == "Right"
    if abs(before - after) > 1e-3:
        assert words.too_high(before, after) == ("Too high" if before > after else "Too low")
        assert words.as_seen_or_before(before, after, after) == ("As seen",)
        assert words.as_seen_or_before(before, after, before) == ("As before",)


def test_an_answer_may_be_neither():
    assert words.as_seen_or_before(0.1, 0.5, 0.3) == ("Neither",)


def test_where_all_agree_both_answers_are_right():
    assert words.as_seen_or_before(0.1, 0.1, 0.1) == ("As seen", "As before")


@pytest.mark.parametrize(("p", "where"), [(0.0, "Below 0.2"), (0.1, "Below 0.2"), (0.5, "Between"), (1.0, "Above 0.8")])
def test_near_is_near(p, where):
    assert words.near(p) == where


# -- explaining away


@pytest.mark.parametrize(
    ("weight", "saying"),
    [(5.0, "is needed less"), (-4.0, "Nothing joins smoking"), (0.0, "says nothing about smoking")],
)
def test_the_rival_of_the_published_network_turns_the_sentence(weight, saying):
    network = smoking(cancer_on_asbestos=weight)
    sentence = words.explained_away(network, RIVALS)
    assert saying in sentence
    if weight:
        once, twice = (
            by_hand(network, "smoking", {"cancer": 1}),
            by_hand(network, "smoking", {"cancer": 1, "asbestos": 1}),
        )
        assert f"P(smoking | cancer) = {once:.4f} becomes {twice:.4f}" in sentence


@settings(max_examples=40)
@given(networks(positive=True, least=3, most=5), st.data())
def test_what_is_said_of_competition_is_true(network, data):
    hypothesis, effect, rival, *_ = data.draw(st.permutations(network.nodes))
    sentence = words.explained_away(network, (hypothesis, effect, rival))
    assert_reads_well(sentence)
    once, twice = by_hand(network, hypothesis, {effect: 1}), by_hand(network, hypothesis, {effect: 1, rival: 1})
    if "is needed less" in sentence:
        assert twice < once
        for cause in (hypothesis, rival):
            assert by_hand(network, effect, {cause: 1}) > by_hand(network, effect, {cause: 0})
    if "says nothing" in sentence:
        assert abs(twice - once) < 1e-3
    if "Nothing joins" in sentence:
        assert by_hand(network, hypothesis, {rival: 1}) == pytest.approx(by_hand(network, hypothesis), abs=1e-9)
    if "becomes" in sentence:
        assert f"{once:.4f} becomes {twice:.4f}" in sentence


def test_causes_that_share_a_cause_do_not_compete_alone():
    network = Network(
        {
            "u": Root(0.5),
            "a": Logistic(0.0, {"u": 2.0}),
            "b": Logistic(0.0, {"u": 2.0}),
            "e": Logistic(-1.0, {"a": 2.0, "b": 2.0}),
        }
    )
    assert "linked also without e" in words.explained_away(network, ("a", "e", "b"))


# -- seeing and doing


def test_for_a_first_cause_seeing_is_doing():
    for value in (0, 1):
        sentence = words.seen_and_done(smoking(), "smoking", value, "cancer", {})
        assert sentence == "Seeing and doing agree, because every open path leaves smoking by an arrow of its own."


def test_paint_on_the_fingers_does_nothing():
    sentence = words.seen_and_done(smoking(), "yellow", 1, "smoking", {})
    seen = by_hand(smoking(), "smoking", {"yellow": 1})
    assert f"moves P(smoking) from 0.2000 to {seen:.4f}. Setting it does nothing" in sentence
    assert sentence.endswith("no arrow leads from it to smoking.")


def test_what_is_confounded_and_causes_has_both_numbers():
    sentence = words.seen_and_done(simpson(), "treatment", 1, "recovery", {})
    before, seen = by_hand(simpson(), "recovery"), by_hand(simpson(), "recovery", {"treatment": 1})
    done = by_hand(simpson(), "recovery", do={"treatment": 1})
    assert f"from {before:.4f} to {done:.4f}; seeing it suggests {seen:.4f}" in sentence


@settings(max_examples=40)
@given(networks(positive=True, most=4), st.data())
def test_what_is_said_of_the_arrows_is_true_of_them(network, data):
    act, ask, *rest = data.draw(st.permutations(network.nodes))
    value, also = data.draw(st.integers(0, 1)), data.draw(assignments(rest, 1)) if rest else {}
    sentence = words.seen_and_done(network, act, value, ask, also)
    assert_reads_well(sentence)
    before, seen = by_hand(network, ask, also), by_hand(network, ask, {**also, act: value})
    done = by_hand(network, ask, also, {act: value})
    if "agree" in sentence:
        assert abs(seen - done) < 1e-3
    if "does nothing" in sentence:
        assert abs(done - before) < 1e-3
    if "no arrow leads" in sentence:
        assert not leads(network, act, ask)
    if "no open path" in sentence:
        assert seen == pytest.approx(before, abs=1e-9)
    if sentence.startswith("Setting"):
        assert f"from {before:.4f} to {done:.4f}; seeing it suggests {seen:.4f}" in sentence
    if not network.parents(act) and not also:
        assert "agree, because" in sentence


def test_an_arrow_of_weight_0_is_still_an_arrow():
    # x → y is drawn, weighs nothing, and m is a common effect of what else moves them
    sentence = words.seen_and_done(m_bias(), "x", 1, "y", {"m": 1})
    assert leads(m_bias(), "x", "y")
    assert "no arrow leads" not in sentence
    assert "Setting it does nothing" in sentence


def test_a_back_door_of_weight_0_is_still_a_back_door():
    network = Network({"u": Root(0.5), "x": Logistic(0.0, {"u": 2.0}), "y": Logistic(0.0, {"x": 1.0, "u": 0.0})})
    assert "although a path enters x by its back door" in words.seen_and_done(network, "x", 1, "y", {})


@given(nudges)
def test_seeing_and_doing_never_calls_equal_numbers_different(by):
    for act, ask in (("t-cell", "cure"), ("t-cell", "b-cell"), ("scar", "cure"), ("t-cell", "scar")):
        for low, high in said_to_differ(words.seen_and_done(nudged(by), act, 1, ask, {})):
            assert low != high


# -- identification


def identified(network, cause, effect, adjusted=(), hidden=()):
    """The sentence about a study, and what its adjustment is off by."""
    truth = sum(
        sign * p * world[effect] for sign, value in ((1, 1), (-1, 0)) for world, p in worlds(network, {cause: value})
    )
    try:
        bias = adjust_difference(network.joint(), cause, effect, adjusted).value - truth
    except NoOverlap:
        bias = None
    return words.identified(Study(network, cause, effect, tuple(hidden), tuple(adjusted))), bias


def test_the_stones_must_be_adjusted_for():
    right, _ = identified(simpson(), "treatment", "recovery", ["large stones"])
    assert right.startswith("Adjusting for large stones is right")
    wrong, bias = identified(simpson(), "treatment", "recovery", [])
    assert wrong.startswith("Adjusting for nothing is off by ")
    assert f"{bias:+.4f}".replace("-", "−") in wrong
    assert wrong.endswith("What works: adjust for large stones.")


def test_behind_a_hidden_confounder_the_front_door_works():
    sentence, bias = identified(front_door(), "smoking", "cancer", [], ["genotype"])
    assert bias < -0.1
    assert "is off by −0." in sentence
    assert sentence.endswith("What works: use the front door through tar.")


def test_with_the_tar_hidden_too_only_a_trial_works():
    sentence, _ = identified(front_door(), "smoking", "cancer", [], ["genotype", "tar"])
    assert sentence.endswith("Neither the back door nor a front door can be used here.")


def test_the_trap_of_m_bias_is_named():
    assert "is off by" in identified(m_bias(), "x", "y", ["m"], ["u1", "u2"])[0]
    sentence, _ = identified(m_bias(), "x", "y", [], ["u1", "u2"])
    assert sentence.startswith("Adjusting for nothing is right")
    assert sentence.endswith("What works: adjust for nothing.")


def test_who_does_not_exist_is_not_compared():
    network = Network({"z": Root(0.5), "x": Root(1.0), "y": Logistic(0.0, {"x": 1.0, "z": 1.0})})
    sentence, bias = identified(network, "x", "y", ["z"])
    assert bias is None
    assert sentence.startswith("Among some of the people x is always the same")


@settings(max_examples=40)
@given(networks(positive=True, most=5), st.data())
def test_right_and_wrong_are_told_apart_by_the_bias(network, data):
    cause, effect, *rest = data.draw(st.permutations(network.nodes))
    adjusted = data.draw(st.lists(st.sampled_from(rest), unique=True)) if rest else []
    sentence, bias = identified(network, cause, effect, adjusted)
    assert_reads_well(sentence)
    assert not re.search(r"(off by|invents) [+−]0\.000\b", sentence)
    if not leads(network, cause, effect):
        assert sentence.startswith(f"No arrow leads from {cause} to {effect}: the effect is 0.")
        assert abs(bias) < 1e-4 or f"invents {bias:+.4f}.".replace("-", "−") in sentence
    elif "is right" in sentence:
        assert abs(bias) < 1e-3
    else:
        assert f"off by {bias:+.4f} ".replace("-", "−") in sentence
    assert "Neither the back door" not in sentence  # without hidden nodes the parents of the cause always do


@given(nudges)
def test_a_bias_is_never_off_by_nothing(by):
    for cause, effect in (("t-cell", "cure"), ("scar", "cure")):
        sentence, bias = identified(nudged(by), cause, effect)
        assert abs(bias) < 0.01
        assert not re.search(r"(off by|invents) [+−]0\.000\b", sentence)


def test_names_keep_their_hyphens():
    sentence, bias = identified(nudged(-3.0), "t-cell", "cure")
    assert f"off by −{-bias:.4f}" in sentence
    assert sentence.endswith("What works: adjust for b-cell.")
    assert identified(nudged(-3.0), "t-cell", "cure", ["b-cell"])[0].startswith("Adjusting for b-cell is right")


def test_without_an_arrow_there_is_nothing_but_what_is_invented():
    sentence, bias = identified(smoking(), "smoking", "asbestos", ["cancer"])
    assert sentence.startswith("No arrow leads from smoking to asbestos: the effect is 0.")
    assert sentence.endswith(f"Adjusting for cancer invents −{-bias:.4f}.")


# -- imagination

PERSON = {"smoking": 1, "yellow": 1, "cancer": 1}


def test_the_smoker_differs_from_everybody():
    sentence = words.imagined(smoking(), PERSON, {"smoking": 0}, "cancer")
    would = counterfactual(smoking(), {"cancer": 1}, given=PERSON, do={"smoking": 0})
    everybody = by_hand(smoking(), "cancer", do={"smoking": 0})
    assert would > everybody
    assert f"would have been {would:.4f}, more than the {everybody:.4f} of everybody" in sentence


def test_washing_the_fingers_changes_nothing():
    sentence = words.imagined(smoking(), PERSON, {"yellow": 0}, "cancer")
    assert sentence == "Nothing would have changed for cancer: no arrow leads to it from yellow."
    assert words.imagined(smoking(), PERSON, {"smoking": 1}, "cancer") == "Nothing would have changed: smoking was 1."


def test_of_somebody_unknown_one_knows_what_holds_for_everybody():
    assert "Of this person nothing is known" in words.imagined(smoking(), {}, {"smoking": 0}, "cancer")


def test_an_arrow_of_weight_0_is_not_denied():
    sentence = words.imagined(m_bias(), {"x": 1, "y": 1}, {"x": 0}, "y")
    assert "no arrow leads" not in sentence
    assert "would have been 1.0000, more than the 0.5000 of everybody" in sentence


@settings(max_examples=40)
@given(networks(positive=True, most=4), st.data())
def test_more_and_less_are_told_apart(network, data):
    instead, ask, *_ = data.draw(st.permutations(network.nodes))
    was, to = data.draw(assignments(network.nodes, 3)), data.draw(st.integers(0, 1))
    sentence = words.imagined(network, was, {instead: to}, ask)
    assert_reads_well(sentence)
    would = counterfactual(network, {ask: 1}, given=was, do={instead: to})
    everybody = by_hand(network, ask, do={instead: to})
    if ", more than" in sentence:
        assert would > everybody
    if ", less than" in sentence:
        assert would < everybody
    if "as for everybody" in sentence:
        assert abs(would - everybody) < 1e-3
    if "Nothing would have changed" in sentence:
        assert would == pytest.approx(by_hand(network, ask, was), abs=1e-9)
    if "no arrow leads" in sentence:
        assert not leads(network, instead, ask)


@given(nudges)
def test_imagining_never_calls_equal_numbers_different(by):
    for was in ({"cure": 1}, {"b-cell": 1}, {"scar": 1, "t-cell": 0}):
        for ask in ("cure", "scar"):
            for low, high in said_to_differ(words.imagined(nudged(by), was, {"t-cell": 1}, ask)):
                assert low != high


# -- the move to another country

HOME = Country(800.0, 300.0)


def fitted(n, seed, climate):
    altitude, temperature = sample_altitude(HOME, climate, n, generator=torch.Generator().manual_seed(seed))
    return fit_line(altitude, temperature), fit_line(temperature, altitude)


def moved(there, n=150, seed=0, climate=None):
    climate = climate or Climate()
    causal, reverse = fitted(n, seed, climate)
    truths = temperature_on_altitude(there, climate), altitude_on_temperature(there, climate)
    losses = excess_nll(causal, truths[0]), excess_nll(reverse, truths[1])
    return words.moved(causal, reverse, truths), losses, words.survivor(causal, reverse, truths)


def test_up_the_mountains_only_the_fit_along_the_arrow_travels():
    sentence, (along, against), answer = moved(Country(2200.0, 500.0))
    assert along < 0.2 < 1 < against
    assert answer == "T from A"
    assert f"the fit loses {along:.3f} nats a place above the least possible, against it {against:.3f}." in sentence
    assert sentence.endswith("P(A | T) also holds how high people live.")


def test_to_the_same_heights_both_travel():
    sentence, losses, answer = moved(HOME)
    assert max(losses) < 0.05
    assert answer == "Both"
    assert "Both travel" in sentence


@given(st.floats(0, 3000), st.floats(50, 800), st.floats(0.2, 5), st.integers(10, 500), st.integers(0, 999))
def test_the_sentence_and_the_answer_agree(mean, spread, noise, n, seed):
    sentence, (along, against), answer = moved(Country(mean, spread), n, seed, Climate(noise_sd=noise))
    assert_reads_well(sentence)
    assert answer == {
        (True, True): "Both", (True, False): "T from A", (False, True): "A from T", (False, False): "Neither"
    }[along < words.TRAVELS, against < words.TRAVELS]  # fmt: skip
    assert ("Both travel" in sentence) == (answer == "Both")
    assert ("also holds how high people live" in sentence) == (answer == "T from A")


def test_heights_are_blamed_only_where_the_fit_against_the_arrow_loses_more():
    for seed in range(1000):
        sentence, (along, against), _ = moved(HOME, 10, seed)
        if "also holds how high people live" in sentence:
            assert against > along, (seed, sentence)


def test_true_lines_lose_nothing():
    there, climate = Country(2000.0, 400.0), Climate()
    truths = temperature_on_altitude(there, climate), altitude_on_temperature(there, climate)
    assert "against it 0.000. Both travel" in words.moved(truths[0].line(), truths[1].line(), truths)
    worse = Line(truths[1].line().slope, truths[1].line().intercept, 10 * truths[1].line().sd)
    assert f"against it {math.log(10) - 0.5 + 1 / 200:.3f}." in words.moved(truths[0].line(), worse, truths)


# -- lists


def test_lists_read_as_english():
    assert words.listed(["tar"]) == "tar"
    assert words.listed(["tar", "age"]) == "tar and age"
    assert words.listed(["tar", "age", "cancer"]) == "tar, age and cancer"
    assert words.values({"tar": 1, "cancer": 0}) == "tar = 1, cancer = 0"
    assert words.values({}) == ""
