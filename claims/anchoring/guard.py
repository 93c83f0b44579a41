"""What a word is, that its change must not pass: a number, a date, a unit, a name, a "not" …

English is guarded by sort. In other languages any change of a word counts, and only numbers and dates in
figures are told by name.
"""

from collections.abc import Iterable, Iterator
from functools import cache, cached_property

from claims.anchoring.fates import Sort
from claims.lang import en
from claims.matching.facts import denials
from claims.matching.names import names
from claims.model import Quantity, Span
from claims.numbered import is_read
from claims.patterns import Pattern
from claims.quantities import quantities
from claims.tokens import quotations, tokens

# Words of "well over", "as high as", that say nothing of a number by themselves.
_LOOSE = frozenset({"a", "the", "well", "high", "low", "long", "far"})
GRAVEST = tuple(Sort)
"""The sorts, the gravest first."""
_FAR = 4000  # characters around a passage in which quotation marks are looked for
_QUOTES = frozenset("\"“”„«»'‘’")
_PART = Pattern(r"\d[\d.,]*|[^\W\d]+|[^\w\s]+")


@cache
def _listed() -> dict[str, Sort]:
    """Each guarded word of the lists, in lower case; where several lists have it, the gravest sort."""
    numbers = _words_of(en.ONES, en.TENS, en.SCALES, en.ORDINALS, en.DENOMINATORS, en.TIMES, en.VAGUE)
    by_sort = (
        (Sort.COMPARISON, {word for pair in en.OPPOSITES for end in pair for word in end}),
        (
            Sort.COMPARISON,
            en.COMPARATIVES | en.SUPERLATIVES | en.RISING | en.FALLING | en.GROWTH | en.DECLINE,
        ),
        (Sort.WORDING, {word for line in en.OF_ONE_SORT for word in line}),
        (Sort.MODALITY, en.MODALS | en.HEDGES | en.MODALITY),
        (Sort.QUANTIFIER, en.QUANTIFIERS | en.PRONOMINAL | en.AMOUNTS_OF),
        (Sort.QUANTIFIER, _words_of(en.MODIFIERS, en.AFTER_NUMBERS) - en.COMPARATIVES - _LOOSE),
        (Sort.NEGATION, en.NEGATIONS | en.DENIALS | en.DENYING_WORDS),
        (Sort.UNIT, _words_of(en.UNITS) - {"in"}),
        (Sort.CURRENCY, _words_of(en.CURRENCY_WORDS) - {"won", "real"}),
        (Sort.DATE, frozenset(en.MONTHS) | en.WEEKDAYS | frozenset(en.SEASONS) | en.TIME_WORDS),
        (Sort.NUMBER, numbers),
    )
    listed: dict[str, Sort] = {}
    for sort, members in by_sort:
        listed |= dict.fromkeys(members, sort)
    return listed | {"may": Sort.MODALITY, "second": Sort.NUMBER, "no": Sort.NEGATION, "none": Sort.NEGATION}


def _words_of(*tables: Iterable[str]) -> set[str]:
    return {word.lower() for table in tables for phrase in table for word in phrase.split()}


class Guard:
    """A passage, read for what must not change in it; offsets count in the whole text."""

    def __init__(self, text: str, start: int, end: int, language: str | None) -> None:
        self.text, self.start, self.end, self.language = text, start, end, language
        self.english = is_read(language)

    def sort(self, start: int, end: int) -> Sort:
        """The gravest sort of anything that stands there; `WORDING` where nothing is guarded."""
        marked = [*self._amounts]
        if self.english:
            # A change in small letters touches no name.
            marked += self._names if any(c.isupper() for c in self.text[start:end]) else ()
        found = [sort for a, b, sort in marked if a < end and start < b]
        if self.english:
            listed = _listed()
            found += [listed.get(word, Sort.WORDING) for word in self._lows(start, end)]
            found += [Sort.NEGATION for a, b in self._denials if a < end and start < b]
        if any(character.isdigit() for character in self.text[start:end]) and Sort.DATE not in found:
            found.append(Sort.NUMBER)
        if self.quoted(start, end):
            found.append(Sort.QUOTATION)
        return min(found, key=GRAVEST.index, default=Sort.WORDING)

    def quantity(self, start: int, end: int) -> Quantity | None:
        """The number, amount or date that these words are part of."""
        return next(
            (q for q in self._quantities if q.span and q.span.start < end and start < q.span.end), None
        )

    def numeral(self, start: int, end: int) -> bool:
        """Is this a number, in figures or in words?"""
        word = self.text[start:end].lower()
        return any(c.isdigit() for c in word) or self.english and _listed().get(word) is Sort.NUMBER

    def quoted(self, start: int, end: int) -> bool:
        """Do any of these words stand in quotation marks, those that the passage itself stands in too?"""
        return any(a < end and start < b for a, b in self._quotes)

    def _lows(self, start: int, end: int) -> list[str]:
        line = self.text[start:end].lower().replace("’", "'")
        return "".join(c if c.isalnum() or c == "'" else " " for c in line).split()

    @cached_property
    def _quantities(self) -> list[Quantity]:
        return (
            quantities(self.text, Span(self.start, self.end), language=self.language)
            if self.start < self.end
            else []
        )

    @cached_property
    def _amounts(self) -> list[tuple[int, int, Sort]]:
        return [part for q in self._quantities if q.span is not None for part in _parts(self.text, q, q.span)]

    @cached_property
    def _names(self) -> list[tuple[int, int, Sort]]:
        read = tokens(self.text, self.start, self.end, [])
        found = [(name.start, name.start + len(name.text), Sort.NAME) for name in names(read)]
        # A capital within a sentence is a name's, or might be.
        return found + [
            (word.start, word.end, Sort.NAME)
            for word in read[1:]
            if word.is_name and word.low not in en.EMPTY
        ]

    @cached_property
    def _denials(self) -> list[tuple[int, int]]:
        return [(self.start + a, self.start + b) for a, b in denials(self.text[self.start : self.end])]

    @cached_property
    def _quotes(self) -> list[tuple[int, int]]:
        first = max(self.text.rfind("\n\n", 0, self.start) + 1, self.start - _FAR)
        last = self.text.find("\n\n", self.end, self.end + _FAR)
        last = last if last >= 0 else min(len(self.text), self.end + _FAR)
        if _QUOTES.isdisjoint(self.text[first:last]):
            return []
        return quotations(self.text, first, last)


def _parts(text: str, quantity: Quantity, span: Span) -> Iterator[tuple[int, int, Sort]]:
    """A date is one thing; of an amount, what stands around its figures is said of it, or its unit."""
    if quantity.value is None:
        yield span.start, span.end, Sort.DATE
        return
    whole = span.of(text).lower()
    bound = (
        span.start + len(quantity.modifier or "")
        if whole.startswith(quantity.modifier or "\0")
        else span.start
    )
    for part in _PART.finditer(text, span.start, span.end):
        if part.start() < bound:
            sort = Sort.QUANTIFIER
        elif part[0][0].isdigit() or _listed().get(part[0].lower()) is Sort.NUMBER:
            sort = Sort.NUMBER
        else:
            sort = Sort.CURRENCY if (quantity.unit or "").partition(" per ")[0] in _money() else Sort.UNIT
        yield *part.span(), sort


@cache
def _money() -> frozenset[str]:
    return frozenset(en.CURRENCIES.values()) | frozenset(en.CURRENCY_WORDS.values())
