"""A text as terms: what is left of its words when case, endings and padding are gone."""

import re
import unicodedata
from functools import lru_cache

from claims.lang import en
from claims.lang.en.stems import stem

_ADDRESS = re.compile(r"\b(?:https?://|www\.|pic\.twitter\.com/)\S*")
# "… — A Name (@handle) May 3, 2020", as embedded posts end. The name is kept: who says it tells claims apart.
_HANDLE_AND_DATE = re.compile(r"\(@\w{1,30}\)\s+\w{3,9} \d{1,2}, \d{4}\s*$")
_TAG = re.compile(r"[#@](\w+)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)|_")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*(?:'[^\W_]+)?")
_LONGEST = 64  # characters; what is longer is no word


def plain(text: str) -> str:
    """A post as a sentence: no addresses, no handle at its end, and #GlobalWarming as two words."""
    if "/" in text:
        text = _ADDRESS.sub(" ", text)
    if "@" in text:
        text = _HANDLE_AND_DATE.sub(" ", text)
    return _TAG.sub(lambda tag: _HUMP.sub(" ", tag[1]), text) if "#" in text or "@" in text else text


def terms(text: str) -> list[str]:
    """The terms of a text in order, doubles kept: "The bridges cost 1,200" → bridg, cost, 1200."""
    return [term for word in _WORD.findall(_folded(text).casefold()) if (term := _term(word))]


def words_by_term(text: str) -> dict[str, str]:
    """Each term of a text → the first word that it was made from, as it is written there."""
    found: dict[str, str] = {}
    for word in _WORD.findall(_folded(text)):
        if term := _term(word.casefold()):
            found.setdefault(term, word)
    return found


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    return _DOTTED.sub(lambda letters: letters[0].replace(".", ""), text) if "." in text else text


@lru_cache(maxsize=1 << 16)
def _term(word: str) -> str:
    if word in en.EMPTY or len(word) > _LONGEST:
        return ""
    if word[0].isdigit():
        return word.replace(",", "")
    return stem(word.removesuffix("'s"))
