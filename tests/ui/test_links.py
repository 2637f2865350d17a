"""A knob's value lives in the session and in the address: which of the two is right, and what is never taken over."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.ui import links

KEY = "lesson_knob"


class Address(dict):
    """What `st.query_params` is to a page."""

    def to_dict(self):
        return dict(self)

    def from_dict(self, values):
        self.clear()
        self.update(values)


class Browser:
    """A session and an address, without Streamlit: what a visitor does to them, and what the page then draws."""

    def __init__(self, **address):
        self.state, self.address, self.legal = {}, Address(address), True

    def enter(self, page="lesson"):
        """The page's script begins."""
        links.enter(page)
        return self

    def draw(self, default=3):
        value = links.linked(KEY, default, read=self.read, write=str, label="Knob")
        links.write()
        return value

    def run(self, default=3):
        return self.enter().draw(default)

    def follow(self, **address):
        """A link, a reload, Back or Forward: the address says something new."""
        self.address.clear()
        self.address.update(address)

    def through_home(self):
        """To another page by the menu, which empties the address, and back."""
        self.follow()
        self.enter("home")

    def read(self, text):
        if not text.isdecimal() or not 0 <= int(text) <= 9:
            raise ValueError("a digit")
        return int(text)


@pytest.fixture(autouse=True)
def browser(monkeypatch):
    visitor = Browser()
    monkeypatch.setattr(links, "st", SimpleNamespace(session_state=visitor.state, query_params=visitor.address))
    return visitor


def test_a_default_leaves_no_trace_in_the_address(browser):
    assert (browser.run(), browser.address) == (3, {})
    browser.follow(**{KEY: "3"})
    assert (browser.run(), browser.address) == (3, {})


def test_a_link_sets_the_knob(browser):
    browser.follow(**{KEY: "7"})
    assert (browser.run(), browser.address) == (7, {KEY: "7"})


def test_the_address_follows_the_session(browser):
    browser.run()
    links.put({KEY: 5})
    assert (browser.run(), browser.address) == (5, {KEY: "5"})
    links.put({KEY: 3})
    assert (browser.run(), browser.address) == (3, {})


def test_a_new_address_wins_over_the_session(browser):
    browser.follow(**{KEY: "7"})
    browser.run()
    browser.follow(**{KEY: "2"})
    assert (browser.run(), browser.address) == (2, {KEY: "2"})


def test_an_unchanged_address_loses_to_the_session(browser):
    browser.follow(**{KEY: "7"})
    browser.run()
    links.put({KEY: 5})
    assert (browser.run(), browser.address) == (5, {KEY: "5"})


def test_back_to_an_address_without_the_knob_is_its_default(browser):
    browser.run()
    links.put({KEY: 5})
    browser.run()
    browser.follow()
    assert (browser.run(), browser.address) == (3, {})


def test_coming_back_by_the_menu_remembers(browser):
    browser.follow(**{KEY: "7"})
    browser.run()
    browser.through_home()
    assert (browser.run(), browser.address) == (7, {KEY: "7"})


def test_coming_back_by_a_link_takes_the_link(browser):
    browser.follow(**{KEY: "7"})
    browser.run()
    browser.through_home()
    browser.follow(**{KEY: "2"})
    assert (browser.run(), browser.address) == (2, {KEY: "2"})


def test_after_coming_back_by_the_menu_back_still_means_default(browser):
    browser.follow(**{KEY: "7"})
    browser.run()
    browser.through_home()
    browser.run()
    browser.follow()
    assert (browser.run(), browser.address) == (3, {})


def test_a_preset_on_another_page_is_kept_until_the_knob_is_drawn(browser):
    browser.run()
    browser.through_home()
    links.put({KEY: 5})
    assert (browser.run(), browser.address) == (5, {KEY: "5"})


def test_a_late_address_of_a_fragment_does_not_undo_a_quick_second_change(browser):
    browser.run()
    links.put({KEY: 5})
    browser.draw()
    links.put({KEY: 6})
    browser.follow()  # what the browser showed before the answer to 5 arrived
    assert (browser.draw(), browser.address) == (6, {KEY: "6"})
    browser.state[KEY] = 7  # by a component of its own
    browser.follow(**{KEY: "5"})
    assert (browser.draw(), browser.address) == (7, {KEY: "7"})


def test_a_late_address_does_not_undo_a_preset(browser):
    browser.follow(**{KEY: "7"})
    browser.run()
    links.put({KEY: 5})
    browser.follow()
    assert (browser.run(), browser.address) == (5, {KEY: "5"})
    browser.follow()  # but this is Back
    assert (browser.run(), browser.address) == (3, {})


