"""The digest that a signature binds to: what exactly was signed, in 64 characters.

The places of a claim are kept with its verdict as they were when it was proposed (`Verdict.spans`). When the
ledger itself carries a place over into a new text, whose words it found to be the same, what was signed still
holds, and the digest is that of the signed place. Whatever else becomes of a place changes the digest.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from claims.anchoring import differences
from ledger.eventlog.canonical import canonical, timestamp
from ledger.models import Appearance, Claim, Evidence, Fate, Verdict

FORMAT = "claim-ledger-digest/1"
CARRIED = (str(Fate.SAME), str(Fate.MOVED))
"""The fates of words that stand in the current text, as the ledger or a person found."""


def content(
    claim: Claim, verdict: Verdict, appearances: Sequence[Appearance], evidence: Sequence[Evidence]
) -> dict[str, object]:
    """The signed content: statement, spans with their revisions, rating, rationale, evidence in force."""
    return content_of(claim.id, claim.statement, _places(claim, verdict, appearances), verdict, evidence)


def content_of(
    claim_id: str, statement: str, spans: Sequence[dict[str, Any]], verdict: Any, evidence: Sequence[Any]
) -> dict[str, object]:
    """The same of a claim's parts, which may be records or rows of the log; spans as `span` gives them."""
    return {
        "format": FORMAT,
        "claim": claim_id,
        "statement": statement,
        "spans": sorted(
            ({name: span[name] for name in _SPAN} for span in spans),
            key=lambda span: (span["revision"], span["start"], span["end"]),
        ),
        "rating": {
            "scale": verdict.scale,
            "scale_version": verdict.scale_version,
            "code": verdict.code,
            "label": verdict.label,
            "number": verdict.number,
            # Not there in the normal case, so that old digests stay true.
            **({"retired": True} if verdict.retired_at else {}),
        },
        "rationale": verdict.rationale,
        "evidence": sorted(
            [
                {
                    "id": e.id,
                    "url": e.url,
                    "stance": e.stance,
                    "quote": e.quote,
                    "note": e.note,
                    # A source that is as it was, or that a person saw since, adds nothing.
                    **({"condition": e.condition} if unseen(e) else {}),
                }
                for e in evidence
                if e.withdrawn_at is None
            ],
            key=lambda piece: str(piece["id"]),
        ),
    }


def digest(
    claim: Claim, verdict: Verdict, appearances: Sequence[Appearance], evidence: Sequence[Evidence]
) -> str:
    """SHA-256 of the RFC 8785 bytes of `content`, in hex."""
    return hashlib.sha256(canonical(content(claim, verdict, appearances, evidence))).hexdigest()


def hashed(text: str) -> str:
    """The digest of a content that is spelled out already."""
    return hashlib.sha256(text.encode()).hexdigest()


def unseen(evidence: Evidence) -> bool:
    """Whether a source is not as it was captured, and nobody said yet that it fits all the same."""
    return evidence.condition is not None and evidence.seen_at is None


_SPAN = ("revision", "start", "end", "exact", "fate")


def span(place: Appearance) -> dict[str, Any]:
    """A place as a verdict keeps it: what is signed of it, and when a person last said that it is there."""
    return {
        "appearance": place.id,
        "revision": place.revision_id,
        "start": place.start,
        "end": place.end,
        "exact": place.exact,
        "fate": "cut" if place.cut_at else str(place.fate),
        "placed_at": timestamp(place.placed_at) if place.placed_at else None,
    }


def _places(claim: Claim, verdict: Verdict, appearances: Sequence[Appearance]) -> list[dict[str, Any]]:
    """The places as they count under a verdict: as they were signed, where they still are what was signed."""
    signed = {one["appearance"]: one for one in verdict.spans or ()}
    places = []
    for now in map(span, appearances):
        then = signed.get(now["appearance"])
        places.append(then if then is not None and _holds(then, now, claim.language) else now)
    return places


def _holds(then: dict[str, Any], now: dict[str, Any], language: str | None) -> bool:
    """Whether a place is what was signed, in a later text: no person put it elsewhere, it stands as it did,
    and its words are the same but for what tells a reader nothing else."""
    if then["revision"] == now["revision"] or then["placed_at"] != now["placed_at"]:
        return False
    if not (then["fate"] in CARRIED and now["fate"] in CARRIED):
        return False
    changes = differences(then["exact"], now["exact"], language=language)
    return all(change.harmless for change in changes)


def stands(then: dict[str, Any], place: Appearance, language: str | None) -> bool:
    """Whether a place is what was signed of it; `then` is as `span` gave it."""
    now = span(place)
    return all(then[name] == now[name] for name in _SPAN) or _holds(then, now, language)


def waits(place: Appearance) -> bool:
    """Whether nobody knows yet where in the current text its words stand, or whether they do."""
    return place.fate not in CARRIED and place.cut_at is None
