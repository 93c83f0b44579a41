"""A claim's history as people read it: every deed in words, texts word by word, and what stood when."""

import re
from pathlib import Path

import pytest
from sqlmodel import select

from ledger.models import Claim, Event
from ledger.services import claims, corrections, evidence, history, reports, webhooks
from ledger.store import claims as store
from ledger.ui import timeline
from ledger.ui.differences import IN, LEFT_OUT, OUT, SAME, by_words
from tests.factories import make_claim, make_evidence, make_verdict

SERVICES = Path(timeline.__file__).parents[1] / "services"
KIND = re.compile(r'"((?:claim|evidence|verdict|comment|capture)\.[a-z_]+)"')


def texts(old, new, **more):
    return [(piece.kind, piece.text.strip()) for piece in by_words(old, new, **more)]


def test_a_changed_number_is_one_change_of_one_word():
    assert texts("Signed by 242 developers.", "Signed by 424 developers.") == [
        (SAME, "Signed by"), (OUT, "242"), (IN, "424"), (SAME, "developers."),
    ]  # fmt: skip
    assert texts("It cost 4.2 million.", "It cost 4.5 million.")[1:3] == [(OUT, "4.2"), (IN, "4.5")]


def test_long_unchanged_runs_are_left_out_and_counted():
    many = " ".join(f"word{n}" for n in range(100))
    assert texts(f"{many} old.", f"{many} new.", around=3) == [
        (LEFT_OUT, "97"), (SAME, "word97 word98 word99"), (OUT, "old"), (IN, "new"), (SAME, "."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("كلف الجسر 4.2 مليون يورو", "كلف الجسر 2.4 مليون يورو", ["4.2", "2.4"]),
        ("橋の費用は高い", "橋の費用は安い", ["高", "安"]),
        ("👩‍🚀 lands here", "👩‍🚀 landed here", ["lands", "landed"]),
    ],
)
def test_words_of_every_script(old, new, changed):
    assert [text for kind, text in texts(old, new) if kind in (OUT, IN)] == changed


def test_texts_with_nothing_in_common_are_shown_one_after_the_other():
    old, new = "Rain fell over hills all night", "A court ruled against two ministers"
    assert texts(old, new) == [(OUT, old), (IN, new)]
    assert (
        texts("", "New.") == [(IN, "New.")] and texts("Old.", "") == [(OUT, "Old.")] and texts("", "") == []
    )


def test_both_texts_can_be_read_back_from_the_pieces():
    old, new = "One two, three – four five six.", "One too, three – for five (or six)."
    pieces = by_words(old, new)
    assert "".join(p.text for p in pieces if p.kind != IN) == old
    assert "".join(p.text for p in pieces if p.kind != OUT) == new


def test_every_kind_of_event_that_a_service_writes_has_words_of_its_own():
    kinds = {
        kind for file in SERVICES.glob("*.py") for kind in KIND.findall(file.read_text(encoding="utf-8"))
    }
    assert len(kinds) > 30
    # What a webhook may be told of, though no event is called so.
    kinds -= {webhooks.STATUS_CHANGED, corrections.KIND}
    assert sorted(kind for kind in kinds if kind not in timeline._DEEDS) == []


@pytest.fixture
def settled(database, people):
    claim = make_claim(database, people.reviewer)
    make_verdict(database, people.reviewer, people.editor, claim, "refuted")
    return claim


def reword(database, by, claim, statement):
    with database.write() as session:
        version = session.get_one(Claim, claim.id).version
        claims.reword(session, claim.id, by=by, version=version, details={"statement": statement})


