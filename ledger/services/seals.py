"""Sealed ratings: what a first reader said, kept from everybody until the second reader has rated too.

A sealed verdict is in the ledger, and in its log, with a salted hash in the place of its words. The words lie
beside the log; so no page, export, search, feed or event can show them before their time. Opening writes them
and the salt into the verdict: whoever has the log can check that they are what was sealed.
"""

import hashlib
import os
from typing import Any

from sqlmodel import Session, select

from ledger.auth.identity import Identity
from ledger.errors import Conflict
from ledger.eventlog.canonical import canonical
from ledger.models import SEALED, SealedRating, Verdict

FORMAT = "claim-ledger-seal/1"
LABEL = "Sealed"
RATIONALE = "Sealed until the second reader has rated too."
_WORDS = ("code", "label", "number", "status_word", "rationale")


def content(verdict: Verdict) -> dict[str, Any]:
    """What a seal is of."""
    said = {name: getattr(verdict, name) for name in _WORDS}
    about = {"verdict": verdict.id, "claim": verdict.claim_id}
    scale = {"scale": verdict.scale, "scale_version": verdict.scale_version}
    return {"format": FORMAT, **about, **scale, **said}


def seal_of(said: dict[str, Any], salt: str) -> str:
    """The seal of such a content, with a salt in hex: SHA-256 of the salt's bytes and RFC 8785 JSON."""
    return "sha256:" + hashlib.sha256(bytes.fromhex(salt) + canonical(said)).hexdigest()


def close(verdict: Verdict) -> SealedRating:
    """Take rating and rationale out of a verdict that is being made. The caller stores what comes back."""
    said, salt = content(verdict), os.urandom(32).hex()
    verdict.seal = seal_of(said, salt)
    verdict.code = verdict.status_word = SEALED
    verdict.label, verdict.rationale, verdict.number = LABEL, RATIONALE, None
    return SealedRating(verdict_id=verdict.id, salt=salt, content=said)


def open_up(session: Session, verdict: Verdict) -> None:
    """Put into a sealed verdict what was said. The caller writes the digest of it, and the event."""
    kept = session.get(SealedRating, verdict.id)
    if kept is None:
        raise Conflict("What was sealed is not here: this ledger was made from its log. Propose it again.")
    if seal_of(kept.content, kept.salt) != verdict.seal:
        raise Conflict("What was kept is not what was sealed. Propose it again.")
    for name in _WORDS:
        setattr(verdict, name, kept.content[name])
    verdict.seal_salt = kept.salt
    session.delete(kept)


def own(session: Session, verdict: Verdict, by: Identity) -> dict[str, Any] | None:
    """What a sealed verdict says, for the one who proposed it; nothing for anybody else."""
    if not verdict.sealed or by.account_id != verdict.proposed_by:
        return None
    kept = session.exec(select(SealedRating).where(SealedRating.verdict_id == verdict.id)).first()
    return None if kept is None else {name: kept.content[name] for name in _WORDS}
