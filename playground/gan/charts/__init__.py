"""Pictures of the lesson, a module for each experiment; here the one on its card."""

import numpy as np

_WIDE, _HIGH, _RADIUS, _PER_MODE = 240, 134, 50, 14  # px, and dots


def thumbnail() -> str:
    """The home page's picture: eight places where data lie on a ring, and a generator's samples at only three."""
    angle = np.arange(8) * np.pi / 4
    centre = np.stack([_WIDE / 2 + _RADIUS * np.cos(angle), _HIGH / 2 - _RADIUS * np.sin(angle)], -1)
    turn, away = np.arange(_PER_MODE) * np.pi * (3 - 5**0.5), 8 * np.sqrt((np.arange(_PER_MODE) + 0.5) / _PER_MODE)
    cloud = away[:, None] * np.stack([np.cos(turn), np.sin(turn)], -1)
    rings = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="12"/>' for x, y in centre)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.9"/>' for mode in (1, 2, 6) for x, y in centre[mode] + cloud]
    truth = 'fill="var(--pg-truth)" fill-opacity=".12" stroke="var(--pg-truth)" stroke-width="1.5"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}">'
        f'<g {truth}>{rings}</g><g fill="var(--pg-model)">{"".join(dots)}</g></svg>'
    )
