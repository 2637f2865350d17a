"""What the games of `cases.py` covered over fresh seeds; written by `python -m benchmarks.gan_cases`."""

from typing import NamedTuple


class Spread(NamedTuple):
    """Of one figure over the seeds."""

    mean: float
    low: float
    high: float


class Measured(NamedTuple):
    """The ends of a game from several seeds.

    Attributes:
        digest: Of the config that was played, see `cases.digest`.
        held: On how many seeds the claim held.
        modes, strict_modes, high_quality, reverse_kl: As in `playground.coverage`.
        moved: Mean distance of the fakes from where they began, in data units.
    """

    digest: int
    seeds: tuple[int, ...]
    held: int
    modes: Spread
    strict_modes: Spread
    high_quality: Spread
    reverse_kl: Spread
    moved: Spread


MEASURED: dict[str, Measured] = {}
