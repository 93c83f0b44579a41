"""ledger claim, corrections, revisions: a claim through a new text, and what readers are told of it."""

import json

import pytest
import sqlalchemy as sa

from ledger.models import DEFAULT_DESK, Account, Claim, Desk
from ledger.services import claims, events, reports, revisions
from ledger.services.articles import prepare
from tests.conftest import one_database
from tests.factories import TEXT, make_article, make_claim, make_desk, make_evidence, make_verdict
from tests.ledger.services.desk import do, kinds, now

NEW = TEXT.replace("242", "424")


@pytest.fixture
def article(database, people):
    assert people.admin
    return make_article(database, people.reviewer, floor=1.0)


@pytest.fixture
def settled(database, people, article):
    """A claim that readers were told of: “242 builders”, supported."""
    do(database, reports.publish, article.id, by=people.editor, version=article.version)
    return make_verdict(database, people.reviewer, people.editor)[0]


def _email(database, person) -> str:
    with database.read() as session:
        return session.get_one(Account, person.account).email


def _revise(database, people, article, text: str) -> None:
    do(database, revisions.add, article.id, prepare(text, floor=1.0), by=people.reviewer)


@one_database
def test_words_that_changed_wait_are_placed_and_signed_anew(
    ledger, database, people, article, settled
) -> None:
    assert ledger("claim", "waiting").out == "Nothing waits.\n"
    _revise(database, people, article, NEW)

    told = ledger("claim", "waiting", article.id.upper()).out
    assert settled.id in told and "242 → 424" in told and "[424 builders]" in told
    [line] = ledger("claim", "waiting", "--json").out.splitlines()
    assert (json.loads(line)["claim"], json.loads(line)["waits"]) == (settled.id, True)

    refused = ledger("claim", "renew", settled.id, "--note", "The record says so.")
    assert refused.code == 1 and settled.id in refused.err and "A new text changed" in refused.err
    done = ledger("claim", "place", settled.id.upper(), "424  builders")
    assert (done.code, now(database, settled).status) == (0, "stale"), done.err
    assert "“424 builders”" in done.out and ledger("claim", "waiting").out == "Nothing waits.\n"

    # Who proposed it signs nothing alone; an empty reason is none.
    reviewer, editor = _email(database, people.reviewer), _email(database, people.editor)
    assert ledger("claim", "renew", settled.id, "--note", "So.", "--as", reviewer).code == 1
    assert ledger("claim", "renew", settled.id, "--note", " ").code == 2
    assert ledger("claim", "renew", settled.id).code == 2
    done = ledger("claim", "renew", settled.id, "--note", "The record says 424.", "--as", editor)
    assert (done.code, now(database, settled).status) == (0, "supported"), done.err
    again = ledger("claim", "renew", settled.id, "nonsense", "--note", "Again.")
    assert (
        again.code == 1 and "holds as it is" in again.err and "no claim with the id 'nonsense'" in again.err
    )

    told = ledger("corrections", "--claim", settled.id, "--desk", "Desk").out
    assert "The record says 424." in told and f"/reports/{article.id}#claim-{settled.id}" in told
    [line] = ledger("corrections", "--article", article.id, "--json").out.splitlines()
    assert json.loads(line)["changes"][0]["after"] == "424 builders"


@one_database
def test_placed_and_signed_in_one_step(ledger, database, people, article, settled) -> None:
    _revise(database, people, article, NEW)

    done = ledger("claim", "place", settled.id, "424 builders", "--holds", "The record says 424.")

    assert (done.code, now(database, settled).status) == (0, "supported"), done.err
    assert kinds(database, settled)[-1] == "verdict.renewed"


@one_database
def test_words_that_are_gone_are_cut_and_uncut(ledger, database, people, article, settled) -> None:
    _revise(database, people, article, TEXT.replace("“We signed with 242 builders,” the mayor said. ", ""))

    assert ledger("claim", "uncut", settled.id).code == 1
    assert "Marked as cut: “242 builders”; the claim is stale" in ledger("claim", "cut", settled.id).out
    assert ledger("claim", "cut", settled.id).code == 1
    assert ledger("claim", "uncut", settled.id).code == 0
    assert kinds(database, settled)[-2:] == ["claim.words_cut", "claim.words_cut_undone"]


@one_database
def test_which_words_are_meant_is_asked(ledger, database, people, article, settled) -> None:
    _revise(database, people, article, f"{NEW}\nNobody counted the 424 builders.\n")

    for given, told in (
        (("no such words",), "does not stand in the current text"),
        (("424 builders",), "stands 2 times: say --start"),
        (("424 builders", "--start", "3"), "does not begin at 3"),
        (("424 builders", "--appearance", article.id), "has no such place"),
        ((" ",), "WORDS"),
    ):
        done = ledger("claim", "place", settled.id, *given)
        assert done.code == 1 and told in done.err, done
    start = NEW.index("424")
    assert ledger("claim", "place", settled.id, "424 builders", "--start", start).code == 0


