"""The Dirac-GAN: its field and its paths against autograd, its eigenvalues against the steps and published forms."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.gan.dirac import (
    FAR,
    PAYOFFS,
    PLAYS,
    SLOPE,
    Dirac,
    eigenvalues,
    field,
    growth,
    jacobian,
    linear,
    path,
    step,
    walk,
)

places = st.tuples(st.floats(-3, 3), st.floats(-3, 3))
payoffs = st.sampled_from(PAYOFFS)
each_play = pytest.mark.parametrize("play", PLAYS)
each_payoff = pytest.mark.parametrize("payoff", PAYOFFS)
exhaustive = settings(deadline=None, derandomize=True)
CONFIGS = st.builds(
    Dirac, rate=st.floats(0.05, 5), gamma=st.floats(0, 4), theta=st.floats(-2, 2), psi=st.floats(-2, 2),
    steps=st.just(60), payoff=payoffs,
)  # fmt: skip


def played(theta, psi, payoff):
    """f(ψ θ) + f(0)."""
    if payoff == "WGAN":
        return theta * psi
    return -torch.log1p(torch.exp(-theta * psi)) - math.log(2)


def gradients(at, payoff, penalty=0.0):
    theta, psi = (torch.tensor(float(x), dtype=torch.float64, requires_grad=True) for x in at)
    down = torch.autograd.grad(played(theta, psi, payoff), theta)[0]
    up = torch.autograd.grad(played(theta, psi, payoff) - penalty / 2 * psi**2, psi)[0]
    return np.array([-float(down), float(up)])


@exhaustive
@given(places, st.floats(0, 2), payoffs)
def test_the_field_is_what_each_player_would_do(at, penalty, payoff):
    found = field(np.array(at), penalty=penalty, payoff=payoff)
    np.testing.assert_allclose(found, gradients(at, payoff, penalty), atol=1e-12)


@exhaustive
@given(places, payoffs)
def test_the_jacobian_is_the_slope_of_the_field(at, payoff):
    at, small = np.array(at), 1e-6
    columns = [
        (field(at + small * e, payoff=payoff) - field(at - small * e, payoff=payoff)) / (2 * small) for e in np.eye(2)
    ]
    np.testing.assert_allclose(jacobian(at, payoff=payoff), np.stack(columns, 1), atol=1e-8)


def by_autograd(play, start, rate, gamma, payoff, steps):
    """The path again, each player's slope taken by autograd from what it pays; other lines, the same game."""
    theta, psi = (torch.tensor(x, dtype=torch.float64) for x in start)
    found = [(float(theta), float(psi))]

    def slopes(theta, psi, extra=lambda theta, psi, game: 0.0):
        theta, psi = theta.clone().requires_grad_(), psi.clone().requires_grad_()
        game = played(theta, psi, payoff)
        more = extra(theta, psi, game)
        for_theta = torch.autograd.grad(game + more, theta, retain_graph=True)[0]
        for_psi = torch.autograd.grad(-game + more, psi)[0]
        return for_theta.detach(), for_psi.detach()

    def steepness(theta, psi, game):
        both = torch.autograd.grad(game, (theta, psi), create_graph=True)
        return gamma / 2 * (both[0] ** 2 + both[1] ** 2)

    for _ in range(steps):
        if play == "alternating":
            psi = psi - rate * slopes(theta, psi)[1]
            theta = theta - rate * slopes(theta, psi)[0]
        elif play == "extragradient":
            ahead = [x - rate * s for x, s in zip((theta, psi), slopes(theta, psi), strict=True)]
            down, up = slopes(*ahead)
            theta, psi = theta - rate * down, psi - rate * up
        else:
            extra = {
                "simultaneous": lambda theta, psi, game: 0.0,
                "gradient penalty": lambda theta, psi, game: gamma / 2 * psi**2,
                "consensus": steepness,
            }[play]
            down, up = slopes(theta, psi, extra)
            theta, psi = theta - rate * down, psi - rate * up
        found.append((float(theta), float(psi)))
    return np.array(found)


