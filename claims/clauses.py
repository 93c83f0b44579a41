"""Sentence → clauses: the smallest stretches that state something on their own.

First the clauses that stand side by side ("profits rose *and* pay fell"), then what each holds inside or
trails behind: who somebody is ("Imre, a hydrologist"), relative clauses, participles, appositions with a
number, items of a list. A clause may stand inside another, but two never overlap in part. Rules look at most
a fixed number of words ahead, so that time grows with length only.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from claims.detection import is_instruction
from claims.lang import en
from claims.phrases import apposed, before, conjoined, is_office, resumed
from claims.tagging import FINITE, Tag
from claims.tokens import Token, finite

_AHEAD = 14  # words in which a clause must show its verb
_SUBJECT = 60  # words before the verb in which a subject may be described
_OPENINGS, _CLOSINGS = frozenset("([{"), frozenset(")]}")
_QUOTES = frozenset("“”\"‘’'«»")
_DASHES = frozenset("—–-")
_CONTRASTS = frozenset(["while", "whereas", "although", "though", "whilst"])
_WHEN = frozenset(["after", "when", "before", "once", "until", "since", "as"])
_CAUSES = frozenset(["because", "owing", "thanks", "due"])
_COMPARING = frozenset(
    "compared up down against according including following or than from excluding depending given based to "
    "at barring".split()
)
_SPANS_OF_TIME = frozenset(
    "day days week weeks month months year years decade decades hours hour minutes".split()
)
_EMBEDDING = frozenset(["to", "of", "about", "over", "with", "against", "from"])
DEEDS = {
    "acquisition": "acquired", "purchase": "bought", "takeover": "took over", "arrest": "arrested",
    "killing": "killed", "murder": "murdered", "invasion": "invaded", "sale": "", "dismissal": "dismissed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens `start` to `end` of a sentence.

    `lead` are the tokens which, put before it, make it readable alone: the subject of a verb that goes on
    with it, or what a list is a list of. `said` replaces the whole where its grammar must change ("providing"
    → "provides"). `skip` counts the tokens at the front which the statement leaves out ("*which* sold two").
    """

    start: int
    end: int
    role: str = "main"
    lead: tuple[int, int] | None = None
    said: str | None = None
    skip: int = 0


def clauses(words: list[Token], start: int, end: int) -> list[Clause]:
    """The clauses of the tokens `start` to `end`, in the order in which they begin."""
    found: list[Clause] = []
    subject: tuple[int, int] | None = None
    for begin, stop, shares in _side_by_side(words, start, end):
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
        found += _embedded(words, clause)
    return sorted(set(found), key=lambda clause: (clause.start, -clause.end))


def _hangs(words: list[Token], begin: int, verb: int) -> bool:
    """Is the only verb that of a condition: "If you know more, call the police"?"""
    return words[begin].tag is Tag.SUBORDINATOR and all(words[j].low != "," for j in range(begin, verb))


def described(words: list[Token], start: int, verb: int) -> list[Clause]:
    """What the words before a verb say of its subject: "Imre, *a hydrologist hired by the council*, told"."""
    verb = min(verb, start + _SUBJECT)
    close = verb
    while close > start and words[close - 1].tag is Tag.ADVERB:
        close -= 1
    commas = [j for j in range(start, close) if words[j].low == ","]
    if commas and commas[-1] == close - 1 or commas and words[close - 1].low in _DASHES:
        edges = [start - 1, *commas]
        parts = [(a + 1, b) for a, b in zip(edges, commas, strict=False) if b > a + 1]
        while parts and _introduces(words, *parts[0]):
            del parts[0]
        parts = [part for part in parts if any(words[j].tag is not Tag.ADVERB for j in range(*part))]
        if len(parts) > 1:
            begin, stop = parts[0][0], parts[-1][1]
            if not _tells_who(words, parts):
                return []
            comma = parts[0][1]
            begin = _within(words, begin, comma)
            return _roles(words, begin, comma, stop)
    return _aged(words, start, close) + _restricted(words, start, close)


