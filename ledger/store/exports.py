"""Claims and what belongs to them for an export: a statement a table, which the database answers row by row.

A hot path: cells, and whole lines of CSV, are put together by the database and read through a cursor as plain
values, so that a hundred thousand claims take a second or two and memory stays the same for any number.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from ledger.models import (
    Account,
    Appearance,
    Article,
    Capture,
    Claim,
    Event,
    Evidence,
    Revision,
    Signature,
    Verdict,
)
from ledger.store.cells import Cells, Column
from ledger.store.claims import Filters, narrowed
from ledger.store.stretches import NEWEST_FIRST, WHOLE, Stretch

_FETCHED, _PART, _FIRST = 200, 50, 10
FEW = 5_000
"""So many claims may be put in order in memory; more are read in the order of an index."""

TABLES = ("claims", "appearances", "evidence", "verdicts", "events")


def count(session: Session, filters: Filters, stretch: Stretch = WHOLE, *, most: int | None = None) -> int:
    """How many claims there are; with `most`, not counted further."""
    query = narrowed(session, sa.select(col(Claim.id)), filters).where(*stretch.conditions(session))
    if most is not None:
        query = query.limit(most)
    found: int = session.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()
    return found


def columns(session: Session, table: str = "claims", *, base_url: str = "") -> list[Column]:
    """The columns of one of the TABLES, in the order in which they are written."""
    return _TABLES[table][0](_cells(session), base_url)


def rows(
    session: Session, filters: Filters, *, base_url: str, stretch: Stretch = WHOLE
) -> Generator[Sequence[Any], None, None]:
    """Claims newest first, each a tuple of its columns' values; those of lists are JSON texts."""
    wanted = columns(session, base_url=base_url)
    query = ordered(session, "claims", [column.value for column in wanted], filters, stretch)
    with closing(_read(session, query)) as found:
        yield from found


def lines(
    session: Session,
    table: str,
    filters: Filters,
    *,
    base_url: str = "",
    guarded: bool = True,
    stretch: Stretch = WHOLE,
) -> Generator[Sequence[str], None, None]:
    """The rows of one of the TABLES as lines of CSV, some hundred at a time: claims newest first, all else as
    it came about. What belongs to claims is narrowed to those that `filters` let through."""
    line = _cells(session).line(columns(session, table, base_url=base_url), guarded=guarded)
    query = ordered(session, table, [line], filters, stretch)
    with closing(_read(session, query)) as found:
        written = found.scalars()
        # What a person waits for comes with the first few.
        yield written.fetchmany(_FIRST)
        yield from written.partitions(_PART)


def lines_of(session: Session, ids: Sequence[str], *, base_url: str, guarded: bool) -> list[str]:
    """The lines of CSV of these claims, some thousand at most, in no order."""
    line = _cells(session).line(columns(session, base_url=base_url), guarded=guarded)
    query = _with_claims(sa.select(line.label(None))).where(col(Claim.id).in_(ids))
    return list(session.execute(query).scalars())


def statement(session: Session, filters: Filters) -> str:
    """What is asked of the database for these filters, with all values: the same for the same question."""
    asked = narrowed(session, sa.select(col(Claim.id)), filters).compile(session.get_bind())
    return f"{asked} {sorted(asked.params.items())!r}"


def newest(session: Session, filters: Filters, limit: int, stretch: Stretch = WHOLE) -> list[str]:
    """The ids of the first claims that an export would have; with `stretch`, of those in it."""
    query = ordered(session, "claims", [col(Claim.id)], filters, stretch)
    return [row[0] for row in _read(session, query.limit(limit))]


def last_of(session: Session, filters: Filters, stretch: Stretch, limit: int) -> tuple[str | None, bool]:
    """The id of the claim at which so many are full, and whether others follow; None if there are fewer."""
    query = ordered(session, "claims", [col(Claim.id)], filters, stretch)
    found = [row[0] for row in session.execute(query.offset(limit - 1).limit(2))]
    return (found[0] if found else None), len(found) > 1


