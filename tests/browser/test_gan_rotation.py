"""Rotation in a browser: the steps are scrubbed without the server, a knob moves the paths, a link restores them."""

import re

from causality_page import ignored, notice, number, pick, preset, sideways, thumb
from conftest import settle
from playwright.sync_api import expect

ADDRESS = "gan?gan_experiment=Rotation"


def panel(page, title):
    """The canvas of the panel called so."""
    return page.locator(".player figure.panel").filter(has=page.get_by_text(title, exact=True)).locator("canvas")


def caption(page, title):
    return page.locator(".player figure.panel").filter(has=page.get_by_text(title, exact=True)).locator(".caption")


def test_the_steps_are_scrubbed_in_the_browser_and_a_knob_moves_every_path(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1")
    expect(page.get_by_text(re.compile("Engine: (?!loading)"))).to_be_visible(timeout=30_000)  # until then it asks
    expect(page.locator(".player .label")).to_have_text("step 200")
    expect(caption(page, "Simultaneous")).to_contain_text("now 2.26 from 0")
    drawn = panel(page, "Extragradient").evaluate("canvas => canvas.toDataURL()")
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    settle(page)
    calls = len(sent)
    assert calls
    page.locator(".player .time").focus()
    page.keyboard.press("Home")
    expect(page.locator(".player .label")).to_have_text("step 0")
    expect(page.locator(".player .text")).to_have_text("G's fake at θ = 1.00 stays; D's slope ψ = 0.00 rises.")
    for title in ("Simultaneous", "Alternating", "Extragradient", "Gradient penalty", "Consensus"):
        expect(caption(page, title)).to_contain_text("now 1 from 0")
    assert panel(page, "Extragradient").evaluate("canvas => canvas.toDataURL()") != drawn
    assert len(sent) == calls
    assert sideways(page) <= 0
    page.locator(".player .time").focus()
    page.keyboard.press("End")
    thumb(page, "η").focus()
    page.keyboard.press("End")  # 5
    expect(caption(page, "Alternating")).to_contain_text("|λ| 4.0000, hops out")
    expect(notice(page)).to_contain_text("Near 0, all five go out.")
    pick(page, "Close up", "Extragradient")
    expect(page.get_by_text("The game: extragradient", exact=True)).to_be_visible()
    expect(number(page, "|λ|, extragradient")).to_contain_text("5.8149")


def test_a_preset_waits_for_the_prediction_and_its_link_restores_it(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}", width=390, height=844, dark=True)
    preset(page, "Too much γ")
    expect(page.locator(".player .bar")).to_be_hidden()
    expect(page.locator(".player .legend")).not_to_contain_text("consensus")
    expect(notice(page)).not_to_contain_text("crawl")
    answer = {"name": "Goes out", "exact": True}
    page.get_by_role("radio", **answer).or_(page.get_by_role("button", **answer)).first.click()
    expect(notice(page)).to_contain_text("No rounds any more, but a long crawl. You said “Goes out”: right.")
    expect(number(page, "|λ|, gradient penalty")).to_contain_text("0.9873")
    page.wait_for_url(re.compile("gan_rotation_gamma=4"))
    page = visit(f"{page.url}&reveal=1", width=390, height=844)
    expect(number(page, "|λ|, gradient penalty")).to_contain_text("goes straight in")
    expect(caption(page, "Gradient penalty")).to_contain_text("now 0.0849 from 0")
    expect(ignored(page)).to_have_count(0)
    assert sideways(page) <= 0
