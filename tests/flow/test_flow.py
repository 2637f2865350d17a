"""Whole flows: mass 1 for every architecture and base, ways through the layers that add up, training that repeats."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.flow import FlowConfig, train, trained
from playground.flow.config import ARCHITECTURES
from playground.flow.training import RARE, judged
from playground.runs import Diverged
from playground.targets import read

CPU = torch.device("cpu")
SMALL = FlowConfig(layers=3, hidden=12, bins=5, waves=2, steps=30, every=30, batch=64, solver_steps=12, rate=5e-3)
CONFIGS = {name: replace(SMALL, architecture=name) for name in ARCHITECTURES}
CONFIGS |= {name: replace(SMALL, base=name) for name in ("square", "mixture", "resampled")}
CONFIGS["mixing"] = replace(SMALL, architecture="RealNVP", mixing=True)
CONFIGS["pairs"] = replace(SMALL, architecture="flow matching", pairs=True)
each_flow = pytest.mark.parametrize("name", CONFIGS)


@pytest.fixture(scope="module")
def flows():
    made = {}

    def of(name):
        if name not in made:
            made[name] = trained(CONFIGS[name], device=CPU)
        return made[name]

    return of


def dice(seed=0):
    return torch.Generator().manual_seed(seed)


@each_flow
def test_the_mass_is_one(flows, name):
    flow, line = flows(name), torch.linspace(-10, 10, 401)
    with torch.no_grad():
        mass = flow.log_prob(torch.cartesian_prod(line, line)).double().exp().sum().item() * 0.05**2
    assert mass == pytest.approx(1, abs=1e-3)


@each_flow
def test_samples_have_the_density_that_the_flow_gives_them(flows, name):
    """E_q f = Σ f q dA for some f, within the scatter of 4 000 samples."""
    flow, line = flows(name), torch.linspace(-10, 10, 251)
    places = torch.cartesian_prod(line, line)
    drawn = flow.sample(4_000, generator=dice(1))
    with torch.no_grad():
        density = flow.log_prob(places).double().exp() * 0.08**2
    for f in (lambda x: x[:, 0], lambda x: x[:, 1], lambda x: torch.tanh(x[:, 0] * x[:, 1])):
        seen = f(drawn)
        assert seen.mean().item() == pytest.approx((density * f(places)).sum().item(), abs=4 * seen.std().item() / 63)


@each_flow
def test_the_way_through_the_layers_ends_at_the_density(flows, name):
    flow = flows(name)
    with torch.no_grad():
        z = flow.base.sample(200, generator=dice(2))
        way = flow.layers(z)
        back = flow.normalising(way.points[-1])
        expected = flow.log_prob(way.points[-1])
    assert len(way.points) == len(way.log_det) == len(flow.steps) + 1
    assert torch.equal(way.points[0], z)
    assert not way.log_det[0].any()
    torch.testing.assert_close(flow.base.log_prob(z) - way.log_det[-1], expected, atol=2e-2, rtol=0)
    torch.testing.assert_close(back.points[-1], z, atol=5e-3, rtol=0)
    torch.testing.assert_close(back.log_det[-1], -way.log_det[-1], atol=2e-2, rtol=0)


@each_flow
def test_no_model_gets_below_the_floor_and_training_helps(name):
    config = CONFIGS[name]
    first, last = train(config, device=CPU)
    floor = read(config.target).entropy_nats
    for snapshot in (first, last):
        assert snapshot.gap > -3 * snapshot.gap_error
        assert snapshot.nll == pytest.approx(floor + snapshot.gap, abs=0.1)
    assert last.nll < first.nll


def test_equal_configs_give_equal_runs_and_another_seed_another():
    for config in (SMALL, CONFIGS["resampled"], CONFIGS["pairs"]):
        one, two = list(train(config, device=CPU))[-1], list(train(config, device=CPU))[-1]
        other = list(train(replace(config, seed=1), device=CPU))[-1]
        assert np.array_equal(one.samples, two.samples)
        assert np.array_equal(one.log_density, two.log_density)
        assert not np.array_equal(one.samples, other.samples)


def test_the_gap_is_the_mean_of_the_paired_differences():
    t, flow = read(SMALL.target), trained(SMALL, device=CPU)
    x = t.sample(500, generator=dice(4))
    nll, gap, error = judged(flow, t, x)
    with torch.no_grad():
        q = flow.log_prob(x).double().numpy()
    p = t.log_prob(x.double()).numpy()
    assert nll == pytest.approx(-q.mean())
    assert gap == pytest.approx((p - q).mean())
    assert error == pytest.approx((p - q).std(ddof=1) / math.sqrt(500))


def test_the_target_itself_is_hardly_ever_astray_and_a_blob_often():
    first, _ = train(replace(SMALL, target='{"name": "8gaussians"}'), device=CPU)
    assert first.astray > 100 * RARE


def test_a_run_whose_loss_is_no_number_says_at_which_step_and_what_to_turn(monkeypatch):
    def broken(self, x):
        return self.log_prob(x).mean() * math.nan

    monkeypatch.setattr("playground.flow.training.Trainer._nll", lambda self, x: broken(self.flow, x))
    run = train(SMALL, device=CPU)
    assert next(run).step == 0
    with pytest.raises(Diverged, match=r"step 1 .* learning rate"):
        next(run)


def test_flow_matching_starts_from_a_normal():
    with pytest.raises(ValueError, match="normal base"):
        FlowConfig(architecture="flow matching", base="square")


def test_a_target_that_is_none_is_refused():
    with pytest.raises(ValueError, match="name must be one of"):
        FlowConfig(target='{"name": "elephant"}')
    with pytest.raises(ValueError, match="must be JSON"):
        FlowConfig(target="moons")
