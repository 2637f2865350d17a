"""The draw pad by mouse, finger and keys; what arrives in Python is shown by the app."""

import re

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from playground.theme import DARK, LIGHT
from playground.ui.components.drawpad import draw_points

APP = "tests/browser/apps/drawpad.py"
CENTRED = re.compile(r"^centre of mass 13\.[456] 13\.[456], size (19|20|21), ink \d+$")  # the middle of 0..27 is 13.5


@pytest.fixture
def page(serve, visit):
    page = visit(serve(APP))
    page.locator(".sheet").nth(1).wait_for()
    return page


def stroke(page, sheet, path):
    box = sheet.bounding_box()
    places = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in path]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


def shows(page, nth, color):
    """Wait until the sheet has a pixel that is wholly of that colour."""
    page.wait_for_function(
        """([canvas, rgb]) => {
          const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3] === 255 && rgb.every((v, k) => v === data[i + k])) return true;
          }
        }""",
        arg=[page.locator(".sheet").nth(nth).element_handle(), list(bytes.fromhex(color[1:]))],
    )


def test_a_digit_is_centred_wherever_it_is_drawn(page):
    stroke(page, page.locator(".sheet").first, [(0.1, 0.1), (0.3, 0.1), (0.15, 0.5)])
    expect(page.get_by_text(CENTRED)).to_be_visible()
    page.locator(".undo").first.click()
    expect(page.get_by_text("nothing drawn")).to_be_visible()


def test_a_digit_is_drawn_by_keyboard(page):
    page.locator(".sheet").first.focus()
    page.keyboard.press(" ")
    for _ in range(10):
        page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    expect(page.get_by_text(CENTRED)).to_be_visible()
    page.keyboard.press("Backspace")
    expect(page.get_by_text("nothing drawn")).to_be_visible()


def test_points_by_mouse_keyboard_undo_clear(page):
    sheet = page.locator(".sheet").nth(1)
    expect(page.get_by_text("2 points, last [1.0, 1.0], turn 0")).to_be_visible()
    sheet.click(position={"x": 210, "y": 70})
    expect(
        page.get_by_text(re.compile(r"^3 points, last \[1\.0\d?, 1\.9\d?\]|^3 points, last \[1\.0\d?, 2\.0\d?\]"))
    ).to_be_visible()
    sheet.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_text("4 points, last [-0.1, 1.0], turn 0")).to_be_visible()
    page.locator(".undo").nth(1).click()
    expect(page.get_by_text(re.compile(r"^3 points, last"))).to_be_visible()
    sheet.focus()
    page.keyboard.press("Delete")
    expect(page.get_by_text("0 points, last None")).to_be_visible()
    expect(page.locator(".clear").nth(1)).to_be_disabled()


def test_the_limit_holds_and_another_salt_begins_again(page):
    stroke(page, page.locator(".sheet").nth(1), [(0.1, 0.1), (0.9, 0.1), (0.9, 0.9)])
    expect(page.get_by_text(re.compile(r"^6 points, last"))).to_be_visible()
    expect(page.locator(".count").nth(1)).to_have_text("6 of 6 points")
    page.get_by_test_id("stNumberInputStepUp").click()
    expect(page.get_by_text("2 points, last [1.0, 1.0], turn 1")).to_be_visible()
    expect(page.locator(".count").nth(1)).to_have_text("2 of 6 points")


def test_a_finger_draws(serve, visit):
    page = visit(serve(APP), width=390, height=844, has_touch=True, is_mobile=True)
    sheet = page.locator(".sheet").first
    box = sheet.bounding_box()
    client = page.context.new_cdp_session(page)
    for kind, x in [("touchStart", 60), ("touchMove", 120), ("touchMove", 200), ("touchEnd", None)]:
        touches = [] if x is None else [{"x": box["x"] + x, "y": box["y"] + 100 + x / 4}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    expect(page.get_by_text(CENTRED)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for button in page.locator(".tools button").all():
        assert button.bounding_box()["height"] >= 36


def test_ink_is_text_and_points_are_data_in_both_themes(page):
    stroke(page, page.locator(".sheet").first, [(0.2, 0.2), (0.8, 0.8)])
    for scheme, palette in (("light", LIGHT), ("dark", DARK), ("light", LIGHT)):
        page.emulate_media(color_scheme=scheme)
        shows(page, 0, palette.text)
        shows(page, 1, palette.data)


@pytest.mark.parametrize("extent", [(1, 0, 0, 1), (0, 1, 2, 2), (0, float("nan"), 0, 1)])
def test_an_extent_without_area_is_refused(extent):
    with pytest.raises(ValueError, match="extent is"):
        draw_points(key="points", extent=extent)


def test_the_app_runs_headless_without_a_warning():
    test = AppTest.from_file("apps/drawpad.py", default_timeout=20)
    test.run()
    assert not test.exception
    assert [text.value for text in test.text] == ["nothing drawn", "2 points, last [1.0, 1.0], turn 0"]
