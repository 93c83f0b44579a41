"""The names in a claim, and whether two may be one: by surname, by initials, by what else they are called."""

import re
from collections.abc import Iterator

from claims.lang import en
from claims.tagging import FINITE, Tag
from claims.tokens import Token
from claims.values import dataclass

_OPENING = frozenset('.!?:;“”"‘(—–…')  # after one of these a capital need not make a name
_FEW = 3  # words that need not be a title for having capitals
_LONGEST_ALIAS = 6  # words
_LONG = 5  # letters of a name that another may go on from
_MORE = 2  # letters by which it may
_PEOPLE = re.compile(r"(?:ians?|ans?|ese|ish|ia|as|i|a)$")  # "Texas", "Texan"; "Bavaria", "Bavarian"
_SHORTEST_ROOT = 3  # letters of what is left


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in a text; `known` is what an alias of the lists stands for."""

    text: str
    parts: tuple[str, ...]
    start: int
    known: str | None = None


def names(words: list[Token]) -> list[Name]:
    """The names among a text's words, in order. In A Title Like This only those of the lists are found."""
    if _titled(words):
        words = [word if _bare(word.low) in en.ALIASES else _small(word) for word in words]
    found: list[Name] = []
    i = 0
    while i < len(words):
        name, i = _name_at(words, i)
        if name is not None:
            found.append(name)
    return found


def _titled(words: list[Token]) -> bool:
    """Does every word that says something begin with a capital?"""
    telling = [word.text for word in words if word.text[0].isalpha() and word.low not in en.EMPTY]
    return len(telling) > _FEW and all(text[0].isupper() for text in telling)


def _small(word: Token) -> Token:
    return word._replace(text=word.low, tag=Tag.NOUN)


def _name_at(words: list[Token], i: int) -> tuple[Name | None, int]:
    """The name that begins at `i`, if one does, and where to go on."""
    if not words[i].text[0].isupper():
        return None, i + 1
    for end in range(min(len(words), i + _LONGEST_ALIAS), i, -1):
        known = _alias(words[i:end])
        if known is not None:
            return _name(words[i:end], known), end
    if not _is_name(words, i):
        return None, i + 1
    end = i + 1
    while end < len(words) and _goes_on(words, end):
        end += 1
    while not _capital(words[end - 1]):
        end -= 1
    return _name(words[i:end], None), end


def _alias(words: list[Token]) -> str | None:
    text = " ".join(_bare(word.low) for word in words)
    known = en.ALIASES.get(text)
    # "US" is a country and "us" is not, nor is the "who" that begins a sentence.
    short = len(text) <= 4 and not words[0].text.replace(".", "").rstrip("s").isupper()
    return None if known is None or short and text == known else known


def _is_name(words: list[Token], i: int) -> bool:
    word = words[i]
    if word.low in en.EMPTY or not word.text[0].isalpha():
        return False
    if len(word.text) > 1 and word.text.isupper() and (word.low in en.BASES or word.low in en.PAST):
        return False  # "they KEPT it": said louder
    if i and words[i - 1].text not in _OPENING:
        return True
    if len(word.text) > 1 and word.text.rstrip("s").isupper():
        return len(words) > 1 and not all(w.text.isupper() for w in words if w.text.isalpha())
    return _begins_with_name(words[i : i + 2])


def _begins_with_name(words: list[Token]) -> bool:
    """Is the first word, which has its capital anyway, a name: "Sweden banned", but not "Crime rose"?"""
    word = words[0]
    if word.low in en.DETERMINERS or word.low in en.PRONOUNS or word.low in en.PREPOSITIONS:
        return False
    if word.low.endswith(("'s", "’s")):
        return _bare(word.low) not in en.MASS_NOUNS
    following = words[1] if len(words) > 1 else None
    if following is None or word.low in en.MASS_NOUNS:
        return False
    if _capital(following):
        return word.tag is not Tag.ADVERB and word.low not in en.NO_NAMES
    plural = word.low.endswith("s") and not word.low.endswith(("ss", "us", "is"))
    mass = word.low.endswith(
        ("tion", "sion", "ment", "ness", "ity", "ism", "ing", "ance", "ence", "ship", "ure")
    )
    return following.tag in FINITE and not plural and not mass and word.tag is Tag.NOUN


def _goes_on(words: list[Token], i: int) -> bool:
    if words[i - 1].low.endswith(("'s", "’s")):
        return False
    if words[i].low in en.INSIDE_NAMES:
        return i + 1 < len(words) and _capital(words[i + 1])
    return _capital(words[i]) and words[i].low not in en.EMPTY


def _capital(word: Token) -> bool:
    return word.text[0].isupper()


def _bare(low: str) -> str:
    return low.removesuffix("'s").removesuffix("’s").rstrip("'’")


def _name(words: list[Token], known: str | None) -> Name | None:
    parts = tuple(
        part for word in words if (part := _bare(word.low)) not in en.NO_NAMES and part not in en.INSIDE_NAMES
    )
    if not parts and known is None:
        return None
    told = [word for word in words if known is not None or _bare(word.low) not in en.NO_NAMES]
    text = " ".join(word.text for word in told).removesuffix("'s").removesuffix("’s")
    return Name(text, parts, words[0].start, known)


def one(first: Name, second: Name) -> bool:
    """May both be names of one? "Johnson" and "Boris Johnson" may, "Anna Lind" and "Erik Lind" not."""
    if first.known is not None and first.known == second.known:
        return True
    mine, theirs = set(first.parts), set(second.parts)
    if mine and theirs and (mine <= theirs or theirs <= mine):
        return True
    if _initials(first, second) or _initials(second, first):
        return True
    if first.known is not None or second.known is not None or len(mine) > 1 or len(theirs) > 1:
        return False
    return _alike(first.parts[0], second.parts[0])


def _initials(short: Name, long: Name) -> bool:
    letters = short.text.replace(".", "")
    return (
        len(short.parts) == 1 and letters.isupper() and letters.lower() == "".join(p[0] for p in long.parts)
    )


def _alike(first: str, second: str) -> bool:
    """ "Zelensky" and "Zelenskyy", "Texas" and "Texan"; but not "Johnson" and "Johnston"."""
    short, long = sorted((first, second), key=len)
    if not long.isalpha():
        return False
    if len(short) >= _LONG and long.startswith(short) and len(long) - len(short) <= _MORE:
        return True
    ends = [_PEOPLE.sub("", name) for name in (first, second)]
    return ends[0] == ends[1] and len(ends[0]) >= _SHORTEST_ROOT


def unmatched(mine: list[Name], theirs: list[Name], their_words: frozenset[str]) -> Iterator[Name]:
    """The names of one text that the other has not, not even in small letters."""
    for name in mine:
        if any(one(name, other) for other in theirs):
            continue
        if name.parts and set(name.parts) <= their_words:
            continue
        yield name
