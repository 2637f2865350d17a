"""Many seeds in a browser: watched as they train, scrubbed without the server, restored by a link, on a phone."""

import re

from causality_page import ignored, notice, number, sideways
from conftest import settle
from playwright.sync_api import expect

ADDRESS = "gan?gan_experiment=Many+seeds&gan_steps=100&gan_hidden=8&gan_batch=32"
OVER = re.compile("only, you would have seen|One seed would have told")
SECONDS = 60_000  # a worker may have to be started


def test_many_seeds_are_watched_scrubbed_and_restored(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}")
    squares, captions = page.locator(".player figure.panel"), page.locator(".player .caption")
    expect(squares).to_have_count(8, timeout=SECONDS)
    expect(captions).to_have_count(0)  # they would tell how it ends
    expect(page.locator(".player .bar")).to_be_hidden()
    answer = {"name": "None", "exact": True}
    page.get_by_role("radio", **answer).or_(page.get_by_role("button", **answer)).first.click()
    expect(notice(page)).to_contain_text(OVER, timeout=SECONDS)
    expect(notice(page)).to_contain_text("You said “None”")
    expect(number(page, "Strict modes, 20 each")).to_contain_text("perfect 8.00")
    settle(page)
    label = page.locator(".player .label")
    expect(label).to_have_text("step 100")
    last = captions.all_text_contents()
    assert all(re.fullmatch(r"\d of 8 · \d+% high quality", text) for text in last)
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.locator(".player .time").focus()
    page.keyboard.press("Home")
    expect(label).to_have_text("step 0")
    first = captions.all_text_contents()
    assert first != last
    page.keyboard.press("End")
    expect(label).to_have_text("step 100")
    assert captions.all_text_contents() == last
    assert not sent
    sixteen = {"name": "16", "exact": True}
    page.get_by_role("radio", **sixteen).or_(page.get_by_role("button", **sixteen)).first.click()
    expect(squares).to_have_count(16, timeout=SECONDS)
    expect(notice(page)).to_contain_text(OVER, timeout=SECONDS)
    page.locator(".player .time").focus()
    page.keyboard.press("Home")
    expect(label).to_have_text("step 0")
    short = [text.replace(" of ", "/").removesuffix(" high quality") for text in first]
    assert captions.all_text_contents()[:8] == short  # the same seeds begin the same games beside others
    page.wait_for_url(re.compile("gan_seeds_games=16"))

    said = notice(page).text_content()
    phone = visit(f"{page.url}&reveal=1", width=390, height=844, dark=True)
    expect(phone.locator(".player figure.panel")).to_have_count(16, timeout=SECONDS)
    expect(notice(phone)).to_contain_text(OVER, timeout=SECONDS)
    assert said.endswith(notice(phone).text_content().removeprefix("Notice "))
    places = phone.locator(".player figure.panel").evaluate_all("all => all.map(e => e.getBoundingClientRect().left)")
    assert len(set(places)) == 4  # in a row
    expect(ignored(phone)).to_have_count(0)
    assert sideways(phone) <= 0
