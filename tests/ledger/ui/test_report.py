"""The public report: what readers are told, what they are not, and what programs read in it."""

import json
import re
import time
from datetime import date

import lxml.html
import pytest
import sqlalchemy as sa

from claims.model import Span
from ledger.errors import Conflict, Forbidden, Outdated
from ledger.export.claimreview import brief
from ledger.models import Article, Claim, Event
from ledger.scales import all_scales
from ledger.services import articles, claims, events, reports, undo, verdicts
from tests.factories import make_article, make_evidence, make_verdict

TEXT = (
    "Council opens new bridge\n\nThe bridge cost 4.2 million euros. It was paid for by 12 towns.\n\n"
    "“We signed with 242 builders,” the mayor said. More than 40 towns had asked for money in 2024.\n"
)


class Desk:
    """An article with claims, and the people who work on it."""

    def __init__(self, database, people, text=TEXT, **details):
        self.database, self.people = database, people
        # Made now: no account can be made within another's change.
        self.editor, self.reviewer = people.editor, people.reviewer
        self.article = make_article(database, people.reviewer, text, **details)

    def claim(self, words, *, code=None, by=None, **evidence):
        with self.database.write() as session:
            text = articles.store.current_revision(session, session.get_one(Article, self.article.id)).text
            start = text.index(words)
            claim = claims.add(
                session, self.article.id, by=self.reviewer, start=start, end=start + len(words)
            )
        if code:
            claim, _ = make_verdict(
                self.database, self.people.reviewer, by or self.people.reviewer2, claim, code
            )
        return claim

    def do(self, change, id, *, by=None, **more):
        with self.database.write() as session:
            version = session.get_one(Claim, id).version
            return change(session, id, by=by or self.editor, version=version, **more)

    def rate_anew(self, claim, code):
        policy = verdicts.Policy()
        with self.database.write() as session:
            version = session.get_one(Claim, claim.id).version
            verdict = verdicts.propose(
                session,
                claim.id,
                by=self.reviewer,
                version=version,
                code=code,
                rationale="Read again.",
                policy=policy,
            )
        with self.database.write() as session:
            verdicts.sign(
                session, verdict.id, by=self.editor, digest_seen=verdict.digest, policy=policy,
                correction="We had misread the list.",
            )  # fmt: skip

    def publish(self, change=reports.publish):
        with self.database.write() as session:
            version = session.get_one(Article, self.article.id).version
            return change(session, self.article.id, by=self.editor, version=version)

    @property
    def path(self):
        return f"/reports/{self.article.id}"


@pytest.fixture
def desk(database, people):
    return Desk(
        database, people, publisher="The News", published="2026-11-20", url="https://news.example/bridge"
    )


def words_of(page):
    return " ".join(page.text_content().split())


def test_only_an_editor_opens_a_report_and_nobody_reads_it_before(client, desk, people, database):
    assert client.get(desk.path).status_code == 404
    with database.write() as session, pytest.raises(Forbidden):
        reports.publish(session, desk.article.id, by=people.reviewer, version=1)
    with database.write() as session, pytest.raises(Outdated):
        reports.publish(session, desk.article.id, by=people.editor, version=7)
    opened = desk.publish()
    assert opened.report_since is not None and client.get(desk.path).status_code == 200
    assert desk.publish().version == opened.version, "opened twice is opened once"
    desk.publish(reports.unpublish)
    answer = client.get(desk.path)
    assert answer.status_code == 404 and "Set-Cookie" not in answer.headers
    with database.read() as session:
        kinds = session.exec(sa.select(Event.kind).where(Event.stream == f"article:{desk.article.id}")).all()
        newest = session.exec(sa.select(sa.func.max(Event.seq))).one()[0]
    assert [kind for (kind,) in kinds][1:] == ["article.report_opened", "article.report_closed"]
    # The general undo asks for less than publishing does.
    with database.write() as session, pytest.raises(Conflict):
        undo.undo(session, newest, newest, by=desk.editor)


