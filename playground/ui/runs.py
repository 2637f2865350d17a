"""Runs in a page: one trainer for the server, a run for each visitor that ends when they leave or turn a knob."""

from collections.abc import Callable, Iterator

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from playground.runs import Config, Handle, Snapshot, Trainer, Workers


@st.cache_resource(show_spinner=False)
def trainer() -> Trainer:
    """The server's only one."""
    return Trainer(Workers())


def run(train: Callable[..., Iterator[Snapshot]], config: Config, *, key: str) -> Handle:
    """The visitor's run of `config`; the one they had under `key` before is left when the config is another.

    Raises:
        Busy: Too many runs wait.
    """
    held: tuple[Config, Handle] | None = st.session_state.get(key)
    if held and held[0] == config and held[1].state != "cancelled":
        return held[1]
    if held:
        held[1].cancel()
    handle = trainer().submit(train, config, alive=_visitor())
    st.session_state[key] = (config, handle)
    return handle


def _visitor() -> Callable[[], bool]:
    """Whether the visitor of this session is still connected."""
    context = get_script_run_ctx()
    if context is None:
        return lambda: True
    session = context.session_id
    return lambda: get_instance().is_active_session(session)
