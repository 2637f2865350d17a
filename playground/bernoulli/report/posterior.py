"""The experiment Posterior to take away: its arithmetic, code that remakes its numbers, its table."""

import math
from typing import Any

import numpy as np

from playground.bernoulli.coin import (
    intervals,
    log_bayes_factor,
    log_evidence,
    map_estimate,
    mle,
    predictive,
)
from playground.bernoulli.flips import Flips
from playground.bernoulli.mixtures import SpikeAndBeta, TwoCoins
from playground.bernoulli.priors import Beta, Prior
from playground.bernoulli.truncated_normal import TruncatedNormal

GRID = np.linspace(0.005, 0.995, 199)


def latex(prior: Prior, flips: Flips) -> list[str]:
    """The formulas with the current numbers put in, one block each."""
    h, t, m = flips.heads, flips.tails, flips.count
    log = _three(log_evidence(prior, h, t))
    first = [
        rf"p(\theta \mid y) &= \frac{{\theta^{{{h}}}(1-\theta)^{{{t}}}\; p(\theta)}}{{p(y)}}",
        rf"\log p(y) &= \log \int_0^1 \theta^{{{h}}}(1-\theta)^{{{t}}}\, p(\theta)\, d\theta = {log}",
    ]
    if isinstance(prior, Beta):
        ratio = rf"\frac{{B({_n(prior.a + h)},\ {_n(prior.b + t)})}}{{B({_n(prior.a)},\ {_n(prior.b)})}}"
        first[1] = rf"\log p(y) &= \log \frac{{B(a+h,\ b+t)}}{{B(a,\ b)}} = \log {ratio} = {log}"
    first.append(
        rf"\log \frac{{p(y)}}{{p(y \mid \theta=\frac12)}} &= {log} + {m} \log 2"
        rf" = {_three(log_bayes_factor(prior, h, t))}"
    )
    return [_aligned(first), *_parts(prior, flips), _aligned(_summary(prior, flips))]


def _summary(prior: Prior, flips: Flips) -> list[str]:
    h, t, m, after = flips.heads, flips.tails, flips.count, prior.after(flips.heads, flips.tails)
    if not isinstance(prior, Beta):
        return [rf"P(\text{{next}} = 1 \mid y) &= \int_0^1 \theta\, p(\theta \mid y)\, d\theta = {after.mean():.4f}"]
    a, b = prior.a, prior.b
    counts = rf"\frac{{{_n(a + h)}}}{{{_n(a + b + m)}}}"
    rows = [rf"P(\text{{next}} = 1 \mid y) &= \frac{{a+h}}{{a+b+m}} = {counts} = {after.mean():.4f}"]
    if a + h > 1 and b + t > 1:
        rows.append(
            rf"\text{{MAP}} &= \frac{{a+h-1}}{{a+b+m-2}} = \frac{{{_n(a + h - 1)}}}{{{_n(a + b + m - 2)}}} "
            rf"= {map_estimate(prior, h, t):.4f}"
        )
    best = mle(h, t)
    rows.append(
        r"\text{MLE} &\ \text{does not exist: } h + t = 0"
        if best is None
        else rf"\text{{MLE}} &= \frac{{h}}{{h+t}} = \frac{{{h}}}{{{m}}} = {best:.4f}"
    )
    return rows


def _parts(prior: Prior, flips: Flips) -> list[str]:
    """How the weights of a mixture are updated."""
    if not isinstance(prior, TwoCoins | SpikeAndBeta) or len(prior.parts) < 2:
        return []
    h, t = flips.heads, flips.tails
    log, (weight, part) = log_evidence(prior, h, t), prior.parts[0]
    own = part.log_evidence(h, t)
    event = r"\text{fair}" if isinstance(prior, TwoCoins) else rf"\theta={_n(prior.at)}"
    right = (
        rf"\frac{{{_n(weight)} \; e^{{{_three(own)}}}}}{{e^{{{_three(log)}}}}} = {weight * math.exp(own - log):.4f}"
        if own > -math.inf
        else "0"
    )
    return [_aligned([rf"P({event} \mid y) &= \frac{{P({event})\; p(y \mid {event})}}{{p(y)}} = {right}"])]


