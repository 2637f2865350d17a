"""The duel, written out: where the games differ in the formulas, code that plays both, every picture's numbers."""

from collections.abc import Callable
from math import isfinite

from playground.coverage import RADIUS, SAMPLES, STRICT, perfect
from playground.gan.changes import differences
from playground.gan.config import GanConfig
from playground.gan.duel import Duel
from playground.gan.report import game
from playground.gan.words.game import written
from playground.targets import Target

PARTS: dict[str, Callable[[GanConfig], str]] = {
    "D lowers": game.d_pays,
    "G lowers": game.g_pays,
    "D is shown": game.seen,
    "They learn by": game.learning,
    "They are": game.networks,
}


def latex(duel: Duel, t: Target) -> list[str]:
    """Where the games differ, side by side, then how the modes are counted, with the numbers of what is shown."""
    return [*formulas(duel.left.config, duel.right.config), *counted(duel, t)]


def formulas(left: GanConfig, right: GanConfig) -> list[str]:
    """What D and G lower, and of the rest what differs: one line for what is the same, two for what is not."""
    lines = []
    for name, part in PARTS.items():
        a, b = part(left), part(right)
        if a == b and name in ("D lowers", "G lowers"):
            lines.append(rf"\text{{{name}, left and right: }} {a}")
        elif a != b:
            lines += [
                rf"\text{{{name}, {side}: }} {formula or _NOTHING}" for side, formula in (("left", a), ("right", b))
            ]
    return lines


_NOTHING = r"\text{the bare sample}"


def counted(duel: Duel, t: Target) -> list[str]:
    """The rule of the strict modes and its outcome, and the distances with their floor."""
    if not duel.begun:
        return []
    lines, names = [], ("left", "right")
    ends = [frames[-1] for frames in duel.frames]
    if t.modes is not None:
        k, best = len(t.modes.centres), perfect(t)
        lines.append(
            rf"\text{{good: }} \|x - \mu_j\| < {RADIUS:g}\sigma = {RADIUS * t.modes.sigma:.3g}, \qquad"
            rf" \text{{mode }} j \text{{ counts from }} n_j = {STRICT * SAMPLES:.0f} \text{{ good of {SAMPLES} on}}"
        )
        lines += [
            rf"\text{{{name}: }} \sum_j n_j / {SAMPLES} = {SAMPLES * end.high_quality:.0f} / {SAMPLES}"
            rf" = {100 * end.high_quality:.1f}\,\%, \quad \#\{{j : n_j \ge {STRICT * SAMPLES:.0f}\}} ="
            rf" {end.strict_modes:.0f} \text{{ of }} {k}"
            for name, end in zip(names, ends, strict=True)
        ]
        lines.append(rf"\text{{a perfect G: }} 1 - e^{{-9/2}} = {100 * best.high_quality:.1f}\,\%" if _apart(t) else "")
    lines += [
        r"W_2 = \min_{\text{pairings}} \sqrt{\tfrac1n \sum_i \|x_i - y_{\pi(i)}\|^2}"
        rf" = {far:.3f} \text{{ ({name})}}, \quad {end.w2_floor:.3f} \text{{ between two real samples}}"
        for name, end, far in zip(names, ends, duel.w2, strict=True)
        if isfinite(far) and isfinite(end.w2_floor)
    ]
    return [line for line in lines if line]


def _apart(t: Target) -> bool:
    """Whether a perfect generator's share is that of one Gaussian, because the modes do not overlap."""
    return abs(perfect(t).high_quality - 0.98889) < 1e-4


def code(left: GanConfig, right: GanConfig, t: Target) -> str:
    """Both games, played by the engine."""
    changes = ", ".join(f"{field}={other!r}" for field, _, other in differences(left, right))
    figures = "end.w2" if t.modes is None else "end.strict_modes, 100 * end.high_quality, end.w2"
    form = "{:.3f}" if t.modes is None else "{:.0f} {:.1f} {:.3f}"
    return (
        "from playground.devices import device\n"
        "from playground.gan import GanConfig, train\n\n"
        f"left = {game.call(left)}\n"
        f"right = {game.call(right)}  # {changes}\n"
        "for config in (left, right):\n"
        "    *_, end = train(config, device=device())\n"
        f'    print("{form}".format({figures}))'
    )


def csv(duel: Duel) -> str:
    """Every shown picture of both games: step, and of each the strict modes, the share of good samples, W₂."""
    figures = ("modes", "strict_modes", "high_quality", "reverse_kl", "w2", "d_loss", "g_loss")
    rows = []
    for side, frames in zip(("left", "right"), duel.frames, strict=True):
        for frame in dict.fromkeys(frames):
            values = (getattr(frame, name) for name in figures)
            rows.append(",".join([side, str(frame.step), *(f"{v:.6g}" if isfinite(v) else "" for v in values)]))
    return "\n".join([",".join(["game", "step", *figures]), *rows]) + "\n"


def values(duel: Duel, t: Target) -> dict[str, object]:
    """Both configs, what differs, and where both games are."""
    sides = zip(("left", "right"), (duel.left, duel.right), duel.frames, duel.w2, strict=True)
    games = {
        side: {
            "config": one.config.as_json(),
            "state": one.state,
            "step": frames[-1].step,
            "strict_modes": _plain(frames[-1].strict_modes),
            "high_quality": _plain(frames[-1].high_quality),
            "w2": _plain(far),
        }
        for side, one, frames, far in sides
    }
    changed = [
        {"field": field, "left": written(field, a), "right": written(field, b)}
        for field, a, b in differences(duel.left.config, duel.right.config)
    ]
    return {"target": t.describe(), "change": changed, **games, "winner": duel.winner if duel.played else None}


def _plain(value: float) -> float | None:
    return value if isfinite(value) else None
