"""The player: its contract with Streamlit, called directly in a blank page, and whole inside an app."""

import base64
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from playground.movie import Chart, Field, Lines, Movie, Panel, Points
from playground.theme import DARK, LIGHT, css_variables
from playground.ui.components import player as package

APP = "tests/browser/apps/player.py"
BOX = (-1, 1, -1, 1)
FOLDER = Path(package.__file__).parent
PARTS = ("payload.js", "look.js", "layers.js", "axes.js", "component.js")
BENCH = """async ([html, css, source]) => {
  const root = document.getElementById('host').attachShadow({mode: 'open'});
  root.innerHTML = html + '<style>' + css + '</style>';
  const address = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
  const run = (await import(address)).default;
  Object.assign(window, {states: [], triggers: [], $: selector => root.querySelector(selector)});
  window.painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  window.again = () => {
    const setStateValue = (key, value) => states.push([key, value]);
    const setTriggerValue = (key, value) => triggers.push([key, value]);
    window.cleanup = run({data: window.data, parentElement: root, setStateValue, setTriggerValue});
    return painted();
  };
  window.call = (text, shift) => {
    const raw = Uint8Array.from(atob(text), c => c.charCodeAt(0));
    window.data = new Uint8Array(new ArrayBuffer(raw.length + shift), shift);
    data.set(raw);
    return again();
  };
}"""


def movie(frames=5, run="r", **more):
    """Three dots that walk right along the diagonal, one of them NaN, over a field whose value is x₁ itself."""
    xy = np.zeros((frames, 3, 2)) + np.linspace(0, 0.8, 101)[:frames, None, None]
    xy[:, 2] = np.nan
    z = np.broadcast_to(np.linspace(-1, 1, 9), (frames, 9, 9)) + np.zeros((frames, 1, 1))
    panel = Panel([Field(z, "f", lo=-1, hi=1), Points(xy, "dots")], extent=BOX)
    return Movie(
        [panel], np.arange(frames) * 10, alt="test", run=run, charts=[Chart({"loss": np.arange(frames)})],
        text=[f"frame {i}" for i in range(frames)], **more,
    )  # fmt: skip


class Bench:
    """The component alone in a page: what Streamlit would send is sent by hand."""

    def __init__(self, page):
        self.page, self.evaluate, self.until = page, page.evaluate, page.wait_for_function

    def send(self, payload, shift=0):
        text = base64.b64encode(payload).decode()
        self.evaluate("([text, shift]) => call(text, shift)", [text, shift])

    def seek(self, pos):
        self.evaluate("pos => { $('.time').value = pos; $('.time').oninput(); return painted(); }", pos)

    def label(self):
        return self.evaluate("$('.label').textContent")

    def pixel(self, selector, across=0.5, down=0.5):
        """Colour at a share of the canvas, as #RRGGBB."""
        return self.evaluate(
            """([selector, across, down]) => {
              const canvas = $(selector), at = [canvas.width * across, canvas.height * down];
              const [r, g, b] = canvas.getContext('2d').getImageData(...at.map(Math.floor), 1, 1).data;
              return '#' + [r, g, b].map(v => v.toString(16).padStart(2, '0')).join('').toUpperCase();
            }""",
            [selector, across, down],
        )


@pytest.fixture
def bench(chromium):
    page = chromium.new_page(viewport={"width": 800, "height": 700})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    streamlit = """--st-font: sans-serif; --st-text-color: #123456; --st-chart-sequential-colors: #FFFFFF,#000000;
      --st-chart-diverging-colors: #FF0000,#FFFFFF,#0000FF"""
    styles = f"<style id=roles>{css_variables()}</style><style>:root {{ color-scheme: light; {streamlit} }}</style>"
    page.set_content(f"{styles}<div id=host></div>")
    html, css, *source = ((FOLDER / name).read_text() for name in ("component.html", "component.css", *PARTS))
    page.evaluate(BENCH, [html, css, "\n".join(source)])
    yield Bench(page)
    page.close()
    assert not errors, errors


# ---- data


