"""The clickable graph: clicks and keys against the engine, and drawing a network of one's own."""

import itertools
import re

import pytest
from causality_page import BOTH, expect_beliefs, node, pick
from conftest import settle
from playwright.sync_api import expect

from playground.causality import Logistic, Network, Root, smoking
from playground.causality.sketch import NEW_BIAS, NEW_PROBABILITY, NEW_WEIGHT

OWN = "reveal=1&causality_network=Your+own"
PAIR = "a%400%2C0%3A0.3~b%40100%2C100%3A-1%2Aa%3D2"  # a@0,0:0.3~b@100,100:-1*a=2
A_TO_B = {"a": Root(0.3), "b": Logistic(-1.0, {"a": 2.0})}


def note(page):
    return page.locator(".graph .note")


def add(page, name):
    page.get_by_label("Name of the new variable").fill(name)
    page.get_by_role("button", name="Add").click()


def tool(page, name):
    return page.locator(".graph").get_by_role("button", name=name)


def edges(page):
    """The arrows on the sheet, as "cause → effect"."""
    return sorted(re.sub(",.*", "", title) for title in page.locator(".graph .edge title").all_text_contents())


def stepped(seen, name):
    """The evidence after one more click on `name`: unknown → 1 → 0 → unknown."""
    after = {None: 1, 1: 0, 0: None}[seen.get(name)]
    rest = {other: value for other, value in seen.items() if other != name}
    return rest if after is None else {**rest, name: after}


@pytest.mark.parametrize("how", ["click", "Enter", "Space"])
def test_a_node_steps_through_unknown_seen_1_seen_0(serve, visit, how):
    page = visit(f"{serve()}/causality?reveal=1")
    seen = BOTH
    for name in ("yellow", "yellow", "yellow", "asbestos", "asbestos", "smoking"):
        if how == "click":
            node(page, name).click()
        else:
            node(page, name).press(how)
        seen = stepped(seen, name)
        expect_beliefs(page, smoking(), seen)
    assert seen == {"cancer": 1, "smoking": 1}


