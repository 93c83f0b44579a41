"""Markdown: marks are removed, blocks are kept, a simple front matter is understood."""

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from claims import blocks
from claims.model import BlockKind, Document
from claims.readers.plain import decode
from claims.text import normalise

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT = re.compile(r"---[ \t]*\n(.{0,10000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FIELD = re.compile(r"(\w[\w-]{0,40})[ \t]*:[ \t]+(.{1,500})$")
_INLINE_HTML = re.compile(r"<[^<>]{0,500}>")


def document(data: bytes, *, encoding: str | None = None) -> Document:
    source = normalise(decode(data, encoding)).lstrip("\n")
    fields: dict[str, str] = {}
    if front := _FRONT.match(source):
        fields = _fields(front.group(1))
        source = source[front.end() :]
    parts = list(_parts(source))
    title = fields.get("title")
    if title and not any(kind is BlockKind.HEADLINE for kind, _ in parts):
        parts.insert(0, (BlockKind.HEADLINE, title))
    text, found = blocks.compose((kind, normalise(words)) for kind, words in parts)
    found = blocks.classify(text, found)
    return Document(
        text,
        tuple(found),
        title=title or blocks.title_of(text, found),
        byline=fields.get("author") or fields.get("byline") or blocks.writer_of(text, found),
        publisher=fields.get("publisher") or fields.get("source"),
        published=iso_date(fields.get("date") or fields.get("published")),
        language=(fields.get("lang") or fields.get("language") or "").lower() or None,
        url=fields.get("canonical") or fields.get("canonical_url") or fields.get("url"),
    )


def iso_date(value: str | None) -> str | None:
    """The day of an ISO date or date-time, or None."""
    try:
        return date.fromisoformat((value or "")[:10]).isoformat()
    except ValueError:
        return None


def _fields(front: str) -> dict[str, str]:
    """One `name: value` a line. Nested YAML says nothing that is needed here and is passed over."""
    found = {}
    for line in front.split("\n"):
        if field := _FIELD.match(line):
            value = field.group(2).strip().strip("\"'").strip("[]").strip("\"'")
            if value:
                found[field.group(1).lower()] = value
    return found


def _parts(source: str) -> Iterator[tuple[BlockKind, str]]:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    lists: list[str] = []  # the lines of the list that is open
    rows: list[list[str]] = []
    depth = 0
    kind = BlockKind.PARAGRAPH
    titled = False
    for token in tokens:
        match token.type:
            case "heading_open":
                first = token.tag == "h1" and not titled
                kind = BlockKind.HEADLINE if first else BlockKind.HEADING
                titled = titled or first
            case "heading_close":
                kind = BlockKind.PARAGRAPH
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
                if depth == 0:
                    yield BlockKind.LIST, "\n".join(lists)
                    lists = []
            case "tr_open":
                rows.append([])
            case "table_close":
                yield BlockKind.TABLE, "\n".join("\t".join(row) for row in rows)
                rows = []
            case "inline":
                words = _words(token)
                if rows:
                    rows[-1].append(words.replace("\n", " "))
                elif depth:
                    lists.append(words.replace("\n", " "))
                else:
                    yield from _caption_apart(kind, words, token)
            case "code_block" | "fence":
                yield BlockKind.PARAGRAPH, token.content


def _caption_apart(kind: BlockKind, words: str, token: "Token") -> Iterator[tuple[BlockKind, str]]:
    """A paragraph which is only a picture has its words as a caption."""
    children = token.children or []
    pictures = [child for child in children if child.type == "image"]
    if pictures and not any(child.type == "text" and child.content.strip() for child in children):
        yield BlockKind.CAPTION, words
    else:
        yield kind, words


def _words(token: "Token") -> str:
    words = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif child.type == "html_inline":
            continue
        else:
            words.append(child.content)  # of a picture: its description
    return _INLINE_HTML.sub("", "".join(words)) if "<" in token.content else "".join(words)
