"""The catalog is what the folders hold, what home shows and what the menu knows; other addresses end friendly."""

import asyncio
import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from app_pages import ROOT, html_of, open_page, sent, words
from starlette.applications import Starlette

from playground.ui import catalog, server

READY = [entry.name for entry in catalog.READY]
UNREADY = [entry.name for entry in catalog.LESSONS if not entry.ready]


def links(app):
    """Address -> label of every page link; the default page's address is empty."""
    return {element.proto.page: element.proto.label for element in app.page_link}


def test_every_lesson_folder_is_in_the_catalog_once_and_the_other_way_round():
    folders = sorted(path.parent.relative_to(ROOT / "pages").as_posix() for path in ROOT.glob("pages/*/*/page.py"))
    assert folders == sorted(f"{entry.section}/{entry.name}" for entry in catalog.READY)


def test_names_are_unique_addresses():
    names = [entry.name for entry in catalog.LESSONS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+", name) for name in names)  # _missing() lowers what was asked
    assert not set(names) & set(catalog.SECTIONS)  # /section/name redirects


def test_lessons_of_one_section_stand_together():
    sections = [entry.section for entry in catalog.LESSONS]
    runs = [section for i, section in enumerate(sections) if i == 0 or sections[i - 1] != section]
    assert len(runs) == len(set(runs))


@pytest.mark.parametrize("entry", catalog.LESSONS, ids=lambda entry: entry.name)
def test_every_lesson_asks_a_question_and_claims_a_sentence(entry):
    assert entry.question.endswith("?")
    assert entry.claim.endswith(".")
    assert "!" not in entry.question + entry.claim + entry.title
    assert entry.sources or not entry.ready


@pytest.mark.parametrize("name", READY)
def test_every_thumbnail_is_a_small_inert_svg_in_the_colours_of_roles(name):
    svg = catalog.lesson(name).thumbnail()
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert [float(v) for v in root.get("viewBox").split()] == [0, 0, 240, 134]
    assert len(svg) < 50_000
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "foreignObject", "image", "a", "style"}
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|href|\son\w+=", svg)


def test_home_shows_every_lesson_and_links_and_draws_the_ready_ones_once():
    app = open_page()
    assert not app.exception
    assert links(app) == {name: catalog.lesson(name).question for name in READY}
    assert len(app.page_link) == len(sent(app, "drawing")) == len(READY)
    assert [picture["svg"] for picture in sent(app, "drawing")] == [entry.thumbnail() for entry in catalog.READY]
    said = words(app)
    for entry in catalog.LESSONS:
        assert entry.title in said
        assert entry.ready or entry.question in said


@pytest.mark.parametrize("name", READY)
def test_a_lesson_shows_its_title_its_claim_and_the_way_home(name):
    app = open_page(name)
    assert not app.exception
    head = next(piece for piece in html_of(app) if "<h1>" in piece)
    assert catalog.lesson(name).title in head
    assert catalog.lesson(name).claim in head
    assert links(app).get("", "") == "All lessons"


@pytest.mark.parametrize("address", ["nope", "causality2", "page.py", "a b", "%", "?", "<b>", "ä", "x" * 300])
def test_an_unknown_address_ends_on_a_friendly_page(address):
    app = open_page(address)
    assert not app.exception
    assert [title.value for title in app.title] == ["There is no such page"]
    assert links(app) == {**{name: catalog.lesson(name).question for name in READY}, "": "All lessons"}


@pytest.mark.parametrize("address", ["home", " ", "//", "a//"])  # /start/home redirects to /home
def test_an_address_that_no_page_can_have_does_not_stumble(address):
    app = open_page(address)
    assert not app.exception
    assert links(app)


@pytest.mark.parametrize("name", UNREADY)
@pytest.mark.parametrize("change", [str, str.upper], ids=["as written", "in capitals"])
def test_a_planned_lesson_says_that_it_is_planned(name, change):
    app = open_page(change(name))
    assert f"“{catalog.lesson(name).title}” is planned" in words(app)
    assert links(app)[""] == "All lessons"


@pytest.mark.parametrize("name", READY)
@pytest.mark.parametrize("change", [str.upper, str.title])
def test_the_wrong_case_leads_to_the_lesson(name, change):
    app = open_page(change(name), reveal="1")
    assert not app.exception
    assert any(catalog.lesson(name).title in piece for piece in html_of(app) if "<h1>" in piece)
    assert app.query_params["reveal"] == "1"


def location(path, query=""):
    """Where the server sends a request for `path`; None if it does not."""
    answers = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        answers.append(message)

    scope = {
        "type": "http", "method": "GET", "scheme": "http", "server": ("playground.test", 80), "headers": [],
        "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
    }  # fmt: skip
    asyncio.run(Starlette(routes=server.redirects(catalog.SECTIONS))(scope, receive, send))
    headers = {name.decode(): value.decode("latin-1") for name, value in answers[0]["headers"]}
    assert set(headers) <= {"location", "content-length", "content-type"}
    return headers.get("location")


@pytest.mark.parametrize("entry", catalog.LESSONS, ids=lambda entry: entry.name)
def test_a_section_in_the_address_redirects_and_keeps_the_parameters(entry):
    query = "a=cancer%3D1%2Cb&b=%3Cx%3E"
    assert location(f"/{entry.section}/{entry.name}", query) == f"/{entry.name}?{query}"
    assert location(f"/{entry.section}/{entry.name}") == f"/{entry.name}"


@pytest.mark.parametrize("path", ["/home", "/start/home"])
def test_home_has_only_one_address(path):
    assert location(path) == "/"


@pytest.mark.parametrize(
    "path", ["%2Fevil.example", "%5Cevil.example", "%5C%5Cevil.example", "%0D%0ASet-Cookie:a=b", "https:evil", ".."]
)  # fmt: skip
def test_no_redirect_leaves_the_origin(path):
    target = location(f"/probability/{path}")
    if target is not None:
        assert not target.startswith(("//", "/\\", "/\t"))
        assert urlsplit(urljoin("http://playground.test/probability/x", target)).netloc == "playground.test"
