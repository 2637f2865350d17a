"""Times of the engine behind the lesson on divergences, beside scipy, POT and torch doing the same.

Run from the repository root: PYTHONPATH=. python -m benchmarks.divergences
Every question is what one knob of a page asks anew; what the engine keeps from earlier is not used. Curves have 2 000
places. Answers are compared, and their largest difference printed; nothing is asserted. Plans and Sinkhorn are POT's in
the engine too: those rows show what our wrapping adds.
"""

import math
import warnings
from collections.abc import Callable

import numpy as np

from benchmarks import ENGINE, Question, compare_times
from playground.divergences import (
    Copies,
    Descent,
    Gaussian,
    HistogramStudy,
    Laplace,
    compare,
    descend,
    exact_plan,
    gaussian_kl,
    gaussian_w2,
    hellinger,
    histogram_estimates,
    integrand,
    js,
    kantorovich,
    kl,
    sinkhorn_plan,
    total_variation,
    wasserstein_1d,
)
from playground.divergences.compare import NAMES
from playground.divergences.estimates import SIZES, cloud_w2
from playground.divergences.expectations import expected
from playground.divergences.fit import LONGEST_STEP
from playground.divergences.transport import binned, monotone_plan

RNG = np.random.default_rng(0)
P, Q = Laplace(0.0, 1.0), Gaussian(0.5, 1.4)
LINE = np.linspace(-8, 8, 2000)
MASS, OTHER = (w / w.sum() for w in RNG.random((2, 2000)) + 0.01)
POINTS, OTHERS = RNG.standard_normal((2, 2000))
THETAS = np.linspace(-4, 4, 2000)
FEW = THETAS[::50]  # quadrature for each of 2 000 would take minutes
CLOUD, TARGET = RNG.standard_normal((60, 2)), RNG.standard_normal((60, 2)) + 1
FAR, FARTHER = RNG.standard_normal((2, 200, 8))
DESCENT = Descent(steps=200)
REPEATS = 20


def seven() -> list[float]:
    """All divergences of a Laplace and a Gaussian."""
    found = compare.__wrapped__(P, Q)
    return [found.of(name) for name in NAMES]


def seven_by_scipy() -> list[float]:
    from scipy.integrate import quad
    from scipy.stats import laplace, norm

    p, q = laplace(0, 1), norm(0.5, 1.4)
    how = {"epsabs": 1e-11, "epsrel": 1e-11, "limit": 200}

    def whole(terms: Callable[[float], float]) -> float:
        return sum(quad(terms, *ends, **how)[0] for ends in ((-40, 0), (0, 40)))

    def ratio(one, other):
        return whole(lambda x: one.pdf(x) * (one.logpdf(x) - other.logpdf(x)))

    def to_the_middle(x):
        a, b = p.pdf(x), q.pdf(x)
        return 0.5 * a * math.log(2 * a / (a + b)) + 0.5 * b * math.log(2 * b / (a + b)) if a and b else 0.0

    w2 = sum(quad(lambda u: (p.ppf(u) - q.ppf(u)) ** 2, *ends, **how)[0] for ends in ((0, 0.5), (0.5, 1)))
    return [
        ratio(p, q), ratio(q, p), whole(to_the_middle), 0.5 * whole(lambda x: abs(p.pdf(x) - q.pdf(x))),
        math.sqrt(1 - whole(lambda x: math.sqrt(p.pdf(x) * q.pdf(x)))), whole(lambda x: abs(p.cdf(x) - q.cdf(x))),
        math.sqrt(w2),
    ]  # fmt: skip


def where_from() -> np.ndarray:
    """The integrand of all seven, W₂'s over levels."""
    levels = (np.arange(2000) + 0.5) / 2000
    return np.concatenate([integrand(name, P, Q, levels if name == "W2" else LINE) for name in NAMES])


