"""Matching in the ledger: in step with the log, vectors kept, nothing logged for it."""

import threading

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ledger.errors import Unavailable
from ledger.models import Claim, ClaimVector, Status
from ledger.services import claims, matching
from ledger.services.matching import FINDINGS, Follower, Keeper, Matcher, in_article
from ledger.services.verification import verify
from ledger.store import matching as store
from tests.factories import make_article, make_claim, make_verdict
from tests.ledger.services.desk import do, now


@pytest.fixture
def matcher():
    return Matcher(most=1_000)


@pytest.fixture
def claim(database, people):
    """A claim that a person added."""
    statement = "The letter to the council was signed by 242 builders."
    return make_claim(database, people.reviewer, statement=statement)


def _asked(database, matcher, text, **more):
    with database.read() as session:
        return matcher.look_up(session, [text], **more)[0]


def _told(found):
    return [(one.claim.id, one.relation, one.vetoes) for one in found]


def _vectors(database):
    with database.read() as session:
        return {row.claim_id: row for row in session.exec(select(ClaimVector))}


def test_the_words_of_a_claim_find_it_and_other_numbers_only_something_like_it(database, matcher, claim):
    found = _asked(database, matcher, "242 builders signed the letter to the council")
    assert _told(found) == [(claim.id, "same", ())]
    assert (found[0].claim.status, found[0].checked) == ("unchecked", False)
    assert "same number: 242 builders" in found[0].reasons
    other = _asked(database, matcher, "424 builders signed the letter to the council")
    assert _told(other) == [(claim.id, "similar", ("424 ≠ 242",))]
    assert _asked(database, matcher, "Hens lay eggs.") == []


def test_what_came_in_or_was_reworded_since_is_found_at_once(database, people, matcher, claim):
    assert _asked(database, matcher, "Nobody knows the price of the tower.") == []
    make_claim(database, people.reviewer, "12 towns", statement="Nobody knows the price of the tower.")
    found = _asked(database, matcher, "The price of the tower is known to nobody.")
    assert [one.relation for one in found] == ["same"]
    words = {"statement": "The tower has 40 floors."}
    changed = do(database, claims.reword, claim.id, by=people.reviewer, version=claim.version, details=words)
    assert _asked(database, matcher, claim.statement) == []
    assert _told(_asked(database, matcher, "The tower has 40 floors")) == [(changed.id, "same", ())]


def test_an_answer_is_kept_until_the_log_goes_on(database, people, matcher, claim, monkeypatch):
    compared = []
    compare = matching._compared
    monkeypatch.setattr(matching, "_compared", lambda *args: compared.append(args) or compare(*args))
    other = make_claim(database, people.reviewer, "12 towns", statement=claim.statement)

    def ask():
        with database.read() as session:
            return _told(matcher.like(session, {claim.id: claim.statement})[claim.id])

    assert ask() == ask() == [(other.id, "same", ())]
    assert len(compared) == 1
    words = {"statement": "The tower has 40 floors."}
    do(database, claims.reword, other.id, by=people.reviewer, version=other.version, details=words)
    assert ask() == []
    # Vectors come without an event, and may change what is alike.
    with matcher._lock:
        matcher._changes += 1
    assert ask() == []
    assert len(compared) == 3


def test_guesses_and_dismissed_candidates_are_no_findings_unless_asked_for(database, people, matcher):
    make_article(database, people.reviewer)
    with database.read() as session:
        guess = session.exec(select(Claim).where(Claim.triage == "candidate")).first()
    words = guess.statement
    assert _asked(database, matcher, words) == []
    found = _asked(database, matcher, words, statuses=["candidate"])[0]
    assert (found.claim.id, found.claim.status, found.relation) == (guess.id, "candidate", "same")
    do(database, claims.dismiss, guess.id, by=people.reviewer, version=1)
    left = _asked(database, matcher, words, statuses=["candidate"])
    assert guess.id not in [one.claim.id for one in left]
    (put_aside,) = _asked(database, matcher, words, statuses=["dismissed"])
    assert put_aside.claim.id == guess.id


