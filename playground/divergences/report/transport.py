"""Transport, written out: formulas with the numbers put in, code that remakes them, plans and critics as tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.divergences.clouds import DRAWN, Scene, blurred, cheapest
from playground.divergences.compare import compare
from playground.divergences.critic import CriticConfig, CriticSnapshot, exact_critic, kantorovich, places
from playground.divergences.gaussians import Gaussian
from playground.divergences.shapes import Shape
from playground.divergences.transport import (
    BINS,
    Order,
    binned,
    binned_cost,
    bins,
    crossings,
    entropic_cost,
    independent_cost,
    independent_plan,
    monotone_map,
    monotone_plan,
)

_LEVELS = (0.1, 0.5, 0.9)
_IMPORT = "from playground.divergences import "


# -- on a line


def line_latex(p: Shape, q: Shape, order: Order, half: float) -> list[str]:
    """T, the cheapest cost and the random one, with the numbers put in."""
    both = compare(p, q)
    rows = [r"T(x) = F_Q^{-1}\big(F_P(x)\big): \quad " + r",\quad ".join(_sent(p, q, level) for level in _LEVELS)]
    if isinstance(p, Gaussian) and isinstance(q, Gaussian):
        rows.append(
            rf"T(x) = m_Q + \frac{{\sigma_Q}}{{\sigma_P}}(x - m_P) = {q.mean:g} + \frac{{{q.sd:g}}}{{{p.sd:g}}}"
            rf"\big(x - ({p.mean:g})\big), \qquad W_2^2 = (m_P - m_Q)^2 + (\sigma_P - \sigma_Q)^2 = {both.w2**2:.6f}"
        )
    rows.append(r"W_1 = \int |F_P(x) - F_Q(x)|\,dx = \mathbb{E}_P|X - T(X)| = " + f"{both.w1:.6f}")
    rows.append(rf"W_2^2 = \int_0^1 \big(F_P^{{-1}}(u) - F_Q^{{-1}}(u)\big)^2 du = {both.w2:.6f}^2 = {both.w2**2:.6f}")
    power = "" if order == 1 else "^2"
    rows.append(
        rf"\sum_{{i,j}} P_{{ij}}\,|x_i - y_j|{power} = {binned_cost(p, q, half, order):.6f} \quad"
        rf"\text{{on {BINS} bins of width {2 * half / BINS:.4g}}}"
    )
    random = f"{independent_cost(p, q, order):.6f}"
    rows.append(
        r"\text{at random: } \mathbb{E}|X - Y| = \int F_P(1 - F_Q) + F_Q(1 - F_P)\,dx = " + random
        if order == 1
        else r"\text{at random: } \mathbb{E}|X - Y|^2 = (m_P - m_Q)^2 + \mathrm{Var}_P + \mathrm{Var}_Q = "
        + rf"({p.mean:.4g} - ({q.mean:.4g}))^2 + {p.variance:.4g} + {q.variance:.4g} = {random}"
    )
    return rows


def _sent(p: Shape, q: Shape, level: float) -> str:
    x = float(p.quantile(level))
    return f"T({x:.3f}) = {float(monotone_map(p, q, x)):.3f}"


def line_code(p: Shape, q: Shape, order: Order) -> str:
    """The calls behind the view Line."""
    return (
        f"{_IMPORT}{', '.join(sorted({type(p).__name__, type(q).__name__}))}, compare, independent_cost\n\n"
        f"p = {p!r}\nq = {q!r}\nboth = compare(p, q)\nprint(both.w1, both.w2)\n"
        f"print(independent_cost(p, q, {order}))"
    )


def line_csv(p: Shape, q: Shape, half: float) -> str:
    """Every way of the cheapest plan between the bins, with what the random plan sends there."""
    edges = bins(half)
    middle, one, other = (edges[1:] + edges[:-1]) / 2, binned(p, edges), binned(q, edges)
    plan = monotone_plan(one, other)
    i, j = np.nonzero(plan > 0)
    return _csv("from_x,to_y,mass_cheapest,mass_random", middle[i], middle[j], plan[i, j], one[i] * other[j])


def line_values(p: Shape, q: Shape, order: Order) -> dict[str, Any]:
    """The knobs and the numbers."""
    both = compare(p, q)
    return {
        "p": repr(p), "q": repr(q), "order": order, "w1": both.w1, "w2": both.w2,
        "random cost": independent_cost(p, q, order),
    }  # fmt: skip


# -- in the plane


def plane_latex(scene: Scene, order: Order, epsilon: float, rounds: int) -> list[str]:
    """The two programs and their values, and the chain of costs that they make."""
    x, y = scene.points
    exact, soft, random = cheapest(scene, order), blurred(scene, order, epsilon, rounds), independent_plan(x, y, order)
    n, m = exact.mass.shape
    power = "" if order == 1 else "^2"
    rows = [
        rf"W_{order}{power} = \min_{{P \ge 0}} \sum_{{i,j}} P_{{ij}}\,|x_i - y_j|{power} = {exact.cost:.6f}, \qquad"
        rf" \sum_j P_{{ij}} = \tfrac{{1}}{{{n}}},\quad \sum_i P_{{ij}} = \tfrac{{1}}{{{m}}}",
        r"P^\varepsilon = \arg\min_P\ \langle C, P\rangle + \varepsilon\,\mathrm{KL}(P \,\|\, p\,q^{\mathsf T}):"
        rf" \quad {soft.cost:.6f} + {epsilon:.4g} \cdot {soft.information:.6f} = {entropic_cost(soft, epsilon):.6f}",
    ]
    if soft.converged:
        rows.append(
            r"\underbrace{" + f"{exact.cost:.6f}" + r"}_{\text{cheapest}} \le \underbrace{" + f"{soft.cost:.6f}"
            r"}_{\langle C, P^\varepsilon\rangle} \le \underbrace{" + f"{entropic_cost(soft, epsilon):.6f}"
            r"}_{\text{with } \varepsilon\,\mathrm{KL}} \le \underbrace{"
            + f"{random.cost:.6f}"
            + r"}_{\text{at random}}"
        )
    else:
        rows.append(
            rf"\tfrac12\sum_i\big|\sum_j P_{{ij}} - \tfrac1{{{n}}}\big| + "
            rf"\tfrac12\sum_j\big|\sum_i P_{{ij}} - \tfrac1{{{m}}}\big|"
            rf" = {soft.misplaced:.3g} \text{{ after {soft.rounds} rounds: not yet a plan}}"
        )
    if order == 1:
        f = kantorovich(x, y)
        rows.append(
            r"W_1 = \max_{|f'| \le 1}\ \tfrac1n\sum_i f(x_i) - \tfrac1m\sum_j f(y_j) = "
            rf"{f(x).mean():.4f} - ({f(y).mean():.4f}) = {f(x).mean() - f(y).mean():.6f}, \qquad"
            r" f(z) = \min_j\,|z - y_j| - g_j"
        )
    return rows


def plane_code(scene: Scene, order: Order, epsilon: float, rounds: int) -> str:
    """The calls behind the view Plane."""
    drawn = f", {scene.drawn_p!r}, {scene.drawn_q!r}" if scene.name == DRAWN else ""
    return (
        f"{_IMPORT}Scene, crossings, entropic_cost, exact_plan, sinkhorn_plan\n\n"
        f"x, y = Scene({scene.name!r}{drawn}).points\n"
        f"best = exact_plan(x, y, {order})\nprint(best.cost, crossings(x, y, best))\n"
        f"soft = sinkhorn_plan(x, y, {order}, {epsilon!r}, rounds={rounds})\n"
        f"print(soft.cost, entropic_cost(soft, {epsilon!r}))"
    )


def plane_csv(scene: Scene, order: Order, epsilon: float, rounds: int) -> str:
    """Every way that the exact plan uses or on which Sinkhorn's sends more than a trace."""
    x, y = scene.points
    exact, soft = cheapest(scene, order).mass, blurred(scene, order, epsilon, rounds).mass
    i, j = np.nonzero((exact > 0) | (soft > 1e-6))
    head = "from_x1,from_x2,to_x1,to_x2,mass_cheapest,mass_sinkhorn"
    return _csv(head, x[i, 0], x[i, 1], y[j, 0], y[j, 1], exact[i, j], soft[i, j])


