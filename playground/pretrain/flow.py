"""The shipped flows: every target and architecture of the lesson's menu. No data are needed, they are drawn.

python -m playground.pretrain flow
"""

import platform
import time
from pathlib import Path

import torch

from playground import pretrained
from playground.flow.flow import Flow
from playground.flow.shipped import MENU, TARGETS, name_of, shipped_config
from playground.flow.training import judged, trained
from playground.targets import Target, read

JUDGED = 100_000  # fresh samples
ROUND_TRIP = 10_000


def remake(data: Path) -> None:
    """Train every flow of the menu; what is there already with the same config is left as it is."""
    del data  # the targets are drawn
    torch.set_num_threads(1)
    for architecture in MENU:
        for target in TARGETS:
            remake_one(target, architecture)


def remake_one(target: str, architecture: str) -> None:
    """Train one flow and write its folder."""
    config = shipped_config(target, architecture)  # type: ignore[arg-type]
    name = name_of(target, architecture)  # type: ignore[arg-type]
    if name in pretrained.names() and pretrained.read_card(name)["config"] == config.as_json():
        return
    begun = time.perf_counter()
    flow = trained(config, device=torch.device("cpu"))
    seconds = time.perf_counter() - begun
    metrics = measured(flow, read(config.target))
    card = {
        "config": config.as_json(),
        "command": "python -m playground.pretrain flow",
        "data": "drawn from playground.targets; no data set, no licence",
        "metrics": metrics,
        "seconds": round(seconds),
        "device": f"CPU, one thread ({platform.machine()})",
        "torch": torch.__version__,
    }
    pretrained.save(name, flow.state_dict(), card)
    print(name, f"{seconds:.0f} s", metrics, flush=True)


def measured(flow: Flow, t: Target) -> dict[str, float]:
    """What the card says: the paired gap on fresh samples, and how exactly the flow comes back."""
    x = t.sample(JUDGED, generator=torch.Generator().manual_seed(424_242))
    nll, gap, error = judged(flow, t, x)
    with torch.no_grad():
        way = flow.normalising(x[:ROUND_TRIP])
        back = flow.layers(way.points[-1]).points[-1]
    return {
        "nll_nats": round(nll, 5),
        "gap_nats": round(gap, 5),
        "gap_standard_error_nats": round(error, 5),
        "entropy_of_the_target_nats": round(t.entropy_nats, 5),
        "largest_round_trip_error": float(f"{(back - x[:ROUND_TRIP]).abs().max():.3g}"),
    }
