"""The command `python -m playground.targets.entropy`: finds the entropies of `recorded.py` again, in two ways.

Takes some minutes. Quadrature and sampling share nothing but log p, and sampling alone knows the sampler.
"""

from __future__ import annotations

from math import sqrt

import torch

from playground.targets import target
from playground.targets.base import Target
from playground.targets.recorded import ENTROPY, Recorded

STEP = 0.02  # data units: a quarter of the smallest noise, 0.08
SAMPLES = 4_000_000
NAMES = ("2spirals", "pinwheel", "moons", "circles", "rings", "swissroll")


def by_quadrature(t: Target, step: float) -> tuple[float, float]:
    """∫ p and -∫ p log p over the extent and half of it more to each side, by the trapezoid rule, in nats."""
    x_min, x_max, y_min, y_max = t.extent
    margin = (x_max - x_min) / 4
    x = torch.arange(x_min - margin, x_max + margin, step, dtype=torch.float64)
    y = torch.arange(y_min - margin, y_max + margin, step, dtype=torch.float64)
    mass = entropy = 0.0
    for column in x:
        log_p = t.log_prob(torch.stack([column.expand_as(y), y], 1))
        p = log_p.exp()
        mass += float(p.sum()) * step**2
        entropy -= float(torch.special.xlogy(p, p).sum()) * step**2
    return mass, entropy


def by_sampling(t: Target, n: int, *, generator: torch.Generator) -> tuple[float, float]:
    """-mean log p over n samples, and its standard error, in nats."""
    surprise = -t.log_prob(t.sample(n, generator=generator, dtype=torch.float64))
    return float(surprise.mean()), float(surprise.std()) / sqrt(n)


def found(name: str) -> Recorded:
    """The entropy of a preset by both ways, at full precision."""
    t = target(name)
    _, coarse = by_quadrature(t, 2 * STEP)
    mass, nats = by_quadrature(t, STEP)
    sampled, standard_error = by_sampling(t, SAMPLES, generator=torch.Generator().manual_seed(0))
    error = max(1e-6, abs(nats - coarse), abs(mass - 1))
    return Recorded(round(nats, 6), float(f"{error:.1g}"), round(sampled, 5), round(standard_error, 5))


def main() -> None:
    """Prints the table, and what differs from the recorded one."""
    for name in NAMES:
        again = found(name)
        print(f'    "{name}": Recorded{tuple(again)},')
        if name in ENTROPY and abs(again.nats - ENTROPY[name].nats) > again.error + ENTROPY[name].error:
            print(f"    # differs from the recorded {ENTROPY[name].nats}")


if __name__ == "__main__":
    main()
