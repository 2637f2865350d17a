"""Entropies that have no closed form, as `python -m playground.targets.entropy` prints them."""

from typing import NamedTuple


class Recorded(NamedTuple):
    """An entropy, found twice.

    Attributes:
        nats: -∫ p log p by the trapezoid rule over the plane.
        error: What halving the rule's step changes, or the mass that it misses, and at least 1e-6; nats.
        sampled: -mean log p over independent samples, as a check on sampler and density together, nats.
        standard_error: Of `sampled`, nats.
    """

    nats: float
    error: float
    sampled: float
    standard_error: float


ENTROPY: dict[str, Recorded] = {
    "2spirals": Recorded(2.64545, 1e-06, 2.64532, 0.00036),
    "pinwheel": Recorded(2.317788, 1e-06, 2.318, 0.00049),
    "moons": Recorded(2.393879, 1e-06, 2.39428, 0.00037),
    "circles": Recorded(3.268136, 1e-06, 3.2684, 0.00039),
    "rings": Recorded(2.623183, 1e-06, 2.62365, 0.00044),
    "swissroll": Recorded(2.669646, 1e-06, 2.67002, 0.00039),
}
