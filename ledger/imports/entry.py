"""What a reader finds in a file: a claim with its places and sources, or why a part can't be taken.

Hot: they are made by the hundred thousand, and not frozen, which would take four times as long.
"""

from collections.abc import Iterable

from claims.values import dataclass, field


@dataclass(slots=True)
class Place:
    """An address where the claim was made, and what is told of the article there."""

    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: str | None = None


@dataclass(slots=True)
class Source:
    """Something that bears on the claim; what another publisher found is one, never a verdict of ours."""

    url: str
    stance: str = "context"
    quote: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    note: str | None = None


@dataclass(slots=True)
class Entry:
    """A claim as a file has it; `row` is its place there, counted as a person would.

    `words` are those of the article, where the file tells them apart from the statement; `prefix` and
    `suffix` stand around them. `claim_id` is a claim of ours that a file of ours names.
    """

    row: int
    statement: str
    words: str | None = None
    prefix: str = ""
    suffix: str = ""
    kind: str | None = None
    language: str | None = None
    claimant: str | None = None
    tags: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    sources: tuple[Source, ...] = ()
    claim_id: str | None = None


@dataclass(slots=True)
class Refused:
    """A part of a file that can't be taken: which, the field that is wrong, why, and how it begins."""

    row: int
    reason: str
    field: str | None = None
    shown: str = ""


@dataclass(slots=True)
class Passed:
    """What a reader passes over without fault, such as replies to annotations, by what it is."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, what: str) -> None:
        """One more of it."""
        self.counts[what] = self.counts.get(what, 0) + 1


def shown(parts: Iterable[object]) -> str:
    """How a row begins, for a person to find it by."""
    text = " ".join(str(part) for part in parts if part)
    return " ".join(text.split())[:120]