def test_the_page_tells_who_did_what_when_with_what_changed(signed_in, people, database, settled):
    reword(database, people.editor, settled, "There were 243 builders.")
    reword(database, people.editor, settled, "There were 244 builders.")
    page = signed_in(people.reader).open(f"/claims/{settled.id}").page
    newest, *_ = page.xpath("//*[@class='story']/li")
    assert "Editor edited it" in " ".join(newest.text_content().split())
    assert [one.xpath("text()")[-1].strip() for one in newest.xpath(".//dd/del|.//dd/ins")] == ["243", "244"]
    told = " ".join(page.xpath("//section[@class='history']")[0].text_content().split())
    for words in ("Reviewer added it", "added evidence", "proposed a verdict", "Editor signed the verdict"):
        assert words in told
    groups = {li.get("class").split()[0] for li in page.xpath("//*[@class='story']/li")}
    assert groups == {"t-words", "t-evidence", "t-verdicts"}
    seq = newest.get("id").removeprefix("e-")
    assert newest.xpath(f".//a[@href='/claims/{settled.id}#e-{seq}']")


def test_the_claim_can_be_seen_as_it_stood_after_any_event(signed_in, people, database, settled):
    with database.read() as session:
        of_claim = Event.stream == f"claim:{settled.id}"
        signed = session.exec(select(Event).where(of_claim, Event.kind == "verdict.signed")).one()
    reword(database, people.editor, settled, "Quite other words now.")
    browser = signed_in(people.reader).open(f"/claims/{settled.id}?at={signed.seq}")
    assert "As it stood on" in browser.text and "Nothing can be changed here" in browser.text
    assert browser.page.xpath("//h1")[0].text_content() == "242 builders" and "Refuted" in browser.text
    assert "Quite other words" not in browser.text and browser.page.xpath("//main//form") == []
    browser.follow("How it stands now")
    assert "Quite other words now." in browser.text
    assert browser.open(f"/claims/{settled.id}?at=2100-01-01").status == 200
    for nothing in (
        f"{settled.id}?at=0",
        f"{settled.id}?at=1999-01-01",
        f"{settled.id}?at={'9' * 40}",
        "x?at=3",
    ):
        assert browser.open(f"/claims/{nothing}").status == 404, nothing
    assert browser.open(f"/claims/{settled.id}?at=then").status == 422


def test_what_stood_after_an_event_is_the_fold_up_to_it(database, people, settled):
    with database.read() as session:
        events = timeline.events_of(session, store.whole(session, settled.id))
        states = [history.claim_after(session, settled.id, event.seq) for event in events]
    assert [past.claim["version"] for past in states] == sorted(past.claim["version"] for past in states)
    assert states[0].verdict is None and states[-1].verdict is not None
    assert [len(past.evidence) for past in states][:2] == [0, 1]


def test_copies_of_sources_and_reports_are_part_of_the_history(database, people):
    claim, who = make_claim(database, people.reviewer), people.editor
    details = {"url": "https://example.org/a", "stance": "context"}
    with database.write() as session:
        evidence.add(session, claim.id, by=people.reviewer, details=details)
    with database.write() as session:
        article = store.whole(session, claim.id).appearances[0][1]
        reports.publish(session, article.id, by=who, version=article.version)
    with database.read() as session:
        found = timeline.events_of(session, store.whole(session, claim.id))
    kinds = [event.kind for event in found]
    assert kinds[0] == "claim.added" and kinds[-1] == "article.report_opened" and "capture.requested" in kinds
    told = timeline.told(found, {who.account: "Ed"}, {})
    assert (
        told[0].who == "Ed"
        and told[0].deed.startswith("opened the public report")
        and told[0].group == "verdicts"
    )


def test_a_redacted_event_says_so_and_breaks_nothing(signed_in, people, database, settled):
    with database.read() as session:
        events = timeline.events_of(session, store.whole(session, settled.id))
        for event in events[:2]:
            session.expunge(event)
            event.patch = None
    entries = timeline.told(events, {}, {})
    assert [entry.redacted for entry in entries].count(True) == 2


def test_a_history_of_hundreds_of_events_is_told(signed_in, people, database):
    claim = make_claim(database, people.reviewer)
    make_evidence(database, people.reviewer, claim)
    for n in range(30):
        reword(database, people.reviewer, claim, f"Words number {n} and the rest of the statement.")
    browser = signed_in(people.reader).open(f"/claims/{claim.id}")
    assert len(browser.page.xpath("//*[@class='story']/li")) == 32
