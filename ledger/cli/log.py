"""ledger verify, checkpoint, events: the log."""

from pathlib import Path

import click

from ledger.cli.main import FAULTS
from ledger.cli.opening import opened
from ledger.cli.output import bar, say, target
from ledger.errors import Invalid
from ledger.eventlog import bundles
from ledger.eventlog.canonical import NotCanonical, parse
from ledger.eventlog.note import encode64
from ledger.services import checkpoints, verification
from ledger.store import events as store

_SHOWN = 200


@click.command()
@click.argument(
    "bundle", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]"
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="CHECKPOINT",
    help="A signed checkpoint that the log must still begin with.",
)
@click.option("--vkey", metavar="KEY", help="The public key of that checkpoint; by default this log's own.")
@click.option(
    "--all", "everything", is_flag=True, help=f"Name every difference, not the first {_SHOWN} only."
)
def verify(bundle: Path | None, against: Path | None, vkey: str | None, everything: bool) -> int:
    """Replay the whole log and compare it with the tables; or check signatures from a FILE.

    With a FILE, a bundle that `ledger export --format bundle` wrote, no ledger is opened: its signatures are
    checked against the texts that were signed, its events against the log's checkpoint.

    Checks each event (its patch, its hash, its place), folds them all, and compares the outcome
    with every table row by row, both ways. Names what differs; the exit code is then 1. Others may
    go on writing. It keeps about as much in memory as the tables have bytes.

    \b
    Example:
      ledger verify --against last-month.checkpoint
      ledger verify claims.bundle.json --vkey "$(cat log.vkey)"
    """
    if bundle is not None:
        return _verify_bundle(bundle, vkey)
    with opened() as (settings, database):
        checkpoint = None
        if against is not None:
            checkpoint = checkpoints.opened(against.read_bytes(), settings, vkey)
        with database.read() as session, bar(verification.work(session), "Checking") as progress:
            report = verification.verify(session, checkpoint=checkpoint, progress=progress.update)
    found = [*map(str, report.faults), *map(str, report.differences)]
    for line in found if everything else found[:_SHOWN]:
        say(line)
    if len(found) > _SHOWN and not everything:
        say(f"… and {len(found) - _SHOWN:,} more; --all names them.")
    say(f"{report.events:,} events in {report.streams:,} streams, {report.rows:,} rows; {_redacted(report)}")
    say(f"root: {encode64(report.root)}")
    if checkpoint is not None and report.sound:
        say(f"checkpoint: {checkpoint.origin} signed the first {checkpoint.size:,} events as they are here")
    if not report.sound:
        faults, differences = len(report.faults), len(report.differences)
        say(f"FAILED: {faults:,} faults in the log, {differences:,} differences to the tables")
        return FAULTS
    say("OK: the tables are what the log says")
    return 0


def _verify_bundle(file: Path, vkey: str | None) -> int:
    try:
        done = bundles.check(parse(file.read_bytes()), vkey)
    except NotCanonical as error:
        raise Invalid(f"{file} is no bundle: {error}.") from None
    for line in bundles.lines(done):
        say(line)
    return 0 if done.sound else FAULTS


def _redacted(report: verification.Report) -> str:
    return f"{report.redacted:,} events are redacted" if report.redacted else "none redacted"


@click.command()
@click.option("--key", is_flag=True, help="Print the log's public key instead.")
def checkpoint(key: bool) -> None:
    """Print a signed checkpoint of the log, to be kept somewhere else.

    Its key is made once and kept in the data folder. Each checkpoint that somebody keeps pins all
    events before it. Refused if the log no longer begins as it was signed last.

    \b
    Example:
      ledger checkpoint > 2026-11-23.checkpoint && ledger checkpoint --key > log.vkey
    """
    with opened() as (settings, database):
        if key:
            click.echo(checkpoints.signer(settings).verifier.vkey)
            return
        with database.read() as session:
            click.echo(checkpoints.sign(session, settings), nl=False)


@click.command()
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, not standard output."
)
def events(output: Path | None) -> None:
    """Write the whole log, one event a line, as docs/eventlog.md describes it.

    Whoever has it can check it without us: python -m ledger.eventlog.verify log.jsonl

    \b
    Example:
      ledger events -o log.jsonl
    """
    import orjson

    with (
        opened() as (_, database),
        database.read() as session,
        target(output) as file,
        bar(store.size(session), "Writing") as progress,
    ):
        for event in store.all_events(session):
            file.write(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))
            progress.update(1)
