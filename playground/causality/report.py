"""What a network says, written out: formulas with the numbers put in, code that remakes it, tables to take away."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from playground.causality.adjustment import Estimate, Term, adjust, front_door_adjust
from playground.causality.altitude import Climate, Country, Line, Moments, excess_nll
from playground.causality.counterfactual import World, predict
from playground.causality.joint import Joint, corners
from playground.causality.mechanisms import Logistic, Root, Table
from playground.causality.network import Network
from playground.causality.study import Study

MOST_ROWS = 8
PRINTED = 5e-5  # half of the last digit shown


def python(network: Network) -> str:
    """Lines that build the network and name it `network`."""
    rows = "".join(f"    {name!r}: {_call(mechanism)},\n" for name, mechanism in network.mechanisms.items())
    return f"from playground.causality import Logistic, Network, Root, Table\n\nnetwork = Network({{\n{rows}}})\n"


def code_see(network: Network, seen: Mapping[str, int]) -> str:
    """The call behind the experiment See."""
    return f"{python(network)}\nprint(network.marginals())\nprint(network.marginals(given={dict(seen)}))"


def code_do(network: Network, asked: Mapping[str, int], setting: Mapping[str, int], also: Mapping[str, int]) -> str:
    """The calls behind the experiment Do."""
    return (
        f"{python(network)}\n"
        f"print(network.probability({dict(asked)}, given={ {**also, **setting} }))\n"
        f"print(network.probability({dict(asked)}, given={dict(also)}, do={dict(setting)}))"
    )


def code_identify(study: Study, *, n: int) -> str:
    """The calls behind the experiment Identify: the truth, then every estimate from the same n people."""
    x, y = study.cause, study.effect
    names = ["adjust_difference", "naive_difference", "simulate", *(["front_door_difference"] if study.front else [])]
    door = f"print(front_door_difference(data, {x!r}, {y!r}, {study.front}).value)\n" if study.front else ""
    return (
        f"import torch\n\n{python(study.network)}"
        f"from playground.causality import {', '.join(sorted(names))}\n\n\n"
        "def people(world):\n"
        f"    return simulate(world, 1_000_000, generator=torch.Generator().manual_seed(0)).joint({n})\n\n\n"
        f"done = [network.probability({{{y!r}: 1}}, do={{{x!r}: value}}) for value in (0, 1)]\n"
        "print(done[1] - done[0])\n"
        "data = people(network)\n"
        f"print(naive_difference(data, {x!r}, {y!r}).value)\n"
        f"print(adjust_difference(data, {x!r}, {y!r}, {list(study.adjusted)}).value)\n{door}"
        f"trial = people(network.replace({x!r}, Root(0.5)))\n"
        f"print(naive_difference(trial, {x!r}, {y!r}).value)"
    )


def code_imagine(network: Network, was: Mapping[str, int], act: Mapping[str, int], ask: str) -> str:
    """The three steps behind the experiment Imagine, one by one and in one call."""
    return (
        f"{python(network)}\n"
        "from playground.causality import abduct, counterfactual, predict\n\n"
        f"worlds = abduct(network, {dict(was)})\n"
        f"print(sum(world.probability * predict(network, world, {dict(act)})[{ask!r}] for world in worlds))\n"
        f"print(counterfactual(network, {{{ask!r}: 1}}, given={dict(was)}, do={dict(act)}))"
    )


def code_mechanisms(home: Country, there: Country, climate: Climate, places: int, seed: int) -> str:
    """The calls behind the experiment Mechanisms."""
    return (
        "import torch\n\n"
        "from playground.causality import Climate, Country, altitude_on_temperature, excess_nll\n"
        "from playground.causality import fit_line, sample_altitude, temperature_on_altitude\n\n"
        f"home, there = {home!r}, {there!r}\n"
        f"climate = {climate!r}\n"
        f"generator = torch.Generator().manual_seed({seed})\n"
        f"altitude, temperature = sample_altitude(home, climate, {places}, generator=generator)\n"
        "print(excess_nll(fit_line(altitude, temperature), temperature_on_altitude(there, climate)))\n"
        "print(excess_nll(fit_line(temperature, altitude), altitude_on_temperature(there, climate)))"
    )


def csv(joint: Joint) -> str:
    """Every cell of the joint: a column of 0 and 1 per node, then its probability."""
    cells = zip(corners(len(joint.nodes)).astype(int).tolist(), joint.p.reshape(-1).tolist(), strict=True)
    rows = "".join(",".join(map(str, values)) + f",{p:.12g}\n" for values, p in cells)
    return ",".join((*joint.nodes, "probability")) + "\n" + rows


def worlds_csv(network: Network, worlds: Sequence[World], do: Mapping[str, int]) -> str:
    """Every world: its values, its probability, and P(node = 1) of every node had do(do) been done in it."""
    lines = [",".join((*network.nodes, "probability", *(f"would be: {name}" for name in network.nodes)))]
    for world in worlds:
        would = predict(network, world, do)
        cells = (
            *world.values.values(),
            f"{world.probability:.12g}",
            *(f"{would[name]:.12g}" for name in network.nodes),
        )
        lines.append(",".join(map(str, cells)))
    return "\n".join(lines) + "\n"


def places_csv(places: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> str:
    """Altitude and temperature of every place of every country."""
    rows = (
        f"{country},{altitude:.3f},{temperature:.3f}\n"
        for country, pair in places.items()
        for altitude, temperature in zip(*pair, strict=True)
    )
    return "country,altitude_m,temperature_c\n" + "".join(rows)


def as_json(network: Network) -> dict[str, Any]:
    """The mechanisms as plain values."""
    return {
        name: {"kind": type(mechanism).__name__.lower(), **_fields(mechanism)}
        for name, mechanism in network.mechanisms.items()
    }


def event(values: Mapping[str, int]) -> str:
    r"""Such as `\text{tar}{=}1,\ \text{cancer}{=}0`, for LaTeX."""
    return r",\ ".join(rf"\text{{{_escaped(name)}}}{{=}}{value}" for name, value in values.items())


def joint_latex(network: Network) -> str:
    """The chain rule that this network's arrows allow."""
    factors = (
        rf"P(\text{{{_escaped(name)}}}"
        + (
            r" \mid " + r",\ ".join(rf"\text{{{_escaped(cause)}}}" for cause in network.parents(name))
            if network.parents(name)
            else ""
        )
        + ")"
        for name in network.nodes
    )
    return r"P(\text{all}) = " + r"\, ".join(factors)


