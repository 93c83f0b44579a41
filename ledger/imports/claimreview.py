"""ClaimReviews in all shapes met in the wild, from JSON-LD files, Google's feed and pages of HTML.

A rating by another publisher is what that publisher found: it comes in as a source, with its words and
numbers in the note, and settles nothing here.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, BinaryIO

from ledger.errors import Invalid
from ledger.imports.elements import deep, elements
from ledger.imports.entry import Entry, Passed, Place, Refused, Source, shown

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
_LD = re.compile(r"""\btype\s*=\s*["']?\s*application/ld\+json""", re.IGNORECASE)
_WRAPPED = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)?(.*?)"
                      r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)?[\s;]*\Z", re.DOTALL)  # fmt: skip
_URL = re.compile(r"https?://[^\s,;|<>\"']+")
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


def read(file: BinaryIO, passed: Passed) -> Iterator[Entry | Refused]:
    """The reviews of a JSON file: single ones, lists, `@graph`, a DataFeed, JSON Lines."""
    number = 0
    for _, element in elements(file):
        for review in reviews(element):
            number += 1
            yield _entry(number, review)


def read_page(file: BinaryIO, passed: Passed) -> Iterator[Entry | Refused]:
    """The reviews in the scripts of a page of HTML."""
    body = file.read()
    number = 0
    for attributes, script in _SCRIPT.findall(_text(body)):
        if not _LD.search(attributes):
            continue
        try:
            found = [review for value in _values(script) for review in reviews(value)]
        except Invalid as error:
            if "ClaimReview" in script:
                number += 1
                yield Refused(number, error.message, shown=shown([script]))
            else:
                passed.add("other scripts")
            continue
        for review in found:
            number += 1
            yield _entry(number, review)


def _text(body: bytes) -> str:
    named = _CHARSET.search(body[:4096])
    for encoding in ("utf-8-sig", named[1].decode("ascii") if named else "cp1252", "cp1252"):
        try:
            return body.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")


def _values(script: str) -> list[Any]:
    import io

    inner = _WRAPPED.sub(r"\1", script)
    try:
        return [value for _, value in elements(io.BytesIO(inner.encode("utf-8", "replace")))]
    except Invalid:
        # Some systems write the script as if it were text of the page.
        if "&quot;" not in inner:
            raise
        return [value for _, value in elements(io.BytesIO(unescape(inner).encode("utf-8", "replace")))]


def reviews(value: Any) -> Iterator[dict[str, Any]]:
    """All ClaimReviews in a value, wherever they stand."""
    for one in deep(value):
        types = _types(one)
        if "ClaimReview" in types or ("claimReviewed" in one and not types):
            yield one


def _types(one: dict[str, Any]) -> set[str]:
    return {
        re.split(r"[/:#]", kind)[-1]
        for kind in _list(one.get("@type") or one.get("type"))
        if isinstance(kind, str)
    }


def _entry(number: int, review: dict[str, Any]) -> Entry | Refused:
    review = _flat(review)
    statement = text(review.get("claimReviewed"))
    claim = _claim(review)
    statement = statement or text(claim.get("text")) or text(claim.get("description"))
    url = _review_url(review)
    if not statement:
        return Refused(number, "It names no claim: `claimReviewed` is empty.", "claimReviewed", shown([url]))
    author = _first(claim.get("author"))
    return Entry(
        number,
        statement,
        language=_word(review.get("inLanguage")),
        claimant=_name(author),
        places=tuple(_places(claim, review)),
        sources=(Source(url, "context", **_found(review)),) if url else (),
    )


def _flat(one: dict[str, Any]) -> dict[str, Any]:
    """An object with what some writers nest in `properties` beside the rest."""
    nested = one.get("properties")
    return {**nested, **one} if isinstance(nested, dict) else one


def _claim(review: dict[str, Any]) -> dict[str, Any]:
    """What was reviewed; some write the claim's parts into the review itself."""
    item = _first(review.get("itemReviewed"))
    claim = _flat(item) if isinstance(item, dict) else {}
    if isinstance(item, str):
        claim = {"appearance": item} if _URL.match(item) else {"author": item}
    # A review of a work that holds the claim names it one level further in.
    inner = _first(claim.get("itemReviewed"))
    return {**_flat(inner), **claim} if isinstance(inner, dict) else claim


