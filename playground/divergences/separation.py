"""Two copies of one shape, theta apart: each divergence as a function of theta, and its slope, which is what pulls.

P stands at 0 and Q at theta. The slope is what gradient descent on theta feels: it is 0 where a divergence is flat,
and there is none where the divergence is infinite, jumps or has a corner.

Source: Arjovsky, Chintala & Bottou, Wasserstein GAN, 2017, arXiv:1701.07875, §2, example 1 (two parallel lines).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from playground.divergences.gaussians import Gaussian
from playground.divergences.shapes import Uniform

Kind = Literal["points", "uniforms", "Gaussians"]
Units = Literal["nats", "bits"]
Measure = Literal["KL", "JS", "TV", "Hellinger", "W1", "W2"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
_CORNER: Final = 1e-12  # relative: two places that close are one
_HALF_LINE: Final = 9.5  # standard deviations from halfway: beyond them is less than 1e-18 of an integral
_NODES: Final = 761


@dataclass(frozen=True)
class Curve:
    """A divergence over theta.

    Attributes:
        value: inf where it is infinite; KL and JS in nats, TV and Hellinger in [0, 1], W1 and W2 in units of theta.
        slope: Its derivative by theta; NaN where there is none.
        error: The most by which a value or slope may be wrong; 0 for a closed form.
    """

    value: np.ndarray
    slope: np.ndarray
    error: float = 0.0


@dataclass(frozen=True)
class Copies:
    """P at 0, and Q, the same shape at theta.

    Args:
        kind: Two points of mass 1, two uniforms or two Gaussians.
        width: Of a uniform from end to end, or the standard deviation of a Gaussian; a point has none.
    """

    kind: Kind
    width: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {KINDS}, got {self.kind!r}")
        if not 1e-6 <= self.width <= 1e6:
            raise ValueError(f"width must be in [1e-6, 1e6], got {self.width!r}")

    @property
    def reach(self) -> float | None:
        """The distance from which on P and Q share nothing; None where they always share something."""
        return {"points": 0.0, "uniforms": self.width, "Gaussians": None}[self.kind]

    def shape(self, theta: float) -> Gaussian | Uniform | None:
        """The copy at theta; None for a point, which has no density."""
        if self.kind == "uniforms":
            return Uniform(theta - self.width / 2, theta + self.width / 2)
        return Gaussian(theta, self.width) if self.kind == "Gaussians" else None

    def curves(self, theta: ArrayLike, units: Units = "nats") -> dict[Measure, Curve]:
        """Every divergence of P and Q, and its slope, at each theta, shape (n,).

        KL(P ‖ Q) = KL(Q ‖ P) here, because the one pair is the mirror image of the other.

        Args:
            units: Of KL and JS.
        """
        places = np.asarray(theta, dtype=float)
        if places.ndim != 1 or not np.isfinite(places).all():
            raise ValueError(f"theta must be finite numbers of shape (n,), got {theta!r}")
        of_kind = {"points": _points, "uniforms": _uniforms, "Gaussians": _gaussians}[self.kind]
        # all mass moves by theta, whatever the shape
        moved = Curve(np.abs(places), np.where(places == 0, np.nan, np.sign(places)))
        found = {**of_kind(places, self.width), "W1": moved, "W2": moved}
        if units == "bits":
            found |= {name: _scaled(found[name], 1 / np.log(2)) for name in ("KL", "JS")}
        return found

    def strongest(self, theta: float, among: Sequence[Measure] = MEASURES) -> tuple[Measure, ...]:
        """Those of the divergences whose slope at theta is steepest; none if no slope there is other than 0."""
        curves = self.curves([theta])
        steep = {name: abs(float(np.nan_to_num(curves[name].slope[0]))) for name in among}
        most = max(steep.values())
        return tuple(name for name in among if most and steep[name] >= most * (1 - _CORNER))


def _scaled(curve: Curve, factor: float) -> Curve:
    return Curve(curve.value * factor, curve.slope * factor, curve.error * factor)


def _points(theta: np.ndarray, _: float) -> dict[Measure, Curve]:
    """Two points share all of their mass at 0 and nothing elsewhere."""
    same = theta == 0
    flat = np.where(same, np.nan, 0.0)  # a jump at 0
    infinite = Curve(np.where(same, 0.0, np.inf), np.full_like(theta, np.nan))
    steps: dict[Measure, float] = {"JS": np.log(2), "TV": 1.0, "Hellinger": 1.0}
    return {"KL": infinite, **{name: Curve(np.where(same, 0.0, top), flat) for name, top in steps.items()}}


def _uniforms(theta: np.ndarray, width: float) -> dict[Measure, Curve]:
    """Where two uniforms overlap their densities are equal, so all depends on the share that does not."""
    apart = np.minimum(np.abs(theta) / width, 1.0)
    corner = (theta == 0) | (np.abs(np.abs(theta) - width) <= _CORNER * width)
    growth = np.where(np.abs(theta) < width, np.sign(theta) / width, 0.0)  # of the share
    growth[corner] = np.nan
    root = np.sqrt(apart)
    with np.errstate(invalid="ignore"):  # 0 / 0 at theta = 0, where the slope is NaN anyway
        of_root = np.where(growth == 0, 0.0, growth / (2 * root))
    return {
        "KL": Curve(np.where(theta == 0, 0.0, np.inf), np.full_like(theta, np.nan)),
        "JS": Curve(apart * np.log(2), growth * np.log(2)),
        "TV": Curve(apart, growth),
        "Hellinger": Curve(root, of_root),
    }


def _gaussians(theta: np.ndarray, sd: float) -> dict[Measure, Curve]:
    """In z = theta / sd: KL = z²/2, TV = 2Φ(|z|/2) − 1, Hellinger² = 1 − exp(−z²/8), JS by quadrature."""
    from scipy.special import ndtr

    z = theta / sd
    tv = 2 * ndtr(np.abs(z) / 2) - 1
    tv_slope = np.sign(z) * np.exp(-(z**2) / 8) / np.sqrt(2 * np.pi) / sd
    square = z**2 / 8
    # (1 − exp(−s)) / s, which is 1 where z is so small that s is 0
    bend = np.divide(-np.expm1(-square), square, where=square > 0, out=np.ones_like(z))
    hellinger = np.abs(z) * np.sqrt(bend / 8)
    hellinger_slope = np.sign(z) * np.exp(-square) / np.sqrt(8 * bend) / sd
    js, js_slope, error = _js_of_gaussians(z)
    corner = theta == 0
    return {
        "KL": Curve(z**2 / 2, z / sd),
        "JS": Curve(js, js_slope / sd, error * max(1.0, 1 / sd)),
        "TV": Curve(tv, np.where(corner, np.nan, tv_slope)),
        "Hellinger": Curve(hellinger, np.where(corner, np.nan, hellinger_slope)),
    }


def _js_of_gaussians(z: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """JS of N(0, 1) and N(z, 1) in nats, its slope by z, and how far half the nodes would be from these.

    JS = log 2 − E log(1 + q(x) / p(x)) for x ~ P, because by symmetry its two halves are equal. For an analytic
    integrand that dies out on both sides the trapezoidal rule converges geometrically (Trefethen & Weideman, 2014).
    """
    u = np.linspace(-_HALF_LINE, _HALF_LINE, _NODES)
    distance = np.abs(z)[:, None]
    x = distance / 2 + u  # around the middle, where what P and Q share is: far out nothing is left of it at P
    weight = np.exp(-(x**2) / 2)
    odds = distance * u  # log q / p
    value = np.logaddexp(0, odds) * weight
    slope = weight / (1 + np.exp(-np.clip(odds, -700, 700))) * (x - distance)  # exp(700) is the last that is finite

    def rule(f: np.ndarray, every: int) -> np.ndarray:
        return f[:, ::every].sum(-1) / np.exp(-(u[::every] ** 2) / 2).sum()

    error = max(float(np.abs(rule(f, 1) - rule(f, 2)).max(initial=0.0)) for f in (value, slope))
    js = np.clip(np.log(2) - rule(value, 1), 0.0, np.log(2))
    return js, -np.sign(z) * rule(slope, 1), error + np.finfo(float).eps
