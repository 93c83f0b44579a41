"""Moving a claim's boundaries, splitting one claim, merging two; and what each would do."""

import random
import threading

import pytest

from ledger.db import Database
from ledger.errors import Conflict, Forbidden, Invalid, LedgerError, Outdated, VersionMissing
from ledger.ids import new_id
from ledger.models import Article, Claim, Revision
from ledger.services import claims, comments, evidence, history, spans, undo, verdicts
from ledger.services.spans import Part, Words
from ledger.services.verification import verify
from ledger.store import claims as store
from ledger.store import comments as comments_store
from tests.factories import TEXT, make_article, make_claim, make_evidence, make_verdict
from tests.ledger.services.desk import TWO, do, kinds, now, size

LONG = "It cost 4.2 million euros and was paid for by 12 towns"
EMOJI = "Fête\n\nLa famille 👩‍👩‍👧 a payé 40 euros à Łódź et 🇩🇪 en a payé 12 de plus, ẹ́nfin.\n"


def _at(words, text=TEXT, **more):
    start = text.index(words)
    return {"start": start, "end": start + len(words), "exact": words, **more}


def _words(words, text=TEXT, **more):
    return Words(**_at(words, text, **more))


def _part(words, text=TEXT, **more):
    return Part(**_at(words, text, **more))


def _stands(database, claim):
    with database.read() as session:
        return store.whole(session, claim.id)


def _exact(database, claim):
    return [place.exact for place, _ in _stands(database, claim).appearances]


def _move(database, claim, words, by, **more):
    return do(database, spans.move, claim.id, words, by=by, version=now(database, claim).version, **more)


def _split(database, claim, parts, by, **more):
    return do(database, spans.split, claim.id, parts, by=by, version=now(database, claim).version, **more)


def _merge(database, survivor, other, by):
    versions = {
        "version": now(database, survivor).version,
        "other_version": now(database, other).version,
    }
    return do(database, spans.merge, survivor.id, other.id, by=by, **versions)


def _sound(database):
    with database.read() as session:
        report = verify(session)
    assert (report.faults, report.differences) == ([], [])


@pytest.fixture(autouse=True)
def article(database, people):
    """The article of all these claims, without guesses on the same words."""
    return make_article(database, people.editor, floor=1.0)


@pytest.fixture
def claim(database, people):
    return make_claim(database, people.reviewer, LONG)


@pytest.fixture
def pair(database, people):
    """Two claims of one article."""
    return make_claim(database, people.reviewer, "12 towns"), make_claim(
        database, people.reviewer, "paid for by 12 towns"
    )


# -------------------------------------------------------------------------------------------- move


def test_a_claim_moves_with_its_words_its_numbers_and_its_statement(database, people):
    claim = make_claim(database, people.reviewer, "12 towns")
    _move(database, claim, _words(LONG), people.reviewer)
    file = _stands(database, claim)
    ((place, _),) = file.appearances
    assert place.exact == TEXT[place.start : place.end] == LONG
    assert (place.prefix, place.suffix[:3]) == (TEXT[place.start - 32 : place.start], ".\n\n")
    assert file.claim.statement == LONG
    assert [(q.value, q.unit) for q in file.quantities] == [("4200000", "euro"), ("12", "town")]
    _move(database, claim, _words("4.2 million euros"), people.reviewer)
    assert [q.unit for q in _stands(database, claim).quantities] == ["euro"]
    _move(database, claim, _words("paid for by 12 towns"), people.reviewer)
    assert [q.unit for q in _stands(database, claim).quantities] == ["town"]
    assert kinds(database, claim) == ["claim.added", *["claim.moved"] * 3]
    _sound(database)


def test_a_number_that_left_is_none_of_what_was_then(database, people, claim):
    before = now(database, claim).updated_at
    _move(database, claim, _words("paid for by 12 towns"), people.reviewer)
    with database.read() as session:
        then = history.claim_at(session, claim.id, before)
        after = history.claim_at(session, claim.id, now(database, claim).updated_at)
    assert [q["unit"] for q in then.quantities] == ["euro", "town"]
    assert [q["unit"] for q in after.quantities] == ["town"]


