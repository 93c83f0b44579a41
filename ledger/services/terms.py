"""The language of the search field, taken apart and put together again; it never refuses a text.

Words and "phrases" are looked for. `key:value` narrows, `key:one,two` to any of them, a `-` in front
turns it round. What keys there are, and what their values mean, is search.py's business.
"""

import re
import unicodedata
from collections.abc import Iterable

from claims.values import dataclass

LONGEST = 2000
"""Characters of a search that are read."""
MOST = 40
"""Terms of a search that are read."""

_KEY = re.compile(r"([A-Za-z][A-Za-z_-]*):(?!//)")
# Keyboards of telephones write curly ones by themselves.
_QUOTES = '"“”„'
_BARE = re.compile(r'[^\s",“”„\\-][^\s",“”„\\]*')


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a search: words where there is no key; `out` is what must not be."""

    key: str
    values: tuple[str, ...]
    out: bool = False

    def __str__(self) -> str:
        return written([self])


def parsed(text: str) -> list[Term]:
    """The terms of a search, in order. Characters that nobody sees count as space."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text[:LONGEST])
    return list(_Reader(unicodedata.normalize("NFC", plain)).terms())[:MOST]


def written(terms: Iterable[Term]) -> str:
    """A search as it stands in the field: `parsed` gives the same terms again."""
    return " ".join(_term(term) for term in terms if term.values or term.key)


def plus(terms: Iterable[Term], key: str, value: str) -> list[Term]:
    """The search that also lets `value` of that key through."""
    found = without(terms, key, value)
    for place, term in enumerate(found):
        if term.key == key and not term.out:
            found[place] = Term(key, (*term.values, value))
            return found
    return [*found, Term(key, (value,))]


def without(terms: Iterable[Term], key: str, value: str | None = None) -> list[Term]:
    """The search that does not ask for `value` of that key; for none of its values, if none is given."""
    found = []
    for term in terms:
        if term.key == key and not term.out:
            kept = tuple(v for v in term.values if value is not None and v.casefold() != value.casefold())
            term = Term(key, kept)
            if not kept:
                continue
        found.append(term)
    return found


def values(terms: Iterable[Term], key: str) -> set[str]:
    """What is asked for of a key, in lower case."""
    return {value.casefold() for term in terms if term.key == key and not term.out for value in term.values}


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def terms(self) -> Iterable[Term]:
        while self._skip_space():
            out = self._is_out()
            if key := _KEY.match(self._text, self._at):
                self._at = key.end()
                yield Term(key[1].lower(), tuple(self._several()), out)
            elif value := self._value(""):
                yield Term("", (value,), out)

    def _skip_space(self) -> bool:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at < len(self._text)

    def _is_out(self) -> bool:
        # A dash alone, as between two words, is none.
        following = self._text[self._at + 1 : self._at + 2]
        out = self._text[self._at] == "-" and bool(following.strip())
        self._at += out
        return out

    def _several(self) -> Iterable[str]:
        while True:
            if value := self._value(","):
                yield value
            if self._text[self._at : self._at + 1] != ",":
                return
            self._at += 1

    def _value(self, end: str) -> str:
        if self._text[self._at : self._at + 1] in tuple(_QUOTES):
            return self._quoted()
        start = self._at
        while self._at < len(self._text) and not (
            self._text[self._at].isspace() or self._text[self._at] in end
        ):
            self._at += 1
        return self._text[start : self._at]

    def _quoted(self) -> str:
        """What stands in quotation marks; one that is never closed goes on to the end."""
        self._at += 1
        found = []
        while self._at < len(self._text) and self._text[self._at] not in _QUOTES:
            self._at += self._text[self._at] == "\\" and self._at + 1 < len(self._text)
            found.append(self._text[self._at])
            self._at += 1
        self._at += 1
        return " ".join("".join(found).split())


def _term(term: Term) -> str:
    key = f"{term.key}:" if term.key else ""
    return ("-" if term.out else "") + key + ",".join(_value(value, bool(key)) for value in term.values)


def _value(value: str, keyed: bool) -> str:
    bare = (
        _BARE.fullmatch(value)
        if keyed
        else _BARE.fullmatch(value.replace(",", ".")) and not _KEY.match(value)
    )
    if bare:
        return value
    return '"' + re.sub(rf"([\\{_QUOTES}])", r"\\\1", value) + '"'
