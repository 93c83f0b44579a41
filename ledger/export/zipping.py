"""A zip file that goes out while it is made: nothing of it is kept."""

import calendar
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, cast

_CHUNK = 64 * 1024
_LEVEL = 1


class _Sink:
    """What zipfile writes to: it can't go back in it, and says so."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """All is written."""

    def taken(self) -> bytes:
        """What was written since."""
        whole = b"".join(self.pieces)
        self.pieces.clear()
        self.size = 0
        return whole


def _told_twice(moment: tuple[int, int, int, int, int, int]) -> bytes:
    """The date once more (the extra field UT), which stands before a member and in the list of members.

    The field for sizes (ZIP64) stands only before it, and a reader that finds no field in the list, as that
    of replayweb.page, takes it that there is none, and begins to read too early.
    """
    return struct.pack("<HHBi", 0x5455, 5, 1, calendar.timegm(moment))


Member = tuple[str, Callable[[], Iterable[bytes]]]


def document(
    members: Iterable[Member], moment: tuple[int, int, int, int, int, int], *, stored: str | None = None
) -> Iterator[bytes]:
    """A zip of members, each a name and what makes its bytes, one after the other; `moment` is their date.

    Members whose names end with `stored` are packed already, and go in as they are. Of any size (ZIP64). The
    list of members comes last, so that a file that broke off is no zip.
    """
    # Whoever waits sees something come with the first rows.
    sink, limit = _Sink(), 1
    with zipfile.ZipFile(cast(BinaryIO, sink), "w", compresslevel=_LEVEL) as archive:
        for name, made in members:
            entry = zipfile.ZipInfo(name, moment)
            as_is = stored is not None and name.endswith(stored)
            entry.compress_type = zipfile.ZIP_STORED if as_is else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            if stored is not None:
                entry.extra = _told_twice(moment)
            with archive.open(entry, "w", force_zip64=True) as file:
                for piece in made():
                    file.write(piece)
                    if sink.size >= limit:
                        yield sink.taken()
                        limit = _CHUNK
    yield sink.taken()
