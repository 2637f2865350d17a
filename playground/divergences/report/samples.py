"""The experiment From samples to take away: its formulas with the numbers put in, its code, its tables."""

import math
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from playground.divergences.estimates import (
    CLOUD_SIZES,
    CloudStudy,
    Estimates,
    HistogramStudy,
    PointStudy,
    Study,
    cloud_floor,
    floor_law,
    rate,
    slope,
)

_PLUG_IN: Final = {
    "KL": r"\sum_j \hat p_j \log \frac{\hat p_j}{\hat q_j}",
    "JS": r"\sum_j \tfrac12 \varphi(\hat p_j) + \tfrac12 \varphi(\hat q_j)"
    r" - \varphi\big(\tfrac{\hat p_j + \hat q_j}{2}\big), \quad \varphi(x) = x \log x",
    "TV": r"\tfrac12 \sum_j |\hat p_j - \hat q_j|",
    "H²": r"1 - \sum_j \sqrt{\hat p_j\, \hat q_j}",
}
_MEAN: Final = {
    "KL": r"\sum_j \mathbb{E}[\hat p_j \log \hat p_j] - \mathbb{E}[\hat p_j]\, \mathbb{E}[\log \hat q_j]",
    "JS": r"\sum_j \tfrac12 \mathbb{E}\,\varphi(\hat p_j) + \tfrac12 \mathbb{E}\,\varphi(\hat q_j)"
    r" - \mathbb{E}\,\varphi\big(\tfrac{\hat p_j + \hat q_j}{2}\big)",
    "TV": r"\tfrac12 \sum_j \mathbb{E}\,|\hat p_j - \hat q_j|",
    "H²": r"1 - \sum_j \mathbb{E}\sqrt{\hat p_j}\; \mathbb{E}\sqrt{\hat q_j}",
}


def per_nat(study: Study, entropic: str) -> float:
    """What one nat is in the unit shown; 1 for what is not in nats."""
    bits = entropic == "bits" and isinstance(study, HistogramStudy) and study.divergence in ("KL", "JS")
    return 1 / math.log(2) if bits else 1.0


def code(study: Study, n: int, entropic: str) -> str:
    """The calls behind the experiment."""
    kinds = {HistogramStudy: "histogram", PointStudy: "point", CloudStudy: "cloud"}
    call = f"{kinds[type(study)]}_estimates"
    shapes = set() if isinstance(study, CloudStudy) else {type(study.p).__name__, type(study.q).__name__}
    names = ", ".join(sorted({type(study).__name__, call, *shapes}))
    scaled = per_nat(study, entropic) != 1
    numpy, bits = ("import numpy as np\n\n", " / np.log(2)") if scaled else ("", "")
    return (
        f"{numpy}from playground.divergences import {names}\n\n"
        f"study = {study!r}\n"
        f"run = {call}(study)\n"
        f"at = run.index({n})\n"
        f"print(run.truth{bits}, run.limit{bits})\n"
        f"print(run.summaries[at].mean{bits})\n"
        f"print(run.floor_summaries[at].mean{bits})"
    )


def latex(study: Study, run: Estimates, at: int) -> list[str]:
    """The estimate, its mean and the law of its floor at one n; entropic numbers in nats."""
    if isinstance(study, HistogramStudy):
        return _histogram_latex(study, run, at)
    return _point_latex(study, run, at) if isinstance(study, PointStudy) else _cloud_latex(study, run, at)


def _histogram_latex(study: HistogramStudy, run: Estimates, at: int) -> list[str]:
    n, k, a = run.sizes[at], study.bins, study.pseudo_count
    q_hat = r"\hat q_j = q_j" if study.known else r"\hat q_j \text{ likewise}"
    nats = r"\ \text{nats}" if study.divergence in ("KL", "JS") else ""
    expected = math.inf if run.expected is None else float(run.expected[at])
    lines = [
        rf"\hat D = {_PLUG_IN[study.divergence]}",
        rf"\hat p_j = \frac{{N_j + a}}{{n + k a}} = \frac{{N_j + {a:g}}}{{{n + k * a:g}}}, \quad {q_hat}",
        rf"\mathbb{{E}}[\hat D] = {_MEAN[study.divergence]} = {_number(expected)}{nats}",
    ]
    if run.large_n is not None and math.isfinite(run.large_n[at]):
        lines.append(
            rf"\mathbb{{E}}[\hat D] \approx {_large_n(study, run, at)} = {_number(float(run.large_n[at]))}{nats}"
        )
    if law := floor_law(study, n):
        from scipy.stats import chi2

        scale, freedom = law
        most = scale * float(chi2.ppf(0.975, freedom))
        lines.append(
            rf"\text{{floor}} \approx {_number(scale)}\,\chi^2_{{{freedom}}}: \quad \text{{mean }}"
            rf" {_number(scale * freedom)}, \quad 97.5\%\text{{ below }} {_number(most)}{nats}"
        )
    return lines


