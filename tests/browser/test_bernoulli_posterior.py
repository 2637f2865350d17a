"""Posterior as a visitor plays it: flips, a prior that is dragged, a movie that is scrubbed, presets, links."""

import re

import pytest
from causality_page import ignored, notice, number, numbers, preset, sideways, thumb
from conftest import settle
from playwright.sync_api import expect

from playground.bernoulli import Beta, Flips, SpikeAndBeta
from playground.theme import DARK, LIGHT

PAGE = "bernoulli?bernoulli_experiment=Posterior"
FIRST = Flips.parse("HTHTHHTHHH")


def curve(page, colour):
    """The lines of that colour in the hero picture."""
    hero = page.locator('[data-testid="stVegaLiteChart"]').first
    return hero.locator(f'path[stroke="{colour}" i][d*="L"], path[stroke="{colour}" i][d*="C"]')


def told(page):
    """The line under the panels of the movie."""
    return page.locator(".player .text")


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)], ids=["desk", "dark phone"])
def test_it_opens_with_the_three_pictures_and_their_numbers(serve, visit, width, dark):
    page = visit(f"{serve()}/{PAGE}&reveal=1", width=width, dark=dark)
    expect(number(page, "P(next is heads)")).to_contain_text(f"{9 / 14:.3f}")
    expect(number(page, "Log evidence")).to_contain_text("−6.978 nats")
    expect(page.locator('[data-testid="stVegaLiteChart"] svg')).to_have_count(3)
    expect(curve(page, (DARK if dark else LIGHT).model)).to_have_count(1)
    expect(ignored(page)).to_have_count(0)
    assert sideways(page) <= 0


def test_the_posterior_follows_the_prior_while_it_is_dragged_and_the_link_keeps_it(serve, visit):
    page = visit(f"{serve()}/{PAGE}&reveal=1")
    slider, line, before = thumb(page, "a"), curve(page, LIGHT.model), page.url
    drawn, box = [line.get_attribute("d")], slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in (0.35, 0.45, 0.5):
        page.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2, steps=4)
        a = float(slider.get_attribute("aria-valuetext").replace("\u2009", ""))
        expect(number(page, "P(next is heads)")).to_contain_text(f"{(a + 7) / (a + 12):.3f}")
        drawn.append(line.get_attribute("d"))
        assert page.url == before
    page.mouse.up()
    assert len(set(drawn)) == len(drawn)
    page.wait_for_url(f"**bernoulli_posterior_a={a:g}*")
    expect(number(visit(page.url), "P(next is heads)")).to_contain_text(f"{(a + 7) / (a + 12):.3f}")


def test_flips_by_button_and_by_typing_and_what_is_no_flip(serve, visit):
    page = visit(f"{serve()}/{PAGE}&reveal=1")
    page.get_by_role("button", name="Flip 10", exact=True).click()
    after = FIRST.and_then(10, theta=0.7, seed=1)
    expect(number(page, "P(next is heads)")).to_contain_text(f"{(2 + after.heads) / (4 + after.count):.3f}")
    page.get_by_role("radio", name="Your own").or_(page.get_by_role("button", name="Your own")).first.click()
    box = page.get_by_role("textbox", name="or type them")
    expect(box).to_have_value(after.order)
    box.fill("HH<b>T")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“<” at position 3 is no flip here")
    expect(box).to_have_value("HH<b>T")
    expect(number(page, "P(next is heads)")).to_contain_text(f"{(2 + after.heads) / (4 + after.count):.3f}")
    box.fill("T T T")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(number(page, "P(next is heads)")).to_contain_text(f"{2 / 7:.3f}")
    page.wait_for_url("**bernoulli_flips=TTT*")
    settle(page)
    page.go_back()
    expect(number(page, "P(next is heads)")).to_contain_text(f"{(2 + after.heads) / (4 + after.count):.3f}")


@pytest.mark.parametrize("name", ["Belgian euro", "No flips"])
def test_a_preset_makes_a_link_that_restores_it(serve, visit, name):
    page = visit(f"{serve()}/{PAGE}&reveal=1")
    preset(page, name)
    weight = dict(SpikeAndBeta(0.5, 0.5, 1, 1).after(140, 110).atoms)[0.5]
    expect(notice(page)).to_contain_text({"Belgian euro": f"to {weight:.3f}", "No flips": "there is no MLE"}[name])
    shown, spoken = numbers(page), page.locator(".pg-aloud").all_inner_texts()
    again = visit(page.url)
    assert numbers(again) == shown
    assert again.locator(".pg-aloud").all_inner_texts() == spoken
    expect(ignored(again)).to_have_count(0)


def test_flip_by_flip_is_scrubbed_to_one_end_without_the_server(serve, visit):
    page = visit(f"{serve()}/{PAGE}&reveal=1&bernoulli_posterior_view=One+by+one")
    expect(page.locator(".player .panel canvas")).to_have_count(2)
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    settle(page)
    time = thumb(page, "Time")
    time.focus()
    before = len(sent)
    page.keyboard.press("Home")
    expect(told(page)).to_have_text("Before the first flip both beliefs are the prior.")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(told(page)).to_have_text("After 3 flips: left 2 heads, right 3.")
    page.keyboard.press("End")
    end = Beta(2, 2).after(7, 3)
    expect(told(page)).to_have_text(f"After all 10 flips both beliefs are one: Beta(9, 5), mean {end.mean():.3f}.")
    assert len(sent) == before > 0
    page.get_by_role("radio", name="tails first").or_(page.get_by_role("button", name="tails first")).first.click()
    settle(page)
    time.focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(told(page)).to_have_text("After 3 flips: left 2 heads, right 0.")


def test_the_answer_is_hidden_everywhere_until_it_is_predicted(serve, visit):
    page = visit(f"{serve()}/{PAGE}")
    expect(curve(page, LIGHT.model)).to_have_count(0)
    expect(curve(page, LIGHT.prior)).to_have_count(1)
    for title in ("The arithmetic", "Data"):
        page.get_by_text(title, exact=True).click()
        settle(page)
    everything = page.locator("body").text_content()
    for answer in ("0.643", "0.667", "Beta(9, 5)", "83%"):
        assert answer not in everything
    page.get_by_role("radio", name="Higher").or_(page.get_by_role("button", name="Higher")).first.click()
    settle(page)
    expect(curve(page, LIGHT.model)).to_have_count(1)
    expect(notice(page)).to_contain_text(re.compile("You said “Higher”: right.*83% of the way"))
