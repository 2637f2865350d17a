"""Divergences estimated from n draws by putting the sample in the place of the distribution, for a ladder of n.

Beside every estimate stand its truth and its floor: what the same estimate says of two fresh samples of P. An estimate
within the floor's range says nothing.

Source: Paninski, Neural Computation 15, 2003, §2 (histograms); Fournier & Guillin, On the rate of convergence in
Wasserstein distance of the empirical measure, 2015, arXiv:1312.2128 (any P); Ledoux, On optimal matching of Gaussian
samples, 2017 (P = Q Gaussian: n^(-1/d) from d = 3 on).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Literal, get_args

import numpy as np

from playground.divergences import expectations
from playground.divergences.compare import Name, compare
from playground.divergences.divergences import gaussian_w2, hellinger, js, kl, total_variation
from playground.divergences.expectations import Divergence
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Laplace, Shape, Uniform

DIVERGENCES: Final[tuple[Divergence, ...]] = get_args(Divergence)
DIMENSIONS: Final = (1, 2, 4, 8)
SIZES: Final = tuple(int(float(f"{10 ** (i / 4):.2g}")) for i in range(4, 21))  # 10, 18, 32, 56, 100, … 100 000
POINT_SIZES: Final = SIZES[:13]  # to 10 000
CLOUD_SIZES: Final = SIZES[:8]  # to 560
PAIRS: Final[Mapping[str, tuple[Shape, Shape]]] = {
    "The same": (Gaussian(0.0, 1.0), Gaussian(0.0, 1.0)),
    "A small shift": (Gaussian(0.0, 1.0), Gaussian(0.2, 1.0)),
    "A shift": (Gaussian(0.0, 1.0), Gaussian(1.0, 1.0)),
    "Wide Q": (Gaussian(0.0, 1.0), Gaussian(0.0, 2.0)),
    "Wide P": (Gaussian(0.0, 2.0), Gaussian(0.0, 1.0)),
    "Two bumps": (TwoGaussians(0.5, -1.5, 0.5, 1.5, 0.5), Gaussian(0.0, 1.5)),
    "Heavy tails": (Laplace(0.0, 1.0), Gaussian(0.0, 1.4)),
    "Half apart": (Uniform(0.0, 2.0), Uniform(1.0, 3.0)),
}
CLOUD_PAIRS: Final[Mapping[str, tuple[float, float]]] = {  # how far the second cloud is shifted along one axis; its sd
    "The same": (0.0, 1.0),
    "A shift": (1.0, 1.0),
    "Wide Q": (0.0, 2.0),
}
_LEAST_REPEATS: Final = 10
_POINTS: Final = 300_000  # drawn for one n; more repeats than this allows would be felt
_PLUG_IN: Final[Mapping[Divergence, Callable[..., np.ndarray | np.float64]]] = {
    "KL": kl, "JS": js, "TV": total_variation, "H²": lambda p, q: hellinger(p, q) ** 2,
}  # fmt: skip
_NAMES: Final[Mapping[Divergence, Name]] = {"KL": "KL(P‖Q)", "JS": "JS", "TV": "TV", "H²": "Hellinger"}


@dataclass(frozen=True)
class HistogramStudy:
    """A divergence of two histograms with the same bins, of equal width but for the two outermost, which are open.

    The counts are drawn as such, by their multinomial law.
    """

    p: Shape
    q: Shape
    divergence: Divergence = "KL"
    bins: int = 20  # in [2, 100]
    pseudo_count: float = 0.0  # added to every count, in [0, 10]
    known: bool = False  # whether Q needs no sample
    repeats: int = 400  # in [10, 2000]
    seed: int = 0

    def __post_init__(self) -> None:
        if self.divergence not in DIVERGENCES:
            raise ValueError(f"divergence must be one of {', '.join(DIVERGENCES)}, got {self.divergence!r}")
        if not 2 <= self.bins <= 100:
            raise ValueError(f"bins must be in [2, 100], got {self.bins!r}")
        if not 0 <= self.pseudo_count <= 10:
            raise ValueError(f"pseudo_count must be in [0, 10], got {self.pseudo_count!r}")
        _check_repeats(self.repeats)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The range that holds 99% of each shape: half a percent lies below, half a percent above at most."""
        places = np.array([shape.quantile([0.005, 0.995]) for shape in (self.p, self.q)])
        return float(places[:, 0].min()), float(places[:, 1].max())

    @cached_property
    def edges(self) -> np.ndarray:
        """The bins − 1 places that part this range evenly."""
        return np.linspace(*self.ends, self.bins + 1)[1:-1]

    @cached_property
    def masses(self) -> tuple[np.ndarray, np.ndarray]:
        """The probabilities of the bins under P and under Q, shape (bins,) each."""
        return _masses(self.p, self.edges), _masses(self.q, self.edges)


