"""What is handed out: code that rebuilds and recomputes, tables that add up, formulas whose numbers are right."""

import contextlib
import io
import itertools
import json
import math
import re
from ast import literal_eval

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_networks import assignments, chance, holds, networks, worlds
from scipy.stats import norm

from playground.causality import (
    Climate,
    Country,
    Logistic,
    Network,
    NoOverlap,
    Root,
    Study,
    abduct,
    adjust,
    altitude_on_temperature,
    counterfactual,
    front_door,
    front_door_adjust,
    m_bias,
    predict,
    report,
    simpson,
    smoking,
    temperature_on_altitude,
    toy,
)
from playground.causality.altitude import Line

PUBLISHED = {"smoking": smoking(), "toy": toy(), "front door": front_door(), "Simpson": simpson(), "M-bias": m_bias()}
NUMBER = r"-?\d+\.\d+"
each_published = pytest.mark.parametrize("network", PUBLISHED.values(), ids=PUBLISHED)
few = settings(max_examples=25)


def run(code):
    """What the code leaves behind, and what it printed."""
    out, names = io.StringIO(), {"__name__": "__main__"}
    with contextlib.redirect_stdout(out):
        exec(compile(code, "snippet", "exec"), names)
    return names, out.getvalue().splitlines()


def by_hand(network, target, given=None, do=None):
    """P(target | given, do(do)) as a sum over complete assignments."""
    every = [(world, p) for world, p in worlds(network, do) if holds(given or {}, world)]
    return sum(p for world, p in every if holds(target, world)) / sum(p for _, p in every)


def would_by_hand(network, world, do, ask):
    """P(ask = 1 | what happened, had do been done), each node's threshold met with what its noise may have been."""
    total = 0.0
    for other in (
        dict(zip(network.nodes, values, strict=True)) for values in itertools.product((0, 1), repeat=len(world))
    ):
        p = 1.0
        for name, mechanism in network.mechanisms.items():
            was, now = chance(mechanism, world), chance(mechanism, other)
            low, high = (0.0, was) if world[name] else (was, 1.0)
            one = float(do[name]) if name in do else min(1.0, max(0.0, (now - low) / (high - low)))
            p *= one if other[name] else 1 - one
        total += p * other[ask]
    return total


def imagined_by_hand(network, was, do, ask):
    """The same, averaged over every world that what was seen allows."""
    every = [(world, p) for world, p in worlds(network) if holds(was, world) and p > 0]
    return sum(p * would_by_hand(network, world, do, ask) for world, p in every) / sum(p for _, p in every)


def assert_well_formed(latex, network=None):
    """Braces and environments close, and a name stands in \\text{} with its underscores escaped."""
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", latex):
        depth += 1 if brace == "{" else -1
        assert depth >= 0, latex
    assert depth == 0, latex
    assert latex.count(r"\begin{aligned}") == latex.count(r"\end{aligned}") <= 1
    assert latex.count(r"\big(") == latex.count(r"\big)") or network is None
    assert latex.count("(") == latex.count(")")
    for words in re.findall(r"\\text\{([^{}]*)\}", latex):
        assert not re.search(r"(?<!\\)[_^&%$#~]", words), words
    for word in ("nan", "inf", "None", "np.", "float"):
        assert not re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", re.sub(r"\\text\{[^{}]*\}", "", latex)), latex


# -- code


@each_published
def test_the_code_of_a_published_network_rebuilds_it(network):
    assert run(report.python(network))[0]["network"] == network


@few
@given(networks())
def test_the_code_of_any_network_rebuilds_it(network):
    assert run(report.python(network))[0]["network"] == network


def test_the_code_survives_every_legal_name():
    network = Network({"wet grass": Root(0.1), "t-cell_2": Logistic(-1.0, {"wet grass": 1 / 3}), "None": Root(1.0)})
    assert run(report.python(network))[0]["network"] == network


@few
@given(st.data())
def test_the_code_of_see_prints_beliefs_before_and_after(data):
    network = data.draw(networks(most=5))
    seen = data.draw(assignments(network.nodes, 2))
    assume(sum(p for world, p in worlds(network) if holds(seen, world)) > 1e-9)
    before, after = map(literal_eval, run(report.code_see(network, seen))[1])
    assert before == pytest.approx({name: by_hand(network, {name: 1}) for name in network.nodes}, abs=1e-9)
    assert after == pytest.approx({name: by_hand(network, {name: 1}, seen) for name in network.nodes}, abs=1e-9)