@one_database
def test_whom_a_withdrawal_reaches_is_listed_before_it(ledger, database, article, settled) -> None:
    reached = json.loads(ledger("claim", "reach", settled.id.upper(), "--json").out)
    assert reached["public"] and reached["articles"][0]["article"]["id"] == article.id
    assert f"claims/{settled.id}/badge.svg" in ledger("claim", "reach", settled.id).out

    assert ledger("claim", "withdraw", settled.id).code == 2
    tried = ledger("claim", "withdraw", settled.id, "--reason", "A hoax.", "--dry-run")
    assert tried.code == 0 and article.id in tried.err and now(database, settled).status == "supported"
    done = ledger("claim", "withdraw", f"http://x/claims/{settled.id.upper()}#top", "--reason", "A hoax.")
    assert (done.code, now(database, settled).status) == (0, "withdrawn"), done.err
    assert f"{settled.id}/badge.svg" in done.err
    told = ledger("corrections").out
    assert "withdrawn" in told and "Why: A hoax." in told
    assert ledger("claim", "reopen", settled.id).code == 0 and now(database, settled).status == "supported"


@one_database
def test_only_who_may_withdraws(ledger, database, people, settled) -> None:
    given = ("--reason", "No.", "--as", _email(database, people.reviewer))

    assert ledger("claim", "withdraw", settled.id, *given).code == 1
    assert now(database, settled).status == "supported"


@one_database
def test_a_claim_is_split_and_merged_with_links_both_ways(ledger, database, people, article) -> None:
    claim = make_claim(database, people.reviewer, "It cost 4.2 million euros and was paid for by 12 towns")
    parts = ("It cost 4.2 million euros", "was paid for by 12 towns")

    tried = ledger("claim", "split", claim.id, *parts, "--dry-run")
    assert tried.code == 0 and "(a new claim)" in tried.out and now(database, claim).version == claim.version
    for given, told in (
        (parts[:1], "2 to 10"),
        ((parts[0], "242 builders"), "none of the claim's words"),
        ((*parts, "--statement", "One."), "for each"),
        ((*parts, "--appearance", claim.id), "has no such place"),
    ):
        done = ledger("claim", "split", claim.id, *given)
        assert done.code == 1 and told in done.err, done
    done = ledger(
        "claim", "split", claim.id, *parts, "--statement", "It cost a lot.", "--statement", "Towns paid."
    )
    assert done.code == 0, done.err
    with database.read() as session:
        part = session.execute(sa.select(Claim.__table__).where(Claim.split_from == claim.id)).one()
    assert part.statement == "Towns paid." and part.id in done.out
    assert json.loads(ledger("claim", "links", claim.id, "--json").out)["parts"][0]["id"] == part.id
    assert f"split from   {claim.id}" in ledger("claim", "links", part.id).out

    other = make_claim(database, people.reviewer, "12 towns")
    assert "neither split nor merged" in ledger("claim", "links", other.id).out
    assert ledger("claim", "merge", claim.id, other.id, "--dry-run").code == 0
    assert now(database, other).merged_into is None
    assert ledger("claim", "merge", claim.id.upper(), other.id.upper()).code == 0
    assert f"merged into  {claim.id}" in ledger("claim", "links", other.id).out
    assert f"took in      {other.id}" in ledger("claim", "links", claim.id).out
    refused = ledger("claim", "withdraw", other.id, "--reason", "Wrong.")
    assert refused.code == 1 and f"merged into {claim.id}: name that one" in refused.err


@one_database
def test_an_articles_texts_are_listed_and_compared(ledger, database, people, article, settled) -> None:
    _revise(database, people, article, NEW)
    _revise(database, people, article, NEW.replace("Monday", "Tuesday"))

    told = ledger("revisions", article.id.upper())
    assert told.code == 0 and [line.split()[0] for line in told.out.splitlines()] == ["3", "1", "2", "1", "1"]
    listed = [json.loads(line) for line in ledger("revisions", article.id, "--json").out.splitlines()]
    assert [one["number"] for one in listed] == [3, 2, 1] and listed[1]["outcomes"]["changed"] == 1

    told = ledger("revisions", article.id, "--compare", "1", "3").out
    assert (
        "[-242-] {+424+} builders" in told
        and "[-Monday-]{+Tuesday+}. It" in told
        and f"{settled.id}  changed" in told
    )
    [fate] = [
        json.loads(x) for x in ledger("revisions", article.id, "--compare", 1, 2, "--json").out.splitlines()
    ]
    assert (fate["outcome"], fate["now"]) == ("changed", "424 builders")
    for numbers in ((2, 1), (1, 9)):
        assert ledger("revisions", article.id, "--compare", *numbers).code == 1


