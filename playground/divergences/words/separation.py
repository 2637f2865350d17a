"""What is said of two copies of one shape at a distance: true of every kind, width and theta."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, isinf, isnan, log, log10

from playground.divergences.separation import Copies, Curve, Measure, Units

SYMBOLS: dict[Measure, str] = {"KL": "KL", "JS": "JS", "TV": "TV", "Hellinger": "Hellinger", "W1": "W₁", "W2": "W₂"}
_ASKED: tuple[Measure, ...] = ("KL", "JS", "TV", "W1")
OPTIONS = tuple(SYMBOLS[name] for name in _ASKED)
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_FADED = 0.01  # nats per unit of x: a hundredth of the slope of W₁


def number(value: float) -> str:
    """With four decimals; a power of ten where these would all be 0, and words where there is no number."""
    if isnan(value):
        return "none"
    if isinf(value):
        return "∞"
    if value == 0:
        return "0"
    if abs(value) >= 5e-5:
        return f"{value:.4f}".replace("-", "−")
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa} · 10{str(int(exponent)).translate(_SUPERSCRIPTS)}".replace("-", "−")


@lru_cache(maxsize=64)
def frames(copies: Copies, theta: tuple[float, ...], *, slopes: bool, units: Units = "nats") -> tuple[str, ...]:
    """A line for each theta: what is shared, and every divergence or its slope."""
    curves = copies.curves(theta, units)
    return tuple(_frame(copies, curves, i, slopes=slopes) for i in range(len(theta)))


def _frame(copies: Copies, curves: dict[Measure, Curve], i: int, *, slopes: bool) -> str:
    said = {name: curve.slope[i] if slopes else curve.value[i] for name, curve in curves.items()}
    parts = [f"{SYMBOLS[name]} {_short(float(said[name]))}" for name in ("KL", "JS", "TV", "Hellinger")]
    parts.append(f"W₁ = W₂ {_short(float(said['W1']))}")
    what = "slopes: " if slopes else ""
    shared = _shared(1 - float(curves["TV"].value[i]), endless=copies.reach is None)
    return f"{shared} · {what}{', '.join(parts)}"


def _short(value: float) -> str:
    if isnan(value) or isinf(value):
        return number(value)
    return f"{value:.3f}".replace("-0.000", "0.000").replace("-", "−")


def _shared(share: float, *, endless: bool) -> str:
    if share >= 1:
        return "P and Q share all their mass"
    if share <= 0 and not endless:  # what endless tails share may round to 0
        return "P and Q share no mass"
    if share < 0.01:
        return "P and Q share under 1% of their mass"
    return f"P and Q share {min(99, round(100 * share))}% of their mass"


def question(theta: float) -> str:
    """What to predict."""
    return f"Q stands at θ = {theta:g}. Which pulls it home hardest?"


def hardest(copies: Copies, theta: float) -> tuple[str, ...]:
    """The right answers: whose slope is steepest there, among `OPTIONS`."""
    return tuple(SYMBOLS[name] for name in copies.strongest(theta, _ASKED))


def beside(copies: Copies, theta: float, units: Units = "nats") -> dict[Measure, tuple[str, str]]:
    """For KL, JS, TV and W₁ at theta, far out: the value, and what it is held against."""
    curves = copies.curves([theta], units)
    value = {name: float(curve.value[0]) for name, curve in curves.items()}
    slope = {name: float(curve.slope[0]) for name, curve in curves.items()}
    top, name = (log(2), "log 2") if units == "nats" else (1.0, "1 bit")
    squared = "θ²/2σ²" if units == "nats" else "θ²/(2σ² log 2)"
    gap = top - value["JS"]
    below = f"the ceiling {name}" if gap < 5e-5 else f"{number(gap)} below {name}"
    digits = ceil(log10(curves["JS"].error)) if curves["JS"].error else 0
    error = f", error under 10{str(digits).translate(_SUPERSCRIPTS)}" if digits else ""
    return {
        "KL": (
            f"{number(value['KL'])} {units}" if not isinf(value["KL"]) else "∞",
            f"{squared}; slope {number(slope['KL'])}" if copies.kind == "Gaussians" else "no overlap; no slope",
        ),
        "JS": (f"{number(value['JS'])} {units}", f"{below}; slope {number(slope['JS'])}{error}"),
        "TV": (number(value["TV"]), f"ceiling 1; slope {number(slope['TV'])}"),
        "W1": (number(value["W1"]), f"|θ| exactly; slope {number(slope['W1'])}"),
    }


def notice(copies: Copies, theta: float, units: Units = "nats") -> str:
    """Who still pulls at theta, and who uses it.

    Args:
        theta: Beyond the reach of points and uniforms.
    """
    slope = {name: abs(float(curve.slope[0])) for name, curve in copies.curves([theta], units).items()}
    ceiling = "log 2" if units == "nats" else "1 bit"
    if copies.kind == "points":
        said = (
            f"Two points share all or nothing. Away from 0, KL is ∞ and JS and TV rest at {ceiling} and 1: no slope, "
            "so none of them says which way home is. W₁ = |θ| pulls with slope 1 from everywhere."
        )
    elif copies.kind == "uniforms":
        said = (
            f"From |θ| = {copies.width:.2f} on P and Q share nothing: JS rests at {ceiling}, TV and Hellinger at 1, "
            "all without a slope. KL is ∞ wherever θ is not 0. W₁ = |θ| pulls with slope 1 from everywhere."
        )
    else:
        in_nats = abs(float(copies.curves([theta])["JS"].slope[0]))
        fate = "is all but gone" if in_nats < _FADED else "is still there"
        said = (
            f"Gaussians share a little at any distance, so each has a slope. At θ = {theta:g} that of JS {fate}: "
            f"{number(slope['JS'])} {units} per unit of x. KL's is {number(slope['KL'])} and grows without end; "
            "W₁'s is 1 at any distance."
        )
    return f"{said} {GAN}"


GAN = (
    "This is why Wasserstein GANs exist: a generator whose fakes share nothing with the data learns nothing from JS, "
    "and can learn from W₁."
)


def listed(names: Sequence[str]) -> str:
    """Such as "JS, TV and W₁"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
