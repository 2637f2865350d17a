"""Configs: legal by construction, and the same after a journey through JSON."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_runs import CountConfig

from playground.runs import Config, Range, config_from, legal


def test_legal_values_are_read_from_the_annotations():
    found = legal(CountConfig)
    assert found["start"] == Range(-1.0, 1.0)
    assert found["way"] == ("up", "down")
    assert found["seed"] == Range(0, 9_999)
    assert "marks" not in found


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("start", 1.01, r"start must be in \[-1, 1\], got 1.01"),
        ("start", float("nan"), "start must be in"),
        ("start", "0", "start must be a number, got '0'"),
        ("seed", 1.5, "seed must be a whole number, got 1.5"),
        ("seed", True, "seed must be a whole number"),
        ("steps", 0, r"steps must be in \[1, 20000\]"),
        ("way", "left", r"way must be one of \('up', 'down'\), got 'left'"),
    ],
)
def test_an_illegal_value_is_refused_with_what_is_legal(field, value, words):
    with pytest.raises(ValueError, match=words):
        replace(CountConfig(), **{field: value})


@settings(deadline=None, derandomize=True)
@given(
    st.builds(
        CountConfig,
        seed=st.integers(0, 9_999),
        start=st.floats(-1, 1),
        way=st.sampled_from(["up", "down"]),
        marks=st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), max_size=3).map(tuple),
    )
)
def test_a_config_survives_json(config):
    again = config_from(CountConfig, json.loads(json.dumps(config.as_json())))
    assert again == config
    assert hash(again) == hash(config)


def test_what_json_leaves_out_has_its_default_and_strangers_are_named():
    assert config_from(CountConfig, {"way": "down"}) == CountConfig(way="down")
    with pytest.raises(ValueError, match="Config has no field 'width'; its fields are seed, steps, every"):
        config_from(Config, {"width": 3})
