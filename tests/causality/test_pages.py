"""Every experiment of the lesson, opened without a browser: its numbers against sums over complete assignments."""

import itertools
import json
import re
from functools import cache

import numpy as np
import pytest
from random_networks import chance, holds, worlds
from scipy.stats import norm

from pages.probability.causality import do, identify, imagine, mechanisms, see
from pages.probability.causality.offers import OFFERS
from playground.causality import Logistic, Network, Root, front_door, m_bias, simpson, smoking
from tests.ui.app_pages import html_of, notice, numbers, open_page, sent, words

EXPERIMENTS = {module.EXPERIMENT.name: module.EXPERIMENT for module in (see, do, identify, imagine, mechanisms)}
NETWORK_KEYS = {name: "causality_study" if name == "Identify" else "causality_network" for name in EXPERIMENTS}
WITH_NETWORKS = [name for name in EXPERIMENTS if name != "Mechanisms"]
TWELVE = "~".join(["n0@0,0:0.3", *(f"n{i}@{8 * i},{i % 3 * 50}:-1*n{i - 1}=2" for i in range(1, 12))])
DENSE = "~".join(
    [
        "n0@0,0:0.3",
        *(f"n{i}@{8 * i},{i % 3 * 50}:-1" + "".join(f"*n{j}=1" for j in range(max(0, i - 4), i)) for i in range(1, 12)),
    ]
)
OWN = {
    "twelve nodes in a row": TWELVE,
    "twelve nodes with many arrows": DENSE,
    "two nodes and no arrow": "a@0,0:0.3~b@100,100:0.6",
    "a cause without effect": "a@0,0:0.3~b@100,100:-1*a=0",
    "the effect before its cause": "wet@0,0:-1*rain=2~rain@50,50:0.3",
    "names with hyphens": "t-cell@0,0:0.3~b cell_2@50,0:-1*t-cell=2~cure@100,100:-1*b cell_2=2*t-cell=-3",
    "names of JavaScript": "constructor@0,0:0.3~toString@100,100:-1*constructor=2",
    "the strongest weights": "a@0,0:0.3~b@50,0:0.4~c@100,100:-12*a=12*b=12",
}
IMPOSSIBLE = {
    "a cause that never is": "rain@15,0:0.3~sprinkler@85,0:0~wet@50,100:-2*rain=5*sprinkler=4",
    "a cause that always is": "rain@15,0:1~sprinkler@85,0:0.4~wet@50,100:-2*rain=5*sprinkler=4",
    "two that never are": "a@0,0:0~b@100,100:0",
}


def open_experiment(name, reveal=True, **query):
    app = open_page("causality", causality_experiment=name, **({"reveal": "1"} if reveal else {}), **query)
    assert_stands(app)
    return app


def assert_stands(app):
    assert not app.exception
    assert "stumbled" not in words(app)


def choose(app, name, preset):
    app.button(key=f"preset-{name}-{preset}").click().run()
    assert_stands(app)
    return app


@cache
def revealed(name, preset):
    """The page after a click on the preset, answers shown; only to be read."""
    return choose(open_experiment(name), name, preset)


def p(network, target, given=None, done=None):
    """P(target | given, do(done)) by the definition."""
    every = [(world, mass) for world, mass in worlds(network, done) if holds(given or {}, world)]
    return sum(mass for world, mass in every if holds(target, world)) / sum(mass for _, mass in every)


def effect(network, cause, of):
    return p(network, {of: 1}, done={cause: 1}) - p(network, {of: 1}, done={cause: 0})


def imagined(network, was, act, target):
    """P(target had act been done | was), each node's threshold met with what its noise may have been."""
    above = below = 0.0
    for world, mass in worlds(network):
        if not holds(was, world) or not mass:
            continue
        for values in itertools.product((0, 1), repeat=len(world)):
            other, q = dict(zip(network.nodes, values, strict=True)), 1.0
            for name, mechanism in network.mechanisms.items():
                before, now = chance(mechanism, world), chance(mechanism, other)
                low, high = (0.0, before) if world[name] else (before, 1.0)
                one = float(act[name]) if name in act else min(1.0, max(0.0, (now - low) / (high - low)))
                q *= one if other[name] else 1 - one
            above += mass * q * holds(target, other)
        below += mass
    return above / below


