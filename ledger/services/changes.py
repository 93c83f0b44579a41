"""What every edit has in common: whose version it names, and whether it changed anything."""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ledger.errors import Invalid, Outdated, VersionMissing
from ledger.models import Record
from ledger.models.rows import changed_columns, whole_row


def expect(record: Record, version: int | None) -> None:
    """Raise unless `version` is the one that stands: nobody overwrites what they have not seen."""
    if version is None:
        raise VersionMissing("Say which version you are changing.", field="version")
    if version != record.version:  # type: ignore[attr-defined]
        raise Outdated(
            "Somebody changed this since you opened it.",
            current=whole_row(record),
            version=record.version,  # type: ignore[attr-defined]
        )


@contextmanager
def edit(record: Record) -> Iterator[Callable[[], bool]]:
    """Change `record` inside the block; afterwards the function given tells whether anything changed."""
    yield lambda: bool(changed_columns(record))


def put(record: Record, details: dict[str, Any], **readers: Callable[[Any], Any]) -> None:
    """Set what `details` has of these columns, each read by its reader."""
    for name, read in readers.items():
        if name in details:
            setattr(record, name, read(details[name]))


def text_value(
    value: Any, *, field: str, longest: int, required: bool = False, shortest: int = 1
) -> str | None:
    """A person's words as we store them: NFC, trimmed, no control characters; empty is none."""
    plain = str("" if value is None else value)
    if plain.isprintable() and (plain.isascii() or unicodedata.is_normalized("NFC", plain)):
        # By far the most texts: nothing to take out, and only blanks can be nothing to see.
        return _fitting(plain.strip(), field, longest, required, shortest)
    lines = plain.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    # Taking a character out can bring a letter and an accent together, so composing comes last.
    text = unicodedata.normalize("NFC", kept).strip()
    # Spaces without width and the like leave nothing to see, and so nothing to name a thing by.
    if not any(unicodedata.category(c)[0] not in "ZC" for c in text):
        text = ""
    return _fitting(text, field, longest, required, shortest)


def _fitting(text: str, field: str, longest: int, required: bool, shortest: int) -> str | None:
    if not text:
        if required:
            raise Invalid("This can't be left empty.", field=field)
        return None
    if len(text) > longest:
        raise Invalid(f"Use at most {longest:,} characters; this has {len(text):,}.", field=field)
    if len(text) < shortest:
        raise Invalid(f"Use at least {shortest} characters.", field=field)
    return text


def required_text(value: Any, *, field: str, longest: int, shortest: int = 1) -> str:
    """Like `text_value`, for what can't be left empty."""
    return text_value(value, field=field, longest=longest, required=True, shortest=shortest) or ""


def name_value(value: Any, *, longest: int = 100) -> str:
    """What a person calls a thing: words with one blank between them."""
    return " ".join(required_text(value, field="name", longest=longest).split())


def choice(value: Any, *, field: str, among: Any) -> str:
    """One of the values that are allowed."""
    allowed = [str(one) for one in among]
    if str(value) not in allowed:
        raise Invalid(f"Choose one of: {', '.join(allowed)}.", field=field)
    return str(value)
