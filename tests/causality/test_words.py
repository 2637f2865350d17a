"""The lesson's sentences: each is true of the numbers it was given, and reads as a sentence."""

import math
import re

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_networks import networks, worlds

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
saids = st.sampled_from(["Rises", "Falls", "Stays", "Show me", "", None])


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
    assert rest[0].isupper() or rest[0].isdigit() or rest[0] in "x−", sentence


def said_to_differ(sentence):
    """The pairs of printed numbers that the sentence calls different."""
    pairs = re.findall(r"([\d.]+) (?:falls|rises) to ([\d.]+\d)", sentence)
    pairs += re.findall(r"from ([\d.]+) to ([\d.]+\d)", sentence)
    return pairs + re.findall(r"have been ([\d.]+), (?:more|less) than the ([\d.]+\d)", sentence)


# -- explaining away


@given(probabilities, probabilities, saids)
def test_explaining_away_says_which_way_it_went(once, twice, said):
    sentence = words.explained_away(RIVALS, once, twice, said)
    assert_reads_well(sentence)
    if "falls to" in sentence:
        assert once > twice
    elif "rises to" in sentence:
        assert once < twice
    else:
        assert "changes nothing" in sentence
        assert abs(once - twice) < 1e-3
        return
    assert f"{once:.3f}" in sentence
    assert f"{twice:.3f}" in sentence


@given(probabilities, probabilities)
def test_explaining_away_never_calls_equal_numbers_different(once, twice):
    for difference in (0.0, 6e-5, 2e-4, 4e-4, -3e-4, twice - once):
        for low, high in said_to_differ(words.explained_away(RIVALS, once, once + difference, None)):
            assert low != high


@pytest.mark.parametrize("said", ["Rises", "Falls", "Stays"])
def test_what_was_predicted_is_said_back(said):
    assert words.explained_away(RIVALS, 0.3, 0.2, said).startswith(f"You said “{said.lower()}”. ")


@pytest.mark.parametrize("said", ["Show me", "", None])
def test_who_did_not_predict_is_not_quoted(said):
    assert "You said" not in words.explained_away(RIVALS, 0.3, 0.2, said)


@pytest.mark.parametrize(
    ("weight", "verb"), [(5.0, "0.283 falls to 0.201"), (-4.0, "rises to"), (0.0, "changes nothing")]
)
def test_the_rival_of_the_published_network_turns_the_sentence(weight, verb):
    ask = smoking(cancer_on_asbestos=weight).probability
    once, twice = ask({"smoking": 1}, {"cancer": 1}), ask({"smoking": 1}, {"cancer": 1, "asbestos": 1})
    assert verb in words.explained_away(RIVALS, once, twice, None)


# -- seeing and doing


def seen_and_done(network, act, value, ask, also=None):
    """The sentence about a network, as the page asks for it."""
    also, p = also or {}, network.probability
    before, seen = p({ask: 1}, also), p({ask: 1}, {**also, act: value})
    return words.seen_and_done(act, value, ask, before, seen, p({ask: 1}, also, {act: value}))


def test_for_a_first_cause_seeing_is_doing():
    for value in (0, 1):
        assert seen_and_done(smoking(), "smoking", value, "cancer").startswith("Seeing and doing agree")


def test_paint_on_the_fingers_does_nothing():
    sentence = seen_and_done(smoking(), "yellow", 1, "smoking")
    assert "Setting it does nothing" in sentence
    assert "from 0.200 to" in sentence
    assert "none leads from it to smoking" in sentence


def test_what_is_confounded_and_causes_has_both_numbers():
    sentence = seen_and_done(simpson(), "treatment", 1, "recovery")
    p = simpson().probability
    before, seen = p({"recovery": 1}), p({"recovery": 1}, {"treatment": 1})
    done = p({"recovery": 1}, do={"treatment": 1})
    assert f"from {before:.3f} to {done:.3f}; seeing it suggests {seen:.3f}" in sentence


@settings(max_examples=40)
@given(networks(positive=True, most=4), st.data())
def test_doing_nothing_is_said_of_the_arrows_only_where_it_is_true(network, data):
    act, ask, *_ = data.draw(st.permutations(network.nodes))
    sentence = seen_and_done(network, act, data.draw(st.integers(0, 1)), ask)
    assert_reads_well(sentence)
    if "none leads from it" in sentence:
        assert not leads(network, act, ask)
    if not leads(network, act, ask):
        assert not sentence.startswith("Setting")
    if not network.parents(act):
        assert sentence.startswith("Seeing and doing agree")


def leads(network, cause, effect):
    """Whether arrows lead from cause to effect, on foot."""
    return any(child == effect or leads(network, child, effect) for parent, child in network.edges if parent == cause)


def test_an_arrow_of_weight_0_is_still_an_arrow():
    # x → y is drawn, weighs nothing, and m is a common effect of what else moves them
    sentence = seen_and_done(m_bias(), "x", 1, "y", {"m": 1})
    assert leads(m_bias(), "x", "y")
    assert "none leads from it to y" not in sentence


