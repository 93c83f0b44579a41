"""ledger token: keys for programs."""

import click

from ledger.auth.identity import Permission
from ledger.cli.opening import opened
from ledger.cli.output import when
from ledger.cli.people import acting
from ledger.services import tokens


@click.group()
def token() -> None:
    """Keys for programs.

    \b
    Example:
      TOKEN=$(ledger token create --name "Our site" --scope ledger:read)
    """


@token.command()
@click.option("--name", required=True, help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([str(p) for p in Permission]),
    help="What it may do; repeatable. By default only ledger:read.",
)
@click.option(
    "--days", type=click.IntRange(1, tokens.MAX_DAYS), default=365, show_default=True, help="Until it ends."
)
@click.option("--as", "email", metavar="EMAIL", help="Whose token; by default the first administrator's.")
def create(name: str, scopes: tuple[str, ...], days: int, email: str | None) -> None:
    """Make a token and print it: this once, as only its hash is kept."""
    with opened() as (_, database), database.write() as session:
        who = acting(session, email)
        made, secret = tokens.create(
            session, by=who, name=name, scopes=list(scopes) or [str(Permission.READ)], days=days
        )
    click.echo(f"{who.name}'s token, good until {when(made.expires_at)}:", err=True)
    click.echo(secret)
