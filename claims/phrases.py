"""Noun phrases and what is set beside them: "*the Kestrel*, a drone", "Imre, who runs it, *has*"."""

from itertools import pairwise

from claims.lang import en
from claims.tagging import FINITE, Tag
from claims.tokens import Token, finite

_LONG = 9  # words of a noun phrase
_ASIDE = 45  # words between a subject and its verb
_BREAKS = FINITE | {
    Tag.PREPOSITION, Tag.COORDINATOR, Tag.TO, Tag.BASE, Tag.GERUND, Tag.PARTICIPLE, Tag.RELATIVE, Tag.THAT,
    Tag.SUBORDINATOR, Tag.PRONOUN, Tag.OBJECT,
}  # fmt: skip
_PEOPLE = (
    "er",
    "or",
    "ist",
    "man",
    "woman",
    "chair",
    "ant",
    "ian",
    "eer",
    "wife",
    "son",
    "ess",
    "sman",
    "mother",
)
_DAYS = frozenset(en.MONTHS) | en.WEEKDAYS
_ARTICLES = frozenset("a an the one its his her their our another".split())


def before(words: list[Token], start: int, end: int) -> tuple[int, int] | None:
    """The noun phrase that ends where token `end` begins: "the *data firm Palantir Inc.*", or None."""
    if end - 1 > start and words[end - 1].low == ",":
        end -= 1
    begin = end
    while begin > start and end - begin < _LONG:
        word = words[begin - 1]
        if not (word.is_word or _joins(words, begin - 1)) or word.tag in _BREAKS:
            break
        begin -= 1
        if word.low in en.DETERMINERS:
            break
    while begin < end and not words[begin].is_word and words[begin].text not in "£$€":
        begin += 1
    if begin >= end or words[begin].tag is Tag.ADVERB and end - begin == 1:
        return None
    return begin, end


def _joins(words: list[Token], i: int) -> bool:
    """Is the mark part of a name or an amount: "Co.", "J. J. Fenwick", "Crane & Leith", "$4 million"?"""
    if words[i].text in "£$€&":
        return True
    return words[i].text == "." and i > 0 and (
        words[i - 1].low in en.ABBREVIATIONS or len(words[i - 1].text) < 3 and words[i - 1].is_name
    )  # fmt: skip


def is_name(words: list[Token], start: int, end: int) -> bool:
    """Does the phrase end in a proper name?"""
    last = end - 1
    while last > start and not words[last].is_word:
        last -= 1
    return words[last].tag is Tag.NAME or words[last].is_name and last == start


def is_office(words: list[Token], start: int, end: int) -> bool:
    """Is it what somebody is: "the chief inspector", "its captain"?"""
    low = words[end - 1].low
    return words[end - 1].tag is not Tag.NAME and (low in en.PEOPLE or low.endswith(_PEOPLE) and len(low) > 4)


def apposed(words: list[Token], start: int, comma: int, end: int) -> tuple[int, int] | None:
    """A name with who or what it is behind the comma: "*the Kestrel, a surveillance drone*", or None.

    Also the other way round: "*the captain, J. J. Fenwick*".
    """
    phrase = before(words, start, comma)
    at = comma + 1
    if phrase is None or at + 1 >= end:
        return None
    if at + 2 < end and words[at].text.isdigit() and words[at + 1].low == "," and is_name(words, *phrase):
        at += 2  # "Paul Dacey, 41, a bus driver"
    if (
        is_office(words, *phrase)
        and words[at].tag is Tag.NAME
        and words[phrase[0]].low in _ARTICLES | {"then"}
    ):
        stop = at
        while stop < end and (words[stop].tag is Tag.NAME or _joins(words, stop)):
            stop += 1
        return (phrase[0], stop) if stop >= end or not words[stop].is_word else None
    if not is_name(words, *phrase) or words[at].low not in _ARTICLES or words[at].quote != words[comma].quote:
        return None
    stop = _extent(words, at, end)
    dated = words[phrase[1] - 1].low in _DAYS
    if (
        dated
        or stop - at < 2
        or any(_ranks(word.low) for word in words[at : at + 4])
        or not _describes(words, at, stop)
        or _listed(words, start, comma, stop, end)
    ):
        return None
    return phrase[0], stop