@each_play
@each_payoff
@pytest.mark.parametrize(
    ("rate", "gamma", "start"), [(0.3, 0.5, (1.0, 0.0)), (1.1, 0.9, (-0.7, 1.4)), (2.0, 0.0, (0.4, -1.9))]
)
def test_a_path_is_what_autograd_makes_of_the_game(play, payoff, rate, gamma, start):
    steps = 8
    wanted = by_autograd(play, start, rate, gamma, payoff, steps)
    found = path(play, start, rate=rate, gamma=gamma, steps=steps, payoff=payoff)
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


@each_play
@each_payoff
def test_a_step_moves_many_places_as_it_moves_each(play, payoff):
    many = np.random.default_rng(0).uniform(-3, 3, (5, 4, 2))
    found = step(play, many, rate=0.7, gamma=0.4, payoff=payoff)
    for i, j in np.ndindex(5, 4):
        one = path(play, tuple(many[i, j]), rate=0.7, gamma=0.4, steps=1, payoff=payoff)[1]
        np.testing.assert_allclose(found[i, j], one, rtol=1e-12)


@each_play
@each_payoff
@pytest.mark.parametrize(("rate", "gamma"), [(0.1, 0.5), (0.5, 1.0), (1.0, 0.3), (3.0, 0.0), (0.7, 4.0)])
def test_the_matrix_and_its_eigenvalues_are_those_of_a_step_at_the_equilibrium(play, payoff, rate, gamma):
    small = 1e-5
    moved = [
        [step(play, sign * small * e, rate=rate, gamma=gamma, payoff=payoff) for e in np.eye(2)] for sign in (1, -1)
    ]
    slopes = (np.stack(moved[0], 1) - np.stack(moved[1], 1)) / (2 * small)
    np.testing.assert_allclose(linear(play, rate=rate, gamma=gamma, payoff=payoff), slopes, atol=1e-8)
    wanted = np.sort_complex(np.linalg.eigvals(slopes).astype(complex))
    found = eigenvalues(play, rate=rate, gamma=gamma, payoff=payoff)
    np.testing.assert_allclose(np.sort_complex(found), wanted, atol=1e-6)
    assert abs(found[0]) >= abs(found[1]) - 1e-15


def published(play, h, gamma, s):
    """λ as the papers have it, with h the rate and s = f'(0).

    Mescheder et al., 2018: §2.3 (simultaneous, and alternating with one step each), §3.3 (gradient penalty, whose field
    has the eigenvalues -γ/2 ± √(γ²/4 - s²)); the same, 2017, §4 (consensus); Korpelevich's step on a linear field.
    """
    if play == "simultaneous":
        return 1 + 1j * h * s, 1 - 1j * h * s
    if play == "alternating":
        alpha = h * s
        root = np.emath.sqrt((1 - alpha**2 / 2) ** 2 - 1)
        return 1 - alpha**2 / 2 + root, 1 - alpha**2 / 2 - root
    if play == "gradient penalty":
        root = np.emath.sqrt(gamma**2 / 4 - s**2)
        return 1 + h * (-gamma / 2 + root), 1 + h * (-gamma / 2 - root)
    if play == "consensus":
        return 1 + h * (-gamma * s**2 + 1j * s), 1 + h * (-gamma * s**2 - 1j * s)
    return 1 - (h * s) ** 2 + 1j * h * s, 1 - (h * s) ** 2 - 1j * h * s


@each_play
@exhaustive
@given(st.floats(0.05, 5), st.floats(0, 4), payoffs)
def test_eigenvalues_have_the_published_closed_forms(play, rate, gamma, payoff):
    found = np.sort_complex(eigenvalues(play, rate=rate, gamma=gamma, payoff=payoff))
    wanted = np.sort_complex(np.array(published(play, rate, gamma, SLOPE[payoff]), complex))
    # equal roots are known to half the digits; sorting swaps a pair whose real parts agree up to rounding
    either = min(np.abs(found - wanted).max(), np.abs(found[::-1] - wanted).max())
    assert either < 1e-6