def mechanisms_latex(network: Network) -> str:
    """How each node answers to its causes, σ(a) = 1 / (1 + exp(-a)); a table is only named."""
    rows = []
    for name, mechanism in network.mechanisms.items():
        causes = r",\ ".join(rf"\text{{{_escaped(cause)}}}" for cause in mechanism.parents)
        left = rf"P(\text{{{_escaped(name)}}}{{=}}1" + (rf" \mid {causes})" if causes else ")")
        if isinstance(mechanism, Root):
            right = f"{mechanism.probability:.4g}"
        elif isinstance(mechanism, Logistic):
            terms = "".join(
                rf" {weight:+.4g}\,\text{{{_escaped(cause)}}}" for cause, weight in mechanism.weights.items()
            )
            right = rf"\sigma({mechanism.bias:.4g}{terms})"
        else:
            right = r"\text{a table}"
        rows.append(rf"{left} &= {right}")
    return _aligned(rows)


def bayes_latex(
    network: Network, target: Mapping[str, int], given: Mapping[str, int], do: Mapping[str, int] | None = None
) -> str:
    """P(target | given, do) as a quotient of two sums over the joint, with the numbers put in."""
    joint = network.joint(do or {})
    action = rf"\mathrm{{do}}({event(do)})" if do else ""
    world = rf"_{{{action}}}" if do else ""
    whole = joint.evidence(given)
    both = joint.probability(target, given) * whole
    condition = r",\ ".join(part for part in (event(given), action) if part)
    left = rf"P({event(target)} \mid {condition})" if condition else rf"P({event(target)})"
    above = rf"\sum P{world}({event({**target, **given})},\ \ldots)"
    if not given:
        return rf"{left} = {above} = {both:.6f}"
    below = rf"\sum P{world}({event(given)},\ \ldots)"
    return rf"{left} = \frac{{{above}}}{{{below}}} = \frac{{{both:.6f}}}{{{whole:.6f}}} = {both / whole:.6f}"


def study_latex(study: Study, value: int) -> str:
    """The formula in force with the exact numbers: the chosen adjustment, or the front door where that is wrong."""
    joint, x, y = study.network.joint(), study.cause, study.effect
    if study.front and not study.valid:
        return front_door_latex(x, y, value, front_door_adjust(joint, x, y, study.front, value))
    truth = study.network.probability({y: 1}, do={x: value})
    return adjustment_latex(x, y, value, adjust(joint, x, y, study.adjusted, value), truth)


def effect_latex(study: Study) -> str:
    """The effect as the difference of the two sides of `study_latex`."""
    joint, x, y = study.network.joint(), study.cause, study.effect
    if study.front and not study.valid:
        sides = [front_door_adjust(joint, x, y, study.front, value).value for value in (1, 0)]
    else:
        sides = [adjust(joint, x, y, study.adjusted, value).value for value in (1, 0)]
    difference = sides[0] - sides[1]
    wrong = rf" \ne {study.truth:+.4f}" if abs(difference - study.truth) > PRINTED else ""
    return rf"\text{{effect}} = {sides[0]:.4f} - {sides[1]:.4f} = {difference:+.4f}{wrong}"