def _review_url(review: dict[str, Any]) -> str | None:
    for name in ("url", "@id", "mainEntityOfPage"):
        for address in addresses(review.get(name)):
            return address
    return None


def _places(claim: dict[str, Any], review: dict[str, Any]) -> Iterator[Place]:
    seen = set()
    for name in ("firstAppearance", "appearance", "url", "sameAs", "isBasedOn"):
        for source in (claim, review) if name in ("firstAppearance", "appearance") else (claim,):
            for one in _list(source.get(name)):
                for url in addresses(one):
                    if url not in seen:
                        seen.add(url)
                        yield _place(url, one, claim)


def _place(url: str, work: Any, claim: dict[str, Any]) -> Place:
    if not isinstance(work, dict):
        return Place(url, published=_day(claim.get("datePublished")))
    work = _flat(work)
    return Place(
        url,
        title=text(work.get("headline")) or text(work.get("name")),
        publisher=_name(_first(work.get("publisher"))),
        published=_day(work.get("datePublished")) or _day(claim.get("datePublished")),
    )


def _found(review: dict[str, Any]) -> dict[str, Any]:
    """What the reviewer found, as a source has it."""
    publisher = _name(_first(review.get("author"))) or _name(_first(review.get("publisher")))
    rating = _first(review.get("reviewRating"))
    rating = _flat(rating) if isinstance(rating, dict) else {"alternateName": rating}
    told = text(rating.get("ratingExplanation"))
    told = told or text(review.get("reviewBody")) or text(review.get("description"))
    return {
        "title": text(review.get("name")) or text(review.get("headline")),
        "publisher": publisher,
        "published": _day(review.get("datePublished")),
        "quote": told,
        "note": rated(publisher, rating),
    }


def rated(publisher: str | None, rating: dict[str, Any]) -> str:
    """Another publisher's rating in words: theirs, and the number with its bounds if there is one."""
    words = text(rating.get("alternateName")) or text(rating.get("name"))
    number = _number(rating.get("ratingValue"))
    best, worst = _number(rating.get("bestRating")), _number(rating.get("worstRating"))
    highest, lowest = 5 if best is None else best, 1 if worst is None else worst
    who = publisher or "Another publisher"
    # Minus one, or the same best and worst, is how some write that there is no number.
    if number is None or number < 0 or (best is not None and best == worst):
        return f"{who} rated this “{words}”." if words else f"{who} reviewed this and gave no rating."
    scale = f"{number:g}, where {lowest:g} is worst and {highest:g} best"
    return f"{who} rated this “{words}” ({scale})." if words else f"{who} rated this {scale}."


def _number(value: Any) -> float | None:
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None


def addresses(value: Any, level: int = 0) -> Iterator[str]:
    """The web addresses in a value: a text with one or several, an object, or a list."""
    if isinstance(value, str):
        for found in _URL.findall(unescape(value) if "&" in value else value):
            yield found.rstrip(".)]")
    elif level > 4:
        return
    elif isinstance(value, dict):
        value = _flat(value)
        for name in ("url", "@id", "contentUrl"):
            found_here = list(addresses(value.get(name), level + 1))
            yield from found_here
            if found_here:
                return
    elif isinstance(value, list):
        for one in value:
            yield from addresses(one, level + 1)


def _name(value: Any) -> str | None:
    if isinstance(value, dict):
        value = _flat(value)
        return text(value.get("name")) or text(value.get("alternateName"))
    return text(value)


def _day(value: Any) -> str | None:
    words = text(value)
    return words[:40] if words else None


def _word(value: Any) -> str | None:
    one = _first(value)
    if isinstance(one, dict):
        one = one.get("alternateName") or one.get("name")
    words = text(one)
    return words if words and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", words) else None


def text(value: Any) -> str | None:
    """A text, be it a list's first, a language's value, or a number; markup's entities are read."""
    value = _first(value)
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return None
    words = unescape(str(value)) if "&" in str(value) else str(value)
    return words.strip() or None


def _first(value: Any) -> Any:
    while isinstance(value, list):
        value = value[0] if value else None
    return value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
