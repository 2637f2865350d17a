"""Sketches: what a link carries comes back, what no sketch is is refused, and redrawing keeps what it can."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.causality import Logistic, Network, Root
from playground.causality.sketch import NEW_BIAS, NEW_PROBABILITY, NEW_WEIGHT, STRONGEST, Sketch

GARDEN = "rain@15,0:0.3~sprinkler@85,0:0.4~wet grass@50,100:-2*rain=5*sprinkler=4"
names = st.from_regex(r"[A-Za-z][A-Za-z0-9_ -]{0,19}", fullmatch=True)
hundredths = st.integers(0, 100).map(lambda n: n / 100)
# six digits, as the text writes them
strengths = st.floats(-STRONGEST, STRONGEST).map(lambda weight: float(f"{weight:g}"))


@st.composite
def sketches(draw, least=2, most=12):
    """Nodes with any legal name, in any order, every arrow from a node that is no effect."""
    order = draw(st.lists(names, min_size=least, max_size=most, unique=True))
    mechanisms = {}
    for i, name in enumerate(order):
        causes = draw(st.lists(st.sampled_from(order[:i]), unique=True, max_size=4)) if i else []
        if causes:
            mechanisms[name] = Logistic(draw(strengths), {cause: draw(strengths) for cause in causes})
        else:
            mechanisms[name] = Root(draw(st.floats(0, 1).map(lambda p: float(f"{p:g}"))))
    nodes = draw(st.permutations(order))
    return Sketch(
        Network({name: mechanisms[name] for name in nodes}),
        {name: (draw(hundredths), draw(hundredths)) for name in nodes},
    )


@given(sketches())
def test_a_sketch_is_what_its_text_says(sketch):
    assert Sketch.parse(sketch.text()) == sketch


@given(sketches(), st.data())
def test_numbers_of_more_digits_settle_after_one_writing(sketch, data):
    name = data.draw(st.sampled_from(sketch.network.nodes))
    causes = sketch.network.parents(name)
    if causes:
        finer = Logistic(1 / 3, {cause: data.draw(st.floats(-STRONGEST, STRONGEST)) for cause in causes})
    else:
        finer = Root(data.draw(st.floats(0, 1)))
    text = Sketch(sketch.network.replace(name, finer), {**sketch.places, name: (1 / 3, 2 / 3)}).text()
    assert Sketch.parse(text).text() == text
    assert Sketch.parse(text).network.tables[name] == pytest.approx(finer.table(), abs=1e-4)
    assert Sketch.parse(text).places[name] == (0.33, 0.67)


def test_the_text_reads_as_its_docstring_says():
    sketch = Sketch(
        Network({"rain": Root(0.3), "wet": Logistic(-1.0, {"rain": 2.0})}), {"rain": (0, 0), "wet": (0.5, 1)}
    )
    assert sketch.text() == "rain@0,0:0.3~wet@50,100:-1*rain=2"


def test_effects_may_come_before_their_causes():
    sketch = Sketch.parse("wet@0,0:-1*rain=2~rain@50,50:0.3")
    assert sketch.network.nodes == ("wet", "rain")
    assert sketch.network.edges == (("rain", "wet"),)


@pytest.mark.parametrize("name", ["wet grass", "t-cell", "a_b", "constructor", "A", "x" * 20, "no 1 - of_2"])
def test_names_with_spaces_hyphens_and_underscores_travel(name):
    sketch = Sketch.parse(f"{name}@0,0:0.5~effect@9,9:-1.5*{name}=-2.25")
    assert sketch.network.mechanisms["effect"] == Logistic(-1.5, {name: -2.25})
    assert Sketch.parse(sketch.text()) == sketch


BAD = {
    "nothing": "",
    "one node": "a@0,0:0.3",
    "a cycle": "a@0,0:1*b=1~b@0,0:1*a=1",
    "a cycle of three": "a@0,0:1*c=1~b@0,0:1*a=1~c@0,0:1*b=1",
    "its own cause": "a@0,0:0.5~b@0,0:1*b=1",
    "thirteen nodes": "~".join(f"n{i}@0,0:0.3" for i in range(13)),
    "markup as a name": "<script>@0,0:0.3~b@0,0:0.3",
    "markup as text": "<script>alert(1)</script>",
    "probability 2": "a@0,0:2~b@0,0:0.3",
    "a negative probability": "a@0,0:-0.1~b@0,0:0.3",
    "probability nan": "a@0,0:nan~b@0,0:0.3",
    "probability inf": "a@0,0:inf~b@0,0:0.3",
    "bias nan": "a@0,0:0.3~b@0,0:nan*a=1",
    "weight inf": "a@0,0:0.3~b@0,0:1*a=inf",
    "weight -infinity": "a@0,0:0.3~b@0,0:1*a=-infinity",
    "weight 13": "a@0,0:0.3~b@0,0:1*a=13",
    "weight 1e9": "a@0,0:0.3~b@0,0:1*a=1e9",
    "a name twice": "a@0,0:0.3~a@0,0:0.4",
    "an unknown cause": "a@0,0:0.3~b@0,0:1*c=1",
    "a cause without a name": "a@0,0:0.3~b@0,0:1*=1",
    "a cause without a weight": "a@0,0:0.3~b@0,0:1*a",
    "a weight without a number": "a@0,0:0.3~b@0,0:1*a=",
    "a word as a probability": "a@0,0:often~b@0,0:0.3",
    "no place": "a:0.3~b:0.3",
    "a negative place": "a@-1,0:0.3~b@0,0:0.3",
    "no number": "a@0,0:~b@0,0:0.3",
    "nothing between": "a@0,0:0.3~~b@0,0:0.3",
    "a name that begins with a digit": "2nd@0,0:0.3~b@0,0:0.3",
    "a name of 21 letters": "x" * 21 + "@0,0:0.3~b@0,0:0.3",
    "a name over two lines": "a\n@0,0:0.3~b@0,0:0.3",
    "garbage": "%00\x00;DROP TABLE",
}
LONG = {
    "one name of 100 kB": "a" * 100_000 + "@0,0:0.3~b@0,0:0.3",
    "100 kB of one letter": "a" * 100_000,
    "100 kB of stars": "a@0,0:0.3" + "*" * 100_000,
    "100 kB of weights": "a@0,0:0.3~b@0,0:1" + "*a=1" * 25_000 + "*",
    "100 kB of nodes": "~".join(f"n{i}@0,0:0.3" for i in range(8_000)),
    "100 kB of at signs": "a@0,0:" * 17_000,
    "a number of 100 kB": "a@0,0:" + "1" * 100_000 + "~b@0,0:0.3",
}


@pytest.mark.parametrize("text", [*BAD.values(), *LONG.values()], ids=[*BAD, *LONG])
def test_what_is_no_sketch_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Sketch.parse(text)


@pytest.mark.parametrize("text", [*BAD.values(), *LONG.values()], ids=[*BAD, *LONG])
def test_a_refusal_is_short_and_says_what_is_legal(text):
    # it is shown to whoever opened the link
    with pytest.raises(ValueError, match=r".") as refusal:
        Sketch.parse(text)
    said = str(refusal.value)
    assert len(said) <= 300
    assert "could not convert" not in said
    assert "unpack" not in said


@settings(max_examples=300)
@given(st.text(alphabet="ab@~*=:,.-019e\n", max_size=40) | st.text(max_size=40))
def test_any_text_is_a_sketch_or_a_refusal(text):
    try:
        sketch = Sketch.parse(text)
    except ValueError:
        return
    assert Sketch.parse(sketch.text()) == Sketch.parse(Sketch.parse(sketch.text()).text())


@given(sketches(most=5), st.data())
def test_a_damaged_text_is_another_sketch_or_a_refusal(sketch, data):
    text = sketch.text()
    at = data.draw(st.integers(0, len(text) - 1))
    damaged = text[:at] + data.draw(st.sampled_from(["", "@", "~", "*", "=", ":", "9", "<"])) + text[at + 1 :]
    try:
        Sketch.parse(damaged)
    except ValueError:
        return


@pytest.mark.parametrize("separator", "@~*=:,<>&\"'\\{}$%.\n")
def test_no_network_has_a_name_that_the_text_could_not_carry(separator):
    with pytest.raises(ValueError, match="a node's name must be a letter"):
        Network({f"a{separator}b": Root(0.3), "c": Root(0.3)})


def test_a_bias_without_any_weight_does_not_turn_into_a_probability():
    network = Network({"a": Root(0.3), "b": Logistic(0.5, {})})
    places = dict.fromkeys(network.nodes, (0.0, 0.0))
    try:
        sketch = Sketch(network, places)
    except ValueError:
        return
    assert Sketch.parse(sketch.text()).network.marginals() == pytest.approx(network.marginals())


@given(sketches(most=6))
def test_redrawing_the_same_changes_nothing(sketch):
    assert sketch.redrawn(sketch.places, sketch.network.edges) == sketch


@given(sketches(most=6), hundredths, hundredths)
def test_moving_a_node_keeps_every_number(sketch, x, y):
    moved = {**sketch.places, sketch.network.nodes[0]: (x, y)}
    assert sketch.redrawn(moved, sketch.network.edges) == Sketch(sketch.network, moved)


@given(sketches(least=3, most=6), st.data())
def test_removing_a_node_keeps_the_others_as_they_were(sketch, data):
    gone = data.draw(st.sampled_from(sketch.network.nodes))
    places = {name: place for name, place in sketch.places.items() if name != gone}
    after = sketch.redrawn(places, [edge for edge in sketch.network.edges if gone not in edge]).network
    assert set(after.nodes) == set(sketch.network.nodes) - {gone}
    for name in after.nodes:
        before = sketch.network.mechanisms[name]
        if gone not in sketch.network.parents(name):
            assert after.mechanisms[name] == before
        elif len(sketch.network.parents(name)) == 1:
            assert after.mechanisms[name] == Root(NEW_PROBABILITY)
        else:
            rest = {cause: weight for cause, weight in before.weights.items() if cause != gone}
            assert after.mechanisms[name] == Logistic(before.bias, rest)


def test_new_nodes_and_arrows_have_the_default_numbers():
    before = Sketch.parse(GARDEN)
    places = {**before.places, "sun": (0.5, 0.5)}
    after = before.redrawn(places, [*before.network.edges, ("sun", "wet grass"), ("sun", "rain")])
    assert (
        after.network.mechanisms
        == Network(
            {
                "rain": Logistic(NEW_BIAS, {"sun": NEW_WEIGHT}),
                "sprinkler": Root(0.4),
                "wet grass": Logistic(-2.0, {"rain": 5.0, "sprinkler": 4.0, "sun": NEW_WEIGHT}),
                "sun": Root(NEW_PROBABILITY),
            }
        ).mechanisms
    )
    assert after.places == places


def test_a_renamed_node_is_a_new_one():
    before = Sketch.parse("a@0,0:0.9~b@0,0:3*a=4")
    after = before.redrawn({"c": (0, 0), "b": (0, 0)}, [("c", "b")])
    assert dict(after.network.mechanisms) == {"c": Root(NEW_PROBABILITY), "b": Logistic(3.0, {"c": NEW_WEIGHT})}


@pytest.mark.parametrize(
    ("places", "edges"),
    [
        ({"a": (0, 0), "b": (1, 1)}, [("a", "b"), ("b", "a")]),
        ({"a": (0, 0), "b": (1, 1)}, [("a", "a")]),
        ({f"n{i}": (0, 0) for i in range(13)}, []),
        ({"a": (0, 0)}, []),
        ({}, []),
        ({"a": (0, 0), "<b>": (1, 1)}, []),
        ({"a": (0, 0), "b": (1, 1)}, [("c", "b")]),
    ],
    ids=["a cycle", "an arrow into itself", "13 nodes", "one node", "none", "an illegal name", "an unknown cause"],
)
def test_what_cannot_be_drawn_is_refused(places, edges):
    before = Sketch.parse(GARDEN)
    with pytest.raises(ValueError, match=r"."):
        before.redrawn(places, edges)
    assert before == Sketch.parse(GARDEN)


def test_a_network_of_twelve_with_every_arrow_travels():
    order = [f"n{i}" for i in range(12)]
    mechanisms = {
        name: Logistic(-1.25, dict.fromkeys(order[:i], -10.75)) if i else Root(0.125) for i, name in enumerate(order)
    }
    sketch = Sketch(Network(mechanisms), dict.fromkeys(order, (0.99, 1.0)))
    assert Sketch.parse(sketch.text()) == sketch
    assert len(sketch.text()) < 4_000  # what a link may carry
