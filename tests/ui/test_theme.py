"""The palette: readable, apart for colour-blind eyes, and the same in Streamlit's config."""

import re
import tomllib
from dataclasses import asdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from playground import theme
from playground.theme import DARK, LIGHT

ROOT = Path(__file__).parents[2]
ROLES = ("data", "model", "rival", "truth", "prior", "evidence", "intervention", "error")
# roles that share a picture
GROUPS = (
    ("data", "model", "prior", "truth", "error"),
    ("data", "model", "rival", "truth", "error"),
    ("data", "evidence", "intervention", "model", "truth"),
    ("prior", "rival", "model", "error"),  # the curves of explaining away
    ("data", "model", "rival", "truth", "prior"),  # the coefficients of noisy lines
    ("data", "model", "rival", "truth", "prior", "intervention"),  # five plays of one game
)
# Machado, Oliveira & Fernandes, 2009, severity 1, on linear RGB
VISION = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    light, dark = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def oklab(rgb):
    lms = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return lab @ np.cbrt(lms @ np.clip(rgb, 1e-9, 1))


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_roles_read_as_text_on_both_surfaces(palette):
    for role in (*ROLES, "text", "muted"):
        for surface in (palette.background, palette.surface):
            assert contrast(getattr(palette, role), surface) >= 4.5, (role, surface)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("vision", VISION)
def test_roles_of_one_picture_stay_apart(palette, vision):
    seen = {role: oklab(np.array(VISION[vision]) @ linear(getattr(palette, role))) for role in ROLES}
    for group in GROUPS:
        for one, other in combinations(group, 2):
            # 100 x distance in OKLab; about 2 is just noticeable side by side
            assert 100 * np.linalg.norm(seen[one] - seen[other]) >= 6, (one, other)


@pytest.mark.parametrize(("mode", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_config_repeats_the_palette(mode, palette):
    repeated = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][mode]
    order = ("model", "rival", "truth", "prior", "evidence", "intervention", "error", "data")
    assert repeated["chartCategoricalColors"] == [getattr(palette, role) for role in order]
    names = {"background": "background", "secondaryBackground": "surface", "text": "text", "border": "border"}
    for name, role in names.items():
        assert repeated[f"{name}Color"] == getattr(palette, role)
    assert len(repeated["chartSequentialColors"]) == len(repeated["chartDivergingColors"]) == 10


@pytest.mark.parametrize(("mode", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_style_sheet_holds_every_colour_of_both_modes(mode, palette):
    pairs = dict(re.findall(r"--pg-(\w+): light-dark\((#\w{6}, #\w{6})\);", theme.css_variables()))
    assert {name: pair.split(", ")[mode == "dark"] for name, pair in pairs.items()} == asdict(palette)


def test_roles_differ_by_dash_or_shape_where_colour_is_not_seen():
    for group in GROUPS:
        carried = [(theme.DASHES[role], theme.SHAPES[role]) for role in group]
        assert len(set(carried)) == len(group), group


def test_every_chart_library_draws_in_the_palette():
    for look in (theme.look("light"), theme.look("dark", scale=1.3)):
        config, template = theme.altair_config(look), theme.plotly_template(look)["layout"]
        assert (
            set(config["range"]["category"]) == set(template["colorway"]) == {look.palette.of(role) for role in ROLES}
        )
        assert config["axis"]["labelFontSize"] == template["xaxis"]["tickfont"]["size"] == look.px(13)


def test_an_unknown_mode_is_light():
    assert theme.look(None).palette == LIGHT
