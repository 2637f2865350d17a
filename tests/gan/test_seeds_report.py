"""What is taken away of many seeds: the numbers put in, the code that makes them, the table."""

import contextlib
import csv
import io
import json
import re

import numpy as np
import pytest
import torch

from playground.coverage import perfect
from playground.gan.report import seeds as report
from playground.gan.seeds import SeedsConfig, spread, train_many
from playground.gan.words import seeds as words
from playground.targets import target
from tests.gan.made_seeds import EVERY, MOONS, RING, snapshot, without_modes

CPU = torch.device("cpu")
SMALL = {"steps": 4, "every": 4, "hidden": 8, "batch": 32, "games": 3, "seed": 5}


def printed(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "snippet", "exec"), {})
    return out.getvalue()


@pytest.mark.parametrize("name", ["pacgan-ring", "moons"])
def test_the_code_prints_the_numbers_of_the_page(name):
    config = SeedsConfig(**SMALL, target=json.dumps({"name": name}))
    t = target(name)
    *_, end = train_many(config, device=CPU)
    rows = words.numbers(end, t, perfect(t) if t.modes else None)
    shown = [float(text) for value, _ in rows for text in re.findall(r"[\d.]+", value)]
    found = [float(text) for text in re.findall(r"(?<![\w])[\d.]+", printed(report.code(config, t)))]
    assert sorted(found) == pytest.approx(sorted(shown))


def test_the_code_says_only_what_is_not_the_default():
    code = report.code(SeedsConfig(pack=4, games=32, seed=7), RING)
    assert "SeedsConfig(\n    seed=7,\n    pack=4,\n    games=32,\n)" in code
    assert "SeedsConfig(\n)" in report.code(SeedsConfig(), RING)


def test_the_table_has_a_row_for_each_seed():
    end = snapshot([EVERY, {0}], [0.75, 0.5], kl=[0.125, 2.0], modes=[8, 6])
    rows = list(csv.DictReader(io.StringIO(report.csv(end, SeedsConfig(games=2, seed=3)))))
    assert [row["seed"] for row in rows] == ["3", "4"]
    assert [float(rows[1][name]) for name in ("modes", "strict_modes", "high_quality", "reverse_kl_nats")] == [
        6, 1, 0.5, 2.0,
    ]  # fmt: skip
    assert [float(rows[0][name]) for name in ("w2", "d_loss", "g_loss")] == [0.25, 1.25, 0.75]
    (row, _) = csv.DictReader(io.StringIO(report.csv(without_modes([0.25, 0.5]), SeedsConfig(games=2))))
    assert (row["modes"], row["reverse_kl_nats"], row["w2"]) == ("", "", "0.25")


def test_the_values_are_plain_json_with_the_means():
    end, config = snapshot([EVERY, {0}], [0.75, 0.5]), SeedsConfig(games=2, seed=3)
    found = json.loads(json.dumps(report.values(end, config, RING, perfect(RING)), allow_nan=False))
    assert found["seeds"] == [3, 4]
    assert found["over seeds"]["strict_modes"] == pytest.approx({"mean": 4.5, "error": 3.5, "low": 1, "high": 8})
    assert found["perfect"]["high_quality"] == pytest.approx(0.9889, abs=1e-4)
    assert found["samples of high quality at each mode, of 2500"]["4"] == [45, *[19] * 7]
    assert SeedsConfig(**found["knobs"]) == config
    found = json.loads(json.dumps(report.values(without_modes([0.25, 0.5]), config, MOONS, None), allow_nan=False))
    assert set(found["over seeds"]) == {"w2"}
    assert found["perfect"] == {"w2": 0.125}


def test_the_arithmetic_has_the_numbers_in_it():
    strict, kl = report.latex(snapshot([EVERY, {0}, EVERY, EVERY], kl=[0.125, 1, 1, 1]), RING)
    found = spread(np.array([8, 1, 8, 8]))
    assert rf"\tfrac1{{4}}(8 + 1 + 8 + \dots) = {found.mean:.3f}" in strict
    assert f"= {found.error:.3f}" in strict
    assert r"0.125 \text{ nats for the first seed, at most } \log 8 = 2.079" in kl
    (w2,) = report.latex(without_modes([0.25, 0.5]), MOONS)
    assert r"\tfrac1{2}(0.25 + 0.5) = 0.375" in w2
    assert "= 0.125" in w2
