"""Does a clause assert what one could check? What it is if not, and what speaks against it, in words."""

from collections.abc import Sequence
from enum import StrEnum

from claims.lang import en
from claims.tagging import FINITE, Tag
from claims.tokens import Token, finite


class Nature(StrEnum):
    """What a clause is; only a fact can be checked."""

    FACT = "fact"
    PREDICTION = "prediction"
    OPINION = "opinion"
    QUESTION = "question"
    INSTRUCTION = "instruction"


NATURES = {
    "a question": Nature.QUESTION,
    "what somebody is asked to do": Nature.INSTRUCTION,
    "about what may come": Nature.PREDICTION,
    "a demand": Nature.OPINION,
    "words of opinion": Nature.OPINION,
    "addressed to the reader": Nature.OPINION,
    "said of the speaker": Nature.OPINION,
    "a view in a quotation": Nature.OPINION,
    "told as somebody's view": Nature.OPINION,
    "partly in the source's own words": Nature.OPINION,
    "a judgement without a name or a number": Nature.OPINION,
    "hangs on a condition": Nature.OPINION,
}
"""The doubts that make a clause no fact, the strongest first."""

DOUBTS = {
    "a question": 1.0,
    "what somebody is asked to do": 1.0,
    "about what may come": 0.35,
    "a demand": 0.35,
    "words of opinion": 0.3,
    "addressed to the reader": 0.4,
    "said of the speaker": 0.3,
    "a view in a quotation": 0.3,
    "told as somebody's view": 0.3,
    "hangs on a condition": 0.3,
    "a judgement without a name or a number": 0.2,
    "the speaker's own record": 0.1,
    "partly in the source's own words": 0.15,
    "hedged": 0.1,
    "no name and no number": 0.05,
    "very short": 0.05,
}
"""What makes a clause less of a checkable fact, and by how much."""

_MAY = frozenset("may might could couldn't couldn’t".split())
_SHOULD = frozenset("should ought shouldn't shouldn’t mustn't mustn’t must".split())
_NEXT = en.WEEKDAYS | frozenset("week month year season spring summer autumn winter few quarter".split())
_EXPECTING = frozenset("expect expects forecast forecasts anticipate anticipates predict predicts".split())
_PAST_AUXILIARIES = frozenset(
    "was were had did wasn't weren't hadn't didn't wasn’t weren’t hadn’t didn’t".split()
)
_PERFECT = frozenset("has have hasn't haven't hasn’t haven’t we've we’ve they've they’ve i've i’ve".split())


def natures(reasons: Sequence[str]) -> Nature:
    """What a clause is, by the reasons that speak against it."""
    return next((nature for reason, nature in NATURES.items() if reason in reasons), Nature.FACT)


def doubts(
    words: Sequence[Token],
    *,
    numbers: bool,
    amounts: bool,
    role: str,
    until: int | None = None,
    quoted: bool = False,
) -> list[str]:
    """What speaks against a clause, given its tokens and whether there is a number, and an amount, in it.

    Words of opinion, demands and forecasts count only as far as the token `until`. `quoted` says that
    somebody is speaking, who tells of views more often than an article does.
    """
    told = words[: None if until is None else until + 1]
    return [*_tone(told, numbers, amounts, quoted), *_form(words, numbers, role, quoted)]


def _tone(words: Sequence[Token], numbers: bool, amounts: bool, quoted: bool) -> list[str]:
    lows = [word.low for word in words]
    known = set(lows)
    found = []
    verb = main_verb(words)
    demand = verb is not None and lows[verb] in _SHOULD
    if demand and not (numbers and lows[verb or 0] == "must" and not quoted):
        found.append("a demand")
    if is_future(words, lows, verb, amounts=amounts and not quoted):
        found.append("about what may come")
    # "Great Barrow" is a name, "Great news" is not.
    if any(word.low in en.OPINIONS and (i == 0 or not word.is_name) for i, word in enumerate(words)):
        found.append("words of opinion")
    if verb is not None and lows[verb] in ("is", "was", "are", "were") and "too" in lows[verb + 1 : verb + 3]:
        found.append("words of opinion")
    if known & en.SECOND_PERSON and not (quoted and verb is not None and _is_past(words, verb)):
        found.append("addressed to the reader")
    if any(word.low in en.FIRST_PERSON and word.text not in ("US", "I.") for word in words):
        past = verb is not None and _is_past(words, verb)
        told = numbers or past and (quoted or lows[verb or 0] not in _PERFECT)
        found.append("the speaker's own record" if told else "said of the speaker")
    elif quoted and not numbers and (verb is None or not _is_past(words, verb)):
        found.append("a view in a quotation")
    if verb is not None and not numbers and _judges(words, lows, verb):
        found.append("a judgement without a name or a number")
    if known & en.HEDGES:
        found.append("hedged")
    return found


def _form(words: Sequence[Token], numbers: bool, role: str, quoted: bool) -> list[str]:
    lows = [word.low for word in words]
    found = []
    asked = any(word.low == "?" and (not word.quote or word.quote == words[0].quote) for word in words[-2:])
    if asked:
        found.append("a question")
    if role in ("main", "verbless", "shared") and (
        lows[:1] and lows[0] in en.OBJECT_PRONOUNS or is_instruction(words) and not finite(list(words[:1]), 0)
    ):
        found.append("what somebody is asked to do")
    ruled = not en.LAWS.isdisjoint(lows) or numbers and not en.PENALTIES.isdisjoint(lows)
    if not ruled and lows[:1] in (["if"], ["unless"], ["whether"]) or "unless" in lows:
        found.append("hangs on a condition")
    if not numbers and not has_name(words):
        found.append("no name and no number")
    if sum(word.is_word for word in words) < 3 and role != "item":
        found.append("very short")
    return found


