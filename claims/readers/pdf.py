"""PDF: pages of lines → paragraphs. PDFium reads; running heads, page numbers and hyphenation go."""

import re
from collections import Counter
from collections.abc import Iterator
from statistics import median
from threading import Lock
from typing import Any

from claims import blocks
from claims.errors import Unreadable
from claims.model import BlockKind, Document
from claims.readers.markdown import iso_date
from claims.text import normalise

MAX_PAGES = 500
"""More pages than this are a book, not an article."""
_MAX_CHARACTERS = 3_500_000

# PDFium is not thread-safe in any part, even for different files.
_LOCK = Lock()
_PAGE_NUMBER = re.compile(
    r"(?:page |p\. ?|- ?|– ?)?\d{1,4}(?: ?(?:/|of) ?\d{1,4})?(?: ?[-–])?$", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_ENDS = (".", "!", "?", "…", ".”", '."', "?”", '?"', ".’", ":")
_SOFT = re.compile("[\ufffe\x02](?:\r?\n)?")
_BULLET = re.compile(r"(?:[-*•‣◦▪–]|\d{1,3}[.)])\s+\S")
_ERR_PASSWORD = 4  # FPDF_ERR_PASSWORD


def document(data: bytes, *, encoding: str | None = None) -> Document:
    pages, about = _pages(data)
    if not any(line.strip() for page in pages for line in page):
        raise Unreadable(
            "This PDF was scanned: it holds pictures of pages but no text. Run text recognition (OCR) first.",
            "scanned",
        )
    paragraphs = [normalise(words) for words in _paragraphs(_without_running_heads(pages))]
    text, found = blocks.compose((_shape(words), words) for words in paragraphs)
    found = blocks.classify(text, found)
    return Document(
        text,
        tuple(found),
        title=blocks.title_of(text, found) or about.get("Title"),
        byline=about.get("Author") or blocks.writer_of(text, found),
        published=_day(about.get("CreationDate")),
    )


def _pages(data: bytes) -> tuple[list[list[str]], dict[str, str]]:
    """The lines of each page, and the file's own title, author and date."""
    import pypdfium2

    with _LOCK:
        try:
            pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _ERR_PASSWORD or "password" in str(error).lower():
                raise Unreadable("This PDF has a password. Save it without one.", "encrypted") from error
            raise Unreadable(
                "This PDF is damaged. Open it, print it to a new PDF, or paste the text.", "broken"
            ) from error
        try:
            if len(pdf) == 0:
                raise Unreadable("This PDF has no pages. Check that it is the right file.", "empty")
            if len(pdf) > MAX_PAGES:
                raise Unreadable(
                    f"This PDF has {len(pdf)} pages; the limit is {MAX_PAGES}. Save only the pages you need.",
                    "too_large",
                )
            pages = list(_lines(pdf))
            about = {key: value.strip() for key, value in pdf.get_metadata_dict(skip_empty=True).items()}
        except pypdfium2.PdfiumError as error:
            raise Unreadable(
                "A page of this PDF is damaged. Print it to a new PDF, or paste the text.", "broken"
            ) from error
        finally:
            pdf.close()
    return pages, {key: normalise(value) for key, value in about.items() if normalise(value).strip()}


def _lines(pdf: Any) -> Iterator[list[str]]:
    total = 0
    for number in range(len(pdf)):
        page = pdf[number]
        try:
            textpage = page.get_textpage()
            try:
                words = textpage.get_text_bounded()
            finally:
                textpage.close()
        finally:
            page.close()
        total += len(words)
        if total > _MAX_CHARACTERS:
            raise Unreadable("The text of this PDF is too long. Save only the pages you need.", "too_large")
        # PDFium puts U+FFFE or U+0002 for a hyphen that it takes for the line's end, and joins the halves.
        yield [line.rstrip() for line in _SOFT.sub("", words).splitlines()]


def _without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """Drop what stands at the top or foot of most pages, numbers aside, and lone page numbers there."""
    edges = Counter(key for page in pages for key in {_key(line) for line in _edge(page)})
    # On two pages a repeated line may be chance; a page number is none.
    often = {key for key, count in edges.items() if count >= max(2, len(pages) * 0.5) and len(pages) > 1}
    kept = []
    for page in pages:
        lines = list(page)
        for end in (0, -1):
            for _ in range(2):
                while lines and not lines[end].strip():
                    lines.pop(end)
                if lines and (_key(lines[end]) in often or _PAGE_NUMBER.match(lines[end].strip())):
                    lines.pop(end)
        kept.append(lines)
    return kept


def _edge(page: list[str]) -> list[str]:
    lines = [line for line in page if line.strip()]
    return lines[:2] + lines[-2:]


def _key(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()).casefold())


def _paragraphs(pages: list[list[str]]) -> Iterator[str]:
    """Join wrapped lines. A paragraph ends at an empty line, or at a short line which ends a sentence."""
    lengths = [len(line) for page in pages for line in page if len(line) > 20]
    width = median(lengths) if lengths else 0
    open_: list[str] = []
    for page in pages:
        for line in page:
            line = " ".join(line.split())
            if open_ and (not line or _ended(open_, line, width)):
                yield _join(open_)
                open_ = []
            if line:
                open_.append(line)
        # A paragraph may run on over the page; one whose sentence is complete is taken to end there.
        if open_ and open_[-1].endswith(_ENDS):
            yield _join(open_)
            open_ = []
    if open_:
        yield _join(open_)


def _ended(lines: list[str], following: str, width: float) -> bool:
    last = lines[-1]
    if _BULLET.match(following) and (last.endswith(_ENDS) or _BULLET.match(lines[0])):
        return True
    if len(last) < 0.75 * width:
        # A short line: the end of a paragraph, a heading or a name, unless the sentence plainly goes on.
        return last.endswith(_ENDS) or not following[:1].islower() and not last.endswith((",", "-", ";"))
    return False


def _join(lines: list[str]) -> str:
    words = lines[0]
    for line in lines[1:]:
        if words.endswith("-") and words[-2:-1].isalpha() and line[:1].islower() or words.endswith("\u00ad"):
            words = words[:-1] + line
        else:
            words += " " + line
    return words


def _shape(words: str) -> BlockKind:
    return BlockKind.LIST if _BULLET.match(words) and words[0] in "-*•‣◦▪–" else BlockKind.PARAGRAPH


def _day(value: str | None) -> str | None:
    """The day of a PDF date, "D:20260304120000Z"."""
    digits = (value or "").removeprefix("D:")[:8]
    return iso_date(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}") if digits.isdigit() else None
