"""Bytes → Document, by media type. Each reader is a module with `document(data, …)`."""

from dataclasses import replace
from importlib import import_module
from typing import NoReturn, Protocol

from claims.errors import Unreadable
from claims.lang.identify import language_of
from claims.model import Document
from claims.readers.sniff import DOCX, HTML, MARKDOWN, OLE, PDF, PLAIN, media_type_of
from claims.text import direction

MAX_BYTES = 20_000_000
"""The largest file read, in bytes."""
MAX_CHARACTERS = 3_000_000
"""The longest text given back, in code points; about 1,500 pages."""


class Reader(Protocol):
    """Makes a document of a file. Raises Unreadable; a reader never guesses a text that is not there."""

    def __call__(self, data: bytes, *, encoding: str | None = None) -> Document: ...


READERS = {PLAIN: "plain", MARKDOWN: "markdown", HTML: "html", PDF: "pdf", DOCX: "docx"}
"""Media type → module. A module is loaded when a file first needs it: PDF and HTML parsers are big."""


def read(
    data: bytes | str,
    *,
    media_type: str | None = None,
    filename: str | None = None,
    url: str | None = None,
    encoding: str | None = None,
) -> Document:
    """The text of a file with its blocks and what it says about itself. Raises Unreadable.

    What the bytes themselves show goes before `media_type` and `filename`. `encoding` is used when the
    sender named one. `url` is where the file came from; a canonical address inside the page goes before it.
    """
    if isinstance(data, str):
        # A str has been decoded already, whatever its <meta charset> says.
        data, encoding = data.encode("utf-8", "surrogatepass"), "utf-8"
    if len(data) > MAX_BYTES:
        raise Unreadable(
            f"The file has {len(data) / 1e6:.1f} MB; the limit is {MAX_BYTES / 1e6:.0f} MB. "
            "Save only the article, or split the file.",
            "too_large",
        )
    if not data.strip():
        raise Unreadable("The file is empty. Check that it was saved, or paste the text.", "empty")
    kind = media_type_of(data, filename, media_type)
    if kind == OLE:
        _refuse_ole(data)
    document = _reader(kind)(data, encoding=encoding)
    if not document.text.strip():
        raise Unreadable(
            "The file has no text in it. Check that it is the right one, or paste the text.", "empty"
        )
    if len(document.text) > MAX_CHARACTERS:
        raise Unreadable(
            f"The text has {len(document.text):,} characters; the limit is {MAX_CHARACTERS:,}. Split it.",
            "too_large",
        )
    address = document.url or url
    return replace(
        document,
        url=address if address and address.lower().startswith(("http://", "https://")) else None,
        media_type=kind,
        language=language_of(document.text, document.language),
        direction=direction(document.text),
    )


def _refuse_ole(data: bytes) -> NoReturn:
    """Word wraps a DOCX with a password in the container that old DOC files have."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable("This file has a password. Save it without one.", "encrypted")
    raise Unreadable(
        "Old Office files (.doc, .xls) cannot be read. Save the file as DOCX or PDF.", "unsupported"
    )


def _reader(media_type: str) -> Reader:
    name = READERS.get(media_type)
    if name is None:
        raise Unreadable(
            f"Files of the type {media_type} cannot be read. Use plain text, Markdown, HTML, PDF or DOCX, "
            "or paste the text.",
            "unsupported",
        )
    reader: Reader = import_module(f"claims.readers.{name}").document
    return reader


__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "READERS", "Reader", "media_type_of", "read"]
