"""Gaussian noise, written out: formulas with the numbers put in, code that prints what the page shows, tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.bernoulli.comparison import PLACES, Comparison
from playground.bernoulli.regression import polynomial
from playground.bernoulli.words.noise import size


def latex(comparison: Comparison) -> list[str]:
    """The model, what each curve minimises, the band and the evidence, each with its numbers."""
    lines = [_model(comparison), _least_squares(), _gaussian(comparison), _laplace(comparison), _band(comparison)]
    lines.append(_effective(comparison))
    return [*lines, _evidence(comparison)] if comparison.points else lines


def error_latex(comparison: Comparison) -> str:
    """What the errors are: an integral against the truth, or a sum over points left out."""
    if comparison.truth:
        return r"\text{error} = \sqrt{\tfrac12 \int_{-1}^{1} \big(f(x) - \text{truth}(x)\big)^2 dx}"
    left_out = r"f_{-i} \text{ is fitted without point } i"
    return rf"\text{{error}} = \sqrt{{\tfrac1n \sum_i \big(y_i - f_{{-i}}(x_i)\big)^2}}, \quad {left_out}"


_SQUARES = r"\sum_i \big(y_i - f(x_i)\big)^2"


def _model(comparison: Comparison) -> str:
    degree, sigma = comparison.model.degree, _number(comparison.model.sigma)
    curve = rf"y_i = f(x_i) + \varepsilon_i, \quad f(x) = \sum_{{k=0}}^{{{degree}}} w_k\, T_k(x)"
    return rf"{curve}, \quad T_k(x) = \cos(k \arccos x), \quad \varepsilon_i \sim \mathcal{{N}}(0, {sigma}^2)"


def _least_squares() -> str:
    return rf"\text{{no prior (maximum likelihood):}} \quad \hat w = \arg\min_w {_SQUARES}"


def _gaussian(comparison: Comparison) -> str:
    model = comparison.model
    sigma, tau, penalty = map(_number, (model.sigma, model.tau, model.ridge_penalty))
    target = rf"\arg\min_w \tfrac12 {_SQUARES} + \tfrac{{\lambda}}{{2}} \sum_k w_k^2"
    ratio = rf"\lambda = \frac{{\sigma^2}}{{\tau^2}} = \frac{{({sigma})^2}}{{({tau})^2}} = {penalty}"
    return rf"w_k \sim \mathcal{{N}}(0, \tau^2): \quad \hat w = {target}, \quad {ratio}"


def _laplace(comparison: Comparison) -> str:
    model = comparison.model
    scale, penalty = _number(model.laplace_scale), _number(model.lasso_penalty)
    target = rf"\arg\min_w \tfrac12 {_SQUARES} + \lambda_1 \sum_k |w_k|"
    width = rf"b = \frac{{\tau}}{{\sqrt 2}} = {scale}"
    ratio = rf"\lambda_1 = \frac{{\sigma^2}}{{b}} = \frac{{\sqrt 2\, \sigma^2}}{{\tau}} = {penalty}"
    return rf"w_k \sim \tfrac{{1}}{{2b}} e^{{-|w_k|/b}}: \quad \hat w = {target}, \quad {width}, \quad {ratio}"


def _band(comparison: Comparison) -> str:
    model = comparison.model
    mean, sd = (float(values[0]) for values in model.curve(comparison.x, comparison.y, [0.5]))
    mean = round(mean, 3) + 0.0  # no minus before zeros
    posterior = r"S = \sigma^2 (\Phi^\top \Phi + \lambda I)^{-1}, \quad \mu = S\, \Phi^\top y / \sigma^2"
    there = rf"f(\tfrac12) = {mean:.3f} \pm 1.96 \cdot {sd:.3f}"
    new = rf"y_{{\text{{new}}}}(\tfrac12) = {mean:.3f} \pm 1.96 \cdot {np.hypot(sd, model.sigma):.3f}"
    return rf"w \mid y \sim \mathcal{{N}}(\mu, S), \quad {posterior}, \quad {there}, \quad {new}"


def _effective(comparison: Comparison) -> str:
    model = comparison.model
    trace = r"\operatorname{tr}\, \Phi (\Phi^\top \Phi + \lambda I)^{-1} \Phi^\top"
    said = rf"\text{{of the }} {model.degree + 1} \text{{ coefficients are settled by the points}}"
    return rf"\gamma = {trace} = {model.effective(comparison.x):.3f} \ {said}"


def _evidence(comparison: Comparison) -> str:
    density = r"\log \mathcal{N}(y;\, 0,\, \sigma^2 I + \tau^2 \Phi \Phi^\top)"
    value = comparison.model.log_evidence(comparison.x, comparison.y)
    return rf"\log p(y) = {density} = {value:.3f} \ \text{{nats}}"


def table(comparison: Comparison, truth: Sequence[float]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Head and rows: every coefficient, three ways, and of the truth where it is known and shown."""
    columns: dict[str, np.ndarray] = {**comparison.weights}
    if truth:
        columns["truth"] = np.asarray(truth)
    degrees = range(comparison.model.degree + 1)
    rows = [(str(k), *(size(float(column[k]) + 0.0) for column in columns.values())) for k in degrees]
    return ("k", *columns), rows


