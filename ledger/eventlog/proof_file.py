"""One event's proof in one file (C2SP tlog-proof v1): index, path and signed checkpoint.

    c2sp.org/tlog-proof@v1
    extra …                       optional, base64; nobody vouches for it
    index 2
    …                             the inclusion proof, a base64 hash a line, the sibling first
                                  an empty line, then the checkpoint as it was signed

Files are named *.tlog-proof. Source: https://c2sp.org/tlog-proof.
"""

import re
from dataclasses import dataclass
from typing import Self

from ledger.eventlog.checkpoint import Checkpoint, Verifier, open_checkpoint
from ledger.eventlog.note import MAX_NOTE_BYTES, BadNote, decode64, encode64
from ledger.eventlog.proofs import BadProof, check_inclusion
from ledger.eventlog.tree import HASH_BYTES

MAGIC = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63
"""A tree of 2^63 events, more than a checkpoint can count, has no longer path."""

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class ProofFile:
    """All that it takes to show, offline, that an event is in the log; `check` does it."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __post_init__(self) -> None:
        if self.index < 0 or len(self.path) > MAX_HASHES:
            raise BadProof("no log has such a place")
        if any(len(node) != HASH_BYTES for node in self.path):
            raise BadProof(f"a hash has {HASH_BYTES} bytes")

    def text(self) -> str:
        """The content of the file, to be written as UTF-8."""
        lines = [MAGIC]
        if self.extra is not None:
            lines.append(f"extra {encode64(self.extra)}")
        lines += [f"index {self.index}", *map(encode64, self.path), ""]
        return "".join(line + "\n" for line in lines) + self.checkpoint

    @classmethod
    def parse(cls, file: str | bytes) -> Self:
        """Read such a file; BadProof if it is malformed. This checks neither path nor signature."""
        if len(file) > 2 * MAX_NOTE_BYTES:
            raise BadProof("the file is too long")
        try:
            text = file.decode() if isinstance(file, bytes) else file
            head, gap, checkpoint = text.partition("\n\n")
            magic, *lines = head.split("\n")
            if magic != MAGIC or not gap:
                raise BadProof(f"a proof begins with {MAGIC} and ends with a checkpoint")
            extra = None
            if lines and lines[0].startswith("extra "):
                extra = decode64(lines.pop(0).removeprefix("extra "))
            if not lines or not (index := _INDEX.fullmatch(lines[0])):
                raise BadProof("a proof has its index in the second line, or after the extra line")
            return cls(int(index[1]), tuple(map(decode64, lines[1:])), checkpoint, extra)
        except (UnicodeDecodeError, BadNote) as error:
            raise BadProof(f"malformed: {error}") from error

    def check(self, leaf: bytes, log: Verifier) -> Checkpoint:
        """The checkpoint, if `log` signed it and leaf hash `leaf` is in its tree at `index`.

        Raises BadNote for the checkpoint, BadProof for the path. Compute `leaf` from the event;
        a leaf hash that came with the proof shows nothing about the event.
        """
        checkpoint = open_checkpoint(self.checkpoint, log)
        check_inclusion(self.path, leaf=leaf, index=self.index, size=checkpoint.size, root=checkpoint.root)
        return checkpoint