@pytest.mark.parametrize("shift", [0, 1, 4, 8])
def test_any_byte_offset_is_read(bench, shift):
    bench.send(movie(start=3).encode(), shift)
    assert bench.label() == "step 30"
    assert bench.evaluate("$('.text').textContent") == "frame 3"


def test_new_frames_keep_the_scrub_position(bench):
    bench.send(movie(5, live=True).encode())
    bench.seek(1.5)
    bench.send(movie(9, live=True).encode(first=5))
    assert bench.label() == "step 15"
    assert bench.evaluate("$('.time').max") == "8"
    assert bench.evaluate("$('.live').textContent") == "○ go live"


def test_new_frames_are_followed_at_the_end(bench):
    bench.send(movie(5, live=True).encode())
    bench.send(movie(9, live=True).encode(first=5))
    bench.until("$('.label').textContent === 'step 80'")
    assert bench.evaluate("$('.live').textContent") == "● live"
    bench.send(movie(12, live=False).encode(first=9))
    bench.until("$('.label').textContent === 'step 110'")
    assert bench.evaluate("$('.live').hidden")


def test_appending_in_parts_equals_sending_at_once(bench):
    pictures = "['.panel canvas', '.plot'].map(name => $(name).toDataURL())"
    bench.send(movie(4, start=2).encode())
    bench.send(movie(6, start=2).encode(first=4))
    bench.send(movie(7, start=2).encode(first=5))  # overlaps: the answer to a gap that has closed meanwhile
    bench.seek(5.25)
    parts = bench.evaluate(pictures)
    bench.send(movie(7, start=2).encode())
    assert bench.evaluate(pictures) == parts
    bench.seek(5.5)
    assert bench.evaluate(pictures) != parts


def test_a_gap_is_asked_for_and_repaired(bench):
    bench.send(movie(3).encode())
    bench.send(movie(9).encode(first=6))
    assert bench.evaluate("states") == [["missing", {"run": "r", "have": 3, "nth": 1}]]
    bench.send(movie(9).encode(first=3))
    assert bench.evaluate("$('.time').max") == "8"


def test_a_part_of_an_unknown_run_is_asked_for_from_the_start(bench):
    bench.send(movie(9).encode(first=6))
    assert bench.evaluate("states[0][1].have") == 0
    bench.send(movie(3, run="other").encode())
    bench.send(movie(9).encode(first=6))
    assert bench.evaluate("states.at(-1)[1]") == {"run": "r", "have": 0, "nth": 2}


def test_repeated_calls_with_equal_data_change_nothing(bench):
    bench.send(movie(9, start=4).encode(report=True))
    before = bench.evaluate("$('.stage').innerHTML")
    for _ in range(3):
        bench.send(movie(9, start=4).encode(report=True))
    assert bench.evaluate("$('.stage').innerHTML") == before
    assert bench.evaluate("states") == []


def test_a_shorter_movie_tells_the_server_where_the_visitor_now_is(bench):
    bench.send(movie(9, run=None).encode(report=True))
    bench.evaluate("$('.time').value = 8; $('.time').oninput(); $('.time').onchange()")
    bench.send(movie(5, run=None).encode(report=True))
    assert bench.evaluate("states") == [["frame", 8], ["frame", 4]]


def test_cleanup_of_an_overtaken_call_does_not_stop_the_player(bench):
    bench.send(movie(60).encode())
    bench.evaluate("$('.play').click()")
    bench.until("+$('.time').value > 0.2")
    bench.evaluate("cleanup(); window.at = +$('.time').value")
    bench.until("+$('.time').value > at + 1")
    width = bench.evaluate("$('.panel canvas').width")
    bench.evaluate("$('.play').click()")
    bench.page.set_viewport_size({"width": 300, "height": 700})
    bench.until("width => $('.panel canvas').width < width", arg=width)  # still watches its size


def test_cleanup_after_unmount_stops_drawing(bench):
    bench.send(movie(60).encode())
    bench.evaluate("$('.loop').click(); $('.play').click(); window.time = $('.time'); window.root = $('.player')")
    bench.until("+time.value > 0.2")
    bench.evaluate("root.remove(); cleanup(); window.at = time.value")
    bench.evaluate("(async () => { for (let i = 0; i < 6; i++) await painted(); })()")
    assert bench.evaluate("time.value === at")


