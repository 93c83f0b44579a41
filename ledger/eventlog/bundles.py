"""Check signatures from a bundle, offline: python -m ledger.eventlog.bundles BUNDLE.json [--vkey KEY]

A bundle holds, for each of some claims, the text that was signed, the signatures, all events of the claim
with their proofs, and one signed checkpoint of the log; docs/eventlog.md describes it. What is checked needs
no database and none of the ledger's code: SHA-256, RFC 8785, Merkle proofs and one Ed25519 signature.

Exit status: 0 if all is well, 1 if something does not fit, 2 if it could not be checked.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.eventlog.canonical import NotCanonical, canonical, parse
from ledger.eventlog.checkpoint import Checkpoint, Verifier, open_checkpoint
from ledger.eventlog.fold import Tables, apply, check_event, event_leaf
from ledger.eventlog.note import BadNote, decode64
from ledger.eventlog.proofs import BadProof, check_inclusion

FORMAT = "claim-ledger-bundle/1"
_EVIDENCE = ("url", "stance", "quote", "note")
_RATING = ("scale", "scale_version", "code", "label", "number")


@dataclass(slots=True)
class Checked:
    """What came of a check: `faults` are what does not fit, `notes` what can't be told from these events."""

    claims: int = 0
    signatures: int = 0
    events: int = 0
    checkpoint: Checkpoint | None = None
    pinned: bool = False
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether all fits."""
        return not self.faults


def check(bundle: Any, vkey: str | None = None) -> Checked:
    """Check a bundle that was parsed from its JSON; `vkey` is the log's public key as one knows it oneself.

    Without `vkey` the bundle's own is believed, which shows only that the bundle agrees with itself.
    """
    done = Checked(pinned=vkey is not None)
    try:
        if bundle["format"] != FORMAT:
            raise BadNote(f"a bundle says that it is {FORMAT}")
        log = bundle["log"]
        done.checkpoint = open_checkpoint(log["checkpoint"], Verifier.from_vkey(vkey or log["vkey"]))
        claims = list(bundle["claims"])
    except (KeyError, TypeError, AttributeError, BadNote) as error:
        done.faults.append(f"the bundle: {_words(error)}")
        return done
    for one in claims:
        done.claims += 1
        try:
            name = f"claim {one['claim']}"
            done.faults += [f"{name}: {fault}" for fault in _claim_faults(one, done)]
        except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
            done.faults.append(f"claim {done.claims} of the file: malformed: {_words(error)}")
    return done


def _claim_faults(one: Mapping[str, Any], done: Checked) -> Iterator[str]:
    id, events = one["claim"], one["events"]
    for number, event in enumerate(events, 1):
        done.events += 1
        if event["stream"] != f"claim:{id}" or event["version"] != number:
            yield f"event {event['seq']} is not number {number} of this claim"
        yield from _event_faults(event, done.checkpoint)
    verdict = one.get("verdict")
    if verdict is None:
        return
    now = _folded(events)
    yield from _row_faults("verdict", verdict, now)
    yield from _seal_faults(verdict)
    signatures = one["signatures"]
    if not signatures:
        yield "its verdict has no signature"
    for signature in signatures:
        done.signatures += 1
        yield from _row_faults("signature", signature, now)
        if (signature["verdict_id"], signature["digest"]) != (verdict["id"], verdict["digest"]):
            yield f"signature {signature['id']} is under something else"
    text = one["signed"]
    if text is None:
        done.notes.append(f"claim {id}: what was signed is not in the bundle: {one.get('why', 'no reason')}")
    elif hashlib.sha256(text.encode()).hexdigest() != verdict["digest"]:
        yield "the text that was signed has another digest"
    else:
        yield from _content_faults(id, text, verdict, events, done)


def _event_faults(event: Mapping[str, Any], checkpoint: Checkpoint | None) -> Iterator[str]:
    bare = {name: value for name, value in event.items() if name != "proof"}
    yield from (f"event {event['seq']}: {fault}" for fault in check_event(bare))
    if checkpoint is None:
        return
    try:
        check_inclusion(
            [decode64(node) for node in event["proof"]],
            leaf=event_leaf(bare),
            index=event["seq"],
            size=checkpoint.size,
            root=checkpoint.root,
        )
    except (BadProof, BadNote, NotCanonical) as error:
        yield f"event {event['seq']} is not in the log that was signed: {error}"


def _folded(events: Sequence[Mapping[str, Any]]) -> Tables:
    tables: Tables = {}
    for event in events:
        apply(tables, event["patch"] or {})
    return tables


def _row_faults(table: str, row: Mapping[str, Any], tables: Tables) -> Iterator[str]:
    """A row is what the events say; a column that no event names is null."""
    known = tables.get(table, {}).get(row["id"])
    if known is None:
        yield f"no event tells of {table} {row['id']}"
        return
    for name, value in row.items():
        if _plain(known.get(name)) != _plain(value):
            yield f"{table} {row['id']}: the events have another {name}"


def _seal_faults(verdict: Mapping[str, Any]) -> Iterator[str]:
    """What was rated blind is what had been sealed."""
    if not (verdict.get("seal") and verdict.get("seal_salt")):
        return
    said = {name: verdict[name] for name in (*_RATING, "status_word", "rationale")}
    content = {
        "format": "claim-ledger-seal/1",
        "verdict": verdict["id"],
        "claim": verdict["claim_id"],
        **said,
    }
    salted = bytes.fromhex(verdict["seal_salt"]) + canonical(content)
    if f"sha256:{hashlib.sha256(salted).hexdigest()}" != verdict["seal"]:
        yield "the first rating is not what had been sealed"


def _content_faults(
    id: str, text: str, verdict: Mapping[str, Any], events: Sequence[Mapping[str, Any]], done: Checked
) -> Iterator[str]:
    """What the signed text says is what the events say stood when it was signed."""
    content: Any = parse(text)
    if content["claim"] != id or content["rationale"] != verdict["rationale"]:
        yield "the signed text is about another claim or has another rationale"
    for name in _RATING:
        if _plain(content["rating"][name]) != _plain(verdict[name]):
            yield f"the signed text has another {name}"
    if verdict.get("spans") is not None and _spans(content["spans"]) != _spans(verdict["spans"]):
        yield "the signed text has other places"
    last = next((n for n, event in enumerate(events) if _signs(event, verdict["id"])), len(events) - 1)
    before = events[: last + 1]
    if any(event["patch"] is None for event in before):
        done.notes.append(f"claim {id}: some events before the signature are redacted")
        return
    then = _folded(before)
    if then["claim"][id]["statement"] != content["statement"]:
        yield "another statement stood when it was signed"
    known = then.get("evidence", {})
    for piece in content["evidence"]:
        row = known.get(piece["id"])
        if row is None:
            done.notes.append(f"claim {id}: evidence {piece['id']} came from another claim")
        elif any(_plain(row.get(name)) != _plain(piece[name]) for name in _EVIDENCE) or row.get(
            "withdrawn_at"
        ):
            yield f"evidence {piece['id']} was another when it was signed"
    signed = {piece["id"] for piece in content["evidence"]}
    for piece_id, row in known.items():
        if piece_id not in signed and row.get("claim_id") == id and not row.get("withdrawn_at"):
            yield f"evidence {piece_id} stood when it was signed, and the signed text lacks it"


def _signs(event: Mapping[str, Any], verdict_id: str) -> bool:
    rows = (event["patch"] or {}).get("signature", {})
    return any(row.get("verdict_id") == verdict_id for row in rows.values())


def _spans(spans: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted((s["revision"], s["start"], s["end"], s["exact"], s["fate"]) for s in spans)


def _plain(value: Any) -> Any:
    """5 and 5.0 are one number."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _words(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)


