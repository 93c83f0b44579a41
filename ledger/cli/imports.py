"""ledger import: others' claims from a file."""

import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

import click

from ledger.cli.main import FAULTS, INTERRUPTED
from ledger.cli.opening import opened
from ledger.cli.output import bar, printable
from ledger.cli.people import acting
from ledger.errors import NotFound
from ledger.imports.entry import Passed, Refused
from ledger.services import imports
from ledger.services.importing import Importing
from ledger.store import desks as desks_store

_SHOWN = 20


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(list(imports.FORMATS)), help="What it is; else its beginning tells."
)
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Of a csv: which column holds what; repeatable. Else the columns' names tell.",
)
@click.option("--dry-run", is_flag=True, help="Change nothing; tell what would come of it.")
@click.option("--desk", metavar="NAME", help="The desk that its articles belong to; else the default one.")
@click.option("--as", "email", metavar="EMAIL", help="In whose name; by default the first administrator's.")
@click.option("--all-refused", is_flag=True, help=f"Show every row that can't be taken, not only {_SHOWN}.")
def import_(
    file: Path,
    form: str | None,
    pairs: tuple[str, ...],
    dry_run: bool,
    desk: str | None,
    email: str | None,
    all_refused: bool,
) -> int:
    """Bring others' claims in: ClaimReviews, feeds, tables, annotations, a ledger's export.

    They come in unchecked; what another publisher found is evidence and no verdict. What is there
    already is left alone, so the same command can be given again, and goes on after an interruption.
    A row that can't be taken is told with the reason, and the others come in; the exit code is then 1.

    \b
    Examples:
      ledger import data.json --dry-run
      ledger import claims.csv --map statement=Claim --map url=Link
      ledger import annotations.json --format hypothesis --desk Health
    """
    mapping = _mapping(pairs)
    with opened() as (_, database):
        with database.read() as session:
            by = acting(session, email)
            desk_id = _desk(session, desk) if desk else None
        with file.open("rb") as opened_file:
            form = form or imports.meant(opened_file)
            tally = _Tally(all_refused)
            importing = Importing(
                database, by=by, name=file.name, desk_id=desk_id, dry_run=dry_run, progress=tally.move
            )
            try:
                _bring_in(importing, opened_file, form, mapping, tally)
            except KeyboardInterrupt:
                tally.tell(importing)
                click.echo("Interrupted. The same command goes on from here.", err=True)
                return INTERRUPTED
        tally.tell(importing)
        return FAULTS if importing.counts.refused else 0


def _mapping(pairs: tuple[str, ...]) -> dict[str, str] | None:
    for pair in pairs:
        if "=" not in pair:
            raise click.UsageError(f"--map {pair}: write FIELD=COLUMN.", click.get_current_context())
    return {pair.partition("=")[0].strip(): pair.partition("=")[2].strip() for pair in pairs} or None


def _desk(session: Any, name: str) -> str:
    found = desks_store.named(session, name)
    if found is None:
        there = ", ".join(desk.name for desk in desks_store.every(session))
        raise NotFound(f"There is no desk called “{name}”. There are: {there}.")
    return found.id


class _Tally:
    """What is told while a file is read, and at the end."""

    def __init__(self, everything: bool) -> None:
        self._most = sys.maxsize if everything else _SHOWN
        self.refused: list[Refused] = []
        self.passed = Passed()
        self._bar: Any = None
        self._file: BinaryIO | None = None
        self._done = 0

    def follow(self, file: BinaryIO, progress: Any) -> None:
        """Move this bar as the file is read."""
        self._file, self._bar = file, progress

    def move(self) -> None:
        """Move the bar to where the file is."""
        if self._file is not None and not self._file.closed:
            here = self._file.tell()
            self._bar.update(max(0, here - self._done))
            self._done = max(here, self._done)

    def refuse(self, refused: Refused) -> None:
        """Note a row that can't be taken."""
        if len(self.refused) < self._most:
            self.refused.append(refused)

    def tell(self, importing: Importing) -> None:
        """The sum of it."""
        counts = importing.counts
        for one in self.refused:
            field = f"{one.field}: " if one.field else ""
            click.echo(printable(f"row {one.row}: {field}{one.reason}  {one.shown}".rstrip()), err=True)
        more = counts.refused - len(self.refused)
        if more:
            click.echo(f"… and {more:,} more; --all-refused shows them.", err=True)
        for what, number in self.passed.counts.items():
            click.echo(f"left out: {number:,} {what}", err=True)
        would = "would come in" if importing.dry_run else "came in"
        click.echo(
            f"{counts.claims:,} claims {would} with {counts.sources:,} sources and {counts.articles:,} "
            f"articles of quoted words; {counts.there:,} there already, {counts.refused:,} refused."
        )


def _bring_in(
    importing: Importing, file: BinaryIO, form: str, mapping: dict[str, str] | None, tally: _Tally
) -> None:
    size = os.fstat(file.fileno()).st_size
    with bar(size, "Bringing in") as progress:
        tally.follow(file, progress)
        for refused in importing.take(imports.entries(file, form, tally.passed, mapping)):
            tally.refuse(refused)