@few
@given(st.data())
def test_the_code_of_do_prints_seeing_then_doing(data):
    network = data.draw(networks(positive=True, most=5))
    act, ask, *rest = data.draw(st.permutations(network.nodes))
    setting, also = {act: data.draw(st.integers(0, 1))}, data.draw(assignments(rest, 1)) if rest else {}
    printed = [float(line) for line in run(report.code_do(network, {ask: 1}, setting, also))[1]]
    assert printed == pytest.approx(
        [by_hand(network, {ask: 1}, {**also, **setting}), by_hand(network, {ask: 1}, also, setting)], abs=1e-9
    )


def test_the_code_of_do_sees_what_else_is_seen_both_times():
    also, setting = {"cancer": 1}, {"yellow": 1}
    printed = [float(line) for line in run(report.code_do(smoking(), {"smoking": 1}, setting, also))[1]]
    seen = by_hand(smoking(), {"smoking": 1}, {"yellow": 1, "cancer": 1})
    done = by_hand(smoking(), {"smoking": 1}, {"cancer": 1})
    assert printed == pytest.approx([seen, done], abs=1e-12)


def effect_by_hand(network, cause, effect):
    return by_hand(network, {effect: 1}, do={cause: 1}) - by_hand(network, {effect: 1}, do={cause: 0})


def first_people(network, n):
    """The first n of the million people whom the page counts, a column of 0 and 1 each."""
    columns = network.sample(1_000_000, generator=torch.Generator().manual_seed(0))
    return {name: values[:n].numpy() for name, values in columns.items()}


def difference(people, cause, effect, among=True):
    return people[effect][among & (people[cause] == 1)].mean() - people[effect][among & (people[cause] == 0)].mean()


def test_the_code_of_identify_prints_truth_naive_adjusted_front_door_and_trial():
    network, cause, effect, n = front_door(), "smoking", "cancer", 5_000
    _, lines = run(report.code_identify(Study(network, cause, effect, adjusted=("genotype",)), n=n))
    people, coin = first_people(network, n), first_people(network.replace(cause, Root(0.5)), n)
    strata = [people["genotype"] == value for value in (0, 1)]
    through_tar = 0.0
    for tar in (0, 1):
        with_tar = people["tar"] == tar
        change = with_tar[people[cause] == 1].mean() - with_tar[people[cause] == 0].mean()
        arms = [people[cause] == value for value in (0, 1)]
        through_tar += change * sum(people[effect][with_tar & arm].mean() * arm.mean() for arm in arms)
    expected = [
        effect_by_hand(network, cause, effect),
        difference(people, cause, effect),
        sum(difference(people, cause, effect, among) * among.mean() for among in strata),
        through_tar,
        difference(coin, cause, effect),
    ]
    assert [float(line) for line in lines] == pytest.approx(expected, abs=1e-9)
    naive = by_hand(network, {effect: 1}, {cause: 1}) - by_hand(network, {effect: 1}, {cause: 0})
    assert expected == pytest.approx([expected[0], naive, *[expected[0]] * 3], abs=0.08)  # 4 s.e. of 5 000 people


def test_the_code_of_identify_leaves_out_a_front_door_that_is_not_there():
    _, lines = run(
        report.code_identify(Study(simpson(), "treatment", "recovery", adjusted=("large stones",)), n=100_000)
    )
    truth, naive, adjusted, trial = map(float, lines)
    assert truth == pytest.approx(effect_by_hand(simpson(), "treatment", "recovery"), abs=1e-12)
    assert naive == pytest.approx((81 + 192) / 350 - (234 + 55) / 350, abs=0.012)  # 4 s.e.
    assert adjusted == pytest.approx(truth, abs=0.012)
    assert trial == pytest.approx(truth, abs=0.012)


@few
@given(st.data())
def test_the_code_of_imagine_prints_the_same_counterfactual_twice(data):
    network = data.draw(networks(positive=True, most=4))
    was, act = data.draw(assignments(network.nodes, 2)), {data.draw(st.sampled_from(network.nodes)): 1}
    ask = data.draw(st.sampled_from(network.nodes))
    printed = [float(line) for line in run(report.code_imagine(network, was, act, ask))[1]]
    assert printed == pytest.approx([imagined_by_hand(network, was, act, ask)] * 2, abs=1e-9)


