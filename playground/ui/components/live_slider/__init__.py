"""A slider that moves the picture while it is dragged."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from playground.theme import Role
from playground.ui import links
from playground.ui.components import last_turn, register

_component = register(Path(__file__).parent)


@dataclass(frozen=True)
class Dial:
    """Where a live slider is."""

    now: float
    settled: float  # where it last rested: axes and the address follow this one, so they hold still during a drag


def live_slider(
    label: str,
    low: float,
    high: float,
    default: float,
    *,
    key: str,
    step: float,
    role: Role | None = None,
    hint: str = "",
    log: bool = False,
    ticks: tuple[float, ...] = (),
) -> Dial:
    """A slider in the colour of what it controls. Call it in a fragment.

    Args:
        step: Of the value, or with `log` of its base-10 logarithm.
    """

    settled = links.linked(
        key, float(default), read=links.number(low, high), write=lambda value: f"{value:.12g}", label=label
    )
    now = st.session_state.get(f"{key}:now", settled)
    if st.session_state.get(f"{key}:rested") != settled:  # a preset, a link or Back moved it
        now = settled
    st.session_state[f"{key}:rested"] = settled
    st.session_state[f"{key}:now"] = now

    def moved() -> None:
        knob = st.session_state[f"{key}:widget"].knob
        value, rest = (min(high, max(low, float(knob[part]))) for part in ("now", "settled"))
        st.session_state[f"{key}:now"] = value
        st.session_state[key] = st.session_state[f"{key}:rested"] = rest

    _component(
        data={
            "label": label, "hint": hint, "ticks": ticks, "role": role or "text", "log": log,
            "low": low, "high": high, "step": step, "value": now,
            "turn": last_turn(f"{key}:widget", "knob"),
        },
        key=f"{key}:widget",
        on_knob_change=moved,
    )  # fmt: skip
    return Dial(now, settled)
