"""What the parts of an article are: headline, byline, credit, biography …, and which are its body."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from claims.furniture import is_caption, is_furniture
from claims.lang import en
from claims.model import Block, BlockKind, Span
from claims.patterns import Pattern
from claims.text import trimmed

K = BlockKind
SPOKEN = frozenset({K.PARAGRAPH, K.LIST, K.CAPTION, K.TABLE})
"""The kinds whose words an article vouches for. A headline repeats its body; the rest is furniture."""

_BLANK = Pattern(r"\n[ \t]*(?:\n[ \t]*)*\n")
_BULLET = Pattern(r"[ \t]*(?:[-*•‣◦–]|\(?\d{1,3}[.)])[ \t]+\S")
_STOPS = (".", "!", "…", ".”", '."', ".’", ".'", ":", ";", ".)")
_DATELINE = Pattern(
    r"(?:(?:first |last )?(?:published|updated|posted|modified)\b[^.]{0,60}|\d{1,2} min(?:ute)?s? read"
    r"|(?:[a-z]{3,9}day,? )?(?:\d{1,2}[a-z]{0,2} [a-z]{3,9}\.?|[a-z]{3,9}\.? \d{1,2}),? \d{4}"
    r"(?:[,| ]+(?:at )?\d{1,2}[:.]\d\d[^.]{0,12})?)$",
    re.IGNORECASE,
)
_NAME = Pattern(r"[A-Z][\w'’-]*\.?(?: (?:[A-Z]\.|van|von|de|da|bin|al|O['’])){0,2}(?: [A-Z][\w'’-]*){1,3}$")
_HEADLINE = 180  # characters
_LINE = 110


def split(text: str) -> list[Block]:
    """The blocks of a plain text: its paragraphs, each with its kind."""
    pieces: list[Block] = []
    spans = list(_chunks(text))
    if len(spans) == 1 and _one_paragraph_a_line(spans[0].of(text)):
        spans = list(_lines(text, spans[0]))
    for span in spans:
        pieces += _by_shape(text, span)
    return classify(text, pieces)


def compose(parts: Iterable[tuple[BlockKind, str]]) -> tuple[str, list[Block]]:
    """One text from parts, a blank line between them, and where each part stands in it."""
    text: list[str] = []
    blocks = []
    at = 0
    for kind, words in parts:
        words = words.strip()
        if words:
            if text:
                text.append("\n\n")
                at += 2
            blocks.append(Block(kind, Span(at, at + len(words))))
            text.append(words)
            at += len(words)
    return "".join(text), blocks


def classify(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Tell headline, bylines, credits and biographies from paragraphs, by their look and their place."""
    kinds = [block.kind for block in blocks]
    words = [block.span.of(text) for block in blocks]
    headline = K.HEADLINE in kinds
    for i, kind in enumerate(kinds):
        if kind is K.LIST and all(is_furniture(item.of(text)) for item in passages(text, blocks[i])):
            kinds[i] = K.CREDIT
        if kind not in (K.PARAGRAPH, K.HEADING, K.CAPTION):
            continue
        if kind is not K.HEADING and is_furniture(words[i]):
            kinds[i] = K.CREDIT
        elif kind is K.PARAGRAPH and is_caption(words[i]):
            kinds[i] = K.CAPTION
        elif is_byline(words[i]):
            kinds[i] = K.BYLINE
        elif i == 0 and len(blocks) > 1 and not headline and _is_headline(words[i]):
            kinds[i] = K.HEADLINE
    _mark_names(kinds, words)
    _mark_biographies(kinds, words)
    return [Block(kind, block.span) for kind, block in zip(kinds, blocks, strict=True)]


def title_of(text: str, blocks: Iterable[Block]) -> str | None:
    """The headline's words on one line."""
    return next((" ".join(block.span.of(text).split()) for block in blocks if block.kind is K.HEADLINE), None)


def writer_of(text: str, blocks: Iterable[Block]) -> str | None:
    """The writer's name as the first byline gives it, without "By" and without the job."""
    for block in blocks:
        if block.kind is K.BYLINE and not _DATELINE.match(line := block.span.of(text).split("\n")[0].strip()):
            start = next((s for s in en.BYLINE_STARTS if line.lower().startswith(s + " ")), "")
            return line[len(start) :].split(",")[0].strip() or None
    return None


def is_byline(words: str) -> bool:
    """ "By A. Writer", "A. Writer, political editor", "Published 3 May 2026"."""
    lines = [line.strip() for line in words.split("\n") if line.strip()]
    if not lines or len(lines) > 4 or any(len(line) > _LINE for line in lines):
        return False
    first = lines[0]
    low = first.lower()
    for start in en.BYLINE_STARTS:
        if low.startswith(start + " "):
            who = first[len(start) + 1 :]
            return who[:1].isupper() and len(who.split()) <= 14 and not who.endswith(".")
    if _DATELINE.match(first):
        return True
    return _has_job(lines)


def _has_job(lines: Sequence[str]) -> bool:
    if len(lines) == 1:
        name, _, job = lines[0].partition(",")
        lines = (name.strip(), job.strip())
    if not _NAME.match(lines[0]) or not lines[1] or any(line.endswith(".") for line in lines):
        return False
    roles = " ".join(lines[1:]).lower().replace(",", " ").split()
    return len(roles) <= 12 and not en.JOBS.isdisjoint(roles)


