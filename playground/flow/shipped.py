"""The flows that are shipped, one for each target and architecture of the menu."""

import json
from functools import cache

import torch

from playground import pretrained as weights
from playground.flow.config import Architecture, FlowConfig
from playground.flow.flow import Flow, build
from playground.runs.config import config_from

TARGETS = ("moons", "8gaussians", "pinwheel", "2spirals", "checkerboard", "swissroll", "rings", "two-blobs")
MENU: dict[Architecture, dict[str, object]] = {
    "spline": {"steps": 6_000},
    "RealNVP": {"steps": 12_000, "mixing": True, "waves": 0},
    "MAF": {"steps": 12_000, "mixing": True, "waves": 0},
    "planar": {"steps": 12_000, "layers": 32},
    "flow matching": {"steps": 12_000, "layers": 3, "hidden": 128, "solver_steps": 20},
}


def shipped_config(target: str, architecture: Architecture) -> FlowConfig:
    """What the shipped flow of this target and architecture was trained with."""
    return config_from(
        FlowConfig, {"target": json.dumps({"name": target}), "architecture": architecture, **MENU[architecture]}
    )


def name_of(target: str, architecture: Architecture) -> str:
    """Of the folder in pretrained/."""
    return f"flow/{target}-{architecture.replace(' ', '-').lower()}"


def available() -> list[tuple[str, Architecture]]:
    """Target and architecture of every shipped flow."""
    there = set(weights.names())
    return [(target, kind) for target in TARGETS for kind in MENU if name_of(target, kind) in there]


@cache
def pretrained(target: str, architecture: Architecture) -> Flow:
    """The shipped flow, on the CPU; not to be trained further, since every caller gets the same one.

    Raises:
        NoWeights: None is shipped for this pair.
    """
    card, tensors = weights.load(name_of(target, architecture))
    config = config_from(FlowConfig, card["config"])
    flow = build(config, torch.zeros(2, 2), generator=torch.Generator())
    flow.load_state_dict(tensors)
    return flow.requires_grad_(False).eval()
