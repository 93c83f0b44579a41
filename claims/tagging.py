"""Which part of speech each word has, guessed from lists, endings and the words beside it.

Not a parser: what is wanted is the finite verb of each clause, whatever verb it is. One pass from left to
right with a bounded look ahead, so that time grows with length only.
"""

from collections.abc import Sequence
from enum import StrEnum

from claims.lang import en


class Tag(StrEnum):
    NOUN = "noun"
    NAME = "name"
    NUMBER = "number"
    PRONOUN = "pronoun"  # as a subject: "she", "nobody"
    OBJECT = "object"  # "him", "themselves"
    DETERMINER = "determiner"
    ADJECTIVE = "adjective"
    ADVERB = "adverb"
    PREPOSITION = "preposition"
    COORDINATOR = "coordinator"
    SUBORDINATOR = "subordinator"
    RELATIVE = "relative"
    THAT = "that"  # which begins what was said: "said that"
    TO = "to"
    AUXILIARY = "auxiliary"
    MODAL = "modal"
    VERB = "verb"
    BASE = "base"  # an infinitive: "to build", "will build"
    PARTICIPLE = "participle"  # "was built", "built by"
    GERUND = "gerund"
    MARK = "mark"


FINITE = frozenset({Tag.AUXILIARY, Tag.MODAL, Tag.VERB})
NOMINAL = frozenset({Tag.NOUN, Tag.NAME, Tag.NUMBER, Tag.PRONOUN, Tag.OBJECT})
_SURE = 3  # points from which a word agrees with its subject and with what follows
_ASIDE = 8  # words before a participle in which a comma may have opened what it stands in
_AHEAD = 16  # words in which a later verb may show that an earlier one is a participle
_OF_ADJECTIVES = ("al", "ous", "ful", "ible", "able", "less")
_SOURCES = frozenset({"said", "says"})
_STOPS = frozenset({".", "!", "?", "”", '"', "’"})
_NEW_CLAUSE = (en.SUBORDINATORS | frozenset("that which who and but as after before until since".split())
               | frozenset(";:—–“”\""))  # fmt: skip
_FRESH = frozenset(';:—–“”"')


def _contracted(low: str) -> bool:
    """A subject with its verb: "she's", "it’ll"."""
    return "'" in low or "’" in low


def tag(texts: Sequence[str]) -> list[Tag]:
    """The part of speech of each token of a sentence, in order."""
    return _Tagger(texts).run()


