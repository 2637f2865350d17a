"""A sheet for digits and a sheet for points, for the tests of this folder."""

import numpy as np
import streamlit as st

from playground.theme import css_variables
from playground.ui.components.drawpad import draw_digit, draw_points

st.html(f"<style>{css_variables()}</style>")


@st.fragment
def digits():
    digit = draw_digit(key="digit", live=False)
    if digit is None:
        st.text("nothing drawn")
        return
    across, down = np.meshgrid(np.arange(28), np.arange(28))
    mean = [float((digit * place).sum() / digit.sum()) for place in (across, down)]
    rows, columns = np.nonzero(digit.max(1) > 0.2)[0], np.nonzero(digit.max(0) > 0.2)[0]
    size = max(np.ptp(rows), np.ptp(columns)) + 1
    st.text(f"centre of mass {mean[0]:.1f} {mean[1]:.1f}, size {size}, ink {digit.sum():.0f}")


@st.fragment
def points():
    turn = st.number_input("turn", 0, 9, 0)
    placed = draw_points(key="points", extent=(-2, 2, -1, 3), start=[(0, 0), (1, 1)], limit=6, salt=str(turn))
    st.text(
        f"{len(placed)} points, last {[round(float(v), 2) for v in placed[-1]] if len(placed) else None}, turn {turn}"
    )


left, right = st.columns(2)
with left:
    digits()
with right:
    points()
