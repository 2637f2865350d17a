"""The app without a browser: opening a page of it, and reading what it says."""

import html
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

from streamlit.testing.v1 import AppTest

from playground.ui import catalog, page

ROOT = Path(__file__).parents[2]


def open_page(address="", **query):
    """A run AppTest, as if a browser had asked for /address?query."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    app.context = {"url": f"http://playground.test/{quote(address)}"}
    if address:  # a page can be asked for only when the menu is known; switch_page() knows no addresses
        app.run()
        found = (key for key, info in app._registered_pages.items() if info["url_pathname"] == address)
        app._page_hash = next(found, "")
    app.query_params = query
    return app.run()


@cache
def experiments(name):
    """The experiments of a lesson, as its page.py hands them to the kit."""
    found = []
    kept, page.lesson = page.lesson, lambda _, shown: found.extend(shown)
    try:
        exec(compile(catalog.lesson(name).file.read_text("utf-8"), name, "exec"), {"__name__": "page"})
    finally:
        page.lesson = kept
    assert found, f"{name} shows no experiment"
    return tuple(found)


def html_of(app):
    """Each piece of html on the page."""
    return [element.value for element in app.get("html")]


def words(app):
    """What the page says, without tags."""
    pieces = [piece for piece in html_of(app) if not piece.startswith("<style>")]
    pieces += [element.value for element in (*app.markdown, *app.latex, *app.title, *app.metric)]
    return html.unescape(re.sub(r"<[^>]+>", " ", "\n".join(pieces)))


def numbers(app):
    """The strip of numbers: label -> (value, what it is held against)."""
    cells = re.findall(r"<dt>(.*?)</dt><dd>(.*?)<small>(.*?)</small>", "\n".join(html_of(app)))
    return {html.unescape(label): (html.unescape(value), html.unescape(beside)) for label, value, beside in cells}


def notice(app):
    """The notice, without tags."""
    (found,) = [piece for piece in html_of(app) if 'class="pg-notice"' in piece]
    return html.unescape(re.sub(r"<[^>]+>", "", found))


def ignored(app):
    """The sentence about what of the link was not used; empty if there is none."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", piece)) for piece in html_of(app) if "Not used from" in piece)


def sent(app, component):
    """What every component of that name was sent."""
    protos = (element.proto for element in app.get("bidi_component"))
    return [json.loads(proto.json) for proto in protos if proto.component_name == f"playground_{component}"]