def test_a_guess_a_proposal_and_what_was_put_aside_are_never_shown(client, desk, people, database):
    proposed = desk.claim("242 builders")
    make_verdict(database, people.reviewer, claim=proposed, code="refuted")
    dismissed = desk.claim("12 towns")
    desk.do(claims.dismiss, dismissed.id, reason="A secret reason")
    gone = desk.claim("40 towns")
    desk.do(claims.withdraw, gone.id, note="Withdrawn before anybody could read it.")
    desk.publish()
    page = lxml.html.fromstring(client.get(desk.path).text)
    shown = words_of(page)
    assert [one.get("id") for one in page.xpath("//section[starts-with(@id, 'claim-')]")] == [
        f"claim-{proposed.id}"
    ]
    assert "Being checked" in shown and "Refuted" not in shown and "It says so." not in shown
    assert "example.org" not in shown and "secret" not in shown and "before anybody" not in shown
    # The finder's own guess stands in the text unmarked.
    assert len(page.xpath("//article//a[contains(@class, 'mark')]")) == 1
    assert not page.xpath("//script"), "nothing is settled, so nothing is told to programs"


def test_a_settled_claim_is_told_with_its_reasons_and_without_names(client, desk, people):
    claim = desk.claim("242 builders", code="refuted")
    desk.publish()
    answer = client.get(desk.path)
    page = lxml.html.fromstring(answer.text)
    finding = page.get_element_by_id(f"claim-{claim.id}")
    told = words_of(finding)
    assert "Refuted" in told and "✗" in told and "It says so." in told and "second" in told
    link = finding.xpath(".//ul//a")[0].get("href")
    assert link == "https://example.org/source#:~:text=242%20builders"
    mark = page.xpath("//article//a[@class='mark s-refuted']")[0]
    assert mark.get("href") == f"#claim-{claim.id}" and mark.text == "242 builders"
    assert mark.xpath("sup")[0].text_content() == "1✗"
    assert not re.search(r"Reviewer|Editor|@example", page.text_content())


def test_a_stale_claim_shows_no_rating_until_it_is_signed_again(client, desk, people, database):
    claim = desk.claim("242 builders", code="refuted")
    desk.publish()
    desk.do(claims.reword, claim.id, details={"statement": "They signed with 242 builders."})
    told = words_of(lxml.html.fromstring(client.get(desk.path).text).get_element_by_id(f"claim-{claim.id}"))
    assert "Being looked at again" in told and "Refuted" not in told and "It says so." not in told
    desk.rate_anew(claim, "misleading")
    page = lxml.html.fromstring(client.get(desk.path).text)
    corrections = page.get_element_by_id("corrections")
    assert [one.text_content() for one in corrections.xpath(".//del[@dir]")] == ["Refuted"]
    assert [one.text_content() for one in corrections.xpath(".//ins[@dir]")] == ["Misleading"]
    assert "They signed with" in words_of(corrections)


def test_a_withdrawal_and_its_end_are_corrections_that_closing_does_not_wash_away(client, desk):
    claim = desk.claim("242 builders", code="refuted")
    desk.publish()
    desk.do(claims.withdraw, claim.id, note="The source was a parody.")
    desk.publish(reports.unpublish)
    desk.publish()
    page = lxml.html.fromstring(client.get(desk.path).text)
    assert "The source was a parody." in words_of(page.get_element_by_id("corrections"))
    finding = words_of(page.get_element_by_id(f"claim-{claim.id}"))
    assert "Withdrawn" in finding and "Refuted" not in finding and not page.xpath("//script")
    desk.do(claims.reopen, claim.id)
    told = [
        one.text_content()
        for one in lxml.html.fromstring(client.get(desk.path).text).xpath("//*[@id='corrections']//li")
    ]
    assert len(told) == 2 and "taken back" in told[0] and "parody" in told[1]


def test_what_changed_before_the_report_was_open_is_no_correction(client, desk, people, database):
    claim = desk.claim("242 builders", code="refuted")
    desk.rate_anew(claim, "supported")
    desk.publish()
    page = lxml.html.fromstring(client.get(desk.path).text)
    assert not page.xpath("//*[@id='corrections']") and "Supported" in words_of(page)
    desk.rate_anew(claim, "supported")
    assert "Checked again, with the same rating" in client.get(desk.path).text