def code(comparison: Comparison, sample: str) -> str:
    """The calls behind the numbers of the page: the error of every curve, then the evidence."""
    model = comparison.model
    x, y = ([float(value) for value in values] for values in (comparison.x, comparison.y))
    fits = "model.least_squares, " if comparison.points else ""
    names, body = ["Regression"], ""
    if comparison.truth:
        names += ["SAMPLES", "rms_error"]
        body = f"truth = SAMPLES[{sample!r}].truth\n"
        body += f"for fit in ({fits}model.ridge, model.lasso):\n    print(rms_error(fit(x, y), truth))\n"
    elif comparison.errors:
        names += ["rms_left_out"]
        body = f"for fit in ({fits}model.ridge, model.lasso):\n    print(rms_left_out(fit, x, y))\n"
    return (
        f"from playground.bernoulli import {', '.join(sorted(names, key=_order))}\n\n"
        f"x = {x}\ny = {y}\n"
        f"model = Regression(degree={model.degree}, sigma={model.sigma:g}, tau={model.tau:g})\n"
        f"{body}print(model.log_evidence(x, y))"
    )


def csv(comparison: Comparison) -> str:
    """The curves at the places of the picture, with the standard deviation of the posterior and the truth."""
    sd = comparison.curve[1]
    columns: dict[str, np.ndarray] = {"x": PLACES}
    columns |= {way.replace(" ", "_"): polynomial(weights, PLACES) for way, weights in comparison.weights.items()}
    columns["posterior_sd"] = sd
    if comparison.truth:
        columns["truth"] = comparison.truth(PLACES)
    rows = (",".join(f"{value:.6g}" for value in row) for row in zip(*columns.values(), strict=True))
    return ",".join(columns) + "\n" + "\n".join(rows) + "\n"


def as_json(comparison: Comparison, sample: str) -> dict[str, Any]:
    """Knobs and numbers as plain values."""
    return {
        "sample": sample,
        "points": [list(point) for point in comparison.points],
        "degree": comparison.model.degree, "sigma": comparison.model.sigma, "tau": comparison.model.tau,
        "coefficients": {way: weights.tolist() for way, weights in comparison.weights.items()},
        "rms to the points": dict(comparison.misses),
        "rms to the truth" if comparison.truth else "rms to a point left out": dict(comparison.errors),
        "log evidence by degree, nats": comparison.log_evidences.tolist(),
    }  # fmt: skip


def _order(name: str) -> tuple[bool, bool, str]:
    """As imports are sorted: constants, classes, functions."""
    return not name.isupper(), not name[0].isupper(), name


def _number(value: float) -> str:
    """To three digits, in LaTeX."""
    if 1e-3 <= value < 999.5:
        return f"{value:.3g}"
    mantissa, exponent = f"{value:.2e}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
