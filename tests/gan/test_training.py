"""The game: reproducible, the same alone and beside others, its gradients against finite differences and by hand."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.coverage import coverage, two_sample_floor, w2
from playground.gan.best import best
from playground.gan.config import GanConfig, hand, updates
from playground.gan.game import Game
from playground.gan.losses import discriminator_loss, generator_loss
from playground.gan.networks import Network, forward, judged
from playground.gan.optimizers import Rule
from playground.gan.training import COMPANIES, GRID, d_map, look, train, train_seeds, untrained
from playground.runs import Diverged
from playground.runs.snapshot import Left, decode, encode

CPU = torch.device("cpu")
SMALL = GanConfig(steps=12, every=6, hidden=8, batch=32)
VARIANTS = {
    "plain": {},
    "packed": {"pack": 2},
    "spread": {"batch_std": True},
    "spectral": {"spectral_norm": True},
    "noisy": {"noise": 0.3},
    "unrolled": {"unroll": 2},
    "penalised": {"loss": "Wasserstein", "penalty": "gradient", "d_steps": 2},
    "clipped": {"loss": "Wasserstein", "penalty": "clip", "d_optimizer": "RMSprop"},
    "averaged": {"ema": 0.9, "decay": True, "activation": "tanh"},
    "one z": {"z_dim": 1, "g_optimizer": "SGD", "warmup": 3, "offset": 1.5},
}
each_variant = pytest.mark.parametrize("settings", VARIANTS.values(), ids=VARIANTS)


def arrays(snapshot):
    return {name: value for name, value in vars(snapshot).items() if isinstance(value, np.ndarray)}


def game(config=SMALL, seeds=(0,)):
    return Game(config, seeds, device=CPU)


@each_variant
def test_a_seed_decides_the_whole_run(settings):
    config = replace(SMALL, **settings)
    first, again = (list(train(config, device=CPU)) for _ in range(2))
    assert [snapshot.step for snapshot in first] == [0, 6, 12]
    for one, two in zip(first, again, strict=True):
        assert all(np.array_equal(arrays(one)[name], arrays(two)[name]) for name in arrays(one))
        assert one.d_loss == two.d_loss
    other = list(train(replace(config, seed=1), device=CPU))
    assert not np.array_equal(first[0].fakes, other[0].fakes)
    assert not np.array_equal(first[0].fakes, first[-1].fakes)
    assert all(np.isfinite(value).all() for snapshot in first for value in arrays(snapshot).values())


@each_variant
def test_games_side_by_side_are_the_games_alone(settings):
    config = replace(SMALL, **settings)
    *_, together = train_seeds(config, seeds=(3, 4, 5), device=CPU)
    for k, seed in enumerate((3, 4, 5)):
        *_, alone = train(replace(config, seed=seed), device=CPU)
        np.testing.assert_allclose(together.fakes[k], alone.fakes, atol=2e-4)


def test_the_global_generator_is_neither_used_nor_moved():
    torch.random.default_generator.manual_seed(1)
    before = torch.random.get_rng_state()
    first = list(train(SMALL, device=CPU))[-1].fakes
    assert torch.equal(before, torch.random.get_rng_state())
    torch.random.default_generator.manual_seed(2)
    assert np.array_equal(first, list(train(SMALL, device=CPU))[-1].fakes)


def test_moves_by_hand_are_the_steps_of_the_game():
    steps = replace(SMALL, steps=3, every=1, d_steps=2)
    at_once = list(train(steps, device=CPU))
    by_hand = list(train(replace(steps, moves="D2 G D2 G D2 G"), device=CPU))
    assert [snapshot.step for snapshot in by_hand] == list(range(10))  # a step is an update
    for k in range(4):
        assert_the_same(by_hand[3 * k], at_once[k])
    # a move of D leaves the fakes where they are, a move of G leaves D
    assert np.array_equal(by_hand[2].fakes, by_hand[0].fakes)
    assert not np.array_equal(by_hand[2].d_map, by_hand[0].d_map)
    assert np.array_equal(by_hand[3].d_map, by_hand[2].d_map)
    rounds = list(train(replace(steps, moves="DG3"), device=CPU))
    assert [snapshot.step for snapshot in rounds] == [0, 3, 6, 9]
    for one, two in zip(rounds, at_once, strict=True):
        assert_the_same(one, two)


def assert_the_same(one, two):
    assert all(array.tobytes() == arrays(two)[name].tobytes() for name, array in arrays(one).items())
    assert (one.d_loss, one.g_loss, one.value_nats) == (two.d_loss, two.g_loss, two.value_nats)


@each_variant
def test_whatever_was_done_by_hand_taking_it_back_leads_to_the_same_weights_byte_for_byte(settings):
    config = replace(SMALL, **settings)
    fresh = untrained(config)
    moved = list(train(replace(config, moves="D3 G DG2"), device=CPU))
    assert_the_same(moved[0], fresh)
    assert not np.array_equal(moved[-1].fakes, fresh.fakes)
    undone = list(train(replace(config, moves="D3 G"), device=CPU))
    for one, two in zip(undone, moved, strict=False):
        assert_the_same(one, two)
    for _ in range(2):  # rewound, in the same process and to the weights themselves
        again, first = game(config), game(config)
        again.update_d()
        again.update_g()
        again = game(config)
        assert again.g.flat.numpy().tobytes() == first.g.flat.numpy().tobytes()
        assert again.d.flat.numpy().tobytes() == first.d.flat.numpy().tobytes()


@pytest.mark.parametrize(
    ("moves", "steps"),
    [
        ("D", [0, 1]),
        ("D3", [0, 1, 2, 3]),
        ("D10", [0, 2, 4, 6, 8, 10]),
        ("G100", [0, 20, 40, 60, 80, 100]),
        ("D7", [0, 2, 3, 5, 6, 7]),
        ("DG10 G", [0, 6, 12, 18, 24, 30, 31]),
    ],
)
def test_a_move_shows_a_few_of_its_updates_and_always_its_last(moves, steps):
    made = game(replace(SMALL, d_steps=2, moves=moves))
    assert list(made.steps()) == steps
    assert made.last == updates(made.config) == steps[-1]


@pytest.mark.parametrize("moves", ["X", "D0", "D99999", "d", "D-1", "D 2", "GD", "DG0", "D٣"])
def test_a_wrong_move_is_named(moves):
    with pytest.raises(ValueError, match="a move is D, G or DG"):
        replace(SMALL, moves=moves)
    assert hand("D10 G DG2") == [("D", 10), ("G", 1), ("DG", 2)]


def test_illegal_games_are_refused():
    with pytest.raises(ValueError, match="batch must be a multiple of pack, got 32 and 3"):
        replace(SMALL, pack=3)
    with pytest.raises(ValueError, match="target must be JSON"):
        replace(SMALL, target="ring")
    for moves in ("D5001", "DG1251", " ".join(["D"] * 121)):
        with pytest.raises(ValueError, match="at most 120 moves and 5000 updates can be made by hand"):
            replace(SMALL, moves=moves, d_steps=3)
    assert replace(SMALL, moves="DG1250", d_steps=3).moves


def doubles(config):
    """A game in float64, so that finite differences can be held against it."""
    made = game(config)
    for network in (made.g, made.d):
        network.parameters = [part.detach().double().requires_grad_() for part in network.parameters]
    return made


@pytest.mark.parametrize("settings", [{}, {"pack": 2}, {"batch_std": True}], ids=["plain", "packed", "spread"])
def test_the_gradient_penalty_has_the_slope_of_finite_differences(settings):
    made = doubles(replace(SMALL, activation="tanh", **settings))
    mix = made.mix().double()
    made.mix = lambda: mix
    real, fake = (torch.randn(1, 32, 2, generator=torch.Generator().manual_seed(k)).double() for k in (1, 2))
    penalty = made.gradient_penalty(made.d.parameters, real, fake).sum()
    turned = made.d.parameters[:-1]  # a slope does not depend on the last bias
    for weight, slope in zip(turned, torch.autograd.grad(penalty, turned), strict=True):
        index = (0, 0, 0)
        ends = []
        for shift in (1e-5, -1e-5):
            with torch.no_grad():
                weight[index] += shift
            ends.append(made.gradient_penalty(made.d.parameters, real, fake).item())
            with torch.no_grad():
                weight[index] -= shift
        assert slope[index].item() == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-7)


def test_the_gradient_penalty_of_a_line_is_known():
    made = doubles(replace(SMALL, depth=1, activation="ReLU"))
    real, fake = (torch.rand(1, 32, 2, generator=torch.Generator().manual_seed(k)).double() for k in (1, 2))
    made.mix = lambda: torch.rand(1, 32, 1, generator=torch.Generator().manual_seed(3)).double()
    with torch.no_grad():  # D(x) = relu(3 x₁) - relu(4 x₂) on the positive quadrant: slope (3, -4), length 5
        for part in made.d.parameters:
            part.zero_()
        made.d.parameters[0][0, 0, 0], made.d.parameters[0][0, 1, 1] = 3.0, 4.0
        made.d.parameters[2][0, 0, 0], made.d.parameters[2][0, 1, 0] = 1.0, -1.0
    assert made.gradient_penalty(made.d.parameters, real, fake).item() == pytest.approx(16.0)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "RMSprop"])
def test_unrolling_two_steps_is_two_steps_written_out(optimizer):
    config = replace(SMALL, unroll=2, d_optimizer=optimizer, activation="tanh", d_rate=0.01)
    made, twin = game(config), game(config)
    loss = generator_loss("non-saturating", made.judge(made.g(made.z_for_g()), made.unrolled()))
    found = torch.autograd.grad(loss.sum(), made.g.parameters)

    # the same by hand: D's parameters as a list, each step new tensors
    parameters, rule = [part.detach().requires_grad_() for part in twin.d.parameters], Rule(optimizer, config.beta1)
    first, second = ([torch.zeros_like(part) for part in parameters] for _ in range(2))
    for count in (1, 2):
        fake, real = twin.g(twin.z_for_d()), twin.real()
        loss = discriminator_loss(
            "non-saturating",
            forward(parameters, real, "tanh")[..., 0], forward(parameters, fake, "tanh")[..., 0],
        )  # fmt: skip
        slopes = torch.autograd.grad(loss.sum(), parameters, create_graph=True)
        for k, slope in enumerate(slopes):
            if optimizer == "SGD":
                move = slope
            elif optimizer == "RMSprop":
                second[k] = 0.99 * second[k] + 0.01 * slope**2
                move = slope / ((second[k] + 1e-16).sqrt() + rule.epsilon)
            else:
                first[k] = 0.5 * first[k] + 0.5 * slope
                second[k] = 0.999 * second[k] + 0.001 * slope**2
                root = ((second[k] + 1e-16) / (1 - 0.999**count)).sqrt()
                move = first[k] / (1 - 0.5**count) / (root + rule.epsilon)
            parameters[k] = parameters[k] - 0.01 * move
    loss = generator_loss("non-saturating", forward(parameters, twin.g(twin.z_for_g()), "tanh")[..., 0])
    for one, two in zip(found, torch.autograd.grad(loss.sum(), twin.g.parameters), strict=True):
        torch.testing.assert_close(one, two, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("optimizer", "theirs"),
    [
        ("Adam", lambda p: torch.optim.Adam([p], 0.01, betas=(0.5, 0.999))),
        ("RMSprop", lambda p: torch.optim.RMSprop([p], 0.01, alpha=0.99)),
        ("SGD", lambda p: torch.optim.SGD([p], 0.01)),
    ],
)
def test_our_steps_are_those_of_torch(optimizer, theirs):
    rule, generator = Rule(optimizer, 0.5), torch.Generator().manual_seed(0)
    ours = torch.randn(7, generator=generator)
    parameter = ours.clone().requires_grad_()
    moved, state, state_moved = ours.clone(), rule.start(ours), rule.start(ours)
    optimizer = theirs(parameter)
    for _ in range(5):
        gradient = torch.randn(7, generator=generator)
        parameter.grad = gradient.clone()
        optimizer.step()
        state = rule.move(ours, gradient, state, 0.01)
        moved, state_moved = rule.moved(moved, gradient, state_moved, 0.01)
        torch.testing.assert_close(ours, parameter.detach())
        torch.testing.assert_close(moved, parameter.detach())


def test_spectral_norm_brings_every_layer_to_one():
    made = game(replace(SMALL, spectral_norm=True))
    for _ in range(200):
        made.norm.turn(made.d.parameters)
    for weight in made.norm(made.d.parameters)[::2]:
        assert torch.linalg.matrix_norm(weight[0], 2).item() == pytest.approx(1, abs=1e-3)


def test_a_network_is_torchs_own():
    network = Network((2, 5, 3), "ReLU", generators=[torch.Generator().manual_seed(k) for k in (0, 1)], device=CPU)
    x = torch.randn(2, 4, 2, generator=torch.Generator().manual_seed(2))
    for k in range(2):
        one, bias_one, two, bias_two = (part[k].detach() for part in network.parameters)
        expected = torch.relu(x[k] @ one + bias_one) @ two + bias_two
        torch.testing.assert_close(network(x)[k].detach(), expected)
        torch.testing.assert_close(
            forward([p[k : k + 1] for p in network.parameters], x[k : k + 1], "ReLU")[0], expected
        )


def test_d_is_shown_packs_and_the_spread_of_its_batch():
    x = torch.arange(12.0).view(1, 6, 2)
    assert judged(x, pack=3, batch_std=False).tolist() == [[[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]]
    shown = judged(x, pack=1, batch_std=True)
    assert shown.shape == (1, 6, 4)
    np.testing.assert_allclose(shown[0, :, 2:], np.tile(x[0].numpy().std(0), (6, 1)), rtol=1e-6)


def test_arrows_are_the_way_down_of_the_generators_loss():
    # of -log D: sigmoid(-a) times the slope of D's raw output a
    made = game()
    made.update_d()
    x = made.fakes()[:, : SMALL.batch].clone().requires_grad_()
    raw = made.judge(x)
    (slope,) = torch.autograd.grad(raw.sum(), x)
    expected = torch.sigmoid(-raw).detach()[..., None] * slope
    np.testing.assert_allclose(look(made).pushed, expected[0].numpy(), rtol=1e-4, atol=1e-6)


def test_a_run_that_leaves_every_bound_ends_with_a_sentence_and_keeps_its_frames():
    wild = replace(SMALL, loss="Wasserstein", d_optimizer="SGD", g_optimizer="SGD", d_rate=0.1, g_rate=0.1, steps=2_000)
    run, seen = train(wild, device=CPU), []
    with pytest.raises(Diverged, match=r"At step \d+ the weights left every bound: .* clip D’s weights or add"):
        seen.extend(iter(lambda: next(run), None))
    seen = seen or [next(train(wild, device=CPU))]
    assert seen[0].step == 0
    assert all(np.isfinite(snapshot.fakes).all() for snapshot in seen)


def test_a_well_tuned_plain_gan_covers_most_of_the_ring():
    config = GanConfig(steps=600, every=600, d_rate=2e-3, g_rate=1e-3, activation="tanh")
    *_, end = train(config, device=CPU)
    angle = np.arctan2(end.fakes[:, 1], end.fakes[:, 0])
    sectors = np.unique(np.round(angle / (np.pi / 4)) % 8)
    assert len(sectors) >= 6
    assert np.abs(np.linalg.norm(end.fakes, axis=1) - 1).mean() < 0.3


def test_a_snapshot_says_what_its_generator_covers():
    config = replace(SMALL, steps=20, every=1)
    made = game(config)
    snapshot = look(made)
    expected = coverage(made.samples(0), made.target)
    found = (snapshot.modes, snapshot.strict_modes, snapshot.high_quality, snapshot.reverse_kl)
    assert found == pytest.approx(tuple(expected))
    np.testing.assert_array_equal(made.samples(0)[: len(snapshot.fakes)], snapshot.fakes)
    run = list(train(config, device=CPU))
    assert [k for k, one in enumerate(run) if not np.isnan(one.w2)] == [1, 6, 11, 16, 20]
    end = game(config)
    assert list(end.steps())[-1] == 20
    assert run[-1].w2 == pytest.approx(w2(end.samples(0), end.real_far[0]))
    assert np.isnan(run[0].w2_floor)
    assert {one.w2_floor for one in run[1:]} == {two_sample_floor(w2, made.target).mean}


def test_a_snapshot_holds_the_best_discriminator_where_d_tells_a_chance():
    made = game()
    snapshot = look(made)
    expected = best(made.samples(0).numpy(), made.target, nodes=GRID)
    np.testing.assert_array_equal(snapshot.best_logit, expected.logit)
    assert snapshot.best_value_nats == expected.value_nats
    for settings in ({"loss": "hinge"}, {"loss": "Wasserstein"}, {"pack": 2}, {"batch_std": True}):
        other = untrained(replace(SMALL, **settings))
        assert other.best_logit.shape == (0, 0)
        assert np.isnan(other.best_value_nats)


def test_a_target_without_modes_has_no_coverage():
    config = replace(SMALL, target='{"name": "moons"}', steps=1)
    *_, end = train(config, device=CPU)
    assert np.isnan([end.modes, end.strict_modes, end.high_quality, end.reverse_kl]).all()
    again = decode(encode(end))
    assert np.isnan(again.modes)
    np.testing.assert_array_equal(again.fakes, end.fakes)


def test_coverage_of_many_seeds_is_that_of_each():
    run = list(train_seeds(SMALL, seeds=(3, 4), device=CPU))
    for k, seed in enumerate((3, 4)):
        *_, alone = train(replace(SMALL, seed=seed), device=CPU)
        assert run[-1].high_quality[k] == pytest.approx(alone.high_quality, abs=2e-3)
        assert run[-1].strict_modes[k] == alone.strict_modes
    assert [np.isnan(snapshot.w2).all() for snapshot in run] == [True, True, False]


def test_many_seeds_say_what_each_covers_and_how_far_it_is():
    config = replace(SMALL, steps=400, every=400)
    made = game(config, (3, 4))
    *_, end = made.steps()
    assert end == 400
    *_, snapshot = train_seeds(config, seeds=(3, 4), device=CPU)
    for k in range(2):
        expected = coverage(made.samples(k), made.target)
        found = (snapshot.modes[k], snapshot.strict_modes[k], snapshot.high_quality[k], snapshot.reverse_kl[k])
        assert found == pytest.approx(tuple(expected))
        assert snapshot.at_mode[k].sum() / 2500 == pytest.approx(expected.high_quality)
        assert (snapshot.at_mode[k] >= 20).sum() == expected.strict_modes
        assert snapshot.w2[k] == pytest.approx(w2(made.samples(k), made.real_far[k]))
    assert not np.array_equal(made.real_far[0], made.real_far[1])


def test_many_seeds_without_modes_are_measured_by_their_distance():
    *_, end = train_seeds(replace(SMALL, target='{"name": "moons"}', steps=1), seeds=(0, 1), device=CPU)
    assert end.at_mode.shape == (2, 0)
    assert np.isnan([end.modes, end.strict_modes, end.high_quality, end.reverse_kl]).all()
    assert (end.w2 > 0).all()
    np.testing.assert_array_equal(decode(encode(end)).at_mode, end.at_mode)


def test_one_game_astray_ends_them_all_and_is_named():
    made = game(SMALL, (7, 8, 9))
    with torch.no_grad():
        made.d.parameters[2][1, 0, 0] = float("nan")
    with pytest.raises(Diverged, match=r"At step 0 the weights of seed 8 left every bound: those of D"):
        made._check()
    with torch.no_grad():
        made.g.parameters[0][2, 0, 0] = -1e6
    with pytest.raises(Diverged, match=r"the weights of seeds 8, 9 left"):
        made._check()
    wild = replace(SMALL, loss="Wasserstein", d_optimizer="SGD", g_optimizer="SGD", d_rate=0.1, g_rate=0.1, steps=2_000)
    run, seen = train_seeds(wild, seeds=(0, 1), device=CPU), []
    with pytest.raises(Diverged, match=r"At step \d+ the weights of seeds? [01]"):
        seen.extend(iter(lambda: next(run), None))
    assert not seen or np.isfinite(seen[-1].fakes).all()


@pytest.mark.parametrize(
    "settings", [{"steps": 500, "every": 500}, {"warmup": 500}, {"moves": "D500"}], ids=["steps", "warm-up", "by hand"]
)
def test_a_game_can_be_left_after_every_update(settings, monkeypatch):
    made = game(replace(SMALL, **settings))
    steps = made.steps()
    assert next(steps) == 0
    count = itertools.count()
    monkeypatch.setattr("playground.runs.snapshot._unwanted", lambda: next(count) == 3)
    with pytest.raises(Left):
        list(steps)
    assert made.d_state.count in (3, 4)


def test_the_map_of_a_d_that_judges_packs_is_its_mean_over_the_same_few_companies_everywhere():
    game = Game(GanConfig(pack=2, hidden=8, batch=32), (0,), device=CPU)
    x0, x1, y0, y1 = game.target.extent
    x, y = torch.linspace(x0, x1, GRID), torch.linspace(y0, y1, GRID)
    companions = game.real_shown[0].view(-1, 4)[:COMPANIES, 2:]
    drawn = d_map(game)
    for row, column in ((0, 0), (5, 40), (GRID - 1, 17)):
        place = torch.stack([x[column], y[row]])
        packs = torch.cat([place.expand(COMPANIES, 2), companions], -1)
        expected = game.d(packs[None])[0, :, 0].mean()
        assert drawn[row, column].item() == pytest.approx(expected.item(), abs=1e-5)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
@each_variant
def test_a_gpu_plays_the_same_games(settings):
    config = replace(SMALL, **settings, steps=5, every=5)
    *_, here = train_seeds(config, seeds=(0, 1), device=CPU)
    *_, there = train_seeds(config, seeds=(0, 1), device=torch.device("cuda"))
    np.testing.assert_allclose(there.fakes, here.fakes, atol=1e-3)


def test_many_games_on_a_cpu_are_batches_of_eight_in_the_order_of_their_seeds():
    seeds = range(10)
    *_, together = train_seeds(SMALL, seeds=seeds, device=CPU)
    assert {len(value) for value in arrays(together).values()} == {10}
    *_, last_two = train_seeds(SMALL, seeds=seeds[8:], device=CPU)
    for name, value in arrays(last_two).items():
        np.testing.assert_array_equal(arrays(together)[name][8:], value)
    assert together.w2_floor == last_two.w2_floor
