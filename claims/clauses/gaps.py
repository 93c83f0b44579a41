"""Clauses whose verb is that of the clause before: "the Greens won 14 seats and *the Alliance nine*"."""

from claims.clauses.clause import Clause
from claims.clauses.looking import is_year
from claims.clauses.wrapped import plain
from claims.lang import en
from claims.tagging import Tag
from claims.tokens import Token

_NEAR = 4  # words after the verb in which its number stands
_NAME = 5  # words of who or what the next number is of
_ENDS = frozenset([",", ";", ".", "and", "while"])
_NAMING = frozenset({Tag.NAME, Tag.NOUN})


def gaps(words: list[Token], verb: int, end: int) -> tuple[int, list[Clause]]:
    """Where the clause with the verb ends, and the clauses that leave the verb out."""
    first = next((j for j in range(verb + 1, min(verb + _NEAR, end)) if _is_number(words[j])), None)
    if first is None:
        return end, []
    stop, found = end, []
    joined = False
    i = first + 1
    while i < end - 2:
        begin = i + 1 + (words[i].low == "," and words[i + 1].low == "and")
        number = _number(words, begin, end) if words[i].low in (",", "and") else None
        if number is None:
            i += 1
            continue
        stop = min(stop, i)
        joined = joined or words[begin - 1].low == "and"
        said = [plain(words, begin, number), plain(words, verb, first), plain(words, number, number + 1)]
        found.append(Clause(begin, number + 1, "shared", said=" ".join(said)))
        i = number + 1
    return (stop, found) if joined else (end, [])


def _number(words: list[Token], begin: int, end: int) -> int | None:
    """Where a number stands right behind a name that begins at `begin`, with nothing after it."""
    at = begin
    while at < min(end, begin + _NAME) and not _is_number(words[at]):
        if words[at].tag not in _NAMING and (at > begin or words[at].tag is not Tag.DETERMINER):
            return None
        at += 1
    if at >= end or at == begin or at + 1 < end and words[at + 1].low not in _ENDS:
        return None
    last, number = words[at - 1], words[at]
    if last.tag not in _NAMING or last.low in en.PLAIN_ADJECTIVES or _is_time(last) or is_year(number.text):
        return None
    # A figure behind a bare name may be part of it: "Boeing 737".
    bare = words[begin].tag is not Tag.DETERMINER and number.text.isdigit()
    return None if bare else at


def _is_number(word: Token) -> bool:
    return word.tag is Tag.NUMBER or word.text.lstrip("£$€")[:1].isdigit()


def _is_time(word: Token) -> bool:
    return word.low in en.MONTHS or word.low in en.WEEKDAYS