def test_a_statement_of_its_own_stays_and_is_told(database, people):
    claim = make_claim(database, people.reviewer, "12 towns", statement="Twelve towns paid for the bridge.")
    outcome = _move(database, claim, _words("paid for by 12 towns"), people.reviewer)
    assert now(database, claim).statement == "Twelve towns paid for the bridge."
    assert "words of its own" in outcome.notes[0]


def test_words_inside_a_quotation_are_quoted_once_they_stand_there(database, people):
    claim = make_claim(database, people.reviewer, "the mayor said")
    assert not _stands(database, claim).appearances[0][0].quoted
    _move(database, claim, _words("242 builders"), people.reviewer)
    assert _stands(database, claim).appearances[0][0].quoted


def test_a_settled_verdict_turns_stale_and_a_proposal_must_be_made_again(database, people):
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    outcome = _move(database, claim, _words("We signed with 242 builders"), people.reviewer)
    assert now(database, claim).status == "stale"
    assert "stale" in outcome.notes[-1]
    _move(database, claim, _words("242 builders"), people.reviewer)
    assert (now(database, claim).status, now(database, claim).stale_since) == ("supported", None)

    claim, verdict = make_verdict(
        database, people.reviewer, claim=make_claim(database, people.reviewer, "12 towns")
    )
    assert "proposed again" in _move(database, claim, _words(LONG), people.reviewer).notes[-1]
    with pytest.raises(Conflict, match="proposed again"):
        do(database, verdicts.sign, verdict.id, by=people.editor, digest_seen=verdict.digest, policy=TWO)


def test_the_same_words_are_no_change(database, people, claim):
    assert _move(database, claim, _words(LONG), people.reviewer).changes == []
    assert kinds(database, claim) == ["claim.added"]


def test_words_that_can_not_be_are_refused_by_field(database, people, claim):
    make_claim(database, people.reviewer, "242 builders")
    for more, error, field in [
        ({"start": 9, "end": 9}, Invalid, "start"),
        ({"start": -1, "end": 9}, Invalid, "start"),
        ({"start": 9, "end": 10_000}, Invalid, "start"),
        ({"start": TEXT.index("\n\n"), "end": TEXT.index("\n\n") + 2}, Invalid, "start"),
        ({"start": 0, "end": 2}, Invalid, "start"),
        ({"start": 0, "end": 9, "exact": "elsewhere"}, Invalid, "exact"),
        ({**_at("12 towns"), "revision_id": new_id()}, Conflict, "revision_id"),
        ({**_at("12 towns"), "appearance_id": new_id()}, Invalid, "appearance_id"),
        ({**_at("12 towns"), "article_id": new_id()}, Invalid, "article_id"),
        ({**_at("242 builders")}, Conflict, "start"),
    ]:
        with pytest.raises(error) as refused:
            _move(database, claim, Words(**more), people.reviewer)
        assert refused.value.field == field
    assert _exact(database, claim) == [LONG]


def test_who_may_not_or_saw_another_version_moves_nothing(database, people, claim):
    words = _words("12 towns")
    for who, version, error in [
        (people.reader, 1, Forbidden),
        (people.reviewer, None, VersionMissing),
        (people.reviewer, 7, Outdated),
    ]:
        with pytest.raises(error):
            do(database, spans.move, claim.id, words, by=who, version=version)
    do(database, claims.dismiss, claim.id, by=people.reviewer, version=1)
    with pytest.raises(Conflict, match="dismissed"):
        _move(database, claim, words, people.reviewer)


