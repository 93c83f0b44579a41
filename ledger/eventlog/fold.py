"""What a patch does to rows, and whether one event is what it says it is.

The tables are the fold of the log: apply every patch in log order to nothing, and you have them.
There is this one definition, used to write, to replay and to answer "as of".
"""

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from ledger.eventlog.canonical import MAX_INT, NotCanonical, Patch, leaf_bytes, patch_hash
from ledger.eventlog.tree import leaf_hash

Row: TypeAlias = dict[str, object]
Tables: TypeAlias = MutableMapping[str, dict[str, Row]]
"""{table: {row id: {column: value}}}"""

_UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_NAME = r"[0-9A-Za-z._-]{1,200}"
_DIGEST = "[0-9a-f]{64}"
_TEXTS = {
    "id": (re.compile(_UUID7), "a UUID of version 7 in lower case"),
    "stream": (
        re.compile(
            f"(claim|evidence|article|account|token|capture|desk|comment|saved_view|webhook|gate_policy|ledger):{_NAME}"
        ),
        "a stream such as claim:<id>",
    ),
    "kind": (re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+"), "a kind such as claim.accepted"),
    "at": (
        re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII),
        "a time such as 2026-11-23T00:00:00.123456Z",
    ),
    "actor": (
        re.compile(rf"system|(account|token):{_NAME}|detector:{_NAME}/{_NAME}"),
        "account:<id>, token:<id>, system or detector:<name>/<version>",
    ),
    "patch_hash": (re.compile(f"sha256:{_DIGEST}"), "sha256: and 64 hex digits"),
    "leaf_hash": (re.compile(_DIGEST), "64 hex digits"),
}
FIELDS = frozenset(_TEXTS) | {"seq", "version", "patch", "salt"}
"""The fields of an exported event. `patch` and `salt` are null once redacted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with an event: in which field, and what, in words."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


def apply(tables: Tables, patch: Patch) -> None:
    """Change `tables` in place as `patch` says: a row id that is not there yet is inserted with
    the columns given; of one that is, the columns given are replaced and the others stay.

    No patch removes a row or a column. Values are shared with the patch, not copied: treat them
    as read-only. A redacted event has no patch, so tables folded over one lack what it said.
    """
    for table, rows in patch.items():
        kept = tables.setdefault(table, {})
        for row_id, columns in rows.items():
            kept.setdefault(row_id, {}).update(columns)


def check_event(event: Mapping[str, object]) -> list[Fault]:
    """What is wrong with an exported event on its own, [] if nothing: the shape of every field,
    that patch and salt give the patch hash, and the envelope the leaf hash.

    Whether it stands in the right place is for the whole log to say: see verify.py.
    """
    faults = [Fault(name, "is missing") for name in sorted(FIELDS - event.keys())]
    # A field outside the envelope would look as proved as the rest, and nothing covers it.
    faults += [Fault(str(name), "is no part of an event") for name in event.keys() - FIELDS]
    faults = faults or _shape_faults(event)
    if faults:
        return faults
    patch, salt = event["patch"], event["salt"]
    if isinstance(patch, dict) and isinstance(salt, str):
        try:
            if patch_hash(patch, salt) != event["patch_hash"]:
                faults.append(Fault("patch", "is not the one whose hash was logged, or the salt is not"))
        except NotCanonical as error:
            faults.append(Fault("patch", str(error)))
    if event_leaf(event).hex() != event["leaf_hash"]:
        faults.append(Fault("leaf_hash", "is not the hash of this event"))
    return faults


def event_leaf(event: Mapping[str, object]) -> bytes:
    """The leaf hash, 32 bytes, computed from the envelope and its patch hash. NotCanonical,
    KeyError or TypeError if the fields are not those of an event.
    """
    names = ("id", "stream", "version", "kind", "at", "actor", "patch_hash")
    fields: dict[str, object] = {name: event[name] for name in names}
    return leaf_hash(leaf_bytes(**fields))  # type: ignore[arg-type]  # canonical() checks them


def _shape_faults(event: Mapping[str, object]) -> list[Fault]:
    faults = []
    for name, (form, what) in _TEXTS.items():
        value = event[name]
        if not isinstance(value, str) or not form.fullmatch(value):
            faults.append(Fault(name, f"is not {what}"))
        elif name == "at" and not _is_time(value):
            faults.append(Fault(name, "is a time that does not exist"))
    for name, least in (("seq", 0), ("version", 1)):
        number = event[name]
        # True is an int to Python, but not to anybody else who reads the export.
        if type(number) is not int or not least <= number <= MAX_INT:
            faults.append(Fault(name, f"is not an integer from {least}"))
    if not _is_patch(event["patch"]):
        faults.append(Fault("patch", "is not {table: {row id: {column: value}}}, or null if redacted"))
    salt = event["salt"]
    if salt is not None and not (isinstance(salt, str) and re.fullmatch(_DIGEST, salt)):
        faults.append(Fault("salt", "is not 64 hex digits, or null if redacted"))
    if (event["patch"] is None) != (salt is None):
        faults.append(Fault("salt", "and patch are redacted together or not at all"))
    return faults


def _is_patch(value: object) -> bool:
    return value is None or (
        isinstance(value, dict)
        and all(isinstance(rows, dict) for rows in value.values())
        and all(isinstance(row, dict) for rows in value.values() for row in rows.values())
    )


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
