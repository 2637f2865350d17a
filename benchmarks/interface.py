"""Interface: from what a visitor does to the picture, in a real Chromium, against the budgets.

Times are taken inside the browser, from the navigation or the press to the animation frame that follows the change.
They are upper bounds: drawing without a GPU is part of them. Repeats of different rows take turns.
"""

import argparse
import math
import shutil
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import percentile, serving

LESSON = "/causality?reveal=1"
# lesson -> experiment -> what its first live slider moves
SLIDERS = {
    "bernoulli": {"Posterior": "chart", "Climb": "canvas", "Estimators": "chart", "Gaussian noise": "canvas"},
    "divergences": {
        "Ruler": "chart", "Separation": "canvas", "Fit": "canvas", "Transport": "canvas", "From samples": "chart",
    },
    "gan": {"Rotation": "canvas"},
}  # fmt: skip
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
PATIENCE = 30_000  # ms
DRAG_SECONDS = 3.0

# Notes when the title appears, when a chart, a canvas, or a number in the graph or under the stage changes.
WATCH = """
(() => {
  const at = { title: [], chart: [], canvas: [], graph: [], numbers: [] };
  const pending = new Set(), texts = new WeakMap();
  const mark = (what) => {
    if (pending.has(what)) return;
    pending.add(what);
    requestAnimationFrame(() => { pending.delete(what); at[what].push(performance.now()); });
  };
  const compare = (what, key, nodes) => {
    const text = Array.from(nodes, (node) => node.textContent).join(" ");
    if (text && text !== texts.get(key)) { texts.set(key, text); mark(what); }
  };
  const every = { childList: true, characterData: true, subtree: true };
  const chart = '[data-testid="stVegaLiteChart"]';
  new MutationObserver((records) => {
    if (!at.title.length && document.querySelector("h1")) mark("title");
    if (records.some(({ target }) => target.closest?.(chart)?.querySelector("svg"))) mark("chart");
    compare("numbers", document, document.querySelectorAll(".pg-numbers"));
  }).observe(document, { ...every, attributeFilter: ["d", "transform"] });
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    new MutationObserver(() => compare("graph", root, root.querySelectorAll(".after-number"))).observe(root, every);
    return root;
  };
  const fill = CanvasRenderingContext2D.prototype.fillRect;  // of every grid
  CanvasRenderingContext2D.prototype.fillRect = function (...box) {
    mark("canvas");
    return fill.apply(this, box);
  };
  const press = () => (window.pressed = performance.now());
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, press, true);
  window.pictures = at;
  window.forget = () => Object.keys(at).forEach((what) => (at[what].length = 0));
})();
"""
QUIET = """(what) => {
  const seen = what.map((name) => Math.max(...window.pictures[name]));
  return seen.every(Number.isFinite) && performance.now() - Math.max(...seen) > 300
    && document.querySelector('[data-testid="stApp"]').dataset.testScriptState === "notRunning";
}"""


class Results(defaultdict[tuple[str, str], list[float]]):
    """(what, budget) -> the repeats."""

    def table(self) -> str:
        lines = ["| what | budget | median | p95 |", "|---|---|---|---|"]
        for (what, budget), values in self.items():
            rate = budget.endswith("/s")  # of a rate the slow end is the low one
            tail = percentile(values, 0.05 if rate else 0.95)
            unit = "/s" if rate else " ms"
            lines.append(f"| {what} | {budget} | {percentile(values, 0.5):.0f}{unit} | {tail:.0f}{unit} |")
        return "\n".join(lines)


