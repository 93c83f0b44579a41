"""Imports: what comes in, that it is the fold of its events, and that twice is the same as once."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from ledger.adapters.blobs import MemoryBlobs
from ledger.auth.identity import Identity
from ledger.db import Database
from ledger.imports.entry import Entry, Passed, Place, Refused, Source
from ledger.jobs.tasks import TASKS
from ledger.models import Appearance, Article, Claim, ClaimWords, Evidence, Job, Revision
from ledger.models.articles import QUOTED_WORDS
from ledger.services import imports
from ledger.services.importing import Importing
from ledger.services.verification import verify
from ledger.store import events as events_store
from tests.conftest import People


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
