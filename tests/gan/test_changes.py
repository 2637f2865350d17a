"""Changes between two games: always legal, never idle, never of what both games share."""

from dataclasses import fields, replace

import pytest

from playground.gan import GanConfig
from playground.gan.cases import CASES
from playground.gan.changes import CHANGES, SHARED, changed, choices, differences, free, others
from playground.gan.words.game import offered

BASES = {
    "default": GanConfig(),
    "everything on": GanConfig(
        loss="minimax", penalty="gradient", penalty_weight=10.0, pack=4, unroll=5, batch_std=True, spectral_norm=True,
        noise=0.3, d_steps=5, d_rate=1e-4, z_dim=16,
    ),
    "clipped": GanConfig(loss="Wasserstein", penalty="clip", d_optimizer="SGD", g_optimizer="SGD"),
    "a prime batch": GanConfig(batch=251),
    **{name: case.config for name, case in CASES.items()},
}  # fmt: skip
each_base = pytest.mark.parametrize("base", BASES.values(), ids=list(BASES))


@each_base
def test_every_choice_makes_another_legal_game_on_the_same_target_with_the_same_seed(base):
    found = choices(base)
    assert len(found) >= 10
    for other in found.values():
        names = [difference.field for difference in differences(base, other)]
        assert names
        assert not set(names) & set(SHARED)
        assert replace(base, **{name: getattr(other, name) for name in names}) == other


def test_a_game_that_has_the_remedy_is_compared_with_the_one_that_has_not():
    assert choices(GanConfig())["Packing"].pack == 4
    assert choices(GanConfig(pack=4))["Packing"].pack == 1
    assert choices(GanConfig(loss="minimax"))["Minimax loss"].loss == "non-saturating"
    assert choices(GanConfig(loss="hinge"))["Minimax loss"].loss == "minimax"


@pytest.mark.parametrize(
    ("name", "base", "field", "value"),
    [
        ("Gradient penalty", GanConfig(penalty="gradient", penalty_weight=0.3), "penalty", "none"),
        ("Wasserstein loss", CASES["Clipped critic"].config, "loss", "non-saturating"),
        ("Wasserstein loss", GanConfig(loss="Wasserstein", penalty_weight=10.0), "loss", "non-saturating"),
        ("Slow D", GanConfig(d_rate=2e-5), "d_rate", 1e-3),
        ("Fast D", GanConfig(d_rate=0.05), "d_rate", 1e-3),
        ("Unrolling", GanConfig(unroll=8), "unroll", 0),
        ("Instance noise", GanConfig(noise=0.5), "noise", 0.0),
        ("Steps of D", GanConfig(d_steps=10), "d_steps", 1),
        ("Packing", GanConfig(pack=2), "pack", 4),
        ("Packing", GanConfig(batch=254, pack=2), "pack", 1),
    ],
)  # fmt: skip
def test_a_change_does_what_its_name_says_whatever_the_game_has(name, base, field, value):
    assert getattr(choices(base)[name], field) == value


def test_a_change_that_would_do_nothing_is_not_offered():
    assert "Weight of the penalty" not in choices(GanConfig())
    assert choices(GanConfig(penalty="gradient"))["Weight of the penalty"].penalty_weight == 10.0
    assert choices(GanConfig(penalty="gradient", penalty_weight=10.0))["Weight of the penalty"].penalty_weight == 0.1


def test_a_change_that_is_not_legal_is_not_offered():
    assert "Packing" not in choices(GanConfig(batch=251))
    assert changed(GanConfig(batch=251), {"pack": 4}) is None


def test_differences_name_the_field_and_both_values():
    assert differences(GanConfig(), GanConfig(pack=2, loss="hinge")) == (
        ("loss", "non-saturating", "hinge"),
        ("pack", 1, 2),
    )
    assert differences(GanConfig(), GanConfig()) == ()


@each_base
def test_any_knob_that_matters_has_another_value_which_makes_a_legal_game(base):
    names = free(base)
    assert not set(names) & set(SHARED)
    assert {"loss", "d_rate", "g_rate", "hidden"} <= set(names)
    for name in names:
        values = others(base, name, offered(name))
        assert getattr(base, name) not in values
        for value in values:
            assert [difference.field for difference in differences(base, replace(base, **{name: value}))] == [name]


def test_knobs_that_do_nothing_in_a_game_cannot_be_changed():
    assert not {"clip", "penalty_weight"} & set(free(GanConfig()))
    assert "clip" in free(GanConfig(penalty="clip"))
    assert "penalty_weight" in free(GanConfig(penalty="gradient"))
    assert "beta1" not in free(GanConfig(d_optimizer="SGD", g_optimizer="RMSprop"))
    assert "beta1" in free(GanConfig(d_optimizer="SGD"))


def test_of_a_knob_without_another_legal_value_nothing_is_offered():
    assert others(GanConfig(batch=251), "pack", offered("pack")) == ()


def test_offered_values_are_legal_alone():
    for field in fields(GanConfig):
        if field.name not in SHARED and field.name != "pack":
            for value in offered(field.name):
                replace(GanConfig(), **{field.name: value})


def test_a_change_has_a_name_of_its_own():
    assert len(set(CHANGES)) == len(CHANGES) >= 10
