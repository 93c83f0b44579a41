"""What hangs on behind a clause, as clauses: each part that "and" joins, each counted item of a list."""

from claims.clauses.beside import relatives
from claims.clauses.clause import Clause
from claims.clauses.looking import QUOTES, ranks
from claims.lang import en
from claims.phrases import conjoined
from claims.tagging import Tag
from claims.tokens import Token, finite


def tail_clauses(
    words: list[Token], start: int, kind: str, begin: int, end: int, subject: tuple[int, int] | None
) -> list[Clause]:
    while begin < end and words[begin].low in QUOTES and not words[begin].quote:
        begin += 1
    if end - begin < 2:
        return []
    if kind == "items":
        return _items(words, start, begin - 1, begin + (2 if words[begin].low != "including" else 1), end)
    if kind == "identity":
        return [Clause(begin, end, "role")]
    if kind in ("comparison", "price"):
        return [Clause(begin, end, "comparison", (start, begin - 1))]
    if kind == "relative":
        return relatives(words, start, begin, end)
    if kind == "participle":
        begin += words[begin].low in ("while", "after")
        lead = (start, begin - 1) if subject else None
        return [Clause(a, b, "participle", lead) for a, b in conjoined(words, begin, end)]
    if kind == "with":
        return [Clause(begin + 1, end, "participle")]
    if kind == "apposition":
        return [Clause(a, b, "apposition", (start, begin - 1)) for a, b in _ranked(words, begin, end)]
    return [Clause(begin, end, kind)]


def _ranked(words: list[Token], begin: int, end: int) -> list[tuple[int, int]]:
    """ "The largest deal in its history *and* its third this year" are two."""
    joint = next((j for j in range(begin + 2, end - 3) if words[j].low == "and"
                  and words[j + 1].tag is Tag.DETERMINER and _is_ranked(words, j + 1)), None)  # fmt: skip
    if joint is None or not _is_ranked(words, begin):
        return [(begin, end)]
    return [(begin, joint), (joint + 1, end)]


def _is_ranked(words: list[Token], at: int) -> bool:
    return any(ranks(word.low) for word in words[at : at + 4])


def _items(words: list[Token], start: int, comma: int, at: int, end: int) -> list[Clause]:
    """The counted items of a list ("including 40 groups and a third of staff"), each on its own."""
    found: list[Clause] = []
    first = at
    while at < end:
        low = words[at].low
        last = low in (",", ";")
        if last or low == "and":
            found += _item(words, start, comma, first, at)
            first = at + 1
        elif words[at].tag is Tag.RELATIVE or words[at].tag is Tag.THAT or finite(words, at):
            break
        at += 1
    if at >= end or first < at:
        found += _item(words, start, comma, first, at)
    return found


def _item(words: list[Token], start: int, comma: int, first: int, end: int) -> list[Clause]:
    lows = [word.low for word in words[first:end]]
    counted = any(low in en.QUANTIFIERS or low[:1].isdigit() or low in en.ONES for low in lows)
    return [Clause(first, end, "item", (start, comma))] if counted and len(lows) > 1 else []
