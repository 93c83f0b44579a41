"""WARC 1.1 (ISO 28500): questions to sites and their answers, each record a gzip member of its own.

Written by hand: header lines go in as the site sent them, byte for byte, and nothing else is needed to read
what is so plain. A record can be read alone, by its place and length, as an index of a WACZ wants it.
"""

import hashlib
import uuid
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO, Protocol

from claims.values import dataclass, field
from ledger import __version__

MEDIA_TYPE = "application/octet-stream"
_GZIP = 16 + zlib.MAX_WBITS
_READ = 16 * 1024
_HEADS = 256 * 1024
_CHUNKED = b"transfer-encoding:"
_HEAD_END = b"\r\n\r\n"


class Exchange(Protocol):
    """A question to a site and the answer: heads with their empty line, the body as sent but for chunking.

    `body` is None where it was not read.
    """

    @property
    def url(self) -> str: ...
    @property
    def asked(self) -> bytes: ...
    @property
    def head(self) -> bytes: ...
    @property
    def body(self) -> bytes | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def ip(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in a file: where it is, its fields by their lower-case names, the head of its block."""

    offset: int
    length: int
    fields: dict[str, str]
    head: bytes = field(repr=False)


def of_exchanges(exchanges: Iterable[Exchange]) -> bytes:
    """A file of what was asked and answered, in this order: each answer with its question behind it."""
    records = [_info()]
    for exchange in exchanges:
        answer = _id()
        records += (_answer(exchange, answer), _question(exchange, answer))
    return b"".join(records)


def of_bytes(url: str, body: bytes, media_type: str, at: datetime) -> bytes:
    """A file of bytes of which no headers were kept: a `resource`. Text that is UTF-8 is said to be that."""
    if media_type.startswith("text/") and _is_utf8(body):
        media_type += "; charset=utf-8"
    about = {**_about("resource", url, at, _id()), "WARC-Payload-Digest": _digest(body)}
    return _info() + _record(about, media_type, body)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def entries(file: BinaryIO) -> Iterator[Entry]:
    """The records of a file of ours, in order; ValueError where it is none, or stops early."""
    offset, piece = 0, file.read(_READ)
    while piece:
        inflater, length, start = zlib.decompressobj(_GZIP), 0, b""
        while not inflater.eof:
            if not piece:
                raise ValueError("the WARC stops early")
            # Only the heads are looked at; what follows them is passed over.
            try:
                start += inflater.decompress(piece)[: _HEADS - len(start)]
            except zlib.error as error:
                raise ValueError("this is no WARC, or a damaged one") from error
            length += len(piece) - len(inflater.unused_data)
            piece = inflater.unused_data or file.read(_READ)
        yield _entry(offset, length, start)
        offset += length


def _entry(offset: int, length: int, start: bytes) -> Entry:
    about, end, block = start.partition(_HEAD_END)
    first, *lines = about.decode("utf-8", "replace").split("\r\n")
    if not end or not first.startswith("WARC/"):
        raise ValueError("this is no WARC, or a damaged one")
    named = (line.partition(":") for line in lines)
    fields = {name.lower(): value.strip() for name, _, value in named}
    return Entry(offset, length, fields, block.partition(_HEAD_END)[0])


def _info() -> bytes:
    about = {"WARC-Type": "warcinfo", "WARC-Date": _moment(datetime.now(UTC)), "WARC-Record-ID": _id()}
    said = f"software: claim-ledger/{__version__}\r\nformat: WARC File Format 1.1\r\n"
    return _record(about, "application/warc-fields", said.encode())


def _answer(exchange: Exchange, id: str) -> bytes:
    about = _about("response", exchange.url, exchange.at, id)
    if exchange.ip:
        about["WARC-IP-Address"] = exchange.ip
    if exchange.body is None:
        about["WARC-Truncated"] = "unspecified"
    else:
        about["WARC-Payload-Digest"] = _digest(exchange.body)
    block = _unchunked(exchange.head) + (exchange.body or b"")
    return _record(about, "application/http; msgtype=response", block)


def _question(exchange: Exchange, answer: str) -> bytes:
    about = _about("request", exchange.url, exchange.at, _id())
    about["WARC-Concurrent-To"] = answer
    return _record(about, "application/http; msgtype=request", exchange.asked)


def _unchunked(head: bytes) -> bytes:
    """The head, where a reader is not to look for chunks that are no more."""
    lines = head.split(b"\r\n")
    return b"\r\n".join(b"X-Orig-" + line if line.lower().startswith(_CHUNKED) else line for line in lines)


def _about(type: str, url: str, at: datetime, id: str) -> dict[str, str]:
    return {"WARC-Type": type, "WARC-Target-URI": url, "WARC-Date": _moment(at), "WARC-Record-ID": id}


def _record(about: dict[str, str], media_type: str, block: bytes) -> bytes:
    described = {
        **about,
        "WARC-Block-Digest": _digest(block),
        "Content-Type": media_type,
        "Content-Length": str(len(block)),
    }
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in described.items())
    packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    pieces = (head.encode() + b"\r\n", block, _HEAD_END)
    return b"".join(map(packer.compress, pieces)) + packer.flush()


def _digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
