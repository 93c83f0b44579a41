"""Plain text: which encoding, and where the paragraphs are."""

import codecs

from claims import blocks
from claims.errors import Unreadable
from claims.model import Document
from claims.text import normalise

_SAMPLE = 8000  # bytes or characters; enough to tell text from other things
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def document(data: bytes, *, encoding: str | None = None) -> Document:
    """The text as it stands, cleaned, with its headline and its byline told apart by their look."""
    text = normalise(decode(data, encoding)).strip()
    found = tuple(blocks.split(text))
    return Document(text, found, title=blocks.title_of(text, found), byline=blocks.writer_of(text, found))


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of `data`. Raises Unreadable for what is no text.

    The rule: a byte order mark decides; then the encoding that the sender named, if it fits; then UTF-8,
    if every byte is valid; then UTF-16 without a mark, if every other byte is zero; then Windows-1252,
    which reads what old word processors wrote.
    """
    for mark, marked in _MARKS:
        if data.startswith(mark) and (text := _try(data, marked)) is not None:
            return text
    for name in (encoding, "utf-8", _utf16_of(data)):
        if name is not None and (text := _try(data, name)) is not None and not _is_binary(text):
            return text
    if _is_binary(data[:_SAMPLE].decode("latin-1")):
        raise Unreadable(
            "This is not a text file. Save the article as plain text, HTML, PDF or DOCX.", "binary"
        )
    return data.decode("cp1252", "replace")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        if not codecs.lookup(encoding)._is_text_encoding:
            return None
        # Lone surrogates come from a str that was handed over; `normalise` takes them out.
        return data.decode(encoding, "surrogatepass" if encoding == "utf-8" else "strict")
    except (LookupError, ValueError):
        return None


def _utf16_of(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half and len(data) % 2 == 0:
        if sample[1::2].count(0) > 0.7 * half and sample[::2].count(0) == 0:
            return "utf-16-le"
        if sample[::2].count(0) > 0.7 * half and sample[1::2].count(0) == 0:
            return "utf-16-be"
    return None


def _is_binary(text: str) -> bool:
    """More than one character in fifty is a control character that no text has."""
    sample = text[:_SAMPLE]
    controls = sum(c < " " and c not in "\t\n\r\x0b\x0c\x1b" for c in sample)
    return controls > 2 + len(sample) / 50