@exhaustive
@given(st.floats(0.05, 5), st.floats(0, 4), payoffs)
def test_where_each_play_turns_from_in_to_out(rate, gamma, payoff):
    """The published claims as inequalities: who comes in, at which rates; within rounding of an edge is not asked."""
    h, s = rate, SLOPE[payoff]
    square = (h * s) ** 2
    edges = {
        "simultaneous": (1 + square, "out"),
        "extragradient": (square, "in below"),
        "consensus": (h * (gamma**2 * s**2 + 1) - 2 * gamma + 1, "in below"),
    }
    for play, (edge, kind) in edges.items():
        largest = np.abs(eigenvalues(play, rate=rate, gamma=gamma, payoff=payoff)).max()
        if kind == "out" or edge > 1 + 1e-6:
            assert largest > 1
        elif edge < 1 - 1e-6:
            assert largest < 1
    alternating = np.abs(eigenvalues("alternating", rate=rate, gamma=gamma, payoff=payoff))
    assert alternating.prod() == pytest.approx(1, abs=1e-9)
    if h * s < 2 - 1e-6:
        assert alternating == pytest.approx([1, 1], abs=1e-9)
    elif h * s > 2 + 1e-6:
        assert alternating.max() > 1
    penalty = np.abs(eigenvalues("gradient penalty", rate=rate, gamma=gamma, payoff=payoff)).max()
    damps, short = gamma - h * s**2, 4 - 2 * h * gamma + square  # Jury's conditions on trace and determinant
    if min(damps, short) > 1e-6:
        assert penalty < 1
    elif min(damps, short) < -1e-6:
        assert penalty > 1


@exhaustive
@given(CONFIGS)
def test_a_simultaneous_step_always_ends_farther_out_by_a_known_factor(config):
    found = walk("simultaneous", config)
    at = found.at[: found.steps]
    slope = np.ones(len(at)) if config.payoff == "WGAN" else np.exp(-np.logaddexp(0, at[:, 0] * at[:, 1]))
    ratio = np.sqrt(1 + (config.rate * slope) ** 2)
    np.testing.assert_allclose(found.distance[1 : found.steps + 1], found.distance[: found.steps] * ratio, rtol=1e-9)
    if not config.still:
        assert (ratio >= 1).all()
        assert found.end > found.start


@exhaustive
@given(st.floats(0.02, 1.9), places)
def test_alternating_play_of_the_linear_game_stays_on_an_ellipse(rate, start):
    theta, psi = path("alternating", start, rate=rate, gamma=0.0, steps=50, payoff="WGAN").T
    conserved = theta**2 + psi**2 + rate * theta * psi
    np.testing.assert_allclose(conserved, conserved[0], rtol=1e-7, atol=1e-12)


@each_play
@each_payoff
@pytest.mark.parametrize(("rate", "gamma"), [(0.1, 0.4), (0.3, 0.8), (1.2, 0.5), (0.6, 3.0)])
def test_near_the_equilibrium_a_path_grows_as_its_eigenvalue_says(play, payoff, rate, gamma):
    """The plane turns around 0, so a mean over s steps is off by at most a factor that shrinks like 1 / s."""
    distance = np.hypot(*path(play, (3e-6, 2e-6), rate=rate, gamma=gamma, steps=400, payoff=payoff).T)
    known = distance[distance < 1e-3]  # while it is near
    modulus = walk(play, Dirac(rate=rate, gamma=gamma, payoff=payoff)).modulus
    assert len(known) > 3
    assert growth(known)[0] == pytest.approx(modulus, rel=3 / len(known))
    if len(known) == 401:
        assert growth(known)[0] == pytest.approx(modulus, rel=0.01)


@pytest.mark.parametrize(
    ("config", "trends"),
    [
        (Dirac(), ["out", "neither", "in", "in", "in"]),
        (Dirac(gamma=0.0), ["out", "neither", "in", "out", "out"]),
        (Dirac(rate=3.0), ["out", "neither", "out", "out", "out"]),
        (Dirac(rate=4.0), ["out", "out", "out", "out", "out"]),  # alternating: -1 twice, and a single direction
        (Dirac(rate=2.0, gamma=2.0, payoff="WGAN"), ["out", "out", "out", "out", "out"]),  # the penalty's as well
        (Dirac(rate=2.0, gamma=1.25), ["out", "neither", "neither", "neither", "out"]),  # the penalty's: -1 and 0.5
        (Dirac(rate=4.2), ["out", "out", "out", "out", "out"]),
        (Dirac(rate=2.0), ["out", "neither", "neither", "neither", "out"]),  # |λ| = 1 up to rounding
        (Dirac(rate=1.0, payoff="WGAN"), ["out", "neither", "neither", "out", "out"]),
        (Dirac(gamma=4.0), ["out", "neither", "in", "in", "in"]),
    ],
)
def test_which_plays_come_in(config, trends):
    assert [walk(play, config).trend for play in PLAYS] == trends


