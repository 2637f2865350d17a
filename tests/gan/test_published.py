"""Published rows as they were printed, and ours beside them: never one table, and never of another target."""

from pathlib import Path

import numpy as np
import pytest
import torch

from playground.coverage import coverage, perfect
from playground.gan.published import MODES, OURS, PUBLISHED, RECORDED, method, row
from playground.gan.seeds import SeedsConfig, spread, train_many
from playground.gan.words import published as words
from playground.targets import target
from tests.gan.made_seeds import EVERY, snapshot

README = Path(__file__).parents[2] / "README.md"


def means(shape):
    return {
        table.source: {
            one.method: (one.modes.mean, one.high_quality.mean, one.reverse_kl.mean if one.reverse_kl else None)
            for one in table.rows
        }
        for table in PUBLISHED[shape]
    }


def test_the_rows_are_those_of_the_papers():
    assert means("ring") == {
        "PacGAN, Table 1": {"GAN": (6.3, 98.2, 0.45), "PacGAN, m = 4": (7.8, 95.9, 0.07)},
        "VEEGAN, Table 1": {"GAN": (1, 99.3, None), "Unrolled GAN": (7.6, 35.6, None), "VEEGAN": (8, 52.9, None)},
    }
    assert means("grid") == {
        "PacGAN, Table 1": {"GAN": (17.3, 94.8, 0.70), "PacGAN, m = 4": (24.8, 93.6, 0.04)},
        "VEEGAN, Table 1": {"GAN": (3.3, 0.5, None), "Unrolled GAN": (23.6, 16, None), "VEEGAN": (24.6, 40, None)},
    }
    errors = [one.modes.error for shape in MODES for one in PUBLISHED[shape][0].rows]
    assert errors == [0.5, 0.1, 0.8, 0.2]


@pytest.mark.parametrize("shape", MODES)
def test_the_readme_shows_the_recorded_rows(shape):
    written = README.read_text("utf-8")
    for one in RECORDED[shape].rows:
        name, *values = words.cells(one)
        assert f"| {name} | ours | {' | '.join(values)} |" in written
    for table in PUBLISHED[shape]:
        for one in table.rows:
            name, *values = words.cells(one)
            assert f"| {name} | {table.source} | {' | '.join(values)} |" in written


@pytest.mark.parametrize("shape", MODES)
def test_ours_differ_in_nothing_but_packing_and_in_as_many_packs(shape):
    plain, packed = OURS[shape]
    assert (method(plain), method(packed)) == ("GAN", "PacGAN, m = 4")
    assert packed.batch // packed.pack == plain.batch // plain.pack == 128
    differ = {name for name, value in vars(plain).items() if vars(packed)[name] != value}
    assert differ == {"pack", "batch"}
    assert plain.seeds == range(100, 108)
    assert [one.method for one in RECORDED[shape].rows] == ["GAN", "PacGAN, m = 4"]
    assert "3 × 64 units, ReLU; 128 packs a batch; 10\u2009000 steps; seeds 100 to 107" in words.budget(plain)


