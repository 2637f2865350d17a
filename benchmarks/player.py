"""How smoothly the player plays and is scrubbed: python -m benchmarks.player prints pictures a second."""

import argparse

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, running, settle

APP = "tests/browser/apps/player.py"
# A picture clears the first panel's canvas once; counted from outside, so that the component carries no code for this
COUNT = """
window.pictures = 0;
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...box) {
  if (this.canvas.parentNode?.matches?.('.panel:first-child')) window.pictures++;
  return clear.apply(this, box);
};
window.first = new Promise(done => {
  const look = () => window.pictures ? done(performance.now()) : requestAnimationFrame(look);
  look();
});
"""


def rate(page: Page, seconds: float, scrub: bool) -> float:
    """Pictures a second over that time; with `scrub`, the pointer moves over the held slider as fast as it can."""
    began, seen = page.evaluate("[performance.now(), pictures]")
    box = page.locator(".time").bounding_box()
    assert box
    step = 0
    while scrub and page.evaluate("performance.now()") - began < 1000 * seconds:
        step += 1
        share = abs((step % 120) / 60 - 1)
        page.mouse.move(box["x"] + 20 + share * (box["width"] - 40), box["y"] + box["height"] / 2)
    page.wait_for_function("end => performance.now() >= end", arg=began + 1000 * seconds)
    now, drawn = page.evaluate("[performance.now(), pictures]")
    return (drawn - seen) / (now - began) * 1000


def measure(page: Page, address: str, demo: str, seconds: float) -> str:
    """One line of figures for a demo of the app."""
    sent: list[object] = []
    page.add_init_script(COUNT)
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(f"{address}/?demo={demo}")
    first = page.evaluate("first")
    settle(page)
    page.locator(".loop").click()
    page.locator(".play").click()
    before = len(sent)
    playing = rate(page, seconds, scrub=False)
    messages = len(sent) - before
    page.locator(".play").click()
    box = page.locator(".time").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    scrubbing = rate(page, seconds, scrub=True)
    page.mouse.up()
    return (
        f"{demo}: first picture {first:.0f} ms after navigation, playing {playing:.0f}/s, "
        f"scrubbing {scrubbing:.0f}/s, {messages} messages while playing"
    )


def main() -> None:
    """Cloud: 2 000 points over a field; gan: 2 000 points, field, arrows, two charts; flow, pair: see the app."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="per figure")
    seconds = parser.parse_args().seconds
    with running(APP) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for demo, scale in (("cloud", 1), ("cloud", 2), ("gan", 1), ("flow", 1), ("pair", 1)):
            context = browser.new_context(viewport={"width": 1440, "height": 900}, device_scale_factor=scale)
            print(f"scale {scale}, {measure(context.new_page(), address, demo, seconds)}", flush=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
