"""Who is meant by `@Name` in a text: an account, by its whole name or by a first name that only one has."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Protocol

from claims.values import dataclass

MOST = 50
"""So many signs are looked at in one text; those after them stay plain."""
_LONGEST_NAME = 120

# An address such as jo@example.org names nobody; neither does @@.
_SIGN = re.compile(r"(?<![\w@.])@(?=\w)")
_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")


class Somebody(Protocol):
    """What is asked of an account."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: from `start` to `end`, the sign included, and whose it is."""

    start: int
    end: int
    account_id: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An `@word` that names nobody, or could be several people."""

    words: str
    several: bool


@dataclass(frozen=True, slots=True)
class Found:
    """All mentions of a text, in its order."""

    mentions: tuple[Mention, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()

    @property
    def people(self) -> list[str]:
        """The ids of those who are named, each once."""
        return list(dict.fromkeys(mention.account_id for mention in self.mentions))


def resolve(text: str, people: Iterable[Somebody]) -> Found:
    """Who is named in `text`. Case counts for nothing, and the longest name that fits is taken.

    A first name that several people have means the one whom the text names in full somewhere else.
    """
    whole, first = _by_name(people)
    signs = [match.start() for match in _SIGN.finditer(text)][:MOST]
    read = [(at, *_longest(text, at, whole)) for at in signs]
    in_full = {ids[0] for _, _, ids in read if len(ids) == 1}
    mentions, unresolved = [], []
    for at, end, ids in read:
        if not ids:
            word = _WORD.match(text, at + 1)
            end = word.end() if word else at + 1
            ids = first.get(_plain(text[at + 1 : end]), [])
        if len(ids) > 1:
            ids = [id for id in ids if id in in_full] or ids
        if len(ids) == 1:
            mentions.append(Mention(at, end, ids[0]))
        else:
            unresolved.append(Unresolved(text[at:end], bool(ids)))
    return Found(tuple(mentions), tuple(dict.fromkeys(unresolved)))


def _by_name(people: Iterable[Somebody]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    whole: dict[str, list[str]] = {}
    first: dict[str, list[str]] = {}
    for person in people:
        name = _plain(person.name)
        whole.setdefault(name, []).append(person.id)
        first.setdefault(name.split(" ")[0], []).append(person.id)
    return whole, first


def _longest(text: str, at: int, whole: dict[str, list[str]]) -> tuple[int, list[str]]:
    """Where the longest whole name after the sign at `at` ends, and who is called so."""
    stretch = text[at + 1 : at + 1 + _LONGEST_NAME]
    for length in range(len(stretch), 0, -1):
        ends_here = length == len(stretch) or not _goes_on(stretch[length - 1 : length + 2])
        if ends_here and not stretch[length - 1].isspace():
            ids = whole.get(_plain(stretch[:length]))
            if ids:
                return at + 1 + length, ids
    return at + 1, []


def _goes_on(around: str) -> bool:
    """Whether a word goes on after its first sign here: `Ann` in `Anna` or in `Ann-Marie` is not a name."""
    before, after, further = around[0], around[1], around[2:]
    if after.isalnum() or unicodedata.category(after) in ("Mn", "Mc"):
        return before.isalnum()
    return after == "-" and further.isalnum()


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
