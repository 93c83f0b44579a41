"""ledger jobs: later work."""

import click
from sqlmodel import col, select

from ledger.cli.opening import opened
from ledger.cli.output import say, when
from ledger.jobs.runner import retry as try_again
from ledger.models import Job, JobState
from ledger.store import jobs as store


@click.command()
@click.option("--failed", is_flag=True, help="Only jobs that were given up.")
@click.option("--retry", metavar="ID|all", help="Try a failed job again, or all of them.")
@click.option("-n", "number", type=click.IntRange(1), default=20, show_default=True, help="How many to show.")
def jobs(failed: bool, retry: str | None, number: int) -> None:
    """Show later work, newest first, and try failed jobs again.

    \b
    Example:
      ledger jobs --failed
    """
    with opened() as (_, database):
        if retry is not None:
            with database.write() as session:
                done = try_again(session, None if retry == "all" else retry)
            click.echo(f"{done} to be tried again; a worker takes them up within a second or two.")
            return
        query = select(Job).order_by(col(Job.id).desc()).limit(number)
        if failed:
            query = query.where(col(Job.state) == JobState.FAILED)
        with database.read() as session:
            counts, found = store.counts(session), list(session.exec(query))
    click.echo(
        ", ".join(f"{counts[state]:,} {state}" for state in map(str, JobState) if state in counts)
        or "No jobs."
    )
    for job in found:
        say(
            f"{job.id}  {job.state:<8}{job.name}  {job.attempts} tries, {when(job.finished_at or job.due_at)}"
        )
        if job.error:
            say(f"    {job.error.splitlines()[0]}")
