"""A signed tree head: C2SP tlog-checkpoint v1.0.0 in a C2SP signed note v1.0.0, with Ed25519.

    example.com/ledger            origin: which log this is; also the name of its key
    4                             how many events
    zyHV…=                        the root over them, base64
                                  an empty line, then one line for each signature
    — example.com/ledger …        base64(key id || signature)

Sources: https://c2sp.org/tlog-checkpoint@v1.0.0, https://c2sp.org/signed-note@v1.0.0. The key texts
are those of Go's golang.org/x/mod/sumdb/note. A log must never sign two
checkpoints of which neither extends the other: that is up to whoever calls `sign_checkpoint`.
"""

import hashlib
import os
import re
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.eventlog.note import (
    CONTROL,
    ED25519,
    BadNote,
    decode64,
    encode64,
    key_parts,
    require_key_name,
    split_note,
)
from ledger.eventlog.tree import EMPTY_ROOT, HASH_BYTES

_PREFIX = "PRIVATE+KEY+"
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's claim to have had `size` events with this root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size < 2**63:
            raise BadNote(f"not a tree size: {self.size}")
        if len(self.root) != HASH_BYTES:
            raise BadNote(f"a root has {HASH_BYTES} bytes, not {len(self.root)}")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise BadNote("that is not the root of the empty tree")
        for line in (self.origin, *self.extensions):
            if not line or "\n" in line or CONTROL.search(line):
                raise BadNote(f"not a line of a checkpoint: {line!r}")

    def text(self) -> str:
        """The note text, which is what gets signed."""
        lines = (self.origin, str(self.size), encode64(self.root), *self.extensions)
        return "".join(line + "\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `text` wrote; BadNote for anything else. This checks no signature."""
        if not text.endswith("\n"):
            raise BadNote("a checkpoint ends with a newline")
        lines = text[:-1].split("\n")
        if len(lines) < 3:
            raise BadNote("a checkpoint has an origin, a size and a root")
        origin, size, root, *extensions = lines
        if not _SIZE.fullmatch(size):
            raise BadNote(f"not a tree size: {size!r}")
        return cls(origin, int(size), decode64(root), tuple(extensions))


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key and its name: enough to check what its owner signed."""

    name: str
    key: bytes

    def __post_init__(self) -> None:
        require_key_name(self.name)
        if len(self.key) != 32:
            raise BadNote(f"an Ed25519 public key has 32 bytes, not {len(self.key)}")

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart; they prove nothing."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:4]

    @property
    def vkey(self) -> str:
        """The public key as text: name+key id in hex+base64(type || key)."""
        return f"{self.name}+{self.key_id.hex()}+{encode64(ED25519 + self.key)}"

    @classmethod
    def from_vkey(cls, vkey: str) -> Self:
        """Read a public key; BadNote if it is malformed, not Ed25519, or its id is wrong."""
        name, key_id, key = key_parts(vkey)
        verifier = cls(name, key)
        if verifier.key_id.hex() != key_id:
            raise BadNote("the key's id does not belong to its name and key")
        return verifier


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and its name. Keep `secret` out of logs, dumps and exports."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != 32:
            raise BadNote(f"an Ed25519 private key has 32 bytes, not {len(self.seed)}")
        _ = self.verifier  # which refuses a bad name

    @classmethod
    def generate(cls, name: str) -> Self:
        """A new key; name it after the log's origin, such as "example.com/ledger"."""
        return cls(name, os.urandom(32))

    @classmethod
    def from_secret(cls, secret: str) -> Self:
        """Read what `secret` wrote. The errors never repeat it."""
        if not secret.startswith(_PREFIX):
            raise BadNote(f"a private key begins with {_PREFIX}")
        name, key_id, seed = key_parts(secret.removeprefix(_PREFIX))
        signer = cls(name, seed)
        if signer.verifier.key_id.hex() != key_id:
            raise BadNote("the key's id does not belong to its name and key")
        return signer

    @property
    def secret(self) -> str:
        """The private key as text: PRIVATE+KEY+name+key id in hex+base64(type || seed)."""
        key_id = self.verifier.key_id.hex()
        return f"{_PREFIX}{self.name}+{key_id}+{encode64(ED25519 + self.seed)}"

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self._key().public_key().public_bytes_raw())

    def signature(self, text: str) -> str:
        """The signature line for a note text, with its newline."""
        raw = self.verifier.key_id + self._key().sign(text.encode())
        return f"— {self.name} {encode64(raw)}\n"

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def sign_note(text: str, *signers: Signer) -> str:
    """The signed note; `text` ends with a newline and has no other control characters."""
    note = text + "\n" + "".join(signer.signature(text) for signer in signers)
    if split_note(note)[0] != text:
        raise BadNote("the text would not be read back as it is")
    return note


def open_note(note: str | bytes, *verifiers: Verifier) -> tuple[str, list[Verifier]]:
    """The text, and which of `verifiers` signed it: at least one, or BadNote.

    Signatures of unknown keys are passed over; a false one of a known key refuses the whole note.
    """
    text, signatures = split_note(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    signed: dict[Verifier, None] = {}
    for name, blob in signatures:
        if verifier := known.get((name, blob[:4])):
            try:
                Ed25519PublicKey.from_public_bytes(verifier.key).verify(blob[4:], text.encode())
            except (InvalidSignature, ValueError) as error:
                raise BadNote(f"the signature of {name} is false") from error
            signed[verifier] = None
    if not signed:
        names = ", ".join(verifier.name for verifier in verifiers)
        raise BadNote(f"the note is not signed by the key of {names}")
    return text, list(signed)


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note of a checkpoint; the signer has the log's origin for its name."""
    if signer.name != checkpoint.origin:
        raise BadNote(f"the key of {signer.name} does not sign for {checkpoint.origin}")
    return sign_note(checkpoint.text(), signer)


def open_checkpoint(note: str | bytes, log: Verifier) -> Checkpoint:
    """The checkpoint in a note, if the log's own key signed it; else BadNote."""
    text, _ = open_note(note, log)
    checkpoint = Checkpoint.parse(text)
    if checkpoint.origin != log.name:
        raise BadNote(f"this is a checkpoint of {checkpoint.origin}, not of {log.name}")
    return checkpoint
