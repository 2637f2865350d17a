"""The formulas of a game say what the engine computes: each is read back as arithmetic and held against the losses."""

import re
from dataclasses import fields, replace
from typing import get_args

import numpy as np
import pytest
import torch

from playground.gan import GanConfig
from playground.gan.config import Loss
from playground.gan.losses import discriminator_loss, generator_loss
from playground.gan.report import game

LOSSES = get_args(Loss)
REAL, FAKE = np.array([0.3, -0.8, 1.4, 2.0]), np.array([-1.1, 0.4, -0.2, 0.9])  # D's raw outputs
TERM = re.compile(r"([+-]?)\s*(\\tfrac12\s*)?\\mathbb\{E\}(?:\\,)?\s*")
WORDS = {
    r"\log": "log", r"\max": "maximum", r"\tfrac14": "0.25*", "^2": "**2", "T^2": "T**2",
}  # fmt: skip


def arithmetic(text):
    """LaTeX of one term as Python."""
    for old, new in WORDS.items():
        text = text.replace(old, new)
    text = re.sub(r"e\^\{(.*?)\}", r"exp(\1)", text)
    text = re.sub(r"log ([A-Z]\([^()]*(?:\([^()]*\))?\))", r"log(\1)", text)
    text = re.sub(r"log (\d)", r"log(\1)", text)
    return text.replace("f^*", "conjugate").strip()


def evaluated(latex, loss):
    """The number that a cost comes to, by its formula alone."""
    cost, *definitions = latex.split(r", \quad ")
    probability = loss in ("non-saturating", "minimax", "maximum likelihood")

    def a(x):
        return x

    def d(x):
        return 1 / (1 + np.exp(-x)) if probability else x

    names = {"log": np.log, "exp": np.exp, "maximum": np.maximum, "a": a, "D": d, "x": REAL, "G": lambda _: FAKE}
    names |= {"z": None}
    if definitions:
        chosen, conjugate = game.F_COSTS[loss]
        names["T"] = lambda x: eval(arithmetic(chosen), {**names, "a": x})
        names["conjugate"] = lambda t: eval(arithmetic(conjugate), {**names, "T": t})
    parts = TERM.split(cost)
    assert parts[0].strip() == ""
    total = 0.0
    for sign, half, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        mean = np.mean(eval(arithmetic(body), names))
        total += (-1 if sign == "-" else 1) * (0.5 if half else 1.0) * mean
    return total


@pytest.mark.parametrize("loss", LOSSES)
def test_what_the_formula_of_a_cost_comes_to_is_what_the_engine_computes(loss):
    config = GanConfig(loss=loss)
    real, fake = torch.from_numpy(REAL), torch.from_numpy(FAKE)
    d, g = game.d_pays(config), game.g_pays(config)
    if loss in game.F_COSTS:
        g += ", \\quad " + d.split(r", \quad ")[1]  # T and f* are defined beside D's cost
    assert evaluated(d, loss) == pytest.approx(float(discriminator_loss(loss, real, fake)), abs=1e-12)
    assert evaluated(g, loss) == pytest.approx(float(generator_loss(loss, fake)), abs=1e-12)


def test_formulas_carry_the_values_of_the_knobs():
    config = GanConfig(penalty="gradient", penalty_weight=10.0, pack=3, batch=192, noise=0.3, batch_std=True, unroll=5)
    assert r"+ 10\, \mathbb{E} (\|\nabla_x a(x)\| - 1)^2" in game.d_pays(config)
    assert r"D(x_1 + \varepsilon, \dots, x_{3} + \varepsilon; s)" in game.d_pays(config)
    assert r"D^{(+5)}(G(z_1) + \varepsilon, \dots, G(z_{3}) + \varepsilon; s)" in game.g_pays(config)
    assert "after 5 more updates" in game.g_pays(config)
    assert r"\text{3 samples at once}" in game.seen(config)
    assert r"\nu \text{ from } 0.3" in game.seen(config)
    assert r"|w| \le 0.01" in game.d_pays(GanConfig(penalty="clip"))
    assert r"\sigma_{\max}" in game.d_pays(GanConfig(spectral_norm=True))
    assert game.seen(GanConfig()) == ""


