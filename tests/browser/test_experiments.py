"""Do, Identify, Imagine and Mechanisms as a visitor plays them: clicks, drags, links, and the way Back."""

import re

import numpy as np
import pytest
import torch
from causality_page import ignored, node, notice, number, numbers, pick, sideways, thumb
from conftest import settle
from playwright.sync_api import expect

from playground.causality import (
    Climate,
    Country,
    Study,
    counterfactual_marginals,
    excess_nll,
    fit_line,
    front_door,
    necessity,
    sample_altitude,
    simpson,
    simulate,
    smoking,
    temperature_on_altitude,
)

THIN = "\u2009"


def panel(page, i):
    """The i-th graph of the page."""
    return page.locator(".graph").nth(i)


def spoken(page, i, name):
    """The node of the i-th graph."""
    return panel(page, i).get_by_role("button", name=re.compile(f"^{re.escape(name)}, "))


def expect_after(page, i, beliefs, marks):
    """Every node of the i-th graph says its mark and its probability to three decimals."""
    for name, p in beliefs.items():
        words = rf"^{re.escape(name)}, {marks.get(name, 'unknown')}, .*after {p:.3f}$"
        expect(spoken(page, i, name)).to_have_attribute("aria-label", re.compile(words))


def minus(text):
    return text.replace("-", "−")


# -- Do


def expect_do(page, value, also):
    """Both panels, and the strip, with yellow = value and what else is seen."""
    network, setting = smoking(), {"yellow": value}
    seen, done = network.marginals({**also, **setting}), network.marginals(also, setting)
    marks = {name: f"seen {v}" for name, v in also.items()}
    expect_after(page, 0, seen, {**marks, "yellow": f"seen {value}"})
    expect_after(page, 1, done, {**marks, "yellow": f"do {value}"})
    expect(number(page, "Doing minus seeing")).to_contain_text(minus(f"{done['smoking'] - seen['smoking']:+.4f}"))