def _large_n(study: HistogramStudy, run: Estimates, at: int) -> str:
    n, limit = run.sizes[at], run.limit
    whole = float(run.large_n[at]) - limit if run.large_n is not None else math.nan
    in_bins = r"D_{\text{bins}}"
    if study.divergence != "KL" or study.pseudo_count:
        return rf"{in_bins} + \text{{bias}} = {_number(limit)} {_plus(whole)}"
    own = (int((study.masses[0] > 0).sum()) - 1) / (2 * n)
    if study.known:
        return rf"{in_bins} + \frac{{k - 1}}{{2n}} = {_number(limit)} + {_number(own)}"
    return (
        rf"{in_bins} + \frac{{k - 1}}{{2n}} + \frac{{\sum_j p_j / q_j - 1}}{{2n}}"
        rf" = {_number(limit)} + {_number(own)} {_plus(whole - own)}"
    )


def _point_latex(study: PointStudy, run: Estimates, at: int) -> list[str]:
    pairs = r"\frac1n \sum_i |x_{(i)} - y_{(i)}|" + ("^2" if study.order == 2 else "")
    left = rf"\hat W_{study.order}"
    lines = [rf"{left} = {pairs}" if study.order == 1 else rf"{left} = \Big({pairs}\Big)^{{1/2}}"]
    if run.expected is not None and run.expected_floor is not None:
        exact, floor = (_number(float(means[at])) for means in (run.expected, run.expected_floor))
        lines += [
            rf"\mathbb{{E}}[{left}] = \int \mathbb{{E}}\,|\hat F_P(x) - \hat F_Q(x)|\, dx = {exact}",
            rf"\text{{floor}} = \int \mathbb{{E}}\,|\hat F_P(x) - \hat F_P'(x)|\, dx = {floor}",
        ]
    return [*lines, rf"W_{study.order}(P, Q) = {_number(run.truth)}"]


def _cloud_latex(study: CloudStudy, run: Estimates, at: int) -> list[str]:
    d = study.dimension
    found, error = slope(CLOUD_SIZES, cloud_floor(d, study.seed))
    log = {1: r"\ \text{up to a double logarithm}", 2: r"\ \text{up to a logarithm}"}.get(d, "")
    return [
        r"\hat W_2^2 = \min_{\text{pairings } \sigma} \frac1n \sum_i \|x_i - y_{\sigma(i)}\|^2",
        rf"W_2^2 = \|m_Q - m_P\|^2 + d\,(s_Q - s_P)^2"
        rf" = {study.shift:g}^2 + {d} \cdot ({study.sd:g} - 1)^2 = {run.truth**2:.4f}",
        rf"\text{{floor}} \sim n^{{-1/{max(d, 2)}}}{log}: \quad \text{{slope }} {rate(d):.4f}, \text{{ fitted }}"
        rf" {found:.4f} \pm {error:.4f}",
    ]


def csv(run: Estimates) -> str:
    """For every n the repeats, their mean, error and range, the exact mean, and the same of the floor."""
    head = ["repeats", "infinite", "mean", "error", "low", "high", "exact"]
    lines = [",".join(["n", "truth", "limit", *head, *(f"floor_{name}" for name in head)])]
    for i, n in enumerate(run.sizes):
        cells: list[float | str] = [n, run.truth, run.limit]
        for summary, exact in ((run.summaries[i], run.expected), (run.floor_summaries[i], run.expected_floor)):
            cells += [*asdict(summary).values(), "" if exact is None else float(exact[i])]
        lines.append(",".join(cell if isinstance(cell, str) else f"{cell:.9g}" for cell in cells))
    return "\n".join(lines) + "\n"


def as_json(study: Study, run: Estimates, at: int) -> dict[str, Any]:
    """The knobs and the numbers at one n, in nats or units of x; infinite ones as "inf", missing ones as null."""
    knobs = {name: value for name, value in asdict(study).items() if name not in ("p", "q")}
    if not isinstance(study, CloudStudy):
        knobs |= {name: {"shape": type(s).__name__, **asdict(s)} for name, s in (("p", study.p), ("q", study.q))}
    return {
        "study": {"kind": type(study).__name__, **knobs},
        "n": run.sizes[at],
        "truth": _plain(run.truth),
        "limit": _plain(run.limit),
        "estimate": {name: _plain(value) for name, value in asdict(run.summaries[at]).items()},
        "exact_mean": None if run.expected is None else _plain(float(run.expected[at])),
        "floor": {name: _plain(value) for name, value in asdict(run.floor_summaries[at]).items()},
        "exact_floor": None if run.expected_floor is None else _plain(float(run.expected_floor[at])),
        "above_the_floor": float(run.above[at]),
    }


def _plain(value: float) -> float | str | None:
    return None if np.isnan(value) else "inf" if np.isinf(value) else value


def _plus(value: float) -> str:
    return f"{'-' if value < 0 else '+'} {_number(abs(value))}"


def _number(value: float) -> str:
    """For LaTeX: four decimals, more for a small number."""
    if math.isinf(value):
        return r"\infty"
    if value == 0 or abs(value) >= 0.01:
        return f"{value:.4f}"
    return f"{value:.{min(9, 2 - math.floor(math.log10(abs(value))))}f}"