def test_the_grid_in_other_units_is_judged_like_pacgans():
    theirs, ours = target("pacgan-grid"), target("grid", k=5, step=0.5, sigma=0.0125)
    x = theirs.sample(2_500, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    x = x + 0.05 * torch.randn(x.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    assert tuple(coverage(x / 4, ours)) == pytest.approx(tuple(coverage(x, theirs)))
    assert tuple(perfect(ours)) == pytest.approx(tuple(perfect(theirs)))


def test_a_row_is_means_and_errors_over_the_seeds():
    end = snapshot([EVERY, EVERY - {1}, {0}], [0.8, 0.9, 0.4], kl=[0.1, 0.3, 2.0], modes=[8, 8, 6])
    found = row("ours", end)
    for name, scale in (("modes", 1), ("strict_modes", 1), ("high_quality", 100), ("reverse_kl", 1)):
        assert tuple(getattr(found, name)) == pytest.approx(spread(scale * getattr(end, name))[:2])
    assert words.cells(found) == ("ours", "7.3 ± 0.7", "5.3 ± 2.2", "70.0 ± 15.3", "0.80 ± 0.60")


def test_what_is_not_given_is_said_and_a_published_number_is_not_made_more_precise():
    veegan = PUBLISHED["ring"][1].rows[0]
    assert words.cells(veegan) == ("GAN", "1", "not given", "99.3", "not given")
    assert words.cells(PUBLISHED["grid"][0].rows[0])[-1] == "0.70"


@pytest.mark.parametrize(
    ("name", "parameters", "shape", "same"),
    [
        ("pacgan-ring", {}, "ring", True),
        ("pacgan-grid", {}, "grid", True),
        ("grid", {"k": 5, "step": 0.5, "sigma": 0.0125}, "grid", True),
        ("grid", {"k": 5, "step": 0.5, "sigma": 0.02}, "grid", False),
        ("grid", {"k": 3, "step": 2.0, "sigma": 0.05}, "grid", False),
        ("ring", {"k": 8, "radius": 2.0, "sigma": 0.02}, "ring", True),
        ("ring", {"k": 8, "radius": 1.0, "sigma": 0.05}, "ring", False),
        ("ring", {"k": 7, "radius": 1.0, "sigma": 0.01}, "ring", False),
        ("moons", {}, "ring", False),
        ("8gaussians", {}, "ring", False),
    ],
)
def test_only_the_same_target_stands_beside_the_rows(name, parameters, shape, same):
    t = target(name, **parameters)
    assert words.shape_of(t) == shape
    assert words.same(t) is same
    assert ("your target is another" in words.about(t)) is not same
    assert ("in other units" in words.about(t)) is (same and name in ("grid", "ring"))
    end = snapshot([EVERY, {0}])
    config = OURS["ring"][1]
    tables = words.ours(t, end, config)
    assert [table.source for table in tables] == (["Ours, recorded", "Your run"] if same else ["Ours, recorded"])
    assert words.ours(t, None, config) == tables[:1]
    if same:
        assert tables[1].rows == (row("PacGAN, m = 4", end),)
        assert words.head(t)[1] == f"Modes of {MODES[shape]}"


def test_a_markdown_table_has_every_row_under_its_protocol():
    lines = words.markdown("ring", PUBLISHED["ring"]).splitlines()
    assert len(lines) == 2 + 5
    assert lines[2] == "| GAN | PacGAN, Table 1 | 6.3 ± 0.5 | not given | 98.2 | 0.45 |"


def test_the_slow_script_prints_rows_of_what_it_plays(monkeypatch, capsys):
    from dataclasses import replace

    from benchmarks import pacgan

    few = tuple(replace(config, steps=1, every=1, hidden=8, depth=1, batch=32, games=2) for config in OURS["ring"])
    monkeypatch.setitem(pacgan.OURS, "ring", few)
    monkeypatch.setattr("sys.argv", ["pacgan", "ring"])
    pacgan.main()
    printed = capsys.readouterr().out
    *_, end = train_many(few[1], device=torch.device("cpu"))
    assert np.isfinite(end.high_quality).all()
    name, *values = words.cells(row("PacGAN, m = 4", end))
    assert f"| {name} | ours | {' | '.join(values)} |" in printed
    assert "25 modes" not in printed


@pytest.mark.parametrize(
    ("knobs", "name"),
    [
        ({}, "GAN"), ({"loss": "minimax"}, "GAN"), ({"pack": 2}, "PacGAN, m = 2"),
        ({"loss": "Wasserstein"}, "Your game"),
        ({"pack": 4, "penalty": "gradient"}, "Your game"), ({"batch_std": True}, "Your game"),
        ({"unroll": 5}, "Your game"),
        ({"spectral_norm": True}, "Your game"), ({"noise": 0.1}, "Your game"), ({"hidden": 8, "g_rate": 1e-4}, "GAN"),
    ],
)  # fmt: skip
def test_a_row_bears_a_published_name_only_for_that_method(knobs, name):
    assert method(SeedsConfig(**knobs)) == name