def where_from_by_scipy() -> np.ndarray:
    from scipy.special import rel_entr
    from scipy.stats import laplace, norm

    law, other = laplace(0, 1), norm(0.5, 1.4)
    p, q, levels = law.pdf(LINE), other.pdf(LINE), (np.arange(2000) + 0.5) / 2000
    middle = 0.5 * (p + q)
    return np.concatenate(
        [
            rel_entr(p, q), rel_entr(q, p), 0.5 * (rel_entr(p, middle) + rel_entr(q, middle)), 0.5 * np.abs(p - q),
            0.5 * (np.sqrt(p) - np.sqrt(q)) ** 2, np.abs(law.cdf(LINE) - other.cdf(LINE)),
            (law.ppf(levels) - other.ppf(levels)) ** 2,
        ]
    )  # fmt: skip


def of_arrays() -> list[float]:
    """Five divergences of two histograms of 2 000 bins."""
    measures = (kl, js, total_variation, hellinger)
    return [*(float(measure(MASS, OTHER)) for measure in measures), wasserstein_1d(LINE, LINE, MASS, OTHER)]


def of_arrays_by_scipy() -> list[float]:
    from scipy.spatial.distance import cityblock, euclidean, jensenshannon
    from scipy.stats import entropy, wasserstein_distance

    return [
        float(entropy(MASS, OTHER)), float(jensenshannon(MASS, OTHER) ** 2), float(cityblock(MASS, OTHER) / 2),
        float(euclidean(np.sqrt(MASS), np.sqrt(OTHER)) / math.sqrt(2)), wasserstein_distance(LINE, LINE, MASS, OTHER),
    ]  # fmt: skip


def on_a_line_by_scipy() -> float:
    from scipy.stats import wasserstein_distance

    return float(wasserstein_distance(POINTS, OTHERS))


def on_a_line_by_pot() -> float:
    import ot

    return float(ot.wasserstein_1d(POINTS, OTHERS))


ROOTS = RNG.standard_normal((2, 8, 8))
COVARIANCES = ROOTS @ ROOTS.transpose(0, 2, 1) + np.eye(8)
MEANS = RNG.standard_normal((2, 8))


def gaussians() -> list[float]:
    """KL and W₂ of two Gaussians in eight dimensions."""
    given = MEANS[0], COVARIANCES[0], MEANS[1], COVARIANCES[1]
    return [gaussian_kl(*given), gaussian_w2(*given)]


def gaussians_by_others() -> list[float]:
    import ot
    import torch
    from torch.distributions import MultivariateNormal, kl_divergence

    p, q = (MultivariateNormal(*map(torch.from_numpy, pair)) for pair in zip(MEANS, COVARIANCES, strict=True))
    return [float(kl_divergence(p, q)), float(ot.gaussian.bures_wasserstein_distance(*MEANS, *COVARIANCES))]


def separation(thetas: np.ndarray) -> np.ndarray:
    """Six divergences of two Gaussians, theta apart."""
    return np.concatenate([curve.value for curve in Copies("Gaussians", 0.5).curves(thetas).values()])


def separation_by_scipy() -> np.ndarray:
    from scipy.integrate import quad
    from scipy.stats import norm

    p = norm(0, 0.5)
    names = list(Copies("Gaussians", 0.5).curves(FEW))
    rows = []
    for theta in FEW:
        q, ends = norm(theta, 0.5), (min(0, theta) - 6, max(0, theta) + 6)

        def terms(x, q=q):
            return 0.5 * (_to(p.logpdf(x), q.logpdf(x)) + _to(q.logpdf(x), p.logpdf(x)))

        found = {
            "KL": theta**2 / 0.5, "JS": quad(terms, *ends, epsabs=1e-11, limit=200)[0],
            "TV": 2 * norm.cdf(abs(theta)) - 1, "Hellinger": math.sqrt(-math.expm1(-(theta**2) / 2)),
            "W1": abs(theta), "W2": abs(theta),
        }  # fmt: skip
        rows.append([found[name] for name in names])
    return np.array(rows).T.ravel()


def _to(one: float, other: float) -> float:
    """p log(p / m) from log p and log q."""
    return math.exp(one) * (one + math.log(2) - np.logaddexp(one, other))