def _within(words: list[Token], begin: int, comma: int) -> int:
    """Where what is described begins: in "Ann Bell of *Hark*, a charity" it is the last name, not hers."""
    phrase = before(words, begin, comma)
    following = words[comma + 1 : comma + 5]
    if phrase is None or phrase[0] == begin or not words[phrase[1] - 1].is_name:
        return begin
    article = following and following[0].low in ("a", "an", "the")
    return phrase[0] if article and not any(is_office([word], 0, 1) for word in following) else begin


def _tells_who(words: list[Token], parts: list[tuple[int, int]]) -> bool:
    """Is it worth a claim: a role, a deed or an age of somebody, and not another name of a thing?"""
    (_, stop), (second, end) = parts[0], parts[1]
    first = words[second]
    if first.tag is Tag.NAME and any(words[part[0]].tag is Tag.RELATIVE for part in parts[2:]):
        return True  # "Sen. Walt Pruitt, R-Corran, who"
    if any(words[j].low in ("named", "identified", "anonymity") for j in range(second, end)):
        return False
    if first.tag is Tag.PARTICIPLE:
        return end - second > 2
    if first.tag is Tag.ADJECTIVE and not _counts(words, second, parts[-1][1]):
        return False
    if first.tag is Tag.PREPOSITION and len(parts) == 2:
        return False
    if first.tag is Tag.SUBORDINATOR and first.low != "where":
        return False
    if first.tag is Tag.DETERMINER and end - second == 2 and words[end - 1].text.isupper():
        return False  # "the union, the GKU"
    if first.tag is Tag.NAME:
        return words[stop - 1].low in en.IDENTITY_ROLES | en.PEOPLE or words[stop - 1].low.endswith(
            _ROLE_ENDINGS
        )
    return True


_ROLE_ENDINGS = ("er", "or", "ist", "man", "woman", "chair", "ant", "ian", "eer", "chief", "wife", "son")


def after_name(words: list[Token], start: int, end: int) -> list[Clause]:
    """Who somebody is, told behind the name: "Dina Roscoe, *who chairs the flood committee*"."""
    comma = _comma_after(words, start, end)
    if comma is None or comma + 1 >= end or comma == start:
        return []
    if any(words[j].low in (";", ":") for j in range(start, comma)):
        return []
    first = words[comma + 1]
    describes = (
        first.tag in (Tag.RELATIVE, Tag.DETERMINER, Tag.NOUN, Tag.NUMBER, Tag.GERUND, Tag.NAME, Tag.ADJECTIVE)
        or first.low in ("where", "formerly", "now", "one")
    )  # fmt: skip
    named = any(word.is_name and word.low not in en.DETERMINERS for word in words[start:comma])
    named = named or first.tag is Tag.NAME and is_office(words, start, comma)
    if not describes or not named or first.low == "that" or first.quote and not words[start].quote:
        return []
    stop = comma + 1
    while stop < end and words[stop].low not in (";", "“", '"', ":", "—") and not _addition(words, stop, end):
        stop += 1
    return _roles(words, start, comma, stop)


def _roles(words: list[Token], start: int, comma: int, end: int) -> list[Clause]:
    """ "Imre, a hydrologist" and "who rates the shares", each on its own."""
    parts = conjoined(words, comma + 1, end)
    found: list[Clause] = []
    first = parts[0][1] if words[comma + 1].tag is Tag.RELATIVE else end
    later = next(
        (j for j in range(comma + 1, first) if words[j].low == "," and j + 2 < end
         and words[j + 1].tag is Tag.RELATIVE and j - comma > 3), None)  # fmt: skip
    if later is not None:
        found += _relatives(words, comma + 1, later + 1, end)
        first = later
    elif words[comma + 1].tag is not Tag.RELATIVE:
        joint = next((j for j in range(comma + 2, end - 2) if words[j].low == "and"
                      and words[j + 1].tag is Tag.RELATIVE), None)  # fmt: skip
        if joint is not None:
            found.append(Clause(joint + 1, end, "relative", (start, comma), skip=1))
            first = joint
    else:
        found += [
            Clause(a, b, "relative", (start, comma), skip=int(words[a].tag is Tag.RELATIVE))
            for a, b in parts[1:]
        ]
    return [Clause(start, first, "role"), *found]


# --- side by side


