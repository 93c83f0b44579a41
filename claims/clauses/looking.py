"""What all rules on clauses ask of the tokens around a place: is there a number, a verb, a span of time?"""

from claims.lang import en
from claims.tagging import Tag
from claims.tokens import Token, finite

AHEAD = 14  # words in which a clause must show its verb
OPENINGS, CLOSINGS = frozenset("([{"), frozenset(")]}")
QUOTES = frozenset("“”\"‘’'«»")
DASHES = frozenset("—–-")
SPANS_OF_TIME = frozenset(
    "day days week weeks month months year years decade decades hours hour minutes".split()
)
_AMOUNTS = en.QUANTIFIERS - {"most", "share", "number"}


def headline(words: list[Token]) -> bool:
    last = words[-1] if words[-1].low not in QUOTES or len(words) < 2 else words[-2]
    return last.low not in (".", "!", "?", ",")


def outside(words: list[Token], begin: int, i: int) -> bool:
    """Is the token no part of a quotation that begins inside the clause?"""
    quote = words[i].quote
    return (
        not quote or quote == words[begin].quote or begin + 1 < len(words) and quote == words[begin + 1].quote
    )


def introduces(words: list[Token], start: int, end: int) -> bool:
    first = words[start]
    if first.low in ("those", "all", "many") or start >= end:
        return False
    if first.tag in (Tag.PREPOSITION, Tag.SUBORDINATOR, Tag.ADVERB, Tag.GERUND, Tag.TO, Tag.PARTICIPLE):
        return True
    return any(words[j].low in ("ago", "later", "earlier") or words[j].low in en.WEEKDAYS and j == start
               for j in range(start, min(end, start + 5)))  # fmt: skip


def comma_after(words: list[Token], at: int, end: int) -> int | None:
    return next((j for j in range(at, min(end, at + 3 * AHEAD)) if words[j].low == ","), None)


def counts(words: list[Token], start: int, end: int) -> bool:
    """Is there a number, or an amount in words, among them?"""
    return any(
        word.low in _AMOUNTS
        or word.low != "one"
        and (word.tag is Tag.NUMBER or word.text[0].isdigit())
        and not is_year(word.text)
        for word in words[start : min(end, start + 40)]
    )


def is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in ("18", "19", "20")


def verb_near(words: list[Token], at: int, end: int) -> bool:
    return any(finite(words, j) for j in range(at, min(end, at + AHEAD)))


def own_subject(words: list[Token], at: int, end: int) -> bool:
    """Does a clause with a subject of its own follow, and not one of the same person's doing?"""
    if at + 1 >= end or words[at].tag in (Tag.GERUND, Tag.PARTICIPLE):
        return False
    return verb_near(words, at, end) and (words[at].tag is not Tag.PRONOUN or counts(words, at, end))


def spans_time(words: list[Token], at: int, end: int) -> bool:
    """ "Two years after a storm left 340 homes under water"."""
    return (
        at + 3 < end
        and (words[at].tag is Tag.NUMBER or words[at].low in ("a", "an") or words[at].low in SPANS_OF_TIME)
        and any(words[j].low in SPANS_OF_TIME and words[j + 1].low in ("after", "before")
                and verb_near(words, j + 2, end) for j in range(at, at + 2))
    )  # fmt: skip


def ranks(low: str) -> bool:
    if low in en.ORDINALS:
        return low != "second"
    return low in en.SUPERLATIVES and low != "least" or low.endswith("est") and len(low) > 5