def lines(done: Checked) -> Iterator[str]:
    """What came of it, in words."""
    yield from done.faults
    yield from done.notes
    yield f"{done.claims:,} claims, {done.signatures:,} signatures, {done.events:,} events"
    if done.checkpoint is not None:
        yield f"checkpoint: {done.checkpoint.origin} signed the first {done.checkpoint.size:,} events"
        if not done.pinned:
            yield "the log's key is the bundle's own: give --vkey as you know it, to be sure whose log it is"
    yield "OK: the signatures fit" if done.sound else f"FAILED: {len(done.faults):,} things do not fit"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m ledger.eventlog.bundles", description="Check signatures from a bundle, offline."
    )
    parser.add_argument("bundle", metavar="BUNDLE.json")
    parser.add_argument("--vkey", metavar="KEY", help="the log's public key: name+id+base64")
    options = parser.parse_args(arguments)
    try:
        with open(options.bundle, "rb") as file:
            bundle = parse(file.read())
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except NotCanonical as error:
        print(f"{options.bundle}: {error}", file=sys.stderr)
        return 2
    done = check(bundle, options.vkey)
    for line in lines(done):
        # What a forged bundle holds must not reach the terminal as control codes.
        print("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line))
    return 0 if done.sound else 1


if __name__ == "__main__":
    sys.exit(main())
