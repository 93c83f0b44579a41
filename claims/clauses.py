"""Sentence → clauses: the smallest stretches that state something on their own.

A clause may stand inside another ("the firm, which sold two banks, made a loss"), but two never
overlap in part. Rules look at most a fixed number of words ahead, so that time grows with length only.
"""

from dataclasses import dataclass

from claims.lang import en
from claims.tokens import Token, finite, has_verb

_AHEAD = 14  # words in which a clause must show its verb
_COMMAS = 4  # commas after a relative clause, one of which may close it
_SUBORDINATE = frozenset({"as", "because", "although", "though", "while", "whereas", "since"})
_LISTS = frozenset({"including"})
_ARGUING = frozenset(word for word in en.SAYING if word.endswith("ing"))
_SPANS_OF_TIME = frozenset(
    [
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "decade",
        "decades",
        "hours",
        "hour",
        "minutes",
    ]
)
_EMBEDDING = frozenset(["to", "of", "about", "over", "with", "against", "from"])
DEEDS = {
    "acquisition": "acquired", "purchase": "bought", "takeover": "took over", "arrest": "arrested",
    "killing": "killed", "murder": "murdered", "invasion": "invaded", "sale": "", "dismissal": "dismissed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens `start` to `end` of a sentence.

    `lead` are the tokens which, put before it, make it readable alone: the antecedent of "which", or what
    a list is a list of. `said` replaces the whole where its grammar must change ("providing" → "provides").
    """

    start: int
    end: int
    role: str = "main"
    lead: tuple[int, int] | None = None
    said: str | None = None


def clauses(words: list[Token], start: int, end: int) -> list[Clause]:
    """The clauses of the tokens `start` to `end`, in the order in which they begin."""
    found: list[Clause] = []
    _split(words, start, end, found)
    for clause in tuple(found):
        found += _embedded(words, clause)
    return sorted(set(found), key=lambda clause: (clause.start, -clause.end))


def _split(words: list[Token], start: int, end: int, found: list[Clause]) -> None:
    role, lead, i, open_ = "main", None, start, 0
    verb = False  # has the clause that is open shown its verb?
    while i < end:
        low = words[i].low
        open_ += (low in "([") - (low in ")]") if len(low) == 1 else 0
        verb = verb or finite(words, i)
        cut = None if open_ > 0 or i == start else _cut(words, start, i, end, verb)
        if cut is None:
            i += 1
            continue
        if cut.resume:
            # Set between commas: a clause of its own inside the one that goes on.
            found.append(Clause(cut.start, cut.stop, cut.role, cut.lead))
            i = cut.resume
            continue
        if verb or role in ("participle", "time"):
            found.append(Clause(start, i, role, lead))
        if cut.role == "list":
            i = _items(words, start, i, cut.start, end, found)
            if i >= end:
                return
            cut = _cut(words, start, i, end, True) or _Cut("main", min(i + 1, end))
        start, role, lead, i, verb = cut.start, cut.role, cut.lead, cut.start, False
        if role == "drop":
            start, role = _next_boundary(words, cut.start, end), "main"
            i = start
    if start < end and (verb or role in ("participle", "time")):
        found.append(Clause(start, end, role, lead))


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where the next clause starts and what it is; `resume` when the clause around it goes on there."""

    role: str
    start: int
    lead: tuple[int, int] | None = None
    stop: int = 0
    resume: int = 0


def _cut(words: list[Token], start: int, i: int, end: int, verb: bool) -> _Cut | None:
    low = words[i].low
    if low == ";":
        return _Cut("main", i + 1)
    if low in ("—", "–", "-") and i + 1 < end and words[i].start > words[i - 1].end:
        return _Cut("main", i + 1) if verb and _independent(words, i + 1, end) else None
    if low == ",":
        return _after_comma(words, start, i, end, verb)
    if verb and low in en.COORDINATORS and low not in ("nor", "so", "or", "however"):
        if words[i - 1].low != "," and _independent(words, i + 1, end):
            return _Cut("main", i + 1)
        return None
    if (
        verb
        and low == "which"
        and words[i - 1].low not in en.PREPOSITIONS
        and i + 1 < end
        and finite(words, i + 1)
    ):
        return _Cut("relative", i + 1, _noun_phrase(words, start, i))
    return None


def _after_comma(words: list[Token], start: int, i: int, end: int, verb: bool) -> _Cut | None:
    at = i + 1
    while at < end and words[at].low in ('"', "”", "’"):
        at += 1
    if at >= end:
        return None
    low = words[at].low
    following = words[at + 1].low if at + 1 < end else ""
    if low in en.RELATIVES or (low in en.PREPOSITIONS and following in ("which", "whom")):
        return _relative(words, start, i, at, end)
    if low in _LISTS or (low, following) in (("such", "as"), ("among", "them")):
        return _Cut("list", at + (1 if low in _LISTS else 2))
    if not verb:
        return None
    if low == "however" and following == "," and at + 2 < end and _independent(words, at + 2, end):
        return _Cut("main", at + 2)
    if low in en.COORDINATORS or low in _SUBORDINATE:
        skip = at + 2 if following == "also" else at + 1
        return _Cut("main", skip) if _independent(words, skip, end) else None
    if low in _ARGUING:
        that = 1 if following == "that" else 0
        return _Cut("argued", at + 1 + that)
    if low.endswith("ing") and len(low) > 4 and low not in en.PREPOSITIONS and low not in ("nothing", "king"):
        return _Cut("participle", at)
    if following in _SPANS_OF_TIME and at + 2 < end and words[at + 2].low in ("after", "before", "since"):
        return _Cut("time", at)
    return None


def _relative(words: list[Token], start: int, comma: int, at: int, end: int) -> _Cut | None:
    pronoun = at
    while words[pronoun].low not in en.RELATIVES:
        pronoun += 1
    first = pronoun + 1
    # ", which, it explained, was …": what is set in between is no part of the clause.
    if first < end and words[first].low == ",":
        second = _comma_after(words, first + 1, end)
        first = second + 1 if second is not None else first
    if first >= end or not has_verb(words, first, min(end, first + _AHEAD)):
        return None
    own = words[pronoun].low in ("which", "who") and pronoun == at and finite(words, first)
    lead = _noun_phrase(words, start, comma) if pronoun == at else None
    if lead is not None and not own:
        if words[pronoun].low not in ("which", "whom"):
            lead = None
        else:
            # "GitHub, which Microsoft bought": the object comes first, so "which" has to stay.
            lead = (lead[0], pronoun + 1)
    stop = _comma_after(words, first, end)
    for _ in range(_COMMAS):
        if stop is None:
            break
        if stop + 1 < end and finite(words, stop + 1) and not words[stop + 1].low.endswith("ing"):
            return _Cut("relative", first, lead, stop, stop + 1)
        stop = _comma_after(words, stop + 1, end)
    return _Cut("relative", first, lead)


def _comma_after(words: list[Token], at: int, end: int) -> int | None:
    return next((j for j in range(at, min(end, at + 3 * _AHEAD)) if words[j].low == ","), None)


def _next_boundary(words: list[Token], at: int, end: int) -> int:
    return next((j + 1 for j in range(at, end) if words[j].low in (",", ";")), end)


def _independent(words: list[Token], at: int, end: int) -> bool:
    """Do a subject and then its verb follow, before anything that would make them part of something else?"""
    limit = min(end, at + _AHEAD)
    if at < end and words[at].low in ("then", "also", "now", "later", "yet"):
        at += 1
    if at >= limit or finite(words, at) or words[at].low in en.RELATIVES or words[at].low in ("that", "to"):
        # "that" may begin a subject ("that letter urged"), but more often a clause that hangs on a verb.
        if not (at + 2 < limit and words[at].low == "that" and not finite(words, at + 1)):
            return False
    first = words[at]
    starts = (
        first.low in en.DETERMINERS or first.low in en.PRONOUNS or first.is_name or first.text[0].isdigit()
    )
    if first.low in en.PREPOSITIONS or not first.is_word and first.low not in ('"', "“", "‘"):
        return False
    for j in range(at + 1, limit):
        low = words[j].low
        if low in en.RELATIVES or low == "that" or low == ";":
            return False
        if low == "," and (not starts or first.text[0].isdigit()):
            return False
        if finite(words, j):
            sure = low in en.AUXILIARIES or low in en.MODALS or low in en.PAST
            return starts or (sure and j - at <= 5)
    return False


def _noun_phrase(words: list[Token], start: int, end: int) -> tuple[int, int] | None:
    """The noun phrase that ends right before `end`: "data analytics firm Palantir"."""
    at = end
    while at > start and end - at < 9:
        word = words[at - 1]
        if (
            not word.is_word
            or word.low in en.PREPOSITIONS
            or word.low in en.COORDINATORS
            or finite(words, at - 1)
        ):
            break
        at -= 1
        if word.low in en.DETERMINERS:
            break
    return (at, end) if at < end and words[end - 1].low not in en.TIME_WORDS | _SPANS_OF_TIME else None


def _items(words: list[Token], start: int, comma: int, at: int, end: int, found: list[Clause]) -> int:
    """The counted items of a list ("including 40 groups and a third of staff"), each on its own."""
    first = at
    while at < end:
        low = words[at].low
        last = low in (",", ";")
        if last or low == "and":
            _item(words, start, comma, first, at, found)
            first = at + 1
            ahead = words[at + 1].low if at + 1 < end else ""
            if last and (
                ahead in en.RELATIVES
                or ahead in en.COORDINATORS - {"and", "or"}
                or (first < end and finite(words, first))
            ):
                return at
        elif low in en.RELATIVES or low == "that" or finite(words, at):
            break
        at += 1
    if at >= end or first < at:
        _item(words, start, comma, first, at, found)
    return min(end, at)


def _item(words: list[Token], start: int, comma: int, first: int, end: int, found: list[Clause]) -> None:
    lows = [word.low for word in words[first:end]]
    counted = any(low in en.QUANTIFIERS for low in lows) or any(
        low[:1].isdigit() or low in en.ONES for low in lows
    )
    if counted and len(lows) > 1:
        found.append(Clause(first, end, "item", (start, comma)))


def _embedded(words: list[Token], clause: Clause) -> list[Clause]:
    """Facts wrapped in a phrase: "object to AWS giving help", "the acquisition of GitHub by Microsoft"."""
    found = []
    for i in range(clause.start, clause.end - 3):
        low = words[i].low
        if low in _EMBEDDING and words[i + 1].is_name:
            j = i + 1
            while j < clause.end and words[j].is_name and j - i < 6:
                j += 1
            third = en.ING_TO_THIRD.get(words[j].low) if j < clause.end - 1 else None
            if third and words[j - 1].low != "the":
                rest = (i + 1, j, j + 1, clause.end, third)
                found.append(Clause(i + 1, clause.end, "embedded", said=_with_verb(words, *rest)))
        elif DEEDS.get(low) and words[i + 1].low == "of":
            found += _deed(words, i, clause.end)
    return found


def _with_verb(words: list[Token], start: int, stop: int, rest: int, end: int, verb: str) -> str:
    return f"{_plain(words, start, stop)} {verb} {_plain(words, rest, end)}"


def _deed(words: list[Token], i: int, end: int) -> list[Clause]:
    by = next((j for j in range(i + 2, min(end - 1, i + 9)) if words[j].low == "by"), None)
    if by is None or not words[i + 2].is_name or not words[by + 1].is_name:
        return []
    stop = by + 1
    while stop < end and words[stop].is_name:
        stop += 1
    said = f"{_plain(words, by + 1, stop)} {DEEDS[words[i].low]} {_plain(words, i + 2, by)}"
    return [Clause(i - 1 if words[i - 1].low in en.DETERMINERS else i, stop, "deed", said=said)]


def _plain(words: list[Token], start: int, end: int) -> str:
    """The words of some tokens with the spaces that stood between them."""
    pieces = []
    for j in range(start, end):
        if j > start and words[j].start > words[j - 1].end:
            pieces.append(" ")
        pieces.append(words[j].text)
    return "".join(pieces)
