"""The command `python -m playground.pretrain`: lists the recipes, runs one by name, or `all`."""

import argparse
import importlib
import pkgutil
from pathlib import Path

from playground import pretrain


def main(arguments: list[str] | None = None) -> None:
    recipes = sorted(module.name for module in pkgutil.iter_modules(pretrain.__path__) if module.name != "__main__")
    parser = argparse.ArgumentParser(prog="python -m playground.pretrain", description=__doc__)
    parser.add_argument("name", nargs="?", choices=[*recipes, "all"], help="the recipe; without it they are listed")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the training data")
    asked = parser.parse_args(arguments)
    if not recipes:
        print("No lesson ships weights yet, so there is nothing to remake.")
    elif asked.name is None:
        print("Recipes:", *recipes)
    for name in recipes if asked.name == "all" else [asked.name] if asked.name else []:
        importlib.import_module(f"playground.pretrain.{name}").remake(asked.data)


if __name__ == "__main__":
    main()
