"""PacGAN's ring and grid with m = 1 and m = 4, beside the published rows. Slow: some ten minutes on one core.

Run from the repository root: PYTHONPATH=. python -m benchmarks.pacgan [ring] [grid]
The settings were chosen on seeds 0 to 7; what is printed is from the fresh seeds 100 to 107, at the last step. The
budget is far below the published one (10 000 steps of networks 64 wide, against 400 epochs of 1 000 and 400 wide).
Nothing is asserted: the rows are what they are.
"""

import sys
import time
from typing import get_args

import torch

from playground.gan.published import OURS, PUBLISHED, Shape, Table, method, row
from playground.gan.seeds import train_many
from playground.gan.words.published import budget, markdown


def measure(shape: Shape) -> str:
    """The rows of one target as markdown, and what they cost."""
    rows, costs = [], []
    for config in OURS[shape]:
        began = time.process_time()
        *_, end = train_many(config, device=torch.device("cpu"))
        rows.append(row(method(config), end))
        costs.append(f"{method(config)}: {budget(config)}; {time.process_time() - began:.0f} s of one core.")
        print(rows[-1], flush=True)
    return "\n".join([markdown(shape, [*PUBLISHED[shape], Table("ours", "", tuple(rows))]), "", *costs])


def main() -> None:
    """Print a table for each target asked for, or for both."""
    torch.set_num_threads(1)
    for shape in get_args(Shape):
        if shape in (sys.argv[1:] or get_args(Shape)):
            print(measure(shape), flush=True)


if __name__ == "__main__":
    main()
