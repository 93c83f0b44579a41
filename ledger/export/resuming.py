"""What is whole in a file that broke off: where to go on, and after which claim."""

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

import orjson

from claims.values import dataclass
from ledger.errors import Invalid
from ledger.export.csv import BOM
from ledger.ids import is_id

_ID = 36


@dataclass(frozen=True, slots=True)
class Kept:
    """The first `size` bytes are whole: `number` members, of which `last` is the last one's id."""

    size: int = 0
    number: int = 0
    last: str | None = None


def csv_kept(file: BinaryIO, head: Sequence[str]) -> Kept:
    """What is whole of a CSV with this head. Invalid if it begins in another way."""
    _begins(file, (",".join(head) + "\r\n").encode(), mark=BOM)
    return _kept(file, _records(file), lambda line: line[:_ID].decode("ascii", "replace"), head=1)


def jsonl_kept(file: BinaryIO) -> Kept:
    """The same of JSON Lines."""
    _begins(file, b'{"claim_id":"')
    return _kept(file, _lines(file), lambda line: _named(line, "claim_id"))


def feed_kept(file: BinaryIO) -> Kept:
    """The same of a DataFeed of ClaimReviews; the claim's id ends the address of its review."""
    _begins(file, b'{"@context":"https://schema.org","@type":"DataFeed","name":"ClaimReviews of ')
    return _kept(file, _items(file), lambda line: _named(line, "url"), head=1)


def annotations_kept(file: BinaryIO) -> Kept:
    """The same of Web Annotations; the last id is that of an annotation."""
    _begins(file, b'{"@context":"http://www.w3.org/ns/anno.jsonld","id":"')
    return _kept(file, _items(file), lambda line: _named(line, "id"), head=1)


def _begins(file: BinaryIO, begins: bytes, *, mark: bytes = b"") -> None:
    # Nothing of what somebody named by mistake may be lost.
    file.seek(0)
    found = file.read(len(mark + begins)).removeprefix(mark)[: len(begins)]
    if not (begins.startswith(found) or mark.startswith(found)):
        raise _other()
    file.seek(0)


def _kept(file: BinaryIO, ends: Iterator[int], name: Callable[[bytes], str], *, head: int = 0) -> Kept:
    begins = size = number = 0
    for end in ends:
        begins, size, number = size, end, number + 1
    if number <= head:
        return Kept()
    file.seek(begins)
    last = name(file.read(size - begins))
    if not is_id(last):
        raise _other()
    return Kept(size, number - head, last)


def _records(file: BinaryIO) -> Iterator[int]:
    """Where each record of a CSV ends: at a line's end that does not stand in quotes."""
    size, quoted = 0, False
    for line in file:
        size += len(line)
        quoted ^= bool(line.count(b'"') % 2)
        if not quoted and line.endswith(b"\r\n"):
            yield size


def _lines(file: BinaryIO) -> Iterator[int]:
    size = 0
    for line in file:
        size += len(line)
        if line.endswith(b"\n"):
            yield size


def _items(file: BinaryIO) -> Iterator[int]:
    """Where the head and each item of a list end that has an item a line, without the comma behind it."""
    size = 0
    for line in file:
        if line.startswith(b"{") and line.endswith(b"\n"):
            yield size + len(line.rstrip(b",\n"))
        size += len(line)


def _named(line: bytes, by: str) -> str:
    try:
        return str(orjson.loads(line.lstrip(b",\n"))[by])[-_ID:]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise _other() from None


def _other() -> Invalid:
    return Invalid("The file is no such export, or one of another version. Take it anew.", field="resume")


READERS: dict[str, Callable[[BinaryIO], Kept]] = {
    "jsonl": jsonl_kept, "claimreview": feed_kept, "annotations": annotations_kept,
}  # fmt: skip
