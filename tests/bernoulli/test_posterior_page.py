"""The experiment Posterior without a browser: flips by button, by typing and by counting, priors, links, bad input."""

import math

import pyarrow as pa
import pytest
from scipy import stats

from pages.probability.bernoulli import posterior, prior
from playground.bernoulli import Beta, Flips, SpikeAndBeta, TruncatedNormal, TwoCoins, intervals, uniform
from playground.bernoulli.words import posterior as words_of
from playground.bernoulli.words.orders import same_end
from tests.ui.app_pages import html_of, ignored, notice, numbers, open_page, words

P = posterior.PREFIX
MADE = {
    prior.BETA: Beta(2.0, 2.0), prior.UNIFORM: uniform(), prior.NORMAL: TruncatedNormal(0.5, 0.1),
    prior.COINS: TwoCoins(0.9, 0.5, 100.0), prior.SPIKE: SpikeAndBeta(0.5, 0.5, 2.0, 2.0),
}  # fmt: skip


def opened(reveal=True, **query):
    app = open_page("bernoulli", bernoulli_experiment="Posterior", **({"reveal": "1"} if reveal else {}), **query)
    return standing(app)


def standing(app):
    assert not app.exception
    assert "stumbled" not in words(app)
    return app


def click(app, name):
    (button,) = [button for button in app.button if button.label == name]
    return standing(button.click().run())


def typed(app, text):
    (box,) = [box for box in app.text_input if box.label == "or type them"]
    return standing(box.set_value(text).run())


def box_of(app):
    return next(box.value for box in app.text_input if box.label == "or type them")


def refusals(app):
    return [piece for piece in html_of(app) if 'role="alert"' in piece]


def drawn(app):
    """The roles of the curves in the pictures; the tables are sent as Arrow."""
    tables = [table for chart in app.get("vega_lite_chart") for table in chart.proto.datasets if table.name == "curves"]
    assert len(tables) == 2
    frames = [pa.ipc.open_stream(table.data.data).read_pandas() for table in tables]
    (roles,) = {frozenset(frame.role) for frame in frames}
    return roles


def assert_shows(app, made, flips, truth=0.7):
    """The strip, the notice and the spoken picture are those of this prior and these flips."""
    shown = numbers(app)
    assert shown["Evidence, p(flips)"] == words_of.evidence(made, flips)
    assert shown["Log evidence"] == words_of.log_evidence_text(made, flips)
    assert shown["Bayes factor against θ = ½"] == words_of.bayes_factor(made, flips)
    assert shown["P(next is heads)"] == words_of.next_flip(made, flips, truth)
    assert words_of.notice(made, flips, truth) in notice(app)
    assert words_of.aloud(made, flips, truth, revealed=True) in words(app)


@pytest.mark.parametrize("family", MADE)
@pytest.mark.parametrize("text", ["HTHTHHTHHH", "", "TTTT", "700000H300000T"])
def test_every_prior_meets_every_kind_of_flips(family, text):
    app = opened(**{f"{P}_prior": family, posterior.FLIPS: text})
    assert_shows(app, MADE[family], Flips.parse(text))


def test_the_numbers_of_the_default_are_scipys():
    shown = numbers(opened())
    low, high = stats.beta.interval(0.95, 9, 5)
    assert shown["P(next is heads)"][0] == f"{9 / 14:.3f}"
    log = stats.betabinom.logpmf(7, 10, 2, 2) - math.log(math.comb(10, 7))
    assert shown["Log evidence"][0] == f"−{-log:.3f} nats"
    assert f"equal-tailed interval {low:.3f} to {high:.3f}" in words(opened())


def test_the_knobs_of_a_family_make_its_prior():
    app = opened(**{f"{P}_prior": prior.COINS, f"{P}_bias": "0.8", f"{P}_fair": "0.25", f"{P}_spread": "40"})
    assert_shows(app, TwoCoins(0.8, 0.25, 40.0), Flips.parse(posterior.FIRST))
    app = opened(**{f"{P}_prior": prior.SPIKE, f"{P}_at": "0.7", f"{P}_weight": "0.9", f"{P}_a": "5", f"{P}_b": "1"})
    assert_shows(app, SpikeAndBeta(0.7, 0.9, 5.0, 1.0), Flips.parse(posterior.FIRST))
    app = opened(**{f"{P}_prior": prior.NORMAL, f"{P}_mu": "0.2", f"{P}_sigma": "0.5"})
    assert_shows(app, TruncatedNormal(0.2, 0.5), Flips.parse(posterior.FIRST))


