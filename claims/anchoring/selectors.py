"""W3C selectors: make a quote from a span, and find the very same words again in a changed text."""

from collections.abc import Iterator

from claims.errors import Ambiguous
from claims.model import CONTEXT, Quote, Span

_LEAD = 8  # characters by which the best place must beat the next when neither fits wholly
_CJK = "\u2e80"


def quote(text: str, span: Span) -> Quote:
    """The words of the span with up to 32 characters on either side."""
    return Quote(
        exact=span.of(text),
        prefix=text[max(0, span.start - CONTEXT) : span.start],
        suffix=text[span.end : span.end + CONTEXT],
    )


def locate(text: str, quote: Quote, *, position: Span | None = None) -> Span | None:
    """Where the quote stands in `text`, or None. Raises Ambiguous when several places fit equally.

    Only the exact words count: an approximate search would find "424 developers" for "242 developers".
    Surroundings decide between several places, if one fits clearly better than the next; `position`,
    where the quote stood before, decides only between places that fit equally well, and only when
    one of them is exactly there.
    """
    best: list[int] = []  # the places that fit best so far, so memory stays small
    fit, second = -1, -1
    for start in _places(text, quote):
        here = _surroundings(text, start, quote)
        if here > fit:
            best, fit, second = [start], here, fit
        elif here == fit:
            best.append(start)
        else:
            second = max(second, here)
    if not best:
        return None
    if len(best) > 1:
        if position is None or position.start not in best:
            raise Ambiguous(f"The quote stands in {len(best)} places whose surroundings fit equally well.")
        best = [position.start]
    elif second >= 0 and fit - second < _LEAD and fit < len(quote.prefix) + len(quote.suffix):
        raise Ambiguous("The quote stands in several places and its surroundings have changed at each.")
    return Span(best[0], best[0] + len(quote.exact))


def _places(text: str, quote: Quote) -> Iterator[int]:
    words = quote.exact
    # A person may have marked half a word; then the quote's own surroundings show it, and it is meant.
    whole = quote.prefix + words + quote.suffix
    head = not cuts(whole, len(quote.prefix))
    tail = not cuts(whole, len(quote.prefix) + len(words))
    at = text.find(words)
    while at >= 0:
        # "2 developers" inside "242 developers" is not the same words.
        if not (head and cuts(text, at)) and not (tail and cuts(text, at + len(words))):
            yield at
        at = text.find(words, at + 1)


def cuts(text: str, at: int) -> bool:
    """Would a span that ends or begins here cut a word or a number in two?"""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isalnum() and after.isalnum():
        # Chinese, Japanese and Korean put no spaces between words.
        return before < _CJK and after < _CJK
    # "1,242" and "4.2" are one number each.
    if before.isdigit() and after in ".,":
        return text[at + 1 : at + 2].isdigit()
    return after.isdigit() and before in ".," and text[max(0, at - 2) : at - 1].isdigit()


def _surroundings(text: str, start: int, quote: Quote) -> int:
    """How many characters next to the place agree with the quote's, counted outwards on both sides."""
    end = start + len(quote.exact)
    before = text[max(0, start - len(quote.prefix)) : start]
    after = text[end : end + len(quote.suffix)]
    return agreeing(before[::-1], quote.prefix[::-1]) + agreeing(after, quote.suffix)


def agreeing(here: str, there: str) -> int:
    if here == there:
        return len(there)
    same = 0
    for a, b in zip(here, there, strict=False):
        if a != b:
            break
        same += 1
    return same