def test_a_match_shows_the_status_and_the_verdict_as_they_stand(database, people, matcher, claim):
    _asked(database, matcher, claim.statement)
    make_verdict(database, people.reviewer, people.reviewer2, claim=claim)
    (found,) = _asked(database, matcher, claim.statement, statuses=["supported"])
    assert (found.claim.status, found.claim.label, found.checked) == ("supported", "Supported", True)
    current = now(database, claim)
    do(database, claims.withdraw, claim.id, by=people.editor, version=current.version, note="Mistaken.")
    (found,) = _asked(database, matcher, claim.statement)
    assert (found.claim.status, found.checked) == ("withdrawn", False)


def test_a_claim_is_no_match_of_itself(database, people, matcher, claim):
    twin = make_claim(
        database, people.reviewer, "12 towns", statement="242 builders signed the letter to the council."
    )
    with database.read() as session:
        found = matcher.like(session, {claim.id: claim.statement, twin.id: twin.statement})
    assert {id: [one.claim.id for one in some] for id, some in found.items()} == {
        claim.id: [twin.id],
        twin.id: [claim.id],
    }


OTHER = "The council’s new bridge was signed off in 2024 with 242 builders at work. Hens lay eggs every day."


def test_an_article_is_told_which_of_its_claims_were_checked_before(database, people, matcher, claim):
    article = make_article(database, people.reviewer, OTHER)
    start = OTHER.index("242 builders")
    words = "242 builders signed the letter to the council."
    mine = do(
        database, claims.add, article.id, by=people.reviewer, start=start, end=start + 12, statement=words
    )

    def told():
        with database.read() as session:
            return in_article(session, matcher, article)

    assert (told().checked, told().same) == (0, 1)
    make_verdict(database, people.reviewer, people.reviewer2, claim=claim)
    assert (told().checked, told().same) == (1, 1)
    assert {asked.id: [one.claim.id for one in found] for asked, found in told().items}[mine.id] == [claim.id]


def test_another_claim_of_the_same_article_counts_only_once_it_is_checked(database, people, matcher):
    first = make_claim(
        database, people.reviewer, "signed with 242 builders", statement="242 builders signed with us."
    )
    make_claim(database, people.reviewer, "242 builders", statement="We signed with 242 builders.")
    article = make_article(database, people.reviewer)

    def told():
        with database.read() as session:
            return in_article(session, matcher, article)

    assert (told().checked, told().same) == (0, 0)
    make_verdict(database, people.reviewer, people.reviewer2, claim=first)
    assert told().checked >= 1


def test_vectors_are_made_once_and_no_event_tells_of_them(database, people, claim):
    make_article(database, people.reviewer)
    with database.read() as session:
        before = store.newest(session)
        many = len(session.exec(select(Claim)).all())
    keeper = Keeper(database)
    assert keeper.step() == many
    assert keeper.step() == 0
    made = _vectors(database)
    assert len(made) == many
    assert {len(row.vector) for row in made.values()} == {384}
    with database.read() as session:
        assert store.newest(session) == before
        assert verify(session).sound
    assert Keeper(database).step() == 0


def test_a_reworded_claim_gets_a_new_vector_and_the_old_one_is_never_used(database, people, claim):
    keeper, matcher = Keeper(database), Matcher(most=1_000)
    keeper.step()
    old = _vectors(database)[claim.id]
    do(
        database, claims.reword, claim.id, by=people.reviewer, version=claim.version,
        details={"statement": "The tower has 40 floors."},
    )  # fmt: skip
    with database.read() as session:
        (row,) = store.rows(session, [claim.id])
        assert not matching.is_fresh(row)
    assert _asked(database, matcher, "The tower has forty floors")[0].relation == "same"
    assert keeper.step() == 1
    new = _vectors(database)[claim.id]
    assert new.vector != old.vector
    with database.read() as session:
        (row,) = store.rows(session, [claim.id])
        assert matching.is_fresh(row)


def test_vectors_of_another_model_are_made_anew(database, claim):
    keeper = Keeper(database)
    keeper.step()
    with database.write() as session:
        session.execute(sa.update(ClaimVector).values(model="another/1"))
    assert keeper.step() == 0
    assert Keeper(database).step() > 0
    assert {row.model for row in _vectors(database).values()} != {"another/1"}


