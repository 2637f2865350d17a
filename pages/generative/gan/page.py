"""GANs: a generator that is paid for fooling its critic, what it forgets, and what helps."""

from pages.generative.gan import collapse, duel, rotation, seeds
from playground.ui import page

page.lesson("gan", [collapse.EXPERIMENT, duel.EXPERIMENT, seeds.EXPERIMENT, rotation.EXPERIMENT])