def test_the_code_of_mechanisms_prints_what_each_fit_loses_over_there():
    home, there, climate = Country(800.0, 300.0), Country(2200.0, 500.0), Climate(noise_sd=1.5)
    _, lines = run(report.code_mechanisms(home, there, climate, 60, 7))
    noise = torch.randn(2, 60, dtype=torch.float64, generator=torch.Generator().manual_seed(7)).numpy()
    altitude = 800 + 300 * noise[0]
    temperature = 15 - 0.0065 * altitude + 1.5 * noise[1]
    rng = np.random.default_rng(0)
    height = 2200 + 500 * rng.standard_normal(400_000)
    warmth = 15 - 0.0065 * height + 1.5 * rng.standard_normal(400_000)
    for line, (x, y), (new_x, new_y) in zip(
        lines, ((altitude, temperature), (temperature, altitude)), ((height, warmth), (warmth, height)), strict=True
    ):
        slope, intercept = np.polyfit(x, y, 1)
        spread = np.std(y - intercept - slope * x)
        right_slope, right_intercept = np.polyfit(new_x, new_y, 1)
        right = norm(right_intercept + right_slope * new_x, np.std(new_y - right_intercept - right_slope * new_x))
        lost = right.logpdf(new_y) - norm(intercept + slope * new_x, spread).logpdf(new_y)
        assert float(line) == pytest.approx(lost.mean(), abs=5 * lost.std() / 400_000**0.5)


# -- tables


@few
@given(networks(most=5))
def test_the_table_holds_every_cell_of_the_joint(network):
    table = pd.read_csv(io.StringIO(report.csv(network.joint())))
    assert list(table.columns) == [*network.nodes, "probability"]
    assert len(table) == 2 ** len(network.nodes)
    found = {tuple(row[:-1]): row[-1] for row in table.itertuples(index=False)}
    for world, p in worlds(network):
        assert found[tuple(world.values())] == pytest.approx(p, abs=1e-11)
    assert table.probability.sum() == pytest.approx(1, abs=1e-9)


@few
@given(st.data())
def test_the_table_of_worlds_has_what_was_and_what_would_have_been(data):
    network = data.draw(networks(most=4))
    was, act = data.draw(assignments(network.nodes, 2)), data.draw(assignments(network.nodes, 1))
    assume(sum(p for world, p in worlds(network) if holds(was, world)) > 1e-6)
    table = pd.read_csv(io.StringIO(report.worlds_csv(network, abduct(network, was), act)))
    would = [f"would be: {name}" for name in network.nodes]
    assert list(table.columns) == [*network.nodes, "probability", *would]
    assert table.probability.sum() == pytest.approx(1, abs=1e-9)
    assert table.probability.is_monotonic_decreasing
    for row in table.to_dict("records"):
        world = {name: row[name] for name in network.nodes}
        assert holds(was, world)
        for name in network.nodes:
            assert row[f"would be: {name}"] == pytest.approx(would_by_hand(network, world, act, name), abs=1e-9)


def test_the_table_of_places_has_a_row_for_each():
    places = {"home": (np.array([1.0, 2.25]), np.array([3.0, -4.5])), "there": (np.array([5.0]), np.array([6.0]))}
    table = pd.read_csv(io.StringIO(report.places_csv(places)))
    assert list(table.columns) == ["country", "altitude_m", "temperature_c"]
    assert table.to_numpy().tolist() == [["home", 1.0, 3.0], ["home", 2.25, -4.5], ["there", 5.0, 6.0]]


@few
@given(networks())
def test_the_mechanisms_survive_json(network):
    found = json.loads(json.dumps(report.as_json(network)))
    assert list(found) == list(network.nodes)
    for name, mechanism in network.mechanisms.items():
        values = {key: value for key, value in found[name].items() if key != "kind"}
        assert found[name]["kind"] == type(mechanism).__name__.lower()
        assert type(mechanism)(**values) == mechanism


# -- formulas


def numbers(latex):
    return [float(number) for number in re.findall(NUMBER, latex)]


def printed_sum(latex):
    """Σ weight · value of the printed factors, and how far rounding them may have moved it."""
    factors = [(float(a), float(b)) for a, b in re.findall(rf"({NUMBER}) \\cdot ({NUMBER})", latex)]
    return sum(a * b for a, b in factors), sum(5e-5 * (abs(a) + abs(b)) + 1e-8 for a, b in factors) + 5e-5


