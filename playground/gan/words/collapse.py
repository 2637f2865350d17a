"""What one game did and how it ended, in sentences from its own figures."""

from collections.abc import Sequence
from math import isfinite, isinf, sqrt
from typing import TYPE_CHECKING, Final

from playground.coverage import perfect
from playground.gan.config import GanConfig
from playground.gan.reading import LOG_4, plays_v, tells_chance
from playground.gan.story import MOST, STILL, Story

if TYPE_CHECKING:
    from playground.gan.training import GanSnapshot
    from playground.targets import Target

OPEN: Final = "…"
NEAR, FAR = "Under 2×", "Over 5×"
RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
BETWEEN: Final = "2× to 5×"
PLAYERS: Final = (
    "G makes fakes out of random numbers z; D scores how real a sample looks at each place, and the arrows show "
    "where it pushes the fakes."
)
HOLD: Final = "A mode is held when at least 20 of 2\u2009500 samples lie within 3σ of it."
FLOOR: Final = "Distance is W₂ between 512 fakes and 512 real samples; two real samples are some way apart, too."
PLAYED: Final = "Its figures come when it has been played to its end."
HAND: Final = (
    "You play for both: a step of D sharpens the map, a step of G moves the fakes about where their arrows point. "
    "Take turns, or let one of them move alone and see what it does to the other."
)
D_LOSSES: Final = {
    "least squares": "½ E (D(x) − 1)² + ½ E D(G(z))²",
    "hinge": "E max(0, 1 − D(x)) + E max(0, 1 + D(G(z)))",
    "Wasserstein": "E D(G(z)) − E D(x)",
    "f: KL": "E exp(T(G(z)) − 1) − E T(x)",
    "f: reverse KL": "−E (1 + log(−T(G(z)))) − E T(x)",
    "f: JS": "−E log(2 − exp T(G(z))) − E T(x)",
    "f: Pearson": "E (¼ T(G(z))² + T(G(z))) − E T(x)",
}
G_LOSSES: Final = {
    "non-saturating": "−E log D(G(z))",
    "minimax": "E log(1 − D(G(z)))",
    "maximum likelihood": "−E D(G(z)) / (1 − D(G(z)))",
    "least squares": "½ E (D(G(z)) − 1)²",
    "hinge": "−E D(G(z))",
    "Wasserstein": "−E D(G(z))",
    "f: KL": "−E exp(T(G(z)) − 1)",
    "f: reverse KL": "E (1 + log(−T(G(z))))",
    "f: JS": "E log(2 − exp T(G(z)))",
    "f: Pearson": "−E (¼ T(G(z))² + T(G(z)))",
}


def d_pays(config: GanConfig) -> str:
    """What D lowers."""
    cost = _seen(D_LOSSES.get(config.loss, "−E log D(x) − E log(1 − D(G(z)))"), config)
    if config.penalty == "gradient":
        cost += f" + {config.penalty_weight:g} E (‖∇D‖ − 1)²"
    cost += f", weights within ±{config.clip:g}" * (config.penalty == "clip")
    return cost + ", T: D’s score" * config.loss.startswith("f:")


def g_pays(config: GanConfig) -> str:
    """What G lowers."""
    ahead = f", D {config.unroll} updates ahead" if config.unroll else ""
    return _seen(G_LOSSES[config.loss], config) + ahead


def _seen(cost: str, config: GanConfig) -> str:
    """The cost with what D is shown: some samples at once, the spread s of the batch."""
    last, spread = "₁₂₃₄"[config.pack - 1], "; s" * config.batch_std
    if config.pack > 1:
        cost = cost.replace("(x)", f"(x₁…x{last})").replace("G(z)", f"G(z₁)…G(z{last})")
    real = f"(x₁…x{last}" if config.pack > 1 else "(x"
    fake = f"G(z{last if config.pack > 1 else ''})"
    return cost.replace(f"{real})", f"{real}{spread})").replace(f"{fake})", f"{fake}{spread})")


