"""Seven ways to say how far apart two densities on a line are, and where on the line each of them comes from.

Closed forms where there are any: the KL of a shape with a closed entropy to one with a simple log density; total
variation and W₁ from the places where the two densities, or the two F, are equal; W₂ within a family. The rest are
adaptive integrals. What is infinite is decided by the supports and never by a number.

Source: Cover & Thomas, 2006, §8.5; Tsybakov, 2009, §2.4; Peyré & Cuturi, 2019, arXiv:1803.00567, §2.6.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

import numpy as np

from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.quadrature import integrals
from playground.divergences.shapes import Histogram, Laplace, Shape, Uniform

Name = Literal["KL(P‖Q)", "KL(Q‖P)", "JS", "TV", "Hellinger", "W1", "W2"]
NAMES: Final[tuple[Name, ...]] = get_args(Name)
_TAIL: Final = 50.0  # log odds: beyond is 2e-22 of the mass
_LOOKS: Final = 2
_ROOT_STEPS: Final = 60  # about ten do
_COARSE: Final = np.array([0, 1, 3, 6, 12, 25, _TAIL])
_FINE: Final = np.concatenate([np.linspace(0, 8, 65), np.linspace(8.5, _TAIL, 84)])


@dataclass(frozen=True)
class Gap:
    """An interval where P has density and Q has none."""

    low: float
    high: float
    mass: float  # of P; may round to 0


@dataclass(frozen=True)
class Comparison:
    """How far P and Q are apart: the first three in nats, TV and Hellinger pure numbers, W₁ and W₂ in units of x."""

    kl_forward: float  # KL(P ‖ Q)
    kl_backward: float  # KL(Q ‖ P)
    js: float
    total_variation: float
    hellinger: float  # H, with H² = 1 − ∫ √(p q)
    w1: float
    w2: float

    def of(self, name: Name) -> float:
        """The value of the one called `name`."""
        values = (self.kl_forward, self.kl_backward, self.js, self.total_variation, self.hellinger, self.w1, self.w2)
        return dict(zip(NAMES, values, strict=True))[name]


@lru_cache(maxsize=256)
def compare(p: Shape, q: Shape) -> Comparison:
    """All seven."""
    if p == q:
        return Comparison(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    crossings = _crossings(p, q)
    middle, affinity = _js_and_hellinger(p, q)
    return Comparison(
        kl_density(p, q), kl_density(q, p), middle, _tv_at(p, q, crossings), affinity, _w1_at(p, q, crossings),
        w2_density(p, q),
    )  # fmt: skip


def kl_density(p: Shape, q: Shape) -> float:
    """KL(p ‖ q) = ∫ p log(p / q), in nats; inf exactly where p has density and q has none."""
    if p == q:
        return 0.0
    if gaps(p, q):
        return math.inf
    crossed = cross_entropy(p, q)
    if crossed is not None and p.entropy is not None:
        return max(crossed - p.entropy, 0.0)

    def terms(x: np.ndarray) -> np.ndarray:
        return _log_ratio_times(p.log_pdf(x), q.log_pdf(x))[None]

    return max(float(integrals(terms, _edges(p, q, _COARSE))[0]), 0.0)


def cross_entropy(p: Shape, q: Shape) -> float | None:
    """−∫ p log q in nats, where it has a closed form: for all but a mixture as q. q has to cover p."""
    if isinstance(q, TwoGaussians) and len(q.parts) == 1:
        q = q.parts[0][1]
    if isinstance(q, Gaussian):
        spread = (p.variance + (p.mean - q.mean) ** 2) / q.variance
        return math.log(q.sd) + 0.5 * math.log(2 * math.pi) + 0.5 * spread
    if isinstance(q, Laplace):
        away = 2 * float(p.cdf_integral(q.mean)) + p.mean - q.mean  # E |X − mean|
        return math.log(2 * q.scale) + away / q.scale
    if isinstance(q, Uniform):
        return math.log(q.width)
    if isinstance(q, Histogram):
        edges = np.asarray(q.edges)
        mass = np.minimum(np.diff(p.cdf(edges)), 1.0)
        some = np.asarray(q.masses) > 0
        return -float(mass[some] @ q.log_pdf((edges[:-1] + edges[1:]) / 2)[some])
    return None


def w2_density(p: Shape, q: Shape) -> float:
    """W₂(p, q) = (∫₀¹ (Q_p(u) − Q_q(u))² du)^½, in units of x."""
    if type(p) is type(q) and isinstance(p, Gaussian | Uniform | Laplace):  # a family of shifts and scales
        return math.hypot(p.mean - q.mean, p.standard_deviation - q.standard_deviation)

    def terms(t: np.ndarray) -> np.ndarray:
        away = np.exp(-np.abs(t))
        return ((p.at_log_odds(t) - q.at_log_odds(t)) ** 2 * (away / (1 + away) ** 2))[None]

    places = [(shape, np.concatenate([shape.breaks, shape.landmarks(_COARSE)])) for shape in (p, q)]
    edges = np.unique(np.clip([*np.concatenate([_log_odds(*place) for place in places]), -_TAIL, _TAIL], -_TAIL, _TAIL))
    return math.sqrt(float(integrals(terms, edges)[0]))


def gaps(p: Shape, q: Shape) -> tuple[Gap, ...]:
    """Where p has density and q has none, ascending: not empty exactly if KL(p ‖ q) is infinite."""
    holes = zip((-math.inf, *(high for _, high in q.support)), (*(low for low, _ in q.support), math.inf), strict=True)
    shared = ((max(a, c), min(b, d)) for a, b in holes for c, d in p.support)
    return tuple(Gap(low, high, float(_masses(p, np.array([low, high]))[0])) for low, high in shared if low < high)


@lru_cache(maxsize=256)
def favoured(p: Shape, q: Shape) -> tuple[float, float]:
    """P(A) and Q(A) of the event A where p > q: the one about which they differ most, by their total variation."""
    if p == q:
        return 0.0, 0.0
    ends = np.concatenate([[-math.inf], _crossings(p, q), [math.inf]])
    masses = np.stack([_masses(shape, ends) for shape in (p, q)])
    chosen = masses[:, masses[0] > masses[1]].sum(1)
    return min(float(chosen[0]), 1.0), min(float(chosen[1]), 1.0)


@lru_cache(maxsize=256)
def kl_parts(p: Shape, q: Shape) -> tuple[float, float]:
    """What KL(p ‖ q) sums up where p > q, which may be infinite, and where q > p, 0 or less; in nats."""
    if p == q:
        return 0.0, 0.0

    def terms(x: np.ndarray) -> np.ndarray:
        values = integrand("KL(P‖Q)", p, q, x)
        values = np.where(np.isinf(values), 0.0, values)
        return np.stack([np.maximum(values, 0), np.minimum(values, 0)])

    above, below = integrals(terms, _edges(p, q, _COARSE))
    return math.inf if gaps(p, q) else float(above), float(below)


def integrand(name: Name, p: Shape, q: Shape, x: np.ndarray) -> np.ndarray:
    """What is summed up to give the divergence `name`, at each x; the shape of x.

    For Hellinger it gives H², for W₁ the gap |F_p − F_q|. W₂² is a sum over levels: for it, x are levels u in (0, 1)
    and what comes back is (Q_p(u) − Q_q(u))². KL's may be negative; it is inf where only q is 0.
    """
    if name == "W2":
        return (p.quantile(x) - q.quantile(x)) ** 2
    if name == "W1":
        return np.abs(_gap_of_cdfs(p, q, x))
    log_p, log_q = p.log_pdf(x), q.log_pdf(x)
    if name == "KL(P‖Q)":
        return _log_ratio_times(log_p, log_q)
    if name == "KL(Q‖P)":
        return _log_ratio_times(log_q, log_p)
    if name == "JS":
        return _js_terms(log_p, log_q)
    if name == "Hellinger":
        return 0.5 * (np.exp(log_p / 2) - np.exp(log_q / 2)) ** 2
    return 0.5 * np.abs(np.exp(log_p) - np.exp(log_q))


def _log_ratio_times(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    both = np.isfinite(log_p) & np.isfinite(log_q)
    ratio = np.where(both, log_p, 0.0) - np.where(both, log_q, 0.0)
    # also where p itself rounds to 0: the logarithm knows better
    return np.where(np.isfinite(log_p) & ~np.isfinite(log_q), np.inf, np.exp(log_p) * ratio)


def _js_terms(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    larger = np.maximum(log_p, log_q)
    some = np.isfinite(larger)
    scale = np.where(some, larger, 0.0)
    a, b = np.exp(log_p - scale), np.exp(log_q - scale)  # one of them is 1
    whole = np.where(some, a + b, 1.0)
    terms = sum(part * np.log(np.divide(2 * part, whole, where=part > 0, out=np.ones_like(part))) for part in (a, b))
    return np.where(some, np.exp(larger), 0.0) * np.maximum(0.5 * terms, 0.0)


def _js_and_hellinger(p: Shape, q: Shape) -> tuple[float, float]:
    def terms(x: np.ndarray) -> np.ndarray:
        log_p, log_q = p.log_pdf(x), q.log_pdf(x)
        return np.stack([_js_terms(log_p, log_q), 0.5 * (np.exp(log_p / 2) - np.exp(log_q / 2)) ** 2])

    middle, squared = integrals(terms, _edges(p, q, _COARSE))
    if isinstance(p, Gaussian) and isinstance(q, Gaussian):
        both = p.variance + q.variance
        squared = -math.expm1(0.5 * math.log1p(-((p.sd - q.sd) ** 2) / both) - (p.mean - q.mean) ** 2 / (4 * both))
    return min(float(middle), math.log(2)), min(math.sqrt(squared), 1.0)


def _tv_at(p: Shape, q: Shape, crossings: np.ndarray) -> float:
    """Between two places where the densities cross, F_p − F_q only rises or only falls."""
    heights = _gap_of_cdfs(p, q, crossings)
    return min(0.5 * float(np.abs(np.diff(heights, prepend=0.0, append=0.0)).sum()), 1.0)


def _w1_at(p: Shape, q: Shape, crossings: np.ndarray) -> float:
    """∫ |F_p − F_q|, by the integrals of F between the places where it changes sign: one at most between crossings."""
    heights = _gap_of_cdfs(p, q, crossings)
    turns = _roots(lambda x: _gap_of_cdfs(p, q, x), crossings, heights, ())
    areas = p.cdf_integral(turns) - q.cdf_integral(turns)
    return float(np.abs(np.diff(areas, prepend=0.0, append=q.mean - p.mean)).sum())


def _gap_of_cdfs(p: Shape, q: Shape, x: np.ndarray) -> np.ndarray:
    """F_p − F_q, from the upper tails where both are above a half."""
    below = p.cdf(x), q.cdf(x)
    upper = np.minimum(*below) > 0.5
    return np.where(upper, q.sf(x) - p.sf(x), below[0] - below[1])


def _masses(shape: Shape, ends: np.ndarray) -> np.ndarray:
    """The mass between each two neighbours of `ends`, from the tail that is the smaller."""
    below, above = shape.cdf(ends), shape.sf(ends)
    return np.maximum(np.where(below[:-1] < 0.5, np.diff(below), -np.diff(above)), 0.0)


@lru_cache(maxsize=64)
def _crossings(p: Shape, q: Shape) -> np.ndarray:
    """The places, ascending, where p − q changes its sign, by a crossing or by a jump."""
    edges = _edges(p, q, _FINE)
    breaks = np.unique(np.concatenate([p.breaks, q.breaks, [edges[0], edges[-1]]]))
    beside = 1e-9 * np.diff(breaks)
    x = np.unique(np.concatenate([edges[~np.isin(edges, breaks)], breaks[:-1] + beside, breaks[1:] - beside]))
    d = _log_ratio(p, q, x)
    # two crossings between neighbours show as a dip towards 0: look at the bottom of the parabola through it
    for _ in range(_LOOKS):
        bottoms = _bottoms(x, d)
        if not len(bottoms):
            break
        x = np.unique(np.concatenate([x, bottoms]))
        d = _log_ratio(p, q, x)
    return _roots(lambda at: _log_ratio(p, q, at), x, d, tuple(breaks))


def _bottoms(x: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Where d comes nearest to 0 without crossing it, by the parabola through each such place and its neighbours."""
    with np.errstate(invalid="ignore"):  # inf - inf and 0 · inf, which `inner` leaves out
        rises = np.diff(d) / np.diff(x)
        inner = (d[1:-1] * rises[:-1] < 0) & (d[1:-1] * rises[1:] > 0)
    finite = np.isfinite(d)
    i = np.flatnonzero(inner & finite[:-2] & finite[1:-1] & finite[2:])
    bend = (rises[i + 1] - rises[i]) / (x[i + 2] - x[i])
    return (x[i] + x[i + 1]) / 2 - rises[i] / (2 * bend)


