"""ledger scale: which scales there are, and retiring a version of one."""

import click

from ledger.cli.opening import opened
from ledger.cli.output import when
from ledger.cli.people import acting
from ledger.errors import NotFound
from ledger.scales import all_scales
from ledger.services import retirements
from ledger.store import retirements as store


@click.group()
def scale() -> None:
    """Scales: list, retire a version, take it into use again.

    \b
    Example:
      ledger scale retire ledger 1 --reason "Version 2 tells apart more."
    """


@scale.command("list")
def list_() -> None:
    """Show each version of a scale, with how many settled verdicts stand on it."""
    with opened() as (_, database), database.read() as session:
        counts = store.counts(session)
        retired = {
            (one.scale, one.scale_version): one for one in store.every(session) if not one.reinstated_at
        }
    newest = {(one.id, one.version) for one in all_scales().values()}
    for id, version in sorted(newest | set(counts) | set(retired)):
        gone = retired.get((id, version))
        told = f"  retired {when(gone.retired_at)}: {gone.reason}" if gone else ""
        click.echo(f"{id:<20} {version:>3}  {counts.get((id, version), 0):>8,} settled{told}")


@scale.command()
@click.argument("name", metavar="SCALE")
@click.argument("version", type=click.IntRange(1))
@click.option("--reason", required=True, help="Why; shown with each claim that turns stale by it.")
@click.option("--as", "email", metavar="EMAIL", help="Who does it; by default the first administrator.")
def retire(name: str, version: int, reason: str, email: str | None) -> None:
    """Retire a version: no new verdicts on it, and what is settled on it is stale at once."""
    with opened() as (_, database), database.write() as session:
        _, touched = retirements.retire(session, name, version, by=acting(session, email), reason=reason)
    click.echo(f"Retired; {touched:,} claims must be looked at again.")


@scale.command()
@click.argument("name", metavar="SCALE")
@click.argument("version", type=click.IntRange(1))
@click.option("--as", "email", metavar="EMAIL", help="Who does it; by default the first administrator.")
def reinstate(name: str, version: int, email: str | None) -> None:
    """Take a retired version into use again; verdicts that nobody renewed meanwhile hold as before."""
    with opened() as (_, database), database.write() as session:
        standing = store.standing(session, name, version)
        if standing is None:
            raise NotFound(f"{name}, version {version}, is not retired.")
        _, touched = retirements.reinstate(
            session, standing.id, by=acting(session, email), version=standing.version
        )
    click.echo(f"In use again; {touched:,} claims were settled anew.")
