"""What a network says, written out: formulas with the numbers put in, code that remakes it, tables to take away."""

from collections.abc import Mapping, Sequence
from typing import Any

from playground.causality.adjustment import Estimate, Term
from playground.causality.joint import Joint, corners
from playground.causality.mechanisms import Logistic, Root, Table
from playground.causality.network import Network

MOST_ROWS = 8


def python(network: Network) -> str:
    """Lines that build the network and name it `network`."""
    rows = "".join(f"    {name!r}: {_call(mechanism)},\n" for name, mechanism in network.mechanisms.items())
    return f"from playground.causality import Logistic, Network, Root, Table\n\nnetwork = Network({{\n{rows}}})\n"


def csv(joint: Joint) -> str:
    """Every cell of the joint: a column of 0 and 1 per node, then its probability."""
    cells = zip(corners(len(joint.nodes)).astype(int).tolist(), joint.p.reshape(-1).tolist(), strict=True)
    rows = "".join(",".join(map(str, values)) + f",{p:.12g}\n" for values, p in cells)
    return ",".join((*joint.nodes, "probability")) + "\n" + rows


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


def adjustment_latex(cause: str, effect: str, value: int, estimate: Estimate) -> str:
    """Σ_z P(effect | cause = value, z) P(z) with the numbers of `estimate` put in."""
    terms, outcome = estimate.terms, {effect: 1}
    left = rf"P({event(outcome)} \mid \mathrm{{do}}({event({cause: value})}))"
    if not terms or not terms[0].stratum:
        return rf"{left} = P({event(outcome)} \mid {event({cause: value})}) = {estimate.value:.4f}"
    names = r",\ ".join(rf"\text{{{_escaped(name)}}}" for name in terms[0].stratum)
    general = rf"{left} &= \sum_{{{names}}} P({event(outcome)} \mid {event({cause: value})},\ {names})\, P({names})"
    return _aligned([general, rf"&= {_sum(terms)}", rf"&= {estimate.value:.4f}"])


def front_door_latex(cause: str, effect: str, value: int, estimate: Estimate) -> str:
    """Σ_m P(m | x) Σ_x' P(y | m, x') P(x') with the numbers of `estimate` put in."""
    outcome = {effect: 1}
    names = r",\ ".join(rf"\text{{{_escaped(name)}}}" for name in estimate.terms[0].stratum)
    x = rf"\text{{{_escaped(cause)}}}"
    general = (
        rf"P({event(outcome)} \mid \mathrm{{do}}({event({cause: value})})) &= \sum_{{{names}}} P({names} \mid {event({cause: value})})"
        rf" \sum_{{{x}'}} P({event(outcome)} \mid {names},\ {x}')\, P({x}')"
    )
    inner = (rf"{term.weight:.4f}\,({_sum(term.terms)})" for term in estimate.terms)
    return _aligned([general, rf"&= {' + '.join(inner)}", rf"&= {estimate.value:.4f}"])


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
