"""The scatter plot by mouse, finger and keys; what arrives in Python is shown by the app."""

import ast
import re

import pytest
from conftest import settle
from playwright.sync_api import expect

from playground.theme import DARK, LIGHT

APP = "tests/browser/apps/scatter.py"
START = [(-0.5, 1.0), (0.5, -1.0)]


@pytest.fixture
def page(serve, visit):
    page = visit(serve(APP))
    page.locator(".scatter canvas").wait_for()
    expect(page.locator(".count")).to_have_text("2 of 4 points")
    return page


def spot(page, x, y):
    """Where on the screen a place of the plot is: the frame stands 4 type sizes from the left, 0.6 from the top."""
    return page.locator(".scatter canvas").evaluate(
        """(sheet, [x, y]) => {
          const box = sheet.getBoundingClientRect(), type = (parseFloat(getComputedStyle(sheet).fontSize) * 13) / 14;
          const wide = box.width - 4.8 * type, high = box.height - 3.6 * type, w = Math.min(wide, high / 0.7);
          const left = 4 * type + (wide - w) / 2, top = 0.6 * type;
          return [box.left + left + ((x + 1) / 2) * w, box.top + top + ((2 - y) / 4) * 0.7 * w];
        }""",
        [x, y],
    )


def points(page, which="settled"):
    return ast.literal_eval(page.get_by_text(re.compile(f"^{which} ")).inner_text().removeprefix(f"{which} "))


def expect_points(page, wanted, which="settled", within=0.02):
    """Wait until the app shows these points."""
    page.wait_for_function(
        """([which, wanted, within]) => {
          const texts = [...document.querySelectorAll('[data-testid="stText"]')];
          const found = texts.find(e => e.innerText.startsWith(which));
          const numbers = (found.innerText.match(/-?[\\d.]+/g) ?? []).map(Number);
          return numbers.length === wanted.length && numbers.every((v, i) => Math.abs(v - wanted[i]) <= within);
        }""",
        arg=[which, [v for point in wanted for v in point], within],
    )


def drag(page, start, *through):
    page.mouse.move(*spot(page, *start))
    page.mouse.down()
    for place in through:
        page.mouse.move(*spot(page, *place), steps=6)


def test_a_click_places_a_point_and_the_link_brings_it_back(page, visit):
    page.mouse.click(*spot(page, 0.25, 1.5))
    expect_points(page, [*START, (0.25, 1.5)])
    page.wait_for_url(re.compile("points=-0.5_1~0.5_-1~0"))
    placed = points(page)
    again = visit(page.url)
    expect_points(again, placed, within=0)
    expect(again.locator(".undo")).to_be_disabled()


def test_a_drag_moves_a_point_all_along_and_settles_when_it_ends(page):
    drag(page, START[0], (-0.2, 0.5))
    expect_points(page, [(-0.2, 0.5), START[1]], "now")
    assert points(page) == START
    assert "points=" not in page.url
    page.mouse.up()
    expect_points(page, [(-0.2, 0.5), START[1]])
    page.locator(".undo").click()
    expect_points(page, START, within=0)
    assert "points=" not in page.url


def test_a_point_dragged_off_the_sheet_is_gone(page):
    drag(page, START[1], (0.9, -1.9), (1.2, -2.9))
    expect_points(page, START[:1], "now")
    page.mouse.up()
    expect_points(page, START[:1])
    expect(page.locator(".count")).to_have_text("1 of 4 points")
    page.locator(".reset").click()
    expect_points(page, START)
    expect(page.locator(".reset")).to_be_disabled()


def test_a_point_too_many_is_refused_with_the_limit(page):
    for x in (-0.8, -0.1, 0.8):
        page.mouse.click(*spot(page, x, 0.0))
    expect(page.locator(".count")).to_have_text("4 points are the most")
    expect_points(page, [*START, (-0.8, 0.0), (-0.1, 0.0)])
    page.locator(".clear").click()
    expect(page.get_by_text("settled []")).to_be_visible()
    page.wait_for_url(re.compile("points=none"))
    expect(page.locator(".clear")).to_be_disabled()


def test_the_keyboard_places_moves_and_removes(page):
    page.locator(".scatter canvas").focus()
    page.keyboard.press("ArrowRight")  # 0.04 in x, of the middle
    page.keyboard.press("Shift+ArrowUp")  # 0.4 in y
    page.keyboard.press("Enter")
    expect_points(page, [*START, (0.04, 0.4)], within=0)
    page.keyboard.press("Enter")  # picks it up
    page.keyboard.press("ArrowDown")
    expect_points(page, [*START, (0.04, 0.32)], "now", within=0)
    page.keyboard.press("Enter")
    expect_points(page, [*START, (0.04, 0.32)], within=0)
    page.keyboard.press("Delete")
    expect_points(page, START, within=0)
    page.keyboard.press("Backspace")
    expect_points(page, [*START, (0.04, 0.32)], within=0)


def test_other_points_from_python_are_taken_over_and_end_undo(page):
    page.mouse.click(*spot(page, 0.25, 1.5))
    expect_points(page, [*START, (0.25, 1.5)])
    page.get_by_role("button", name="One point").click()
    expect(page.locator(".count")).to_have_text("1 of 4 points")
    expect(page.locator(".undo")).to_be_disabled()


def test_a_finger_taps_a_point_and_scrolls_elsewhere(serve, visit):
    page = visit(serve(APP), width=390, height=500, has_touch=True)
    expect(page.locator(".count")).to_have_text("2 of 4 points")
    page.touchscreen.tap(*spot(page, 0.0, 0.5))
    expect(page.locator(".count")).to_have_text("3 of 4 points")
    prevented = """([x, y, canvas]) => {
      const touch = new Touch({identifier: 1, target: canvas, clientX: x, clientY: y});
      const event = new TouchEvent('touchstart', {touches: [touch], cancelable: true, bubbles: true});
      return !canvas.dispatchEvent(event);
    }"""
    canvas = page.locator(".scatter canvas").element_handle()
    assert page.evaluate(prevented, [*spot(page, *START[0]), canvas])
    assert not page.evaluate(prevented, [*spot(page, -0.8, -1.8), canvas])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_points_and_lines_have_the_colours_of_their_roles(serve, visit, dark):
    page, palette = visit(serve(APP), dark=dark), DARK if dark else LIGHT
    settle(page)
    for color in (palette.data, palette.model):
        page.wait_for_function(
            """([canvas, rgb]) => {
              const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              for (let i = 0; i < data.length; i += 4) {
                if (data[i + 3] === 255 && rgb.every((v, k) => v === data[i + k])) return true;
              }
            }""",
            arg=[page.locator(".scatter canvas").element_handle(), list(bytes.fromhex(color[1:]))],
        )


def test_a_sheet_that_is_taken_off_the_page_makes_no_error(page):
    """Its observer hears of the removal before the clean-up; the fixture fails on errors of the page."""
    page.locator(".scatter").evaluate(
        """async sheet => {
          sheet.getRootNode().host.remove();
          for (let i = 0; i < 6; i++) await new Promise(requestAnimationFrame);
        }"""
    )
