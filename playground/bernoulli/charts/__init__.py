"""Pictures of the lesson, a module for each experiment; here the one on its card."""

import numpy as np

from playground.theme import DASHES, Role

_WIDE, _HIGH, _FLOOR, _MARGIN = 240, 134, 116, 18  # px


def thumbnail() -> str:
    """The home page's picture: Beta(4, 6) before nine heads and two tails, what they say, and the posterior."""
    from playground.bernoulli.priors import Beta

    theta = np.linspace(0.002, 0.998, 120)
    curves: dict[Role, Beta] = {"prior": Beta(4, 6), "data": Beta(10, 3), "model": Beta(13, 8)}
    across = _MARGIN + (_WIDE - 2 * _MARGIN) * theta
    drawn = []
    for role, belief in curves.items():
        up = _FLOOR - 25 * belief.density(theta)
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, up, strict=True))
        if role == "model":
            drawn.append(f'<polygon points="{points}" fill="var(--pg-{role})" opacity=".15"/>')
        dashes = " ".join(map(str, DASHES[role]))
        drawn.append(
            f'<polyline points="{points}" fill="none" stroke="var(--pg-{role})" stroke-width="2.4" '
            f'stroke-dasharray="{dashes}" stroke-linecap="round"/>'
        )
    floor = f'<line x1="{_MARGIN}" x2="{_WIDE - _MARGIN}" y1="{_FLOOR}" y2="{_FLOOR}" stroke="var(--pg-border)"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}">{floor}{"".join(drawn)}</svg>'
