"""A new text: what became of each claim, what waits for a person, and which signatures still hold."""

from datetime import UTC, datetime

import pytest

from ledger.errors import Conflict, Forbidden, Outdated
from ledger.models import DEFAULT_DESK, Desk, Revision, Verdict
from ledger.services import articles, detection, events, gates, reports, revisions, spans, verdicts
from ledger.services.verification import verify
from ledger.store import claims as store
from tests.factories import TEXT, make_article, make_claim, make_verdict
from tests.ledger.services.desk import TWO, do, kinds, now, size

WORDS = "More than 40 towns had asked for money in 2024."


def _revise(database, article, text, by, **more):
    return do(database, revisions.add, article.id, articles.prepare(text), by=by, **more)


def _settled(database, people, words="242 builders", code="supported"):
    """A claim with a signed verdict, and its article."""
    claim, verdict = make_verdict(database, people.reviewer, people.editor, code=code)
    return claim, verdict, make_article(database, people.reviewer)


def _verified(database):
    with database.read() as session:
        assert verify(session).sound


def _place(database, claim):
    with database.read() as session:
        return store.appearances(session, claim.id)[0]


def test_words_that_stay_or_move_keep_their_signature(database, people):
    claim, _, article = _settled(database, people)
    text = "A word before.\n\n" + TEXT.replace("12 towns", "13 towns")
    added = _revise(database, article, text, people.reviewer, note="The desk sent it again.")
    assert added.created and added.revision.number == 2
    assert (added.revision.note, added.revision.source) == ("The desk sent it again.", "text")
    place = _place(database, claim)
    assert place.revision_id == added.revision.id and place.fate in ("same", "moved")
    assert text[place.start : place.end] == place.exact == "242 builders"
    found = now(database, claim)
    assert (found.status, found.stale_since) == ("supported", None)
    fate = next(fate for fate in added.fates if fate.claim_id == claim.id)
    assert fate.carried and fate.place == (place.start, place.end)
    assert kinds(database, claim)[-1] == "claim.carried"
    assert kinds(database, article)[-1] == "article.revised"
    _verified(database)


def test_a_changed_number_makes_it_stale_and_tells_which(database, people):
    claim, _, article = _settled(database, people)
    before = _place(database, claim)
    added = _revise(database, article, TEXT.replace("242", "424"), people.reviewer)
    found, place = now(database, claim), _place(database, claim)
    assert (found.status, place.fate) == ("stale", "changed")
    assert (place.revision_id, place.start, place.exact) == (before.revision_id, before.start, before.exact)
    fate = next(fate for fate in revisions.became(added.revision) if fate.claim_id == claim.id)
    assert (fate.outcome, fate.carried) == ("changed", False)
    assert [(one["sort"], one["before"], one["after"]) for one in fate.changes] == [("number", "242", "424")]
    assert fate.place and added.revision.text[slice(*fate.place)] == "424 builders"
    assert kinds(database, claim)[-1] == "claim.words_changed"
    _verified(database)


def test_if_the_old_words_come_back_the_signature_holds_again(database, people):
    claim, _, article = _settled(database, people)
    _revise(database, article, TEXT.replace("242", "424"), people.reviewer)
    assert now(database, claim).status == "stale"
    added = _revise(database, article, TEXT, people.reviewer)
    assert (added.revision.number, now(database, claim).status) == (3, "supported")
    assert _place(database, claim).revision_id == added.revision.id


def test_the_same_text_again_is_no_revision(database, people):
    article = make_article(database, people.reviewer)
    before = size(database)
    added = _revise(database, article, TEXT.replace("\n", "\r\n"), people.reviewer)
    assert not added.created and added.revision.number == 1 and size(database) == before


def test_what_turns_the_sense_beside_the_words_is_a_change(database, people):
    claim, _, article = _settled(database, people)
    text = TEXT.replace("We signed with", "We never signed with")
    added = _revise(database, article, text, people.reviewer)
    fate = next(fate for fate in added.fates if fate.claim_id == claim.id)
    assert (fate.outcome, fate.carried, now(database, claim).status) == ("changed", False, "stale")
    assert "never" in fate.reason


def test_a_person_says_where_the_words_stand_now(database, people):
    claim, _, article = _settled(database, people)
    added = _revise(database, article, TEXT.replace("242", "424"), people.reviewer)
    start, end = next(fate.place for fate in added.fates if fate.claim_id == claim.id)
    found = now(database, claim)
    do(database, spans.move, claim.id, spans.Words(start=start, end=end, exact="424 builders"),
       by=people.reviewer, version=found.version)  # fmt: skip
    place = _place(database, claim)
    assert (place.fate, place.exact, place.placed_by) == ("same", "424 builders", people.reviewer.account_id)
    assert now(database, claim).status == "stale"
    # What was moved by hand goes on with the article from there.
    _revise(database, article, "First.\n\n" + added.revision.text, people.reviewer)
    assert _place(database, claim).fate in ("same", "moved")
    assert now(database, claim).status == "stale"


