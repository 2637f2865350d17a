"""The pictures of the posterior: tables with the right numbers, nothing of what is hidden, axes that hold still."""

import itertools
import json
import math

import numpy as np
import pytest
from coin_beliefs import FAMILIES, counts, each_family, priors
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from playground.bernoulli import (
    Beta,
    Flips,
    Point,
    SpikeAndBeta,
    TruncatedNormal,
    TwoCoins,
    intervals,
    mle,
    predictive,
    uniform,
)
from playground.bernoulli.charts import densities, following, logarithms, orders
from playground.bernoulli.charts import posterior as charts
from playground.bernoulli.flips import MOST, ORDERS
from playground.bernoulli.words.orders import told
from playground.movie import Lines
from playground.theme import DARK, LIGHT, Look

LOOK = Look(LIGHT)
# as drawn at 1440 pixels: the plot is 365 wide, the density axis 211 tall; the names in 14 px
WIDTHS, ACROSS, UP = {"posterior": 62, "likelihood": 66, "prior": 34}, 365, 211


def picture(prior, heads, tails, *, truth=0.7, top=None, reveal=True, look=LOOK):
    top = top or densities.density_top(prior, prior.after(heads, tails), densities.likelihood(heads, tails))
    return charts.posterior(prior, heads, tails, truth=truth, top=top, look=look, reveal=reveal)


def curve(tables, role):
    found = tables["curves"]
    return found[found.role == role]


def test_the_curves_of_conjugate_beliefs_are_scipys():
    tables = picture(Beta(2, 5), 7, 3).tables
    for role, a, b in (("prior", 2, 5), ("data", 8, 4), ("model", 9, 8)):
        drawn = curve(tables, role)
        assert len(drawn) >= 100
        np.testing.assert_allclose(drawn.y, stats.beta.pdf(drawn.theta, a, b), rtol=1e-9)


@each_family
@pytest.mark.parametrize(("heads", "tails"), [(0, 0), (7, 3), (0, 9), (400, 100)])
def test_the_curves_have_the_area_of_their_beliefs_and_the_shading_that_of_the_region(prior, heads, tails):
    after = prior.after(heads, tails)
    tables = picture(prior, heads, tails, top=8000).tables
    spikes = sum(weight for _, weight in after.atoms)
    shaded = curve(tables, "model")
    if prior is FAMILIES["edge"] and not heads:
        return  # infinite at the edge: no trapezium holds its area
    assert np.trapezoid(shaded.y, shaded.theta) == pytest.approx(1 - spikes, abs=0.02)
    inside = np.nan_to_num(shaded.inside)
    low, high = shaded.theta.min(), shaded.theta.max()
    flat = [(max(a, low), min(b, high)) for a, b in intervals(after).highest_density if a < b]
    assert np.trapezoid(inside, shaded.theta) == pytest.approx(0.95 - spikes, abs=0.035)
    for a, b in flat:
        assert {a, b} <= set(shaded.theta[shaded.inside.notna()])


def test_estimates_stand_in_their_lanes_with_value_and_error():
    tables = picture(Beta(2, 2), 7, 3, truth=0.6).tables
    marks = tables["marks"].set_index("lane").theta
    assert marks.to_dict() == pytest.approx({"truth": 0.6, "MLE": 0.7, "MAP": 8 / 12, "mean": 9 / 14})
    low, high = stats.beta.interval(0.95, 9, 5)
    assert tables["values"].text.tolist()[:5] == ["0.60", "0.700", "0.667", "0.643", f"{low:.2f} – {high:.2f}"]
    assert tables["errors"].text.tolist() == ["error", "+0.100", "+0.067", "+0.043"]
    spans = tables["spans"]
    assert spans[["theta", "end"]].to_numpy()[0] == pytest.approx((low, high))
    ties = tables["marks"].set_index("lane").to
    assert ties["MAP"] == pytest.approx(stats.beta.pdf(8 / 12, 9, 5))
    assert ties["MLE"] == pytest.approx(stats.beta.pdf(0.7, 8, 4))


def test_an_unknown_truth_has_neither_mark_nor_errors():
    tables = picture(Beta(2, 2), 7, 3, truth=None).tables
    assert "truth" not in set(tables["marks"].lane)
    assert tables["values"].text[0] == "unknown"
    assert tables["errors"].empty


def test_no_flips_leave_the_lane_of_the_mle_empty():
    tables = picture(Beta(2, 2), 0, 0).tables
    assert "MLE" not in set(tables["marks"].lane)
    assert tables["values"].text[1] == "—"
    np.testing.assert_allclose(curve(tables, "data").y, 1)