def _side_by_side(words: list[Token], start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Ranges of the clauses that stand side by side, and whether each goes on with the subject before it."""
    begin, shares, verb, depth = start, False, False, 0
    opening = _opens_with_clause(words, start, end)
    main = resumed(words, start, end) if start < end else None
    i = start
    while i < end:
        low = words[i].low
        if low in _OPENINGS:
            depth += 1
        elif low in _CLOSINGS:
            depth = max(0, depth - 1)
        cut = None
        if i > begin and not depth and (main is None or i > main) and _outside(words, begin, i):
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


def _outside(words: list[Token], begin: int, i: int) -> bool:
    """Is the token no part of a quotation that begins inside the clause?"""
    quote = words[i].quote
    return (
        not quote or quote == words[begin].quote or begin + 1 < len(words) and quote == words[begin + 1].quote
    )


def _boundary(words: list[Token], begin: int, i: int, end: int, verb: bool) -> tuple[int, bool] | None:
    """Where the next clause begins if one ends before the token `i`, and whether it shares its subject."""
    low = words[i].low
    if low == ";":
        return i + 1, False
    if low == ":" and verb:
        return (i + 1, False) if _independent(words, i + 1, end) else None
    if low in _DASHES and words[i].start > words[i - 1].end:
        at = i + 1
        if at < end and words[at].low in _CONTRASTS | en.COORDINATORS:
            at += 1
        return (at, False) if verb and _independent(words, at, end) else None
    if not verb:
        return None
    comma = low == ","
    at = i + 1 if comma else i
    while comma and at < end and words[at].low in _QUOTES:
        at += 1
    if at + 1 >= end:
        return None
    low = words[at].low
    if low in _CONTRASTS or low in ("and", "but", "yet", "so") or low == "or" and comma:
        after = at + 1
        while after < end and (words[after].tag is Tag.ADVERB or words[after].low in _QUOTES):
            after += 1
        if low == "and" and after < end and words[after].tag is Tag.THAT:
            after += 1
        if after < end and finite(words, after) and low not in _CONTRASTS:
            return (after if words[after - 1].tag is Tag.THAT else at + 1), True
        return (
            (at + 1 + (low == "and" and words[at + 1].tag is Tag.THAT), False)
            if _independent(words, after, end)
            else None
        )
    if low == "however" and comma and words[at + 1].low == "," and _independent(words, at + 2, end):
        return at + 2, False
    if low == "as" and words[at].tag is Tag.SUBORDINATOR and not comma and _headline(words):
        return at + 1, False
    if comma and words[at].tag is Tag.THAT and _independent(words, at + 1, end):
        return at + 1, False
    if comma and low == "then" and finite(words, at + 1):
        return at, True
    if comma and finite(words, at) and not _closes(words, begin, i):
        return at, True
    return None


def _headline(words: list[Token]) -> bool:
    last = words[-1] if words[-1].low not in _QUOTES or len(words) < 2 else words[-2]
    return last.low not in (".", "!", "?", ",")


def _before_quotation(words: list[Token], verb: int, end: int) -> int:
    """ "Council backs wall *after “worst winter in memory”*": the quotation is somebody else's view."""
    quote = words[end - 1].quote
    start = next((j for j in range(end - 1, verb, -1) if words[j].quote != quote), verb)
    return start if quote and start > verb + 1 and words[start].tag is Tag.PREPOSITION else end


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
    while at < end and (words[at].low in _QUOTES or words[at].tag is Tag.ADVERB):
        at += 1
    if at >= end:
        return False
    first = words[at]
    if first.tag in (
        Tag.PREPOSITION,
        Tag.RELATIVE,
        Tag.TO,
        Tag.BASE,
        Tag.PARTICIPLE,
        Tag.COORDINATOR,
        Tag.OBJECT,
    ):
        return (
            first.tag is Tag.PREPOSITION
            and first.low in ("of", "in", "at", "for", "by", "on")
            and _later(words, at, end)
        )
    if first.tag is Tag.SUBORDINATOR and first.low not in (
        "when",
        "if",
        "after",
        "because",
        "as",
        "once",
        "what",
    ):
        return False
    if first.tag is Tag.MARK and first.low not in "£$€@#(":
        return False
    opens = first.tag in (Tag.SUBORDINATOR, Tag.PREPOSITION)
    commas = 0
    for j in range(at + 1, min(end, at + _AHEAD)):
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
    comma = _comma_after(words, at, min(end, at + 10))
    return comma is not None and _independent(words, comma + 1, end)


# --- one clause


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
    if _introduces(words, start, verb):
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


def _introduces(words: list[Token], start: int, end: int) -> bool:
    first = words[start]
    if first.low in ("those", "all", "many") or start >= end:
        return False
    if first.tag in (Tag.PREPOSITION, Tag.SUBORDINATOR, Tag.ADVERB, Tag.GERUND, Tag.TO, Tag.PARTICIPLE):
        return True
    return any(words[j].low in ("ago", "later", "earlier") or words[j].low in en.WEEKDAYS and j == start
               for j in range(start, min(end, start + 5)))  # fmt: skip


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
    stop, tails = _trailing(words, start, verb, end)
    if _headline(words) and stop == len(words):
        stop = _before_quotation(words, verb, stop)
    subject = lead or _subject(words, start, verb)
    cause = _cause(words, verb + 1, stop)
    if cause is not None:
        found += [Clause(start, stop, "cause", lead), Clause(start, cause, role, lead)]
    else:
        found.append(Clause(start, stop, role, lead))
    for kind, begin, finish in tails:
        found += _tail(words, start, kind, begin, finish, subject)
    return found


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


def _trailing(words: list[Token], start: int, verb: int, end: int) -> tuple[int, list[tuple[str, int, int]]]:
    """Where the clause itself ends, and what hangs on behind: (what it is, its tokens)."""
    tails: list[tuple[str, int, int]] = []
    asides: list[tuple[str, int, int]] = []
    stop = None
    depth = 0
    i = verb + 1
    while i < end:
        low = words[i].low
        depth += (low in _OPENINGS) - (low in _CLOSINGS)
        kind = None
        beside = None
        if depth <= 0 and _outside(words, start, i):
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
        begin = i + 1 if low == "," or low in _DASHES else i
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
        or low in _DASHES
        and words[i].start > words[i - 1].end
        and words[i].end < words[min(i + 1, end - 1)].start
    ):
        while at < end and words[at].low in _QUOTES and not words[at].quote:
            at += 1
        if at >= end:
            return None
        return _after_comma(words, i, at, end)
    if words[i].tag is Tag.RELATIVE and low != "whose" and i > verb + 1:
        # Without a comma it belongs to its noun, unless it brings a number of its own.
        return "relative" if _counts(words, i, end) and _verb_near(words, i + 1, end) else None
    if low in ("when", "after") and words[i].tag is Tag.SUBORDINATOR and i > verb + 2:
        if words[i - 1].low in _SPANS_OF_TIME or words[i - 1].tag in FINITE | {
            Tag.TO,
            Tag.PREPOSITION,
            Tag.COORDINATOR,
            Tag.BASE,
        }:
            return None
        if words[verb].low in en.SAYING or any(_embeds(words[j]) for j in range(verb, i)):
            return None
        begin = _time_before(words, i, verb)
        return "when" if begin == i and _own_subject(words, i + 1, end) else None
    if _spans_time(words, i, end) and i > verb + 1 and words[i - 1].tag not in (Tag.NUMBER, Tag.MARK):
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
        return "relative" if _verb_near(words, at + 1, end) else None
    if any(
        words[j].low == "of" and words[j + 1].low in ("whom", "which")
        for j in range(at, min(at + 4, end - 1))
    ):
        return "relative"  # "about 300 of whom work in Rome"
    if low == "where" or low == "whose":
        return "relative" if _verb_near(words, at + 1, end) else None
    if low == "including" or (low, following.low) in (("such", "as"), ("among", "them")):
        return "items"
    if low in _WHEN and word.tag is Tag.SUBORDINATOR:
        return "when" if _own_subject(words, at + 1, end) else None
    if _spans_time(words, at, end):
        return "when"
    if low == "with" and any(words[j].tag is Tag.GERUND for j in range(at + 2, min(end, at + 6))):
        return "with"
    if words[comma].low == "—" and word.tag is Tag.PREPOSITION and _counts(words, at, at + 4):
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
    return paired and _counts(words, at, min(_comma_after(words, at, end) or end, end))


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