def _read(session: Session, query: Any) -> Any:
    return session.connection().execution_options(yield_per=_FETCHED).execute(query)


def _cells(session: Session) -> Cells:
    return Cells(sqlite=session.connection().dialect.name == "sqlite")


def ordered(
    session: Session, table: str, values: Sequence[Any], filters: Filters, stretch: Stretch = WHOLE
) -> Any:
    """The query of one of the TABLES, narrowed and in the order in which it is written."""
    _, joined, key = _TABLES[table]
    query = joined(sa.select(*(value.label(None) for value in values)))
    if table == "claims":
        query = query.where(*unindexed(session, filters), *stretch.conditions(session))
        return query.order_by(*NEWEST_FIRST)
    beyond = stretch.conditions(session)
    if count(session, filters, stretch, most=FEW) < FEW:
        # Theirs are looked up; with more claims, all of the table is gone through.
        ids = narrowed(session, sa.select(key.of_claim), filters).where(*beyond)
        return query.where(key.column.in_(ids.correlate(None)), *key.where).order_by(*key.order)
    chosen = narrowed(session, sa.select(sa.literal(1)), filters).where(col(Claim.id) == key.claim_id)
    chosen = chosen.where(*beyond)
    return query.where(sa.exists(chosen.correlate_except(Claim)), *key.where).order_by(*key.order)


def unindexed(session: Session, filters: Filters) -> list[Any]:
    """What the filters ask, so that SQLite does not sort a whole ledger in memory by choosing an index."""
    chosen = narrowed(session, sa.select(col(Claim.id)), filters).whereclause
    if chosen is None:
        return []
    if _cells(session).sqlite and count(session, filters, most=FEW) == FEW:
        return [chosen.self_group().is_(sa.true())]
    return [chosen]


# ------------------------------------------------------------------------------------------ claims


def _claims(cells: Cells, base_url: str) -> list[Column]:
    # Of any type, as the checker takes a comparison of two of SQLModel's columns for a bool.
    place, proposer, assignee = _place, _proposer, _assignee
    evidence, signers, alone = _pieces(), _signers(Claim.verdict_id), _override(Claim.verdict_id)
    return [
        Column("claim_id", "id", col(Claim.id), "The claim's id."),
        Column("version", "integer", col(Claim.version), "Counts the changes of the claim."),
        Column("status", "word", col(Claim.status), "The one word that a look-up answers with."),
        Column("statement", "words", col(Claim.statement), "The claim, put so that it can be read alone."),
        Column("kind", "word", col(Claim.kind), "What kind of statement it is."),
        Column("score", "number", col(Claim.score), "Check-worthiness, 0 to 1: a machine's guess."),
        Column("reasons", "list", cells.json(Claim.reasons), "Why it was thought worth checking."),
        Column("claimant", "words", col(Claim.claimant), "Who is said to have made the claim."),
        Column("span_text", "words", place.exact, "The words where it first appears, verbatim."),
        Column("start", "integer", place.start, "Offset of their first character, in Unicode code points."),
        Column("end", "integer", place.end, "Offset after their last character."),
        Column("prefix", "words", place.prefix, "Up to 32 characters before them."),
        Column("suffix", "words", place.suffix, "Up to 32 characters after them."),
        Column("appearances", "integer", _number(Appearance.claim_id), "In how many places it stands."),
        Column("article_id", "id", place.article_id, "The article where it first appears."),
        Column("article_title", "words", col(Article.title), "That article's title."),
        Column("article_url", "words", col(Article.url), "That article's address."),
        Column("revision", "integer", col(Revision.number), "The number of the revision that is counted in."),
        Column("verdict_label", "words", col(Verdict.label), "The words of the verdict in force."),
        Column("verdict_code", "words", col(Verdict.code), "Its code on the scale."),
        Column("verdict_scale", "word", _scale(), "The scale and its version."),
        Column("verdict_number", "number", col(Verdict.number), "Its number; none where the scale has none."),
        Column("rationale", "words", col(Verdict.rationale), "The reasoning, for the reader."),
        Column("override", "words", alone.scalar_subquery(), "Why one person alone settled it.", flat=alone),
        Column("proposed_by", "words", proposer.name, "Who proposed it."),
        Column(
            "signed_by", "list", cells.members(signers), "Who signed it.", flat=cells.joined(signers)
        ),
        Column("settled_at", "time", cells.when(Verdict.settled_at), "When it was settled."),
        Column("stale_since", "time", cells.when(Claim.stale_since), "Since when the verdict fits no more."),
        Column("stale_reasons", "list", cells.json(Claim.stale_reasons), "What changed under it."),
        Column("withdrawn_at", "time", cells.when(Claim.withdrawn_at), "When the claim was withdrawn."),
        Column("withdrawn_note", "words", col(Claim.withdrawn_note), "The public note why."),
        Column("evidence_count", "integer", _number(Evidence.claim_id, _STANDS), "Pieces of evidence."),
        Column(
            "evidence", "list", cells.members(evidence, *_OF_EVIDENCE), "Each with stance and quote.",
            flat=cells.joined(evidence), safe=True,
        ),
        Column("assignee", "words", assignee.name, "Who has the claim."),
        Column("created_at", "time", cells.when(Claim.created_at), "When it was found."),
        Column("updated_at", "time", cells.when(Claim.updated_at), "When it last changed."),
        Column("permalink", "word", sa.literal(f"{base_url}/claims/") + col(Claim.id), "The claim's page."),
        Column("tags", "list", cells.json(Claim.tags), "Words that the desk sorts by.", between=", "),
        Column("due_at", "time", cells.when(Article.due_at), "When the article is due."),
    ]  # fmt: skip


