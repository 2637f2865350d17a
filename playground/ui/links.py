"""The address as the home of a page's state.

A knob's value lives under its key in the session, which survives leaving the page, and in the address, which survives
everything else. Whichever of the two changed last is right: when the address says something new (a link, a reload,
Back), the session takes it over; otherwise the address follows the session. A default leaves no trace.

What a browser sends with a quick second click may be an address from before our answer to the first. It is no news:
only a run of the whole page can bring news (a fragment cannot), and none for a knob that was just set.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")
LONGEST = 4_000  # characters; no state of ours comes near it, and a forged one is not worth parsing
_VISIT = "page:visit"
_IGNORED = "page:ignored"
_HEARD = "page:heard"  # the knobs whose address has been looked at since the page's script began
_UNWRITTEN = "page:unwritten"  # what the address has yet to say
_SET = "page:set"  # the knobs that a callback has set since they were last drawn
_OURS = "page:ours"  # whether this run of the page was asked for by us, not by the visitor


def enter(name: str) -> bool:
    """Note that a page's script begins; once per run, before the page. Whether it is another page than before."""
    state = st.session_state
    state[_HEARD], state[_OURS] = set(), state.pop(f"{_OURS}:next", False)
    if not state[_OURS]:
        state[_IGNORED] = {}
    page, count = state.get(_VISIT, ("", 0))
    if name != page:
        state[_VISIT] = (name, count + 1)
    return name != page


def linked(key: str, default: T, *, read: Callable[[str], T], write: Callable[[T], str], label: str = "") -> T:
    """The value of the knob `key`, in step with the address.

    Args:
        read: The address's text as a value; raises ValueError saying what is legal.
        write: A value as text.
        label: What the visitor calls the knob, for the sentence about an ignored link.
    """
    state, url = st.session_state, st.query_params.get(key)
    visit = state.get(_VISIT, ("", 0))[1]
    seen_visit, seen_url = state.get(f"{key}:url", (0, None))
    if key not in state:
        state[key] = default
    back_by_menu = url is None and seen_visit != visit  # the session remembers
    set_here, heard = state.setdefault(_SET, set()), state.setdefault(_HEARD, set())
    older = state.get(_OURS) and seen_visit == visit
    if url != seen_url and not (back_by_menu or key in heard or key in set_here or older):
        try:
            if url is not None and len(url) > LONGEST:
                raise ValueError(f"at most {LONGEST} characters")
            state[key] = default if url is None else read(url)
        except ValueError as problem:
            ignore(label or key, url or "", str(problem))
    text = None if state[key] == default else write(state[key])
    state.setdefault(_UNWRITTEN, {})[key] = text
    state[f"{key}:url"] = (visit, text)
    heard.add(key)
    set_here.discard(key)
    return state[key]


def follow() -> None:
    """Before a run of the whole page that no visitor asked for: the address it brings may be older than a click."""
    st.session_state[f"{_OURS}:next"] = True


def write() -> None:
    """Bring the address up to date; once at the end of a run, because every change of it is a step of Back."""
    unwritten: dict[str, str | None] = st.session_state.pop(_UNWRITTEN, {})
    before = st.query_params.to_dict()
    after = {key: text for key, text in (before | unwritten).items() if text is not None}
    if after != before:
        st.query_params.from_dict(after)


def number(low: float, high: float) -> Callable[[str], float]:
    """For `linked`: text as a number in [low, high]."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise ValueError(f"a number from {written(low)} to {written(high)}")
        return value

    return read


def written(number: float) -> str:
    """A limit as a visitor reads it: −6, 1 000 000, 0.00001."""
    text = f"{number:,.12g}" if abs(number) >= 1 else f"{number:.12f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u2009").replace("-", "−")


def ignore(label: str, came: str, wanted: str) -> None:
    """Note a part of the address that was not used."""
    st.session_state.setdefault(_IGNORED, {})[label] = (came, wanted)


def ignored() -> str:
    """One sentence naming what of the address was ignored; empty if nothing was."""
    parts = [
        f"{label} = “{came[:24]}{'…' if len(came) > 24 else ''}” ({wanted})"
        for label, (came, wanted) in st.session_state.get(_IGNORED, {}).items()
    ]
    return f"Not used from this link: {'; '.join(parts)}. The defaults are shown instead." if parts else ""


def put(values: Mapping[str, Any]) -> None:
    """Set knobs from a callback, which runs before they are drawn: presets, buttons, clicks."""
    for key, value in values.items():
        st.session_state[key] = value
        st.session_state.setdefault(_SET, set()).add(key)


def just_set(key: str) -> bool:
    """Whether a callback has set the knob since it was last drawn, even to what it was."""
    return key in st.session_state.get(_SET, ())


def held(key: str, default: Any) -> Any:
    """Where a live slider is while it is dragged; `default` for every other knob."""
    return st.session_state.get(f"{key}:now", default)


def reset(*keys: str) -> None:
    """Knobs of our own back to their defaults, from a callback."""
    for key in keys:
        st.session_state.pop(key, None)
        st.session_state.setdefault(_SET, set()).add(key)


def forget(key: str) -> None:
    """Back to the default, while the page is drawn."""
    st.session_state.pop(key, None)


def now(key: str) -> Any:
    """The value of the knob `key`, or None before it was ever drawn."""
    return st.session_state.get(key)
