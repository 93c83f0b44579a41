"""ledger export: the claims as a file."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from claims import Kind
from ledger.cli.opening import opened
from ledger.cli.output import bar, target
from ledger.cli.people import account_of
from ledger.db import Database
from ledger.errors import Invalid
from ledger.export.resuming import Kept
from ledger.models import Status
from ledger.services import exports, history
from ledger.services.exports import FORMATS, Wish
from ledger.store.claims import Filters


def _since(_ctx: Any, _parameter: Any, text: str | None) -> datetime | None:
    if text is None:
        return None
    # A bare date means its beginning here: what changed on that day is wanted too.
    if len(text) == len("2026-11-23"):
        history.moment(text)
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
    return history.moment(text)


@click.command()
@click.argument("what", type=click.Choice(["claims"]), default="claims")
@click.option(
    "-o",
    "--output",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file, not standard output.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help="How it is written; else as the file's ending says, else csv.",
)
@click.option("--compress", type=click.Choice(["gzip", "zstd"]), help="Pack csv or jsonl.")
@click.option("--resume", is_flag=True, help="Go on where the file, csv or jsonl, broke off.")
@click.option(
    "--status", multiple=True, type=click.Choice([str(s) for s in Status]), help="Only these; repeatable."
)
@click.option(
    "--kind", multiple=True, type=click.Choice([str(k) for k in Kind]), help="Only these; repeatable."
)
@click.option("--article", "article_id", metavar="ID", help="Only claims of this article.")
@click.option("--assignee", metavar="EMAIL", help="Only claims that this person has.")
@click.option("-q", "words", metavar="WORDS", help="Only claims whose statement contains these words.")
@click.option(
    "--updated-since",
    callback=_since,
    metavar="DATE",
    help="Only claims that changed on that day (UTC) or later.",
)
@click.option(
    "--worth-from", type=click.FloatRange(0, 1), help="Only claims with a guess of this worth or more."
)
@click.option("--below", is_flag=True, help="Also candidates below the threshold of their desk.")
@click.option("--raw", is_flag=True, help="Leave cells that a spreadsheet may take for formulas as they are.")
@click.option("--bom", is_flag=True, help="Put the mark in front by which Excel knows UTF-8.")
def export(
    what: str,
    output: Path | None,
    form: exports.Format | None,
    compress: Any,
    resume: bool,
    assignee: str | None,
    raw: bool,
    bom: bool,
    **filters: Any,
) -> None:
    """Write the claims into a file, newest first, all of one moment.

    csv and jsonl have a claim a line, xlsx is a workbook, package a zip of CSVs: claims, appearances,
    evidence, verdicts and events, with datapackage.json.

    \b
    Examples:
      ledger export claims -o claims.csv
      ledger export claims --status supported --status refuted --bom -o settled.csv
      ledger export claims --format package --out claims.zip
      ledger export claims -o claims.jsonl --resume
    """
    with opened() as (settings, database):
        if assignee is not None:
            with database.read() as session:
                filters["assignee_id"] = account_of(session, assignee).id
        chosen = Filters(**{"q" if name == "words" else name: value for name, value in filters.items()})
        form = form or _meant(output)
        began, number = time.monotonic(), exports.count(database, chosen)
        with _file(database, output, form, compress, resume) as (file, kept):
            wish = Wish(form, chosen, settings.address, raw, bom, kept.last, compress)
            with bar(number, "Writing", shown=output is not None) as progress:
                progress.update(kept.number)
                for piece in exports.taken(database, wish, progress.update).pieces:
                    file.write(piece)
        if output is not None:
            took = f"{number:,} claims in {output}, {time.monotonic() - began:.1f} s."
            there = f" {kept.number:,} of them were there, as they stood then." if kept.number else ""
            click.echo(took + there, err=True)


def _meant(output: Path | None) -> exports.Format:
    """The format that a file's ending tells."""
    ending = output.suffix.lower() if output else ""
    return next((form for form, kind in FORMATS.items() if kind.ending == ending), "csv")


@contextmanager
def _file(
    database: Database, output: Path | None, form: exports.Format, compress: str | None, resume: bool
) -> Iterator[tuple[BinaryIO, Kept]]:
    """Where to write, and what is there already. What can be gone on with stays, whatever happens."""
    if not resume:
        with target(output) as file:
            yield file, Kept()
        return
    if output is None or compress or not FORMATS[form].resumed:
        raise Invalid("Only a csv or jsonl file that is not packed can be gone on with; name it with --out.")
    with output.open("a+b") as file:
        file.seek(0)
        kept = exports.kept(database, form, file)
        file.truncate(kept.size)
        file.seek(kept.size)
        yield file, kept
