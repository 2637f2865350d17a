"""How beliefs, flips and numbers are written in the sentences of Posterior."""

import math
from collections.abc import Sequence
from typing import Final

from playground.bernoulli.coin import Interval
from playground.bernoulli.flips import Flips
from playground.bernoulli.mixtures import Mixture, SpikeAndBeta, TwoCoins
from playground.bernoulli.priors import Beta, Point, Prior
from playground.bernoulli.truncated_normal import TruncatedNormal

LEAST: Final = 5e-4  # half of the last digit shown
_UP: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def plain(value: float) -> str:
    """A number as one writes it: "2.2", "1 000 007"."""
    return f"{value:,.0f}".replace(",", "\u2009") if abs(value) >= 1000 else f"{value:.6g}".replace("-", "−")


def likelihood(flips: Flips) -> str:
    """θ^h (1-θ)^t with the counts put in."""
    return _power("θ", flips.heads) + _power("(1−θ)", flips.tails) or "1"


def name(belief: Prior) -> str:
    """A belief in the field's notation."""
    match belief:
        case Beta(a, b):
            return f"Beta({plain(a)}, {plain(b)})"
        case TruncatedNormal(mu, sigma, heads, tails):
            normal = f"Normal({plain(mu)}, {plain(sigma)}²)"
            return normal + (f" · {likelihood(Flips(heads, tails))}" if heads + tails else " on [0, 1]")
        case Point(at):
            return f"[θ = {plain(at)}]"
        case TwoCoins() | SpikeAndBeta() | Mixture():
            parts = list(belief.parts)
            if len(parts) == 1:
                return name(parts[0][1])
            return " + ".join(f"{_share(weight)} {name(part)}" for weight, part in parts)
    raise TypeError(f"a belief without a name: {belief!r}")


def scientific(log: float) -> str:
    """exp(log), such as "0.48" or "1.0 · 10⁻³⁰¹"; also where no float holds it."""
    if log == -math.inf:
        return "0"
    if math.log(0.01) <= log < math.log(999.5):
        return f"{math.exp(log):.3f}" if log < math.log(9.9995) else f"{math.exp(log):.3g}"
    exponent = math.floor(log / math.log(10))
    mantissa = f"{math.exp(log - exponent * math.log(10)):.1f}"
    if mantissa == "10.0":
        mantissa, exponent = "1.0", exponent + 1
    return f"{mantissa} · 10{str(exponent).translate(_UP)}"


def spans(pieces: Sequence[Interval]) -> str:
    """Intervals in words, such as "0.412 to 0.881 and 0.900"."""
    return " and ".join(f"{low:.3f}" if low == high else f"{low:.3f} to {high:.3f}" for low, high in pieces)


def both(flips: Flips) -> str:
    """How many heads and tails, such as "7 heads and 1 tail"."""
    heads = "1 head" if flips.heads == 1 else f"{plain(flips.heads)} heads"
    return f"{heads} and {'1 tail' if flips.tails == 1 else f'{plain(flips.tails)} tails'}"


def counted(m: int) -> str:
    """Such as "1 flip" or "10 flips"."""
    return "1 flip" if m == 1 else f"{plain(m)} flips"


def portion(share: float) -> str:
    """A percentage; 0% and 100% are exactly that."""
    return "less than 1%" if 0 < share < 0.005 else "more than 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def chance(weight: float) -> str:
    """A probability that flips have moved: they leave neither 0 nor 1."""
    return "less than 0.001" if weight < LEAST else "more than 0.999" if weight > 1 - LEAST else f"{weight:.3f}"


def signed(value: float) -> str:
    """A difference, such as "+0.057"."""
    return f"{value:+.3f}".replace("-", "−") if abs(value) >= LEAST else "0.000"


def number(value: float) -> str:
    """Three decimals and a real minus, such as "−6.978"."""
    return f"{value:.3f}".replace("-", "−") if abs(value) >= LEAST else "0.000"


def _power(base: str, exponent: int) -> str:
    return "" if not exponent else base if exponent == 1 else base + str(exponent).translate(_UP)


def _share(weight: float) -> str:
    return f"{weight:.2f}" if weight >= 0.005 else "<0.01"
