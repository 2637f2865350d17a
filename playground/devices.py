"""Where tensors live: one place decides, the page shows it. The device is not part of a run's identity."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def device() -> "torch.device":
    """CUDA if there is one, else the CPU."""
    import torch

    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def badge() -> str | None:
    """The device in words, or None while torch is still being loaded: the page must not wait for it."""
    torch = sys.modules.get("torch")
    # a module is listed before its import has ended
    if torch is None or getattr(getattr(torch, "__spec__", None), "_initializing", False):
        return None
    if device().type == "cuda":
        return f"{torch.cuda.get_device_name()} (GPU)"
    return f"CPU, {os.cpu_count()} cores"
