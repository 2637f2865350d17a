"""A line of text that keeps the last good state, and the button that takes changes back."""

import pytest
from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from playground.ui import knobs, links

    def read(text):
        if not text.isalpha():
            raise ValueError("letters only")
        return text.upper()

    links.enter("page")
    kept = knobs.text("Word", key="word", default="ABC", read=read, then=lambda: links.put({"heard": True}))
    knobs.undo("Undo", key="word")
    st.button("Offer", on_click=lambda: knobs.offer("word", "x1", read))
    st.button("Set", on_click=lambda: links.put({"word": "SET"}))
    st.text(f"{kept} heard={links.now('heard')}")
    st.text(links.ignored())
    links.write()


def opened(**query):
    app = AppTest.from_function(page, default_timeout=30)
    app.query_params = query
    return app.run()


def state(app):
    """What is in force, what stands in the box, and why what stands there was refused."""
    assert not app.exception
    (word, _) = (element.value for element in app.text)
    reasons = [element.value for element in app.get("html")]
    return word.split()[0], app.text_input[0].value, "".join(reasons)


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def undo(app):
    return next(button for button in app.button if button.label == "Undo")


def test_a_text_is_taken_as_it_was_read_and_kept_in_the_address():
    app = opened()
    assert state(app) == ("ABC", "ABC", "")
    assert "word" not in app.query_params
    app = app.text_input[0].set_value("hello").run()
    assert state(app) == ("HELLO", "HELLO", "")
    assert app.query_params["word"] == "HELLO"
    assert "heard=True" in app.text[0].value
    assert state(opened(word="hello")) == ("HELLO", "HELLO", "")


def test_a_refused_text_stays_in_the_box_with_its_reason_until_it_is_mended():
    app = opened().text_input[0].set_value("a<b>1").run()
    for _ in range(2):
        kept, box, reason = state(app)
        assert (kept, box) == ("ABC", "a<b>1")
        assert "Letters only." in reason
        assert 'role="alert"' in reason
        assert "word" not in app.query_params
        assert "heard=None" in app.text[0].value
        app = app.run()
    assert state(app.text_input[0].set_value("mended").run()) == ("MENDED", "MENDED", "")


@pytest.mark.parametrize("mend", ["Set", "Undo"])
def test_a_refused_text_gives_way_to_another_change(mend):
    app = opened().text_input[0].set_value("one").run()
    app = press(app.text_input[0].set_value("2").run(), mend)
    kept, box, reason = state(app)
    assert kept == box == {"Set": "SET", "Undo": "ABC"}[mend]
    assert reason == ""


def test_what_another_knob_offers_is_refused_in_the_same_way():
    kept, box, reason = state(press(opened(), "Offer"))
    assert (kept, box) == ("ABC", "x1")
    assert "Letters only." in reason


def test_a_bad_text_in_a_link_is_named_once_and_the_default_is_in_force():
    app = opened(word="a1")
    assert state(app) == ("ABC", "ABC", "")
    assert "Word = “a1” (letters only)" in app.text[1].value


def test_undo_takes_back_whatever_changed_the_knob():
    app = opened(word="LINK")
    assert undo(app).disabled
    app = app.text_input[0].set_value("typed").run()
    app = press(app, "Set")
    app = app.text_input[0].set_value("5").run()  # refused: no change
    assert state(press(app, "Undo"))[0] == "TYPED"
    app = press(app, "Undo")
    assert state(app)[0] == "LINK"
    assert undo(app).disabled
    assert state(app.text_input[0].set_value("again").run())[0] == "AGAIN"
    assert not undo(app).disabled


def test_undo_remembers_a_limited_number_of_changes():
    from playground.ui.knobs import _REMEMBERED

    app = opened()
    app.session_state["word:past"] = [f"W{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(_REMEMBERED)]
    app = app.text_input[0].set_value("last").run()
    assert len(app.session_state["word:past"]) == _REMEMBERED


def numbers_page():
    import streamlit as st

    from playground.ui import knobs, links

    links.enter("page")
    rung = knobs.ladder("Batch", (16, 64, 256), 64, key="batch", ends=(1, 1024), zero="none")
    noise = knobs.ladder("Noise", (0.0, 0.1, 1.0), 0.0, key="noise", ends=(0.0, 1.0), zero="none")
    on = knobs.switch("Spread", key="spread")
    loss = knobs.kept("Loss", "hinge", key="loss", legal=("hinge", "minimax"))
    st.text(repr((rung, noise, on, loss)))
    st.text(links.ignored())
    st.button("Set", on_click=links.put, args=({"batch": 100, "noise": 0.3, "spread": True, "loss": "minimax"},))
    links.write()


def numbers_opened(**query):
    app = AppTest.from_function(numbers_page, default_timeout=30)
    app.query_params = query
    app.run()
    assert not app.exception
    return app


def values(app):
    assert not app.exception
    return eval(app.text[0].value)  # of our own repr


def test_a_ladder_offers_its_rungs_and_writes_the_chosen_one():
    app = numbers_opened()
    assert values(app)[:2] == (64, 0.0)
    batch, noise = app.selectbox
    assert (list(batch.options), list(noise.options)) == (["16", "64", "256"], ["none", "0.1", "1"])
    batch.set_value(256).run()
    assert values(app)[0] == 256
    assert values(numbers_opened(**app.query_params))[0] == 256


def test_what_is_set_between_two_rungs_is_a_rung_of_its_own():
    app = press(numbers_opened(), "Set")
    assert values(app) == (100, 0.3, True, "minimax")
    assert list(app.selectbox[0].options) == ["16", "64", "100", "256"]
    again = numbers_opened(**app.query_params)
    assert values(again) == (100, 0.3, True, "minimax")
    assert again.text[1].value == ""


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"batch": "16.5"}, "Batch = “16.5” (a whole number from 1 to 1\u2009024)"),
        ({"batch": "0"}, "from 1 to"),
        ({"batch": "nan"}, "from 1 to"),
        ({"noise": "2"}, "a number from 0 to 1"),
        ({"spread": "yes"}, "one of off, on"),
        ({"loss": "square"}, "one of hinge, minimax"),
    ],
)
def test_an_illegal_number_or_choice_of_a_link_leaves_the_default(query, says):
    app = numbers_opened(**query)
    assert values(app) == (64, 0.0, False, "hinge")
    assert says in app.text[1].value
    assert not app.query_params


def test_a_switch_is_written_as_on():
    app = numbers_opened()
    app.toggle[0].set_value(True).run()
    assert values(app)[2] is True
    assert app.query_params["spread"] == "on"
    app.toggle[0].set_value(False).run()
    assert values(app)[2] is False
    assert "spread" not in app.query_params
