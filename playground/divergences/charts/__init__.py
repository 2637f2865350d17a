"""Pictures of the lesson, a module for each experiment; here the one on its card."""

import numpy as np

from playground.theme import DASHES, Role

_WIDE, _HIGH, _FLOOR = 240, 134, 116  # px


def thumbnail() -> str:
    """The home page's picture: two bumps, the one Gaussian that covers both, and the one that seeks the right one.

    The first has the mean and the variance of the two bumps, which makes KL(P‖Q) smallest; for bumps so far apart
    the second, one of the bumps itself, makes KL(Q‖P) smallest.
    """
    from playground.divergences.gaussians import Gaussian, TwoGaussians

    two = TwoGaussians(0.5, -2.0, 0.6, 2.0, 0.6)
    spread = two.variance**0.5
    curves: dict[Role, TwoGaussians | Gaussian] = {
        "truth": two, "rival": Gaussian(two.mean, spread), "model": Gaussian(2.0, 0.6),
    }  # fmt: skip
    x = np.linspace(-5.2, 5.2, 160)
    across = _WIDE / 2 + 21 * x
    drawn = []
    for role, shape in curves.items():
        up = _FLOOR - 148 * shape.pdf(x)
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, up, strict=True))
        if role == "model":
            drawn.append(f'<polygon points="{points}" fill="var(--pg-{role})" opacity=".15"/>')
        dashes = " ".join(map(str, DASHES[role]))
        drawn.append(
            f'<polyline points="{points}" fill="none" stroke="var(--pg-{role})" stroke-width="2.4" '
            f'stroke-dasharray="{dashes}"/>'
        )
    floor = f'<line x1="10" x2="{_WIDE - 10}" y1="{_FLOOR}" y2="{_FLOOR}" stroke="var(--pg-border)"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}">{floor}{"".join(drawn)}</svg>'
