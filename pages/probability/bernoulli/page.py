"""A coin of unknown bias: what flips say about it, how the best guess is found, how good it is, and noisy lines."""

from pages.probability.bernoulli import climb, estimators, noise, posterior
from playground.ui import page

page.lesson("bernoulli", [posterior.EXPERIMENT, climb.EXPERIMENT, estimators.EXPERIMENT, noise.EXPERIMENT])