def test_no_span_cuts_what_is_read_as_one_character(database, people):
    article = make_article(database, people.reviewer, EMOJI, floor=1.0)
    with database.read() as session:
        text = session.get_one(Revision, article.revision_id).text
    family, flag = text.index("👩"), text.index("\U0001f1e9")
    for start, end, field in [
        (family + 1, flag, "start"), (family + 2, flag, "start"), (3, family + 1, "end"),
        (3, family + 3, "end"), (flag + 1, flag + 9, "start"), (family, flag + 1, "end"),
        (text.index("\u0301"), text.index("fin"), "start"), (family, text.index("\u0301"), "end"),
    ]:  # fmt: skip
        with pytest.raises(Invalid, match="one character") as refused:
            do(database, claims.add, article.id, by=people.reviewer, start=start, end=end)
        assert refused.value.field == field
    claim = do(database, claims.add, article.id, by=people.reviewer, **_at("famille 👩‍👩‍👧", text))
    _move(database, claim, _words("👩‍👩‍👧 a payé 40 euros à Łódź et 🇩🇪", text), people.reviewer)
    assert _exact(database, claim) == ["👩‍👩‍👧 a payé 40 euros à Łódź et 🇩🇪"]
    with pytest.raises(Invalid, match="one character"):
        _move(database, claim, Words(start=family + 1, end=flag), people.reviewer)


def test_of_a_claim_in_several_places_one_must_be_named(database, people, pair):
    survivor, other = pair
    _merge(database, survivor, other, people.reviewer)
    places = [place for place, _ in _stands(database, survivor).appearances]
    with pytest.raises(Invalid, match="several places"):
        _move(database, survivor, _words(LONG), people.reviewer)
    second = next(place for place in places if place.exact == "paid for by 12 towns")
    _move(database, survivor, _words(LONG, appearance_id=second.id), people.reviewer)
    assert sorted(_exact(database, survivor)) == sorted(["12 towns", LONG])
    with pytest.raises(Conflict, match="This claim stands"):
        _move(database, survivor, _words("12 towns", appearance_id=second.id), people.reviewer)


# ------------------------------------------------------------------------------------------- split

TWO_PARTS = ("It cost 4.2 million euros", "was paid for by 12 towns")


def test_a_claim_is_split_and_the_first_part_keeps_the_entry(database, people, claim):
    piece = make_evidence(database, people.reviewer, claim)
    do(database, comments.add, claim.id, by=people.reviewer, text="Two things, these.")
    first, second = TWO_PARTS
    outcome = _split(
        database,
        claim,
        [_part(first), _part(second, statement="The bridge was paid for by 12 towns.")],
        people.reviewer,
    )
    kept, made = (_stands(database, one.claim) for one in outcome.after)
    assert (kept.claim.id, kept.claim.statement, _exact(database, claim)) == (claim.id, first, [first])
    assert [q.unit for q in kept.quantities] == ["euro"]
    assert (made.claim.split_from, made.claim.statement) == (
        claim.id,
        "The bridge was paid for by 12 towns.",
    )
    assert (made.claim.status, made.claim.origin, made.claim.created_by) == (
        "unchecked",
        "person",
        people.reviewer.account,
    )
    assert [q.unit for q in made.quantities] == ["town"]
    ((copy, _),) = made.evidence
    assert copy.id != piece.id
    assert (copy.url, copy.quote, copy.capture_id) == (piece.url, piece.quote, piece.capture_id)
    assert kinds(database, made.claim) == ["claim.split_off"]
    assert kinds(database, claim)[-1] == "claim.split"
    _sound(database)


def test_evidence_is_chosen_for_each_part(database, people, claim):
    costs = make_evidence(database, people.reviewer, claim, url="https://example.org/costs")
    towns = make_evidence(database, people.reviewer, claim, url="https://example.org/towns")
    first, second = TWO_PARTS
    with pytest.raises(Invalid, match="towns has none"):
        _split(
            database, claim, [_part(first, evidence=[costs.id]), _part(second, evidence=[])], people.reviewer
        )
    with pytest.raises(Invalid, match="Part 2"):
        _split(database, claim, [_part(first), _part(second, evidence=[new_id()])], people.reviewer)
    outcome = _split(
        database,
        claim,
        [_part(first, evidence=[costs.id]), _part(second, evidence=[towns.id])],
        people.reviewer,
    )
    assert [[p.url[-5:] for p in one.in_force] for one in outcome.after] == [["costs"], ["towns"]]
    assert now(database, towns).withdrawn_reason == "It bears on another part of the claim, which was split."