def minus(text):
    return text.replace("-", "−")


def value(app, label):
    return numbers(app)[label][0]


def graphs(app):
    return sent(app, "graph")


def spoken(app):
    """What is read aloud of the pictures."""
    return " ".join(re.findall(r'<p class="pg-aloud">(.*?)</p>', "\n".join(html_of(app))))


# -- presets


SEE = {
    "Explaining away": (smoking(), "smoking", "cancer", "asbestos"),
    "A weak rival": (smoking(1.0, 0.5), "smoking", "cancer", "asbestos"),
    "It reverses": (smoking(2.0, -4.0), "smoking", "cancer", "asbestos"),
    "Yellow fingers": (smoking(), "smoking", "cancer", "asbestos"),
    "Three nodes": (OFFERS["Three nodes"].build(), "A", "B", "C"),
}


@pytest.mark.parametrize("preset", SEE)
def test_see_shows_the_three_beliefs_and_every_marginal(preset):
    app = revealed("See", preset)
    network, hypothesis, seen, rival = SEE[preset]
    assert value(app, f"P({hypothesis})") == f"{p(network, {hypothesis: 1}):.4f}"
    assert value(app, f"P({hypothesis} | {seen})") == f"{p(network, {hypothesis: 1}, {seen: 1}):.4f}"
    twice = p(network, {hypothesis: 1}, {seen: 1, rival: 1})
    assert value(app, f"P({hypothesis} | {seen}, {rival})") == f"{twice:.4f}"
    (graph,) = graphs(app)
    evidence = app.session_state["causality_seen"]
    assert graph["marks"] == {name: f"see {v}" for name, v in evidence.items()}
    assert graph["posterior"] == pytest.approx({name: p(network, {name: 1}, evidence) for name in network.nodes})
    assert graph["prior"] == pytest.approx({name: p(network, {name: 1}) for name in network.nodes})


DO = {
    "Paint the fingers": (smoking(), "yellow", "smoking", {}),
    "Cancer by force": (smoking(1.0, 0.5), "cancer", "yellow", {"asbestos": 1}),
    "A first cause": (smoking(), "smoking", "cancer", {}),
    "Simpson": (simpson(), "treatment", "recovery", {}),
}


@pytest.mark.parametrize("preset", DO)
def test_do_shows_seeing_and_doing_and_their_difference(preset):
    app = revealed("Do", preset)
    network, act, ask, also = DO[preset]
    seen, done = p(network, {ask: 1}, {**also, act: 1}), p(network, {ask: 1}, also, {act: 1})
    assert float(value(app, "Doing minus seeing").replace("−", "-")) == pytest.approx(done - seen, abs=5.1e-5)
    values = [shown for shown, _ in numbers(app).values()]
    assert values[1:3] == [f"{seen:.4f}", f"{done:.4f}"]
    left, right = graphs(app)
    for graph, given, setting in ((left, {**also, act: 1}, {}), (right, also, {act: 1})):
        expected = {name: p(network, {name: 1}, given, setting) for name in network.nodes}
        assert graph["posterior"] == pytest.approx(expected, abs=1e-9)
    assert left["marks"] == {**{name: f"see {v}" for name, v in also.items()}, act: "see 1"}
    assert right["marks"] == {**{name: f"see {v}" for name, v in also.items()}, act: "do 1"}
    assert f"{seen:.4f}" in spoken(app)
    assert f"{done:.4f}" in spoken(app)


@pytest.mark.parametrize("preset", DO)
def test_do_names_its_numbers_by_all_that_is_seen(preset):
    app = revealed("Do", preset)
    network, *_ = DO[preset]
    for label, (shown, _) in numbers(app).items():
        if asked := re.fullmatch(r"P\((\w+)(?: \| (.*))?\)", label):
            target, condition = asked[1], asked[2] or ""
            done = dict(re.findall(r"do\((\w+) = ([01])\)", condition))
            seen = dict(re.findall(r"(?<!\()\b(\w+) = ([01])", condition))
            given, setting = ({name: int(v) for name, v in pairs.items()} for pairs in (seen, done))
            assert shown == f"{p(network, {target: 1}, given, setting):.4f}", label


