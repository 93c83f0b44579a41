"""Sign-off by a desk's policy: how many sign, on what evidence, blind; what holds still; retired scales."""

import pytest
import sqlalchemy as sa

from ledger import clock
from ledger.errors import Conflict, Forbidden, Invalid, Outdated
from ledger.eventlog.canonical import canonical
from ledger.models import DEFAULT_DESK, Appearance, Claim, Event, SealedRating, Signature, Verdict
from ledger.services import (
    blind,
    claims,
    desks,
    differences,
    evidence,
    insights,
    policies,
    renewals,
    retirements,
    seals,
    spans,
    undo,
    verdicts,
)
from ledger.services.policies import Policy
from ledger.services.verification import verify
from tests.factories import TEXT, make_article, make_claim, make_evidence, make_verdict
from tests.ledger.services.desk import TWO, do, history, kinds, now

BLIND = {"blind": True}
_made = 0


def _desk(database, people, **details):
    return do(database, desks.change, DEFAULT_DESK, by=people.editor, version=0, details=details)


def _propose(database, claim, by, *, code="refuted", rationale="The register says otherwise.", **more):
    version = now(database, claim).version
    return do(
        database, verdicts.propose, claim.id, by=by, version=version, code=code, rationale=rationale,
        policy=TWO, **more,
    )  # fmt: skip


def _sign(database, verdict, by, *, seen=None, policy=TWO, **more):
    seen = seen or now(database, verdict).digest
    return do(database, verdicts.sign, verdict.id, by=by, digest_seen=seen, policy=policy, **more)


def _rate(database, verdict, by, *, code="refuted", rationale="I found the same.", seen=None, **more):
    return do(
        database, blind.rate, verdict.id, by=by, digest_seen=seen or verdict.digest, policy=TWO, code=code,
        rationale=rationale, **more,
    )  # fmt: skip


def _decide(database, verdict, by, choose, note="The register is the better source.", seen=None):
    seen = seen or now(database, verdict).digest
    return do(
        database, blind.decide, verdict.id, by=by, digest_seen=seen, policy=TWO, choose=choose, note=note
    )


def _renew(database, verdict, by, *, note="Only the headline changed.", version=None, **more):
    version = version or _claim_of(database, verdict).version
    return do(
        database, renewals.renew, verdict.id, by=by, claim_version=version, policy=TWO, note=note, **more
    )


def _claim_of(database, verdict):
    with database.read() as session:
        return session.get_one(Claim, verdict.claim_id)


def _settled(database, people, **more):
    global _made
    _made += 1
    # Each its own article: the same text again is the same article.
    claim = make_claim(database, people.reviewer, text=f"{TEXT}\nArticle {_made}.\n")
    claim, verdict = make_verdict(database, people.reviewer, people.reviewer2, claim, **more)
    return now(database, claim), now(database, verdict)


def _reword(database, people, claim, statement="Another statement."):
    version = now(database, claim).version
    return do(
        database, claims.reword, claim.id, by=people.reviewer, version=version,
        details={"statement": statement},
    )  # fmt: skip


@pytest.fixture
def claim(database, people):
    claim = make_claim(database, people.reviewer)
    make_evidence(database, people.reviewer, claim)
    return claim


# ------------------------------------------------------------------------------- the desk's policy


def test_a_desk_that_says_nothing_asks_what_the_settings_ask(database, people, claim):
    with database.read() as session:
        for default in (Policy("one", 1), Policy("two", 3)):
            assert policies.of_claim(session, claim.id, default) == default


def test_a_desk_may_let_one_person_settle_a_verdict(database, people, claim):
    _desk(database, people, signatures="one")
    verdict = _propose(database, claim, people.reviewer)
    _sign(database, verdict, people.reviewer)
    assert now(database, claim).status == "refuted"
    assert _signatures(database, verdict)[0].capacity == "sole"


def _signatures(database, verdict):
    with database.read() as session:
        return session.scalars(sa.select(Signature).where(Signature.verdict_id == verdict.id)).all()


