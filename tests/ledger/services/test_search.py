"""What a search of the desk finds, counts and pages through, and what it says where it does not understand."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from ledger import clock, fulltext
from ledger.models import Appearance, Article, Claim, Status, Verdict
from ledger.services import articles, bulk, claims, desks, labels, search
from ledger.services.terms import parsed, plus, written
from ledger.store.search import AGES, NEVER, OPEN, SOON, lists, words
from tests.factories import make_article, make_claim, make_desk, make_evidence, make_verdict
from tests.ledger.services.desk import do, now

PUBLISHERS = ("The Guardian", "Reuters", None)
TAGS = (["budget"], ["budget", "health"], None)


@pytest.fixture
def crowded(database, people):
    """Five articles with claims in every state, of three publishers, tagged and due or not."""
    chance = random.Random(7)
    ben = people.reviewer
    cleo = people.editor
    for n in range(5):
        text = f"Note {n}\n\nThe town has {n + 10} trees. It cost {n + 4}.2 million euros in 2024.\n\n"
        text += "“We signed with 242 builders,” the mayor said. More than 40 towns asked for 9 million."
        due = (clock.now() + timedelta(days=(-3, 2, 20, 0, -1)[n])).isoformat() if n != 3 else None
        make_article(
            database, ben, text, floor=0.0, publisher=PUBLISHERS[n % 3], tags=TAGS[n % 3], due_at=due
        )
    with database.read() as session:
        ids = [(claim.id, claim.version) for claim in session.exec(select(Claim)).all()]
    for place, (id, version) in enumerate(ids):
        what = chance.choice(("leave", "take", "give", "dismiss", "tag", "settle", "propose"))
        if what == "take":
            do(database, claims.assign, id, by=ben, version=version, to=ben.account)
        elif what == "give":
            do(database, claims.assign, id, by=ben, version=version, to=cleo.account)
        elif what == "dismiss":
            do(database, claims.dismiss, id, by=ben, version=version)
        elif what == "tag":
            do(database, labels.tag, id, by=ben, version=version, given=["urgent"])
        elif what in ("settle", "propose"):
            claim = do(database, claims.accept, id, by=ben, version=version)
            code = ("supported", "refuted")[place % 2]
            settled, _ = make_verdict(database, ben, cleo if what == "settle" else None, claim, code)
            if what == "settle" and place % 3 == 0:
                make_evidence(database, ben, settled, quote="another")
    return database


def found(database, by, text, kind="claims", **more):
    look = search.claims if kind == "claims" else search.articles
    with database.read() as session:
        asked = look(session, text, by=by, **more)
        assert asked.troubles == []
        rows, _ = search.page(session, asked, limit=1000)
        assert search.total(session, asked) == len(rows)
        return [row[0] for row in rows]


QUERIES = (
    "",
    "status:stale,supported",
    "status:unchecked kind:quantity",
    "-status:dismissed assignee:me",
    "assignee:none verdict:refuted",
    'publisher:"The Guardian" tag:budget',
    "due:overdue",
    "tag:urgent due:week,later",
    "age:<1d million",
    "by:me status:supported,refuted,stale",
)


def test_dismissed_claims_are_put_aside_unless_asked_for(crowded, people):
    def numbers(text):
        with crowded.read() as session:
            asked = search.claims(session, text, by=people.reviewer)
            return search.totals(session, asked)

    everything = numbers("dismissed:yes")[0]
    dismissed = numbers("status:dismissed")[0]
    assert dismissed > 0 and numbers("dismissed:yes")[1] == numbers("status:dismissed")[1] == 0
    assert numbers("") == (everything - dismissed, dismissed)
    assert numbers("dismissed:no") == numbers("")
    assert numbers("-status:unchecked")[1] == dismissed
    assert numbers("status:unchecked,dismissed")[0] == numbers("status:unchecked")[0] + dismissed


def test_facets_count_what_counting_one_by_one_counts(crowded, people):
    by = people.reviewer
    for text in QUERIES:
        with crowded.read() as session:
            asked = search.claims(session, text, by=by)
            facets = search.facets(session, asked)
            for key, counts in facets.counts.items():
                rest = " ".join(str(term) for term in parsed(text) if term.key != key or term.out)
                # A click on the status brings those in that are put aside.
                rest += " dismissed:yes" if key == "status" else ""
                assert counts == _naive(session, key, found(crowded, by, rest)), (key, rest)
        assert not facets.capped


def _naive(session, key, rows):
    """Counted from whole records, without any of the queries."""
    counts: dict[str, int] = {}
    for claim in rows:
        places = [
            session.get_one(Article, p.article_id)
            for p in session.exec(select(Appearance).where(Appearance.claim_id == claim.id))
        ]
        verdict = session.get(Verdict, claim.verdict_id) if claim.verdict_id else None
        values = {
            "status": {claim.status},
            "kind": {claim.kind},
            "assignee": {claim.assignee_id or "none"},
            "verdict": {verdict.code if verdict else "none"},
            "age": {("<1d", "1d..7d", "7d..30d", "30d..90d", ">90d")[_band(claim)]},
            "publisher": {a.publisher for a in places if a.publisher},
            "tag": {tag for tags in (claim.tags, *(a.tags for a in places)) for tag in tags or ()},
            "due": {_due(a.due_at, claim.status in OPEN) for a in places if a.due_at},
        }[key]
        for value in values:
            counts[value] = counts.get(value, 0) + 1
    return counts


def _band(claim):
    return sum(clock.now() - claim.created_at > age for age in AGES)


def _due(at, is_open):
    left = at - clock.now()
    if left < timedelta(0):
        return "overdue" if is_open else "past"
    return "week" if left < SOON else "later"


def test_facets_of_articles_count_the_articles_that_a_click_finds(crowded, people):
    by = people.reviewer
    for text in ("", "state:open", "due:overdue", "assignee:me", "tag:budget state:open,done"):
        with crowded.read() as session:
            facets = search.facets(session, search.articles(session, text, by=by))
            desk_names = {desk.id: desk.name for desk in desks.store.every(session)}
        assert facets.counts["state"]
        names = {by.account: "me", people.editor.account: "Editor", **desk_names}
        for key, counts in facets.counts.items():
            for value, count in counts.items():
                rest = [term for term in parsed(text) if term.key != key]
                clicked = written(plus(rest, key, names.get(value, value)))
                assert len(found(crowded, by, clicked, "articles")) == count, clicked


def test_words_are_found_in_the_statement_the_text_the_claimant_and_the_title(database, people):
    by = people.reviewer
    claim = make_claim(database, by, statement="The ÉCOLE cost much.", claimant="Mayor Łuczak")
    for text in ("école", "242 BUILDERS", "łuczak", '"opens new bridge"', "école łuczak 242"):
        assert [one.id for one in found(database, by, text + " -status:candidate")] == [claim.id], text
    assert found(database, by, '"builders 242"') == []
    assert claim.id not in {one.id for one in found(database, by, "-builders")}
    assert claim.id in {one.id for one in found(database, by, "-nothing")}


@pytest.mark.parametrize(
    ("text", "says", "remedy"),
    [
        ("stauts:stale bridge", "Did you mean “status:”", "status:stale bridge"),
        ("status:stlae", "Did you mean “stale”", "status:stale"),
        ("assignee:Edtor", "Did you mean “Editor”", "assignee:Editor"),
        ("tag:none publisher:Gardian", "Did you mean “The Guardian”", 'tag:none publisher:"The Guardian"'),
        ("due:soonish", "There is: overdue", None),
        ("age:>7x", "a span such as <7d", None),
        ("worth:>2", "from 0 to 1", None),
        ("sort:size", "There is: new", None),
        ("article:7", "the article's id", None),
        ("colour:red", "put them in quotation marks", None),
    ],
)
def test_what_is_not_understood_is_told_with_its_remedy_and_the_rest_counts(
    database, people, text, says, remedy
):
    make_claim(database, people.editor)
    make_article(database, people.editor, "Other. The bridge has 7 spans.", publisher="The Guardian")
    with database.read() as session:
        asked = search.claims(session, text, by=people.editor)
        assert len(asked.troubles) == 1
        assert says in asked.troubles[0].message
        assert asked.troubles[0].remedy == remedy
        assert search.total(session, asked) > 0
        if remedy:
            assert search.claims(session, remedy, by=people.editor).troubles == []


def test_any_text_is_a_search(database, people):
    make_claim(database, people.reviewer)
    hostile = (
        "'; DROP TABLE claim; --",
        "%_\\",
        "\x00\ud800",
        "(" * 3000,
        'status:"',
        "-",
        "due:..",
        "age:9999999d",
    )
    with database.read() as session:
        for text in (*hostile, "due:<0001-01-01", "age:>99999y", "worth:nan", "tag:,,", "🦊" * 30):
            for look in (search.claims, search.articles):
                asked = look(session, text, by=people.reviewer)
                search.page(session, asked)
                search.facets(session, asked)


def test_days_begin_where_the_person_is(database, people):
    claim = make_claim(database, people.reviewer)
    evening = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    with database.read() as session:

        def today(zone, at):
            asked = search.claims(
                session, "changed:today -status:candidate", by=people.reviewer, zone=zone, now=at
            )
            return search.total(session, asked)

        changed = session.get_one(Claim, claim.id).updated_at
        late = changed.replace(hour=23, minute=59)
        assert today("UTC", late) == 1
        assert today("Pacific/Kiritimati", late + timedelta(days=2)) == 0
        assert today("no/such", late) == 1
    assert labels.due("2026-03-01", "America/New_York") == datetime(2026, 3, 2, 4, 59, 59, tzinfo=UTC)
    assert labels.due("2026-03-01") > evening


def test_pages_hold_every_claim_once_in_order_whatever_comes_in_meanwhile(crowded, people):
    by = people.reviewer
    for order in ("", "sort:worth", "sort:changed", "sort:due", "sort:old"):
        seen, after = [], None
        with crowded.read() as session:
            asked = search.claims(session, order, by=by)
            further = True
            while further:
                rows, further = search.page(session, asked, after=after, limit=4)
                seen += [row[0].id for row in rows]
                if after is not None:
                    back, _ = search.page(session, asked, before=tuple(rows[0][1:]), limit=4)
                    assert [row[0].id for row in back] == seen[-len(rows) - 4 : -len(rows)]
                after = tuple(rows[-1][1:])
        assert seen == [claim.id for claim in found(crowded, by, order)]
    with crowded.read() as session:
        whole = [row[0].id for row in search.page(session, search.claims(session, "", by=by))[0]]
        first, _ = search.page(session, search.claims(session, "", by=by), limit=4)
    make_claim(crowded, by, "99 trees", "Newer\n\nIt has 99 trees, the mayor said in 2024.")
    with crowded.read() as session:
        asked = search.claims(session, "", by=by)
        rows, _ = search.page(session, asked, after=tuple(first[-1][1:]), limit=4)
    assert [row[0].id for row in rows] == whole[4:8]


@pytest.mark.parametrize("order", ["new", "old", "changed", "worth", "due"])
def test_claims_of_several_statuses_come_in_the_pages_of_the_whole_list_sorted(crowded, people, order):
    text = f"status:candidate,unchecked,refuted,checking -status:checking sort:{order} below:yes"
    with crowded.read() as session:
        asked = search.claims(session, text, by=people.editor)
        every, beyond = search.page(session, asked, limit=1000)
        one_by_one = [
            row[0].id
            for status in ("candidate", "unchecked", "refuted")
            for row in search.page(
                session,
                search.claims(session, f"status:{status} below:yes", by=people.editor),
                limit=1000,
            )[0]
        ]
        ids = [row[0].id for row in every]
        assert (sorted(ids), beyond) == (sorted(one_by_one), False)
        turned = order in ("old", "due")
        assert [tuple(row[1:]) for row in every] == sorted((tuple(r[1:]) for r in every), reverse=not turned)
        down, after = [], None
        while True:
            rows, more = search.page(session, asked, after=after, limit=3)
            down += [row[0].id for row in rows]
            if not more:
                break
            after = tuple(rows[-1][1:])
        up, further = search.page(session, asked, before=tuple(every[7][1:]), limit=3)
    assert down == ids
    assert ([row[0].id for row in up], further) == (ids[4:7], True)


@pytest.fixture(params=[2000, 3], ids=["few", "common"])
def how_many_are_few(request, monkeypatch):
    """Words that few claims hold, and the same claims taken for very many."""
    monkeypatch.setattr(fulltext, "FEW", request.param)
    monkeypatch.setattr(words, "_FIRST", 3)
    return request.param


@pytest.mark.usefixtures("how_many_are_few")
def test_claims_with_words_come_in_the_same_pages_however_many_there_are(crowded, people):
    by = people.reviewer
    every = found(crowded, by, "dismissed:yes below:yes")
    for text in (
        "",
        "status:unchecked,candidate",
        "kind:quantity",
        "sort:old",
        "sort:changed",
        "sort:due",
        "-trees",
    ):
        here = [one.id for one in found(crowded, by, f"{text} dismissed:yes below:yes")]
        meant = [id for id in here if any(one.id == id and "million" in one.statement for one in every)]
        seen, after, further = [], None, True
        with crowded.read() as session:
            asked = search.claims(session, f"{text} million dismissed:yes below:yes", by=by)
            while further:
                rows, further = search.page(session, asked, after=after, limit=4)
                seen += [row[0].id for row in rows]
                if after is not None:
                    back, _ = search.page(session, asked, before=tuple(rows[0][1:]), limit=4)
                    assert [row[0].id for row in back] == seen[-len(rows) - 4 : -len(rows)]
                after = tuple(rows[-1][1:]) if rows else None
            assert set(meant) <= set(seen) <= set(here) and len(set(seen)) == len(seen)
            assert [id for id in here if id in seen] == seen, text
            assert search.total(session, asked) == len(seen)
            assert search.ids(session, asked, limit=100) == seen
    with crowded.read() as session:
        asked = search.claims(session, "million", by=by)
        facets = search.facets(session, asked)
        live, aside = search.totals(session, asked)
        assert live == len(search.page(session, asked, limit=1000)[0]) == sum(facets.counts["kind"].values())
        assert live + aside == search.total(session, search.claims(session, "million dismissed:yes", by=by))
        assert live.more == facets.capped == (fulltext.FEW == 3)


def test_articles_come_stale_first_then_by_the_day_they_are_due(database, people):
    by = people.reviewer
    stale, _ = make_verdict(
        database, by, people.editor, make_claim(database, by, "12 trees", "Stale\n\nIt has 12 trees in 2024.")
    )
    make_evidence(database, by, stale, quote="other")
    assert now(database, stale).status == Status.STALE
    later = make_article(database, by, "Later\n\nIt cost 5 million euros in 2024.", due_at="2100-01-01")
    sooner = make_article(database, by, "Sooner\n\nIt cost 6 million euros in 2024.", due_at="2090-01-01")
    cleared = make_article(database, by, "Nothing to check here.", floor=1.0, due_at="2001-01-01")
    order = [article.id for article in found(database, by, "", "articles")]
    assert order[1:] == [sooner.id, later.id, cleared.id]


@pytest.mark.parametrize("many", [0, 4_000])
def test_pages_of_articles_by_date_are_those_of_the_whole_list_sorted(crowded, people, monkeypatch, many):
    by = people.reviewer
    monkeypatch.setattr(lists, "MANY_STALE", many)
    for number, date in enumerate((None, "2001-01-01", "2090-01-01", None, "2001-01-01", None)):
        make_article(crowded, by, f"Clear {number}\n\nNothing to check here.", floor=1.0, due_at=date)
    make_article(crowded, by, "Open\n\nIt cost 6 million euros in 2024.", due_at="2090-01-01")
    for text, least in (("", 12), ("clear", 6), ("publisher:reuters", 1), ("sort:due", 12)):
        with crowded.read() as session:
            asked = search.articles(session, text, by=by)
            sorted_whole = search.ids(session, asked, limit=100)
            assert len(sorted_whole) >= least
            for size in (1, 2, 3, 5):
                seen, after, further = [], None, True
                while further:
                    rows, further = search.page(session, asked, after=after, limit=size)
                    seen += [row[0].id for row in rows]
                    if after is not None:
                        back, _ = search.page(session, asked, before=tuple(rows[0][1:]), limit=size)
                        assert [row[0].id for row in back] == seen[: -len(rows)][-size:]
                    after = tuple(rows[-1][1:])
                assert seen == sorted_whole
            # A key that no row has: where it would stand.
            nowhere = (7, NEVER, clock.now(), "")[-len(search.order_of(session, asked).keys) :]
            assert search.page(session, asked, after=nowhere, limit=5)[0] is not None


# ------------------------------------------------------------------------------- many at once


def test_a_preview_changes_nothing_and_the_deed_does_what_it_said(database, people):
    by, cleo = people.reviewer, people.editor
    first = make_claim(database, by)
    second = make_claim(database, by, "12 towns")
    gone = do(database, claims.dismiss, make_claim(database, by, "40 towns").id, by=by, version=1)
    seen = {first.id: 1, second.id: 1, gone.id: gone.version}
    deed = bulk.Deed("assign", to=cleo.account)
    with database.read() as session:
        said = bulk.on_claims(session, seen, deed, by=by, preview=True)
    assert [line.id for line in said.changed] == [first.id, second.id]
    assert [(line.id, line.name) for line in said.skipped] == [(gone.id, gone.statement)]
    assert "dismissed" in said.reasons[0][0]
    assert now(database, first).assignee_id is None and said.first is None
    # Somebody else is quicker with one of them.
    do(database, claims.reword, second.id, by=cleo, version=1, details={"kind": "event"})
    done = do(database, bulk.on_claims, seen, deed, by=by)
    assert [line.id for line in done.changed] == [first.id]
    assert {line.id: line.why for line in done.skipped}[second.id] == bulk.SINCE
    assert now(database, first).assignee_id == cleo.account
    assert now(database, first).status == Status.CHECKING
    assert now(database, second).assignee_id is None


def test_a_deed_on_many_is_undone_whole(database, people):
    from ledger.services import undo

    by = people.reviewer
    some = [make_claim(database, by, words) for words in ("242 builders", "12 towns", "40 towns")]
    seen: dict[str, int | None] = {claim.id: None for claim in some}
    done = do(database, bulk.on_claims, seen, bulk.Deed("tag", tags="Budget, budget ,  health"), by=by)
    assert done.first is not None and done.last == done.first + 2
    assert now(database, some[0]).tags == ["budget", "health"]
    again = do(database, bulk.on_claims, seen, bulk.Deed("tag", tags=["health"]), by=by)
    assert [line.why for line in again.skipped] == [bulk.SAME] * 3
    do(database, undo.undo, done.first, done.last, by=by)
    assert [now(database, claim).tags for claim in some] == [None] * 3


def test_rules_hold_for_many_as_for_one(database, people):
    by, other = people.reviewer, people.reviewer2
    claim = make_claim(database, by)
    do(database, claims.assign, claim.id, by=by, version=1, to=by.account)
    outcome = do(database, bulk.on_claims, {claim.id: None}, bulk.Deed("take"), by=other)
    assert "Somebody else has this claim" in outcome.skipped[0].why
    for deed, field in (
        (bulk.Deed("assign"), "to"),
        (bulk.Deed("assign", to=people.reader.account), "assignee_id"),
        (bulk.Deed("tag"), "tags"),
        (bulk.Deed("explode"), "action"),
    ):
        with pytest.raises(bulk.Invalid) as refused:
            do(database, bulk.on_claims, {claim.id: None}, deed, by=by)
        assert refused.value.field == field
    with pytest.raises(bulk.Invalid, match="at most 1,000"):
        do(database, bulk.on_claims, dict.fromkeys(map(str, range(1001))), bulk.Deed("take"), by=by)


def test_articles_are_given_a_date_tags_and_a_desk(database, people):
    by = people.reviewer
    article = make_article(database, by)
    desk = make_desk(database, people.editor)
    for deed in (
        bulk.Deed("due", due="2026-12-01", zone="Europe/Paris"),
        bulk.Deed("tag", tags="a"),
        bulk.Deed("desk", to=desk.id),
    ):
        assert do(database, bulk.on_articles, {article.id: None}, deed, by=by).changed
    stands = now(database, article)
    assert (stands.tags, stands.desk_id) == (["a"], desk.id)
    assert stands.due_at == datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)
    do(database, articles.describe, article.id, by=by, version=4, details={"due_at": None, "tags": []})
    assert (now(database, article).due_at, now(database, article).tags) == (None, None)
    for wrong in ("tomorrow", "2026-13-01", "0001-01-01"):
        with pytest.raises(articles.Invalid, match=r"2026-12-01|between 2000"):
            labels.due(wrong)
