"""One event's proof in one file: written, read strictly, checked."""

import hashlib

import pytest

from ledger.eventlog.checkpoint import Checkpoint, Signer, sign_checkpoint
from ledger.eventlog.note import BadNote
from ledger.eventlog.proof_file import ProofFile
from ledger.eventlog.proofs import BadProof, inclusion
from ledger.eventlog.tree import root

LOG = Signer("example.com/ledger", bytes(range(32)))
LEAVES = [hashlib.sha256(bytes([i])).digest() for i in range(11)]
NOTE = sign_checkpoint(Checkpoint(LOG.name, 11, root(LEAVES)), LOG)
PROOF = ProofFile(6, tuple(inclusion(LEAVES, 6)), NOTE)
TEXT = PROOF.text()


def test_a_proof_is_written_in_the_published_form():
    first, second, *path, gap = TEXT.removesuffix(NOTE).split("\n")[:-1]
    assert (first, second, gap) == ("c2sp.org/tlog-proof@v1", "index 6", "")
    assert len(path) == 4


@pytest.mark.parametrize("extra", [None, b"", b"anything"])
def test_a_proof_is_read_back(extra):
    proof = ProofFile(6, PROOF.path, NOTE, extra)
    assert ProofFile.parse(proof.text()) == proof
    assert ProofFile.parse(proof.text().encode()) == proof


def test_a_proof_shows_its_event():
    assert ProofFile.parse(TEXT).check(LEAVES[6], LOG.verifier).size == 11


def test_a_log_of_one_event_needs_no_path():
    note = sign_checkpoint(Checkpoint(LOG.name, 1, LEAVES[0]), LOG)
    proof = ProofFile.parse(ProofFile(0, (), note).text())
    assert proof.check(LEAVES[0], LOG.verifier).size == 1


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        (TEXT, LEAVES[5]),
        (TEXT.replace("index 6", "index 7"), LEAVES[6]),
        (TEXT.replace("index 6", "index 11"), LEAVES[6]),
        (TEXT.replace("\n11\n", "\n12\n"), LEAVES[6]),
        (TEXT.replace("ledger\n", "ledges\n"), LEAVES[6]),
        ("\n".join(TEXT.split("\n")[:2] + TEXT.split("\n")[3:]), LEAVES[6]),
    ],
)
def test_a_changed_proof_shows_nothing(text, leaf):
    with pytest.raises((BadProof, BadNote)):
        ProofFile.parse(text).check(leaf, LOG.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.replace("@v1", "@v2"),
        TEXT.replace("index 6\n", ""),
        TEXT.replace("index 6", "index 06"),
        TEXT.replace("index 6", "index -6"),
        TEXT.replace("index 6", "index six"),
        TEXT.replace("index 6", "index 6\nindex 6"),
        TEXT.replace("index 6", "extra !\nindex 6"),
        TEXT.replace("index 6", "index 6\n" + "A" * 44),
        TEXT.replace("index 6", "index 6\nAAAA"),
        TEXT.replace("\n\n", "\n", 1).replace("\n\n", "\n"),
        TEXT.replace("\n", "\r\n"),
        TEXT.encode() + b"\xff",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + ("A" * 43 + "=\n") * 64 + "\n" + NOTE,
    ],
)
def test_a_malformed_file_is_refused(text):
    with pytest.raises(BadProof):
        ProofFile.parse(text)