class _Tagger:
    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.lows = [text.lower() for text in texts]
        words = [text for text in texts if text[0].isalpha() and len(text) > 3]
        # In A Title Like This a capital makes no name.
        self.titled = len(words) > 3 and sum(text[0].isupper() for text in words) > 0.7 * len(words)
        self.tags: list[Tag] = []
        self.need = True  # does the clause still want its verb?
        self.maybe: list[int] = []  # what could be that verb, if no better one comes
        self.outer = False  # does a clause around a relative one still want its verb?
        self.opening = False  # does a clause at the front, "If he leaves,", put off the main one?
        self.bare = False  # was the last verb one of a plural: "they run"?
        self.last: Tag | None = None  # the last verb form, which "and" may go on with

    def run(self) -> list[Tag]:
        for i in range(len(self.texts)):
            self.tags.append(self._one(i))
            self._state(i)
        if self.need:
            self._fall_back()
        return self.tags

    # --- the state: has the clause its verb?

    def _state(self, i: int) -> None:
        now, low = self.tags[i], self.lows[i]
        if now in FINITE:
            self.need = self.outer or low in en.SAYING
            self.outer = False
            self.maybe.clear()
            self.last = now
            self.bare = low in en.BASES and low not in en.PAST
        elif now is Tag.PARTICIPLE:
            self.last = now
        elif now is Tag.RELATIVE:
            if i and self.lows[i - 1] == ",":
                self._settle()
            self.outer, self.need = self.need, True
            self.maybe.clear()
        elif now in (Tag.SUBORDINATOR, Tag.THAT) or low in _FRESH and not self._in_range(i):
            if self.need:
                self._fall_back()
            self.need = True
            self.opening = now is Tag.SUBORDINATOR and (
                i == 0 or self.tags[i - 1] in (Tag.MARK, Tag.COORDINATOR)
            )
        elif low == "," and self.opening and not self.need:
            self.need, self.opening, self.last = True, False, None
            self.maybe.clear()
        elif now is Tag.COORDINATOR and self.need and self.maybe and self.lows[i - 1] == ",":
            self._fall_back()  # "Doors open at 7.30 p.m., and tickets are £4"
        elif low == "," and self.need and self.maybe and not self._later(i):
            self._settle()
        elif low == "," and not self.need:
            self.last = None if self.last is Tag.MODAL else self.last

    def _settle(self) -> None:
        """The clause goes no further: "a third of staff *work* there, which": was that its verb?"""
        plain = [i for i in self.maybe if self.tags[i] is not Tag.PARTICIPLE]
        best = max(plain, key=lambda i: (self._agrees(i), -i), default=None)
        if self.need and best is not None and self._agrees(best) >= _SURE:
            self.tags[best] = Tag.VERB
            self.need = False
        self.maybe.clear()

    def _fall_back(self) -> None:
        """The clause showed no verb, so the likeliest word that may be one is it: "Council backs wall"."""
        best = max(self.maybe, key=lambda i: (self._agrees(i), -i), default=None)
        if best is not None and self._agrees(best):
            self.tags[best] = Tag.VERB
        self.maybe.clear()

    def _agrees(self, i: int) -> int:
        """How well the word at `i` goes with what stands around it, were it a verb."""
        following = self._next(i)
        past = self.lows[i] in en.PAST  # "cut", "put", which go with any subject
        points = 2 * (past or self.lows[i].endswith("s") != self._plural(i - 1))
        if following in en.DETERMINERS or following[:1].isdigit() or following[:1] in "£$€":
            points += 3
        elif (
            following in en.PREPOSITIONS
            or following == "to"
            or past
            and self.tags[i + 1 : i + 2] == [Tag.NOUN]
        ):
            points += 1
        return points

    def _in_range(self, i: int) -> bool:
        """Is the dash at `i` one between two numbers, as in "€18–€22"?"""
        return i > 0 and self.lows[i - 1][-1:].isdigit()

    # --- one word

    def _one(self, i: int) -> Tag:
        text, low = self.texts[i], self.lows[i]
        if not text[0].isalnum():
            return Tag.MARK if len(text) == 1 or not any(c.isdigit() for c in text) else Tag.NUMBER
        if text[0].isdigit() or low in en.ONES or low in en.TENS:
            return Tag.NUMBER
        if i and text[0].isupper() and not self.titled and self._is_name(i):
            return Tag.NAME
        closed = self._closed(i, low)
        if closed is not None:
            return closed
        return self._open(i, low)

    def _is_name(self, i: int) -> bool:
        before = self.texts[i - 1]
        if before in "“\"‘'(—:" or before == ".":
            known = self.lows[i] in _CLOSED
            return not known
        return self.lows[i] != "i"

    def _closed(self, i: int, low: str) -> Tag | None:
        before, after = self._back(i), self._next(i)
        if low in en.MODALS:
            return Tag.NOUN if before in en.DETERMINERS and before not in en.PRONOMINAL else Tag.MODAL
        if low in en.AUXILIARIES or low in ("be", "been", "being", "having"):
            if low in ("be", "been") or self._bare(i):
                return Tag.BASE
            return Tag.GERUND if low.endswith("ing") else Tag.AUXILIARY
        if low == "yet" and before == "not" or low in ("more", "than") and self._more_than(i, low):
            return Tag.ADVERB
        if low == "no" and after == "longer" or low == "longer" and before == "no":
            return Tag.ADVERB
        if low == "own" and (before in en.DETERMINERS or self._owns(i - 1)):
            return Tag.ADJECTIVE
        if (
            low in en.PLAIN_ADJECTIVES
            or low.endswith(_OF_ADJECTIVES)
            and low not in en.NOT_ADJECTIVAL
            and len(low) > 5
        ):
            return Tag.ADJECTIVE
        if low == "to":
            verb = after in en.BASES or after == "be"
            return Tag.TO if verb and after not in _PLACES else Tag.PREPOSITION
        if low == "that":
            return self._that(i, before, after)
        if low in ("who", "which", "whom", "whose"):
            return Tag.RELATIVE
        if low in en.SUBORDINATORS:
            return Tag.SUBORDINATOR
        if low == "since" and before in en.HAVE:
            return Tag.ADVERB
        if low in _FROM_WHEN and (after in en.MONTHS or after in en.WEEKDAYS or after[:1].isdigit()):
            return Tag.PREPOSITION
        if (
            low == "as"
            and self.lows[-1] not in _STOPS
            and any(word in en.THIRD or word in en.BASES for word in self.lows[i + 2 : i + 4])
        ):
            return Tag.SUBORDINATOR  # a headline: "rate rises as krone slides"
        if low in ("as", "after", "before", "since", "until", "than", "till"):
            return Tag.SUBORDINATOR if self._clause_ahead(i + 1) else Tag.PREPOSITION
        if low in en.LINKS:
            return Tag.COORDINATOR
        if low in ("him", "them", "us", "me") or low.endswith(("self", "selves")) and len(low) > 5:
            return Tag.OBJECT
        if low in en.SUBJECTS:
            return Tag.PRONOUN
        if low in en.DETERMINERS:
            return Tag.DETERMINER
        if low in en.PREPOSITIONS:
            return Tag.PREPOSITION
        if low in en.ADVERBS:
            return Tag.ADVERB
        return None

    def _more_than(self, i: int, low: str) -> bool:
        """Is it that of "prices *more than* doubled"?"""
        at = i if low == "more" else i - 1
        verb = self.lows[at + 2] if at >= 0 and at + 2 < len(self.lows) else ""
        pair = self.lows[at : at + 2] == ["more", "than"]
        return pair and (verb in en.REGULAR_PAST or verb in en.PAST or self._looks_past(verb))

    def _that(self, i: int, before: str, after: str) -> Tag:
        verb = self._verbal(i + 1) and not _contracted(after)
        if before in en.SAYING or self._tag_back(i) in FINITE | {Tag.PARTICIPLE, Tag.BASE, Tag.GERUND}:
            if not verb:
                return Tag.THAT
        if self._tag_back(i) in NOMINAL and (verb or self._tells(i + 1)):
            return Tag.RELATIVE
        if verb or i == 0 or before in en.PREPOSITIONS:
            return Tag.DETERMINER
        return Tag.THAT if self._tag_back(i) in NOMINAL or before in (",", "and", "but") else Tag.DETERMINER

    def _tells(self, j: int) -> bool:
        """Is the word after "that" its verb: "the platform that *powers* it"?"""
        if j + 1 >= len(self.lows):
            return False
        low = self.lows[j]
        return low in en.BARE or (low in en.THIRD or low in en.BASES) and self._object(j)

    def _open(self, i: int, low: str) -> Tag:
        if low.endswith("ly") and len(low) > 4 and low not in en.NOT_ADVERBS:
            named = i == 0 and self.texts[1:2] == [","] and self.lows[2:3] in (["which"], ["who"], ["whose"])
            return Tag.NAME if named else Tag.ADVERB
        past = low in en.PAST or low in en.REGULAR_PAST or self._looks_past(low)
        part = low in en.PARTICIPLES or (past and low not in en.PAST)
        base, third = low in en.BASES, low in en.THIRD
        if self._bare(i) and (base or not past and not third):
            if base or self.tags and self._tag_back(i) in (Tag.TO, Tag.MODAL):
                return Tag.BASE
        if low.endswith("ing") and len(low) > 4 and low not in en.NOT_GERUNDS:
            return self._ing(i)
        if low in en.NOT_GERUNDS and self._back(i) in en.BE:
            return Tag.GERUND
        if not (past or part or base or third):
            if self._back(i) in en.THIRD_PERSON and low.endswith("s") and not low.endswith(("ss", "us")):
                return Tag.VERB
            if (
                i
                and low.endswith("s")
                and self.need
                and self._tag_back(i) in NOMINAL
                and not self._plural(i - 1)
            ):
                self._unlisted(i)
            return Tag.NOUN
        if self.titled is False and i == 0 and self._sentence_start(low, past):
            return Tag.NOUN
        return self._verb(i, low, past=past, part=part, base=base, third=third)

    def _unlisted(self, i: int) -> None:
        following = self._next(i)
        if following in en.DETERMINERS or following in en.PREPOSITIONS or following == "that":
            self.maybe.append(i)

    def _sentence_start(self, low: str, past: bool) -> bool:
        return not past

    def _looks_past(self, low: str) -> bool:
        return low.endswith("ed") and len(low) > 4 and low not in en.NOT_PAST and "-" not in low

    def _ing(self, i: int) -> Tag:
        before = self._tag_back(i)
        if self._back(i) in ("those", "many", "some", "people"):
            return Tag.GERUND
        if before in (Tag.DETERMINER, Tag.ADJECTIVE) or self._back(i).endswith(("'s", "’s", "s'", "s’")):
            return Tag.NOUN
        return Tag.GERUND

    def _verb(self, i: int, low: str, *, past: bool, part: bool, base: bool, third: bool) -> Tag:
        before, back, after = self._back(i), self._tag_back(i), self._next(i)
        if before in en.BE or before in en.HAVE or back is Tag.BASE and before in ("be", "been", "have"):
            if part:
                return Tag.PARTICIPLE
            return Tag.NOUN if base or third else Tag.VERB
        if before in ("being", "having", "been"):
            return Tag.PARTICIPLE if part else Tag.NOUN
        if back in (Tag.DETERMINER, Tag.ADJECTIVE, Tag.PREPOSITION, Tag.NUMBER) or self._owns(i - 1):
            return self._after_determiner(
                i, low, before, back, after, past=past, part=part, third=third, base=base
            )
        if back in (Tag.PRONOUN, Tag.RELATIVE):
            noun = back is Tag.RELATIVE and (base or third) and low not in en.BARE and self._verbal(i + 1)
            if (past or third or base) and not noun:
                return Tag.VERB
        if back is Tag.OBJECT:
            return Tag.BASE if base else Tag.PARTICIPLE if part else Tag.VERB if past else Tag.NOUN
        if back is Tag.COORDINATOR:
            return self._after_and(i, low, past=past, part=part, base=base, third=third)
        if past:
            return self._past(i, low, part=part, base=base)
        if part and not base and not third:
            return Tag.PARTICIPLE  # "seen", "given", "written"
        return self._present(i, low, base=base, third=third)

    def _after_determiner(
        self, i: int, low: str, before: str, back: Tag | None, after: str,
        *, past: bool, part: bool, third: bool, base: bool,
    ) -> Tag:  # fmt: skip
        alone = before in en.PRONOMINAL and back is Tag.DETERMINER or back is Tag.NUMBER
        goes_on = (
            after in en.PREPOSITIONS or after in en.DETERMINERS or after in (".", ",", "that", "to", "")
            or after[0].isdigit() or after[0] in "£$€" or after.endswith("ly")
            or after in ("when", "and", "him", "them", "it")
        )  # fmt: skip
        if alone and past and goes_on and self.need and not (part and self._later(i)):
            return Tag.PARTICIPLE if after == "by" and part and not self._amount(i + 2) else Tag.VERB
        if (
            alone
            and self.need
            and base
            and not third
            and goes_on
            and before not in ("this", "that", "each", "one")
        ):
            return Tag.VERB if low in en.BARE else self._note(i)
        if alone and self.need and third and goes_on and before in ("this", "that", "each", "one", "neither"):
            return Tag.VERB if low not in en.PLURAL_NOUNS else self._note(i)
        if self._owns(i - 1) and self.need and not past:
            return self._note(i)  # "Waiting lists at St Brannoc’s fall"
        if part and not base:
            return Tag.PARTICIPLE if back is Tag.PREPOSITION and after in en.PREPOSITIONS else Tag.ADJECTIVE
        return Tag.NOUN

    def _after_and(self, i: int, low: str, *, past: bool, part: bool, base: bool, third: bool) -> Tag:
        """ "Hired 64 nurses *and opened* a theatre": it goes on as the clause began."""
        if past and self.last in FINITE and not (low in en.BASES and self.last is None):
            return Tag.VERB
        following = self._next(i)
        object_ahead = (
            following in en.DETERMINERS - {"that"}
            or following[:1].isdigit()
            or following[:1] in ("£", "$", "€")
            or following in en.ONES
        )
        if past and object_ahead and not self.need and self.last is Tag.PARTICIPLE:
            return Tag.VERB  # "destroyed a church built in 1710 and damaged nine houses"
        if part and self.last is Tag.PARTICIPLE:
            return Tag.PARTICIPLE if low not in en.SURE_PAST else Tag.VERB
        if past and low in en.SURE_PAST:
            return Tag.VERB
        if (
            third
            and (not self.need or low not in en.PLURAL_NOUNS or self.last in FINITE)
            and (low not in en.PLURAL_NOUNS or object_ahead)
        ):
            return Tag.VERB
        if base and self._infinitive_open(i):
            return Tag.BASE
        if base and not self.need and self.last is Tag.VERB and object_ahead and self.bare:
            return Tag.VERB  # "The trains run every hour and carry 9,000 people"
        if part:
            return Tag.ADJECTIVE if self.need else Tag.PARTICIPLE
        return Tag.NOUN

    def _infinitive_open(self, i: int) -> bool:
        """Is an infinitive near before: "to build and run"?"""
        return any(self.tags[j] is Tag.BASE for j in range(max(0, i - 8), i))

    def _past(self, i: int, low: str, *, part: bool, base: bool) -> Tag:
        back, after = self._tag_back(i), self._next(i)
        if i == 0 or back is None:
            return Tag.PARTICIPLE if part else Tag.NOUN
        if base and low not in en.SURE_PAST:  # "cut", "put", "read": the same in every tense
            if self.need and back in NOMINAL:
                return Tag.VERB if self._object(i) or self._plural(i - 1) else self._note(i)
            if self.need and back is Tag.MARK:
                return self._note(i)
            return Tag.NOUN if low in en.PLURAL_NOUNS else self._note(i)
        if not part or low in _SOURCES:
            return Tag.VERB
        if self._closes_report(i, low) or low in en.SAYING and after == ":" and back in NOMINAL:
            return Tag.VERB
        if back in (Tag.SUBORDINATOR, Tag.THAT):
            return Tag.PARTICIPLE
        if after == "by" and not self._amount(i + 2):
            return Tag.PARTICIPLE if not self.need or self._later(i) else self._note(i, Tag.PARTICIPLE)
        if self.need and self._in_aside(i):
            return Tag.PARTICIPLE
        if low in en.SAYING and back in NOMINAL | {Tag.MARK} and (self.need or low in _SOURCES):
            if self.texts[i - 1] == "," and self.need and self._later(i):
                return Tag.PARTICIPLE
            return Tag.VERB if low in _SOURCES or not self._later(i, clauses=False) else Tag.PARTICIPLE
        comma = back is Tag.MARK and self._back(i) == ","
        if comma and self.lows[i - 1] == "then":
            return Tag.VERB
        if comma:
            if not self.need:
                return Tag.VERB if self._joined(i) else Tag.PARTICIPLE
            return Tag.PARTICIPLE if self._later(i, commas=True) else Tag.VERB
        if back in NOMINAL | {Tag.MARK}:
            if not self.need:
                return Tag.PARTICIPLE if not self._after_new_subject(i) else Tag.VERB
            return Tag.PARTICIPLE if self._later(i) else Tag.VERB
        if self._tag_back(i) in (Tag.VERB, Tag.PARTICIPLE, Tag.BASE, Tag.GERUND):
            return Tag.PARTICIPLE
        return Tag.VERB if self.need else Tag.PARTICIPLE

    def _in_aside(self, i: int) -> bool:
        """Is it set between two commas, the second before a verb: "The report, *based* on a visit, makes"?"""
        opened = any(self.lows[j] == "," for j in range(max(0, i - _ASIDE), i))
        if not opened or self.tags[0] in (Tag.PREPOSITION, Tag.SUBORDINATOR, Tag.ADVERB, Tag.GERUND):
            return False
        for j in range(i + 1, min(len(self.lows) - 1, i + _AHEAD)):
            low = self.lows[j]
            if low in _FRESH or low in ("that", "which", "who"):
                return False
            if low == ",":
                k = j + 1
                while k < len(self.lows) - 1 and (
                    self.lows[k] in en.ADVERBS - {"then"} or self.lows[k].endswith("ly")
                ):
                    k += 1
                if self.lows[k] in en.BASES and self._resumes_plural(k):
                    return True
                verb = (
                    self._verbal(k) or self.lows[k] in en.PAST or self.lows[k] in en.THIRD and self._object(k)
                )
                return verb and self.lows[k] not in _SOURCES
        return False

    def _resumes_plural(self, i: int) -> bool:
        """Does a plural go on behind an aside: "The cameras, made in Bern, *scan* 300 faces"?"""
        if self.lows[i - 1] != "," or self.tags[0] in (Tag.PREPOSITION, Tag.SUBORDINATOR, Tag.ADVERB):
            return False
        comma = next((j for j in range(min(i - 1, _AHEAD)) if self.lows[j] == ","), 0)
        return self._plural(comma - 1) and (self._object(i) or self._next(i) in en.PREPOSITIONS | {"up"})

    def _joined(self, i: int) -> bool:
        """Is the subject before the comma a new one: "…, and their goalkeeper, Jonas Pike, *saved*"?"""
        for j in range(i - 2, max(0, i - 14), -1):
            if self.tags[j] in FINITE or self.tags[j] is Tag.RELATIVE:
                return False
            if self.tags[j] is Tag.COORDINATOR and self.lows[j - 1] == ",":
                return True
        return False

    def _closes_report(self, i: int, low: str) -> bool:
        """ "…, the agency *reported*." """
        ends = self._next(i) in ("", ".", ",", "”", "in", "on", "yesterday", "last", "at", ";", "to")
        if low not in en.SAYING or not ends or self.need or self._tag_back(i) not in NOMINAL:
            return False
        for j in range(i - 1, max(-1, i - 14), -1):
            if self.lows[j] in (",", "”", '"'):
                return j < i - 1
            if self.tags[j] in FINITE:
                return False
        return False

    def _after_new_subject(self, i: int) -> bool:
        """Has a comma or an "and" brought a new subject: "…, prices *rose*", "and pay *fell*"?"""
        for j in range(i - 1, max(-1, i - 8), -1):
            low = self.lows[j]
            if self.tags[j] in FINITE or self.tags[j] in (Tag.PREPOSITION, Tag.TO):
                return False
            if low in ("and", "but", ","):
                return low != "," or self.lows[i] in en.PAST
        return False

    def _present(self, i: int, low: str, *, base: bool, third: bool) -> Tag:
        back = self._tag_back(i)
        if (
            back not in NOMINAL | {Tag.MARK, Tag.ADVERB, Tag.ADJECTIVE}
            or back is Tag.MARK
            and not self._resumes(i)
        ):
            return Tag.NOUN
        if self._closes_report(i, low) or low in ("says", "say") and back in NOMINAL:
            return Tag.VERB
        if not self.need:
            return Tag.VERB if third and low not in en.PLURAL_NOUNS and self._joined(i + 1) else Tag.NOUN
        if base and self._next(i) == "that" and low in en.SAYING:
            return Tag.VERB  # "Records seen by the court show that"
        if base and self._resumes_plural(i):
            return Tag.VERB
        plural = self._plural(i - 1)
        if third and not base:
            if low not in en.PLURAL_NOUNS:
                return Tag.VERB if not plural or self._object(i) else self._note(i)
            return Tag.VERB if not plural and self._object(i) else self._note(i)
        if plural:
            return Tag.VERB if low in en.BARE or self._object(i) else self._note(i)
        return Tag.NOUN

    def _resumes(self, i: int) -> bool:
        """May a verb follow the mark: "Imre, a hydrologist, *says*"?"""
        return self.lows[i - 1] in (",", ")", "”", '"', "’", "—", "–", "%")

    def _note(self, i: int, meanwhile: Tag = Tag.NOUN) -> Tag:
        self.maybe.append(i)
        return meanwhile

    # --- looking around

    def _back(self, i: int) -> str:
        """The word before, adverbs and "not" skipped."""
        j = i - 1
        while j >= 0 and j > i - 5 and self.tags[j] is Tag.ADVERB:
            j -= 1
        return self.lows[j] if j >= 0 else ""

    def _tag_back(self, i: int) -> Tag | None:
        j = i - 1
        while j >= 0 and j > i - 5 and self.tags[j] is Tag.ADVERB:
            j -= 1
        return self.tags[j] if j >= 0 else None

    def _next(self, i: int) -> str:
        return self.lows[i + 1] if i + 1 < len(self.lows) else ""

    def _bare(self, i: int) -> bool:
        """Does a base form follow here: after "to", "will", "did"?"""
        before = self._back(i)
        if before in en.DO:
            return True
        back = self._tag_back(i)
        if back in (Tag.TO, Tag.MODAL):
            return True
        if back in (Tag.PRONOUN, Tag.NOUN, Tag.NAME):  # "Will it last?"
            return i <= 6 and bool(self.tags) and self.tags[0] is Tag.MODAL and self.lows[-1] == "?"
        return False

    def _owns(self, j: int) -> bool:
        return (
            j >= 0
            and self.lows[j].endswith(("'s", "’s", "s'", "s’"))
            and self.tags[j] in (Tag.NOUN, Tag.NAME)
        )

    def _plural(self, j: int) -> bool:
        while j >= 0 and self.tags[j] is Tag.ADVERB:
            j -= 1
        if j < 0:
            return False
        low = self.lows[j]
        return low in en.PLURALS or low.endswith("s") and not low.endswith(("ss", "us", "is", "'s", "’s"))

    def _object(self, i: int) -> bool:
        """Does what follows look like an object, so that this is a verb: "backs £14.6m", "cut the fee"?"""
        after = self._next(i)
        return bool(after) and (
            after in en.DETERMINERS or after[0].isdigit() or after[0] in "£$€“\"" or after in en.ONES
            or after in ("that", "to", "him", "them", "it", "us", "me", "not") and after != "to"
            or after == "to" and i + 2 < len(self.lows) and self.lows[i + 2] in en.BASES
            or after.endswith(("'s", "’s")) or after.endswith("ly") and after not in en.NOT_ADVERBS
            or self.texts[i + 1][0].isupper() and not self.titled
            or after in _ABOUT and self._amount(i + 2)
        )  # fmt: skip

    def _amount(self, i: int) -> bool:
        """ "Cut by 12%", "rose by half": what follows "by" is no doer."""
        return i < len(self.lows) and (
            self.lows[i][0] in "0123456789£$€" or self.lows[i] in en.ONES or self.lows[i] in en.AMOUNTS
        )

    def _later(self, i: int, *, commas: bool = False, clauses: bool = True) -> bool:
        """Does a sure verb follow, so that this is a participle: "staff hired in May *left*"?"""
        end = min(len(self.lows), i + _AHEAD)
        held = False  # a noun between, which could be that verb's subject
        for j in range(i + 1, end):
            low = self.lows[j]
            if low in _NEW_CLAUSE:
                return False
            if low == ",":
                if not commas:
                    return False
                commas = False
                held = False
                continue
            if low in ("he", "she", "it", "they", "we", "i", "you", "there"):
                return False
            sure = low in en.AUXILIARIES or low in en.MODALS or low in en.SURE_PAST
            sure = sure or low in en.PAST and self._next(j) in en.DETERMINERS
            if (
                low in en.BE
                and self.lows[j - 1] == "to"
                or self.lows[j - 1] in ("the", "a", "an", "his", "her", "to")
            ):
                sure = False
            if sure and not (self.texts[j][0].isupper() and low in ("may", "will")):
                return clauses or not held
            if low in en.DETERMINERS:
                held = True
        return False

    def _clause_ahead(self, i: int) -> bool:
        """Does a subject with its verb follow, as in "after a storm left 340 homes"?"""
        for j in range(i, min(len(self.lows), i + 12)):
            low = self.lows[j]
            if low in (",", ";", ".", ":", "—", "that", "which", "who") or low in en.LINKS and j == i:
                return False
            if self._verbal(j) and j > i:
                return True
        return False

    def _verbal(self, j: int) -> bool:
        """Is the word at `j`, not yet tagged, surely a finite verb?"""
        if j >= len(self.lows):
            return False
        low = self.lows[j]
        before = self.lows[j - 1] if j else ""
        if before in ("the", "a", "an", "to", "of", "his", "her", "their", "its"):
            return False
        if j and self.texts[j][0].isupper() and not self.titled:
            return False
        if low in en.AUXILIARIES or low in en.MODALS or low in en.PAST and low not in en.BASES:
            return True
        after = self._next(j)
        if (low in en.REGULAR_PAST or self._looks_past(low)) and low not in en.NOT_PAST:
            return after != "by" or self._amount(j + 2)
        return low in en.THIRD and low not in en.PLURAL_NOUNS


_FROM_WHEN = frozenset(["since", "until", "before", "after", "till"])
_ABOUT = frozenset("about nearly almost around roughly over under some".split())
_PLACES = frozenset(["court", "school", "home", "hospital"])
_CLOSED = (
    en.PRONOUNS | en.DETERMINERS | en.PREPOSITIONS | en.COORDINATORS | en.AUXILIARIES | en.MODALS
    | en.RELATIVES | {"because", "if", "when", "not", "to", "him", "them"}
)  # fmt: skip
