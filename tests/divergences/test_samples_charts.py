"""Pictures of From samples: what they show is what was computed, on axes that hold still."""

import json
import math

import numpy as np
import pytest

from playground.divergences.charts import axes, repeats
from playground.divergences.charts import samples as charts
from playground.divergences.estimates import (
    CLOUD_PAIRS,
    DIMENSIONS,
    DIVERGENCES,
    PAIRS,
    CloudStudy,
    HistogramStudy,
    PointStudy,
    cloud_floor,
    estimate,
    floor_law,
)
from playground.theme import DARK, look

LOOK = look("light")
STUDIES = [
    *(HistogramStudy(*PAIRS[pair], repeats=60) for pair in PAIRS),
    *(HistogramStudy(*PAIRS["A small shift"], divergence, repeats=60) for divergence in DIVERGENCES[1:]),
    *(HistogramStudy(*PAIRS["Half apart"], "KL", *how, repeats=60) for how in ((2,), (60, 1.0), (60, 1.0, True))),
    *(PointStudy(*PAIRS[pair], order, repeats=30) for pair, order in (("The same", 1), ("Half apart", 2))),
    *(CloudStudy(d, *CLOUD_PAIRS[pair]) for pair, d in (("The same", 8), ("Wide Q", 2))),
]
every = pytest.mark.parametrize("study", STUDIES, ids=range(len(STUDIES)))
SHIFT = HistogramStudy(*PAIRS["A shift"], bins=20)
SAME = HistogramStudy(*PAIRS["The same"], bins=10)


def drawn(study, *, at=4, log=True, per=1.0, reveal=True, look=LOOK):
    run = estimate(study)
    axis = axes.axis(study, run, "D", log=log, per=per, reveal=reveal)
    how = {"at": at, "per": per, "look": look, "reveal": reveal}
    return run, axis, charts.funnel(study, run, axis, **how), repeats.strip(study, run, axis, **how)


@every
@pytest.mark.parametrize("log", [True, False])
def test_everything_lies_on_the_axis_and_nothing_is_infinite(study, log):
    run, axis, *pictures = drawn(study, log=log)
    assert 0 <= axis.low < axis.high <= axis.top < math.inf
    assert (axis.low > 0) == log
    for picture in pictures:
        json.dumps(picture.spec, allow_nan=False)
        for name, table in picture.tables.items():
            values = table.select_dtypes("number").to_numpy(dtype=float)
            assert not np.isinf(values).any(), name
    funnel, strip = pictures
    for table, columns in (("bands", ("low", "high", "mean", "from", "to")), ("lines", ("y",)), ("truths", ("y",))):
        values = funnel.tables[table][list(columns)].to_numpy(dtype=float)
        inside = (values >= axis.low - 1e-12) & (values <= axis.top * (1 + 1e-12))
        assert (inside | np.isnan(values)).all(), table
    bars = strip.tables["bars"]
    assert (bars["low"] < bars["high"]).all()
    assert (bars["to"].abs() <= 1 + 1e-12).all()
    drawn(study, at=len(run.sizes) - 1, log=log)


@every
def test_the_truth_is_on_the_axis_unless_it_cannot_be(study):
    run, axis, funnel, _ = drawn(study)
    main = funnel.tables["truths"].iloc[0]
    if 0 < run.truth < math.inf:
        assert main["drawn"]
        assert main["y"] == pytest.approx(run.truth)
        assert axis.low < run.truth < axis.high
    else:
        assert not main["drawn"]
        assert main["text"] == ("truth 0" if run.truth == 0 else "truth ∞")
        assert main["last"] == (run.truth > 0)


def test_a_linear_axis_draws_a_truth_of_0():
    _, axis, funnel, _ = drawn(SAME, log=False)
    assert funnel.tables["truths"].iloc[0][["y", "drawn", "last"]].tolist() == [0.0, True, True]
    assert axis.low == 0


@pytest.mark.parametrize("study", [SAME, SHIFT, PointStudy(*PAIRS["Two bumps"]), CloudStudy(4, 1.0)], ids=range(4))
@pytest.mark.parametrize("per", [1.0, 1 / math.log(2)])
def test_the_funnel_shows_the_repeats(study, per):
    run, axis, funnel, _ = drawn(study, per=per)
    for role, rows in (("model", run.values), ("rival", run.floor)):
        bands = funnel.tables["bands"]
        band = bands[bands["role"] == role].reset_index()
        for i, values in enumerate(rows):
            low, high = np.quantile(values, [0.025, 0.975], method="inverted_cdf")
            assert band["low"][i] == pytest.approx(np.clip(per * low, axis.low, axis.top))
            assert band["high"][i] == pytest.approx(np.clip(per * high, axis.low, axis.top))
            finite = values[np.isfinite(values)]
            if len(finite) > 1:
                error = per * finite.std(ddof=1) / math.sqrt(len(finite))
                clipped = np.clip(per * finite.mean() + error, axis.low, axis.top)
                assert band["mean"][i] == pytest.approx(np.clip(per * finite.mean(), axis.low, axis.top))
                assert band["to"][i] == pytest.approx(clipped)
    now = funnel.tables["now"]
    assert now["role"].tolist() == ["rival", "model"]  # the estimate over the floor
    assert (now["n"] == run.sizes[4]).all()
    assert funnel.tables["cursor"]["n"].tolist() == [run.sizes[4]]


