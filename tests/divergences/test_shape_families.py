"""The shapes that knobs describe."""

import pytest

from playground.divergences.families import FAMILIES, HIGH, LOW, Choice, drawn
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Histogram, Laplace, Uniform


def test_every_family_is_its_shape():
    shapes = {family: Choice(family, -1.2, 0.6, apart=3.0, share=0.25, levels=(0, 1, 3)).shape for family in FAMILIES}
    assert shapes == {
        "Gaussian": Gaussian(-1.2, 0.6),
        "Two bumps": TwoGaussians(0.25, -2.7, 0.6, 0.3, 0.6),
        "Uniform": Uniform(-1.8, -0.6),  # not -1.7999999999999998
        "Laplace": Laplace(-1.2, 0.6),
        "Drawn": drawn((0, 1, 3)),
    }


def test_bars_are_as_likely_as_they_are_high():
    shape = drawn((0, 1, 3, 4))
    assert shape == Histogram((LOW, -2.0, 0.0, 2.0, HIGH), (0.0, 0.125, 0.375, 0.5))
    assert shape.pdf([-3.0, 3.0]) == pytest.approx([0, 0.25])
