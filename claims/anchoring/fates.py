"""The values: what became of a span in a new text, and each change of its words, of what sort it is."""

from enum import StrEnum

from claims.model import Span
from claims.values import dataclass


class Outcome(StrEnum):
    """What became of a span. Only the first two carry over by themselves."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    AMBIGUOUS = "ambiguous"
    ORPHANED = "orphaned"


class Sort(StrEnum):
    """What a change touches. Those from `STYLE` on are harmless: they tell a reader nothing else."""

    NUMBER = "number"
    DATE = "date"
    UNIT = "unit"
    CURRENCY = "currency"
    NAME = "name"
    NEGATION = "negation"
    QUANTIFIER = "quantifier"
    MODALITY = "modality"
    COMPARISON = "comparison"
    QUOTATION = "quotation"
    WORDING = "wording"
    STYLE = "style"
    SPACE = "space"
    HYPHEN = "hyphen"
    ENCODING = "encoding"
    SLIP = "slip"


HARMLESS = frozenset({Sort.STYLE, Sort.SPACE, Sort.HYPHEN, Sort.ENCODING, Sort.SLIP})


@dataclass(frozen=True, slots=True)
class Change:
    """Words that changed: what they were and are, "" for none; and where, in the old text and in the new.

    Where words only came or went, a neighbour on either side shows where: "did pay → did not pay".
    """

    sort: Sort
    before: str
    after: str
    span: Span | None = None
    place: Span | None = None

    @property
    def harmless(self) -> bool:
        """Does it tell a reader nothing else?"""
        return self.sort in HARMLESS

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one span of the old text.

    `place` is where it stands in the new text: for `same` and `moved` the very words, for `changed` those
    that stand in their stead, else None. `places` are all that came into question, for a person to choose.
    `changes` tell what differs between the words of `span` and of `place`; `reason` says in words why.
    `beside`: what changed in the rest of its sentence where it carries over, as a "not" before it.
    """

    span: Span
    outcome: Outcome
    place: Span | None = None
    changes: tuple[Change, ...] = ()
    places: tuple[Span, ...] = ()
    reason: str = ""
    beside: tuple[Change, ...] = ()

    @property
    def harmless(self) -> bool:
        """Did the words change, but only in what tells a reader nothing else?"""
        return self.outcome is Outcome.CHANGED and all(change.harmless for change in self.changes)

    def carries(self, *, harmless: bool = False) -> bool:
        """May what is known of the span be kept at its new place? `harmless`: after harmless changes too."""
        return self.outcome in (Outcome.SAME, Outcome.MOVED) or harmless and self.harmless