def plane_values(scene: Scene, order: Order, epsilon: float, rounds: int) -> dict[str, Any]:
    """The knobs and the numbers."""
    x, y = scene.points
    exact, soft = cheapest(scene, order), blurred(scene, order, epsilon, rounds)
    return {
        "clouds": scene.name, "p": x.round(6).tolist(), "q": y.round(6).tolist(), "order": order,
        "cheapest cost": exact.cost, "crossing pairs": crossings(x, y, exact), "epsilon": epsilon,
        "rounds": soft.rounds, "converged": soft.converged, "misplaced mass": soft.misplaced,
        "sinkhorn cost": soft.cost, "entropic cost": entropic_cost(soft, epsilon), "reach": soft.reach,
        "random cost": independent_plan(x, y, order).cost,
    }  # fmt: skip


# -- critics


def critic_latex(p: Shape, q: Shape, runs: Sequence[tuple[CriticConfig, CriticSnapshot]]) -> list[str]:
    """The dual, what each critic ascends, and what it reached."""
    rows = [
        r"W_1 = \max_{|f'| \le 1} \mathbb{E}_P f - \mathbb{E}_Q f = \max_{|f'| \le 1} \int f'(x)\,"
        r"\big(F_Q(x) - F_P(x)\big)\,dx, \qquad f'(x) = \mathrm{sign}\big(F_Q(x) - F_P(x)\big)",
        rf"W_1 = \int |F_Q - F_P|\,dx = {compare(p, q).w1:.6f}",
    ]
    for config, last in runs:
        value = f"{last.advantage:.6g}"
        ways = {
            "clip": rf"\text{{clipped: }} \max_w \mathbb{{E}}_P f_w - \mathbb{{E}}_Q f_w,\ |w| \le {config.clip:g}",
            "penalty": r"\text{with penalty: } \max_w \mathbb{E}_P f_w - \mathbb{E}_Q f_w - "
            rf"{config.penalty:g}\,\mathbb{{E}}\big(|f_w'(\hat x)| - 1\big)^2",
        }
        fraction = rf"\frac{{{value}}}{{{last.slope:.6g}}}" if last.slope > 0 else "0"
        rows.append(
            rf"{ways[config.way]}: \qquad \frac{{\mathbb{{E}}_P f_w - \mathbb{{E}}_Q f_w}}{{\max |f_w'|}} = "
            rf"{fraction} = {last.fair:.6f}"
        )
    return rows


