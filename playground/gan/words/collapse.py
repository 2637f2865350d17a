"""What one game did and how it ended, in sentences from its own figures."""

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Final

from playground.coverage import perfect
from playground.gan.config import GanConfig
from playground.gan.reading import LOG_4, plays_v, tells_chance
from playground.gan.story import STILL, Story

if TYPE_CHECKING:
    from playground.gan.training import GanSnapshot
    from playground.targets import Target

OPEN: Final = "…"
NEAR, FAR = "Under 2×", "Over 5×"
BETWEEN: Final = "2× to 5×"
HOLD: Final = "A mode is held by 20 of 2 500 samples within 3σ of it."
WAIT: Final = "This is the game before its first step. Commit to an answer, and it is played."
HAND: Final = (
    "You play for both: a step of D sharpens the map, a step of G moves the fakes along their arrows. "
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
    """What D lowers, without its penalty."""
    return D_LOSSES.get(config.loss, "−E log D(x) − E log(1 − D(G(z)))")


def g_pays(config: GanConfig) -> str:
    """What G lowers."""
    return G_LOSSES[config.loss]


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


def notice(story: Story) -> str:
    """What the game did, at most three sentences; first that it stopped, if it did."""
    said = [_stopped(story)] if story.problem else []
    if len(story.frames) == 1:
        return " ".join([*said, "These are the figures before the first step."])
    said += _covered(story) if story.k else [_distance(story)]
    return " ".join([*said, *_players(story)][:3])


def playing(story: Story) -> str:
    """While it is played."""
    return (
        f"Step {_count(story.end.step)} of {_count(story.config.steps)}. {HOLD}"
        if story.k
        else (f"Step {_count(story.end.step)} of {_count(story.config.steps)}.")
    )


def by_hand(story: Story) -> str:
    """Under a game that is played by hand."""
    if not story.config.moves:
        return HAND
    made = story.end.step
    return f"{_count(made)} update{'s' * (made != 1)} made. {notice(story)}"


def _stopped(story: Story) -> str:
    return f"The run stopped; its last figures are those after step {_count(story.end.step)}."


def _covered(story: Story) -> list[str]:
    """What is held, and what that is worth; what the crowd did, or what was lost on the way."""
    end, k = story.end, story.k
    held, good = round(end.strict_modes), end.high_quality
    which = "All" if held == k else "None" if not held else str(held)
    said = [
        f"{which} of the {k} modes {'is' if held == 1 else 'are'} held, and {percent(good)} of the samples are good."
    ]
    if good < 0.5 and end.modes > held:
        said.append(
            f"The published rule counts {end.modes:.0f}: one good sample is enough for it, so a smear meets it too."
        )
    most, when = story.most_held
    if story.moved < STILL * story.width:
        said.append(f"The fakes hardly moved: {number(story.moved)} on average since the first step.")
    elif story.crowd > 0.8 and story.visited > 1:
        said.append(
            f"Most fakes were at one mode at a time, and in turn at {story.visited} different ones: D learns to reject "
            "a place, and G moves on."
        )
    elif most > held:
        said.append(f"It had held {most} at step {_count(when)}.")
    return said


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
    if missed > 0.1:
        return [f"D has not learned all there is to see: its V is {number(missed)} nats below that of the best D."]
    if best < -LOG_4 + 0.1:
        return ["Even the best D could hardly tell the fakes from the data."]
    return []


def _unknown(config: GanConfig) -> str:
    if config.pack > 1 or config.batch_std:
        return "D judges several samples together here, so no map of the best D is known."
    return f"D’s output is no chance under the loss “{config.loss}”, so it has no best map to be held against."


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def number(value: float) -> str:
    """With three decimals and a real minus; in powers of ten where it is large."""
    if not isfinite(value):
        return OPEN
    text = f"{value:.3f}" if abs(value) < 1e4 else f"{value:.1e}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def _measured(value: float) -> str:
    return f"{value:.3f}" if isfinite(value) else OPEN


def _count(steps: int) -> str:
    return f"{steps:,}".replace(",", "\u2009")
