"""Bundles: signatures that can be checked offline, with SHA-256 alone and by our own checker."""

import base64
import copy
import hashlib
import json

import pytest

from ledger.errors import NotFound
from ledger.eventlog import bundles as checker
from ledger.eventlog.canonical import parse
from ledger.eventlog.checkpoint import Signer
from ledger.eventlog.proofs import inclusion
from ledger.ids import new_id
from ledger.models import DEFAULT_DESK
from ledger.services import blind, bundles, checkpoints, claims, desks, verdicts
from ledger.settings import Settings
from tests.factories import TEXT, make_claim, make_evidence, make_verdict
from tests.ledger.services.desk import TWO, do, now


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path, log_origin="example.org/ledger")


@pytest.fixture
def settled(database, people):
    claim, _ = make_verdict(database, people.reviewer, people.reviewer2)
    return now(database, claim)


def _bundle(database, settings, *ids):
    return parse(bundles.whole(database, settings, ids))


def test_a_signature_is_checked_with_sha256_alone(database, people, settings, settled):
    """As docs/eventlog.md tells to do it in any language: no line of the ledger's code is used here."""
    bundle = json.loads(bundles.whole(database, settings, [settled.id]))
    (one,) = bundle["claims"]
    verdict, (signature,) = one["verdict"], one["signatures"]
    # What was signed.
    assert hashlib.sha256(one["signed"].encode()).hexdigest() == signature["digest"] == verdict["digest"]
    signed = json.loads(one["signed"])
    assert (signed["statement"], signed["rationale"]) == (settled.statement, verdict["rationale"])
    # That the log has the signature: the event's patch, its envelope, and the way up to the root.
    event = next(e for e in one["events"] if signature["id"] in e["patch"].get("signature", {}))
    assert event["patch"]["signature"][signature["id"]]["digest"] == signature["digest"]
    salted = bytes.fromhex(event["salt"]) + _jcs(event["patch"])
    assert event["patch_hash"] == "sha256:" + hashlib.sha256(salted).hexdigest()
    envelope = {name: event[name] for name in ("id", "stream", "version", "kind", "at", "actor")}
    envelope |= {"format": "claim-ledger-event/1", "patch": event["patch_hash"]}
    node = hashlib.sha256(b"\x00" + _jcs(envelope)).digest()
    origin, size, root = bundle["log"]["checkpoint"].split("\n")[:3]
    index, last = event["seq"], int(size) - 1
    for sibling in map(base64.b64decode, event["proof"]):
        if index % 2 or index == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        index, last = index >> 1, last >> 1
    assert base64.b64encode(node).decode() == root
    assert origin == "example.org/ledger"


