"""Normalizing flows in the plane: public names. torch is loaded when a flow is built, not before."""

from typing import TYPE_CHECKING

from playground.flow.config import FlowConfig
from playground.flow.sampling import box_muller, gumbel_max, inverse_cdf

if TYPE_CHECKING:
    from playground.flow.training import train, trained

__all__ = ["FlowConfig", "box_muller", "gumbel_max", "inverse_cdf", "train", "trained"]


def __getattr__(name: str) -> object:
    if name in ("train", "trained"):
        from playground.flow import training

        return getattr(training, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