@few
@given(st.data())
def test_the_quotient_of_bayes_holds_in_its_printed_numbers(data):
    network = data.draw(networks(positive=True, most=5))
    target, *rest = data.draw(st.permutations(network.nodes))
    seen, do = data.draw(assignments(rest, 2)), data.draw(assignments(network.nodes, 1))
    do = {name: value for name, value in do.items() if name not in seen and name != target}
    latex = report.bayes_latex(network, {target: 1}, seen, do)
    assert_well_formed(latex)
    exact = by_hand(network, {target: 1}, seen, do)
    assert numbers(latex)[-1] == pytest.approx(exact, abs=5.1e-7)
    if seen:
        both, whole, quotient = numbers(latex)
        mass = sum(p for world, p in worlds(network, do) if holds(seen, world))
        assert (both, whole) == pytest.approx((exact * mass, mass), abs=5.1e-7)
        assert quotient == pytest.approx(both / whole, abs=2e-6 / whole)
    assert (r"\mathrm{do}" in latex) == bool(do)


def test_the_published_quotient_reads_as_in_the_book():
    latex = report.bayes_latex(smoking(), {"smoking": 1}, {"cancer": 1, "asbestos": 1})
    assert latex.endswith("= 0.201336")
    assert r"P(\text{smoking}{=}1 \mid \text{cancer}{=}1,\ \text{asbestos}{=}1)" in latex


@each_published
def test_the_chain_rule_names_every_node_with_its_causes(network):
    latex = report.joint_latex(network)
    assert_well_formed(latex)
    factors = [re.findall(r"\\text\{([^{}]*)\}", factor) for factor in latex.split(" = ")[1].split(r"\, ")]
    assert factors == [[name, *network.parents(name)] for name in network.nodes]


@few
@given(st.data())
def test_the_adjustment_adds_up_to_what_it_says(data):
    network = data.draw(networks(positive=True, most=5))
    cause, effect, *rest = data.draw(st.permutations(network.nodes))
    chosen = data.draw(st.lists(st.sampled_from(rest), unique=True)) if rest else []
    value = data.draw(st.integers(0, 1))
    truth = by_hand(network, {effect: 1}, do={cause: value})
    latex = report.adjustment_latex(cause, effect, value, adjust(network.joint(), cause, effect, chosen, value), truth)
    assert_well_formed(latex)
    every = [dict(zip(chosen, values, strict=True)) for values in itertools.product((0, 1), repeat=len(chosen))]
    exact = sum(by_hand(network, {effect: 1}, {**z, cause: value}) * by_hand(network, z) for z in every)
    if r"\ne" in latex:  # a wrong set is not called the effect of doing
        assert abs(exact - truth) > 1e-5
        assert numbers(latex)[-2:] == pytest.approx([exact, truth], abs=5.1e-5)
    else:
        assert exact == pytest.approx(truth, abs=1e-4)
        assert numbers(latex)[-1] == pytest.approx(exact, abs=5.1e-5)
    if chosen and len(every) <= report.MOST_ROWS:
        total, rounding = printed_sum(latex)
        assert total == pytest.approx(exact, abs=rounding)
        assert latex.count(r"\cdot") == len(every)


def test_the_adjustment_of_the_kidney_stones_reads_as_in_the_paper():
    found = adjust(simpson().joint(), "treatment", "recovery", ["large stones"], 1)
    latex = report.adjustment_latex("treatment", "recovery", 1, found, found.value)
    assert latex.count(r"\cdot") == 2
    small, large = 81 / 87, 192 / 263
    for text in (f"{small:.4f} \\cdot {357 / 700:.4f}", f"{large:.4f} \\cdot {343 / 700:.4f}"):
        assert text in latex
    assert f"&= {small * 357 / 700 + large * 343 / 700:.4f}" in latex


def test_more_strata_than_rows_are_counted():
    names = ["a", "b", "c", "d"]
    network = Network({**dict.fromkeys(names, Root(0.5)), "x": Root(0.5), "y": Logistic(0.0, {"x": 1.0, "a": 1.0})})
    latex = report.adjustment_latex("x", "y", 1, adjust(network.joint(), "x", "y", names, 1), 0.5)
    assert latex.count(r"\cdot") == report.MOST_ROWS
    assert f"({16 - report.MOST_ROWS} more)" in latex


