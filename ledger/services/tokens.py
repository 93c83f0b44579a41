"""Tokens: keys for programs, with scopes, an end, and the time of their last use."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from ledger import clock
from ledger.auth import secrets
from ledger.auth.identity import ROLES, Identity, Permission, rights
from ledger.errors import Conflict, Forbidden, Invalid, Unauthorized
from ledger.ids import new_id
from ledger.models import Account, Token, TokenSecret
from ledger.services import events
from ledger.services.changes import required_text
from ledger.store import accounts as store
from ledger.store import records

MAX_DAYS = 3650


def create(
    session: Session, *, by: Identity, name: str, scopes: list[str], days: int = 365
) -> tuple[Token, str]:
    """Make a token for oneself; the secret is given out this once and kept nowhere."""
    account = records.get(session, Account, by.account)
    if not by.actor.startswith("account:"):
        raise Forbidden("A token can't make tokens; sign in on the page.")
    if not 1 <= days <= MAX_DAYS:
        raise Invalid(f"Choose 1 to {MAX_DAYS} days.", field="days")
    secret, now = secrets.new_token(), clock.now()
    token = Token(
        id=new_id(),
        account_id=account.id,
        name=required_text(name, field="name", longest=100),
        scopes=_scopes(scopes, account),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    events.append(session, token, "token.created", by=by, new=[token])
    session.add(TokenSecret(token_id=token.id, sha256=secrets.fingerprint(secret)))
    session.flush()
    return token, secret


def _scopes(scopes: list[str], account: Account) -> list[str]:
    known = {str(permission) for permission in Permission}
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in known]
    if unknown or not wanted:
        raise Invalid(f"Choose from: {', '.join(sorted(known))}.", field="scopes")
    beyond = [scope for scope in wanted if Permission(scope) not in ROLES[account.role]]
    if beyond:
        raise Invalid(f"You may not give what you do not have: {', '.join(beyond)}.", field="scopes")
    return wanted


def revoke(session: Session, id: str, *, by: Identity) -> Token:
    """End a token at once."""
    token = records.get(session, Token, id)
    # Its owner, or the token itself: another key of theirs, leaked perhaps, may not end it.
    if by.actor not in (f"account:{token.account_id}", f"token:{token.id}"):
        by.require(Permission.ACCOUNTS)
    if token.revoked_at is not None:
        raise Conflict("This token was already revoked.")
    token.revoked_at, token.revoked_by = clock.now(), by.account_id
    events.append(session, token, "token.revoked", by=by)
    return token


def identify(session: Session, secret: str) -> tuple[Identity, Token, datetime | None]:
    """Who a token speaks for, and when it was last used. Raises Unauthorized."""
    found = store.with_token(session, secrets.fingerprint(secret))
    if found is None:
        raise Unauthorized("This token is not known.")
    account, token, kept = found
    if token.revoked_at is not None or token.expires_at <= clock.now() or not account.active:
        raise Unauthorized("This token has expired or was revoked.")
    # A token never outlives its owner's rights: a demotion takes effect at once.
    permissions = rights(account.role, token.scopes)
    return Identity(account.id, account.name, permissions, f"token:{token.id}"), token, kept.last_used_at


def as_now(session: Session, before: Identity) -> Identity | None:
    """A program as it may act now; None once its token ended."""
    token = session.get(Token, before.actor.removeprefix("token:"), populate_existing=True)
    if token is None or token.revoked_at is not None or token.expires_at <= clock.now():
        return None
    account = session.get_one(Account, token.account_id, populate_existing=True)
    if not account.active:
        return None
    permissions = rights(account.role, token.scopes)
    return replace(before, permissions=permissions)


def worth_noting(last_used: datetime | None) -> bool:
    """Whether this use should be written down."""
    return clock.now() >= secrets.noted_until(last_used)


def note_use(session: Session, token_id: str) -> None:
    """Write down that a token was used just now."""
    kept = session.get(TokenSecret, token_id)
    if kept is not None:
        kept.last_used_at = clock.now()
        session.flush()