def test_a_back_door_of_weight_0_is_still_a_back_door():
    network = Network({"u": Root(0.5), "x": Logistic(0.0, {"u": 2.0}), "y": Logistic(0.0, {"x": 1.0, "u": 0.0})})
    sentence = seen_and_done(network, "x", 1, "y")
    assert "whatever leads from x to y leaves x by its own arrows" not in sentence


@given(probabilities, probabilities, probabilities)
def test_seeing_and_doing_never_calls_equal_numbers_different(before, seen, done):
    for value in (done, before + 2e-4, before - 4e-4):
        for low, high in said_to_differ(words.seen_and_done("a", 1, "b", before, seen, value)):
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
    assert f"{bias:+.3f}".replace("-", "−") in wrong
    assert wrong.endswith("What works: adjust for large stones.")


def test_behind_a_hidden_confounder_the_front_door_works():
    sentence, bias = identified(front_door(), "smoking", "cancer", [], ["genotype"])
    assert bias < -0.1
    assert "is off by −0." in sentence
    assert sentence.endswith("What works: use the front door through tar.")


def test_with_the_tar_hidden_too_only_a_trial_works():
    sentence, _ = identified(front_door(), "smoking", "cancer", [], ["genotype", "tar"])
    assert sentence.endswith("Nothing that can be measured works; only a trial does.")


def test_the_trap_of_m_bias_is_named():
    assert "is off by" in identified(m_bias(), "x", "y", ["m"], ["u1", "u2"])[0]
    sentence, _ = identified(m_bias(), "x", "y", [], ["u1", "u2"])
    assert sentence.startswith("Adjusting for nothing is right")
    assert sentence.endswith("What works: adjust for nothing.")


def test_who_does_not_exist_is_not_compared():
    network = Network({"z": Root(0.5), "x": Root(1.0), "y": Logistic(0.0, {"x": 1.0, "z": 1.0})})
    sentence, bias = identified(network, "x", "y", ["z"])
    assert bias is None
    assert sentence.startswith("Adjusting for z compares people who do not exist.")


@settings(max_examples=40)
@given(networks(positive=True, most=5), st.data())
def test_right_and_wrong_are_told_apart_by_the_bias(network, data):
    cause, effect, *rest = data.draw(st.permutations(network.nodes))
    adjusted = data.draw(st.lists(st.sampled_from(rest), unique=True)) if rest else []
    sentence, bias = identified(network, cause, effect, adjusted)
    assert_reads_well(sentence)
    assert ("is right" in sentence) != ("is off by" in sentence)
    assert not re.search(r"off by [+−]0\.000 ", sentence)
    if "is right" in sentence:
        assert abs(bias) < 1e-3
    else:
        assert f"off by {bias:+.3f} ".replace("-", "−") in sentence
    # without hidden nodes the parents of the cause always do
    assert "only a trial" not in sentence or effect in network.parents(cause)


def confounded(by, on="t-cell"):
    """t-cell ← b-cell → cure, the first arrow as strong as `by`."""
    return Network({"b-cell": Root(0.5), on: Logistic(-0.5, {"b-cell": by}), "cure": Logistic(0.25, {"b-cell": 1.0})})


@given(st.floats(-0.02, 0.02))
def test_a_bias_is_never_off_by_nothing(by):
    sentence, bias = identified(confounded(by), "t-cell", "cure")
    assert abs(bias) < 0.01
    assert not re.search(r"off by [+−]0\.000 ", sentence)


def test_names_keep_their_hyphens():
    sentence, bias = identified(confounded(-3.0), "t-cell", "cure")
    assert f"off by −{-bias:.3f}" in sentence
    assert sentence.endswith("What works: adjust for b-cell.")
    assert identified(confounded(-3.0), "t-cell", "cure", ["b-cell"])[0].startswith("Adjusting for b-cell is right")


# -- imagination


def imagined(network, instead, to, ask, was):
    """The sentence about a network, as the page asks for it."""
    p = network.probability
    would = counterfactual(network, {ask: 1}, given=was, do={instead: to})
    return words.imagined(instead, to, ask, p({ask: 1}, was), would, p({ask: 1}, do={instead: to}))


PERSON = {"smoking": 1, "yellow": 1, "cancer": 1}


def test_the_smoker_differs_from_everybody():
    sentence = imagined(smoking(), "smoking", 0, "cancer", PERSON)
    would = counterfactual(smoking(), {"cancer": 1}, given=PERSON, do={"smoking": 0})
    everybody = smoking().probability({"cancer": 1}, do={"smoking": 0})
    assert would > everybody
    assert f"would have been {would:.3f}, more than the {everybody:.3f} of everybody" in sentence


