"""ledger export: the claims as a file."""

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from claims import Kind
from ledger.cli.opening import opened
from ledger.cli.output import bar, target
from ledger.cli.people import account_of
from ledger.models import Status
from ledger.services import exports, history
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
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, not standard output."
)
@click.option("--format", "form", type=click.Choice(["csv"]), default="csv", show_default=True)
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
    output: Path | None,
    form: str,
    status: tuple[str, ...],
    kind: tuple[str, ...],
    article_id: str | None,
    assignee: str | None,
    words: str | None,
    updated_since: datetime | None,
    worth_from: float | None,
    below: bool,
    raw: bool,
    bom: bool,
) -> None:
    """Write the claims as CSV: one row for each, newest first, all of one moment.

    \b
    Examples:
      ledger export -o claims.csv
      ledger export --status supported --status refuted --bom -o settled.csv
    """
    with opened() as (settings, database):
        person = None
        if assignee is not None:
            with database.read() as session:
                person = account_of(session, assignee).id
        filters = Filters(
            status=status,
            kind=kind,
            article_id=article_id,
            assignee_id=person,
            q=words,
            updated_since=updated_since,
            worth_from=worth_from,
            below=below,
        )
        began, number = time.monotonic(), exports.count(database, filters)
        with target(output) as file, bar(number, "Writing", shown=output is not None) as progress:
            for piece in exports.claims_csv(
                database, filters, base_url=settings.address, raw=raw, bom=bom, progress=progress.update
            ):
                file.write(piece)
        if output is not None:
            click.echo(f"{number:,} claims in {output}, {time.monotonic() - began:.1f} s.", err=True)
