"""Pictures of the lesson, a module for each experiment; here the one on its card."""

import numpy as np

_WIDE, _HIGH = 240, 134  # px


def thumbnail() -> str:
    """The home page's picture: a square grid, and the same grid after a coupling layer bent it along one axis."""
    at = np.linspace(-1, 1, 9)
    lines = []
    for middle, bend in ((62.0, 0.0), (178.0, 1.0)):
        for fixed in at:
            for x, y in ((at, np.full(9, fixed)), (np.full(9, fixed), at)):
                moved = (y + 0.55 * np.sin(2.6 * x)) / 1.35 if bend else y
                points = zip(middle + 44 * x, _HIGH / 2 - 44 * moved, strict=True)
                lines.append(f'<polyline points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in points)}"/>')
    half = len(lines) // 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" fill="none" stroke-width="1.2">'
        f'<g stroke="var(--pg-prior)">{"".join(lines[:half])}</g>'
        f'<g stroke="var(--pg-model)">{"".join(lines[half:])}</g></svg>'
    )