def test_washing_the_fingers_changes_nothing():
    assert "Nothing would have changed for cancer" in imagined(smoking(), "yellow", 0, "cancer", PERSON)
    assert "Nothing would have changed for cancer" in imagined(smoking(), "smoking", 1, "cancer", PERSON)


def test_of_somebody_unknown_one_knows_what_holds_for_everybody():
    assert "as for everybody" in imagined(smoking(), "smoking", 0, "cancer", {})


def test_an_arrow_of_weight_0_is_not_denied():
    # x was 1 and the arrow x → y is drawn: neither reason that the sentence gives holds
    sentence = imagined(m_bias(), "x", 0, "y", {"x": 1, "y": 1})
    assert sentence != "Nothing would have changed for y: x was 0 already, or no arrow leads from it to y."


@settings(max_examples=40)
@given(networks(positive=True, most=4), st.data())
def test_more_and_less_are_told_apart(network, data):
    instead, ask, *_ = data.draw(st.permutations(network.nodes))
    was = {
        name: data.draw(st.integers(0, 1)) for name in data.draw(st.lists(st.sampled_from(network.nodes), max_size=3))
    }
    to = data.draw(st.integers(0, 1))
    sentence = imagined(network, instead, to, ask, was)
    assert_reads_well(sentence)
    would = counterfactual(network, {ask: 1}, given=was, do={instead: to})
    everybody = network.probability({ask: 1}, do={instead: to})
    if ", more than" in sentence:
        assert would > everybody
    if ", less than" in sentence:
        assert would < everybody
    if "no arrow leads" in sentence:
        assert network.probability({instead: to}, was) > 1 - 1e-9 or not leads(network, instead, ask)


@given(probabilities, probabilities, probabilities)
def test_imagining_never_calls_equal_numbers_different(was, would, everybody):
    for value in (everybody, would + 2e-4, would - 4e-4):
        sentence = words.imagined("a", 1, "b", was, would, value)
        assert_reads_well(sentence)
        for low, high in said_to_differ(sentence):
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
    return words.moved(causal, reverse, truths), losses


def test_up_the_mountains_only_the_fit_along_the_arrow_travels():
    sentence, (along, against) = moved(Country(2200.0, 500.0))
    assert along < 0.2 < 1 < against
    assert f"loses {along:.3f} nats" in sentence
    assert f"against it {against:.2f}." in sentence


def test_to_the_same_heights_both_travel():
    sentence, losses = moved(HOME)
    assert max(losses) < 0.05
    assert sentence.startswith("Both fits travel")
    assert all(f"{loss:.3f}" in sentence for loss in losses)


@given(st.floats(0, 3000), st.floats(50, 800), st.floats(0.2, 5), st.integers(10, 500), st.integers(0, 999))
def test_both_travel_only_where_both_do(mean, spread, noise, n, seed):
    sentence, losses = moved(Country(mean, spread), n, seed, Climate(noise_sd=noise))
    assert_reads_well(sentence)
    if "Both fits travel" in sentence:
        assert max(losses) < 0.05


def test_ten_places_at_the_same_heights_are_no_proof_that_both_travel():
    for seed in range(1000):
        sentence, (along, against) = moved(HOME, 10, seed)
        if "Both fits travel" in sentence:
            assert max(along, against) < 0.05, (seed, sentence)


def test_heights_are_blamed_only_where_the_fit_against_the_arrow_loses_more():
    for seed in range(1000):
        sentence, (along, against) = moved(HOME, 10, seed)
        if "how high people live" in sentence:
            assert against > along, (seed, sentence)


def test_true_lines_lose_nothing():
    there, climate = Country(2000.0, 400.0), Climate()
    truths = temperature_on_altitude(there, climate), altitude_on_temperature(there, climate)
    assert "0.000 and 0.000 nats" in words.moved(truths[0].line(), truths[1].line(), truths)
    worse = Line(truths[1].line().slope, truths[1].line().intercept, 10 * truths[1].line().sd)
    assert f"against it {math.log(10) - 0.5 + 1 / 200:.2f}." in words.moved(truths[0].line(), worse, truths)


# -- lists


def test_lists_read_as_english():
    assert words.listed(["tar"]) == "tar"
    assert words.listed(["tar", "age"]) == "tar and age"
    assert words.listed(["tar", "age", "cancer"]) == "tar, age and cancer"
    assert words.values({"tar": 1, "cancer": 0}) == "tar = 1, cancer = 0"
    assert words.values({}) == ""


@given(networks(positive=True, least=3, most=4), st.data())
def test_no_sentence_about_any_network_shows_a_raw_value(network, data):
    a, b, c = data.draw(st.permutations(network.nodes))[:3]
    ask = network.probability
    once, twice = ask({a: 1}, {b: 1}), ask({a: 1}, {b: 1, c: 1})
    assume(math.isfinite(once) and math.isfinite(twice))
    for said in ("Rises", None):
        assert_reads_well(words.explained_away((a, b, c), once, twice, said))
