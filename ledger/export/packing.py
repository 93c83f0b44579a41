"""Packing what is taken out while it is made: gzip or Zstandard, each piece as it comes."""

import sys
import zlib
from collections.abc import Iterator
from typing import Any, Literal, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Packing = Literal["gzip", "zstd"]
ENDINGS: dict[str, str] = {"gzip": ".gz", "zstd": ".zst"}
MEDIA_TYPES: dict[str, str] = {"gzip": "application/gzip", "zstd": "application/zstd"}
# The least work: the more thorough ones double the time for a tenth of the size.
_LEVEL = 1


class _Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


def packed(pieces: Iterator[bytes], how: Packing | None) -> Iterator[bytes]:
    """The pieces, packed; the first goes out at once, so that whoever waits sees something come."""
    if how is None:
        yield from pieces
        return
    packer, flush_now = _packer(how)
    for number, piece in enumerate(pieces):
        done = packer.compress(piece)
        if number == 0:
            done += flush_now()
        if done:
            yield done
    yield packer.flush()


def _packer(how: Packing) -> tuple[_Packer, Any]:
    if how == "gzip":
        deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, wbits=31)
        return deflate, lambda: deflate.flush(zlib.Z_SYNC_FLUSH)
    zstandard = zstd.ZstdCompressor(level=_LEVEL)
    return zstandard, lambda: zstandard.flush(zstandard.FLUSH_BLOCK)
