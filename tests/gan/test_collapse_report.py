"""What Collapse gives away: the numbers of its end in formulas, code that prints them, every snapshot as a row."""

import contextlib
import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from made_runs import MOONS, snapshot

from playground.gan.config import GanConfig
from playground.gan.report import collapse as report
from playground.gan.story import Story
from playground.gan.training import train
from playground.gan.words import collapse as words
from playground.runs import Diverged, config_from

TINY = GanConfig(steps=6, every=2, hidden=8, batch=32)


def played(config):
    return Story(config, list(train(config, device="cpu")))


def printed(story):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(report.code(story), {})
    return out.getvalue()


@pytest.mark.parametrize(
    "config",
    [
        TINY,
        replace(TINY, loss="Wasserstein", penalty="gradient"),
        replace(TINY, pack=2, seed=3),
        replace(TINY, target=MOONS.target),
        replace(TINY, moves="D3 G", seed=1),
    ],
    ids=["plain", "penalty", "pack", "moons", "by hand"],
)
def test_the_code_prints_the_figures_of_the_page(config):
    story, text = played(config), printed(played(config))
    shown = {label: value for label, value, _ in words.numbers(story, over=True)}
    for label in ("Good samples", "W₂ to the data"):
        if label in shown:
            assert shown[label] in text
    for label in ("Reverse KL", "V, D as learned", "D pays"):
        if label in shown:
            assert shown[label].removesuffix(" nats").replace("−", "-") in text
    assert ("held" in text) == bool(story.k)


def test_the_code_of_a_game_before_its_first_step_prints_no_distance():
    story = Story(replace(TINY, moves=""), played(TINY).frames[:1])
    assert "w2" not in report.code(story)


def test_the_formulas_hold_the_numbers_of_the_end():
    end = snapshot(9, d_loss=1.25, g_loss=0.5, value_nats=-1.25, best_value_nats=-0.9, high_quality=0.84, w2=0.5)
    text = "\n".join(report.latex(Story(GanConfig(), [snapshot(), end])))
    for piece in (
        r"\text{after step 9, on a kept batch: } L_D = 1.250, \quad L_G = 0.500",
        r"= -1.250 \text{ nats}",
        r"= -1.386 + 2 \cdot 0.243 = -0.900",  # JS = (-0.9 + log 4) / 2
        r"\frac{2100}{2500} = 84.0\%",
        r"1 - e^{-9/2} = 98.9\%",
        r"= 0.410 \text{ nats}",
        r"= 0.500",
    ):
        assert piece in text, piece


def test_formulas_speak_only_of_what_there_is():
    moons = "\n".join(report.latex(Story(MOONS, [snapshot(w2=np.nan)])))
    assert "3\\sigma" not in moons
    assert "W_2" not in moons
    hinge = "\n".join(report.latex(Story(GanConfig(loss="hinge"), [snapshot()])))
    assert "D^*" not in hinge
    assert "V(D, G)" not in hinge
    squares = "\n".join(report.latex(Story(GanConfig(loss="least squares"), [snapshot()])))
    assert "D^*" in squares
    assert "V(D, G) =" not in squares
    assert "without the penalty" in "\n".join(report.latex(Story(GanConfig(penalty="gradient"), [snapshot()])))


def test_formulas_say_what_a_step_is_and_what_the_kept_batch_lacks():
    by_hand = "\n".join(report.latex(Story(GanConfig(moves="D3"), [snapshot(3)])))
    assert r"\text{after update 3, on a kept batch: }" in by_hand
    blurred = GanConfig(penalty="gradient", noise=0.1)
    assert "without the penalty and the noise: " in "\n".join(report.latex(Story(blurred, [snapshot(3)])))
    assert "kept batch, without the noise: " in "\n".join(report.latex(Story(GanConfig(noise=0.1), [snapshot(3)])))


def test_formulas_and_json_hold_figures_without_bounds():
    end = snapshot(3, d_loss=2.48e20, g_loss=-np.inf)
    story = Story(GanConfig(loss="f: KL"), [end], "It stopped.")
    assert r"L_D = 2.48 \cdot 10^{20}, \quad L_G = -\infty" in "\n".join(report.latex(story))
    assert json.loads(json.dumps(report.values(story), allow_nan=False))["end"]["g_loss"] is None
    assert "nan" not in "\n".join(report.latex(Story(GanConfig(), [snapshot(3, value_nats=np.nan)])))


def test_the_code_of_a_game_that_stops_says_so_and_goes_on_to_the_figures_before():
    sgd = {"d_optimizer": "SGD", "g_optimizer": "SGD"}
    config = replace(TINY, loss="Wasserstein", d_rate=0.1, g_rate=0.1, depth=4, gain=2.0, steps=400, every=4, **sgd)
    frames = []
    with pytest.raises(Diverged) as stopped:
        frames.extend(train(config, device="cpu"))
    text = printed(Story(config, frames, str(stopped.value)))
    assert text.startswith(str(stopped.value))
    assert f"D {frames[-1].d_loss:.3f}" in text


def test_every_snapshot_is_a_row():
    frames = [snapshot(0, w2=np.nan), snapshot(5, d_loss=1 / 3)]
    rows = list(csv.DictReader(io.StringIO(report.csv(frames))))
    assert [row["step"] for row in rows] == ["0", "5"]
    assert rows[0]["w2"] == rows[0]["w2_floor"] == ""
    assert float(rows[1]["d_loss"]) == pytest.approx(1 / 3, rel=1e-8)
    assert float(rows[1]["w2_floor"]) == 0.2


def test_the_run_can_be_remade_from_its_json():
    story = played(replace(TINY, seed=5))
    again = json.loads(json.dumps(report.values(story), allow_nan=False))
    assert config_from(GanConfig, again["config"]) == story.config
    assert again["end"]["high_quality"] == story.end.high_quality
    assert again["perfect generator"]["high_quality"] == pytest.approx(0.9889, abs=1e-4)
    assert "stopped" not in again
    broken = report.values(Story(MOONS, [snapshot(w2=np.nan)], "It stopped."))
    assert json.loads(json.dumps(broken, allow_nan=False))["stopped"] == "It stopped."
    assert broken["w2_measured_last"] is None
    assert "perfect generator" not in broken
