"""Runs that are watched to their end, and how often the page was drawn; with ?look=1 only what the server computes."""

import streamlit as st

from playground.ui import frame, links, runs
from tests.runs.toy_runs import CountConfig, diverging, slow

frame.enter("watch")
state = st.session_state
state.wholes = state.get("wholes", 0) + 1


@st.fragment
def show():
    state.pages = state.get("pages", 0) + 1
    steps = links.linked("steps", 60, read=int, write=str)
    failing = "failing" in st.query_params
    with runs.only_those_asked_for():
        if not st.toggle("leave"):
            train = diverging if failing else slow
            one = runs.run(train, CountConfig(steps=steps), key="one")
            other = runs.run(slow, CountConfig(steps=steps // 2, start=0.5), key="other")

            def picture():
                state.pictures = state.get("pictures", 0) + 1
                st.text(f"frames {len(one.so_far())} and {len(other.so_far())}")

            runs.watch(picture, one, other)
            st.text(f"ended {one.ended and other.ended}, page {state.pages}, more {state.pictures > state.pages}")
    st.button("longer", on_click=links.put, args=({"steps": steps + 30},))
    links.write()


@st.fragment(run_every=0.2)
def look():
    st.text(f"wanted {sum(job.wanted() and not job.ended for job in runs.trainer().jobs())}")


look() if "look" in st.query_params else show()
st.text(f"whole {state.wholes}")
