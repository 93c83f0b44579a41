"""Who is said to have said it: "X said that …", "…, X said", "according to X, …"."""

from itertools import pairwise
from typing import NamedTuple

from claims.lang import en
from claims.model import Claimant, Span
from claims.tagging import FINITE, Tag
from claims.tokens import Token, finite, has_verb

_FAR = 18  # words between a source and its verb, or a verb and its "that"
_LONG_SOURCE = 45  # words of a source with all that is told of it
_NEXT = 8  # words after an "and" in which another source may speak
_CUES = 8  # verbs of saying tried in one sentence
_LONG = 4  # words from which a quotation is what somebody said, not a word set in marks
_NO_SOURCE = frozenset({"what", "as", "to", "how", "why", "if", "when", "including", "that"})
_SPOKEN = frozenset({",", "?", "!"})  # before a closing mark: a word set in marks has none
_CLOSING = frozenset({"”", '"', "’", "'"})


class Said(NamedTuple):
    """An attribution in a sentence, as ranges of its tokens.

    `contents` is what was said, `source` who said it, `cue` the verb; `views` that the verb tells of an
    opinion or a forecast, so that nothing in it is vouched for as fact. `aside` is what the article itself
    adds about the source: "…," a post said, *which had been signed by 242 developers*; `own` is what it says
    besides: "*Brandt conceded* and said he would go". `begin` is where the source with all its titles begins.
    """

    source: tuple[int, int]
    cue: int
    contents: tuple[tuple[int, int], ...]
    views: bool
    quoted: bool
    aside: tuple[int, int] | None = None
    own: tuple[tuple[int, int], ...] = ()
    begin: int = 0

    @property
    def follows(self) -> bool:
        """Does the source come after what it said?"""
        return self.contents[0][0] < self.begin


def attribution(words: list[Token]) -> Said | None:
    """The main attribution of a sentence, or None when it speaks for itself."""
    long = _long_quotes(words)
    found = _according(words, long)
    if found is not None:
        return found
    tried = 0
    for i, word in enumerate(words):
        if not _is_cue(words, i, long):
            continue
        tried += 1
        if tried > _CUES:
            break
        said = _after(words, i, long) or (
            _before(words, i, long) if word.low in en.SAYING or _inverted(words, i, long) else None
        )
        if said is not None:
            return said
    return None


def claimant(text: str, words: list[Token], said: Said) -> Claimant:
    start, end = said.source
    span = Span(words[start].start, words[end - 1].end)
    name = " ".join(span.of(text).split())
    return Claimant(name, words[said.cue].text, span, said.quoted)


def is_named(words: list[Token], said: Said) -> bool:
    """Does the source have a name, or at least an office?"""
    source = words[said.source[0] : said.source[1]]
    if len(source) == 1 and source[0].low in en.UNNAMED or source[0].low in en.PRONOUNS:
        return False
    return any(word.is_name and (word.low not in en.DETERMINERS) and (k or word.low not in en.UNNAMED)
               for k, word in enumerate(source))  # fmt: skip


def _is_cue(words: list[Token], i: int, long: frozenset[int]) -> bool:
    """A verb of saying, or any verb with "that" behind it or a quotation before it."""
    word = words[i]
    if word.quote in long:
        return False
    if word.low in en.SAYING:
        if word.tag is Tag.PARTICIPLE:
            had = any(words[j].low in ("has", "had", "have") for j in range(max(0, i - 3), i))
            return had or word.low == "told" and _tells_somebody(words, i)
        return word.tag is Tag.VERB
    if word.tag is not Tag.VERB or word.low in en.NOT_SAYING:
        return False
    if _inverted(words, i, long):
        return True
    return any(words[j].tag is Tag.THAT and all(words[k].tag not in FINITE for k in range(i + 1, j))
               for j in range(i + 1, min(len(words), i + 5)))  # fmt: skip


def _tells_somebody(words: list[Token], i: int) -> bool:
    """ "…, Lena Okoye (Green) *told* the Courier": no participle, since somebody is told."""
    if i == 0 or i + 1 >= len(words):
        return False
    after = words[i + 1]
    told = after.is_name or after.tag in (Tag.OBJECT, Tag.DETERMINER) or after.low == "reporters"
    return told and (words[i - 1].is_name or words[i - 1].low in (",", ")"))


