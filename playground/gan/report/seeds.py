"""Many seeds to take away: the mean and its error with the numbers put in, code, table, values."""

import math
from typing import TYPE_CHECKING

import numpy as np

from playground.coverage import Floor
from playground.gan.seeds import METRICS, SeedsConfig, spread
from playground.targets import Target

if TYPE_CHECKING:
    from playground.gan.training import SeedsSnapshot


def latex(end: "SeedsSnapshot", t: Target) -> list[str]:
    """Mean and error of the strict modes (of W₂ where there are none), and the reverse KL of the first seed."""
    if t.modes is None:
        return [_mean("W_2", end.w2)]
    k = len(t.modes.centres)
    return [
        _mean(r"\text{strict modes}", end.strict_modes),
        r"\mathrm{KL}(q\|p) = \sum_j q_j \log\frac{q_j}{p_j}, \qquad q_j = "
        rf"\frac{{\text{{samples nearest to mode }} j}}{{2500}}, \quad p_j \approx \tfrac1{{{k}}}: \quad"
        rf" {float(end.reverse_kl[0]):.3f} \text{{ nats for the first seed, at most }} \log {k} = {math.log(k):.3f}",
    ]


def _mean(name: str, values: np.ndarray) -> str:
    found, n = spread(values), len(values)
    listed = " + ".join(f"{value:.4g}" for value in values[:3].tolist()) + (r" + \dots" if n > 3 else "")
    return (
        rf"\overline{{{name}}} = \tfrac1{{{n}}}({listed}) = {found.mean:.3f}, \qquad"
        rf" \text{{s.e.}} = \sqrt{{\frac{{\sum_i (x_i - \bar x)^2}}{{n (n - 1)}}}} = {found.error:.3f}"
    )


def code(config: SeedsConfig, t: Target) -> str:
    """The calls behind the experiment."""
    changed = {name: value for name, value in config.as_json().items() if value != getattr(SeedsConfig, name)}
    given = "".join(f"    {name}={value!r},\n" for name, value in changed.items())
    shown = (
        'print("W2", pair(spread(end.w2), 3))'
        if t.modes is None
        else 'for name, digits in {"modes": 2, "strict_modes": 2, "reverse_kl": 3}.items():\n'
        "    print(name, pair(spread(getattr(end, name)), digits))\n"
        'print("high quality, %", pair(spread(end.high_quality), 1, scale=100))'
    )
    return (
        "import torch\n\n"
        "from playground.gan.seeds import SeedsConfig, spread, train_many\n"
        "from playground.gan.words.seeds import pair\n\n"
        f"config = SeedsConfig(\n{given})\n"
        '*_, end = train_many(config, device=torch.device("cpu"))\n'
        "# mean and standard error over the seeds\n"
        f"{shown}"
    )


def csv(end: "SeedsSnapshot", config: SeedsConfig) -> str:
    """A row for every seed; empty where the target has no modes."""
    rows = []
    for game, seed in enumerate(config.seeds):
        values = [float(getattr(end, name)[game]) for name in (*METRICS, "w2", "d_loss", "g_loss")]
        rows.append(",".join([str(seed), *("" if math.isnan(value) else f"{value:.8g}" for value in values)]))
    head = "seed,modes,strict_modes,high_quality,reverse_kl_nats,w2,d_loss,g_loss"
    return "\n".join([head, *rows]) + "\n"


def values(end: "SeedsSnapshot", config: SeedsConfig, t: Target, floor: Floor | None) -> dict[str, object]:
    """The knobs, mean and standard error of every number, and what is perfect."""
    names = ("w2",) if t.modes is None else (*METRICS, "w2")
    means = {name: spread(getattr(end, name))._asdict() for name in names}
    perfect = {**(floor._asdict() if floor else {}), "w2": end.w2_floor}
    at_mode = {str(seed): counts.tolist() for seed, counts in zip(config.seeds, end.at_mode, strict=True)}
    return {
        "knobs": config.as_json(), "seeds": list(config.seeds), "over seeds": means, "perfect": perfect,
        "samples of high quality at each mode, of 2500": at_mode,
    }  # fmt: skip