def inner_sums(latex):
    """Σ weight (Σ value · weight) of the printed numbers, nested as they are."""
    total = 0.0
    for weight, inner in re.findall(rf"({NUMBER})\\,\(([^()]*)\)", latex):
        total += float(weight) * printed_sum(inner)[0]
    return total


@pytest.mark.parametrize("value", [0, 1])
def test_the_front_door_adds_up_to_doing(value):
    found = front_door_adjust(front_door().joint(), "smoking", "cancer", ["tar"], value)
    latex = report.front_door_latex("smoking", "cancer", value, found)
    assert_well_formed(latex)
    exact = by_hand(front_door(), {"cancer": 1}, do={"smoking": value})
    assert numbers(latex)[-1] == pytest.approx(exact, abs=5.1e-5)
    assert inner_sums(latex) == pytest.approx(exact, abs=3e-4)


@few
@given(st.data())
def test_any_front_door_formula_adds_up_to_what_it_says(data):
    network = data.draw(networks(positive=True, least=3, most=5))
    cause, effect, *rest = data.draw(st.permutations(network.nodes))
    mediators = data.draw(st.lists(st.sampled_from(rest), min_size=1, max_size=2, unique=True))
    try:
        found = front_door_adjust(network.joint(), cause, effect, mediators, 1)
    except NoOverlap:
        return
    latex = report.front_door_latex(cause, effect, 1, found)
    assert_well_formed(latex)
    assert inner_sums(latex) == pytest.approx(numbers(latex)[-1], abs=5e-4)


@pytest.mark.parametrize("value", [0, 1])
def test_the_formula_in_force_is_the_right_one(value):
    hidden = Study(front_door(), "smoking", "cancer", hidden=("genotype",))
    doing = by_hand(front_door(), {"cancer": 1}, do={"smoking": value})
    latex = report.study_latex(hidden, value)
    assert_well_formed(latex)
    assert numbers(latex)[-1] == pytest.approx(doing, abs=5.1e-5)
    right = Study(front_door(), "smoking", "cancer", adjusted=("genotype",))
    assert report.study_latex(right, value).count(r"\cdot") == 2
    assert numbers(report.study_latex(right, value))[-1] == pytest.approx(doing, abs=5.1e-5)
    wrong = Study(simpson(), "treatment", "recovery")
    seen, done = (
        by_hand(simpson(), {"recovery": 1}, *given) for given in ([{"treatment": value}], [{}, {"treatment": value}])
    )
    assert numbers(report.study_latex(wrong, value)) == pytest.approx([seen, done], abs=5.1e-5)
    assert r"\ne" in report.study_latex(wrong, value)


@pytest.mark.parametrize(("adjusted", "right"), [(("large stones",), True), ((), False)])
def test_the_effect_is_the_difference_of_its_sides_and_of_doing_only_where_it_is_right(adjusted, right):
    latex = report.effect_latex(Study(simpson(), "treatment", "recovery", adjusted=adjusted))
    assert_well_formed(latex)
    first, second, difference, *truth = numbers(latex)
    assert difference == pytest.approx(first - second, abs=1.1e-4)
    effect = effect_by_hand(simpson(), "treatment", "recovery")
    assert (difference == pytest.approx(effect, abs=5.1e-5)) == right
    assert truth == ([] if right else pytest.approx([effect], abs=5.1e-5))
    assert (r"\ne" in latex) != right


@each_published
def test_every_mechanism_is_written_with_its_numbers(network):
    latex = report.mechanisms_latex(network)
    assert_well_formed(latex)
    rows = latex.removeprefix(r"\begin{aligned}").removesuffix(r"\end{aligned}").split(r"\\[4pt] ")
    assert len(rows) == len(network.nodes)
    for row, (name, mechanism) in zip(rows, network.mechanisms.items(), strict=True):
        left, right = row.split(" &= ")
        assert re.findall(r"\\text\{([^{}]*)\}", left) == [name, *mechanism.parents]
        bare = re.sub(r"\\text\{[^{}]*\}", "", right)
        found = [float(number) for number in re.findall(r"[-+]?\d+\.?\d*", bare)]
        if isinstance(mechanism, Root):
            assert found == pytest.approx([mechanism.probability], rel=1e-3)
        elif isinstance(mechanism, Logistic):
            assert found == pytest.approx([mechanism.bias, *mechanism.weights.values()], rel=1e-3)
        else:
            assert "table" in right


