"""What was flipped: a sequence as it came, or counts alone; read from what somebody typed."""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

Order = Literal["heads first", "tails first", "shuffled"]

ORDERS: Final[tuple[Order, ...]] = get_args(Order)
MOST: Final = 1_000_000  # flips
LONGEST: Final = 500  # a longer sequence is kept as counts
_COUNTS: Final = re.compile(r"[, ]*([0-9]{1,30}) ?([HT])[, ]*(?:([0-9]{1,30}) ?([HT])[, ]*)?")


@dataclass(frozen=True)
class Flips:
    """Heads and tails, and their order where it is known.

    Attributes:
        order: Such as "HHT"; None where only the counts are known.

    Raises:
        ValueError: A count is negative, the order holds other counts, or there are more flips than `MOST`.
    """

    heads: int = 0
    tails: int = 0
    order: str | None = None

    def __post_init__(self) -> None:
        if self.order is None and 0 in (self.heads, self.tails) and self.count <= LONGEST:
            object.__setattr__(self, "order", "H" * self.heads + "T" * self.tails)  # there is only one
        if min(self.heads, self.tails) < 0:
            raise ValueError(f"heads and tails must be >= 0, got {self.heads} and {self.tails}")
        if self.count > MOST:
            raise ValueError(f"at most {_spaced(MOST)} flips, got {_spaced(self.count)}")
        if self.order is not None and (self.order.count("H"), self.order.count("T")) != (self.heads, self.tails):
            raise ValueError(f"the order {self.order!r} must hold {self.heads} H and {self.tails} T")

    @property
    def count(self) -> int:
        """How many flips."""
        return self.heads + self.tails

    @classmethod
    def parse(cls, text: str) -> "Flips":
        """Flips from text: HHTTH or 1 0 1, with spaces and commas where you like; or counts such as 7H3T.

        Raises:
            ValueError: A symbol that is no flip, naming the first and its position; too many flips.
        """
        upper = text.upper() if text.isascii() else text
        if found := _COUNTS.fullmatch(upper):
            counts = {letter: int(number) for number, letter in (found.group(1, 2), found.group(3, 4)) if letter}
            if found[2] != found[4]:
                return cls(counts.get("H", 0), counts.get("T", 0))
        legal = ""  # letters or digits, whichever comes first
        for position, symbol in enumerate(upper, 1):
            if symbol in ", ":
                continue
            legal = legal or ("HT" if symbol in "HT" else "10")
            if symbol not in legal:
                wanted = "H and T, or 1 and 0, or counts such as 7H3T" if symbol not in "HT10" else " and ".join(legal)
                raise ValueError(f"“{text[position - 1]}” at position {position} is no flip here: write {wanted}")
        return cls.ordered(re.sub("[, ]", "", upper).replace("1", "H").replace("0", "T"))

    @classmethod
    def ordered(cls, order: str) -> "Flips":
        """Flips in the order of the letters H and T, which is dropped where it is longer than `LONGEST`."""
        heads, tails = order.count("H"), order.count("T")
        return cls(heads, tails, order if len(order) <= LONGEST else None)

    def text(self) -> str:
        """What `parse` reads as these flips."""
        return self.order if self.order is not None else f"{self.heads}H{self.tails}T"

    def and_then(self, more: int, *, theta: float, seed: int) -> "Flips":
        """These and `more` flips of a coin with P(heads) = theta, fewer where that would be more than `MOST`.

        Flip i of a seed uses the same luck whatever came before: ten flips at once are ten single ones, and a link to
        the flips before gives the same flips after.
        """
        more = min(more, MOST - self.count)
        stream = np.random.PCG64(seed)
        stream.advance(self.count)  # one draw a flip
        fresh = np.random.Generator(stream).random(more) < theta
        heads = self.heads + int(fresh.sum())
        if self.order is None or self.count + more > LONGEST:
            return Flips(heads, self.count + more - heads)
        return Flips.ordered(self.order + "".join(np.where(fresh, "H", "T").tolist()))

    def came(self, *, seed: int) -> np.ndarray:
        """Heads, as True, in the order in which they came, shape (n,); shuffled where that is not known."""
        if self.order is None:
            return self.arranged("shuffled", seed=seed)
        return np.frombuffer(self.order.encode(), np.uint8) == ord("H")

    def arranged(self, order: Order, *, seed: int) -> np.ndarray:
        """The same flips in another order: heads as True, shape (n,)."""
        heads_first = np.arange(self.count) < self.heads
        if order == "shuffled":
            return np.random.default_rng([seed, 1]).permutation(heads_first)
        return heads_first if order == "heads first" else heads_first[::-1]


def _spaced(count: int) -> str:
    return f"{count:,}".replace(",", " ")
