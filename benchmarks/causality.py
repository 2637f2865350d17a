"""Times of the causal engine beside pgmpy and pyAgrum, each asked in its fastest way, answers compared first.

Run from the repository root: PYTHONPATH=. python -m benchmarks.causality
Warm asks the same objects again; cold builds the network first, from its mechanisms or their finished tables. The
others have do() as a query too, but answer faster when the network is cut by hand, so that is what is timed: warm asks
a network that is cut already, cold builds and cuts.
"""

from __future__ import annotations

import logging
import platform
import time
import warnings
from collections.abc import Callable, Mapping
from itertools import product
from statistics import median

import torch

from playground.causality import Logistic, Network, Root, smoking

Question = Callable[[], object]
Row = Mapping[str, Question]

SECONDS = 1.0
TURN = 5e-3
LEAST_TURNS = 5
SAMPLES = 1_000_000
SEE = ("smoking", {"cancer": 1, "asbestos": 1}, {})
DO = ("yellow", {"asbestos": 1}, {"cancer": 1})
FAR = ("n0", {"n11": 1}, {})
TWELVE = Network(
    {f"n{i}": Logistic(-1.0, {f"n{j}": 1.0 for j in range(max(0, i - 3), i)}) if i else Root(0.3) for i in range(12)}
)


def ours() -> dict[str, Question]:
    network, large = smoking(), dict(TWELVE.mechanisms)
    generator = torch.Generator().manual_seed(0)

    def ask(asked, query):
        target, given, do = query
        return lambda: asked().probability({target: 1}, given, do)

    return {
        "see, warm": ask(lambda: network, SEE),
        "see, cold": ask(smoking, SEE),
        "do, warm": ask(lambda: network, DO),
        "do, cold": ask(smoking, DO),
        "12 nodes, warm": ask(lambda: TWELVE, FAR),
        "12 nodes, cold": ask(lambda: Network(large), FAR),
        "10⁶ samples": lambda: network.sample(SAMPLES, generator=generator),
    }


def pgmpy() -> dict[str, Question]:
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.inference import VariableElimination
    from pgmpy.models import DiscreteBayesianNetwork
    from pgmpy.sampling import BayesianModelSampling

    logging.getLogger("pgmpy").setLevel(logging.ERROR)

    def model(network):
        built = DiscreteBayesianNetwork()
        built.add_nodes_from(network.nodes)
        built.add_edges_from(network.edges)
        for name in network.nodes:
            parents = network.parents(name)
            ones = network.tables[name].reshape(1, -1)
            twos = [2] * len(parents)
            built.add_cpds(TabularCPD(name, 2, [*(1 - ones), *ones], evidence=parents, evidence_card=twos))
        built.check_model()
        return built

    def ask(engine, query):
        target, given, do = query
        evidence = {**given, **do}
        return lambda: float(engine().query([target], evidence=evidence, show_progress=False).values[1])

    network = smoking()
    engines = [VariableElimination(model(one)) for one in (network, network.mutilate(DO[2]), TWELVE)]
    sampler = BayesianModelSampling(model(network))
    return {
        "see, warm": ask(lambda: engines[0], SEE),
        "see, cold": ask(lambda: VariableElimination(model(network)), SEE),
        "do, warm": ask(lambda: engines[1], DO),
        "do, cold": ask(lambda: VariableElimination(model(network).do(list(DO[2]))), DO),
        "12 nodes, warm": ask(lambda: engines[2], FAR),
        "12 nodes, cold": ask(lambda: VariableElimination(model(TWELVE)), FAR),
        "10⁶ samples": lambda: sampler.forward_sample(SAMPLES, show_progress=False),
    }


def pyagrum() -> dict[str, Question]:
    import pyagrum as gum

    def model(network):
        built = gum.BayesNet()
        for name in network.nodes:
            built.add(gum.RangeVariable(name, name, 0, 1))
        for cause, effect in network.edges:
            built.addArc(cause, effect)
        for name in network.nodes:
            parents = network.parents(name)
            for values in product((0, 1), repeat=len(parents)):
                one = float(network.tables[name][values])
                built.cpt(name)[dict(zip(parents, values, strict=True))] = [1 - one, one]
        return built

    def cut_by_hand(built, do):
        cut = gum.BayesNet(built)
        for name, value in do.items():
            for parent in built.parents(name):
                cut.eraseArc(parent, cut.idFromName(name))
            cut.cpt(name).fillWith([1 - value, value])
        return cut

    def ask(engine, query):
        target, given, do = query
        evidence = {**given, **do}

        def answer():
            one = engine()
            one.setEvidence(evidence)  # forgets what was inferred, as a reader who moves a slider would
            return float(one.posterior(target)[1])

        return answer

    def cold(build, query):
        # the engine only borrows the network: keep it alive until the answer is there
        built = build()
        return ask(lambda: gum.LazyPropagation(built), query)()

    network = smoking()
    small, large = model(network), model(TWELVE)
    cut = cut_by_hand(small, DO[2])
    engines = [gum.LazyPropagation(one) for one in (small, cut, large)]

    def sample():
        generator = gum.BNDatabaseGenerator(small)
        generator.drawSamples(SAMPLES)
        return generator

    return {
        "see, warm": ask(lambda: engines[0], SEE),
        "see, cold": lambda: cold(lambda: model(network), SEE),
        "do, warm": ask(lambda: engines[1], DO),
        "do, cold": lambda: cold(lambda: cut_by_hand(model(network), DO[2]), DO),
        "12 nodes, warm": ask(lambda: engines[2], FAR),
        "12 nodes, cold": lambda: cold(lambda: model(TWELVE), FAR),
        "10⁶ samples": sample,
    }


def installed() -> dict[str, dict[str, Question]]:
    """The questions of every library that is here; the engine's own come first."""
    found = {"playground": ours()}
    for library in (pgmpy, pyagrum):
        try:
            found[library.__name__] = library()
        except ImportError:
            print(f"{library.__name__}: not installed: pip install -r requirements-bench.txt")
    return found


def medians(row: Row) -> dict[str, float]:
    """Median seconds of every question, asked in turn so that a slow moment of the machine meets them all.

    A turn is the same question over and over for TURN seconds: one alone would measure what the library before it
    left in the processor's caches.
    """
    spent: dict[str, list[float]] = {name: [] for name in row}
    end = time.perf_counter() + SECONDS * len(row)
    while time.perf_counter() < end or len(spent["playground"]) < LEAST_TURNS:
        for name, question in row.items():
            asked, start = 0, time.perf_counter()
            while not asked or time.perf_counter() < start + TURN:
                question()
                asked += 1
            spent[name].append((time.perf_counter() - start) / asked)
    return {name: median(times) for name, times in spent.items()}


def main() -> None:
    warnings.simplefilter("ignore")
    libraries = installed()
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, medians in ms")
    print(f"{'':16}" + "".join(f"{name:>14}" for name in libraries))
    for title in libraries["playground"]:
        row = {name: questions[title] for name, questions in libraries.items()}
        answers = {name: question() for name, question in row.items()}
        if isinstance(answers["playground"], float):
            assert all(abs(answer - answers["playground"]) < 1e-6 for answer in answers.values()), answers
        times = medians(row)
        cells = [f"{1e3 * seconds:14.4f}" for seconds in times.values()]
        factors = ", ".join(f"{times[n] / times['playground']:.0f}×" for n in times if n != "playground")
        print(f"{title:16}{''.join(cells)}   {factors}")


if __name__ == "__main__":
    main()
