"""The button that saves the pictures on the stage: complete SVG files that need no style sheet."""

import xml.etree.ElementTree as ElementTree

import pytest

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def saved(serve, chromium):
    """The pictures of See in light and in dark, as a visitor's browser saves them."""
    pictures = {}
    for mode in ("light", "dark"):
        context = chromium.new_context(
            viewport={"width": 1440, "height": 900}, color_scheme=mode, accept_downloads=True
        )
        page = context.new_page()
        page.goto(f"{serve()}/causality?reveal=1")
        page.wait_for_selector('[data-testid="stVegaLiteChart"] svg')
        page.get_by_text("Data", exact=True).click()
        downloads = []

        def last(item, downloads=downloads):
            downloads.append(item)
            return len(downloads) == 2

        with page.expect_event("download", last):
            page.get_by_role("button", name="Pictures (SVG)").click()
        pictures[mode] = {item.suggested_filename: ElementTree.parse(item.path()).getroot() for item in downloads}
        context.close()
    return pictures


def test_every_picture_of_the_stage_is_one_file(saved):
    assert set(saved["light"]) == {"see-1.svg", "see-2.svg"}
    for picture in saved["light"].values():
        assert picture.tag == f"{SVG}svg"
        assert float(picture.get("width")) > 200


def test_the_graph_is_saved_with_its_names_and_numbers(saved):
    (graph,) = (p for p in saved["light"].values() if "smoking" in "".join(p.itertext()))
    words = [text.text for text in graph.iter(f"{SVG}text")]
    assert {"smoking", "tar", "cancer", "asbestos", "yellow", "seen 1", "0.201"} <= set(words)


def test_styles_are_written_into_the_file(saved):
    for picture in saved["light"].values():
        for text in picture.iter(f"{SVG}text"):
            assert "fill: rgb" in text.get("style")
            assert "font-size" in text.get("style")


def test_a_saved_picture_keeps_the_theme_it_was_seen_in(saved):
    light, dark = (saved[mode]["see-1.svg"].get("style") for mode in ("light", "dark"))
    assert "background: rgb(253, 253, 252)" in light
    assert "background: rgb(19, 21, 25)" in dark
