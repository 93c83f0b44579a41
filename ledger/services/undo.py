"""Undo: taking one deed back by writing, as new events, what stood before it.

A deed is what one person did in one transaction: a run of events of one actor and one moment. Nothing
leaves the log. What came in by the deed can't leave the tables either: evidence is withdrawn, a claim
dismissed, a proposal superseded, a comment or a saved search removed. The deed's last event is taken
back first, so that each step finds what the deed itself found. Taking an undo back does it again.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from claims.values import dataclass, field
from ledger import clock
from ledger.auth.identity import ROLES, Identity, Permission
from ledger.errors import Conflict, Forbidden, Invalid, NotFound
from ledger.eventlog.fold import Row, apply
from ledger.models import (
    RECORDS,
    Account,
    Appearance,
    Article,
    Claim,
    Comment,
    Event,
    Evidence,
    Quantity,
    Record,
    SavedView,
    Token,
    Triage,
    Verdict,
    VerdictState,
)
from ledger.models.rows import as_held, columns
from ledger.services import anchors, claims, events
from ledger.services.digests import CARRIED
from ledger.store import claims as claims_store
from ledger.store import events as store
from ledger.store import looks, records

MOST = 5000
"""Events that one deed may have to be taken back."""
REASON = "undone"

# What somebody must be allowed to do to take such an event back, by the first word of its kind. What is
# not here stays: accounts, tokens, captures.
_NEEDS = {
    "claim": Permission.CLAIMS,
    "evidence": Permission.EVIDENCE,
    "verdict": Permission.PROPOSE,
    "comment": Permission.CLAIMS,
    "article": Permission.ARTICLES,
    "desk": Permission.DESKS,
    "saved_view": Permission.READ,
}
_SIGNED = "This was signed, and nothing signed is undone: propose another verdict."
_WITHDRAWN = "A withdrawal is public: reopen the claim instead."
_REPORT = "A report is opened and closed by its own button."
_FINAL = {
    "article.report_opened": _REPORT,
    "article.report_closed": _REPORT,
    "verdict.signed": _SIGNED,
    "verdict.overridden": _SIGNED,
    "verdict.superseded": _SIGNED,
    "verdict.decided": _SIGNED,
    "verdict.renewed": _SIGNED,
    "verdict.rated_blind": "Both ratings were shown, and nobody can forget them: sign, or send it back.",
    "claim.withdrawn": _WITHDRAWN,
    "article.added": "An article that came in stays in the ledger.",
    "article.revised": "A text that came in stays: bring the earlier one in again.",
}
# Follows from other columns, or counts changes: nobody's deed.
_DERIVED = {"version", "updated_at", "status", "stale_since", "stale_reasons", "edited_at"}
# The column that says whether a record that came in is still in use.
_MARKS: dict[str, str] = {
    "claim": "triage",
    "evidence": "withdrawn_at",
    "verdict": "state",
    "comment": "removed_at",
    "saved_view": "removed_at",
}
_PARTS = {"appearance", "quantity"}
# What puts a part elsewhere: only one that was left alone since can be put back.
_MOVING = {
    ("evidence", "claim_id"),
    *(("appearance", column) for column in ("claim_id", "revision_id", "start", "end", "exact")),
}
_NAMES = {
    "statement": "the statement",
    "kind": "the kind",
    "claimant": "the claimant",
    "assignee_id": "who has it",
    "triage": "whether it is in use",
    "stance": "the stance",
    "quote": "the quote",
    "tags": "the tags",
    "due_at": "the date that it is due",
    "desk_id": "the desk",
    "title": "the title",
    "text": "the words",
    "start": "the words that it stands on",
    "end": "the words that it stands on",
}
Cell = tuple[str, str, str]
"""Table, row id, column."""
Patch = dict[str, dict[str, Row]]
Tables = dict[str, dict[str, Row]]


@dataclass(frozen=True, slots=True)
class Undone:
    """What was written: events `first` to `last` took the deed back, and may be taken back themselves."""

    first: int
    last: int
    claims: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)


def offered(written: Iterable[events.Written]) -> bool:
    """Whether events just written make a deed that their writer may want back."""
    known = [one for one in written if not one.kind.startswith("capture.")]
    return bool(known) and all(
        one.kind.split(".")[0] in _NEEDS
        and one.kind not in _FINAL
        and one.actor.startswith(("account:", "token:"))
        for one in known
    )


def undo(session: Session, first: int, last: int, *, by: Identity) -> Undone:
    """Take back events `first` to `last` of the log: one whole deed.

    Raises Conflict where something of it was signed, or does not stand any more, and says who changed what.
    """
    deed = _deed(session, first, last)
    _require(session, deed, by)
    past = _Past(session, deed)
    past.refuse_changed(by)
    done = _write_back(session, deed, past, by)
    _look_for_quotes(session, done)
    return Undone(
        done[0].seq,
        done[-1].seq,
        _ids(done, "claim") + _claims_of_comments(session, done),
        _ids(done, "article"),
    )


def latest(
    session: Session, *, by: Identity, claim_id: str | None = None, article_id: str | None = None
) -> tuple[int, int] | None:
    """What this person did last on a claim, or in an article and on its claims, and has not undone yet."""
    actors = {by.actor, f"account:{by.account_id}"}
    streams = store.streams_about(claim_id=claim_id, article_id=article_id)
    seen: set[int] = set()
    for event in store.newest_by(session, actors, streams, limit=100):
        # An article that came in stays: before that there is nothing.
        if event.kind == "article.added":
            continue
        if event.seq in seen or event.kind.endswith(".undone") or event.kind.split(".")[0] not in _NEEDS:
            continue
        first, last = store.deed_around(session, event)
        seen.update(range(first, last + 1))
        if last - first >= MOST or not _Past(session, store.between(session, first, last)).was_undone():
            return first, last
    return None


def undo_latest(
    session: Session, *, by: Identity, claim_id: str | None = None, article_id: str | None = None
) -> Undone:
    """Take back what this person did last there. Raises Conflict where there is nothing of theirs."""
    span = latest(session, by=by, claim_id=claim_id, article_id=article_id)
    if span is None:
        raise Conflict("There is nothing of yours to undo here.")
    return undo(session, *span, by=by)


def _deed(session: Session, first: int, last: int) -> list[Event]:
    """The deed's events, captures left out: a capture asked for is kept whatever becomes of its evidence."""
    if not 0 <= first <= last:
        raise Invalid("Name the first and the last event of a deed.", field="first")
    if last - first >= MOST:
        raise Conflict(f"This is too much to undo at once: more than {MOST:,} events.")
    found = store.between(session, first, last)
    if len(found) != last - first + 1:
        raise NotFound("The log has no such events.")
    if any(event.actor != found[0].actor for event in found):
        raise Conflict("These events are not one deed: several people or programs wrote them.")
    if (
        store.deed_around(session, found[0])[0] != first
        or store.deed_around(session, found[-1])[1] != last
        or any(event.at != found[0].at for event in found)
    ):
        raise Conflict("These events are not one deed: name all that was written at once, and nothing else.")
    deed = [event for event in found if not event.kind.startswith("capture.")]
    for event in deed:
        if event.kind in _FINAL:
            raise Conflict(_FINAL[event.kind])
        if event.kind == "claim.reopened" and _wrote(event, "claim", "withdrawn_at"):
            raise Conflict("A withdrawal was taken back by this: withdraw the claim anew, with a note.")
        if event.kind.split(".")[0] not in _NEEDS:
            raise Conflict("This can't be undone.")
        if event.patch is None:
            raise Conflict("What was written is no longer in the log, so it can't be undone.")
    if not deed:
        raise Conflict("There is nothing to undo in this.")
    return deed


