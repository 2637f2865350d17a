"""Sentences about many seeds, in every state: true of snapshots whose answers are known."""

import numpy as np
import pytest

from playground.coverage import perfect
from playground.gan.seeds import SeedsConfig, measured
from playground.gan.words import seeds as words
from playground.targets import target
from tests.gan.made_seeds import EVERY, MOONS, RING, snapshot, without_modes

FLOOR = perfect(RING)


def config(games, **more):
    return SeedsConfig(**{"games": games, "steps": 1_000, "seed": 3} | more)


@pytest.mark.parametrize(
    ("full", "games", "right"),
    [(0, 8, "None"), (1, 8, "Under half"), (3, 8, "Under half"), (4, 8, "Half or up"), (7, 8, "Half or up"),
     (8, 8, "All"), (1, 2, "Half or up"), (15, 31, "Under half"), (16, 31, "Half or up")],
)  # fmt: skip
def test_the_right_answer_counts_the_seeds_without_a_gap(full, games, right):
    end = snapshot([EVERY] * full + [EVERY - {2}] * (games - full))
    assert words.answer(end, RING) == right
    assert right in words.options(RING)


@pytest.mark.parametrize(("w2", "right"), [([0.2, 0.39], "Alike"), ([0.2, 0.5], "Unlike"), ([0.25, 0.5], "Unlike")])
def test_without_modes_the_right_answer_compares_distances(w2, right):
    assert words.answer(without_modes(w2), MOONS) == right
    assert right in words.options(MOONS)


def test_options_are_short():
    assert all(len(option) <= 10 for t in (RING, MOONS) for option in words.options(t))


def test_the_question_names_the_game():
    assert words.question(config(16), RING) == "Of 16 seeds, how many will end with all 8 modes?"
    assert "with both modes" in words.question(config(8), target("two-blobs"))
    assert "largest W₂ less than twice the smallest" in words.question(config(8), MOONS)


def test_a_caption_says_modes_and_quality_of_its_game_at_its_frame():
    frames = [snapshot([{0}, EVERY], [0.124, 0.876], step=0), snapshot([{0, 1}, EVERY - {0}], [0.5, 1.0])]
    assert words.captions(frames, 0, RING) == ("1 of 8 · 12% high quality", "2 of 8 · 50% high quality")
    assert words.captions(frames, 1, RING) == ("8 of 8 · 88% high quality", "7 of 8 · 100% high quality")
    assert words.captions([snapshot([{0}] * 16)], 5, RING) == ("1/8 · 90%",)  # small pictures
    frames = [without_modes([np.nan, np.nan]), without_modes([0.25, 0.5])]
    assert words.captions(frames, 1, MOONS) == ("", "W₂ 0.500")


def test_numbers_are_means_beside_what_is_perfect():
    end = snapshot([EVERY, EVERY - {1}], [0.8, 0.9], kl=[0.1, 0.3], modes=[8, 8])
    rows = dict(zip(words.labels(RING), words.numbers(end, RING, FLOOR), strict=True))
    assert rows["Modes, 1 sample each"] == ("8.00 ± 0.00", "perfect 8.00; every seed 8")
    assert rows["Strict modes, 20 each"] == ("7.50 ± 0.50", "perfect 8.00; seeds 7 to 8")
    assert rows["High quality, %"] == ("85.0 ± 5.0", "perfect 98.9; seeds 80 to 90")
    assert rows["Reverse KL, nats"] == ("0.200 ± 0.100", "floor 0.0014; seeds 0.10 to 0.30")
    assert words.numbers(without_modes([0.25, 0.5]), MOONS, None) == (
        ("0.375 ± 0.125", "two fresh samples 0.125; seeds 0.250 to 0.500"),
    )
    assert words.labels(MOONS) == ("W₂ at the end",)


def test_the_notice_says_mean_range_and_what_one_seed_would_have_told():
    end = snapshot([EVERY - {0, 1}, EVERY, EVERY - {0}, EVERY], [0.9, 0.8, 0.7, 0.6])
    said = words.notice(end, config(4), RING)
    assert "The seeds end with 7.25 ± 0.48 of 8 modes (mean ± standard error), from 6" in said
    assert "from 6 (seed 3) to 8 (seeds 4, 6)" in said
    assert "75% of the samples are of high quality, within 3σ of a mode (seeds 60 to 90%)" in said
    assert "Had you looked at seed 3 only, you would have seen 6." in said
    assert "The mode lost most often is missing in 2 of 4 seeds, and some mode in none." in said
    assert "smear" not in said


def test_equal_seeds_are_not_said_to_differ():
    said = words.notice(snapshot([EVERY] * 3), config(3), RING)
    assert said.startswith(
        "All 3 seeds end with 8 of 8 modes; "
        "90% of the samples are of high quality, within 3σ of a mode (every seed 90%)."
    )
    assert "One seed would have told the same count." in said
    assert "missing" not in said
    said = words.notice(snapshot([set()] * 3, [0.01] * 3), config(3), RING)
    assert "All 3 seeds end with 0 of 8 modes" in said
    assert "Nobody holds any mode." in said
    said = words.notice(snapshot([EVERY - {k % 8} for k in range(8)]), config(8), RING)
    assert "All 8 seeds end with 7 of 8 modes" in said
    assert "Each mode is missing in 1 of 8 seeds." in said


def test_many_seeds_are_counted_instead_of_named():
    said = words.notice(snapshot([EVERY] * 5 + [set()]), config(6), RING)
    assert "from 0 (seed 8) to 8 (5 seeds)" in said