def _long_quotes(words: list[Token]) -> frozenset[int]:
    """The quotations that are what somebody said: of several words, or “Yes,” with its comma inside."""
    counts: dict[int, int] = {}
    for word in words:
        if word.quote and word.is_word:
            counts[word.quote] = counts.get(word.quote, 0) + 1
    spoken = {
        last.quote
        for last, mark in pairwise(words)
        if last.quote and last.low in _SPOKEN and mark.quote == last.quote and mark.low in _CLOSING
    }
    return frozenset(quote for quote, count in counts.items() if count >= _LONG or quote in spoken)


def _according(words: list[Token], long: frozenset[int]) -> Said | None:
    for i, word in enumerate(words[:-2]):
        if word.low == "according" and words[i + 1].low == "to" and word.quote not in long:
            end = i + 2
            while (
                end < len(words)
                and words[end].low not in (",", ";")
                and end - i < _FAR
                and not _stop(words, end)
                and not (i <= 1 and end > i + 3 and words[end].tag in (Tag.NUMBER, Tag.PRONOUN))
                and not (i <= 1 and words[end].low in ("over", "about", "around", "nearly", "almost"))
            ):
                end += 1
            source = (i + 2, end)
            own: list[tuple[int, int]] = []
            if i <= 1:
                contents = [(end + (words[min(end, len(words) - 1)].low == ","), len(words))]
            else:
                contents = [(0, _back(words, i))]
                if end + 3 < len(words):
                    contents.append((end + 1, len(words)))
            contents = [c for c in contents if c[0] < c[1]]
            if source[0] < source[1] and contents:
                quoted = _is_quoted(words, contents, long)
                return Said(source, i, tuple(contents), False, quoted, None, tuple(own), i)
    return None


def _stop(words: list[Token], i: int) -> bool:
    return words[i].text == "." and words[i - 1].low not in en.ABBREVIATIONS and len(words[i - 1].text) > 1


def _back(words: list[Token], at: int) -> int:
    while at > 0 and not words[at - 1].is_word and words[at - 1].low not in (")", "”", '"', "’", "%"):
        at -= 1
    return at


def _after(words: list[Token], i: int, long: frozenset[int]) -> Said | None:
    """ "X said (that) …"."""
    found = _source(words, i, long)
    if found is None:
        return None
    source, begin, own = found
    start = _content(words, i, long)
    if start is not None and _ends_quotation(words, begin, long) and not (
        words[start].quote in long or words[start - 1].tag is Tag.THAT
    ):  # fmt: skip
        return None  # "“…,” she told reporters after the meeting": when, not what
    if start is None or not (has_verb(words, start, len(words)) or words[start].quote in long):
        return None
    stop = len(words)
    if words[start].quote in long:
        stop = _quotation_end(words, start, long)
        own += ((stop, len(words)),) if stop + 3 < len(words) else ()
    else:
        stop = next((j for j in range(start, stop) if _turns(words, j, long)), stop)
        own += ((stop + 1, len(words)),) if stop + 3 < len(words) else ()
    # What was said before the source belongs to it when it is a quotation.
    contents = [(start, stop)]
    if begin > 1 and any(word.quote in long for word in words[:begin]) and not own:
        contents.insert(0, (0, _back(words, begin)))
    quoted = _is_quoted(words, contents, long)
    return Said(source, i, tuple(contents), words[i].low in en.VIEWS, quoted, None, own, begin)


def _ends_quotation(words: list[Token], at: int, long: frozenset[int]) -> bool:
    """Does a quotation, with its comma, end right before this token?"""
    return at > 1 and words[at - 1].quote in long and words[at - 2].low in ".,?!…"


def _quotation_end(words: list[Token], start: int, long: frozenset[int]) -> int:
    """Where a quotation ends that is all that was said: "“That makes me smart,” when Clinton blasted him"."""
    stop = next((j for j in range(start, len(words)) if words[j].quote != words[start].quote), len(words))
    rest = words[stop:]
    closed = stop - 2 > start and words[stop - 2].low in (",", ".", "!", "?")
    return stop if closed and not any(word.quote in long for word in rest) else len(words)


