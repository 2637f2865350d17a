"""Three curves through the same points, and how far each is from the points and from what they are about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np

from playground.bernoulli.regression import (
    DEGREES,
    Function,
    Regression,
    polynomial,
    rms_error,
    rms_left_out,
    rms_miss,
)
from playground.bernoulli.samples import Points

Way = Literal["least squares", "Gaussian prior", "Laplace prior"]
WAYS: Final[tuple[Way, ...]] = ("least squares", "Gaussian prior", "Laplace prior")
WITHIN: Final = 1.959963984540054  # standard deviations either side that hold 95% of a Gaussian
PLACES: Final = np.linspace(-1, 1, 401)
PLACES.setflags(write=False)


@dataclass(frozen=True)
class Comparison:
    """What three ways make of the same points. Nothing is computed before it is asked for.

    Args:
        truth: The function that the points are about; None where nobody knows it.
    """

    points: Points
    model: Regression
    truth: Function | None = None

    @cached_property
    def x(self) -> np.ndarray:
        """Shape (n,)."""
        return np.array([x for x, _ in self.points], float)

    @cached_property
    def y(self) -> np.ndarray:
        """Shape (n,)."""
        return np.array([y for _, y in self.points], float)

    @cached_property
    def weights(self) -> Mapping[Way, np.ndarray]:
        """The coefficients by way, each of shape (degree + 1,). Without points least squares has nothing to fit."""
        return {way: self._fit(way)(self.x, self.y) for way in WAYS if self.points or way != "least squares"}

    @cached_property
    def misses(self) -> Mapping[Way, float]:
        """How far each curve is from its own points, root mean square; empty without points."""
        if not self.points:
            return {}
        return {way: rms_miss(weights, self.x, self.y) for way, weights in self.weights.items()}

    @cached_property
    def errors(self) -> Mapping[Way, float]:
        """How far each curve is from the truth over [-1, 1], root mean square.

        Where there is no truth: how far a point is from the curve through all others; empty for less than two points.
        """
        if self.truth is not None:
            return {way: rms_error(weights, self.truth) for way, weights in self.weights.items()}
        if len(self.points) < 2:
            return {}
        return {way: rms_left_out(self._fit(way), self.x, self.y) for way in WAYS}

    @cached_property
    def nearest(self) -> tuple[Way, ...]:
        """The ways of the least error; several where they are equal to the three decimals that are shown."""
        least = min(self.errors.values(), default=0.0)
        return tuple(way for way, error in self.errors.items() if f"{error:.3f}" == f"{least:.3f}")

    @cached_property
    def settled(self) -> int:
        """How many coefficients the points alone settle."""
        return self.model.settled(self.x)

    @cached_property
    def log_evidences(self) -> np.ndarray:
        """log p(y | x, degree) for the degrees 1 to 9, at this σ and τ, nats."""
        degrees = range(DEGREES[0], DEGREES[1] + 1)
        return np.array([replace(self.model, degree=degree).log_evidence(self.x, self.y) for degree in degrees])

    @property
    def best_degree(self) -> int | None:
        """The degree of the largest evidence; None without points, when all are equal."""
        return DEGREES[0] + int(np.argmax(self.log_evidences)) if self.points else None

    @cached_property
    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of the curve at `PLACES` under the Gaussian prior."""
        return self.model.curve(self.x, self.y, PLACES)

    @property
    def coverage(self) -> float | None:
        """The share of the places where the 95% band of the curve holds the truth; None where there is no truth."""
        if self.truth is None:
            return None
        mean, sd = self.curve
        return float(np.mean(np.abs(self.truth(PLACES) - mean) <= WITHIN * sd))

    @property
    def dropped(self) -> int:
        """How many coefficients the Laplace prior sets to exactly 0."""
        return int(np.sum(self.weights["Laplace prior"] == 0))

    def heights(self, way: Way) -> np.ndarray:
        """The curve at `PLACES`."""
        return polynomial(self.weights[way], PLACES)

    def _fit(self, way: Way) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
        ways = (self.model.least_squares, self.model.ridge, self.model.lasso)
        return dict(zip(WAYS, ways, strict=True))[way]
