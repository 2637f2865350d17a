"""From samples in a browser: it opens, waits for an answer, follows n while it is moved, a link restores it."""

import re

from causality_page import ignored, notice, number, numbers, preset, sideways, thumb
from conftest import settle
from playwright.sync_api import expect

from playground.divergences.estimates import PAIRS, HistogramStudy
from playground.divergences.expectations import expected
from playground.theme import LIGHT

ADDRESS = "divergences?divergences_experiment=From+samples"


def charts(page):
    """The funnel, the strip beside it and the draws of one repeat."""
    return page.locator('[data-testid="stVegaLiteChart"]')


def in_colour(page, chart, colour):
    """What is drawn in that colour: lines and areas, without the letters."""
    return charts(page).nth(chart).locator(f'path[stroke="{colour}" i], path[fill="{colour}" i]')


def exact(n, bins):
    """What stands beside the estimated JS of two samples of N(0, 1), with its exact mean."""
    p, _ = HistogramStudy(*PAIRS["The same"], "JS", bins).masses
    return f"exact {expected(p, p, n, 'JS'):.3g}"


def labels(page, chart=0):
    """The numbers and names that stand in a picture."""
    return charts(page).nth(chart).locator("svg text").all_text_contents()


def test_the_estimates_wait_for_an_answer(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}")
    expect(charts(page)).to_have_count(3)
    expect(in_colour(page, 0, LIGHT.model)).to_have_count(0)
    assert list(numbers(page).values()).count("?") == 3
    page.get_by_role("radio", name="Too high").or_(page.get_by_role("button", name="Too high")).first.click()
    settle(page)
    expect(notice(page)).to_contain_text("You said “Too high”: right.")
    expect(in_colour(page, 0, LIGHT.model).first).to_be_attached()
    expect(in_colour(page, 1, LIGHT.rival).first).to_be_attached()
    expect(number(page, "Truth, KL(P‖Q)")).to_contain_text("0.0000 nats")
    assert sideways(page) <= 0


def test_n_moves_the_cursor_and_the_axis_holds(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1&divergences_samples_of=JS", width=390)
    expect(number(page, "Average estimate, n = 1\u2009000")).to_contain_text(exact(1000, 10))
    before, strip = labels(page), charts(page).nth(1).locator("svg").inner_html()
    thumb(page, "n").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    settle(page)
    expect(number(page, "Average estimate, n = 100")).to_contain_text(exact(100, 10))
    expect(page).to_have_url(re.compile("divergences_samples_n=100(&|$)"))
    assert labels(page) == before
    assert charts(page).nth(1).locator("svg").inner_html() != strip
    thumb(page, "k").focus()
    page.keyboard.press("End")  # 100 bins
    settle(page)
    expect(number(page, "Truth, JS(P, Q)")).to_contain_text("in 100 bins")
    expect(number(page, "Average estimate, n = 100")).to_contain_text(exact(100, 100))
    assert sideways(page) <= 0


def test_a_preset_loads_and_its_link_restores_it(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1")
    preset(page, "An empty bin")
    expect(notice(page)).to_contain_text("One bin without a draw of Q is enough.")
    expect(notice(page)).to_contain_text(re.compile(r"In \d+ of 400 repeats a bin holds draws of P and none of Q"))
    assert any("% infinite" in text for text in labels(page))
    assert "∞" in labels(page, 2)
    shown = numbers(page)
    newcomer = visit(page.url)
    expect(notice(newcomer)).to_contain_text("One bin without a draw of Q is enough.")
    assert numbers(newcomer) == shown
    expect(ignored(newcomer)).to_have_count(0)


def test_clouds_in_eight_dimensions(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1", dark=True)
    preset(page, "Eight dimensions")
    expect(charts(page)).to_have_count(2)  # a cloud in eight dimensions has no picture
    expect(number(page, "Truth, W₂(P, Q)")).to_contain_text("1.0000")
    expect(notice(page)).to_contain_text("half the floor takes 256 times the draws")
    assert {"d = 1", "d = 2", "d = 4", "d = 8"} <= set(labels(page))
