"""What kind of file is it? Its first bytes are asked first, then its sender, then its name."""

import re

PLAIN = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OLE = "application/x-ole-storage"
ZIP = "application/zip"

_EXTENSIONS = {
    "txt": PLAIN, "text": PLAIN, "md": MARKDOWN, "markdown": MARKDOWN,
    "htm": HTML, "html": HTML, "xhtml": HTML,
    "pdf": PDF, "docx": DOCX, "docm": DOCX,
}  # fmt: skip
_ALIASES = {"application/xhtml+xml": HTML, "text/x-markdown": MARKDOWN, "application/x-pdf": PDF}
_MAGIC = (
    (b"%PDF-", PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ\x90", "application/x-executable"),
    (b"RIFF", "application/octet-stream"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
)
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*){0,5}"
    rb"<(?:!doctype html|html|head|body|article|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_TEXTUAL = frozenset({PLAIN, MARKDOWN, HTML})


def media_type_of(data: bytes | str, filename: str | None = None, declared: str | None = None) -> str:
    """The media type, without parameters. Bytes that say nothing go by `declared`, then by the name."""
    sample = (data[:4096].encode("utf-8", "replace") if isinstance(data, str) else data[:4096]).lstrip(
        b"\xef\xbb\xbf"
    )
    declared = (declared or "").partition(";")[0].strip().lower()
    declared = _ALIASES.get(declared, declared)
    by_name = _EXTENSIONS.get((filename or "").rpartition(".")[2].lower())
    if isinstance(data, bytes):
        for magic, kind in _MAGIC:
            if sample.startswith(magic):
                return kind
        # PDFs may begin with rubbish; readers look at the first kilobyte.
        if b"%PDF-" in sample[:1024] and b"\x00" not in sample[:20]:
            return PDF
        if sample.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return DOCX if DOCX in (declared, by_name) or b"word/" in data else ZIP
    if _HTML_START.match(sample) and MARKDOWN not in (declared, by_name):
        return HTML
    if declared in _TEXTUAL and not (declared == PLAIN and by_name in _TEXTUAL):
        return declared
    if declared and declared not in (PLAIN, "application/octet-stream", "binary/octet-stream"):
        # A file sent as PDF or DOCX which is neither goes to that reader, and it says what is broken.
        return declared
    return by_name or PLAIN