def test_a_desk_may_ask_for_two_people_where_the_settings_ask_for_one(database, people, claim):
    _desk(database, people, signatures="two")
    verdict = _propose(database, claim, people.reviewer)
    with pytest.raises(Forbidden, match="somebody else must sign"):
        _sign(database, verdict, people.reviewer, policy=Policy("one", 1))


def test_a_desk_may_ask_for_more_evidence_and_for_independent_evidence(database, people, claim):
    _desk(database, people, min_evidence=2, independent_evidence=True)
    with pytest.raises(Conflict, match="2 pieces of evidence"):
        _propose(database, claim, people.reviewer)
    make_evidence(database, people.reviewer, claim, url="https://www.example.org/again")
    with pytest.raises(Conflict, match="independent evidence") as refused:
        _propose(database, claim, people.reviewer)
    assert refused.value.field == "code"
    assert _propose(database, claim, people.reviewer, code="unproven").status_word == "unproven"
    make_evidence(database, people.reviewer, claim, url="https://register.example/242")
    verdict = _propose(database, claim, people.reviewer)
    assert verdict.status_word == "refuted"


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ((), False),
        (("https://a.example/1", "https://a.example/2"), False),
        (("https://www.a.example/", "http://a.example:8080/"), False),
        (("https://m.a.example/", "https://a.example/"), False),
        (("https://a.example/", "https://b.example/"), True),
        (("https://ba.example/", "https://a.example/"), True),
    ],
)
def test_two_sites_are_two_hosts_of_which_neither_is_part_of_the_other(urls, expected):
    assert policies.independent(urls) is expected


def test_of_a_claim_in_articles_of_several_desks_the_strictest_policy_holds(database, people):
    strict = do(database, desks.add, by=people.editor, name="Strict", min_evidence=3)
    blind_desk = do(database, desks.add, by=people.editor, name="Blind", signatures="one", blind=True)
    found = []
    for number, desk in enumerate((strict, blind_desk)):
        text = f"{TEXT}\nDesk {number}.\n"
        make_article(database, people.reviewer, text, desk_id=desk.id)
        found.append(make_claim(database, people.reviewer, text=text))
    survivor, other = (now(database, claim) for claim in found)
    do(
        database, spans.merge, survivor.id, other.id, by=people.editor, version=survivor.version,
        other_version=other.version,
    )  # fmt: skip
    with database.read() as session:
        asked = policies.of_claim(session, survivor.id, Policy("one", 1))
    assert asked == Policy("two", 3, independent=False, blind=True)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"signatures": "three"}, "signatures"),
        ({"min_evidence": 0}, "min_evidence"),
        ({"min_evidence": 6}, "min_evidence"),
        ({"min_evidence": "many"}, "min_evidence"),
        ({"blind": "perhaps"}, "blind"),
    ],
)
def test_a_wrong_policy_is_refused_by_field(database, people, details, field):
    with pytest.raises(Invalid) as refused:
        _desk(database, people, **details)
    assert refused.value.field == field


# ------------------------------------------------------------------------------------ rating blind


@pytest.fixture
def sealed(database, people, claim):
    _desk(database, people, **BLIND)
    return _propose(
        database, claim, people.reviewer, code="misleading", rationale="A quite telling rationale."
    )


def test_what_the_first_reader_says_is_in_no_row_and_no_event_of_the_log(database, people, claim, sealed):
    assert (sealed.code, sealed.label, sealed.number, sealed.status_word) == (
        "sealed",
        "Sealed",
        None,
        "sealed",
    )
    with database.read() as session:
        for event in session.scalars(sa.select(Event)):
            assert b"telling" not in canonical(event.patch) and b"isleading" not in canonical(event.patch)
        for verdict in session.scalars(sa.select(Verdict)):
            assert "telling" not in verdict.rationale
    assert now(database, claim).status == "proposed"


