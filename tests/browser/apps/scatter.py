"""A scatter plot to work on, for the tests of this folder."""

import numpy as np
import streamlit as st

from playground.movie import Lines, Panel
from playground.theme import css_variables
from playground.ui import links
from playground.ui.components.scatter import Sheet, placed, scatter

SHEET = Sheet((-1.0, 1.0, -2.0, 2.0), most=4)
START = ((-0.5, 1.0), (0.5, -1.0))

st.html(f"<style>{css_variables()}</style>")
links.enter("scatter")


@st.fragment
def sheet():
    points = placed(SHEET, START, key="points", label="points")
    st.button("One point", on_click=links.put, args=({"points": ((0.0, 0.0),)},))
    level = float(np.mean([y for _, y in points.now])) if points.now else 0.0
    line = Lines([[[-1, level], [1, level]]], "mean", color="model", width=4, opacity=1)
    panel = Panel([line], x="x", y="y", extent=SHEET.extent, aspect=0.7)
    scatter(panel, points.now, SHEET, start=START, key="points", alt="Two points and their mean", hint="Click.")
    st.text(f"now {list(points.now)}")
    st.text(f"settled {list(points.settled)}")
    links.write()


sheet()
