"""Published rows for the ring of 8 and the grid of 25, each with its protocol, and ours as recorded; never mixed.

Source: Lin et al., PacGAN, 2018, arXiv:1712.04086, §4.1 and Table 1, and the code published with it; Srivastava et
al., VEEGAN, 2017, arXiv:1705.07761, §4.1 and Table 1. Ours: `python -m benchmarks.pacgan`.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from playground.gan.seeds import SeedsConfig, spread

if TYPE_CHECKING:
    from playground.gan.training import SeedsSnapshot

Shape = Literal["ring", "grid"]
MODES: Final[dict[Shape, int]] = {"ring": 8, "grid": 25}


class Estimate(NamedTuple):
    """A mean, and its standard error where that is given."""

    mean: float
    error: float | None = None


@dataclass(frozen=True)
class Row:
    """One method on one target. What a source does not give is None.

    Attributes:
        high_quality: In percent.
        reverse_kl: In nats, by the source's own rule.
    """

    method: str
    modes: Estimate
    high_quality: Estimate
    strict_modes: Estimate | None = None
    reverse_kl: Estimate | None = None


@dataclass(frozen=True)
class Table:
    """Rows that were measured alike."""

    source: str
    protocol: str
    rows: tuple[Row, ...]


PACGAN: Final = (
    "Ring of radius 1, σ 0.01; grid of step 2, σ 0.05. 2 500 samples, 10 runs. By the published code: ReLU layers of "
    "400 in G with batch normalisation (four for the grid), maxout layers of 200 in D (three), batch 100, Adam at "
    "0.0001 with β₁ 0.8, 400 epochs of 100 000 samples, and samples beyond 3σ left out of the shares of the modes."
)
VEEGAN: Final = (
    "A ring of 8 and a grid of 25; its text names neither radius nor σ. 2 500 samples, 5 runs; the unrolled GAN looks "
    "5 steps ahead. A mode counts with one sample within 3σ. No reverse KL is given."
)
PUBLISHED: Final[dict[Shape, tuple[Table, ...]]] = {
    "ring": (
        Table(
            "PacGAN, Table 1", PACGAN,
            (
                Row("GAN", Estimate(6.3, 0.5), Estimate(98.2), reverse_kl=Estimate(0.45)),
                Row("PacGAN, m = 4", Estimate(7.8, 0.1), Estimate(95.9), reverse_kl=Estimate(0.07)),
            ),
        ),
        Table(
            "VEEGAN, Table 1", VEEGAN,
            (
                Row("GAN", Estimate(1), Estimate(99.3)),
                Row("Unrolled GAN", Estimate(7.6), Estimate(35.6)),
                Row("VEEGAN", Estimate(8), Estimate(52.9)),
            ),
        ),
    ),
    "grid": (
        Table(
            "PacGAN, Table 1", PACGAN,
            (
                Row("GAN", Estimate(17.3, 0.8), Estimate(94.8), reverse_kl=Estimate(0.70)),
                Row("PacGAN, m = 4", Estimate(24.8, 0.2), Estimate(93.6), reverse_kl=Estimate(0.04)),
            ),
        ),
        Table(
            "VEEGAN, Table 1", VEEGAN,
            (
                Row("GAN", Estimate(3.3), Estimate(0.5)),
                Row("Unrolled GAN", Estimate(23.6), Estimate(16)),
                Row("VEEGAN", Estimate(24.6), Estimate(40)),
            ),
        ),
    ),
}  # fmt: skip
TARGETS: Final[dict[Shape, str]] = {"ring": "pacgan-ring", "grid": "pacgan-grid"}
RELATIVE: Final[dict[Shape, tuple[str, int, float]]] = {"ring": ("radius", 8, 0.01), "grid": ("step", 5, 0.025)}
PACKS: Final = 128  # a batch
_RING: Final = SeedsConfig(
    target='{"name": "pacgan-ring"}', seed=100, steps=10_000, every=250, activation="ReLU", depth=3, d_rate=1e-3,
    g_rate=5e-4, beta1=0.8, batch=PACKS, ema=0.995, decay=True,
)  # fmt: skip
# the same settings; all lengths of the grid divided by 4, so that the data are about as large as the ring
_GRID: Final = replace(_RING, target='{"name": "grid", "k": 5, "step": 0.5, "sigma": 0.0125}')
OURS: Final[dict[Shape, tuple[SeedsConfig, ...]]] = {
    "ring": (_RING, replace(_RING, pack=4, batch=4 * PACKS)),
    "grid": (_GRID, replace(_GRID, pack=4, batch=4 * PACKS)),
}
_PROTOCOL: Final = (
    "2 500 samples, seeds 100 to 107, fixed before they were played. G and D of three ReLU layers of 64; 128 packs a "
    "batch, Adam at 0.0005 (G) and 0.001 (D) with β₁ 0.8, 10 000 steps, rates falling in the second half, G averaged. "
    "In the reverse KL every sample counts. Settings chosen on the ring with seeds 0 to 7. "
    "Recorded on 20 November 2026 by python -m benchmarks.pacgan."
)
RECORDED: Final[dict[Shape, Table]] = {
    "ring": Table(
        "Ours, recorded", _PROTOCOL,
        (
            Row(
                "GAN", Estimate(7.625, 0.18298), Estimate(92.49, 0.95949), Estimate(7.25, 0.31339),
                Estimate(0.14205, 0.041248),
            ),
            Row(
                "PacGAN, m = 4", Estimate(8, 0), Estimate(81.48, 2.0436), Estimate(7.875, 0.125),
                Estimate(0.015665, 0.010374),
            ),
        ),
    ),
    "grid": Table(
        "Ours, recorded", f"{_PROTOCOL} The grid has all its lengths divided by 4.",
        (
            Row(
                "GAN", Estimate(17.625, 0.80039), Estimate(74.32, 2.3098), Estimate(11.125, 0.63913),
                Estimate(0.60465, 0.055581),
            ),
            Row(
                "PacGAN, m = 4", Estimate(22, 0.68139), Estimate(8.145, 0.90626), Estimate(2, 0.46291),
                Estimate(0.067892, 0.0056332),
            ),
        ),
    ),
}  # fmt: skip


def row(method: str, end: "SeedsSnapshot") -> Row:
    """What many seeds say together, by this project's protocol."""

    def estimate(values: np.ndarray) -> Estimate:
        return Estimate(*spread(values)[:2])

    return Row(
        method, estimate(end.modes), estimate(100 * end.high_quality), estimate(end.strict_modes),
        estimate(end.reverse_kl),
    )  # fmt: skip


def method(config: SeedsConfig) -> str:
    """The name of its row: a published one only for what that method is."""
    remedies = ("penalty", "unroll", "batch_std", "spectral_norm", "noise")
    if config.loss not in ("non-saturating", "minimax") or any(
        getattr(config, name) != getattr(SeedsConfig, name) for name in remedies
    ):
        return "Your game"
    return "GAN" if config.pack == 1 else f"PacGAN, m = {config.pack}"
