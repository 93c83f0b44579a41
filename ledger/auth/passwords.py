"""Password hashes: argon2id with the library's recommended cost."""

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from ledger.errors import Invalid

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MIN_LENGTH = 10
MAX_LENGTH = 1000


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _decoy() -> str:
    return _hasher().hash("nobody's password")


def hashed(password: str) -> str:
    """The hash to store. Takes about 50 ms: never call it inside a writing transaction."""
    if len(password) < MIN_LENGTH:
        raise Invalid(f"Use at least {MIN_LENGTH} characters.", field="password")
    if len(password) > MAX_LENGTH:
        raise Invalid(f"Use at most {MAX_LENGTH} characters.", field="password")
    return _hasher().hash(_typed(password))


def _typed(password: str) -> bytes:
    # One keyboard sends é as one character, another as two: both mean the same password.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the right one; takes as long when there is none, to tell nothing."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return _hasher().verify(stored or _decoy(), _typed(password[:MAX_LENGTH])) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False