@dataclass(frozen=True)
class PointStudy:
    """W₁ or W₂ of two samples on a line, paired in ascending order."""

    p: Shape
    q: Shape
    order: Literal[1, 2] = 1
    repeats: int = 400  # in [10, 2000]; fewer for large n
    seed: int = 0

    def __post_init__(self) -> None:
        if self.order not in (1, 2):
            raise ValueError(f"order must be 1 or 2, got {self.order!r}")
        _check_repeats(self.repeats)


@dataclass(frozen=True)
class CloudStudy:
    """W₂ of n draws of N(0, I) in d dimensions and n draws of N(shift · e₁, sd² I), by the best one-to-one pairing."""

    dimension: int = 2  # in [1, 16]
    shift: float = 0.0
    sd: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.dimension <= 16:
            raise ValueError(f"dimension must be in [1, 16], got {self.dimension!r}")
        if not (np.isfinite(self.shift) and 0 < self.sd < np.inf):
            raise ValueError(f"shift must be finite and sd above 0, got {self.shift!r} and {self.sd!r}")

    @property
    def truth(self) -> float:
        """W₂ of the two Gaussians."""
        mean = np.zeros(self.dimension)
        return gaussian_w2(mean, 1.0, mean + self.shift * np.eye(self.dimension)[0], self.sd**2)


Study = HistogramStudy | PointStudy | CloudStudy


@dataclass(frozen=True)
class Summary:
    """What the repeats at one n say."""

    repeats: int
    infinite: int  # of them; the mean and its error are of the others
    mean: float  # NaN if all are infinite
    error: float  # one standard error of the mean; NaN for fewer than two
    low: float  # between low and high lie 95% of all repeats, the infinite ones among them
    high: float


@dataclass(frozen=True, eq=False)
class Estimates:
    """Repeated estimates for every n. KL and JS in nats, W₁ and W₂ in units of x."""

    sizes: tuple[int, ...]
    values: tuple[np.ndarray, ...]  # for every n the estimates from a sample of P and one of Q, shape (repeats,)
    floor: tuple[np.ndarray, ...]  # the same with P in the place of Q
    truth: float  # the divergence of P and Q
    limit: float  # what the estimate tends to: their divergence after binning, or the truth
    expected: np.ndarray | None  # the exact mean for every n, shape (sizes,); None where there is no formula
    expected_floor: np.ndarray | None
    large_n: np.ndarray | None  # the mean to first order in 1/n, shape (sizes,); NaN or None where there is no formula
    large_n_floor: np.ndarray | None
    first: tuple[
        tuple[np.ndarray, np.ndarray], ...
    ]  # what the first repeat drew of P and of Q: counts, or sorted points

    def index(self, n: float) -> int:
        """Where the size nearest to n is."""
        return int(np.argmin(np.abs(np.log(self.sizes) - np.log(n))))

    @cached_property
    def summaries(self) -> tuple[Summary, ...]:
        """Of the estimates, for every n."""
        return tuple(map(summarise, self.values))

    @cached_property
    def floor_summaries(self) -> tuple[Summary, ...]:
        """Of the floor, for every n."""
        return tuple(map(summarise, self.floor))

    @cached_property
    def above(self) -> np.ndarray:
        """For every n the share of estimates above the floor's 95% range, shape (sizes,)."""
        pairs = zip(self.values, self.floor_summaries, strict=True)
        return np.array([float((values > floor.high).mean()) for values, floor in pairs])

    @property
    def enough(self) -> int | None:
        """The least n from which on 95% of the estimates and more lie above the floor; None if there is none."""
        low = np.flatnonzero(self.above < 0.95)
        start = low[-1] + 1 if len(low) else 0
        return self.sizes[start] if start < len(self.sizes) else None


def estimate(study: Study) -> Estimates:
    """Every n that the kind of study offers; remembered for a while."""
    if isinstance(study, HistogramStudy):
        return histogram_estimates(study)
    return point_estimates(study) if isinstance(study, PointStudy) else cloud_estimates(study)


def floor_law(study: Study, n: int) -> tuple[float, int] | None:
    """(scale, degrees of freedom): scale · χ² is the law of the floor for large n. None where it has another."""
    if not isinstance(study, HistogramStudy):
        return None
    return expectations.chi_square(study.masses[0], n, study.divergence, known=study.known)