def test_what_is_taken_off_the_page_before_its_cleanup_makes_no_error(bench):
    bench.send(movie(5).encode())
    bench.evaluate("document.getElementById('host').remove()")  # the fixture fails on errors of the page
    bench.evaluate("(async () => { for (let i = 0; i < 6; i++) await painted(); })()")


def test_names_are_text_not_markup(bench):
    evil = "<img src=x onerror=alert(1)>"
    charts = [Chart({evil: [0, 1]}, evil, truth=(evil, 1))]
    panel = Panel([Points(np.zeros((1, 2)), evil)], evil, extent=BOX)
    bench.send(Movie([panel], [0, 1], alt=evil, text=[evil, evil], charts=charts).encode())
    assert bench.evaluate("$('img')") is None
    assert bench.evaluate("$('.text').textContent") == evil


# ---- what is drawn


def test_a_role_has_its_colour_in_light_and_dark_and_the_place_is_kept(bench):
    xy = np.zeros((3, 1, 2))
    bench.send(Movie([Panel([Points(xy, "dot", size=40, opacity=1)], extent=BOX)], range(3), alt="test").encode())
    bench.seek(1)
    middle = bench.evaluate("() => { const c = $('.panel canvas'); return [c.width, c.height]; }")
    # the box of the picture is left of the middle of the canvas by nothing, above it by the room for labels
    at = (0.5 + 20 / middle[0], 0.5 - 15 / middle[1])
    for scheme, palette in (("light", LIGHT), ("dark", DARK), ("light", LIGHT)):
        bench.evaluate("scheme => { document.documentElement.style.colorScheme = scheme; return again(); }", scheme)
        assert bench.pixel(".panel canvas", *at) == palette.model
        assert bench.pixel(".legend .sign") == palette.model
        assert bench.label() == "step 1"


def test_roles_that_arrive_after_the_first_picture_are_drawn(bench):
    bench.evaluate("document.getElementById('roles').media = 'not all'")
    bench.send(movie().encode())
    assert bench.pixel(".legend button:nth-child(2) .sign") == "#123456"
    bench.evaluate("document.getElementById('roles').media = 'all'")
    bench.until("$('.legend button:nth-child(2) .sign').getContext('2d').getImageData(7, 7, 1, 1).data[2] === 0xC9")
    assert bench.pixel(".legend button:nth-child(2) .sign") == LIGHT.model


def test_curves_and_truth_are_signed_in_the_colours_of_their_roles(bench):
    chart = Chart({"D": [0, 1], "G": [1, 0]}, roles={"D": "rival", "G": "error"}, truth=("goal", 0.5))
    bench.send(Movie([Panel([], extent=BOX)], [0, 1], alt="test", charts=[chart]).encode())
    for i, color in ((1, LIGHT.rival), (2, LIGHT.error), (3, LIGHT.truth)):
        assert bench.pixel(f".chart span:nth-of-type({i}) .sign", 0.02) == color
    assert bench.evaluate("$('figcaption').textContent") == " D 0 G 1 goal 0.5"


@pytest.mark.parametrize(("aspect", "high"), [(None, 20), (0.5, 0.5)])
def test_a_panel_has_the_aspect_it_is_given_or_one_scale_for_both_axes(bench, aspect, high):
    square = np.array([[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8], [0.2, 0.2]]) * [1, 20]
    panel = Panel([Lines(square[None], "l", color="model", dash=(), opacity=1)], extent=(0, 1, 0, 20), aspect=aspect)
    bench.send(Movie([panel], [0], alt="test").encode())
    wide, tall = bench.evaluate("""() => {
      const canvas = $('.panel canvas'), { width, height } = canvas, found = [];
      const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
      const blue = at => data[at] < 0x90 && data[at + 2] > 0xC0 && data[at + 3] > 100;
      for (let i = 0; i < width * height; i++) if (blue(4 * i)) found.push(i);
      const span = values => Math.max(...values) - Math.min(...values);
      return [span(found.map(i => i % width)), span(found.map(i => Math.floor(i / width)))];
    }""")
    assert tall == pytest.approx(high * wide, abs=1 + high)


