"""Where a text may be cut: never inside what people see as one character.

A flag, a family of emoji, a letter with marks on it: each is several code points and one grapheme (UAX 29).
"""

from functools import cache
from typing import Any


def cuts(text: str, at: int) -> bool:
    """Whether a cut before code point `at` would go through a grapheme."""
    if not 0 < at < len(text):
        return False
    if _surely(text, at):
        return False
    for found in _one().finditer(text, _sure(text, at)):
        if found.end() >= at:
            return bool(found.end() > at)
    return False


@cache
def _one() -> Any:
    # Few texts have what must be looked at so closely, and the library takes a while to load.
    import regex

    return regex.compile(r"\X")


def _sure(text: str, at: int) -> int:
    """A place before `at` where a grapheme surely begins, so that a long text is not read from its start."""
    at -= 1
    while at > 0 and not _surely(text, at):
        at -= 1
    return at


def _surely(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    return before == "\n" or (before < "\x7f" and after < "\x7f")
