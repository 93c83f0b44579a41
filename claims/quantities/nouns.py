"""What is counted: "242 developers", "40 civil rights organisations", "one of the largest banks"."""

from claims.lang import en
from claims.patterns import Pattern

_NOUN = Pattern(r"[ -](?P<word>[^\W\d_](?:[\w’'-]{0,30}[\w’']|\w)?)|(?<=\w) (?P<figure>\d{1,4})(?= [A-Za-z])")
_OF_THESE = Pattern(r" of (?:the|these|those|its|their|his|her|our|my|[A-Z][\w]*['’]s?)(?= )")
_GRAMMATICAL = en.NOT_COUNTED | en.AUXILIARIES | en.MODALS | en.NEGATIONS
_UNSAID = frozenset(["most", "least", "and", *en.ONES])  # in a unit
_ADJECTIVAL = (
    "al",
    "ive",
    "ous",
    "ic",
    "ary",
    "ful",
    "less",
    "able",
    "ible",
    "ing",
    "ish",
    "ed",
    "est",
    "ese",
)
_ACTING = en.THIRD - en.PLURAL_NOUNS  # "two scores determine", "one raises doubts"
_MOST = 6  # words

_Words = list[tuple[str, int]]  # each with its end


def counted(text: str, at: int, end: int, *, single: bool = False) -> tuple[int, str | None]:
    """Where the words that say what is counted end, and the singular of it; (at, None) when nothing is said.

    `single`: the number is one, so what is counted stands in the singular.
    """
    of_these = _OF_THESE.match(text, at, end)
    single = single and not of_these
    words = _phrase(text, of_these.end() if of_these else at, end, single)
    if not words and text[at : at + 1] == "-":
        return _hyphened(text, at, end)
    said = [word for word, _ in words if word.lower() not in _UNSAID]
    if not said:
        return at, None
    return words[-1][1], " ".join([*said[:-1], singular(said[-1])])


def _hyphened(text: str, at: int, end: int) -> tuple[int, str | None]:
    """ "a nine-member panel" has nine members."""
    found = _NOUN.match(text, at, end)
    first = found["word"].partition("-")[0] if found and found["word"] else ""
    return (at + 1 + len(first), first) if first.lower() in en.HYPHENED else (at, None)


def _phrase(text: str, at: int, end: int, single: bool) -> _Words:
    """The words up to the noun, which is a plural but for a single thing."""
    words: _Words = []
    best = 0
    while len(words) < _MOST and (found := _NOUN.match(text, words[-1][1] if words else at, end)):
        word = found["word"] or found["figure"]
        if _is_over(word, [before for before, _ in words], single=single, settled=best > 0):
            break
        words.append((word, found.end()))
        if is_plural(word) and not (best and word in _ACTING):
            if best and best < len(words) - 1:
                break
            best = len(words)
    return words[: _head(words) if single else best]


def _head(words: _Words) -> int:
    """How many of the words after "one" are its adjectives and its noun."""
    for i, (word, _) in enumerate(words, start=1):
        named = word[0].isupper() and i < len(words) and words[i][0][0].islower()  # "one GOP source"
        if not is_adjective(word.lower()) and not named:
            return 0 if word.lower() in _ACTING else i
    return len(words)


def _is_over(word: str, before: list[str], *, single: bool, settled: bool) -> bool:
    """Does what is counted end before this word?"""
    low = word.lower()
    if word.isdigit():  # "Model 3 sedans"
        return not (before and (before[-1][0].isupper() or is_adjective(before[-1])))
    if low == "and" and before and not settled:
        return not is_adjective(before[-1].lower())
    if low in ("most", "least") and not single:
        return bool(before)
    if low in _GRAMMATICAL and word != "US" or low in en.MONTHS and word[0].isupper() or low in en.WEEKDAYS:
        return True
    if low.endswith("ly") and low not in en.NOUNS_IN_LY:
        return True
    named = any(not is_adjective(word.lower()) and word not in ("most", "least", "and") for word in before)
    if named and (low in en.PAST or low.endswith("ed") and len(low) > 4):
        return single or low not in en.PARTICIPLES or is_plural(before[-1])
    return not before and low in en.SURE_PAST


def is_adjective(word: str) -> bool:
    """By its ending, mostly; `word` in small letters."""
    if word in en.ADJECTIVES:
        return True
    return len(word) > 5 and word not in en.NOT_ADJECTIVES and word.endswith(_ADJECTIVAL)


def is_plural(word: str) -> bool:
    low = word.lower().rpartition("-")[2]
    if low in en.IRREGULAR_PLURALS or low in en.UNCHANGED_PLURALS or low.endswith(("children", "women")):
        return True
    if low.endswith("men") and len(low) > 5:
        return True
    return low.endswith("s") and len(low) > 2 and not low.endswith(("ss", "us", "is", "’s", "'s"))


def singular(word: str) -> str:
    """The singular of a noun, by its ending: "developers" → "developer", "fishermen" → "fisherman"."""
    head, dash, last = word.rpartition("-")
    return head + dash + _singular(last)


def _singular(word: str) -> str:
    low = word.lower()
    if low in en.UNCHANGED_PLURALS or not is_plural(word):
        return word
    if low in en.IRREGULAR_PLURALS:
        found = en.IRREGULAR_PLURALS[low]
        return found.capitalize() if word[0].isupper() else found
    if low.endswith("men"):
        return word[:-3] + "man"
    if low.endswith("children"):
        return word[:-3]
    if low.endswith("ies") and len(low) > 4:
        return word[:-3] + "y"
    if (
        low.endswith(("sses", "shes", "ches", "xes", "zzes", "oes"))
        or low.endswith("uses")
        and low[-5] not in "aoef"
    ):
        return word[:-2]
    return word[:-1]