def test_the_first_reader_alone_may_read_it(database, people, sealed):
    with database.read() as session:
        verdict = session.get_one(Verdict, sealed.id)
        own = seals.own(session, verdict, people.reviewer)
        assert own is not None and own["rationale"] == "A quite telling rationale."
        for other in (people.reviewer2, people.editor, people.reader):
            assert seals.own(session, verdict, other) is None


def test_a_second_rating_opens_both_and_anybody_can_check_the_seal(database, people, sealed):
    _rate(database, sealed, people.reviewer2, code="misleading", rationale="Mine.")
    opened = now(database, sealed)
    assert (opened.code, opened.rationale, opened.number) == ("misleading", "A quite telling rationale.", 3)
    assert (opened.second_code, opened.second_rationale) == ("misleading", "Mine.")
    assert opened.second_by == people.reviewer2.account and not opened.parted and not opened.sealed
    assert seals.seal_of(seals.content(opened), opened.seal_salt) == opened.seal == sealed.seal
    assert seals.seal_of(seals.content(opened) | {"code": "refuted"}, opened.seal_salt) != opened.seal
    with database.read() as session:
        assert session.get(SealedRating, sealed.id) is None
        assert verify(session).sound


def test_two_who_agree_settle_it_with_one_more_step(database, people, claim, sealed):
    _rate(database, sealed, people.reviewer2, code="misleading")
    with pytest.raises(Forbidden):
        _sign(database, sealed, people.reviewer)
    _sign(database, sealed, people.reviewer2)
    assert now(database, claim).status == "misleading"
    assert kinds(database, claim)[-2:] == ["verdict.rated_blind", "verdict.signed"]


def test_a_sealed_verdict_can_not_be_signed_or_answered_with_a_rating(database, people, sealed):
    with pytest.raises(Conflict, match="give your own rating first"):
        _sign(database, sealed, people.reviewer2)
    with pytest.raises(Conflict, match="blind rating"):
        do(database, verdicts.send_back, sealed.id, by=people.reviewer2, reason="Thin.", code="refuted")
    do(database, verdicts.send_back, sealed.id, by=people.reviewer2, reason="The link is dead.")
    assert now(database, sealed).sealed


def test_the_first_reader_can_not_rate_twice_nor_another_propose_over_it(database, people, claim, sealed):
    with pytest.raises(Forbidden, match="somebody else must rate"):
        _rate(database, sealed, people.reviewer)
    with pytest.raises(Conflict, match="as the second reader"):
        _propose(database, claim, people.reviewer2)
    again = _propose(database, claim, people.reviewer, code="refuted")
    assert now(database, sealed).state == "superseded" and again.sealed


def test_a_claim_that_changed_under_a_sealed_verdict_must_be_rated_anew(database, people, claim, sealed):
    _reword(database, people, claim)
    with pytest.raises(Conflict, match="proposed again"):
        _rate(database, sealed, people.reviewer2)
    assert _propose(database, claim, people.reviewer2).sealed


def test_a_second_rating_is_of_what_was_seen_and_has_reasons(database, people, sealed):
    with pytest.raises(Outdated):
        _rate(database, sealed, people.reviewer2, seen="0" * 64)
    with pytest.raises(Invalid) as refused:
        _rate(database, sealed, people.reviewer2, rationale=" ")
    assert refused.value.field == "rationale"
    with pytest.raises(Invalid) as refused:
        _rate(database, sealed, people.reviewer2, code="sealed")
    assert refused.value.field == "code"
    assert now(database, sealed).sealed


def test_where_two_differ_neither_overrides_the_other(database, people, claim):
    _desk(database, people, **BLIND)
    first = _propose(database, claim, people.editor2, code="misleading")
    _rate(database, first, people.editor3, code="refuted")
    for one in (people.editor2, people.editor3):
        with pytest.raises(Conflict, match="an editor decides"):
            _sign(database, first, one, override=True, note="I know better.")
    assert now(database, first).state == "proposed"


