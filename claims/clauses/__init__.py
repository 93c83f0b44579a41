"""Sentence → clauses: the smallest stretches that state something on their own.

First the clauses that stand side by side ("profits rose *and* pay fell"), then what each holds inside or
trails behind: who somebody is ("Imre, a hydrologist"), relative clauses, participles, appositions with a
number, items of a list. A clause may stand inside another, but two never overlap in part. Rules look at most
a fixed number of words ahead, so that time grows with length only.
"""

from claims.clauses.beside import after_name, aged, described
from claims.clauses.clause import Clause
from claims.clauses.coordination import side_by_side
from claims.clauses.ends import trailing
from claims.clauses.gaps import gaps
from claims.clauses.looking import counts, headline, introduces
from claims.clauses.tails import tail_clauses
from claims.clauses.wrapped import embedded
from claims.detection import is_instruction
from claims.lang import en
from claims.phrases import resumed
from claims.tagging import FINITE, Tag
from claims.tokens import Token

__all__ = ["Clause", "after_name", "clauses", "described"]

_CAUSES = frozenset(["because", "owing", "thanks", "due"])


def clauses(words: list[Token], start: int, end: int) -> list[Clause]:
    """The clauses of the tokens `start` to `end`, in the order in which they begin."""
    found: list[Clause] = []
    subject: tuple[int, int] | None = None
    for begin, stop, shares in side_by_side(words, start, end):
        verb = _main_verb(words, begin, stop)
        if verb is not None and _hangs(words, begin, verb):
            found.append(Clause(begin, stop))
            continue
        if verb is None:
            found += _verbless(words, begin, stop)
            continue
        lead = subject if shares else None
        if not shares:
            subject = _subject(words, begin, verb)
        found += _of_one(words, begin, stop, verb, lead)
    for clause in tuple(found):
        found += embedded(words, clause)
    return sorted(set(found), key=lambda clause: (clause.start, -clause.end))


def _hangs(words: list[Token], begin: int, verb: int) -> bool:
    """Is the only verb that of a condition: "If you know more, call the police"?"""
    return words[begin].tag is Tag.SUBORDINATOR and all(words[j].low != "," for j in range(begin, verb))


def _of_one(
    words: list[Token], start: int, end: int, verb: int, lead: tuple[int, int] | None
) -> list[Clause]:
    """A clause, what describes its subject, and what trails behind it."""
    if (
        words[verb].tag is Tag.AUXILIARY
        and verb == end - 1
        or words[verb].low in en.SAYING
        and _all_said(words, verb, end)
    ):
        return []  # "My first thought was: …", "Caddell continued:"
    role = "shared" if lead is not None else "main"
    found = described(words, start, verb) if lead is None else []
    first, gapped = gaps(words, verb, end)
    stop, tails = trailing(words, start, verb, first)
    if gapped:
        tails += trailing(words, start, gapped[-1].end - 1, end)[1]
    if headline(words) and stop == len(words):
        stop = _before_quotation(words, verb, stop)
    subject = lead or _subject(words, start, verb)
    cause = _cause(words, verb + 1, stop)
    if cause is not None:
        found += [Clause(start, stop, "cause", lead), Clause(start, cause, role, lead)]
    else:
        found.append(Clause(start, stop, role, lead))
    for kind, begin, finish in tails:
        found += tail_clauses(words, start, kind, begin, finish, subject)
    return found + gapped


def _main_verb(words: list[Token], start: int, end: int) -> int | None:
    """The verb of a clause itself, not that of a relative clause on its subject."""
    main = resumed(words, start, end) if start < end else None
    if main is not None:
        return main
    skip = 0
    first = None
    for j in range(start, end):
        tag = words[j].tag
        if tag is Tag.RELATIVE or tag is Tag.SUBORDINATOR and j >= start and words[j].low not in _CAUSES:
            skip = 1
        elif tag in FINITE:
            first = j if first is None else first
            if not skip:
                return j
            skip = 0
    return first


def _subject(words: list[Token], start: int, verb: int) -> tuple[int, int] | None:
    """The words that name the subject, without an opening phrase or what is said about it between commas."""
    begin = start
    if introduces(words, start, verb):
        comma = max((j for j in range(start, verb) if words[j].low == ","), default=None)
        if comma is None:
            return None
        begin = comma + 1
    stop = next((j for j in range(begin, verb) if words[j].low == "," or words[j].tag is Tag.RELATIVE), verb)
    while stop > begin and (words[stop - 1].tag is Tag.ADVERB or words[stop - 1].low == ","):
        stop -= 1
    while begin < stop and words[begin].tag in (Tag.COORDINATOR, Tag.MARK) and words[begin].text not in "£$€":
        begin += 1
    return (begin, stop) if begin < stop else None


def _before_quotation(words: list[Token], verb: int, end: int) -> int:
    """ "Council backs wall *after “worst winter in memory”*": the quotation is somebody else's view."""
    quote = words[end - 1].quote
    start = next((j for j in range(end - 1, verb, -1) if words[j].quote != quote), verb)
    return start if quote and start > verb + 1 and words[start].tag is Tag.PREPOSITION else end


def _all_said(words: list[Token], verb: int, end: int) -> bool:
    """Does nothing follow the verb, so that what was said is told elsewhere?"""
    return not any(word.is_word for word in words[verb + 1 : end])


def _cause(words: list[Token], start: int, end: int) -> int | None:
    """Where "because …", "due to …" begins after a verb."""
    for j in range(start, end - 2):
        low, following = words[j].low, words[j + 1].low
        if low == "because" or (low, following) in (("due", "to"), ("owing", "to"), ("thanks", "to")):
            if words[j - 1].tag is Tag.AUXILIARY:
                return None
            return j - 1 if words[j - 1].low == "," else j
        if low == "as" and following in ("a", "the") and words[j + 2].low == "result":
            return j
    return None


def _verbless(words: list[Token], start: int, end: int) -> list[Clause]:
    """A stretch without a verb: what was left out can be told from a number ("the Alliance nine")."""
    found = []
    if is_instruction(words[start:end]):
        return [Clause(start, end)]
    if counts(words, start, end) and end - start > 2:
        found.append(Clause(start, end, "verbless"))
    return found + aged(words, start, end)