def test_no_click_of_a_fast_series_is_lost(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1")
    seen = BOTH
    node(page, "yellow").dblclick()
    for name in ("yellow", "yellow"):
        seen = stepped(seen, name)
    expect_beliefs(page, smoking(), seen)
    fast = ["tar", "yellow", "tar", "smoking", "tar", "tar", "yellow", "asbestos", "cancer", "cancer", "smoking"]
    fast *= 3
    page.locator(".graph").first.evaluate(
        """async (graph, names) => {
          for (const name of names) { // one a frame: answers to older clicks arrive between the newer
            const node = [...graph.querySelectorAll(".node")].find((g) => g.textContent.startsWith(name));
            for (const type of ["pointerdown", "pointerup"]) node.dispatchEvent(new PointerEvent(type));
            await new Promise(requestAnimationFrame);
          }
        }""",
        fast,
    )
    for name in fast:
        seen = stepped(seen, name)
    expect_beliefs(page, smoking(), seen)
    page.reload()
    settle(page)
    expect_beliefs(page, smoking(), seen)


def test_only_the_first_button_of_a_mouse_marks_a_node(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1")
    node(page, "yellow").click(button="right")
    node(page, "yellow").click(button="middle")
    node(page, "tar").click()
    expect_beliefs(page, smoking(), {**BOTH, "tar": 1})


def test_letting_go_beside_a_node_marks_nothing(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1")
    box = node(page, "yellow").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 60, box["y"] - 60, steps=4)
    page.mouse.up()
    node(page, "tar").click()
    expect_beliefs(page, smoking(), {**BOTH, "tar": 1})


def test_nodes_are_reached_by_keyboard_and_show_where_the_focus_is(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1")
    node(page, "smoking").focus()
    names = []
    for _ in range(4):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate("document.activeElement.shadowRoot?.activeElement?.getAttribute('aria-label') ?? ''")
        )
    assert [name.partition(",")[0] for name in names] == ["asbestos", "yellow", "tar", "cancer"]
    style = "ring => ['stroke', 'strokeWidth', 'display', 'opacity'].map((name) => getComputedStyle(ring)[name])"
    strokes = [node(page, name).locator(".ring").evaluate(style) for name in ("cancer", "tar")]
    assert strokes[0] != strokes[1]


def test_a_network_is_drawn_and_its_link_restores_it(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1")
    expect(page.get_by_role("button", name="Draw an arrow")).to_be_hidden()
    pick(page, "Network", "Your own")
    add(page, "sun")
    expect(note(page)).to_have_text("Added sun.")
    tool(page, "Draw an arrow").click()
    node(page, "sun").click()
    node(page, "wet grass").click()
    tool(page, "Draw an arrow").click()
    example = {
        "rain": Root(0.3), "sprinkler": Root(0.4),
        "wet grass": Logistic(-2.0, {"rain": 5.0, "sprinkler": 4.0, "sun": NEW_WEIGHT}), "sun": Root(NEW_PROBABILITY),
    }  # fmt: skip
    expect_beliefs(page, Network(example), {})
    node(page, "wet grass").click()
    expect_beliefs(page, Network(example), {"wet grass": 1})
    settle(page)
    newcomer = visit(page.url)
    expect_beliefs(newcomer, Network(example), {"wet grass": 1})
    assert edges(newcomer) == ["rain → wet grass", "sprinkler → wet grass", "sun → wet grass"]
    tool(newcomer, "Remove").click()
    node(newcomer, "sprinkler").click()
    example["wet grass"] = Logistic(-2.0, {"rain": 5.0, "sun": NEW_WEIGHT})
    del example["sprinkler"]
    expect_beliefs(newcomer, Network(example), {"wet grass": 1})


def test_a_cycle_is_refused_with_a_sentence(serve, visit):
    page = visit(f"{serve()}/causality?{OWN}&causality_own={PAIR}")
    tool(page, "Draw an arrow").click()
    for first, second, words in (
        ("b", "a", "Refused: a already leads to b, so b → a would close a cycle."),
        ("a", "a", "An arrow needs two nodes."),
        ("a", "b", "a → b is there already."),
    ):
        node(page, first).click()
        node(page, second).click()
        expect(note(page)).to_contain_text(words)
    assert edges(page) == ["a → b"]
    expect_beliefs(page, Network(A_TO_B), {})


def test_a_long_cycle_is_refused_too(serve, visit):
    chain = "~".join(
        ["a@0,0:0.3", *(f"{b}@{20 * i},50:-1*{a}=2" for i, (a, b) in enumerate(itertools.pairwise("abcd")))]
    )
    page = visit(f"{serve()}/causality?{OWN}&causality_own={chain}")
    tool(page, "Draw an arrow").click()
    node(page, "d").press("Enter")
    node(page, "a").press("Enter")
    expect(note(page)).to_contain_text("would close a cycle")
    assert edges(page) == ["a → b", "b → c", "c → d"]


def test_the_thirteenth_node_is_refused(serve, visit):
    twelve = "~".join(f"n{i}@{i % 4 * 33},{i // 4 * 50}:0.3" for i in range(12))
    page = visit(f"{serve()}/causality?{OWN}&causality_own={twelve}")
    expect(page.locator(".graph .node")).to_have_count(12)
    add(page, "one more")
    expect(note(page)).to_contain_text("At most 12 variables")
    expect(page.locator(".graph .node")).to_have_count(12)
    expect_beliefs(page, Network({f"n{i}": Root(0.3) for i in range(12)}), {})


def test_an_illegal_name_is_refused_with_a_sentence(serve, visit):
    page = visit(f"{serve()}/causality?{OWN}&causality_own={PAIR}")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    illegal = dict.fromkeys(
        ("<script>alert(1)</script>", "<img src=x>", "2nd", "", "a~b"), "A name starts with a letter"
    )
    for name, words in {**illegal, "constructor": "Choose another name.", "a": "a is there already."}.items():
        page.locator(".graph .note").evaluate("note => (note.textContent = '')")
        add(page, name)
        expect(note(page)).to_contain_text(words)
        expect(page.locator(".graph .node")).to_have_count(2)
    expect_beliefs(page, Network(A_TO_B), {})


def test_a_node_may_be_called_like_a_property_of_every_object(serve, visit):
    page = visit(
        f"{serve()}/causality?{OWN}&causality_own=constructor%400%2C0%3A0.3~toString%4050%2C50%3A-1%2Aconstructor%3D2"
    )
    network = Network({"constructor": Root(0.3), "toString": Logistic(-1.0, {"constructor": 2.0})})
    expect_beliefs(page, network, {})
    node(page, "toString").click()
    expect_beliefs(page, network, {"toString": 1})


def test_a_network_is_drawn_by_keyboard_alone(serve, visit):
    page = visit(f"{serve()}/causality?{OWN}&causality_own={PAIR}")
    page.get_by_label("Name of the new variable").fill("c")
    page.keyboard.press("Enter")
    expect(node(page, "c")).to_be_visible()
    node(page, "b").press("a")  # an arrow from here …
    node(page, "c").press("Enter")  # … to here
    mechanisms = {**A_TO_B, "c": Logistic(NEW_BIAS, {"b": NEW_WEIGHT})}
    expect_beliefs(page, Network(mechanisms), {})
    node(page, "a").press("Delete")
    expect_beliefs(page, Network({"b": Root(NEW_PROBABILITY), "c": mechanisms["c"]}), {})
    assert edges(page) == ["b → c"]


def test_an_arrow_is_removed_by_pointer_and_by_keyboard(serve, visit):
    free = Network({"a": Root(0.3), "b": Root(NEW_PROBABILITY)})
    page = visit(f"{serve()}/causality?{OWN}&causality_own={PAIR}")
    tool(page, "Remove").click()
    page.locator(".graph .edge .hit").dispatch_event("click")
    expect_beliefs(page, free, {})
    page = visit(f"{serve()}/causality?{OWN}&causality_own={PAIR}")
    tool(page, "Remove").press("Enter")
    page.locator(".graph").get_by_role("button", name="a → b", exact=True).press("Enter")
    expect_beliefs(page, free, {})


def test_a_dragged_node_stays_where_it_was_put_and_is_not_marked(serve, visit):
    page = visit(f"{serve()}/causality?{OWN}&causality_own={PAIR}")
    sheet, box = page.locator(".graph .canvas").bounding_box(), node(page, "a").locator(".box").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(sheet["x"] + sheet["width"] / 2, sheet["y"] + sheet["height"] / 2, steps=8)
    page.mouse.up()
    expect_beliefs(page, Network(A_TO_B), {})
    settle(page)
    put = node(page, "a").locator(".box").bounding_box()
    assert abs(put["x"] - box["x"]) > 50
    restored = node(visit(page.url), "a").locator(".box").bounding_box()
    for side in ("x", "y"):
        assert abs(restored[side] - put[side]) <= 0.01 * sheet["width"]  # the link rounds to a hundredth


def test_two_nodes_stay(serve, visit):
    page = visit(f"{serve()}/causality?{OWN}&causality_own={PAIR}")
    node(page, "a").press("Delete")
    expect(note(page)).to_contain_text("stay")
    expect_beliefs(page, Network(A_TO_B), {})
