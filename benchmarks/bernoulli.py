"""Times of the engine behind the lesson on a coin, beside scipy, scikit-learn and torch doing the same.

Run from the repository root: PYTHONPATH=. python -m benchmarks.bernoulli
Every question is what one knob of a page asks anew; what the engine keeps from earlier is not used. Curves have 2 000
places. Answers are compared, and their largest difference printed; nothing is asserted.
"""

import warnings
from collections.abc import Callable

import numpy as np

from benchmarks import ENGINE, Question, compare_times
from playground.bernoulli import (
    Beta,
    Climb,
    Regression,
    SpikeAndBeta,
    TruncatedNormal,
    all_intervals,
    ascend,
    coverage,
    estimates,
    intervals,
    log_bayes_factor,
    log_evidence,
    log_likelihood,
    map_estimate,
    mle,
    moments,
    posterior,
    predictive,
    simulate,
    summarise,
    uniforms,
)
from playground.bernoulli.coverage import bounds

THETA = np.linspace(0.0, 1.0, 2002)[1:-1]
A, B, HEADS, TAILS = 2.0, 3.0, 17, 9
FLIPS, NEXT, TRUTH = 50, 100, 0.3
NORMAL = TruncatedNormal(0.4, 0.2)


def beta_page() -> list[float]:
    """Every number and curve of the experiment Posterior for a Beta prior."""
    prior = Beta(A, B)
    belief = posterior(prior, HEADS, TAILS)
    found = intervals.__wrapped__(belief)
    points = [mle(HEADS, TAILS), map_estimate(prior, HEADS, TAILS), belief.mean(), log_evidence(prior, HEADS, TAILS)]
    points += [log_bayes_factor(prior, HEADS, TAILS), *found.equal_tailed, *found.highest_density[0]]
    curves = prior.density(THETA), np.exp(log_likelihood(THETA, HEADS, TAILS)), belief.density(THETA)
    return [*map(float, points), *np.concatenate([*curves, predictive(belief, NEXT)])]


def beta_page_by_scipy() -> list[float]:
    from scipy.optimize import minimize_scalar
    from scipy.special import betaln, xlog1py, xlogy
    from scipy.stats import beta, betabinom

    after = beta(A + HEADS, B + TAILS)
    log_p = betaln(A + HEADS, B + TAILS) - betaln(A, B)
    least = minimize_scalar(
        lambda low: after.ppf(low + 0.95) - after.ppf(low), bounds=(0, 0.05), method="bounded", options={"xatol": 1e-12}
    ).x
    points = [HEADS / (HEADS + TAILS), (A + HEADS - 1) / (A + B + HEADS + TAILS - 2), after.mean(), log_p]
    points += [log_p - (HEADS + TAILS) * np.log(0.5), *after.ppf([0.025, 0.975]), *after.ppf([least, least + 0.95])]
    likelihood = np.exp(xlogy(HEADS, THETA) + xlog1py(TAILS, -THETA))
    ahead = betabinom(NEXT, A + HEADS, B + TAILS).pmf(np.arange(NEXT + 1))
    return [*map(float, points), *beta(A, B).pdf(THETA), *likelihood, *after.pdf(THETA), *ahead]


def normal_page() -> list[float]:
    """Evidence, mean, equal tails and the curve of the posterior for a truncated normal prior."""
    belief = posterior(NORMAL, HEADS, TAILS)
    tails = intervals.__wrapped__(belief).equal_tailed
    return [log_evidence(NORMAL, HEADS, TAILS), belief.mean(), *tails, *belief.density(THETA)]


def normal_page_by_scipy() -> list[float]:
    from scipy.integrate import quad
    from scipy.optimize import brentq
    from scipy.special import xlog1py, xlogy
    from scipy.stats import truncnorm

    prior = truncnorm(-NORMAL.mu / NORMAL.sigma, (1 - NORMAL.mu) / NORMAL.sigma, NORMAL.mu, NORMAL.sigma)

    def joint(theta):
        return prior.pdf(theta) * np.exp(xlogy(HEADS, theta) + xlog1py(TAILS, -theta))

    def up_to(theta):
        return quad(joint, 0, theta, epsabs=0, epsrel=1e-10)[0]

    whole = up_to(1.0)
    mean = quad(lambda theta: theta * joint(theta), 0, 1, epsabs=0, epsrel=1e-10)[0] / whole
    tails = [brentq(lambda at, p=p: up_to(at) / whole - p, 0.01, 0.99, xtol=1e-12) for p in (0.025, 0.975)]
    return [float(np.log(whole)), mean, *tails, *joint(THETA) / whole]


def spike_page() -> list[float]:
    """Evidence, weight of the spike and the curve beside it, for a spike at ½ and a Beta."""
    prior = SpikeAndBeta(0.5, 0.5, A, B)
    belief = posterior(prior, HEADS, TAILS)
    return [log_evidence(prior, HEADS, TAILS), belief.atoms[0][1], *belief.density(THETA)]


def spike_page_by_scipy() -> list[float]:
    from scipy.special import betaln
    from scipy.stats import beta

    spike = -(HEADS + TAILS) * np.log(2.0)
    smooth = betaln(A + HEADS, B + TAILS) - betaln(A, B)
    whole = np.logaddexp(spike, smooth) + np.log(0.5)
    weight = float(np.exp(spike + np.log(0.5) - whole))
    return [float(whole), weight, *((1 - weight) * beta(A + HEADS, B + TAILS).pdf(THETA))]