def test_parts_of_a_settled_claim_are_to_be_checked_and_the_entry_is_stale(database, people):
    claim = make_claim(database, people.reviewer, LONG)
    make_verdict(database, people.reviewer, people.editor, claim)
    outcome = _split(database, claim, [_part(words) for words in TWO_PARTS], people.reviewer)
    assert [one.claim.status for one in outcome.after] == ["stale", "unchecked"]
    assert now(database, claim).verdict_id is not None


def test_who_has_a_claim_has_its_parts_and_a_guess_that_is_cut_is_none(database, people):
    guesses = make_article(database, people.reviewer, TEXT + "So it goes.")
    with database.read() as session:
        guess, place = next(
            (c, p) for c, p in store.of_article(session, guesses.id) if "242 builders" in p.exact
        )
    parts = [Part(start=place.start, end=place.start + 9), Part(start=place.end - 12, end=place.end)]
    outcome = _split(database, guess, parts, people.reviewer)
    assert {one.claim.triage for one in outcome.after} == {"accepted"}
    claim = make_claim(database, people.reviewer, LONG)
    do(database, claims.assign, claim.id, by=people.reviewer, version=1, to=people.reviewer.account)
    outcome = _split(database, claim, [_part(words) for words in TWO_PARTS], people.reviewer)
    assert [one.claim.status for one in outcome.after] == ["checking", "checking"]
    assert {one.claim.assignee_id for one in outcome.after} == {people.reviewer.account}


def test_parts_that_can_not_be_are_refused_and_nothing_is_split(database, people, claim):
    make_claim(database, people.reviewer, "12 towns")
    first, second = TWO_PARTS
    for parts, error in [
        ([_part(first)], "2 to 10"),
        ([_part(first)] * 11, "2 to 10"),
        ([_part(first), _part(first)], "Part 2: Another part"),
        ([_part(first), _part("242 builders")], "Part 2: It has none"),
        ([_part(first), _part("12 towns")], "Part 2: There is already"),
        ([_part(first), Part(start=5, end=5)], "Part 2: The span must lie"),
        ([_part(first, statement="ab"), _part(second)], "Part 1: Use at least"),
    ]:
        with pytest.raises((Invalid, Conflict), match=error) as refused:
            _split(database, claim, parts, people.reviewer)
        assert refused.value.field == "parts"
    assert kinds(database, claim) == ["claim.added"]


# ------------------------------------------------------------------------------------------- merge


def test_all_of_the_other_claim_goes_to_the_survivor(database, people, pair):
    survivor, other = pair
    piece = make_evidence(database, people.reviewer, other)
    said = do(database, comments.add, other.id, by=people.reviewer, text="The same as above?")
    mine = make_evidence(database, people.reviewer, survivor, url="https://example.org/own")
    _merge(database, survivor, other, people.editor)
    file = _stands(database, survivor)
    assert sorted(_exact(database, survivor)) == ["12 towns", "paid for by 12 towns"]
    assert {e.id for e, _ in file.evidence} == {piece.id, mine.id}
    assert file.claim.statement == "12 towns"
    gone = now(database, other)
    assert (gone.status, gone.merged_into, _exact(database, other)) == ("dismissed", survivor.id, [])
    with database.read() as session:
        assert [c.id for c in comments_store.of_claim(session, survivor.id)] == [said.id]
        assert store.survivor(session, gone).id == survivor.id
        assert store.status_row(session, other.id).id == survivor.id
        assert [c.id for c in store.taken_in(session, survivor.id)] == [other.id]
        then = history.claim_at(session, survivor.id, file.claim.updated_at)
        left = history.claim_at(session, other.id, file.claim.updated_at)
    assert sorted(row["exact"] for row in then.appearances) == ["12 towns", "paid for by 12 towns"]
    assert {row["url"] for row in then.evidence} == {piece.url, mine.url}
    assert (left.appearances, left.evidence) == ([], [])
    assert (kinds(database, survivor)[-1], kinds(database, other)[-1]) == (
        "claim.merged",
        "claim.merged_away",
    )
    _sound(database)


