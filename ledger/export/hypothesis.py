"""Annotations in the shape of Hypothesis' API: a row for each place of a claim, for its clients to read."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from ledger.export.annotation import id_of, selectors, source_of
from ledger.export.claimreview import House

WORLD = "__world__"
USER = "ledger"


def userid(house: House) -> str:
    """The one account by which all annotations are: the ledger itself, never a person of the desk."""
    return f"acct:{USER}@{urlsplit(house.base).hostname or 'localhost'}"


def row(place: Any, word: str, house: House, *, desk: str, why: str = "") -> dict[str, Any]:
    """One annotation. Who may read it says whether an open report shows it; `why`, what made it stale."""
    me, source = userid(house), source_of(place, house)
    public = place.report_since is not None
    page = house.report(place.article_id, place.claim_id) if public else house.claim(place.claim_id)
    return {
        "id": place.id,
        "created": _time(place.created_at),
        "updated": _time(place.updated_at),
        "user": me,
        "uri": source,
        "text": text(place, word, why),
        "tags": [word],
        "group": WORLD,
        "permissions": {
            "read": [f"group:{WORLD}" if public else me],
            "admin": [me],
            "update": [me],
            "delete": [me],
        },
        "target": [{"source": source, "selector": list(reversed(selectors(place)))}],
        "document": {"title": [place.title]},
        "links": {"html": page, "incontext": page, "json": id_of(place.id, house)},
        "user_info": {"display_name": house.publisher(desk).name},
        "flagged": False,
        "hidden": False,
        "moderation_status": None,
        "references": [],
    }


def text(place: Any, word: str, why: str = "") -> str:
    """What is said, a paragraph each: the rating or how far it is, the statement, the reasons."""
    said = [place.label or word, place.statement]
    said += [note for note in (place.rationale if place.label else place.withdrawn_note or why,) if note]
    return "\n\n".join(said)


def answer(total: int, rows: Sequence[dict[str, Any]], *, replies: bool) -> dict[str, Any]:
    """What a search answers; no annotation here is a reply to another."""
    return {"total": total, "rows": list(rows), **({"replies": []} if replies else {})}


def _time(moment: Any) -> str:
    """As Hypothesis writes it, always with microseconds."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}+00:00"