def test_several_peaks_and_pieces_are_counted_and_all_marked():
    prior = TwoCoins(0.9, 0.5, 100)
    tables = picture(prior, 7, 3).tables
    marks = tables["marks"]
    assert marks[marks.lane == "MAP"].theta.tolist() == list(prior.after(7, 3).modes())
    assert tables["values"].text[2] == "2 peaks"
    assert tables["values"].text[5] == "2 pieces"
    assert len(tables["spans"]) == 3


@pytest.mark.parametrize("at", [0.0, 0.5, 1.0])
def test_atoms_are_stems_as_tall_as_their_probability(at):
    prior = SpikeAndBeta(at, 0.4, 2, 2)
    heads, tails = (0, 6) if at == 0 else (6, 0) if at == 1 else (6, 4)
    stems = picture(prior, heads, tails, top=8).tables["stems"].set_index("role")
    weight = dict(prior.after(heads, tails).atoms)[at]
    assert stems.y.to_dict() == pytest.approx({"prior": 0.4 * 8, "model": weight * 8})
    assert stems.text.to_dict() == {"prior": "0.400", "model": f"{weight:.3f}"}
    assert (stems["from"] == 0).all()
    assert stems.theta.between(0, 1).all()
    assert stems.theta["prior"] < stems.theta["model"]
    assert stems.lift["prior"] * stems.lift["model"] < 0  # one number above its tip, one below


def test_a_spike_that_the_flips_rule_out_has_no_stem_any_more():
    stems = picture(SpikeAndBeta(0.0, 0.4, 2, 2), 1, 3).tables["stems"]
    assert stems.role.tolist() == ["prior"]


@each_family
def test_before_the_prediction_nothing_of_the_posterior_is_sent(prior):
    top = densities.density_top(prior, densities.likelihood(7, 3))
    hidden = picture(prior, 7, 3, top=top, reveal=False)
    tables = hidden.tables
    assert "model" not in set(tables["curves"].role) | set(tables["stems"].role) | set(tables["names"].role)
    assert set(tables["marks"].lane) == {"truth", "MLE"}
    assert tables["spans"].empty
    assert tables["values"].text.tolist()[2:] == ["—"] * 4
    logs = logarithms.picture(prior, 7, 3, top=top, look=LOOK, reveal=False)
    assert set(logs.tables["curves"].role) == {"prior", "data"}
    after = following.picture(None, 10, coin=Point(0.7), coin_role="truth", look=LOOK)
    assert after.tables["bars"].empty
    secret = f"{prior.after(7, 3).mean():.3f}"
    assert secret not in json.dumps([table.to_dict() for table in tables.values()])


@given(priors, counts, counts, st.one_of(st.none(), st.floats(0, 1)))
@settings(max_examples=40)
def test_no_table_holds_what_json_cannot(prior, heads, tails, truth):
    drawn = [
        picture(prior, heads, tails, truth=truth, top=8),
        logarithms.picture(prior, heads, tails, top=8, look=LOOK),
        following.picture(prior.after(heads, tails), 7, coin=Point(0.5), coin_role="data", look=LOOK),
    ]
    for name, table in itertools.chain(*(one.tables.items() for one in drawn)):
        numbers = table.select_dtypes("number").drop(columns="inside", errors="ignore")
        assert np.isfinite(numbers.to_numpy(float)).all(), name


@given(priors, counts, counts)
@settings(max_examples=60)
def test_the_axis_holds_every_curve_away_from_the_edges(prior, heads, tails):
    after = prior.after(heads, tails)
    top = densities.density_top(prior, after)
    theta = np.linspace(0.01, 0.99, 1999)
    for belief in (prior, after):
        if max(densities.LADDER) > belief.density(theta).max():
            assert belief.density(theta).max() <= 1.02 * top


def test_the_axis_keeps_still_while_a_belief_moves_a_little():
    tops = [densities.density_top(Beta(2, 2), Beta(9 + x, 5)) for x in np.linspace(0, 1, 21)]
    assert len(set(tops)) == 1
    steps = [densities.density_top(Beta(a, a)) for a in np.geomspace(1, 1e6, 400)]
    assert steps == sorted(steps)
    assert len(set(steps)) < 25


def test_a_million_flips_are_drawn_with_points_where_the_needle_is():
    tables = picture(Beta(1e6, 1e6), 700_000, 300_000).tables
    needle = curve(tables, "model")
    assert np.trapezoid(needle.y, needle.theta) == pytest.approx(1, abs=0.01)
    assert (needle.y > 0.5 * needle.y.max()).sum() > 8


