"""A clause: a stretch of a sentence that states something on its own."""

from typing import NamedTuple


class Clause(NamedTuple):
    """Tokens `start` to `end` of a sentence.

    `lead` are the tokens which, put before it, make it readable alone: the subject of a verb that goes on
    with it, or what a list is a list of. `said` replaces the whole where its grammar must change ("providing"
    → "provides"). `skip` counts the tokens at the front which the statement leaves out ("*which* sold two").
    """

    start: int
    end: int
    role: str = "main"
    lead: tuple[int, int] | None = None
    said: str | None = None
    skip: int = 0
