"""What differs between a passage and the one in its stead: each change, of what sort, from what to what."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from unicodedata import normalize

from claims.anchoring import spelling
from claims.anchoring.fates import Change, Sort
from claims.anchoring.guard import GRAVEST, Guard
from claims.anchoring.words import UNSEEN, Words
from claims.lang import en
from claims.model import Span
from claims.values import dataclass

_QUOTES = frozenset("\"“”„«»'‘’")
_DASHES = frozenset("-‐‑")
_LONGEST = 600  # words of a passage that is compared word by word; a claim is shorter
_FEW = 40  # words that are written out of a change
_INVISIBLE = dict.fromkeys(map(ord, UNSEEN))


@dataclass(frozen=True)
class _Side:
    """A passage of one text: its words from `first` to before `last`, and what must not change in it."""

    words: Words
    first: int
    last: int
    guard: Guard

    def span(self, a: int, z: int) -> tuple[int, int]:
        """Where the words from `a` to before `z` stand; where they end, if there are none."""
        at = self.words
        if a < z:
            return at.starts[a], at.ends[z - 1]
        edge = at.ends[a - 1] if a > self.first else self.guard.start
        return edge, edge

    def raw(self, a: int, z: int) -> str:
        start, end = self.span(a, z)
        return self.words.text[start:end]

    def gap(self, i: int) -> str:
        """What stands between a word and the next."""
        return self.words.text[self.words.ends[i] : self.words.starts[i + 1]]


def changes(
    old: Words, span: Span, new: Words, place: Span, *, language: str | None = None
) -> tuple[Change, ...]:
    """Each change from the words of `span` to those of `place`, in order. `language` is a BCP 47 tag."""
    here, there = _side(old, span, language), _side(new, place, language)
    if max(here.last - here.first, there.last - there.first) > _LONGEST:
        return (_told(here, there, (here.first, here.last, there.first, there.last), Sort.WORDING),)
    return tuple(_changes(here, there))


def _side(words: Words, span: Span, language: str | None) -> _Side:
    first, last = words.within(span.start, span.end)
    return _Side(words, first, last, Guard(words.text, span.start, span.end, language))


def _changes(here: _Side, there: _Side) -> Iterator[Change]:
    mine, theirs = here.words.keys[here.first : here.last], there.words.keys[there.first : there.last]
    for tag, a, z, b, y in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        a, z, b, y = a + here.first, z + here.first, b + there.first, y + there.first
        if tag == "equal":
            yield from _alike(here, there, a, b, z - a)
        else:
            yield from _unlike(here, there, (a, z, b, y))


# --- words that are the same but for how they are set -----------------------------------------------


def _alike(here: _Side, there: _Side, a: int, b: int, size: int) -> Iterator[Change]:
    for step in range(size):
        mine, theirs = here.raw(a + step, a + step + 1), there.raw(b + step, b + step + 1)
        if mine != theirs:
            yield _told(here, there, (a + step, a + step + 1, b + step, b + step + 1), _setting(mine, theirs))
        if step + 1 < size and here.gap(a + step) != there.gap(b + step):
            yield _spaced(here, there, a + step, b + step)


def _setting(before: str, after: str) -> Sort:
    plain = normalize("NFC", before.translate(_INVISIBLE)) == normalize("NFC", after.translate(_INVISIBLE))
    return Sort.ENCODING if plain else Sort.STYLE


def _spaced(here: _Side, there: _Side, i: int, j: int) -> Change:
    """White space between two words that changed. Beside a figure it may tell, and where there was none."""
    sort = Sort.SPACE
    if not (here.gap(i) and there.gap(j)):
        pair = here.raw(i, i + 2)
        marks = not (here.raw(i, i + 1)[-1].isalnum() and here.raw(i + 1, i + 2)[0].isalnum())
        if not marks or any(c.isdigit() or c in "-–−+%£$€" for c in pair):
            sort = _gravest(here, there, (i, i + 2, j, j + 2))
    return _told(here, there, (i, i + 2, j, j + 2), sort)


# --- words that changed ------------------------------------------------------------------------------

_Piece = tuple[int, int, int, int]


def _unlike(here: _Side, there: _Side, piece: _Piece) -> Iterator[Change]:
    a, z, b, y = piece
    if z - a == y - b > 1:
        # As many words as before: each stands for the one in its place.
        for step in range(z - a):
            if here.words.keys[a + step] == there.words.keys[b + step]:
                continue
            yield _one(here, there, (a + step, a + step + 1, b + step, b + step + 1))
    else:
        yield _one(here, there, piece)


def _one(here: _Side, there: _Side, piece: _Piece) -> Change:
    joined = _hyphened(here, there, piece)
    if joined is not None:
        return _told(here, there, joined, Sort.HYPHEN)
    if not any(here.words.keys[piece[0] : piece[1]]) and not any(there.words.keys[piece[2] : piece[3]]):
        return _told(here, there, piece, Sort.ENCODING)  # marks that nobody sees
    if _are_marks(here, piece[:2]) and _are_marks(there, piece[2:]):
        return _told(here, there, piece, Sort.STYLE)
    if _is_slip(here, there, piece):
        return _told(here, there, piece, Sort.SLIP)
    return _told(here, there, _shown(here, there, piece), _gravest(here, there, piece))


def _gravest(here: _Side, there: _Side, piece: _Piece) -> Sort:
    a, z, b, y = piece
    sorts = [side.guard.sort(*side.span(i, j)) for side, i, j in ((here, a, z), (there, b, y)) if i < j]
    if any(
        side.raw(i, i + 1) in _QUOTES for side, s, e in ((here, a, z), (there, b, y)) for i in range(s, e)
    ):
        sorts.append(Sort.QUOTATION)
    return min(sorts, key=GRAVEST.index, default=Sort.WORDING)


def _are_marks(side: _Side, piece: tuple[int, int]) -> bool:
    """One quotation mark, single or double; behind a figure it would be feet or inches."""
    start, end = side.span(*piece)
    return (
        end - start == 1
        and side.words.text[start] in _QUOTES
        and not side.words.text[start - 1 : start].isdigit()
    )


def _hyphened(here: _Side, there: _Side, piece: _Piece) -> _Piece | None:
    """The piece with its neighbours, if all that changed is a hyphen between plain words."""
    a, z, b, y = piece
    if not _DASHES & set(here.raw(a, z) + there.raw(b, y)):
        return None
    # A hyphen alone shows nothing without the words that it joined.
    bare = all(c in _DASHES or c.isspace() for c in here.raw(a, z) + there.raw(b, y))
    wide = _widened(here, there, piece) if bare else piece
    before, after = here.raw(*wide[:2]), there.raw(*wide[2:])
    letters = [_letters(before), _letters(after)]
    if letters[0] != letters[1] or not letters[0].isalpha() or not letters[0].islower():
        return None
    plain = all(
        side.guard.english and side.guard.sort(*side.span(*span)) is Sort.WORDING
        for side, span in ((here, wide[:2]), (there, wide[2:]))
    )
    told = any(text.startswith(prefix) for text in (before, after) for prefix in en.HYPHEN_TELLS)
    return wide if plain and not told else None


def _letters(text: str) -> str:
    return "".join(c for c in text if c not in _DASHES and not c.isspace())


def _widened(here: _Side, there: _Side, piece: _Piece) -> _Piece:
    """With the word before and the word after, where both passages have one."""
    a, z, b, y = piece
    if a > here.first and b > there.first:
        a, b = a - 1, b - 1
    if z < here.last and y < there.last:
        z, y = z + 1, y + 1
    return a, z, b, y


def _is_slip(here: _Side, there: _Side, piece: _Piece) -> bool:
    a, z, b, y = piece
    if z - a != 1 or y - b != 1 or not here.guard.english:
        return False
    before, after = here.raw(a, z), there.raw(b, y)
    if not all(word.isascii() and word.isalpha() and word.islower() for word in (before, after)):
        return False
    # Half of a word with a hyphen is no word of its own.
    if any(
        "-"
        in (side.raw(i - 1, i) if i > side.first else "")
        + (side.raw(i + 1, i + 2) if i + 1 < side.last else "")
        for side, i in ((here, a), (there, b))
    ):
        return False
    return _gravest(here, there, piece) is Sort.WORDING and spelling.slip(before, after)


# --- how a change is told ----------------------------------------------------------------------------


def _shown(here: _Side, there: _Side, piece: _Piece) -> _Piece:
    """As much as a reader needs: the number whose unit changed, a neighbour of what came or went."""
    a, z, b, y = piece
    if a == z or b == y:
        return _widened(here, there, piece)
    return *_with_number(here, a, z), *_with_number(there, b, y)


def _with_number(side: _Side, a: int, z: int) -> tuple[int, int]:
    """A unit, a scale or a "more than" with the number that it belongs to."""
    quantity = side.guard.quantity(*side.span(a, z))
    if quantity is None or quantity.span is None or quantity.value is None:
        return a, z
    first, last = side.words.within(quantity.span.start, quantity.span.end)
    numerals = [
        i
        for i in range(max(side.first, first), min(side.last, last))
        if side.guard.numeral(*side.span(i, i + 1))
    ]
    return min([a, *numerals]), max([z, *(i + 1 for i in numerals)])


def _told(here: _Side, there: _Side, piece: _Piece, sort: Sort) -> Change:
    a, z, b, y = piece
    return Change(
        sort, _short(here.raw(a, z)), _short(there.raw(b, y)), _span(here, a, z), _span(there, b, y)
    )


def _span(side: _Side, a: int, z: int) -> Span | None:
    return Span(*side.span(a, z)) if a < z else None


def _short(words: str) -> str:
    parts = words.split(" ")
    return words if len(parts) <= _FEW else " ".join(parts[:_FEW]) + " …"