def test_a_click_in_one_panel_moves_both_and_a_click_on_what_is_set_turns_it(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_experiment=Do")
    expect_do(page, 1, {})
    spoken(page, 0, "cancer").click()
    expect_do(page, 1, {"cancer": 1})
    spoken(page, 1, "asbestos").click()
    expect_do(page, 1, {"cancer": 1, "asbestos": 1})
    spoken(page, 1, "yellow").click()
    expect_do(page, 0, {"cancer": 1, "asbestos": 1})
    spoken(page, 0, "yellow").click()
    expect_do(page, 1, {"cancer": 1, "asbestos": 1})
    spoken(page, 1, "cancer").click()
    expect_do(page, 1, {"cancer": 0, "asbestos": 1})
    settle(page)
    newcomer = visit(page.url)
    expect_do(newcomer, 1, {"cancer": 0, "asbestos": 1})
    expect(ignored(newcomer)).to_have_count(0)


def test_the_number_of_people_moves_the_estimates_while_it_is_dragged(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_experiment=Do")
    people = simulate(smoking(), 1_000_000, {"yellow": 1}, generator=torch.Generator().manual_seed(0))
    slider, cell = thumb(page, "N"), number(page, "P(smoking | do(yellow = 1))")
    before, box = page.url, thumb(page, "N").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in (0.3, 0.9):
        page.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2, steps=4)
        text = slider.get_attribute("aria-valuetext")
        n = int(text.replace(THIN, ""))
        share = people.shares({"smoking": 1}, {}, [n])
        low, high = (bound[0] for bound in share.interval)
        held = f"{text} people: {share.value[0]:.3f}, 95% {low:.3f} – {high:.3f}"
        expect(cell).to_contain_text(held)
        assert page.url == before
    page.mouse.up()
    settle(page)
    expect(cell).to_contain_text(held)
    page.wait_for_url("**causality_people=*")
    expect(number(visit(page.url), "P(smoking | do(yellow = 1))")).to_contain_text(held)


# -- Identify


def expect_study(page, study, n=2_000):
    """The strip against the engine: the truth, and every estimate from the same people."""
    data, coin = (
        simulate(world, 1_000_000, generator=torch.Generator().manual_seed(0)).joint(n)
        for world in (study.network, study.trial)
    )
    found = study.estimates(data, coin)
    expect(number(page, "Effect, exact, by do()")).to_contain_text(minus(f"{study.truth:+.4f}"))
    expect(number(page, "Naive difference")).to_contain_text(minus(f"{found['naive'].value:+.4f}"))
    if study.adjusted:
        adjusted = number(page, f"Adjusted for {study.adjusted[0]}")
        expect(adjusted).to_contain_text(minus(f"{found['adjusted'].value:+.4f}"))
    expect(number(page, f"A trial with 2{THIN}000 people")).to_contain_text(minus(f"{found['trial'].value:+.4f}"))


def test_a_click_adjusts_and_another_stops_to(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_experiment=Identify")
    stones = ("treatment", "recovery")
    expect_study(page, Study(simpson(), *stones, adjusted=("large stones",)))
    node(page, "large stones").click()
    expect_study(page, Study(simpson(), *stones))
    expect(notice(page)).to_contain_text("Adjusting for nothing is off by")
    node(page, "large stones").click()
    expect_study(page, Study(simpson(), *stones, adjusted=("large stones",)))
    expect(notice(page)).to_contain_text("Adjusting for large stones is right")
    node(page, "treatment").click()  # the cause is no candidate
    expect(node(page, "treatment").locator("text", has_text="cause")).to_be_visible()
    expect_study(page, Study(simpson(), *stones, adjusted=("large stones",)))


def test_what_is_hidden_cannot_be_adjusted_for_until_it_is_measured(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_experiment=Identify")
    pick(page, "Network", "Front door")
    ends = ("smoking", "cancer")
    expect_study(page, Study(front_door(), *ends, hidden=("genotype",)))
    expect(notice(page)).to_contain_text("use the front door through tar")
    expect(node(page, "genotype")).to_have_attribute("aria-label", re.compile("cannot be measured"))
    node(page, "genotype").click()
    expect_study(page, Study(front_door(), *ends, hidden=("genotype",)))
    hidden = page.get_by_test_id("stMultiSelect")
    hidden.get_by_role("combobox").press("Backspace")
    expect(node(page, "genotype")).not_to_have_attribute("aria-label", re.compile("cannot be measured"))
    settle(page)
    node(page, "genotype").click()
    expect_study(page, Study(front_door(), *ends, adjusted=("genotype",)))
    hidden.get_by_role("combobox").click()
    page.get_by_role("option", name="tar", exact=True).click()
    page.keyboard.press("Escape")
    expect(node(page, "tar")).to_have_attribute("aria-label", re.compile("cannot be measured"))
    expect(notice(page)).not_to_contain_text("front door")


# -- Imagine


def expect_imagined(page, was):
    """Both panels and the answer, for this person had they not smoked."""
    network, act = smoking(), {"smoking": 0}
    marks = {name: f"seen {v}" for name, v in was.items()}
    expect_after(page, 0, network.marginals(was), marks)
    would = counterfactual_marginals(network, given=was, do=act)
    expect_after(page, 1, would, {"smoking": "do 0"})
    expect(number(page, "P(cancer), this person")).to_contain_text(f"{would['cancer']:.4f}")


def test_what_was_is_clicked_together_and_what_would_have_been_follows(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_experiment=Imagine")
    was = {"smoking": 1, "yellow": 1, "cancer": 1}
    expect_imagined(page, was)
    expect(number(page, "Necessity of smoking")).to_contain_text(f"{necessity(smoking(), 'smoking', 'cancer'):.4f}")
    spoken(page, 0, "asbestos").click()
    expect_imagined(page, {**was, "asbestos": 1})
    spoken(page, 0, "asbestos").click()
    expect_imagined(page, {**was, "asbestos": 0})
    spoken(page, 0, "tar").click()
    spoken(page, 1, "tar").click()  # what would have been is read, not written
    expect_imagined(page, {**was, "asbestos": 0, "tar": 1})
    settle(page)
    expect_imagined(visit(page.url), {**was, "asbestos": 0, "tar": 1})


def test_the_answer_is_hidden_until_it_is_predicted(serve, visit):
    page = visit(f"{serve()}/causality?causality_experiment=Imagine")
    assert numbers(page)["P(cancer), this person"] == "?"
    expect(spoken(page, 1, "cancer")).to_have_attribute("aria-label", re.compile("after hidden$"))
    page.get_by_role("radio", name="Above 0.8").or_(page.get_by_role("button", name="Above 0.8")).first.click()
    expect_imagined(page, {"smoking": 1, "yellow": 1, "cancer": 1})


# -- Mechanisms


def lost(mean, spread=500.0):
    """What the fit along the arrow loses in the other country, in nats."""
    altitude, temperature = sample_altitude(
        Country(800.0, 300.0), Climate(noise_sd=2.0), 150, generator=torch.Generator().manual_seed(0)
    )
    return excess_nll(fit_line(altitude, temperature), temperature_on_altitude(Country(mean, spread), Climate()))


def test_the_losses_follow_the_mean_altitude_while_it_is_dragged(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_experiment=Mechanisms")
    slider, cell = thumb(page, "mean altitude"), number(page, "T from A, over there")
    expect(cell).to_contain_text(f"+{lost(2200.0):.3f} nats")
    before, box = page.url, slider.bounding_box()
    along = 8 + 2200 / 2500 * (box["width"] - 16)
    page.mouse.move(box["x"] + along, box["y"] + box["height"] / 2)
    page.mouse.down()
    seen = []
    for part in (0.55, 0.3, 0.1):
        page.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2, steps=4)
        seen.append(float(slider.input_value()))
        expect(cell).to_contain_text(f"+{lost(seen[-1]):.3f} nats")
        assert page.url == before
    page.mouse.up()
    assert np.all(np.diff(seen) < 0)
    page.wait_for_url(f"**causality_altitude={seen[-1]:g}*")
    expect(number(visit(page.url), "T from A, over there")).to_contain_text(f"+{lost(seen[-1]):.3f} nats")


# -- links, Back, phones


LINKS = {
    "Do": ("causality_act=cancer&causality_ask=smoking", "P(smoking | do(cancer = 1))", "0.2000"),
    "Identify": ("causality_adjust=", "Naive difference", None),
    "Imagine": ("causality_was=cancer%3D1", "P(cancer), this person", None),
    "Mechanisms": ("causality_altitude=1000", "T from A, over there", f"+{lost(1000.0):.3f} nats"),
}


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)], ids=["desk", "dark phone"])
def test_links_open_their_experiments_and_back_restores_the_former(serve, visit, width, dark):
    page = visit(f"{serve()}/causality?reveal=1", width=width, dark=dark)
    strips = []
    for name, (query, label, shown) in LINKS.items():
        page.goto(f"{serve()}/causality?reveal=1&causality_experiment={name}&{query}")
        settle(page)
        expect(number(page, label)).to_contain_text(shown or ".")
        assert sideways(page) <= 0
        expect(ignored(page)).to_have_count(0)
        expect(page.get_by_text("stumbled")).to_have_count(0)
        for picture in page.locator('[data-testid="stVegaLiteChart"], .graph').all():
            box = picture.bounding_box()
            assert box["x"] >= -1
            assert box["x"] + box["width"] <= width + 1
        strips.append((label, numbers(page)))
    for label, strip in reversed(strips[:-1]):
        page.go_back()
        expect(number(page, label)).to_be_visible()
        settle(page)
        assert numbers(page) == strip


def test_back_after_another_experiment_was_chosen_restores_the_former(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1")
    strip = numbers(page)
    page.get_by_role("radio", name="Mechanisms").or_(page.get_by_role("button", name="Mechanisms")).first.click()
    expect(number(page, "T from A, at home")).to_be_visible()
    page.wait_for_url("**causality_experiment=Mechanisms*")
    page.go_back()
    expect(number(page, "P(smoking | cancer)")).to_be_visible()
    settle(page)
    assert numbers(page) == strip


def test_back_undoes_a_click(serve, visit):
    page = visit(f"{serve()}/causality?reveal=1&causality_experiment=Imagine")
    was = {"smoking": 1, "yellow": 1, "cancer": 1}
    spoken(page, 0, "asbestos").click()
    expect_imagined(page, {**was, "asbestos": 1})
    page.wait_for_url("**causality_was=*")
    settle(page)
    page.go_back()
    expect_imagined(page, was)
