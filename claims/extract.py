"""The pipeline on one page: a document → its claims, in reading order. Read this first.

blocks → sentences → who says it → clauses → quantities → worth → claims
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from claims import blocks
from claims.attribution import Said, attribution, claimant, is_named
from claims.clauses import Clause, after_name, clauses, described
from claims.coreference import Antecedent, Mentions
from claims.detection import Nature, natures
from claims.kinds import kind_of
from claims.lang import en
from claims.lang.identify import language_of
from claims.listing import listed
from claims.model import Block, BlockKind, Claim, Claimant, Document, Kind, Span
from claims.numbered import is_read, numbered
from claims.patterns import Pattern
from claims.quantities import quantities
from claims.scoring import happened, score
from claims.segmentation import sentences_in
from claims.spans import tight
from claims.statements import statement
from claims.tagging import Tag
from claims.tokens import Token, quotations, tokens

DETECTOR = "rules/2"
"""Names the rules that found a claim, so that a reader knows what guessed."""

_REPORTED = 0.5
_SHARED = 0.6  # of a claim's length that another may have in common with it
_LONG_QUOTE = 2  # words; fewer are a term in quotation marks
_LONGEST = 600  # characters; nobody can check a longer claim
_ROWS = frozenset({BlockKind.LIST, BlockKind.TABLE})
# "VALMORA CITY, Oct. 14 (Corran Press) — " is where and when the story comes from, not what it says.
_DATELINE = Pattern(
    r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?"
    r"|[A-Z][A-Z .’'-]{2,30}(?:,[^—–\n]{0,40})?(?: ?\([^)\n]{2,40}\))?)"
    r" ?(?:[—–]|--?) (?=[“\"A-Z])"
)
_CREDIT = Pattern(en.CREDIT, re.MULTILINE)
_SPOKEN = blocks.SPOKEN | {BlockKind.HEADLINE}


class Candidate(NamedTuple):
    """A clause that may be a claim: what it is, what it is to its sentence, and where that stands.

    `nature` says whether it is a fact at all. `role` is "main", "shared" (its subject is that of the one
    before), "relative", "role" (who somebody is), "apposition", "participle", "when", "cause", "item", "row",
    "report", "embedded", "deed", "verbless" or "sentence" (in a language that is not read).
    """

    claim: Claim
    nature: Nature
    role: str
    sentence: Span


def extract(document: Document | str, *, floor: float = 0.5) -> list[Claim]:
    """The claims of a text worth at least `floor`, in reading order; `text[start:end]` is a claim's text.

    A claim may stand wholly inside another; two that overlap in part share a name, which ends one and begins
    the other: "The line belongs to *Corwin Electric*" and "*Corwin Electric*, which paid a fine".
    """
    return [found.claim for found in candidates(document) if found.claim.score >= floor]


def candidates(document: Document | str) -> Iterator[Candidate]:
    """All clauses that may be claims, predictions and opinions among them, in reading order.

    A score below 0.5 says that the rules take one for no claim; the last of its reasons say why.
    """
    if isinstance(document, str):
        text, parts, language, published = document, blocks.split(document), language_of(document), None
    else:
        text, parts, language = document.text, list(document.blocks), document.language
        published = document.published
    before = None
    mentions = Mentions(text)
    for block in parts:
        if block.kind not in _SPOKEN:
            pass
        elif is_read(language):
            for candidate in _of_block(text, block, before, mentions):
                yield _dated(candidate, text, published)
        else:
            for claim in numbered(text, block, language):
                yield Candidate(claim, Nature.FACT, "sentence", claim.span)
        before = block


def _dated(candidate: Candidate, text: str, published: str | None) -> Candidate:
    """The same, with "last year" and the like read from the day on which the text was published."""
    if published is None or not candidate.claim.quantities:
        return candidate
    read = tuple(quantities(text, candidate.claim.span, published=published))
    return candidate._replace(claim=replace(candidate.claim, quantities=read))


def _of_block(text: str, block: Block, before: Block | None, mentions: Mentions) -> Iterator[Candidate]:
    passages = blocks.passages(text, block)
    if block.kind is BlockKind.TABLE:
        above, passages = passages[0].of(text), passages[1:]
    else:
        above = before.span.of(text).rpartition("\n")[2] if before else ""
    for passage in passages:
        found = [] if block.kind is BlockKind.TABLE else _nested(_of_passage(text, passage, mentions))
        if block.kind in _ROWS and not _is_sentence(text, passage, found):
            row = listed(text, passage, block.kind, above)
            found = [Candidate(row, natures(row.reasons), "row", passage)] if row is not None else found
        yield from found


def _is_sentence(text: str, passage: Span, found: list[Candidate]) -> bool:
    """Does an item speak in sentences, and not in a few words that what stands above it completes?"""
    ends = passage.of(text).rstrip().endswith((".", "!", "?", "”"))
    return ends and any(one.claim.score >= _REPORTED and one.role != "verbless" for one in found)


def _of_passage(text: str, passage: Span, mentions: Mentions) -> Iterator[Candidate]:
    """The candidates of one paragraph, whatever they are worth."""
    if _CREDIT.match(text, passage.start, passage.end):
        return
    dateline = _DATELINE.match(text, passage.start, passage.end)
    if dateline is not None:
        passage = Span(dateline.end(), passage.end)
    marks = quotations(text, passage.start, passage.end)
    read = [tokens(text, s.start, s.end, marks) for s in sentences_in(text, passage.start, passage.end)]
    told = [_Told.of(text, words, mentions) for words in read if words]
    speakers = _speakers(told)
    for one in told:
        words = one.words
        speaker = speakers.get(words[-1].quote or words[0].quote) if words[0].quote else one.source
        yield from _Sentence(text, words, _marks_in(marks, words), speaker, one.stands).candidates(one.said)


class _Told(NamedTuple):
    """A sentence, who speaks in it, and what its pronouns stand for."""

    words: list[Token]
    said: Said | None
    source: Claimant | None
    stands: dict[int, Antecedent]

    @classmethod
    def of(cls, text: str, words: list[Token], mentions: Mentions) -> "_Told":
        said = attribution(words)
        source = claimant(text, words, said) if said is not None else None
        known = mentions.source(words, said) if said is not None else None
        if source is not None and known is not None:
            source = replace(source, name=known.name, span=known.span)
        told = cls(words, said, source, mentions.antecedents(words))
        mentions.read(words, said)
        return told


def _marks_in(marks: list[tuple[int, int]], words: list[Token]) -> list[tuple[int, int]]:
    """The quotations that reach into a sentence."""
    first = max(0, bisect_left(marks, (words[0].start, 0)) - 1)
    return marks[first : bisect_left(marks, (words[-1].end, 0))]


class _Sentence(NamedTuple):
    text: str
    words: list[Token]
    marks: list[tuple[int, int]]
    speaker: Claimant | None
    stands: dict[int, Antecedent]

    def candidates(self, report: Said | None) -> Iterator[Candidate]:
        if report is None:
            yield from self._told(clauses(self.words, 0, len(self.words)), self.speaker)
        else:
            yield from self._of_report(report)

    def _told(
        self,
        found: Iterable[Clause],
        source: Claimant | None,
        against: Sequence[str] = (),
        *,
        named: bool = False,
    ) -> list[Candidate]:
        made = (self._candidate(clause, source, against, named=named) for clause in found)
        return [candidate for candidate in made if candidate is not None]

    def _of_report(self, said: Said) -> Iterator[Candidate]:
        """What a sentence like "X said …" claims: what X said, if that is a fact; else that X said it."""
        words = self.words
        source = self.speaker or claimant(self.text, words, said)
        named = is_named(words, said) or source.span != Span(
            words[said.source[0]].start, words[said.source[1] - 1].end
        )
        about = self._about_source(said)
        yield from self._told(about, None)
        for start, end in said.own:
            yield from self._told(clauses(words, start, end), None)
        inner: list[Candidate] = []
        for start, end in said.contents:
            found = [clause for clause in clauses(words, start, end) if clause.role != "verbless"]
            quoted = self._is_quotation(start, end)
            for clause in found:
                against = self._second_hand(said, clause.start, clause.end, quoted)
                inner += self._told([clause], replace(source, quoted=quoted), against, named=named)
        yield from inner
        if not any(one.claim.score >= _REPORTED for one in inner):
            report = self._report(said, inner, source, named)
            if report is not None:
                yield report

    def _about_source(self, said: Said) -> list[Clause]:
        """What is told of the source: "Imre, *a hydrologist*, told", "said Roscoe, *who chairs it*"."""
        if said.source[0] > said.cue:
            beside = said.source[1] < len(self.words) and self.words[said.source[1]].low == ","
            inside = any(word.low == "," for word in self.words[slice(*said.source)])
            about = after_name(self.words, said.source[0], len(self.words)) if beside or inside else []
            return about or self._dated_source(said)
        if said.aside is not None:
            return [Clause(*said.aside, "relative", said.source, skip=1)]
        return described(self.words, said.begin, said.cue)

    def _dated_source(self, said: Said) -> list[Clause]:
        """ "According to *a county audit published in April*"."""
        start, end = said.source
        made = any(self.words[j].tag is Tag.PARTICIPLE for j in range(start + 1, end - 1))
        return [Clause(start, end, "role")] if made else []

    def _is_quotation(self, start: int, end: int) -> bool:
        inside = [bool(word.quote) for word in self.words[start:end] if word.is_word]
        return sum(inside) > 0.8 * len(inside) and len(inside) > _LONG_QUOTE

    def _second_hand(self, said: Said, start: int, end: int, quoted: bool) -> tuple[str, ...]:
        """What makes the words of a source less of a fact that it vouches for."""
        words = self.words[start:end]
        inside = sum(bool(word.quote) for word in words if word.is_word)
        numbers = any(number.value for number in quantities(self.text, Span(words[0].start, words[-1].end)))
        doubts = []
        partisan = not numbers and not en.PARTISANS.isdisjoint(w.low for w in self.words[slice(*said.source)])
        cue = self.words[said.cue].low
        told = (
            not partisan
            and cue not in en.DENYING
            and (happened(words) or numbers and cue not in en.FORESEEING)
        )
        if (said.views or partisan) and not told and not quoted and not self._finding(said):
            doubts.append("told as somebody's view")
        if quoted and not numbers and not any(word.low == "you" for word in words[:3]):
            doubts.append("a view in a quotation")
        own = sum(word.is_word for word in words) - inside
        if (
            not quoted
            and not (numbers and inside < own / 2)
            and (inside > _LONG_QUOTE or inside == _LONG_QUOTE and not numbers)
        ):
            doubts.append("partly in the source's own words")
        return tuple(doubts)

    def _finding(self, said: Said) -> bool:
        """Is the source a thing, which has no views: "the results suggest"?"""
        return not en.THINGS.isdisjoint(word.low for word in self.words[slice(*said.source)])

    def _report(self, said: Said, inner: list[Candidate], source: Claimant, named: bool) -> Candidate | None:
        """That somebody said it. A forecast that is only retold is a forecast still."""
        words, contents = self.words, said.contents
        if said.follows:
            start, end = contents[0][0], max(said.source[1], said.cue + 1)
        else:
            start, end = said.begin, contents[-1][1]
        span = tight(self.text, words, start, end, self.marks)
        if span is None or span.end - span.start > _LONGEST:
            return None
        direct = any(self._is_quotation(*content) for content in contents)
        argued = said.views and words[said.cue].low not in en.FORESEEING | en.BELIEVING
        withheld = any(word.low in en.NEGATIONS for word in words[said.source[1] : said.cue])
        foretold = (
            not direct
            and not argued
            and not withheld
            and any(one.nature is Nature.PREDICTION for one in inner)
        )
        worth = _REPORTED + (0.05 if named else 0.0) - (0.15 if foretold else 0.0)
        reasons = ["attributed to a named source" if named else "attributed to a source without a name"]
        if foretold:
            reasons.append("about what may come")
        said_so = statement(self.text, words, Clause(start, end), span, self.stands)
        claim = Claim(
            span, span.of(self.text), said_so, Kind.ATTRIBUTION,
            worth, tuple(reasons), replace(source, quoted=direct), tuple(quantities(self.text, span)),
        )  # fmt: skip
        return Candidate(claim, natures(reasons), "report", self._span())

    def _candidate(
        self, clause: Clause, source: Claimant | None, against: Sequence[str], *, named: bool = False
    ) -> Candidate | None:
        text, words = self.text, self.words
        span = tight(text, words, clause.start, clause.end, self.marks)
        if span is None or span.end - span.start > _LONGEST:
            return None
        inside = [
            w
            for w in words[clause.start : clause.end + 1]
            if span.start <= w.start < span.end or w.low == "?"
        ]
        numbers = tuple(quantities(text, span))
        if clause.role == "verbless" and not any(number.value for number in numbers):
            return None
        quoted = source is not None and source.quoted or bool(inside and inside[0].quote and inside[-1].quote)
        act = (
            _speech_act(inside) if source is None and clause.role in ("main", "shared", "relative") else None
        )
        told = inside
        if clause.role == "relative":  # by its own verb, not by one after the noun that it tells of
            first = next((i for i, word in enumerate(inside) if word.tag is Tag.RELATIVE), 0)
            told = inside[first:]
        worth, reasons = score(
            told, numbers, role=clause.role, named=named, vouched=act, quoted=quoted, against=against
        )
        kind = kind_of(inside, numbers, reported=act is not None, role=clause.role)
        said = statement(text, words, clause, span, self.stands)
        claim = Claim(span, span.of(text), said, kind, worth, reasons, source, numbers)
        return Candidate(claim, natures(reasons), clause.role, self._span())

    def _span(self) -> Span:
        return Span(self.words[0].start, self.words[-1].end)


def _speech_act(inside: list[Token]) -> int | None:
    """Where the verb of urging, accusing or calling stands: that somebody did so is the claim then."""
    for i, word in enumerate(inside[:24]):
        if word.low in en.SPEECH_ACTS and word.tag in (Tag.VERB, Tag.PARTICIPLE):
            if word.tag is Tag.PARTICIPLE and inside[i - 1].low in (
                "is",
                "was",
                "are",
                "were",
                "been",
                "be",
                "being",
            ):
                return None
            return i
        if word.low in ("put", "puts") and any(later.low == "at" for later in inside[i + 2 : i + 7]):
            return i
    return None


def _speakers(told: list[_Told]) -> dict[int, Claimant]:
    """Whose each quotation is, so that all its sentences are theirs, not only the one that names them.

    A quotation with nothing before it but what somebody just said is theirs too.
    """
    found: dict[int, Claimant] = {}
    last: Claimant | None = None
    for one in told:
        if one.said is not None and one.source is not None:
            last = replace(one.source, quoted=True)
            inside = [word.quote for start, end in one.said.contents for word in one.words[start:end]]
            found |= {quote: last for quote in inside if quote}
            last = last if any(inside) else None
        elif last is not None:
            quotes = {word.quote for word in one.words if word.is_word}
            if 0 in quotes:
                last = None
            else:
                found |= {quote: last for quote in quotes if quote not in found}
    return found


def _nested(found: Iterator[Candidate]) -> list[Candidate]:
    """In order, without doubles. Of two that share more than a name the one worth less goes."""
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda c: (c.claim.span.start, -c.claim.span.end, -c.claim.score)):
        span = one.claim.span
        # Only the last few can reach this far, since all come in order and none is longer than a sentence.
        clash = [k for k in kept[-8:] if _clash(k.claim.span, span)]
        if any(k.claim.score >= one.claim.score for k in clash):
            continue
        if clash:
            kept[-8:] = [k for k in kept[-8:] if k not in clash]
        kept.append(one)
    return kept


def _clash(one: Span, other: Span) -> bool:
    """Are they the same, or have they more in common than a name that ends one and begins the other?"""
    if one == other or not one.overlaps(other):
        return one == other
    if one.covers(other) or other.covers(one):
        return False
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > _SHARED * min(one.end - one.start, other.end - other.start)
