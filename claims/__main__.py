"""python -m claims PATH … → one JSON claim a line, with a progress bar for many."""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from claims import Claim, ClaimsError, read
from claims.detectors import DEFAULT, Detector, detector, names

OK, UNREADABLE, USAGE = 0, 1, 2
SUFFIXES = {".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx"}
"""What is read of a folder."""


def main(arguments: list[str] | None = None) -> int:
    """Print the claims of each file. 0: all were read, 1: one could not be, 2: wrong use."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        finder = detector(asked.detector)
    except ClaimsError as error:
        parser.error(str(error))
    try:
        code = _print_all(finder, list(_files(asked.paths)), asked.floor)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader (`head`, say) has seen enough. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return 130


def _print_all(finder: Detector, files: list[str], floor: float) -> int:
    code = OK
    for name in _with_progress(files):
        try:
            found = finder.find(read(_bytes(name), filename=None if name == "-" else name))
        except BrokenPipeError:
            raise
        except (ClaimsError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            print(f"claims: {name}: {reason}", file=sys.stderr)
            code = UNREADABLE
            continue
        for claim in found:
            if claim.score >= floor:
                print(json.dumps({"file": name, **as_json(claim)}, ensure_ascii=False))
    return code


def as_json(claim: Claim) -> dict[str, Any]:
    """A claim as plain values; spans become `start` and `end`."""
    fields = asdict(claim)
    return {**fields.pop("span"), **fields, "kind": claim.kind.value}


def _files(paths: Iterable[str]) -> Iterator[str]:
    """Each file as it was named, and those of a folder that we can read, by name."""
    for path in paths:
        if path != "-" and Path(path).is_dir():
            yield from sorted(str(p) for p in Path(path).rglob("*") if p.suffix.lower() in SUFFIXES)
        else:
            yield path


def _bytes(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _with_progress(files: list[str]) -> Iterator[str]:
    """The files, with a bar on a terminal that a person watches while the claims go to a file."""
    watched = len(files) > 1 and sys.stderr.isatty() and not sys.stdout.isatty()
    began = time.monotonic()
    for done, name in enumerate(files):
        yield name
        if watched:
            rate = (done + 1) / max(time.monotonic() - began, 1e-9)
            sys.stderr.write("\r\x1b[K" + progress(done + 1, len(files), rate))
            sys.stderr.flush()
    if watched:
        sys.stderr.write("\n")


def progress(done: int, total: int, rate: float) -> str:
    """One line: "[######--------------] 30 of 100 articles, 212 a minute, 20 s left"."""
    filled = 20 * done // total
    left = f", {(total - done) / rate:.0f} s left" if done < total else ""
    return f"[{'#' * filled}{'-' * (20 - filled)}] {done} of {total} articles, {rate * 60:.0f} a minute{left}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m claims",
        description="Find the checkable claims of articles and print one JSON object a line.",
        epilog="Reads plain text, Markdown, HTML, PDF and DOCX. Exit: 0 read, 1 unreadable, 2 wrong use.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or - for standard input")
    parser.add_argument(
        "--floor", type=_share, default=0.5, help="the lowest score shown, 0 to 1 (default 0.5)"
    )
    parser.add_argument(
        "--detector", default=DEFAULT, help=f"who finds them: {', '.join(names())} (default {DEFAULT})"
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