def _with_claims(query: Any) -> Any:
    of_claim = sa.select(sa.func.min(Appearance.id)).where(col(Appearance.claim_id) == col(Claim.id))
    return (
        query.select_from(Claim)
        .outerjoin(_place, _place.id == of_claim.scalar_subquery())
        .outerjoin(Article, col(Article.id) == _place.article_id)
        .outerjoin(Revision, col(Revision.id) == _place.revision_id)
        .outerjoin(Verdict, col(Verdict.id) == col(Claim.verdict_id))
        .outerjoin(_proposer, _proposer.id == col(Verdict.proposed_by))
        .outerjoin(_assignee, _assignee.id == col(Claim.assignee_id))
    )


_place: Any = aliased(Appearance)
_proposer: Any = aliased(Account)
_assignee: Any = aliased(Account)
_OF_EVIDENCE = ("stance", "url", "quote", "title", "publisher", "published", "note")
_STANDS: Any = col(Evidence.withdrawn_at).is_(None)


def _scale() -> Any:
    return col(Verdict.scale) + "/" + sa.cast(col(Verdict.scale_version), sa.Text)


def _number(claim_id: Any, *where: Any) -> Any:
    return sa.select(sa.func.count()).where(col(claim_id) == col(Claim.id), *where).scalar_subquery()


def _override(verdict_id: Any) -> Any:
    signed = col(Signature.verdict_id) == col(verdict_id)
    alone = col(Signature.capacity) == "override"
    return sa.select(col(Signature.note)).where(signed, alone).limit(1).correlate(Claim, Verdict)


def _signers(verdict_id: Any) -> Any:
    return _in_order(
        sa.select(col(Account.name).label("line"), col(Signature.id).label("place"))
        .join(Account, col(Account.id) == col(Signature.account_id))
        .where(col(Signature.verdict_id) == col(verdict_id))
    )


def _pieces() -> Any:
    quote = sa.func.coalesce(" — " + col(Evidence.quote), "")
    line = col(Evidence.stance) + " " + col(Evidence.url) + quote
    named = [col(getattr(Evidence, name)) for name in _OF_EVIDENCE]
    return _in_order(
        sa.select(line.label("line"), *named, col(Evidence.id).label("place")).where(
            col(Evidence.claim_id) == col(Claim.id), _STANDS
        )
    )


