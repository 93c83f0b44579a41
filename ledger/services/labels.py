"""What an editor sorts by: tags, and the date by which something is due."""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from ledger.auth.identity import Identity, Permission
from ledger.errors import Invalid
from ledger.models import Claim
from ledger.services import events
from ledger.services.changes import edit, expect
from ledger.store import records

LONGEST = 40
MOST = 20


def tags(given: Iterable[str] | str | None) -> list[str] | None:
    """Tags as they are stored: in lower case, each once, in order; from words between commas too.

    None where there are none. Raises Invalid for one that is too long, and for too many.
    """
    words = given.split(",") if isinstance(given, str) else list(given or ())
    found = sorted({tag for word in words if (tag := _tag(str(word)))})
    if len(found) > MOST:
        raise Invalid(f"Use at most {MOST} tags; these are {len(found)}.", field="tags")
    return found or None


def _tag(word: str) -> str:
    seen = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in word)
    tag = " ".join(unicodedata.normalize("NFC", seen).casefold().split()).lstrip("#")
    if "," in tag or '"' in tag:
        raise Invalid("Leave commas and quotation marks out of tags.", field="tags")
    if tag == "none":
        raise Invalid("“none” is no tag: a search takes it for “without tags”.", field="tags")
    if len(tag) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters for a tag; “{tag[:60]}” has more.", field="tags")
    return tag


def due(given: datetime | str | None, zone: str | None = None) -> datetime | None:
    """When something is due, in UTC. A day means its end in the time zone of that name, else in UTC.

    Raises Invalid for what is neither a day nor a time.
    """
    if given is None or isinstance(given, datetime):
        return _in_reach(given) if given else None
    text = given.strip()
    if not text:
        return None
    try:
        if len(text) <= 10:
            at = datetime.combine(date.fromisoformat(text), time(23, 59, 59), zone_of(zone))
        else:
            at = datetime.fromisoformat(text)
            at = at if at.tzinfo else at.replace(tzinfo=zone_of(zone))
        return _in_reach(at)
    except (ValueError, OverflowError):
        raise Invalid(
            "Write a day such as 2026-12-01, or a time such as 2026-12-01T17:00:00+01:00.", field="due_at"
        ) from None


def _in_reach(at: datetime) -> datetime:
    moment = at.astimezone(UTC)
    if not 2000 <= moment.year <= 2200:
        raise Invalid("Give a day between 2000 and 2200.", field="due_at")
    return moment


def zone_of(name: str | None) -> tzinfo:
    """The time zone of that name; UTC where there is none."""
    try:
        return ZoneInfo(name) if name and name != "UTC" else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def tag(session: Session, id: str, *, by: Identity, version: int | None, given: Iterable[str] | str) -> Claim:
    """Give a claim these tags, and no others."""
    by.require(Permission.CLAIMS)
    claim = records.get(session, Claim, id)
    expect(claim, version)
    with edit(claim) as changed:
        claim.tags = tags(given)
    if changed():
        events.append(session, claim, "claim.tagged", by=by)
    return claim