def _wrote(event: Event, table: str, column: str) -> bool:
    return any(column in row for row in (event.patch or {}).get(table, {}).values())


def _require(session: Session, deed: Sequence[Event], by: Identity) -> None:
    for event in deed:
        by.require(_NEEDS[event.kind.split(".")[0]])
    owner = _person(session, deed[0].actor)
    if owner is None:
        raise Conflict("This is no person's deed; change it by hand.")
    if owner == by.account_id:
        return
    if any(event.kind.startswith("saved_view.") for event in deed) or not by.may(Permission.OVERRIDE):
        raise Forbidden(f"{_name(session, deed[0].actor)} did this; they or an editor can undo it.")


class _Past:
    """What stood before each event of a deed, and who wrote each cell since and was not undone."""

    def __init__(self, session: Session, deed: Sequence[Event]) -> None:
        self._session = session
        self._deed = deed
        self._own = {event.seq for event in deed}
        self.before: dict[int, dict[str, dict[str, Row | None]]] = {}
        self.created: dict[tuple[str, str], Event] = {}
        self._writers: dict[Cell, list[Event]] = {}
        self._undos: dict[Cell, list[Event]] = {}
        self._cells: dict[int, list[Cell]] = {}
        self._later: list[Event] = []
        self._moved: dict[tuple[str, str], Row] = {}
        tables = self._tables = dict[str, dict[str, Row]]()
        for event in store.of_streams(session, _streams(deed)):
            if event.patch is None:
                raise Conflict("Part of this history is no longer in the log, so it can't be undone.")
            if event.seq in self._own:
                self._note(event, tables)
            elif event.seq > deed[-1].seq:
                self._later.append(event)
            patch = _with_empty(event.patch, tables)
            cells = list(_changed(patch, tables))
            self._cells[event.seq] = cells
            self._write(event, cells)
            apply(tables, patch)
            if event.seq in self._own:
                moved = {(table, id) for table, id, column in cells if (table, column) in _MOVING}
                # What came in by the deed goes out of use, wherever it is.
                moved -= self.created.keys()
                self._moved |= {(table, id): dict(tables[table][id]) for table, id in moved}

    def _note(self, event: Event, tables: dict[str, dict[str, Row]]) -> None:
        before: dict[str, dict[str, Row | None]] = {
            table: {id: _copy(tables, table, id) for id in rows}
            for table, rows in (event.patch or {}).items()
        }
        self.before[event.seq] = before
        # A row that comes in is written whole, with its id; one that comes from another claim was there.
        self.created |= {
            (table, id): event
            for table, rows in (event.patch or {}).items()
            for id, row in rows.items()
            if "id" in row and before[table][id] is None
        }

    def _write(self, event: Event, cells: Iterable[Cell]) -> None:
        for cell in cells:
            writers, undos = self._writers.setdefault(cell, []), self._undos.setdefault(cell, [])
            if _is_undo(event):
                # Only what was written last can be undone: the writer before it counts again.
                del writers[-1:]
                undos.append(event)
                continue
            if event.kind.endswith(".redone"):
                del undos[-1:]
            else:
                undos.clear()
            writers.append(event)

    def _effects(self) -> Iterable[tuple[str, list[Event], Event | None]]:
        """The columns whose values the deed decided, each with the events that count among its like, the
        last one last, and who wrote it last."""
        for event in self._deed:
            for cell in self._cells[event.seq]:
                table, id, column = cell
                if (table, id) not in self.created or _MARKS.get(table) == column:
                    writers = self._writers[cell]
                    count = self._undos[cell] if _is_undo(event) else writers
                    yield column, count, writers[-1] if writers else None

    def was_undone(self) -> bool:
        """Whether something of it does not count any more."""
        return any(not any(e.seq in self._own for e in count) for _, count, _ in self._effects())

    def refuse_changed(self, by: Identity) -> None:
        """Raise Conflict where what the deed wrote does not stand any more."""
        for column, count, writer in self._effects():
            if count and count[-1].seq in self._own:
                continue
            if writer is None or writer.seq < self._deed[0].seq or writer.kind.endswith(".redone"):
                raise Conflict("This was undone already.")
            if writer.kind in _FINAL:
                raise Conflict(_FINAL[writer.kind])
            self._refuse(writer, by, _NAMES.get(column, "it"))
        for (table, id), row in self._moved.items():
            # Offsets count in one text; and the history of a claim that gets a part back tells nothing of
            # what became of it elsewhere.
            if any(self._tables[table][id].get(name) != row[name] for name in row.keys() - {"version"}):
                raise Conflict("What this moved changed since, so this can't be undone.")
        for (table, id, _), writers in self._writers.items():
            # What this person or a machine wrote into it goes out of use with it.
            if (table, id) in self.created and writers:
                whose = _person(self._session, writers[-1].actor)
                if whose not in (None, by.account_id, _person(self._session, self._deed[0].actor)):
                    self._refuse(writers[-1], by, "it")

    def _refuse(self, writer: Event, by: Identity, what: str) -> None:
        mine = _person(self._session, writer.actor) == by.account_id
        who = "You" if mine else _name(self._session, writer.actor)
        raise Conflict(f"{who} changed {what} since ({_deed_words(writer)}), so this can't be undone.")

    def signed_since(self, claim_id: str) -> bool:
        """Whether somebody signed a verdict of that claim after the deed."""
        return any(
            event.stream == f"claim:{claim_id}" and _FINAL.get(event.kind) == _SIGNED for event in self._later
        )


