"""One Gaussian Q fitted to two bumps P by gradient descent on four divergences, and the least that each can reach.

Q = N(mean, sd²) is moved in (mean, log sd). KL(P‖Q) and W₂² have closed forms and one minimum each; KL(Q‖P) and JS are
integrals on a grid and may have several. The slopes are exact derivatives of these, checked against autograd.

Source: Bishop, Pattern Recognition and Machine Learning, 2006, §10.1.2 (covering against seeking); Minka, Divergence
measures and message passing, 2005, MSR-TR-2005-173, §3; Peyré & Cuturi, 2019, arXiv:1803.00567, remark 2.30 (W₂).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import exp, hypot, log, pi, sqrt
from typing import Annotated, Final, Literal, get_args, get_type_hints

import numpy as np

from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.separation import Units
from playground.runs.config import Range

Objective = Literal["KL(P‖Q)", "KL(Q‖P)", "JS", "W₂²"]
Start = Literal["left", "right", "middle", "wide", "far"]
Status = Literal["global minimum", "local minimum", "no slope", "still moving", "bouncing"]
OBJECTIVES: Final[tuple[Objective, ...]] = get_args(Objective)
STARTS: Final[tuple[Start, ...]] = get_args(Start)
LONGEST_STEP: Final = 0.2  # in (mean, log sd): a long step would throw Q out of the picture, and tell nothing
AT_REST: Final = 1e-3  # a slope below it moves Q by less than the last digit shown
AS_LOW: Final = 1e-4  # two values that close are one
_FAR: Final = 6.0  # from the right bump, in units of x
_REACH: Final = 60.0  # the grid ends ten standard deviations outside of the widest Q of a run
_DENSE: Final = 0.5  # inside of it the grid is evenly spaced, further out it thins
_NODES: Final = 400
_NEWTON_STEPS: Final = 12  # five or six do
_LAST: Final = 50  # steps over which a run is asked whether it bounces
_LARGEST_EXPONENT: Final = 700.0  # of a float64, nearly
_HALF_LOG_TAU: Final = 0.5 * log(2 * pi)


@dataclass(frozen=True)
class Descent:
    """Two bumps of one width, gap apart about 0; where Q begins; the rate and the number of steps.

    Raises:
        ValueError: A field lies outside its `Range`, or is none of its choices.
    """

    weight: Annotated[float, Range(0.05, 0.95)] = 0.5  # of the left bump
    gap: Annotated[float, Range(0.0, 6.0)] = 4.0
    width: Annotated[float, Range(0.25, 1.5)] = 0.5  # the standard deviation of each
    start: Start = "left"
    rate: Annotated[float, Range(0.01, 1.0, log=True)] = 0.1
    steps: Annotated[int, Range(1, 2000)] = 400

    def __post_init__(self) -> None:
        for name, allowed in RANGES.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int if name == "steps" else int | float):
                raise ValueError(f"{name} must be a{' whole' if name == 'steps' else ''} number, got {value!r}")
            if not allowed.low <= value <= allowed.high:
                raise ValueError(f"{name} must be in [{allowed.low:g}, {allowed.high:g}], got {value!r}")
        if self.start not in STARTS:
            raise ValueError(f"start must be one of {STARTS}, got {self.start!r}")

    @property
    def target(self) -> TwoGaussians:
        """P."""
        return TwoGaussians(self.weight, -self.gap / 2, self.width, self.gap / 2, self.width)

    @property
    def origin(self) -> Gaussian:
        """Q before the first step."""
        return self.origins[self.start]

    @property
    def origins(self) -> Mapping[Start, Gaussian]:
        """Where each start puts Q."""
        left, right = -self.gap / 2, self.gap / 2
        return {
            "left": Gaussian(left, 1.0),
            "right": Gaussian(right, 1.0),
            "middle": Gaussian(0.0, 1.0),
            "wide": Gaussian(0.0, 3.0),
            "far": Gaussian(right + _FAR, 0.5),
        }


RANGES: Final[Mapping[str, Range]] = {
    name: note
    for name, hint in get_type_hints(Descent, include_extras=True).items()
    for note in get_args(hint)
    if isinstance(note, Range)
}


@dataclass(frozen=True)
class Step:
    """Where the four runs are after `step` steps: the fits, and the divergence that each of them lowers."""

    step: int
    fits: tuple[Gaussian, ...]  # in the order of OBJECTIVES
    values: tuple[float, ...]  # nats; W₂² in units of x²


@dataclass(frozen=True, eq=False)
class Paths:
    """All runs from all starts. Arrays have shape (steps + 1, objectives, starts)."""

    mean: np.ndarray
    sd: np.ndarray
    value: np.ndarray


@dataclass(frozen=True)
class Floor:
    """The least that a divergence can be between P and a Gaussian.

    Attributes:
        fits: Where it is reached; two places where P is its own mirror image and Q is not.
        exact: Whether it is a closed form; else found by a search of the plane and refined.
    """

    value: float
    fits: tuple[Gaussian, ...]
    exact: bool


@dataclass(frozen=True)
class Ending:
    """Where a run ended, and what is there."""

    fit: Gaussian
    value: float
    slope: float  # length of the gradient in (mean, log sd)
    status: Status


def descend(config: Descent) -> Iterator[Step]:
    """The four runs from one start, a step at a time; the first has step 0."""
    plane, origin = plane_of(config.target), config.origin
    mean, log_sd = np.full((4, 1), origin.mean), np.full((4, 1), log(origin.sd))
    for step in range(config.steps + 1):
        value, slope = plane.slopes(mean, log_sd)
        fits = zip(mean[:, 0].tolist(), np.exp(log_sd[:, 0]).tolist(), strict=True)
        yield Step(step, tuple(Gaussian(*fit) for fit in fits), tuple(value[:, 0].tolist()))
        by = _step(slope, config.rate)
        mean, log_sd = mean - by[0], log_sd - by[1]


def paths(config: Descent) -> Paths:
    """What `descend` gives for each of the starts, all of them computed together."""
    return _paths(config.target, tuple(config.origins.values()), config.rate, config.steps)


@lru_cache(maxsize=128)
def _paths(target: TwoGaussians, origins: tuple[Gaussian, ...], rate: float, steps: int) -> Paths:
    plane = plane_of(target)
    mean = np.tile([origin.mean for origin in origins], (4, 1))
    log_sd = np.log(np.tile([origin.sd for origin in origins], (4, 1)))
    means, log_sds, values = (np.empty((steps + 1, *mean.shape)) for _ in range(3))
    for step in range(steps + 1):
        values[step], slope = plane.slopes(mean, log_sd)
        means[step], log_sds[step] = mean, log_sd
        by = _step(slope, rate)
        mean, log_sd = mean - by[0], log_sd - by[1]
    found = Paths(means, np.exp(log_sds), values)
    for array in (found.mean, found.sd, found.value):
        array.setflags(write=False)
    return found


def _step(slope: np.ndarray, rate: float) -> np.ndarray:
    """rate · slope, but no longer than LONGEST_STEP; shape (2, …) as `slope`."""
    by = rate * slope
    return by * np.minimum(1.0, LONGEST_STEP / np.maximum(np.hypot(by[0], by[1]), 1e-300))


def endings(config: Descent) -> dict[Start, tuple[Ending, ...]]:
    """For every start, where each of the four runs ended."""
    plane, run, least = plane_of(config.target), paths(config), floors(config)
    mean, log_sd = run.mean[-1], np.log(run.sd[-1])
    slope, curvature = plane.slopes(mean, log_sd)[1], _smaller_eigenvalue(*plane.curvatures(mean, log_sd))
    last = run.value[-_LAST - 1 :]
    rises = np.any(np.diff(last, axis=0) > 1e-9 * (1 + np.abs(last[1:])), axis=0)
    found: dict[Start, tuple[Ending, ...]] = {}
    for j, start in enumerate(STARTS):
        row = []
        for i, floor in enumerate(least):
            value, steep = float(run.value[-1, i, j]), hypot(*slope[:, i, j])
            status = _status(value - floor.value, steep, float(curvature[i, j]), bouncing=bool(rises[i, j]))
            row.append(Ending(Gaussian(float(mean[i, j]), float(run.sd[-1, i, j])), value, steep, status))
        found[start] = tuple(row)
    return found


def _status(excess: float, slope: float, curvature: float, *, bouncing: bool) -> Status:
    if bouncing:
        return "bouncing"
    if excess <= AS_LOW:
        return "global minimum"
    if slope > AT_REST:
        return "still moving"
    # where it hardly bends, the nearest minimum may lie far off although the slope is small
    return "local minimum" if curvature > 10 * AT_REST else "no slope"


def floors(config: Descent) -> tuple[Floor, ...]:
    """The least value of each of the four, in the order of OBJECTIVES."""
    plane = plane_of(config.target)
    (_, kl_back, js, _), target = plane.lowest, config.target
    moments, w2 = Gaussian(target.mean, target.standard_deviation), Gaussian(target.mean, plane.quantile_moment)
    kl = plane.entropy_gap + log(moments.sd) + 0.5
    return (
        Floor(max(kl, 0.0), (moments,), exact=True),
        kl_back,
        js,
        Floor(max(target.variance - w2.sd**2, 0.0), (w2,), exact=True),
    )


def in_units(objective: Objective, units: Units) -> float:
    """What a value of the objective is multiplied by to be in these units; W₂² has its own, those of x²."""
    return 1 / log(2) if units == "bits" and objective != "W₂²" else 1.0


def covers(target: TwoGaussians, fit: Gaussian) -> int:
    """How many of the two bumps have their middle within two standard deviations of the mean of `fit`."""
    return sum(abs(middle - fit.mean) <= 2 * fit.sd for middle in (target.mean_1, target.mean_2))


@lru_cache(maxsize=256)
def plane_of(target: TwoGaussians) -> "Plane":
    """The plane of `target`, kept for the next run."""
    return Plane(target)


class Plane:
    """The four divergences of P as functions of (mean, log sd) of Q, on one grid of x.

    x = ½ sinh t, t evenly spaced: densest between the bumps, where log p bends most sharply, and reaching 60. The
    trapezoidal rule in t then converges geometrically (Trefethen & Weideman, 2014); tests hold it to 1e-7.
    """

    def __init__(self, target: TwoGaussians, nodes: int = _NODES) -> None:
        end = float(np.arcsinh(_REACH / _DENSE))
        t = np.linspace(-end, end, nodes)
        self.target = target
        self.x = _DENSE * np.sinh(t)
        self.dx = _DENSE * np.cosh(t) * (t[1] - t[0])
        self.log_p = target.log_pdf(self.x)
        self.p_dx = np.exp(self.log_p) * self.dx

    @cached_property
    def entropy_gap(self) -> float:
        """∫ p log p + ½ log 2π: what KL(P‖Q) has besides the mean and sd of Q, in nats."""
        return float(_total(self.p_dx * self.log_p)) + _HALF_LOG_TAU

    @cached_property
    def quantile_moment(self) -> float:
        """E[F⁻¹(u) Φ⁻¹(u)] for uniform u: the sd of the Gaussian that is nearest in W₂.

        By parts it is ∫ φ(Φ⁻¹(F(x))) dx, which needs no quantile of P.
        """
        from scipy.special import ndtri

        tail = np.minimum(self.target.cdf(self.x), self.target.sf(self.x))
        return float(_total(np.exp(-0.5 * ndtri(np.maximum(tail, 1e-300)) ** 2) * self.dx)) / sqrt(2 * pi)

    def slopes(self, mean: np.ndarray, log_sd: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The divergences, shape (4, n), and their slopes by mean and log sd, shape (2, 4, n).

        Args:
            mean, log_sd: Of Q, shape (4, n): row i is what objective i is asked about.
        """
        sd = np.exp(log_sd)
        value, slope = np.empty(mean.shape), np.empty((2, *mean.shape))
        away, variance = mean - self.target.mean, self.target.variance
        spread = (variance + away[0] ** 2) / sd[0] ** 2
        value[0] = self.entropy_gap + log_sd[0] + spread / 2
        slope[:, 0] = away[0] / sd[0] ** 2, 1 - spread
        value[3] = away[3] ** 2 + sd[3] ** 2 - 2 * sd[3] * self.quantile_moment + variance
        slope[:, 3] = 2 * away[3], 2 * sd[3] * (sd[3] - self.quantile_moment)
        z = (self.x - mean[1:3, :, None]) / sd[1:3, :, None]  # (2, n, nodes)
        square = z * z
        log_q = -0.5 * square - (log_sd[1:3, :, None] + _HALF_LOG_TAU)
        q_dx = np.exp(log_q) * self.dx
        pay = log_q - self.log_p  # what a unit of q costs at x: log q/p for KL(Q‖P), ½ log q/m for JS
        value[1] = _total(q_dx[0] * pay[0])
        value[2], pay[1] = self._js(q_dx[1], pay[1])
        pay[1] /= 2
        paid = q_dx * pay
        slope[0, 1:3] = _total(paid * z) / sd[1:3]
        slope[1, 1:3] = _total(paid * (square - 1))
        return value, slope

    def _js(self, q_dx: np.ndarray, log_ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """JS and log q/m, from q dx and log q/p."""
        # log (p + q)/q; three times as fast as logaddexp, and as exact
        soft = np.maximum(np.log(1 + np.exp(np.minimum(-log_ratio, _LARGEST_EXPONENT))), -log_ratio)
        to_middle = log(2) - soft
        value = 0.5 * _total(self.p_dx * (to_middle - log_ratio) + q_dx * to_middle)
        return np.clip(value, 0.0, log(2)), to_middle

    def curvatures(self, mean: np.ndarray, log_sd: np.ndarray) -> np.ndarray:
        """The second derivatives (mean mean, mean log sd, log sd log sd), by differences of slopes; shape (3, 4, n)."""
        h = 1e-4
        by_mean = (self.slopes(mean + h, log_sd)[1] - self.slopes(mean - h, log_sd)[1]) / (2 * h)
        by_log_sd = (self.slopes(mean, log_sd + h)[1] - self.slopes(mean, log_sd - h)[1]) / (2 * h)
        return np.array([by_mean[0], (by_mean[1] + by_log_sd[0]) / 2, by_log_sd[1]])

    def map(self, mean: np.ndarray, log_sd: np.ndarray) -> np.ndarray:
        """The divergences on a grid of the plane, shape (4, len(log_sd), len(mean)): `slopes` without the slopes."""
        away, variance, sd = mean - self.target.mean, self.target.variance, np.exp(log_sd)[:, None]
        value = np.empty((4, len(log_sd), len(mean)))
        value[0] = self.entropy_gap + log_sd[:, None] + (variance + away**2) / (2 * sd**2)
        value[3] = away**2 + sd**2 - 2 * sd * self.quantile_moment + variance
        offset = (self.x - mean[:, None]) ** 2  # (means, nodes)
        for row, height in zip(value.swapaxes(0, 1), log_sd, strict=True):  # one at a time stays in the cache
            log_q = -0.5 * np.exp(-2 * height) * offset - height - _HALF_LOG_TAU
            q_dx, log_ratio = np.exp(log_q) * self.dx, log_q - self.log_p
            row[1] = _total(q_dx * log_ratio)
            row[2] = self._js(q_dx, log_ratio)[0]
        return value

    @cached_property
    def lowest(self) -> tuple[Floor, ...]:
        """The least values, in the order of OBJECTIVES, by search: low places of a grid, refined by Newton's method.

        Its steps are shortened, and turned downhill where the plane is no bowl.
        """
        most = max(map(len, self._low))
        places = np.array([[low[k % len(low)] for k in range(most)] for low in self._low])  # (4, n, 2)
        mean, log_sd = places[..., 0], places[..., 1]
        for _ in range(_NEWTON_STEPS):
            (by_mean, by_log_sd), (a, b, c) = self.slopes(mean, log_sd)[1], self.curvatures(mean, log_sd)
            lift = np.maximum(0.0, 1e-3 - _smaller_eigenvalue(a, b, c))
            a, c = a + lift, c + lift
            step = np.array([c * by_mean - b * by_log_sd, a * by_log_sd - b * by_mean]) / (a * c - b**2)
            step *= np.minimum(1.0, LONGEST_STEP / np.maximum(np.hypot(*step), 1e-300))
            mean, log_sd = mean - step[0], log_sd - step[1]
        values = self.slopes(mean, log_sd)[0]
        found = []
        for i in range(4):
            least = float(values[i].min())
            best = sorted({(float(mean[i, k]), exp(log_sd[i, k])) for k in np.flatnonzero(values[i] <= least + 1e-9)})
            apart = [fit for k, fit in enumerate(best) if k == 0 or fit[0] - best[k - 1][0] > 1e-3]
            found.append(Floor(max(least, 0.0), tuple(Gaussian(*fit) for fit in apart), exact=False))
        return tuple(found)

    @cached_property
    def _low(self) -> list[list[np.ndarray]]:
        """For each objective the places (mean, log sd) of a coarse grid that none of their neighbours is below."""
        half, width = self.target.mean_2, self.target.sd_1
        # a best fit does not lie outside of both bumps, is hardly narrower than one and hardly wider than P
        mean = np.linspace(-half - 0.3 * width, half + 0.3 * width, 41)
        log_sd = np.linspace(log(0.8 * width), log(1.2 * self.target.standard_deviation + 0.1), 25)
        values = Plane(self.target, _NODES // 2).map(mean, log_sd)
        walled = np.pad(values, ((0, 0), (1, 1), (1, 1)), constant_values=np.inf)
        beside = [
            walled[:, 1 + up : 1 + up + len(log_sd), 1 + across : 1 + across + len(mean)]
            for up in (-1, 0, 1)
            for across in (-1, 0, 1)
        ]
        low = values <= np.min(beside, axis=0)
        return [[np.array([mean[column], log_sd[row]]) for row, column in np.argwhere(each)] for each in low]


def _smaller_eigenvalue(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Of the symmetric matrices [[a, b], [b, c]]."""
    return (a + c) / 2 - np.hypot((a - c) / 2, b)


def _total(f: np.ndarray) -> np.ndarray:
    """The sum over the last axis, of even length, x and −x first: what is antisymmetric then gives 0 exactly.

    Without it rounding alone would push Q off a place that only symmetry holds, differently on every machine.
    """
    half = f.shape[-1] // 2
    return (f[..., :half] + f[..., : half - 1 : -1]).sum(-1)
