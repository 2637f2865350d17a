"""What can be turned in a flow: its layers, its base, and how it learns."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

from playground.runs.config import Config, Range
from playground.targets import read

Architecture = Literal["spline", "RealNVP", "MAF", "IAF", "planar", "radial", "continuous", "flow matching"]
ARCHITECTURES: Final[tuple[Architecture, ...]] = get_args(Architecture)
BaseName = Literal["normal", "square", "mixture", "resampled"]


@dataclass(frozen=True)
class FlowConfig(Config):
    """A flow over a two-dimensional target, and how it is trained.

    Attributes:
        target: The JSON of what `playground.targets.target` takes, as `Target.describe` gives it.
        layers: Of couplings, autoregressive, planar or radial layers; hidden layers of a continuous flow's velocity.
        bins: Of a spline.
        waves: Frequencies at which a coupling's network sees the coordinate that stays.
        mixing: Whether a learned 2×2 matrix stands between layers, beside the coordinates taking turns.
        components: Of the mixture base.
        pairs: Whether flow matching pairs base and data by optimal transport, batch by batch.
        solver_steps: Of Runge-Kutta 4, where the velocity is trained by maximum likelihood.
    """

    target: str = '{"name": "moons"}'
    architecture: Architecture = "spline"
    layers: Annotated[int, Range(1, 32)] = 8
    hidden: Annotated[int, Range(4, 128, unit="units")] = 64
    bins: Annotated[int, Range(2, 24)] = 12
    waves: Annotated[int, Range(0, 8)] = 8
    mixing: Literal[False, True] = False
    base: BaseName = "normal"
    components: Annotated[int, Range(1, 16)] = 8
    pairs: Literal[False, True] = False
    solver_steps: Annotated[int, Range(2, 40)] = 8
    rate: Annotated[float, Range(1e-5, 0.1, log=True)] = 2e-3
    batch: Annotated[int, Range(16, 2_048, unit="samples")] = 512

    def __post_init__(self) -> None:
        super().__post_init__()
        read(self.target)
        if self.architecture == "flow matching" and self.base != "normal":
            raise ValueError(f"flow matching starts from the normal base here, got {self.base!r}")
