"""A new text: what became of each span of the old one. No claim ever moves onto other words.

    from claims import Span, reanchor

    old = "The letter was signed by 242 developers in May."
    new = "In short: the letter was signed by 424 developers in May."
    fate = reanchor(old, new, [Span(4, 39)])[0]
    fate.outcome, [str(change) for change in fate.changes]   # "changed", ["242 → 424"]

The very words carry over, where they stand once among what could be the span's place and nothing like it has
surroundings that fit better. Likeness only locates: what is merely like the span is shown as changed.
"""

from collections.abc import Iterable

from claims.anchoring.changes import changes
from claims.anchoring.fates import Change, Fate, Outcome
from claims.anchoring.guard import Guard
from claims.anchoring.places import Pair, Place, exact, near, pair, reach
from claims.anchoring.words import words
from claims.errors import Ambiguous
from claims.lang import en
from claims.lang.identify import language_of
from claims.model import Span
from claims.patterns import Pattern

_LEAD = 8  # by which the surroundings of a place must fit better than those of the next
_CHANCE = 4  # characters that may agree by chance
_FULL = 32  # by which a place leads that fits wholly on a side where the next does not
_ENOUGH = 16  # characters beside it by which a short span is known
_MANY = 24  # of the 48 words around a place, that single it out though neither side fits wholly
_SHORT = 4  # words; so few are nothing to be known by without their surroundings
_BACK = 120  # characters before a sentence in which it may be said whose words it has
_EARLIER = Pattern(en.EARLIER_VERSION)


def reanchor(old: str, new: str, spans: Iterable[Span], *, language: str | None = None) -> list[Fate]:
    """What became of each span of `old` (code points) in `new`, in the order of `spans`.

    `language` is a BCP 47 tag; None has it told from the old text. In other languages than English every
    change of a word counts. Raises ValueError for a span that runs past the end of the old text.
    """
    wanted = list(spans)
    for span in wanted:
        span.of(old)
    if old == new:
        return [
            Fate(span, Outcome.SAME, span, places=(span,), reason="The text is the same.") for span in wanted
        ]
    texts = pair(old, new)
    code = language or language_of(old)
    return [_fate(texts, span, code) for span in wanted]


def differences(before: str, after: str, *, language: str | None = None) -> tuple[Change, ...]:
    """Each change from one wording to another, in order; nothing where they are the same."""
    if before == after:
        return ()
    old, new = words(before), words(after)
    return changes(old, Span(0, len(before)), new, Span(0, len(after)), language=language)


def _fate(texts: Pair, span: Span, language: str | None) -> Fate:
    try:
        here = sorted(exact(texts, span), key=lambda place: -place.fit)
    except Ambiguous as everywhere:
        return Fate(span, Outcome.AMBIGUOUS, None, (), (), str(everywhere))
    others = sorted(near(texts, span, here), key=lambda place: -place.fit)
    if not here:
        return _changed(texts, span, others, language)
    places = tuple(place.span for place in (*here, *others))
    first = here[0]
    if any(not _clearly_better(texts, span, first, other) for other in here[1:]):
        reason = f"The same words stand in {len(here)} places, and none fits clearly better."
        return Fate(span, Outcome.AMBIGUOUS, None, (), places, reason)
    if any(rival.sides >= first.sides + 2 * _LEAD for rival in others):
        return _changed(texts, span, others, language, also=here)
    if any(_rivals(texts, span, rival, first) for rival in others):
        reason = "Words like these stand in a place that fits as well as that of the same words."
        return Fate(span, Outcome.AMBIGUOUS, None, (), places, reason)
    return _carried(texts, span, first, places, language)


def _clearly_better(texts: Pair, span: Span, first: Place, other: Place) -> bool:
    """Do its surroundings fit better than those of another place with these words, and on no side worse?"""
    mine, theirs = reach(texts, span, first.span), reach(texts, span, other.span)
    if mine.left < theirs.left - _CHANCE or mine.right < theirs.right - _CHANCE or not mine.sentence:
        return False
    if first.sides >= other.sides + _FULL:
        return first.around >= other.around - _LEAD and (first.in_order or first.around >= _MANY)
    # A sentence that is said twice: only one may stand between its old neighbours, or at least among them.
    between = mine.beyond and mine.left > theirs.left + _CHANCE and mine.right > theirs.right + _CHANCE
    return between or first.in_order and first.around >= 2 * other.around + _LEAD


