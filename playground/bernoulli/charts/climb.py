"""Two climbs side by side as a movie: the likelihood's and the posterior's, each over its own curve, step by step."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from playground.bernoulli.ascent import WALL, Climb, Snapshot, ascend, optimum
from playground.bernoulli.priors import uniform
from playground.movie import Chart, Lines, Movie, Panel, Points
from playground.theme import Role

RUNGS = (3.0, *(step * 10.0**power for power in range(8) for step in (5, 8, 12, 20, 30)))  # nats
# dense at both walls, where curves that go to -inf are steep; no value is needed at the walls themselves
GRID = np.unique(
    np.concatenate([np.linspace(0.002, 0.998, 167), np.geomspace(1e-4, 0.01, 20), 1 - np.geomspace(1e-4, 0.01, 20)])
)
UNITS = ((1e6, 1e6, "million nats"), (1e3, 1e3, "thousand nats"), (0.0, 1.0, "nats"))  # of an axis at least so long
ALT = "Two panels over θ: the log-likelihood and the log-posterior, each with its climb; beside them θ against the step"

Path = tuple[Snapshot, ...]


@lru_cache(maxsize=256)
def path(climb: Climb) -> Path:
    """The whole climb."""
    return tuple(ascend(climb))


@lru_cache(maxsize=64)
def movie(likelihood: Climb, posterior: Climb, *, axis: float, climbed: bool = True, tops: bool = True) -> Movie:
    """The two climbs, a frame for each step.

    Args:
        axis: How far below a top the vertical axis reaches, nats; see `depth`.
        climbed: Whether more than the start is shown.
        tops: Whether the tops are shown, and the curve of the posterior, which tells its own.
    """
    paths = [path(climb)[: None if climbed else 1] for climb in (likelihood, posterior)]
    unit, name = next((unit, name) for least, unit, name in UNITS if axis >= least)
    axis /= unit
    flips = _curve(likelihood, unit, "log-likelihood", "data")
    left = [flips, *(_tops(likelihood, axis) if tops else ()), *_climber(likelihood, unit, paths[0], "MLE", "data")]
    right = [_curve(_prior_alone(posterior), unit, "log-prior", "prior"), flips]
    if tops:
        right += [_curve(posterior, unit, "log-posterior", "model"), *_tops(posterior, axis)]
    right += _climber(posterior, unit, paths[1], "MAP", "model")
    extent = (0.0, 1.0, -axis, 0.08 * axis)
    panels = [
        Panel(layers, title, x="θ, probability of heads", y=_axis_name(climb, name), extent=extent, aspect=0.95)
        for layers, title, climb in (
            (left, "Likelihood → MLE", likelihood),
            (right, "Posterior → MAP", posterior),
        )
    ]
    charts = [
        _chart("likelihood", "data", paths[0], ("exact MLE", optimum(likelihood) if tops else None)),
        _chart("posterior", "model", paths[1], ("exact MAP", optimum(posterior) if tops else None)),
    ]
    return Movie(
        panels, np.arange(len(paths[0])), charts=charts, alt=ALT, text=_told(*paths), start=-1, height=330, fps=8
    )


def depth(likelihood: Climb, posterior: Climb) -> float:
    """A rung of a ladder: how far below their tops the axis reaches to show both starts, nats."""
    start = np.array([likelihood.start])
    reach = max(-float(_below(climb, start)[0]) for climb in (likelihood, posterior))
    return next((rung for rung in RUNGS if reach <= 0.9 * rung), RUNGS[-1])


def _peak(climb: Climb) -> float:
    """The log density at the top; inf where it grows without limit, its constant value where it is flat."""
    peaks = climb.belief.modes()
    return float(climb.belief.log_density(np.array(peaks[0] if peaks else 0.5)))


def _below(climb: Climb, theta: np.ndarray) -> np.ndarray:
    """The target at θ, nats below its top; where it has none, below the highest point of the grid."""
    peak, target = _peak(climb), climb.belief.log_density
    if not np.isfinite(peak):
        peak = target(GRID).max()
    return target(np.clip(theta, WALL, 1 - WALL)) - peak


def _axis_name(climb: Climb, unit: str) -> str:
    return f"{unit}, top = 0" if np.isfinite(_peak(climb)) else unit


def _prior_alone(posterior: Climb) -> Climb:
    """The climb with no flips in it; in the logit its density there."""
    return Climb(0, 0, posterior.prior or uniform(), posterior.coordinate, start=posterior.start)


def _curve(climb: Climb, unit: float, name: str, role: Role) -> Lines:
    line = np.stack([GRID, _below(climb, GRID) / unit], -1)[None]
    return Lines(line, name, color=role, width=3 if role == "model" else 2.4, opacity=1)


def _tops(climb: Climb, axis: float) -> list[Lines]:
    """Where the target is highest, on an axis of that depth; for a posterior in the logit also where it is in θ."""
    reach = np.array([-axis, 0.08 * axis])
    found: list[Lines] = []
    before = optimum(replace(climb, coordinate="theta"))
    if climb.coordinate == "logit" and climb.prior and before is not None:
        line = np.stack([np.full(2, before), reach], -1)[None]
        found.append(Lines(line, "MAP in θ", color="muted", width=1.2, dash=(2, 3), opacity=1))
    if (best := optimum(climb)) is not None:
        line = np.stack([np.full(2, best), reach], -1)[None]
        found.append(Lines(line, "top", color="truth", width=1.6, opacity=1))
    return found


def _chart(title: str, role: Role, steps: Path, exact: tuple[str, float | None]) -> Chart:
    """θ against the step."""
    name, best = exact
    truth = None if best is None else (name, best)
    curve = {"θ": [snapshot.theta for snapshot in steps]}
    return Chart(curve, title, roles={"θ": role}, limits=(0.0, 1.0), truth=truth)


def _climber(climb: Climb, unit: float, steps: Sequence[Snapshot], name: str, role: Role) -> list[Points]:
    """The place reached, with its trail, and smaller every place before it."""
    theta = np.array([snapshot.theta for snapshot in steps])
    places = np.stack([theta, _below(climb, theta) / unit], -1)  # (frames, 2)
    frames = np.arange(len(places))
    before = places[np.minimum(frames[:, None], frames)]  # (frames, places, 2): step i waits where the climber is
    return [
        Points(before, "steps", color=role, size=4, opacity=0.6),
        Points(places[:, None], name, color=role, size=7.5, opacity=1, trail=1),
    ]


def _told(likelihood: Sequence[Snapshot], posterior: Sequence[Snapshot]) -> list[str]:
    """One line for each step: where the climbs are, and whether the step there was shortened."""
    return [
        f"for the MLE θ = {left.theta:.4f}{_halved(left)}, for the MAP θ = {right.theta:.4f}{_halved(right)}"
        for left, right in zip(likelihood, posterior, strict=True)
    ]


def _halved(snapshot: Snapshot) -> str:
    return f" (step halved {snapshot.halvings}×)" if snapshot.halvings else ""
