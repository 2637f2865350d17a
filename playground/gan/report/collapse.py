"""Collapse, written out: what both players pay with the numbers of the end, the call that plays it, and every curve."""

from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite, isinf
from textwrap import indent
from typing import TYPE_CHECKING, Final

from playground.coverage import SAMPLES, perfect
from playground.gan.config import GanConfig
from playground.gan.reading import LOG_4, plays_v, tells_chance
from playground.gan.report import game
from playground.gan.story import Story

if TYPE_CHECKING:
    from playground.gan.training import GanSnapshot

COLUMNS: Final = (
    "step", "d_loss", "g_loss", "value_nats", "best_value_nats", "modes", "strict_modes", "high_quality", "reverse_kl",
    "w2", "w2_floor",
)  # fmt: skip


def latex(story: Story) -> list[str]:
    """What D and G pay and how they learn, with the figures of the last snapshot."""
    config, end = story.config, story.end
    lines = [
        rf"L_D = {game.d_pays(config)}",
        rf"L_G = {game.g_pays(config)}",
        rf"\text{{after {'update' if config.moves else 'step'} {end.step}, on a kept batch{_without(config)}: }}"
        rf" L_D = {_three(end.d_loss)}, \quad L_G = {_three(end.g_loss)}",
        game.networks(config),
        game.learning(config),
    ]
    if seen := game.seen(config):
        lines.insert(2, seen)
    if plays_v(config):
        lines.append(
            r"V(D, G) = \mathbb{E} \log D(x) + \mathbb{E} \log(1 - D(G(z)))"
            rf" = {_three(end.value_nats)} \text{{ nats}}"
        )
    if tells_chance(config):
        lines.append(
            r"D^*(x) = \frac{p(x)}{p(x) + \hat q(x)}, \qquad V(D^*, G) = -\log 4 + 2\, \mathrm{JS}(p \| \hat q)"
            rf" = {_three(-LOG_4)} + 2 \cdot {_three(story.js)} = {_three(end.best_value_nats)}"
        )
    if story.k:
        good = round(SAMPLES * end.high_quality)
        lines += [
            rf"\text{{good: }} \min_j \|G(z) - c_j\| < 3\sigma, \qquad \frac{{{good}}}{{{SAMPLES}}}"
            rf" = {100 * end.high_quality:.1f}\%"
            rf" \quad \text{{(a perfect G: }} 1 - e^{{-9/2}} = {100 * perfect(story.target).high_quality:.1f}\%)",
            rf"\mathrm{{KL}}(\hat q \| p) = \sum_{{j=1}}^{{{story.k}}} \hat q_j \log \frac{{\hat q_j}}{{p_j}}"
            rf" = {_three(end.reverse_kl)} \text{{ nats}},"
            r" \quad \hat q_j \text{ the share of samples nearest to } c_j",
        ]
    if isfinite(story.w2):
        lines.append(
            r"W_2 = \min_\pi \Big( \tfrac{1}{512} \sum_i \| G(z_i) - x_{\pi(i)} \|^2 \Big)^{1/2}"
            rf" = {_three(story.w2)}"
        )
    return lines


def _without(config: GanConfig) -> str:
    left_out = ["the penalty"] * (config.penalty == "gradient") + ["the noise"] * (config.noise > 0)
    return f", without {' and '.join(left_out)}" if left_out else ""


def code(story: Story) -> str:
    """The game as a call, and the figures of its end as the page shows them."""
    shown = ['print(f"D {end.d_loss:.3f}, G {end.g_loss:.3f}")', 'print(f"W2 {end.w2:.3f}")']
    if plays_v(story.config):
        shown = ['print(f"V {end.value_nats:.3f}, best D {end.best_value_nats:.3f}")', shown[1]]
    if story.k:
        shown.append('print(f"held {end.strict_modes:.0f}, published rule {end.modes:.0f}")')
        shown.append('print(f"good {100 * end.high_quality:.1f}%, reverse KL {end.reverse_kl:.3f}")')
    if len(story.frames) == 1:
        shown.pop(1)
    needed, play = "", 'for end in train(config, device="cpu"):\n    pass\n'
    if story.problem:
        needed = "from playground.runs import Diverged\n"
        play = f"try:\n{indent(play, '    ')}except Diverged as problem:\n    print(problem)\n"
    start = f"from playground.gan import GanConfig, train\n{needed}\nconfig = {game.call(story.config)}\n"
    return start + play + "\n".join(shown)


def csv(frames: Sequence["GanSnapshot"]) -> str:
    """A row for every snapshot; what was not measured then is left empty."""
    rows = [",".join(_cell(getattr(frame, name)) for name in COLUMNS) for frame in frames]
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def values(story: Story) -> dict[str, object]:
    """The config, from which the run can be remade, and the figures of its end."""
    end = {name: getattr(story.end, name) for name in COLUMNS}
    known = {name: _known(value) for name, value in end.items()}
    said: dict[str, object] = {"config": asdict(story.config), "end": known, "w2_measured_last": _known(story.w2)}
    if story.problem:
        said["stopped"] = story.problem
    if story.k:
        said["perfect generator"] = perfect(story.target)._asdict()
    return said


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def _cell(value: float) -> str:
    return f"{value:.9g}" if isfinite(value) else ""


def _three(value: float) -> str:
    """With three decimals, and no minus before zeros; in powers of ten where it is large."""
    if isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    if not isfinite(value):
        return r"\text{not measured}"
    if abs(value) < 1e4:
        return f"{round(value, 3) + 0.0:.3f}"
    digits, _, power = f"{value:.2e}".partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}"
