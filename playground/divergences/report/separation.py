"""Separation, written out: formulas with the numbers put in, code that remakes them, and every curve as a table."""

from math import log

import numpy as np

from playground.divergences.separation import MEASURES, Copies, Units


def latex(copies: Copies, theta: float) -> list[str]:
    """Every divergence of the kind at theta ≠ 0, with the numbers put in."""
    value = {name: float(curve.value[0]) for name, curve in copies.curves([theta]).items()}
    w = rf"W_1 = W_2 = |\theta| = {abs(theta):g}, \qquad \frac{{dW_1}}{{d\theta}} = \pm 1"
    if copies.kind == "points":
        return [
            rf"P = \delta_0,\ Q = \delta_\theta,\ \theta = {theta:g}: \quad"
            r" \mathrm{KL} = 1 \cdot \log\tfrac{1}{0} = \infty",
            r"\mathrm{JS} = \tfrac12 \log\tfrac{1}{1/2} + \tfrac12 \log\tfrac{1}{1/2} = \log 2"
            rf" = {log(2):.6f}, \qquad \mathrm{{TV}} = \tfrac12 (1 + 1) = 1, \qquad H^2 = 1 - 0 = 1",
            w,
        ]
    if copies.kind == "uniforms":
        width = copies.width
        apart = min(abs(theta) / width, 1.0)
        share = rf"s = \min\big(|\theta| / w,\ 1\big) = \min\big({abs(theta):g} / {width:g},\ 1\big) = {apart:.4f}"
        return [
            rf"\text{{share of mass apart: }} {share}, \qquad \mathrm{{KL}} = \infty \text{{ for }} \theta \ne 0",
            rf"\mathrm{{JS}} = s \log 2 = {value['JS']:.6f}, \qquad \mathrm{{TV}} = s = {value['TV']:.6f}, \qquad"
            rf" H = \sqrt{{s}} = {value['Hellinger']:.6f}",
            w,
        ]
    sd = copies.width
    return [
        r"\mathrm{KL} = \frac{\theta^2}{2\sigma^2}"
        rf" = \frac{{{theta:g}^2}}{{2 \cdot {sd:g}^2}} = {value['KL']:.6f},"
        rf" \qquad \frac{{d\,\mathrm{{KL}}}}{{d\theta}} = \frac{{\theta}}{{\sigma^2}} = {theta / sd**2:.6f}",
        rf"\mathrm{{TV}} = 2\,\Phi\Big(\frac{{|\theta|}}{{2\sigma}}\Big) - 1 = {value['TV']:.6f}, \qquad"
        rf" H = \sqrt{{1 - e^{{-\theta^2 / 8\sigma^2}}}} = {value['Hellinger']:.6f}",
        r"\mathrm{JS} = \log 2 - \mathbb{E}_{x \sim P} \log\Big(1 + \frac{q(x)}{p(x)}\Big)"
        rf" = {value['JS']:.6f} \text{{ (by quadrature)}}",
        w,
    ]


def code(copies: Copies, theta: float, units: Units = "nats") -> str:
    """The call behind the experiment."""
    width = "" if copies.kind == "points" else f", width={copies.width!r}"
    return (
        "from playground.divergences import Copies\n\n"
        f"copies = Copies({copies.kind!r}{width})\n"
        f"curves = copies.curves([{theta!r}], {units!r})  # P at 0, Q at theta\n"
        'for name in ("KL", "JS", "TV", "W1"):\n'
        "    print(name, curves[name].value[0])\n"
        'print("slope of W1", curves["W1"].slope[0])'
    )


def csv(copies: Copies, theta: np.ndarray) -> str:
    """Every divergence (KL and JS in nats) and its slope for each theta; inf where infinite, empty where none."""
    curves = copies.curves(theta)
    head = ["theta", *MEASURES, *(f"slope of {name}" for name in MEASURES)]
    columns = [theta, *(curves[name].value for name in MEASURES), *(curves[name].slope for name in MEASURES)]
    rows = (",".join("" if np.isnan(cell) else f"{cell:.12g}" for cell in row) for row in zip(*columns, strict=True))
    return "\n".join([",".join(head), *rows]) + "\n"


def values(copies: Copies, theta: float) -> dict[str, object]:
    """The knobs and the numbers at theta, as plain values; null for ∞ and where there is no slope."""
    curves = copies.curves([theta])

    def plain(number: float) -> float | None:
        return float(number) if np.isfinite(number) else None

    return {
        "kind": copies.kind,
        "width": None if copies.kind == "points" else copies.width,
        "theta": theta,
        "units of KL and JS": "nats",
        "infinite": [name for name in MEASURES if np.isinf(curves[name].value[0])],
        "value": {name: plain(curves[name].value[0]) for name in MEASURES},
        "slope": {name: plain(curves[name].slope[0]) for name in MEASURES},
        "error of JS": curves["JS"].error,
    }
