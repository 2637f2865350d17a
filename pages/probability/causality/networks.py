"""The network on the table: the knobs that choose it, the sheet that shows it, and the people who come from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from pages.probability.causality import own
from pages.probability.causality.offers import OFFERS, SMOKING
from playground.causality import Network, Path, People, simulate, smoking
from playground.causality.sketch import Place
from playground.ui import knobs, links
from playground.ui.components.graph import Graph, Mark, graph
from playground.ui.components.live_slider import Dial, live_slider

NETWORK, TAR, ASBESTOS = "causality_network", "causality_tar", "causality_asbestos"
SEEN, ALSO, WAS = "causality_seen", "causality_also", "causality_was"  # what is clicked in See, Do and Imagine
PUBLISHED = {TAR: 2.0, ASBESTOS: 5.0}
ARROWS = {TAR: "smoking → tar", ASBESTOS: "asbestos → cancer"}
HUNDREDS = (100, 1_000, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True)
class Table:
    """The network that lies on the table."""

    name: str
    network: Network
    places: Mapping[str, Place]
    rivals: tuple[str, str, str] | None  # None: no effect has two causes
    effect_of: tuple[str, str]
    hidden: tuple[str, ...] = ()

    @property
    def own(self) -> bool:
        return self.name == own.YOUR_OWN

    def showing(self, network: Network) -> "Table":
        """The same with other numbers, while a knob is dragged."""
        return replace(self, network=network)


def choose(key: str = NETWORK, first: str = SMOKING, then: Callable[[], None] | None = None) -> Table:
    """The knob that puts a network on the table; with another one, nothing is seen any more."""
    then = then or (lambda: links.reset(SEEN, ALSO, WAS))
    name = knobs.select("Network", [*OFFERS, own.YOUR_OWN], key=key, default=first, then=then)
    if name == own.YOUR_OWN:
        drawn = own.sketch()
        first_two = (drawn.network.nodes[0], drawn.network.nodes[1])
        effect_of = drawn.network.edges[0] if drawn.network.edges else first_two
        return Table(name, drawn.network, drawn.places, _collision(drawn.network), effect_of)
    offer = OFFERS[name]
    network = smoking(_weight(TAR), _weight(ASBESTOS)) if name == SMOKING else offer.build()
    return Table(name, network, offer.places, offer.rivals, offer.effect_of, offer.hidden)


def weight_knobs() -> Network:
    """The smoking network under two live knobs: how strongly smoking makes tar, and asbestos cancer."""
    tar, asbestos = (_arrow_knob(key) for key in (TAR, ASBESTOS))
    return smoking(tar.now, asbestos.now)


def people_knob(key: str, default: int, hint: str) -> int:
    """N, from a hundred to a million."""
    dial = live_slider("N", 100, 1_000_000, default, key=key, step=0.05, log=True, hint=hint, ticks=HUNDREDS)
    return round(dial.now)


def node(table: Table, label: str, *, key: str, default: str, but: str = "") -> str:
    """One of the variables, but not `but`."""
    return knobs.select(label, [name for name in table.network.nodes if name != but], key=key, default=default)


def pair(table: Table, keys: tuple[str, str], labels: tuple[str, str], default: tuple[str, str]) -> tuple[str, str]:
    """Two different variables."""
    first = node(table, labels[0], key=keys[0], default=default[0])
    return first, node(table, labels[1], key=keys[1], default=default[1], but=first)


def seen(key: str, table: Table, default: Mapping[str, int], label: str = "seen") -> dict[str, int]:
    """What the visitor has clicked: a knob in the address, such as `cancer=1,asbestos=0`."""

    def read(text: str) -> dict[str, int]:
        pairs = [item.rpartition("=") for item in text.split(",") if item]
        if not all(name in table.network.nodes and value in ("0", "1") for name, _, value in pairs):
            raise ValueError("such as " + ",".join(f"{name}=1" for name in table.network.nodes[:2]))
        return {name: int(value) for name, _, value in pairs}

    def write(values: Mapping[str, int]) -> str:
        return ",".join(f"{name}={value}" for name, value in values.items() if name in table.network.nodes)

    values = links.linked(key, dict(default), read=read, write=write, label=label)
    return {name: value for name, value in values.items() if name in table.network.nodes}


def keep_seen(key: str, marks: Mapping[str, Mark]) -> None:
    """After a click: what is seen now."""
    links.put({key: {name: int(mark[-1]) for name, mark in marks.items() if mark.startswith("see")}})


def as_seen(values: Mapping[str, int]) -> dict[str, Mark]:
    """The marks of what is seen."""
    return {name: "see 1" if value else "see 0" for name, value in values.items()}


def drawn(paths: Sequence[Path]) -> dict[tuple[str, str], Literal["open", "blocked"]]:
    """How each arrow is drawn: one that lies on an open path is open, whatever else it lies on."""
    kinds: dict[tuple[str, str], Literal["open", "blocked"]] = {}
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
    paths: Sequence[Path] = (),
    cycles: Mapping[str, Sequence[str]] | None = None,
    labels: Mapping[str, str] | None = None,
    hidden: Sequence[str] = (),
    edit: bool = False,
    hint: str = "",
    height: int = 264,
) -> None:
    """The network on the table as a graph; `then` takes the marks after a click."""

    def changed(new: Graph) -> None:
        if edit:
            own.redraw(new.nodes, new.edges)
        then(new.marks)

    graph(
        Graph(table.places, table.network.edges, marks), key=key, alt=alt, prior=prior, posterior=posterior,
        paths=drawn(paths), cycles=cycles, labels=labels, hidden=hidden, edit=edit, hint=hint, height=height,
        on_change=changed,
    )  # fmt: skip


def _arrow_knob(key: str) -> Dial:
    ticks = (-6, -3, 0, 3, 6)
    return live_slider(
        ARROWS[key], -6, 6, PUBLISHED[key], key=key, step=0.1, role="model", hint="weight, log odds", ticks=ticks
    )


def _weight(key: str) -> float:
    """The resting value of an arrow's knob, also where the knob is not drawn."""
    return links.linked(
        key, PUBLISHED[key], read=links.number(-6, 6), write=lambda value: f"{value:.12g}", label=ARROWS[key]
    )


def _collision(network: Network) -> tuple[str, str, str] | None:
    """The first effect with two causes that can be seen with the second of them, between the two."""
    for name in network.nodes:
        causes = network.parents(name)
        if len(causes) >= 2 and network.probability({name: 1, causes[1]: 1}) > 0:
            return causes[0], name, causes[1]
    return None
