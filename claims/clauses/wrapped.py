"""Facts wrapped in a phrase: "object to *AWS giving help*", "the *acquisition of GitHub by Microsoft*"."""

from claims.clauses.clause import Clause
from claims.lang import en
from claims.tokens import Token

_EMBEDDING = frozenset(["to", "of", "about", "over", "with", "against", "from"])
DEEDS = {
    "acquisition": "acquired", "purchase": "bought", "takeover": "took over", "arrest": "arrested",
    "killing": "killed", "murder": "murdered", "invasion": "invaded", "sale": "", "dismissal": "dismissed",
}  # fmt: skip


def embedded(words: list[Token], clause: Clause) -> list[Clause]:
    """Facts wrapped in a phrase: "object to AWS giving help", "the acquisition of GitHub by Microsoft"."""
    found = []
    for i in range(clause.start, clause.end - 3):
        low = words[i].low
        if low in _EMBEDDING and words[i + 1].is_name and clause.role in ("main", "shared"):
            j = i + 1
            while j < clause.end and words[j].is_name and j - i < 6:
                j += 1
            third = en.third_of(words[j].low) if j < clause.end - 1 else None
            if third and words[j - 1].low != "the":
                rest = (i + 1, j, j + 1, clause.end, third)
                found.append(Clause(i + 1, clause.end, "embedded", said=_with_verb(words, *rest)))
        elif DEEDS.get(low) and words[i + 1].low == "of":
            found += _deed(words, i, clause.end)
    return found


def _with_verb(words: list[Token], start: int, stop: int, rest: int, end: int, verb: str) -> str:
    return f"{plain(words, start, stop)} {verb} {plain(words, rest, end)}"


def _deed(words: list[Token], i: int, end: int) -> list[Clause]:
    by = next((j for j in range(i + 2, min(end - 1, i + 9)) if words[j].low == "by"), None)
    if by is None or not words[i + 2].is_name or not words[by + 1].is_name:
        return []
    stop = by + 1
    while stop < end and words[stop].is_name:
        stop += 1
    said = f"{plain(words, by + 1, stop)} {DEEDS[words[i].low]} {plain(words, i + 2, by)}"
    return [Clause(i - 1 if words[i - 1].low in en.DETERMINERS else i, stop, "deed", said=said)]


def plain(words: list[Token], start: int, end: int) -> str:
    """The words of some tokens with the spaces that stood between them."""
    pieces = []
    for j in range(start, end):
        if j > start and words[j].start > words[j - 1].end:
            pieces.append(" ")
        pieces.append(words[j].text)
    return "".join(pieces)