def test_who_had_the_other_has_the_survivor_and_tags_are_joined(database, people, pair):
    survivor, other = pair
    do(database, claims.assign, other.id, by=people.reviewer, version=1, to=people.reviewer.account)
    _merge(database, survivor, other, people.editor)
    assert now(database, survivor).assignee_id == people.reviewer.account
    assert now(database, survivor).status == "checking"


def test_verdicts_keep_a_claim_from_going(database, people, pair):
    first, second = pair
    make_verdict(database, people.reviewer, claim=second)
    with pytest.raises(Conflict, match="waits for a signature"):
        _merge(database, first, second, people.editor)
    with database.read() as session:
        waiting = store.whole(session, second.id).proposed
    do(database, verdicts.sign, waiting.id, by=people.editor, digest_seen=waiting.digest, policy=TWO)
    with pytest.raises(Conflict, match="other way round"):
        _merge(database, first, second, people.editor)
    make_verdict(database, people.reviewer, people.editor, first)
    with pytest.raises(Conflict, match="Both claims have a signed verdict"):
        _merge(database, first, second, people.editor)


def test_a_settled_survivor_turns_stale(database, people, pair):
    survivor, other = pair
    make_verdict(database, people.reviewer, people.editor, survivor)
    outcome = _merge(database, survivor, other, people.editor)
    assert now(database, survivor).status == "stale"
    assert "stale" in outcome.notes[0]


def test_what_can_not_be_merged_says_why(database, people, pair):
    survivor, other = pair
    third = make_claim(database, people.reviewer, "242 builders")
    with pytest.raises(Invalid, match="Choose another"):
        _merge(database, survivor, survivor, people.editor)
    with pytest.raises(Conflict, match="changed since"):
        do(database, spans.merge, survivor.id, other.id, by=people.editor, version=1, other_version=9)
    _merge(database, survivor, other, people.editor)
    for one, two in ((third, other), (other, third)):
        with pytest.raises(Conflict, match="merged into another"):
            _merge(database, one, two, people.editor)
    for deed in (
        lambda s, c, **who: claims.reopen(s, c.id, **who),
        lambda s, c, **who: claims.dismiss(s, c.id, **who),
        lambda s, c, **who: claims.reword(s, c.id, details={"statement": "Else."}, **who),
        lambda s, c, **who: claims.assign(s, c.id, to=None, **who),
    ):
        with pytest.raises(Conflict, match="merged into another"), database.write() as session:
            deed(session, other, by=people.editor, version=now(database, other).version)
    with pytest.raises(Conflict, match="merged into another"):
        make_evidence(database, people.reviewer, other)


def test_the_last_of_a_chain_answers_for_all(database, people, pair):
    first, second = pair
    third = make_claim(database, people.reviewer, "242 builders")
    _merge(database, second, first, people.editor)
    _merge(database, third, second, people.editor)
    with database.read() as session:
        assert store.status_row(session, first.id).id == third.id
        assert store.survivor(session, session.get_one(Claim, first.id)).id == third.id
    assert len(_exact(database, third)) == 3


# ------------------------------------------------------------------------------------ undo, preview


def _undo_last(database, by, count):
    newest = size(database) - 1
    return do(database, undo.undo, newest - count + 1, newest, by=by)


