"""A visitor's run: it goes on while they watch, and ends when they turn a knob or close the tab."""

import re

from playwright.sync_api import expect

APP = "tests/browser/apps/run.py"
WATCH = "tests/browser/apps/watch.py"


def test_a_run_ends_with_its_knobs_and_with_its_visitor(serve, visit):
    address = serve(APP)
    watcher = visit(f"{address}/?watch=1")
    expect(watcher.get_by_text("running 0")).to_be_visible()
    page = visit(address)
    expect(page.get_by_text("running, seed 0, beyond ten True")).to_be_visible(timeout=30_000)
    expect(watcher.get_by_text("running 1, readers 1")).to_be_visible()
    page.get_by_label("seed").fill("1")
    page.get_by_label("seed").press("Enter")
    expect(page.get_by_text("running, seed 1, beyond ten True")).to_be_visible(timeout=30_000)
    expect(watcher.get_by_text("running 1, readers 1")).to_be_visible()  # the first one has ended
    page.context.close()
    expect(watcher.get_by_text("running 0, readers 0")).to_be_visible()


def test_when_the_last_run_has_ended_the_whole_page_is_drawn_once_more(serve, visit):
    page = visit(serve(WATCH))
    expect(page.get_by_text("frames 61 and 31")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("ended True, page 2, more True")).to_be_visible()
    expect(page.get_by_text("whole 2")).to_be_visible()
    page.get_by_role("button", name="longer").click()  # a knob: its fragment, and the page when that run ends
    expect(page.get_by_text("frames 91 and 46")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("ended True, page 4, more True")).to_be_visible()
    page.wait_for_url(re.compile("steps=90"))
    expect(page.get_by_text("whole 3")).to_be_visible()


def test_runs_that_the_page_does_not_ask_for_any_more_end(serve, visit):
    watcher, page = visit(f"{serve(WATCH)}/?look=1"), visit(f"{serve(WATCH)}/?steps=4000")
    expect(page.get_by_text("ended False, page 1")).to_be_visible()
    expect(watcher.get_by_text("wanted 2")).to_be_visible()
    page.get_by_text("leave").click()
    expect(watcher.get_by_text("wanted 0")).to_be_visible()
    expect(page.get_by_text("frames")).to_have_count(0)


def test_a_run_that_failed_keeps_its_frames_and_says_why(serve, visit):
    page = visit(f"{serve(WATCH)}/?failing=1&steps=10")
    expect(page.get_by_text("frames 1 and 6")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("alert")).to_have_text("At step 1 the weights left every bound; lower the learning rate.")
