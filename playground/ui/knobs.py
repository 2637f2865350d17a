"""Native widgets as knobs: bound to the address, remembered over page switches, and loud about an illegal link."""

from collections.abc import Callable, Sequence

import streamlit as st

from playground.ui import links


def choice(label: str, options: Sequence[str], *, key: str) -> str:
    """One of a few, as segments side by side under their label; the first unless another is chosen."""
    _check_choice(label, options, key)
    picked = st.segmented_control(
        label, options, default=options[0], required=True, key=key, bind="query-params", persist_state="session",
        width="stretch",
    )  # fmt: skip
    return picked or options[0]


def select(
    label: str, options: Sequence[str], *, key: str, default: str | None = None, then: Callable[[], None] | None = None
) -> str:
    """One of several, as a list that opens. A value that is no option any more gives way to the default.

    Args:
        then: Called after a change, before the page is drawn again.
    """
    _check_choice(label, options, key)
    start = options.index(default) if default in options else 0
    if key in st.session_state and st.session_state[key] not in options:
        st.session_state[key] = options[start]  # set, not deleted: the browser keeps showing a deleted value
    picked = st.selectbox(
        label, options, start, key=key, bind="query-params", persist_state="session", on_change=then or "rerun"
    )
    return picked or options[start]


def several(label: str, options: Sequence[str], *, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
    """Any number of options."""
    _check_choice(label, options, key, many=True)
    if key in st.session_state and not set(st.session_state[key]) <= set(options):
        st.session_state[key] = [name for name in st.session_state[key] if name in options]
    picked = st.multiselect(
        label, options, list(default), key=key, bind="query-params", persist_state="session", placeholder="none"
    )
    return tuple(picked)


def counter(label: str, low: int, high: int, default: int, *, key: str, hint: str | None = None) -> int:
    """A whole number."""

    def legal(url: str) -> bool:
        return url.lstrip("-").isdecimal() and low <= int(url[:12]) <= high

    links.check(key, legal, label=label, wanted=f"a whole number from {low} to {high}")
    return st.number_input(label, low, high, default, key=key, bind="query-params", persist_state="session", help=hint)


def number(label: str, low: float, high: float, *, key: str, step: float, then: Callable[[], None]) -> None:
    """A number whose home is elsewhere: the caller puts it under `key` before, and `then` carries it back."""
    st.number_input(label, low, high, key=key, step=step, format="%g", on_change=then)


def group(name: str) -> None:
    """A quiet heading over some knobs."""
    st.html(f'<p class="pg-group">{name}</p>')


def _check_choice(label: str, options: Sequence[str], key: str, *, many: bool = False) -> None:
    def legal(url: str) -> bool:
        return url in options or (many and set(url.split(",")) <= {*options, ""})

    links.check(key, legal, label=label, wanted="one of " + ", ".join(options))
