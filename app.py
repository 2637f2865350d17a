"""The app: `streamlit run app.py` serves it."""

import streamlit as st
from streamlit import runtime

from playground.ui import catalog, frame, server

# Bound to st.App, so that a deep link works as a server's very first request. The script it runs per visit lies where
# no `pages/` folder is: beside one, the first visitor of a fresh server is shown an old-style menu of file names.
app = st.App("playground/ui/visit.py", lifespan=server.lifespan, routes=server.redirects(catalog.SECTIONS))


def draw() -> None:
    """The frame around every page, then the page that was asked for."""
    st.set_page_config(layout="wide", page_icon="🎲")  # no page_title: it would override every page's own
    chosen = st.navigation(catalog.menu(), position="top")
    frame.dress()
    frame.enter(chosen.url_path)
    chosen.run()
    server.painted()


if __name__ == "__main__":
    if runtime.exists():
        draw()
    else:
        app.run()
