"""Claims read straight from rows: the very JSON that the schemas give, on both databases."""

from functools import partial

import orjson
import pytest
import sqlalchemy as sa

from ledger.migrations import guards
from ledger.models import Claim, Verdict
from ledger.schemas.claims import ClaimFileOut, ListedClaimOut
from ledger.schemas.common import shown
from ledger.services import claims, evidence, labels
from ledger.store import claims as store
from ledger.store import desks, readout, ways
from ledger.store.claims import Filters
from ledger.store.readout import Wish, claim_file, claims_page
from ledger.store.ways import Core
from ledger.web.paging import write_keys
from tests.factories import make_capture, make_claim, make_desk, make_evidence, make_verdict
from tests.ledger.services.desk import do

NOBODY = "019ab0d5-0000-7000-8000-0000000000a1"


@pytest.fixture
def full(database, people):
    """A claim that has one of everything: its id."""
    claim = make_claim(database, people.reviewer, "12 towns")
    piece = make_evidence(
        database, people.reviewer, claim, title="„Bericht“ 🌉", quote="the letter", note="a\\b\n\u2028"
    )
    make_capture(database, people.reviewer, piece, "242 builders signed the letter.")
    other = make_evidence(database, people.reviewer, claim, url="https://example.org/gone", quote=None)
    do(
        database,
        evidence.withdraw,
        other.id,
        by=people.editor,
        version=1,
        reason="It is about something else.",
    )
    make_verdict(database, people.reviewer, people.editor, claim=claim)
    for change, more in (
        (labels.tag, {"given": ["budget", "élection"]}),
        (claims.assign, {"to": people.reviewer.account_id}),
        (claims.reword, {"details": {"statement": "13 towns, it says.", "claimant": "شرطة"}}),
    ):
        with database.write() as session:
            version = session.get_one(Claim, claim.id).version
            change(session, claim.id, by=people.reviewer, version=version, **more)
    return claim.id


def by_schema(session, id):
    """What the schema shows of a claim with all that belongs to it."""
    file = store.whole(session, id)
    value = {
        **file.claim.model_dump(),
        "appearances": [{**place.model_dump(), "title": it.title} for place, it in file.appearances],
        "quantities": file.quantities,
        "evidence": [{**piece.model_dump(), "capture": capture} for piece, capture in file.evidence],
        "verdicts": [{**v.model_dump(), "signatures": file.signatures.get(v.id, [])} for v in file.verdicts],
    }
    return shown(ClaimFileOut(), value, lambda ids: store.names(session, ids))


def test_a_claim_is_told_as_its_schema_tells_it(database, people, full):
    plain = make_claim(database, people.reviewer, "4.2 million euros")
    withdrawn = do(database, claims.withdraw, plain.id, by=people.editor, version=1, note="We were wrong.")
    with database.read() as session:
        for id in (full, withdrawn.id):
            way = ways.way(session)
            found = claim_file(way, id)
            assert orjson.loads(found.body) == by_schema(session, id)
            assert found.version == session.get_one(Claim, id).version
            assert claim_file(Core(session), id) == found
        told = orjson.loads(claim_file(way, full).body)
    assert told["stale_since"] and told["tags"] and told["assignee"]["name"] == "Reviewer"
    assert [piece["withdrawn_at"] is None for piece in told["evidence"]] == [True, False, True]
    assert told["evidence"][0]["capture"]["state"] == "done"
    assert [len(verdict["signatures"]) for verdict in told["verdicts"]] == [1]


def test_a_number_is_told_to_its_last_digit(database, people, full):
    exact = 0.1 + 0.2
    with database.write() as session:
        guards.remove(session.connection())
        session.connection().execute(sa.update(Verdict.__table__).values(number=exact))
        guards.install(session.connection())
    with database.read() as session:
        for way in (ways.way(session), Core(session)):
            assert [one["number"] for one in orjson.loads(claim_file(way, full).body)["verdicts"]] == [exact]


def test_a_claim_that_is_not_there_is_none(database):
    with database.read() as session:
        assert claim_file(ways.way(session), NOBODY) is None


def pages(database, filters, *, by_worth=False, limit=2):
    """All pages of a list, each by every way there is, as one list of items."""
    items, after = [], None
    while True:
        with database.read() as session:
            read = [ways.way(session, plain=readout.is_plain(filters)), Core(session)]
            wish = Wish(filters, limit=limit, by_worth=by_worth, after=after)
            mine, again = (claims_page(way, desks.thresholds(session), wish, write_keys) for way in read)
            rows, key = store.listed(session, filters, after=after, limit=limit, by_worth=by_worth)
            places = store.first_places(session, [row[0].id for row in rows])
            shown_rows = [
                {**row[0].model_dump(), "appearance": {**at.model_dump(), "title": title}}
                for row in rows
                for at, title in [places[row[0].id]]
            ]
            told = shown(ListedClaimOut(many=True), shown_rows, partial(store.names, session))
        assert mine == again
        assert orjson.loads(mine[0]) == {"items": told, "next": mine[1]}
        assert mine[1] == write_keys(key)
        items += told
        if key is None:
            return items
        after = key


@pytest.mark.parametrize("by_worth", [False, True])
def test_pages_are_told_as_their_schema_tells_them(database, people, full, by_worth):
    make_desk(database, people.editor, threshold=0.9)
    for words in ("242 builders", "40 towns"):
        make_claim(database, people.reviewer, words)
    everything = pages(database, Filters(below=True), by_worth=by_worth)
    assert len({one["id"] for one in everything}) == len(everything) >= 3
    for filters in (Filters(), Filters(status=("unchecked", "stale")), Filters(kind=("quantity",), below=True),
                    Filters(q="towns"), Filters(assignee_id=people.reviewer.account_id)):  # fmt: skip
        some = pages(database, filters, by_worth=by_worth)
        assert {one["id"] for one in some} <= {one["id"] for one in everything}
    assert [one["id"] for one in some] == [full]
