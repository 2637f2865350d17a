"""Estimates from samples: against their exact means, other libraries on the same samples, and closed forms."""

import itertools
import math

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy, ks_2samp, laplace, norm, wasserstein_distance

from playground.divergences import wasserstein_1d
from playground.divergences.estimates import (
    CLOUD_SIZES,
    DIMENSIONS,
    DIVERGENCES,
    PAIRS,
    POINT_SIZES,
    SIZES,
    CloudStudy,
    Estimates,
    HistogramStudy,
    PointStudy,
    cloud_estimates,
    cloud_floor,
    cloud_w2,
    histogram_estimates,
    plug_in,
    point_estimates,
    rate,
    slope,
    summarise,
)
from playground.divergences.gaussians import Gaussian
from playground.divergences.shapes import Histogram

SAME, SHIFT, WIDE_P, APART = (PAIRS[name] for name in ("The same", "A shift", "Wide P", "Half apart"))
each_divergence = pytest.mark.parametrize("divergence", DIVERGENCES)


def test_the_sizes_are_round_and_as_the_knob_offers_them():
    assert (SIZES[0], SIZES[-1], POINT_SIZES[-1], CLOUD_SIZES[-1]) == (10, 100_000, 10_000, 560)
    assert all(float(f"{10 ** (1 + i / 4):.2g}") == n for i, n in enumerate(SIZES))


# -- histograms


def test_bins_are_of_equal_width_between_the_tails_and_hold_all_mass():
    study = HistogramStudy(*PAIRS["Heavy tails"], bins=12)
    low, high = laplace.ppf([0.005, 0.995])
    np.testing.assert_allclose(study.edges, np.linspace(low, high, 13)[1:-1], atol=1e-12)
    for masses, law in zip(study.masses, (laplace(), norm(0, 1.4)), strict=True):
        np.testing.assert_allclose(masses, np.diff(law.cdf([-np.inf, *study.edges, np.inf])), rtol=1e-9)
        assert masses.sum() == pytest.approx(1, abs=1e-15)


def test_a_bin_far_out_keeps_its_mass():
    study = HistogramStudy(Gaussian(0.0, 8.0), Gaussian(0.0, 1.0), bins=20)
    left, right = study.masses[1][0], study.masses[1][-1]
    assert left == pytest.approx(right, rel=1e-9)
    assert right == pytest.approx(norm.sf(study.edges[-1]), rel=1e-9)
    assert 0 < right < 1e-50


@pytest.mark.parametrize("pseudo_count", [0.0, 1.0])
@pytest.mark.parametrize("known", [False, True])
def test_a_plug_in_estimate_is_the_divergence_of_the_two_histograms(pseudo_count, known):
    rng = np.random.default_rng(0)
    counts, other = rng.multinomial(200, np.full(20, 1 / 20), size=(2, 3))
    q = np.linspace(1, 2, 20) / 30 if known else other
    for divergence in DIVERGENCES:
        study = HistogramStudy(*SAME, divergence, pseudo_count=pseudo_count, known=known)
        for i, found in enumerate(plug_in(counts, q, study, 200)):
            p_hat, q_hat = (c / c.sum() for c in (counts[i] + pseudo_count, q if known else q[i] + pseudo_count))
            other_library = {
                "KL": entropy(p_hat, q_hat), "JS": jensenshannon(p_hat, q_hat) ** 2,
                "TV": np.maximum(p_hat - q_hat, 0).sum(), "H²": 1 - np.sqrt(p_hat * q_hat).sum(),
            }  # fmt: skip
            assert found == pytest.approx(other_library[divergence], abs=1e-12)


@each_divergence
@pytest.mark.parametrize("pair", ["The same", "A small shift", "Two bumps"])
@pytest.mark.parametrize(("known", "pseudo_count"), [(False, 0.0), (True, 0.0), (False, 1.0)])
def test_the_repeats_average_to_the_exact_mean(divergence, pair, known, pseudo_count):
    study = HistogramStudy(*PAIRS[pair], divergence, bins=8, known=known, pseudo_count=pseudo_count, repeats=300)
    run = histogram_estimates(study)
    for found, exact in ((run.summaries, run.expected), (run.floor_summaries, run.expected_floor)):
        away = np.array([(s.mean - e) / s.error for s, e in zip(found, exact, strict=True) if np.isfinite(e)])
        assert len(away) >= 4
        assert np.abs(away).max() < 4


