"""Who is said to have said it: "X said that …", "…, X said", "according to X, …"."""

from dataclasses import dataclass

from claims.lang import en
from claims.model import Claimant, Span
from claims.tokens import Token, finite, has_verb

_FAR = 18  # words between a source and its verb, or a verb and its "that"
_CUES = 6  # verbs of saying tried in one sentence
_LONG = 4  # words from which a quotation is what somebody said, not a word set in marks
_NO_SOURCE = frozenset({"what", "as", "to", "how", "why", "if", "when", "including"})
_ADVERBS = frozenset(
    [
        "also",
        "later",
        "then",
        "now",
        "has",
        "had",
        "have",
        "already",
        "again",
        "still",
        "even",
        "only",
        "just",
        "repeatedly",
        "recently",
    ]
)


@dataclass(frozen=True, slots=True)
class Said:
    """An attribution in a sentence, as ranges of its tokens.

    `contents` is what was said, `source` who said it, `cue` the verb; `views` that the verb tells of an
    opinion or a forecast, so that nothing in it is vouched for as fact. `aside` is what the article itself
    adds about the source: "…," a post said, *which had been signed by 242 developers*.
    """

    source: tuple[int, int]
    cue: int
    contents: tuple[tuple[int, int], ...]
    views: bool
    quoted: bool
    aside: tuple[int, int] | None = None


def attribution(words: list[Token]) -> Said | None:
    """The main attribution of a sentence, or None when it speaks for itself."""
    long = _long_quotes(words)
    found = _according(words, long)
    if found is not None:
        return found
    tried = 0
    for i, word in enumerate(words):
        if word.low in en.SAYING and word.quote not in long and not word.low.endswith("ing"):
            tried += 1
            if tried > _CUES:
                break
            if i and words[i - 1].low in ("to", "be", "the", "a", "an") and not _inverted(words, i, long):
                continue
            said = _after(words, i, long) or _before(words, i, long)
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


def _long_quotes(words: list[Token]) -> frozenset[int]:
    counts: dict[int, int] = {}
    for word in words:
        if word.quote and word.is_word:
            counts[word.quote] = counts.get(word.quote, 0) + 1
    return frozenset(quote for quote, count in counts.items() if count >= _LONG)


def _according(words: list[Token], long: frozenset[int]) -> Said | None:
    for i, word in enumerate(words[:-2]):
        if word.low == "according" and words[i + 1].low == "to" and word.quote not in long:
            end = i + 2
            while end < len(words) and words[end].low not in (",", ".", ";") and end - i < _FAR:
                end += 1
            source = (i + 2, end)
            if i <= 1:
                contents = [(end + 1, len(words))]
            else:
                contents = [(0, _back(words, i)), *([(end + 1, len(words))] if end + 3 < len(words) else [])]
            contents = [c for c in contents if c[0] < c[1]]
            if source[0] < source[1] and contents:
                return Said(source, i, tuple(contents), False, _is_quoted(words, contents, long))
    return None


def _back(words: list[Token], at: int) -> int:
    while at > 0 and not words[at - 1].is_word and words[at - 1].low not in (")", "”", '"'):
        at -= 1
    return at


def _after(words: list[Token], i: int, long: frozenset[int]) -> Said | None:
    """ "X said (that) …"."""
    inside = _set_between(words, i)
    source = _source(words, i if inside is None else inside[0] - 2, long)
    if source is None:
        return None
    start = _content(words, i, long)
    if start is None or not (has_verb(words, start, len(words)) or words[start].quote in long):
        return None
    # What was said before the source belongs to it when it is a quotation.
    contents = [(start, len(words))]
    if source[0] > 1 and any(word.quote in long for word in words[: source[0]]):
        contents.insert(0, (0, _back(words, source[0])))
    quoted = _is_quoted(words, contents, long)
    return Said(source, i, tuple(contents), words[i].low in en.VIEWS, quoted, inside)


def _set_between(words: list[Token], i: int) -> tuple[int, int] | None:
    """The tokens of the clause in "The union, *which has 3,200 members*, said"."""
    if i < 4 or words[i - 1].low != ",":
        return None
    for j in range(i - 3, max(0, i - _FAR), -1):
        if words[j].low == "," and words[j + 1].low in ("which", "who"):
            return j + 2, i - 1
    return None


