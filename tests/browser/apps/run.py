"""A run that would never end; with ?watch=1 only a look at what the server computes."""

import streamlit as st

from playground.ui import runs
from tests.runs.toy_runs import CountConfig, endless


@st.fragment(run_every=0.2)
def watched():
    going = [job for job in runs.trainer().jobs() if job.state == "running"]
    st.text(f"running {len(going)}, readers {sum(job.wanted() for job in going)}")


@st.fragment(run_every=0.2)
def visitor():
    seed = st.number_input("seed", 0, 9, 0)
    handle = runs.run(endless, CountConfig(seed=seed), key="run")
    frames = handle.so_far()
    st.text(f"{handle.state}, {frames[-1].note if frames else 'no frame'}, beyond ten {len(frames) > 10}")


watched() if "watch" in st.query_params else visitor()
