"""Articles: brought in once, with their candidates, and described."""

import hashlib
import threading

import pytest
import sqlalchemy as sa

from ledger.adapters.fetch import NoFetcher
from ledger.errors import (
    FetchFailed,
    Forbidden,
    Invalid,
    NotFound,
    Outdated,
    TooLarge,
    Unreadable,
    VersionMissing,
)
from ledger.ids import new_id
from ledger.models import Appearance, Article, Claim, Quantity, Revision
from ledger.services import articles
from tests.factories import TEXT, make_article
from tests.ledger.services.desk import do, history, kinds, now, size


def _all(database, model):
    with database.read() as session:
        return session.scalars(sa.select(model)).all()


def test_a_text_becomes_an_article_with_its_first_revision_and_candidates(database, people):
    article = make_article(database, people.reviewer)
    (revision,) = _all(database, Revision)
    assert article.title == "Council opens new bridge"
    assert (revision.id, revision.number) == (article.revision_id, 1)
    assert revision.text.strip() == TEXT.strip()
    assert revision.sha256 == article.first_sha256 == hashlib.sha256(revision.text.encode()).hexdigest()
    assert revision.length == len(revision.text)
    found = _all(database, Claim)
    assert found and {claim.status for claim in found} == {"candidate"}
    assert all(claim.reasons and 0 <= claim.score <= 1 and claim.verdict_id is None for claim in found)
    for place in _all(database, Appearance):
        assert revision.text[place.start : place.end] == place.exact


def test_who_found_a_candidate_is_named_with_its_version(database, people):
    make_article(database, people.reviewer)
    claim = _all(database, Claim)[0]
    (found,) = history(database, claim)
    assert found.actor == f"detector:{claim.detector}" and "/" in claim.detector
    assert found.kind == "claim.found"


def test_the_same_text_twice_is_the_article_that_is_there(database, people):
    draft, other = articles.prepare(TEXT), people.editor
    first = do(database, articles.add, draft, by=people.reviewer)
    before = size(database)
    again = do(database, articles.add, articles.prepare(TEXT + "\r\n"), by=other)
    assert first.created and not again.created and again.candidates == 0
    assert again.article.id == first.article.id and size(database) == before


def test_of_two_who_bring_in_the_same_text_at_once_one_makes_the_article(database, people):
    draft, who, made = articles.prepare(TEXT), [people.reviewer, people.editor], []
    barrier = threading.Barrier(2)

    def add(by):
        barrier.wait()
        made.append(do(database, articles.add, draft, by=by))

    threads = [threading.Thread(target=add, args=(by,)) for by in who]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added.created for added in made) == [False, True]
    assert len(_all(database, Article)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Größe: 5 € für 👩‍👩‍👧 Familien in İzmir. " * 3,
        "عدد السكان 4.2 مليون نسمة في عام 2024. " * 3,
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 beyond the first plane 𐍈 cost 40 euros. " * 3,
        "Cafe\u0301 owners paid 40 euros\x00 in 2024.\r\n" * 3,
    ],
)
def test_a_text_in_any_script_is_counted_alike_by_us_and_by_the_database(database, people, text):
    make_article(database, people.reviewer, text)
    with database.read() as session:
        length = session.scalars(sa.select(sa.func.length(Revision.text))).one()
        assert length == session.scalars(sa.select(Revision.length)).one()


def test_a_number_without_end_is_not_cut_to_another_number(database, people):
    make_article(
        database, people.reviewer, f"The debt grew to {'9' * 80} dollars in 2024, the ministry said."
    )
    assert all(quantity.value is None or len(quantity.value) <= 60 for quantity in _all(database, Quantity))


def test_what_is_given_wins_over_what_was_read(database, people):
    details = {
        "title": "A bridge",
        "byline": "Jo",
        "url": "HTTPS://Example.org:443/a?utm_source=x#top",
        "language": "en",
    }
    article = make_article(database, people.reviewer, **details)
    assert (article.title, article.byline, article.language) == ("A bridge", "Jo", "en")
    assert article.url == "https://example.org/a"


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"byline": "x" * 301}, "byline"),
        ({"publisher": "x" * 201}, "publisher"),
        ({"published": "x" * 41}, "published"),
        ({"language": "x" * 36}, "language"),
        ({"url": "ftp://example.org/a"}, "url"),
        ({"url": "https://example.org/" + "é" * 700}, "url"),
    ],
)
def test_a_wrong_detail_is_refused_by_field_and_nothing_comes_in(database, people, details, field):
    with pytest.raises(Invalid) as refused:
        make_article(database, people.reviewer, **details)
    assert refused.value.field == field
    assert not _all(database, Article)


def test_details_are_corrected_in_an_event_of_their_own(database, people):
    article = make_article(database, people.reviewer)
    details = {"publisher": "The Daily", "byline": None}
    described = do(database, articles.describe, article.id, by=people.editor, version=1, details=details)
    assert (described.publisher, described.byline, described.version) == ("The Daily", None, 2)
    do(database, articles.describe, article.id, by=people.editor, version=2, details=details)
    assert kinds(database, article) == ["article.added", "article.described"]


def test_describing_needs_the_right_and_the_version(database, people):
    article = make_article(database, people.reviewer)
    with pytest.raises(Forbidden):
        do(database, articles.describe, article.id, by=people.reader, version=1, details={"title": "x"})
    with pytest.raises(VersionMissing):
        do(database, articles.describe, article.id, by=people.reviewer, version=None, details={"title": "x"})
    with pytest.raises(Outdated):
        do(database, articles.describe, article.id, by=people.reviewer, version=2, details={"title": "x"})
    with pytest.raises(NotFound):
        do(database, articles.describe, new_id(), by=people.reviewer, version=1, details={"title": "x"})
    assert now(database, article).version == 1


def test_who_may_only_read_brings_nothing_in(database, people):
    with pytest.raises(Forbidden):
        make_article(database, people.reader)


def test_what_is_no_text_is_refused_before_any_database_is_touched():
    with pytest.raises(Unreadable) as refused:
        articles.prepare(b"", filename="empty.txt")
    assert refused.value.field == "file"
    with pytest.raises(TooLarge, match="at most 1,000") as refused:
        articles.prepare("word " * 1000, max_chars=1000)
    assert refused.value.field == "text"


def test_an_address_is_fetched_only_where_fetching_is_allowed():
    with pytest.raises(FetchFailed):
        articles.prepare_url(NoFetcher(), "https://example.org/a")
    with pytest.raises(Invalid):
        articles.prepare_url(NoFetcher(), "file:///etc/passwd")


def test_an_address_too_long_to_keep_is_left_out_and_not_cut():
    assert articles.prepare(TEXT, url="https://example.org/" + "é" * 700).url is None