def _turns(words: list[Token], j: int, long: frozenset[int]) -> bool:
    """Is the article speaking again after this token: "X said A; B", "X said A and warned of B"?"""
    if words[j].quote in long or j + 2 >= len(words):
        return False
    if words[j].low == ";":
        return True
    if words[j].tag is not Tag.COORDINATOR:
        return False
    if words[j - 1].low == ",":
        verb = next((k for k in range(j + 1, min(len(words), j + _NEXT)) if words[k].tag in FINITE), None)
        return verb is not None and words[verb].low in en.SAYING and words[verb].quote not in long
    return words[j + 1].low in en.SAYING and words[j + 1].tag is Tag.VERB


_Source = tuple[tuple[int, int], int, tuple[tuple[int, int], ...]]


def _source(words: list[Token], i: int, long: frozenset[int]) -> _Source | None:
    """The name of the verb's subject, where all that is told of it begins, and the article's words before."""
    end = i
    while end > 0 and (words[end - 1].tag in (Tag.ADVERB, Tag.AUXILIARY) or words[end - 1].low == "also"):
        end -= 1
    if end and words[end - 1].tag is Tag.COORDINATOR:
        return _shared_source(words, end - 1, long)
    start = end
    while start > 0 and end - start < _LONG_SOURCE:
        word = words[start - 1]
        if word.low in (";", ":", "”", '"', "—", "–") or word.quote in long or _stop(words, start - 1):
            break
        if word.tag in (Tag.THAT, Tag.SUBORDINATOR) or word.low in ("but", "while", "although"):
            break
        start -= 1
    begin = _past_opening(words, start, end)
    if begin >= end:
        return None
    own = (
        ((0, _back(words, begin)),)
        if begin > 3 and has_verb(words, 0, start) and words[start - 1].quote not in long
        else ()
    )
    stop = next((j for j in range(begin, end) if words[j].low == "," or words[j].tag is Tag.RELATIVE), end)
    while stop > begin and not words[stop - 1].is_word and words[stop - 1].low != ".":
        stop -= 1
    while stop - 1 > begin and (words[stop - 1].tag is Tag.ADVERB or _is_when(words, stop)):
        stop -= 1 if words[stop - 1].tag is Tag.ADVERB else 2
    stop = max(stop, begin + 1)
    first = words[begin]
    if stop <= begin or first.tag in (Tag.PREPOSITION, Tag.TO) or first.low in en.NEGATIONS | _NO_SOURCE:
        return None
    if has_verb(words, begin + 1, stop) or first.tag is Tag.RELATIVE or finite(words, begin):
        return None
    if first.tag is Tag.GERUND and not words[min(begin + 1, stop - 1)].is_name:
        return None
    if stop < end and words[end - 1].low != "," and words[stop].low == ",":
        return None
    if all(not words[j].is_word for j in range(begin, stop)):
        return None
    return _by_name(words, begin, stop, end), begin, own


def _by_name(words: list[Token], begin: int, stop: int, end: int) -> tuple[int, int]:
    """ "Its chairman, *Anton Vrabec*, told": the name, where the words before it are only what he is."""
    if words[stop - 1].tag is Tag.NOUN and stop + 2 < end and words[stop].low == ",":
        close = next((j for j in range(stop + 1, end) if words[j].low == ","), end)
        if close - stop > 2 and all(words[j].is_name or words[j].text == "." for j in range(stop + 1, close)):
            return stop + 1, close
    return begin, stop


def _is_when(words: list[Token], stop: int) -> bool:
    """ "A Brookhollow study *last year* found"."""
    last, before = words[stop - 1].low, words[stop - 2].low
    return before in ("last", "this") and last in (
        "year",
        "month",
        "week",
        "night",
        "summer",
        "spring",
        "autumn",
    )


def _shared_source(words: list[Token], conjunction: int, long: frozenset[int]) -> _Source | None:
    """ "Brandt conceded at about 1 a.m. *and* said": the subject is that of the verb before."""
    verb = next((j for j in range(conjunction) if finite(words, j) and words[j].quote not in long), None)
    if verb is None or verb == 0:
        return None
    found = _source(words, verb, long)
    if found is None:
        return None
    source, begin, _ = found
    return source, begin, ((0, _back(words, conjunction)),)


