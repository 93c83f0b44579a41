"""ledger export: the claims as a file."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
from sqlmodel import col

from claims import Kind
from ledger.adapters import blobs
from ledger.cli.main import FAULTS
from ledger.cli.opening import opened
from ledger.cli.output import bar, target
from ledger.cli.people import account_of
from ledger.db import Database
from ledger.errors import Invalid
from ledger.export.claimreview import House
from ledger.export.resuming import Kept
from ledger.models import Claim, Status
from ledger.services import bundles, copies, exports, history
from ledger.services.exports import FORMATS, Wish
from ledger.settings import Settings
from ledger.store import exports as exports_store
from ledger.store.claims import Filters

BUNDLE = "bundle"
WACZ = "wacz"


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
    type=click.Choice([*FORMATS, BUNDLE, WACZ]),
    help="How it is written; else as the file's ending says, else csv.",
)
@click.option("--compress", type=click.Choice(["gzip", "zstd"]), help="Pack it; not xlsx and package.")
@click.option("--resume", is_flag=True, help="Go on where the file broke off; not xlsx and package.")
@click.option("--after", metavar="ID", help="Only claims behind this one, in a file of its own.")
@click.option("--limit", type=click.IntRange(1), help="At most so many claims; tells how to go on.")
@click.option(
    "--status", multiple=True, type=click.Choice([str(s) for s in Status]), help="Only these; repeatable."
)
@click.option(
    "--kind", multiple=True, type=click.Choice([str(k) for k in Kind]), help="Only these; repeatable."
)
@click.option("--article", "article_id", metavar="ID", help="Only claims of this article.")
@click.option("--claim", "claim_id", metavar="ID", help="Only this claim.")
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
    form: Any,
    compress: Any,
    resume: bool,
    after: str | None,
    limit: int | None,
    claim_id: str | None,
    assignee: str | None,
    raw: bool,
    bom: bool,
    **filters: Any,
) -> int:
    """Write the claims into a file, newest first, all of one moment.

    csv and jsonl have a claim a line, xlsx is a workbook, package a zip of CSVs: claims, appearances,
    evidence, verdicts and events, with datapackage.json; claimreview is a DataFeed of the settled claims,
    annotations a collection of Web Annotations, one for each place of a claim; bundle has the signatures
    of the settled claims with all that it takes to check them offline: `ledger verify FILE` does it; wacz
    is a web archive of the copies kept of their evidence, which replayweb.page opens.

    What broke off is gone on with by --resume: csv, jsonl, claimreview and annotations. A workbook or a
    package is taken part by part, each a file of its own: --limit tells the --after of the next.

    \b
    Examples:
      ledger export claims -o claims.csv
      ledger export claims --status supported --status refuted --bom -o settled.csv
      ledger export claims --format package --out claims.zip
      ledger export claims -o claims.jsonl --resume
      ledger export claims -o feed.claimreview.json
      ledger export claims -o first.xlsx --limit 100000
      ledger export claims --article ID -o evidence.wacz
    """
    with opened() as (settings, database):
        if assignee is not None:
            with database.read() as session:
                filters["assignee_id"] = account_of(session, assignee).id
        chosen = Filters(**{"q" if name == "words" else name: value for name, value in filters.items()})
        if claim_id is not None:
            chosen = replace(chosen, where=(col(Claim.id) == claim_id,), below=True)
        form = form or _meant(output)
        if form == BUNDLE:
            _write_bundle(settings, database, chosen, output, limit)
            return 0
        if form == WACZ:
            if compress or resume or after or limit:
                raise Invalid("A web archive is taken whole: no --compress, --resume, --after or --limit.")
            return _write_archive(settings, database, chosen, output)
        house = House(settings.address, settings.publisher_name.strip(), settings.publisher_url.rstrip("/"))
        wish = Wish(form, chosen, raw=raw, bom=bom, after=after, packing=compress, limit=limit, by=house)
        following = _write(database, wish, output, resume)
        if following is not None:
            click.echo(f"Others follow: go on with --after {following}", err=True)
    return 0


def _write(database: Database, wish: Wish, output: Path | None, resume: bool) -> str | None:
    """Write what is wished for; where the next part begins, if this is one."""
    began, number = time.monotonic(), exports.count(database, wish)
    with _file(database, output, wish, resume) as (file, kept):
        if kept.number:
            wish = replace(wish, after=kept.last, had=kept.number)
        written = kept.number

        def tell(more: int) -> None:
            nonlocal written
            written += more
            progress.update(more)

        with bar(number, "Writing", shown=output is not None) as progress:
            progress.update(kept.number)
            taken = exports.taken(database, wish, tell)
            for piece in taken.pieces:
                file.write(piece)
    if output is not None:
        what = wish.kind.member if written == 1 else f"{wish.kind.member}s"
        there = f" {kept.number:,} of them were there, as they stood then." if kept.number else ""
        click.echo(f"{written:,} {what} in {output}, {time.monotonic() - began:.1f} s.{there}", err=True)
    return taken.following


def _write_bundle(
    settings: Settings, database: Database, filters: Filters, output: Path | None, limit: int | None
) -> None:
    """Write the signatures of the settled claims, to be checked offline."""
    settled = replace(filters, where=(*filters.where, col(Claim.verdict_id).is_not(None)))
    with database.read() as session, target(output) as file:
        ids = exports_store.newest(session, settled, limit or 10_000_000)
        with bar(len(ids), "Writing", shown=output is not None) as progress:

            def told() -> Iterator[str]:
                for id in ids:
                    yield id
                    progress.update(1)

            for piece in bundles.document(session, settings, told()):
                file.write(piece)
    if output is not None:
        click.echo(f"{len(ids):,} claims in {output}", err=True)


def _write_archive(settings: Settings, database: Database, filters: Filters, output: Path | None) -> int:
    """Write the copies of the claims' evidence; what is missing is told."""
    with database.read() as session:
        wanted = copies.of_claims(session, filters)
    with target(output) as file:
        for piece in copies.archive(database, blobs.chosen(settings), wanted):
            file.write(piece)
    for url in wanted.missing:
        click.echo(f"ledger: the copy of {url} is missing or damaged.", err=True)
    if output is not None:
        number = len(wanted.copies) - len(wanted.missing)
        click.echo(f"{number:,} {'copy' if number == 1 else 'copies'} in {output}", err=True)
    return FAULTS if wanted.missing else 0


def _meant(output: Path | None) -> Any:
    """The format that a file's ending tells."""
    name = output.name.lower() if output else ""
    if name.endswith(".bundle.json"):
        return BUNDLE
    if name.endswith(copies.ENDING):
        return WACZ
    return next((form for form, kind in FORMATS.items() if name.endswith(kind.ending)), "csv")


@contextmanager
def _file(
    database: Database, output: Path | None, wish: Wish, resume: bool
) -> Iterator[tuple[BinaryIO, Kept]]:
    """Where to write, and what is there already. What can be gone on with stays, whatever happens."""
    if not resume:
        with target(output) as file:
            yield file, Kept()
        return
    if output is None or wish.packing or wish.after or wish.limit:
        raise Invalid("--resume goes on with a whole file that is not packed; name it with --out.")
    if not wish.kind.text:
        raise Invalid(
            f"A file of the format {wish.format} can't be gone on with. Take the claims part by part, each "
            "a file of its own named with --out: --limit, and then --after with the id that it tells."
        )
    with output.open("a+b") as file:
        file.seek(0)
        kept = exports.kept(database, wish.format, file)
        file.truncate(kept.size)
        file.seek(kept.size)
        yield file, kept
