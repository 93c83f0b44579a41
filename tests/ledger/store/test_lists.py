"""Finding and paging, the same on both databases."""

from datetime import timedelta

import orjson
import pytest
import sqlalchemy as sa

from ledger import clock
from ledger.db import Database
from ledger.errors import NotFound
from ledger.ids import new_id
from ledger.models import Account, Article, Claim
from ledger.services import claims as service
from ledger.store import accounts, articles, claims, events, jobs, logged, records
from ledger.store.claims import Filters
from ledger.store.words import escaped
from tests.factories import TEXT, make_article, make_claim, make_verdict
from tests.ledger.services.desk import do

AN_ID = "019ab0d5-0000-7000-8000-0000000000a1"


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


def _titles(database, q):
    with database.read() as session:
        return sorted(row[0].title for row in articles.listed(session, q=q)[0])


# ----------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("école", ["École d'été"]),
        ("ÉCOLE D'ÉTÉ", ["École d'été"]),
        ("E\u0301cole", ["École d'été"]),
        ("łódź", ["ŁÓDŹ 100% sure_thing"]),
        ("МОСКВА", ["Москва"]),
        ("100%", ["ŁÓDŹ 100% sure_thing"]),
        ("%", ["ŁÓDŹ 100% sure_thing"]),
        ("e_t", ["ŁÓDŹ 100% sure_thing"]),
        ("\\", ["Москва"]),
        ("the daily", ["Москва"]),
        ("example.org/a", ["École d'été"]),
        ("\x00", ["Москва", "École d'été", "ŁÓDŹ 100% sure_thing"]),
        ("nothing like it", []),
    ],
)
def test_words_are_found_in_any_case_and_script_and_signs_are_only_signs(database, people, q, found):
    make_article(database, people.reviewer, "One " + TEXT, title="École d'été", url="https://example.org/a")
    make_article(database, people.reviewer, "Two " + TEXT, title="ŁÓDŹ 100% sure_thing")
    make_article(database, people.reviewer, "Six " + TEXT, title="Москва", publisher="The \\ Daily")
    assert _titles(database, q) == sorted(found if q != "the daily" else [])
    assert _titles(database, None) == sorted(["École d'été", "ŁÓDŹ 100% sure_thing", "Москва"])


def test_likes_own_signs_are_made_harmless():
    assert escaped("50%_\\é\x00") == "50\\%\\_\\\\é"


def test_a_claim_is_found_by_its_words(database, people):
    claim = make_claim(database, people.reviewer, statement="L'ÉCOLE a coûté 5 millions.")
    with database.read() as session:
        rows, _ = claims.listed(session, Filters(q="école a coÛté"))
    assert [row[0].id for row in rows] == [claim.id]


# ------------------------------------------------------------------------------------ pages


def _all_pages(page):
    found, after = [], None
    while True:
        rows, after = page(after)
        found += [row[0].id for row in rows]
        if after is None:
            return found


def test_pages_hold_every_row_once_in_order_also_where_times_are_the_same(database, people):
    make_article(database, people.reviewer)
    # A row of candidates comes in at one moment, to the microsecond.
    make_article(
        database, people.reviewer, "It cost 40 euros in 2024. It cost 50 euros in 2025.\n" * 3 + TEXT
    )
    with database.read() as session:
        query = sa.select(Claim.id).order_by(Claim.created_at.desc(), Claim.id.desc())
        everything = list(session.scalars(query))
        for limit in (1, 2, len(everything), 100):
            paged = _all_pages(lambda after, n=limit: claims.listed(session, Filters(), after=after, limit=n))
            assert paged == everything


def test_the_page_above_is_the_page_one_came_from(database, people):
    for number in range(5):
        make_article(database, people.reviewer, f"Number {number}. " + TEXT)
    with database.read() as session:
        first, after = articles.listed(session, limit=2)
        second, _ = articles.listed(session, after=after, limit=2)
        back, _ = articles.listed(session, before=records.key_of(second[0]), limit=2)
    assert [row[0].id for row in back] == [row[0].id for row in first]


def test_accounts_are_listed_oldest_first(database, people):
    made = [people.admin.account, people.editor.account, people.reader.account]
    with database.read() as session:
        assert _all_pages(lambda after: accounts.listed(session, after=after, limit=2)) == made
        assert [account.name for account in accounts.active(session)] == ["Admin", "Editor", "Reader"]
        assert [account.id for account in accounts.admins(session)] == made[:1]


# ---------------------------------------------------------------------------------- filters