def _source(words: list[Token], i: int, long: frozenset[int]) -> tuple[int, int] | None:
    """The tokens before the verb which name its subject."""
    end = i
    while end > 0 and (words[end - 1].low in _ADVERBS or words[end - 1].low.endswith("ly")):
        end -= 1
    start = end
    while start > 0 and end - start < _FAR:
        word = words[start - 1]
        if word.low in (";", ":", "”", '"', ".") and word.low != "." or word.quote in long:
            break
        if word.low in en.COORDINATORS and word.low != "and" or word.low in ("that", "because", "if", "when"):
            break
        start -= 1
    # "In May, the council said", and "…, and the council said": the subject follows the comma.
    for j in range(start, end):
        if words[j].low == "," and (words[start].low in en.PREPOSITIONS or has_verb(words, start, j)):
            start = j + 2 if j + 1 < end and words[j + 1].low in en.COORDINATORS else j + 1
    # "Dr H. Imre, a hydrologist hired by the council, told": the name is what stands before the comma.
    comma = next((j for j in range(start, end) if words[j].low == ","), None)
    if comma is not None and words[end - 1].low == ",":
        end = comma
    while start < end and not words[start].is_word:
        start += 1
    if start >= end or words[start].low in en.PREPOSITIONS | en.NEGATIONS or has_verb(words, start + 1, end):
        return None
    if (
        words[start].low in _NO_SOURCE
        or words[end - 1].low in en.RELATIVES
        or words[start].low.endswith("ing")
    ):
        return None
    return start, end


def _content(words: list[Token], i: int, long: frozenset[int]) -> int | None:
    """Where what was said begins, after the verb at `i`."""
    j = i + 1
    if j >= len(words) or words[j].low in ("to", "by"):
        return None
    for k in range(j, min(len(words) - 1, i + _FAR)):
        if words[k].low == "that" and words[k - 1].low not in en.PREPOSITIONS:
            return k + 1
        if words[k].quote in long:
            return k
        if words[k].low in (",", ":", ";") or finite(words, k) and k > j:
            break
    if words[j].low == ":":
        return j + 1 if j + 1 < len(words) else None
    if words[i].low in en.NEEDS_THAT or words[j].low in en.PREPOSITIONS or not words[j].is_word:
        return None
    # Without "that", a subject and its verb must follow: "said profits fell", not "said goodbye".
    return j if has_verb(words, j + 1, min(len(words), j + _FAR)) else None


def _before(words: list[Token], i: int, long: frozenset[int]) -> Said | None:
    """ "…, X said" and "…", said X."""
    if _inverted(words, i, long):
        end = i + 1
        while end < len(words) and (words[end].is_word and not finite(words, end) or words[end].text == "."):
            if words[end].low in en.PREPOSITIONS | en.RELATIVES or end - i > _FAR:
                break
            if (
                words[end].text == "."
                and words[end - 1].low not in en.ABBREVIATIONS
                and len(words[end - 1].text) > 1
            ):
                break
            end += 1
        source, stop = (i + 1, end), i
    else:
        begin = i
        while (
            begin > 0
            and words[begin - 1].low != ","
            and words[begin - 1].quote not in long
            and i - begin < _FAR
        ):
            begin -= 1
        while begin < i and not words[begin].is_word:
            begin += 1
        if begin == 0 or words[begin].low in en.RELATIVES | en.COORDINATORS:
            return None
        if begin > 1 and words[begin - 2].low in en.RELATIVES:
            return None  # ", which, it explained, was …" tells of the clause around it, not of the sentence
        source, stop = (begin, i), begin
    stop = _back(words, stop)
    if source[0] >= source[1] or has_verb(words, *source) or words[source[0]].low in en.PREPOSITIONS:
        return None
    if not has_verb(words, 0, stop) and not any(word.quote in long for word in words[:stop]):
        return None
    contents = [(0, stop)]
    rest = source[1] if _inverted(words, i, long) else i + 1
    while rest < len(words) and words[rest].quote not in long and words[rest].low not in (",", ";"):
        rest += 1
    aside = None
    if rest + 2 < len(words):
        if words[rest].low == "," and words[rest + 1].low in en.RELATIVES:
            aside = (rest + 2, len(words))
        elif (
            words[rest].quote in long
            or rest + 1 < len(words)
            and words[rest + 1].quote in long
            or not _inverted(words, i, long)
        ):
            contents.append((rest, len(words)))
    return Said(
        source, i, tuple(contents), words[i].low in en.VIEWS, _is_quoted(words, contents, long), aside
    )


def _inverted(words: list[Token], i: int, long: frozenset[int]) -> bool:
    """Does the verb stand right after the quotation or its comma: "…," said X?"""
    if i == 0 or i + 1 >= len(words) or words[i + 1].low in (",", ".", "that", "the next"):
        return False
    before = words[i - 1]
    return before.quote in long or before.low == "," and i > 1 and words[i - 2].quote in long


def _is_quoted(words: list[Token], contents: list[tuple[int, int]], long: frozenset[int]) -> bool:
    return any(word.quote in long for start, end in contents for word in words[start:end])
