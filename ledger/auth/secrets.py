"""Tokens, one-time links and session keys: random words, and the hashes by which we know them again."""

import base64
import hashlib
import secrets
from datetime import UTC, datetime, timedelta

TOKEN_PREFIX = "clt_"  # noqa: S105  (a mark that secret scanners can look for, not a secret)
WEBHOOK_PREFIX = "whsec_"
# Writing the time of each use would make every read a write.
_USE_NOTED_EVERY = timedelta(minutes=10)


def new_token() -> str:
    """A token for a program, shown once."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def new_link() -> str:
    """The secret part of a one-time link."""
    return secrets.token_urlsafe(32)


def new_webhook_secret() -> str:
    """What a webhook's messages are signed with, as Standard Webhooks writes it."""
    return WEBHOOK_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def new_session_key() -> str:
    """What a person's cookies carry; a new one ends all their sessions."""
    return secrets.token_hex(16)


def fingerprint(secret: str) -> str:
    """SHA-256 in hex. The secrets have 256 random bits, so a slow hash would gain nothing."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def noted_until(last_used: datetime | None) -> datetime:
    """Until when no use of a token need be written down."""
    return datetime.min.replace(tzinfo=UTC) if last_used is None else last_used + _USE_NOTED_EVERY
