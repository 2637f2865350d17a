"""Climb as a visitor plays it: a rate that is turned up, a movie that is scrubbed, a preset and its link."""

import re

import pytest
from causality_page import ignored, notice, number, numbers, preset, sideways, thumb
from conftest import settle
from playwright.sync_api import expect

from playground.bernoulli import Beta, Climb, ascend

PAGE = "bernoulli?bernoulli_experiment=Climb"


def told(page):
    """The line under the panels of the movie."""
    return page.locator(".player .text")


def line(likelihood, posterior, step):
    """What that line says at a step, without what it says of halved steps."""
    left, right = ([*ascend(climb)][step].theta for climb in (likelihood, posterior))
    return re.compile(rf"MLE θ = {left:.4f}.*MAP θ = {right:.4f}")


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_it_opens_with_the_exact_tops_beside_what_was_reached(serve, visit, width, dark):
    page = visit(f"{serve()}/{PAGE}&reveal=1", width=width, dark=dark)
    expect(number(page, "MLE, climbed")).to_contain_text("exact 0.7000")
    expect(number(page, "MAP, climbed")).to_contain_text("exact 0.6667")
    expect(page.locator(".player .panel canvas")).to_have_count(2)
    expect(page.locator(".player .plot")).to_have_count(2)
    assert sideways(page) <= 0


def test_the_rate_moves_the_climb_and_scrubbing_shows_every_step(serve, visit):
    page = visit(f"{serve()}/{PAGE}&reveal=1")
    slow = Climb(7, 3, None, rate=0.005), Climb(7, 3, Beta(2, 2), rate=0.005)
    expect(told(page)).to_have_text(line(*slow, 40))
    thumb(page, "Time").focus()
    page.keyboard.press("Home")
    expect(told(page)).to_have_text(line(*slow, 0))
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_have_text(line(*slow, 1))
    page.keyboard.press("End")
    thumb(page, "rate").focus()
    page.keyboard.press("End")  # 10
    fast = Climb(7, 3, None, rate=10.0), Climb(7, 3, Beta(2, 2), rate=10.0)
    expect(told(page)).to_have_text(line(*fast, 40))
    expect(notice(page)).to_contain_text("40 of 40 steps on the likelihood")


def test_nothing_of_the_climb_is_shown_before_the_answer(serve, visit):
    page = visit(f"{serve()}/{PAGE}&bernoulli_climb_in=logit")
    assert set(numbers(page).values()) == {"?"}
    everything = page.locator("body").text_content()
    assert "0.6429" not in everything
    assert "posterior mean" not in everything
    labels = page.locator(".player .panel canvas").last.get_attribute("aria-label")
    assert "top" not in labels.partition("Shown:")[2]
    expect(page.locator(".player .bar")).to_be_hidden()
    page.get_by_role("radio", name="MAP", exact=True).or_(
        page.get_by_role("button", name="MAP", exact=True)
    ).first.click()
    settle(page)
    expect(notice(page)).to_contain_text("You said “MAP”: right. The MLE is 0.7000 in both coordinates; the MAP moves")
    expect(number(page, "MAP, climbed")).to_contain_text("exact 0.6429")


def test_a_preset_makes_a_link_that_opens_the_same_climb(serve, visit):
    page = visit(f"{serve()}/{PAGE}&reveal=1")
    preset(page, "All heads")
    expect(notice(page)).to_contain_text("The MLE is at the wall, which no step may cross.")
    shown = numbers(page)
    again = visit(page.url)
    assert numbers(again) == shown
    expect(told(again)).to_have_text(line(Climb(5, 0, rate=0.005), Climb(5, 0, Beta(2, 2), rate=0.005), 40))
    expect(ignored(again)).to_have_count(0)
