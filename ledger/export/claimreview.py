"""ClaimReview (schema.org): a settled verdict as search engines and fact-check collections read it.

What the scale gives no number for goes out with its words alone, and so does what readers of the
markup would take wrongly: they hold the worst rating to be 1 or more.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledger.models import Article, Claim, Verdict
from ledger.scales import scale_of

_LEAST = 1
_BRIEF = 300
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?(?=$|T)")
_END = re.compile(r"[.!?…。！？؟۔][”’\"'»)\]]*(?=\s)")


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the review: the desk's name, and its site's address."""

    name: str
    url: str


def claim_review(
    claim: Claim, verdict: Verdict, said_in: Sequence[Article], *, page: str, by: Publisher
) -> dict[str, Any]:
    """The markup of one claim; `page` is the report's own address, on which `#claim-ID` is the claim.

    `said_in` are the articles that readers may know of, the report's own first.
    """
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{page}#claim-{claim.id}",
        "datePublished": f"{verdict.settled_at:%Y-%m-%d}",
        **_given(inLanguage=said_in[0].language),
        "author": {"@type": "Organization", "name": by.name, "url": by.url},
        "claimReviewed": claim.statement,
        "itemReviewed": _claim(claim, said_in),
        "reviewRating": rating(verdict),
    }


def _claim(claim: Claim, said_in: Sequence[Article]) -> dict[str, Any]:
    works = [_work(article) for article in said_in]
    dated = sorted((date, place) for place, article in enumerate(said_in) if (date := _date(article)))
    # The first one known; where a date is wanting, which was first is not known.
    first = works[dated[0][1]] if len(dated) == len(works) else works[0] if len(works) == 1 else None
    return {
        "@type": "Claim",
        "name": said_in[0].title,
        **_given(datePublished=_date(said_in[0])),
        # schema.org knows persons and organisations; the ledger does not tell them apart, and those
        # who read the markup use the name.
        **_given(author={"@type": "Person", "name": claim.claimant} if claim.claimant else None),
        **_given(firstAppearance=first),
        "appearance": works,
    }


def _work(article: Article) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": article.publisher} if article.publisher else None
    return {
        "@type": "CreativeWork",
        **_given(url=article.url),
        "name": article.title,
        **_given(datePublished=_date(article), publisher=publisher),
    }


def rating(verdict: Verdict) -> dict[str, Any]:
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


def _date(article: Article) -> str | None:
    found = _DATE.match(article.published or "")
    return found[0] if found else None


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
