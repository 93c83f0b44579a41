"""Where a clause ends, and what hangs on behind it: ", *up from 5%*", ", *killing two*"."""

from claims.clauses.looking import (
    CLOSINGS,
    DASHES,
    OPENINGS,
    QUOTES,
    SPANS_OF_TIME,
    comma_after,
    counts,
    outside,
    own_subject,
    ranks,
    spans_time,
    verb_near,
)
from claims.lang import en
from claims.phrases import apposed
from claims.tagging import FINITE, Tag
from claims.tokens import Token

_WHEN = frozenset(["after", "when", "before", "once", "until", "since", "as"])
_COMPARING = frozenset(
    "compared up down against according including following or than from excluding depending given based to "
    "at barring citing".split()
)
_OPENS_PHRASE = frozenset({Tag.DETERMINER, Tag.NUMBER, Tag.NOUN, Tag.ADJECTIVE, Tag.PRONOUN})
_MODIFIERS = frozenset("more fewer less almost only just".split())
_OF_CHANGE = ("from", "on")
_MULTIPLES = ("half", "double", "twice")
_COMPARISONS = frozenset(
    (first, second)
    for first, seconds in {
        "up": _OF_CHANGE, "down": _OF_CHANGE, "compared": ("with", "to"), "against": ("a", "the"),
        "roughly": _MULTIPLES, "about": _MULTIPLES, "nearly": _MULTIPLES, "almost": _MULTIPLES,
    }.items()
    for second in seconds
)  # fmt: skip


def trailing(words: list[Token], start: int, verb: int, end: int) -> tuple[int, list[tuple[str, int, int]]]:
    """Where the clause itself ends, and what hangs on behind: (what it is, its tokens)."""
    tails: list[tuple[str, int, int]] = []
    asides: list[tuple[str, int, int]] = []
    stop = None
    depth = 0
    i = verb + 1
    while i < end:
        low = words[i].low
        depth += (low in OPENINGS) - (low in CLOSINGS)
        kind = None
        beside = None
        if depth <= 0 and outside(words, start, i):
            beside = apposed(words, verb + 1, i, end) if low == "," else None
            kind = "identity" if beside is not None else _tail_kind(words, verb, i, end)
        if kind is None:
            i += 1
            continue
        if kind == "comparison":  # which the clause keeps too
            asides.append((kind, i + 1, end))
            i += 1
            continue
        if beside is not None and _goes_on(words, beside[1], end):
            asides.append((kind, *beside))
            i = beside[1]
            continue
        begin = i + 1 if low == "," or low in DASHES else i
        if kind == "relative" and begin == i and words[i - 1].tag is Tag.PREPOSITION:
            begin = i - 1
        cut = min(i, begin)
        if kind == "relative" and words[cut - 1].tag is Tag.COORDINATOR:
            cut -= 1
        if tails and tails[-1][0] != "identity":
            tails[-1] = (tails[-1][0], tails[-1][1], cut)
        stop = cut if stop is None else stop
        tails.append((kind, *beside) if beside is not None else (kind, begin, end))
        i = beside[1] if beside is not None else max(i, begin) + 1
    last = end if stop is None else stop
    asides = [(kind, a, min(b, last) if kind == "comparison" else b) for kind, a, b in asides if a < last]
    return last, [*asides, *tails]


def _goes_on(words: list[Token], comma: int, end: int) -> bool:
    """Does the clause go on behind what is set between commas: "a firm based in Bern, *to lay fibre*"?"""
    return comma + 1 < end and words[comma].low == "," and (
        words[comma + 1].tag is Tag.TO
        or words[comma + 1].tag is Tag.PREPOSITION
        and words[comma + 1].low not in _COMPARING
    )  # fmt: skip


def _tail_kind(words: list[Token], verb: int, i: int, end: int) -> str | None:
    low = words[i].low
    at = i + 1
    if (
        low == ","
        or low == "—"
        or low in DASHES
        and words[i].start > words[i - 1].end
        and words[i].end < words[min(i + 1, end - 1)].start
    ):
        while at < end and words[at].low in QUOTES and not words[at].quote:
            at += 1
        if at >= end:
            return None
        return _after_comma(words, i, at, end)
    if words[i].tag is Tag.RELATIVE and low != "whose" and i > verb + 1:
        # Without a comma it belongs to its noun, unless it brings a number of its own.
        return "relative" if counts(words, i, end) and verb_near(words, i + 1, end) else None
    if low in ("when", "after") and words[i].tag is Tag.SUBORDINATOR and i > verb + 2:
        if words[i - 1].low in SPANS_OF_TIME or words[i - 1].tag in FINITE | {
            Tag.TO,
            Tag.PREPOSITION,
            Tag.COORDINATOR,
            Tag.BASE,
        }:
            return None
        if words[verb].low in en.SAYING or any(_embeds(words[j]) for j in range(verb, i)):
            return None
        return "when" if own_subject(words, i + 1, end) else None
    if (
        low in ("while", "after")
        and i + 3 < end
        and words[i + 1].tag is Tag.GERUND
        and counts(words, verb, i)
    ):
        # Each has a fact of its own: "lost $5m last year *after laying off 40 people*".
        return "participle" if low == "while" or counts(words, i, end) else None
    if spans_time(words, i, end) and i > verb + 1 and words[i - 1].tag not in (Tag.NUMBER, Tag.MARK):
        return "when"
    return None