def test_lines_lift_the_pen_at_nan(bench):
    xy = np.array([[[-0.8, 0], [-0.4, 0], [np.nan, 0], [0.4, 0], [0.8, 0]]])
    panel = Panel([Lines(xy, "line", color="model", width=30, opacity=1)], extent=BOX)
    bench.send(Movie([panel], [0], alt="test").encode())
    row = """(() => {
      const canvas = $('.panel canvas'), { width, height } = canvas;
      const { data } = canvas.getContext('2d').getImageData(0, Math.floor(height * 0.48), width, 1);
      return Array.from({length: width}, (_, i) => data[4 * i + 2] === 0xC9 ? '#' : '.').join('');
    })()"""
    assert re.fullmatch(r"\.+#+\.+#+\.+", bench.evaluate(row))


def test_what_a_line_encloses_is_filled_only_where_it_is_asked_for(bench):
    square = np.array([[[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]]])
    for fill, colour in ((1.0, LIGHT.model), (0.0, "#000000")):  # nothing drawn: the canvas is transparent
        panel = Panel([Lines(square, "area", color="model", fill=fill)], extent=BOX)
        bench.send(Movie([panel], [0], alt="test").encode())
        assert bench.pixel(".panel canvas", 0.66, 0.35) == colour


def test_a_weight_thins_a_line_and_shrinks_a_dot_and_none_hides_them(bench):
    rows = [0.5, 0.0, -0.5]
    lines = np.array([[[-0.9, y], [-0.1, y]] for y in rows])
    dots = np.array([[0.5, y] for y in rows])
    weight = np.array([1.0, 0.25, 0.0])
    layers = [
        Lines(lines, "lines", color="model", width=40, opacity=1, weight=weight),
        Points(dots, "dots", color="model", shape="square", size=30, opacity=1, weight=weight),
    ]
    bench.send(Movie([Panel(layers, extent=BOX)], [0], alt="test").encode())
    ink = """([from, to]) => {
      const canvas = $('.panel canvas'), { width, height } = canvas, rows = [0, 0, 0];
      const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
      for (let y = 0; y < height; y++) for (let x = Math.floor(from * width); x < to * width; x++) {
        const at = 4 * (y * width + x), blue = data[at] < 0x60 && data[at + 2] > 0xA0;
        if (blue) rows[Math.floor(3 * y / height)] += data[at + 3] / 255;
      }
      return rows;
    }"""
    heavy, light, none = bench.evaluate(ink, [0.2, 0.45])
    assert light / heavy == pytest.approx(0.25 * 0.4, rel=0.3)  # a quarter as opaque, and as thin as a line gets
    assert none < 0.02 * heavy
    heavy, light, none = bench.evaluate(ink, [0.6, 0.97])
    assert light / heavy == pytest.approx(0.25, rel=0.2)  # its area
    assert none < 0.02 * heavy


@pytest.mark.parametrize(("width", "across"), [(800, 4), (400, 2)])
def test_a_grid_has_panels_then_charts_in_its_columns(bench, width, across):
    bench.page.set_viewport_size({"width": width, "height": 700})
    panels = [Panel([], f"panel {i}", extent=BOX) for i in range(4)]
    charts = [Chart({"loss": [0, 1]}, f"chart {i}") for i in range(4)]
    bench.send(Movie(panels, [0, 1], alt="test", charts=charts, columns=4).encode())
    places = bench.evaluate(
        "[...$('.stage').querySelectorAll('figure')].map(e => e.getBoundingClientRect()).map(b => [b.left, b.top])"
    )
    assert places == sorted(places, key=lambda place: place[1])  # row after row
    assert len({left for left, _ in places}) == across
    assert len({top for _, top in places}) == 8 / across


