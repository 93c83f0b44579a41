"""ledger worker: later work, in a process of its own."""

import os

import click

from ledger.cli.processes import STARTED_BY_UP, stop_with_parent


@click.command()
@click.option(
    "--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Jobs done side by side."
)
def worker(threads: int) -> None:
    """Start a worker: it captures evidence and does what else was promised for later.

    Any number of workers may share a ledger. SIGTERM or Ctrl-C stops it after the jobs under
    way; a job whose worker was killed is done by another one.

    \b
    Example:
      ledger worker --threads 8
    """
    from ledger.app import make_parts
    from ledger.cli.opening import opened, writable
    from ledger.jobs.worker import Worker
    from ledger.settings import load
    from ledger.web.watch import configure_logs

    settings = load()
    writable(settings)
    with opened(settings=settings):
        pass
    if parent := os.environ.get(STARTED_BY_UP):
        stop_with_parent(int(parent))
    configure_logs(settings)
    parts = make_parts(settings)
    Worker(parts, threads=threads).run()
    parts.database.dispose()
