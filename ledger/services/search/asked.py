"""A search as it was understood, and what of it was not."""

from collections.abc import Sequence
from typing import Any

from claims.values import dataclass, field
from ledger.fulltext import Phrase
from ledger.services.terms import Term, plus, values, without, written
from ledger.store import search as store
from ledger.store.search import Condition, Matches

CLAIM_ORDERS = ("new", "changed", "worth", "due", "old")
ARTICLE_ORDERS = ("pressing", "due", "new", "changed", "old")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A term that could not be understood: why, and the search with the remedy, if one is at hand."""

    term: str
    message: str
    remedy: str | None = None


@dataclass(slots=True)
class Search:
    """A search, understood as far as it can be."""

    lists: str
    text: str
    terms: list[Term]
    order: str
    conditions: list[Condition] = field(default_factory=list)
    statuses: Sequence[str] = ()
    """Those of which a claim must have one, where it asks for some."""
    phrases: list[Phrase] = field(default_factory=list)
    matches: Matches | None = None
    """The claims that hold its words, if it has words."""
    troubles: list[Trouble] = field(default_factory=list)
    below: bool = False
    dismissed: bool = False

    @property
    def wheres(self) -> tuple[Any, ...]:
        """All its conditions."""
        return (*self.others, *(self.matches.wheres if self.matches else ()))

    @property
    def others(self) -> tuple[Any, ...]:
        """Its conditions but for words in claims."""
        return store.wheres(self.conditions)

    def chosen(self, key: str) -> set[str]:
        """The values of a key that it asks for, in lower case."""
        return values(self.terms, key)

    def toggled(self, key: str, value: str) -> str:
        """The search with a value of a key added, or taken out where it is in."""
        change = without if value.casefold() in self.chosen(key) else plus
        return written(change(self.terms, key, value))

    def without(self, key: str) -> str:
        """The search without what it asks of a key."""
        return written(without(self.terms, key))

    def ordered(self, order: str) -> str:
        """The search in another order; the usual one goes without saying."""
        usual = CLAIM_ORDERS[0] if self.lists == "claims" else ARTICLE_ORDERS[0]
        rest = without(self.terms, "sort")
        return written(rest if order == usual else [*rest, Term("sort", (order,))])

    def with_dismissed(self) -> str:
        """The search that finds dismissed claims too."""
        return written([*without(self.terms, "dismissed"), Term("dismissed", ("yes",))])

    @property
    def narrows(self) -> bool:
        """Whether it asks for anything but an order."""
        return any(term.key != "sort" for term in self.terms)

    def narrower(self) -> list[tuple[str, str]]:
        """Each term that narrows it, and the search without that term."""
        return [
            (str(term), written(other for other in self.terms if other is not term))
            for term in self.terms
            if term.key != "sort"
        ]


class Odd(Exception):
    """A value that a key does not have; with a better one, if there is one."""

    def __init__(self, message: str, instead: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.instead = instead
