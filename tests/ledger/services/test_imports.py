"""Imports: what comes in, that it is the fold of its events, and that twice is the same as once."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from ledger import fulltext
from ledger.auth.identity import Identity
from ledger.db import Database
from ledger.errors import Conflict, Forbidden, Invalid
from ledger.imports.entry import Entry, Passed, Place, Refused, Source
from ledger.jobs import runner
from ledger.models import Appearance, Article, Claim, ClaimWords, Evidence, Revision
from ledger.models.articles import QUOTED_WORDS
from ledger.models.rows import new_row
from ledger.services import articles, exports, imports, reports
from ledger.services.importing import Importing
from ledger.services.verification import verify
from ledger.store import events as events_store
from tests.conftest import People
from tests.factories import make_article, make_claim, make_verdict


def bring(database: Database, by: Identity, *entries: Any, **more: Any) -> tuple[Importing, list[Refused]]:
    importing = Importing(database, by=by, name="file.json", **more)
    return importing, list(importing.take(entries))


def everything(database: Database, model: Any) -> list[Any]:
    with database.read() as session:
        return list(session.exec(select(model).order_by(model.id)))


REVIEW = Source(
    "https://check.example/17", "context", "It was 424.", publisher="Check", note="Check rated this “False”."
)
ENTRY = Entry(
    1, "The letter was signed by 242 developers", language="en", claimant="The mayor", tags=("Letters",),
    places=(Place("https://www.news.example/a?utm_source=x", "A letter", "News"), Place("https://social.example/p/1")),
    sources=(REVIEW, Source("https://letter.example/names")),
)  # fmt: skip


def test_what_comes_into_an_article_with_an_open_report_is_open(database: Database, people: People) -> None:
    opened = make_article(database, people.editor, url="https://news.example/bridge")
    with database.write() as session:
        reports.publish(session, opened.id, by=people.editor, version=1)
    place = Place("https://news.example/bridge", "A bridge", "News")
    first = replace(ENTRY, statement="12 towns", places=(place,))
    bring(database, people.editor, first, replace(ENTRY, places=ENTRY.places[:1]))
    with database.read() as session:
        found = fulltext.few(session, [fulltext.IS_OPEN], 10) or []
        in_it = session.exec(select(Appearance.claim_id).where(Appearance.article_id == opened.id)).all()
        statements = {session.get_one(Claim, id).statement for id in found}
    assert set(found) == set(in_it) and "12 towns" in statements


def test_a_claim_comes_in_unchecked_with_places_and_sources(database: Database, people: People) -> None:
    importing, refused = bring(database, people.editor, ENTRY)
    assert refused == []
    assert (importing.counts.claims, importing.counts.places, importing.counts.sources) == (1, 2, 2)
    (claim,) = everything(database, Claim)
    assert (claim.status, claim.triage, claim.verdict_id, claim.origin) == (
        "unchecked",
        "accepted",
        None,
        "person",
    )
    assert (claim.claimant, claim.tags, claim.created_by) == ("The mayor", ["letters"], people.editor.account)
    articles = everything(database, Article)
    assert [a.url for a in articles] == ["https://www.news.example/a", "https://social.example/p/1"]
    assert {a.media_type for a in articles} == {QUOTED_WORDS}
    texts = {r.article_id: r.text for r in everything(database, Revision)}
    for place in everything(database, Appearance):
        assert texts[place.article_id][place.start : place.end] == place.exact == claim.statement
        assert texts[place.article_id].startswith("Words quoted from https://")
    first, second = everything(database, Evidence)
    assert (first.url, first.stance, first.quote, first.publisher) == (
        REVIEW.url,
        "context",
        "It was 424.",
        "Check",
    )
    assert first.note == "Check rated this “False”."
    assert second.url == "https://letter.example/names"


def test_rows_are_the_fold_of_their_events(database: Database, people: People) -> None:
    bring(
        database,
        people.editor,
        ENTRY,
        Entry(2, "Größe: 😀 zählt\u0301", sources=(REVIEW,)),
        Entry(3, "Ohne alles"),
    )
    with database.read() as session:
        report = verify(session)
    assert report.sound, [str(fault) for fault in (*report.faults, *report.differences)]
    with database.read() as session:
        kinds = [event["kind"] for event in events_store.all_events(session)]
    assert kinds[-7:] == ["article.added"] * 4 + ["claim.imported"] * 3


def test_more_rows_than_one_statement_takes(database: Database, people: People) -> None:
    entries = [
        replace(ENTRY, row=row, statement=f"The letter was signed by {row} people", tags=("Odd",) * (row % 2))
        for row in range(1, 431)
    ]
    importing, refused = bring(database, people.editor, *entries)
    assert refused == []
    assert (importing.counts.claims, importing.counts.places, importing.counts.sources) == (430, 860, 860)
    kept = [(claim.statement, claim.tags) for claim in everything(database, Claim)]
    assert kept == [(one.statement, ["odd"] if one.tags else None) for one in entries]
    with database.read() as session:
        assert verify(session).sound
        found = fulltext.few(session, [fulltext.phrase("signed by 77 people")], 10)
        assert found == [claim.id for claim in everything(database, Claim) if " 77 " in claim.statement]


def test_the_same_twice_adds_nothing(database: Database, people: People) -> None:
    entries = [ENTRY, Entry(2, "Ohne alles"), Entry(3, "Nur geprüft", sources=(REVIEW,))]
    bring(database, people.editor, *entries)
    with database.read() as session:
        before = events_store.size(session)
    again, refused = bring(database, people.editor, *entries)
    with database.read() as session:
        assert events_store.size(session) == before
    assert refused == []
    assert (again.counts.there, again.counts.claims, again.counts.sources) == (3, 0, 0)


def test_a_dry_run_tells_the_same_and_changes_nothing(database: Database, people: People) -> None:
    entries = [ENTRY, ENTRY, Entry(2, "Ohne alles"), Entry(3, "x"), Entry(4, "Schlecht", kind="nonsense")]
    dry, told = bring(database, people.editor, *entries, dry_run=True)
    assert everything(database, Claim) == everything(database, Article) == []
    wet, refused = bring(database, people.editor, *entries)
    assert dry.counts == wet.counts
    assert told == refused
    assert [(one.row, one.field) for one in refused] == [(3, "statement"), (4, "kind")]
    assert (wet.counts.claims, wet.counts.there) == (2, 1)


def test_a_later_file_brings_new_sources_to_a_claim_that_is_there(database: Database, people: People) -> None:
    bring(database, people.editor, ENTRY)
    other = Source("https://other.example/check", note="Other rated this “True”.")
    added, _ = bring(database, people.editor, replace(ENTRY, sources=(REVIEW, other)))
    assert (added.counts.there, added.counts.sources) == (1, 1)
    (claim,) = everything(database, Claim)
    assert claim.version == 2
    assert [piece.url for piece in everything(database, Evidence)][-1] == other.url
    with database.read() as session:
        assert verify(session).sound


def test_words_are_put_into_the_article_that_is_there(database: Database, people: People) -> None:
    claim = make_claim(database, people.editor, "242 builders")
    with database.write() as session:
        article = session.exec(select(Article)).one()
        articles.describe(
            session, article.id, by=people.editor, version=1, details={"url": "https://news.example/bridge"}
        )
    place = (Place("https://news.example/bridge?utm_medium=feed"),)
    same = Entry(1, "It was signed by 242 builders", words="242 builders", places=place, sources=(REVIEW,))
    here = Entry(2, "It cost a lot", words="paid for by 12 towns", places=place)
    other = Entry(3, "It cost 5.2 million euros", places=place)
    importing, refused = bring(database, people.editor, same, here, other)
    assert refused == []
    assert (importing.counts.there, importing.counts.claims, importing.counts.articles) == (1, 2, 1)
    with database.read() as session:
        assert session.exec(select(Evidence)).one().claim_id == claim.id
        found = session.exec(select(Appearance).where(Appearance.exact == here.words)).one()
        text = session.get_one(Revision, found.revision_id).text
        assert (found.article_id, text[found.start : found.end]) == (article.id, here.words)
        assert verify(session).sound


def test_a_guess_takes_no_evidence_and_is_told(database: Database, people: People) -> None:
    article = make_article(database, people.editor, url="https://news.example/bridge", floor=0.0)
    with database.read() as session:
        guess = session.exec(select(Appearance).where(Appearance.article_id == article.id)).first()
    place = (Place("https://news.example/bridge"),)
    entry = Entry(1, "A guess here", words=guess.exact, places=place, sources=(REVIEW,))
    importing, refused = bring(database, people.editor, entry)
    assert "guess" in refused[0].reason
    assert importing.counts.there == 0
    assert everything(database, Evidence) == []


def test_full_text_is_what_it_would_be_made_anew(database: Database, people: People) -> None:
    bring(database, people.editor, ENTRY, Entry(2, "Größe zählt", sources=(REVIEW,)), Entry(3, "Ohne alles"))
    before = [
        (one.claim_id, one.statement, one.claimant, one.around, one.told)
        for one in everything(database, ClaimWords)
    ]
    with database.write() as session:
        fulltext.rebuild(session.connection())
    after = [
        (one.claim_id, one.statement, one.claimant, one.around, one.told)
        for one in everything(database, ClaimWords)
    ]
    assert before == after
    assert len(before) == 3


def test_rows_are_those_that_the_session_would_write(database: Database, people: People) -> None:
    bring(database, people.editor, ENTRY)
    with database.read() as session:
        logged = {}
        for event in events_store.all_events(session):
            for table, rows in event["patch"].items():
                logged.setdefault(table, {}).update(rows)
        for model in (Article, Revision, Claim, Appearance, Evidence):
            for record in session.exec(select(model)):
                assert logged[model.__tablename__][record.id] == new_row(record)


def test_reading_needs_all_three_permissions(database: Database, people: People) -> None:
    with pytest.raises(Forbidden):
        bring(database, people.reader, ENTRY)


def test_an_import_is_asked_for_and_done_by_its_job(own_app: Any, people: People) -> None:
    parts = own_app.extensions["ledger"]
    body = "Claim,Link\r\nOne is checkable,https://n.example/1\r\nx,\r\n".encode("utf-16")
    with parts.database.write() as session:
        dry = imports.ask(session, parts.blobs, body, by=people.editor, name="a.csv", dry_run=True)
    runner.run(parts, dry.id)
    with parts.database.read() as session:
        told = imports.show(session, dry.id, by=people.editor)
    assert (told.state, told.format, told.share, told.counts["claims"]) == ("done", "csv", 1.0, 1)
    assert told.refused == [
        {"row": 3, "field": "statement", "reason": "Use at least 3 characters.", "shown": "x"}
    ]
    with parts.database.write() as session:
        real = imports.take_it(session, dry.id, by=people.editor)
    runner.run(parts, real.id)
    with parts.database.read() as session:
        assert imports.show(session, real.id, by=people.editor).counts["claims"] == 1
        assert [one.id for one in imports.every(session, by=people.editor)] == [real.id, dry.id]
        assert session.exec(select(Claim)).one().created_by == people.editor.account
    with parts.database.write() as session, pytest.raises(Conflict):
        imports.take_it(session, real.id, by=people.editor)


def test_what_breaks_off_stays_and_says_why(own_app: Any, people: People) -> None:
    parts = own_app.extensions["ledger"]
    review = {"@type": "ClaimReview", "claimReviewed": "One is checkable", "url": "https://c.example/1"}
    body = json.dumps([review]).encode()[:-1] + b", {"
    with parts.database.write() as session:
        asked = imports.ask(session, parts.blobs, body, by=people.editor, name="a.json")
    runner.run(parts, asked.id)
    with parts.database.read() as session:
        told = imports.show(session, asked.id, by=people.editor)
    assert told.state == "failed"
    assert "no JSON" in str(told.error)
    with parts.database.write() as session, pytest.raises(Invalid, match="no column"):
        imports.ask(
            session,
            parts.blobs,
            b"Claim\r\nx\r\n",
            by=people.editor,
            name="a.csv",
            mapping={"statement": "No"},
        )


def test_an_export_comes_into_another_ledger(database: Database, people: People, tmp_path: Any) -> None:
    make_verdict(database, people.editor, people.reviewer)
    for form, name in (("jsonl", "ledger"), ("csv", "ledger-csv")):
        wish = exports.Wish(form, base_url="https://ledger.example")
        body = b"".join(exports.taken(database, wish).pieces)
        assert imports.meant(io.BytesIO(body)) == name
        passed = Passed()
        (entry,) = imports.entries(io.BytesIO(body), name, passed)
        assert (entry.words, entry.sources[0].quote) == ("242 builders", "242 builders")
        assert entry.sources[-1].url.startswith("https://ledger.example/claims/")
        assert "Supported" in str(entry.sources[-1].note)
        # The ledger that it is of knows its claims.
        importing, refused = bring(database, people.editor, replace(entry, sources=()))
        assert (importing.counts.there, refused) == (1, [])


@pytest.mark.parametrize(
    ("start", "format"),
    [
        (b'\xef\xbb\xbf{"@type": "ClaimReview"', "claimreview"),
        ('[{"a": "ClaimReview"'.encode("utf-16"), "claimreview"),
        (b'{"total": 1, "rows": [{"uri": "x"', "hypothesis"),
        (b" <!doctype html><html>", "html"),
        (b"Claim,Link\r\n", "csv"),
        (b"claim_id,status,span_text\r\n", "ledger-csv"),
    ],
)
def test_the_format_that_a_beginning_tells(start: bytes, format: str) -> None:
    assert imports.meant(io.BytesIO(start)) == format