@pytest.mark.parametrize("preset", ["Paint the fingers", "Simpson"])
def test_the_simulated_numbers_of_do_are_close_to_the_exact_ones(preset):
    app = revealed("Do", preset)
    rows = list(numbers(app).values())[1:3]
    for exact, beside in rows:
        people, share, low, high = re.fullmatch(r"(.+) people: (.+), 95% (.+) – (.+)", beside).groups()
        count, estimate = int(people.replace("\u2009", "")), float(share)
        assert 100 <= count <= 10_000
        assert float(low) <= estimate <= float(high)
        error = (float(exact) * (1 - float(exact)) / count) ** 0.5
        assert abs(estimate - float(exact)) <= 4 * error + 5e-4
    assert rows[1][1].startswith("10\u2009000 people")


IDENTIFY = {
    "Simpson's reversal": (simpson(), "treatment", "recovery", "right", "adjust for large stones."),
    "The front door": (front_door(), "smoking", "cancer", "off by", "use the front door through tar."),
    "M-bias": (m_bias(), "x", "y", "off by", "adjust for nothing."),
    "Seen too much": (
        smoking(),
        "smoking",
        "asbestos",
        "0. Adjusting for cancer invents",
        "No arrow leads from smoking",
    ),
    "No back door": (smoking(), "smoking", "cancer", "right", "adjust for nothing"),
}


@pytest.mark.parametrize("preset", IDENTIFY)
def test_identify_shows_the_truth_and_estimates_around_what_they_aim_at(preset):
    app = choose(open_experiment("Identify", causality_n="1000000"), "Identify", preset)
    network, cause, of, verdict, works = IDENTIFY[preset]
    truth = effect(network, cause, of)
    assert float(value(app, "Effect, exact, by do()").replace("−", "-")) == pytest.approx(truth, abs=5.1e-5)
    naive = p(network, {of: 1}, {cause: 1}) - p(network, {of: 1}, {cause: 0})
    chosen = list(app.session_state["causality_adjust"])
    adjusted = 0.0
    for z in (dict(zip(chosen, v, strict=True)) for v in itertools.product((0, 1), repeat=len(chosen))):
        gap = p(network, {of: 1}, {**z, cause: 1}) - p(network, {of: 1}, {**z, cause: 0})
        adjusted += p(network, z) * gap
    trial = next(label for label in numbers(app) if label.startswith("A trial with"))
    aims = {"Naive difference": naive, trial: truth, "Front door through tar": truth}
    aims |= {f"Adjusted for {name}": adjusted for name in chosen}
    assert len(numbers(app)) == 4
    for label, (shown, beside) in list(numbers(app).items())[1:]:
        margin, error = re.fullmatch(r"± ([\d.]+), error ([+−]?[\d.]+)", beside).groups()
        estimate = float(shown.replace("−", "-"))
        assert abs(estimate - aims[label]) <= 2.1 * float(margin) + 2e-3  # the margin is 1.96 standard errors
        assert float(error.replace("−", "-")) == pytest.approx(estimate - truth, abs=6e-4)
    assert f"is {verdict}" in notice(app)
    assert works in notice(app)


IMAGINE = {
    "The smoker": (smoking(), {"smoking": 1, "yellow": 1, "cancer": 1}, {"smoking": 0}, "cancer"),
    "With asbestos": (smoking(), {"smoking": 1, "yellow": 1, "cancer": 1, "asbestos": 1}, {"smoking": 0}, "cancer"),
    "The healthy": (smoking(), {"smoking": 0, "cancer": 0}, {"smoking": 1}, "cancer"),
    "Washed fingers": (smoking(), {"smoking": 1, "yellow": 1, "cancer": 1}, {"yellow": 0}, "cancer"),
    "The treated": (simpson(), {"treatment": 0, "recovery": 0}, {"treatment": 1}, "recovery"),
}


