"""Does a clause assert something that one could check? What speaks against it, in words."""

from collections.abc import Sequence

from claims.lang import en
from claims.tokens import Token, finite

DOUBTS = {
    "a question": 1.0,
    "what somebody is asked to do": 1.0,
    "about what may come": 0.45,
    "a demand": 0.35,
    "words of opinion": 0.3,
    "addressed to the reader": 0.3,
    "said of the speaker": 0.25,
    "the speaker's own record": 0.1,
    "hedged": 0.25,
    "hangs on a condition": 0.25,
    "no name and no number": 0.1,
    "the subject is a pronoun": 0.1,
    "very short": 0.2,
}
"""What makes a clause less of a checkable fact, and by how much."""


def doubts(words: Sequence[Token], *, numbers: bool, role: str, until: int | None = None) -> list[str]:
    """What speaks against a clause, given its tokens and whether there is a number in it.

    Words of opinion, demands and forecasts count only as far as the token `until`.
    """
    return [*_tone(words[: None if until is None else until + 1], numbers), *_form(words, numbers, role)]


def _tone(words: Sequence[Token], numbers: bool) -> list[str]:
    lows = [word.low for word in words]
    known = set(lows)
    said = " ".join(lows)
    found = []
    if _is_future(lows, said, known, numbers):
        found.append("about what may come")
    if known & en.DEMANDS:
        found.append("a demand")
    # "Great Barrow" is a name, "Great news" is not.
    if any(word.low in en.OPINIONS and (i == 0 or not word.is_name) for i, word in enumerate(words)):
        found.append("words of opinion")
    if known & en.SECOND_PERSON:
        found.append("addressed to the reader")
    if any(word.low in en.FIRST_PERSON and word.text != "US" for word in words):
        found.append("the speaker's own record" if numbers else "said of the speaker")
    if known & en.HEDGES:
        found.append("hedged")
    return found


def _form(words: Sequence[Token], numbers: bool, role: str) -> list[str]:
    lows = [word.low for word in words]
    found = []
    if lows and lows[-1] == "?":
        found.append("a question")
    if lows[:1] and lows[0] in en.OBJECT_PRONOUNS:
        found.append("what somebody is asked to do")
    if lows[:1] in (["if"], ["unless"], ["when"]) or "unless" in lows:
        found.append("hangs on a condition")
    if not numbers and not has_name(words):
        found.append("no name and no number")
    if role == "main" and is_pronoun(words, 0):
        found.append("the subject is a pronoun")
    if sum(word.is_word for word in words) < 4 and role != "item":
        found.append("very short")
    return found


def has_name(words: Sequence[Token]) -> bool:
    """Is somebody or something called by name? The first word has a capital anyway, so it needs a second."""
    for i, word in enumerate(words):
        if word.is_name and word.low not in en.PRONOUNS and word.low not in en.MONTHS:
            if i or len(word.text) > 1 and word.text[1].isupper():
                return True
            if (
                word.low not in _COMMON
                and i + 1 < len(words)
                and (words[i + 1].is_name or finite(list(words), i + 1))
            ):
                return not word.low.endswith(("s", "ly", "ing", "ed"))
    return False


_COMMON = en.DETERMINERS | en.PREPOSITIONS | en.COORDINATORS | en.PRONOUNS | en.UNNAMED


def is_pronoun(words: Sequence[Token], i: int) -> bool:
    """Is the token a subject that says nothing alone: "it", "they", "this"; but not "this year"?"""
    if i >= len(words) or words[i].low not in en.VAGUE_SUBJECTS:
        return False
    if words[i].low not in ("this", "that", "these", "those"):
        return True
    return i + 1 >= len(words) or finite(list(words[i : i + 4]), 1)


def _is_future(lows: Sequence[str], said: str, known: set[str], numbers: bool) -> bool:
    if any(outlook in said for outlook in en.OUTLOOKS):
        return True
    if known & {"expect", "expects", "expected", "forecast", "forecasts"} and "to" in known:
        return True
    if "would have" in said or not known & en.FUTURE:
        return False
    # Who "will pay 60% of the cost" has been decided, and can be checked today.
    will = next((i for i, low in enumerate(lows) if low == "will"), None)
    decided = numbers and will is not None and not en.PAYING.isdisjoint(lows[will + 1 : will + 3])
    return not decided
