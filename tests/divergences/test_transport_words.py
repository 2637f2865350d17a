"""What Transport says, in every state it can get into: each sentence is held against the numbers it speaks of."""

import itertools
import re

import numpy as np
import pytest

from playground.divergences.compare import compare
from playground.divergences.critic import CriticSnapshot, advantage, exact_critic, places, steepest
from playground.divergences.families import Choice
from playground.divergences.gaussians import Gaussian, TwoGaussians
from playground.divergences.shapes import Laplace, Uniform
from playground.divergences.transport import (
    Plan,
    crossings,
    exact_plan,
    independent_cost,
    independent_plan,
    monotone_map,
    sinkhorn_plan,
)
from playground.divergences.words import transport as words

FAMILIES = ("Gaussian", "Two bumps", "Uniform", "Laplace")
SHAPES = [
    Choice(family, centre, width, 4.0).shape
    for family, centre, width in itertools.product(FAMILIES, (-3.0, 0.5), (0.2, 2.0))
]
STATES = [(p, q, order) for p, q in itertools.product(SHAPES, SHAPES) for order in (1, 2)]


def numbers(text):
    return [float(found.replace("−", "-")) for found in re.findall(r"−?\d+\.\d+", text)]


# -- on a line


def test_what_is_said_of_a_line_is_true_in_every_state():
    said = set()
    for p, q, order in STATES:
        text = words.line(p, q, order)
        both, random = compare(p, q), independent_cost(p, q, order)
        best = both.w1 if order == 1 else both.w2**2
        kind = re.sub(r"−?\d+(\.\d+)?", "#", text)
        said.add(kind.split("#")[0])
        if "are the same" in text:
            assert p == q
            assert numbers(text) == pytest.approx([random], abs=5e-5)
        elif "on one side" in text:
            assert order == 1
            assert p.quantile(0.999) < q.quantile(0.001) or q.quantile(0.999) < p.quantile(0.001)
            assert numbers(text) == pytest.approx([abs(p.mean - q.mean)], abs=5e-5)
            assert numbers(text) == pytest.approx([best], abs=1e-4)
        else:
            assert f"{random:.4f}, " in text
            x = p.quantile([0.1, 0.3, 0.49, 0.51, 0.8])
            image = monotone_map(p, q, x)
            if "straight line of slope 1:" in text:
                np.testing.assert_allclose(image - x, q.mean - p.mean, atol=1e-9)
                assert words.number(q.mean - p.mean) in text
            elif "straight line" in text:
                slope = float(re.search(r"slope ([\d.]+):", text)[1])
                np.testing.assert_allclose(np.diff(image) / np.diff(x), slope, rtol=5e-3)
            elif "torn apart" in text:
                assert f"a width of {image[3] - image[2]:.2f}" in text
                assert image[3] - image[2] > 2 * (x[3] - x[2])
            elif "pressed" in text:
                assert f"{x[3] - x[2]:.2f} wide, is pressed into {image[3] - image[2]:.2f}" in text
                assert image[3] - image[2] < x[3] - x[2]
            else:
                assert (np.diff(image) > 0).all()
    assert len(said) >= 6  # every branch was reached


def test_the_random_cost_is_compared_as_the_page_rounds():
    for p, q, order in STATES:
        best, random = words.least(p, q, order), independent_cost(p, q, order)
        answer, told = words.how_random(p, q, order), words.times(p, q, order)
        if answer == "The same":
            assert told == "as much as the cheapest"
            assert random == pytest.approx(best, abs=1e-4)
        elif "times" in told:
            factor = float(told.split(" times")[0].replace("\u2009", ""))
            assert factor == pytest.approx(random / best, rel=0.006)
            assert (random > 2 * best) == (answer == "Over 2×")
        elif told == "hardly more than the cheapest":
            assert answer == "Up to 2×"
        else:
            assert best < 5e-5
            assert answer == "Over 2×"
    assert words.times(Gaussian(0, 1), Gaussian(0, 1), 1) == "the cheapest costs nothing"


def test_one_distribution_in_two_guises_is_the_same():
    assert "are the same" in words.line(Gaussian(1, 0.5), TwoGaussians(0.5, 1, 0.5, 1, 0.5), 1)


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (Gaussian(-1.5, 0.7), "N(−1.5, 0.7²)"),
        (TwoGaussians(0.5, -1.5, 0.6, 2.5, 0.6), "0.5 N(−1.5, 0.6²) + 0.5 N(2.5, 0.6²)"),
        (Uniform(-3.5, -1.5), "uniform from −3.5 to −1.5"),
        (Laplace(0.0, 0.3), "Laplace(0, 0.3)"),
    ],
)
def test_shapes_are_told_by_their_numbers(shape, text):
    assert words.described(shape) == text