def test_lines_are_the_exact_means_where_they_are_finite():
    run, axis, funnel, _ = drawn(SAME)
    line = funnel.tables["lines"].query("role == 'model'")["y"].to_numpy()
    exact = np.where(np.isfinite(run.expected), np.clip(run.expected, axis.low, axis.top), np.nan)
    np.testing.assert_allclose(line, exact)
    assert np.isnan(line).any()
    assert np.isfinite(line).any()
    run, axis, funnel, _ = drawn(CloudStudy(2))
    np.testing.assert_allclose(funnel.tables["lines"]["y"][:8], [values.mean() for values in run.values])


def test_the_dots_are_the_mean_for_large_n_and_stop_where_the_axis_does():
    run, axis, funnel, _ = drawn(SAME)
    dots = funnel.tables["large"]["y"].to_numpy()
    inside = (run.large_n >= axis.low) & (run.large_n <= axis.high)
    np.testing.assert_allclose(dots[inside], 9 / np.array(run.sizes)[inside])
    assert np.isnan(dots[~inside]).all()
    assert inside.sum() > 8


def test_infinite_estimates_hang_from_the_top_by_their_share():
    run, axis, funnel, _ = drawn(SHIFT, at=8)
    table = funnel.tables["infinite"]
    shares = np.array([np.isinf(values).mean() for values in run.values])
    assert axis.lane
    hanging = (np.log(axis.top) - np.log(table["to"])) / (np.log(axis.top) - np.log(axis.high))
    np.testing.assert_allclose(hanging, shares, atol=1e-9)
    assert table["text"].tolist() == [f"{100 * shares[8]:.0f}% infinite" if i == 8 else "" for i in range(17)]
    _, axis, funnel, _ = drawn(HistogramStudy(*PAIRS["A shift"], "JS"))
    assert not axis.lane
    assert axis.top == axis.high
    assert funnel.tables["infinite"].empty


@pytest.mark.parametrize("study", [CloudStudy(1), CloudStudy(8, 1.0)], ids=[1, 8])
def test_clouds_are_compared_with_other_dimensions_and_the_slope_of_theory(study):
    run, axis, funnel, _ = drawn(study)
    others = funnel.tables["others"]
    for d in DIMENSIONS:
        means = [values.mean() for values in cloud_floor(d, 0)]
        np.testing.assert_allclose(others.query("d == @d")["y"], means)
    assert others["text"][others["text"] != ""].tolist() == ["d = 1", "d = 2", "d = 4", "d = 8"]
    trend = funnel.tables["large"]["y"].to_numpy()
    slopes = np.diff(np.log(trend)) / np.diff(np.log(run.sizes))
    np.testing.assert_allclose(slopes, -1 / max(2, study.dimension))
    ends = np.log([others.query("d == @d")["y"].iloc[0] for d in DIMENSIONS])
    pixels = np.diff(ends) / math.log(axis.high / axis.low) * (axes.ALONE - 60)
    assert pixels.min() > 16  # the names have room


@pytest.mark.parametrize("study", [*STUDIES[:-2], CloudStudy(1, 1.0)])
def test_before_the_prediction_only_the_truth_is_drawn_and_the_axis_does_not_tell(study):
    for log in (True, False):
        _, axis, funnel, strip = drawn(study, log=log, reveal=False)
        filled = {name for name, table in funnel.tables.items() if len(table.dropna())}
        assert filled <= {"cursor", "truths"}
        assert strip.tables["bars"].empty
        assert strip.tables["law"].empty
        assert not axis.lane
        other = axes.axis(study, estimate(twin(study)), "D", log=log, reveal=False)
        assert axis == other


def twin(study):
    """The same with other samples: an axis that does not follow them is the same."""
    return type(study)(**{name: getattr(study, name) for name in study.__dataclass_fields__} | {"seed": 9})


@pytest.mark.parametrize("study", [SAME, SHIFT, PointStudy(*PAIRS["A shift"]), CloudStudy(8)], ids=range(4))
@pytest.mark.parametrize("log", [True, False])
def test_the_strip_holds_every_finite_repeat(study, log):
    run, axis, _, strip = drawn(study, at=6, log=log)
    bars = strip.tables["bars"]
    for role, values, side in (("model", run.values[6], 1), ("rival", run.floor[6], -1)):
        own, finite = bars[bars["role"] == role], values[np.isfinite(values)]
        assert (own["from"] == 0).all()
        assert (side * own["to"] > 0).all()
        counts = own["to"] / own["to"].abs().sum() * len(finite) * side
        np.testing.assert_allclose(counts, counts.round(), atol=1e-6)
        for (_, bar), count in zip(own.iterrows(), counts.round(), strict=True):
            ends = (bar["low"] if bar["low"] > axis.low else -1, bar["high"] if bar["high"] < axis.high else math.inf)
            inside = ((finite >= ends[0] * (1 - 1e-9)) & (finite < ends[1] * (1 + 1e-9))).sum()
            assert inside == count


