"""Fit in a browser: it opens, the steps are scrubbed without the server, a knob moves the movie, a link restores it."""

import re

from causality_page import ignored, notice, number, pick, preset, sideways, thumb
from conftest import settle
from playwright.sync_api import expect

ADDRESS = "divergences?divergences_experiment=Fit"


def panel(page, title):
    """The canvas of the panel called so; what a screen reader hears of it is its label."""
    return page.locator(".player figure.panel").filter(has=page.get_by_text(title, exact=True)).locator("canvas")


def test_the_steps_are_scrubbed_in_the_browser_alone(serve, visit):
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
    expect(label).to_have_text("step 400")  # who sees the answer at once sees the end, and can go back
    page.locator(".player .time").focus()
    page.keyboard.press("Home")
    expect(label).to_have_text("step 0")
    expect(text).to_contain_text("KL(P‖Q): μ −2.00, σ 1.00")
    before, calls = panel(page, "W₂²").evaluate("canvas => canvas.toDataURL()"), len(sent)
    assert calls
    page.locator(".player .time").focus()
    page.keyboard.press("End")
    expect(label).to_have_text("step 400")
    expect(text).to_contain_text("KL(P‖Q): μ 0.00, σ 2.06")
    expect(text).to_contain_text("KL(Q‖P): μ −2.00, σ 0.50")
    assert panel(page, "W₂²").evaluate("canvas => canvas.toDataURL()") != before
    expect(panel(page, "JS")).to_have_attribute("aria-label", re.compile("step 400; .*now 0.216"))
    assert len(sent) == calls
    assert sideways(page) <= 0


def test_a_knob_moves_the_movie(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1")
    page.locator(".player .time").focus()
    page.keyboard.press("End")
    thumb(page, "gap").focus()
    page.keyboard.press("Home")  # 0: P is one Gaussian
    expect(page.locator(".player .text")).to_contain_text("KL(Q‖P): μ 0.00, σ 0.50")
    expect(notice(page)).to_contain_text("merged into one")
    pick(page, "Starts", "far to the right")
    expect(page.locator(".player .text")).to_contain_text("JS: μ 6.00, σ 0.50")
    expect(notice(page)).to_contain_text("JS has no slope left where Q stands, 0.6931 nats above its floor.")


def test_a_preset_loads_and_its_link_restores_it(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1", width=390, height=844, dark=True)
    preset(page, "Between")
    expect(number(page, "KL(Q‖P) at the end")).to_contain_text("1.8712 nats")
    page.wait_for_url(re.compile("divergences_fit_start=between"))
    page = visit(page.url, width=390, height=844)
    expect(number(page, "KL(Q‖P) at the end")).to_contain_text("floor 0.6931: local minimum")
    expect(notice(page)).to_contain_text("Now even KL(Q‖P) stays between the bumps")
    expect(ignored(page)).to_have_count(0)
    assert sideways(page) <= 0


def test_no_run_is_shown_before_the_prediction(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}")
    expect(page.locator(".player .legend button")).to_have_text(["P", "Q"])
    expect(page.locator(".player .bar")).to_be_hidden()
    expect(page.locator(".player figure.chart")).to_have_count(0)
    answer = {"name": "One bump", "exact": True}
    page.get_by_role("radio", **answer).or_(page.get_by_role("button", **answer)).first.click()
    settle(page)
    expect(notice(page)).to_contain_text("You said “One bump”: right.")
    expect(page.locator(".player figure.chart")).to_have_count(4)
    expect(page.locator(".player .bar")).to_be_visible()