def test_a_guess_on_the_words_makes_way_for_a_claim_of_people(database, people):
    claim = make_claim(database, people.reviewer)
    article = make_article(database, people.reviewer)
    with database.read() as session:
        guess, place = next(
            pair for pair in store.of_article(session, article.id) if "12 towns" in pair[1].exact
        )
    words = spans.Words(start=place.start, end=place.end, exact=place.exact)
    do(database, spans.move, claim.id, words, by=people.reviewer, version=claim.version)
    assert (_place(database, claim).exact, now(database, guess).status) == (place.exact, "dismissed")
    # What people accepted makes way for nobody.
    other = make_claim(database, people.reviewer, "40 towns")
    with pytest.raises(Conflict, match="already a claim"):
        do(database, spans.move, other.id, words, by=people.reviewer, version=other.version)
    _verified(database)


def test_words_that_were_cut_are_confirmed_and_taken_back(database, people):
    claim, _, article = _settled(database, people)
    text = TEXT.replace("“We signed with 242 builders,” the mayor said. ", "")
    _revise(database, article, text, people.reviewer)
    place = _place(database, claim)
    assert (place.fate, now(database, claim).status) == ("orphaned", "stale")
    with pytest.raises(Outdated):
        do(database, revisions.cut, place.id, by=people.reviewer, version=1)
    with pytest.raises(Forbidden):
        do(database, revisions.cut, place.id, by=people.reader, version=place.version)
    do(database, revisions.cut, place.id, by=people.reviewer, version=place.version)
    place = _place(database, claim)
    assert place.cut_by == people.reviewer.account_id and now(database, claim).status == "stale"
    with pytest.raises(Conflict):
        do(database, revisions.cut, place.id, by=people.reviewer, version=place.version)
    do(database, revisions.stands_again, place.id, by=people.reviewer, version=place.version)
    assert _place(database, claim).cut_at is None
    _verified(database)


def test_the_gate_asks_nothing_of_words_that_were_cut(database, people):
    claim, _, article = _settled(database, people)
    text = "The council opened a bridge on Monday."
    sha256 = _revise(database, article, text, people.reviewer).revision.sha256
    blocks = _gate(database, article, sha256).blocks
    assert claim.id in {block.claim.id for block in blocks}
    place = _place(database, claim)
    do(database, revisions.cut, place.id, by=people.reviewer, version=place.version)
    assert claim.id not in {block.claim.id for block in _gate(database, article, sha256).blocks}
    then = _gate(database, article, sha256, at=datetime.now(UTC))
    assert claim.id not in {block.claim.id for block in then.blocks}


def _gate(database, article, sha256, **more):
    with database.read() as session:
        return gates.decide(session, article.id, revision=sha256, policy="standard", **more)


def test_readers_are_told_nothing_of_words_that_went_before_there_was_a_report(database, people):
    claim, _, article = _settled(database, people)
    _revise(database, article, "The council opened a bridge on Monday.", people.reviewer)
    version = now(database, article).version
    do(database, reports.publish, article.id, by=people.editor, version=version)
    with database.read() as session:
        assert claim.id not in {one.claim.id for one in reports.public(session, article.id).findings}


def test_readers_are_told_what_became_of_words_that_they_could_read(database, people):
    claim, _, article = _settled(database, people)
    do(database, reports.publish, article.id, by=people.editor, version=article.version)
    _revise(database, article, "The council opened a bridge on Monday.", people.reviewer)
    with database.read() as session:
        (found,) = [one for one in reports.public(session, article.id).findings if one.claim.id == claim.id]
    assert found.standing == "again"


def test_nobody_judges_words_while_it_is_open_where_they_stand(database, people):
    claim, _, article = _settled(database, people)
    _revise(database, article, TEXT.replace("242", "424"), people.reviewer)
    found = now(database, claim)
    rating = {"code": "refuted", "rationale": "It was 424.", "policy": TWO}
    with pytest.raises(Conflict, match="First say where"):
        do(database, verdicts.propose, claim.id, by=people.reviewer, version=found.version, **rating)
    place = _place(database, claim)
    do(database, revisions.cut, place.id, by=people.reviewer, version=place.version)
    found = now(database, claim)
    new = do(database, verdicts.propose, claim.id, by=people.reviewer, version=found.version, **rating)
    do(database, verdicts.sign, new.id, by=people.editor, digest_seen=new.digest, policy=TWO)
    assert now(database, claim).status == "refuted"
    # What is gone stays gone, whatever else is written.
    _revise(database, article, "Something else altogether.", people.reviewer)
    assert now(database, claim).status == "refuted"


def test_a_proposal_waits_through_a_text_that_leaves_its_words_alone(database, people):
    claim, verdict = make_verdict(database, people.reviewer)
    article = make_article(database, people.reviewer)
    _revise(database, article, "A word before.\n\n" + TEXT, people.reviewer)
    do(database, verdicts.sign, verdict.id, by=people.editor, digest_seen=verdict.digest, policy=TWO)
    assert now(database, claim).status == "supported"


