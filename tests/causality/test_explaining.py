"""The explaining-away curve against one query at a time."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from random_networks import networks

from playground.causality import Logistic, Network, Root, Table, explaining_away, smoking, toy


def reweighted(network, effect, rival, weight):
    mechanism = network.mechanisms[effect]
    return network.replace(effect, Logistic(mechanism.bias, {**mechanism.weights, rival: weight}))


@given(networks(least=3, positive=True), st.data())
def test_curves_are_what_single_queries_say(network, data):
    arrows = [(cause, effect) for cause, effect in network.edges if isinstance(network.mechanisms[effect], Logistic)]
    assume(arrows)
    rival, effect = data.draw(st.sampled_from(arrows))
    hypothesis = data.draw(st.sampled_from([name for name in network.nodes if name not in (rival, effect)]))
    weights = np.array([-3.0, -0.5, 0.25, 2.0])
    found = explaining_away(network, hypothesis, effect, rival, weights)
    for weight, before, after in zip(weights, found.before, found.after, strict=True):
        one = reweighted(network, effect, rival, weight)
        assert before == pytest.approx(one.probability({hypothesis: 1}, {effect: 1}), abs=1e-12)
        assert after == pytest.approx(one.probability({hypothesis: 1}, {effect: 1, rival: 1}), abs=1e-12)


@given(networks(least=3, positive=True), st.data())
def test_the_drop_vanishes_at_every_root(network, data):
    arrows = [(cause, effect) for cause, effect in network.edges if isinstance(network.mechanisms[effect], Logistic)]
    assume(arrows)
    rival, effect = data.draw(st.sampled_from(arrows))
    hypothesis = data.draw(st.sampled_from([name for name in network.nodes if name not in (rival, effect)]))
    found = explaining_away(network, hypothesis, effect, rival, np.linspace(-6, 6, 40))
    signs = np.sign(np.where(np.abs(found.drop) <= 1e-12, 0, found.drop))
    assert len(found.roots) >= np.sum(signs[:-1] * signs[1:] < 0)
    for root in found.roots:
        one = reweighted(network, effect, rival, root)
        before = one.probability({hypothesis: 1}, {effect: 1})
        assert one.probability({hypothesis: 1}, {effect: 1, rival: 1}) == pytest.approx(before, abs=1e-9)


@pytest.mark.parametrize("weights", [np.linspace(-6, 6, 121), np.linspace(-6, 6.1, 120)])
def test_asbestos_explains_smoking_away_exactly_when_it_causes_cancer(weights):
    found = explaining_away(smoking(), "smoking", "cancer", "asbestos", weights)
    assert found.roots == pytest.approx((0.0,), abs=1e-8)
    assert (found.drop[weights > 0.01] > 0).all()
    assert (found.drop[weights < -0.01] < 0).all()
    at_five = explaining_away(smoking(), "smoking", "cancer", "asbestos", [5.0])
    assert at_five.before[0] == pytest.approx(0.283071, abs=5e-7)
    assert at_five.after[0] == pytest.approx(0.201336, abs=5e-7)


def test_a_hypothesis_without_any_path_has_no_drop_and_no_root():
    network = Network({"h": Root(0.3), "r": Root(0.4), "e": Logistic(0.0, {"r": 1.0})})
    found = explaining_away(network, "h", "e", "r", np.linspace(-2, 2, 9))
    assert np.abs(found.drop).max() < 1e-12
    assert found.roots == ()


def test_impossible_evidence_is_nan():
    network = Network({"h": Root(0.3), "r": Root(0.0), "e": Logistic(0.0, {"r": 1.0, "h": 1.0})})
    found = explaining_away(network, "h", "e", "r", [0.0, 1.0])
    assert np.isnan(found.after).all()
    assert np.isfinite(found.before).all()
    assert found.roots == ()


@pytest.mark.parametrize(
    ("network", "names", "weights", "message"),
    [
        (smoking(), ("rain", "cancer", "asbestos"), [1.0], "unknown node"),
        (smoking(), ("asbestos", "cancer", "asbestos"), [1.0], "must differ"),
        (smoking(), ("smoking", "tar", "asbestos"), [1.0], "tar must be Logistic with asbestos among its parents"),
        (toy(), ("A", "B", "C"), [1.0], "B must be Logistic with C among its parents"),
        (smoking(), ("smoking", "cancer", "asbestos"), [1.0, 1.0], "weights must increase"),
        (smoking(), ("smoking", "cancer", "asbestos"), [], "weights must increase"),
        (smoking(), ("smoking", "cancer", "asbestos"), [float("nan")], "weights must increase"),
        (
            Network({"h": Root(0.5), "r": Root(0.5), "e": Table(("r",), [0.1, 0.9])}),
            ("h", "e", "r"),
            [1.0],
            "must be Logistic",
        ),
    ],
)
def test_bad_questions_are_refused(network, names, weights, message):
    with pytest.raises(ValueError, match=message):
        explaining_away(network, *names, weights)
