"""Shipped weights: tensors as safetensors, and beside them a card that says how they were made and how good they are.

The card has the hash of the weights; it is checked before a byte of them is parsed, and nothing is ever unpickled.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

FOLDER = Path(__file__).parents[1] / "pretrained"
WEIGHTS, CARD = "weights.safetensors", "card.json"


class NoWeights(LookupError):
    """There are no such weights, or not the ones the card speaks of; the message is a sentence for the visitor."""


def save(name: str, tensors: "Mapping[str, Tensor]", card: Mapping[str, Any], *, folder: Path = FOLDER) -> None:
    """Write pretrained/<name>/; the hash of the weights is added to the card.

    Args:
        card: config, command, data and its licence, metrics with units, seconds, device, torch version.
    """
    from safetensors.torch import save as as_bytes

    data = as_bytes({key: tensor.detach().cpu().contiguous() for key, tensor in tensors.items()})
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    (place / WEIGHTS).write_bytes(data)
    text = json.dumps({**card, "sha256": hashlib.sha256(data).hexdigest()}, indent=2, ensure_ascii=False)
    (place / CARD).write_text(text + "\n", encoding="utf-8")


def load(name: str, *, folder: Path = FOLDER) -> "tuple[dict[str, Any], dict[str, Tensor]]":
    """The card and the tensors of pretrained/<name>/.

    Raises:
        NoWeights: They are not there, or they are not those of the card.
    """
    from safetensors.torch import load as from_bytes

    card = read_card(name, folder=folder)
    try:
        data = (folder / name / WEIGHTS).read_bytes()
    except OSError:
        raise NoWeights(f"The weights of {name!r} are missing. `make pretrained` makes them anew.") from None
    if hashlib.sha256(data).hexdigest() != card.get("sha256"):
        raise NoWeights(f"The weights of {name!r} are not those of their card. `make pretrained` makes them anew.")
    return card, from_bytes(data)


def read_card(name: str, *, folder: Path = FOLDER) -> dict[str, Any]:
    """What is said of the weights.

    Raises:
        NoWeights: There are none of that name.
    """
    try:
        return json.loads((folder / name / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = ", ".join(names(folder=folder)) or "none"
        raise NoWeights(f"There are no weights called {name!r}; there are {known}.") from None


def names(*, folder: Path = FOLDER) -> list[str]:
    """Of all shipped weights."""
    return sorted(path.parent.relative_to(folder).as_posix() for path in folder.glob(f"**/{CARD}"))
