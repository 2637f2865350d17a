"""Ruler in a browser: a drag moves picture and numbers, bars are drawn by mouse and keys, links restore them."""

import re

from causality_page import ignored, notice, number, preset, sideways, thumb
from conftest import settle
from playwright.sync_api import expect
from test_live_slider import hold, place

from playground.divergences.families import drawn
from playground.divergences.gaussians import Gaussian
from playground.divergences.words import ruler as words
from playground.theme import LIGHT

ADDRESS = "divergences?divergences_experiment=Ruler"
DRAWN = f"{ADDRESS}&reveal=1&divergences_ruler_q=Drawn&divergences_ruler_q_bars=1234567887654321"


def row(page, name):
    """A row of the table of the seven."""
    return page.locator(".pg-table tr").filter(has=page.locator("td:first-child", has_text=name))


def filled(page):
    """The outline of what is filled, as the browser draws it."""
    return page.locator(f'[data-testid="stVegaLiteChart"] path[fill="{LIGHT.error}"][d]').last


def bars(page):
    return page.get_by_role("slider", name=re.compile("drawn: bars"))


def expect_drawn(page, levels):
    """The numbers are those of the bars."""
    value = words.value("TV", Gaussian(0.0, 1.0), drawn(tuple(levels)), "nats")
    expect(number(page, "TV")).to_contain_text(value)


def test_a_drag_moves_fill_and_numbers_and_its_link_restores_them(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1")
    expect(row(page, "KL(P‖Q)")).to_contain_text("1.7670 nats")
    before, url = filled(page).get_attribute("d"), page.url
    slider = thumb(page, "Q centre")
    hold(page, slider, 1)
    page.mouse.move(*place(page, slider, -1), steps=8)
    held = float(slider.input_value())
    value = words.value("KL(P‖Q)", Gaussian(0.0, 1.0), Gaussian(held, 0.6), "nats")
    expect(row(page, "KL(P‖Q)")).to_contain_text(value)  # before the mouse is let go
    assert page.url == url
    expect(filled(page)).not_to_have_attribute("d", before)
    page.mouse.up()
    page.wait_for_url(f"**divergences_ruler_q_centre={held:g}*")
    page = visit(page.url)
    expect(row(page, "KL(P‖Q)")).to_contain_text(value)
    assert sideways(page) <= 0


def test_the_kls_wait_for_the_prediction_and_a_preset_loads(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}", width=390, height=844, dark=True)
    expect(number(page, "KL(P‖Q)")).to_contain_text("?")
    preset(page, "No overlap")
    expect(row(page, "KL(Q‖P)")).to_contain_text("?")
    page.get_by_role("radiogroup").or_(page.locator(".st-key-divergences_guess_ruler")).get_by_text("Both ∞").click()
    settle(page)
    expect(notice(page)).to_contain_text("You said “Both ∞”: right.")
    expect(row(page, "KL(Q‖P)")).to_contain_text("∞")
    page = visit(f"{page.url}&reveal=1")
    expect(notice(page)).to_contain_text("JS stands at its ceiling")
    expect(ignored(page)).to_have_count(0)
    assert sideways(page) <= 0


def test_bars_are_drawn_by_mouse_and_their_link_restores_them(serve, visit):
    page = visit(f"{serve()}/{DRAWN}")
    levels = [1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1]
    expect_drawn(page, levels)
    box = bars(page).bounding_box()

    def at(bar, level):
        return box["x"] + (bar + 0.5) * box["width"] / 16, box["y"] + box["height"] * (1 - level / 24)

    page.mouse.move(*at(2, 18))
    page.mouse.down()
    levels[2] = 18
    expect_drawn(page, levels)  # before the mouse is let go
    page.mouse.move(*at(6, 10))  # at once: the bars between take the line
    levels[2:7] = [18, 16, 14, 12, 10]
    expect_drawn(page, levels)
    page.mouse.up()
    page.wait_for_url("**divergences_ruler_q_bars=12igeca887654321*")
    page = visit(page.url)
    expect_drawn(page, levels)


def test_bars_are_drawn_by_keys_and_the_last_one_stays(serve, visit):
    page = visit(f"{serve()}/{DRAWN.replace('1234567887654321', '1200000000000000')}")
    sheet = bars(page)
    sheet.focus()
    for key in ("ArrowDown", "ArrowDown"):  # 1, 0 and no lower
        page.keyboard.press(key)
    expect(sheet).to_have_attribute("aria-valuetext", re.compile("^x from −4.0 to −3.5: 0.0%"))
    page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(sheet).to_have_attribute("aria-valuenow", "1")  # nothing at all is no distribution
    page.keyboard.press("End")
    page.keyboard.press("PageUp")
    expect(sheet).to_have_attribute("aria-valuetext", re.compile("^x from 3.5 to 4.0: 83.3%"))
    expect_drawn(page, [0, 1, *[0] * 13, 5])
    page.wait_for_url("**divergences_ruler_q_bars=0100000000000005*")
    preset(page, "A hole")
    expect(row(page, "KL(P‖Q)")).to_contain_text("Q is 0 from −0.5 to 0, where P has mass 0.1000")
    sheet.focus()
    page.keyboard.press("Home")
    expect(sheet).to_have_attribute("aria-valuenow", "1")
