"""Rotation as a movie over the steps: the game itself, five ways to play it as paths, their eigenvalues, distances."""

from functools import lru_cache
from typing import Final

import numpy as np

from playground.gan.dirac import PLAYS, Dirac, Play, field, step, walk
from playground.gan.words import rotation as words
from playground.movie import Arrows, Chart, Lines, Movie, Panel, Points
from playground.theme import Role

ROLES: Final[dict[str, Role]] = {
    "simultaneous": "model", "alternating": "rival", "extragradient": "prior", "gradient penalty": "intervention",
    "consensus": "data",
}  # fmt: skip
REACHES: Final = (0.25, 0.75, 2.5, 5.0)  # of the game and of the paths, from 0; at least twice as far as the start
DISTANCES: Final = (1e-6, 1e2)  # what the chart of distances shows
_ARROWS: Final = 9  # along each axis
_LONGEST: Final = 0.24  # arrow, as a share of the reach; their grid's step is two ninths
_SECONDS: Final = 10.0  # that a path plays
_WINDOWS: Final = (0.15, 0.3, 0.6, 1.2, 2.0, 3.0, 6.0, 12.0, 30.0)  # reach of the eigenvalues' picture, from 1
_CIRCLE: Final = np.stack([np.cos(np.linspace(0, 2 * np.pi, 721)), np.sin(np.linspace(0, 2 * np.pi, 721))], -1)


@lru_cache(maxsize=64)
def movie(config: Dirac, settled: Dirac, close: Play, *, reveal: bool) -> Movie:
    """The game of `close`, every play's path, the eigenvalues, and the distances from 0.

    Args:
        settled: Where the knobs rest; the picture of the eigenvalues gives way during a drag only to what would leave.
        reveal: Whether anybody moves, or only the game and the field before the first step are shown.
    """
    far = reach(config, settled)
    if not reveal:
        return Movie(
            [_game(config, close, far, frames=1), _plane(config, far)], [0],
            alt="The game of two numbers: D's line over the place of the fake, and the plane of both with its arrows",
        )  # fmt: skip
    panels = [_game(config, close, far, frames=config.steps + 1)]
    panels += [_path(config, play, far) for play in PLAYS]
    panels.append(_eigenvalues(config, settled))
    return Movie(
        panels, np.arange(config.steps + 1), columns=4, charts=[_distances(config)],
        fps=max(6.0, config.steps / _SECONDS), start=-1, text=words.frames(config, close),
        alt="Five ways to take gradient steps in the game of two numbers: the path of each around 0",
    )  # fmt: skip


def reach(*configs: Dirac) -> float:
    """How far the pictures of the game and of the paths reach from 0, for all of these."""
    start = max(abs(place) for config in configs for place in (config.theta, config.psi)) or 1.0
    return next(far for far in REACHES if 2 * start <= far or far == REACHES[-1])


def _game(config: Dirac, close: Play, far: float, *, frames: int) -> Panel:
    """D's line, the data under it at 0, and the fake that slides on it."""
    theta, psi = _followed(close, config)[:frames].T
    ends = np.array([-far, far])
    line = np.stack([np.broadcast_to(ends, (frames, 2)), psi[:, None] * ends], -1)[:, None]
    fake = np.stack([theta, theta * psi], -1)[:, None]
    role: Role = ROLES[close]
    layers = [
        Lines(line, "D(x) = ψx", color=role, width=2.4, dash=(), opacity=0.9),
        Points(np.zeros((1, 2)), "data", color="data", shape="circle", size=7, opacity=1),
        Points(fake, "fake", color=role, shape="diamond", size=8, opacity=1),
    ]
    return Panel(
        layers, f"The game: {close}", x="x", y="D(x), high: fake", extent=(-far, far, -far, far),
        captions=words.places(close, config) if frames > 1 else None,
    )  # fmt: skip


def _plane(config: Dirac, far: float) -> Panel:
    """Where G and D would go from everywhere, and where they start."""
    layers = [
        _arrows(far, field(_grid(far), payoff=config.payoff), "which way both would go"),
        Points(np.zeros((1, 2)), "equilibrium", color="truth", size=6, opacity=1),
        Points(np.array([[config.theta, config.psi]]), "start", color="model", size=6, opacity=1),
    ]
    return Panel(
        layers, "Both numbers as one point", x="θ, the fake's place", y="ψ, D's slope", extent=(-far, far, -far, far)
    )


def _path(config: Dirac, play: Play, far: float) -> Panel:
    at, role = _followed(play, config), ROLES[play]
    places = _grid(far)
    moved = step(play, places, rate=config.rate, gamma=config.gamma, payoff=config.payoff) - places
    layers = [
        _arrows(far, moved, "which way a step goes"),
        Lines(at[None], "the whole path", color=role, width=1.4, dash=(), opacity=0.5),
        Points(np.zeros((1, 2)), "equilibrium", color="truth", size=5, opacity=1),
        Points(at[:, None], play, color=role, size=6, opacity=1, trail=1),
    ]
    return Panel(
        layers, words.TITLES[play], x="θ", y="ψ", extent=(-far, far, -far, far), captions=words.captions(play, config)
    )


def _followed(play: Play, config: Dirac) -> np.ndarray:
    """The path, at rest where it is followed no more, which is far outside of every picture."""
    found = walk(play, config)
    return found.at[np.minimum(np.arange(config.steps + 1), found.steps)]


def _arrows(far: float, moved: np.ndarray, name: str) -> Arrows:
    """Arrows as long as the root of the way moved, so that short ones can be seen beside long ones."""
    length = np.hypot(*moved.T)[:, None]
    shown = moved / np.sqrt(np.maximum(length, np.finfo(float).tiny))
    longest = float(np.sqrt(length.max()))
    return Arrows(_grid(far), shown, name, scale=_LONGEST * far / longest, color="muted", width=1.0, opacity=0.7)


def _grid(far: float) -> np.ndarray:
    """Places all over the plane, shape (_ARROWS², 2)."""
    line = np.linspace(-1, 1, _ARROWS) * far * (1 - 1 / _ARROWS)
    return np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)


def _eigenvalues(config: Dirac, settled: Dirac) -> Panel:
    """Every play's pair in the complex plane, around 1, with the circle that divides in from out."""
    window = max(_window(config), _window(settled))
    layers: list[Lines | Points] = [Lines(_CIRCLE[None], "|λ| = 1", color="truth", width=1.6, opacity=1, fill=0.07)]
    for play in PLAYS:
        pair = np.array([[value.real, value.imag] for value in walk(play, config).eigenvalues])
        layers.append(Points(pair, play, color=ROLES[play], size=6.5, opacity=1))
    return Panel(
        layers, "Eigenvalues of a step", x="Re λ", y="Im λ", extent=(1 - window, 1 + window, -window, window),
        captions=[words.CIRCLE] * (config.steps + 1),
    )  # fmt: skip


def _window(config: Dirac) -> float:
    farthest = max(abs(value - 1) for play in PLAYS for value in walk(play, config).eigenvalues)
    return next((window for window in _WINDOWS if 1.1 * farthest <= window), _WINDOWS[-1])


def _distances(config: Dirac) -> Chart:
    """How far every play is from 0; what the axis does not hold is left out."""
    low, high = DISTANCES
    distances = {play: walk(play, config).distance for play in PLAYS}
    return Chart(
        {play: np.where((d >= low) & (d <= high), d, np.nan) for play, d in distances.items()},
        "Distance from 0", roles=ROLES, limits=DISTANCES, log=True,
    )  # fmt: skip