def test_a_move_is_undone_with_its_numbers(database, people):
    claim = make_claim(database, people.reviewer, "12 towns")
    _move(database, claim, _words(LONG), people.reviewer)
    done = _undo_last(database, people.reviewer, 1)
    file = _stands(database, claim)
    assert (_exact(database, claim), file.claim.statement) == (["12 towns"], "12 towns")
    assert [q.unit for q in file.quantities] == ["town"]
    do(database, undo.undo, done.first, done.last, by=people.reviewer)
    assert [q.unit for q in _stands(database, claim).quantities] == ["euro", "town"]
    _sound(database)


def test_a_move_does_not_come_back_onto_words_of_another_claim(database, people):
    claim = make_claim(database, people.reviewer, "12 towns")
    _move(database, claim, _words("4.2 million euros"), people.reviewer)
    moved = size(database) - 1
    with database.write() as session:
        ((place, _),) = store.whole(session, claim.id).appearances
        other = claims.add(session, place.article_id, by=people.editor, **_at("12 towns"))
    with pytest.raises(Conflict, match="another claim on exactly these words since"):
        do(database, undo.undo, moved, moved, by=people.reviewer)
    assert (_exact(database, claim), _exact(database, other)) == (["4.2 million euros"], ["12 towns"])
    # Words that nobody uses any more are free again.
    do(database, claims.dismiss, other.id, by=people.editor, version=1, reason="Twice.")
    do(database, undo.undo, moved, moved, by=people.reviewer)
    assert _exact(database, claim) == ["12 towns"]
    _sound(database)


def test_a_merge_is_undone_and_done_again(database, people, pair):
    survivor, other = pair
    make_verdict(database, people.reviewer, people.editor, survivor)
    piece = make_evidence(database, people.reviewer, other, url="https://example.org/other")
    said = do(database, comments.add, other.id, by=people.reviewer, text="The same?")
    _merge(database, survivor, other, people.reviewer)
    done = _undo_last(database, people.reviewer, 3)
    assert (now(database, survivor).status, now(database, survivor).stale_since) == ("supported", None)
    assert (now(database, other).status, now(database, other).merged_into) == ("unchecked", None)
    assert _exact(database, other) == ["paid for by 12 towns"]
    assert now(database, piece).claim_id == now(database, said).claim_id == other.id
    assert now(database, said).removed_at is None
    with database.read() as session:
        then = history.claim_at(session, survivor.id, now(database, survivor).updated_at)
    assert [row["exact"] for row in then.appearances] == ["12 towns"]
    do(database, undo.undo, done.first, done.last, by=people.reviewer)
    assert (now(database, survivor).status, now(database, other).merged_into) == ("stale", survivor.id)
    assert now(database, piece).claim_id == survivor.id
    _sound(database)


def test_a_split_is_undone(database, people, claim):
    make_evidence(database, people.reviewer, claim)
    outcome = _split(database, claim, [_part(words) for words in TWO_PARTS], people.reviewer)
    _undo_last(database, people.reviewer, 2)
    assert (_exact(database, claim), now(database, claim).statement) == ([LONG], LONG)
    assert now(database, outcome.after[1].claim).status == "dismissed"
    assert [q.unit for q in _stands(database, claim).quantities] == ["euro", "town"]
    _sound(database)


