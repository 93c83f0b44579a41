"""ledger account: people."""

import sys

import click
from sqlmodel import col, select

from ledger.auth import passwords
from ledger.auth.identity import SYSTEM
from ledger.cli.opening import opened
from ledger.cli.output import say
from ledger.cli.people import account_of
from ledger.models import Account, Role
from ledger.services import accounts
from ledger.store import accounts as store


@click.group()
def account() -> None:
    """People: create, list, link, password.

    \b
    Example:
      ledger account create jo@example.org --name "Jo Writer" --role editor
    """


@account.command()
@click.argument("email")
@click.option("--name", help="Name as others see it; by default what stands before the @.")
@click.option("--role", type=click.Choice([str(r) for r in Role]), default="reviewer", show_default=True)
def create(email: str, name: str | None, role: str) -> None:
    """Make an account, and print its one-time link.

    By the link its owner signs in, and then sets a password.
    """
    with opened() as (settings, database), database.write() as session:
        made = accounts.create(
            session, by=SYSTEM, email=email, name=name or email.partition("@")[0], role=role
        )
        secret = accounts.new_link(session, made.id, by=SYSTEM, hours=settings.link_hours)
    _tell(made, settings.address, secret, settings.link_hours)


@account.command("list")
def list_() -> None:
    """Show everybody."""
    with opened() as (_, database), database.read() as session:
        found = list(session.exec(select(Account).order_by(col(Account.id))))
        has_password = {
            a.id
            for a in found
            if (kept := store.credential(session, a.id)) is not None and kept.password_hash
        }
    for one in found:
        notes = [] if one.active else ["may not sign in"]
        notes += [] if one.id in has_password else ["no password yet"]
        note = f"  ({', '.join(notes)})" if notes else ""
        say(f"{one.id}  {one.role:<8}  {one.email}  {one.name}{note}")


@account.command()
@click.argument("email", required=False)
def link(email: str | None) -> None:
    """Print a one-time sign-in link.

    Without EMAIL it is for the first administrator.
    """
    with opened() as (settings, database), database.write() as session:
        found = account_of(session, email)
        secret = accounts.new_link(session, found.id, by=SYSTEM, hours=settings.link_hours)
    _tell(found, settings.address, secret, settings.link_hours)


@account.command()
@click.argument("email")
def password(email: str) -> None:
    """Set a password; signs out everywhere.

    It is asked for, or read from the first line of standard input.
    """
    with opened() as (_, database):
        with database.read() as session:
            found = account_of(session, email)
        if sys.stdin.isatty():
            word = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        else:
            word = sys.stdin.readline().rstrip("\r\n")
        hashed = passwords.hashed(word)
        with database.write() as session:
            accounts.set_password(session, found.id, hashed)
    click.echo(f"The password of {found.email} is set.", err=True)


def _tell(account: Account, address: str, secret: str, hours: int) -> None:
    click.echo(f"{account.name} ({account.role}) signs in once, within {hours} hours, at:", err=True)
    click.echo(f"{address}/sign-in/{secret}")
