"""Gaussian noise as a visitor uses it: a click moves the curves, a knob moves them live, presets and links restore."""

import re

import numpy as np
import pytest
from causality_page import notice, number, numbers, preset, sideways, thumb
from conftest import settle
from playwright.sync_api import expect

from playground.bernoulli import SAMPLES, Regression, rms_error
from playground.theme import DARK, LIGHT

SINE = SAMPLES["Sine"]
TEN = np.array(SINE.points(10, seed=3))
LABEL = "Gaussian prior, RMS to the truth"
SHARES = """([canvas, rgb]) => {
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255 && rgb.every((v, k) => v === data[i + k])) count++;
  return count;
}"""


def open_noise(serve, visit, query="&reveal=1", **options):
    page = visit(f"{serve()}/bernoulli?bernoulli_experiment=Gaussian+noise{query}", **options)
    expect(page.locator(".scatter .count")).to_have_text(re.compile(r"of 40 points"))
    return page


def error(points, tau=0.5, degree=9):
    x, y = np.asarray(points).T
    return f"{rms_error(Regression(degree, 0.2, tau).ridge(x, y), SINE.truth):.3f}"


def inked(page, color):
    """How many pixels of the sheet are wholly of that colour."""
    sheet = page.locator(".scatter canvas").element_handle()
    return page.evaluate(SHARES, [sheet, list(bytes.fromhex(color[1:]))])


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_it_opens_with_its_curves_in_their_colours(serve, visit, width, dark):
    page = open_noise(serve, visit, width=width, dark=dark)
    expect(number(page, LABEL)).to_contain_text(error(TEN))
    palette = DARK if dark else LIGHT
    for role in ("data", "model", "rival", "truth"):
        sheet = page.locator(".scatter canvas").element_handle()
        page.wait_for_function(f"arg => ({SHARES})(arg) > 20", arg=[sheet, list(bytes.fromhex(palette.of(role)[1:]))])
    assert sideways(page) <= 0


def test_a_click_adds_a_point_and_the_link_restores_it(serve, visit):
    page = open_noise(serve, visit)
    box = page.locator(".scatter canvas").bounding_box()
    page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 0.2 * box["height"])
    expect(page.locator(".scatter .count")).to_have_text("11 of 40 points")
    page.wait_for_url(re.compile("bernoulli_points="))
    text = re.search(r"bernoulli_points=([^&]+)", page.url)[1]
    points = [tuple(map(float, part.split("_"))) for part in text.split("~")]
    assert [*points[:10]] == [tuple(point) for point in TEN]
    expect(number(page, LABEL)).to_contain_text(error(points))
    again = open_noise(serve, visit, f"&reveal=1&bernoulli_points={text}")
    assert numbers(again) == numbers(page)
    page.locator(".scatter .undo").click()
    expect(number(page, LABEL)).to_contain_text(error(TEN))


def test_tau_moves_the_curve_while_it_is_held(serve, visit):
    page = open_noise(serve, visit)
    slider = thumb(page, "τ")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.466, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 9, box["y"] + box["height"] / 2, steps=5)
    expect(number(page, LABEL)).to_contain_text(error(TEN, 20.0))
    assert "tau" not in page.url
    page.mouse.up()
    page.wait_for_url("**bernoulli_noise_tau=20*")
    slider.focus()
    page.keyboard.press("Home")
    expect(number(page, LABEL)).to_contain_text(error(TEN, 0.02))
    expect(slider).to_have_attribute("aria-valuetext", "0.020")  # no whole numbers only on this scale


def test_a_preset_loads_and_its_link_restores_it(serve, visit):
    page = open_noise(serve, visit)
    preset(page, "One outlier")
    expect(notice(page)).to_contain_text("Gaussian noise hardly allows the high point")
    expect(page.locator(".scatter .count")).to_have_text("11 of 40 points")
    settle(page)
    again = visit(page.url)
    expect(notice(again)).to_contain_text("Gaussian noise hardly allows the high point")
    assert numbers(again) == numbers(page)


def test_the_truth_is_drawn_only_after_the_answer(serve, visit):
    page = open_noise(serve, visit, "")
    expect(page.get_by_text("Which curve is nearest to the truth?").first).to_be_visible()
    expect(number(page, LABEL)).to_contain_text("?")
    assert inked(page, LIGHT.truth) == 0
    page.get_by_role("radio", name="Laplace").or_(page.get_by_role("button", name="Laplace")).first.click()
    expect(notice(page)).to_contain_text("You said “Laplace”: right.")
    sheet = page.locator(".scatter canvas").element_handle()
    page.wait_for_function(f"arg => ({SHARES})(arg) > 20", arg=[sheet, list(bytes.fromhex(LIGHT.truth[1:]))])
