"""What can go wrong, in the ledger's own terms; web/problems.py gives each its status.

LedgerError
├── NotFound          there is no such record
├── Forbidden         this person or token may not do that
├── Unauthorized      nobody is signed in
├── Invalid           a value is wrong: `field` says which, the message what would be right
├── Conflict          the record's state does not allow it
│   └── Outdated      somebody changed the record first; `current` shows what stands now
├── VersionMissing    an edit must name the version that it edits
├── TooLarge          more than we accept
├── TooManyRequests   more in a time than we answer
├── Unreadable        bytes that we could not turn into a text
├── FetchFailed       an address that we could not, or would not, fetch
└── Unavailable       something that we need is down
"""

from typing import Any


class LedgerError(Exception):
    """The base of all errors that a user can cause or must be told about."""

    def __init__(self, message: str, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.facts = facts


class NotFound(LedgerError):
    """There is no such record."""


class Forbidden(LedgerError):
    """This person or token may not do that."""


class Unauthorized(LedgerError):
    """Nobody is signed in, or the token is not valid."""


class Invalid(LedgerError):
    """A value is wrong; `field` names it and the message says what would be right."""


class Conflict(LedgerError):
    """The record's state does not allow what was asked."""


class Outdated(Conflict):
    """Somebody changed the record first; the fact `current` holds what stands now."""


class VersionMissing(LedgerError):
    """An edit must name the version that it edits (`If-Match`, or a hidden field of a form)."""


class TooLarge(LedgerError):
    """More than we accept."""


class TooManyRequests(LedgerError):
    """More requests in a time than we answer one asker."""


class Unreadable(LedgerError):
    """Bytes that we could not turn into a text: broken, encrypted, empty or scanned."""


class FetchFailed(LedgerError):
    """An address that we could not, or would not, fetch."""


class Unavailable(LedgerError):
    """Something that we need, the database say, does not answer."""
