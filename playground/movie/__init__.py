"""A movie: points, fields, arrows and lines over frames, as bytes that the browser plays alone.

A `Movie` has 1..32 `Panel`s (linked axes and time) of layers, and `Chart`s with a cursor. It knows no lesson and no
Streamlit; colours are roles of `playground.theme`, which the browser looks up, so one payload serves light and dark.
"""

from playground.movie.layers import GROUP_MARKS, Arrows, Color, Extent, Field, Lines, Points
from playground.movie.movie import Movie
from playground.movie.panels import Chart, Panel

__all__ = ["GROUP_MARKS", "Arrows", "Chart", "Color", "Extent", "Field", "Lines", "Movie", "Panel", "Points"]
