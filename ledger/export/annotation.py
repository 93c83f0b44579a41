"""Web Annotation (W3C): a place in a text with what the ledger says of it, and collections of such.

Offsets count Unicode code points of the revision that `state` names by the SHA-256 of its text
(RFC 6920), NFC with line feeds; start inclusive, end exclusive.
"""

import base64
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from ledger.eventlog.canonical import timestamp
from ledger.export.claimreview import House
from ledger.export.streaming import listed

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
LDP = "http://www.w3.org/ns/ldp.jsonld"
MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT}"'


def id_of(id: str, house: House) -> str:
    """An annotation's own address."""
    return f"{house.base}/api/v1/annotations/{id}"


def container_of(article_id: str | None, house: House) -> str:
    """The address of an article's annotations; without one, of all that the ledger has."""
    within = "" if article_id is None else f"/articles/{article_id}"
    return f"{house.base}/api/v1{within}/annotations/"


def source_of(row: Any, house: House) -> str:
    """The address of the text: where it was published, else our own page of it."""
    own = "reports" if row.report_since else "articles"
    return row.url or f"{house.base}/{own}/{row.article_id}"


def annotation(
    row: Any, word: str, house: House, *, desk: str, why: str = "", alone: bool = True
) -> dict[str, Any]:
    """A place with what is said of its claim; `word` is its status, `why` what makes its verdict stale.

    In a list the context is the list's.
    """
    settled = row.label is not None
    by = house.publisher(desk)
    return {
        **({"@context": CONTEXT} if alone else {}),
        "id": id_of(row.id, house),
        "type": "Annotation",
        "motivation": "assessing" if settled else "highlighting",
        "created": timestamp(row.created_at),
        "modified": timestamp(row.updated_at),
        "creator": {"type": "Organization", "name": by.name, "homepage": by.url},
        "generator": {"id": house.base, "type": "Software", "name": "Claim ledger"},
        "body": bodies(row, word, why),
        "target": {
            "type": "SpecificResource",
            "source": source_of(row, house),
            "selector": selectors(row),
            "state": {
                "type": "TimeState",
                "sourceDate": timestamp(row.revised_at),
                "cached": _named(row.sha256),
            },
        },
    }


def selectors(row: Any) -> list[dict[str, Any]]:
    """Where the words stand: by the words themselves, and by offsets in code points."""
    return [
        {
            "type": "TextQuoteSelector",
            "exact": row.exact,
            "prefix": row.prefix,
            "suffix": row.suffix,
        },
        {"type": "TextPositionSelector", "start": row.start, "end": row.end},
    ]


def bodies(row: Any, word: str, why: str = "") -> list[dict[str, str]]:
    """What is said: the verdict with its reasons where one is in force, else how far the check has come."""
    said = [("classifying", row.label or word), ("describing", row.statement)]
    if row.label is not None:
        said.append(("commenting", row.rationale))
    elif row.withdrawn_note or why:
        said.append(("commenting", row.withdrawn_note or why))
    return [
        {"type": "TextualBody", "value": value, "format": "text/plain", "purpose": purpose}
        for purpose, value in said
    ]


def collection(
    container: str, *, label: str, total: int, modified: str, size: int, iris: bool, last: str = ""
) -> dict[str, Any]:
    """A container's annotations, without any of them; `last` is the key behind which the last page begins."""
    here = _asked(container, iris)
    pages = -(-total // size)
    ends = {"first": _page_of(here, 0), "last": _page_of(here, pages - 1, last)} if pages else {}
    return {
        "@context": [CONTEXT, LDP],
        "id": here,
        "type": ["BasicContainer", "AnnotationCollection"],
        "label": label,
        "modified": modified,
        "total": total,
        **ends,
    }


def page(
    within: dict[str, Any], items: Sequence[Any], *, number: int, size: int, alone: bool = True
) -> dict[str, Any]:
    """A page of a collection; items are annotations, or only their addresses."""
    here, last = within["id"], -(-within["total"] // size) - 1
    part_of = {name: within[name] for name in ("id", "label", "total", "modified")}
    return _page(
        here,
        items,
        (number, number * size, ""),
        following=_page_of(here, number + 1) if number < last else None,
        before=_page_of(here, number - 1) if number else None,
        part_of=part_of if alone else None,
    )


def page_behind(
    container: str,
    items: Sequence[Any],
    *,
    place: tuple[int, int, str],
    iris: bool,
    label: str,
    following: str | None,
    before: str | None,
    alone: bool = True,
) -> dict[str, Any]:
    """A page that goes by key: `place` is its number, where it starts, and the key that it is behind.

    `following` is the key behind which the next begins, and `before` that of the page before it, if any.
    """
    here, number = _asked(container, iris), place[0]
    return _page(
        here,
        items,
        place,
        following=None if following is None else _page_of(here, number + 1, following),
        before=None if before is None else _page_of(here, number - 1, before),
        part_of={"id": here, "label": label} if alone else None,
    )


def _page(
    here: str,
    items: Sequence[Any],
    place: tuple[int, int, str],
    *,
    following: str | None,
    before: str | None,
    part_of: dict[str, Any] | None,
) -> dict[str, Any]:
    number, start, behind = place
    told = {
        "@context": CONTEXT if part_of else None,
        "id": _page_of(here, number, behind),
        "type": "AnnotationPage",
        "partOf": part_of,
        "startIndex": start,
        "next": following,
        "prev": before,
    }
    return {**{name: value for name, value in told.items() if value is not None}, "items": list(items)}


def _page_of(here: str, number: int, behind: str = "") -> str:
    return f"{here}&page={number}" + (f"&after={behind}" if behind else "")


def document(
    annotations: Iterable[dict[str, Any]], *, id: str, label: str, modified: str | None, had: int = 0
) -> Iterator[bytes]:
    """A collection whose one page has all of these, in pieces of about 64 kB, an annotation a line.

    With `had`, what follows so many of them in a file that broke off.
    """
    whole = {"@context": CONTEXT, "id": id, "type": "AnnotationCollection", "label": label}
    if modified:
        whole["modified"] = modified
    page = {"id": f"{id}-1", "type": "AnnotationPage", "startIndex": 0}
    head = orjson.dumps(whole)[:-1] + b',"first":' + orjson.dumps(page)[:-1] + b',"items":['
    yield from listed(head, annotations, lambda total: b']},"total":%d}\n' % total, had=had)


def _asked(container: str, iris: bool) -> str:
    # With addresses or with descriptions: the protocol wants the two told apart by address.
    return f"{container}?iris={int(iris)}"


def _named(sha256: str) -> str:
    """The text itself, by its hash."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"