@few
@given(st.data())
def test_the_worlds_of_a_counterfactual_add_up_to_what_it_says(data):
    network = data.draw(networks(positive=True, most=4))
    was = data.draw(assignments(network.nodes, 3))
    act = {data.draw(st.sampled_from(network.nodes)): data.draw(st.integers(0, 1))}
    ask = data.draw(st.sampled_from(network.nodes))
    found = abduct(network, was)
    total = counterfactual(network, {ask: 1}, given=was, do=act)
    latex = report.counterfactual_latex(network, found, was, act, ask, total)
    assert_well_formed(latex, network)
    exact = imagined_by_hand(network, was, act, ask)
    assert numbers(latex)[-1] == pytest.approx(exact, abs=5.1e-5)
    if len(found) <= report.MOST_ROWS:
        added, rounding = printed_sum(latex)
        assert added == pytest.approx(exact, abs=rounding)
    else:
        assert f"({len(found) - report.MOST_ROWS} more)" in latex
        assert latex.count(r"\cdot") == report.MOST_ROWS


def test_the_smoker_without_smoking_reads_right():
    was, act = {"smoking": 1, "yellow": 1, "cancer": 1}, {"smoking": 0}
    found = abduct(smoking(), was)
    total = counterfactual(smoking(), {"cancer": 1}, given=was, do=act)
    latex = report.counterfactual_latex(smoking(), found, was, act, "cancer", total)
    assert_well_formed(latex, smoking())
    assert f"&= {imagined_by_hand(smoking(), was, act, 'cancer'):.4f}" in latex
    first = found[0]
    assert f"{first.probability:.4f} \\cdot {predict(smoking(), first, act)['cancer']:.4f}" in latex


lines = st.builds(Line, st.floats(-3, 3), st.floats(-30, 30), st.floats(0.5, 9))


@given(lines, st.floats(0, 3000), st.floats(50, 800), st.floats(0.2, 5), st.booleans())
def test_the_terms_of_the_excess_add_up_to_it(line, mean, spread, noise, along):
    pair = temperature_on_altitude if along else altitude_on_temperature
    truth = pair(Country(mean, spread), Climate(noise_sd=noise))
    latex = report.excess_latex("T from A", line, truth)
    assert_well_formed(latex)
    _, put_in, total = latex.split(" = ")
    assert "+ -" not in put_in
    logs, ratio, half, miss, excess = numbers(put_in.replace("- 0.5", "-0.5") + " " + total)
    assert half == -0.5
    assert excess == pytest.approx(logs + ratio + half + miss, abs=2.1e-4)
    best = truth.line()
    assert logs == pytest.approx(math.log(line.sd / best.sd), abs=5.1e-5)
    assert ratio == pytest.approx(best.sd**2 / (2 * line.sd**2), abs=5.1e-5)
    bias = best.intercept + best.slope * truth.mean_x - line.intercept - line.slope * truth.mean_x
    square = bias**2 + (best.slope - line.slope) ** 2 * truth.variance_x
    assert miss == pytest.approx(square / (2 * line.sd**2), abs=1e-4, rel=1e-6)


def test_underscores_are_escaped_in_every_formula():
    mechanisms = {"c_d": Logistic(-1.0, {"a_b": 2.0}), "e_f": Logistic(0.0, {"c_d": 1.0, "a_b": 1.0})}
    network = Network({"a_b": Root(0.3), **mechanisms})
    joint = network.joint()
    for latex in (
        report.joint_latex(network),
        report.event({"a_b": 1}),
        report.bayes_latex(network, {"a_b": 1}, {"c_d": 1}, {"e_f": 0}),
        report.adjustment_latex("c_d", "e_f", 1, adjust(joint, "c_d", "e_f", ["a_b"], 1), 0.5),
        report.adjustment_latex("c_d", "e_f", 1, adjust(joint, "c_d", "e_f", [], 1), 0.5),
        report.effect_latex(Study(network, "c_d", "e_f")),
        report.mechanisms_latex(network),
        report.front_door_latex("a_b", "e_f", 1, front_door_adjust(joint, "a_b", "e_f", ["c_d"], 1)),
        report.counterfactual_latex(network, abduct(network), {}, {"a_b": 1}, "e_f", 0.5),
    ):
        assert_well_formed(latex)
        for name in network.nodes:
            assert name not in latex
