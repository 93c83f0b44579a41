"""A sentence → the clauses that stand side by side in it: "profits rose *and* pay fell"."""

from collections.abc import Iterator

from claims.clauses.looking import AHEAD, CLOSINGS, DASHES, OPENINGS, QUOTES, comma_after, headline, outside
from claims.lang import en
from claims.phrases import resumed
from claims.tagging import Tag
from claims.tokens import Token, finite

_CONTRASTS = frozenset(["while", "whereas", "although", "though", "whilst"])
_OPENING = frozenset(["when", "if", "after", "because", "as", "once", "what"])
_PLACING = frozenset(["of", "in", "at", "for", "by", "on"])
_NO_SUBJECT = frozenset({Tag.RELATIVE, Tag.TO, Tag.BASE, Tag.PARTICIPLE, Tag.COORDINATOR, Tag.OBJECT})


def side_by_side(words: list[Token], start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Ranges of the clauses that stand side by side, and whether each goes on with the subject before it."""
    begin, shares, verb, depth = start, False, False, 0
    opening = _opens_with_clause(words, start, end)
    main = resumed(words, start, end) if start < end else None
    i = start
    while i < end:
        low = words[i].low
        if low in OPENINGS:
            depth += 1
        elif low in CLOSINGS:
            depth = max(0, depth - 1)
        cut = None
        if i > begin and not depth and (main is None or i > main) and outside(words, begin, i):
            cut = _boundary(words, begin, i, end, verb)
        if cut is None:
            opening = opening and low != ","
            verb = verb or finite(words, i) and not opening and (main is None or i >= main)
            i += 1
            continue
        if i > begin:
            yield begin, i, shares
        begin, shares = cut
        i, verb = begin, False
        opening = _opens_with_clause(words, begin, end)
        main = resumed(words, begin, end) if begin < end else None
    if begin < end:
        yield begin, end, shares


def _opens_with_clause(words: list[Token], begin: int, end: int) -> bool:
    """ "As they design their pages, they …": nothing is said until the comma."""
    while begin < end and (not words[begin].is_word or words[begin].tag is Tag.COORDINATOR):
        begin += 1
    return begin < end and words[begin].tag is Tag.SUBORDINATOR


def _boundary(words: list[Token], begin: int, i: int, end: int, verb: bool) -> tuple[int, bool] | None:
    """Where the next clause begins if one ends before the token `i`, and whether it shares its subject."""
    low = words[i].low
    if low == ";":
        return i + 1, False
    if low == ":" and verb:
        return (i + 1, False) if _independent(words, i + 1, end) else None
    if low in DASHES and words[i].start > words[i - 1].end:
        at = i + 1
        if at < end and words[at].low in _CONTRASTS | en.COORDINATORS:
            at += 1
        return (at, False) if verb and _independent(words, at, end) else None
    if not verb:
        return None
    comma = low == ","
    at = i + 1 if comma else i
    while comma and at < end and words[at].low in QUOTES:
        at += 1
    if at + 1 >= end:
        return None
    low = words[at].low
    if low in _CONTRASTS or low in ("and", "but", "yet", "so") or low == "or" and comma:
        return _joined(words, at, end)
    if not comma:
        slides = low == "as" and words[at].tag is Tag.SUBORDINATOR and headline(words)
        return (at + 1, False) if slides else None  # "Rates rise as krone slides"
    if low == "however" and words[at + 1].low == "," and _independent(words, at + 2, end):
        return at + 2, False
    if words[at].tag is Tag.THAT and _independent(words, at + 1, end):
        return at + 1, False
    goes_on = low == "then" and finite(words, at + 1) or finite(words, at) and not _closes(words, begin, i)
    return (at, True) if goes_on else None


def _joined(words: list[Token], at: int, end: int) -> tuple[int, bool] | None:
    """What a conjunction at `at` joins, if a clause: "and *pay fell*", "and *left the hall*"."""
    low = words[at].low
    after = at + 1
    while after < end and (words[after].tag is Tag.ADVERB or words[after].low in QUOTES):
        after += 1
    if low == "and" and after < end and words[after].tag is Tag.THAT:
        after += 1
    if after < end and finite(words, after) and low not in _CONTRASTS:
        return (after if words[after - 1].tag is Tag.THAT else at + 1), True
    begin = at + 1 + (low == "and" and words[at + 1].tag is Tag.THAT)
    return (begin, False) if _independent(words, after, end) else None


def _closes(words: list[Token], begin: int, comma: int) -> bool:
    """Does the comma close something set between commas, so that the verb after it is the main one?"""
    verb = next((j for j in range(begin, comma) if finite(words, j)), None)
    if verb is None:
        return True
    earlier = [j for j in range(max(begin, comma - 40), comma) if words[j].low == ","]
    if earlier and not any(finite(words, j) for j in range(earlier[-1], comma)):
        return True  # "its chief judge, Merrick Garland, has"
    for j in reversed(earlier):
        following = words[j + 1]
        if following.tag in (Tag.RELATIVE, Tag.SUBORDINATOR, Tag.PARTICIPLE, Tag.GERUND, Tag.DETERMINER):
            return True
    if any(words[j].tag in (Tag.RELATIVE, Tag.THAT) for j in range(begin, verb)):
        return True
    return any(words[j].tag in (Tag.SUBORDINATOR, Tag.PREPOSITION) for j in range(begin, begin + 1))


def _independent(words: list[Token], at: int, end: int) -> bool:
    """Does a clause with a subject and a verb of its own start at `at`?"""
    while at < end and (words[at].low in QUOTES or words[at].tag is Tag.ADVERB):
        at += 1
    if at >= end:
        return False
    first = words[at]
    if first.tag is Tag.PREPOSITION:
        return first.low in _PLACING and _later(words, at, end)
    if first.tag in _NO_SUBJECT or first.tag is Tag.SUBORDINATOR and first.low not in _OPENING:
        return False
    if first.tag is Tag.MARK and first.low not in "£$€@#(":
        return False
    opens = first.tag is Tag.SUBORDINATOR
    commas = 0
    for j in range(at + 1, min(end, at + AHEAD)):
        if words[j].low == ";" or words[j].tag in (Tag.RELATIVE, Tag.THAT):
            return False
        commas += words[j].low == ","
        if finite(words, j):
            # "And Pike, the goalkeeper, saved two": between two commas stands who he is.
            return opens or commas == 0 or commas == 2 and words[j - 1].low == ","
        if commas > 2:
            return False
    return False


def _later(words: list[Token], at: int, end: int) -> bool:
    """After an opening phrase: "in the north, prices fell"."""
    comma = comma_after(words, at, min(end, at + 10))
    return comma is not None and _independent(words, comma + 1, end)
