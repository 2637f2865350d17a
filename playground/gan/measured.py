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


MEASURED: dict[str, Measured] = {
    "One blob hops": Measured(
        digest=501772664,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=0.625, low=0.0, high=1.0),
        strict_modes=Spread(mean=0.25, low=0.0, high=1.0),
        high_quality=Spread(mean=0.0703, low=0.0, high=0.3184),
        reverse_kl=Spread(mean=1.7227, low=0.9617, high=2.0794),
        moved=Spread(mean=1.6015, low=0.9268, high=2.4095),
    ),
    "Modes are dropped": Measured(
        digest=2539285082,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=1.75, low=1.0, high=4.0),
        strict_modes=Spread(mean=1.625, low=1.0, high=3.0),
        high_quality=Spread(mean=0.6651, low=0.1144, high=0.982),
        reverse_kl=Spread(mean=1.6064, low=0.6662, high=2.0794),
        moved=Spread(mean=1.5399, low=1.0207, high=2.0635),
    ),
    "Plain GAN": Measured(
        digest=136111361,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=5.75, low=3.0, high=8.0),
        strict_modes=Spread(mean=4.375, low=3.0, high=6.0),
        high_quality=Spread(mean=0.8705, low=0.8244, high=0.9316),
        reverse_kl=Spread(mean=0.7363, low=0.1826, high=1.2778),
        moved=Spread(mean=1.398, low=0.9531, high=1.8957),
    ),
    "Packing, 4 at once": Measured(
        digest=3533718296,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=8.0, low=8.0, high=8.0),
        strict_modes=Spread(mean=8.0, low=8.0, high=8.0),
        high_quality=Spread(mean=0.5857, low=0.4812, high=0.6868),
        reverse_kl=Spread(mean=0.0031, low=0.0007, high=0.0069),
        moved=Spread(mean=1.2062, low=0.8769, high=1.4725),
    ),
}