def test_the_penalty_is_no_part_of_what_an_f_gans_conjugate_is():
    paid, defined = game.d_pays(GanConfig(loss="f: KL", penalty="gradient")).split(r", \quad ")
    assert r"\nabla_x a(x)" in paid
    assert defined == r"T = a, \ f^* = e^{T - 1}"


def test_learning_and_networks_are_those_of_the_game():
    config = GanConfig(
        d_steps=5, d_rate=2e-4, g_optimizer="SGD", g_rate=0.02, warmup=1_500, decay=True, batch=64, z_dim=16, depth=3,
        hidden=32, pack=4, batch_std=True, gain=0.3, offset=-1.5, ema=0.99, activation="tanh",
    )  # fmt: skip
    learning, networks = game.learning(config), game.networks(config)
    for said in (
        r"5 \times \text{Adam}", r"\eta_D = 2 \cdot 10^{-4}", r"1 \times \text{SGD}", r"\eta_G = 0.02",
        r"\beta_1 = 0.5", "first 1500 updates of D alone", "falls to 2", "} 64",
    ):  # fmt: skip
        assert said in learning
    for said in (
        r"\mathbb{R}^{16} \to 32 \to 32 \to 32 \to \mathbb{R}^2", r"D: \mathbb{R}^{16}", "tanh", r"\times 0.3",
        "(-1.5, -1.5)", r"0.99\, \bar\theta_G + 0.01\, \theta_G",
    ):  # fmt: skip
        assert said in networks
    assert r"\beta_1" not in game.learning(GanConfig(d_optimizer="SGD", g_optimizer="SGD"))


def test_d_sees_as_many_numbers_as_the_networks_say():
    from playground.gan.game import Game

    for config in (GanConfig(), GanConfig(pack=4), GanConfig(pack=2, batch_std=True)):
        sees = Game(config, (0,), device=torch.device("cpu")).d.parameters[0].shape[1]
        assert rf"D: \mathbb{{R}}^{{{sees}}}" in game.networks(config)


@pytest.mark.parametrize(
    "config", [GanConfig(), GanConfig(loss="f: KL", pack=4, seed=7), GanConfig(target='{"name": "moons"}', ema=0.5)]
)
def test_the_call_makes_the_game_again(config):
    assert eval(game.call(config), {"GanConfig": GanConfig}) == config


def test_every_field_of_a_game_is_somewhere_in_its_formulas():
    parts = (game.d_pays, game.g_pays, game.seen, game.learning, game.networks)
    base = GanConfig(penalty="gradient", decay=True)
    others = {
        "loss": "hinge", "penalty": "none", "penalty_weight": 1.0, "d_steps": 2, "warmup": 5, "unroll": 1, "pack": 2,
        "batch_std": True, "spectral_norm": True, "noise": 0.1, "g_rate": 0.1, "d_rate": 0.1, "g_optimizer": "SGD",
        "d_optimizer": "SGD", "beta1": 0.9, "ema": 0.5, "decay": False, "activation": "ReLU", "hidden": 8, "depth": 1,
        "z_dim": 1, "batch": 32, "gain": 2.0, "offset": 1.0,
    }  # fmt: skip
    assert set(others) | {"target", "seed", "steps", "every", "moves", "clip"} == {f.name for f in fields(GanConfig)}
    for name, value in others.items():
        other = replace(base, **{name: value})
        assert any(part(base) != part(other) for part in parts), name
    clipped = GanConfig(penalty="clip")
    assert game.d_pays(clipped) != game.d_pays(replace(clipped, clip=0.1))
