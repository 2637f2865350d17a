"""The solvers against solutions in closed form, against each other, and at fields that blow up."""

import math

import pytest
import torch

from playground.flow.ode import METHODS, MOST_STEPS, TooManySteps, solve


def turn(x, t):
    """A rotation that gets faster: x(t) is x(0) turned by t²."""
    return 2 * t * torch.stack([-x[:, 1], x[:, 0]], -1)


START = torch.tensor([[1.0, 0.0], [0.3, -2.0]], dtype=torch.float64)
ORDER = {"Euler": 1, "midpoint": 2, "RK4": 4}


def turned(x, angle):
    c, s = math.cos(angle), math.sin(angle)
    return x @ torch.tensor([[c, s], [-s, c]], dtype=torch.float64)


def miss(method, steps):
    return (solve(turn, START, start=0.0, end=1.0, method=method, steps=steps).states[-1] - turned(START, 1.0)).norm()


@pytest.mark.parametrize("method", ORDER)
def test_twice_the_steps_divide_the_error_by_two_to_the_order(method):
    ratio = (miss(method, 40) / miss(method, 80)).item()
    assert math.log2(ratio) == pytest.approx(ORDER[method], abs=0.15)


def test_the_adaptive_method_is_as_good_as_it_was_asked_to_be():
    solution = solve(turn, START, start=0.0, end=1.0, method="adaptive", error=1e-9)
    assert (solution.states[-1] - turned(START, 1.0)).abs().max() < 1e-7
    assert solution.times[0] == 0
    assert solution.times[-1] == pytest.approx(1)
    assert (solution.times.diff() > 0).all()


def test_the_adaptive_method_agrees_with_rk4_in_tiny_steps():
    def v(x, t):
        return torch.stack([x[:, 1], -torch.sin(x[:, 0]) + math.sin(3 * t)], -1)

    fine = solve(v, START, start=0.0, end=2.0, method="RK4", steps=2_000).states[-1]
    own = solve(v, START, start=0.0, end=2.0, method="adaptive", error=1e-10).states[-1]
    torch.testing.assert_close(own, fine, atol=1e-8, rtol=0)


@pytest.mark.parametrize("method", METHODS)
def test_time_may_run_backwards(method):
    there = solve(turn, START, start=0.0, end=1.0, method=method, steps=400, error=1e-10).states[-1]
    back = solve(turn, there, start=1.0, end=0.0, method=method, steps=400, error=1e-10).states[-1]
    torch.testing.assert_close(back, START, atol={"Euler": 0.05}.get(method, 1e-4), rtol=0)


def test_evaluations_are_counted():
    looks = 0

    def v(x, t):
        nonlocal looks
        looks += 1
        return turn(x, t)

    for method in METHODS:
        looks = 0
        assert solve(v, START, start=0.0, end=1.0, method=method, steps=7).evaluations == looks


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("v", [lambda x, t: x**2, lambda x, t: 1e9 * torch.sin(1e6 * x)], ids=["infinite", "steep"])
def test_a_field_that_blows_up_ends_with_a_sentence_that_names_the_limit(v):
    with pytest.raises(TooManySteps, match=str(MOST_STEPS)):
        solve(v, torch.ones(1, 2, dtype=torch.float64), start=0.0, end=2.0, method="adaptive", error=1e-8)


def test_a_gradient_passes_through():
    speed = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    end = solve(lambda x, t: speed * x, START, start=0.0, end=1.0, method="RK4", steps=20).states[-1]
    end.sum().backward()
    assert speed.grad.item() == pytest.approx((START * math.exp(0.5)).sum().item(), rel=1e-6)