def adjustment_latex(cause: str, effect: str, value: int, estimate: Estimate, truth: float) -> str:
    """Σ_z P(effect | cause = value, z) P(z) with the numbers of `estimate` put in, equal to the truth or not."""
    terms, outcome = estimate.terms, {effect: 1}
    action = rf"P({event(outcome)} \mid \mathrm{{do}}({event({cause: value})}))"
    names = r",\ ".join(rf"\text{{{_escaped(name)}}}" for name in terms[0].stratum)
    if names:
        general = rf"\sum_{{{names}}} P({event(outcome)} \mid {event({cause: value})},\ {names})\, P({names})"
        rows = [general, rf"= {_sum(terms)}"]
    else:
        rows = [rf"P({event(outcome)} \mid {event({cause: value})})"]
    if abs(truth - estimate.value) > PRINTED:
        rows.append(rf"= {estimate.value:.4f} \quad \ne \quad {action} = {truth:.4f}")
    else:
        rows = [action, rf"= {rows[0]}", *rows[1:], rf"= {estimate.value:.4f}"]
    return _aligned([rf"&{row}" for row in rows])


def front_door_latex(cause: str, effect: str, value: int, estimate: Estimate) -> str:
    """Σ_m P(m | x) Σ_x' P(y | m, x') P(x') with the numbers of `estimate` put in."""
    outcome = {effect: 1}
    names = r",\ ".join(rf"\text{{{_escaped(name)}}}" for name in estimate.terms[0].stratum)
    x = rf"\text{{{_escaped(cause)}}}"
    general = (
        rf"&= \sum_{{{names}}} P({names} \mid {event({cause: value})})"
        rf" \sum_{{{x}'}} P({event(outcome)} \mid {names},\ {x}')\, P({x}')"
    )
    inner = (rf"{term.weight:.4f}\,({_sum(term.terms)})" for term in estimate.terms)
    left = rf"&P({event(outcome)} \mid \mathrm{{do}}({event({cause: value})}))"
    return _aligned([left, general, rf"&= {' + '.join(inner)}", rf"&= {estimate.value:.4f}"])


def counterfactual_latex(
    network: Network, worlds: Sequence[World], was: Mapping[str, int], act: Mapping[str, int], ask: str, total: float
) -> str:
    """Σ_w P(w | seen) P(ask in w after acting), with the numbers put in, the most probable worlds first."""
    seen = rf" \mid {event(was)}" if was else ""
    outcome = event({ask: 1})
    terms = " + ".join(
        rf"{world.probability:.4f} \cdot {predict(network, world, act)[ask]:.4f}" for world in worlds[:MOST_ROWS]
    )
    more = rf" + \ldots \text{{ ({len(worlds) - MOST_ROWS} more)}}" if len(worlds) > MOST_ROWS else ""
    return _aligned(
        [
            rf"P\big({outcome}_{{\,{event(act)}}}{seen}\big) &= \sum_{{\text{{worlds }} w}}"
            rf" P(w{seen}) \, P_w\big({outcome}_{{\,{event(act)}}}\big)",
            rf"&= {terms}{more}",
            rf"&= {total:.4f}",
        ]
    )


def excess_latex(name: str, fit: Line, truth: Moments) -> str:
    """E KL(p(y | x) ‖ fitted) of one line in another country, with the numbers put in."""
    best = truth.line()
    miss = excess_nll(fit, truth) - math.log(fit.sd / best.sd) - best.sd**2 / (2 * fit.sd**2) + 0.5
    return (
        rf"\text{{{name}: }} \log\frac{{s}}{{\sigma}} + \frac{{\sigma^2}}{{2 s^2}} - \frac12"
        rf" + \frac{{\mathbb{{E}}[(\mu(x) - m(x))^2]}}{{2 s^2}}"
        rf" = {math.log(fit.sd / best.sd):.4f} + {best.sd**2 / (2 * fit.sd**2):.4f} - 0.5 + {miss:.4f}"
        rf" = {excess_nll(fit, truth):.4f} \text{{ nats}}"
    )


def _sum(terms: Sequence[Term]) -> str:
    shown = " + ".join(rf"{term.value:.4f} \cdot {term.weight:.4f}" for term in terms[:MOST_ROWS])
    return shown + (rf" + \ldots \text{{ ({len(terms) - MOST_ROWS} more)}}" if len(terms) > MOST_ROWS else "")


def _aligned(rows: Sequence[str]) -> str:
    return r"\begin{aligned}" + r"\\[4pt] ".join(rows) + r"\end{aligned}"


def _escaped(name: str) -> str:
    # of what a name may hold, only the underscore means something to LaTeX
    return name.replace("_", r"\_")


def _call(mechanism: Root | Logistic | Table) -> str:
    values = ", ".join(f"{field}={value!r}" for field, value in _fields(mechanism).items())
    return f"{type(mechanism).__name__}({values})"


def _fields(mechanism: Root | Logistic | Table) -> dict[str, Any]:
    if isinstance(mechanism, Root):
        return {"probability": mechanism.probability}
    if isinstance(mechanism, Logistic):
        return {"bias": mechanism.bias, "weights": dict(mechanism.weights)}
    return {"parents": mechanism.parents, "probability": mechanism.probability}
