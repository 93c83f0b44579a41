"""DOCX: mammoth makes HTML of it, and all of that is the article."""

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree

from claims.errors import Unreadable
from claims.model import Document
from claims.readers.html import from_parts, whole
from claims.readers.markdown import iso_date

MAX_UNPACKED = 200_000_000
"""The most bytes a file may unpack to. A zip bomb of 40 kB unpacks to gigabytes."""
MAX_XML = 40_000_000
"""The most bytes its text part may unpack to."""
MAX_ENTRIES = 5000

_CORE = "docProps/core.xml"
_NAMES = {"dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/"}
_BROKEN = "This DOCX file is damaged. Open it in a word processor, save it again, or paste the text."
_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


def document(data: bytes, *, encoding: str | None = None) -> Document:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            _check(package)
            title, author, published = _about(package)
        import mammoth

        # Pictures are left out: base64 of a photo is no text, and some are tens of megabytes.
        page = mammoth.convert_to_html(
            BytesIO(data), convert_image=mammoth.images.img_element(lambda image: {})
        ).value
    except Unreadable:
        raise
    except Exception as error:  # zipfile, zlib, expat and mammoth each have errors of their own
        raise Unreadable(_BROKEN, "broken") from error
    parts = whole(f"<html><body>{page}</body></html>")
    if not any(words.strip() for _, words in parts):
        raise Unreadable(
            "This DOCX file has no text in it; perhaps only pictures. Paste the text instead.", "empty"
        )
    return from_parts(parts, title=title, byline=author, published=published)


def _check(package: zipfile.ZipFile) -> None:
    """Refuse what would fill the memory, before a byte of it is unpacked."""
    entries = package.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Unreadable("This DOCX file unpacks to too much. Copy its text into a new file.", "too_large")
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unreadable("This DOCX file has a password. Save it without one.", "encrypted")
        if entry.filename.endswith((".xml", ".rels")):
            if entry.file_size > MAX_XML:
                raise Unreadable("The text of this DOCX file is too long. Split the document.", "too_large")
            # Entities that stand for each other a billion times unpack after unzipping.
            with package.open(entry) as part:
                if _DOCTYPE.search(part.read(4096)):
                    raise Unreadable(_BROKEN, "broken")
    if "word/document.xml" not in package.namelist():
        raise Unreadable(_BROKEN, "broken")


def _about(package: zipfile.ZipFile) -> tuple[str | None, str | None, str | None]:
    """Title, author and the day it was made, as the word processor recorded them."""
    if _CORE not in package.namelist():
        return None, None, None
    core = ElementTree.fromstring(package.read(_CORE))  # noqa: S314 - `_check` refused every part with a DOCTYPE

    def field(name: str) -> str | None:
        return (core.findtext(name, namespaces=_NAMES) or "").strip() or None

    return field("dc:title"), field("dc:creator"), iso_date(field("dcterms:created"))