def options(t: "Target") -> tuple[str, ...]:
    """What can be predicted of the end: how many modes are held, or where there are none, how far the samples are."""
    if t.modes is None:
        return NEAR, BETWEEN, FAR
    k = len(t.modes.centres)
    if k == 2:
        return "None", "One", "Both"
    some = "Two" if k == 3 else f"2 to {k - 1}"
    return "None or 1", some, f"All {k}"


def question(t: "Target", config: GanConfig) -> str:
    """What to predict."""
    if t.modes is None:
        return (
            f"After {_count(config.steps)} steps, how many times as far from the data will fakes be as fresh data are?"
        )
    return f"After {_count(config.steps)} steps, how many of the {len(t.modes.centres)} modes will G hold?"


def answer(story: Story) -> str:
    """The right one of `options`; empty where the game gave none."""
    choices = options(story.target)
    if story.problem:
        return ""
    if story.k:
        held = round(story.end.strict_modes)
        if story.k == 2:
            return choices[held]
        return choices[0 if held <= 1 else 2 if held == story.k else 1]
    ratio = story.w2 / story.end.w2_floor
    return choices[0 if ratio < 2 else 1 if ratio <= 5 else 2] if isfinite(ratio) else ""


def frames(shown: Sequence["GanSnapshot"], t: "Target") -> tuple[str, ...]:
    """For each frame what G covers there; where the target has no modes, what D and G pay."""
    if t.modes is None:
        return tuple(f"D pays {number(frame.d_loss)}, G pays {number(frame.g_loss)}" for frame in shown)
    k = len(t.modes.centres)
    return tuple(
        f"{frame.strict_modes:.0f} of {k} modes held, {frame.modes:.0f} by the published rule; "
        f"{percent(frame.high_quality)} of the samples are good"
        for frame in shown
    )


def numbers(story: Story, *, over: bool) -> list[tuple[str, str, str]]:
    """The strip of numbers at the end: label, value, what it is held against. Open while the game is played."""
    end, t, rows = story.end, story.target, []
    if story.k:
        ideal = perfect(t)
        rows += [
            ("Modes held", f"{end.strict_modes:.0f} of {story.k}", f"by the published rule {end.modes:.0f}"),
            ("Good samples", percent(end.high_quality), f"a perfect G: {percent(ideal.high_quality)}"),
            (
                "Reverse KL",
                f"{number(end.reverse_kl)} nats",
                f"floor {ideal.reverse_kl:.4f}; good {percent(end.high_quality)}",
            ),
        ]
    rows.append(("W₂ to the data", _measured(story.w2), f"two real samples: {_measured(end.w2_floor)}"))
    if plays_v(story.config):
        best = f"best D {number(end.best_value_nats)}; −log 4 = {number(-LOG_4)}"
        rows.append(("V, D as learned", f"{number(end.value_nats)} nats", best))
    else:
        rows.append(("D pays", number(end.d_loss), f"G pays {number(end.g_loss)}"))
    return rows if over else [(label, OPEN, "at the end of the run") for label, _, _ in rows]


def waiting(t: "Target") -> str:
    """Before the prediction."""
    means = FLOOR if t.modes is None else HOLD
    return f"This is the game before its first step. {PLAYERS} {means} Commit to an answer, and it is played."


def playing(t: "Target") -> str:
    """While it is played, or waits to be."""
    return f"{PLAYED} {FLOOR if t.modes is None else HOLD}"


def notice(story: Story) -> str:
    """What the game did, at most three sentences; first that it stopped, if it did."""
    if len(story.frames) == 1:
        return "No picture came of this run; these are the figures before its first step."
    said = [f"The run stopped; its last figures are of {_when(story, story.end.step)}."] if story.problem else []
    said += _covered(story) if story.k else [_distance(story)]
    return " ".join([*said, *_players(story)][:3])