@pytest.mark.parametrize(
    ("quality", "modes", "smear"), [(0.24, 8, True), (0.25, 8, False), (0.2, 2, True), (0.2, 1, False)]
)
def test_many_modes_with_few_samples_right_are_warned_of(quality, modes, smear):
    end = snapshot([EVERY] * 4, [quality] * 4, modes=[modes] * 4)
    said = words.notice(end, config(4), RING)
    assert (f"With one sample each, as published, {modes}.0 of 8 modes would count, though few" in said) is smear
    assert ("smear" in said) is smear


def test_distances_name_the_best_and_the_worst():
    said = words.notice(without_modes([0.5, 0.25, 0.375]), config(3), MOONS)
    assert "0.375 ± 0.072" in said
    assert "the best is seed 4 with 0.250, the worst seed 3 with 0.500" in said
    assert "Had you looked at seed 3 only, you would have seen 0.500." in said


def test_far_distances_are_written_in_powers_of_ten():
    end = without_modes([2.09, 209_721_104.0])
    assert words.numbers(end, MOONS, None) == (
        ("1.0·10⁸ ± 1.0·10⁸", "two fresh samples 0.125; seeds 2.090 to 2.1·10⁸"),
    )
    assert "the worst seed 4 with 2.1·10⁸" in words.notice(end, config(2), MOONS)
    assert words.captions([end], 1, MOONS) == ("W₂ 2.1·10⁸",)
    assert words.aloud(end, config(2), MOONS).endswith("seed 4: W₂ 2.1·10⁸")


@pytest.mark.parametrize(
    ("state", "part"),
    [("waiting", "Step 100 of 1\u2009000. So far 7.5 of 8"), ("running", "Step 100 of 1\u2009000. So far 7.5 of 8"),
     ("done", "Had you looked at seed 3 only, you would have seen 8."),
     ("failed", "those of step 100 of 1\u2009000, the last there is"),
     ("cancelled", "those of step 100 of 1\u2009000")],
)  # fmt: skip
def test_every_state_of_a_run_has_its_sentence(state, part):
    frames = [snapshot([EVERY, EVERY - {1}])]
    assert part in words.said(frames, state, config(2), RING, revealed=True)
    hidden = words.said(frames, state, config(2), RING, revealed=False)
    assert "before its first step: 2 generators" in hidden
    assert "7.5" not in hidden


def test_one_seed_has_them_all():
    assert "; 1 of 2 seeds has them all." in words.under_way(snapshot([EVERY, set()]), config(2), RING)
    assert "; 0 of 2 seeds have them all." in words.under_way(snapshot([set()] * 2), config(2), RING)


def test_a_mean_that_ends_in_a_half_is_rounded_as_in_the_chart():
    end = snapshot([EVERY] * 8, modes=[8, 8, 8, 8, 8, 8, 8, 1])  # 7.125, which the browser shows as 7.13
    assert words.numbers(end, RING, FLOOR)[0][0] == "7.13 ± 0.88"


def test_a_mode_that_nobody_loses_and_one_that_few_hold():
    lost = [EVERY - {0, 1}] * 2 + [EVERY - {1}]
    assert words.notice(snapshot(lost), config(3), RING).endswith(
        f"The mode lost most often is missing in 3 of 3 seeds, and some mode in none. {words.ROUNDING}"
    )
    lost = [EVERY - {0}] * 2 + [{0}]
    assert words.notice(snapshot(lost), config(3), RING).endswith(
        f"The mode lost most often is missing in 2 of 3 seeds, the one lost least often in 1. {words.ROUNDING}"
    )


def test_without_modes_a_run_that_failed_promises_no_number():
    last = without_modes([np.nan, np.nan], step=20)
    for state in ("failed", "cancelled"):
        said = words.said([last], state, config(2), MOONS, revealed=True)
        assert said == "The pictures are those of step 20 of 1\u2009000, the last there is; W₂ was not measured."
    assert words.open_numbers(MOONS, over=True) == (("–", "measured after the last step only"),)
    assert words.open_numbers(MOONS, over=False) == (("…", "after the last step"),)
    assert len(words.open_numbers(RING, over=False)) == len(words.labels(RING))


def test_without_modes_a_run_says_what_it_waits_for():
    now = without_modes([np.nan, np.nan], step=20)
    assert not measured(now)
    assert measured(without_modes([0.1, 0.2]))
    assert measured(snapshot([EVERY, set()]))
    assert words.said([now], "running", config(2), MOONS, revealed=True) == (
        "Step 20 of 1\u2009000. This target has no modes to count; W₂ is measured after the last step."
    )


def test_under_way_counts_those_that_have_them_all():
    said = words.under_way(snapshot([EVERY, EVERY, {1}], [0.5, 0.6, 0.7]), config(3), RING)
    assert "5.7 of 8 modes on average, with 60% of the samples of high quality; 2 of 3 seeds have them all" in said


def test_the_key_says_what_a_mark_means():
    assert words.key(RING)[0] == ("truth", "a mode it has", "20 of 2\u2009500 fakes within 0.15 (3σ)")
    assert [role for role, *_ in words.key(MOONS)] == ["data", "model"]


def test_all_that_the_dots_show_is_read_aloud():
    end = snapshot([EVERY, {0}], [0.8, 0.9], kl=[0.1, 0.3], modes=[8, 6])
    assert words.aloud(end, config(2), RING) == (
        "seed 3: 8 modes, 8 strictly, 80% of high quality, reverse KL 0.100 nats; "
        "seed 4: 6 modes, 1 strictly, 90% of high quality, reverse KL 0.300 nats"
    )
    assert words.aloud(without_modes([0.25, 0.5]), config(2), MOONS) == "seed 3: W₂ 0.250; seed 4: W₂ 0.500"
