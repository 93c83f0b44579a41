"""Check an exported event log, offline: python -m ledger.eventlog.verify EXPORT.jsonl

With --checkpoint FILE --vkey KEY, also that the log begins with exactly the events that the signed
checkpoint covers; the log may have grown since. Exit status: 0 if all is well, 1 if the log or the
checkpoint fails, 2 if it could not be checked (no such file, no such key, wrong usage).

The file is read once, a line at a time; what is kept is one integer for each stream.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from ledger.eventlog.canonical import NotCanonical, parse
from ledger.eventlog.checkpoint import Checkpoint, Verifier, open_checkpoint
from ledger.eventlog.fold import Fault, check_event, event_leaf
from ledger.eventlog.note import MAX_NOTE_BYTES, BadNote, encode64
from ledger.eventlog.tree import HASH_BYTES, Frontier

MAX_LINE_BYTES = 64 * 1024 * 1024
SHOWN_FAULTS = 50


class Audit:
    """The checks of a whole log. Give it every event in order with `add`, then call `finish`."""

    def __init__(self, checkpoint: Checkpoint | None = None) -> None:
        """`checkpoint`: one whose signature was checked, that this log has to agree with."""
        self.checkpoint = checkpoint
        self.frontier = Frontier()
        self.versions: defaultdict[str, int] = defaultdict(int)
        self.redacted = 0
        self._next_seq = 0

    def add(self, event: object) -> list[Fault]:
        """What is wrong with the next event, or with its place; [] if nothing."""
        if not isinstance(event, dict):
            return [Fault("line", "is not a JSON object"), *self.skip()]
        own = check_event(event)
        self.redacted += event.get("patch") is None
        self.frontier.append(_leaf(event) if own else bytes.fromhex(event["leaf_hash"]))
        return [*own, *self._place_faults(event), *self._checkpoint_faults()]

    def skip(self) -> list[Fault]:
        """Count an event that can't be read, so that its successors keep their places."""
        self._next_seq += 1
        self.frontier.append(bytes(HASH_BYTES))
        return self._checkpoint_faults()

    def finish(self) -> list[Fault]:
        """What can only be said at the end: whether events are missing there."""
        covered = self.checkpoint.size if self.checkpoint else 0
        here = self.frontier.size
        if here >= covered:
            return []
        return [Fault("checkpoint", f"covers {covered:,} events; the log ends {covered - here:,} short")]

    def _place_faults(self, event: dict[str, object]) -> Iterator[Fault]:
        """After a gap we go on from what is there, so that one missing event is one fault."""
        seq, stream, version = event.get("seq"), event.get("stream"), event.get("version")
        if isinstance(seq, int):
            if seq != self._next_seq:
                yield Fault("seq", f"should be {self._next_seq}")
            self._next_seq = seq
        self._next_seq += 1
        if isinstance(stream, str) and isinstance(version, int):
            if version != self.versions[stream] + 1:
                yield Fault("version", f"of {stream} should be {self.versions[stream] + 1}")
            self.versions[stream] = version

    def _checkpoint_faults(self) -> list[Fault]:
        checkpoint = self.checkpoint
        if not checkpoint or self.frontier.size != checkpoint.size:
            return []
        if self.frontier.root() == checkpoint.root:
            return []
        return [Fault("checkpoint", f"signs another root for the first {checkpoint.size:,} events")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit status."""
    options = _options().parse_args(arguments)
    if (options.checkpoint is None) != (options.vkey is None):
        _options().error("--checkpoint and --vkey go together: a checkpoint is worth its signature")
    try:
        log = Verifier.from_vkey(options.vkey) if options.vkey else None
        note = _read(options.checkpoint) if options.checkpoint else b""
        with sys.stdin.buffer if options.export == "-" else open(options.export, "rb") as lines:
            return _report(options.export, lines, note, log)
    except BadNote as error:
        print(f"--vkey: {error}", file=sys.stderr)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
    return 2


def _report(name: str, lines: BinaryIO, note: bytes, log: Verifier | None) -> int:
    checkpoint, count = None, 0
    if log:
        try:
            checkpoint = open_checkpoint(note, log)
        except BadNote as error:
            _say(f"checkpoint: {error}")
            count = 1
    audit = Audit(checkpoint)
    for fault in _faults(lines, audit):
        count += 1
        if count <= SHOWN_FAULTS:
            _say(fault)
    size, streams = audit.frontier.size, len(audit.versions)
    _say(f"{name}: {size:,} events, {streams:,} streams, {audit.redacted:,} redacted")
    _say(f"root: {encode64(audit.frontier.root())}")
    if count:
        shown = f", the first {SHOWN_FAULTS} shown" if count > SHOWN_FAULTS else ""
        _say(f"FAILED: {count:,} {'fault' if count == 1 else 'faults'}{shown}")
        return 1
    if checkpoint:
        _say(f"checkpoint: {checkpoint.origin} signed the first {checkpoint.size:,} events as they are here")
        if newer := size - checkpoint.size:
            _say(f"not covered: {newer:,} newer than the checkpoint")
    else:
        _say("no checkpoint: the log agrees with itself; only one can show that it was not rewritten whole")
    _say("OK")
    return 0


def _faults(lines: BinaryIO, audit: Audit) -> Iterator[str]:
    number = 0
    while line := lines.readline(MAX_LINE_BYTES):
        number += 1
        try:
            found = audit.add(parse(line))
        except NotCanonical as error:
            found = [Fault("line", str(error)), *audit.skip()]
        yield from (f"line {number}: {fault}" for fault in found)
    yield from map(str, audit.finish())


def _say(text: str) -> None:
    """Print a line; what a forged export holds must not reach the terminal as control codes."""
    print("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text))


def _leaf(event: dict[str, object]) -> bytes:
    """What the event as shown hashes to; if it can't be hashed, nothing that a root could match."""
    try:
        return event_leaf(event)
    except (NotCanonical, KeyError, TypeError):
        return bytes(HASH_BYTES)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(MAX_NOTE_BYTES + 1)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ledger.eventlog.verify", description="Check an exported event log, offline."
    )
    parser.add_argument("export", metavar="EXPORT.jsonl", help="one event a line; - reads standard input")
    parser.add_argument("--checkpoint", metavar="FILE", help="a signed checkpoint of the log")
    parser.add_argument("--vkey", metavar="KEY", help="the log's public key: name+id+base64")
    return parser


if __name__ == "__main__":
    sys.exit(main())
