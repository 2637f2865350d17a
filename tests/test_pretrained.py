"""Shipped weights: written with their card, refused when they are not the card's."""

import json

import pytest
import torch

from playground import pretrained

TENSORS = {"weight": torch.arange(6.0).view(2, 3), "bias": torch.zeros(2)}


def test_weights_come_back_as_they_were(tmp_path):
    pretrained.save("flow/moons", TENSORS, {"command": "x", "seed": 3}, folder=tmp_path)
    card, tensors = pretrained.load("flow/moons", folder=tmp_path)
    assert card["seed"] == 3
    assert {name: tensor.tolist() for name, tensor in tensors.items()} == {n: t.tolist() for n, t in TENSORS.items()}
    assert pretrained.names(folder=tmp_path) == ["flow/moons"]


def test_equal_weights_are_equal_files(tmp_path):
    for name in ("a", "b"):
        pretrained.save(name, TENSORS, {}, folder=tmp_path)
    assert (tmp_path / "a/weights.safetensors").read_bytes() == (tmp_path / "b/weights.safetensors").read_bytes()


def test_other_weights_than_the_cards_are_refused_before_they_are_parsed(tmp_path, monkeypatch):
    pretrained.save("a", TENSORS, {}, folder=tmp_path)
    (tmp_path / "a/weights.safetensors").write_bytes(b"no safetensors at all")
    with pytest.raises(pretrained.NoWeights, match="not those of their card"):
        pretrained.load("a", folder=tmp_path)


def test_missing_weights_say_what_there_is(tmp_path):
    pretrained.save("a", TENSORS, {}, folder=tmp_path)
    with pytest.raises(pretrained.NoWeights, match="there are a"):
        pretrained.load("b", folder=tmp_path)
    (tmp_path / "a/weights.safetensors").unlink()
    with pytest.raises(pretrained.NoWeights, match="are missing"):
        pretrained.load("a", folder=tmp_path)


def test_a_broken_card_is_no_card(tmp_path):
    pretrained.save("a", TENSORS, {}, folder=tmp_path)
    (tmp_path / "a/card.json").write_text("{", encoding="utf-8")
    with pytest.raises(pretrained.NoWeights):
        pretrained.load("a", folder=tmp_path)


@pytest.mark.parametrize("name", pretrained.names())
def test_what_is_shipped_is_what_its_card_says(name):
    card, tensors = pretrained.load(name)
    assert all(tensor.isfinite().all() for tensor in tensors.values() if tensor.is_floating_point())
    for field in ("command", "config", "data", "metrics", "seconds", "device", "torch"):
        assert card.get(field) is not None, field
    assert json.dumps(card)