def visit(browser: Browser, address: str) -> Page:
    """A first-time visitor's page: nothing is in the browser's cache."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light").new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    return page


def seen(page: Page, *what: str) -> float:
    """When the last change was shown, in ms, once each of `what` has changed and nothing moves any more."""
    page.wait_for_function(QUIET, arg=list(what))
    return page.evaluate("(what) => Math.max(...what.flatMap((name) => window.pictures[name]))", list(what))


def first(page: Page, *what: str) -> float:
    """When the first picture of all of `what` was there, in ms after the navigation."""
    seen(page, *what)
    return page.evaluate("(what) => Math.max(...what.map((name) => window.pictures[name][0]))", list(what))


def answer(page: Page, act: Callable[[], None], *what: str) -> float:
    """Milliseconds from the press in `act` to the last picture that it changed."""
    page.evaluate("window.forget()")
    act()
    return seen(page, *what) - page.evaluate("window.pressed")


def dragged(page: Page, *what: str) -> list[float]:
    """Pictures per second of each of `what` while the first live slider is dragged to and fro."""
    slider = page.locator('input[type="range"]:not(.time)').first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.evaluate("window.forget(); window.began = performance.now()")
    moves = 0
    while page.evaluate("performance.now() - window.began") < 1000 * DRAG_SECONDS:
        moves += 1
        page.mouse.move(box["x"] + box["width"] * (0.5 + 0.45 * math.sin(moves / 25)), middle)
    rates = page.evaluate(
        "(what) => what.map((name) => 1000 * window.pictures[name].length / (performance.now() - window.began))",
        list(what),
    )
    page.mouse.up()
    seen(page, *what)
    return rates


def cold(browser: Browser, repeats: int, results: Results) -> None:
    for _ in range(repeats):
        for name, path in (("home", "/"), ("lesson", LESSON)):
            with serving() as (address, _pid):
                page = visit(browser, address + path)
                results[f"first paint, cold server: {name}", "<= 2000 ms"].append(first(page, "title"))
                if name == "lesson":
                    results["first picture, cold server", ""].append(first(page, "graph", "chart"))
                page.context.close()


def warm(browser: Browser, repeats: int, results: Results) -> None:
    with serving() as (address, _pid):
        page = visit(browser, address + LESSON)
        first(page, "graph", "chart")
        for number in range(repeats):
            guest = visit(browser, address + LESSON)
            results["both pictures, warm server", ""].append(first(guest, "graph", "chart"))
            results["first picture of the lesson, warm server", "<= 1000 ms"].append(first(guest, "graph"))
            guest.goto(address + LESSON, wait_until="commit")
            results["both pictures, in a browser that was here before", ""].append(first(guest, "graph", "chart"))
            results["first picture, in a browser that was here before", "<= 1000 ms"].append(first(guest, "graph"))
            guest.context.close()
            preset = ("A weak rival", "Explaining away")[number % 2]
            took = answer(page, page.get_by_role("button", name=preset, exact=True).click, "graph", "chart", "numbers")
            results["preset button -> graph, chart and numbers", "p95 <= 250 ms"].append(took)
            took = answer(page, page.locator(".node").filter(has_text="asbestos").click, "graph")
            results["click on a node -> graph", "p95 <= 250 ms"].append(took)
            for what, rate in zip(("graph", "chart"), dragged(page, "graph", "chart"), strict=True):
                results[f"live slider dragged -> {what}", ">= 10 /s"].append(rate)


def sliders(browser: Browser, repeats: int, results: Results) -> None:
    with serving() as (address, _pid):
        for number in range(repeats):
            for lesson, experiments in SLIDERS.items():
                for experiment, what in experiments.items():
                    page = visit(browser, f"{address}/{lesson}?reveal=1&{lesson}_experiment={quote(experiment)}")
                    name, took = f"{lesson}, {experiment}", first(page, what)
                    if number:  # the first visit of all imports what the lesson needs
                        results[f"{name}: first picture, warm server", "<= 1000 ms"].append(took)
                    slider = page.locator('input[type="range"]:not(.time)').first
                    slider.focus()
                    for key in ("ArrowLeft", "ArrowRight"):
                        took = answer(page, partial(page.keyboard.press, key), what)
                        results[f"{name}: key -> {what}", "p95 <= 250 ms"].append(took)
                    (rate,) = dragged(page, what)
                    results[f"{name}: live slider dragged -> {what}", ">= 10 /s"].append(rate)
                    page.context.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.interface", description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--cold", type=int, default=5, help="fresh servers per page")
    parser.add_argument("--lessons", type=int, default=4, help="visits to every other experiment")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("No Chromium found: apt-get install chromium")
    results = Results(list)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        cold(browser, asked.cold, results)
        warm(browser, asked.repeats, results)
        sliders(browser, asked.lessons, results)
        browser.close()
    print(results.table())


if __name__ == "__main__":
    main()
