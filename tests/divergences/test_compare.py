"""The seven divergences of two shapes against scipy's integrals of scipy's densities, closed forms and their laws."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import wasserstein_distance
from shape_cases import BARS, MANY_BARS, SHAPES, scipys

from playground.divergences import gaussian_kl, gaussian_w2, js, kl, total_variation, wasserstein_1d
from playground.divergences.compare import NAMES, compare, favoured, gaps, integrand, kl_parts
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.quadrature import integrals
from playground.divergences.shapes import Histogram, Laplace, Uniform

PAIRS = list(itertools.combinations(SHAPES, 2))
few = settings(max_examples=40, deadline=None, derandomize=True)
each_pair = pytest.mark.parametrize(("first", "second"), PAIRS)
means, widths = st.floats(-4, 4), st.floats(0.1, 4)
gaussians = st.builds(Gaussian, means, widths)
laplaces = st.builds(Laplace, means, widths)
uniforms = st.builds(lambda low, width: Uniform(low, low + width), means, widths)
mixtures = st.builds(TwoGaussians, st.floats(0, 1), means, widths, means, widths)
bars = st.lists(st.integers(0, 5), min_size=6, max_size=6).filter(sum)
histograms = bars.map(lambda m: Histogram((-3.0, -2.0, -1.0, 0.0, 1.5, 2.0, 4.0), tuple(n / sum(m) for n in m)))
shapes = st.one_of(gaussians, laplaces, uniforms, mixtures, histograms)


def by_pieces(f, *known):
    """∫ f by scipy, piece by piece between everything where one of the shapes changes quickly."""
    odds = [-36, -20, -10, -5, -2, 0, 2, 5, 10, 20, 36]
    places = {place for shape in known for place in (*shape.breaks, *shape.at_log_odds(odds).tolist())}
    places = sorted(places)
    return sum(quad(f, low, high, epsabs=1e-11, epsrel=1e-9, limit=200)[0] for low, high in itertools.pairwise(places))


def by_scipy(name, p, q):
    """The divergence `name` as its definition says, with scipy's densities and scipy's integrals."""
    a, b = scipys(p), scipys(q)
    if name == "KL(Q‖P)":
        return by_scipy("KL(P‖Q)", q, p)

    def terms(x):
        f, g = float(a.pdf(x)), float(b.pdf(x))
        if name == "KL(P‖Q)":
            return f * (float(p.log_pdf(x)) - float(q.log_pdf(x))) if f > 0 else 0.0
        if name == "JS":
            return sum(0.5 * part * math.log(2 * part / (f + g)) for part in (f, g) if part > 0)
        if name == "TV":
            return 0.5 * abs(f - g)
        if name == "Hellinger":
            return 0.5 * (math.sqrt(f) - math.sqrt(g)) ** 2
        return abs(float(a.cdf(x)) - float(b.cdf(x)))

    total = by_pieces(terms, p, q)
    return math.sqrt(total) if name == "Hellinger" else total


SOME = [
    ("Gaussian", "mixture"), ("mixture", "far mixture"), ("narrow", "Laplace"), ("far mixture", "Gaussian"),
    ("uniform", "Laplace"), ("bars", "mixture"), ("many bars", "bars"), ("small uniform", "narrow"),
    ("one of two", "Laplace"), ("Laplace", "many bars"), ("uniform", "bars"),
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES[:-1])
@pytest.mark.parametrize(("first", "second"), SOME)
@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")  # |p − q| has kinks that quad has to find
def test_each_is_its_definition(name, first, second):
    p, q = SHAPES[first], SHAPES[second]
    found = compare(p, q).of(name)
    if name.startswith("KL") and gaps(*((p, q) if name == "KL(P‖Q)" else (q, p))):
        assert found == math.inf
        return
    assert found == pytest.approx(by_scipy(name, p, q), rel=2e-8, abs=2e-8)


@each_pair
def test_w2_and_w1_are_those_of_equally_likely_quantiles(first, second):
    p, q = SHAPES[first], SHAPES[second]
    u = (np.arange(10_000) + 0.5) / 10_000
    found = compare(p, q)
    for order, value in ((1, found.w1), (2, found.w2)):
        assert value == pytest.approx(wasserstein_1d(p.quantile(u), q.quantile(u), order=order), rel=5e-3, abs=5e-3)
    assert found.w1 == pytest.approx(wasserstein_distance(p.quantile(u), q.quantile(u)), rel=5e-3, abs=5e-3)


def w2_of_two_histograms(p, q):
    """Exact: both quantile functions are straight between the levels of their edges."""
    levels = np.unique(np.concatenate([np.cumsum((0, *p.masses)), np.cumsum((0, *q.masses))]).clip(0, 1))
    levels = levels[np.append(True, np.diff(levels) > 1e-12)]
    inner = 1e-9 * np.diff(levels)
    a = p.quantile(levels[:-1] + inner) - q.quantile(levels[:-1] + inner)
    b = p.quantile(levels[1:] - inner) - q.quantile(levels[1:] - inner)
    return math.sqrt(np.diff(levels) @ (a * a + a * b + b * b) / 3)


def test_w2_of_histograms_is_exact():
    assert compare(BARS, MANY_BARS).w2 == pytest.approx(w2_of_two_histograms(BARS, MANY_BARS), abs=1e-7)


@pytest.mark.parametrize(
    ("first", "second"), [("mixture", "Gaussian"), ("far mixture", "Laplace"), ("bars", "mixture")]
)
@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")
def test_w2_is_the_integral_of_squared_quantile_gaps(first, second):
    p, q = SHAPES[first], SHAPES[second]
    jumps = [float(a.cdf(x)) for a in (p, q) for x in a.breaks]
    levels = sorted({1e-13, 1e-6, 1e-3, 0.1, 0.5, 0.89, 0.9, 0.91, 0.999, 1 - 1e-6, 1 - 1e-13, *jumps} - {0.0, 1.0})
    squared = sum(
        quad(lambda u: float((p.quantile(u) - q.quantile(u)) ** 2), low, high, epsabs=1e-10, limit=200)[0]
        for low, high in itertools.pairwise(levels)
    )
    assert compare(p, q).w2 == pytest.approx(math.sqrt(squared), rel=1e-6)


# -- closed forms


@few
@given(gaussians, gaussians)
def test_gaussians_have_their_closed_forms(p, q):
    found = compare(p, q)
    assert found.kl_forward == pytest.approx(gaussian_kl(p.mean, p.sd**2, q.mean, q.sd**2), rel=1e-9, abs=1e-12)
    assert found.w2 == pytest.approx(gaussian_w2(p.mean, p.sd**2, q.mean, q.sd**2), rel=1e-9, abs=1e-12)
    both = p.sd**2 + q.sd**2
    affinity = math.sqrt(2 * p.sd * q.sd / both) * math.exp(-((p.mean - q.mean) ** 2) / (4 * both))
    assert found.hellinger**2 == pytest.approx(1 - affinity, abs=1e-12)
    if p.sd == q.sd:
        assert found.w1 == pytest.approx(abs(p.mean - q.mean), abs=1e-12)


@few
@given(laplaces, laplaces)
def test_laplaces_have_their_closed_form(p, q):
    away = abs(p.mean - q.mean)
    known = math.log(q.scale / p.scale) + (p.scale * math.exp(-away / p.scale) + away) / q.scale - 1
    assert compare(p, q).kl_forward == pytest.approx(known, rel=1e-9, abs=1e-12)


@few
@given(uniforms, uniforms)
def test_uniforms_have_their_closed_forms(p, q):
    found = compare(p, q)
    shared = max(min(p.high, q.high) - max(p.low, q.low), 0.0)
    inside = q.low <= p.low and p.high <= q.high
    assert found.kl_forward == (pytest.approx(math.log(q.width / p.width), abs=1e-12) if inside else math.inf)
    assert found.total_variation == pytest.approx(1 - shared / max(p.width, q.width), abs=1e-9)
    assert found.hellinger**2 == pytest.approx(1 - shared / math.sqrt(p.width * q.width), abs=1e-9)
    wider = (q.width - p.width) ** 2 / 12
    assert found.w2 == pytest.approx(math.sqrt((p.mean - q.mean) ** 2 + wider), abs=1e-9)
    ends = abs(p.low - q.low), abs(p.high - q.high)
    same_way = (p.low - q.low) * (p.high - q.high) >= 0
    w1 = sum(ends) / 2 if same_way else (ends[0] ** 2 + ends[1] ** 2) / (2 * sum(ends))
    assert found.w1 == pytest.approx(w1, abs=1e-9)


@few
@given(bars, bars)
def test_histograms_over_the_same_bars_are_as_far_apart_as_their_masses(a, b):
    a, b = np.array(a) / sum(a), np.array(b) / sum(b)
    edges = (-3.0, -2.0, -1.0, 0.0, 1.5, 2.0, 4.0)
    found = compare(Histogram(edges, tuple(a.tolist())), Histogram(edges, tuple(b.tolist())))
    assert found.kl_forward == pytest.approx(kl(a, b), abs=1e-9)
    assert found.js == pytest.approx(js(a, b), abs=1e-9)
    assert found.total_variation == pytest.approx(total_variation(a, b), abs=1e-9)


def test_half_width_and_half_mass_are_what_one_expects():
    p, q = Uniform(0, 1), Uniform(0, 2)
    found = compare(p, q)
    assert found.kl_forward == pytest.approx(math.log(2))
    assert found.kl_backward == math.inf
    assert found.total_variation == pytest.approx(0.5)
    assert found.w1 == pytest.approx(0.5)


# -- laws


@few
@given(shapes, shapes)
def test_the_laws_hold(p, q):
    found, back = compare(p, q), compare(q, p)
    assert found.kl_forward == pytest.approx(back.kl_backward, rel=1e-9, abs=1e-12)
    for name in NAMES[2:]:
        assert found.of(name) == pytest.approx(back.of(name), rel=1e-7, abs=1e-9)
    h, tv = found.hellinger, found.total_variation
    assert 0 <= found.js <= math.log(2)
    assert 0 <= h**2 <= tv + 1e-8
    assert tv <= h * math.sqrt(2 - h**2) + 1e-8 <= 1 + 2e-8
    assert tv <= math.sqrt(found.kl_forward / 2) + 1e-8
    assert h**2 <= found.js / math.log(2) + 1e-8
    assert found.js / math.log(2) <= tv + 1e-8
    assert found.w1 <= found.w2 * (1 + 1e-7) + 1e-9
    assert abs(p.mean - q.mean) <= found.w1 + 1e-9
    assert math.isinf(found.kl_forward) == bool(gaps(p, q))


@few
@given(shapes, shapes, shapes)
def test_the_metrics_obey_the_triangle(p, q, r):
    pq, qr, pr = compare(p, q), compare(q, r), compare(p, r)
    for name in ("TV", "Hellinger", "W1", "W2"):
        assert pr.of(name) <= pq.of(name) + qr.of(name) + 1e-7
    assert math.sqrt(pr.js) <= math.sqrt(pq.js) + math.sqrt(qr.js) + 1e-7


@few
@given(shapes)
def test_nothing_is_apart_from_itself(p):
    assert [compare(p, p).of(name) for name in NAMES] == [0.0] * 7


@few
@given(shapes, st.floats(-3, 3))
def test_a_shift_costs_its_length(p, shift):
    assume(abs(shift) > 1e-6)
    moved = {
        Gaussian: lambda: Gaussian(p.mean + shift, p.sd),
        Laplace: lambda: Laplace(p.mean + shift, p.scale),
        Uniform: lambda: Uniform(p.low + shift, p.high + shift),
        TwoGaussians: lambda: TwoGaussians(p.weight, p.mean_1 + shift, p.sd_1, p.mean_2 + shift, p.sd_2),
        Histogram: lambda: Histogram(tuple(edge + shift for edge in p.edges), p.masses),
    }[type(p)]()
    found = compare(p, moved)
    assert found.w1 == pytest.approx(abs(shift), rel=1e-7)
    assert found.w2 == pytest.approx(abs(shift), rel=1e-7)


@few
@given(gaussians)
def test_a_mixture_of_one_is_a_gaussian(p):
    alone, other = TwoGaussians(1.0, p.mean, p.sd, 3.0, 0.5), TwoGaussians(0.5, p.mean, p.sd, p.mean, p.sd)
    reference = Gaussian(1.0, 0.7)
    for name in NAMES:
        wanted = compare(p, reference).of(name)
        assert compare(alone, reference).of(name) == pytest.approx(wanted, rel=1e-7, abs=1e-9)
        assert compare(other, reference).of(name) == pytest.approx(wanted, rel=1e-7, abs=1e-9)


# -- infinite, and where


def test_what_one_has_and_the_other_not_is_named_with_its_mass():
    (below, above) = gaps(Gaussian(0, 1), Uniform(-1, 2))
    assert (below.low, below.high, above.low, above.high) == (-math.inf, -1, 2, math.inf)
    assert below.mass == pytest.approx(0.15865525393145707)
    assert above.mass == pytest.approx(0.022750131948179195)
    (hole,) = gaps(Uniform(-2.5, 1.0), BARS)
    assert (hole.low, hole.high, hole.mass) == (0.0, 0.5, pytest.approx(0.5 / 3.5))
    assert gaps(Uniform(0, 1), Uniform(0, 1)) == gaps(BARS, Laplace(0, 1)) == ()


def test_a_mass_that_rounds_to_nothing_is_infinite_all_the_same():
    found = compare(Gaussian(0, 0.1), Uniform(-8, 8))
    assert found.kl_forward == math.inf
    assert compare(Uniform(-8, 8), Gaussian(0, 0.1)).kl_forward == pytest.approx(
        -math.log(16) + math.log(0.1 * math.sqrt(2 * math.pi)) + 64 / 3 / 0.02
    )


@pytest.mark.parametrize("gap", [0.0, 2.0, 6.0])
def test_a_sharp_bend_between_two_narrow_bumps_is_seen(gap):
    p, q = TwoGaussians(0.3, -gap / 2, 0.2, gap / 2, 0.25), Gaussian(4.0, 6.0)

    def integrand(x):
        return float(q.pdf(x) * (q.log_pdf(x) - p.log_pdf(x)))

    cuts = [-60, -20, -3, -1, *np.linspace(-0.5, 0.5, 21), 1, 3, 20, 68]  # the bend is near 0
    truth = sum(quad(integrand, a, b, epsabs=1e-12, epsrel=1e-12)[0] for a, b in itertools.pairwise(cuts))
    assert compare(p, q).kl_backward == pytest.approx(truth, rel=1e-9)


def test_touching_uniforms_reach_the_ceilings():
    found = compare(Uniform(0, 1), Uniform(1, 2))
    assert found.js == pytest.approx(math.log(2), abs=1e-12)
    assert found.total_variation == pytest.approx(1, abs=1e-12)
    assert found.hellinger == pytest.approx(1, abs=1e-12)
    assert found.w1 == found.w2 == pytest.approx(1)


def test_a_peak_that_barely_looks_over_a_plateau_is_found():
    p = TwoGaussians(0.37, -0.9, 1.0, 0.83, 1.1)
    x = np.linspace(-1, 1, 200_001)
    height = p.pdf(x).max() - 1e-6
    q = Uniform(-1.2, 1 / height - 1.2)
    low, high = x[p.pdf(x) > height][[0, -1]]
    assert high - low < 0.02  # far less than between two places that are looked at
    mine, yours = favoured(p, q)
    tails = p.cdf(q.low) + p.sf(q.high)
    assert mine == pytest.approx(tails + p.cdf(high) - p.cdf(low), abs=1e-5)
    assert yours == pytest.approx((high - low) * height, abs=1e-5)


# -- where it comes from


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("first", "second"), [("Gaussian", "mixture"), ("mixture", "Laplace"), ("Laplace", "Gaussian")]
)
def test_the_integrand_sums_up_to_the_divergence(name, first, second):
    p, q = SHAPES[first], SHAPES[second]
    x = (np.arange(200_000) + 0.5) / 200_000 if name == "W2" else np.linspace(-30, 30, 200_001)
    values = integrand(name, p, q, x)
    assert values.shape == x.shape
    total = values.mean() if name == "W2" else values.sum() * (x[1] - x[0])
    found = compare(p, q).of(name)
    assert (math.sqrt(total) if name in ("Hellinger", "W2") else total) == pytest.approx(found, rel=2e-4)


def test_the_integrand_of_kl_is_signed_and_infinite_where_only_q_is_nothing():
    values = integrand("KL(P‖Q)", Gaussian(0, 1), Uniform(-1, 3), np.array([-2.0, 0.0, 2.5, 4.0]))
    assert values[0] == values[3] == math.inf
    assert values[1] > 0 > values[2]
    assert integrand("KL(Q‖P)", Gaussian(0, 1), Uniform(-1, 3), np.array([-2.0]))[0] == 0


def test_the_integrand_is_infinite_also_where_p_rounds_to_nothing():
    far = np.array([-60.0])
    assert Gaussian(0, 1).pdf(far) == 0
    assert integrand("KL(P‖Q)", Gaussian(0, 1), Uniform(-1, 3), far) == math.inf
    assert integrand("KL(Q‖P)", Gaussian(0, 1), Uniform(-1, 3), far) == 0


@few
@given(shapes, shapes)
def test_only_kl_has_negative_integrands(p, q):
    x, u = np.linspace(-9, 9, 60), np.linspace(0.01, 0.99, 60)
    for name in NAMES[2:]:
        assert (integrand(name, p, q, u if name == "W2" else x) >= 0).all()


@few
@given(shapes, shapes)
def test_the_favoured_event_is_the_one_they_differ_most_about(p, q):
    mine, yours = favoured(p, q)
    assert mine - yours == pytest.approx(compare(p, q).total_variation, abs=1e-9)
    assert 0 <= yours <= mine <= 1 + 1e-12
    x = np.linspace(-25, 25, 200_001)
    chosen = p.pdf(x) > q.pdf(x)
    assert mine == pytest.approx(p.pdf(x)[chosen].sum() * (x[1] - x[0]), abs=3e-3)


@few
@given(shapes, shapes)
def test_the_two_parts_of_kl_are_where_p_is_larger_and_where_q_is(p, q):
    above, below = kl_parts(p, q)
    assert above + below == pytest.approx(compare(p, q).kl_forward, rel=1e-6, abs=1e-8)
    x = np.linspace(-25, 25, 200_001)
    values = np.where(q.pdf(x) > p.pdf(x), integrand("KL(P‖Q)", p, q, x), 0)
    assert below == pytest.approx(values.sum() * (x[1] - x[0]), abs=3e-3)
    assert (below <= 0 <= above) or p == q


# -- the integrals


def test_the_rules_are_exact_for_polynomials():
    """15 points of Kronrod integrate degree 22 exactly; wrong digits in a node or weight would show."""
    degrees = np.arange(23)
    found = integrals(lambda x: x ** degrees[:, None], np.array([-1.0, 1.0]))
    assert found == pytest.approx(np.where(degrees % 2, 0, 2 / (degrees + 1)), abs=1e-14)


def test_panels_are_halved_where_it_is_needed():
    found = integrals(
        lambda x: np.stack([np.exp(-(((x - 0.123) / 1e-3) ** 2)), np.sqrt(np.abs(x))]), np.array([-1.0, 0, 1])
    )
    assert found == pytest.approx([1e-3 * math.sqrt(math.pi), 4 / 3], rel=1e-8)