def _in_order(lines: Any) -> Any:
    return lines.correlate(Claim, Verdict).order_by(sa.text("place")).subquery()


# --------------------------------------------------------------------------- what belongs to claims


def _appearances(cells: Cells, base_url: str) -> list[Column]:
    return [
        Column("appearance_id", "id", col(Appearance.id), "The appearance's id."),
        Column("claim_id", "id", col(Appearance.claim_id), "The claim."),
        Column("article_id", "id", col(Appearance.article_id), "The article."),
        Column("article_title", "words", col(Article.title), "The article's title."),
        Column("article_url", "words", col(Article.url), "The article's address."),
        Column("revision", "integer", col(Revision.number), "The number of the revision that is counted in."),
        Column("revision_sha256", "id", col(Revision.sha256), "SHA-256 of that revision's text."),
        Column("start", "integer", col(Appearance.start), "Offset of the first character, in code points."),
        Column("end", "integer", col(Appearance.end), "Offset after the last character."),
        Column("exact", "words", col(Appearance.exact), "The words, verbatim."),
        Column("prefix", "words", col(Appearance.prefix), "Up to 32 characters before them."),
        Column("suffix", "words", col(Appearance.suffix), "Up to 32 characters after them."),
        Column("fate", "word", col(Appearance.fate), "What became of them in the current revision."),
        Column("quoted", "truth", col(Appearance.quoted), "Whether they stand inside a quotation."),
    ]


def _with_appearances(query: Any) -> Any:
    return (
        query.select_from(Appearance)
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .join(Revision, col(Revision.id) == col(Appearance.revision_id))
    )


def _evidence(cells: Cells, base_url: str) -> list[Column]:
    return [
        Column("evidence_id", "id", col(Evidence.id), "The id of this piece."),
        Column("claim_id", "id", col(Evidence.claim_id), "The claim that it bears on."),
        Column("stance", "word", col(Evidence.stance), "supports, refutes or context."),
        Column("url", "words", col(Evidence.url), "Where it is."),
        Column("quote", "words", col(Evidence.quote), "The words that count, verbatim."),
        Column("title", "words", col(Evidence.title), "Title of the source."),
        Column("publisher", "words", col(Evidence.publisher), "Who published it."),
        Column("published", "words", col(Evidence.published), "When it was published."),
        Column("note", "words", col(Evidence.note), "What the reader should know of it."),
        Column("capture_state", "word", col(Capture.state), "pending, done or failed."),
        Column("capture_sha256", "id", col(Capture.sha256), "SHA-256 of the copy."),
        Column("captured_at", "time", cells.when(Capture.fetched_at), "When the address answered."),
        Column("added_by", "words", col(Account.name), "Who added it."),
        Column("added_at", "time", cells.when(Evidence.added_at), "When it was added."),
        Column("withdrawn_at", "time", cells.when(Evidence.withdrawn_at), "When it was taken back."),
        Column("withdrawn_reason", "words", col(Evidence.withdrawn_reason), "Why it was taken back."),
    ]


def _with_evidence(query: Any) -> Any:
    return (
        query.select_from(Evidence)
        .outerjoin(Capture, col(Capture.id) == col(Evidence.capture_id))
        .outerjoin(Account, col(Account.id) == col(Evidence.added_by))
    )