def test_a_difference_goes_to_an_editor_who_is_neither_of_the_two(database, people, claim, sealed):
    _rate(database, sealed, people.reviewer2, code="refuted")
    parted = now(database, sealed)
    assert parted.parted and now(database, claim).assignee_id is None
    for anybody in (people.reviewer2, people.editor):
        with pytest.raises(Conflict, match="an editor decides"):
            _sign(database, parted, anybody)
    with pytest.raises(Conflict, match="an editor decides"):
        _propose(database, claim, people.reviewer)
    with pytest.raises(Forbidden):
        _decide(database, parted, people.reviewer2, "second")
    with pytest.raises(Invalid) as refused:
        _decide(database, parted, people.editor, "third")
    assert refused.value.field == "choose"
    _decide(database, parted, people.editor, "first")
    assert now(database, claim).status == "misleading"
    assert kinds(database, claim)[-1] == "verdict.decided"
    assert [s.account_id for s in _signatures(database, parted)] == [people.editor.account]


def test_an_editor_may_take_the_second_reader_s_rating_with_its_reasons(database, people, claim, sealed):
    _rate(database, sealed, people.reviewer2, code="refuted", rationale="Quite another matter.")
    taken = _decide(database, sealed, people.editor, "second")
    standing = now(database, claim)
    assert (standing.status, standing.verdict_id, standing.stale_since) == ("refuted", taken.id, None)
    chosen = now(database, taken)
    assert (chosen.proposed_by, chosen.rationale) == (people.reviewer2.account, "Quite another matter.")
    assert now(database, sealed).state == "superseded"
    with database.read() as session:
        assert verify(session).sound
        assert not verdicts.outdated(session, session.get_one(Claim, claim.id), chosen)


def test_an_editor_who_rated_does_not_decide(database, people, claim):
    _desk(database, people, **BLIND)
    verdict = _propose(database, claim, people.editor)
    _rate(database, verdict, people.reviewer, code="misleading")
    with pytest.raises(Forbidden, match="another editor"):
        _decide(database, verdict, people.editor, "first")


def test_an_override_opens_what_was_sealed(database, people, claim):
    _desk(database, people, **BLIND)
    verdict = _propose(database, claim, people.editor, code="misleading")
    with pytest.raises(Invalid) as refused:
        _sign(database, verdict, people.editor, override=True)
    assert refused.value.field == "note"
    _sign(database, verdict, people.editor, override=True, note="It is out already.")
    assert now(database, claim).status == "misleading"
    assert kinds(database, claim)[-1] == "verdict.overridden"


def test_a_sealed_proposal_can_be_taken_back_and_given_again(database, people, claim, sealed):
    event = history(database, claim)[-1]
    done = do(database, undo.undo, event.seq, event.seq, by=people.reviewer)
    assert now(database, sealed).state == "superseded"
    do(database, undo.undo, done.first, done.last, by=people.reviewer)
    assert now(database, sealed).sealed and now(database, sealed).state == "proposed"
    _rate(database, sealed, people.reviewer2)
    event = history(database, claim)[-1]
    with pytest.raises(Conflict):
        do(database, undo.undo, event.seq, event.seq, by=people.reviewer2)


# --------------------------------------------------------------------------------------- still holds


def test_still_holds_signs_what_stands_now_in_one_step(database, people):
    claim, old = _settled(database, people)
    _reword(database, people, claim)
    stale = now(database, claim)
    assert stale.status == "stale"
    new = _renew(database, old, people.editor)
    fresh = now(database, claim)
    assert (fresh.status, fresh.stale_since, fresh.verdict_id) == ("supported", None, new.id)
    assert (new.renews, new.proposed_by, new.rationale) == (old.id, old.proposed_by, old.rationale)
    assert new.digest != old.digest and now(database, old).state == "superseded"
    assert kinds(database, claim)[-2:] == ["verdict.superseded", "verdict.renewed"]
    assert _signatures(database, new)[0].note == "Only the headline changed."
    with database.read() as session:
        assert verify(session).sound
        assert not verdicts.outdated(session, session.get_one(Claim, claim.id), new)


