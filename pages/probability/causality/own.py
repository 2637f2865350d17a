"""A network of one's own: its home in the link, and the numbers behind its nodes."""

from collections.abc import Callable, Collection, Mapping

from playground.causality import Logistic, Network, Root
from playground.causality.sketch import STRONGEST, Place, Sketch
from playground.ui import knobs, links

YOUR_OWN, OWN = "Your own", "causality_own"
EXAMPLE = Sketch.parse("rain@0,0:0.3~sprinkler@100,0:0.4~wet grass@50,100:-2*rain=5*sprinkler=4")


def sketch() -> Sketch:
    """The visitor's network, from the link or as it was left."""
    text = links.linked(
        OWN, EXAMPLE.text(), read=lambda text: Sketch.parse(text).text(), write=str, label="your own network"
    )
    return Sketch.parse(text)


def redraw(places: Mapping[str, Place], edges: Collection[tuple[str, str]]) -> None:
    """After the graph was edited. A cycle or a thirteenth node leaves everything as it was."""
    try:
        _keep(sketch().redrawn(places, edges))
    except ValueError:
        return  # the graph has refused it with a sentence already; only a forged message comes this far


def number_knobs(drawn: Sketch) -> None:
    """The numbers behind one node: a probability, or a bias and the weight of every arrow into it."""
    knobs.group("Its numbers")
    network = drawn.network
    node = knobs.select("Variable", network.nodes, key="causality_node")
    mechanism = network.mechanisms[node]
    if isinstance(mechanism, Root):
        _knob(drawn, f"P({node} = 1)", 0.0, mechanism.probability, 0.05, lambda p: network.replace(node, Root(p)))
        return
    assert isinstance(mechanism, Logistic)
    bias, weights = mechanism.bias, mechanism.weights
    _knob(drawn, f"bias of {node}", -STRONGEST, bias, 0.5, lambda b: network.replace(node, Logistic(b, weights)))
    for cause, weight in weights.items():

        def weighed(value: float, cause: str = cause) -> Network:
            return network.replace(node, Logistic(bias, {**weights, cause: value}))

        _knob(drawn, f"{cause} → {node}, weight", -STRONGEST, weight, 0.5, weighed)


def _knob(drawn: Sketch, label: str, low: float, value: float, step: float, apply: Callable[[float], Network]) -> None:
    key = f"own: {label}"
    links.put({key: value})
    high = 1.0 if low == 0 else STRONGEST
    knobs.number(label, low, high, key=key, step=step, then=lambda: _keep(Sketch(apply(links.now(key)), drawn.places)))


def _keep(sketch: Sketch) -> None:
    links.put({OWN: sketch.text()})
