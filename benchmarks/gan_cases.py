"""Cases: every named game of the GAN lesson from fresh seeds, as the figures that the lesson quotes.

Prints each case, and whether the seed that a visitor sees first shows the claim; with --write,
`playground/gan/measured.py` is written anew. A case takes 10 to 60 seconds.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from playground.gan import measured
from playground.gan.cases import CASES, Case, Course, courses, digest
from playground.gan.measured import MEASURED, Measured, Spread

SEEDS = range(100, 108)  # the settings were chosen on others
FILE = Path(measured.__file__)
CPU = torch.device("cpu")


def figures(case: Case, games: list[Course], seeds: range) -> Measured:
    """What the games came to."""

    def spread(name: str) -> Spread:
        ends = np.array([getattr(game, name)[-1] for game in games], float)
        return Spread(*(round(float(figure), 4) for figure in (ends.mean(), ends.min(), ends.max())))

    held = sum(bool(case.claim(game)) for game in games)
    names = ("modes", "strict_modes", "high_quality", "reverse_kl", "moved")
    return Measured(digest(case.config), tuple(seeds), held, *map(spread, names))


def module(found: dict[str, Measured]) -> str:
    """The text of `measured.py` with these figures."""
    head, sign, _ = FILE.read_text(encoding="utf-8").partition("MEASURED: dict[str, Measured] = {")
    lines = []
    for name, one in found.items():
        lines.append(f'    "{name}": Measured(')
        lines.extend(f"        {field}={value!r}," for field, value in one._asdict().items())
        lines.append("    ),")
    return "\n".join([head + sign, *lines, "}\n"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gan_cases", description=__doc__)
    parser.add_argument("--case", action="append", choices=list(CASES), help="only these")
    parser.add_argument("--first", type=int, default=SEEDS.start, help="the first of eight seeds")
    parser.add_argument("--write", action="store_true", help="record the figures")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    seeds = range(asked.first, asked.first + len(SEEDS))
    print(f"seeds {seeds[0]} to {seeds[-1]}: mean [lowest, highest]")
    print(
        f"{'':20}{'held':>8}{'strict modes':>18}{'modes':>18}{'high quality %':>22}{'moved':>20}{'first':>7}{'sec':>9}"
    )
    for name in asked.case or CASES:
        start = time.perf_counter()
        config = CASES[name].config
        games = courses(config, seeds=seeds, device=CPU)
        first = CASES[name].claim(*courses(config, seeds=(config.seed,), device=CPU))
        MEASURED[name] = one = figures(CASES[name], games, seeds)

        def cell(spread: Spread, width: int, digits: int, scale: float = 1.0) -> str:
            mean, low, high = (f"{scale * figure:.{digits}f}" for figure in spread)
            return f"{mean} [{low}, {high}]".rjust(width)

        print(
            f"{name:20}{one.held:>3} of {len(seeds)}{cell(one.strict_modes, 18, 1)}{cell(one.modes, 18, 1)}"
            f"{cell(one.high_quality, 22, 1, 100)}{cell(one.moved, 20, 2)}{'yes' if first else 'NO':>7}"
            f"{time.perf_counter() - start:9.0f}",
            flush=True,
        )
        if asked.write:
            FILE.write_text(module({name: MEASURED[name] for name in CASES if name in MEASURED}), encoding="utf-8")


if __name__ == "__main__":
    main()