def _verdicts(cells: Cells, base_url: str) -> list[Column]:
    signers, alone = _signers(Verdict.id), _override(Verdict.id)
    in_force = sa.select(sa.literal(1)).where(col(Claim.verdict_id) == col(Verdict.id))
    counts = sa.exists(in_force.where(col(Claim.id) == col(Verdict.claim_id)).correlate(Verdict))
    return [
        Column("verdict_id", "id", col(Verdict.id), "The verdict's id."),
        Column("claim_id", "id", col(Verdict.claim_id), "The claim."),
        Column("in_force", "truth", counts, "Whether it is the verdict that counts now."),
        Column("state", "word", col(Verdict.state), "proposed, settled, sent_back or superseded."),
        Column("scale", "word", _scale(), "The scale and its version."),
        Column("code", "words", col(Verdict.code), "The rating's code on that scale."),
        Column("label", "words", col(Verdict.label), "The rating's words."),
        Column("number", "number", col(Verdict.number), "Its number; none where the scale has none."),
        Column("status_word", "word", col(Verdict.status_word), "The status of a claim once it is settled."),
        Column("rationale", "words", col(Verdict.rationale), "The reasoning, for the reader."),
        Column("digest", "id", col(Verdict.digest), "Of what was rated: a signature binds to it."),
        Column("proposed_by", "words", _proposer.name, "Who proposed it."),
        Column("proposed_at", "time", cells.when(Verdict.proposed_at), "When."),
        Column("signed_by", "list", cells.members(signers), "Who signed it.", flat=cells.joined(signers)),
        Column("override", "words", alone.scalar_subquery(), "Why one person alone settled it.", flat=alone),
        Column("settled_at", "time", cells.when(Verdict.settled_at), "When it was settled."),
        Column("sent_back_at", "time", cells.when(Verdict.sent_back_at), "When it was sent back."),
        Column("sent_back_reason", "words", col(Verdict.sent_back_reason), "Why."),
        Column("sent_back_code", "words", col(Verdict.sent_back_code), "The rating asked for instead."),
    ]


def _with_verdicts(query: Any) -> Any:
    return query.select_from(Verdict).outerjoin(_proposer, _proposer.id == col(Verdict.proposed_by))


def _events(cells: Cells, base_url: str) -> list[Column]:
    return [
        Column("seq", "integer", col(Event.seq), "Place in the log, from 0."),
        Column("event_id", "id", col(Event.id), "The event's id."),
        Column("claim_id", "id", _OF_EVENT, "The claim that it is about."),
        Column("stream", "word", col(Event.stream), "What it is about, as the log has it."),
        Column("version", "integer", col(Event.version), "Place in its stream, from 1."),
        Column("kind", "word", col(Event.kind), "What happened."),
        Column("at", "time", cells.when(Event.at), "When, to the second."),
        Column("actor", "words", col(Event.actor), "Who: account:ID, token:ID, detector:NAME or system."),
        Column("patch", "json", cells.json(Event.patch), "What changed; none once redacted."),
        Column("patch_hash", "word", col(Event.patch_hash), "Salted SHA-256 of the patch."),
        Column("leaf_hash", "id", col(Event.leaf_hash), "RFC 6962 leaf hash."),
    ]


def _with_events(query: Any) -> Any:
    return query.select_from(Event)


_CLAIMS = "claim:"
_OF_EVENT: Any = sa.func.substr(col(Event.stream), len(_CLAIMS) + 1)


class _Key(NamedTuple):
    """How rows of a table are bound to their claims, narrowed and put in order."""

    claim_id: Any
    order: tuple[Any, ...]
    where: tuple[Any, ...] = ()
    stream: bool = False
    """Whether they name their claim by its stream."""

    @property
    def column(self) -> Any:
        """What names the claim, in an index."""
        return col(Event.stream) if self.stream else self.claim_id

    @property
    def of_claim(self) -> Any:
        """What that is of a claim."""
        return sa.literal(_CLAIMS) + col(Claim.id) if self.stream else col(Claim.id)


_TABLES: dict[str, tuple[Callable[[Cells, str], list[Column]], Callable[[Any], Any], _Key]] = {
    "claims": (_claims, _with_claims, _Key(col(Claim.id), ())),
    "appearances": (
        _appearances, _with_appearances, _Key(col(Appearance.claim_id), (col(Appearance.id),)),
    ),
    "evidence": (_evidence, _with_evidence, _Key(col(Evidence.claim_id), (col(Evidence.id),))),
    "verdicts": (_verdicts, _with_verdicts, _Key(col(Verdict.claim_id), (col(Verdict.id),))),
    "events": (
        _events, _with_events,
        _Key(_OF_EVENT, (col(Event.seq),), (col(Event.stream).startswith(_CLAIMS),), stream=True),
    ),
}  # fmt: skip
