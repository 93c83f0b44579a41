"""All that a text reports: who said, asked, promised or thought what, quotations of several sentences as one.

`claims.attribution` finds the one attribution that a sentence is built on. Here every verb of saying, wanting
or judging counts that the article itself uses; those inside what somebody says are a part of it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from claims.attribution import Said, attribution
from claims.lang import en
from claims.model import Span
from claims.patterns import Pattern
from claims.segmentation import sentences_in
from claims.tagging import FINITE, Tag
from claims.tokens import Token, finite, quotations, tokens

_FAR = 12  # words between a subject and its verb
_LONG = 4  # words from which a quotation is what somebody said, not a word set in marks
_NAMES = 5  # words of a name with its titles
_FOLLOWING = 40  # sentences over which a quotation may go on
_LEAST = 2  # words that somebody can be said to have said


_LONG_CLAUSE = 400  # words that are looked at for its end, or for its verb
_LONG_ASIDE = 30  # words between two commas behind a name
_BOUNDS = FINITE | {Tag.COORDINATOR, Tag.THAT, Tag.SUBORDINATOR, Tag.RELATIVE}
# "Called *for* talks", "warned *of* floods": what follows is the content; "spoke *in* Leeds" has none.
_BRINGING = frozenset({"for", "on", "about", "to", "at", "against", "of", "as"})


class Report(NamedTuple):
    """Who is said to have said what, as spans of the text. `contents` are the stretches of what was said."""

    source: Span | None
    cue: Span
    contents: tuple[Span, ...]


def reports(text: str) -> list[Report]:
    """The reports of a text, in the order of their first words."""
    read = list(_sentences(text))
    found = [*_signatures(text)]
    for at, sentence in enumerate(read):
        found += _of_sentence(sentence, read[at + 1 : at + _FOLLOWING])
    return sorted(found, key=lambda report: report.contents[0].start)


class _Sentence(NamedTuple):
    words: list[Token]
    said: Said | None
    marks: list[tuple[int, int]]  # the quotations of its paragraph
    opens: bool  # does a paragraph begin with it?

    @property
    def is_quoted(self) -> bool:
        """Is all of it inside quotation marks, with nobody named who says it?"""
        return self.said is None and all(word.quote for word in self.words if word.is_word)


def _sentences(text: str) -> Iterator[_Sentence]:
    start = 0
    for paragraph in text.split("\n\n"):
        end = start + len(paragraph)
        marks = quotations(text, start, end)
        opens = True
        for span in sentences_in(text, start, end):
            words = tokens(text, span.start, span.end, marks)
            if words:
                yield _Sentence(words, attribution(words), marks, opens)
                opens = False
        start = end + 2


def _of_sentence(sentence: _Sentence, following: list[_Sentence]) -> Iterator[Report]:
    words, said = sentence.words, sentence.said
    if said is not None:
        contents = _whole(sentence, said, following)
        if contents:
            yield Report(
                _span(words, said.source), Span(words[said.cue].start, words[said.cue].end), contents
            )
    else:
        introduced = _introduced(sentence, following)
        if introduced is not None:
            yield introduced
    yield from _further(words, said)


def _whole(sentence: _Sentence, said: Said, following: list[_Sentence]) -> tuple[Span, ...]:
    """What was said, with all of the quotations that it reaches into, and those that go on after it."""
    marks, stretches = sentence.marks, []
    for content in said.contents:
        inside = sentence.words[slice(*_until_further(sentence.words, *content))]
        if not inside:
            continue
        first, last = inside[0].quote, inside[-1].quote
        begin = marks[first - 1][0] if first else inside[0].start
        stop = marks[last - 1][1] if last else inside[-1].end
        stretches.append((begin, max(stop, inside[-1].end)))
    stretches += _going_on(following)
    return tuple(Span(*stretch) for stretch in _joined(stretches))


def _until_further(words: list[Token], begin: int, end: int) -> tuple[int, int]:
    """Up to where the article tells what else was said: "…, *adding* that"."""
    for j in range(begin + 2, end - 2):
        further = words[j].low == "," and words[j + 1].tag is Tag.GERUND
        if further and not words[j].quote and words[j + 1].low in en.SAYING | en.ATTITUDES:
            return begin, j
    return begin, end


def _going_on(following: list[_Sentence]) -> Iterator[tuple[int, int]]:
    """The quotations that follow in the paragraph with nothing between them: by the same speaker."""
    for at, sentence in enumerate(following):
        if not sentence.is_quoted or sentence.opens and at:
            break
        for quote in sorted({word.quote for word in sentence.words if word.is_word}):
            yield sentence.marks[quote - 1]


def _introduced(sentence: _Sentence, following: list[_Sentence]) -> Report | None:
    """ "Okoye went on:" before what is all quotation; "OKOYE: We lost. …" in an interview."""
    words = sentence.words
    if words[-1].low == ":":
        verb = next((j for j in range(len(words) - 1, 0, -1) if words[j].tag is Tag.VERB), None)
        source = _subject(words, verb) if verb is not None else None
        contents = _joined(list(_going_on(following)))
        if verb is None or source is None or not contents:
            return None
        cue = Span(words[verb].start, words[verb].end)
        return Report(_span(words, source), cue, tuple(Span(*stretch) for stretch in contents))
    colon = _speaker(words) if sentence.opens else None
    if colon is None:
        return None
    first = next((j for j in range(colon) if words[j].is_word), None)
    if first is None:
        return None
    last = sentence
    for one in following:
        if one.opens:
            break
        last = one
    said = Span(words[colon + 1].start, last.words[-1].end)
    return Report(_span(words, (first, colon)), Span(words[colon].start, words[colon].end), (said,))


def _speaker(words: list[Token]) -> int | None:
    """The colon behind the name of who speaks: "Okoye: …", and any words before "…: “We lost”"."""
    colon = next((j for j in range(1, min(len(words) - _LEAST, _FAR)) if words[j].low == ":"), None)
    if colon is None:
        return None
    names = [word for word in words[:colon] if word.is_word]
    if words[colon + 1].quote and words[colon + 1].quote != words[0].quote:
        return colon
    named = all(word.is_name and word.tag is not Tag.DETERMINER for word in names)
    label = any(word.low in en.NO_SPEAKERS for word in names)
    return colon if 0 < len(names) < _NAMES and named and not label else None


_SIGNATURE = Pattern(
    r"""^[^\S\n]*(?P<said>["“”„«][^\n]{1,4000}["”“»])\s?\s?(?P<sign>[―—–-])[^\S\n]{0,2}
    (?P<name>[^\W\d_a-z][\w.’'-]{0,30}(?:[^\S\n][\w.’'-]{1,30}){0,6}),?[^\S\n]*(?:[,(][^\n]{0,200})?$""",
    re.MULTILINE | re.VERBOSE,
)


def _signatures(text: str) -> Iterator[Report]:
    """ "“…” — Ines Okoro", on a line of its own."""
    for match in _SIGNATURE.finditer(text):
        yield Report(Span(*match.span("name")), Span(*match.span("sign")), (Span(*match.span("said")),))


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for begin, stop in sorted(stretches):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((begin, stop))
    return joined


def _further(words: list[Token], main: Said | None) -> Iterator[Report]:
    """The reports of a sentence besides the one that it is built on."""
    stop = _stop(words, main)
    contents = [_until_further(words, *content) for content in main.contents] if main is not None else []
    told = [*contents, main.source, (main.cue, main.cue + 1)] if main is not None else []
    for i, word in enumerate(words[:-1]):
        if word.quote or any(start <= i < end for start, end in told):
            continue  # what the source says of others is the source's
        content = _content(words, i, stop if i < stop else len(words))
        if content is not None:
            source = _subject(words, i, main)
            if source is not None and words[source[1] - 1].low in ("i", "we", "you"):
                continue  # who speaks of himself is not reported
            yield Report(
                _span(words, source) if source else None,
                Span(word.start, word.end),
                (_tight(words, *content),),
            )


def _stop(words: list[Token], main: Said | None) -> int:
    """Where the words of the article, or of a source, end before "…, X said"."""
    if main is not None and main.follows:
        return main.contents[0][1]
    return len(words)


def _content(words: list[Token], i: int, end: int) -> tuple[int, int] | None:
    """The tokens of what is said, wanted or judged by the verb at `i`."""
    word = words[i]
    verbal = word.tag in (Tag.VERB, Tag.GERUND, Tag.PARTICIPLE)
    if verbal and word.tag is Tag.PARTICIPLE and words[i + 1].low == "by":
        return None
    start = i + 1
    while start < end and words[start].tag is Tag.ADVERB:
        start += 1
    that = next((j for j in range(start, min(end, start + 8)) if words[j].tag is Tag.THAT), None)
    if word.low in en.SAYING_NOUNS and word.tag is Tag.NOUN:
        return (
            (start + 1, _clause_end(words, start + 1, end))
            if start < end and words[start].low == "that"
            else None
        )
    if not verbal or word.low in en.NOT_SAYING:
        return None
    if word.low in en.SAYING:
        begin = that + 1 if that is not None else start
        stated = word.low not in en.NEEDS_THAT and _states(words, begin, end)
        if begin < end - _LEAST and (that is not None or words[begin].quote or stated):
            return begin, end
    if word.low in en.ATTITUDES:
        if start < end and words[start].tag is Tag.PREPOSITION:
            if words[start].low not in _BRINGING:
                return None
            start += words[start].low not in ("to", "as")
        stop = _clause_end(words, start, end)
        return (start, stop) if stop - start >= _LEAST else None
    return None


def _states(words: list[Token], begin: int, end: int) -> bool:
    """Does a subject with its verb follow near?"""
    if begin >= end or words[begin].tag in (Tag.PREPOSITION, Tag.MARK, Tag.TO, Tag.COORDINATOR):
        return False
    return "’" in words[begin].text or any(finite(words, j) for j in range(begin + 1, min(end, begin + _FAR)))


def _clause_end(words: list[Token], begin: int, end: int) -> int:
    """Up to the next comma that does not stand inside a list or a number."""
    for j in range(begin, min(end, begin + _LONG_CLAUSE)):
        low = words[j].low
        if words[j].quote:
            continue
        if low in (";", ":", "—") and j > begin + 1:
            return j
        if words[j].tag is Tag.COORDINATOR and j + 1 < end and words[j + 1].tag is Tag.VERB:
            return j
        if low == "," and j + 1 < end and words[j + 1].tag in (
            Tag.COORDINATOR, Tag.RELATIVE, Tag.GERUND, Tag.SUBORDINATOR, Tag.PRONOUN, Tag.PREPOSITION
        ):  # fmt: skip
            return j
    return end


def _subject(words: list[Token], i: int, main: Said | None = None) -> tuple[int, int] | None:
    """Who says what the verb at `i` brings: "who", the nearest noun phrase of its clause, or who spoke."""
    end = i
    while end > 0 and words[end - 1].tag in (Tag.ADVERB, Tag.AUXILIARY, Tag.MODAL, Tag.TO, Tag.BASE):
        end -= 1
    if end and words[end - 1].tag is Tag.RELATIVE:
        return end - 1, end
    hangs = words[i].tag is Tag.GERUND and not any(word.low in en.BE for word in words[end:i])
    if end and words[end - 1].low == "," and not hangs:
        end = _before_aside(words, end)
    elif hangs or end and words[end - 1].tag is Tag.COORDINATOR:
        if main is not None and main.cue < i:
            return main.source
        verb = next((j for j in range(min(end, _LONG_CLAUSE)) if words[j].tag in FINITE), None)
        return _noun_phrase(words, verb) if verb is not None else None
    return _noun_phrase(words, end)


def _before_aside(words: list[Token], end: int) -> int:
    """ "*Ines Okoro*, the mayor of Vale, denied": where the name ends before what is told of it."""
    opens = next((j for j in range(end - 2, max(0, end - _LONG_ASIDE), -1) if words[j].low == ","), None)
    return opens if opens is not None else end - 1


def _noun_phrase(words: list[Token], end: int) -> tuple[int, int] | None:
    while end > 0 and words[end - 1].tag is Tag.ADVERB:
        end -= 1
    start = end
    while start > 0 and end - start < _FAR:
        word = words[start - 1]
        if not (word.is_word or word.text in ".()") or word.tag in _BOUNDS:
            break
        start -= 1
    while start < end and not words[start].is_word:
        start += 1
    return (start, end) if start < end else None


def _tight(words: list[Token], start: int, end: int) -> Span:
    while end > start + 1 and words[end - 1].low in (".", ","):
        end -= 1
    return Span(words[start].start, words[end - 1].end)


def _span(words: list[Token], bounds: tuple[int, int]) -> Span:
    return Span(words[bounds[0]].start, words[bounds[1] - 1].end)