def summarise(values: np.ndarray) -> Summary:
    """Mean, standard error and 95% range of repeats, some of which may be infinite."""
    finite = values[np.isfinite(values)]
    low, high = np.quantile(values, [0.025, 0.975], method="inverted_cdf")  # a value that is there, so never inf - inf
    mean = float(finite.mean()) if len(finite) else float("nan")
    error = float(finite.std(ddof=1) / np.sqrt(len(finite))) if len(finite) > 1 else float("nan")
    return Summary(len(values), len(values) - len(finite), mean, error, float(low), float(high))


@lru_cache(maxsize=128)
def histogram_estimates(study: HistogramStudy) -> Estimates:
    """Every n of `SIZES`."""
    generator = np.random.default_rng(study.seed)
    p, q = study.masses
    values, floor, first = [], [], []
    for n in SIZES:
        seen = generator.multinomial(n, p, size=study.repeats)
        other, fresh = (mass if study.known else generator.multinomial(n, mass, size=study.repeats) for mass in (q, p))
        values.append(plug_in(seen, other, study, n))
        floor.append(plug_in(seen, fresh, study, n))
        first.append((seen[0], n * q if study.known else other[0]))

    def for_every_size(mean: Callable[..., float]) -> tuple[np.ndarray, np.ndarray]:
        how = {"pseudo_count": study.pseudo_count, "known": study.known}
        floor = np.array([mean(p, p, n, study.divergence, **how) for n in SIZES])
        same = study.p == study.q
        return floor if same else np.array([mean(p, q, n, study.divergence, **how) for n in SIZES]), floor

    expected, expected_floor = for_every_size(expectations.expected)
    bias, bias_floor = for_every_size(expectations.first_order_bias)
    truth = compare(study.p, study.q).of(_NAMES[study.divergence])
    limit = float(_PLUG_IN[study.divergence](p, q))
    return Estimates(
        SIZES, tuple(values), tuple(floor), truth**2 if study.divergence == "H²" else truth, limit,
        expected, expected_floor, limit + bias, bias_floor, tuple(first),
    )  # fmt: skip


def plug_in(p_counts: np.ndarray, q: np.ndarray, study: HistogramStudy, n: int) -> np.ndarray:
    """The study's divergence of two histograms, shape (repeats,).

    Args:
        p_counts: Draws of P in each bin, shape (repeats, bins).
        q: The same of Q; if Q is known, the probabilities of its bins, shape (bins,).
    """
    whole = n + study.bins * study.pseudo_count
    p_hat = (p_counts + study.pseudo_count) / whole
    q_hat = q if study.known else (q + study.pseudo_count) / whole
    return np.asarray(_PLUG_IN[study.divergence](p_hat, q_hat))


