"""The networks on offer, where their nodes lie, and the knobs and the sheet that all experiments share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from playground.causality import Network, Path, People, front_door, m_bias, simpson, simulate, smoking, toy
from playground.causality.mechanisms import Logistic
from playground.causality.sketch import Place, Sketch
from playground.ui import knobs, links
from playground.ui.components.graph import Graph, Mark, graph
from playground.ui.components.live_slider import Dial, live_slider

NETWORK, TAR, ASBESTOS, OWN = "causality_network", "causality_tar", "causality_asbestos", "causality_own"
SMOKING, YOUR_OWN = "Smoking", "Your own"


@dataclass(frozen=True)
class Offer:
    """A published network, its places on the sheet, and what is worth asking of it."""

    build: Callable[[], Network]
    places: Mapping[str, Place]
    rivals: tuple[str, str, str]  # a cause, the effect that is seen, another cause of it
    effect_of: tuple[str, str]  # a cause whose effect on something is asked for
    hidden: tuple[str, ...] = ()  # what nobody measured


OFFERS: dict[str, Offer] = {
    SMOKING: Offer(
        smoking,
        {"smoking": (0.15, 0), "asbestos": (1, 0), "yellow": (0, 1), "tar": (0.5, 0.5), "cancer": (0.9, 1)},
        ("smoking", "cancer", "asbestos"),
        ("smoking", "cancer"),
    ),
    "Three nodes": Offer(toy, {"A": (0.15, 0), "C": (0.85, 0), "B": (0.5, 1)}, ("A", "B", "C"), ("A", "B")),
    "Front door": Offer(
        front_door,
        {"genotype": (0.5, 0), "smoking": (0, 0.85), "tar": (0.5, 1), "cancer": (1, 0.85)},
        ("tar", "cancer", "genotype"),
        ("smoking", "cancer"),
        ("genotype",),
    ),
    "Simpson": Offer(
        simpson,
        {"large stones": (0.5, 0), "treatment": (0.05, 1), "recovery": (0.95, 1)},
        ("treatment", "recovery", "large stones"),
        ("treatment", "recovery"),
    ),
    "M-bias": Offer(
        m_bias,
        {"u1": (0.1, 0), "u2": (0.9, 0), "m": (0.5, 0.45), "x": (0, 1), "y": (1, 1)},
        ("u1", "m", "u2"),
        ("x", "y"),
        ("u1", "u2"),
    ),
}
EXAMPLE = Sketch.parse("rain@15,0:0.3~sprinkler@85,0:0.4~wet grass@50,100:-2*rain=5*sprinkler=4")


@dataclass(frozen=True)
class Table:
    """The network that lies on the table."""

    name: str
    network: Network
    places: Mapping[str, Place]
    rivals: tuple[str, str, str] | None
    effect_of: tuple[str, str]
    hidden: tuple[str, ...] = ()

    @property
    def own(self) -> bool:
        return self.name == YOUR_OWN

    def showing(self, network: Network) -> "Table":
        """The same with other numbers, while a knob is dragged."""
        return replace(self, network=network)


def choose(key: str = NETWORK, first: str = SMOKING, then: Callable[[], None] | None = None) -> Table:
    """The knob that puts a network on the table."""
    name = knobs.select("Network", [*OFFERS, YOUR_OWN], key=key, default=first, then=then)
    if name == YOUR_OWN:
        sketch = _sketch()
        nodes, edges = sketch.network.nodes, sketch.network.edges
        return Table(
            name,
            sketch.network,
            sketch.places,
            _collision(sketch.network),
            edges[0] if edges else (nodes[0], nodes[-1]),
        )
    offer = OFFERS[name]
    network = offer.build() if name != SMOKING else smoking(_weight(TAR, 2.0), _weight(ASBESTOS, 5.0))
    return Table(name, network, offer.places, offer.rivals, offer.effect_of, offer.hidden)


def tar_knob() -> Dial:
    """How strongly smoking makes tar."""
    return _arrow_knob("smoking → tar", TAR, 2.0)


def asbestos_knob() -> Dial:
    """How strongly asbestos makes cancer: the knob that makes explaining away vanish and reverse."""
    return _arrow_knob("asbestos → cancer", ASBESTOS, 5.0)


def mechanism_knobs(table: Table) -> None:
    """For a network of one's own: the numbers behind one node."""
    knobs.group("Its numbers")
    node = knobs.select("Node", table.network.nodes, key="causality_node")
    mechanism = table.network.mechanisms[node]

    def changed(key: str, apply: Callable[[float], Network]) -> Callable[[], None]:
        def then() -> None:
            _keep(Sketch(apply(links.now(key)), table.places))

        return then

    if not isinstance(mechanism, Logistic):
        key = f"own:{node}:probability"
        links.put({key: table.network.tables[node].item()})
        knobs.number(f"P({node} = 1)", 0.0, 1.0, key=key, step=0.05, then=changed(key, lambda p: table.network.replace(node, type(mechanism)(p))))  # fmt: skip
        return
    key = f"own:{node}:bias"
    links.put({key: mechanism.bias})
    knobs.number("Bias (log odds without causes)", -12.0, 12.0, key=key, step=0.5, then=changed(key, lambda b: table.network.replace(node, Logistic(b, mechanism.weights))))  # fmt: skip
    for cause, weight in mechanism.weights.items():
        key = f"own:{node}:{cause}"
        links.put({key: weight})

        def with_weight(value: float, cause: str = cause) -> Network:
            return table.network.replace(node, Logistic(mechanism.bias, {**mechanism.weights, cause: value}))

        knobs.number(f"{cause} → {node}", -12.0, 12.0, key=key, step=0.5, then=changed(key, with_weight))