def test_names_of_curves_hardly_ever_overlap():
    shapes, seen = (0.5, 1, 2, 5, 12, 20), (0, 1, 3, 7, 20, 90)
    cases = list(itertools.product(shapes, shapes, seen, seen))[::5]
    overlaps = 0
    for a, b, heads, tails in cases:
        prior = Beta(a, b)
        top = densities.density_top(prior, prior.after(heads, tails), densities.likelihood(heads, tails))
        beliefs = {"model": prior.after(heads, tails), "data": densities.likelihood(heads, tails), "prior": prior}
        names = charts._names(beliefs, top)
        boxes = [
            (WIDTHS[row.label], row.theta * ACROSS + (0.5 - row.theta) * 70, row.y / top * UP)
            for row in names.itertuples()
        ]
        overlaps += any(
            abs(x - u) < (width + other) / 2 and abs(y - v) < 12
            for (width, x, y), (other, u, v) in itertools.combinations(boxes, 2)
        )
    assert overlaps <= 0.01 * len(cases)


@each_family
def test_in_logarithms_the_posterior_is_the_sum_of_the_others_up_to_a_constant(prior):
    tables = logarithms.picture(prior, 7, 3, top=8, look=LOOK).tables["curves"]
    theta = np.linspace(0.3, 0.9, 40)
    line = {role: np.interp(theta, rows.theta, rows.y) for role, rows in tables.groupby("role")}
    rest = line["model"] - line["data"] - line["prior"]
    shown = (line["prior"] > -12) & (line["model"] > -12)
    assert shown.sum() >= 5
    assert np.ptp(rest[shown]) < 0.05
    # the constant: what scales the likelihood to area 1, over the evidence
    expected = math.log(stats.beta.pdf(0.5, 8, 4) * 2**10) + prior.log_evidence(7, 3)
    assert rest[shown].mean() == pytest.approx(-expected, abs=0.05)


@pytest.mark.parametrize("n", [1, 10, 100])
def test_the_next_flips_are_predicted_beside_what_one_coin_would_give(n):
    belief = Beta(9, 5)
    found = following.picture(belief, n, coin=Point(0.7), coin_role="truth", look=LOOK)
    k = np.arange(n + 1)
    np.testing.assert_allclose(found.tables["bars"].p, stats.betabinom.pmf(k, n, 9, 5), rtol=1e-9)
    np.testing.assert_allclose(found.tables["coin"].p, stats.binom.pmf(k, n, 0.7), rtol=1e-9, atol=1e-300)
    top = found.spec["layer"][0]["encoding"]["y"]["scale"]["domain"][1]
    assert top >= max(found.tables["bars"].p.max(), found.tables["coin"].p.max())


def test_without_truth_and_flips_there_is_no_coin_to_compare_with():
    assert following.picture(Beta(2, 2), 5, coin=None, coin_role="data", look=LOOK).tables["coin"].empty


def test_charts_are_built_once_and_follow_the_look(monkeypatch):
    first = picture(Beta(2, 2), 7, 3)
    logarithms.picture(Beta(2, 2), 7, 3, top=4, look=LOOK)
    for module in (charts, densities, logarithms):  # no other chart is built for another end of the axis
        monkeypatch.setattr(module, "alt", None)
    for belief, top in ((Beta(2.1, 2), 4), (Beta(200, 200), 40), (Beta(1e6, 1e6), 24_000)):
        spec = picture(belief, 7, 3, top=top).spec
        domain = spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
        assert domain[1] == pytest.approx(1.16 * top)
        assert "@" not in json.dumps(spec)
        assert "@" not in json.dumps(logarithms.picture(belief, 7, 3, top=top, look=LOOK).spec)
    monkeypatch.undo()
    dark = picture(Beta(2, 2), 7, 3, look=Look(DARK, 1.4))
    assert DARK.model in json.dumps(dark.spec)
    assert LIGHT.model in json.dumps(first.spec)


# -- flip by flip


def movie(prior=None, flips=None, order="heads first", truth=0.7, seed=1):
    flips = flips or Flips.parse("HTHTHHTHHH")
    return orders.movie(prior or Beta(2, 2), flips, order, truth=truth, seed=seed, told=told)


def layer(panel, name) -> Lines:
    (found,) = [one for one in panel.layers if one.name == name]
    return found