@pytest.mark.parametrize(("width", "across"), [(800, 8), (400, 4)])
def test_small_pictures_stand_many_in_a_row_with_their_captions(bench, width, across):
    bench.page.set_viewport_size({"width": width, "height": 700})

    def many(frames):
        panels = [
            Panel(
                [Points(np.zeros((1, 2)), "dots")], f"seed {i}", extent=BOX, bare=True,
                captions=[f"{i} at {frame}" for frame in range(frames)],
            )
            for i in range(16)
        ]  # fmt: skip
        charts = [Chart({"loss": np.arange(frames)}, f"chart {i}") for i in range(4)]
        return Movie(panels, range(frames), alt="test", charts=charts, columns=8, run="r")

    bench.send(many(2).encode())
    lefts = bench.evaluate("[...$('.stage').querySelectorAll('.panel')].map(e => e.getBoundingClientRect().left)")
    assert len(set(lefts)) == across
    tops = bench.evaluate("[...$('.stage').querySelectorAll('.chart')].map(e => e.getBoundingClientRect().top)")
    assert len(set(tops)) == 8 / across  # a chart is two columns wide
    captions = "[...$('.stage').querySelectorAll('.caption')].map(e => e.textContent)"
    assert bench.evaluate(captions) == [f"{i} at 0" for i in range(16)]
    bench.send(many(4).encode(first=2))
    for frame in (3, 1):
        bench.seek(frame)
        assert bench.evaluate(captions) == [f"{i} at {frame}" for i in range(16)]
    bench.evaluate("$('.time').dispatchEvent(new Event('change'))")
    assert "seed 0. step 1; 0 at 1. Shown: dots." in bench.evaluate("$('.panel canvas').getAttribute('aria-label')")
    # without ticks the picture is all there is: as high as wide
    wide, high = bench.evaluate("[$('.panel canvas').clientWidth, $('.panel canvas').clientHeight]")
    assert abs(wide - high) <= 1


def test_row_zero_of_a_field_is_at_the_bottom_of_picture_and_readout(bench):
    z = np.zeros((9, 9)) + np.linspace(0, 1, 9)[:, None]  # rises with x₂; the colour scale of the bench gets darker
    bench.send(Movie([Panel([Field(z, "f", lo=0, hi=1, opacity=1)], extent=BOX)], [0], alt="test").encode())
    box = bench.page.locator(".panel canvas").bounding_box()
    grey, value = [], []
    for share in (0.1, 0.8):
        grey.append(int(bench.pixel(".panel canvas", 0.47, share)[1:3], 16))
        bench.page.mouse.move(box["x"] + 0.47 * box["width"], box["y"] + share * box["height"])
        bench.evaluate("painted()")
        value.append(float(bench.evaluate("$('.readout').textContent").split()[-1]))
    assert grey[0] + 100 < grey[1]
    assert value[0] > 0.8 > 0.3 > value[1]


def test_hover_reads_coordinates_and_field(bench):
    bench.send(movie(5).encode())
    box = bench.page.locator(".panel canvas").bounding_box()
    for share in (0.35, 0.5, 0.8):  # the field is x₁, so the readout must show the same number twice
        bench.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.5)
        bench.evaluate("painted()")
        words = bench.evaluate("$('.readout').textContent").replace("−", "-").split()
        assert (words[0], words[4]) == ("x₁", "f")
        assert float(words[1]) == pytest.approx(float(words[5]), abs=0.015)  # half a level and two roundings


def test_hidden_and_outside_points_are_counted_in_the_legend(bench):
    bench.send(movie().encode())
    assert bench.evaluate("$('.legend').textContent") == "f−1 … 1dots1 not a number"
    panel = Panel([Points(np.array([[0, 0], [5, 5]]), "dots")], extent=BOX)
    bench.send(Movie([panel], [0], alt="test").encode())
    assert bench.evaluate("$('.legend').textContent") == "dots1 outside"


def test_a_layer_that_is_not_counted_says_nothing_of_what_it_hides(bench):
    xy = np.array([[np.nan, 0], [9, 9], [0, 0]])
    bench.send(Movie([Panel([Points(xy, "dots", counted=False)], extent=BOX)], [0], alt="").encode())
    assert bench.evaluate("$('.legend').textContent") == "dots"


