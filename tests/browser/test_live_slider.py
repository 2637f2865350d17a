"""The live slider: sends while it is held, writes the address when it is let go, and never fights the finger."""

import pytest
from causality_page import BOTH, expect_beliefs, node, number, preset, thumb
from conftest import settle
from playwright.sync_api import expect

from playground.causality import smoking

ANSWER = "P(smoking | cancer, asbestos)"
WATCH = """thumb => {
  window.seen = [];
  const watch = () => { seen.push(+thumb.value); window.watching = requestAnimationFrame(watch); };
  watch();
}"""


def place(page, slider, value):
    """Where on the screen the thumb is at `value`."""
    box = slider.bounding_box()
    low, high = (float(slider.get_attribute(end)) for end in ("min", "max"))
    radius = 8
    along = (value - low) / (high - low)
    return box["x"] + radius + along * (box["width"] - 2 * radius), box["y"] + box["height"] / 2


@pytest.fixture
def see(serve, visit):
    """The experiment See, answers shown."""
    return visit(f"{serve()}/causality?reveal=1")


def hold(page, slider, value):
    """Press on the thumb."""
    page.mouse.move(*place(page, slider, value))
    page.mouse.down()


def test_the_numbers_follow_while_the_thumb_is_held_and_the_address_when_it_is_let_go(see):
    slider = thumb(see, "asbestos")
    before = see.url
    hold(see, slider, 5)
    for target in (2, -2, -5):
        see.mouse.move(*place(see, slider, target), steps=6)
        held = float(slider.input_value())
        assert held == pytest.approx(target, abs=0.2)
        expect_beliefs(see, smoking(2.0, held), BOTH)  # before the mouse is let go
        assert see.url == before
    see.mouse.up()
    settle(see)
    expect_beliefs(see, smoking(2.0, held), BOTH)
    see.wait_for_url(f"**causality_asbestos={held:g}*")


def test_the_address_restores_where_it_was_let_go(see, visit):
    slider = thumb(see, "smoking → tar")
    hold(see, slider, 2)
    see.mouse.move(*place(see, slider, -3), steps=5)
    see.mouse.up()
    value = float(slider.input_value())
    see.wait_for_url(f"**causality_tar={value:g}*")
    newcomer = visit(see.url)
    assert float(thumb(newcomer, "smoking → tar").input_value()) == value
    expect_beliefs(newcomer, smoking(value, 5.0), BOTH)


def test_the_thumb_never_jumps_back(see):
    slider = thumb(see, "asbestos")
    hold(see, slider, 5)
    slider.evaluate(WATCH)
    for target in range(4, -6, -1):
        see.mouse.move(*place(see, slider, target), steps=3)
    see.mouse.up()
    value = float(slider.input_value())
    expect_beliefs(see, smoking(2.0, value), BOTH)
    settle(see)
    path = see.evaluate("cancelAnimationFrame(watching), seen")
    assert len(set(path)) > 3
    assert path == sorted(path, reverse=True)  # one way, as the finger went
    assert path[-1] == value == float(slider.input_value())


def test_a_short_drag_that_ends_at_once_is_not_lost(see):
    slider = thumb(see, "asbestos")
    for target in (0, 3, -4):
        see.mouse.move(*place(see, slider, target))
        see.mouse.down()
        see.mouse.up()
    value = float(slider.input_value())
    assert value == pytest.approx(-4, abs=0.2)
    expect_beliefs(see, smoking(2.0, value), BOTH)
    see.wait_for_url(f"**causality_asbestos={value:g}*")


KEYS = {"ArrowLeft": 4.9, "ArrowRight": 5.0, "ArrowUp": 5.1, "Home": -6.0, "End": 6.0, "ArrowDown": 5.9}


def test_keys_move_it(see):
    slider = thumb(see, "asbestos")
    for key, value in KEYS.items():
        slider.press(key)
        assert float(slider.input_value()) == value
        expect_beliefs(see, smoking(2.0, value), BOTH)
        see.wait_for_url(lambda url, value=value: (f"causality_asbestos={value:g}" in url) == (value != 5.0))
        expect(slider).to_be_focused()


def test_every_key_of_a_fast_series_counts(see):
    slider = thumb(see, "asbestos")
    slider.focus()
    for _ in range(30):
        see.keyboard.press("ArrowLeft")
    expect_beliefs(see, smoking(2.0, 2.0), BOTH)
    see.wait_for_url("**causality_asbestos=2")
    assert float(slider.input_value()) == 2.0


def test_a_preset_moves_it_also_after_a_drag(see):
    slider = thumb(see, "asbestos")
    slider.press("Home")
    expect_beliefs(see, smoking(2.0, -6.0), BOTH)
    preset(see, "It reverses")
    expect_beliefs(see, smoking(2.0, -4.0), BOTH)
    assert float(slider.input_value()) == -4.0
    slider.press("ArrowRight")
    expect_beliefs(see, smoking(2.0, -3.9), BOTH)
    preset(see, "Explaining away")
    expect_beliefs(see, smoking(), BOTH)
    assert float(slider.input_value()) == 5.0


def test_a_preset_during_a_held_drag_does_not_strand_it(see):
    slider = thumb(see, "asbestos")
    hold(see, slider, 5)
    see.mouse.move(*place(see, slider, 0), steps=4)
    see.get_by_role("button", name="It reverses", exact=True).dispatch_event("click")
    settle(see)
    see.mouse.move(*place(see, slider, 1), steps=2)
    see.mouse.up()
    value = float(slider.input_value())
    expect_beliefs(see, smoking(2.0, value), BOTH)
    see.wait_for_url(f"**causality_asbestos={value:g}*")


def test_it_moves_two_pictures_and_a_number_of_one_fragment(see):
    node(see, "asbestos").click()  # seen 0
    thumb(see, "asbestos").press("Home")
    seen = {"cancer": 1, "asbestos": 0}
    expect_beliefs(see, smoking(2.0, -6.0), seen)
    answer = smoking(2.0, -6.0).probability({"smoking": 1}, {"cancer": 1, "asbestos": 1})
    expect(number(see, ANSWER)).to_contain_text(f"{answer:.4f}")


def test_a_screen_reader_hears_name_value_and_range(see):
    slider = thumb(see, "asbestos → cancer")
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "−6.0")
    assert (slider.get_attribute("min"), slider.get_attribute("max")) == ("-6", "6")