@each_family
@pytest.mark.parametrize("order", ORDERS)
def test_both_orders_begin_with_the_prior_and_end_with_one_posterior(prior, order):
    shown = movie(prior, order=order)
    left, right = (layer(panel, "posterior").xy for panel in shown.panels)
    assert len(left) == len(right) == 11
    np.testing.assert_array_equal(left[-1], right[-1])
    np.testing.assert_array_equal(left[0], right[0])
    np.testing.assert_allclose(left[0], layer(shown.panels[0], "prior").xy, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(left[-1], layer(shown.panels[1], "where both end").xy)
    (chart,) = shown.charts
    came, arranged = chart.curves.values()
    assert came[-1] == arranged[-1] == prior.after(7, 3).mean()
    assert came[0] == arranged[0] == pytest.approx(prior.mean(), rel=1e-12)


def test_every_frame_is_the_posterior_of_the_flips_so_far():
    shown = movie()
    for panel, flips in zip(shown.panels, ("HTHTHHTHHH", "HHHHHHHTTT"), strict=True):
        xy = layer(panel, "posterior").xy[:, 0]
        ticks = layer(panel, "MLE").xy[:, 0]
        for m in range(11):
            heads = flips[:m].count("H")
            theta, height = xy[m, 1:-1].T
            np.testing.assert_allclose(height, stats.beta.pdf(theta, 2 + heads, 2 + m - heads), rtol=1e-3, atol=1e-4)
            if m:
                assert ticks[m, :, 0] == pytest.approx(mle(heads, m - heads))
    assert (layer(shown.panels[0], "MLE").xy[0, 0, :, 1] < shown.panels[0].extent[2]).all()  # none before the first


def test_a_spike_in_the_movie_is_as_tall_as_its_probability():
    prior = SpikeAndBeta(0.5, 0.5, 1, 1)
    shown = movie(prior)
    top = shown.panels[0].extent[3] / 1.08
    stems = layer(shown.panels[0], "probability of the spike").xy[:, 0]
    for m, heads in ((0, 0), (3, 2), (10, 7)):
        assert stems[m, 1] == pytest.approx((0.5, dict(prior.after(heads, m - heads).atoms)[0.5] * top), rel=1e-5)


@pytest.mark.parametrize(
    ("prior", "flips"),
    [
        (Beta(2, 2), Flips(700_000, 300_000)), (Beta(0.1, 0.1), Flips()), (Beta(0.1, 1e6), Flips(30, 5)),
        (TwoCoins(0.9), Flips(70_000, 3_000)), (TruncatedNormal(0.5, 0.01), Flips(300, 20)),
        (SpikeAndBeta(0.0, 0.5, 1, 1), Flips.parse("TTTH")), (uniform(), Flips(MOST, 0)),
    ],
)  # fmt: skip
def test_any_flips_make_a_small_movie_without_holes(prior, flips):
    shown = movie(prior, flips, "tails first")
    assert len(shown.encode()) < 2e6
    assert len(shown.times) <= orders.MOST_FRAMES + 1
    assert (shown.times[0], shown.times[-1]) == (0, flips.count)
    for panel in shown.panels:
        for one in panel.layers:
            assert np.isfinite(one.xy).all(), one.name
    assert len(shown.text) == len(shown.times)


def test_counts_alone_are_shuffled_twice_in_two_ways():
    _, came, arranged = orders.paths(Flips(300, 400), "shuffled", seed=1)
    assert (came != arranged).any()
    assert (came[-1], arranged[-1]) == (300, 300)


def test_a_tall_movie_draws_each_density_by_its_own_peak():
    shown = movie(Beta(2, 2), Flips(70_000, 30_000))
    assert shown.panels[0].y == "density ÷ its peak"
    assert layer(shown.panels[0], "posterior").xy[..., 1].max(axis=(1, 2)) == pytest.approx(1)
    assert movie().panels[0].y == "density"


def test_frames_hold_the_first_flips_and_the_last():
    assert orders.frames(0).tolist() == [0]
    assert orders.frames(5).tolist() == [0, 1, 2, 3, 4, 5]
    many = orders.frames(MOST)
    assert many[:21].tolist() == list(range(21))
    assert many[-1] == MOST
    assert (np.diff(many) > 0).all()


def test_the_means_of_the_chart_are_those_of_the_flips_so_far():
    (chart,) = movie(order="tails first").charts
    assert chart.curves["tails first"][:5] == pytest.approx([2 / 4, 2 / 5, 2 / 6, 2 / 7, 3 / 8])
    assert chart.truth == ("true θ", 0.7)
    assert movie(truth=None).charts[0].truth is None


def test_predictions_of_the_picture_are_those_of_the_engine():
    belief = FAMILIES["mixture"].after(7, 3)
    drawn = following.picture(belief, 12, coin=None, coin_role="data", look=LOOK).tables["bars"].p
    np.testing.assert_array_equal(drawn, predictive(belief, 12))
