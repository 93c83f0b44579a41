"""Tables as spreadsheets save them: CSV of whatever encoding and separator, row by row.

Excel writes semicolons where a comma is the decimal sign, tabs and UTF-16 as “Unicode text”, and Windows-1252
as plain “CSV”; most put a byte order mark in front of UTF-8. What it is shows from the bytes. Memory
does not grow with the file.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from claims.values import dataclass
from ledger.errors import Invalid

_BLOCK = 1 << 16
_LOOK = 1 << 16
_LONGEST_CELL = 1 << 24
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS = (
    (b"PK\x03\x04", "a workbook (.xlsx or .ods), or another packed file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard"),
)
_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32",
          "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}  # fmt: skip

# The limit is the process's, not a reader's; ours is not the only one who may read long cells.
csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table being read: its first row, and the others with their numbers as a spreadsheet shows them.

    `rows` raises Invalid where the file is broken; empty rows are left out.
    """

    encoding: str
    separator: str
    head: list[str]
    rows: Iterator[tuple[int, list[str]]]


def opened(file: BinaryIO, *, field: str = "file") -> Sheet:
    """Read a table from its beginning; the file is closed when it was read, or when nobody reads on.

    Raises Invalid, naming `field`, for what is no table of text.
    """
    encoding = _encoding(file, field)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        return _sheet(text, _NAMES[encoding], field)
    except UnicodeError:
        text.close()
        raise Invalid("This is no text that we can read. Save it as “CSV UTF-8”.", field=field) from None
    except Invalid:
        text.close()
        raise


def _sheet(text: io.TextIOWrapper, encoding: str, field: str) -> Sheet:
    start = text.read(_LOOK)
    skipped, separator = _told(start)
    separator = separator or _separator(start)
    text.seek(0)
    rows = _rows(text, separator, field)
    for _ in range(skipped):
        next(rows, None)
    number, head = next(rows, (0, []))
    if not number:
        raise Invalid("The file is empty.", field=field)
    head = [name.strip() for name in head]
    return Sheet(encoding, _SEPARATORS.get(separator, separator), head, rows)


def _rows(text: io.TextIOWrapper, separator: str, field: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, delimiter=separator, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if any(row):
                yield number, row
    except csv.Error as error:
        raise Invalid(_broken(number + 1, str(error)), field=field) from None
    except UnicodeError:
        raise Invalid(f"Row {number + 1} is damaged: its bytes are no text.", field=field) from None
    finally:
        # Also where nobody reads on.
        text.close()


def _broken(number: int, why: str) -> str:
    if "end of data" in why:
        why = "a quotation mark is opened and never closed"
    elif "NUL" in why:
        why = "it holds the character U+0000"
    elif "expected after" in why:
        why = "inside a quoted cell, each quotation mark must be written twice"
    return f"Row {number} can't be read: {why}. Save it as CSV anew."


def encoding_marked(start: bytes) -> str | None:
    """The encoding that a byte order mark at the beginning of a file names, if there is one."""
    return next((name for mark, name in _MARKS if start.startswith(mark)), None)


def _encoding(file: BinaryIO, field: str) -> str:
    file.seek(0)
    start = file.read(_LOOK)
    for mark, kind in _OTHERS:
        if start.startswith(mark):
            raise Invalid(
                f"This file is {kind}. Open it in a spreadsheet and save it as “CSV UTF-8”.", field=field
            )
    if marked := encoding_marked(start):
        return marked
    # Text of Latin letters without a mark: every other byte is nothing.
    if len(start) >= 4 and start[1:400:2].count(0) > len(start[1:400:2]) * 0.6:
        return "utf-16-le"
    if len(start) >= 4 and start[0:400:2].count(0) > len(start[0:400:2]) * 0.6:
        return "utf-16-be"
    for name in ("utf-8", "cp1252"):
        if _reads(file, name):
            return name
    raise Invalid("This is no text that we can read. Save it as “CSV UTF-8”.", field=field)


def _reads(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            if b"\0" in block:
                return False
            decoder.decode(block)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _told(start: str) -> tuple[int, str | None]:
    """Excel's own first line `sep=;`, which tells the separator and is no row."""
    line = start.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r").strip('"')
    if line[:4].lower() == "sep=" and len(line) == 5:
        return 1, line[4]
    return 0, None


def _separator(start: str) -> str:
    """The sign that stands most often in the first row, outside quotes; a comma where none does."""
    counts = dict.fromkeys(_SEPARATORS, 0)
    quoted = False
    for sign in start.lstrip("\ufeff\r\n"):
        if sign == '"':
            quoted = not quoted
        elif sign in "\r\n" and not quoted:
            break
        elif sign in counts and not quoted:
            counts[sign] += 1
    return max(counts, key=lambda sign: counts[sign])