@pytest.mark.parametrize("preset", IMAGINE)
def test_imagine_shows_what_would_have_been(preset):
    app = revealed("Imagine", preset)
    network, was, act, ask = IMAGINE[preset]
    ((instead, to),) = act.items()
    would = imagined(network, was, act, {ask: 1})
    assert value(app, f"P({ask}), this person") == f"{would:.4f}"
    assert value(app, f"P({ask} | do({instead} = {to}))") == f"{p(network, {ask: 1}, done=act):.4f}"
    necessity = imagined(network, {instead: 1, ask: 1}, {instead: 0}, {ask: 0})
    sufficiency = imagined(network, {instead: 0, ask: 0}, {instead: 1}, {ask: 1})
    assert float(value(app, f"Necessity of {instead}")) == pytest.approx(necessity, abs=5.1e-5)
    assert float(value(app, f"Sufficiency of {instead}")) == pytest.approx(sufficiency, abs=5.1e-5)
    before, after = graphs(app)
    assert before["posterior"] == pytest.approx({name: p(network, {name: 1}, was) for name in network.nodes}, abs=1e-9)
    assert after["posterior"][ask] == pytest.approx(would, abs=1e-9)
    assert after["marks"] == {instead: f"do {to}"}


@pytest.mark.parametrize("preset", IMAGINE)
def test_the_worlds_of_imagine_add_up(preset):
    app = revealed("Imagine", preset)
    (table,) = [piece for piece in html_of(app) if 'class="pg-table"' in piece]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", table)[1:]]
    bars = [[float(re.sub(r"<.*?>", "", cell)) for cell in row if "bar" in cell] for row in rows[:-1]]
    assert sum(bar[0] for bar in bars) == pytest.approx(1, abs=0.004)
    network, was, act, ask = IMAGINE[preset]
    would = imagined(network, was, act, {ask: 1})
    assert rows[-1][-1] == f"{would:.3f}"
    if all(len(bar) == 2 for bar in bars):
        assert sum(a * b for a, b in bars) == pytest.approx(would, abs=0.006)


MOVES = {
    "Up the mountains": (2200, 500, 2.0),
    "Same heights": (800, 300, 2.0),
    "A plateau": (2200, 100, 2.0),
    "Little noise": (2200, 500, 0.2),
}


@pytest.mark.parametrize("preset", MOVES)
def test_mechanisms_shows_what_each_fit_loses(preset):
    app = revealed("Mechanisms", preset)
    mean, spread, noise = MOVES[preset]
    (altitude, temperature) = home_places(app)
    rng = np.random.default_rng(0)
    for where, m, s in (("at home", 800, 300), ("over there", mean, spread)):
        height = m + s * rng.standard_normal(200_000)
        warmth = 15 - 0.0065 * height + noise * rng.standard_normal(200_000)
        for name, x, y, new_x, new_y in (
            ("T from A", altitude, temperature, height, warmth),
            ("A from T", temperature, altitude, warmth, height),
        ):
            slope, intercept = np.polyfit(x, y, 1)
            fit = norm(intercept + slope * new_x, np.std(y - intercept - slope * x))
            right_slope, right = np.polyfit(new_x, new_y, 1)
            best = norm(right + right_slope * new_x, np.std(new_y - right - right_slope * new_x))
            lost = best.logpdf(new_y) - fit.logpdf(new_y)
            shown, beside = numbers(app)[f"{name}, {where}"]
            error = 5 * lost.std() / 200_000**0.5 + 6e-4
            assert float(shown.removesuffix(" nats")) == pytest.approx(lost.mean(), abs=error)
            loss, least = (float(text.replace("−", "-")) for text in re.findall(r"[−-]?\d+\.\d+", beside))
            assert loss - least == pytest.approx(float(shown.removesuffix(" nats")), abs=0.011)
            assert least == pytest.approx(-best.logpdf(new_y).mean(), abs=0.02)


def home_places(app):
    """Altitude and temperature of the places at home, from the first picture."""
    chart = app.get("vega_lite_chart")[0].proto
    (data,) = [dataset for dataset in chart.datasets if dataset.name == "places"]
    import pyarrow as pa

    table = pa.ipc.open_stream(data.data.data).read_all().to_pandas()
    home = table[table["role"] == "data"]
    return home["x"].to_numpy(), home["y"].to_numpy()


PRESETS = [(name, preset.name) for name, experiment in EXPERIMENTS.items() for preset in experiment.presets]


@pytest.mark.parametrize(("name", "preset"), PRESETS)
def test_no_number_has_a_hyphen_for_a_minus_and_none_is_a_negative_zero(name, preset):
    app = revealed(name, preset)
    shown = [text for row in numbers(app).values() for text in row] + [notice(app)]
    assert not [text for text in shown if re.search(r"(?<![\w.])-\d", text)]
    assert not [text for text in shown if re.search(r"−0(\.0+)?(?![\d.])", text)]
    assert not [text for text in shown if re.search(r"\b(nan|inf|None)\b", text)]


