"""The dual: best critics reach W₁, no critic beats it, and the penalty's gradient is the real one."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from scipy.optimize import linprog
from shape_cases import SHAPES, scipys

from playground.divergences.compare import compare
from playground.divergences.critic import (
    LEAK,
    CriticConfig,
    advantage,
    exact_critic,
    kantorovich,
    places,
    steepest,
    train_critic,
    trained_critic,
)
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Laplace, Uniform
from playground.divergences.transport import exact_plan, prices

PAIRS = [(one, other) for one in SHAPES for other in SHAPES if one < other]
HALVES = TwoGaussians(0.5, -1.4, 0.6, 2.4, 0.6)
ONE = Gaussian(-1.5, 0.7)
QUICK = CriticConfig(steps=60, every=20)
seeds = some.integers(0, 10**6)


def cloud(n, seed):
    return np.random.default_rng(seed).uniform(-3, 3, (n, 2))


# -- exactly


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_exact_critic_reaches_w1_and_is_nowhere_steeper_than_one(one, other):
    p, q = SHAPES[one], SHAPES[other]
    ends = np.array([shape.quantile([1e-9, 1 - 1e-9]) for shape in (p, q)])
    x = np.linspace(ends.min(), ends.max(), 4_001)
    f = exact_critic(p, q, x)
    assert steepest(f, x) <= 1 + 1e-12
    w1 = compare(p, q).w1
    assert advantage(f, x, p, q) == pytest.approx(w1, rel=1e-4)
    assert advantage(f, x, p, q) <= w1 + 1e-9


def test_between_a_shift_the_exact_critic_is_a_straight_line():
    x = np.linspace(-2, 2, 41)
    np.testing.assert_allclose(exact_critic(Gaussian(-1, 1), Gaussian(1, 1), x), -(x + 2), atol=1e-12)
    np.testing.assert_allclose(exact_critic(Gaussian(1, 1), Gaussian(-1, 1), x), x + 2, atol=1e-12)


def test_the_exact_critic_turns_inside_a_cell_where_f_p_and_f_q_meet():
    x = np.array([-4.0, -0.5, 1.0, 4.0])  # they meet at 0, a third into the middle cell
    f = exact_critic(Gaussian(0, 1), Gaussian(0, 2), x)
    assert np.diff(f)[[0, 2]].tolist() == pytest.approx([3.5, -3.0])
    assert -0.5 < np.diff(f)[1] < -0.3  # up 0.5 and down 1, as far as straight lines between the nodes can tell


@pytest.mark.parametrize(("one", "other"), PAIRS[::3])
def test_the_advantage_is_the_difference_of_the_two_means(one, other):
    p, q = SHAPES[one], SHAPES[other]
    x = np.linspace(-2.5, 3, 23)
    f = np.random.default_rng(0).normal(size=23)
    levels = (np.arange(200_000) + 0.5) / 200_000
    means = [np.interp(shape.quantile(levels), x, f).mean() for shape in (p, q)]
    assert advantage(f, x, p, q) == pytest.approx(means[0] - means[1], abs=1e-4)


@given(some.sampled_from(PAIRS), seeds)
def test_no_critic_beats_w1_once_it_is_scaled_to_slope_one(pair, seed):
    p, q = (SHAPES[name] for name in pair)
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-7, 7, 60))
    f = np.cumsum(rng.normal(size=60))
    assert abs(advantage(f, x, p, q)) <= steepest(f, x) * compare(p, q).w1 + 1e-9


@pytest.mark.parametrize("name", SHAPES)
def test_where_critics_are_asked_lies_all_but_a_trace(name):
    shape = SHAPES[name]
    x = places(shape, Gaussian(0, 1))
    assert (np.diff(x) > 0).all()
    assert scipys(shape).cdf(x[0]) <= 1e-3 + 1e-12
    assert scipys(shape).cdf(x[-1]) >= 1 - 1e-3 - 1e-12


@given(some.integers(1, 8), some.integers(1, 8), seeds)
def test_in_the_plane_the_potential_reaches_w1_and_is_nowhere_steeper_than_one(n, m, seed):
    x, y, anywhere = cloud(n, seed), cloud(m, seed + 1), cloud(40, seed + 2)
    f, w1 = kantorovich(x, y), exact_plan(x, y, 1).cost
    assert f(x).mean() - f(y).mean() == pytest.approx(w1, abs=1e-9)
    every = np.concatenate([x, y, anywhere])
    assert (np.abs(f(every)[:, None] - f(every)) <= prices(every, every, 1) + 1e-9).all()
    rows = np.zeros((n, m, n + m))  # max Σ u/n + Σ v/m with u_i + v_j ≤ |x_i − y_j|
    rows[np.arange(n)[:, None], np.arange(m), np.arange(n)[:, None]] = 1
    rows[np.arange(n)[:, None], np.arange(m), n + np.arange(m)] = 1
    weights = np.concatenate([np.full(n, 1 / n), np.full(m, 1 / m)])
    dual = linprog(-weights, A_ub=rows.reshape(n * m, -1), b_ub=prices(x, y, 1).ravel(), bounds=(None, None))
    assert -dual.fun == pytest.approx(w1, abs=1e-6)


@given(some.integers(1, 8), some.integers(1, 8), seeds)
def test_along_every_way_that_is_used_the_potential_falls_by_its_length(n, m, seed):
    x, y = cloud(n, seed), cloud(m, seed + 1)
    plan, f = exact_plan(x, y, 1), kantorovich(x, y)
    i, j, _ = plan.ways()
    np.testing.assert_allclose(f(x)[i] - f(y)[j], plan.price[i, j], atol=1e-8)


# -- learned


def test_training_starts_alike_whatever_keeps_it_flat_and_repeats_itself():
    clip, penalty = (trained_critic(CriticConfig(steps=20, every=10, way=way), ONE, HALVES) for way in
                     ("clip", "penalty"))  # fmt: skip
    again = trained_critic.__wrapped__(CriticConfig(steps=20, every=10), ONE, HALVES)
    assert [snapshot.step for snapshot in clip] == [0, 10, 20]
    np.testing.assert_array_equal(clip[0].f, penalty[0].f)
    assert not np.array_equal(clip[1].f, penalty[1].f)
    for one, other in zip(penalty, again, strict=True):
        np.testing.assert_array_equal(one.f, other.f)
    other_seed = next(train_critic(CriticConfig(seed=1), ONE, HALVES))
    assert not np.array_equal(other_seed.f, clip[0].f)


def test_training_leaves_the_global_generator_alone():
    before = torch.random.get_rng_state()
    trained_critic.__wrapped__(QUICK, ONE, HALVES)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_training_gives_the_cores_back():
    before = torch.get_num_threads()
    trained_critic.__wrapped__(CriticConfig(steps=1), ONE, HALVES)
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("way", ["clip", "penalty"])
@pytest.mark.parametrize(("p", "q"), [(ONE, HALVES), (Uniform(-2, -1), Laplace(1, 0.5)), (ONE, ONE)])
def test_no_learned_critic_beats_w1_once_it_is_scaled(way, p, q):
    x, w1 = places(p, q), compare(p, q).w1
    for snapshot in trained_critic(CriticConfig(steps=60, every=20, way=way), p, q):
        assert snapshot.fair <= w1 + 1e-6
        assert snapshot.slope == pytest.approx(np.abs(np.diff(snapshot.f.astype(float)) / np.diff(x)).max())
        assert snapshot.advantage == pytest.approx(advantage(snapshot.f, x, p, q))
        assert snapshot.fair * snapshot.slope == pytest.approx(snapshot.advantage)
        assert not snapshot.f.flags.writeable


def test_the_penalty_learns_the_best_critic_and_clipping_bends():
    w1 = compare(ONE, HALVES).w1
    penalty, clip = (trained_critic(CriticConfig(way=way), ONE, HALVES)[-1] for way in ("penalty", "clip"))
    assert penalty.fair == pytest.approx(w1, rel=0.02)
    assert penalty.slope == pytest.approx(1, abs=0.25)
    assert penalty.clipped == 0
    assert clip.fair < 0.7 * w1
    assert clip.clipped > 0.9


def test_clipping_bounds_the_slope_by_the_product_of_its_layers():
    config = CriticConfig(way="clip", clip=0.05, steps=200, every=20)
    last = trained_critic(config, ONE, HALVES)[-1]
    assert last.slope <= 0.05**3 * config.hidden**2 * (1 + 1e-4)  # 1 · c, then 32 · c, then 32 · c


def test_a_level_critic_reaches_nothing():
    snapshot = next(train_critic(QUICK, ONE, HALVES))
    level = type(snapshot)(0, np.zeros(801, np.float32), 0.0, 0.0, 0.0)
    assert level.fair == 0


def test_an_update_is_adam_on_the_loss_of_the_paper_written_out_in_numpy():
    """One step from the same start with the gradient by finite differences, the penalty's through its slopes."""
    config = CriticConfig(steps=1, every=1, hidden=2, batch=3, penalty=2.0)
    generator = torch.Generator().manual_seed(config.seed)
    weights = []
    for inputs, outputs in ((1, 2), (2, 2), (2, 1)):
        for shape in ((inputs, outputs), (outputs,)):
            weights.append((torch.rand(shape, generator=generator) * 2 - 1).numpy().astype(float) / np.sqrt(inputs))
    levels = (np.arange(4096) + 0.5) / 4096
    one, other = (shape.quantile(levels)[torch.randint(4096, (3,), generator=generator).numpy()] for shape in
                  (ONE, HALVES))  # fmt: skip
    mix = torch.rand(3, 1, generator=generator).numpy()[:, 0].astype(float)

    def critic(x, parameters):
        h = np.reshape(x, (-1, 1))
        for k in (0, 2):
            h = h @ parameters[k] + parameters[k + 1]
            h = np.where(h > 0, h, LEAK * h)
        return (h @ parameters[4] + parameters[5])[:, 0]

    def loss(flat):
        parameters, at = [], 0
        for weight in weights:
            parameters.append(flat[at : at + weight.size].reshape(weight.shape))
            at += weight.size
        between = mix * one + (1 - mix) * other
        slope = (critic(between + 1e-6, parameters) - critic(between - 1e-6, parameters)) / 2e-6
        penalty = config.penalty * np.mean((np.abs(slope) - 1) ** 2)
        return critic(other, parameters).mean() - critic(one, parameters).mean() + penalty

    flat = np.concatenate([weight.ravel() for weight in weights])
    gradient = np.array([(loss(flat + 1e-5 * e) - loss(flat - 1e-5 * e)) / 2e-5 for e in np.eye(len(flat))])
    moved = np.where(np.abs(gradient) > 1e-3, config.rate * np.sign(gradient), np.nan)  # Adam's first step
    start, after = trained_critic(config, ONE, HALVES)
    x = places(ONE, HALVES)
    np.testing.assert_allclose(start.f, critic(x, weights), atol=1e-5)
    stepped, at = [], 0
    for weight in weights:
        stepped.append(weight - np.nan_to_num(moved[at : at + weight.size]).reshape(weight.shape))
        at += weight.size
    np.testing.assert_allclose(np.diff(after.f), np.diff(critic(x, stepped)), atol=1e-5)  # all but the last shift


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("way", "spectral", r"way must be one of \('clip', 'penalty'\), got 'spectral'"),
        ("clip", 0.0, r"clip must be in \[0.01, 1\], got 0.0"),
        ("penalty", float("nan"), "penalty must be in"),
        ("steps", 10_000, "steps must be in"),
        ("hidden", 1.5, "hidden must be a whole number"),
    ],
)
def test_a_config_says_what_is_legal(field, value, says):
    with pytest.raises(ValueError, match=says):
        CriticConfig(**{field: value})
