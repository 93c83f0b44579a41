"""Checked claims as Google's Fact Check Tools API (v1alpha1) answers them, field for field."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from ledger.export.claimreview import House, Work, date_of

_TIMED = re.compile(r"\d{4}-\d\d-\d\dT")


def claim(row: Any, works: Sequence[Work], *, url: str, desk: str, house: House) -> dict[str, Any]:
    """One claim with our review of it; what is not known is left out, as Google does."""
    first = works[0]
    return {
        "text": row.statement,
        **_given(claimant=row.claimant, claimDate=_moment(first)),
        "claimReview": [
            {
                "publisher": {"name": house.publisher(desk).name, "site": house.site},
                "url": url,
                "title": f"Fact-check: {first.title}",
                **_given(reviewDate=f"{row.settled_at:%Y-%m-%dT%H:%M:%SZ}" if row.settled_at else None),
                "textualRating": row.label,
                **_given(languageCode=row.language or first.language),
            }
        ],
    }


def found(claims: Sequence[dict[str, Any]], following: str | None) -> dict[str, Any]:
    """An answer to a search; neither empty lists nor empty tokens are written."""
    return _given(claims=list(claims) or None, nextPageToken=following or None)


def _moment(article: Work) -> str | None:
    """When an article was published, in UTC; none where less than the day is known."""
    day = date_of(article)
    if day is None or len(day) != len("2026-11-23"):
        return None
    try:
        if _TIMED.match(article.published or ""):
            at = datetime.fromisoformat(article.published or "")
            at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        else:
            at = datetime.combine(datetime.fromisoformat(day), time(), UTC)
    except (ValueError, OverflowError):
        return None
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
