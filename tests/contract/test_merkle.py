"""Our log against the world: published vectors, and docs/eventlog.md as another would read it.

Each file in vectors/ names its source. The last part reads the example of docs/eventlog.md with a
second implementation, written from that page with the standard library alone.
"""

import base64
import hashlib
import json
import re
import struct
from pathlib import Path

import pytest

from ledger.eventlog.canonical import NotCanonical, canonical, parse
from ledger.eventlog.checkpoint import Checkpoint, Signer, Verifier, open_note, sign_note
from ledger.eventlog.note import BadNote, split_note
from ledger.eventlog.proofs import BadProof, check_consistency, check_inclusion, consistency, inclusion
from ledger.eventlog.tree import leaf_hash, root
from ledger.eventlog.verify import main

HERE = Path(__file__).parent
VECTORS = HERE / "vectors"
DOC = (HERE.parents[1] / "docs" / "eventlog.md").read_text(encoding="utf-8")


def vectors(name):
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def unhex(values):
    return [bytes.fromhex(value) for value in values]


CT = vectors("rfc6962")
LEAVES = [leaf_hash(leaf) for leaf in unhex(CT["leaves"])]
ROOTS = unhex(CT["roots"])
JCS = vectors("rfc8785")
NOTES = vectors("signed_note")
JUNK = bytes.fromhex("abacaba000000000000000000000000000000000000000000060061e00123456")


def refuses(check, proof, **claim):
    try:
        check(proof, **claim)
    except BadProof:
        return True
    return False


# RFC 6962


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size):
    assert root(LEAVES[:size]) == ROOTS[size]


@pytest.mark.parametrize("case", CT["inclusion"], ids=lambda case: f"{case['index']}-of-{case['size']}")
def test_inclusion_proofs_are_the_published_ones(case):
    assert inclusion(LEAVES, case["index"], case["size"]) == unhex(case["proof"])


@pytest.mark.parametrize("case", CT["consistency"], ids=lambda case: f"{case['old']}-to-{case['new']}")
def test_consistency_proofs_are_the_published_ones(case):
    assert consistency(LEAVES, case["old"], case["new"]) == unhex(case["proof"])


