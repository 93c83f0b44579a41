"""A claim beside the words of a source: which numbers, dates, names and denials agree, and which differ.

    from claims.matching import compare_words

    compare_words("Signed by 242 developers.", "424 developers signed.").claim
    # (Mark(Span(10, 24), "number", "differs", "424 developers"),)

Not the same question as `compare`, which asks whether two claims are one: here the source may say much
more than the claim. What only the source says is marked only where the claim has something of that sort
which the source does not bear out.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from claims.lang import en
from claims.lang.identify import language_of
from claims.matching.differences import Ground, agree, opposed, same_day, units_agree, values_of
from claims.matching.facts import denials
from claims.matching.names import Name, names, one, unmatched
from claims.model import Quantity, Span
from claims.quantities import quantities
from claims.tokens import Token, tokens
from claims.values import dataclass, replace

_LONGEST = 10_000  # characters that are read of either
_SPELLING = 0.7  # likeness of two names that one may be a slip for the other
_STEM = 4  # letters that make "sign" and "signed" one word here


class Standing(StrEnum):
    """How a marked word stands to the other text."""

    SAME = "same"
    DIFFERS = "differs"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of one text; `other` are those that stand for them in the other, none if nothing does."""

    span: Span
    ground: Ground
    standing: Standing
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What to mark in the claim and in the quote, each in order and without overlap."""

    claim: tuple[Mark, ...]
    quote: tuple[Mark, ...]

    @property
    def differ(self) -> bool:
        """Whether anything in the two is told otherwise."""
        return any(mark.standing is Standing.DIFFERS for mark in (*self.claim, *self.quote))


Pair = tuple[Mark | None, Mark | None]


@dataclass(frozen=True, slots=True)
class _Read:
    text: str
    numbers: list[Quantity]
    dates: list[Quantity]
    names: list[Name]
    words: list[Token]
    denials: list[Span]

    def has(self, low: str) -> bool:
        return any(word.low == low for word in self.words)


@lru_cache(maxsize=2_048)
def compare_words(claim: str, quote: str, *, language: str | None = None) -> Marks:
    """Set a claim against the words of a source. `language` is the claim's (a BCP 47 tag).

    In other languages than English only figures and dates in figures are compared.
    """
    (plain_claim, at_claim), (plain_quote, at_quote) = (
        _squeezed(claim[:_LONGEST]),
        _squeezed(quote[:_LONGEST]),
    )
    here, there = _read(plain_claim, language), _read(plain_quote, language)
    pairs = [
        *_quantities(Ground.NUMBER, here.numbers, there.numbers, _same_numbers, _may_be_one),
        *_quantities(Ground.DATE, here.dates, there.dates, _same_dates, lambda *_: True),
        *_names(here, there),
        *_denials(here, there),
        *_opposites(here, there),
    ]
    return Marks(
        _ordered((mark for mark, _ in pairs if mark), at_claim),
        _ordered((mark for _, mark in pairs if mark), at_quote),
    )


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The text with one space for each run of white space, and where each of its characters stood."""
    kept: list[str] = []
    places: list[int] = []
    for i, character in enumerate(text):
        if not character.isspace():
            kept.append(character)
            places.append(i)
        elif kept and kept[-1] != " ":
            kept.append(" ")
            places.append(i)
    return "".join(kept), places


def _read(text: str, language: str | None) -> _Read:
    code = language_of(text, language) or "en"
    english = code.partition("-")[0] == "en"
    found = quantities(text, Span(0, len(text)), language=code) if text else []
    words = tokens(text, 0, len(text), []) if english else []
    return _Read(
        text=text,
        numbers=[q for q in found if q.value is not None and q.telling],
        dates=[q for q in found if q.value is None and q.date is not None],
        names=names(words),
        words=words,
        denials=[Span(*place) for place in denials(text)] if english else [],
    )


def _ordered(marks: Iterator[Mark], places: Sequence[int]) -> tuple[Mark, ...]:
    """In order, in the text as it came; where two overlap, what differs goes before what agrees."""
    grave = {Standing.DIFFERS: 0, Standing.ALONE: 1, Standing.SAME: 2}
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (grave[m.standing], m.span.start, -m.span.end)):
        if not any(mark.span.overlaps(other.span) for other in kept):
            kept.append(mark)
    return tuple(
        replace(mark, span=Span(places[mark.span.start], places[mark.span.end - 1] + 1))
        for mark in sorted(kept, key=lambda m: m.span)
    )


def _pair(ground: Ground, standing: Standing, here: tuple[Span, str], there: tuple[Span, str]) -> Pair:
    return Mark(here[0], ground, standing, there[1]), Mark(there[0], ground, standing, here[1])


# --- numbers and dates -----------------------------------------------------------------------------


