"""Runs in a page: one trainer for the server, a run for each visitor that ends when they leave or turn a knob.

A page asks for its run with `run` and shows it with `watch`; how far it has come is drawn again and again while it
lasts, the rest of the page once when it ends.
"""

import contextlib
import html
from collections.abc import Callable, Iterator, Sequence

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from playground.runs import Busy, Config, Handle, Snapshot, Trainer, Workers
from playground.ui import links

WORKERS = Workers(imports=("playground.gan.training", "ot"))
TICK_SECONDS = 0.25  # between two pictures of a run
_HELD = "runs:held"  # key -> (train, config, handle): what the visitor asked for last
_ASKED = "runs:asked"  # the keys that the part of the page being drawn has asked for


@st.cache_resource(show_spinner=False)
def trainer() -> Trainer:
    """The server's only one."""
    return Trainer(WORKERS)


def run(train: Callable[..., Iterator[Snapshot]], config: Config, *, key: str) -> Handle:
    """The visitor's run of `config`; the one they had under `key` before is left when it is another.

    Where too many runs wait, the handle is that of a run that failed, and its problem says so.
    """
    held: dict[str, tuple[object, Config, Handle]] = st.session_state.setdefault(_HELD, {})
    st.session_state.setdefault(_ASKED, set()).add(key)
    if key in held:
        before, asked, handle = held[key]
        if (before, asked) == (train, config) and handle.state != "cancelled":
            return handle
        handle.cancel()
    try:
        handle = trainer().submit(train, config, alive=_visitor())
    except Busy as sentence:
        held.pop(key, None)  # to be asked for again
        return Handle.refused(str(sentence))
    held[key] = (train, config, handle)
    return handle


def known(train: Callable[..., Iterator[Snapshot]], config: Config) -> Sequence[Snapshot]:
    """The snapshots of that run so far, if somebody has asked for it and they are at hand; it is not started."""
    return trainer().known(train, config)


def watch(show: Callable[[], None], *handles: Handle) -> None:
    """Draw `show()`, and where a run stands that waits or failed; again every `TICK_SECONDS` while one of them goes on.

    When the last has ended, the whole page runs once more. `show` reads the handles itself; it is one place of the
    page, so that a player in it goes on playing, and holds no knobs that the rest of the page reads.
    """

    def tick() -> None:
        if all(handle.ended for handle in handles):
            links.follow()
            st.rerun()
        show()
        _say(handles)

    if all(handle.ended for handle in handles):
        with st.container():  # as a fragment has one: what `show` draws stays the same element of the page
            show()
            _say(handles)
    else:
        st.fragment(tick, run_every=TICK_SECONDS)()


@contextlib.contextmanager
def only_those_asked_for() -> Iterator[None]:
    """Around a page: runs that it does not ask for while it is drawn are left."""
    st.session_state[_ASKED] = set()
    yield
    leave(but=st.session_state[_ASKED])


def leave(*, but: set[str] | frozenset[str] = frozenset()) -> None:
    """Leave the visitor's runs, save those under the keys `but`."""
    held = st.session_state.get(_HELD, {})
    for key in set(held) - but:
        held.pop(key)[-1].cancel()


def standing(handle: Handle) -> str:
    """Where a run stands, in a sentence; empty while it plays and when it has come to its end."""
    place = handle.place
    if handle.state == "failed":
        return handle.problem
    if handle.state == "waiting" and place:
        ahead = "It is next." if place == 1 else f"{place - 1} {'is' if place == 2 else 'are'} before it."
        return f"Every processor is at work, so a run waits. {ahead}"
    return ""


def _say(handles: Sequence[Handle]) -> None:
    said = dict.fromkeys(filter(None, map(standing, handles)))  # twice the same is said once
    failed = any(handle.state == "failed" for handle in handles)
    tone = 'role="alert" style="color:var(--pg-error)"' if failed else 'role="status"'
    if said:
        st.html(f'<p class="pg-meta" {tone}>{html.escape(" ".join(said))}</p>')


def _visitor() -> Callable[[], bool]:
    """Whether the visitor of this session is still connected."""
    context = get_script_run_ctx()
    if context is None:
        return lambda: True
    session = context.session_id
    return lambda: get_instance().is_active_session(session)
