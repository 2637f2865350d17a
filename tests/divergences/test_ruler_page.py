"""The page of Ruler without a browser: its numbers by scipy, answers that wait, links that cannot break it."""

import math
import re
from functools import cache

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import laplace, norm, rv_histogram, uniform, wasserstein_distance

from pages.probability.divergences import ruler
from tests.ui.app_pages import html_of, ignored, notice, numbers, open_page, sent
from tests.ui.app_pages import words as said

KEY = "divergences_ruler_{}"
HOLE = [int(digit, 36) for digit in "1248cgk0okgc8421"]


class Bumps:
    """A mixture of two, as scipy would have it."""

    def pdf(self, x):
        return 0.85 * norm.pdf(x, -2, 0.6) + 0.15 * norm.pdf(x, 2, 0.6)

    def cdf(self, x):
        return 0.85 * norm.cdf(x, -2, 0.6) + 0.15 * norm.cdf(x, 2, 0.6)


KNOWN = {  # what each preset sets, from scipy
    "Two ways": (norm(0, 1), norm(1, 0.6)),
    "No overlap": (uniform(-2.8, 1.6), uniform(1.2, 1.6)),
    "Same mean": (norm(0, 0.6), norm(0, 2)),
    "Missed bump": (Bumps(), norm(-2, 0.6)),
    "Heavy tails": (laplace(0, 1), norm(0, 1)),
    "A hole": (uniform(-2.5, 5), rv_histogram((np.array(HOLE) / 0.5, np.linspace(-4, 4, 17)), density=True)),
    "Equal": (norm(0, 1), norm(0, 1)),
}
X = np.linspace(-12, 12, 48_001)[:-1] + 0.00025
STEP = X[1] - X[0]
LABELS = ("KL(P‖Q)", "KL(Q‖P)", "JS", "TV", "Hellinger", "W₁", "W₂")


def open_ruler(*, reveal=True, **knobs):
    query = {"divergences_units" if name == "units" else KEY.format(name): value for name, value in knobs.items()}
    app = open_page("divergences", divergences_experiment="Ruler", **({"reveal": "1"} if reveal else {}), **query)
    return stands(app)


def stands(app):
    assert not app.exception
    assert "stumbled" not in said(app)
    return app


@cache
def after(preset):
    """The page after a click on the preset; only to be read."""
    app = open_ruler()
    app.button(key=f"preset-Ruler-{preset}").click().run()
    return stands(app)


def rows(app):
    """The table of the seven: name -> cells, as text."""
    (table,) = [piece for piece in html_of(app) if 'class="pg-table"' in piece]
    found = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", table)[1:]]
    return {re.sub(r"<.*?>", "", row[0]).lstrip("▸\u00a0"): [re.sub(r"<.*?>", "", cell) for cell in row[1:]]
            for row in found}  # fmt: skip


def number(text):
    return math.inf if "∞" in text else float(text.split()[0])


def divergences(p, q):
    """The seven, as sums over a fine grid."""
    a, b = p.pdf(X), q.pdf(X)

    def kl(f, g):
        some = f > 0
        return math.inf if (g[some] <= 0).any() else float((f[some] * np.log(f[some] / g[some])).sum() * STEP)

    m = (a + b) / 2
    levels = (np.arange(20_000) + 0.5) / 20_000
    left, right = (np.interp(levels, shape.cdf(X), X) for shape in (p, q))
    return (
        kl(a, b), kl(b, a), (kl(a, m) + kl(b, m)) / 2, np.abs(a - b).sum() * STEP / 2,
        math.sqrt(max(0.0, 1 - np.sqrt(a * b).sum() * STEP)), wasserstein_distance(left, right),
        math.sqrt(((left - right) ** 2).mean()),
    )  # fmt: skip


@pytest.mark.parametrize("preset", KNOWN)
def test_the_seven_of_a_preset_are_what_sums_over_scipys_densities_say(preset):
    found = rows(after(preset))
    assert tuple(found) == LABELS
    for label, wanted in zip(LABELS, divergences(*KNOWN[preset]), strict=True):
        assert number(found[label][0]) == pytest.approx(wanted, rel=4e-3, abs=2e-3), label


