"""Estimators as a visitor plays it: θ is dragged, an interval fails, a preset makes a link."""

import pytest
from causality_page import ignored, notice, number, numbers, preset, sideways, thumb
from conftest import settle
from playwright.sync_api import expect

from playground.bernoulli import bounds, coverage, estimates, moments
from playground.bernoulli.priors import Beta, uniform
from playground.theme import DARK, LIGHT

PAGE = "bernoulli?bernoulli_experiment=Estimators"


def marks(page, colour, kind="path"):
    """Marks of that colour in the pictures."""
    return page.locator(f'[data-testid="stVegaLiteChart"] {kind}[stroke="{colour}" i]')


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_it_opens_with_the_exact_errors_beside_the_simulated(serve, visit, width, dark):
    page = visit(f"{serve()}/{PAGE}&reveal=1", width=width, dark=dark)
    for name, mse in zip(("MLE", "MAP", "mean"), moments(estimates(Beta(2, 2), 10), 0.4).mse, strict=True):
        expect(number(page, f"MSE of the {name}")).to_contain_text(f"{mse:.5f}")
    palette = DARK if dark else LIGHT
    for role in (palette.data, palette.model, palette.rival):
        assert marks(page, role).count() >= 1
    assert sideways(page) <= 0


def test_theta_moves_the_errors_and_the_picture(serve, visit):
    page = visit(f"{serve()}/{PAGE}&reveal=1")
    before = page.locator('[data-testid="stVegaLiteChart"] svg').first.inner_html()
    thumb(page, "θ").focus()
    page.keyboard.press("Home")
    expect(number(page, "MSE of the MLE")).to_contain_text("0.00000")
    expect(number(page, "MSE of the mean")).to_contain_text(f"{(2 / 14) ** 2:.5f}")
    expect(notice(page)).to_contain_text("Every simulated experiment gave the same number of heads.")
    assert page.locator('[data-testid="stVegaLiteChart"] svg').first.inner_html() != before


def test_only_the_mle_is_shown_before_the_answer(serve, visit):
    page = visit(f"{serve()}/{PAGE}")
    assert marks(page, LIGHT.data).count() >= 1
    assert marks(page, LIGHT.rival).count() == 0
    everything = page.locator("body").text_content()
    assert f"{moments(estimates(Beta(2, 2), 10), 0.4).mse[2]:.5f}" not in everything
    page.get_by_role("radio", name="Mean", exact=True).or_(
        page.get_by_role("button", name="Mean", exact=True)
    ).first.click()
    settle(page)
    expect(notice(page)).to_contain_text("You said “Mean”: right.")
    assert marks(page, LIGHT.rival).count() >= 1


def test_a_preset_makes_a_link_that_opens_the_same_intervals(serve, visit):
    page = visit(f"{serve()}/{PAGE}&reveal=1")
    preset(page, "Wald fails")
    covered = float(coverage(bounds("Wald", uniform(), 30), 0.05))
    expect(number(page, "Wald holds θ")).to_contain_text(f"{covered:.4f}")
    expect(notice(page)).to_contain_text("the single point 0")
    assert marks(page, LIGHT.error, "line").count() >= 20  # the intervals that miss
    shown = numbers(page)
    again = visit(page.url)
    assert numbers(again) == shown
    expect(ignored(again)).to_have_count(0)
