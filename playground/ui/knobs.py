"""Native widgets as knobs: their values live in the session and the address, by the one rule of `links.linked`.

Streamlit's own `bind="query-params"` is not used: it replaces the entry of the browser's history where ours adds one,
so Back would mix two states of a page, and it drops an illegal value of a link in silence.
"""

import html
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import streamlit as st

from playground.ui import links

T = TypeVar("T")
_REMEMBERED = 50  # changes of a knob


def choice(label: str, options: Sequence[str], *, key: str) -> str:
    """One of a few, as segments side by side under their label; the first unless another is chosen."""
    widget = _linked(label, key, options[0], _one_of(options))
    st.segmented_control(label, options, required=True, key=widget, on_change=_taken(key), width="stretch")
    return links.now(key)


def tabs(label: str, options: Sequence[str], *, key: str) -> str:
    """One of a few, as segments without a label."""
    widget = _linked(label, key, options[0], _one_of(options))
    st.segmented_control(label, options, required=True, key=widget, on_change=_taken(key), label_visibility="collapsed")
    return links.now(key)


def select(
    label: str,
    options: Sequence[str],
    *,
    key: str,
    default: str | None = None,
    hint: str | None = None,
    then: Callable[[], None] | None = None,
) -> str:
    """One of several, as a list that opens. A value that is no option any more gives way to the default.

    Args:
        then: Called after a change, before the page is drawn again.
    """
    if links.now(key) not in options:
        links.forget(key)
    widget = _linked(label, key, default if default in options else options[0], _one_of(options))
    st.selectbox(label, options, key=widget, on_change=_taken(key, then), help=hint)
    return links.now(key)


