"""ClaimReview (schema.org): a settled verdict as search engines and fact-check collections read it.

What the scale gives no number for goes out with its words alone, and so does what readers of the
markup would take wrongly: they hold the worst rating to be 1 or more.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson

from claims.values import dataclass
from ledger.export.streaming import listed
from ledger.scales import scale_of

MEDIA_TYPE = "application/ld+json"
_LEAST = 1
_BRIEF = 300
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?(?=$|T)")
_END = re.compile(r"[.!?…。！？؟۔][”’\"'»)\]]*(?=\s)")


class Stated(Protocol):
    """What is told of a claim; a record or a row of one."""

    @property
    def id(self) -> str: ...
    @property
    def statement(self) -> str: ...
    @property
    def claimant(self) -> str | None: ...


class Rated(Protocol):
    """What is told of a verdict."""

    @property
    def label(self) -> str: ...
    @property
    def number(self) -> float | None: ...
    @property
    def scale(self) -> str: ...
    @property
    def scale_version(self) -> int: ...
    @property
    def rationale(self) -> str: ...
    @property
    def settled_at(self) -> datetime | None: ...
    @property
    def correction(self) -> str | None: ...


class Work(Protocol):
    """What is told of an article in which a claim stands."""

    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def publisher(self) -> str | None: ...
    @property
    def published(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the review, and the address of their site."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class House:
    """Where this ledger is, and which organisation publishes what it found, if the settings name one."""

    base: str
    name: str = ""
    url: str = ""

    def publisher(self, desk: str) -> Publisher:
        """Who publishes what a desk found."""
        return Publisher(self.name or desk, self.url or self.base)

    @property
    def site(self) -> str:
        """The publisher's site: its host without `www.`"""
        host = urlsplit(self.url or self.base).hostname or ""
        return host.removeprefix("www.")

    def report(self, article_id: str, claim_id: str) -> str:
        """A claim's place in a public report."""
        return f"{self.base}/reports/{article_id}#claim-{claim_id}"

    def claim(self, claim_id: str) -> str:
        """A claim's own page."""
        return f"{self.base}/claims/{claim_id}"


def claim_review(
    claim: Stated,
    verdict: Rated,
    said_in: Sequence[Work],
    *,
    url: str,
    by: Publisher,
    override: str | None = None,
) -> dict[str, Any]:
    """The markup of one claim; `url` is where its review can be read.

    `said_in` are the articles that readers may know of, the report's own first. `override` is why one person
    alone decided, where that is so.
    """
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        **_given(datePublished=f"{verdict.settled_at:%Y-%m-%d}" if verdict.settled_at else None),
        **_given(inLanguage=said_in[0].language),
        "author": _organization(by.name, by.url),
        "claimReviewed": claim.statement,
        "itemReviewed": _claim(claim, said_in),
        "reviewRating": rating(verdict),
        **_given(creativeWorkStatus=f"Decided by one person alone: {override}" if override else None),
        **_given(correction=_correction(verdict)),
    }


def _correction(verdict: Rated) -> dict[str, str] | None:
    """Why it took the place of what readers were told before."""
    if not verdict.correction:
        return None
    said = {"@type": "CorrectionComment", "text": verdict.correction}
    return said | _given(datePublished=f"{verdict.settled_at:%Y-%m-%d}" if verdict.settled_at else None)


def data_feed(
    reviews: Iterable[dict[str, Any]], *, by: Publisher, modified: str | None, had: int = 0
) -> Iterator[bytes]:
    """A DataFeed of these reviews, in pieces of about 64 kB, an element a line; `modified` is when the ledger
    last changed. With `had`, what follows so many of them in a file that broke off."""
    head = orjson.dumps(
        {
            "@context": "https://schema.org",
            "@type": "DataFeed",
            "name": f"ClaimReviews of {by.name}",
            **_given(dateModified=modified),
            "provider": _organization(by.name, by.url),
        }
    )
    elements = (
        {
            "@type": "DataFeedItem",
            **_given(dateCreated=review.get("datePublished")),
            "url": review["url"],
            "item": [review],
        }
        for review in reviews
    )
    yield from listed(head[:-1] + b',"dataFeedElement":[', elements, lambda _number: b"]}\n", had=had)


def _organization(name: str, url: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name, "url": url}


def _claim(claim: Stated, said_in: Sequence[Work]) -> dict[str, Any]:
    works = [_work(article) for article in said_in]
    dated = sorted((date, place) for place, article in enumerate(said_in) if (date := date_of(article)))
    # The first one known; where a date is wanting, which was first is not known.
    first = works[dated[0][1]] if len(dated) == len(works) else works[0] if len(works) == 1 else None
    return {
        "@type": "Claim",
        "name": said_in[0].title,
        **_given(datePublished=date_of(said_in[0])),
        **_given(author=_claimant(claim.claimant, said_in)),
        **_given(firstAppearance=first),
        "appearance": works,
    }


def _claimant(name: str | None, said_in: Sequence[Work]) -> dict[str, str] | None:
    """Who is said to have made the claim. The ledger does not tell persons and organisations apart: only
    one that published such an article is known to be an organisation, any other has a name and no type."""
    if not name:
        return None
    publishers = {article.publisher.casefold() for article in said_in if article.publisher}
    return {"@type": "Organization", "name": name} if name.casefold() in publishers else {"name": name}


def _work(article: Work) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": article.publisher} if article.publisher else None
    return {
        "@type": "CreativeWork",
        **_given(url=article.url),
        "name": article.title,
        **_given(datePublished=date_of(article), publisher=publisher),
    }


def rating(verdict: Rated) -> dict[str, Any]:
    """The rating: its words, and its number with the scale's bounds where there is one to give."""
    told: dict[str, Any] = {"@type": "Rating", "alternateName": verdict.label}
    scale = scale_of(verdict.scale, verdict.scale_version)
    bounds = scale.bounds if scale else None
    if verdict.number is None or bounds is None or not _LEAST <= bounds[0] < bounds[1]:
        return told
    return {
        **told,
        "ratingValue": _plain(verdict.number),
        "bestRating": _plain(bounds[1]),
        "worstRating": _plain(bounds[0]),
        "ratingExplanation": brief(verdict.rationale),
    }


def brief(words: str, longest: int = _BRIEF) -> str:
    """The first sentence or two of a rationale, in at most that many characters."""
    text = " ".join(words.split())
    if len(text) <= longest:
        return text
    ends = [match.end() for match in _END.finditer(text, 0, longest)]
    if ends and ends[-1] > longest // 3:
        return text[: ends[-1]]
    return text[: longest - 2].rsplit(" ", 1)[0] + " …"


def date_of(article: Work) -> str | None:
    """When an article was published, as precisely as is known: 2026, 2026-11 or 2026-11-23."""
    found = _DATE.match(article.published or "")
    return found[0] if found else None


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