def _jcs(value):
    """RFC 8785 for what a bundle holds: it is spelled so already, and Python keeps whole numbers whole."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_what_is_checked_is_told(database, settings, settled):
    done = checker.check(_bundle(database, settings, settled.id))
    assert (done.sound, done.claims, done.signatures, done.notes) == (True, 1, 1, [])
    assert "give --vkey" in " ".join(checker.lines(done))
    key = checkpoints.signer(settings).verifier.vkey
    assert "give --vkey" not in " ".join(
        checker.lines(checker.check(_bundle(database, settings, settled.id), key))
    )


def test_a_stale_claim_s_bundle_has_what_was_signed_then(database, people, settings, settled):
    make_evidence(database, people.reviewer, settled, url="https://later.example/")
    version = now(database, settled).version
    do(
        database, claims.reword, settled.id, by=people.reviewer, version=version,
        details={"statement": "Another one."},
    )  # fmt: skip
    bundle = _bundle(database, settings, settled.id)
    (one,) = bundle["claims"]
    assert (one["status"], one["statement"]) == ("stale", "Another one.")
    assert json.loads(one["signed"])["statement"] == settled.statement
    assert checker.check(bundle).sound


def test_blind_ratings_are_checked_against_their_seals(database, people, settings):
    do(database, desks.change, DEFAULT_DESK, by=people.editor, version=0, details={"blind": True})
    claim = make_claim(database, people.reviewer)
    make_evidence(database, people.reviewer, claim)
    verdict = do(
        database, verdicts.propose, claim.id, by=people.reviewer, version=now(database, claim).version,
        code="refuted", rationale="No.", policy=TWO,
    )  # fmt: skip
    do(
        database, blind.rate, verdict.id, by=people.reviewer2, digest_seen=verdict.digest, policy=TWO,
        code="refuted", rationale="No, too.",
    )  # fmt: skip
    digest = now(database, verdict).digest
    do(database, verdicts.sign, verdict.id, by=people.reviewer2, digest_seen=digest, policy=TWO)
    bundle = _bundle(database, settings, claim.id)
    assert checker.check(bundle).sound
    bundle["claims"][0]["verdict"]["rationale"] = "Yes."
    faults = checker.check(bundle).faults
    assert any("sealed" in fault for fault in faults)


def test_a_claim_without_a_verdict_has_its_events_only(database, people, settings):
    claim = make_claim(database, people.reviewer)
    bundle = _bundle(database, settings, claim.id)
    assert bundle["claims"][0]["verdict"] is None
    assert checker.check(bundle).sound
    with pytest.raises(NotFound):
        _bundle(database, settings, new_id())


def _forged(bundle, change):
    forged = copy.deepcopy(bundle)
    change(forged["claims"][0])
    return checker.check(forged)


def _event_with(one, table):
    return next(e for e in one["events"] if table in e["patch"])


FORGERIES = {
    "the text that was signed": lambda one: one.update(signed=one["signed"].replace("builders", "bankers")),
    "the verdict": lambda one: one["verdict"].update(code="refuted"),
    "the digest": lambda one: one["verdict"].update(digest="0" * 64),
    "who signed": lambda one: one["signatures"][0].update(account_id=one["verdict"]["proposed_by"]),
    "no signature": lambda one: one["signatures"].clear(),
    "what an event says": lambda one: _event_with(one, "verdict")["patch"]["verdict"].clear(),
    "who did it": lambda one: one["events"][-1].update(actor="system"),
    "where it stands": lambda one: one["events"][-1].update(seq=0),
    "the proof": lambda one: (
        one["events"][-1]["proof"].reverse() or one["events"][-1]["proof"].append("AAAA")
    ),
    "an event fewer": lambda one: one["events"].pop(0),
    "another claim": lambda one: one.update(claim="0190d9c2-1111-7000-8000-000000000001"),
    "not a list": lambda one: one.update(events=None),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_what_was_tampered_with_is_found(database, settings, settled, what):
    assert _forged(_bundle(database, settings, settled.id), FORGERIES[what]).faults


@pytest.mark.parametrize(
    "bundle",
    [None, [], {}, {"format": "other"}, {"format": checker.FORMAT}, {"format": checker.FORMAT, "log": {}}],
)
def test_what_is_no_bundle_is_no_bundle(bundle):
    assert not checker.check(bundle).sound


def test_another_log_s_key_is_not_believed(database, settings, settled):
    other = Signer.generate("example.org/ledger").verifier.vkey
    assert not checker.check(_bundle(database, settings, settled.id), other).sound


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_the_paths_are_those_of_the_proofs(size):
    leaves = [hashlib.sha256(bytes([n])).digest() for n in range(size)]
    tree = bundles.Tree(leaves)
    assert all(tree.path(n) == inclusion(leaves, n) for n in range(size))


def test_many_claims_make_one_bundle(database, people, settings):
    found = [
        make_verdict(
            database, people.reviewer, people.reviewer2,
            make_claim(database, people.reviewer, text=f"{TEXT}\nNumber {n}.\n"),
        )[0]
        for n in range(3)
    ]  # fmt: skip
    done = checker.check(_bundle(database, settings, *(claim.id for claim in found)))
    assert (done.sound, done.claims, done.signatures) == (True, 3, 3)