def test_an_override_stands_beside_the_rating(client, desk, people, database):
    claim, verdict = make_verdict(database, people.editor, claim=desk.claim("242 builders"))
    with database.write() as session:
        verdicts.sign(
            session, verdict.id, by=people.editor, digest_seen=verdict.digest,
            policy=verdicts.Policy(), override=True, note="The evening news could not wait.",
        )  # fmt: skip
    desk.publish()
    told = words_of(lxml.html.fromstring(client.get(desk.path).text).get_element_by_id(f"claim-{claim.id}"))
    assert "Override: decided by one person alone. The evening news could not wait." in told


def test_overlapping_claims_each_have_their_number_and_their_place(client, desk):
    outer = desk.claim("was paid for by 12 towns", code="supported")
    inner = desk.claim("12 towns", code="refuted")
    desk.publish()
    page = lxml.html.fromstring(client.get(desk.path).text)
    assert [sup.text_content() for sup in page.xpath("//article//sup")] == ["2✗", "1✓"]
    for claim in (outer, inner):
        assert len(page.xpath(f"//*[@id='m-{claim.id}']")) == 1
        assert page.xpath(f"//a[@href='#m-{claim.id}']") and page.xpath(f"//a[@href='#claim-{claim.id}']")


def test_caches_may_keep_a_report_and_nobody_gets_a_cookie(client, desk, signed_in, people):
    desk.claim("242 builders", code="refuted")
    desk.publish()
    answer = client.get(desk.path)
    assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.last_modified is not None
    again = client.get(desk.path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    # A colleague is told the very same.
    colleague = signed_in(people.editor)
    seen = colleague.client.get(desk.path)
    assert seen.text == answer.text and "Set-Cookie" not in seen.headers
    desk.claim("12 towns")
    assert client.get(desk.path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_hostile_words_stay_words(client, database, people):
    evil = "</script><script>alert(1)</script><!--"
    desk = Desk(
        database, people, text=f"Evil {evil} & news\n\nThere were 242 builders in {evil} 2024.\n", title=evil
    )
    claim = desk.claim(f"242 builders in {evil}")
    make_evidence(database, people.reviewer, claim, title=evil, quote=evil, note=evil, publisher=evil)
    make_verdict(database, people.reviewer, people.reviewer2, claim, "refuted")
    desk.publish()
    html = client.get(desk.path).text
    page = lxml.html.fromstring(html)
    (script,) = page.xpath("//script")
    assert html.count("<script") == 1 and script.get("type") == "application/ld+json"
    (review,) = json.loads(script.text)
    assert review["claimReviewed"] == f"242 builders in {evil}" and review["itemReviewed"]["name"] == evil


def test_an_article_keeps_its_language_and_direction(client, database, people):
    text = "افتتاح جسر جديد\n\nقال رئيس البلدية إن الجسر كلف 4.2 مليون يورو في عام 2024.\n"
    desk = Desk(database, people, text=text, language="ar")
    desk.claim("الجسر كلف 4.2 مليون يورو", code="supported")
    desk.publish()
    page = lxml.html.fromstring(client.get(desk.path).text)
    (article,) = page.xpath("//article")
    assert (article.get("dir"), article.get("lang")) == ("rtl", "ar") and page.get("lang") == "en"
    assert json.loads(page.xpath("//script")[0].text)[0]["inLanguage"] == "ar"


def test_a_claim_in_two_public_articles_names_both_and_no_private_one(client, database, people, desk):
    claim = desk.claim("242 builders", code="refuted")
    public, private = (
        Desk(database, people, text="B\n\nSo 242 builders."),
        Desk(database, people, text="C\n\nThen 242 builders."),
    )
    with database.write() as session:
        for other in (public, private):
            article = session.get_one(Article, other.article.id)
            revision = reports.articles_store.current_revision(session, article)
            start = revision.text.index("242 builders")
            place = articles.appearance(claim, revision, Span(start, start + 12))
            events.append(
                session, session.get_one(Claim, claim.id), "claim.merged", by=people.reviewer, new=[place]
            )
    desk.publish()
    public.publish()
    page = lxml.html.fromstring(client.get(desk.path).text)
    finding = page.get_element_by_id(f"claim-{claim.id}")
    assert f"{public.path}#claim-{claim.id}" in [a.get("href") for a in finding.iter("a")]
    assert private.article.id not in client.get(desk.path).text


def test_an_empty_report_says_so(client, desk):
    desk.publish()
    assert "No claim of this article has been taken up yet" in client.get(desk.path).text


def test_a_report_asks_the_database_as_often_for_many_claims_as_for_few(client, database, people, app):
    asked = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def counted(count):
        text = "\n\n".join(f"There were {n + 242} builders on site {n}{' x' * count}." for n in range(count))
        desk = Desk(database, people, text=text)
        for n in range(count):
            desk.claim(f"{n + 242} builders", code="supported")
        desk.publish()
        asked.clear()
        began = time.perf_counter()
        assert client.get(desk.path).status_code == 200
        return len(asked), time.perf_counter() - began

    (few, _), (many, took) = counted(2), counted(24)
    assert few == many <= 14
    assert took < 2


def test_the_preview_is_for_colleagues_and_says_that_it_is_one(signed_in, people, desk, client):
    assert client.get(f"/articles/{desk.article.id}/report").status_code == 302
    desk.claim("242 builders", code="refuted")
    browser = signed_in(people.reader).open(f"/articles/{desk.article.id}/report")
    assert "nobody outside can read this yet" in browser.text and "Refuted" in browser.text


def test_the_pages_button_opens_and_closes(signed_in, people, desk, client, database):
    browser = signed_in(people.editor)
    token = browser.open("/me").page.xpath("//input[@name='csrf_token']")[0].get("value")
    place = f"/articles/{desk.article.id}/report"
    browser.send(place, {"csrf_token": token, "version": 1, "open": 1})
    assert "Anybody may read the report now" in browser.text and client.get(desk.path).status_code == 200
    browser.send(place, {"csrf_token": token, "version": 1, "open": 0})
    assert "Somebody changed this" in browser.text and client.get(desk.path).status_code == 200
    browser.send(place, {"csrf_token": token, "version": 2, "open": 0})
    assert client.get(desk.path).status_code == 404


def test_the_method_page_tells_this_desks_own_rules(client, app):
    answer = client.get("/method")
    told = words_of(lxml.html.fromstring(answer.text))
    assert "Two people" in told and "override" in told and "at least one piece of evidence" in told
    for rating in all_scales()["ledger"].ratings:
        assert rating.label in told
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "public, max-age=60"


# ---------------------------------------------------------------- ClaimReview, as shared/design/interop.md asks

REQUIRED = {"claimReviewed", "reviewRating", "url"}
RECOMMENDED = {"author", "itemReviewed"}
RATING = {"@type", "alternateName", "ratingValue", "bestRating", "worstRating", "ratingExplanation"}
RATINGS = [(scale, rating) for scale in all_scales().values() for rating in scale.ratings]


def markup_of(client, path):
    (script,) = lxml.html.fromstring(client.get(path).text).xpath("//script[@type='application/ld+json']")
    return json.loads(script.text)


def check(review, page):
    """What interop.md lists as required and recommended, and the shape of each."""
    assert review["@context"] == "https://schema.org" and review["@type"] == "ClaimReview"
    assert review.keys() >= REQUIRED | RECOMMENDED
    assert review["url"].startswith(page + "#claim-") and date.fromisoformat(review["datePublished"])
    assert isinstance(review["claimReviewed"], str) and review["claimReviewed"]
    assert review["author"].keys() == {"@type", "name", "url"} and page.startswith(review["author"]["url"])
    claim = review["itemReviewed"]
    assert claim["@type"] == "Claim" and claim["appearance"]
    for work in [*claim["appearance"], claim.get("firstAppearance", claim["appearance"][0])]:
        assert work["@type"] == "CreativeWork" and work["name"]
    if "author" in claim:
        assert claim["author"]["name"] and claim["author"].get("@type") in (None, "Organization")
    rating = review["reviewRating"]
    assert rating["@type"] == "Rating" and rating["alternateName"]
    numbers = [rating.get(name) for name in ("ratingValue", "bestRating", "worstRating")]
    if any(number is not None for number in numbers):
        assert rating.keys() == RATING
        value, best, worst = numbers
        assert 1 <= worst < best and worst <= value <= best
    else:
        assert rating.keys() == {"@type", "alternateName"}


def test_each_settled_claim_is_told_to_programs(client, desk):
    one = desk.claim("242 builders", code="refuted")
    two = desk.claim("12 towns", code="disputed")
    desk.claim("40 towns")
    desk.do(claims.reword, one.id, details={"statement": "242 signed."})
    desk.do(claims.reword, two.id, details={"claimant": "The mayor"})
    desk.publish()
    (review,) = markup_of(client, desk.path)
    assert review["url"].endswith(two.id), "the other is stale"
    check(review, f"http://localhost{desk.path}")
    assert review["reviewRating"] == {"@type": "Rating", "alternateName": "Disputed"}
    assert review["itemReviewed"]["appearance"] == [{
        "@type": "CreativeWork", "url": "https://news.example/bridge", "name": "Council opens new bridge",
        "datePublished": "2026-11-20", "publisher": {"@type": "Organization", "name": "The News"},
    }]  # fmt: skip
    assert review["itemReviewed"]["firstAppearance"] == review["itemReviewed"]["appearance"][0]
    page = lxml.html.fromstring(client.get(desk.path).text)
    assert page.xpath(f"//*[@id='{review['url'].partition('#')[2]}']"), "the address leads to the claim"


def test_markup_uses_the_public_address_where_one_is_set(settings, database, people, desk):
    from ledger.app import create_app

    desk.claim("242 builders", code="refuted")
    desk.publish()
    app = create_app(settings.model_copy(update={"base_url": "https://desk.example/"}))
    (review,) = markup_of(app.test_client(), desk.path)
    app.extensions["ledger"].database.dispose()
    check(review, f"https://desk.example{desk.path}")
    assert review["reviewRating"] == {
        "@type": "Rating", "alternateName": "Refuted", "ratingValue": 1, "bestRating": 5, "worstRating": 1,
        "ratingExplanation": "It says so.",
    }  # fmt: skip


@pytest.mark.parametrize(("scale", "rating"), RATINGS, ids=[f"{s.id}-{r.code}" for s, r in RATINGS])
def test_every_rating_of_every_scale_goes_out_and_is_read_back(scale, rating):
    from ledger import clock
    from ledger.export.claimreview import Publisher, claim_review
    from ledger.ids import new_id
    from ledger.models import Verdict

    now = clock.now()
    sentence = "It cost twice as much, as its own accounts show."
    verdict = Verdict(
        id=new_id(), claim_id=new_id(), scale=scale.id, scale_version=scale.version, code=rating.code,
        label=rating.label or sentence, number=rating.number, status_word=rating.status, rationale="A reason. More.",
        state="settled", digest="0" * 64, proposed_at=now, proposed_by=new_id(), settled_at=now,
    )  # fmt: skip
    claim = Claim(
        id=verdict.claim_id,
        statement="It cost 4.2 million.",
        claimant="The mayor",
        origin="person",
        triage="accepted",
        status=rating.status,
        created_at=now,
        updated_at=now,
    )
    article = Article(
        id=new_id(),
        title="A bridge",
        source="text",
        media_type="text/plain",
        revision_id=new_id(),
        first_sha256="0" * 64,
        created_at=now,
        updated_at=now,
    )
    review = json.loads(
        json.dumps(
            claim_review(
                claim,
                verdict,
                [article],
                url=f"https://d.example/reports/1#claim-{claim.id}",
                by=Publisher("Desk", "https://d.example"),
            )
        )
    )
    check(review, "https://d.example/reports/1")
    told = review["reviewRating"]
    # Back: by its words the very rating is found, and a number that goes out is the scale's own.
    back = [r for r in scale.ratings if (r.label or sentence) == told["alternateName"]]
    assert rating in back
    worst, _ = scale.bounds or (None, None)
    fits = rating.number is not None and worst is not None and worst >= 1
    assert ("ratingValue" in told) is fits
    if fits:
        assert (told["ratingValue"], (told["worstRating"], told["bestRating"])) == (
            rating.number,
            scale.bounds,
        )


def test_a_long_rationale_is_cut_after_a_sentence():
    assert brief("One. Two.") == "One. Two."
    long = "The first sentence is here, and it is of some length. " * 12
    told = brief(long)
    assert len(told) <= 300 and told.endswith("length.")
    assert brief("word " * 200).endswith(" …") and len(brief("word " * 200)) <= 300