def code(prior: Prior, flips: Flips) -> str:
    """The calls that remake the numbers; they run as shown."""
    made = call(prior)
    return (
        f"from playground.bernoulli import {', '.join(sorted(_imported(made)))}\n\n"
        f"prior = {made}\n"
        f"heads, tails = {flips.heads}, {flips.tails}\n"
        "belief = posterior(prior, heads, tails)\n"
        "print(mle(heads, tails), map_estimate(prior, heads, tails), belief.mean())\n"
        "print(intervals(belief).equal_tailed, intervals(belief).highest_density)\n"
        "print(log_evidence(prior, heads, tails), log_bayes_factor(prior, heads, tails))"
    )


def call(prior: Prior) -> str:
    """The expression that makes the prior."""
    match prior:
        case TruncatedNormal(mu, sigma):
            return f"TruncatedNormal({mu:.12g}, {sigma:.12g})"
        case TwoCoins(bias, fair, spread):
            return f"TwoCoins({bias:.12g}, fair_weight={fair:.12g}, concentration={spread:.12g})"
        case SpikeAndBeta(at, weight, a, b):
            return f"SpikeAndBeta({at:.12g}, {weight:.12g}, {a:.12g}, {b:.12g})"
        case Beta(a, b):
            return f"Beta({a:.12g}, {b:.12g})"
    raise TypeError(f"a prior that no knob makes: {prior!r}")


def _imported(made: str) -> set[str]:
    return {made.partition("(")[0], "intervals", "log_bayes_factor", "log_evidence", "map_estimate", "mle", "posterior"}


def csv(prior: Prior, flips: Flips) -> str:
    """θ, prior, likelihood of area 1 and posterior; atoms, which have no density, as further lines."""
    after, scaled = prior.after(flips.heads, flips.tails), Beta(flips.heads + 1, flips.tails + 1)
    columns = [GRID, prior.density(GRID), scaled.density(GRID), after.density(GRID)]
    rows = "".join(",".join(f"{value:.9g}" for value in row) + "\n" for row in np.column_stack(columns))
    kept = dict(after.atoms)
    atoms = "".join(f"P(theta = {at:g}),{weight:.9g},,{kept.get(at, 0.0):.9g}\n" for at, weight in prior.atoms)
    return f"theta,prior,likelihood,posterior\n{rows}{atoms}"


def values(prior: Prior, flips: Flips, *, truth: float | None, n: int) -> dict[str, Any]:
    """Knobs and numbers as plain values."""
    h, t, belief = flips.heads, flips.tails, prior.after(flips.heads, flips.tails)
    found = intervals(belief)
    return {
        "prior": call(prior), "flips": flips.text(), "heads": h, "tails": t, "truth": truth,
        "mle": mle(h, t), "map": map_estimate(prior, h, t), "modes": list(belief.modes()), "mean": belief.mean(),
        "sd": math.sqrt(belief.variance()), "equal_tailed_95": list(found.equal_tailed),
        "highest_density_95": [list(piece) for piece in found.highest_density],
        "atoms": [{"theta": at, "probability": weight} for at, weight in belief.atoms],
        "log_evidence_nats": log_evidence(prior, h, t), "log_bayes_factor_nats": log_bayes_factor(prior, h, t),
        "next_flips": n, "p_heads_in_next": predictive(belief, n).tolist(),
    }  # fmt: skip


def _aligned(rows: list[str]) -> str:
    return r"\begin{aligned}" + r"\\[4pt] ".join(rows) + r"\end{aligned}"


def _three(value: float) -> str:
    """With three decimals, and no minus before zeros."""
    return f"{round(value, 3) + 0.0:.3f}"


def _n(value: float) -> str:
    return f"{value:.12g}"
