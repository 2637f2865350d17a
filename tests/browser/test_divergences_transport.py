"""Transport in a browser: its three views, mass scrubbed along its way, clouds drawn by hand, critics that learn."""

import re

import pytest
from causality_page import ignored, notice, number, preset, sideways, thumb
from conftest import settle
from playwright.sync_api import expect

ADDRESS = "divergences?divergences_experiment=Transport"
VIEW = "divergences_transport_view"
HUES = """canvas => {
  const { width, height } = canvas, found = new Set();
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200) found.add((data[i] >> 4) + ',' + (data[i + 2] >> 4));
  return found.size;
}"""


def panels(page):
    return page.locator(".player figure.panel canvas")


def drawing(page, i=0):
    return panels(page).nth(i).evaluate("canvas => canvas.toDataURL()")


def legend(page):
    return page.locator(".player .legend button")


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
@pytest.mark.parametrize(
    ("view", "shows"), [("Line", "random plan"), ("Plane", "ways of mass by Sinkhorn"), ("Critic", "clipped")]
)
def test_every_view_opens_and_fits(serve, visit, view, shows, width, dark):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1&{VIEW}={view}", width=width, height=844, dark=dark)
    expect(legend(page).filter(has_text=shows)).to_have_count(1)
    expect(panels(page).first).to_be_visible()
    assert panels(page).first.evaluate(HUES) > 10
    expect(page.get_by_text("stumbled")).to_have_count(0)
    assert sideways(page) <= 0


def test_a_knob_moves_the_plan_of_a_line(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1")
    before = drawing(page)
    expect(number(page, "W₁, cost |x − y|")).to_contain_text("2.0000")
    thumb(page, "Q centre").focus()
    page.keyboard.press("End")
    expect(number(page, "W₁, cost |x − y|")).to_contain_text("4.5000")  # the means are −1.5 and 3, and Q lies above P
    assert drawing(page) != before


def test_epsilon_blurs_the_plan_and_time_is_scrubbed_without_the_server(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1&{VIEW}=Plane")
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    settle(page)
    expect(page.locator(".player .label")).to_have_text("t = 0.50")
    sharp, blurred = drawing(page, 0), drawing(page, 1)
    thumb(page, "ε").focus()
    page.keyboard.press("End")
    expect(page.locator(".pg-equation")).to_contain_text("ε = 100")
    expect(number(page, "Sinkhorn’s plan")).to_contain_text("with ε·KL")
    expect(notice(page)).to_contain_text("over 36.0 of the 36 points")
    assert drawing(page, 0) == sharp
    assert drawing(page, 1) != blurred
    calls = len(sent)
    assert calls
    page.locator(".player .time").focus()
    page.keyboard.press("End")
    expect(page.locator(".player .label")).to_have_text("t = 1.00")
    assert drawing(page, 0) != sharp
    assert len(sent) == calls


def test_a_preset_loads_and_its_link_restores_it(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1")
    preset(page, "Crossing")
    expect(number(page, "Pairs that cross")).to_contain_text("60")
    page.get_by_text("Cost |x − y|", exact=True).click()
    settle(page)
    expect(number(page, "Pairs that cross")).to_contain_text("0")
    preset(page, "Hasty")
    expect(number(page, "In the wrong place")).to_contain_text("not converged")
    expect(page).to_have_url(re.compile("pair=Moon"))
    newcomer = visit(page.url)
    expect(number(newcomer, "In the wrong place")).to_contain_text("200 rounds, not converged")
    expect(notice(newcomer)).to_contain_text("A plan that has not converged")
    expect(ignored(newcomer)).to_have_count(0)


def test_clouds_are_drawn_kept_in_the_link_and_taken_back(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&reveal=1&{VIEW}=Plane&divergences_transport_pair=Drawn")
    formula, sheet, count = page.locator(".pg-equation"), page.locator("canvas.sheet"), page.locator(".count")
    expect(formula).to_contain_text("P 8 points → Q 5 points")
    for k in range(3):  # faster than the server answers
        sheet.click(position={"x": 40 + 30 * k, "y": 200})
    expect(formula).to_contain_text("P 11 points")
    page.get_by_role("radio", name="Q", exact=True).click()
    expect(count).to_have_text("5 of 60 points")
    sheet.click(position={"x": 120, "y": 40})
    expect(formula).to_contain_text("P 11 points → Q 6 points")
    expect(page).to_have_url(re.compile("drawn_q="))
    newcomer = visit(page.url)
    expect(newcomer.locator(".pg-equation")).to_contain_text("P 11 points → Q 6 points")
    expect(newcomer.locator(".count")).to_have_text("6 of 60 points")
    newcomer.locator("button.clear").click()
    expect(notice(newcomer)).to_contain_text("There are no points in Q yet")
    newcomer.go_back()
    expect(newcomer.locator(".pg-equation")).to_contain_text("P 11 points → Q 6 points")
    expect(newcomer.locator(".count")).to_have_text("6 of 60 points")
    page.get_by_text("Line", exact=True).click()
    settle(page)
    page.get_by_text("Plane", exact=True).click()
    expect(formula).to_contain_text("P 11 points → Q 6 points")


def test_two_critics_learn_after_the_prediction(serve, visit):
    page = visit(f"{serve()}/{ADDRESS}&{VIEW}=Critic")
    expect(legend(page).filter(has_text="clipped")).to_have_count(0)
    expect(page.locator(".player .plot")).to_have_count(0)
    expect(number(page, "Clipped, scaled")).to_contain_text("?")
    page.get_by_role("radio", name="Under 60%").click()
    expect(notice(page)).to_contain_text("You said “Under 60%”: right.")
    expect(page.locator(".player .label")).to_have_text("update 400")
    expect(page.locator(".player .plot").first).to_have_attribute("aria-label", re.compile("W₁ 2$"))
    page.locator(".player .time").focus()
    after = drawing(page)
    page.keyboard.press("Home")
    expect(page.locator(".player .label")).to_have_text("update 0")
    assert drawing(page) != after
