"""Pictures of transport: what is drawn is the plan, the map, the way and the critic, and nothing of it too early."""

import itertools

import numpy as np
import pytest
from scipy.stats import norm

from playground.divergences.charts import transport as charts
from playground.divergences.clouds import DRAWN, PAIRS, Scene, blurred, cheapest, to_text
from playground.divergences.compare import compare
from playground.divergences.critic import CriticConfig, exact_critic, kantorovich, places, trained_critic
from playground.divergences.families import Choice
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Laplace, Uniform
from playground.divergences.transport import binned, bins, monotone_plan
from playground.movie import Arrows, Field, Lines, Points

P, Q = Gaussian(-1.0, 0.7), TwoGaussians(0.5, -1.5, 0.6, 2.5, 0.6)
CLIP, PENALTY = (CriticConfig(steps=20, every=10, way=way) for way in ("clip", "penalty"))
FAMILIES = ("Gaussian", "Two bumps", "Uniform", "Laplace")


def layer(panel, name):
    (found,) = [entry for entry in panel.layers if entry.name == name]
    return found


def names(movie):
    return [[entry.name for entry in panel.layers] for panel in movie.panels]


def line(p=P, q=Q, reveal=True):
    return charts.line(p, q, charts.reach(p, q), charts.tallest(p, q), height=380, reveal=reveal)


def plane(scene, order=2, epsilon=0.3, critic=False, reveal=True):
    return charts.plane(scene, order, epsilon, 200, height=380, critic=critic, reveal=reveal)


# -- on a line


def test_the_heat_maps_are_the_two_plans_with_y_upwards():
    movie = line()
    edges = bins(charts.reach(P, Q))
    one, other = binned(P, edges), binned(Q, edges)
    plans = {"cheapest plan": monotone_plan(one, other), "random plan": one[:, None] * other}
    for panel, (name, plan) in zip(movie.panels, plans.items(), strict=True):
        field = layer(panel, name)
        side = field.z.shape[0] // len(one)
        drawn = np.nan_to_num(field.z[::side, ::side])
        np.testing.assert_allclose(drawn, plan.T, atol=plan.max() / 500)
        assert field.lo == 0
        assert field.hi == pytest.approx(plan.max())
        pixel = (edges[-1] - edges[0]) / field.z.shape[0]
        x0, x1, y0, y1 = field.extent  # the nodes at the ends lie half a pixel inside
        assert (x0 - pixel / 2, x1 + pixel / 2) == pytest.approx((edges[0], edges[-1]))
        assert (y0, y1) == (x0, x1)


def test_the_map_and_the_ways_have_equal_ranks_at_both_ends():
    panel = line().panels[0]
    curve = layer(panel, "T").xy[0]
    np.testing.assert_allclose(norm(-1.0, 0.7).cdf(curve[:, 0]), Q.cdf(curve[:, 1].astype(float)), atol=1e-5)
    ways = layer(panel, "way of a ninth of P")
    np.testing.assert_allclose(ways.at[:, 0], ways.at[:, 1], atol=1e-6)
    ends = (ways.at + ways.vector).astype(float)
    np.testing.assert_allclose(norm(-1.0, 0.7).cdf(ways.at[:, 0]), (np.arange(9) + 0.5) / 9, atol=1e-6)
    np.testing.assert_allclose(Q.cdf(ends[:, 1]), (np.arange(9) + 0.5) / 9, atol=1e-5)
    assert not ways.vector[:, 0].any()


def test_the_ways_are_on_average_as_long_as_w1():
    ways = layer(line(Gaussian(-1, 1), Gaussian(1, 1.2)).panels[0], "way of a ninth of P")
    assert np.abs(ways.vector[:, 1]).mean() == pytest.approx(compare(Gaussian(-1, 1), Gaussian(1, 1.2)).w1, rel=0.02)


@pytest.mark.parametrize(("p", "q"), [(P, Q), (Uniform(-2, 1), Laplace(0, 0.5)), (Laplace(1, 1), Uniform(0, 0.4))])
def test_both_densities_along_the_edges_have_one_scale_and_fit_the_margin(p, q):
    movie = line(p, q)
    half, foot = charts.reach(p, q), movie.panels[0].extent[2]
    areas = []
    for name, across, up in (("P", 0, 1), ("Q", 1, 0)):
        outline = layer(movie.panels[0], name).xy[0].astype(float)
        x, height = outline[:-2, across], outline[:-2, up] - foot
        assert (height >= -1e-6).all()
        assert height.max() <= -half - foot
        areas.append(np.trapezoid(height, x))
        shape = p if name == "P" else q
        assert areas[-1] / areas[0] == pytest.approx(
            (shape.cdf(half) - shape.cdf(-half)) / (p.cdf(half) - p.cdf(-half)), rel=0.02
        )