def _log_ratio(p: Shape, q: Shape, x: np.ndarray) -> np.ndarray:
    """log p − log q, 0 where both are nothing."""
    log_p, log_q = p.log_pdf(x), q.log_pdf(x)
    neither = np.isneginf(log_p) & np.isneginf(log_q)
    return np.where(neither, 0.0, np.where(neither, 0.0, log_p) - np.where(neither, 0.0, log_q))


def _roots(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, values: np.ndarray, breaks: tuple[float, ...]
) -> np.ndarray:
    """Where f changes its sign between two of the x, ascending; a change across a break is at the break."""
    some = values != 0
    x, values = x[some], values[some]
    turns = np.flatnonzero(values[:-1] * values[1:] < 0)
    low, high = x[turns], x[turns + 1]
    at = np.append(breaks, math.inf)
    after = at[np.searchsorted(at, low)]
    jump = after <= high
    roots = np.where(jump, after, low)
    smooth = turns[~jump]
    if len(smooth):
        roots[~jump] = _bracketed(f, x[smooth], x[smooth + 1], values[smooth], values[smooth + 1])
    return roots


def _bracketed(
    f: Callable[[np.ndarray], np.ndarray], a: np.ndarray, b: np.ndarray, fa: np.ndarray, fb: np.ndarray
) -> np.ndarray:
    """A root in each bracket. Chandrupatla, Advances in Engineering Software 28:145, 1997."""
    share = np.full(len(a), 0.5)
    for _ in range(_ROOT_STEPS):
        x = a + share * (b - a)
        fx = f(x)
        same = np.sign(fx) == np.sign(fa)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = x, fx
        narrow = 2e-12 * (1 + np.abs(a)) / np.maximum(np.abs(b - a), 1e-300)
        if ((narrow > 0.5) | (fa == 0)).all():
            break
        across, up = (a - b) / (c - b), (fa - fb) / np.where(fc == fb, 1.0, fc - fb)
        quadratic = (up**2 < across) & ((1 - up) ** 2 < 1 - across)  # the inverse parabola stays in the bracket
        with np.errstate(divide="ignore", invalid="ignore"):  # where it does not, it is not used
            inverse = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        share = np.clip(np.where(quadratic, inverse, 0.5), np.minimum(narrow, 0.5), 1 - np.minimum(narrow, 0.5))
    return a


def _edges(p: Shape, q: Shape, odds: np.ndarray) -> np.ndarray:
    """Places, ascending, that follow both shapes: the breaks, and their landmarks at `odds`."""
    found = np.unique(np.concatenate([p.breaks, q.breaks, p.landmarks(odds), q.landmarks(odds)]))
    apart = np.diff(found, prepend=-math.inf) > 1e-12 * (found[-1] - found[0])
    return found[apart]


def _log_odds(shape: Shape, x: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):  # log 0 = -inf is meant
        return np.log(shape.cdf(x)) - np.log(shape.sf(x))