def _rivals(texts: Pair, span: Span, rival: Place, first: Place) -> bool:
    """Might words that are only like the span stand in its place, though the very words stand elsewhere?"""
    mine, theirs = reach(texts, span, first.span), reach(texts, span, rival.span)
    if 2 * rival.around < first.around and theirs.letters < _ENOUGH:
        return False
    farther = mine.left < theirs.left - _CHANCE or mine.right < theirs.right - _CHANCE
    return farther or not mine.sentence or first.around < rival.around - _LEAD


def _carried(texts: Pair, span: Span, place: Place, places: tuple[Span, ...], language: str | None) -> Fate:
    if not _singled_out(texts, span, place):
        return Fate(span, Outcome.AMBIGUOUS, None, (), places, "The same words stand in other surroundings.")
    if _of_an_earlier_version(texts, span, place):
        return Fate(span, Outcome.AMBIGUOUS, None, (), places, "The new text says so of an earlier version.")
    beside = _beside(texts, span, place, language)
    if place.in_order:
        return Fate(span, Outcome.SAME, place.span, (), places, "The same words in the same place.", beside)
    return Fate(span, Outcome.MOVED, place.span, (), places, "The same words in another place.", beside)


def _beside(texts: Pair, span: Span, place: Place, language: str | None) -> tuple[Change, ...]:
    """What changed in the rest of the sentence, on both sides of the span."""
    if place.whole and reach(texts, span, place.span).sentence:
        return ()
    old, new = texts.old, texts.new
    here, there = old.sentence_start(span.start), new.sentence_start(place.span.start)
    stop, stop2 = old.sentence_end(span.end), new.sentence_end(place.span.end)
    found: list[Change] = []
    for a, z, b, y in ((here, span.start, there, place.span.start), (span.end, stop, place.span.end, stop2)):
        before, after = old.text[a:z], new.text[b:y]
        if before.strip() and after.strip():
            found += changes(old, Span(a, z), new, Span(b, y), language=language)
        elif before.strip():
            found.append(
                Change(Guard(old.text, a, z, language).sort(a, z), before.strip(), "", span=Span(a, z))
            )
        elif after.strip():
            found.append(
                Change(Guard(new.text, b, y, language).sort(b, y), "", after.strip(), place=Span(b, y))
            )
    return tuple(found)


def _changed(
    texts: Pair, span: Span, others: list[Place], language: str | None, *, also: Iterable[Place] = ()
) -> Fate:
    places = tuple(place.span for place in (*others, *also))
    if not others:
        return Fate(span, Outcome.ORPHANED, None, (), (), "Neither these words nor any like them are left.")
    first = others[0]
    if len(others) > 1 and first.fit - others[1].fit < _LEAD:
        return Fate(
            span,
            Outcome.AMBIGUOUS,
            None,
            (),
            places,
            "Several passages are like these words, and fit equally.",
        )
    found = changes(texts.old, span, texts.new, first.span, language=language)
    fate = Fate(span, Outcome.CHANGED, first.span, found, places, "The words changed.")
    if found and not fate.harmless:
        return fate
    if (
        not found
        or also
        or not _singled_out(texts, span, first)
        or _of_an_earlier_version(texts, span, first)
    ):
        return Fate(
            span, Outcome.AMBIGUOUS, None, (), places, "Words like these stand in other surroundings."
        )
    return Fate(
        span, Outcome.CHANGED, first.span, found, places, "Only how the words are set or spelt changed."
    )


def _singled_out(texts: Pair, span: Span, place: Place) -> bool:
    """Do the surroundings single the place out?"""
    i, z = texts.old.within(span.start, span.end)
    if sum(word[:1].isalnum() for word in texts.old.keys[i:z]) < _SHORT:
        # "Image: Nick Moreau." is a sentence by itself wherever it stands, so its neighbours must be its own.
        found, said = reach(texts, span, place.span), span.of(texts.old.text)
        alone = texts.old.text.count(said) == texts.new.text.count(said) == 1
        return found.letters >= _ENOUGH and (place.in_order and alone or found.beyond)
    return place.whole or place.in_order or place.around >= _MANY


def _of_an_earlier_version(texts: Pair, span: Span, place: Place) -> bool:
    """Does the new text, and did the old one not, say that these words stood in an earlier version?"""

    def said(words: str, start: int, end: int) -> bool:
        first = max(start - _BACK, words.rfind("\n\n", 0, start) + 1, 0)
        return _EARLIER.search(words[first:end].lower()) is not None

    here, there = texts.old, texts.new
    now = said(there.text, there.sentence_start(place.span.start), there.sentence_end(place.span.end))
    return now and not said(here.text, here.sentence_start(span.start), here.sentence_end(span.end))