def critic_code(p: Shape, q: Shape, clip: CriticConfig, penalty: CriticConfig) -> str:
    """The calls behind the view Critic."""
    kinds = sorted({"CriticConfig", type(p).__name__, type(q).__name__})
    return (
        f"{_IMPORT}{', '.join(kinds)}, compare, trained_critic\n\n"
        f"p = {p!r}\nq = {q!r}\nprint(compare(p, q).w1)\n"
        f'clip = CriticConfig(way="clip", clip={clip.clip!r}, seed={clip.seed})\n'
        f"penalty = CriticConfig(penalty={penalty.penalty!r}, seed={penalty.seed})\n"
        "for config in (clip, penalty):\n"
        "    last = trained_critic(config, p, q)[-1]\n"
        "    print(last.fair)"
    )


def critic_csv(p: Shape, q: Shape, clip: CriticSnapshot, penalty: CriticSnapshot) -> str:
    """The three critics as trained, none of them scaled."""
    x = places(p, q)
    return _csv("x,best,clipped,with_penalty", x, exact_critic(p, q, x), clip.f, penalty.f)


def critic_values(p: Shape, q: Shape, runs: Sequence[tuple[CriticConfig, CriticSnapshot]]) -> dict[str, Any]:
    """The knobs and the numbers."""
    learned = {
        config.way: config.as_json()
        | {"reached": last.fair, "advantage": last.advantage, "slope": last.slope, "clipped": last.clipped}
        for config, last in runs
    }
    return {"p": repr(p), "q": repr(q), "w1": compare(p, q).w1} | learned


def _csv(head: str, *columns: np.ndarray) -> str:
    rows = ("".join(f"{value:.9g}," for value in row)[:-1] for row in zip(*columns, strict=True))
    return "\n".join([head, *rows]) + "\n"
