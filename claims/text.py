"""Unicode and whitespace clean-up. Offsets always count code points of the cleaned text."""

import unicodedata
from typing import Literal

from claims.patterns import Pattern

_NEWLINES = Pattern(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
# C0 and C1 controls (but tab and newline), lone surrogates, the byte order mark inside a text and
# noncharacters. Bidi marks, ZWJ and ZWNJ stay: taking them out changes words in Arabic, Persian and emoji.
FORBIDDEN = Pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATES = Pattern("[\ud800-\udfff]")
_LOOK_AT = 4000  # characters; enough to tell which way a text runs


def normalise(text: str) -> str:
    """Return `text` in NFC with \\n line ends and no control characters. Doing it twice changes nothing."""
    text = _NEWLINES.sub("\n", text)
    # A pair of surrogates (a JavaScript string decoded carelessly) is one character; a lone one is none.
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    # Taking a character out can bring a letter and an accent together, so composing comes last.
    return unicodedata.normalize("NFC", FORBIDDEN.sub("", text))


def encodable(text: str) -> str:
    """The same number of characters, with lone surrogates replaced, for libraries written in C or Rust."""
    return _SURROGATES.sub("\ufffd", text)


def direction(text: str) -> Literal["ltr", "rtl"]:
    """The way most of the letters at the beginning run."""
    right = left = 0
    for character in text[:_LOOK_AT]:
        kind = unicodedata.bidirectional(character)
        right += kind in ("R", "AL")
        left += kind == "L"
    return "rtl" if right > left else "ltr"


def trimmed(text: str, start: int, end: int, drop: str = "") -> tuple[int, int]:
    """Move both ends inwards past whitespace and the characters of `drop`."""
    while start < end and (text[start].isspace() or text[start] in drop):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in drop):
        end -= 1
    return start, end
