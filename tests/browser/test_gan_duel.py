"""Duel in a browser: two games played after the answer, on one time line; targets placed and drawn by hand."""

import re

from causality_page import ignored, notice, number, sideways
from conftest import settle
from playwright.sync_api import expect

SMALL = "gan?gan_experiment=Duel&gan_steps=60&gan_hidden=8&gan_batch=32"
SECONDS = 60_000  # a worker may have to be started


def answer(page, name):
    segment = {"name": name, "exact": True}
    page.get_by_role("radio", **segment).or_(page.get_by_role("button", **segment)).first.click()


def test_a_duel_is_played_after_the_answer_scrubbed_and_restored(serve, visit):
    page = visit(f"{serve()}/{SMALL}")
    captions, charts = page.locator(".player .caption"), page.locator(".player .chart")
    expect(captions).to_have_count(2, timeout=SECONDS)
    expect(page.locator(".player .bar")).to_be_hidden()  # there is only the state before the first step
    first = captions.all_text_contents()
    assert all(re.fullmatch(r"\d of 8 modes, [\d.]+% good", text) for text in first)
    answer(page, "Right")
    expect(notice(page)).to_contain_text("After 60 steps", timeout=SECONDS)
    expect(notice(page)).to_contain_text("You said “Right”")
    settle(page)
    label = page.locator(".player .label")
    expect(label).to_have_text("step 60")
    last = captions.all_text_contents()
    for side, text in zip(("Left", "Right"), last, strict=True):
        modes, good = re.fullmatch(r"(\d of 8) modes, ([\d.]+% good)", text).groups()
        expect(number(page, f"{side}, strict modes")).to_contain_text(modes)
        expect(number(page, f"{side}, strict modes")).to_contain_text(good)

    def edges(found, edge):
        return found.evaluate_all(f"all => all.map(e => Math.round(e.getBoundingClientRect().{edge}))")

    assert len(set(edges(charts, "bottom"))) == 1  # in a row
    assert min(edges(charts, "top")) >= max(edges(page.locator(".player .panel"), "bottom"))  # under both panels
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.locator(".player .time").focus()
    page.keyboard.press("Home")
    expect(label).to_have_text("step 0")
    assert captions.all_text_contents() == first
    assert not sent

    said = notice(page).text_content()
    phone = visit(f"{page.url}&reveal=1", width=390, height=844, dark=True)
    expect(notice(phone)).to_contain_text("After 60 steps", timeout=SECONDS)
    assert said.endswith(notice(phone).text_content().removeprefix("Notice "))
    expect(ignored(phone)).to_have_count(0)
    assert sideways(phone) <= 0
    for shown in (page, phone):  # nothing hangs out at the side: a focus there would push the whole page out of sight
        assert shown.get_by_test_id("stAppViewContainer").evaluate("all => all.scrollWidth - all.clientWidth") <= 0


def test_a_target_is_placed_by_clicks_or_drawn(serve, visit):
    page = visit(f"{serve()}/{SMALL}&gan_target=placed-modes_0.1_-1_-1~1_1~1_-1")
    count = page.locator(".scatter .count")
    expect(count).to_have_text("3 of 100 points")
    box = page.locator(".scatter canvas").bounding_box()
    page.mouse.click(box["x"] + 0.45 * box["width"], box["y"] + 0.3 * box["height"])
    page.wait_for_url(re.compile("gan_target=placed-modes_0.1_-1_-1(~|%7E)1_1(~|%7E)1_-1(~|%7E)[-.0-9]+_[-.0-9]+(&|$)"))
    expect(page.locator(".player .caption").first).to_contain_text("of 4 modes")
    page.locator(".scatter .clear").click()
    refusal = page.get_by_text("Modes must be between 2 and 100 places, got 0")
    expect(refusal).to_be_visible()
    expect(count).to_have_text("0 of 100 points")
    expect(page.locator(".player .caption").first).to_contain_text("of 4 modes")  # the last good target
    page.locator(".scatter .undo").click()
    expect(refusal).to_have_count(0)

    page.get_by_role("combobox", name="Target").click()
    page.get_by_role("option", name="Your cloud").click()
    sheet = page.locator(".sheet")
    sheet.wait_for()
    expect(page.get_by_text("a Gaussian of bandwidth 0.1 at each of 49 points")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Points must be at least 2 in different places, got none")).to_be_visible()
    box = sheet.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 120, steps=12)
    page.mouse.up()
    page.wait_for_url(re.compile(r"gan_target=drawn-cloud_[\d.]+_-"))
    expect(page.get_by_text("Points must be")).to_have_count(0)
    drawn = page.locator("text=/a Gaussian of bandwidth .* points/").inner_text()
    expect(page.locator(".player .caption").first).to_have_text("W₂ not measured yet")

    again = visit(page.url)
    expect(again.get_by_text(drawn)).to_be_visible()
    expect(ignored(again)).to_have_count(0)