def test_counts_have_the_law_of_binned_draws():
    study = HistogramStudy(*SHIFT, "JS", bins=10, repeats=1000)
    n, (p, q) = 100, SHIFT
    rng = np.random.default_rng(5)
    ends = np.array([-np.inf, *study.edges, np.inf])
    draws = [rng.normal(shape.mean, shape.sd, size=(1000, n)) for shape in (p, q)]
    binned = [np.stack([np.histogram(row, ends)[0] for row in sample]) for sample in draws]
    run = histogram_estimates(study)
    assert ks_2samp(plug_in(*binned, study, n), run.values[run.index(n)]).pvalue > 0.01


def test_infinite_estimates_are_counted_and_never_dropped():
    run = histogram_estimates(HistogramStudy(*WIDE_P, bins=12))
    assert run.summaries[0].infinite > 390
    for values, summary in zip(run.values, run.summaries, strict=True):
        assert len(values) == summary.repeats == 400
        assert summary.infinite == np.isinf(values).sum()
        assert np.isinf(summary.high) == (summary.infinite > 10)
    assert 0 < run.summaries[-1].infinite < 390
    assert np.isinf(run.expected).all()


def test_the_share_of_infinite_estimates_is_within_what_the_blocking_bins_allow():
    from playground.divergences.expectations import blocking_bins

    study = HistogramStudy(*WIDE_P, bins=12, repeats=2000)
    p, q = study.masses
    for n, summary in zip(SIZES, histogram_estimates(study).summaries, strict=True):
        bound = min(1.0, blocking_bins(p, q, n))
        assert summary.infinite / 2000 <= bound + 4 * math.sqrt(bound * (1 - bound) / 2000) + 1e-3
        if 1e-2 < bound < 0.05:  # then two such bins at once hardly happen
            assert summary.infinite / 2000 == pytest.approx(bound, abs=4 * math.sqrt(bound / 2000))


def test_an_infinite_divergence_stays_infinite_only_if_the_bins_tell():
    assert histogram_estimates(HistogramStudy(*APART, bins=20)).limit == np.inf
    coarse = histogram_estimates(HistogramStudy(*APART, bins=2))
    assert coarse.truth == np.inf
    assert coarse.limit == pytest.approx(0.5 * math.log(3), rel=1e-9)  # (¾, ¼) against (¼, ¾)


def test_the_truth_is_that_of_the_shapes_and_the_limit_that_of_the_bins():
    kl = histogram_estimates(HistogramStudy(*SHIFT))
    assert kl.truth == pytest.approx(0.5, rel=1e-12)
    assert 0.48 < kl.limit < 0.5
    squared = histogram_estimates(HistogramStudy(*SHIFT, "H²"))
    assert squared.truth == pytest.approx(1 - math.exp(-1 / 8), rel=1e-9)
    assert histogram_estimates(HistogramStudy(*SHIFT, "H²", bins=100)).limit == pytest.approx(squared.truth, rel=2e-3)


def test_a_known_q_needs_no_sample():
    study = HistogramStudy(*SHIFT, known=True)
    run = histogram_estimates(study)
    assert all(np.isfinite(values).all() for values in run.values)
    np.testing.assert_allclose(run.first[4][1] / SIZES[4], study.masses[1])


# -- points on a line


@pytest.mark.parametrize("pair", PAIRS)
def test_points_are_paired_as_other_libraries_do(pair):
    for order in (1, 2):
        run = point_estimates(PointStudy(*PAIRS[pair], order, repeats=20))
        for n, values, (x, y) in zip(POINT_SIZES[:7], run.values, run.first, strict=False):
            assert len(x) == len(y) == n
            assert values[0] == pytest.approx(wasserstein_1d(x, y, order=order), rel=1e-9)
            if order == 1:
                assert values[0] == pytest.approx(wasserstein_distance(x, y), rel=1e-9)