def test_flip_buttons_flip_our_coin_and_undo_takes_back():
    app, flips = opened(), Flips.parse(posterior.FIRST)
    steps = [flips]
    for more in (1, 10, 100):
        app = click(app, f"Flip {more}")
        steps.append(steps[-1].and_then(more, theta=0.7, seed=1))
        assert_shows(app, Beta(2.0, 2.0), steps[-1])
    for flips in reversed(steps[:-1]):
        app = click(app, "Undo")
        assert_shows(app, Beta(2.0, 2.0), flips)
    assert next(button for button in app.button if button.label == "Undo").disabled


def test_the_same_link_flips_the_same_way_and_another_seed_another():
    one, two = (click(opened(), "Flip 100") for _ in range(2))
    assert one.query_params[posterior.FLIPS] == two.query_params[posterior.FLIPS]
    other = click(opened(**{posterior.SEED: "2"}), "Flip 100")
    assert other.query_params[posterior.FLIPS] != one.query_params[posterior.FLIPS]


def test_reset_leaves_no_flips_and_can_be_undone():
    app = click(opened(), "Reset")
    assert_shows(app, Beta(2.0, 2.0), Flips())
    assert next(button for button in app.button if button.label == "Reset").disabled
    assert_shows(click(app, "Undo"), Beta(2.0, 2.0), Flips.parse(posterior.FIRST))


def test_flips_of_ones_own_have_no_truth():
    app = opened(**{posterior.SOURCE: posterior.OWN})
    assert_shows(app, Beta(2.0, 2.0), Flips.parse(posterior.FIRST), truth=None)
    assert "True θ" not in words(app)


@pytest.mark.parametrize(("text", "kept"), [("HHTTH", "HHTTH"), ("1 0 1", "HTH"), ("7h, 3t", "7H3T"), ("", "")])
def test_what_is_typed_is_taken_and_kept_in_the_link(text, kept):
    app = typed(opened(**{posterior.SOURCE: posterior.OWN}), text)
    assert_shows(app, Beta(2.0, 2.0), Flips.parse(text), truth=None)
    assert box_of(app) == kept
    assert app.query_params[posterior.FLIPS] == kept
    again = opened(**app.query_params)
    assert numbers(again) == numbers(app)
    assert not ignored(again)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("HHXT", "“X” at position 3 is no flip here"), ("1 0 2", "“2” at position 5"), ("HT1", "“1” at position 3"),
        ("<script>alert(1)</script>", "“&lt;” at position 1"), ("1000001H", "At most 1 000 000 flips, got 1 000 001."),
    ],
)  # fmt: skip
def test_what_is_no_flip_is_named_and_the_last_good_state_stays(text, reason):
    app = typed(opened(**{posterior.SOURCE: posterior.OWN}), text)
    assert_shows(app, Beta(2.0, 2.0), Flips.parse(posterior.FIRST), truth=None)
    (said,) = refusals(app)
    assert reason in said
    assert "<script>" not in "".join(html_of(app))
    assert box_of(app) == text  # the visitor's own
    assert posterior.FLIPS not in app.query_params
    app = standing(app.run())
    assert box_of(app) == text
    app = typed(app, "HH")
    assert refusals(app) == []
    assert_shows(app, Beta(2.0, 2.0), Flips(2, 0), truth=None)


def test_a_refusal_ends_when_the_flips_change_otherwise():
    app = typed(opened(**{posterior.SOURCE: posterior.OWN}), "HHX")
    app = click(app, "Reset")
    assert refusals(app) == []
    assert box_of(app) == ""


def test_counts_can_be_set_and_too_many_are_refused():
    app = opened(**{posterior.SOURCE: posterior.OWN})
    (heads,) = [one for one in app.number_input if one.label == "Heads"]
    app = standing(heads.set_value(12).run())
    assert_shows(app, Beta(2.0, 2.0), Flips(12, 3), truth=None)
    (heads,) = [one for one in app.number_input if one.label == "Heads"]
    app = standing(heads.set_value(1_000_000).run())
    assert_shows(app, Beta(2.0, 2.0), Flips(12, 3), truth=None)
    assert "At most 1 000 000 flips, got 1 000 003" in refusals(app)[0]
    (heads,) = [one for one in app.number_input if one.label == "Heads"]
    assert heads.value == 12


