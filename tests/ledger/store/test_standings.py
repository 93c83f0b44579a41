"""Standings in memory: what the database says, and dropped when the log says otherwise."""

import sqlite3
from contextlib import closing

import pytest

from ledger.services import claims, spans
from ledger.store import standings
from tests.conftest import one_database
from tests.factories import make_claim, make_verdict
from tests.ledger.services.desk import do

WORDS = "Council opens bridge Monday cost million euros paid builders mayor money 2024".split()


@pytest.fixture
def connection(database):
    with closing(sqlite3.connect(database.file)) as connection:
        yield connection


@one_database
def test_each_claim_is_found_as_it_is_stored(database, people, connection):
    made = [make_claim(database, people.reviewer, words).id for words in WORDS]
    make_verdict(database, people.reviewer, people.editor, claim=make_claim(database, people.reviewer))
    held = standings.loaded(connection, 1_000)
    rows = connection.execute(
        "SELECT claim.id, claim.version, status, label, claim.updated_at FROM claim "
        "LEFT JOIN verdict ON verdict.id = verdict_id"
    ).fetchall()
    assert len(held) == len(rows) > len(made)
    for id, version, status, label, updated_at in rows:
        told = held.get(id)
        assert (told["version"], told["status"], told["label"]) == (version, status, label)
        assert (told["updated_at"], told["stale_since"]) == (updated_at.replace(" ", "T") + "Z", None)
    assert held.get("01a2060b-e223-782a-96f6-dd90419789f1") is None
    held.drop(made[3])
    held.drop("01a2060b-e223-782a-96f6-dd90419789f1")
    assert [held.get(id) is None for id in made[2:5]] == [False, True, False]


@one_database
def test_only_the_newest_are_held(database, people, connection):
    made = [make_claim(database, people.reviewer, words).id for words in WORDS[:6]]
    held = standings.loaded(connection, 3)
    assert [held.get(id) is not None for id in made] == [False] * 3 + [True] * 3


def test_ids_that_differ_in_one_half_only_are_told_apart():
    held = standings.Standings()
    ids = [f"0000000{n}-0000-7000-8000-00000000000{m}" for n in range(4) for m in range(4)]
    for version, id in enumerate(ids, 1):
        held.add((id, version, "checking", "2026-11-23 13:57:02.000001", None, None, None))
    assert [held.get(id)["version"] for id in ids] == list(range(1, 17))
    assert held.get(ids[0])["updated_at"] == "2026-11-23T13:57:02.000001Z"


def test_what_is_stale_or_merged_is_to_be_read():
    held = standings.Standings()
    at = "2026-11-23 13:57:02.000001"
    for place, (since, other) in enumerate([(at, None), (None, "another")]):
        held.add((f"0000000{place}-0000-7000-8000-000000000000", 1, "stale", at, since, other, None))
    assert len(held) == 0


@one_database
def test_the_log_tells_what_to_drop(database, people, connection):
    first = make_claim(database, people.reviewer)
    second = make_claim(database, people.reviewer, "12 towns")
    before = standings.newest(connection)
    assert standings.news(connection, before).claims == set()
    do(database, claims.reword, first.id, by=people.reviewer, version=first.version,
       details={"statement": "Anew."})  # fmt: skip
    told = standings.news(connection, before)
    assert (told.claims, told.rights, told.newest) == ({first.id}, False, before + 1)
    do(database, spans.merge, first.id, second.id, by=people.reviewer, version=first.version + 1,
       other_version=second.version)  # fmt: skip
    assert standings.news(connection, told.newest).claims == {first.id, second.id}
    people.token("reader")
    assert standings.news(connection, told.newest).rights


@one_database
def test_too_much_news_or_another_log_is_no_news(database, people, connection, monkeypatch):
    make_claim(database, people.reviewer)
    last = standings.newest(connection)
    assert standings.news(connection, last + 1) is None
    assert standings.news(connection, -1) is not None
    monkeypatch.setattr(standings, "_MOST_NEWS", last)
    assert standings.news(connection, -1) is None
