"""Bundles: signatures with all that it takes to check them offline, as docs/eventlog.md describes.

`ledger.eventlog.bundles` checks one, without a database and without the rest of the ledger.
"""

from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session

from ledger import clock
from ledger.db import Database
from ledger.errors import Conflict
from ledger.eventlog.bundles import FORMAT
from ledger.eventlog.canonical import canonical, timestamp
from ledger.eventlog.checkpoint import open_checkpoint
from ledger.eventlog.fold import Tables, apply
from ledger.eventlog.note import encode64
from ledger.eventlog.proofs import inclusion_ranges
from ledger.eventlog.tree import node_hash
from ledger.models import Claim, Evidence, Signature, Verdict
from ledger.models.rows import whole_row
from ledger.services import checkpoints, digests
from ledger.settings import Settings
from ledger.store import claims as store
from ledger.store import events as events_store
from ledger.store import records

MEDIA_TYPE = "application/json"


def document(session: Session, settings: Settings, ids: Iterable[str]) -> Iterator[bytes]:
    """A bundle of these claims in pieces: JSON as RFC 8785 spells it. NotFound names a claim that is missing.

    All of it is one state of the ledger. The hashes of the whole log are read once: 64 bytes an event.
    """
    note = checkpoints.sign(session, settings)
    key = checkpoints.signer(settings).verifier
    size = open_checkpoint(note, key).size
    tree = Tree(list(events_store.leaf_hashes(session))[:size])
    log = {"origin": key.name, "vkey": key.vkey, "checkpoint": note}
    # By hand, so that it need not be in memory whole; the names stand in the order of RFC 8785.
    yield b'{"claims":['
    for number, id in enumerate(ids):
        yield (b"," if number else b"") + canonical(_claim(session, id, tree))
    yield b'],"format":' + canonical(FORMAT) + b',"log":' + canonical(log)
    yield b',"made_at":' + canonical(timestamp(clock.now())) + b"}"


def whole(database: Database, settings: Settings, ids: Sequence[str]) -> bytes:
    """A bundle of a few claims, at once."""
    try:
        with database.read() as session:
            return b"".join(document(session, settings, ids))
    except Conflict:
        # Somebody may have signed a newer state than the one that was being read.
        with database.read() as session:
            return b"".join(document(session, settings, ids))


def _claim(session: Session, id: str, tree: "Tree") -> dict[str, Any]:
    claim = records.get(session, Claim, id)
    events = [events_store.exported(event) for event in events_store.of_stream(session, f"claim:{id}")]
    events = [event for event in events if event["seq"] < tree.size]
    verdict = next((v for v in store.verdicts(session, id) if v.id == claim.verdict_id), None)
    told: dict[str, Any] = {
        "claim": id,
        "statement": claim.statement,
        "status": str(claim.status),
        "stale_reasons": claim.stale_reasons,
        "verdict": whole_row(verdict) if verdict else None,
        "signatures": [],
        "signed": None,
        "events": [{**event, "proof": list(map(encode64, tree.path(event["seq"])))} for event in events],
    }
    if verdict is not None:
        signatures = store.signatures(session, [verdict]).get(verdict.id, [])
        told["signatures"] = [whole_row(signature) for signature in signatures]
        told["names"] = store.names(session, _people(verdict, signatures))
        told["signed"] = signed_text(session, claim, verdict, events)
        if told["signed"] is None:
            told["why"] = "parts of what was signed are no longer in the log"
    return told


def _people(verdict: Verdict, signatures: Sequence[Signature]) -> set[str | None]:
    return {verdict.proposed_by, verdict.second_by, *(one.account_id for one in signatures)}


def signed_text(
    session: Session, claim: Claim, verdict: Verdict, events: Sequence[dict[str, Any]]
) -> str | None:
    """The very text that was signed, as RFC 8785 spells it; None where it can't be made any more."""
    places, evidence = store.appearances(session, claim.id), store.evidence(session, claim.id)
    text = canonical(digests.content(claim, verdict, places, evidence)).decode()
    if digests.hashed(text) == verdict.digest:
        return text
    # Something changed since: as the events say that it stood when it was signed.
    rows: Tables = {}
    for event in events:
        apply(rows, event["patch"] or {})
        signed = (event["patch"] or {}).get("signature", {}).values()
        if verdict.id in {row.get("verdict_id") for row in signed}:
            break
    text = canonical(_content_then(claim.id, rows, verdict)).decode()
    return text if digests.hashed(text) == verdict.digest else None


def _content_then(claim_id: str, rows: Tables, verdict: Verdict) -> dict[str, object]:
    then = dict(rows.get("verdict", {}).get(verdict.id, {}))
    spans: Any = then.get("spans")
    if spans is None:
        spans = [{"revision": row["revision_id"], **row} for row in rows.get("appearance", {}).values()]
    blank = dict.fromkeys(Evidence.model_fields)
    pieces = [SimpleNamespace(**{**blank, **row}) for row in rows.get("evidence", {}).values()]
    of_then = SimpleNamespace(**{**dict.fromkeys(Verdict.model_fields), **then})
    statement = str(rows.get("claim", {}).get(claim_id, {}).get("statement"))
    mine = [piece for piece in pieces if piece.claim_id == claim_id]
    return digests.content_of(claim_id, statement, spans, of_then, mine)


class Tree:
    """The log's Merkle tree with the hashes of its whole subtrees, for many paths."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.size = len(leaves)
        self._levels = [leaves]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            pairs = range(0, len(below) - 1, 2)
            self._levels.append([node_hash(below[n], below[n + 1]) for n in pairs])

    def path(self, index: int) -> list[bytes]:
        """The proof that leaf `index` is in the tree, as `ledger.eventlog.proofs.inclusion` gives it."""
        return [self._root(start, end) for start, end in inclusion_ranges(index, self.size)]

    def _root(self, start: int, end: int) -> bytes:
        """The root of a range that the tree splits off: whole subtrees, larger ones first."""
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self._levels[level][start >> level]
        left = 1 << (count.bit_length() - 1)
        return node_hash(self._root(start, start + left), self._root(start + left, end))