def _judges(words: Sequence[Token], lows: Sequence[str], verb: int) -> bool:
    """ "It is hard to disagree", "That is odd": no more than what the writer makes of it."""
    return (
        (lows[verb] in _IS or lows[verb] == "was" and lows[0] in _VAGUE)
        and lows[0] in _JUDGED
        and len(words) < 12
        and not any(word.is_name for word in words[1:])
        and not any(word.tag in (Tag.PARTICIPLE, Tag.GERUND) and word.low not in _STATES
                    for word in words[verb + 1 : verb + 4])
    )  # fmt: skip


def main_verb(words: Sequence[Token]) -> int | None:
    """The verb of the clause itself, not that of a clause inside it."""
    inside = False
    first = None
    for i, word in enumerate(words):
        if i and word.tag in (Tag.RELATIVE, Tag.SUBORDINATOR):
            inside = True
        elif word.tag in FINITE:
            first = i if first is None else first
            if not inside:
                return i
            inside = False
    return first


def _is_past(words: Sequence[Token], verb: int) -> bool:
    low = words[verb].low
    return (
        low in _PAST_AUXILIARIES or low in _PERFECT or low in en.PAST or low.endswith("ed")
    )  # fmt: skip


def is_instruction(words: Sequence[Token]) -> bool:
    """ "Bring a scarf", "Let me explain": a verb with nobody before it."""
    first = next((i for i, word in enumerate(words) if word.is_word), None)
    if first is None or first + 1 >= len(words):
        return False
    low, after = words[first].low, words[first + 1]
    if low in ("please", "don't", "don’t", "let", "let's", "let’s"):
        return True
    if low not in en.BASES or low in en.PREPOSITIONS or low in en.DETERMINERS:
        return False
    for word in words[first + 1 : first + 6]:
        if word.tag in (Tag.SUBORDINATOR, Tag.RELATIVE, Tag.THAT) or word.low == ",":
            break
        if word.tag in FINITE:
            return False
    return low in en.BARE and not after.is_name or after.low in _TOLD


_IS = frozenset("is are it's it’s that's that’s isn't isn’t".split())
_JUDGED = frozenset(
    "something nothing everything it that this it's it’s that's that’s not here there".split()
)
_VAGUE = frozenset("it that something nothing everything".split())
_STATES = frozenset("persuaded convinced supposed meant happening going".split())
_TOLD = frozenset("the a an your at me us our for here this up out down how what it".split())


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


def is_future(words: Sequence[Token], lows: Sequence[str], verb: int | None, *, amounts: bool) -> bool:
    """Does the clause tell what may come? An amount that is promised is decided, and can be checked today."""
    said = " ".join(lows)
    if any(outlook in said for outlook in en.OUTLOOKS):
        return not (amounts and ("is to" in said or "are to" in said))
    for i, low in enumerate(lows[:-1]):
        if low == "next" and lows[i + 1] in _NEXT or low == "tomorrow":
            past = verb is not None and _is_past(words, verb)
            if not past:
                return True
    if verb is None or lows[verb] == "expected" and words[verb - 1].low == ",":
        return "expected" in lows[:12]
    low = lows[verb]
    if low in _EXPECTING and words[verb].tag is Tag.VERB and low != "forecast":
        return True
    if low in ("is", "are") and lows[verb + 1 : verb + 2] in (
        ["expected"],
        ["due"],
        ["scheduled"],
        ["planned"],
        ["set"],
    ):
        return True
    if low in ("looks", "seems", "appears", "is") and {"unlikely", "likely"} & set(lows[verb + 1 : verb + 4]):
        return True
    modal = _modal(words, lows, verb)
    if modal is None:
        return False
    if "have" in lows[modal + 1 : modal + 4]:
        return not amounts and lows[modal] not in ("could", "may", "might")
    if lows[modal] in _MAY:
        return not (lows[modal] == "could" and "n't" in said)
    # Who "will pay 60% of the cost" and what "will be closed from 3 June" is decided, so one can check it.
    done = [en.lemma(low) for low in lows[modal + 1 : modal + 4]]
    scheduled = _on_a_day(lows) and not en.SCHEDULED.isdisjoint(done)
    return not (scheduled or amounts and not en.PAYING.isdisjoint(done))


def _on_a_day(lows: Sequence[str]) -> bool:
    """Is there a day of the calendar among them: "3 June", "June 3rd"?"""
    for i, low in enumerate(lows):
        beside = lows[max(0, i - 1) : i + 2]
        if low in en.MONTHS and any(word[:1].isdigit() and len(word) < 5 for word in beside):
            return True
    return False


def _modal(words: Sequence[Token], lows: Sequence[str], verb: int) -> int | None:
    if words[verb].tag is Tag.MODAL and lows[verb] not in _SHOULD:
        return verb
    # "My guess is that it will", "Memory is the unit Corvane would sell": the weight lies on the later verb.
    if lows[verb] in (
        "is",
        "are",
        "means",
        "mean",
        "hope",
        "hopes",
        "believe",
        "believes",
        "think",
        "thinks",
    ):
        later = (
            j for j in range(verb + 1, len(words)) if words[j].tag is Tag.MODAL and lows[j] not in _SHOULD
        )
        return next(later, None)
    return None