def test_axes_follow_the_resting_shapes_by_rungs_and_hold_all_but_a_trace():
    for one, other in itertools.product(FAMILIES, FAMILIES):
        for centre, width in itertools.product((-3.0, 0.0, 3.0), (0.2, 2.0)):
            p, q = Choice(one, centre, width, 6.0).shape, Choice(other, -1.0, 0.5, 6.0).shape
            half = charts.reach(p, q)
            assert half in charts.RUNGS
            for shape in (p, q):
                assert shape.cdf(-half) <= 1e-3 + 1e-12
                assert shape.sf(half) <= 1e-3 + 1e-12
            assert max(p.pdf(np.linspace(-half, half, 2001)).max(), q.pdf(0.0)) <= charts.tallest(p, q) * 1.01
    assert charts.line(P, Q, 6.0, 1.0, height=380, reveal=True).panels[0].extent == pytest.approx((-9.6, 6, -9.6, 6))


def test_the_random_plan_is_hidden_until_the_prediction():
    hidden = line(reveal=False)
    assert "random plan" not in names(hidden)[1]
    assert names(hidden)[0] == names(line())[0]
    assert "after your prediction" in hidden.panels[1].title
    assert hidden.panels[1].extent == line().panels[1].extent


# -- in the plane


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("order", [1, 2])
def test_mass_starts_at_p_and_arrives_at_q(name, order):
    scene = Scene(name)
    x, y = scene.points
    movie = plane(scene, order)
    plans = cheapest(scene, order), blurred(scene, order, 0.3, 200)
    for panel, plan, mass in zip(movie.panels, plans, ("mass", "mass by Sinkhorn"), strict=True):
        dots, ways = layer(panel, mass), layer(panel, f"ways of {mass}")
        np.testing.assert_allclose(dots.xy[0], ways.xy[:, 0], atol=1e-6)
        np.testing.assert_allclose(dots.xy[-1], ways.xy[:, 1], atol=1e-6)
        np.testing.assert_allclose(dots.xy[2], (dots.xy[0] + dots.xy[-1]) / 2, atol=1e-5)
        assert {tuple(place) for place in dots.xy[0].tolist()} <= {tuple(p) for p in x.astype(np.float32).tolist()}
        assert {tuple(place) for place in dots.xy[-1].tolist()} <= {tuple(p) for p in y.astype(np.float32).tolist()}
        i = [int(np.abs(x - place).sum(1).argmin()) for place in dots.xy[0]]
        j = [int(np.abs(y - place).sum(1).argmin()) for place in dots.xy[-1]]
        most = max(len(x), len(y))
        np.testing.assert_allclose(dots.weight, (plan.mass[i, j] * most).clip(max=1), atol=1e-5)
        assert dots.weight.sum() / most == pytest.approx(1, abs=0.02)  # hardly any mass is not drawn
    assert movie.times[0] == 0
    assert movie.times[-1] == 1


def test_a_drag_of_epsilon_keeps_the_structure_of_the_picture():
    scene = Scene("One to two")
    titles = {tuple(panel.title for panel in plane(scene, epsilon=epsilon).panels) for epsilon in (0.01, 1.0, 100.0)}
    assert len(titles) == 1
    assert names(plane(scene, epsilon=0.01)) == names(plane(scene, epsilon=100.0))


def test_ways_and_mass_are_hidden_until_the_prediction():
    hidden = plane(Scene("Corners"), 1, critic=True, reveal=False)
    assert names(hidden) == [["P", "Q"], ["P", "Q"]]
    assert len(hidden.times) == 1
    assert len(hidden.encode()) < 4_000


def test_the_critic_in_the_plane_is_the_potential():
    scene = Scene("Few to many")
    field = layer(plane(scene, 1, critic=True).panels[0], "critic f")
    x, y = scene.points
    f, side = kantorovich(x, y), np.linspace(-3, 3, field.z.shape[0])
    corners = np.array([[side[5], side[50]], [side[50], side[5]]])
    difference = float(np.diff(f(corners))[0])
    assert field.z[5, 50] - field.z[50, 5] == pytest.approx(difference, abs=1e-5)  # row is x₂, column is x₁
    rises = np.abs(np.diff(field.z, axis=1)).max() / (side[1] - side[0])
    assert rises <= 1 + 1e-4


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("epsilon", [0.01, 1.0, 100.0])
def test_drawn_clouds_of_any_kind_become_a_movie(order, epsilon):
    one, same = np.array([[0.5, 0.5]]), np.zeros((5, 2))
    many = np.random.default_rng(0).uniform(-3, 3, (60, 2))
    for x, y in itertools.product((one, same, many), repeat=2):
        movie = plane(Scene(DRAWN, to_text(x), to_text(y)), order, epsilon, critic=order == 1)
        assert movie.encode().startswith(b"GPM1")
        assert len(movie.encode()) < 500_000


