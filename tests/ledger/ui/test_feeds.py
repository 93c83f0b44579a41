"""Feeds of verdicts and corrections, read by a feed reader and checked against the reports."""

import feedparser
import lxml.etree
import pytest
import sqlalchemy as sa

from ledger.export import feeds as atom
from ledger.models import Article, Claim
from ledger.services import claims, corrections, feeds, reports, verdicts
from tests.factories import make_article, make_claim, make_verdict

TEXT = "Council opens <b>new</b> bridge & more\n\nThe bridge cost 4.2 million euros. 12 towns paid. 242 builders came.\n"
RULES = {"a": "http://www.w3.org/2005/Atom"}


class Newsroom:
    """An article with claims, checked and published by people."""

    def __init__(self, database, people, text=TEXT):
        self.database = database
        self.editor, self.reviewer, self.second = people.editor, people.reviewer, people.reviewer2
        self.text = text
        self.article = make_article(database, self.reviewer, text, floor=1.0, title="Bridge & <more>")

    def claim(self, words, code="supported"):
        found = make_claim(self.database, self.reviewer, words, self.text)
        return make_verdict(self.database, self.reviewer, self.second, found, code)[0]

    def publish(self, change=reports.publish):
        with self.database.write() as session:
            version = session.get_one(Article, self.article.id).version
            change(session, self.article.id, by=self.editor, version=version)

    def do(self, change, claim, **more):
        with self.database.write() as session:
            version = session.get_one(Claim, claim.id).version
            change(session, claim.id, by=self.editor, version=version, **more)

    def rate_anew(self, claim, code):
        with self.database.write() as session:
            version = session.get_one(Claim, claim.id).version
            verdict = verdicts.propose(
                session, claim.id, by=self.reviewer, version=version, code=code,
                rationale="New papers came.", policy=verdicts.Policy(),
            )  # fmt: skip
        with self.database.write() as session:
            verdicts.sign(
                session, verdict.id, by=self.second, digest_seen=verdict.digest, policy=verdicts.Policy(),
                correction="We were sent the accounts.",
            )  # fmt: skip


@pytest.fixture
def room(database, people):
    return Newsroom(database, people)