def test_a_preview_tells_what_would_be_and_changes_nothing(database, people, pair):
    survivor, other = pair
    long = make_claim(database, people.reviewer, LONG)
    make_verdict(database, people.reviewer, people.editor, survivor)
    piece = make_evidence(database, people.reviewer, long)
    with database.read() as session:
        size = len(list(session.exec(Claim.__table__.select())))
        moved = spans.preview_move(session, survivor.id, _words("by 12 towns"))
        parts = [_part(words) for words in TWO_PARTS]
        cut = spans.preview_split(session, long.id, parts, by=people.reviewer)
        merged = spans.preview_merge(session, survivor.id, other.id, by=people.reviewer)
        assert session.get_one(Claim, survivor.id).statement == "12 towns"
        assert not session.dirty
        assert len(list(session.exec(Claim.__table__.select()))) == size
        with pytest.raises(Conflict):
            spans.preview_move(session, survivor.id, _words("paid for by 12 towns"))
    assert [one.places[0].exact for one in (*moved.before, *moved.after)] == ["12 towns", "by 12 towns"]
    assert [one.claim.status for one in (*moved.before, *moved.after)] == ["supported", "stale"]
    assert "stale" in moved.notes[0]
    assert [one.places[0].exact for one in cut.after] == list(TWO_PARTS)
    assert [len(one.in_force) for one in cut.after] == [1, 1]
    assert [len(one.places) for one in (*merged.before, *merged.after)] == [1, 1, 2]
    assert now(database, survivor).status == "supported"
    assert now(database, piece).claim_id == long.id
    _sound(database)


# -------------------------------------------------------------------------------- many, and at once


def _anything(chance, session, article, who, text):
    """Something that somebody might do now, right or wrong."""

    def cut(low, high):
        start = chance.randrange(low, max(low + 1, high - 4))
        return {"start": start, "end": chance.randrange(start + 3, start + 90)}

    rows = store.of_article(session, article)
    claim, place = chance.choice(rows)
    other, _ = chance.choice(rows)
    named = {"by": who, "version": claim.version}
    parts = [Part(**cut(place.start, place.end)) for _ in range(2)]
    here = Words(**cut(0, len(text)), appearance_id=place.id)
    details = {"url": f"https://example.org/{chance.random()}", "stance": "context"}
    return chance.choice([
        lambda: spans.move(session, claim.id, here, **named),
        lambda: spans.split(session, claim.id, parts, place=here, **named),
        lambda: spans.merge(session, claim.id, other.id, other_version=other.version, **named),
        lambda: evidence.add(session, claim.id, by=who, capture=False, details=details),
        lambda: claims.accept(session, claim.id, **named),
        lambda: claims.add(session, article, by=who, **cut(0, len(text))),
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_moved_split_and_merged_can_be_replayed(database, people, seed):
    chance = random.Random(seed)
    article = make_article(database, people.editor, TEXT + "So it goes.").id
    with database.read() as session:
        text = session.get_one(Revision, session.get_one(Article, article).revision_id).text
    done = 0
    for _ in range(60):
        who = chance.choice([people.editor, people.reviewer])
        try:
            with database.write() as session:
                _anything(chance, session, article, who, text)()
            done += 1
        except LedgerError:
            pass
    assert done > 15
    with database.read() as session:
        for claim, place in store.of_article(session, article):
            assert place.exact == text[place.start : place.end]
            assert claim.merged_into is None or claim.status == "dismissed"
    _sound(database)


def test_of_many_who_move_at_once_each_is_told_and_no_two_claims_share_words(database, people):
    made = [
        make_claim(database, people.reviewer, words) for words in ("12 towns", "242 builders", "40 towns")
    ]
    url = database.engine.url.render_as_string(hide_password=False)
    wanted = [_words(LONG), _words("4.2 million euros"), _words("More than 40 towns")]
    outcomes, begin = [], threading.Barrier(6)

    def work(number):
        own = Database(url)
        begin.wait()
        for step in range(3):
            claim, words = made[(number + step) % 3], wanted[(number * 2 + step) % 3]
            try:
                with own.write() as session:
                    version = session.get_one(Claim, claim.id).version
                with own.write() as session:
                    spans.move(session, claim.id, words, by=people.reviewer, version=version)
                outcomes.append("moved")
            except LedgerError as error:
                outcomes.append(type(error).__name__)
        own.dispose()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 18
    assert set(outcomes) <= {"moved", "Conflict", "Outdated"}
    places = [place for claim in made for place in _exact(database, claim)]
    assert len(places) == len(set(places)) == 3
    _sound(database)
