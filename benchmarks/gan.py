"""GAN: updates a second beside a plain PyTorch loop of the textbook kind, many seeds at once, and the first frame.

An update is one step of D and one of G: 2 x 64 hidden units, 256 samples, Adam, the ring of eight. Everybody has one
thread; they take turns, so that a slow moment of the machine meets them all. Times are of the processor; on a GPU, of
the clock, because there the processor waits.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

import torch
from torch import nn

from playground.gan.config import GanConfig
from playground.gan.game import Game
from playground.gan.training import TOGETHER, train
from playground.runs import Trainer, Workers
from playground.targets import read

CONFIG = GanConfig(batch=256, hidden=64, depth=2)
TURN = 16  # updates, or so many games' worth of them
SEEDS = (8, 32)
PATIENCE = 60.0  # seconds until a worker has started
Update = Callable[[], object]


def textbook(device: torch.device) -> Update:
    """An update as tutorials write it: modules, two optimizers, two backward passes, real and fake one by one."""
    t, generator = read(CONFIG.target), torch.Generator().manual_seed(0)

    def perceptron(inputs: int, outputs: int) -> nn.Module:
        width = CONFIG.hidden
        layers = (nn.Linear(inputs, width), nn.LeakyReLU(0.2), nn.Linear(width, width), nn.LeakyReLU(0.2))
        return nn.Sequential(*layers, nn.Linear(width, outputs)).to(device)

    g, d = perceptron(CONFIG.z_dim, 2), perceptron(2, 1)
    g_optimizer, d_optimizer = (torch.optim.Adam(net.parameters(), 1e-3, betas=(0.5, 0.999)) for net in (g, d))
    loss = nn.BCEWithLogitsLoss()
    ones, zeros = torch.ones(CONFIG.batch, 1, device=device), torch.zeros(CONFIG.batch, 1, device=device)

    def update() -> None:
        real = t.sample(CONFIG.batch, generator=generator).to(device)
        fake = g(torch.randn(CONFIG.batch, CONFIG.z_dim, device=device)).detach()
        d_optimizer.zero_grad()
        (loss(d(real), ones) + loss(d(fake), zeros)).backward()
        d_optimizer.step()
        g_optimizer.zero_grad()
        loss(d(g(torch.randn(CONFIG.batch, CONFIG.z_dim, device=device))), ones).backward()
        g_optimizer.step()

    return update


def games(seeds: int, device: torch.device) -> Update:
    """An update of that many games at once."""
    most = TOGETHER if device.type == "cpu" else seeds  # as `train_seeds` has it
    batches = [Game(CONFIG, range(seeds)[k : k + most], device=device) for k in range(0, seeds, most)]

    def update() -> None:
        for game in batches:
            game.update_d()
            game.update_g()

    return update


def speeds(device: torch.device, seconds: float) -> dict[str, float]:
    """Median updates a second of one model, of everybody, asked in turn."""
    clock = time.process_time if device.type == "cpu" else time.perf_counter
    asked = {"textbook": (textbook(device), 1)}
    asked |= {f"playground, {seeds} seeds": (games(seeds, device), seeds) for seeds in (1, *SEEDS)}
    spent: dict[str, list[float]] = {name: [] for name in asked}
    end = time.perf_counter() + seconds * len(asked)
    while time.perf_counter() < end or len(spent["textbook"]) < 8:
        for name, (update, seeds) in asked.items():
            turns = max(1, TURN // seeds)
            for _ in range(2):  # what the one before left in the caches is not measured
                update()
            _wait(device)
            start = clock()
            for _ in range(turns):
                update()
            _wait(device)
            spent[name].append((clock() - start) / turns / seeds)
    return {name: 1 / median(times) for name, times in spent.items()}


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def first_frames() -> dict[str, float]:
    """Seconds from asking for a run to its first frame, by a worker that has to start and by one that waits."""
    found = {}
    workers = Workers(imports=("playground.gan.training", "ot"))
    trainer = Trainer(workers, running=1)
    for name in ("cold", "warm", "warm, another game"):
        start = time.perf_counter()
        handle = trainer.submit(train, GanConfig(seed=len(found), steps=200, every=20))
        next(handle.frames())
        found[name] = time.perf_counter() - start
        handle.wait(PATIENCE)
    trainer.close()
    workers.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gan", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0, help="for each of those who take turns")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{'':28}{'updates/s of a model':>22}{'times':>8}")
    for kind, goal in (
        ("cpu", f"1 seed, at least 1.5x; torch {torch.__version__}, 1 thread"),
        ("cuda", "32 seeds, at least 10x"),
    ):
        if kind == "cuda" and not torch.cuda.is_available():
            print("GPU: skipped, there is none here")
            continue
        print(f"{kind.upper()}: {goal}")
        found = speeds(torch.device(kind), asked.seconds)
        for name, speed in found.items():
            print(f"    {name:24}{speed:22.0f}{speed / found['textbook']:7.2f}x", flush=True)
    print("first frame, from the asking: at most 1 s when warm")
    for name, seconds in first_frames().items():
        print(f"    {name:24}{1e3 * seconds:19.0f} ms", flush=True)


if __name__ == "__main__":
    main()
