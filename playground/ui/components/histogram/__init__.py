"""Bars to drag up and down with mouse, finger or arrow keys: a histogram of one's own."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from playground.theme import Role
from playground.ui import links
from playground.ui.components import last_turn, register

_component = register(Path(__file__).parent)
MOST = 24  # levels of a bar above 0; a level is one character of the link, a digit to base 36


@dataclass(frozen=True)
class Bars:
    """How high the bars are, in levels from 0 to `MOST`; at least one is above 0."""

    now: tuple[int, ...]
    settled: tuple[int, ...]  # when they last rested: axes and the address follow these


def levels(text: str, count: int) -> tuple[int, ...]:
    """The levels that a text such as "00259c52" stands for.

    Raises:
        ValueError: It is not `count` digits from 0 to o, or all of them are 0.
    """
    found = tuple(int(digit, 36) if digit.isascii() and digit.isalnum() else MOST + 1 for digit in text)
    if len(found) != count or max(found) > MOST or not any(found):
        raise ValueError(f"{count} bars from 0 to {_digit(MOST)}, not all 0")
    return found


def histogram(label: str, low: float, high: float, default: str, *, key: str, role: Role) -> Bars:
    """Bars of equal width over [low, high] in the colour of `role`. Call it in a fragment.

    Args:
        default: The levels to begin with, a digit to base 36 for each bar.
    """
    count = len(default)

    def read(text: str) -> str:
        levels(text, count)
        return text

    settled = links.linked(key, default, read=read, write=str, label=label)
    now = st.session_state.get(f"{key}:now", settled)
    if st.session_state.get(f"{key}:rested") != settled:  # a preset, a link or Back moved them
        now = settled
    st.session_state[f"{key}:rested"] = settled
    st.session_state[f"{key}:now"] = now

    def moved() -> None:
        sent = st.session_state[f"{key}:widget"].bars
        try:  # what a browser sends is checked like any input
            drawn, rest = read(str(sent["now"])), read(str(sent["settled"]))
        except (KeyError, TypeError, ValueError):
            return
        st.session_state[f"{key}:now"] = drawn
        st.session_state[key] = st.session_state[f"{key}:rested"] = rest

    _component(
        data={
            "label": label, "role": role, "low": low, "high": high, "most": MOST, "bars": levels(now, count),
            "turn": last_turn(f"{key}:widget", "bars"),
        },
        key=f"{key}:widget",
        on_bars_change=moved,
    )  # fmt: skip
    return Bars(levels(now, count), levels(settled, count))


def _digit(level: int) -> str:
    return "0123456789abcdefghijklmnopqrstuvwxyz"[level]