@pytest.mark.parametrize("pair", PAIRS)
def test_w1_averages_to_its_exact_mean_and_the_draws_have_the_right_law(pair):
    run = point_estimates(PointStudy(*PAIRS[pair], 1, repeats=300))
    for found, exact in ((run.summaries, run.expected), (run.floor_summaries, run.expected_floor)):
        assert max(abs(s.mean - e) / s.error for s, e in zip(found, exact, strict=True)) < 4
    for shape, draws in zip(PAIRS[pair], run.first[-1], strict=True):
        assert np.abs(shape.cdf(draws) - (np.arange(10_000) + 0.5) / 10_000).max() < 0.02


def test_the_mean_square_of_w2_between_uniform_samples_has_a_closed_form():
    uniform = PAIRS["Half apart"][0]  # on [0, 2]: E W₂² = 4 / (3 (n + 1)), from the mean order statistics
    run = point_estimates(PointStudy(uniform, uniform, 2, repeats=400))
    for n, values in zip(POINT_SIZES, run.values, strict=True):
        squares = values**2
        assert squares.mean() == pytest.approx(4 / (3 * (n + 1)), abs=4 * squares.std() / math.sqrt(len(squares)))


def test_the_truth_of_points_is_that_of_the_shapes():
    assert point_estimates(PointStudy(*SHIFT, 1)).truth == pytest.approx(1)
    assert point_estimates(PointStudy(*PAIRS["Wide Q"], 2)).truth == pytest.approx(1)
    assert point_estimates(PointStudy(*PAIRS["Wide Q"], 1)).truth == pytest.approx(math.sqrt(2 / math.pi))


def test_a_shape_without_a_quick_way_is_drawn_by_its_quantiles():
    bars = Histogram((0.0, 1.0, 3.0), (0.25, 0.75))
    x, _ = point_estimates(PointStudy(bars, bars)).first[-1]
    assert (x < 1).mean() == pytest.approx(0.25, abs=0.02)
    assert x.max() <= 3


def test_many_draws_have_fewer_repeats():
    run = point_estimates(PointStudy(*SAME))
    assert [len(values) for values in run.values][::4] == [400, 400, 300, 30]


# -- clouds


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_best_pairing_is_the_plan_of_pot(dimension):
    import ot

    rng = np.random.default_rng(dimension)
    x, y = rng.standard_normal((40, dimension)), 0.5 + 2 * rng.standard_normal((40, dimension))
    assert cloud_w2(x, y) == pytest.approx(math.sqrt(ot.emd2([], [], ot.dist(x, y))), rel=1e-9)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_truth_of_clouds_is_that_of_the_gaussians(dimension):
    assert CloudStudy(dimension).truth == 0
    assert CloudStudy(dimension, shift=1.5).truth == pytest.approx(1.5)
    assert CloudStudy(dimension, sd=2.0).truth == pytest.approx(math.sqrt(dimension))


def test_clouds_of_one_dimension_agree_with_points_on_a_line():
    cloud, points = cloud_floor(1, 0), point_estimates(PointStudy(*SAME, 2))
    for found, other in zip(cloud[:5], points.floor_summaries, strict=False):
        error = math.hypot(found.std(ddof=1) / math.sqrt(len(found)), other.error)
        assert found.mean() == pytest.approx(other.mean, abs=4 * error)


def test_the_floor_of_clouds_is_two_clouds_of_the_same_distribution():
    floor = cloud_floor(4, 0)
    shifted = cloud_estimates(CloudStudy(4, shift=1.0))
    assert all((a == b).all() for a, b in zip(shifted.floor, floor, strict=True))
    assert all((a == b).all() for a, b in zip(cloud_estimates(CloudStudy(4)).values, floor, strict=True))
    assert shifted.summaries[-1].mean > shifted.floor_summaries[-1].mean > 0.7  # where the truths are 1 and 0


@pytest.mark.parametrize("study", [CloudStudy(2, shift=1.0), CloudStudy(2, sd=2.0), CloudStudy(1, 1.0, 2.0)])
def test_many_points_of_few_dimensions_come_near_the_truth(study):
    assert cloud_estimates(study).summaries[-1].mean == pytest.approx(study.truth, rel=0.08)


