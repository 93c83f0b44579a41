"""What commands print: progress for a person, and texts that can't play tricks on a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from ledger.errors import Conflict


def bar(length: int, label: str, *, shown: bool = True) -> Any:
    """A progress bar on standard error, if that is a terminal."""
    return click.progressbar(
        length=length,
        label=label,
        file=sys.stderr,
        hidden=not (shown and sys.stderr.isatty()),
        update_min_steps=max(1, length // 200),
    )


def say(text: str = "", *, err: bool = False) -> None:
    """Print a line; what the ledger holds must not reach the terminal as control codes."""
    click.echo(printable(text), err=err)


def printable(text: str) -> str:
    """`text` with everything that is no visible character made one."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def when(moment: datetime) -> str:
    """A time for people, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


@contextmanager
def target(path: Path | None, *, replace: bool = True) -> Iterator[BinaryIO]:
    """Where to write: standard output, or a file that appears only once it is whole."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if not replace and path.exists():
        raise Conflict(f"{path} is there already. Choose another name, or say --force.")
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