def by_hand(story: Story, *, over: bool) -> str:
    """Under a game that is played by hand."""
    if not story.config.moves:
        return HAND
    if not over:
        return "The figures come when your moves have been played."
    made = story.end.step
    if not made or story.problem:  # which says after how many it stopped
        return notice(story)
    return f"{_count(made)} update{'s' * (made != 1)} made. {notice(story)}"


def _when(story: Story, step: int) -> str:
    return f"{'update' if story.config.moves else 'step'} {_count(step)}"


def _covered(story: Story) -> list[str]:
    """What is held, and what that is worth; what the crowd did, or what was lost on the way."""
    end, k = story.end, story.k
    held, good = round(end.strict_modes), end.high_quality
    said = [f"{_held(held, k)}; {percent(good)} of the samples are good, within 3σ of a mode."]
    if good < 0.5 and end.modes >= held + 2:
        said.append(
            f"The published rule counts {end.modes:.0f}: one good sample is enough for it, so a smear meets it too."
        )
    fullest = story.fullest
    if story.moved == 0:
        said.append("The fakes are where they began.")
    elif story.moved < STILL * story.width:
        away = f"only {number(story.moved)}" if story.moved >= 0.001 else "less than 0.001"
        said.append(f"The fakes are on average {away} from where they began.")
    elif story.crowd > MOST and story.visited > 2:
        why = "" if story.config.moves else ": D learns to reject a place, and G moves on"
        said.append(
            "Most of the time most fakes are nearest to one and the same mode, in turn to "
            f"{story.visited} different ones{why}."
        )
    elif fullest.strict_modes > held and fullest.high_quality >= 0.5:
        said.append(
            f"At {_when(story, fullest.step)} it held {fullest.strict_modes:.0f}, with {percent(fullest.high_quality)} "
            "of the samples good."
        )
    return said


def _held(held: int, k: int) -> str:
    if k == 2 and held != 1:
        return "Both modes are held" if held else "Neither mode is held"
    which = "All" if held == k else "None" if not held else str(held)
    return f"{which} of the {k} modes {'is' if held == 1 else 'are'} held"


def _distance(story: Story) -> str:
    floor = story.end.w2_floor
    if not isfinite(story.w2):
        return "W₂ has not been measured yet."
    return f"The fakes are {number(story.w2)} from the data by W₂; two samples of the data are {number(floor)} apart."


def _players(story: Story) -> list[str]:
    """How D compares with the best one against this G."""
    if not plays_v(story.config):
        return [] if tells_chance(story.config) else [_unknown(story.config)]
    best, missed = story.end.best_value_nats, story.missed
    unsure = max(1.0, sqrt(256 / story.config.batch))  # D's V is a mean over one batch
    if missed > 0.1 * unsure:
        return [f"D has not learned all there is to see: its V is {number(missed)} nats below that of the best D."]
    if missed < -0.15 * unsure:
        return ["D tells more apart than the best D of the map, which sees everything blurred by a step of the map."]
    if best < -LOG_4 + 0.1:
        return ["Even the best D could hardly tell the fakes from the data."]
    return []


def _unknown(config: GanConfig) -> str:
    if config.pack > 1 or config.batch_std:
        return "D judges several samples together here, so no map of the best D is known."
    return f"D’s output is no chance under the loss “{config.loss}”, so it has no best map to be held against."


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def number(value: float) -> str:
    """With three decimals and a real minus; in powers of ten where it is large."""
    if isinf(value):
        return "∞" if value > 0 else "−∞"
    if not isfinite(value):
        return OPEN
    if abs(value) >= 1e4:
        digits, _, power = f"{value:.1e}".partition("e")
        return f"{digits}·10{str(int(power)).translate(RAISED)}".replace("-", "−")
    text = f"{value:.3f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def _measured(value: float) -> str:
    return f"{value:.3f}" if isfinite(value) else OPEN


def _count(steps: int) -> str:
    return f"{steps:,}".replace(",", "\u2009")