def _apposed(words: list[Token], at: int, end: int) -> bool:
    """A noun phrase with a number or a superlative: ", its third increase this year", ", the most ever"."""
    stop = min(_comma_after(words, at, end) or end, end)
    first = words[at]
    if first.low in en.MONTHS or first.low in en.WEEKDAYS:
        return False  # "on Sunday, June 15"
    if stop - at < 3 or not (first.tag in _OPENS_PHRASE or first.low in _MODIFIERS):
        return False
    if first.tag is Tag.ADVERB and first.low not in _MODIFIERS or _states(words, at, stop):
        return False
    counts = _counts(words, at, stop)
    if first.tag is Tag.NUMBER and (stop - at < 4 or any(words[j].low == "and" for j in range(at, stop))):
        return False
    if first.low in ("a", "an") and not counts:
        return False
    lows = [word.low for word in words[at:stop]]
    if first.low in ("more", "fewer", "less") and "than" in lows:
        return True
    return any(_ranks(low) for low in lows[:6]) or _counts(words, at, min(stop, at + 5))


_OPENS_PHRASE = frozenset({Tag.DETERMINER, Tag.NUMBER, Tag.NOUN, Tag.ADJECTIVE, Tag.PRONOUN})
_MODIFIERS = frozenset("more fewer less almost only just".split())


