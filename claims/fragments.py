"""Links into a page by a text fragment: `https://…#:~:text=prefix-,start,end,-suffix`.

A browser finds the words only if they begin and end at words, stand in one block, and are written
with `-`, `,` and `&` as %XX, which the fragment itself uses. Long quotes, and those that run over
several blocks, are named by their first and last words. See the draft "URL Fragment Text Directives".
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit

from claims.model import CONTEXT

LONGEST = 300
_WORDS = 5
_SIGNS = 24
_DIRECTIVE = ":~:"
_CJK = "\u2e80"


def link_to(url: str | None, exact: str, prefix: str = "", suffix: str = "") -> str | None:
    """`url` with a text fragment for these words, in place of one that it has; None where there is no
    such address, and the bare address where the words name nothing.

    `prefix` and `suffix` are what stands around the words, up to 32 characters and cut anywhere.
    """
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    page, _, anchor = (url or "").partition("#")
    anchor = anchor.split(_DIRECTIVE, 1)[0]
    words = directive(exact, prefix, suffix)
    if not words:
        return page + (f"#{anchor}" if anchor else "")
    return f"{page}#{anchor}{_DIRECTIVE}{words}"


def directive(exact: str, prefix: str = "", suffix: str = "") -> str:
    """The part after `:~:` for these words, percent-encoded; empty where there are no words."""
    before, words, after = _whole_words(exact, prefix, suffix)
    blocks = [block for block in (_plain(line) for line in words.split("\n")) if block]
    if not blocks:
        return ""
    if len(blocks) == 1 and len(blocks[0]) <= LONGEST:
        found = [_written(blocks[0])]
    else:
        found = [_written(_first(blocks[0])), _written(_last(blocks[-1]))]
    if lead := _plain(_nearest(before, last=True)):
        found.insert(0, _written(lead) + "-")
    if tail := _plain(_nearest(after, last=False)):
        found.append("-" + _written(tail))
    return "text=" + ",".join(found)


def _whole_words(exact: str, prefix: str, suffix: str) -> tuple[str, str, str]:
    """Prefix, words and suffix, the words made whole and the outer ends of the others cut at a word."""
    # Kept with 32 characters, the surroundings may begin and end within a word.
    if len(prefix) >= CONTEXT:
        prefix = _from_a_word(prefix)
    if len(suffix) >= CONTEXT:
        suffix = _from_a_word(suffix[::-1])[::-1]
    if exact and prefix and _joined(prefix[-1], exact[0]):
        at = len(prefix)
        while at and _joined(prefix[at - 1], exact[0]):
            at -= 1
        prefix, exact = prefix[:at], prefix[at:] + exact
    if exact and suffix and _joined(exact[-1], suffix[0]):
        at = 0
        while at < len(suffix) and _joined(exact[-1], suffix[at]):
            at += 1
        exact, suffix = exact + suffix[:at], suffix[at:]
    return prefix, exact, suffix


def _from_a_word(text: str) -> str:
    """`text` from its first gap on; where it has none, from its first sign that can begin something."""
    gap = re.search(r"\s", text)
    if gap:
        return text[gap.start() :]
    return text if text[:1] >= _CJK and unicodedata.category(text[0]) == "Lo" else ""


def _joined(left: str, right: str) -> bool:
    # Chinese, Japanese and Korean put no spaces between words.
    return left.isalnum() and right.isalnum() and left < _CJK and right < _CJK


def _nearest(text: str, *, last: bool) -> str:
    """The words of the block next to the quote: a fragment's surroundings may not run over two."""
    lines = [line for line in text.split("\n") if line.strip()]
    return (lines[-1] if last else lines[0]) if lines else ""


def _first(text: str) -> str:
    words = text.split(" ")
    return " ".join(words[: _some(words)]) if len(words) > _WORDS else _short(text, cut=True)


def _last(text: str) -> str:
    words = text.split(" ")
    return " ".join(words[-_some(words) :]) if len(words) > _WORDS else _short(text, cut=False)


def _some(words: list[str]) -> int:
    # Beginning and end must not overlap: a browser looks for the end behind the beginning.
    return min(_WORDS, len(words) // 2)


def _short(text: str, *, cut: bool) -> str:
    """Some signs of a text that has next to no spaces; never half of a written sign."""
    if len(text) <= LONGEST // 2:
        return text
    if cut:
        at = _SIGNS
        while at < len(text) and not _begins(text[at], text[at - 1]):
            at += 1
        return text[:at]
    at = len(text) - _SIGNS
    while at > 0 and not _begins(text[at], text[at - 1]):
        at -= 1
    return text[at:]


def _begins(sign: str, before: str) -> bool:
    """Whether a written sign begins here, and no mark, joiner or skin tone belongs to the one before."""
    joins = unicodedata.category(sign)[0] == "M" or sign == "\u200d" or "\U0001f3fb" <= sign <= "\U0001f3ff"
    return not joins and before != "\u200d"


def _plain(text: str) -> str:
    """As a browser shows it: white space in one space."""
    return " ".join(text.split())


def _written(text: str) -> str:
    # quote() keeps "-", which ends a prefix and begins a suffix.
    return quote(text, safe="").replace("-", "%2D")