def test_a_hidden_layer_leaves_picture_and_alt_text(bench):
    bench.send(movie(5).encode())
    before = bench.evaluate("$('.panel canvas').toDataURL()")
    button = bench.page.locator(".legend button", has_text="dots")
    button.click()
    bench.evaluate("painted()")
    assert bench.evaluate("$('.panel canvas').toDataURL()") != before
    assert bench.evaluate("$('.panel canvas').ariaLabel").endswith("Shown: f.")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_alt_text_has_the_numbers(bench):
    bench.send(movie(5, start=3).encode())
    assert bench.evaluate("$('.panel canvas').ariaLabel") == "test. step 30; frame 3; loss 3. Shown: f, dots."
    chart = Chart({"D": [1, 2]}, "loss, nats", truth=("log 4 =", 1.386))
    bench.send(Movie([Panel([], extent=BOX)], [0, 1], alt="new", charts=[chart]).encode())
    assert bench.evaluate("$('.plot').ariaLabel") == "loss, nats: D 2 at step 1; log 4 = 1.39"
    assert bench.evaluate("$('.player').ariaLabel") == "new"


def test_no_type_is_smaller_than_13_pixels(bench):
    bench.evaluate(
        """() => {
          window.fonts = [];
          const fill = CanvasRenderingContext2D.prototype.fillText;
          CanvasRenderingContext2D.prototype.fillText = function (...words) {
            fonts.push(this.font);
            return fill.apply(this, words);
          };
        }"""
    )
    bench.send(movie(5, live=True).encode())
    assert bench.evaluate("Math.min(...fonts.map(parseFloat))") == 13
    written = "[...$('.player').querySelectorAll('*')].filter(e => e.textContent)"
    assert bench.evaluate(f"Math.min(...{written}.map(e => parseFloat(getComputedStyle(e).fontSize)))") >= 13
    bench.evaluate("document.documentElement.style.fontSize = '20px'")  # as when the page is presented to a room
    bench.until("fonts.at(-1).startsWith('16.25px')")


# ---- keys and pointers


def test_keys_move_in_time(bench):
    bench.send(movie(5).encode())
    bench.evaluate("$('.time').focus()")
    for key, label in [
        ("End", "step 40"), ("ArrowLeft", "step 30"), ("ArrowUp", "step 40"), ("Home", "step 0"),
        ("ArrowRight", "step 10"), ("PageUp", "step 20"), ("PageDown", "step 10"),
    ]:  # fmt: skip
        bench.page.keyboard.press(key)
        bench.evaluate("painted()")
        assert bench.label() == label, key
    bench.page.keyboard.press("Space")
    bench.until("$('.player').classList.contains('playing')")
    bench.until("!$('.player').classList.contains('playing')")
    assert bench.label() == "step 40"
    assert bench.evaluate("states") == []  # nobody asked for a report


def test_a_held_key_is_reported_once(bench):
    bench.send(movie(9).encode(report=True))
    bench.evaluate(
        """() => {
          const press = () => new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true});
          for (let i = 0; i < 6; i++) $('.time').dispatchEvent(press());
        }"""
    )
    bench.until("states.length")
    assert bench.evaluate("states") == [["frame", 6]]


def test_a_place_is_picked_by_mouse_and_by_keyboard(bench):
    bench.send(movie(5).encode(pick=True))
    canvas = bench.page.locator(".panel canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 0.7, "y": box["height"] * 0.4})
    name, pick = bench.evaluate("triggers[0]")
    assert (name, pick["panel"], pick["frame"]) == ("pick", 0, 0)
    assert 0 < pick["x"] < 1
    assert 0 < pick["y"] < 1
    bench.page.mouse.move(0, 0)
    canvas.focus()
    for key in ("ArrowRight", "Shift+ArrowUp", "Enter"):
        bench.page.keyboard.press(key)
    pick = bench.evaluate("triggers[1][1]")
    assert (round(pick["x"], 3), round(pick["y"], 3)) == (0.04, 0.2)


def test_the_time_axis_reaches_to_the_end_of_a_movie_that_still_grows(bench):
    bench.send(movie(9, live=True, until=400).encode())
    box = bench.page.locator(".plot").bounding_box()
    bench.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 40)  # at about 200, and 80 is the last there is
    bench.evaluate("painted()")
    assert bench.label() == "step 80"
    bench.send(movie(9, live=True).encode())
    bench.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 40)
    bench.evaluate("painted()")
    assert bench.label() != "step 80"