# -- critics


def critics(p=P, q=Q, reveal=True, resting=None):
    return charts.critics((p, q), resting or (p, q), CLIP, PENALTY, height=380, reveal=reveal)


def test_all_critics_are_drawn_with_a_largest_slope_of_one_or_less():
    panel = critics().panels[0]
    for name in ("best critic", "clipped", "with penalty"):
        xy = layer(panel, name).xy[..., 0, :, :].astype(float)
        slopes = np.diff(xy[..., 1]) / np.diff(xy[..., 0])
        assert np.abs(slopes).max() <= 1 + 1e-3


def test_the_best_critic_and_the_gap_are_what_they_are_called():
    panel, x = critics().panels[0], places(P, Q)
    best = layer(panel, "best critic").xy[0].astype(float)
    np.testing.assert_allclose(np.diff(best[:, 1]), np.diff(exact_critic(P, Q, x)[::4]), atol=1e-5)
    levels = (np.arange(4000) + 0.5) / 4000
    means = [np.interp(shape.quantile(levels), best[:, 0], best[:, 1]).mean() for shape in (P, Q)]
    assert sum(means) == pytest.approx(0, abs=0.01)
    assert means[0] - means[1] == pytest.approx(compare(P, Q).w1, abs=0.01)
    gap = layer(panel, "F_Q − F_P").xy[0].astype(float)
    np.testing.assert_allclose(gap[:, 1], Q.cdf(gap[:, 0]) - norm(-1.0, 0.7).cdf(gap[:, 0]), atol=1e-5)


def test_curves_beside_are_what_each_critic_reached():
    movie = critics()
    reached, slopes = movie.charts
    for name, config in (("clipped", CLIP), ("with penalty", PENALTY)):
        run = trained_critic(config, P, Q)
        assert list(reached.curves[name]) == [seen.fair for seen in run]
        assert list(slopes.curves[name]) == [seen.slope for seen in run]
        assert list(movie.times) == [seen.step for seen in run]
        assert reached.limits[0] < min(reached.curves[name])
        assert max(reached.curves[name]) < reached.limits[1]
        assert slopes.limits[0] < min(slopes.curves[name])
        assert max(slopes.curves[name]) < slopes.limits[1]
    assert reached.truth == ("W₁", compare(P, Q).w1)
    assert reached.limits[1] > compare(P, Q).w1
    assert slopes.truth == ("allowed", 1.0)


def test_nobody_trains_before_the_prediction(monkeypatch):
    monkeypatch.setattr(charts, "trained_critic", lambda *_: pytest.fail("trained"))
    hidden = critics(reveal=False)
    assert not hidden.charts
    assert {"clipped", "with penalty"}.isdisjoint(names(hidden)[0])


def test_the_axes_of_critics_do_not_change_by_the_prediction():
    assert critics(reveal=False).panels[0].extent == critics().panels[0].extent


@pytest.mark.parametrize(
    ("p", "q"), [(P, P), (Uniform(-3.2, -2.8), Uniform(2.8, 3.2)), (Laplace(0, 2), Gaussian(0, 0.2))]
)
def test_critics_of_extreme_shapes_become_a_movie(p, q):
    movie = critics(p, q)
    assert movie.encode().startswith(b"GPM1")
    half, (x0, x1, y0, y1) = charts.reach(p, q), movie.panels[0].extent
    best = layer(movie.panels[0], "best critic").xy
    assert (x0, x1) == (-half, half)
    assert best[..., 1].min() >= y0
    assert best[..., 1].max() <= y1


@pytest.mark.parametrize("movie", [line, critics, lambda: plane(Scene("One to two"), 1, critic=True)])
def test_every_picture_says_what_it_is_and_names_its_axes(movie):
    made = movie()
    assert made.alt
    assert all(panel.x and panel.y and panel.extent for panel in made.panels)
    assert all(isinstance(entry, Arrows | Field | Lines | Points) for panel in made.panels for entry in panel.layers)
