"""What a desk asks of a verdict: who signs, on how much evidence, and whether two people rate blind.

A desk that says nothing asks what the ledger's settings ask. A claim that stands in articles of several desks
takes the strictest answer to each question.
"""

from collections.abc import Sequence
from itertools import combinations
from urllib.parse import urlsplit

from sqlmodel import Session

from claims.values import dataclass
from ledger.errors import Conflict
from ledger.models import Desk, Evidence
from ledger.store import desks as store

NEEDS_NONE = "unproven"
"""The status word of ratings that say just this: the evidence does not suffice."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is asked of a verdict: how many people it takes (`one` or `two`), how much evidence, whether that
    must come from two sites at least (`independent`), and whether the second reader rates blind."""

    signatures: str = "two"
    min_evidence: int = 1
    independent: bool = False
    blind: bool = False


def of_desk(desk: Desk, default: Policy) -> Policy:
    """What that desk asks; `default` is what the settings ask. Two people rate blind, so two sign."""
    blind = default.blind if desk.blind is None else desk.blind
    independent = desk.independent_evidence
    return Policy(
        signatures="two" if blind else desk.signatures or default.signatures,
        min_evidence=desk.min_evidence or default.min_evidence,
        independent=default.independent if independent is None else independent,
        blind=blind,
    )


def of_claim(session: Session, claim_id: str, default: Policy) -> Policy:
    """What is asked of a verdict on that claim."""
    found = [of_desk(desk, default) for desk in store.of_claim(session, claim_id)]
    return Policy(
        signatures="two" if any(one.signatures == "two" for one in found) else "one",
        min_evidence=max(one.min_evidence for one in found),
        independent=any(one.independent for one in found),
        blind=any(one.blind for one in found),
    )


def check_evidence(status_word: str, evidence: Sequence[Evidence], policy: Policy) -> None:
    """Raise Conflict where a rating rests on less evidence than is asked. `unproven` needs none."""
    if status_word == NEEDS_NONE:
        return
    standing = [piece for piece in evidence if piece.withdrawn_at is None]
    if len(standing) < policy.min_evidence:
        need = (
            "a piece of evidence" if policy.min_evidence == 1 else f"{policy.min_evidence} pieces of evidence"
        )
        raise Conflict(f"A verdict rests on evidence: add {need} first, or choose “unproven”.", field="code")
    if policy.independent and not independent([piece.url for piece in standing]):
        raise Conflict(
            "This desk asks for independent evidence: add a piece from another site, or choose “unproven”.",
            field="code",
        )


def independent(urls: Sequence[str]) -> bool:
    """Whether two of these addresses are of different sites; `m.site.example` is one with `site.example`."""
    hosts = {(urlsplit(url).hostname or "").removeprefix("www.") for url in urls}
    return any(not _related(one, other) for one, other in combinations(hosts, 2))


def _related(one: str, other: str) -> bool:
    return one.endswith(f".{other}") or other.endswith(f".{one}")
