"""The figures of the insights: what stood when, how long it took, who agreed."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from ledger.errors import Invalid, NotFound
from ledger.models import DEFAULT_DESK, Claim
from ledger.services import articles, claims, history, insights, verdicts
from ledger.services.flow import flow_of
from ledger.services.insights import Period
from ledger.services.verification import verify
from ledger.store import claims as claims_store
from ledger.store.claims import Filters
from scripts.sample_desk import fill
from tests.factories import make_article, make_claim, make_desk, make_evidence, make_verdict
from tests.ledger.services.desk import TWO, do, now

END = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def asked(database, figure, *more, first=2, last=20, zone="UTC", **named):
    period = Period(date(2026, 11, first), date(2026, 11, last), zone, END)
    with database.read() as session:
        return figure(session, period, *more, **named)


@pytest.fixture
def clock():
    with time_machine.travel(at(2), tick=False) as held:
        yield held


def second_opinion(database, claim, first, second, code, *, other=None, sign=False):
    """One proposal, and what the second reader does with it."""
    stands = now(database, claim)
    verdict = do(database, verdicts.propose, claim.id, by=first, version=stands.version, code=code,
                 rationale="So it is.", policy=TWO)  # fmt: skip
    if sign:
        return do(database, verdicts.sign, verdict.id, by=second, digest_seen=verdict.digest, policy=TWO)
    return do(database, verdicts.send_back, verdict.id, by=second, reason="Read it again.", code=other)


def test_what_stood_on_a_day_is_what_the_log_says_of_every_claim(database):
    month = fill(database, number=1, long=(), weeks=1, until=END)
    with database.read() as session:
        found = insights.statuses(session, Period(date(2026, 11, 16), date(2026, 11, 23), now=END))
        ids = [row.Claim.id for row in claims_store.listed(session, Filters(below=True), limit=500)[0]]
        assert len(ids) == month.claims
        for day in (date(2026, 11, 17), date(2026, 11, 20), date(2026, 11, 23)):
            place, moment = found.days.index(day), history.moment(day.isoformat())
            stood = Counter(filter(None, (status_at(session, id, moment) for id in ids)))
            assert {s: n[place] for s, n in found.counts.items() if n[place]} == dict(stood)
        assert len(stood) > 3
        assert verify(session).sound


def status_at(session, id: str, moment: datetime) -> str | None:
    try:
        return str(history.claim_at(session, id, moment).claim["status"])
    except NotFound:
        return None


def test_a_claim_counts_as_what_it_was_at_the_end_of_each_day(database, people, clock):
    claim = make_claim(database, people.reviewer)
    clock.move_to(at(4))
    make_evidence(database, people.reviewer, claim)
    do(database, claims.assign, claim.id, by=people.reviewer, version=now(database, claim).version,
       to=people.reviewer.account_id)  # fmt: skip
    clock.move_to(at(5, 23))
    second_opinion(database, claim, people.reviewer, people.reviewer2, "refuted", sign=True)
    found = asked(database, insights.statuses, last=7)
    assert [found.counts[s][0] for s in ("unchecked", "checking", "refuted")] == [1, 0, 0]
    assert found.counts["checking"] == [0, 0, 1, 0, 0, 0]
    assert found.counts["refuted"] == [0, 0, 0, 1, 1, 1]
    # The same hour is the next day already where it is later.
    later = asked(database, insights.statuses, last=7, zone="Asia/Tokyo")
    assert later.counts["refuted"] == [0, 0, 0, 0, 1, 1]


def test_new_events_are_added_to_what_was_folded(database, people, clock):
    claim = make_claim(database, people.reviewer)
    before = asked(database, insights.statuses)
    with database.read() as session:
        held = flow_of(session)
    do(database, claims.assign, claim.id, by=people.reviewer, version=1, to=people.reviewer.account_id)
    after = asked(database, insights.statuses)
    assert (before.counts["checking"][-1], after.counts["checking"][-1]) == (0, 1)
    with database.read() as session:
        assert flow_of(session) is held


def test_another_log_behind_the_same_address_is_read_anew(database, people, clock):
    make_claim(database, people.reviewer)
    asked(database, insights.statuses)
    with database.read() as session:
        held = flow_of(session)
    # As after a backup was put back: the event at that place is another one.
    held._leaf = "0" * 64
    held._status[0] = 5
    assert asked(database, insights.statuses).counts["unchecked"][-1] == 1


def test_days_weeks_and_months_follow_the_length_of_the_period(database):
    short = Period(date(2026, 11, 1), date(2026, 11, 20), now=END)
    year = Period(date(2026, 1, 1), date(2026, 11, 20), now=END)
    decade = Period(date(2018, 1, 1), date(2026, 11, 20), now=END)
    assert (short.step, year.step, decade.step) == ("day", "week", "month")
    assert {day.weekday() for day in year.days()[:-1]} == {6}
    assert decade.days()[:2] == [date(2018, 1, 31), date(2018, 2, 28)]
    assert year.days()[-1] == decade.days()[-1] == date(2026, 11, 20)
    ahead = Period(date(2026, 11, 20), date(2027, 1, 1), now=END)
    assert ahead.days()[-1] == date(2026, 11, 23)


def test_a_day_is_as_long_as_its_zone_has_it():
    autumn = Period(date(2026, 10, 25), date(2026, 10, 25), "Europe/Berlin", END)
    assert autumn.until - autumn.since == timedelta(hours=25)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"first": "2026-13-01"}, "from"),
        ({"first": "1.11.2026"}, "from"),
        ({"last": "0001-01-01"}, "to"),
        ({"first": "2026-11-20", "last": "2026-11-19"}, "to"),
        ({"first": "1990-01-01", "last": "2026-11-19"}, "from"),
        ({"first": "2990-01-01", "last": "2990-01-19"}, "from"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../etc/passwd"}, "zone"),
    ],
)
def test_a_period_that_can_not_be_names_its_field(database, given, field):
    with database.read() as session, pytest.raises(Invalid) as refused:
        insights.period(session, **given)
    assert refused.value.field == field


def test_nobody_names_a_period_and_gets_the_last_weeks(database, people, clock):
    make_article(database, people.reviewer)
    clock.move_to(at(10))
    with database.read() as session:
        assert insights.period(session).first == date(2026, 11, 2)
        clock.move_to(datetime(2027, 6, 1, tzinfo=UTC))
        assert (insights.period(session).last - insights.period(session).first).days == insights.DAYS - 1


def test_time_to_clear_runs_from_acceptance_to_the_first_signature(database, people, clock):
    article = make_article(database, people.reviewer)
    with database.read() as session:
        guess = next(c for c, _ in claims_store.of_article(session, article.id))
    clock.move_to(at(5, 8))
    do(database, claims.accept, guess.id, by=people.reviewer, version=1)
    # Undone and done again: the second time counts.
    do(database, claims.reopen, guess.id, by=people.reviewer, version=2)
    clock.move_to(at(6, 8))
    do(database, claims.accept, guess.id, by=people.reviewer, version=3)
    make_evidence(database, people.reviewer, guess)
    clock.move_to(at(7, 14))
    second_opinion(database, guess, people.reviewer, people.reviewer2, "supported", sign=True)
    other = make_claim(database, people.reviewer)
    found = asked(database, insights.clearing)
    assert (found.all.number, found.all.median, found.still_open) == (1, 30.0, 1)
    assert [(monday.day, one.number) for monday, one in found.weeks] == [(2, 1), (9, 0), (16, 0)]
    # What turns stale and is settled again was cleared once.
    clock.move_to(at(9))
    do(database, claims.reword, guess.id, by=people.reviewer, version=now(database, guess).version,
       details={"statement": "Other words."})  # fmt: skip
    second_opinion(database, guess, people.reviewer, people.reviewer2, "supported", sign=True)
    assert asked(database, insights.clearing).all.number == 1
    assert asked(database, insights.clearing, first=8).all.number == 0
    assert other.status == "unchecked"


def test_quartiles_are_those_of_what_was_cleared(database, people, clock):
    for n in range(5):
        clock.move_to(at(2))
        claim = make_claim(database, people.reviewer, text=f"Story {n}\n\nThere were 242 builders in 20{n}1.")
        clock.move_to(at(2) + timedelta(hours=10 * (n + 1)))
        make_verdict(database, people.reviewer, people.reviewer2, claim)
    all_ = asked(database, insights.clearing).all
    assert (all_.number, all_.low, all_.median, all_.high) == (5, 20.0, 30.0, 40.0)


def test_verdicts_are_counted_by_publisher_and_kind(database, people, clock):
    for n, (publisher, code) in enumerate([("Post", "supported"), ("Post", "refuted"), (None, "supported")]):
        text = f"Story {n}\n\nThere were 242 builders in 20{n}1."
        article = make_article(database, people.reviewer, text, publisher=publisher)
        claim = make_claim(database, people.reviewer, text=text, kind="event" if n else "quantity")
        make_verdict(database, people.reviewer, people.reviewer2, claim, code)
    found = asked(database, insights.by_publisher)
    assert [(one.name, one.total) for one in found] == [("Post", 2), (None, 1)]
    assert (found[0].counts["supported"], found[0].counts["refuted"]) == (1, 1)
    assert [(one.name, one.total) for one in asked(database, insights.by_kind)] == [
        ("event", 2),
        ("quantity", 1),
    ]
    assert asked(database, insights.by_kind, first=3) == []
    # What no longer fits counts no more.
    do(database, claims.reword, claim.id, by=people.reviewer, version=now(database, claim).version,
       details={"statement": "Other words."})  # fmt: skip
    assert [one.total for one in asked(database, insights.by_publisher)] == [2]
    assert article.publisher is None


def test_a_desk_sees_its_own_articles_only(database, people, clock):
    health = make_desk(database, people.editor)
    claim = make_claim(database, people.reviewer)
    stands = claims_store
    with database.read() as session:
        article = stands.appearances(session, claim.id)[0].article_id
    other = make_claim(database, people.reviewer, text="Story\n\nThere were 242 builders in 1999.")
    make_verdict(database, people.reviewer, people.reviewer2, claim)
    do(database, articles.describe, article, by=people.editor, version=1, details={"desk_id": health.id})
    assert asked(database, insights.statuses, health.id).counts["supported"][-1] == 1
    assert asked(database, insights.statuses, DEFAULT_DESK).counts["supported"][-1] == 0
    assert [one.claim.id for one in asked(database, insights.oldest, DEFAULT_DESK).claims] == [other.id]
    assert asked(database, insights.agreement, DEFAULT_DESK).kappa.pairs == 0
    assert asked(database, insights.agreement, health.id).kappa.pairs == 1
    assert asked(database, insights.by_kind, DEFAULT_DESK) == []
    assert [one.total for one in asked(database, insights.by_publisher, health.id)] == [1]
    assert asked(database, insights.clearing, health.id).all.number == 1
    assert [one.proposed for one in asked(database, insights.load, DEFAULT_DESK)] == []


def test_load_tells_what_everybody_has_and_did(database, people, clock):
    first, second = people.reviewer, people.reviewer2
    claim = make_claim(database, first)
    make_evidence(database, first, claim)
    second_opinion(database, claim, first, second, "supported", other="refuted")
    second_opinion(database, claim, first, second, "refuted", sign=True)
    waiting, _ = make_verdict(database, first, claim=make_claim(database, first, "12 towns"))
    loads = {one.name: one for one in asked(database, insights.load)}
    mine, theirs = loads["Reviewer"], loads["Reviewer2"]
    assert (mine.open, mine.waiting, mine.proposed, mine.settled, mine.returned) == (1, 1, 3, 1, 1)
    assert (theirs.open, theirs.signed, theirs.sent_back, theirs.proposed) == (0, 1, 1, 0)
    assert [one.name for one in asked(database, insights.load)] == ["Reviewer", "Reviewer2"]
    # What is open is so now; what was done is of the period.
    later = {one.name: one for one in asked(database, insights.load, first=5)}
    assert (later["Reviewer"].open, later["Reviewer"].proposed) == (1, 0)
    assert waiting.assignee_id == first.account_id


def test_a_signature_agrees_and_another_rating_does_not(database, people, clock):
    first, second = people.reviewer, people.reviewer2
    codes = [("supported", None), ("supported", "refuted"), ("refuted", None), ("misleading", "")]
    for n, (said, other) in enumerate(codes):
        claim = make_claim(database, first, text=f"Story {n}\n\nThere were 242 builders in 20{n}1.")
        make_evidence(database, first, claim)
        second_opinion(database, claim, first, second, said, other=other, sign=other is None)
        if other:
            # Mended as the second reader said, and signed: no second pair of the same two people.
            second_opinion(database, claim, first, second, other, sign=True)
    found = asked(database, insights.agreement)
    assert (found.codes, found.table) == (["supported", "refuted"], [[1, 1], [0, 1]])
    assert (found.kappa.pairs, found.kappa.agreed, found.unnamed) == (3, 2, 1)
    assert found.labels == ["Supported", "Refuted"]
    assert asked(database, insights.agreement, first=3).kappa.pairs == 0


def test_a_claim_that_is_read_again_after_it_was_settled_makes_another_pair(database, people, clock):
    claim, _ = make_verdict(database, people.reviewer, people.reviewer2)
    clock.move_to(at(4))
    second_opinion(database, claim, people.reviewer, people.reviewer2, "refuted", other="supported")
    assert asked(database, insights.agreement).kappa.pairs == 2
    assert asked(database, insights.agreement, first=3).table == [[0, 0], [1, 0]]


def test_pairs_of_several_scales_are_compared_by_status(database, people, clock):
    first, second = people.reviewer, people.reviewer2
    make_verdict(database, first, second)
    claim = make_claim(database, first, "12 towns")
    make_evidence(database, first, claim)
    verdict = do(database, verdicts.propose, claim.id, by=first, version=now(database, claim).version,
                 code="supported", rationale="So.", policy=TWO, scale="fullfact", label="It is so.")  # fmt: skip
    do(database, verdicts.send_back, verdict.id, by=second, reason="No.", code="misleading")
    found = asked(database, insights.agreement)
    assert found.by_status
    assert (found.labels, found.table) == (["Supported", "Misleading"], [[1, 1], [0, 0]])


def test_a_proposer_who_signs_alone_makes_no_pair(database, people, clock):
    claim, verdict = make_verdict(database, people.editor)
    do(database, verdicts.sign, verdict.id, by=people.editor, digest_seen=verdict.digest, policy=TWO,
       override=True, note="Nobody is here.")  # fmt: skip
    assert asked(database, insights.agreement).kappa.pairs == 0
    assert now(database, claim).status == "supported"


def test_the_oldest_open_claims_come_first_with_their_age(database, people, clock):
    older = make_claim(database, people.reviewer)
    clock.move_to(at(9))
    newer = make_claim(database, people.reviewer, "12 towns")
    done, _ = make_verdict(
        database, people.reviewer, people.reviewer2, make_claim(database, people.reviewer, "40 towns")
    )
    found = asked(database, insights.oldest)
    assert [one.claim.id for one in found.claims] == [older.id, newer.id]
    assert found.total == 2
    assert found.claims[0].days == pytest.approx(21.125)
    assert {age: counts["unchecked"] for age, counts in found.ages if counts["unchecked"]} == {
        "2 to 4 weeks": 2
    }
    # What turns stale waits from then on.
    clock.move_to(at(20))
    do(database, claims.reword, done.id, by=people.reviewer, version=now(database, done).version,
       details={"statement": "Other words."})  # fmt: skip
    last = asked(database, insights.oldest).claims[-1]
    assert (last.claim.id, last.claim.status, last.since) == (done.id, "stale", at(20))
    assert len(asked(database, insights.oldest, limit=1).claims) == 1


def test_an_empty_ledger_has_no_figures_and_no_fault(database):
    with database.read() as session:
        period = insights.period(session)
        assert insights.statuses(session, period).shown == {}
        assert insights.clearing(session, period).all.number == 0
        assert insights.agreement(session, period).kappa.value is None
        assert insights.oldest(session, period).claims == []
        assert insights.load(session, period) == insights.by_kind(session, period) == []
        assert insights.by_publisher(session, period) == []
        assert session.get(Claim, DEFAULT_DESK) is None
