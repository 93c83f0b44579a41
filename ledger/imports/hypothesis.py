"""Annotations of Hypothesis: what its API's search answers, and the files that its clients export.

An annotation with a quote becomes a claim at those words; what its writer said of it, a source.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from ledger.imports.claimreview import text
from ledger.imports.elements import elements
from ledger.imports.entry import Entry, Passed, Place, Refused, Source, shown


def read(file: BinaryIO, passed: Passed) -> Iterator[Entry | Refused]:
    """The annotations of `{"rows": […]}`, `{"annotations": […]}`, a list, or JSON Lines."""
    number = 0
    for _, one in elements(file):
        if not isinstance(one, dict) or not ({"uri", "target", "url"} & one.keys()):
            # What stands beside the list: how many there are, who exported them.
            continue
        number += 1
        if one.get("references"):
            passed.add("replies")
        else:
            yield _entry(number, one)


def _entry(number: int, one: dict[str, Any]) -> Entry | Refused:
    quote = _quote(one)
    exact = quote.get("exact")
    said = text(one.get("text"))
    url = text(one.get("uri")) or text(one.get("url"))
    if not isinstance(exact, str) or not exact.strip():
        return Refused(
            number, "It quotes no words: a note on a whole page is no claim.", "target", shown([url, said])
        )
    if not url:
        return Refused(number, "It names no page.", "uri", shown([exact]))
    return Entry(
        number,
        exact,
        words=exact,
        prefix=str(quote.get("prefix") or ""),
        suffix=str(quote.get("suffix") or ""),
        tags=tuple(str(tag) for tag in one.get("tags") or () if isinstance(tag, str)),
        places=(Place(url, title=_title(one)),),
        sources=tuple(_said(one, said)),
    )


def _quote(one: dict[str, Any]) -> dict[str, Any]:
    for target in _objects(one.get("target")):
        for selector in _objects(target.get("selector")):
            if selector.get("type") == "TextQuoteSelector":
                return selector
    return {}


def _said(one: dict[str, Any], said: str | None) -> Iterator[Source]:
    """The annotation itself, if its writer said something."""
    links = one.get("links")
    link = links.get("html") or links.get("incontext") if isinstance(links, dict) else None
    if not link and one.get("id"):
        link = f"https://hypothes.is/a/{one['id']}"
    if said and isinstance(link, str):
        who = _who(one)
        yield Source(
            link,
            "context",
            title="Annotation",
            note=f"{who} wrote: {said}",
            published=text(one.get("created")),
        )


def _who(one: dict[str, Any]) -> str:
    info = one.get("user_info")
    shown_name = text(info.get("display_name")) if isinstance(info, dict) else None
    user = (text(one.get("user")) or "").removeprefix("acct:").partition("@")[0]
    return shown_name or user or "Somebody"


def _title(one: dict[str, Any]) -> str | None:
    document = one.get("document")
    return text(document.get("title")) if isinstance(document, dict) else None


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