def _quantities(
    ground: Ground,
    mine: list[Quantity],
    theirs: list[Quantity],
    same: Callable[[Quantity, list[Quantity]], list[Quantity]],
    may_be: Callable[[Quantity, Quantity], bool],
) -> Iterator[Pair]:
    """Those that agree; then what is left is set against each other in order."""
    left: list[Quantity] = []
    used: list[Quantity] = []
    for quantity in mine:
        partners = same(quantity, theirs)
        used += partners
        for partner in partners:
            yield _pair(ground, Standing.SAME, _told(quantity), _told(partner))
        if not partners:
            left.append(quantity)
    rest = [other for other in theirs if other not in used]
    for quantity in left:
        found = next((other for other in rest if may_be(quantity, other)), None)
        if found is None:
            yield Mark(_told(quantity)[0], ground, Standing.ALONE), None
        else:
            rest.remove(found)
            yield _pair(ground, Standing.DIFFERS, _told(quantity), _told(found))


def _told(quantity: Quantity) -> tuple[Span, str]:
    return quantity.span or Span(0, 1), quantity.text


def _same_numbers(quantity: Quantity, others: list[Quantity]) -> list[Quantity]:
    """The numbers of the other text that bear this one out: for a range, both of its ends."""
    values = list(values_of(quantity))
    found = [
        (value, other)
        for other in others
        for value in values
        if any(agree(value, told) and not opposed(value, told) for told in values_of(other))
    ]
    if not all(any(value is agreed for agreed, _ in found) for value in values):
        return []
    return list({id(other): other for _, other in found}.values())


def _same_dates(quantity: Quantity, others: list[Quantity]) -> list[Quantity]:
    return [other for other in others if same_day(quantity, other)]


def _may_be_one(first: Quantity, second: Quantity) -> bool:
    return first.unit != "ordinal" and any(
        units_agree(value, other) for value in values_of(first) for other in values_of(second)
    )


# --- names -----------------------------------------------------------------------------------------


def _names(here: _Read, there: _Read) -> Iterator[Pair]:
    low = frozenset(word.low for word in there.words)
    missing = list(unmatched(here.names, there.names, low))
    spare = list(unmatched(there.names, here.names, frozenset(word.low for word in here.words)))
    for name in here.names:
        if name in missing:
            continue
        partner = next((other for other in there.names if one(name, other)), None)
        if partner is not None:
            yield _pair(Ground.NAME, Standing.SAME, _named(here, name), _named(there, partner))
    for name in missing:
        partner = _nearest_name(name, spare, alone=len(missing) == 1)
        if partner is None:
            yield Mark(_named(here, name)[0], Ground.NAME, Standing.ALONE), None
        else:
            spare.remove(partner)
            yield _pair(Ground.NAME, Standing.DIFFERS, _named(here, name), _named(there, partner))
    if missing:
        yield from ((None, Mark(_named(there, name)[0], Ground.NAME, Standing.ALONE)) for name in spare)


def _nearest_name(name: Name, others: Sequence[Name], *, alone: bool) -> Name | None:
    """The name that this may be a slip for, or which stands in its place."""
    for other in others:
        if set(name.parts) & set(other.parts):
            return other
    for other in others:
        if SequenceMatcher(None, name.text.lower(), other.text.lower()).ratio() >= _SPELLING:
            return other
    return others[0] if alone and len(others) == 1 else None


def _named(read: _Read, name: Name) -> tuple[Span, str]:
    """Where the name stands, without the title before it."""
    words = r"\s+".join(map(re.escape, name.text.split()))
    found = re.compile(words).search(read.text, name.start)
    span = Span(*found.span()) if found else Span(name.start, name.start + len(name.text))
    return span, name.text


# --- what is denied, and which way it goes ---------------------------------------------------------


def _denials(here: _Read, there: _Read) -> Iterator[Pair]:
    if bool(here.denials) == bool(there.denials) or not (here.words and there.words):
        return
    swapped = not here.denials
    denying, plain = (there, here) if swapped else (here, there)
    for span in denying.denials:
        word = span.of(denying.text)
        denied = Mark(span, Ground.DENIAL, Standing.DIFFERS)
        at = _beside(denying.words, span, plain.words)
        told = Mark(at, Ground.DENIAL, Standing.DIFFERS, word) if at else None
        yield (told, denied) if swapped else (denied, told)


def _beside(words: Sequence[Token], denial: Span, others: Sequence[Token]) -> Span | None:
    """The word of the other text that is denied here: "did" for "did not", "signed" for "never sign"."""
    i = next((i for i, word in enumerate(words) if word.end >= denial.end), 0)
    for word in (*words[i + 1 : i + 3], *words[max(0, i - 1) : i][::-1]):
        stem = word.low[:_STEM]
        for other in others:
            if word.is_word and (
                other.low == word.low or (len(stem) == _STEM and other.low.startswith(stem))
            ):
                return Span(other.start, other.end)
    return None


def _opposites(here: _Read, there: _Read) -> Iterator[Pair]:
    for one_end, other_end in en.OPPOSITES:
        for mine, theirs in ((one_end, other_end), (other_end, one_end)):
            told = next((word for word in here.words if word.low in mine), None)
            against = next((word for word in there.words if word.low in theirs), None)
            if told and against and not any(map(here.has, theirs)) and not any(map(there.has, mine)):
                spans = Span(told.start, told.end), Span(against.start, against.end)
                yield _pair(
                    Ground.DIRECTION, Standing.DIFFERS, (spans[0], told.text), (spans[1], against.text)
                )
