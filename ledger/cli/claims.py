"""ledger claim: what people do about one claim; reach, placing, signing and spans have files of their own."""

import sys

import click

from ledger.auth.identity import Permission
from ledger.cli import placing, reach, signing, spans
from ledger.cli.main import FAULTS
from ledger.cli.naming import as_option, claim_of, words_option
from ledger.cli.opening import opened
from ledger.cli.output import say
from ledger.cli.people import acting
from ledger.errors import LedgerError
from ledger.services import claims, renewals
from ledger.services import reach as reach_service
from ledger.services.policies import Policy


@click.group()
def claim() -> None:
    """Claims: whom one reaches, what waits, and what a person does about it.

    A CLAIM is an id, in upper or lower case, or an address with that in it. `ledger show` shows one.

    \b
    Examples:
      ledger claim waiting
      ledger claim place 01a2060b-e223-782a-96f6-dd90419789f1 "424 builders"
      ledger claim renew 01a2060b-e223-782a-96f6-dd90419789f1 --note "The record says 424 too."
      ledger claim withdraw 01a2060b-e223-782a-96f6-dd90419789f1 --reason "The letter was forged." --dry-run
    """


for command in (reach.reach, reach.links, placing.waiting, placing.place, placing.cut, placing.uncut):
    claim.add_command(command)
for command in (signing.propose, signing.sign, signing.send_back, signing.rate, signing.decide):
    claim.add_command(command)
for command in (spans.split, spans.merge):
    claim.add_command(command)


@claim.command()
@click.argument("ids", nargs=-1, required=True, metavar="CLAIM…")
@words_option("--note", "Why it still holds. Readers are told, where they were told otherwise.")
@click.option("--override", is_flag=True, help="Sign alone what the same editor proposed.")
@as_option
def renew(ids: tuple[str, ...], note: str, override: bool, email: str | None) -> int:
    """Sign that the stale verdict of each CLAIM still holds.

    What is signed is the claim as it stands now. Each is done by itself; what can't be is told,
    with why, and the exit code is then 1.
    """
    failed = False
    with opened() as (settings, database):
        policy = Policy(settings.signatures, settings.min_evidence)
        for given in ids:
            try:
                with database.write() as session:
                    by = acting(session, email)
                    found = claim_of(session, given)
                    renewals.renew(
                        session, renewals.settled_of(session, found.id).id, by=by,
                        claim_version=found.version, policy=policy, note=note, override=override,
                    )  # fmt: skip
                    told = f"{found.id}  {found.status}  {found.statement}"
            except LedgerError as refusal:
                failed = True
                click.echo(f"ledger: {given}: {refusal.message}", err=True)
            else:
                say(told)
    return FAULTS if failed else 0


@claim.command()
@click.argument("id", metavar="CLAIM")
@words_option("--reason", "Why: it stands with the correction, for everybody.")
@click.option("--dry-run", is_flag=True, help="Only list whom it reaches.")
@click.option("--yes", is_flag=True, help="Do not ask at a terminal.")
@as_option
def withdraw(id: str, reason: str, dry_run: bool, yes: bool, email: str | None) -> None:
    """Say publicly that CLAIM is not to be relied on any more.

    Lists first whom that reaches: articles, reports, badges, feeds, webhooks. `reopen` takes it back.
    """
    with opened() as (settings, database):
        with database.read() as session:
            acting(session, email).require(Permission.WITHDRAW)
            found = claim_of(session, id)
            reached = reach_service.of(session, found.id, reach.house(settings))
            for line in reach.lines(reached):
                say(line, err=True)
        if dry_run:
            return
        if not yes and sys.stdin.isatty():
            click.confirm("Withdraw it?", abort=True, err=True)
        with database.write() as session:
            version = claim_of(session, id).version
            done = claims.withdraw(session, found.id, by=acting(session, email), version=version, note=reason)
            say(f"Withdrawn: {done.statement}")


@claim.command()
@click.argument("id", metavar="CLAIM")
@as_option
def reopen(id: str, email: str | None) -> None:
    """Take back that CLAIM was withdrawn or dismissed."""
    with opened() as (_, database), database.write() as session:
        found = claim_of(session, id)
        done = claims.reopen(session, found.id, by=acting(session, email), version=found.version)
        say(f"In use again, {done.status}: {done.statement}")
