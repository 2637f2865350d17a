"""Seeing, doing and imagining on small causal networks."""

from pages.probability.causality import see
from playground.ui import page

page.lesson("causality", [see.EXPERIMENT])