def test_the_bins_cost_about_what_the_integral_says():
    p, q = Gaussian(-1.5, 0.7), Gaussian(1.0, 0.9)
    (cost,) = numbers(words.on_bins(p, q, 1, 4.0))
    assert cost == pytest.approx(compare(p, q).w1, abs=0.05)
    assert words.on_bins(p, q, 1, 4.0).startswith("on 32 bins ")


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.00001, "0.0000"), (-1.23456, "−1.2346"), (0.0, "0.0000"), (12.0, "12.0000")],
)
def test_numbers_have_four_digits_and_no_minus_before_zeros(value, text):
    assert words.number(value) == text
    assert words.signed(value) == (text if text.startswith(("−", "0.0000")) else f"+{text}")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0%"), (0.001, "under 1%"), (0.5, "50%"), (0.9991, "over 99%"), (1.0, "100%"), (-0.13, "−13%")],
)
def test_shares_are_never_rounded_to_all_or_nothing(share, text):
    assert words.percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1e-17, "0"), (3e-9, "3·10⁻⁹"), (0.00042, "4·10⁻⁴"), (0.0421, "0.042"), (0.3, "0.300")],
)
def test_tiny_numbers_keep_a_digit(value, text):
    assert words.tiny(value) == text


# -- in the plane


def cloud(n, seed):
    return np.random.default_rng(seed).uniform(-3, 3, (n, 2))


def said(n, m, order, epsilon, rounds=200, seed=0):
    x, y = cloud(n, seed), cloud(m, seed + 1)
    exact, soft = exact_plan(x, y, order), sinkhorn_plan(x, y, order, epsilon, rounds=rounds)
    return words.plane(exact, soft, crossings(x, y, exact), order, epsilon), exact, soft


def test_what_is_said_of_the_plane_is_true_in_many_states():
    for n, m, order, epsilon, rounds in itertools.product((1, 2, 20), (1, 20), (1, 2), (0.01, 1.0, 100.0), (1, 200)):
        text, exact, soft = said(n, m, order, epsilon, rounds)
        assert ("not converged" in text) == (not soft.converged)
        assert ("cheaper than the cheapest" in text) == (not soft.converged and soft.cost < exact.cost)
        if not soft.converged:
            assert f"after {soft.rounds} round{'s' if soft.rounds > 1 else ''} " in text
            assert words.tiny(soft.misplaced) in text
        elif "only one plan" in text:
            assert min(n, m) == 1
            np.testing.assert_allclose(soft.mass, exact.mass, atol=1e-9)
        else:
            assert f"over {soft.reach:.1f} of the {m} points" in text
            assert f"pays {words.number(max(0, soft.cost - exact.cost))} more" in text
        if order == 1:
            assert text.startswith("No two ways cross")
        assert ("all of them meet in the one point of" in text) == (min(n, m) == 1)
        assert not (min(n, m) == 1 and "squares would allow it" in text)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "Here no two ways cross, although"), (1, "1 pair of ways crosses:"), (60, "60 pairs of ways cross:")],
)
def test_crossings_are_told_where_squares_are_paid(count, text):
    x, y = cloud(9, 0), cloud(9, 1)
    exact = exact_plan(x, y, 2)
    assert words.plane(exact, exact, count, 2, 1.0).startswith(text)
    assert words.crossing(count) == ("Some do" if count else "Never")


def test_uncrossing_a_pair_shortens_the_ways_but_not_their_squares():
    x, y = np.array([[0.0, 0.0], [1.0, -1.0]]), np.array([[10.0, 0.0], [12.0, 0.5]])
    assert crossings(x, y, exact_plan(x, y, 2)) == 1
    kept, swapped = (np.linalg.norm(x - ends, axis=1) for ends in (y, y[::-1]))
    assert swapped.sum() < kept.sum()
    assert (swapped**2).sum() > (kept**2).sum()


@pytest.mark.parametrize(
    ("n", "m", "text"), [(0, 3, "no points in P yet"), (3, 0, "no points in Q yet"), (0, 0, "no points in P and Q yet")]
)
def test_missing_points_are_asked_for(n, m, text):
    assert text in words.empty(n, m)
    assert ("Choose each" in words.empty(n, m)) == (n == m == 0)