def test_the_rate_falls_with_the_dimension():
    assert [rate(d) for d in (1, 2, 3, 4, 8)] == [-0.5, -0.5, -1 / 3, -0.25, -0.125]
    fitted = [slope(CLOUD_SIZES, cloud_floor(d, 0)) for d in DIMENSIONS]
    assert all(a + 4 * (e + f) < b for (a, e), (b, f) in itertools.pairwise(fitted))
    for d in (4, 8):
        found, error = fitted[DIMENSIONS.index(d)]
        assert found == pytest.approx(rate(d), abs=0.02 + 4 * error)


def test_a_power_law_has_its_slope():
    rng = np.random.default_rng(0)
    floor = [3 * n**-0.4 * (1 + 0.1 * rng.standard_normal(100)) for n in CLOUD_SIZES]
    found, error = slope(CLOUD_SIZES, floor)
    x = np.log(CLOUD_SIZES)
    fit, covariance = np.polyfit(x, [math.log(v.mean()) for v in floor], 1, cov="unscaled")
    assert found == pytest.approx(fit[0], rel=1e-9)
    assert error == pytest.approx(0.01 * math.sqrt(covariance[0, 0]), rel=0.1)
    assert found == pytest.approx(-0.4, abs=4 * error)


# -- summaries


def test_a_summary_keeps_the_infinite_in_its_range():
    summary = summarise(np.array([1.0, 2.0, 3.0, np.inf]))
    assert (summary.repeats, summary.infinite, summary.mean, summary.low, summary.high) == (4, 1, 2, 1, np.inf)
    assert summary.error == pytest.approx(1 / math.sqrt(3))
    assert math.isnan(summarise(np.array([np.inf, np.inf])).mean)
    assert math.isnan(summarise(np.array([1.0, np.inf])).error)


def run_of(*shares):
    """Estimates of which these shares lie above the floor, at 10, 18, 32, …"""
    values = tuple(np.r_[np.full(round(100 * s), 2.0), np.full(100 - round(100 * s), 0.0)] for s in shares)
    floor = tuple(np.full(100, 1.0) for _ in shares)
    return Estimates(SIZES[: len(shares)], values, floor, 1.0, 1.0, None, None, None, None, ())


def test_enough_is_the_size_from_which_on_the_floor_stays_below():
    assert run_of(0.1, 0.96, 0.9, 0.95, 1).enough == 56
    assert run_of(0.1, 0.96, 0.9).enough is None
    assert run_of(1, 1).enough == 10
    np.testing.assert_allclose(run_of(0.1, 0.96).above, [0.1, 0.96])


def test_the_nearest_size_is_found():
    run = run_of(1, 1, 1)
    assert [run.index(n) for n in (1, 10, 14, 17, 32, 10**6)] == [0, 0, 1, 1, 2, 2]


# -- promises


def test_the_same_seed_gives_the_same_repeats():
    one, again, other = (histogram_estimates.__wrapped__(HistogramStudy(*SHIFT, seed=s)) for s in (3, 3, 4))
    assert all((a == b).all() for a, b in zip(one.values, again.values, strict=True))
    assert any((a != b).any() for a, b in zip(one.values, other.values, strict=True))
    assert any((a != b).any() for a, b in zip(cloud_floor(2, 0), cloud_floor(2, 1), strict=True))


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (lambda: HistogramStudy(*SAME, "W1"), "divergence must be one of KL, JS, TV, H², got 'W1'"),
        (lambda: HistogramStudy(*SAME, bins=1), r"bins must be in \[2, 100\], got 1"),
        (lambda: HistogramStudy(*SAME, pseudo_count=-1.0), r"pseudo_count must be in \[0, 10\], got -1.0"),
        (lambda: HistogramStudy(*SAME, repeats=5), r"repeats must be in \[10, 2000\], got 5"),
        (lambda: PointStudy(*SAME, 3), "order must be 1 or 2, got 3"),
        (lambda: CloudStudy(0), r"dimension must be in \[1, 16\], got 0"),
        (lambda: CloudStudy(2, sd=0.0), "shift must be finite and sd above 0, got 0.0 and 0.0"),
        (lambda: cloud_w2(np.zeros((3, 2)), np.zeros((4, 2))), r"shape \(n, d\), got \(3, 2\) and \(4, 2\)"),
    ],
)  # fmt: skip
def test_an_illegal_study_is_refused_in_words(make, wrong):
    with pytest.raises(ValueError, match=wrong):
        make()