@one_database
def test_corrections_of_nowhere_are_told(ledger, database, people, settled) -> None:
    make_desk(database, people.admin)

    assert ledger("corrections", "--desk", "health").out == "None.\n"
    refused = ledger("corrections", "--desk", "Sports")
    assert refused.code == 1 and "--desk" in refused.err and "Health" in refused.err
    assert ledger("corrections", "--claim", "nonsense").code == 1
    version = now(database, settled).version
    do(database, claims.withdraw, settled.id, by=people.editor, version=version, note="A \u202ehoax.")
    told = ledger("corrections", "--limit", "1").out
    assert "\u202e" not in told and "hoax." in told


@one_database
def test_of_several_places_one_is_named(ledger, database, people, article) -> None:
    claim = make_claim(database, people.reviewer, "12 towns")
    other = make_claim(database, people.reviewer, "4.2 million euros")
    assert ledger("claim", "merge", claim.id, other.id).code == 0

    asked = ledger("claim", "place", claim.id, "242 builders")
    assert asked.code == 1 and "say --appearance" in asked.err and "“12 towns”" in asked.err
    named = asked.err.split("Its places: ")[1].split()[0].upper()
    assert ledger("claim", "place", claim.id, "242 builders", "--appearance", named).code == 0

    _revise(database, people, article, NEW)
    refused = ledger("claim", "split", claim.id, "424", "builders")
    assert refused.code == 1 and "older text" in refused.err


@one_database
def test_a_verdict_is_proposed_read_and_signed_by_its_digest(ledger, database, people, article) -> None:
    claim = make_claim(database, people.reviewer)
    make_evidence(database, people.reviewer, claim)
    reviewer, editor = _email(database, people.reviewer), _email(database, people.editor)
    rating = ("--rating", "supported", "--rationale", "The register says so.")
    assert ledger("claim", "sign", claim.id).code == 1  # nothing waits
    told = ledger("claim", "propose", claim.id, *rating, "--as", reviewer)
    assert told.code == 0, told.err
    shown = ledger("claim", "sign", claim.id, "--as", editor).out
    digest = shown.split("digest: ")[1].strip()
    assert "The register says so." in shown and now(database, claim).status == "proposed"
    assert ledger("claim", "sign", claim.id, "--digest", digest, "--as", reviewer).code == 1
    refused = ledger("claim", "sign", claim.id, "--digest", "0" * 64, "--as", editor)
    assert refused.code == 1 and "read it again" in refused.err
    sent = ledger("claim", "send-back", claim.id, "--reason", "Which register?", "--as", editor)
    assert (sent.code, now(database, claim).status) == (0, "checking"), sent.err
    ledger("claim", "propose", claim.id, *rating, "--as", reviewer)
    digest = ledger("claim", "sign", claim.id).out.split("digest: ")[1].strip()
    done = ledger("claim", "sign", claim.id, "--digest", digest[:12].upper(), "--as", editor)
    assert (done.code, now(database, claim).status) == (0, "supported"), done.err


@one_database
def test_two_rate_blind_and_an_editor_decides(ledger, database, people, article) -> None:
    claim = make_claim(database, people.reviewer)
    make_evidence(database, people.reviewer, claim)
    desk = Desk(id=DEFAULT_DESK, name="Desk", blind=True)
    do(database, events.append, desk, "desk.changed", by=people.editor, new=[desk])
    one, other, editor = (_email(database, who) for who in (people.reviewer, people.reviewer2, people.editor))
    first = ("--rating", "supported", "--rationale", "A telling rationale.")
    assert "sealed" in ledger("claim", "propose", claim.id, *first, "--as", one).out
    second = ("--rating", "refuted", "--rationale", "The other register.", "--as", other)
    shown = ledger("claim", "rate", claim.id, *second).out
    assert "telling" not in shown and "supported" not in shown.lower()
    digest = shown.split("digest: ")[1].strip()
    rated = ledger("claim", "rate", claim.id, *second, "--digest", digest)
    assert rated.code == 0 and "A telling rationale." in rated.out and "an editor decides" in rated.out
    choice = ("claim", "decide", claim.id, "--for", "second", "--note", "Newer.", "--as", editor)
    shown = ledger(*choice).out
    assert "The other register." in shown and "A telling rationale." in shown
    done = ledger(*choice, "--digest", shown.split("digest: ")[1].strip())
    assert (done.code, now(database, claim).status) == (0, "refuted"), done.err