def read(client, path):
    """The feed as a reader takes it; a fault of form is an error."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/atom+xml"
    well_formed(answer.data)
    found = feedparser.parse(answer.data)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def well_formed(xml):
    """What RFC 4287 asks of every feed and entry."""
    root = lxml.etree.fromstring(xml)
    for parent in (root, *root.findall("a:entry", RULES)):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"a:{name}", RULES)) == 1, name
        assert parent.findall("a:author", RULES)
    ids = [one.text for one in root.findall("a:entry/a:id", RULES)]
    assert len(set(ids)) == len(ids)
    assert [one.get("href") for one in root.findall("a:link[@rel='self']", RULES)]


def pages(client, path):
    """All entries, page by page, by rel=next."""
    entries = []
    while path:
        page = read(client, path)
        entries += page.entries
        path = next((link.href for link in page.feed.links if link.rel == "next"), None)
    return entries


def test_only_what_an_open_report_tells_is_in_the_feeds(client, database, people, room):
    claim = room.claim("242 builders")
    make_claim(database, people.reviewer, "12 towns", TEXT)
    assert read(client, "/feeds/verdicts.atom").entries == []
    assert client.get(f"/reports/{room.article.id}/verdicts.atom").status_code == 404
    room.publish()
    for path in ("/feeds/verdicts.atom", f"/reports/{room.article.id}/verdicts.atom"):
        (entry,) = read(client, path).entries
        assert entry.title == f"Supported: {claim.statement}"
        assert entry.link.endswith(f"/reports/{room.article.id}#claim-{claim.id}")
        assert entry.tags[0].term == "supported"
        assert entry.content[0].value == "It says so."
        assert client.get(entry.link).status_code == 200
    room.do(claims.withdraw, claim, note="No more.")
    assert read(client, "/feeds/verdicts.atom").entries == []
    room.publish(reports.unpublish)
    assert client.get(f"/reports/{room.article.id}/corrections.atom").status_code == 404


def test_a_report_opened_late_comes_to_the_top(client, database, people, room):
    early = room.claim("242 builders")
    other = Newsroom(database, people, "Lunches\n\nThe city served 9000 lunches.\n")
    late = other.claim("9000 lunches")
    other.publish()
    room.publish()
    entries = read(client, "/feeds/verdicts.atom").entries
    assert [entry.title.partition(": ")[2] for entry in entries] == [early.statement, late.statement]
    assert entries[0].updated > entries[0].published


def test_corrections_are_those_that_the_report_tells(client, database, room):
    rated, withdrawn = room.claim("242 builders", "refuted"), room.claim("12 towns")
    room.rate_anew(room.claim("4.2 million"), "misleading")
    room.publish()
    assert read(client, "/feeds/corrections.atom").entries == [], "what came before was read by nobody"
    room.rate_anew(rated, "misleading")
    room.do(claims.withdraw, withdrawn, note="The source was a parody <of us>.")
    room.do(claims.reopen, withdrawn)
    with database.read() as session:
        told = reports.public(session, room.article.id).corrections
    for path in ("/feeds/corrections.atom", f"/reports/{room.article.id}/corrections.atom"):
        entries = read(client, path).entries
        assert [entry.tags[0].term for entry in entries] == [str(one.deed) for one in told]
        assert [entry.tags[0].term for entry in entries] == ["restored", "withdrawn", "rated_anew"]
        assert entries[1].content[0].value == "The source was a parody <of us>."
        assert "Rating: “Refuted” → “Misleading”" in entries[2].content[0].value
        assert "Why: We were sent the accounts." in entries[2].content[0].value
    assert read(client, "/feeds/verdicts.atom").entries[0].title.startswith("Misleading: ")


def test_pages_give_each_entry_once_even_while_others_come_in(client, database, room, monkeypatch):
    monkeypatch.setattr(feeds, "PAGE", 2)
    monkeypatch.setattr(corrections, "PAGE", 2)
    words = ("242 builders", "12 towns", "4.2 million", "new", "bridge")
    found = [room.claim(one) for one in words]
    room.publish()
    path = f"/reports/{room.article.id}/verdicts.atom"
    entries = pages(client, path)
    assert len({entry.id for entry in entries}) == len(entries) == 5
    first = read(client, path)
    following = next(link.href for link in first.feed.links if link.rel == "next")
    room.claim("euros")
    rest = pages(client, following)
    assert [e.id for e in first.entries + rest] == [e.id for e in entries]
    for claim in found:
        room.rate_anew(claim, "unproven")
    corrected = pages(client, "/feeds/corrections.atom")
    assert len({entry.id for entry in corrected}) == len(corrected) == 5
    assert [e.updated for e in corrected] == sorted((e.updated for e in corrected), reverse=True)


def test_who_has_the_feed_is_told_that_it_is_still_good(client, room):
    room.claim("242 builders")
    room.publish()
    first = client.get("/feeds/verdicts.atom")
    assert "public" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers
    again = client.get("/feeds/verdicts.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    since = client.get("/feeds/verdicts.atom", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert since.status_code == 304
    room.claim("12 towns")
    after = client.get("/feeds/verdicts.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200


def test_words_of_every_kind_go_into_the_xml_and_come_out_again(client, database, people):
    words = "Łódź 😀 <script>alert(1)</script> & ]]> 242 builders"
    room = Newsroom(database, people, f"{words} came.\n")
    claim = room.claim(words)
    room.publish()
    (entry,) = read(client, f"/reports/{room.article.id}/verdicts.atom").entries
    xml = lxml.etree.fromstring(client.get("/feeds/verdicts.atom").data)
    assert xml.find("a:entry/a:title", RULES).text == f"Supported: {claim.statement}"
    assert words in claim.statement
    assert entry.id.startswith("urn:uuid:")


def test_what_xml_can_not_hold_is_put_in_sight():
    entry = atom.Entry(
        id="0", title="a\x00b\ufffe\ud800", url='https://x.example/?a="&b', author="x", text="y",
        updated=atom._EMPTY, published=atom._EMPTY, category=("a", "b"),
    )  # fmt: skip
    feed = atom.Feed(
        "t", "a", "https://x.example", "https://x.example/f", "https://x.example/f", None, [entry]
    )
    root = lxml.etree.fromstring(atom.written(feed, "1"))
    assert root.find("a:entry/a:title", RULES).text == "a\ufffdb\ufffd\ufffd"
    assert root.find("a:entry/a:link", RULES).get("href") == 'https://x.example/?a="&b'


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/verdicts.atom?after=x",
        "/feeds/corrections.atom?after=-1",
        "/feeds/corrections.atom?after=٣",
        "/feeds/corrections.atom?after=99999999999999999999",
        "/reports/nowhere/verdicts.atom",
        "/reports/01a2060b-e223-782a-96f6-dd90419789f1/corrections.atom",
    ],
)
def test_a_page_that_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_the_report_names_its_feeds(client, room):
    room.claim("242 builders")
    room.publish()
    page = lxml.etree.HTML(client.get(f"/reports/{room.article.id}").text)
    links = page.xpath("//link[@rel='alternate'][@type='application/atom+xml']/@href")
    assert len(links) == 2
    for link in links:
        read(client, link)


def test_corrections_are_looked_for_among_few_events_however_long_the_log_is(database):
    if not database.is_sqlite:
        pytest.skip("PostgreSQL chooses by what is in the tables")
    asked = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *it: asked.append((it[2], it[3])))
    with database.read() as session:
        feeds.store.suspects(session, article_id=None, before=10**6, limit=50)
        statement, given = asked[-1]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        told = " ".join(str(row) for row in plan)
    assert "ix_event_correcting" in told
