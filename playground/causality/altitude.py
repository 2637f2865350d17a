"""Two mountain countries, one physics: the mechanism T | A moves from one to the other, the regression A | T does not.

Altitude A (m) is Gaussian in each country; temperature T (°C) falls with it along the same line everywhere, with
Gaussian noise. All that a fitted line can lose abroad is then known in closed form, in nats.

Source: Peters, Janzing & Schölkopf, Elements of Causal Inference, 2017, §1.1 and §2.1; the standard atmosphere
(ISO 2533) for 15 °C at the sea and 6.5 °C per km.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log, log1p, pi, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Generator, Tensor

LARGEST = 1e6


@dataclass(frozen=True)
class Country:
    """Where the people live: A ~ N(mean_altitude, altitude_sd²), both in m."""

    mean_altitude: float
    altitude_sd: float

    def __post_init__(self) -> None:
        _check(self.mean_altitude, "mean_altitude", low=-LARGEST)
        _check(self.altitude_sd, "altitude_sd", low=1e-6)


@dataclass(frozen=True)
class Climate:
    """The mechanism: T = sea_level + lapse · A + noise, in °C, °C per m and °C."""

    sea_level: float = 15.0
    lapse: float = -6.5e-3
    noise_sd: float = 2.0

    def __post_init__(self) -> None:
        _check(self.sea_level, "sea_level", low=-LARGEST)
        _check(self.lapse, "lapse", low=-LARGEST)
        _check(self.noise_sd, "noise_sd", low=1e-6)


@dataclass(frozen=True)
class Line:
    """y | x ~ N(intercept + slope · x, sd²), in the units of x and y."""

    slope: float
    intercept: float
    sd: float


@dataclass(frozen=True)
class Moments:
    """All that a Gaussian pair (x, y) is: two means, two variances, one covariance."""

    mean_x: float
    mean_y: float
    variance_x: float
    variance_y: float
    covariance: float

    def line(self) -> Line:
        """The regression of y on x: the conditional y | x itself."""
        slope = self.covariance / self.variance_x
        spread = self.variance_y - slope * self.covariance
        return Line(slope, self.mean_y - slope * self.mean_x, sqrt(spread))


def sample(country: Country, climate: Climate, n: int, *, generator: Generator) -> tuple[Tensor, Tensor]:
    """Altitude (m) and temperature (°C) of n places, float64, shape (n,) each."""
    import torch

    if n < 1:
        raise ValueError(f"n must be at least 1, got {n!r}")
    noise = torch.randn(2, n, dtype=torch.float64, generator=generator)
    altitude = country.mean_altitude + country.altitude_sd * noise[0]
    return altitude, climate.sea_level + climate.lapse * altitude + climate.noise_sd * noise[1]


def fit_line(x: Tensor, y: Tensor) -> Line:
    """The least-squares line, which is also the maximum-likelihood one; sd divides by n, as the likelihood does.

    Args:
        x, y: Shape (n,), n ≥ 3.
    Raises:
        ValueError: Fewer than three points, unequal lengths, or all x equal.
    """
    if x.ndim != 1 or x.shape != y.shape or len(x) < 3:
        raise ValueError(f"x and y must have one length ≥ 3, got shapes {tuple(x.shape)} and {tuple(y.shape)}")
    x, y = x.double(), y.double()
    away = x - x.mean()
    spread = float(away @ away)
    if spread == 0:
        raise ValueError(f"x must hold two different values, got {float(x[0])!r} only")
    slope = float(away @ y) / spread
    intercept = float(y.mean()) - slope * float(x.mean())
    residual = y - intercept - slope * x
    return Line(slope, intercept, sqrt(float(residual @ residual) / len(x)))


def temperature_on_altitude(country: Country, climate: Climate) -> Moments:
    """The pair (x = A, y = T); its `line()` is the mechanism, the same in every country."""
    variance = country.altitude_sd**2
    return Moments(
        mean_x=country.mean_altitude,
        mean_y=climate.sea_level + climate.lapse * country.mean_altitude,
        variance_x=variance,
        variance_y=climate.lapse**2 * variance + climate.noise_sd**2,
        covariance=climate.lapse * variance,
    )


def altitude_on_temperature(country: Country, climate: Climate) -> Moments:
    """The pair (x = T, y = A); its `line()` depends on where people live."""
    pair = temperature_on_altitude(country, climate)
    return Moments(pair.mean_y, pair.mean_x, pair.variance_y, pair.variance_x, pair.covariance)


def expected_nll(line: Line, truth: Moments) -> float:
    """E[-log N(y; intercept + slope · x, sd²)] over the true pair, in nats; the y of `truth` must be the line's."""
    bias = truth.mean_y - line.intercept - line.slope * truth.mean_x
    spread = truth.variance_y - 2 * line.slope * truth.covariance + line.slope**2 * truth.variance_x
    return 0.5 * log(2 * pi * line.sd**2) + (bias**2 + spread) / (2 * line.sd**2)


def excess_nll(line: Line, truth: Moments) -> float:
    """`expected_nll` minus the least possible, in nats: E_x KL(y | x ‖ line) ≥ 0, and 0 for the true line only.

    The bias² and slope² terms are squares and v - log(1 + v) is never negative, so neither is their sum.
    """
    best = truth.line()
    bias = truth.mean_y - line.intercept - line.slope * truth.mean_x
    turned = (line.slope - best.slope) ** 2 * truth.variance_x
    wider = (best.sd / line.sd) ** 2 - 1
    return 0.5 * (wider - log1p(wider)) + (bias**2 + turned) / (2 * line.sd**2)


def _check(value: float, name: str, *, low: float) -> None:
    if not isfinite(value) or not low <= value <= LARGEST:
        raise ValueError(f"{name} must be in [{low:g}, {LARGEST:g}], got {value!r}")
