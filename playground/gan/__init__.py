"""GANs on two-dimensional targets: public names. torch is loaded when a game is played, not before."""

from typing import TYPE_CHECKING

from playground.gan.config import GanConfig

if TYPE_CHECKING:
    from playground.gan.training import train, untrained

__all__ = ["GanConfig", "train", "untrained"]


def __getattr__(name: str) -> object:
    if name in ("train", "untrained"):
        from playground.gan import training

        return getattr(training, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