def _embeds(word: Token) -> bool:
    """Does a clause hang on the verb here, so that what follows belongs to it: "show how much …"?"""
    return word.tag is Tag.THAT or word.low in ("how", "what", "why", "whether", "if")


def _after_comma(words: list[Token], comma: int, at: int, end: int) -> str | None:
    word = words[at]
    low = word.low
    following = words[at + 1] if at + 1 < end else None
    if following is None:
        return None
    if word.tag is Tag.RELATIVE or low in en.PREPOSITIONS and following.low in ("which", "whom"):
        return "relative" if verb_near(words, at + 1, end) else None
    if any(
        words[j].low == "of" and words[j + 1].low in ("whom", "which")
        for j in range(at, min(at + 4, end - 1))
    ):
        return "relative"  # "about 300 of whom work in Rome"
    if low == "where" or low == "whose":
        return "relative" if verb_near(words, at + 1, end) else None
    if low == "including" or (low, following.low) in (("such", "as"), ("among", "them")):
        return "items"
    if low in _WHEN and word.tag is Tag.SUBORDINATOR:
        return "when" if own_subject(words, at + 1, end) else None
    if spans_time(words, at, end):
        return "when"
    if low == "with" and any(words[j].tag is Tag.GERUND for j in range(at + 2, min(end, at + 6))):
        return "with"
    if words[comma].low == "—" and word.tag is Tag.PREPOSITION and counts(words, at, at + 4):
        return "price"  # "on its own—at $4,100 apiece"
    if _compares(words, at, end):
        return "comparison"
    if low in _COMPARING or word.tag is Tag.PREPOSITION:
        return None
    if word.tag is Tag.GERUND and low not in en.PREPOSITIONS:
        return "participle"
    if word.tag is Tag.PARTICIPLE and following.tag is not Tag.MARK:
        return "participle"
    return "apposition" if _apposed(words, at, end) else None


def _compares(words: list[Token], at: int, end: int) -> bool:
    """ ", up from 5% a day earlier", ", compared with £3m in 2019", ", with the option of 12 months more"."""
    pair = words[at].low, words[at + 1].low
    paired = pair in _COMPARISONS or pair[0] == "with" and words[at + 1].tag in (Tag.DETERMINER, Tag.NUMBER)
    return paired and counts(words, at, min(comma_after(words, at, end) or end, end))


def _apposed(words: list[Token], at: int, end: int) -> bool:
    """A noun phrase with a number or a superlative: ", its third increase this year", ", the most ever"."""
    stop = min(comma_after(words, at, end) or end, end)
    first = words[at]
    if first.low in en.MONTHS or first.low in en.WEEKDAYS:
        return False  # "on Sunday, June 15"
    if stop - at < 3 or not (first.tag in _OPENS_PHRASE or first.low in _MODIFIERS):
        return False
    if first.tag is Tag.ADVERB and first.low not in _MODIFIERS or _states(words, at, stop):
        return False
    counted = counts(words, at, stop)
    if first.tag is Tag.NUMBER and (stop - at < 4 or any(words[j].low == "and" for j in range(at, stop))):
        return False
    if first.low in ("a", "an") and not counted:
        return False
    lows = [word.low for word in words[at:stop]]
    if first.low in ("more", "fewer", "less") and "than" in lows:
        return True
    return any(ranks(low) for low in lows[:6]) or counts(words, at, min(stop, at + 5))


def _states(words: list[Token], start: int, end: int) -> bool:
    """Is there a verb among them that is not that of a clause on a noun: "the most *it has* ever had"?"""
    for j in range(start, end):
        if words[j].tag in (Tag.RELATIVE, Tag.THAT, Tag.SUBORDINATOR):
            return False
        if words[j].tag in FINITE:
            return True
    return False
