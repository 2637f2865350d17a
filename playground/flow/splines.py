"""The monotone rational-quadratic spline: a curve through knots whose slope is known and whose inverse is closed.

Source: Gregory & Delbourgo, IMA J. Numerical Analysis 2:123, 1982; Durkan et al., Neural Spline Flows, 2019,
arXiv:1906.04032, §3.1, equations 4–8.
"""

import math
from typing import Final, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

LEAST_SHARE: Final = 1e-3  # of the interval that a bin takes, across and up
LEAST_SLOPE: Final = 1e-3  # at a knot
_FLAT: Final = math.log(math.expm1(1 - LEAST_SLOPE))  # so that raw slopes of 0 are slopes of 1


class Knots(NamedTuple):
    """Where a spline passes, and how steeply: shape (..., K + 1) each, increasing from -bound to bound."""

    x: Tensor
    y: Tensor
    slope: Tensor


def knots(raw: Tensor, *, bound: float) -> Knots:
    """The knots that a network's outputs stand for; all zeros are the identity.

    Args:
        raw: Shape (..., 3 K - 1): K widths and K heights before their softmax, K - 1 inner slopes before softplus.
        bound: Beyond ±bound the curve is the identity, so its outermost slopes are 1.
    """
    bins = (raw.shape[-1] + 1) // 3
    width, height, slope = raw.split([bins, bins, bins - 1], -1)
    one = torch.ones_like(raw[..., :1])
    slopes = torch.cat([one, LEAST_SLOPE + F.softplus(slope + _FLAT), one], -1)
    return Knots(_marks(width, bound), _marks(height, bound), slopes)


def spline(x: Tensor, at: Knots) -> tuple[Tensor, Tensor]:
    """The curve's height at x, shape (...), and the logarithm of its slope there."""
    inside = (x > at.x[..., 0]) & (x < at.x[..., -1])
    x0, y0, width, height, left, right = _bin(x, at.x, at)
    share = ((x - x0) / width).clamp(0.0, 1.0)  # of the way through the bin
    mean, rest = height / width, share * (1 - share)
    below = mean + (left + right - 2 * mean) * rest
    y = y0 + height * (mean * share**2 + left * rest) / below
    log_slope = 2 * mean.log() + (right * share**2 + 2 * mean * rest + left * (1 - share) ** 2).log() - 2 * below.log()
    return torch.where(inside, y, x), torch.where(inside, log_slope, 0.0)


def inverse_spline(y: Tensor, at: Knots) -> tuple[Tensor, Tensor]:
    """Where the curve has the height y, shape (...), and the logarithm of the inverse curve's slope there."""
    inside = (y > at.y[..., 0]) & (y < at.y[..., -1])
    x0, y0, width, height, left, right = _bin(y, at.y, at)
    mean, up = height / width, (y - y0).clamp(min=0.0)
    bend = left + right - 2 * mean
    # up (mean + bend ξ(1 - ξ)) = height (mean ξ² + left ξ(1 - ξ)) is a ξ² + b ξ + c = 0
    a = height * (mean - left) + up * bend
    b = height * left - up * bend
    c = -mean * up
    share = (2 * c / (-b - (b * b - 4 * a * c).clamp(min=0.0).sqrt())).clamp(0.0, 1.0)
    rest = share * (1 - share)
    below = mean + bend * rest
    log_slope = 2 * below.log() - 2 * mean.log() - (right * share**2 + 2 * mean * rest + left * (1 - share) ** 2).log()
    return torch.where(inside, x0 + share * width, y), torch.where(inside, log_slope, 0.0)


def _marks(raw: Tensor, bound: float) -> Tensor:
    """Increasing marks from -bound to bound, shape (..., K + 1), from K raw lengths."""
    share = LEAST_SHARE + (1 - LEAST_SHARE * raw.shape[-1]) * raw.softmax(-1)
    inner = (2 * share[..., :-1].cumsum(-1) - 1) * bound
    end = torch.full_like(raw[..., :1], bound)
    return torch.cat([-end, inner, end], -1)


def _bin(value: Tensor, marks: Tensor, at: Knots) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Of the bin that holds each value: its corner x0, y0, its width and height, its slopes left and right."""
    k = (value[..., None] >= marks[..., 1:-1]).sum(-1, keepdim=True)  # (..., 1), 0..K-1

    def of(knot: Tensor) -> tuple[Tensor, Tensor]:
        knot = knot.expand(*value.shape, -1)  # one curve for all values, or one for each
        return knot.gather(-1, k)[..., 0], knot.gather(-1, k + 1)[..., 0]

    (x0, x1), (y0, y1), (left, right) = of(at.x), of(at.y), of(at.slope)
    return x0, y0, x1 - x0, y1 - y0, left, right