def fits() -> list[float]:
    """Mean and standard deviation after 200 steps down each of four divergences."""
    *_, last = descend(DESCENT)
    return [value for fit in last.fits for value in (fit.mean, fit.sd)]


def fits_by_torch() -> list[float]:
    import torch

    p, x = DESCENT.target, torch.linspace(-30, 30, 4001, dtype=torch.float64)
    log_p = torch.from_numpy(p.log_pdf(x.numpy()))
    z = torch.linspace(-9, 9, 2001, dtype=torch.float64)
    levels = torch.special.ndtr(z)
    shared = torch.from_numpy(p.quantile(levels.numpy().clip(1e-15, 1 - 1e-15))) * z
    slope_of_quantiles = torch.trapezoid(shared * torch.exp(-0.5 * z**2) / math.sqrt(2 * math.pi), z)

    def log_q(mean, log_sd):
        return -0.5 * ((x - mean) / log_sd.exp()) ** 2 - log_sd - 0.5 * math.log(2 * math.pi)

    def forward(mean, log_sd):
        return log_sd + 0.5 * (p.variance + (mean - p.mean) ** 2) / (2 * log_sd).exp()

    def backward(mean, log_sd):
        q = log_q(mean, log_sd)
        return torch.trapezoid(q.exp() * (q - log_p), x)

    def middle(mean, log_sd):
        q = log_q(mean, log_sd)
        m = torch.logaddexp(q, log_p) - math.log(2)
        return 0.5 * torch.trapezoid(q.exp() * (q - m) + log_p.exp() * (log_p - m), x)

    def transport(mean, log_sd):
        sd = log_sd.exp()
        return (mean - p.mean) ** 2 + p.variance + sd**2 - 2 * sd * slope_of_quantiles

    ends = []
    for loss in (forward, backward, middle, transport):
        at = torch.tensor([DESCENT.origin.mean, math.log(DESCENT.origin.sd)], dtype=torch.float64, requires_grad=True)
        for _ in range(DESCENT.steps):
            (slope,) = torch.autograd.grad(loss(*at), at)
            by = DESCENT.rate * slope
            at = (at - by * min(1.0, LONGEST_STEP / float(by.norm()))).detach().requires_grad_()
        ends += [float(at[0]), float(at[1].exp())]
    return ends


def line_plan() -> np.ndarray:
    """The plan between two shapes in 60 bins."""
    edges = np.linspace(-6, 6, 61)
    return monotone_plan(binned(P, edges), binned(Q, edges))


def line_plan_by_pot() -> np.ndarray:
    import ot

    edges = np.linspace(-6, 6, 61)
    middle = (edges[1:] + edges[:-1]) / 2
    p, q = (np.diff(shape.cdf(edges[1:-1]), prepend=0.0, append=1.0) for shape in (P, Q))
    return np.asarray(ot.emd_1d(middle, middle, p / p.sum(), q / q.sum()))


def plan_by_scipy() -> float:
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    price = cdist(CLOUD, TARGET)
    return float(price[linear_sum_assignment(price)].mean())


def plan_by_pot() -> float:
    import ot

    return float(ot.emd2([], [], ot.dist(CLOUD, TARGET, metric="euclidean")))


def sinkhorn_by_pot() -> float:
    import ot

    price = ot.dist(CLOUD, TARGET)
    masses = np.full(60, 1 / 60), np.full(60, 1 / 60)
    plan = ot.sinkhorn(*masses, price, 0.5, numItermax=200, stopThr=1e-10, warn=False)
    return float((plan * price).sum())


