"""Collapse in a browser: a run is watched to its end and scrubbed alone; moves by hand, taken back, in the link."""

import re

from causality_page import ignored, notice, number, sideways
from conftest import settle
from playwright.sync_api import expect

ADDRESS = "gan?gan_experiment=Collapse"
SMALL = "gan_hidden=8&gan_batch=32&gan_steps=60&gan_every=5"
A_RUN = 60_000  # ms in which a worker starts and plays a short game


def label(page):
    return page.locator(".player .label")


def choose(page, name):
    page.get_by_role("radio", name=name, exact=True).or_(
        page.get_by_role("button", name=name, exact=True)
    ).first.click()
    settle(page)


def test_a_game_is_predicted_watched_to_its_end_and_scrubbed_in_the_browser_alone(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&{SMALL}")
    expect(notice(page)).to_contain_text("This is the game before its first step.")
    expect(page.locator(".player .bar")).to_be_hidden()
    expect(page.locator(".player figure.chart")).to_have_count(0)
    choose(page, "All 8")
    expect(notice(page)).to_contain_text("You said “All 8”", timeout=A_RUN)  # judged when the run has ended
    expect(page.locator(".player .live")).to_be_hidden()
    expect(label(page)).to_have_text("step 60")
    expect(page.locator(".player figure.chart")).to_have_count(3)
    expect(number(page, "Good samples")).to_contain_text("a perfect G: 98.9%")
    expect(page.get_by_text(re.compile("Engine: (?!loading)"))).to_be_visible(timeout=A_RUN)  # until then it asks again
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    settle(page)
    choose(page, "Show me")
    expect(label(page)).to_have_text("step 60", timeout=A_RUN)
    calls, end = len(sent), page.locator(".player .panel canvas").evaluate("canvas => canvas.toDataURL()")
    assert calls
    page.locator(".player .time").focus()
    page.keyboard.press("Home")
    expect(label(page)).to_have_text("step 0")
    assert page.locator(".player .panel canvas").evaluate("canvas => canvas.toDataURL()") != end
    expect(page.locator(".player .chart canvas.plot").first).to_have_attribute("aria-label", re.compile("at step 0"))
    assert len(sent) == calls
    page.get_by_role("button", name="push on G").click()  # a layer is switched off in the browser, too
    assert len(sent) == calls
    assert sideways(page) <= 0


def test_moves_by_hand_are_made_taken_back_and_restored_by_their_link(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&{SMALL}&reveal=1&gan_collapse_plays=by+hand")
    expect(label(page)).to_be_hidden()  # one picture, nothing to play
    expect(page.locator(".player figure.chart")).to_have_count(0)  # nor any curve
    before = page.locator(".player .panel canvas").evaluate("canvas => canvas.toDataURL()")
    page.get_by_role("button", name="Step D", exact=True).click()
    expect(label(page)).to_have_text("update 1", timeout=A_RUN)
    expect(notice(page)).to_contain_text("1 update made. ", timeout=A_RUN)
    page.locator(".player .time").focus()
    page.keyboard.press("Home")
    expect(label(page)).to_have_text("update 0")
    page.get_by_role("button", name="D, then G", exact=True).click()  # what is added is what is shown
    expect(label(page)).to_have_text("update 3", timeout=A_RUN)
    expect(notice(page)).to_contain_text("3 updates made. ", timeout=A_RUN)
    page.wait_for_url(re.compile("gan_collapse_moves=D(%20|\\+)DG"))
    held = number(page, "V, D as learned").inner_text()
    other = visit(page.url, width=390, height=844, dark=True)
    expect(notice(other)).to_contain_text("3 updates made. ", timeout=A_RUN)
    assert number(other, "V, D as learned").inner_text() == held
    expect(ignored(other)).to_have_count(0)
    assert sideways(other) <= 0
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(label(page)).to_have_text("update 1")
    page.get_by_role("button", name="Rewind", exact=True).click()
    expect(label(page)).to_be_hidden()
    expect(notice(page)).to_contain_text("You play for both")
    assert page.locator(".player .panel canvas").evaluate("canvas => canvas.toDataURL()") == before
