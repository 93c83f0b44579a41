"""What is told of a noun by the words beside it: "Imre, *a hydrologist*", "Moor, *which makes glue*"."""

from claims.clauses.clause import Clause
from claims.clauses.looking import DASHES, SPANS_OF_TIME, comma_after, counts, introduces
from claims.lang import en
from claims.phrases import before, conjoined, is_name, is_office
from claims.tagging import Tag
from claims.tokens import Token, finite

_SUBJECT = 60  # words before the verb in which a subject may be described
_ROLE_ENDINGS = ("er", "or", "ist", "man", "woman", "chair", "ant", "ian", "eer", "chief", "wife", "son")
_ASIDES = 3  # between a name and "who"
_PLACES = frozenset(["at", "for", "from", "in", "with"])
_ON_NOUNS = frozenset(["which", "who", "that", "whose"])


def described(words: list[Token], start: int, verb: int) -> list[Clause]:
    """What the words before a verb say of its subject: "Imre, *a hydrologist hired by the council*, told"."""
    verb = min(verb, start + _SUBJECT)
    close = verb
    while close > start and words[close - 1].tag is Tag.ADVERB:
        close -= 1
    commas = [j for j in range(start, close) if words[j].low == ","]
    if commas and commas[-1] == close - 1 or commas and words[close - 1].low in DASHES:
        edges = [start - 1, *commas]
        parts = [(a + 1, b) for a, b in zip(edges, commas, strict=False) if b > a + 1]
        while parts and introduces(words, *parts[0]):
            del parts[0]
        parts = [part for part in parts if any(words[j].tag is not Tag.ADVERB for j in range(*part))]
        if len(parts) > 1:
            begin, stop = parts[0][0], parts[-1][1]
            if not _tells_who(words, parts):
                return []
            comma = parts[0][1]
            begin = _within(words, begin, comma)
            return _roles(words, begin, comma, stop)
    return aged(words, start, close) + _restricted(words, start, close)


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
    if first.tag is Tag.ADJECTIVE and not counts(words, second, parts[-1][1]):
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


def after_name(words: list[Token], start: int, end: int) -> list[Clause]:
    """Who somebody is, told behind the name: "Dina Roscoe, *who chairs the flood committee*"."""
    comma = comma_after(words, start, end)
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


def _addition(words: list[Token], i: int, end: int) -> bool:
    """A comma after which a new clause goes on: "…, who chairs the board, and he left"."""
    return words[i].low == "," and i + 1 < end and (
        words[i + 1].low in ("and", "but", "adding", "as", "after", "when", "while")
    )  # fmt: skip


def _roles(words: list[Token], start: int, comma: int, end: int) -> list[Clause]:
    """ "Imre, a hydrologist" and "who rates the shares", each on its own."""
    parts = conjoined(words, comma + 1, end)
    found: list[Clause] = []
    first = parts[0][1] if words[comma + 1].tag is Tag.RELATIVE else end
    later = next(
        (j for j in range(comma + 1, first) if words[j].low == "," and j + 2 < end
         and words[j + 1].tag is Tag.RELATIVE and j - comma > 3), None)  # fmt: skip
    if later is not None:
        found += relatives(words, start, later + 1, end)
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


def aged(words: list[Token], start: int, end: int) -> list[Clause]:
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
    """ "A treasurer *who stole £386,000* was jailed", "A mill *built in two years*": with a number."""
    if start < end and introduces(words, start, end):
        return []  # "Of the 10 judges who will hear the case, six were"
    for j in range(start + 1, end - 2):
        if (
            words[j].tag is Tag.RELATIVE
            and words[j].low in ("who", "that", "which")
            and words[j - 1].low != ","
            or words[j].tag is Tag.PARTICIPLE
            and words[j - 1].tag is Tag.NOUN
            and words[j + 1].tag is Tag.PREPOSITION
        ):
            return [Clause(start, end, "role")] if counts(words, j, end) else []
    return []


def relatives(words: list[Token], start: int, begin: int, end: int) -> list[Clause]:
    """The clauses on a noun, with it if it stands beside them: "*Moor, which makes glue* and *is old*"."""
    lead = _antecedent(words, start, begin)
    if lead is not None and words[begin].low == "who":
        lead = _person(words, start, *lead)
    beside = lead is not None and begin - lead[1] < 2
    found = []
    for k, (first, stop) in enumerate(conjoined(words, begin, end)):
        relative = words[first].low in _ON_NOUNS
        own = finite(words, first) or relative and _acts(words, first + 1, stop)
        skip = int(relative and own)
        at = first
        if k == 0 and lead is not None and beside and words[first].low in _ON_NOUNS:
            at, skip = lead[0], first - lead[0] + skip if own else 0
        stands = lead if own or words[first].low in ("which", "where") else None
        found.append(Clause(at, stop, "relative", stands, skip=skip if stands else 0))
    return found


def _person(words: list[Token], start: int, begin: int, end: int) -> tuple[int, int]:
    """Whom "who" means behind asides: "*Mara Dell*, an analyst at Corwin, 44, who rates the shares"."""
    nearest = begin, end
    if not words[begin].text.isdigit() and words[begin - 1].low not in _PLACES:
        return nearest
    for _ in range(_ASIDES):
        comma = next((j for j in range(begin - 1, start, -1) if words[j].low == ","), None)
        phrase = before(words, start, comma) if comma is not None else None
        if phrase is None:
            break
        begin = phrase[0]
        if is_name(words, *phrase) and (begin == start or words[begin - 1].low not in _PLACES):
            return phrase
    return nearest


def _acts(words: list[Token], at: int, end: int) -> bool:
    """Does a verb follow at once, or after an adverb: "which *also runs* two ferries"?"""
    while at < end and words[at].tag is Tag.ADVERB:
        at += 1
    return at < end and finite(words, at)


def _antecedent(words: list[Token], start: int, at: int) -> tuple[int, int] | None:
    """The noun phrase that a relative clause tells of: "data analytics firm Palantir"."""
    phrase = before(words, start, at)
    if phrase is None or words[phrase[1] - 1].low in en.TIME_WORDS | SPANS_OF_TIME:
        return None
    return phrase
