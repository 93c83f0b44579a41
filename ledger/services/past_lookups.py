"""Many questions at once, answered as they would have been at a time: `lookups`, from the log."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from claims.values import dataclass
from ledger.adapters.spellings import spellings
from ledger.errors import Invalid, NotFound, Unavailable
from ledger.eventlog.canonical import timestamp
from ledger.models import DEFAULT_DESK, DEFAULT_THRESHOLD, Article, Status
from ledger.services import history, past
from ledger.services.history import Past
from ledger.services.matching import FINDINGS, Matcher
from ledger.store import past as store

if TYPE_CHECKING:  # loaded when somebody asks
    from claims.matching import Comparison

_LOOKED_AT = 50
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    matcher: Matcher
    at: datetime
    k: int


def answer(
    session: Session, matcher: Matcher, questions: Sequence[Mapping[str, str]], *, k: int, at: datetime
) -> list[Row]:
    """The answers as they would have been then, in order and in the form of `lookups.answer`."""
    asking = _Asked(session, matcher, at, k)
    by_kind: dict[str, list[str]] = {}
    for question in questions:
        for kind, words in question.items():
            by_kind.setdefault(kind, []).append(words)
    known = {kind: _KINDS[kind](asking, list(dict.fromkeys(words))) for kind, words in by_kind.items()}
    return [known[kind][words] for question in questions for kind, words in question.items()]


def article_at(session: Session, url: str, at: datetime) -> Row:
    """The article that had an address then, however that is spelled: its row and `progress`, the number of
    its claims by status. Raises Invalid and NotFound (field `url`)."""
    found = _by_address(session, [url], at)[url]
    if "error" in found:
        raise found["error"]
    row: Row = past.articles(session, [found["article"]["id"]], at)[found["article"]["id"]]
    return {**past.held(Article, row), "progress": _progress(session, row, at)}


def _progress(session: Session, article: Row, at: datetime) -> dict[str, int]:
    """Number of its claims by status, without candidates that its desk did not show."""
    desk_id = article.get("desk_id") or DEFAULT_DESK
    desk = past.rows(session, "desk", [desk_id], at).get(desk_id, {})
    least = desk.get("threshold", DEFAULT_THRESHOLD)
    stood = [then.claim for then, _ in past.claims_of(session, article["id"], at)]
    counted = Counter(
        str(claim.get("status"))
        for claim in stood
        if claim.get("status") != Status.CANDIDATE or (claim.get("score") or 0) >= least
    )
    return dict(sorted(counted.items()))


def _claims(asking: _Asked, ids: Sequence[str]) -> dict[str, Row]:
    found = past.statuses(asking.session, ids, asking.at)
    return {
        id: {"claim": found[id]}
        if id in found
        else _none(f"There was no claim with the id {id[:60]!r}", asking)
        for id in ids
    }


def _articles(asking: _Asked, urls: Sequence[str]) -> dict[str, Row]:
    return _by_address(asking.session, urls, asking.at)


def _by_address(session: Session, urls: Sequence[str], at: datetime) -> dict[str, Row]:
    ways: dict[str, tuple[str, ...]] = {}
    found: dict[str, Row] = {}
    for url in urls:
        try:
            ways[url] = spellings(url)
        except Invalid as error:
            found[url] = {"error": error}
    spelled = list(dict.fromkeys(way for some in ways.values() for way in some))
    there = past.articles(session, store.articles_known_by(session, spelled, at), at)
    # Ids sort by time: of several with one address, the newest.
    by_url = {row["url"]: row for _, row in sorted(there.items()) if row.get("url")}
    revisions = store.revisions(session, [row["revision_id"] for row in by_url.values()])
    for url, some in ways.items():
        row = next((by_url[way] for way in some if way in by_url), None)
        if row is None:
            found[url] = {"error": _absent("There was no article with this address", at, field="url")}
        else:
            found[url] = {"article": _shown(row, revisions[row["revision_id"]])}
    return found


def _texts(asking: _Asked, sha256s: Sequence[str]) -> dict[str, Row]:
    there = store.with_text(asking.session, sorted({one.lower() for one in sha256s}), asking.at)
    known = past.articles(asking.session, [revision.article_id for revision in there], asking.at)
    by_hash: dict[str, tuple[bool, str, Row]] = {}
    for revision in there:
        if (row := known.get(revision.article_id)) is not None:
            current = row["revision_id"] == revision.id
            one = (current, row["id"], _shown(row, revision, current=current))
            by_hash[revision.sha256] = max(by_hash.get(revision.sha256, one), one, key=lambda o: o[:2])
    return {
        one: {"article": by_hash[one.lower()][2]}
        if one.lower() in by_hash
        else _none("There was no article with this text", asking, field="sha256")
        for one in sha256s
    }


def _words(asking: _Asked, texts: Sequence[str]) -> dict[str, Row]:
    """Found by the words that claims have today, and judged by those that they had then."""
    try:
        near = asking.matcher.near(asking.session, texts, k=_LOOKED_AT, statuses=list(Status))
    except Unavailable as error:
        return {text: {"error": error} for text in texts}
    ids = sorted({hit.id for hits in near for hit in hits})
    known = {
        id: then
        for id, then in history.claims_at(asking.session, ids, asking.at).items()
        if then.claim.get("status") in FINDINGS
    }
    today = {claim.id: claim.statement for claim in store.statements(asking.session, list(known))}
    answers = {}
    for text, hits in zip(texts, near, strict=True):
        told = [
            (known[hit.id], _judged(text, known[hit.id], today[hit.id], hit.cosine))
            for hit in hits
            if hit.id in known
        ]
        matches = [_match(then, one) for then, one in told if one is not None]
        matches.sort(key=lambda match: (match["relation"] != "same", -match["score"]))
        relation = matches[0]["relation"] if matches else "none"
        answers[text] = {"relation": relation, "matches": matches[: asking.k]}
    return answers


def _judged(text: str, then: Past, today: str, cosine: float | None) -> "Comparison | None":
    from claims.matching import Relation, compare, judge

    # The nearness that the index knows is to today's words.
    statement = then.claim["statement"]
    told = judge(text, statement, cosine) if statement == today else compare(text, statement)
    return None if told.relation is Relation.DIFFERENT else told


def _match(then: Past, told: "Comparison") -> Row:
    known = {name: then.claim[name] for name in ("id", "statement", "kind", "status", "updated_at")}
    return {
        "claim": {**known, "label": past.label_of(then)},
        "relation": str(told.relation),
        "score": told.likeness,
        "reasons": list(told.reasons),
        "vetoes": [str(veto) for veto in told.vetoes],
    }


_KINDS = {"claim": _claims, "url": _articles, "sha256": _texts, "text": _words}


def _none(words: str, asking: _Asked, field: str = "claim") -> Row:
    return {"error": _absent(words, asking.at, field=field)}


def _absent(words: str, at: datetime, *, field: str) -> NotFound:
    return NotFound(f"{words} on {timestamp(at)}.", field=field)


def _shown(row: Row, revision: Any, *, current: bool = True) -> Row:
    return {
        "id": row["id"],
        "title": row.get("title"),
        "url": row.get("url"),
        "revision": {"number": revision.number, "sha256": revision.sha256, "current": current},
    }
