"""The rational-quadratic spline: through its knots, with their slopes, and back."""

import pytest
import torch

from playground.flow.splines import inverse_spline, knots, spline

BOUND, BINS = 2.5, 7


@pytest.fixture
def at():
    raw = torch.randn(3 * BINS - 1, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    return knots(1.5 * raw, bound=BOUND)


def test_knots_increase_from_bound_to_bound(at):
    for marks in (at.x, at.y):
        assert marks[0] == -BOUND
        assert marks[-1] == BOUND
        assert (marks.diff() > 0).all()
    assert at.slope[0] == at.slope[-1] == 1


def test_no_output_at_all_is_the_identity():
    at = knots(torch.zeros(3 * BINS - 1, dtype=torch.float64), bound=BOUND)
    x = torch.linspace(-3, 3, 50, dtype=torch.float64)
    y, log_slope = spline(x, at)
    torch.testing.assert_close(y, x, atol=1e-12, rtol=0)
    torch.testing.assert_close(log_slope, torch.zeros_like(x), atol=1e-12, rtol=0)


def test_the_curve_passes_through_its_knots_with_their_slopes(at):
    y, log_slope = spline(at.x[1:-1], at)
    torch.testing.assert_close(y, at.y[1:-1], atol=1e-12, rtol=0)
    torch.testing.assert_close(log_slope.exp(), at.slope[1:-1], atol=1e-10, rtol=0)
    x, log_slope = inverse_spline(at.y[1:-1], at)
    torch.testing.assert_close(x, at.x[1:-1], atol=1e-12, rtol=0)
    torch.testing.assert_close(log_slope.exp(), 1 / at.slope[1:-1], atol=1e-10, rtol=0)


@pytest.mark.parametrize("side", [-1e-9, 1e-9])
def test_neither_the_curve_nor_its_slope_jumps_at_a_knot(at, side):
    for x, y, slope in zip(at.x, at.y, at.slope, strict=True):
        height, log_slope = spline(x + side, at)
        assert height.item() == pytest.approx(y.item(), abs=1e-7)
        assert log_slope.exp().item() == pytest.approx(slope.item(), abs=1e-5)


def test_the_slope_is_that_of_autograd_and_the_inverse_undoes_the_curve(at):
    x = torch.linspace(-3.2, 3.2, 400, dtype=torch.float64).requires_grad_()
    y, log_slope = spline(x, at)
    (slope,) = torch.autograd.grad(y.sum(), x)
    torch.testing.assert_close(log_slope, slope.log(), atol=1e-9, rtol=0)
    back, squeezed = inverse_spline(y.detach(), at)
    torch.testing.assert_close(back, x.detach(), atol=1e-9, rtol=0)
    torch.testing.assert_close(squeezed, -log_slope.detach(), atol=1e-9, rtol=0)


def test_training_sees_no_nan_outside_the_bound():
    raw = torch.randn(3 * BINS - 1, generator=torch.Generator().manual_seed(0)).requires_grad_()
    for curve in (spline, inverse_spline):
        value, log_slope = curve(torch.tensor([-40.0, 0.3, 40.0]), knots(raw, bound=BOUND))
        (gradient,) = torch.autograd.grad((value + log_slope).sum(), raw)
        assert gradient.isfinite().all()


def test_the_spline_of_zuko_is_the_same_curve():
    zuko = pytest.importorskip("zuko", reason="zuko is a bench tool: make bench-tools")
    raw = torch.randn(3 * BINS - 1, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    at = knots(raw, bound=BOUND)
    theirs = zuko.transforms.MonotonicRQSTransform(torch.zeros(BINS), torch.zeros(BINS), torch.zeros(BINS - 1), BOUND)
    theirs.horizontal, theirs.vertical, theirs.derivatives = at.x, at.y, at.slope
    x = torch.linspace(-3, 3, 101, dtype=torch.float64)
    torch.testing.assert_close(spline(x, at)[0], theirs(x), atol=1e-10, rtol=0)
    torch.testing.assert_close(spline(x, at)[1], theirs.log_abs_det_jacobian(x, theirs(x)), atol=1e-10, rtol=0)
