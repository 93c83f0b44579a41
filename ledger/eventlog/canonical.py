"""An event's exact bytes: RFC 8785 canonical JSON (JCS), and the hashes over it.

Two parties that hold the same event must hash the same bytes, whatever language, database or
file it came through. So there is one writer (`canonical`), one strict reader (`parse`), and what
would not survive the journey is refused when it is written, not found out when it is checked.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias, cast

import orjson
import rfc8785

FORMAT = "claim-ledger-event/1"
MAX_INT = 2**53 - 1
"""The largest integer that a JSON number carries exactly (RFC 7493, section 2.2)."""
SALT_BYTES = 32

Patch: TypeAlias = Mapping[str, Mapping[str, Mapping[str, object]]]
"""{table: {row id: {column: value}}}"""


class NotCanonical(ValueError):
    """A value that has no exact JSON form; the message names where it stands and what it is."""


def canonical(value: object) -> bytes:
    """The RFC 8785 bytes of a JSON value: None, bool, int, float, str, list, tuple, dict.

    Raises NotCanonical for integers beyond ±(2^53 - 1), NaN and infinities, lone surrogates,
    keys that are not text, any other type, and nesting too deep to write.
    """
    try:
        return rfc8785.dumps(cast("dict[str, None]", value))
    except (ValueError, RecursionError) as error:
        raise NotCanonical(_fault(value) or str(error)) from error


def canonical_plain(value: object) -> bytes:
    """The same bytes, ten times as fast, for a value that has no float in it and only ASCII keys.

    Raises NotCanonical as `canonical` does. The two differ in how floats are written and in the order of
    keys beyond ASCII, which the caller must know are not there.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
    except (TypeError, RecursionError) as error:
        raise NotCanonical(_fault(value) or str(error)) from error


def parse(text: str | bytes) -> object:
    """Read JSON so strictly that nobody can read the same text otherwise.

    Raises NotCanonical for what is not JSON, duplicate keys, NaN, invalid UTF-8, lone surrogates
    and numbers that a double can't hold. An integer beyond 2^53 is read as a float if it is the
    canonical spelling of one: JCS writes 1e20 as 100000000000000000000.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode()
        value: object = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
        # Only an escape can bring in a lone surrogate; it would fail later, and less clearly.
        if "\\u" in text:
            canonical(value)
        return value
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"not JSON in UTF-8: {error}") from error


def patch_hash(patch: Patch, salt: str | bytes) -> str:
    """ "sha256:" and the hex SHA-256 of salt || JCS(patch).

    `salt`: 32 random bytes, or their 64 hex digits as the envelope has them. Without it, whoever
    holds the hash of a redacted text could confirm a guess of its words.
    """
    raw = bytes.fromhex(salt) if isinstance(salt, str) else salt
    if len(raw) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(raw)}")
    return "sha256:" + hashlib.sha256(raw + canonical(patch)).hexdigest()


def leaf_bytes(
    *, id: str, stream: str, version: int, kind: str, at: str, actor: str, patch_hash: str
) -> bytes:
    """What the log commits to: the envelope, with the patch's hash in place of the patch.

    So a patch can be redacted and its leaf still stands. The index is not inside: it is the
    leaf's place in the tree. `at` is text as `timestamp` writes it.
    """
    return canonical_plain(
        {
            "format": FORMAT,
            "id": id,
            "stream": stream,
            "version": version,
            "kind": kind,
            "at": at,
            "actor": actor,
            "patch": patch_hash,
        }
    )


def timestamp(moment: datetime) -> str:
    """UTC as 2026-11-23T00:00:00.123456Z, always with microseconds, so that text order is time
    order. A moment without a time zone raises ValueError: it could mean any hour.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotCanonical("an object has the same key twice")
    return value


def _integer(digits: str) -> int | float:
    if len(digits) <= 22 and abs(value := int(digits)) <= MAX_INT:
        return value
    number = _float(digits)
    if rfc8785.dumps(number) != digits.encode():
        raise NotCanonical(f"the integer {digits[:40]} is beyond ±(2^53 - 1)")
    return number


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise NotCanonical(f"the number {digits[:40]} is too large for a double")
    return number


def _constant(name: str) -> object:
    raise NotCanonical(f"{name} is not a JSON number")


def _fault(value: object, place: str = "the value") -> str:
    """Where `value` has no exact JSON form, and why; "" if that can't be said."""
    try:
        if isinstance(value, dict):
            for key, item in value.items():
                if not isinstance(key, str):
                    return f"{place} has a key that is not text: {key!r}"
                if fault := _fault(key, f"a key of {place}") or _fault(item, f"{place}.{key}"):
                    return fault
        elif isinstance(value, list | tuple):
            for index, item in enumerate(value):
                if fault := _fault(item, f"{place}[{index}]"):
                    return fault
        elif isinstance(value, float) and not math.isfinite(value):
            return f"{place} is {value}, which JSON can't hold"
        elif isinstance(value, int) and abs(value) > MAX_INT:
            return f"{place} is an integer beyond ±(2^53 - 1)"
        elif isinstance(value, str):
            value.encode()
        elif value is not None and not isinstance(value, float | int):
            return f"{place} is a {type(value).__name__}, which JSON can't hold"
    except UnicodeEncodeError:
        return f"{place} contains half of a surrogate pair, which is not a character"
    except RecursionError:
        return "the value is nested too deeply"
    return ""
