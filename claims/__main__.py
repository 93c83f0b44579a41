"""python -m claims FILE … → one JSON claim a line."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from claims import Claim, Unreadable, extract, read

OK, UNREADABLE, USAGE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Print the claims of each file. 0: all were read, 1: one could not be, 2: wrong use."""
    asked = _parser().parse_args(arguments)
    code = OK
    try:
        for name in asked.files:
            try:
                data, filename = _bytes(name)
                for claim in extract(read(data, filename=filename), floor=asked.floor):
                    print(json.dumps(as_json(claim), ensure_ascii=False))
            except (Unreadable, OSError) as error:
                reason = error.strerror if isinstance(error, OSError) and error.strerror else error
                if isinstance(error, BrokenPipeError):
                    raise
                print(f"claims: {name}: {reason}", file=sys.stderr)
                code = UNREADABLE
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`head`, say) has seen enough. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return code


def as_json(claim: Claim) -> dict[str, Any]:
    """A claim as plain values; spans become `start` and `end`."""
    fields = asdict(claim)
    return {**fields.pop("span"), **fields, "kind": claim.kind.value}


def _bytes(name: str) -> tuple[bytes, str | None]:
    return (sys.stdin.buffer.read(), None) if name == "-" else (Path(name).read_bytes(), name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m claims",
        description="Find the checkable claims of articles and print one JSON object a line.",
        epilog="Reads plain text, Markdown, HTML, PDF and DOCX. Exit: 0 read, 1 unreadable, 2 wrong use.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, or - for standard input")
    parser.add_argument(
        "--floor", type=_share, default=0.5, help="the lowest score shown, 0 to 1 (default 0.5)"
    )
    return parser


def _share(value: str) -> float:
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{value} is not a number from 0 to 1")
    return share


if __name__ == "__main__":
    sys.exit(main())
