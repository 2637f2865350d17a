"""See: the published numbers as a visitor reads them, answers that stay hidden, evidence that cannot be."""

import pytest
from causality_page import (
    BOTH,
    expect_beliefs,
    node,
    notice,
    number,
    numbers,
    pick,
    preset,
    sideways,
    smoking_by_hand,
    thumb,
)
from conftest import settle
from playwright.sync_api import expect

from playground.causality import smoking, toy
from playground.theme import DARK, LIGHT

CANCER = {"cancer": 1}


def curve(page, colour):
    """The curve of that colour in the picture."""
    return page.locator(f'[data-testid="stVegaLiteChart"] path[stroke="{colour}" i][d*="L"]')


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_published_numbers_are_on_the_page(serve, visit, width, dark):
    page = visit(f"{serve()}/causality?reveal=1", width=width, dark=dark)
    expect_beliefs(page, smoking(), BOTH)
    published = {"P(smoking)": "0.2000", "P(smoking | cancer)": "0.2831", "P(smoking | cancer, asbestos)": "0.2013"}
    assert published.items() <= numbers(page).items()
    assert smoking_by_hand("smoking", CANCER) == pytest.approx(0.283071, abs=5e-7)
    assert smoking_by_hand("smoking", BOTH) == pytest.approx(0.201336, abs=5e-7)
    preset(page, "A weak rival")
    expect_beliefs(page, smoking(1.0, 0.5), BOTH)
    for given, name in ((CANCER, "P(smoking | cancer)"), (BOTH, "P(smoking | cancer, asbestos)")):
        by_hand = smoking_by_hand("smoking", given, tar=1.0, asbestos=0.5)
        expect(number(page, name)).to_contain_text(f"{by_hand:.4f}")
    assert sideways(page) <= 0
    expect(curve(page, (DARK if dark else LIGHT).model)).to_have_count(1)


def test_the_sign_of_explaining_away_turns_with_the_rival(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_asbestos=-4")
    once, twice = (smoking_by_hand("smoking", given, asbestos=-4.0) for given in (CANCER, BOTH))
    assert twice > once
    expect(number(page, "P(smoking | cancer, asbestos)")).to_contain_text(f"+{twice - once:.4f}")
    expect(notice(page)).to_contain_text(f"{once:.4f} becomes {twice:.4f}")
    preset(page, "Explaining away")
    expect(notice(page)).to_contain_text("0.2831 becomes 0.2013")


def test_the_answer_is_hidden_everywhere_until_it_is_predicted(serve, visit):
    page = visit(f"{serve()}/causality")
    expect_beliefs(page, smoking(), BOTH, hidden=True)
    hidden = {name for name, value in numbers(page).items() if value == "?"}
    assert len(hidden) == 2  # the weight at which the two are equal would tell as well
    assert "P(smoking | cancer, asbestos)" in hidden
    expect(page.locator('[data-testid="stVegaLiteChart"] path[stroke][d*="L"]')).to_have_count(1)  # what is given away
    expect(curve(page, LIGHT.model)).to_have_count(0)
    for title in ("The arithmetic", "Sources"):
        page.get_by_text(title, exact=True).click()
        settle(page)
    everything = page.locator("body").text_content()  # also what is not seen
    for answer in ("0.2013", "0.201", "less likely", "falls to", "falls back"):
        assert answer not in everything
    page.get_by_role("radio", name="Falls").or_(page.get_by_role("button", name="Falls")).first.click()
    settle(page)
    expect_beliefs(page, smoking(), BOTH)
    expect(number(page, "P(smoking | cancer, asbestos)")).to_contain_text("0.2013")
    expect(notice(page)).to_contain_text("You said “Falls”: right.")
    expect(page.get_by_text("Predict.")).to_be_visible()  # the question stays
    expect(curve(page, LIGHT.model)).to_have_count(1)


def test_impossible_evidence_is_said_and_taken_back(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_network=Three+nodes&causality_seen=A%3D0%2CC%3D0")
    expect_beliefs(page, toy(), {"A": 0, "C": 0})
    node(page, "B").click()
    expect(notice(page)).to_contain_text("This cannot happen.")
    expect(notice(page)).to_contain_text("A = 0, C = 0, B = 1 cannot be seen together")
    expect(page.get_by_text("stumbled")).to_have_count(0)
    node(page, "B").click()
    expect_beliefs(page, toy(), {"A": 0, "C": 0, "B": 0})
    expect(page.get_by_text("This cannot happen.")).to_have_count(0)


def test_another_network_makes_a_link_that_opens_without_a_complaint(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1")
    pick(page, "Network", "Three nodes")
    expect(node(page, "A")).to_be_visible()
    page = visit(page.url)
    expect_beliefs(page, toy(), {})
    expect(page.locator('.st-key-ignored [role="status"]')).to_have_count(0)


def test_the_knob_moves_the_beliefs(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1")
    thumb(page, "asbestos").focus()
    page.keyboard.press("Home")  # −6
    expect_beliefs(page, smoking(2.0, -6.0), BOTH)
