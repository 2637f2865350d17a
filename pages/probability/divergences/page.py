"""Divergences: seven rulers between two distributions, what they teach a learner, and what samples tell of them."""

from pages.probability.divergences import fit, ruler, samples, separation, transport
from playground.ui import page

page.lesson(
    "divergences",
    [ruler.EXPERIMENT, separation.EXPERIMENT, fit.EXPERIMENT, transport.EXPERIMENT, samples.EXPERIMENT],
)
