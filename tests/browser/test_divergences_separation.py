"""Separation in a browser: it opens, θ is scrubbed without the server, a knob moves the movie, a link restores it."""

import re

from causality_page import ignored, notice, number, preset, sideways, thumb
from conftest import settle
from playwright.sync_api import expect

ADDRESS = "divergences?divergences_experiment=Separation"


def panel(page, title):
    """The canvas of the panel called so; what a screen reader hears of it is its label."""
    return page.locator(".player figure.panel").filter(has=page.get_by_text(title, exact=True)).locator("canvas")


def drawing(page, title):
    return panel(page, title).evaluate("canvas => canvas.toDataURL()")


def scrub(page, presses):
    page.locator(".player .time").focus()
    for _ in range(abs(presses)):
        page.keyboard.press("ArrowRight" if presses > 0 else "ArrowLeft")


def test_theta_is_scrubbed_in_the_browser_alone(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1")
    expect(panel(page, "JS")).to_be_visible()
    expect(page.get_by_text(re.compile("Engine: (?!loading)"))).to_be_visible(
        timeout=30_000
    )  # until then it asks again
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    settle(page)
    label, text = page.locator(".player .label"), page.locator(".player .text")
    expect(label).to_have_text("θ = 1.80")
    expect(text).to_contain_text("P and Q share no mass · KL ∞, JS 0.693, TV 1.000, Hellinger 1.000, W₁ = W₂ 1.800")
    before, calls = drawing(page, "W₁ = W₂"), len(sent)
    assert calls
    scrub(page, -26)
    expect(label).to_have_text("θ = 0.50")
    expect(text).to_contain_text("P and Q share 50% of their mass · KL ∞, JS 0.347, TV 0.500, Hellinger 0.707")
    assert drawing(page, "W₁ = W₂") != before
    expect(panel(page, "JS")).to_have_attribute("aria-label", re.compile("θ = 0.50; P and Q share 50%"))
    assert len(sent) == calls
    assert sideways(page) <= 0


def test_a_knob_moves_the_movie_and_keeps_theta(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1")
    scrub(page, -26)
    text = page.locator(".player .text")
    expect(text).to_contain_text("share 50%")
    thumb(page, "w").focus()
    page.keyboard.press("End")  # w = 2
    expect(text).to_contain_text("P and Q share 75% of their mass · KL ∞, JS 0.173, TV 0.250")
    expect(page.locator(".player .label")).to_have_text("θ = 0.50")
    expect(notice(page)).to_contain_text("From |θ| = 2.00 on P and Q share nothing")


def test_a_preset_loads_and_its_link_restores_it(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1", width=390, height=844, dark=True)
    preset(page, "Narrow bells")
    expect(number(page, "KL at θ = 2.5")).to_contain_text("78.1250 nats")
    page.wait_for_url(re.compile("divergences_separation_sd=0.2"))
    page = visit(page.url)
    expect(number(page, "KL at θ = 2.5")).to_contain_text("78.1250 nats")
    expect(notice(page)).to_contain_text("KL's step leaps far past P")
    expect(ignored(page)).to_have_count(0)
    assert sideways(page) <= 0


def test_no_divergence_is_drawn_before_the_prediction(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}")
    legend = page.locator(".player .legend button")
    expect(legend).to_have_text(["P", "Q"])
    page.get_by_role("radio", name="W₁").or_(page.get_by_role("button", name="W₁")).first.click()
    settle(page)
    expect(notice(page)).to_contain_text("You said “W₁”: right.")
    expect(legend.filter(has_text="one step downhill")).to_have_count(1)
