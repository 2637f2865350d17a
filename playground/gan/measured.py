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
    "Batch statistics": Measured(
        digest=3320105612,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=8.0, low=8.0, high=8.0),
        strict_modes=Spread(mean=8.0, low=8.0, high=8.0),
        high_quality=Spread(mean=0.8542, low=0.8272, high=0.872),
        reverse_kl=Spread(mean=0.0455, low=0.0078, high=0.0985),
        moved=Spread(mean=1.1818, low=0.8603, high=1.4128),
    ),
    "Tuned plain GAN": Measured(
        digest=3843267157,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=8.0, low=8.0, high=8.0),
        strict_modes=Spread(mean=8.0, low=8.0, high=8.0),
        high_quality=Spread(mean=0.9367, low=0.932, high=0.9432),
        reverse_kl=Spread(mean=0.0031, low=0.0011, high=0.0055),
        moved=Spread(mean=1.0607, low=0.4997, high=1.6511),
    ),
    "Unrolled 5 steps": Measured(
        digest=487560763,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=8.0, low=8.0, high=8.0),
        strict_modes=Spread(mean=4.125, low=2.0, high=6.0),
        high_quality=Spread(mean=0.0647, low=0.058, high=0.0736),
        reverse_kl=Spread(mean=0.0108, low=0.0029, high=0.0153),
        moved=Spread(mean=1.1475, low=0.8039, high=1.3911),
    ),
    "Clipped critic": Measured(
        digest=3726120034,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=8.0, low=8.0, high=8.0),
        strict_modes=Spread(mean=7.75, low=7.0, high=8.0),
        high_quality=Spread(mean=0.3741, low=0.2968, high=0.5072),
        reverse_kl=Spread(mean=0.0093, low=0.0024, high=0.0288),
        moved=Spread(mean=1.3515, low=0.8002, high=1.6384),
    ),
    "Penalty of 10": Measured(
        digest=3996968733,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=4.625, low=2.0, high=8.0),
        strict_modes=Spread(mean=2.75, low=0.0, high=5.0),
        high_quality=Spread(mean=0.0926, low=0.0076, high=0.1464),
        reverse_kl=Spread(mean=0.2782, low=0.0475, high=0.5312),
        moved=Spread(mean=1.1097, low=0.7617, high=1.4244),
    ),
    "Penalty of 0.1": Measured(
        digest=1151776493,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=8.0, low=8.0, high=8.0),
        strict_modes=Spread(mean=8.0, low=8.0, high=8.0),
        high_quality=Spread(mean=0.7757, low=0.6928, high=0.8408),
        reverse_kl=Spread(mean=0.0016, low=0.0006, high=0.0031),
        moved=Spread(mean=1.1519, low=0.6882, high=1.7124),
    ),
    "Sure D, minimax": Measured(
        digest=3370753783,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=0.0, low=0.0, high=0.0),
        strict_modes=Spread(mean=0.0, low=0.0, high=0.0),
        high_quality=Spread(mean=0.0, low=0.0, high=0.0),
        reverse_kl=Spread(mean=2.0794, low=2.0794, high=2.0794),
        moved=Spread(mean=0.0083, low=0.0044, high=0.0214),
    ),
    "Sure D, other loss": Measured(
        digest=754166381,
        seeds=(100, 101, 102, 103, 104, 105, 106, 107),
        held=8,
        modes=Spread(mean=7.25, low=2.0, high=8.0),
        strict_modes=Spread(mean=3.625, low=2.0, high=5.0),
        high_quality=Spread(mean=0.1625, low=0.1056, high=0.412),
        reverse_kl=Spread(mean=0.2222, low=0.08, high=1.0114),
        moved=Spread(mean=1.5698, low=1.1923, high=1.7868),
    ),
}
