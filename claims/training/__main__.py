"""Trains the check-worthiness model: python -m claims.training DATA_DIR --base WHEEL_OR_FOLDER"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from claims.encoder import MODELS


def main() -> None:
    options = _parser().parse_args()
    from claims.training import recipe

    try:
        recipe.make(options.data, options.base, options.out, epochs=options.epochs, seed=options.seed)
    except (OSError, ValueError) as error:
        sys.exit(f"claims.training: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m claims.training", description=__doc__)
    parser.add_argument("data", type=Path, help="a folder with ClaimBuster's train.csv and dev.csv")
    parser.add_argument("--base", type=Path, required=True, help="all-MiniLM-L6-v2, a folder or a wheel")
    parser.add_argument("--out", type=Path, default=MODELS / "worth", help="where the model goes")
    parser.add_argument("--epochs", type=int, default=1, help="of each of the two trainings")
    parser.add_argument(
        "--seed", type=int, default=1, help="the same seed gives the same model on one machine"
    )
    return parser


if __name__ == "__main__":
    main()
