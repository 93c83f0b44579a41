"""What changed meanwhile: an undo, a split or a new text brings nothing back that does not hold any more."""

import pytest

from ledger.errors import Conflict
from ledger.models import DEFAULT_DESK, Condition
from ledger.services import (
    articles,
    claims,
    desks,
    liveness,
    placing,
    retirements,
    revisions,
    spans,
    undo,
    verdicts,
)
from ledger.services.spans import Part
from ledger.services.verification import verify
from ledger.store import claims as store
from tests.factories import TEXT, make_article, make_claim, make_evidence, make_verdict
from tests.ledger.services.desk import TWO, do, now
from tests.ledger.services.test_undo import deed

CHANGED = TEXT.replace("242", "424")


def _revise(database, people, text):
    article = make_article(database, people.reviewer)
    return do(database, revisions.add, article.id, articles.prepare(text, floor=1.0), by=people.reviewer)


def _found(database, piece, condition):
    do(database, liveness._write, liveness._Finding(piece.id, condition, "It was looked at."))


def _place(database, claim):
    with database.read() as session:
        return store.appearances(session, claim.id)[0]


def _stands(place):
    return place.fate in ("same", "moved")


def _piece(database, claim):
    with database.read() as session:
        return store.evidence(session, claim.id)[0]


def _sound(database):
    with database.read() as session:
        assert verify(session).sound


@pytest.fixture
def merged(database, people):
    """A claim, the evidence that it got by a merge, the claim that went, and the merge's place in the log."""
    me = people.reviewer
    stays, goes = make_claim(database, me), make_claim(database, me, "12 towns")
    piece = make_evidence(database, me, goes)
    versions = {"version": now(database, stays).version, "other_version": now(database, goes).version}
    do(database, spans.merge, stays.id, goes.id, by=me, **versions)
    return stays, piece, goes, deed(database)


def test_taking_a_merge_back_brings_no_dead_source_to_life(database, people, merged):
    _, piece, goes, span = merged
    _found(database, piece, Condition.DEAD)
    do(database, undo.undo, *span, by=people.reviewer)
    found = now(database, piece)
    assert (found.claim_id, found.condition) == (goes.id, "dead")
    _sound(database)


def test_a_merge_stays_once_a_new_text_carried_its_places_over(database, people, merged):
    *_, span = merged
    _revise(database, people, "A word before.\n\n" + TEXT)
    with pytest.raises(Conflict, match="moved changed since"):
        do(database, undo.undo, *span, by=people.reviewer)


def test_a_move_stays_once_a_new_text_carried_the_claim_over(database, people):
    me, claim = people.reviewer, make_claim(database, people.reviewer)
    version, start = now(database, claim).version, TEXT.index("12 towns")
    words = spans.Words(start=start, end=start + 8)
    do(database, spans.move, claim.id, words, by=me, version=version)
    span = deed(database)
    # The offsets stay what they were, and count in another text.
    text = TEXT.replace("2024", "2025")
    _revise(database, people, text)
    assert _stands(_place(database, claim))
    with pytest.raises(Conflict, match="moved changed since"):
        do(database, undo.undo, *span, by=me)
    place = _place(database, claim)
    assert text[place.start : place.end] == place.exact


def test_a_claim_that_was_added_goes_whatever_became_of_its_words(database, people):
    claim = make_claim(database, people.reviewer)
    span = deed(database)
    _revise(database, people, TEXT.replace("2024", "2025"))
    do(database, undo.undo, *span, by=people.reviewer)
    assert now(database, claim).status == "dismissed"


def test_doing_it_again_puts_no_claim_into_an_older_text(database, people):
    me, (claim, _) = people.reviewer, make_verdict(database, people.reviewer, people.editor)
    _revise(database, people, CHANGED)
    place = _place(database, claim)
    start = CHANGED.index("424")
    do(database, placing.place, place.id, by=me, version=place.version, start=start, end=start + 12)
    undone = do(database, undo.undo, *deed(database), by=me)
    _revise(database, people, CHANGED.replace("424", "442"))
    with pytest.raises(Conflict, match="newer text"):
        do(database, undo.undo, undone.first, undone.last, by=me)
    assert _place(database, claim).fate == "changed"


def test_doing_it_again_says_of_no_dead_source_that_somebody_saw_it(database, people):
    me, (claim, _) = people.reviewer, make_verdict(database, people.reviewer, people.editor)
    piece = _piece(database, claim)
    _found(database, piece, Condition.CHANGED)
    version = now(database, piece).version
    do(database, liveness.still_fits, piece.id, by=me, version=version, note="Only a date.")
    undone = do(database, undo.undo, *deed(database), by=me)
    _found(database, piece, Condition.DEAD)
    with pytest.raises(Conflict, match="nobody looked at that"):
        do(database, undo.undo, undone.first, undone.last, by=me)
    assert now(database, claim).status == "stale"


def test_a_proposal_that_comes_back_is_not_signed_on_a_retired_scale(database, people):
    claim, verdict = make_verdict(database, people.reviewer)
    do(database, verdicts.send_back, verdict.id, by=people.editor, reason="Read it again.")
    span = deed(database)
    do(database, retirements.retire, "ledger", 1, by=people.editor, reason="It misleads.")
    do(database, undo.undo, *span, by=people.editor)
    seen = now(database, verdict).digest
    with pytest.raises(Conflict, match="scale was retired"):
        do(database, verdicts.sign, verdict.id, by=people.editor, digest_seen=seen, policy=TWO)
    assert now(database, claim).status == "proposed"


def test_a_dead_source_is_dead_for_each_part_of_a_split_claim(database, people):
    me = people.reviewer
    claim = make_claim(database, me, "It cost 4.2 million euros and was paid for by 12 towns.")
    _found(database, make_evidence(database, me, claim), Condition.DEAD)
    place = _place(database, claim)
    parts = [Part(start=place.start, end=place.start + 24), Part(start=place.start + 30, end=place.end)]
    done = do(database, spans.split, claim.id, parts, by=me, version=now(database, claim).version)
    other = done.after[1].claim
    assert _piece(database, other).condition == "dead"
    with pytest.raises(Conflict, match="not as it was"):
        do(
            database, verdicts.propose, other.id, by=me, version=other.version, code="supported",
            rationale="It says so.", policy=TWO,
        )  # fmt: skip


def test_two_claims_are_not_carried_over_onto_the_same_words(database, people):
    words = "“We signed with 242 builders,”"
    claim, _ = make_verdict(
        database, people.reviewer, people.editor, make_claim(database, people.reviewer, words)
    )
    plain = TEXT.replace("“", '"').replace("”", '"')
    revision = _revise(database, people, plain).revision
    assert not _stands(_place(database, claim))
    start = plain.index('"We')
    other = do(
        database, claims.add, revision.article_id, by=people.editor, start=start, end=start + len(words)
    )
    do(database, desks.change, DEFAULT_DESK, by=people.editor, version=0, details={"carry_harmless": True})
    _revise(database, people, "A word before.\n\n" + plain)
    assert _stands(_place(database, other))
    assert _place(database, claim).fate == "ambiguous"
    assert now(database, claim).status == "stale"
    _sound(database)
