"""Bringing others' claims in, on pages without scripts: a file, its columns, a trial, and then for good."""

import io
import json

import pytest
from sqlmodel import select

from ledger.jobs import runner
from ledger.models import Claim, Job, JobState
from ledger.store import events
from tests.conftest import one_database
from tests.factories import make_desk

TABLE = (
    "Behauptung;Wer;Link;Urteil;Prüfung\r\n"
    "Die Brücke kostete 4,2 Millionen Euro.;Die Bürgermeisterin;https://news.example/bruecke;falsch;https://check.example/1\r\n"
    "'=Es kamen 242.;;https://news.example/bruecke;;\r\n"
    ";niemand;;;\r\n"
)
REVIEW = {
    "@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": "The bridge cost 4.2 million.",
    "url": "https://check.example/2", "author": {"@type": "Organization", "name": "The Checkers"},
    "reviewRating": {"@type": "Rating", "alternateName": "Mostly false", "ratingValue": -1},
    "itemReviewed": {"@type": "Claim", "appearance": "https://news.example/bridge"},
}  # fmt: skip


@pytest.fixture
def desk(signed_in, people):
    return signed_in(people.reviewer)


@pytest.fixture
def work(app, database):
    """What a worker does, now."""

    def work():
        with database.read() as session:
            waiting = list(session.exec(select(Job.id).where(Job.state == JobState.QUEUED)))
        for id in waiting:
            runner.run(app.extensions["ledger"], id)

    return work


def send(desk, data, name="table.csv", **more):
    body = data if isinstance(data, bytes) else data.encode("cp1252")
    return desk.open("/imports").press("Try it", file=(io.BytesIO(body), name), **more)


def stored(database):
    with database.read() as session:
        return list(session.exec(select(Claim).order_by(Claim.id)))


def size(database):
    with database.read() as session:
        return events.size(session)


def test_a_table_is_mapped_tried_and_brought_in(desk, people, database, work):
    send(desk, TABLE)
    assert desk.path() == "/imports/columns" and "Windows-1252, cells between semicolons" in desk.text
    chosen = dict(desk.form("Try it").form_values())
    assert chosen["map-statement"] == "Behauptung" and chosen["map-url"] == "Link"
    assert "=Es kamen 242." in desk.text and "'=Es" not in desk.text
    before = size(database)
    desk.press("Try it", **{"map-claimant": "Wer", "map-rating": "Urteil", "map-evidence_url": "Prüfung"})
    assert "0 % of the file" in desk.text
    work()
    place = desk.place
    desk.open(place)
    assert "This would come of it" in desk.text and "1 refused" in desk.text and "Row 4" in desk.text
    assert stored(database) == [] and size(database) == before
    desk.press("Bring in 2 claims")
    assert desk.place != place
    work()
    desk.open(desk.place)
    assert "It is in the ledger." in desk.text
    claims = {claim.statement: claim for claim in stored(database)}
    assert set(claims) == {"Die Brücke kostete 4,2 Millionen Euro.", "=Es kamen 242."}
    assert {claim.status for claim in claims.values()} == {"unchecked"}
    # The same once more adds nothing.
    send(desk, TABLE).press("Try it")
    work()
    assert "in the ledger already" in desk.open(desk.place).text and "Nothing of it is new" in desk.text
    desk.open("/imports")
    assert "brought in" in desk.text and "tried" in desk.text


@one_database
def test_other_formats_need_no_columns(desk, database, work):
    send(desk, json.dumps(REVIEW).encode(), "review.json")
    assert desk.path().startswith("/imports/") and desk.path() != "/imports/columns"
    work()
    assert "ClaimReview" in desk.open(desk.place).text and "Bring in 1 claim" in desk.buttons()


@one_database
@pytest.mark.parametrize(
    ("data", "more", "told"),
    [
        (b"", {}, "empty"),
        (b"PK\x03\x04", {}, "packed"),
        (b"{", {"format": "claimreview"}, ""),
        (b"a;b\n1;2", {"format": "poem"}, "Choose one of"),
    ],
)
def test_what_can_t_be_read_says_why(desk, database, data, more, told):
    send(desk, data, **more)
    assert desk.status == 422 and told in desk.text and size(database) >= 0


@one_database
def test_no_file_and_no_column(desk):
    desk.open("/imports").press("Try it", file=(io.BytesIO(b""), ""))
    assert desk.status == 422 and "Choose the file." in desk.text
    send(desk, TABLE).press("Try it", **{"map-statement": ""})
    assert desk.status == 422 and "which column holds the claims" in desk.text
    desk.press("Try it", **{"map-statement": "Nothing"})
    assert desk.status == 422 and "no column" in desk.text
    assert desk.open("/imports/columns?sha256=" + "0" * 64).status == 404
    assert desk.open("/imports/columns?sha256=x").status in (404, 422)


@one_database
def test_the_part_that_changes_comes_alone(desk, database, work):
    send(desk, json.dumps(REVIEW).encode(), "review.json")
    part = desk.client.get(desk.place, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "hx-trigger" in part and "<html" not in part
    work()
    part = desk.client.get(desk.place, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "hx-trigger" not in part and "This would come of it" in part


@one_database
def test_it_fails_aloud(desk, database, work):
    send(desk, b'[{"@type": "ClaimReview", "claimReviewed": "So it is."},\n{"@type": ', "broken.json")
    work()
    desk.open(desk.place)
    assert "failed" in desk.text and stored(database) == []


@one_database
def test_a_desk_gets_what_comes_in(desk, people, database, work):
    other = make_desk(database, people.editor)
    send(desk, TABLE, desk_id=other.id).press("Try it")
    with database.read() as session:
        job = session.exec(select(Job).order_by(Job.created_at.desc())).first()
    assert job.arguments["desk_id"] == other.id


@one_database
def test_readers_are_not_led_there(signed_in, people):
    assert signed_in(people.reader).open("/imports").status == 403
