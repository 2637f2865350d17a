"""What Posterior says where the flips come one by one, in two orders."""

from playground.bernoulli.flips import Flips, Order
from playground.bernoulli.priors import Prior
from playground.bernoulli.words.notation import counted, name, plain


def told(came: int, arranged: int, m: int, last: Prior | None) -> str:
    """One frame of the flips one by one: heads among the first m in either order; at the end the posterior of both."""
    if not m:
        return "Before the first flip both beliefs are the prior."
    if last is not None:
        return f"After all {counted(m)} both beliefs are one: {name(last)}, mean {last.mean():.3f}."
    heads = f"{plain(came)} heads" if came != 1 else "1 head"
    return f"After {counted(m)}: left {heads}, right {plain(arranged)}."


def same_end(prior: Prior, flips: Flips, order: Order, seed: int) -> str:
    """That the order does not matter, with the numbers of the middle and of the end."""
    if not flips.count:
        return "There are no flips to put in another order."
    half = flips.count // 2
    came, arranged = (int(flip[:half].sum()) for flip in (flips.came(seed=seed), flips.arranged(order, seed=seed + 1)))
    unknown = " Only the counts are known, so the left order is a shuffle." if flips.order is None else ""
    one, other = (prior.after(heads, half - heads).mean() for heads in (came, arranged))
    end = prior.after(flips.heads, flips.tails).mean()
    return (
        f"Half-way the means are {one:.3f} and {other:.3f}, at the end both are {end:.3f}: the posterior knows the "
        f"counts, not the order.{unknown}"
    )
