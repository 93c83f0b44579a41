"""Who "she", "it" or "the board" is, where that is plain: one that fits just before, and no other."""

from typing import NamedTuple

from claims.attribution import Said
from claims.lang import en
from claims.model import Span
from claims.tagging import Tag
from claims.tokens import Token, finite
from claims.values import dataclass

_MEN = frozenset("mr sir lord king prince baron brother father fr".split())
_WOMEN = frozenset("mrs ms miss lady queen princess dame baroness sister mother".split())
_AS_SUBJECT = {"him": "he", "her": "she", "them": "they"}  # "according to her"
_OWNS = ("'s", "’s", "s'", "s’")
_SHORT = 8  # words of a name with its titles
_REMEMBERED = 200  # names of one article
_ENDINGS = ("er", "or", "ist", "man", "woman", "chair", "ant", "ian", "eer", "chief", "ee")


@dataclass(slots=True)
class _Person:
    name: str
    span: Span
    gender: str | None = None


class Antecedent(NamedTuple):
    """The words that a pronoun stands for, and where they stand."""

    name: str
    span: Span


class Mentions:
    """Who and what an article has named so far, sentence by sentence."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._people: dict[str, _Person] = {}  # by last name
        self._near: list[str] = []  # last names in the sentence before, the subject first
        self._speaker: str | None = None  # the last name of who spoke in the sentence before
        self._subject: Antecedent | None = None  # of the sentence before, where it is no person
        self._proper: dict[str, list[Antecedent]] = {}  # names of bodies, by their last word: "board"

    def of(self, words: list[Token], at: int) -> Antecedent | None:
        """What the subject at the token `at` stands for, a pronoun or "the board"; None if not plain."""
        word = words[at]
        if word.low in ("he", "she"):
            return self._person(word.low)
        following = words[at + 1] if at + 1 < len(words) else None
        if word.low == "the" and following is not None and following.tag is Tag.NOUN:
            ends = at + 2 >= len(words) or finite(words, at + 2) or not words[at + 2].is_word
            found = self._proper.get(following.low, []) if ends else []
            return found[0] if len({one.name for one in found}) == 1 else None
        return None

    def source(self, words: list[Token], said: Said) -> Antecedent | None:
        """Whom the source of a report stands for: "*She* added", "*It* also found", "*Roscoe* called"."""
        start, end = said.source
        pronoun = _AS_SUBJECT.get(words[start].low, words[start].low) if end - start == 1 else ""
        if pronoun in ("it", "they"):
            return self._subject
        if pronoun in ("he", "she"):
            if self._speaker is None:
                return self._person(pronoun)
            speaker = self._people[self._speaker]
            if speaker.gender in (None, "m" if pronoun == "he" else "f"):
                return Antecedent(speaker.name, speaker.span)
        if end - start == 1 and words[start].tag in (Tag.NAME, Tag.NOUN) and words[start].is_name:
            person = self._people.get(words[start].low)
            return Antecedent(person.name, person.span) if person is not None else None
        return self.of(words, start) if end - start <= 2 else None

    def antecedents(self, words: list[Token]) -> dict[int, Antecedent]:
        """What the subjects at these tokens of the next sentence stand for.

        Once the sentence has named somebody, "she" may be them, so that it is no longer plain.
        """
        found: dict[int, Antecedent] = {}
        for at, word in enumerate(words):
            if (
                word.low in self._people
                or word.is_name
                and at
                and word.tag is Tag.NAME
                and word.low not in en.MONTHS
            ):
                break
            if not word.quote and word.low in ("he", "she", "the"):
                one = self.of(words, at)
                if one is not None:
                    found[at] = one
        return found

    def read(self, words: list[Token], said: Said | None) -> None:
        """Remember whom a sentence names."""
        verb = next((i for i, word in enumerate(words) if finite(words, i) and not word.quote), len(words))
        source = said.source if said is not None else None
        naming = (source[0], max(source[1], said.cue)) if source is not None and said is not None else None
        people = self._named(words, naming)
        pronoun = next((w.low for w in words[: verb + 1] if w.low in ("he", "she") and not w.quote), None)
        if not people and pronoun is not None:
            people = self._near[:1]
        if source is not None:
            named = naming is not None and any(word.low in self._people for word in words[slice(*naming)])
            self._speaker = people[0] if people and (named or pronoun is not None) else None
        elif any(not word.quote for word in words):
            self._speaker = None
        self._near = people
        subject = self._subject_of(words, verb, source)
        if subject is not None:
            self._subject = subject
        elif people or not (words and words[0].low in ("it", "they")):
            self._subject = None

    def _person(self, pronoun: str) -> Antecedent | None:
        gender = "m" if pronoun == "he" else "f"
        fit = [self._people[key] for key in self._near if self._people[key].gender in (None, gender)]
        if len({person.name for person in fit}) != 1:
            return None
        fit[0].gender = gender
        return Antecedent(fit[0].name, fit[0].span)

    def _named(self, words: list[Token], source: tuple[int, int] | None) -> list[str]:
        """The last names of the people in a sentence, each once, the source first."""
        found: list[str] = []
        i = 0
        while i < len(words):
            stop = _name_end(words, i)
            if stop is None:
                i += 1
                continue
            begin, key = i, words[stop - 1].low
            speaks = source is not None and source[0] <= begin and stop <= source[1]
            if key not in self._people and _is_person(words, begin, stop, speaks=speaks):
                self._learn(words, begin, stop)
            elif stop - begin > 1:
                self._body(words, begin, stop)
            if key in self._people and key not in found:
                found = [key, *found] if speaks else [*found, key]
            i = stop
        return found

    def _learn(self, words: list[Token], begin: int, stop: int) -> None:
        if len(self._people) >= _REMEMBERED:
            return
        span = Span(words[begin].start, words[stop - 1].end)
        title = words[begin].low.rstrip(".")
        gender = "m" if title in _MEN else "f" if title in _WOMEN else None
        self._people[words[stop - 1].low] = _Person(" ".join(span.of(self._text).split()), span, gender)

    def _body(self, words: list[Token], begin: int, stop: int) -> None:
        last = words[stop - 1].low
        if last in en.ORGANISATIONS and len(self._proper) < _REMEMBERED:
            first = begin - 1 if begin and words[begin - 1].low == "the" else begin
            span = Span(words[first].start, words[stop - 1].end)
            self._proper.setdefault(last, []).append(Antecedent(" ".join(span.of(self._text).split()), span))

    def _subject_of(self, words: list[Token], verb: int, source: tuple[int, int] | None) -> Antecedent | None:
        """The subject, or the source, where it is a body or a thing and short enough to stand elsewhere."""
        start, end = source if source is not None else (0, verb)
        while end > start and (words[end - 1].tag is Tag.ADVERB or not words[end - 1].is_word):
            end -= 1
        if not 0 < end - start <= _SHORT or words[start].tag is Tag.PRONOUN:
            return None
        inside = words[start:end]
        if any(not word.is_word for word in inside):
            return None
        joint = next((k for k, word in enumerate(inside) if word.tag is Tag.PREPOSITION), None)
        if joint is not None and (joint == 0 or inside[joint - 1].low not in en.THINGS):
            return None  # "a study of wards" may find what "the head of the board" may not
        if any(word.low in self._people for word in inside):
            return None
        span = Span(inside[0].start, inside[-1].end)
        return Antecedent(" ".join(span.of(self._text).split()), span)


def _name_end(words: list[Token], i: int) -> int | None:
    """Where a run of capitalised words that begins at `i` ends, titles and initials with it."""
    first = words[i]
    if not first.is_name or first.low in en.DETERMINERS | en.PRONOUNS | en.PREPOSITIONS or first.tag in (
        Tag.AUXILIARY, Tag.MODAL, Tag.COORDINATOR, Tag.SUBORDINATOR, Tag.ADVERB
    ):  # fmt: skip
        return None
    stop = i + 1
    while stop < len(words) and stop - i < _SHORT:
        word = words[stop]
        initial = word.text == "." and (
            len(words[stop - 1].text) == 1 or words[stop - 1].low in en.ABBREVIATIONS
        )
        joins = word.is_name and word.is_word or initial or word.low in ("de", "van", "von", "bin", "al")
        if not joins or words[stop - 1].end + 1 < word.start or words[stop - 1].low.endswith(_OWNS):
            break
        stop += 1
    while stop > i and not words[stop - 1].is_word:
        stop -= 1
    return stop if stop > i else None


def _is_person(words: list[Token], begin: int, stop: int, *, speaks: bool) -> bool:
    """Is it a person's name: a title, a role before it, an age or "who" behind it, or words of its own?"""
    inside = [word.low for word in words[begin:stop]]
    if (
        not en.ORGANISATIONS.isdisjoint(inside)
        or inside[-1].endswith(_OWNS)
        or words[stop - 1].text.isupper()
        or "&" in inside
    ):
        return False
    titles = en.BEFORE_NAMES | en.IDENTITY_ROLES | _MEN | _WOMEN
    if inside[0].rstrip(".") in titles and len(inside) > 1:
        return True
    if stop - begin < 2:
        return False
    before = words[begin - 1] if begin else None
    if before is not None and before.low == "," and begin > 1:
        before = words[begin - 2]  # "its chairman, Anton Vrabec"
    role = before is not None and (
        before.low in en.IDENTITY_ROLES or before.low.endswith(_ENDINGS) and before.tag is Tag.NOUN
    )
    after = words[stop + 1] if stop + 1 < len(words) and words[stop].low == "," else None
    aged = after is not None and (after.low == "who" or after.text.isdigit() and len(after.text) < 4)
    return role or aged or speaks and (begin == 0 or words[begin - 1].low not in ("the", "a"))