def _streams(deed: Sequence[Event]) -> set[str]:
    """Where the history of the deed's rows stands: a comment that a merge moved has a stream of its own."""
    moved = {f"comment:{id}" for event in deed for id in (event.patch or {}).get("comment", {})}
    return {event.stream for event in deed} | moved


def _is_undo(event: Event) -> bool:
    return event.kind.endswith(".undone")


def _copy(tables: dict[str, dict[str, Row]], table: str, id: str) -> Row | None:
    row = tables.get(table, {}).get(id)
    return None if row is None else dict(row)


def _with_empty(patch: Patch, tables: Tables) -> Patch:
    """A patch in which rows that come in have all columns: those of which nothing was said are empty."""
    return {
        table: {
            id: {**_empty(table), **row} if "id" in row and id not in tables.get(table, {}) else row
            for id, row in rows.items()
        }
        for table, rows in patch.items()
    }


@cache
def _empty(table: str) -> Row:
    return {column.key: None for column in columns(RECORDS[table])}


def _changed(patch: Patch, tables: Tables) -> Iterable[Cell]:
    """The cells to which a patch gives another value than stood there."""
    for table, rows in patch.items():
        for id, row in rows.items():
            stood = tables.get(table, {}).get(id, {})
            for column, value in row.items():
                if column not in _DERIVED and (column not in stood or stood[column] != value):
                    yield table, id, column


