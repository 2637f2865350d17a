"""The Dirac-GAN: its field against autograd, its eigenvalues against the steps themselves."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.gan.dirac import PLAYS, eigenvalues, field, jacobian, path, step

places = st.tuples(st.floats(-3, 3), st.floats(-3, 3))


def gradients(at, penalty=0.0):
    theta, psi = (torch.tensor(float(x), dtype=torch.float64, requires_grad=True) for x in at)
    played = -torch.log1p(torch.exp(-theta * psi)) - torch.log(torch.tensor(2.0))
    down = torch.autograd.grad(played, theta, retain_graph=True)[0]
    up = torch.autograd.grad(played - penalty / 2 * psi**2, psi)[0]
    return np.array([-float(down), float(up)])


@settings(deadline=None, derandomize=True)
@given(places, st.floats(0, 2))
def test_the_field_is_what_each_player_would_do(at, penalty):
    np.testing.assert_allclose(field(np.array(at), penalty=penalty), gradients(at, penalty), atol=1e-12)


@settings(deadline=None, derandomize=True)
@given(places)
def test_the_jacobian_is_the_slope_of_the_field(at):
    at, small = np.array(at), 1e-6
    columns = [(field(at + small * e) - field(at - small * e)) / (2 * small) for e in np.eye(2)]
    np.testing.assert_allclose(jacobian(at), np.stack(columns, 1), atol=1e-8)


@pytest.mark.parametrize("play", PLAYS)
@pytest.mark.parametrize(("rate", "gamma"), [(0.1, 0.5), (0.5, 1.0), (1.0, 0.3)])
def test_eigenvalues_are_those_of_a_step_at_the_equilibrium(play, rate, gamma):
    small = 1e-5
    columns = [step(play, small * e, rate=rate, gamma=gamma) / small for e in np.eye(2)]
    found = np.sort_complex(np.linalg.eigvals(np.stack(columns, 1)).astype(complex))
    np.testing.assert_allclose(np.sort_complex(eigenvalues(play, rate=rate, gamma=gamma)), found, atol=1e-6)


@pytest.mark.parametrize(
    ("play", "modulus"),
    [("simultaneous", "out"), ("alternating", "stays"), ("consensus", "in"), ("gradient penalty", "in"),
     ("extragradient", "in")],
)  # fmt: skip
def test_which_plays_spiral_out(play, modulus):
    largest = np.abs(eigenvalues(play, rate=0.2, gamma=0.5)).max()
    distance = np.linalg.norm(path(play, (0.6, 0.0), rate=0.2, gamma=0.5, steps=400), axis=1)
    if modulus == "out":
        assert largest > 1
        assert distance[-1] > 1.5 * distance[0]
    elif modulus == "stays":
        assert largest == pytest.approx(1, abs=1e-12)
        assert 0.8 < distance[-60:].min() / distance[0] < distance[-60:].max() / distance[0] < 1.25
    else:
        assert largest < 1
        assert distance[-1] < 0.2 * distance[0]


def test_simultaneous_play_leaves_at_the_closed_rate():
    # |1 ± i h/2| = √(1 + h²/4)
    assert np.abs(eigenvalues("simultaneous", rate=0.4, gamma=0.0)) == pytest.approx([np.sqrt(1.04)] * 2)


def test_a_path_begins_at_its_start_and_takes_its_steps():
    found = path("alternating", (1.0, 0.5), rate=0.3, gamma=0.0, steps=3)
    assert found.shape == (4, 2)
    np.testing.assert_array_equal(found[0], [1.0, 0.5])
    np.testing.assert_array_equal(found[3], step("alternating", found[2], rate=0.3, gamma=0.0))
