"""Beliefs about a coin to test with: one of each family, and strategies for all of them."""

import numpy as np
import pytest
from hypothesis import strategies as st

from playground.bernoulli import Beta, Mixture, Point, SpikeAndBeta, TruncatedNormal, TwoCoins

GRID = np.linspace(0, 1, 2001)
INNER = GRID[1:-1]
positive = st.floats(0.05, 1e4)
counts = st.integers(0, 60)
betas = st.builds(Beta, positive, positive)
normals = st.builds(TruncatedNormal, st.floats(-0.5, 1.5), st.floats(0.05, 2))
coins = st.builds(TwoCoins, st.floats(0.05, 0.95), st.floats(0, 1), st.floats(1, 500))
spikes = st.builds(SpikeAndBeta, st.floats(0.05, 0.95), st.floats(0, 1), st.floats(0.2, 50), st.floats(0.2, 50))
priors = st.one_of(betas, normals, coins, spikes)
FAMILIES = {
    "beta": Beta(2.5, 4),
    "edge": Beta(0.4, 3),
    "normal": TruncatedNormal(0.7, 0.15),
    "outside": TruncatedNormal(-0.4, 0.2),
    "coins": TwoCoins(0.9, 0.3, 40),
    "spike": SpikeAndBeta(0.5, 0.4, 2, 3),
    "mixture": Mixture((Beta(3, 3), TruncatedNormal(0.2, 0.1), Point(0.6)), (0.5, 0.3, 0.2)),
}
each_family = pytest.mark.parametrize("prior", FAMILIES.values(), ids=FAMILIES)
