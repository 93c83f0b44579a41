"""Many questions at once: what the ledger knows of claims, addresses, texts and words.

Each question is answered for itself and in its place; what can't be answered has an error there, and the
others are answered all the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from ledger.adapters.spellings import spellings
from ledger.errors import Invalid, NotFound, Unavailable
from ledger.eventlog.canonical import timestamp
from ledger.ids import is_id
from ledger.services import statuses
from ledger.services.matching import FINDINGS, Found, Matcher
from ledger.store import lookups as store

Question = Mapping[str, str]
Answer = dict[str, Any]
_MERGES = 20  # merged into one that was merged into one that …


def answer(session: Session, matcher: Matcher, questions: Sequence[Question], *, k: int) -> list[Answer]:
    """The answers, in order. A question has one key: `claim`, `url`, `sha256` or `text`.

    An answer is `{"claim": …}`, `{"article": …}`, `{"relation": …, "matches": […]}` or
    `{"error": LedgerError}`.
    """
    by_kind: dict[str, list[str]] = {}
    for question in questions:
        for kind, asked in question.items():
            by_kind.setdefault(kind, []).append(asked)
    known = {kind: _KINDS[kind](session, matcher, asked, k) for kind, asked in by_kind.items()}
    return [known[kind][asked] for question in questions for kind, asked in question.items()]


def article_at(session: Session, url: str) -> Any:
    """The article at an address, however that is spelled. Raises Invalid and NotFound (field `url`)."""
    found = _articles(session, None, [url], 0)[url]
    if "error" in found:
        raise found["error"]
    return found["article"]


def _claims(session: Session, _matcher: Any, ids: Sequence[str], _k: int) -> dict[str, Answer]:
    rows = store.statuses(session, [id for id in dict.fromkeys(ids) if is_id(id)])
    for _ in range(_MERGES):
        further = {row.merged_into for row in rows.values() if row.merged_into} - rows.keys()
        if not further:
            break
        rows |= store.statuses(session, sorted(further))
    found: dict[str, Answer] = {}
    for id in ids:
        row = rows.get(id)
        while row is not None and row.merged_into is not None:
            row = rows.get(row.merged_into)
        found[id] = (
            _unknown(f"There is no claim with the id {id[:60]!r}.", "claim")
            if row is None
            else {"claim": statuses.of_row(id, row)}
        )
    return found


def _articles(session: Session, _matcher: Any, urls: Sequence[str], _k: int) -> dict[str, Answer]:
    ways: dict[str, tuple[str, ...]] = {}
    found: dict[str, Answer] = {}
    for url in dict.fromkeys(urls):
        try:
            ways[url] = spellings(url)
        except Invalid as error:
            found[url] = {"error": error}
    no_article = _unknown("There is no article with this address.", "url")
    rows = store.articles_at(session, list(dict.fromkeys(way for some in ways.values() for way in some)))
    for url, some in ways.items():
        row = next((rows[way] for way in some if way in rows), None) if rows else None
        found[url] = no_article if row is None else {"article": _shown(row, current=True)}
    return found


def _texts(session: Session, _matcher: Any, sha256s: Sequence[str], _k: int) -> dict[str, Answer]:
    rows = store.texts(session, list(dict.fromkeys(one.lower() for one in sha256s)))
    found: dict[str, Answer] = {}
    for asked in sha256s:
        row = rows.get(asked.lower())
        found[asked] = (
            _unknown("There is no article with this text.", "sha256")
            if row is None
            else {"article": _shown(row, current=bool(row.current))}
        )
    return found


def _words(session: Session, matcher: Matcher, texts: Sequence[str], k: int) -> dict[str, Answer]:
    asked = list(dict.fromkeys(texts))
    try:
        found = matcher.look_up(session, asked, k=k, statuses=FINDINGS)
    except Unavailable as error:
        return {text: {"error": error} for text in asked}
    return {
        text: {"relation": some[0].relation if some else "none", "matches": [_match(one) for one in some]}
        for text, some in zip(asked, found, strict=True)
    }


_KINDS = {"claim": _claims, "url": _articles, "sha256": _texts, "text": _words}


def _unknown(words: str, field: str) -> Answer:
    return {"error": NotFound(words, field=field)}


def _shown(row: Any, *, current: bool) -> Answer:
    revision = {"number": row.number, "sha256": row.sha256, "current": current}
    return {"id": row.id, "title": row.title, "url": row.url, "revision": revision}


def _match(one: Found) -> Answer:
    claim = one.claim
    return {
        "claim": {
            "id": claim.id,
            "statement": claim.statement,
            "kind": claim.kind,
            "status": claim.status,
            "label": claim.label,
            "updated_at": timestamp(claim.updated_at),
        },
        "relation": one.relation,
        "score": one.score,
        "reasons": list(one.reasons),
        "vetoes": list(one.vetoes),
    }
