"""Fit, written out: formulas with the numbers put in, code that remakes the runs, and every step as a table."""

from math import log, pi

from playground.divergences.fit import OBJECTIVES, STARTS, Descent, endings, floors, paths, plane_of
from playground.divergences.separation import Units


def latex(config: Descent) -> list[str]:
    """The step, and each of the four at the end of its run, with the numbers put in."""
    kl, kl_back, js, w2 = endings(config)[config.start]
    target, plane, (best, best_back, best_js, best_w2) = config.target, plane_of(config.target), floors(config)
    entropy = 0.5 * log(2 * pi) - plane.entropy_gap
    away = (target.mean - kl.fit.mean) ** 2
    return [
        rf"(\mu, \log\sigma) \leftarrow (\mu, \log\sigma) - {config.rate:g}\, \nabla D, \quad"
        r" \text{no step longer than } 0.2, \qquad Q = \mathcal{N}(\mu, \sigma^2)",
        r"\mathrm{KL}(P\|Q) = -H(P) + \log\sigma + \tfrac12 \log 2\pi + \frac{v + (m - \mu)^2}{2\sigma^2}"
        rf" = {_four(-entropy)} {round(log(kl.fit.sd), 4) + 0.0:+.4f} + {0.5 * log(2 * pi):.4f}"
        rf" + \frac{{{_four(target.variance)} + {_four(away)}}}{{2 \cdot {_four(kl.fit.sd**2)}}} = {_four(kl.value)}",
        rf"\text{{least at }} \mu = m = {_four(target.mean)},\ \sigma^2 = v = {_four(target.variance)}:"
        rf" \text{{ {_four(best.value)} nats, exact}}",
        r"\mathrm{KL}(Q\|P) = \int q \log\frac{q}{p}\, dx"
        rf" = {_four(kl_back.value)}, \qquad \text{{least found by search: }} {_four(best_back.value)}",
        r"\mathrm{JS} = \tfrac12 \int p \log\frac{2p}{p + q} + q \log\frac{2q}{p + q}\, dx"
        rf" = {_four(js.value)}, \qquad \text{{least found by search: }} {_four(best_js.value)}",
        r"W_2^2 = (\mu - m)^2 + \sigma^2 - 2\sigma c + v,\quad c = \mathbb{E}\, F_P^{-1}(u)\, \Phi^{-1}(u)"
        rf" = {_four(plane.quantile_moment)}: \quad"
        rf" {_four((w2.fit.mean - target.mean) ** 2)} + {_four(w2.fit.sd**2)}"
        rf" - 2 \cdot {_four(w2.fit.sd)} \cdot {_four(plane.quantile_moment)} + {_four(target.variance)}"
        rf" = {_four(w2.value)}",
        rf"\text{{least at }} \mu = m = {_four(target.mean)},\ \sigma = c = {_four(plane.quantile_moment)}:"
        rf" \text{{ {_four(best_w2.value)}, exact}}",
    ]


def _four(value: float) -> str:
    """With four decimals, and no minus before zeros."""
    return f"{round(value, 4) + 0.0:.4f}"


def code(config: Descent, units: Units = "nats") -> str:
    """The calls behind the experiment."""
    names, scaled = ("OBJECTIVES, Descent, descend, floors", "value, floor.value")
    if units == "bits":
        names += ", in_units"
        scaled = 'value * in_units(name, "bits"), floor.value * in_units(name, "bits")'
    return (
        f"from playground.divergences import {names}\n\n"
        f"config = Descent(weight={config.weight!r}, gap={config.gap!r}, width={config.width!r},"
        f" start={config.start!r}, rate={config.rate!r}, steps={config.steps})\n"
        "*_, last = descend(config)\n"
        "for name, value, floor in zip(OBJECTIVES, last.values, floors(config)):\n"
        f"    print(name, {scaled})"
    )


def csv(config: Descent) -> str:
    """Every step of every run: start, divergence, step, μ, σ, and the value; KL and JS in nats."""
    run = paths(config)
    rows = [
        f"{start},{name},{step},{run.mean[step, i, j]:.12g},{run.sd[step, i, j]:.12g},{run.value[step, i, j]:.12g}"
        for j, start in enumerate(STARTS)
        for i, name in enumerate(OBJECTIVES)
        for step in range(config.steps + 1)
    ]
    return "\n".join(["start,divergence,step,mu,sigma,value", *rows]) + "\n"


def values(config: Descent) -> dict[str, object]:
    """The knobs, where every run ended, and the least values."""
    ends = {
        start: {
            name: {"mu": end.fit.mean, "sigma": end.fit.sd, "value": end.value, "slope": end.slope, "is": end.status}
            for name, end in zip(OBJECTIVES, row, strict=True)
        }
        for start, row in endings(config).items()
    }
    least = {
        name: {
            "value": floor.value, "exact": floor.exact,
            "fits": [{"mu": fit.mean, "sigma": fit.sd} for fit in floor.fits],
        }
        for name, floor in zip(OBJECTIVES, floors(config), strict=True)
    }  # fmt: skip
    return {"units of KL and JS": "nats", "knobs": vars(config), "ends": ends, "floors": least}
