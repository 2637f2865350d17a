"""A game written out: what D and G pay and how they learn, as LaTeX with the current values; the call that plays it.

D(x) is a probability where a logarithm is taken of it, and D's raw output elsewhere; a(x) is the raw output.
"""

from dataclasses import fields

from playground.gan.config import GanConfig

F_COSTS = {  # f-GAN: T of D's raw output a, and the conjugate f* (Nowozin et al., 2016, Tables 2 and 6)
    "f: KL": ("a", r"e^{T - 1}"),
    "f: reverse KL": (r"-e^{-a}", r"-1 - \log(-T)"),
    "f: JS": (r"\log 2 - \log(1 + e^{-a})", r"-\log(2 - e^{T})"),
    "f: Pearson": ("a", r"\tfrac14 T^2 + T"),
}


def d_pays(config: GanConfig) -> str:
    """What D lowers."""
    real, fake = _seen(config)
    f_gan = rf"\mathbb{{E}} f^*(T({fake})) - \mathbb{{E}}\, T({real})"
    cost = {
        "least squares": rf"\tfrac12 \mathbb{{E}} (D({real}) - 1)^2 + \tfrac12 \mathbb{{E}} D({fake})^2",
        "hinge": rf"\mathbb{{E}} \max(0, 1 - D({real})) + \mathbb{{E}} \max(0, 1 + D({fake}))",
        "Wasserstein": rf"\mathbb{{E}} D({fake}) - \mathbb{{E}} D({real})",
    }.get(config.loss, rf"-\mathbb{{E}} \log D({real}) - \mathbb{{E}} \log(1 - D({fake}))")
    cost = f_gan if config.loss in F_COSTS else cost
    if config.penalty == "gradient":
        cost += rf" + {_number(config.penalty_weight)}\, \mathbb{{E}} (\|\nabla_x a(x)\| - 1)^2"
        cost += r" \text{ at } x \text{ between real and fake}"
    if config.loss in F_COSTS:
        cost += r", \quad T = {}, \ f^* = {}".format(*F_COSTS[config.loss])
    if config.penalty == "clip":
        cost += rf", \quad |w| \le {_number(config.clip)}"
    if config.spectral_norm:
        cost += r", \quad W / \sigma_{\max}(W) \text{ in every layer}"
    return cost


def g_pays(config: GanConfig) -> str:
    """What G lowers."""
    _, fake = _seen(config)
    ahead = f"^{{(+{config.unroll})}}" if config.unroll else ""
    cost = {
        "non-saturating": rf"-\mathbb{{E}} \log D{ahead}({fake})",
        "minimax": rf"\mathbb{{E}} \log(1 - D{ahead}({fake}))",
        "maximum likelihood": rf"-\mathbb{{E}}\, e^{{a{ahead}({fake})}}",
        "least squares": rf"\tfrac12 \mathbb{{E}} (D{ahead}({fake}) - 1)^2",
        "hinge": rf"-\mathbb{{E}} D{ahead}({fake})",
        "Wasserstein": rf"-\mathbb{{E}} D{ahead}({fake})",
    }.get(config.loss, rf"-\mathbb{{E}} f^*(T{ahead}({fake}))")
    if config.unroll:
        cost += rf", \quad D{ahead} \text{{: D after {config.unroll} more updates}}"
    return cost


def seen(config: GanConfig) -> str:
    """What D is shown beside the bare sample; empty where that is all."""
    parts = []
    if config.pack > 1:
        parts.append(rf"\text{{{config.pack} samples at once}}")
    if config.batch_std:
        parts.append(r"s = \text{standard deviation of each coordinate over the batch}")
    if config.noise:
        parts.append(
            rf"\varepsilon \sim \mathcal{{N}}(0, \nu^2 I), \ \nu \text{{ from }} {_number(config.noise)}"
            r" \text{ to } 0 \text{ over 80 \% of the steps}"
        )
    return r", \quad ".join(parts)


def learning(config: GanConfig) -> str:
    """Who moves how often, and how far."""
    rule = (
        rf"\text{{D: }} {config.d_steps} \times \text{{{config.d_optimizer}}},\ \eta_D = {_number(config.d_rate)};"
        rf" \quad \text{{G: }} 1 \times \text{{{config.g_optimizer}}},\ \eta_G = {_number(config.g_rate)}"
    )
    if "Adam" in (config.d_optimizer, config.g_optimizer):
        rule += rf"; \quad \beta_1 = {_number(config.beta1)}"
    rule += rf"; \quad \text{{batches of }} {config.batch}"
    if config.decay:
        rule += r"; \quad \eta \text{ falls to 2 \% from half of the steps on}"
    if config.warmup:
        rule += rf"; \quad \text{{first {config.warmup} updates of D alone}}"
    return rule


def networks(config: GanConfig) -> str:
    """What the players are made of, and where G begins."""
    layers = r" \to ".join([str(config.hidden)] * config.depth)
    sees = 2 * config.pack * (2 if config.batch_std else 1)
    text = (
        rf"G: z \in \mathbb{{R}}^{{{config.z_dim}}} \to {layers} \to \mathbb{{R}}^2, \quad"
        rf" D: \mathbb{{R}}^{{{sees}}} \to {layers} \to \mathbb{{R}}, \quad \text{{{config.activation}}}"
    )
    if config.gain != 1:
        text += rf", \quad \text{{first weights}} \times {_number(config.gain)}"
    if config.offset:
        text += rf", \quad G \text{{ starts shifted by }} ({_number(config.offset)}, {_number(config.offset)})"
    if config.ema:
        text += rf", \quad \bar\theta_G \leftarrow {config.ema:.12g}\, \bar\theta_G + {1 - config.ema:.4g}\, \theta_G"
    return text


def call(config: GanConfig) -> str:
    """The constructor's call with what is not the default."""
    given = [
        f"{field.name}={getattr(config, field.name)!r}"
        for field in fields(config)
        if getattr(config, field.name) != field.default
    ]
    return f"GanConfig({', '.join(given)})"


def _seen(config: GanConfig) -> tuple[str, str]:
    """What D is shown of real samples and of fakes."""
    real, fake = ("x", "G(z)") if not config.noise else (r"x + \varepsilon", r"G(z) + \varepsilon")
    if config.pack > 1:
        last = config.pack
        plus = r" + \varepsilon" if config.noise else ""
        real = rf"x_1{plus}, \dots, x_{{{last}}}{plus}"
        fake = rf"G(z_1){plus}, \dots, G(z_{{{last}}}){plus}"
    return (f"{real}; s", f"{fake}; s") if config.batch_std else (real, fake)


def _number(value: float) -> str:
    """A value in LaTeX: 0.001, or 2 · 10⁻⁵."""
    if value and abs(value) < 1e-3:
        digits, _, power = f"{value:.3e}".partition("e")
        return rf"{float(digits):g} \cdot 10^{{{int(power)}}}"
    return f"{value:g}"
