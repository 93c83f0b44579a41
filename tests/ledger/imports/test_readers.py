"""Readers of others' files: every shape met in the wild, and what is broken told by its place."""

import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Invalid
from ledger.imports import claimreview, elements, hypothesis, table
from ledger.imports.entry import Entry, Passed, Place, Refused, Source

REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://check.example/17",
    "datePublished": "2026-01-05",
    "inLanguage": "en",
    "author": {"@type": "Organization", "name": "Check"},
    "claimReviewed": "The letter was signed by 242 developers",
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "A B"},
        "datePublished": "2026-01-03",
        "firstAppearance": {"@type": "CreativeWork", "url": "https://news.example/a", "headline": "A letter"},
        "appearance": [{"@type": "CreativeWork", "url": "https://social.example/p/1"}],
    },
    "reviewRating": {
        "@type": "Rating", "alternateName": "Mostly false", "ratingValue": 2, "bestRating": 5,
        "worstRating": 1, "ratingExplanation": "It was 424.",
    },
}  # fmt: skip


def read(value: Any, reader: Any = claimreview.read, passed: Passed | None = None) -> list[Any]:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(reader(io.BytesIO(body), passed or Passed()))


def one(**changes: Any) -> Any:
    (entry,) = read({**REVIEW, **changes})
    return entry


def test_a_review_is_read_whole() -> None:
    assert one() == Entry(
        1,
        "The letter was signed by 242 developers",
        language="en",
        claimant="A B",
        places=(
            Place("https://news.example/a", "A letter", None, "2026-01-03"),
            Place("https://social.example/p/1", None, None, "2026-01-03"),
        ),
        sources=(
            Source(
                "https://check.example/17", "context", "It was 424.", None, "Check", "2026-01-05",
                "Check rated this “Mostly false” (2, where 1 is worst and 5 best).",
            ),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrapped",
    [
        REVIEW,
        [REVIEW],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, REVIEW]},
        {"@graph": [[REVIEW]]},
        {
            "@type": "DataFeed",
            "dataFeedElement": [{"@type": "DataFeedItem", "item": [REVIEW]}, {"item": None}],
        },
        {"dataFeedElement": [None, {"item": REVIEW}], "dateModified": "2026-01-05"},
        {"@type": "NewsArticle", "mainEntity": {"review": [REVIEW]}},
        {"@type": "ItemList", "itemListElement": [{"item": REVIEW}]},
        {**REVIEW, "@type": ["Review", "ClaimReview"]},
        {**REVIEW, "@type": "http://schema.org/ClaimReview"},
        {**REVIEW, "@type": "schema:ClaimReview"},
    ],
)
def test_reviews_are_found_wherever_they_stand(wrapped: Any) -> None:
    (entry,) = read(wrapped)
    assert entry == one()


def test_lines_of_json_and_marks_at_the_beginning() -> None:
    line = json.dumps(REVIEW).encode()
    assert len(read(line + b"\n\n" + line + b"\n")) == 2
    assert read(b"\xef\xbb\xbf" + line) == read(json.dumps(REVIEW).encode("utf-16")) == [one()]


@pytest.mark.parametrize(
    ("appearance", "found"),
    [
        ("https://a.example/1", ["https://a.example/1"]),
        ("https://a.example/1, https://b.example/2", ["https://a.example/1", "https://b.example/2"]),
        ("https://a.example/1 https://b.example/2;https://c.example", ["https://a.example/1", "https://b.example/2", "https://c.example"]),
        (["https://a.example/1", {"url": "https://b.example/2"}], ["https://a.example/1", "https://b.example/2"]),
        ({"properties": {"url": "https://a.example/1"}}, ["https://a.example/1"]),
        ({"url": ["https://a.example/1", "https://b.example/2"]}, ["https://a.example/1", "https://b.example/2"]),
        ({"@id": "https://a.example/1"}, ["https://a.example/1"]),
        ("a post on a social network", []),
        (17, []),
        (None, []),
    ],
)  # fmt: skip
def test_appearances_of_every_shape(appearance: Any, found: list[str]) -> None:
    entry = one(itemReviewed={"@type": "Claim", "appearance": appearance})
    assert [place.url for place in entry.places] == found