def test_a_million_flips_are_fine_and_no_more_can_be_flipped():
    app = opened(**{posterior.FLIPS: "999995H0T"})
    app = click(app, "Flip 100")
    assert Flips.parse(app.query_params[posterior.FLIPS]).count == 1_000_000
    assert all(button.disabled for button in app.button if button.label.startswith("Flip"))


@pytest.mark.parametrize(
    ("key", "bad"),
    [
        (posterior.FLIPS, "HHX"), (posterior.FLIPS, "-3H"), (posterior.FLIPS, "1000001H"),
        (posterior.FLIPS, "H" * 5000),
        (posterior.THETA, "nan"), (posterior.THETA, "-1"), (f"{P}_a", "0"), (f"{P}_a", "inf"), (f"{P}_b", "1e9"),
        (f"{P}_prior", "Cauchy"), (posterior.NEXT, "1.5"), (posterior.NEXT, "101"), (posterior.SEED, "-3"),
        (posterior.VIEW, "sideways"), (posterior.SOURCE, "<b>"),
    ],
)  # fmt: skip
def test_a_bad_parameter_falls_back_to_its_default_and_is_named_once(key, bad):
    app = opened(**{key: bad})
    assert numbers(app) == numbers(opened())
    assert ignored(app).count("Not used from this link") == 1
    assert not ignored(standing(app.run()))


def test_before_the_prediction_the_posterior_is_nowhere():
    app = opened(reveal=False)
    said = words(app)
    after = Beta(9, 5)
    secrets = [
        f"{after.mean():.3f}",
        f"{8 / 12:.3f}",
        "Beta(9, 5)",
        *(f"{end:.3f}" for end in intervals(after).equal_tailed),
    ]
    assert not [secret for secret in secrets if secret in said]
    assert numbers(app)["P(next is heads)"] == ("?", "after your prediction")
    assert drawn(app) == {"prior", "data"}
    assert drawn(opened()) == {"prior", "data", "model"}


@pytest.mark.parametrize("family", MADE)
def test_the_evidence_is_hidden_where_it_would_tell_the_weight_that_is_asked_for(family):
    app = opened(reveal=False, **{f"{P}_prior": family, posterior.FLIPS: "140H110T"})
    hidden = {label for label, (value, _) in numbers(app).items() if value == "?"}
    weights = family in (prior.COINS, prior.SPIKE)
    assert len(hidden) == (4 if weights else 1)
    spoken = words_of.bayes_factor(MADE[family], Flips(140, 110))[1].removesuffix(": for ½")
    assert (spoken in words(app)) != weights


@pytest.mark.parametrize(("guess", "verdict"), [("Higher", "right"), ("Lower", "it is “Higher”"), ("Same", "it is")])
def test_the_prediction_is_judged(guess, verdict):
    app = opened(reveal=False)
    (question,) = [one for one in app.segmented_control if one.key == f"{P}_guess"]
    app = standing(question.set_value(guess).run())
    assert f"You said “{guess}”" in notice(app)
    assert verdict in notice(app)
    assert "Beta(9, 5)" in words(app)


@pytest.mark.parametrize("order", ["heads first", "tails first", "shuffled"])
@pytest.mark.parametrize("text", ["HTHTHHTHHH", "", "300H20T"])
def test_one_by_one_shows_a_movie_and_says_that_both_ends_are_one(order, text):
    query = {posterior.VIEW: posterior.ONE_BY_ONE, posterior.ORDER: order, posterior.FLIPS: text}
    app = opened(**query)
    assert len([one for one in app.get("bidi_component") if one.proto.component_name == "playground_player"]) == 1
    assert same_end(Beta(2.0, 2.0), Flips.parse(text), order, 1) in words(app)
    hidden = opened(reveal=False, **query)
    assert not [one for one in hidden.get("bidi_component") if one.proto.component_name == "playground_player"]


@pytest.mark.parametrize("text", ["", "HTHTHHTHHH", "1000000H"])
@pytest.mark.parametrize("family", MADE)
def test_more_flips_to_come_are_predicted(text, family):
    app = opened(**{posterior.NEXT: "100", posterior.FLIPS: text, f"{P}_prior": family})
    assert "Of the next 100 flips" in words(app)


def test_the_caption_speaks_of_stems_where_there_are_some():
    assert "A stem is a probability" in words(opened(**{f"{P}_prior": prior.SPIKE}))
    assert "A stem is a probability" not in words(opened())