def test_a_chart_is_a_time_line_too(bench):
    bench.send(movie(5).encode(report=True))
    box = bench.page.locator(".plot").bounding_box()
    bench.page.mouse.click(box["x"] + box["width"] - 11, box["y"] + 40)
    bench.evaluate("painted()")
    assert bench.label() == "step 40"
    assert bench.evaluate("states") == [["frame", 4]]


def test_reduced_motion_shows_whole_frames_only(bench):
    bench.page.emulate_media(reduced_motion="reduce")
    bench.send(movie(30, fps=30).encode())
    bench.evaluate(
        """() => {
          window.seen = new Set();
          const look = () => { seen.add(+$('.time').value); requestAnimationFrame(look); };
          look();
          $('.play').click();
        }"""
    )
    bench.until("seen.has(29)")
    assert bench.evaluate("seen.size > 3 && [...seen].every(Number.isInteger)")


# ---- in an app


def watch_sent(page):
    """The messages that this page sends to the server from now on."""
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    page.locator(".panel canvas").first.wait_for()
    return sent


def test_frame_on_release_reaches_the_server_and_playing_sends_nothing(serve, visit):
    page = visit(f"{serve(APP)}/?demo=gan")
    sent = watch_sent(page)
    time = page.locator(".time")
    expect(page.get_by_text("frame on the server: None")).to_be_visible()
    page.locator(".play").click()
    page.wait_for_function("time => time.value > 1", arg=time.element_handle())
    before = len(sent)
    page.wait_for_function("time => time.value > 12", arg=time.element_handle())
    assert len(sent) == before
    page.locator(".play").click()
    time.focus()
    page.keyboard.press("Home")
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("frame on the server: 7", exact=True)).to_be_visible()
    expect(page.locator(".label")).to_have_text("step 280")
    assert len(sent) > before


def test_theme_switch_redraws_without_losing_the_place(serve, visit):
    page = visit(f"{serve(APP)}/?demo=gan")
    page.locator(".time").focus()
    page.keyboard.press("End")
    sign = page.locator(".legend button", has_text="generator").locator(".sign").element_handle()
    middle = """(canvas, rgb) => {
      const {data} = canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
      return rgb.every((v, i) => v === data[i]);
    }"""
    for scheme, palette in (("light", LIGHT), ("dark", DARK), ("light", LIGHT)):
        page.emulate_media(color_scheme=scheme)
        rgb = list(bytes.fromhex(palette.model[1:]))
        page.wait_for_function(f"([canvas, rgb]) => ({middle})(canvas, rgb)", arg=[sign, rgb])
        expect(page.locator(".label")).to_have_text("step 2360")


@pytest.mark.parametrize("demo", ["gan", "flow", "pair"])
def test_on_a_phone_nothing_overflows_or_overlaps_and_targets_fit_a_finger(serve, visit, demo):
    page = visit(
        f"{serve(APP)}/?demo={demo}", width=390, height=844, device_scale_factor=3, has_touch=True, is_mobile=True
    )
    page.locator(".panel canvas").first.wait_for()
    page.wait_for_function("document.documentElement.scrollWidth <= 390")
    parts = page.locator(".panel, .chart, .text:not(:empty), .bar > *:not([hidden]), .legend button, .readout")
    boxes = parts.evaluate_all("all => all.map(e => [e.className, e.tagName, e.getBoundingClientRect().toJSON()])")
    assert len(boxes) > 8
    for i, (_, tag, box) in enumerate(boxes):
        assert box["left"] >= 0
        assert box["right"] <= 390
        if tag in ("BUTTON", "SELECT", "INPUT"):
            assert box["height"] >= 36
        for name, _, other in boxes[:i]:
            apart_x = box["left"] >= other["right"] - 0.5 or other["left"] >= box["right"] - 0.5
            apart_y = box["top"] >= other["bottom"] - 0.5 or other["top"] >= box["bottom"] - 0.5
            assert apart_x or apart_y, (boxes[i][0], name)


