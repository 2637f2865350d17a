"""The shapes that a few knobs describe: a family, where its middle is and how wide it is, or bars drawn by hand."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Histogram, Laplace, Shape, Uniform

Family = Literal["Gaussian", "Two bumps", "Uniform", "Laplace", "Drawn"]
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)
LOW, HIGH = -4.0, 4.0  # of what is drawn


@dataclass(frozen=True)
class Choice:
    """A family and its knobs; those that the family does not have are ignored."""

    family: str = "Gaussian"
    centre: float = 0.0  # the mean, but of two bumps the middle between them
    width: float = 1.0  # the s.d. of a Gaussian or of each bump, the scale of a Laplace, half of a uniform's width
    apart: float = 4.0  # between the means of two bumps
    share: float = 0.5  # the weight of the left bump
    levels: tuple[int, ...] = ()  # how high each bar over [LOW, HIGH] is drawn

    @property
    def shape(self) -> Shape:
        """The distribution."""
        if self.family == "Two bumps":
            left, right = _neat(self.centre - self.apart / 2), _neat(self.centre + self.apart / 2)
            return TwoGaussians(self.share, left, self.width, right, self.width)
        if self.family == "Uniform":
            return Uniform(_neat(self.centre - self.width), _neat(self.centre + self.width))
        if self.family == "Laplace":
            return Laplace(self.centre, self.width)
        if self.family == "Drawn":
            return drawn(self.levels)
        return Gaussian(self.centre, self.width)


def drawn(levels: tuple[int, ...]) -> Histogram:
    """Bars over equal parts of [LOW, HIGH], as likely as they are high."""
    edges = tuple(LOW + (HIGH - LOW) * bar / len(levels) for bar in range(len(levels) + 1))
    return Histogram(edges, tuple(level / sum(levels) for level in levels))


def _neat(value: float) -> float:
    return round(value, 9)  # -1.2 - 0.6 is to read as -1.8