def test_the_law_beside_the_floor_is_chi_square():
    from scipy.stats import chi2

    run, _, _, strip = drawn(SAME, at=8)
    law, bars = strip.tables["law"], strip.tables["bars"]
    scale, freedom = floor_law(SAME, run.sizes[8])
    edges = np.unique(bars.query("role == 'rival'")[["low", "high"]].to_numpy())
    ratio = np.median(edges[1:] / edges[:-1]) ** 0.5  # half a cell, on the log axis
    shares = chi2(freedom, scale=scale).cdf(law["y"] * ratio) - chi2(freedom, scale=scale).cdf(law["y"] / ratio)
    assert (law["share"] <= 0).all()  # on the floor's side
    np.testing.assert_allclose(law["share"] / law["share"].sum(), shares / shares.sum(), atol=2e-3)
    _, _, _, strip = drawn(HistogramStudy(*PAIRS["The same"], "TV"))
    assert strip.tables["law"].empty


@pytest.mark.parametrize("study", STUDIES[::5], ids=range(len(STUDIES[::5])))
def test_the_pictures_beside_each_other_share_axis_and_height(study):
    _, _, funnel, strip = drawn(study)
    assert funnel.spec["height"] == strip.spec["height"]

    def domain(spec):
        scales = [
            layer["encoding"]["y"].get("scale", {}).get("domain") for layer in spec["layer"] if "y" in layer["encoding"]
        ]
        return {tuple(scale) for scale in scales if scale}

    assert domain(funnel.spec) == domain(strip.spec)
    assert len(domain(funnel.spec)) == 1


def test_the_specification_is_made_once_for_every_n():
    specs = [[picture.spec for picture in drawn(SHIFT, at=at)[2:]] for at in (1, 9)]
    assert all(a is b for a, b in zip(*specs, strict=True))
    assert drawn(SHIFT, look=look("dark"))[2].spec is not specs[0][0]
    assert DARK.model in json.dumps(drawn(SHIFT, look=look("dark"))[2].spec)


def test_axes_seldom_change_with_the_number_of_bins():
    found = [drawn(HistogramStudy(*PAIRS["A shift"], "JS", k, repeats=30))[1] for k in range(10, 40, 2)]
    assert len({(axis.low, axis.high) for axis in found}) <= 5
    assert all(
        float(f"{end:.1g}") == end or f"{end:.2g}".startswith(("1.5", "0.0", "0.15"))
        for axis in found
        for end in (axis.low, axis.high)
    )


# -- one repeat


def test_one_repeat_shows_the_shares_of_both_samples():
    run = estimate(SHIFT)
    picture = repeats.one_repeat(SHIFT, run, 2, look=LOOK)
    bins, (seen, other) = picture.tables["bins"], run.first[2]
    np.testing.assert_allclose(bins["p"], seen / 32)
    np.testing.assert_allclose(bins["q"], other / 32)
    np.testing.assert_allclose(bins["high"][:-1], SHIFT.edges)
    assert (bins["text"] == "∞").tolist() == ((seen > 0) & (other == 0)).tolist()
    assert (bins["text"] == "∞").any()
    outline = picture.tables["outline"]
    assert outline["y"].iloc[[0, -1]].tolist() == [0, 0]
    assert np.trapezoid(outline["y"], outline["x"]) == pytest.approx((bins["p"] * (bins["high"] - bins["low"])).sum())


@pytest.mark.parametrize(
    ("study", "reveal"),
    [
        (SHIFT, False),
        (HistogramStudy(*PAIRS["A shift"], "JS"), True),
        (HistogramStudy(*PAIRS["A shift"], pseudo_count=1.0), True),
    ],
)
def test_no_bin_is_marked_where_none_makes_the_estimate_infinite_or_the_answer_is_hidden(study, reveal):
    picture = repeats.one_repeat(study, estimate(study), 2, look=LOOK, reveal=reveal)
    assert set(picture.tables["bins"]["text"]) == {""}


def test_two_bins_are_drawn_too():
    study = HistogramStudy(*PAIRS["Half apart"], bins=2)
    bins = repeats.one_repeat(study, estimate(study), 3, look=LOOK).tables["bins"]
    assert (bins["low"] < bins["high"]).all()
    assert bins["p"].sum() == bins["q"].sum() == 1


def test_points_are_shown_by_their_quantiles():
    study = PointStudy(*PAIRS["Wide Q"])
    run = estimate(study)
    steps = repeats.one_repeat(study, run, 8, look=LOOK).tables["steps"]
    for column, points in zip(("p", "q"), run.first[8], strict=True):
        np.testing.assert_allclose(steps[column], np.quantile(points, steps["u"], method="inverted_cdf"))
    assert np.trapezoid((steps["p"] - steps["q"]).abs(), steps["u"]) == pytest.approx(run.values[8][0], rel=0.05)
    spec = repeats.one_repeat(study, run, 8, look=LOOK).spec
    low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low <= min(steps["p"].min(), steps["q"].min()) < max(steps["p"].max(), steps["q"].max()) <= high
