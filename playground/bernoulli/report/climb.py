"""The experiment Climb to take away: the slope and the first step with the numbers put in, its code, its path."""

from collections.abc import Sequence

from playground.bernoulli.ascent import Climb, Snapshot, curvature, optimum, rate_limit
from playground.bernoulli.priors import Beta
from playground.bernoulli.truncated_normal import TruncatedNormal

Path = Sequence[Snapshot]


def latex(climb: Climb, path: Path) -> list[str]:
    """The slope at the start, the first step, and the rate limit, with the numbers put in."""
    return [slope_latex(climb, path[0]), step_latex(climb, path), limit_latex(climb)]


def slope_latex(climb: Climb, start: Snapshot) -> str:
    """The derivative of what is climbed, by hand, at the start; autograd found the same number."""
    theta = start.theta
    target = r"\log L" if climb.prior is None else r"\log p(\theta \mid y)"
    if climb.coordinate == "logit" and climb.prior is not None:
        target = r"\log p(z \mid y)"
    heads, tails, bell, bell_number = _terms(climb, theta)
    if climb.coordinate == "theta":
        general = r"\frac{h}{\theta} - \frac{t}{1-\theta}"
        numbers = rf"\frac{{{heads:.10g}}}{{{theta:.4g}}} - \frac{{{tails:.10g}}}{{{1 - theta:.4g}}}"
        return rf"\frac{{d {target}}}{{d\theta}} = {general}{bell} = {numbers}{bell_number} = {start.gradient:.4f}"
    general = r"h\,(1-\theta) - t\,\theta"
    numbers = rf"{heads:.10g} \cdot {1 - theta:.4g} - {tails:.10g} \cdot {theta:.4g}"
    return rf"\frac{{d {target}}}{{dz}} = {general}{bell} = {numbers}{bell_number} = {start.gradient:.4f}"


def _terms(climb: Climb, theta: float) -> tuple[float, float, str, str]:
    """h and t with all that counts like them, and the pull of a truncated normal prior as a formula and in numbers."""
    belief = climb.belief
    if isinstance(belief, Beta):
        return belief.a - 1, belief.b - 1, "", ""
    assert isinstance(belief, TruncatedNormal)
    bell = r"\frac{\mu - \theta}{\sigma^2}"
    number = rf"\frac{{{belief.mu:.4g} - {theta:.4g}}}{{{belief.sigma:.4g}^2}}"
    if climb.coordinate == "theta":
        return belief.heads, belief.tails, rf" + {bell}", rf" + {number}"
    factor = rf"{theta:.4g} \cdot {1 - theta:.4g}"
    return belief.heads, belief.tails, rf" + \theta(1-\theta)\,{bell}", rf" + {factor} \cdot {number}"


def counted(climb: Climb) -> str:
    """What h and t stand for in `slope_latex`, in words; empty where they are the flips alone."""
    if climb.prior is None:
        return ""
    more = ["a − 1 heads and b − 1 tails of the prior"] if isinstance(climb.prior, Beta) else []
    more += ["one head and one tail of the logit’s stretch θ(1 − θ)"] if climb.coordinate == "logit" else []
    return f"For the posterior h and t count the flips, {', '.join(more)}." if more else ""


def step_latex(climb: Climb, path: Path) -> str:
    """The first step with its numbers, halved or not."""
    start, after = path[0], path[1]
    halved = rf"\cdot 2^{{-{after.halvings}}}" if after.halvings else ""
    x = r"\theta" if climb.coordinate == "theta" else "z"
    step = rf"{climb.rate:.4g} \cdot ({start.gradient:.4f}){halved}"
    if climb.coordinate == "theta":
        return rf"\theta_1 = {start.theta:.4g} + {step} = {after.theta:.4f}"
    return (
        rf"{x}_1 = \log\frac{{{start.theta:.4g}}}{{{1 - start.theta:.4g}}} + {step}, \quad \theta_1 = {after.theta:.4f}"
    )


def limit_latex(climb: Climb) -> str:
    """The rate limit with its numbers; said where there is none."""
    best, bend, limit = optimum(climb), curvature(climb), rate_limit(climb)
    if best is None or bend is None or limit is None:
        return r"\text{no top inside } (0, 1), \text{ so no curvature and no rate limit}"
    return (
        rf"\hat\theta = {best:.4f}, \quad c = {bend:.4g}, \quad \frac{{2}}{{c}} = {limit:.4g}, \quad "
        rf"|1 - {climb.rate:.4g}\,c| = {abs(1 - climb.rate * bend):.4g}"
    )


def code(posterior: Climb) -> str:
    """The calls behind the experiment: for each climb its end, its exact top and its rate limit."""
    names = ", ".join(sorted({"Climb", type(posterior.prior).__name__}))
    return (
        f"from playground.bernoulli import {names}, ascend, optimum, rate_limit\n\n"
        f"for prior in (None, {_call(posterior)}):\n"
        f"    climb = Climb({posterior.heads}, {posterior.tails}, prior, {posterior.coordinate!r}, "
        f"rate={posterior.rate:.12g}, start={posterior.start:.12g}, steps={posterior.steps})\n"
        "    *_, last = ascend(climb)\n"
        "    print(last.theta, optimum(climb), rate_limit(climb))"
    )


def _call(climb: Climb) -> str:
    if isinstance(climb.prior, Beta):
        return f"Beta({climb.prior.a:.12g}, {climb.prior.b:.12g})"
    assert isinstance(climb.prior, TruncatedNormal)
    return f"TruncatedNormal({climb.prior.mu:.12g}, {climb.prior.sigma:.12g})"


def csv(likelihood: Path, posterior: Path) -> str:
    """Both climbs, a row for each step."""
    columns = [
        f"{name}_{what}" for what in ("likelihood", "posterior") for name in ("theta", "value", "gradient", "halvings")
    ]
    rows = (
        ",".join([str(left.step), *(f"{part:.12g}" for one in (left, right) for part in _values(one))])
        for left, right in zip(likelihood, posterior, strict=True)
    )
    return "\n".join([",".join(["step", *columns]), *rows]) + "\n"


def _values(snapshot: Snapshot) -> tuple[float, ...]:
    return snapshot.theta, snapshot.value, snapshot.gradient, snapshot.halvings


def values(likelihood: Climb, posterior: Climb, paths: tuple[Path, Path]) -> dict[str, object]:
    """The knobs and what the page says of both climbs."""
    ends = {
        name: {"theta": path[-1].theta, "exact": optimum(climb), "rate limit": rate_limit(climb)}
        for name, climb, path in zip(("likelihood", "posterior"), (likelihood, posterior), paths, strict=True)
    }
    knobs = {"heads": posterior.heads, "tails": posterior.tails, "prior": _call(posterior), "in": posterior.coordinate}
    return {**knobs, "rate": posterior.rate, "start": posterior.start, "steps": posterior.steps, **ends}