@pytest.mark.parametrize(
    ("rating", "note"),
    [
        ("False", "Check rated this “False”."),
        ({"ratingValue": "-1", "bestRating": "-1", "worstRating": "-1", "alternateName": "Unclear"}, "Check rated this “Unclear”."),
        ({"ratingValue": -1, "alternateName": "Unclear"}, "Check rated this “Unclear”."),
        ({"ratingValue": "4,5"}, "Check rated this 4.5, where 1 is worst and 5 best."),
        ({"ratingValue": "False", "name": "Pants on fire"}, "Check rated this “Pants on fire”."),
        ({"properties": {"alternateName": "False"}}, "Check rated this “False”."),
        ([{"alternateName": "False &amp; misleading"}], "Check rated this “False & misleading”."),
        (None, "Check reviewed this and gave no rating."),
        ({"ratingValue": 3, "bestRating": 3, "worstRating": 3}, "Check reviewed this and gave no rating."),
    ],
)  # fmt: skip
def test_ratings_of_every_shape(rating: Any, note: str) -> None:
    assert one(reviewRating=rating).sources[0].note == note


def test_what_is_nested_and_what_is_missing() -> None:
    nested = one(itemReviewed={"properties": {"author": [{"name": "C D"}], "url": "https://x.example/1"}})
    assert (nested.claimant, nested.places[0].url) == ("C D", "https://x.example/1")
    assert one(itemReviewed="A politician").claimant == "A politician"
    assert one(itemReviewed=["https://x.example/9"]).places[0].url == "https://x.example/9"
    assert one(url=None, **{"@id": "https://check.example/#r1"}).sources[0].url == "https://check.example/#r1"
    assert one(url=None).sources == ()
    assert isinstance(one(claimReviewed="  "), Refused)
    assert (
        one(claimReviewed={"@value": "Ça coûte 3&nbsp;€", "@language": "fr"}).statement == "Ça coûte 3\xa0€"
    )


def page(*scripts: str) -> bytes:
    return ("<html><body>" + "".join(scripts) + "</body></html>").encode()


def script(inner: str, kind: str = 'type="application/ld+json"') -> str:
    return f"<script {kind}>{inner}</script>"


@pytest.mark.parametrize(
    "inner",
    [
        json.dumps(REVIEW),
        "<!-- " + json.dumps(REVIEW) + " -->",
        "//<![CDATA[\n" + json.dumps(REVIEW) + "\n//]]>",
        json.dumps(REVIEW) + ";",
        json.dumps(REVIEW).replace('"', "&quot;"),
        json.dumps({"@graph": [REVIEW]}, indent=1),
    ],
)
def test_pages_with_scripts(inner: str) -> None:
    body = page(
        script("{}"),
        script("var x = 1", 'type="text/javascript"'),
        script(inner, "class=a type='application/ld+json'"),
    )
    assert read(body, claimreview.read_page) == [one()]


def test_a_broken_script_is_refused_and_the_others_are_read() -> None:
    passed = Passed()
    broken = script('{"@type": "ClaimReview", "claimReviewed": "x"')
    found = read(page(broken, script("{not json"), script(json.dumps(REVIEW))), claimreview.read_page, passed)
    assert isinstance(found[0], Refused)
    assert "no JSON" in found[0].reason
    assert found[1].statement == one().statement
    assert passed.counts == {"other scripts": 1}


