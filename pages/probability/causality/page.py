"""Seeing, doing and imagining on small causal networks."""

from pages.probability.causality import do, identify, imagine, mechanisms, see
from playground.ui import page

page.lesson(
    "causality", [see.EXPERIMENT, do.EXPERIMENT, identify.EXPERIMENT, imagine.EXPERIMENT, mechanisms.EXPERIMENT]
)