def test_two_calls_in_one_run_agree(browser):
    browser.follow(**{KEY: "7"})
    assert [browser.run(), browser.draw()] == [7, 7]


@pytest.mark.parametrize("text", ["banana", "10", "-1", "", "1e400", "<script>alert(1)</script>", "٣٣"])
def test_an_illegal_value_is_named_once_and_leaves_the_default(browser, text):
    browser.follow(**{KEY: text})
    assert (browser.run(), browser.address) == (3, {})
    came = text[:24] + "…" * (len(text) > 24)
    said = f"Not used from this link: Knob = “{came}” (a digit). The defaults are shown instead."
    assert links.ignored() == said
    assert (browser.run(), links.ignored()) == (3, "")


def test_an_illegal_value_does_not_undo_what_the_visitor_set(browser):
    browser.run()
    links.put({KEY: 5})
    browser.run()
    browser.follow(**{KEY: "banana"})
    assert (browser.run(), browser.address) == (5, {KEY: "5"})
    assert "banana" in links.ignored()


def test_two_illegal_values_make_one_sentence(browser):
    browser.follow(**{KEY: "banana", "other": "apple"})
    browser.run()
    links.linked("other", 1, read=browser.read, write=str, label="Other")
    sentence = links.ignored()
    assert sentence.startswith("Not used from this link: Knob = “banana”")
    assert "; Other = “apple”" in sentence
    assert sentence.count("Not used") == sentence.count("The defaults") == 1


def test_what_is_too_long_is_refused_unread(browser, monkeypatch):
    read = []
    monkeypatch.setattr(browser, "read", lambda text: read.append(len(text)) or 1)
    browser.follow(**{KEY: "1" * (links.LONGEST + 1)})
    assert (browser.run(), read) == (3, [])
    assert f"at most {links.LONGEST} characters" in links.ignored()
    assert len(links.ignored()) < 200
    browser.follow(**{KEY: "1" * links.LONGEST})
    assert (browser.run(), read) == (1, [links.LONGEST])


def test_an_error_that_is_no_refusal_is_not_swallowed(browser, monkeypatch):
    monkeypatch.setattr(browser, "read", lambda text: {}[text])
    browser.follow(**{KEY: "1"})
    with pytest.raises(KeyError):
        browser.run()


@given(st.lists(st.one_of(st.integers(0, 9), st.text(max_size=3), st.none(), st.just("home")), max_size=8))
def test_after_any_history_the_address_alone_restores_the_value(steps):
    visitor = Browser()
    links.st = SimpleNamespace(session_state=visitor.state, query_params=visitor.address)
    for step in steps:
        if step == "home":
            visitor.through_home()
        elif isinstance(step, int):
            links.put({KEY: step})
        else:
            visitor.follow(**({} if step is None else {KEY: step}))
        value = visitor.run()
    value = visitor.run()
    newcomer = Browser(**visitor.address)
    links.st = SimpleNamespace(session_state=newcomer.state, query_params=newcomer.address)
    assert newcomer.run() == value
    assert links.ignored() == ""


def test_limits_are_written_for_reading():
    assert links.written(-6) == "−6"
    assert links.written(1e6) == "1\u2009000\u2009000"
    assert [links.written(v) for v in (1e-5, 0.05, 0, -0.3)] == ["0.00001", "0.05", "0", "−0.3"]
    assert links.written(0.05) == "0.05"
    with pytest.raises(ValueError, match="a number from −1 to 1\u2009000"):
        links.number(-1, 1_000)("nan")


def test_a_run_of_our_own_cannot_undo_a_click_by_an_older_address(browser):
    browser.run()
    links.put({KEY: 5})
    browser.draw()  # a fragment: the browser has not heard of it yet
    browser.follow()  # what a timer sent meanwhile
    links.follow()
    assert (browser.run(), browser.address) == (5, {KEY: "5"})
    browser.follow(**{KEY: "2"})  # the next one is the visitor's again
    assert (browser.run(), browser.address) == (2, {KEY: "2"})


def test_a_run_of_our_own_reads_what_was_never_looked_at(browser):
    links.follow()
    browser.follow(**{KEY: "7"})
    assert (browser.run(), browser.address) == (7, {KEY: "7"})


def test_what_was_not_used_stays_said_in_a_run_of_our_own(browser):
    browser.follow(**{KEY: "banana"})
    browser.run()
    links.follow()  # a training run has come to its end
    browser.run()
    assert "banana" in links.ignored()
    browser.run()
    assert links.ignored() == ""