def _write_back(session: Session, deed: Sequence[Event], past: _Past, by: Identity) -> list[Event]:
    done: list[Event] = []
    batch: list[events.Change] = []
    try:
        for event in reversed(deed):
            if any(events.stream_of(change.root) == event.stream for change in batch):
                # One record's steps follow each other; only different records go together.
                done += _log(session, batch, past, by)
                batch = []
            batch.append(_back(session, event, past, by))
        return done + _log(session, batch, past, by)
    except IntegrityError:
        raise Conflict("Something that came in since stands in the way, so this can't be undone.") from None


def _log(session: Session, batch: list[events.Change], past: _Past, by: Identity) -> list[Event]:
    # Only now, as one claim may have got back what another gave it.
    for change in batch:
        if isinstance(change.root, Claim):
            _settle(session, change.root, past)
        for record in change.also:
            if isinstance(record, Appearance):
                _refuse_place(session, record)
            elif isinstance(record, Evidence):
                _refuse_unseen(record)
    return events.append_all(session, batch, by=by)


def _refuse_place(session: Session, place: Appearance) -> None:
    if claims_store.in_use_at(session, place):
        raise Conflict("There is another claim on exactly these words since, so this can't be undone.")
    if place.fate in CARRIED and place.revision_id != session.get_one(Article, place.article_id).revision_id:
        raise Conflict("The article has a newer text since, so this can't be undone.")


def _refuse_unseen(piece: Evidence) -> None:
    seen, changed = piece.seen_at, piece.condition_at
    if seen is not None and (changed is None or seen < changed):
        raise Conflict("The source is otherwise since then, and nobody looked at that: look at it again.")


def _back(session: Session, event: Event, past: _Past, by: Identity) -> events.Change:
    """Write back what stood before one event; the change is still to be logged."""
    table, _, id = event.stream.partition(":")
    root = records.get(session, RECORDS[table], id)
    changed: list[Record] = []
    for name, rows in past.before[event.seq].items():
        for row_id, before in rows.items():
            record = root if (name, row_id) == (table, id) else session.get_one(RECORDS[name], row_id)
            if past.created.get((name, row_id)) is not event:
                _restore(record, before or {}, (event.patch or {})[name][row_id])
                changed.append(record)
            elif _take_out(record, event, past, by):
                changed.append(record)
    noun, _, verb = event.kind.partition(".")
    also = [record for record in changed if record is not root]
    return events.Change(root, f"{noun}.{'redone' if verb == 'undone' else 'undone'}", also=also)


def _restore(record: Record, before: Row, patched: Row) -> None:
    for column in columns(type(record)):
        if column.key in patched and column.key not in ("version", "updated_at"):
            # A column that came in later is not in a row that was written whole before.
            if column.key not in before and "id" not in before:
                raise Conflict("What stood before is not in this history, so this can't be undone.")
            if column.key in before and before[column.key] == patched[column.key]:
                # A merge writes rows whole: what it did not change may be otherwise since.
                continue
            setattr(record, column.key, as_held(column, before.get(column.key)))


