"""What a duel gives away: formulas where the games differ, code that plays both, tables that hold every picture."""

import contextlib
import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.coverage import SAMPLES
from playground.gan import GanConfig, train
from playground.gan.changes import choices
from playground.gan.duel import Duel, Side
from playground.gan.report import duel as report
from playground.targets import read, target

BASE = GanConfig(hidden=8, batch=16, steps=4, every=2, activation="ReLU", z_dim=3)
MOONS = replace(BASE, target='{"name": "moons"}')


def side(config):
    seen = list(train(config, device=torch.device("cpu")))
    return Side(config, seen[0], seen, "done")


@pytest.fixture(scope="module")
def duel():
    return Duel(side(BASE), side(replace(BASE, pack=4)))


@pytest.fixture(scope="module")
def moons():
    return Duel(side(MOONS), side(replace(MOONS, loss="hinge")))


@pytest.mark.parametrize("name", choices(BASE))
def test_every_change_shows_in_the_formulas_on_both_sides(name):
    lines = report.formulas(BASE, choices(BASE)[name])
    assert any(", left: }" in line for line in lines)
    assert any(", right: }" in line for line in lines)
    text = "\n".join(lines)
    assert "D lowers" in text
    assert "G lowers" in text
    assert text.count("{") == text.count("}")


def test_what_is_the_same_is_written_once():
    lines = report.formulas(BASE, replace(BASE, d_rate=0.01))
    assert sum("left and right" in line for line in lines) == 2
    assert sum("They learn by" in line for line in lines) == 2
    assert not any("They are" in line for line in lines)


def test_the_bare_sample_is_said_where_the_other_side_has_more():
    lines = report.formulas(BASE, replace(BASE, batch_std=True))
    assert any("bare sample" in line and ", left: }" in line for line in lines)
    assert any("standard deviation" in line and ", right: }" in line for line in lines)


def test_the_arithmetic_ends_in_the_figures_of_both(duel):
    t = read(BASE.target)
    text = "\n".join(report.latex(duel, t))
    for one in (duel.left, duel.right):
        end = one.seen[-1]
        assert f"{round(SAMPLES * end.high_quality)} / {SAMPLES} = {100 * end.high_quality:.1f}" in text
        assert f"{end.strict_modes:.0f} \\text{{ of }} 8" in text
        assert f"= {end.w2:.3f}" in text
    assert r"3\sigma = 0.15" in text
    assert "98.9" in text
    assert text.count("{") == text.count("}")


def test_overlapping_modes_are_not_given_the_share_of_one_gaussian():
    close = target("ring", k=8, radius=1.0, sigma=0.38)
    config = replace(BASE, target=json.dumps(close.describe()))
    assert "e^{-9/2}" not in "\n".join(report.counted(Duel(side(config), side(config)), close))


def test_without_modes_only_the_distance_is_counted(moons):
    lines = report.counted(moons, target("moons"))
    assert len(lines) == 2
    assert all("W_2" in line for line in lines)


def test_before_both_have_begun_nothing_is_counted(duel):
    assert report.counted(Duel(duel.left, Side(BASE, duel.left.first)), read(BASE.target)) == []


def printed(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "snippet", "exec"), {})
    return out.getvalue().split("\n")


def test_the_code_plays_both_games(duel, moons):
    lines = printed(report.code(duel.left.config, duel.right.config, read(BASE.target)))
    for line, one in zip(lines, (duel.left, duel.right), strict=False):
        end = one.seen[-1]
        assert line == f"{end.strict_modes:.0f} {100 * end.high_quality:.1f} {end.w2:.3f}"
    lines = printed(report.code(moons.left.config, moons.right.config, target("moons")))
    assert lines[:2] == [f"{one.seen[-1].w2:.3f}" for one in (moons.left, moons.right)]


def test_the_table_has_every_picture_of_both(duel, moons):
    rows = list(csv.DictReader(io.StringIO(report.csv(duel))))
    assert [(row["game"], int(row["step"])) for row in rows] == [(g, s) for g in ("left", "right") for s in (0, 2, 4)]
    for row, frame in zip(rows, (*duel.left.seen, *duel.right.seen), strict=True):
        assert float(row["high_quality"]) == pytest.approx(frame.high_quality, rel=1e-5)
        assert (row["w2"] == "") == bool(np.isnan(frame.w2))
    assert {row["strict_modes"] for row in csv.DictReader(io.StringIO(report.csv(moons)))} == {""}


def test_a_held_picture_is_in_the_table_once(duel):
    stopped = Side(BASE, duel.left.first, duel.left.seen[:2], "failed", "The weights left every bound.")
    rows = list(csv.DictReader(io.StringIO(report.csv(Duel(stopped, duel.right)))))
    assert [int(row["step"]) for row in rows if row["game"] == "left"] == [0, 2]


def test_the_values_are_plain_json_and_name_the_change(duel, moons):
    found = json.loads(json.dumps(report.values(duel, read(BASE.target)), allow_nan=False))
    assert found["change"] == [{"field": "pack", "left": "1", "right": "4"}]
    assert found["winner"] == duel.winner
    assert GanConfig(**found["right"]["config"]) == duel.right.config
    assert found["left"]["strict_modes"] == duel.left.seen[-1].strict_modes
    without = json.loads(json.dumps(report.values(moons, target("moons")), allow_nan=False))
    assert without["left"]["strict_modes"] is None
    early = report.values(Duel(duel.left, Side(BASE, duel.left.first)), read(BASE.target))
    assert early["winner"] is None
    assert early["right"]["step"] == 0