def _is_headline(words: str) -> bool:
    return len(words) <= _HEADLINE and words.count("\n") < 3 and not words.endswith(_STOPS)


def _mark_names(kinds: list[BlockKind], words: list[str]) -> None:
    """A name alone on its line right under the headline, or right above a line with a job, is a byline."""
    for i, (above, below) in enumerate(pairwise(range(len(kinds)))):
        if kinds[above] is K.HEADLINE and kinds[below] is K.PARAGRAPH and _NAME.match(words[below]):
            kinds[below] = K.BYLINE
        if i and kinds[above] is K.PARAGRAPH is kinds[below] and _has_job((words[above], words[below])):
            kinds[above] = kinds[below] = K.BYLINE


def _mark_biographies(kinds: list[BlockKind], words: list[str]) -> None:
    """Who wrote it stands at the end: after a name with a job, or in words about that name."""
    if not kinds:
        return
    names = {part for i, kind in enumerate(kinds) if kind is K.BYLINE for part in _names(words[i])}
    signed = max((i for i, kind in enumerate(kinds) if kind is K.BYLINE), default=-1)
    body = [i for i, kind in enumerate(kinds) if kind in SPOKEN]
    after = [i for i in body if i > signed]
    if signed > 0 and after and any(i < signed for i in body) and len(after) <= 6:
        # The name stands below the body, so what follows is about its bearer; unless a long text follows.
        if sum(len(words[i]) for i in after) < sum(len(words[i]) for i in body if i < signed):
            for i in after:
                kinds[i] = K.BIOGRAPHY
            return
    for i in reversed(body[-4:]):
        if i == 0 or not _about_author(words[i], names):
            break
        kinds[i] = K.BIOGRAPHY


def _names(byline: str) -> list[str]:
    return [
        w.strip(",.")
        for w in byline.split("\n", maxsplit=1)[0].split()
        if w[:1].isupper() and w.lower() != "by"
    ]


def _about_author(words: str, names: set[str]) -> bool:
    first = words.split("\n", maxsplit=1)[0].split()
    known = bool(first) and first[0].strip(",.’'s") in names
    low = [word.strip(",.;:()").lower() for word in words.split()[:40]]
    start = next(
        (i for i, w in enumerate(low[:6]) if w in ("is", "was", "writes", "covers", "has", "joined")), None
    )
    if start is None:
        return False
    if known and start <= 4:
        return low[start] in ("writes", "covers", "joined") or not en.JOBS.isdisjoint(low) or "founder" in low
    # Without a byline the line itself must say it: "Ann Lee is a freelance writer …".
    named = _NAME.match(" ".join(first[:start])) is not None
    return (
        named and low[start] in ("is", "writes", "covers") and not en.JOBS.isdisjoint(low[start : start + 8])
    )


def _chunks(text: str) -> Iterable[Span]:
    at = 0
    for gap in _BLANK.finditer(text):
        yield from _clean(text, at, gap.start())
        at = gap.end()
    yield from _clean(text, at, len(text))


def _lines(text: str, span: Span) -> Iterable[Span]:
    at = span.start
    while at < span.end:
        stop = text.find("\n", at, span.end)
        stop = span.end if stop < 0 else stop
        yield from _clean(text, at, stop)
        at = stop + 1


def _clean(text: str, start: int, end: int) -> Iterable[Span]:
    start, end = trimmed(text, start, end)
    if start < end:
        yield Span(start, end)


def _one_paragraph_a_line(text: str) -> bool:
    """Texts without blank lines are either wrapped, or have a paragraph on each line."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return False
    ended = sum(line.endswith((*_STOPS, "?", "”", '"')) for line in lines)
    return ended >= 0.7 * (len(lines) - 1) or max(map(len, lines)) > 2 * _LINE


def _by_shape(text: str, span: Span) -> Iterable[Block]:
    """A chunk of lines is a list, a table, or one wrapped paragraph; a lead-in stays a block of its own."""
    lines = list(_lines(text, span))
    bullets = [bool(_BULLET.match(line.of(text))) for line in lines]
    if len(lines) > 1 and sum(bullets) >= 2 and bullets[-1]:
        first = bullets.index(True)
        if first:
            yield Block(K.PARAGRAPH, Span(span.start, lines[first - 1].end))
        yield Block(K.LIST, Span(lines[first].start, span.end))
    elif len(lines) > 1 and all("\t" in line.of(text) or line.of(text).count("|") > 1 for line in lines):
        yield Block(K.TABLE, span)
    elif bullets[0] and len(lines) == 1 and text[span.start] in "-*•‣◦":
        yield Block(K.LIST, span)
    else:
        yield Block(K.PARAGRAPH, span)


def passages(text: str, block: Block) -> list[Span]:
    """The parts of a block that are read alone: the items of a list, the rows of a table, or all of it."""
    if block.kind not in (K.LIST, K.TABLE):
        return [block.span]
    items: list[Span] = []
    for line in _lines(text, block.span):
        mark = _BULLET.match(line.of(text))
        if mark is not None:
            items.append(Span(line.start + mark.end() - 1, line.end))
        elif items and block.kind is K.LIST and line.of(text)[:1].islower():
            items[-1] = Span(items[-1].start, line.end)
        else:
            items.append(line)
    return items