def _take_out(record: Record, event: Event, past: _Past, by: Identity) -> bool:
    """Put a record that the deed brought out of use; False for what goes with its claim."""
    if isinstance(record, Claim):
        record.triage, record.dismissed_reason, record.assignee_id = Triage.DISMISSED, REASON, None
    elif isinstance(record, Evidence):
        record.withdrawn_at, record.withdrawn_by, record.withdrawn_reason = clock.now(), by.account, REASON
    elif isinstance(record, Verdict):
        record.state = VerdictState.SUPERSEDED
    elif isinstance(record, Comment | SavedView):
        record.removed_at = clock.now()
    elif isinstance(record, Quantity) and past.created.get(("claim", record.claim_id)) is not event:
        record.gone_at = clock.now()
        return True
    elif record.__tablename__ not in _PARTS or past.created.get(("claim", record.claim_id)) is not event:  # type: ignore[attr-defined]
        raise Conflict("What came in by this stays, so it can't be undone.")
    return record.__tablename__ not in _PARTS


def _settle(session: Session, claim: Claim, past: _Past) -> None:
    if claim.withdrawn_at is not None:
        raise Conflict("This claim is withdrawn; reopen it first.")
    if claim.assignee_id is not None:
        person = records.get(session, Account, claim.assignee_id)
        if not person.active or Permission.CLAIMS not in ROLES[person.role]:
            raise Conflict(f"{person.name} had this claim, and can't take claims any more.")
    _refuse_impossible(session, claim)
    was_stale = claim.stale_since is not None
    claims.settle(session, claim)
    if claim.stale_since is not None and not was_stale and past.signed_since(claim.id):
        raise Conflict(_SIGNED)


def _refuse_impossible(session: Session, claim: Claim) -> None:
    """Raise Conflict where the claim would be in a state that no deed leads to."""
    given = claims_store.verdicts(session, claim.id)
    if sum(verdict.state == VerdictState.PROPOSED for verdict in given) > 1:
        raise Conflict("Another verdict was proposed since, so this can't be undone.")
    if claim.triage == Triage.ACCEPTED:
        return
    if claim.assignee_id is not None:
        raise Conflict("Somebody took the claim since, so this can't be undone.")
    if claims.judged(session, claim):
        raise Conflict("The claim has a verdict since, so this can't be undone.")
    pieces = claims.own(session, claim, Evidence, claims_store.evidence(session, claim.id))
    if claim.triage == Triage.CANDIDATE and any(piece.withdrawn_at is None for piece in pieces):
        raise Conflict("The claim has evidence since, so this can't be undone.")


def _look_for_quotes(session: Session, done: Iterable[Event]) -> None:
    """A quote that stands again has its place in the captured text, and not that of the other; and its source
    is looked at anew."""
    for id in dict.fromkeys(id for event in done for id in (event.patch or {}).get("evidence", {})):
        piece = records.get(session, Evidence, id)
        anchors.renew(session, piece)
        if piece.withdrawn_at is None and (look := looks.of_url(session, piece.url)):
            # The page may have changed while nothing rested on it: it is to be read whole.
            look.etag = look.modified = look.answered_url = None


def _person(session: Session, actor: str) -> str | None:
    """The account behind an actor; none for the ledger itself and detectors."""
    kind, _, id = actor.partition(":")
    if kind == "account":
        return id
    if kind == "token":
        token = session.get(Token, id)
        return token.account_id if token else None
    return None


def _name(session: Session, actor: str) -> str:
    person = _person(session, actor)
    return claims_store.names(session, [person]).get(person or "", "Somebody") if person else "The ledger"


def _deed_words(event: Event) -> str:
    noun, _, verb = event.kind.partition(".")
    return f"{noun.replace('_', ' ')} {verb.replace('_', ' ')}"


def _ids(done: Iterable[Event], table: str) -> list[str]:
    found = (event.stream.partition(":") for event in done)
    return list(dict.fromkeys(id for name, _, id in found if name == table))


def _claims_of_comments(session: Session, done: Iterable[Event]) -> list[str]:
    wanted = _ids(done, "comment")
    if not wanted:
        return []
    return list(dict.fromkeys(session.exec(select(Comment.claim_id).where(Comment.id.in_(wanted)))))  # type: ignore[attr-defined]