def several(label: str, options: Sequence[str], *, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
    """Any number of options."""

    def read(text: str) -> list[str]:
        names = [name for name in text.split(",") if name]
        if not set(names) <= set(options):
            raise ValueError("some of " + ", ".join(options))
        return names

    if not set(links.now(key) or ()) <= set(options):
        links.forget(key)
    widget = _linked(label, key, list(default), read, write=",".join)
    st.multiselect(label, options, key=widget, on_change=_taken(key), placeholder="none")
    return tuple(links.now(key))


def counter(
    label: str,
    low: int,
    high: int,
    default: int,
    *,
    key: str,
    hint: str | None = None,
    then: Callable[[], None] | None = None,
) -> int:
    """A whole number.

    Args:
        then: Called after a change, before the page is drawn again.
    """

    def read(text: str) -> int:
        value = links.number(low, high)(text)
        if value != int(value):
            raise ValueError(f"a whole number from {links.written(low)} to {links.written(high)}")
        return int(value)

    widget = _linked(label, key, default, read)
    st.number_input(label, low, high, key=widget, on_change=_taken(key, then), help=hint)
    return links.now(key)


def ladder(
    label: str,
    rungs: Sequence[float],
    default: float,
    *,
    key: str,
    ends: tuple[float, float],
    hint: str | None = None,
    zero: str = "0",
) -> float:
    """A number of a few, as a list that opens; what a link or a preset says between two rungs is a rung of its own.

    Args:
        ends: The least and the greatest that a link may say. Where `default` is whole, so is every value.
        zero: What 0 is called.
    """
    now = kept(label, default, key=key, legal=ends)
    widget = f"{key}:widget"
    st.session_state[widget] = now

    def named(value: float) -> str:
        return links.written(value) if value else zero

    st.selectbox(label, sorted({*rungs, now}), key=widget, format_func=named, on_change=_taken(key), help=hint)
    return now


def switch(label: str, *, key: str, hint: str | None = None) -> bool:
    """On or off; off at first."""
    now = kept(label, False, key=key, legal=(False, True))
    widget = f"{key}:widget"
    st.session_state[widget] = now
    st.toggle(label, key=widget, on_change=_taken(key), help=hint)
    return now


def kept(label: str, default: T, *, key: str, legal: Sequence[Any]) -> T:
    """The value of a knob that need not be drawn, in step with the address.

    Args:
        legal: The ends of a number (where `default` is whole, so is every value), or the choices.
    """
    choices = isinstance(default, bool | str)

    def written(value: object) -> str:
        if isinstance(value, bool):
            return "on" if value else "off"
        return value if isinstance(value, str) else f"{value:.12g}"

    def read(text: str) -> T:
        if choices:
            named = {written(value): value for value in legal}
            return named[_one_of(tuple(named))(text)]
        low, high = legal
        value = links.number(low, high)(text)
        if isinstance(default, int) and value != int(value):
            raise ValueError(f"a whole number from {links.written(low)} to {links.written(high)}")
        return cast("T", int(value) if isinstance(default, int) else value)

    return links.linked(key, default, read=read, write=written, label=label)


def number(label: str, low: float, high: float, *, key: str, step: float, then: Callable[[], None]) -> None:
    """A number whose home is elsewhere: the caller puts it under `key` before, and `then` carries it back."""
    st.number_input(
        label, low, high, key=key, step=step, format="%d" if isinstance(step, int) else "%g", on_change=then
    )


def text(
    label: str,
    *,
    key: str,
    default: str,
    read: Callable[[str], str],
    hint: str | None = None,
    then: Callable[[], None] | None = None,
) -> str:
    """A line of text.

    What `read` refuses is not taken: the last good text stays in force, and the visitor's own stays in the box, with
    the reason under it, until either is changed.

    Args:
        read: What was typed as the text to keep; raises ValueError saying what is wrong.
        then: Called after a text was taken, before the page is drawn again.
    """
    widget = _linked(label, key, default, read)
    refused, reason, kept = links.now(f"{key}:refused") or ("", "", None)
    if kept == links.now(key):
        st.session_state[widget] = refused
    else:
        reason = ""

    def typed() -> None:
        if offer(key, st.session_state[widget], read) and then:
            then()

    st.text_input(label, key=widget, on_change=typed, help=hint)
    if reason:
        refusal(f"{reason[:1].upper()}{reason[1:]}")
    return links.now(key)


def refusal(reason: str) -> None:
    """Why what the visitor did was not taken, without its full stop."""
    st.html(f'<p class="pg-meta" role="alert" style="color:var(--pg-error)">{html.escape(reason)}.</p>')


def offer(key: str, typed: str, read: Callable[[str], str]) -> bool:
    """From a callback: put what was typed into the text knob `key`; whether it was taken.

    If it was not, the knob shows it with the reason.
    """
    try:
        links.put({key: read(typed), f"{key}:refused": None})
    except ValueError as problem:
        links.put({f"{key}:refused": (typed, str(problem), links.now(key))})
        return False
    return True


def undo(label: str, *, key: str) -> None:
    """A button that takes back the last change of the knob `key`, whoever made it. Draw it after the knob."""
    past, now = links.now(f"{key}:past") or [], links.now(key)
    if past[-1:] != [now]:
        past = [*past, now][-_REMEMBERED:]
    links.put({f"{key}:past": past})

    def back() -> None:
        links.put({key: past[-2], f"{key}:past": past[:-1]})

    st.button(label, key=f"action-undo-{key}", on_click=back, disabled=len(past) < 2, width="stretch")


def group(name: str) -> None:
    """A quiet heading over some knobs."""
    st.html(f'<p class="pg-group">{name}</p>')


def _linked(label: str, key: str, default: T, read: Callable[[str], T], write: Callable[[T], str] = str) -> str:
    """The key of the widget that shows the knob `key`, with the knob's value put into it."""
    st.session_state[f"{key}:widget"] = links.linked(key, default, read=read, write=write, label=label)
    return f"{key}:widget"


def _taken(key: str, then: Callable[[], None] | None = None) -> Callable[[], None]:
    """What to do when the widget was moved: the knob takes its value."""

    def moved() -> None:
        links.put({key: st.session_state[f"{key}:widget"]})
        if then:
            then()

    return moved


def _one_of(options: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in options:
            raise ValueError("one of " + ", ".join(options))
        return text

    return read
