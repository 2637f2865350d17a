"""What is said of the runs: every branch true, every number that of the engine."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.divergences.fit import OBJECTIVES, STARTS, Descent, covers, endings, floors, paths
from playground.divergences.words import fit as words

descents = st.builds(
    Descent, weight=st.floats(0.05, 0.95), gap=st.floats(0, 6), width=st.floats(0.25, 1.5),
    start=st.sampled_from(STARTS), rate=st.sampled_from([0.01, 0.1, 0.4, 1.0]), steps=st.sampled_from([20, 120]),
)  # fmt: skip
CASES = [
    Descent(), Descent(start="middle"), Descent(start="far"), Descent(weight=0.8, start="right"),
    Descent(gap=1.2, width=0.8), Descent(gap=1.2, width=0.8, start="far"), Descent(rate=1.0),
    Descent(rate=0.01, steps=20), Descent(gap=5.0, width=0.3, start="wide"),
]  # fmt: skip


def plain(text):
    return float(text.replace("−", "-"))


@settings(max_examples=20)
@given(descents)
def test_the_numbers_are_where_the_runs_ended_beside_their_floors(config):
    ends, least, said = endings(config)[config.start], floors(config), words.beside(config)
    assert list(said) == list(OBJECTIVES)
    for name, end, floor, rose in zip(OBJECTIVES, ends, least, words.rises(config), strict=True):
        value, beside = said[name]
        number, unit = value.split(" ")
        assert plain(number) == pytest.approx(end.value, abs=5.1e-5)
        assert unit == ("units²" if name == "W₂²" else "nats")
        assert plain(re.search(r"floor (−?[\d.]+)", beside)[1]) == pytest.approx(floor.value, abs=5.1e-5)
        assert ("exact" in beside) == (name in ("KL(P‖Q)", "W₂²"))
        assert end.status in beside
        assert ("rose" in beside) == (rose > 0)


@pytest.mark.parametrize("config", CASES)
def test_a_rise_is_a_step_after_which_the_value_is_larger(config):
    value = paths(config).value[:, :, STARTS.index(config.start)]
    for i, rose in enumerate(words.rises(config)):
        by_hand = sum(b > a + 1e-9 * (1 + abs(b)) for a, b in zip(value[:-1, i], value[1:, i], strict=True))
        assert rose == by_hand


@settings(max_examples=25)
@given(descents)
def test_the_notice_names_every_run_and_what_stopped_it(config):
    said, ends = words.notice(config), endings(config)[config.start]
    merged = config.gap <= 2 * config.width
    assert ("merged into one" in said) == merged
    assert ("charges Q" in said) == (not merged)
    best = floors(config)[0].fits[0]
    assert ("so Q must cover" in said) == (not merged and covers(config.target, best) == 2)
    if not merged:
        first = said.partition(".")[0]
        counts = [covers(config.target, end.fit) for end in ends]
        if "all four" in first:
            assert len(set(counts)) == 1
        else:
            what = {2: "both bumps", 1: "one bump", 0: "neither bump"}
            groups = dict(
                part.rsplit(" under ", 1) for part in first.removeprefix("Within 2σ of its mean Q covers ").split("; ")
            )
            for name, count in zip(OBJECTIVES, counts, strict=True):
                assert name in groups[what[count]]
    for name, end, floor in zip(OBJECTIVES, ends, floors(config), strict=True):
        above = f"{max(end.value - floor.value, 0):.4f}"
        phrase = {
            "local minimum": f"{name} rests in a local minimum, {above}",
            "no slope": f"{name} has no slope left where Q stands, {above}",
            "still moving": f"{name} is still moving after {config.steps} steps, {above}",
        }
        for status, text in phrase.items():
            assert (text in said) == (end.status == status)
    bouncing = [name for name, end in zip(OBJECTIVES, ends, strict=True) if end.status == "bouncing"]
    match = re.search(r"([^.]*) (bounces|bounce): a rate of ([\d.]+) is too high for (it|them)\.", said)
    assert bool(match) == bool(bouncing)
    if match:
        assert [name for name in OBJECTIVES if name in match[1]] == bouncing
        assert (match[2], match[4]) == (("bounces", "it") if len(bouncing) == 1 else ("bounce", "them"))
        assert float(match[3]) == config.rate
    assert not re.search(r"-\d", said)
    assert said.endswith(".")


def test_the_published_story_is_told():
    said = words.notice(Descent())
    assert "covers both bumps under KL(P‖Q) and W₂²; one bump under KL(Q‖P) and JS." in said
    assert "JS rests in a local minimum, 0.0148 nats above its floor." in said
    assert words.answer(Descent()) == "One bump"
    assert words.answer(Descent(start="middle")) == "Both"


def test_a_small_bump_is_not_said_to_be_covered():
    said = words.notice(Descent(weight=0.05, gap=6.0, width=0.25, start="right"))
    assert "covers one bump under all four" in said
    assert "must cover" not in said
    assert "a bump of 5% widens the best Q, but not until it covers both." in said


def test_two_bumps_are_called_two_only_while_they_are():
    assert "merged" in words.notice(Descent(gap=1.0, width=0.5))
    assert "merged" not in words.notice(Descent(gap=1.1, width=0.5))


def test_a_mixture_has_one_mode_when_its_means_are_at_most_two_standard_deviations_apart():
    for weight in (0.05, 0.2, 0.5, 0.9):
        for gap, modes in ((0.99, 1), (1.0, 1)):
            config = Descent(weight=weight, gap=gap, width=0.5)
            density = config.target.pdf(np.linspace(-3, 3, 4001))
            assert (np.diff(np.sign(np.diff(density))) < 0).sum() == modes


@settings(max_examples=20)
@given(descents)
def test_the_right_answer_is_one_of_the_options_and_counts_the_middles_within_two_sigma(config):
    fit = endings(config)[config.start][OBJECTIVES.index("KL(Q‖P)")].fit
    inside = sum(abs(middle - fit.mean) <= 2 * fit.sd for middle in (-config.gap / 2, config.gap / 2))
    assert words.answer(config) == words.OPTIONS[{1: 0, 2: 1, 0: 2}[inside]]
    assert all(len(option) <= 10 for option in words.OPTIONS)
    assert words.STANDS[config.start] in words.question(config)


@settings(max_examples=15)
@given(descents)
def test_the_table_has_a_row_for_every_start(config):
    rows = words.table(config)
    assert len(rows) == len(STARTS)
    assert [row[0].endswith("(shown)") for row in rows] == [start == config.start for start in STARTS]
    for row, (_, ends) in zip(rows, endings(config).items(), strict=True):
        for cell, end, floor in zip(row[1:], ends, floors(config), strict=True):
            mean, sd = re.match(r"μ (−?[\d.]+), σ ([\d.]+): ", cell).groups()
            assert plain(mean) == pytest.approx(end.fit.mean, abs=5.1e-3)
            assert float(sd) == pytest.approx(end.fit.sd, abs=5.1e-3)
            assert end.status in cell
            if end.status != "global minimum":
                assert float(cell.rpartition("+")[2]) == pytest.approx(max(end.value - floor.value, 0), abs=5.1e-5)


def test_each_frame_says_where_the_four_are():
    mean = np.array([[0.0, -2.0, 1.234, -0.001]])
    (said,) = words.frames(mean, np.array([[1.0, 0.5, 0.25, 2.0]]))
    found = re.findall(r"(\S+): μ (−?[\d.]+), σ ([\d.]+)", said)
    assert found == [
        ("KL(P‖Q)", "0.00", "1.00"), ("KL(Q‖P)", "−2.00", "0.50"), ("JS", "1.23", "0.25"), ("W₂²", "0.00", "2.00"),
    ]  # fmt: skip


def test_p_is_written_as_a_formula():
    assert words.mixture(Descent(weight=0.3, gap=4.0, width=0.25)) == "0.3 · N(−2, 0.25²) + 0.7 · N(2, 0.25²)"
    assert words.mixture(Descent(gap=0.0)) == "0.5 · N(0, 0.5²) + 0.5 · N(0, 0.5²)"


@pytest.mark.parametrize("config", CASES)
def test_in_bits_everything_said_is_in_bits(config):
    nats, bits = words.beside(config), words.beside(config, "bits")
    for name in OBJECTIVES:
        per = 1.0 if name == "W₂²" else np.log(2)
        values = [plain(said[name][0].split(" ")[0]) for said in (nats, bits)]
        least = [plain(re.search(r"floor (−?[\d.]+)", said[name][1])[1]) for said in (nats, bits)]
        assert per * values[1] == pytest.approx(values[0], abs=1e-4)
        assert per * least[1] == pytest.approx(least[0], abs=1e-4)
    assert "nats" not in f"{bits} {words.notice(config, 'bits')}"
    for one, other in zip(words.table(config), words.table(config, "bits"), strict=True):
        for name, a, b in zip(OBJECTIVES, one[1:], other[1:], strict=True):
            per = 1.0 if name == "W₂²" else np.log(2)
            if "+" in a:
                assert per * float(b.rpartition("+")[2]) == pytest.approx(float(a.rpartition("+")[2]), abs=1e-4)
            else:
                assert a == b