def test_how_the_iteration_ended_and_what_it_cost():
    x, y = cloud(9, 2), cloud(9, 3)
    exact, soft, random = exact_plan(x, y, 1), sinkhorn_plan(x, y, 1, 1.0), independent_plan(x, y, 1)
    assert words.iteration(soft) == f"{soft.rounds} rounds, converged"
    assert words.iteration(sinkhorn_plan(x, y, 1, 0.1, rounds=1)) == "1 round, not converged"
    above, entropic, at_random = numbers(words.prices(soft, exact, random, 1.0))
    assert above == pytest.approx(soft.cost - exact.cost, abs=5e-5)
    assert entropic == pytest.approx(soft.cost + soft.information, abs=5e-5)
    assert at_random == pytest.approx(np.linalg.norm(x[:, None] - y, axis=-1).mean(), abs=5e-5)
    assert words.root(exact, 1) == "per unit of mass"
    assert words.root(Plan(np.ones((1, 1)), np.full((1, 1), 4.0), np.ones(1), np.ones(1)), 2) == "W₂ = 2.0000"


# -- critics


P, Q = Gaussian(-1.5, 0.7), TwoGaussians(0.5, -1.5, 0.6, 2.5, 0.6)
X = places(P, Q)
W1 = compare(P, Q).w1


def snapshot(f, clipped=0.0):
    return CriticSnapshot(400, f.astype(np.float32), advantage(f, X, P, Q), steepest(f, X), clipped)


BEST = snapshot(1.1 * exact_critic(P, Q, X))
LOW = snapshot(0.9 * exact_critic(P, Q, X))
WRONG = snapshot(-exact_critic(P, Q, X))
BENT = snapshot(-np.tanh(X), clipped=1.0)


def test_a_steep_critic_is_told_to_claim_too_much():
    text = words.critics(P, Q, BENT, BEST, 0.1)
    assert f"claims {BEST.advantage:.4f}, more than W₁ = {W1:.4f}: its largest slope is {BEST.slope:.3f}" in text
    assert BEST.advantage > W1
    assert f"reaches {words.percent(BENT.fair / W1)} of W₁, with 100% of its weights at ±0.1" in text


def test_a_flat_critic_is_not():
    text = words.critics(P, Q, BENT, LOW, 0.1)
    assert "claims" not in text
    assert f"at a largest slope of {LOW.slope:.3f} as trained" in text


def test_a_stuck_critic_slopes_the_wrong_way():
    assert words.wrong_way(WRONG, P, Q) == pytest.approx(1, abs=0.01)
    assert words.wrong_way(BEST, P, Q) == pytest.approx(0, abs=0.01)
    half = exact_critic(P, Q, X) * np.where(X < 0.5, 1, -1)
    gap = np.abs(Q.cdf(X) - P.cdf(X))
    assert words.wrong_way(snapshot(half), P, Q) == pytest.approx(gap[X > 0.5].sum() / gap.sum(), abs=0.02)
    text = words.critics(P, Q, BENT, WRONG, 0.1)
    assert "over 99% of the area" in text or "100% of the area" in text
    assert "slopes the wrong way" in text


def test_equal_shapes_leave_nothing_to_learn():
    seen = CriticSnapshot(400, np.zeros(801, np.float32), 0.0, 0.3, 0.0)
    assert words.critics(P, P, seen, seen, 0.1).startswith("P and Q are the same")
    assert words.reached(seen, 0.0) == ()
    assert words.trained(seen, 0.0) == "as trained 0, slope 0.3"
    assert words.wrong_way(seen, P, P) == 0


@pytest.mark.parametrize(("share", "answer"), [(0.5, 0), (0.6, 1), (0.9, 1), (0.95, 2), (-0.2, 0)])
def test_the_share_that_is_reached_answers_the_question(share, answer):
    assert words.reached(CriticSnapshot(1, X, share * W1, 1.0, 1.0), W1) == (words.CLIPPED[answer],)


def test_a_learned_critic_is_told_with_its_slope():
    assert (
        words.trained(CriticSnapshot(1, X, -1023.4, 512.0, 1.0), 2.0)
        == "−100% of W₁; as trained −1\u2009023, slope 512"
    )
    assert (
        words.trained(CriticSnapshot(1, X, 0.00021, 0.0005, 1.0), 1.0) == "42% of W₁; as trained 2·10⁻⁴, slope 5·10⁻⁴"
    )
    assert words.steepness(BEST, W1) == f"+{BEST.advantage - W1:.4f} to W₁; its largest slope is 1.100, not 1"
    assert words.steepness(CriticSnapshot(1, X, 2.0, 1.0, 0.0), 2.0).startswith("just W₁")


@pytest.mark.parametrize("options", [words.AT_RANDOM, words.CROSSING, words.CLIPPED])
def test_options_fit_a_phone(options):
    assert all(len(option) <= 10 for option in options)
