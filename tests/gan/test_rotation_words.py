"""What is said of the five plays, against paths that are walked again and against steps near 0."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.gan.charts.rotation import reach
from playground.gan.dirac import PAYOFFS, PLAYS, Dirac, eigenvalues, path, walk
from playground.gan.words import rotation as words

DAMPED = Dirac(gamma=4.0)
FAST = Dirac(rate=3.0)
LINEAR = Dirac(rate=1.0, payoff="WGAN")
AFAR = Dirac(rate=1.0, gamma=1.0, theta=-2.0, psi=-2.0)
OVER = Dirac(rate=2.1, theta=1.5, psi=-1.0)
AT_ZERO = Dirac(theta=0.0, psi=0.0)
CONFIGS = st.builds(
    Dirac, rate=st.floats(0.05, 5), gamma=st.floats(0, 4) | st.just(0.0), theta=st.floats(-2, 2) | st.just(0.0),
    psi=st.floats(-2, 2) | st.just(0.0), steps=st.integers(10, 80), payoff=st.sampled_from(PAYOFFS),
)  # fmt: skip
plays = st.sampled_from(PLAYS)
anything = settings(deadline=None, derandomize=True, max_examples=150)


def said(config, close="simultaneous"):
    return words.notice(config, close, reach=reach(config))


def grouped(text):
    """Play -> what is said of it near 0."""
    first = text.partition(".")[0]
    if "all five" in first:
        return dict.fromkeys(PLAYS, re.search(r"all five (.*)", first)[1])
    found = {}
    for part in first.removeprefix("Near 0, ").split("; "):
        doing = re.search(r"(goe?s? (?:out|neither in nor out)|comes? in)$", part)[0]
        found |= dict.fromkeys((p for p in PLAYS if p in part), doing)
    return found


def pushed(play, config):
    """log of what 4 000 steps near 0 do to the distance, by the power of the matrix of a tiny step, per step."""
    small = 1e-7
    columns = [
        path(play, tuple(small * e), rate=config.rate, gamma=config.gamma, steps=1, payoff=config.payoff)[1] / small
        for e in np.eye(2)
    ]
    power, grown = np.stack(columns, 1), 0.0
    for _ in range(12):  # squared as often
        size = np.abs(power).max()
        if size == 0:
            return -math.inf
        power, grown = power / size, grown + math.log(size)
        power, grown = power @ power, 2 * grown
    size = np.abs(power).max()
    return (grown + math.log(size)) / 2**12 if size else -math.inf


@anything
@given(CONFIGS)
def test_what_is_said_near_0_is_what_steps_near_0_do(config):
    groups = grouped(said(config))
    assert set(groups) == set(PLAYS)
    for play, doing in groups.items():
        rate = pushed(play, config)
        if rate > 3e-3:
            assert doing in ("goes out", "go out"), play
        elif rate < -3e-3:
            assert doing in ("comes in", "come in"), play


@anything
@given(CONFIGS)
def test_the_right_answer_is_where_the_simultaneous_path_leads(config):
    distance = walk("simultaneous", config).distance
    distance = distance[np.isfinite(distance)]
    if words.answer(config) == "Ends at 0":
        assert not distance[1:].any()
    else:
        assert words.answer(config) == "Goes out"
        assert (np.diff(distance) > -1e-15 * distance[:-1]).all()
        assert distance[-1] > distance[0]
    assert words.answer(config) in words.OPTIONS


@anything
@given(CONFIGS, plays)
def test_every_sentence_about_the_paths_is_true_of_them(config, close):
    text = said(config, close)
    again = {
        play: np.hypot(
            *path(
                play, (config.theta, config.psi), rate=config.rate, gamma=config.gamma, steps=config.steps,
                payoff=config.payoff,
            ).T
        )
        for play in PLAYS
    }  # fmt: skip
    if config.still:
        assert "nobody moves" in text
        assert all(not d.any() for d in again.values())
        assert "path" not in text
        return
    assert "nobody moves" not in text
    for play, distance in again.items():
        whole = np.isfinite(distance).all()
        at = path(
            play, (config.theta, config.psi), rate=config.rate, gamma=config.gamma, steps=config.steps,
            payoff=config.payoff,
        )  # fmt: skip
        beyond = re.search(rf"followed no further:[^.]*{play} at step (\d+)", text)
        assert bool(beyond) == (not whole)
        if beyond:
            assert np.isfinite(distance[int(beyond[1]) - 1])
            assert np.isnan(distance[int(beyond[1])])
        outside = re.search(rf"Outside the picture at the end: [^.]*{play}", text)
        assert bool(outside) == bool(whole and np.abs(at[-1]).max() > reach(config))
        law = re.search(r"on these paths (.*?)\.(?: |$)(?=[A-Z]|$)", text)
        clauses = law[1].split("; ") if law else []
        end, trend = distance[np.isfinite(distance)][-1], walk(play, config).trend
        told = [clause for clause in clauses if play in clause]
        assert any("no nearer" in clause for clause in told) == (trend == "in" and end >= distance[0])
        assert any("no farther than" in c and "began" in c for c in told) == (trend == "out" and end <= distance[0])
        for clause in clauses:
            if most := re.search(rf"{play}(?: got no farther)? than ([^,;]*?)(?:,| and|$)", clause):
                assert most[1] == words.amount(float(np.nanmax(distance)))
        if same := re.search(rf"{play} stays (.*?) from 0", text):
            assert {words.amount(float(f(distance))) for f in (np.nanmin, np.nanmax)} == {same[1]}
        if ranges := re.search(rf"{play} is between (\S+(?: · \S+)?) and (\S+(?: · \S+)?) from 0", text):
            assert ranges[1] == words.amount(float(np.nanmin(distance)))
            assert ranges[2] == words.amount(float(np.nanmax(distance)))
            assert walk(play, config).trend == "neither"


@anything
@given(CONFIGS, plays)
def test_texts_read_well(config, close):
    texts = [said(config, close), *words.captions(close, config)[:3], *words.frames(config, close)[:3]]
    texts += [cell for row in words.table(config) for cell in row]
    texts += [part for row in words.beside(config, close) for part in row]
    for text in texts:
        assert text
        assert text == text.strip()
        for wrong in ("-", "nan", "inf", "  ", "e+", "!", " ,", ".."):
            assert wrong not in text, text
    assert said(config, close).endswith(".")


@anything
@given(st.floats(0.05, 5), st.floats(0.5, 4), st.sampled_from(PAYOFFS))
def test_a_penalty_is_called_too_strong_only_where_less_of_it_is_faster(rate, gamma, payoff):
    config = Dirac(rate=rate, gamma=gamma, payoff=payoff)
    text = said(config, "gradient penalty")
    if "less of it would be faster" in text:
        assert not walk("gradient penalty", config).turning
        less = np.abs(eigenvalues("gradient penalty", rate=rate, gamma=gamma * 0.999, payoff=payoff)).max()
        assert less < walk("gradient penalty", config).modulus < 1


@pytest.mark.parametrize(
    ("config", "close", "part"),
    [
        (Dirac(), "simultaneous", "at a right angle"),
        (Dirac(), "alternating", "multiply to 1"),
        (Dirac(), "extragradient", "already lean inwards: extragradient steps with those."),
        (Dirac(gamma=0.0), "consensus", "With γ = 0, consensus is simultaneous play."),
        (Dirac(gamma=0.0), "gradient penalty", "With γ = 0, gradient penalty is simultaneous play."),
        (DAMPED, "gradient penalty", "γ = 4 is above 2 f′(0) = 1"),
        (Dirac(gamma=3.0, payoff="WGAN"), "gradient penalty", "γ = 3 is above 2 f′(0) = 2"),
        (FAST, "gradient penalty", "At η = 3 and γ = 0.5 it goes out all the same."),
        (FAST, "extragradient", "At η = 3 it goes out all the same."),
        (LINEAR, "extragradient", "At η = 1 that only just balances."),
        (LINEAR, "simultaneous", "Beyond 1.0 · 10⁶, and followed no further: simultaneous at step 40"),
        (FAST, "simultaneous", "gradient penalty than 1.8"),
        (
            LINEAR,
            "simultaneous",
            "All along their paths alternating is between 1 and 1.41 from 0 and extragradient stays 1",
        ),
        (AFAR, "consensus", "on these paths consensus ends no nearer than it began"),
        (OVER, "consensus", "extragradient ends no farther than it began"),
        (AT_ZERO, "simultaneous", "Here all begin at 0"),
        (Dirac(rate=5.0), "simultaneous", "Near 0, all five go out."),
    ],
)
def test_each_kind_of_notice(config, close, part):
    assert part in said(config, close)


def test_with_gamma_0_both_remedies_are_simultaneous_play():
    config = Dirac(gamma=0.0, theta=0.7, psi=-0.4)
    for play in ("gradient penalty", "consensus"):
        np.testing.assert_allclose(walk(play, config).at, walk("simultaneous", config).at, rtol=1e-12)


@pytest.mark.parametrize(
    ("config", "near"),
    [
        (Dirac(), ["spirals out", "circles", "spirals in", "spirals in", "spirals in"]),
        (DAMPED, ["spirals out", "circles", "spirals in", "goes straight in", "spirals in"]),
        (Dirac(rate=4.0, gamma=0.0), ["spirals out", "hops out"]),
        (Dirac(rate=2.0, gamma=1.25), ["spirals out", "circles", "circles", "hops to and fro"]),
        (Dirac(rate=5.0), ["spirals out", "hops out"]),
        (Dirac(rate=2.0, gamma=1.2), ["spirals out", "circles", "circles", "hops in"]),
        (Dirac(rate=1.0, gamma=2.0, payoff="WGAN"), ["spirals out", "circles", "circles", "lands on 0"]),
    ],
)  # fmt: skip
def test_how_a_path_goes_near_0(config, near):
    assert [words.near(walk(play, config)) for play in PLAYS][: len(near)] == near


@pytest.mark.parametrize(
    ("config", "close"), [(Dirac(), "simultaneous"), (DAMPED, "gradient penalty"), (LINEAR, "alternating")]
)
def test_the_four_numbers_are_those_of_the_play(config, close):
    found = walk(close, config)
    (label, modulus, near), (_, grown, over), (_, end, start), (_, turn, _) = words.beside(config, close)
    assert close in label
    assert float(modulus) == pytest.approx(np.abs(eigenvalues(close, rate=config.rate, gamma=config.gamma,
                                                              payoff=config.payoff)).max(), abs=5e-5)  # fmt: skip
    assert float(grown) == pytest.approx(
        (found.distance[found.steps] / found.distance[0]) ** (1 / found.steps), abs=5e-5
    )
    assert words.near(found) in near
    assert str(found.steps) in over
    assert float(end) == pytest.approx(found.distance[-1], rel=5e-3)
    assert "began 1 from 0" in start
    assert float(turn.removesuffix("° a step")) == pytest.approx(
        np.degrees(abs(np.angle(found.eigenvalues[0]))), abs=0.05
    )


def test_a_path_that_underflows_is_measured_while_it_can_be():
    config = Dirac(rate=0.25, gamma=4.0, steps=600, payoff="WGAN")
    _, (_, grown, over), (_, end, _), _ = words.beside(config, "consensus")
    assert (grown, end) == ("0.2500", "0")
    assert over == f"mean of {walk('consensus', config).measured} steps; then all but 0"


def test_one_round_takes_as_many_steps_as_the_path_takes():
    config = Dirac(rate=0.05, steps=600, theta=1e-4, payoff="WGAN")
    steps = float(re.search(r"in ([\d.]+) steps", words.beside(config, "simultaneous")[3][2])[1])
    angle = np.unwrap(np.arctan2(*walk("simultaneous", config).at.T[::-1]))
    assert np.interp(2 * np.pi, angle - angle[0], np.arange(601)) == pytest.approx(steps, abs=0.06)


def test_the_table_has_a_row_for_each_play_and_says_where_it_ended():
    rows = words.table(LINEAR)
    assert [row[0].lower() for row in rows] == list(PLAYS)
    assert {len(row) for row in rows} == {len(words.heads(LINEAR))}
    assert rows[0][2:] == ["1.0000 ± 1.0000i", "1.4142: spirals out", "1.4142", "beyond 1.0 · 10⁶ at step 40"]
    assert words.table(DAMPED)[3][2] == "0.9873 and 0.2127"
    assert words.table(Dirac(rate=4.0))[1][2] == "−1.0000 twice"
    assert "200 steps" in words.heads(LINEAR)[-1]


def test_a_frame_says_where_both_are_and_what_they_do_next():
    texts = words.frames(Dirac(), "simultaneous")
    at = walk("simultaneous", Dirac()).at
    assert len(texts) == 201
    assert texts[0] == "G's fake at θ = 1.00 stays; D's slope ψ = 0.00 rises."
    for k in range(1, 200, 7):
        right, up = at[k + 1] > at[k]
        assert ("moves right" if right else "moves left") in texts[k]
        assert ("rises" if up else "falls") in texts[k]
    assert words.frames(LINEAR, "simultaneous")[-1] == "Not followed beyond 1.0 · 10⁶."
    assert words.frames(AT_ZERO, "consensus")[5] == "G's fake at θ = 0.00 stays; D's slope ψ = 0.00 stays."


def test_captions_follow_the_path():
    captions = words.captions("extragradient", Dirac())
    assert captions[0] == "near 0: |λ| 0.9950, spirals in\nnow 1 from 0"
    assert captions[-1].endswith(f"now {walk('extragradient', Dirac()).end:.3g} from 0")
    assert words.captions("simultaneous", LINEAR)[-1].endswith("now too far to follow")
    assert words.places("simultaneous", Dirac())[0] == "θ 1.00, ψ 0.00\nD at the fake: 0.00"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1.0, "1"), (0.98712, "0.987"), (12.345, "12.3"), (1234.5, "1\u2009234"), (1e6, "1.0 · 10⁶"),
     (4.46e-7, "4.5 · 10⁻⁷"), (999.6, "1\u2009000"), (math.nan, "–")],
)  # fmt: skip
def test_amounts_have_three_digits(value, text):
    assert words.amount(value) == text
