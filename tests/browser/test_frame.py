"""The frame around every page: links, history, present mode, addresses that lead nowhere, phones, light and dark."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from causality_page import BOTH, expect_beliefs, ignored, node, notice, pick, preset, sideways, thumb
from conftest import settle
from playwright.sync_api import expect

from playground.causality import smoking
from playground.theme import DARK, LIGHT

LINK = "causality_asbestos=-4&causality_seen=cancer%3D1"
LINKED, SEEN = smoking(2.0, -4.0), {"cancer": 1}


def query(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query, keep_blank_values=True).items()}


def home_by_menu(page):
    page.get_by_role("navigation").get_by_role("link", name="Generative Playground").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Generative Playground")
    settle(page)


def lesson_by_menu(page, name="See and do"):
    page.get_by_role("navigation").get_by_role("button", name="Probability").click()
    page.get_by_role("menuitem", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    settle(page)


@pytest.mark.parametrize("path", ["/causality", "/probability/causality"])
def test_a_deep_link_as_the_first_request_of_a_server_restores_the_page(fresh_server, visit, path):
    page = visit(f"{fresh_server}{path}?reveal=1&{LINK}")
    expect_beliefs(page, LINKED, SEEN)
    assert urlsplit(page.url).path == "/causality"
    assert thumb(page, "asbestos").input_value() == "-4"
    assert page.get_by_role("dialog").count() == 0
    expect(page.get_by_role("navigation").get_by_role("link", name="Generative Playground")).to_be_visible()
    expect(page.get_by_role("navigation")).not_to_contain_text("page")  # file names are no menu
    expect(ignored(page)).to_have_count(0)


@pytest.mark.parametrize("path", ["/GANN?x=1", "/probability", "/%3Cscript%3E", "/FLOW"])
def test_a_wrong_address_ends_friendly(serve, visit, path):
    page = visit(f"{serve()}{path}")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    assert page.get_by_role("dialog").count() == 0
    page.get_by_role("link", name="All lessons").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Generative Playground")


@pytest.mark.parametrize("path", ["/home", "/start/home"])
def test_home_has_one_address_and_no_dialog(serve, visit, path):
    page = visit(f"{serve()}{path}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Generative Playground")
    assert page.get_by_role("dialog").count() == 0
    assert urlsplit(page.url).path == "/"


def test_the_wrong_case_leads_to_the_lesson_with_its_parameters(serve, visit):
    page = visit(f"{serve()}/Causality?reveal=1&{LINK}")
    expect_beliefs(page, LINKED, SEEN)
    page.wait_for_url(lambda url: urlsplit(url).path == "/causality")
    assert query(page) == {"reveal": "1", "causality_asbestos": "-4", "causality_seen": "cancer=1"}


def test_leaving_by_the_menu_and_coming_back_remembers(serve, visit):
    page = visit(f"{serve()}/causality?{LINK}")
    page.get_by_text("Show me", exact=True).click()
    expect_beliefs(page, LINKED, SEEN)
    home_by_menu(page)
    assert query(page) == {}
    lesson_by_menu(page)
    expect_beliefs(page, LINKED, SEEN)  # also what was predicted
    page.wait_for_url(f"**{LINK}")
    assert thumb(page, "asbestos").input_value() == "-4"


def test_a_reload_changes_nothing(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1")
    node(page, "yellow").click()
    thumb(page, "asbestos").press("Home")
    expect_beliefs(page, smoking(2.0, -6.0), {**BOTH, "yellow": 1})
    settle(page)
    before = page.url
    page.reload()
    settle(page)
    expect_beliefs(page, smoking(2.0, -6.0), {**BOTH, "yellow": 1})
    assert page.url == before


def test_back_and_forward_walk_through_what_was_set(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1")
    steps = [(smoking(), BOTH)]
    for name in ("yellow", "tar"):
        node(page, name).click()
        steps.append((smoking(), {**steps[-1][1], name: 1}))
        expect_beliefs(page, *steps[-1])
        page.wait_for_url(f"**{name}%3D1")
    thumb(page, "asbestos").press("Home")
    steps.append((smoking(2.0, -6.0), steps[-1][1]))
    expect_beliefs(page, *steps[-1])
    page.wait_for_url("**causality_asbestos=-6*")
    for step in reversed(steps[:-1]):
        page.go_back()
        expect_beliefs(page, *step)
    assert query(page) == {"reveal": "1"}
    for step in steps[1:]:
        page.go_forward()
        expect_beliefs(page, *step)
    assert query(page)["causality_asbestos"] == "-6"


def test_clearing_all_evidence_is_a_state_of_its_own(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_seen=cancer%3D0")
    node(page, "cancer").click()
    expect_beliefs(page, smoking(), {})
    settle(page)
    expect_beliefs(visit(page.url), smoking(), {})


ILLEGAL = {
    "causality_tar": "banana",
    "causality_asbestos": "7",
    "causality_seen": "foo=7",
    "causality_network": "Nope",
    "causality_from": "<script>alert(1)</script>",
    "causality_experiment": "<img src=x onerror=alert(1)>",
}


def test_illegal_values_are_named_in_one_quiet_sentence_and_the_defaults_stand(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&" + "&".join(f"{key}={quote(value)}" for key, value in ILLEGAL.items()))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    expect_beliefs(page, smoking(), BOTH)
    expect(ignored(page)).to_have_count(1)
    for value in ILLEGAL.values():
        expect(ignored(page)).to_contain_text(f"“{value[:24]}")
    expect(ignored(page)).not_to_contain_text("causality_")  # knobs by the names a visitor knows
    expect(ignored(page)).not_to_contain_text("convert")  # nor in Python's words
    expect(page.get_by_text("stumbled")).to_have_count(0)
    settle(page)
    assert query(page) == {"reveal": "1"}
    node(page, "yellow").click()
    expect_beliefs(page, smoking(), {**BOTH, "yellow": 1})


OWN = ("<script>alert(1)</script>", "a@0,0:1*b=1~b@9,9:1*a=1", "x" * 5_000)


@pytest.mark.parametrize("own", OWN, ids=["script", "cycle", "long"])
def test_an_illegal_network_of_ones_own_gives_way_to_the_example(serve, visit, own):
    page = visit(f"{serve()}/causality?reveal=1&causality_network=Your+own&causality_own={quote(own)}")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    expect(node(page, "wet grass")).to_be_visible()
    expect(ignored(page)).to_contain_text("your own network")
    expect(page.get_by_text("stumbled")).to_have_count(0)


def test_a_query_of_100_kb_leaves_a_page_or_a_refusal_and_the_server_alive(serve, visit, chromium):
    context = chromium.new_context()
    page = context.new_page()
    answer = page.goto(f"{serve()}/causality?reveal=1&causality_seen={'a' * 100_000}")
    if answer.ok:
        settle(page)
        expect_beliefs(page, smoking(), BOTH)
    else:
        assert 400 <= answer.status < 500
    context.close()
    expect_beliefs(visit(f"{serve()}/causality?reveal=1"), smoking(), BOTH)


def test_a_query_of_30_kb_is_ignored(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_seen={'a' * 30_000}")
    expect_beliefs(page, smoking(), BOTH)
    expect(ignored(page)).to_contain_text("at most")


def test_another_network_does_not_blame_the_link(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_from=yellow&causality_to=tar")
    preset(page, "Three nodes")
    expect(node(page, "A")).to_be_visible()
    settle(page)
    expect(ignored(page)).to_have_count(0)


def test_present_mode_leaves_the_stage_and_its_knobs(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&{LINK}")
    size = node(page, "cancer").locator(".box").bounding_box()["width"]
    chrome = [
        page.locator('[data-testid="stHeader"]'),
        page.get_by_text("The arithmetic"),
        page.get_by_text("All lessons"),
    ]
    for part in chrome:
        expect(part).to_be_visible()
    page.get_by_role("button", name="Present").click()
    expect(page.get_by_role("button", name="Exit")).to_be_visible()
    for part in (*chrome, page.get_by_role("button", name="Copy link")):
        expect(part).to_be_hidden()
    expect(page.get_by_role("button", name="It reverses")).to_be_visible()  # the teacher goes on without leaving
    expect_beliefs(page, LINKED, SEEN)
    expect(thumb(page, "asbestos")).to_be_visible()
    assert node(page, "cancer").locator(".box").bounding_box()["width"] > size
    assert query(page)["present"] == "1"
    assert sideways(page) <= 0
    page.get_by_role("button", name="Exit").click()
    expect(page.get_by_role("button", name="Present")).to_be_visible()
    expect(chrome[0]).to_be_visible()
    expect_beliefs(page, LINKED, SEEN)
    page.wait_for_url(lambda url: "present" not in url)


def test_copy_link_copies_the_address_with_the_whole_state(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1", permissions=["clipboard-read", "clipboard-write"])
    node(page, "yellow").click()
    pick(page, "between", "yellow")
    expect_beliefs(page, smoking(), {**BOTH, "yellow": 1})
    settle(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    assert query(page) == {"reveal": "1", "causality_seen": "cancer=1,asbestos=1,yellow=1", "causality_from": "yellow"}
    newcomer = visit(copied)
    expect_beliefs(newcomer, smoking(), {**BOTH, "yellow": 1})
    expect(newcomer.get_by_text("yellow ← smoking", exact=False).first).to_be_visible()  # a path between the two


@pytest.mark.parametrize("path", ["", "causality?reveal=1", "causality?present=1"])
def test_nothing_overflows_sideways_on_a_phone(serve, visit, path):
    page = visit(f"{serve()}/{path}", width=390, height=844)
    assert sideways(page) <= 0


def test_on_a_phone_the_stage_comes_before_the_knobs(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1", width=390, height=844)
    graph, knob = page.locator(".graph").first.bounding_box(), thumb(page, "asbestos").bounding_box()
    assert graph["y"] + graph["height"] <= knob["y"]
    assert graph["x"] >= 0
    assert graph["x"] + graph["width"] <= 390
    node(page, "yellow").click()
    expect_beliefs(page, smoking(), {**BOTH, "yellow": 1})


def colours(page):
    """What is painted: the paper, the text, a node's belief, and the colour of a role."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.stApp, .stApp h1')].map((e) => getComputedStyle(e))
          .map((style, i) => i ? style.color : style.backgroundColor)"""
    )


def rgb(colour):
    return "rgb({}, {}, {})".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))


def test_light_and_dark_follow_the_visitor(serve, visit):
    for palette, dark in ((LIGHT, False), (DARK, True)):
        page = visit(f"{serve()}/causality?reveal=1", dark=dark)
        assert colours(page) == [rgb(palette.background), rgb(palette.text)]
        fill = node(page, "smoking").locator(".after").evaluate("bar => getComputedStyle(bar).fill")
        assert fill == rgb(palette.model)


def test_the_home_page_leads_to_its_lessons_by_the_whole_card(serve, visit):
    page = visit(serve())
    page.locator(".st-key-card-causality").click(position={"x": 12, "y": 12})
    expect(page.get_by_role("heading", level=1)).to_have_text("See and do")
    expect(notice(page)).to_be_visible()
    assert re.search(r"/causality$", urlsplit(page.url).path)