def test_a_renewed_verdict_turns_stale_by_the_next_change(database, people):
    claim, old = _settled(database, people)
    _reword(database, people, claim)
    _renew(database, old, people.editor)
    _reword(database, people, claim, "A third statement.")
    third = now(database, claim)
    assert third.status == "stale"
    assert third.stale_reasons == ["The statement changed: “Another” → “A third”"]


def test_the_proposer_is_never_the_one_who_says_that_it_still_holds(database, people):
    claim, old = _settled(database, people)
    _reword(database, people, claim)
    with pytest.raises(Forbidden, match="somebody else must sign"):
        _renew(database, old, people.reviewer)
    with pytest.raises(Forbidden):
        _renew(database, old, people.reader)


def test_what_can_not_be_renewed_says_why(database, people):
    claim, old = _settled(database, people)
    with pytest.raises(Conflict, match="holds as it is"):
        _renew(database, old, people.editor)
    _reword(database, people, claim)
    with pytest.raises(Outdated):
        _renew(database, old, people.editor, version=1)
    with pytest.raises(Invalid) as refused:
        _renew(database, old, people.editor, note="  ")
    assert refused.value.field == "note"
    waiting = _propose(database, claim, people.reviewer)
    with pytest.raises(Conflict, match="waits for a signature"):
        _renew(database, old, people.editor)
    _sign(database, waiting, people.editor)
    with pytest.raises(Conflict, match="does not count"):
        _renew(database, old, people.editor)


def test_what_holds_on_no_evidence_any_more_is_not_renewed(database, people):
    claim, old = _settled(database, people)
    with database.read() as session:
        pieces = [e.id for e in renewals.store.evidence(session, claim.id)]
    for id in pieces:
        do(database, evidence.withdraw, id, by=people.reviewer, version=1, reason="A parody.")
    stale = now(database, claim)
    assert stale.status == "stale" and "A parody." in stale.stale_reasons[0]
    with pytest.raises(Conflict, match="rests on evidence"):
        _renew(database, old, people.editor)


def test_several_are_renewed_at_once_and_the_others_are_told(database, people):
    one, _ = _settled(database, people)
    other, _ = _settled(database, people)
    fits, _ = _settled(database, people)
    for claim in (one, other):
        _reword(database, people, claim)
    wanted = [
        renewals.Wanted(one.id, now(database, one).version),
        renewals.Wanted(other.id, 1),
        renewals.Wanted(fits.id, fits.version),
    ]
    done = do(database, renewals.renew_all, wanted, by=people.editor, policy=TWO, note="Layout only.")
    assert [v.claim_id for v in done.verdicts] == [one.id]
    assert [id for id, _ in done.refused] == [other.id, fits.id]
    assert (now(database, one).status, now(database, other).status) == ("supported", "stale")
    with pytest.raises(Invalid):
        do(database, renewals.renew_all, [], by=people.editor, policy=TWO, note="x")


# ----------------------------------------------------------------------------------- retired scales


def test_retiring_a_version_of_a_scale_makes_what_is_settled_on_it_stale(database, people):
    claim, old = _settled(database, people)
    with pytest.raises(Forbidden):
        do(database, retirements.retire, "ledger", 1, by=people.reviewer, reason="No.")
    retirement, touched = do(
        database, retirements.retire, "ledger", 1, by=people.editor, reason="Five steps now."
    )
    stale = now(database, claim)
    assert (stale.status, touched) == ("stale", 1)
    assert stale.stale_reasons == ["The scale was retired: ledger, version 1 (Five steps now.)"]
    with pytest.raises(Conflict, match="is retired: Five steps now"):
        _propose(database, claim, people.reviewer)
    with pytest.raises(Conflict, match="already"):
        do(database, retirements.retire, "ledger", 1, by=people.editor, reason="Again.")
    with database.read() as session:
        assert verify(session).sound
    _, touched = do(database, retirements.reinstate, retirement.id, by=people.editor, version=1)
    assert (now(database, claim).status, touched) == ("supported", 1)
    assert old.id == now(database, claim).verdict_id