def test_every_preset_is_held_against_a_sum():
    tables = {"See": SEE, "Do": DO, "Identify": IDENTIFY, "Imagine": IMAGINE, "Mechanisms": MOVES}
    assert {(name, preset) for name, table in tables.items() for preset in table} == set(PRESETS)


# -- predictions


@pytest.mark.parametrize(
    ("name", "key", "answer", "shown"),
    [
        ("See", "causality_guess_see", "Falls", f"{p(smoking(), {'smoking': 1}, {'cancer': 1, 'asbestos': 1}):.4f}"),
        ("Do", "causality_guess_do", "As seen", f"{p(smoking(), {'smoking': 1}):.4f}"),
        ("Identify", "causality_guess_identify", "Right", f"{effect(simpson(), 'treatment', 'recovery'):+.4f}"),
        (
            "Imagine",
            "causality_guess_imagine",
            "Above 0.8",
            f"{imagined(*IMAGINE['The smoker'][:3], {'cancer': 1}):.4f}",
        ),
    ],
)
def test_an_answer_reveals_the_numbers(name, key, answer, shown):
    app = open_experiment(name, reveal=False)
    hidden = [label for label, (shown_value, _) in numbers(app).items() if shown_value == "?"]
    assert hidden
    app.segmented_control(key=key).set_value(answer).run()
    assert_stands(app)
    assert minus(shown) in [shown_value for shown_value, _ in numbers(app).values()]
    assert not [label for label in hidden if value(app, label) == "?"]


@pytest.mark.parametrize("preset", ["The smoker", "With asbestos", "The healthy", "The treated"])
def test_imagine_gives_the_answer_away_nowhere_before_it_is_asked_for(preset):
    app = choose(open_experiment("Imagine", reveal=False), "Imagine", preset)
    network, was, act, ask = IMAGINE[preset]
    would = imagined(network, was, act, {ask: 1})
    assert value(app, f"P({ask}), this person") == "?"
    assert "this person" in " ".join(numbers(app))
    shown = {number for row in numbers(app).values() for text in row for number in re.findall(r"\d\.\d{3,}", text)}
    assert f"{would:.4f}" not in shown
    assert f"{1 - would:.4f}" not in shown  # nor its complement
    assert graphs(app)[1]["posterior"] is None


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_before_the_answer_no_hidden_number_travels_to_the_browser(name):
    asking, revealed = open_experiment(name, reveal=False), open_experiment(name)
    hidden = [label for label, (shown, _) in numbers(asking).items() if shown == "?"]
    assert hidden
    everything = " ".join([words(asking), *(json.dumps(graph) for graph in graphs(asking))])
    open_now = " ".join(" ".join(row) for label, row in numbers(asking).items() if label not in hidden)
    for label in hidden:
        for number in re.findall(r"\d\.\d{4}", value(revealed, label)):
            if number not in open_now:
                assert number not in everything, label


# -- what cannot be


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("See", {"causality_seen": "A=0,B=1,C=0"}),
        ("Do", {"causality_act": "B", "causality_ask": "A", "causality_also": "A=0,C=0", "causality_set_to": "1"}),
        ("Do", {"causality_act": "A", "causality_set_to": "0", "causality_ask": "C", "causality_also": "B=1,C=0"}),
        ("Imagine", {"causality_was": "A=0,B=1,C=0"}),
    ],
)
def test_impossible_evidence_keeps_the_page(name, query):
    app = open_experiment(name, causality_network="Three nodes", **query)
    assert graphs(app)
    assert "stumbled" not in notice(app)


def test_what_cannot_be_seen_is_said():
    app = open_experiment("See", causality_network="Three nodes", causality_seen="A=0,B=1,C=0")
    assert "This cannot happen. A = 0, B = 1, C = 0 cannot be seen together" in notice(app)
    assert not graphs(app)[0]["posterior"]  # nobody has any belief
    app = open_experiment("Imagine", causality_network="Three nodes", causality_was="A=0,B=1,C=0")
    assert "This cannot have been. A = 0, B = 1, C = 0 cannot be seen together" in notice(app)
    query = {"causality_act": "B", "causality_ask": "A", "causality_also": "C=0", "causality_set_to": "1"}
    app = open_experiment("Do", causality_network="Three nodes", **query)
    assert "cannot" not in notice(app)