def _states(words: list[Token], start: int, end: int) -> bool:
    """Is there a verb among them that is not that of a clause on a noun: "the most *it has* ever had"?"""
    for j in range(start, end):
        if words[j].tag in (Tag.RELATIVE, Tag.THAT, Tag.SUBORDINATOR):
            return False
        if words[j].tag in FINITE:
            return True
    return False


def _ranks(low: str) -> bool:
    if low in en.ORDINALS:
        return low != "second"
    return low in en.SUPERLATIVES and low != "least" or low.endswith("est") and len(low) > 5


def _tail(
    words: list[Token], start: int, kind: str, begin: int, end: int, subject: tuple[int, int] | None
) -> list[Clause]:
    while begin < end and words[begin].low in _QUOTES and not words[begin].quote:
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
        return _relatives(words, start, begin, end)
    if kind == "participle":
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
    return any(_ranks(word.low) for word in words[at : at + 4])


def _relatives(words: list[Token], start: int, begin: int, end: int) -> list[Clause]:
    """The clauses on a noun, with it if it stands beside them: "*Moor, which makes glue* and *is old*"."""
    lead = _antecedent(words, start, begin)
    found = []
    for k, (first, stop) in enumerate(conjoined(words, begin, end)):
        relative = words[first].low in _ON_NOUNS
        own = finite(words, first) or relative and _acts(words, first + 1, stop)
        skip = int(relative and own)
        at = first
        if k == 0 and lead is not None and words[first].low in _ON_NOUNS:
            at, skip = lead[0], first - lead[0] + skip if own else 0
        stands = lead if own or words[first].low in ("which", "where") else None
        found.append(Clause(at, stop, "relative", stands, skip=skip if stands else 0))
    return found


def _acts(words: list[Token], at: int, end: int) -> bool:
    """Does a verb follow at once, or after an adverb: "which *also runs* two ferries"?"""
    while at < end and words[at].tag is Tag.ADVERB:
        at += 1
    return at < end and finite(words, at)


_ON_NOUNS = frozenset(["which", "who", "that", "whose"])


def _verbless(words: list[Token], start: int, end: int) -> list[Clause]:
    """A stretch without a verb: what was left out can be told from a number ("the Alliance nine")."""
    found = []
    if is_instruction(words[start:end]):
        return [Clause(start, end)]
    if _counts(words, start, end) and end - start > 2:
        found.append(Clause(start, end, "verbless"))
    return found + _aged(words, start, end)


# --- inside a subject


