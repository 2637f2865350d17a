"""Reading and moving the lesson on causality as a visitor does."""

import itertools
import math
import re

from conftest import settle
from playwright.sync_api import expect

BOTH = {"cancer": 1, "asbestos": 1}  # what is seen at first
WORDS = {None: "unknown", 0: "seen 0", 1: "seen 1"}


def node(page, name):
    """A node of the (first) graph."""
    return page.locator(".graph").first.get_by_role("button", name=re.compile(f"^{re.escape(name)}, "))


def label(name, value, before, after):
    """What a screen reader hears of a node; after None while the prediction hides it."""
    then = "hidden" if after is None else f"{after:.3f}"
    return f"{name}, {WORDS[value]}, probability before {before:.3f}, after {then}"


def expect_beliefs(page, network, seen, *, hidden=False):
    """Every node says what is seen there and its marginals to three decimals; drawn numbers agree with the spoken."""
    before, after = network.marginals(), network.marginals(seen)
    for name in network.nodes:
        secret = hidden and name not in seen
        spoken = label(name, seen.get(name), before[name], None if secret else after[name])
        expect(node(page, name)).to_have_attribute("aria-label", spoken)
        expect(node(page, name).locator(".after-number")).to_have_text("?" if secret else f"{after[name]:.3f}")
    expect(page.locator(".graph").first).not_to_have_class(re.compile("stale"))


def numbers(page):
    """The strip of numbers: label -> value, without what it is held against."""
    return {
        cell.locator("dt").inner_text(): cell.locator("dd").inner_text().split("\n")[0]
        for cell in page.locator(".pg-numbers > div").all()
    }


def number(page, name):
    """The cell of the strip called so."""
    return page.locator(".pg-numbers > div").filter(has=page.locator("dt").get_by_text(name, exact=True)).locator("dd")


def notice(page):
    return page.locator(".pg-notice").last  # while a page is drawn anew, the old one stands above it for a moment


def ignored(page):
    return page.locator('.st-key-ignored [role="status"]')


def preset(page, name):
    """Click a preset and wait for the page."""
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)


def thumb(page, name):
    """The range input of a live slider."""
    return page.get_by_role("slider", name=re.compile(f"^{re.escape(name)}"))


def pick(page, name, option):
    """Choose from a list."""
    page.get_by_role("combobox", name=name).click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def sideways(page):
    """How many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def smoking_by_hand(target, given, tar=2.0, asbestos=5.0):
    """P(target = 1 | given) in the network of the lesson, as a sum over its 32 worlds written out here."""

    def at(value, p):
        return p if value else 1 - p

    def logistic(a):
        return 1 / (1 + math.exp(-a))

    both = seen = 0.0
    for world in itertools.product((0, 1), repeat=5):
        s, a, y, t, c = world
        named = dict(zip(("smoking", "asbestos", "yellow", "tar", "cancer"), world, strict=True))
        if any(named[name] != value for name, value in given.items()):
            continue
        p = at(s, 0.2) * at(a, 0.1) * at(y, logistic(-1 + s)) * at(t, logistic(-1 + tar * s))
        p *= at(c, logistic(-1 + 5 * t + asbestos * a))
        seen += p
        both += p * named[target]
    return both / seen
