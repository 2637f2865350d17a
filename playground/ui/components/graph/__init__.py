"""A causal graph of binary variables that is clicked (see, do), dragged and edited."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from playground.ui.components import last_turn, register

_component = register(Path(__file__).parent)
Mark = Literal["see 1", "see 0", "do 1", "do 0"]
MARKS = ("see 1", "see 0", "do 1", "do 0")
SEE: tuple[Mark | Literal[""], ...] = ("", "see 1", "see 0")  # what clicks on a node step through
MOST_NODES = 12
LONGEST_NAME = 20


@dataclass(frozen=True)
class Graph:
    """What is on the sheet.

    Args:
        nodes: Name to place in [0, 1]², x to the right, y down.
        edges: (cause, effect).
        marks: What is seen, or done, at some of the nodes.
    Raises:
        ValueError: The browser, or a forged message, sent something that is no such graph.
    """

    nodes: Mapping[str, tuple[float, float]]
    edges: tuple[tuple[str, str], ...]
    marks: Mapping[str, Mark] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = set(self.nodes)
        if len(names) > MOST_NODES or not all(
            isinstance(name, str) and 1 <= len(name) <= LONGEST_NAME for name in names
        ):
            raise ValueError(f"a graph has at most {MOST_NODES} nodes with names of 1 to {LONGEST_NAME} letters")
        for place in self.nodes.values():
            if len(place) != 2 or not all(0 <= float(v) <= 1 for v in place):
                raise ValueError(f"a place is a pair in [0, 1], got {place!r}")
        if strange := [edge for edge in self.edges if len(edge) != 2 or not set(edge) <= names]:
            raise ValueError(f"an arrow joins two of the nodes, got {strange[0]!r}")
        if strange := [name for name, mark in self.marks.items() if name not in names or mark not in MARKS]:
            raise ValueError(f"a mark is one of {MARKS} on a node, got {strange[0]!r}")


def graph(
    shown: Graph,
    *,
    key: str,
    alt: str,
    prior: Mapping[str, float],
    posterior: Mapping[str, float] | None,
    paths: Mapping[tuple[str, str], Literal["open", "blocked"]] | None = None,
    cycles: Mapping[str, Sequence[str]] | None = None,
    labels: Mapping[str, str] | None = None,
    hidden: Sequence[str] = (),
    edit: bool = False,
    hint: str = "",
    height: int = 300,
    on_change: Callable[[Graph], None],
) -> None:
    """Show `shown`; a click, a drag or an edit calls `on_change` with the new graph before the next run.

    Args:
        prior, posterior: P(node = 1) before and after the marks; None hides the answers.
        paths: How arrows are drawn: on an open path strong, on blocked ones only faint.
        cycles: The marks a click steps through, by node; `SEE` for all others, () for none.
        labels: What some nodes are called besides their name, in place of "seen 1" and the like.
        hidden: Nodes that nobody can measure.
        height: Pixels at the desk's type size.
    """

    def changed() -> None:
        sent = st.session_state[f"{key}:widget"].graph
        try:  # what a browser sends is checked like any input
            nodes = {name: (float(x), float(y)) for name, (x, y) in sent["nodes"].items()}
            new = Graph(nodes, tuple((a, b) for a, b in sent["edges"]), dict(sent["marks"]))
        except (KeyError, TypeError, ValueError, AttributeError):
            return
        on_change(new)

    data: dict[str, Any] = asdict(shown) | {
        "turn": last_turn(f"{key}:widget", "graph"),
        "prior": dict(prior),
        "posterior": None if posterior is None else dict(posterior),
        "paths": {f"{a}>{b}": kind for (a, b), kind in (paths or {}).items()},
        "cycles": {name: list(cycle) for name, cycle in (cycles or {}).items()},
        "cycle": list(SEE), "labels": dict(labels or {}), "hidden": list(hidden), "edit": edit, "hint": hint,
        "height": height, "alt": alt, "most": MOST_NODES,
    }  # fmt: skip
    _component(data=data, key=f"{key}:widget", on_graph_change=changed)
