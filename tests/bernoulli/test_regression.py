"""The three fits, the posterior, the evidence and the errors against libraries, closed forms and brute force."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from playground.bernoulli.regression import Regression, polynomial, rms_error, rms_left_out, rms_miss


def features(x, degree):
    """T_k by its definition, not by numpy's recurrence."""
    return np.cos(np.outer(np.arccos(np.asarray(x, float)), np.arange(degree + 1)))


def drawn(seed, n, spread=1.0):
    """x and y of n points with three decimals, as the page has them; a small spread puts them close together."""
    generator = np.random.default_rng(seed)
    x = np.round(generator.uniform(-spread, spread, n), 3)
    return x, np.round(np.clip(np.sin(3 * x) + generator.normal(0, 0.3, n), -2, 2), 3)


@st.composite
def cases(draw):
    """Points and a model from all over what the page can reach: few, many, at one x, close together, without noise."""
    n = draw(st.integers(0, 25))
    spread = draw(st.sampled_from([1.0, 1.0, 0.1, 0.005, 0.0]))
    x, y = drawn(draw(st.integers(0, 10**6)), n, spread)
    if draw(st.booleans()):
        x = np.concatenate([x, x[: n // 2]])
        y = np.concatenate([y, np.sign(y[: n // 2])])
    sigma, tau = 10 ** draw(st.floats(math.log10(0.02), math.log10(2))), 10 ** draw(st.floats(-1.69, 1.69))
    return x, y, Regression(draw(st.integers(1, 9)), sigma, tau)


# ---- least squares


@pytest.mark.parametrize("n", [1, 3, 10, 30])
@pytest.mark.parametrize("degree", [0, 1, 5, 9])
def test_least_squares_is_that_of_numpy_also_where_it_leaves_coefficients_open(n, degree):
    x, y = drawn(n, n)
    expected = np.linalg.lstsq(features(x, degree), y, rcond=1e-12)[0]
    np.testing.assert_allclose(Regression(degree, 1, 1).least_squares(x, y), expected, rtol=1e-6, atol=1e-9)


def test_least_squares_does_not_ask_for_sigma_or_tau():
    x, y = drawn(0, 12)
    one, other = Regression(4, 0.1, 7).least_squares(x, y), Regression(4, 2, 0.3).least_squares(x, y)
    assert one.tolist() == other.tolist()


def test_points_settle_as_many_coefficients_as_there_are_different_x():
    model = Regression(5, 1, 1)
    assert model.settled([]) == 0
    assert model.settled([0.3] * 8) == 1
    assert model.settled([-0.5, 0.2, 0.2, 0.9]) == 3
    assert model.settled(np.linspace(-1, 1, 6)) == model.settled(np.linspace(-1, 1, 30)) == 6


def test_x_that_are_too_close_to_tell_apart_settle_fewer():
    x = 0.5 + 0.001 * np.arange(10)
    assert len(set(x)) == 10 > Regression(9, 1, 1).settled(x) > 2
    weights = Regression(9, 1, 1).least_squares(x, np.resize([1.0, -1.0], 10))
    assert np.isfinite(weights).all()


# ---- the Gaussian prior


@given(cases())
def test_ridge_is_where_the_slope_of_the_log_posterior_vanishes(case):
    x, y, model = case
    weights, phi = model.ridge(x, y), features(x, model.degree)
    slope = phi.T @ (y - phi @ weights) / model.sigma**2 - weights / model.tau**2
    scale = 1 + np.abs(phi).sum(0) * (np.abs(y).max(initial=0) + np.abs(weights).sum()) / model.sigma**2
    assert (np.abs(slope) <= 1e-11 * scale).all()


@pytest.mark.parametrize(("sigma", "tau"), [(0.2, 0.5), (1, 0.05), (0.05, 20)])
def test_ridge_is_that_of_scikit_learn_with_the_penalty_sigma_squared_over_tau_squared(sigma, tau):
    from sklearn.linear_model import Ridge

    x, y = drawn(1, 12)
    model = Regression(9, sigma, tau)
    assert model.ridge_penalty == pytest.approx(sigma**2 / tau**2)
    library = Ridge(alpha=model.ridge_penalty, fit_intercept=False, solver="svd").fit(features(x, 9), y)
    np.testing.assert_allclose(model.ridge(x, y), library.coef_, rtol=1e-8, atol=1e-10)


@given(cases())
def test_the_posterior_has_the_textbook_mean_and_covariance(case):
    x, y, model = case
    mean, covariance = model.weights(x, y)
    phi = features(x, model.degree)
    precision = phi.T @ phi / model.sigma**2 + np.eye(model.degree + 1) / model.tau**2
    np.testing.assert_allclose(precision @ covariance, np.eye(model.degree + 1), atol=1e-5)
    np.testing.assert_allclose(covariance, covariance.T, atol=1e-12 * model.tau**2)
    np.testing.assert_allclose(mean, model.ridge(x, y))


@given(cases())
def test_the_ridge_limits_great_tau_is_least_squares_and_small_tau_is_nothing(case):
    x, y, model = case
    wide = Regression(model.degree, model.sigma, 1e6)
    flat = Regression(model.degree, model.sigma, 1e-9)
    assert np.abs(flat.ridge(x, y)).max() <= 1e-9
    assert np.abs(flat.lasso(x, y)).max() <= 1e-9
    singular = np.linalg.svd(features(x, model.degree), compute_uv=False) if len(x) else np.zeros(0)
    if singular.min(initial=9) > 0.05:  # else tau would have to grow further
        np.testing.assert_allclose(wide.ridge(x, y), wide.least_squares(x, y), atol=1e-5)


@given(cases())
def test_the_posterior_does_not_ask_for_the_order_of_the_points(case):
    x, y, model = case
    for one, other in zip(model.curve(x, y, [-1, 0.2, 1]), model.curve(x[::-1], y[::-1], [-1, 0.2, 1]), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-8 * model.tau)
    assert model.log_evidence(x, y) == pytest.approx(model.log_evidence(x[::-1], y[::-1]), rel=1e-8, abs=1e-6)


@given(cases())
def test_the_coefficients_settled_against_the_prior_are_a_trace(case):
    x, _, model = case
    phi = features(x, model.degree)
    hat = phi @ np.linalg.solve(phi.T @ phi + model.ridge_penalty * np.eye(model.degree + 1), phi.T)
    assert model.effective(x) == pytest.approx(np.trace(hat), rel=1e-4, abs=1e-4)
    assert -1e-12 <= model.effective(x) <= min(len(x), model.degree + 1) + 1e-9


def test_without_points_the_posterior_is_the_prior():
    model, at = Regression(6, 0.3, 0.7), np.linspace(-1, 1, 9)
    mean, sd = model.curve([], [], at)
    assert (mean == 0).all()
    np.testing.assert_allclose(sd, 0.7 * np.sqrt((features(at, 6) ** 2).sum(1)))
    assert model.weights([], [])[1].tolist() == (0.7**2 * np.eye(7)).tolist()
    assert model.least_squares([], []).tolist() == model.lasso([], []).tolist() == [0] * 7
    assert model.log_evidence([], []) == 0


def test_the_band_is_that_of_curves_drawn_from_the_posterior():
    x, y = drawn(3, 9)
    model, at, n = Regression(7, 0.2, 0.6), np.linspace(-1, 1, 11), 40_000
    curves = np.random.default_rng(0).multivariate_normal(*model.weights(x, y), size=n) @ features(at, 7).T
    mean, sd = model.curve(x, y, at)
    assert (np.abs(curves.mean(0) - mean) < 4.5 * sd / math.sqrt(n)).all()
    inside = (np.abs(curves - mean) < 1.959964 * sd).mean(0)
    assert (np.abs(inside - 0.95) < 4.5 * math.sqrt(0.95 * 0.05 / n)).all()


@given(cases())
def test_a_further_point_never_widens_the_band(case):
    x, y, model = case
    at = np.linspace(-1, 1, 21)
    more = model.curve(np.append(x, 0.3), np.append(y, -1.0), at)[1]
    assert (more <= model.curve(x, y, at)[1] * (1 + 1e-6) + 1e-12).all()


# ---- the Laplace prior


def excess(x, y, model, weights):
    """By how much the conditions for a minimum of ½ Σ (y − f)² + λ₁ Σ |w| (Karush, Kuhn, Tucker) are missed."""
    slope = features(x, model.degree).T @ (y - features(x, model.degree) @ weights)
    kept, penalty = weights != 0, math.sqrt(2) * model.sigma**2 / model.tau
    return max(
        np.abs(slope[~kept]).max(initial=0) - penalty,
        np.abs(slope[kept] - penalty * np.sign(weights[kept])).max(initial=0),
    )


@given(cases())
def test_the_lasso_meets_the_conditions_for_a_minimum(case):
    x, y, model = case
    assert excess(x, y, model, model.lasso(x, y)) <= 1e-8


def test_the_conditions_can_be_missed():
    x, y = drawn(3, 9)
    model = Regression(7, 0.2, 0.6)
    weights = model.lasso(x, y)
    assert excess(x, y, model, weights + 1e-6) > 1e-7
    assert excess(x, y, model, model.ridge(x, y)) > 1e-3


@pytest.mark.parametrize(("sigma", "tau"), [(0.2, 0.5), (1, 0.3), (0.1, 2)])
def test_the_lasso_is_that_of_scikit_learn(sigma, tau):
    from sklearn.linear_model import Lasso

    x, y = drawn(4, 14)
    model = Regression(6, sigma, tau)
    library = Lasso(alpha=model.lasso_penalty / len(x), fit_intercept=False, tol=1e-14, max_iter=10**6)
    library.fit(features(x, 6), y)
    np.testing.assert_allclose(model.lasso(x, y), library.coef_, atol=1e-6)
    assert ((model.lasso(x, y) == 0) == (library.coef_ == 0)).all()


def test_both_priors_have_the_variance_tau_squared():
    model = Regression(3, 0.2, 0.8)
    assert stats.laplace(scale=model.laplace_scale).var() == pytest.approx(0.8**2)
    assert stats.norm(scale=model.tau).var() == pytest.approx(0.8**2)


@pytest.mark.parametrize(("prior", "fit"), [("laplace", "lasso"), ("norm", "ridge")])
def test_each_fit_is_the_top_of_its_own_log_posterior(prior, fit):
    x, y = drawn(5, 8)
    model = Regression(3, 0.4, 0.5)
    belief = {"laplace": stats.laplace(scale=model.tau / math.sqrt(2)), "norm": stats.norm(scale=model.tau)}[prior]

    def loss(weights):  # the definition, with no penalty in it
        likelihood = stats.norm(features(x, 3) @ weights, model.sigma).logpdf(y).sum()
        return -likelihood - belief.logpdf(weights).sum()

    weights = getattr(model, fit)(x, y)
    found = optimize.minimize(loss, np.zeros(4), method="Powell", options={"xtol": 1e-9, "ftol": 1e-14})
    assert loss(weights) <= found.fun + 1e-10
    np.testing.assert_allclose(weights, found.x, atol=1e-3)


# ---- evidence


@given(cases())
def test_the_evidence_is_a_gaussian_density_of_all_y_together(case):
    x, y, model = case
    phi = features(x, model.degree)
    covariance = model.sigma**2 * np.eye(len(x)) + model.tau**2 * phi @ phi.T
    expected = stats.multivariate_normal(cov=covariance, allow_singular=False).logpdf(y) if len(x) else 0.0
    assert model.log_evidence(x, y) == pytest.approx(expected, rel=1e-5, abs=1e-4)


def test_the_evidence_is_the_likelihood_averaged_over_the_prior():
    x, y = drawn(6, 4)
    model = Regression(1, 0.5, 0.6)

    level, slope = np.meshgrid(*[np.linspace(-6, 6, 401)] * 2)  # the plain sum is exact for a bell that fits the box
    log_likelihood = stats.norm(level[..., None] + slope[..., None] * x, 0.5).logpdf(y).sum(-1)
    log_prior = stats.norm(scale=0.6).logpdf(slope) + stats.norm(scale=0.6).logpdf(level)
    average = np.exp(log_likelihood + log_prior).sum() * (12 / 400) ** 2
    assert math.exp(model.log_evidence(x, y)) == pytest.approx(average, rel=1e-9)


@given(cases())
def test_the_evidence_is_what_each_point_in_turn_was_expected_with(case):
    x, y, model = case
    total = 0.0
    for i in range(len(x)):
        mean, sd = model.curve(x[:i], y[:i], x[i : i + 1])
        total += stats.norm(mean[0], math.hypot(sd[0], model.sigma)).logpdf(y[i])
    assert model.log_evidence(x, y) == pytest.approx(total, rel=1e-5, abs=1e-4)


# ---- errors


def test_the_error_to_the_truth_is_an_integral():
    weights = np.array([0.1, -0.4, 0.3, 0.2])
    for truth in (np.exp, lambda x: np.sin(9 * x), lambda x: 1 / (1 + 25 * x**2)):
        square = integrate.quad(lambda x, f=truth: (features([x], 3)[0] @ weights - f(x)) ** 2, -1, 1, epsabs=1e-12)
        assert rms_error(weights, truth) == pytest.approx(math.sqrt(square[0] / 2), rel=1e-9)


def test_the_miss_is_the_root_mean_square_of_the_residuals():
    assert rms_miss(np.array([1.0, 2.0]), [0.0, 0.5], [4.0, 2.0]) == pytest.approx(math.sqrt(9 / 2))
    assert polynomial(np.array([0, 0, 1.0]), 0.5) == pytest.approx(2 * 0.5**2 - 1)


def test_leaving_one_out_of_ridge_has_the_closed_form_of_its_leverages():
    x, y = drawn(7, 11)
    model, phi = Regression(5, 0.3, 0.8), features(x, 5)
    hat = phi @ np.linalg.solve(phi.T @ phi + model.ridge_penalty * np.eye(6), phi.T)
    expected = math.sqrt(np.mean(((y - hat @ y) / (1 - np.diag(hat))) ** 2))
    assert rms_left_out(model.ridge, x, y) == pytest.approx(expected)


@pytest.mark.parametrize("fit", ["least_squares", "ridge", "lasso"])
def test_leaving_one_out_is_that_of_scikit_learn(fit):
    from sklearn.linear_model import Lasso, LinearRegression, Ridge
    from sklearn.model_selection import LeaveOneOut, cross_val_score

    x, y = drawn(8, 12)
    model = Regression(4, 0.3, 0.8)
    library = {
        "least_squares": LinearRegression(fit_intercept=False),
        "ridge": Ridge(alpha=model.ridge_penalty, fit_intercept=False),
        "lasso": Lasso(alpha=model.lasso_penalty / 11, fit_intercept=False, tol=1e-13, max_iter=10**6),
    }[fit]
    scores = cross_val_score(library, features(x, 4), y, cv=LeaveOneOut(), scoring="neg_mean_squared_error")
    assert rms_left_out(getattr(model, fit), x, y) == pytest.approx(math.sqrt(-scores.mean()), rel=1e-5)


# ---- what is refused


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Regression(-1, 1, 1), "degree must be a whole number, at least 0, got -1"),
        (lambda: Regression(1.5, 1, 1), "degree must be a whole number"),
        (lambda: Regression(2, 0, 1), "sigma must be positive and finite, got 0"),
        (lambda: Regression(2, 1, math.inf), "tau must be positive and finite, got inf"),
        (lambda: Regression(2, 1, math.nan), "tau must be positive"),
        (lambda: Regression(2, 1, 1).ridge([0.1], [1, 2]), r"must both have shape \(n,\), got \(1,\) and \(2,\)"),
        (lambda: Regression(2, 1, 1).lasso([1.5], [1]), r"x must lie in \[-1, 1\], got 1.5"),
        (lambda: Regression(2, 1, 1).least_squares([math.nan], [1]), "x must lie in"),
        (lambda: Regression(2, 1, 1).log_evidence([0.5], [math.inf]), "y must be finite, got inf"),
        (lambda: rms_left_out(Regression(2, 1, 1).ridge, [0.5], [1]), "at least 2 points, got 1"),
    ],
)
def test_errors_say_what_is_legal_and_what_came(make, says):
    with pytest.raises(ValueError, match=says):
        make()
