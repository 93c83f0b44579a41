"""HTML: trafilatura finds the article among the menus; its blocks and its metadata are kept."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from claims import blocks
from claims.errors import Unreadable
from claims.model import BlockKind, Document
from claims.readers.markdown import iso_date
from claims.readers.plain import decode
from claims.text import normalise

if TYPE_CHECKING:
    from lxml.etree import _Element

K = BlockKind
Parts = list[tuple[BlockKind, str]]

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_SITE_NAME = re.compile(r"\s+[|–—·•:-]\s+([^|–—·•]{2,60})")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$")


def document(data: bytes, *, encoding: str | None = None) -> Document:
    source = normalise(decode(data, encoding or _declared(data)))
    tree = _tree(source)
    found = _article(source)
    if found is None or len((found.text or "").strip()) < 2:
        raise Unreadable(
            "No article was found in this page. It may need a login or JavaScript: "
            "open it in a browser and save it from there, or paste the text.",
            "empty",
        )
    title = _line(found.title)
    parts = list(_of_trafilatura(found.body, _captions(tree)))
    if title and not any(kind is K.HEADLINE or _same(words, title) for kind, words in parts[:3]):
        parts.insert(0, (K.HEADLINE, title))
    parts = [
        (K.HEADLINE if i < 3 and _same(words, title) else kind, words)
        for i, (kind, words) in enumerate(parts)
    ]
    return from_parts(
        _first_headline_only(parts),
        title=title,
        byline=_line(found.author),
        publisher=_line(found.sitename) or _after_title(tree, title),
        published=iso_date(found.date),
        language=_language(tree),
        url=_canonical(tree) or found.url,
    )


def from_parts(parts: Parts, **about: Any) -> Document:
    """A document from parts in order; headline and byline are looked for in the text if not given."""
    text, found = blocks.compose((kind, normalise(words)) for kind, words in parts)
    found = blocks.classify(text, found)
    about["title"] = about.get("title") or blocks.title_of(text, found)
    about["byline"] = about.get("byline") or blocks.writer_of(text, found)
    return Document(text, tuple(found), **about)


def whole(source: str) -> Parts:
    """The parts of a page all of which is the article, as made from a DOCX: nothing is boilerplate."""
    tree = _tree(source)
    body = tree.find("body") if tree is not None else None
    return list(_flat(body)) if body is not None else []


def _declared(data: bytes) -> str | None:
    head = data[:4096]
    found = _CHARSET.search(head) or _XML_ENCODING.search(head[:200])
    return found.group(1).decode("ascii") if found else None


def _tree(source: str) -> "_Element | None":
    from lxml import etree, html

    try:
        # Bytes, because lxml refuses a str that holds an encoding declaration.
        tree: _Element = html.document_fromstring(
            source.encode(), parser=html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree


def _article(source: str) -> Any:
    import trafilatura
    from trafilatura.settings import use_config

    options: dict[str, Any] = {"with_metadata": True, "include_comments": False, "include_tables": True}
    try:
        found: Any = trafilatura.bare_extraction(source, **options)
        if found is not None and len(found.body) < 2:
            # Under 250 characters trafilatura pours the page into one paragraph; asked to trust what
            # little it found, it keeps headings, lists and tables apart.
            config = use_config()
            config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
            small: Any = trafilatura.bare_extraction(source, config=config, **options)
            if small is not None and 2 * len(small.text or "") > len(found.text or ""):
                found = small
    except Exception as error:  # whatever a hostile page makes a large parser do, the page is broken
        raise Unreadable("This page is too damaged to read. Paste the text instead.", "broken") from error
    return found


def _of_trafilatura(body: "_Element", captions: set[str]) -> Iterator[tuple[BlockKind, str]]:
    for element in body:
        match element.tag:
            case "head":
                yield (K.HEADLINE if element.get("rend") == "h1" else K.HEADING), _text(element)
            case "list":
                yield K.LIST, "\n".join(filter(None, (_text(item) for item in element.iter("item"))))
            case "table":
                yield K.TABLE, _rows(element, "row", ("cell",))
            case "quote" if len(element) and element[0].tag in ("p", "head", "list"):
                yield from _of_trafilatura(element, captions)
            case "div" | "main" | "article":
                yield from _of_trafilatura(element, captions)
            case "graphic" | "lb":
                continue
            case _:
                words = _text(element)
                yield (K.CAPTION if _SPACES.sub("", words) in captions else K.PARAGRAPH), words


def _flat(body: "_Element") -> Iterator[tuple[BlockKind, str]]:
    """The children of a simple body, each a block."""
    titled = False
    for element in body:
        match element.tag:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                headline = element.tag == "h1" and not titled
                titled = titled or headline
                yield (K.HEADLINE if headline else K.HEADING), _text(element)
            case "ul" | "ol":
                yield K.LIST, "\n".join(filter(None, (_own_text(item) for item in element.iter("li"))))
            case "table":
                yield K.TABLE, _rows(element, "tr", ("td", "th"))
            case _:
                yield K.PARAGRAPH, _text(element)


def _rows(table: "_Element", row: str, cells: tuple[str, ...]) -> str:
    rows = ("\t".join(_text(cell) for cell in line.iter(*cells)) for line in table.iter(row))
    return "\n".join(line for line in rows if line.strip())


def _text(element: "_Element") -> str:
    """The words of an element on one line; a line break in the page keeps words apart."""
    for lb in element.iter("lb", "br"):
        lb.tail = "\n" + (lb.tail or "")
    return _squeeze("".join(map(str, element.itertext())))


def _own_text(item: "_Element") -> str:
    """The words of a list item without those of a list inside it, whose items come on their own."""
    pieces = [item.text or ""]
    for child in item:
        pieces += ["" if child.tag in ("ul", "ol") else "".join(map(str, child.itertext())), child.tail or ""]
    return _squeeze("".join(pieces))


def _squeeze(words: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in words.split("\n"))
    return " ".join(line for line in lines if line)


def _captions(tree: "_Element | None") -> set[str]:
    if tree is None:
        return set()
    return {
        _SPACES.sub("", "".join(map(str, caption.itertext())))
        for caption in tree.iter("figcaption", "caption")
    }


def _language(tree: "_Element | None") -> str | None:
    tag = (tree.get("lang") or "").strip() if tree is not None else ""
    return tag.lower() if _LANGUAGE.match(tag) else None


def _after_title(tree: "_Element | None", title: str | None) -> str | None:
    """The site's name where a page tells it nowhere but in its title: "Bridge opens | Daily News"."""
    head = tree.find(".//title") if tree is not None and title else None
    whole = _line(head.text) if head is not None else None
    if not whole or not title or not whole.casefold().startswith(title.casefold()):
        return None
    match = _SITE_NAME.fullmatch(whole[len(title) :])
    return match.group(1) if match else None


def _canonical(tree: "_Element | None") -> str | None:
    if tree is None:
        return None
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and (link.get("href") or "").startswith("http"):
            return link.get("href")
    return None


def _first_headline_only(parts: Parts) -> Parts:
    first = next((i for i, (kind, _) in enumerate(parts) if kind is K.HEADLINE), None)
    return [
        (K.HEADING if kind is K.HEADLINE and i != first else kind, words)
        for i, (kind, words) in enumerate(parts)
    ]


def _same(words: str, title: str | None) -> bool:
    return title is not None and _squeeze(words).casefold() == title.casefold()


def _line(words: str | None) -> str | None:
    return _squeeze(normalise(words)) or None if words else None