@pytest.mark.parametrize("case", CT["inclusion"], ids=lambda case: f"{case['index']}-of-{case['size']}")
def test_published_inclusion_proofs_hold_and_their_corruptions_do_not(case):
    """The corruptions are those of transparency-dev/merkle, proof/verify_test.go."""
    index, size, proof = case["index"], case["size"], unhex(case["proof"])
    leaf, top = LEAVES[index], ROOTS[size]
    check_inclusion(proof, leaf=leaf, index=index, size=size, root=top)
    corrupted = {
        "index - 1": (proof, leaf, index - 1, size, top),
        "index + 1": (proof, leaf, index + 1, size, top),
        "index ^ 2": (proof, leaf, index ^ 2, size, top),
        "size * 2": (proof, leaf, index, size * 2, top),
        "size / 2": (proof, leaf, index, size // 2, top),
        "size 0": (proof, leaf, index, 0, top),
        "wrong leaf": (proof, b"WrongLeaf", index, size, top),
        "empty root": (proof, leaf, index, size, ROOTS[0]),
        "random root": (proof, leaf, index, size, JUNK),
        "short root": (proof, leaf, index, size, b""),
        "trailing garbage": ([*proof, b""], leaf, index, size, top),
        "trailing root": ([*proof, top], leaf, index, size, top),
        "preceding garbage": ([b"", *proof], leaf, index, size, top),
        "preceding root": ([top, *proof], leaf, index, size, top),
    }
    if proof:
        corrupted["removed component"] = (proof[:-1], leaf, index, size, top)
    if len(proof) > 1:
        corrupted["inserted component"] = ([proof[0], JUNK, *proof[1:]], leaf, index, size, top)
    for name, (path, its_leaf, i, n, its_root) in corrupted.items():
        assert refuses(check_inclusion, path, leaf=its_leaf, index=i, size=n, root=its_root), name


@pytest.mark.parametrize("case", CT["consistency"], ids=lambda case: f"{case['old']}-to-{case['new']}")
def test_published_consistency_proofs_hold_and_their_corruptions_do_not(case):
    """The corruptions are those of transparency-dev/merkle, proof/verify_test.go."""
    old, new, proof = case["old"], case["new"], unhex(case["proof"])
    first, last = ROOTS[old], ROOTS[new]
    check_consistency(proof, old=old, old_root=first, new=new, new_root=last)
    corrupted = {
        "wrong old root": (proof, old, b"WrongRoot", new, last),
        "wrong new root": (proof, old, first, new, b"WrongRoot"),
        "trailing garbage": ([*proof, b""], old, first, new, last),
        "trailing old root": ([*proof, first], old, first, new, last),
        "preceding garbage": ([b"", *proof], old, first, new, last),
        "preceding new root": ([last, *proof], old, first, new, last),
    }
    # The published corruptions of sizes are for proofs that hold something.
    if proof:
        corrupted |= {
            "old - 1": (proof, old - 1, first, new, last),
            "old + 1": (proof, old + 1, first, new, last),
            "old ^ 2": (proof, old ^ 2, first, new, last),
            "new * 2": (proof, old, first, new * 2, last),
            "new / 2": (proof, old, first, new // 2, last),
            "swapped roots": (proof, old, last, new, first),
            "empty proof": ([], old, first, new, last),
            "truncated proof": (proof[:-1], old, first, new, last),
            "preceding first": ([proof[0], *proof], old, first, new, last),
        }
    for name, (path, m, old_root, n, new_root) in corrupted.items():
        assert refuses(check_consistency, path, old=m, old_root=old_root, new=n, new_root=new_root), name


# RFC 8785


@pytest.mark.parametrize(("bits", "text"), JCS["numbers"].items())
def test_numbers_are_written_as_rfc_8785_does(bits, text):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number) == text.encode()


@pytest.mark.parametrize("bits", JCS["not_numbers"])
def test_what_rfc_8785_calls_no_number_is_refused(bits):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    with pytest.raises(NotCanonical):
        canonical(number)


@pytest.mark.parametrize("case", JCS["documents"], ids=lambda case: case["name"])
def test_documents_are_written_as_rfc_8785_does(case):
    assert canonical(parse(case["input"])) == case["output"].encode()


# Signed notes and checkpoints


@pytest.mark.parametrize("name", ["c2sp", "go"])
def test_published_notes_are_verified(name):
    verifier = Verifier.from_vkey(NOTES[name]["vkey"])
    text, signed_by = open_note(NOTES[name]["note"], verifier)
    assert NOTES[name]["note"].startswith(text + "\n—")
    assert signed_by == [verifier]
    assert verifier.vkey == NOTES[name]["vkey"]


def test_a_changed_word_in_a_published_note_is_noticed():
    verifier = Verifier.from_vkey(NOTES["c2sp"]["vkey"])
    with pytest.raises(BadNote, match="false"):
        open_note(NOTES["c2sp"]["note"].replace("message", "massage"), verifier)


def test_we_sign_as_go_does_to_the_byte():
    signer = Signer.from_secret(NOTES["go"]["secret"])
    text, _ = split_note(NOTES["go"]["note"])
    assert signer.secret == NOTES["go"]["secret"]
    assert signer.verifier.vkey == NOTES["go"]["vkey"]
    assert sign_note(text, signer) == NOTES["go"]["note"]


def test_the_published_checkpoint_is_read_and_written_back():
    text, [(name, _)] = split_note(NOTES["checkpoint"]["note"])
    checkpoint = Checkpoint.parse(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert name == checkpoint.origin
    assert checkpoint.text() == text


# docs/eventlog.md, with a second implementation


def block(name):
    return re.search(rf"^```\w+ {name}\n(.*?)\n```$", DOC, re.MULTILINE | re.DOTALL)[1]


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def plain_jcs(value):
    """JCS for what the example holds: ASCII keys, small integers, floats that are short."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def plain_root(hashes):
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256()
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha256(b"\x01", plain_root(hashes[:k]), plain_root(hashes[k:]))


EXAMPLE = [json.loads(line) for line in (VECTORS / "example-log.jsonl").read_bytes().splitlines()]


def test_the_documented_event_hashes_as_the_page_says():
    event = EXAMPLE[2]
    assert block("patch").encode() == plain_jcs(event["patch"])
    assert block("salt") == event["salt"]
    digest = sha256(bytes.fromhex(block("salt")), block("patch").encode()).hex()
    assert block("patch_hash") == "sha256:" + digest == event["patch_hash"]
    envelope = {name: event[name] for name in ("id", "stream", "version", "kind", "at", "actor")}
    envelope |= {"format": "claim-ledger-event/1", "patch": block("patch_hash")}
    assert block("leaf").encode() == plain_jcs(envelope)
    assert block("leaf_hash") == sha256(b"\x00", block("leaf").encode()).hex() == event["leaf_hash"]


def test_the_documented_root_and_checkpoint_are_those_of_the_example():
    leaves = block("leaves").split("\n")
    assert leaves == [event["leaf_hash"] for event in EXAMPLE[:6]]
    assert block("root") == plain_root(unhex(leaves)).hex()
    origin, size, top, *_ = block("checkpoint").split("\n")
    assert (origin, size) == ("example.com/ledger", "6")
    assert base64.b64decode(top).hex() == block("root")
    assert block("checkpoint") + "\n" == (VECTORS / "example.checkpoint").read_text(encoding="utf-8")
    assert block("vkey") + "\n" == (VECTORS / "example.vkey").read_text(encoding="utf-8")


def test_the_documented_inclusion_proof_leads_to_the_root():
    assert block("proof") + "\n" == (VECTORS / "example.tlog-proof").read_text(encoding="utf-8")
    _, index, *path = block("proof").split("\n\n")[0].split("\n")
    assert index == "index 2"
    fourth, pair, last_two = map(base64.b64decode, path)
    left = sha256(b"\x01", bytes.fromhex(block("leaf_hash")), fourth)
    assert sha256(b"\x01", sha256(b"\x01", pair, left), last_two).hex() == block("root")


def test_the_documented_consistency_proof_holds():
    leaves = unhex(block("leaves").split("\n"))
    proof = unhex(block("consistency").split("\n"))
    third, fourth, pair, last_two = proof
    assert sha256(b"\x01", pair, third) == plain_root(leaves[:3])
    four = sha256(b"\x01", pair, sha256(b"\x01", third, fourth))
    assert sha256(b"\x01", four, last_two) == plain_root(leaves)
    check_consistency(
        proof, old=3, old_root=plain_root(leaves[:3]), new=6, new_root=bytes.fromhex(block("root"))
    )


def test_the_documented_command_prints_what_the_page_shows(capsys, monkeypatch):
    monkeypatch.chdir(VECTORS)
    status = main(["example-log.jsonl", "--checkpoint", "example.checkpoint", "--vkey", block("vkey")])
    assert status == 0
    assert capsys.readouterr().out.strip() in DOC