def _past_opening(words: list[Token], start: int, end: int) -> int:
    """Past "In May," and ", and": where the subject itself begins."""
    begin = start
    while begin < end and (not words[begin].is_word or words[begin].tag is Tag.COORDINATOR):
        begin += 1
    while begin < end:
        first = words[begin]
        opens = (
            first.tag in (Tag.PREPOSITION, Tag.ADVERB, Tag.GERUND, Tag.TO, Tag.PARTICIPLE, Tag.SUBORDINATOR)
            or first.low in en.WEEKDAYS
            or begin == start > 0 and words[start - 1].tag is Tag.SUBORDINATOR
        )  # fmt: skip
        comma = next((j for j in range(begin, end) if words[j].low == ","), None)
        joined = comma is not None and words[min(comma + 1, end - 1)].tag is Tag.COORDINATOR
        if comma is None or not (opens or joined or _is_clause(words, begin, comma)):
            break
        begin = comma + 1
        while begin < end and (not words[begin].is_word or words[begin].tag is Tag.COORDINATOR):
            begin += 1
    return begin


def _is_clause(words: list[Token], start: int, end: int) -> bool:
    """Do the tokens state something themselves, so that the subject comes after them?"""
    if words[start].tag is Tag.PRONOUN or any(words[j].tag is Tag.RELATIVE for j in range(start, end)):
        return False
    return has_verb(words, start, end)


def _content(words: list[Token], i: int, long: frozenset[int]) -> int | None:
    """Where what was said begins, after the verb at `i`."""
    j = i + 1
    if j >= len(words) or words[j].tag is Tag.TO or words[j].low == "by":
        return None
    for k in range(j, min(len(words) - 1, i + _FAR)):
        if (
            words[k].tag is Tag.THAT
            or words[k].low == "that"
            and k == j
            and words[k].tag is not Tag.RELATIVE
            and has_verb(words, k, min(len(words), k + 6))
        ):
            return k + 1
        if words[k].quote in long:
            return k
        if words[k].low == ":" or words[k].low == "," and words[k + 1].quote in long:
            return k + 1
        if words[k].low in (",", ";") or finite(words, k) and k > j:
            break
    if (
        words[i].low in en.NEEDS_THAT
        or words[j].tag is Tag.PREPOSITION
        and words[j].low != "between"
        or not words[j].is_word
        and words[j].text not in "£$€"
    ):
        return None
    if words[i].low not in en.SAYING:
        return None
    # Without "that", a subject and its verb must follow: "said profits fell", not "said goodbye".
    if words[j].low in en.WEEKDAYS or words[j].tag is Tag.SUBORDINATOR:
        return None
    if words[i].low in ("told", "tell", "tells"):
        close = next((k for k in range(j, min(len(words), j + 6)) if not words[k].is_word), j + 6)
        subjects = (Tag.PRONOUN, Tag.DETERMINER)
        j = next((k for k in range(j + 1, min(len(words), close)) if words[k].tag in subjects), len(words))
    if j >= len(words):
        return None
    begin = j if finite(words, j) and ("'" in words[j].text or "’" in words[j].text) else j + 1
    return j if has_verb(words, begin, min(len(words), j + _FAR)) else None


def _before(words: list[Token], i: int, long: frozenset[int]) -> Said | None:
    """ "…, X said" and "…", said X."""
    inverted = _inverted(words, i, long)
    if inverted:
        end = i + 1
        while end < len(words) and end - i < _FAR and not _ends_name(words, end, i):
            end += 1
        source, stop, begin = (i + 1, end), i, i + 1
    else:
        found = _source_behind(words, i, long)
        if found is None:
            return None
        source, begin = found
        stop = begin
    stop = _back(words, stop)
    if source[0] >= source[1] or words[source[0]].tag is Tag.PREPOSITION:
        return None
    # "Back in Virginia, Mr. Clarke said, he decided": set between two commas.
    between = i + 2 < len(words) and words[i + 1].low == "," and has_verb(words, i + 2, len(words))
    if not (has_verb(words, 0, stop) or between or any(word.quote in long for word in words[:stop])):
        return None
    contents = [(0, stop)]
    rest = source[1] if inverted else i + 1
    while rest < len(words) and words[rest].quote not in long and words[rest].low not in (",", ";"):
        rest += 1
    aside = None
    own: tuple[tuple[int, int], ...] = ()
    if rest + 2 < len(words):
        following = words[rest + 1]
        if words[rest].low == "," and (following.tag is Tag.RELATIVE or following.low == "where"):
            aside = (rest + 1, len(words))
        elif words[rest].quote in long or following.quote in long:
            contents.append((rest, len(words)))
        elif not inverted and following.tag is Tag.COORDINATOR:
            said_too = _is_quoted(words, contents, long)
            own = ((rest + 2, len(words)),) if said_too else own
            contents += [] if said_too else [(rest + 2, len(words))]
        elif not inverted and (
            following.tag not in (Tag.GERUND, Tag.SUBORDINATOR) or _hangs(words, rest + 1)
        ):
            contents.append((rest, len(words)))
    views, quoted = words[i].low in en.VIEWS, _is_quoted(words, contents, long)
    return Said(source, i, tuple(contents), views, quoted, aside, own, begin)