def test_a_feed_is_read_piece_by_piece() -> None:
    def feed() -> Iterator[bytes]:
        yield b'{"@type":"DataFeed","dataFeedElement":['
        for number in range(2_500):
            review = {**REVIEW, "url": f"https://check.example/{number}", "padding": "é" * 2_000}
            yield (b"," if number else b"") + json.dumps({"item": [review]}, ensure_ascii=False).encode()
        yield b"]}"

    body = io.BytesIO(b"".join(feed()))
    size = len(body.getvalue())
    tracemalloc.start()
    urls = [entry.sources[0].url for entry in claimreview.read(body, Passed()) if isinstance(entry, Entry)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert urls == [f"https://check.example/{number}" for number in range(2_500)]
    assert peak < size / 4


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(_JSON, max_size=6), st.integers(1, 40))
def test_elements_are_the_same_however_they_are_cut(values: list[Any], size: int) -> None:
    whole = elements._PIECE
    elements._PIECE = size
    try:
        body = json.dumps({"dateModified": 1, "dataFeedElement": values}, indent=1).encode()
        assert [value for _, value in elements.elements(io.BytesIO(body))][: len(values)] == values
        body = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
        assert [value for _, value in elements.elements(io.BytesIO(body))] == values
    finally:
        elements._PIECE = whole


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'[{"a": 1},\n{"a": ', "line 2"),
        (b'{"dataFeedElement": ["a", "b"', "ends too early"),
        (b"hello", "no JSON"),
        (b"[\xff\xfe\xfa]", "UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a" 1}', "colon"),
        (b"[1" + b"0" * 5000 + b"]", "digits"),
    ],
)
def test_what_is_no_json_is_told_by_its_place(body: bytes, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        list(elements.elements(io.BytesIO(body)))


ANNOTATION = {
    "id": "abc",
    "created": "2026-01-05T10:00:00+00:00",
    "user": "acct:jo@hypothes.is",
    "uri": "https://news.example/a",
    "text": "It was 424.",
    "tags": ["Letters"],
    "document": {"title": ["A letter"]},
    "target": [
        {
            "source": "https://news.example/a",
            "selector": [
                {"type": "TextPositionSelector", "start": 4, "end": 18},
                {"type": "TextQuoteSelector", "exact": "242 developers", "prefix": "by ", "suffix": " on"},
            ],
        }
    ],
}


@pytest.mark.parametrize("wrapped", [{"total": 1, "rows": [ANNOTATION]}, [ANNOTATION], ANNOTATION,
    {"export_date": "2026-01-05", "annotations": [ANNOTATION], "client_version": "1"}])  # fmt: skip
def test_annotations_of_hypothesis(wrapped: Any) -> None:
    (entry,) = read(wrapped, hypothesis.read)
    assert (entry.statement, entry.words, entry.prefix, entry.suffix) == (
        "242 developers",
        "242 developers",
        "by ",
        " on",
    )
    assert entry.places == (Place("https://news.example/a", "A letter"),)
    assert entry.tags == ("Letters",)
    (source,) = entry.sources
    assert (source.url, source.note) == ("https://hypothes.is/a/abc", "jo wrote: It was 424.")


def test_replies_are_left_out_and_notes_on_pages_refused() -> None:
    passed = Passed()
    note = {**ANNOTATION, "target": [{"source": "https://news.example/a"}]}
    found = read([{**ANNOTATION, "references": ["x"]}, note], hypothesis.read, passed)
    assert passed.counts == {"replies": 1}
    assert [type(one) for one in found] == [Refused]


def test_a_table_by_its_columns_names_and_by_a_mapping() -> None:
    body = "Claim;Speaker;Link;Verdict;Review URL\r\n'=1+1 is 3;A B;https://n.example/1 https://n.example/2;False;https://c.example/1\r\n;;;;\r\n"
    seen = table.look(io.BytesIO(body.encode("cp1252")))
    mapping = {
        "statement": "Claim",
        "claimant": "Speaker",
        "url": "Link",
        "rating": "Verdict",
        "evidence_url": "Review URL",
    }
    assert seen.mapping == mapping
    assert (seen.separator, seen.rows[0][0]) == ("semicolon", "=1+1 is 3")
    (entry,) = table.read(io.BytesIO(body.encode()), Passed(), mapping)
    assert isinstance(entry, Entry)
    assert (entry.statement, entry.claimant) == ("=1+1 is 3", "A B")
    assert [place.url for place in entry.places] == ["https://n.example/1", "https://n.example/2"]
    assert entry.sources[0].note == "Another publisher rated this “False”."


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ({"statement": "No"}, "no column"),
        ({"rank": "Claim"}, "no field"),
        ({"claimant": "Claim"}, "statement"),
    ],
)
def test_a_wrong_mapping_is_told(mapping: dict[str, str], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        list(table.read(io.BytesIO(b"Claim,Who\r\nx,y\r\n"), Passed(), mapping))


def test_columns_of_a_collection_of_reviews() -> None:
    head = ["url", "claimReviewed", "author.name", "datePublished", "itemReviewed.author.name",
            "itemReviewed.appearance.1.url", "reviewRating.alternateName"]  # fmt: skip
    assert table.guessed(head) == {
        "statement": "claimReviewed", "claimant": "itemReviewed.author.name",
        "url": "itemReviewed.appearance.1.url", "evidence_url": "url", "evidence_publisher": "author.name",
        "evidence_published": "datePublished", "rating": "reviewRating.alternateName",
    }  # fmt: skip