def test_what_was_renewed_on_a_retired_version_holds_and_goes_on_holding(database, people):
    claim, old = _settled(database, people)
    retirement, _ = do(database, retirements.retire, "ledger", 1, by=people.editor, reason="Old.")
    _renew(database, old, people.editor)
    assert now(database, claim).status == "supported"
    do(database, retirements.reinstate, retirement.id, by=people.editor, version=1)
    assert now(database, claim).status == "supported"


def test_no_version_is_retired_that_never_was(database, people):
    with pytest.raises(Invalid):
        do(database, retirements.retire, "ledger", 99, by=people.editor, reason="Old.")
    with pytest.raises(Invalid):
        do(database, retirements.retire, "no-such", 1, by=people.editor, reason="Old.")


# ------------------------------------------------------------------------------------ why it is stale


@pytest.mark.parametrize(
    ("was", "now_", "expected"),
    [
        ("242", "424", "“242” → “424”"),
        ("signed by 242 developers", "signed by 424 developers", "“242” → “424”"),
        ("He did pay the bill.", "He did not pay the bill.", "“did” → “did not”"),
        ("the same", None, "“the same” → nothing"),
        (None, "words", "nothing → “words”"),
        ("a b c", "a c", "“a b” → “a”"),
        ("x", "x", "“x” → “x”"),
    ],
)
def test_of_two_texts_only_what_differs_is_told(was, now_, expected):
    assert differences.arrow(was, now_) == expected


def test_each_reason_is_told_and_no_more_than_a_page_of_them(database, people):
    claim, _ = _settled(database, people)
    make_evidence(database, people.reviewer, claim, url="https://other.example/", title="The register")
    _reword(database, people, claim, "It cost 424 million.")
    told = now(database, claim).stale_reasons
    assert told[0].startswith("The statement changed: ") and told[1] == "Evidence was added: The register"
    many = [differences.Difference("evidence_added", None, None, f"Piece {n}") for n in range(40)]
    assert len(differences.reasons(many)) == differences.MOST_REASONS


def test_a_place_that_waits_tells_what_changed_in_it(database, people):
    claim, verdict = _settled(database, people)
    with database.read() as session:
        place = session.scalars(sa.select(Appearance).where(Appearance.claim_id == claim.id)).one()
        place.fate = "changed"
        fates = {place.id: {"changes": [{"sort": "number", "before": "242", "after": "424"}], "beside": []}}
        found = differences.of_places(session, claim, verdict.spans, [place], fates=fates)
        session.expunge_all()
    assert differences.reasons(found) == ["The words changed: “242” → “424”"]


# ---------------------------------------------------------------------------------------- agreement


def test_blind_pairs_are_counted_as_they_were_rated_and_told_apart(database, people):
    today = clock.now().date()
    period = insights.Period(today, today)
    _settled(database, people)
    renewed, old = _settled(database, people)
    _reword(database, people, renewed)
    _renew(database, old, people.editor)
    _desk(database, people, **BLIND)
    for number, (second, choose) in enumerate(
        (("refuted", None), ("misleading", "first"), ("supported", "second"))
    ):
        claim = make_claim(database, people.reviewer, text=f"{TEXT}\nPair {number}.\n")
        make_evidence(database, people.reviewer, claim)
        verdict = _propose(database, claim, people.reviewer, code="refuted")
        _rate(database, verdict, people.reviewer2, code=second)
        if choose:
            _decide(database, verdict, people.editor, choose)
        else:
            _sign(database, verdict, people.reviewer2)
    with database.read() as session:
        found = insights.agreement(session, period)
    # Two verdicts signed as they were seen, three pairs rated blind; neither decisions nor renewals are pairs.
    assert (found.kappa.pairs, found.kappa.agreed) == (5, 3)
    assert (found.blind.pairs, found.blind.agreed) == (3, 1)
    assert now(database, renewed).status == "supported"
