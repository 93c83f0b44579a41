"""A claim's badge and card: for anybody where a report is open, else for colleagues; nothing in them runs."""

import base64
import hashlib

import lxml.etree
import lxml.html
import pytest

from ledger.models import Article, Claim, Status
from ledger.services import articles, claims, reports, spans
from ledger.ui import badge, report
from tests.factories import make_claim, make_verdict


@pytest.fixture
def refuted(database, people):
    claim = make_claim(database, people.reviewer)
    make_verdict(database, people.reviewer, people.editor, claim, "refuted")
    return claim


def publish(database, who, claim, change=reports.publish):
    with database.write() as session:
        article = reports.claims_store.first_places(session, [claim.id])[claim.id][0].article_id
        return change(session, article, by=who, version=session.get_one(Article, article).version)


def paths(claim):
    return f"/claims/{claim.id}/badge.svg", f"/claims/{claim.id}/card"


def test_a_private_claim_is_nothing_to_the_public_and_all_to_colleagues(client, signed_in, people, refuted):
    colleague = signed_in(people.reader)
    for path in paths(refuted):
        hidden = client.get(path)
        assert (
            hidden.status_code == 404 and "Refuted" not in hidden.text and "Set-Cookie" not in hidden.headers
        )
        shown = colleague.client.get(path)
        assert shown.status_code == 200 and "Refuted" in shown.text
        assert "private" in shown.headers["Cache-Control"] and "Cookie" in shown.headers["Vary"]
    assert client.get("/claims/nothing/badge.svg").status_code == 404


def test_a_public_badge_is_a_picture_that_can_be_read_aloud(client, people, database, refuted):
    publish(database, people.editor, refuted)
    answer = client.get(paths(refuted)[0])
    assert answer.mimetype == "image/svg+xml" and answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")
    assert client.get(paths(refuted)[0], headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    picture = lxml.etree.fromstring(answer.data)
    names = {"s": "http://www.w3.org/2000/svg"}
    (title,), (style,) = (
        picture.xpath("s:title", namespaces=names),
        picture.xpath("s:style", namespaces=names),
    )
    assert picture.get("role") == "img" and picture.get("aria-labelledby") == title.get("id")
    assert title.text == "Fact-check: Refuted" and "prefers-color-scheme" in style.text
    # Its own style is allowed by what it is, and nothing else is.
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert answer.headers["Content-Security-Policy"].startswith(
        f"default-src 'none'; style-src 'sha256-{digest}'"
    )
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_card_may_be_framed_by_anybody_and_nothing_in_it_runs(client, people, database, refuted):
    publish(database, people.editor, refuted)
    answer = client.get(paths(refuted)[1])
    policy = answer.headers["Content-Security-Policy"]
    assert (
        "frame-ancestors *" in policy
        and "script-src" not in policy
        and policy.startswith("default-src 'none'")
    )
    assert "X-Frame-Options" not in answer.headers and "Set-Cookie" not in answer.headers
    page = lxml.html.fromstring(answer.text)
    assert page.xpath("//script|//form|//iframe") == []
    assert "242 builders" in page.text_content() and "It says so." in page.text_content()
    (link,) = page.xpath("//a")
    assert link.get("href").endswith(f"#claim-{refuted.id}") and link.get("rel") == "noopener"
    # Every other page keeps strangers' frames out.
    assert client.get("/method").headers["X-Frame-Options"] == "DENY"


def test_what_was_embedded_of_a_merged_claim_tells_of_the_one_that_stays(
    client, signed_in, people, database, refuted
):
    other = make_claim(database, people.reviewer, text="In May 242 builders signed it.")
    with database.write() as session:
        spans.merge(
            session, refuted.id, other.id, by=people.reviewer, other_version=other.version,
            version=session.get_one(Claim, refuted.id).version,
        )  # fmt: skip
    colleague = signed_in(people.reader)
    for there, then in zip(paths(refuted), paths(other), strict=True):
        assert colleague.client.get(then).text == colleague.client.get(there).text
    publish(database, people.editor, refuted)
    for there, then in zip(paths(refuted), paths(other), strict=True):
        answer = client.get(then)
        assert answer.status_code == 200 and answer.text == client.get(there).text
    assert f"#claim-{refuted.id}" in answer.text


def test_a_stale_or_withdrawn_claim_shows_no_rating(client, people, database, refuted):
    publish(database, people.editor, refuted)
    with database.write() as session:
        version = session.get_one(Claim, refuted.id).version
        claims.reword(
            session, refuted.id, by=people.editor, version=version, details={"statement": "Others."}
        )
    for path in paths(refuted):
        told = client.get(path).text
        assert "Being looked at again" in told and "Refuted" not in told and "It says so" not in told
    with database.write() as session:
        version = session.get_one(Claim, refuted.id).version
        claims.withdraw(session, refuted.id, by=people.editor, version=version, note="A parody.")
    assert (
        "Withdrawn" in client.get(paths(refuted)[0]).text
        and "A parody." in client.get(paths(refuted)[1]).text
    )
    publish(database, people.editor, refuted, reports.unpublish)
    assert client.get(paths(refuted)[0]).status_code == 404


def test_a_candidate_of_a_public_article_stays_unknown(client, people, database, signed_in):
    claim = make_claim(database, people.reviewer)
    article = publish(database, people.editor, claim)
    with database.read() as session:
        guess = next(
            c for c, _ in reports.claims_store.of_article(session, article.id) if c.status == "candidate"
        )
    assert client.get(f"/claims/{guess.id}/badge.svg").status_code == 404
    assert "Candidate" in signed_in(people.reader).client.get(f"/claims/{guess.id}/badge.svg").text


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_its_picture_in_both_themes(status):
    word = report.STATUSES[status]
    svg, _ = badge.drawn(status, "✓", word.label)
    picture = lxml.etree.fromstring(svg.encode())
    assert word.label in svg and svg.count("stroke:#") >= 4
    assert int(picture.get("width")) == int(picture.get("viewBox").split()[2]) < 260


def test_the_claims_page_offers_what_to_copy(signed_in, people, database, refuted):
    publish(database, people.editor, refuted)
    page = signed_in(people.reader).open(f"/claims/{refuted.id}").page
    assert page.get_element_by_id("permalink").text == f"http://localhost/claims/{refuted.id}"
    card = lxml.html.fragment_fromstring(page.get_element_by_id("card-html").text)
    assert (
        card.tag == "iframe"
        and card.get("src").endswith("/card")
        and card.get("title")
        and "allow-scripts" not in card.get("sandbox")
    )
    picture = lxml.html.fragment_fromstring(page.get_element_by_id("badge-html").text)
    assert picture.xpath("img/@alt") and picture.get("href").startswith("http://localhost/reports/")
    assert "Refuted" in page.xpath("//*[contains(@class, 'claim-card')]")[0].text_content()


def test_a_source_is_opened_at_the_words(signed_in, people, database):
    claim = make_claim(database, people.reviewer)
    with database.write() as session:
        place = reports.claims_store.first_places(session, [claim.id])[claim.id][0]
        article = session.get_one(Article, place.article_id)
        articles.describe(
            session,
            article.id,
            by=people.reviewer,
            version=article.version,
            details={"url": "https://news.example/a"},
        )
    page = signed_in(people.reader).open(f"/claims/{claim.id}").page
    (link,) = page.xpath("//a[starts-with(@href, 'https://news.example')]")
    words = (
        "%E2%80%9CWe%20signed%20with-,242%20builders,-%2C%E2%80%9D%20the%20mayor%20said.%20More%20than%2040"
    )
    assert link.get("href") == f"https://news.example/a#:~:text={words}"