def _hangs(words: list[Token], at: int) -> bool:
    """Is it one with what was said before: "*Though* it rained, he said, *playing on* was right"?"""
    return words[0].tag is Tag.SUBORDINATOR or words[at].low in ("because", "if", "unless", "until")


def _ends_name(words: list[Token], at: int, verb: int) -> bool:
    word = words[at]
    if word.text == ".":
        return words[at - 1].low not in en.ABBREVIATIONS and len(words[at - 1].text) > 1
    if not word.is_word or word.tag is Tag.RELATIVE or finite(words, at):
        return word.text not in "&’'"
    return (
        word.tag is Tag.PREPOSITION
        and word.low not in ("of", "for", "at", "with", "from")
        or word.low in en.WEEKDAYS
    )


def _source_behind(words: list[Token], i: int, long: frozenset[int]) -> tuple[tuple[int, int], int] | None:
    """The source between the comma behind what was said and the verb: "…, *an inquiry* found"."""
    end = i
    while end > 0 and (words[end - 1].tag in (Tag.ADVERB, Tag.AUXILIARY)):
        end -= 1
    begin = end
    while begin > 0 and words[begin - 1].quote not in long and end - begin < _LONG_SOURCE:
        if words[begin - 1].low in (";", ":", "—") or finite(words, begin - 1):
            break
        begin -= 1
    commas = [j for j in range(max(0, begin - 1), end) if words[j].low in (",", *_CLOSING)]
    if not commas and not (begin and words[begin - 1].quote in long):
        return None
    if begin == 0 or words[begin - 1].quote not in long and words[begin - 1].low not in _CLOSING:
        # "…, Khaled Al-Maeena, an editor, said": the name stands before two commas more.
        begin = commas[-3 if words[end - 1].low == "," and len(commas) > 2 else -1] + 1
    while begin < end and not words[begin].is_word:
        begin += 1
    if begin == 0 or begin >= end or words[begin].tag in (Tag.RELATIVE, Tag.COORDINATOR, Tag.SUBORDINATOR):
        return None
    if begin > 1 and words[begin - 2].tag is Tag.RELATIVE:
        return None  # ", which, it explained, was …" tells of the clause around it, not of the sentence
    stop = next((j for j in range(begin, end) if words[j].low == ","), end)
    if has_verb(words, begin, stop):
        return None
    return (begin, stop), begin


def _inverted(words: list[Token], i: int, long: frozenset[int]) -> bool:
    """Does the verb stand right after the quotation or its comma: "…," said X?"""
    if i == 0 or i + 1 >= len(words) or words[i + 1].low in en.WEEKDAYS | {",", ".", "that"}:
        return False
    before = words[i - 1]
    quoted = before.quote in long or before.low == "," and i > 1 and words[i - 2].quote in long
    if before.low == "," and words[i].low in ("said", "says") and has_verb(words, 0, i - 1):
        quoted = words[i + 1].tag in (Tag.NAME, Tag.DETERMINER, Tag.NOUN, Tag.NUMBER)
    return quoted and words[i + 1].tag not in (Tag.PREPOSITION, Tag.TO, Tag.PARTICIPLE, Tag.OBJECT)


def _is_quoted(words: list[Token], contents: list[tuple[int, int]], long: frozenset[int]) -> bool:
    return any(word.quote in long for start, end in contents for word in words[start:end])