def test_a_list_of_claims_is_narrowed_by_each_filter_and_by_all_together(database, people):
    mine = make_claim(database, people.reviewer, kind="event")
    do(database, service.assign, mine.id, by=people.reviewer, version=1, to=people.reviewer.account)
    settled, _ = make_verdict(
        database, people.reviewer, people.editor, make_claim(database, people.reviewer, "12 towns")
    )
    other = make_article(database, people.reviewer, "Elsewhere. " + TEXT)
    with database.read() as session:
        article = claims.appearances(session, mine.id)[0].article_id

        def found(**filters):
            return {row[0].id for row in claims.listed(session, Filters(**filters), limit=100)[0]}

        everything = found()
        assert found(status=("checking",)) == {mine.id}
        assert found(status=("checking", "supported")) == {mine.id, settled.id}
        assert found(assignee_id=people.reviewer.account) == {mine.id}
        assert mine.id in found(kind=("event",)) and settled.id not in found(kind=("event",))
        assert found(article_id=article) | found(article_id=other.id) == everything
        assert not found(article_id=article) & found(article_id=other.id)
        assert found(updated_since=clock.now() + timedelta(hours=1)) == set()
        assert found(updated_since=clock.now() - timedelta(hours=1)) == everything
        assert found(status=("checking",), article_id=article, q="BUILDERS") == {mine.id}
        assert claims.counts(session, Filters(article_id=article))["checking"] == 1


def test_an_articles_claims_come_in_reading_order(database, people):
    late, early = make_claim(database, people.reviewer), make_claim(database, people.reviewer, "12 towns")
    with database.read() as session:
        article = claims.appearances(session, late.id)[0].article_id
        of_it = claims.of_article(session, article)
        starts = [place.start for _, place in of_it]
        assert starts == sorted(starts)
        order = [claim.id for claim, _ in of_it]
        assert order.index(early.id) < order.index(late.id)
        progress = articles.progress(session, [article, "no-such-article"])
        assert sum(progress[article].values()) == len(of_it) and progress["no-such-article"] == {}


# ------------------------------------------------------------------------------- one record


@pytest.mark.parametrize("id", ["", "x", "\x00", AN_ID, "é" * 1000, AN_ID.upper()])
def test_a_record_that_is_not_there_is_named_in_the_answer(database, id):
    with database.read() as session, pytest.raises(NotFound, match="There is no article"):
        records.get(session, Article, id)


def test_a_claims_file_holds_all_that_belongs_to_it_with_names(database, people):
    claim, verdict = make_verdict(database, people.reviewer, people.editor)
    with database.read() as session:
        file = claims.whole(session, claim.id)
        row = claims.status_row(session, claim.id)
        assert claims.status_row(session, new_id()) is None
    assert (len(file.appearances), len(file.evidence), file.settled.id, file.proposed) == (
        1,
        1,
        verdict.id,
        None,
    )
    assert set(file.names.values()) == {"Reviewer", "Editor"}
    assert [s.account_id for s in file.signatures[verdict.id]] == [people.editor.account]
    assert (row.status, row.label, row.version) == ("supported", "Supported", claim.version)


# ---------------------------------------------------------------------------- log and jobs


def test_the_log_is_read_in_order(database, people, monkeypatch):
    monkeypatch.setattr(events, "_BATCH", 3)
    monkeypatch.setattr(logged, "_ROWS", 3)
    make_verdict(database, people.reviewer, people.editor)
    with database.read() as session:
        size = events.size(session)
        plain = list(events.all_events(session))
        assert [event["seq"] for event in plain] == list(range(size))
        assert list(logged.events(session, orjson.loads)) == plain
        assert len(list(events.leaf_hashes(session))) == size
        stream = f"account:{people.reviewer.account}"
        assert events.versions(session, [stream, "claim:none"]) == {stream: 1}


def test_jobs_are_due_when_their_time_has_come(database):
    with database.write() as session:
        now = jobs.add(session, "now", word="é")
        jobs.add(session, "later", delay=timedelta(minutes=5))
    with database.read() as session:
        assert [job.id for job in jobs.due(session, clock.now())] == [now.id]
        assert len(jobs.due(session, clock.now() + timedelta(minutes=6))) == 2
        assert jobs.counts(session) == {"queued": 2}


def test_an_account_is_found_by_its_address_in_any_case(database, people):
    with database.read() as session:
        assert accounts.with_email(session, " Reviewer@EXAMPLE.org ") is None
    assert people.reviewer
    with database.read() as session:
        found = accounts.with_email(session, " Reviewer@EXAMPLE.org ")
    assert isinstance(found, Account)