def test_resize_keeps_place_and_sharpness(serve, visit):
    page = visit(f"{serve(APP)}/?demo=gan", device_scale_factor=2)
    page.locator(".time").focus()
    page.keyboard.press("End")
    page.set_viewport_size({"width": 390, "height": 844})
    canvas = page.locator(".panel canvas").element_handle()
    page.wait_for_function(
        "c => c.clientWidth <= 390 && c.width === 2 * c.clientWidth && c.height === 2 * c.clientHeight", arg=canvas
    )
    expect(page.locator(".label")).to_have_text("step 2360")


def test_a_growing_run_is_followed_then_left_alone_then_complete(serve, visit):
    page = visit(f"{serve(APP)}/?demo=live")
    label, time = page.locator(".label"), page.locator(".time")
    expect(label).to_have_text("step 160")
    page.get_by_role("button", name="more").click()
    expect(label).to_have_text("step 560")
    time.focus()
    page.keyboard.press("Home")
    page.get_by_role("button", name="more").click()
    expect(time).to_have_attribute("max", "24")
    expect(label).to_have_text("step 0")
    page.locator(".live").click()
    expect(label).to_have_text("step 960")
    page.get_by_role("button", name="finish").click()
    expect(label).to_have_text("step 2360")
    expect(page.locator(".live")).to_be_hidden()


def test_coming_back_to_a_growing_run_restores_all_of_it(serve, visit):
    page = visit(f"{serve(APP)}/?demo=live")
    page.get_by_role("button", name="more").click()
    expect(page.locator(".time")).to_have_attribute("max", "14")
    page.get_by_text("nothing", exact=True).click()
    expect(page.get_by_text("no player here")).to_be_visible()
    page.get_by_text("live", exact=True).first.click()
    expect(page.locator(".time")).to_have_attribute("max", "14")
    page.locator(".time").focus()
    page.keyboard.press("Home")
    expect(page.locator(".label")).to_have_text("step 0")


def test_a_knob_keeps_the_time_looked_at(serve, visit):
    page = visit(f"{serve(APP)}/?demo=flow")
    page.locator(".time").focus()
    for _ in range(3):
        page.keyboard.press("PageUp")
    expect(page.locator(".label")).to_have_text("t = 0.30")
    page.locator("[data-testid=stSlider] input, [data-testid=stSlider] [role=slider]").first.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("strength 2.39")).to_be_visible()
    expect(page.locator(".label")).to_have_text("t = 0.30")


def test_a_picked_place_reaches_the_server(serve, visit):
    page = visit(f"{serve(APP)}/?demo=flow")
    canvas = page.locator(".panel canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(page.get_by_text(re.compile(r"picked: Pick\(panel=0, x=-0\.\d+, y=0\.\d+, frame=0\)"))).to_be_visible()


def test_memory_is_flat_over_updates(serve, visit):
    page = visit(f"{serve(APP)}/?demo=stress")
    client = page.context.new_cdp_session(page)

    def used(update):
        page.wait_for_function(
            "n => +(document.body.innerText.match(/update (\\d+)/)?.[1] ?? 0) >= n", arg=update, timeout=60_000
        )
        client.send("HeapProfiler.collectGarbage")
        return page.evaluate("performance.memory.usedJSHeapSize") / 1e6, client.send("Memory.getDOMCounters")

    early, dom = used(20)
    late, dom_late = used(120)
    # 100 kept updates of 0.4 MB, or their listeners, would be far outside
    assert late < early * 1.25 + 5
    assert dom_late["nodes"] < dom["nodes"] * 1.3 + 200
    assert dom_late["jsEventListeners"] < dom["jsEventListeners"] * 1.3 + 50


@pytest.mark.parametrize("demo", ["gan", "live", "flow", "pair", "stress"])
def test_the_app_runs_headless_without_a_warning(demo):
    test = AppTest.from_file("apps/player.py", default_timeout=20)
    test.query_params["demo"] = demo
    test.run()
    assert not test.exception
    assert not test.warning