def test_at_minus_one_twice_distances_grow_with_the_steps():
    for play, gamma in (("alternating", 0.5), ("gradient penalty", 2.0)):
        found = walk(play, Dirac(rate=2.0, gamma=gamma, payoff="WGAN", steps=600))
        assert found.modulus == pytest.approx(1, abs=1e-7)
        assert found.trend == "out"
        assert found.distance[600] == pytest.approx(2 * found.distance[300], rel=0.01)
        assert found.distance[600] > 1_000


def test_a_path_that_is_far_away_is_followed_no_more():
    found = walk("simultaneous", Dirac(rate=1.0, payoff="WGAN", steps=200))
    assert found.distance[found.steps] <= FAR < np.sqrt(2) * found.distance[found.steps]
    assert np.isnan(found.at[found.steps + 1 :]).all()
    assert np.isfinite(found.at[: found.steps + 1]).all()
    assert found.end == pytest.approx(np.sqrt(2) ** found.steps)
    assert found.growth == pytest.approx(np.sqrt(2))


@each_play
def test_whoever_begins_at_the_equilibrium_stays_there(play):
    found = walk(play, Dirac(theta=0.0, psi=0.0, gamma=2.0, rate=1.0))
    assert not found.at.any()
    assert math.isnan(found.growth)
    assert Dirac(theta=0.0, psi=-0.0).still
    assert Dirac(theta=1e-250, psi=0.0).still
    assert not Dirac(theta=0.0, psi=0.05).still


def test_growth_is_the_geometric_mean_of_what_a_float_holds():
    assert growth(np.array([1.0, 3.0, 4.0])) == (pytest.approx(2), 2)
    assert growth(np.array([1.0, 3.0, 4.0, np.nan, np.nan])) == (pytest.approx(2), 2)
    grown, measured = growth(0.2 ** np.arange(600.0))  # underflows on the way
    assert grown == pytest.approx(0.2)
    assert 0.2**measured == pytest.approx(1e-200, rel=5)
    assert growth(np.array([1.0, 0.5, 0.0, 0.0])) == (0, 2)  # lands on 0: nothing underflowed
    assert growth(np.array([1.0, 0.0])) == (0, 1)
    grown, measured = growth(np.array([0.0, 0.0]))
    assert math.isnan(grown)
    assert measured == 0


def test_a_walk_that_underflows_is_measured_while_it_can_be():
    found = walk("consensus", Dirac(rate=0.25, gamma=4.0, steps=600, payoff="WGAN"))
    assert found.end == 0
    assert found.growth == pytest.approx(found.modulus) == pytest.approx(0.25)
    assert found.measured < found.steps == 600


def test_a_step_that_squares_to_nothing_lands_on_0():
    found = walk("gradient penalty", Dirac(rate=1.0, gamma=2.0, payoff="WGAN"))  # λ = 0 twice
    assert found.modulus == pytest.approx(0, abs=1e-7)
    assert found.end == pytest.approx(0, abs=1e-12)
    assert found.trend == "in"


def test_a_path_begins_at_its_start_and_takes_its_steps():
    found = path("alternating", (1.0, 0.5), rate=0.3, gamma=0.0, steps=3)
    assert found.shape == (4, 2)
    np.testing.assert_array_equal(found[0], [1.0, 0.5])
    np.testing.assert_allclose(found[3], step("alternating", found[2], rate=0.3, gamma=0.0), rtol=1e-15)


def test_a_walk_is_made_once_and_cannot_be_changed():
    found = walk("consensus", Dirac())
    assert walk("consensus", Dirac()) is found
    for array in (found.at, found.distance):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rate": 0.0}, r"rate must be in \[0.05, 5\], got 0.0"),
        ({"gamma": -1}, r"gamma must be in \[0, 4\]"),
        ({"theta": math.nan}, r"theta must be in \[-2, 2\], got nan"),
        ({"psi": "1"}, r"psi must be a number, got '1'"),
        ({"steps": 20.0}, r"steps must be a whole number"),
        ({"payoff": "LSGAN"}, r"payoff must be one of"),
    ],
)
def test_an_illegal_game_says_what_is_legal(wrong, said):
    with pytest.raises(ValueError, match=said):
        Dirac(**wrong)
