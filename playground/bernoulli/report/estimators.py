"""The experiment Estimators to take away: the sums with the numbers put in, its code, its tables."""

import numpy as np

from playground.bernoulli.coverage import Bounds, Kind
from playground.bernoulli.estimators import Moments, binomial
from playground.bernoulli.priors import Beta, Prior
from playground.bernoulli.truncated_normal import TruncatedNormal


def error_latex(prior: Prior, n: int, theta: float, exact: Moments) -> list[str]:
    """Bias, variance and MSE of MLE, MAP and posterior mean as formulas with the numbers put in."""
    rows = [
        rf"\text{{MLE: }} \mathrm{{MSE}} = 0^2 + \frac{{\theta(1-\theta)}}{{n}}"
        rf" = \frac{{{theta:.4g} \cdot {1 - theta:.4g}}}{{{n}}} = {exact.mse[0]:.5f}",
        rf"\text{{MAP: }} \mathrm{{MSE}} = \sum_{{h=0}}^{{{n}}} P(h)\,(\hat\theta_h - \theta)^2"
        rf" = ({exact.bias[1]:.5f})^2 + {exact.variance[1]:.5f} = {exact.mse[1]:.5f}",
    ]
    if isinstance(prior, Beta):
        a, b = prior.a, prior.b
        rows.append(
            r"\text{mean: } \mathrm{MSE} = \left(\frac{a - (a+b)\,\theta}{n+a+b}\right)^2"
            r" + \frac{n\,\theta(1-\theta)}{(n+a+b)^2}"
            rf" = \left(\frac{{{a:.10g} - {a + b:.10g} \cdot {theta:.4g}}}{{{n + a + b:.10g}}}\right)^2"
            rf" + \frac{{{n} \cdot {theta:.4g} \cdot {1 - theta:.4g}}}{{{n + a + b:.10g}^2}} = {exact.mse[2]:.5f}"
        )
    else:
        rows.append(
            rf"\text{{mean: }} \mathrm{{MSE}} = \sum_{{h=0}}^{{{n}}} P(h)\,(\mathbb{{E}}[\theta \mid h] - \theta)^2"
            rf" = ({exact.bias[2]:.5f})^2 + {exact.variance[2]:.5f} = {exact.mse[2]:.5f}"
        )
    return rows


def coverage_latex(kind: Kind, found: Bounds, theta: float, covered: float) -> str:
    """The coverage as a sum of binomial probabilities, the first and last of them written out."""
    n = len(found.low) - 1
    p, held = binomial(theta, n), np.flatnonzero(found.hold(theta))
    general = r"C(\theta) = \sum_{h:\ \ell_h \le \theta \le u_h} \binom{n}{h} \theta^h (1-\theta)^{n-h}"
    if not len(held):
        return rf"\text{{{kind}: }} {general} = 0"
    first, last = int(held[0]), int(held[-1])
    shown = [f"P({h}) = {p[h]:.4f}" for h in dict.fromkeys((first, last))]
    terms = f"P({first})" if first == last else rf"P({first}) + \ldots + P({last})"
    ends = rf"\quad [\ell_{{{first}}}, u_{{{first}}}] = [{found.low[first]:.4f}, {found.high[first]:.4f}]"
    parts = ", ".join(shown)
    return rf"\text{{{kind}: }} {general} = {terms} = {covered:.4f}, \quad {parts},{ends}"


def error_code(prior: Prior, n: int, theta: float, seed: int) -> str:
    """The calls behind the errors: exact, then simulated."""
    return (
        f"from playground.bernoulli import {type(prior).__name__}, estimates, moments\n"
        "from playground.bernoulli import simulate, summarise, uniforms\n\n"
        f"table = estimates({_call(prior)}, {n})  # MLE, MAP and mean after 0 … {n} heads\n"
        f"print(moments(table, {theta:.12g}).mse)\n"
        f"counts = simulate({theta:.12g}, {n}, uniforms({seed}))\n"
        f"print(summarise(table, counts, {theta:.12g}).moments.mse)"
    )


def coverage_code(kinds: tuple[Kind, Kind], prior: Prior, n: int, theta: float) -> str:
    """The calls behind the coverages: at θ, and averaged over the prior."""
    return (
        f"from playground.bernoulli import {type(prior).__name__}, average_coverage, bounds, coverage\n\n"
        f"prior = {_call(prior)}\n"
        f"for kind in {kinds!r}:\n"
        f"    print(coverage(bounds(kind, prior, {n}), {theta:.12g}), average_coverage(kind, prior, {n}))"
    )


def _call(prior: Prior) -> str:
    if isinstance(prior, Beta):
        return f"Beta({prior.a:.12g}, {prior.b:.12g})"
    assert isinstance(prior, TruncatedNormal)
    return f"TruncatedNormal({prior.mu:.12g}, {prior.sigma:.12g})"


def csv(
    table: np.ndarray, theta: float, counts: np.ndarray, kinds: tuple[Kind, Kind], found: tuple[Bounds, Bounds]
) -> str:
    """A row for every count of heads: how probable, how often simulated, what is estimated, which intervals."""
    n = table.shape[1] - 1
    head = ["heads", "probability", "simulated", "mle", "map", "mean"]
    head += [f"{end} ({kind})" for kind in kinds for end in ("low", "high")]
    columns = [
        np.arange(n + 1),
        binomial(theta, n),
        counts,
        *table,
        *(end for one in found for end in (one.low, one.high)),
    ]
    rows = (",".join(f"{value:.12g}" for value in row) for row in zip(*columns, strict=True))
    return "\n".join([",".join(head), *rows]) + "\n"


def values(
    prior: Prior, n: int, theta: float, seed: int, exact: Moments, covered: dict[str, float]
) -> dict[str, object]:
    """The knobs and what the page says."""
    knobs: dict[str, object] = {"prior": _call(prior), "n": n, "theta": theta, "seed": seed}
    moments = {name: getattr(exact, name).tolist() for name in ("bias", "variance", "mse")}
    return {**knobs, "order": ["MLE", "MAP", "mean"], **moments, "coverage": covered}