def test_kept_vectors_are_found_by_an_index_that_had_none(database, people, matcher, monkeypatch):
    monkeypatch.setattr(matching, "_PROMPTLY", 0)
    monkeypatch.setattr(matching, "_LOOK_AGAIN_SECONDS", 0.0)
    claim = make_claim(database, people.reviewer, statement="Doctors are paid more.")
    words = "Physicians earn more."
    assert _asked(database, matcher, words) == []
    Keeper(database).step()
    assert [one.claim.id for one in _asked(database, matcher, words)] == [claim.id]


TOWNS = ("Aldham", "Brook", "Carrow", "Dunmere", "Eastvale", "Fenwick", "Garth", "Holt", "Ingle", "Jarrow")


def test_only_the_newest_claims_are_held(database, people):
    text = " ".join(f"The mill of {town} stands." for town in TOWNS)
    article = make_article(database, people.reviewer, text)

    def add(town):
        start = text.index(town)
        return do(
            database, claims.add, article.id, by=people.reviewer, start=start, end=start + len(town),
            statement=f"The mill of {town} stands empty.",
        )  # fmt: skip

    matcher = Matcher(most=4)
    made = [add(town) for town in TOWNS[:5]]
    assert "same" not in [one.relation for one in _asked(database, matcher, made[0].statement)]
    assert _asked(database, matcher, made[4].statement)[0].claim.id == made[4].id
    made += [add(town) for town in TOWNS[5:]]
    assert "same" not in [one.relation for one in _asked(database, matcher, made[4].statement)]
    assert _asked(database, matcher, made[9].statement)[0].claim.id == made[9].id


def test_matching_can_be_turned_off(database, claim):
    with pytest.raises(Unavailable, match="turned off"):
        _asked(database, Matcher(most=0), claim.statement)


def test_a_session_that_began_earlier_sees_what_it_sees(database, people, matcher, claim):
    with database.read() as early:
        assert len(matcher.look_up(early, [claim.statement])[0]) == 1
        later = make_claim(database, people.reviewer, "12 towns", statement="The harbour was dredged twice.")
        assert [one.claim.id for one in _asked(database, matcher, later.statement)] == [later.id]
        assert matcher.look_up(early, [later.statement])[0] == []
        assert len(matcher.look_up(early, [claim.statement])[0]) == 1


def test_the_follower_misses_no_claim_whoever_writes_when(database, people):
    follower, seen, stop = Follower(), set(), threading.Event()
    text = " ".join(f"w{i}" for i in range(60)) + "."
    article = make_article(database, people.reviewer, text)
    faults = []

    def write(first):
        try:
            for i in range(first, 60, 2):
                start = text.index(f"w{i}")
                do(
                    database, claims.add, article.id, by=people.reviewer, start=start,
                    end=start + len(f"w{i}"), statement=f"Statement {i}",
                )  # fmt: skip
        except Exception as error:  # noqa: BLE001
            faults.append(error)

    def follow():
        while True:
            last = stop.is_set()
            with database.read() as session:
                for rows in follower.news(session):
                    seen.update(row.statement for row in rows)
            if last:
                return

    _ = people.reviewer
    reader = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 1)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    assert faults == []
    assert {f"Statement {i}" for i in range(60)} <= seen


def test_many_threads_may_ask_at_once(database, people, matcher, claim):
    answers, faults = [], []

    def ask():
        try:
            answers.append(_told(_asked(database, matcher, claim.statement)))
        except Exception as error:  # noqa: BLE001
            faults.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert answers == [[(claim.id, "same", ())]] * 8


def test_findings_are_what_people_vouch_for():
    assert set(FINDINGS) == set(Status) - {Status.CANDIDATE, Status.DISMISSED}


def test_a_warm_matcher_has_its_index_before_anybody_asks(database, people):
    claim = make_claim(database, people.reviewer)
    matcher = Matcher(most=1_000)
    matcher.warm(database)
    assert claim.id in matcher._ranking
    off = Matcher(most=0)
    off.warm(database)
    assert off._ranking is None