@pytest.mark.parametrize("name", WITH_NETWORKS)
@pytest.mark.parametrize("text", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_network_of_ones_own_may_have_causes_that_never_are(name, text):
    app = open_experiment(name, **{NETWORK_KEYS[name]: "Your own", "causality_own": text})
    assert graphs(app)
    app.session_state["details-the_arithmetic"] = True
    app.run()
    assert_stands(app)


# -- networks of one's own


@pytest.mark.parametrize("name", WITH_NETWORKS)
@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_a_network_of_ones_own_opens(name, text):
    app = open_experiment(name, **{NETWORK_KEYS[name]: "Your own", "causality_own": text})
    nodes = {part.partition("@")[0] for part in text.split("~")}
    assert all(set(graph["nodes"]) == nodes for graph in graphs(app))
    assert graphs(app)
    assert not re.search(r"\bnan\b|\bNone\b", words(app))


def test_a_network_of_ones_own_has_the_numbers_of_its_text():
    network = Network({"a": Root(0.3), "b": Root(0.4), "c": Logistic(-2.0, {"a": 5.0, "b": -4.0})})
    own = {"causality_own": "a@0,0:0.3~b@100,0:0.4~c@50,100:-2*a=5*b=-4"}
    app = open_experiment("See", causality_network="Your own", **own)
    assert value(app, "P(a | c, b)") == f"{p(network, {'a': 1}, {'c': 1, 'b': 1}):.4f}"
    app = open_experiment("Do", causality_network="Your own", causality_act="c", causality_ask="a", **own)
    assert value(app, "P(a | c = 1)") == f"{p(network, {'a': 1}, {'c': 1}):.4f}"
    assert value(app, "P(a | do(c = 1))") == "0.3000"
    app = open_experiment("Identify", causality_study="Your own", **own)
    assert value(app, "Effect, exact, by do()") == minus(f"{effect(network, 'a', 'c'):+.4f}")
    app = open_experiment("Imagine", causality_network="Your own", causality_was="a=1,c=1", **own)
    would = imagined(network, {"a": 1, "c": 1}, {"a": 0}, {"c": 1})
    assert value(app, "P(c), this person") == f"{would:.4f}"


def test_without_arrows_there_is_nothing_to_explain_away_and_no_effect():
    own = {"causality_own": OWN["two nodes and no arrow"]}
    assert "Draw two arrows into one variable" in notice(open_experiment("See", causality_network="Your own", **own))
    app = open_experiment("Identify", causality_study="Your own", **own)
    assert value(app, "Effect, exact, by do()").lstrip("+−") == "0.0000"
    assert "No path joins a and b." in words(app)


def test_the_weight_of_ones_own_is_drawn_where_it_is():
    text = "rain@15,0:0.3~sprinkler@85,0:0.4~wet@50,100:-2*rain=5*sprinkler=10"
    app = open_experiment("See", causality_network="Your own", causality_own=text)
    network = Network({"rain": Root(0.3), "sprinkler": Root(0.4), "wet": Logistic(-2, {"rain": 5, "sprinkler": 10})})
    assert value(app, "P(rain | wet, sprinkler)") == f"{p(network, {'rain': 1}, {'wet': 1, 'sprinkler': 1}):.4f}"


@pytest.mark.parametrize("name", WITH_NETWORKS)
@pytest.mark.parametrize("offer", OFFERS)
def test_every_published_network_opens_in_every_experiment(name, offer):
    app = open_experiment(name, **{NETWORK_KEYS[name]: offer})
    assert set(graphs(app)[0]["nodes"]) == set(OFFERS[offer].build().nodes)


def test_a_label_keeps_the_letters_of_its_names():
    query = {"causality_cause": "A", "causality_effect": "B", "causality_adjust": "C=1"}
    app = open_experiment("Identify", causality_study="Three nodes", **query)
    assert "Adjusted for C" in numbers(app)


def test_m_bias_is_not_told_that_its_arrow_is_missing():
    app = open_experiment("Imagine", causality_network="M-bias", causality_was="x=1,y=1")
    assert ["x", "y"] in graphs(app)[0]["edges"]
    assert "no arrow leads from it to y" not in notice(app)
