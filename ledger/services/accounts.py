"""People: making accounts, roles, passwords, one-time links, signing in and out."""

import re
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from ledger import clock
from ledger.auth import secrets
from ledger.auth.identity import ROLES, SYSTEM, Identity, Permission
from ledger.errors import Conflict, Forbidden, Invalid, Unauthorized
from ledger.ids import new_id
from ledger.models import Account, Credential, Role, SignInLink
from ledger.services import events
from ledger.services.changes import choice, edit, expect, required_text
from ledger.store import accounts as store
from ledger.store import records

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}\Z")


def identity_of(account: Account) -> Identity:
    """A signed-in person."""
    return Identity(account.id, account.name, ROLES[account.role], f"account:{account.id}")


def create(session: Session, *, by: Identity, email: str, name: str, role: str) -> Account:
    """Make an account; its owner signs in by a one-time link and then sets a password."""
    by.require(Permission.ACCOUNTS)
    address = required_text(email, field="email", longest=254).lower()
    if not _EMAIL.match(address):
        raise Invalid("Write an address such as name@example.org.", field="email")
    if store.with_email(session, address) is not None:
        raise Conflict("There is already an account with this address.", field="email")
    account = Account(
        id=new_id(),
        email=address,
        name=required_text(name, field="name", longest=100),
        role=choice(role, field="role", among=Role),
        created_at=clock.now(),
        created_by=by.account_id,
    )
    events.append(session, account, "account.created", by=by, new=[account])
    session.add(
        Credential(account_id=account.id, session_key=secrets.new_session_key(), updated_at=clock.now())
    )
    session.flush()
    return account


def change(
    session: Session, id: str, *, by: Identity, version: int | None, details: dict[str, Any]
) -> Account:
    """Change a person's name, role, or whether they may sign in."""
    # One's own name, as oneself: a program's key, that may only read perhaps, is somebody else.
    if not (by.actor == f"account:{id}" and set(details) <= {"name"}):
        by.require(Permission.ACCOUNTS)
    account = records.get(session, Account, id)
    expect(account, version)
    was_admin = _administers(account)
    with edit(account) as changed:
        if "name" in details:
            account.name = required_text(details["name"], field="name", longest=100)
        if "role" in details:
            account.role = choice(details["role"], field="role", among=Role)
        if "active" in details:
            account.active = bool(details["active"])
    if changed():
        if was_admin and not _administers(account) and store.admins(session) == [account]:
            raise Conflict("There must be one administrator who can sign in.", field="role")
        events.append(session, account, "account.changed", by=by)
        if not account.active:
            sign_out_everywhere(session, account.id)
    return account


def _administers(account: Account) -> bool:
    return account.active and account.role == Role.ADMIN


def set_password(session: Session, id: str, password_hash: str) -> None:
    """Keep the hash of a new password; signs out everywhere else."""
    credential = _credential(session, id)
    credential.password_hash, credential.updated_at = password_hash, clock.now()
    sign_out_everywhere(session, id)


def sign_out_everywhere(session: Session, id: str) -> None:
    """End all of a person's sessions, and the links that could begin one."""
    _credential(session, id).session_key = secrets.new_session_key()
    for link in store.open_links(session, id):
        link.used_at = clock.now()
    session.flush()


def session_key(session: Session, id: str) -> str:
    """What a person's cookie must carry."""
    return _credential(session, id).session_key


def _credential(session: Session, id: str) -> Credential:
    credential = store.credential(session, id)
    if credential is None:
        # A restored or replayed ledger has accounts without their secrets.
        credential = Credential(account_id=id, session_key=secrets.new_session_key(), updated_at=clock.now())
        session.add(credential)
    return credential


def new_link(session: Session, id: str, *, by: Identity, hours: int) -> str:
    """A one-time sign-in link for a person: the secret part of its address."""
    by.require(Permission.ACCOUNTS)
    account = records.get(session, Account, id)
    if not account.active:
        raise Conflict(f"{account.name} may not sign in.")
    secret = secrets.new_link()
    link = SignInLink(
        id=new_id(),
        account_id=id,
        sha256=secrets.fingerprint(secret),
        expires_at=clock.now() + timedelta(hours=hours),
    )
    session.add(link)
    session.flush()
    return secret


def use_link(session: Session, secret: str) -> Account:
    """Sign in by a one-time link, and so use it up."""
    link = store.link(session, secrets.fingerprint(secret))
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise Unauthorized(
            "This sign-in link was used already, or is too old. Ask an administrator for a new one."
        )
    account = records.get(session, Account, link.account_id)
    if not account.active:
        raise Forbidden("This account may not sign in.")
    link.used_at = clock.now()
    session.flush()
    return account


def first_administrator(session: Session) -> Account:
    """The first administrator of an empty ledger, or the one who is there."""
    admins = store.admins(session)
    if admins:
        return admins[0]
    return create(session, by=SYSTEM, email="admin@localhost", name="Administrator", role=Role.ADMIN)
