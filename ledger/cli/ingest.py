"""ledger ingest: articles from files, folders, addresses and standard input."""

import glob
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session

from ledger.adapters import detectors
from ledger.app import make_fetcher
from ledger.cli.main import FAULTS, INTERRUPTED
from ledger.cli.opening import opened
from ledger.cli.output import bar, printable
from ledger.cli.people import acting
from ledger.db import Database
from ledger.errors import LedgerError, NotFound, TooLarge, Unavailable
from ledger.services import articles
from ledger.settings import Settings
from ledger.store import desks

# What is taken from a folder; a file that is named is tried whatever it is called.
SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx"})


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="PATH|URL|-…")
@click.option("--title", help="The headline, instead of the one that is read; for one article.")
@click.option("--publisher", help="Who published them.")
@click.option("--language", help="Language tag, such as en or fr-CA.")
@click.option("--desk", metavar="NAME", help="The desk that they belong to; else the default one.")
@click.option("--as", "email", metavar="EMAIL", help="In whose name; by default the first administrator's.")
def ingest(sources: tuple[str, ...], desk: str | None, email: str | None, **details: str | None) -> int:
    """Bring articles in, and find the claims in them.

    Each source is a file, a folder (all its articles, in folders below it too), a pattern in
    quotes, an address, or - for standard input. Text, Markdown, HTML, PDF and DOCX are read.
    A text that is there already is answered as such, so the same command can simply be given
    again after a fault or an interruption. A source that fails is reported, and the others are
    done; the exit code is then 1.

    \b
    Examples:
      ledger ingest article.txt https://news.example/bridge
      ledger ingest --publisher "The News" archive/
      pandoc draft.odt -t plain | ledger ingest --title "Draft" -
    """
    given = {name: value for name, value in details.items() if value is not None}
    names, missing = _expanded(sources)
    if "title" in given and len(names) > 1:
        raise click.UsageError("--title is for one article; these are several.", click.get_current_context())
    with opened() as (settings, database):
        with database.read() as session:
            acting(session, email)
            if desk is not None:
                given["desk_id"] = _desk(session, desk)
        tally = Tally(quiet=len(names) > 1 and sys.stderr.isatty() and sys.stdout.isatty())
        for name in missing:
            tally.failed(name, "there is no such file or folder")
        try:
            with bar(len(names), "Reading", shown=tally.quiet) as progress:
                for name in names:
                    _bring_in(name, settings, database, email, given, tally)
                    progress.update(1)
        except KeyboardInterrupt:
            tally.tell()
            click.echo("Interrupted. The same command goes on from here.", err=True)
            return INTERRUPTED
        tally.tell()
        return FAULTS if tally.counts["failed"] else 0


def _desk(session: Session, name: str) -> str:
    found = desks.named(session, name)
    if found is None:
        there = ", ".join(desk.name for desk in desks.every(session))
        raise NotFound(f"There is no desk called “{name}”. There are: {there}.")
    return found.id


@dataclass(slots=True)
class Tally:
    """What came of each source: one line for each, unless a bar is shown; faults always."""

    quiet: bool
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def added(self, name: str, added: articles.Added) -> None:
        """An article that is in the ledger now."""
        word = "added" if added.created else "there already"
        self.counts[word] += 1
        self.counts["candidates"] += added.candidates
        if not self.quiet:
            found = f"{added.candidates:>4} candidates" if added.created else "there already  "
            click.echo(f"{added.article.id}  {found}  {printable(name)}")

    def failed(self, name: str, why: str) -> None:
        """A source that could not be taken."""
        self.counts["failed"] += 1
        line = f"failed: {printable(name)}: {printable(why)}"
        if self.quiet:
            self.faults.append(line)
        else:
            click.echo(line, err=True)

    def tell(self) -> None:
        """The sum of it."""
        for line in self.faults:
            click.echo(line, err=True)
        counts = self.counts
        click.echo(
            f"{counts['added']} added with {counts['candidates']} candidates, "
            f"{counts['there already']} there already, {counts['failed']} failed.",
            err=True,
        )


def _bring_in(
    name: str,
    settings: Settings,
    database: Database,
    email: str | None,
    details: dict[str, Any],
    tally: Tally,
) -> None:
    try:
        draft = drafted(name, settings)
        with database.write() as session:
            added = articles.add(session, draft, by=acting(session, email), details=details)
        tally.added(name, added)
    except Unavailable:
        raise
    except LedgerError as error:
        tally.failed(name, error.message)
    except OSError as error:
        tally.failed(name, error.strerror or str(error))
    except Exception as error:  # one bad file must not keep the others out
        if type(error).__module__.startswith("sqlalchemy"):
            raise
        tally.failed(name, f"{type(error).__name__}: {error}")


def drafted(name: str, settings: Settings) -> articles.Draft:
    """What a file, an address or, for `-`, standard input holds, read as an article."""
    limits = detectors.reading(settings)
    if name.startswith(("http://", "https://")):
        return articles.prepare_url(make_fetcher(settings), name, **limits)
    if name == "-":
        data = sys.stdin.buffer.read(settings.max_upload_bytes + 1)
        _check_size(len(data), settings)
        return articles.prepare(data, source="text", **limits)
    path = Path(name)
    _check_size(path.stat().st_size, settings)
    return articles.prepare(path.read_bytes(), filename=path.name, source="file", **limits)


def _check_size(size: int, settings: Settings) -> None:
    if size > settings.max_upload_bytes:
        most = settings.max_upload_bytes
        raise TooLarge(
            f"It has more than {most:,} bytes, the most that is accepted (LEDGER_MAX_UPLOAD_BYTES)."
        )


def _expanded(sources: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The single sources, each once and in order, and those that are not there."""
    names: dict[str, None] = {}
    missing = []
    for source in sources:
        found = list(_found(source))
        if not found and not Path(source).is_dir():
            missing.append(source)
        names.update(dict.fromkeys(found))
    return list(names), missing


def _found(source: str) -> Iterator[str]:
    path = Path(source)
    if source == "-" or source.startswith(("http://", "https://")) or path.is_file():
        yield source
    elif path.is_dir():
        yield from sorted(str(file) for file in path.rglob("*") if _is_article(file, path))
    else:
        for name in sorted(glob.glob(source, recursive=True)):  # noqa: PTH207  (patterns may be absolute)
            yield from _found(name) if name != source else ()


def _is_article(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return not hidden and file.suffix.lower() in SUFFIXES and file.is_file()
