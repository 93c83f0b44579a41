"""ledger backup and restore."""

import shutil
import tempfile
from pathlib import Path

import click

from ledger.adapters import blobs
from ledger.cli.main import FAULTS
from ledger.cli.opening import fitting, not_too_new, opened, reach, writable
from ledger.cli.output import bar, say
from ledger.db import Database
from ledger.errors import Conflict
from ledger.migrations import commands as migrations
from ledger.services import backups, verification
from ledger.settings import load


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def backup(file: Path, force: bool) -> int:
    """Write everything to FILE: records, log, accounts, captured files, the log's key.

    Others may go on writing; the backup shows one moment. It is an SQLite file from whichever
    database, and holds password hashes and the log's key: keep it where only you can read it.

    \b
    Example:
      ledger backup /var/backups/ledger-$(date +%F).db
    """
    if file.exists() and not force:
        raise Conflict(f"{file} is there already. Choose another name, or say --force.")
    with (
        opened() as (settings, database),
        tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder,
    ):
        part = Path(folder) / file.name
        outcome = backups.backup(database, blobs.chosen(settings), settings, part)
        part.replace(file)
    click.echo(
        f"{outcome.events:,} events, {outcome.rows:,} rows, {outcome.files:,} captured files in {file}."
    )
    return _missing(outcome)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def restore(file: Path) -> int:
    """Fill an empty ledger from a backup, then verify it.

    The ledger is the one that the settings name, on SQLite or PostgreSQL, whichever the backup
    came from; its schema is made if it has none. One that is not empty is refused, untouched.

    \b
    Example:
      LEDGER_DATABASE_URL=postgresql://ledger@db/ledger ledger restore ledger-2026-11-23.db
    """
    settings = load()
    backups.check_backup(file)
    writable(settings)
    database = Database(settings.database_url)
    try:
        reach(database, settings)
        not_too_new(database)
        if migrations.current(database.engine) is None:
            migrations.upgrade(database.engine)
        fitting(database)
        with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as folder:
            # A copy: an old backup is brought to the newest schema, and the original stays as it is.
            copy = Path(folder) / "copy.db"
            shutil.copyfile(file, copy)
            copy.chmod(0o600)
            store = blobs.chosen(settings)
            with bar(backups.size(copy), "Restoring") as progress:
                outcome = backups.restore(copy, database, store, settings, progress.update)
        click.echo(
            f"{outcome.events:,} events, {outcome.rows:,} rows, {outcome.files:,} captured files restored."
        )
        return _verified(database) or _missing(outcome)
    finally:
        database.dispose()


def _verified(database: Database) -> int:
    with database.read() as session, bar(verification.work(session), "Checking") as progress:
        report = verification.verify(session, progress=progress.update)
    for found in (*report.faults, *report.differences):
        say(str(found))
    if not report.sound:
        click.echo("ledger: what was restored is what the backup has, but log and tables differ.", err=True)
        return FAULTS
    click.echo("OK: the tables are what the log says")
    return 0


def _missing(outcome: backups.Outcome) -> int:
    for name in outcome.missing:
        click.echo(f"ledger: the captured file {name} is missing or damaged.", err=True)
    return FAULTS if outcome.missing else 0