def _ranks(low: str) -> bool:
    return low in en.ORDINALS or low in en.SUPERLATIVES or low.endswith("est") and len(low) > 5


def _extent(words: list[Token], at: int, end: int) -> int:
    """Where a phrase with the clauses on it ends: at the next comma, dash or full stop."""
    stop = at
    while stop < end and words[stop].low not in (",", ";", ":", "—", "–", "(", ")"):
        if words[stop].text == "." and not _joins(words, stop):
            break
        stop += 1
    return stop


def _describes(words: list[Token], at: int, stop: int) -> bool:
    """Is there a common noun at its head, and no verb of its own?"""
    clause = False
    noun = False
    for word in words[at:stop]:
        noun = noun or not clause and word.tag in (Tag.NOUN, Tag.ADJECTIVE)
        if word.tag in (Tag.RELATIVE, Tag.THAT, Tag.SUBORDINATOR):
            clause = True
        elif word.tag in FINITE and not clause:
            return False
    return noun


def _listed(words: list[Token], start: int, comma: int, stop: int, end: int) -> bool:
    """Is the phrase one of a list: "the council, the union and the firm"?"""
    if any(words[j].low in ("and", "or") and words[j + 1].tag in (Tag.DETERMINER, Tag.NAME)
           for j in range(comma + 2, stop - 1)):  # fmt: skip
        return True
    return stop + 1 < end and words[stop].low == "," and words[stop + 1].low in ("and", "or") and (
        stop + 2 < end and words[stop + 2].low in _ARTICLES
    )  # fmt: skip


def resumed(words: list[Token], start: int, end: int) -> int | None:
    """The main verb behind an aside on its subject: "Moor, which was sold and has 310 staff, *lost*"."""
    first = words[start]
    if first.tag in (
        Tag.PREPOSITION,
        Tag.SUBORDINATOR,
        Tag.ADVERB,
        Tag.GERUND,
        Tag.TO,
        Tag.PARTICIPLE,
        Tag.PRONOUN,
    ):
        return None
    comma = None
    for j in range(start, min(end, start + _LONG + 6)):
        if words[j].tag in FINITE or words[j].tag is Tag.RELATIVE or words[j].low in (";", ":", "—", "–"):
            return None
        if words[j].low == ",":
            comma = j
            break
    if comma is None or comma + 1 >= end or words[comma + 1].tag not in (Tag.RELATIVE, Tag.PARTICIPLE):
        return None
    for j in range(comma + 2, min(end - 1, comma + _ASIDE)):
        if words[j].low in (";", ":", "“"):
            return None
        if words[j].low == ",":
            at = j + 1
            while at < end - 1 and words[at].tag is Tag.ADVERB:
                at += 1
            if finite(words, at):
                return at
            if words[at].tag is Tag.COORDINATOR and words[j + 1].low != "but":
                return None
    return None


def conjoined(words: list[Token], start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a clause on a noun that "and" joins: "which sold two *and (which) has 310 staff*"."""
    kind = words[start].tag
    if start + 1 < end and words[start].tag is Tag.ADVERB:
        kind = words[start + 1].tag
    parts = [start]
    verb = False
    for j in range(start + 1, end - 2):
        verb = verb or words[j].tag in FINITE or kind in (Tag.GERUND, Tag.PARTICIPLE)
        if (
            not verb
            or words[j].low not in ("and", "but")
            or words[j].quote
            and words[j].quote != words[start].quote
        ):
            continue
        after = j + 1
        while after < end - 1 and words[after].tag is Tag.ADVERB:
            after += 1
        following = words[after].tag
        joins = (
            following is Tag.RELATIVE or following in FINITE
            if kind is Tag.RELATIVE
            else following in (Tag.GERUND, Tag.PARTICIPLE) and (following is kind or kind is Tag.PARTICIPLE)
        )
        if joins and after + 1 < end:
            parts.append(j + 1)
    edges = [*parts, end]
    return [(a, b - 1 if b < end else b) for a, b in pairwise(edges)]
