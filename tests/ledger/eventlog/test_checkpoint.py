"""Signing and strict reading of checkpoints. The published notes are in tests/contract/."""

import hashlib

import pytest

from ledger.eventlog.checkpoint import (
    Checkpoint,
    Signer,
    Verifier,
    open_checkpoint,
    open_note,
    sign_checkpoint,
    sign_note,
)
from ledger.eventlog.note import BadNote, encode64
from ledger.eventlog.tree import EMPTY_ROOT

ROOT = hashlib.sha256(b"root").digest()
LOG = Signer("example.com/ledger", bytes(range(32)))
WITNESS = Signer("witness.example", bytes(range(1, 33)))
CHECKPOINT = Checkpoint("example.com/ledger", 20, ROOT)
NOTE = sign_checkpoint(CHECKPOINT, LOG)


def test_a_signed_checkpoint_is_read_back():
    assert open_checkpoint(NOTE, LOG.verifier) == CHECKPOINT
    assert open_checkpoint(NOTE.encode(), LOG.verifier) == CHECKPOINT


def test_an_empty_log_has_a_checkpoint_too():
    empty = Checkpoint("example.com/ledger", 0, EMPTY_ROOT)
    assert open_checkpoint(sign_checkpoint(empty, LOG), LOG.verifier) == empty


@pytest.mark.parametrize("place", range(len(NOTE.encode())))
def test_no_byte_of_a_checkpoint_can_change(place):
    changed = bytearray(NOTE.encode())
    changed[place] ^= 1
    with pytest.raises(BadNote):
        open_checkpoint(bytes(changed), LOG.verifier)


def test_signatures_of_unknown_keys_are_passed_over():
    assert open_checkpoint(NOTE + WITNESS.signature(CHECKPOINT.text()), LOG.verifier) == CHECKPOINT
    assert open_checkpoint(NOTE + f"— {LOG.name} {encode64(bytes(68))}\n", LOG.verifier) == CHECKPOINT


def test_sixteen_signatures_are_accepted():
    others = "".join(Signer(f"w{i}.example", bytes([i] * 32)).signature(CHECKPOINT.text()) for i in range(15))
    assert open_checkpoint(NOTE.replace("\n\n", "\n\n" + others), LOG.verifier) == CHECKPOINT


def test_a_false_signature_of_a_known_key_refuses_the_note():
    forged = NOTE + WITNESS.signature("another text\n")
    with pytest.raises(BadNote, match=r"witness\.example is false"):
        open_note(forged, LOG.verifier, WITNESS.verifier)


def test_a_note_tells_who_signed_it():
    note = sign_note("Hello.\n\nTwo paragraphs.\n", LOG, WITNESS)
    text, signed_by = open_note(note, WITNESS.verifier, LOG.verifier)
    assert text == "Hello.\n\nTwo paragraphs.\n"
    assert {key.name for key in signed_by} == {"example.com/ledger", "witness.example"}


@pytest.mark.parametrize("text", ["tab\there\n", "return\r\n", "null\0\n", "no newline"])
def test_a_text_that_no_note_may_hold_is_neither_signed_nor_read(text):
    with pytest.raises(BadNote):
        sign_note(text, LOG)
    with pytest.raises(BadNote):
        open_note(text + "\n" + LOG.signature(text), LOG.verifier)


def test_another_key_of_the_same_name_does_not_count():
    with pytest.raises(BadNote, match="not signed"):
        open_checkpoint(NOTE, Signer.generate(LOG.name).verifier)


def test_a_witness_cannot_speak_for_the_log():
    with pytest.raises(BadNote, match="not of witness"):
        open_checkpoint(sign_note(CHECKPOINT.text(), WITNESS), WITNESS.verifier)
    with pytest.raises(BadNote, match="does not sign for"):
        sign_checkpoint(CHECKPOINT, WITNESS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/ledger\n20\n",
        f"example.com/ledger\n20\n{encode64(ROOT)}",
        f"\n20\n{encode64(ROOT)}\n",
        f"example.com/ledger\n020\n{encode64(ROOT)}\n",
        f"example.com/ledger\n+20\n{encode64(ROOT)}\n",
        f"example.com/ledger\n-1\n{encode64(ROOT)}\n",
        f"example.com/ledger\n\u0662\u0660\n{encode64(ROOT)}\n",
        f"example.com/ledger\n9223372036854775808\n{encode64(ROOT)}\n",
        f"example.com/ledger\n20 \n{encode64(ROOT)}\n",
        f"example.com/ledger\n20\n{encode64(ROOT)[:-1]}\n",
        f"example.com/ledger\n20\n{encode64(ROOT)[:-2]}Z=\n",
        f"example.com/ledger\n20\n{encode64(ROOT[:31])}\n",
        f"example.com/ledger\n20\n{ROOT.hex()}\n",
        f"example.com/ledger\n20\n{encode64(ROOT)}\n\n",
        f"example.com/ledger\n0\n{encode64(ROOT)}\n",
        f"example.com/ledger\r\n20\n{encode64(ROOT)}\n",
    ],
)
def test_a_text_that_is_almost_a_checkpoint_is_refused(text):
    with pytest.raises(BadNote):
        Checkpoint.parse(text)


def test_extension_lines_are_kept():
    text = CHECKPOINT.text() + "one\ntwo words\n"
    assert Checkpoint.parse(text).extensions == ("one", "two words")
    assert Checkpoint.parse(text).text() == text


@pytest.mark.parametrize(
    "note",
    [
        b"", b"text\n", b"text\n\n", NOTE[:-1], NOTE + "\n", NOTE + "— x\n", NOTE + "- x AAAAAAAA\n",
        NOTE + "— x+y AAAAAAAA\n", NOTE + "— x\u00a0y AAAAAAAA\n", NOTE + "— x  AAAAAAAA\n",
        NOTE + "— x AAAAAA==\n", NOTE.replace("\n", "\r\n"), NOTE.encode() + b"\xff", NOTE + "\t",
        NOTE + "— x AAAAAAAA\n" * 200, "x" * 1_000_001,
    ],
)  # fmt: skip
def test_a_malformed_note_is_refused(note):
    with pytest.raises(BadNote):
        open_checkpoint(note, LOG.verifier)


@pytest.mark.parametrize(
    "vkey",
    [
        "", "example.com/ledger", LOG.verifier.vkey.replace("ledger", "ledges"), LOG.verifier.vkey[:-4],
        LOG.verifier.vkey.replace("+", " "), f"x+00000000+{encode64(bytes([2]) + bytes(32))}", LOG.secret,
    ],
)  # fmt: skip
def test_a_malformed_key_is_refused(vkey):
    with pytest.raises(BadNote):
        Verifier.from_vkey(vkey)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb", "a\u2003b"])
def test_a_name_that_would_not_be_read_back_is_refused(name):
    with pytest.raises(BadNote):
        Signer.generate(name)


def test_keys_survive_as_text_and_keep_their_secret():
    signer = Signer.generate("example.com/ledger")
    assert Signer.from_secret(signer.secret) == signer
    assert Verifier.from_vkey(signer.verifier.vkey) == signer.verifier
    assert signer.seed.hex() not in repr(signer)
    assert repr(signer.seed) not in repr(signer)
    with pytest.raises(BadNote) as refused:
        Signer.from_secret(signer.secret.replace("ledger", "ledges"))
    assert signer.secret[-20:] not in str(refused.value)
