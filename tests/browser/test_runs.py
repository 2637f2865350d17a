"""A visitor's run: it goes on while they watch, and ends when they turn a knob or close the tab."""

from playwright.sync_api import expect

APP = "tests/browser/apps/run.py"


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