@pytest.mark.parametrize("preset", KNOWN)
def test_the_strip_agrees_with_the_table_and_holds_each_against_a_bound(preset):
    app = after(preset)
    strip, table = numbers(app), rows(app)
    assert set(strip) == {"KL(P‖Q)", "KL(Q‖P)", "TV", "W₁"}
    for label, (value, beside) in strip.items():
        assert value == table[label][0]
        assert beside
    pinsker = float(strip["KL(P‖Q)"][1].split("= ")[1].split()[0])
    assert pinsker == pytest.approx(2 * number(strip["TV"][0]) ** 2, abs=3e-4)


def test_every_preset_is_held_against_scipy():
    assert set(KNOWN) == {preset.name for preset in ruler.PRESETS}


# -- what the presets promise


def test_the_promises_of_the_presets_are_kept():
    both = {name: rows(after(name)) for name in KNOWN}
    assert number(both["Missed bump"]["KL(P‖Q)"][0]) > 10 * number(both["Missed bump"]["KL(Q‖P)"][0])
    assert both["No overlap"]["JS"][0] == "0.6931 nats"
    assert all(number(row[0]) > 0 for row in both["Same mean"].values())
    assert all(number(row[0]) == 0 for row in both["Equal"].values())
    assert number(both["Heavy tails"]["KL(P‖Q)"][0]) > number(both["Heavy tails"]["KL(Q‖P)"][0])


def test_moving_q_away_moves_only_the_transport_distances():
    near, far = (
        rows(open_ruler(p="Uniform", p_centre="-2", p_width="0.8", q="Uniform", q_centre=at, q_width="0.8"))
        for at in ("2", "4")
    )
    changed = {name for name in LABELS if near[name][0] != far[name][0]}
    assert changed == {"W₁", "W₂"}


def test_raising_the_empty_bar_makes_kl_finite():
    hair = "1248cgk1okgc8421"
    assert number(rows(after("A hole"))["KL(P‖Q)"][0]) == math.inf
    raised = rows(open_ruler(p="Uniform", p_width="2.5", q="Drawn", q_bars=hair))["KL(P‖Q)"][0]
    p, q = uniform(-2.5, 5), rv_histogram((np.array([int(digit, 36) for digit in hair]), np.linspace(-4, 4, 17)))
    known = sum(quad(lambda x: 0.2 * math.log(0.2 / q.pdf(x)), left / 2, left / 2 + 0.5)[0] for left in range(-5, 5))
    assert number(raised) == pytest.approx(known, abs=6e-5)
    assert p.pdf(0) == pytest.approx(0.2)


def test_swapping_exchanges_the_two_kls_and_nothing_else():
    app = open_ruler(p="Laplace", p_width="0.5", q="Two bumps", q_centre="-1", q_apart="3", q_share="0.3")
    before = rows(app)
    app.button(key="action-ruler-swap").click().run()
    stands(app)
    after_swap = rows(app)
    assert after_swap["KL(P‖Q)"][0] == before["KL(Q‖P)"][0]
    assert after_swap["KL(Q‖P)"][0] == before["KL(P‖Q)"][0]
    assert [after_swap[name][0] for name in LABELS[2:]] == [before[name][0] for name in LABELS[2:]]
    app.button(key="action-ruler-swap").click().run()
    assert rows(stands(app)) == before
    newcomer = open_page("divergences", **app.query_params)
    assert rows(newcomer) == before


def test_what_is_drawn_can_be_swapped_too():
    app = open_ruler(q="Drawn", q_bars="000000fo00000000")
    before = rows(app)
    app.button(key="action-ruler-swap").click().run()
    stands(app)
    assert app.session_state[KEY.format("p")] == "Drawn"
    assert rows(app)["KL(Q‖P)"][0] == before["KL(P‖Q)"][0]


# -- units, prediction, links


@pytest.mark.parametrize("shown", ["KL(Q‖P)", "W₂"])
def test_bits_are_nats_by_log_two_for_the_entropic_ones_alone(shown):
    nats, bits = (open_ruler(shown=shown, units=units) for units in ("nats", "bits"))
    for label in LABELS:
        scale = math.log(2) if label in LABELS[:3] else 1.0
        assert number(rows(bits)[label][0]) * scale == pytest.approx(number(rows(nats)[label][0]), abs=1e-4)
        assert ("bits" in rows(bits)[label][0]) == (label in LABELS[:3])
    assert "nats per unit" not in said(bits)
    assert " nats" not in notice(bits)


