"""One deed on many claims or articles: first what it would do, then all of it at once.

Each record is judged by the same rules as alone. What can't be done, or was changed by somebody since it
was seen, is left as it is and told by name; all else is done in one transaction, with an event each.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from claims.values import dataclass, field, replace
from ledger.auth.identity import Identity, Permission
from ledger.errors import Invalid, LedgerError
from ledger.models import Article, Claim
from ledger.models.rows import changed_columns
from ledger.services import claims, desks, events, labels
from ledger.services.changes import choice, text_value

MOST = 1000
"""How many records one deed may be on."""
CLAIM_DEEDS = ("assign", "take", "lay_down", "accept", "dismiss", "tag", "untag")
ARTICLE_DEEDS = ("due", "tag", "untag", "desk")
SINCE = "Somebody changed it since you looked."
SAME = "It is so already."


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done: `to` is an account or a desk, `tags` what tag and untag are about, `due` a day
    or a time, `zone` the time zone whose day it is."""

    name: str
    to: str | None = None
    tags: Sequence[str] | str = ()
    due: Any = None
    reason: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A record of the deed: what it is called, and, where it is skipped, why."""

    id: str
    name: str
    version: int
    why: str = ""


@dataclass(slots=True)
class Outcome:
    """What a deed does or did: the records that change, and those that do not; `first` and `last` are its
    events, once it is done."""

    changed: list[Line] = field(default_factory=list)
    skipped: list[Line] = field(default_factory=list)
    first: int | None = None
    last: int | None = None

    @property
    def reasons(self) -> list[tuple[str, list[Line]]]:
        """Those skipped, by reason, the most frequent first."""
        found: dict[str, list[Line]] = {}
        for line in self.skipped:
            found.setdefault(line.why, []).append(line)
        return sorted(found.items(), key=lambda pair: -len(pair[1]))


Change = Callable[[Any], str]
"""Changes a record and gives the kind of event that this is; raises what alone would be raised."""


def on_claims(
    session: Session, seen: Mapping[str, int | None], deed: Deed, *, by: Identity, preview: bool = False
) -> Outcome:
    """Do a deed on claims; `seen` gives the version of each that was looked at, None for whatever stands.

    Raises Invalid for a deed that can be done on none, and for too many claims.
    """
    by.require(Permission.CLAIMS)
    change = _claim_change(session, deed, by)
    wording = deed.name in ("tag", "untag")
    return _all(session, Claim, seen, change, by, preview, settle=not wording)


def on_articles(
    session: Session, seen: Mapping[str, int | None], deed: Deed, *, by: Identity, preview: bool = False
) -> Outcome:
    """Do a deed on articles, likewise."""
    by.require(Permission.ARTICLES)
    return _all(session, Article, seen, _article_change(session, deed), by, preview, settle=False)


def _all(
    session: Session,
    model: Any,
    seen: Mapping[str, int | None],
    change: Change,
    by: Identity,
    preview: bool,
    *,
    settle: bool,
) -> Outcome:
    if not seen:
        raise Invalid("Choose at least one.", field="ids")
    if len(seen) > MOST:
        raise Invalid(f"Choose at most {MOST:,} at once; these are {len(seen):,}.", field="ids")
    outcome, changes = Outcome(), []
    for record in _records(session, model, seen):
        told = line(record)
        try:
            kind = _changed(session, record, seen[record.id], change, settle)
        except LedgerError as refusal:
            # What was half set must not be kept with the rest.
            session.expire(record)
            outcome.skipped.append(replace(told, why=refusal.message))
            continue
        outcome.changed.append(told)
        changes.append(events.Change(record, kind))
    if preview:
        session.expire_all()
    elif changes:
        written = events.append_all(session, changes, by=by)
        outcome.first, outcome.last = written[0].seq, written[-1].seq
    return outcome


def _changed(session: Session, record: Any, version: int | None, change: Change, settle: bool) -> str:
    if version is not None and version != record.version:
        raise Invalid(SINCE)
    kind = change(record)
    if not changed_columns(record):
        raise Invalid(SAME)
    if settle:
        claims.settle(session, record)
    return kind


def _records(session: Session, model: Any, ids: Iterable[str]) -> list[Any]:
    """The records in the order in which they were chosen; ids that nobody has are left out."""
    wanted = list(ids)
    found = {one.id: one for one in session.exec(select(model).where(col(model.id).in_(wanted)))}
    return [found[id] for id in wanted if id in found]


def line(record: Any) -> Line:
    """A record by its name and version."""
    name = record.statement if isinstance(record, Claim) else record.title
    return Line(record.id, name, record.version)


def _claim_change(session: Session, deed: Deed, by: Identity) -> Change:
    choice(deed.name, field="action", among=CLAIM_DEEDS)
    if deed.name in ("tag", "untag"):
        return _tagging(deed, "claim.tagged")
    if deed.name == "accept":
        return _kind("claim.accepted", claims.accepting)
    if deed.name == "dismiss":
        reason = text_value(deed.reason, field="reason", longest=1000)
        return _kind("claim.dismissed", lambda claim: claims.dismissing(session, claim, reason))
    if deed.name == "assign" and not deed.to:
        raise Invalid("Choose who is to have them.", field="to")
    wanted = {"take": by.account_id, "lay_down": None}.get(deed.name, deed.to)
    to = claims.taker(session, wanted)
    return _kind(claims.assigned_as(by, to), lambda claim: claims.assigning(claim, by, to))


def _kind(kind: str, change: Callable[[Claim], None]) -> Change:
    def changed(claim: Claim) -> str:
        change(claim)
        return kind

    return changed


def _tagging(deed: Deed, kind: str) -> Change:
    given = set(labels.tags(deed.tags) or ())
    if not given:
        raise Invalid("Write at least one tag.", field="tags")

    def changed(record: Any) -> str:
        now = set(record.tags or ())
        record.tags = labels.tags(now | given if deed.name == "tag" else now - given)
        return kind

    return changed


def _article_change(session: Session, deed: Deed) -> Change:
    choice(deed.name, field="action", among=ARTICLE_DEEDS)
    kind = "article.described"
    if deed.name in ("tag", "untag"):
        return _tagging(deed, kind)
    if deed.name == "due":
        due = labels.due(deed.due, deed.zone)
        return _setting("due_at", due, kind)
    return _setting("desk_id", desks.reference(session, deed.to), kind)


def _setting(column: str, value: Any, kind: str) -> Change:
    def changed(record: Any) -> str:
        setattr(record, column, value)
        return kind

    return changed
