"""The values: a document, a span of it, a quote, a quantity, a claim. A wrong one cannot be made."""

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Literal
from unicodedata import is_normalized

from claims.text import FORBIDDEN
from claims.values import dataclass

CONTEXT = 32
"""How many characters of a quote's surroundings are kept on each side."""

RELATIVE = "relative"
"""The modifier of a date that only the day of writing could tell, or told: "last year"."""


class Kind(StrEnum):
    QUANTITY = "quantity"
    EVENT = "event"
    ATTRIBUTION = "attribution"
    LAW_OR_POLICY = "law_or_policy"
    CAUSE = "cause"
    COMPARISON = "comparison"
    IDENTITY = "identity"
    OTHER = "other"


class BlockKind(StrEnum):
    HEADLINE = "headline"
    BYLINE = "byline"
    PARAGRAPH = "paragraph"
    LIST = "list"
    CAPTION = "caption"
    TABLE = "table"
    BIOGRAPHY = "biography"
    CREDIT = "credit"
    HEADING = "heading"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters, counted in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        """The words of `text` that the span covers; ValueError when it runs past the end."""
        if self.end > len(text):
            raise ValueError(
                f"[{self.start}, {self.end}) runs past the end of a text of {len(text)} characters"
            )
        return text[self.start : self.end]

    def covers(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Quote:
    """A W3C TextQuoteSelector: the exact words, and up to 32 characters on either side."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    def __post_init__(self) -> None:
        if not self.exact:
            raise ValueError("a quote needs words")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, an amount or a date as the text puts it.

    `value` and `high` (the end of a range) are decimals written out, scaled: "£4bn" is "4000000000".
    `unit` is one standard name in the singular ("pound sterling", "percent", "mile per hour", "developer"),
    "ordinal" or "score". `modifier` is what the text says around the number ("more than"), after "up" or
    "down" where it changed.
    `date` is ISO 8601 as far as it is known: "2026", "2026-03", "2026-03-04", "--03-04" without a year. With
    the modifier "relative" it was read from the day of writing, and is None where that is not known.
    """

    span: Span | None
    value: str | None
    high: str | None = None
    unit: str | None = None
    modifier: str | None = None
    date: str | None = None
    text: str = ""

    def __post_init__(self) -> None:
        for number in (self.value, self.high):
            if number is not None and not _is_decimal(number):
                raise ValueError(f"not a decimal number: {number!r}")
        if self.value is None and self.date is None and self.modifier != RELATIVE:
            raise ValueError("a quantity needs a value or a date")
        if self.high is not None and self.value is None:
            raise ValueError("a range needs its lower end")

    @property
    def change(self) -> Literal["up", "down"] | None:
        """Which way a level is said to have moved."""
        way, _, rest = (self.modifier or "").partition(" ")
        return way if way in ("up", "down") and rest != "to" else None  # type: ignore[return-value]

    @property
    def bound(self) -> str | None:
        """The modifier without "up" and "down": "more than"."""
        return (self.modifier or "").removeprefix(self.change or "").strip() or None

    @property
    def telling(self) -> bool:
        """Does it give a statement something to check, unlike "one of the best" and "on Monday"?"""
        return self.modifier != RELATIVE and not (self.value == "1" and self.text[:4].lower() == "one ")


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who the text says made the claim, and the words that say so."""

    name: str
    cue: str
    span: Span | None = None
    quoted: bool = False

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a claimant needs a name")


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement: where it stands, its words, and why it is worth checking."""

    span: Span
    text: str
    statement: str
    kind: Kind
    score: float
    reasons: tuple[str, ...] = ()
    claimant: Claimant | None = None
    quantities: tuple[Quantity, ...] = ()

    def __post_init__(self) -> None:
        if len(self.text) != self.span.end - self.span.start:
            raise ValueError("a claim's text must be as long as its span")
        if not self.statement.strip():
            raise ValueError("a claim needs a statement")
        if not 0 <= self.score <= 1:
            raise ValueError(f"a score lies between 0 and 1, not {self.score}")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, headline, caption … of a document."""

    kind: BlockKind
    span: Span


@dataclass(frozen=True, slots=True)
class Document:
    """A text to check: NFC, lines end in \\n, no control characters; and what is known about it.

    `published` is an ISO date, `language` a BCP 47 tag in lower case; None where unknown.
    """

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None
    media_type: str = "text/plain"
    direction: Literal["ltr", "rtl"] = "ltr"

    def __post_init__(self) -> None:
        if not is_normalized("NFC", self.text) or FORBIDDEN.search(self.text):
            raise ValueError("a document's text must be normalised first")
        last = 0
        for block in self.blocks:
            if block.span.start < last or block.span.end > len(self.text):
                raise ValueError("blocks must lie inside the text, in order, without overlap")
            last = block.span.end


def _is_decimal(number: str) -> bool:
    try:
        return Decimal(number).is_finite()
    except InvalidOperation:
        return False