def flip_by_flip() -> list[float]:
    """The ends of the equal-tailed interval after each of 200 flips."""
    heads = np.cumsum(np.arange(200) % 3 == 0)
    beliefs = [Beta(A + h, B + i + 1 - h) for i, h in enumerate(heads.tolist())]
    return [end for found in all_intervals(beliefs) for end in found.equal_tailed]


def flip_by_flip_by_scipy() -> list[float]:
    from scipy.stats import beta

    heads = np.cumsum(np.arange(200) % 3 == 0)
    return [end for i, h in enumerate(heads) for end in beta(A + h, B + i + 1 - h).ppf([0.025, 0.975])]


def error_curves() -> np.ndarray:
    """The exact mean squared error of MLE, MAP and mean at 2 000 θ."""
    return moments(estimates.__wrapped__(Beta(A, B), FLIPS), THETA).mse


def error_curves_by_scipy() -> np.ndarray:
    from scipy.stats import binom

    heads = np.arange(FLIPS + 1)
    says = [heads / FLIPS, (A + heads - 1) / (A + B + FLIPS - 2), (A + heads) / (A + B + FLIPS)]
    p = binom.pmf(heads, FLIPS, THETA[:, None])
    return np.stack([(p * (estimate - THETA[:, None]) ** 2).sum(1) for estimate in says])


def simulated() -> np.ndarray:
    """Bias of the three over 10 000 simulated experiments, with standard errors."""
    table = estimates.__wrapped__(Beta(A, B), FLIPS)
    found = summarise(table, simulate(TRUTH, FLIPS, uniforms.__wrapped__(0)), TRUTH)
    return np.concatenate([found.moments.bias, found.bias_se])


def simulated_by_numpy() -> np.ndarray:
    heads = np.random.default_rng(0).binomial(FLIPS, TRUTH, size=10_000)
    says = np.stack([heads / FLIPS, (A + heads - 1) / (A + B + FLIPS - 2), (A + heads) / (A + B + FLIPS)])
    return np.concatenate([says.mean(1) - TRUTH, says.std(1) / 100])


def coverage_curve() -> np.ndarray:
    """How often the equal-tailed interval holds θ, at 2 000 θ."""
    return coverage(bounds.__wrapped__("Equal tails", Beta(A, B), FLIPS), THETA)


def coverage_curve_by_scipy() -> np.ndarray:
    from scipy.stats import beta, binom

    heads = np.arange(FLIPS + 1)
    low, high = (beta.ppf(p, A + heads, B + FLIPS - heads) for p in (0.025, 0.975))
    holds = (low <= THETA[:, None]) & (THETA[:, None] <= high)
    return (binom.pmf(heads, FLIPS, THETA[:, None]) * holds).sum(1)


def climb() -> list[float]:
    """θ after each of 40 steps up the log-likelihood."""
    return [snapshot.theta for snapshot in ascend(Climb(HEADS, TAILS, rate=0.002))]


def climb_by_torch() -> list[float]:
    import torch

    theta = torch.tensor(0.2, dtype=torch.float64, requires_grad=True)
    optimiser, path = torch.optim.SGD([theta], lr=0.002, maximize=True), [0.2]
    for _ in range(40):
        optimiser.zero_grad()
        (HEADS * theta.log() + TAILS * torch.log1p(-theta)).backward()
        optimiser.step()
        path.append(theta.item())
    return path


X = np.linspace(-1, 1, 30)
Y = np.sin(3 * X) + 0.2 * np.random.default_rng(0).standard_normal(30)
AT = np.linspace(-1, 1, 2000)
MODEL = Regression(degree=9, sigma=0.2, tau=0.7)


def band() -> np.ndarray:
    """The line of the Gaussian prior at 2 000 places."""
    return MODEL.curve(X, Y, AT)[0]


def band_by_scikit() -> np.ndarray:
    from sklearn.linear_model import Ridge

    fit = Ridge(alpha=MODEL.ridge_penalty, fit_intercept=False, solver="svd").fit(MODEL.features(X), Y)
    return fit.predict(MODEL.features(AT))


def lasso_by_scikit() -> np.ndarray:
    from sklearn.linear_model import Lasso

    # scikit-learn divides the squares by n
    penalty = MODEL.lasso_penalty / len(X)
    return Lasso(alpha=penalty, fit_intercept=False, tol=1e-12, max_iter=1_000_000).fit(MODEL.features(X), Y).coef_


def pair(title: str, ours: Callable, other: str, theirs: Callable, *, random: bool = False) -> Question:
    return Question(title, {ENGINE: ours, other: theirs}, random)


def main() -> None:
    warnings.simplefilter("ignore")
    compare_times(
        [
            pair("Posterior, Beta prior, all of it", beta_page, "scipy", beta_page_by_scipy),
            pair("Posterior, truncated normal prior", normal_page, "scipy", normal_page_by_scipy),
            pair("Posterior, spike and Beta", spike_page, "scipy", spike_page_by_scipy),
            pair("Intervals after each of 200 flips", flip_by_flip, "scipy", flip_by_flip_by_scipy),
            pair("Exact errors of three estimators", error_curves, "scipy", error_curves_by_scipy),
            pair("10 000 simulated experiments", simulated, "numpy", simulated_by_numpy, random=True),
            pair("Coverage", coverage_curve, "scipy", coverage_curve_by_scipy),
            pair("A climb of 40 steps", climb, "torch.optim.SGD", climb_by_torch),
            pair("Ridge, degree 9, 30 points", band, "scikit-learn", band_by_scikit),
            pair("Lasso, degree 9, 30 points", lambda: MODEL.lasso(X, Y), "scikit-learn", lasso_by_scikit),
        ]
    )


if __name__ == "__main__":
    main()
