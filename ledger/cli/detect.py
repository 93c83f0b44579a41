"""ledger detect: looking for articles' claims again, as jobs."""

import logging
import time

import click
import structlog
from sqlmodel import Session

from ledger import clock
from ledger.app import make_parts
from ledger.cli.main import FAULTS, INTERRUPTED
from ledger.cli.opening import opened
from ledger.cli.output import bar, printable, say
from ledger.cli.people import acting
from ledger.jobs.runner import run
from ledger.models import Article, Job, JobState
from ledger.services import detection
from ledger.services.finding import name_of
from ledger.store import articles, jobs, records
from ledger.web.context import Parts

_AT_ONCE = 200
_LOOK_SECONDS = 0.5


@click.command()
@click.argument("ids", nargs=-1, metavar="[ARTICLE]…")
@click.option("--all", "everything", is_flag=True, help="All articles.")
@click.option("--detector", metavar="NAME", help="Another detector than the settings choose.")
@click.option("--again", is_flag=True, help="Also articles that this detector has been through.")
@click.option("--wait", is_flag=True, help="Do the work here, beside any worker, until all is done.")
@click.option("--as", "email", metavar="EMAIL", help="In whose name; by default the first administrator's.")
def detect(
    ids: tuple[str, ...], everything: bool, detector: str | None, again: bool, wait: bool, email: str | None
) -> int:
    """Look for the claims of articles again, each in a job of its own.

    What people or programs have decided stays as it is. A candidate that nobody touched gets the
    new guess, or is dismissed if it is no longer found; new ones are added.

    Jobs are done by the workers, whether this command goes on or not. The same command goes on
    after an interruption: an article that the detector has been through is left out.

    \b
    Examples:
      ledger detect --all --wait
      ledger detect --detector rules 01a2060b-e223-782a-96f6-dd90419789f1
    """
    if bool(ids) == everything:
        raise click.UsageError("Name articles, or say --all.", click.get_current_context())
    with opened() as (settings, database):
        parts = make_parts(settings)
        try:
            name = name_of(parts.detector(detector))
            with database.read() as session:
                chosen = articles.ids(session) if everything else [_known(session, id) for id in ids]
            asked: list[str] = []
            for first in range(0, len(chosen), _AT_ONCE):
                with database.write() as session:
                    some = chosen[first : first + _AT_ONCE]
                    if not again:
                        some = [id for id in some if not _been_through(session, id, name)]
                    by = acting(session, email)
                    asked += [detection.ask(session, id, by=by, detector=detector).id for id in some]
            left_out = len(chosen) - len(asked)
            say(f"{len(asked):,} to be read by {name}, {left_out:,} left out as it has been through them.")
            return _wait(parts, asked) if wait else 0
        finally:
            parts.database.dispose()


def _known(session: Session, id: str) -> str:
    return records.get(session, Article, id).id


def _been_through(session: Session, id: str, name: str) -> bool:
    job = detection.newest(session, id)
    return job is not None and job.state == JobState.DONE and (job.result or {}).get("detector") == name


def _wait(parts: Parts, asked: list[str]) -> int:
    """Do the jobs that no worker has taken, and look on until the others are done too."""
    # What fails is told at the end, in a line each, and not as a log.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    waiting, failed = asked, []
    try:
        with bar(len(asked), "Looking") as progress:
            while waiting:
                for job in _jobs(parts, waiting):
                    if job.due_at <= clock.now():
                        run(parts, job.id)
                ended = [job for job in _jobs(parts, waiting) if job.finished_at is not None]
                failed += [job for job in ended if job.state == JobState.FAILED]
                progress.update(len(ended))
                over = {job.id for job in ended}
                waiting = [id for id in waiting if id not in over]
                time.sleep(_LOOK_SECONDS if waiting else 0)
    except KeyboardInterrupt:
        click.echo("Interrupted. The workers do what is left; the same command goes on waiting.", err=True)
        return INTERRUPTED
    for job in failed:
        click.echo(f"failed: {job.about}: {printable(job.error or '')}", err=True)
    click.echo(f"{len(asked) - len(failed):,} done, {len(failed):,} failed.", err=True)
    return FAULTS if failed else 0


def _jobs(parts: Parts, ids: list[str]) -> list[Job]:
    with parts.database.read() as session:
        return jobs.of(session, ids[:_AT_ONCE])
