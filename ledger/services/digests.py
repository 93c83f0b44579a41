"""The digest that a signature binds to: what exactly was signed, in 64 characters."""

import hashlib
from collections.abc import Sequence

from ledger.eventlog.canonical import canonical
from ledger.models import Appearance, Claim, Evidence, Verdict

FORMAT = "claim-ledger-digest/1"


def content(
    claim: Claim, verdict: Verdict, appearances: Sequence[Appearance], evidence: Sequence[Evidence]
) -> dict[str, object]:
    """The signed content: statement, spans with their revisions, rating, rationale, evidence in force."""
    return {
        "format": FORMAT,
        "claim": claim.id,
        "statement": claim.statement,
        "spans": sorted(
            [
                {"revision": a.revision_id, "start": a.start, "end": a.end, "exact": a.exact, "fate": a.fate}
                for a in appearances
            ],
            key=lambda span: (str(span["revision"]), int(str(span["start"])), int(str(span["end"]))),
        ),
        "rating": {
            "scale": verdict.scale,
            "scale_version": verdict.scale_version,
            "code": verdict.code,
            "label": verdict.label,
            "number": verdict.number,
        },
        "rationale": verdict.rationale,
        "evidence": sorted(
            [
                {"id": e.id, "url": e.url, "stance": e.stance, "quote": e.quote, "note": e.note}
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