@pytest.mark.parametrize("shown", [*LABELS[:3], "W₁"])
@pytest.mark.parametrize("knobs", [{}, {"q": "Uniform"}])
def test_before_the_answer_the_two_kls_are_nowhere(shown, knobs):
    app, open_app = open_ruler(reveal=False, shown=shown, **knobs), open_ruler(shown=shown, **knobs)
    assert [numbers(app)[label][0] for label in LABELS[:2]] == ["?", "?"]
    shown_now = said(app) + " ".join(html_of(app))
    for label in LABELS[:2]:
        value = rows(open_app)[label][0]
        assert value == "∞" or value.split()[0] not in shown_now
    assert "infinite" not in said(app)
    for table in app.get("vega_lite_chart")[0].proto.datasets:
        import pyarrow

        frame = pyarrow.ipc.open_stream(table.data.data).read_all().to_pandas()
        if table.name == "terms" and shown in LABELS[:2]:
            assert frame[["value", "floor", "minus"]].isna().all(axis=None)
        assert not (table.name == "holes" and len(frame))


@pytest.mark.parametrize(
    ("knobs", "answer", "verdict"),
    [
        ({}, "KL(P‖Q)", "You said “KL(P‖Q)”: right."),
        ({}, "Equal", "You said “Equal”; it is “KL(P‖Q)”."),
        ({"p": "Uniform", "q": "Uniform", "q_centre": "4"}, "Both ∞", "You said “Both ∞”: right."),
        ({"q": "Uniform", "q_centre": "0"}, "KL(Q‖P)", "You said “KL(Q‖P)”; it is “KL(P‖Q)”."),
        ({"q_width": "1"}, "Equal", "You said “Equal”: right."),
    ],
)
def test_a_verdict_follows_the_answer(knobs, answer, verdict):
    app = open_ruler(reveal=False, **knobs)
    assert verdict not in notice(app)
    app.segmented_control(key="divergences_guess_ruler").set_value(answer).run()
    assert verdict in notice(stands(app))
    assert "?" not in [value for value, _ in numbers(app).values()]


@pytest.mark.parametrize("family", ruler.FAMILIES)
@pytest.mark.parametrize("shown", ["KL(P‖Q)", "TV", "W₂"])
def test_every_family_opens_against_a_bell_with_every_divergence(family, shown):
    app = open_ruler(p=family, shown=shown)
    assert tuple(rows(app)) == LABELS
    assert not re.search(r"\b(nan|inf|None)\b", said(app))
    assert len(sent(app, "histogram")) == (family == "Drawn")


@pytest.mark.parametrize(
    "knobs",
    [
        {"p": "Cauchy"}, {"p_centre": "9"}, {"q_width": "0"}, {"q_width": "nan"}, {"shown": "<b>x"}, {"units": "bans"},
        {"p": "Drawn", "p_bars": "0000000000000000"}, {"p": "Drawn", "p_bars": "12"},
        {"q": "Drawn", "q_bars": "zzzzzzzzzzzzzzzz"}, {"q": "Drawn", "q_bars": "½½½½½½½½½½½½½½½½"},
        {"p": "Two bumps", "p_share": "2"}, {"q": "Two bumps", "q_apart": "-1"},
    ],
)  # fmt: skip
def test_an_illegal_link_falls_back_and_says_so_once(knobs):
    app = open_ruler(**knobs)
    assert ignored(app).count("Not used from this link") == 1
    assert not [piece for piece in html_of(app) if "<b>x" in piece]
    legal = {name: value for name, value in knobs.items() if value in ruler.FAMILIES}
    assert rows(app) == rows(open_ruler(**legal))


@pytest.mark.parametrize(
    "extreme",
    [
        {"p_width": "0.2", "q_width": "3", "q_centre": "4", "p_centre": "-4"},
        {"p": "Two bumps", "p_apart": "8", "p_share": "0.05", "p_width": "0.2", "q": "Laplace", "q_width": "3"},
        {"p": "Laplace", "p_width": "3", "p_centre": "4", "q_width": "0.2", "q_centre": "-4"},
        {"p": "Drawn", "p_bars": "o000000000000000", "q": "Drawn", "q_bars": "000000000000000o"},
    ],
)
@pytest.mark.parametrize("shown", ["KL(P‖Q)", "W₂"])
def test_the_ends_of_the_knobs_are_no_trouble(extreme, shown):
    app = open_ruler(shown=shown, **extreme)
    app.session_state["details-the_arithmetic"] = True
    app.session_state["details-the_code"] = True
    app.run()
    assert not re.search(r"\b(nan|inf|None)\b", said(stands(app)))