def test_verdicts_from_before_there_were_revisions_keep_what_was_signed(database, people):
    """Their places were not kept with them: the new text has the verdict say them."""
    claim, verdict, article = _settled(database, people)
    with database.write() as session:
        old = session.get_one(Verdict, verdict.id)
        kept, old.spans = old.spans, None
        session.info["recording"] = {id(old)}
        session.flush()
        del session.info["recording"]
    _revise(database, article, "A word before.\n\n" + TEXT, people.reviewer)
    assert now(database, claim).status == "supported"
    assert now(database, verdict).spans == kept


def test_guesses_on_other_words_go_and_new_ones_come(database, people):
    article = make_article(database, people.reviewer)
    with database.read() as session:
        before = {place.exact: claim.id for claim, place in store.of_article(session, article.id)}
    assert any("12 towns" in words for words in before)
    _revise(database, article, TEXT.replace("12 towns", "21 towns"), people.reviewer)
    with database.read() as session:
        after = store.of_article(session, article.id)
    gone = [claim for claim, place in after if "12 towns" in place.exact]
    assert gone and {claim.status for claim in gone} == {"dismissed"}
    assert "Revision 2" in gone[0].dismissed_reason
    assert [c.status for c, place in after if "21 towns" in place.exact] == ["candidate"]
    kept = [place for claim, place in after if claim.status == "candidate"]
    assert len({place.revision_id for place in kept}) == 1
    _verified(database)


def test_no_second_entry_is_made_of_words_that_wait(database, people):
    claim = make_claim(database, people.reviewer, WORDS)
    article = make_article(database, people.reviewer)
    _revise(database, article, TEXT.replace("40 towns", "14 towns"), people.reviewer)
    with database.read() as session:
        here = [claim.status for claim, place in store.of_article(session, article.id) if "14" in place.exact]
    assert here == [] and _place(database, claim).fate == "changed"


def test_harmless_changes_carry_over_only_if_the_desk_says_so(database, people):
    claim, _, article = _settled(database, people)
    wide = TEXT.replace("242 builders", "242  builders")
    added = _revise(database, article, wide, people.reviewer)
    fate = next(fate for fate in added.fates if fate.claim_id == claim.id)
    assert (fate.outcome, fate.carried, now(database, claim).status) == ("changed", False, "stale")
    desk = Desk(id=DEFAULT_DESK, name="Desk", carry_harmless=True)
    do(database, events.append, desk, "desk.changed", by=people.editor, new=[desk])
    added = _revise(database, article, wide + "More.", people.reviewer)
    fate = next(fate for fate in added.fates if fate.claim_id == claim.id)
    assert (fate.outcome, fate.carried) == ("changed", True)
    assert [one["sort"] for one in fate.changes] == ["space"]
    assert (now(database, claim).status, _place(database, claim).exact) == ("supported", "242  builders")


def test_a_claim_of_two_articles_is_stale_when_either_changes(database, people):
    claim, _, article = _settled(database, people)
    other = make_claim(database, people.reviewer, text=TEXT + "More.")
    found, there = now(database, claim), now(database, other)
    do(database, spans.merge, claim.id, other.id, by=people.reviewer, version=found.version,
       other_version=there.version)  # fmt: skip
    assert now(database, claim).status == "stale"
    _again(database, claim, people)
    _revise(database, article, "Nothing of it.", people.reviewer)
    assert now(database, claim).status == "stale"


def _again(database, claim, people):
    """Judge it anew, as it stands."""
    version = now(database, claim).version
    new = do(database, verdicts.propose, claim.id, by=people.reviewer, version=version, code="supported",
             rationale="It still says so.", policy=TWO)  # fmt: skip
    do(database, verdicts.sign, new.id, by=people.editor, digest_seen=new.digest, policy=TWO)
    assert now(database, claim).status == "supported"


def test_an_older_version_and_those_who_only_read_are_refused(database, people):
    article = make_article(database, people.reviewer)
    with pytest.raises(Outdated):
        _revise(database, article, TEXT + "More.", people.reviewer, version=article.version + 1)
    with pytest.raises(Forbidden):
        _revise(database, article, TEXT + "More.", people.reader)
    with database.read() as session:
        assert session.get_one(Revision, article.revision_id).number == 1


def test_a_preview_tells_the_same_and_stores_nothing(database, people):
    claim, _, article = _settled(database, people)
    draft, before = articles.prepare(TEXT.replace("242", "424")), size(database)
    with database.read() as session:
        told = revisions.preview(session, article.id, draft)
        assert revisions.preview(session, article.id, articles.prepare(TEXT)) == []
    assert size(database) == before and now(database, claim).status == "supported"
    assert do(database, revisions.add, article.id, draft, by=people.reviewer).fates == told


def test_without_a_detector_a_job_is_to_look_for_claims(database, people):
    article = make_article(database, people.reviewer)
    draft = articles.prepare(TEXT + "It opened in 1999.", detector=None)
    added = do(database, revisions.add, article.id, draft, by=people.reviewer)
    assert added.later
    with database.read() as session:
        job = detection.newest(session, article.id)
    assert job is not None and job.state == "queued"