def _aged(words: list[Token], start: int, end: int) -> list[Clause]:
    """ "Kate Orrin, 34": how old somebody is."""
    for j in range(start + 1, end - 1):
        if words[j].low == "," and words[j - 1].tag in (Tag.NAME, Tag.NOUN) and words[j - 1].is_name:
            age = words[j + 1].text
            ends = j + 2 >= end or words[j + 2].low in (",", ".", ")", "“") or j + 2 == end
            if age.isdigit() and 0 < len(age) < 4 and ends and int(age) < 120:
                begin = _name_start(words, start, j)
                return [Clause(begin, j + 2, "role")]
    return []


def _name_start(words: list[Token], start: int, end: int) -> int:
    begin = end
    while begin > start and (words[begin - 1].is_word or words[begin - 1].low == ".") and (
        words[begin - 1].tag not in (Tag.PREPOSITION, Tag.COORDINATOR) and not finite(words, begin - 1)
    ):  # fmt: skip
        begin -= 1
    return begin


def _restricted(words: list[Token], start: int, end: int) -> list[Clause]:
    """ "A treasurer *who stole £386,000* was jailed": a relative clause on the subject, with a number."""
    if start < end and _introduces(words, start, end):
        return []  # "Of the 10 judges who will hear the case, six were"
    for j in range(start + 1, end - 2):
        if (
            words[j].tag is Tag.RELATIVE
            and words[j].low in ("who", "that", "which")
            and words[j - 1].low != ","
        ):
            if _counts(words, j, end):
                return [Clause(start, end, "role")]
            return []
    return []


# --- looking around


def _comma_after(words: list[Token], at: int, end: int) -> int | None:
    return next((j for j in range(at, min(end, at + 3 * _AHEAD)) if words[j].low == ","), None)


def _addition(words: list[Token], i: int, end: int) -> bool:
    """A comma after which a new clause goes on: "…, who chairs the board, and he left"."""
    return words[i].low == "," and i + 1 < end and (
        words[i + 1].low in ("and", "but", "adding", "as", "after", "when", "while")
    )  # fmt: skip


def _counts(words: list[Token], start: int, end: int) -> bool:
    """Is there a number, or an amount in words, among them?"""
    return any(
        word.low in _AMOUNTS
        or word.low != "one"
        and (word.tag is Tag.NUMBER or word.text[0].isdigit())
        and not _is_year(word.text)
        for word in words[start : min(end, start + 40)]
    )


_AMOUNTS = en.QUANTIFIERS - {"most", "share", "number"}


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in ("18", "19", "20")


def _verb_near(words: list[Token], at: int, end: int) -> bool:
    return any(finite(words, j) for j in range(at, min(end, at + _AHEAD)))


def _own_subject(words: list[Token], at: int, end: int) -> bool:
    """Does a clause with a subject of its own follow, and not one of the same person's doing?"""
    if at + 1 >= end or words[at].tag in (Tag.GERUND, Tag.PARTICIPLE):
        return False
    return _verb_near(words, at, end) and (words[at].tag is not Tag.PRONOUN or _counts(words, at, end))


def _spans_time(words: list[Token], at: int, end: int) -> bool:
    """ "Two years after a storm left 340 homes under water"."""
    return (
        at + 3 < end
        and (words[at].tag is Tag.NUMBER or words[at].low in ("a", "an") or words[at].low in _SPANS_OF_TIME)
        and any(words[j].low in _SPANS_OF_TIME and words[j + 1].low in ("after", "before")
                and _verb_near(words, j + 2, end) for j in range(at, at + 2))
    )  # fmt: skip


def _time_before(words: list[Token], i: int, verb: int) -> int:
    return i


def _antecedent(words: list[Token], start: int, at: int) -> tuple[int, int] | None:
    """The noun phrase that a relative clause tells of: "data analytics firm Palantir"."""
    phrase = before(words, start, at)
    if phrase is None or words[phrase[1] - 1].low in en.TIME_WORDS | _SPANS_OF_TIME:
        return None
    return phrase


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


def _embedded(words: list[Token], clause: Clause) -> list[Clause]:
    """Facts wrapped in a phrase: "object to AWS giving help", "the acquisition of GitHub by Microsoft"."""
    found = []
    for i in range(clause.start, clause.end - 3):
        low = words[i].low
        if low in _EMBEDDING and words[i + 1].is_name and clause.role in ("main", "shared"):
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