@lru_cache(maxsize=64)
def point_estimates(study: PointStudy) -> Estimates:
    """Every n of `POINT_SIZES`."""
    generator = np.random.default_rng(study.seed)
    values, floor, first = [], [], []
    for n in POINT_SIZES:
        repeats = min(study.repeats, max(_LEAST_REPEATS, _POINTS // n))
        seen, other, fresh = (
            np.sort(_draw(shape, (repeats, n), generator), axis=-1) for shape in (study.p, study.q, study.p)
        )
        values.append(_paired(seen, other, study.order))
        floor.append(_paired(seen, fresh, study.order))
        first.append((seen[0], other[0]))
    expected = expected_floor = None
    if study.order == 1:
        expected, expected_floor = (
            expectations.expected_w1(study.p.cdf, other.cdf, _ends(study.p, other), POINT_SIZES)
            for other in (study.q, study.p)
        )
    truth = compare(study.p, study.q).of("W1" if study.order == 1 else "W2")
    return Estimates(
        POINT_SIZES, tuple(values), tuple(floor), truth, truth, expected, expected_floor, None, None, tuple(first)
    )  # fmt: skip


def cloud_estimates(study: CloudStudy) -> Estimates:
    """Every n of `CLOUD_SIZES`; fewer repeats for large n, where they are alike and take long."""
    drawn = _cloud_distances(study)
    floor = drawn if study.truth == 0 else cloud_floor(study.dimension, study.seed)
    return Estimates(CLOUD_SIZES, drawn, floor, study.truth, study.truth, None, None, None, None, ())


def cloud_floor(dimension: int, seed: int) -> tuple[np.ndarray, ...]:
    """W₂ of two clouds of n draws of N(0, I), for every n of `CLOUD_SIZES`."""
    return _cloud_distances(CloudStudy(dimension, seed=seed))


def mean_floor(dimension: int, seed: int) -> np.ndarray:
    """The mean of the floor for every n of `CLOUD_SIZES`."""
    return np.array([values.mean() for values in cloud_floor(dimension, seed)])


def power_law(dimension: int, means: np.ndarray) -> np.ndarray:
    """n to the power of `rate` for every n of `CLOUD_SIZES`, times what puts it through the middle of the means."""
    logs = rate(dimension) * np.log(CLOUD_SIZES)
    return np.exp(logs - logs.mean() + np.log(means).mean())


@lru_cache(maxsize=128)
def _cloud_distances(study: CloudStudy) -> tuple[np.ndarray, ...]:
    generator = np.random.default_rng([study.seed, study.dimension])
    found = []
    for n in CLOUD_SIZES:
        pairs = []
        for _ in range(_cloud_repeats(n, study.dimension)):
            x, y = generator.standard_normal((2, n, study.dimension))
            y = study.sd * y
            y[:, 0] += study.shift
            pairs.append(cloud_w2(x, y))
        found.append(np.array(pairs))
    return tuple(found)


def _cloud_repeats(n: int, dimension: int) -> int:
    if dimension == 1:  # sorting is quick
        return 400
    return 40 if n <= 100 else 20 if n <= 200 else 8


def cloud_w2(x: np.ndarray, y: np.ndarray) -> float:
    """W₂ of two clouds of equally many points of equal weight, shape (n, d) each.

    The best plan between such clouds is a one-to-one pairing (Birkhoff), so it is an assignment problem. `ot.emd2`
    finds the same number in the same time, but takes seconds to import.
    """
    if x.ndim != 2 or x.shape != y.shape:
        raise ValueError(f"x and y must both have shape (n, d), got {x.shape} and {y.shape}")
    if x.shape[1] == 1:
        return float(_paired(np.sort(x[:, 0]), np.sort(y[:, 0]), 2))
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    squared = cdist(x, y, "sqeuclidean")
    return float(np.sqrt(squared[linear_sum_assignment(squared)].mean()))


def rate(dimension: int) -> float:
    """The power of n by which W₂ between two samples of N(0, I) falls: −1/2 up to logarithms, from d = 3 on −1/d."""
    return -1 / max(dimension, 2)


def slope(sizes: Sequence[int], floor: Sequence[np.ndarray]) -> tuple[float, float]:
    """The slope of log mean against log n by least squares, and its standard error from that of the means.

    Args:
        floor: Repeats for every size.
    """
    x = np.log(sizes)
    means = np.array([values.mean() for values in floor])
    errors = np.array([values.std(ddof=1) / np.sqrt(len(values)) for values in floor]) / means
    pull = (x - x.mean()) / ((x - x.mean()) ** 2).sum()
    return float(pull @ np.log(means)), float(np.sqrt((pull**2 * errors**2).sum()))


def _masses(shape: Shape, edges: np.ndarray) -> np.ndarray:
    below, above = shape.cdf(edges), shape.sf(edges)
    # differences of the smaller tail keep the outer bins of a narrow shape from rounding to 0
    inner = np.where(below[1:] < 0.5, np.diff(below), -np.diff(above))
    masses = np.maximum(np.concatenate([below[:1], inner, above[-1:]]), 0.0)
    return masses / masses.sum()


def _draw(shape: Shape, size: tuple[int, int], generator: np.random.Generator) -> np.ndarray:
    """Independent draws, by the quickest way there is."""
    if isinstance(shape, Gaussian):
        return shape.mean + shape.sd * generator.standard_normal(size)
    if isinstance(shape, Uniform):
        return generator.uniform(shape.low, shape.high, size)
    if isinstance(shape, Laplace):
        return generator.laplace(shape.mean, shape.scale, size)
    if isinstance(shape, TwoGaussians):
        first = generator.random(size) < shape.weight
        mean, sd = np.where(first, shape.mean_1, shape.mean_2), np.where(first, shape.sd_1, shape.sd_2)
        return mean + sd * generator.standard_normal(size)
    return shape.quantile(generator.random(size))


def _paired(x: np.ndarray, y: np.ndarray, order: int) -> np.ndarray:
    """W_order of ascending samples of equal size along the last axis."""
    gap = np.abs(x - y)
    return gap.mean(-1) if order == 1 else np.sqrt((gap**2).mean(-1))


def _ends(p: Shape, q: Shape) -> np.ndarray:
    """Places, ascending, between which both distribution functions are smooth; nearly all mass lies between them."""
    odds = np.array([-25, -15, -8, -5, -3, -1.5, 0, 1.5, 3, 5, 8, 15, 25])
    return np.unique(np.concatenate([p.at_log_odds(odds), q.at_log_odds(odds), p.breaks, q.breaks]))


def _check_repeats(repeats: int) -> None:
    if not _LEAST_REPEATS <= repeats <= 2000:
        raise ValueError(f"repeats must be in [{_LEAST_REPEATS}, 2000], got {repeats!r}")