def seen(key: str, table: Table, default: Mapping[str, int]) -> dict[str, int]:
    """What the visitor has clicked as seen: a knob in the address, such as `cancer=1,asbestos=0`."""

    def read(text: str) -> dict[str, int]:
        pairs = [item.rpartition("=") for item in text.split(",") if item]
        if not all(name in table.network.nodes and value in ("0", "1") for name, _, value in pairs):
            raise ValueError("such as " + ",".join(f"{name}=1" for name in table.network.nodes[:2]))
        return {name: int(value) for name, _, value in pairs}

    def write(values: Mapping[str, int]) -> str:
        return ",".join(f"{name}={value}" for name, value in values.items())

    values = links.linked(key, dict(default), read=read, write=write, label="seen")
    return {name: value for name, value in values.items() if name in table.network.nodes}


def keep_seen(key: str, marks: Mapping[str, Mark]) -> None:
    """After a click: what is seen now."""
    links.put({key: {name: int(mark[-1]) for name, mark in marks.items() if mark.startswith("see")}})


def as_seen(values: Mapping[str, int]) -> dict[str, Mark]:
    """The marks of what is seen."""
    return {name: "see 1" if value else "see 0" for name, value in values.items()}


def pair(table: Table, keys: tuple[str, str], labels: tuple[str, str], default: tuple[str, str]) -> tuple[str, str]:
    """Two different nodes."""
    nodes = list(table.network.nodes)
    first = knobs.select(labels[0], nodes, key=keys[0], default=default[0])
    others = [name for name in nodes if name != first] or nodes
    return first, knobs.select(
        labels[1], others, key=keys[1], default=default[1] if default[1] in others else others[0]
    )


def drawn(paths: Sequence[Path]) -> dict[tuple[str, str], str]:
    """How each arrow is drawn: one that lies on an open path is open, whatever else it lies on."""
    kinds: dict[tuple[str, str], str] = {}
    for path in sorted(paths, key=lambda path: path.open):
        kinds |= dict.fromkeys(path.edges, "open" if path.open else "blocked")
    return kinds


@st.cache_resource(max_entries=48, show_spinner=False, hash_funcs={Network: repr})
def people(network: Network, do: Mapping[str, int]) -> People:
    """A million people of the world after do(do), 2 MB; the same people whatever is asked of them."""
    import torch

    return simulate(network, 1_000_000, do, generator=torch.Generator().manual_seed(0))


def sheet(
    table: Table,
    *,
    key: str,
    alt: str,
    marks: Mapping[str, Mark],
    prior: Mapping[str, float],
    posterior: Mapping[str, float] | None,
    then: Callable[[Mapping[str, Mark]], None],
    paths: Mapping[tuple[str, str], str] | None = None,
    cycles: Mapping[str, Sequence[str]] | None = None,
    labels: Mapping[str, str] | None = None,
    hidden: Sequence[str] = (),
    edit: bool = False,
    hint: str = "",
    height: int = 300,
) -> None:
    """The network on the table as a graph; `then` takes the marks after a click."""

    def changed(new: Graph) -> None:
        if edit:
            try:
                _keep(Sketch(table.network, table.places).redrawn(new.nodes, new.edges))
            except ValueError:
                return  # the browser refuses cycles with a sentence; a forged message gets none
        then(new.marks)

    shown = Graph(table.places, table.network.edges, marks)
    graph(
        shown, key=key, alt=alt, prior=prior, posterior=posterior, paths=paths, cycles=cycles, labels=labels, hidden=hidden,
        edit=edit, hint=hint, height=height, on_change=changed,
    )  # fmt: skip


def _arrow_knob(label: str, key: str, default: float) -> Dial:
    return live_slider(
        label, -6, 6, default, key=key, step=0.1, role="model", hint="weight, log odds", ticks=(-6, -3, 0, 3, 6)
    )


def _weight(key: str, default: float) -> float:
    def read(text: str) -> float:
        if not -6 <= (value := float(text)) <= 6:
            raise ValueError("a number from -6 to 6")
        return value

    return links.linked(key, default, read=read, write=lambda value: f"{value:.12g}", label=key)


def _sketch() -> Sketch:
    text = links.linked(
        OWN, EXAMPLE.text(), read=lambda text: Sketch.parse(text).text(), write=str, label="your own network"
    )
    return Sketch.parse(text)


def _keep(sketch: Sketch) -> None:
    links.put({OWN: sketch.text()})


def _collision(network: Network) -> tuple[str, str, str] | None:
    """The first effect with two causes."""
    for name in network.nodes:
        if len(causes := network.parents(name)) >= 2:
            return causes[0], name, causes[1]
    return None
