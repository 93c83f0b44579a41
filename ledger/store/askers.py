"""A hot path: whom a token speaks for, read by SQLite's own driver, without the models.

The same as `services.tokens.identify`, which a test holds it to.
"""

import sqlite3
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from ledger import clock
from ledger.auth import secrets
from ledger.auth.identity import Identity, rights

_ASKER = """
SELECT account.id, account.name, account.role, account.active,
    token.id, token.scopes, token.expires_at, token.revoked_at, token_secret.last_used_at
FROM token_secret JOIN token ON token.id = token_secret.token_id JOIN account ON account.id = token.account_id
WHERE token_secret.sha256 = ?
"""


class Asker(NamedTuple):
    """A program with a token; until `plain_until` nothing need be done when it asks, until `ends` it may."""

    who: Identity
    token: str
    ends: datetime
    plain_until: datetime


def asker(connection: sqlite3.Connection, secret: str) -> Asker | None:
    """Whom a token speaks for; None where it is not known, has ended, or speaks for nobody any more."""
    row = connection.execute(_ASKER, (secrets.fingerprint(secret),)).fetchone()
    if row is None:
        return None
    account, name, role, active, token, scopes, expires_at, revoked_at, used = row
    ends = _moment(expires_at)
    if revoked_at is not None or ends <= clock.now() or not active:
        return None
    who = Identity(account, name, rights(role, orjson.loads(scopes)), f"token:{token}")
    return Asker(who, token, ends, min(ends, secrets.noted_until(_moment(used) if used else None)))


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