def dual_by_scipy() -> float:
    """W₁ as a linear program: the largest mean f(x) − mean f(y) of a critic that is nowhere too steep."""
    from scipy.optimize import linprog
    from scipy.spatial.distance import cdist

    price, n = cdist(CLOUD, TARGET), len(CLOUD)
    pairs = np.zeros((n * n, 2 * n))
    row = np.arange(n * n)
    pairs[row, row // n], pairs[row, n + row % n] = 1.0, 1.0
    gains = np.full(2 * n, 1 / n)
    return -float(linprog(-gains, A_ub=pairs, b_ub=price.ravel(), bounds=(None, None), method="highs").fun)


def dual() -> float:
    critic = kantorovich(CLOUD, TARGET)
    return float(critic(CLOUD).mean() - critic(TARGET).mean())


STUDY = HistogramStudy(Gaussian(0.0, 1.0), Gaussian(1.0, 1.0), "JS", bins=20, repeats=REPEATS)


def estimates_by_drawing() -> list[float]:
    """The mean JS of every n, from draws that are sorted into bins."""
    from scipy.spatial.distance import jensenshannon

    ends, rng = np.array([-np.inf, *STUDY.edges, np.inf]), np.random.default_rng(0)
    means = []
    for n in SIZES:
        found = []
        for _ in range(REPEATS):
            p, q = (np.histogram(rng.normal(mean, 1, n), ends)[0] / n for mean in (0, 1))
            found.append(jensenshannon(p, q) ** 2)
        means.append(float(np.mean(found)))
    return means


def exact_mean_by_scipy() -> float:
    from scipy.stats import binom

    def x_log_x(x):
        return x * np.log(np.where(x > 0, x, 1.0))

    p, q = STUDY.masses
    n, total = 1000, 0.0
    counts = np.arange(n + 1)
    for a, b in zip(p, q, strict=True):
        one, other = binom.pmf(counts, n, a), binom.pmf(counts, n, b)
        both = np.convolve(one, other) @ x_log_x(np.arange(2 * n + 1) / (2 * n))
        total += 0.5 * (one + other) @ x_log_x(counts / n) - both
    return float(total)


def clouds_by_pot() -> float:
    import ot

    return math.sqrt(ot.emd2([], [], ot.dist(FAR, FARTHER)))


def question(
    title: str, ours: Callable[[], object], *, random: bool = False, **others: Callable[[], object]
) -> Question:
    return Question(title, {ENGINE: ours, **others}, random)


def main() -> None:
    warnings.simplefilter("ignore")
    compare_times(
        [
            question("Ruler: the seven", seven, scipy=seven_by_scipy),
            question("Ruler: where they come from", where_from, scipy=where_from_by_scipy),
            question("Histograms of 2 000 bins", of_arrays, scipy=of_arrays_by_scipy),
            question(
                "W₁ of 2 000 and 2 000 points", lambda: wasserstein_1d(POINTS, OTHERS),
                scipy=on_a_line_by_scipy, pot=on_a_line_by_pot,
            ),
            question("Gaussians in 8 dimensions", gaussians, torch_and_pot=gaussians_by_others),
            question("Separation: 40 distances", lambda: separation(FEW), scipy=separation_by_scipy),
            question("Separation: 2 000 distances", lambda: separation(THETAS)),
            question("Fit: 200 steps of four", fits, torch=fits_by_torch),
            question("Transport on a line, 60 bins", line_plan, pot=line_plan_by_pot),
            question(
                "Transport of 60 to 60 points", lambda: exact_plan(CLOUD, TARGET, 1).cost,
                pot=plan_by_pot, scipy=plan_by_scipy,
            ),
            question("Sinkhorn, ε = 0.5", lambda: sinkhorn_plan(CLOUD, TARGET, 2, 0.5).cost, pot=sinkhorn_by_pot),
            question("The best critic of 60 and 60", dual, scipy=dual_by_scipy),
            question(
                "JS from samples, all n, 20 repeats",
                lambda: [s.mean for s in histogram_estimates.__wrapped__(STUDY).summaries],
                random=True, numpy_and_scipy=estimates_by_drawing,
            ),
            question("The exact mean of JS, n = 1 000", lambda: expected(*STUDY.masses, 1000, "JS"),
                     scipy=exact_mean_by_scipy),
            question("W₂ of 200 points in 8 dimensions", lambda: cloud_w2(FAR, FARTHER), pot=clouds_by_pot),
        ]
    )  # fmt: skip


if __name__ == "__main__":
    main()
